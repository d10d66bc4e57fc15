/* Samples: the reference values, every small population in whole numbers, and what can't be written as a decimal. */
#include "sampling/chance.h"
#include "sampling/sampling.h"
#include "vectors.h"
#include <gmp.h>
#include <math.h>

static ls_fraction fraction(const char *text)
{
    ls_fraction f = {0, 0};
    assert_true(ls_fraction_parse(ls_bytes_str(text), &f));
    return f;
}

static const char *const levels[] = {"0.2", "0.5", "0.9", "0.95"};

#define LEVELS (sizeof levels / sizeof *levels)

static ls_sampling perfect(uint64_t rows, uint64_t violations)
{
    return (ls_sampling){rows, violations, {1, 1}};
}

/* Enumerated with exact fractions by another program; the counts of sites and buildings are RAND's and Asan's. */
static void table_of_least(void **state)
{
    (void)state;
    static const uint64_t violations[] = {1, 2, 5, 10};
    static const struct {
        uint64_t rows, least[4][LEVELS];
    } table[] = {
        {20, {{4, 10, 18, 19}, {3, 6, 14, 16}, {1, 3, 7, 9}, {1, 1, 4, 4}}},
        {50, {{10, 25, 45, 48}, {6, 15, 34, 39}, {3, 7, 18, 22}, {1, 4, 10, 12}}},
        {100, {{20, 50, 90, 95}, {11, 30, 69, 78}, {5, 13, 37, 45}, {3, 7, 20, 25}}},
        {141, {{29, 71, 127, 134}, {15, 42, 97, 110}, {7, 18, 52, 63}, {4, 10, 29, 36}}},
        {390, {{78, 195, 351, 371}, {42, 115, 267, 303}, {17, 51, 144, 175}, {9, 26, 80, 100}}},
        {663, {{133, 332, 597, 630}, {70, 195, 453, 515}, {29, 86, 244, 298}, {15, 45, 136, 171}}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        for (size_t d = 0; d < 4; d++) {
            ls_sampling s = perfect(table[i].rows, violations[d]);
            for (size_t t = 0; t < LEVELS; t++) {
                uint64_t n = 0;
                assert_true(ls_sampling_least(&s, fraction(levels[t]), &n));
                assert_int_equal(n, table[i].least[d][t]);
            }
        }
    }
}

/* 1 - C(N-D,n) / C(N,n) >= target, in whole numbers. */
static bool reaches(uint64_t rows, uint64_t violations, uint64_t n, ls_fraction target)
{
    mpz_t missed, all;
    mpz_inits(missed, all, NULL);
    mpz_bin_uiui(missed, rows - violations, n);
    mpz_mul_ui(missed, missed, target.den);
    mpz_bin_uiui(all, rows, n);
    mpz_mul_ui(all, all, target.den - target.num);
    bool reaches = mpz_cmp(missed, all) <= 0;
    mpz_clears(missed, all, NULL);
    return reaches;
}

/* INMM J. 44(3): the IAEA's formula asks for at most three rows too many, and the refined one for at most one. */
static void every_population_below_400(void **state)
{
    (void)state;
    uint64_t over = 0, refined_over = 0;
    for (size_t t = 0; t < LEVELS; t++) {
        ls_fraction target = fraction(levels[t]);
        for (uint64_t rows = 1; rows < 400; rows++) {
            for (uint64_t d = 1; d <= rows; d++) {
                ls_sampling s = perfect(rows, d);
                uint64_t n = 0;
                assert_true(ls_sampling_least(&s, target, &n));
                assert_true(n >= 1 && reaches(rows, d, n, target) && !reaches(rows, d, n - 1, target));
                uint64_t iaea = ls_sampling_iaea(&s, target), refined = ls_sampling_refined(&s, target);
                assert_in_range(iaea - n, 0, 3);
                assert_in_range(refined - n, 0, 1);
                over = iaea - n > over ? iaea - n : over;
                refined_over = refined - n > refined_over ? refined - n : refined_over;
            }
        }
    }
    assert_int_equal(over, 3);
    assert_int_equal(refined_over, 1);
}

static void assert_near(double actual, double expected, double error)
{
    if (fabs(actual - expected) > error) {
        fail_msg("%.17g is not %.17g", actual, expected);
    }
}

static void reference_values(void **state)
{
    (void)state;
    static const double eighteen[] = {0.18, 0.329, 0.452, 0.554, 0.638};
    for (uint64_t d = 1; d <= 5; d++) {
        ls_sampling s = perfect(100, d);
        assert_near(ls_sampling_detection(&s, 18), eighteen[d - 1], 0.0005);
    }
    ls_sampling sites = perfect(141, 5);
    assert_near(ls_sampling_detection(&sites, 53), 0.909, 0.0005);
    sites.sensitivity = fraction("0.8");
    assert_near(ls_sampling_detection(&sites, 53), 0.836, 0.0005);
    ls_sampling hidden = {141, 1, fraction("0.9")};
    assert_near(ls_posterior(ls_sampling_detection(&hidden, 20), 0.5), 0.466, 0.0005);
    assert_near(ls_sampling_found(&hidden, 20), 0.9 * 20 / 141, 1e-15);
}

/* One violation, noticed with q: P = q n / N, a straight line, whose points are targets that are hit exactly. */
static void targets_hit_exactly(void **state)
{
    (void)state;
    static const struct {
        uint64_t rows, violations;
        const char *sensitivity, *target;
        uint64_t least;
    } cases[] = {
        {100, 1, "1", "0.9", 90},
        {100, 1, "0.9", "0.9", 100},
        {100, 1, "0.9", "0.45", 50},
        {1000000000, 1, "1", "0.9", 900000000},
        {1000000000, 1, "1", "0.123456789", 123456789},
        {1000000000, 1, "0.5", "0.5", 1000000000},
        {1000000000, 1, "0.5", "0.25", 500000000},
        {1000000000, 1, "0.000000001", "0.000000001", 1000000000},
        {1000000000, 1000000000, "0.5", "0.75", 2},
        {1000000000, 1000000000, "0.999999999", "0.999999999", 1},
        {5, 2, "1", "0.7", 2},
        /* Found by trying with Python's fractions. */
        {12, 2, "0.9", "0.975", 11},
        {31, 2, "0.9", "0.72", 16},
        {49, 2, "0.25", "0.0703125", 7},
        {53, 2, "0.9", "0.9", 40},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_sampling s = {cases[i].rows, cases[i].violations, fraction(cases[i].sensitivity)};
        uint64_t n = 0;
        assert_true(ls_sampling_least(&s, fraction(cases[i].target), &n));
        assert_int_equal(n, cases[i].least);
    }
}

/* With half of the rows special and an odd number drawn, it is as likely that fewer than half of these are as that more
 * are: a tie of any size. */
static void halves_are_halves(void **state)
{
    (void)state;
    static const uint64_t drawn[] = {1, 99, CHANCE_EXACT_TERMS - 1, CHANCE_EXACT_TERMS + 1, 99999};
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        chance c = {1000000, 500000, drawn[i], CHANCE_AT_MOST, {1, 1}, drawn[i] / 2};
        for (int way = 0; way < 2; way++) {
            int (*compare)(const chance *c, ls_fraction with) = way == 0 ? chance_compare : chance_compare_exactly;
            assert_int_equal(compare(&c, (ls_fraction){1, 2}), 0);
            assert_int_equal(compare(&c, (ls_fraction){499999999, 1000000000}), 1);
            assert_int_equal(compare(&c, (ls_fraction){500000001, 1000000000}), -1);
        }
        c.weight = CHANCE_AT_LEAST;
        c.bound++;
        assert_int_equal(chance_compare(&c, (ls_fraction){1, 2}), 0);
    }
}

