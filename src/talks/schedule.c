/*
 * Private searches. Steps are found by one walk over the facts; then each search is worked out by itself, stage by
 * stage: every stage lasts as long as the first one did, from its own beginning.
 */
#include "talks/schedule.h"
#include "accord/time.h"
#include <stddef.h>
#include <stdlib.h>

size_t ls_schedule_party(const ls_talk *search, unsigned side)
{
    return side == 0 ? search->by : (size_t)__builtin_ctz(search->to);
}

unsigned ls_schedule_side(const ls_talk *search, size_t party)
{
    return party == search->by                                                 ? 0
           : party < LS_PARTIES_MAX && (search->to & LS_PARTY_BIT(party)) != 0 ? 1
                                                                               : LS_SEARCH_SIDES;
}

/* Facts. */

/* As of `known`, while no stamp covers it. */
static ls_time time_of(const ls_talks_query *q, const ls_talk *t)
{
    ls_time time = q->facts->time(q->facts->context, t->index);
    return time == LS_TIME_OPEN ? q->known : time;
}

static bool has_come(const ls_talks_query *q, const ls_talk *t)
{
    ls_time time = time_of(q, t);
    return time <= q->known && time <= q->at;
}

/* The searches that were opened by now, and what was said of each so far. */
typedef struct searches {
    const ls_talks_query *q;
    ls_schedule_state *state;
    size_t count;
} searches;

static int by_index(const void *a, const void *b)
{
    const uint32_t *index = a;
    const ls_talk *const *search = b;
    return *index < (*search)->index ? -1 : *index > (*search)->index;
}

_Static_assert(offsetof(ls_schedule_state, search) == 0, "a state begins with the act that opened the search");

const ls_schedule_state *ls_schedule_of(const ls_schedule_state *s, size_t count, uint32_t index)
{
    return count == 0 ? NULL : bsearch(&index, s, count, sizeof *s, by_index);
}

static ls_schedule_state *find(const searches *x, uint32_t index)
{
    return (ls_schedule_state *)(uintptr_t)ls_schedule_of(x->state, x->count, index);
}

/* The last one on the record counts, whatever becomes of those before it: one without effect is none. */
static void add_step(const searches *x, const ls_talk *t)
{
    ls_schedule_state *s = find(x, t->ref);
    unsigned side = s == NULL ? LS_SEARCH_SIDES : ls_schedule_side(s->search, t->by);
    if (side == LS_SEARCH_SIDES || t->word >= LS_SEARCH_STEPS) {
        return;
    }
    if (has_come(x->q, t)) {
        s->step[side][t->word] = t;
    } else if (time_of(x->q, t) == LS_TIME_NONE) {
        s->step[side][t->word] = NULL;
    }
}

/* The search of whose find a meeting of its two sides was planned, or NULL. A plan that lapses binds nobody else. */
static ls_schedule_state *planned_in(const searches *x, const ls_talk *plan)
{
    bool fits = plan != NULL && plan->kind == LS_TALK_MEET && plan->until == LS_TIME_OPEN && has_come(x->q, plan);
    ls_schedule_state *s = fits ? find(x, plan->ref) : NULL;
    return s != NULL && ls_talk_involved(plan) == ls_talk_involved(s->search) ? s : NULL;
}

static void add_plan(const searches *x, const ls_talk *t)
{
    ls_schedule_state *s = planned_in(x, t);
    if (s != NULL) {
        s->stands[ls_schedule_side(s->search, t->by)] = t;
    }
}

/* Both stand by the plan that one made and the other confirmed: this one, and not just any. */
static void add_acceptance(const searches *x, const ls_talk *t)
{
    const ls_talk *plan = ls_talks_find(x->q->facts, t->ref);
    ls_schedule_state *s = planned_in(x, plan);
    unsigned side = s == NULL ? LS_SEARCH_SIDES : ls_schedule_side(s->search, plan->by);
    if (side < LS_SEARCH_SIDES && s->stands[side] == plan && t->by == ls_schedule_party(s->search, 1 - side)) {
        s->agreed = plan;
        s->confirmed = t;
    }
}

/* A plan that was put off, called off or taken back before it was confirmed stands no more. */
static void drop_plan(const searches *x, const ls_talk *plan)
{
    ls_schedule_state *s = planned_in(x, plan);
    unsigned side = s == NULL ? LS_SEARCH_SIDES : ls_schedule_side(s->search, plan->by);
    if (side < LS_SEARCH_SIDES && s->stands[side] == plan && s->agreed != plan) {
        s->stands[side] = NULL;
    }
}

static void add_appointment(const searches *x, const ls_talk *t)
{
    ls_schedule_state *s = find(x, t->ref);
    if (s != NULL && s->meeting == NULL) {
        s->meeting = t;
    }
}

