/*
 * Tests of draws: what they are drawn from, how much, and the order in which two sides who distrust each other commit
 * and reveal.
 */
#include "inspected_acts.h"

/* A draw under a stamp. */
static uint64_t begin(fixture *f)
{
    uint64_t index = take(f, draw(f));
    fixture_stamp(f);
    return index;
}

/* One to which both have committed, under a stamp. */
static uint64_t begin_committed(fixture *f)
{
    uint64_t index = begin(f);
    take(f, commit(f, DPRK, index, 0));
    take(f, commit(f, ROK, index, 0));
    fixture_stamp(f);
    return index;
}

static ls_bytes of_tranche(fixture *f, const char *tranche, const char *population, const char *rows, const char *spare)
{
    return change(f, draw_of(f, DECLARED, population, rows, spare), LS_H_TRANCHE, tranche);
}

/* The population. */

static void test_population(void **state)
{
    fixture *f = *state;
    const ls_inspected *x = says(f, draw(f), LS_INSPECTED_DRAW, DECLARED);
    assert_int_equal(x->population, 7);
    assert_int_equal(x->rows, 2);
    assert_int_equal(x->spare, 1);
    assert_int_equal(x->tranche, 0);
    refused(f, draw_of(f, DECLARED, "6", "2", "1"), "the population is stated as 6 rows, and there are 7");
    refused(f, draw_of(f, DECLARED, "8", "2", "1"), "the population is stated as 8 rows, and there are 7");
    refused(f, draw_of(f, DECLARED, "5", "2", "1"), "and there are 7"); /* those that are not blank */
    x = says(f, of_tranche(f, "1", "4", "2", "1"), LS_INSPECTED_DRAW, DECLARED);
    assert_int_equal(x->tranche, 1);
    assert_int_equal(x->population, 4);
    assert_int_equal(says(f, of_tranche(f, "2", "3", "2", "1"), LS_INSPECTED_DRAW, DECLARED)->tranche, 2);
    refused(f, of_tranche(f, "2", "4", "2", "1"), "and there are 3");
    refused(f, of_tranche(f, "2", "7", "2", "1"), "and there are 3");
    refused(f, of_tranche(f, "3", "3", "2", "1"), "the declaration has 2 tranches");
    refused(f, of_tranche(f, "4294967298", "3", "2", "1"), "the declaration has 2 tranches");
}

/* A list of rows, which is attached: no more than there are. */
static void test_lists(void **state)
{
    fixture *f = *state;
    acceptable(f, change(f, draw_of(f, DECLARED, "5", "2", "1"), LS_H_ATTACHMENT, "rows"));
    acceptable(f, change(f, draw_of(f, DECLARED, "7", "2", "1"), LS_H_ATTACHMENT, "rows"));
    acceptable(f, change(f, draw_of(f, DECLARED, "1", "1", "0"), LS_H_ATTACHMENT, "rows"));
    refused(f, change(f, draw_of(f, DECLARED, "8", "2", "1"), LS_H_ATTACHMENT, "rows"), "and there are 7");
    acceptable(f, change(f, of_tranche(f, "1", "3", "2", "1"), LS_H_ATTACHMENT, "rows"));
    refused(f, change(f, of_tranche(f, "1", "5", "2", "1"), LS_H_ATTACHMENT, "rows"), "and there are 4");
    refused(f, change(f, of_tranche(f, "3", "1", "1", "0"), LS_H_ATTACHMENT, "rows"), "the declaration has 2 tranches");
    refused(f, change(f, draw_of(f, DECLARED, "1", "2", "0"), LS_H_ATTACHMENT, "rows"), "can't be drawn from 1");
}

static void test_how_many(void **state)
{
    fixture *f = *state;
    acceptable(f, draw_of(f, DECLARED, "7", "3", "2"));
    acceptable(f, draw_of(f, DECLARED, "7", "1", "0"));
    refused(f, draw_of(f, DECLARED, "7", "4", "0"), "lets 3 rows be drawn at once, and 2 replacements");
    refused(f, draw_of(f, DECLARED, "7", "1", "3"), "lets 3 rows be drawn at once, and 2 replacements");
    refused(f, draw_of(f, DECLARED, "7", "9223372036854775807", "2"), "lets 3 rows be drawn");
    refused(f, draw_of(f, DECLARED, "7", "3", "9223372036854775807"), "lets 3 rows be drawn");
    acceptable(f, of_tranche(f, "2", "3", "3", "0"));
    acceptable(f, of_tranche(f, "2", "3", "1", "2"));
    refused(f, of_tranche(f, "2", "3", "3", "1"), "3 rows and 1 replacements can't be drawn from 3");
    refused(f, of_tranche(f, "2", "3", "2", "2"), "can't be drawn from 3");
}

