/*
 * Every byte of a small process's bundles, changed one at a time. Each change makes verification fail and name what
 * does not match, or else it lies in a line that is ignored: then the report says which line, and is the same in all
 * else.
 *
 * With a sanitizer, which makes it many times slower, every eleventh byte.
 */
#include "bundle/verify.h"
#include "fixture/bundles.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define STRIDE 11
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STRIDE 11
#endif
#endif
#ifndef STRIDE
#define STRIDE 1
#endif

/* The process, and what becomes of its parts. */

typedef struct process {
    fixture f;
    ls_bytes record, excerpt; /* bundles; the excerpt has the declaration and both openings */
} process;

static void make_process(process *p)
{
    static const uint64_t row[] = {1}, chosen[] = {1, 3, 6, 7};
    static const bool fields[] = {true, false};
    fixture *f = &p->f;
    fixture_open(f, NULL);
    fixture_append(f, fixture_charter(f));
    fixture_append(f, fixture_accord(f));
    fixture_stamp(f);
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    fixture_append(f, fixture_measure(f, FIXTURE_USA, "perform", "suspend-exercises"));
    fixture_append(f, fixture_measure(f, FIXTURE_DPRK, "confirm", "suspend-exercises"));
    assert_int_equal(fixture_append(f, fixture_open_tranche(f, 1)), 6);
    assert_int_equal(fixture_append(f, fixture_open_rows(f, 2, row, 1, fields)), 7);
    fixture_stamp(f);
    ls_bytes checkpoint = bundles_cosigned_checkpoint(f);
    p->record = bundles_record(f, checkpoint);
    p->excerpt = bundles_excerpt(f, checkpoint, chosen, 4);
}

/* What a verification says, but for notes: findings, rows, flags. */
typedef struct outcome {
    ls_result result;
    ls_detail detail;
    ls_arena arena;
    ls_report report;
    ls_buf said, rows;
} outcome;

static ls_result take_row(void *rows, ls_bytes declaration, uint32_t tranche, uint64_t row, const ls_bytes *names,
                          const ls_opened_field *values, size_t fields)
{
    ls_buf_put_bytes(rows, declaration);
    ls_buf_format(rows, " %u %llu", (unsigned)tranche, (unsigned long long)row);
    for (size_t i = 0; i < fields; i++) {
        ls_buf_format(rows, " %.*s=%d:%.*s", (int)names[i].len, names[i].ptr, values[i].open, (int)values[i].value.len,
                      values[i].value.ptr);
    }
    ls_buf_put_u8(rows, '\n');
    return LS_SUCCESS;
}

static void verify(ls_bytes file, const ls_hash *charter, outcome *o)
{
    *o = (outcome){.result = LS_SUCCESS};
    o->result = ls_verify_bundle(&o->arena, file, charter, take_row, &o->rows, &o->report, &o->detail);
    if (ls_failed(o->result)) {
        return;
    }
    ls_buf_format(&o->said, "%d %d %d %d\n", o->report.failed, o->report.anchored, o->report.exercise,
                  o->report.false_declaration);
    for (size_t i = 0; i < o->report.count; i++) {
        const ls_finding *x = &o->report.finding[i];
        if (x->level != LS_FINDING_NOTE) {
            ls_buf_format(&o->said, "%d %s: %s\n", x->level, x->subject, x->text);
        }
    }
}

static void forget(outcome *o)
{
    ls_arena_free(&o->arena);
    ls_buf_free(&o->said);
    ls_buf_free(&o->rows);
}

static bool found(const outcome *o, ls_finding_level level, const char *subject, const char *text)
{
    for (size_t i = 0; i < o->report.count; i++) {
        const ls_finding *x = &o->report.finding[i];
        if (x->level == level && strncmp(x->subject, subject, strlen(subject)) == 0 && strstr(x->text, text) != NULL) {
            return true;
        }
    }
    return false;
}

/* Where a byte lies, and by which name it must be called when it does not match. */
typedef struct region {
    size_t start, end;
    char name[2][LS_BUNDLE_NAME_MAX + 1]; /* either; "": the file's form, which is refused as a whole */
    bool ignored;                         /* a line of the checkpoint that nobody needs */
} region;

