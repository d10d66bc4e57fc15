/* YAML: what is read, where it stood, and all that is refused with its place. */
#include "yaml/yaml.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka needs the headers above. */
#include <cmocka.h>

/* One reading; starts anew with each call of read_yaml. */
typedef struct reading {
    ls_arena arena;
    ls_diagnostics d;
    ls_value *root;
} reading;

static void read_bytes(reading *r, ls_bytes text)
{
    r->root = (ls_value *)r; /* must be overwritten */
    r->d.arena = &r->arena;
    assert_true(ls_succeeded(ls_yaml_parse(&r->arena, text, &r->d, &r->root)));
    assert_true((r->root == NULL) == (r->d.errors > 0));
}

static reading *read_yaml(const char *text)
{
    reading *r = calloc(1, sizeof *r);
    assert_non_null(r);
    read_bytes(r, ls_bytes_str(text));
    return r;
}

static void done(reading *r)
{
    ls_arena_free(&r->arena);
    free(r);
}

static reading *read_good(const char *text)
{
    reading *r = read_yaml(text);
    if (r->d.errors > 0) {
        fail_msg("%u:%u %s in: %s", r->d.item[0].mark.line, r->d.item[0].mark.column, r->d.item[0].text, text);
    }
    return r;
}

static void canonical_is(const char *yaml, const char *json)
{
    reading *r = read_good(yaml);
    ls_buf out = {0};
    ls_json_canonical(r->root, &out);
    assert_string_equal(ls_buf_cstr(&out), json);
    ls_buf_free(&out);
    done(r);
}

static void reads_each_type(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"a: 1", "{\"a\":1}"},
        {"a: -17", "{\"a\":-17}"},
        {"a: 0", "{\"a\":0}"},
        {"a: 9007199254740991", "{\"a\":9007199254740991}"},
        {"a: -9007199254740991", "{\"a\":-9007199254740991}"},
        {"a: true\nb: false", "{\"a\":true,\"b\":false}"},
        /* Strings, all of them: only one spelling is a number or a boolean. */
        {"a: 007", "{\"a\":\"007\"}"},
        {"a: +1", "{\"a\":\"+1\"}"},
        {"a: 1.5", "{\"a\":\"1.5\"}"},
        {"a: 0x10", "{\"a\":\"0x10\"}"},
        {"a: 1_000", "{\"a\":\"1_000\"}"},
        {"a: 2018-10-09", "{\"a\":\"2018-10-09\"}"},
        {"a: True\nb: yes\nc: on\nd: null\ne: ~",
         "{\"a\":\"True\",\"b\":\"yes\",\"c\":\"on\",\"d\":\"null\",\"e\":\"~\"}"},
        {"a: \"1\"\nb: 'true'", "{\"a\":\"1\",\"b\":\"true\"}"},
        {"a: ''\nb: \"\"", "{\"a\":\"\",\"b\":\"\"}"},
        {"2018: x\ntrue: y", "{\"2018\":\"x\",\"true\":\"y\"}"},
        {"- a\n- 1\n- - b\n  - c\n", "[\"a\",1,[\"b\",\"c\"]]"},
        {"a: [x, 2, {b: c}]\nd: {}\ne: []", "{\"a\":[\"x\",2,{\"b\":\"c\"}],\"d\":{},\"e\":[]}"},
        {"a:\n- b\n- c\nd: e", "{\"a\":[\"b\",\"c\"],\"d\":\"e\"}"},
        {"a: it's \"so\" # comment\nb: x#y", "{\"a\":\"it's \\\"so\\\"\",\"b\":\"x#y\"}"},
        {"a: '''''''''''''''x'", "{\"a\":\"'''''''x\"}"},
        {"a: 'x''y'", "{\"a\":\"x'y\"}"},
        {"a: http://x:80/", "{\"a\":\"http://x:80/\"}"},
        {"---\na: 1\n...\n", "{\"a\":1}"},
        {"\xef\xbb\xbf"
         "a: 1\r\nb: 2\r\n",
         "{\"a\":1,\"b\":2}"},
        {"\xc3\xa9: \xed\x95\x9c\xea\xb5\xad", "{\"\xc3\xa9\":\"\xed\x95\x9c\xea\xb5\xad\"}"},
        {"a: \"\\u00e9\\x41\\n\\U0001F600\"", "{\"a\":\"\xc3\xa9"
                                              "A\\n\xf0\x9f\x98\x80\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        canonical_is(cases[i].yaml, cases[i].json);
    }
}

