/*
 * The storage contract of a ledger: entries that only grow, and the latest signed checkpoint.
 *
 * Durable means: on disk, synced, so that it survives a loss of power, before the method returns.
 */
#ifndef LS_STORE_STORE_H
#define LS_STORE_STORE_H

#include <lockstep/bytes.h>

extern const ls_fault ls_fault_store;          /* environment: the store can't be read or written */
extern const ls_fault ls_fault_store_damaged;  /* invalid: the store is damaged */
extern const ls_fault ls_fault_store_conflict; /* environment: another sequencer was faster; read again */

typedef ls_result (*ls_entry_sink)(void *context, uint64_t index, ls_bytes note);

typedef struct ls_store ls_store;

typedef struct ls_store_methods {
    /* How many entries are committed; and the latest checkpoint note, empty if there is none yet. */
    ls_result (*head)(ls_store *s, uint64_t *size, ls_buf *checkpoint, ls_detail *detail);
    /* Entries from ≤ index < to, in order; fails if one is missing. */
    ls_result (*read)(ls_store *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context, ls_detail *detail);
    /* Compare and swap: appends durably, if exactly `size` entries are committed; else ls_fault_store_conflict. */
    ls_result (*append)(ls_store *s, uint64_t size, const ls_bytes *notes, size_t count, ls_detail *detail);
    /* Publishes a checkpoint of `size` durably; refused as a conflict if a larger one is published. */
    ls_result (*publish)(ls_store *s, uint64_t size, ls_bytes checkpoint, ls_detail *detail);
    void (*close)(ls_store *s);
} ls_store_methods;

struct ls_store {
    const ls_store_methods *methods;
};

/* SQLite, write-ahead log, synchronous=FULL. Makes the file (0600) if create is set and it is missing. A file on a
 * read-only mount can be read. */
ls_result ls_store_sqlite(const char *path, bool create, ls_store **out, ls_detail *detail);

#endif
