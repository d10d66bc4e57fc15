/*
 * One process that a cosigner follows: its replica, and the rules by which its checkpoints are cosigned
 * (docs/protocol.md, "Cosigners"). Not for two threads at once.
 *
 * A checkpoint of it is cosigned only if
 *   replay       every entry was replayed here and leads to its root,
 *   time         the latest stamp is at most ten minutes ahead of the clock here (exercises apart),
 *   receipts     no act whose receipt was given an hour ago or earlier is absent and yet acceptable at its end,
 *   files        every attachment that all readers may read and that new acts name is here,
 *   succession   its origin is the one in force, and it covers what was cosigned under an origin before,
 *   keys         the keys have a passphrase (exercises apart).
 */
#ifndef LS_COSIGN_FOLLOW_H
#define LS_COSIGN_FOLLOW_H

#include "cosign/folder.h"
#include "cosign/witness.h"
#include "ledger/replica.h"
#include <lockstep/limits.h>

#define LS_COSIGN_RECEIPT_HOLDS 3600 /* seconds after a receipt before it holds a cosignature back */

/* Why a checkpoint is not cosigned. */
typedef struct ls_refusal {
    const char *rule; /* one of those above; static */
    unsigned status;  /* of the answer: 503 where asking again may help, else 403 or 422 */
    char text[512];
} ls_refusal;

typedef struct ls_follow ls_follow;

typedef struct ls_follow_options {
    const ls_cosign_folder *owner; /* keys and state; must outlive it */
    const char *folder;            /* the replica's */
    ls_hash process;
    ls_ledger *source; /* where the host is reached; must outlive it */
    ls_time (*now)(void *context);
    void *context;
} ls_follow_options;

ls_result ls_follow_open(const ls_follow_options *o, ls_follow **out, ls_detail *detail);
void ls_follow_close(ls_follow *f);

/* Replays what the host's latest checkpoint covers, and looks for acts that end an origin. */
ls_result ls_follow_sync(ls_follow *f, ls_detail *detail);
const ls_replica *ls_follow_replica(const ls_follow *f);
const ls_hash *ls_follow_process(const ls_follow *f);

/* True, and the ledger's key, if this is the process's origin in force. */
bool ls_follow_trusts(const ls_follow *f, ls_bytes origin, ls_vkey *key);
/* Whether a checkpoint of this process, rightly signed, may be cosigned. Synchronises if it is beyond the replica. What
 * is refused is remembered in the state, and forgotten when nothing is. */
bool ls_follow_permits(ls_follow *f, const ls_checkpoint *head, ls_bytes note, ls_refusal *why);

/* Synchronises and cosigns the host's latest checkpoint, if it is new, or if time stands still for want of a younger
 * cosignature. Appends the checkpoint with our cosignature, or nothing. A refusal is no failure: why->rule is set. */
ls_result ls_follow_pull(ls_follow *f, const ls_witness_options *w, ls_buf *note, ls_refusal *why, ls_detail *detail);

/* Appends the last checkpoint that was cosigned under the origin in force, with our cosignature; nothing if none was.
 */
ls_result ls_follow_cosigned(const ls_follow *f, ls_buf *note, ls_detail *detail);

/* Takes an act for which its author wants a receipt: a note, or a draft bundle with its files. */
void ls_follow_receipt(ls_follow *f, ls_bytes body, bool bundle, ls_cosign_answer *answer);
/* Hands acts with receipts on to the host, and forgets those that are on the record or came to nothing. How many are
 * left. A host that can't be reached is no failure. */
ls_result ls_follow_forward(ls_follow *f, size_t *left, ls_detail *detail);

#endif
