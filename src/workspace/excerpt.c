/* What leaves the workspace for others: proofs, excerpts of the record, the whole record. */
#include "ledger/packing.h"
#include "process/sealed.h"
#include "workspace/declare.h"
#include "workspace/snapshot.h"
#include <stdio.h>
#include <stdlib.h>

ls_result ls_workspace_prove(ls_workspace *ws, uint64_t index, ls_buf *note, ls_buf *tlog_proof, ls_detail *detail)
{
    ls_snapshot s;
    LS_TRY(ls_snapshot_take(ws, index + 1, &s, detail));
    ls_result r = ls_fail_with(&ls_fault_usage, detail, "there is no entry %llu", (unsigned long long)index);
    if (index < s.size) {
        ls_buf_put_bytes(note, ls_buf_bytes(&s.note[index]));
        r = ls_snapshot_proof(&s, index, tlog_proof);
        r = ls_succeeded(r) ? ls_buf_check(note) : r;
    }
    ls_snapshot_free(&s);
    return r;
}

/* A bundle written piece by piece. */
typedef struct packing {
    ls_snapshot *s;
    ls_file_writer w;
    ls_hash *packed; /* attachments that are in it */
    size_t packed_count, packed_capacity;
} packing;

static bool packed_already(packing *p, const ls_hash *hash)
{
    for (size_t i = 0; i < p->packed_count; i++) {
        if (ls_hash_equal(&p->packed[i], hash)) {
            return true;
        }
    }
    return false;
}

static ls_result put_attachment(packing *p, const ls_attachment *a, ls_detail *detail)
{
    ls_buf content = {0};
    if (packed_already(p, &a->hash)) {
        return LS_SUCCESS;
    }
    if (p->packed_count == p->packed_capacity) {
        size_t larger = p->packed_capacity == 0 ? 64 : 2 * p->packed_capacity;
        ls_hash *moved = reallocarray(p->packed, larger, sizeof *moved);
        if (moved == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        p->packed = moved;
        p->packed_capacity = larger;
    }
    ls_ledger *l = ls_replica_ledger(p->s->ws->replica);
    ls_result r = l->methods->fetch(l, &a->hash, a->size, &content, detail);
    if (ls_succeeded(r)) {
        r = ls_pack_attachment(&p->w, &a->hash, ls_buf_bytes(&content), detail);
        p->packed[p->packed_count++] = a->hash;
    }
    ls_buf_free(&content);
    return r;
}

static ls_result put_attachments(packing *p, uint64_t index, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&p->s->note[index]), false, &act, detail));
    for (size_t i = 0; i < act.attachment_count; i++) {
        /* What is carried away may be read by anyone: files for an audience are not in it, whoever has them. */
        if (!ls_audience_restricted(act.attachment[i].audience)) {
            LS_TRY(put_attachment(p, &act.attachment[i], detail));
        }
    }
    return LS_SUCCESS;
}

static ls_result put_act(packing *p, uint64_t index, ls_detail *detail)
{
    char name[LS_BUNDLE_NAME_MAX + 1];
    ls_buf proof = {0};
    snprintf(name, sizeof name, "act/%llu.note", (unsigned long long)index);
    LS_TRY(ls_pack_member(&p->w, name, ls_buf_bytes(&p->s->note[index]), detail));
    ls_result r = ls_snapshot_proof(p->s, index, &proof);
    snprintf(name, sizeof name, "act/%llu.tlog-proof", (unsigned long long)index);
    if (ls_succeeded(r)) {
        r = ls_pack_member(&p->w, name, ls_buf_bytes(&proof), detail);
    }
    ls_buf_free(&proof);
    return r;
}

static ls_result fill_excerpt(packing *p, const uint64_t *indices, size_t count, ls_detail *detail)
{
    LS_TRY(ls_pack_begin(&p->w, LS_BUNDLE_EXCERPT, detail));
    for (size_t i = 0; i < count; i++) {
        LS_TRY(put_act(p, indices[i], detail));
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(put_attachments(p, indices[i], detail));
    }
    return ls_pack_end(&p->w, detail);
}

