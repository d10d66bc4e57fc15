/* Files for an audience: what is read has exactly one form, which is rebuilt here from what was read. */
#include "process/sealed.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_short(ls_buf *b, ls_bytes text)
{
    ls_buf_put_u8(b, (uint8_t)text.len);
    ls_buf_put_bytes(b, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_sealed_file f;
    if (ls_failed(ls_sealed_read(ls_bytes_of(data, size), &f))) {
        return 0;
    }
    ls_buf again = {0};
    ls_buf_put(&again, data, LS_SEALED_SALT);
    put_short(&again, f.name);
    put_short(&again, f.media_type);
    ls_buf_put_u64(&again, f.content.len);
    ls_buf_put_bytes(&again, f.content);
    while (again.len < size) {
        ls_buf_put_u8(&again, 0);
    }
    bool minimal = size == LS_SEALED_MIN || (size & (size - 1)) == 0;
    if (again.failed || !minimal || again.len != size || memcmp(again.ptr, data, size) != 0) {
        abort();
    }
    ls_buf_free(&again);
    return 0;
}
