/* Declaring: files first, then the backup, then the act. */
#include "workspace/declare.h"
#include "bundle/manifest.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

ls_inventory_form ls_declaring_form(const ls_declared *d, const char *file)
{
    return (ls_inventory_form){.file = file,
                               .field_count = d->field_count,
                               .fields = d->fields,
                               .tranche_column = d->tranche_column,
                               .tranche_count = d->tranche_count,
                               .labels = d->labels,
                               .id_column = d->id_column,
                               .latitude = d->latitude,
                               .longitude = d->longitude};
}

ls_result ls_declaring_read(const ls_workspace *ws, int accord, const ls_declared *d, const char *file, ls_bytes csv,
                            ls_declaring *out, ls_detail *detail)
{
    ls_inventory_form form = ls_declaring_form(d, file);
    *out = (ls_declaring){.accord = accord, .declared = d};
    LS_TRY(ls_inventory_read(csv, &form, &out->inventory, detail));
    ls_result r = LS_SUCCESS;
    for (uint32_t k = 1; k <= d->tranche_count && ls_succeeded(r); k++) {
        r = ls_declare_check(&out->inventory, k, d->padded[k - 1], d->row_bytes, detail);
        out->rows += d->padded[k - 1];
    }
    for (size_t i = 0; i < ls_record_declaration_count(ws->record); i++) {
        const ls_record_declaration *x = ls_record_declaration_at(ws->record, i);
        out->supplement = out->supplement ||
                          (ls_record_accord_same(ws->record, x->accord, accord) && ls_bytes_equal(x->name, d->name));
    }
    if (ls_failed(r)) {
        ls_declaring_free(out);
    }
    return r;
}

void ls_declaring_free(ls_declaring *d)
{
    ls_inventory_free(&d->inventory);
    *d = (ls_declaring){0};
}

/* What one declaration is made of while it is made. */
typedef struct making {
    ls_workspace *ws;
    const ls_declaring *d;
    uint8_t nonce[32];
    ls_hash schema, context, root;
    uint8_t *secret; /* M, in guarded memory */
    ls_buf leaf[LS_TRANCHES_MAX];
    char folder[4096], backup[4096]; /* of this declaration */
    ls_progress progress;
    uint64_t done;
} making;

static ls_schema schema_of(const ls_declared *d)
{
    return (ls_schema){
        .field_count = d->field_count, .fields = d->fields, .tranche_count = d->tranche_count, .tranches = d->labels};
}

static ls_result derive(making *m, ls_detail *detail)
{
    const ls_declared *d = m->d->declared;
    ls_schema schema = schema_of(d);
    ls_buf json = {0};
    ls_secret *seed = NULL;
    ls_result r = ls_schema_format(&schema, &json);
    if (ls_succeeded(r)) {
        ls_sha256_hash(ls_buf_bytes(&json), &m->schema);
    }
    ls_buf_free(&json);
    LS_TRY(r);
    ls_random(m->nonce, sizeof m->nonce);
    ls_declaration_context(&m->ws->process, &ls_record_accord(m->ws->record, (size_t)m->d->accord)->id, m->ws->party,
                           d->name, &m->schema, m->nonce, &m->context);
    LS_TRY(ls_workspace_unseal(m->ws, LS_VAULT_DELEGATION, ls_bytes_str("delegation"), &seed, detail));
    ls_declaration_secret(ls_secret_bytes(seed), &m->context, m->secret);
    ls_secret_free(seed);
    return LS_SUCCESS;
}

static void count_rows(void *context, uint64_t rows)
{
    making *m = context;
    m->done += rows;
    if (m->progress.report != NULL) {
        m->progress.report(m->progress.context, m->done, m->d->rows);
    }
}

enum { SEALED, TREE, INDEX, FILES };
static const char *const file_names[FILES] = {"sealed", "tree", "index"};

