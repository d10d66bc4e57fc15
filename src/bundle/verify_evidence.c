/*
 * Evidence: the charter, histories of the ledger replayed as far as a claim needs them, and each claim judged under the
 * keys that were in force there. What a claim is and what proves it: bundle/evidence.h, and claims.c.
 *
 * Nothing that somebody says about somebody else counts here: only what is signed by whom a claim accuses, or follows
 * from it by hashing and by the rules of acceptance.
 */
#include "bundle/claims.h"
#include "bundle/entries.h"
#include <stdio.h>

typedef struct evidence {
    ls_verifier *v;
    ls_bytes charter; /* the act */
    struct {
        const ls_bytes *entry; /* NULL: not read yet */
        uint64_t count;
    } history[LS_HISTORIES_MAX + 1];
} evidence;

/* Histories. */

/* The tile with this index: the full one or, of a size that its name says, a part of it. */
static const ls_member *find_tile(ls_verifier *v, size_t history, uint64_t tile, unsigned *width)
{
    for (unsigned w = LS_TILE_WIDTH; w > 0; w--) {
        char path[LS_TILE_PATH_SIZE], name[LS_BUNDLE_NAME_MAX + 1];
        ls_tile_path(LS_TILE_ENTRIES, tile, w, path);
        ls_history_member(history, path, name);
        const ls_member *m = ls_verify_take(v, name);
        if (m != NULL) {
            *width = w;
            return m;
        }
    }
    return NULL;
}

static ls_result read_history(evidence *e, size_t history)
{
    ls_buf entries = {0};
    bool sound = true;
    unsigned width = LS_TILE_WIDTH;
    ls_entries *tile_entries = ls_arena_alloc(e->v->arena, sizeof *tile_entries);
    if (tile_entries == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint64_t tile = 0; sound && width == LS_TILE_WIDTH; tile++) {
        const ls_member *m = find_tile(e->v, history, tile, &width);
        if (m == NULL) {
            break;
        }
        sound = ls_entries_parse(m->content, tile_entries) && tile_entries->count == width;
        ls_buf_put(&entries, tile_entries->entry, sound ? width * sizeof(ls_bytes) : 0);
    }
    size_t count = sound ? entries.len / sizeof(ls_bytes) : 0;
    ls_bytes *kept = ls_arena_array(e->v->arena, count + 1, sizeof *kept);
    ls_result r = kept == NULL || entries.failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        memcpy(kept, entries.ptr == NULL ? (const uint8_t *)"" : entries.ptr, count * sizeof *kept);
        e->history[history].entry = kept;
        e->history[history].count = count;
    }
    ls_buf_free(&entries);
    return r;
}

/* Replaying. */

static bool same_ledger(const ls_charter *a, const ls_charter *b)
{
    return strcmp(a->ledger.name, b->ledger.name) == 0 &&
           memcmp(a->ledger.key, b->ledger.key, sizeof a->ledger.key) == 0;
}

/* Notes the ledger that is in force now, if it is another than before. */
static ls_result note_ledger(ls_claimed *c)
{
    const ls_charter *now = ls_record_charter(c->record);
    if (c->ledger_count == LS_LEDGERS_MAX ||
        (c->ledger_count > 0 && same_ledger(c->ledger[c->ledger_count - 1], now))) {
        return LS_SUCCESS;
    }
    ls_charter *kept = ls_charter_copy(c->v->arena, now);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    c->ledger[c->ledger_count++] = kept;
    return LS_SUCCESS;
}

