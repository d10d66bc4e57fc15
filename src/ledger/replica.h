/*
 * A replica: somebody's own verified copy of a ledger, that of a workspace or of a cosigner. A folder:
 *   record.sqlite     entries and checkpoints
 *   attachments/      files under their SHA-256 in hex
 *   evidence/         what contradicts this copy, if ever anything did: <hash>.checkpoint, a checkpoint note that the
 *                     ledger signed, under the SHA-256 of its bytes; and beside it, if it is of more entries than were
 *                     here, <hash>.nodes: "old <size>\n", the size of the copy's own checkpoint, and as base64 lines
 *                     the nodes that lead to both roots of that history (ls_merkle_consistency_roots)
 *   shown/            checkpoints that the ledger signed and whose entries it did not show to their end yet
 *
 * Nothing enters it that was not verified here: every signature, hash, proof, chain and acceptance; so it can be
 * replayed without verifying signatures again, and serves as evidence. Entries beyond its own checkpoint are what an
 * interrupted run left: verified one by one, but under no checkpoint yet.
 *
 * Not for two threads or processes at once: its owner holds a lock.
 */
#ifndef LS_LEDGER_REPLICA_H
#define LS_LEDGER_REPLICA_H

#include "ledger/ledger.h"

extern const ls_fault ls_fault_rewritten; /* invalid: the ledger shows another history than before */
extern const ls_fault ls_fault_process;   /* usage: there is no process yet, or the ledger is that of another */

typedef struct ls_replica ls_replica;

/* What a replica tells while it works, for each entry that it accepts; any may be NULL. */
typedef struct ls_replica_progress {
    void (*entries)(void *context, uint64_t done, uint64_t total);
    void *context;
} ls_replica_progress;

/* Opens (or makes) the folder and replays it. process: the charter's fingerprint that its owner trusts, or NULL while
 * none was signed: then nothing can enter. source: where entries come from, and attachments that are not here; may be
 * NULL, and set later. It stays the caller's. */
ls_result ls_replica_open(const char *folder, const ls_hash *process, ls_ledger *source, ls_replica **out,
                          ls_detail *detail);
void ls_replica_close(ls_replica *r);
void ls_replica_set_source(ls_replica *r, ls_ledger *source);
/* Attachments of more bytes than this are not copied while it syncs, only looked up at the source when somebody asks:
 * where the source lies on the same disk. At first there is no such limit. */
void ls_replica_set_copied(ls_replica *r, uint64_t bytes);

/* Brings it up to the source's checkpoint: `which` of them. Verifies everything that is new, in pieces that are durable
 * one by one, so that an interrupted run goes on where it stood. A checkpoint that is older than this copy and agrees
 * with it changes nothing (ls_replica_shown). ls_fault_rewritten if the source's checkpoint contradicts what is here:
 * then it is kept as evidence. ls_fault_refused if the source's answer proves nothing but that it is wrong. */
ls_result ls_replica_sync(ls_replica *r, ls_which_checkpoint which, const ls_replica_progress *progress,
                          ls_detail *detail);

/* Keeps a checkpoint that the ledger signed and that contradicts this copy, unless there are enough of them. */
ls_result ls_replica_keep(const ls_replica *r, ls_bytes checkpoint, ls_detail *detail);

/* Takes up what another process of the same owner did meanwhile, if its lock was given away and is held again. */
ls_result ls_replica_reread(ls_replica *r, ls_detail *detail);

/* NULL after a failure that left nothing in memory. */
const ls_record *ls_replica_record(const ls_replica *r);
/* Entries under the checkpoint that this copy stands under. The record may be ahead of it after an interrupted run. */
uint64_t ls_replica_size(const ls_replica *r);
/* And under the latest final one; with quorum none the same. */
uint64_t ls_replica_final(const ls_replica *r);
/* The size of the checkpoint that the source showed last; 0 if it showed none, or was not asked. */
uint64_t ls_replica_shown(const ls_replica *r);
/* How many attachments could not be had yet, of those that everybody who reads the ledger may read. */
uint64_t ls_replica_missing(const ls_replica *r);
/* The checkpoint that this copy stands under; the latest final one among those seen. Views until the next sync. */
ls_bytes ls_replica_checkpoint(const ls_replica *r, ls_which_checkpoint which);
ls_store *ls_replica_store(ls_replica *r);
/* The copy as a ledger to read from, up to its checkpoint; nothing can be filed there. The replica's; never closed. */
ls_ledger *ls_replica_ledger(ls_replica *r);
/* An ls_fetch over what is here and, failing that, the source; what is fetched is kept, up to the limit of what is
 * copied. context is the ls_replica. */
ls_result ls_replica_fetch(void *replica, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);

#endif
