/*
 * Shapes: the geometry of a row of an inventory, read from GeoJSON (RFC 7946, section 3.1).
 *
 * Between two positions an edge is straight in longitude and latitude, as RFC 7946 (3.1.1) has it, neither a geodesic
 * nor a rhumb line. An edge never crosses the antimeridian; shapes that do are cut there (3.1.9).
 */
#ifndef LS_GEO_SHAPE_H
#define LS_GEO_SHAPE_H

#include "geo/geometry.h"
#include "geo/place.h"

typedef enum ls_path_kind {
    LS_PATH_POINTS, /* each for itself */
    LS_PATH_LINE,
    LS_PATH_RING /* its last place is its first */
} ls_path_kind;

typedef struct ls_path {
    ls_path_kind kind;
    uint32_t polygon; /* of a ring; the rings of one polygon stand together, the first is its outer one */
    size_t count;     /* at least one; of lines two, of rings four */
    const ls_place *places;
} ls_path;

typedef struct ls_shape {
    size_t count; /* 0: nothing, as an empty collection is */
    const ls_path *paths;
} ls_shape;

#define LS_SHAPE_PLACES_MAX 100000 /* places of one shape */

/* Of a geometry object that was checked (ls_geometry_check). ls_fault_geojson, with its place, if a position lies out
 * of range or an edge goes the long way around the earth. All in the arena. */
ls_result ls_shape_of(ls_arena *arena, const ls_raw *geometry, ls_shape *out, ls_detail *detail);
/* Of the text of one geometry object. Also ls_fault_json. */
ls_result ls_shape_parse(ls_arena *arena, ls_bytes text, ls_shape *out, ls_detail *detail);

#endif
