/* Receipts: an act that its author fears is held back is taken, kept, and handed on to the host. */
#include "bundle/bundle.h"
#include "cosign/follow_parts.h"
#include "crypto/crypto.h"
#include "ledger/remote.h"
#include "os/os.h"
#include "process/receipt.h"
#include <stdio.h>

#define STRANGERS_SECONDS 10 /* between two looks at the host that acts without a known signature cause */

/* An act as it was handed in. */
typedef struct handed {
    ls_follow *f;
    ls_bytes note;
    bool bundled;
    ls_bundle bundle;
    ls_act act;
    ls_arena arena;
    ls_cosign_answer *answer;
} handed;

static bool refuse(handed *h, unsigned status, ls_result r, const ls_detail *detail)
{
    ls_cosign_refuse(h->answer, status, r.fault->code, "%s",
                     detail != NULL && detail->text[0] != '\0' ? detail->text : r.fault->sentence);
    return false;
}

static bool parsed(handed *h, ls_bytes body, bool bundle)
{
    ls_detail detail = {0};
    ls_result r = LS_SUCCESS;
    h->note = body;
    h->bundled = bundle;
    if (bundle) {
        r = ls_bundle_parse(&h->arena, body, &h->bundle, &detail);
        const ls_member *act = ls_succeeded(r) ? ls_bundle_member(&h->bundle, "act.note") : NULL;
        r = ls_succeeded(r) && (act == NULL || h->bundle.kind != LS_BUNDLE_DRAFT) ? ls_fail(&ls_fault_bundle_form) : r;
        h->note = ls_succeeded(r) ? act->content : body;
    }
    if (ls_succeeded(r)) {
        r = ls_act_parse(h->note, false, &h->act, &detail);
    }
    return ls_succeeded(r) || refuse(h, 400, r, &detail);
}

static bool known_process(handed *h)
{
    if (!h->act.has[LS_H_PROCESS] || !ls_hash_equal(&h->act.process, &h->f->o.process)) {
        ls_cosign_refuse(h->answer, 404, "process", "the act belongs to no process that is followed here");
        return false;
    }
    return true;
}

/* The answer once given is given again, with its time. */
static bool not_given_before(handed *h)
{
    ls_detail detail = {0};
    h->answer->body.len = 0;
    ls_result r =
        ls_cosign_state_receipt(h->f->o.owner->state, &h->f->o.process, &h->act.id, &h->answer->body, &detail);
    if (ls_failed(r)) {
        return refuse(h, 503, r, &detail);
    }
    h->answer->status = 200;
    h->answer->content_type = "text/plain; charset=utf-8";
    return h->answer->body.len == 0;
}

/* Under the keys that are known here. */
static bool by_somebody(const handed *h)
{
    const ls_record *record = ls_replica_record(h->f->replica);
    const ls_charter *c = record == NULL ? NULL : ls_record_charter(record);
    return c != NULL && ls_succeeded(ls_act_check_signatures(&h->act, c, ls_record_time(record), NULL));
}

/* The host may be what is wrong: then what is known here has to do. Strangers do not send this cosigner to the host
 * again and again; a key that is new enough to be unknown here is known at the next look. */
static bool brought_up(handed *h)
{
    uint64_t index;
    if (by_somebody(h) || h->f->looked <= 0 || ls_clock_monotonic() - h->f->looked >= STRANGERS_SECONDS) {
        (void)ls_failed(ls_follow_sync(h->f, NULL));
    }
    const ls_record *record = ls_replica_record(h->f->replica);
    if (record == NULL || ls_record_charter(record) == NULL) {
        ls_cosign_refuse(h->answer, 503, "replay", "the record was not read here yet");
        return false;
    }
    if (ls_record_find(record, &h->act.id, &index) && index < ls_replica_size(h->f->replica)) {
        ls_cosign_refuse(h->answer, 409, ls_fault_known.code, "the act is on the record, as entry %llu",
                         (unsigned long long)index);
        return false;
    }
    return true;
}

static bool is_signed(handed *h)
{
    ls_detail detail = {0};
    const ls_record *record = ls_replica_record(h->f->replica);
    ls_result r = ls_act_check_signatures(&h->act, ls_record_charter(record), ls_record_time(record), &detail);
    return ls_succeeded(r) || refuse(h, 403, r, &detail);
}

