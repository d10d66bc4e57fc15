/*
 * Receipts: what an author does when the host does not take an act. Cosigners get it, give receipts and hand it on;
 * once it is on the record, a `receipts` act gives it the time at which a quorum of them had it.
 *
 * The receipts of an act wait in <workspace>/receipts/<act id>/<cosigner>, until such an act has carried them.
 */
#ifndef LS_WORKSPACE_RECEIPTS_H
#define LS_WORKSPACE_RECEIPTS_H

#include "process/receipt.h"
#include "workspace/workspace.h"

/* Posts an act, a note or a draft bundle, to a cosigner at its URL, with those trusted for https (NULL: the system's),
 * and appends the receipt that it gives, which nobody has judged yet. ls_fault_refused, with its words, if it gives
 * none. */
ls_result ls_receipt_ask(const char *url, const char *authority, ls_bytes body, bool bundle, ls_buf *receipt,
                         ls_detail *detail);
/* The failure that an answer of a cosigner means which is no receipt. */
ls_result ls_receipt_refused(unsigned status, ls_bytes answer, ls_detail *detail);

/* What became of one round of asking. */
typedef struct ls_asked {
    size_t count;
    struct {
        char name[LS_NAME_MAX + 1]; /* of the witness in the policy */
        bool given;                 /* now or before */
        char why[512];              /* not */
    } witness[LS_POLICY_WITNESSES_MAX];
} ls_asked;

/* Whether there is anybody to ask: a witness of the policy with a URL. detail: why not, and what else can be done. */
ls_result ls_workspace_can_ask(const ls_workspace *ws, ls_detail *detail);
/* Asks each witness of the policy that has a URL, and that has not given one yet, for a receipt of an act that waits in
 * the outbox; keeps what they give. That one of them can't be reached is no failure. */
ls_result ls_workspace_ask_receipts(ls_workspace *ws, const ls_waiting *w, ls_asked *out, ls_detail *detail);

/* The receipts that are here for an act, all of them good; notes live in the arena. */
typedef struct ls_held_receipts {
    size_t count;
    ls_bytes note[LS_COSIGNERS_MAX];
    bool met;     /* they are a quorum of the policy */
    ls_time time; /* since when, if they are */
} ls_held_receipts;
ls_result ls_workspace_receipts(ls_workspace *ws, ls_arena *arena, const ls_hash *act, ls_held_receipts *out,
                                ls_detail *detail);
/* Acts for which receipts are here; in the arena. */
ls_result ls_workspace_receipted(ls_workspace *ws, ls_arena *arena, ls_hash **acts, size_t *count, ls_detail *detail);
/* Files a `receipts` act for an act that is on the record, with all receipts that are here, which then go. */
ls_result ls_workspace_file_receipts(ls_workspace *ws, const ls_hash *act, ls_signers as, ls_filed *out,
                                     ls_detail *detail);

#endif
