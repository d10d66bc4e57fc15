/* Opening: an opening file made from the workspace's own declarations, checked as a stranger would, then filed. */
#include "bundle/manifest.h"
#include "workspace/declare.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define MANIFEST_MAX (64u << 20)

/* One of this party's declarations, with its manifest and its secret. */
typedef struct own {
    const ls_record_declaration *declared;
    char folder[4096];
    ls_manifest manifest;
    ls_hash *leaves; /* leaf hashes, for paths */
    uint8_t *secret; /* M */
} own;

/* One tranche of it with its files mapped. */
typedef struct own_files {
    ls_own_tranche tranche;
    ls_hash path[LS_MERKLE_PROOF_MAX];
    uint8_t *key;
    ls_map sealed, tree, index;
} own_files;

typedef struct opening {
    ls_workspace *ws;
    const ls_open_request *q;
    ls_arena arena;
    own *own;
    size_t count;
    /* Of the file that is being made: */
    const bool *fields; /* NULL: all */
    ls_buf parts;       /* row parts, collected before the file begins with their number */
    uint32_t part_count;
} opening;

/* Declarations. */

static ls_result load_manifest(opening *o, own *x, ls_detail *detail)
{
    char path[4096], id[2 * 16 + 1];
    ls_buf text = {0};
    ls_hex_encode(ls_bytes_of(x->declared->nonce, 16), id);
    LS_TRY(ls_workspace_path(o->ws, x->folder, "declarations/%s", id));
    snprintf(path, sizeof path, "%.4000s/manifest.json", x->folder);
    if (!ls_file_exists(path)) {
        ls_hint(detail, "copy the folder that declare --backup wrote to %s", x->folder);
        return ls_fail_with(&ls_fault_missing, detail, "the sealed rows of this declaration are not in the workspace");
    }
    ls_result r = ls_file_read(path, MANIFEST_MAX, &text, detail);
    if (ls_succeeded(r)) {
        char *kept = ls_arena_str(&o->arena, ls_buf_bytes(&text));
        r = kept == NULL ? ls_fail(&ls_fault_memory)
                         : ls_manifest_parse(&o->arena, ls_bytes_of(kept, text.len), &x->manifest, detail);
    }
    ls_buf_free(&text);
    LS_TRY(r);
    x->leaves = ls_arena_array(&o->arena, x->manifest.leaf_count, sizeof *x->leaves);
    if (x->leaves == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_merkle_leaves(x->manifest.leaves, x->manifest.leaf_count, x->leaves);
    return LS_SUCCESS;
}

static ls_result load_declarations(opening *o, ls_detail *detail)
{
    const ls_record *r = o->ws->record;
    size_t all = ls_record_declaration_count(r);
    size_t me = (size_t)(ls_workspace_party(o->ws) - ls_record_charter(r)->party);
    ls_secret *seed = NULL;
    o->own = ls_arena_array(&o->arena, all + 1, sizeof *o->own);
    if (o->own == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_unseal(o->ws, LS_VAULT_DELEGATION, ls_bytes_str("delegation"), &seed, detail));
    ls_result result = LS_SUCCESS;
    for (size_t i = 0; i < all && ls_succeeded(result); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(r, i);
        if (!ls_record_accord_same(r, d->accord, o->q->accord) || d->by != me ||
            !ls_bytes_equal(d->name, o->q->declaration) || ls_record_at(r, d->index).lapsed) {
            continue;
        }
        own *x = &o->own[o->count++];
        x->declared = d;
        x->secret = sodium_malloc(32);
        if (x->secret == NULL) {
            result = ls_fail(&ls_fault_memory);
            break;
        }
        ls_declaration_secret(ls_secret_bytes(seed), &d->declared.context, x->secret);
        result = load_manifest(o, x, detail);
    }
    ls_secret_free(seed);
    if (ls_succeeded(result) && o->count == 0) {
        ls_hint(detail, "declare it first: lockstep declare");
        return ls_fail_with(&ls_fault_usage, detail, "this party has declared no %.*s", (int)o->q->declaration.len,
                            (const char *)o->q->declaration.ptr);
    }
    return result;
}

/* A tranche's files. */

static ls_result map_file(const own *x, uint32_t k, const char *what, ls_map *map, ls_detail *detail)
{
    char path[4096];
    snprintf(path, sizeof path, "%.4000s/tranche-%u.%s", x->folder, k, what);
    return ls_file_map(path, map, detail);
}

static void files_close(own_files *f)
{
    ls_map *maps[] = {&f->sealed, &f->tree, &f->index};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (maps[i]->bytes.ptr != NULL) {
            ls_file_unmap(maps[i]);
        }
    }
    sodium_free(f->key);
    *f = (own_files){0};
}

