/* The model's bits for what a roadmap names, made before it is said what they follow from. */
#include "analysis/build.h"

/* Amounts. */

static ls_quantity whole_amount(const ls_measure *m)
{
    bool known = m->amount.kind == LS_AMOUNT_TOTAL && m->amount.number > 0;
    return known ? m->amount.number : LS_PERCENT_ALL;
}

/* A milestone on the measure's scale; where the total is not known, units count as less than any percentage. */
ls_quantity ls_net_milestone(const ls_measure *m, const ls_moment_op *op)
{
    ls_quantity all = whole_amount(m);
    if (op->amount == LS_QUANTITY_NONE || op->amount >= (op->percent ? LS_PERCENT_ALL : LS_QUANTITY_MAX)) {
        return all;
    }
    if (op->percent) {
        return all / LS_PERCENT_ALL * op->amount + all % LS_PERCENT_ALL * op->amount / LS_PERCENT_ALL;
    }
    if (m->amount.kind == LS_AMOUNT_TOTAL) {
        return op->amount < all ? op->amount : all;
    }
    return 1;
}

static bool is_kept(const ls_measure *m)
{
    return (m->continuing && m->amount.kind != LS_AMOUNT_CEILING) || m->amount.kind == LS_AMOUNT_RATE;
}

/* Every moment that the model knows of, one after the other; NULL after the last. */

static const ls_moment *measure_moment(const ls_measure *m, size_t i)
{
    const ls_moment *other[] = {&m->due, &m->begin, &m->undone_by};
    return i < m->after_count ? &m->after[i] : i - m->after_count < 3 ? other[i - m->after_count] : NULL;
}

static const ls_moment *event_moment(const ls_event *e, size_t i)
{
    return i == 0 ? &e->when : i == 1 ? &e->unless : NULL;
}

static void ask(ls_net_building *g, const ls_moment *m)
{
    for (size_t i = 0; i < m->count; i++) {
        const ls_moment_op *op = &m->op[i];
        if (op->kind == LS_MOMENT_MEASURE) {
            g->asked[op->subject] |= (uint8_t)(1u << op->what);
        } else if (op->kind == LS_MOMENT_DISPUTE) {
            g->dispute[op->subject].asked = true;
        } else if (op->kind == LS_MOMENT_RATIFIED && g->ratified[op->subject] == LS_BIT_FALSE) {
            g->ratified[op->subject] = ls_net_atom(&g->b);
        }
    }
}

static void ask_all(ls_net_building *g)
{
    const ls_moment *m;
    ask(g, &g->r->entry);
    ask(g, &g->r->provisional);
    for (size_t e = 0; e < g->r->event_count; e++) {
        for (size_t i = 0; (m = event_moment(&g->r->events[e], i)) != NULL; i++) {
            ask(g, m);
        }
    }
    for (size_t k = 0; k < g->r->measure_count; k++) {
        for (size_t i = 0; (m = measure_moment(&g->r->measures[k], i)) != NULL; i++) {
            ask(g, m);
        }
    }
}

/* Parts: a measure is cut at each milestone that a moment asks for. */

static void add_cut(ls_net_building *g, ls_net_measure *n, ls_quantity upto)
{
    ls_net *net = g->b.net;
    if (!ls_net_grow(&g->b, (void **)&net->part, &net->part_cap, net->part_count + 1, sizeof *net->part)) {
        return;
    }
    size_t at = net->part_count;
    while (at > n->first_part && net->part[at - 1].upto >= upto) {
        at--;
    }
    if (at < net->part_count && net->part[at].upto == upto) {
        return;
    }
    memmove(&net->part[at + 1], &net->part[at], (net->part_count - at) * sizeof *net->part);
    net->part[at] = (ls_net_part){.upto = upto};
    net->part_count++;
    n->part_count++;
}

static void cut_by(ls_net_building *g, size_t measure, const ls_moment *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->op[i].kind == LS_MOMENT_MEASURE && m->op[i].subject == measure && m->op[i].amount != LS_QUANTITY_NONE) {
            add_cut(g, &g->b.net->measure[measure], ls_net_milestone(&g->r->measures[measure], &m->op[i]));
        }
    }
}

