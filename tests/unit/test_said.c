/*
 * Tests of acts under an accord that has everything: one refusal for each rule, who may say what, headers of each kind,
 * and what facts they become.
 */
#include "record_acts.h"

/* dprk and usa sign it; rok verifies, attests, assesses and may join. */
static const char roadmap[] =
    "{\"roadmap\":1,\"name\":\"rich\",\"title\":\"An accord with everything\",\"parties\":[\"dprk\",\"usa\"],"
    "\"tracks\":[{\"id\":\"arms\",\"title\":\"Arms\"},{\"id\":\"oil\",\"title\":\"Oil\"}],"
    "\"suspension\":{\"scope\":[\"track\",\"measure\"]},"
    "\"extension\":{\"by\":[\"usa\",\"dprk\"],\"at-most\":\"15 days\",\"times\":2},"
    "\"withdrawal\":{\"notice\":\"90 days\",\"then\":\"ends\"},\"assessors\":[\"rok\"],"
    "\"events\":[{\"id\":\"conclusion\",\"title\":\"Conclusion\",\"attested-by\":[\"rok\"]},"
    "{\"id\":\"derived\",\"title\":\"Derived\",\"when\":\"30 days after in force\"},"
    "{\"id\":\"measures-in-return\",\"title\":\"In return\",\"to-be-agreed\":true},"
    "{\"id\":\"registered\",\"title\":\"Registered\",\"attested-by\":[\"rok\"]}],"
    "\"rights\":[{\"id\":\"visits\",\"of\":\"usa\",\"what\":\"visit\",\"paragraph\":\"p1\",\"quota\":\"2 per year\","
    "\"from\":\"in force\"}],"
    "\"disputes\":[{\"id\":\"quick\",\"title\":\"Quick\",\"open-to\":[\"dprk\"],\"settled-by\":[\"dprk\"],\"stages\":["
    "{\"id\":\"talk\",\"title\":\"Talk\",\"lasts\":\"5 days\"}]},"
    "{\"id\":\"resolution\",\"title\":\"Resolution\",\"open-to\":[\"usa\"],\"settled-by\":[\"dprk\"],\"stages\":["
    "{\"id\":\"commission\",\"title\":\"Commission\",\"lasts\":\"15 days\",\"extendable\":true},"
    "{\"id\":\"board\",\"title\":\"Board\",\"after\":[\"commission\"],\"lasts\":\"15 days\",\"optional\":true},"
    "{\"id\":\"opinion\",\"title\":\"Opinion\",\"after\":[\"board\"],\"lasts\":\"5 days\"}]}],"
    "\"steps\":[{\"id\":\"first\",\"title\":\"First\",\"track\":\"arms\",\"measures\":["
    "{\"id\":\"plain\",\"by\":\"dprk\",\"what\":\"do it\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"]},"
    "{\"id\":\"freeze\",\"by\":\"dprk\",\"what\":\"freeze\",\"paragraph\":\"p1\",\"verified-by\":[\"rok\"],"
    "\"continuing\":true},"
    "{\"id\":\"blow-up\",\"by\":\"dprk\",\"what\":\"blow up\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"
    "\"in-presence-of\":[\"rok\"],\"irreversible\":true},"
    "{\"id\":\"visit\",\"by\":\"usa\",\"what\":\"visit\",\"paragraph\":\"p1\",\"due\":\"30 days after in force\","
    "\"may-call-off\":[\"usa\"]}]},"
    "{\"id\":\"second\",\"title\":\"Second\",\"track\":\"oil\",\"measures\":["
    "{\"id\":\"fuel\",\"by\":\"usa\",\"what\":\"deliver\",\"paragraph\":\"p2\",\"verified-by\":[\"dprk\"],"
    "\"amount\":\"1000 t\",\"may-join\":[\"rok\"],\"substitutes\":true},"
    "{\"id\":\"launchers\",\"by\":\"dprk\",\"what\":\"destroy\",\"paragraph\":\"p2\",\"verified-by\":[\"usa\"],"
    "\"amount\":\"100\",\"units\":{\"bomber\":1,\"missile\":\"0.5\"},\"methods\":["
    "{\"id\":\"cutting\",\"title\":\"Cutting\"},{\"id\":\"burning\",\"title\":\"Burning\",\"at-most\":\"20 %\"}]},"
    "{\"id\":\"third\",\"by\":\"dprk\",\"what\":\"hand in\",\"paragraph\":\"p2\",\"verified-by\":[\"usa\"],"
    "\"amount\":\"30 % of registered\",\"units\":{\"rifle\":1}},"
    "{\"id\":\"stock\",\"by\":\"dprk\",\"what\":\"keep it low\",\"paragraph\":\"p2\",\"verified-by\":[\"usa\"],"
    "\"at-most\":\"300 kg\",\"due\":\"30 days after in force\"}]}]}";

