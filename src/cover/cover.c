/* Covering: points by their distance; shapes by their edges, and by what lies inside. */
#include "cover/cover.h"
#include "cover/distance.h"
#include "cover/edge.h"

bool ls_cover_point(const ls_circle *circle, const ls_place *place)
{
    return ls_place_distance(&circle->centre, place) <= circle->radius;
}

__extension__ typedef __int128 wide; /* products of differences of longitude and latitude have 78 bits */

/* Whether the way north from the place crosses the edge. Its western end belongs to an edge and its eastern one does
 * not, so that a corner counts once. */
static bool is_below(const ls_place *p, const ls_place *a, const ls_place *b)
{
    const ls_place *west = a->longitude < b->longitude ? a : b, *east = west == a ? b : a;
    if (p->longitude < west->longitude || p->longitude >= east->longitude) {
        return false;
    }
    wide rise = (wide)(east->latitude - west->latitude) * (p->longitude - west->longitude);
    return (wide)(p->latitude - west->latitude) * (east->longitude - west->longitude) < rise;
}

/* An odd number of crossings with the rings of one polygon: inside the outer one and in no hole. Where it is not the
 * boundary itself, whose distance is zero anyway. */
static bool is_inside(const ls_shape *shape, const ls_place *p)
{
    bool inside = false;
    for (size_t i = 0; i < shape->count; i++) {
        const ls_path *path = &shape->paths[i];
        if (path->kind != LS_PATH_RING) {
            continue;
        }
        for (size_t k = 1; k < path->count; k++) {
            inside ^= is_below(p, &path->places[k - 1], &path->places[k]);
        }
        bool last = i + 1 == shape->count || shape->paths[i + 1].kind != LS_PATH_RING ||
                    shape->paths[i + 1].polygon != path->polygon;
        if (last && inside) {
            return true;
        }
    }
    return false;
}

/* Whether the circle touches the path, or contains it: each of its edges, or of its points. */
static bool path_touches(const ls_disc *disc, const ls_path *path)
{
    ls_edge edge = ls_edge_begin(disc, &path->places[0]);
    bool touches = ls_edge_end_within(disc, &edge);
    for (size_t k = 1; k < path->count && !touches; k++) {
        edge = ls_edge_next(disc, &edge, &path->places[k]);
        touches = path->kind == LS_PATH_POINTS ? ls_edge_end_within(disc, &edge) : ls_edge_touches(disc, &edge);
    }
    return touches;
}

static bool path_contained(const ls_disc *disc, const ls_path *path)
{
    ls_edge edge = ls_edge_begin(disc, &path->places[0]);
    bool contained = ls_edge_end_within(disc, &edge);
    for (size_t k = 1; k < path->count && contained; k++) {
        edge = ls_edge_next(disc, &edge, &path->places[k]);
        contained = path->kind == LS_PATH_POINTS ? ls_edge_end_within(disc, &edge) : ls_edge_contained(disc, &edge);
    }
    return contained;
}

/* To be contained is a matter of the edges alone: a polygon whose edges lie in the circle and that does not would hold
 * the antipode of the centre, and so cross the meridian between that and the pole nearer to it, all of which is a
 * quarter of the way round the earth away, or more. */
bool ls_cover_shape(const ls_circle *circle, ls_cover_areas areas, const ls_shape *shape)
{
    ls_disc disc = ls_disc_of(circle);
    bool touch = areas == LS_AREAS_TOUCH;
    if (touch && is_inside(shape, &circle->centre)) {
        return true;
    }
    for (size_t i = 0; i < shape->count; i++) {
        if (touch && path_touches(&disc, &shape->paths[i])) {
            return true;
        }
        if (!touch && !path_contained(&disc, &shape->paths[i])) {
            return false;
        }
    }
    return !touch && shape->count > 0;
}

/* A point, if both can be read. */
static bool read_point(const ls_cover_row *row, ls_place *out)
{
    return ls_degrees_read(row->latitude, LS_LATITUDE_MAX, &out->latitude) &&
           ls_degrees_read(row->longitude, LS_LONGITUDE_MAX, &out->longitude);
}

ls_result ls_cover_row_decide(const ls_circle *circle, const ls_cover_rule *rule, const ls_cover_row *row,
                              bool *covered)
{
    ls_arena arena = {0};
    ls_shape shape = {0};
    ls_place point;
    ls_result r = row->geometry.len > 0 ? ls_shape_parse(&arena, row->geometry, &shape, NULL) : LS_SUCCESS;
    if (r.fault != &ls_fault_memory) {
        *covered = shape.count > 0           ? ls_cover_shape(circle, rule->areas, &shape)
                   : read_point(row, &point) ? ls_cover_point(circle, &point)
                                             : rule->placeless == LS_PLACELESS_ALWAYS;
        r = LS_SUCCESS;
    }
    ls_arena_free(&arena);
    return r;
}
