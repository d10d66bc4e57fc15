/* What is awaited, read off each stage. */
#include "talks/duties.h"
#include "talks/parts.h"
#include <stdlib.h>

typedef struct listing {
    ls_talks_duty *duty;
    size_t count;
} listing;

static void add(listing *l, const ls_talk *about, ls_talks_task task, ls_parties who, ls_time until)
{
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if ((who & LS_PARTY_BIT(p)) != 0) {
            l->duty[l->count++] = (ls_talks_duty){about, p, task, until};
        }
    }
}

static void of_meeting(listing *l, const ls_talks_query *q, const ls_meeting_state *m)
{
    const ls_talk *f = m->meeting;
    ls_parties involved = ls_talk_involved(f);
    bool passed = m->due != LS_NO_DAY && ls_time_of_day(q->charter, m->due, true) <= q->at;
    if (m->awaited != 0) {
        add(l, f, LS_TALKS_CONFIRM, m->awaited, m->deadline);
    } else if (m->stage == LS_MEETING_POSTPONED) {
        add(l, f, LS_TALKS_DATE, involved, LS_TIME_OPEN);
    } else if (m->stage == LS_MEETING_CONFIRMED && passed) {
        add(l, f, LS_TALKS_HELD, involved, LS_TIME_OPEN);
    } else if (m->stage == LS_MEETING_HELD) {
        add(l, f, LS_TALKS_HELD, involved & ~m->held_by, LS_TIME_OPEN);
    }
}

static void of_statement(listing *l, const ls_statement_state *x)
{
    const ls_talk *f = x->said;
    ls_parties may = ls_talking_bit(f) | (f->of < LS_PARTIES_MAX ? LS_PARTY_BIT(f->of) : 0);
    if (f->kind != LS_TALK_CLAIM && x->deadline != LS_TIME_OPEN) {
        add(l, f, LS_TALKS_REDEEM, may, x->deadline);
    }
}

static int in_order(const void *a, const void *b)
{
    const ls_talks_duty *x = a, *y = b;
    if (x->until != y->until) {
        return x->until < y->until ? -1 : 1;
    }
    if (x->about->index != y->about->index) {
        return x->about->index < y->about->index ? -1 : 1;
    }
    return x->party < y->party ? -1 : x->party > y->party;
}

/* One for each who is involved in something, at most. */
static size_t most(const ls_talks_state *s)
{
    size_t count = 2 * s->statement_count;
    for (size_t i = 0; i < s->proposal_count; i++) {
        count += (size_t)__builtin_popcount(s->proposal[i].awaited);
    }
    for (size_t i = 0; i < s->meeting_count; i++) {
        count += (size_t)__builtin_popcount(ls_talk_involved(s->meeting[i].meeting));
    }
    for (size_t i = 0; i < s->group_count; i++) {
        count += (size_t)__builtin_popcount(s->group[i].invited);
    }
    return count;
}

ls_result ls_talks_duties(const ls_talks_query *q, const ls_talks_state *s, ls_arena *arena, ls_talks_duty **out,
                          size_t *count)
{
    listing l = {.duty = ls_arena_array(arena, most(s) + 1, sizeof *l.duty)};
    if (l.duty == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < s->proposal_count; i++) {
        add(&l, s->proposal[i].proposal, LS_TALKS_ANSWER, s->proposal[i].awaited, s->proposal[i].deadline);
    }
    for (size_t i = 0; i < s->meeting_count; i++) {
        of_meeting(&l, q, &s->meeting[i]);
    }
    for (size_t i = 0; i < s->group_count; i++) {
        add(&l, s->group[i].group, LS_TALKS_JOIN, s->group[i].invited, LS_TIME_OPEN);
    }
    for (size_t i = 0; i < s->statement_count; i++) {
        of_statement(&l, &s->statement[i]);
    }
    qsort(l.duty, l.count, sizeof *l.duty, in_order);
    *out = l.duty;
    *count = l.count;
    return LS_SUCCESS;
}

/* Words. */

static const struct {
    const char *name, *words, *otherwise;
} tasks[LS_TALKS_TASKS] = {
    [LS_TALKS_ANSWER] = {"answer", "accept, decline or counter the proposal", "the proposal lapses"},
    [LS_TALKS_CONFIRM] = {"confirm", "confirm the meeting, or decline it", "the meeting lapses"},
    [LS_TALKS_DATE] = {"date", "give the meeting a new date, or call it off", ""},
    [LS_TALKS_HELD] = {"held", "say that the meeting was held, or call it off", ""},
    [LS_TALKS_JOIN] = {"join", "join the working group, or leave it", ""},
    [LS_TALKS_REDEEM] = {"redeem", "name the measure that it became", "it lapses"},
};

const char *ls_talks_task_name(ls_talks_task t)
{
    return tasks[t].name;
}

const char *ls_talks_task_words(ls_talks_task t)
{
    return tasks[t].words;
}

const char *ls_talks_else_words(ls_talks_task t)
{
    return tasks[t].otherwise;
}
