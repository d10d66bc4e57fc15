/*
 * Measures private intersection, and prints one JSON object a line: {"name", "value", "unit"}.
 *
 * Both sides are computed one after the other, as often as by two programs: each makes its offer, reads its own list
 * and the other's, returns the other's with a proof, and verifies and matches what came back. Beside that, in the same
 * run and on as many threads, bare scalar multiplications of libsodium. Both ratios are of processor time:
 *
 * vs_limit: to as many as the protocol has. For each option two, under its own side's secret and under the other's, and
 * three weighted ones, in the sums of its own list, which both sides form, and of what was returned for it. For each
 * side eight: one for the public key, three to prove, four to verify.
 *
 * vs_secret_multiplications: to those of them that nothing can take the place of. The weighted ones, which are done as
 * sums of many at once, are left out; they, and mapping options to points, are what is above 1.
 */
#include "bench.h"
#include "psi/parallel.h"
#include "psi/psi.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 3 /* the best one counts, of both */

typedef struct seconds {
    double clock, busy; /* by the wall's clock; of all processors together */
} seconds;

static seconds now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (seconds){(double)t.tv_sec + 1e-9 * (double)t.tv_nsec, bench_busy()};
}

static seconds since(seconds start)
{
    seconds end = now();
    return (seconds){end.clock - start.clock, end.busy - start.busy};
}