/* Places in it. */
enum { PLAIN, FREEZE, BLOW_UP, VISIT, FUEL, LAUNCHERS, THIRD, STOCK };
enum { CONCLUSION, DERIVED, IN_RETURN, REGISTERED };
enum { QUICK, RESOLUTION };

static int open_rich(void **state)
{
    open_charter(state);
    fixture *f = *state;
    fixture_append(f, accord_of(f, roadmap, "dprk usa", "dprk-1 usa-1 usa-2", NULL));
    fixture_stamp(f);
    return 0;
}

#define DPRK FIXTURE_DPRK
#define USA FIXTURE_USA
#define ROK FIXTURE_ROK
#define M LS_H_MEASURE

/* It is accepted, and says this. */
static const ls_fact *fact_of(fixture *f, ls_bytes note, ls_fact_kind kind, size_t subject)
{
    fixture_append(f, note);
    const ls_fact *fact = fact_at(f, ls_record_facts(f->record, 0).count - 1);
    assert_int_equal(fact->kind, kind);
    assert_int_equal(fact->subject, subject);
    assert_int_equal(fact->index, f->entry_count - 1);
    return fact;
}

/* Headers of each kind, as docs/protocol.md lists them. */

#define B(h) (1ull << (h))
#define FILES B(LS_H_ATTACHMENT)
#define MEASURE (B(LS_H_ACCORD) | B(LS_H_MEASURE))

static const struct {
    const char *kind;
    uint64_t needs, may_have;
    bool needs_text;
} kinds[] = {
    {"perform", MEASURE, B(LS_H_AMOUNT) | B(LS_H_METHOD) | B(LS_H_FOR) | FILES, false},
    {"confirm", MEASURE, B(LS_H_REF) | B(LS_H_AMOUNT) | FILES, false},
    {"suspend", B(LS_H_ACCORD), B(LS_H_TRACK) | B(LS_H_MEASURE) | FILES, true},
    {"promise", MEASURE, FILES, false},
    {"begin", MEASURE, FILES, false},
    {"reverse", MEASURE, FILES, false},
    {"call-off", MEASURE, B(LS_H_DUE) | FILES, true},
    {"join", MEASURE, FILES, false},
    {"incident", MEASURE, FILES, true},
    {"assess", MEASURE | B(LS_H_SCORE), FILES, true},
    {"extend", B(LS_H_ACCORD) | B(LS_H_DUE), B(LS_H_MEASURE) | B(LS_H_STAGE) | B(LS_H_REF) | FILES, false},
    {"attest", B(LS_H_ACCORD) | B(LS_H_EVENT), B(LS_H_AMOUNT) | FILES, false},
    {"use", B(LS_H_ACCORD) | B(LS_H_RIGHT), FILES, false},
    {"dispute", B(LS_H_ACCORD) | B(LS_H_DISPUTE), B(LS_H_MEASURE) | FILES, false},
    {"refer", B(LS_H_ACCORD) | B(LS_H_REF) | B(LS_H_STAGE), FILES, false},
    {"settle", B(LS_H_ACCORD) | B(LS_H_REF), FILES, false},
    {"ratify", B(LS_H_ACCORD), FILES, false},
    {"denounce", B(LS_H_ACCORD), FILES, true},
};

static const struct {
    ls_header header;
    const char *value;
} values[] = {
    {LS_H_ACCORD, ONES},
    {LS_H_NONCE, ONES},
    {LS_H_REF, ONES},
    {LS_H_TRACK, "arms"},
    {LS_H_MEASURE, "plain"},
    {LS_H_EVENT, "conclusion"},
    {LS_H_RIGHT, "visits"},
    {LS_H_DISPUTE, "resolution"},
    {LS_H_STAGE, "commission"},
    {LS_H_AMOUNT, "10"},
    {LS_H_METHOD, "cutting"},
    {LS_H_FOR, "usa"},
    {LS_H_SCORE, "2"},
    {LS_H_DUE, "2018-12-01"},
    {LS_H_DECLARATION, "sites"},
    {LS_H_SCHEMA, ONES},
    {LS_H_TRANCHES, "1"},
    {LS_H_ROW_BYTES, "1"},
    {LS_H_ROOT, ONES},
    {LS_H_TRANCHE, "1"},
    {LS_H_ROWS, "1"},
    {LS_H_SINCE, "1"},
    {LS_H_UNTIL, "2019-10-09T08:00:00Z"},
    {LS_H_ATTACHMENT, "more"},
};

