/* The search: positions as packed words, one after the other in one array, and a table of their places. */
#include "analysis/search.h"
#include <stdlib.h>

#define TABLE_FIRST 1024
#define TICK 65536 /* positions */

typedef struct searching {
    const ls_search *s;
    size_t words;
    uint64_t *position; /* all of them, in the order in which they were found */
    uint32_t *table;    /* places, from 1; 0: empty */
    size_t count, cap, mask;
    uint8_t *bits, *next; /* of the position at hand, and of one that follows it */
    uint64_t *batch;      /* the positions that follow the one at hand */
    size_t *slot;         /* and where each would stand in the table */
    bool closes;          /* some moves are made at once */
    bool cut;
} searching;

static uint64_t mix(const uint64_t *p, size_t words)
{
    uint64_t h = 0x9e3779b97f4a7c15;
    for (size_t i = 0; i < words; i++) {
        h = (h ^ p[i]) * 0xff51afd7ed558ccd;
        h ^= h >> 32;
    }
    return h;
}

static bool is_at(const searching *g, size_t slot, const uint64_t *p)
{
    const uint64_t *q = g->position + (g->table[slot] - 1) * g->words;
    uint64_t differs = 0;
    for (size_t i = 0; i < g->words; i++) {
        differs |= p[i] ^ q[i];
    }
    return differs == 0;
}

/* From where it would stand on. */
static size_t find(const searching *g, size_t slot, const uint64_t *p)
{
    while (g->table[slot] != 0 && !is_at(g, slot, p)) {
        slot = (slot + 1) & g->mask;
    }
    return slot;
}

/* At most half of the table is in use. */
static ls_result enlarge(searching *g)
{
    size_t size = g->cap == 0 ? TABLE_FIRST : 4 * g->cap;
    uint64_t *position = realloc(g->position, size / 2 * g->words * sizeof *position);
    if (position == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    g->position = position;
    uint32_t *table = calloc(size, sizeof *table);
    if (table == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    free(g->table);
    g->table = table;
    g->cap = size / 2;
    g->mask = size - 1;
    for (size_t i = 0; i < g->count; i++) {
        const uint64_t *p = g->position + i * g->words;
        g->table[find(g, mix(p, g->words) & g->mask, p)] = (uint32_t)(i + 1);
    }
    return LS_SUCCESS;
}

static void add(searching *g, size_t slot, const uint64_t *p)
{
    size_t at = find(g, slot, p);
    if (g->table[at] != 0) {
        return;
    }
    if (g->count >= g->s->limit || g->count >= UINT32_MAX - 1) {
        g->cut = true;
        return;
    }
    memcpy(g->position + g->count * g->words, p, g->words * sizeof *p);
    g->table[at] = (uint32_t)++g->count;
}

/* The table and the positions are larger than what the processor keeps near. So it is asked for all that a batch needs
 * before any of it is looked at. */
static ls_result add_batch(searching *g, size_t count)
{
    if (count == 0) {
        return LS_SUCCESS;
    }
    while (g->count + count > g->cap) {
        LS_TRY(enlarge(g));
    }
    for (size_t i = 0; i < count; i++) {
        g->slot[i] = mix(g->batch + i * g->words, g->words) & g->mask;
        __builtin_prefetch(&g->table[g->slot[i]]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t place = g->table[g->slot[i]];
        __builtin_prefetch(g->position + (place - (place > 0)) * g->words);
    }
    for (size_t i = 0; i < count; i++) {
        add(g, g->slot[i], g->batch + i * g->words);
    }
    return LS_SUCCESS;
}

static void follow(searching *g, const ls_net_move *m, const uint64_t *from, uint64_t *to)
{
    const ls_net *net = g->s->net;
    if (g->closes) {
        memcpy(g->next, g->bits, net->bit_count);
        g->next[m->atom] = 1;
        ls_net_spread(net, m->atom, g->s->at_once, g->next);
        ls_net_pack(net, g->next, to);
    } else {
        memcpy(to, from, g->words * sizeof *from);
        to[m->slot / 64] |= UINT64_C(1) << (m->slot % 64);
    }
}

static ls_result expand(searching *g, size_t at)
{
    const ls_net *net = g->s->net;
    const uint64_t *from = g->position + at * g->words;
    size_t count = 0;
    ls_net_unpack(net, from, g->bits);
    g->s->visit(g->s->context, g->bits);
    for (size_t i = 0; i < net->move_count && !g->cut; i++) { /* once cut, what was found is still looked at */
        if (g->s->choice[i] && ls_net_may(&net->move[i], g->bits)) {
            follow(g, &net->move[i], from, g->batch + count++ * g->words);
        }
    }
    return add_batch(g, count);
}

static ls_result search(searching *g)
{
    ls_net_start(g->s->net, g->s->at_once, g->bits);
    ls_net_pack(g->s->net, g->bits, g->batch);
    LS_TRY(add_batch(g, 1));
    for (size_t at = 0; at < g->count; at++) {
        if (at % TICK == TICK - 1 && g->s->tick != NULL) {
            g->s->tick(g->s->context, at);
        }
        LS_TRY(expand(g, at));
    }
    return LS_SUCCESS;
}

ls_result ls_search_run(const ls_search *s, uint64_t *positions, bool *cut)
{
    searching g = {.s = s, .words = s->net->words};
    g.bits = malloc(s->net->bit_count);
    g.next = malloc(s->net->bit_count);
    g.batch = malloc((s->net->move_count + 1) * g.words * sizeof *g.batch);
    g.slot = malloc((s->net->move_count + 1) * sizeof *g.slot);
    for (size_t i = 0; i < s->net->move_count; i++) {
        g.closes = g.closes || s->at_once[i] != LS_BIT_FALSE;
    }
    bool ready = g.bits != NULL && g.next != NULL && g.batch != NULL && g.slot != NULL;
    ls_result r = ready ? search(&g) : ls_fail(&ls_fault_memory);
    *positions += g.count;
    *cut = *cut || g.cut;
    free(g.bits);
    free(g.next);
    free(g.batch);
    free(g.slot);
    free(g.position);
    free(g.table);
    return r;
}
