/* What each party gives, and which measures of others answer it. */
#include "analysis/net.h"
#include <stdlib.h>

#define SCALE LS_QUANTITY_ONE /* weights are counted in thousandths, so that parts of a measure have a weight, too */

__extension__ typedef __int128 wide; /* a weight times an amount */

typedef struct staking {
    ls_net_builder *b;
    const ls_roadmap *r;
    size_t count;
    uint16_t *waits;  /* [a * count + m]: a waits for m, up to this part, from 1; 0: it does not */
    uint8_t *answers; /* of the measure at hand: each measure that answers it */
    uint8_t *seen;    /* of the measure at hand: own measures gone through; events looked into */
    const ls_moment **stack;
    size_t top, cap;
    bool entered; /* it was looked into what entry into force waits for */
} staking;

static void push(staking *s, const ls_moment *m)
{
    if (m->count > 0 && ls_net_grow(s->b, (void **)&s->stack, &s->cap, s->top + 1, sizeof(const ls_moment *))) {
        s->stack[s->top++] = m;
    }
}

/* The number of the part that a milestone ends, from 1. The model has cut the measure there. */
static uint16_t part_of(const staking *s, const ls_moment_op *op)
{
    const ls_net_measure *n = &s->b->net->measure[op->subject];
    ls_quantity upto = ls_net_milestone(&s->r->measures[op->subject], op);
    uint16_t k = 0;
    while (k + 1u < n->part_count && s->b->net->part[n->first_part + k].upto < upto) {
        k++;
    }
    return (uint16_t)(k + 1);
}

static void wait_for(staking *s, size_t a, size_t m, uint16_t part)
{
    uint16_t *w = &s->waits[a * s->count + m];
    *w = part > *w ? part : *w;
}

static void wait_for_step(staking *s, size_t a, size_t step)
{
    for (size_t m = 0; m < s->count; m++) {
        if (s->r->measures[m].step == step) {
            wait_for(s, a, m, (uint16_t)s->b->net->measure[m].part_count);
        }
    }
}

static void wait_for_entry(staking *s)
{
    if (!s->entered) {
        s->entered = true;
        push(s, &s->r->entry);
    }
}

static void wait_for_op(staking *s, size_t a, const ls_moment_op *op)
{
    if (op->kind == LS_MOMENT_MEASURE && op->what <= LS_EVENT_CONFIRMED) {
        wait_for(s, a, op->subject, op->what == LS_EVENT_BEGUN ? 1 : part_of(s, op));
    } else if (op->kind == LS_MOMENT_STEP) {
        wait_for_step(s, a, op->subject);
    } else if (op->kind == LS_MOMENT_EVENT && !s->seen[op->subject]) {
        s->seen[op->subject] = 1;
        push(s, &s->r->events[op->subject].when);
    } else if (op->kind == LS_MOMENT_IN_FORCE) {
        wait_for_entry(s);
    }
}

/* The moments of one measure, and those of the events among them. */
static void find_waits(staking *s, size_t a)
{
    const ls_measure *m = &s->r->measures[a];
    memset(s->seen, 0, s->r->event_count);
    s->entered = false;
    for (size_t i = 0; i < m->after_count; i++) {
        push(s, &m->after[i]);
    }
    if (!m->provisional) {
        wait_for_entry(s);
    }
    while (s->top > 0) {
        const ls_moment *x = s->stack[--s->top];
        for (size_t i = 0; i < x->count; i++) {
            wait_for_op(s, a, &x->op[i]);
        }
    }
    if (m->amount.kind == LS_AMOUNT_PARITY) {
        wait_for(s, a, m->amount.subject, (uint16_t)s->b->net->measure[m->amount.subject].part_count);
    }
}

static bool others_do(const staking *s, size_t a, size_t party)
{
    return (s->r->measures[a].by & ~LS_PARTY_BIT(party)) != 0;
}

/* Of those who wait for a part of m from this one on, the nearest that others do. */
static bool answer_directly(staking *s, size_t m, size_t part, size_t party)
{
    uint16_t nearest = UINT16_MAX;
    for (size_t a = 0; a < s->count; a++) {
        uint16_t w = s->waits[a * s->count + m];
        nearest = w > part && w < nearest && others_do(s, a, party) ? w : nearest;
    }
    for (size_t a = 0; a < s->count; a++) {
        bool answers = s->waits[a * s->count + m] == nearest && nearest != UINT16_MAX && others_do(s, a, party);
        s->answers[a] = s->answers[a] || answers;
    }
    return nearest != UINT16_MAX;
}

static bool answer_together(staking *s, size_t m, size_t party)
{
    const ls_measure *x = s->r->measures;
    bool some = false;
    for (size_t a = 0; a < s->count; a++) {
        if (s->r->steps[x[m].step].simultaneous && x[a].step == x[m].step && a != m && others_do(s, a, party)) {
            s->answers[a] = 1;
            some = true;
        }
    }
    return some;
}

/* How far a search through own measures has come with each: */
enum { UNSEEN, NEXT, NOW, DONE };

