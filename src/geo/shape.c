/* From a geometry object to places: within their ranges, and with edges that say where they go. */
#include "geo/shape.h"
#include "geo/geojson.h"

/* One making of one shape. */
typedef struct making {
    ls_arena *arena;
    ls_path *paths;
    size_t count, places;
    uint32_t polygon;
    ls_detail *detail;
} making;

static ls_result fail_at(making *m, const ls_raw *node, const char *hint, const char *text)
{
    if (m->detail != NULL) {
        m->detail->line = node->mark.line;
        m->detail->column = node->mark.column;
    }
    if (hint != NULL) {
        ls_hint(m->detail, "%s", hint);
    }
    return ls_fail_with(&ls_fault_geojson, m->detail, "%s", text);
}

static ls_result make_place(making *m, const ls_raw *position, ls_place *out)
{
    const ls_raw *longitude = position->first, *latitude = longitude->next;
    int64_t units;
    if (!ls_degrees_read_json(latitude->text, LS_LATITUDE_MAX, &out->latitude)) {
        bool turned = ls_degrees_read_json(longitude->text, LS_LATITUDE_MAX, &units) &&
                      ls_degrees_read_json(latitude->text, LS_LONGITUDE_MAX, &units);
        return fail_at(m, latitude, turned ? "GeoJSON has longitude first: [longitude, latitude]" : NULL,
                       "a latitude beyond 90 degrees");
    }
    if (!ls_degrees_read_json(longitude->text, LS_LONGITUDE_MAX, &out->longitude)) {
        return fail_at(m, longitude, "degrees on WGS84; are these metres of some projection?",
                       "a longitude beyond 180 degrees");
    }
    return LS_SUCCESS;
}

/* An edge goes straight in longitude and latitude: nearly all around the earth, if what was meant crosses the
 * antimeridian. Along a pole and all the way around it may. */
static bool is_long_way(const ls_place *a, const ls_place *b)
{
    const int64_t half = LS_LONGITUDE_MAX * LS_DEGREE, pole = LS_LATITUDE_MAX * LS_DEGREE;
    int64_t span = a->longitude < b->longitude ? b->longitude - a->longitude : a->longitude - b->longitude;
    return span > half && span < 2 * half &&
           !(a->latitude == b->latitude && (a->latitude == pole || a->latitude == -pole));
}

static ls_result make_path(making *m, const ls_raw *list, const ls_geometry_form *form)
{
    ls_path_kind kind = form->ring ? LS_PATH_RING : form->least > 0 ? LS_PATH_LINE : LS_PATH_POINTS;
    ls_place *places = ls_arena_array(m->arena, list->count, sizeof *places);
    size_t count = 0;
    if (places == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (const ls_raw *n = list->first; n != NULL; n = n->next, count++) {
        LS_TRY(make_place(m, n, &places[count]));
        if (count > 0 && kind != LS_PATH_POINTS && is_long_way(&places[count - 1], &places[count])) {
            return fail_at(m, n, "cut it at the antimeridian (RFC 7946, 3.1.9)",
                           "this edge spans more than 180 degrees of longitude");
        }
    }
    m->paths[m->count++] = (ls_path){kind, m->polygon, count, places};
    return LS_SUCCESS;
}

/* A point is a path of its own. */
static ls_result make_point(making *m, const ls_raw *position)
{
    ls_place *place = ls_arena_alloc(m->arena, sizeof *place);
    if (place == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(make_place(m, position, place));
    m->paths[m->count++] = (ls_path){LS_PATH_POINTS, 0, 1, place};
    return LS_SUCCESS;
}

/* The lists of positions of one geometry, one after the other; NULL at the end. Begin with NULL. */
static const ls_raw *next_path(const ls_raw *coordinates, unsigned levels, const ls_raw *path)
{
    if (levels == 1) {
        return path == NULL && coordinates->count > 0 ? coordinates : NULL;
    }
    if (levels == 2) {
        return path == NULL ? coordinates->first : path->next;
    }
    if (path != NULL && path->next != NULL) {
        return path->next;
    }
    const ls_raw *polygon = path == NULL ? coordinates->first : path->parent->next;
    while (polygon != NULL && polygon->first == NULL) {
        polygon = polygon->next;
    }
    return polygon == NULL ? NULL : polygon->first;
}

static ls_result make_paths(making *m, const ls_raw *geometry)
{
    const ls_geometry_form *form = &ls_geometry_forms[ls_geometry_kind_of(geometry)];
    const ls_raw *coordinates = ls_raw_get(geometry, "coordinates"), *polygon = NULL;
    if (form->levels == 0) {
        return make_point(m, coordinates);
    }
    for (const ls_raw *path = NULL; (path = next_path(coordinates, form->levels, path)) != NULL;) {
        m->polygon += path->parent != polygon ? 1 : 0;
        polygon = path->parent;
        LS_TRY(make_path(m, path, form));
    }
    return LS_SUCCESS;
}

/* How many paths there are to come; and whether the places are too many. */
static size_t count_paths(making *m, const ls_raw *geometry)
{
    size_t count = 0;
    for (const ls_raw *g = geometry; g != NULL; g = ls_geometry_next(geometry, g)) {
        ls_geometry_kind kind = ls_geometry_kind_of(g);
        unsigned levels = ls_geometry_forms[kind].levels;
        if (levels == 0) {
            count += kind == LS_GEOMETRY_POINT ? 1 : 0;
            m->places += kind == LS_GEOMETRY_POINT ? 1 : 0;
            continue;
        }
        for (const ls_raw *path = NULL; (path = next_path(ls_raw_get(g, "coordinates"), levels, path)) != NULL;) {
            count++;
            m->places += path->count;
        }
    }
    return count;
}

ls_result ls_shape_of(ls_arena *arena, const ls_raw *geometry, ls_shape *out, ls_detail *detail)
{
    making m = {.arena = arena, .detail = detail};
    size_t count = count_paths(&m, geometry);
    if (m.places > LS_SHAPE_PLACES_MAX) {
        return fail_at(&m, geometry, "simplify it: half of the corners show it as well",
                       "a shape of more than 100000 positions");
    }
    m.paths = ls_arena_array(arena, count, sizeof *m.paths);
    if (m.paths == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (const ls_raw *g = geometry; g != NULL; g = ls_geometry_next(geometry, g)) {
        if (ls_geometry_kind_of(g) != LS_GEOMETRY_COLLECTION) {
            LS_TRY(make_paths(&m, g));
        }
    }
    *out = (ls_shape){m.count, m.paths};
    return LS_SUCCESS;
}

ls_result ls_shape_parse(ls_arena *arena, ls_bytes text, ls_shape *out, ls_detail *detail)
{
    ls_diagnostics *d = ls_arena_alloc(arena, sizeof *d);
    ls_tolerated tolerated = {0};
    ls_raw *geometry;
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = arena;
    LS_TRY(ls_raw_parse(arena, text, &geometry, detail));
    if (!ls_geometry_check(geometry, &tolerated, d)) {
        return ls_geojson_fail(d, detail);
    }
    return ls_shape_of(arena, geometry, out, detail);
}
