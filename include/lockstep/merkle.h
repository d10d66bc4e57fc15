/*
 * Merkle trees as in RFC 6962 (section 2.1): MTH of nothing is H(""), a leaf is H(00 ‖ data), a node
 * H(01 ‖ left ‖ right). Proofs are lists of hashes from the leaf upwards.
 *
 * Pure functions; nothing allocates. A node (level, index) is the root of the complete subtree over the leaves
 * [index * 2^level, (index + 1) * 2^level).
 */
#ifndef LOCKSTEP_MERKLE_H
#define LOCKSTEP_MERKLE_H

#include <lockstep/bytes.h>

#define LS_MERKLE_DEPTH_MAX 64
/* No proof of inclusion or consistency is longer. */
#define LS_MERKLE_PROOF_MAX 64

extern const ls_fault ls_fault_merkle_proof; /* invalid: the proof does not lead to the root */
extern const ls_fault ls_fault_merkle_form;  /* invalid: index, size or number of hashes can't be */

void ls_merkle_empty(ls_hash *root);
void ls_merkle_leaf(ls_bytes data, ls_hash *out);
void ls_merkle_node(const ls_hash *left, const ls_hash *right, ls_hash *out);
/* out[i] is the leaf hash of data[i]. */
void ls_merkle_leaves(const ls_bytes *data, size_t count, ls_hash *out);
/* out[i] = node(children[2i], children[2i+1]) for i < count. out may be children. */
void ls_merkle_nodes(const ls_hash *children, size_t count, ls_hash *out);

/* The root over count leaf hashes; hashes is used as scratch and left undefined. */
void ls_merkle_root(ls_hash *hashes, size_t count, ls_hash *root);

/* A tree that only grows: the roots of its complete subtrees, the largest first. Starts zeroed ({0}). */
typedef struct ls_merkle_frontier {
    uint64_t size;
    ls_hash node[LS_MERKLE_DEPTH_MAX]; /* one for each bit set in size, from the highest bit */
} ls_merkle_frontier;

void ls_merkle_append(ls_merkle_frontier *f, const ls_hash *leaf);
void ls_merkle_frontier_root(const ls_merkle_frontier *f, ls_hash *root);

ls_result ls_merkle_verify_inclusion(const ls_hash *leaf, uint64_t index, uint64_t size, const ls_hash *proof,
                                     size_t count, const ls_hash *root);
/* old_size 0 is refused: an empty tree is consistent with everything, which no proof shows. */
ls_result ls_merkle_verify_consistency(uint64_t old_size, uint64_t new_size, const ls_hash *proof, size_t count,
                                       const ls_hash *old_root, const ls_hash *new_root);
/*
 * The two roots that a list of nodes in the form of a consistency proof leads to, 0 < old_size < new_size. It begins
 * with the last complete subtree of the old tree, which a proof leaves out where that is the whole old tree (old_size a
 * power of two). Nodes that lead to a signed new root, but to another old root than the one that was signed, prove that
 * the two were never one history.
 */
ls_result ls_merkle_consistency_roots(uint64_t old_size, uint64_t new_size, const ls_hash *nodes, size_t count,
                                      ls_hash *old_root, ls_hash *new_root);

/*
 * Multiproof: inclusion of many leaves at once. indices are strictly increasing and below size, at least one; leaves[i]
 * belongs to indices[i]. The proof is the hashes of all maximal subtrees that hold none of the leaves, in the order in
 * which a walk from the root, left before right, meets them; it must be used up exactly. (The form is ours; with one
 * leaf it holds the hashes of its inclusion proof, in another order.)
 */
ls_result ls_merkle_verify_multi(const uint64_t *indices, const ls_hash *leaves, size_t leaf_count, uint64_t size,
                                 const ls_hash *proof, size_t proof_count, const ls_hash *root);

/* Where proofs get their hashes: fills out with node (level, index) of a tree, which is complete. */
typedef ls_result (*ls_merkle_read)(void *context, unsigned level, uint64_t index, ls_hash *out);

/* An ls_merkle_read over the leaf hashes of a whole tree in memory; context is the array. Costs 2^level hashes. */
ls_result ls_merkle_read_leaves(void *leaf_hashes, unsigned level, uint64_t index, ls_hash *out);

ls_result ls_merkle_prove_inclusion(uint64_t index, uint64_t size, ls_merkle_read read, void *context,
                                    ls_hash proof[static LS_MERKLE_PROOF_MAX], size_t *count);
ls_result ls_merkle_prove_consistency(uint64_t old_size, uint64_t new_size, ls_merkle_read read, void *context,
                                      ls_hash proof[static LS_MERKLE_PROOF_MAX], size_t *count);
/* The same as a list for ls_merkle_consistency_roots: one hash longer where old_size is a power of two. */
ls_result ls_merkle_consistency_nodes(uint64_t old_size, uint64_t new_size, ls_merkle_read read, void *context,
                                      ls_hash nodes[static LS_MERKLE_PROOF_MAX], size_t *count);
/* Appends the proof's hashes to out. */
ls_result ls_merkle_prove_multi(const uint64_t *indices, size_t leaf_count, uint64_t size, ls_merkle_read read,
                                void *context, ls_buf *out);

/*
 * A multiproof of one leaf, out of one of several: which says for which of the leaves. The proof is taken as it is:
 * that it leads to a root is for ls_merkle_verify_multi to say, and only then does the other. Appends its hashes to
 * out; ls_fault_merkle_form as there.
 */
ls_result ls_merkle_narrow_multi(const uint64_t *indices, const ls_hash *leaves, size_t leaf_count, uint64_t size,
                                 const ls_hash *proof, size_t proof_count, size_t which, ls_buf *out);

/*
 * Tiles (C2SP tlog-tiles): the hashes of a tree in groups of 256, every eighth level stored. Level L of tiles holds
 * the nodes of tree level 8 L. Everything between is computed again from at most 256 stored hashes.
 */
#define LS_TILE_HEIGHT 8
#define LS_TILE_WIDTH 256

/* "tile/0/x001/x234/067", with ".p/<width>" if width < 256; entries: "tile/entries/…" if level is LS_TILE_ENTRIES. */
#define LS_TILE_ENTRIES (-1)
#define LS_TILE_PATH_SIZE 64
void ls_tile_path(int level, uint64_t index, unsigned width, char out[static LS_TILE_PATH_SIZE]);
/* The same backwards; false for whatever ls_tile_path would not write. Levels up to LS_TILE_LEVEL_MAX. */
#define LS_TILE_LEVEL_MAX 63
bool ls_tile_path_parse(ls_bytes path, int *level, uint64_t *index, unsigned *width);
/* How many hashes tile level `level` of a tree of this size holds in all: floor(size / 256^level). */
uint64_t ls_tile_level_count(uint64_t size, unsigned level);

/* Stored hashes of the tile levels: reads count consecutive hashes of tile level `level`, from index on. */
typedef ls_result (*ls_tile_read)(void *context, unsigned level, uint64_t index, size_t count, ls_hash *out);

/* An ls_merkle_read over stored tiles: context is an ls_tile_source. */
typedef struct ls_tile_source {
    ls_tile_read read;
    void *context;
} ls_tile_source;
ls_result ls_tile_node(void *tile_source, unsigned level, uint64_t index, ls_hash *out);

#endif
