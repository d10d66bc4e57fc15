/*
 * What became of the rows that a draw chose: which of them were opened, which are blank, and which replacements took
 * the place of those. Pure; the draw's positions are from draw/, the rows from openings that were verified.
 */
#ifndef LS_BUNDLE_DRAWN_H
#define LS_BUNDLE_DRAWN_H

#include "bundle/population.h"
#include "draw/draw.h"
#include <lockstep/opening.h>

/* A row that was opened, and holds. */
typedef struct ls_opened_row {
    ls_population_row row;
    bool blank;   /* all of its fields are open and empty */
    bool unclear; /* none of its open fields has a value, and others are closed: it may be blank or not */
    uint64_t act; /* that opened it, or UINT64_MAX */
} ls_opened_row;

/* Fields of one row: blank, unclear or neither. */
void ls_opened_row_judge(const ls_opened_field *fields, size_t count, ls_opened_row *out);

typedef enum ls_drawn_state {
    LS_DRAWN_OPENED,  /* as a real row, or one that may be */
    LS_DRAWN_BLANK,   /* the next replacement takes its place, as long as there are any */
    LS_DRAWN_MISSING, /* has to be opened, and is not */
    LS_DRAWN_SPARE,   /* a replacement that is not needed */
    LS_DRAWN_EARLY,   /* a replacement that is opened, and not needed by what is seen here */
    LS_DRAWN_STATES
} ls_drawn_state;
const char *ls_drawn_state_name(ls_drawn_state s); /* "opened" */

#define LS_NO_ROW SIZE_MAX

typedef struct ls_drawn_row {
    uint64_t position; /* in the population */
    ls_population_row row;
    bool replacement;
    ls_drawn_state state;
    const ls_opened_row *opened; /* or NULL */
    size_t in_place_of;          /* which of these is the blank row whose place it takes, or LS_NO_ROW */
} ls_drawn_row;

/* Below, at or above 0: by tranche and row; of one row's openings the most telling one first. */
int ls_opened_row_compare(const void *a, const void *b);
/* Sorts opened rows by tranche and row, and keeps of several openings of one row the most telling one: how many rows
 * there are now. */
size_t ls_opened_rows_settle(ls_opened_row *rows, size_t count);

/* For each of the drawn, in the order of their tickets, of which the first `chosen` were chosen and the others are
 * replacements. opened is settled. out has room for count. */
void ls_drawn_judge(const ls_drawn *drawn, size_t chosen, size_t count, const ls_population *p,
                    const ls_opened_row *opened, size_t opened_count, ls_drawn_row *out);

#endif
