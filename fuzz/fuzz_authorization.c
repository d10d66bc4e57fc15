/* The Authorization header of a server: what can be read has one form, and is a note that fits into the buffer. */
#include "process/access.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes value = ls_bytes_of(data, size);
    uint8_t *note = malloc(LS_ACCESS_MAX); /* so that a byte too many shows */
    size_t len = 0;
    if (note != NULL && ls_access_read_header(value, note, &len)) {
        ls_buf again = {0};
        require(len <= LS_ACCESS_MAX);
        ls_access_put_header(ls_bytes_of(note, len), &again);
        require(ls_bytes_equal(ls_buf_bytes(&again), value));
        ls_buf_free(&again);
    }
    free(note);
    return 0;
}
