/* The validating pass over an inventory, and random access to its rows afterwards. */
#include "escrow/inventory.h"
#include "base/value.h"
#include "escrow/duplicates.h"
#include "escrow/text.h"
#include "geo/place.h"
#include <stdio.h>
#include <stdlib.h>

/* While rows are read, their tranche stands in the high bits of their offset; 12 bytes a row, then, with the line. */
#define TRANCHE_SHIFT 48
#define OFFSET_MASK ((UINT64_C(1) << TRANCHE_SHIFT) - 1)
#define NO_COLUMN SIZE_MAX

/* One reading of one inventory. */
typedef struct reading {
    const ls_inventory_form *form;
    ls_inventory *inv;
    ls_detail *detail;
    ls_csv csv;
    ls_csv_row row;
    ls_arena arena;
    size_t tranche_column, id_column, latitude, longitude; /* of the file */
    ls_bytes *labels;                                      /* sorted */
    uint32_t *numbers;                                     /* of the sorted labels' tranches */
    uint32_t tranche;                                      /* the last row's */
    size_t capacity;                                       /* of offsets and lines */
    ls_duplicates *ids;
} reading;

static int shown(ls_bytes text)
{
    return (int)(text.len < 80 ? text.len : 80);
}

static ls_result fail_value(reading *r, size_t column, const char *text)
{
    ls_csv_place(&r->csv, r->row.fields[column], r->detail);
    return ls_fail_with(&ls_fault_csv, r->detail, "%s", text);
}

static size_t find_column(const reading *r, ls_bytes name)
{
    for (size_t i = 0; i < r->row.count; i++) {
        if (ls_bytes_equal(r->row.fields[i], name)) {
            return i;
        }
    }
    return NO_COLUMN;
}

static bool form_has(const ls_inventory_form *form, ls_bytes name)
{
    for (size_t i = 0; i < form->field_count; i++) {
        if (ls_bytes_equal(form->fields[i], name)) {
            return true;
        }
    }
    return false;
}

/* The accord's own business, checked all the same: everything below relies on it. */
static ls_result check_form(const reading *r)
{
    const ls_inventory_form *f = r->form;
    bool places = f->latitude.len != 0;
    bool sizes =
        f->field_count > 0 && f->field_count < LS_COLUMNS_MAX && f->tranche_count > 0 && f->tranche_count <= UINT16_MAX;
    if (!sizes || form_has(f, f->tranche_column) || !form_has(f, f->id_column) || places != (f->longitude.len != 0) ||
        (places && (!form_has(f, f->latitude) || !form_has(f, f->longitude)))) {
        return ls_fail_with(&ls_fault_usage, r->detail, "the declaration's columns contradict each other");
    }
    return LS_SUCCESS;
}

/* The name nearest to word among names, as a hint; otherwise the fallback. */
static void hint_nearest(reading *r, ls_bytes word, const ls_bytes *names, size_t count, const char *fallback)
{
    const char **candidates = ls_arena_array(&r->arena, count, sizeof *candidates);
    for (size_t i = 0; candidates && i < count; i++) {
        candidates[i] = ls_arena_str(&r->arena, names[i]);
        if (!candidates[i]) {
            candidates = NULL;
        }
    }
    const char *near = candidates ? ls_nearest(word, candidates, count) : NULL;
    if (near) {
        ls_hint(r->detail, "did you mean '%.80s'?", near);
    } else {
        ls_hint(r->detail, "%s", fallback);
    }
}

static ls_result check_names(reading *r)
{
    for (size_t i = 0; i < r->row.count; i++) {
        if (r->row.fields[i].len == 0) {
            ls_hint(r->detail, "the first line names the columns; give this one a name or remove it");
            return fail_value(r, i, "a column without a name");
        }
        if (find_column(r, r->row.fields[i]) < i) {
            ls_hint(r->detail, "rename or remove one of the two");
            return fail_value(r, i, "two columns have this name");
        }
    }
    return LS_SUCCESS;
}

/* Nothing is left out silently: a column that is not committed to stops the declaration. */
static ls_result check_known(reading *r)
{
    for (size_t i = 0; i < r->row.count; i++) {
        ls_bytes name = r->row.fields[i];
        if (!ls_bytes_equal(name, r->form->tranche_column) && !form_has(r->form, name)) {
            hint_nearest(r, name, r->form->fields, r->form->field_count,
                         "remove the column from the file, or agree on it as a field of the declaration");
            char text[200];
            snprintf(text, sizeof text, "the accord does not have the column '%.*s'", shown(name),
                     (const char *)name.ptr);
            return fail_value(r, i, text);
        }
    }
    return LS_SUCCESS;
}

