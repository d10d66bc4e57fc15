/* Hashes above the leaves, and those of leaves as somebody asks for them. */
#include "server/tree.h"
#include "bundle/entries.h"

void ls_tree_free(ls_tree *t)
{
    for (size_t i = 0; i < LS_TREE_LEVELS; i++) {
        ls_buf_free(&t->level[i]);
    }
    *t = (ls_tree){0};
}

uint64_t ls_tree_size(const ls_tree *t)
{
    return t->level[1].len / LS_HASH_SIZE * LS_TILE_WIDTH;
}

static ls_result put_leaf(void *context, uint64_t index, ls_bytes note)
{
    (void)index;
    ls_hash leaf;
    ls_merkle_leaf(note, &leaf);
    ls_buf_put(context, leaf.b, sizeof leaf.b);
    return LS_SUCCESS;
}

static ls_result put_entry(void *context, uint64_t index, ls_bytes note)
{
    (void)index;
    ls_entries_put(context, note);
    return LS_SUCCESS;
}

static ls_result read_tile(ls_store *store, uint64_t index, unsigned width, ls_entry_sink sink, ls_buf *out,
                           ls_detail *detail)
{
    uint64_t from = index * LS_TILE_WIDTH;
    LS_TRY(store->methods->read(store, from, from + width, sink, out, detail));
    return ls_buf_check(out);
}

ls_result ls_tree_leaves(ls_store *store, uint64_t index, unsigned width, ls_buf *out, ls_detail *detail)
{
    return read_tile(store, index, width, put_leaf, out, detail);
}

ls_result ls_tree_entries(ls_store *store, uint64_t index, unsigned width, ls_buf *out, ls_detail *detail)
{
    return read_tile(store, index, width, put_entry, out, detail);
}

/* The root of 256 hashes. */
static void tile_root(const uint8_t *hashes, ls_hash *out)
{
    ls_hash copy[LS_TILE_WIDTH];
    memcpy(copy, hashes, sizeof copy);
    ls_merkle_root(copy, LS_TILE_WIDTH, out);
}

/* Appends a root to its level, and to those above where that completes a tile. */
static ls_result put_root(ls_tree *t, ls_hash root)
{
    for (unsigned level = 1; level < LS_TREE_LEVELS; level++) {
        ls_buf *b = &t->level[level];
        ls_buf_put(b, root.b, sizeof root.b);
        LS_TRY(ls_buf_check(b));
        if (b->len % (LS_TILE_WIDTH * LS_HASH_SIZE) != 0) {
            break;
        }
        tile_root(b->ptr + b->len - LS_TILE_WIDTH * LS_HASH_SIZE, &root);
    }
    return LS_SUCCESS;
}

ls_result ls_tree_extend(ls_tree *t, ls_store *store, uint64_t size, uint64_t tiles, ls_detail *detail)
{
    ls_buf leaves = {0};
    ls_result r = LS_SUCCESS;
    for (; ls_succeeded(r) && tiles > 0 && ls_tree_size(t) + LS_TILE_WIDTH <= size; tiles--) {
        leaves.len = 0;
        r = ls_tree_leaves(store, ls_tree_size(t) / LS_TILE_WIDTH, LS_TILE_WIDTH, &leaves, detail);
        if (ls_succeeded(r)) {
            ls_hash root;
            tile_root(leaves.ptr, &root);
            r = put_root(t, root);
        }
    }
    ls_buf_free(&leaves);
    return r;
}

ls_result ls_tree_tile(const ls_tree *t, unsigned level, uint64_t index, unsigned width, ls_buf *out)
{
    const ls_buf *b = &t->level[level];
    size_t from = index * LS_TILE_WIDTH * LS_HASH_SIZE, len = (size_t)width * LS_HASH_SIZE;
    if (from > b->len || len > b->len - from) {
        return ls_fail(&ls_fault_bug);
    }
    ls_buf_put(out, b->ptr + from, len);
    return ls_buf_check(out);
}
