/* The hot path of declaring and verifying: nearly all time is spent in the two calls that hash a batch. */
#include "escrow/hasher.h"
#include <stdlib.h>

/* A batch is so many values or bytes of messages, whichever comes first: enough to hash many at once, and little
 * enough to stay in the processor's nearest caches. Batches are powers of two of rows, so that tiles hold whole ones.
 */
#define BATCH_VALUES 1024u
#define BATCH_ROWS_MAX 64u
#define BATCH_BYTES 65536u

struct ls_hasher {
    ls_sha256 prefix; /* after B_k */
    uint8_t salt_key[32];
    uint64_t rows, next; /* in all; the one that comes */
    uint32_t fields;
    unsigned batch_rows; /* rows of a full batch */
    unsigned filled;     /* rows in this batch */
    size_t first, count; /* values of this batch: the first not yet hashed, how many there are */
    size_t used;         /* of text */
    uint8_t *text;       /* BATCH_BYTES: salt ‖ value of those not yet hashed */
    uint8_t *salts;
    ls_bytes *messages;
    ls_hash *commitments;
    const ls_tile_sink *sink;
    ls_hash tile[LS_TILE_WIDTH];
    unsigned tile_used;
    ls_merkle_frontier tiles; /* over the roots of tiles */
};

static unsigned batch_rows_for(uint32_t fields)
{
    unsigned rows = BATCH_ROWS_MAX;
    while (rows > 1 && (uint64_t)rows * fields > BATCH_VALUES) {
        rows /= 2;
    }
    return rows;
}

ls_result ls_hasher_open(const ls_tranche_keys *keys, uint64_t rows, uint32_t fields, const ls_tile_sink *sink,
                         ls_hasher **out)
{
    ls_hasher *h = calloc(1, sizeof *h);
    if (!h) {
        return ls_fail(&ls_fault_memory);
    }
    h->batch_rows = batch_rows_for(fields);
    size_t values = (size_t)h->batch_rows * fields;
    h->text = malloc(BATCH_BYTES);
    h->salts = calloc(values, LS_SALT_SIZE);
    h->messages = calloc(values, sizeof *h->messages);
    h->commitments = calloc(values, sizeof *h->commitments);
    h->rows = rows;
    h->fields = fields;
    h->sink = sink;
    if (!h->text || !h->salts || !h->messages || !h->commitments) {
        ls_hasher_free(h);
        return ls_fail(&ls_fault_memory);
    }
    ls_field_prefix(&keys->context, &h->prefix);
    memcpy(h->salt_key, keys->salt, sizeof h->salt_key);
    *out = h;
    return LS_SUCCESS;
}

static void hash_pending(ls_hasher *h)
{
    ls_sha256_many(&h->prefix, h->messages + h->first, h->count - h->first, h->commitments + h->first);
    h->first = h->count;
    h->used = 0;
}

/* Puts salt and value side by side, as they are hashed; a value that is too long for that is hashed at once. */
static void add_value(ls_hasher *h, ls_bytes value)
{
    const uint8_t *salt = h->salts + h->count * LS_SALT_SIZE;
    if (value.len > BATCH_BYTES - LS_SALT_SIZE) {
        hash_pending(h);
        ls_field_commit(&h->prefix, salt, value, &h->commitments[h->count]);
        h->first = ++h->count;
        return;
    }
    if (LS_SALT_SIZE + value.len > BATCH_BYTES - h->used) {
        hash_pending(h);
    }
    uint8_t *message = h->text + h->used;
    memcpy(message, salt, LS_SALT_SIZE);
    if (value.len) {
        memcpy(message + LS_SALT_SIZE, value.ptr, value.len);
    }
    h->messages[h->count++] = ls_bytes_of(message, LS_SALT_SIZE + value.len);
    h->used += LS_SALT_SIZE + value.len;
}

static ls_result end_tile(ls_hasher *h, ls_detail *detail)
{
    ls_hash scratch[LS_TILE_WIDTH], node;
    bool full = h->tile_used == LS_TILE_WIDTH;
    memcpy(scratch, h->tile, h->tile_used * sizeof *scratch);
    ls_merkle_root(scratch, h->tile_used, &node);
    /* Tiles are complete subtrees but for the last, so the tree over their roots has the shape of the whole. */
    ls_merkle_append(&h->tiles, &node);
    size_t count = h->tile_used;
    h->tile_used = 0;
    return h->sink ? h->sink->tile(h->sink->context, h->tile, count, full ? &node : NULL, detail) : LS_SUCCESS;
}

/* Commitments of a row lie side by side already: they are its leaf's data. */
static ls_result end_batch(ls_hasher *h, ls_detail *detail)
{
    ls_bytes leaves[BATCH_ROWS_MAX];
    hash_pending(h);
    for (unsigned i = 0; i < h->filled; i++) {
        leaves[i] = ls_bytes_of(h->commitments[(size_t)i * h->fields].b, (size_t)h->fields * LS_HASH_SIZE);
    }
    ls_merkle_leaves(leaves, h->filled, h->tile + h->tile_used);
    h->tile_used += h->filled;
    h->filled = 0;
    h->first = h->count = 0;
    return h->tile_used == LS_TILE_WIDTH ? end_tile(h, detail) : LS_SUCCESS;
}

ls_result ls_hasher_row(ls_hasher *h, const ls_bytes *values, ls_detail *detail)
{
    if (h->next == h->rows) {
        return ls_fail(&ls_fault_bug);
    }
    if (h->filled == 0) {
        uint64_t rows = h->rows - h->next < h->batch_rows ? h->rows - h->next : h->batch_rows;
        ls_keystream(h->salt_key, h->next * h->fields * LS_SALT_SIZE, h->salts,
                     (size_t)rows * h->fields * LS_SALT_SIZE);
    }
    for (uint32_t f = 0; f < h->fields; f++) {
        add_value(h, values[f]);
    }
    h->next++;
    h->filled++;
    return h->filled == h->batch_rows ? end_batch(h, detail) : LS_SUCCESS;
}

ls_result ls_hasher_finish(ls_hasher *h, ls_hash *root, ls_detail *detail)
{
    if (h->next != h->rows) {
        return ls_fail(&ls_fault_bug);
    }
    if (h->filled) {
        LS_TRY(end_batch(h, detail));
    }
    if (h->tile_used) {
        LS_TRY(end_tile(h, detail));
    }
    ls_merkle_frontier_root(&h->tiles, root);
    return LS_SUCCESS;
}

void ls_hasher_free(ls_hasher *h)
{
    if (!h) {
        return;
    }
    if (h->text) {
        ls_wipe(h->text, BATCH_BYTES);
    }
    if (h->salts) {
        ls_wipe(h->salts, (size_t)h->batch_rows * h->fields * LS_SALT_SIZE);
    }
    free(h->text);
    free(h->salts);
    free(h->messages);
    free(h->commitments);
    ls_wipe(h, sizeof *h);
    free(h);
}
