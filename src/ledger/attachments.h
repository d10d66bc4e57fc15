/* The files of a submission: found, checked against what the act says of them, given to the store. */
#ifndef LS_LEDGER_ATTACHMENTS_H
#define LS_LEDGER_ATTACHMENTS_H

#include "ledger/ledger.h"
#include <lockstep/act.h>

/* The file of a submission with this hash, or NULL. */
const struct ls_submitted_file *ls_submission_file(const ls_submission *s, const ls_hash *hash);
/* Copies its bytes into the arena, if there are at most limit. What they hash to is the caller's to check. */
ls_result ls_submitted_read(const struct ls_submitted_file *f, uint64_t limit, ls_arena *arena, ls_bytes *out);

/* Refuses an act that names a file which neither came along, as the act describes it, nor lies in the store. Writes
 * nothing. */
ls_result ls_attachments_check(ls_store *store, const ls_submission *s, const ls_act *act, ls_detail *detail);
/* Stores those that came along. */
ls_result ls_attachments_store(ls_store *store, const ls_submission *s, const ls_act *act, ls_detail *detail);

#endif
