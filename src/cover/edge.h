/* Edges of shapes, and whether a circle reaches them. An edge is straight in longitude and latitude. */
#ifndef LS_COVER_EDGE_H
#define LS_COVER_EDGE_H

#include "cover/cover.h"
#include "cover/metres.h"

typedef struct ls_disc {
    ls_metres from;
    double
        metres; /* what lies nearer than this is within: half a metre more than the radius, as distances are rounded */
} ls_disc;

/* Both ends with their distances from the centre. */
typedef struct ls_edge_end {
    double latitude, longitude; /* degrees */
    double distance;            /* metres */
} ls_edge_end;

typedef struct ls_edge {
    ls_edge_end from, to;
} ls_edge;

ls_disc ls_disc_of(const ls_circle *circle);
ls_edge ls_edge_begin(const ls_disc *disc, const ls_place *place); /* both ends at one place */
/* From the end of one to the next place. */
ls_edge ls_edge_next(const ls_disc *disc, const ls_edge *before, const ls_place *place);
bool ls_edge_end_within(const ls_disc *disc, const ls_edge *edge); /* its second end */
bool ls_edge_touches(const ls_disc *disc, const ls_edge *edge);
bool ls_edge_contained(const ls_disc *disc, const ls_edge *edge);

#endif
