/* Verification of bundles: what holds, what does not, and that every change is noticed and named. */
#include "bundle/verify.h"
#include "escrow/commitment.h"
#include "fixture/fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A small record: charter, accord, declaration, a measure, tranche 1 opened, stamps between. */
static void play(fixture *f)
{
    fixture_open(f, NULL);
    fixture_append(f, fixture_charter(f));
    fixture_stamp(f);
    fixture_append(f, fixture_accord(f));
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    fixture_append(f, fixture_measure(f, FIXTURE_USA, "confirm", "declare-sites"));
    fixture_stamp(f);
    fixture_append(f, fixture_open_tranche(f, 1));
    fixture_stamp(f);
}

static void put(ls_buf *out, const char *name, ls_bytes content)
{
    assert_null(ls_bundle_put(out, name, content).fault);
}

static void put_attachments(const fixture *f, ls_buf *out, const ls_hash *without)
{
    for (size_t i = 0; i < f->attachment_count; i++) {
        char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
        if (without == NULL || !ls_hash_equal(without, &f->attachment[i].hash)) {
            ls_bundle_attachment_format(&f->attachment[i].hash, name);
            put(out, name, f->attachment[i].content);
        }
    }
}

static void put_tile(const fixture *f, ls_buf *out)
{
    char name[LS_TILE_PATH_SIZE];
    ls_buf tile = {0};
    for (size_t i = 0; i < f->entry_count; i++) {
        ls_buf_put_u16(&tile, (uint16_t)f->entry[i].len);
        ls_buf_put_bytes(&tile, f->entry[i]);
    }
    ls_tile_path(LS_TILE_ENTRIES, 0, (unsigned)f->entry_count, name);
    put(out, name, ls_buf_bytes(&tile));
    ls_buf_free(&tile);
}

static void record_bundle(fixture *f, ls_bytes checkpoint, ls_buf *out)
{
    ls_bundle_begin(out, LS_BUNDLE_RECORD);
    put(out, "checkpoint", checkpoint);
    put_tile(f, out);
    put_attachments(f, out, NULL);
    ls_bundle_end(out);
}

static ls_result read_node(void *context, unsigned level, uint64_t index, ls_hash *out)
{
    const fixture *f = context;
    ls_hash hashes[256];
    size_t count = (size_t)1 << level;
    for (size_t i = 0; i < count; i++) {
        ls_merkle_leaf(f->entry[(index << level) + i], &hashes[i]);
    }
    ls_merkle_root(hashes, count, out);
    return LS_SUCCESS;
}

static void put_act(fixture *f, ls_buf *out, uint64_t index, ls_bytes checkpoint)
{
    char name[64];
    ls_buf text = {0};
    ls_tlog_proof p = {.index = index, .checkpoint = checkpoint};
    assert_null(ls_merkle_prove_inclusion(index, f->entry_count, read_node, f, p.proof, &p.count).fault);
    ls_tlog_proof_format(&p, &text);
    snprintf(name, sizeof name, "act/%llu.note", (unsigned long long)index);
    put(out, name, f->entry[index]);
    snprintf(name, sizeof name, "act/%llu.tlog-proof", (unsigned long long)index);
    put(out, name, ls_buf_bytes(&text));
    ls_buf_free(&text);
}

/* An excerpt with the acts whose bits are set. */
static void excerpt_bundle(fixture *f, uint64_t acts, ls_buf *out)
{
    ls_bytes checkpoint = fixture_checkpoint(f);
    ls_bundle_begin(out, LS_BUNDLE_EXCERPT);
    for (uint64_t i = 0; i < f->entry_count; i++) {
        if ((acts >> i & 1) != 0) {
            put_act(f, out, i, checkpoint);
        }
    }
}

static void end_with_attachments(const fixture *f, ls_buf *out)
{
    put_attachments(f, out, NULL);
    ls_bundle_end(out);
}

static void verify(ls_arena *arena, const ls_buf *file, const ls_hash *charter, ls_report *report)
{
    ls_detail detail = {0};
    ls_result r = ls_verify_bundle(arena, ls_buf_bytes(file), charter, NULL, NULL, report, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
}

static const ls_finding *find(const ls_report *r, const char *words)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strstr(r->finding[i].text, words) != NULL || strstr(r->finding[i].subject, words) != NULL) {
            return &r->finding[i];
        }
    }
    return NULL;
}

