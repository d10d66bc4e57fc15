/* Own declarations, as their files lie in the workspace. */
#include "workspace/own.h"
#include <sodium.h>
#include <stdio.h>

#define MANIFEST_MAX (64u << 20)

static ls_result load_manifest(ls_workspace *ws, ls_own *x, ls_arena *arena, ls_detail *detail)
{
    char path[4096], id[2 * 16 + 1];
    ls_buf text = {0};
    ls_hex_encode(ls_bytes_of(x->declared->nonce, 16), id);
    LS_TRY(ls_workspace_path(ws, x->folder, "declarations/%s", id));
    snprintf(path, sizeof path, "%.4000s/manifest.json", x->folder);
    if (!ls_file_exists(path)) {
        ls_hint(detail, "copy the folder that declare --backup wrote to %s", x->folder);
        return ls_fail_with(&ls_fault_missing, detail, "the sealed rows of this declaration are not in the workspace");
    }
    ls_result r = ls_file_read(path, MANIFEST_MAX, &text, detail);
    if (ls_succeeded(r)) {
        char *kept = ls_arena_str(arena, ls_buf_bytes(&text));
        r = kept == NULL ? ls_fail(&ls_fault_memory)
                         : ls_manifest_parse(arena, ls_bytes_of(kept, text.len), &x->manifest, detail);
    }
    ls_buf_free(&text);
    LS_TRY(r);
    x->leaves = ls_arena_array(arena, x->manifest.leaf_count, sizeof *x->leaves);
    if (x->leaves == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_merkle_leaves(x->manifest.leaves, x->manifest.leaf_count, x->leaves);
    return LS_SUCCESS;
}

/* The request is about it: of this party, that name, with effect, and by an act within its bounds. */
static bool is_wanted(const ls_workspace *ws, const ls_open_request *q, const ls_record_declaration *d)
{
    const ls_record *r = ws->record;
    size_t me = (size_t)(ls_workspace_party(ws) - ls_record_charter(r)->party);
    return ls_record_accord_same(r, d->accord, q->accord) && d->by == me && ls_bytes_equal(d->name, q->declaration) &&
           !ls_record_at(r, d->index).lapsed && d->index >= q->from && (q->before == 0 || d->index < q->before);
}

static ls_result load(ls_workspace *ws, const ls_secret *seed, ls_arena *arena, ls_own *x, ls_detail *detail)
{
    x->secret = sodium_malloc(32);
    if (x->secret == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_declaration_secret(ls_secret_bytes(seed), &x->declared->declared.context, x->secret);
    return load_manifest(ws, x, arena, detail);
}

static ls_result load_all(ls_workspace *ws, const ls_open_request *q, const ls_secret *seed, ls_arena *arena,
                          ls_own *own, size_t *count, ls_detail *detail)
{
    for (size_t i = 0; i < ls_record_declaration_count(ws->record); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(ws->record, i);
        if (is_wanted(ws, q, d)) {
            own[*count].declared = d;
            LS_TRY(load(ws, seed, arena, &own[(*count)++], detail));
        }
    }
    if (*count > 0) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "declare it first: lockstep declare");
    return ls_fail_with(&ls_fault_usage, detail, "this party has declared no %.*s%s", (int)q->declaration.len,
                        (const char *)q->declaration.ptr, q->before > 0 ? " before that" : "");
}

ls_result ls_own_load(ls_workspace *ws, const ls_open_request *q, ls_arena *arena, ls_own **out, size_t *count,
                      ls_detail *detail)
{
    ls_secret *seed = NULL;
    size_t loaded = 0;
    ls_own *own = ls_arena_array(arena, ls_record_declaration_count(ws->record) + 1, sizeof *own);
    if (own == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_unseal(ws, LS_VAULT_DELEGATION, ls_bytes_str("delegation"), &seed, detail));
    ls_result r = load_all(ws, q, seed, arena, own, &loaded, detail);
    ls_secret_free(seed);
    if (ls_failed(r)) {
        ls_own_close(own, loaded);
        return r;
    }
    *out = own;
    *count = loaded;
    return LS_SUCCESS;
}

void ls_own_close(ls_own *own, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sodium_free(own[i].secret);
    }
}

/* A tranche's files. */

static ls_result map_file(const ls_own *x, uint32_t k, const char *what, ls_map *map, ls_detail *detail)
{
    char path[4096];
    snprintf(path, sizeof path, "%.4000s/tranche-%u.%s", x->folder, k, what);
    return ls_file_map(path, map, detail);
}

void ls_own_files_close(ls_own_files *f)
{
    ls_map *maps[] = {&f->sealed, &f->tree, &f->index};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (maps[i]->bytes.ptr != NULL) {
            ls_file_unmap(maps[i]);
        }
    }
    sodium_free(f->key);
    *f = (ls_own_files){0};
}

static ls_result files_fill(const ls_own *x, uint32_t k, ls_own_files *f, ls_detail *detail)
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

ls_result ls_own_files_open(const ls_own *x, uint32_t k, ls_own_files *f, ls_detail *detail)
{
    *f = (ls_own_files){0};
    if (k < 1 || k > x->manifest.leaf_count) {
        return ls_fail_with(&ls_fault_usage, detail, "the declaration has tranches 1 to %zu", x->manifest.leaf_count);
    }
    ls_result r = files_fill(x, k, f, detail);
    if (ls_failed(r)) {
        ls_own_files_close(f);
    }
    return r;
}
