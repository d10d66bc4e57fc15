/*
 * The storage contract of a ledger: entries that only grow, the checkpoints over them, and the files beside them. Two
 * backends keep it: SQLite in a folder, and PostgreSQL. One conformance suite runs against both.
 *
 * Durable means: on disk, synced, so that it survives a loss of power, before the method returns.
 *
 * Writing takes the lead. Whoever leads has an epoch, a number that only grows; every write checks, in its own
 * transaction, that the epoch is still the writer's. So a leader that hung and comes back after another took over can
 * write nothing (ls_fault_store_conflict), whatever it believes.
 */
#ifndef LS_STORE_STORE_H
#define LS_STORE_STORE_H

#include <lockstep/bytes.h>
#include <lockstep/time.h>

extern const ls_fault ls_fault_store;         /* environment: the store can't be read or written */
extern const ls_fault ls_fault_store_damaged; /* invalid: the store is damaged */
extern const ls_fault
    ls_fault_store_conflict;              /* environment: another sequencer was faster or took the lead; read again */
extern const ls_fault ls_fault_store_led; /* environment: another process leads, and its lease has not run out */

typedef ls_result (*ls_entry_sink)(void *context, uint64_t index, ls_bytes note);

typedef struct ls_store_head {
    uint64_t size; /* entries committed */
    ls_buf latest; /* the latest signed checkpoint note; empty if there is none */
    ls_buf final;  /* the latest that was finalised, with its cosignatures; empty if there is none */
} ls_store_head;
void ls_store_head_free(ls_store_head *h);

/* Where the bytes of a file come from, piece by piece: appends at most `cap` bytes to out; nothing at the end. Called
 * from the first byte on. */
typedef struct ls_store_source {
    ls_result (*next)(void *context, size_t cap, ls_buf *out, ls_detail *detail);
    void *context;
} ls_store_source;

typedef struct ls_store ls_store;

typedef struct ls_store_methods {
    /* Size and checkpoints as of one moment; replaces what h held. */
    ls_result (*head)(ls_store *s, ls_store_head *h, ls_detail *detail);
    /* Entries from ≤ index < to, in order; fails if one is missing. */
    ls_result (*read)(ls_store *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context, ls_detail *detail);
    /* The root over the first `size` entries, as append was told it; ls_fault_store_damaged if it was not. */
    ls_result (*root)(ls_store *s, uint64_t size, ls_hash *out, ls_detail *detail);

    /* Takes the lead, or renews it, for `seconds` from now; *epoch is 0 to take it, else the one to renew. holder names
     * this process for people. ls_fault_store_led if another leads; ls_fault_store_conflict if the lead was lost.
     * SQLite: whoever asks leads (its callers hold the folder's lock), and only the epoch is counted on. */
    ls_result (*lead)(ls_store *s, ls_bytes holder, unsigned seconds, uint64_t *epoch, ls_detail *detail);
    /* Compare and swap: appends durably, if exactly `size` entries are committed and the epoch leads; else
     * ls_fault_store_conflict. roots[i] is the root over the entries up to and with the i-th of these. */
    ls_result (*append)(ls_store *s, uint64_t epoch, uint64_t size, const ls_bytes *notes, const ls_hash *roots,
                        size_t count, ls_detail *detail);
    /* Publishes a signed checkpoint of `size` durably; a conflict if a larger one is published, if fewer entries are
     * committed, or if the epoch does not lead. */
    ls_result (*publish)(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail);
    /* The same for a final checkpoint, at most as large as the published one. */
    ls_result (*finalize)(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail);

    /* Stores a file durably under its hash, which is computed here; ls_fault_store if it is another. Known ones are
     * left. */
    ls_result (*attach)(ls_store *s, const ls_hash *hash, uint64_t size, ls_store_source source, ls_detail *detail);
    /* Its size; ls_fault_absent if it is not there. */
    ls_result (*attached)(ls_store *s, const ls_hash *hash, uint64_t *size, ls_detail *detail);
    /* Appends it whole, if it has at most `limit` bytes; the bytes are checked against the hash. */
    ls_result (*fetch)(ls_store *s, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
    /* Hashes of all files, in order. */
    ls_result (*attachments)(ls_store *s, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                             ls_detail *detail);

    /* Boxes: files sealed to an addressee (process/sealed.h), a name, under the hash of what is in them. They are
     * beside the record: posted again a box is replaced, and dropped it is gone. Durable, too. */
    ls_result (*post)(ls_store *s, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail);
    ls_result (*boxes)(ls_store *s, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                       ls_detail *detail);
    /* Appends it, if it has at most `limit` bytes; ls_fault_absent. */
    ls_result (*box)(ls_store *s, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
    ls_result (*drop)(ls_store *s, ls_bytes to, const ls_hash *hash, ls_detail *detail); /* none: success */
    void (*close)(ls_store *s);
} ls_store_methods;

struct ls_store {
    const ls_store_methods *methods;
};

/* <folder>/record.sqlite (write-ahead log, synchronous=FULL), attachments/ and boxes/. With create set they are made
 * (0600, 0700) where they are missing. A folder on a read-only mount can be read. */
ls_result ls_store_sqlite(const char *folder, bool create, ls_store **out, ls_detail *detail);

/* A PostgreSQL database, by a libpq connection string or URI; `name` tells the ledgers in it apart. Reconnects by
 * itself where nothing is lost by it. Not for two threads at once: a pool of connections is several stores. */
ls_result ls_store_postgres(const char *conninfo, const char *name, bool create, ls_store **out, ls_detail *detail);

/* Moves all that a folder holds into another store, and marks the folder: from then on ls_store_sqlite refuses it, so
 * that nobody goes on with what is no longer the record. Nothing happens to a folder that is marked. Interrupted, it
 * goes on where it was. ls_fault_store_damaged if the other store holds another history; ls_fault_store_led if somebody
 * leads there and has less than this. The caller holds the folder's lock. */
ls_result ls_store_move(const char *folder, ls_bytes holder, ls_store *to, ls_detail *detail);
bool ls_store_moved(const char *folder);

/* Copies all files and the first `size` entries, in the lead that `epoch` is; no checkpoint. Interrupted, it goes on
 * where it was. */
ls_result ls_store_copy(ls_store *from, uint64_t size, ls_store *to, uint64_t epoch, ls_detail *detail);

#endif
