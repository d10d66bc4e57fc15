/* Tests of sheets: what stands on them, what is left out, what hostile text becomes, that the same input gives the same
 * bytes. What comes out of a printer and a scanner is for tests/cli/sheets.py. */
#include "crypto/crypto.h"
#include "sheet/sheet.h"
#include "vectors.h"

typedef ls_result printer(const ls_sheet *, ls_buf *, ls_detail *);
static printer *const printers[] = {ls_sheet_html, ls_sheet_pdf};

static bool holds(const ls_buf *b, const char *text)
{
    return memmem(b->ptr, b->len, text, strlen(text)) != NULL;
}

static size_t count_of(const ls_buf *b, const char *text)
{
    size_t count = 0, len = strlen(text);
    for (size_t i = 0; i + len <= b->len; i++) {
        count += memcmp(b->ptr + i, text, len) == 0;
    }
    return count;
}

static void make_html(const ls_sheet *sheet, ls_buf *out)
{
    ls_detail detail = {0};
    ls_buf_free(out);
    assert_success(ls_sheet_html(sheet, out, &detail));
}

static void assert_holds(const ls_buf *b, const char *text)
{
    if (!holds(b, text)) {
        fail_msg("no %s in:\n%.*s", text, (int)b->len, (const char *)b->ptr);
    }
}

/* Its words are those of test_words.c. */
static ls_hash charter;
static ls_hash draw;

static const ls_bytes choices[] = {{(const uint8_t *)"as declared", 11}, {(const uint8_t *)"not there", 9}};
static const ls_bytes signatures[] = {{(const uint8_t *)"Inspector", 9}};

static ls_sheet full_sheet(const ls_codes *codes)
{
    static ls_sheet_pair field, note;
    static ls_sheet_blank blank;
    assert_true(
        ls_hash_parse(ls_bytes_str("a82f24c48c9ee106dd11952a8026e14f3760ae4686748dd80e6cae8dd4e98a04"), &charter));
    assert_true(ls_hash_parse(ls_bytes_str("00112233445566778899aabbccddeeff0123456789abcdef0011223344556677"), &draw));
    field = (ls_sheet_pair){ls_bytes_str("name"), ls_bytes_str("building 12")};
    note = (ls_sheet_pair){ls_bytes_str("Notice"), ls_bytes_str("24 hours")};
    blank = (ls_sheet_blank){ls_bytes_str("The site is"), 2, choices, 3};
    return (ls_sheet){
        .exercise = true,
        .title = ls_bytes_str("A visit"),
        .process = ls_bytes_str("A process"),
        .charter = &charter,
        .draw = &draw,
        .site = 3,
        .sites = 18,
        .position = 41,
        .tranche = ls_bytes_str("first"),
        .row = 17,
        .field_count = 1,
        .field = &field,
        .note_count = 1,
        .note = &note,
        .blank_count = 1,
        .blank = &blank,
        .signature_count = 1,
        .signature = signatures,
        .checkpoint_size = 1234,
        .checkpoint_time = 1539072000, /* date -u -d @1539072000 */
        .codes = codes,
        .reading = ls_bytes_str("Scan all."),
    };
}

static void all_that_stands_on_it(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<!DOCTYPE html>\n<html lang=en>",
        "<title>EXERCISE: A visit</title>",
        "<h1 dir=auto>A visit</h1><p dir=auto>A process</p>",
        "<p class=mark><b>EXERCISE</b> Nothing on this sheet can pass as real.</p>",
        "<tr><th scope=row dir=auto>Site</th><td dir=auto>3 of 18</td></tr>",
        "<td dir=auto>00112233 44556677 8899aabb ccddeeff 01234567 89abcdef 00112233 44556677</td>",
        "<td dir=auto>41</td>",
        "<td dir=auto>17 of tranche first</td>",
        "<th scope=row dir=auto>name</th><td dir=auto>building 12</td>",
        "<th scope=row dir=auto>Notice</th><td dir=auto>24 hours</td>",
        "<li>poboz</li>",
        "<li>momah</li>\n</ol>",
        "<h3 dir=auto>The site is</h3>",
        "<bdi>not there</bdi>",
        "<h3 dir=auto>Inspector</h3>",
        "Record of 1234 entries, checkpoint of 2018-10-09T08:00:00Z · Codes ",
        "<p dir=auto>Scan all.</p>",
        "aria-label=\"Code 1 of 1\"",
    };
    ls_arena arena = {0};
    ls_codes codes;
    ls_buf html = {0};
    assert_success(ls_codes_write(&arena, ls_bytes_str("payload"), &codes, NULL));
    ls_sheet sheet = full_sheet(&codes);
    make_html(&sheet, &html);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_holds(&html, texts[i]);
    }
    assert_int_equal(count_of(&html, "<li>"), 16);
    assert_int_equal(count_of(&html, "<svg"), 1);
    assert_int_equal(count_of(&html, "<h2>"), 7);
    ls_buf_free(&html);
    ls_arena_free(&arena);
}

/* Of a sheet that says nothing only the title stands there. */
static void what_is_left_out(void **state)
{
    (void)state;
    ls_sheet sheet = {.title = ls_bytes_str("A visit")};
    ls_buf html = {0};
    make_html(&sheet, &html);
    static const char *const absent[] = {"<h2>", "EXERCISE", "<li>", "<svg", "Record of", "Codes", "Site", "Draw"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        assert_false(holds(&html, absent[i]));
    }
    assert_holds(&html, "<title>A visit</title>");
    ls_buf_free(&html);
}

