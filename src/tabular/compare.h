/* Two versions of a table, compared by the values of one column: what came, what went, what changed. */
#ifndef LS_TABULAR_COMPARE_H
#define LS_TABULAR_COMPARE_H

#include "tabular/tabular.h"

typedef struct ls_comparison_form {
    ls_bytes key; /* a column of both, whose values are all different in each */
    size_t ignored_count;
    const ls_bytes *ignored; /* columns that are not compared */
} ls_comparison_form;

/* A row that both have and that is not the same. */
typedef struct ls_changed_row {
    size_t before, after; /* rows of the two tables */
    size_t column_count;
    const size_t *columns; /* places in ls_comparison.both */
} ls_changed_row;

/* A column that both have and that is compared. */
typedef struct ls_common_column {
    ls_bytes name;
    size_t before, after;
} ls_common_column;

typedef struct ls_comparison {
    size_t key_before, key_after; /* columns */
    size_t both_count;
    ls_common_column *both; /* in the order of the later table; the key is none of them */
    size_t added_column_count, removed_column_count;
    ls_bytes *added_columns, *removed_columns;
    size_t added_count, removed_count, changed_count, same_count; /* rows */
    size_t *added;                                                /* rows of the later table, in its order */
    size_t *removed;                                              /* of the earlier one, in its order */
    ls_changed_row *changed;                                      /* in the order of the later table */
} ls_comparison;

/* All in the arena. ls_fault_table if a table lacks the key or an ignored column is in neither, or if two rows of one
 * table have the same key: detail then has the line, and file 1 or 2 in *at_fault. */
ls_result ls_tabular_compare(ls_arena *arena, const ls_tabular *before, const ls_tabular *after,
                             const ls_comparison_form *form, ls_comparison *out, int *at_fault, ls_detail *detail);

#endif
