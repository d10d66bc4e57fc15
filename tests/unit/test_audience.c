/* Files for an audience on the record, and what their holders and others can verify of them. */
#include "bundle/verify.h"
#include "crypto/sha256.h"
#include "fixture/bundles.h"
#include "fixture/fixture.h"
#include "process/sealed.h"
#include "vectors.h"

/* A file as it stands in an act; its bytes are known to the fixture if kept is set. */
static ls_attachment sealed(fixture *f, const char *audience, const char *name, ls_bytes content, bool kept)
{
    ls_buf file = {0};
    const ls_sealed_file parts = {ls_bytes_str(name), ls_bytes_str("text/plain"), content};
    assert_null(ls_sealed_put(&parts, &file).fault);
    ls_bytes bytes = fixture_keep(f, ls_buf_bytes(&file));
    ls_attachment a = {.size = bytes.len, .media_type = ls_bytes_str("application/octet-stream")};
    if (kept) {
        a = fixture_attach(f, "sealed", "application/octet-stream", bytes);
    }
    ls_sha256_hash(bytes, &a.hash);
    a.audience = ls_bytes_str(audience);
    a.file_name = ls_bytes_str("sealed");
    ls_buf_free(&file);
    return a;
}

static ls_bytes performed_with(fixture *f, const ls_attachment *a, size_t count)
{
    char accord[LS_HEX_HASH_SIZE];
    ls_act_draft d;
    fixture_draft(f, FIXTURE_USA, "perform", &d);
    ls_hash_format(&f->accord, accord);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    for (size_t i = 0; i < count; i++) {
        ls_act_draft_attach(&d, &a[i]);
    }
    return fixture_finish(f, &d);
}

static void play(fixture *f)
{
    fixture_open(f, NULL);
    fixture_append(f, fixture_charter(f));
    fixture_append(f, fixture_accord(f));
}

static void only_the_sealed_form_enters(void **state)
{
    (void)state;
    static const struct {
        const char *audience, *type, *name;
        uint64_t size;
        bool enters;
    } cases[] = {
        {"inspectors", "application/octet-stream", "sealed", 1024, true},
        {"inspectors", "application/octet-stream", "sealed-2", 65536, true},
        {"inspectors", "application/octet-stream", "photo.jpg", 1024, false},
        {"inspectors", "image/jpeg", "sealed", 1024, false},
        {"inspectors", "application/octet-stream", "sealed", 1023, false},
        {"inspectors", "application/octet-stream", "sealed", 1536, false},
        {"inspectors", "application/octet-stream", "sealed", 512, false},
        {"spies", "application/octet-stream", "sealed", 1024, false},
        {"process", "image/jpeg", "photo.jpg", 1000, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        play(&f);
        ls_attachment a = {.audience = ls_bytes_str(cases[i].audience),
                           .media_type = ls_bytes_str(cases[i].type),
                           .file_name = ls_bytes_str(cases[i].name),
                           .size = cases[i].size};
        ls_detail detail = {0};
        ls_result r = ls_record_append(f.record, performed_with(&f, &a, 1), LS_CHECK_SIGNATURES, &detail);
        assert_int_equal(ls_succeeded(r), cases[i].enters);
        assert_true(cases[i].enters || r.fault == &ls_fault_refused);
        fixture_close(&f);
    }
}

static const ls_finding *find(const ls_report *r, const char *text)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strstr(r->finding[i].text, text) != NULL) {
            return &r->finding[i];
        }
    }
    return NULL;
}

static void verify(fixture *f, ls_arena *arena, ls_report *report)
{
    fixture_stamp(f);
    ls_bytes bundle = bundles_record(f, fixture_checkpoint(f));
    assert_null(ls_verify_bundle(arena, bundle, ls_record_process(f->record), NULL, NULL, report, NULL).fault);
}

/* Whoever holds the file sees what it is; whoever does not learns neither its name nor its type. */
static void holders_see_more(void **state)
{
    (void)state;
    for (int kept = 0; kept < 2; kept++) {
        fixture f;
        ls_arena arena = {0};
        ls_report report;
        play(&f);
        ls_attachment a = sealed(&f, "inspectors", "reading.txt", ls_bytes_str("4 of 4\n"), kept == 1);
        fixture_append(&f, performed_with(&f, &a, 1));
        verify(&f, &arena, &report);
        assert_false(report.failed);
        assert_int_equal(find(&report, "reading.txt") != NULL, kept == 1);
        assert_int_equal(find(&report, "(1024 bytes, for inspectors) is not here") != NULL, kept == 0);
        ls_arena_free(&arena);
        fixture_close(&f);
    }
}

/* The author listed something else as if it were a sealed file. */
static void a_file_in_another_form_fails(void **state)
{
    (void)state;
    fixture f;
    ls_arena arena = {0};
    ls_report report;
    static uint8_t other[1024] = "not in the form";
    play(&f);
    ls_attachment a = fixture_attach(&f, "sealed", "application/octet-stream", ls_bytes_of(other, sizeof other));
    a.audience = ls_bytes_str("inspectors");
    fixture_append(&f, performed_with(&f, &a, 1));
    verify(&f, &arena, &report);
    assert_true(report.failed);
    assert_non_null(find(&report, "is not in the form of such files"));
    ls_arena_free(&arena);
    fixture_close(&f);
}

/* A tranche opened to the inspectors whole, and to the process by one field of every row. */
static void audiences_get_openings_of_their_own(void **state)
{
    (void)state;
    const uint64_t all[] = {0, 1, 2};
    const bool id[] = {true, false};
    for (int kept = 0; kept < 2; kept++) {
        fixture f;
        ls_arena arena = {0};
        ls_report report;
        char accord[LS_HEX_HASH_SIZE];
        ls_act_draft d;
        fixture_open(&f, NULL);
        f.audiences = "[{\"name\":\"process\",\"fields\":[\"id\"]},{\"name\":\"inspectors\",\"fields\":\"all\"}]";
        fixture_append(&f, fixture_charter(&f));
        fixture_append(&f, fixture_accord(&f));
        fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
        ls_attachment fields = fixture_attach(&f, "sites-tranche-2.opening", "application/octet-stream",
                                              fixture_rows_file(&f, 2, all, 3, id));
        ls_attachment whole =
            sealed(&f, "inspectors", "sites-tranche-2.opening", fixture_tranche_file(&f, 2), kept == 1);
        fields.audience = ls_bytes_str("process");
        fixture_draft(&f, FIXTURE_DPRK, "open", &d);
        ls_hash_format(&f.accord, accord);
        ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
        ls_act_draft_set(&d, LS_H_DECLARATION, "sites");
        ls_act_draft_set(&d, LS_H_TRANCHE, "2");
        ls_act_draft_attach(&d, &fields);
        ls_act_draft_attach(&d, &whole);
        fixture_append(&f, fixture_finish(&f, &d));
        verify(&f, &arena, &report);
        assert_false(report.failed);
        assert_non_null(find(&report, "complete: all 3 rows of tranche 2 (far) opened, some fields of each"));
        assert_int_equal(find(&report, "complete: all 3 rows of tranche 2 (far) opened, 1 of them blank") != NULL,
                         kept == 1);
        ls_arena_free(&arena);
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_sealed_form_enters), cmocka_unit_test(holders_see_more),
        cmocka_unit_test(a_file_in_another_form_fails), cmocka_unit_test(audiences_get_openings_of_their_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
