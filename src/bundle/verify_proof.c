/*
 * Proofs to take away (C2SP tlog-proof): one act, in the file's `extra`, with its place under a checkpoint. The file
 * holds no keys, so the reader brings what he trusts: his own record, a policy, or a bundle that holds the charter.
 */
#include "bundle/entries.h"
#include "bundle/verifier.h"
#include "process/finality.h"

typedef unsigned long long ull;

typedef struct proving {
    ls_verifier v;
    const ls_trust *trust;
    ls_tlog_proof proof;
    ls_bytes note;
    ls_act act;
    const char *subject;
    const ls_charter *charter; /* for the policy alone: made of it, with no parties */
    const ls_record *record;   /* that the reader brought; NULL: a policy alone */
    ls_finality finality;
} proving;

static void failed(proving *p, const char *subject, const char *text)
{
    ls_report_add(p->v.report, LS_FINDING_FAILED, subject, "%s", text);
}

/* What the reader trusts. */

/* A charter of which nothing is known but who runs the ledger and who cosigns. */
static ls_result trust_policy(proving *p, ls_detail *detail)
{
    ls_charter *c = ls_arena_alloc(p->v.arena, sizeof *c);
    ls_diagnostics *d = ls_arena_alloc(p->v.arena, sizeof *d);
    if (c == NULL || d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = p->v.arena;
    ls_policy_read(p->v.arena, p->trust->policy, (ls_mark){0}, d, &c->policy);
    if (d->errors > 0 || !c->policy.has_log) {
        ls_hint(detail, "lockstep charter show --policy prints one");
        return ls_fail_with(&ls_fault_usage, detail, "the policy is no tlog-policy with a log: %s",
                            d->count > 0 ? d->item[0].text : "it names no log");
    }
    c->policy_text = p->trust->policy;
    c->quorum_none = c->policy.quorum == LS_QUORUM_NONE;
    c->ledger = c->policy.log;
    c->origin = ls_bytes_str(c->ledger.name);
    c->host = LS_NO_PARTY;
    p->charter = c;
    p->v.report->anchored = true;
    return LS_SUCCESS;
}

static ls_bytes member_content(const ls_bundle *b, const char *name)
{
    const ls_member *m = ls_bundle_member(b, name);
    return m == NULL ? ls_bytes_of(NULL, 0) : m->content;
}

/* One tile of a record bundle's entries; false if it is not there. */
static bool read_tile(const ls_bundle *b, uint64_t tile, ls_entries *out)
{
    char name[LS_TILE_PATH_SIZE];
    for (unsigned w = LS_TILE_WIDTH; w > 0; w--) {
        ls_tile_path(LS_TILE_ENTRIES, tile, w, name);
        if (ls_entries_parse(member_content(b, name), out)) {
            return true;
        }
    }
    return false;
}

/* The charter's act, wherever this kind of bundle has it. */
static ls_bytes charter_act(const ls_bundle *b, ls_entries *tile)
{
    static const char *const names[] = {
        [LS_BUNDLE_DRAFT] = "act.note", [LS_BUNDLE_EXCERPT] = "act/0.note", [LS_BUNDLE_EVIDENCE] = "charter.note"};
    if (b->kind == LS_BUNDLE_RECORD) {
        return read_tile(b, 0, tile) ? tile->entry[0] : ls_bytes_of(NULL, 0);
    }
    const char *name = b->kind < sizeof names / sizeof *names ? names[b->kind] : NULL;
    return name == NULL ? ls_bytes_of(NULL, 0) : member_content(b, name);
}

/* A record bundle is replayed as far as the checkpoint goes, so that the keys and the policy are those in force there;
 * what is not acceptable is not this file's business. */
static ls_result replay(ls_record *record, const ls_bundle *b, uint64_t size, ls_entries *tile)
{
    for (uint64_t i = 1; i < size; i++) {
        if ((i == 1 || i % LS_TILE_WIDTH == 0) && !read_tile(b, i / LS_TILE_WIDTH, tile)) {
            return LS_SUCCESS;
        }
        if (i % LS_TILE_WIDTH >= tile->count) {
            return LS_SUCCESS;
        }
        ls_result r = ls_record_append(record, tile->entry[i % LS_TILE_WIDTH], LS_CHECK_SIGNATURES, NULL);
        if (ls_failed(r)) {
            return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
        }
    }
    return LS_SUCCESS;
}

static ls_result trust_bundle(proving *p, uint64_t size, ls_detail *detail)
{
    ls_bundle *b = ls_arena_alloc(p->v.arena, sizeof *b);
    ls_entries *tile = ls_arena_alloc(p->v.arena, sizeof *tile);
    if (b == NULL || tile == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_bundle_parse(p->v.arena, p->trust->policy, b, detail));
    LS_TRY(ls_record_new((ls_fetch){ls_bundle_fetch, b}, &p->v.owned));
    ls_result r = ls_record_append(p->v.owned, charter_act(b, tile), LS_CHECK_SIGNATURES, detail);
    if (ls_failed(r)) {
        return r.fault == &ls_fault_memory
                   ? r
                   : ls_fail_with(&ls_fault_usage, detail, "the bundle holds no charter that all have signed");
    }
    if (b->kind == LS_BUNDLE_RECORD) {
        LS_TRY(replay(p->v.owned, b, size, tile));
    }
    LS_TRY(ls_verify_charter(&p->v, ls_record_process(p->v.owned), ls_record_charter_json(p->v.owned)));
    p->record = p->v.owned;
    p->charter = ls_record_charter(p->record);
    return LS_SUCCESS;
}

static ls_result take_trust(proving *p, uint64_t size, ls_detail *detail)
{
    if (p->trust->policy.len > 0) {
        return ls_bytes_starts(p->trust->policy, "lockstep-bundle") ? trust_bundle(p, size, detail)
                                                                    : trust_policy(p, detail);
    }
    if (p->trust->record == NULL || ls_record_charter(p->trust->record) == NULL) {
        ls_hint(detail, "give --policy FILE: what lockstep charter show --policy prints, or a bundle with the charter");
        return ls_fail_with(&ls_fault_usage, detail, "a tlog-proof holds no keys to check it with");
    }
    p->record = p->trust->record;
    p->charter = ls_record_charter(p->record);
    p->v.report->process = p->charter;
    p->v.report->charter = *ls_record_process(p->record);
    p->v.report->anchored = true;
    return LS_SUCCESS;
}

/* What the file holds. */

static ls_result take_note(proving *p, bool *taken)
{
    ls_detail detail = {0};
    uint8_t *bytes = ls_arena_alloc(p->v.arena, LS_ACT_MAX);
    size_t len = 0;
    if (bytes == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    bool decoded = ls_base64_decode(p->proof.extra, bytes, LS_ACT_MAX, &len) && len > 0;
    p->note = ls_bytes_of(bytes, len);
    *taken = decoded && ls_succeeded(ls_act_parse(p->note, false, &p->act, &detail));
    if (!*taken) {
        failed(p, "act",
               decoded ? "its extra data is not an act" : "its extra data, which should be the act, is missing");
    } else {
        p->subject = ls_verify_subject(&p->v, p->proof.index, &p->act);
        p->v.report->exercise = p->act.exercise;
    }
    return LS_SUCCESS;
}

/* The act belongs to the process that the reader means. */
static void check_process(proving *p)
{
    const ls_hash *process = p->act.has[LS_H_PROCESS] ? &p->act.process : &p->act.id;
    const ls_hash *wanted = p->record != NULL ? ls_record_process(p->record) : p->v.anchor;
    if (wanted != NULL && !ls_hash_equal(process, wanted)) {
        failed(p, p->subject, "it belongs to another process");
    }
    if (p->v.anchor != NULL && wanted != p->v.anchor && !ls_hash_equal(p->v.anchor, wanted) && p->v.owned == NULL) {
        failed(p, "charter", "its fingerprint is not the one that was given");
    }
    if (ls_bytes_starts(p->charter->origin, "exercise.") != p->act.exercise) {
        failed(p, p->subject,
               p->act.exercise ? "it is an exercise's act under a real ledger's checkpoint"
                               : "it is a real act under an exercise's checkpoint");
    }
}

static const char *names_of(proving *p)
{
    ls_buf names = {0};
    const ls_policy *policy = &p->charter->policy;
    for (size_t i = 0; i < policy->witness_count; i++) {
        if ((p->finality.witnesses >> i & 1) != 0) {
            ls_buf_put_str(&names, names.len == 0 ? "" : ", ");
            ls_buf_put_bytes(&names, policy->witness[i].name);
        }
    }
    const char *kept = names.len == 0 ? "nobody" : ls_arena_str(p->v.arena, ls_buf_bytes(&names));
    ls_buf_free(&names);
    return kept == NULL ? "" : kept;
}

/* Who signed the checkpoint, and whether that is enough. False if it is none of this ledger. */
static bool check_checkpoint(proving *p)
{
    ls_detail detail = {0};
    const ls_charter *judging = p->record != NULL ? ls_record_watched(p->record) : p->charter;
    ls_result r = ls_checkpoint_judge(judging, p->proof.checkpoint, NULL, &p->finality, &detail);
    char time[LS_TIME_SIZE];
    ls_report *report = p->v.report;
    report->lost = report->lost || r.fault == &ls_fault_memory;
    if (ls_failed(r)) {
        failed(p, "checkpoint", detail.text[0] != '\0' ? detail.text : r.fault->sentence);
        return false;
    }
    ull size = (ull)p->finality.checkpoint.size;
    if (judging->quorum_none) {
        ls_report_add(report, LS_FINDING_OK, "checkpoint", "of %llu entries, signed by %s; no cosigners are asked for",
                      size, p->charter->ledger.name);
    } else if (p->finality.final) {
        ls_time_format(p->finality.final_time, time);
        ls_report_add(report, LS_FINDING_OK, "checkpoint",
                      "of %llu entries, signed by %s; final: confirmed by %s, which is a quorum since %s", size,
                      p->charter->ledger.name, names_of(p), time);
    } else {
        ls_report_add(report, LS_FINDING_FAILED, "checkpoint",
                      "NOT FINAL: of %llu entries, signed by %s, and confirmed by %s, which is no quorum", size,
                      p->charter->ledger.name, names_of(p));
    }
    return true;
}

static bool check_inclusion(proving *p)
{
    ls_hash leaf;
    const ls_checkpoint *c = &p->finality.checkpoint;
    ls_merkle_leaf(p->note, &leaf);
    if (ls_failed(
            ls_merkle_verify_inclusion(&leaf, p->proof.index, c->size, p->proof.proof, p->proof.count, &c->root))) {
        failed(p, p->subject, "its proof does not lead to the checkpoint's root");
        return false;
    }
    return true;
}

static bool same_act(const proving *p)
{
    ls_record_entry there = ls_record_at(p->record, p->proof.index);
    return ls_hash_equal(&there.id, &p->act.id);
}

/* Whoever has the entries knows whose signatures hold; else the charter's keys say it, or nobody does. */
static void check_author(proving *p)
{
    ls_bytes signers = p->act.raw[LS_H_SIGNERS];
    ls_report *report = p->v.report;
    ls_detail detail = {0};
    const char *who = signers.len == 0 ? "the ledger" : ls_arena_str(p->v.arena, signers);
    if (p->record == NULL && signers.len > 0) {
        ls_report_add(
            report, LS_FINDING_NOTE, p->subject,
            "on the record as entry %llu, in the name of %s. The policy holds no keys of parties: with a bundle "
            "that holds the charter, the signature can be checked, too",
            (ull)p->proof.index, who);
        return;
    }
    bool known = p->record != NULL && p->proof.index < ls_record_size(p->record);
    if (known && !same_act(p)) {
        failed(p, p->subject, "the record given has another act in this place: keep both, they may be evidence");
        return;
    }
    ls_result r = known ? LS_SUCCESS : ls_act_check_signatures(&p->act, p->charter, 0, &detail);
    if (ls_failed(r)) {
        failed(p, p->subject, detail.text[0] != '\0' ? detail.text : r.fault->sentence);
        return;
    }
    ls_report_add(report, LS_FINDING_OK, p->subject, "signed by %s; on the record as entry %llu", who,
                  (ull)p->proof.index);
}

/* One's own record must have the same root where it has one. */
static void compare_roots(proving *p)
{
    const ls_checkpoint *c = &p->finality.checkpoint;
    ls_hash root;
    if (p->record == NULL || ls_record_size(p->record) < c->size) {
        return;
    }
    ls_record_root(p->record, c->size, &root);
    if (!ls_hash_equal(&root, &c->root)) {
        failed(p, "checkpoint",
               "SPLIT VIEW: the record given has another root at this size. Keep both: lockstep audit "
               "makes evidence of them");
    }
}

static ls_result verify(proving *p, ls_detail *detail)
{
    bool taken;
    ls_note note;
    ls_checkpoint c;
    LS_TRY(ls_note_parse(p->proof.checkpoint, &note));
    LS_TRY(ls_checkpoint_parse(note.text, &c));
    LS_TRY(take_trust(p, c.size, detail));
    LS_TRY(take_note(p, &taken));
    if (!taken) {
        return LS_SUCCESS;
    }
    check_process(p);
    if (check_checkpoint(p) && check_inclusion(p)) {
        compare_roots(p);
        check_author(p);
    }
    ls_report_add(
        p->v.report, LS_FINDING_NOTE, "proof",
        "this shows who said it and who confirmed that it is on the record; not that it is true, that it took "
        "effect, or that nothing else was said");
    return p->v.report->lost ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

bool ls_verify_is_proof(ls_bytes file)
{
    return ls_bytes_starts(file, "c2sp.org/tlog-proof@");
}

ls_result ls_verify_proof(ls_arena *arena, ls_bytes file, const ls_trust *trust, ls_report *report, ls_detail *detail)
{
    proving *p = ls_arena_alloc(arena, sizeof *p);
    if (p == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    p->trust = trust;
    *report = (ls_report){.arena = arena};
    ls_verifier_start(&p->v, arena, report);
    p->v.anchor = trust->charter;
    LS_TRY(ls_tlog_proof_parse(file, &p->proof));
    ls_result r = verify(p, detail);
    ls_record_free(p->v.owned);
    return r;
}
