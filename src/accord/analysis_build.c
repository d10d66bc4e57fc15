/* From a roadmap to the model: what may happen, once what has, and by whom. */
#include "accord/analysis_net.h"
#include <stdlib.h>

/* Bits that belong to one thing of the roadmap, known before what they follow from. */
typedef struct event_bits {
    ls_bit come, known;
} event_bits;

typedef struct dispute_bits {
    ls_bit event[3]; /* by ls_dispute_event */
    bool asked;
} dispute_bits;

typedef struct delay_bits {
    ls_bit from, atom;
    ls_duration duration;
} delay_bits;

typedef struct date_bits {
    int64_t day;
    ls_bit atom;
} date_bits;

typedef struct building {
    ls_net_builder b;
    const ls_roadmap *r;
    ls_bit in_force, in_force_known, provisional;
    ls_bit ratified[LS_PARTIES_MAX];
    event_bits *event;
    ls_bit *step; /* complete */
    dispute_bits dispute[LS_DISPUTES_MAX];
    size_t delay_count, delay_cap, date_count, date_cap;
    delay_bits *delay;
    date_bits *date;
    uint8_t *asked; /* of each measure: bit of an ls_event_kind that some moment asks for */
} building;

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

static void ask(building *g, const ls_moment *m)
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

static void ask_all(building *g)
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

static void add_cut(building *g, ls_net_measure *n, ls_quantity upto)
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

static void cut_by(building *g, size_t measure, const ls_moment *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->op[i].kind == LS_MOMENT_MEASURE && m->op[i].subject == measure && m->op[i].amount != LS_QUANTITY_NONE) {
            add_cut(g, &g->b.net->measure[measure], ls_net_milestone(&g->r->measures[measure], &m->op[i]));
        }
    }
}

static void cut_measure(building *g, size_t measure)
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

static bool asks(const building *g, size_t measure, ls_event_kind what)
{
    return g->asked[measure] >> what & 1;
}

static ls_bit atom_if(building *g, bool wanted)
{
    return wanted ? ls_net_atom(&g->b) : LS_BIT_FALSE;
}

static void name_measure(building *g, size_t i)
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
static void name_step(building *g, size_t step, ls_bit *all)
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

static void name_disputes(building *g)
{
    for (size_t d = 0; d < g->r->dispute_count; d++) {
        for (size_t k = 0; k < 3; k++) {
            g->dispute[d].event[k] = atom_if(g, g->dispute[d].asked);
        }
    }
}

static void name_all(building *g, ls_bit *scratch)
{
    g->in_force = ls_net_forward(&g->b);
    g->in_force_known = ls_net_forward(&g->b);
    for (size_t e = 0; e < g->r->event_count; e++) {
        const ls_event *x = &g->r->events[e];
        bool decided = x->attested_by != 0 || x->unless.count > 0;
        g->event[e].come = x->to_be_agreed ? LS_BIT_FALSE : decided ? ls_net_atom(&g->b) : ls_net_forward(&g->b);
        g->event[e].known = x->to_be_agreed ? LS_BIT_FALSE : ls_net_forward(&g->b);
    }
    for (size_t i = 0; i < g->r->measure_count; i++) {
        name_measure(g, i);
    }
    for (size_t s = 0; s < g->r->step_count; s++) {
        name_step(g, s, scratch);
    }
    name_disputes(g);
}

/* Moments. */

static ls_bit date_bit(building *g, ls_date d)
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
    g->date[g->date_count] = (date_bits){day, ls_net_atom(&g->b)};
    return g->date[g->date_count++].atom;
}

static ls_bit delay_bit(building *g, ls_bit from, ls_duration duration)
{
    for (size_t i = 0; i < g->delay_count; i++) {
        const delay_bits *x = &g->delay[i];
        if (x->from == from && x->duration.count == duration.count && x->duration.unit == duration.unit) {
            return x->atom;
        }
    }
    if (from == LS_BIT_FALSE ||
        !ls_net_grow(&g->b, (void **)&g->delay, &g->delay_cap, g->delay_count + 1, sizeof *g->delay)) {
        return LS_BIT_FALSE;
    }
    g->delay[g->delay_count] = (delay_bits){from, ls_net_atom(&g->b), duration};
    ls_net_add_move(&g->b, LS_MOVE_ELAPSE, g->delay_count, g->delay[g->delay_count].atom, from);
    return g->delay[g->delay_count++].atom;
}

static ls_bit part_bit(const building *g, const ls_moment_op *op, bool confirmed)
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

static ls_bit measure_bit(building *g, const ls_moment_op *op)
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
static ls_bit leaf_bit(building *g, const ls_moment_op *op, bool known)
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

static ls_bit moment_bit(building *g, const ls_moment *m, bool known)
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

/* What follows from what, and who may do what. */

static void define_entry(building *g)
{
    bool some = g->r->entry.count > 0;
    ls_bit come = some ? moment_bit(g, &g->r->entry, false) : LS_BIT_TRUE;
    ls_bit known = some ? moment_bit(g, &g->r->entry, true) : LS_BIT_TRUE;
    ls_net_define(&g->b, g->in_force, false, &come, 1);
    ls_net_define(&g->b, g->in_force_known, true, (ls_bit[]){come, known}, 2);
    g->provisional = g->r->provisional.count > 0 ? moment_bit(g, &g->r->provisional, false) : LS_BIT_FALSE;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (g->ratified[p] != LS_BIT_FALSE) {
            ls_net_add_move(&g->b, LS_MOVE_RATIFY, p, g->ratified[p], LS_BIT_TRUE)->actors = LS_PARTY_BIT(p);
        }
    }
}

