/* A text as one HTML file. Everything that is not ours passes through process/shown.c; attributes hold nothing but
 * our own: names of paragraphs and languages, and numbers. */
#include "pages/html_style.h"
#include "pages/model.h"
#include "process/shown.h"
#include "sheet/model.h"

/* Elements from the inside out. */
static const struct {
    unsigned style;
    const char *tag;
} elements[] = {
    {LS_STYLE_BOLD, "strong"}, {LS_STYLE_ITALIC, "em"}, {LS_STYLE_CODE, "code"}, {LS_STYLE_BRACKET, "b class=k"}};
#define ELEMENTS (sizeof elements / sizeof *elements)

/* "1, 2": each leads to its note. */
static void put_references(const ls_page_section *s, ls_bytes numbers, ls_buf *out)
{
    ls_reader r = ls_reader_of(numbers);
    ls_buf_put_str(out, "<sup>");
    for (ls_bytes n; ls_read_until(&r, ',', &n);) {
        bool further = n.ptr[0] == ' ';
        int len = (int)(n.len - further);
        const char *digits = (const char *)n.ptr + further;
        ls_buf_format(out, "%s<a href=\"#n-%.*s-%.*s\" id=\"r-%.*s-%.*s\">%.*s</a>", further ? ", " : "",
                      (int)s->language.len, (const char *)s->language.ptr, len, digits, (int)s->language.len,
                      (const char *)s->language.ptr, len, digits, len, digits);
    }
    ls_buf_put_str(out, "</sup>");
}

static void put_run(const ls_page_section *s, const ls_run *run, bool code, ls_buf *out)
{
    unsigned style = code ? run->style & ~(unsigned)LS_STYLE_CODE : run->style;
    if (run->style == LS_STYLE_NOTE) {
        put_references(s, run->text, out);
        return;
    }
    for (size_t i = ELEMENTS; i > 0; i--) {
        if ((style & elements[i - 1].style) != 0) {
            ls_buf_format(out, "<%s>", elements[i - 1].tag);
        }
    }
    ls_shown_html(out, run->text, false);
    for (size_t i = 0; i < ELEMENTS; i++) {
        if ((style & elements[i].style) != 0) {
            ls_buf_format(out, "</%.*s>", (int)strcspn(elements[i].tag, " "), elements[i].tag);
        }
    }
}

static void put_leaf(const ls_page_section *s, const ls_leaf *leaf, ls_buf *out)
{
    unsigned level = leaf->heading + 2 > 6 ? 6 : leaf->heading + 2;
    ls_buf_put_str(out, leaf->heading > 0 ? "<h" : "<p");
    if (leaf->heading > 0) {
        ls_buf_format(out, "%u", level);
    }
    ls_buf_format(out, " class=\"leaf%s", leaf->code ? " code" : "");
    if (leaf->heading > 0) {
        ls_buf_format(out, " h%u", leaf->heading);
    }
    if (leaf->indent > 0) {
        ls_buf_format(out, " i%u", leaf->indent);
    }
    ls_buf_put_str(out, "\">\n");
    for (size_t i = 0; i < leaf->line_count; i++) {
        ls_buf_format(out, "<span class=l><span class=n>%zu</span><span class=t dir=auto>", leaf->first_line + i);
        for (size_t k = 0; k < leaf->line[i].run_count; k++) {
            put_run(s, &leaf->line[i].run[k], leaf->code, out);
        }
        ls_buf_put_str(out, "</span></span>\n");
    }
    ls_buf_put_str(out, leaf->heading > 0 ? "</h" : "</p");
    if (leaf->heading > 0) {
        ls_buf_format(out, "%u", level);
    }
    ls_buf_put_str(out, ">\n");
}

static void put_item(const ls_page_section *s, const ls_page_item *item, ls_buf *out)
{
    const char *name = item->item->paragraph->name;
    ls_buf_format(out, "<div class=item id=\"%s-%.*s\">\n<div class=state><b>%s</b> %s</div>\n<div class=words>\n",
                  name, (int)s->language.len, (const char *)s->language.ptr, name, item->status);
    for (size_t i = 0; i < item->leaf_count; i++) {
        put_leaf(s, &item->leaf[i], out);
    }
    ls_buf_put_str(out, "</div>\n</div>\n");
}

