/*
 * GeoJSON (RFC 7946) in: one document, feature after feature, so that memory does not grow with their number.
 *
 * A document is a FeatureCollection, a Feature or a geometry. Everything that is wrong is diagnosed with its place, and
 * what RFC 7946 only advises against is warned of (geo/geometry.h). Coordinates and numbers are given as the text that
 * stands in the file. Refused is also a "crs" that is not WGS84, as RFC 7946 (section 4) has no other.
 */
#ifndef LS_GEO_GEOJSON_H
#define LS_GEO_GEOJSON_H

#include "geo/geometry.h"

#define LS_GEOJSON_MAX (UINT64_C(1) << 30) /* bytes of a document */
#define LS_GEOJSON_MEMBERS_MAX 64          /* members of a FeatureCollection itself */

extern const ls_fault ls_fault_geojson; /* usage: not the GeoJSON that Lockstep accepts */

typedef struct ls_feature {
    ls_mark mark;
    const ls_raw *id;         /* a string or a number, or NULL */
    const ls_raw *geometry;   /* checked (ls_geometry_check); NULL: none */
    const ls_raw *properties; /* an object, or NULL */
    const ls_raw *foreign;    /* the first member that RFC 7946 does not name, or NULL */
} ls_feature;

/* Gets each feature; its nodes are valid until it returns. It may diagnose; what it fails with ends the reading. */
typedef struct ls_feature_sink {
    ls_result (*feature)(void *context, const ls_feature *feature, ls_diagnostics *d);
    void *context;
} ls_feature_sink;

/* Reads all of text. ls_fault_geojson if there are errors in d; features before them were given to the sink all the
 * same. *top, in the arena, is the outermost object without its features. again: this very text was read before, and
 * without a failure; then it goes quicker. */
ls_result ls_geojson_read(ls_arena *arena, ls_bytes text, bool again, const ls_feature_sink *sink, ls_diagnostics *d,
                          const ls_raw **top);

/* The first error of d as a detail (which may be NULL). */
ls_result ls_geojson_fail(const ls_diagnostics *d, ls_detail *detail);

#endif
