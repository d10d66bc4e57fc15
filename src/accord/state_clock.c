/* A measure's deadlines: where they come from, what moves them, and what has run out. */
#include "accord/state_parts.h"

/* What consent and postponement, and suspensions in between, make of a deadline. */
static ls_moved move_deadline(ls_states *s, size_t measure, ls_deadline d)
{
    ls_extending x = {0};
    ls_moved moved = ls_suspensions_move(s, measure, d);
    for (size_t i = s->first[measure]; i < s->first[measure + 1]; i++) {
        size_t fact = s->of_measure[i];
        const ls_fact *f = &s->fact[fact];
        if (!ls_states_counts(s, fact, s->q->at)) {
            continue;
        }
        ls_time later = LS_NEVER, now = moved.stopped ? ls_later(d.time, s->time[fact] + 1) : moved.time;
        if (f->kind == LS_FACT_CALL_OFF && f->day != LS_NO_DAY && s->withdrawn[fact] == LS_NEVER) {
            later = ls_time_of_day(s->c, f->day, true);
        } else if (f->kind != LS_FACT_EXTEND || !ls_extend(s, &x, fact, now, &later)) {
            continue;
        }
        d = (ls_deadline){later, s->time[fact], false};
        moved = ls_suspensions_move(s, measure, d);
    }
    return moved;
}

/* Since when it is overdue by this deadline, or LS_NEVER: for silence when it and the grace have passed, and not where
 * the conditions came only after it. */
static ls_time ran_out(const ls_states *s, size_t measure, bool known, ls_time deadline)
{
    ls_time holds = s->out->measure[measure].holds, since = deadline + s->c->grace;
    return known && holds <= deadline && since < s->q->at ? since : LS_NEVER;
}

/* What stood at that time, by ledger time. */
static ls_said stood(ls_states *s, size_t measure, ls_time at)
{
    ls_said said;
    ls_reading how = {.until = at,
                      .by_ledger = true,
                      .reversed = LS_NEVER,
                      .holds = s->out->measure[measure].holds,
                      .ends = LS_NEVER};
    ls_said_read(s, measure, &how, &said);
    return said;
}

static bool is_silent(const ls_said *said)
{
    return said->phase == LS_PENDING || said->phase == LS_BEGUN;
}

void ls_clock_read(ls_states *s, size_t measure, ls_clock *out)
{
    const ls_measure *m = &s->r->measures[measure];
    const ls_said *said = &s->said[measure];
    *out = (ls_clock){.overdue_since = LS_NEVER, .overdue = LS_NEVER};
    ls_deadline due = ls_moment_deadline(s->c, s->out, &m->due), begin = ls_moment_deadline(s->c, s->out, &m->begin);
    if (due.time != LS_NEVER) {
        ls_moved moved = move_deadline(s, measure, due);
        *out = (ls_clock){moved.time != LS_NEVER, false, moved.stopped, moved.time, 0, LS_NEVER, LS_NEVER};
    }
    if (begin.time != LS_NEVER) {
        ls_moved moved = ls_suspensions_move(s, measure, begin);
        out->has_begin = moved.time != LS_NEVER;
        out->begin = moved.time;
        out->stopped |= moved.stopped;
    }
    ls_time late_end = ran_out(s, measure, out->has_due, out->due);
    ls_time late_begin = ran_out(s, measure, out->has_begin, out->begin);
    if (out->stopped) {
        return;
    }
    if (late_begin != LS_NEVER && said->begun == LS_NEVER && is_silent(said)) {
        out->overdue_since = late_begin;
    }
    if (late_end != LS_NEVER && is_silent(said)) {
        out->overdue_since = ls_earlier(out->overdue_since, late_end);
    }
    if (late_begin != LS_NEVER && said->begun > late_begin) {
        out->overdue = late_begin;
    }
    if (late_end != LS_NEVER) {
        ls_said then = stood(s, measure, late_end);
        out->overdue = is_silent(&then) ? ls_earlier(out->overdue, late_end) : out->overdue;
    }
}

/* The first period that fell short is overdue, and stays so until the running total has made up for it. */
void ls_clock_rate(ls_states *s, size_t measure, ls_time ends, ls_clock *out, ls_quantity *required)
{
    const ls_measure *m = &s->r->measures[measure];
    const ls_measure_state *state = &s->out->measure[measure];
    const ls_said *said = &s->said[measure];
    ls_time last = ls_earlier(ends, s->q->at);
    uint32_t periods = 0;
    *out = (ls_clock){.overdue_since = LS_NEVER, .overdue = LS_NEVER};
    for (ls_time end; (end = ls_time_add(s->c, state->holds, m->amount.per, periods + 1, true)) <= last; periods++) {
        ls_quantity goal = m->amount.number * (periods + 1);
        ls_time reached = ls_tally_reached(state->performed_progress, state->performed_count, goal);
        ls_time since = end + s->c->grace;
        if (reached > end && since < s->q->at) {
            out->overdue = ls_earlier(out->overdue, since);
            out->overdue_since = said->total < goal ? ls_earlier(out->overdue_since, since) : out->overdue_since;
        }
    }
    *required = m->amount.number * periods;
    out->due = ls_time_add(s->c, state->holds, m->amount.per, periods + 1, true);
    out->has_due = out->due <= ends && out->due != LS_NEVER;
}
