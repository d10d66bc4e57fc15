/* A session: files and entries as they come. */
#include "browser/session.h"
#include "browser/answer.h"
#include "browser/browser.h"
#include "crypto/sha256.h"
#include "show/report.h"

static ls_session now;

ls_session *ls_session_now(void)
{
    return &now;
}

static void end_session(void)
{
    ls_record_free(now.record);
    ls_held_free(&now.files);
    ls_buf_free(&now.entries);
    ls_buf_free(&now.leaves);
    ls_arena_free(&now.pages.arena);
    ls_arena_free(&now.arena);
    now = (ls_session){0};
}

int web_begin(const char *charter, size_t len)
{
    end_session();
    ls_answer_nothing();
    now.pinned = len > 0;
    if (now.pinned && !ls_hash_parse(ls_bytes_of(charter, len), &now.charter)) {
        return WEB_MISUSED;
    }
    return ls_failed(ls_record_new((ls_fetch){ls_session_fetch, &now}, &now.record)) ? WEB_MEMORY : WEB_OK;
}

/* Files. */

ls_result ls_session_fetch(void *session, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    (void)arena; /* what is held lives longer */
    ls_session *s = session;
    const ls_held_file *f = ls_held_find(&s->files, hash);
    if (f == NULL) {
        s->needed = *hash;
        return ls_fail(&ls_fault_absent);
    }
    if (f->content.len > limit) {
        return ls_fail(&ls_fault_bundle_attachment);
    }
    *out = f->content;
    return LS_SUCCESS;
}

/* The status, if there is memory for the answer that goes with it. */
static int answer_hash(const ls_hash *hash, int status)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    return ls_answer_text(hex) ? status : WEB_MEMORY;
}

int web_file(const uint8_t *ptr, size_t len)
{
    ls_hash hash;
    ls_answer_nothing();
    if (now.record == NULL) {
        return WEB_MISUSED;
    }
    ls_sha256_hash(ls_bytes_of(ptr, len), &hash);
    if (ls_failed(ls_held_put(&now.files, &now.arena, &hash, ls_bytes_of(ptr, len)))) {
        return WEB_MEMORY;
    }
    return answer_hash(&hash, WEB_OK);
}

/* Entries. */

ls_result ls_session_entry(void *session, uint64_t index, ls_bytes *note)
{
    const ls_session *s = session;
    memcpy(note, s->entries.ptr + index * sizeof *note, sizeof *note);
    return LS_SUCCESS;
}

static int refuse(uint64_t index, ls_result r, const ls_detail *detail)
{
    now.stopped = true;
    const char *why = detail->text[0] != '\0' ? detail->text : r.fault->sentence;
    json_t *json = json_pack("{s:I, s:o}", "entry", (json_int_t)index, "why", ls_show_text_json(why));
    return ls_answer_json(json) ? WEB_REFUSED : WEB_MEMORY;
}

/* Room is made first, so that an entry that was accepted is also remembered. */
static ls_result append(ls_bytes note, ls_detail *detail)
{
    ls_hash leaf;
    ls_bytes kept = ls_bytes_of(ls_arena_str(&now.arena, note), note.len);
    size_t entries = now.entries.len, leaves = now.leaves.len;
    ls_merkle_leaf(note, &leaf);
    ls_buf_put(&now.entries, &kept, sizeof kept);
    ls_buf_put(&now.leaves, &leaf, sizeof leaf);
    bool room = kept.ptr != NULL && !now.entries.failed && !now.leaves.failed;
    ls_result r = room ? ls_record_append(now.record, kept, LS_CHECK_SIGNATURES, detail) : ls_fail(&ls_fault_memory);
    if (ls_failed(r)) {
        now.entries.len = entries;
        now.leaves.len = leaves;
        now.entries.failed = now.leaves.failed = false;
        return r;
    }
    ls_merkle_append(&now.tree, &leaf);
    return LS_SUCCESS;
}

int web_append(const uint8_t *ptr, size_t len)
{
    ls_detail detail = {0};
    ls_answer_nothing();
    if (now.record == NULL || now.stopped || now.holds) {
        return WEB_MISUSED;
    }
    ls_result r = append(ls_bytes_of(ptr, len), &detail);
    if (ls_succeeded(r)) {
        return WEB_OK;
    }
    if (r.fault == &ls_fault_absent) {
        return answer_hash(&now.needed, WEB_FILE_NEEDED);
    }
    return r.fault == &ls_fault_memory ? WEB_MEMORY : refuse(ls_record_size(now.record), r, &detail);
}
