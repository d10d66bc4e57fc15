/* Proofs of inclusion and consistency (RFC 6962, sections 2.1.1 and 2.1.2; verified without recursion). */
#include "merkle/range.h"

const ls_fault ls_fault_merkle_proof = {LS_CLASS_INVALID, "merkle-proof", "the Merkle proof does not lead to the root"};
const ls_fault ls_fault_merkle_form = {LS_CLASS_INVALID, "merkle-form",
                                       "no Merkle proof can have this index, size or number of hashes"};

/*
 * How a proof for leaf `index` of a tree is cut. Below, the path from the leaf is inside complete subtrees, and the
 * bits of the index say on which side each sibling stands. Above, it runs along the tree's right edge, where every
 * sibling stands on the left and levels without one are skipped.
 */
typedef struct shape {
    unsigned inner, border;
} shape;

/* C leaves a shift by the whole width undefined. */
static uint64_t shift_right(uint64_t n, unsigned bits)
{
    return bits < 64 ? n >> bits : 0;
}

static shape proof_shape(uint64_t index, uint64_t size)
{
    uint64_t differing = index ^ (size - 1);
    unsigned inner = differing == 0 ? 0 : 64 - (unsigned)__builtin_clzll(differing);
    return (shape){inner, (unsigned)__builtin_popcountll(shift_right(index, inner))};
}

static bool is_right(uint64_t index, size_t level)
{
    return (index >> level & 1) == 1;
}

/* The root that a hash and its siblings lead to: inner ones by the bits of index, then those of the border. */
static ls_hash climb(ls_hash hash, uint64_t index, const ls_hash *proof, shape s)
{
    for (size_t i = 0; i < s.inner + s.border; i++) {
        if (i >= s.inner || is_right(index, i)) {
            ls_merkle_node(&proof[i], &hash, &hash);
        } else {
            ls_merkle_node(&hash, &proof[i], &hash);
        }
    }
    return hash;
}

/* As climb, but to the root of the old tree: what stands to the right of the path was not there yet. */
static ls_hash climb_old(ls_hash hash, uint64_t index, const ls_hash *proof, shape s)
{
    for (size_t i = 0; i < s.inner + s.border; i++) {
        if (i >= s.inner || is_right(index, i)) {
            ls_merkle_node(&proof[i], &hash, &hash);
        }
    }
    return hash;
}

static ls_result compare(const ls_hash *computed, const ls_hash *root)
{
    return ls_hash_equal(computed, root) ? LS_SUCCESS : ls_fail(&ls_fault_merkle_proof);
}

ls_result ls_merkle_verify_inclusion(const ls_hash *leaf, uint64_t index, uint64_t size, const ls_hash *proof,
                                     size_t count, const ls_hash *root)
{
    if (index >= size) {
        return ls_fail(&ls_fault_merkle_form);
    }
    shape s = proof_shape(index, size);
    if (count != s.inner + s.border) {
        return ls_fail(&ls_fault_merkle_form);
    }
    ls_hash computed = climb(*leaf, index, proof, s);
    return compare(&computed, root);
}

static bool is_power_of_two(uint64_t n)
{
    return (n & (n - 1)) == 0;
}

ls_result ls_merkle_consistency_roots(uint64_t old_size, uint64_t new_size, const ls_hash *nodes, size_t count,
                                      ls_hash *old_root, ls_hash *new_root)
{
    if (old_size == 0 || old_size >= new_size) {
        return ls_fail(&ls_fault_merkle_form);
    }
    /* The path begins at the last complete subtree of the old tree. */
    unsigned level = (unsigned)__builtin_ctzll(old_size);
    shape s = proof_shape(old_size - 1, new_size);
    s.inner -= level;
    if (count != 1 + s.inner + s.border) {
        return ls_fail(&ls_fault_merkle_form);
    }
    uint64_t index = (old_size - 1) >> level;
    *old_root = climb_old(nodes[0], index, nodes + 1, s);
    *new_root = climb(nodes[0], index, nodes + 1, s);
    return LS_SUCCESS;
}

