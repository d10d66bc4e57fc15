/* Inside of sheets: pages of a PDF, filled from the top. Lengths are points, 72 to the inch; y grows downwards. */
#ifndef LS_SHEET_CANVAS_H
#define LS_SHEET_CANVAS_H

#include "sheet/model.h"
#include <cairo.h>
#include <pango/pangocairo.h>

#define LS_MM(mm) ((mm)*72 / 25.4)

/* A4. The margins leave everything within Letter, too, which is 6 mm wider and 18 mm lower, wherever on it a printer
 * puts the page. */
#define LS_PAGE_WIDTH LS_MM(210.0)
#define LS_PAGE_HEIGHT LS_MM(297.0)
#define LS_MARGIN LS_MM(15.0)
#define LS_LEFT LS_MARGIN
#define LS_RIGHT (LS_PAGE_WIDTH - LS_MARGIN)
#define LS_BOTTOM (LS_PAGE_HEIGHT - LS_MARGIN - LS_MM(8.0)) /* the foot is below */

typedef enum ls_face {
    LS_FACE_TEXT,
    LS_FACE_BOLD,
    LS_FACE_SMALL,
    LS_FACE_TITLE,
    LS_FACE_HEADING,
    LS_FACE_WORD,
    LS_FACE_MARK,
    LS_FACE_COUNT
} ls_face;

typedef struct ls_canvas {
    const ls_sheet_model *m;
    cairo_t *cr;
    PangoContext *pango;
    unsigned page, pages; /* pages: of all, or 0 while they are counted */
    double top, y;        /* of the content; where what comes next begins */
} ls_canvas;

/* Head and foot of the first page, and of each further one. */
void ls_canvas_begin(ls_canvas *c);
/* Goes to a new page unless there is this much room. */
void ls_canvas_need(ls_canvas *c, double height);
double ls_canvas_room(const ls_canvas *c);

void ls_canvas_rule(ls_canvas *c, double x, double y, double width, double thickness);
void ls_canvas_box(ls_canvas *c, double x, double y, double width, double height, double thickness);

/* Text as it is shown, set within a width; the caller unrefs it. */
PangoLayout *ls_canvas_layout(const ls_canvas *c, ls_face face, double width, ls_bytes text, bool lines);
double ls_layout_height(PangoLayout *layout);
double ls_layout_width(PangoLayout *layout);
/* One that was set before, whole, at a place; then it is unreffed. */
void ls_canvas_show(ls_canvas *c, PangoLayout *layout, double x, double y);

/* Makes a PDF, appended to out, of what show puts on its pages: it begins the first one, and ends the last. It is
 * called twice, and must do the same. Of the model, what stands at head and foot is used, and the mark of an exercise.
 */
typedef ls_result ls_document_show(ls_canvas *c, void *context, ls_detail *detail);
ls_result ls_document_make(const ls_sheet_model *m, ls_document_show *show, void *context, ls_buf *out,
                           ls_detail *detail);

/* Text that may go on over several pages, line by line. */
typedef struct ls_flow {
    PangoLayout *layout;
    PangoLayoutIter *iter;
    double x, width;
    bool done;
} ls_flow;
ls_flow ls_flow_begin(const ls_canvas *c, ls_face face, double x, double width, ls_bytes text);
void ls_flow_end(ls_flow *f);
/* How much of this room the lines that are next take: whole lines only, on an empty page at least one. */
double ls_flow_measure(const ls_flow *f, double room, bool at_least_one);
/* Shows these lines at y. */
void ls_flow_show(ls_canvas *c, ls_flow *f, double y, double room, bool at_least_one);

#endif
