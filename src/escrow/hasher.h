/*
 * The tree of one tranche, built row by row: salts, field commitments, row leaves, tranche root. Rows are collected
 * and hashed many at once; memory does not depend on how many there are.
 */
#ifndef LS_ESCROW_HASHER_H
#define LS_ESCROW_HASHER_H

#include "escrow/commitment.h"

/* Gets the row leaves in groups of LS_TILE_WIDTH, the last group may be smaller; node is the root over a full group,
 * NULL for a partial one. */
typedef struct ls_tile_sink {
    ls_result (*tile)(void *context, const ls_hash *leaves, size_t count, const ls_hash *node, ls_detail *detail);
    void *context;
} ls_tile_sink;

typedef struct ls_hasher ls_hasher;

/* rows * fields is at most LS_TRANCHE_VALUES_MAX. sink may be NULL. */
ls_result ls_hasher_open(const ls_tranche_keys *keys, uint64_t rows, uint32_t fields, const ls_tile_sink *sink,
                         ls_hasher **out);
/* The next row: `fields` values, which need not outlive the call. */
ls_result ls_hasher_row(ls_hasher *h, const ls_bytes *values, ls_detail *detail);
/* ls_fault_bug unless exactly `rows` rows were given. */
ls_result ls_hasher_finish(ls_hasher *h, ls_hash *root, ls_detail *detail);
void ls_hasher_free(ls_hasher *h); /* wipes; NULL is fine */

#endif
