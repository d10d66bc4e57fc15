/*
 * Receipts: a cosigner's word that an act was handed to it at a time, whatever the host does with it.
 *
 *   lockstep receipt v1
 *   <process, 64 hex>
 *   <act id, 64 hex>
 *   <unix time>
 *
 * signed by the cosigner's receipts key. A `receipts` act carries several: the notes one after the other, then a line
 * `end`, so that the act's text never reads as the end of a signed note.
 */
#ifndef LS_PROCESS_RECEIPT_H
#define LS_PROCESS_RECEIPT_H

#include "process/finality.h"

#define LS_RECEIPT_NOTE_MAX 1024 /* bytes of one note */
#define LS_RECEIPTS_END "end\n"

extern const ls_fault ls_fault_receipt; /* invalid: not a receipt, or not one of this process's cosigners */

typedef struct ls_receipt_note {
    ls_hash process, act;
    ls_time time;
} ls_receipt_note;

/* Appends a note. */
void ls_receipt_make(const ls_receipt_note *r, const ls_vkey *key, const uint8_t secret_key[static 64], ls_buf *out);
/* The form alone, of a note with exactly one signature. */
ls_result ls_receipt_parse(ls_bytes note, ls_receipt_note *out, ls_note *parsed, ls_detail *detail);
/* One note by a cosigner of this charter, over this act. judging NULL: verify. */
ls_result ls_receipt_judge(const ls_charter *c, const ls_hash *process, const ls_hash *act, ls_bytes note,
                           const ls_judging *judging, const ls_cosigner **cosigner, ls_time *time, ls_detail *detail);

/* What the receipts of an act come to. */
typedef struct ls_receipts {
    ls_witnesses witnesses; /* of the policy */
    ls_time time[LS_POLICY_WITNESSES_MAX];
    bool met;             /* they are a quorum; never with quorum none */
    ls_time receipt_time; /* the least t such that those with time <= t are a quorum; 0 if not met */
} ls_receipts;

/* The text of a `receipts` act: all must be good, each by another cosigner. Those of cosigners outside the policy count
 * for nothing. */
ls_result ls_receipts_judge(const ls_charter *c, const ls_hash *process, const ls_hash *act, ls_bytes text,
                            const ls_judging *judging, ls_receipts *out, ls_detail *detail);
/* Appends the text of a `receipts` act made of these notes. */
void ls_receipts_put(const ls_bytes *notes, size_t count, ls_buf *out);

#endif
