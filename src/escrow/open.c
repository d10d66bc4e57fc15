/* Parts of openings from what a declaration left behind. Files that were damaged since are noticed here, before anyone
 * else sees an opening that proves nothing. */
#include "escrow/open.h"
#include "escrow/declare.h"
#include "escrow/index.h"
#include "escrow/seal.h"
#include <stdlib.h>

const ls_fault ls_fault_declaration_files = {LS_CLASS_ENVIRONMENT, "declaration-files",
                                             "the declaration's own files do not belong together"};

static ls_result damaged(ls_detail *detail, const char *what)
{
    ls_hint(detail, "restore them from the backup that was written when the declaration was made");
    return ls_fail_with(&ls_fault_declaration_files, detail, "%s", what);
}

ls_result ls_open_begin(uint32_t parts, ls_output out, ls_detail *detail)
{
    ls_buf head = {0};
    ls_buf_put_str(&head, "lockstep opening v1\n");
    ls_buf_put_u32(&head, parts);
    ls_result r = ls_buf_check(&head);
    if (ls_succeeded(r)) {
        r = ls_output_write(out, ls_buf_bytes(&head), detail);
    }
    ls_buf_free(&head);
    return r;
}

/* Reads the leaf and derives the keys, which must be those of the leaf; the caller wipes them. */
static ls_result unlock(const ls_own_tranche *t, ls_tranche_leaf *leaf, ls_tranche_keys *keys, ls_detail *detail)
{
    if (!ls_tranche_leaf_parse(t->leaf, leaf) || !ls_hash_equal(&leaf->context, &t->context)) {
        return damaged(detail, "the tranche's leaf is not this declaration's");
    }
    ls_tranche_keys_derive(&t->context, leaf->tranche, t->key, keys);
    if (!ls_hash_equal(&keys->check, &leaf->check)) {
        ls_wipe(keys, sizeof *keys);
        return damaged(detail, "the key that the vault gives is not the tranche's");
    }
    return LS_SUCCESS;
}

static void put_head(const ls_own_tranche *t, const ls_tranche_leaf *leaf, uint8_t kind, ls_buf *out)
{
    ls_buf_put_u8(out, kind);
    ls_buf_put(out, t->context.b, LS_HASH_SIZE);
    ls_buf_put_u32(out, leaf->tranche);
    ls_buf_put_u16(out, (uint16_t)t->leaf.len);
    ls_buf_put_bytes(out, t->leaf);
    ls_buf_put_u8(out, (uint8_t)t->path_count);
    ls_buf_put(out, t->path, t->path_count * sizeof *t->path);
}

ls_result ls_open_tranche(const ls_own_tranche *t, ls_output out, ls_detail *detail)
{
    ls_tranche_leaf leaf;
    ls_tranche_keys keys;
    ls_hash hash;
    LS_TRY(unlock(t, &leaf, &keys, detail));
    ls_wipe(&keys, sizeof keys);
    ls_sha256_hash(t->sealed, &hash);
    if (t->sealed.len != leaf.sealed_size || !ls_hash_equal(&hash, &leaf.sealed_hash)) {
        return damaged(detail, "the sealed rows are not those of the tranche's leaf");
    }
    ls_buf head = {0};
    put_head(t, &leaf, LS_OPENING_TRANCHE, &head);
    ls_buf_put(&head, t->key, 32);
    ls_buf_put_u64(&head, t->sealed.len);
    ls_result r = ls_buf_check(&head);
    if (ls_succeeded(r)) {
        r = ls_output_write(out, ls_buf_bytes(&head), detail);
    }
    ls_buf_wipe(&head);
    return ls_failed(r) ? r : ls_output_write(out, t->sealed, detail);
}

ls_result ls_open_find(const ls_own_tranche *t, ls_bytes id, uint32_t j, bool *found, uint64_t *row, ls_detail *detail)
{
    ls_tranche_leaf leaf;
    ls_tranche_keys keys;
    LS_TRY(unlock(t, &leaf, &keys, detail));
    if (t->index.len != leaf.rows * LS_INDEX_ENTRY) {
        ls_wipe(&keys, sizeof keys);
        return damaged(detail, "the tranche's index is damaged");
    }
    uint64_t position = 0;
    bool there = false;
    ls_result r = ls_index_find(t->index, &keys, id, j, &there, &position);
    ls_wipe(&keys, sizeof keys);
    LS_TRY(r);
    if (there && position >= leaf.rows) {
        return damaged(detail, "the tranche's index is damaged");
    }
    *found = there;
    if (there) {
        *row = position;
    }
    return LS_SUCCESS;
}

/* The work on one part that opens rows. */
typedef struct work {
    const ls_own_tranche *tranche;
    ls_tranche_leaf leaf;
    ls_tranche_keys keys;
    const bool *fields;
    ls_sha256 prefix;
    ls_hash *commitments;
    uint8_t *salts;
    ls_buf buffer; /* on its way to out */
    ls_output out;
    ls_detail *detail;
} work;

#define FLUSH_AT (1u << 20)

static ls_result flush(work *w)
{
    LS_TRY(ls_buf_check(&w->buffer));
    ls_result r = ls_output_write(w->out, ls_buf_bytes(&w->buffer), w->detail);
    ls_wipe(w->buffer.ptr, w->buffer.len);
    w->buffer.len = 0;
    return r;
}

