/* The subtrees of a tree as ranges of leaves. */
#include "merkle/range.h"

/* n is not 0. */
static unsigned highest_bit(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n);
}

void ls_merkle_split(ls_merkle_range range, ls_merkle_range *left, ls_merkle_range *right)
{
    uint64_t cut = (uint64_t)1 << highest_bit(range.size - 1);
    *left = (ls_merkle_range){range.first, cut};
    *right = (ls_merkle_range){range.first + cut, range.size - cut};
}

ls_result ls_merkle_range_hash(ls_merkle_range range, ls_merkle_read read, void *context, ls_hash *out)
{
    /* Each bit set in the size is a complete subtree, the largest first; they are joined from the right. */
    ls_hash part[LS_MERKLE_DEPTH_MAX];
    size_t count = 0;
    while (range.size > 0) {
        unsigned level = highest_bit(range.size);
        LS_TRY(read(context, level, range.first >> level, &part[count++]));
        range.first += (uint64_t)1 << level;
        range.size -= (uint64_t)1 << level;
    }
    if (count == 0) {
        return ls_fail(&ls_fault_bug);
    }
    while (--count > 0) {
        ls_merkle_node(&part[count - 1], &part[count], &part[count - 1]);
    }
    *out = part[0];
    return LS_SUCCESS;
}
