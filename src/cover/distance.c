/* Distances in whole metres. */
#include "cover/distance.h"
#include "cover/metres.h"
#include <math.h>

uint32_t ls_place_distance(const ls_place *a, const ls_place *b)
{
    ls_metres m;
    ls_metres_from(a, &m);
    return (uint32_t)llround(ls_metres_to(&m, ls_degrees_double(b->latitude), ls_degrees_double(b->longitude)));
}
