/* A long process in memory, as a ledger writes it. */
#ifndef LS_BENCH_HISTORY_H
#define LS_BENCH_HISTORY_H

#include "fixture/fixture.h"

typedef struct history {
    fixture f;
    size_t count, capacity;
    ls_bytes *entry;
    size_t signatures, acts;
    size_t every; /* acts to a stamp */
} history;

/* The acts of such a process: the performer reports, and the verifier answers that report, over and over. */
ls_bytes history_act(fixture *f, size_t i);
/* Charter, accord, and acts until there are so many entries; h starts zeroed. watched: with cosigners, so that each
 * stamp holds their signatures. A stamp follows every `every` acts, a minute later. */
void history_make(history *h, size_t entries, bool watched, size_t every);
/* So many acts more. */
void history_grow(history *h, size_t acts);
void history_free(history *h);

#endif
