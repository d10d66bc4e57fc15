/*
 * Tests of amended accords: what an amendment must leave as it is, what it takes over, which version holds when, and
 * what becomes of all that if one of them lapses.
 */
#include "record_acts.h"

#define DPRK FIXTURE_DPRK
#define USA FIXTURE_USA
#define ROK FIXTURE_ROK
#define M LS_H_MEASURE

/* A roadmap of parts that versions differ in. */
typedef struct parts {
    const char *name, *parties, *rows, *measures, *rest;
} parts;

#define RELEASE                                                                                                        \
    "{\"id\":\"release\",\"by\":\"usa\",\"what\":\"release\",\"paragraph\":\"p2\",\"verified-by\":[\"dprk\"]}"
#define FUEL                                                                                                           \
    "{\"id\":\"fuel\",\"by\":\"usa\",\"what\":\"deliver\",\"paragraph\":\"p2\",\"verified-by\":[\"dprk\"],"            \
    "\"amount\":\"1000 t\",\"methods\":[{\"id\":\"ship\",\"title\":\"Ship\"},{\"id\":\"rail\",\"title\":\"Rail\"}]}"
#define DECLARE                                                                                                        \
    "{\"id\":\"declare-sites\",\"by\":\"dprk\",\"what\":\"declare\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"   \
    "\"declares\":\"sites\"}"
#define OPEN                                                                                                           \
    "{\"id\":\"open-near\",\"by\":\"dprk\",\"what\":\"open\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"          \
    "\"opens\":{\"declaration\":\"sites\",\"tranche\":1}}"
#define FREEZE                                                                                                         \
    "{\"id\":\"freeze\",\"by\":\"dprk\",\"what\":\"freeze\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"           \
    "\"continuing\":true}"
#define EVENTS                                                                                                         \
    "\"events\":[{\"id\":\"later\",\"title\":\"Later\",\"to-be-agreed\":true},"                                        \
    "{\"id\":\"conclusion\",\"title\":\"Conclusion\",\"attested-by\":[\"rok\"]}],"
#define RIGHTS                                                                                                         \
    "\"rights\":[{\"id\":\"visits\",\"of\":\"usa\",\"what\":\"visit\",\"paragraph\":\"p1\",\"quota\":\"2 per year\","  \
    "\"from\":\"in force\"}],"
#define DISPUTES                                                                                                       \
    "\"disputes\":[{\"id\":\"resolution\",\"title\":\"Resolution\",\"open-to\":[\"usa\"],\"stages\":["                 \
    "{\"id\":\"commission\",\"title\":\"Commission\",\"lasts\":\"15 days\",\"extendable\":true},"                      \
    "{\"id\":\"board\",\"title\":\"Board\",\"after\":[\"commission\"],\"lasts\":\"15 days\",\"optional\":true},"       \
    "{\"id\":\"opinion\",\"title\":\"Opinion\",\"after\":[\"board\"],\"lasts\":\"5 days\"}]}],"
#define EXTENSION "\"extension\":{\"at-most\":\"15 days\",\"times\":2},"

static const parts first = {"pact", "\"dprk\",\"usa\",\"rok\"", "4", RELEASE "," FUEL "," DECLARE "," OPEN "," FREEZE,
                            EVENTS RIGHTS DISPUTES EXTENSION};

static const char *roadmap_of(fixture *f, parts p)
{
    return ls_arena_format(
        &f->arena,
        "{\"roadmap\":1,\"name\":\"%s\",\"title\":\"A pact\",\"parties\":[%s],%s"
        "\"tracks\":[{\"id\":\"arms\",\"title\":\"Arms\"},{\"id\":\"oil\",\"title\":\"Oil\"}],"
        "\"declarations\":[{\"name\":\"sites\",\"by\":\"dprk\",\"fields\":[\"id\",\"name\"],\"id\":\"id\","
        "\"tranche\":\"tranche\",\"row-bytes\":32,\"tranches\":[{\"label\":\"near\",\"rows\":%s},"
        "{\"label\":\"far\",\"rows\":3}]}],"
        "\"steps\":[{\"id\":\"first\",\"title\":\"First\",\"track\":\"arms\",\"measures\":[%s]}]}",
        p.name, p.parties, p.rest, p.rows, p.measures);
}