static ls_result files_fill(const own *x, uint32_t k, own_files *f, ls_detail *detail)
{
    size_t count;
    f->key = sodium_malloc(32);
    if (f->key == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_tranche_key(x->secret, k, f->key);
    LS_TRY(map_file(x, k, "sealed", &f->sealed, detail));
    LS_TRY(map_file(x, k, "tree", &f->tree, detail));
    LS_TRY(map_file(x, k, "index", &f->index, detail));
    LS_TRY(ls_merkle_prove_inclusion(k - 1, x->manifest.leaf_count, ls_merkle_read_leaves, x->leaves, f->path, &count));
    f->tranche = (ls_own_tranche){.context = x->declared->declared.context,
                                  .key = f->key,
                                  .row_bytes = x->declared->declared.row_bytes,
                                  .leaf = x->manifest.leaves[k - 1],
                                  .path = f->path,
                                  .path_count = count,
                                  .sealed = f->sealed.bytes,
                                  .tree = f->tree.bytes,
                                  .index = f->index.bytes};
    return LS_SUCCESS;
}

static ls_result files_open(const own *x, uint32_t k, own_files *f, ls_detail *detail)
{
    *f = (own_files){0};
    if (k < 1 || k > x->manifest.leaf_count) {
        return ls_fail_with(&ls_fault_usage, detail, "the declaration has tranches 1 to %zu", x->manifest.leaf_count);
    }
    ls_result r = files_fill(x, k, f, detail);
    if (ls_failed(r)) {
        files_close(f);
    }
    return r;
}

/* Parts. */

static ls_result tranche_parts(opening *o, ls_output out, ls_detail *detail)
{
    LS_TRY(ls_open_begin((uint32_t)o->count, out, detail));
    for (size_t i = 0; i < o->count; i++) {
        own_files f;
        LS_TRY(files_open(&o->own[i], o->q->tranche, &f, detail));
        ls_result r = ls_open_tranche(&f.tranche, out, detail);
        files_close(&f);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

/* Of every row of the tranche the fields that this audience is shown. */
static ls_result field_part(const opening *o, const own_files *f, uint64_t rows, ls_output out, ls_detail *detail)
{
    uint64_t *all = reallocarray(NULL, rows, sizeof *all);
    if (all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint64_t i = 0; i < rows; i++) {
        all[i] = i;
    }
    ls_result r = ls_open_rows(&f->tranche, all, rows, o->fields, out, detail);
    free(all);
    return r;
}

static ls_result field_parts(opening *o, ls_output out, ls_detail *detail)
{
    LS_TRY(ls_open_begin((uint32_t)o->count, out, detail));
    for (size_t i = 0; i < o->count; i++) {
        own_files f;
        ls_tranche_leaf leaf;
        LS_TRY(files_open(&o->own[i], o->q->tranche, &f, detail));
        ls_result r = ls_tranche_leaf_parse(f.tranche.leaf, &leaf)
                          ? field_part(o, &f, leaf.rows, out, detail)
                          : ls_fail_with(&ls_fault_declaration_files, detail, "the manifest is damaged");
        files_close(&f);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static int by_row(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Every row of this tranche with one of the ids; an id that stands twice opens twice. */
static ls_result find_rows(const opening *o, const own_files *f, uint64_t *rows, size_t cap, size_t *count, bool *seen,
                           ls_detail *detail)
{
    *count = 0;
    for (size_t i = 0; i < o->q->id_count; i++) {
        bool found = true;
        for (uint32_t j = 0; found; j++) {
            uint64_t row;
            LS_TRY(ls_open_find(&f->tranche, ls_bytes_str(o->q->ids[i]), j, &found, &row, detail));
            if (found && *count == cap) {
                return ls_fail_with(&ls_fault_usage, detail, "more than %zu rows have these ids", cap);
            }
            if (found) {
                rows[(*count)++] = row;
                seen[i] = true;
            }
        }
    }
    qsort(rows, *count, sizeof *rows, by_row);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (kept == 0 || rows[i] != rows[kept - 1]) {
            rows[kept++] = rows[i];
        }
    }
    *count = kept;
    return LS_SUCCESS;
}

#define ROWS_MAX 65536

static ls_result row_part(opening *o, const own_files *f, uint64_t *rows, bool *seen, ls_detail *detail)
{
    size_t count;
    LS_TRY(find_rows(o, f, rows, ROWS_MAX, &count, seen, detail));
    if (count == 0) {
        return LS_SUCCESS;
    }
    o->part_count++;
    return ls_open_rows(&f->tranche, rows, count, o->fields, ls_output_buf(&o->parts), detail);
}

static ls_result collect_row_parts(opening *o, uint64_t *rows, bool *seen, ls_detail *detail)
{
    for (size_t i = 0; i < o->count; i++) {
        for (uint32_t k = 1; k <= o->own[i].manifest.leaf_count; k++) {
            own_files f;
            LS_TRY(files_open(&o->own[i], k, &f, detail));
            ls_result r = row_part(o, &f, rows, seen, detail);
            files_close(&f);
            LS_TRY(r);
        }
    }
    for (size_t i = 0; i < o->q->id_count; i++) {
        if (!seen[i]) {
            ls_hint(detail, "ids are compared byte for byte, as they stand in the inventory");
            return ls_fail_with(&ls_fault_usage, detail, "no declared row has the id \"%s\"", o->q->ids[i]);
        }
    }
    return LS_SUCCESS;
}

static ls_result row_parts(opening *o, ls_output out, ls_detail *detail)
{
    uint64_t *rows = ls_arena_array(&o->arena, ROWS_MAX, sizeof *rows);
    bool *seen = ls_arena_array(&o->arena, o->q->id_count + 1, sizeof *seen);
    if (rows == NULL || seen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(collect_row_parts(o, rows, seen, detail));
    LS_TRY(ls_open_begin(o->part_count, out, detail));
    return ls_output_write(out, ls_buf_bytes(&o->parts), detail);
}

/* Checked as a stranger would: what does not verify is never filed. */
static ls_result verify_file(const opening *o, ls_opening_file *file, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_map map;
    ls_opening_part *part;
    LS_TRY(ls_file_map(file->path, &map, detail));
    ls_result r = ls_opening_parse(&arena, map.bytes, o->own[0].declared->declared.fields, &part, &file->parts);
    for (size_t i = 0; ls_succeeded(r) && i < file->parts; i++) {
        ls_opening_report report;
        const ls_declaration *d = &o->own[0].declared->declared;
        for (size_t j = 0; j < o->count; j++) {
            if (ls_hash_equal(&part[i].context, &o->own[j].declared->declared.context)) {
                d = &o->own[j].declared->declared;
            }
        }
        r = ls_opening_verify(&part[i], d, NULL, NULL, &report);
        if (ls_succeeded(r) && report.verdict != LS_OPENED) {
            r = ls_fail_with(&ls_fault_declaration_files, detail, "the declaration's files are damaged: %s",
                             report.reason);
        }
        file->rows += report.rows;
        file->blank += report.blank;
    }
    ls_file_unmap(&map);
    ls_arena_free(&arena);
    return r;
}

static ls_result put_parts(opening *o, ls_output out, ls_detail *detail)
{
    if (o->q->tranche == 0) {
        return row_parts(o, out, detail);
    }
    return o->fields == NULL ? tranche_parts(o, out, detail) : field_parts(o, out, detail);
}

static ls_result make_file(opening *o, ls_opening_file *file, ls_detail *detail)
{
    uint8_t random[8];
    char name[2 * sizeof random + 1];
    ls_file_writer w = {0};
    o->fields = file->fields;
    ls_random(random, sizeof random);
    ls_hex_encode(ls_bytes_of(random, sizeof random), name);
    LS_TRY(ls_workspace_path(o->ws, file->path, "outbox/%s.opening", name));
    LS_TRY(ls_file_begin(file->path, &w, detail));
    ls_result r = put_parts(o, ls_output_file(&w), detail);
    if (ls_succeeded(r)) {
        r = ls_file_commit(&w, detail);
    }
    ls_file_abort(&w);
    return ls_failed(r) ? r : verify_file(o, file, detail);
}

/* One file for each audience that the accord names; single rows go to one audience. */
static ls_result make_files(opening *o, ls_opening_files *out, ls_detail *detail)
{
    const ls_declared *d =
        ls_roadmap_declaration(ls_record_accord(o->ws->record, (size_t)o->q->accord)->roadmap, o->q->declaration);
    LS_TRY(load_declarations(o, detail));
    size_t count = o->q->tranche > 0 ? d->audience_count : 1;
    for (size_t i = 0; i < count; i++) {
        ls_opening_file *file = &out->file[out->count++];
        bool whole = o->q->tranche > 0;
        *file = (ls_opening_file){.audience = whole ? d->audiences[i].name : o->q->audience,
                                  .fields = whole ? d->audiences[i].fields : o->q->fields};
        LS_TRY(make_file(o, file, detail));
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_make_openings(ls_workspace *ws, const ls_open_request *q, ls_opening_files *out,
                                     ls_detail *detail)
{
    opening o = {.ws = ws, .q = q};
    *out = (ls_opening_files){0};
    ls_result r = make_files(&o, out, detail);
    for (size_t i = 0; i < o.count; i++) {
        sodium_free(o.own[i].secret);
    }
    ls_buf_wipe(&o.parts);
    ls_arena_free(&o.arena);
    if (ls_failed(r)) {
        ls_opening_files_discard(out);
    }
    return r;
}

void ls_opening_files_discard(ls_opening_files *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->file[i].path[0] != '\0' && ls_file_exists(f->file[i].path)) {
            (void)ls_failed(ls_file_remove(f->file[i].path, NULL));
        }
    }
    *f = (ls_opening_files){0};
}

/* "sites-tranche-1.opening", "sites-rows.opening"; a second file that all can read bears its audience's name. */
static void name_file(const ls_open_request *q, const ls_opening_file *f, bool first, char *out, size_t cap)
{
    char what[32] = "rows";
    if (q->tranche > 0) {
        snprintf(what, sizeof what, "tranche-%u", q->tranche);
    }
    snprintf(out, cap, "%.*s-%s%s%.*s.opening", (int)q->declaration.len, (const char *)q->declaration.ptr, what,
             first ? "" : "-", first ? 0 : (int)f->audience.len, (const char *)f->audience.ptr);
}

static ls_result attach_openings(const ls_open_request *q, const ls_opening_files *f, ls_draft *draft,
                                 ls_act_draft *act, ls_detail *detail)
{
    for (size_t i = 0; i < f->count; i++) {
        char name[2 * LS_NAME_MAX + 48], audience[LS_NAME_MAX + 1];
        snprintf(audience, sizeof audience, "%.*s", (int)f->file[i].audience.len,
                 (const char *)f->file[i].audience.ptr);
        name_file(q, &f->file[i], i == 0, name, sizeof name);
        LS_TRY(ls_draft_attach(draft, act, audience, "application/octet-stream", name, (ls_bytes){0}, f->file[i].path,
                               detail));
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_open_act(ls_workspace *ws, const ls_open_request *q, const ls_opening_files *f, ls_signers as,
                                ls_filed *out, ls_detail *detail)
{
    ls_act_draft act = {0};
    ls_draft draft = {0};
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&ls_record_accord(ws->record, (size_t)q->accord)->id, hex);
    ls_act_draft_set(&act, LS_H_ACCORD, "%s", hex);
    ls_act_draft_set(&act, LS_H_DECLARATION, "%.*s", (int)q->declaration.len, (const char *)q->declaration.ptr);
    if (q->tranche > 0) {
        ls_act_draft_set(&act, LS_H_TRANCHE, "%u", q->tranche);
    } else {
        ls_act_draft_set(&act, LS_H_ROWS, "%llu", (unsigned long long)f->file[0].rows);
    }
    ls_result r = attach_openings(q, f, &draft, &act, detail);
    if (ls_succeeded(r)) {
        r = ls_workspace_act(ws, "open", &act, as, &draft, out, detail);
    }
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}
