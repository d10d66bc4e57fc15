/* Letters that look like others: what is flagged and where, and that languages are left in peace. */
#include "lookalike/lookalike.h"
#include "vectors.h"

static size_t find(const char *text, ls_lookalike *out, size_t max)
{
    size_t count = 99;
    assert_success(ls_lookalike_find(ls_bytes_str(text), max, out, &count));
    return count;
}

static void assert_flagged(const char *text, ls_lookalike_kind kind, const char *word, unsigned line, unsigned column)
{
    ls_lookalike found[4];
    assert_int_equal(find(text, found, 4), 1);
    assert_int_equal(found[0].kind, kind);
    assert_bytes(found[0].word, ls_bytes_str(word));
    assert_int_equal(found[0].mark.line, line);
    assert_int_equal(found[0].mark.column, column);
}

static void test_flagged(void **state)
{
    (void)state;
    assert_flagged("The Pаrties shall", LS_LOOKALIKE_MIXED, "Pаrties", 1, 5);    /* U+0430 */
    assert_flagged("one\ntwo οne", LS_LOOKALIKE_MIXED, "οne", 2, 5);             /* U+03BF */
    assert_flagged("within 3\u0660 days", LS_LOOKALIKE_DIGITS, "3\u0660", 1, 8); /* Arabic-Indic zero */
    assert_flagged("the state of ѕосо is", LS_LOOKALIKE_WHOLE, "ѕосо", 1, 14);   /* all Cyrillic */
    assert_flagged("a mili\u200btary act", LS_LOOKALIKE_INVISIBLE, "mili\u200btary", 1, 3);
    assert_flagged("co\u00adoperate", LS_LOOKALIKE_INVISIBLE, "co\u00adoperate", 1, 1); /* soft hyphen */
    assert_flagged("cafe\u0301s", LS_LOOKALIKE_COMPOSED, "cafe\u0301s", 1, 1);
    assert_flagged("\u1112\u1161\u11ab", LS_LOOKALIKE_COMPOSED, "\u1112\u1161\u11ab", 1, 1); /* 한 in three parts */
}

static void test_left_in_peace(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "The Democratic People's Republic of Korea (조선민주주의인민공화국) shall, within 30 days, …",
        "조선민주주의인민공화국은 발효 후 30일 이내에 핵시설을 신고한다.",
        "Стороны в течение 30 дней прекращают учения; см. также соглашение 1994 года.",
        "Korea (Корея) and Ελλάδα",
        "朝鲜民主主义人民共和国在生效后三十天内 ABC",
        "日本国はカタカナとひらがなABC条約",
        "تلتزم الأطراف خلال ٣٠ يوماً",
        "naïve café Pyŏngyang Yŏngbyŏn Søren Łódź",
        "हिन्दी में समझौता",
        "[p14] **bold** `code` https://example.org/a?b=c#d",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ls_lookalike found[4];
        size_t count = find(texts[i], found, 4);
        if (count > 0) {
            fail_msg("%s: '%.*s' %s", texts[i], (int)found[0].word.len, (const char *)found[0].word.ptr,
                     ls_lookalike_says(found[0].kind));
        }
    }
}

static void test_bounds(void **state)
{
    (void)state;
    ls_lookalike found[2];
    ls_buf text = {0};
    for (size_t i = 0; i < 2000; i++) {
        ls_buf_put_str(&text, "а\u0301a"); /* a word without an end, of both scripts */
    }
    assert_int_equal(find(ls_buf_cstr(&text), found, 2), 2);
    assert_int_equal(find(ls_buf_cstr(&text), found, 0), 0);
    ls_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flagged),
        cmocka_unit_test(test_left_in_peace),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
