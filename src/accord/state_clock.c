/* A measure's deadlines: where they come from, what moves them, and what has run out. */
#include "accord/state_parts.h"

/* When this deadline and the grace have passed; LS_NEVER where the conditions came only after it. */
static ls_time passed(const ls_states *s, size_t measure, ls_time deadline)
{
    bool counts = deadline != LS_NEVER && s->out->measure[measure].holds <= deadline;
    return counts ? deadline + s->c->grace : LS_NEVER;
}

/* What consent and postponement, and suspensions in between, make of a deadline. missed: the first one that had passed,
 * with the grace, when another took its place. */
static ls_moved move_deadline(ls_states *s, size_t measure, ls_deadline d, ls_missed *missed, ls_time *changed)
{
    ls_extending x = {0};
    ls_moved moved = ls_suspensions_move(s, measure, d);
    for (size_t i = s->first[measure]; i < s->first[measure + 1]; i++) {
        size_t fact = s->of_measure[i];
        const ls_fact *f = &s->fact[fact];
        bool postpones = f->kind == LS_FACT_CALL_OFF && f->day != LS_NO_DAY;
        if (!ls_states_counts(s, fact, s->q->at) || (f->kind != LS_FACT_EXTEND && !postpones)) {
            continue;
        }
        ls_time later = LS_NEVER, now = moved.stopped ? ls_later(d.time, s->time[fact] + 1) : moved.time;
        if (postpones && s->withdrawn[fact] != LS_NEVER) {
            *changed = ls_later(*changed, s->withdrawn[fact]);
            continue;
        }
        if (postpones) {
            later = ls_time_of_day(s->c, f->day, true);
        } else if (!ls_extend(s, &x, fact, now, &later)) {
            continue;
        }
        if (missed->since == LS_NEVER && passed(s, measure, moved.time) < s->time[fact]) {
            *missed = (ls_missed){passed(s, measure, moved.time), s->time[fact], false, *changed};
        }
        *changed = s->time[fact];
        d = (ls_deadline){later, s->time[fact], false};
        moved = ls_suspensions_move(s, measure, d);
    }
    return moved;
}

static bool is_silent(const ls_said *said)
{
    return said->phase == LS_PENDING || said->phase == LS_BEGUN;
}

/* The first time at which one of these deadlines had passed in silence, by ledger time. */
static ls_time first_overdue(ls_states *s, size_t measure, const ls_missed *missed, size_t count)
{
    ls_said said;
    ls_reading how = ls_reading_until(s, measure, ls_earlier(s->q->at, ls_measure_ends(s, &s->r->measures[measure])));
    how.by_ledger = true;
    how.missed = missed;
    how.missed_count = count;
    ls_said_read(s, measure, &how, &said);
    return said.overdue;
}

static void read_overdue(ls_states *s, size_t measure, const ls_missed missed[static 3], ls_clock *out)
{
    const ls_said *said = &s->said[measure];
    ls_missed passed[3];
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        if (missed[i].since < s->q->at) {
            passed[count++] = missed[i];
        }
        bool lasts = missed[i].since < s->q->at && missed[i].until == LS_NEVER && is_silent(said) && !out->stopped;
        if (lasts && (!missed[i].begin || said->begun == LS_NEVER)) {
            out->overdue_since = ls_earlier(out->overdue_since, missed[i].since);
        }
    }
    out->overdue = count > 0 ? first_overdue(s, measure, passed, count) : LS_NEVER;
}

void ls_clock_read(ls_states *s, size_t measure, ls_clock *out)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_missed missed[3] = {
        {LS_NEVER, LS_NEVER, false, 0}, {LS_NEVER, LS_NEVER, false, 0}, {LS_NEVER, LS_NEVER, true, 0}};
    ls_deadline due = ls_moment_deadline(s->c, s->out, &m->due), begin = ls_moment_deadline(s->c, s->out, &m->begin);
    *out = (ls_clock){.overdue_since = LS_NEVER, .overdue = LS_NEVER};
    if (due.time != LS_NEVER) {
        ls_time changed = 0;
        ls_moved moved = move_deadline(s, measure, due, &missed[1], &changed);
        out->has_due = moved.time != LS_NEVER;
        out->due = moved.time;
        out->stopped = moved.stopped;
        missed[0].since = passed(s, measure, moved.time);
        missed[0].from = changed;
    }
    if (begin.time != LS_NEVER) {
        ls_moved moved = ls_suspensions_move(s, measure, begin);
        out->has_begin = moved.time != LS_NEVER;
        out->begin = moved.time;
        out->stopped |= moved.stopped;
        missed[2].since = passed(s, measure, moved.time);
    }
    read_overdue(s, measure, missed, out);
}

/* The first period that fell short is overdue, and stays so until the running total has made up for it. */
void ls_clock_rate(ls_states *s, size_t measure, ls_time ends, ls_clock *out, ls_quantity *required)
{
    const ls_measure *m = &s->r->measures[measure];
    const ls_measure_state *state = &s->out->measure[measure];
    const ls_said *said = &s->said[measure];
    ls_time last = ls_earlier(ls_earlier(ends, s->q->at), ls_measure_ends(s, m));
    uint32_t periods = 0;
    *out = (ls_clock){.overdue_since = LS_NEVER, .overdue = LS_NEVER};
    for (ls_time end; (end = ls_time_add(s->c, state->holds, m->amount.per, periods + 1, true)) <= last; periods++) {
        ls_quantity goal = m->amount.number * (periods + 1);
        ls_time reached = ls_tally_reached(state->performed_progress, state->performed_count, goal);
        ls_moved moved = ls_suspensions_move(s, measure, (ls_deadline){end, state->holds, false});
        out->stopped |= moved.stopped;
        ls_time since = moved.time == LS_NEVER ? LS_NEVER : moved.time + s->c->grace;
        if (reached > moved.time && since < s->q->at) {
            out->overdue = ls_earlier(out->overdue, since);
            out->overdue_since = said->total < goal ? ls_earlier(out->overdue_since, since) : out->overdue_since;
        }
    }
    *required = m->amount.number * periods;
    out->due = ls_time_add(s->c, state->holds, m->amount.per, periods + 1, true);
    out->has_due = out->due <= ends && out->due != LS_NEVER;
}
