/*
 * Tests of what cosigners sign: checkpoints with their quorum and its time, access notes, receipts. Keys come from
 * fixed seeds; times at which a quorum was there are compared with those found by adding one cosignature after the
 * other.
 */
#include "crypto/crypto.h"
#include "process/access.h"
#include "process/receipt.h"
#include "vectors.h"

#define COSIGNERS 4
#define NOW 1539072000 /* date -u -d 2018-10-09T08:00:00Z +%s */

typedef struct pair {
    ls_vkey key;
    uint8_t secret[LS_SECRET_KEY_SIZE];
} pair;

typedef struct fixture {
    ls_arena arena;
    ls_charter *charter;
    pair ledger, signer, delegate, recovery, stranger, cosigner[COSIGNERS], receipts[COSIGNERS];
    ls_hash process, act;
} fixture;

static int set_up_group(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

static void make_pair(const char *name, uint8_t type, pair *out)
{
    static uint8_t number;
    uint8_t seed[LS_SEED_SIZE] = {++number}, public_key[LS_PUBLIC_KEY_SIZE];
    ls_ed25519_keypair(seed, public_key, out->secret);
    ls_vkey_make(ls_bytes_str(name), type, public_key, &out->key);
}

/* Party 0 hosts and has the cosigner 3; cosigners 0 and 1 are of parties 1 and 2, cosigner 2 is an outsider's. */
static void make_charter(fixture *f, const char *quorum)
{
    ls_charter *c = f->charter;
    ls_buf policy = {0};
    ls_diagnostics d = {.arena = &f->arena};
    static const size_t party_of[] = {1, 2, LS_NO_PARTY, 0};
    memset(c, 0, sizeof *c);
    c->origin = ls_bytes_str("ledger.example/x");
    c->ledger = f->ledger.key;
    for (size_t i = 0; i < 3; i++) {
        ls_party *p = &c->party[c->party_count++];
        p->name = ls_bytes_str(ls_arena_format(&f->arena, "p%zu", i));
    }
    c->party[1].signer[c->party[1].signer_count++] =
        (ls_signer){.name = ls_bytes_str("p1-1"), .key = f->signer.key, .until = NOW + 100};
    c->party[1].delegate[c->party[1].delegate_count++] = (ls_delegate){.key = f->delegate.key, .until = LS_TIME_OPEN};
    c->party[1].has_recovery = true;
    c->party[1].recovery = f->recovery.key;
    for (size_t i = 0; i < COSIGNERS; i++) {
        char vkey[LS_VKEY_SIZE];
        const char *name = ls_arena_format(&f->arena, "c%zu", i);
        c->cosigner[c->cosigner_count++] = (ls_cosigner){.name = ls_bytes_str(name),
                                                         .title = ls_bytes_str(name),
                                                         .party = party_of[i],
                                                         .key = f->cosigner[i].key,
                                                         .key_until = LS_TIME_OPEN,
                                                         .receipts = f->receipts[i].key,
                                                         .receipts_until = LS_TIME_OPEN};
        ls_vkey_format(&f->cosigner[i].key, vkey);
        if (party_of[i] != 0) {
            ls_buf_format(&policy, "witness %s %s\n", name, vkey);
        }
    }
    ls_buf_put_str(&policy, quorum);
    const char *text = ls_arena_str(&f->arena, ls_buf_bytes(&policy));
    ls_policy_read(&f->arena, ls_bytes_str(text), (ls_mark){0}, &d, &c->policy);
    assert_int_equal(d.errors, 0);
    ls_buf_free(&policy);
}

#define TWO "group g 2 c0 c1 c2\nquorum g\n"

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->charter = calloc(1, sizeof *f->charter);
    make_pair("ledger.example/x", LS_KEY_ED25519, &f->ledger);
    make_pair("p1.example/p1-1", LS_KEY_ED25519, &f->signer);
    make_pair("p1.example/reader", LS_KEY_ED25519, &f->delegate);
    make_pair("p1.example/recovery", LS_KEY_ED25519, &f->recovery);
    make_pair("p1.example/p1-1", LS_KEY_ED25519, &f->stranger);
    for (size_t i = 0; i < COSIGNERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "c%zu.example/c", i);
        make_pair(name, LS_KEY_COSIGNATURE, &f->cosigner[i]);
        make_pair(name, LS_KEY_ED25519, &f->receipts[i]);
    }
    memset(&f->process, 0x11, sizeof f->process);
    memset(&f->act, 0x22, sizeof f->act);
    make_charter(f, TWO);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ls_arena_free(&f->arena);
    free(f->charter);
    free(f);
    return 0;
}

