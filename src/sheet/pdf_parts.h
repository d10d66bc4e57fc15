/* Inside of sheets: what stands in the sections of a PDF. */
#ifndef LS_SHEET_PDF_PARTS_H
#define LS_SHEET_PDF_PARTS_H

#include "sheet/canvas.h"

#define LS_PDF_WORDS_HEIGHT LS_MM(28.0)
#define LS_PDF_SIGNATURE_HEIGHT LS_MM(44.0)
#define LS_PDF_CODE_SIDE LS_MM(74.2)                       /* with what stays white around a code */
#define LS_PDF_CODE_HEIGHT (LS_PDF_CODE_SIDE + LS_MM(5.0)) /* with what stands below it: three on a page */

/* Of all blanks together. */
double ls_pdf_blanks_height(ls_canvas *c);
/* Shows all of it, on as many pages as it takes. */
void ls_pdf_show_flow(ls_canvas *c, ls_flow *f);
ls_result ls_pdf_show_content(ls_canvas *c, const ls_section *s, ls_detail *detail);
ls_result ls_pdf_show_codes(ls_canvas *c, const ls_codes *codes, ls_detail *detail);

#endif
