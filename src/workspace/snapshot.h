/* The record as it leaves the workspace: entries under one checkpoint, with the proofs that they are. */
#ifndef LS_WORKSPACE_SNAPSHOT_H
#define LS_WORKSPACE_SNAPSHOT_H

#include "workspace/workspace.h"

/* Entries and their leaf hashes, read once. */
typedef struct ls_snapshot {
    ls_workspace *ws;
    uint64_t size;
    ls_hash *leaf;
    ls_buf *note; /* of each entry */
    ls_buf checkpoint;
} ls_snapshot;

#define LS_SNAPSHOT_ALL UINT64_MAX

/* Taken from the workspace's own copy, which is brought up to date first: what was just filed is to be in it. needed:
 * how many entries the checkpoint has to cover, or LS_SNAPSHOT_ALL. */
ls_result ls_snapshot_take(ls_workspace *ws, uint64_t needed, ls_snapshot *s, ls_detail *detail);
void ls_snapshot_free(ls_snapshot *s);
/* Appends the tlog-proof of an entry. */
ls_result ls_snapshot_proof(const ls_snapshot *s, uint64_t index, ls_buf *out);
/* These entries, in order and each once, with the charter and the acts that changed it since: whose keys signed what
 * can't be told without them. The caller frees *out. */
ls_result ls_snapshot_with_keys(const ls_record *r, const uint64_t *indices, size_t count, uint64_t **out,
                                size_t *total);

#endif
