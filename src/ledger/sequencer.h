/*
 * The sequencer: the one place that appends. It keeps the record replayed in memory over a store and, leading it:
 *
 *   1. replays what others have appended since,
 *   2. signs and publishes a checkpoint over entries that a killed process left without one,
 *   3. writes the stamps that are due,
 *   4. takes acts in batches: finds those that are on the record already, checks the others one after the other, stores
 *      their files, commits them together, and only then signs and publishes one checkpoint that covers them all. Now
 *      they may be acknowledged.
 *   5. With a quorum, takes cosignatures until the latest checkpoint is final; a stamp over it follows.
 *
 * Entries are committed before a root that covers them is signed, in an epoch that no other process has: killed in
 * between, a process leaves entries that are not acknowledged and that step 2 takes up, never two signed roots that
 * contradict each other. Not for two threads at once.
 */
#ifndef LS_LEDGER_SEQUENCER_H
#define LS_LEDGER_SEQUENCER_H

#include "ledger/ledger.h"
#include "vault/vault.h"

typedef struct ls_sequencer ls_sequencer;

/* The clock that stamps, or what stands for it in tests and exercises. */
typedef struct ls_ledger_clock {
    ls_result (*now)(void *context, ls_time *out, ls_detail *detail);
    void *context;
} ls_ledger_clock;

typedef struct ls_sequenced {
    ls_result result; /* ls_fault_refused and the like: what became of this one */
    ls_detail detail;
    ls_receipt receipt;
} ls_sequenced;

/* The store, key and seed stay the caller's and must outlive it. */
ls_result ls_sequencer_new(ls_store *store, const ls_vkey *key, const ls_secret *seed, ls_ledger_clock clock,
                           ls_sequencer **out);
void ls_sequencer_free(ls_sequencer *s);

/* Steps 1 to 3 under this epoch of the store. Comes first, and again whenever somebody else may have led meanwhile. */
ls_result ls_sequencer_bring_up(ls_sequencer *s, uint64_t epoch, ls_detail *detail);
/* Step 1 alone, for whoever does not lead and only wants to know. */
ls_result ls_sequencer_follow(ls_sequencer *s, ls_detail *detail);
/* The first entry of a ledger that succeeds another, whose entries were copied into its store. */
ls_result ls_sequencer_succeed(ls_sequencer *s, uint64_t epoch, ls_bytes act, ls_detail *detail);

typedef struct ls_sequencer_item {
    ls_submission submission;
    const ls_act *act; /* what ls_act_parse read from submission.note, or NULL */
    bool verified;     /* its signatures were verified under the keys of version `keys` (ls_record_keys_version) */
    uint64_t keys_version;
    ls_sequenced outcome;
} ls_sequencer_item;
/* Step 4. A failure is one of the store: then nothing of the batch may be acknowledged, and bring_up comes next. */
ls_result ls_sequencer_submit(ls_sequencer *s, ls_sequencer_item **items, size_t count, ls_detail *detail);

/* Step 3 alone: the stamps that are due now. */
ls_result ls_sequencer_tick(ls_sequencer *s, ls_detail *detail);

/* Step 5: a checkpoint note with cosignatures, any of them new or known. It must be the latest published one or an
 * earlier one not yet final. True in *final if it became so. Invalid cosignatures are refused. */
ls_result ls_sequencer_cosigned(ls_sequencer *s, ls_bytes note, bool *final, ls_detail *detail);

/* The record in memory, valid until the next call; NULL before bring_up or after a failure of the store. */
const ls_record *ls_sequencer_record(const ls_sequencer *s);
/* The latest published checkpoint, and the latest final one; views that live until the next call. */
ls_bytes ls_sequencer_checkpoint(const ls_sequencer *s, ls_which_checkpoint which);

#endif
