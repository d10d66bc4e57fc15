/* Draws on the command line: what the verbs about them share. */
#ifndef LS_CLI_DRAWS_H
#define LS_CLI_DRAWS_H

#include "bundle/drawing.h"
#include "cli/scorecard.h"
#include "workspace/reading.h"

/* The draw that a name says, or without one the last; j stays where it is. */
ls_result cli_draw_find(cli *c, const char *name, cli_card *j, const ls_draw_state **out);
/* What draws are computed from, and what is known of a declaration's rows: what was sealed to this party is opened
 * first. reading and line stay where they are. */
ls_result cli_draw_source(cli *c, ls_note_reading *reading, cli_progress *line, ls_drawing_source *out);
/* Computes it again, with progress on a terminal. */
ls_result cli_draw_read(cli *c, const ls_draw_state *state, ls_report *report, ls_drawing *out);
/* "drawn", "chosen", "in place of 2/14", or, if it stands by, "replacement"; x is one of rows. */
const char *cli_drawn_role(cli *c, const ls_drawn_row *rows, const ls_drawn_row *x, bool chosen);

/* A draw before it is signed. */
typedef struct cli_draw_plan {
    int accord;
    const ls_inspection *rule;
    const ls_record_declaration *declaration; /* on the record, under a stamp; */
    const ls_declared *declared;              /* and as its accord has it */
    ls_bytes audience;                        /* who may read the list */
    uint64_t tranche, rows, spare;
    ls_population population;
    ls_bytes list;       /* population.csv; empty: the population is not a list */
    const char *stratum; /* what its rows have in common, or NULL */
} cli_draw_plan;

/* All but the rows and the population; pinned: the entry of the declare act, or LS_NO_ENTRY: as the options say. After
 * each sync again. */
ls_result cli_draw_prepare(cli *c, uint64_t pinned, cli_draw_plan *out);
/* Shows what it will reveal, asks, signs and files it. */
ls_result cli_draw_sign(cli *c, const cli_draw_plan *p);

/* draw --strata: one draw for each value of a column over opened rows. */
ls_result cli_draw_strata(cli *c, const char *column);

#endif
