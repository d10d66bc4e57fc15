/*
 * Measures declarations and openings on one core, and prints one JSON object a line: {"name", "value", "unit"}.
 *
 *   bench_escrow FILE.csv [FOLDER]
 *
 * FILE.csv is an inventory whose column `copy` says the tranche and whose column `id` names the row; every other
 * column is a field. Everything that declare writes goes to FOLDER (default: the current one) and is removed again.
 * Rates are per second of processor time, durations by the clock.
 */
#include "bench.h"
#include "escrow/declare.h"
#include "escrow/open.h"
#include "escrow/seal.h"
#include "os/os.h"
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define TRANCHES_MAX 64
#define SINGLE_ROWS 50

typedef struct bench {
    const char *folder;
    ls_map input;
    ls_inventory inv;
    ls_inventory_form form;
    ls_bytes fields[LS_COLUMNS_MAX], labels[TRANCHES_MAX];
    ls_declaration declaration;
    ls_hash leaf_hash[TRANCHES_MAX], path[TRANCHES_MAX][LS_MERKLE_PROOF_MAX];
    size_t path_count[TRANCHES_MAX];
    ls_buf leaf[TRANCHES_MAX];
    uint8_t secret[32];
    uint64_t rows;
} bench;

static void pin(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(sched_getcpu() < 0 ? 0 : sched_getcpu(), &set);
    sched_setaffinity(0, sizeof set, &set);
}

/* The form follows from the file: all columns but `copy` are fields, all values of `copy` are tranches. */
static void read_form(bench *b, ls_arena *arena)
{
    static ls_csv csv;
    ls_csv_row row;
    bool more;
    size_t copy = 0;
    ls_csv_open(&csv, b->input.bytes, ls_csv_guess_separator(b->input.bytes));
    bench_must(ls_csv_next(&csv, &row, &more, NULL), NULL);
    for (size_t i = 0; i < row.count; i++) {
        if (ls_bytes_is(row.fields[i], "copy")) {
            copy = i;
        } else {
            b->fields[b->form.field_count++] = ls_bytes_str(ls_arena_str(arena, row.fields[i]));
        }
    }
    for (bench_must(ls_csv_next(&csv, &row, &more, NULL), NULL); more;
         bench_must(ls_csv_next(&csv, &row, &more, NULL), NULL)) {
        size_t count = b->form.tranche_count;
        if (count == 0 || !ls_bytes_equal(row.fields[copy], b->labels[count - 1])) {
            b->labels[b->form.tranche_count++ % TRANCHES_MAX] = ls_bytes_str(ls_arena_str(arena, row.fields[copy]));
        }
    }
    ls_csv_close(&csv);
    b->form.fields = b->fields;
    b->form.labels = b->labels;
    b->form.tranche_column = ls_bytes_str("copy");
    b->form.id_column = ls_bytes_str("id");
    b->form.latitude = ls_bytes_str("le_latitude_deg");
    b->form.longitude = ls_bytes_str("le_longitude_deg");
}

static void name_of(const bench *b, const char *what, uint32_t k, char out[static 4096])
{
    snprintf(out, 4096, "%s/bench-%" PRIu32 ".%s", b->folder, k, what);
}

typedef struct files {
    ls_file_writer sealed, tree, index;
} files;

static void declare_one(bench *b, uint32_t k, bool written)
{
    static files f;
    char path[4096];
    uint8_t key[32];
    ls_detail detail = {0};
    ls_tranche_leaf leaf;
    ls_tranche_key(b->secret, k, key);
    ls_tranche_plan plan = {.context = b->declaration.context,
                            .tranche = k,
                            .tranches = b->declaration.tranches,
                            .rows = ls_inventory_rows(&b->inv, k),
                            .row_bytes = b->declaration.row_bytes,
                            .key = key,
                            .sealed = ls_output_none(),
                            .tree = ls_output_none(),
                            .index = ls_output_none()};
    if (written) {
        memset(&f, 0, sizeof f);
        name_of(b, "sealed", k, path);
        bench_must(ls_file_begin(path, &f.sealed, &detail), &detail);
        name_of(b, "tree", k, path);
        bench_must(ls_file_begin(path, &f.tree, &detail), &detail);
        name_of(b, "index", k, path);
        bench_must(ls_file_begin(path, &f.index, &detail), &detail);
        plan.sealed = (ls_output){ls_file_sink, &f.sealed};
        plan.tree = (ls_output){ls_file_sink, &f.tree};
        plan.index = (ls_output){ls_file_sink, &f.index};
    }
    bench_must(ls_declare_tranche(&b->inv, &plan, &leaf, &detail), &detail);
    if (written) {
        bench_must(ls_file_commit(&f.sealed, &detail), &detail);
        bench_must(ls_file_commit(&f.tree, &detail), &detail);
        bench_must(ls_file_commit(&f.index, &detail), &detail);
    }
    b->leaf[k - 1].len = 0;
    ls_tranche_leaf_format(&leaf, &b->leaf[k - 1]);
    ls_merkle_leaf(ls_buf_bytes(&b->leaf[k - 1]), &b->leaf_hash[k - 1]);
}

