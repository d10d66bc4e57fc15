/* Tests of base/: results, bytes, encodings, arenas, time, values, JSON. */
#include "base/value.h"
#include "vectors.h"
#include <dirent.h>
#include <lockstep/time.h>
#include <stdalign.h>
#include <time.h>

static ls_bytes str(const char *s)
{
    return ls_bytes_str(s);
}

/* Results */

static void test_fault_details(void **state)
{
    (void)state;
    ls_detail detail = {.line = 3};
    assert_fault(ls_fail_with(&ls_fault_usage, &detail, "%s of %d", "too many", 5), ls_fault_usage);
    assert_string_equal(detail.text, "too many of 5");
    ls_hint(&detail, "try %d", 4);
    assert_string_equal(detail.hint, "try 4");
    assert_int_equal(detail.line, 3);
    assert_fault(ls_fail_with(&ls_fault_bug, NULL, "nobody listens"), ls_fault_bug);
    ls_hint(NULL, "nobody listens");
    assert_int_equal(ls_fault_memory.class, 3);
}

static void test_fault_details_are_cut(void **state)
{
    (void)state;
    char longer[2000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    ls_detail detail = {0};
    ls_result r = ls_fail_with(&ls_fault_usage, &detail, "%s", longer);
    assert_true(ls_failed(r));
    assert_int_equal(strlen(detail.text), sizeof detail.text - 1);
}

/* Slices and buffers */

static void test_slices(void **state)
{
    (void)state;
    assert_true(ls_bytes_equal(str("abc"), str("abc")));
    assert_false(ls_bytes_equal(str("abc"), str("abd")));
    assert_false(ls_bytes_equal(str("abc"), str("ab")));
    assert_true(ls_bytes_equal(ls_bytes_of(NULL, 0), str("")));
    assert_true(ls_bytes_is(str("abc"), "abc"));
    assert_false(ls_bytes_is(ls_bytes_of("abc\0", 4), "abc"));
    assert_true(ls_bytes_starts(str("abc"), "ab"));
    assert_true(ls_bytes_starts(str("abc"), ""));
    assert_false(ls_bytes_starts(str("abc"), "abcd"));
    assert_false(ls_bytes_starts(str("abc"), "b"));
    const ls_bytes list[] = {str("a"), str("b"), str("ab"), str("b")};
    assert_int_equal(ls_bytes_find(list, 4, str("b")), 1);
    assert_int_equal(ls_bytes_find(list, 4, str("ab")), 2);
    assert_int_equal(ls_bytes_find(list, 2, str("ab")), 2);
    assert_int_equal(ls_bytes_find(list, 4, (ls_bytes){0}), 4);
    ls_hash zero = {0}, one = {.b[31] = 1};
    assert_true(ls_hash_is_zero(&zero));
    assert_false(ls_hash_is_zero(&one));
    assert_false(ls_hash_equal(&zero, &one));
}

static void test_buffer_writes(void **state)
{
    (void)state;
    ls_buf b = {0};
    ls_buf_put_u8(&b, 0x01);
    ls_buf_put_u16(&b, 0x0203);
    ls_buf_put_u32(&b, 0x04050607);
    ls_buf_put_u64(&b, 0x08090a0b0c0d0e0f);
    ls_buf_put_hex(&b, ls_bytes_of("\xab\x01", 2));
    ls_buf_put_base64(&b, str("foob"));
    ls_buf_format(&b, "%d%s", 7, "!");
    ls_buf_put_str(&b, "");
    ls_buf_put(&b, NULL, 0);
    assert_bytes(ls_buf_bytes(&b), ls_bytes_of("\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf"
                                               "ab01"
                                               "Zm9vYg=="
                                               "7!",
                                               29));
    assert_string_equal(ls_buf_cstr(&b) + 15, "ab01Zm9vYg==7!");
    assert_int_equal(b.len, 29);
    assert_success(ls_buf_check(&b));
    ls_buf_wipe(&b);
    assert_null(b.ptr);
    assert_string_equal(ls_buf_cstr(&b), "");
    ls_buf_free(&b);
}

static void test_buffer_grows(void **state)
{
    (void)state;
    ls_buf b = {0};
    for (size_t i = 0; i < 100000; i++) {
        ls_buf_put_u8(&b, (uint8_t)(i * 7));
    }
    assert_int_equal(b.len, 100000);
    for (size_t i = 0; i < b.len; i++) {
        assert_int_equal(b.ptr[i], (uint8_t)(i * 7));
    }
    ls_buf_free(&b);
}

static void test_buffer_failure_is_sticky(void **state)
{
    (void)state;
    ls_buf b = {0};
    ls_buf_put_str(&b, "kept");
    assert_null(ls_buf_extend(&b, SIZE_MAX / 2));
    ls_buf_put_str(&b, "ignored");
    ls_buf_format(&b, "ignored");
    ls_buf_put_hex(&b, str("ignored"));
    ls_buf_put_base64(&b, str("ignored"));
    assert_bytes(ls_buf_bytes(&b), str("kept"));
    assert_string_equal(ls_buf_cstr(&b), "");
    assert_fault(ls_buf_check(&b), ls_fault_memory);
    ls_buf_free(&b);
}

/* Readers */

static void test_reader(void **state)
{
    (void)state;
    uint8_t bytes[15 + LS_HASH_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i + 1);
    }
    ls_reader r = ls_reader_of(ls_bytes_of(bytes, sizeof bytes));
    assert_int_equal(ls_read_u8(&r), 0x01);
    assert_int_equal(ls_read_u16(&r), 0x0203);
    assert_int_equal(ls_read_u32(&r), 0x04050607);
    assert_true(ls_read_u64(&r) == 0x08090a0b0c0d0e0f);
    assert_int_equal(ls_reader_left(&r), LS_HASH_SIZE);
    assert_false(ls_reader_done(&r));
    ls_hash hash;
    ls_read_hash(&r, &hash);
    assert_memory_equal(hash.b, bytes + 15, LS_HASH_SIZE);
    assert_true(ls_reader_done(&r));
}

