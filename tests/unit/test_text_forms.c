/* edit.json and agree.json: one form each, and everything that has no place in them. */
#include "texts.h"

#define HASH "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* of "abc", FIPS 180-2 */

static const char edit[] =
    "{\"lockstep\":\"text edit v1\",\"operations\":["
    "{\"after\":\"start\",\"kind\":\"prose\",\"op\":\"insert\"},"
    "{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"+1\",\"text\":\"Within 30 days.\"},"
    "{\"after\":\"+1\",\"kind\":\"roadmap\",\"op\":\"insert\"},"
    "{\"op\":\"propose\",\"paragraph\":\"+2\",\"text\":\"due: 30 days\\n\"},"
    "{\"before\":\"rok-2-3-4\",\"kind\":\"prose\",\"op\":\"insert\"},"
    "{\"ad-referendum\":true,\"language\":\"ko\",\"note\":\"see 2\",\"op\":\"propose\",\"paragraph\":\"usa-5-1\","
    "\"text\":\"가.\"},"
    "{\"ad-referendum\":true,\"language\":\"en\",\"note\":\"why\",\"op\":\"delete\",\"paragraph\":\"usa-5-1\"},"
    "{\"language\":\"en\",\"op\":\"note\",\"paragraph\":\"usa-5-1\",\"text\":\"\"},"
    "{\"language\":\"en\",\"op\":\"retract\",\"paragraph\":\"usa-5-1\"},"
    "{\"language\":\"en\",\"op\":\"reopen\",\"paragraph\":\"usa-5-1\"}]}";

static const char agree[] = "{\"accepted\":[{\"content\":\"" HASH "\",\"language\":\"en\",\"paragraph\":\"usa-5-1\"},"
                            "{\"content\":\"delete\",\"paragraph\":\"dprk-1-12\"}],\"lockstep\":\"text agree v1\"}";

static void test_edit(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_text_edit e;
    ls_detail detail = {0};
    ls_buf again = {0};
    assert_success(ls_text_edit_parse(&arena, str(edit), &e, &detail));
    assert_int_equal(e.count, 10);
    assert_true(e.op[0].at_start && e.op[2].insert == LS_TEXT_ROADMAP && e.op[4].before);
    assert_bytes(e.op[4].paragraph.party, str("rok-2"));
    assert_int_equal(e.op[4].paragraph.seq, 3);
    assert_int_equal(e.op[4].paragraph.number, 4);
    assert_true(e.op[5].ad_referendum);
    assert_bytes(e.op[5].note, str("see 2"));
    assert_success(ls_text_edit_format(&e, &again));
    assert_bytes(ls_buf_bytes(&again), str(edit));
    ls_buf_free(&again);
    ls_arena_free(&arena);
}

static void test_agree(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_text_agree a;
    ls_detail detail = {0};
    ls_buf again = {0};
    ls_hash abc;
    assert_success(ls_text_agree_parse(&arena, str(agree), &a, &detail));
    assert_int_equal(a.count, 2);
    ls_sha256_hash(str("abc"), &abc);
    assert_true(ls_hash_equal(&a.item[0].content, &abc));
    assert_true(a.item[1].deletion);
    assert_success(ls_text_agree_format(&a, &again));
    assert_bytes(ls_buf_bytes(&again), str(agree));
    ls_buf_free(&again);
    ls_arena_free(&arena);
}

/* One operation, or one acceptance, and what the refusal says of it. */
typedef struct refused {
    const char *item, *says;
} refused;