static ls_result read_leaf(void *context, unsigned level, uint64_t index, ls_hash *out)
{
    const bench *b = context;
    ls_hash leaves[TRANCHES_MAX];
    uint64_t count = UINT64_C(1) << level;
    memcpy(leaves, b->leaf_hash + index * count, count * sizeof *leaves);
    ls_merkle_root(leaves, count, out);
    return LS_SUCCESS;
}

/* From the file to the declaration's root. */
static void declare(bench *b, bool written)
{
    ls_detail detail = {0};
    bench_must(ls_inventory_read(b->input.bytes, &b->form, &b->inv, &detail), &detail);
    b->rows = b->inv.row_count;
    b->declaration.tranches = (uint32_t)b->form.tranche_count;
    b->declaration.fields = (uint32_t)b->form.field_count;
    b->declaration.row_bytes = 0;
    for (uint32_t k = 1; k <= b->form.tranche_count; k++) {
        uint64_t need = b->inv.bytes[k - 1] / ls_inventory_rows(&b->inv, k) + 1;
        b->declaration.row_bytes = need > b->declaration.row_bytes ? need : b->declaration.row_bytes;
    }
    for (uint32_t k = 1; k <= b->form.tranche_count; k++) {
        declare_one(b, k, written);
    }
    ls_hash leaves[TRANCHES_MAX];
    memcpy(leaves, b->leaf_hash, sizeof leaves);
    ls_merkle_root(leaves, b->form.tranche_count, &b->declaration.root);
    for (uint32_t k = 1; k <= b->form.tranche_count; k++) {
        bench_must(ls_merkle_prove_inclusion(k - 1, b->form.tranche_count, read_leaf, b, b->path[k - 1],
                                             &b->path_count[k - 1]),
                   NULL);
    }
}

/* How long the hashing alone would take: as many compressions as the tranches need for commitments, row leaves, nodes
 * and the hash of the sealed rows, in a bare loop over long messages, many at once. */
static double hash_limit(const bench *b)
{
    enum { MESSAGES = 16, BLOCKS = 1024 };
    static uint8_t text[MESSAGES][64 * BLOCKS];
    uint64_t fields = b->declaration.fields;
    uint64_t row_leaf = (1 + fields * LS_HASH_SIZE + 8) / 64 + 1, node = 2;
    uint64_t compressions = b->rows * (fields + row_leaf + node) + b->rows * b->declaration.row_bytes / 64;
    ls_bytes messages[MESSAGES];
    ls_hash hashes[MESSAGES];
    for (int i = 0; i < MESSAGES; i++) {
        messages[i] = ls_bytes_of(text[i], sizeof text[i]);
    }
    double start = bench_busy();
    for (uint64_t done = 0; done < compressions; done += MESSAGES * (BLOCKS + 1)) {
        ls_sha256_many(NULL, messages, MESSAGES, hashes);
    }
    return bench_busy() - start;
}

typedef struct own {
    ls_own_tranche tranche;
    ls_map sealed, tree, index;
    uint8_t key[32];
} own;

static void open_own(bench *b, uint32_t k, own *o)
{
    char path[4096];
    ls_detail detail = {0};
    ls_tranche_key(b->secret, k, o->key);
    name_of(b, "sealed", k, path);
    bench_must(ls_file_map(path, &o->sealed, &detail), &detail);
    name_of(b, "tree", k, path);
    bench_must(ls_file_map(path, &o->tree, &detail), &detail);
    name_of(b, "index", k, path);
    bench_must(ls_file_map(path, &o->index, &detail), &detail);
    o->tranche = (ls_own_tranche){.context = b->declaration.context,
                                  .key = o->key,
                                  .row_bytes = b->declaration.row_bytes,
                                  .leaf = ls_buf_bytes(&b->leaf[k - 1]),
                                  .path = b->path[k - 1],
                                  .path_count = b->path_count[k - 1],
                                  .sealed = o->sealed.bytes,
                                  .tree = o->tree.bytes,
                                  .index = o->index.bytes};
}

static void close_own(own *o)
{
    ls_file_unmap(&o->sealed);
    ls_file_unmap(&o->tree);
    ls_file_unmap(&o->index);
}

