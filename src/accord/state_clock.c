/* A measure's deadlines: where they come from, what moves them, and what has run out. */
#include "accord/state_parts.h"
#include <stdlib.h>

/* When this deadline and the grace have passed; LS_NEVER where the conditions came only after it. */
static ls_time passed(const ls_states *s, size_t measure, ls_time deadline)
{
    bool counts = deadline != LS_NEVER && s->out->measure[measure].holds <= deadline;
    return counts ? deadline + s->c->grace : LS_NEVER;
}

/* A deadline that took the place of another: by an act, unless its author takes that back. */
typedef struct change {
    size_t fact; /* LS_NO_FACT: as the accord has it */
    ls_deadline deadline;
    bool gone;
} change;

/* The deadlines that a measure has had. */
typedef struct deadlines {
    change *stack; /* the topmost is in effect, */
    size_t height;
    ls_time from;    /* since then, */
    ls_time first;   /* that passed, grace not included, or LS_NEVER */
    ls_moved moved;  /* and moved by suspensions */
    ls_missed *list; /* those that passed, with the grace, while they were in effect */
    size_t count;
} deadlines;

static bool changes_deadline(const ls_states *s, size_t fact)
{
    const ls_fact *f = &s->fact[fact];
    bool postpones = f->kind == LS_FACT_CALL_OFF && f->day != LS_NO_DAY;
    return (f->kind == LS_FACT_EXTEND || f->kind == LS_FACT_WITHDRAW || postpones) &&
           ls_states_counts(s, fact, s->q->at);
}

static void take_effect(ls_states *s, size_t measure, ls_time at, deadlines *d)
{
    d->from = at;
    d->moved = ls_suspensions_move(s, measure, d->stack[d->height - 1].deadline);
}

/* The one in effect gives way to another. */
static void end_effect(const ls_states *s, size_t measure, ls_time at, deadlines *d)
{
    ls_time since = passed(s, measure, d->moved.time);
    d->first = d->moved.time < at ? ls_earlier(d->first, d->moved.time) : d->first;
    if (since < at) {
        d->list[d->count++] = (ls_missed){since, d->from, at};
    }
}

static void push(ls_states *s, size_t measure, size_t fact, ls_time later, deadlines *d)
{
    ls_time at = s->time[fact];
    end_effect(s, measure, at, d);
    d->stack[d->height++] = (change){fact, {later, at, false}, false};
    take_effect(s, measure, at, d);
}

/* A postponement that its author takes back. */
static void take_back(ls_states *s, size_t measure, size_t fact, deadlines *d)
{
    size_t said = ls_states_referred(s, fact), low = 1, high = d->height;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->stack[middle].fact < said) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = said != LS_NO_FACT && low < d->height && d->stack[low].fact == said;
    if (!found || s->fact[said].kind != LS_FACT_CALL_OFF || s->fact[said].by != s->fact[fact].by) {
        return;
    }
    d->stack[low].gone = true;
    if (low + 1 == d->height) {
        end_effect(s, measure, s->time[fact], d);
        while (d->stack[d->height - 1].gone) {
            d->height--;
        }
        take_effect(s, measure, s->time[fact], d);
    }
}

/* What consent and postponement, and suspensions in between, make of a deadline. False without memory. */
static bool read_deadlines(ls_states *s, size_t measure, ls_deadline due, deadlines *d)
{
    ls_extending x = {0};
    size_t count = 0;
    for (size_t i = s->first[measure]; i < s->first[measure + 1]; i++) {
        count += changes_deadline(s, s->of_measure[i]) ? 1 : 0;
    }
    *d = (deadlines){
        .first = LS_NEVER, .stack = calloc(count + 1, sizeof *d->stack), .list = calloc(count + 1, sizeof *d->list)};
    if (d->stack == NULL || d->list == NULL) {
        return false;
    }
    d->stack[d->height++] = (change){LS_NO_FACT, due, false};
    take_effect(s, measure, 0, d);
    for (size_t i = s->first[measure]; i < s->first[measure + 1] && count > 0; i++) {
        size_t fact = s->of_measure[i];
        const ls_fact *f = &s->fact[fact];
        ls_time later, start = d->stack[d->height - 1].deadline.time;
        ls_time now = d->moved.stopped ? ls_later(start, s->time[fact] + 1) : d->moved.time;
        if (!changes_deadline(s, fact)) {
            continue;
        }
        if (f->kind == LS_FACT_CALL_OFF) {
            later = ls_time_of_day(s->c, f->day, true);
            if (later > (d->moved.time == LS_NEVER ? start : d->moved.time)) {
                push(s, measure, fact, later, d); /* nobody brings another's deadline forward */
            }
        } else if (f->kind == LS_FACT_WITHDRAW) {
            take_back(s, measure, fact, d);
        } else if (ls_extend(s, &x, fact, now, &later)) {
            push(s, measure, fact, later, d);
        }
    }
    return true;
}