static ls_result next_piece(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    ls_reader *left = context;
    size_t len = ls_reader_left(left);
    (void)detail;
    ls_buf_put_bytes(out, ls_read_bytes(left, len < cap ? len : cap));
    return ls_buf_check(out);
}

static ls_result keep_file(handed *h, const ls_attachment *a, ls_detail *detail)
{
    uint64_t size;
    ls_store *store = ls_replica_store(h->f->replica);
    ls_bytes content;
    if (!ls_follow_meant(a) || ls_succeeded(store->methods->attached(store, &a->hash, &size, NULL))) {
        return LS_SUCCESS;
    }
    ls_result r =
        h->bundled ? ls_bundle_fetch(&h->bundle, &a->hash, a->size, &h->arena, &content) : ls_fail(&ls_fault_absent);
    if (ls_failed(r)) {
        return ls_fail_with(r.fault, detail, "the file %.*s did not come with the act", (int)a->file_name.len,
                            (const char *)a->file_name.ptr);
    }
    ls_reader left = ls_reader_of(content);
    ls_store_source source = {next_piece, &left};
    return store->methods->attach(store, &a->hash, content.len, source, detail);
}

/* Only signed and acceptable acts get this far, so nobody else fills the disk. */
static bool files_kept(handed *h)
{
    ls_detail detail = {0};
    ls_result r = LS_SUCCESS;
    for (size_t i = 0; ls_succeeded(r) && i < h->act.attachment_count; i++) {
        r = keep_file(h, &h->act.attachment[i], &detail);
    }
    return ls_succeeded(r) ||
           refuse(h, r.fault->class == LS_CLASS_INVALID || r.fault == &ls_fault_absent ? 422 : 503, r, &detail);
}

/* A succession never comes onto the ledger that it ends: who holds it stops signing that one, for good. So it is not
 * enough that it was signed once; and where the host has stopped the record's clock, the one here says that it lapsed.
 */
static ls_result judge_succession(const handed *h, const ls_record *record, ls_detail *detail)
{
    LS_TRY(ls_record_accept_succession(record, &h->act, LS_CHECK_SIGNATURES, detail));
    if (!h->act.exercise && ls_follow_now(h->f) > h->act.open_until) {
        return ls_fail_with(&ls_fault_refused, detail, "the succession was open until a time that has passed");
    }
    return LS_SUCCESS;
}

/* What a host showed beyond its checkpoint was accepted when it was replayed, and the host may still take it back. */
static ls_result judge_act(const handed *h, ls_detail *detail)
{
    const ls_record *record = ls_replica_record(h->f->replica);
    uint64_t index;
    if (ls_record_find(record, &h->act.id, &index)) {
        return LS_SUCCESS;
    }
    return ls_bytes_is(h->act.kind, "succeed") ? judge_succession(h, record, detail)
                                               : ls_record_accept(record, &h->act, LS_CHECK_CARRIED, detail);
}

/* Before any file is kept: some kinds can't be judged without theirs. */
static bool acceptable_but_for_files(handed *h)
{
    ls_detail detail = {0};
    ls_result r = judge_act(h, &detail);
    return ls_succeeded(r) || r.fault == &ls_fault_absent ||
           refuse(h, r.fault->class == LS_CLASS_INVALID ? 422 : 503, r, &detail);
}

static bool acceptable(handed *h)
{
    ls_detail detail = {0};
    ls_result r = judge_act(h, &detail);
    if (ls_succeeded(r) && ls_bytes_is(h->act.kind, "succeed")) {
        r = ls_follow_succeed(h->f, &h->act, h->f->origin, &detail);
    }
    return ls_succeeded(r) || refuse(h, r.fault->class == LS_CLASS_INVALID ? 422 : 503, r, &detail);
}

static void make_receipt(handed *h)
{
    const ls_cosign_folder *owner = h->f->o.owner;
    const ls_receipt_note note = {h->f->o.process, h->act.id, ls_follow_now(h->f)};
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    ls_buf receipt = {0};
    ls_detail detail = {0};
    ls_ed25519_keypair(ls_secret_bytes(owner->receipts_seed), public_key, secret_key);
    ls_receipt_make(&note, &owner->receipts, secret_key, &receipt);
    ls_wipe(secret_key, sizeof secret_key);
    const ls_pending p = {.process = note.process,
                          .act = note.act,
                          .party = h->act.by.name[0],
                          .time = note.time,
                          .note = h->note,
                          .receipt = ls_buf_bytes(&receipt)};
    ls_result r = ls_buf_check(&receipt);
    if (ls_succeeded(r)) {
        r = ls_cosign_state_put(owner->state, &p, &detail);
    }
    /* What is on disk is what is answered. */
    if (ls_failed(r)) {
        refuse(h, 503, r, &detail);
    } else if (not_given_before(h)) {
        ls_cosign_refuse(h->answer, 500, ls_fault_bug.code, "%s", ls_fault_bug.sentence);
    }
    ls_buf_free(&receipt);
}

