/*
 * Checking a ledger as it lies somewhere (fsck): every entry accepted again with all its signatures, every root, every
 * tile, the checkpoints and their cosignatures, every file that everybody may read. Stops at the first thing wrong.
 */
#ifndef LS_AUDIT_CHECK_H
#define LS_AUDIT_CHECK_H

#include "audit/source.h"
#include "bundle/verify.h"

typedef struct ls_check_options {
    const ls_hash *charter; /* the fingerprint that the reader trusts, or NULL */
    const ls_vkey *log;     /* another program's log: tiles, entries and checkpoint only; or NULL */
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t total); /* or NULL */
    void *context;
} ls_check_options;

/* Adds findings; report is the caller's, with its arena set. Fails if something can't be read just now; what is wrong
 * is a finding. */
ls_result ls_check_source(ls_source *s, const ls_check_options *o, ls_report *report, ls_detail *detail);

#endif