/* The least n by the alternating series of factorial moments, with 120 digits of Python's decimals. */
static void large_sums(void **state)
{
    (void)state;
    static const struct {
        ls_sampling of;
        ls_fraction target;
        uint64_t least;
    } cases[] = {
        {{1000000000, 500000000, {1, 100000000}}, {9, 10}, 460517017},
        {{1000000000, 10, {9, 10}}, {9, 10}, 228524183},
        {{100000000, 1000000, {1, 10000}}, {95, 100}, 2995727},
        {{1000000000, 1000, {9, 10}}, {9, 10}, 2555484},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ls_sampling *s = &cases[i].of;
        ls_fraction q = s->sensitivity, kept = {q.den - q.num, q.den};
        ls_fraction beta = {cases[i].target.den - cases[i].target.num, cases[i].target.den};
        uint64_t n = 0;
        assert_true(ls_sampling_least(s, cases[i].target, &n));
        assert_int_equal(n, cases[i].least);
        for (uint64_t less = 0; less < 2; less++) {
            chance c = {s->rows, s->violations, n - less, CHANCE_POWER, kept, 0};
            assert_int_equal(chance_compare_exactly(&c, beta), less == 0 ? -1 : 1);
        }
    }
}

static void what_no_sample_reaches(void **state)
{
    (void)state;
    uint64_t n = 7;
    ls_sampling s = {141, 1, fraction("0.8")};
    assert_false(ls_sampling_least(&s, fraction("0.9"), &n));
    s = (ls_sampling){1000000000, 2, fraction("0.6")}; /* 1 - 0.4^2 */
    assert_false(ls_sampling_least(&s, fraction("0.840000001"), &n));
    assert_int_equal(n, 7);
    assert_true(ls_sampling_least(&s, fraction("0.84"), &n));
    assert_int_equal(n, 1000000000);
}