static void define_event(building *g, size_t e)
{
    const ls_event *x = &g->r->events[e];
    ls_bit come = g->event[e].come, known = LS_BIT_FALSE;
    if (x->to_be_agreed) {
        return;
    }
    if (x->attested_by != 0) {
        ls_net_add_move(&g->b, LS_MOVE_ATTEST, e, come, LS_BIT_TRUE)->actors = x->attested_by;
    } else if (x->unless.count > 0) {
        known = moment_bit(g, &x->when, true);
        ls_bit unless = moment_bit(g, &x->unless, false);
        ls_net_add_move(&g->b, LS_MOVE_DECIDE, e, come, known)->bar = unless;
    } else {
        ls_bit when = moment_bit(g, &x->when, false);
        known = moment_bit(g, &x->when, true);
        ls_net_define(&g->b, come, false, &when, 1);
    }
    ls_net_define(&g->b, g->event[e].known, true, (ls_bit[]){come, known}, 2);
}

static void define_due(building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    ls_bit all[LS_AFTER_MAX + 1];
    size_t count = 0;
    for (; count < m->after_count && count < LS_AFTER_MAX; count++) {
        all[count] = moment_bit(g, &m->after[count], false);
    }
    all[count++] = m->provisional ? ls_net_either(&g->b, g->in_force, g->provisional) : g->in_force;
    ls_net_define(&g->b, g->b.net->measure[i].due, false, all, count);
    g->b.net->measure[i].deadline = g->b.net->measure[i].kept ? LS_BIT_TRUE
                                    : m->due.count > 0        ? moment_bit(g, &m->due, true)
                                                              : LS_BIT_FALSE;
    g->b.net->measure[i].undone = m->undone_by.count > 0 ? moment_bit(g, &m->undone_by, false) : LS_BIT_FALSE;
}

/* The last part of an amount that is a share of something cannot be done before that is known. */
static ls_bit amount_known(building *g, const ls_amount *a)
{
    return a->kind == LS_AMOUNT_PERCENT  ? g->event[a->subject].come
           : a->kind == LS_AMOUNT_PARITY ? g->b.net->measure[a->subject].concluded
                                         : LS_BIT_TRUE;
}

static void add_confirm(building *g, size_t i, size_t part, ls_bit atom, ls_bit guard)
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

static void move_parts(building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    const ls_net_measure *n = &g->b.net->measure[i];
    ls_bit performed = n->due, confirmed = LS_BIT_TRUE;
    for (size_t k = 0; k < n->part_count; k++) {
        const ls_net_part p = g->b.net->part[n->first_part + k];
        ls_bit known = k + 1 == n->part_count ? amount_known(g, &m->amount) : LS_BIT_TRUE;
        ls_net_move *v = ls_net_add_move(&g->b, LS_MOVE_PERFORM, i, p.performed, LS_BIT_TRUE);
        size_t at = g->b.net->move_count - 1;
        v->part = (uint32_t)k;
        v->actors = m->by | m->witnesses;
        v->owes = m->by;
        v->deadline = n->deadline;
        ls_bit guard = ls_net_both(&g->b, performed, known);
        g->b.net->move[at].guard = guard;
        if (n->verified) {
            add_confirm(g, i, k, p.confirmed, ls_net_both(&g->b, p.performed, confirmed));
        }
        performed = p.performed;
        confirmed = p.confirmed;
    }
}

static void move_asked(building *g, size_t i)
{
    const ls_measure *m = &g->r->measures[i];
    const ls_net_measure n = g->b.net->measure[i];
    if (n.promised != LS_BIT_FALSE) {
        ls_net_add_move(&g->b, LS_MOVE_PROMISE, i, n.promised, LS_BIT_TRUE)->actors = m->by;
    }
    if (n.begun != LS_BIT_FALSE) {
        ls_bit deadline = m->begin.count > 0 ? moment_bit(g, &m->begin, true) : n.deadline;
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

static void define_dispute(building *g, size_t d)
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
static void move_dates(building *g)
{
    for (size_t i = 0; i < g->date_count; i++) {
        const date_bits *before = NULL;
        for (size_t k = 0; k < g->date_count; k++) {
            bool nearer = g->date[k].day < g->date[i].day && (before == NULL || g->date[k].day > before->day);
            before = nearer ? &g->date[k] : before;
        }
        ls_net_add_move(&g->b, LS_MOVE_DAY, i, g->date[i].atom, before == NULL ? LS_BIT_TRUE : before->atom);
    }
}

static void define_all(building *g)
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

static ls_result build(building *g, const uint32_t *weights, ls_bit *scratch)
{
    ls_net *net = g->b.net;
    net->bit_count = 2;
    net->measure_count = g->r->measure_count;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        g->ratified[p] = LS_BIT_FALSE;
    }
    ask_all(g);
    name_all(g, scratch);
    if (g->b.failed) {
        return ls_fail(&ls_fault_memory);
    }
    define_all(g);
    ls_net_add_stakes(&g->b, weights);
    return ls_net_finish(&g->b);
}

ls_result ls_net_build(const ls_roadmap *r, const uint32_t *weights, ls_net *net)
{
    building g = {.b = {.roadmap = r, .net = net}, .r = r};
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