static void reads_text_over_several_lines(void **state)
{
    (void)state;
    canonical_is("a: |\n  one\n  two: x\n\n  three\nb: 1", "{\"a\":\"one\\ntwo: x\\n\\nthree\\n\",\"b\":1}");
    canonical_is("a: |-\n  one\n  two\n", "{\"a\":\"one\\ntwo\"}");
    canonical_is("a: >\n  one\n  two\n\n  three\n", "{\"a\":\"one two\\nthree\\n\"}");
    canonical_is("a: >-\n  1\n", "{\"a\":\"1\"}");
    canonical_is("a: one\n  two\n", "{\"a\":\"one two\"}");
    canonical_is("a: \"one\n  two\"\n", "{\"a\":\"one two\"}");
    canonical_is("a: >\n  one\n\n   two\n  three\n", "{\"a\":\"one\\n\\n two\\nthree\\n\"}");
    canonical_is("a: \"one \\ \n  two\"\n", "{\"a\":\"one   two\"}");
    canonical_is("a: 1\n  2\n", "{\"a\":\"1 2\"}");
}

static void reads_json(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{\"a\":1,\"b\":[true,false,\"x\"],\"c\":{\"d\":\"\\u00e9\\n\\\\\\\"\"}}",
        "[]",
        "[{},[],\"\",0]",
        "{\n  \"name\": \"x\",\n  \"list\": [\n    1,\n    2\n  ]\n}\n",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        reading *r = read_good(documents[i]);
        ls_buf ours = {0}, theirs = {0};
        ls_value *json = NULL;
        assert_true(ls_succeeded(ls_json_parse(&r->arena, ls_bytes_str(documents[i]), &json, NULL)));
        ls_json_canonical(r->root, &ours);
        ls_json_canonical(json, &theirs);
        assert_string_equal(ls_buf_cstr(&ours), ls_buf_cstr(&theirs));
        ls_buf_free(&ours);
        ls_buf_free(&theirs);
        done(r);
    }
}

static void assert_mark(ls_mark mark, unsigned line, unsigned column)
{
    assert_int_equal(mark.line, line);
    assert_int_equal(mark.column, column);
}

static void every_node_knows_its_place(void **state)
{
    (void)state;
    reading *r = read_good("# comment\n"
                           "name: plain\n"
                           "\xc3\xa9t\xc3\xa9: \"quoted\"\n"
                           "list:\n"
                           "  - one\n"
                           "  - key: [1, 'two']\n");
    assert_mark(r->root->mark, 2, 1);
    assert_mark(r->root->entries[0].mark, 2, 1);
    assert_mark(r->root->entries[0].value->mark, 2, 7);
    assert_mark(r->root->entries[1].value->mark, 3, 6); /* columns count characters, not bytes */
    const ls_value *list = ls_value_get(r->root, "list");
    assert_mark(list->mark, 5, 3);
    assert_mark(list->items[0]->mark, 5, 5);
    assert_mark(list->items[1]->mark, 6, 5);
    const ls_value *flow = ls_value_get(list->items[1], "key");
    assert_mark(flow->mark, 6, 10);
    assert_mark(flow->items[0]->mark, 6, 11);
    assert_mark(flow->items[1]->mark, 6, 14);
    done(r);
}

static void maps_keep_the_order_of_the_source(void **state)
{
    (void)state;
    reading *r = read_good("zebra: 1\nant: 2\nmole: 3\n");
    assert_int_equal(r->root->count, 3);
    assert_true(ls_bytes_is(r->root->entries[0].key, "zebra"));
    assert_true(ls_bytes_is(r->root->entries[2].key, "mole"));
    assert_int_equal(ls_value_get(r->root, "ant")->integer, 2);
    assert_int_equal(r->root->entries[0].key.ptr[5], 0);
    done(r);
}

