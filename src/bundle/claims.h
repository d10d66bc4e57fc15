/* What verify_evidence.c and claims.c share: one claim being judged. */
#ifndef LS_BUNDLE_CLAIMS_H
#define LS_BUNDLE_CLAIMS_H

#include "bundle/evidence.h"
#include "bundle/verifier.h"
#include "process/receipt.h"

/* Whether a quorum had the act an hour before the checkpoint became final; and, in *broke, who gave a receipt and, an
 * hour later or more, cosigned the checkpoint all the same. */
bool ls_omission_shown(const ls_receipts *receipts, const ls_finality *checkpoint, size_t witnesses,
                       ls_witnesses *broke);

#define LS_LEDGERS_MAX 16 /* of one process, one after the other */

typedef struct ls_claimed {
    ls_verifier *v;
    size_t number;
    const char *subject; /* "claim 1 (fork)" */
    ls_claim claim;
    const ls_bytes *entry; /* of its history; NULL if it has none */
    uint64_t entry_count;
    ls_record *record; /* of as many as the claim says, all acceptable; or of the charter alone */
    /* The charter as it was when each of the process's ledgers became the one in force; of the last, as it judges
     * checkpoints where the history ends. */
    const ls_charter *ledger[LS_LEDGERS_MAX];
    size_t ledger_count;
} ls_claimed;

/* Judges it: adds what is proven and what is not to the report. Fails for lack of memory only. */
ls_result ls_claim_judge(ls_claimed *c);

#endif
