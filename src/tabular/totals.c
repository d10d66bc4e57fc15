/* Rows that count are sorted by their groups; each group is added up in units of 10^-9. */
#include "tabular/totals.h"
#include "escrow/text.h"
#include <stdlib.h>

#define DECIMALS 9
#define WHOLE_DIGITS_MAX 18
#define UNIT INT64_C(1000000000)

/* 2^32 numbers of 18 digits before the point and nine behind it stay below 2^122. */
__extension__ typedef __int128 units;

static bool is_digits(ls_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return text.len > 0;
}

static units digits_value(ls_bytes text)
{
    units value = 0;
    for (size_t i = 0; i < text.len; i++) {
        value = 10 * value + (text.ptr[i] - '0');
    }
    return value;
}

static bool read_number(ls_bytes text, units *out)
{
    size_t sign = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+') ? 1 : 0;
    const uint8_t *point = text.len == 0 ? NULL : memchr(text.ptr, '.', text.len);
    size_t end = point == NULL ? text.len : (size_t)(point - text.ptr);
    ls_bytes whole = ls_bytes_of(text.ptr + sign, end - sign);
    ls_bytes fraction = point == NULL ? (ls_bytes){0} : ls_bytes_of(point + 1, text.len - end - 1);
    if (end < sign || !is_digits(whole) || whole.len > WHOLE_DIGITS_MAX || fraction.len > DECIMALS ||
        (point != NULL && !is_digits(fraction))) {
        return false;
    }
    units value = digits_value(fraction);
    for (size_t i = fraction.len; i < DECIMALS; i++) {
        value *= 10;
    }
    value += digits_value(whole) * UNIT;
    *out = text.ptr[0] == '-' ? -value : value;
    return true;
}

static const char *format(ls_arena *arena, units sum)
{
    units magnitude = sum < 0 ? -sum : sum, whole = magnitude / UNIT;
    const int64_t half = INT64_C(1000000000000000000); /* the whole part may be longer than 64 bits hold */
    const char *sign = sum < 0 ? "-" : "";
    char *text = whole < half
                     ? ls_arena_format(arena, "%s%lld.%09lld", sign, (long long)whole, (long long)(magnitude % UNIT))
                     : ls_arena_format(arena, "%s%lld%018lld.%09lld", sign, (long long)(whole / half),
                                       (long long)(whole % half), (long long)(magnitude % UNIT));
    for (size_t end = text == NULL ? 0 : strlen(text); end > 0 && (text[end - 1] == '0' || text[end - 1] == '.');
         end--) {
        bool point = text[end - 1] == '.';
        text[end - 1] = '\0';
        if (point) {
            break;
        }
    }
    return text;
}

/* One adding up. */
typedef struct adding {
    ls_arena *arena;
    const ls_tabular *t;
    const ls_totals_form *form;
    ls_totals *out;
    size_t sum;                                 /* a column */
    size_t condition[LS_TOTALS_CONDITIONS_MAX]; /* columns */
} adding;

/* One condition of each column must hold. */
static bool is_counted(const adding *a, size_t row)
{
    for (size_t i = 0; i < a->form->condition_count; i++) {
        bool holds = false;
        for (size_t k = 0; k < a->form->condition_count && !holds; k++) {
            holds = a->condition[k] == a->condition[i] &&
                    ls_bytes_equal(ls_tabular_at(a->t, row, a->condition[k]), a->form->conditions[k].value);
        }
        if (!holds) {
            return false;
        }
    }
    return true;
}

