/* What stands in the sections of a PDF: tables, words, and room for handwriting. */
#include "sheet/pdf_parts.h"
#include <stdio.h>

#define WIDTH (LS_RIGHT - LS_LEFT)
#define PAD_X LS_MM(2.0)
#define PAD_Y LS_MM(1.2)
#define THIN 0.5

void ls_pdf_show_flow(ls_canvas *c, ls_flow *f)
{
    while (!f->done) {
        bool empty = c->y <= c->top;
        double height = ls_flow_measure(f, ls_canvas_room(c), empty);
        ls_flow_show(c, f, c->y, height, false);
        c->y += height;
        if (!f->done) {
            ls_canvas_need(c, LS_PAGE_HEIGHT);
        }
    }
}

/* Tables. */

#define NAME_WIDTH (WIDTH * 0.32)
#define NAME_SHADE 0.93 /* still white paper for whoever writes on it */

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* As much of a row as has room on this page, with its borders. */
static void show_row_part(ls_canvas *c, ls_flow *name, ls_flow *value)
{
    bool empty = c->y <= c->top;
    double room = ls_canvas_room(c) - 2 * PAD_Y;
    double lines = larger(ls_flow_measure(name, room, empty), ls_flow_measure(value, room, empty));
    double height = lines + 2 * PAD_Y;
    if (lines > 0) {
        cairo_set_source_rgb(c->cr, NAME_SHADE, NAME_SHADE, NAME_SHADE);
        cairo_rectangle(c->cr, LS_LEFT, c->y, NAME_WIDTH, height);
        cairo_fill(c->cr);
        cairo_set_source_rgb(c->cr, 0, 0, 0);
        ls_canvas_box(c, LS_LEFT, c->y, NAME_WIDTH, height, THIN);
        ls_canvas_box(c, LS_LEFT + NAME_WIDTH, c->y, WIDTH - NAME_WIDTH, height, THIN);
        ls_flow_show(c, name, c->y + PAD_Y, lines, empty);
        ls_flow_show(c, value, c->y + PAD_Y, lines, empty);
        c->y += height;
    }
}

static void show_pair(ls_canvas *c, const ls_sheet_pair *pair)
{
    ls_flow name = ls_flow_begin(c, LS_FACE_TEXT, LS_LEFT + PAD_X, NAME_WIDTH - 2 * PAD_X, pair->name);
    ls_flow value =
        ls_flow_begin(c, LS_FACE_TEXT, LS_LEFT + NAME_WIDTH + PAD_X, WIDTH - NAME_WIDTH - 2 * PAD_X, pair->value);
    double whole = larger(ls_layout_height(name.layout), ls_layout_height(value.layout)) + 2 * PAD_Y;
    if (whole <= LS_BOTTOM - c->top) {
        ls_canvas_need(c, whole); /* a row is divided only if no page can hold it */
    }
    show_row_part(c, &name, &value);
    while (!name.done || !value.done) {
        ls_canvas_need(c, LS_PAGE_HEIGHT);
        show_row_part(c, &name, &value);
    }
    ls_flow_end(&name);
    ls_flow_end(&value);
}

/* Words, in columns as they are read: down, then across. */

#define WORD_COLUMNS 4

static void show_words(ls_canvas *c)
{
    const size_t rows = LS_HASH_WORDS / WORD_COLUMNS;
    double height = LS_PDF_WORDS_HEIGHT / (double)rows, width = WIDTH / WORD_COLUMNS;
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        char text[32];
        size_t column = i / rows, row = i % rows;
        double x = LS_LEFT + width * (double)column, y = c->y + height * (double)row;
        snprintf(text, sizeof text, "%2zu. %s", i + 1, c->m->word[i]);
        ls_canvas_show(c, ls_canvas_layout(c, LS_FACE_WORD, width, ls_bytes_str(text), false), x, y);
    }
    c->y += LS_PDF_WORDS_HEIGHT;
}

/* Blanks. */

#define TICK LS_MM(4.5)
#define CHOICE_HEIGHT LS_MM(7.0)
#define LINE_HEIGHT LS_MM(9.0)

/* Boxes with what they mean beside them, one line each, as many in a row as there is room for. Returns their height;
 * they are only measured if they are not to be shown. */
