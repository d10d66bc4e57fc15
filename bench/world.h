/* A process as large as one may be, for measuring: 32 parties with one signer each, all under one accord. Every act is
 * made and signed beforehand, so that who sends them has nothing to compute. */
#ifndef LS_BENCH_WORLD_H
#define LS_BENCH_WORLD_H

#include "fixture/fixture.h"
#include "ledger/ledger.h"

#define WORLD_PARTIES LS_PARTIES_MAX
#define WORLD_NAME "bench"
#define WORLD_ORIGIN "exercise.rok.example/" WORLD_NAME

/* The acts of one party, in the order of its chain, one after the other; the i-th begins at start[i]. */
typedef struct world_chain {
    ls_buf bytes;
    size_t *start;
    size_t count;
    ls_hash last;
} world_chain;

typedef struct world {
    ls_arena arena;
    fixture_key key[WORLD_PARTIES];
    ls_hash process, accord;
    char head[128]; /* that all acts name: their authors have not looked since */
    ls_time now;
    world_chain chain[WORLD_PARTIES];
} world;

/* Makes a ledger in this folder, which must not exist, with charter and accord on it. */
void world_open(world *w, const char *folder);
/* Makes so many acts in all, evenly shared, on two threads. before: put before each note, with the note's length for
 * its %zu; NULL: nothing. */
void world_make_acts(world *w, size_t count, const char *before);
ls_bytes world_act(const world *w, size_t party, size_t i);
void world_close(world *w);

#endif
