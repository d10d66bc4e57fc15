/* Tests of lists of options, of rankings, and of the rules that choose by them. */
#include "psi/options.h"
#include "psi/ranking.h"
#include "vectors.h"

/* ---- options.json ---- */

static const ls_fault *parse(const char *text, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_psi_options out;
    *detail = (ls_detail){0};
    ls_result r = ls_psi_options_parse(&arena, ls_bytes_str(text), &out, detail);
    ls_arena_free(&arena);
    return r.fault;
}

#define OPTION "{\"date\":\"2019-02-27\",\"place\":\"Hanoi\"}"

static void test_options(void **state)
{
    (void)state;
    json_t *doc = read_json_file(own_vector("psi/psi.json"));
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(doc, "runs"), i, entry)
    {
        ls_arena arena = {0};
        ls_psi_options o;
        ls_buf again = {0};
        const json_t *texts = json_object_get(entry, "texts");
        assert_success(ls_psi_options_parse(&arena, json_member(entry, "options"), &o, NULL));
        assert_int_equal(o.count, json_array_size(texts));
        for (uint32_t j = 0; j < o.count; j++) {
            assert_bytes(o.text[j], json_text(json_array_get(texts, j)));
        }
        assert_success(ls_psi_options_write(o.option, o.count, &again, NULL));
        assert_bytes(ls_buf_bytes(&again), json_member(entry, "options"));
        ls_buf_free(&again);
        ls_arena_free(&arena);
    }
    json_decref(doc);
}

static void test_options_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{\"options\":[]}", "0 options"},
        {"{\"option\":[" OPTION "]}", "\"options\" alone"},
        {"{\"options\":[" OPTION "],\"x\":1}", "\"options\" alone"},
        {"[" OPTION "]", "\"options\" alone"},
        {"{\"options\":" OPTION "}", "\"options\" alone"},
        {"{\"options\": [" OPTION "]}", "canonical"},
        {"{\"options\":[{\"place\":\"Hanoi\",\"date\":\"2019-02-27\"}]}", "canonical"},
        {"{\"options\":[" OPTION "," OPTION "]}", "option 2 is the same as option 1"},
        {"{\"options\":[\"x\"]}", "option 1 is no object"},
        {"{\"options\":[" OPTION ",{\"date\":\"2019-02-27\"}]}", "option 2 has no place"},
        {"{\"options\":[{\"place\":\"Hanoi\"}]}", "option 1 has no date"},
        {"{\"options\":[{\"date\":20190227,\"place\":\"Hanoi\"}]}", "something else"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"note\":\"x\",\"place\":\"Hanoi\"}]}", "something else"},
        {"{\"options\":[{\"date\":\"2019-02-30\",\"place\":\"Hanoi\"}]}", "no date"},
        {"{\"options\":[{\"date\":\"27 February\",\"place\":\"Hanoi\"}]}", "no date"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Hanoi\",\"until\":\"\"}]}", "something else"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Hanoi\",\"until\":\"soon\"}]}", "no date"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Hanoi\",\"until\":\"2019-02-27\"}]}", "no later"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Hanoi\",\"until\":\"2019-02-26\"}]}", "no later"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"\"}]}", "no place"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\" Hanoi\"}]}", "space around"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Hanoi\\n\"}]}", "control"},
        {"{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Ha\xe2\x80\xaenoi\"}]}", "control"},
    };
    ls_detail detail;
    assert_null(parse("{\"options\":[" OPTION "]}", &detail));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ptr_equal(parse(cases[i].text, &detail), &ls_fault_psi_options);
        if (strstr(detail.text, cases[i].says) == NULL) {
            fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].text, detail.text, cases[i].says);
        }
    }
}