/* Keys and policy may have changed since that ledger came: what counts is how they are judged at the history's end. */
static ls_result refresh_ledger(ls_claimed *c)
{
    ls_charter *end = ls_charter_copy(c->v->arena, ls_record_watched(c->record));
    if (end == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    c->ledger[c->ledger_count - 1] = end;
    return LS_SUCCESS;
}

/* The entries before `size` must all be acceptable. True in *replayed if so; else a finding says which is not. */
static ls_result replay(ls_claimed *c, const ls_bytes *entry, uint64_t size, bool *replayed)
{
    *replayed = false;
    for (uint64_t i = 0; i < size; i++) {
        ls_detail detail = {0};
        ls_result r = ls_record_append(c->record, entry[i], LS_CHECK_SIGNATURES, &detail);
        if (r.fault == &ls_fault_memory) {
            return r;
        }
        if (ls_failed(r)) {
            ls_report_add(c->v->report, LS_FINDING_FAILED, c->subject,
                          "NOT PROVEN: its history can't be judged from entry %llu on: %s", (unsigned long long)i,
                          detail.text[0] != 0 ? detail.text : r.fault->sentence);
            return LS_SUCCESS;
        }
        LS_TRY(note_ledger(c));
    }
    *replayed = true;
    return refresh_ledger(c);
}

/* Finds the claim's history and replays it. */
static ls_result prepare(evidence *e, ls_claimed *c, bool *ready)
{
    size_t h = (size_t)c->claim.history;
    *ready = false;
    LS_TRY(ls_record_new(c->v->fetch, &c->record));
    if (h == 0) {
        return replay(c, &e->charter, 1, ready);
    }
    if (e->history[h].entry == NULL) {
        LS_TRY(read_history(e, h));
    }
    c->entry = e->history[h].entry;
    c->entry_count = e->history[h].count;
    if (c->entry_count < c->claim.size || !ls_bytes_equal(c->entry[0], e->charter)) {
        ls_report_add(c->v->report, LS_FINDING_FAILED, c->subject,
                      c->entry_count < c->claim.size ? "NOT PROVEN: its history has fewer entries, or is damaged"
                                                     : "NOT PROVEN: its history does not begin with the charter");
        return LS_SUCCESS;
    }
    return replay(c, c->entry, c->claim.size, ready);
}

static ls_result verify_claim(evidence *e, size_t number, ls_bytes text)
{
    ls_claimed c = {.v = e->v, .number = number};
    bool ready = false;
    c.subject = ls_arena_format(e->v->arena, "claim %zu", number);
    if (c.subject == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (ls_failed(ls_claim_parse(text, &c.claim))) {
        ls_report_add(e->v->report, LS_FINDING_FAILED, c.subject, "it is not a claim in canonical form");
        return LS_SUCCESS;
    }
    c.subject = ls_arena_format(e->v->arena, "claim %zu (%s)", number, ls_claim_name(c.claim.kind));
    ls_result r = c.subject == NULL ? ls_fail(&ls_fault_memory) : prepare(e, &c, &ready);
    if (ls_succeeded(r) && ready) {
        r = ls_claim_judge(&c);
    }
    ls_record_free(c.record);
    return r;
}

/* The charter, as the first act of a record that has no other. */
static ls_result take_charter(evidence *e, bool *taken)
{
    const ls_member *m = ls_verify_take(e->v, "charter.note");
    ls_detail detail = {0};
    *taken = false;
    if (m == NULL) {
        ls_report_add(e->v->report, LS_FINDING_FAILED, "charter", "charter.note is missing");
        return LS_SUCCESS;
    }
    e->charter = m->content;
    LS_TRY(ls_record_new(e->v->fetch, &e->v->owned));
    ls_result r = ls_record_append(e->v->owned, m->content, LS_CHECK_SIGNATURES, &detail);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        ls_report_add(e->v->report, LS_FINDING_FAILED, "charter", "%s",
                      detail.text[0] != 0 ? detail.text : r.fault->sentence);
        return LS_SUCCESS;
    }
    *taken = true;
    return ls_verify_charter(e->v, ls_record_process(e->v->owned), ls_record_charter_json(e->v->owned));
}

/* What lies under attachments/ is there for the acts of a history; only charters, accords and the like are looked at.
 */
ls_result ls_verify_evidence(ls_verifier *v)
{
    evidence *e = ls_arena_alloc(v->arena, sizeof *e);
    bool charter;
    size_t count = 0;
    if (e == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    e->v = v;
    v->report->holds = "proven";
    LS_TRY(take_charter(e, &charter));
    while (charter && count < LS_CLAIMS_MAX) {
        char name[LS_BUNDLE_NAME_MAX + 1];
        ls_claim_member(count + 1, "claim", name);
        const ls_member *m = ls_verify_take(v, name);
        if (m == NULL) {
            break;
        }
        LS_TRY(verify_claim(e, ++count, m->content));
    }
    if (charter && count == 0) {
        ls_report_add(v->report, LS_FINDING_FAILED, "evidence", "it claims nothing");
    }
    return LS_SUCCESS;
}