/* Of what is inspected, under a stamp. */
static void test_declarations(void **state)
{
    fixture *f = *state;
    refused(f, draw_of(f, 1, "7", "1", "0"), "does not name a declaration");
    refused(f, change(f, draw(f), LS_H_REF, ONES), "does not name a declaration");
    uint64_t stores = take(f, change(f, fixture_declare(f, fixture_inventory, NULL), LS_H_DECLARATION, "stores"));
    uint64_t more = take(f, fixture_declare(f, fixture_inventory, NULL));
    refused(f, draw_of(f, more, "7", "1", "0"), "under a stamp");
    fixture_stamp(f);
    acceptable(f, draw_of(f, more, "7", "1", "0")); /* a supplement has its own rows, as many as are padded */
    acceptable(f, draw_of(f, DECLARED, "7", "1", "0"));
    refused(f, draw_of(f, stores, "7", "1", "0"), "does not name a declaration of what is inspected");
    uint64_t late = lapses(f, fixture_declare(f, fixture_inventory, NULL));
    refused(f, draw_of(f, late, "7", "1", "0"), "does not name a declaration of what is inspected");
}

/* One under another accord is none of this one's. */
static void test_another_accord(void **state)
{
    fixture *f = *state;
    take(f, accord_with(f, original, NULL));
    refused(f, draw(f), "does not name a declaration of what is inspected");
    uint64_t own = take(f, fixture_declare(f, fixture_inventory, NULL));
    fixture_stamp(f);
    acceptable(f, draw_of(f, own, "7", "1", "0"));
}

/* The order. */

static void test_commit_to_what_is_final(void **state)
{
    fixture *f = *state;
    uint64_t index = take(f, draw(f));
    refused(f, commit(f, DPRK, index, 0), "nobody commits before");
    refused(f, commit(f, ROK, index, 0), "nobody commits before");
    fixture_stamp(f);
    ls_hash commitment = commitment_to(f, index, "dprk", nonce_of(DPRK, 0));
    const ls_inspected *x = says(f, commit(f, DPRK, index, 0), LS_INSPECTED_COMMIT, (uint32_t)index);
    assert_true(ls_hash_equal(&x->value, &commitment));
    refused(f, commit(f, DPRK, index, 0), "has committed to its nonce already");
    refused(f, commit(f, DPRK, index, 1), "has committed to its nonce already");
    says(f, commit(f, ROK, index, 0), LS_INSPECTED_COMMIT, (uint32_t)index);
    refused(f, commit(f, ROK, index, 1), "has committed to its nonce already");
    refused(f, commit(f, USA, index, 0), "usa does not commit under baseline");
}

static void test_reveal_in_turn(void **state)
{
    fixture *f = *state;
    uint64_t index = begin(f);
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    take(f, commit(f, DPRK, index, 0));
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    fixture_stamp(f);
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    take(f, commit(f, ROK, index, 0));
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    fixture_stamp(f);
    refused(f, reveal(f, ROK, index, 0), "the inspected side reveals first");
    refused(f, reveal(f, DPRK, index, 1), "it is not the nonce that this side committed to");
    ls_hash nonce = nonce_of(DPRK, 0);
    const ls_inspected *x = says(f, reveal(f, DPRK, index, 0), LS_INSPECTED_REVEAL, (uint32_t)index);
    assert_true(ls_hash_equal(&x->value, &nonce));
    refused(f, reveal(f, DPRK, index, 0), "this side has revealed its nonce already");
    refused(f, reveal(f, ROK, index, 0), "the inspected side reveals first");
    fixture_stamp(f);
    refused(f, reveal(f, ROK, index, 1), "it is not the nonce that this side committed to");
    says(f, reveal(f, ROK, index, 0), LS_INSPECTED_REVEAL, (uint32_t)index);
    refused(f, reveal(f, ROK, index, 0), "this side has revealed its nonce already");
    refused(f, reveal(f, USA, index, 0), "usa does not reveal under baseline");
}

/* The other way round: who inspects commits first, and still reveals last. */
static void test_commit_in_either_order(void **state)
{
    fixture *f = *state;
    uint64_t index = begin(f);
    take(f, commit(f, ROK, index, 0));
    fixture_stamp(f);
    take(f, commit(f, DPRK, index, 0));
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    fixture_stamp(f);
    refused(f, reveal(f, ROK, index, 0), "the inspected side reveals first");
    acceptable(f, reveal(f, DPRK, index, 0));
}

