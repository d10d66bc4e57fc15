/*
 * Packets: what inspectors take to the sites, in one file (docs/protocol.md, "Bundles"). A packet is an excerpt with
 * two kinds of members more:
 *
 *   packet       what it is about: a draw or a challenge, and, for a sheet that is about one site, its row:
 *
 *                  lockstep packet v1
 *                  draw: <64 hex>          or challenge: <64 hex>
 *                  row: <tranche>/<row>    only for one site
 *
 *   opening/<n>  an opening file of a single row that no act names, n from 1
 */
#ifndef LS_BUNDLE_PACKET_H
#define LS_BUNDLE_PACKET_H

#include "bundle/population.h"

#define LS_PACKET_MEMBER "packet"
#define LS_PACKET_OPENING "opening/"

extern const ls_fault ls_fault_packet_form; /* invalid: not such a text */

typedef struct ls_packet {
    bool challenge; /* else a draw */
    ls_hash about;  /* id of that act */
    bool single;
    ls_population_row row; /* if single */
} ls_packet;

/* The one form and nothing else. */
ls_result ls_packet_parse(ls_bytes text, ls_packet *out);
void ls_packet_format(const ls_packet *p, ls_buf *out);

/* "<tranche>/<row>", as people write rows; decimals without leading zeros, tranches from 1. */
bool ls_packet_row_parse(ls_bytes text, ls_population_row *out);

#endif