/* Twice the same, behind what was there before. */
static void same_input_same_bytes(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_codes codes;
    assert_success(ls_codes_write(&arena, ls_bytes_str("payload"), &codes, NULL));
    ls_sheet sheet = full_sheet(&codes);
    for (size_t i = 0; i < sizeof printers / sizeof *printers; i++) {
        ls_buf first = {0}, second = {0};
        ls_detail detail = {0};
        ls_buf_put_str(&second, "before");
        assert_success(printers[i](&sheet, &first, &detail));
        assert_success(printers[i](&sheet, &second, &detail));
        assert_bytes(ls_bytes_of(second.ptr, 6), ls_bytes_str("before"));
        assert_bytes(ls_bytes_of(second.ptr + 6, second.len - 6), ls_buf_bytes(&first));
        assert_false(holds(&first, "CreationDate"));
        ls_buf_free(&first);
        ls_buf_free(&second);
    }
    ls_arena_free(&arena);
}

static void hostile_text_is_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"</td><script>alert(1)</script>", "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\"' onload='x' &amp;", "&quot;&#39; onload=&#39;x&#39; &amp;amp;"},
        {"a\xe2\x80\xae"
         "b\xe2\x81\xa6"
         "c\xd8\x9c",
         "a[U+202E]b[U+2066]c[U+061C]"},
        {"a\xc2\xad"
         "b\xe2\x80\x8b"
         "c\xef\xbb\xbf"
         "d\xf3\xa0\x81\x81"
         "e\xe3\x85\xa4",
         "a[U+00AD]b[U+200B]c[U+FEFF]d[U+E0041]e[U+3164]"},
        {"\xd9\x85\xe2\x80\x8c\xd9\x86", "\xd9\x85\xe2\x80\x8c\xd9\x86"}, /* Persian needs its joiners */
        {"a\x1b[31m\x7f\xc2\x9b\t\r", "a[U+001B][31m[U+007F][U+009B][U+0009][U+000D]"},
        {"a\xff\xc3(\xed\xa0\x80", "a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"two\nlines", "two\nlines"},
        {"\xed\x8f\x89\xec\x96\x91 \xef\xbf\xbd", "\xed\x8f\x89\xec\x96\x91 \xef\xbf\xbd"},
    };
    ls_buf html = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[256];
        ls_sheet_pair field = {ls_bytes_str(cases[i][0]), ls_bytes_str(cases[i][0])};
        ls_sheet sheet = {.title = ls_bytes_str("x"), .field_count = 1, .field = &field};
        make_html(&sheet, &html);
        snprintf(expected, sizeof expected, "<th scope=row dir=auto>%s</th><td dir=auto>%s</td></tr>", cases[i][1],
                 cases[i][1]);
        assert_holds(&html, expected);
    }
    ls_sheet_pair zero = {ls_bytes_of("a\0b", 3), ls_bytes_of("", 0)};
    ls_sheet sheet = {.title = ls_bytes_str("one\nline"), .field_count = 1, .field = &zero};
    make_html(&sheet, &html);
    assert_holds(&html, ">a[U+0000]b</th>");
    assert_holds(&html, "<h1 dir=auto>one line</h1>");
    ls_buf_free(&html);
}

/* However many are asked for. */
static void forms_have_an_end(void **state)
{
    (void)state;
    ls_bytes many[LS_SHEET_CHOICES_MAX + 5];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        many[i] = ls_bytes_str("a choice that takes some room of its own, as long ones do");
    }
    ls_sheet_blank blank = {ls_bytes_str("x"), sizeof many / sizeof *many, many, UINT32_MAX};
    ls_sheet sheet = {.title = ls_bytes_str("x"), .blank_count = 1, .blank = &blank};
    ls_buf html = {0}, pdf = {0};
    make_html(&sheet, &html);
    assert_int_equal(count_of(&html, "<div class=line>"), LS_SHEET_LINES_MAX);
    assert_int_equal(count_of(&html, "<span class=choice>"), LS_SHEET_CHOICES_MAX);
    assert_success(ls_sheet_pdf(&sheet, &pdf, NULL));
    ls_buf_free(&html);
    ls_buf_free(&pdf);
}

/* Texts that ls_codes_write never makes: nothing is printed, and nothing is lost. */
static void codes_that_are_none(void **state)
{
    (void)state;
    char *longest = malloc(3393);
    assert_non_null(longest);
    memset(longest, '0', 3392);
    longest[3392] = '\0';
    const char *const texts[] = {"lower case", longest}; /* of version 40 at M, 3,391 characters are all */
    for (size_t i = 0; i < 4; i++) {
        const char *text[] = {"LS1:", texts[i / 2]};
        ls_codes codes = {.count = 2, .text = text};
        ls_sheet sheet = {.title = ls_bytes_str("x"), .codes = &codes};
        ls_buf out = {0};
        ls_detail detail = {0};
        ls_buf_put_str(&out, "before");
        assert_fault(printers[i % 2](&sheet, &out, &detail), ls_fault_sheet_failed);
        assert_non_null(strstr(detail.text, "QR code"));
        assert_bytes(ls_buf_bytes(&out), ls_bytes_str("before"));
        assert_fault(printers[i % 2](&sheet, &out, NULL), ls_fault_sheet_failed);
        ls_buf_free(&out);
    }
    free(longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_stands_on_it), cmocka_unit_test(what_is_left_out),
        cmocka_unit_test(same_input_same_bytes), cmocka_unit_test(hostile_text_is_text),
        cmocka_unit_test(forms_have_an_end),     cmocka_unit_test(codes_that_are_none),
    };
    if (ls_failed(ls_crypto_init())) {
        return 1;
    }
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
