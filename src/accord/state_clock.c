/* A measure's deadlines: where they come from, what moves them, and what has run out. */
#include "accord/state_parts.h"
#include <stdlib.h>

/* When this deadline and the grace have passed; LS_NEVER where the conditions came only after it. */
static ls_time passed(const ls_states *s, size_t measure, ls_time deadline)
{
    bool counts = deadline != LS_NEVER && s->out->measure[measure].holds <= deadline;
    return counts ? deadline + s->c->grace : LS_NEVER;
}

/* A deadline that took the place of another: by an act, unless, where it postpones, its author takes that back. */
typedef struct change {
    size_t fact; /* LS_NO_FACT: as the accord has it */
    ls_deadline deadline;
    bool gone;
    bool given_back; /* it has moved by some time, and ends with the day then reached */
} change;

/* The deadlines that a measure has had. */
typedef struct deadlines {
    change *stack; /* the topmost is in effect, */
    size_t height;
    ls_time from;    /* since then, */
    ls_time first;   /* that passed, grace not included, or LS_NEVER */
    ls_moved moved;  /* and moved by suspensions that had begun when it was last looked at */
    ls_missed *list; /* those that passed, with the grace, while they were in effect */
    size_t count;
    ls_parties off;                /* who has called it off, */
    ls_time off_since;             /* since when, */
    size_t off_by[LS_PARTIES_MAX]; /* and by which act of each; a position */
} deadlines;

static bool changes_deadline(const ls_states *s, size_t fact)
{
    const ls_fact *f = &s->fact[fact];
    return (f->kind == LS_FACT_EXTEND || f->kind == LS_FACT_WITHDRAW || f->kind == LS_FACT_CALL_OFF) &&
           ls_states_counts(s, fact, s->q->at);
}

/* What is said about it later is judged by what was known then: a suspension that follows changes nothing of that. */
static void look(ls_states *s, size_t measure, ls_time at, deadlines *d)
{
    const change *top = &d->stack[d->height - 1];
    d->moved = ls_suspensions_move(s, measure, top->deadline, at);
    if (top->given_back && !top->deadline.exact && d->moved.time != LS_NEVER) {
        d->moved.time = ls_time_closing(s->c, d->moved.time);
    }
}

/* The one in effect gives way to another. */
static void end_effect(const ls_states *s, size_t measure, ls_time at, deadlines *d)
{
    ls_time since = passed(s, measure, d->moved.time);
    if (d->from >= at) {
        return; /* it never was */
    }
    d->first = d->moved.time < at ? ls_earlier(d->first, d->moved.time) : d->first;
    if (since < at) {
        d->list[d->count++] = (ls_missed){since, d->from, at};
    }
}

static void push(ls_states *s, size_t measure, size_t fact, ls_time later, deadlines *d)
{
    ls_time at = s->time[fact];
    end_effect(s, measure, at, d);
    d->stack[d->height++] = (change){fact, {later, at, false}, false, false};
    d->from = at;
}

/* What had been put off since a time is so no longer: as long as it was counts as if the clock had stood, so that
 * nobody is overdue for having relied on it. */
static void give_back(ls_states *s, size_t measure, size_t fact, ls_time since, deadlines *d)
{
    ls_deadline later = d->stack[d->height - 1].deadline;
    if (s->time[fact] <= since || d->moved.time < since) {
        return;
    }
    later.time += s->time[fact] - since;
    end_effect(s, measure, s->time[fact], d);
    d->stack[d->height++] = (change){fact, later, false, true};
    d->from = s->time[fact];
}

static void call_off(const ls_states *s, size_t fact, deadlines *d)
{
    unsigned by = s->fact[fact].by;
    d->off_since = d->off == 0 ? s->time[fact] : d->off_since;
    d->off |= LS_PARTY_BIT(by);
    d->off_by[by] = fact;
}

/* The last that had called it off does so no longer, or it is performed all the same. */
static void bring_back(ls_states *s, size_t measure, size_t fact, ls_parties by, deadlines *d)
{
    ls_parties before = d->off;
    d->off &= ~by;
    if (before != 0 && d->off == 0) {
        give_back(s, measure, fact, d->off_since, d);
    }
}

/* The postponement on top was taken back, and perhaps others before. */
static void pop(ls_states *s, size_t measure, size_t fact, deadlines *d)
{
    end_effect(s, measure, s->time[fact], d);
    ls_time since = s->time[fact];
    while (d->stack[d->height - 1].gone) {
        since = s->time[d->stack[--d->height].fact];
    }
    d->from = s->time[fact];
    look(s, measure, d->from, d);
    give_back(s, measure, fact, since, d);
}

/* A call-off or a postponement that its author takes back. */
static void take_back(ls_states *s, size_t measure, size_t fact, deadlines *d)
{
    size_t said = ls_states_referred(s, fact), low = 1, high = d->height;
    unsigned by = s->fact[fact].by;
    if ((d->off & LS_PARTY_BIT(by)) != 0 && d->off_by[by] == said) {
        bring_back(s, measure, fact, LS_PARTY_BIT(by), d);
        return;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->stack[middle].fact < said) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = said != LS_NO_FACT && low < d->height && d->stack[low].fact == said;
    if (!found || s->fact[said].kind != LS_FACT_CALL_OFF || s->fact[said].by != by) {
        return;
    }
    d->stack[low].gone = true;
    if (low + 1 == d->height) {
        pop(s, measure, fact, d);
    }
}

/* A postponement gives time, and takes none. */
static void postpone(ls_states *s, size_t measure, size_t fact, ls_time now, deadlines *d)
{
    ls_time later = ls_time_of_day(s->c, s->fact[fact].day, true);
    if (later > now) {
        push(s, measure, fact, later, d);
    }
}

static void take_fact(ls_states *s, size_t measure, size_t fact, ls_extending *x, deadlines *d)
{
    const ls_fact *f = &s->fact[fact];
    bool performs = d->off != 0 && f->kind == LS_FACT_PERFORM && ls_states_counts(s, fact, s->q->at);
    if (!performs && !changes_deadline(s, fact)) {
        return;
    }
    look(s, measure, s->time[fact], d);
    ls_time later, start = d->stack[d->height - 1].deadline.time;
    ls_time now = d->moved.stopped ? ls_later(start, s->time[fact] + 1) : d->moved.time;
    if (performs) {
        bring_back(s, measure, fact, d->off, d);
    } else if (f->kind == LS_FACT_CALL_OFF && f->day == LS_NO_DAY) {
        call_off(s, fact, d);
    } else if (f->kind == LS_FACT_CALL_OFF) {
        postpone(s, measure, fact, now, d);
    } else if (f->kind == LS_FACT_WITHDRAW) {
        take_back(s, measure, fact, d);
    } else if (ls_extend(s, x, fact, now, &later)) {
        push(s, measure, fact, later, d);
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
    d->stack[d->height++] = (change){LS_NO_FACT, due, false, false};
    for (size_t i = s->first[measure]; i < s->first[measure + 1] && count > 0; i++) {
        take_fact(s, measure, s->of_measure[i], &x, d);
    }
    look(s, measure, s->q->at, d);
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
    ls_moved moved = ls_suspensions_move(s, measure, begin, s->q->at);
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
        ls_moved moved = ls_suspensions_move(s, measure, (ls_deadline){end, state->holds, false}, s->q->at);
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