static ls_bytes keep(fixture *f, ls_buf *b)
{
    assert_false(b->failed);
    ls_bytes kept = ls_bytes_of(ls_arena_str(&f->arena, ls_buf_bytes(b)), b->len);
    ls_buf_free(b);
    return kept;
}

/* A checkpoint of this size signed by the ledger, and cosigned by those with a time. */
static ls_bytes checkpoint(fixture *f, uint64_t size, const ls_time time[static COSIGNERS])
{
    ls_buf text = {0}, note = {0};
    ls_checkpoint c = {.origin = ls_bytes_str("ledger.example/x"), .size = size};
    memset(&c.root, (int)size, sizeof c.root);
    ls_checkpoint_format(&c, &text);
    ls_buf_put_bytes(&note, ls_buf_bytes(&text));
    ls_buf_put_u8(&note, '\n');
    ls_note_sign(&note, ls_buf_bytes(&text), &f->ledger.key, f->ledger.secret);
    for (size_t i = 0; i < COSIGNERS; i++) {
        if (time[i] > 0) {
            ls_note_cosign(&note, ls_buf_bytes(&text), &f->cosigner[i].key, (uint64_t)time[i], f->cosigner[i].secret);
        }
    }
    ls_buf_free(&text);
    return keep(f, &note);
}

#define TIMES(...) ((const ls_time[COSIGNERS]){__VA_ARGS__})

static void finality(void **state)
{
    fixture *f = *state;
    ls_finality x;
    assert_success(ls_checkpoint_judge(f->charter, checkpoint(f, 7, TIMES(0)), NULL, &x, NULL));
    assert_int_equal(x.checkpoint.size, 7);
    assert_int_equal(x.witnesses, 0);
    assert_false(x.final);
    assert_success(ls_checkpoint_judge(f->charter, checkpoint(f, 7, TIMES(0, 50, 0, 40)), NULL, &x, NULL));
    assert_int_equal(x.witnesses, 2); /* the host's, c3, is not among the witnesses */
    assert_int_equal(x.time[1], 50);
    assert_false(x.final);
    assert_success(ls_checkpoint_judge(f->charter, checkpoint(f, 7, TIMES(90, 50, 60, 0)), NULL, &x, NULL));
    assert_int_equal(x.witnesses, 7);
    assert_true(x.final);
    assert_int_equal(x.final_time, 60);
    make_charter(f, "quorum none\n");
    assert_success(ls_checkpoint_judge(f->charter, checkpoint(f, 7, TIMES(0, 50)), NULL, &x, NULL));
    assert_true(x.final);
    assert_int_equal(x.final_time, 0);
}

/* All orders and gaps of four times, against a count by hand of a policy with a group within a group: the least time by
 * which a quorum had cosigned, and the greatest at which one still did. */
static void the_times_of_a_quorum(void **state)
{
    fixture *f = *state;
    make_charter(f, "group pair all c0 c1\ngroup g any pair c2\nquorum g\n");
    for (unsigned code = 0; code < 5 * 5 * 5; code++) {
        ls_time t[LS_POLICY_WITNESSES_MAX] = {code % 5, code / 5 % 5, code / 25 % 5}, least = -1, greatest = 0, found;
        ls_witnesses who = 0;
        for (size_t i = 0; i < 3; i++) {
            who |= t[i] > 0 ? 1u << i : 0;
        }
        for (ls_time at = 4; at > 0; at--) {
            bool both = t[0] > 0 && t[0] <= at && t[1] > 0 && t[1] <= at, alone = t[2] > 0 && t[2] <= at;
            least = both || alone ? at : least;
        }
        for (ls_time at = 1; at < 5; at++) {
            greatest = (t[0] >= at && t[1] >= at) || t[2] >= at ? at : greatest;
        }
        assert_int_equal(ls_policy_time(&f->charter->policy, who, t, &found), least > 0);
        assert_int_equal(found, least > 0 ? least : 0);
        assert_int_equal(ls_policy_attested(&f->charter->policy, who, t), greatest);
    }
}