static void print(const ls_report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        print_message("%d %s: %s\n", (int)r->finding[i].level, r->finding[i].subject, r->finding[i].text);
    }
}

static void expect(const ls_report *r, ls_finding_level level, const char *words)
{
    const ls_finding *f = find(r, words);
    if (f == NULL || f->level != level) {
        print(r);
        fail_msg("no finding says: %s", words);
    }
}

static void expect_valid(const ls_report *r, bool valid)
{
    if (r->failed == valid) {
        print(r);
        fail_msg("it should have been %s", valid ? "valid" : "invalid");
    }
}

#define SETUP                                                                                                          \
    fixture f;                                                                                                         \
    ls_arena arena = {0};                                                                                              \
    ls_report report;                                                                                                  \
    ls_buf file = {0};                                                                                                 \
    (void)state;                                                                                                       \
    play(&f)
#define CLEAN                                                                                                          \
    ls_buf_free(&file);                                                                                                \
    ls_arena_free(&arena);                                                                                             \
    fixture_close(&f)

static void a_record_holds(void **state)
{
    SETUP;
    record_bundle(&f, fixture_checkpoint(&f), &file);
    verify(&arena, &file, ls_record_process(f.record), &report);
    expect_valid(&report, true);
    assert_true(report.anchored && report.exercise && !report.false_declaration);
    assert_true(ls_hash_equal(&report.charter, ls_record_process(f.record)));
    assert_true(ls_bytes_is(report.process->name, "fixture"));
    expect(&report, LS_FINDING_OK, "complete: all 4 rows of tranche 1 (near) opened, 1 of them blank");
    expect(&report, LS_FINDING_OK, "all 8 acts are acceptable");
    expect(&report, LS_FINDING_OK, "its manifest leads to the root: 2 tranches, 2 fields");
    expect(&report, LS_FINDING_OK, "6 of the 6 that the acts name");
    CLEAN;
}

static void without_a_fingerprint_it_is_not_anchored(void **state)
{
    SETUP;
    ls_hash other = *ls_record_process(f.record);
    record_bundle(&f, fixture_checkpoint(&f), &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, true);
    assert_false(report.anchored);
    expect(&report, LS_FINDING_NOTE, "only consistent with itself");
    other.b[0] ^= 1;
    verify(&arena, &file, &other, &report);
    expect_valid(&report, false);
    assert_false(report.anchored);
    expect(&report, LS_FINDING_FAILED, "its fingerprint is");
    CLEAN;
}

static void an_absent_attachment_is_a_note_and_an_extra_one_fails(void **state)
{
    SETUP;
    ls_hash opening = f.attachment[f.attachment_count - 1].hash;
    ls_bundle_begin(&file, LS_BUNDLE_RECORD);
    put(&file, "checkpoint", fixture_checkpoint(&f));
    put_tile(&f, &file);
    put_attachments(&f, &file, &opening);
    size_t length = file.len;
    ls_bundle_end(&file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, true);
    expect(&report, LS_FINDING_NOTE, "the attachment opening");
    assert_null(find(&report, "complete"));
    file.len = length;
    fixture_attach(&f, "x", "text/plain", ls_bytes_str("extra"));
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_bundle_attachment_format(&f.attachment[f.attachment_count - 1].hash, name);
    put(&file, name, ls_bytes_str("extra"));
    put(&file, "notes.txt", ls_bytes_str("more"));
    ls_bundle_end(&file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, name);
    expect(&report, LS_FINDING_FAILED, "notes.txt");
    CLEAN;
}

static void unknown_cosignatures_are_named_and_ignored(void **state)
{
    SETUP;
    fixture_key stranger;
    ls_buf checkpoint = {0};
    ls_bytes signed_once = fixture_checkpoint(&f);
    ls_note note;
    assert_null(ls_note_parse(signed_once, &note).fault);
    fixture_key_make("stranger.example/cosigner", &stranger);
    ls_buf_put_bytes(&checkpoint, signed_once);
    ls_note_sign(&checkpoint, note.text, &stranger.vkey, stranger.secret);
    record_bundle(&f, ls_buf_bytes(&checkpoint), &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, true);
    expect(&report, LS_FINDING_NOTE, "the signature line of stranger.example/cosigner is ignored");
    ls_buf_free(&checkpoint);
    CLEAN;
}