static void test_many_options(void **state)
{
    (void)state;
    static char places[LS_PSI_OPTIONS_MAX + 1][16];
    ls_psi_option *option = calloc(LS_PSI_OPTIONS_MAX + 1, sizeof *option);
    assert_non_null(option);
    for (size_t i = 0; i <= LS_PSI_OPTIONS_MAX; i++) {
        snprintf(places[i], sizeof places[i], "place %zu", i);
        option[i] = (ls_psi_option){.date = ls_bytes_str("2019-02-27"), .place = ls_bytes_str(places[i])};
    }
    ls_buf out = {0};
    assert_success(ls_psi_options_write(option, LS_PSI_OPTIONS_MAX, &out, NULL));
    ls_arena arena = {0};
    ls_psi_options o;
    assert_success(ls_psi_options_parse(&arena, ls_buf_bytes(&out), &o, NULL));
    assert_int_equal(o.count, LS_PSI_OPTIONS_MAX);
    size_t len = out.len;
    assert_fault(ls_psi_options_write(option, LS_PSI_OPTIONS_MAX + 1, &out, NULL), ls_fault_psi_options);
    option[1].place = ls_bytes_str("\xff");
    assert_fault(ls_psi_options_write(option, 2, &out, NULL), ls_fault_psi_options);
    option[1].place = option[0].place;
    assert_fault(ls_psi_options_write(option, 2, &out, NULL), ls_fault_psi_options);
    assert_int_equal(out.len, len);
    ls_arena_free(&arena);
    ls_buf_free(&out);
    free(option);
}

/* ---- Rankings ---- */

static const ls_psi_run run = {
    .sid = {{4}}, .party = {{(const uint8_t *)"usa", 3}, {(const uint8_t *)"dprk", 4}}, .cap = 9};

static uint32_t numbers_of(const json_t *array, uint32_t *out)
{
    size_t i;
    const json_t *n;
    json_array_foreach(array, i, n)
    {
        out[i] = (uint32_t)json_integer_value(n);
    }
    return (uint32_t)json_array_size(array);
}

static void check_ranking(const json_t *entry, unsigned k, const uint32_t *common, uint32_t count, uint32_t *ranking)
{
    const json_t *s = json_array_get(json_object_get(entry, "sides"), k);
    ls_psi_run its = {.sid = hash_of_hex(json_object_get(entry, "sid")), .cap = 99};
    ls_hash seed = hash_of_hex(json_object_get(s, "seed")), commitment;
    uint8_t salt[LS_PSI_SALT_SIZE];
    uint32_t read[64];
    ls_buf message = {0}, expected = {0};
    its.party[k] = json_member(s, "party");
    assert_int_equal(numbers_of(json_object_get(s, "ranking"), ranking), count);
    ls_psi_ranking_salt(seed.b, &its, k, ranking, count, salt);
    assert_success(ls_psi_ranking_write(&its, k, salt, ranking, count, &message));
    assert_bytes(ls_buf_bytes(&message), hex_member(s, "ranking_message", &expected));
    ls_psi_commitment(ls_buf_bytes(&message), &commitment);
    ls_hash committed = hash_of_hex(json_object_get(s, "ranking_commitment"));
    assert_true(ls_hash_equal(&commitment, &committed));
    assert_success(ls_psi_ranking_parse(&its, k, common, count, ls_buf_bytes(&message), &committed, read, NULL));
    assert_memory_equal(read, ranking, count * sizeof *read);
    ls_buf_free(&message);
    ls_buf_free(&expected);
}

static void test_ranking_vectors(void **state)
{
    (void)state;
    json_t *doc = read_json_file(own_vector("psi/psi.json"));
    const json_t *entry, *choice;
    size_t i, j, chosen = 0;
    json_array_foreach(json_object_get(doc, "runs"), i, entry)
    {
        uint32_t common[64], first[64], second[64], tied[64], expected[64];
        uint32_t count = numbers_of(json_object_get(entry, "common"), common);
        if (count == 0) {
            continue;
        }
        check_ranking(entry, 0, common, count, first);
        check_ranking(entry, 1, common, count, second);
        json_array_foreach(json_object_get(entry, "choices"), j, choice)
        {
            ls_psi_rule rule;
            ls_psi_choice out;
            assert_true(ls_psi_rule_parse(json_member(choice, "rule"), &rule));
            assert_success(ls_psi_choose(rule, common, count, first, second, &out, tied));
            assert_int_equal(out.option, json_integer_value(json_object_get(choice, "option")));
            assert_int_equal(out.tied, numbers_of(json_object_get(choice, "tied"), expected));
            assert_memory_equal(tied, expected, out.tied * sizeof *tied);
            chosen++;
        }
    }
    assert_true(chosen >= 9);
    json_decref(doc);
}

