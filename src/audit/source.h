/*
 * Sources: a ledger's entries, checkpoints and files wherever they lie, to be read and not believed. A ledger folder or
 * a replica (both have a store), a PostgreSQL database, an exported tree of tiles (tlog-tiles; also of other programs'
 * logs), a server, a bundle of kind record.
 */
#ifndef LS_AUDIT_SOURCE_H
#define LS_AUDIT_SOURCE_H

#include "audit/tiles.h"
#include "ledger/remote.h"

extern const ls_fault ls_fault_source; /* usage: nothing that holds a ledger's entries */

typedef struct ls_source ls_source;

struct ls_source {
    const char *name;  /* as it was given */
    const char *place; /* of files that belong to it: the folder; "" if there is none */
    uint64_t size;     /* entries that can be read */
    ls_buf latest;     /* checkpoint notes; empty if there is none */
    ls_buf final;
    /* Entries from ≤ index < to, in order. */
    ls_result (*read)(ls_source *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context, ls_detail *detail);
    ls_fetch fetch; /* of attachments; ls_fault_absent */
    void (*close)(ls_source *s);
    ls_store *store;       /* NULL if it is none */
    const ls_tiles *tiles; /* NULL if entries don't lie in tiles */
    bool hashes;           /* tiles of hashes are there, too: a tree, or a server */
    struct ls_http_client *client;
    struct ls_source_access *access; /* to the server */
    ls_arena arena;
};

/* What may be opened, and how: NULL and 0 where nothing was said. */
typedef struct ls_source_options {
    const char *store_name;     /* of a ledger in a database */
    const char *authority_file; /* PEM, for https */
    const char *own;            /* the address of the workspace's own ledger: no other server gets a note */
    ls_remote_access access;    /* of that server, if it asks for an access note; note NULL: none can be made */
} ls_source_options;

ls_result ls_source_open(const char *path, const ls_source_options *o, ls_source **out, ls_detail *detail);
void ls_source_close(ls_source *s);
bool ls_source_is_tree(const char *path);  /* a folder with tiles */
bool ls_source_is_store(const char *path); /* a folder with a store */

/* The hash of each entry below size, for proofs (ls_merkle_read_leaves); in memory that the caller frees. */
ls_result ls_source_leaves(ls_source *s, uint64_t size, ls_hash **out, ls_detail *detail);
/* A file that an act names, by its hash and its size: a source is not believed. ls_fault_absent;
 * ls_fault_bundle_attachment if it has other bytes. In the arena. */
ls_result ls_source_file(const ls_source *s, const ls_hash *hash, uint64_t size, ls_arena *arena, ls_bytes *out,
                         ls_detail *detail);
/* One entry; appended. */
ls_result ls_source_entry(ls_source *s, uint64_t index, ls_buf *out, ls_detail *detail);

#endif
