/*
 * Audit: what several delegations hold of one ledger, compared. Finds what cannot have happened if everybody had kept
 * to the rules, and makes evidence of it that a third person can check (bundle/evidence.h).
 *
 * A ledger that is merely older than another, an act that was sent twice, an act that was refused and made again: none
 * of these is found, as none of them breaks a rule. What is found is verified before it is said, by the very function
 * that the third person's program calls.
 */
#ifndef LS_AUDIT_AUDIT_H
#define LS_AUDIT_AUDIT_H

#include "audit/source.h"
#include "bundle/verify.h"

typedef struct ls_audit_options {
    /* Ledgers' folders, replicas, workspaces, exported trees, records, servers; and single things: drafts, proofs,
     * checkpoints, acts, receipts. */
    const char *const *path;
    size_t path_count;
    const ls_hash *charter; /* the fingerprint that the reader trusts; NULL: that of the first */
    ls_source_options source;
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t total); /* or NULL */
    void *context;
} ls_audit_options;

/* Adds findings to the report, whose arena is set; failed ones are what is proven. Appends the bundle with the
 * evidence, or nothing if there is none. A result fails if something can't be read. */
ls_result ls_audit(const ls_audit_options *o, ls_report *report, ls_buf *evidence, ls_detail *detail);

#endif
