/* Inside of the portal: pictures within pages. What they show stands in a table beside them, too. */
#ifndef LS_PORTAL_PICTURE_H
#define LS_PORTAL_PICTURE_H

#include "portal/write.h"
#include "svg/svg.h"

/* What a picture is: the class and the ids in it begin with kind; readers who don't see it are told title and what,
 * which are keys. */
typedef struct ls_picture {
    const char *kind, *title, *what;
    int width, height;       /* in pixels; or, as box has it, as wide as there is room */
    const char *box;         /* a viewBox of its own, or NULL */
    const ls_svg_axis *axis; /* of a picture over time, or NULL */
} ls_picture;
/* Whoever draws it puts the mark of an exercise into it. */
void ls_html_picture_open(ls_html *w, const ls_picture *p);
/* The mark of an exercise, at the right edge; nothing if it is none. */
void ls_html_picture_exercise(ls_html *w, int right);
/* Of its legend: a shape of that paint, and a key. */
typedef enum ls_legend_shape { LS_CIRCLE, LS_DIAMOND, LS_BAR, LS_LINE } ls_legend_shape;
typedef struct ls_legend {
    ls_legend_shape shape;
    const char *paint, *key;
} ls_legend;
void ls_html_picture_close(ls_html *w, const ls_legend *legend, size_t count);
/* A mark in it: a group with data for scripts; its title is text that was put into words. */
void ls_html_mark_open(ls_html *w, const char *class, const char *id, ls_time from, ls_time to);
void ls_html_mark_close(ls_html *w);
/* Dates below, and the moment that is looked at. */
void ls_html_picture_dates(ls_html *w, const ls_svg_axis *a, int top, int bottom);

#endif
