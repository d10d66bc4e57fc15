/* A text as a PDF: lines with their numbers, and the notes to them at the foot of their page. */
#include "pages/model.h"
#include "sheet/canvas.h"
#include <stdio.h>

#define WIDTH (LS_RIGHT - LS_LEFT)
#define NUMBER_WIDTH LS_MM(9.0)
#define WORDS_LEFT (LS_LEFT + LS_MM(12.0))
#define STATE_WIDTH LS_MM(25.0)
#define WORDS_RIGHT (LS_RIGHT - STATE_WIDTH - LS_MM(3.0))
#define STEP LS_MM(5.5) /* of an indent */
#define ITEM_GAP LS_MM(2.6)
#define LEAF_GAP LS_MM(1.0)
#define NOTE_GAP LS_MM(0.6)
#define NOTES_HEAD LS_MM(2.5)                     /* above them: a rule */
#define NOTES_MAX ((LS_BOTTOM - LS_MARGIN) * 0.4) /* of a page; further notes go to the next */
#define NOTE_LINES 40                             /* of one note */
#define QUIET 0.4                                 /* grey of what is not the text */

typedef struct printer {
    ls_canvas *c;
    const ls_pages_model *m;
    const ls_page_section *s;
    size_t placed, noted; /* notes of the section: on this page or before; whose lines have been shown */
    size_t first_on_page; /* note */
    double notes_height;  /* of those on this page, with the rule */
} printer;

/* Styled lines. */

static void add_attribute(PangoAttrList *list, PangoAttribute *a, size_t begin, size_t end)
{
    a->start_index = (guint)begin;
    a->end_index = (guint)end;
    pango_attr_list_insert(list, a);
}

static void add_style(PangoAttrList *list, unsigned style, size_t begin, size_t end)
{
    if ((style & (LS_STYLE_BOLD | LS_STYLE_BRACKET)) != 0) {
        add_attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), begin, end);
    }
    if ((style & LS_STYLE_ITALIC) != 0) {
        add_attribute(list, pango_attr_style_new(PANGO_STYLE_ITALIC), begin, end);
    }
    if ((style & LS_STYLE_CODE) != 0 && (style & LS_STYLE_BRACKET) == 0) {
        add_attribute(list, pango_attr_family_new("Liberation Mono,DejaVu Sans Mono,Monospace"), begin, end);
        add_attribute(list, pango_attr_scale_new(0.87), begin, end);
    }
    if ((style & LS_STYLE_NOTE) != 0) {
        add_attribute(list, pango_attr_scale_new(0.7), begin, end);
        add_attribute(list, pango_attr_rise_new(4 * PANGO_SCALE), begin, end);
    }
    if ((style & LS_STYLE_BRACKET) != 0) {
        add_attribute(list, pango_attr_foreground_new(0x8a8a, 0x1c1c, 0x1c1c), begin, end);
    }
}

static PangoLayout *line_layout(const printer *p, const ls_leaf *leaf, const ls_page_line *line, double width)
{
    ls_buf text = {0};
    PangoAttrList *list = pango_attr_list_new();
    add_attribute(list, pango_attr_insert_hyphens_new(FALSE), 0, G_MAXUINT);
    for (size_t i = 0; i < line->run_count; i++) {
        size_t begin = text.len;
        ls_buf_put_bytes(&text, line->run[i].text);
        add_style(list, line->run[i].style, begin, text.len);
    }
    if (leaf->heading > 0 && leaf->heading < 3) {
        add_attribute(list, pango_attr_scale_new(leaf->heading == 1 ? 1.3 : 1.15), 0, G_MAXUINT);
    }
    PangoLayout *layout = ls_canvas_layout(p->c, LS_FACE_TEXT, width, ls_buf_bytes(&text), false);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    ls_buf_free(&text);
    return layout;
}

/* Notes. */

static PangoLayout *note_layout(const printer *p, size_t i)
{
    const ls_view_note *n = &p->s->view->note[i];
    ls_buf text = {0};
    ls_buf_format(&text, "%zu  ", i + 1);
    ls_note_put_head(p->s->view, n, &text);
    ls_buf_put_str(&text, " ");
    ls_buf_put_bytes(&text, n->text);
    PangoLayout *layout = ls_canvas_layout(p->c, LS_FACE_SMALL, WIDTH, ls_buf_bytes(&text), false);
    pango_layout_set_height(layout, -NOTE_LINES);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    ls_buf_free(&text);
    return layout;
}