static void put_note(const ls_page_section *s, size_t i, ls_buf *out)
{
    ls_bytes language = s->language;
    const ls_view_note *n = &s->view->note[i];
    ls_buf_format(out, "<p class=note id=\"n-%.*s-%zu\"><a href=\"#r-%.*s-%zu\">%zu</a> <b>", (int)language.len,
                  (const char *)language.ptr, i + 1, (int)language.len, (const char *)language.ptr, i + 1, i + 1);
    ls_note_put_head(s->view, n, out);
    ls_buf_put_str(out, "</b> ");
    ls_shown_element(out, "bdi", n->text, false);
    ls_buf_put_str(out, "</p>\n");
}

static void put_section(const ls_page_section *s, ls_buf *out)
{
    ls_buf_format(out, "<section lang=\"%.*s\">\n<h2 lang=en>Language: %.*s</h2>\n", (int)s->language.len,
                  (const char *)s->language.ptr, (int)s->language.len, (const char *)s->language.ptr);
    for (size_t i = 0; i < s->item_count; i++) {
        put_item(s, &s->item[i], out);
    }
    if (s->view->note_count > 0) {
        ls_buf_put_str(out, "<div class=notes>\n");
        for (size_t i = 0; i < s->view->note_count; i++) {
            put_note(s, i, out);
        }
        ls_buf_put_str(out, "</div>\n");
    }
    ls_buf_put_str(out, "</section>\n");
}

/* Head and foot of a table are what browsers repeat on every page. */
static void put_frame_begin(const ls_pages *p, ls_buf *out)
{
    ls_buf_put_str(out, "<table role=presentation>\n<thead><tr><td>");
    if (p->exercise) {
        ls_buf_format(out, "<p class=mark><b>%s</b> %s</p>", ls_sheet_mark, ls_sheet_mark_meaning);
    }
    ls_buf_put_str(out, "<p class=running>");
    ls_shown_element(out, "bdi", p->title, false);
    ls_buf_put_str(out, "</p></td></tr></thead>\n<tfoot><tr><td><p class=running>");
    ls_shown_element(out, "bdi", p->foot, false);
    ls_buf_put_str(out, "</p></td></tr></tfoot>\n<tbody><tr><td>\n");
}

static void put_head(const ls_pages *p, ls_buf *out)
{
    ls_buf_put_str(out, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src "
                        "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                        "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=color-scheme content=\"light dark\">\n<title>");
    ls_buf_put_str(out, p->exercise ? ls_sheet_mark : "");
    ls_buf_put_str(out, p->exercise ? ": " : "");
    ls_shown_html(out, p->title, false);
    ls_buf_format(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", ls_pages_style);
}

static void put_page(const ls_pages_model *m, ls_buf *out)
{
    put_head(m->pages, out);
    put_frame_begin(m->pages, out);
    ls_buf_put_str(out, "<main>\n");
    ls_shown_element(out, "h1 dir=auto", m->pages->title, false);
    ls_shown_element(out, "p dir=auto", m->pages->process, false);
    ls_shown_element(out, "p dir=auto", m->pages->status, false);
    for (size_t i = 0; i < m->pages->view_count; i++) {
        put_section(&m->section[i], out);
    }
    ls_buf_put_str(out, "</main>\n</td></tr></tbody>\n</table>\n</body>\n</html>\n");
}

ls_result ls_pages_html(const ls_pages *pages, ls_buf *out)
{
    ls_arena arena = {0};
    ls_buf page = {0};
    ls_pages_model model;
    ls_result r = ls_pages_model_make(&arena, pages, &model);
    if (ls_succeeded(r)) {
        put_page(&model, &page);
        r = ls_buf_check(&page);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&page));
        r = ls_buf_check(out);
    }
    ls_buf_free(&page);
    ls_arena_free(&arena);
    return r;
}