static ls_bytes accord(fixture *f, parts p, const char *amends)
{
    return accord_of(f, roadmap_of(f, p), "dprk usa rok", "dprk-1 usa-1 usa-2 rok-1", amends);
}

/* The accord is entry 1, stamped. */
static int open_pact(void **state)
{
    open_charter(state);
    fixture *f = *state;
    fixture_append(f, accord(f, first, NULL));
    fixture_stamp(f);
    return 0;
}

/* An amendment of the fixture's accord to this; the accord stays the fixture's. */
static ls_bytes amendment(fixture *f, parts p)
{
    ls_hash kept = f->accord;
    const char *amends = ls_arena_str(&f->arena, ls_bytes_str(hex(&kept)));
    ls_bytes note = accord(f, p, amends);
    f->accord = kept;
    return note;
}

static void take(fixture *f, ls_bytes note)
{
    fixture_append(f, note);
    f->accord = parsed(note).id;
}

static parts with_measures(const char *measures)
{
    parts p = first;
    p.measures = measures;
    return p;
}

static ls_facts latest(const fixture *f)
{
    return ls_record_facts(f->record, ls_record_accord_count(f->record) - 1);
}

/* What can be amended. */

static void test_frame(void **state)
{
    fixture *f = *state;
    parts p = first;
    acceptable(f, amendment(f, first));
    p.name = "treaty";
    refused(f, amendment(f, p), "keeps the accord's name, pact");
    p = first;
    p.parties = "\"dprk\",\"usa\"";
    p.rest = RIGHTS DISPUTES EXTENSION;
    refused(f, change(f, change(f, amendment(f, p), LS_H_SIGNERS, "dprk-1 usa-1 usa-2"), LS_H_BY, "dprk usa"),
            "keeps the accord's parties");
    p = first;
    p.parties = "\"usa\",\"dprk\",\"rok\"";
    refused(f, change(f, amendment(f, p), LS_H_BY, "usa dprk rok"), "keeps the accord's parties");
    refused(f, change(f, amendment(f, first), LS_H_ACCORD, ONES), "no such accord");
    refused(f, change(f, amendment(f, first), LS_H_ACCORD, id_of(f->entry[0])), "no such accord");
}

/* While nobody has done anything, everything may change. */
static void test_nothing_was_done(void **state)
{
    fixture *f = *state;
    parts p = with_measures(RELEASE);
    p.rest = "";
    p.rows = "8";
    fixture_append(f, said(f, USA, "begin", M, "fuel", END));
    acceptable(f, amendment(f, p));
}

