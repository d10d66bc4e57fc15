/*
 * A record replayed with its signatures verified on all processors: while entries are accepted, the signatures of those
 * before are verified. Whether an entry is signed is therefore known some thousand entries later; who has to say which
 * one is not replays them again, with LS_CHECK_SIGNATURES.
 */
#ifndef LS_LEDGER_REPLAYING_H
#define LS_LEDGER_REPLAYING_H

#include "record/record.h"

typedef struct ls_replaying ls_replaying;

/* The record stays the caller's, and nothing else is appended to it until the end. */
ls_result ls_replaying_new(ls_record *record, ls_replaying **out);
void ls_replaying_free(ls_replaying *p);
/* Parses the note into *act, which views a copy that lives until the next call, and appends it. A failure is that of
 * ls_record_append, or ls_fault_note_signature for a signature of an earlier entry. */
ls_result ls_replaying_append(ls_replaying *p, ls_bytes note, ls_act *act, ls_detail *detail);
/* Waits until all signatures are verified. Nothing of the record may be believed before this has succeeded. */
ls_result ls_replaying_finish(ls_replaying *p, ls_detail *detail);

#endif
