/* Tests of codes: base45 by the examples of RFC 9285; codes that were made by Python's zlib and hashlib from the
 * description in docs/sheets.md; what is missing, damaged, contradictory or from elsewhere. */
#include "codes/base45.h"
#include "codes/codes.h"
#include "crypto/crypto.h"
#include "vectors.h"

/* Base45. */

static void examples_of_rfc_9285(void **state)
{
    (void)state;
    static const char *const examples[][2] = {
        {"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"}, {"ietf!", "QED8WEX0"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char text[64];
        uint8_t back[64];
        size_t len;
        ls_base45_encode(ls_bytes_str(examples[i][0]), text);
        assert_string_equal(text, examples[i][1]);
        assert_true(ls_base45_decode(ls_bytes_str(text), back, sizeof back, &len));
        assert_bytes(ls_bytes_of(back, len), ls_bytes_str(examples[i][0]));
    }
}

/* "FGW" is 65535 by the RFC, "GGW" one more; 255 is 30 + 5 * 45, so "U5", and "V5" one more. */
static void no_base45(void **state)
{
    (void)state;
    static const char *const wrong[] = {"GGW", ":::", "V5", "::", "0", "BB8A", "bb8", "BB,", "BB\n", "B8\xc3"};
    uint8_t untouched[4] = {7, 7, 7, 7};
    size_t len = 9;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(ls_base45_decode(ls_bytes_str(wrong[i]), untouched, sizeof untouched, &len));
    }
    assert_false(ls_base45_decode(ls_bytes_of("B\0008", 3), untouched, sizeof untouched, &len));
    assert_false(ls_base45_decode(ls_bytes_str("BB8"), untouched, 1, &len)); /* no room */
    assert_int_equal(len, 9);
    assert_int_equal(untouched[0], 7);
    assert_true(ls_base45_decode(ls_bytes_str("FGWU5"), untouched, 3, &len));
    assert_bytes(ls_bytes_of(untouched, len), ls_bytes_of("\xff\xff\xff", 3));
}

/* Each value of one and of two bytes, and each text of two and of three digits: exactly what stands for something is
 * read. */
static void all_of_base45(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    unsigned accepted[2] = {0};
    for (unsigned v = 0; v < 45 * 45 * 45; v++) {
        char text[] = {alphabet[v % 45], alphabet[v / 45 % 45], alphabet[v / 2025], '\0'}, again[4];
        uint8_t bytes[2];
        size_t len;
        for (size_t digits = v < 2025 ? 2 : 3; digits <= 3; digits++) {
            if (ls_base45_decode(ls_bytes_of(text, digits), bytes, sizeof bytes, &len)) {
                accepted[digits - 2]++;
                assert_int_equal(len, digits - 1);
                ls_base45_encode(ls_bytes_of(bytes, len), again);
                assert_memory_equal(again, text, digits);
            }
        }
    }
    assert_int_equal(accepted[0], 256);
    assert_int_equal(accepted[1], 65536);
}

/* Codes made elsewhere, of one payload: in one part, and in three of other sizes than ours. */

#define PAYLOAD "lockstep bundle v1\nkind: excerpt\n"
#define PAYLOAD_ZEROS 40
#define WHOLE "LS1:F413B752BC488E89:1:1:F9C349AC:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLFM1"
#define FIRST "LS1:F413B752BC488E89:1:3:72ECC56E:NCFEYP04AW$5DB9"
#define SECOND "LS1:F413B752BC488E89:2:3:5B40C6B9:W6AMI56Q98C9V35P-SK6QRP94IA%3"
#define THIRD "LS1:F413B752BC488E89:3:3:7DBD8C67:F69.V5P75AICIC2Z30*MMY4"
#define ANOTHER "LS1:7404CBE7BF0F4BFC:1:1:9A732B82:NCF9Q9+UP3KP$W5675E691V5 00KCD/0" /* "another sheet" */
#define OF_NOTHING "LS1:B171E283C6145ACF:1:1:154E8146:NCF3H0000100"

typedef struct reader {
    ls_arena arena;
    ls_bytes payload;
    ls_codes_found found;
    ls_detail detail;
} reader;

static ls_result read_text(reader *r, const char *text)
{
    r->detail = (ls_detail){0};
    return ls_codes_read(&r->arena, ls_bytes_str(text), &r->payload, &r->found, &r->detail);
}