static void test_what_was_done_stays(void **state)
{
    fixture *f = *state;
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "100 t", LS_H_METHOD, "rail", END));
    const struct {
        const char *fuel, *reason;
    } changed[] = {
        {NULL, "fuel was performed, confirmed or breached, and can't be taken out"},
        {"\"by\":\"rok\",\"amount\":\"1000 t\"", "who performs it can't be changed"},
        {"\"by\":[\"usa\",\"rok\"],\"amount\":\"1000 t\"", "who performs it can't be changed"},
        {"\"by\":\"usa\"", "the unit of its amount can't be changed"},
        {"\"by\":\"usa\",\"amount\":\"1000 kg\"", "the unit of its amount can't be changed"},
        {"\"by\":\"usa\",\"amount\":\"1000\",\"units\":{\"t\":\"0.5\"}", "the unit of its amount can't be changed"},
        {"\"by\":\"usa\",\"at-most\":\"1000 t\"", "the unit of its amount can't be changed"},
        {"\"by\":\"usa\",\"amount\":\"1000 t\",\"irreversible\":true", "whether it is irreversible can't be changed"},
    };
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        const char *fuel = changed[i].fuel == NULL
                               ? ""
                               : ls_arena_format(&f->arena,
                                                 ",{\"id\":\"fuel\",%s,\"what\":\"deliver\",\"paragraph\":\"p2\","
                                                 "\"verified-by\":[\"dprk\"],\"methods\":[{\"id\":\"ship\",\"title\":"
                                                 "\"Ship\"},{\"id\":\"rail\",\"title\":\"Rail\"}]}",
                                                 changed[i].fuel);
        refused(f, amendment(f, with_measures(ls_arena_format(&f->arena, RELEASE "%s", fuel))), changed[i].reason);
    }
    refused(f,
            amendment(f, with_measures("{\"id\":\"fuel\",\"by\":\"usa\",\"what\":\"deliver\",\"paragraph\":\"p2\","
                                       "\"verified-by\":[\"dprk\"],\"amount\":\"1000 t\",\"methods\":[{\"id\":"
                                       "\"ship\",\"title\":\"Ship\"}]}")),
            "its methods can't be changed");
    /* What it waits for, its deadline, its amount and its verifiers may. */
    acceptable(f, amendment(f, with_measures(
                                   "{\"id\":\"fuel\",\"by\":\"usa\",\"what\":\"deliver it\",\"paragraph\":\"p1\","
                                   "\"verified-by\":[\"rok\"],\"due\":\"2019-01-31\",\"amount\":\"500 t\",\"methods\":"
                                   "[{\"id\":\"rail\",\"title\":\"Rail\"},{\"id\":\"ship\",\"title\":\"Ship\"}]}")));
}

/* A breach that a verifier established stays, too; what lapsed does not. */
static void test_breaches_stay(void **state)
{
    fixture *f = *state;
    parts p = with_measures(RELEASE);
    fixture_append(f, change(f, said(f, USA, "object", M, "freeze", END), LS_H_EXPIRES, "2018-10-09T08:00:01Z"));
    refused(f, amendment(f, p), "freeze was performed, confirmed or breached, and can't be taken out");
    f->now += 60;
    fixture_stamp(f);
    assert_true(ls_record_at(f->record, 3).lapsed);
    acceptable(f, amendment(f, p));
}

static void test_declarations_stay(void **state)
{
    fixture *f = *state;
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    parts p = first;
    p.rows = "5";
    refused(f, amendment(f, p), "sites was declared, and stays as it is");
    acceptable(f, amendment(f, first));
    refused(f, amendment(f, with_measures(RELEASE "," FUEL "," FREEZE)),
            "declare-sites was performed, confirmed or breached");
    refused(f,
            amendment(f, with_measures("{\"id\":\"declare-sites\",\"by\":\"dprk\",\"what\":\"declare\",\"paragraph\":"
                                       "\"p1\",\"verified-by\":[\"usa\"]}")),
            "what it declares or opens can't be changed");
}

#define INSPECTION(rows)                                                                                               \
    "\"inspections\":[{\"id\":\"baseline\",\"title\":\"Baseline\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":"        \
    "\"usa\","                                                                                                         \
    "\"declaration\":\"sites\",\"draws\":{\"right\":\"visits\",\"rows\":" rows                                         \
    ",\"replacements\":0,\"commit\":\"1 day\",\"reveal\":\"1 day\",\"open\":\"1 day\"}}],"

/* How a declaration is inspected may be agreed, changed and dropped when it has been made: what was begun goes on by
 * the version under which it was. */
static void test_inspections_may_change(void **state)
{
    fixture *f = *state;
    parts p = first;
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    p.rest = EVENTS RIGHTS DISPUTES EXTENSION INSPECTION("2");
    take(f, amendment(f, p));
    fixture_stamp(f);
    acceptable(f, amendment(f, p));
    p.rest = EVENTS RIGHTS DISPUTES EXTENSION INSPECTION("3");
    acceptable(f, amendment(f, p));
    acceptable(f, amendment(f, first));
    p.rest = EVENTS DISPUTES EXTENSION INSPECTION("3");
    refused(f, amendment(f, p), "there is no right 'visits'");
}

/* What is taken over. */

