/* Following bits through the model: what depends on what, and what can happen. */
#include "analysis/net.h"
#include <stdlib.h>

typedef struct pair {
    ls_bit bit;
    uint32_t item;
} pair;

static ls_result sort_pairs(const ls_net *n, const pair *pairs, size_t count, ls_net_index *out)
{
    out->first = calloc(n->bit_count + 2, sizeof *out->first);
    out->item = calloc(count + 1, sizeof *out->item);
    if (out->first == NULL || out->item == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        out->first[pairs[i].bit + 2]++;
    }
    for (size_t b = 0; b < n->bit_count; b++) {
        out->first[b + 2] += out->first[b + 1];
    }
    for (size_t i = 0; i < count; i++) {
        out->item[out->first[pairs[i].bit + 1]++] = pairs[i].item;
    }
    return LS_SUCCESS;
}

static ls_result index_gates(ls_net *n, pair *pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < n->gate_count; i++) {
        pairs[i] = (pair){n->gate[i].bit, (uint32_t)i};
    }
    LS_TRY(sort_pairs(n, pairs, n->gate_count, &n->gate_of));
    for (size_t i = 0; i < n->gate_count; i++) {
        for (size_t k = 0; k < n->gate[i].count; k++) {
            pairs[count++] = (pair){n->input[n->gate[i].first + k], (uint32_t)i};
        }
    }
    return sort_pairs(n, pairs, count, &n->readers);
}

static ls_result index_moves(ls_net *n, pair *pairs)
{
    for (size_t i = 0; i < n->move_count; i++) {
        pairs[i] = (pair){n->move[i].atom, (uint32_t)i};
    }
    LS_TRY(sort_pairs(n, pairs, n->move_count, &n->setters));
    for (size_t i = 0; i < n->move_count; i++) {
        pairs[2 * i] = (pair){n->move[i].guard, (uint32_t)i};
        pairs[2 * i + 1] = (pair){n->move[i].deadline, (uint32_t)i};
    }
    return sort_pairs(n, pairs, 2 * n->move_count, &n->waiting);
}

ls_result ls_net_make_indices(ls_net *n)
{
    pair *pairs = calloc(n->gate_count + n->input_count + 2 * n->move_count + 1, sizeof *pairs);
    n->stack = calloc(n->bit_count, sizeof *n->stack);
    ls_result r = pairs == NULL || n->stack == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        r = index_gates(n, pairs);
    }
    if (ls_succeeded(r)) {
        r = index_moves(n, pairs);
    }
    free(pairs);
    return r;
}

void ls_net_free_indices(ls_net *n)
{
    ls_net_index *all[] = {&n->gate_of, &n->setters, &n->readers, &n->waiting};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        free(all[i]->first);
        free(all[i]->item);
    }
    free(n->stack);
}

static void visit(const ls_net *n, ls_bit bit, const uint8_t *but, uint8_t *set, size_t *top)
{
    if (!set[bit] && (but == NULL || !but[bit])) {
        set[bit] = 1;
        n->stack[(*top)++] = bit;
    }
}

static void visit_causes(const ls_net *n, ls_bit bit, bool moves, const uint8_t *but, uint8_t *set, size_t *top)
{
    for (size_t i = n->gate_of.first[bit]; i < n->gate_of.first[bit + 1]; i++) {
        const ls_net_gate *g = &n->gate[n->gate_of.item[i]];
        for (size_t k = 0; k < g->count; k++) {
            visit(n, n->input[g->first + k], but, set, top);
        }
    }
    for (size_t i = n->setters.first[bit]; moves && i < n->setters.first[bit + 1]; i++) {
        visit(n, n->move[n->setters.item[i]].guard, but, set, top);
    }
}

/* but: bits that are left, with all that they depend on; NULL: none. */
static void add_causes(const ls_net *n, bool moves, const uint8_t *but, uint8_t *set)
{
    size_t top = 0;
    for (ls_bit b = 0; b < n->bit_count; b++) {
        if (set[b]) {
            n->stack[top++] = b;
        }
    }
    while (top > 0) {
        visit_causes(n, n->stack[--top], moves, but, set, &top);
    }
}

void ls_net_add_causes(const ls_net *n, bool moves, uint8_t *set)
{
    add_causes(n, moves, NULL, set);
}

void ls_net_add_open_causes(const ls_net *n, const uint8_t *bits, uint8_t *set)
{
    add_causes(n, true, bits, set);
}

/* One bit more was set: the gates that it opens, and the moves that are made at once. */
static void spread_one(const ls_net *n, ls_bit bit, const ls_bit *at_once, bool bars, uint8_t *bits, size_t *top)
{
    for (size_t i = n->readers.first[bit]; i < n->readers.first[bit + 1]; i++) {
        const ls_net_gate *g = &n->gate[n->readers.item[i]];
        if (!bits[g->bit] && ls_net_open(n, g, bits)) {
            bits[g->bit] = 1;
            n->stack[(*top)++] = g->bit;
        }
    }
    for (size_t i = n->waiting.first[bit]; i < n->waiting.first[bit + 1]; i++) {
        const ls_net_move *m = &n->move[n->waiting.item[i]];
        if (bits[at_once[n->waiting.item[i]]] && bits[m->guard] && !bits[m->atom] && !(bars && bits[m->bar])) {
            bits[m->atom] = 1;
            n->stack[(*top)++] = m->atom;
        }
    }
}

void ls_net_spread(const ls_net *n, ls_bit bit, const ls_bit *at_once, uint8_t *bits)
{
    size_t top = 0;
    n->stack[top++] = bit;
    while (top > 0) {
        spread_one(n, n->stack[--top], at_once, true, bits, &top);
    }
}

static void start(const ls_net *n, const ls_bit *at_once, bool bars, uint8_t *bits)
{
    size_t top = 0;
    memset(bits, 0, n->bit_count);
    ls_net_settle(n, bits);
    for (ls_bit b = 0; b < n->bit_count; b++) {
        if (bits[b]) {
            n->stack[top++] = b;
        }
    }
    while (top > 0) {
        spread_one(n, n->stack[--top], at_once, bars, bits, &top);
    }
}

void ls_net_start(const ls_net *n, const ls_bit *at_once, uint8_t *bits)
{
    start(n, at_once, true, bits);
}

void ls_net_closure(const ls_net *n, const ls_bit *may, uint8_t *bits)
{
    start(n, may, false, bits);
}