typedef struct refusal {
    const char *yaml;
    unsigned line, column;
    const char *text, *hint; /* parts of what must be said */
} refusal;

static bool refused_as(const refusal *c)
{
    static const ls_diagnostic none = {.text = "accepted", .hint = ""};
    reading *r = read_yaml(c->yaml);
    const ls_diagnostic *first = r->d.count == 0 ? &none : &r->d.item[0];
    bool right = r->d.count > 0 && first->mark.line == c->line && first->mark.column == c->column &&
                 strstr(first->text, c->text) != NULL && strstr(first->hint, c->hint) != NULL;
    if (!right) {
        print_error("%s\ngave %u:%u: %s (%s)\nnot  %u:%u: %s (%s)\n", c->yaml, first->mark.line, first->mark.column,
                    first->text, first->hint, c->line, c->column, c->text, c->hint);
    }
    done(r);
    return right;
}

static void refuses_with_place_cause_and_hint(void **state)
{
    (void)state;
    static const refusal cases[] = {
        /* How people get YAML wrong. */
        {"\ta: 1\n", 1, 1, "tab", "spaces"},
        {"a:\n\tb: 1\n", 2, 1, "tab", "spaces"},
        {"a: |\n\tx\n", 2, 1, "tab", "spaces"},
        {"a:1\nb: 2\n", 2, 2, "continues the one above", "space missing after the ':' there"},
        {"a: 1\nb:2\nc: 3\n", 2, 1, "not 'key: value'", "space missing after the ':'"},
        {"a:1\n", 1, 1, "one text", "space missing after a ':'"},
        {"just words\n", 1, 1, "one text", ""},
        {"a: b: c\n", 1, 5, "second ': '", "quotes"},
        {"title: Talks: round 2\n", 1, 13, "second ': '", "quotes"},
        {"a: 1\n b: 2\n", 2, 3, "continues the one above", "same column"},
        {" a: 1\nb: 2\n", 2, 1, "does not belong", "same column"},
        {"a:\n  - x\n - y\n", 3, 2, "a key is expected", "same column"},
        {"a:\n- b\n-c\n", 3, 1, "neither a key", "after the '-'"},
        {"a: - b\n", 1, 4, "line of its key", "next line"},
        {"a: 'it's'\n", 1, 8, "after the closing quote", "twice"},
        {"a: \"x\" y\n", 1, 8, "after the closing quote", ""},
        {"a: \"open\nb: 2\n", 1, 4, "never closed", ""},
        {"a: @x\n", 1, 4, "can't begin with", "quotes"},
        {"a: `x`\n", 1, 4, "can't begin with", "quotes"},
        {"a: %x\n", 1, 4, "can't begin with", "quotes"},
        {"a: \"\\q\"\n", 1, 5, "escape that does not exist", ""},
        /* Brackets. */
        {"a: [1, 2\n", 1, 4, "never closed", ""},
        {"a: [x, y\nb: 1\n", 2, 2, "comma or a closing bracket", ""},
        {"{a: 1\n", 1, 1, "never closed", ""},
        {"{a: 1]\n", 1, 6, "does not fit", ""},
        {"[a, , b]\n", 1, 5, "value is expected", "comma too many"},
        /* What YAML allows, and we do not. */
        {"a: 1\n---\nb: 2\n", 2, 1, "second document", "one document"},
        {"a: 1\n...\nb: 2\n", 3, 1, "does not belong", ""},
        {"a: &x 1\n", 1, 4, "anchor", ""},
        {"a: 1\nb: *a\n", 2, 4, "alias", "'*'"},
        {"a: !!str 1\n", 1, 4, "tag", "'!'"},
        {"!x\na: 1\n", 1, 1, "tag", ""},
        {"a: 1\nb: 2\na: 3\n", 3, 1, "'a' stands on line 1", ""},
        {"{\"a\": 1, 'a': 2}\n", 1, 10, "'a' stands on line 1", ""},
        {"a:\nb: 1\n", 1, 1, "'a' has no value", "\"\""},
        {"{days:60}\n", 1, 2, "no value", "space missing after the ':'"},
        {"- a\n-\n- b\n", 2, 2, "nothing stands here", ""},
        {": x\n", 1, 1, "a key is expected", ""},
        {"? [a]\n: 1\n", 1, 3, "key has to be one text", ""},
        {"", 1, 1, "empty", ""},
        {"# nothing\n", 1, 1, "empty", ""},
        {"---\n", 2, 1, "nothing stands here", ""},
        {"a: 9007199254740992\n", 1, 4, "too large", "quotes"},
        {"a: -9007199254740992\n", 1, 4, "too large", "quotes"},
        {"a: 99999999999999999999999999\n", 1, 4, "too large", "quotes"},
        /* Bytes. */
        {"a: 1\nb: \xc3\xa9\xff\n", 2, 5, "not UTF-8", "UTF-8"},
        {"a: \xed\xa0\x80\n", 1, 4, "not UTF-8", ""},
        {"a: \xc0\x80\n", 1, 4, "not UTF-8", ""},
        {"a: \xf0\x9f\x98", 1, 4, "not UTF-8", ""},
        {"a: x\001y\n", 1, 5, "control", ""},
        {"a: x\xc2\x80\n", 1, 5, "control", ""},
        {"a: x\xef\xbf\xbe\n", 1, 5, "control", ""},
        {"a: \xef\xbb\xbf\n", 1, 4, "byte order mark", ""},
        {"a: 1\xe2\x80\xa8"
         "b: 2\n",
         1, 5, "line end", ""},
        {"a: 1\xc2\x85"
         "b: 2\n",
         1, 5, "line end", ""},
        {"a: 1\rb: 2\n", 1, 5, "line end", ""},
        {"%YAML 1.2\n---\na: 1\n", 1, 1, "'%'", ""},
        {"a: \"x\\0y\"\n", 1, 4, "escape", ""},
        {"a: \"\\ud800\"\n", 1, 7, "escape", ""},
        {"\"x\\0\": 1\n", 1, 1, "escape", ""},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wrong += !refused_as(&cases[i]);
    }
    assert_int_equal(wrong, 0);
}

