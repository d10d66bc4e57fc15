/* The subtrees of a tree as ranges of leaves: what proofs are made of. */
#ifndef LS_MERKLE_RANGE_H
#define LS_MERKLE_RANGE_H

#include <lockstep/merkle.h>

/* The subtree over leaves [first, first + size), as RFC 6962 cuts a tree: first is a multiple of the least power of two
 * that is not below size. */
typedef struct ls_merkle_range {
    uint64_t first, size;
} ls_merkle_range;

/* Cuts a range of at least two leaves where RFC 6962 does: at the largest power of two below its size. */
void ls_merkle_split(ls_merkle_range range, ls_merkle_range *left, ls_merkle_range *right);

/* The hash of a range, from the complete subtrees it consists of. */
ls_result ls_merkle_range_hash(ls_merkle_range range, ls_merkle_read read, void *context, ls_hash *out);

#endif
