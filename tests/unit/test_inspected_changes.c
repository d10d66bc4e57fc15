/*
 * Tests of inspections under accords that change: what was begun under one version is finished by its rules, under the
 * name of the version that holds; what lapses takes with it what was said under it.
 */
#include "inspected_acts.h"

/* Inspected by usa, and by other rules: one row, no replacements, no postponement, no limits, no challenges. */
#define BY_USA                                                                                                         \
    "{\"id\":\"baseline\",\"title\":\"Baseline\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":\"usa\","                 \
    "\"declaration\":\"sites\"," DRAWS("swift-rounds", "1",                                                            \
                                       "0") ","                                                                        \
                                            "\"visits\":{\"notice\":\"24 hours\",\"repeat\":\"2 "                      \
                                            "hours\",\"lasts\":\"10 days\",\"report\":\"15 days\"}}"
/* The same name, another declaration. */
#define OF_STORES                                                                                                      \
    "{\"id\":\"baseline\",\"title\":\"Baseline\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":\"rok\","                 \
    "\"declaration\":\"stores\"," DRAWS("rounds", "3", "2") ","                                                        \
                                                            "\"visits\":{\"notice\":\"24 hours\",\"repeat\":\"2 "      \
                                                            "hours\",\"lasts\":\"10 days\",\"report\":\"15 days\"}}"
/* Without rights it could not have any. */
#define TIDY_BY_USA                                                                                                    \
    "{\"id\":\"declare-sites\",\"by\":\"dprk\",\"what\":\"declare\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"   \
    "\"declares\":\"sites\"},"                                                                                         \
    "{\"id\":\"open-near\",\"by\":\"dprk\",\"what\":\"open\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"          \
    "\"opens\":{\"declaration\":\"sites\",\"tranche\":1}},"                                                            \
    "{\"id\":\"tidy\",\"by\":\"dprk\",\"what\":\"tidy\",\"paragraph\":\"p1\",\"verified-by\":[\"rok\"]},"              \
    "{\"id\":\"show\",\"by\":\"dprk\",\"what\":\"show\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"]}"
enum { TIDY_2 = 2, SHOW_2 };

static const clauses by_usa = {MEASURES, RIGHTS, BY_USA}, none = {MEASURES, RIGHTS, SWIFT},
                     of_stores = {MEASURES, RIGHTS, OF_STORES}, verified_by_usa = {TIDY_BY_USA, RIGHTS, SWIFT},
                     without_rights = {MEASURES, RIGHT("idle", "rok"),
                                       "{\"id\":\"bare\",\"title\":\"Bare\",\"paragraph\":\"p1\",\"of\":\"dprk\","
                                       "\"by\":\"rok\",\"declaration\":\"sites\",\"visits\":{\"notice\":\"24 hours\","
                                       "\"repeat\":\"2 hours\",\"lasts\":\"10 days\",\"report\":\"15 days\"}}"};

/* Begun under the first version: a draw to which both have committed, a visit, a challenge. */
enum { DRAW = 5, DRAW_STAMP, COMMIT_DPRK, COMMIT_ROK, COMMIT_STAMP, VISIT, CLARIFY, CHALLENGE, ENTRIES };

static int open_begun(void **state)
{
    open_inspected(state);
    fixture *f = *state;
    take(f, draw(f));
    fixture_stamp(f);
    take(f, commit(f, DPRK, DRAW, 0));
    take(f, commit(f, ROK, DRAW, 0));
    fixture_stamp(f);
    take(f, visit(f, DRAW, "1", "0"));
    take(f, said(f, ROK, "clarify", LS_H_INSPECTION, "baseline", LS_H_PLACE, "1 2", LS_H_RADIUS, "50000", END));
    take(f, challenge(f, "1 2", "50000"));
    assert_int_equal(f->entry_count, ENTRIES);
    return 0;
}

static const ls_inspected *last(const fixture *f, size_t version)
{
    ls_inspecteds all = ls_record_inspecteds(f->record, version);
    return all.fact + all.count - 1;
}