static void a_checkpoint_of_another_ledger_fails(void **state)
{
    SETUP;
    ls_buf checkpoint = {0}, signature = {0};
    fixture_key stranger;
    ls_note note;
    assert_null(ls_note_parse(fixture_checkpoint(&f), &note).fault);
    fixture_key_make("exercise.rok.example/other", &stranger);
    ls_buf_put_bytes(&checkpoint, note.text);
    ls_note_sign(&signature, note.text, &stranger.vkey, stranger.secret);
    ls_buf_put_u8(&checkpoint, '\n');
    ls_buf_put_bytes(&checkpoint, ls_buf_bytes(&signature));
    record_bundle(&f, ls_buf_bytes(&checkpoint), &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "not that of the ledger");
    ls_buf_free(&checkpoint);
    ls_buf_free(&signature);
    CLEAN;
}

/* A checkpoint that claims more than is there, without the memory for it being taken. */
static void a_checkpoint_may_claim_any_size(void **state)
{
    SETUP;
    ls_buf checkpoint = {0}, signature = {0};
    ls_checkpoint c = {.origin = ls_bytes_str(f.ledger.vkey.name), .size = INT64_MAX};
    ls_checkpoint_format(&c, &checkpoint);
    ls_note_sign(&signature, ls_buf_bytes(&checkpoint), &f.ledger.vkey, f.ledger.secret);
    ls_buf_put_u8(&checkpoint, '\n');
    ls_buf_put_bytes(&checkpoint, ls_buf_bytes(&signature));
    record_bundle(&f, ls_buf_bytes(&checkpoint), &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "it is missing: the checkpoint covers 9223372036854775807 entries");
    ls_buf_free(&checkpoint);
    ls_buf_free(&signature);
    CLEAN;
}

static void an_omitted_act_fails(void **state)
{
    SETUP;
    ls_bytes checkpoint = fixture_checkpoint(&f);
    f.entry[4] = f.entry[5];
    record_bundle(&f, checkpoint, &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "the 8 entries lead to another root");
    CLEAN;
}

/* Excerpts */

static void an_excerpt_holds(void **state)
{
    SETUP;
    excerpt_bundle(&f, 1 << 0 | 1 << 3 | 1 << 6, &file);
    /* The accord is not in it, nor are its files. */
    for (size_t i = 0; i < f.attachment_count; i++) {
        char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
        if (i == 0 || i > 3) {
            ls_bundle_attachment_format(&f.attachment[i].hash, name);
            put(&file, name, f.attachment[i].content);
        }
    }
    ls_bundle_end(&file);
    verify(&arena, &file, ls_record_process(f.record), &report);
    expect_valid(&report, true);
    assert_true(report.anchored && report.exercise);
    expect(&report, LS_FINDING_OK, "act 3 (declare by dprk)");
    expect(&report, LS_FINDING_OK, "complete: all 4 rows of tranche 1 (near) opened, 1 of them blank");
    expect(&report, LS_FINDING_OK, "it covers 8 acts, of which 3 are here");
    expect(&report, LS_FINDING_NOTE, "only the whole record shows");
    CLEAN;
}

static void an_excerpt_needs_its_charter(void **state)
{
    SETUP;
    excerpt_bundle(&f, 1 << 3, &file);
    ls_bundle_end(&file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "act/0.note is missing");
    CLEAN;
}

static void an_opening_without_its_declaration_is_not_judged(void **state)
{
    SETUP;
    excerpt_bundle(&f, 1 << 0 | 1 << 6, &file);
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    for (size_t i = 0; i < f.attachment_count; i += 5) {
        ls_bundle_attachment_format(&f.attachment[i].hash, name);
        put(&file, name, f.attachment[i].content);
    }
    ls_bundle_end(&file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, true);
    expect(&report, LS_FINDING_NOTE, "can't be judged here: the declaration that it opens is not in this file");
    CLEAN;
}