static void test_reader_past_the_end(void **state)
{
    (void)state;
    ls_reader r = ls_reader_of(ls_bytes_of("\1\2\3", 3));
    assert_int_equal(ls_read_u32(&r), 0);
    assert_true(r.failed);
    assert_int_equal(ls_read_u8(&r), 0); /* though there is one: failure is sticky */
    assert_int_equal(ls_read_bytes(&r, 0).len, 0);
    assert_false(ls_reader_done(&r));
    ls_bytes line;
    assert_false(ls_read_line(&r, &line));
    assert_false(ls_read_until(&r, '\3', &line));

    r = ls_reader_of(ls_bytes_of("\1\2\3", 3));
    assert_int_equal(ls_read_bytes(&r, UINT64_MAX).len, 0);
    assert_true(r.failed);

    ls_hash hash = {.b[0] = 1};
    r = ls_reader_of(ls_bytes_of(NULL, 0));
    assert_true(ls_reader_done(&r));
    ls_read_hash(&r, &hash);
    assert_true(ls_hash_is_zero(&hash));
}

static void test_reader_lines_and_parts(void **state)
{
    (void)state;
    ls_reader r = ls_reader_of(str("one\n\nthree"));
    ls_bytes part;
    assert_true(ls_read_line(&r, &part));
    assert_bytes(part, str("one"));
    assert_true(ls_read_line(&r, &part));
    assert_bytes(part, str(""));
    assert_false(ls_read_line(&r, &part));
    assert_int_equal(ls_reader_left(&r), 5);

    r = ls_reader_of(str("a  b"));
    const char *const parts[] = {"a", "", "b"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(ls_read_until(&r, ' ', &part));
        assert_bytes(part, str(parts[i]));
    }
    assert_false(ls_read_until(&r, ' ', &part));
}

/* Arenas */

static void test_arena(void **state)
{
    (void)state;
    ls_arena a = {0};
    uint64_t random = 1;
    uint8_t *blocks[500];
    size_t sizes[500];
    for (size_t i = 0; i < 500; i++) {
        sizes[i] = next_random(&random) % (i % 50 == 0 ? 100000 : 300);
        blocks[i] = ls_arena_alloc(&a, sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        for (size_t j = 0; j < sizes[i]; j++) {
            assert_int_equal(blocks[i][j], 0);
        }
        memset(blocks[i], (int)i, sizes[i]);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t j = 0; j < sizes[i]; j++) {
            assert_int_equal(blocks[i][j], (uint8_t)i); /* none lies over another */
        }
    }
    assert_string_equal(ls_arena_str(&a, str("text")), "text");
    assert_string_equal(ls_arena_str(&a, ls_bytes_of(NULL, 0)), "");
    assert_string_equal(ls_arena_format(&a, "%s-%d", "n", 5), "n-5");
    ls_arena_free(&a);
    assert_null(a.chunks);
}

static void test_arena_refuses(void **state)
{
    (void)state;
    ls_arena a = {0};
    assert_null(ls_arena_alloc(&a, SIZE_MAX));
    assert_null(ls_arena_alloc(&a, SIZE_MAX / 2 + 1));
    assert_null(ls_arena_array(&a, SIZE_MAX / 8, 16));
    assert_null(ls_arena_array(&a, 16, SIZE_MAX / 8));
    assert_non_null(ls_arena_array(&a, 0, 16));
    ls_arena_free(&a);
}

/* Encodings */

static void test_hex(void **state)
{
    (void)state;
    uint8_t all[256], back[256];
    char hex[513];
    for (size_t i = 0; i < 256; i++) {
        all[i] = (uint8_t)i;
    }
    ls_hex_encode(ls_bytes_of(all, 256), hex);
    for (size_t i = 0; i < 256; i++) {
        char expected[3];
        snprintf(expected, sizeof expected, "%02x", (unsigned)i);
        assert_memory_equal(hex + 2 * i, expected, 2);
    }
    assert_true(ls_hex_decode(str(hex), back, 256));
    assert_memory_equal(back, all, 256);
    assert_true(ls_hex_decode(str(""), back, 0));

    ls_hash hash = {.b[0] = 0xab};
    char formatted[LS_HEX_HASH_SIZE];
    ls_hash_format(&hash, formatted);
    assert_string_equal(formatted, "ab00000000000000000000000000000000000000000000000000000000000000");
    ls_hash parsed;
    assert_true(ls_hash_parse(str(formatted), &parsed));
    assert_true(ls_hash_equal(&hash, &parsed));
}

static void test_hex_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "0", "000", "0000", "0A", "g0", "0g", " 0", "0\n", "0x", "\xc3\xa4"};
    uint8_t byte = 0x55;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(ls_hex_decode(str(bad[i]), &byte, 1));
        assert_int_equal(byte, 0x55);
    }
    ls_hash hash;
    assert_false(ls_hash_parse(str("ab"), &hash));
}

/* Base64 as RFC 4648 defines it, bit by bit. */
static void encode_base64_slowly(const uint8_t *data, size_t len, char *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t characters = (8 * len + 5) / 6, total = (len + 2) / 3 * 4;
    for (size_t i = 0; i < total; i++) {
        unsigned value = 0;
        for (size_t bit = 6 * i; bit < 6 * i + 6; bit++) {
            value = 2 * value + (bit / 8 < len ? data[bit / 8] >> (7 - bit % 8) & 1 : 0);
        }
        out[i] = i < characters ? alphabet[value] : '=';
    }
    out[total] = 0;
}