/* A commitment that was copied opens nothing, nor does one to another draw, or under another name. */
static void test_copied_commitments(void **state)
{
    fixture *f = *state;
    uint64_t index = begin(f), other = begin(f);
    ls_hash copied = commitment_to(f, index, "dprk", nonce_of(DPRK, 0));
    take(f, commit(f, DPRK, index, 0));
    take(f, said(f, ROK, "commit", LS_H_REF, entry_id(f, index), LS_H_COMMITMENT, hex(&copied), END));
    take(f, said(f, DPRK, "commit", LS_H_REF, entry_id(f, other), LS_H_COMMITMENT, hex(&copied), END));
    take(f, commit(f, ROK, other, 0));
    fixture_stamp(f);
    take(f, reveal(f, DPRK, index, 0));
    fixture_stamp(f);
    ls_hash nonce = nonce_of(DPRK, 0);
    refused(f, said(f, ROK, "reveal", LS_H_REF, entry_id(f, index), LS_H_NONCE, hex(&nonce), END),
            "it is not the nonce that this side committed to");
    refused(f, reveal(f, DPRK, other, 0), "it is not the nonce that this side committed to");
}

/* Each draw has its own. */
static void test_two_draws(void **state)
{
    fixture *f = *state;
    uint64_t one = begin(f), two = begin(f);
    take(f, commit(f, DPRK, one, 0));
    take(f, commit(f, ROK, two, 0));
    fixture_stamp(f);
    refused(f, reveal(f, DPRK, one, 0), "nobody reveals before");
    take(f, commit(f, DPRK, two, 1));
    take(f, commit(f, ROK, one, 1));
    fixture_stamp(f);
    refused(f, reveal(f, DPRK, one, 1), "it is not the nonce");
    take(f, reveal(f, DPRK, one, 0));
    fixture_stamp(f);
    refused(f, reveal(f, ROK, two, 0), "the inspected side reveals first");
    take(f, reveal(f, ROK, one, 1));
    take(f, reveal(f, DPRK, two, 1));
    fixture_stamp(f);
    take(f, reveal(f, ROK, two, 0));
}

/* What comes too late has no effect, and may be said again. */

static void test_a_draw_that_lapses(void **state)
{
    fixture *f = *state;
    uint64_t index = lapses(f, draw(f));
    refused(f, commit(f, DPRK, index, 0), "ref does not name what a commit can be about");
    refused(f, choose(f, index, "1", "0\n"), "ref does not name what a choose can be about");
    refused(f, visit(f, index, "1", "0"), "ref does not name what a visit can be about");
    refused(f, report(f, ROK, index, "inconclusive"), "ref does not name what a report can be about");
    refused(f, answer_by_rows(f, index, "1"), "ref names neither a draw");
}

static void test_a_commitment_that_lapses(void **state)
{
    fixture *f = *state;
    uint64_t index = begin(f);
    take(f, commit(f, ROK, index, 0));
    take(f, brief(f, commit(f, DPRK, index, 0)));
    /* Until a stamp says so it counts. */
    refused(f, commit(f, DPRK, index, 1), "has committed to its nonce already");
    pass(f, 60);
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    says(f, commit(f, DPRK, index, 1), LS_INSPECTED_COMMIT, (uint32_t)index);
    refused(f, reveal(f, DPRK, index, 1), "nobody reveals before both commitments are final");
    refused(f, commit(f, DPRK, index, 2), "has committed to its nonce already");
    fixture_stamp(f);
    refused(f, reveal(f, DPRK, index, 0), "it is not the nonce that this side committed to");
    acceptable(f, reveal(f, DPRK, index, 1));
}

static void test_a_nonce_that_lapses(void **state)
{
    fixture *f = *state;
    uint64_t index = begin_committed(f);
    take(f, brief(f, reveal(f, DPRK, index, 0)));
    refused(f, reveal(f, DPRK, index, 0), "this side has revealed its nonce already");
    pass(f, 60);
    /* Everybody knows it, and it does not count. */
    refused(f, reveal(f, ROK, index, 0), "the inspected side reveals first");
    refused(f, commit(f, ROK, index, 1), "");
    take(f, reveal(f, DPRK, index, 0));
    fixture_stamp(f);
    uint64_t late = lapses(f, reveal(f, ROK, index, 0));
    refused(f, commit(f, ROK, index, 1), "");
    take(f, reveal(f, ROK, index, 0));
    refused(f, reveal(f, ROK, index, 0), "this side has revealed its nonce already");
    assert_true(ls_record_at(f->record, late).lapsed);
}

