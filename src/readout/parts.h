/* Inside of readouts: what the files that read them share. */
#ifndef LS_READOUT_PARTS_H
#define LS_READOUT_PARTS_H

#include "process/field.h"
#include "readout/readout.h"

typedef struct ls_readout_reader {
    ls_arena *arena;
    const ls_charter *charter; /* or NULL */
    ls_diagnostics *d;
    ls_ids claims;
} ls_readout_reader;

void ls_readout_read_claims(ls_readout_reader *r, const ls_value *v, ls_readout *out);
bool ls_readout_read_about(ls_readout_reader *r, const ls_value *v, ls_about *out);

/* Text of at most max bytes, not empty, of plain characters; newlines if lines. */
bool ls_readout_read_text(ls_readout_reader *r, const ls_value *map, const char *key, size_t max, bool lines,
                          ls_bytes *out);

#endif
