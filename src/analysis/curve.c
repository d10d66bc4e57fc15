/* What parties have given unanswered, along a schedule. */
#include "analysis/net.h"
#include <stdlib.h>

/* From when to when something counts. */
typedef struct open_stake {
    ls_time given, gone;
    const ls_stake *stake;
} open_stake;

typedef struct tracing {
    const ls_roadmap *r;
    const ls_net *net;
    const ls_schedule *s;
    ls_time *at; /* of each bit */
    open_stake *open;
} tracing;

/* The time of each bit that a stake depends on: parts are given with the whole, as no schedule is known of them. */
static void time_atoms(tracing *t)
{
    for (size_t i = 0; i < t->net->bit_count; i++) {
        t->at[i] = LS_TIME_OPEN;
    }
    for (size_t i = 0; i < t->r->measure_count; i++) {
        const ls_net_measure *m = &t->net->measure[i];
        for (size_t k = 0; k < m->part_count; k++) {
            const ls_net_part *p = &t->net->part[m->first_part + k];
            t->at[p->confirmed] = t->s->measure[i].complete;
            t->at[p->performed] = t->s->measure[i].performed;
        }
    }
    t->at[LS_BIT_TRUE] = t->s->signed_at;
}

static void time_gates(tracing *t)
{
    for (size_t i = 0; i < t->net->gate_count; i++) {
        const ls_net_gate *g = &t->net->gate[i];
        ls_time time = g->any || g->count == 0 ? LS_TIME_OPEN : INT64_MIN;
        for (size_t k = 0; k < g->count; k++) {
            ls_time x = t->at[t->net->input[g->first + k]];
            time = (x < time) == g->any ? x : time;
        }
        t->at[g->bit] = time;
    }
}

static int by_time(const void *a, const void *b)
{
    ls_time x = *(const ls_time *)a, y = *(const ls_time *)b;
    return (x > y) - (x < y);
}

/* Every time at which something of this party's changes, the first at signature. */
static size_t changes(const tracing *t, size_t party, ls_time *times)
{
    size_t count = 0, kept = 1;
    times[count++] = t->s->signed_at;
    for (size_t i = 0; i < t->net->stake_count; i++) {
        const open_stake *x = &t->open[i];
        if (x->stake->party == party && x->given != LS_TIME_OPEN && x->given < x->gone) {
            times[count++] = x->given;
        }
        if (x->stake->party == party && x->given < x->gone && x->gone != LS_TIME_OPEN) {
            times[count++] = x->gone;
        }
    }
    qsort(times, count, sizeof *times, by_time);
    for (size_t i = 1; i < count; i++) {
        kept += times[i] != times[kept - 1];
        times[kept - 1] = times[i];
    }
    return kept;
}

static ls_curve_point point_at(const tracing *t, size_t party, ls_time at)
{
    ls_curve_point p = {.from = at};
    for (size_t i = 0; i < t->net->stake_count; i++) {
        const open_stake *x = &t->open[i];
        if (x->stake->party == party && x->given <= at && at < x->gone) {
            p.exposure += x->stake->weight;
            p.irreversible += x->stake->irreversible ? x->stake->weight : 0;
        }
    }
    return p;
}

static ls_result trace_party(const tracing *t, size_t party, ls_arena *arena, ls_curve *out)
{
    ls_time *times = calloc(2 * t->net->stake_count + 1, sizeof *times);
    ls_curve_point *points = ls_arena_array(arena, 2 * t->net->stake_count + 1, sizeof *points);
    if (times == NULL || points == NULL) {
        free(times);
        return ls_fail(&ls_fault_memory);
    }
    size_t count = changes(t, party, times);
    for (size_t i = 0; i < count; i++) {
        points[i] = point_at(t, party, times[i]);
    }
    free(times);
    *out = (ls_curve){party, count, points};
    return LS_SUCCESS;
}

static ls_result trace_all(tracing *t, ls_arena *arena, ls_curve *curves, size_t *count)
{
    ls_parties all = 0;
    size_t made = 0;
    for (size_t i = 0; i < t->net->stake_count; i++) {
        const ls_stake *x = &t->net->stake[i];
        t->open[i] = (open_stake){t->at[x->given], t->at[x->gone], x};
    }
    for (size_t i = 0; i < t->r->measure_count; i++) {
        all |= t->r->measures[i].by;
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (all & LS_PARTY_BIT(p)) {
            LS_TRY(trace_party(t, p, arena, &curves[made++]));
        }
    }
    *count = made;
    return LS_SUCCESS;
}

ls_result ls_schedule_curves(const ls_analysis_query *q, const ls_schedule *s, ls_arena *arena, ls_curve **curves,
                             size_t *count)
{
    ls_net net = {0};
    tracing t = {.r = q->roadmap, .net = &net, .s = s};
    ls_curve *made = ls_arena_array(arena, LS_PARTIES_MAX, sizeof *made);
    ls_result r = ls_net_build(q->roadmap, q->weights, &net);
    if (ls_succeeded(r)) {
        t.at = calloc(net.bit_count, sizeof *t.at);
        t.open = calloc(net.stake_count + 1, sizeof *t.open);
        r = t.at == NULL || t.open == NULL || made == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    if (ls_succeeded(r)) {
        time_atoms(&t);
        time_gates(&t);
        r = trace_all(&t, arena, made, count);
    }
    *curves = ls_succeeded(r) ? made : *curves;
    free(t.at);
    free(t.open);
    ls_net_free(&net);
    return r;
}
