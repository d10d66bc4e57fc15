#include "portal/picture.h"

static const char *number(ls_html *w, int64_t n)
{
    return ls_html_format(w, "%lld", (long long)n);
}

static void put_about(ls_html *w, const ls_picture *p, const char *tag, const char *key)
{
    ls_html_element(w, tag, ls_bytes_str(ls_html_word(w, key)), "id", ls_html_format(w, "%s-%s", p->kind, tag), NULL);
}

void ls_html_picture_open(ls_html *w, const ls_picture *p)
{
    const ls_svg_axis *a = p->axis;
    bool own = p->box != NULL;
    ls_html_open(w, "figure", "class", "wide", NULL);
    ls_html_open(w, "svg", "class", p->kind, "role", "img", "aria-labelledby",
                 ls_html_format(w, "%s-title %s-desc", p->kind, p->kind), "viewBox",
                 own ? p->box : ls_html_format(w, "0 0 %d %d", p->width, p->height), "width",
                 own ? NULL : number(w, p->width), "height", own ? NULL : number(w, p->height), "data-from",
                 a == NULL ? NULL : number(w, a->from), "data-to", a == NULL ? NULL : number(w, a->to), "data-left",
                 a == NULL ? NULL : number(w, a->left), "data-right", a == NULL ? NULL : number(w, a->right), NULL);
    put_about(w, p, "title", p->title);
    put_about(w, p, "desc", p->what);
    ls_html_newline(w);
}

void ls_html_picture_exercise(ls_html *w, int right)
{
    if (ls_record_charter(w->portal->record)->exercise) {
        ls_svg_text(w->out, right, 14, LS_SVG_END, 13, "bad", ls_html_word(w, "document.exercise"));
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

void ls_html_mark_open(ls_html *w, const char *class, const char *id, ls_time from, ls_time to)
{
    ls_html_open(w, "g", "class", class, "data-row", id, "data-at", number(w, from), "data-until",
                 to == from ? NULL : number(w, to), NULL);
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