void ls_follow_receipt(ls_follow *f, ls_bytes body, bool bundle, ls_cosign_answer *answer)
{
    static bool (*const steps[])(handed *) = {
        known_process, not_given_before, brought_up, is_signed, acceptable_but_for_files, files_kept, acceptable};
    handed h = {.f = f, .answer = answer};
    bool goes_on = parsed(&h, body, bundle);
    for (size_t i = 0; goes_on && i < sizeof steps / sizeof steps[0]; i++) {
        goes_on = steps[i](&h);
    }
    if (goes_on) {
        make_receipt(&h);
    }
    ls_arena_free(&h.arena);
}

/* Handing on. */

typedef struct forwarding {
    ls_follow *f;
    size_t left;
    bool unreachable;
    bool counts; /* what the replica's record says */
} forwarding;

/* The files of an act, from the replica. */
static size_t list_files(const ls_follow *f, const ls_act *act, ls_arena *arena, struct ls_submitted_file *files)
{
    ls_store *store = ls_replica_store(f->replica);
    size_t count = 0;
    uint64_t size;
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        ls_bytes content;
        if (ls_succeeded(store->methods->attached(store, &a->hash, &size, NULL)) &&
            ls_succeeded(ls_store_fetch_arena(store, &a->hash, a->size, arena, &content))) {
            files[count++] = (struct ls_submitted_file){.hash = a->hash, .content = content};
        }
    }
    return count;
}

static void hand_on(forwarding *r, const ls_act *act, ls_bytes note)
{
    struct ls_submitted_file files[LS_ACT_ATTACHMENTS_MAX];
    ls_arena arena = {0};
    ls_receipt receipt;
    ls_submission s = {.note = note, .attachment = files};
    s.attachment_count = list_files(r->f, act, &arena, files);
    ls_result sent = r->f->o.source->methods->submit(r->f->o.source, &s, &receipt, NULL);
    r->unreachable = sent.fault == &ls_fault_unreachable;
    ls_arena_free(&arena);
}

/* On the record, or never to be on it. */
static bool is_settled(const ls_record *record, const ls_act *act)
{
    uint64_t index;
    return ls_record_find(record, &act->id, &index) || ls_record_over(record, act);
}

static ls_result forward_one(void *context, const ls_pending *p)
{
    forwarding *r = context;
    ls_act act;
    const ls_record *record = ls_replica_record(r->f->replica);
    LS_TRY(ls_act_parse(p->note, false, &act, NULL));
    if (r->counts && is_settled(record, &act)) {
        return ls_cosign_state_drop(r->f->o.owner->state, &p->process, &p->act, NULL);
    }
    r->left++;
    if (!r->unreachable) {
        hand_on(r, &act, p->note);
    }
    return LS_SUCCESS;
}

/* Not entries that were taken in and stand under no checkpoint yet: a host could show an act, have it forgotten here,
 * and take it back. Nor the record of an origin that was ended: where the process goes on, the act may be missing. */
static ls_result record_counts(const ls_follow *f, bool *out, ls_detail *detail)
{
    const ls_record *record = ls_replica_record(f->replica);
    const ls_charter *c = record == NULL ? NULL : ls_record_charter(record);
    ls_cosigned last = {.stopped = true};
    if (c != NULL) {
        LS_TRY(ls_cosign_state_last(f->o.owner->state, c->origin, &last, NULL, detail));
    }
    *out = !last.stopped && ls_record_size(record) == ls_replica_size(f->replica);
    return LS_SUCCESS;
}

ls_result ls_follow_forward(ls_follow *f, size_t *left, ls_detail *detail)
{
    forwarding r = {.f = f};
    LS_TRY(record_counts(f, &r.counts, detail));
    LS_TRY(ls_cosign_state_pending(f->o.owner->state, &f->o.process, forward_one, &r, detail));
    *left = r.left;
    return LS_SUCCESS;
}