static const refused edits[] = {
    {"1", "not an object"},
    {"{}", "no such operation"},
    {"{\"op\":\"move\"}", "no such operation"},
    {"{\"op\":1}", "must be text"},
    {"{\"kind\":\"prose\",\"op\":\"insert\"}", "one of 'after' and 'before'"},
    {"{\"after\":\"start\",\"before\":\"usa-1-1\",\"kind\":\"prose\",\"op\":\"insert\"}",
     "one of 'after' and 'before'"},
    {"{\"before\":\"start\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"+1\",\"kind\":\"prose\",\"op\":\"insert\"}", "inserted above"},
    {"{\"after\":\"usa-0-1\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"usa-01-1\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"usa-1-4097\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"usa-1\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"-1-1\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"USA-1-1\",\"kind\":\"prose\",\"op\":\"insert\"}", "PARTY-SEQ-N"},
    {"{\"after\":\"start\",\"kind\":\"table\",\"op\":\"insert\"}", "prose or roadmap"},
    {"{\"after\":\"start\",\"op\":\"insert\"}", "prose or roadmap"},
    {"{\"after\":\"start\",\"kind\":\"prose\",\"op\":\"insert\",\"text\":\"A\"}", "no place here"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\"}", "not empty"},
    {"{\"language\":\"EN\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\"}", "must be a name"},
    {"{\"language\":\"\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\"}", "must be a name"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"+1\",\"text\":\"A\"}", "inserted above"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"text\":\"A\"}", "PARTY-SEQ-N"},
    {"{\"ad-referendum\":false,\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\"}",
     "true or left out"},
    {"{\"language\":\"en\",\"note\":\"\",\"op\":\"delete\",\"paragraph\":\"usa-1-1\"}", "note is not empty"},
    {"{\"language\":\"en\",\"note\":\"a\\tb\",\"op\":\"delete\",\"paragraph\":\"usa-1-1\"}", "does not show"},
    {"{\"language\":\"en\",\"op\":\"note\",\"paragraph\":\"usa-1-1\"}", "lacks its text"},
    {"{\"language\":\"en\",\"op\":\"retract\",\"paragraph\":\"usa-1-1\",\"text\":\"A\"}", "no place here"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\\n\\nB\"}", "no empty line"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\\n\"}", "no empty line"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\\n  \\nB\"}", "no empty line"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\\n<!-- #usa-1-2 -->\"}",
     "mark of a paragraph"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"A\\n ```roadmap\"}",
     "piece of the roadmap"},
    {"{\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"a: 1\\n  ```\"}", "no line with '```'"},
    {"{\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\" \\n \"}", "not blank"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"a\u202eb\"}", "reorders a line"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"a\u2066b\"}", "reorders a line"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"a\\rb\"}", "does not show"},
    {"{\"language\":\"en\",\"op\":\"propose\",\"paragraph\":\"usa-1-1\",\"text\":\"a\xc2\x85\x62\"}", "does not show"},
};

static const refused agrees[] = {
    {"1", "not an object"},
    {"{\"content\":\"delete\"}", "PARTY-SEQ-N"},
    {"{\"content\":\"delete\",\"paragraph\":\"+1\"}", "inserted above"},
    {"{\"content\":\"DELETE\",\"paragraph\":\"usa-1-1\"}", "64 hex digits"},
    {"{\"content\":\"BA7816\",\"paragraph\":\"usa-1-1\"}", "64 hex digits"},
    {"{\"paragraph\":\"usa-1-1\"}", "64 hex digits"},
    {"{\"content\":\"delete\",\"note\":\"a\",\"paragraph\":\"usa-1-1\"}", "no place here"},
};

static ls_result parse(bool is_edit, ls_bytes text, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_text_edit e;
    ls_text_agree a;
    ls_result r =
        is_edit ? ls_text_edit_parse(&arena, text, &e, detail) : ls_text_agree_parse(&arena, text, &a, detail);
    ls_arena_free(&arena);
    return r;
}

static void assert_refused(bool is_edit, const char *text, const char *says)
{
    ls_detail detail = {0};
    assert_fault(parse(is_edit, str(text), &detail), ls_fault_text_form);
    if (strstr(detail.text, says) == NULL) {
        fail_msg("'%s' instead of '%s' about %s", detail.text, says, text);
    }
}

static void test_items_that_have_no_place(void **state)
{
    (void)state;
    char text[2048];
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        snprintf(text, sizeof text, "{\"lockstep\":\"text edit v1\",\"operations\":[%s]}", edits[i].item);
        assert_refused(true, text, edits[i].says);
    }
    for (size_t i = 0; i < sizeof agrees / sizeof *agrees; i++) {
        snprintf(text, sizeof text, "{\"accepted\":[%s],\"lockstep\":\"text agree v1\"}", agrees[i].item);
        assert_refused(false, text, agrees[i].says);
    }
}