static ls_result require_column(reading *r, ls_bytes name, size_t *column)
{
    *column = find_column(r, name);
    if (*column == NO_COLUMN) {
        if (r->detail) {
            r->detail->line = r->csv.row_line;
            r->detail->column = 1;
        }
        hint_nearest(r, name, r->row.fields, r->row.count, "the first line must name every column of the declaration");
        return ls_fail_with(&ls_fault_csv, r->detail, "the column '%.*s' is missing", shown(name),
                            (const char *)name.ptr);
    }
    return LS_SUCCESS;
}

static ls_result find_columns(reading *r)
{
    for (size_t f = 0; f < r->form->field_count; f++) {
        size_t column;
        LS_TRY(require_column(r, r->form->fields[f], &column));
        r->inv->column[f] = (uint16_t)column;
        r->inv->id_field = ls_bytes_equal(r->form->fields[f], r->form->id_column) ? f : r->inv->id_field;
    }
    LS_TRY(require_column(r, r->form->tranche_column, &r->tranche_column));
    LS_TRY(require_column(r, r->form->id_column, &r->id_column));
    r->latitude = r->longitude = NO_COLUMN;
    if (r->form->latitude.len) {
        LS_TRY(require_column(r, r->form->latitude, &r->latitude));
        LS_TRY(require_column(r, r->form->longitude, &r->longitude));
    }
    return LS_SUCCESS;
}

static ls_result read_header(reading *r)
{
    bool more;
    LS_TRY(ls_csv_next(&r->csv, &r->row, &more, r->detail));
    if (!more) {
        ls_hint(r->detail, "the first line names the columns, each further line is a row");
        return ls_fail_with(&ls_fault_csv, r->detail, "the file is empty");
    }
    LS_TRY(check_names(r));
    /* Missing first: a misspelt column is both missing and unknown, and this way round the hint names it. */
    LS_TRY(find_columns(r));
    LS_TRY(check_known(r));
    r->inv->column_count = r->row.count;
    return LS_SUCCESS;
}

/* Thousands of tranches times millions of rows: labels are looked up by halves. */
static ls_result sort_labels(reading *r)
{
    size_t count = r->form->tranche_count;
    r->labels = ls_arena_array(&r->arena, count, sizeof *r->labels);
    r->numbers = ls_arena_array(&r->arena, count, sizeof *r->numbers);
    if (!r->labels || !r->numbers) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(r->labels, r->form->labels, count * sizeof *r->labels);
    qsort(r->labels, count, sizeof *r->labels, ls_text_compare);
    for (uint32_t k = 0; k < count; k++) {
        ls_bytes *place = bsearch(&r->form->labels[k], r->labels, count, sizeof *r->labels, ls_text_compare);
        r->numbers[place - r->labels] = k;
    }
    return LS_SUCCESS;
}

/* Finds the row's tranche (counted from 0 here). Rows of one tranche mostly stand together. */
static ls_result find_tranche(reading *r)
{
    ls_bytes label = r->row.fields[r->tranche_column];
    if (ls_bytes_equal(label, r->form->labels[r->tranche])) {
        return LS_SUCCESS;
    }
    size_t count = r->form->tranche_count;
    ls_bytes *found = bsearch(&label, r->labels, count, sizeof *r->labels, ls_text_compare);
    if (!found) {
        char text[200];
        snprintf(text, sizeof text, "there is no tranche '%.*s'", shown(label), (const char *)label.ptr);
        hint_nearest(r, label, r->form->labels, count, "the accord lists the tranches of this declaration");
        return fail_value(r, r->tranche_column, text);
    }
    r->tranche = r->numbers[found - r->labels];
    return LS_SUCCESS;
}

static void remark(reading *r, ls_remark_kind kind, unsigned other_line)
{
    ls_inventory *inv = r->inv;
    inv->remark_count[kind]++;
    if (inv->remark_kept < LS_REMARKS_MAX) {
        inv->remark[inv->remark_kept++] = (ls_remark){kind, r->csv.row_line, other_line};
    }
}