/* Everything that follows on what was begun, to its end. */
static void finish(fixture *f)
{
    take(f, reveal(f, DPRK, DRAW, 0));
    fixture_stamp(f);
    take(f, reveal(f, ROK, DRAW, 0));
    take(f, choose(f, DRAW, "2", "0\n1\n"));
    take(f, change(f, answer_by_rows(f, DRAW, "2"), LS_H_BLANK, "1"));
    take(f, answer_by_rows(f, CHALLENGE, "2"));
    take(f, change(f, about(f, DPRK, "admit", VISIT), LS_H_LIMITS, "shrouding"));
    take(f, about(f, DPRK, "refuse", VISIT));
    take(f, said(f, DPRK, "postpone", LS_H_REF, entry_id(f, VISIT), LS_H_UNTIL, "2018-10-11T00:00:00Z", END));
    take(f, about(f, ROK, "enter", VISIT));
    take(f, about(f, DPRK, "leave", VISIT));
    take(f, about(f, DPRK, "answer", CLARIFY));
    take(f, about(f, DPRK, "deny", CHALLENGE));
    take(f, report(f, ROK, VISIT, "consistent"));
    take(f, report(f, DPRK, CHALLENGE, "discrepancy"));
    take(f, report(f, ROK, DRAW, "inconclusive"));
    take(f, take_back(f, ROK, VISIT));
}

/* By whom, and under which rules: those that held when it began. */
static void finishes(fixture *f, clauses c)
{
    const ls_inspection *rule = last(f, 0)->rule;
    amend(f, c);
    size_t before = count_inspected(f);
    refused(f, about(f, USA, "enter", VISIT), "usa does not enter under baseline");
    refused(f, report(f, USA, DRAW, "consistent"), "usa does not report under baseline");
    finish(f);
    ls_inspecteds all = ls_record_inspecteds(f->record, 1);
    assert_int_equal(all.count, before + 16);
    for (size_t i = 0; i < all.count; i++) {
        assert_ptr_equal(all.fact[i].rule, rule);
        assert_int_equal(ls_record_at(f->record, all.fact[i].index).accord, i >= before);
    }
    /* The earlier version's list is the same one. */
    assert_int_equal(ls_record_inspecteds(f->record, 0).count, all.count);
}

static void test_by_another_party(void **state)
{
    finishes(*state, by_usa);
}

static void test_taken_out(void **state)
{
    finishes(*state, none);
}

static void test_of_another_declaration(void **state)
{
    finishes(*state, of_stores);
    fixture *f = *state;
    refused(f, change(f, answer_by_rows(f, DRAW, "1"), LS_H_DECLARATION, "stores"), "has not declared stores");
    take(f, change(f, fixture_declare(f, fixture_inventory, NULL), LS_H_DECLARATION, "stores"));
    refused(f, change(f, answer_by_rows(f, DRAW, "1"), LS_H_DECLARATION, "stores"), "a draw from this declaration");
    refused(f, change(f, answer_by_rows(f, CHALLENGE, "1"), LS_H_DECLARATION, "stores"), "nor a challenge");
    /* Rows of what was drawn are not rows of what an inspection of this name is about now. */
    refused(f, visit(f, DRAW, "1", "0"), "when that was an inspection of sites");
    refused(f, visit(f, VISIT, "1", "0"), "when that was an inspection of sites");
    refused(f, visit(f, CHALLENGE, "1", "0"), "when that was an inspection of sites");
}

static void test_without_its_rights(void **state)
{
    finishes(*state, without_rights);
}

/* What begins under the new version goes by the new one. */
static void test_begun_anew(void **state)
{
    fixture *f = *state;
    amend(f, by_usa);
    refused(f, draw(f), "rok does not draw under baseline");
    refused(f, challenge(f, "1 2", "1"), "rok does not challenge under baseline");
    refused(f, visit(f, DRAW, "1", "0"), "rok does not visit under baseline");
    ls_bytes own = said(f, USA, "draw", LS_H_INSPECTION, "baseline", LS_H_REF, entry_id(f, DECLARED), LS_H_POPULATION,
                        "7", LS_H_ROWS, "1", LS_H_SPARE, "0", END);
    refused(f, change(f, own, LS_H_ROWS, "2"), "lets 1 rows be drawn at once");
    uint64_t drawn = take(f, own);
    assert_int_equal(last(f, 0)->rule->by, USA);
    told(f, LS_FACT_USE, SWIFT_ROUNDS);
    fixture_stamp(f);
    refused(f, commit(f, ROK, drawn, 0), "rok does not commit under baseline");
    acceptable(f, commit(f, USA, drawn, 0));
    /* To a row of the earlier draw, by the new rules. */
    size_t before = count_facts(f);
    uint64_t there = take(f, said(f, USA, "visit", LS_H_INSPECTION, "baseline", LS_H_REF, entry_id(f, DRAW),
                                  LS_H_TRANCHE, "1", LS_H_ROW, "0", END));
    assert_int_equal(count_facts(f), before);
    refused(f, change(f, about(f, DPRK, "admit", there), LS_H_LIMITS, "shrouding"), "no limit shrouding");
    refused(f, said(f, DPRK, "postpone", LS_H_REF, entry_id(f, there), LS_H_UNTIL, "2018-10-11T00:00:00Z", END),
            "no postponement");
    refused(f, about(f, ROK, "enter", there), "rok does not enter under baseline");
    acceptable(f, about(f, USA, "enter", there));
}

