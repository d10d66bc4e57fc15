/* The model as an array of bits: making it, and working out what follows from what. */
#include "analysis/net.h"
#include <stdlib.h>

#define BITS_MAX 1000000

const ls_fault ls_fault_circle = {LS_CLASS_USAGE, "circle", "what waits for what is a circle"};

bool ls_net_grow(ls_net_builder *b, void **array, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap) {
        return true;
    }
    size_t larger = 2 * need + 64;
    void *moved = b->failed || larger > BITS_MAX ? NULL : realloc(*array, larger * size);
    if (moved == NULL) {
        b->failed = true;
        return false;
    }
    *array = moved;
    *cap = larger;
    return true;
}

#define GROW(b, what, more)                                                                                            \
    ls_net_grow(b, (void **)&(b)->net->what, &(b)->net->what##_cap, (b)->net->what##_count + (more),                   \
                sizeof *(b)->net->what)

ls_bit ls_net_atom(ls_net_builder *b)
{
    if (!GROW(b, atom, 1)) {
        return LS_BIT_FALSE;
    }
    ls_bit bit = (ls_bit)b->net->bit_count++;
    b->net->atom[b->net->atom_count++] = bit;
    return bit;
}

ls_bit ls_net_forward(ls_net_builder *b)
{
    if (!GROW(b, gate, 1)) {
        return LS_BIT_FALSE;
    }
    ls_bit bit = (ls_bit)b->net->bit_count++;
    b->net->gate[b->net->gate_count++] = (ls_net_gate){.bit = bit};
    return bit;
}

void ls_net_define(ls_net_builder *b, ls_bit bit, bool any, const ls_bit *inputs, size_t count)
{
    if (!GROW(b, input, count)) {
        return;
    }
    ls_net *n = b->net;
    for (size_t i = n->gate_count; i-- > 0;) {
        if (n->gate[i].bit == bit) {
            n->gate[i] = (ls_net_gate){bit, any, true, n->input_count, count};
            break;
        }
    }
    if (count > 0) {
        memcpy(n->input + n->input_count, inputs, count * sizeof *inputs);
    }
    n->input_count += count;
}

/* Constants, and a gate of one input, need no gate. */
ls_bit ls_net_gate_of(ls_net_builder *b, bool any, const ls_bit *inputs, size_t count)
{
    ls_bit neutral = any ? LS_BIT_FALSE : LS_BIT_TRUE, decisive = any ? LS_BIT_TRUE : LS_BIT_FALSE, only = neutral;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (inputs[i] == decisive) {
            return decisive;
        }
        if (inputs[i] != neutral && inputs[i] != only) {
            left++;
            only = inputs[i];
        }
    }
    if (left <= 1) {
        return only;
    }
    ls_bit bit = ls_net_forward(b);
    ls_net_define(b, bit, any, inputs, count);
    return bit;
}

ls_bit ls_net_both(ls_net_builder *b, ls_bit x, ls_bit y)
{
    return ls_net_gate_of(b, false, (ls_bit[]){x, y}, 2);
}

ls_bit ls_net_either(ls_net_builder *b, ls_bit x, ls_bit y)
{
    return ls_net_gate_of(b, true, (ls_bit[]){x, y}, 2);
}

ls_net_move *ls_net_add_move(ls_net_builder *b, ls_move_kind kind, size_t subject, ls_bit atom, ls_bit guard)
{
    static ls_net_move none;
    if (!GROW(b, move, 1)) {
        return &none;
    }
    ls_net_move *m = &b->net->move[b->net->move_count++];
    *m = (ls_net_move){.kind = kind,
                       .subject = (uint32_t)subject,
                       .atom = atom,
                       .guard = guard,
                       .bar = LS_BIT_FALSE,
                       .deadline = LS_BIT_FALSE};
    return m;
}

static bool inputs_known(const ls_net *n, const ls_net_gate *g, const uint8_t *known)
{
    for (size_t i = 0; i < g->count; i++) {
        if (!known[n->input[g->first + i]]) {
            return false;
        }
    }
    return true;
}