/* Places that can't be read are no reason to refuse: a declaration commits to text, whatever it means. */
static void check_place(reading *r)
{
    if (r->latitude == NO_COLUMN) {
        return;
    }
    ls_bytes latitude = r->row.fields[r->latitude], longitude = r->row.fields[r->longitude];
    int64_t units;
    if (latitude.len == 0 && longitude.len == 0) {
        remark(r, LS_REMARK_NO_PLACE, 0);
    } else if (!ls_degrees_read(latitude, LS_LATITUDE_MAX, &units) ||
               !ls_degrees_read(longitude, LS_LONGITUDE_MAX, &units)) {
        remark(r, LS_REMARK_BAD_PLACE, 0);
    }
}

/* An id may occur twice, in one tranche or in several: that is the declarer's affair, but worth a remark. */
static ls_result check_id(reading *r)
{
    ls_bytes id = r->row.fields[r->id_column];
    if (id.len == 0) {
        remark(r, LS_REMARK_NO_ID, 0);
        return LS_SUCCESS;
    }
    uint64_t earlier;
    LS_TRY(ls_duplicates_add(r->ids, r->inv->row_count, id, &earlier));
    if (earlier != LS_DUPLICATES_NEW) {
        remark(r, LS_REMARK_DUPLICATE_ID, r->inv->lines[earlier]);
    }
    return LS_SUCCESS;
}

static ls_result check_count(reading *r)
{
    if (r->row.count == r->inv->column_count) {
        return LS_SUCCESS;
    }
    bool empty = r->row.count == 1 && r->row.fields[0].len == 0;
    ls_csv_place(&r->csv, r->row.fields[0], r->detail);
    ls_hint(r->detail, "%s", empty ? "delete the line" : "a value that holds a separator must stand in quotes");
    return empty ? ls_fail_with(&ls_fault_csv, r->detail, "an empty line")
                 : ls_fail_with(&ls_fault_csv, r->detail, "this row has %zu values, the header has %zu", r->row.count,
                                r->inv->column_count);
}

/* Adds up what the row takes in sealed form. */
static ls_result check_content(reading *r)
{
    uint64_t bytes = 0;
    for (size_t f = 0; f < r->form->field_count; f++) {
        bytes += r->row.fields[r->inv->column[f]].len;
    }
    if (bytes == 0) {
        ls_hint(r->detail, "delete the row: blank rows are added by the declaration itself");
        return fail_value(r, 0, "a row without any value");
    }
    r->inv->bytes[r->tranche] += bytes + 4 * r->form->field_count;
    return LS_SUCCESS;
}

static ls_result grow(reading *r)
{
    ls_inventory *inv = r->inv;
    if (inv->row_count < r->capacity) {
        return LS_SUCCESS;
    }
    size_t capacity = r->capacity ? 2 * r->capacity : 1024;
    /* Each array is kept as soon as it has moved, so that a failure of the other leaves both to be freed. */
    uint64_t *offsets = reallocarray(inv->offsets, capacity, sizeof *offsets);
    inv->offsets = offsets ? offsets : inv->offsets;
    uint32_t *lines = reallocarray(inv->lines, capacity, sizeof *lines);
    inv->lines = lines ? lines : inv->lines;
    if (!offsets || !lines || inv->row_count >= UINT32_MAX) {
        return ls_fail(&ls_fault_memory);
    }
    r->capacity = capacity;
    return LS_SUCCESS;
}

static ls_result take_row(reading *r)
{
    ls_inventory *inv = r->inv;
    LS_TRY(check_count(r));
    LS_TRY(find_tranche(r));
    LS_TRY(check_content(r));
    LS_TRY(grow(r));
    inv->offsets[inv->row_count] = r->csv.row_offset | (uint64_t)r->tranche << TRANCHE_SHIFT;
    inv->lines[inv->row_count] = r->csv.row_line;
    inv->first[r->tranche + 1]++;
    LS_TRY(check_id(r));
    check_place(r);
    inv->row_count++;
    return LS_SUCCESS;
}

/* Brings the rows of each tranche together, in the order of the file (a counting sort): whoever declares a tranche then
 * finds its rows without a search, and the tranche's number need not be kept. */