static void test_nothing_begins_where_it_was_taken_out(void **state)
{
    fixture *f = *state;
    amend(f, none);
    refused(f, draw(f), "no inspection baseline");
    refused(f, visit(f, DRAW, "1", "0"), "no inspection baseline");
    refused(f, challenge(f, "1 2", "1"), "no inspection baseline");
    refused(f, change(f, visit(f, DRAW, "1", "0"), LS_H_INSPECTION, "swift"), "ref is of the inspection baseline");
    /* The right is free again for what nothing uses. */
    acceptable(f, said(f, ROK, "use", LS_H_RIGHT, "rounds", END));
}

/* All of it names the version that holds. */
static void test_the_version_that_holds(void **state)
{
    fixture *f = *state;
    ls_hash before = f->accord;
    amend(f, original);
    ls_hash after = f->accord;
    f->accord = before;
    refused(f, draw(f), "the accord was amended");
    refused(f, reveal(f, DPRK, DRAW, 0), "the accord was amended");
    refused(f, about(f, DPRK, "deny", CHALLENGE), "the accord was amended");
    refused(f, answer_by_rows(f, DRAW, "1"), "the accord was amended");
    f->accord = after;
    acceptable(f, reveal(f, DPRK, DRAW, 0));
    acceptable(f, draw(f)); /* from a declaration under the earlier version */
}

/* Answers to measures, by a report of a visit that began under an earlier version. */

static ls_bytes answer_for(fixture *f, const char *measure, const char *finding)
{
    return change(f, report(f, ROK, VISIT, finding), LS_H_MEASURE, measure);
}

static void test_answers_of_what_was_begun(void **state)
{
    fixture *f = *state;
    amend(f, none);
    refused(f, answer_for(f, "show", "consistent"), "nothing to confirm");
    take(f, said(f, DPRK, "perform", LS_H_MEASURE, "show", END));
    take(f, answer_for(f, "show", "consistent"));
    told(f, LS_FACT_CONFIRM, SHOW);
    refused(f, answer_for(f, "tidy", "discrepancy"), "do not answer for tidy");
    take(f, answer_for(f, "show", "discrepancy"));
    told(f, LS_FACT_OBJECT, SHOW);
}

/* Who verifies a measure is for the version that holds to say. */
static void test_no_longer_a_verifier(void **state)
{
    fixture *f = *state;
    amend(f, verified_by_usa);
    take(f, said(f, DPRK, "perform", LS_H_MEASURE, "show", END));
    refused(f, answer_for(f, "show", "consistent"), "do not answer for show");
    refused(f, answer_for(f, "show", "discrepancy"), "do not answer for show");
    refused(f, answer_for(f, "hand-in", "discrepancy"), "no measure hand-in");
    take(f, report(f, ROK, VISIT, "discrepancy"));
}

/* The measures stand at other places: a report's facts move along. */
static void test_facts_move_along(void **state)
{
    fixture *f = *state;
    take(f, said(f, DPRK, "perform", LS_H_MEASURE, "show", END));
    take(f, answer_for(f, "show", "consistent"));
    amend(f, verified_by_usa);
    ls_facts facts = ls_record_facts(f->record, 1);
    assert_int_equal(facts.fact[facts.count - 1].kind, LS_FACT_CONFIRM);
    assert_int_equal(facts.fact[facts.count - 1].subject, SHOW_2);
    amend(f, without_rights); /* what used rights that are gone is gone */
    facts = ls_record_facts(f->record, 2);
    for (size_t i = 0; i < facts.count; i++) {
        assert_int_not_equal(facts.fact[i].kind, LS_FACT_USE);
    }
}

/* Versions that lapse. */

/* Open for a second only. */
static void amend_briefly(fixture *f, clauses c)
{
    char text[LS_TIME_SIZE];
    ls_time_format(f->now + 1, text);
    ls_bytes note = accord_with(f, c, ls_arena_str(&f->arena, ls_bytes_str(hex(&f->accord))));
    note = change(f, note, LS_H_OPEN_UNTIL, text);
    f->accord = parsed(note).id;
    take(f, note);
}

