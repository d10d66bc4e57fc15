/* Letters that look like others: of any UTF-8, words of it with places in it. */
#include "lookalike/lookalike.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_lookalike found[16];
    size_t count = 0;
    ls_bytes text = ls_bytes_of(data, size);
    if (!ls_utf8_valid(text)) {
        return 0;
    }
    if (ls_failed(ls_lookalike_find(text, 16, found, &count))) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        if (found[i].word.ptr < data || found[i].word.ptr + found[i].word.len > data + size ||
            found[i].mark.line == 0) {
            abort();
        }
    }
    return 0;
}