static void assert_payload(const reader *r)
{
    uint8_t expected[sizeof PAYLOAD - 1 + PAYLOAD_ZEROS] = PAYLOAD;
    assert_bytes(r->payload, ls_bytes_of(expected, sizeof expected));
    assert_string_equal(r->found.sheet, "F413B752BC488E89");
}

static void assert_left(ls_codes_left left, size_t count, unsigned line)
{
    assert_int_equal(left.count, count);
    assert_int_equal(left.line, line);
}

static void codes_of_another_program(void **state)
{
    (void)state;
    static const char *const texts[] = {
        WHOLE,
        "QR-Code:" WHOLE "\n",
        FIRST "\n" SECOND "\n" THIRD "\n",
        "\r\nQR-Code:" THIRD "\r\n\r\n" FIRST "\r\nQR-Code:" SECOND "\r\n",
    };
    reader r = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_success(read_text(&r, texts[i]));
        assert_payload(&r);
        assert_int_equal(r.found.count, i < 2 ? 1 : 3);
        assert_left(r.found.repeated, 0, 0);
        assert_left(r.found.damaged, 0, 0);
        assert_left(r.found.elsewhere, 0, 0);
        assert_left(r.found.others, 0, 0);
    }
    assert_success(read_text(&r, OF_NOTHING));
    assert_int_equal(r.payload.len, 0);
    ls_arena_free(&r.arena);
}

/* All that is not part of the payload is counted, each kind with its first line. */
static void what_else_is_there(void **state)
{
    (void)state;
    static const char text[] = "EAN-13:4006381333931\n"
                               "QR-Code:https://example.org/\n" SECOND "\n" THIRD "\n"
                               "LS1:F413B752BC488E89:1:3:72ECC56E:NCFEYP04AW$5DB8\n" /* changed */
                               "LS1:F413B752BC488E89:1:\n"                           /* cut */
        FIRST "\n" SECOND "\n" FIRST "\n"
                               "LS1:7404CBE7BF0F4BFC:2:2:9A732B82:0\n"
                               "ls1:F413B752BC488E89:1:3:72ECC56E:NCFEYP04AW$5DB9\n";
    reader r = {0};
    assert_success(read_text(&r, text));
    assert_payload(&r);
    assert_left(r.found.others, 3, 1);
    assert_left(r.found.damaged, 2, 5);
    assert_left(r.found.repeated, 2, 8);
    assert_left(r.found.elsewhere, 1, 10);
    ls_arena_free(&r.arena);
}

/* What can't be read, and what is said about it. */

typedef struct failure {
    const char *text;
    const ls_fault *fault;
    const char *says, *hint;
    unsigned line;
} failure;