/* Measures in another order, one gone; the event, the procedure's stages and the tracks, too. */
#define OTHER_ORDER FREEZE "," OPEN "," DECLARE "," FUEL
static const parts second = {
    "pact", "\"dprk\",\"usa\",\"rok\"", "4", OTHER_ORDER,
    "\"events\":[{\"id\":\"conclusion\",\"title\":\"Conclusion\",\"attested-by\":[\"rok\"]}]," DISPUTES EXTENSION};
enum { FREEZE_2, OPEN_2, DECLARE_2, FUEL_2 };

static void test_facts_are_taken_over(void **state)
{
    fixture *f = *state;
    fixture_append(f, said(f, USA, "promise", M, "release", END));
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "100 t", LS_H_METHOD, "rail", END));
    fixture_append(f, said(f, USA, "use", LS_H_RIGHT, "visits", END));
    fixture_append(f, said(f, ROK, "attest", LS_H_EVENT, "conclusion", END));
    fixture_append(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", M, "freeze", END)); /* 7 */
    fixture_append(f, said(f, USA, "dispute", LS_H_DISPUTE, "resolution", M, "release", END));
    fixture_append(f, said(f, USA, "refer", LS_H_REF, entry_id(f, 7), LS_H_STAGE, "board", END));
    fixture_append(f, said(f, ROK, "ratify", END));
    fixture_append(
        f, said(f, USA, "extend", LS_H_REF, entry_id(f, 7), LS_H_STAGE, "commission", LS_H_DUE, "2018-11-30", END));
    take(f, amendment(f, second));
    ls_facts facts = latest(f);
    const struct {
        uint32_t index;
        ls_fact_kind kind;
        uint32_t subject, detail;
        ls_quantity amount;
    } wanted[] = {
        {4, LS_FACT_PERFORM, FUEL_2, 1, 100000},
        {6, LS_FACT_ATTEST, 0, LS_NO_DETAIL, LS_QUANTITY_NONE},
        {7, LS_FACT_DISPUTE, 0, LS_NO_DETAIL, FREEZE_2},
        {8, LS_FACT_DISPUTE, 0, LS_NO_DETAIL, LS_QUANTITY_NONE},
        {9, LS_FACT_REFER, 0, 1, LS_QUANTITY_NONE},
        {10, LS_FACT_RATIFY, LS_NO_SUBJECT, LS_NO_DETAIL, LS_QUANTITY_NONE},
        {11, LS_FACT_EXTEND, 0, 0, LS_QUANTITY_NONE},
    };
    assert_int_equal(facts.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < facts.count; i++) {
        assert_int_equal(facts.fact[i].index, wanted[i].index);
        assert_int_equal(facts.fact[i].kind, wanted[i].kind);
        assert_int_equal(facts.fact[i].subject, wanted[i].subject);
        assert_int_equal(facts.fact[i].detail, wanted[i].detail);
        assert_int_equal(facts.fact[i].amount, wanted[i].amount);
    }
    /* The earlier version keeps its own. */
    assert_int_equal(ls_record_facts(f->record, 0).count, 9);
    /* And the performance can be confirmed. */
    acceptable(f, said(f, DPRK, "confirm", M, "fuel", LS_H_REF, entry_id(f, 4), END));
    refused(f, said(f, USA, "perform", M, "release", END), "no measure release");
}

/* Acts name the version that holds. */
static void test_the_earlier_version_is_closed(void **state)
{
    fixture *f = *state;
    ls_hash old = f->accord;
    ls_detail detail = {0};
    char hint[128];
    take(f, amendment(f, second));
    ls_hash new = f->accord;
    f->accord = old;
    ls_bytes note = said(f, USA, "begin", M, "fuel", END);
    refused(f, note, "the accord was amended");
    ls_act act = parsed(note);
    assert_true(ls_failed(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail)));
    snprintf(hint, sizeof hint, "sign again under %s", hex(&new));
    assert_string_equal(detail.hint, hint);
    refused(f, amendment(f, second), "the accord was amended");
    refused(f, fixture_declare(f, fixture_inventory, NULL), "the accord was amended");
    f->accord = new;
    acceptable(f, said(f, USA, "begin", M, "fuel", END));
    assert_int_equal(ls_record_accord(f->record, 0)->amended_by, 1);
    assert_int_equal(ls_record_accord(f->record, 0)->amends, -1);
    assert_int_equal(ls_record_accord(f->record, 1)->amends, 0);
    assert_int_equal(ls_record_accord(f->record, 1)->amended_by, -1);
    assert_int_equal(ls_record_accord(f->record, 1)->signed_index, 1);
    assert_int_equal(ls_record_accord_in_force(f->record, 0), 1);
    assert_true(ls_record_accord_same(f->record, 0, 1));
}

