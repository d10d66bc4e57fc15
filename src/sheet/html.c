/* A sheet as one HTML file. Everything that is not ours passes through ls_shown_html; attributes hold nothing but our
 * own.
 */
#include "process/shown.h"
#include "sheet/html_style.h"
#include "sheet/model.h"
#include "sheet/qr.h"
#include <inttypes.h>

static void put_pairs(const ls_section *s, ls_buf *out)
{
    ls_buf_put_str(out, "<table class=pairs>\n");
    for (size_t i = 0; i < s->count; i++) {
        ls_buf_put_str(out, "<tr>");
        ls_shown_element(out, "th scope=row dir=auto", s->pair[i].name, true);
        ls_shown_element(out, "td dir=auto", s->pair[i].value, true);
        ls_buf_put_str(out, "</tr>\n");
    }
    ls_buf_put_str(out, "</table>\n");
}

static void put_words(const ls_sheet_model *m, ls_buf *out)
{
    ls_buf_put_str(out, "<ol class=words>\n");
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        ls_buf_format(out, "<li>%s</li>\n", m->word[i]);
    }
    ls_buf_put_str(out, "</ol>\n");
}

static void put_blank(const ls_sheet_blank *b, ls_buf *out)
{
    ls_buf_put_str(out, "<div class=blank>");
    ls_shown_element(out, "h3 dir=auto", b->label, false);
    ls_buf_put_str(out, b->choice_count > 0 ? "<p class=choices>" : "");
    for (size_t i = 0; i < b->choice_count && i < LS_SHEET_CHOICES_MAX; i++) {
        ls_buf_put_str(out, "<span class=choice><span class=box></span>");
        ls_shown_element(out, "bdi", b->choice[i], false);
        ls_buf_put_str(out, "</span> ");
    }
    ls_buf_put_str(out, b->choice_count > 0 ? "</p>" : "");
    for (unsigned i = 0; i < b->lines && i < LS_SHEET_LINES_MAX; i++) {
        ls_buf_put_str(out, "<div class=line></div>");
    }
    ls_buf_put_str(out, "</div>\n");
}

static void put_signatures(const ls_sheet *s, ls_buf *out)
{
    static const char *const lines[] = {"Name", "Signature", "Date and time"};
    for (size_t i = 0; i < s->signature_count; i++) {
        ls_buf_put_str(out, "<div class=signature>");
        ls_shown_element(out, "h3 dir=auto", s->signature[i], false);
        for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
            ls_buf_format(out, "<div class=line><span>%s</span></div>", lines[k]);
        }
        ls_buf_put_str(out, "</div>\n");
    }
}

/* Runs of black modules as strokes of one path, each moved to from the one before: the shortest that SVG has. */
static void put_path(const ls_qr *qr, ls_buf *out)
{
    ls_buf_put_str(out, "<path stroke=\"#000\" d=\"");
    for (int y = 0; y < qr->width; y++) {
        for (int x = 0, length; ls_qr_run(qr, y, &x, &length); x += length) {
            ls_buf_format(out, "M%d %d.5h%d", x, y, length);
        }
    }
    ls_buf_put_str(out, "\"/>");
}

static void put_code(const ls_qr *qr, size_t number, const ls_codes *codes, ls_buf *out)
{
    int side = qr->width + 2 * LS_QR_QUIET;
    ls_buf_format(out,
                  "<figure><svg viewBox=\"-%d -%d %d %d\" shape-rendering=\"crispEdges\" role=\"img\" "
                  "aria-label=\"Code %zu of %zu\">",
                  LS_QR_QUIET, LS_QR_QUIET, side, side, number, codes->count);
    put_path(qr, out);
    ls_buf_format(out, "</svg><figcaption><b>Code %zu of %zu</b> · %s</figcaption></figure>\n", number, codes->count,
                  codes->sheet);
}

static ls_result put_codes(const ls_codes *codes, ls_buf *out, ls_detail *detail)
{
    int version;
    LS_TRY(ls_qr_version(codes, &version, detail));
    ls_buf_put_str(out, "<div class=codes>\n");
    for (size_t i = 0; i < codes->count; i++) {
        ls_qr qr;
        LS_TRY(ls_qr_make(codes->text[i], version, &qr, detail));
        put_code(&qr, i + 1, codes, out);
        ls_qr_free(&qr);
    }
    ls_buf_put_str(out, "</div>\n");
    return LS_SUCCESS;
}

