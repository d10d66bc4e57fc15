/* Tests of acts: the vectors, one refusal for each rule of the canonical form, signature lines, drafts. */
#include "crypto/crypto.h"
#include "process/plain.h"
#include "vectors.h"
#include <lockstep/act.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define ONES "1111111111111111111111111111111111111111111111111111111111111111"
#define ROOT "2ae78m5s4S4nYzLm4O5+cBTmDPxGk+23tH1mFraLCCo="
#define DASH "\xe2\x80\x94 "

static const char chained[] = "lockstep act v1\n"
                              "act: perform\n"
                              "process: " ONES "\n"
                              "by: usa\n"
                              "signers: usa-1 usa-2\n"
                              "seq: 7\n"
                              "prev: " ONES "\n"
                              "head: 41 " ROOT "\n"
                              "at: 2018-10-09T08:00:00Z\n"
                              "expires: 2018-10-16T08:00:00Z\n"
                              "date: 2018-10-08\n"
                              "measure: suspend-exercises\n"
                              "attachment: " ONES " public 1204 application/pdf order.pdf\n"
                              "\n"
                              "Done.\n";

static const char joint[] = "lockstep exercise act v1\n"
                            "act: accord\n"
                            "process: " ONES "\n"
                            "by: dprk usa\n"
                            "signers: dprk-1 usa-1 usa-2\n"
                            "nonce: " ONES "\n"
                            "open-until: 2018-10-31T00:00:00Z\n"
                            "at: 2018-10-07T08:00:00Z\n";

static const char stamp[] = "lockstep act v1\n"
                            "act: stamp\n"
                            "process: " ONES "\n"
                            "time: 2018-10-07T08:00:00Z\n"
                            "\n"
                            "ledger.example/x\n41\n" ROOT "\n"
                            "\n" DASH "ledger.example/x AAAAAAAA\n";