/* What was said under the earlier version is taken back, and ended, under the later one. */
static void test_taking_back_across_versions(void **state)
{
    fixture *f = *state;
    ls_act_draft d;
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "100 t", LS_H_METHOD, "ship", END));
    fixture_append(f, said(f, USA, "promise", M, "release", END));
    fixture_append(f, said(f, USA, "suspend", LS_H_TRACK, "oil", END));
    take(f, amendment(f, second));
    fixture_draft(f, USA, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, 4));
    refused(f, fixture_finish(f, &d), "was taken out of the accord");
    fixture_draft(f, USA, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, 3));
    fixture_append(f, fixture_finish(f, &d));
    const ls_fact *fact = &latest(f).fact[latest(f).count - 1];
    assert_int_equal(fact->kind, LS_FACT_WITHDRAW);
    assert_int_equal(fact->subject, FUEL_2);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).accord, 1);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, FUEL_2);
    fixture_append(f, said(f, USA, "resume", LS_H_REF, entry_id(f, 5), END));
    refused(f, said(f, USA, "resume", LS_H_REF, entry_id(f, 5), END), "still lasts");
    /* A third version has all of that in its own terms. */
    take(f, amendment(f, first));
    ls_facts facts = latest(f);
    assert_int_equal(facts.count, 4);
    assert_int_equal(facts.fact[2].kind, LS_FACT_WITHDRAW);
    assert_int_equal(facts.fact[2].subject, 1);
    assert_int_equal(facts.fact[3].kind, LS_FACT_RESUME);
    assert_int_equal(facts.fact[3].detail, 1);
    refused(f, said(f, USA, "resume", LS_H_REF, entry_id(f, 5), END), "still lasts");
}

/* Declared under one version, opened under the next. */
static void test_opening_across_versions(void **state)
{
    fixture *f = *state;
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    take(f, amendment(f, second));
    assert_int_equal(latest(f).count, 1);
    assert_int_equal(latest(f).fact[0].subject, DECLARE_2);
    fixture_append(f, fixture_open_tranche(f, 1));
    assert_int_equal(latest(f).fact[1].subject, OPEN_2);
    /* Once more: a supplement, which performs nothing again. */
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    assert_int_equal(latest(f).count, 2);
}

/* Lapsing. */

/* Open for a minute only. */
static ls_bytes brief(fixture *f, ls_bytes note)
{
    return change(f, note, LS_H_OPEN_UNTIL, "2018-10-09T08:01:00Z");
}

static void pass(fixture *f, ls_time seconds)
{
    f->now += seconds;
    fixture_stamp(f);
}

static void test_an_amendment_that_lapses(void **state)
{
    fixture *f = *state;
    ls_hash old = f->accord;
    fixture_append(f, said(f, USA, "suspend", LS_H_TRACK, "oil", END)); /* 3 */
    take(f, brief(f, amendment(f, second)));
    fixture_append(f, said(f, USA, "resume", LS_H_REF, entry_id(f, 3), END));
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END));
    acceptable(f, said(f, DPRK, "confirm", M, "fuel", END));
    pass(f, 120);
    /* The old version holds again, and of what was said under the new one nothing counts. */
    refused(f, said(f, USA, "begin", M, "fuel", END), "came too late");
    assert_int_equal(ls_record_accord(f->record, 0)->amended_by, -1);
    assert_int_equal(ls_record_accord_in_force(f->record, 1), 0);
    ls_facts facts = latest(f);
    assert_int_equal(facts.time(facts.context, 5), LS_TIME_NONE);
    assert_int_equal(facts.time(facts.context, 6), LS_TIME_NONE);
    f->accord = old;
    acceptable(f, said(f, USA, "begin", M, "fuel", END));
    refused(f, said(f, DPRK, "confirm", M, "fuel", END), "nothing to confirm");
    acceptable(f, said(f, USA, "resume", LS_H_REF, entry_id(f, 3), END));
    /* Another attempt. */
    take(f, amendment(f, second));
    assert_int_equal(ls_record_accord(f->record, 0)->amended_by, 2);
    assert_int_equal(ls_record_accord(f->record, 1)->amended_by, -1);
    assert_int_equal(ls_record_accord_in_force(f->record, 0), 2);
    assert_int_equal(latest(f).count, 1);
}