static const failure failures[] = {
    {"", &ls_fault_codes_none, "no line begins with LS1:", "zbarimg", 0},
    {"nothing\nof interest", &ls_fault_codes_none, "no line begins with LS1:", "zbarimg", 0},
    {"x\nLS1:F413B752BC488E89:1", &ls_fault_codes_none, "line 2 begins like a code and is cut or changed", "", 0},
    {FIRST "\n" THIRD, &ls_fault_codes_missing, "code 2 of 3 is missing", "scan again", 0},
    {THIRD, &ls_fault_codes_missing, "codes 1 and 2 of 3 are missing", "scan again", 0},
    {SECOND, &ls_fault_codes_missing, "codes 1 and 3 of 3 are missing", "scan again", 0},
    {FIRST "\n" THIRD "\nLS1:7404CBE7BF0F4BFC:2:2:9A732B82:0", &ls_fault_codes_missing, "code 2 of 3 is missing",
     "line 3 is a code of another sheet; this one is sheet F413B752BC488E89", 0},
    /* One character changed, and two spaces that became one. */
    {FIRST "\nLS1:F413B752BC488E89:2:3:5B40C6B9:W6AMI56Q98C9V35Q-SK6QRP94IA%3\n" THIRD, &ls_fault_codes_missing,
     "code 2 of 3 is damaged", "line 2 was cut or changed", 2},
    {"\nLS1:7404CBE7BF0F4BFC:1:1:9A732B82:NCF9Q9+UP3KP$W5675E691V500KCD/0", &ls_fault_codes_missing,
     "code 1 of 1 is damaged", "loses spaces", 2},
    /* The check covers the number, too. */
    {FIRST "\nLS1:F413B752BC488E89:3:3:5B40C6B9:W6AMI56Q98C9V35P-SK6QRP94IA%3", &ls_fault_codes_missing,
     "code 3 of 3 is damaged; code 2 of 3 is missing", "line 2", 2},
    {WHOLE "\n" ANOTHER, &ls_fault_codes_several,
     "two sheets are whole: that which begins in line 2, and that which begins in line 1", "one sheet at a time", 0},
    /* The whole and the three parts are of one sheet, and say different things about it. */
    {FIRST "\n" SECOND "\n" WHOLE, &ls_fault_codes_conflict,
     "line 1 says that the sheet has 3 codes, line 3 that it has 1", "ask for a new sheet", 0},
    /* Two second parts, each with a check that fits. */
    {FIRST "\nLS1:F413B752BC488E89:2:3:201F4277:00\n" SECOND "\n" THIRD, &ls_fault_codes_conflict,
     "lines 2 and 3 are both code 2 of 3, and differ", "ask for a new sheet", 0},
    {FIRST "\nLS1:F413B752BC488E89:2:3:201F4277:00\n" THIRD, &ls_fault_codes_content,
     "all codes of sheet F413B752BC488E89 are there, but together they do not make what it was printed from",
     "ask for a new sheet", 0},
    /* WHOLE's bytes under a name that is not theirs. */
    {"LS1:0123456789ABCDEF:1:1:6846C0EC:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLFM1",
     &ls_fault_codes_content, "not make what", "", 0},
    /* Its name fits, but it is no zlib stream: one more byte, one less, a wrong sum, a dictionary, gzip, bare deflate.
     */
    {"LS1:021D21EBFD383D7A:1:1:FDCE143D:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLFM1U2",
     &ls_fault_codes_content, "can't be decompressed", "", 0},
    {"LS1:AD2686B5FBF3C8EF:1:1:4497575D:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLB0",
     &ls_fault_codes_content, "can't be decompressed", "", 0},
    {"LS1:B0E6BDB190B8C81B:1:1:208E4BFC:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLGM1",
     &ls_fault_codes_content, "can't be decompressed", "", 0},
    {"LS1:C7BEB5A361AC2D99:1:1:A857432E:9DFU-1FJ0WWP+OQ/D9CEF1D76E1G:G+MRCEFL*A+GLAMPTW8OW4ZO1HB03QLFM1",
     &ls_fault_codes_content, "can't be decompressed", "", 0},
    {"LS1:BBFEDEEA22D65836:1:1:9320690A:K:3N01000000KB0EYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK24000C*"
     "BP0QDA9000",
     &ls_fault_codes_content, "can't be decompressed", "", 0},
    {"LS1:BBEAF1AD6C51AA6A:1:1:7F87425B:EYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK24000",
     &ls_fault_codes_content, "can't be decompressed", "", 0},
};

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    reader r = {0};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        const failure *f = &failures[i];
        ls_result got = read_text(&r, f->text);
        if (got.fault != f->fault || strstr(r.detail.text, f->says) == NULL || strstr(r.detail.hint, f->hint) == NULL ||
            r.detail.line != f->line) {
            fail_msg("%s\n%s: line %u: %s (%s)", f->text, got.fault == NULL ? "success" : got.fault->code,
                     r.detail.line, r.detail.text, r.detail.hint);
        }
        assert_int_equal(r.payload.len, 0);
        assert_int_equal(r.found.count, 0);
        assert_fault(ls_codes_read(&r.arena, ls_bytes_str(f->text), &r.payload, &r.found, NULL), *f->fault);
    }
    ls_arena_free(&r.arena);
}

