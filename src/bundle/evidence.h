/*
 * Evidence: one file that shows a third person, offline, who has broken which rule of a process. A bundle of kind
 * evidence:
 *
 *   charter.note                      the act that the process begins with
 *   attachments/<hex>                 charter.json, and whatever else acceptance reads in the histories
 *   history/<h>/tile/entries/…        entries of a ledger from the first on (C2SP tlog-tiles), h from 1
 *   claim/<n>/claim                   what is claimed, n from 1, and the signed things that prove it:
 *
 *   split-view   first, second: two checkpoints of the ledger, the smaller one first. nodes, if their sizes differ: a
 *                list in consistency-proof form (merkle.h) that leads to the second's root, and not to the first's.
 *                first.tlog-proof and second.tlog-proof may show an entry in which they differ.
 *   fork         act: a second act of a party with a number that it had used before, in the act at `index`, which its
 *                head covers. The history is the one that its head names.
 *   omission     act, receipts, checkpoint: an act that cosigners confirmed to have had an hour before the checkpoint
 *                became final, or before they cosigned it, and that is not in it though it could have been.
 *   entry        checkpoint, and nodes if it covers more: the entry at `index` is not acceptable where it stands.
 *   ahead        checkpoint: `cosigner` cosigned a record whose time was more than ten minutes ahead of its clock.
 *
 * A claim's text is
 *
 *   lockstep evidence v1
 *   claim: <kind>
 *   history: <h> <entries>      the keys in force are those after so many entries; without it, the charter's
 *   index: <decimal>            fork, entry
 *   cosigner: <name>            ahead
 */
#ifndef LS_BUNDLE_EVIDENCE_H
#define LS_BUNDLE_EVIDENCE_H

#include "bundle/bundle.h"

#define LS_CLAIMS_MAX 64
#define LS_HISTORIES_MAX 64
#define LS_RECEIPT_PATIENCE 3600 /* seconds that a cosigner waits for an act it gave a receipt for */
#define LS_STAMP_AHEAD 600       /* seconds that a stamp may be ahead of a cosigner's clock */
/* Seconds more than these rules allow before anybody is accused: a cosigner looks first and signs then. */
#define LS_EVIDENCE_MARGIN 300

extern const ls_fault ls_fault_evidence_form; /* invalid: not a claim, or not a list of nodes */

typedef enum ls_claim_kind {
    LS_CLAIM_SPLIT_VIEW,
    LS_CLAIM_FORK,
    LS_CLAIM_OMISSION,
    LS_CLAIM_ENTRY,
    LS_CLAIM_AHEAD,
    LS_CLAIM_KINDS
} ls_claim_kind;

typedef struct ls_claim {
    ls_claim_kind kind;
    uint64_t history, size; /* 0: the charter alone */
    uint64_t index;
    ls_bytes cosigner;
} ls_claim;

const char *ls_claim_name(ls_claim_kind kind);
ls_result ls_claim_parse(ls_bytes text, ls_claim *out);
void ls_claim_format(const ls_claim *c, ls_buf *out);

/* Hashes as lines of base64, at least one. */
ls_result ls_nodes_parse(ls_bytes text, ls_hash nodes[static LS_MERKLE_PROOF_MAX], size_t *count);
void ls_nodes_format(const ls_hash *nodes, size_t count, ls_buf *out);

/* "claim/<n>/<part>" and "history/<h>/<path>". */
void ls_claim_member(size_t number, const char *part, char out[static LS_BUNDLE_NAME_MAX + 1]);
void ls_history_member(size_t number, const char *path, char out[static LS_BUNDLE_NAME_MAX + 1]);

#endif
