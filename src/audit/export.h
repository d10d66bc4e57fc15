/*
 * A ledger as a static tree of files, byte for byte what its server serves: checkpoint, tile/…, tile/entries/…,
 * attachment/<hex> of the files that everybody who reads it may read. Any web server or object store can hand it out.
 *
 * It can be served while it is brought up to date: files before the checkpoint that covers them, each whole or not at
 * all, durably. Full tiles and files that are there are not written again, so an interrupted run goes on where it was.
 */
#ifndef LS_AUDIT_EXPORT_H
#define LS_AUDIT_EXPORT_H

#include "audit/source.h"

extern const ls_fault ls_fault_export; /* usage: the folder holds something else; or nothing can be exported yet */

typedef struct ls_exported {
    uint64_t size;    /* entries that the checkpoint covers */
    uint64_t written; /* files that were new */
} ls_exported;

/* For whoever writes more than a tree, and publishes the checkpoint when all of it is there. */
typedef struct ls_export_options {
    bool no_files, no_checkpoint;
} ls_export_options;

/* Up to the source's final checkpoint. The folder is made if it is missing; its parent must exist. o: or NULL. */
ls_result ls_export_tree(ls_source *s, const char *folder, const ls_export_options *o, ls_exported *out,
                         ls_detail *detail);

#endif