static void refuses_a_raw_nul(void **state)
{
    (void)state;
    reading *r = calloc(1, sizeof *r);
    read_bytes(r, ls_bytes_of("a: x\0y\n", 7));
    assert_int_equal(r->d.errors, 1);
    assert_mark(r->d.item[0].mark, 1, 5);
    done(r);
}

static void tells_all_that_is_wrong_in_order(void **state)
{
    (void)state;
    reading *r = read_yaml("a: *x\nb: 1\nb: 2\nc:\nd: &y z\nlist:\n  -\n  - !t 99999999999999999\n");
    static const unsigned lines[] = {1, 3, 4, 5, 7, 8, 8};
    assert_int_equal(r->d.errors, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(r->d.item[i].mark.line, lines[i]);
    }
    done(r);
}

static void earlier_diagnostics_stay(void **state)
{
    (void)state;
    reading *r = calloc(1, sizeof *r);
    r->d.arena = &r->arena;
    ls_diagnose(&r->d, (ls_mark){9, 9}, NULL, "from before");
    assert_true(ls_succeeded(ls_yaml_parse(&r->arena, ls_bytes_str("a: 1"), &r->d, &r->root)));
    assert_non_null(r->root); /* nothing was diagnosed by this call */
    assert_int_equal(r->d.errors, 1);
    done(r);
}

/* A document of count copies of part between head and tail. */
static reading *read_repeated(const char *head, const char *part, size_t count, const char *tail)
{
    ls_buf text = {0};
    ls_buf_put_str(&text, head);
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_str(&text, part);
    }
    ls_buf_put_str(&text, tail);
    reading *r = calloc(1, sizeof *r);
    read_bytes(r, ls_buf_bytes(&text));
    ls_buf_free(&text);
    return r;
}

