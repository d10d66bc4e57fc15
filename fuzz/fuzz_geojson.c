/* GeoJSON: geometries that are accepted say the same when they are written compactly and read again, and what a circle
 * contains it touches. */
#include "cover/cover.h"
#include "geo/geojson.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_circle(const ls_circle *circle, const ls_shape *shape)
{
    bool touched = ls_cover_shape(circle, LS_AREAS_TOUCH, shape);
    require(touched || !ls_cover_shape(circle, LS_AREAS_CONTAINED, shape));
}

/* Circles here and there, and one around what the shape itself has. */
static void check_covering(const ls_shape *shape)
{
    static const ls_circle circles[] = {
        {{0, 0}, LS_CIRCLE_MAX}, {{90 * LS_DEGREE, 0}, 1000}, {{39795600000, 125755000000}, 0}};
    for (size_t i = 0; i < sizeof circles / sizeof *circles; i++) {
        check_circle(&circles[i], shape);
    }
    if (shape->count > 0) {
        ls_circle own = {shape->paths[0].places[0], 0};
        require(ls_cover_shape(&own, LS_AREAS_TOUCH, shape));
        own.radius = 5000;
        check_circle(&own, shape);
    }
}

static ls_result check_feature(void *context, const ls_feature *f, ls_diagnostics *d)
{
    (void)context;
    (void)d;
    ls_arena arena = {0};
    ls_buf once = {0}, twice = {0};
    ls_shape first, again;
    ls_raw *node;
    if (f->geometry != NULL) {
        ls_geometry_write(f->geometry, &once);
        require(ls_succeeded(ls_raw_parse(&arena, ls_buf_bytes(&once), &node, NULL)));
        ls_geometry_write(node, &twice);
        require(ls_bytes_equal(ls_buf_bytes(&once), ls_buf_bytes(&twice)));
        bool shaped = ls_succeeded(ls_shape_of(&arena, f->geometry, &first, NULL));
        require(ls_succeeded(ls_shape_parse(&arena, ls_buf_bytes(&once), &again, NULL)) == shaped);
        if (shaped) {
            check_covering(&again);
        }
    }
    ls_buf_free(&once);
    ls_buf_free(&twice);
    ls_arena_free(&arena);
    return LS_SUCCESS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_diagnostics *d = ls_arena_alloc(&arena, sizeof *d);
    require(d != NULL);
    d->arena = &arena;
    const ls_raw *top = NULL;
    ls_result r =
        ls_geojson_read(&arena, ls_bytes_of(data, size), false, &(ls_feature_sink){check_feature, NULL}, d, &top);
    require(ls_succeeded(r) == (top != NULL) && ls_failed(r) == (d->errors > 0));
    for (size_t i = 0; i < d->count; i++) {
        require(d->item[i].mark.line > 0 && d->item[i].mark.column > 0);
    }
    ls_arena_free(&arena);
    return 0;
}