static void test_a_version_that_lapses(void **state)
{
    fixture *f = *state;
    ls_hash before = f->accord;
    take(f, said(f, USA, "draw", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, DECLARED), LS_H_POPULATION, "7",
                 LS_H_ROWS, "1", LS_H_SPARE, "0", END));
    uint64_t second = f->entry_count - 1;
    fixture_stamp(f);
    amend_briefly(f, original);
    uint64_t drawn = take(f, draw(f)), asked = take(f, challenge(f, "1 2", "1")),
             there = take(f, visit(f, DRAW, "1", "1"));
    take(f, commit(f, DPRK, second, 0));
    take(f, about(f, DPRK, "deny", CHALLENGE));
    refused(f, commit(f, DPRK, second, 1), "has committed to its nonce already");
    pass(f, 60);
    refused(f, commit(f, USA, second, 0), "came too late");
    f->accord = before;
    ls_inspecteds all = ls_record_inspecteds(f->record, 0);
    for (size_t i = 0; i < all.count; i++) {
        assert_int_equal(all.time(all.context, all.fact[i].index) == LS_TIME_NONE, all.fact[i].index >= drawn);
    }
    /* What began under it is nothing, and what was said is said again. */
    refused(f, commit(f, DPRK, drawn, 0), "ref does not name what a commit can be about");
    refused(f, about(f, DPRK, "deny", asked), "ref does not name what a deny can be about");
    refused(f, about(f, DPRK, "admit", there), "ref does not name what a admit can be about");
    refused(f, take_back(f, ROK, there), "it has no effect");
    take(f, commit(f, DPRK, second, 1));
    take(f, commit(f, USA, second, 0));
    fixture_stamp(f);
    refused(f, reveal(f, DPRK, second, 0), "it is not the nonce");
    take(f, reveal(f, DPRK, second, 1));
    finish(f);
}

/* Acts that lapse, of each kind: nothing follows on them, and what they take back stays. */
static void test_acts_that_lapse(void **state)
{
    fixture *f = *state;
    uint64_t late = lapses(f, visit(f, DRAW, "1", "0"));
    refused(f, about(f, DPRK, "admit", late), "ref does not name");
    refused(f, visit(f, late, "1", "1"), "ref does not name");
    refused(f, report(f, ROK, late, "consistent"), "ref does not name");
    refused(f, take_back(f, ROK, late), "it has no effect");
    late = lapses(f, said(f, ROK, "clarify", LS_H_INSPECTION, "baseline", LS_H_PLACE, "1 2", LS_H_RADIUS, "1", END));
    refused(f, about(f, DPRK, "answer", late), "ref does not name");
    refused(f, change(f, challenge(f, "1 2", "1"), LS_H_REF, entry_id(f, late)), "ref does not name");
    late = lapses(f, challenge(f, "1 2", "1"));
    refused(f, about(f, DPRK, "deny", late), "ref does not name");
    refused(f, answer_by_rows(f, late, "1"), "ref names neither");
    refused(f, said(f, ROK, "visit", LS_H_INSPECTION, "baseline", LS_H_REF, entry_id(f, late), END),
            "ref does not name");
    /* A right that such an act used is not used. */
    ls_facts facts = ls_record_facts(f->record, 0);
    assert_int_equal(facts.time(facts.context, (uint32_t)late), LS_TIME_NONE);
    lapses(f, take_back(f, ROK, VISIT));
    acceptable(f, about(f, DPRK, "admit", VISIT));
    acceptable(f, take_back(f, ROK, VISIT));
}

/* What a report confirms, and the report itself. */
static void test_a_performance_that_lapses(void **state)
{
    fixture *f = *state;
    lapses(f, said(f, DPRK, "perform", LS_H_MEASURE, "show", END));
    refused(f, answer_for(f, "show", "consistent"), "nothing to confirm");
    take(f, said(f, DPRK, "perform", LS_H_MEASURE, "show", END));
    uint64_t late = lapses(f, answer_for(f, "show", "consistent"));
    ls_facts facts = ls_record_facts(f->record, 0);
    assert_int_equal(facts.fact[facts.count - 1].index, late);
    assert_int_equal(facts.time(facts.context, (uint32_t)late), LS_TIME_NONE);
    acceptable(f, answer_for(f, "show", "consistent"));
}