/* Each gate after its inputs; false: there is a circle. */
static bool sort_gates(ls_net *n, uint8_t *known, ls_net_gate *sorted)
{
    size_t done = 0;
    for (size_t before = SIZE_MAX; done < n->gate_count && done != before;) {
        before = done;
        for (size_t i = 0; i < n->gate_count; i++) {
            const ls_net_gate *g = &n->gate[i];
            if (!known[g->bit] && inputs_known(n, g, known)) {
                known[g->bit] = 1;
                sorted[done++] = *g;
            }
        }
    }
    if (done == n->gate_count && done > 0) {
        memcpy(n->gate, sorted, done * sizeof *sorted);
    }
    return done == n->gate_count;
}

static ls_result check_and_sort(ls_net_builder *b, uint8_t *known, ls_net_gate *sorted)
{
    ls_net *n = b->net;
    for (size_t i = 0; i < n->atom_count; i++) {
        known[n->atom[i]] = 1;
    }
    known[LS_BIT_TRUE] = known[LS_BIT_FALSE] = 1;
    return sort_gates(n, known, sorted) ? LS_SUCCESS : ls_fail(&ls_fault_circle);
}

static void number_slots(ls_net *n, uint32_t *slot)
{
    for (size_t i = 0; i < n->atom_count; i++) {
        slot[n->atom[i]] = (uint32_t)i;
    }
    for (size_t i = 0; i < n->move_count; i++) {
        n->move[i].slot = slot[n->move[i].atom];
    }
    n->words = (n->atom_count + 63) / 64;
    n->words += n->words == 0;
}

ls_result ls_net_finish(ls_net_builder *b)
{
    ls_net *n = b->net;
    uint8_t *known = calloc(n->bit_count + 1, 1);
    ls_net_gate *sorted = calloc(n->gate_count + 1, sizeof *sorted);
    uint32_t *slot = calloc(n->bit_count + 1, sizeof *slot);
    ls_result r = ls_fail(&ls_fault_memory);
    if (!b->failed && known != NULL && sorted != NULL && slot != NULL) {
        number_slots(n, slot);
        r = check_and_sort(b, known, sorted);
    }
    free(known);
    free(sorted);
    free(slot);
    return ls_failed(r) ? r : ls_net_make_indices(n);
}

void ls_net_free(ls_net *n)
{
    free(n->atom);
    free(n->gate);
    free(n->input);
    free(n->move);
    free(n->stake);
    free(n->part);
    free(n->measure);
    ls_net_free_indices(n);
    *n = (ls_net){0};
}

/* Reading. */

bool ls_net_open(const ls_net *n, const ls_net_gate *g, const uint8_t *bits)
{
    const ls_bit *input = n->input + g->first;
    for (size_t i = 0; i < g->count; i++) {
        if ((bits[input[i]] != 0) == g->any) {
            return g->any;
        }
    }
    return !g->any;
}

void ls_net_settle(const ls_net *n, uint8_t *bits)
{
    bits[LS_BIT_TRUE] = 1;
    bits[LS_BIT_FALSE] = 0;
    for (size_t i = 0; i < n->gate_count; i++) {
        bits[n->gate[i].bit] = ls_net_open(n, &n->gate[i], bits);
    }
}

void ls_net_unpack(const ls_net *n, const uint64_t *position, uint8_t *bits)
{
    for (size_t i = 0; i < n->atom_count; i++) {
        bits[n->atom[i]] = position[i / 64] >> (i % 64) & 1;
    }
    ls_net_settle(n, bits);
}

void ls_net_pack(const ls_net *n, const uint8_t *bits, uint64_t *position)
{
    memset(position, 0, n->words * sizeof *position);
    for (size_t i = 0; i < n->atom_count; i++) {
        position[i / 64] |= (uint64_t)bits[n->atom[i]] << (i % 64);
    }
}
