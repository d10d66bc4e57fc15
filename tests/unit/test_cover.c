/* Covering: cases that one can see, and random shapes against many points along their edges, whose distances come from
 * Vincenty's formulas. */
#include "cover/cover.h"
#include "vectors.h"
#include "vincenty.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static ls_place at(double latitude, double longitude)
{
    return (ls_place){llround(latitude * 1e9), llround(longitude * 1e9)};
}

static ls_circle circle(double latitude, double longitude, uint32_t radius)
{
    return (ls_circle){at(latitude, longitude), radius};
}

/* ---- points ---- */

/* On the equator a degree of longitude has 111319.4908 m, near it one of latitude 110574.3886 m (NGA.STND.0036). */
static void points(void **state)
{
    (void)state;
    static const struct {
        double latitude, longitude;
        uint32_t radius;
        bool covered;
    } cases[] = {
        {0, 1, 111319, true},    {0, 1, 111318, false},
        {0, -1, 111319, true},   {0, 0, 0, true},
        {0, 0.000004, 0, true}, /* 0.445 m is 0 m */
        {0, 0.000005, 0, false}, /* 0.557 m is 1 m */ {0, 0.000005, 1, true},
        {1, 0, 110574, true},    {1, 0, 110573, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ls_circle c = circle(0, 0, cases[i].radius);
        ls_place p = at(cases[i].latitude, cases[i].longitude);
        assert_int_equal(ls_cover_point(&c, &p), cases[i].covered);
    }
    ls_circle c = circle(10, 180, 1000);
    ls_place p = at(10, -179.995);
    assert_true(ls_cover_point(&c, &p));
}

/* ---- shapes that one can see ---- */

#define RING(id, places)                                                                                               \
    {                                                                                                                  \
        LS_PATH_RING, id, COUNT(places), places                                                                        \
    }
#define D LS_DEGREE

static const ls_place square[] = {{-D, -D}, {-D, D}, {D, D}, {D, -D}, {-D, -D}};
static const ls_place hole[] = {{-D / 2, -D / 2}, {D / 2, -D / 2}, {D / 2, D / 2}, {-D / 2, D / 2}, {-D / 2, -D / 2}};
static const ls_place island[] = {{-D / 4, -D / 4}, {-D / 4, D / 4}, {D / 4, D / 4}, {D / 4, -D / 4}, {-D / 4, -D / 4}};

static bool covers(const ls_circle *c, ls_cover_areas areas, const ls_path *paths, size_t count)
{
    return ls_cover_shape(c, areas, &(ls_shape){count, paths});
}

static void insides(void **state)
{
    (void)state;
    const ls_path with_hole[] = {RING(0, square), RING(0, hole)};
    const ls_path with_island[] = {RING(0, square), RING(0, hole), RING(1, island)};
    const ls_path one_above_other[] = {RING(0, square), RING(1, square)};
    const ls_circle middle = circle(0, 0, 100), in_hole = circle(0.4, 0.4, 100), in_ring = circle(0.7, 0.1, 100);
    assert_true(covers(&middle, LS_AREAS_TOUCH, with_hole, 1));
    assert_false(covers(&middle, LS_AREAS_TOUCH, with_hole, 2));
    assert_true(covers(&middle, LS_AREAS_TOUCH, with_island, 3));
    assert_false(covers(&in_hole, LS_AREAS_TOUCH, with_island, 3));
    assert_true(covers(&in_ring, LS_AREAS_TOUCH, with_hole, 2));
    /* Two polygons in one place are no hole in each other. */
    assert_true(covers(&middle, LS_AREAS_TOUCH, one_above_other, 2));
    /* The hole's edge is 55.6 km away along the equator and 55.3 km along the meridian. */
    const ls_circle wide = circle(0, 0, 55288), less = circle(0, 0, 55286);
    assert_true(covers(&wide, LS_AREAS_TOUCH, with_hole, 2));
    assert_false(covers(&less, LS_AREAS_TOUCH, with_hole, 2));
    /* In line with corners and along edges. */
    const ls_circle west = circle(1, -2, 1000), south = circle(-2, -1, 1000), corner = circle(1, 1, 0);
    assert_false(covers(&west, LS_AREAS_TOUCH, with_hole, 1));
    assert_false(covers(&south, LS_AREAS_TOUCH, with_hole, 1));
    assert_true(covers(&corner, LS_AREAS_TOUCH, with_hole, 1));
}

static void contained(void **state)
{
    (void)state;
    const ls_path path[] = {RING(0, square)};
    /* The corners are 156,899.57 m from the middle, by Vincenty. */
    double metres = 0;
    assert_true(vincenty(0, 0, 1, 1, &metres));
    uint32_t corner = (uint32_t)llround(metres);
    const ls_circle whole = circle(0, 0, corner), less = circle(0, 0, corner - 1);
    assert_true(covers(&whole, LS_AREAS_CONTAINED, path, 1));
    assert_false(covers(&less, LS_AREAS_CONTAINED, path, 1));
    /* All of the earth but a square: its edges lie within the circle, and it does not. */
    static const ls_place world[] = {
        {-90 * D, -180 * D}, {-90 * D, 180 * D}, {90 * D, 180 * D}, {90 * D, -180 * D}, {-90 * D, -180 * D}};
    const ls_path rest[] = {RING(0, world), RING(0, square)};
    assert_false(covers(&whole, LS_AREAS_CONTAINED, rest, 2));
    assert_false(covers(&whole, LS_AREAS_CONTAINED, path, 0));
    assert_false(covers(&whole, LS_AREAS_TOUCH, path, 0));
}

/* All of the earth but what lies within a circle around the pole. */
static void complement(void **state)
{
    (void)state;
    static const ls_place band[] = {
        {-90 * D, -180 * D}, {-90 * D, 180 * D}, {89 * D, 180 * D}, {89 * D, -180 * D}, {-90 * D, -180 * D}};
    const ls_path cap[] = {RING(0, band)};
    const ls_circle pole = circle(90, 0, 200000);
    /* Its northern edge is within; its sides along the antimeridian are not. */
    assert_false(covers(&pole, LS_AREAS_CONTAINED, cap, 1));
    assert_true(covers(&pole, LS_AREAS_TOUCH, cap, 1));
}

/* An edge along a parallel is no geodesic: between its ends it lies on the equator's side of one. */
static void parallels(void **state)
{
    (void)state;
    static const ls_place line[] = {{60 * D, -10 * D}, {60 * D, 10 * D}};
    const ls_path path[] = {{LS_PATH_LINE, 0, 2, line}};
    double metres = 0, end = 0;
    assert_true(vincenty(62, 0, 60, 0, &metres) && vincenty(62, 0, 60, 10, &end));
    ls_circle near = circle(62, 0, (uint32_t)llround(metres)), less = circle(62, 0, (uint32_t)llround(metres) - 1);
    assert_true(covers(&near, LS_AREAS_TOUCH, path, 1));
    assert_false(covers(&less, LS_AREAS_TOUCH, path, 1));
    /* Seen from the pole, all of it is equally far; from the south, its middle is nearest, too. */
    ls_circle whole = circle(62, 0, (uint32_t)llround(end));
    ls_circle part = circle(62, 0, (uint32_t)llround(end) - 1);
    assert_true(covers(&whole, LS_AREAS_CONTAINED, path, 1));
    assert_false(covers(&part, LS_AREAS_CONTAINED, path, 1));
}

/* From just south of the pole a parallel bulges away between two of its places. */
static void farthest_between_ends(void **state)
{
    (void)state;
    static const ls_place line[] = {{89 * D, 90 * D}, {89 * D, 180 * D}};
    const ls_path path[] = {{LS_PATH_LINE, 0, 2, line}};
    double end = 0, middle = 0;
    assert_true(vincenty(89.9, -45, 89, 90, &end) && vincenty(89.9, -45, 89, 135, &middle) && middle > end + 1000);
    ls_circle ends = circle(89.9, -45, (uint32_t)llround(end) + 10), all = circle(89.9, -45, (uint32_t)llround(middle));
    ls_circle less = circle(89.9, -45, (uint32_t)llround(middle) - 1);
    assert_false(covers(&ends, LS_AREAS_CONTAINED, path, 1));
    assert_true(covers(&all, LS_AREAS_CONTAINED, path, 1));
    assert_false(covers(&less, LS_AREAS_CONTAINED, path, 1));
}

static void antimeridian(void **state)
{
    (void)state;
    /* Cut in two, as RFC 7946 has it. */
    static const ls_place east[] = {{0, 179 * D}, {0, 180 * D}, {D, 180 * D}, {D, 179 * D}, {0, 179 * D}};
    static const ls_place west[] = {{0, -180 * D}, {0, -179 * D}, {D, -179 * D}, {D, -180 * D}, {0, -180 * D}};
    const ls_path both[] = {RING(0, east), RING(1, west)};
    const ls_circle c[] = {circle(0.5, 179.5, 10), circle(0.5, -179.5, 10), circle(0.5, 180, 10),
                           circle(0.5, -180, 10)};
    for (size_t i = 0; i < COUNT(c); i++) {
        assert_true(covers(&c[i], LS_AREAS_TOUCH, both, 2));
    }
    const ls_circle beyond = circle(0.5, -178.9, 12000), short_of = circle(0.5, -178.9, 11000);
    assert_true(covers(&beyond, LS_AREAS_TOUCH, both, 2));
    assert_false(covers(&short_of, LS_AREAS_TOUCH, both, 2));
    const ls_circle all = circle(0.5, 180, 200000);
    assert_true(covers(&all, LS_AREAS_CONTAINED, both, 2));
}

static void poles(void **state)
{
    (void)state;
    static const ls_place cap[] = {
        {-90 * D, -180 * D}, {-90 * D, 180 * D}, {-80 * D, 180 * D}, {-80 * D, -180 * D}, {-90 * D, -180 * D}};
    const ls_path path[] = {RING(0, cap)};
    const ls_circle pole = circle(-90, 0, 10), inside = circle(-85, 77, 10), outside = circle(-79, 77, 100000);
    const ls_circle reaching = circle(-79, 77, 112000), whole = circle(-90, 5, 1000000);
    assert_true(covers(&pole, LS_AREAS_TOUCH, path, 1));
    assert_true(covers(&inside, LS_AREAS_TOUCH, path, 1));
    assert_false(covers(&outside, LS_AREAS_TOUCH, path, 1));
    assert_true(covers(&reaching, LS_AREAS_TOUCH, path, 1));
    /* A tenth of a meridian's quarter is 1,116 km here: too far for the limit of a radius. */
    assert_false(covers(&whole, LS_AREAS_CONTAINED, path, 1));
}

static void sets_of_points(void **state)
{
    (void)state;
    static const ls_place places[] = {{0, 0}, {0, D}, {0, 2 * D}};
    const ls_path path[] = {{LS_PATH_POINTS, 0, COUNT(places), places}};
    const ls_circle some = circle(0, 2, 100), between = circle(0, 0.5, 1000), all = circle(0, 1, 111320);
    assert_true(covers(&some, LS_AREAS_TOUCH, path, 1));
    assert_false(covers(&some, LS_AREAS_CONTAINED, path, 1));
    assert_false(covers(&between, LS_AREAS_TOUCH, path, 1));
    assert_true(covers(&all, LS_AREAS_CONTAINED, path, 1));
}

/* ---- random shapes ---- */

#define CORNERS 7
#define SAMPLES 400

static double between(double low, double high)
{
    return low + (high - low) * (double)rand() / RAND_MAX;
}

/* The least and the greatest distance of many places along the ring, and the longest step between two of them. */
typedef struct seen {
    double nearest, farthest, step;
} seen;

static bool look(const ls_circle *c, const ls_place *ring, size_t count, seen *out)
{
    *out = (seen){INFINITY, 0, 0};
    double latitude = (double)c->centre.latitude / 1e9, longitude = (double)c->centre.longitude / 1e9;
    for (size_t k = 1; k < count; k++) {
        double before_lat = 0, before_lon = 0;
        for (int i = 0; i <= SAMPLES; i++) {
            double t = (double)i / SAMPLES, metres, step;
            double lat = ((double)ring[k - 1].latitude * (1 - t) + (double)ring[k].latitude * t) / 1e9;
            double lon = ((double)ring[k - 1].longitude * (1 - t) + (double)ring[k].longitude * t) / 1e9;
            if (!vincenty(latitude, longitude, lat, lon, &metres) ||
                (i > 0 && !vincenty(before_lat, before_lon, lat, lon, &step))) {
                return false;
            }
            out->nearest = fmin(out->nearest, metres);
            out->farthest = fmax(out->farthest, metres);
            out->step = i > 0 ? fmax(out->step, step) : out->step;
            before_lat = lat;
            before_lon = lon;
        }
    }
    return true;
}

/* By the sum of angles, in floating point: another way than counting crossings. */
static bool winds_around(const ls_place *ring, size_t count, const ls_place *p)
{
    double sum = 0;
    for (size_t k = 1; k < count; k++) {
        double y0 = (double)(ring[k - 1].latitude - p->latitude), x0 = (double)(ring[k - 1].longitude - p->longitude);
        double y1 = (double)(ring[k].latitude - p->latitude), x1 = (double)(ring[k].longitude - p->longitude);
        sum += atan2(x0 * y1 - x1 * y0, x0 * x1 + y0 * y1);
    }
    return fabs(sum) > 1;
}

/* A star around a middle, so that it has no crossings of its own. */
static void star(ls_place *ring, ls_place middle, double size)
{
    for (size_t k = 0; k < CORNERS; k++) {
        double angle = 2 * M_PI * ((double)k + between(-0.4, 0.4)) / CORNERS, far = between(0.2, 1) * size;
        ring[k] =
            at((double)middle.latitude / 1e9 + far * sin(angle), (double)middle.longitude / 1e9 + far * cos(angle));
    }
    ring[CORNERS] = ring[0];
}

static void random_shapes(void **state)
{
    (void)state;
    srand(7946);
    int touching = 0, apart = 0, within = 0, beyond = 0;
    for (int i = 0; i < 1000; i++) {
        double size = pow(10, between(-3, 1)), latitude = between(-89, 89);
        size = fmin(size, 90 - fabs(latitude));
        ls_place ring[CORNERS + 1], middle = at(latitude, between(-169, 169));
        star(ring, middle, size);
        ls_circle c = circle(fmax(-90, fmin(90, latitude + 2 * size * between(-1, 1))),
                             (double)middle.longitude / 1e9 + fmin(10, 2 * size) * between(-1, 1), 0);
        seen s;
        if (!look(&c, ring, CORNERS + 1, &s) || s.farthest > LS_CIRCLE_MAX) {
            continue;
        }
        /* The radius is chosen where it is close. */
        double aim = i % 2 == 0 ? s.nearest : s.farthest, slack = s.step / 2 + 0.501;
        c.radius = (uint32_t)fmax(0, llround(aim + 3 * (s.step + 1) * between(-1, 1)));
        const ls_path path[] = {{LS_PATH_RING, 0, CORNERS + 1, ring}};
        bool inside = winds_around(ring, CORNERS + 1, &c.centre);
        bool touch = covers(&c, LS_AREAS_TOUCH, path, 1), contain = covers(&c, LS_AREAS_CONTAINED, path, 1);
        if (inside || s.nearest < c.radius + 0.499) {
            assert_true(touch);
            touching++;
        } else if (s.nearest - slack > c.radius) {
            assert_false(touch);
            apart++;
        }
        if (s.farthest > c.radius + 0.501) {
            assert_false(contain);
            beyond++;
        } else if (s.farthest + slack < c.radius) {
            assert_true(contain);
            within++;
        }
    }
    assert_true(touching > 150 && apart > 150 && within > 50 && beyond > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points),        cmocka_unit_test(insides),   cmocka_unit_test(contained),
        cmocka_unit_test(complement),    cmocka_unit_test(parallels), cmocka_unit_test(farthest_between_ends),
        cmocka_unit_test(antimeridian),  cmocka_unit_test(poles),     cmocka_unit_test(sets_of_points),
        cmocka_unit_test(random_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