static int set_up(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

/* text with the first occurrence of from replaced. Good until the next but one, so that edits can be nested. */
static const char *edit(const char *text, const char *from, const char *to)
{
    static char buffers[2][70000];
    static int turn;
    char *edited = buffers[turn = 1 - turn];
    const char *at = strstr(text, from);
    assert_non_null(at);
    snprintf(edited, sizeof *buffers, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return edited;
}

static void assert_refused(const char *text, unsigned line, const char *why)
{
    ls_act untouched = {.seq = 99}, *act = &untouched;
    ls_detail detail = {0};
    ls_result r = ls_act_parse_text(ls_bytes_str(text), act, &detail);
    if (r.fault != &ls_fault_act_form || detail.line != line || strstr(detail.text, why) == NULL) {
        fail_msg("wanted line %u, %s; got %s, line %u, %s, for:\n%s", line, why,
                 r.fault == NULL ? "success" : r.fault->code, detail.line, detail.text, text);
    }
    assert_int_equal(act->seq, 99);
}

static void assert_accepted(const char *text)
{
    ls_act act;
    ls_detail detail = {0};
    if (ls_failed(ls_act_parse_text(ls_bytes_str(text), &act, &detail))) {
        fail_msg("refused: line %u, %s, for:\n%s", detail.line, detail.text, text);
    }
}

/* Vectors */

static void vector_cases(void **state)
{
    (void)state;
    json_t *json = read_json_file(own_vector("lockstep/acts.json")), *c;
    size_t i;
    json_array_foreach(json_object_get(json, "cases"), i, c)
    {
        ls_act act;
        ls_detail detail = {0};
        ls_result r = ls_act_parse_text(json_member(c, "text"), &act, &detail);
        bool valid = json_is_true(json_object_get(c, "valid"));
        if (ls_succeeded(r) != valid) {
            fail_msg("%s: %s", json_string_value(json_object_get(c, "name")), detail.text);
        }
        if (valid) {
            ls_hash id = hash_of_hex(json_object_get(c, "id"));
            assert_memory_equal(&act.id, &id, sizeof id);
        }
    }
    assert_true(i >= 25);
    json_decref(json);
}

static void vector_signed(void **state)
{
    (void)state;
    json_t *json = read_json_file(own_vector("lockstep/acts.json")), *s = json_object_get(json, "signed");
    ls_act act;
    ls_vkey key;
    ls_note_verdict verdict;
    ls_hash id = hash_of_hex(json_object_get(s, "id"));
    assert_success(ls_act_parse(json_member(s, "note"), false, &act, NULL));
    assert_memory_equal(&act.id, &id, sizeof id);
    assert_bytes(act.note.text, json_member(s, "text"));
    assert_success(ls_vkey_parse(json_member(json_object_get(s, "key"), "vkey"), &key));
    assert_success(ls_note_verify(&act.note, &key, 1, &verdict));
    assert_int_equal(verdict.verified, 1);
    json_decref(json);
}

/* Whatever byte of a signed act is changed, it is refused, or its signature fails. */
static void every_byte_counts(void **state)
{
    (void)state;
    json_t *json = read_json_file(own_vector("lockstep/acts.json")), *s = json_object_get(json, "signed");
    ls_bytes note = json_member(s, "note");
    uint8_t copy[4096];
    ls_vkey key;
    assert_true(note.len <= sizeof copy);
    assert_success(ls_vkey_parse(json_member(json_object_get(s, "key"), "vkey"), &key));
    for (size_t i = 0; i < note.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            ls_act act;
            ls_note_verdict verdict;
            memcpy(copy, note.ptr, note.len);
            copy[i] ^= (uint8_t)(1u << bit);
            if (ls_succeeded(ls_act_parse(ls_bytes_of(copy, note.len), false, &act, NULL))) {
                assert_true(ls_failed(ls_note_verify(&act.note, &key, 1, &verdict)));
            }
        }
    }
    json_decref(json);
}

/* Fields */

static void fields_of_a_chained_act(void **state)
{
    (void)state;
    ls_act a;
    assert_success(ls_act_parse_text(ls_bytes_str(chained), &a, NULL));
    assert_false(a.exercise);
    assert_int_equal(a.shape, LS_SHAPE_CHAINED);
    assert_true(ls_bytes_is(a.kind, "perform"));
    assert_int_equal(a.by.count, 1);
    assert_int_equal(a.signers.count, 2);
    assert_true(ls_bytes_is(a.signers.name[1], "usa-2"));
    assert_int_equal(a.seq, 7);
    assert_int_equal(a.head_size, 41);
    assert_int_equal(a.head_root.b[0], 0xd9);
    assert_int_equal(a.prev.b[31], 0x11);
    assert_int_equal(a.at, 1539072000); /* date -u -d 2018-10-09T08:00:00Z +%s */
    assert_int_equal(a.expires, 1539676800);
    assert_int_equal(a.date.day, 8);
    assert_true(a.has[LS_H_MEASURE]);
    assert_false(a.has[LS_H_ACCORD]);
    assert_true(ls_bytes_is(a.raw[LS_H_MEASURE], "suspend-exercises"));
    assert_int_equal(a.attachment_count, 1);
    assert_int_equal(a.attachment[0].size, 1204);
    assert_true(ls_bytes_is(a.attachment[0].audience, "public"));
    assert_true(ls_bytes_is(a.attachment[0].media_type, "application/pdf"));
    assert_true(ls_bytes_is(a.attachment[0].file_name, "order.pdf"));
    assert_true(ls_bytes_is(a.text, "Done.\n"));
    assert_int_equal(a.note.count, 0);
}

static void fields_of_the_other_shapes(void **state)
{
    (void)state;
    ls_act a;
    assert_success(ls_act_parse_text(ls_bytes_str(joint), &a, NULL));
    assert_true(a.exercise);
    assert_int_equal(a.shape, LS_SHAPE_JOINT);
    assert_int_equal(a.by.count, 2);
    assert_int_equal(a.open_until, 1540944000);
    assert_int_equal(a.text.len, 0);
    assert_success(ls_act_parse_text(ls_bytes_str(stamp), &a, NULL));
    assert_int_equal(a.shape, LS_SHAPE_STAMP);
    assert_int_equal(a.time, 1538899200);
    assert_true(ls_bytes_starts(a.text, "ledger.example/x\n41\n"));
    /* A stamp's text is a whole note, ready to be parsed. */
    ls_note note;
    assert_success(ls_note_parse(a.text, &note));
}

#define VKEY                                                                                                           \
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW" /* Go's golang.org/x/mod/sumdb/note           \
                                                                          */
#define PROOF "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="
#define REKEY                                                                                                          \
    "key: " VKEY "\n"                                                                                                  \
    "proof: " PROOF "\n"                                                                                               \
    "since: 12\n"                                                                                                      \
    "until: 2019-10-07T08:00:00Z\n"

/* Headers of acts about keys: after rows, before attachments, in chained and joint acts. */
static void headers_of_keys(void **state)
{
    (void)state;
    ls_act a;
    const char *text = edit(chained, "measure: suspend-exercises\n", REKEY);
    assert_success(ls_act_parse_text(ls_bytes_str(text), &a, NULL));
    assert_string_equal(a.key.name, "PeterNeumann");
    assert_int_equal(a.key.type, LS_KEY_ED25519);
    for (uint8_t i = 0; i < LS_ACT_PROOF_SIZE; i++) {
        assert_int_equal(a.proof[i], i);
    }
    assert_int_equal(a.since, 12);
    assert_int_equal(a.until, 1570435200);
    assert_bytes(a.raw[LS_H_KEY], ls_bytes_str(VKEY));
    static const char *const wrong[][3] = {
        {"key: Peter", "key: Peta", "key: must be"},
        {"+ARpc", "+ARqc", "key: must be"},
        {"Pw==", "Pw=", "proof: must be"},
        {"AAECAwQF", "AAEC", "proof: must be"},
        {"Pw==", "P0BB", "proof: must be"},
        {"since: 12", "since: 012", "since: must be"},
        {"since: 12", "since: 0", "since: must be"},
        {"until: 2019-10", "until: 2019-13", "until: must"},
        {"key: ", "since: 1\nkey: ", "key: out of order"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ls_detail detail = {0};
        const char *keyed = edit(chained, "measure: suspend-exercises\n", REKEY);
        assert_fault(ls_act_parse_text(ls_bytes_str(edit(keyed, wrong[i][0], wrong[i][1])), &a, &detail),
                     ls_fault_act_form);
        assert_non_null(strstr(detail.text, wrong[i][2]));
    }
    assert_accepted(edit(edit(joint, "act: accord", "act: succeed"), "08:00:00Z\n", "08:00:00Z\n" REKEY));
    assert_refused(edit(stamp, "time: 2018-10-07T08:00:00Z\n", "key: " VKEY "\n"), 0, "key: not in");
}

#define SAID                                                                                                           \
    "measure: fuel-oil\n"                                                                                              \
    "event: adoption-day\n"                                                                                            \
    "right: visits\n"                                                                                                  \
    "dispute: resolution\n"                                                                                            \
    "stage: ministers\n"                                                                                               \
    "amount: 60 bomber, 400 missile\n"                                                                                 \
    "method: burning\n"                                                                                                \
    "for: usa\n"                                                                                                       \
    "score: 2\n"                                                                                                       \
    "due: 2018-11-30\n"

/* Headers of acts under an accord: after measure, before declaration, in chained and joint acts. */
static void headers_of_accords(void **state)
{
    (void)state;
    static const struct {
        ls_header header;
        const char *value;
    } names[] = {
        {LS_H_MEASURE, "fuel-oil"}, {LS_H_EVENT, "adoption-day"},
        {LS_H_RIGHT, "visits"},     {LS_H_DISPUTE, "resolution"},
        {LS_H_STAGE, "ministers"},  {LS_H_AMOUNT, "60 bomber, 400 missile"},
        {LS_H_METHOD, "burning"},   {LS_H_FOR, "usa"},
        {LS_H_SCORE, "2"},          {LS_H_DUE, "2018-11-30"},
    };
    ls_act a;
    const char *text = edit(chained, "measure: suspend-exercises\n", SAID);
    assert_success(ls_act_parse_text(ls_bytes_str(text), &a, NULL));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(a.has[names[i].header]);
        assert_bytes(a.raw[names[i].header], ls_bytes_str(names[i].value));
    }
    assert_int_equal(a.score, 2);
    assert_int_equal(ls_date_to_days(a.due), 17865); /* date -u -d 2018-11-30 +%s, in days */
    assert_int_equal(ls_date_to_days(a.date), 17812);
    static const char *const wrong[][3] = {
        {"event: a", "event: A", "event: must be a name"},
        {"right: v", "right: -v", "right: must be a name"},
        {"dispute: r", "dispute:  r", "dispute: must be a name"},
        {"stage: m", "stage: _", "stage: must be a name"},
        {"amount: 60 bomber, 400 missile", "amount: ", "amount: must be 1 to 200 bytes"},
        {"amount: 60", "amount: 60\t", "a header is"},
        {"amount: 60", "amount: \xc2\xbd", "a header is"},
        {"method: b", "method: B", "method: must be a name"},
        {"for: usa", "for: usa rok", "for: must be a name"},
        {"score: 2", "score: 4", "score: must be 0, 1, 2 or 3"},
        {"score: 2", "score: -1", "score: must be"},
        {"score: 2", "score: 02", "score: must be"},
        {"due: 2018-11-30", "due: 2018-11-31", "due: must be a real date"},
        {"due: 2018-11-30", "due: 2018-11-30T00:00:00Z", "due: must be a real date"},
        {"due: 2018-11-30\n", "due: 2018-11-30\nscore: 2\n", "score: stands twice"},
        {"event: adoption-day\nright: visits\n", "right: visits\nevent: adoption-day\n", "event: out of order"},
        {"score: 2\ndue: 2018-11-30\n", "due: 2018-11-30\nscore: 2\n", "score: out of order"},
        {"measure: fuel-oil\nevent: adoption-day\n", "event: adoption-day\nmeasure: fuel-oil\n", "measure: out of"},
        {"due: 2018-11-30\n", "declaration: sites\ndue: 2018-11-30\n", "due: out of order"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ls_detail detail = {0};
        const char *said = edit(chained, "measure: suspend-exercises\n", SAID);
        assert_fault(ls_act_parse_text(ls_bytes_str(edit(said, wrong[i][0], wrong[i][1])), &a, &detail),
                     ls_fault_act_form);
        if (strstr(detail.text, wrong[i][2]) == NULL) {
            fail_msg("%s: %s", wrong[i][1], detail.text);
        }
    }
    assert_accepted(edit(joint, "08:00:00Z\n", "08:00:00Z\n" SAID));
    assert_refused(edit(stamp, "time: 2018-10-07T08:00:00Z\n", "event: adoption-day\n"), 0, "event: not in");
}

/* The longest amount, and one byte more. */
static void longest_amount(void **state)
{
    (void)state;
    char value[220];
    snprintf(value, sizeof value, "amount: %0200d\n", 7);
    assert_accepted(edit(chained, "measure: suspend-exercises\n", value));
    snprintf(value, sizeof value, "amount: %0201d\n", 7);
    assert_refused(edit(chained, "measure: suspend-exercises\n", value), 12, "amount: must be 1 to 200 bytes");
}

/* Joint acts beside charter and accord. */
static void joint_kinds(void **state)
{
    (void)state;
    static const char *const kinds[] = {"act: amend", "act: annul", "act: succeed"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_accepted(edit(joint, "act: accord", kinds[i]));
        assert_refused(edit(chained, "act: perform", kinds[i]), 0, "seq: not in");
        assert_refused(edit(edit(joint, "act: accord", kinds[i]), "process: " ONES "\n", ""), 0, "process: missing");
    }
}

static void shapes(void **state)
{
    (void)state;
    assert_accepted(edit(edit(joint, "act: accord", "act: charter"), "process: " ONES "\n", ""));
    assert_refused(edit(joint, "act: accord", "act: charter"), 0, "process: not in an act of kind charter");
    assert_refused(edit(joint, "process: " ONES "\n", ""), 0, "process: missing");
    assert_refused(edit(joint, "by: dprk usa\n", ""), 0, "by: missing");
    assert_refused(edit(joint, "signers: dprk-1 usa-1 usa-2\n", ""), 0, "signers: missing");
    assert_refused(edit(joint, "nonce: " ONES "\n", ""), 0, "nonce: missing");
    assert_refused(edit(joint, "open-until: 2018-10-31T00:00:00Z\n", ""), 0, "open-until: missing");
    assert_refused(edit(joint, "at: 2018-10-07T08:00:00Z\n", ""), 0, "at: missing");
    assert_refused(edit(joint, "nonce:", "seq: 1\nnonce:"), 0, "seq: not in an act of kind accord");
    assert_refused(edit(joint, "nonce:", "prev: " ZEROS "\nnonce:"), 0, "prev: not in");
    assert_refused(edit(joint, "nonce:", "head: 1 " ROOT "\nnonce:"), 0, "head: not in");
    assert_refused(edit(joint, "08:00:00Z\n", "08:00:00Z\nexpires: 2019-01-01T00:00:00Z\n"), 0, "expires: not in");
    assert_refused(edit(joint, "08:00:00Z\n", "08:00:00Z\nunless-acted: rok\n"), 0, "unless-acted: not in");
    assert_refused(edit(joint, "act: accord", "act: perform"), 0, "seq: missing");
    assert_refused(edit(stamp, "time:", "by: usa\ntime:"), 0, "by: not in an act of kind stamp");
    assert_refused(edit(stamp, "time:", "at: 2018-10-07T08:00:00Z\ntime:"), 0, "at: not in");
    assert_refused(edit(stamp, "time: 2018-10-07T08:00:00Z\n",
                        "time: 2018-10-07T08:00:00Z\nattachment: " ONES " public 1 text/plain a\n"),
                   0, "attachment: not in");
    assert_accepted(edit(stamp, "time: 2018-10-07T08:00:00Z\n", ""));
    assert_refused(edit(stamp, "process: " ONES "\n", ""), 0, "process: missing");
    assert_refused(edit(chained, "date:", "time: 2018-10-07T08:00:00Z\ndate:"), 12, "date: out of order");
    assert_refused(edit(chained, "date: 2018-10-08", "time: 2018-10-07T08:00:00Z"), 0, "time: not in");
    assert_accepted(edit(chained, "at: ", "nonce: " ONES "\nat: ")); /* as a declaration has it */
    assert_refused(edit(chained, "at: ", "open-until: 2018-10-31T00:00:00Z\nat: "), 0, "open-until: not in");
}

/* One edit of the chained act for each rule. */
static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        unsigned line;
        const char *why;
    } cases[] = {
        {"lockstep act v1", "lockstep act v2", 1, "first line"},
        {"lockstep act v1", "lockstep  act v1", 1, "first line"},
        {"lockstep act v1\n", "lockstep act v1\r\n", 1, "first line"},
        {"act: perform", "act: Perform", 2, "act: must be a name"},
        {"act: perform", "act: -perform", 2, "act: must be a name"},
        {"act: perform\n", "", 0, "act: missing"},
        {"process: 1", "process: A", 3, "process: must be 64"},
        {"process: 1", "process: ", 3, "process: must be 64"},
        {"process: 1", "process:  1", 3, "process: must be 64"},
        {"process: ", "process:", 3, "a header is"},
        {"process: ", "process ", 3, "a header is"},
        {"by: usa\n", "by: \n", 4, "by: must be names"},
        {"by: usa\n", "by: usa \n", 4, "by: must be names"},
        {"by: usa\n", "by:  usa\n", 4, "by: must be names"},
        {"by: usa\n", "by: usa  rok\n", 4, "by: must be names"},
        {"by: usa\n", "by: usa usa\n", 4, "by: must be names"},
        {"by: usa\n", "by: usa rok\n", 0, "one party's"},
        {"by: usa\n", "by: us\xc3\xa4\n", 4, "a header is"},
        {"by: usa\n", "by: us\ta\n", 4, "a header is"},
        {"by: usa\n", "by: usa\nby: usa\n", 5, "by: stands twice"},
        {"signers: usa-1 usa-2", "signers: usa-1 usa-1", 5, "signers: must be names"},
        {"seq: 7", "seq: 07", 6, "seq: must be a decimal"},
        {"seq: 7", "seq: 0", 6, "seq: must be a decimal"},
        {"seq: 7", "seq: +7", 6, "seq: must be a decimal"},
        {"seq: 7", "seq: 9223372036854775808", 6, "seq: must be a decimal"},
        {"seq: 7", "seq: 1", 0, "prev: 64 zeros exactly"},
        {"prev: " ONES, "prev: " ZEROS, 0, "prev: 64 zeros exactly"},
        {"head: 41 ", "head: 041 ", 8, "head: must be"},
        {"head: 41 ", "head: 41  ", 8, "head: must be"},
        {"head: 41 " ROOT, "head: 41", 8, "head: must be"},
        {"CCo=", "CCp=", 8, "head: must be"}, /* spare bits */
        {"CCo=", "CCo", 8, "head: must be"},
        {"CCo=", "CCo= ", 8, "head: must be"},
        {"2ae7", "", 8, "head: must be"},
        {"at: 2018-10-09T08:00:00Z", "at: 2018-10-09T24:00:00Z", 9, "at: must be a real time"},
        {"at: 2018-10-09T08:00:00Z", "at: 2016-12-31T23:59:60Z", 9, "at: must be a real time"},
        {"at: 2018-10-09T08:00:00Z", "at: 2018-10-09t08:00:00z", 9, "at: must be a real time"},
        {"at: 2018-10-09T08:00:00Z", "at: 2018-10-16T08:00:00Z", 0, "expires: must be later"},
        {"expires: 2018-10-16", "expires: 2018-10-08", 0, "expires: must be later"},
        {"expires: 2018-10-16T08:00:00Z\n", "", 0, "expires: missing"},
        {"date: 2018-10-08", "date: 2018-02-29", 11, "date: must be a real date"},
        {"date: 2018-10-08", "date: 2018-10-8", 11, "date: must be a real date"},
        {"date: ", "unless-acted: Rok\ndate: ", 11, "unless-acted: must be names"},
        {"date: ", "colour: red\ndate: ", 11, "unknown header 'colour'"},
        {"date: ", "Date: ", 11, "unknown header 'Date'"},
        {"measure: s", "measure: S", 12, "measure: must be a name"},
        {"measure: ", "ref: 11\nmeasure: ", 12, "ref: must be 64"},
        {"measure: ", "tranche: 1\nmeasure: ", 13, "measure: out of order, it belongs before tranche"},
        {"attachment: 1", "attachment: ", 13, "attachment: must be"},
        {" public ", " Public ", 13, "attachment: must be"},
        {" public ", " ", 13, "attachment: must be"},
        {" 1204 ", " 01204 ", 13, "attachment: must be"},
        {" 1204 ", " -1 ", 13, "attachment: must be"},
        {"application/pdf", "application", 13, "attachment: must be"},
        {"application/pdf", "application/", 13, "attachment: must be"},
        {"application/pdf", "/pdf", 13, "attachment: must be"},
        {"application/pdf", "application/PDF", 13, "attachment: must be"},
        {"application/pdf", "a/b/c", 13, "attachment: must be"},
        {"order.pdf", ".pdf", 13, "attachment: must be"},
        {"order.pdf", "", 13, "attachment: must be"},
        {"order.pdf", "my order.pdf", 13, "attachment: must be"},
        {"order.pdf", "a/b", 13, "attachment: must be"},
        {"order.pdf\n", "order.pdf\nmeasure: x\n", 14, "measure: stands twice"},
        {"\nDone.\n", "\n", 0, "an empty line stands only before"},
        {"\nDone.\n", "\n\nDone.\n", 0, "neither begins nor ends"},
        {"Done.\n", "Done.\n\n", 0, "neither begins nor ends"},
        {"Done.\n", "Done.", 0, "the last line does not end"},
        {"Done.", "Do\tne.", 0, "does not show"},
        {"Done.", "Do\rne.", 0, "does not show"},
        {"Done.", "Do\x7fne.", 0, "does not show"},
        {"Done.", "Do\xc2\x9fne.", 0, "does not show"},     /* C1 */
        {"Done.", "Do\xd8\x9cne.", 0, "does not show"},     /* U+061C */
        {"Done.", "Do\xe2\x80\x8fne.", 0, "does not show"}, /* U+200F */
        {"Done.", "Do\xe2\x80\xa8ne.", 0, "does not show"}, /* U+2028 */
        {"Done.", "Do\xe2\x81\xa6ne.", 0, "does not show"}, /* U+2066 */
        {"Done.", "Do\xc3ne.", 0, "does not show"},         /* not UTF-8 */
        {"Done.\n", "Done.\n\n" DASH "usa.example/usa-1 AAAAAAAA\n", 0, "ends like a note's signatures"},
        {"Done.\n", DASH "usa.example/usa-1 AAAAAAAA\n", 0, "ends like a note's signatures"},
    };
    assert_accepted(chained);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_refused(edit(chained, cases[i].from, cases[i].to), cases[i].line, cases[i].why);
    }
    assert_refused("", 1, "first line");
    assert_refused("lockstep act v1", 1, "first line");
    assert_refused("lockstep act v1\n", 0, "act: missing");
}