/* The entries in C2SP bundles of 256: u16 length ‖ entry each. */
static ls_result fill_entries(packing *p, ls_detail *detail)
{
    for (uint64_t from = 0; from < p->s->size; from += LS_TILE_WIDTH) {
        uint64_t count = p->s->size - from < LS_TILE_WIDTH ? p->s->size - from : LS_TILE_WIDTH;
        char name[LS_TILE_PATH_SIZE];
        ls_buf entries = {0};
        for (uint64_t i = from; i < from + count; i++) {
            ls_buf_put_u16(&entries, (uint16_t)p->s->note[i].len);
            ls_buf_put_bytes(&entries, ls_buf_bytes(&p->s->note[i]));
        }
        ls_tile_path(LS_TILE_ENTRIES, from / LS_TILE_WIDTH, (unsigned)count, name);
        ls_result r = ls_buf_check(&entries);
        if (ls_succeeded(r)) {
            r = ls_pack_member(&p->w, name, ls_buf_bytes(&entries), detail);
        }
        ls_buf_free(&entries);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static ls_result fill_record(packing *p, ls_detail *detail)
{
    LS_TRY(ls_pack_begin(&p->w, LS_BUNDLE_RECORD, detail));
    LS_TRY(ls_pack_member(&p->w, "checkpoint", ls_buf_bytes(&p->s->checkpoint), detail));
    LS_TRY(fill_entries(p, detail));
    for (uint64_t i = 0; i < p->s->size; i++) {
        LS_TRY(put_attachments(p, i, detail));
    }
    return ls_pack_end(&p->w, detail);
}

/* indices, in order; NULL: the whole record. */
static ls_result pack(ls_workspace *ws, const uint64_t *indices, size_t count, const char *path, ls_detail *detail)
{
    ls_snapshot s;
    LS_TRY(ls_snapshot_take(ws, indices == NULL ? LS_SNAPSHOT_ALL : indices[count - 1] + 1, &s, detail));
    packing p = {.s = &s};
    ls_result r = s.size == 0 ? ls_fail_with(&ls_fault_process, detail, "the record is empty")
                              : ls_file_begin(path, &p.w, detail);
    if (ls_succeeded(r)) {
        r = indices == NULL ? fill_record(&p, detail) : fill_excerpt(&p, indices, count, detail);
        if (ls_succeeded(r)) {
            r = ls_file_commit(&p.w, detail);
        }
        ls_file_abort(&p.w);
    }
    free(p.packed);
    ls_snapshot_free(&s);
    return r;
}

ls_result ls_workspace_excerpt(ls_workspace *ws, const uint64_t *indices, size_t count, const char *path,
                               ls_detail *detail)
{
    uint64_t *list;
    size_t total;
    LS_TRY(ls_workspace_sync(ws, detail));
    LS_TRY(ls_snapshot_with_keys(ws->record, indices, count, &list, &total));
    ls_result r = pack(ws, list, total, path, detail);
    free(list);
    return r;
}

ls_result ls_workspace_export(ls_workspace *ws, const char *path, ls_detail *detail)
{
    return pack(ws, NULL, 0, path, detail);
}

ls_result ls_workspace_excerpt_opening(ls_workspace *ws, const ls_open_request *q, uint64_t opening, const char *path,
                                       ls_detail *detail)
{
    const ls_record *r = ws->record;
    size_t all = ls_record_declaration_count(r), accords = ls_record_accord_count(r), count = 0;
    uint64_t *indices = calloc(all + accords + 2, sizeof *indices);
    if (indices == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    indices[count++] = 0;
    for (size_t i = 0; i < accords; i++) { /* all versions, as it may have been declared under an earlier one */
        if (ls_record_accord_same(r, (int)i, q->accord)) {
            indices[count++] = ls_record_accord(r, i)->index;
        }
    }
    for (size_t i = 0; i < all; i++) {
        const ls_record_declaration *d = ls_record_declaration_at(r, i);
        if (ls_record_accord_same(r, d->accord, q->accord) && ls_bytes_equal(d->name, q->declaration) &&
            ls_bytes_equal(ls_record_charter(r)->party[d->by].name, ws->party)) {
            indices[count++] = d->index;
        }
    }
    indices[count++] = opening;
    ls_result result = ls_workspace_excerpt(ws, indices, count, path, detail);
    free(indices);
    return result;
}