static void *must_have(void *ptr)
{
    bench_must(ptr == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
    return ptr;
}

/* A list of options of which each side chooses two thirds; half of one's are the other's, too. */
typedef struct world {
    uint32_t list, chosen;
    ls_bytes *option;
    uint8_t *choice[2];
    ls_psi_run run;
} world;

static world make_world(uint32_t chosen)
{
    world w = {.list = chosen + chosen / 2, .chosen = chosen};
    char *texts = must_have(calloc(w.list, 32));
    w.option = must_have(calloc(w.list, sizeof *w.option));
    w.run = (ls_psi_run){.sid = {{7}}, .party = {ls_bytes_str("usa"), ls_bytes_str("dprk")}, .cap = chosen};
    for (int side = 0; side < 2; side++) {
        w.choice[side] = must_have(calloc(w.list, 1));
        for (uint32_t i = 0; i < chosen; i++) {
            w.choice[side][side == 0 ? i : i + chosen / 2] = 1;
        }
    }
    for (uint32_t i = 0; i < w.list; i++) {
        snprintf(texts + 32 * (size_t)i, 32, "{\"date\":\"%u\"}", i);
        w.option[i] = ls_bytes_str(texts + 32 * (size_t)i);
    }
    return w;
}

/* What one side holds. */
typedef struct party {
    ls_arena arena;
    ls_psi_secret secret;
    uint32_t *order, *common, count;
    ls_buf offer, returned;
    ls_psi_set set[2];
    ls_psi_returned made, got;
} party;

static void offer(const world *w, unsigned side, party *p)
{
    uint8_t seed[LS_SEED_SIZE] = {(uint8_t)(side + 1)};
    p->order = must_have(calloc(w->chosen, sizeof *p->order));
    p->common = must_have(calloc(w->chosen, sizeof *p->common));
    ls_psi_secret_derive(seed, &w->run, side, w->choice[side], w->list, &p->secret);
    bench_must(ls_psi_offer(&w->run, side, w->option, w->choice[side], w->list, &p->secret, &p->offer, p->order, NULL),
               NULL);
}

static void answer(const world *w, unsigned side, party *p, const party *other)
{
    bench_must(ls_psi_set_parse(&p->arena, &w->run, side, ls_buf_bytes(&p->offer), NULL, &p->set[side], NULL), NULL);
    bench_must(ls_psi_set_parse(&p->arena, &w->run, !side, ls_buf_bytes(&other->offer), NULL, &p->set[!side], NULL),
               NULL);
    bench_must(ls_psi_return(&p->arena, &w->run, &p->secret, &p->set[side], &p->set[!side], &p->returned, NULL), NULL);
    /* What was made here is read without its proof. */
    size_t points = (size_t)LS_POINT_SIZE * p->set[!side].count;
    p->made = (ls_psi_returned){p->set[!side].count, p->returned.ptr + p->returned.len - 2 * LS_SCALAR_SIZE - points};
}

static void finish(const world *w, unsigned side, party *p, const party *other)
{
    bench_must(ls_psi_returned_parse(&p->arena, &w->run, &p->set[!side], &p->set[side], ls_buf_bytes(&other->returned),
                                     &p->got, NULL),
               NULL);
    bench_must(ls_psi_match(&p->arena, &p->got, &p->made, p->order, p->common, &p->count), NULL);
    bench_must(p->count == w->chosen - w->chosen / 2 ? LS_SUCCESS : ls_fail(&ls_fault_bug), NULL);
}

static seconds both_sides(const world *w)
{
    party p[2] = {0};
    seconds start = now();
    offer(w, 0, &p[0]);
    offer(w, 1, &p[1]);
    answer(w, 0, &p[0], &p[1]);
    answer(w, 1, &p[1], &p[0]);
    finish(w, 0, &p[0], &p[1]);
    finish(w, 1, &p[1], &p[0]);
    seconds used = since(start);
    for (int side = 0; side < 2; side++) {
        ls_arena_free(&p[side].arena);
        ls_buf_free(&p[side].offer);
        ls_buf_free(&p[side].returned);
        free(p[side].order);
        free(p[side].common);
    }
    return used;
}

typedef struct multiplications {
    uint8_t scalar[LS_SCALAR_SIZE];
    const uint8_t *points;
} multiplications;

static void multiply_some(void *context, size_t first, size_t end)
{
    const multiplications *m = context;
    uint8_t out[LS_POINT_SIZE];
    for (size_t i = first; i < end; i++) {
        if (!ls_point_multiply(m->scalar, m->points + LS_POINT_SIZE * i, out)) {
            abort();
        }
    }
}

/* So many multiplications, of different points, and nothing else. */
static seconds bare(size_t count)
{
    uint8_t hash[LS_SHA512_SIZE], *points = must_have(calloc(count, LS_POINT_SIZE));
    multiplications m = {.points = points};
    ls_random(hash, sizeof hash);
    ls_scalar_reduce(hash, m.scalar);
    for (size_t i = 0; i < count; i++) {
        ls_random(hash, sizeof hash);
        ls_point_from_hash(hash, points + LS_POINT_SIZE * i);
    }
    seconds start = now();
    ls_psi_parallel(count, 8, multiply_some, &m);
    seconds used = since(start);
    free(points);
    return used;
}

static void least(seconds *best, seconds s)
{
    if (best->busy == 0 || s.busy < best->busy) {
        best->busy = s.busy;
    }
    if (best->clock == 0 || s.clock < best->clock) {
        best->clock = s.clock;
    }
}

static void figure(uint32_t chosen, const char *what, double value, const char *unit)
{
    char name[64];
    snprintf(name, sizeof name, "psi_%u_%s", chosen, what);
    bench_figure(name, value, unit);
}

static void measure(uint32_t chosen)
{
    world w = make_world(chosen);
    seconds all = {0}, limit = {0};
    size_t both = 2 * (size_t)chosen, of_sides = 2 * 8, secret = 2 * both + of_sides;
    for (int i = 0; i < ROUNDS; i++) {
        least(&limit, bare(secret));
        least(&all, both_sides(&w));
    }
    double each = limit.busy / (double)secret;
    figure(chosen, "seconds", all.clock, "s");
    figure(chosen, "computing_seconds", all.busy, "s");
    figure(chosen, "multiplication_us", 1e6 * each, "us");
    figure(chosen, "vs_limit", all.busy / (each * (double)(5 * both + of_sides)), "ratio");
    figure(chosen, "vs_secret_multiplications", all.busy / limit.busy, "ratio");
    free((void *)(uintptr_t)w.option[0].ptr);
    free(w.option);
    free(w.choice[0]);
    free(w.choice[1]);
}

int main(void)
{
    bench_must(ls_crypto_init(), NULL);
    measure(366);
    measure(10000);
    return 0;
}