static void acts_of_an_excerpt_must_be_proved(void **state)
{
    SETUP;
    ls_bytes checkpoint = fixture_checkpoint(&f);
    ls_bytes other = f.entry[4];
    excerpt_bundle(&f, 1 << 0, &file);
    /* An act that is signed, but not on this record at this place. */
    f.entry[4] = f.entry[7];
    put_act(&f, &file, 4, checkpoint);
    f.entry[4] = other;
    put(&file, "act/5.note", f.entry[5]);
    end_with_attachments(&f, &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "its proof does not lead to the checkpoint's root");
    expect(&report, LS_FINDING_FAILED, "its proof of inclusion is missing");
    CLEAN;
}

/* Openings */

static void opened(fixture *f, ls_bytes note, ls_arena *arena, ls_report *report)
{
    ls_buf file = {0};
    fixture_append(f, note);
    fixture_stamp(f);
    record_bundle(f, fixture_checkpoint(f), &file);
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(&file)); /* findings and rows look into it */
    ls_buf view = {.ptr = (uint8_t *)(uintptr_t)kept.ptr, .len = kept.len};
    verify(arena, &view, ls_record_process(f->record), report);
    ls_buf_free(&file);
}

static void rows_are_opened(void **state)
{
    SETUP;
    const uint64_t rows[] = {0, 2};
    opened(&f, fixture_open_rows(&f, 2, rows, 2, NULL), &arena, &report);
    expect_valid(&report, true);
    expect(&report, LS_FINDING_OK, "2 rows of tranche 2 (far) opened, ");
    assert_null(find(&report, "complete: all 3"));
    CLEAN;
}

static void the_number_of_rows_must_be_the_acts(void **state)
{
    SETUP;
    const uint64_t rows[] = {0, 2};
    opened(&f, fixture_open_act(&f, 0, 3, fixture_rows_file(&f, 2, rows, 2, NULL)), &arena, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "2 rows are opened, and the act says 3");
    CLEAN;
}

static void a_supplement_must_be_opened_too(void **state)
{
    SETUP;
    ls_bytes first = fixture_tranche_file(&f, 2);
    fixture_append(&f, fixture_declare(&f, "id,name,tranche\nb-9,Silo,far\n", NULL));
    opened(&f, fixture_open_act(&f, 2, 0, first), &arena, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "incomplete: tranche 2 of the declaration in act 8 is missing");
    assert_null(find(&report, "complete: all 3"));
    ls_arena_free(&arena);
    opened(&f, fixture_open_tranche(&f, 2), &arena, &report);
    expect(&report, LS_FINDING_OK,
           "complete: all 3 rows of tranche 2 (far) opened, 2 of them blank; declared in act 8");
    CLEAN;
}

static void what_opens_something_else_fails(void **state)
{
    SETUP;
    const uint64_t rows[] = {0};
    opened(&f, fixture_open_act(&f, 2, 0, fixture_tranche_file(&f, 1)), &arena, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "opens another tranche than the act");
    opened(&f, fixture_open_act(&f, 2, 0, fixture_rows_file(&f, 2, rows, 1, NULL)), &arena, &report);
    expect(&report, LS_FINDING_FAILED, "opens some rows, and the act opens a tranche");
    opened(&f, fixture_open_act(&f, 2, 0, ls_bytes_str("lockstep opening v1\n")), &arena, &report);
    expect(&report, LS_FINDING_FAILED, "is not an opening");
    assert_false(report.false_declaration);
    CLEAN;
}

/* A process in which an opening shows the accord's audiences this; NULL: the accord says nothing. */
static void play_audiences(fixture *f, const char *audiences)
{
    fixture_open(f, NULL);
    f->audiences = audiences;
    fixture_append(f, fixture_charter(f));
    fixture_append(f, fixture_accord(f));
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
}

