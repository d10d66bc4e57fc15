/* Reports about sites: the one form of report.json, what is wrong within one, and how two of them differ. */
#include "bundle/reports.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define FIELDS                                                                                                         \
    "[{\"declared\":\"Mill\",\"found\":\"Dairy\",\"name\":\"name\"},{\"declared\":\"39.1\",\"name\":\"lat\"}]"
#define COUNTS "[{\"declared\":12,\"found\":11,\"what\":\"centrifuges\"}]"
#define FILES "[{\"bytes\":5,\"hash\":\"" HEX "\",\"name\":\"gate.jpg\",\"what\":\"the gate\"}]"
#define SEALS                                                                                                          \
    "[{\"number\":\"K-1\",\"state\":\"applied\"},{\"number\":\"K-2\",\"state\":\"found intact\"},"                     \
    "{\"number\":\"K-3\",\"state\":\"found broken\"}]"

/* The parts of a report, in the order of the canonical form. */
typedef struct parts {
    const char *about, *anomalies, *counts, *fields, *files, *finding, *from, *inspectors, *kind, *remarks, *row,
        *seals, *to;
} parts;

static const parts whole = {.about = "\"" HEX "\"",
                            .anomalies = "[\"fresh paint\"]",
                            .counts = COUNTS,
                            .fields = FIELDS,
                            .files = FILES,
                            .finding = "\"discrepancy\"",
                            .from = "\"2018-11-02\"",
                            .inspectors = "[\"A. Kim\",\"B. Lee\"]",
                            .kind = "\"inspection report v1\"",
                            .remarks = "\"None.\\nReally.\"",
                            .row = "\"2/14\"",
                            .seals = SEALS,
                            .to = "\"2018-11-03\""};
static const parts least = {.about = "\"" HEX "\"",
                            .anomalies = "[]",
                            .counts = "[]",
                            .fields = "[]",
                            .files = "[]",
                            .finding = "\"inconclusive\"",
                            .from = "\"2018-11-02\"",
                            .inspectors = "[\"A. Kim\"]",
                            .kind = "\"inspection report v1\"",
                            .remarks = "\"\"",
                            .row = NULL,
                            .seals = "[]",
                            .to = "\"2018-11-02\""};

static const char *write_json(ls_arena *arena, const parts *p)
{
    const struct {
        const char *key, *value;
    } all[] = {{"about", p->about},   {"anomalies", p->anomalies}, {"counts", p->counts}, {"fields", p->fields},
               {"files", p->files},   {"finding", p->finding},     {"from", p->from},     {"inspectors", p->inspectors},
               {"lockstep", p->kind}, {"remarks", p->remarks},     {"row", p->row},       {"seals", p->seals},
               {"to", p->to}};
    const char *text = "";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].value != NULL) {
            text = ls_arena_format(arena, "%s%s\"%s\":%s", text, text[0] == '\0' ? "{" : ",", all[i].key, all[i].value);
        }
    }
    return ls_arena_format(arena, "%s}", text);
}

static ls_site_report read_report(ls_arena *arena, const parts *p)
{
    ls_site_report r;
    ls_detail detail = {0};
    ls_result result = ls_site_report_parse(arena, ls_bytes_str(write_json(arena, p)), &r, &detail);
    if (ls_failed(result)) {
        fail_msg("%s", detail.text);
    }
    return r;
}

static void check_round(ls_arena *arena, const parts *p)
{
    ls_site_report r = read_report(arena, p);
    ls_buf again = {0};
    assert_null(ls_site_report_format(&r, &again).fault);
    assert_string_equal(ls_buf_cstr(&again), write_json(arena, p));
    ls_buf_free(&again);
}

static void what_is_read(void **state)
{
    (void)state;
    ls_arena arena = {0};
    check_round(&arena, &whole);
    check_round(&arena, &least);
    ls_site_report r = read_report(&arena, &whole);
    assert_true(r.has_row && r.row.tranche == 2 && r.row.row == 14);
    assert_int_equal(r.finding, LS_CONCLUSION_DISCREPANCY);
    assert_int_equal(r.field_count, 2);
    assert_true(r.field[0].established && ls_bytes_is(r.field[0].found, "Dairy"));
    assert_false(r.field[1].established);
    assert_int_equal(r.count[0].found, 11);
    assert_int_equal(r.seal[2].state, LS_SEAL_BROKEN);
    assert_int_equal(r.file[0].bytes, 5);
    assert_int_equal(r.inspector_count, 2);
    assert_int_equal(r.to.day, 3);
    assert_false(read_report(&arena, &least).has_row);
    ls_arena_free(&arena);
}

