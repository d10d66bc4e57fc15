/*
 * Dates for an assumed day of signature, as if everybody acted at one pace. The state of the accord then, as far as
 * moments depend on it, is filled in round by round, until nothing more becomes known.
 */
#include "accord/state_parts.h"
#include "analysis/analysis.h"

typedef struct scheduling {
    const ls_roadmap *r;
    const ls_charter *c;
    ls_pace pace;
    ls_accord_state state;
    ls_tally *progress; /* two of each measure: all of it performed, confirmed */
    ls_schedule *out;
    bool *unsaid; /* of each attested event: nobody needs it */
    bool changed;
} scheduling;

static void fix(scheduling *g, ls_time *t, ls_time value)
{
    g->changed = g->changed || *t != value;
    *t = value;
}

/* What somebody may do at once, and nobody has to do ever. */
static ls_time unforced(const scheduling *g, ls_time from)
{
    return g->pace == LS_PACE_LATEST ? LS_NEVER : from;
}

static bool is_continuing(const ls_measure *m)
{
    return (m->continuing && m->amount.kind != LS_AMOUNT_CEILING) || m->amount.kind == LS_AMOUNT_RATE;
}

static ls_time conditions(const scheduling *g, const ls_measure *m)
{
    ls_time t = m->provisional ? ls_earlier(g->state.in_force, g->state.provisional) : g->state.in_force;
    for (size_t i = 0; i < m->after_count; i++) {
        t = ls_later(t, ls_moment_time(g->c, &g->state, &m->after[i]));
    }
    return t;
}

/* Nobody is late through another's default: a deadline that passed before the conditions held is none. */
static ls_time known_deadline(const scheduling *g, const ls_measure *m, ls_time due)
{
    ls_time t = m->due.count == 0 ? LS_NEVER : ls_moment_deadline(g->c, &g->state, &m->due).time;
    return due != LS_NEVER && t != LS_NEVER && t < due ? LS_NEVER : t;
}

static ls_time performed_at(const scheduling *g, const ls_measure *m, const ls_measure_dates *d)
{
    if (g->pace == LS_PACE_EARLIEST || is_continuing(m) || d->due == LS_NEVER) {
        return d->due;
    }
    return g->pace == LS_PACE_PLANNED && d->deadline == LS_NEVER ? d->due : d->deadline;
}

static ls_time confirmed_at(const scheduling *g, const ls_measure *m, ls_time performed)
{
    if (m->verifiers == 0 || is_continuing(m) || performed == LS_NEVER || g->pace != LS_PACE_LATEST) {
        return performed;
    }
    return m->silence == LS_SILENCE_CONFIRMED ? ls_time_add(g->c, performed, m->silence_after, 1, true) + g->c->grace
                                              : LS_NEVER;
}

static void work_measure(scheduling *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    ls_measure_dates *d = &g->out->measure[i];
    fix(g, &d->due, conditions(g, m));
    fix(g, &d->deadline, known_deadline(g, m, d->due));
    fix(g, &d->performed, performed_at(g, m, d));
    fix(g, &d->complete, confirmed_at(g, m, d->performed));
    fix(g, &g->state.measure[i].event[LS_EVENT_BEGUN], d->performed);
    fix(g, &g->state.measure[i].event[LS_EVENT_PROMISED], unforced(g, g->state.signed_at));
    g->progress[2 * i] = (ls_tally){d->performed, LS_QUANTITY_MAX};
    g->progress[2 * i + 1] = (ls_tally){d->complete, LS_QUANTITY_MAX};
    g->state.measure[i].holds = d->due;
    g->state.measure[i].performed_count = d->performed != LS_NEVER;
    g->state.measure[i].confirmed_count = d->complete != LS_NEVER;
    if (!g->r->steps[m->step].simultaneous) {
        fix(g, &g->state.measure[i].event[LS_EVENT_PERFORMED], d->performed);
        fix(g, &g->state.measure[i].event[LS_EVENT_CONFIRMED], d->complete);
    }
}

static void work_step(scheduling *g, size_t s)
{
    ls_time performed = LS_TIME_MAX + 1, complete = LS_TIME_MAX + 1;
    bool some = false;
    for (size_t i = 0; i < g->r->measure_count; i++) {
        if (g->r->measures[i].step == s) {
            const ls_measure_dates *d = &g->out->measure[i];
            performed = some ? ls_later(performed, d->performed) : d->performed;
            complete = some ? ls_later(complete, d->complete) : d->complete;
            some = true;
        }
    }
    if (!some) {
        return;
    }
    fix(g, &g->state.step[s].performed, performed);
    fix(g, &g->state.step[s].complete, complete);
    for (size_t i = 0; g->r->steps[s].simultaneous && i < g->r->measure_count; i++) {
        if (g->r->measures[i].step == s) {
            fix(g, &g->state.measure[i].event[LS_EVENT_PERFORMED], performed);
            fix(g, &g->state.measure[i].event[LS_EVENT_CONFIRMED], complete);
        }
    }
}

/* By silence: nothing else came by the deadline. What is not known to come by then does not come in this schedule, so
 * that this is asked only when nothing else becomes known any more. */
static void decide_event(scheduling *g, size_t e)
{
    const ls_event *x = &g->r->events[e];
    if (x->unless.count == 0 || x->to_be_agreed || g->state.event[e].time != LS_NEVER) {
        return;
    }
    ls_time until = ls_moment_deadline(g->c, &g->state, &x->when).time;
    ls_time other = ls_moment_time(g->c, &g->state, &x->unless);
    if (until != LS_NEVER && (other == LS_NEVER || other > until)) {
        fix(g, &g->state.event[e].time, until + g->c->grace);
    }
}

