/* Verification: the report, and what the kinds of bundle have in common. */
#include "bundle/verifier.h"
#include "crypto/sha256.h"
#include "process/finality.h"
#include "process/plain.h"
#include <stdio.h>
#include <string.h>

/* The report. */

static bool grow(ls_report *r)
{
    if (r->count < r->capacity) {
        return true;
    }
    size_t larger = r->capacity == 0 ? 32 : 2 * r->capacity;
    ls_finding *moved = ls_arena_array(r->arena, larger, sizeof *moved);
    if (moved == NULL) {
        return false;
    }
    if (r->count > 0) {
        memcpy(moved, r->finding, r->count * sizeof *moved);
    }
    r->finding = moved;
    r->capacity = larger;
    return true;
}

/* Length of the plain character that a text begins with; 0 if it begins with anything else. */
static size_t plain_length(const char *text)
{
    for (size_t len = 1; len <= 4 && text[len - 1] != 0; len++) {
        ls_bytes one = ls_bytes_of(text, len);
        size_t offset = 0;
        if (ls_utf8_valid(one)) {
            return text[0] != '\n' && ls_plain_char(ls_utf8_next(one, &offset)) ? len : 0;
        }
    }
    return 0;
}

/* What findings quote comes from others: nothing in it may act on a terminal, or be cut within a character. */
static void make_plain(char *text)
{
    for (char *at = text; *at != 0;) {
        size_t len = plain_length(at);
        *at = len == 0 ? '?' : *at;
        at += len == 0 ? 1 : len;
    }
}

void ls_report_add(ls_report *r, ls_finding_level level, const char *subject, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    make_plain(text);
    r->failed = r->failed || level == LS_FINDING_FAILED;
    const char *kept = ls_arena_str(r->arena, ls_bytes_str(text));
    const char *about = ls_arena_str(r->arena, ls_bytes_str(subject));
    if (kept == NULL || about == NULL || !grow(r)) {
        r->lost = true;
        return;
    }
    r->finding[r->count++] = (ls_finding){level, about, kept};
}

const char *ls_verify_subject(ls_verifier *v, uint64_t index, const ls_act *act)
{
    ls_bytes by = act->raw[LS_H_BY];
    const char *subject = by.len == 0 ? ls_arena_format(v->arena, "act %llu (%.*s)", (unsigned long long)index,
                                                        (int)act->kind.len, act->kind.ptr)
                                      : ls_arena_format(v->arena, "act %llu (%.*s by %.*s)", (unsigned long long)index,
                                                        (int)act->kind.len, act->kind.ptr, (int)by.len, by.ptr);
    return subject == NULL ? "act" : subject;
}

void ls_verifier_start(ls_verifier *v, ls_arena *arena, ls_report *report)
{
    *v = (ls_verifier){.arena = arena, .report = report};
    v->last_declaration = &v->declarations;
    v->last_opening = &v->openings;
    v->last_act = &v->acts;
    v->last_report = &v->reports;
}

/* Members of a bundle. */

const ls_member *ls_verify_take(ls_verifier *v, const char *name)
{
    const ls_member *m = ls_bundle_member(v->bundle, name);
    if (m != NULL) {
        v->used[m - v->bundle->members] = true;
    }
    return m;
}

/* Hashes every attachment once, and says which are not what their names say. */
static void check_members(ls_verifier *v)
{
    for (size_t i = 0; i < v->bundle->count; i++) {
        const ls_member *m = &v->bundle->members[i];
        ls_hash wanted, actual;
        char name[LS_BUNDLE_NAME_MAX + 1] = {0}, hex[LS_HEX_HASH_SIZE];
        if (!ls_bundle_attachment_name(m, &wanted)) {
            continue;
        }
        ls_sha256_hash(m->content, &actual);
        v->sound[i] = ls_hash_equal(&actual, &wanted);
        if (!v->sound[i]) {
            memcpy(name, m->name.ptr, m->name.len);
            ls_hash_format(&actual, hex);
            v->used[i] = true;
            ls_report_add(v->report, LS_FINDING_FAILED, name, "its bytes have another hash: %s", hex);
        }
    }
}