/* Stored hashes of the tree, straight from the mapped cache. */
static ls_result read_tiles(void *context, unsigned level, uint64_t index, size_t count, ls_hash *out)
{
    const work *w = context;
    uint64_t start = ls_tree_cache_offset(w->leaf.rows, level) + index * LS_HASH_SIZE;
    memcpy(out, w->tranche->tree.ptr + start, count * LS_HASH_SIZE);
    return LS_SUCCESS;
}

/* Appends one row: what is opened, and commitments of what is not. */
static ls_result put_row(work *w, uint64_t row, const ls_bytes *values)
{
    ls_hash leaf;
    uint32_t fields = w->leaf.fields;
    ls_keystream(w->keys.salt, row * fields * LS_SALT_SIZE, w->salts, (size_t)fields * LS_SALT_SIZE);
    ls_buf_put_u64(&w->buffer, row);
    for (uint32_t f = 0; f < fields; f++) {
        const uint8_t *salt = w->salts + (size_t)f * LS_SALT_SIZE;
        ls_field_commit(&w->prefix, salt, values[f], &w->commitments[f]);
        if (w->fields && !w->fields[f]) {
            ls_buf_put_u8(&w->buffer, 0);
            ls_buf_put(&w->buffer, w->commitments[f].b, LS_HASH_SIZE);
        } else {
            ls_buf_put_u8(&w->buffer, 1);
            ls_buf_put(&w->buffer, salt, LS_SALT_SIZE);
            ls_buf_put_u32(&w->buffer, (uint32_t)values[f].len);
            ls_buf_put_bytes(&w->buffer, values[f]);
        }
    }
    ls_merkle_leaf(ls_bytes_of(w->commitments, (size_t)fields * LS_HASH_SIZE), &leaf);
    return memcmp(leaf.b, w->tranche->tree.ptr + row * LS_HASH_SIZE, LS_HASH_SIZE) == 0
               ? LS_SUCCESS
               : damaged(w->detail, "the sealed rows do not fit the tranche's tree");
}

/* Rows have no fixed length: all up to the last wanted one are decrypted, and those wanted are kept. */
static ls_result put_rows(work *w, const uint64_t *rows, size_t count)
{
    ls_sealed_rows *sealed = NULL;
    const ls_bytes *values;
    const char *wrong;
    size_t done = 0;
    ls_result r = ls_sealed_rows_open(w->keys.seal, w->tranche->sealed, w->leaf.rows, w->tranche->row_bytes,
                                      w->leaf.fields, &sealed, &wrong);
    for (uint64_t row = 0; ls_succeeded(r) && !wrong && done < count; row++) {
        r = ls_sealed_rows_next(sealed, &values, &wrong);
        if (ls_succeeded(r) && !wrong && row == rows[done]) {
            r = put_row(w, row, values);
            r = ls_succeeded(r) && w->buffer.len >= FLUSH_AT ? flush(w) : r;
            done++;
        }
    }
    ls_sealed_rows_free(sealed);
    return ls_succeeded(r) && wrong ? damaged(w->detail, wrong) : r;
}

static ls_result put_proof(work *w, const uint64_t *rows, size_t count)
{
    ls_buf proof = {0};
    ls_tile_source source = {read_tiles, w};
    ls_result r = ls_merkle_prove_multi(rows, count, w->leaf.rows, ls_tile_node, &source, &proof);
    if (ls_succeeded(r)) {
        ls_buf_put_u32(&w->buffer, (uint32_t)(proof.len / LS_HASH_SIZE));
        ls_buf_put_bytes(&w->buffer, ls_buf_bytes(&proof));
    }
    ls_buf_free(&proof);
    return ls_succeeded(r) ? flush(w) : r;
}

static ls_result make_part(work *w, const uint64_t *rows, size_t count)
{
    if (w->tranche->tree.len != ls_tree_cache_size(w->leaf.rows)) {
        return damaged(w->detail, "the tranche's tree is damaged");
    }
    w->commitments = calloc(w->leaf.fields, sizeof *w->commitments);
    w->salts = calloc(w->leaf.fields, LS_SALT_SIZE);
    if (!w->commitments || !w->salts) {
        return ls_fail(&ls_fault_memory);
    }
    ls_field_prefix(&w->keys.context, &w->prefix);
    put_head(w->tranche, &w->leaf, LS_OPENING_ROWS, &w->buffer);
    ls_buf_put_u64(&w->buffer, count);
    LS_TRY(put_rows(w, rows, count));
    return put_proof(w, rows, count);
}

static bool rows_valid(const uint64_t *rows, size_t count, uint64_t limit)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i] >= limit || (i > 0 && rows[i] <= rows[i - 1])) {
            return false;
        }
    }
    return count > 0;
}

ls_result ls_open_rows(const ls_own_tranche *t, const uint64_t *rows, size_t count, const bool *fields, ls_output out,
                       ls_detail *detail)
{
    work w = {.tranche = t, .fields = fields, .out = out, .detail = detail};
    LS_TRY(unlock(t, &w.leaf, &w.keys, detail));
    ls_result r = rows_valid(rows, count, w.leaf.rows)
                      ? make_part(&w, rows, count)
                      : ls_fail_with(&ls_fault_usage, detail, "rows to open must be increasing and below the count");
    if (w.salts) {
        ls_wipe(w.salts, (size_t)w.leaf.fields * LS_SALT_SIZE);
    }
    free(w.salts);
    free(w.commitments);
    ls_buf_wipe(&w.buffer);
    ls_wipe(&w.keys, sizeof w.keys);
    return r;
}
