/* Moments as gates. */
#include "analysis/build.h"

static ls_bit date_bit(ls_net_building *g, ls_date d)
{
    int64_t day = ls_date_to_days(d);
    for (size_t i = 0; i < g->date_count; i++) {
        if (g->date[i].day == day) {
            return g->date[i].atom;
        }
    }
    if (!ls_net_grow(&g->b, (void **)&g->date, &g->date_cap, g->date_count + 1, sizeof *g->date)) {
        return LS_BIT_FALSE;
    }
    g->date[g->date_count] = (ls_date_bits){day, ls_net_atom(&g->b)};
    return g->date[g->date_count++].atom;
}

static ls_bit delay_bit(ls_net_building *g, ls_bit from, ls_duration duration)
{
    for (size_t i = 0; i < g->delay_count; i++) {
        const ls_delay_bits *x = &g->delay[i];
        if (x->from == from && x->duration.count == duration.count && x->duration.unit == duration.unit) {
            return x->atom;
        }
    }
    if (from == LS_BIT_FALSE ||
        !ls_net_grow(&g->b, (void **)&g->delay, &g->delay_cap, g->delay_count + 1, sizeof *g->delay)) {
        return LS_BIT_FALSE;
    }
    g->delay[g->delay_count] = (ls_delay_bits){from, ls_net_atom(&g->b), duration};
    ls_net_add_move(&g->b, LS_MOVE_ELAPSE, g->delay_count, g->delay[g->delay_count].atom, from);
    return g->delay[g->delay_count++].atom;
}

static ls_bit part_bit(const ls_net_building *g, const ls_moment_op *op, bool confirmed)
{
    const ls_net_measure *n = &g->b.net->measure[op->subject];
    ls_quantity upto = ls_net_milestone(&g->r->measures[op->subject], op);
    const ls_net_part *p = &g->b.net->part[n->first_part];
    size_t last = n->part_count - 1, k = 0;
    while (k < last && p[k].upto < upto) {
        k++;
    }
    if (k == last) {
        return confirmed ? n->concluded : n->effective;
    }
    return confirmed ? p[k].confirmed : p[k].performed;
}

static ls_bit measure_bit(ls_net_building *g, const ls_moment_op *op)
{
    const ls_net_measure *n = &g->b.net->measure[op->subject];
    switch (op->what) {
    case LS_EVENT_PROMISED:
        return n->promised;
    case LS_EVENT_BEGUN:
        return ls_net_either(&g->b, n->begun, g->b.net->part[n->first_part].performed);
    case LS_EVENT_OVERDUE:
        return n->overdue;
    case LS_EVENT_BREACHED:
        return n->breached;
    default:
        return part_bit(g, op, op->what == LS_EVENT_CONFIRMED);
    }
}

/* known: whether the time at which it comes is known, not whether it has come. */
static ls_bit leaf_bit(ls_net_building *g, const ls_moment_op *op, bool known)
{
    switch (op->kind) {
    case LS_MOMENT_SIGNED:
        return LS_BIT_TRUE;
    case LS_MOMENT_IN_FORCE:
        return known ? g->in_force_known : g->in_force;
    case LS_MOMENT_RATIFIED:
        return g->ratified[op->subject];
    case LS_MOMENT_DATE:
        return known ? LS_BIT_TRUE : date_bit(g, op->date);
    case LS_MOMENT_EVENT:
        return known ? g->event[op->subject].known : g->event[op->subject].come;
    case LS_MOMENT_MEASURE:
        return measure_bit(g, op);
    case LS_MOMENT_STEP:
        return g->step[op->subject];
    case LS_MOMENT_DISPUTE:
        return g->dispute[op->subject].event[op->what];
    default:
        return LS_BIT_FALSE;
    }
}

ls_bit ls_net_moment(ls_net_building *g, const ls_moment *m, bool known)
{
    ls_bit stack[LS_MOMENT_STACK];
    size_t top = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ls_moment_op *op = &m->op[i];
        if (op->kind == LS_MOMENT_DELAY && top > 0) {
            stack[top - 1] = known ? stack[top - 1] : delay_bit(g, stack[top - 1], op->duration);
        } else if ((op->kind == LS_MOMENT_EARLIEST || op->kind == LS_MOMENT_LATEST) && op->count <= top) {
            top -= op->count;
            stack[top] = ls_net_gate_of(&g->b, op->kind == LS_MOMENT_EARLIEST, stack + top, op->count);
            top++;
        } else if (top < LS_MOMENT_STACK) {
            stack[top++] = leaf_bit(g, op, known);
        }
    }
    return top == 0 ? LS_BIT_FALSE : stack[0];
}