/* One that is acceptable once plain was performed (entry 3) and a dispute opened (entry 4). */
static ls_bytes act_of_kind(fixture *f, const char *kind)
{
    const struct {
        const char *kind;
        ls_bytes note;
    } acts[] = {
        {"perform", said(f, DPRK, "perform", M, "plain", END)},
        {"confirm", said(f, USA, "confirm", M, "plain", END)},
        {"suspend", said(f, USA, "suspend", LS_H_TRACK, "oil", END)},
        {"promise", said(f, DPRK, "promise", M, "plain", END)},
        {"begin", said(f, DPRK, "begin", M, "plain", END)},
        {"reverse", said(f, DPRK, "reverse", M, "plain", END)},
        {"call-off", said(f, USA, "call-off", M, "visit", END)},
        {"join", said(f, ROK, "join", M, "fuel", END)},
        {"incident", said(f, ROK, "incident", M, "freeze", END)},
        {"assess", said(f, ROK, "assess", M, "plain", LS_H_SCORE, "1", END)},
        {"extend", said(f, USA, "extend", M, "visit", LS_H_DUE, "2018-12-01", END)},
        {"attest", said(f, ROK, "attest", LS_H_EVENT, "conclusion", END)},
        {"use", said(f, USA, "use", LS_H_RIGHT, "visits", END)},
        {"dispute", said(f, USA, "dispute", LS_H_DISPUTE, "resolution", END)},
        {"refer", said(f, USA, "refer", LS_H_REF, id_of(f->entry[4]), LS_H_STAGE, "board", END)},
        {"settle", said(f, DPRK, "settle", LS_H_REF, id_of(f->entry[4]), END)},
        {"ratify", said(f, USA, "ratify", END)},
        {"denounce", said(f, USA, "denounce", END)},
    };
    size_t i = 0;
    while (strcmp(acts[i].kind, kind) != 0) {
        i++;
    }
    return acts[i].note;
}

static void test_headers(void **state)
{
    fixture *f = *state;
    fixture_append(f, said(f, DPRK, "perform", M, "plain", END));
    fixture_append(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", END));
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        ls_bytes good = act_of_kind(f, kinds[k].kind);
        acceptable(f, good);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            uint64_t bit = B(values[i].header);
            if ((kinds[k].needs & bit) != 0) {
                refused(f, change(f, good, values[i].header, NULL), "needs the header");
            } else if ((kinds[k].may_have & bit) == 0) {
                refused(f, change(f, good, values[i].header, values[i].value), "has no header");
            }
        }
        acceptable(f, change(f, good, LS_H_ATTACHMENT, "more"));
        if (kinds[k].needs_text) {
            refused(f, with_text(f, good, ""), "needs a text");
        } else {
            acceptable(f, with_text(f, good, ""));
        }
    }
}