static bool is_silent(const ls_said *said)
{
    return said->phase == LS_PENDING || said->phase == LS_BEGUN;
}

/* The first time at which a deadline had passed in silence, by ledger time. */
static ls_time first_overdue(ls_states *s, size_t measure, const ls_missed *missed, size_t count, ls_time late_begin)
{
    ls_said said;
    ls_reading how = ls_reading_undone(s, measure, s->q->at);
    if (count == 0 && late_begin >= s->q->at) {
        return LS_NEVER;
    }
    how.by_ledger = true;
    how.missed = missed;
    how.missed_count = count;
    how.late_begin = late_begin;
    ls_said_read(s, measure, &how, &said);
    return said.overdue;
}

static void read_due(ls_states *s, size_t measure, deadlines *d, ls_clock *out)
{
    out->has_due = d->moved.time != LS_NEVER;
    out->due = d->moved.time;
    out->first_due = ls_earlier(d->first, d->moved.time);
    out->stopped |= d->moved.stopped;
    ls_time since = passed(s, measure, out->due);
    if (since >= s->q->at) {
        return;
    }
    d->list[d->count++] = (ls_missed){since, d->from, LS_NEVER};
    out->overdue_since = is_silent(&s->said[measure]) ? since : LS_NEVER;
}

static ls_time read_begin(ls_states *s, size_t measure, ls_clock *out)
{
    ls_deadline begin = ls_moment_deadline(s->c, s->out, &s->r->measures[measure].begin);
    if (begin.time == LS_NEVER) {
        return LS_NEVER;
    }
    ls_moved moved = ls_suspensions_move(s, measure, begin);
    out->has_begin = moved.time != LS_NEVER;
    out->begin = moved.time;
    out->stopped |= moved.stopped;
    ls_time since = passed(s, measure, moved.time);
    if (since < s->q->at && s->said[measure].begun == LS_NEVER && is_silent(&s->said[measure])) {
        out->overdue_since = ls_earlier(out->overdue_since, since);
    }
    return since;
}

void ls_clock_read(ls_states *s, size_t measure, ls_clock *out)
{
    deadlines d = {0};
    ls_deadline due = ls_moment_deadline(s->c, s->out, &s->r->measures[measure].due);
    *out = (ls_clock){.overdue_since = LS_NEVER, .overdue = LS_NEVER};
    if (due.time != LS_NEVER && read_deadlines(s, measure, due, &d)) {
        read_due(s, measure, &d, out);
    }
    s->no_memory |= due.time != LS_NEVER && (d.stack == NULL || d.list == NULL);
    ls_time late_begin = read_begin(s, measure, out);
    if (out->stopped) {
        out->overdue_since = LS_NEVER; /* while a clock stands, nothing is; but what was stays so */
    }
    if (!s->no_memory) {
        out->overdue = first_overdue(s, measure, d.list, d.count, late_begin);
    }
    free(d.stack);
    free(d.list);
}

/* So much in so many periods. */
static ls_quantity rate_goal(const ls_amount *a, uint32_t periods)
{
    ls_quantity goal;
    bool overflows = __builtin_mul_overflow(a->number, (ls_quantity)periods, &goal);
    return overflows || goal > INT64_MAX / 2 ? INT64_MAX / 2 : goal;
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
        ls_quantity goal = rate_goal(&m->amount, periods + 1);
        ls_time reached = ls_tally_reached(state->performed_progress, state->performed_count, goal);
        ls_moved moved = ls_suspensions_move(s, measure, (ls_deadline){end, state->holds, false});
        out->stopped |= moved.stopped;
        ls_time since = moved.time == LS_NEVER ? LS_NEVER : moved.time + s->c->grace;
        if (reached > moved.time && since < s->q->at) {
            out->overdue = ls_earlier(out->overdue, since);
            out->overdue_since = said->total < goal ? ls_earlier(out->overdue_since, since) : out->overdue_since;
        }
    }
    *required = rate_goal(&m->amount, periods);
    out->due = ls_time_add(s->c, state->holds, m->amount.per, periods + 1, true);
    out->has_due = out->due <= ends && out->due != LS_NEVER;
}