static void test_frames(void **state)
{
    (void)state;
    char text[sizeof edit + 8];
    assert_refused(true, "", "");
    assert_refused(true, "[]", "not of the form");
    assert_refused(true, "{\"lockstep\":\"text edit v2\",\"operations\":[]}", "not of the form");
    assert_refused(true, "{\"lockstep\":\"text edit v1\",\"operations\":[]}", "a list of 1 to");
    assert_refused(true, "{\"lockstep\":\"text edit v1\"}", "a list of 1 to");
    assert_refused(true, "{\"lockstep\":\"text edit v1\",\"operations\":{}}", "a list of 1 to");
    assert_refused(true, "{\"a\":1,\"lockstep\":\"text edit v1\",\"operations\":[1]}", "only");
    assert_refused(false, edit, "not of the form");
    assert_refused(true, agree, "not of the form");
    snprintf(text, sizeof text, " %s", edit);
    assert_refused(true, text, "not canonical");
    snprintf(text, sizeof text, "%s\n", edit);
    assert_refused(true, text, "not canonical");
}

/* Bytes that are no UTF-8, at each place of a paragraph. */
static void test_invalid_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[256];
        ls_detail detail = {0};
        snprintf(text, sizeof text,
                 "{\"lockstep\":\"text edit v1\",\"operations\":[{\"language\":\"en\",\"op\":\"propose\","
                 "\"paragraph\":\"usa-1-1\",\"text\":\"a%sb\"}]}",
                 wrong[i]);
        assert_fault(parse(true, str(text), &detail), ls_fault_text_form);
        assert_string_equal(ls_text_content_wrong(LS_TEXT_PROSE, str(wrong[i])), "it is not UTF-8");
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static char content[LS_TEXT_CONTENT_MAX + 2];
    memset(content, 'a', LS_TEXT_CONTENT_MAX + 1);
    assert_null(ls_text_content_wrong(LS_TEXT_PROSE, ls_bytes_of(content, LS_TEXT_CONTENT_MAX)));
    assert_non_null(ls_text_content_wrong(LS_TEXT_PROSE, ls_bytes_of(content, LS_TEXT_CONTENT_MAX + 1)));
    ls_text_op op = op_of(LS_OP_NOTE, "usa-1-1", "en", "");
    ls_text_edit e = {1, &op};
    for (size_t over = 0; over < 2; over++) {
        ls_buf file = {0};
        ls_detail detail = {0};
        op.text = ls_bytes_of(content, LS_TEXT_NOTE_MAX + over);
        assert_success(ls_text_edit_format(&e, &file));
        assert_int_equal(ls_failed(parse(true, ls_buf_bytes(&file), &detail)), over);
        ls_buf_free(&file);
    }
    static ls_text_op many[LS_TEXT_OPERATIONS_MAX + 1];
    for (size_t i = 0; i <= LS_TEXT_OPERATIONS_MAX; i++) {
        many[i] = op_of(LS_OP_RETRACT, "usa-1-1", "en", "");
    }
    for (size_t over = 0; over < 2; over++) {
        ls_buf file = {0};
        ls_detail detail = {0};
        e = (ls_text_edit){LS_TEXT_OPERATIONS_MAX + over, many};
        assert_success(ls_text_edit_format(&e, &file));
        assert_int_equal(ls_failed(parse(true, ls_buf_bytes(&file), &detail)), over);
        ls_buf_free(&file);
    }
}

/* Megabytes in one paragraph: refused before anything is made of them. */
static void test_megabytes(void **state)
{
    (void)state;
    ls_buf file = {0};
    ls_detail detail = {0};
    ls_buf_put_str(&file, "{\"lockstep\":\"text edit v1\",\"operations\":[{\"language\":\"en\",\"op\":\"propose\","
                          "\"paragraph\":\"usa-1-1\",\"text\":\"");
    memset(ls_buf_extend(&file, 3u << 20), 'a', 3u << 20);
    ls_buf_put_str(&file, "\"}]}");
    assert_fault(parse(true, ls_buf_bytes(&file), &detail), ls_fault_text_form);
    assert_non_null(strstr(detail.text, "longer than 16384 bytes"));
    ls_buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edit),      cmocka_unit_test(test_agree), cmocka_unit_test(test_items_that_have_no_place),
        cmocka_unit_test(test_frames),    cmocka_unit_test(test_sizes), cmocka_unit_test(test_invalid_utf8),
        cmocka_unit_test(test_megabytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
