#include "analysis/draw.h"

void ls_curve_draw(ls_buf *out, const ls_svg_axis *a, const ls_curve *c, ls_quantity most, int base, int plot,
                   const ls_curve_paints *paints)
{
    for (size_t i = 0; i < c->count; i++) {
        int from = ls_svg_at(a, c->point[i].from);
        int to = i + 1 < c->count ? ls_svg_at(a, c->point[i + 1].from) : a->right;
        int all = (int)(c->point[i].exposure * plot / most), fixed = (int)(c->point[i].irreversible * plot / most);
        ls_svg_rect(out, from, base - all, to - from, all, paints->all);
        ls_svg_rect(out, from, base - fixed, to - from, fixed, paints->fixed);
        ls_svg_line(out, from, base - all, to, base - all, paints->line, NULL);
    }
}