/* The note with the n-th line of it (from 0) replaced, or cut if line is empty. */
static ls_bytes edit_line(fixture *f, ls_bytes note, size_t n, ls_bytes line)
{
    ls_buf out = {0};
    ls_reader r = ls_reader_of(note);
    ls_bytes old;
    for (size_t i = 0; ls_read_line(&r, &old); i++) {
        ls_buf_put_bytes(&out, i == n ? line : ls_bytes_of(old.ptr, old.len + 1));
    }
    return keep(f, &out);
}

static ls_bytes line_of(ls_bytes note, size_t n)
{
    ls_reader r = ls_reader_of(note);
    ls_bytes line = {0};
    for (size_t i = 0; i <= n; i++) {
        assert_true(ls_read_line(&r, &line));
    }
    return ls_bytes_of(line.ptr, line.len + 1);
}

static void assert_not_judged(fixture *f, ls_bytes note, const ls_fault *fault, const char *why)
{
    ls_finality untouched;
    memset(&untouched, 0xee, sizeof untouched);
    ls_finality x = untouched;
    ls_detail detail = {0};
    assert_ptr_equal(ls_checkpoint_judge(f->charter, note, NULL, &x, &detail).fault, fault);
    if (strstr(detail.text, why) == NULL) {
        fail_msg("wanted %s, got %s", why, detail.text);
    }
    assert_memory_equal(&x, &untouched, sizeof x);
}

/* Lines of a checkpoint note: 0 to 2 its text, 4 the ledger's signature, 5 and on cosignatures. */
static void checkpoints_refused(void **state)
{
    fixture *f = *state;
    ls_bytes good = checkpoint(f, 7, TIMES(90, 50, 60, 0)), other = checkpoint(f, 8, TIMES(90, 50, 60, 0));
    const ls_fault *signature = &ls_fault_checkpoint_signature, *form = &ls_fault_checkpoint_form;
    assert_not_judged(f, ls_bytes_str(""), form, "not a signed checkpoint");
    assert_not_judged(f, ls_bytes_str("x\n\n\xe2\x80\x94 y AAAAAAAA\n"), form, "not a signed checkpoint");
    assert_not_judged(f, edit_line(f, good, 4, (ls_bytes){0}), signature, "the ledger's key has not signed it");
    assert_not_judged(f, edit_line(f, good, 4, line_of(other, 4)), signature, "ledger.example/x does not verify");
    assert_not_judged(f, edit_line(f, good, 6, line_of(other, 6)), signature, "c1.example/c does not verify");
    assert_not_judged(f, edit_line(f, good, 1, ls_bytes_str("8\n")), signature, "does not verify");
    ls_bytes twice = edit_line(f, good, 6, line_of(checkpoint(f, 7, TIMES(91)), 5));
    assert_not_judged(f, twice, signature, "c0.example/c has signed it twice");
    f->charter->origin = ls_bytes_str("other.example/x");
    assert_not_judged(f, good, signature, "another ledger");
}

/* A cosignature of another type or length is no cosignature, even if the name and the id are right. */
static void cosignatures_of_a_wrong_form(void **state)
{
    fixture *f = *state;
    ls_bytes good = checkpoint(f, 7, TIMES(90));
    ls_buf blob = {0}, line = {0};
    ls_buf_put(&blob, f->cosigner[0].key.id, LS_KEY_ID_SIZE);
    ls_buf_put_u64(&blob, UINT64_C(1) << 63);
    memset(ls_buf_extend(&blob, 64), 1, 64);
    for (size_t len = blob.len; len >= blob.len - 8; len -= 8) {
        line.len = 0;
        ls_buf_put_str(&line, "\xe2\x80\x94 c0.example/c ");
        ls_buf_put_base64(&line, ls_bytes_of(blob.ptr, len));
        ls_buf_put_u8(&line, '\n');
        assert_not_judged(f, edit_line(f, good, 5, ls_buf_bytes(&line)), &ls_fault_checkpoint_signature, "its form");
    }
    ls_buf_free(&blob);
    ls_buf_free(&line);
}

typedef struct collected {
    size_t count;
    ls_pending_signature p[8];
} collected;

static ls_result collect(void *context, const ls_pending_signature *p)
{
    collected *all = context;
    all->p[all->count++] = *p;
    return LS_SUCCESS;
}

