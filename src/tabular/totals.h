/*
 * Totals of a table, as treaties exchange them: rows counted, and one column added up, for each combination of values
 * of others. Exact: numbers are decimals with at most nine digits behind the point, added in integers.
 */
#ifndef LS_TABULAR_TOTALS_H
#define LS_TABULAR_TOTALS_H

#include "tabular/tabular.h"

#define LS_TOTALS_COLUMNS_MAX 8
#define LS_TOTALS_CONDITIONS_MAX 64

/* A row counts if, for each column that conditions name, one of them holds. */
typedef struct ls_condition {
    ls_bytes column, value;
} ls_condition;

typedef struct ls_totals_form {
    size_t by_count; /* 0: all rows together */
    const ls_bytes *by;
    ls_bytes sum; /* empty: rows are counted only */
    size_t condition_count;
    const ls_condition *conditions;
} ls_totals_form;

typedef struct ls_total {
    size_t row;      /* the first of the group: its values are the group's; of the grand total without meaning */
    size_t rows;     /* in the group */
    size_t numbers;  /* of them that have one; the others are empty there */
    const char *sum; /* decimal, without zeros at its end; NULL: nothing was added up */
} ls_total;

typedef struct ls_totals {
    size_t by[LS_TOTALS_COLUMNS_MAX]; /* columns */
    size_t count;
    ls_total *groups; /* in the order in which they come */
    ls_total all;
} ls_totals;

/* All in the arena. ls_fault_table if a column is not there, or a value in the column to be added up is neither a
 * number nor empty (with its line). */
ls_result ls_tabular_totals(ls_arena *arena, const ls_tabular *t, const ls_totals_form *form, ls_totals *out,
                            ls_detail *detail);

#endif
