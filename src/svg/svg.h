/*
 * Pictures as SVG: plain, self-contained, readable in print. Coordinates are whole pixels. Text of others passes
 * through process/shown.h.
 *
 * A paint is a colour ("#16476e"), or the class of a style sheet ("given"), for pictures within pages.
 */
#ifndef LS_SVG_SVG_H
#define LS_SVG_SVG_H

#include <lockstep/time.h>

typedef enum ls_svg_anchor { LS_SVG_START, LS_SVG_MIDDLE, LS_SVG_END } ls_svg_anchor;

/* A document of its own: head, title, white ground; the mark of an exercise. */
void ls_svg_begin(ls_buf *out, int width, int height, bool exercise, const char *title, const char *subtitle);
void ls_svg_end(ls_buf *out);

void ls_svg_text(ls_buf *out, int x, int y, ls_svg_anchor anchor, int size, const char *paint, const char *text);
void ls_svg_rect(ls_buf *out, int x, int y, int width, int height, const char *paint);
/* dashes: "5 4", or NULL. */
void ls_svg_line(ls_buf *out, int x1, int y1, int x2, int y2, const char *paint, const char *dashes);
/* A line through count points (x, y). */
void ls_svg_curve(ls_buf *out, const int (*point)[2], size_t count, const char *paint);
void ls_svg_diamond(ls_buf *out, int x, int y, int radius, const char *paint);
void ls_svg_circle(ls_buf *out, int x, int y, int radius, const char *paint);
/* text cut to so many characters, with an ellipsis; in the arena; NULL if there is no memory. */
const char *ls_svg_fit(ls_arena *arena, const char *text, size_t columns);

/* An axis of time from one pixel to another, in a zone. */
typedef struct ls_svg_axis {
    ls_time from, to;
    int left, right;
    const ls_zone *zone;
} ls_svg_axis;
int ls_svg_at(const ls_svg_axis *a, ls_time t);
/* Lines at the beginnings of months, quarters or years, as many as there is room for, with their names below. */
void ls_svg_dates(ls_buf *out, const ls_svg_axis *a, int top, int bottom, const char *line, const char *text_paint);

#endif