/* One thing is wrong in each. */
static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t part;
        const char *value, *words; /* NULL: the part is missing */
    } cases[] = {
#define PART(p) offsetof(parts, p)
        {PART(about), NULL, "lacks the key 'about'"},
        {PART(about), "\"" HEX "00\"", "about must be 64 hex digits"},
        {PART(kind), "\"inspection report v2\"", "not of the form"},
        {PART(kind), "1", "not of the form"},
        {PART(row), "\"2-14\"", "row must be"},
        {PART(row), "\"0/14\"", "row must be"},
        {PART(finding), "\"fine\"", "no such finding"},
        {PART(from), "\"2018-11-31\"", "from must be a date"},
        {PART(to), "\"2018-11-01\"", "they left before they came"},
        {PART(inspectors), "[]", "no inspector is named"},
        {PART(inspectors), "[\"\"]", "inspectors"},
        {PART(anomalies), "[1]", "anomalies"},
        {PART(anomalies), "{}", "anomalies must be a list"},
        {PART(counts), "[{\"declared\":-1,\"found\":1,\"what\":\"x\"}]", "declared must lie between"},
        {PART(counts), "[{\"declared\":1,\"found\":\"1\",\"what\":\"x\"}]", "found must be a whole number"},
        {PART(counts), "[{\"declared\":1,\"found\":1,\"what\":\"x\"},{\"declared\":1,\"found\":2,\"what\":\"x\"}]",
         "the count of x stands here twice"},
        {PART(fields), "[{\"declared\":\"x\",\"found\":\"y\"}]", "lacks the key 'name'"},
        {PART(fields), "[{\"declared\":\"x\",\"name\":\"y\",\"why\":\"z\"}]", "no key 'why'"},
        {PART(fields), "[{\"declared\":1,\"name\":\"y\"}]", "declared must be a text"},
        {PART(fields), "[{\"declared\":\"x\",\"name\":\"y\"},{\"declared\":\"x\",\"name\":\"y\"}]",
         "the field y stands here twice"},
        {PART(seals), "[{\"number\":\"K\",\"state\":\"gone\"}]", "no such state"},
        {PART(seals), "[{\"number\":\"K\",\"state\":\"applied\"},{\"number\":\"K\",\"state\":\"applied\"}]",
         "the seal K stands here twice"},
        {PART(files), "[{\"bytes\":5,\"hash\":\"x\",\"name\":\"a\",\"what\":\"b\"}]", "hash must be 64 hex digits"},
        {PART(files), "[{\"bytes\":5,\"hash\":\"" HEX "\",\"name\":\"../a\",\"what\":\"b\"}]", "can't have this name"},
        {PART(files), "[{\"bytes\":-5,\"hash\":\"" HEX "\",\"name\":\"a\",\"what\":\"b\"}]", "bytes must lie between"},
        {PART(remarks), "\"\xe2\x80\xae\"", "characters that do not show"},
        {PART(remarks), NULL, "lacks the key 'remarks'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_arena arena = {0};
        parts p = whole;
        ls_site_report r = {.has_row = true}, before = r;
        ls_detail detail = {0};
        memcpy((uint8_t *)&p + cases[i].part, &cases[i].value, sizeof cases[i].value);
        ls_result result = ls_site_report_parse(&arena, ls_bytes_str(write_json(&arena, &p)), &r, &detail);
        assert_ptr_equal(result.fault, &ls_fault_report_form);
        if (strstr(detail.text, cases[i].words) == NULL) {
            fail_msg("%s: %s", cases[i].value == NULL ? "(missing)" : cases[i].value, detail.text);
        }
        assert_memory_equal(&r, &before, sizeof r);
        ls_arena_free(&arena);
    }
}

static void other_bytes(void **state)
{
    (void)state;
    ls_arena arena = {0};
    const char *good = write_json(&arena, &whole);
    const char *const bad[] = {
        "", "{}", "[]", "1", "{", ls_arena_format(&arena, "%s\n", good), ls_arena_format(&arena, " %s", good)};
    ls_site_report r;
    ls_detail detail = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_ptr_equal(ls_site_report_parse(&arena, ls_bytes_str(bad[i]), &r, &detail).fault, &ls_fault_report_form);
    }
    for (size_t len = 0; len < strlen(good); len++) {
        assert_ptr_equal(ls_site_report_parse(&arena, ls_bytes_of(good, len), &r, &detail).fault,
                         &ls_fault_report_form);
    }
    ls_arena_free(&arena);
}