static void test_base64(void **state)
{
    (void)state;
    static uint8_t data[10000], back[10000];
    static char expected[LS_BASE64_SIZE(10000) + 1];
    uint64_t random = 2;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)next_random(&random);
    }
    /* Around 3072 the decoder's block ends. */
    static const size_t lengths[] = {0,  1,    2,    3,    4,    5,    6,    31,   32,   33,
                                     64, 3071, 3072, 3073, 3074, 6143, 6144, 6145, 9999, 10000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        ls_buf b = {0};
        ls_buf_put_base64(&b, ls_bytes_of(data, lengths[i]));
        encode_base64_slowly(data, lengths[i], expected);
        assert_bytes(ls_buf_bytes(&b), str(expected));
        size_t len;
        assert_true(ls_base64_decode(str(expected), back, lengths[i], &len));
        assert_int_equal(len, lengths[i]);
        assert_memory_equal(back, data, len);
        if (lengths[i] > 0) {
            assert_false(ls_base64_decode(str(expected), back, lengths[i] - 1, &len));
        }
        ls_buf_free(&b);
    }
}

static void test_base64_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "A",        "AA",           "AAA",    "AAAAA",    "AA=",      "AA===",    "=",      "====",
        "A===",     "AB==",         "AAB=",   "AA==AAAA", "AAA=AAAA", "AA==\n",   "AAAA\n", "AA AA",
        "AAAA ",    " AAAA",        "AA-_",   "A*AA",     "AAAA=",    "AAAA==",   "A=AA",   "AA=A",
        "AAAA====", "AAAA\xc3\xa4", "Zm9vYg", "Zm9vYh==", "AAAAAA=B", "Zg==Zg==",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t out[16] = {0x55};
        size_t len = 99;
        assert_false(ls_base64_decode(str(bad[i]), out, sizeof out, &len));
        assert_false(ls_base64_valid(str(bad[i])));
        assert_int_equal(out[0], 0x55);
        assert_int_equal(len, 99);
    }
}

/* Each byte value at each place: only the alphabet, and the padding where it may stand. */
static void test_base64_refuses_other_bytes(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t place = 0; place < 8; place++) {
        for (unsigned c = 0; c < 256; c++) {
            uint8_t text[] = "AAAAAAAA", out[6];
            size_t len;
            text[place] = (uint8_t)c;
            bool expected = (c != 0 && strchr(alphabet, (int)c) != NULL) || (c == '=' && place == 7);
            assert_int_equal(ls_base64_valid(ls_bytes_of(text, 8)), expected);
            assert_int_equal(ls_base64_decode(ls_bytes_of(text, 8), out, sizeof out, &len), expected);
        }
    }
}

static void test_base64_refuses_padding_between_blocks(void **state)
{
    (void)state;
    /* The decoder checks 4096 characters at a time: padding at the end of the first must not pass. */
    static char text[4096 + 5];
    static uint8_t out[4096];
    size_t len;
    memset(text, 'A', 4100);
    assert_true(ls_base64_valid(str(text)));
    text[4095] = '=';
    assert_false(ls_base64_valid(str(text)));
    assert_false(ls_base64_decode(str(text), out, sizeof out, &len));
    text[4096] = 0;
    assert_true(ls_base64_decode(str(text), out, sizeof out, &len));
    assert_int_equal(len, 3071);
}

static void test_decimal(void **state)
{
    (void)state;
    uint64_t n = 7;
    assert_true(ls_decimal_parse(str("0"), 0, &n) && n == 0);
    assert_true(ls_decimal_parse(str("10"), 10, &n) && n == 10);
    assert_true(ls_decimal_parse(str("18446744073709551615"), UINT64_MAX, &n) && n == UINT64_MAX);
    static const char *const bad[] = {"",
                                      "00",
                                      "01",
                                      "-1",
                                      "+1",
                                      "1 ",
                                      " 1",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "11",
                                      "1\n",
                                      "\xef\xbc\x91",
                                      "18446744073709551616",
                                      "99999999999999999999999"};
    n = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(ls_decimal_parse(str(bad[i]), 10, &n));
    }
    assert_false(ls_decimal_parse(str("18446744073709551616"), UINT64_MAX, &n));
    assert_false(ls_decimal_parse(str("18446744073709551620"), UINT64_MAX, &n));
    assert_true(n == 7);
}

/* The table of well-formed byte sequences in the Unicode standard (3-7): ranges of first, second and further bytes. */
static const struct {
    uint8_t len, first[2], second[2];
} well_formed[] = {
    {1, {0x00, 0x7f}, {0, 0}},       {2, {0xc2, 0xdf}, {0x80, 0xbf}}, {3, {0xe0, 0xe0}, {0xa0, 0xbf}},
    {3, {0xe1, 0xec}, {0x80, 0xbf}}, {3, {0xed, 0xed}, {0x80, 0x9f}}, {3, {0xee, 0xef}, {0x80, 0xbf}},
    {4, {0xf0, 0xf0}, {0x90, 0xbf}}, {4, {0xf1, 0xf3}, {0x80, 0xbf}}, {4, {0xf4, 0xf4}, {0x80, 0x8f}},
};

static bool in_table(const uint8_t *s, size_t len)
{
    for (size_t row = 0; row < sizeof well_formed / sizeof *well_formed; row++) {
        bool fits =
            len == well_formed[row].len && s[0] >= well_formed[row].first[0] && s[0] <= well_formed[row].first[1];
        fits = fits && (len < 2 || (s[1] >= well_formed[row].second[0] && s[1] <= well_formed[row].second[1]));
        for (size_t i = 2; i < len; i++) {
            fits = fits && s[i] >= 0x80 && s[i] <= 0xbf;
        }
        if (fits) {
            return true;
        }
    }
    return false;
}

/* Whether s is a sequence of rows of the table. */
static bool table_accepts(const uint8_t *s, size_t len)
{
    if (len == 0) {
        return true;
    }
    for (size_t n = 1; n <= 4 && n <= len; n++) {
        if (in_table(s, n) && table_accepts(s + n, len - n)) {
            return true;
        }
    }
    return false;
}

