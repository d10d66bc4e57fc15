/*
 * Signatures verified on all processors, while the caller does something else.
 *
 * The caller's own thread helps when it waits, so that on one processor, or where no thread can be had, it all works
 * the same. One list at a time, of one caller.
 */
#ifndef LS_LEDGER_VERIFYING_H
#define LS_LEDGER_VERIFYING_H

#include <lockstep/note.h>

typedef struct ls_verifying ls_verifying;

ls_result ls_verifying_new(ls_verifying **out);
void ls_verifying_free(ls_verifying *v);
/* Begins. The list, and what it views, stays as it is until the end. */
void ls_verifying_start(ls_verifying *v, const ls_pending_signature *list, size_t count);
/* Waits until all are verified; the place of the first that is bad, or count. Without a start before: 0. */
size_t ls_verifying_finish(ls_verifying *v);

#endif
