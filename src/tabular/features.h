/*
 * Inventories as GeoJSON (RFC 7946): one feature a row, and back.
 *
 * From a feature comes a row: its "id", or a property of that name, is the value of the id column; properties become
 * fields of the same names, numbers as the text that stands in the file, null as nothing; a Point becomes latitude and
 * longitude; any other geometry, and where there are no such columns a Point too, becomes compact GeoJSON in the
 * geometry column. Nothing is left out: what has no column is an error.
 *
 * To GeoJSON it is the same the other way round, all values as strings. A member "lockstep" of the collection names the
 * columns, so that the same table comes back.
 */
#ifndef LS_TABULAR_FEATURES_H
#define LS_TABULAR_FEATURES_H

#include "geo/geojson.h"
#include "tabular/tabular.h"

/* What is asked of the columns. */
typedef struct ls_features_form {
    ls_tabular_roles roles;  /* empty: what the file says, or "id", "latitude", "longitude", "geometry" */
    size_t column_count;     /* 0: as many as there are, in the order of the file's "lockstep", or as they come */
    const ls_bytes *columns; /* exactly these; roles that are none of them are not to be had */
} ls_features_form;

/* ls_fault_geojson if there are errors in d. */
ls_result ls_tabular_read_geojson(ls_bytes text, const ls_features_form *form, ls_tabular *out, ls_diagnostics *d);

/* What is not as it was: remarks for people. */
typedef struct ls_features_remarks {
    size_t no_place;  /* rows without coordinates: their geometry is null */
    size_t bad_place; /* rows whose coordinates are no decimal degrees: likewise, and the columns are properties */
    size_t respelt;   /* rows whose coordinates had a '+' or zeros in front, which JSON does not have */
} ls_features_remarks;

/* roles as from ls_tabular_guess_roles. ls_fault_geojson, with the row's line, if a geometry can't be read. */
ls_result ls_tabular_write_geojson(const ls_tabular *t, const ls_tabular_roles *roles, ls_buf *out,
                                   ls_features_remarks *remarks, ls_detail *detail);

/* The CSV that a declaration of this form reads, from GeoJSON. Errors as above. */
ls_result ls_features_declared(ls_bytes text, const ls_inventory_form *form, ls_buf *csv, ls_diagnostics *d);

#endif