#define REGIONS_MAX 128
typedef struct map {
    size_t count;
    region region[REGIONS_MAX];
} map;

static region *add(map *m, ls_bytes file, ls_bytes part, const char *name, const char *other)
{
    region *r = &m->region[m->count++];
    assert_in_range(m->count, 1, REGIONS_MAX);
    r->start = (size_t)(part.ptr - file.ptr);
    r->end = r->start + part.len;
    snprintf(r->name[0], sizeof r->name[0], "%s", name);
    snprintf(r->name[1], sizeof r->name[1], "%s", other);
    return r;
}

/* A note's text and lines; those of the stranger are ignored in a checkpoint that stands alone. */
static void add_checkpoint(map *m, ls_bytes file, ls_bytes content)
{
    ls_note note;
    assert_true(ls_succeeded(ls_note_parse(content, &note)));
    assert_int_equal(note.count, 2);
    ls_bytes line = note.signature[1].line;
    assert_true(ls_bytes_is(note.signature[1].name, BUNDLES_STRANGER));
    add(m, file, ls_bytes_of(content.ptr, content.len - line.len), "checkpoint", "tile/entries/");
    add(m, file, line, "checkpoint", "checkpoint")->ignored = true;
}

/* A changed length moves all that follows: then the tile's name is as good. */
static void add_entries(map *m, ls_bytes file, const ls_member *tile)
{
    ls_reader r = ls_reader_of(tile->content);
    for (unsigned i = 0; ls_reader_left(&r) > 0; i++) {
        char name[32];
        const uint8_t *start = r.ptr;
        ls_bytes entry = ls_read_bytes(&r, ls_read_u16(&r));
        snprintf(name, sizeof name, "act %u", i);
        add(m, file, ls_bytes_of(start, 2), name, "tile/entries/");
        add(m, file, entry, name, name);
    }
}

static void add_member(map *m, ls_bytes file, const ls_member *member)
{
    char name[LS_BUNDLE_NAME_MAX + 1];
    unsigned index;
    snprintf(name, sizeof name, "%.*s", (int)member->name.len, member->name.ptr);
    if (strcmp(name, "checkpoint") == 0) {
        add_checkpoint(m, file, member->content);
    } else if (strncmp(name, "tile/entries/", 13) == 0) {
        add_entries(m, file, member);
    } else if (sscanf(name, "act/%u.", &index) == 1) {
        char act[32];
        snprintf(act, sizeof act, "act %u", index);
        /* All proofs must be under one checkpoint: where the first has another, it is the others that do not match. */
        add(m, file, member->content, act, strcmp(name, "act/0.tlog-proof") == 0 ? "act 1 (accord" : act);
    } else {
        add(m, file, member->content, name, name);
    }
}

static void make_map(ls_bytes file, map *m)
{
    ls_arena arena = {0};
    ls_bundle b;
    *m = (map){0};
    assert_true(ls_succeeded(ls_bundle_parse(&arena, file, &b, NULL)));
    for (size_t i = 0; i < b.count; i++) {
        add_member(m, file, &b.members[i]);
    }
    ls_arena_free(&arena);
}

/* Headers, padding, the first member and the end are in no region: all of them are the form of the file. */
static const region *find(const map *m, size_t at)
{
    static const region form = {.name = {"", ""}};
    for (size_t i = 0; i < m->count; i++) {
        if (at >= m->region[i].start && at < m->region[i].end) {
            return &m->region[i];
        }
    }
    return &form;
}

/* The rule. */

static bool refused_by_name(const outcome *o, const region *r)
{
    if (ls_failed(o->result)) {
        return o->result.fault == &ls_fault_bundle_form && r->name[0][0] == '\0' && o->detail.text[0] != '\0';
    }
    return o->report.failed && r->name[0][0] != '\0' &&
           (found(o, LS_FINDING_FAILED, r->name[0], "") || found(o, LS_FINDING_FAILED, r->name[1], ""));
}

