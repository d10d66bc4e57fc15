/* Tables from CSV and to it. */
#include "tabular/tabular.h"
#include <stdio.h>
#include <stdlib.h>

static ls_result fail_name(const ls_csv *csv, ls_bytes name, ls_detail *detail, const char *hint, const char *text)
{
    ls_csv_place(csv, name, detail);
    ls_hint(detail, "%s", hint);
    return ls_fail_with(&ls_fault_csv, detail, "%s", text);
}

static ls_result read_header(ls_csv *csv, ls_tabular *t, ls_detail *detail)
{
    ls_csv_row row;
    bool more;
    size_t same;
    LS_TRY(ls_csv_next(csv, &row, &more, detail));
    if (!more) {
        ls_hint(detail, "the first line names the columns, each further line is a row");
        return ls_fail_with(&ls_fault_csv, detail, "the file is empty");
    }
    t->columns = ls_arena_array(&t->arena, row.count, sizeof *t->columns);
    if (t->columns == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < row.count; i++) {
        if (row.fields[i].len == 0) {
            return fail_name(csv, row.fields[i], detail, "the first line names the columns", "a column without a name");
        }
        if (ls_tabular_column(t, row.fields[i], &same)) {
            return fail_name(csv, row.fields[i], detail, "rename one of the two", "two columns have this name");
        }
        const char *name = ls_arena_str(&t->arena, row.fields[i]);
        if (name == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        t->columns[t->column_count++] = ls_bytes_of(name, row.fields[i].len);
    }
    return LS_SUCCESS;
}

static ls_result read_row(const ls_csv *csv, const ls_csv_row *row, ls_tabular *t, ls_detail *detail)
{
    if (row->count != t->column_count) {
        bool empty = row->count == 1 && row->fields[0].len == 0;
        ls_csv_place(csv, row->fields[0], detail);
        ls_hint(detail, "%s", empty ? "delete the line" : "a value that holds a separator must stand in quotes");
        return empty ? ls_fail_with(&ls_fault_csv, detail, "an empty line")
                     : ls_fail_with(&ls_fault_csv, detail, "this row has %zu values, the header has %zu", row->count,
                                    t->column_count);
    }
    LS_TRY(ls_tabular_add_row(t, csv->row_line));
    for (size_t i = 0; i < row->count; i++) {
        LS_TRY(ls_tabular_set(t, t->row_count - 1, i, row->fields[i]));
    }
    return LS_SUCCESS;
}

static ls_result read_all(ls_csv *csv, ls_tabular *t, ls_detail *detail)
{
    LS_TRY(read_header(csv, t, detail));
    for (bool more = true; more;) {
        ls_csv_row row;
        LS_TRY(ls_csv_next(csv, &row, &more, detail));
        if (more) {
            LS_TRY(read_row(csv, &row, t, detail));
        }
    }
    return LS_SUCCESS;
}

ls_result ls_tabular_read_csv(ls_bytes text, ls_tabular *out, ls_detail *detail)
{
    ls_csv *csv = malloc(sizeof *csv);
    if (csv == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_csv_open(csv, text, ls_csv_guess_separator(text));
    out->text = text;
    ls_result r = read_all(csv, out, detail);
    ls_csv_close(csv);
    free(csv);
    return r;
}

/* What would be read as something else without quotes. Of the header, what would be taken for the separator, too. */
static bool needs_quotes(ls_bytes value, bool header, bool alone)
{
    const char *special = header ? ",\"\r\n;\t" : ",\"\r\n";
    for (size_t i = 0; i < value.len; i++) {
        if (strchr(special, value.ptr[i]) != NULL) {
            return true;
        }
    }
    return (alone && value.len == 0) || ls_bytes_starts(value, "\xef\xbb\xbf");
}

static void put_value(ls_buf *out, ls_bytes value, bool quoted)
{
    if (!quoted) {
        ls_buf_put_bytes(out, value);
        return;
    }
    ls_buf_put_u8(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        ls_buf_put(out, "\"\"", value.ptr[i] == '"' ? 1 : 0);
        ls_buf_put_u8(out, value.ptr[i]);
    }
    ls_buf_put_u8(out, '"');
}

void ls_tabular_write_csv(const ls_tabular *t, ls_buf *out)
{
    for (size_t i = 0; i < t->column_count; i++) {
        ls_buf_put_str(out, i == 0 ? "" : ",");
        put_value(out, t->columns[i], needs_quotes(t->columns[i], true, false));
    }
    ls_buf_put_u8(out, '\n');
    for (size_t row = 0; row < t->row_count; row++) {
        for (size_t i = 0; i < t->column_count; i++) {
            ls_bytes value = ls_tabular_at(t, row, i);
            ls_buf_put_str(out, i == 0 ? "" : ",");
            put_value(out, value, needs_quotes(value, false, t->column_count == 1));
        }
        ls_buf_put_u8(out, '\n');
    }
}