/* The version that an amendment came in the place of turns out to have come too late itself. */
static void test_an_amended_version_that_lapses(void **state)
{
    fixture *f = *state;
    take(f, brief(f, amendment(f, second)));
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END)); /* 4 */
    take(f, amendment(f, first));
    acceptable(f, said(f, DPRK, "confirm", M, "fuel", END));
    pass(f, 120);
    assert_int_equal(ls_record_accord(f->record, 0)->amended_by, 2);
    assert_int_equal(ls_record_accord(f->record, 2)->signed_index, 1);
    ls_facts facts = latest(f);
    assert_int_equal(facts.fact[0].index, 4);
    assert_int_equal(facts.time(facts.context, 4), LS_TIME_NONE);
    refused(f, said(f, DPRK, "confirm", M, "fuel", END), "nothing to confirm");
    acceptable(f, said(f, USA, "begin", M, "release", END));
}

/* If the first version never was in force, the accord was signed with the amendment. */
static void test_a_first_version_that_lapses(void **state)
{
    fixture *f = *state;
    take(f, brief(f, accord(f, first, NULL)));
    ls_hash lapses = f->accord;
    take(f, amendment(f, second));
    pass(f, 120);
    assert_int_equal(ls_record_accord(f->record, 1)->signed_index, 2);
    assert_int_equal(ls_record_accord(f->record, 1)->amended_by, -1);
    acceptable(f, said(f, USA, "begin", M, "fuel", END));
    f->accord = lapses;
    refused(f, said(f, USA, "begin", M, "fuel", END), "came too late");
    refused(f, amendment(f, second), "came too late");
}

/* An act that lapses after the amendment counts no more in either version. */
static void test_an_act_that_lapses_later(void **state)
{
    fixture *f = *state;
    ls_bytes note = said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END);
    fixture_append(f, change(f, note, LS_H_EXPIRES, "2018-10-09T08:00:01Z"));
    take(f, amendment(f, second));
    acceptable(f, said(f, DPRK, "confirm", M, "fuel", END));
    pass(f, 60);
    assert_true(ls_record_at(f->record, 3).lapsed);
    refused(f, said(f, DPRK, "confirm", M, "fuel", END), "nothing to confirm");
    acceptable(f, amendment(f, with_measures(RELEASE)));
}

/* One that lapsed before it gives the later version nothing to confirm. */
static void test_an_act_that_lapsed_before(void **state)
{
    fixture *f = *state;
    ls_bytes note = said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END);
    fixture_append(f, change(f, note, LS_H_EXPIRES, "2018-10-09T08:00:01Z"));
    pass(f, 60);
    take(f, amendment(f, second));
    refused(f, said(f, DPRK, "confirm", M, "fuel", END), "nothing to confirm");
}

static int open_watched(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fixture_open_watched(f, false);
    *state = f;
    fixture_append(f, fixture_charter(f));
    fixture_append(f, accord(f, first, NULL));
    fixture_stamp(f);
    return 0;
}

