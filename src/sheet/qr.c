/* QR codes, as rows of black modules. */
#include "sheet/qr.h"
#include <errno.h>

#define LEVEL QR_ECLEVEL_M
#define BLACK 1 /* the bit of a module that says so */

static ls_result failed(ls_detail *detail)
{
    return errno == ENOMEM ? ls_fail(&ls_fault_memory)
                           : ls_fail_with(&ls_fault_sheet_failed, detail, "a text does not fit into a QR code");
}

ls_result ls_qr_make(const char *text, int version, ls_qr *out, ls_detail *detail)
{
    QRinput *input = QRinput_new2(version, LEVEL);
    if (input == NULL) {
        return failed(detail);
    }
    bool taken = QRinput_append(input, QR_MODE_AN, (int)strlen(text), (const unsigned char *)text) == 0;
    QRcode *code = taken ? QRcode_encodeInput(input) : NULL;
    QRinput_free(input);
    if (code == NULL) {
        return failed(detail);
    }
    *out = (ls_qr){code, code->width};
    return LS_SUCCESS;
}

ls_result ls_qr_version(const ls_codes *codes, int *version, ls_detail *detail)
{
    int most = 0;
    for (size_t i = 0; i < codes->count; i++) {
        ls_qr qr;
        LS_TRY(ls_qr_make(codes->text[i], most, &qr, detail));
        most = qr.code->version;
        ls_qr_free(&qr);
    }
    *version = most;
    return LS_SUCCESS;
}

void ls_qr_free(ls_qr *qr)
{
    QRcode_free(qr->code);
    *qr = (ls_qr){0};
}

bool ls_qr_run(const ls_qr *qr, int y, int *x, int *length)
{
    const unsigned char *row = qr->code->data + (size_t)y * (size_t)qr->width;
    int from = *x;
    while (from < qr->width && (row[from] & BLACK) == 0) {
        from++;
    }
    int to = from;
    while (to < qr->width && (row[to] & BLACK) != 0) {
        to++;
    }
    *x = from;
    *length = to - from;
    return to > from;
}
