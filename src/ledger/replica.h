/*
 * A replica: somebody's own verified copy of a ledger, that of a workspace or of a cosigner. A folder with a store in
 * SQLite (record.sqlite, attachments/). Nothing enters it that was not verified here: every signature, hash, proof,
 * chain and acceptance; so it can be replayed without verifying signatures again, and serves as evidence.
 */
#ifndef LS_LEDGER_REPLICA_H
#define LS_LEDGER_REPLICA_H

#include "ledger/ledger.h"

extern const ls_fault ls_fault_rewritten; /* invalid: the ledger shows another history than before */

typedef struct ls_replica ls_replica;

/* What a replica tells while it works; any may be NULL. */
typedef struct ls_replica_progress {
    void (*entries)(void *context, uint64_t done, uint64_t total);
    void *context;
} ls_replica_progress;

/* Opens (or makes) the folder and replays it. process: the charter's fingerprint that its owner trusts, or NULL while
 * none was signed. source: where attachments that are not here may be fetched from; may be NULL, and set later. */
ls_result ls_replica_open(const char *folder, const ls_hash *process, ls_ledger *source, ls_replica **out,
                          ls_detail *detail);
void ls_replica_close(ls_replica *r);
void ls_replica_set_source(ls_replica *r, ls_ledger *source);

/* Brings it up to the source's checkpoint: `which` of them. Verifies everything that is new, in pieces that are durable
 * one by one, so that an interrupted run goes on where it stood. ls_fault_rewritten if the source's checkpoint
 * contradicts what is here: the contradicting checkpoint is kept as evidence in <folder>/evidence/. */
ls_result ls_replica_sync(ls_replica *r, ls_which_checkpoint which, const ls_replica_progress *progress,
                          ls_detail *detail);

const ls_record *ls_replica_record(const ls_replica *r);
/* The checkpoint that this copy stands under; the latest final one among those seen. Views until the next sync. */
ls_bytes ls_replica_checkpoint(const ls_replica *r, ls_which_checkpoint which);
ls_store *ls_replica_store(ls_replica *r);
/* An ls_fetch over what is here and, failing that, the source; what is fetched is kept. context is the ls_replica. */
ls_result ls_replica_fetch(void *replica, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);

#endif
