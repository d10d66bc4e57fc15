/*
 * The hashes of a ledger's tree above its leaves, for tiles of level 1 and up: of each full tile of leaves its root,
 * of 256 of those theirs, and so on. 32 bytes for 256 entries, all in memory; leaves are hashed again when somebody
 * asks for their tile.
 */
#ifndef LS_SERVER_TREE_H
#define LS_SERVER_TREE_H

#include "store/store.h"
#include <lockstep/merkle.h>

#define LS_TREE_LEVELS (64 / LS_TILE_HEIGHT)

typedef struct ls_tree {
    ls_buf level[LS_TREE_LEVELS]; /* from 1 on: hashes one after the other */
} ls_tree;

void ls_tree_free(ls_tree *t);
/* How many entries stand in full tiles that are in the tree. */
uint64_t ls_tree_size(const ls_tree *t);
/* Takes in at most `tiles` further full tiles of leaves below size. */
ls_result ls_tree_extend(ls_tree *t, ls_store *store, uint64_t size, uint64_t tiles, ls_detail *detail);
/* Appends the hashes of a tile of level 1 or above, which must be in the tree. */
ls_result ls_tree_tile(const ls_tree *t, unsigned level, uint64_t index, unsigned width, ls_buf *out);
/* Appends the leaf hashes of a tile of level 0, or its entries as a bundle. */
ls_result ls_tree_leaves(ls_store *store, uint64_t index, unsigned width, ls_buf *out, ls_detail *detail);
ls_result ls_tree_entries(ls_store *store, uint64_t index, unsigned width, ls_buf *out, ls_detail *detail);

#endif
