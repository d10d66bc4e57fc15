/* Text over several pages. */
#include "sheet/canvas.h"

ls_flow ls_flow_begin(const ls_canvas *c, ls_face face, double x, double width, ls_bytes text)
{
    ls_flow f = {.x = x, .width = width};
    f.layout = ls_canvas_layout(c, face, width, text, true);
    f.iter = pango_layout_get_iter(f.layout);
    return f;
}

void ls_flow_end(ls_flow *f)
{
    pango_layout_iter_free(f->iter);
    g_object_unref(f->layout);
    *f = (ls_flow){0};
}

static double line_height(PangoLayoutIter *iter)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

double ls_flow_measure(const ls_flow *f, double room, bool at_least_one)
{
    double used = 0;
    PangoLayoutIter *iter = pango_layout_iter_copy(f->iter);
    for (bool more = !f->done; more; more = pango_layout_iter_next_line(iter)) {
        double height = line_height(iter);
        if (used + height > room && !(at_least_one && used == 0)) {
            break;
        }
        used += height;
    }
    pango_layout_iter_free(iter);
    return used;
}

static void show_line(ls_canvas *c, PangoLayoutIter *iter, double x, double y)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    int below = pango_layout_iter_get_baseline(iter) - logical.y;
    cairo_move_to(c->cr, x + (double)logical.x / PANGO_SCALE, y + (double)below / PANGO_SCALE);
    pango_cairo_show_layout_line(c->cr, pango_layout_iter_get_line_readonly(iter));
}

/* Clipped, so that marks piled upon a letter stay within what is theirs. */
void ls_flow_show(ls_canvas *c, ls_flow *f, double y, double room, bool at_least_one)
{
    double left = ls_flow_measure(f, room, at_least_one);
    cairo_save(c->cr);
    cairo_rectangle(c->cr, f->x, y, f->width, left);
    cairo_clip(c->cr);
    while (!f->done && left > 0) {
        double height = line_height(f->iter);
        if (height > left + 0.01) {
            break;
        }
        show_line(c, f->iter, f->x, y);
        y += height;
        left -= height;
        f->done = !pango_layout_iter_next_line(f->iter);
    }
    cairo_restore(c->cr);
}