static void what_is_allowed(void **state)
{
    (void)state;
    assert_accepted(edit(chained, "\nDone.\n", ""));
    assert_accepted(edit(chained, "Done.", "One.\n\n\nTwo."));
    assert_accepted(edit(chained, "Done.", DASH "a dash may begin a line"));
    assert_accepted(edit(chained, "Done.", "\xed\x8f\x89\xec\x96\x91 \xe5\xb9\xb3\xe5\xa3\xa4 \xf0\x9f\x95\x8a"));
    assert_accepted(edit(chained, "seq: 7", "seq: 9223372036854775807"));
    assert_accepted(edit(chained, "1204", "0"));
    assert_accepted(edit(chained, "application/pdf order.pdf", "application/octet-stream sealed"));
    assert_accepted(edit(chained, "application/pdf", "image/svg+xml"));
    assert_accepted(edit(chained, "order.pdf", "-_.Az09"));
    assert_accepted(edit(edit(chained, "seq: 7", "seq: 1"), "prev: " ONES, "prev: " ZEROS));
}

/* Every code point against the protocol's list, written down a second time. */
static bool listed(uint32_t c)
{
    return (c < 0x20 && c != '\n') || c == 0x7f || (c >= 0x80 && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
           c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void plain_characters(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        assert_int_equal(ls_plain_char(c), !listed(c));
    }
    assert_false(ls_plain_valid(ls_bytes_str("\xed\xa0\x80")));
    assert_false(ls_plain_valid(ls_bytes_of("a\0b", 3)));
    assert_true(ls_plain_valid(ls_bytes_str("a\nb")));
}

/* Limits */

static void limits(void **state)
{
    (void)state;
    static char text[70000];
    static const char attachment[] = "attachment: " ONES " public 1 text/plain a\n";
    ls_act act;
    size_t base = strlen(chained);
    memcpy(text, chained, base);
    memset(text + base - 1, 'x', sizeof text - base);
    text[LS_ACT_MAX - 1] = '\n';
    assert_success(ls_act_parse_text(ls_bytes_of(text, LS_ACT_MAX), &act, NULL));
    text[LS_ACT_MAX - 1] = 'x';
    text[LS_ACT_MAX] = '\n';
    assert_fault(ls_act_parse_text(ls_bytes_of(text, LS_ACT_MAX + 1), &act, NULL), ls_fault_act_form);
    assert_fault(ls_act_parse(ls_bytes_of(text, LS_ACT_MAX + 1), true, &act, NULL), ls_fault_act_form);

    ls_buf many = {0}, names = {0};
    for (int i = 0; i < LS_ACT_ATTACHMENTS_MAX; i++) {
        ls_buf_put_str(&many, attachment);
        ls_buf_format(&names, "%sp%d", i == 0 ? "" : " ", i);
    }
    assert_accepted(edit(joint, "08:00:00Z\n", edit("08:00:00Z\n?", "?", ls_buf_cstr(&many))));
    ls_buf_put_str(&many, attachment);
    const char *too_many = edit("08:00:00Z\n?", "?", ls_buf_cstr(&many));
    assert_refused(edit(joint, "08:00:00Z\n", too_many), 73, "attachment: must be");
    assert_accepted(edit(joint, "dprk usa", ls_buf_cstr(&names)));
    ls_buf_put_str(&names, " one-more");
    assert_refused(edit(joint, "dprk usa", ls_buf_cstr(&names)), 4, "by: must be names");
    ls_buf_free(&many);
    ls_buf_free(&names);
}

/* Signatures */

static void put_note(ls_buf *out, const char *text, const char *const *signers, size_t count)
{
    out->len = 0;
    ls_buf_put_str(out, text);
    if (count > 0) {
        ls_buf_put_str(out, "\n");
    }
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(out, DASH "%s AAAAAAAA\n", signers[i]);
    }
}