static void take_back(const searches *x, const ls_talk *t)
{
    const ls_talk *said = ls_talks_find(x->q->facts, t->ref);
    bool acceptance = said != NULL && said->kind == LS_TALK_ACCEPT;
    ls_schedule_state *s = acceptance ? planned_in(x, ls_talks_find(x->q->facts, said->ref)) : NULL;
    if (s != NULL && s->confirmed == said) {
        s->agreed = s->confirmed = NULL;
    } else if (!acceptance) {
        drop_plan(x, said);
    }
}

static void add(const searches *x, const ls_talk *t)
{
    switch ((ls_talk_kind)t->kind) {
    case LS_TALK_SCHEDULE_COMMIT:
    case LS_TALK_SCHEDULE_SEND:
    case LS_TALK_SCHEDULE_REVEAL:
        add_step(x, t);
        return;
    case LS_TALK_MEET:
        add_plan(x, t);
        return;
    case LS_TALK_ACCEPT:
        if (has_come(x->q, t)) {
            add_acceptance(x, t);
        }
        return;
    case LS_TALK_DEFER:
    case LS_TALK_CANCEL:
        if (has_come(x->q, t)) {
            drop_plan(x, ls_talks_find(x->q->facts, t->ref));
        }
        return;
    case LS_TALK_APPOINT:
        if (has_come(x->q, t)) {
            add_appointment(x, t);
        }
        return;
    case LS_TALK_WITHDRAW:
        if (x->count > 0 && has_come(x->q, t)) {
            take_back(x, t);
        }
        return;
    default:
        return;
    }
}

/* Stages. */

typedef struct working {
    const ls_talks_query *q;
    ls_schedule_state *out;
} working;

static ls_parties party(const working *w, unsigned side)
{
    return LS_PARTY_BIT(ls_schedule_party(w->out->search, side));
}

static void enter(working *w, ls_schedule_stage stage, ls_time since)
{
    w->out->stage = stage;
    w->out->since = since;
    w->out->deadline = LS_TIME_OPEN;
    w->out->awaited = 0;
}

/* What was awaited has not come in time: `missing` is from whom. Until the grace has passed, receipts may still show
 * that it had. silent: those whom this names. */
static void run_out(working *w, ls_parties missing, ls_parties silent, ls_schedule_stage end)
{
    ls_schedule_state *out = w->out;
    ls_time deadline = out->since + out->lasts, over = deadline + w->q->charter->grace;
    if (over >= w->q->at) {
        out->awaited = missing;
        out->deadline = deadline;
        return;
    }
    out->silent = silent;
    out->during = out->stage;
    enter(w, end, over);
}

/* When a side said it, not before the stage in which it counts; LS_TIME_NONE: not, or too late. */
static ls_time in_time(working *w, const ls_talk *const said[LS_SEARCH_SIDES], unsigned side)
{
    if (said[side] == NULL) {
        return LS_TIME_NONE;
    }
    ls_time t = ls_later(time_of(w->q, said[side]), w->out->since);
    if (t > w->out->since + w->out->lasts) {
        w->out->late |= party(w, side);
        return LS_TIME_NONE;
    }
    return t;
}

static void collect(const ls_schedule_state *s, ls_search_step step, const ls_talk *said[LS_SEARCH_SIDES])
{
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        said[side] = s->step[side][step];
    }
}

/* Both have to say something; then the next stage begins. False: it is not there yet, or never will be. */
static bool take_both(working *w, const ls_talk *const said[LS_SEARCH_SIDES], ls_schedule_stage next)
{
    ls_time ready = w->out->since;
    ls_parties missing = 0;
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        ls_time t = in_time(w, said, side);
        missing |= t == LS_TIME_NONE ? party(w, side) : 0;
        ready = t == LS_TIME_NONE ? ready : ls_later(ready, t);
    }
    if (missing != 0) {
        bool early = w->out->stage == LS_SCHEDULE_COMMITTING;
        run_out(w, missing, missing, early ? LS_SCHEDULE_LAPSED : LS_SCHEDULE_DEFAULTED);
        return false;
    }
    enter(w, next, ready);
    return true;
}

/* Either may go on, and then the other has to: where nothing is common, neither does, and nobody else can tell. */
static bool take_either(working *w, const ls_talk *const said[LS_SEARCH_SIDES], ls_schedule_stage begun,
                        ls_schedule_stage next)
{
    ls_time first = ls_earlier(in_time(w, said, 0), in_time(w, said, 1));
    if (first == LS_TIME_NONE) {
        run_out(w, party(w, 0) | party(w, 1), 0, LS_SCHEDULE_LAPSED);
        return false;
    }
    enter(w, begun, first);
    return take_both(w, said, next);
}

