/* The search: positions as packed words, one after the other in one array, and a table of their places. */
#include "accord/analysis_search.h"
#include <stdlib.h>

#define TABLE_FIRST 1024

typedef struct searching {
    const ls_search *s;
    size_t words;
    uint64_t *position; /* all of them, in the order in which they were found */
    uint32_t *table;    /* places, from 1; 0: empty */
    size_t count, cap, mask;
    uint8_t *bits, *next; /* of the position at hand, and of one that follows it */
    uint64_t *packed;
    uint32_t *open; /* the choices of the position at hand */
    bool closes;    /* some moves are made at once */
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

static size_t find(const searching *g, const uint64_t *p)
{
    size_t i = mix(p, g->words) & g->mask;
    while (g->table[i] != 0 && memcmp(g->position + (g->table[i] - 1) * g->words, p, g->words * sizeof *p) != 0) {
        i = (i + 1) & g->mask;
    }
    return i;
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
        g->table[find(g, g->position + i * g->words)] = (uint32_t)(i + 1);
    }
    return LS_SUCCESS;
}

static ls_result add(searching *g, const uint64_t *p)
{
    if (g->count == g->cap) {
        LS_TRY(enlarge(g));
    }
    size_t at = find(g, p);
    if (g->table[at] != 0) {
        return LS_SUCCESS;
    }
    if (g->count >= g->s->limit || g->count >= UINT32_MAX - 1) {
        g->cut = true;
        return LS_SUCCESS;
    }
    memcpy(g->position + g->count * g->words, p, g->words * sizeof *p);
    g->table[at] = (uint32_t)++g->count;
    return LS_SUCCESS;
}

/* Makes all moves that are made at once, and those that may be made then. */
static void close_position(const ls_search *s, uint8_t *bits)
{
    for (bool more = true; more;) {
        more = false;
        ls_net_settle(s->net, bits);
        for (size_t i = 0; i < s->net->move_count; i++) {
            const ls_net_move *m = &s->net->move[i];
            if (bits[s->at_once[i]] && ls_net_may(m, bits)) {
                bits[m->atom] = 1;
                more = true;
            }
        }
    }
}

static ls_result add_after(searching *g, const ls_net_move *m, const uint64_t *from)
{
    const ls_net *net = g->s->net;
    if (g->closes) {
        memcpy(g->next, g->bits, net->bit_count);
        g->next[m->atom] = 1;
        close_position(g->s, g->next);
        ls_net_pack(net, g->next, g->packed);
    } else {
        memcpy(g->packed, from, g->words * sizeof *from);
        g->packed[m->slot / 64] |= UINT64_C(1) << (m->slot % 64);
    }
    return add(g, g->packed);
}

static ls_result expand(searching *g, size_t at)
{
    const ls_net *net = g->s->net;
    size_t count = 0;
    ls_net_unpack(net, g->position + at * g->words, g->bits);
    g->s->visit(g->s->context, g->bits);
    for (size_t i = 0; i < net->move_count; i++) {
        if (g->s->choice[i] && ls_net_may(&net->move[i], g->bits)) {
            g->open[count++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < count; i++) { /* the array may move as it grows */
        LS_TRY(add_after(g, &net->move[g->open[i]], g->position + at * g->words));
    }
    return LS_SUCCESS;
}

static ls_result search(searching *g)
{
    memset(g->bits, 0, g->s->net->bit_count);
    close_position(g->s, g->bits);
    ls_net_pack(g->s->net, g->bits, g->packed);
    LS_TRY(add(g, g->packed));
    for (size_t at = 0; at < g->count; at++) {
        LS_TRY(expand(g, at));
    }
    return LS_SUCCESS;
}

ls_result ls_search_run(const ls_search *s, uint64_t *positions, bool *cut)
{
    searching g = {.s = s, .words = s->net->words};
    g.bits = malloc(s->net->bit_count);
    g.next = malloc(s->net->bit_count);
    g.packed = malloc(g.words * sizeof *g.packed);
    g.open = malloc((s->net->move_count + 1) * sizeof *g.open);
    for (size_t i = 0; i < s->net->move_count; i++) {
        g.closes = g.closes || s->at_once[i] != LS_BIT_FALSE;
    }
    bool ready = g.bits != NULL && g.next != NULL && g.packed != NULL && g.open != NULL;
    ls_result r = ready ? search(&g) : ls_fail(&ls_fault_memory);
    *positions += g.count;
    *cut = *cut || g.cut;
    free(g.bits);
    free(g.next);
    free(g.packed);
    free(g.open);
    free(g.position);
    free(g.table);
    return r;
}
