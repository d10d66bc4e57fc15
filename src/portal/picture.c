#include "portal/picture.h"

void ls_html_picture_open(ls_html *w, const char *kind, int width, int height, const char *title, const char *what,
                          const ls_svg_axis *axis)
{
    ls_html_open(w, "figure", "class", "wide", NULL);
    ls_html_open(w, "svg", "class", kind, "role", "img", "viewBox", ls_html_format(w, "0 0 %d %d", width, height),
                 "aria-labelledby", ls_html_format(w, "%s-title %s-what", kind, kind), "data-from",
                 axis == NULL ? NULL : ls_html_format(w, "%lld", (long long)axis->from), "data-to",
                 axis == NULL ? NULL : ls_html_format(w, "%lld", (long long)axis->to), "data-left",
                 axis == NULL ? NULL : ls_html_format(w, "%d", axis->left), "data-right",
                 axis == NULL ? NULL : ls_html_format(w, "%d", axis->right), NULL);
    ls_html_element(w, "title", ls_bytes_str(ls_html_word(w, title)), "id", ls_html_format(w, "%s-title", kind), NULL);
    ls_html_element(w, "desc", ls_bytes_str(ls_html_word(w, what)), "id", ls_html_format(w, "%s-what", kind), NULL);
    ls_html_newline(w);
    if (ls_record_charter(w->portal->record)->exercise) {
        ls_svg_text(w->out, width - 6, 14, LS_SVG_END, 13, "bad", ls_html_word(w, "exercise"));
    }
}

static void put_swatch(ls_html *w, const ls_legend *l)
{
    ls_html_open(w, "svg", "class", "swatch", "width", "14", "height", "14", "aria-hidden", "true", NULL);
    switch (l->shape) {
    case LS_CIRCLE:
        ls_svg_circle(w->out, 7, 7, 5, l->paint);
        break;
    case LS_DIAMOND:
        ls_svg_diamond(w->out, 7, 7, 6, l->paint);
        break;
    case LS_BAR:
        ls_svg_rect(w->out, 0, 4, 14, 6, l->paint);
        break;
    case LS_LINE:
        ls_svg_line(w->out, 0, 7, 14, 7, l->paint, NULL);
        break;
    }
    ls_html_close(w, "svg");
}

void ls_html_picture_close(ls_html *w, const ls_legend *legend, size_t count)
{
    ls_html_close(w, "svg");
    ls_html_close(w, "figure");
    ls_html_open(w, "ul", "class", "legend", NULL);
    for (size_t i = 0; i < count; i++) {
        ls_html_open(w, "li", NULL);
        put_swatch(w, &legend[i]);
        ls_html_str(w, " ");
        ls_html_str(w, ls_html_word(w, legend[i].key));
        ls_html_close(w, "li");
        ls_html_newline(w);
    }
    ls_html_close(w, "ul");
    ls_html_newline(w);
}

static const char *seconds(ls_html *w, ls_time t)
{
    return ls_html_format(w, "%lld", (long long)t);
}

void ls_html_mark_open(ls_html *w, const char *class, const char *id, ls_time from, ls_time to)
{
    ls_html_open(w, "g", "class", class, "data-row", id, "data-at", seconds(w, from), "data-until",
                 to == from ? NULL : seconds(w, to), NULL);
}

void ls_html_mark_close(ls_html *w)
{
    ls_html_close(w, "g");
    ls_html_newline(w);
}

void ls_html_picture_dates(ls_html *w, const ls_svg_axis *a, int top, int bottom)
{
    ls_svg_dates(w->out, a, top, bottom, "grid", "small");
    if (w->portal->at >= a->from && w->portal->at <= a->to) {
        int x = ls_svg_at(a, w->portal->at);
        ls_svg_line(w->out, x, top, x, bottom, "here", NULL);
    }
}
