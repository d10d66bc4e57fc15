/* What a packet opens, held against the rows that its draw chose. */
#include "bundle/verify_draw.h"
#include <stdlib.h>

typedef unsigned long long ull;

typedef struct row_taker {
    ls_packet_draw *draw;
    uint64_t act;
} row_taker;

static ls_result take_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    const row_taker *t = context;
    ls_opened_row opened = {.row = {tranche, row}, .act = t->act};
    ls_opened_row_judge(fields, t->draw->declared->schema.field_count, &opened);
    ls_buf_put(&t->draw->opened, &opened, sizeof opened);
    return ls_buf_check(&t->draw->opened);
}

/* Opened for this draw, or by a file that stands alone. */
static bool is_for(const ls_packet_draw *d, const ls_known_opening *o)
{
    return o->declaration == d->declared && o->part->kind == LS_OPENING_ROWS &&
           (o->act == LS_NO_ACT || ls_hash_equal(&o->ref, &d->act->id));
}

static ls_result take_rows(ls_packet_draw *d)
{
    for (const ls_known_opening *o = d->v->openings; o != NULL; o = o->next) {
        row_taker t = {d, o->act};
        ls_opening_report again;
        if (is_for(d, o)) {
            LS_TRY(ls_opening_verify(o->part, &d->declared->declared, take_row, &t, &again));
        }
    }
    return LS_SUCCESS;
}

/* Findings about rows. */

#define ROWS_TOLD 1000 /* findings about rows in which nothing is wrong: a number tells the others */

static const char *row_subject(const ls_packet_draw *d, const ls_population_row *row)
{
    const char *subject = ls_arena_format(d->v->arena, "row %u/%llu", (unsigned)row->tranche, (ull)row->row);
    return subject == NULL ? "row" : subject;
}

static const char *opened_by(const ls_packet_draw *d, const ls_drawn_row *x)
{
    const char *by = x->opened->act == LS_NO_ACT
                         ? "opened in this file"
                         : ls_arena_format(d->v->arena, "opened in act %llu", (ull)x->opened->act);
    return by == NULL ? "opened" : by;
}

static void tell_row(const ls_packet_draw *d, const ls_drawn_row *x, size_t number)
{
    ls_report *report = d->v->report;
    const char *subject = row_subject(d, &x->row), *what = x->replacement ? "replacement" : "drawn as number";
    switch (x->state) {
    case LS_DRAWN_OPENED:
        ls_report_add(report, LS_FINDING_OK, subject, "%s %zu; %s%s", what, number, opened_by(d, x),
                      x->opened->unclear ? "; whether it is blank does not show from the fields that are open" : "");
        break;
    case LS_DRAWN_BLANK:
        ls_report_add(report, LS_FINDING_OK, subject, "%s %zu; %s, and blank", what, number, opened_by(d, x));
        break;
    case LS_DRAWN_EARLY:
        ls_report_add(report, LS_FINDING_NOTE, subject,
                      "replacement %zu; %s, and not needed by the blank rows that this file shows", number,
                      opened_by(d, x));
        break;
    case LS_DRAWN_MISSING:
        ls_report_add(report, LS_FINDING_FAILED, subject, "%s %zu, and not opened in this file", what, number);
        break;
    default:
        break;
    }
}

/* Rows and replacements have numbers of their own, from 1. */
static size_t number_of(const ls_packet_draw *d, size_t i)
{
    return i < d->chosen ? i + 1 : i - d->chosen + 1;
}

static void tell_rows(const ls_packet_draw *d, const ls_drawn_row *rows)
{
    size_t untold = 0;
    for (size_t i = 0; i < d->count; i++) {
        bool wrong = rows[i].state == LS_DRAWN_MISSING;
        if (i < ROWS_TOLD || wrong) {
            tell_row(d, &rows[i], number_of(d, i));
        } else {
            untold += rows[i].state != LS_DRAWN_SPARE;
        }
    }
    if (untold > 0) {
        ls_report_add(d->v->report, LS_FINDING_OK, d->subject, "%zu more of its rows are opened in this file", untold);
    }
}

/* A sheet's packet speaks of its own row alone. */
static void tell_single(const ls_packet_draw *d, const ls_drawn_row *rows)
{
    ls_report *report = d->v->report;
    const char *subject = row_subject(d, &d->packet->row);
    size_t i = 0;
    while (i < d->count && ls_population_row_compare(&rows[i].row, &d->packet->row) != 0) {
        i++;
    }
    if (i == d->count || rows[i].opened == NULL) {
        ls_report_add(report, LS_FINDING_FAILED, subject, "this packet is about it, and %s",
                      i == d->count ? "it was not drawn" : "does not open it");
        return;
    }
    if (i >= d->chosen) {
        ls_report_add(
            report, LS_FINDING_NOTE, subject,
            "replacement %zu; %s. This packet is about it alone: that it takes the place of a blank row, others "
            "show",
            number_of(d, i), opened_by(d, &rows[i]));
        return;
    }
    tell_row(d, &rows[i], number_of(d, i));
    ls_report_add(report, LS_FINDING_NOTE, subject,
                  "this packet is about it alone: others show the other rows of the draw");
}

static int compare_rows(const void *a, const void *b)
{
    return ls_population_row_compare(a, b);
}

/* Rows that this file opens for the draw, and that it did not choose. */
static ls_result tell_others(const ls_packet_draw *d, const ls_drawn_row *rows, const ls_opened_row *opened,
                             size_t opened_count)
{
    ls_population_row *drawn = ls_arena_array(d->v->arena, d->count, sizeof *drawn);
    if (drawn == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < d->count; i++) {
        drawn[i] = rows[i].row;
    }
    qsort(drawn, d->count, sizeof *drawn, compare_rows);
    for (size_t i = 0; i < opened_count; i++) {
        if (bsearch(&opened[i].row, drawn, d->count, sizeof *drawn, compare_rows) == NULL) {
            ls_report_add(d->v->report, LS_FINDING_FAILED, row_subject(d, &opened[i].row),
                          "it is opened for this draw, and was not drawn");
        }
    }
    return LS_SUCCESS;
}

/* The opened rows, settled, in the arena. */
static ls_result keep_opened(ls_packet_draw *d, ls_opened_row **out, size_t *count)
{
    LS_TRY(take_rows(d));
    *count = d->opened.len / sizeof **out;
    *out = ls_arena_array(d->v->arena, *count + 1, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (*count > 0) {
        memcpy(*out, d->opened.ptr, d->opened.len);
    }
    *count = ls_opened_rows_settle(*out, *count);
    return LS_SUCCESS;
}

ls_result ls_verify_drawn(ls_packet_draw *d)
{
    ls_drawn_row *rows = ls_arena_array(d->v->arena, d->count, sizeof *rows);
    ls_opened_row *opened;
    size_t opened_count;
    if (rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(keep_opened(d, &opened, &opened_count));
    ls_drawn_judge(d->drawn, d->chosen, d->count, &d->population, opened, opened_count, rows);
    if (d->packet->single) {
        tell_single(d, rows);
    } else {
        tell_rows(d, rows);
    }
    LS_TRY(tell_others(d, rows, opened, opened_count));
    d->v->report->packet->rows = rows;
    d->v->report->packet->count = d->count;
    return LS_SUCCESS;
}