/* All others consent to take an act's effect away. */
static void test_annulled_visits(void **state)
{
    fixture *f = *state;
    uint64_t drawn = take(f, said(f, USA, "draw", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, DECLARED),
                                  LS_H_POPULATION, "7", LS_H_ROWS, "1", LS_H_SPARE, "0", END));
    uint64_t there = take(f, by_usa_2(f, said(f, USA, "visit", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, drawn),
                                              LS_H_TRANCHE, "1", LS_H_ROW, "0", END)));
    take(f, about(f, DPRK, "admit", there));
    uint64_t next = take(f, said(f, USA, "visit", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, there), LS_H_TRANCHE,
                                 "1", LS_H_ROW, "1", END));
    annul_from(f, there);
    refused(f, about(f, DPRK, "enter", there), "ref does not name");
    refused(f, take_back(f, USA, there), "it has no effect");
    acceptable(f, about(f, DPRK, "enter", next)); /* what followed on it was signed by others */
}

/* Receipts: what had lapsed by its stamp alone has effect again. */

/* What became of the only draw, as of now; what it points at lives as long as the arena and the record. */
static ls_draw_state draw_now(const fixture *f, ls_arena *arena)
{
    ls_facts facts;
    ls_state_query q;
    ls_accord_state accord;
    ls_inspection_state s;
    ls_record_query(f->record, 0, f->now, f->now, &facts, &q);
    assert_null(ls_state_eval(&q, arena, &accord).fault);
    ls_inspecteds all = ls_record_inspecteds(f->record, 0);
    assert_null(ls_inspection_eval(&(ls_inspection_query){&q, &accord, &all}, arena, &s).fault);
    assert_int_equal(s.draw_count, 1);
    return s.draw[0];
}

/* A party that commits twice, keeps receipts for the first back until it knows which rows were drawn, and then has it
 * count again, changes nothing: the commitment that it opened is the one that counts. */
static void comes_back(fixture *f, size_t cheat)
{
    static const size_t sides[] = {DPRK, ROK};
    ls_arena arena = {0};
    uint64_t index = take(f, draw(f));
    fixture_stamp(f);
    ls_bytes note = brief(f, commit(f, cheat, index, 0));
    ls_act first = parsed(note);
    ls_time had_it = f->now;
    uint64_t late = take(f, note);
    pass(f, 60);
    take(f, commit(f, cheat, index, 1));
    take(f, commit(f, cheat == DPRK ? ROK : DPRK, index, 0));
    fixture_stamp(f);
    take(f, reveal(f, DPRK, index, cheat == DPRK));
    fixture_stamp(f);
    if (cheat == ROK) { /* it knows the rows, and has not shown its own nonce yet */
        take(f, receipts_for(f, &first, had_it));
        refused(f, reveal(f, ROK, index, 0), "it is not the nonce that this side committed to");
    }
    take(f, reveal(f, ROK, index, cheat == ROK));
    if (cheat == DPRK) {
        take(f, receipts_for(f, &first, had_it));
    }
    fixture_stamp(f);
    assert_false(ls_record_at(f->record, late).lapsed);
    refused(f, commit(f, cheat, index, 0), "has committed to its nonce already");
    ls_draw_state s = draw_now(f, &arena);
    assert_int_equal(s.stage, LS_DRAW_DRAWN);
    for (unsigned side = 0; side < LS_SIDES; side++) {
        ls_hash nonce = nonce_of(sides[side], sides[side] == cheat);
        ls_hash commitment = commitment_to(f, index, name_of(sides[side]), nonce);
        assert_true(ls_hash_equal(&s.commit[side]->value, &commitment));
        assert_true(ls_hash_equal(&s.reveal[side]->value, &nonce));
    }
    ls_arena_free(&arena);
}

static void test_a_commitment_of_the_inspected_side_comes_back(void **state)
{
    comes_back(*state, DPRK);
}

static void test_a_commitment_of_the_inspecting_side_comes_back(void **state)
{
    comes_back(*state, ROK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(begun, test_by_another_party),
        ON(begun, test_taken_out),
        ON(begun, test_of_another_declaration),
        ON(begun, test_without_its_rights),
        ON(begun, test_begun_anew),
        ON(begun, test_nothing_begins_where_it_was_taken_out),
        ON(begun, test_the_version_that_holds),
        ON(begun, test_answers_of_what_was_begun),
        ON(begun, test_no_longer_a_verifier),
        ON(begun, test_facts_move_along),
        ON(begun, test_a_version_that_lapses),
        ON(begun, test_acts_that_lapse),
        ON(begun, test_a_performance_that_lapses),
        ON(begun, test_annulled_visits),
        ON(watched, test_a_commitment_of_the_inspected_side_comes_back),
        ON(watched, test_a_commitment_of_the_inspecting_side_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
