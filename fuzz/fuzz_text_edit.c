/* edit.json: what parses has one form, and following it fails for nothing but lack of memory. */
#include "text/text.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* The same file from two parties, so that what one inserts the other may change. */
static void follow(ls_arena *arena, const ls_text_edit *edit)
{
    const ls_bytes party[] = {ls_bytes_str("usa"), ls_bytes_str("dprk")};
    const ls_bytes language[] = {ls_bytes_str("en"), ls_bytes_str("ko")};
    const ls_text_opening opening = {2, 2, party, language, false};
    const ls_text_act acts[] = {{.party = party[0], .seq = 1, .edit = edit},
                                {.party = party[1], .seq = 1, .edit = edit},
                                {.party = party[0], .seq = 2, .edit = edit}};
    ls_text_state s;
    require(ls_succeeded(ls_text_eval(arena, &opening, 3, acts, &s)));
    for (size_t i = 0; i < s.paragraph_count; i++) {
        require(s.order[i] < s.paragraph_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_text_edit edit;
    ls_detail detail = {0};
    if (ls_succeeded(ls_text_edit_parse(&arena, ls_bytes_of(data, size), &edit, &detail))) {
        ls_buf again = {0};
        require(ls_succeeded(ls_text_edit_format(&edit, &again)));
        require(ls_bytes_equal(ls_buf_bytes(&again), ls_bytes_of(data, size)));
        ls_buf_free(&again);
        follow(&arena, &edit);
    }
    ls_arena_free(&arena);
    return 0;
}
