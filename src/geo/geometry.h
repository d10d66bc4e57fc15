/*
 * Geometry objects (RFC 7946, section 3.1) in raw JSON: whether they are what they must be, and their compact
 * text.
 */
#ifndef LS_GEO_GEOMETRY_H
#define LS_GEO_GEOMETRY_H

#include "geo/raw.h"

typedef enum ls_geometry_kind {
    LS_GEOMETRY_POINT,
    LS_GEOMETRY_MULTI_POINT,
    LS_GEOMETRY_LINE_STRING,
    LS_GEOMETRY_MULTI_LINE_STRING,
    LS_GEOMETRY_POLYGON,
    LS_GEOMETRY_MULTI_POLYGON,
    LS_GEOMETRY_COLLECTION,
    LS_GEOMETRIES
} ls_geometry_kind;

typedef struct ls_geometry_form {
    const char *name; /* the value of "type" */
    unsigned levels;  /* of lists around a position */
    unsigned least;   /* positions of a path */
    bool ring;
} ls_geometry_form;

extern const ls_geometry_form ls_geometry_forms[LS_GEOMETRIES];

/* What RFC 7946 advises against and has readers put up with: counted, with the first place. */
typedef enum ls_tolerated_kind {
    LS_TOLERATED_WINDING,   /* a ring against the right-hand rule (3.1.6) */
    LS_TOLERATED_SINGLE,    /* a collection of one (3.1.8) */
    LS_TOLERATED_NESTED,    /* a collection in a collection (3.1.8) */
    LS_TOLERATED_PRECISION, /* more than nine decimals of a degree (11.2 would have six) */
    LS_TOLERATED_KINDS
} ls_tolerated_kind;

typedef struct ls_tolerated {
    size_t count[LS_TOLERATED_KINDS];
    ls_mark first[LS_TOLERATED_KINDS];
} ls_tolerated;

bool ls_geometry_box_valid(const ls_raw *box); /* a "bbox": four numbers, or six with altitudes */
/* Diagnoses everything that is wrong with a geometry object; true if nothing is. */
bool ls_geometry_check(const ls_raw *geometry, ls_tolerated *tolerated, ls_diagnostics *d);
/* A warning for each kind that was met. */
void ls_tolerated_warn(const ls_tolerated *tolerated, ls_diagnostics *d);

/* The rest is for geometries that were checked. */
ls_geometry_kind ls_geometry_kind_of(const ls_raw *geometry);
/* Goes through a geometry and, of a collection, all that it holds, before their contents; NULL at the end. Begin with
 * the geometry itself. */
const ls_raw *ls_geometry_next(const ls_raw *top, const ls_raw *geometry);
/* Compact: no white space, "type" first, no other members than those of RFC 7946 without "bbox"; numbers as they stand.
 */
void ls_geometry_write(const ls_raw *geometry, ls_buf *out);

#endif
