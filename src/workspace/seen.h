/*
 * What a workspace has seen of inspections: acts of its record with the files that it can read, each verified as a
 * stranger would. Everything is in the arena; a sync came before.
 */
#ifndef LS_WORKSPACE_SEEN_H
#define LS_WORKSPACE_SEEN_H

#include "bundle/drawing.h"
#include "bundle/reports.h"
#include "workspace/workspace.h"

/* A row that was opened. */
typedef struct ls_seen_row {
    ls_opened_row opened;
    const ls_record_declaration *declaration;
    const ls_declared *declared; /* its names */
    const ls_opening_part *part; /* that it stands in; of rows or of a whole tranche */
    ls_bytes audience;
    const ls_opened_field *fields; /* declared->field_count */
} ls_seen_row;

typedef struct ls_seen_rows {
    size_t count;
    ls_seen_row *row; /* by tranche and row, each once for each declaration */
    size_t absent;    /* files of openings that are not here */
} ls_seen_rows;

/* What acts with effect opened for the draw, or in answer to the challenge, that began at this index; only: of this
 * declaration alone, NULL: of all. A file that proves nothing opens nothing: what is wrong with it lockstep verify
 * says.
 */
ls_result ls_workspace_seen_rows(ls_workspace *ws, ls_arena *arena, int accord, uint32_t about,
                                 const ls_record_declaration *only, ls_seen_rows *out, ls_detail *detail);

/* The first of them in this place, or NULL. */
const ls_seen_row *ls_seen_find(const ls_seen_rows *rows, const ls_population_row *row);

typedef struct ls_seen_draw {
    const ls_draw_state *state;
    ls_drawing drawing;
    ls_report findings; /* what does not hold of it */
    ls_seen_rows seen;
} ls_seen_draw;

/* The draw that began at this index, computed again; state is what ls_workspace_inspections gave. */
ls_result ls_workspace_seen_draw(ls_workspace *ws, ls_arena *arena, const ls_inspection_state *state, int accord,
                                 uint32_t index, ls_seen_draw *out, ls_detail *detail);

/* A report act, with its report.json if that is here and about a site. */
typedef struct ls_seen_report {
    uint64_t index;
    ls_act act;
    bool here;
    ls_site_report report;
} ls_seen_report;

ls_result ls_workspace_seen_report(ls_workspace *ws, ls_arena *arena, uint64_t index, ls_seen_report *out,
                                   ls_detail *detail);

/* Draws, visits and challenges as they stand now. */
ls_result ls_workspace_inspections(ls_workspace *ws, ls_arena *arena, int accord, ls_inspection_state *out,
                                   ls_detail *detail);
/* The content of an act's attachment and the name that its author gave it; ls_fault_absent if it is not here. */
ls_result ls_workspace_read_attachment(ls_workspace *ws, ls_arena *arena, const ls_attachment *a, ls_bytes *content,
                                       ls_bytes *name);

#endif
