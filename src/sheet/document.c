/* A PDF: its pages are shown once to count them and once to keep them. */
#include "process/shown.h"
#include "sheet/canvas.h"
#include <cairo-pdf.h>

typedef struct document {
    const ls_sheet_model *m;
    PangoContext *pango;
    ls_document_show *show;
    void *context;
} document;

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
static ls_result make(const document *doc, unsigned *pages, ls_buf *out, ls_detail *detail)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(out == NULL ? NULL : keep, out, LS_PAGE_WIDTH, LS_PAGE_HEIGHT);
    ls_canvas c = {.m = doc->m, .pango = doc->pango, .pages = *pages, .cr = cairo_create(surface)};
    set_metadata(surface, doc->m);
    ls_result r = doc->show(&c, doc->context, detail);
    cairo_surface_finish(surface);
    if (ls_succeeded(r)) {
        r = status_of(c.cr, detail);
    }
    cairo_destroy(c.cr);
    cairo_surface_destroy(surface);
    *pages = c.page;
    /* cppcheck-suppress returnDanglingLifetime ; a result points at a fault, and never at a canvas */
    return r;
}

static ls_result make_twice(const document *doc, ls_buf *out, ls_detail *detail)
{
    unsigned pages = 0;
    LS_TRY(make(doc, &pages, NULL, detail));
    return make(doc, &pages, out, detail);
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

static ls_result make_with(const document *doc, ls_buf *out, ls_detail *detail)
{
    if (has_letters(doc->pango)) {
        return make_twice(doc, out, detail);
    }
    ls_hint(detail, "apt-get install fonts-dejavu-core");
    return ls_fail_with(&ls_fault_sheet_fonts, detail, "fontconfig finds no font with Latin letters");
}

ls_result ls_document_make(const ls_sheet_model *m, ls_document_show *show, void *context, ls_buf *out,
                           ls_detail *detail)
{
    ls_buf made = {0};
    PangoFontMap *fonts = pango_cairo_font_map_new();
    const document doc = {m, make_context(fonts), show, context};
    ls_result r = make_with(&doc, &made, detail);
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&made));
        r = ls_buf_check(out);
    }
    ls_buf_free(&made);
    g_object_unref(doc.pango);
    g_object_unref(fonts);
    return r;
}
