/* What the files of a replica share. */
#ifndef LS_LEDGER_REPLICA_PARTS_H
#define LS_LEDGER_REPLICA_PARTS_H

#include "ledger/replica.h"

#define LS_REPLICA_PATH_SIZE 4096
#define LS_REPLICA_STORE "record.sqlite"

/* A file that acts name and that is not here. */
typedef struct ls_wanted {
    ls_hash hash;
    uint64_t size;
} ls_wanted;

struct ls_replica {
    ls_ledger base; /* the copy as a ledger */
    char *folder;
    bool has_process;
    ls_hash process;
    ls_ledger *source;
    uint64_t copied; /* larger attachments are left where they are */
    ls_store *store;
    uint64_t epoch;     /* 0: nothing was written yet */
    ls_record *record;  /* NULL: to be replayed */
    ls_store_head head; /* latest: what this copy stands under */
    uint64_t size, final_size, shown;
    ls_wanted *wanted;
    size_t wanted_count, wanted_capacity;
};

/* replica.c */
ls_result ls_replica_path(const ls_replica *r, const char *name, char out[static LS_REPLICA_PATH_SIZE],
                          ls_detail *detail);
void ls_replica_forget(ls_replica *r); /* the record in memory, which is replayed when it is needed again: */
ls_result ls_replica_load(ls_replica *r, ls_detail *detail);

/* replica_files.c */
/* Notes which of an entry's files are not here. */
ls_result ls_replica_want(ls_replica *r, ls_bytes note);
/* Gets what is wanted, as far as it can be had: entries never wait for files. */
void ls_replica_collect(ls_replica *r);
/* Appends a file that is here or can be had. */
ls_result ls_replica_get(ls_replica *r, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);

/* replica_intake.c */
/* Takes the lead of a store, where *epoch is 0. */
ls_result ls_replica_lead(ls_store *store, uint64_t *epoch, ls_detail *detail);
/* Entries up to `size`, verified and committed. Those before one that is refused stay: they are right. */
ls_result ls_replica_take(ls_replica *r, uint64_t size, const ls_replica_progress *progress, ls_detail *detail);

/* replica_shown.c */
/* A checkpoint that the ledger signed, whose entries can't be had at the moment: kept for later, as far as it goes. */
void ls_replica_remember_shown(const ls_replica *r, ls_bytes note);
/* The entries here, of which there are `size`, are what the ledger shows now: whether such checkpoints are of the same
 * history. ls_fault_rewritten if one is not; then it is kept as evidence. */
ls_result ls_replica_check_shown(const ls_replica *r, uint64_t size, ls_detail *detail);

/* replica_contradiction.c */
/* The root at this size is another than that of the entries here; or one of the entries was refused, under a checkpoint
 * that is signed if it is of the origin in force. tail: some were here before that are under no checkpoint. True in
 * *again where what was wrong here is gone. */
ls_result ls_replica_contradiction(ls_replica *r, ls_bytes note, const ls_checkpoint *c, ls_result refused, bool tail,
                                   bool *again, ls_detail *detail);

#endif
