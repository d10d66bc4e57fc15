/*
 * A party's part in a private search for a date and a place (docs/schedule.md): its choice, which is kept, and what it
 * sends, which is made anew whenever it is needed; what the other side sent, read and checked; and what follows.
 *
 *   searches/<commitment>   a choice that was committed to, with the order of preference, under a key from the
 *                           delegation's seed; its size tells how long the list is, and nothing else
 *
 * A choice is on disk before its commitment is signed. All else follows from it and the seed: after a crash the same
 * bytes are sent again.
 */
#ifndef LS_WORKSPACE_SEARCH_H
#define LS_WORKSPACE_SEARCH_H

#include "psi/options.h"
#include "psi/ranking.h"
#include "talks/schedule.h"
#include "workspace/workspace.h"

/* A search as both sides see it. */
typedef struct ls_search {
    const ls_schedule_state *state;
    ls_psi_run run;
    ls_psi_options options;
    ls_psi_rule rule;
    unsigned side; /* this party's, or LS_SEARCH_SIDES: it has no part in it */
} ls_search;

/* Reads it, with its list; all lies in the arena. ls_fault_psi_options if whoever opened it gave no such list. */
ls_result ls_search_read(ls_workspace *ws, const ls_schedule_state *state, ls_arena *arena, ls_search *out,
                         ls_detail *detail);

/* A side's own part. */

/* What a side must keep to itself: in guarded memory, and wiped with it. */
typedef struct ls_search_own {
    uint8_t seed[LS_SEED_SIZE];
    ls_psi_secret secret;
    ls_buf offer;        /* its list of points, as it is sent */
    uint32_t count;      /* chosen options */
    uint32_t *preferred; /* these, the best first */
    uint32_t *order;     /* the option that each point stands for */
    uint8_t *chosen;     /* of each option of the list 1 or 0 */
} ls_search_own;
void ls_search_own_free(ls_search_own *own); /* NULL is fine */

/* Makes this party's part of options of the list, the best first and none twice. Opens the delegation's vault. What
 * ls_psi_offer refuses, this does. */
ls_result ls_search_choose(ls_workspace *ws, const ls_search *s, const uint32_t *preferred, uint32_t count,
                           ls_search_own **out, ls_hash *commitment, ls_detail *detail);
/* Keeps it durably; again is fine. */
ls_result ls_search_keep(const ls_workspace *ws, const ls_search *s, const ls_search_own *own,
                         const ls_hash *commitment, ls_detail *detail);
bool ls_search_kept(const ls_workspace *ws, const ls_hash *commitment);
/* That which this party's commitment on the record is about. ls_fault_workspace if the choice is not here, or the seed
 * that is here does not lead from it to the commitment. */
ls_result ls_search_own_open(ls_workspace *ws, const ls_search *s, ls_search_own **out, ls_detail *detail);

/* What is here of what both sent. */

/* Files from elsewhere: what an act named, whole; and what a side disclosed. */
typedef struct ls_search_files {
    size_t count;
    const ls_bytes *file;
} ls_search_files;

typedef struct ls_search_reading {
    ls_bytes message[LS_SEARCH_SIDES][LS_SEARCH_STEPS]; /* as they were sent; empty: not here */
    ls_bytes sealed[LS_SEARCH_SIDES][LS_SEARCH_STEPS];  /* the files that acts name, which hold them */
    bool has_set[LS_SEARCH_SIDES], has_returned[LS_SEARCH_SIDES], has_ranking[LS_SEARCH_SIDES];
    ls_psi_set set[LS_SEARCH_SIDES];
    ls_psi_returned returned[LS_SEARCH_SIDES]; /* by whom */
    const uint32_t *order[LS_SEARCH_SIDES];    /* of one's own points, or of those of a side that disclosed them */
    const uint8_t *disclosed[LS_SEARCH_SIDES]; /* of each option 1 or 0, of a side that did; or NULL */
    bool found;                                /* it is known what is common: */
    uint32_t common_count;
    uint32_t *common;                   /* options, ascending */
    uint32_t *ranking[LS_SEARCH_SIDES]; /* of these, the best first */
    bool chosen;                        /* it is known which follows: */
    ls_psi_choice choice;
    uint32_t *tied;
    bool failed[LS_SEARCH_SIDES]; /* something that this side said does not hold */
} ls_search_reading;

/* Reads and checks all that is here, as far as can be: own, if not NULL, is this party's part; files, if not NULL, come
 * before what the workspace has. What does not hold is a finding that names who did what. All lies in the arena, which
 * the caller wipes. */
ls_result ls_search_examine(ls_workspace *ws, const ls_search *s, const ls_search_own *own,
                            const ls_search_files *files, ls_arena *arena, ls_report *report, ls_search_reading *out);

/* Appends what this side sends at a step, or commits to; seen is as far as that needs it. */
ls_result ls_search_message(const ls_search *s, const ls_search_own *own, const ls_search_reading *seen,
                            ls_search_step step, ls_buf *out, ls_detail *detail);

#define LS_SEARCH_DISCLOSURE "lockstep psi disclosure v1" /* with its NUL; sid, len‖party and the scalar follow */
/* Appends what shows a mediator what this side chose, and nobody else should ever see. */
void ls_search_disclosure(const ls_search *s, const ls_search_own *own, ls_buf *out);

#endif