static void test_utf8_sequences(void **state)
{
    (void)state;
    /* All of one and two bytes; of three and four those with bytes at and beside the limits of the table. */
    static const uint8_t edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0,
                                    0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff};
    const size_t n = sizeof edges;
    for (size_t i = 0; i < 65536; i++) {
        uint8_t s[2] = {(uint8_t)i, (uint8_t)(i >> 8)};
        assert_int_equal(ls_utf8_valid(ls_bytes_of(s, 1)), table_accepts(s, 1));
        assert_int_equal(ls_utf8_valid(ls_bytes_of(s, 2)), table_accepts(s, 2));
    }
    for (size_t i = 0; i < n * n * n * n; i++) {
        uint8_t s[4] = {edges[i % n], edges[i / n % n], edges[i / n / n % n], edges[i / n / n / n]};
        assert_int_equal(ls_utf8_valid(ls_bytes_of(s, 3)), table_accepts(s, 3));
        assert_int_equal(ls_utf8_valid(ls_bytes_of(s, 4)), table_accepts(s, 4));
    }
}

static void test_utf8_code_points(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t code_point;
    } known[] = {{"$", 0x24},
                 {"\xc2\xa3", 0xa3},
                 {"\xe0\xa4\xb9", 0x939},
                 {"\xe2\x82\xac", 0x20ac},
                 {"\xed\x95\x9c", 0xd55c},
                 {"\xf0\x90\x8d\x88", 0x10348},
                 {"\xf4\x8f\xbf\xbf", 0x10ffff}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t offset = 0;
        assert_int_equal(ls_utf8_next(str(known[i].text), &offset), known[i].code_point);
        assert_int_equal(offset, strlen(known[i].text));
    }
    /* A caller's error must not become an endless loop. */
    size_t offset = 0;
    ls_utf8_next(str("\xff"), &offset);
    assert_int_equal(offset, 1);
}

static void test_names(void **state)
{
    (void)state;
    char longest[LS_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    assert_true(ls_name_valid(ls_bytes_of(longest, LS_NAME_MAX)));
    assert_false(ls_name_valid(ls_bytes_of(longest, LS_NAME_MAX + 1)));
    static const char *const good[] = {"a", "0", "usa", "usa-1", "9-", "a--b"};
    static const char *const bad[] = {"", "-", "-a", "A", "a b", "a_b", "a.b", "\xc3\xa4", "a\n", "a/b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(ls_name_valid(str(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(ls_name_valid(str(bad[i])));
    }
}

/* Time, against the C library's */

static void test_every_day(void **state)
{
    (void)state;
    int64_t last = 2932896; /* 9999-12-31 */
    for (int64_t days = 0; days <= last; days++) {
        time_t t = days * 86400;
        struct tm tm;
        gmtime_r(&t, &tm);
        ls_date d = ls_date_from_days(days);
        if (d.year != tm.tm_year + 1900 || d.month != (unsigned)tm.tm_mon + 1 || d.day != (unsigned)tm.tm_mday ||
            ls_date_to_days(d) != days) {
            fail_msg("day %jd", (intmax_t)days);
        }
    }
    assert_int_equal(ls_date_from_days(last).year, 9999);
    for (int64_t days = -800000; days < 0; days += 13) {
        time_t t = days * 86400;
        struct tm tm;
        gmtime_r(&t, &tm);
        ls_date d = ls_date_from_days(days);
        assert_int_equal(d.year, tm.tm_year + 1900);
        assert_int_equal(d.month, tm.tm_mon + 1);
        assert_int_equal(d.day, tm.tm_mday);
        assert_int_equal(ls_date_to_days(d), days);
    }
}

static void test_times(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < 100000; i++) {
        time_t t = (time_t)(next_random(&random) % 253402300800u);
        struct tm tm;
        char expected[LS_TIME_SIZE], text[LS_TIME_SIZE];
        gmtime_r(&t, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm);
        ls_time_format(t, text);
        assert_string_equal(text, expected);
        ls_time parsed;
        assert_true(ls_time_parse(str(expected), &parsed));
        assert_int_equal(parsed, t);
        ls_date date;
        expected[10] = 0;
        assert_true(ls_date_parse(str(expected), &date));
        char date_text[LS_DATE_SIZE];
        ls_date_format(date, date_text);
        assert_string_equal(date_text, expected);
    }
}

static void test_times_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2018-10-09",
        "2018-10-09T08:00:00",
        "2018-10-09T08:00:00z",
        "2018-10-09t08:00:00Z",
        "2018-10-09 08:00:00Z",
        "2018-10-09T08:00:00+00:00",
        "2018-10-09T08:00:00.0Z",
        "2018-10-09T24:00:00Z",
        "2018-10-09T08:60:00Z",
        "2018-12-31T23:59:60Z",
        "2018-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2018-00-09T08:00:00Z",
        "2018-13-09T08:00:00Z",
        "2018-10-00T08:00:00Z",
        "2018-04-31T08:00:00Z",
        "1969-12-31T23:59:59Z",
        "02018-10-09T08:00:0Z",
        "2018-10-09T08:00:-1Z",
        "2018-10-09T 8:00:00Z",
        "2018/10/09T08:00:00Z",
        "2018-10-09T08.00.00Z",
        "2018-10-09T08:00:00Z ",
        "2018-1 -09T08:00:00Z",
    };
    ls_time t = 5;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(ls_time_parse(str(bad[i]), &t));
    }
    assert_int_equal(t, 5);
    static const char *const bad_dates[] = {"",           "2018-1-09",  "2018-10-9",   "2018-02-29",
                                            "2018-10-32", "18-10-09",   "2018-10-09T", "1969-12-31",
                                            "0000-01-01", "2018-10-0a", "+201-10-09",  "20181009"};
    ls_date d;
    for (size_t i = 0; i < sizeof bad_dates / sizeof *bad_dates; i++) {
        assert_false(ls_date_parse(str(bad_dates[i]), &d));
    }
    assert_true(ls_date_parse(str("2000-02-29"), &d));
}

