/* What this workspace can read of a declaration: of one's own every row, of another's what was opened and notified. */
#ifndef LS_WORKSPACE_KNOWN_H
#define LS_WORKSPACE_KNOWN_H

#include "bundle/known.h"
#include "workspace/workspace.h"

/* Everything lies in the arena, closed rows too: the caller wipes it. now: the time of what no stamp covers yet. Of
 * one's own declaration the delegation vault's passphrase is asked for; a workspace that only reads, and has no such
 * vault, reads it as others do. Needs a sync. */
ls_result ls_workspace_known(ls_workspace *ws, ls_arena *arena, int accord, const ls_declared *declared, ls_time now,
                             ls_report *report, ls_known *out, ls_detail *detail);

#endif
