/*
 * What a draw came to, computed again from a record and its files: commitments, seed, the rows that were drawn, and
 * what was opened for it (docs/protocol.md, "Draws"). Who was silent, and what follows from it, is the state's to say
 * (inspection/inspection.h); it is believed for stages and times, and for nothing that can be computed here.
 */
#ifndef LS_BUNDLE_DRAWING_H
#define LS_BUNDLE_DRAWING_H

#include "bundle/drawn.h"
#include "bundle/verify.h"

/* Where the record's entries and files are read. What read and fetch give lives as long as the arena. */
typedef struct ls_drawing_source {
    const ls_record *record;
    ls_entry_reader read;
    void *context;
    ls_fetch fetch;
    ls_draw_progress progress;
} ls_drawing_source;

typedef struct ls_drawing {
    const ls_draw_state *state;
    const ls_record_declaration *declaration; /* that was drawn from, */
    const ls_declared *declared;              /* as its accord has it */
    ls_population population;                 /* count 0: its list is not here, or is not one */
    ls_hash seed;                             /* where it was drawn by lot, else zero */
    size_t count;                             /* rows; 0: none are drawn yet, or none can be known here */
    size_t chosen;                            /* the first of them; what follows are replacements */
    ls_drawn *drawn;                          /* in the order of their tickets, or of their positions if free; */
    ls_drawn_row *row;                        /* and what became of each */
    size_t opened_count;
    ls_opened_row *opened; /* everything that was opened for it, in order */
    bool unread;           /* files of openings are not here: what they open can't be told */
} ls_drawing;

/*
 * Computes it, and adds what was found to the report: failed is a population that is not what the draw states, a nonce
 * that was not committed to, a row that is opened for the draw and was not drawn, or is no longer wanted; a count of
 * rows or of blank ones that is not true; a drawn row that is missing when its time is over, or while enough others are
 * said to be opened. state is one of the record's, by ls_inspection_eval. Fails for lack of memory, or as read does.
 */
ls_result ls_drawing_read(ls_arena *arena, const ls_drawing_source *from, const ls_draw_state *state, ls_report *report,
                          ls_drawing *out);

/* What became of its rows if these are opened: for one that is about to open them. out has room for count. */
void ls_drawing_judge(const ls_drawing *d, const ls_opened_row *opened, size_t opened_count, ls_drawn_row *out);

#endif