static ls_result put_content(const ls_sheet_model *m, const ls_section *s, ls_buf *out, ls_detail *detail)
{
    switch (s->kind) {
    case LS_SECTION_PAIRS:
        put_pairs(s, out);
        break;
    case LS_SECTION_WORDS:
        put_words(m, out);
        break;
    case LS_SECTION_BLANKS:
        for (size_t i = 0; i < s->count; i++) {
            put_blank(&m->sheet->blank[i], out);
        }
        break;
    case LS_SECTION_SIGNATURES:
        put_signatures(m->sheet, out);
        break;
    case LS_SECTION_CODES:
        return put_codes(m->sheet->codes, out, detail);
    }
    return LS_SUCCESS;
}

static ls_result put_section(const ls_sheet_model *m, const ls_section *s, ls_buf *out, ls_detail *detail)
{
    bool divisible = s->kind == LS_SECTION_PAIRS || s->kind == LS_SECTION_CODES;
    ls_buf_format(out, "<section%s><h2>%s</h2>\n", divisible ? "" : " class=whole", s->heading);
    if (s->text.len > 0) {
        ls_shown_element(out, "p dir=auto", s->text, true);
    }
    LS_TRY(put_content(m, s, out, detail));
    ls_buf_put_str(out, "</section>\n");
    return LS_SUCCESS;
}

static void put_mark(const ls_sheet_model *m, ls_buf *out)
{
    if (m->sheet->exercise) {
        ls_buf_format(out, "<p class=mark><b>%s</b> %s</p>", ls_sheet_mark, ls_sheet_mark_meaning);
    }
}

/* Head and foot of a table are what browsers repeat on every page. */
static void put_frame_begin(const ls_sheet_model *m, ls_buf *out)
{
    ls_buf_put_str(out, "<table class=pages role=presentation>\n<thead><tr><td>");
    put_mark(m, out);
    ls_buf_put_str(out, "<p class=running>");
    ls_shown_element(out, "bdi", m->sheet->title, false);
    ls_buf_put_str(out, "<span>");
    ls_buf_put_str(out, m->site);
    ls_buf_put_str(out, "</span></p></td></tr></thead>\n<tfoot><tr><td><p class=running>");
    ls_buf_put_str(out, m->foot);
    ls_buf_put_str(out, "</p></td></tr></tfoot>\n<tbody><tr><td>\n");
}

static void put_head(const ls_sheet_model *m, ls_buf *out)
{
    ls_buf_put_str(out, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src "
                        "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                        "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=color-scheme content=\"light dark\">\n");
    ls_shown_element(out, "title", m->title, false);
    ls_buf_format(out, "\n<style>\n%s</style>\n</head>\n<body>\n", ls_sheet_style);
}

static ls_result put_page(const ls_sheet_model *m, ls_buf *out, ls_detail *detail)
{
    put_head(m, out);
    put_frame_begin(m, out);
    ls_buf_put_str(out, "<main>\n");
    ls_shown_element(out, "h1 dir=auto", m->sheet->title, false);
    if (m->sheet->process.len > 0) {
        ls_shown_element(out, "p dir=auto", m->sheet->process, false);
    }
    for (size_t i = 0; i < m->section_count; i++) {
        LS_TRY(put_section(m, &m->section[i], out, detail));
    }
    ls_buf_put_str(out, "</main>\n</td></tr></tbody>\n</table>\n</body>\n</html>\n");
    return ls_buf_check(out);
}

ls_result ls_sheet_html(const ls_sheet *sheet, ls_buf *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_buf page = {0};
    ls_sheet_model model;
    ls_result r = ls_sheet_model_make(&arena, sheet, &model);
    if (ls_succeeded(r)) {
        r = put_page(&model, &page, detail);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&page));
        r = ls_buf_check(out);
    }
    ls_buf_free(&page);
    ls_arena_free(&arena);
    return r;
}
