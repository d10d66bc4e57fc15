/*
 * What a courier carries, as a bundle of kind `courier` (docs/protocol.md, "Bundles"). There are two:
 *
 *   acts     from a delegation to the host: the acts that wait in its outbox, with their files
 *   record   from the host to a delegation: the entries from a size on with their files, and what became of the acts
 *
 * Nothing in it is believed: acts are judged by the ledger, entries and checkpoints by the replica that takes them.
 */
#ifndef LS_BUNDLE_COURIER_H
#define LS_BUNDLE_COURIER_H

#include "bundle/bundle.h"
#include "bundle/entries.h"

#define LS_COURIER_ACTS_MAX 1000

/* What became of an act that was handed over. */
typedef struct ls_courier_receipt {
    ls_hash id;
    bool filed;
    uint64_t index;  /* of its entry, if it was filed */
    ls_bytes reason; /* one line, if it was not */
} ls_courier_receipt;

typedef struct ls_courier {
    enum { LS_COURIER_ACTS, LS_COURIER_RECORD } carries;
    ls_hash process;
    ls_bytes party;      /* whose acts, or for whom */
    uint64_t size;       /* acts: how many entries the delegation has; record: the first entry that is in it */
    ls_bytes checkpoint; /* acts: that of the delegation, or empty; record: that which the entries lead to */
    ls_bytes final;      /* record: the latest final one, or empty */
    ls_bytes cosigned;   /* acts: a checkpoint with cosignatures of the delegation's own cosigner, or empty */
    size_t act_count;
    ls_bytes act[LS_COURIER_ACTS_MAX]; /* notes, in the order in which they were made */
    size_t receipt_count;
    ls_courier_receipt *receipt;
    ls_bundle bundle; /* for attachments: ls_bundle_fetch; boxes: ls_courier_box */
} ls_courier;

/* Everything is a view into file, or in the arena. ls_fault_bundle_form; of entries only the names are looked at. */
ls_result ls_courier_parse(ls_arena *arena, ls_bytes file, ls_courier *out, ls_detail *detail);
/* Members sealed/<hash>/<place of the addressee in the charter> are boxes (process/sealed.h); false for all others. */
#define LS_COURIER_BOX_NAME_SIZE (sizeof "sealed//" + 2 * LS_HASH_SIZE + 2)
void ls_courier_box_format(const ls_hash *hash, size_t party, char out[static LS_COURIER_BOX_NAME_SIZE]);
bool ls_courier_box(const ls_member *m, ls_hash *hash, size_t *party);
/* The content of the first member, and of the one with the receipts. */
void ls_courier_put_header(const ls_courier *c, ls_buf *out);
void ls_courier_put_receipt(const ls_courier_receipt *r, ls_buf *out);
/* Entries from ≤ index < to of a record; false if they are not all in it. Stops at sink's first failure. */
bool ls_courier_read(const ls_courier *c, uint64_t from, uint64_t to,
                     ls_result (*sink)(void *context, uint64_t index, ls_bytes note), void *context, ls_result *result);

#endif