static bool parses(const char *text, const char *a, const char *b, const char *c, bool partial)
{
    const char *signers[] = {a, b, c};
    size_t count = a == NULL ? 0 : b == NULL ? 1 : c == NULL ? 2 : 3;
    ls_buf note = {0};
    ls_act act;
    put_note(&note, text, signers, count);
    bool ok = ls_succeeded(ls_act_parse(ls_buf_bytes(&note), partial, &act, NULL));
    assert_true(!ok || (act.note.count == count && ls_bytes_is(act.note.text, text)));
    ls_buf_free(&note);
    return ok;
}

static void signature_lines(void **state)
{
    (void)state;
    const char *dprk = "dprk.example/dprk-1", *one = "usa.example/usa-1", *two = "usa.example/usa-2";
    assert_true(parses(joint, dprk, one, two, false));
    assert_false(parses(joint, dprk, two, one, false));
    assert_false(parses(joint, dprk, one, NULL, false));
    assert_false(parses(joint, one, two, NULL, false));
    assert_false(parses(joint, dprk, one, "rok.example/rok-1", false));
    assert_false(parses(joint, NULL, NULL, NULL, false));
    assert_false(parses(chained, one, two, two, false));
    assert_true(parses(chained, one, two, NULL, false));
    assert_true(parses(chained, "usa-1", "a/b/usa-2", NULL, false));
    assert_false(parses(chained, "usa.example/xusa-1", two, NULL, false));

    assert_true(parses(joint, NULL, NULL, NULL, true));
    assert_true(parses(joint, dprk, NULL, NULL, true));
    assert_true(parses(joint, dprk, two, NULL, true));
    assert_true(parses(joint, dprk, one, two, true));
    assert_false(parses(joint, two, dprk, NULL, true));
    assert_false(parses(joint, dprk, dprk, NULL, true));
    assert_false(parses(joint, "rok.example/rok-1", NULL, NULL, true));

    assert_true(parses(stamp, "ledger.example/x", NULL, NULL, false));
    assert_false(parses(stamp, "ledger.example/x", "ledger.example/x", NULL, false));
}

