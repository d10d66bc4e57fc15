/*
 * Tables of text: whole inventories in memory, from CSV or GeoJSON, to be converted, compared and added up. Values are
 * byte strings exactly as unquoted from the CSV, or as they stand in the GeoJSON.
 *
 * A table may be secret: what it holds of its own is wiped when it is freed.
 */
#ifndef LS_TABULAR_TABULAR_H
#define LS_TABULAR_TABULAR_H

#include "base/value.h"
#include "escrow/inventory.h"

extern const ls_fault ls_fault_table; /* usage: the table does not have what is asked of it */

typedef struct ls_tabular_cell {
    uint64_t at; /* in the text, or in what the table holds itself */
    uint32_t len;
    bool own;
} ls_tabular_cell;

typedef struct ls_tabular {
    ls_bytes text; /* the caller's; must stay unchanged */
    ls_buf own;
    size_t column_count;
    ls_bytes *columns; /* their names, all different, none empty */
    size_t row_count, row_capacity;
    ls_tabular_cell *cells; /* row after row */
    unsigned *lines;        /* where each row begins in the text, from 1 */
    ls_arena arena;
} ls_tabular;

/* All start with a zeroed table ({0}), which is to be freed even after a failure. */

/* A header and at least no rows. Like an inventory, but for what only a declaration asks: ls_fault_csv with its place.
 */
ls_result ls_tabular_read_csv(ls_bytes text, ls_tabular *out, ls_detail *detail);
/* The strictest CSV: commas, LF, quotes only where they are needed. */
void ls_tabular_write_csv(const ls_tabular *t, ls_buf *out);

ls_bytes ls_tabular_at(const ls_tabular *t, size_t row, size_t column);
/* False if there is no such column. */
bool ls_tabular_column(const ls_tabular *t, ls_bytes name, size_t *out);
/* The same, with ls_fault_table and the nearest name as the hint. */
ls_result ls_tabular_find(const ls_tabular *t, ls_bytes name, size_t *out, ls_detail *detail);
void ls_tabular_free(ls_tabular *t);

/* For those who make tables. Columns first, then rows. */
ls_result ls_tabular_add_row(ls_tabular *t, unsigned line); /* of empty values */
/* Sets a value; what does not lie in the text is copied. */
ls_result ls_tabular_set(ls_tabular *t, size_t row, size_t column, ls_bytes value);

/* Which columns mean something: names, empty where there is no such column. */
typedef struct ls_tabular_roles {
    ls_bytes id, latitude, longitude, geometry;
} ls_tabular_roles;

/* Fills in what is empty, from columns whose names are usual for it: "id"; "latitude" or "lat"; "longitude", "lon",
 * "lng" or "long"; "geometry", all in any case. Latitude and longitude both or neither. */
void ls_tabular_guess_roles(const ls_tabular *t, ls_tabular_roles *roles);

#endif