static int compare_groups(const adding *a, size_t x, size_t y)
{
    for (size_t i = 0; i < a->form->by_count; i++) {
        ls_bytes p = ls_tabular_at(a->t, x, a->out->by[i]), q = ls_tabular_at(a->t, y, a->out->by[i]);
        int order = ls_text_compare(&p, &q);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int compare_rows(const void *a, const void *b, void *context)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int order = compare_groups(context, x, y);
    return order != 0 ? order : (x > y) - (x < y);
}

static int compare_first(const void *a, const void *b)
{
    size_t x = ((const ls_total *)a)->row, y = ((const ls_total *)b)->row;
    return (x > y) - (x < y);
}

static ls_result add_row(const adding *a, size_t row, ls_total *total, units *sum, ls_detail *detail)
{
    units number;
    total->rows++;
    ls_bytes value = a->form->sum.len == 0 ? (ls_bytes){0} : ls_tabular_at(a->t, row, a->sum);
    if (value.len == 0) {
        return LS_SUCCESS;
    }
    if (!read_number(value, &number)) {
        if (detail != NULL) {
            detail->line = a->t->lines[row];
            detail->column = 1;
        }
        ls_hint(detail, "numbers have up to 18 digits, and up to nine behind a point; empty ones are passed over");
        return ls_fail_with(&ls_fault_table, detail, "\"%.*s\" is no number that can be added up",
                            (int)(value.len < 60 ? value.len : 60), (const char *)value.ptr);
    }
    total->numbers++;
    *sum += number;
    return LS_SUCCESS;
}

static ls_result finish(const adding *a, ls_total *total, units sum)
{
    total->sum = a->form->sum.len == 0 ? NULL : format(a->arena, sum);
    return a->form->sum.len > 0 && total->sum == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* rows: those that count, group by group. */
static ls_result add_groups(adding *a, const size_t *rows, size_t count, ls_detail *detail)
{
    units all = 0;
    for (size_t i = 0; i < count;) {
        ls_total *group = &a->out->groups[a->out->count++];
        units sum = 0;
        *group = (ls_total){.row = rows[i]};
        for (size_t first = i; i < count && compare_groups(a, rows[first], rows[i]) == 0; i++) {
            LS_TRY(add_row(a, rows[i], group, &sum, detail));
        }
        LS_TRY(finish(a, group, sum));
        a->out->all.rows += group->rows;
        a->out->all.numbers += group->numbers;
        all += sum;
    }
    qsort(a->out->groups, a->out->count, sizeof *a->out->groups, compare_first);
    return finish(a, &a->out->all, all);
}

static ls_result find_columns(adding *a, ls_detail *detail)
{
    for (size_t i = 0; i < a->form->by_count; i++) {
        LS_TRY(ls_tabular_find(a->t, a->form->by[i], &a->out->by[i], detail));
    }
    for (size_t i = 0; i < a->form->condition_count; i++) {
        LS_TRY(ls_tabular_find(a->t, a->form->conditions[i].column, &a->condition[i], detail));
    }
    return a->form->sum.len == 0 ? LS_SUCCESS : ls_tabular_find(a->t, a->form->sum, &a->sum, detail);
}

ls_result ls_tabular_totals(ls_arena *arena, const ls_tabular *t, const ls_totals_form *form, ls_totals *out,
                            ls_detail *detail)
{
    ls_totals totals = {0};
    adding a = {.arena = arena, .t = t, .form = form, .out = &totals};
    size_t count = 0;
    if (form->by_count > LS_TOTALS_COLUMNS_MAX || form->condition_count > LS_TOTALS_CONDITIONS_MAX) {
        return ls_fail_with(&ls_fault_table, detail, "at most %d columns and %d conditions", LS_TOTALS_COLUMNS_MAX,
                            LS_TOTALS_CONDITIONS_MAX);
    }
    LS_TRY(find_columns(&a, detail));
    size_t *rows = ls_arena_array(arena, t->row_count, sizeof *rows);
    totals.groups = ls_arena_array(arena, t->row_count, sizeof *totals.groups);
    if (rows == NULL || totals.groups == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t row = 0; row < t->row_count; row++) {
        rows[count] = row;
        count += is_counted(&a, row) ? 1 : 0;
    }
    qsort_r(rows, count, sizeof *rows, compare_rows, &a);
    LS_TRY(add_groups(&a, rows, count, detail));
    *out = totals;
    return LS_SUCCESS;
}