static double note_height(const printer *p, size_t i)
{
    PangoLayout *layout = note_layout(p, i);
    double height = ls_layout_height(layout) + NOTE_GAP;
    g_object_unref(layout);
    return height;
}

/* Takes up what has room at the foot of this page, of the notes whose lines were shown: at least one on a page. */
static void place_notes(printer *p)
{
    while (p->placed < p->noted) {
        bool first = p->placed == p->first_on_page;
        double height = note_height(p, p->placed) + (first ? NOTES_HEAD : 0);
        if (!first && p->notes_height + height > NOTES_MAX) {
            return;
        }
        if (p->c->y + p->notes_height + height > LS_BOTTOM && p->c->y > p->c->top) {
            return;
        }
        p->notes_height += height;
        p->placed++;
    }
}

static void show_notes(printer *p)
{
    double y = LS_BOTTOM - p->notes_height;
    if (p->placed > p->first_on_page) {
        ls_canvas_rule(p->c, LS_LEFT, y + NOTES_HEAD / 2, LS_MM(50.0), 0.5);
        y += NOTES_HEAD;
    }
    for (size_t i = p->first_on_page; i < p->placed; i++) {
        PangoLayout *layout = note_layout(p, i);
        double height = ls_layout_height(layout) + NOTE_GAP;
        ls_canvas_show(p->c, layout, LS_LEFT, y);
        y += height;
    }
    p->first_on_page = p->placed;
    p->notes_height = 0;
}

static void new_page(printer *p)
{
    show_notes(p);
    cairo_show_page(p->c->cr);
    ls_canvas_begin(p->c);
    place_notes(p);
}

static double room(const printer *p)
{
    return LS_BOTTOM - p->notes_height - p->c->y;
}

/* Lines. */

static void show_quiet(printer *p, const char *text, double x, double y, double width, PangoAlignment align)
{
    PangoLayout *layout = ls_canvas_layout(p->c, LS_FACE_SMALL, width, ls_bytes_str(text), false);
    pango_layout_set_alignment(layout, align);
    cairo_set_source_rgb(p->c->cr, QUIET, QUIET, QUIET);
    ls_canvas_show(p->c, layout, x, y);
    cairo_set_source_rgb(p->c->cr, 0, 0, 0);
}

static size_t notes_of(const ls_page_line *line)
{
    size_t count = 0;
    for (size_t i = 0; i < line->run_count; i++) {
        ls_bytes text = line->run[i].text;
        for (size_t k = 0; line->run[i].style == LS_STYLE_NOTE && k < text.len; k++) {
            count += text.ptr[k] == ',';
        }
        count += line->run[i].style == LS_STYLE_NOTE;
    }
    return count;
}

/* How much a line needs with the first of its notes, which is not to stand on another page. */
static double needed(const printer *p, double height, const ls_page_line *line)
{
    size_t waiting = p->noted > p->placed || notes_of(line) == 0 ? 0 : 1;
    double notes = waiting == 0 ? 0 : note_height(p, p->noted) + (p->placed == p->first_on_page ? NOTES_HEAD : 0);
    return height + (p->notes_height + notes > NOTES_MAX ? 0 : notes);
}

static void show_line(printer *p, const ls_leaf *leaf, size_t i)
{
    char number[24];
    double x = WORDS_LEFT + leaf->indent * STEP;
    PangoLayout *layout = line_layout(p, leaf, &leaf->line[i], WORDS_RIGHT - x);
    double height = ls_layout_height(layout);
    if (needed(p, height, &leaf->line[i]) > room(p) && p->c->y > p->c->top) {
        new_page(p);
    }
    snprintf(number, sizeof number, "%zu", leaf->first_line + i);
    show_quiet(p, number, LS_LEFT, p->c->y + 1.6, NUMBER_WIDTH, PANGO_ALIGN_RIGHT);
    /* Clipped, so that marks piled upon a letter stay within their line. */
    cairo_save(p->c->cr);
    cairo_rectangle(p->c->cr, x, p->c->y, WORDS_RIGHT - x, height);
    cairo_clip(p->c->cr);
    ls_canvas_show(p->c, layout, x, p->c->y);
    cairo_restore(p->c->cr);
    p->c->y += height;
    p->noted += notes_of(&leaf->line[i]);
    place_notes(p);
}