static void depth_is_bounded(void **state)
{
    (void)state;
    reading *r = read_repeated("", "- ", LS_VALUE_DEPTH_MAX, "x");
    assert_int_equal(r->d.errors, 0);
    done(r);
    r = read_repeated("", "- ", LS_VALUE_DEPTH_MAX + 1, "x");
    assert_int_equal(r->d.errors, 1);
    assert_non_null(strstr(r->d.item[0].text, "nested deeper than 64"));
    assert_mark(r->d.item[0].mark, 1, 2 * LS_VALUE_DEPTH_MAX + 1);
    done(r);
    static const char *const openers[] = {"[", "{", "- ", "? ", "{a: ", "[[", "[\n"};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        r = read_repeated("", openers[i], 500000, "");
        assert_true(r->d.errors > 0);
        done(r);
    }
}

static void size_is_bounded(void **state)
{
    (void)state;
    const size_t room = LS_VALUE_DOCUMENT_MAX - 5;
    reading *r = read_repeated("a: \"", "x", room, "\"");
    assert_int_equal(r->d.errors, 0);
    assert_int_equal(ls_value_get(r->root, "a")->string.len, room);
    done(r);
    r = read_repeated("a: \"", "x", room + 1, "\"");
    assert_int_equal(r->d.errors, 1);
    assert_non_null(strstr(r->d.item[0].text, "larger than 4194304"));
    done(r);
}

static void hostile_documents_are_answered_soon(void **state)
{
    (void)state;
    static const struct {
        const char *head, *part, *tail;
        bool good;
    } cases[] = {
        {"", "%", "", false},      {"", "&a ", "", false},          {"", "!", "", false},
        {"", "--- \n", "", false}, {"a: >\n", "  x\n\n", "", true}, {"a: |\n", "  x\n", "", true},
        {"[", "a,", "]", true},    {"", "- a\n", "", true},         {"a: ", "x ", "", true},
        {"", "#", "", false},      {"", "\n", "", false},           {"a: [", "*b,", "]", false},
        {"", "a: 1\n", "", false}, {"a: '", "''", "'", true},       {"a: \"", "\\n", "\"", true},
        {"[", "{},", "]", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 1000000 / strlen(cases[i].part);
        reading *r = read_repeated(cases[i].head, cases[i].part, count, cases[i].tail);
        assert_int_equal(r->d.errors == 0, cases[i].good);
        done(r);
    }
}

static void finds_one_duplicate_among_many_keys(void **state)
{
    (void)state;
    ls_buf text = {0};
    for (unsigned i = 0; i < 100000; i++) {
        ls_buf_format(&text, "key-%u: %u\n", i, i);
    }
    ls_buf_put_str(&text, "key-777: again\n");
    reading *r = calloc(1, sizeof *r);
    read_bytes(r, ls_buf_bytes(&text));
    assert_int_equal(r->d.errors, 1);
    assert_mark(r->d.item[0].mark, 100001, 1);
    assert_non_null(strstr(r->d.item[0].text, "'key-777' stands on line 778"));
    ls_buf_free(&text);
    done(r);
}

static void every_prefix_is_answered(void **state)
{
    (void)state;
    static const char text[] = "title: \"x\"\nlist:\n  - {a: [1, 'b'], c: |}\n  - >-\n    fold\n    ed\n? k\n: &a v\n";
    for (size_t len = 0; len < sizeof text; len++) {
        reading *r = calloc(1, sizeof *r);
        uint8_t *exact = malloc(len + 1); /* so that a sanitizer sees reads past the end */
        memcpy(exact + 1, text, len);
        read_bytes(r, ls_bytes_of(exact + 1, len));
        free(exact);
        done(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_type),
        cmocka_unit_test(reads_text_over_several_lines),
        cmocka_unit_test(reads_json),
        cmocka_unit_test(every_node_knows_its_place),
        cmocka_unit_test(maps_keep_the_order_of_the_source),
        cmocka_unit_test(refuses_with_place_cause_and_hint),
        cmocka_unit_test(refuses_a_raw_nul),
        cmocka_unit_test(tells_all_that_is_wrong_in_order),
        cmocka_unit_test(earlier_diagnostics_stay),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(size_is_bounded),
        cmocka_unit_test(hostile_documents_are_answered_soon),
        cmocka_unit_test(finds_one_duplicate_among_many_keys),
        cmocka_unit_test(every_prefix_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