static void signatures_later_or_never(void **state)
{
    fixture *f = *state;
    ls_bytes good = checkpoint(f, 7, TIMES(90, 50)), other = checkpoint(f, 8, TIMES(90, 50));
    ls_bytes bad = edit_line(f, good, 6, line_of(other, 6));
    ls_finality x;
    collected all = {0};
    ls_judging trust = {.how = LS_SIGNATURES_TRUST}, later = {LS_SIGNATURES_COLLECT, collect, &all};
    assert_success(ls_checkpoint_judge(f->charter, bad, &trust, &x, NULL));
    assert_true(x.final);
    assert_success(ls_checkpoint_judge(f->charter, bad, &later, &x, NULL));
    assert_int_equal(x.final_time, 90);
    assert_int_equal(all.count, 3);
    assert_success(ls_pending_verify(&all.p[0]));
    assert_success(ls_pending_verify(&all.p[1]));
    assert_fault(ls_pending_verify(&all.p[2]), ls_fault_note_signature);
    assert_int_equal(all.p[1].time, 90);
}

static void merging(void **state)
{
    fixture *f = *state;
    ls_buf out = {0};
    ls_bytes a = checkpoint(f, 7, TIMES(90, 0, 0, 30)), b = checkpoint(f, 7, TIMES(80, 50, 60, 30));
    assert_success(ls_checkpoint_merge(f->charter, a, b, LS_MERGE_EARLIER, &out, NULL));
    assert_bytes(ls_buf_bytes(&out), checkpoint(f, 7, TIMES(80, 50, 60, 0)));
    out.len = 0;
    assert_success(ls_checkpoint_merge(f->charter, b, a, LS_MERGE_EARLIER, &out, NULL));
    assert_bytes(ls_buf_bytes(&out), checkpoint(f, 7, TIMES(80, 50, 60, 0)));
    out.len = 0;
    assert_success(ls_checkpoint_merge(f->charter, b, a, LS_MERGE_YOUNGER, &out, NULL));
    assert_bytes(ls_buf_bytes(&out), checkpoint(f, 7, TIMES(90, 50, 60, 0)));
    ls_detail detail = {0};
    assert_fault(ls_checkpoint_merge(f->charter, a, checkpoint(f, 8, TIMES(80)), LS_MERGE_EARLIER, &out, &detail),
                 ls_fault_checkpoint_signature);
    assert_non_null(strstr(detail.text, "not over the same checkpoint"));
    ls_buf_free(&out);
}

/* Access notes */

static ls_bytes access_note(fixture *f, const char *name, ls_time expires, const pair *by)
{
    ls_buf note = {0};
    ls_access_make(&f->process, ls_bytes_str(name), expires, &by->key, by->secret, &note);
    return keep(f, &note);
}

static void access_form(void **state)
{
    fixture *f = *state;
    ls_reader r = ls_reader_of(access_note(f, "p1", NOW + 60, &f->signer));
    static const char *const lines[] = {"lockstep access v1",
                                        "1111111111111111111111111111111111111111111111111111111111111111", "p1",
                                        "2018-10-09T08:01:00Z", ""};
    ls_bytes line;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_true(ls_read_line(&r, &line));
        assert_bytes(line, ls_bytes_str(lines[i]));
    }
    assert_true(ls_read_line(&r, &line));
    assert_true(ls_bytes_starts(line, "\xe2\x80\x94 p1.example/p1-1 "));
    assert_true(ls_reader_done(&r));
}

static void who_may_read(void **state)
{
    fixture *f = *state;
    ls_access a;
    assert_success(ls_access_check(f->charter, &f->process, access_note(f, "p1", NOW, &f->signer), NOW, NOW, &a, NULL));
    assert_int_equal(a.party, 1);
    assert_int_equal(a.cosigner, LS_NO_PARTY);
    assert_int_equal(a.expires, NOW);
    assert_bytes(a.name, ls_bytes_str("p1"));
    assert_success(ls_access_check(f->charter, &f->process, access_note(f, "p1", NOW + LS_ACCESS_AHEAD, &f->delegate),
                                   NOW, NOW + 101, &a, NULL));
    assert_int_equal(a.party, 1);
    assert_success(
        ls_access_check(f->charter, &f->process, access_note(f, "c2", NOW, &f->receipts[2]), NOW, NOW, &a, NULL));
    assert_int_equal(a.party, LS_NO_PARTY);
    assert_int_equal(a.cosigner, 2);
    assert_success(
        ls_access_check(f->charter, &f->process, access_note(f, "c0", NOW, &f->receipts[0]), NOW, NOW, &a, NULL));
    assert_int_equal(a.party, 1);
    assert_int_equal(a.cosigner, 0);
    /* Clocks may differ by five minutes either way. */
    assert_success(
        ls_access_check(f->charter, &f->process, access_note(f, "p1", NOW - 300, &f->signer), NOW, NOW, &a, NULL));
    assert_success(ls_access_check(f->charter, &f->process,
                                   access_note(f, "p1", NOW + LS_ACCESS_AHEAD + 300, &f->signer), NOW, NOW, &a, NULL));
}