static ls_result group_rows(ls_inventory *inv)
{
    for (size_t k = 0; k < inv->tranche_count; k++) {
        inv->first[k + 1] += inv->first[k];
    }
    uint64_t *next = calloc(inv->tranche_count + 1, sizeof *next);
    uint64_t *offsets = calloc(inv->row_count ? inv->row_count : 1, sizeof *offsets);
    uint32_t *lines = calloc(inv->row_count ? inv->row_count : 1, sizeof *lines);
    if (!next || !offsets || !lines) {
        free(next);
        free(offsets);
        free(lines);
        return ls_fail(&ls_fault_memory);
    }
    memcpy(next, inv->first, inv->tranche_count * sizeof *next);
    for (uint64_t i = 0; i < inv->row_count; i++) {
        uint64_t to = next[inv->offsets[i] >> TRANCHE_SHIFT]++;
        offsets[to] = inv->offsets[i] & OFFSET_MASK;
        lines[to] = inv->lines[i];
    }
    free(next);
    free(inv->offsets);
    free(inv->lines);
    inv->offsets = offsets;
    inv->lines = lines;
    return LS_SUCCESS;
}

static ls_result id_of_row(void *context, uint64_t row, ls_csv *cursor, ls_bytes *id)
{
    const reading *r = context;
    ls_csv_row found;
    bool more;
    cursor->offset = r->inv->offsets[row] & OFFSET_MASK;
    LS_TRY(ls_csv_next(cursor, &found, &more, NULL));
    *id = found.fields[r->id_column];
    return LS_SUCCESS;
}

static ls_result allocate(reading *r)
{
    ls_inventory *inv = r->inv;
    inv->field_count = r->form->field_count;
    inv->tranche_count = r->form->tranche_count;
    inv->column = calloc(inv->field_count, sizeof *inv->column);
    inv->first = calloc(inv->tranche_count + 1, sizeof *inv->first);
    inv->bytes = calloc(inv->tranche_count, sizeof *inv->bytes);
    LS_TRY(ls_duplicates_open(r->csv.text, r->csv.separator, id_of_row, r, &r->ids));
    return inv->column && inv->first && inv->bytes ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

static ls_result read_all(reading *r)
{
    LS_TRY(check_form(r));
    LS_TRY(allocate(r));
    LS_TRY(sort_labels(r));
    LS_TRY(read_header(r));
    for (bool more = true; more;) {
        LS_TRY(ls_csv_next(&r->csv, &r->row, &more, r->detail));
        if (more) {
            LS_TRY(take_row(r));
        }
    }
    ls_duplicates_free(r->ids);
    r->ids = NULL;
    return group_rows(r->inv);
}

ls_result ls_inventory_read(ls_bytes text, const ls_inventory_form *form, ls_inventory *out, ls_detail *detail)
{
    ls_inventory inv = {0};
    reading *r = calloc(1, sizeof *r);
    if (!r) {
        return ls_fail(&ls_fault_memory);
    }
    r->form = form;
    r->inv = &inv;
    r->detail = detail;
    inv.separator = ls_csv_guess_separator(text);
    ls_csv_open(&r->csv, text, inv.separator);
    inv.text = r->csv.text;
    inv.byte_order_mark = inv.text.len != text.len;
    ls_result result = read_all(r);
    if (ls_failed(result) && detail && form->file) {
        snprintf(detail->file, sizeof detail->file, "%s", form->file);
    }
    ls_csv_close(&r->csv);
    ls_duplicates_free(r->ids);
    ls_arena_free(&r->arena);
    free(r);
    if (ls_failed(result)) {
        ls_inventory_free(&inv);
        return result;
    }
    *out = inv;
    return result;
}

uint64_t ls_inventory_rows(const ls_inventory *inv, uint32_t tranche)
{
    return inv->first[tranche] - inv->first[tranche - 1];
}

void ls_inventory_cursor(const ls_inventory *inv, ls_csv *cursor)
{
    ls_csv_open(cursor, inv->text, inv->separator);
}

ls_result ls_inventory_row(const ls_inventory *inv, ls_csv *cursor, uint32_t tranche, uint64_t i, ls_bytes *values,
                           ls_detail *detail)
{
    uint64_t row = inv->first[tranche - 1] + i;
    ls_csv_row found;
    bool more;
    cursor->offset = inv->offsets[row];
    cursor->line = inv->lines[row];
    LS_TRY(ls_csv_next(cursor, &found, &more, detail));
    if (!more || found.count != inv->column_count) {
        return ls_fail_with(&ls_fault_csv, detail, "the inventory changed while it was read");
    }
    for (size_t f = 0; f < inv->field_count; f++) {
        values[f] = found.fields[inv->column[f]];
    }
    return LS_SUCCESS;
}

void ls_inventory_free(ls_inventory *inv)
{
    free(inv->column);
    free(inv->offsets);
    free(inv->lines);
    free(inv->first);
    free(inv->bytes);
    *inv = (ls_inventory){0};
}