static int last_day_of_month(int year, int month0)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month0 + 1, .tm_mday = 0};
    timegm(&tm); /* the C library makes day 0 the last of the month before */
    return tm.tm_mday;
}

static void test_adding_months(void **state)
{
    (void)state;
    for (int64_t days = 10592; days < 10592 + 4 * 366; days++) { /* 1999 to 2002 */
        ls_date d = ls_date_from_days(days);
        for (int months = -30; months <= 30; months++) {
            struct tm tm = {.tm_year = d.year - 1900, .tm_mon = (int)d.month - 1 + months, .tm_mday = 1};
            timegm(&tm);
            int last = last_day_of_month(tm.tm_year + 1900, tm.tm_mon);
            ls_date sum = ls_date_add_months(d, months);
            assert_int_equal(sum.year, tm.tm_year + 1900);
            assert_int_equal(sum.month, tm.tm_mon + 1);
            assert_int_equal(sum.day, (int)d.day < last ? (int)d.day : last);
        }
    }
}

/* A zone's table as the C library has it, found by looking at every half hour of some years. */
#define ZONE_START 1514764800 /* 2018-01-01 */
#define ZONE_HALF_HOURS (5 * 365 * 48)

static void read_zone(const char *tz, ls_zone_span *spans, ls_zone *z)
{
    setenv("TZ", tz, 1);
    tzset();
    *z = (ls_zone){.name = tz, .spans = spans};
    for (int half = 0; half < ZONE_HALF_HOURS; half++) {
        time_t t = ZONE_START + (time_t)half * 1800;
        struct tm tm;
        localtime_r(&t, &tm);
        if (z->count == 0 || spans[z->count - 1].offset != tm.tm_gmtoff) {
            spans[z->count++] = (ls_zone_span){t, (int32_t)tm.tm_gmtoff};
        }
    }
}

/* New York, Berlin, Lord Howe (half an hour), Seoul (none), and one whose clocks change at midnight. */
static const char *const zones[] = {"EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3", "KST-9",
                                    "LHST-10:30LHDT-11,M10.1.0,M4.1.0", "XXX3YYY2,M10.3.0/0,M2.3.0/0"};

static void test_zone_offsets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        ls_zone_span spans[32];
        ls_zone z;
        read_zone(zones[i], spans, &z);
        for (int minute = 0; minute < ZONE_HALF_HOURS * 30; minute += 7) {
            time_t t = ZONE_START + (time_t)minute * 60;
            struct tm tm;
            localtime_r(&t, &tm);
            ls_date d = ls_zone_date(&z, t);
            if (ls_zone_offset(&z, t) != tm.tm_gmtoff || d.day != (unsigned)tm.tm_mday ||
                d.month != (unsigned)tm.tm_mon + 1 || d.year != tm.tm_year + 1900) {
                fail_msg("%s at %jd", zones[i], (intmax_t)t);
            }
        }
        assert_int_equal(ls_zone_offset(&z, 0), spans[0].offset);
    }
}

/* The rule of the header by trying every minute around; `before` is the offset before the gap if there is none. */
static ls_time find_instant(const ls_zone *z, ls_time local)
{
    for (ls_time t = local - 15 * 3600; t <= local + 15 * 3600; t += 60) {
        if (t + ls_zone_offset(z, t) == local) {
            return t;
        }
    }
    for (ls_time t = local - 15 * 3600; t <= local + 15 * 3600; t += 60) {
        if (t + ls_zone_offset(z, t) > local) {
            return local - ls_zone_offset(z, t - 60);
        }
    }
    fail_msg("no instant found");
    return 0;
}

static void test_zone_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        ls_zone_span spans[32];
        ls_zone z;
        read_zone(zones[i], spans, &z);
        for (size_t s = 0; s < z.count; s++) {
            /* Each half hour of two days around each change. */
            for (int half = -48; half <= 48; half++) {
                ls_time local = spans[s].from + spans[s].offset + half * 1800;
                int64_t days = local / 86400;
                ls_date d = ls_date_from_days(days);
                assert_int_equal(ls_zone_instant(&z, d, (int32_t)(local - days * 86400)), find_instant(&z, local));
            }
        }
        ls_date d = {2018, 10, 9};
        ls_date next = {2018, 10, 10};
        assert_int_equal(ls_zone_instant(&z, d, 86400), ls_zone_instant(&z, next, 0));
    }
    unsetenv("TZ");
    tzset();
}

