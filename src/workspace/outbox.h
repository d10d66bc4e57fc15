/* What the files that file acts share. */
#ifndef LS_WORKSPACE_OUTBOX_H
#define LS_WORKSPACE_OUTBOX_H

#include "workspace/workspace.h"

/* Reads a bundle of the outbox again. */
ls_result ls_outbox_read(const ls_workspace *ws, ls_arena *arena, const char *file, ls_draft *out, ls_detail *detail);
/* Notes what the ledger said against an act that waits, for whoever asks why it still does. Nothing if it waits no
 * more. */
ls_result ls_outbox_refused(ls_workspace *ws, const ls_hash *id, const ls_detail *why, ls_detail *detail);
/* The ledger's verdict on one act, as against a ledger that is damaged, busy or out of reach. */
bool ls_outbox_is_verdict(ls_result r);

#endif