static void ends_of_detection(void **state)
{
    (void)state;
    static const uint64_t rows[] = {1, 2, 3, 1000, 1000000000};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ls_sampling one = perfect(rows[i], 1), all = perfect(rows[i], rows[i]);
        assert_true(ls_sampling_detection(&one, 0) == 0 && ls_sampling_detection(&all, 0) == 0);
        assert_true(ls_sampling_detection(&one, rows[i]) == 1 && ls_sampling_detection(&all, 1) == 1);
        assert_near(ls_sampling_detection(&one, 1) * (double)rows[i], 1, 1e-15);
    }
    ls_sampling faint = {1000000000, 1, fraction("0.000000001")};
    assert_near(ls_sampling_detection(&faint, 1) * 1e18, 1, 1e-10);
}

static void decimals(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",     ".",    ".9",   "0.",    "1.1",  "1.0000000001", "-0.5",
                                        "+0.5", "0,9",  "00.9", "1e-1",  "0.9 ", "0x1",          "2",
                                        "0..9", "0.9.", "0.-9", "0.1\n", "nan",  "0.\xd9\xa9"};
    ls_fraction f = {7, 7};
    uint64_t fixed = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(ls_fraction_parse(ls_bytes_str(wrong[i]), &f));
    }
    assert_false(ls_fraction_parse(ls_bytes_of("0.5\0", 4), &f));
    assert_true(f.num == 7 && f.den == 7);
    f = fraction("0.90");
    assert_true(f.num == 9 && f.den == 10);
    f = fraction("0.000000001");
    assert_true(f.num == 1 && f.den == 1000000000);
    f = fraction("1.0");
    assert_true(f.num == 1 && f.den == 1);
    f = fraction("0");
    assert_true(f.num == 0 && f.den == 1);
    assert_false(ls_fixed_parse(ls_bytes_str("10000000.001"), LS_COST_DECIMALS, LS_COST_MAX, &fixed));
    assert_false(ls_fixed_parse(ls_bytes_str("0.0001"), LS_COST_DECIMALS, LS_COST_MAX, &fixed));
    assert_int_equal(fixed, 7);
    assert_true(ls_fixed_parse(ls_bytes_str("10000000.00"), LS_COST_DECIMALS, LS_COST_MAX, &fixed));
    assert_int_equal(fixed, 10000000000);
    assert_true(ls_fixed_parse(ls_bytes_str("12.5"), LS_COST_DECIMALS, LS_COST_MAX, &fixed));
    assert_int_equal(fixed, 12500);
}

static void shares_and_costs(void **state)
{
    (void)state;
    static const ls_stratum two[] = {{100, 100 * 1000}, {41, 41 * 3500}}; /* 1 and 3.5 a row */
    static const ls_stratum large[] = {{999999998, UINT64_C(9999999980000000000)}, {1, 10000000000}, {1, 0}};
    uint64_t out[3];
    ls_strata_share(two, 2, 141, out);
    assert_true(out[0] == 100 && out[1] == 41);
    ls_strata_share(two, 2, 0, out);
    assert_true(out[0] == 0 && out[1] == 0);
    ls_strata_share(two, 2, 20, out); /* 14.2 and 5.8 */
    assert_true(out[0] == 14 && out[1] == 6);
    assert_int_equal(ls_strata_cost(two, 2, out), 35000);
    assert_int_equal(ls_strata_afford(two, 2, 35000), 20);
    assert_int_equal(ls_strata_afford(two, 2, 34999), 19);
    assert_int_equal(ls_strata_afford(two, 2, 999), 0);
    assert_int_equal(ls_strata_afford(two, 2, UINT64_MAX), 141);
    ls_strata_share(large, 3, 1000000000, out);
    assert_true(out[0] == 999999998 && out[1] == 1 && out[2] == 1);
    assert_int_equal(ls_strata_cost(large, 3, out), UINT64_C(9999999990000000000));
}

static void games(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_game g;
    assert_success(ls_game_solve(2, 1, &arena, &g));
    assert_string_equal(g.num, "1");
    assert_string_equal(g.den, "3");
    assert_near(g.inspect, 1.0 / 3, 1e-15);
    assert_success(ls_game_solve(5, 0, &arena, &g)); /* nobody ever looks */
    assert_string_equal(g.num, "1");
    assert_string_equal(g.den, "1");
    assert_near(g.inspect, 0, 0);
    assert_success(ls_game_solve(3, 3, &arena, &g)); /* always */
    assert_string_equal(g.num, "0");
    assert_near(g.inspect, 1, 0);
    assert_success(ls_game_solve(LS_PERIODS_MAX, LS_PERIODS_MAX / 2, &arena, &g));
    assert_in_range(strlen(g.den), 290, 302);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_least),
        cmocka_unit_test(every_population_below_400),
        cmocka_unit_test(reference_values),
        cmocka_unit_test(targets_hit_exactly),
        cmocka_unit_test(halves_are_halves),
        cmocka_unit_test(large_sums),
        cmocka_unit_test(what_no_sample_reaches),
        cmocka_unit_test(ends_of_detection),
        cmocka_unit_test(decimals),
        cmocka_unit_test(shares_and_costs),
        cmocka_unit_test(games),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