static void test_zone_of_one_span(void **state)
{
    (void)state;
    ls_zone_span seoul = {0, 9 * 3600};
    ls_zone z = {"Asia/Seoul", &seoul, 1};
    ls_time t;
    assert_true(ls_time_parse(str("2018-10-08T15:00:00Z"), &t));
    ls_date d = ls_zone_date(&z, t);
    assert_int_equal(d.day, 9);
    assert_int_equal(ls_zone_date(&z, t - 1).day, 8);
    assert_int_equal(ls_zone_instant(&z, d, 0), t);
    assert_int_equal(ls_zone_date(&z, -10 * 3600).year, 1969);
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ls_unit unit;
        int64_t seconds;
    } good[] = {
        {"1 hour", LS_UNIT_HOURS, 3600},
        {"24 hours", LS_UNIT_HOURS, 86400},
        {"1 day", LS_UNIT_DAYS, 86400},
        {"60 days", LS_UNIT_DAYS, 5184000},
        {"1 week", LS_UNIT_WEEKS, 604800},
        {"2 weeks", LS_UNIT_WEEKS, 1209600},
        {"1 month", LS_UNIT_MONTHS, 0},
        {"3 months", LS_UNIT_MONTHS, 0},
        {"1 year", LS_UNIT_YEARS, 0},
        {"100000 years", LS_UNIT_YEARS, 0},
        {"100000 weeks", LS_UNIT_WEEKS, 60480000000},
    };
    ls_duration d;
    char text[LS_DURATION_SIZE];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(ls_duration_parse(str(good[i].text), &d));
        assert_int_equal(d.unit, good[i].unit);
        assert_int_equal(ls_duration_seconds(d), good[i].seconds);
        ls_duration_format(d, text);
        assert_string_equal(text, good[i].text);
    }
    static const char *const bad[] = {
        "",       "1",      "day",  "0 days",   "-1 days",      "01 day", "1 days",    "2 day",          "1  day",
        " 1 day", "1 day ", "1day", "1.5 days", "100001 hours", "1 Day",  "3 minutes", "2 days 3 hours", "1 day\n",
        "1\tday"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(ls_duration_parse(str(bad[i]), &d));
    }
}

/* Values and JSON */

static ls_value *parse_json(ls_arena *a, const char *text)
{
    ls_value *v = NULL;
    ls_detail detail = {0};
    ls_result r = ls_json_parse(a, str(text), &v, &detail);
    if (ls_failed(r)) {
        fail_msg("%s: %s", text, detail.text);
    }
    return v;
}

static void assert_canonical(const char *text, const char *expected)
{
    ls_arena a = {0};
    ls_buf b = {0};
    ls_value *v = parse_json(&a, text);
    ls_json_canonical(v, &b);
    assert_string_equal(ls_buf_cstr(&b), expected);
    assert_true(ls_succeeded(ls_json_check_canonical(v, str(expected))));
    assert_int_equal(ls_succeeded(ls_json_check_canonical(v, str(text))), strcmp(text, expected) == 0);
    ls_buf_free(&b);
    ls_arena_free(&a);
}

static void test_json_canonical(void **state)
{
    (void)state;
    assert_canonical("[]", "[]");
    assert_canonical(" {\n} ", "{}");
    assert_canonical("{\"b\":[true, false],\"a\":-0, \"aa\":9007199254740991}",
                     "{\"a\":0,\"aa\":9007199254740991,\"b\":[true,false]}");
    /* The string and the order of keys that RFC 8785 gives as examples (3.2.2 and 3.2.3). */
    assert_canonical("[\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"]",
                     "[\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"]");
    assert_canonical("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}",
                     "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,\"\xf0\x9f\x98\x80\":5,"
                     "\"\xef\xac\xb3\":3}");
    assert_canonical("[\"\\b\\t\\n\\f\\r\\u001f\\u007f\"]", "[\"\\b\\t\\n\\f\\r\\u001f\x7f\"]");
    /* Two pairs with one first unit, and a key that begins another. */
    assert_canonical("{\"\\ud83d\\ude01\":1,\"\\ud83d\\ude00\":2,\"ab\":3,\"a\":4}",
                     "{\"a\":4,\"ab\":3,\"\xf0\x9f\x98\x80\":2,\"\xf0\x9f\x98\x81\":1}");
}

static void test_json_order_of_source(void **state)
{
    (void)state;
    ls_arena a = {0};
    ls_value *v = parse_json(&a, "{\"z\":1,\"a\":{\"y\":\"x\"},\"m\":[\"s\"]}");
    assert_int_equal(v->type, LS_MAP);
    assert_int_equal(v->count, 3);
    assert_bytes(v->entries[0].key, str("z"));
    assert_bytes(v->entries[2].key, str("m"));
    assert_int_equal(ls_value_get(v, "z")->integer, 1);
    const ls_value *y = ls_value_get(ls_value_get(v, "a"), "y");
    assert_bytes(y->string, str("x"));
    assert_int_equal(y->string.ptr[1], 0);
    assert_null(ls_value_get(v, "missing"));
    assert_null(ls_value_get(y, "z"));
    assert_null(ls_value_get(NULL, "z"));
    assert_bytes(ls_value_get(v, "m")->items[0]->string, str("s"));
    ls_arena_free(&a);
}

static void test_json_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column; /* 0: any */
    } bad[] = {
        {"", 0, 0},
        {"\"scalar\"", 0, 0},
        {"1", 0, 0},
        {"null", 0, 0},
        {"[null]", 1, 2},
        {"[1,\n  1.0]", 2, 3},
        {"[1e3]", 1, 2},
        {"[-1E-2]", 1, 2},
        {"[\"\xea\xb0\x80\\\"\", 0.5]", 1, 9},
        {"[9007199254740992]", 1, 2},
        {"[-9007199254740992]", 1, 2},
        {"[9223372036854775807]", 1, 2},
        {"[18446744073709551617]", 0, 0},
        {"{\"a\":1,\"a\":1}", 0, 0},
        {"{\"a\":1,\"\\u0061\":1}", 0, 0},
        {"[\"\\u0000\"]", 0, 0},
        {"{\"\\u0000\":1}", 0, 0},
        {"[\"\\ud800\"]", 0, 0},
        {"[\"\\udc00\"]", 0, 0},
        {"[\"\\ud800\\ud800\"]", 0, 0},
        {"[\"\xff\"]", 0, 0},
        {"[\"\xed\xa0\x80\"]", 0, 0},
        {"\xef\xbb\xbf[]", 0, 0},
        {"[] []", 0, 0},
        {"[],", 0, 0},
        {"[1,]", 0, 0},
        {"[\n\n  }", 3, 0},
        {"// no\n[]", 0, 0},
        {"{'a':1}", 0, 0},
        {"[01]", 0, 0},
        {"[+1]", 0, 0},
        {"[NaN]", 0, 0},
        {"[Infinity]", 0, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_arena a = {0};
        ls_value *v = NULL;
        ls_detail detail = {0};
        assert_fault(ls_json_parse(&a, str(bad[i].text), &v, &detail), ls_fault_json);
        assert_null(v);
        assert_true(detail.text[0] != 0 && detail.line > 0 && detail.column > 0);
        if (bad[i].line > 0) {
            assert_int_equal(detail.line, bad[i].line);
        }
        if (bad[i].column > 0) {
            assert_int_equal(detail.column, bad[i].column);
        }
        assert_fault(ls_json_parse(&a, str(bad[i].text), &v, NULL), ls_fault_json);
        ls_arena_free(&a);
    }
}