static void check_unused(ls_verifier *v)
{
    for (size_t i = 0; i < v->bundle->count; i++) {
        char name[LS_BUNDLE_NAME_MAX + 1] = {0};
        if (!v->used[i]) {
            memcpy(name, v->bundle->members[i].name.ptr, v->bundle->members[i].name.len);
            ls_report_add(v->report, LS_FINDING_FAILED, name, "nothing in this file refers to it");
        }
    }
}

/* An ls_fetch over the members, which are hashed already. */
static ls_result fetch_member(void *verifier, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_verifier *v = verifier;
    (void)arena;
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_bundle_attachment_format(hash, name);
    const ls_member *m = ls_verify_take(v, name);
    if (m == NULL) {
        return ls_fail(&ls_fault_absent);
    }
    if (!v->sound[m - v->bundle->members] || m->content.len > limit) {
        return ls_fail(&ls_fault_bundle_attachment);
    }
    *out = m->content;
    return LS_SUCCESS;
}

/* The charter. */

ls_result ls_verify_read_charter(ls_arena *arena, ls_bytes json, const ls_charter **out)
{
    ls_value *v;
    *out = NULL;
    ls_result r = ls_json_parse(arena, json, &v, NULL);
    r = ls_succeeded(r) ? ls_json_check_canonical(v, json) : r;
    if (ls_failed(r)) {
        return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
    }
    ls_diagnostics *d = ls_arena_alloc(arena, sizeof *d);
    ls_charter *c = ls_arena_alloc(arena, sizeof *c);
    if (d == NULL || c == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = arena;
    ls_charter_read(arena, v, d, c);
    *out = d->errors == 0 ? c : NULL;
    return LS_SUCCESS;
}

static void compare_anchor(ls_verifier *v, const ls_hash *fingerprint)
{
    char found[LS_HEX_HASH_SIZE], wanted[LS_HEX_HASH_SIZE];
    ls_hash_format(fingerprint, found);
    v->report->charter = *fingerprint;
    if (v->anchor == NULL) {
        ls_report_add(v->report, LS_FINDING_NOTE, "charter",
                      "no fingerprint was given to compare with %s: this file is only consistent with itself", found);
    } else if (ls_hash_equal(v->anchor, fingerprint)) {
        v->report->anchored = true;
        ls_report_add(v->report, LS_FINDING_OK, "charter", "it has the fingerprint that was given: %s", found);
    } else {
        ls_hash_format(v->anchor, wanted);
        ls_report_add(v->report, LS_FINDING_FAILED, "charter", "its fingerprint is %s, not %s", found, wanted);
    }
}

ls_result ls_verify_charter(ls_verifier *v, const ls_hash *fingerprint, ls_bytes json)
{
    compare_anchor(v, fingerprint);
    LS_TRY(ls_verify_read_charter(v->arena, json, &v->charter));
    v->report->process = v->charter;
    v->report->exercise = v->charter != NULL && v->charter->exercise;
    return v->charter == NULL ? ls_fail(&ls_fault_bug) : LS_SUCCESS;
}

/* The checkpoint. */

static bool is_witness(const ls_charter *c, const ls_note_signature *s)
{
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        if (ls_note_signed_as(s, &c->policy.witness[i].key)) {
            return true;
        }
    }
    return false;
}

static void name_ignored(ls_verifier *v, const ls_note *note, const ls_note_verdict *verdict)
{
    for (size_t i = 0; i < note->count; i++) {
        ls_bytes name = note->signature[i].name;
        if (verdict->key[i] == LS_NOTE_UNKNOWN && !is_witness(v->charter, &note->signature[i])) {
            ls_report_add(v->report, LS_FINDING_NOTE, "checkpoint",
                          "the signature line of %.*s is ignored: it is not of a key that the charter names",
                          (int)name.len, name.ptr);
        }
    }
}

