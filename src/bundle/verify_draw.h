/* What the files that compute a packet's draw again share. */
#ifndef LS_BUNDLE_VERIFY_DRAW_H
#define LS_BUNDLE_VERIFY_DRAW_H

#include "bundle/verifier.h"

/* The acts that make a draw, beside the draw act. */
enum { LS_DRAW_COMMIT_OF, LS_DRAW_COMMIT_BY, LS_DRAW_REVEAL_OF, LS_DRAW_REVEAL_BY, LS_DRAW_CHOICE, LS_DRAW_SLOTS };

typedef struct ls_packet_draw {
    ls_verifier *v;
    const ls_packet *packet;
    const char *subject;
    uint64_t index;
    const ls_act *act;
    const ls_known_declaration *declared;
    const ls_act *slot[LS_DRAW_SLOTS]; /* of each kind and side the last that is here, or NULL */
    uint64_t at[LS_DRAW_SLOTS];        /* index of each */
    ls_population population;
    size_t chosen, count; /* of drawn rows; with replacements */
    ls_drawn *drawn;
    ls_buf opened; /* of ls_opened_row; the caller frees it */
} ls_packet_draw;

/* Computes the draw and judges what was opened for it: all in findings. */
ls_result ls_verify_draw(ls_packet_draw *d);
/* Holds what this file opens for the draw against the rows that it chose. */
ls_result ls_verify_drawn(ls_packet_draw *d);

#endif
