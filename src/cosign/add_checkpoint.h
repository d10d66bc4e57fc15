/*
 * The request of C2SP tlog-witness, as text: what a log sends to a witness that shall cosign its checkpoint.
 *
 *   old <size>
 *   <base64 hash>     at most 63 lines: the consistency proof from old to the checkpoint's size
 *
 *   <checkpoint note>
 */
#ifndef LS_COSIGN_ADD_CHECKPOINT_H
#define LS_COSIGN_ADD_CHECKPOINT_H

#include <lockstep/limits.h>
#include <lockstep/note.h>

#define LS_TLOG_SIZE_TYPE "text/x.tlog.size" /* of the answer 409 that says how far the witness is */

extern const ls_fault ls_fault_add_checkpoint_form; /* invalid: not such a request */

/* Views into the request, but for the hashes. */
typedef struct ls_add_checkpoint {
    uint64_t old;
    size_t proof_count;
    ls_hash proof[LS_ADD_CHECKPOINT_PROOF_MAX];
    ls_bytes checkpoint; /* the note as it was sent */
    ls_note note;
    ls_checkpoint head;
} ls_add_checkpoint;

/* Form only: no signature, no proof, and of an empty tree not even the root is checked. */
ls_result ls_add_checkpoint_parse(ls_bytes body, ls_add_checkpoint *out);
void ls_add_checkpoint_format(uint64_t old, const ls_hash *proof, size_t count, ls_bytes checkpoint, ls_buf *out);

#endif