/* What the accord does not have. */
static void test_unknown_subjects(void **state)
{
    fixture *f = *state;
    refused(f, said(f, DPRK, "perform", M, "conclusion", END), "no measure conclusion");
    refused(f, said(f, ROK, "attest", LS_H_EVENT, "plain", END), "no event plain");
    refused(f, said(f, USA, "use", LS_H_RIGHT, "plain", END), "no right plain");
    refused(f, said(f, USA, "dispute", LS_H_DISPUTE, "visits", END), "no dispute procedure visits");
    refused(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", M, "visits", END), "no measure visits");
    refused(f, said(f, USA, "suspend", LS_H_TRACK, "plain", END), "no track plain");
}

/* Who may not: each kind, by those whose it is not. */
static void test_authors(void **state)
{
    fixture *f = *state;
    fixture_append(f, said(f, DPRK, "perform", M, "plain", END));
    fixture_append(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", END));
    const char *dispute = kept_id(f, 4);
    refused(f, said(f, USA, "perform", M, "plain", END), "usa does not perform plain");
    refused(f, said(f, USA, "promise", M, "plain", END), "usa does not perform plain");
    refused(f, said(f, ROK, "begin", M, "plain", END), "rok does not perform plain");
    refused(f, said(f, USA, "reverse", M, "plain", END), "usa does not perform plain");
    refused(f, said(f, DPRK, "call-off", M, "visit", END), "dprk may not call off visit");
    refused(f, said(f, USA, "call-off", M, "plain", END), "usa may not call off plain");
    refused(f, said(f, DPRK, "join", M, "fuel", END), "dprk may not join fuel");
    refused(f, said(f, ROK, "join", M, "plain", END), "rok may not join plain");
    refused(f, said(f, DPRK, "confirm", M, "plain", END), "dprk does not verify plain");
    refused(f, said(f, ROK, "confirm", M, "plain", END), "rok does not verify plain");
    refused(f, said(f, ROK, "object", M, "blow-up", END), "rok does not verify blow-up");
    refused(f, said(f, USA, "assess", M, "plain", LS_H_SCORE, "1", END), "usa does not assess plain");
    refused(f, said(f, ROK, "extend", M, "visit", LS_H_DUE, "2018-12-01", END), "rok may not extend visit");
    refused(f, said(f, ROK, "extend", LS_H_REF, dispute, LS_H_STAGE, "commission", LS_H_DUE, "2018-12-01", END),
            "rok may not extend resolution");
    refused(f, said(f, USA, "attest", LS_H_EVENT, "conclusion", END), "usa does not attest conclusion");
    refused(f, said(f, DPRK, "use", LS_H_RIGHT, "visits", END), "dprk does not have the right visits");
    refused(f, said(f, DPRK, "dispute", LS_H_DISPUTE, "resolution", END),
            "dprk may not open a dispute under resolution");
    refused(f, said(f, ROK, "refer", LS_H_REF, dispute, LS_H_STAGE, "board", END), "rok has no part in resolution");
    refused(f, said(f, USA, "settle", LS_H_REF, dispute, END), "usa does not settle disputes under resolution");
    refused(f, said(f, ROK, "ratify", END), "rok has not signed rich");
    refused(f, said(f, ROK, "denounce", END), "rok has not signed rich");
    refused(f, said(f, ROK, "suspend", LS_H_TRACK, "oil", END), "rok has not signed rich");
    refused(f, said(f, ROK, "suspend", M, "plain", END), "rok has not signed rich");
}

/* The hint names those who may. */
static void test_hint_names_who_may(void **state)
{
    fixture *f = *state;
    ls_detail detail = {0};
    ls_act act = parsed(said(f, DPRK, "extend", M, "visit", LS_H_DUE, "2018-12-01", END));
    assert_true(ls_succeeded(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, NULL)));
    act = parsed(said(f, ROK, "extend", M, "visit", LS_H_DUE, "2018-12-01", END));
    assert_true(ls_failed(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail)));
    assert_string_equal(detail.hint, "that is for: dprk usa");
    act = parsed(said(f, USA, "call-off", M, "plain", END));
    assert_true(ls_failed(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail)));
    assert_string_equal(detail.hint, "that is for no party");
}

/* Amounts. */

static void test_amounts(void **state)
{
    fixture *f = *state;
    const ls_fact *fact;
    refused(f, said(f, DPRK, "perform", M, "plain", LS_H_AMOUNT, "10", END), "plain is not about an amount");
    refused(f, said(f, USA, "perform", M, "fuel", END), "none is stated");
    static const char *const wrong[] = {"10 kg", "ten", "-5", "1.2345", "10  t", "10 t, 5 t", "1e3", "10t"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, wrong[i], END), "is not an amount of fuel");
    }
    fact = fact_of(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "6200.5 t", END), LS_FACT_PERFORM, FUEL);
    assert_int_equal(fact->amount, 6200500);
    assert_int_equal(fact->party, USA);
    assert_int_equal(fact->detail, LS_NO_DETAIL);
    fact = fact_of(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "7", LS_H_DATE, "2018-10-08", END),
                   LS_FACT_PERFORM, FUEL);
    assert_int_equal(fact->amount, 7000);
    assert_int_equal(fact->day, 17812); /* date -u -d 2018-10-08 +%s, in days */
    /* A verifier confirms what it says, or all. */
    assert_int_equal(fact_of(f, said(f, DPRK, "confirm", M, "fuel", END), LS_FACT_CONFIRM, FUEL)->amount,
                     LS_QUANTITY_NONE);
    assert_int_equal(
        fact_of(f, said(f, DPRK, "confirm", M, "fuel", LS_H_AMOUNT, "6 t", END), LS_FACT_CONFIRM, FUEL)->amount, 6000);
    refused(f, said(f, DPRK, "confirm", M, "fuel", LS_H_AMOUNT, "6 bomber", END), "is not an amount of fuel");
    fixture_append(f, said(f, DPRK, "perform", M, "plain", END));
    refused(f, said(f, USA, "confirm", M, "plain", LS_H_AMOUNT, "6", END), "plain is not about an amount");
    /* A level. */
    refused(f, said(f, DPRK, "perform", M, "stock", END), "none is stated");
    fact = fact_of(f, said(f, DPRK, "perform", M, "stock", LS_H_AMOUNT, "303 kg", END), LS_FACT_PERFORM, STOCK);
    assert_int_equal(fact->amount, 303000);
}

