/* A run of private intersection with both its sides in one program, for tests. */
#ifndef TESTS_PSI_WORLD_H
#define TESTS_PSI_WORLD_H

#include "psi/psi.h"
#include "vectors.h"

#define LIST_MAX 512

typedef struct side {
    uint8_t seed[LS_SEED_SIZE];
    uint8_t chosen[LIST_MAX];
    ls_psi_secret secret;
    uint32_t order[LIST_MAX];
    ls_buf offer, back; /* its list; what it returned for the other's */
    ls_hash commitment;
    ls_psi_set own, theirs;
    ls_psi_returned made, got;
    uint32_t common[LIST_MAX], common_count;
} side;

typedef struct world {
    ls_arena arena;
    ls_psi_run run;
    uint32_t list;
    char text[LIST_MAX][24];
    ls_bytes option[LIST_MAX];
    side side[2];
} world;

VECTORS_UNUSED static world *new_world(uint32_t list, uint64_t number)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->list = list;
    w->run = (ls_psi_run){.party = {ls_bytes_str("usa"), ls_bytes_str("dprk")}, .cap = LIST_MAX};
    memcpy(w->run.sid.b, &number, sizeof number);
    for (uint32_t i = 0; i < list; i++) {
        snprintf(w->text[i], sizeof w->text[i], "option %u", i);
        w->option[i] = ls_bytes_str(w->text[i]);
    }
    for (uint8_t k = 0; k < 2; k++) {
        memset(w->side[k].seed, k + 1, LS_SEED_SIZE);
    }
    return w;
}

VECTORS_UNUSED static void free_world(world *w)
{
    for (int k = 0; k < 2; k++) {
        ls_buf_free(&w->side[k].offer);
        ls_buf_free(&w->side[k].back);
    }
    ls_arena_free(&w->arena);
    free(w);
}

VECTORS_UNUSED static void choose_at_random(world *w, uint64_t *random, unsigned of_16)
{
    for (int k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < w->list; i++) {
            w->side[k].chosen[i] = next_random(random) % 16 < of_16;
        }
        w->side[k].chosen[next_random(random) % w->list] = 1;
    }
}

VECTORS_UNUSED static void make_offer(world *w, unsigned k)
{
    side *s = &w->side[k];
    ls_psi_secret_derive(s->seed, &w->run, k, s->chosen, w->list, &s->secret);
    s->offer.len = 0;
    assert_success(ls_psi_offer(&w->run, k, w->option, s->chosen, w->list, &s->secret, &s->offer, s->order, NULL));
    ls_psi_commitment(ls_buf_bytes(&s->offer), &s->commitment);
}

/* Both lists are exchanged and read. */
VECTORS_UNUSED static void exchange(world *w)
{
    make_offer(w, 0);
    make_offer(w, 1);
    for (unsigned k = 0; k < 2; k++) {
        side *s = &w->side[k], *other = &w->side[!k];
        assert_success(ls_psi_set_parse(&w->arena, &w->run, k, ls_buf_bytes(&s->offer), &s->commitment, &s->own, NULL));
        assert_success(ls_psi_set_parse(&w->arena, &w->run, !k, ls_buf_bytes(&other->offer), &other->commitment,
                                        &s->theirs, NULL));
    }
}

/* Where the points of a returned message begin: after head and count. */
VECTORS_UNUSED static const uint8_t *points_of_return(const ls_buf *message, uint32_t count)
{
    return message->ptr + message->len - 2 * LS_SCALAR_SIZE - (size_t)LS_POINT_SIZE * count;
}

VECTORS_UNUSED static void give_back(world *w, unsigned k)
{
    side *s = &w->side[k];
    s->back.len = 0;
    assert_success(ls_psi_return(&w->arena, &w->run, &s->secret, &s->own, &s->theirs, &s->back, NULL));
    s->made = (ls_psi_returned){s->theirs.count, points_of_return(&s->back, s->theirs.count)};
}

VECTORS_UNUSED static void take_back(world *w, unsigned k)
{
    side *s = &w->side[k], *other = &w->side[!k];
    assert_success(
        ls_psi_returned_parse(&w->arena, &w->run, &s->theirs, &s->own, ls_buf_bytes(&other->back), &s->got, NULL));
    assert_success(ls_psi_match(&w->arena, &s->got, &s->made, s->order, s->common, &s->common_count));
}

VECTORS_UNUSED static void play(world *w)
{
    exchange(w);
    give_back(w, 0);
    give_back(w, 1);
    take_back(w, 0);
    take_back(w, 1);
}

#endif
