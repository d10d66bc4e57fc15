/* Drafts: an act with the signatures so far and its attachments, in memory and as a bundle. */
#include "crypto/sha256.h"
#include "ledger/packing.h"
#include "process/sealed.h"
#include "workspace/workspace.h"
#include <stdio.h>

#define DRAFT_MAX (1ull << 30) /* bytes of a draft bundle */

const char *ls_media_type_guess(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".pdf", "application/pdf"},   {".txt", "text/plain"},
        {".md", "text/markdown"},      {".csv", "text/csv"},
        {".json", "application/json"}, {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},       {".png", "image/png"},
        {".gif", "image/gif"},         {".webp", "image/webp"},
        {".mp4", "video/mp4"},         {".webm", "video/webm"},
        {".mp3", "audio/mpeg"},        {".lockstep", "application/x-tar"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t len = strlen(name), end = strlen(types[i].ending);
        if (len > end && strcmp(name + len - end, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

void ls_draft_free(ls_draft *d)
{
    ls_buf_free(&d->note);
    for (size_t i = 0; i < d->count; i++) {
        ls_buf_wipe(&d->attachment[i].content);
    }
    *d = (ls_draft){0};
}

/* Size and hash of a file, read in pieces. */
static ls_result measure_file(const char *path, uint64_t *size, ls_hash *hash, ls_detail *detail)
{
    ls_map map;
    LS_TRY(ls_file_map(path, &map, detail));
    ls_sha256_hash(map.bytes, hash);
    *size = map.bytes.len;
    ls_file_unmap(&map);
    return LS_SUCCESS;
}

/* In place of the file its sealed form, which shows neither name nor type nor length. */
static ls_result attach_sealed(ls_draft *d, ls_attachment *a, ls_bytes content, ls_detail *detail)
{
    const ls_sealed_file f = {a->file_name, a->media_type, content};
    ls_buf *kept = &d->attachment[d->count].content;
    ls_result r = ls_sealed_put(&f, kept);
    if (ls_failed(r)) {
        ls_buf_wipe(kept);
        return ls_fail_with(r.fault, detail, "%.*s can't be the name of a file", (int)a->file_name.len,
                            (const char *)a->file_name.ptr);
    }
    ls_sha256_hash(ls_buf_bytes(kept), &a->hash);
    a->size = kept->len;
    a->media_type = ls_bytes_str(LS_SEALED_MEDIA_TYPE);
    return LS_SUCCESS;
}

static ls_result attach_restricted(ls_draft *d, ls_act_draft *act, const ls_attachment *wanted, ls_bytes content,
                                   const char *path, ls_detail *detail)
{
    ls_attachment a = *wanted;
    char name[sizeof LS_SEALED_NAME + 8] = LS_SEALED_NAME;
    ls_map map = {0};
    if (path != NULL) {
        LS_TRY(ls_file_map(path, &map, detail));
    }
    ls_result r = attach_sealed(d, &a, path != NULL ? map.bytes : content, detail);
    if (path != NULL) {
        ls_file_unmap(&map);
    }
    LS_TRY(r);
    size_t before = 0;
    for (size_t i = 0; i < d->count; i++) {
        before += d->attachment[i].sealed;
    }
    if (before > 0) {
        snprintf(name, sizeof name, LS_SEALED_NAME "-%zu", before + 1);
    }
    a.file_name = ls_bytes_str(name);
    d->attachment[d->count++].sealed = true;
    ls_act_draft_attach(act, &a);
    return LS_SUCCESS;
}

ls_result ls_draft_attach(ls_draft *d, ls_act_draft *act, const char *audience, const char *media_type,
                          const char *file_name, ls_bytes content, const char *path, ls_detail *detail)
{
    if (d->count == LS_ACT_ATTACHMENTS_MAX) {
        return ls_fail_with(&ls_fault_usage, detail, "an act has at most %d attachments", LS_ACT_ATTACHMENTS_MAX);
    }
    ls_attachment a = {.audience = ls_bytes_str(audience),
                       .media_type = ls_bytes_str(media_type),
                       .file_name = ls_bytes_str(file_name),
                       .size = content.len};
    if (ls_audience_restricted(a.audience)) {
        return attach_restricted(d, act, &a, content, path, detail);
    }
    size_t i = d->count;
    if (path != NULL) {
        LS_TRY(measure_file(path, &a.size, &a.hash, detail));
        snprintf(d->attachment[i].path, sizeof d->attachment[i].path, "%s", path);
    } else {
        ls_sha256_hash(content, &a.hash);
        ls_buf_put_bytes(&d->attachment[i].content, content);
        LS_TRY(ls_buf_check(&d->attachment[i].content));
    }
    d->count++;
    ls_act_draft_attach(act, &a);
    return LS_SUCCESS;
}

/* The bytes of attachment i: those in memory, or those of its file, mapped. */
static ls_result attachment_bytes(const ls_draft *d, size_t i, ls_map *map, ls_bytes *out, ls_detail *detail)
{
    *map = (ls_map){0};
    if (d->attachment[i].path[0] == '\0') {
        *out = ls_buf_bytes(&d->attachment[i].content);
        return LS_SUCCESS;
    }
    LS_TRY(ls_file_map(d->attachment[i].path, map, detail));
    *out = map->bytes;
    return LS_SUCCESS;
}

static ls_result append_attachments(const ls_draft *d, ls_file_writer *w, ls_detail *detail)
{
    ls_hash done[LS_ACT_ATTACHMENTS_MAX];
    for (size_t i = 0; i < d->count; i++) {
        ls_map map;
        ls_bytes content;
        LS_TRY(attachment_bytes(d, i, &map, &content, detail));
        ls_sha256_hash(content, &done[i]);
        bool repeated = false;
        for (size_t j = 0; j < i; j++) {
            repeated = repeated || ls_hash_equal(&done[i], &done[j]);
        }
        ls_result r = repeated ? LS_SUCCESS : ls_pack_attachment(w, &done[i], content, detail);
        if (map.bytes.ptr != NULL) {
            ls_file_unmap(&map);
        }
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static ls_result append_draft(const ls_draft *d, ls_file_writer *w, ls_detail *detail)
{
    LS_TRY(ls_pack_begin(w, LS_BUNDLE_DRAFT, detail));
    LS_TRY(ls_pack_member(w, "act.note", ls_buf_bytes(&d->note), detail));
    LS_TRY(append_attachments(d, w, detail));
    return ls_pack_end(w, detail);
}

ls_result ls_draft_write(const ls_draft *d, const char *path, ls_detail *detail)
{
    ls_file_writer w = {0};
    LS_TRY(ls_file_begin(path, &w, detail));
    ls_result r = append_draft(d, &w, detail);
    if (ls_succeeded(r)) {
        r = ls_file_commit(&w, detail);
    }
    ls_file_abort(&w);
    return r;
}

static ls_result take_attachment(const ls_bundle *b, const ls_attachment *a, ls_draft *d, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE], name[LS_BUNDLE_NAME_MAX + 1];
    ls_hash_format(&a->hash, hex);
    snprintf(name, sizeof name, "attachments/%s", hex);
    const ls_member *m = ls_bundle_member(b, name);
    ls_hash hash = {0};
    if (m != NULL) {
        ls_sha256_hash(m->content, &hash);
    }
    if (m == NULL || m->content.len != a->size || !ls_hash_equal(&hash, &a->hash)) {
        return ls_fail_with(&ls_fault_bundle_form, detail, "the attachment %.*s is missing or changed",
                            (int)a->file_name.len, a->file_name.ptr);
    }
    size_t i = d->count++;
    d->attachment[i].sealed = ls_audience_restricted(a->audience);
    ls_buf_put_bytes(&d->attachment[i].content, m->content);
    return ls_buf_check(&d->attachment[i].content);
}

static ls_result take_draft(ls_arena *arena, ls_bytes file, ls_draft *d, ls_detail *detail)
{
    ls_bundle b;
    ls_act act;
    LS_TRY(ls_bundle_parse(arena, file, &b, detail));
    const ls_member *note = ls_bundle_member(&b, "act.note");
    if (b.kind != LS_BUNDLE_DRAFT || note == NULL) {
        ls_hint(detail, "look at it with: lockstep verify FILE");
        return ls_fail_with(&ls_fault_bundle_form, detail, "this bundle holds nothing to sign");
    }
    LS_TRY(ls_act_parse(note->content, true, &act, detail));
    ls_buf_put_bytes(&d->note, note->content);
    for (size_t i = 0; i < act.attachment_count; i++) {
        LS_TRY(take_attachment(&b, &act.attachment[i], d, detail));
    }
    return ls_buf_check(&d->note);
}

ls_result ls_draft_read(ls_arena *arena, const char *path, ls_draft *d, ls_detail *detail)
{
    ls_buf file = {0};
    *d = (ls_draft){0};
    ls_result r = ls_file_read(path, DRAFT_MAX, &file, detail);
    if (ls_succeeded(r)) {
        r = take_draft(arena, ls_buf_bytes(&file), d, detail);
    }
    ls_buf_free(&file);
    if (ls_failed(r)) {
        ls_draft_free(d);
    }
    return r;
}