static void work_event(scheduling *g, size_t e)
{
    const ls_event *x = &g->r->events[e];
    if (x->to_be_agreed || x->unless.count > 0) {
        return;
    }
    ls_time said = g->unsaid[e] ? LS_NEVER : unforced(g, g->state.signed_at);
    ls_time t = x->attested_by != 0 ? said : ls_moment_time(g->c, &g->state, &x->when);
    fix(g, &g->state.event[e].time, t);
}

static void work_round(scheduling *g)
{
    const ls_roadmap *r = g->r;
    g->changed = false;
    fix(g, &g->state.in_force, r->entry.count == 0 ? g->state.signed_at : ls_moment_time(g->c, &g->state, &r->entry));
    if (r->provisional.count > 0) {
        fix(g, &g->state.provisional, ls_moment_time(g->c, &g->state, &r->provisional));
    }
    for (size_t e = 0; e < r->event_count; e++) {
        work_event(g, e);
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        work_measure(g, i);
    }
    for (size_t s = 0; s < r->step_count; s++) {
        work_step(g, s);
    }
}

/* Each thing follows from others, without a circle but for deadlines that hang on what waits for them; those end when
 * as many rounds have passed as there are things. One event at a time is decided by silence, as each may be what
 * prevents the next. */
static void work(scheduling *g)
{
    const size_t things = g->r->measure_count + g->r->event_count + g->r->step_count;
    do {
        size_t rounds = 0;
        do {
            work_round(g);
        } while (g->changed && ++rounds < 4 * things + 4);
        g->changed = false;
        for (size_t e = 0; e < g->r->event_count && !g->changed; e++) {
            decide_event(g, e);
        }
    } while (g->changed);
}

static void forget(scheduling *g)
{
    ls_accord_state *s = &g->state;
    s->provisional = s->in_force = s->ended = LS_NEVER;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        s->ratified[p] = unforced(g, s->signed_at);
        s->left[p] = LS_NEVER;
    }
    for (size_t i = 0; i < g->r->measure_count; i++) {
        for (size_t k = 0; k < LS_EVENT_KINDS; k++) {
            s->measure[i].event[k] = LS_NEVER;
        }
        s->measure[i].required = LS_QUANTITY_MAX;
        s->measure[i].performed_progress = &g->progress[2 * i];
        s->measure[i].confirmed_progress = &g->progress[2 * i + 1];
        g->out->measure[i] = (ls_measure_dates){LS_NEVER, LS_NEVER, LS_NEVER, LS_NEVER};
    }
    for (size_t k = 0; k < g->r->step_count; k++) {
        s->step[k] = (ls_step_state){LS_NEVER, LS_NEVER};
    }
    for (size_t e = 0; e < g->r->event_count; e++) {
        s->event[e].time = LS_NEVER;
    }
}

static bool reserve(scheduling *g, ls_arena *arena)
{
    const ls_roadmap *r = g->r;
    g->state.measure = ls_arena_array(arena, r->measure_count + 1, sizeof *g->state.measure);
    g->state.step = ls_arena_array(arena, r->step_count + 1, sizeof *g->state.step);
    g->state.event = ls_arena_array(arena, r->event_count + 1, sizeof *g->state.event);
    g->unsaid = ls_arena_array(arena, r->event_count + 1, sizeof *g->unsaid);
    g->progress = ls_arena_array(arena, 2 * r->measure_count + 1, sizeof *g->progress);
    g->out->measure = ls_arena_array(arena, r->measure_count + 1, sizeof *g->out->measure);
    g->out->event = ls_arena_array(arena, r->event_count + 1, sizeof *g->out->event);
    g->out->step = ls_arena_array(arena, r->step_count + 1, sizeof *g->out->step);
    return g->state.measure != NULL && g->state.step != NULL && g->state.event != NULL && g->unsaid != NULL &&
           g->progress != NULL && g->out->measure != NULL && g->out->event != NULL && g->out->step != NULL;
}

static size_t count_due(const scheduling *g)
{
    size_t count = 0;
    for (size_t i = 0; i < g->r->measure_count; i++) {
        count += g->out->measure[i].due != LS_NEVER;
    }
    return count;
}

/* An attestation is left out of a plan if every measure becomes due without it, too: by a date. */
static void leave_out_unneeded(scheduling *g)
{
    const size_t all = count_due(g);
    for (size_t e = 0; e < g->r->event_count; e++) {
        if (g->r->events[e].attested_by == 0) {
            continue;
        }
        g->unsaid[e] = true;
        forget(g);
        work(g);
        g->unsaid[e] = count_due(g) == all;
    }
    forget(g);
    work(g);
}

ls_result ls_schedule_make(const ls_roadmap *r, const ls_charter *c, ls_date signature, ls_pace pace, ls_arena *arena,
                           ls_schedule *out)
{
    ls_schedule made = {0};
    scheduling g = {.r = r, .c = c, .pace = pace, .out = &made};
    if (!reserve(&g, arena)) {
        return ls_fail(&ls_fault_memory);
    }
    g.state.signed_at = ls_zone_instant(&c->zone, signature, 0);
    forget(&g);
    work(&g);
    if (pace == LS_PACE_PLANNED) {
        leave_out_unneeded(&g);
    }
    made.signed_at = g.state.signed_at;
    made.in_force = g.state.in_force;
    for (size_t e = 0; e < r->event_count; e++) {
        made.event[e] = g.state.event[e].time;
    }
    for (size_t s = 0; s < r->step_count; s++) {
        made.step[s] = g.state.step[s].complete;
    }
    *out = made;
    return LS_SUCCESS;
}