ls_result ls_merkle_verify_consistency(uint64_t old_size, uint64_t new_size, const ls_hash *proof, size_t count,
                                       const ls_hash *old_root, const ls_hash *new_root)
{
    if (old_size == 0 || old_size > new_size) {
        return ls_fail(&ls_fault_merkle_form);
    }
    if (old_size == new_size) {
        return count > 0 ? ls_fail(&ls_fault_merkle_form) : compare(old_root, new_root);
    }
    /* Where the path begins at the whole old tree, its hash is known and left out of the proof. */
    ls_hash nodes[LS_MERKLE_PROOF_MAX + 1], computed_old, computed_new;
    size_t first = is_power_of_two(old_size) ? 1 : 0;
    if (count > LS_MERKLE_PROOF_MAX) {
        return ls_fail(&ls_fault_merkle_form);
    }
    nodes[0] = *old_root;
    if (count > 0) {
        memcpy(nodes + first, proof, count * sizeof *proof);
    }
    LS_TRY(ls_merkle_consistency_roots(old_size, new_size, nodes, first + count, &computed_old, &computed_new));
    LS_TRY(compare(&computed_old, old_root));
    return compare(&computed_new, new_root);
}

/* The subtrees whose hashes make up a proof, in the order of a walk from the root: the reverse of the proof's. */
typedef struct walk {
    ls_merkle_range range[LS_MERKLE_PROOF_MAX];
    size_t count;
} walk;

/* One step down towards leaf `index`: notes the subtree that is left aside, returns the other. True in *left if the
 * step went left. */
static ls_merkle_range step_down(walk *w, ls_merkle_range at, uint64_t index, bool *left)
{
    ls_merkle_range lower, upper;
    ls_merkle_split(at, &lower, &upper);
    *left = index < upper.first;
    w->range[w->count++] = *left ? upper : lower;
    return *left ? lower : upper;
}

/* Reads everything before it writes to proof, which stays untouched on failure. */
static ls_result collect(const walk *w, ls_merkle_read read, void *context, ls_hash *proof, size_t *count)
{
    ls_hash hashes[LS_MERKLE_PROOF_MAX];
    for (size_t i = 0; i < w->count; i++) {
        LS_TRY(ls_merkle_range_hash(w->range[w->count - 1 - i], read, context, &hashes[i]));
    }
    memcpy(proof, hashes, w->count * sizeof *hashes);
    *count = w->count;
    return LS_SUCCESS;
}

ls_result ls_merkle_prove_inclusion(uint64_t index, uint64_t size, ls_merkle_read read, void *context,
                                    ls_hash proof[static LS_MERKLE_PROOF_MAX], size_t *count)
{
    if (index >= size) {
        return ls_fail(&ls_fault_merkle_form);
    }
    walk w = {.count = 0};
    bool left;
    for (ls_merkle_range at = {0, size}; at.size > 1;) {
        at = step_down(&w, at, index, &left);
    }
    return collect(&w, read, context, proof, count);
}

/* with_whole: also the old tree's own root, where the list begins with it. */
static ls_result consistency(uint64_t old_size, uint64_t new_size, bool with_whole, ls_merkle_read read, void *context,
                             ls_hash *proof, size_t *count)
{
    walk w = {.count = 0};
    ls_merkle_range at = {0, new_size};
    bool left, whole = true; /* whole: `at` begins at leaf 0, so that its hash will be the old root itself */
    while (at.first + at.size != old_size) {
        at = step_down(&w, at, old_size - 1, &left);
        whole = whole && left;
    }
    if (!whole || with_whole) {
        w.range[w.count++] = at;
    }
    return collect(&w, read, context, proof, count);
}

ls_result ls_merkle_prove_consistency(uint64_t old_size, uint64_t new_size, ls_merkle_read read, void *context,
                                      ls_hash proof[static LS_MERKLE_PROOF_MAX], size_t *count)
{
    return old_size == 0 || old_size > new_size ? ls_fail(&ls_fault_merkle_form)
                                                : consistency(old_size, new_size, false, read, context, proof, count);
}

ls_result ls_merkle_consistency_nodes(uint64_t old_size, uint64_t new_size, ls_merkle_read read, void *context,
                                      ls_hash nodes[static LS_MERKLE_PROOF_MAX], size_t *count)
{
    return old_size == 0 || old_size >= new_size ? ls_fail(&ls_fault_merkle_form)
                                                 : consistency(old_size, new_size, true, read, context, nodes, count);
}
