/* What a party has given unanswered, as a picture: steps over an axis of time. */
#ifndef LS_ANALYSIS_DRAW_H
#define LS_ANALYSIS_DRAW_H

#include "analysis/analysis.h"
#include "svg/svg.h"

/* Paints (svg/svg.h): of all of it, of the part that can't be undone, of the line above. */
typedef struct ls_curve_paints {
    const char *all, *fixed, *line;
} ls_curve_paints;

/* most: the quantity that is `plot` pixels high above base. */
void ls_curve_draw(ls_buf *out, const ls_svg_axis *a, const ls_curve *c, ls_quantity most, int base, int plot,
                   const ls_curve_paints *paints);

#endif
