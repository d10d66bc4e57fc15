/*
 * Covering: whether a challenge, a place and a radius, means a row of an inventory.
 *
 * - A point is covered if its distance, rounded to whole metres, is at most the radius.
 * - An area or line (any other shape) is covered if it *touches*: some point of it is within the radius, the inside of
 * a polygon (outer ring without its holes) included; or only if the radius *contains* all of it. The accord says which.
 * - A row that has no place is covered by every challenge or by none. The accord says which.
 *
 * Whether a place lies inside a polygon is decided in integers, exactly. The distance of an edge is found by halving it
 * until bounds decide (docs/decisions/0032-geometry.md), to within a millimetre. All functions are pure; none allocates
 * but ls_cover_row_decide.
 */
#ifndef LS_COVER_COVER_H
#define LS_COVER_COVER_H

#include "geo/shape.h"

#define LS_CIRCLE_MAX 1000000 /* metres */

typedef struct ls_circle {
    ls_place centre;
    uint32_t radius; /* metres, at most LS_CIRCLE_MAX */
} ls_circle;

/* What an accord says. */
typedef enum ls_cover_areas { LS_AREAS_TOUCH, LS_AREAS_CONTAINED } ls_cover_areas;
typedef enum ls_cover_placeless { LS_PLACELESS_NEVER, LS_PLACELESS_ALWAYS } ls_cover_placeless;

typedef struct ls_cover_rule {
    ls_cover_areas areas;
    ls_cover_placeless placeless;
} ls_cover_rule;

bool ls_cover_point(const ls_circle *circle, const ls_place *place);
/* A shape that only has points is covered if one of them is, or if all are. An empty shape never is. */
bool ls_cover_shape(const ls_circle *circle, ls_cover_areas areas, const ls_shape *shape);

/* What a row says of its place: values as they stand in it, empty where the declaration has no such column. */
typedef struct ls_cover_row {
    ls_bytes latitude, longitude; /* as ls_degrees_read reads them */
    ls_bytes geometry;            /* GeoJSON */
} ls_cover_row;

/* A geometry that can be read decides; otherwise latitude and longitude, if both can be read; otherwise the row has no
 * place. Fails only for lack of memory. */
ls_result ls_cover_row_decide(const ls_circle *circle, const ls_cover_rule *rule, const ls_cover_row *row,
                              bool *covered);

#endif
