/* Bundles of entries, as tlog-tiles has them: (u16 length ‖ entry)*, at least one and at most 256. */
#ifndef LS_BUNDLE_ENTRIES_H
#define LS_BUNDLE_ENTRIES_H

#include <lockstep/merkle.h>

typedef struct ls_entries {
    size_t count;
    ls_bytes entry[LS_TILE_WIDTH]; /* views */
} ls_entries;

/* False if it is none, or if anything follows. */
bool ls_entries_parse(ls_bytes bytes, ls_entries *out);
/* Appends one entry, of at most 65,535 bytes. */
void ls_entries_put(ls_buf *out, ls_bytes entry);

#endif
