/* Dates and moments: when something is, in the charter's zone. */
#include "accord/state_parts.h"

#define DAY 86400

ls_time ls_time_of_day(const ls_charter *c, int32_t day, bool deadline)
{
    return ls_zone_instant(&c->zone, ls_date_from_days(day), deadline ? c->closing : 0);
}

ls_time ls_time_closing(const ls_charter *c, ls_time t)
{
    /* A closing hour at the day's end is that day's last moment, and not the next day's first. */
    ls_time closing = ls_zone_instant(&c->zone, ls_zone_date(&c->zone, t - 1), c->closing);
    return closing >= t ? closing : ls_zone_instant(&c->zone, ls_zone_date(&c->zone, t), c->closing);
}

/* Beyond the last date that can be written there is nothing to wait for. */
static bool has_date(ls_time t)
{
    return t >= 0 && t <= LS_TIME_MAX;
}

ls_time ls_time_add(const ls_charter *c, ls_time t, ls_duration d, uint32_t times, bool deadline)
{
    if (!has_date(t)) {
        return LS_NEVER;
    }
    int64_t count = (int64_t)d.count * times;
    if (d.unit == LS_UNIT_HOURS) {
        return t + count * 3600;
    }
    ls_date date = ls_zone_date(&c->zone, t);
    bool months = d.unit == LS_UNIT_MONTHS || d.unit == LS_UNIT_YEARS;
    int64_t unit = d.unit == LS_UNIT_YEARS ? 12 : d.unit == LS_UNIT_WEEKS ? 7 : 1;
    if (months && date.year + count * unit / 12 > 9998) {
        return LS_NEVER;
    }
    int64_t days =
        months ? ls_date_to_days(ls_date_add_months(date, (int)(count * unit))) : ls_date_to_days(date) + count * unit;
    days -= c->counts_first_day ? 1 : 0;
    if (days * DAY > LS_TIME_MAX - 2 * DAY) {
        return LS_NEVER;
    }
    /* Nothing that follows a moment comes before it, also where the day of the moment is the first. */
    ls_time then = ls_time_of_day(c, (int32_t)days, deadline);
    return deadline ? then : ls_later(then, t);
}

/* So many percent of a goal are reached while that is the goal, and no sooner than it is known. */
static ls_time time_of_milestone(const ls_measure_state *m, const ls_moment_op *op)
{
    bool performed = op->what == LS_EVENT_PERFORMED;
    const ls_tally *p = performed ? m->performed_progress : m->confirmed_progress;
    size_t count = performed ? m->performed_count : m->confirmed_count;
    if (!op->percent) {
        return ls_tally_reached(p, count, op->amount);
    }
    if (m->goals == NULL) {
        return ls_tally_reached(p, count, ls_quantity_percent(m->required, op->amount, true));
    }
    for (size_t i = 0; i < m->goal_count; i++) {
        ls_time next = i + 1 < m->goal_count ? m->goals[i + 1].time : LS_NEVER;
        /* Less than so many percent is not so many. */
        ls_quantity amount = ls_quantity_percent(m->goals[i].total, op->amount, true);
        ls_time reached = ls_later(m->goals[i].time, ls_tally_reached(p, count, amount));
        if (reached < next) {
            return reached;
        }
    }
    return LS_NEVER;
}

static ls_time time_of_measure(const ls_accord_state *s, const ls_moment_op *op)
{
    const ls_measure_state *m = &s->measure[op->subject];
    ls_time whole = m->event[op->what];
    if (op->amount == LS_QUANTITY_NONE) {
        return whole;
    }
    ls_time reached = m->holds == LS_NEVER ? LS_NEVER : time_of_milestone(m, op);
    return reached == LS_NEVER ? LS_NEVER : ls_later(reached, m->holds);
}

