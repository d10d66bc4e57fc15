/* How far one place is from another. */
#ifndef LS_COVER_DISTANCE_H
#define LS_COVER_DISTANCE_H

#include "geo/place.h"

/* The distance along the ellipsoid, in whole metres rounded to the nearest: at most 20,003,931. C. F. F. Karney,
 * Algorithms for geodesics, J. Geodesy 87 (2013), which is good to some nanometres before rounding: two machines agree
 * unless a distance lies that near to half a metre. */
uint32_t ls_place_distance(const ls_place *a, const ls_place *b);

#endif