/* Where the policy wants a quorum: whether it is there. Without one the host alone vouches for what it shows here. */
static bool check_quorum(ls_verifier *v, ls_bytes bytes)
{
    ls_finality f;
    ls_detail detail = {0};
    if (v->charter->quorum_none) {
        return true;
    }
    ls_result r = ls_checkpoint_judge(v->charter, bytes, NULL, &f, &detail);
    if (r.fault == &ls_fault_memory) {
        v->report->lost = true;
        return false;
    }
    if (ls_failed(r)) {
        ls_report_add(v->report, LS_FINDING_FAILED, "checkpoint", "%s", detail.text);
        return false;
    }
    ls_report_add(v->report, f.final ? LS_FINDING_OK : LS_FINDING_NOTE, "quorum",
                  f.final ? "the checkpoint is final: a quorum of the charter's cosigners has cosigned it"
                          : "NOT FINAL: no quorum has cosigned this checkpoint; the host may show others another one");
    return true;
}

bool ls_verify_checkpoint(ls_verifier *v, ls_bytes bytes, ls_checkpoint *out)
{
    ls_note note;
    ls_note_verdict verdict;
    ls_checkpoint c;
    const char *wrong = NULL;
    if (ls_failed(ls_note_parse(bytes, &note)) || ls_failed(ls_checkpoint_parse(note.text, &c))) {
        wrong = "it is not a signed checkpoint";
    } else if (ls_failed(ls_note_verify(&note, &v->charter->ledger, 1, &verdict))) {
        wrong = "the signature is not that of the ledger that the charter names";
    } else if (!ls_bytes_equal(c.origin, v->charter->origin)) {
        wrong = "it is of another ledger than the charter names";
    }
    if (wrong != NULL) {
        ls_report_add(v->report, LS_FINDING_FAILED, "checkpoint", "%s", wrong);
        return false;
    }
    name_ignored(v, &note, &verdict);
    *out = c;
    return check_quorum(v, bytes);
}

/* Bundles. */

/* What a courier carries is judged where it arrives, by whoever knows what was there before. */
static ls_result verify_courier(ls_verifier *v)
{
    memset(v->used, true, v->bundle->count * sizeof *v->used);
    ls_report_add(v->report, LS_FINDING_FAILED, "bundle",
                  "it is a courier's file, which proves nothing alone: take it in with lockstep sync --from FILE");
    return LS_SUCCESS;
}

static ls_result verify_kind(ls_verifier *v)
{
    static ls_result (*const verify[])(ls_verifier *) = {
        [LS_BUNDLE_DRAFT] = ls_verify_draft,       [LS_BUNDLE_RECORD] = ls_verify_record,
        [LS_BUNDLE_EXCERPT] = ls_verify_excerpt,   [LS_BUNDLE_COURIER] = verify_courier,
        [LS_BUNDLE_EVIDENCE] = ls_verify_evidence, [LS_BUNDLE_PACKET] = ls_verify_packet};
    return verify[v->bundle->kind](v);
}

static ls_result verify_members(ls_verifier *v, ls_verified_row sink, void *context)
{
    check_members(v);
    LS_TRY(verify_kind(v));
    check_unused(v);
    LS_TRY(ls_verify_give_rows(v, sink, context));
    return v->report->lost ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result ls_verify_bundle(ls_arena *arena, ls_bytes file, const ls_hash *charter, ls_verified_row sink, void *context,
                           ls_report *report, ls_detail *detail)
{
    ls_bundle bundle;
    ls_verifier v;
    LS_TRY(ls_bundle_parse(arena, file, &bundle, detail));
    *report = (ls_report){.arena = arena};
    ls_verifier_start(&v, arena, report);
    v.anchor = charter;
    v.bundle = &bundle;
    v.fetch = (ls_fetch){fetch_member, &v};
    v.used = ls_arena_array(arena, bundle.count, sizeof *v.used);
    v.sound = ls_arena_array(arena, bundle.count, sizeof *v.sound);
    if (v.used == NULL || v.sound == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = verify_members(&v, sink, context);
    ls_record_free(v.owned);
    return r;
}

bool ls_verify_same_accord(const ls_verifier *v, const ls_hash *earlier, const ls_hash *later)
{
    const ls_known_accord *a = v->accords;
    ls_hash id = *later;
    /* An amendment names what it amends, so that no chain of them comes back to where it began. */
    while (a != NULL && !ls_hash_equal(&id, earlier)) {
        if (ls_hash_equal(&a->id, &id)) {
            id = a->amends;
            a = v->accords;
        } else {
            a = a->next;
        }
    }
    return ls_hash_equal(&id, earlier);
}