static void verify_file(const bench *b, ls_bytes file)
{
    ls_arena arena = {0};
    ls_opening_part *parts;
    size_t count;
    ls_opening_report report;
    bench_must(ls_opening_parse(&arena, file, b->declaration.fields, &parts, &count), NULL);
    for (size_t i = 0; i < count; i++) {
        bench_must(ls_opening_verify(&parts[i], &b->declaration, NULL, NULL, &report), NULL);
        if (report.verdict != LS_OPENED) {
            fprintf(stderr, "bench_escrow: tranche %" PRIu32 ": %s\n", report.tranche, report.reason);
            exit(1);
        }
    }
    ls_arena_free(&arena);
}

/* Verifies an opening of every tranche; only verifying is timed. */
static double verify_all(bench *b)
{
    double seconds = 0;
    for (uint32_t k = 1; k <= b->declaration.tranches; k++) {
        own o;
        ls_buf file = {0};
        open_own(b, k, &o);
        bench_must(ls_open_begin(1, ls_output_buf(&file), NULL), NULL);
        bench_must(ls_open_tranche(&o.tranche, ls_output_buf(&file), NULL), NULL);
        double start = bench_busy();
        verify_file(b, ls_buf_bytes(&file));
        seconds += bench_busy() - start;
        ls_buf_free(&file);
        close_own(&o);
    }
    return seconds;
}

/* Looks for an id in all tranches, as who is asked for a row must, and opens where it stands first. */
static void open_row(bench *b, ls_bytes id, ls_buf *file)
{
    for (uint32_t k = 1; k <= b->declaration.tranches; k++) {
        own o;
        bool found;
        uint64_t row;
        open_own(b, k, &o);
        bench_must(ls_open_find(&o.tranche, id, 0, &found, &row, NULL), NULL);
        if (found && file->len == 0) {
            bench_must(ls_open_begin(1, ls_output_buf(file), NULL), NULL);
            bench_must(ls_open_rows(&o.tranche, &row, 1, NULL, ls_output_buf(file), NULL), NULL);
        }
        close_own(&o);
    }
}

static void single_rows(bench *b)
{
    static ls_csv cursor;
    ls_bytes values[LS_COLUMNS_MAX];
    double slowest = 0, verified = 0;
    size_t largest = 0;
    ls_inventory_cursor(&b->inv, &cursor);
    for (uint64_t i = 0; i < SINGLE_ROWS; i++) {
        ls_buf file = {0};
        uint64_t rows = ls_inventory_rows(&b->inv, 1);
        bench_must(ls_inventory_row(&b->inv, &cursor, 1, i * (rows / SINGLE_ROWS), values, NULL), NULL);
        double start = ls_clock_monotonic();
        open_row(b, values[b->inv.id_field], &file);
        double opened = ls_clock_monotonic();
        verify_file(b, ls_buf_bytes(&file));
        double end = ls_clock_monotonic();
        slowest = opened - start > slowest ? opened - start : slowest;
        verified = end - opened > verified ? end - opened : verified;
        largest = file.len > largest ? file.len : largest;
        ls_buf_free(&file);
    }
    ls_csv_close(&cursor);
    bench_figure("row_opening_ms", slowest * 1e3, "ms");
    bench_figure("row_opening_bytes", (double)largest, "bytes");
    bench_figure("row_verify_ms", verified * 1e3, "ms");
}

static double peak_memory(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024;
}

static void remove_files(const bench *b)
{
    static const char *const kinds[] = {"sealed", "tree", "index"};
    for (uint32_t k = 1; k <= b->declaration.tranches; k++) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            char path[4096];
            name_of(b, kinds[i], k, path);
            unlink(path);
        }
    }
}

int main(int argc, char **argv)
{
    static bench b;
    ls_arena arena = {0};
    ls_detail detail = {0};
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: bench_escrow FILE.csv [FOLDER]\n");
        return 2;
    }
    pin();
    b.folder = argc == 3 ? argv[2] : ".";
    bench_must(ls_crypto_init(), NULL);
    bench_must(ls_file_map(argv[1], &b.input, &detail), &detail);
    ls_random(b.secret, sizeof b.secret);
    ls_random(b.declaration.context.b, LS_HASH_SIZE);
    read_form(&b, &arena);
    double start = bench_busy();
    declare(&b, false);
    double bare = bench_busy() - start;
    bench_figure("declare_rows_per_s_core", (double)b.rows / bare, "rows/s");
    ls_inventory_free(&b.inv);
    start = ls_clock_monotonic();
    declare(&b, true);
    bench_figure("declare_seconds_with_sync", ls_clock_monotonic() - start, "s");
    bench_figure("declare_peak_rss_over_input", peak_memory() / (double)b.input.bytes.len, "ratio");
    double limit = hash_limit(&b);
    bench_figure("declare_share_of_hash_limit", limit / bare, "ratio");
    double verified = verify_all(&b);
    bench_figure("verify_rows_per_s_core", (double)b.rows / verified, "rows/s");
    single_rows(&b);
    remove_files(&b);
    return 0;
}
