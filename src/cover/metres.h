/* Distances from one place, as the geodesic library gives them: not rounded. */
#ifndef LS_COVER_METRES_H
#define LS_COVER_METRES_H

#include "geo/place.h"
#include <geodesic.h>

typedef struct ls_metres {
    struct geod_geodesic ellipsoid;
    double latitude, longitude; /* degrees */
} ls_metres;

/* WGS84: semi-major axis and flattening as NGA.STND.0036 defines them. */
#define LS_WGS84_AXIS 6378137.0
#define LS_WGS84_FLATTENING (1 / 298.257223563)

static inline double ls_degrees_double(int64_t units)
{
    return (double)units / (double)LS_DEGREE;
}

static inline void ls_metres_from(const ls_place *place, ls_metres *out)
{
    geod_init(&out->ellipsoid, LS_WGS84_AXIS, LS_WGS84_FLATTENING);
    out->latitude = ls_degrees_double(place->latitude);
    out->longitude = ls_degrees_double(place->longitude);
}

static inline double ls_metres_to(const ls_metres *m, double latitude, double longitude)
{
    double metres;
    geod_inverse(&m->ellipsoid, m->latitude, m->longitude, latitude, longitude, &metres, NULL, NULL);
    return metres;
}

#endif
