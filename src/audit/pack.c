/* The bundle that an audit makes: claims, and what of the histories they need. */
#include "audit/internal.h"
#include "bundle/entries.h"
#include <stdio.h>

/* Claims. */

ls_result ls_audit_begin_claim(audit *a, const ls_claim *claim, const view *history)
{
    if (a->claim_count == LS_CLAIMS_MAX) {
        return ls_fail_with(&ls_fault_usage, a->detail, "more is wrong than one file of evidence can claim");
    }
    drafted_claim *c = &a->claim[a->claim_count++];
    *c = (drafted_claim){.claim = *claim, .history = history};
    return LS_SUCCESS;
}

ls_result ls_audit_put(audit *a, const char *part, ls_bytes content)
{
    drafted_claim *c = &a->claim[a->claim_count - 1];
    char *kept = ls_arena_str(a->arena, content);
    if (kept == NULL || c->part_count == LS_AUDIT_PARTS_MAX) {
        return ls_fail(kept == NULL ? &ls_fault_memory : &ls_fault_bug);
    }
    c->part[c->part_count].name = part;
    c->part[c->part_count++].content = ls_bytes_of(kept, content.len);
    return LS_SUCCESS;
}

void ls_audit_drop_claim(audit *a, size_t number)
{
    a->claim_count--;
    for (size_t i = number - 1; i < a->claim_count; i++) {
        a->claim[i] = a->claim[i + 1];
    }
}

/* Which histories the claims need, and how much of each. */
static void number_histories(audit *a)
{
    size_t numbers = 0;
    for (size_t i = 0; i < a->view_count; i++) {
        a->view[i].bundled = 0;
        a->view[i].number = 0;
    }
    for (size_t i = 0; i < a->claim_count; i++) {
        drafted_claim *c = &a->claim[i];
        if (c->history == NULL) {
            continue;
        }
        view *v = &a->view[c->history - a->view];
        /* An entry that is refused comes after those that are replayed. */
        uint64_t needed = c->claim.size + (c->claim.kind == LS_CLAIM_ENTRY ? 1 : 0);
        v->number = v->number > 0 ? v->number : ++numbers;
        v->bundled = v->bundled > needed ? v->bundled : needed;
        c->claim.history = v->number;
    }
}

static ls_result put_claim(const drafted_claim *c, size_t number, ls_buf *out)
{
    char name[LS_BUNDLE_NAME_MAX + 1];
    ls_buf text = {0};
    ls_claim_format(&c->claim, &text);
    ls_claim_member(number, "claim", name);
    ls_result r = ls_buf_check(&text);
    r = ls_succeeded(r) ? ls_bundle_put(out, name, ls_buf_bytes(&text)) : r;
    ls_buf_free(&text);
    for (size_t i = 0; ls_succeeded(r) && i < c->part_count; i++) {
        ls_claim_member(number, c->part[i].name, name);
        r = ls_bundle_put(out, name, c->part[i].content);
    }
    return r;
}

/* Entries of a history in tiles. */

typedef struct tiles {
    ls_buf *out, tile;
    const view *v;
} tiles;

static ls_result put_entry(void *context, uint64_t index, ls_bytes note)
{
    tiles *t = context;
    char path[LS_TILE_PATH_SIZE], name[LS_BUNDLE_NAME_MAX + 1];
    ls_entries_put(&t->tile, note);
    if ((index + 1) % LS_TILE_WIDTH != 0 && index + 1 < t->v->bundled) {
        return ls_buf_check(&t->tile);
    }
    ls_tile_path(LS_TILE_ENTRIES, index / LS_TILE_WIDTH, (unsigned)(index % LS_TILE_WIDTH) + 1, path);
    ls_history_member(t->v->number, path, name);
    LS_TRY(ls_buf_check(&t->tile));
    ls_result r = ls_bundle_put(t->out, name, ls_buf_bytes(&t->tile));
    t->tile.len = 0;
    return r;
}

static ls_result put_history(audit *a, const view *v, ls_buf *out)
{
    tiles t = {.out = out, .v = v};
    ls_result r = v->source->read(v->source, 0, v->bundled, put_entry, &t, a->detail);
    ls_buf_free(&t.tile);
    return r;
}

/* Files. */

static bool is_packed(const ls_buf *packed, const ls_hash *hash)
{
    for (size_t at = 0; at < packed->len; at += sizeof *hash) {
        if (memcmp(packed->ptr + at, hash, sizeof *hash) == 0) {
            return true;
        }
    }
    return false;
}

static ls_result put_file(audit *a, const needed_file *f, ls_buf *packed, ls_buf *out)
{
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_arena arena = {0};
    ls_bytes content;
    if (is_packed(packed, &f->hash)) {
        return LS_SUCCESS;
    }
    ls_buf_put(packed, &f->hash, sizeof f->hash);
    ls_bundle_attachment_format(&f->hash, name);
    ls_result r = ls_audit_fetch(a, &f->hash, f->size, &arena, &content);
    r = ls_succeeded(r) ? ls_bundle_put(out, name, content) : r;
    ls_arena_free(&arena);
    return r;
}

/* What acceptance asks for: of the charter, and of as much of the history as is in the bundle. */
static ls_result put_files(audit *a, const view *v, ls_buf *packed, ls_buf *out)
{
    for (size_t at = 0; at < v->files.len; at += sizeof(needed_file)) {
        needed_file f;
        memcpy(&f, v->files.ptr + at, sizeof f);
        if (f.at < v->bundled || f.at == 0) {
            LS_TRY(put_file(a, &f, packed, out));
        }
    }
    return LS_SUCCESS;
}

static ls_result pack(audit *a, ls_buf *out)
{
    ls_buf packed = {0};
    ls_result r = ls_bundle_put(out, "charter.note", a->charter);
    for (size_t i = 0; ls_succeeded(r) && i < a->claim_count; i++) {
        r = put_claim(&a->claim[i], i + 1, out);
    }
    for (size_t i = 0; ls_succeeded(r) && i < a->view_count; i++) {
        const view *v = &a->view[i];
        r = put_files(a, v, &packed, out);
        r = ls_succeeded(r) && v->bundled > 0 ? put_history(a, v, out) : r;
    }
    ls_buf_free(&packed);
    return r;
}

ls_result ls_audit_pack(audit *a, ls_buf *out)
{
    number_histories(a);
    ls_bundle_begin(out, LS_BUNDLE_EVIDENCE);
    LS_TRY(pack(a, out));
    ls_bundle_end(out);
    return ls_buf_check(out);
}
