/* What was opened for a draw, held against what was drawn. */
#include "bundle/drawing_parts.h"
#include <stdlib.h>

typedef unsigned long long ull;

#define NAMED_MAX 16 /* findings about single rows; further ones are counted */

/* Opened rows, as they are read. */
typedef struct rows {
    ls_buf list; /* of ls_opened_row */
} rows;

static size_t count_of(const rows *r)
{
    return r->list.len / sizeof(ls_opened_row);
}

static ls_opened_row *list_of(const rows *r)
{
    return (ls_opened_row *)(void *)r->list.ptr;
}

/* One act that opens rows for the draw. */
typedef struct opening {
    ls_drawer *w;
    ls_act act;
    uint32_t index;
    size_t fields;
    bool read;  /* some file of it is here */
    rows first; /* those of the first such file, in order: others show the same */
    rows all;   /* those of all of them */
} opening;

static void fail(const opening *o, const char *text)
{
    ls_report_add(o->w->report, LS_FINDING_FAILED, o->w->subject, "the opening in act %u %s", o->index, text);
}

/* One file. */

typedef struct file {
    const opening *o;
    rows rows;
} file;

static ls_result take_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    file *f = context;
    ls_opened_row x = {.row = {tranche, row}, .act = f->o->index};
    ls_opened_row_judge(fields, f->o->fields, &x);
    ls_buf_put(&f->rows.list, &x, sizeof x);
    return ls_buf_check(&f->rows.list);
}

/* All parts, verified; whatever does not open what was drawn from is a finding. */
static ls_result read_parts(file *f, const ls_opening_part *parts, size_t count)
{
    const ls_drawing *d = f->o->w->out;
    for (size_t i = 0; i < count; i++) {
        ls_opening_report report;
        LS_TRY(ls_opening_verify(&parts[i], &d->declaration->declared, take_row, f, &report));
        if (report.verdict != LS_OPENED || parts[i].kind != LS_OPENING_ROWS) {
            fail(f->o, report.verdict == LS_OPENED ? "opens a tranche" : report.reason);
        }
    }
    return LS_SUCCESS;
}

static ls_result read_file(file *f, ls_bytes content)
{
    ls_arena scratch = {0};
    ls_opening_part *parts;
    size_t count;
    ls_result r = ls_opening_parse(&scratch, content, (uint32_t)f->o->fields, &parts, &count);
    if (ls_succeeded(r)) {
        r = read_parts(f, parts, count);
    } else if (r.fault == &ls_fault_opening_form) {
        fail(f->o, "has a file that is no opening");
        r = LS_SUCCESS;
    }
    ls_arena_free(&scratch);
    return r;
}

/* Every audience gets the same rows, whatever it is shown of them. */
static bool same_rows(const rows *a, const rows *b)
{
    bool same = count_of(a) == count_of(b);
    for (size_t i = 0; same && i < count_of(a); i++) {
        same = ls_population_row_compare(&list_of(a)[i].row, &list_of(b)[i].row) == 0;
    }
    return same;
}

static ls_result take_file(opening *o, ls_bytes content)
{
    file f = {.o = o};
    ls_result r = read_file(&f, content);
    size_t read = count_of(&f.rows), kept = ls_opened_rows_settle(list_of(&f.rows), read);
    f.rows.list.len = kept * sizeof(ls_opened_row);
    ls_buf_put_bytes(&o->all.list, ls_buf_bytes(&f.rows.list));
    if (kept < read) {
        fail(o, "opens a row twice");
    }
    if (o->read) {
        if (!same_rows(&o->first, &f.rows)) {
            fail(o, "opens other rows to one audience than to another");
        }
        ls_buf_free(&f.rows.list);
        return r;
    }
    o->read = true;
    o->first = f.rows;
    return r;
}

/* The files of an act. */

static ls_result read_files(opening *o)
{
    bool absent = false, damaged = false;
    for (size_t i = 0; i < o->act.attachment_count; i++) {
        ls_bytes content;
        bool gone;
        LS_TRY(ls_drawer_file(o->w, &o->act, i, &content, &gone));
        absent = absent || gone;
        damaged = damaged || (content.ptr == NULL && !gone);
        if (content.ptr != NULL && ls_bytes_starts(content, "lockstep opening ")) {
            LS_TRY(take_file(o, content));
        }
    }
    o->w->out->unread = o->w->out->unread || (absent && !o->read);
    if (!o->read && !absent && !damaged) {
        fail(o, "holds no opening");
    }
    return ls_buf_check(&o->all.list);
}

