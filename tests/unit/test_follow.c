/* A cosigner that follows a process: what it cosigns, what it holds back and why, and the receipts that it gives. */
#include "bundle/bundle.h"
#include "cosign/follow.h"
#include "crypto/crypto.h"
#include "fixture/fixture.h"
#include "fixture/system.h"
#include "ledger/remote.h"
#include "process/receipt.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR 3600

/* A host in memory, which can hold back acts and files. */
typedef struct host {
    ls_ledger base;
    fixture *f;
    bool takes_acts, gives_files, away;
    unsigned offered; /* acts that were handed to it */
    uint64_t breaks;  /* at this entry, if not 0 */
} host;

static ls_result host_checkpoint(ls_ledger *l, ls_which_checkpoint which, ls_buf *note, ls_detail *detail)
{
    (void)which;
    (void)detail;
    if (((host *)l)->away) {
        return ls_fail(&ls_fault_unreachable);
    }
    ls_buf_put_bytes(note, fixture_checkpoint(((host *)l)->f));
    return LS_SUCCESS;
}

static ls_result host_read(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                           ls_detail *detail)
{
    const host *h = (host *)l;
    (void)detail;
    for (uint64_t i = from; i < to; i++) {
        if (h->breaks != 0 && i >= h->breaks) {
            return ls_fail(&ls_fault_unreachable);
        }
        LS_TRY(sink(context, i, h->f->entry[i]));
    }
    return LS_SUCCESS;
}

/* Files that acceptance needs are always there. */
static ls_result host_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    const host *h = (host *)l;
    ls_bytes content;
    (void)detail;
    LS_TRY(fixture_fetch(h->f, hash, limit, NULL, &content));
    if (!h->gives_files && ls_bytes_starts(content, "hidden")) {
        return ls_fail(&ls_fault_absent);
    }
    ls_buf_put_bytes(out, content);
    return LS_SUCCESS;
}

static ls_result host_submit(ls_ledger *l, const ls_submission *s, ls_receipt *out, ls_detail *detail)
{
    host *h = (host *)l;
    h->offered++;
    if (!h->takes_acts) {
        return ls_fail(&ls_fault_unreachable);
    }
    LS_TRY(ls_record_append(h->f->record, s->note, LS_CHECK_SIGNATURES, detail));
    h->f->entry[h->f->entry_count++] = fixture_keep(h->f, s->note);
    *out = (ls_receipt){h->f->entry_count - 1, false};
    return LS_SUCCESS;
}

static const ls_ledger_methods methods = {
    .checkpoint = host_checkpoint, .read = host_read, .fetch = host_fetch, .submit = host_submit};

typedef struct place {
    char parent[256], folder[300], replica[340];
    fixture f;
    host h;
    ls_cosign_folder owner;
    ls_follow *follow;
    ls_time now;
} place;

static ls_time now_of(void *context)
{
    return ((const place *)context)->now;
}

