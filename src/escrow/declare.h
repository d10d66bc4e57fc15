/*
 * Declaring: from an inventory to what is committed to. For each tranche three files are written: the sealed rows, the
 * cache of its tree and the index of its ids; and a leaf comes out, over which the declaration's root is built.
 *
 *   tree   the stored tile levels one after the other: n row leaf hashes, floor(n / 256) roots over 256 of them,
 *          floor(n / 65536) over 256 of those, and so on; any proof reads at most 256 hashes for each of its own
 *   index  see index.h
 *
 * Neither file is published, yet neither tells anything about rows to whoever lacks the tranche's key.
 */
#ifndef LS_ESCROW_DECLARE_H
#define LS_ESCROW_DECLARE_H

#include "escrow/commitment.h"
#include "escrow/inventory.h"
#include "escrow/output.h"

extern const ls_fault ls_fault_declare_size; /* usage: the rows do not fit what the accord fixed */

typedef struct ls_tranche_plan {
    ls_hash context;            /* X */
    uint32_t tranche, tranches; /* k, m */
    uint64_t rows;              /* n, blank rows included */
    uint64_t row_bytes;         /* W */
    const uint8_t *key;         /* K_k, 32 bytes */
    ls_output sealed, tree, index;
    void (*progress)(void *context, uint64_t rows); /* rows done since the last call; NULL: not wanted */
    void *progress_context;
    /* For test vectors; both NULL in earnest. order[position] is a row of the tranche, or, from the number of real
     * rows on, a blank one. */
    const uint32_t *order;
    const uint8_t *seal_header;
} ls_tranche_plan;

/* Whether the tranche's rows fit n and W; if not, ls_fault_declare_size with numbers that would do as the hint. Ask
 * for all tranches before the first is declared. */
ls_result ls_declare_check(const ls_inventory *inv, uint32_t tranche, uint64_t rows, uint64_t row_bytes,
                           ls_detail *detail);
/* Shuffles, commits, seals and writes one tranche. Refuses what ls_declare_check refuses before it writes anything. */
ls_result ls_declare_tranche(const ls_inventory *inv, const ls_tranche_plan *plan, ls_tranche_leaf *leaf,
                             ls_detail *detail);

/* How many bytes the tree cache of n rows has. */
uint64_t ls_tree_cache_size(uint64_t rows);
/* Where the hashes of a stored tile level begin in it, in bytes. */
uint64_t ls_tree_cache_offset(uint64_t rows, unsigned level);

#endif
