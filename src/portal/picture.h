/* Inside of the portal: pictures within pages. What they show stands in a table beside them, too. */
#ifndef LS_PORTAL_PICTURE_H
#define LS_PORTAL_PICTURE_H

#include "portal/write.h"
#include "svg/svg.h"

/* A figure with an image of this size and kind, which readers who don't see it are told as title and what, keys. The
 * mark of an exercise stands in it. from and to: seconds, of a picture over time; else 0. */
void ls_html_picture_open(ls_html *w, const char *kind, int width, int height, const char *title, const char *what,
                          const ls_svg_axis *axis);
/* Of its legend: a shape of that paint, and a key. */
typedef enum ls_shape { LS_CIRCLE, LS_DIAMOND, LS_BAR, LS_LINE } ls_shape;
typedef struct ls_legend {
    ls_shape shape;
    const char *paint, *key;
} ls_legend;
void ls_html_picture_close(ls_html *w, const ls_legend *legend, size_t count);
/* A mark in it: a group with data for scripts; its title is text that was put into words. */
void ls_html_mark_open(ls_html *w, const char *class, const char *id, ls_time from, ls_time to);
void ls_html_mark_close(ls_html *w);
/* Dates below, and the moment that is looked at. */
void ls_html_picture_dates(ls_html *w, const ls_svg_axis *a, int top, int bottom);

#endif