/* Whoever gets its points back has all that it needs. */
static void note_learned(working *w)
{
    ls_schedule_state *out = w->out;
    const ls_talk *first = NULL;
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        const ls_talk *returned = out->step[side][LS_SEARCH_RETURNED];
        if (returned == NULL) {
            continue;
        }
        out->learned |= party(w, 1 - side);
        if (first == NULL || returned->index < first->index) {
            first = returned;
            out->first = (uint8_t)ls_schedule_party(out->search, 1 - side);
        }
    }
}

/* What was said before anything was chosen is not about that. */
static bool is_after(const working *w, const ls_talk *plan)
{
    return plan != NULL && time_of(w->q, plan) >= w->out->since;
}

/* Both stand by one plan; or one has made one, and the other has to confirm it; or each has made its own, and neither
 * is named. Whether a plan is for what was chosen, only the two can tell. */
static void sign(working *w)
{
    ls_schedule_state *out = w->out;
    if (is_after(w, out->agreed)) {
        unsigned side = ls_schedule_side(out->search, out->agreed->by);
        out->meeting = out->agreed;
        out->stands[side] = out->agreed;
        out->stands[1 - side] = out->confirmed;
        enter(w, LS_SCHEDULE_APPOINTED, ls_later(time_of(w->q, out->agreed), time_of(w->q, out->confirmed)));
        return;
    }
    ls_time first = LS_TIME_NONE;
    ls_parties missing = 0;
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        out->stands[side] = is_after(w, out->stands[side]) ? out->stands[side] : NULL;
        ls_time t = in_time(w, out->stands, side);
        missing |= t == LS_TIME_NONE ? party(w, side) : 0;
        first = ls_earlier(first, t);
    }
    if (first == LS_TIME_NONE) {
        run_out(w, missing, 0, LS_SCHEDULE_LAPSED);
        return;
    }
    enter(w, LS_SCHEDULE_SIGNING, first);
    if (missing != 0) {
        run_out(w, missing, missing, LS_SCHEDULE_DEFAULTED);
    } else {
        run_out(w, party(w, 0) | party(w, 1), 0, LS_SCHEDULE_LAPSED);
    }
}

static void run(working *w)
{
    const ls_talk *said[LS_SEARCH_SIDES];
    bool ranked = w->out->search->word != LS_RULE_EARLIEST;
    for (ls_search_step step = LS_SEARCH_LIST; step <= LS_SEARCH_RETURNED; step++) {
        static const ls_schedule_stage next[] = {LS_SCHEDULE_SENDING, LS_SCHEDULE_RETURNING, LS_SCHEDULE_FOUND};
        collect(w->out, step, said);
        if (!take_both(w, said, step == LS_SEARCH_RETURNED && !ranked ? LS_SCHEDULE_CHOSEN : next[step])) {
            return;
        }
    }
    if (ranked) {
        collect(w->out, LS_SEARCH_RANKING, said);
        if (!take_either(w, said, LS_SCHEDULE_RANKING, LS_SCHEDULE_REVEALING)) {
            return;
        }
        collect(w->out, LS_SEARCH_REVEALED, said);
        if (!take_both(w, said, LS_SCHEDULE_CHOSEN)) {
            return;
        }
    }
    sign(w);
}

static void work_out(const ls_talks_query *q, ls_schedule_state *s)
{
    working w = {q, s};
    ls_time opened = time_of(q, s->search);
    s->lasts = s->search->until > opened ? s->search->until - opened : 0;
    enter(&w, LS_SCHEDULE_COMMITTING, opened);
    note_learned(&w);
    if (s->meeting != NULL) { /* both have signed: whatever came before is settled */
        enter(&w, LS_SCHEDULE_APPOINTED, time_of(q, s->meeting));
        return;
    }
    run(&w);
}

ls_result ls_schedules_eval(const ls_talks_query *q, ls_arena *arena, ls_schedule_state **out, size_t *count)
{
    searches x = {.q = q};
    size_t room = 0;
    for (size_t i = 0; i < q->facts->count; i++) {
        room += q->facts->fact[i].kind == LS_TALK_SCHEDULE;
    }
    x.state = ls_arena_array(arena, room + 1, sizeof *x.state);
    if (x.state == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < q->facts->count; i++) {
        const ls_talk *t = &q->facts->fact[i];
        if (t->kind != LS_TALK_SCHEDULE) {
            add(&x, t);
        } else if (has_come(q, t)) {
            x.state[x.count++] = (ls_schedule_state){.search = t, .first = LS_TALK_JOINT};
        }
    }
    for (size_t i = 0; i < x.count; i++) {
        work_out(q, &x.state[i]);
    }
    *out = x.state;
    *count = x.count;
    return LS_SUCCESS;
}