/* Under whose name: a free choice. */
static void test_choices(void **state)
{
    fixture *f = *state;
    uint64_t index = begin(f);
    const ls_inspected *x = says(f, choose(f, index, "2", "0\n6\n"), LS_INSPECTED_CHOOSE, (uint32_t)index);
    assert_int_equal(x->rows, 2);
    assert_int_equal(says(f, choose(f, index, "1", "3\n"), LS_INSPECTED_CHOOSE, (uint32_t)index)->rows, 1);
    static const struct {
        const char *rows, *text;
    } wrong[] = {
        {"2", "6\n0\n"},    /* out of order */
        {"2", "3\n3\n"},    /* twice */
        {"1", "7\n"},       /* beyond the population */
        {"1", "0\n6\n"},    /* more than it says */
        {"2", "0\n"},       /* fewer */
        {"3", "0\n1\n2\n"}, /* more than were to be drawn: two, and no replacements */
        {"1", "-1\n"},
        {"1", "+1\n"},
        {"1", "01\n"},
        {"1", "1 \n"},
        {"1", " 1\n"},
        {"1", "one\n"},
        {"2", "0 1\n"},
        {"2", "0,1\n"},
        {"2", "0\n\n1\n"},
        {"1", "1.0\n"},
        {"2", "0\nand 1\n"},
        {"1", "18446744073709551616\n"},
        {"1", "18446744073709551615\n"},
        {"1", "9223372036854775808\n"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused(f, choose(f, index, wrong[i].rows, wrong[i].text), "a choice lists at most 2 positions below 7");
    }
    refused(f, with_text(f, choose(f, index, "1", "1\n"), ""), "needs a text");
    /* Of a tranche: its own positions. */
    uint64_t far = take(f, of_tranche(f, "2", "3", "3", "0"));
    acceptable(f, choose(f, far, "3", "0\n1\n2\n"));
    refused(f, choose(f, far, "1", "3\n"), "at most 3 positions below 3");
}

/* Where a side took its commitment back by annulment, after a nonce was known, nobody chooses another. */
static uint64_t begin_swift(fixture *f)
{
    uint64_t index = take(f, said(f, USA, "draw", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, DECLARED),
                                  LS_H_POPULATION, "7", LS_H_ROWS, "1", LS_H_SPARE, "0", END));
    fixture_stamp(f);
    return index;
}

static void test_annulled_after_a_nonce_was_known(void **state)
{
    fixture *f = *state;
    uint64_t index = begin_swift(f);
    take(f, commit(f, DPRK, index, 0));
    uint64_t lost = take(f, by_usa_2(f, commit(f, USA, index, 0)));
    fixture_stamp(f);
    take(f, reveal(f, DPRK, index, 0));
    fixture_stamp(f);
    annul_from(f, lost);
    assert_true(ls_record_at(f->record, lost).annulled);
    refused(f, reveal(f, USA, index, 0), "nobody reveals before both commitments are final");
    refused(f, commit(f, USA, index, 1), "nobody commits once a nonce was revealed");
    acceptable(f, report(f, USA, index, "inconclusive"));
}

/* Before that nothing is lost: another commitment takes its place. */
static void test_annulled_before(void **state)
{
    fixture *f = *state;
    uint64_t index = begin_swift(f);
    take(f, commit(f, DPRK, index, 0));
    uint64_t lost = take(f, by_usa_2(f, commit(f, USA, index, 0)));
    fixture_stamp(f);
    annul_from(f, lost);
    refused(f, reveal(f, DPRK, index, 0), "nobody reveals before both commitments are final");
    take(f, commit(f, USA, index, 1));
    fixture_stamp(f);
    take(f, reveal(f, DPRK, index, 0));
    fixture_stamp(f);
    take(f, reveal(f, USA, index, 1));
}

/* An annulled draw is none, and what was said of it goes nowhere. */
static void test_an_annulled_draw(void **state)
{
    fixture *f = *state;
    uint64_t index = take(f, by_usa_2(f, said(f, USA, "draw", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, DECLARED),
                                              LS_H_POPULATION, "7", LS_H_ROWS, "1", LS_H_SPARE, "0", END)));
    fixture_stamp(f);
    take(f, commit(f, DPRK, index, 0));
    take(f, commit(f, USA, index, 0));
    fixture_stamp(f);
    annul_from(f, index);
    refused(f, reveal(f, DPRK, index, 0), "ref does not name what a reveal can be about");
    refused(f, report(f, DPRK, index, "inconclusive"), "ref does not name what a report can be about");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(inspected, test_population),
        ON(inspected, test_lists),
        ON(inspected, test_how_many),
        ON(inspected, test_declarations),
        ON(inspected, test_another_accord),
        ON(inspected, test_commit_to_what_is_final),
        ON(inspected, test_reveal_in_turn),
        ON(inspected, test_commit_in_either_order),
        ON(inspected, test_copied_commitments),
        ON(inspected, test_two_draws),
        ON(inspected, test_a_draw_that_lapses),
        ON(inspected, test_a_commitment_that_lapses),
        ON(inspected, test_a_nonce_that_lapses),
        ON(inspected, test_choices),
        ON(inspected, test_annulled_after_a_nonce_was_known),
        ON(inspected, test_annulled_before),
        ON(inspected, test_an_annulled_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
