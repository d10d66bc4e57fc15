/*
 * A delegation's part in a draw: its nonce, which the seed in the vault gives again and again. That a seed is one's own
 * shows only once the nonce is held against what was committed to.
 */
#ifndef LS_WORKSPACE_DRAW_H
#define LS_WORKSPACE_DRAW_H

#include "draw/draw.h"
#include "workspace/workspace.h"

/* Opens the delegation's vault. The nonce is a secret until it is revealed; the caller wipes it. */
ls_result ls_workspace_draw_nonce(const ls_workspace *ws, const ls_hash *draw, uint8_t out[static LS_DRAW_NONCE_SIZE],
                                  ls_detail *detail);

#endif
