/*
 * Finality: what a checkpoint is worth under a charter. Who signed it, who cosigned it and when, and whether they are a
 * quorum of the policy.
 */
#ifndef LS_PROCESS_FINALITY_H
#define LS_PROCESS_FINALITY_H

#include "process/charter.h"

extern const ls_fault ls_fault_checkpoint_signature; /* invalid: not signed as the charter wants it */

/* How signatures are judged. Where they were verified before, as in one's own replica, they need not be again. */
typedef enum ls_signatures {
    LS_SIGNATURES_VERIFY,
    LS_SIGNATURES_TRUST,  /* by their names and key ids alone */
    LS_SIGNATURES_COLLECT /* as TRUST, and each is handed to `put`, whose caller verifies them before he believes */
} ls_signatures;

typedef struct ls_judging {
    ls_signatures how;
    ls_result (*put)(void *context, const ls_pending_signature *p);
    void *context;
} ls_judging;

/* Judges one signature so; NULL: verifies it. */
ls_result ls_pending_judge(const ls_pending_signature *p, const ls_judging *judging);

typedef struct ls_finality {
    ls_checkpoint checkpoint;
    ls_witnesses witnesses;                /* of the policy: those that cosigned */
    ls_time time[LS_POLICY_WITNESSES_MAX]; /* when; 0 of those that did not */
    bool final;                            /* they are a quorum; with quorum none always */
    ls_time final_time;    /* the least t such that those with time <= t are a quorum; 0 if not final or quorum none */
    ls_time attested_time; /* the greatest t such that those with time >= t are a quorum; 0 likewise */
} ls_finality;

/* The ledger's signature must be there; cosignatures of the policy's witnesses must be good and none twice; others, the
 * host's among them, are ignored. judging NULL: verify. Slices view note. Whether it is final is for the caller to ask:
 * a checkpoint without its quorum is no failure here. */
ls_result ls_checkpoint_judge(const ls_charter *c, ls_bytes note, const ls_judging *judging, ls_finality *out,
                              ls_detail *detail);

/* The least t at which the witnesses of `who` with time <= t are a quorum; false, and 0, if they are none. With quorum
 * none true, and 0. */
bool ls_policy_time(const ls_policy *p, ls_witnesses who, const ls_time time[static LS_POLICY_WITNESSES_MAX],
                    ls_time *out);

/* The greatest t at which the witnesses of `who` with time >= t are a quorum: all of these say that it is so late; 0 if
 * they are none. */
ls_time ls_policy_attested(const ls_policy *p, ls_witnesses who, const ls_time time[static LS_POLICY_WITNESSES_MAX]);

/* Appends the one note that two notes over the same checkpoint make: the ledger's line, then the cosignatures of the
 * policy's witnesses in its order; where both have one of a witness, the one with the earlier or the later time.
 * Both are judged as above first. ls_fault_checkpoint_signature if the texts differ. */
typedef enum ls_merge { LS_MERGE_EARLIER, LS_MERGE_YOUNGER } ls_merge;
ls_result ls_checkpoint_merge(const ls_charter *c, ls_bytes first, ls_bytes second, ls_merge which, ls_buf *out,
                              ls_detail *detail);

#endif
