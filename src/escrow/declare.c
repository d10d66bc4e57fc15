/* One tranche, row by row in its shuffled order: each row goes to the sealer, the hasher and the index at once, so that
 * memory does not depend on how long the texts are. */
#include "escrow/declare.h"
#include "escrow/hasher.h"
#include "escrow/index.h"
#include "escrow/seal.h"
#include <inttypes.h>
#include <stdlib.h>

const ls_fault ls_fault_declare_size = {LS_CLASS_USAGE, "declare-size",
                                        "the inventory does not fit what the accord fixed"};

/* The work on one tranche. */
typedef struct work {
    const ls_inventory *inv;
    const ls_tranche_plan *plan;
    ls_detail *detail;
    uint64_t real;   /* rows that are not blank */
    uint32_t *order; /* a row of the tranche for each position; from `real` on: blank */
    ls_tranche_keys keys;
    ls_csv cursor;
    ls_bytes *values; /* of the row at hand */
    ls_bytes *blank;  /* a row of empty values */
    ls_buf plain;     /* the row at hand, in sealed form */
    ls_hasher *hasher;
    ls_sealer *sealer;
    ls_index_builder *index;
    ls_hash *nodes; /* the tree's hashes of tile level 1 */
    uint64_t node_count;
} work;

ls_result ls_declare_check(const ls_inventory *inv, uint32_t tranche, uint64_t rows, uint64_t row_bytes,
                           ls_detail *detail)
{
    uint64_t real = ls_inventory_rows(inv, tranche), area, sealed;
    if (real > rows) {
        ls_hint(detail, "agree on at least %" PRIu64 " padded rows for it", real);
        return ls_fail_with(&ls_fault_declare_size, detail,
                            "tranche %" PRIu32 " has %" PRIu64 " rows, more than the %" PRIu64 " it is padded to",
                            tranche, real, rows);
    }
    uint64_t most = LS_TRANCHE_VALUES_MAX / inv->field_count;
    if (rows == 0 || rows > most || rows > UINT32_MAX || !ls_sealed_size(rows, row_bytes, &area, &sealed)) {
        ls_hint(detail, "a tranche of %zu fields can have 1 to %" PRIu64 " rows", inv->field_count,
                most < UINT32_MAX ? most : UINT32_MAX);
        return ls_fail_with(&ls_fault_declare_size, detail, "tranche %" PRIu32 " can't have %" PRIu64 " rows", tranche,
                            rows);
    }
    uint64_t needed = inv->bytes[tranche - 1] + (rows - real) * 4 * inv->field_count;
    if (needed > area) {
        ls_hint(detail, "row-bytes of at least %" PRIu64 " would do", (needed - 1) / rows + 1);
        return ls_fail_with(&ls_fault_declare_size, detail,
                            "the rows of tranche %" PRIu32 " take %" PRIu64 " bytes, more than %" PRIu64
                            " rows of %" PRIu64 " bytes hold",
                            tranche, needed, rows, row_bytes);
    }
    return LS_SUCCESS;
}

/* Random numbers by the block: one call of the system for each would take longer than the hashing. */
typedef struct dice {
    uint32_t numbers[1024];
    size_t left;
} dice;

/* Uniform below bound, as randombytes_uniform: numbers of the incomplete first stretch are thrown away. */
static uint32_t roll(dice *d, uint32_t bound)
{
    uint32_t least = -bound % bound;
    for (;;) {
        if (d->left == 0) {
            ls_random(d->numbers, sizeof d->numbers);
            d->left = sizeof d->numbers / sizeof *d->numbers;
        }
        uint32_t number = d->numbers[--d->left];
        if (number >= least) {
            return number % bound;
        }
    }
}

