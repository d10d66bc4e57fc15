/* agree.json: what parses has one form. */
#include "text/forms.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_text_agree agree;
    ls_detail detail = {0};
    if (ls_succeeded(ls_text_agree_parse(&arena, ls_bytes_of(data, size), &agree, &detail))) {
        ls_buf again = {0};
        if (ls_failed(ls_text_agree_format(&agree, &again)) ||
            !ls_bytes_equal(ls_buf_bytes(&again), ls_bytes_of(data, size))) {
            abort();
        }
        ls_buf_free(&again);
    }
    ls_arena_free(&arena);
    return 0;
}