static void assert_no_access(fixture *f, ls_bytes note, ls_time stamped, const char *why)
{
    ls_access untouched;
    memset(&untouched, 0xee, sizeof untouched);
    ls_access a = untouched;
    ls_detail detail = {0};
    assert_fault(ls_access_check(f->charter, &f->process, note, NOW, stamped, &a, &detail), ls_fault_access);
    if (strstr(detail.text, why) == NULL) {
        fail_msg("wanted %s, got %s", why, detail.text);
    }
    assert_memory_equal(&a, &untouched, sizeof a);
}

static void who_may_not_read(void **state)
{
    fixture *f = *state;
    static const char not_his[] = "not signed by a key that may read";
    ls_bytes good = access_note(f, "p1", NOW, &f->signer);
    assert_no_access(f, access_note(f, "p1", NOW - 301, &f->signer), NOW, "expired");
    assert_no_access(f, access_note(f, "p1", NOW + LS_ACCESS_AHEAD + 301, &f->signer), NOW, "longer than 24 hours");
    assert_no_access(f, access_note(f, "p1", NOW, &f->signer), NOW + 101, not_his); /* its key has ended */
    assert_no_access(f, access_note(f, "p0", NOW, &f->signer), NOW, not_his);
    assert_no_access(f, access_note(f, "c0", NOW, &f->signer), NOW, not_his);
    assert_no_access(f, access_note(f, "p1", NOW, &f->receipts[0]), NOW, not_his);
    assert_no_access(f, access_note(f, "c1", NOW, &f->receipts[0]), NOW, not_his);
    assert_no_access(f, access_note(f, "p1", NOW, &f->recovery), NOW, not_his);
    assert_no_access(f, access_note(f, "p1", NOW, &f->ledger), NOW, not_his);
    assert_no_access(f, access_note(f, "p1", NOW, &f->stranger), NOW, not_his); /* the same name, another key */
    assert_no_access(f, access_note(f, "nobody", NOW, &f->signer), NOW, not_his);
    assert_no_access(f, edit_line(f, good, 3, ls_bytes_str("2018-10-09T09:00:00Z\n")), NOW, not_his);
    f->process.b[0] ^= 1;
    assert_no_access(f, good, NOW, "another process");
    f->process.b[0] ^= 1;
    static const struct {
        size_t line;
        const char *text;
    } malformed[] = {{0, "lockstep access v2\n"}, {1, "11\n"},   {1, ""},     {2, "P1\n"},
                     {3, "2018-10-09\n"},         {3, "1539\n"}, {4, "x\n\n"}};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        assert_no_access(f, edit_line(f, good, malformed[i].line, ls_bytes_str(malformed[i].text)), NOW, "the form");
    }
    ls_buf twice = {0};
    ls_buf_put_bytes(&twice, good);
    ls_buf_put_bytes(&twice, line_of(access_note(f, "p1", NOW, &f->delegate), 5));
    assert_no_access(f, keep(f, &twice), NOW, "the form");
}

/* Receipts */

static ls_bytes receipt(fixture *f, ls_time time, const pair *by)
{
    ls_buf note = {0};
    ls_receipt_make(&(ls_receipt_note){f->process, f->act, time}, &by->key, by->secret, &note);
    return keep(f, &note);
}

static ls_bytes together(fixture *f, const ls_bytes *notes, size_t count)
{
    ls_buf out = {0};
    ls_receipts_put(notes, count, &out);
    return keep(f, &out);
}