static void advance(staking *s)
{
    for (size_t x = 0; x < s->count; x++) {
        s->seen[x] = s->seen[x] == NOW ? DONE : s->seen[x] == NEXT ? NOW : s->seen[x];
    }
}

/* Looks one step further than x; true if somebody else's measure is there. */
static bool look_beyond(staking *s, size_t x, size_t party, bool forward)
{
    bool found = false;
    for (size_t a = 0; a < s->count; a++) {
        if ((forward ? s->waits[a * s->count + x] : s->waits[x * s->count + a]) == 0) {
            continue;
        }
        bool others = others_do(s, a, party);
        found = found || others;
        s->answers[a] = s->answers[a] || others;
        s->seen[a] = !others && s->seen[a] == UNSEEN ? NEXT : s->seen[a];
    }
    return found;
}

/* From m through the party's own measures, step by step, to the first that others do: forward to what answers it,
 * backward to what it answers itself. */
static bool through_own(staking *s, size_t m, size_t party, bool forward)
{
    bool found = false;
    memset(s->seen, UNSEEN, s->count);
    s->seen[m] = NEXT;
    while (!found && memchr(s->seen, NEXT, s->count) != NULL) {
        advance(s);
        for (size_t x = 0; x < s->count; x++) {
            found = (s->seen[x] == NOW && look_beyond(s, x, party, forward)) || found;
        }
    }
    return found;
}

static ls_bit answered_bit(staking *s, ls_bit *scratch)
{
    size_t count = 0;
    for (size_t a = 0; a < s->count; a++) {
        if (s->answers[a]) {
            scratch[count++] = s->b->net->measure[a].concluded;
        }
    }
    return ls_net_gate_of(s->b, false, scratch, count);
}

/* What this party has given of the weight when so much of the measure is done. */
static ls_quantity share(ls_quantity weight, ls_quantity upto, ls_quantity all)
{
    return (ls_quantity)((wide)weight * SCALE * upto / all);
}

static void add_stake(staking *s, ls_stake x)
{
    ls_net *n = s->b->net;
    if (ls_net_grow(s->b, (void **)&n->stake, &n->stake_cap, n->stake_count + 1, sizeof *n->stake)) {
        n->stake[n->stake_count++] = x;
    }
}

/* For the last word of an exchange, which asks for nothing, stands what it answers itself: that may have been no more
 * than promised or begun, or have come too late for a date beside it. */
static void stake_part(staking *s, size_t m, size_t part, size_t party, ls_quantity weight, ls_bit *scratch)
{
    const ls_net_measure *n = &s->b->net->measure[m];
    memset(s->answers, 0, s->count);
    bool together = answer_together(s, m, party), direct = answer_directly(s, m, part, party);
    bool answered = together || direct || through_own(s, m, party, true) || through_own(s, m, party, false);
    const ls_net_part *p = &s->b->net->part[n->first_part];
    ls_quantity all = p[n->part_count - 1].upto;
    ls_quantity before = part == 0 ? 0 : share(weight, p[part - 1].upto, all);
    ls_bit given = n->effective == n->performed ? p[part].performed : n->effective;
    ls_quantity own = share(weight, p[part].upto, all) - before;
    ls_bit end = answered ? answered_bit(s, scratch) : LS_BIT_FALSE;
    add_stake(s, (ls_stake){.measure = (uint32_t)m,
                            .part = (uint32_t)part,
                            .party = (uint32_t)party,
                            .weight = own,
                            .given = given,
                            .answered = end,
                            .gone = ls_net_either(s->b, end, s->b->net->measure[m].undone),
                            .irreversible = s->r->measures[m].irreversible,
                            .gift = !answered});
}

static void stake_all(staking *s, const uint32_t *weights, ls_bit *scratch)
{
    for (size_t a = 0; a < s->count; a++) {
        find_waits(s, a);
    }
    for (size_t m = 0; m < s->count; m++) {
        for (size_t party = 0; party < LS_PARTIES_MAX; party++) {
            if (!(s->r->measures[m].by & LS_PARTY_BIT(party))) {
                continue;
            }
            uint32_t weight = weights == NULL ? 1 : weights[m * LS_PARTIES_MAX + party];
            for (size_t part = 0; part < s->b->net->measure[m].part_count; part++) {
                stake_part(s, m, part, party, weight, scratch);
            }
        }
    }
}

void ls_net_add_stakes(ls_net_builder *b, const uint32_t *weights)
{
    staking s = {.b = b, .r = b->roadmap, .count = b->roadmap->measure_count};
    size_t seen = s.count > s.r->event_count ? s.count : s.r->event_count;
    ls_bit *scratch = calloc(s.count + 1, sizeof *scratch);
    s.waits = calloc(s.count * s.count + 1, sizeof *s.waits);
    s.answers = calloc(s.count + 1, 1);
    s.seen = calloc(seen + 1, 1);
    if (scratch == NULL || s.waits == NULL || s.answers == NULL || s.seen == NULL) {
        b->failed = true;
    } else {
        stake_all(&s, weights, scratch);
    }
    free(scratch);
    free(s.waits);
    free(s.answers);
    free(s.seen);
    free(s.stack);
}
