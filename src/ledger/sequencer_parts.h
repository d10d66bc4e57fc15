/* What the files of the sequencer share: sequencer.c (the record and its batches), stamps.c, cosigned.c. */
#ifndef LS_LEDGER_SEQUENCER_PARTS_H
#define LS_LEDGER_SEQUENCER_PARTS_H

#include "ledger/sequencer.h"

#define PENDING_MAX 8 /* checkpoints that collect cosignatures at once */

/* A checkpoint with the cosignatures that came so far. Those of the latest stand in the store, too; what is lost of
 * others is asked for again. */
typedef struct pending {
    uint64_t size; /* 0: free */
    ls_buf note;
} pending;

struct ls_sequencer {
    ls_store *store;
    const ls_vkey *key; /* its name is the origin */
    uint8_t *secret_key;
    ls_ledger_clock clock;
    bool exercise; /* the origin says so */
    uint64_t epoch;
    ls_record *record;            /* NULL: nothing yet, or in doubt after a failure */
    ls_store_head head;           /* as published, while the record is there */
    uint64_t latest_size;         /* of head.latest */
    uint64_t final_size;          /* of head.final, or 0 */
    ls_time final_time;           /* when it had its quorum */
    ls_time attested_time;        /* how late a quorum has said that it is */
    const ls_submission *current; /* the one being judged, whose files count as present */
    pending pending[PENDING_MAX];
};

/* What is about to be appended. */
typedef struct batch {
    ls_bytes *note;
    ls_hash *root;
    size_t count;
    const ls_submission **with_files;
    size_t with_files_count;
    ls_buf stamp;
} batch;

/* sequencer.c */

/* After a failure of the store. */
void ls_sequencer_forget(ls_sequencer *s);
ls_result ls_sequencer_not_leading(ls_detail *detail);
/* Whether checkpoints count as final as soon as they are signed and on disk. */
bool ls_sequencer_quorum_none(const ls_sequencer *s);
/* Whether the record leads to this checkpoint's root. */
ls_result ls_sequencer_leads_to(const ls_sequencer *s, const ls_checkpoint *c, bool *out, ls_detail *detail);
/* Appends an empty line and the ledger's signature over what stands in note. */
void ls_sequencer_sign(const ls_sequencer *s, ls_buf *note);
/* Accepts a note, and the act in it, into the record in memory and the batch. */
ls_result ls_sequencer_take(ls_sequencer *s, batch *b, ls_bytes note, const ls_act *act, ls_record_check check,
                            ls_detail *detail);

/* stamps.c: puts the stamp that is due, if one is, into an empty batch. */
ls_result ls_sequencer_take_stamp(ls_sequencer *s, batch *b, ls_time now, ls_detail *detail);

/* cosigned.c: what the final checkpoint of the head says. */
ls_result ls_sequencer_read_final(ls_sequencer *s, ls_detail *detail);

#endif
