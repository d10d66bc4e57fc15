/*
 * The ledger as its users see it, wherever it is: read, fetch, submit. Implementations: the embedded one (a folder that
 * several workspaces on one machine share) and the remote one (a server, over HTTP).
 *
 * An embedded ledger is a folder (0700):
 *   origin            its origin, one line
 *   key.vault         its Ed25519 seed (protection none: the folder's owner is the host)
 *   record.sqlite     entries and checkpoints
 *   attachments/      files under their SHA-256 in hex
 *   boxes/<party>/    sealed files that wait for a party
 *   clock             an exercise's clock, if it was set
 *   lock              held by whoever appends
 */
#ifndef LS_LEDGER_LEDGER_H
#define LS_LEDGER_LEDGER_H

#include "record/record.h"
#include "store/store.h"

extern const ls_fault ls_fault_ledger; /* environment: not a ledger, or one that can't be used */

/* An act on its way to the record, with the files that it names: all of them, or those that the ledger may lack. They
 * are stored only once the act was found acceptable, and before it is appended. */
typedef struct ls_submission {
    ls_bytes note;
    size_t attachment_count;
    const struct ls_submitted_file {
        ls_hash hash;
        const char *path; /* the file's path, or NULL: */
        ls_bytes content;
    } * attachment;
} ls_submission;

typedef struct ls_receipt {
    uint64_t index;
    bool already; /* it was on the record before; nothing was appended */
} ls_receipt;

typedef enum ls_which_checkpoint {
    LS_CHECKPOINT_FINAL, /* the latest that has its quorum; with quorum none the latest */
    LS_CHECKPOINT_LATEST /* the latest that the ledger's key signed, final or not */
} ls_which_checkpoint;

/* Seconds that a cosignature may be ahead of the host's clock, and a stamp ahead of a cosigner's (exercises apart). */
#define LS_TIME_AHEAD 600

typedef struct ls_ledger ls_ledger;

typedef struct ls_ledger_methods {
    /* Appends a checkpoint note; nothing if there is none yet. */
    ls_result (*checkpoint)(ls_ledger *l, ls_which_checkpoint which, ls_buf *note, ls_detail *detail);
    ls_result (*read)(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context, ls_detail *detail);
    /* The bytes of an attachment, checked against the hash; ls_fault_absent. */
    ls_result (*fetch)(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
    /* Appends an act: acknowledged when it, its files and a signed checkpoint that covers it are on disk. */
    ls_result (*submit)(ls_ledger *l, const ls_submission *s, ls_receipt *out, ls_detail *detail);
    /* Takes a checkpoint note with cosignatures that somebody brought; true in *final if it became so. A folder keeps
     * none that are not yet a quorum: they must come together, or to a server. */
    ls_result (*cosigned)(ls_ledger *l, ls_bytes note, bool *final, ls_detail *detail);
    /* Writes the stamps that are due, where that is the caller's to do. */
    ls_result (*tick)(ls_ledger *l, ls_detail *detail);
    /* The ledger's clock: the host's, or an exercise's. */
    ls_result (*now)(ls_ledger *l, ls_time *out, ls_detail *detail);
    /* Boxes that wait for an addressee, as in store.h. A server lets an act's author post, and the addressee do the
     * rest. */
    ls_result (*post)(ls_ledger *l, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail);
    ls_result (*boxes)(ls_ledger *l, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                       ls_detail *detail);
    ls_result (*box)(ls_ledger *l, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
    ls_result (*drop)(ls_ledger *l, ls_bytes to, const ls_hash *hash, ls_detail *detail);
    void (*close)(ls_ledger *l);
} ls_ledger_methods;

struct ls_ledger {
    const ls_ledger_methods *methods;
};

/* Makes a new embedded ledger with a fresh key. The folder must not exist, or be empty. */
ls_result ls_ledger_create(const char *folder, const char *origin, ls_detail *detail);
ls_result ls_ledger_open(const char *folder, ls_ledger **out, ls_detail *detail);
/* Origin and public key of an embedded ledger, for a charter's draft. */
ls_result ls_ledger_key(const char *folder, ls_vkey *out, ls_detail *detail);
/* A signature by its key over ls_charter_put_claim, which an act of succession needs. */
ls_result ls_ledger_prove_key(const char *folder, const ls_hash *process, uint8_t proof[static LS_ACT_PROOF_SIZE],
                              ls_detail *detail);
/* Makes a ledger that was created, and is empty, the successor of another: copies the first `size` entries and all
 * files from a replica's store, then appends the act of succession and signs. An exercise's clock stands at `time`
 * then. Interrupted, it goes on where it was. */
ls_result ls_ledger_succeed(const char *folder, ls_store *from, uint64_t size, ls_bytes act, ls_time time,
                            ls_detail *detail);
/* Sets an exercise's clock, never back. The caller has made sure that it is an exercise. */
ls_result ls_ledger_set_clock(const char *folder, ls_time t, ls_detail *detail);

/* ls_fetches over a ledger and over a store; context is the ls_ledger or the ls_store. */
ls_result ls_ledger_fetch_arena(void *ledger, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);
ls_result ls_store_fetch_arena(void *store, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);

#endif
