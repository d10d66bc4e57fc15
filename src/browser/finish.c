/* The end of a session: what the checkpoint says of all that came before. */
#include "browser/answer.h"
#include "browser/browser.h"
#include "browser/session.h"
#include "process/finality.h"
#include "process/words.h"
#include "show/report.h"

static json_t *string_of(ls_bytes text)
{
    return json_stringn((const char *)text.ptr, text.len);
}

static json_t *time_of(ls_time t)
{
    char text[LS_TIME_SIZE] = "";
    if (t > 0) {
        ls_time_format(t, text);
    }
    return json_string(text);
}

static json_t *hash_of(const ls_hash *hash)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    return json_string(hex);
}

/* The fingerprint to be read aloud: its words with spaces between them. */
static json_t *words_of(const ls_hash *hash)
{
    char words[LS_HASH_WORDS * LS_WORD_SIZE];
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        ls_hash_word(hash, i, words + i * LS_WORD_SIZE);
        words[(i + 1) * LS_WORD_SIZE - 1] = i + 1 < LS_HASH_WORDS ? ' ' : '\0';
    }
    return json_string(words);
}

/* A list of which something is missing, for want of memory, is none. */
static json_t *whole(json_t *list, bool all)
{
    if (!all) {
        json_decref(list);
    }
    return all ? list : NULL;
}

/* The parties that signed acts, in the charter's order. */
static json_t *signers_of(const ls_record *record)
{
    const ls_charter *c = ls_record_charter(record);
    json_t *list = json_array();
    bool all = true;
    for (size_t i = 0; c != NULL && i < c->party_count; i++) {
        if (ls_record_acted(record, i) > 0) {
            all = json_array_append_new(list, string_of(c->party[i].name)) == 0 && all;
        }
    }
    return whole(list, all);
}

static json_t *cosigner_of(const ls_charter *c, ls_bytes name, ls_time time)
{
    const ls_cosigner *who = ls_charter_cosigner(c, name);
    return json_pack("{s:o, s:o, s:o}", "name", string_of(name), "title", string_of(who == NULL ? name : who->title),
                     "time", time_of(time));
}

static json_t *cosigners_of(const ls_charter *c, const ls_finality *f)
{
    json_t *list = json_array();
    bool all = true;
    for (size_t i = 0; c != NULL && i < c->policy.witness_count; i++) {
        if ((f->witnesses >> i & 1) != 0) {
            all = json_array_append_new(list, cosigner_of(c, c->policy.witness[i].name, f->time[i])) == 0 && all;
        }
    }
    return whole(list, all);
}

/* Who confirmed the checkpoint. Without a quorum nothing is valid: what is not final is not to be published. */
static bool find_final(const ls_session *s, ls_bytes checkpoint, ls_report *report, ls_finality *out)
{
    const ls_charter *c = ls_record_watched(s->record);
    *out = (ls_finality){0};
    ls_result r = c == NULL ? ls_fail(&ls_fault_absent) : ls_checkpoint_judge(c, checkpoint, NULL, out, NULL);
    report->lost = report->lost || r.fault == &ls_fault_memory;
    if (ls_failed(r)) {
        return false; /* which the report says already */
    }
    if (!out->final) {
        ls_report_add(report, LS_FINDING_FAILED, "quorum", "no quorum of the charter's cosigners confirmed it");
    }
    return out->final;
}

static json_t *answer_of(const ls_session *s, const ls_report *report, bool final, const ls_finality *f)
{
    ls_hash root;
    ls_merkle_frontier_root(&s->tree, &root);
    return json_pack("{s:b, s:I, s:b, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "valid", !report->failed && final,
                     "size", (json_int_t)ls_record_size(s->record), "final", final, "root", hash_of(&root), "time",
                     time_of(ls_record_time(s->record)), "charter", hash_of(&report->charter), "words",
                     words_of(&report->charter), "anchored", report->anchored, "exercise", report->exercise, "signers",
                     signers_of(s->record), "cosigners", cosigners_of(ls_record_watched(s->record), f), "findings",
                     ls_show_findings_json(report));
}

static int finish(ls_session *s, ls_arena *arena, ls_bytes checkpoint)
{
    ls_report report;
    ls_finality f;
    ls_replayed replayed = {.record = s->record,
                            .read = ls_session_entry,
                            .context = s,
                            .fetch = {ls_session_fetch, s},
                            .checkpoint = checkpoint};
    ls_merkle_frontier_root(&s->tree, &replayed.root);
    if (ls_failed(ls_verify_replayed(arena, &replayed, s->pinned ? &s->charter : NULL, &report))) {
        return WEB_MEMORY;
    }
    if (s->stopped) {
        ls_report_add(&report, LS_FINDING_FAILED, "record", "the entry after these was refused");
    }
    bool final = find_final(s, checkpoint, &report, &f);
    if (report.lost || !ls_answer_json(answer_of(s, &report, final, &f))) {
        return WEB_MEMORY;
    }
    s->holds = !report.failed && final;
    return s->holds ? WEB_OK : WEB_REFUSED;
}

int web_finish(const uint8_t *checkpoint, size_t len)
{
    ls_session *s = ls_session_now();
    ls_arena arena = {0};
    ls_answer_nothing();
    if (s->record == NULL || s->holds) {
        return WEB_MISUSED;
    }
    int status = finish(s, &arena, ls_bytes_of(checkpoint, len));
    ls_arena_free(&arena);
    if (status == WEB_OK) {
        const char *kept = ls_arena_str(&s->arena, ls_bytes_of(checkpoint, len));
        s->checkpoint = ls_bytes_of(kept, kept == NULL ? 0 : len);
    }
    return status;
}

/* Tiles. */

static ls_result read_leaf(void *session, unsigned level, uint64_t index, ls_hash *out)
{
    const ls_session *s = session;
    return ls_merkle_read_leaves(s->leaves.ptr, level, index, out);
}

int web_tile(unsigned level, uint64_t index, unsigned width, const uint8_t *ptr, size_t len)
{
    ls_session *s = ls_session_now();
    ls_answer_nothing();
    if (level > LS_TILE_LEVEL_MAX / LS_TILE_HEIGHT || width == 0 || width > LS_TILE_WIDTH) {
        return WEB_REFUSED;
    }
    uint64_t count = ls_tile_level_count(s->leaves.len / LS_HASH_SIZE, level);
    if (len != width * sizeof(ls_hash) || index > count / LS_TILE_WIDTH || index * LS_TILE_WIDTH + width > count) {
        return WEB_REFUSED;
    }
    for (unsigned i = 0; i < width; i++) {
        ls_hash node;
        if (ls_failed(read_leaf(s, level * LS_TILE_HEIGHT, index * LS_TILE_WIDTH + i, &node)) ||
            memcmp(node.b, ptr + i * sizeof node, sizeof node) != 0) {
            return WEB_REFUSED;
        }
    }
    return WEB_OK;
}