static void test_methods_and_weights(void **state)
{
    fixture *f = *state;
    refused(f, said(f, DPRK, "perform", M, "launchers", LS_H_AMOUNT, "6 bomber", END), "none is named");
    refused(f, said(f, DPRK, "perform", M, "launchers", LS_H_AMOUNT, "6 bomber", LS_H_METHOD, "drowning", END),
            "launchers has no method drowning");
    refused(f, said(f, DPRK, "perform", M, "plain", LS_H_METHOD, "cutting", END), "plain has no method cutting");
    refused(f, said(f, DPRK, "perform", M, "launchers", LS_H_AMOUNT, "6", LS_H_METHOD, "burning", END),
            "is not an amount of launchers");
    const ls_fact *fact = fact_of(
        f, said(f, DPRK, "perform", M, "launchers", LS_H_AMOUNT, "6 bomber, 3 missile", LS_H_METHOD, "burning", END),
        LS_FACT_PERFORM, LAUNCHERS);
    assert_int_equal(fact->amount, 7500);
    assert_int_equal(fact->detail, 1);
}

static void test_substitutes(void **state)
{
    fixture *f = *state;
    refused(f, said(f, USA, "perform", M, "plain", LS_H_FOR, "dprk", END), "it allows no substitutes");
    refused(f, said(f, DPRK, "perform", M, "fuel", LS_H_FOR, "eu", LS_H_AMOUNT, "5 t", END), "eu is not a party");
    refused(f, said(f, ROK, "perform", M, "fuel", LS_H_FOR, "usa", LS_H_AMOUNT, "5 t", END),
            "only a party to the accord");
    refused(f, said(f, USA, "perform", M, "fuel", LS_H_FOR, "dprk", LS_H_AMOUNT, "5 t", END),
            "dprk does not perform fuel");
    refused(f, said(f, DPRK, "perform", M, "fuel", LS_H_AMOUNT, "5 t", END), "dprk does not perform fuel");
    const ls_fact *fact = fact_of(f, said(f, DPRK, "perform", M, "fuel", LS_H_FOR, "usa", LS_H_AMOUNT, "5 t", END),
                                  LS_FACT_PERFORM, FUEL);
    assert_int_equal(fact->by, DPRK);
    assert_int_equal(fact->party, USA);
    /* Who may join performs; whether it has joined is a matter of the state. */
    fact_of(f, said(f, ROK, "join", M, "fuel", END), LS_FACT_JOIN, FUEL);
    fact_of(f, said(f, ROK, "perform", M, "fuel", LS_H_AMOUNT, "5 t", END), LS_FACT_PERFORM, FUEL);
}

/* Before, beside and after a performance. */
static void test_performers(void **state)
{
    fixture *f = *state;
    fact_of(f, said(f, DPRK, "promise", M, "plain", END), LS_FACT_PROMISE, PLAIN);
    fact_of(f, said(f, DPRK, "begin", M, "plain", END), LS_FACT_BEGIN, PLAIN);
    refused(f, said(f, DPRK, "reverse", M, "plain", END), "nothing to reverse");
    fact_of(f, said(f, DPRK, "perform", M, "plain", END), LS_FACT_PERFORM, PLAIN);
    fact_of(f, said(f, DPRK, "reverse", M, "plain", END), LS_FACT_REVERSE, PLAIN);
    fact_of(f, said(f, DPRK, "perform", M, "blow-up", END), LS_FACT_PERFORM, BLOW_UP);
    refused(f, said(f, DPRK, "reverse", M, "blow-up", END), "blow-up is irreversible");
    /* In whose presence it counts, and who verifies it. */
    assert_int_equal(fact_of(f, said(f, ROK, "confirm", M, "blow-up", END), LS_FACT_CONFIRM, BLOW_UP)->by, ROK);
    assert_int_equal(fact_of(f, said(f, USA, "confirm", M, "blow-up", END), LS_FACT_CONFIRM, BLOW_UP)->by, USA);
    /* The entry says which measure, for those who list entries. */
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, BLOW_UP);
}

static void test_calling_off(void **state)
{
    fixture *f = *state;
    const ls_fact *fact =
        fact_of(f, said(f, USA, "call-off", M, "visit", LS_H_DATE, "2018-10-08", END), LS_FACT_CALL_OFF, VISIT);
    assert_int_equal(fact->day, LS_NO_DAY); /* a date is no new deadline */
    fact = fact_of(f, said(f, USA, "call-off", M, "visit", LS_H_DUE, "2018-11-30", END), LS_FACT_CALL_OFF, VISIT);
    assert_int_equal(fact->day, 17865); /* date -u -d 2018-11-30 +%s, in days */
}

