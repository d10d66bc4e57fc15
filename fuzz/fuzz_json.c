/* JSON: the canonical form of what parses must parse again, to itself. */
#include "base/value.h"
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
    ls_arena arena = {0};
    ls_value *value, *again;
    ls_detail detail = {0};
    if (ls_succeeded(ls_json_parse(&arena, ls_bytes_of(data, size), &value, &detail))) {
        ls_buf canonical = {0};
        ls_json_canonical(value, &canonical);
        require(!canonical.failed);
        require(ls_succeeded(ls_json_parse(&arena, ls_buf_bytes(&canonical), &again, &detail)));
        require(ls_succeeded(ls_json_check_canonical(again, ls_buf_bytes(&canonical))));
        require(ls_utf8_valid(ls_buf_bytes(&canonical)));
        ls_buf_free(&canonical);
    } else {
        require(detail.text[0] != 0 && (detail.line > 0 || size > LS_VALUE_DOCUMENT_MAX));
    }
    ls_arena_free(&arena);
    return 0;
}
