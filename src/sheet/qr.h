/* Inside of sheets: QR codes (ISO/IEC 18004, by libqrencode) as what there is to paint. */
#ifndef LS_SHEET_QR_H
#define LS_SHEET_QR_H

#include "sheet/sheet.h"
#include <qrencode.h>

#define LS_QR_QUIET 4 /* modules that stay white around a code */

typedef struct ls_qr {
    QRcode *code;
    int width; /* modules */
} ls_qr;

/* The version (size) in which all codes fit: those of one sheet look alike. */
ls_result ls_qr_version(const ls_codes *codes, int *version, ls_detail *detail);
/* In alphanumeric mode, error correction M. */
ls_result ls_qr_make(const char *text, int version, ls_qr *out, ls_detail *detail);
void ls_qr_free(ls_qr *qr);

/* A row's next black modules from x on, side by side: where they begin and how many. False if there are none. */
bool ls_qr_run(const ls_qr *qr, int y, int *x, int *length);

#endif
