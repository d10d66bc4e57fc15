/* The goals of amounts: most stand in the accord, some become known, and may change, while it goes on. */
#include "accord/state_said.h"

/* What a running total had reached then. */
static ls_quantity total_at(const ls_tally *p, size_t count, ls_time at)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p[middle].time <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? 0 : p[low - 1].total;
}

ls_time ls_tally_reached(const ls_tally *p, size_t count, ls_quantity amount)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p[middle].total < amount) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count ? p[low].time : LS_NEVER;
}

/* Parity: as much as was confirmed of the other measure when it reached its end. */
static ls_quantity parity_goal(const ls_states *s, const ls_amount *a, ls_time *known)
{
    bool verified = s->r->measures[a->subject].verifiers != 0;
    const ls_measure_state *m = &s->out->measure[a->subject];
    *known = m->event[verified ? LS_EVENT_CONFIRMED : LS_EVENT_PERFORMED];
    return verified ? total_at(m->confirmed_progress, m->confirmed_count, *known)
                    : total_at(m->performed_progress, m->performed_count, *known);
}

ls_quantity ls_measure_required(const ls_states *s, size_t measure)
{
    const ls_amount *a = &s->r->measures[measure].amount;
    if (a->kind == LS_AMOUNT_PERCENT) {
        const ls_event_state *e = &s->out->event[a->subject];
        bool attested = e->time <= s->q->at && e->amount != LS_QUANTITY_NONE;
        return attested ? ls_quantity_percent(e->amount, a->number, true) : LS_QUANTITY_NONE;
    }
    if (a->kind == LS_AMOUNT_PARITY) {
        ls_time known;
        ls_quantity goal = parity_goal(s, a, &known);
        return known <= s->q->at ? goal : LS_QUANTITY_NONE;
    }
    return a->kind == LS_AMOUNT_NONE ? LS_QUANTITY_NONE : a->number;
}

/* The next total that is attested, from the position at which the reader stands. Those before all had attested it count
 * from then on, and the last of them alone. */
static void next_attested(ls_reader_state *x)
{
    const ls_states *s = x->s;
    const ls_amount *a = &x->m->amount;
    const ls_event_state *e = &s->out->event[a->subject];
    x->goal_at = LS_NEVER;
    for (; x->goal_fact < s->first_event[a->subject + 1] && e->time != LS_NEVER; x->goal_fact++) {
        size_t fact = s->of_event[x->goal_fact];
        const ls_fact *f = &s->fact[fact];
        bool may = (s->r->events[a->subject].attested_by & LS_PARTY_BIT(f->by)) != 0;
        if (!may || f->amount == LS_QUANTITY_NONE || !ls_states_counts(s, fact, s->q->at)) {
            continue;
        }
        if (x->goal_at != LS_NEVER && s->time[fact] > e->time) {
            return;
        }
        x->goal = ls_quantity_percent(f->amount, a->number, true);
        x->goal_at = ls_later(e->time, s->time[fact]);
        if (s->time[fact] > e->time) {
            x->goal_fact++;
            return;
        }
    }
}

void ls_goal_begin(ls_reader_state *x)
{
    const ls_amount *a = &x->m->amount;
    ls_measure_state *out = &x->s->out->measure[x->measure];
    bool follows = a->kind == LS_AMOUNT_PERCENT || a->kind == LS_AMOUNT_PARITY;
    if (x->how->first && follows) {
        size_t most = 1;
        most += a->kind == LS_AMOUNT_PERCENT ? x->s->first_event[a->subject + 1] - x->s->first_event[a->subject] : 0;
        out->goals = ls_states_array(x->s, most, sizeof *out->goals);
        out->goal_count = 0;
    }
    x->required = a->kind == LS_AMOUNT_NONE ? LS_QUANTITY_NONE : a->number;
    x->goal_at = LS_NEVER;
    if (a->kind == LS_AMOUNT_PERCENT) {
        x->required = LS_QUANTITY_NONE;
        x->goal_fact = x->s->first_event[a->subject];
        next_attested(x);
    } else if (a->kind == LS_AMOUNT_PARITY && x->how->first) {
        x->required = LS_QUANTITY_NONE;
        x->goal = parity_goal(x->s, a, &x->goal_at);
    } else if (a->kind == LS_AMOUNT_PARITY) { /* as it was then: its own simultaneous step may hold both since */
        x->required = LS_QUANTITY_NONE;
        x->goal_at = out->goal_count > 0 ? out->goals[0].time : LS_NEVER;
        x->goal = out->goal_count > 0 ? out->goals[0].total : 0;
    }
}

void ls_goal_take(ls_reader_state *x)
{
    ls_time at = x->goal_at;
    ls_measure_state *out = &x->s->out->measure[x->measure];
    x->required = x->goal;
    x->goal_at = LS_NEVER;
    if (x->how->first && out->goals != NULL) {
        out->goals[out->goal_count++] = (ls_tally){at, x->goal};
    }
    if (x->m->amount.kind == LS_AMOUNT_PERCENT) {
        next_attested(x);
    }
    ls_perform_update(x, at);
}