/* By receipts an amendment had come in time after all. The one that was signed since still comes after it. */
static void test_an_amendment_that_had_come_in_time(void **state)
{
    fixture *f = *state;
    ls_hash old = f->accord;
    ls_time in_time = f->now + 30;
    ls_bytes note = brief(f, amendment(f, second));
    ls_act act = parsed(note);
    take(f, note);
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END));
    pass(f, 120);
    f->accord = old;
    fixture_append(f, said(f, USA, "begin", M, "fuel", END));
    ls_bytes third = amendment(f, first);
    fixture_append(f, receipts_for(f, &act, in_time));
    assert_false(ls_record_at(f->record, 3).lapsed);
    assert_int_equal(ls_record_accord_in_force(f->record, 0), 1);
    refused(f, third, "the accord was amended");
    f->accord = act.id;
    acceptable(f, said(f, DPRK, "confirm", M, "fuel", END)); /* what was said under it counts again */
}

/* Who keeps receipts back until the grace is over has nothing in hand: what others have seen since stays so. */
static void test_receipts_that_come_too_late(void **state)
{
    fixture *f = *state;
    ls_time in_time = f->now + 30, grace = ls_record_charter(f->record)->grace;
    ls_act lapsed, late;
    ls_bytes note = said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END);
    note = change(f, note, LS_H_EXPIRES, "2018-10-09T08:01:00Z");
    lapsed = parsed(note);
    fixture_append(f, note);
    pass(f, 120);
    note = said(f, USA, "begin", M, "fuel", END);
    late = parsed(note);
    fixture_append(f, note);
    pass(f, 3600);
    uint64_t begin = ls_record_size(f->record) - 2;
    assert_true(ls_record_at(f->record, begin - 2).lapsed);
    ls_time stamped = ls_record_at(f->record, begin).time;
    pass(f, grace);
    fixture_append(f, receipts_for(f, &lapsed, in_time));
    fixture_append(f, receipts_for(f, &late, stamped - 600));
    assert_true(ls_record_at(f->record, begin - 2).lapsed);
    assert_int_equal(ls_record_at(f->record, begin).time, stamped);
}

/* Who files worse receipts for another's act first, of cosigners that saw it late, does not make it late. */
static void test_receipts_that_are_better(void **state)
{
    fixture *f = *state;
    ls_time grace = ls_record_charter(f->record)->grace;
    ls_bytes note = said(f, USA, "begin", M, "fuel", END);
    ls_act act = parsed(note);
    fixture_append(f, note);
    pass(f, 7200);
    uint64_t begin = ls_record_size(f->record) - 2;
    ls_time stamped = ls_record_at(f->record, begin).time;
    fixture_append(f, receipts_for(f, &act, stamped - 60));
    assert_int_equal(ls_record_at(f->record, begin).time, stamped - 60);
    refused(f, receipts_for(f, &act, stamped - 60), "on the record already");
    fixture_append(f, receipts_for(f, &act, stamped - 600));
    assert_int_equal(ls_record_at(f->record, begin).time, stamped - 600);
    refused(f, receipts_for(f, &act, stamped - 300), "on the record already");
    pass(f, grace - 3000);
    refused(f, receipts_for(f, &act, stamped - 3600), "on the record already"); /* too late to take its place */
    assert_int_equal(ls_record_at(f->record, begin).time, stamped - 600);
}

static void test_two_amendments_of_one_version(void **state)
{
    fixture *f = *state;
    ls_hash old = f->accord;
    ls_time in_time = f->now + 30;
    ls_bytes note = brief(f, amendment(f, second));
    ls_act act = parsed(note);
    take(f, note);
    pass(f, 120);
    f->accord = old;
    take(f, amendment(f, first));
    fixture_append(f, receipts_for(f, &act, in_time));
    assert_false(ls_record_at(f->record, 3).lapsed);
    assert_int_equal(ls_record_accord(f->record, 0)->amended_by, 1);
    assert_int_equal(ls_record_accord(f->record, 1)->amended_by, 2);
    assert_int_equal(ls_record_accord_in_force(f->record, 1), 2);
    acceptable(f, said(f, USA, "begin", M, "fuel", END));
    f->accord = act.id;
    refused(f, said(f, USA, "begin", M, "fuel", END), "the accord was amended");
}

