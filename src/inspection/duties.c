/* What is awaited, read off each stage: tables of who does what, and what follows otherwise. */
#include "inspection/duties.h"
#include "accord/why.h"
#include <stdlib.h>

typedef struct listing {
    const ls_inspection_query *q;
    const ls_inspection_state *s;
    ls_inspection_duty *duty;
    size_t count;
} listing;

/* What a stage asks for. */
typedef struct asked {
    bool there, must, overdue;
    uint8_t side; /* who may; where something is awaited, the state says from whom */
    ls_inspection_task task;
    ls_inspection_else otherwise;
} asked;

static void add(listing *l, const asked *a, ls_parties who, ls_inspection_duty d)
{
    ls_time follows = d.until == LS_TIME_OPEN ? LS_TIME_OPEN : d.until + l->q->accord->charter->grace;
    d.task = a->task;
    d.must = a->must;
    d.overdue = a->overdue;
    d.otherwise = a->otherwise;
    d.follows = a->otherwise == LS_ELSE_NOTHING ? LS_TIME_OPEN : follows;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (a->there && (who & LS_PARTY_BIT(p)) != 0) {
            d.party = p;
            l->duty[l->count++] = d;
        }
    }
}

static ls_parties party(const ls_inspected *f, uint8_t side)
{
    return LS_PARTY_BIT(side == LS_SIDE_OF ? f->rule->of : f->rule->by);
}

/* Draws. */

static void of_draw(listing *l, const ls_draw_state *x)
{
    static const asked stages[LS_DRAW_STAGES] = {
        [LS_DRAW_COMMITTING] = {true, true, false, LS_SIDE_OF, LS_TASK_COMMIT, LS_ELSE_FREE},
        [LS_DRAW_REVEALING] = {true, true, false, LS_SIDE_OF, LS_TASK_REVEAL, LS_ELSE_FREE},
        [LS_DRAW_DRAWN] = {true, true, false, LS_SIDE_OF, LS_TASK_OPEN, LS_ELSE_UNOPENED},
        [LS_DRAW_UNOPENED] = {true, true, true, LS_SIDE_OF, LS_TASK_OPEN, LS_ELSE_UNOPENED},
        [LS_DRAW_OPENED] = {true, false, false, LS_SIDE_BY, LS_TASK_CONCLUDE, LS_ELSE_NOTHING},
        [LS_DRAW_FREE] = {true, false, false, LS_SIDE_BY, LS_TASK_CHOOSE, LS_ELSE_NOTHING},
    };
    asked a = stages[x->stage];
    ls_parties by = party(x->draw, LS_SIDE_BY), who = x->awaited != 0 ? x->awaited : party(x->draw, a.side);
    ls_inspection_duty d = {.about = x->draw, .until = x->deadline};
    d.rows = a.task == LS_TASK_OPEN ? x->to_open - x->opened : 0;
    add(l, &a, who & ~by, d);
    a.otherwise = a.otherwise == LS_ELSE_FREE ? LS_ELSE_FORFEITED : a.otherwise;
    add(l, &a, who & by, d);
}

/* Visits. */

static void of_visit(listing *l, const ls_visit_state *x)
{
    static const asked stages[LS_VISIT_STAGES] = {
        [LS_VISIT_NOTICED] = {true, true, false, LS_SIDE_OF, LS_TASK_ADMIT, LS_ELSE_REFUSED},
        [LS_VISIT_ADMITTED] = {true, true, false, LS_SIDE_BY, LS_TASK_ENTER, LS_ELSE_LOST},
        [LS_VISIT_REFUSED] = {true, false, false, LS_SIDE_OF, LS_TASK_RELENT, LS_ELSE_NOTHING},
        [LS_VISIT_ENTERED] = {true, false, false, LS_SIDE_BY, LS_TASK_LEAVE, LS_ELSE_NOTHING},
        [LS_VISIT_LEFT] = {true, true, false, LS_SIDE_BY, LS_TASK_REPORT, LS_ELSE_UNREPORTED},
        [LS_VISIT_UNREPORTED] = {true, true, true, LS_SIDE_BY, LS_TASK_REPORT, LS_ELSE_UNREPORTED},
    };
    const asked *a = &stages[x->stage];
    ls_inspection_duty d = {.about = x->visit, .until = x->deadline};
    d.from = a->there && a->task == LS_TASK_ENTER ? x->from : 0;
    add(l, a, party(x->visit, a->side), d);
}

