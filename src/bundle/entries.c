#include "bundle/entries.h"

bool ls_entries_parse(ls_bytes bytes, ls_entries *out)
{
    ls_reader r = ls_reader_of(bytes);
    out->count = 0;
    while (ls_reader_left(&r) > 0 && !r.failed && out->count < LS_TILE_WIDTH) {
        ls_bytes entry = ls_read_bytes(&r, ls_read_u16(&r));
        out->entry[out->count] = entry;
        out->count += !r.failed;
    }
    return out->count > 0 && ls_reader_done(&r);
}

void ls_entries_put(ls_buf *out, ls_bytes entry)
{
    ls_buf_put_u16(out, (uint16_t)entry.len);
    ls_buf_put_bytes(out, entry);
}