static void fields_of_every_row_open_a_tranche(void **state)
{
    (void)state;
    const uint64_t all[] = {0, 1, 2};
    const bool id[] = {true, false}, name[] = {false, true}, nothing[] = {false, false}, both[] = {true, true};
    const char *shown = "[{\"name\":\"process\",\"fields\":[\"id\"]}]";
    const char *two = "[{\"name\":\"process\",\"fields\":[\"id\"]},{\"name\":\"public\",\"fields\":[\"id\"]}]";
    const struct {
        const char *audiences;
        size_t rows;
        const bool *fields;
        const char *failure; /* NULL: it holds */
    } cases[] = {{shown, 3, id, NULL},
                 {shown, 3, name, "process are shown other fields than the accord says"},
                 {shown, 3, nothing, "process are shown other fields than the accord says"},
                 {shown, 3, both, "process are shown other fields than the accord says"},
                 {shown, 2, id, "opens some rows, and the act opens a tranche"},
                 {NULL, 3, id, "process are shown other fields than the accord says"},
                 {two, 3, id, "it holds no opening for public"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        ls_arena arena = {0};
        ls_report report;
        play_audiences(&f, cases[i].audiences);
        ls_bytes rows = fixture_rows_file(&f, 2, all, cases[i].rows, cases[i].fields);
        opened(&f, fixture_open_act(&f, 2, 0, rows), &arena, &report);
        expect_valid(&report, cases[i].failure == NULL);
        if (cases[i].failure == NULL) {
            expect(&report, LS_FINDING_OK, "complete: all 3 rows of tranche 2 (far) opened, some fields of each");
        } else {
            expect(&report, LS_FINDING_FAILED, cases[i].failure);
        }
        assert_false(report.false_declaration);
        ls_arena_free(&arena);
        fixture_close(&f);
    }
}

/* The opening was signed in time, but its stamp came after it had expired. */
static void an_act_without_effect_is_told(void **state)
{
    SETUP;
    ls_bytes note = fixture_open_tranche(&f, 2);
    f.now += 8 * 86400;
    opened(&f, note, &arena, &report);
    expect_valid(&report, true);
    expect(&report, LS_FINDING_NOTE, "it came too late");
    CLEAN;
}

static void a_wrong_key_blames_nobody(void **state)
{
    SETUP;
    ls_bytes whole = fixture_tranche_file(&f, 2);
    uint8_t *changed = (uint8_t *)(uintptr_t)whole.ptr;
    /* kind, X, k, leaf's length, leaf, path's length, one hash: then the key */
    changed[20 + 4 + 1 + 32 + 4 + 2 + LS_TRANCHE_LEAF_SIZE + 1 + 32] ^= 1;
    opened(&f, fixture_open_act(&f, 2, 0, whole), &arena, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "the key is not the tranche's. This blames nobody");
    assert_false(report.false_declaration);
    CLEAN;
}

/* Commits to another root of the rows than the sealed rows have. */
static void lie_about_root(uint32_t tranche, ls_bytes *leaf, ls_arena *arena)
{
    ls_tranche_leaf l;
    ls_buf out = {0};
    assert_true(ls_tranche_leaf_parse(*leaf, &l));
    l.root.b[0] ^= tranche == 2;
    ls_tranche_leaf_format(&l, &out);
    *leaf = ls_bytes_of(ls_arena_str(arena, ls_buf_bytes(&out)), out.len);
    ls_buf_free(&out);
}

static void a_false_declaration_is_named(void **state)
{
    fixture f;
    ls_arena arena = {0};
    ls_report report;
    (void)state;
    fixture_open(&f, NULL);
    fixture_append(&f, fixture_charter(&f));
    fixture_append(&f, fixture_accord(&f));
    fixture_append(&f, fixture_declare(&f, fixture_inventory, lie_about_root));
    opened(&f, fixture_open_tranche(&f, 1), &arena, &report);
    expect_valid(&report, true);
    opened(&f, fixture_open_tranche(&f, 2), &arena, &report);
    expect_valid(&report, false);
    assert_true(report.false_declaration);
    expect(&report, LS_FINDING_FAILED, "this proves that dprk declared falsely");
    ls_arena_free(&arena);
    fixture_close(&f);
}

static void lie_about_rows(uint32_t tranche, ls_bytes *leaf, ls_arena *arena)
{
    ls_tranche_leaf l;
    ls_buf out = {0};
    assert_true(ls_tranche_leaf_parse(*leaf, &l));
    l.rows += tranche == 2;
    ls_tranche_leaf_format(&l, &out);
    *leaf = ls_bytes_of(ls_arena_str(arena, ls_buf_bytes(&out)), out.len);
    ls_buf_free(&out);
}

static void a_manifest_that_does_not_hold_is_a_finding(void **state)
{
    fixture f;
    ls_arena arena = {0};
    ls_report report;
    (void)state;
    fixture_open(&f, NULL);
    fixture_append(&f, fixture_charter(&f));
    fixture_append(&f, fixture_accord(&f));
    opened(&f, fixture_declare(&f, fixture_inventory, lie_about_rows), &arena, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED,
           "its manifest does not hold: the leaf of tranche 2 has another number of rows than the accord fixes");
    ls_arena_free(&arena);
    fixture_close(&f);
}

/* The roadmap is read with the text beside it, whatever else is attached to the accord. */
static void an_excerpt_holds_declarations_against_its_accord(void **state)
{
    fixture f;
    ls_arena arena = {0};
    ls_buf file = {0};
    ls_report report;
    (void)state;
    fixture_open(&f, NULL);
    fixture_append(&f, fixture_charter(&f));
    fixture_append(&f, fixture_accord(&f));
    fixture_append(&f, fixture_declare(&f, fixture_inventory, lie_about_rows));
    excerpt_bundle(&f, 1 << 0 | 1 << 1 | 1 << 2, &file);
    end_with_attachments(&f, &file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "another number of rows than the accord fixes");
    ls_buf_free(&file);
    ls_arena_free(&arena);
    fixture_close(&f);
}

/* Rows */

typedef struct collected {
    ls_buf text;
} collected;

static ls_result collect_row(void *context, ls_bytes declaration, uint32_t tranche, uint64_t row, const ls_bytes *names,
                             const ls_opened_field *values, size_t fields)
{
    collected *c = context;
    assert_int_equal(fields, 2);
    assert_true(ls_bytes_is(names[1], "name"));
    ls_buf_format(&c->text, "%.*s %u %llu:", (int)declaration.len, declaration.ptr, (unsigned)tranche,
                  (unsigned long long)row);
    for (size_t i = 0; i < fields; i++) {
        ls_buf_put_str(&c->text, values[i].open ? " " : " closed");
        ls_buf_put_bytes(&c->text, values[i].value);
    }
    ls_buf_put_u8(&c->text, '\n');
    return LS_SUCCESS;
}

static void rows_come_only_when_all_holds(void **state)
{
    SETUP;
    collected c = {0};
    record_bundle(&f, fixture_checkpoint(&f), &file);
    assert_null(ls_verify_bundle(&arena, ls_buf_bytes(&file), NULL, collect_row, &c, &report, NULL).fault);
    /* The fixture's order of tranche 1: rows 2, 0, blank, 1 of the inventory. */
    assert_string_equal(ls_buf_cstr(&c.text), "sites 1 0: a-3 Hall, north\nsites 1 1: a-1 Reactor\nsites 1 2:  \n"
                                              "sites 1 3: a-2 Stand\n");
    c.text.len = 0;
    file.len -= 1024;
    put(&file, "more", ls_bytes_str("x"));
    ls_bundle_end(&file);
    assert_null(ls_verify_bundle(&arena, ls_buf_bytes(&file), NULL, collect_row, &c, &report, NULL).fault);
    expect_valid(&report, false);
    assert_int_equal(c.text.len, 0);
    ls_buf_free(&c.text);
    CLEAN;
}

static void closed_fields_stay_closed(void **state)
{
    SETUP;
    collected c = {0};
    const bool fields[] = {true, false};
    const uint64_t rows[] = {1};
    fixture_append(&f, fixture_open_rows(&f, 1, rows, 1, fields));
    record_bundle(&f, fixture_checkpoint(&f), &file);
    assert_null(ls_verify_bundle(&arena, ls_buf_bytes(&file), NULL, collect_row, &c, &report, NULL).fault);
    assert_non_null(strstr(ls_buf_cstr(&c.text), "sites 1 1: a-1 closed\n"));
    ls_buf_free(&c.text);
    CLEAN;
}

/* Drafts */

static void drafts_tell_who_has_signed(void **state)
{
    SETUP;
    ls_note note;
    ls_buf partial = {0};
    ls_bytes charter = f.entry[0];
    assert_null(ls_note_parse(charter, &note).fault);
    ls_buf_put_bytes(&partial, note.text);
    ls_buf_put_u8(&partial, '\n');
    ls_buf_put_bytes(&partial, note.signature[1].line);
    ls_buf_put_bytes(&partial, note.signature[3].line);
    ls_bundle_begin(&file, LS_BUNDLE_DRAFT);
    put(&file, "act.note", ls_buf_bytes(&partial));
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_bundle_attachment_format(&f.attachment[0].hash, name);
    put(&file, name, f.attachment[0].content);
    ls_bundle_end(&file);
    verify(&arena, &file, ls_record_process(f.record), &report);
    expect_valid(&report, true);
    assert_true(report.anchored && report.exercise);
    expect(&report, LS_FINDING_NOTE, "dprk-1 has not signed yet");
    expect(&report, LS_FINDING_OK, "usa-1 has signed");
    expect(&report, LS_FINDING_NOTE, "usa-2 has not signed yet");
    expect(&report, LS_FINDING_OK, "rok-1 has signed");
    ls_buf_free(&partial);
    CLEAN;
}

static void a_draft_without_its_charter_is_not_checked(void **state)
{
    SETUP;
    ls_bundle_begin(&file, LS_BUNDLE_DRAFT);
    put(&file, "act.note", f.entry[2]);
    ls_bundle_end(&file);
    verify(&arena, &file, ls_record_process(f.record), &report);
    expect_valid(&report, true);
    expect(&report, LS_FINDING_NOTE, "usa-2 has signed; the signature can't be checked");
    expect(&report, LS_FINDING_NOTE, "the attachment roadmap.json is not here");
    CLEAN;
}

static void a_bad_signature_in_a_draft_fails(void **state)
{
    SETUP;
    ls_buf changed = {0};
    ls_buf_put_bytes(&changed, f.entry[0]);
    /* Within the last signature's base64, before its padding. */
    uint8_t *c = &changed.ptr[changed.len - 20];
    *c = *c == 'A' ? 'B' : 'A';
    ls_bundle_begin(&file, LS_BUNDLE_DRAFT);
    put(&file, "act.note", ls_buf_bytes(&changed));
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_bundle_attachment_format(&f.attachment[0].hash, name);
    put(&file, name, f.attachment[0].content);
    ls_bundle_end(&file);
    verify(&arena, &file, NULL, &report);
    expect_valid(&report, false);
    expect(&report, LS_FINDING_FAILED, "rok-1 has a signature line that does not verify");
    expect(&report, LS_FINDING_OK, "dprk-1 has signed");
    ls_buf_free(&changed);
    CLEAN;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_holds),
        cmocka_unit_test(without_a_fingerprint_it_is_not_anchored),
        cmocka_unit_test(an_absent_attachment_is_a_note_and_an_extra_one_fails),
        cmocka_unit_test(unknown_cosignatures_are_named_and_ignored),
        cmocka_unit_test(a_checkpoint_of_another_ledger_fails),
        cmocka_unit_test(a_checkpoint_may_claim_any_size),
        cmocka_unit_test(an_omitted_act_fails),
        cmocka_unit_test(an_excerpt_holds),
        cmocka_unit_test(an_excerpt_needs_its_charter),
        cmocka_unit_test(an_excerpt_holds_declarations_against_its_accord),
        cmocka_unit_test(an_opening_without_its_declaration_is_not_judged),
        cmocka_unit_test(acts_of_an_excerpt_must_be_proved),
        cmocka_unit_test(rows_are_opened),
        cmocka_unit_test(the_number_of_rows_must_be_the_acts),
        cmocka_unit_test(a_supplement_must_be_opened_too),
        cmocka_unit_test(what_opens_something_else_fails),
        cmocka_unit_test(fields_of_every_row_open_a_tranche),
        cmocka_unit_test(an_act_without_effect_is_told),
        cmocka_unit_test(a_wrong_key_blames_nobody),
        cmocka_unit_test(a_false_declaration_is_named),
        cmocka_unit_test(a_manifest_that_does_not_hold_is_a_finding),
        cmocka_unit_test(rows_come_only_when_all_holds),
        cmocka_unit_test(closed_fields_stay_closed),
        cmocka_unit_test(drafts_tell_who_has_signed),
        cmocka_unit_test(a_draft_without_its_charter_is_not_checked),
        cmocka_unit_test(a_bad_signature_in_a_draft_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
