/*
 * What a draw came to, computed: which of its sites were inspected, what was found there, how likely violations would
 * have been found, and what is still open (docs/inspections.md, "Conclusions").
 */
#ifndef LS_WORKSPACE_CONCLUSION_H
#define LS_WORKSPACE_CONCLUSION_H

#include "workspace/seen.h"

#define LS_CONCLUSION_TEXT "conclusion.txt"

/* A drawn row that is opened, and is no blank one. */
typedef struct ls_concluded_site {
    const ls_drawn_row *drawn;
    const ls_visit_state *visit; /* the last that stands, or NULL */
    bool found;                  /* the inspecting side has reported: */
    ls_conclusion finding;       /* the gravest of what it reported */
    bool contradicted;           /* by a report of the other side, or by one of its own */
    size_t report_count;
    const ls_seen_report **report;
} ls_concluded_site;

/* How likely at least one of so many violations would have been found, if every inspected one is noticed. */
typedef struct ls_concluded_detection {
    uint64_t violations;
    double padded;    /* among all rows, blank ones included: no less than that */
    double estimated; /* among as many as are estimated to be real; below 0: fewer than there are violations */
} ls_concluded_detection;

typedef struct ls_draw_conclusion {
    ls_hash draw;
    ls_time at;
    ls_conclusion finding;
    uint64_t population;
    size_t opened, blank;               /* rows that are due */
    uint64_t real, real_low, real_high; /* of the population, as the blank ones among the opened let estimate */
    size_t inspected;                   /* sites with a report that establishes something */
    size_t site_count;
    ls_concluded_site *site;
    size_t missing_count;
    const ls_drawn_row **missing_row;
    size_t detection_count;
    ls_concluded_detection detection[3]; /* of 1, of 5, of as many as were asked for */
} ls_draw_conclusion;

/* violations: 0, or a number beside 1 and 5. ls_fault_packet if nothing is drawn yet. All of it is in the arena. */
ls_result ls_workspace_conclude(ls_workspace *ws, ls_arena *arena, int accord, const ls_inspected *draw,
                                uint64_t violations, ls_draw_conclusion *out, ls_detail *detail);

/* "not visited", or what has become of the visit, or the finding. */
const char *ls_concluded_state(const ls_concluded_site *s);

/* report.json and a text for people. Appended. */
ls_result ls_conclusion_format(const ls_draw_conclusion *c, ls_buf *out);
ls_result ls_conclusion_text(const ls_draw_conclusion *c, ls_buf *out);

#endif