static double put_choices(ls_canvas *c, const ls_sheet_blank *b, double y, bool show)
{
    double x = LS_LEFT, begin = y;
    y += b->choice_count > 0 ? LS_MM(1.5) : 0;
    for (size_t i = 0; i < b->choice_count && i < LS_SHEET_CHOICES_MAX; i++) {
        PangoLayout *text = ls_canvas_layout(c, LS_FACE_TEXT, WIDTH - TICK - PAD_X, b->choice[i], false);
        pango_layout_set_ellipsize(text, PANGO_ELLIPSIZE_END);
        double width = TICK + PAD_X + ls_layout_width(text);
        bool next = x > LS_LEFT && x + width > LS_RIGHT;
        x = next ? LS_LEFT : x;
        y += next ? CHOICE_HEIGHT : 0;
        if (show) {
            ls_canvas_box(c, x, y, TICK, TICK, 1);
            ls_canvas_show(c, g_object_ref(text), x + TICK + PAD_X, y);
        }
        g_object_unref(text);
        x += width + LS_MM(8.0);
    }
    return y - begin + (b->choice_count > 0 ? CHOICE_HEIGHT : 0);
}

#define BLANK_GAP LS_MM(4.0)

static unsigned lines_of(const ls_sheet_blank *b)
{
    return b->lines < LS_SHEET_LINES_MAX ? b->lines : LS_SHEET_LINES_MAX;
}

static PangoLayout *label_of(const ls_canvas *c, const ls_sheet_blank *b)
{
    PangoLayout *label = ls_canvas_layout(c, LS_FACE_BOLD, WIDTH, b->label, false);
    pango_layout_set_ellipsize(label, PANGO_ELLIPSIZE_END);
    return label;
}

static double blank_height(ls_canvas *c, const ls_sheet_blank *b)
{
    PangoLayout *label = label_of(c, b);
    double height = ls_layout_height(label);
    g_object_unref(label);
    return height + put_choices(c, b, 0, false) + lines_of(b) * LINE_HEIGHT + BLANK_GAP;
}

double ls_pdf_blanks_height(ls_canvas *c)
{
    double height = 0;
    for (size_t i = 0; i < c->m->sheet->blank_count; i++) {
        height += blank_height(c, &c->m->sheet->blank[i]);
    }
    return height;
}

static void show_blank(ls_canvas *c, const ls_sheet_blank *b)
{
    ls_canvas_need(c, blank_height(c, b));
    PangoLayout *label = label_of(c, b);
    double height = ls_layout_height(label);
    ls_canvas_show(c, label, LS_LEFT, c->y);
    c->y += height;
    c->y += put_choices(c, b, c->y, true);
    for (unsigned i = 0; i < lines_of(b); i++) {
        c->y += LINE_HEIGHT;
        ls_canvas_rule(c, LS_LEFT, c->y, WIDTH, THIN);
    }
    c->y += BLANK_GAP;
}

/* Signatures, up to three side by side. */

#define SIGNATURE_LINE LS_MM(11.0)

static void show_signature(ls_canvas *c, ls_bytes who, double x, double width)
{
    static const char *const lines[] = {"Name", "Signature", "Date and time"};
    PangoLayout *label = ls_canvas_layout(c, LS_FACE_BOLD, width, who, false);
    pango_layout_set_ellipsize(label, PANGO_ELLIPSIZE_END);
    double y = c->y + ls_layout_height(label);
    ls_canvas_show(c, label, x, c->y);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        PangoLayout *name = ls_canvas_layout(c, LS_FACE_SMALL, width, ls_bytes_str(lines[i]), false);
        y += SIGNATURE_LINE;
        ls_canvas_show(c, name, x, y - LS_MM(4.0));
        ls_canvas_rule(c, x, y, width, THIN);
    }
}

static void show_signatures(ls_canvas *c)
{
    const ls_sheet *s = c->m->sheet;
    size_t across = s->signature_count < 3 ? 2 : 3;
    double gap = LS_MM(6.0), width = (WIDTH + gap) / (double)across - gap;
    for (size_t i = 0; i < s->signature_count; i++) {
        size_t column = i % across;
        if (column == 0) {
            ls_canvas_need(c, LS_PDF_SIGNATURE_HEIGHT);
        }
        show_signature(c, s->signature[i], LS_LEFT + (double)column * (width + gap), width);
        c->y += column == across - 1 || i + 1 == s->signature_count ? LS_PDF_SIGNATURE_HEIGHT : 0;
    }
}

ls_result ls_pdf_show_content(ls_canvas *c, const ls_section *s, ls_detail *detail)
{
    for (size_t i = 0; s->kind == LS_SECTION_PAIRS && i < s->count; i++) {
        show_pair(c, &s->pair[i]);
    }
    for (size_t i = 0; s->kind == LS_SECTION_BLANKS && i < s->count; i++) {
        show_blank(c, &c->m->sheet->blank[i]);
    }
    if (s->kind == LS_SECTION_WORDS) {
        show_words(c);
    }
    if (s->kind == LS_SECTION_SIGNATURES) {
        show_signatures(c);
    }
    return s->kind == LS_SECTION_CODES ? ls_pdf_show_codes(c, c->m->sheet->codes, detail) : LS_SUCCESS;
}