static void what_speaks_against(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *counts, *seals, *row, *words; /* NULL: nothing does */
    } cases[] = {
        {"[]", "[]", "[]", "\"1/0\"", "nothing that was declared has been established"},
        {"[]", "[]", "[]", NULL, NULL},
        {"[{\"declared\":\"x\",\"name\":\"n\"}]", "[]", "[]", "\"1/0\"", "nothing that was declared"},
        {"[{\"declared\":\"x\",\"found\":\"x\",\"name\":\"n\"}]", "[]", "[]", "\"1/0\"", NULL},
        {"[{\"declared\":\"x\",\"found\":\"\",\"name\":\"n\"}]", "[]", "[]", "\"1/0\"", "the field n was found"},
        {"[]", "[{\"declared\":2,\"found\":2,\"what\":\"w\"}]", "[]", "\"1/0\"", NULL},
        {"[]", "[{\"declared\":2,\"found\":3,\"what\":\"w\"}]", "[]", "\"1/0\"", "of w 2 were declared, and 3 found"},
        {"[]", "[{\"declared\":2,\"found\":2,\"what\":\"w\"}]", SEALS, "\"1/0\"", "the seal K-3 was found broken"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_arena arena = {0};
        parts p = least;
        p.fields = cases[i].fields;
        p.counts = cases[i].counts;
        p.seals = cases[i].seals;
        p.row = cases[i].row;
        ls_site_report r = read_report(&arena, &p);
        const char *words = ls_site_report_inconsistent(&arena, &r);
        assert_int_equal(words == NULL, cases[i].words == NULL);
        if (words != NULL && strstr(words, cases[i].words) == NULL) {
            fail_msg("%zu: %s", i, words);
        }
        ls_arena_free(&arena);
    }
}

/* Two of one form, one part of the second changed: what differs, from whichever side it is looked at. */
static void differences(void **state)
{
    (void)state;
    static const struct {
        size_t part;
        const char *value, *what, *a, *b; /* what NULL: nothing differs */
    } cases[] = {
        {PART(finding), "\"consistent\"", "finding", "discrepancy", "consistent"},
        {PART(finding), "\"inconclusive\"", NULL, NULL, NULL},
        {PART(from), "\"2018-11-01\"", "from", "2018-11-02", "2018-11-01"},
        {PART(to), "\"2018-11-04\"", "to", "2018-11-03", "2018-11-04"},
        {PART(counts), "[{\"declared\":12,\"found\":9,\"what\":\"centrifuges\"}]", "count of centrifuges", "11", "9"},
        {PART(counts), "[{\"declared\":12,\"found\":9,\"what\":\"tubes\"}]", NULL, NULL, NULL},
        {PART(counts), "[{\"declared\":3,\"found\":11,\"what\":\"centrifuges\"}]", NULL, NULL, NULL},
        {PART(fields), "[{\"declared\":\"Mill\",\"found\":\"Mill\",\"name\":\"name\"}]", "field name", "Dairy", "Mill"},
        {PART(fields), "[{\"declared\":\"Mill\",\"name\":\"name\"}]", NULL, NULL, NULL},
        {PART(fields), "[{\"declared\":\"39.1\",\"found\":\"1\",\"name\":\"lat\"}]", NULL, NULL, NULL},
        {PART(seals), "[{\"number\":\"K-2\",\"state\":\"found broken\"}]", "seal K-2", "found intact", "found broken"},
        {PART(seals), "[{\"number\":\"K-9\",\"state\":\"found broken\"}]", NULL, NULL, NULL},
        {PART(remarks), "\"Other.\"", NULL, NULL, NULL},
        {PART(inspectors), "[\"C. Park\"]", NULL, NULL, NULL},
        {PART(anomalies), "[]", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_arena arena = {0};
        parts p = whole;
        memcpy((uint8_t *)&p + cases[i].part, &cases[i].value, sizeof cases[i].value);
        ls_site_report a = read_report(&arena, &whole), b = read_report(&arena, &p);
        for (int turn = 0; turn < 2; turn++) {
            ls_report_difference *x;
            size_t count;
            assert_null(ls_reports_compare(&arena, turn == 0 ? &a : &b, turn == 0 ? &b : &a, &x, &count).fault);
            assert_int_equal(count, cases[i].what != NULL);
            if (count > 0) {
                assert_string_equal(x->what, cases[i].what);
                assert_string_equal(turn == 0 ? x->a : x->b, cases[i].a);
                assert_string_equal(turn == 0 ? x->b : x->a, cases[i].b);
            }
        }
        ls_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read), cmocka_unit_test(what_is_refused),     cmocka_unit_test(other_bytes),
        cmocka_unit_test(differences),  cmocka_unit_test(what_speaks_against),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
