/*
 * Tests of the record: one refusal for each rule of acceptance, after each of which nothing has changed; stamps,
 * lapsing, withdrawals, supplements; and random records, replayed with and without verifying signatures.
 */
#include "record_acts.h"

#define ROOT "2ae78m5s4S4nYzLm4O5+cBTmDPxGk+23tH1mFraLCCo="

static ls_bytes perform(fixture *f)
{
    return fixture_measure(f, FIXTURE_USA, "perform", "suspend-exercises");
}

static ls_bytes answer(fixture *f, const char *kind)
{
    return fixture_measure(f, FIXTURE_DPRK, kind, "suspend-exercises");
}

static ls_bytes suspend(fixture *f, size_t party)
{
    ls_act_draft d;
    under_accord(f, party, "suspend", &d);
    ls_buf_put_str(&d.text, "There is no progress.\n");
    return fixture_finish(f, &d);
}

static ls_bytes resume(fixture *f, size_t party, const char *suspension)
{
    ls_act_draft d;
    under_accord(f, party, "resume", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", suspension);
    return fixture_finish(f, &d);
}

static ls_bytes withdraw(fixture *f, size_t party, const char *ref)
{
    ls_act_draft d;
    fixture_draft(f, party, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", ref);
    return fixture_finish(f, &d);
}

/* Another accord over the same texts: the fixture's, with another nonce. */
static ls_bytes other_accord(fixture *f, unsigned nonce)
{
    char value[LS_HEX_HASH_SIZE];
    ls_hash kept = f->accord;
    snprintf(value, sizeof value, "%064x", nonce);
    ls_bytes note = change(f, fixture_accord(f), LS_H_NONCE, value);
    f->accord = kept;
    return note;
}

/* A stamp over any checkpoint; time NULL: without one. signer NULL: the ledger. */
static ls_bytes stamp(fixture *f, const char *time, ls_bytes checkpoint, const fixture_key *signer)
{
    ls_act_draft d = {.exercise = true};
    ls_buf note = {0}, line = {0};
    ls_bytes text;
    signer = signer == NULL ? &f->ledger : signer;
    ls_act_draft_set(&d, LS_H_ACT, "stamp");
    ls_act_draft_set(&d, LS_H_PROCESS, "%s", hex(ls_record_process(f->record)));
    if (time != NULL) {
        ls_act_draft_set(&d, LS_H_TIME, "%s", time);
    }
    ls_buf_put_bytes(&d.text, checkpoint);
    assert_true(finish_text(f, &d, &text));
    ls_note_sign(&line, text, &signer->vkey, signer->secret);
    ls_buf_put_bytes(&note, text);
    ls_buf_put_u8(&note, '\n');
    ls_buf_put_bytes(&note, ls_buf_bytes(&line));
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    ls_buf_free(&line);
    return kept;
}

static ls_bytes checkpoint_of(fixture *f, const char *origin, uint64_t size, const ls_hash *root,
                              const fixture_key *signer)
{
    const ls_checkpoint c = {ls_bytes_str(origin), size, *root};
    ls_buf note = {0}, line = {0};
    ls_checkpoint_format(&c, &note);
    ls_note_sign(&line, ls_buf_bytes(&note), &signer->vkey, signer->secret);
    ls_buf_put_u8(&note, '\n');
    ls_buf_put_bytes(&note, ls_buf_bytes(&line));
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    ls_buf_free(&line);
    return kept;
}

/* What holds for every act. */

static void test_not_an_act(void **state)
{
    fixture *f = *state;
    ls_bytes good = perform(f);
    ls_hash root = {{0}};
    refused_with(f, ls_bytes_str(""), &ls_fault_note_form, "no signature lines");
    refused_with(f, ls_bytes_str("lockstep act v1\n"), &ls_fault_note_form, "no signature lines");
    refused_with(f, ls_bytes_of(good.ptr, good.len - 1), &ls_fault_note_form, "malformed");
    /* Signed, but no act. */
    refused_with(f, checkpoint_of(f, f->ledger.vkey.name, 1, &root, &f->ledger), &ls_fault_act_form, "first line");
}

static void test_unknown_kind(void **state)
{
    refused(*state, change(*state, perform(*state), LS_H_ACT, "requite"), "unknown kind");
}

static void test_known(void **state)
{
    fixture *f = *state;
    ls_bytes note = perform(f);
    fixture_append(f, note);
    refused_with(f, note, &ls_fault_known, "as entry 3");
    refused_with(f, f->entry[0], &ls_fault_known, "as entry 0");
    refused_with(f, f->entry[1], &ls_fault_known, "as entry 1");
    refused_with(f, f->entry[2], &ls_fault_known, "as entry 2");
}

static void test_process(void **state)
{
    fixture *f = *state;
    refused(f, change(f, perform(f), LS_H_PROCESS, ONES), "another process");
    refused(f, change(f, other_accord(f, 1), LS_H_PROCESS, ONES), "another process");
}

static void test_exercise_and_reality(void **state)
{
    fixture *f = *state;
    ls_act act = parsed(perform(f));
    ls_act_draft d;
    ls_bytes text;
    draft_of(&act, &d);
    d.exercise = false;
    assert_true(finish_text(f, &d, &text));
    refused(f, sign_text(f, text, NULL), "a real act");
}

static void test_nothing_before_the_charter(void **state)
{
    fixture *f = *state;
    fixture other;
    fixture_open(&other, NULL);
    fixture_append(&other, fixture_charter(&other));
    refused(f, fixture_accord(&other), "begins with its charter");
    fixture_append(&other, fixture_accord(&other));
    refused(f, perform(&other), "begins with its charter");
    refused(f, stamp(&other, "2018-10-09T08:00:00Z", fixture_checkpoint(&other), NULL), "begins with its charter");
    fixture_close(&other);
}

static void test_audiences_and_limits(void **state)
{
    fixture *f = *state;
    ls_act_draft d;
    ls_attachment a = fixture_attach(f, "more.txt", "text/plain", ls_bytes_str("more"));
    a.audience = ls_bytes_str("nobody");
    under_accord(f, FIXTURE_USA, "perform", &d);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_act_draft_attach(&d, &a);
    refused(f, fixture_finish(f, &d), "unknown audience");
    a.audience = ls_bytes_str("public");
    a.size = 1000001;
    under_accord(f, FIXTURE_USA, "perform", &d);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_act_draft_attach(&d, &a);
    refused(f, fixture_finish(f, &d), "limit of 1000000 bytes");
    a.size = 4;
    under_accord(f, FIXTURE_USA, "perform", &d);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_act_draft_attach(&d, &a);
    ls_act_draft_attach(&d, &a);
    refused(f, fixture_finish(f, &d), "two attachments are named more.txt");
    a.size = 1000000; /* acceptance reads no attachment of such acts */
    under_accord(f, FIXTURE_USA, "perform", &d);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_act_draft_attach(&d, &a);
    acceptable(f, fixture_finish(f, &d));
}

/* Headers: for each kind an act that is acceptable, and what docs/protocol.md says that it needs and may have. */

#define B(h) (1ull << (h))

static const struct {
    const char *kind;
    uint64_t needs, may_have;
    bool needs_text;
} kinds[] = {
    {"charter", B(LS_H_ATTACHMENT), 0, false},
    {"accord", B(LS_H_ATTACHMENT), B(LS_H_ACCORD) | B(LS_H_DATE), false},
    {"stamp", 0, B(LS_H_TIME), true},
    {"declare",
     B(LS_H_ACCORD) | B(LS_H_NONCE) | B(LS_H_DECLARATION) | B(LS_H_SCHEMA) | B(LS_H_TRANCHES) | B(LS_H_ROW_BYTES) |
         B(LS_H_ROOT) | B(LS_H_ATTACHMENT),
     B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
    {"open", B(LS_H_ACCORD) | B(LS_H_DECLARATION) | B(LS_H_ATTACHMENT),
     B(LS_H_TRANCHE) | B(LS_H_ROWS) | B(LS_H_REF) | B(LS_H_BLANK) | B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
    {"perform", B(LS_H_ACCORD) | B(LS_H_MEASURE),
     B(LS_H_AMOUNT) | B(LS_H_METHOD) | B(LS_H_FOR) | B(LS_H_ATTACHMENT) | B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
    {"confirm", B(LS_H_ACCORD) | B(LS_H_MEASURE),
     B(LS_H_AMOUNT) | B(LS_H_REF) | B(LS_H_ATTACHMENT) | B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
    {"object", B(LS_H_ACCORD) | B(LS_H_MEASURE), B(LS_H_REF) | B(LS_H_ATTACHMENT) | B(LS_H_UNLESS_ACTED) | B(LS_H_DATE),
     true},
    {"missing", B(LS_H_ACCORD) | B(LS_H_MEASURE),
     B(LS_H_REF) | B(LS_H_ATTACHMENT) | B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
    {"withdraw", B(LS_H_REF), B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
    {"suspend", B(LS_H_ACCORD),
     B(LS_H_MEASURE) | B(LS_H_TRACK) | B(LS_H_ATTACHMENT) | B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), true},
    {"resume", B(LS_H_ACCORD) | B(LS_H_REF), B(LS_H_UNLESS_ACTED) | B(LS_H_DATE), false},
};

/* Some value of each header beyond those of every shape. */
static const struct {
    ls_header header;
    const char *value;
} values[] = {
    {LS_H_ACCORD, ONES},
    {LS_H_NONCE, ONES},
    {LS_H_UNLESS_ACTED, "rok"},
    {LS_H_DATE, "2018-10-08"},
    {LS_H_TIME, "2018-10-09T08:00:00Z"},
    {LS_H_REF, ONES},
    {LS_H_TO, "usa"},
    {LS_H_OF, "usa"},
    {LS_H_PASS_TO, "public"},
    {LS_H_TRACK, "arms"},
    {LS_H_MEASURE, "suspend-exercises"},
    {LS_H_EVENT, "adoption-day"},
    {LS_H_RIGHT, "visits"},
    {LS_H_DISPUTE, "resolution"},
    {LS_H_STAGE, "ministers"},
    {LS_H_MEETING, "hanoi"},
    {LS_H_GROUP, "experts"},
    {LS_H_TEXT, "accord-1"},
    {LS_H_ITEM, "remains"},
    {LS_H_MEMBERS, "biegun"},
    {LS_H_LANGUAGES, "en ko"},
    {LS_H_VENUE, "Hanoi"},
    {LS_H_AMOUNT, "10 t"},
    {LS_H_METHOD, "burning"},
    {LS_H_FOR, "rok"},
    {LS_H_SCORE, "2"},
    {LS_H_DUE, "2018-11-08"},
    {LS_H_DECLARATION, "sites"},
    {LS_H_SCHEMA, ONES},
    {LS_H_TRANCHES, "2"},
    {LS_H_ROW_BYTES, "32"},
    {LS_H_ROOT, ONES},
    {LS_H_TRANCHE, "1"},
    {LS_H_ROWS, "1"},
    {LS_H_CAP, "12"},
    {LS_H_ATTACHMENT, "more"},
    {LS_H_SEQ, "1"},
    {LS_H_PREV, ZEROS},
    {LS_H_HEAD, "0 " ROOT},
    {LS_H_OPEN_UNTIL, "2018-12-09T08:00:00Z"},
    {LS_H_EXPIRES, "2018-10-10T08:00:00Z"},
    {LS_H_PROCESS, ONES},
    {LS_H_BY, "usa"},
    {LS_H_SIGNERS, "usa-1"},
    {LS_H_AT, "2018-10-09T08:00:00Z"},
};

static uint64_t shape_headers(const char *kind)
{
    if (strcmp(kind, "stamp") == 0) {
        return B(LS_H_PROCESS);
    }
    uint64_t common = B(LS_H_BY) | B(LS_H_SIGNERS) | B(LS_H_AT);
    if (strcmp(kind, "charter") == 0) {
        return common | B(LS_H_NONCE) | B(LS_H_OPEN_UNTIL);
    }
    if (strcmp(kind, "accord") == 0) {
        return common | B(LS_H_PROCESS) | B(LS_H_NONCE) | B(LS_H_OPEN_UNTIL);
    }
    return common | B(LS_H_PROCESS) | B(LS_H_SEQ) | B(LS_H_PREV) | B(LS_H_HEAD) | B(LS_H_EXPIRES);
}

/* An acceptable act of each kind, where a performance and a suspension (entries 4 and 5) may be taken back. */
static ls_bytes act_of_kind(fixture *f, const char *kind)
{
    if (strcmp(kind, "charter") == 0) {
        return fixture_charter(f);
    }
    if (strcmp(kind, "accord") == 0) {
        return other_accord(f, 7);
    }
    if (strcmp(kind, "stamp") == 0) {
        return stamp(f, "2018-10-09T08:00:00Z", fixture_checkpoint(f), NULL);
    }
    if (strcmp(kind, "declare") == 0) {
        return fixture_declare(f, fixture_inventory, NULL);
    }
    if (strcmp(kind, "open") == 0) {
        return fixture_open_tranche(f, 1);
    }
    if (strcmp(kind, "withdraw") == 0) {
        return withdraw(f, FIXTURE_USA, id_of(f->entry[4]));
    }
    if (strcmp(kind, "suspend") == 0) {
        return suspend(f, FIXTURE_USA);
    }
    if (strcmp(kind, "resume") == 0) {
        return resume(f, FIXTURE_USA, id_of(f->entry[5]));
    }
    return strcmp(kind, "perform") == 0 ? perform(f) : answer(f, kind);
}

/* Whether it is acceptable depends on more than the kind. */
static bool depends(ls_header h)
{
    return h == LS_H_ROWS || h == LS_H_REF || h == LS_H_ACCORD || h == LS_H_MEASURE || h == LS_H_AMOUNT ||
           h == LS_H_METHOD || h == LS_H_FOR || h == LS_H_BLANK;
}

static void headers_of_kind(fixture *f, size_t k)
{
    ls_bytes good = act_of_kind(f, kinds[k].kind), changed;
    ls_act act = parsed(good);
    acceptable(f, good);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        ls_header h = values[i].header;
        bool needed = (kinds[k].needs & B(h)) != 0, welcome = (kinds[k].may_have & B(h)) != 0;
        if ((shape_headers(kinds[k].kind) & B(h)) != 0) {
            /* The form alone asks for the headers of the shape. Signers can't be missing: no one would sign. */
            assert_false(try_change(f, good, h, NULL, &changed));
        } else if (needed) {
            refused(f, change(f, good, h, NULL), "needs the header");
        } else if (!welcome && try_change(f, good, h, values[i].value, &changed)) {
            refused(f, changed, "has no header");
        } else if (welcome && !act.has[h] && !depends(h)) {
            acceptable(f, change(f, good, h, values[i].value));
        }
    }
    if (kinds[k].needs_text && act.shape != LS_SHAPE_STAMP) {
        refused(f, with_text(f, good, ""), "needs a text");
    }
}

static void test_headers(void **state)
{
    fixture *f = *state;
    size_t count;
    const char *const *names = ls_record_kinds(&count);
    /* Others under an accord follow (test_said.c), those about inspections (test_inspected.c), those of talks
     * (test_talk.c), and those about keys and receipts (tests/cli/key_changes.py). */
    assert_int_equal(count, sizeof kinds / sizeof *kinds + 17 + 15 + 29 + 7);
    headers_of_kind(f, 0);
    fixture_append(f, fixture_charter(f));
    fixture_append(f, fixture_accord(f));
    fixture_stamp(f);
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    fixture_append(f, perform(f));
    fixture_append(f, suspend(f, FIXTURE_USA));
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        assert_string_equal(names[k], kinds[k].kind);
        if (k > 0) {
            headers_of_kind(f, k);
        }
    }
}

/* Signatures. */

static void test_signers(void **state)
{
    fixture *f = *state;
    refused(f, change(f, perform(f), LS_H_SIGNERS, "usa-9"), "usa-9 is not a signer of usa");
    refused(f, change(f, perform(f), LS_H_SIGNERS, "usa-1 dprk-1"), "dprk-1 is not a signer of usa");
    refused(f, change(f, perform(f), LS_H_SIGNERS, "dprk-1"), "dprk-1 is not a signer of usa");
    refused(f, change(f, perform(f), LS_H_BY, "eu"), "eu is not a party");
    acceptable(f, change(f, perform(f), LS_H_SIGNERS, "usa-2"));
    acceptable(f, change(f, perform(f), LS_H_SIGNERS, "usa-2 usa-1"));
}

static void test_signatures(void **state)
{
    fixture *f = *state;
    ls_bytes note = perform(f);
    ls_act act = parsed(note);
    /* usa-1's line, made with another key: of the same party, of another one. */
    refused_with(f, sign_text(f, act.note.text, "usa.example/usa-2"), &ls_fault_note_signature, "does not verify");
    refused_with(f, sign_text(f, act.note.text, "dprk.example/dprk-1"), &ls_fault_note_signature, "does not verify");
    /* The right key under the name of another domain. */
    fixture_key usa, wrong;
    ls_buf line = {0};
    fixture_signer(FIXTURE_USA, 0, &usa);
    ls_vkey_make(ls_bytes_str("usa.elsewhere/usa-1"), LS_KEY_ED25519, usa.vkey.key, &wrong.vkey);
    ls_buf_put_bytes(&line, act.note.text);
    ls_buf_put_u8(&line, '\n');
    ls_note_sign(&line, act.note.text, &wrong.vkey, usa.secret);
    refused_with(f, fixture_keep(f, ls_buf_bytes(&line)), &ls_fault_note_unsigned, "does not verify");
    ls_buf_free(&line);
}

/* One good line does not cover for another that bears an unknown key. */
static void test_unknown_key_among_others(void **state)
{
    fixture *f = *state;
    fixture_key first, second, wrong;
    ls_buf note = {0};
    ls_act act = parsed(change(f, perform(f), LS_H_SIGNERS, "usa-1 usa-2"));
    fixture_signer(FIXTURE_USA, 0, &first);
    fixture_signer(FIXTURE_USA, 1, &second);
    ls_vkey_make(ls_bytes_str("usa.elsewhere/usa-2"), LS_KEY_ED25519, second.vkey.key, &wrong.vkey);
    ls_buf_put_bytes(&note, act.note.text);
    ls_buf_put_u8(&note, '\n');
    ls_note_sign(&note, act.note.text, &first.vkey, first.secret);
    ls_note_sign(&note, act.note.text, &wrong.vkey, second.secret);
    refused(f, fixture_keep(f, ls_buf_bytes(&note)), "1 of 2 signatures verify");
    ls_buf_free(&note);
}

/* A signature line of a text that was changed afterwards. */
static void test_changed_text(void **state)
{
    fixture *f = *state;
    ls_bytes note = suspend(f, FIXTURE_USA);
    const uint8_t *word = memmem(note.ptr, note.len, "progress", 8);
    assert_non_null(word);
    ls_buf changed = {0};
    ls_buf_put_bytes(&changed, note);
    changed.ptr[word - note.ptr] = 'P';
    refused_with(f, ls_buf_bytes(&changed), &ls_fault_note_signature, "does not verify");
    ls_buf_free(&changed);
}

static void test_thresholds(void **state)
{
    fixture *f = *state;
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    ls_bytes note = fixture_measure(f, FIXTURE_USA, "confirm", "declare-sites");
    acceptable(f, note);
    refused(f, change(f, note, LS_H_SIGNERS, "usa-1"), "usa needs 2 signers for confirm, and 1 are listed");
    refused(f, change(f, note, LS_H_SIGNERS, "usa-2"), "usa needs 2 signers for confirm, and 1 are listed");
    assert_false(try_change(f, note, LS_H_SIGNERS, "usa-1 usa-1", &note));
    /* One party's signers never count for another. */
    ls_bytes accord = other_accord(f, 1);
    acceptable(f, accord);
    refused(f, change(f, accord, LS_H_SIGNERS, "dprk-1 usa-1 rok-1"), "usa needs 2 signers");
    refused(f, change(f, accord, LS_H_SIGNERS, "usa-1 usa-2 rok-1"), "dprk needs 1 signers");
    refused(f, change(f, accord, LS_H_SIGNERS, "dprk-1 usa-1 usa-2"), "rok needs 1 signers");
    acceptable(f, change(f, accord, LS_H_SIGNERS, "rok-1 usa-2 dprk-1 usa-1"));
}

static void test_charter_takes_all_signers(void **state)
{
    fixture *f = *state;
    refused(f, change(f, fixture_charter(f), LS_H_SIGNERS, "dprk-1 usa-1 rok-1"), "usa needs 2 signers for charter");
    refused(f, change(f, fixture_charter(f), LS_H_SIGNERS, "dprk-1 usa-1 usa-9 rok-1"), "usa-9 is not a signer");
}

/* The signatures of an act are good for that act alone: not in another process, not under another accord. */
static void test_signatures_do_not_travel(void **state)
{
    fixture *f = *state;
    ls_bytes second = other_accord(f, 1), note = perform(f);
    ls_act act = parsed(note), elsewhere = parsed(change(f, note, LS_H_ACCORD, id_of(second)));
    ls_buf forged = {0};
    fixture_append(f, second);
    ls_buf_put_bytes(&forged, elsewhere.note.text);
    ls_buf_put_bytes(&forged, ls_bytes_of(note.ptr + act.note.text.len, note.len - act.note.text.len));
    refused_with(f, fixture_keep(f, ls_buf_bytes(&forged)), &ls_fault_note_signature, "does not verify");
    ls_buf_free(&forged);
}

/* Chains. */

static void test_seq_and_prev(void **state)
{
    fixture *f = *state;
    ls_bytes first = perform(f), fork = change(f, first, LS_H_DATE, "2018-10-08");
    refused(f, relink(f, first, "2", ONES), "does not follow");
    fixture_append(f, first);
    /* A fork, a gap, another predecessor, another party's act as predecessor. */
    refused(f, fork, "does not follow");
    ls_bytes next = withdraw(f, FIXTURE_USA, id_of(first));
    refused(f, change(f, next, LS_H_SEQ, "3"), "does not follow");
    refused(f, change(f, next, LS_H_PREV, ONES), "does not follow");
    ls_bytes theirs = answer(f, "confirm");
    fixture_append(f, theirs);
    refused(f, change(f, next, LS_H_PREV, id_of(theirs)), "does not follow");
    fixture_append(f, next);
    refused_with(f, first, &ls_fault_known, "as entry 3");
}

static void test_head(void **state)
{
    fixture *f = *state;
    ls_bytes early = perform(f), note;
    ls_hash root;
    char *head;
    fixture_append(f, suspend(f, FIXTURE_USA));
    note = perform(f);
    ls_act act = parsed(note), before = parsed(early);
    refused(f, change(f, note, LS_H_HEAD, "4 " ROOT), "another root at 4");
    refused(f, change(f, note, LS_H_HEAD, "5 " ROOT), "head names 5 entries, and there are 4");
    refused(f, change(f, note, LS_H_HEAD, "9223372036854775807 " ROOT), "head names");
    ls_record_root(f->record, 2, &root);
    ls_buf older = {0};
    ls_buf_put_str(&older, "2 ");
    ls_buf_put_base64(&older, ls_bytes_of(root.b, sizeof root.b));
    refused(f, change(f, note, LS_H_HEAD, ls_buf_cstr(&older)), "before that of the party's previous act");
    ls_buf_free(&older);
    /* The head of the previous act itself is fine: two acts signed in one sitting. */
    head = ls_arena_str(&f->arena, before.raw[LS_H_HEAD]);
    assert_int_equal(act.head_size, 4);
    acceptable(f, change(f, note, LS_H_HEAD, head));
}

static void test_expiry(void **state)
{
    fixture *f = *state;
    ls_bytes note = perform(f);
    refused(f, change(f, note, LS_H_EXPIRES, "2018-11-08T08:00:01Z"), "the charter's limit");
    acceptable(f, change(f, note, LS_H_EXPIRES, "2018-11-08T08:00:00Z"));
    assert_false(try_change(f, note, LS_H_EXPIRES, "2018-10-09T08:00:00Z", &note));
    note = change(f, note, LS_H_EXPIRES, "2018-10-09T08:00:01Z");
    ls_bytes at_that = stamp(f, "2018-10-09T08:00:01Z", fixture_checkpoint(f), NULL);
    fixture_append(f, at_that);
    acceptable(f, note); /* until, and including, that second */
    f->now += 2;
    fixture_stamp(f);
    refused(f, note, "it expired");
}

static void test_unless_acted(void **state)
{
    fixture *f = *state;
    ls_bytes note = change(f, perform(f), LS_H_UNLESS_ACTED, "dprk rok");
    refused(f, change(f, note, LS_H_UNLESS_ACTED, "dprk eu"), "unknown party");
    fixture_stamp(f); /* stamps don't count */
    acceptable(f, note);
    fixture_append(f, answer(f, "missing"));
    refused(f, note, "dprk has acted since");
    acceptable(f, change(f, note, LS_H_UNLESS_ACTED, "rok"));
    acceptable(f, change(f, perform(f), LS_H_UNLESS_ACTED, "dprk rok"));
}

/* A joint act is an act of each of its parties. */
static void test_unless_acted_jointly(void **state)
{
    fixture *f = *state;
    ls_bytes note = change(f, perform(f), LS_H_UNLESS_ACTED, "rok");
    fixture_append(f, other_accord(f, 1));
    refused(f, note, "rok has acted since");
}

/* Charters. */

static void test_one_charter(void **state)
{
    fixture *f = *state;
    refused(f, change(f, fixture_charter(f), LS_H_NONCE, ONES), "one charter");
}

/* The charter's act over other bytes. */
static ls_bytes charter_over(fixture *f, const char *from, const char *to)
{
    ls_act act = parsed(fixture_charter(f));
    ls_bytes json;
    ls_buf edited = {0};
    ls_act_draft d;
    ls_bytes text;
    assert_true(ls_succeeded(fixture_fetch(f, &act.attachment[0].hash, UINT64_MAX, &f->arena, &json)));
    const uint8_t *at = memmem(json.ptr, json.len, from, strlen(from));
    assert_non_null(at);
    ls_buf_put(&edited, json.ptr, (size_t)(at - json.ptr));
    ls_buf_put_str(&edited, to);
    ls_buf_put(&edited, at + strlen(from), (size_t)(json.ptr + json.len - at) - strlen(from));
    draft_of(&act, &d);
    ls_buf_free(&d.value[LS_H_ATTACHMENT]);
    d.value[LS_H_ATTACHMENT] = (ls_buf){0};
    ls_attachment a = fixture_attach(f, "charter.json", "application/json", ls_buf_bytes(&edited));
    ls_act_draft_attach(&d, &a);
    ls_buf_free(&edited);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

static void test_charter_content(void **state)
{
    fixture *f = *state;
    refused(f, charter_over(f, "{", "{ "), "not canonical JSON");
    refused(f, charter_over(f, "\"name\":\"dprk\"", "\"name\":\"DPRK\""), "charter.json");
    refused(f, charter_over(f, "\"suite\":1", "\"suite\":2"), "charter.json");
    refused(f, charter_over(f, "\"exercise\":true", "\"exercise\":false"), "charter.json");
    ls_act real = parsed(fixture_charter(f));
    ls_act_draft d;
    ls_bytes text;
    draft_of(&real, &d);
    d.exercise = false;
    assert_true(finish_text(f, &d, &text));
    refused(f, sign_text(f, text, NULL), "disagree on whether this is an exercise");
    refused(f, change(f, fixture_charter(f), LS_H_BY, "usa dprk rok"), "all its parties, in its order");
    refused(f, change(f, fixture_charter(f), LS_H_BY, "dprk usa"), "all its parties, in its order");
    acceptable(f, fixture_charter(f));
}

static void test_charter_attachment(void **state)
{
    fixture *f = *state;
    ls_act act = parsed(fixture_charter(f));
    ls_act_draft d;
    ls_bytes text;
    draft_of(&act, &d);
    ls_buf_free(&d.value[LS_H_ATTACHMENT]);
    d.value[LS_H_ATTACHMENT] = (ls_buf){0};
    ls_attachment a = act.attachment[0];
    a.file_name = ls_bytes_str("charter.yaml");
    ls_act_draft_attach(&d, &a);
    assert_true(finish_text(f, &d, &text));
    refused(f, sign_text(f, text, NULL), "needs an attachment named charter.json");
    draft_of(&act, &d);
    ls_buf_free(&d.value[LS_H_ATTACHMENT]);
    d.value[LS_H_ATTACHMENT] = (ls_buf){0};
    a = act.attachment[0];
    a.hash.b[0] ^= 1;
    ls_act_draft_attach(&d, &a);
    assert_true(finish_text(f, &d, &text));
    refused_with(f, sign_text(f, text, NULL), &ls_fault_absent, "charter.json is not there");
    /* More than a reader should have to hold. */
    draft_of(&act, &d);
    ls_buf_free(&d.value[LS_H_ATTACHMENT]);
    d.value[LS_H_ATTACHMENT] = (ls_buf){0};
    a.size = (16u << 20) + 1;
    ls_act_draft_attach(&d, &a);
    assert_true(finish_text(f, &d, &text));
    refused(f, sign_text(f, text, NULL), "larger than 16777216 bytes");
}

/* Bytes that are not the ones that were signed. */
static ls_result fetch_other(void *context, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    (void)hash;
    (void)limit;
    (void)arena;
    *out = *(ls_bytes *)context;
    return LS_SUCCESS;
}

static void test_attachment_is_checked(void **state)
{
    fixture *f = *state;
    ls_bytes note = fixture_charter(f), other = ls_bytes_str("{}");
    ls_record *r;
    ls_detail detail = {0};
    assert_true(ls_succeeded(ls_record_new((ls_fetch){fetch_other, &other}, &r)));
    assert_ptr_equal(ls_record_append(r, note, LS_CHECK_SIGNATURES, &detail).fault, &ls_fault_refused);
    assert_non_null(strstr(detail.text, "not the one that was signed"));
    assert_int_equal(ls_record_size(r), 0);
    assert_null(ls_record_charter(r));
    ls_record_free(r);
}

static void test_void_charter(void **state)
{
    fixture *f = *state;
    f->now += 31 * DAY;
    ls_bytes under = fixture_accord(f);
    fixture_append(f, under);
    fixture_stamp(f);
    assert_true(ls_record_at(f->record, 0).lapsed);
    assert_false(ls_record_at(f->record, 1).lapsed);
    refused(f, perform(f), "the charter is void");
    refused(f, other_accord(f, 1), "the charter is void");
    fixture_stamp(f);
}

/* Accords. */

static void test_accord(void **state)
{
    fixture *f = *state;
    ls_bytes good = other_accord(f, 1);
    acceptable(f, good);
    refused(f, change(f, good, LS_H_BY, "dprk usa"), "in its order");
    refused(f, change(f, good, LS_H_BY, "usa dprk rok"), "in its order");
    refused(f, change(f, good, LS_H_OPEN_UNTIL, "2018-10-09T07:59:59Z"), "open until");
}

/* by swaps its roadmap or text for other bytes. */
static ls_bytes accord_over(fixture *f, size_t which, ls_bytes content)
{
    ls_act act = parsed(other_accord(f, 1));
    ls_act_draft d;
    ls_bytes text;
    static const char *const names[] = {"roadmap.json", "text.md"};
    act.attachment[which] = fixture_attach(f, names[which], "text/plain", content);
    draft_of(&act, &d);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

/* Who has not signed an accord can't suspend it. */
static void test_suspend_by_another(void **state)
{
    static const char roadmap[] =
        "{\"name\":\"two\",\"parties\":[\"dprk\",\"usa\"],\"roadmap\":1,\"steps\":[{\"id\":\"one\",\"measures\":["
        "{\"by\":\"usa\",\"id\":\"do\",\"paragraph\":\"p1\",\"what\":\"do "
        "it\"}],\"title\":\"One\",\"track\":\"arms\"}],"
        "\"title\":\"Two\",\"tracks\":[{\"id\":\"arms\",\"title\":\"Arms\"}]}";
    fixture *f = *state;
    ls_bytes note = change(f, accord_over(f, 0, ls_bytes_str(roadmap)), LS_H_SIGNERS, "dprk-1 usa-1 usa-2");
    refused(f, note, "in its order");
    note = change(f, note, LS_H_BY, "dprk usa");
    ls_act act = parsed(note);
    fixture_append(f, note);
    f->accord = act.id;
    refused(f, suspend(f, FIXTURE_ROK), "rok has not signed two");
    acceptable(f, suspend(f, FIXTURE_DPRK));
}

static void test_accord_content(void **state)
{
    fixture *f = *state;
    refused(f, accord_over(f, 0, ls_bytes_str("{}")), "roadmap.json");
    refused(f, accord_over(f, 0, ls_bytes_str("{ }")), "not canonical JSON");
    refused(f, accord_over(f, 0, ls_bytes_str("")), "not canonical JSON");
    refused(f, accord_over(f, 1, ls_bytes_str("[p1] Only one paragraph.\n")), "roadmap.json");
    refused(f, accord_over(f, 1, ls_bytes_str("\xff\n")), "roadmap.json");
}

static void test_no_such_accord(void **state)
{
    fixture *f = *state;
    refused(f, change(f, perform(f), LS_H_ACCORD, ONES), "no such accord");
    refused(f, change(f, perform(f), LS_H_MEASURE, "no-such"), "no measure no-such");
}

/* Without effect: the accord came after its open-until, and so does everything under it. */
static void test_accord_too_late(void **state)
{
    fixture *f = *state;
    fixture_stamp(f);
    fixture_append(f, fixture_accord(f));
    fixture_append(f, perform(f));
    f->now += 31 * DAY;
    fixture_stamp(f);
    assert_true(ls_record_at(f->record, 2).lapsed);
    assert_true(ls_record_at(f->record, 3).lapsed);
    assert_int_equal(facts_in_effect(f), 0);
    refused(f, perform(f), "came too late");
    refused(f, answer(f, "missing"), "came too late");
    refused(f, suspend(f, FIXTURE_USA), "came too late");
    refused(f, fixture_declare(f, fixture_inventory, NULL), "came too late");
}

/* Measures. */

static void test_perform(void **state)
{
    fixture *f = *state;
    refused(f, fixture_measure(f, FIXTURE_DPRK, "perform", "suspend-exercises"), "does not perform suspend-exercises");
    refused(f, fixture_measure(f, FIXTURE_ROK, "perform", "suspend-exercises"), "does not perform suspend-exercises");
    refused(f, fixture_measure(f, FIXTURE_DPRK, "perform", "declare-sites"), "by the declaration itself");
    refused(f, fixture_measure(f, FIXTURE_DPRK, "reverse", "declare-sites"), "declare-sites can't be undone");
    fixture_append(f, perform(f));
    acceptable(f, perform(f));
}

static void test_answers(void **state)
{
    fixture *f = *state;
    static const char *const answers[] = {"confirm", "object", "missing"};
    refused(f, answer(f, "confirm"), "nothing to confirm");
    acceptable(f, answer(f, "missing"));
    acceptable(f, answer(f, "object"));
    ls_bytes performance = perform(f);
    fixture_append(f, performance);
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    for (size_t i = 0; i < 3; i++) {
        refused(f, fixture_measure(f, FIXTURE_USA, answers[i], "suspend-exercises"), "usa does not verify");
        refused(f, fixture_measure(f, FIXTURE_ROK, answers[i], "suspend-exercises"), "rok does not verify");
        ls_bytes good = answer(f, answers[i]);
        acceptable(f, good);
        acceptable(f, change(f, good, LS_H_REF, id_of(performance)));
        refused(f, change(f, good, LS_H_REF, ONES), "not on the record");
        refused(f, change(f, good, LS_H_REF, id_of(f->entry[4])), "not about this measure");
        refused(f, change(f, good, LS_H_REF, id_of(f->entry[0])), "not about this measure");
    }
}

/* An act under another accord is no ref, though the measure has the same name there. */
static void test_ref_to_another_accord(void **state)
{
    fixture *f = *state;
    ls_bytes second = other_accord(f, 1), performance;
    ls_hash first = f->accord;
    fixture_append(f, perform(f));
    fixture_append(f, second);
    f->accord = parsed(second).id;
    performance = perform(f);
    fixture_append(f, performance);
    f->accord = first;
    refused(f, change(f, answer(f, "confirm"), LS_H_REF, id_of(performance)), "not about this measure");
    ls_bytes suspension = suspend(f, FIXTURE_USA);
    fixture_append(f, suspension);
    f->accord = parsed(second).id;
    refused(f, resume(f, FIXTURE_USA, id_of(suspension)), "does not name a suspension");
}

static void test_suspend_and_resume(void **state)
{
    fixture *f = *state;
    ls_bytes suspension = change(f, suspend(f, FIXTURE_USA), LS_H_TRACK, "arms");
    refused(f, change(f, suspension, LS_H_TRACK, "peace"), "no track peace");
    refused(f, resume(f, FIXTURE_USA, ONES), "does not name a suspension");
    fixture_append(f, suspension);
    assert_int_equal(fact_at(f, 0)->detail, 0);
    refused(f, resume(f, FIXTURE_DPRK, id_of(suspension)), "does not name a suspension by dprk");
    refused(f, withdraw(f, FIXTURE_USA, id_of(suspension)), "suspend can't be withdrawn");
    fixture_append(f, resume(f, FIXTURE_USA, id_of(suspension)));
    refused(f, resume(f, FIXTURE_USA, id_of(suspension)), "still lasts");
}

/* Withdrawals. */

static void test_withdraw(void **state)
{
    fixture *f = *state;
    ls_bytes performance = perform(f), declaration;
    fixture_append(f, performance);
    refused(f, withdraw(f, FIXTURE_DPRK, id_of(performance)), "only its own acts");
    refused(f, withdraw(f, FIXTURE_USA, id_of(f->entry[0])), "only its own acts");
    refused(f, withdraw(f, FIXTURE_USA, id_of(f->entry[1])), "only its own acts");
    refused(f, withdraw(f, FIXTURE_USA, id_of(f->entry[2])), "only its own acts");
    declaration = fixture_declare(f, fixture_inventory, NULL);
    fixture_append(f, declaration);
    refused(f, withdraw(f, FIXTURE_DPRK, id_of(declaration)), "declare can't be withdrawn");
    ls_bytes taken_back = withdraw(f, FIXTURE_USA, id_of(performance));
    fixture_append(f, taken_back);
    refused(f, withdraw(f, FIXTURE_USA, id_of(taken_back)), "withdraw can't be withdrawn");
    const ls_fact *fact = fact_at(f, ls_record_facts(f->record, 0).count - 1);
    assert_int_equal(fact->kind, LS_FACT_WITHDRAW);
    assert_int_equal(fact->subject, 1);
    assert_string_equal(entry_id(f, fact->ref), id_of(performance));
}

static void test_withdraw_joint_act(void **state)
{
    fixture *f = *state;
    ls_bytes first = other_accord(f, 1), second = other_accord(f, 2);
    fixture_append(f, withdraw(f, FIXTURE_ROK, id_of(first)));
    refused(f, first, "rok withdrew it");
    /* Once it is on the record, it binds. */
    fixture_append(f, second);
    refused(f, withdraw(f, FIXTURE_ROK, id_of(second)), "only its own acts");
    /* Two may withdraw one act, each on its own account. */
    fixture_append(f, withdraw(f, FIXTURE_USA, id_of(first)));
    refused(f, first, "rok withdrew it");
}

/* A withdrawal that a stamp covers too late has no effect, like every act that lapsed. */
static void test_lapsed_withdrawal(void **state)
{
    fixture *f = *state;
    ls_bytes accord = other_accord(f, 1);
    fixture_append(f, withdraw(f, FIXTURE_ROK, id_of(accord)));
    refused(f, accord, "rok withdrew it");
    f->now += 8 * DAY;
    fixture_stamp(f);
    assert_true(ls_record_at(f->record, 3).lapsed);
    acceptable(f, accord);
}

/* Stamps. */

static void test_stamp_checkpoint(void **state)
{
    fixture *f = *state;
    const char *now = "2018-10-09T08:00:00Z";
    const char *origin = f->ledger.vkey.name;
    fixture_key stranger;
    ls_hash root, other = {{1}};
    fixture_key_make("stranger.example/ledger", &stranger);
    fixture_append(f, perform(f));
    ls_record_root(f->record, 4, &root);
    ls_bytes good = checkpoint_of(f, origin, 4, &root, &f->ledger);
    acceptable(f, stamp(f, now, good, NULL));
    refused(f, stamp(f, now, ls_bytes_str("A word.\n"), NULL), "a signed checkpoint");
    refused(f, stamp(f, now, checkpoint_of(f, origin, 4, &root, &stranger), NULL), "the ledger's key has not signed");
    refused(f, stamp(f, now, checkpoint_of(f, "exercise.rok.example/other", 4, &root, &f->ledger), NULL),
            "of another ledger");
    refused(f, stamp(f, now, checkpoint_of(f, origin, 4, &other, &f->ledger), NULL), "not one of this ledger");
    refused(f, stamp(f, now, checkpoint_of(f, origin, 3, &root, &f->ledger), NULL), "not one of this ledger");
    refused(f, stamp(f, now, checkpoint_of(f, origin, 5, &root, &f->ledger), NULL), "not one of this ledger");
    refused(f, stamp(f, now, checkpoint_of(f, origin, INT64_MAX, &root, &f->ledger), NULL), "not one of this ledger");
    /* Less than what is stamped: the charter alone. */
    ls_record_root(f->record, 1, &root);
    refused(f, stamp(f, now, checkpoint_of(f, origin, 1, &root, &f->ledger), NULL), "not one of this ledger");
    ls_bytes forged = stamp(f, now, good, &stranger);
    refused_with(f, forged, &ls_fault_note_unsigned, "does not verify");
}

static void test_stamp_time(void **state)
{
    fixture *f = *state;
    refused(f, stamp(f, NULL, fixture_checkpoint(f), NULL), "states its time");
    refused(f, stamp(f, "2018-10-09T07:59:59Z", fixture_checkpoint(f), NULL), "never before the previous");
    acceptable(f, stamp(f, "2018-10-09T08:00:00Z", fixture_checkpoint(f), NULL));
    acceptable(f, stamp(f, "2019-10-09T08:00:00Z", fixture_checkpoint(f), NULL));
}

static void test_ledger_time(void **state)
{
    fixture *f = *state;
    ls_time first = f->now;
    assert_int_equal(ls_record_time(f->record), first);
    assert_int_equal(ls_record_stamped(f->record), 2);
    assert_false(ls_record_stamp_due(f->record, f->now + DAY - 1));
    assert_true(ls_record_stamp_due(f->record, f->now + DAY));
    fixture_append(f, perform(f));
    assert_true(ls_record_stamp_due(f->record, f->now));
    assert_int_equal(ls_record_at(f->record, 3).time, LS_TIME_OPEN);
    /* A stamp over a checkpoint that does not reach the act yet. */
    ls_hash root;
    ls_record_root(f->record, 3, &root);
    fixture_append(f,
                   stamp(f, "2018-10-09T09:00:00Z", checkpoint_of(f, f->ledger.vkey.name, 3, &root, &f->ledger), NULL));
    assert_int_equal(ls_record_at(f->record, 2).time, first + 3600);
    assert_int_equal(ls_record_at(f->record, 3).time, LS_TIME_OPEN);
    assert_true(ls_record_stamp_due(f->record, f->now));
    f->now += 7200;
    fixture_stamp(f);
    fixture_stamp(f);
    assert_int_equal(ls_record_at(f->record, 0).time, first);
    assert_int_equal(ls_record_at(f->record, 3).time, first + 7200);
    assert_int_equal(ls_record_facts(f->record, 0).time(f->record, 3), first + 7200);
    assert_false(ls_record_stamp_due(f->record, f->now));
}

static void test_lapsed_act(void **state)
{
    fixture *f = *state;
    ls_bytes performance = perform(f);
    fixture_append(f, performance);
    fixture_append(f, answer(f, "confirm"));
    f->now += 7 * DAY; /* exactly expires: in time */
    fixture_stamp(f);
    assert_false(ls_record_at(f->record, 3).lapsed);
    assert_int_equal(facts_in_effect(f), 2);
    ls_bytes late = perform(f);
    fixture_append(f, late);
    f->now += 7 * DAY + 1;
    fixture_stamp(f);
    assert_true(ls_record_at(f->record, f->entry_count - 2).lapsed);
    assert_int_equal(facts_in_effect(f), 2);
    /* It stays a link of the chain, and can be no ref. */
    refused_with(f, late, &ls_fault_known, "");
    refused(f, change(f, answer(f, "confirm"), LS_H_REF, id_of(late)), "not about this measure");
    acceptable(f, perform(f));
}

/* A suspension whose end lapsed still lasts; it may be ended again. */
static void test_lapsed_resumption(void **state)
{
    fixture *f = *state;
    ls_bytes suspension = suspend(f, FIXTURE_DPRK);
    fixture_append(f, suspension);
    fixture_stamp(f);
    fixture_append(f, resume(f, FIXTURE_DPRK, id_of(suspension)));
    refused(f, resume(f, FIXTURE_DPRK, id_of(suspension)), "still lasts");
    f->now += 8 * DAY;
    fixture_stamp(f);
    acceptable(f, resume(f, FIXTURE_DPRK, id_of(suspension)));
}

/* Declarations and openings. */

static void test_declare(void **state)
{
    fixture *f = *state;
    ls_bytes good = fixture_declare(f, fixture_inventory, NULL);
    acceptable(f, good);
    refused(f, change(f, good, LS_H_DECLARATION, "reactors"), "no declaration reactors by dprk");
    refused(f, change(f, good, LS_H_SCHEMA, ONES), "not those of the accord");
    refused(f, change(f, good, LS_H_TRANCHES, "3"), "not those of the accord");
    refused(f, change(f, good, LS_H_TRANCHES, "4294967298"), "not those of the accord");
    refused(f, change(f, good, LS_H_ROW_BYTES, "33"), "not those of the accord");
    ls_bytes theirs = change(f, change(f, good, LS_H_SIGNERS, "usa-1"), LS_H_BY, "usa");
    refused(f, theirs, "no declaration sites by usa");
}

static void test_supplement(void **state)
{
    fixture *f = *state;
    ls_bytes first = fixture_declare(f, fixture_inventory, NULL);
    fixture_append(f, first);
    assert_int_equal(ls_record_facts(f->record, 0).count, 1);
    assert_int_equal(fact_at(f, 0)->kind, LS_FACT_PERFORM);
    assert_int_equal(fact_at(f, 0)->subject, 0);
    assert_int_equal(ls_record_at(f->record, 3).measure, 0);
    ls_bytes second = fixture_declare(f, fixture_inventory, NULL);
    ls_act act = parsed(first);
    refused(f, change(f, second, LS_H_NONCE, hex(&act.nonce)), "a nonce is used once");
    fixture_append(f, second);
    assert_int_equal(ls_record_declaration_count(f->record), 2);
    assert_int_equal(facts_in_effect(f), 1);
    assert_int_equal(ls_record_at(f->record, 4).measure, -1);
}

/* If a declaration lapses, one that was made meanwhile does not leave the measure without any performance for ever. */
static void test_supplement_of_a_lapsed_declaration(void **state)
{
    fixture *f = *state;
    fixture_append(f, change(f, fixture_declare(f, fixture_inventory, NULL), LS_H_EXPIRES, "2018-10-09T08:00:01Z"));
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    f->now += 60;
    fixture_stamp(f);
    assert_true(ls_record_at(f->record, 3).lapsed);
    assert_int_equal(facts_in_effect(f), 0);
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    assert_int_equal(facts_in_effect(f), 1);
}

static void test_open(void **state)
{
    fixture *f = *state;
    const uint64_t rows[] = {0};
    ls_bytes early = fixture_open_act(f, 1, 0, ls_bytes_str("x"));
    refused(f, early, "has not declared sites");
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    ls_bytes good = fixture_open_tranche(f, 1);
    /* The head does not cover the declaration. */
    ls_act act = parsed(early);
    ls_bytes blind = change(f, good, LS_H_HEAD, ls_arena_str(&f->arena, act.raw[LS_H_HEAD]));
    refused(f, blind, "before this act's head");
    refused(f, change(f, good, LS_H_TRANCHE, "3"), "the declaration has 2 tranches");
    refused(f, change(f, good, LS_H_TRANCHE, NULL), "names a tranche, or how many rows");
    refused(f, change(f, good, LS_H_ROWS, "1"), "names a tranche, or how many rows");
    refused(f, change(f, good, LS_H_DECLARATION, "reactors"), "has not declared reactors");
    ls_bytes theirs = change(f, change(f, relink(f, good, "1", ZEROS), LS_H_SIGNERS, "usa-1"), LS_H_BY, "usa");
    refused(f, theirs, "usa has not declared sites");
    acceptable(f, fixture_open_rows(f, 1, rows, 1, NULL));
    fixture_append(f, good);
}

static void test_open_lapsed_declaration(void **state)
{
    fixture *f = *state;
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    f->now += 8 * DAY;
    fixture_stamp(f);
    refused(f, fixture_open_tranche(f, 1), "has not declared sites");
}

/* Random records. */

/* A small generator (xorshift), so that a failure can be repeated. */
static uint32_t random_below(uint32_t *state, uint32_t bound)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % bound;
}

static const char *random_entry(fixture *f, uint32_t *random)
{
    return id_of(f->entry[random_below(random, (uint32_t)f->entry_count)]);
}

#define PROPOSALS 4

/* Any act by anyone, often one that is refused. */
static ls_bytes random_act(fixture *f, const ls_bytes *proposals, uint32_t *random)
{
    static const char *const measures[] = {"declare-sites", "suspend-exercises"};
    static const char *const answers[] = {"perform", "confirm", "object", "missing"};
    size_t party = random_below(random, FIXTURE_PARTIES);
    switch (random_below(random, 8)) {
    case 0:
        return suspend(f, party);
    case 1:
        return resume(f, party, random_entry(f, random));
    case 2:
        return withdraw(f, party, random_entry(f, random));
    case 3:
        return withdraw(f, party, id_of(proposals[random_below(random, PROPOSALS)]));
    case 4:
        return proposals[random_below(random, PROPOSALS)];
    case 5:
        return fixture_open_act(f, 1 + random_below(random, 2), 0, ls_bytes_str("x"));
    default:
        return fixture_measure(f, party, answers[random_below(random, 4)], measures[random_below(random, 2)]);
    }
}

/* One step; some acts come with an early end or an old predecessor. */
static void random_step(fixture *f, const ls_bytes *proposals, uint32_t *random)
{
    ls_bytes note = random_act(f, proposals, random);
    ls_act act = parsed(note);
    if (act.shape == LS_SHAPE_CHAINED && random_below(random, 6) == 0) {
        char expires[LS_TIME_SIZE];
        ls_time_format(act.at + 1 + random_below(random, 3 * DAY), expires);
        note = change(f, note, LS_H_EXPIRES, expires);
    } else if (act.shape == LS_SHAPE_CHAINED && random_below(random, 8) == 0) {
        note = relink(f, note, "2", ONES);
    }
    act = parsed(note);
    ls_buf before = snapshot(f->record);
    ls_result accepted = ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, NULL);
    ls_buf asked = snapshot(f->record);
    same(&before, &asked);
    if (ls_succeeded(accepted)) {
        fixture_append(f, note);
    } else {
        refused_with(f, note, accepted.fault, "");
    }
    if (random_below(random, 3) == 0) {
        f->now += random_below(random, 2 * DAY);
        fixture_stamp(f);
    }
}

/* A record that reads the fixture's entries once more has the same state at each step, however they are checked. */
static void replay(fixture *f, ls_record_check how)
{
    ls_record *r;
    assert_true(ls_succeeded(ls_record_new((ls_fetch){fixture_fetch, f}, &r)));
    for (size_t i = 0; i < f->entry_count; i++) {
        assert_true(ls_succeeded(ls_record_append(r, f->entry[i], how, NULL)));
    }
    ls_buf once = snapshot(f->record), again = snapshot(r);
    same(&once, &again);
    ls_record_free(r);
}

static void test_random_records(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++) {
        uint32_t random = seed * 2654435761u;
        fixture *f = calloc(1, sizeof *f);
        fixture_open(f, NULL);
        fixture_append(f, fixture_charter(f));
        fixture_append(f, fixture_accord(f));
        fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
        ls_bytes proposals[PROPOSALS];
        for (unsigned i = 0; i < PROPOSALS; i++) {
            proposals[i] = other_accord(f, i);
        }
        while (f->entry_count < 60 && f->attachment_count < 60) {
            random_step(f, proposals, &random);
        }
        replay(f, LS_CHECK_TRUSTED);
        replay(f, LS_CHECK_SIGNATURES);
        fixture_close(f);
        free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(accord, test_not_an_act),
        ON(accord, test_unknown_kind),
        ON(accord, test_known),
        ON(accord, test_process),
        ON(accord, test_exercise_and_reality),
        ON(empty, test_nothing_before_the_charter),
        ON(accord, test_audiences_and_limits),
        ON(empty, test_headers),
        ON(accord, test_signers),
        ON(accord, test_signatures),
        ON(accord, test_unknown_key_among_others),
        ON(accord, test_changed_text),
        ON(accord, test_thresholds),
        ON(empty, test_charter_takes_all_signers),
        ON(accord, test_signatures_do_not_travel),
        ON(accord, test_seq_and_prev),
        ON(accord, test_head),
        ON(accord, test_expiry),
        ON(accord, test_unless_acted),
        ON(accord, test_unless_acted_jointly),
        ON(charter, test_one_charter),
        ON(empty, test_charter_content),
        ON(empty, test_charter_attachment),
        ON(empty, test_attachment_is_checked),
        ON(charter, test_void_charter),
        ON(accord, test_accord),
        ON(charter, test_accord_content),
        ON(charter, test_suspend_by_another),
        ON(accord, test_no_such_accord),
        ON(charter, test_accord_too_late),
        ON(accord, test_perform),
        ON(accord, test_answers),
        ON(accord, test_ref_to_another_accord),
        ON(accord, test_suspend_and_resume),
        ON(accord, test_withdraw),
        ON(accord, test_withdraw_joint_act),
        ON(accord, test_lapsed_withdrawal),
        ON(accord, test_stamp_checkpoint),
        ON(accord, test_stamp_time),
        ON(accord, test_ledger_time),
        ON(accord, test_lapsed_act),
        ON(accord, test_lapsed_resumption),
        ON(accord, test_declare),
        ON(accord, test_supplement),
        ON(accord, test_supplement_of_a_lapsed_declaration),
        ON(accord, test_open),
        ON(accord, test_open_lapsed_declaration),
        cmocka_unit_test(test_random_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