static void test_incidents(void **state)
{
    fixture *f = *state;
    refused(f, said(f, ROK, "incident", M, "plain", END), "plain is not a continuing obligation");
    refused(f, said(f, ROK, "confirm", M, "freeze", END), "nothing to confirm");
    fact_of(f, said(f, USA, "incident", M, "freeze", END), LS_FACT_INCIDENT, FREEZE);
    const char *incident = kept_id(f, f->entry_count - 1);
    uint32_t index = (uint32_t)f->entry_count - 1;
    /* Still nothing was performed; an answer to the incident is one all the same. */
    refused(f, said(f, ROK, "confirm", M, "freeze", END), "nothing to confirm");
    refused(f, said(f, ROK, "missing", M, "freeze", LS_H_REF, incident, END), "or none to answer");
    refused(f, said(f, USA, "object", M, "plain", LS_H_REF, incident, END), "not about this measure");
    assert_int_equal(
        fact_of(f, said(f, ROK, "object", M, "freeze", LS_H_REF, incident, END), LS_FACT_OBJECT, FREEZE)->ref, index);
    assert_int_equal(
        fact_of(f, said(f, ROK, "confirm", M, "freeze", LS_H_REF, incident, END), LS_FACT_CONFIRM, FREEZE)->ref, index);
    fact_of(f, said(f, ROK, "incident", M, "stock", END), LS_FACT_INCIDENT, STOCK); /* a ceiling goes on, too */
    /* An answer is no performance. */
    const char *answer = kept_id(f, f->entry_count - 2);
    refused(f, said(f, ROK, "object", M, "freeze", LS_H_REF, answer, END), "or none to answer");
}

static void test_assessments(void **state)
{
    fixture *f = *state;
    const ls_fact *fact = fact_of(f, said(f, ROK, "assess", M, "fuel", LS_H_SCORE, "0", END), LS_FACT_ASSESS, FUEL);
    assert_int_equal(fact->amount, 0);
    fact = fact_of(f, said(f, ROK, "assess", M, "fuel", LS_H_SCORE, "3", END), LS_FACT_ASSESS, FUEL);
    assert_int_equal(fact->amount, 3);
}

/* Events and rights. */
static void test_events(void **state)
{
    fixture *f = *state;
    refused(f, said(f, ROK, "attest", LS_H_EVENT, "derived", END), "derived follows from what happens");
    refused(f, said(f, USA, "attest", LS_H_EVENT, "measures-in-return", END), "has still to be agreed");
    assert_int_equal(
        fact_of(f, said(f, ROK, "attest", LS_H_EVENT, "conclusion", END), LS_FACT_ATTEST, CONCLUSION)->amount,
        LS_QUANTITY_NONE);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, -1);
    /* In the unit of the measure that is a percentage of it; else a plain number. */
    const ls_fact *fact = fact_of(f, said(f, ROK, "attest", LS_H_EVENT, "registered", LS_H_AMOUNT, "1500 rifle", END),
                                  LS_FACT_ATTEST, REGISTERED);
    assert_int_equal(fact->amount, 1500000);
    refused(f, said(f, ROK, "attest", LS_H_EVENT, "registered", LS_H_AMOUNT, "1500 t", END),
            "is not an amount of registered");
    refused(f, said(f, ROK, "attest", LS_H_EVENT, "conclusion", LS_H_AMOUNT, "1500 t", END),
            "is not an amount of conclusion");
    fact = fact_of(f, said(f, ROK, "attest", LS_H_EVENT, "conclusion", LS_H_AMOUNT, "15", END), LS_FACT_ATTEST,
                   CONCLUSION);
    assert_int_equal(fact->amount, 15000);
    fact_of(f, said(f, USA, "use", LS_H_RIGHT, "visits", END), LS_FACT_USE, 0);
    fact_of(f, said(f, USA, "use", LS_H_RIGHT, "visits", END), LS_FACT_USE, 0);
    fact_of(f, said(f, USA, "use", LS_H_RIGHT, "visits", END), LS_FACT_USE, 0); /* quotas are the state's */
}