/* The first dispute of this procedure that came so far. */
static ls_time time_of_dispute(const ls_accord_state *s, const ls_moment_op *op)
{
    ls_time first = LS_NEVER;
    for (size_t i = 0; i < s->dispute_count; i++) {
        const ls_dispute_state *d = &s->dispute[i];
        if (d->procedure == op->subject) {
            first = ls_earlier(first, op->what == LS_DISPUTE_OPENED    ? d->opened
                                      : op->what == LS_DISPUTE_SETTLED ? d->settled
                                                                       : d->exhausted);
        }
    }
    return first;
}

static ls_time time_of_leaf(const ls_accord_state *s, const ls_moment_op *op)
{
    switch (op->kind) {
    case LS_MOMENT_SIGNED:
        return s->signed_at;
    case LS_MOMENT_IN_FORCE:
        return s->in_force;
    case LS_MOMENT_RATIFIED:
        return s->ratified[op->subject];
    case LS_MOMENT_EVENT:
        return s->event[op->subject].time;
    case LS_MOMENT_MEASURE:
        return time_of_measure(s, op);
    case LS_MOMENT_STEP:
        return s->step[op->subject].complete;
    default:
        return time_of_dispute(s, op);
    }
}

/* What has to be done on the day of a moment: until that day's closing hour, or, after it, at once. */
static ls_time end_of_day(const ls_charter *c, ls_time t)
{
    return ls_later(t, ls_zone_instant(&c->zone, ls_zone_date(&c->zone, t), c->closing));
}

/* A leaf or a duration. Where a duration runs from it, it is a moment that came, and no deadline. */
static ls_deadline evaluate_op(const ls_charter *c, const ls_accord_state *s, const ls_moment_op *op, ls_deadline below,
                               bool deadline)
{
    bool ends = deadline && !op->inner;
    if (op->kind == LS_MOMENT_DATE) {
        return (ls_deadline){ls_time_of_day(c, (int32_t)ls_date_to_days(op->date), ends), s->signed_at, false};
    }
    if (op->kind == LS_MOMENT_DELAY) {
        return (ls_deadline){ls_time_add(c, below.time, op->duration, 1, ends), below.time,
                             op->duration.unit == LS_UNIT_HOURS};
    }
    ls_time t = time_of_leaf(s, op);
    return (ls_deadline){ends && t != LS_NEVER ? end_of_day(c, t) : t, s->signed_at, false};
}

static ls_deadline choose(const ls_deadline *top, size_t count, bool earliest)
{
    ls_deadline chosen = top[0];
    for (size_t i = 1; i < count; i++) {
        if (earliest ? top[i].time < chosen.time : top[i].time > chosen.time) {
            chosen = top[i];
        }
    }
    return chosen;
}

static ls_deadline evaluate(const ls_charter *c, const ls_accord_state *s, const ls_moment *m, bool deadline)
{
    ls_deadline stack[LS_MOMENT_STACK] = {{LS_NEVER, LS_NEVER, false}};
    size_t height = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ls_moment_op *op = &m->op[i];
        if (op->kind == LS_MOMENT_EARLIEST || op->kind == LS_MOMENT_LATEST) {
            height -= op->count;
            stack[height] = choose(&stack[height], op->count, op->kind == LS_MOMENT_EARLIEST);
        } else {
            height -= op->kind == LS_MOMENT_DELAY ? 1 : 0;
            stack[height] = evaluate_op(c, s, op, stack[height], deadline);
        }
        height++;
    }
    return stack[0];
}

ls_deadline ls_moment_deadline(const ls_charter *c, const ls_accord_state *s, const ls_moment *m)
{
    return evaluate(c, s, m, true);
}

ls_time ls_moment_time(const ls_charter *c, const ls_accord_state *s, const ls_moment *m)
{
    return evaluate(c, s, m, false).time;
}

ls_time ls_state_moment(const ls_state_query *q, const ls_accord_state *s, const ls_moment *m, bool deadline)
{
    return evaluate(q->charter, s, m, deadline).time;
}