/* Fisher–Yates: every order of the n positions is equally likely. */
static void shuffle(uint32_t *order, uint64_t count)
{
    dice d = {.left = 0};
    for (uint64_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
    }
    for (uint64_t i = count; i-- > 1;) {
        uint32_t j = roll(&d, (uint32_t)i + 1);
        uint32_t swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
    ls_wipe(&d, sizeof d);
}

/* Gets 256 row leaves at a time: they are level 0 of the tree's cache, their root is kept for level 1. */
static ls_result take_tile(void *context, const ls_hash *leaves, size_t count, const ls_hash *node, ls_detail *detail)
{
    work *w = context;
    if (node) {
        w->nodes[w->node_count++] = *node;
    }
    if (w->plan->progress) {
        w->plan->progress(w->plan->progress_context, count);
    }
    return ls_output_write(w->plan->tree, ls_bytes_of(leaves, count * sizeof *leaves), detail);
}

/* The higher tile levels, each computed from the one below. */
static ls_result write_levels(work *w)
{
    while (w->node_count > 0) {
        LS_TRY(ls_output_write(w->plan->tree, ls_bytes_of(w->nodes, w->node_count * sizeof *w->nodes), w->detail));
        uint64_t above = w->node_count / LS_TILE_WIDTH;
        for (uint64_t i = 0; i < above; i++) {
            ls_hash node;
            ls_merkle_root(w->nodes + i * LS_TILE_WIDTH, LS_TILE_WIDTH, &node);
            w->nodes[i] = node;
        }
        w->node_count = above;
    }
    return LS_SUCCESS;
}

uint64_t ls_tree_cache_offset(uint64_t rows, unsigned level)
{
    uint64_t hashes = 0;
    for (unsigned l = 0; l < level; l++) {
        hashes += ls_tile_level_count(rows, l);
    }
    return hashes * LS_HASH_SIZE;
}

uint64_t ls_tree_cache_size(uint64_t rows)
{
    return ls_tree_cache_offset(rows, 64 / LS_TILE_HEIGHT);
}

static void put_value(ls_buf *out, ls_bytes value)
{
    uint8_t *p = ls_buf_extend(out, 4 + value.len);
    if (p) {
        for (int i = 0; i < 4; i++) {
            p[i] = (uint8_t)(value.len >> (24 - 8 * i));
        }
        if (value.len) {
            memcpy(p + 4, value.ptr, value.len);
        }
    }
}

/* The values at a position of the shuffled tranche: a row's, or empty ones. */
static ls_result read_values(work *w, uint64_t position, const ls_bytes **values)
{
    *values = w->blank;
    if (w->order[position] < w->real) {
        LS_TRY(ls_inventory_row(w->inv, &w->cursor, w->plan->tranche, w->order[position], w->values, w->detail));
        *values = w->values;
    }
    return LS_SUCCESS;
}

static ls_result take_row(work *w, uint64_t position)
{
    const ls_bytes *values;
    LS_TRY(read_values(w, position, &values));
    w->plain.len = 0;
    for (size_t f = 0; f < w->inv->field_count; f++) {
        put_value(&w->plain, values[f]);
    }
    LS_TRY(ls_buf_check(&w->plain));
    LS_TRY(ls_sealer_put(w->sealer, ls_buf_bytes(&w->plain), w->detail));
    LS_TRY(ls_hasher_row(w->hasher, values, w->detail));
    if (values == w->blank) {
        ls_index_builder_blank(w->index);
        return LS_SUCCESS;
    }
    return ls_index_builder_row(w->index, values[w->inv->id_field]);
}

/* Reads a row once more, for the rare case that its id occurs twice. */
static ls_result id_at(void *context, uint64_t position, ls_bytes *id)
{
    work *w = context;
    const ls_bytes *values;
    LS_TRY(read_values(w, position, &values));
    *id = values[w->inv->id_field];
    return LS_SUCCESS;
}

static ls_result prepare(work *w, const ls_tile_sink *tiles)
{
    const ls_tranche_plan *plan = w->plan;
    uint64_t area, sealed;
    w->real = ls_inventory_rows(w->inv, plan->tranche);
    ls_tranche_keys_derive(&plan->context, plan->tranche, plan->key, &w->keys);
    w->order = calloc(plan->rows, sizeof *w->order);
    w->values = calloc(w->inv->field_count, sizeof *w->values);
    w->blank = calloc(w->inv->field_count, sizeof *w->blank);
    w->nodes = calloc(plan->rows / LS_TILE_WIDTH + 1, sizeof *w->nodes);
    if (!w->order || !w->values || !w->blank || !w->nodes) {
        return ls_fail(&ls_fault_memory);
    }
    if (plan->order) {
        memcpy(w->order, plan->order, plan->rows * sizeof *w->order);
    } else {
        shuffle(w->order, plan->rows);
    }
    LS_TRY(ls_hasher_open(&w->keys, plan->rows, (uint32_t)w->inv->field_count, tiles, &w->hasher));
    LS_TRY(ls_index_builder_open(&w->keys, plan->rows, &w->index));
    ls_sealed_size(plan->rows, plan->row_bytes, &area, &sealed);
    return ls_sealer_open(w->keys.seal, plan->seal_header, area, plan->sealed, &w->sealer, w->detail);
}

/* What is known only after the last row: the root, the tree above its leaves, the hash of what was sealed, the index.
 */
static ls_result finish(work *w, ls_tranche_leaf *leaf)
{
    const ls_tranche_plan *plan = w->plan;
    ls_bytes entries;
    *leaf = (ls_tranche_leaf){.context = plan->context,
                              .tranche = plan->tranche,
                              .tranches = plan->tranches,
                              .fields = (uint32_t)w->inv->field_count,
                              .rows = plan->rows,
                              .check = w->keys.check};
    LS_TRY(ls_hasher_finish(w->hasher, &leaf->root, w->detail));
    LS_TRY(write_levels(w));
    LS_TRY(ls_sealer_finish(w->sealer, &leaf->sealed_size, &leaf->sealed_hash, w->detail));
    LS_TRY(ls_index_builder_finish(w->index, id_at, w, &entries));
    return ls_output_write(plan->index, entries, w->detail);
}

static void release(work *w)
{
    ls_hasher_free(w->hasher);
    ls_sealer_free(w->sealer);
    ls_index_builder_free(w->index);
    ls_csv_close(&w->cursor);
    ls_buf_wipe(&w->plain);
    if (w->order) {
        /* Who knows the order knows which rows are blank. */
        ls_wipe(w->order, w->plan->rows * sizeof *w->order);
    }
    free(w->order);
    free(w->values);
    free(w->blank);
    free(w->nodes);
    ls_wipe(w, sizeof *w);
    free(w);
}

ls_result ls_declare_tranche(const ls_inventory *inv, const ls_tranche_plan *plan, ls_tranche_leaf *leaf,
                             ls_detail *detail)
{
    LS_TRY(ls_declare_check(inv, plan->tranche, plan->rows, plan->row_bytes, detail));
    work *w = calloc(1, sizeof *w);
    if (!w) {
        return ls_fail(&ls_fault_memory);
    }
    w->inv = inv;
    w->plan = plan;
    w->detail = detail;
    ls_inventory_cursor(inv, &w->cursor);
    const ls_tile_sink tiles = {take_tile, w};
    ls_tranche_leaf made;
    ls_result r = prepare(w, &tiles);
    for (uint64_t i = 0; i < plan->rows && ls_succeeded(r); i++) {
        r = take_row(w, i);
    }
    if (ls_succeeded(r)) {
        r = finish(w, &made);
    }
    release(w);
    if (ls_succeeded(r)) {
        *leaf = made;
    }
    return r;
}