static void one_receipt(void **state)
{
    fixture *f = *state;
    ls_bytes note = receipt(f, NOW, &f->receipts[1]);
    assert_true(ls_bytes_starts(note, "lockstep receipt v1\n"
                                      "1111111111111111111111111111111111111111111111111111111111111111\n"
                                      "2222222222222222222222222222222222222222222222222222222222222222\n"
                                      "1539072000\n\n\xe2\x80\x94 c1.example/c "));
    const ls_cosigner *by = NULL;
    ls_time time = 0;
    assert_success(ls_receipt_judge(f->charter, &f->process, &f->act, note, NULL, &by, &time, NULL));
    assert_ptr_equal(by, &f->charter->cosigner[1]);
    assert_int_equal(time, NOW);
    ls_receipt_note parsed;
    ls_note signed_by;
    assert_success(ls_receipt_parse(note, &parsed, &signed_by, NULL));
    assert_int_equal(parsed.time, NOW);
    assert_memory_equal(&parsed.act, &f->act, sizeof f->act);
}

static void assert_no_receipt(fixture *f, ls_bytes note, const char *why)
{
    const ls_cosigner *by = NULL;
    ls_time time = 5;
    ls_detail detail = {0};
    assert_fault(ls_receipt_judge(f->charter, &f->process, &f->act, note, NULL, &by, &time, &detail), ls_fault_receipt);
    if (strstr(detail.text, why) == NULL) {
        fail_msg("wanted %s, got %s", why, detail.text);
    }
    assert_null(by);
    assert_int_equal(time, 5);
}

static void receipts_refused(void **state)
{
    fixture *f = *state;
    ls_bytes good = receipt(f, NOW, &f->receipts[1]);
    assert_no_receipt(f, receipt(f, NOW, &f->signer), "not signed by one of the charter's cosigners");
    assert_no_receipt(f, edit_line(f, good, 3, ls_bytes_str("1539072001\n")), "c1.example/c does not verify");
    static const struct {
        size_t line;
        const char *text;
    } malformed[] = {{0, "lockstep receipt v2\n"}, {1, "11\n"}, {2, ""}, {3, "01\n"}, {3, "-1\n"}, {4, "x\n\n"}};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        assert_no_receipt(f, edit_line(f, good, malformed[i].line, ls_bytes_str(malformed[i].text)), "the form");
    }
    f->act.b[0] ^= 1;
    assert_no_receipt(f, good, "another act");
    f->act.b[0] ^= 1;
    f->process.b[0] ^= 1;
    assert_no_receipt(f, good, "another act");
}

static ls_result judge_receipts(fixture *f, ls_bytes text, ls_receipts *out, ls_detail *detail)
{
    return ls_receipts_judge(f->charter, &f->process, &f->act, text, NULL, out, detail);
}

static void receipts_together(void **state)
{
    fixture *f = *state;
    ls_receipts r;
    ls_bytes notes[] = {receipt(f, NOW + 9, &f->receipts[2]), receipt(f, NOW + 3, &f->receipts[0]),
                        receipt(f, NOW, &f->receipts[3])};
    assert_success(judge_receipts(f, together(f, notes, 3), &r, NULL));
    assert_int_equal(r.witnesses, 5); /* the host's counts for nothing */
    assert_true(r.met);
    assert_int_equal(r.receipt_time, NOW + 9);
    assert_success(judge_receipts(f, together(f, notes, 1), &r, NULL));
    assert_false(r.met);
    assert_int_equal(r.receipt_time, 0);
    make_charter(f, "quorum none\n");
    assert_success(judge_receipts(f, together(f, notes, 3), &r, NULL));
    assert_false(r.met);
}

static void receipts_together_refused(void **state)
{
    fixture *f = *state;
    ls_receipts r;
    ls_detail detail = {0};
    ls_bytes notes[] = {receipt(f, NOW, &f->receipts[2]), receipt(f, NOW + 3, &f->receipts[2]),
                        receipt(f, NOW, &f->signer)};
    ls_bytes whole = together(f, notes, 1);
    assert_fault(judge_receipts(f, together(f, notes, 2), &r, &detail), ls_fault_receipt);
    assert_non_null(strstr(detail.text, "two receipts by c2.example/c"));
    assert_fault(judge_receipts(f, together(f, notes + 2, 1), &r, &detail), ls_fault_receipt);
    assert_fault(judge_receipts(f, ls_bytes_str("end\n"), &r, &detail), ls_fault_receipt);
    assert_non_null(strstr(detail.text, "no receipt is there"));
    for (size_t len = 0; len < whole.len; len++) {
        assert_fault(judge_receipts(f, ls_bytes_of(whole.ptr, len), &r, NULL), ls_fault_receipt);
    }
    ls_buf more = {0};
    ls_buf_put_bytes(&more, whole);
    ls_buf_put_u8(&more, '\n');
    assert_fault(judge_receipts(f, keep(f, &more), &r, NULL), ls_fault_receipt);
}

