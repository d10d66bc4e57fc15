/*
 * The written population of a draw: which row of a declaration stands at which position (docs/protocol.md, "Draws").
 * Positions count from 0. All rows of the declaration stand there, tranche 1's first and then 2's, by row number; or
 * those of one tranche; or those of a list that is the draw's first attachment:
 *
 *   tranche,row
 *   1,0
 *   1,14
 *   3,2
 *
 * The list has this one form: decimals without leading zeros, rows in order and none twice, each line ended by a single
 * newline, at least one row. Tranches count from 1, rows from 0.
 */
#ifndef LS_BUNDLE_POPULATION_H
#define LS_BUNDLE_POPULATION_H

#include "roadmap/roadmap.h"
#include <lockstep/act.h>

extern const ls_fault ls_fault_population; /* invalid: not a list of rows of this declaration, or another number */

typedef struct ls_population_row {
    uint32_t tranche; /* from 1 */
    uint64_t row;     /* from 0 */
} ls_population_row;

typedef struct ls_population {
    uint64_t count;
    uint32_t tranche_count;          /* of the declaration */
    const uint64_t *first;           /* tranche k's rows have the positions first[k - 1] … first[k] - 1; or: */
    const ls_population_row *listed; /* count of them */
} ls_population;

/* Below, at or above 0: by tranche, then by row. */
int ls_population_row_compare(const ls_population_row *a, const ls_population_row *b);

/* All rows of the declaration, or those of one tranche. ls_fault_population if it has no such tranche. */
ls_result ls_population_whole(ls_arena *arena, const ls_declared *d, uint64_t tranche, ls_population *out,
                              ls_detail *detail);
/* The rows of a list, all of that tranche unless it is 0. The detail has the line. */
ls_result ls_population_parse(ls_arena *arena, const ls_declared *d, uint64_t tranche, ls_bytes list,
                              ls_population *out, ls_detail *detail);
/* That of a draw act: d is the declaration that its ref names, list the content of its first attachment; empty if it
 * has none. The number of rows is what the act says. */
ls_result ls_population_of_draw(ls_arena *arena, const ls_act *draw, const ls_declared *d, ls_bytes list,
                                ls_population *out, ls_detail *detail);

/* position is below the count. */
ls_population_row ls_population_at(const ls_population *p, uint64_t position);
/* False if the row is none of them. */
bool ls_population_find(const ls_population *p, const ls_population_row *row, uint64_t *position);

/* Appends the list of these rows, which are in order. */
void ls_population_format(const ls_population_row *rows, size_t count, ls_buf *out);

#endif