/* A heading is not the last line of a page, nor the first line of a paragraph alone. */
static void show_leaf(printer *p, const ls_leaf *leaf)
{
    double line = LS_MM(5.0), together = leaf->heading > 0 ? 3 * line : leaf->line_count > 1 ? 2 * line : line;
    if (together > room(p) && p->c->y > p->c->top) {
        new_page(p);
    }
    for (size_t i = 0; i < leaf->line_count; i++) {
        show_line(p, leaf, i);
    }
}

static void show_item(printer *p, const ls_page_item *item)
{
    double line = LS_MM(5.0);
    const ls_leaf *first = item->leaf_count > 0 ? &item->leaf[0] : NULL;
    if (first != NULL && (first->heading > 0 ? 3 : 2) * line > room(p) && p->c->y > p->c->top) {
        new_page(p);
    }
    double x = LS_RIGHT - STATE_WIDTH, y = p->c->y + 1.6;
    show_quiet(p, item->item->paragraph->name, x, y, STATE_WIDTH, PANGO_ALIGN_RIGHT);
    show_quiet(p, item->status, x, y + LS_MM(3.4), STATE_WIDTH, PANGO_ALIGN_RIGHT);
    double bottom = y + LS_MM(7.0);
    unsigned page = p->c->page;
    for (size_t i = 0; i < item->leaf_count; i++) {
        p->c->y += i == 0 ? 0 : LEAF_GAP;
        show_leaf(p, &item->leaf[i]);
    }
    p->c->y = p->c->page == page && p->c->y < bottom ? bottom : p->c->y;
    p->c->y += ITEM_GAP;
}

static void show_section(printer *p, const ls_page_section *s)
{
    char heading[96];
    snprintf(heading, sizeof heading, "Language: %.*s", (int)s->language.len, (const char *)s->language.ptr);
    PangoLayout *layout = ls_canvas_layout(p->c, LS_FACE_HEADING, WIDTH, ls_bytes_str(heading), false);
    double height = ls_layout_height(layout);
    p->s = s;
    p->placed = p->noted = p->first_on_page = 0;
    ls_canvas_need(p->c, height + LS_MM(25.0));
    p->c->y += LS_MM(4.0);
    ls_canvas_show(p->c, layout, LS_LEFT, p->c->y);
    ls_canvas_rule(p->c, LS_LEFT, p->c->y + height + 1, WIDTH, 1.5);
    p->c->y += height + LS_MM(3.5);
    for (size_t i = 0; i < s->item_count; i++) {
        show_item(p, &s->item[i]);
    }
    while (p->placed < p->noted) {
        new_page(p);
    }
    show_notes(p);
}

static ls_result show_all(ls_canvas *c, void *context, ls_detail *detail)
{
    printer p = {.c = c, .m = context};
    const ls_pages *pages = p.m->pages;
    const ls_bytes texts[] = {pages->title, pages->process, pages->status};
    (void)detail;
    ls_canvas_begin(c);
    for (size_t i = 0; i < 3; i++) {
        PangoLayout *layout = ls_canvas_layout(c, i == 0 ? LS_FACE_TITLE : LS_FACE_TEXT, WIDTH, texts[i], false);
        pango_layout_set_height(layout, -4);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        double height = ls_layout_height(layout);
        ls_canvas_show(c, layout, LS_LEFT, c->y);
        c->y += height + LS_MM(1.0);
    }
    for (size_t i = 0; i < pages->view_count; i++) {
        if (i > 0) { /* each language on pages of its own, with its notes */
            cairo_show_page(c->cr);
            ls_canvas_begin(c);
        }
        show_section(&p, &p.m->section[i]);
    }
    cairo_show_page(c->cr);
    return LS_SUCCESS;
}

ls_result ls_pages_pdf(const ls_pages *pages, ls_buf *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_pages_model model;
    const ls_sheet sheet = {.exercise = pages->exercise, .title = pages->title};
    ls_result r = ls_pages_model_make(&arena, pages, &model);
    const char *foot = ls_arena_str(&arena, pages->foot);
    const char *title =
        ls_arena_format(&arena, "%s%s%.*s", pages->exercise ? ls_sheet_mark : "", pages->exercise ? ": " : "",
                        (int)pages->title.len, (const char *)pages->title.ptr);
    if (ls_succeeded(r) && (foot == NULL || title == NULL)) {
        r = ls_fail(&ls_fault_memory);
    }
    if (ls_succeeded(r)) {
        const ls_sheet_model frame = {.sheet = &sheet, .title = ls_bytes_str(title), .site = "", .foot = foot};
        r = ls_document_make(&frame, show_all, &model, out, detail);
    }
    ls_arena_free(&arena);
    return r;
}
