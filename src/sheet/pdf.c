/* A sheet as a PDF: the model's sections put on pages, once to count these and once to keep them. */
#include "process/shown.h"
#include "sheet/pdf_parts.h"

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

static ls_result show_all(ls_canvas *c, void *context, ls_detail *detail)
{
    static const ls_face faces[] = {LS_FACE_TITLE, LS_FACE_TEXT};
    const ls_bytes texts[] = {c->m->sheet->title, c->m->sheet->process};
    (void)context;
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

ls_result ls_sheet_pdf(const ls_sheet *sheet, ls_buf *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_sheet_model model;
    ls_result r = ls_sheet_model_make(&arena, sheet, &model);
    if (ls_succeeded(r)) {
        r = ls_document_make(&model, show_all, NULL, out, detail);
    }
    ls_arena_free(&arena);
    return r;
}