static void open_follow(place *p)
{
    ls_detail detail = {0};
    ls_follow_options o = {.owner = &p->owner,
                           .folder = p->replica,
                           .process = *ls_record_process(p->f.record),
                           .source = &p->h.base,
                           .now = now_of,
                           .context = p};
    ls_result r = ls_follow_open(&o, &p->follow, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
}

static void put_accord(fixture *f)
{
    fixture_append(f, fixture_charter(f));
    fixture_stamp(f);
    fixture_append(f, fixture_accord(f));
    fixture_stamp(f);
}

static place *begin(bool quorum)
{
    place *p = calloc(1, sizeof *p);
    assert_null(ls_crypto_init().fault);
    system_folder(p->parent, sizeof p->parent);
    snprintf(p->folder, sizeof p->folder, "%s/watch", p->parent);
    snprintf(p->replica, sizeof p->replica, "%s/replica", p->parent);
    assert_null(ls_cosign_folder_create(p->folder, "usa.example/watch", NULL, NULL).fault);
    assert_null(ls_cosign_folder_open(p->folder, NULL, &p->owner, NULL).fault);
    if (quorum) {
        fixture_open_watched(&p->f, false);
    } else {
        fixture_open(&p->f, NULL);
    }
    put_accord(&p->f);
    p->h = (host){.base.methods = &methods, .f = &p->f, .takes_acts = true, .gives_files = true};
    p->now = p->f.now;
    open_follow(p);
    return p;
}

static int set_up(void **state)
{
    *state = begin(false);
    return 0;
}

static int set_up_watched(void **state)
{
    *state = begin(true);
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    ls_follow_close(p->follow);
    ls_cosign_folder_close(&p->owner);
    fixture_close(&p->f);
    system_remove(p->parent);
    free(p);
    return 0;
}

/* Asking. */

static size_t trusted(void *context, ls_bytes origin, ls_vkey *keys)
{
    const place *p = context;
    return ls_follow_trusts(p->follow, origin, &keys[0]);
}

static bool permit(void *context, const ls_add_checkpoint *request, ls_cosign_answer *answer)
{
    place *p = context;
    ls_refusal why;
    bool permitted = ls_follow_permits(p->follow, &request->head, request->checkpoint, &why);
    if (!permitted) {
        ls_cosign_refuse(answer, why.status, why.rule, "%s", why.text);
    }
    return permitted;
}

static ls_witness_options witness(place *p)
{
    return (ls_witness_options){.state = p->owner.state,
                                .key = &p->owner.key,
                                .seed = p->owner.key_seed,
                                .trusted = trusted,
                                .permit = permit,
                                .now = now_of,
                                .context = p};
}

static uint64_t cosigned_size(place *p)
{
    ls_cosigned last;
    assert_null(ls_cosign_state_last(p->owner.state, ls_bytes_str(p->f.ledger.vkey.name), &last, NULL, NULL).fault);
    return last.size;
}

/* What a look at the host brings: "" if it cosigned, the rule if it did not, "nothing" if there was nothing to do. */
static const char *look(place *p)
{
    ls_witness_options w = witness(p);
    ls_buf note = {0};
    ls_refusal why;
    ls_detail detail = {0};
    ls_note parsed;
    ls_note_verdict verdict;
    ls_result r = ls_follow_pull(p->follow, &w, &note, &why, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    if (note.len > 0) {
        const ls_vkey keys[] = {p->f.ledger.vkey, p->owner.key};
        assert_null(ls_note_parse(ls_buf_bytes(&note), &parsed).fault);
        assert_null(ls_note_verify(&parsed, keys, 2, &verdict).fault);
        assert_int_equal(verdict.verified, 2);
        assert_int_equal(verdict.time[1], p->now);
        assert_int_equal(cosigned_size(p), p->f.entry_count);
    }
    bool cosigned = note.len > 0;
    ls_buf_free(&note);
    return why.rule != NULL ? why.rule : cosigned ? "" : "nothing";
}

static unsigned push(place *p, uint64_t old, ls_bytes checkpoint)
{
    ls_hash leaves[256], proof[LS_MERKLE_PROOF_MAX];
    ls_buf body = {0};
    ls_cosign_answer answer = {0};
    ls_witness_options w = witness(p);
    size_t count = 0;
    for (size_t i = 0; i < p->f.entry_count; i++) {
        ls_merkle_leaf(p->f.entry[i], &leaves[i]);
    }
    if (old > 0 && old < p->f.entry_count) {
        assert_null(
            ls_merkle_prove_consistency(old, p->f.entry_count, ls_merkle_read_leaves, leaves, proof, &count).fault);
    }
    ls_add_checkpoint_format(old, proof, count, checkpoint, &body);
    ls_witness_add_checkpoint(&w, ls_buf_bytes(&body), &answer);
    ls_buf_free(&body);
    ls_buf_free(&answer.body);
    return answer.status;
}

static ls_bytes perform(place *p)
{
    return fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises");
}

static unsigned hand_in(place *p, ls_bytes body, bool bundle, ls_buf *receipt)
{
    ls_cosign_answer answer = {0};
    ls_follow_receipt(p->follow, body, bundle, &answer);
    if (receipt != NULL) {
        ls_buf_put_bytes(receipt, ls_buf_bytes(&answer.body));
    }
    ls_buf_free(&answer.body);
    return answer.status;
}

static size_t forward(place *p)
{
    size_t left = SIZE_MAX;
    assert_null(ls_follow_sync(p->follow, NULL).fault);
    assert_null(ls_follow_forward(p->follow, &left, NULL).fault);
    return left;
}

/* Cosigning. */

static void test_pull(void **state)
{
    place *p = *state;
    assert_string_equal(look(p), "");
    assert_string_equal(look(p), "nothing");
    fixture_append(&p->f, perform(p));
    assert_string_equal(look(p), "");
    fixture_stamp(&p->f);
    assert_string_equal(look(p), "");
    /* Another start knows as much. */
    ls_follow_close(p->follow);
    open_follow(p);
    assert_string_equal(look(p), "nothing");
}

/* Between reading what was cosigned last and replacing it, a request cosigns the same checkpoint: as when one origin is
 * followed at two addresses. */
static ls_time forestalled(void *context)
{
    place *p = context;
    if (cosigned_size(p) < p->f.entry_count) {
        assert_int_equal(push(p, cosigned_size(p), fixture_checkpoint(&p->f)), 200);
    }
    return p->now;
}

static void test_forestalled(void **state)
{
    place *p = *state;
    ls_witness_options w = witness(p);
    ls_buf note = {0};
    ls_refusal why;
    w.now = forestalled;
    assert_null(ls_follow_pull(p->follow, &w, &note, &why, NULL).fault);
    assert_null(why.rule);
    assert_int_equal(note.len, 0);
    assert_int_equal(cosigned_size(p), p->f.entry_count);
}

/* A silent ledger: once the interval has passed, the same checkpoint is cosigned anew, once. */
static void test_silence(void **state)
{
    place *p = *state;
    int64_t interval = ls_record_charter(p->f.record)->stamp_interval;
    assert_string_equal(look(p), "");
    p->now += interval - 1;
    assert_string_equal(look(p), "nothing");
    p->now++;
    assert_string_equal(look(p), "");
    p->now += interval;
    assert_string_equal(look(p), "nothing");
    p->f.now = p->now;
    fixture_stamp(&p->f);
    assert_string_equal(look(p), "");
    p->now += interval;
    assert_string_equal(look(p), "");
}

static void test_push(void **state)
{
    place *p = *state;
    /* Nothing was read yet, so that the origin is not known. */
    assert_int_equal(push(p, 0, fixture_checkpoint(&p->f)), 404);
    assert_null(ls_follow_sync(p->follow, NULL).fault);
    assert_int_equal(push(p, 0, fixture_checkpoint(&p->f)), 200);
    uint64_t old = p->f.entry_count;
    /* It reads by itself what is new. */
    fixture_append(&p->f, perform(p));
    fixture_stamp(&p->f);
    assert_int_equal(push(p, old, fixture_checkpoint(&p->f)), 200);
    assert_int_equal(ls_replica_size(ls_follow_replica(p->follow)), p->f.entry_count);
}

/* A checkpoint that the ledger's key signed over entries that nobody shows. */
static void put_fake(place *p, uint64_t size, ls_buf *note)
{
    ls_checkpoint c = {.origin = ls_bytes_str(p->f.ledger.vkey.name), .size = size, .root = {{9}}};
    ls_buf text = {0};
    ls_checkpoint_format(&c, &text);
    ls_buf_put_bytes(note, ls_buf_bytes(&text));
    ls_buf_put_u8(note, '\n');
    ls_note_sign(note, ls_buf_bytes(&text), &p->f.ledger.vkey, p->f.ledger.secret);
    ls_buf_free(&text);
}

static void test_contradiction(void **state)
{
    place *p = *state;
    ls_buf fake = {0}, beyond = {0};
    char path[400];
    assert_null(ls_follow_sync(p->follow, NULL).fault);
    put_fake(p, p->f.entry_count, &fake);
    assert_int_equal(push(p, 0, ls_buf_bytes(&fake)), 422);
    snprintf(path, sizeof path, "%s/evidence", p->replica);
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    assert_null(ls_folder_list(&arena, path, &names, &count, NULL).fault);
    assert_int_equal(count, 1);
    /* Other lines beneath it make another note of it, and no other proof. */
    for (unsigned i = 0; i < 2 * LS_REPLICA_EVIDENCE_MAX; i++) {
        char line[64];
        size_t len = fake.len;
        snprintf(line, sizeof line, "\xe2\x80\x94 nobody AAAA%04u\n", i);
        ls_buf_put_str(&fake, line);
        assert_int_equal(push(p, 0, ls_buf_bytes(&fake)), 422);
        fake.len = len;
    }
    assert_null(ls_folder_list(&arena, path, &names, &count, NULL).fault);
    assert_int_equal(count, LS_REPLICA_EVIDENCE_MAX);
    ls_arena_free(&arena);
    /* More entries than the host shows: it may show them yet. */
    put_fake(p, p->f.entry_count + 1, &beyond);
    assert_int_equal(push(p, 0, ls_buf_bytes(&beyond)), 503);
    assert_int_equal(push(p, 0, fixture_checkpoint(&p->f)), 200);
    ls_buf_free(&fake);
    ls_buf_free(&beyond);
}

static ls_bytes with_file(place *p, const char *content)
{
    ls_act_draft d;
    ls_attachment a = fixture_attach(&p->f, "report.txt", "text/plain", ls_bytes_str(content));
    fixture_draft(&p->f, FIXTURE_USA, "perform", &d);
    char accord[LS_HEX_HASH_SIZE];
    ls_hash_format(&p->f.accord, accord);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_act_draft_attach(&d, &a);
    return fixture_finish(&p->f, &d);
}

static void test_files(void **state)
{
    place *p = *state;
    assert_string_equal(look(p), "");
    fixture_append(&p->f, with_file(p, "hidden from the cosigner"));
    p->h.gives_files = false;
    assert_string_equal(look(p), "files");
    assert_string_equal(look(p), "files");
    p->h.gives_files = true;
    assert_string_equal(look(p), "");
}

/* Receipts. */

static void test_receipt(void **state)
{
    place *p = *state;
    ls_bytes act = perform(p);
    ls_buf first = {0}, again = {0};
    ls_receipt_note note;
    ls_note parsed;
    ls_note_verdict verdict;
    p->h.takes_acts = false;
    assert_int_equal(hand_in(p, act, false, &first), 200);
    assert_null(ls_receipt_parse(ls_buf_bytes(&first), &note, &parsed, NULL).fault);
    assert_null(ls_note_verify(&parsed, &p->owner.receipts, 1, &verdict).fault);
    assert_int_equal(note.time, p->now);
    assert_true(ls_hash_equal(&note.process, ls_record_process(p->f.record)));
    /* The same one later, with its time. */
    p->now += 100;
    assert_int_equal(hand_in(p, act, false, &again), 200);
    assert_int_equal(again.len, first.len);
    assert_memory_equal(again.ptr, first.ptr, first.len);
    ls_buf_free(&first);
    ls_buf_free(&again);
}

static void test_held_back(void **state)
{
    place *p = *state;
    ls_bytes act = perform(p);
    p->h.takes_acts = false;
    assert_int_equal(hand_in(p, act, false, NULL), 200);
    p->now += HOUR - 1;
    assert_string_equal(look(p), "");
    fixture_stamp(&p->f);
    p->now++;
    assert_string_equal(look(p), "receipts");
    assert_int_equal(push(p, cosigned_size(p), fixture_checkpoint(&p->f)), 503);
    assert_int_equal(forward(p), 1);
    assert_true(p->h.offered > 0);
    /* The host gives in. */
    p->h.takes_acts = true;
    assert_int_equal(forward(p), 1);
    assert_string_equal(look(p), "");
    assert_int_equal(forward(p), 0);
}

/* The same, of an act that nobody has handed in yet: its author gets the receipt. */
static void test_receipt_for_what_was_shown(void **state)
{
    place *p = *state;
    ls_bytes act = perform(p);
    p->h.takes_acts = false;
    fixture_append(&p->f, act);
    fixture_stamp(&p->f);
    p->h.breaks = p->f.entry_count - 1;
    assert_ptr_equal(ls_follow_sync(p->follow, NULL).fault, &ls_fault_unreachable);
    assert_int_equal(ls_record_size(ls_replica_record(ls_follow_replica(p->follow))), p->f.entry_count - 1);
    assert_int_equal(hand_in(p, act, false, NULL), 200);
    p->h.breaks = 0;
    assert_null(ls_follow_sync(p->follow, NULL).fault);
    assert_int_equal(hand_in(p, act, false, NULL), 200); /* the receipt stands */
    assert_int_equal(forward(p), 0);
    assert_int_equal(hand_in(p, act, false, NULL), 409);
}

static void put_receipt(const place *p, size_t cosigner, const ls_act *act, ls_buf *out)
{
    fixture_key key, receipts;
    fixture_cosigner(cosigner, &key, &receipts);
    const ls_receipt_note note = {*ls_record_process(p->f.record), act->id, p->now};
    ls_receipt_make(&note, &receipts.vkey, receipts.secret, out);
}

/* Receipts on the record, by a quorum; the host takes these, and the act it does not take. */
static void file_receipts(place *p, const ls_act *act)
{
    ls_act_draft d;
    ls_buf receipts = {0};
    char id[LS_HEX_HASH_SIZE];
    put_receipt(p, 0, act, &receipts);
    put_receipt(p, 1, act, &receipts);
    ls_buf_put_str(&receipts, LS_RECEIPTS_END);
    ls_hash_format(&act->id, id);
    fixture_draft(&p->f, FIXTURE_DPRK, "receipts", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", id);
    ls_buf_put_bytes(&d.text, ls_buf_bytes(&receipts));
    fixture_append(&p->f, fixture_finish(&p->f, &d));
    ls_buf_free(&receipts);
}

static void pass(place *p, int64_t seconds)
{
    p->f.now += seconds;
    p->now += seconds;
    fixture_stamp(&p->f);
}

/* An act that has expired, and that receipts on the record keep acceptable for the grace, is held for as long. */
static void test_held_by_receipts(void **state)
{
    place *p = *state;
    ls_act act;
    ls_act_draft d;
    char accord[LS_HEX_HASH_SIZE], expires[LS_TIME_SIZE];
    ls_hash_format(&p->f.accord, accord);
    ls_time_format(p->f.now + 600, expires);
    fixture_draft(&p->f, FIXTURE_USA, "perform", &d);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_act_draft_set(&d, LS_H_EXPIRES, "%s", expires);
    ls_bytes note = fixture_finish(&p->f, &d);
    assert_null(ls_act_parse(note, false, &act, NULL).fault);
    p->h.takes_acts = false;
    assert_int_equal(hand_in(p, note, false, NULL), 200);
    file_receipts(p, &act);
    pass(p, 1200);
    assert_null(ls_record_accept(p->f.record, &act, LS_CHECK_SIGNATURES, NULL).fault);
    assert_int_equal(forward(p), 1);
    pass(p, 2 * HOUR);
    assert_null(ls_record_accept(p->f.record, &act, LS_CHECK_SIGNATURES, NULL).fault);
    assert_string_equal(look(p), "receipts");
    /* Once the grace is over as well, it is nobody's any more. */
    pass(p, ls_record_charter(p->f.record)->grace);
    assert_int_equal(forward(p), 0);
    assert_string_equal(look(p), "");
}

static size_t evidence(const place *p)
{
    char path[400];
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    snprintf(path, sizeof path, "%s/evidence", p->replica);
    assert_null(ls_folder_list(&arena, path, &names, &count, NULL).fault);
    ls_arena_free(&arena);
    return count;
}

/* A host shows an act that it signs for, and breaks off before it shows that the act stands under the checkpoint. */
static void show_for_a_moment(place *p, ls_bytes act)
{
    assert_null(ls_follow_sync(p->follow, NULL).fault);
    fixture_append(&p->f, act);
    fixture_stamp(&p->f);
    p->h.breaks = p->f.entry_count - 1;
    assert_ptr_equal(ls_follow_sync(p->follow, NULL).fault, &ls_fault_unreachable);
    assert_int_equal(ls_record_size(ls_replica_record(ls_follow_replica(p->follow))), p->h.breaks);
}

/* From now on it shows another history, which goes as far as the accord. */
static void show_another(place *p, fixture *other)
{
    fixture_open(other, NULL);
    put_accord(other);
    p->h.f = other;
    p->h.breaks = 0;
}

/* Such a host has not taken the act. */
static void test_shown_for_a_moment(void **state)
{
    place *p = *state;
    fixture other;
    size_t left = 0;
    ls_bytes act = perform(p);
    p->h.takes_acts = false;
    assert_int_equal(hand_in(p, act, false, NULL), 200);
    show_for_a_moment(p, act);
    assert_null(ls_follow_forward(p->follow, &left, NULL).fault);
    assert_int_equal(left, 1);
    /* The history that it stands by, without the act. */
    show_another(p, &other);
    other.now++;
    fixture_stamp(&other);
    p->now += HOUR;
    assert_string_equal(look(p), "receipts");
    /* As large as what it showed for a moment, it is caught, and what it signed then is kept. */
    other.now++;
    fixture_stamp(&other);
    ls_detail detail = {0};
    assert_ptr_equal(ls_follow_sync(p->follow, &detail).fault, &ls_fault_rewritten);
    assert_non_null(strstr(detail.text, "another history"));
    assert_int_equal(evidence(p), 1);
    fixture_close(&other);
}

/* Whose chain has gone on without the act: it is absent and no longer acceptable. */
static void test_overtaken_act(void **state)
{
    place *p = *state;
    ls_bytes act = perform(p);
    p->h.takes_acts = false;
    assert_int_equal(hand_in(p, act, false, NULL), 200);
    p->f.now++;
    fixture_append(&p->f, perform(p));
    p->now += 2 * HOUR;
    assert_string_equal(look(p), "");
    assert_int_equal(forward(p), 1);
    /* Forgotten when it has lapsed. */
    p->f.now += 8 * 86400;
    fixture_stamp(&p->f);
    assert_int_equal(forward(p), 0);
}

static void test_no_receipt(void **state)
{
    place *p = *state;
    ls_bytes act = perform(p);
    ls_buf changed = {0};
    ls_buf_put_bytes(&changed, act);
    changed.ptr[changed.len - 4] ^= 1;
    assert_int_equal(hand_in(p, ls_bytes_str("not an act\n"), false, NULL), 400);
    assert_int_equal(hand_in(p, act, true, NULL), 400);
    assert_int_not_equal(hand_in(p, ls_buf_bytes(&changed), false, NULL), 200);
    /* Out of turn. */
    fixture_append(&p->f, act);
    ls_bytes second = perform(p);
    assert_int_equal(hand_in(p, act, false, NULL), 409);
    fixture_append(&p->f, fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises"));
    assert_int_equal(hand_in(p, second, false, NULL), 409);
    ls_buf_free(&changed);
}

static void test_receipt_with_file(void **state)
{
    place *p = *state;
    ls_bytes act = with_file(p, "hidden until it is handed in");
    ls_act parsed;
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_buf bundle = {0};
    p->h.takes_acts = p->h.gives_files = false;
    assert_int_equal(hand_in(p, act, false, NULL), 422);
    assert_null(ls_act_parse(act, false, &parsed, NULL).fault);
    ls_bundle_attachment_format(&parsed.attachment[0].hash, name);
    ls_bundle_begin(&bundle, LS_BUNDLE_DRAFT);
    assert_null(ls_bundle_put(&bundle, "act.note", act).fault);
    assert_null(ls_bundle_put(&bundle, name, ls_bytes_str("hidden until it is handed in")).fault);
    ls_bundle_end(&bundle);
    assert_int_equal(hand_in(p, ls_buf_bytes(&bundle), true, NULL), 200);
    p->now += 2 * HOUR;
    assert_string_equal(look(p), "receipts");
    p->h.takes_acts = true;
    assert_int_equal(forward(p), 1);
    /* The file is here already, so that nothing is missing. */
    assert_string_equal(look(p), "");
    ls_buf_free(&bundle);
}

static ls_store *held(place *p)
{
    return ls_replica_store((ls_replica *)(uintptr_t)ls_follow_replica(p->follow));
}

/* A key that ends itself needs no other signature: but it has to be a key of the party's. */
static void test_strangers_file(void **state)
{
    static const char content[] = "a stranger's file";
    place *p = *state;
    ls_act_draft d;
    ls_act act;
    fixture_key key;
    char vkey[LS_VKEY_SIZE], name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_attachment a = fixture_attach(&p->f, "report.txt", "text/plain", ls_bytes_str(content));
    ls_buf note = {0}, lines = {0}, bundle = {0};
    uint64_t size;
    ls_store *store = held(p);
    fixture_key_make("usa.example/stranger", &key);
    ls_vkey_format(&key.vkey, vkey);
    fixture_draft(&p->f, FIXTURE_USA, "revoke", &d);
    ls_act_draft_set(&d, LS_H_SIGNERS, "stranger");
    ls_act_draft_set(&d, LS_H_KEY, "%s", vkey);
    ls_act_draft_attach(&d, &a);
    ls_buf_put_str(&d.text, "Lost.\n");
    assert_null(ls_act_draft_finish(&d, &note, NULL).fault);
    ls_act_draft_free(&d);
    ls_note_sign(&lines, ls_buf_bytes(&note), &key.vkey, key.secret);
    ls_buf_put_u8(&note, '\n');
    ls_buf_put_bytes(&note, ls_buf_bytes(&lines));
    assert_null(ls_act_parse(ls_buf_bytes(&note), false, &act, NULL).fault);
    ls_bundle_attachment_format(&a.hash, name);
    ls_bundle_begin(&bundle, LS_BUNDLE_DRAFT);
    assert_null(ls_bundle_put(&bundle, "act.note", ls_buf_bytes(&note)).fault);
    assert_null(ls_bundle_put(&bundle, name, ls_bytes_str(content)).fault);
    ls_bundle_end(&bundle);
    assert_int_equal(hand_in(p, ls_buf_bytes(&bundle), true, NULL), 403);
    assert_ptr_equal(store->methods->attached(store, &a.hash, &size, NULL).fault, &ls_fault_absent);
    ls_buf_free(&note);
    ls_buf_free(&lines);
    ls_buf_free(&bundle);
}

/* Nor does a party's own act bring files that could not enter the record. */
static void test_unacceptable_file(void **state)
{
    place *p = *state;
    ls_act act;
    ls_buf bundle = {0};
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    uint64_t size;
    ls_store *store = held(p);
    fixture_append(&p->f, perform(p));
    ls_bytes note = with_file(p, "of an act whose turn is over");
    p->f.now++;
    fixture_append(&p->f, perform(p));
    assert_null(ls_act_parse(note, false, &act, NULL).fault);
    ls_bundle_attachment_format(&act.attachment[0].hash, name);
    ls_bundle_begin(&bundle, LS_BUNDLE_DRAFT);
    assert_null(ls_bundle_put(&bundle, "act.note", note).fault);
    assert_null(ls_bundle_put(&bundle, name, ls_bytes_str("of an act whose turn is over")).fault);
    ls_bundle_end(&bundle);
    assert_int_equal(hand_in(p, ls_buf_bytes(&bundle), true, NULL), 422);
    assert_ptr_equal(store->methods->attached(store, &act.attachment[0].hash, &size, NULL).fault, &ls_fault_absent);
    ls_buf_free(&bundle);
}

static void test_another_process(void **state)
{
    place *p = *state;
    ls_act_draft d;
    char other[LS_HEX_HASH_SIZE];
    ls_hash_format(&(ls_hash){{5}}, other);
    fixture_draft(&p->f, FIXTURE_USA, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_PROCESS, "%s", other);
    ls_act_draft_set(&d, LS_H_REF, "%s", other);
    assert_int_equal(hand_in(p, fixture_finish(&p->f, &d), false, NULL), 404);
}

/* Succession. */

#define OPEN_UNTIL "2018-11-09T08:00:00Z"

static void make_proof(place *p, const fixture_key *key, char out[static LS_BASE64_SIZE(64) + 1])
{
    ls_buf claim = {0}, base64 = {0};
    uint8_t signature[LS_SIGNATURE_SIZE];
    ls_charter_put_claim(ls_record_process(p->f.record), ls_bytes_str("ledger"), &key->vkey, &claim);
    ls_ed25519_sign(ls_buf_bytes(&claim), key->secret, signature);
    ls_buf_put_base64(&base64, ls_bytes_of(signature, sizeof signature));
    snprintf(out, LS_BASE64_SIZE(64) + 1, "%s", ls_buf_cstr(&base64));
    ls_buf_free(&claim);
    ls_buf_free(&base64);
}

static ls_bytes succession(place *p, uint64_t since, const char *by, const char *signers, bool proved)
{
    ls_act_draft d = {.exercise = true};
    fixture_key key;
    char vkey[LS_VKEY_SIZE], process[LS_HEX_HASH_SIZE], proof[LS_BASE64_SIZE(64) + 1] = {0};
    fixture_key_make("exercise.elsewhere.example/fixture", &key);
    ls_vkey_format(&key.vkey, vkey);
    ls_hash_format(ls_record_process(p->f.record), process);
    make_proof(p, &key, proof);
    if (!proved) {
        memset(proof, 'A', 8);
    }
    ls_act_draft_set(&d, LS_H_ACT, "succeed");
    ls_act_draft_set(&d, LS_H_PROCESS, "%s", process);
    ls_act_draft_set(&d, LS_H_BY, "%s", by);
    ls_act_draft_set(&d, LS_H_SIGNERS, "%s", signers);
    ls_act_draft_set(&d, LS_H_NONCE, "%064llx", (unsigned long long)since);
    ls_act_draft_set(&d, LS_H_OPEN_UNTIL, OPEN_UNTIL);
    ls_act_draft_set(&d, LS_H_AT, "2018-10-09T08:00:00Z");
    ls_act_draft_set(&d, LS_H_KEY, "%s", vkey);
    ls_act_draft_set(&d, LS_H_PROOF, "%s", proof);
    ls_act_draft_set(&d, LS_H_SINCE, "%llu", (unsigned long long)since);
    return fixture_finish(&p->f, &d);
}

static void test_succession(void **state)
{
    static const char *all = "dprk usa rok", *signers = "dprk-1 usa-1 usa-2 rok-1";
    place *p = *state;
    assert_string_equal(look(p), "");
    uint64_t size = p->f.entry_count;
    /* It would drop an entry that was cosigned; or it lacks a party. */
    assert_int_equal(hand_in(p, succession(p, size - 1, all, signers, true), false, NULL), 422);
    assert_int_equal(hand_in(p, succession(p, size, "dprk usa", "dprk-1 usa-1 usa-2", true), false, NULL), 422);
    fixture_append(&p->f, perform(p));
    assert_string_equal(look(p), "");
    assert_int_equal(hand_in(p, succession(p, size, all, signers, true), false, NULL), 422);
    assert_int_equal(hand_in(p, succession(p, size + 1, all, signers, true), false, NULL), 200);
    fixture_stamp(&p->f);
    assert_string_equal(look(p), "nothing");
    assert_int_equal(push(p, size + 1, fixture_checkpoint(&p->f)), 403);
    assert_int_equal(cosigned_size(p), size + 1);
}

/* The host is lost, which is when a host is succeeded, and the cosigner starts anew: it stops the right origin. */
static void test_succession_of_a_lost_host(void **state)
{
    place *p = *state;
    assert_string_equal(look(p), "");
    uint64_t size = p->f.entry_count;
    ls_follow_close(p->follow);
    p->h.away = true;
    open_follow(p);
    assert_int_equal(hand_in(p, succession(p, size, "dprk usa rok", "dprk-1 usa-1 usa-2 rok-1", true), false, NULL),
                     200);
    p->h.away = false;
    fixture_append(&p->f, perform(p));
    assert_string_equal(look(p), "nothing");
    assert_int_equal(push(p, size, fixture_checkpoint(&p->f)), 403);
    assert_int_equal(cosigned_size(p), size);
}

static void succeed(place *p, fixture *f)
{
    fixture_append(f, succession(p, f->entry_count, "dprk usa rok", "dprk-1 usa-1 usa-2 rok-1", true));
    fixture_key_make("exercise.elsewhere.example/fixture", &f->ledger);
    fixture_stamp(f);
    fixture_stamp(f);
}

/* What a host signed that was lost before it showed its last entries does not accuse its successor, who goes on without
 * them. */
static void test_succession_of_a_host_that_was_not_shown_to_its_end(void **state)
{
    place *p = *state;
    fixture other;
    show_for_a_moment(p, perform(p));
    show_another(p, &other);
    succeed(p, &other);
    assert_true(other.entry_count > p->f.entry_count);
    ls_detail detail = {0};
    ls_result r = ls_follow_sync(p->follow, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    assert_int_equal(ls_replica_size(ls_follow_replica(p->follow)), other.entry_count);
    assert_int_equal(evidence(p), 0);
    fixture_close(&other);
}

/* But one that lied before it was succeeded is caught after it, too. */
static void test_succession_covers_no_lie(void **state)
{
    place *p = *state;
    fixture other;
    show_for_a_moment(p, perform(p));
    show_another(p, &other);
    while (other.entry_count < p->f.entry_count) {
        other.now++;
        fixture_stamp(&other);
    }
    succeed(p, &other);
    assert_ptr_equal(ls_follow_sync(p->follow, NULL).fault, &ls_fault_rewritten);
    assert_int_equal(evidence(p), 1);
    fixture_close(&other);
}

static unsigned hand_in_succession(place *p, bool proved)
{
    return hand_in(p, succession(p, p->f.entry_count, "dprk usa rok", "dprk-1 usa-1 usa-2 rok-1", proved), false, NULL);
}

/* What all parties signed once and then let lapse, or took back, ends no ledger years later. */
static void test_stale_succession(void **state)
{
    place *p = *state;
    ls_act_draft d;
    ls_act act;
    char id[LS_HEX_HASH_SIZE];
    assert_string_equal(look(p), "");
    assert_int_equal(hand_in_succession(p, false), 422);
    fixture_append(&p->f, perform(p));
    ls_bytes stale = succession(p, p->f.entry_count + 1, "dprk usa rok", "dprk-1 usa-1 usa-2 rok-1", true);
    assert_null(ls_act_parse(stale, false, &act, NULL).fault);
    ls_hash_format(&act.id, id);
    fixture_draft(&p->f, FIXTURE_DPRK, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", id);
    fixture_append(&p->f, fixture_finish(&p->f, &d));
    assert_int_equal(hand_in(p, stale, false, NULL), 422);
    assert_true(ls_time_parse(ls_bytes_str(OPEN_UNTIL), &p->f.now));
    p->f.now++;
    fixture_stamp(&p->f);
    p->now = p->f.now;
    assert_int_equal(hand_in_succession(p, true), 422);
    assert_string_equal(look(p), ""); /* and it still cosigns */
}

/* The folder. */

static void test_folder(void **state)
{
    place *p = *state;
    ls_cosign_folder second;
    ls_detail detail = {0};
    ls_arena arena = {0};
    ls_cosign_source *sources;
    size_t count;
    ls_hash process = {{3}};
    assert_ptr_equal(ls_cosign_folder_open(p->folder, NULL, &second, &detail).fault, &ls_fault_cosigner);
    assert_non_null(strstr(detail.text, "another process"));
    assert_ptr_equal(ls_cosign_folder_create(p->folder, "usa.example/watch", NULL, &detail).fault, &ls_fault_exists);
    assert_ptr_equal(ls_cosign_folder_create("/nowhere", "watch", NULL, &detail).fault, &ls_fault_usage);
    assert_string_equal(p->owner.receipts.name, "usa.example/watch-receipts");
    assert_null(ls_cosign_folder_follow(&p->owner, &process, "https://one.example/p", NULL).fault);
    assert_null(ls_cosign_folder_follow(&p->owner, &process, "https://one.example/p", NULL).fault);
    assert_null(ls_cosign_folder_follow(&p->owner, &process, "https://two.example/p", NULL).fault);
    assert_null(ls_cosign_folder_sources(&p->owner, &arena, &sources, &count, NULL).fault);
    assert_int_equal(count, 2);
    assert_true(ls_hash_equal(&sources[0].process, &process));
    ls_arena_free(&arena);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_pull),
        T(test_forestalled),
        T(test_silence),
        T(test_push),
        T(test_contradiction),
        T(test_files),
        T(test_receipt),
        T(test_held_back),
        cmocka_unit_test_setup_teardown(test_held_by_receipts, set_up_watched, tear_down),
        T(test_receipt_for_what_was_shown),
        T(test_overtaken_act),
        T(test_shown_for_a_moment),
        T(test_no_receipt),
        T(test_receipt_with_file),
        T(test_strangers_file),
        T(test_unacceptable_file),
        T(test_folder),
        T(test_succession),
        T(test_succession_of_a_lost_host),
        T(test_succession_of_a_host_that_was_not_shown_to_its_end),
        T(test_succession_covers_no_lie),
        T(test_stale_succession),
        T(test_another_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