static void refuse_ranking(const ls_buf *m, const ls_hash *commitment, const ls_fault *fault, const char *says)
{
    static const uint32_t common[] = {2, 5, 8};
    uint32_t out[3] = {77, 77, 77};
    ls_detail detail = {0};
    assert_ptr_equal(ls_psi_ranking_parse(&run, 1, common, 3, ls_buf_bytes(m), commitment, out, &detail).fault, fault);
    assert_true(out[0] == 77 && out[1] == 77 && out[2] == 77);
    if (strstr(detail.text, says) == NULL || strstr(detail.text, "dprk") == NULL) {
        fail_msg("\"%s\" does not say \"%s\" and who", detail.text, says);
    }
}

static void rank(uint32_t a, uint32_t b, uint32_t c, uint32_t count, ls_buf *out)
{
    uint8_t salt[LS_PSI_SALT_SIZE] = {3};
    uint32_t ranking[] = {a, b, c, 9};
    out->len = 0;
    assert_success(ls_psi_ranking_write(&run, 1, salt, ranking, count, out));
}

static void test_rankings_refused(void **state)
{
    (void)state;
    ls_buf m = {0};
    ls_hash committed;
    rank(5, 8, 2, 3, &m);
    ls_psi_commitment(ls_buf_bytes(&m), &committed);
    size_t len = m.len;
    for (m.len = 0; m.len < len; m.len++) {
        refuse_ranking(&m, NULL, &ls_fault_psi_form, "");
    }
    ls_buf_put_u8(&m, 0);
    refuse_ranking(&m, NULL, &ls_fault_psi_form, "longer");
    rank(5, 2, 8, 3, &m);
    refuse_ranking(&m, &committed, &ls_fault_psi_commitment, "committed");
    rank(5, 2, 5, 3, &m);
    refuse_ranking(&m, NULL, &ls_fault_psi_ranking, "option 5, which it had ranked already");
    rank(5, 2, 7, 3, &m);
    refuse_ranking(&m, NULL, &ls_fault_psi_ranking, "option 7, which is not common");
    rank(5, 2, 8, 2, &m);
    refuse_ranking(&m, NULL, &ls_fault_psi_ranking, "2 options, and 3");
    rank(5, 2, 8, 4, &m);
    refuse_ranking(&m, NULL, &ls_fault_psi_ranking, "4 options, and 3");
    rank(5, 8, 2, 3, &m);
    m.ptr[sizeof "lockstep psi ranking v1"] ^= 1;
    refuse_ranking(&m, NULL, &ls_fault_psi_run, "another run");
    ls_buf_free(&m);
}

/* A side's salt does not give away another ranking's. */
static void test_salts(void **state)
{
    (void)state;
    uint8_t seed[LS_SEED_SIZE] = {1}, a[LS_PSI_SALT_SIZE], b[LS_PSI_SALT_SIZE], c[LS_PSI_SALT_SIZE];
    static const uint32_t one[] = {1, 2}, other[] = {2, 1};
    ls_psi_ranking_salt(seed, &run, 0, one, 2, a);
    ls_psi_ranking_salt(seed, &run, 0, other, 2, b);
    ls_psi_ranking_salt(seed, &run, 1, one, 2, c);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    ls_psi_ranking_salt(seed, &run, 0, one, 2, b);
    assert_memory_equal(a, b, sizeof a);
}

/* ---- Rules ---- */

