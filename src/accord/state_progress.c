/* What stands of a measure's performances at the end: dates, and running totals. */
#include "accord/state_said.h"
#include <stdlib.h>

/* The claimed date lies within the accord's limit before the act that claims it. */
static bool date_in_time(const ls_reader_state *x, const ls_fact *f, ls_time at)
{
    int64_t days = ls_date_to_days(ls_zone_date(&x->s->c->zone, at)) - f->day;
    return days >= 0 && days <= (int64_t)x->s->r->date_limit;
}

/* When a part happened: its ledger time, or what a verifier confirmed. */
static ls_time happened(const ls_reader_state *x, const ls_part *p)
{
    const ls_fact *f = &x->s->fact[p->fact];
    ls_time at = x->s->time[p->fact];
    return p->dated && date_in_time(x, f, at) ? ls_earlier(ls_time_of_day(x->s->c, f->day, true), at) : at;
}

/* One change of a running total. */
typedef struct change {
    ls_when when;
    ls_quantity by;
} change;

static int in_order(const void *a, const void *b)
{
    const change *x = a, *y = b;
    return x->when.order < y->when.order ? -1 : x->when.order > y->when.order;
}

static int by_time(const void *a, const void *b)
{
    const change *x = a, *y = b;
    return x->when.time < y->when.time ? -1 : x->when.time > y->when.time;
}

static size_t list_changes(const ls_reader_state *x, bool confirmed, change *out)
{
    size_t count = 0;
    for (uint32_t i = 0; i < x->part_count; i++) {
        const ls_part *p = &x->part[i];
        ls_when since = confirmed ? p->settled : p->there;
        ls_quantity amount = confirmed ? p->agreed : p->counted;
        if (p->taken_back || since.time == LS_NEVER) {
            continue;
        }
        out[count++] = (change){since, amount};
        if (p->over.time != LS_NEVER && since.order < p->over.order) {
            out[count++] = (change){p->over, -amount};
        }
    }
    return count;
}

/* What the total reached, and when for the first time: an objection or a reversal takes nothing back for those who wait
 * for a milestone. */
static size_t keep_highest(const change *changes, size_t count, ls_tally *out)
{
    size_t kept = 0;
    ls_quantity total = 0;
    for (size_t i = 0; i < count; i++) {
        total += changes[i].by;
        if (total > (kept == 0 ? 0 : out[kept - 1].total)) {
            out[kept++] = (ls_tally){changes[i].when.time, total};
        }
    }
    return kept;
}

/* Running totals of what was claimed, or confirmed. */
static size_t list_progress(ls_reader_state *x, bool confirmed, ls_tally **out)
{
    size_t most = 2 * (size_t)x->part_count + 1;
    change *changes = malloc(most * sizeof *changes);
    *out = ls_states_array(x->s, x->part_count, sizeof **out);
    if (changes == NULL || *out == NULL) {
        x->s->no_memory = true;
        free(changes);
        return 0;
    }
    size_t count = list_changes(x, confirmed, changes);
    if (count > 1) {
        qsort(changes, count, sizeof *changes, in_order);
    }
    count = keep_highest(changes, count, *out);
    free(changes);
    return count;
}

/* When what counts now, each part by its confirmed date, reached the goal. */
static ls_time reached_goal(ls_reader_state *x)
{
    change *changes = malloc(((size_t)x->part_count + 1) * sizeof *changes);
    size_t count = 0;
    ls_quantity total = 0;
    ls_time reached = LS_NEVER;
    x->s->no_memory |= changes == NULL;
    for (uint32_t i = 0; changes != NULL && i < x->part_count; i++) {
        const ls_part *p = &x->part[i];
        if (p->standing && p->objected == 0 && p->there.time != LS_NEVER) {
            changes[count++] = (change){{happened(x, p), 0}, p->counted};
        }
    }
    if (count > 1) {
        qsort(changes, count, sizeof *changes, by_time);
    }
    for (size_t i = 0; i < count && reached == LS_NEVER; i++) {
        total += changes[i].by;
        reached = total >= x->required ? changes[i].when.time : LS_NEVER;
    }
    free(changes);
    return reached;
}

static void list_delivered(ls_reader_state *x, ls_measure_state *state)
{
    if ((x->out->performers & (x->out->performers - 1)) == 0) {
        return;
    }
    state->delivered = ls_states_array(x->s, x->s->c->party_count, sizeof *state->delivered);
    for (uint32_t i = 0; state->delivered != NULL && i < x->part_count; i++) {
        const ls_part *p = &x->part[i];
        bool stands = p->standing && p->objected == 0 && p->there.time != LS_NEVER;
        state->delivered[x->s->fact[p->fact].party] += stands ? p->counted : 0;
    }
}

void ls_perform_end(ls_reader_state *x)
{
    ls_said *out = x->out;
    ls_measure_state *state = &x->s->out->measure[x->measure];
    out->objections = x->missed;
    for (uint32_t i = 0; i < x->part_count; i++) {
        ls_part *p = &x->part[i];
        if (x->how->dates) {
            x->s->valid[p->fact] = happened(x, p);
        }
        if (p->standing) {
            out->objections |= p->objected;
            out->performance = p->fact;
            out->confirmations |= p->confirmed & ~p->objected & x->m->verifiers;
        }
    }
    if (x->latest != LS_NO_PART) {
        const ls_part *p = &x->part[x->latest];
        out->performance = p->fact;
        out->performed_at = happened(x, p);
        out->confirmations = p->confirmed & ~p->objected & x->m->verifiers;
    }
    if (x->m->amount.kind == LS_AMOUNT_CEILING) {
        out->total = x->latest == LS_NO_PART ? LS_QUANTITY_NONE : x->part[x->latest].counted;
    } else if (ls_adds_up(x->m) && x->how->first) {
        state->performed_count = list_progress(x, false, &state->performed_progress);
        state->confirmed_count = list_progress(x, true, &state->confirmed_progress);
    }
    if (ls_adds_up(x->m) && (x->how->first || x->how->reversed != LS_NEVER)) {
        list_delivered(x, state);
        ls_time done = x->required == LS_QUANTITY_NONE ? LS_NEVER : reached_goal(x);
        out->performed_at = done == LS_NEVER ? out->performed_at : done;
    }
    free(x->part);
    free(x->answer);
}
