/* Trees of tiles (C2SP tlog-tiles) as they lie in a folder, in a bundle, or on a server that is none of ours. */
#ifndef LS_AUDIT_TILES_H
#define LS_AUDIT_TILES_H

#include "bundle/bundle.h"
#include "bundle/entries.h"
#include "store/store.h"

typedef struct ls_tiles {
    /* Appends the bytes at this path; ls_fault_absent if there is nothing. */
    ls_result (*get)(const void *context, const char *path, ls_buf *out, ls_detail *detail);
    const void *context;
} ls_tiles;

ls_tiles ls_tiles_of_folder(const char *folder);
ls_tiles ls_tiles_of_bundle(const ls_bundle *b);

/* A tile of a tree of this size, cut to what such a tree has of it: the one of that width or, failing that, the full
 * one. level LS_TILE_ENTRIES: the entries. path says which it was. */
ls_result ls_tiles_get(const ls_tiles *t, int level, uint64_t index, uint64_t size, ls_buf *out,
                       char path[static LS_TILE_PATH_SIZE], ls_detail *detail);
ls_result ls_tiles_read_entries(const ls_tiles *t, uint64_t size, uint64_t from, uint64_t to, ls_entry_sink sink,
                                void *context, ls_detail *detail);

#endif