/* Lines that begin like codes and are none: each is one that is damaged, beside a sheet that is whole. */
static void lines_that_are_no_codes(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "LS1:",
        "LS1:::::",
        "LS1:F413B752BC488E8:1:1:F9C349AC:0",
        "LS1:f413b752bc488e89:1:1:F9C349AC:0",
        "LS1:F413B752BC488E89:0:1:F9C349AC:00",
        "LS1:F413B752BC488E89:2:1:F9C349AC:00",
        "LS1:F413B752BC488E89:01:1:F9C349AC:00",
        "LS1:F413B752BC488E89:1:100:F9C349AC:00",
        "LS1:F413B752BC488E89:-1:1:F9C349AC:00",
        "LS1:F413B752BC488E89:1:1:F9C349A:00",
        "LS1:F413B752BC488E89:1:1:f9c349ac:00",
        "LS1:F413B752BC488E89:1:1:0xF9C349:00",
        "LS1:F413B752BC488E89:1:1:F9C349AC",
        "LS1:F413B752BC488E89:1:1:F9C349AC:",
        "LS1:F413B752BC488E89:1:1:00000000:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLFM1",
        "LS1:F413B752BC488E89:1:1:F9C349AC:NCFEYP04AW$5DB9W6AMI56Q98C9V35P-SK6QRP94IAZ+LX*9$E58MSK240003QLFM1 ",
    };
    reader r = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[512];
        snprintf(text, sizeof text, "%s\n%s\n", WHOLE, wrong[i]);
        assert_success(read_text(&r, text));
        assert_payload(&r);
        assert_left(r.found.damaged, 1, 2);
    }
    ls_arena_free(&r.arena);
}

#define ZEROS 1521

/* zlib's shortest form of so many zeros: exactly at the limit, and one byte beyond. Made by Python. */
static void no_bombs(void **state)
{
    (void)state;
    char zeros[ZEROS], text[2048];
    memset(zeros, '0', sizeof zeros);
    reader r = {0};
    snprintf(text, sizeof text, "LS1:37257DBEF64AB8CA:1:1:42658C88:NCFP2UZ86000E40UFK%%1AS21AAK%.*sH103H0FFU10", ZEROS,
             zeros);
    assert_success(read_text(&r, text));
    assert_int_equal(r.payload.len, LS_CODES_PAYLOAD_MAX);
    assert_int_equal(r.payload.ptr[LS_CODES_PAYLOAD_MAX - 1], 0);
    snprintf(text, sizeof text, "LS1:53732C93005DBE15:1:1:FA082770:NCFP2UZ86000E40UFK%%1AS21AAK%.*sX103H01LU10", ZEROS,
             zeros);
    assert_fault(read_text(&r, text), ls_fault_codes_content);
    assert_non_null(strstr(r.detail.text, "at most 1048576 bytes"));
    ls_arena_free(&r.arena);
}

static void too_much_to_read(void **state)
{
    (void)state;
    reader r = {0};
    char *text = malloc(LS_CODES_READING_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', LS_CODES_READING_MAX + 1);
    ls_bytes all = ls_bytes_of(text, LS_CODES_READING_MAX + 1);
    assert_fault(ls_codes_read(&r.arena, all, &r.payload, &r.found, &r.detail), ls_fault_codes_large);
    all.len--;
    assert_fault(ls_codes_read(&r.arena, all, &r.payload, &r.found, &r.detail), ls_fault_codes_none);
    free(text);
    ls_arena_free(&r.arena);
}

/* Our own codes. */

/* Text that compresses to about two thirds, as bundles do. */
static void make_payload(size_t len, ls_buf *out)
{
    static const char digits[] = "0123456789abcdef-, \n";
    uint64_t seed = len;
    while (out->len < len) {
        ls_buf_put_u8(out, (uint8_t)digits[next_random(&seed) % (sizeof digits - 1)]);
    }
}

static void write_payload(size_t len, ls_arena *arena, ls_buf *payload, ls_codes *codes)
{
    ls_detail detail = {0};
    make_payload(len, payload);
    assert_success(ls_codes_write(arena, ls_buf_bytes(payload), codes, &detail));
}

/* Every order of lines gives the payload: here backwards, each twice, with the scanner's prefix now and then. */
static void there_and_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 100, 2000, 8192, 20000, 61440, 150000};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        reader r = {0};
        ls_buf payload = {0}, text = {0};
        ls_codes codes;
        write_payload(sizes[k], &r.arena, &payload, &codes);
        for (size_t i = 2 * codes.count; i-- > 0;) {
            ls_buf_format(&text, "%s%s\n", i % 3 == 0 ? "QR-Code:" : "", codes.text[i / 2]);
        }
        assert_success(ls_codes_read(&r.arena, ls_buf_bytes(&text), &r.payload, &r.found, &r.detail));
        assert_bytes(r.payload, ls_buf_bytes(&payload));
        assert_string_equal(r.found.sheet, codes.sheet);
        assert_int_equal(r.found.count, codes.count);
        assert_left(r.found.repeated, codes.count, 2);
        ls_buf_free(&payload);
        ls_buf_free(&text);
        ls_arena_free(&r.arena);
    }
}

