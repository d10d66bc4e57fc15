/* Both tables' rows are sorted by their keys and walked side by side. */
#include "tabular/compare.h"
#include "escrow/text.h"
#include <stdlib.h>

#define NO_ROW SIZE_MAX

/* One comparison. */
typedef struct comparing {
    ls_arena *arena;
    const ls_tabular *before, *after;
    const ls_comparison_form *form;
    ls_comparison *out;
    size_t *match; /* of each row of the later table: the row of the earlier one */
    bool *found;   /* of each row of the earlier one */
} comparing;

/* Columns. */

static bool is_ignored(const ls_comparison_form *form, ls_bytes name)
{
    for (size_t i = 0; i < form->ignored_count; i++) {
        if (ls_bytes_equal(form->ignored[i], name)) {
            return true;
        }
    }
    return false;
}

/* A name that is in neither table is a slip, and would be a silent one. */
static ls_result check_ignored(const comparing *c, ls_detail *detail)
{
    size_t column;
    for (size_t i = 0; i < c->form->ignored_count; i++) {
        if (!ls_tabular_column(c->before, c->form->ignored[i], &column)) {
            LS_TRY(ls_tabular_find(c->after, c->form->ignored[i], &column, detail));
        }
    }
    return LS_SUCCESS;
}

static void match_columns(comparing *c)
{
    ls_comparison *out = c->out;
    size_t other;
    for (size_t i = 0; i < c->after->column_count; i++) {
        ls_bytes name = c->after->columns[i];
        if (i == out->key_after || is_ignored(c->form, name)) {
            continue;
        }
        if (ls_tabular_column(c->before, name, &other)) {
            out->both[out->both_count++] = (ls_common_column){name, other, i};
        } else {
            out->added_columns[out->added_column_count++] = name;
        }
    }
    for (size_t i = 0; i < c->before->column_count; i++) {
        ls_bytes name = c->before->columns[i];
        if (!is_ignored(c->form, name) && !ls_tabular_column(c->after, name, &other)) {
            out->removed_columns[out->removed_column_count++] = name;
        }
    }
}

/* Rows. */

typedef struct order {
    const ls_tabular *t;
    size_t key;
} order;

static int compare_keys(const void *a, const void *b, void *context)
{
    const order *o = context;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    ls_bytes p = ls_tabular_at(o->t, x, o->key), q = ls_tabular_at(o->t, y, o->key);
    int by_text = ls_text_compare(&p, &q);
    return by_text != 0 ? by_text : (x > y) - (x < y);
}

/* Rows by their keys; refuses a key that stands twice. */
static ls_result sort_rows(ls_arena *arena, const ls_tabular *t, size_t key, size_t **out, ls_detail *detail)
{
    order o = {t, key};
    size_t *rows = ls_arena_array(arena, t->row_count, sizeof *rows);
    if (rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < t->row_count; i++) {
        rows[i] = i;
    }
    qsort_r(rows, t->row_count, sizeof *rows, compare_keys, &o);
    for (size_t i = 1; i < t->row_count; i++) {
        ls_bytes value = ls_tabular_at(t, rows[i], key);
        if (!ls_bytes_equal(ls_tabular_at(t, rows[i - 1], key), value)) {
            continue;
        }
        if (detail != NULL) {
            detail->line = t->lines[rows[i]];
            detail->column = 1;
        }
        ls_hint(detail, "rows are told apart by a column whose values are all different: --key COLUMN");
        return ls_fail_with(&ls_fault_table, detail, "\"%.*s\" is the key of this row and of that in line %u",
                            (int)(value.len < 80 ? value.len : 80), (const char *)value.ptr, t->lines[rows[i - 1]]);
    }
    *out = rows;
    return LS_SUCCESS;
}

static void match_rows(comparing *c, const size_t *before, const size_t *after)
{
    size_t i = 0, k = 0;
    while (k < c->after->row_count) {
        ls_bytes key = ls_tabular_at(c->after, after[k], c->out->key_after);
        ls_bytes other = i < c->before->row_count ? ls_tabular_at(c->before, before[i], c->out->key_before) : key;
        int way = i < c->before->row_count ? ls_text_compare(&other, &key) : 1;
        if (way == 0) {
            c->match[after[k++]] = before[i];
            c->found[before[i++]] = true;
        } else if (way < 0) {
            i++;
        } else {
            c->match[after[k++]] = NO_ROW;
        }
    }
}

