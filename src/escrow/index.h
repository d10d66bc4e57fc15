/*
 * The declarer's index of one tranche: at which leaf does an id stand? One entry of 24 bytes for each of the n leaves,
 * blank ones included, sorted: a keyed tag of the id and the masked position. Without the tranche's key it tells
 * nothing: not which rows are real, not whether an id occurs twice.
 *
 * The tag of the j-th row with one id is the first 16 bytes of BLAKE2b(index key, u32 j ‖ id), its mask the next 8.
 */
#ifndef LS_ESCROW_INDEX_H
#define LS_ESCROW_INDEX_H

#include "escrow/commitment.h"

#define LS_INDEX_ENTRY 24

typedef struct ls_index_builder ls_index_builder;

ls_result ls_index_builder_open(const ls_tranche_keys *keys, uint64_t rows, ls_index_builder **out);
ls_result ls_index_builder_row(ls_index_builder *b, ls_bytes id); /* at the next position */
void ls_index_builder_blank(ls_index_builder *b);                 /* likewise */
/* Sorts; the entries are the builder's. ids(context, position) gives the id of a row again: needed where one occurs
 * twice. */
typedef ls_result (*ls_index_id)(void *context, uint64_t position, ls_bytes *id);
ls_result ls_index_builder_finish(ls_index_builder *b, ls_index_id ids, void *context, ls_bytes *entries);
void ls_index_builder_free(ls_index_builder *b); /* wipes; NULL is fine */

/* Where the j-th row (from 0) with this id stands; false in *found if there is none. */
ls_result ls_index_find(ls_bytes entries, const ls_tranche_keys *keys, ls_bytes id, uint32_t j, bool *found,
                        uint64_t *position);

#endif
