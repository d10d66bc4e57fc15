/* Words on paper: whatever two parties propose, each variant is got back from its brackets, and the page holds no
 * element that is not ours and no control. */
#include "pages/pages.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_page(const ls_buf *page)
{
    static const char *const never[] = {"<script", "<img", "<iframe", "<svg", "<!--", "href=\"java", "href=\"http"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        require(memmem(page->ptr, page->len, never[i], strlen(never[i])) == NULL);
    }
    for (size_t i = 0; i < page->len; i++) {
        require(page->ptr[i] >= 0x20 || page->ptr[i] == '\n');
    }
}

static void check_brackets(ls_arena *arena, ls_text_kind kind, const ls_bytes variant[2])
{
    ls_brackets b;
    uint64_t budget = LS_BRACKETS_BUDGET;
    require(ls_succeeded(ls_brackets_align(arena, kind, 2, variant, &budget, &b)));
    for (size_t v = 0; v < 2; v++) {
        ls_buf back = {0};
        for (size_t i = 0; i < b.piece_count; i++) {
            ls_buf_put_bytes(&back, b.piece[i].slice[v]);
        }
        require(ls_bytes_equal(ls_buf_bytes(&back), variant[v]));
        ls_buf_free(&back);
    }
}

static void show(ls_arena *arena, const ls_text_opening *opening, ls_text_kind kind, const ls_bytes variant[2])
{
    ls_text_op op[] = {{.kind = LS_OP_INSERT, .at_start = true, .insert = kind},
                       {.kind = LS_OP_PROPOSE, .paragraph = {.number = 1}, .text = variant[0], .note = variant[1]}};
    ls_text_op other = {.kind = LS_OP_PROPOSE, .paragraph = {opening->party[0], 1, 1}, .text = variant[1]};
    other.language = op[1].language = kind == LS_TEXT_PROSE ? opening->language[0] : (ls_bytes){0};
    const ls_text_edit edit[] = {{2, op}, {1, &other}};
    const ls_text_act acts[] = {{.party = opening->party[0], .seq = 1, .edit = &edit[0]},
                                {.party = opening->party[1], .seq = 1, .edit = &edit[1]}};
    ls_text_state s;
    ls_text_view view;
    ls_buf page = {0}, text = {0};
    const ls_view_options options = {0};
    require(ls_succeeded(ls_text_eval(arena, opening, 2, acts, &s)));
    require(ls_succeeded(ls_text_view_make(arena, &s, &options, &view)));
    const ls_pages pages = {.view_count = 1, .view = &view};
    require(ls_succeeded(ls_pages_html(&pages, &page)));
    require(ls_succeeded(ls_text_view_put(&view, &text)));
    require(ls_succeeded(ls_text_history_put(&s, 0, LS_TEXT_NOWHERE, &text)));
    check_page(&page);
    ls_buf_free(&page);
    ls_buf_free(&text);
}

/* Two variants with a NUL between them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    const ls_bytes party[] = {ls_bytes_str("usa"), ls_bytes_str("dprk")}, language = ls_bytes_str("en");
    const ls_text_opening opening = {2, 1, party, &language, false};
    const uint8_t *nul = size == 0 ? NULL : memchr(data, 0, size);
    size_t first = nul == NULL ? size : (size_t)(nul - data);
    const ls_bytes variant[] = {ls_bytes_of(data, first),
                                nul == NULL ? ls_bytes_of(data, first) : ls_bytes_of(nul + 1, size - first - 1)};
    for (size_t kind = LS_TEXT_PROSE; kind <= LS_TEXT_ROADMAP; kind++) {
        if (ls_text_content_wrong((ls_text_kind)kind, variant[0]) == NULL &&
            ls_text_content_wrong((ls_text_kind)kind, variant[1]) == NULL) {
            check_brackets(&arena, (ls_text_kind)kind, variant);
            show(&arena, &opening, (ls_text_kind)kind, variant);
        }
    }
    ls_arena_free(&arena);
    return 0;
}