/* The columns in which two rows differ; into room for all. */
static size_t differences(const comparing *c, size_t before, size_t after, size_t *columns)
{
    size_t count = 0;
    for (size_t i = 0; i < c->out->both_count; i++) {
        const ls_common_column *column = &c->out->both[i];
        if (!ls_bytes_equal(ls_tabular_at(c->before, before, column->before),
                            ls_tabular_at(c->after, after, column->after))) {
            columns[count++] = i;
        }
    }
    return count;
}

static ls_result add_changed(comparing *c, size_t before, size_t after, const size_t *columns, size_t count)
{
    size_t *kept = ls_arena_array(c->arena, count, sizeof *kept);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(kept, columns, count * sizeof *kept);
    c->out->changed[c->out->changed_count++] = (ls_changed_row){before, after, count, kept};
    return LS_SUCCESS;
}

static ls_result tell_rows(comparing *c)
{
    size_t columns[LS_COLUMNS_MAX];
    for (size_t row = 0; row < c->after->row_count; row++) {
        if (c->match[row] == NO_ROW) {
            c->out->added[c->out->added_count++] = row;
            continue;
        }
        size_t count = differences(c, c->match[row], row, columns);
        if (count > 0) {
            LS_TRY(add_changed(c, c->match[row], row, columns, count));
        } else {
            c->out->same_count++;
        }
    }
    for (size_t row = 0; row < c->before->row_count; row++) {
        if (!c->found[row]) {
            c->out->removed[c->out->removed_count++] = row;
        }
    }
    return LS_SUCCESS;
}

static bool allocate(comparing *c)
{
    ls_comparison *out = c->out;
    size_t before = c->before->row_count, after = c->after->row_count;
    out->both = ls_arena_array(c->arena, c->after->column_count, sizeof *out->both);
    out->added_columns = ls_arena_array(c->arena, c->after->column_count, sizeof *out->added_columns);
    out->removed_columns = ls_arena_array(c->arena, c->before->column_count, sizeof *out->removed_columns);
    out->added = ls_arena_array(c->arena, after, sizeof *out->added);
    out->removed = ls_arena_array(c->arena, before, sizeof *out->removed);
    out->changed = ls_arena_array(c->arena, after, sizeof *out->changed);
    c->match = ls_arena_array(c->arena, after, sizeof *c->match);
    c->found = ls_arena_array(c->arena, before, sizeof *c->found);
    return out->both != NULL && out->added_columns != NULL && out->removed_columns != NULL && out->added != NULL &&
           out->removed != NULL && out->changed != NULL && c->match != NULL && c->found != NULL;
}

ls_result ls_tabular_compare(ls_arena *arena, const ls_tabular *before, const ls_tabular *after,
                             const ls_comparison_form *form, ls_comparison *out, int *at_fault, ls_detail *detail)
{
    ls_comparison comparison = {0};
    comparing c = {.arena = arena, .before = before, .after = after, .form = form, .out = &comparison};
    size_t *rows_before, *rows_after;
    *at_fault = 1;
    LS_TRY(ls_tabular_find(before, form->key, &comparison.key_before, detail));
    LS_TRY(sort_rows(arena, before, comparison.key_before, &rows_before, detail));
    *at_fault = 2;
    LS_TRY(ls_tabular_find(after, form->key, &comparison.key_after, detail));
    LS_TRY(sort_rows(arena, after, comparison.key_after, &rows_after, detail));
    LS_TRY(check_ignored(&c, detail));
    if (!allocate(&c)) {
        return ls_fail(&ls_fault_memory);
    }
    match_columns(&c);
    match_rows(&c, rows_before, rows_after);
    LS_TRY(tell_rows(&c));
    *out = comparison;
    return LS_SUCCESS;
}
