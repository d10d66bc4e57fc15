/* From a roadmap to the model: what may happen, once what has, and by whom. */
#include "analysis/build.h"
#include <stdlib.h>

static void define_entry(ls_net_building *g)
{
    bool some = g->r->entry.count > 0;
    ls_bit come = some ? ls_net_moment(g, &g->r->entry, false) : LS_BIT_TRUE;
    ls_bit known = some ? ls_net_moment(g, &g->r->entry, true) : LS_BIT_TRUE;
    ls_net_define(&g->b, g->in_force, false, &come, 1);
    ls_net_define(&g->b, g->in_force_known, true, (ls_bit[]){come, known}, 2);
    g->provisional = g->r->provisional.count > 0 ? ls_net_moment(g, &g->r->provisional, false) : LS_BIT_FALSE;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (g->ratified[p] != LS_BIT_FALSE) {
            ls_net_add_move(&g->b, LS_MOVE_RATIFY, p, g->ratified[p], LS_BIT_TRUE)->actors = LS_PARTY_BIT(p);
        }
    }
}

static void define_event(ls_net_building *g, size_t e)
{
    const ls_event *x = &g->r->events[e];
    ls_bit come = g->event[e].come, known = LS_BIT_FALSE;
    if (x->to_be_agreed) {
        return;
    }
    if (x->attested_by != 0) {
        ls_net_add_move(&g->b, LS_MOVE_ATTEST, e, come, LS_BIT_TRUE)->actors = x->attested_by;
    } else if (x->unless.count > 0) {
        known = ls_net_moment(g, &x->when, true);
        ls_bit unless = ls_net_moment(g, &x->unless, false);
        ls_net_add_move(&g->b, LS_MOVE_DECIDE, e, come, known)->bar = unless;
    } else {
        ls_bit when = ls_net_moment(g, &x->when, false);
        known = ls_net_moment(g, &x->when, true);
        ls_net_define(&g->b, come, false, &when, 1);
    }
    ls_net_define(&g->b, g->event[e].known, true, (ls_bit[]){come, known}, 2);
}

static void define_due(ls_net_building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    ls_bit all[LS_AFTER_MAX + 1];
    size_t count = 0;
    for (; count < m->after_count && count < LS_AFTER_MAX; count++) {
        all[count] = ls_net_moment(g, &m->after[count], false);
    }
    all[count++] = m->provisional ? ls_net_either(&g->b, g->in_force, g->provisional) : g->in_force;
    ls_net_define(&g->b, g->b.net->measure[i].due, false, all, count);
    g->b.net->measure[i].deadline = g->b.net->measure[i].kept ? LS_BIT_TRUE
                                    : m->due.count > 0        ? ls_net_moment(g, &m->due, true)
                                                              : LS_BIT_FALSE;
    g->b.net->measure[i].undone = m->undone_by.count > 0 ? ls_net_moment(g, &m->undone_by, false) : LS_BIT_FALSE;
}

/* The last part of an amount that is a share of something cannot be done before that is known. */
static ls_bit amount_known(ls_net_building *g, const ls_amount *a)
{
    return a->kind == LS_AMOUNT_PERCENT  ? g->event[a->subject].come
           : a->kind == LS_AMOUNT_PARITY ? g->b.net->measure[a->subject].concluded
                                         : LS_BIT_TRUE;
}

static void add_confirm(ls_net_building *g, size_t i, size_t part, ls_bit atom, ls_bit guard)
{
    const ls_measure *m = &g->r->measures[i];
    ls_net_move *v = ls_net_add_move(&g->b, LS_MOVE_CONFIRM, i, atom, guard);
    v->part = (uint32_t)part;
    v->actors = v->owes = m->verifiers;
    v->deadline = m->silence == LS_SILENCE_NONE ? LS_BIT_FALSE : LS_BIT_TRUE;
    if (m->silence == LS_SILENCE_CONFIRMED) {
        ls_net_add_move(&g->b, LS_MOVE_SILENCE, i, atom, guard)->part = (uint32_t)part;
    }
}

static void move_parts(ls_net_building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    const ls_net_measure *n = &g->b.net->measure[i];
    ls_bit performed = n->due, confirmed = LS_BIT_TRUE;
    for (size_t k = 0; k < n->part_count; k++) {
        const ls_net_part p = g->b.net->part[n->first_part + k];
        ls_bit known = k + 1 == n->part_count ? amount_known(g, &m->amount) : LS_BIT_TRUE;
        ls_bit guard = ls_net_both(&g->b, performed, known);
        ls_net_move *v = ls_net_add_move(&g->b, LS_MOVE_PERFORM, i, p.performed, guard);
        v->part = (uint32_t)k;
        v->actors = m->by | m->witnesses;
        v->owes = m->by;
        v->deadline = n->deadline;
        if (n->verified) {
            add_confirm(g, i, k, p.confirmed, ls_net_both(&g->b, p.performed, confirmed));
        }
        performed = p.performed;
        confirmed = p.confirmed;
    }
}