/* Verified content is the same, and the line is named as it stands in the file now. */
static bool ignored_by_name(const outcome *o, const outcome *whole, const region *r, ls_bytes file)
{
    ls_note note;
    char text[LS_KEY_NAME_MAX + 64];
    const size_t start = r[-1].start; /* the checkpoint's text stands before its last line */
    if (ls_failed(o->result) || o->report.failed || !r->ignored ||
        ls_failed(ls_note_parse(ls_bytes_of(file.ptr + start, r->end - start), &note))) {
        return false;
    }
    snprintf(text, sizeof text, "signature line of %.*s is ignored", (int)note.signature[1].name.len,
             note.signature[1].name.ptr);
    return ls_bytes_equal(ls_buf_bytes(&o->said), ls_buf_bytes(&whole->said)) &&
           ls_bytes_equal(ls_buf_bytes(&o->rows), ls_buf_bytes(&whole->rows)) &&
           found(o, LS_FINDING_NOTE, "checkpoint", text);
}

typedef struct count {
    size_t refused, ignored;
} count;

static void flip_one(uint8_t *copy, size_t len, size_t at, const process *p, const map *m, const outcome *whole,
                     count *c)
{
    outcome o;
    const region *r = find(m, at);
    const ls_bytes file = ls_bytes_of(copy, len);
    copy[at] ^= (uint8_t)(1 << at % 8);
    verify(file, ls_record_process(p->f.record), &o);
    if (refused_by_name(&o, r)) {
        c->refused++;
    } else if (ignored_by_name(&o, whole, r, file)) {
        c->ignored++;
    } else {
        fail_msg("byte %zu (%s): fault %s %s, said:\n%s", at, r->name[0],
                 o.result.fault == NULL ? "none" : o.result.fault->code, o.detail.text, ls_buf_cstr(&o.said));
    }
    copy[at] ^= (uint8_t)(1 << at % 8);
    forget(&o);
}

static count flip_all(const process *p, ls_bytes file)
{
    static map m;
    count c = {0};
    outcome whole;
    make_map(file, &m);
    verify(file, ls_record_process(p->f.record), &whole);
    assert_true(ls_succeeded(whole.result));
    assert_false(whole.report.failed);
    assert_true(whole.report.anchored);
    assert_true(whole.rows.len > 0);
    /* On its own, so that a sanitizer sees a read beyond it. */
    uint8_t *copy = malloc(file.len);
    assert_non_null(copy);
    memcpy(copy, file.ptr, file.len);
    for (size_t at = 0; at < file.len; at += STRIDE) {
        flip_one(copy, file.len, at, p, &m, &whole, &c);
    }
    free(copy);
    forget(&whole);
    return c;
}

static void record_flips(void **state)
{
    const process *p = *state;
    count c = flip_all(p, p->record);
    /* Of the line that is ignored, name and signature may change within their form. */
    assert_in_range(c.ignored, 60 / STRIDE, 120 / STRIDE + 1);
    assert_int_equal(c.refused + c.ignored, (p->record.len + STRIDE - 1) / STRIDE);
}

static void excerpt_flips(void **state)
{
    const process *p = *state;
    count c = flip_all(p, p->excerpt);
    assert_int_equal(c.ignored, 0);
    assert_int_equal(c.refused, (p->excerpt.len + STRIDE - 1) / STRIDE);
}

/* Cut off anywhere, a bundle is none. */
static void cut_short(void **state)
{
    const process *p = *state;
    const ls_bytes files[] = {p->record, p->excerpt};
    for (size_t i = 0; i < 2; i++) {
        for (size_t len = 0; len < files[i].len; len += STRIDE) {
            outcome o;
            uint8_t *copy = malloc(len + 1);
            assert_non_null(copy);
            memcpy(copy, files[i].ptr, len);
            verify(ls_bytes_of(copy, len), NULL, &o);
            assert_ptr_equal(o.result.fault, &ls_fault_bundle_form);
            assert_true(o.detail.text[0] != '\0');
            forget(&o);
            free(copy);
        }
    }
}

static int set_up(void **state)
{
    process *p = calloc(1, sizeof *p);
    if (p != NULL) {
        make_process(p);
    }
    *state = p;
    return p == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    process *p = *state;
    fixture_close(&p->f);
    free(p);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_flips),
        cmocka_unit_test(excerpt_flips),
        cmocka_unit_test(cut_short),
    };
    return cmocka_run_group_tests_name("flip", tests, set_up, tear_down);
}
