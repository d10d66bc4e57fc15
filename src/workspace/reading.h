/*
 * What a workspace has of the record, as those read it who verify: entries from its own copy, and files from there,
 * from the ledger, or, of files for an audience, from what was received or sent.
 */
#ifndef LS_WORKSPACE_READING_H
#define LS_WORKSPACE_READING_H

#include "workspace/workspace.h"

typedef struct ls_note_reading {
    ls_workspace *ws;  /* after a sync */
    ls_arena *arena;   /* entries live as long */
    ls_detail *detail; /* or NULL */
} ls_note_reading;

/* An ls_entry_reader; context is an ls_note_reading. */
ls_result ls_workspace_read_note(void *reading, uint64_t index, ls_bytes *note);
/* An entry, parsed. */
ls_result ls_workspace_read_act(ls_workspace *ws, uint64_t index, ls_arena *arena, ls_act *out, ls_detail *detail);
/* An ls_fetch; context is the ls_workspace. */
ls_result ls_workspace_fetch(void *workspace, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);

#endif
