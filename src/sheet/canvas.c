/* Pages: their frame, and what is put on them piece by piece. */
#include "sheet/canvas.h"
#include "process/shown.h"
#include <stdio.h>

/* What is on most machines with a screen; pango takes from any other font what these do not have. */
#define SANS "Liberation Sans,Noto Sans,DejaVu Sans,Sans "
#define MONO "Liberation Mono,DejaVu Sans Mono,Monospace "

static const char *const faces[LS_FACE_COUNT] = {
    [LS_FACE_TEXT] = SANS "10",       [LS_FACE_BOLD] = SANS "Bold 10",    [LS_FACE_SMALL] = SANS "8",
    [LS_FACE_TITLE] = SANS "Bold 18", [LS_FACE_HEADING] = SANS "Bold 12", [LS_FACE_WORD] = MONO "12",
    [LS_FACE_MARK] = SANS "Bold 22",
};

#define MARK_HEIGHT LS_MM(10.0)
#define HEAD_HEIGHT LS_MM(8.0)
#define GAP LS_MM(2.0)

static void put_text(ls_buf *out, ls_bytes text, bool lines)
{
    char shown[LS_SHOWN_SIZE];
    for (size_t offset = 0; ls_shown_next(text, lines, &offset, shown);) {
        ls_buf_put_str(out, shown);
    }
}

/* A hyphen at the end of a line would look as if it were part of a number or a name. */
static void forbid_hyphens(PangoLayout *layout)
{
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

PangoLayout *ls_canvas_layout(const ls_canvas *c, ls_face face, double width, ls_bytes text, bool lines)
{
    ls_buf shown = {0};
    PangoLayout *layout = pango_layout_new(c->pango);
    PangoFontDescription *font = pango_font_description_from_string(faces[face]);
    put_text(&shown, text, lines);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, ls_buf_cstr(&shown), -1);
    forbid_hyphens(layout);
    pango_font_description_free(font);
    ls_buf_free(&shown);
    return layout;
}

double ls_layout_height(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

double ls_layout_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

void ls_canvas_show(ls_canvas *c, PangoLayout *layout, double x, double y)
{
    cairo_move_to(c->cr, x, y);
    pango_cairo_show_layout(c->cr, layout);
    g_object_unref(layout);
}

void ls_canvas_rule(ls_canvas *c, double x, double y, double width, double thickness)
{
    cairo_set_line_width(c->cr, thickness);
    cairo_move_to(c->cr, x, y);
    cairo_line_to(c->cr, x + width, y);
    cairo_stroke(c->cr);
}

void ls_canvas_box(ls_canvas *c, double x, double y, double width, double height, double thickness)
{
    cairo_set_line_width(c->cr, thickness);
    cairo_rectangle(c->cr, x, y, width, height);
    cairo_stroke(c->cr);
}

/* The frame. */

/* One line, cut with an ellipsis where it does not fit. */
static void show_line(ls_canvas *c, ls_face face, double x, double y, double width, ls_bytes text, PangoAlignment align)
{
    PangoLayout *layout = ls_canvas_layout(c, face, width, text, false);
    pango_layout_set_height(layout, -1);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_auto_dir(layout, align == PANGO_ALIGN_LEFT);
    pango_layout_set_alignment(layout, align);
    ls_canvas_show(c, layout, x, y);
}

static double show_mark(ls_canvas *c, double y)
{
    PangoLayout *word = ls_canvas_layout(c, LS_FACE_MARK, LS_PAGE_WIDTH, ls_bytes_str(ls_sheet_mark), false);
    PangoLayout *meaning = ls_canvas_layout(c, LS_FACE_BOLD, LS_PAGE_WIDTH, ls_bytes_str(ls_sheet_mark_meaning), false);
    double width = ls_layout_width(word) + LS_MM(4.0) + ls_layout_width(meaning), x = (LS_PAGE_WIDTH - width) / 2;
    double middle = y + MARK_HEIGHT / 2, after = x + ls_layout_width(word) + LS_MM(4.0);
    ls_canvas_box(c, LS_LEFT, y, LS_RIGHT - LS_LEFT, MARK_HEIGHT, 2.5);
    ls_canvas_show(c, word, x, middle - ls_layout_height(word) / 2);
    ls_canvas_show(c, meaning, after, middle - ls_layout_height(meaning) / 2);
    return y + MARK_HEIGHT + GAP;
}

static double show_head(ls_canvas *c, double y)
{
    double site = LS_MM(40.0), width = LS_RIGHT - LS_LEFT;
    show_line(c, LS_FACE_SMALL, LS_LEFT, y, width - site, c->m->sheet->title, PANGO_ALIGN_LEFT);
    show_line(c, LS_FACE_SMALL, LS_RIGHT - site, y, site, ls_bytes_str(c->m->site), PANGO_ALIGN_RIGHT);
    ls_canvas_rule(c, LS_LEFT, y + LS_MM(4.5), width, 0.5);
    return y + HEAD_HEIGHT;
}

static void show_foot(ls_canvas *c)
{
    char page[64];
    double y = LS_PAGE_HEIGHT - LS_MARGIN - LS_MM(4.0), number = LS_MM(40.0);
    snprintf(page, sizeof page, "Page %u of %u", c->page, c->pages);
    ls_canvas_rule(c, LS_LEFT, y - LS_MM(1.0), LS_RIGHT - LS_LEFT, 0.5);
    show_line(c, LS_FACE_SMALL, LS_LEFT, y, LS_RIGHT - LS_LEFT - number, ls_bytes_str(c->m->foot), PANGO_ALIGN_LEFT);
    show_line(c, LS_FACE_SMALL, LS_RIGHT - number, y, number, ls_bytes_str(page), PANGO_ALIGN_RIGHT);
}

void ls_canvas_begin(ls_canvas *c)
{
    c->page++;
    c->y = LS_MARGIN;
    if (c->m->sheet->exercise) {
        c->y = show_mark(c, c->y);
    }
    c->y = c->top = show_head(c, c->y);
    show_foot(c);
}

double ls_canvas_room(const ls_canvas *c)
{
    return LS_BOTTOM - c->y;
}

void ls_canvas_need(ls_canvas *c, double height)
{
    if (height > ls_canvas_room(c) && c->y > c->top) {
        cairo_show_page(c->cr);
        ls_canvas_begin(c);
    }
}