/* Drafts */

static void put_attachment(ls_act_draft *d, const char *name, uint64_t size)
{
    ls_attachment a = {.audience = ls_bytes_str("public"),
                       .size = size,
                       .media_type = ls_bytes_str("application/pdf"),
                       .file_name = ls_bytes_str(name)};
    memset(a.hash.b, 0x11, sizeof a.hash.b);
    ls_act_draft_attach(d, &a);
}

static void draft_writes_the_canonical_text(void **state)
{
    (void)state;
    ls_act_draft d = {0};
    ls_buf out = {0};
    ls_buf_put_str(&out, "before ");
    ls_act_draft_set(&d, LS_H_MEASURE, "something-else");
    ls_act_draft_set(&d, LS_H_DATE, "2018-10-08");
    ls_act_draft_set(&d, LS_H_MEASURE, "%s-%s", "suspend", "exercises");
    ls_act_draft_set(&d, LS_H_EXPIRES, "2018-10-16T08:00:00Z");
    ls_act_draft_set(&d, LS_H_AT, "2018-10-09T08:00:00Z");
    ls_act_draft_set(&d, LS_H_HEAD, "%d %s", 41, ROOT);
    ls_act_draft_set(&d, LS_H_PREV, ONES);
    ls_act_draft_set(&d, LS_H_SEQ, "7");
    ls_act_draft_set(&d, LS_H_SIGNERS, "usa-1 usa-2");
    ls_act_draft_set(&d, LS_H_BY, "usa");
    ls_act_draft_set(&d, LS_H_PROCESS, ONES);
    ls_act_draft_set(&d, LS_H_ACT, "perform");
    put_attachment(&d, "order.pdf", 1204);
    ls_buf_put_str(&d.text, "Done.");
    assert_success(ls_act_draft_finish(&d, &out, NULL));
    assert_string_equal(ls_buf_cstr(&out) + strlen("before "), chained);

    size_t len = out.len;
    ls_detail detail = {0};
    ls_act_draft_set(&d, LS_H_SEQ, "07");
    assert_fault(ls_act_draft_finish(&d, &out, &detail), ls_fault_act_form);
    assert_non_null(strstr(detail.text, "seq"));
    assert_int_equal(out.len, len);

    /* A value can't bring headers of its own. */
    ls_act_draft_set(&d, LS_H_SEQ, "7\nprev: " ONES);
    assert_fault(ls_act_draft_finish(&d, &out, &detail), ls_fault_act_form);
    ls_act_draft_set(&d, LS_H_SEQ, "7");
    put_attachment(&d, "a b", 1);
    assert_fault(ls_act_draft_finish(&d, &out, &detail), ls_fault_act_form);
    ls_buf_free(&out);
    ls_act_draft_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector_cases),
        cmocka_unit_test(vector_signed),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(fields_of_a_chained_act),
        cmocka_unit_test(fields_of_the_other_shapes),
        cmocka_unit_test(headers_of_keys),
        cmocka_unit_test(headers_of_accords),
        cmocka_unit_test(longest_amount),
        cmocka_unit_test(joint_kinds),
        cmocka_unit_test(shapes),
        cmocka_unit_test(refusals),
        cmocka_unit_test(what_is_allowed),
        cmocka_unit_test(plain_characters),
        cmocka_unit_test(limits),
        cmocka_unit_test(signature_lines),
        cmocka_unit_test(draft_writes_the_canonical_text),
    };
    return cmocka_run_group_tests_name("act", tests, set_up, NULL);
}