/* An act's text made of receipts is never mistaken for the signatures of the act itself. */
static void receipts_in_an_act(void **state)
{
    fixture *f = *state;
    ls_bytes note = receipt(f, NOW, &f->receipts[2]);
    ls_act_draft d = {0};
    ls_buf text = {0};
    char one[LS_HEX_HASH_SIZE];
    ls_hash_format(&f->process, one);
    ls_act_draft_set(&d, LS_H_ACT, "receipts");
    ls_act_draft_set(&d, LS_H_PROCESS, "%s", one);
    ls_act_draft_set(&d, LS_H_BY, "p1");
    ls_act_draft_set(&d, LS_H_SIGNERS, "p1-1");
    ls_act_draft_set(&d, LS_H_SEQ, "2");
    ls_act_draft_set(&d, LS_H_PREV, "%s", one);
    ls_act_draft_set(&d, LS_H_HEAD, "2 2ae78m5s4S4nYzLm4O5+cBTmDPxGk+23tH1mFraLCCo=");
    ls_act_draft_set(&d, LS_H_AT, "2018-10-09T08:00:00Z");
    ls_act_draft_set(&d, LS_H_EXPIRES, "2018-10-10T08:00:00Z");
    ls_act_draft_set(&d, LS_H_REF, "%s", one);
    ls_receipts_put(&note, 1, &d.text);
    assert_success(ls_act_draft_finish(&d, &text, NULL));
    ls_act act;
    assert_success(ls_act_parse(ls_buf_bytes(&text), true, &act, NULL)); /* unsigned, on its way */
    assert_int_equal(act.note.count, 0);
    ls_receipts r;
    assert_success(judge_receipts(f, act.text, &r, NULL));
    assert_int_equal(r.witnesses, 4);
    ls_act_draft_free(&d);
    ls_buf_free(&text);
}

/* Proofs that the holder of a new key holds it. */
static void claims(void **state)
{
    fixture *f = *state;
    ls_buf claim = {0};
    char vkey[LS_VKEY_SIZE];
    uint8_t proof[LS_ACT_PROOF_SIZE];
    ls_vkey_format(&f->stranger.key, vkey);
    ls_charter_put_claim(&f->process, ls_bytes_str("p1"), &f->stranger.key, &claim);
    assert_string_equal(ls_buf_cstr(&claim),
                        ls_arena_format(&f->arena,
                                        "lockstep rekey v1\n"
                                        "1111111111111111111111111111111111111111111111111111111111111111\n"
                                        "p1\n%s\n",
                                        vkey));
    ls_ed25519_sign(ls_buf_bytes(&claim), f->stranger.secret, proof);
    assert_true(ls_charter_claim_proved(&f->process, ls_bytes_str("p1"), &f->stranger.key, proof));
    assert_false(ls_charter_claim_proved(&f->process, ls_bytes_str("p2"), &f->stranger.key, proof));
    assert_false(ls_charter_claim_proved(&f->act, ls_bytes_str("p1"), &f->stranger.key, proof));
    assert_false(ls_charter_claim_proved(&f->process, ls_bytes_str("p1"), &f->signer.key, proof));
    proof[3] ^= 1;
    assert_false(ls_charter_claim_proved(&f->process, ls_bytes_str("p1"), &f->stranger.key, proof));
    ls_buf_free(&claim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finality, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_times_of_a_quorum, set_up, tear_down),
        cmocka_unit_test_setup_teardown(checkpoints_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cosignatures_of_a_wrong_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signatures_later_or_never, set_up, tear_down),
        cmocka_unit_test_setup_teardown(merging, set_up, tear_down),
        cmocka_unit_test_setup_teardown(access_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_may_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_may_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_receipt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(receipts_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(receipts_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(receipts_together_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(receipts_in_an_act, set_up, tear_down),
        cmocka_unit_test_setup_teardown(claims, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("finality", tests, set_up_group, NULL);
}