/* Versions in time. */
static void test_which_version_held(void **state)
{
    fixture *f = *state;
    ls_time began = f->now, second_came, third_came;
    pass(f, DAY);
    take(f, amendment(f, second));
    pass(f, 60);
    second_came = f->now;
    pass(f, DAY);
    take(f, amendment(f, first));
    pass(f, 60);
    third_came = f->now;
    const ls_record *r = f->record;
    assert_int_equal(ls_record_accord_at(r, 2, began, third_came), 0);
    assert_int_equal(ls_record_accord_at(r, 0, second_came - 1, third_came), 0);
    assert_int_equal(ls_record_accord_at(r, 0, second_came, third_came), 1);
    assert_int_equal(ls_record_accord_at(r, 0, third_came - 1, third_came), 1);
    assert_int_equal(ls_record_accord_at(r, 1, third_came, third_came), 2);
    /* As the record had it before the third was on it. */
    assert_int_equal(ls_record_accord_at(r, 0, third_came, third_came - 1), 1);
    assert_int_equal(ls_record_accord_at(r, 0, began - 1, third_came), 0);
    /* What no stamp covers yet holds as of now. */
    take(f, amendment(f, second));
    assert_int_equal(ls_record_accord_at(r, 0, third_came + 5, third_came + 5), 3);
    assert_int_equal(ls_record_accord_at(r, 0, third_came + 5, third_came + 6), 2);
}

/* The question for the state: of the family, when it was signed; of this version, what was said. */
static void test_query(void **state)
{
    fixture *f = *state;
    ls_facts facts;
    ls_state_query q;
    ls_time signed_at = f->now;
    fixture_append(f, said(f, USA, "begin", M, "fuel", END));
    pass(f, DAY);
    take(f, amendment(f, second));
    pass(f, DAY);
    ls_record_query(f->record, 1, f->now, f->now, &facts, &q);
    assert_int_equal(q.signed_at, signed_at);
    assert_ptr_equal(q.facts, &facts);
    assert_int_equal(facts.count, 1);
    assert_ptr_equal(q.roadmap, ls_record_accord(f->record, 1)->roadmap);
}

/* A record that reads the same entries again is the same. */
static void test_replay(void **state)
{
    fixture *f = *state;
    ls_record *r;
    fixture_append(f, said(f, USA, "perform", M, "fuel", LS_H_AMOUNT, "5 t", LS_H_METHOD, "ship", END));
    take(f, brief(f, amendment(f, second)));
    fixture_append(f, said(f, DPRK, "confirm", M, "fuel", END));
    take(f, amendment(f, first));
    pass(f, 120);
    take(f, amendment(f, second));
    assert_true(ls_succeeded(ls_record_new((ls_fetch){fixture_fetch, f}, &r)));
    for (size_t i = 0; i < f->entry_count; i++) {
        assert_true(ls_succeeded(ls_record_append(r, f->entry[i], LS_CHECK_SIGNATURES, NULL)));
    }
    ls_buf once = snapshot(f->record), again = snapshot(r);
    same(&once, &again);
    ls_record_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(pact, test_frame),
        ON(pact, test_nothing_was_done),
        ON(pact, test_what_was_done_stays),
        ON(pact, test_breaches_stay),
        ON(pact, test_declarations_stay),
        ON(pact, test_inspections_may_change),
        ON(pact, test_facts_are_taken_over),
        ON(pact, test_the_earlier_version_is_closed),
        ON(pact, test_taking_back_across_versions),
        ON(pact, test_opening_across_versions),
        ON(pact, test_an_amendment_that_lapses),
        ON(pact, test_an_amended_version_that_lapses),
        ON(charter, test_a_first_version_that_lapses),
        ON(pact, test_an_act_that_lapses_later),
        ON(pact, test_an_act_that_lapsed_before),
        ON(watched, test_an_amendment_that_had_come_in_time),
        ON(watched, test_receipts_that_come_too_late),
        ON(watched, test_receipts_that_are_better),
        ON(watched, test_two_amendments_of_one_version),
        ON(pact, test_which_version_held),
        ON(pact, test_query),
        ON(pact, test_replay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