/* No code is longer than its size allows, all have about one length, and no character is beyond the alphabet. */
static void what_codes_look_like(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_buf payload = {0};
    ls_codes codes;
    write_payload(61440, &arena, &payload, &codes);
    for (size_t i = 0; i < codes.count; i++) {
        size_t len = strlen(codes.text[i]), before = strlen("LS1:0123456789ABCDEF:99:99:01234567:");
        assert_int_equal(strspn(codes.text[i], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), len);
        assert_true(len <= before + LS_BASE45_SIZE(LS_CODES_PART_MAX));
        assert_true(len + 2 * codes.count >= strlen(codes.text[0]));
    }
    ls_buf_free(&payload);
    ls_arena_free(&arena);
}

/* Of each of many codes: without it, it is named; with any character changed, it is named, too. */
static void each_code_counts(void **state)
{
    (void)state;
    reader r = {0};
    ls_buf payload = {0};
    ls_codes codes;
    write_payload(30000, &r.arena, &payload, &codes);
    assert_true(codes.count > 9);
    for (size_t without = 0; without < 2 * codes.count; without++) {
        char expected[64];
        bool changed = without >= codes.count;
        size_t which = without % codes.count;
        ls_buf text = {0};
        for (size_t i = 0; i < codes.count; i++) {
            size_t begin = text.len;
            ls_buf_format(&text, "%s\n", i == which && !changed ? "" : codes.text[i]);
            if (i == which && changed) {
                uint8_t *c = &text.ptr[begin + 34 + 50 * which];
                *c = *c == '0' ? '1' : '0';
            }
        }
        snprintf(expected, sizeof expected, "code %zu of %zu is %s", which + 1, codes.count,
                 changed ? "damaged" : "missing");
        assert_fault(ls_codes_read(&r.arena, ls_buf_bytes(&text), &r.payload, &r.found, &r.detail),
                     ls_fault_codes_missing);
        assert_string_equal(r.detail.text, expected);
        ls_buf_free(&text);
    }
    ls_buf_free(&payload);
    ls_arena_free(&r.arena);
}

static void too_much_to_print(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_detail detail = {0};
    ls_codes untouched = {.count = 7};
    uint8_t *bytes = calloc(1, LS_CODES_PAYLOAD_MAX + 1);
    assert_non_null(bytes);
    /* Within the limit, and more than fits if it can't be compressed. */
    assert_fault(ls_codes_write(&arena, ls_bytes_of(bytes, LS_CODES_PAYLOAD_MAX + 1), &untouched, &detail),
                 ls_fault_codes_large);
    assert_non_null(strstr(detail.text, "1048577 bytes"));
    ls_random(bytes, LS_CODES_PAYLOAD_MAX);
    assert_fault(ls_codes_write(&arena, ls_bytes_of(bytes, LS_CODES_PAYLOAD_MAX), &untouched, &detail),
                 ls_fault_codes_large);
    assert_int_equal(untouched.count, 7);
    assert_fault(ls_codes_write(&arena, ls_bytes_of(bytes, LS_CODES_MAX * LS_CODES_PART_MAX), &untouched, NULL),
                 ls_fault_codes_large);
    assert_success(
        ls_codes_write(&arena, ls_bytes_of(bytes, LS_CODES_MAX * (LS_CODES_PART_MAX - 1)), &untouched, NULL));
    assert_int_equal(untouched.count, LS_CODES_MAX);
    free(bytes);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_rfc_9285),    cmocka_unit_test(no_base45),
        cmocka_unit_test(all_of_base45),           cmocka_unit_test(codes_of_another_program),
        cmocka_unit_test(what_else_is_there),      cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(lines_that_are_no_codes), cmocka_unit_test(no_bombs),
        cmocka_unit_test(too_much_to_read),        cmocka_unit_test(there_and_back),
        cmocka_unit_test(what_codes_look_like),    cmocka_unit_test(each_code_counts),
        cmocka_unit_test(too_much_to_print),
    };
    if (ls_failed(ls_crypto_init())) {
        return 1;
    }
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