/* Disputes, and their stages. */
static void test_disputes(void **state)
{
    fixture *f = *state;
    const ls_fact *fact =
        fact_of(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", M, "stock", END), LS_FACT_DISPUTE, RESOLUTION);
    assert_int_equal(fact->amount, STOCK);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, STOCK);
    uint32_t first = (uint32_t)f->entry_count - 1;
    const char *dispute = kept_id(f, first);
    assert_int_equal(fact_of(f, said(f, DPRK, "dispute", LS_H_DISPUTE, "quick", END), LS_FACT_DISPUTE, QUICK)->amount,
                     LS_QUANTITY_NONE);
    refused(f, said(f, USA, "refer", LS_H_REF, dispute, LS_H_STAGE, "talk", END), "resolution has no stage talk");
    refused(f, said(f, USA, "refer", LS_H_REF, dispute, LS_H_STAGE, "opinion", END), "every dispute comes to opinion");
    refused(f, said(f, USA, "refer", LS_H_REF, ONES, LS_H_STAGE, "board", END), "not on the record");
    refused(f, said(f, DPRK, "settle", LS_H_REF, ONES, END), "not on the record");
    refused(f, said(f, DPRK, "settle", LS_H_REF, id_of(f->entry[1]), END), "is not a dispute under this accord");
    fact = fact_of(f, said(f, DPRK, "refer", LS_H_REF, dispute, LS_H_STAGE, "board", END), LS_FACT_REFER, RESOLUTION);
    assert_int_equal(fact->detail, 1);
    assert_int_equal(fact->ref, first);
    fact = fact_of(f, said(f, DPRK, "settle", LS_H_REF, entry_id(f, first), END), LS_FACT_SETTLE, RESOLUTION);
    assert_int_equal(fact->ref, first);
    assert_int_equal(fact->detail, LS_NO_DETAIL);
}

static void test_extensions(void **state)
{
    fixture *f = *state;
    const char *due = "2018-11-30";
    fixture_append(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", END));
    uint32_t opened = (uint32_t)f->entry_count - 1;
    const char *id = kept_id(f, opened);
    refused(f, said(f, USA, "extend", LS_H_DUE, due, END), "names a measure, or a dispute");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, LS_H_STAGE, "commission", END), "names a measure, or a dispute");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, LS_H_REF, id, END), "names a measure, or a dispute");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, M, "visit", LS_H_REF, id, END), "names a measure, or a dispute");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, M, "visit", LS_H_REF, id, LS_H_STAGE, "commission", END),
            "names a measure, or a dispute");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, M, "plain", END), "plain has no deadline");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, LS_H_REF, id, LS_H_STAGE, "opinion", END), "can't be extended");
    refused(f, said(f, USA, "extend", LS_H_DUE, due, LS_H_REF, id, LS_H_STAGE, "talk", END), "has no stage talk");
    const ls_fact *fact = fact_of(f, said(f, USA, "extend", LS_H_DUE, due, M, "visit", END), LS_FACT_EXTEND, VISIT);
    assert_int_equal(fact->day, 17865);
    assert_int_equal(fact->ref, LS_NO_ENTRY);
    fact = fact_of(f, said(f, USA, "extend", LS_H_DUE, due, LS_H_REF, id, LS_H_STAGE, "commission", END),
                   LS_FACT_EXTEND, RESOLUTION);
    assert_int_equal(fact->ref, opened);
    assert_int_equal(fact->detail, 0);
    assert_int_equal(fact->day, 17865);
}

/* The accord as a whole. */
static void test_whole(void **state)
{
    fixture *f = *state;
    fact_of(f, said(f, USA, "ratify", END), LS_FACT_RATIFY, LS_NO_SUBJECT);
    fact_of(f, said(f, USA, "ratify", END), LS_FACT_RATIFY, LS_NO_SUBJECT); /* twice is harmless */
    fact_of(f, said(f, DPRK, "denounce", END), LS_FACT_DENOUNCE, LS_NO_SUBJECT);
    refused(f, said(f, USA, "suspend", END), "can't be suspended as a whole");
    refused(f, said(f, USA, "suspend", LS_H_TRACK, "oil", M, "fuel", END), "of a track or of a measure");
    const ls_fact *fact = fact_of(f, said(f, USA, "suspend", LS_H_TRACK, "oil", END), LS_FACT_SUSPEND, LS_NO_SUBJECT);
    assert_int_equal(fact->detail, 1);
    fact = fact_of(f, said(f, USA, "suspend", M, "fuel", END), LS_FACT_SUSPEND, FUEL);
    assert_int_equal(fact->detail, LS_NO_DETAIL);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, FUEL);
    uint32_t index = (uint32_t)f->entry_count - 1;
    fact = fact_of(f, said(f, USA, "resume", LS_H_REF, entry_id(f, index), END), LS_FACT_RESUME, FUEL);
    assert_int_equal(fact->ref, index);
}

