/*
 * How near an edge comes, and how far it goes: it is halved until bounds decide.
 *
 * Along a piece of length l whose ends have the distances d and e from the centre, the distance is a function f of the
 * way with
 *
 *   (d + e - l) / 2 <= f <= (d + e + l) / 2                      the inequality of the triangle
 *   min(d, e) - B l²/8 <= f <= max(d, e) + C l²/8                 if f'' <= B and f'' >= -C
 *
 * f'' is what a geodesic has, between 0 (up to a quarter of the way round the earth) and 1 / f, and what the edge's own
 * curvature adds or takes, at most c. On a sphere of radius R a line that is straight in longitude and latitude has the
 * geodesic curvature tan(latitude) sin(a) (1 + cos²(a)) / R at the azimuth a, at most 1.089 tan(latitude) / R. So
 * B = 1 / f + c and C = c. The first pair decides long pieces, the second short ones; the number of pieces grows
 * with the logarithm of how close a call it is.
 */
#include "cover/edge.h"
#include <math.h>

#define SHORT 0.001   /* metres: pieces are not halved any further */
#define DEPTH 48      /* halves left over at a time: half of the earth's circumference in pieces of less than that */
#define QUARTER 9.9e6 /* metres, less than any quarter of the way round */
#define RADIANS (M_PI / 180)
#define MERIDIAN_RADIUS 6399594.0 /* metres: the greatest radius of curvature of WGS84, a²/b */
#define SMALLEST_RADIUS 6335439.0 /* the smallest, b²/a */
#define BEND 1.1                  /* 1.089, and what the ellipsoid differs from a sphere */

ls_disc ls_disc_of(const ls_circle *circle)
{
    ls_disc disc = {.metres = circle->radius + 0.5};
    ls_metres_from(&circle->centre, &disc.from);
    return disc;
}

static ls_edge_end end_at(const ls_disc *disc, double latitude, double longitude)
{
    return (ls_edge_end){latitude, longitude, ls_metres_to(&disc->from, latitude, longitude)};
}

static ls_edge_end end_of(const ls_disc *disc, const ls_place *place)
{
    return end_at(disc, ls_degrees_double(place->latitude), ls_degrees_double(place->longitude));
}

ls_edge ls_edge_begin(const ls_disc *disc, const ls_place *place)
{
    ls_edge_end end = end_of(disc, place);
    return (ls_edge){end, end};
}

ls_edge ls_edge_next(const ls_disc *disc, const ls_edge *before, const ls_place *place)
{
    return (ls_edge){before->to, end_of(disc, place)};
}

bool ls_edge_end_within(const ls_disc *disc, const ls_edge *edge)
{
    return edge->to.distance < disc->metres;
}

/* What is certain of a piece. */
typedef struct bounds {
    double length, nearest, farthest;
} bounds;

/* The length is that of a piece on a sphere with the greatest radius, at its latitude nearest to the equator. */
static bounds bounds_of(const ls_edge *e)
{
    double low = e->from.latitude * e->to.latitude <= 0 ? 0 : fmin(fabs(e->from.latitude), fabs(e->to.latitude));
    double high = fmax(fabs(e->from.latitude), fabs(e->to.latitude));
    double north = (e->to.latitude - e->from.latitude) * RADIANS;
    double east = (e->to.longitude - e->from.longitude) * RADIANS * cos(low * RADIANS);
    double length = MERIDIAN_RADIUS * hypot(north, east), both = e->from.distance + e->to.distance;
    bounds b = {length, fmax(0, (both - length) / 2), (both + length) / 2};
    double bend = BEND * tan(high * RADIANS) / SMALLEST_RADIUS, square = length * length / 8;
    if (b.nearest > 0) {
        b.nearest = fmax(b.nearest, fmin(e->from.distance, e->to.distance) - (1 / b.nearest + bend) * square);
    }
    if (b.farthest < QUARTER) {
        b.farthest = fmin(b.farthest, fmax(e->from.distance, e->to.distance) + bend * square);
    }
    return b;
}

/* Cuts the second half off and gives it back. */
static ls_edge halve(const ls_disc *disc, ls_edge *e)
{
    ls_edge_end middle =
        end_at(disc, (e->from.latitude + e->to.latitude) / 2, (e->from.longitude + e->to.longitude) / 2);
    ls_edge rest = {middle, e->to};
    e->to = middle;
    return rest;
}

bool ls_edge_touches(const ls_disc *disc, const ls_edge *edge)
{
    ls_edge left[DEPTH], piece = *edge;
    for (size_t count = 0;;) {
        if (piece.from.distance < disc->metres || piece.to.distance < disc->metres) {
            return true;
        }
        bounds b = bounds_of(&piece);
        if (b.nearest < disc->metres && b.length > SHORT && count < DEPTH) {
            left[count++] = halve(disc, &piece);
        } else if (count == 0) {
            return false;
        } else {
            piece = left[--count];
        }
    }
}

bool ls_edge_contained(const ls_disc *disc, const ls_edge *edge)
{
    ls_edge left[DEPTH], piece = *edge;
    for (size_t count = 0;;) {
        if (piece.from.distance >= disc->metres || piece.to.distance >= disc->metres) {
            return false;
        }
        bounds b = bounds_of(&piece);
        if (b.farthest >= disc->metres && b.length > SHORT && count < DEPTH) {
            left[count++] = halve(disc, &piece);
        } else if (count == 0) {
            return true;
        } else {
            piece = left[--count];
        }
    }
}