static void test_json_limits(void **state)
{
    (void)state;
    char nested[2 * 65 + 1] = {0};
    memset(nested, '[', 65);
    memset(nested + 65, ']', 65);
    ls_arena a = {0};
    ls_value *v = NULL;
    ls_detail detail = {0};
    assert_success(ls_json_parse(&a, ls_bytes_of(nested + 1, 128), &v, NULL));
    assert_fault(ls_json_parse(&a, str(nested), &v, &detail), ls_fault_json);
    assert_int_equal(detail.column, 65);
    /* Depth counts what is open, not what has been opened. */
    assert_success(ls_json_parse(&a,
                                 str("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                                     "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                                     "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]"),
                                 &v, NULL));

    ls_buf big = {0};
    memset(ls_buf_extend(&big, LS_VALUE_DOCUMENT_MAX - 2), ' ', LS_VALUE_DOCUMENT_MAX - 2);
    ls_buf_put_str(&big, "[]");
    assert_success(ls_json_parse(&a, ls_buf_bytes(&big), &v, NULL));
    ls_buf_put_str(&big, " ");
    assert_fault(ls_json_parse(&a, ls_buf_bytes(&big), &v, &detail), ls_fault_json);
    ls_buf_free(&big);
    ls_arena_free(&a);
}

/* What our subset refuses although it is JSON, told from the document itself. */
static bool outside_subset(const json_t *json)
{
    size_t i;
    json_t *item;
    const char *key;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        json_object_foreach((json_t *)(uintptr_t)json, key, item)
        {
            if (outside_subset(item)) {
                return true;
            }
        }
        return false;
    case JSON_ARRAY:
        json_array_foreach(json, i, item)
        {
            if (outside_subset(item)) {
                return true;
            }
        }
        return false;
    case JSON_STRING:
        return strlen(json_string_value(json)) != json_string_length(json);
    case JSON_INTEGER:
        return json_integer_value(json) >= (json_int_t)1 << 53 || json_integer_value(json) <= -((json_int_t)1 << 53);
    case JSON_REAL:
    case JSON_NULL:
        return true;
    default:
        return false;
    }
}

/* Another reader must find the same document in our canonical form, and a second pass must change nothing. */
static void check_canonical_form(const ls_value *v, const json_t *original)
{
    ls_buf once = {0}, twice = {0};
    ls_arena a = {0};
    ls_value *again;
    ls_json_canonical(v, &once);
    json_t *read_back = json_loadb((const char *)once.ptr, once.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(read_back);
    assert_true(original == NULL || json_equal(read_back, original));
    assert_success(ls_json_parse(&a, ls_buf_bytes(&once), &again, NULL));
    ls_json_canonical(again, &twice);
    assert_bytes(ls_buf_bytes(&twice), ls_buf_bytes(&once));
    json_decref(read_back);
    ls_arena_free(&a);
    ls_buf_free(&once);
    ls_buf_free(&twice);
}

/* Returns whether the file was accepted. */
static bool check_suite_file(const char *name, ls_bytes text)
{
    ls_arena a = {0};
    ls_value *v;
    ls_detail detail = {0};
    bool accepted = ls_succeeded(ls_json_parse(&a, text, &v, &detail));
    json_t *strict = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (name[0] == 'n') {
        assert_false(accepted);
    }
    if (name[0] == 'y') {
        json_t *any = json_loadb((const char *)text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_true(any != NULL || strcmp(name, "y_object_duplicated_key.json") == 0 ||
                    strstr(name, "escaped_null") != NULL);
        bool scalar = any != NULL && !json_is_array(any) && !json_is_object(any);
        bool expected = any != NULL && !scalar && !outside_subset(any) && strict != NULL;
        if (accepted != expected) {
            fail_msg("%s: %d, expected %d (%s)", name, accepted, expected, detail.text);
        }
        json_decref(any);
    }
    if (accepted) {
        check_canonical_form(v, strict);
    }
    json_decref(strict);
    ls_arena_free(&a);
    return accepted;
}

static void test_json_suite(void **state)
{
    (void)state;
    const char *folder = shared_vector("json/test_parsing");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    size_t seen[256] = {0}, accepted[256] = {0};
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] == '.') {
            continue;
        }
        char path[1400];
        ls_buf text = {0};
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        read_whole_file(path, &text);
        unsigned char kind = (unsigned char)e->d_name[0];
        seen[kind]++;
        accepted[kind] += check_suite_file(e->d_name, ls_buf_bytes(&text)) ? 1 : 0;
        ls_buf_free(&text);
    }
    closedir(dir);
    assert_int_equal(seen['n'], 188);
    assert_int_equal(seen['y'], 95);
    assert_int_equal(seen['i'], 35);
    assert_true(accepted['y'] >= 50); /* so that the subset is not empty by accident */
}