const char *ls_schedule_stage_name(ls_schedule_stage s)
{
    static const char *const names[LS_SCHEDULE_STAGES] = {
        [LS_SCHEDULE_COMMITTING] = "committing", [LS_SCHEDULE_SENDING] = "sending",
        [LS_SCHEDULE_RETURNING] = "returning",   [LS_SCHEDULE_FOUND] = "found",
        [LS_SCHEDULE_RANKING] = "ranking",       [LS_SCHEDULE_REVEALING] = "revealing",
        [LS_SCHEDULE_CHOSEN] = "chosen",         [LS_SCHEDULE_SIGNING] = "signing",
        [LS_SCHEDULE_APPOINTED] = "appointed",   [LS_SCHEDULE_LAPSED] = "lapsed",
        [LS_SCHEDULE_DEFAULTED] = "defaulted",
    };
    return names[s];
}

/* Duties. */

static ls_schedule_task task_in(ls_schedule_stage stage)
{
    static const ls_schedule_task tasks[LS_SCHEDULE_STAGES] = {
        [LS_SCHEDULE_COMMITTING] = LS_SCHEDULE_CHOOSE, [LS_SCHEDULE_SENDING] = LS_SCHEDULE_SEND,
        [LS_SCHEDULE_RETURNING] = LS_SCHEDULE_RETURN,  [LS_SCHEDULE_FOUND] = LS_SCHEDULE_RANK,
        [LS_SCHEDULE_RANKING] = LS_SCHEDULE_RANK,      [LS_SCHEDULE_REVEALING] = LS_SCHEDULE_REVEAL,
        [LS_SCHEDULE_CHOSEN] = LS_SCHEDULE_SIGN,       [LS_SCHEDULE_SIGNING] = LS_SCHEDULE_SIGN,
    };
    return tasks[stage];
}

static bool is_free(ls_schedule_stage stage)
{
    return stage == LS_SCHEDULE_COMMITTING || stage == LS_SCHEDULE_FOUND || stage == LS_SCHEDULE_CHOSEN;
}

static int by_deadline(const void *a, const void *b)
{
    const ls_schedule_duty *x = a, *y = b;
    if (x->until != y->until) {
        return x->until < y->until ? -1 : 1;
    }
    if (x->about != y->about) {
        return x->about->index < y->about->index ? -1 : 1;
    }
    return (x->party > y->party) - (x->party < y->party);
}

ls_result ls_schedule_duties(const ls_schedule_state *s, size_t count, ls_arena *arena, ls_schedule_duty **out,
                             size_t *duties)
{
    ls_schedule_duty *duty = ls_arena_array(arena, LS_SEARCH_SIDES * count + 1, sizeof *duty);
    size_t found = 0;
    if (duty == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
            size_t p = ls_schedule_party(s[i].search, side);
            if ((s[i].awaited & LS_PARTY_BIT(p)) != 0) {
                duty[found++] =
                    (ls_schedule_duty){s[i].search, p, task_in(s[i].stage), !is_free(s[i].stage), s[i].deadline};
            }
        }
    }
    if (found > 0) {
        qsort(duty, found, sizeof *duty, by_deadline);
    }
    *out = duty;
    *duties = found;
    return LS_SUCCESS;
}

static const struct {
    const char *name, *words, *verb;
} task_texts[LS_SCHEDULE_TASKS] = {
    [LS_SCHEDULE_CHOOSE] = {"choose", "choose among the options, and commit to the choice", "schedule choose"},
    [LS_SCHEDULE_SEND] = {"send", "send the points", "schedule step"},
    [LS_SCHEDULE_RETURN] = {"return", "return the other's points, multiplied", "schedule step"},
    [LS_SCHEDULE_RANK] = {"rank", "commit to a ranking of what is common", "schedule step"},
    [LS_SCHEDULE_REVEAL] = {"reveal", "reveal the ranking", "schedule step"},
    [LS_SCHEDULE_SIGN] = {"sign", "sign the date and the place", "schedule agree"},
};

const char *ls_schedule_task_name(ls_schedule_task t)
{
    return task_texts[t].name;
}

const char *ls_schedule_task_words(ls_schedule_task t)
{
    return task_texts[t].words;
}

const char *ls_schedule_task_verb(ls_schedule_task t)
{
    return task_texts[t].verb;
}

const char *ls_schedule_else_words(const ls_schedule_duty *d)
{
    return d->must ? "it is in default" : "the search lapses";
}
