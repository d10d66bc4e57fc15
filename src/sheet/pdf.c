/* A sheet as a PDF: the model's sections put on pages, once to count these and once to keep them. */
#include "process/shown.h"
#include "sheet/pdf_parts.h"
#include <cairo-pdf.h>

/* What of a section stays together with its heading: of what is filled in by hand all, if a page can hold it. */
static double least_of(ls_canvas *c, const ls_section *s)
{
    static const double least[] = {
        [LS_SECTION_PAIRS] = LS_MM(10.0),        [LS_SECTION_WORDS] = LS_PDF_WORDS_HEIGHT,
        [LS_SECTION_BLANKS] = LS_MM(25.0),       [LS_SECTION_SIGNATURES] = LS_PDF_SIGNATURE_HEIGHT,
        [LS_SECTION_CODES] = LS_PDF_CODE_HEIGHT,
    };
    double blanks = s->kind == LS_SECTION_BLANKS ? ls_pdf_blanks_height(c) : 0;
    return blanks > least[s->kind] && blanks < LS_BOTTOM - c->top ? blanks : least[s->kind];
}

static ls_result show_section(ls_canvas *c, const ls_section *s, ls_detail *detail)
{
    double width = LS_RIGHT - LS_LEFT;
    PangoLayout *heading = ls_canvas_layout(c, LS_FACE_HEADING, width, ls_bytes_str(s->heading), false);
    double height = ls_layout_height(heading), before = LS_MM(5.0), after = LS_MM(2.5);
    ls_flow text = ls_flow_begin(c, LS_FACE_TEXT, LS_LEFT, width, s->text);
    double text_height = s->text.len == 0 ? 0 : ls_layout_height(text.layout) + after;
    ls_canvas_need(c, before + height + after + text_height + least_of(c, s));
    c->y += c->y > c->top ? before : 0;
    ls_canvas_show(c, heading, LS_LEFT, c->y);
    ls_canvas_rule(c, LS_LEFT, c->y + height + 1, width, 1.5);
    c->y += height + after;
    if (s->text.len > 0) {
        ls_pdf_show_flow(c, &text);
        c->y += after;
    }
    ls_flow_end(&text);
    return ls_pdf_show_content(c, s, detail);
}

static ls_result show_all(ls_canvas *c, ls_detail *detail)
{
    static const ls_face faces[] = {LS_FACE_TITLE, LS_FACE_TEXT};
    const ls_bytes texts[] = {c->m->sheet->title, c->m->sheet->process};
    ls_canvas_begin(c);
    for (size_t i = 0; i < 2; i++) {
        ls_flow f = ls_flow_begin(c, faces[i], LS_LEFT, LS_RIGHT - LS_LEFT, texts[i]);
        ls_pdf_show_flow(c, &f);
        ls_flow_end(&f);
    }
    for (size_t i = 0; i < c->m->section_count; i++) {
        LS_TRY(show_section(c, &c->m->section[i], detail));
    }
    cairo_show_page(c->cr);
    return LS_SUCCESS;
}

/* The document. */

static cairo_status_t keep(void *to, const unsigned char *bytes, unsigned len)
{
    ls_buf_put(to, bytes, len);
    return ((ls_buf *)to)->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void set_metadata(cairo_surface_t *surface, const ls_sheet_model *m)
{
    ls_buf title = {0};
    char shown[LS_SHOWN_SIZE];
    for (size_t offset = 0; ls_shown_next(m->title, false, &offset, shown);) {
        ls_buf_put_str(&title, shown);
    }
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, ls_buf_cstr(&title));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Lockstep");
    /* No date: it would say when somebody printed this, and no two files would be the same. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    ls_buf_free(&title);
}

static ls_result status_of(cairo_t *cr, ls_detail *detail)
{
    cairo_status_t status = cairo_status(cr);
    cairo_status_t end = cairo_surface_status(cairo_get_target(cr));
    status = status == CAIRO_STATUS_SUCCESS ? end : status;
    if (status == CAIRO_STATUS_NO_MEMORY) {
        return ls_fail(&ls_fault_memory);
    }
    return status == CAIRO_STATUS_SUCCESS
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_sheet_failed, detail, "%s", cairo_status_to_string(status));
}

/* Without a place to keep it, it is only counted how many pages it takes. */
static ls_result make(PangoContext *pango, const ls_sheet_model *m, unsigned *pages, ls_buf *out, ls_detail *detail)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(out == NULL ? NULL : keep, out, LS_PAGE_WIDTH, LS_PAGE_HEIGHT);
    ls_canvas c = {.m = m, .pango = pango, .pages = *pages, .cr = cairo_create(surface)};
    set_metadata(surface, m);
    ls_result r = show_all(&c, detail);
    cairo_surface_finish(surface);
    if (ls_succeeded(r)) {
        r = status_of(c.cr, detail);
    }
    cairo_destroy(c.cr);
    cairo_surface_destroy(surface);
    *pages = c.page;
    return r;
}

static ls_result make_twice(PangoContext *pango, const ls_sheet *sheet, ls_buf *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_sheet_model model;
    unsigned pages = 0;
    ls_result r = ls_sheet_model_make(&arena, sheet, &model);
    if (ls_succeeded(r)) {
        r = make(pango, &model, &pages, NULL, detail);
    }
    if (ls_succeeded(r)) {
        r = make(pango, &model, &pages, out, detail);
    }
    ls_arena_free(&arena);
    return r;
}

/* Nothing of the machine's settings gets in: English decides between fonts where the text does not, and letters are not
 * fitted to the pixels of a screen. */
static PangoContext *make_context(PangoFontMap *fonts)
{
    PangoContext *pango = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango, options);
    pango_cairo_context_set_resolution(pango, 72);
    pango_context_set_language(pango, pango_language_from_string("en"));
    pango_context_set_base_dir(pango, PANGO_DIRECTION_WEAK_LTR);
    cairo_font_options_destroy(options);
    return pango;
}

/* Without fonts pango makes pages of empty boxes. One that has these letters has all that our own words need. */
static bool has_letters(PangoContext *pango)
{
    PangoLayout *layout = pango_layout_new(pango);
    pango_layout_set_text(layout, "Az09", -1);
    int unknown = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    return unknown == 0;
}

static ls_result make_with(PangoContext *pango, const ls_sheet *sheet, ls_buf *out, ls_detail *detail)
{
    if (has_letters(pango)) {
        return make_twice(pango, sheet, out, detail);
    }
    ls_hint(detail, "apt-get install fonts-dejavu-core");
    return ls_fail_with(&ls_fault_sheet_fonts, detail, "fontconfig finds no font with Latin letters");
}

ls_result ls_sheet_pdf(const ls_sheet *sheet, ls_buf *out, ls_detail *detail)
{
    ls_buf made = {0};
    PangoFontMap *fonts = pango_cairo_font_map_new();
    PangoContext *pango = make_context(fonts);
    ls_result r = make_with(pango, sheet, &made, detail);
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&made));
        r = ls_buf_check(out);
    }
    ls_buf_free(&made);
    g_object_unref(pango);
    g_object_unref(fonts);
    return r;
}
