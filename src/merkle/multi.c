/* Multiproofs: the inclusion of many leaves at once. */
#include "merkle/range.h"

/* Strictly increasing, so that a set of leaves has one proof only. An empty set would prove nothing. */
static bool indices_valid(const uint64_t *indices, size_t count, uint64_t size)
{
    for (size_t i = 1; i < count; i++) {
        if (indices[i] <= indices[i - 1]) {
            return false;
        }
    }
    return count > 0 && indices[count - 1] < size;
}

/* The leaves of one subtree among those that are proved. */
typedef struct leaf_span {
    const uint64_t *indices;
    const ls_hash *leaves;
    size_t count;
} leaf_span;

/* Cuts a span into the leaves below index `cut` and the others. */
static void split_span(leaf_span all, uint64_t cut, leaf_span *left, leaf_span *right)
{
    size_t low = 0, high = all.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all.indices[middle] < cut) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const ls_hash *right_leaves = all.leaves == NULL ? NULL : all.leaves + low;
    *left = (leaf_span){all.indices, all.leaves, low};
    *right = (leaf_span){all.indices + low, right_leaves, all.count - low};
}

/* What is left of the proof. The verifier takes hashes from it in the order in which the prover met them. */
typedef struct proof_reader {
    const ls_hash *next, *end;
} proof_reader;

/* The hash of a subtree from the leaves in it and the proof. Its depth is that of the tree: at most 64. */
static ls_result rebuild(ls_merkle_range range, leaf_span span, proof_reader *proof, ls_hash *out)
{
    if (span.count == 0) {
        if (proof->next == proof->end) {
            return ls_fail(&ls_fault_merkle_form);
        }
        *out = *proof->next++;
        return LS_SUCCESS;
    }
    if (range.size == 1) {
        *out = *span.leaves;
        return LS_SUCCESS;
    }
    ls_merkle_range left, right;
    leaf_span left_span, right_span;
    ls_hash hash[2];
    ls_merkle_split(range, &left, &right);
    split_span(span, right.first, &left_span, &right_span);
    LS_TRY(rebuild(left, left_span, proof, &hash[0]));
    LS_TRY(rebuild(right, right_span, proof, &hash[1]));
    ls_merkle_nodes(hash, 1, out);
    return LS_SUCCESS;
}

ls_result ls_merkle_verify_multi(const uint64_t *indices, const ls_hash *leaves, size_t leaf_count, uint64_t size,
                                 const ls_hash *proof, size_t proof_count, const ls_hash *root)
{
    if (!indices_valid(indices, leaf_count, size)) {
        return ls_fail(&ls_fault_merkle_form);
    }
    proof_reader reader = {proof, proof_count == 0 ? proof : proof + proof_count};
    ls_hash computed;
    LS_TRY(rebuild((ls_merkle_range){0, size}, (leaf_span){indices, leaves, leaf_count}, &reader, &computed));
    if (reader.next != reader.end) {
        return ls_fail(&ls_fault_merkle_form);
    }
    return ls_hash_equal(&computed, root) ? LS_SUCCESS : ls_fail(&ls_fault_merkle_proof);
}

/* The same walk as rebuild, writing what that one reads. */
static ls_result prove(ls_merkle_range range, leaf_span span, ls_merkle_read read, void *context, ls_buf *out)
{
    if (span.count == 0) {
        ls_hash hash;
        LS_TRY(ls_merkle_range_hash(range, read, context, &hash));
        ls_buf_put(out, hash.b, LS_HASH_SIZE);
        return LS_SUCCESS;
    }
    if (range.size == 1) {
        return LS_SUCCESS;
    }
    ls_merkle_range left, right;
    leaf_span left_span, right_span;
    ls_merkle_split(range, &left, &right);
    split_span(span, right.first, &left_span, &right_span);
    LS_TRY(prove(left, left_span, read, context, out));
    return prove(right, right_span, read, context, out);
}

ls_result ls_merkle_prove_multi(const uint64_t *indices, size_t leaf_count, uint64_t size, ls_merkle_read read,
                                void *context, ls_buf *out)
{
    if (!indices_valid(indices, leaf_count, size)) {
        return ls_fail(&ls_fault_merkle_form);
    }
    /* On failure out is cut back to what it held. */
    size_t before = out->len;
    ls_result result = prove((ls_merkle_range){0, size}, (leaf_span){indices, NULL, leaf_count}, read, context, out);
    if (ls_failed(result)) {
        out->len = before;
        return result;
    }
    return ls_buf_check(out);
}

/* Down to one leaf: beside the way stand the hashes of its own proof, in the order in which a walk meets them. */
static ls_result narrow(ls_merkle_range range, leaf_span span, proof_reader *proof, uint64_t index, ls_buf *out)
{
    if (range.size == 1) {
        return LS_SUCCESS;
    }
    ls_merkle_range left, right;
    leaf_span left_span, right_span;
    ls_hash beside;
    ls_merkle_split(range, &left, &right);
    split_span(span, right.first, &left_span, &right_span);
    if (index < right.first) {
        LS_TRY(narrow(left, left_span, proof, index, out));
        LS_TRY(rebuild(right, right_span, proof, &beside));
        ls_buf_put(out, beside.b, LS_HASH_SIZE);
        return LS_SUCCESS;
    }
    LS_TRY(rebuild(left, left_span, proof, &beside));
    ls_buf_put(out, beside.b, LS_HASH_SIZE);
    return narrow(right, right_span, proof, index, out);
}

ls_result ls_merkle_narrow_multi(const uint64_t *indices, const ls_hash *leaves, size_t leaf_count, uint64_t size,
                                 const ls_hash *proof, size_t proof_count, size_t which, ls_buf *out)
{
    if (!indices_valid(indices, leaf_count, size) || which >= leaf_count) {
        return ls_fail(&ls_fault_merkle_form);
    }
    proof_reader reader = {proof, proof_count == 0 ? proof : proof + proof_count};
    size_t before = out->len;
    ls_result r =
        narrow((ls_merkle_range){0, size}, (leaf_span){indices, leaves, leaf_count}, &reader, indices[which], out);
    if (ls_failed(r) || reader.next != reader.end) {
        out->len = before;
        return ls_failed(r) ? r : ls_fail(&ls_fault_merkle_form);
    }
    return ls_buf_check(out);
}
