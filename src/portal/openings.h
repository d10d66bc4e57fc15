/* Inside of the portal: what was opened of a declaration for everybody, as whoever has the files verifies it. */
#ifndef LS_PORTAL_OPENINGS_H
#define LS_PORTAL_OPENINGS_H

#include "bundle/population.h"
#include "portal/facts.h"

/* An `open` act, or a file of it that everybody reads. */
typedef struct ls_opening_seen {
    uint64_t entry;
    uint32_t tranche; /* 0: single rows */
    bool is_public;   /* there is such a file, and it is here */
    bool holds;       /* it opens what was declared; of single rows as many as the act says */
    uint64_t rows, blank;
    ls_names audiences; /* whom its other files are for */
} ls_opening_seen;

typedef struct ls_row_seen {
    ls_population_row at;
    uint64_t entry;
    bool blank;
    const ls_bytes *values; /* one for each field; no pointer: not shown */
} ls_row_seen;

typedef struct ls_openings_seen {
    const ls_declared *declared; /* as the version of its accord has it, under which it was filed */
    size_t count;
    ls_opening_seen *opening;
    size_t row_count;
    ls_row_seen *row;
    uint64_t beyond; /* rows that are opened and not kept */
} ls_openings_seen;

/* most: how many rows are kept. */
ls_result ls_openings_see(ls_html *w, const ls_record_declaration *d, size_t most, ls_openings_seen *out);

/* The declaration that this act made, or NULL: none, or not by then. */
const ls_record_declaration *ls_declaration_seen(const ls_html *w, uint64_t entry);

#endif
