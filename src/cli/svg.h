/* Pictures as SVG: plain, self-contained, readable in print. Coordinates are whole pixels. */
#ifndef LS_CLI_SVG_H
#define LS_CLI_SVG_H

#include "cli/analyse.h"

typedef enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END } svg_anchor;

void svg_begin(ls_buf *out, int width, int height, bool exercise, const char *title, const char *subtitle);
void svg_end(ls_buf *out);
void svg_text(ls_buf *out, int x, int y, svg_anchor anchor, int size, const char *fill, const char *text);
void svg_rect(ls_buf *out, int x, int y, int width, int height, const char *fill);
void svg_line(ls_buf *out, int x1, int y1, int x2, int y2, const char *stroke, const char *dashes);
/* A line through count points (x, y). */
void svg_curve(ls_buf *out, const int (*point)[2], size_t count, const char *stroke);
void svg_diamond(ls_buf *out, int x, int y, int radius, const char *fill);
/* text cut to so many characters, with an ellipsis; in the arena. */
const char *svg_fit(const cli_analysis *x, const char *text, size_t columns);

/* An axis of time from one pixel to another. */
typedef struct svg_axis {
    ls_time from, to;
    int left, right;
} svg_axis;
int svg_at(const svg_axis *a, ls_time t);
/* Lines at the beginnings of months, quarters or years, as many as there is room for, with their names below. */
void svg_dates(ls_buf *out, const cli_analysis *x, const svg_axis *a, int top, int bottom);

#endif
