#include "ledger/packing.h"
#include <stdio.h>

/* Writes what a buffer holds and frees it. */
static ls_result flush(ls_file_writer *w, ls_buf *b, ls_detail *detail)
{
    ls_result r = ls_buf_check(b);
    if (ls_succeeded(r)) {
        r = ls_file_append(w, ls_buf_bytes(b), detail);
    }
    ls_buf_free(b);
    return r;
}

ls_result ls_pack_begin(ls_file_writer *w, ls_bundle_kind kind, ls_detail *detail)
{
    ls_buf b = {0};
    ls_bundle_begin(&b, kind);
    return flush(w, &b, detail);
}

ls_result ls_pack_member(ls_file_writer *w, const char *name, ls_bytes content, ls_detail *detail)
{
    static const uint8_t zeros[512];
    ls_buf header = {0};
    ls_result r = ls_bundle_header(&header, name, content.len);
    if (ls_failed(r)) {
        ls_buf_free(&header);
        return r;
    }
    LS_TRY(flush(w, &header, detail));
    LS_TRY(ls_file_append(w, content, detail));
    return ls_file_append(w, ls_bytes_of(zeros, ls_bundle_padding(content.len)), detail);
}

ls_result ls_pack_attachment(ls_file_writer *w, const ls_hash *hash, ls_bytes content, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE], name[LS_BUNDLE_NAME_MAX + 1];
    ls_hash_format(hash, hex);
    snprintf(name, sizeof name, "attachments/%s", hex);
    return ls_pack_member(w, name, content, detail);
}

ls_result ls_pack_end(ls_file_writer *w, ls_detail *detail)
{
    ls_buf b = {0};
    ls_bundle_end(&b);
    return flush(w, &b, detail);
}
