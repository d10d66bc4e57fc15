/*
 * Packets for the field (bundle/packet.h): everything about a draw or a challenge in one file, and for each site a
 * sheet to print, whose codes hold the proofs of its row, and a form for the report. Made from what this workspace has;
 * nothing is asked of anybody.
 */
#ifndef LS_WORKSPACE_PACKET_H
#define LS_WORKSPACE_PACKET_H

#include "bundle/packet.h"
#include "workspace/seen.h"

#define LS_PACKET_SITES_MAX 10000 /* sheets of one packet */

extern const ls_fault ls_fault_packet; /* usage: there is nothing to make a packet of */

/* A place to go to: of a row that was opened, or, of a challenge to which none was opened, the place that it names. */
typedef struct ls_packet_site {
    const ls_seen_row *seen; /* NULL: a place without a row */
    bool drawn, replacement;
    uint64_t position;           /* of a drawn one, in the population */
    const ls_visit_state *visit; /* the last of which notice was given and that still stands; or NULL */
    size_t codes;                /* of its sheet; 0: there is no row, or its proofs are too large */
} ls_packet_site;

typedef struct ls_packet_plan {
    int accord;
    ls_packet packet;
    const ls_act *act; /* the draw, or the challenge */
    const ls_inspection *rule;
    size_t act_count;
    uint64_t *acts; /* indices of what the packet holds, in order; those about keys not among them */
    size_t lean_count;
    uint64_t *lean; /* the same, of what a sheet's codes hold beside accord and declaration */
    size_t site_count;
    ls_packet_site *site; /* in the order of the draw */
    size_t missing_count;
    const ls_population_row **missing; /* were drawn, and are not opened, or not here */
    size_t absent;                     /* files of openings that are not here */
    const ls_report *findings;         /* of a draw: what holds and what does not; or NULL */
} ls_packet_plan;

/* What there is to take along. about: a draw or a challenge under this accord. */
ls_result ls_workspace_plan_packet(ls_workspace *ws, ls_arena *arena, int accord, const ls_inspected *about,
                                   ls_packet_plan *out, ls_detail *detail);

/* Writes packet.lockstep and, for the n-th site, site-<n>.html, site-<n>.pdf and report-<n>.yaml into the folder, which
 * is made if it is not there. Without force no file that is there is written over: ls_fault_exists, and nothing is
 * written at all. Fills in the sites' codes. */
ls_result ls_workspace_write_packet(ls_workspace *ws, ls_arena *arena, ls_packet_plan *plan, const char *folder,
                                    bool force, ls_detail *detail);

#endif