static ls_result make_tranche(making *m, uint32_t k, ls_file_writer *w, ls_detail *detail)
{
    const ls_declared *d = m->d->declared;
    ls_tranche_leaf leaf;
    for (int i = 0; i < FILES; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%.4000s/tranche-%u.%s", m->folder, k, file_names[i]);
        LS_TRY(ls_file_begin(path, &w[i], detail));
    }
    uint8_t *key = sodium_malloc(32);
    if (key == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_tranche_key(m->secret, k, key);
    ls_tranche_plan plan = {.context = m->context,
                            .tranche = k,
                            .tranches = (uint32_t)d->tranche_count,
                            .rows = d->padded[k - 1],
                            .row_bytes = d->row_bytes,
                            .key = key,
                            .sealed = (ls_output){ls_file_sink, &w[SEALED]},
                            .tree = (ls_output){ls_file_sink, &w[TREE]},
                            .index = (ls_output){ls_file_sink, &w[INDEX]},
                            .progress = count_rows,
                            .progress_context = m};
    ls_result r = ls_declare_tranche(&m->d->inventory, &plan, &leaf, detail);
    sodium_free(key);
    for (int i = 0; i < FILES && ls_succeeded(r); i++) {
        r = ls_file_commit(&w[i], detail);
    }
    LS_TRY(r);
    ls_tranche_leaf_format(&leaf, &m->leaf[k - 1]);
    return ls_buf_check(&m->leaf[k - 1]);
}

static ls_result make_tranches(making *m, ls_detail *detail)
{
    ls_merkle_frontier tree = {0};
    for (uint32_t k = 1; k <= m->d->declared->tranche_count; k++) {
        ls_file_writer w[FILES] = {0};
        ls_hash leaf;
        ls_result r = make_tranche(m, k, w, detail);
        for (int i = 0; i < FILES; i++) {
            ls_file_abort(&w[i]);
        }
        LS_TRY(r);
        ls_merkle_leaf(ls_buf_bytes(&m->leaf[k - 1]), &leaf);
        ls_merkle_append(&tree, &leaf);
    }
    ls_merkle_frontier_root(&tree, &m->root);
    return LS_SUCCESS;
}

static ls_result format_manifest(const making *m, ls_buf *out)
{
    const ls_declared *d = m->d->declared;
    ls_arena arena = {0};
    ls_bytes *leaves = ls_arena_array(&arena, d->tranche_count, sizeof *leaves);
    ls_result r = ls_fail(&ls_fault_memory);
    if (leaves != NULL) {
        for (size_t k = 0; k < d->tranche_count; k++) {
            leaves[k] = ls_buf_bytes(&m->leaf[k]);
        }
        ls_manifest manifest = {
            .declaration = d->name, .schema = schema_of(d), .leaf_count = d->tranche_count, .leaves = leaves};
        r = ls_manifest_format(&manifest, out);
    }
    ls_arena_free(&arena);
    return ls_failed(r) ? r : ls_buf_check(out);
}

static ls_result copy_into(const char *from, const char *to, ls_detail *detail)
{
    ls_map map;
    ls_file_writer w = {0};
    LS_TRY(ls_file_map(from, &map, detail));
    ls_result r = ls_file_begin(to, &w, detail);
    if (ls_succeeded(r)) {
        r = ls_file_append(&w, map.bytes, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_file_commit(&w, detail);
    }
    ls_file_abort(&w);
    ls_file_unmap(&map);
    return r;
}

/* All that openings need: with the delegation's vault and the ledger it brings everything back. */
static ls_result write_backup(making *m, const char *backup, ls_detail *detail)
{
    char from[4096], to[4096], id[2 * 16 + 1];
    ls_hex_encode(ls_bytes_of(m->nonce, 16), id);
    if (strlen(backup) > 3500) {
        return ls_fail_with(&ls_fault_usage, detail, "the backup's path is too long");
    }
    LS_TRY(ls_folder_make(backup, detail));
    snprintf(m->backup, sizeof m->backup, "%.3500s/%.*s-%s", backup, (int)m->d->declared->name.len,
             (const char *)m->d->declared->name.ptr, id);
    LS_TRY(ls_folder_make(m->backup, detail));
    for (uint32_t i = 0; i < FILES * m->d->declared->tranche_count; i++) {
        snprintf(from, sizeof from, "%.4000s/tranche-%u.%s", m->folder, i / FILES + 1, file_names[i % FILES]);
        snprintf(to, sizeof to, "%.4000s/tranche-%u.%s", m->backup, i / FILES + 1, file_names[i % FILES]);
        LS_TRY(copy_into(from, to, detail));
    }
    snprintf(from, sizeof from, "%.4000s/manifest.json", m->folder);
    snprintf(to, sizeof to, "%.4000s/manifest.json", m->backup);
    return copy_into(from, to, detail);
}

static void set_headers(const making *m, ls_act_draft *act)
{
    const ls_declared *d = m->d->declared;
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&ls_record_accord(m->ws->record, (size_t)m->d->accord)->id, hex);
    ls_act_draft_set(act, LS_H_ACCORD, "%s", hex);
    ls_act_draft_set(act, LS_H_DECLARATION, "%.*s", (int)d->name.len, (const char *)d->name.ptr);
    ls_hash_format(&m->schema, hex);
    ls_act_draft_set(act, LS_H_SCHEMA, "%s", hex);
    ls_hex_encode(ls_bytes_of(m->nonce, sizeof m->nonce), hex);
    ls_act_draft_set(act, LS_H_NONCE, "%s", hex);
    ls_act_draft_set(act, LS_H_TRANCHES, "%zu", d->tranche_count);
    ls_act_draft_set(act, LS_H_ROW_BYTES, "%llu", (unsigned long long)d->row_bytes);
    ls_hash_format(&m->root, hex);
    ls_act_draft_set(act, LS_H_ROOT, "%s", hex);
}

static ls_result file_declaration(making *m, ls_bytes manifest, ls_signers as, ls_filed *out, ls_detail *detail)
{
    ls_act_draft act = {0};
    ls_draft draft = {0};
    set_headers(m, &act);
    ls_result r = ls_draft_attach(&draft, &act, "process", "application/json", "manifest.json", manifest, NULL, detail);
    if (ls_succeeded(r)) {
        r = ls_workspace_act(m->ws, "declare", &act, as, &draft, out, detail);
    }
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

static ls_result make_files(making *m, const char *backup, ls_buf *manifest, ls_detail *detail)
{
    char path[4096];
    LS_TRY(ls_folder_make(m->folder, detail));
    LS_TRY(make_tranches(m, detail));
    LS_TRY(format_manifest(m, manifest));
    snprintf(path, sizeof path, "%.4000s/manifest.json", m->folder);
    LS_TRY(ls_file_create(path, ls_buf_bytes(manifest), detail));
    return write_backup(m, backup, detail);
}

static ls_result make(making *m, const char *backup, ls_signers as, ls_filed *out, ls_detail *detail)
{
    char id[2 * 16 + 1];
    ls_buf manifest = {0};
    LS_TRY(derive(m, detail));
    ls_hex_encode(ls_bytes_of(m->nonce, 16), id);
    LS_TRY(ls_workspace_path(m->ws, m->folder, "declarations/%s", id));
    *out = (ls_filed){0};
    ls_result r = make_files(m, backup, &manifest, detail);
    if (ls_succeeded(r)) {
        r = file_declaration(m, ls_buf_bytes(&manifest), as, out, detail);
    }
    /* Once the act has gone to the outbox it may be on the record, whatever failed then, and needs its files. */
    if (ls_failed(r) && out->path[0] == '\0') {
        ls_folder_discard(m->folder);
        ls_folder_discard(m->backup);
    }
    ls_buf_free(&manifest);
    return r;
}

ls_result ls_workspace_declare(ls_workspace *ws, const ls_declaring *d, const char *backup, ls_signers as,
                               ls_progress progress, ls_filed *out, ls_detail *detail)
{
    if (d->declared->tranche_count > LS_TRANCHES_MAX) {
        return ls_fail_with(&ls_fault_usage, detail, "a declaration has at most %d tranches", LS_TRANCHES_MAX);
    }
    making *m = calloc(1, sizeof *m);
    uint8_t *secret = sodium_malloc(32);
    ls_result r = ls_fail(&ls_fault_memory);
    if (m != NULL && secret != NULL) {
        m->ws = ws;
        m->d = d;
        m->secret = secret;
        m->progress = progress;
        r = make(m, backup, as, out, detail);
    }
    for (size_t k = 0; m != NULL && k < LS_TRANCHES_MAX; k++) {
        ls_buf_free(&m->leaf[k]);
    }
    free(m);
    sodium_free(secret);
    return r;
}
