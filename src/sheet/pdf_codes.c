/* Codes on pages of a PDF: two side by side, three rows on a page. */
#include "sheet/pdf_parts.h"
#include "sheet/qr.h"
#include <stdio.h>

#define ACROSS 2
#define DOT (72.0 / 300) /* of a common printer: modules are whole numbers of them, so that all are of one size */

static double module_of(const ls_qr *qr)
{
    double module = LS_PDF_CODE_SIDE / (qr->width + 2 * LS_QR_QUIET);
    int dots = (int)(module / DOT);
    return dots > 0 ? dots * DOT : module;
}

/* All of it is one path, painted at once: between shapes that are painted one by one, thin lines would show. */
static void paint(ls_canvas *c, const ls_qr *qr, double x, double y)
{
    double module = module_of(qr), margin = (LS_PDF_CODE_SIDE - module * qr->width) / 2;
    for (int row = 0; row < qr->width; row++) {
        for (int at = 0, length; ls_qr_run(qr, row, &at, &length); at += length) {
            cairo_rectangle(c->cr, x + margin + at * module, y + margin + row * module, length * module, module);
        }
    }
    cairo_fill(c->cr);
}

static void show_caption(ls_canvas *c, const ls_codes *codes, size_t number, double x, double y)
{
    char text[80];
    snprintf(text, sizeof text, "Code %zu of %zu · %s", number, codes->count, codes->sheet);
    PangoLayout *caption = ls_canvas_layout(c, LS_FACE_BOLD, LS_PDF_CODE_SIDE, ls_bytes_str(text), false);
    pango_layout_set_alignment(caption, PANGO_ALIGN_CENTER);
    ls_canvas_show(c, caption, x, y);
}

static ls_result show_code(ls_canvas *c, const ls_codes *codes, size_t index, int version, ls_detail *detail)
{
    double column = (LS_RIGHT - LS_LEFT) / ACROSS;
    double x = LS_LEFT + column * (double)(index % ACROSS) + (column - LS_PDF_CODE_SIDE) / 2;
    ls_qr qr;
    LS_TRY(ls_qr_make(codes->text[index], version, &qr, detail));
    paint(c, &qr, x, c->y);
    show_caption(c, codes, index + 1, x, c->y + LS_PDF_CODE_SIDE);
    ls_qr_free(&qr);
    return LS_SUCCESS;
}

ls_result ls_pdf_show_codes(ls_canvas *c, const ls_codes *codes, ls_detail *detail)
{
    int version;
    LS_TRY(ls_qr_version(codes, &version, detail));
    for (size_t i = 0; i < codes->count; i++) {
        if (i % ACROSS == 0) {
            ls_canvas_need(c, LS_PDF_CODE_HEIGHT);
        }
        LS_TRY(show_code(c, codes, i, version, detail));
        if (i % ACROSS == ACROSS - 1 || i + 1 == codes->count) {
            c->y += LS_PDF_CODE_HEIGHT;
        }
    }
    return LS_SUCCESS;
}