/* A NUL behind a number is one that jansson passes over. */
static void test_json_nul(void **state)
{
    (void)state;
    static const char with_nul[] = "{\"a\":\n[1\0, 2]}", before[] = "\0[]", behind[] = "[] \0";
    const ls_bytes texts[] = {ls_bytes_of(with_nul, sizeof with_nul - 1), ls_bytes_of(before, 3),
                              ls_bytes_of(behind, 4)};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ls_arena a = {0};
        ls_value *v;
        ls_detail detail = {0};
        assert_fault(ls_json_parse(&a, texts[i], &v, &detail), ls_fault_json);
        assert_string_equal(detail.text, "a NUL byte");
        assert_int_equal(detail.line, i == 0 ? 2 : 1);
        ls_arena_free(&a);
    }
}

static void test_value_constructors(void **state)
{
    (void)state;
    ls_arena a = {0};
    ls_value *items[] = {ls_value_string(&a, str("s")), ls_value_integer(&a, -5), ls_value_boolean(&a, true)};
    ls_entry entries[] = {{.key = str("list"), .value = ls_value_list(&a, 3, items)},
                          {.key = str("empty"), .value = ls_value_map(&a, 0, NULL)}};
    ls_value *map = ls_value_map(&a, 2, entries);
    ls_buf b = {0};
    ls_json_canonical(map, &b);
    assert_string_equal(ls_buf_cstr(&b), "{\"empty\":{},\"list\":[\"s\",-5,true]}");
    ls_buf_free(&b);

    items[1] = NULL;
    assert_null(ls_value_list(&a, 3, items));
    entries[0].value = NULL;
    assert_null(ls_value_map(&a, 2, entries));
    ls_arena_free(&a);
}

static void test_diagnostics(void **state)
{
    (void)state;
    ls_arena a = {0};
    ls_diagnostics *d = ls_arena_alloc(&a, sizeof *d);
    d->arena = &a;
    ls_diagnose(d, (ls_mark){3, 1}, "hint", "third %d", 3);
    ls_diagnose_warning(d, (ls_mark){1, 9}, NULL, "second");
    ls_diagnose(d, (ls_mark){1, 2}, NULL, "first");
    ls_diagnose(d, (ls_mark){1, 2}, NULL, "first, too");
    ls_diagnostics_sort(d);
    assert_int_equal(d->count, 4);
    assert_int_equal(d->errors, 3);
    static const char *const order[] = {"first", "first, too", "second", "third 3"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(d->item[i].text, order[i]);
        assert_string_equal(d->item[i].hint, i == 3 ? "hint" : "");
        assert_int_equal(d->item[i].warning, i == 2);
    }
    for (int i = 0; i < 200; i++) {
        ls_diagnose(d, (ls_mark){9, 9}, NULL, "more");
    }
    assert_int_equal(d->count, LS_DIAGNOSTICS_MAX);
    assert_int_equal(d->errors, 203);
    ls_arena_free(&a);
}

static void test_check_map(void **state)
{
    (void)state;
    static const ls_key keys[] = {{"name", true}, {"deadline", true}, {"note", false}};
    ls_arena a = {0};
    ls_diagnostics *d = ls_arena_alloc(&a, sizeof *d);
    d->arena = &a;
    assert_true(ls_value_check_map(parse_json(&a, "{\"deadline\":1,\"name\":2}"), "a measure", keys, 3, d));
    assert_int_equal(d->count, 0);
    assert_false(ls_value_check_map(parse_json(&a, "{\"name\":1,\"deadlin\":1,\"xyzzy\":1}"), "a measure", keys, 3, d));
    assert_int_equal(d->errors, 3);
    assert_string_equal(d->item[0].hint, "did you mean 'deadline'?");
    assert_string_equal(d->item[1].hint, "");
    assert_non_null(strstr(d->item[2].text, "deadline"));
    assert_false(ls_value_check_map(parse_json(&a, "[]"), "a measure", keys, 3, d));
    assert_int_equal(d->errors, 4);
    ls_arena_free(&a);
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"tranche", "measure", "deadline", "by"};
    assert_string_equal(ls_nearest(str("tranches"), words, 4), "tranche");
    assert_string_equal(ls_nearest(str("mesure"), words, 4), "measure");
    assert_string_equal(ls_nearest(str("dedlien"), words, 4), "deadline");
    assert_string_equal(ls_nearest(str("bye"), words, 4), "by");
    assert_null(ls_nearest(str("xy"), words, 0));
    assert_null(ls_nearest(str("qq"), words, 4));
    assert_null(ls_nearest(str("something else"), words, 4));
    assert_null(ls_nearest(str(""), words, 4));
    char longer[100];
    memset(longer, 'x', sizeof longer);
    assert_null(ls_nearest(ls_bytes_of(longer, sizeof longer), words, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_details),
        cmocka_unit_test(test_fault_details_are_cut),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_buffer_writes),
        cmocka_unit_test(test_buffer_grows),
        cmocka_unit_test(test_buffer_failure_is_sticky),
        cmocka_unit_test(test_reader),
        cmocka_unit_test(test_reader_past_the_end),
        cmocka_unit_test(test_reader_lines_and_parts),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_arena_refuses),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_hex_refuses),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_base64_refuses),
        cmocka_unit_test(test_base64_refuses_other_bytes),
        cmocka_unit_test(test_base64_refuses_padding_between_blocks),
        cmocka_unit_test(test_decimal),
        cmocka_unit_test(test_utf8_sequences),
        cmocka_unit_test(test_utf8_code_points),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_times_refused),
        cmocka_unit_test(test_adding_months),
        cmocka_unit_test(test_zone_offsets),
        cmocka_unit_test(test_zone_instants),
        cmocka_unit_test(test_zone_of_one_span),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_json_canonical),
        cmocka_unit_test(test_json_order_of_source),
        cmocka_unit_test(test_json_refuses),
        cmocka_unit_test(test_json_limits),
        cmocka_unit_test(test_json_suite),
        cmocka_unit_test(test_json_nul),
        cmocka_unit_test(test_value_constructors),
        cmocka_unit_test(test_diagnostics),
        cmocka_unit_test(test_check_map),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