/* Challenges, and the questions before them. */

static int by_index(const void *a, const void *b)
{
    const uint32_t *index = a;
    const ls_challenge_state *x = b;
    return *index < x->challenge->index ? -1 : *index > x->challenge->index;
}

/* Of which challenges the place is visited already, or was. */
static void find_visited(const listing *l, bool *visited)
{
    const ls_inspection_state *s = l->s;
    for (size_t i = 0; i < s->visit_count; i++) {
        const ls_visit_state *v = &s->visit[i];
        bool effect = v->stage != LS_VISIT_BEYOND && v->stage != LS_VISIT_WITHDRAWN;
        const ls_challenge_state *x =
            effect ? bsearch(&v->visit->ref, s->challenge, s->challenge_count, sizeof *s->challenge, by_index) : NULL;
        if (x != NULL) {
            visited[x - s->challenge] = true;
        }
    }
}

static void of_challenge(listing *l, const ls_challenge_state *x, bool visited)
{
    static const asked respond = {true, true, false, LS_SIDE_OF, LS_TASK_RESPOND, LS_ELSE_DENIED};
    static const asked visit = {true, false, false, LS_SIDE_BY, LS_TASK_VISIT, LS_ELSE_NOTHING};
    asked a = x->stage == LS_CHALLENGE_OPEN ? respond : visit;
    bool lets_visit = x->challenge->rule->challenges.silence_lets_visit;
    a.there = x->stage == LS_CHALLENGE_OPEN || (x->stage == LS_CHALLENGE_VISIT_DUE && !visited);
    a.otherwise = a.otherwise == LS_ELSE_DENIED && lets_visit ? LS_ELSE_VISIT : a.otherwise;
    add(l, &a, party(x->challenge, a.side), (ls_inspection_duty){.about = x->challenge, .until = x->deadline});
}

static void of_question(listing *l, const ls_clarification_state *x)
{
    static const asked answer = {true, true, false, LS_SIDE_OF, LS_TASK_ANSWER, LS_ELSE_NOTHING};
    if (x->answer == NULL && x->withdrawn == LS_TIME_OPEN) {
        add(l, &answer, party(x->question, answer.side),
            (ls_inspection_duty){.about = x->question, .until = x->deadline});
    }
}

static int in_order(const void *a, const void *b)
{
    const ls_inspection_duty *x = a, *y = b;
    if (x->until != y->until) {
        return x->until < y->until ? -1 : 1;
    }
    if (x->about->index != y->about->index) {
        return x->about->index < y->about->index ? -1 : 1;
    }
    return x->party < y->party ? -1 : x->party > y->party;
}

ls_result ls_inspection_duties(const ls_inspection_query *q, const ls_inspection_state *s, ls_arena *arena,
                               ls_inspection_duty **out, size_t *count)
{
    size_t most = LS_SIDES * s->draw_count + s->visit_count + s->challenge_count + s->clarification_count;
    ls_arena scratch = {0};
    listing l = {.q = q, .s = s, .duty = ls_arena_array(arena, most + 1, sizeof *l.duty)};
    bool *visited = ls_arena_array(&scratch, s->challenge_count + 1, sizeof *visited);
    bool ready = l.duty != NULL && visited != NULL;
    if (ready) {
        find_visited(&l, visited);
    }
    for (size_t i = 0; i < s->draw_count && ready; i++) {
        of_draw(&l, &s->draw[i]);
    }
    for (size_t i = 0; i < s->visit_count && ready; i++) {
        of_visit(&l, &s->visit[i]);
    }
    for (size_t i = 0; i < s->challenge_count && ready; i++) {
        of_challenge(&l, &s->challenge[i], visited[i]);
    }
    for (size_t i = 0; i < s->clarification_count && ready; i++) {
        of_question(&l, &s->clarification[i]);
    }
    ls_arena_free(&scratch);
    if (!ready) {
        return ls_fail(&ls_fault_memory);
    }
    qsort(l.duty, l.count, sizeof *l.duty, in_order);
    *out = l.duty;
    *count = l.count;
    return LS_SUCCESS;
}