static void next_permutation(uint32_t *p, uint32_t count, uint32_t number, const uint32_t *common)
{
    uint32_t left[8];
    memcpy(left, common, count * sizeof *left);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = number % (count - i);
        number /= count - i;
        p[i] = left[at];
        memmove(left + at, left + at + 1, (count - i - at - 1) * sizeof *left);
    }
}

static uint32_t rank_of(const uint32_t *ranking, uint32_t option)
{
    uint32_t i = 0;
    while (ranking[i] != option) {
        i++;
    }
    return i;
}

/* What the rules say in words, for every pair of rankings of up to four options. */
static void test_rules(void **state)
{
    (void)state;
    static const uint32_t common[] = {1, 4, 6, 30}, factorial[] = {1, 1, 2, 6, 24};
    for (uint32_t n = 1; n <= 4; n++) {
        for (uint32_t pair = 0; pair < factorial[n] * factorial[n]; pair++) {
            uint32_t a[8], b[8], tied[8];
            ls_psi_choice borda, regret;
            next_permutation(a, n, pair % factorial[n], common);
            next_permutation(b, n, pair / factorial[n], common);
            assert_success(ls_psi_choose(LS_PSI_BORDA, common, n, a, b, &borda, NULL));
            assert_success(ls_psi_choose(LS_PSI_LEAST_REGRET, common, n, a, b, &regret, tied));
            assert_int_equal(tied[0], regret.option);
            for (uint32_t i = 0; i < n; i++) {
                uint32_t x = rank_of(a, common[i]), y = rank_of(b, common[i]), worst = x > y ? x : y;
                uint32_t p = rank_of(a, borda.option), q = rank_of(b, borda.option);
                assert_true(x + y > p + q || (x + y == p + q && common[i] >= borda.option));
                p = rank_of(a, regret.option);
                q = rank_of(b, regret.option);
                uint32_t least = p > q ? p : q;
                assert_true(worst > least ||
                            (worst == least && (x + y > p + q || (x + y == p + q && common[i] >= regret.option))));
            }
        }
    }
}

static void test_rules_named(void **state)
{
    (void)state;
    static const uint32_t common[] = {3, 7, 9}, up[] = {3, 7, 9}, down[] = {9, 7, 3}, wrong[] = {3, 7, 7};
    uint32_t tied[3];
    ls_psi_choice c;
    ls_psi_rule rule;
    assert_success(ls_psi_choose(LS_PSI_EARLIEST, common, 3, NULL, NULL, &c, tied));
    assert_true(c.option == 3 && c.tied == 1 && tied[0] == 3);
    /* Opposite wishes: Borda finds all equal, least regret the middle. */
    assert_success(ls_psi_choose(LS_PSI_BORDA, common, 3, up, down, &c, tied));
    assert_true(c.option == 3 && c.tied == 3 && tied[1] == 7 && tied[2] == 9);
    assert_success(ls_psi_choose(LS_PSI_LEAST_REGRET, common, 3, up, down, &c, tied));
    assert_true(c.option == 7 && c.tied == 1 && tied[0] == 7);
    assert_fault(ls_psi_choose(LS_PSI_BORDA, common, 3, up, wrong, &c, NULL), ls_fault_psi_ranking);
    assert_fault(ls_psi_choose(LS_PSI_BORDA, common, 0, up, down, &c, NULL), ls_fault_psi_none);
    for (int i = LS_PSI_EARLIEST; i <= LS_PSI_LEAST_REGRET; i++) {
        assert_true(ls_psi_rule_parse(ls_bytes_str(ls_psi_rule_name((ls_psi_rule)i)), &rule) && (int)rule == i);
    }
    assert_false(ls_psi_rule_parse(ls_bytes_str("Borda"), &rule));
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_options_refused),
        cmocka_unit_test(test_many_options),
        cmocka_unit_test(test_ranking_vectors),
        cmocka_unit_test(test_rankings_refused),
        cmocka_unit_test(test_salts),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_rules_named),
    };
    return cmocka_run_group_tests_name("psi_choice", tests, set_up, NULL);
}