static void move_asked(ls_net_building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    const ls_net_measure n = g->b.net->measure[i];
    if (n.promised != LS_BIT_FALSE) {
        ls_net_add_move(&g->b, LS_MOVE_PROMISE, i, n.promised, LS_BIT_TRUE)->actors = m->by;
    }
    if (n.begun != LS_BIT_FALSE) {
        ls_bit deadline = m->begin.count > 0 ? ls_net_moment(g, &m->begin, true) : n.deadline;
        ls_net_move *v = ls_net_add_move(&g->b, LS_MOVE_BEGIN, i, n.begun, n.due);
        v->actors = v->owes = m->by;
        v->deadline = deadline;
    }
    if (n.overdue != LS_BIT_FALSE && m->due.count > 0) {
        ls_bit guard = ls_net_both(&g->b, n.due, n.deadline);
        ls_net_add_move(&g->b, LS_MOVE_OVERDUE, i, n.overdue, guard)->bar = n.performed;
    }
    if (n.breached != LS_BIT_FALSE) {
        ls_net_add_move(&g->b, LS_MOVE_BREACH, i, n.breached, n.performed)->actors = m->by;
    }
}

static void define_dispute(ls_net_building *g, size_t d)
{
    const ls_dispute *x = &g->r->disputes[d];
    const ls_bit *bit = g->dispute[d].event;
    ls_parties all = x->settled_by != 0 ? x->settled_by : g->r->signed_by;
    if (!g->dispute[d].asked) {
        return;
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (x->open_to & LS_PARTY_BIT(p)) {
            ls_net_add_move(&g->b, LS_MOVE_OPEN, d, bit[LS_DISPUTE_OPENED], g->in_force)->actors = LS_PARTY_BIT(p);
        }
    }
    ls_net_move *v = ls_net_add_move(&g->b, LS_MOVE_SETTLE, d, bit[LS_DISPUTE_SETTLED], bit[LS_DISPUTE_OPENED]);
    v->actors = v->owes = all;
    v->deadline = LS_BIT_TRUE;
    v->bar = bit[LS_DISPUTE_EXHAUSTED];
    ls_net_add_move(&g->b, LS_MOVE_EXHAUST, d, bit[LS_DISPUTE_EXHAUSTED], bit[LS_DISPUTE_OPENED])->bar =
        bit[LS_DISPUTE_SETTLED];
}

/* Dates come one after the other. */
static void move_dates(ls_net_building *g)
{
    for (size_t i = 0; i < g->date_count; i++) {
        const ls_date_bits *before = NULL;
        for (size_t k = 0; k < g->date_count; k++) {
            bool nearer = g->date[k].day < g->date[i].day && (before == NULL || g->date[k].day > before->day);
            before = nearer ? &g->date[k] : before;
        }
        ls_net_add_move(&g->b, LS_MOVE_DAY, i, g->date[i].atom, before == NULL ? LS_BIT_TRUE : before->atom);
    }
}

static void define_all(ls_net_building *g)
{
    define_entry(g);
    for (size_t e = 0; e < g->r->event_count; e++) {
        define_event(g, e);
    }
    for (size_t i = 0; i < g->r->measure_count; i++) {
        define_due(g, i);
    }
    for (size_t i = 0; i < g->r->measure_count; i++) {
        move_parts(g, i);
        move_asked(g, i);
    }
    for (size_t d = 0; d < g->r->dispute_count; d++) {
        define_dispute(g, d);
    }
    move_dates(g);
}

static ls_result build(ls_net_building *g, const uint32_t *weights, ls_bit *scratch)
{
    ls_net *net = g->b.net;
    net->bit_count = 2;
    net->measure_count = g->r->measure_count;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        g->ratified[p] = LS_BIT_FALSE;
    }
    ls_net_name_all(g, scratch);
    if (g->b.failed) {
        return ls_fail(&ls_fault_memory);
    }
    define_all(g);
    ls_net_add_stakes(&g->b, weights);
    return ls_net_finish(&g->b);
}

ls_result ls_net_build(const ls_roadmap *r, const uint32_t *weights, ls_net *net)
{
    ls_net_building g = {.b = {.roadmap = r, .net = net}, .r = r};
    size_t measures = r->measure_count + 1;
    ls_bit *scratch = calloc(measures, sizeof *scratch);
    net->measure = calloc(measures, sizeof *net->measure);
    g.event = calloc(r->event_count + 1, sizeof *g.event);
    g.step = calloc(r->step_count + 1, sizeof *g.step);
    g.asked = calloc(measures, 1);
    bool ready = scratch != NULL && net->measure != NULL && g.event != NULL && g.step != NULL && g.asked != NULL;
    ls_result result = ready ? build(&g, weights, scratch) : ls_fail(&ls_fault_memory);
    free(scratch);
    free(g.event);
    free(g.step);
    free(g.asked);
    free(g.delay);
    free(g.date);
    return result;
}
