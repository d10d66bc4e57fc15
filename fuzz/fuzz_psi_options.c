/* Lists of options: what is read is written again as it was, and every option is another text. */
#include "psi/options.h"
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
    ls_psi_options o;
    ls_detail detail = {0};
    ls_bytes document = ls_bytes_of(data, size);
    if (ls_succeeded(ls_psi_options_parse(&arena, document, &o, &detail))) {
        ls_buf again = {0};
        require(ls_succeeded(ls_psi_options_write(o.option, o.count, &again, NULL)));
        require(ls_bytes_equal(ls_buf_bytes(&again), document));
        require(o.count < 2 || !ls_bytes_equal(o.text[0], o.text[1]));
        ls_buf_free(&again);
    } else {
        require(detail.text[0] != '\0');
    }
    ls_arena_free(&arena);
    return 0;
}
