/* The Merkle tree hash of RFC 6962: leaves, nodes, roots, and a tree that grows. */
#include "crypto/sha256.h"
#include <lockstep/merkle.h>

/* The states after the one byte that keeps leaves and nodes apart. */
static ls_sha256 prefix_state(uint8_t prefix)
{
    ls_sha256 s;
    ls_sha256_init(&s);
    ls_sha256_update(&s, ls_bytes_of(&prefix, 1));
    return s;
}

void ls_merkle_empty(ls_hash *root)
{
    ls_sha256_hash(ls_bytes_of(NULL, 0), root);
}

void ls_merkle_leaf(ls_bytes data, ls_hash *out)
{
    ls_merkle_leaves(&data, 1, out);
}

void ls_merkle_leaves(const ls_bytes *data, size_t count, ls_hash *out)
{
    ls_sha256 leaf = prefix_state(0);
    ls_sha256_many(&leaf, data, count, out);
}

void ls_merkle_node(const ls_hash *left, const ls_hash *right, ls_hash *out)
{
    ls_hash children[2] = {*left, *right};
    ls_merkle_nodes(children, 1, out);
}

#define BATCH 64

void ls_merkle_nodes(const ls_hash *children, size_t count, ls_hash *out)
{
    /* Two neighbours in the array are the 64 bytes that their parent covers. In place this works because out[i] takes
     * the place of children[i], which no later parent needs. */
    ls_sha256 node = prefix_state(1);
    ls_bytes messages[BATCH];
    for (size_t done = 0; done < count;) {
        size_t batch = count - done < BATCH ? count - done : BATCH;
        for (size_t i = 0; i < batch; i++) {
            messages[i] = ls_bytes_of(&children[2 * (done + i)], 2 * LS_HASH_SIZE);
        }
        ls_sha256_many(&node, messages, batch, out + done);
        done += batch;
    }
}

void ls_merkle_root(ls_hash *hashes, size_t count, ls_hash *root)
{
    if (count == 0) {
        ls_merkle_empty(root);
        return;
    }
    while (count > 1) {
        ls_merkle_nodes(hashes, count / 2, hashes);
        if (count % 2 == 1) {
            /* The last has no sibling at this level: it rises as it is. */
            hashes[count / 2] = hashes[count - 1];
        }
        count = count / 2 + count % 2;
    }
    *root = hashes[0];
}

void ls_merkle_append(ls_merkle_frontier *f, const ls_hash *leaf)
{
    size_t count = (size_t)__builtin_popcountll(f->size);
    ls_hash merged = *leaf;
    /* Each one at the end of size is a complete subtree that the new leaf completes into a larger one. */
    for (uint64_t rest = f->size; rest % 2 == 1; rest /= 2) {
        ls_merkle_node(&f->node[--count], &merged, &merged);
    }
    f->node[count] = merged;
    f->size++;
}

void ls_merkle_frontier_root(const ls_merkle_frontier *f, ls_hash *root)
{
    size_t count = (size_t)__builtin_popcountll(f->size);
    if (count == 0) {
        ls_merkle_empty(root);
        return;
    }
    ls_hash folded = f->node[--count];
    while (count > 0) {
        ls_merkle_node(&f->node[--count], &folded, &folded);
    }
    *root = folded;
}

ls_result ls_merkle_read_leaves(void *leaf_hashes, unsigned level, uint64_t index, ls_hash *out)
{
    const ls_hash *leaf = (const ls_hash *)leaf_hashes + (index << level);
    ls_merkle_frontier f = {0};
    for (uint64_t i = 0; i < UINT64_C(1) << level; i++) {
        ls_merkle_append(&f, &leaf[i]);
    }
    ls_merkle_frontier_root(&f, out);
    return LS_SUCCESS;
}