/* Words. */

static const struct {
    const char *name, *does, *may; /* may: where it owes nothing */
} tasks[LS_TASKS] = {
    [LS_TASK_COMMIT] = {"commit", "commits to a nonce", NULL},
    [LS_TASK_REVEAL] = {"reveal", "reveals its nonce", NULL},
    [LS_TASK_CHOOSE] = {"choose", NULL, "may choose the rows freely"},
    [LS_TASK_OPEN] = {"open", "opens", NULL},
    [LS_TASK_CONCLUDE] = {"conclude", NULL, "may report on what was drawn"},
    [LS_TASK_ADMIT] = {"admit", "admits the visit or refuses it", NULL},
    [LS_TASK_RELENT] = {"relent", NULL, "may admit the visit after all"},
    [LS_TASK_ENTER] = {"enter", "comes to the site", NULL},
    [LS_TASK_LEAVE] = {"leave", NULL, "says when it has left the site"},
    [LS_TASK_REPORT] = {"report", "reports on the visit", NULL},
    [LS_TASK_RESPOND] = {"respond", "opens the row that covers the place or denies that there is one", NULL},
    [LS_TASK_VISIT] = {"visit", NULL, "may give notice of a visit to the place"},
    [LS_TASK_ANSWER] = {"answer", "answers the question", NULL},
};

static const struct {
    const char *text, *now; /* before and after it has followed */
} elses[LS_ELSES] = {
    [LS_ELSE_NOTHING] = {"", ""},
    [LS_ELSE_FORFEITED] = {"the round is forfeited", ""},
    [LS_ELSE_FREE] = {"the other side chooses the rows", ""},
    [LS_ELSE_UNOPENED] = {"the draw is shown as unopened", "the draw is shown as unopened until then"},
    [LS_ELSE_UNREPORTED] = {"the visit is shown as unreported", "the visit is shown as unreported until then"},
    [LS_ELSE_REFUSED] = {"silence refuses it", ""},
    [LS_ELSE_LOST] = {"the visit is forfeited", ""},
    [LS_ELSE_DENIED] = {"silence denies it", ""},
    [LS_ELSE_VISIT] = {"inspectors may visit the place", ""},
};

const char *ls_inspection_task_name(ls_inspection_task t)
{
    return tasks[t].name;
}

const char *ls_inspection_else_text(ls_inspection_else e)
{
    return elses[e].text;
}

/* "dprk opens 2 more rows" */
static const char *who_does(const ls_charter *c, const ls_inspection_duty *d, ls_arena *arena)
{
    ls_bytes name = c->party[d->party].name;
    const char *does = d->must ? tasks[d->task].does : tasks[d->task].may;
    if (d->task != LS_TASK_OPEN) {
        return ls_arena_format(arena, "%.*s %s", (int)name.len, name.ptr, does);
    }
    return ls_arena_format(arena, "%.*s opens %llu row%s", (int)name.len, name.ptr, (unsigned long long)d->rows,
                           d->rows == 1 ? "" : "s");
}

const char *ls_inspection_duty_text(const ls_charter *c, const ls_inspection_duty *d, ls_arena *arena)
{
    const char *who = who_does(c, d, arena), *until = "", *from = "", *otherwise = "";
    const char *follows = d->overdue ? elses[d->otherwise].now : elses[d->otherwise].text;
    if (d->until != LS_TIME_OPEN) {
        until = ls_arena_format(arena, d->overdue ? ", due by %s" : " by %s", ls_why_deadline(c, d->until, arena));
    }
    if (d->from != 0) {
        from = ls_arena_format(arena, " from %s on,", ls_why_deadline(c, d->from, arena));
    }
    if (follows[0] != '\0') {
        otherwise = ls_arena_format(arena, d->overdue ? "; %s" : "; else %s", follows);
    }
    bool complete = who != NULL && from != NULL && until != NULL && otherwise != NULL;
    return complete ? ls_arena_format(arena, "%s%s%s%s", who, from, until, otherwise) : NULL;
}