/* Who is shown some fields only can't tell a blank row from one that has none of these. */
static void check_counts(opening *o)
{
    size_t count = ls_opened_rows_settle(list_of(&o->all), count_of(&o->all)), blank = 0, unclear = 0;
    o->all.list.len = count * sizeof(ls_opened_row);
    for (size_t i = 0; i < count; i++) {
        blank += list_of(&o->all)[i].blank;
        unclear += list_of(&o->all)[i].unclear;
    }
    if (count != o->act.rows) {
        ls_report_add(o->w->report, LS_FINDING_FAILED, o->w->subject, "act %u opens %zu rows, and says %llu", o->index,
                      count, (ull)o->act.rows);
    }
    if (o->act.blank < blank || o->act.blank > blank + unclear) {
        ls_report_add(o->w->report, LS_FINDING_FAILED, o->w->subject,
                      "act %u says that %llu of the rows that it opens are blank, and %zu are", o->index,
                      (ull)o->act.blank, blank);
    }
}

static ls_result take_act(ls_drawer *w, uint32_t index, rows *all)
{
    opening o = {.w = w, .index = index, .fields = w->out->declaration->declared.fields};
    LS_TRY(ls_drawer_act(w, index, &o.act));
    ls_result r = read_files(&o);
    if (ls_succeeded(r) && o.read) {
        check_counts(&o);
        ls_buf_put_bytes(&all->list, ls_buf_bytes(&o.all.list));
    }
    ls_buf_free(&o.first.list);
    ls_buf_free(&o.all.list);
    return r;
}

static ls_result take_acts(ls_drawer *w, rows *all)
{
    const ls_record *r = w->from->record;
    uint32_t draw = w->out->state->draw->index;
    ls_inspecteds said = ls_record_inspecteds(r, (size_t)ls_record_at(r, draw).accord);
    for (size_t i = 0; i < said.count; i++) {
        const ls_inspected *x = &said.fact[i];
        if (x->kind == LS_INSPECTED_OPEN && x->ref == draw && said.time(said.context, x->index) != LS_TIME_NONE) {
            LS_TRY(take_act(w, x->index, all));
        }
    }
    return ls_buf_check(&all->list);
}

ls_result ls_drawer_openings(ls_drawer *w)
{
    ls_drawing *d = w->out;
    rows all = {0};
    ls_result r = take_acts(w, &all);
    if (ls_succeeded(r)) {
        d->opened_count = ls_opened_rows_settle(list_of(&all), count_of(&all));
        d->opened = ls_arena_array(w->arena, d->opened_count + 1, sizeof *d->opened);
        r = d->opened == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    if (ls_succeeded(r) && d->opened_count > 0) {
        memcpy(d->opened, all.list.ptr, d->opened_count * sizeof *d->opened);
    }
    ls_buf_free(&all.list);
    return r;
}

/* Against the draw. */

static int by_position(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void tell_row(const ls_drawer *w, const ls_opened_row *x, const char *text, size_t *told)
{
    if ((*told)++ < NAMED_MAX) {
        ls_report_add(w->report, LS_FINDING_FAILED, w->subject, "row %llu of tranche %u, opened in act %llu, %s",
                      (ull)x->row.row, (unsigned)x->row.tranche, (ull)x->act, text);
    }
}

/* What was opened, and not drawn. */
static void compare_opened(const ls_drawer *w, const uint64_t *positions, size_t *told)
{
    const ls_drawing *d = w->out;
    for (size_t i = 0; i < d->opened_count; i++) {
        uint64_t position;
        if (!ls_population_find(&d->population, &d->opened[i].row, &position) ||
            bsearch(&position, positions, d->count, sizeof position, by_position) == NULL) {
            tell_row(w, &d->opened[i], "was not drawn", told);
        }
    }
}

/* A replacement is opened for a blank row, and for nothing else. While a row is missing, or can't be told from a blank
 * one here, it may be the one that asks for it. */
static void compare_replacements(const ls_drawer *w, size_t *told)
{
    const ls_drawing *d = w->out;
    bool open = d->unread;
    for (size_t i = 0; i < d->count; i++) {
        open = open || d->row[i].state == LS_DRAWN_MISSING || (d->row[i].opened != NULL && d->row[i].opened->unclear);
    }
    for (size_t i = 0; i < d->count && !open; i++) {
        if (d->row[i].state == LS_DRAWN_EARLY) {
            tell_row(w, d->row[i].opened, "is a replacement, and no blank row asks for it", told);
        }
    }
}

ls_result ls_drawer_compare(const ls_drawer *w)
{
    const ls_drawing *d = w->out;
    size_t told = 0;
    uint64_t *positions = ls_arena_array(w->arena, d->count, sizeof *positions);
    if (positions == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < d->count; i++) {
        positions[i] = d->drawn[i].position;
    }
    qsort(positions, d->count, sizeof *positions, by_position);
    compare_opened(w, positions, &told);
    compare_replacements(w, &told);
    if (told > NAMED_MAX) {
        ls_report_add(w->report, LS_FINDING_FAILED, w->subject, "and so %zu further rows", told - NAMED_MAX);
    }
    return LS_SUCCESS;
}