/* Without a rule for it. */
static void test_without_rules(void **state)
{
    fixture *f = *state;
    ls_bytes dispute = said(f, USA, "dispute", LS_H_DISPUTE, "resolution", END);
    refused(f, said(f, USA, "extend", M, "suspend-exercises", LS_H_DUE, "2018-11-30", END), "no rule for extensions");
    refused(f, said(f, USA, "denounce", END), "no rule for withdrawal");
    refused(f, said(f, USA, "suspend", M, "suspend-exercises", END), "can't be suspended by measure");
    acceptable(f, said(f, USA, "suspend", END));
    acceptable(f, said(f, USA, "suspend", LS_H_TRACK, "arms", END));
    refused(f, dispute, "no dispute procedure resolution");
    refused(f, said(f, ROK, "assess", M, "suspend-exercises", LS_H_SCORE, "1", END), "does not assess");
}

/* What a party takes back, and what it can't. */

static ls_bytes withdraw(fixture *f, size_t party, uint64_t index)
{
    ls_act_draft d;
    fixture_draft(f, party, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, index));
    return fixture_finish(f, &d);
}

static void taken_back(fixture *f, size_t party, ls_bytes note, size_t subject, int measure)
{
    uint64_t index = fixture_append(f, note);
    refused(f, withdraw(f, party == ROK ? USA : ROK, index), "only its own acts");
    const ls_fact *fact = fact_of(f, withdraw(f, party, index), LS_FACT_WITHDRAW, subject);
    assert_int_equal(fact->ref, index);
    assert_int_equal(fact->by, party);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, measure);
}

static void stays(fixture *f, size_t party, ls_bytes note, const char *reason)
{
    uint64_t index = fixture_append(f, note);
    refused(f, withdraw(f, party, index), reason);
}

static void test_withdrawals(void **state)
{
    fixture *f = *state;
    taken_back(f, DPRK, said(f, DPRK, "promise", M, "plain", END), PLAIN, PLAIN);
    taken_back(f, DPRK, said(f, DPRK, "begin", M, "plain", END), PLAIN, PLAIN);
    taken_back(f, DPRK, said(f, DPRK, "perform", M, "plain", END), PLAIN, PLAIN);
    taken_back(f, USA, said(f, USA, "confirm", M, "plain", END), PLAIN, PLAIN);
    taken_back(f, USA, said(f, USA, "call-off", M, "visit", END), VISIT, VISIT);
    taken_back(f, ROK, said(f, ROK, "incident", M, "freeze", END), FREEZE, FREEZE);
    taken_back(f, USA, said(f, USA, "extend", M, "visit", LS_H_DUE, "2018-11-30", END), VISIT, VISIT);
    taken_back(f, DPRK, said(f, DPRK, "denounce", END), LS_NO_SUBJECT, -1);
    stays(f, USA, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", END), "dispute can't be withdrawn");
    const char *dispute = kept_id(f, f->entry_count - 1);
    taken_back(f, USA, said(f, USA, "extend", LS_H_REF, dispute, LS_H_STAGE, "commission", LS_H_DUE, "2018-11-30", END),
               RESOLUTION, -1);
    stays(f, DPRK, said(f, DPRK, "settle", LS_H_REF, dispute, END), "settle can't be withdrawn");
    stays(f, USA, said(f, USA, "refer", LS_H_REF, dispute, LS_H_STAGE, "board", END), "refer can't be withdrawn");
    stays(f, DPRK, said(f, DPRK, "reverse", M, "plain", END), "reverse can't be withdrawn");
    stays(f, ROK, said(f, ROK, "join", M, "fuel", END), "join can't be withdrawn");
    stays(f, ROK, said(f, ROK, "assess", M, "plain", LS_H_SCORE, "1", END), "assess can't be withdrawn");
    stays(f, ROK, said(f, ROK, "attest", LS_H_EVENT, "conclusion", END), "attest can't be withdrawn");
    stays(f, USA, said(f, USA, "use", LS_H_RIGHT, "visits", END), "use can't be withdrawn");
    stays(f, USA, said(f, USA, "ratify", END), "ratify can't be withdrawn");
    stays(f, USA, said(f, USA, "suspend", LS_H_TRACK, "oil", END), "suspend can't be withdrawn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(rich, test_headers),     ON(rich, test_unknown_subjects),
        ON(rich, test_authors),     ON(rich, test_hint_names_who_may),
        ON(rich, test_amounts),     ON(rich, test_methods_and_weights),
        ON(rich, test_substitutes), ON(rich, test_performers),
        ON(rich, test_calling_off), ON(rich, test_incidents),
        ON(rich, test_assessments), ON(rich, test_events),
        ON(rich, test_disputes),    ON(rich, test_extensions),
        ON(rich, test_whole),       ON(accord, test_without_rules),
        ON(rich, test_withdrawals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