static void cut_measure(ls_net_building *g, size_t measure)
{
    const ls_moment *m;
    ls_net_measure *n = &g->b.net->measure[measure];
    n->first_part = g->b.net->part_count;
    add_cut(g, n, whole_amount(&g->r->measures[measure]));
    for (size_t e = 0; e < g->r->event_count; e++) {
        for (size_t i = 0; (m = event_moment(&g->r->events[e], i)) != NULL; i++) {
            cut_by(g, measure, m);
        }
    }
    for (size_t k = 0; k < g->r->measure_count; k++) {
        for (size_t i = 0; (m = measure_moment(&g->r->measures[k], i)) != NULL; i++) {
            cut_by(g, measure, m);
        }
    }
    cut_by(g, measure, &g->r->entry);
    cut_by(g, measure, &g->r->provisional);
}

/* Names. */

static bool asks(const ls_net_building *g, size_t measure, ls_event_kind what)
{
    return g->asked[measure] >> what & 1;
}

static ls_bit atom_if(ls_net_building *g, bool wanted)
{
    return wanted ? ls_net_atom(&g->b) : LS_BIT_FALSE;
}

static void name_measure(ls_net_building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    ls_net_measure *n = &g->b.net->measure[i];
    n->kept = is_kept(m);
    n->verified = m->verifiers != 0 && (!n->kept || asks(g, i, LS_EVENT_CONFIRMED));
    cut_measure(g, i);
    for (size_t k = 0; k < n->part_count && !g->b.failed; k++) {
        ls_net_part *p = &g->b.net->part[n->first_part + k];
        p->performed = ls_net_atom(&g->b);
        p->confirmed = n->verified ? ls_net_atom(&g->b) : p->performed;
        n->performed = p->performed;
        n->complete = p->confirmed;
    }
    n->promised = atom_if(g, asks(g, i, LS_EVENT_PROMISED));
    n->begun = atom_if(g, asks(g, i, LS_EVENT_BEGUN));
    n->overdue = atom_if(g, asks(g, i, LS_EVENT_OVERDUE));
    n->breached = atom_if(g, asks(g, i, LS_EVENT_BREACHED));
    n->due = ls_net_forward(&g->b);
    n->effective = n->performed;
    n->concluded = n->complete;
}

/* All of a step at once; in a simultaneous one, nobody waits for one measure alone. */
static void name_step(ls_net_building *g, size_t step, ls_bit *all)
{
    ls_net *net = g->b.net;
    size_t count = 0;
    for (size_t i = 0; i < net->measure_count; i++) {
        if (g->r->measures[i].step == step) {
            all[count++] = net->measure[i].complete;
        }
    }
    g->step[step] = ls_net_gate_of(&g->b, false, all, count);
    if (!g->r->steps[step].simultaneous) {
        return;
    }
    count = 0;
    for (size_t i = 0; i < net->measure_count; i++) {
        if (g->r->measures[i].step == step) {
            all[count++] = net->measure[i].performed;
        }
    }
    ls_bit together = ls_net_gate_of(&g->b, false, all, count);
    for (size_t i = 0; i < net->measure_count; i++) {
        if (g->r->measures[i].step == step) {
            net->measure[i].effective = together;
            net->measure[i].concluded = g->step[step];
        }
    }
}

static void name_disputes(ls_net_building *g)
{
    for (size_t d = 0; d < g->r->dispute_count; d++) {
        for (size_t k = 0; k < 3; k++) {
            g->dispute[d].event[k] = atom_if(g, g->dispute[d].asked);
        }
    }
}

void ls_net_name_all(ls_net_building *g, ls_bit *scratch)
{
    ask_all(g);
    g->in_force = ls_net_forward(&g->b);
    g->in_force_known = ls_net_forward(&g->b);
    for (size_t e = 0; e < g->r->event_count; e++) {
        const ls_event *x = &g->r->events[e];
        /* What is to be agreed is a bit that no move sets: whoever waits for it waits for the rest, too. */
        bool atom = x->to_be_agreed || x->attested_by != 0 || x->unless.count > 0;
        g->event[e].come = atom ? ls_net_atom(&g->b) : ls_net_forward(&g->b);
        g->event[e].known = x->to_be_agreed ? g->event[e].come : ls_net_forward(&g->b);
    }
    for (size_t i = 0; i < g->r->measure_count; i++) {
        name_measure(g, i);
    }
    for (size_t s = 0; s < g->r->step_count; s++) {
        name_step(g, s, scratch);
    }
    name_disputes(g);
}
