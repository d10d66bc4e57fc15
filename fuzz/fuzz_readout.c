/* Readouts: what parses has one form; it compares with itself without a contradiction that is not its own, and pages
 * can be made of it. */
#include "readout/show.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_form(ls_arena *arena, ls_bytes text)
{
    ls_value *v;
    require(ls_succeeded(ls_json_parse(arena, text, &v, NULL)) && ls_succeeded(ls_json_check_canonical(v, text)));
}

static void check_comparison(ls_arena *arena, const ls_readout *r)
{
    const ls_side side[] = {{ls_bytes_str("a"), {0}, ls_bytes_str("usa"), r},
                            {ls_bytes_str("b"), {0}, ls_bytes_str("dprk"), r}};
    ls_comparison c;
    ls_buf out = {0};
    require(ls_succeeded(ls_readouts_compare(arena, side, 2, NULL, NULL, &c, NULL)));
    for (size_t i = 0; i < c.topic_count; i++) {
        const ls_topic *t = &c.topic[i];
        require(t->said_by == 2 && !t->forces_differ && !t->values_differ && t->claim_count % 2 == 0);
        require(t->contradiction_count == 0 || t->claim_count > 2);
    }
    const ls_comparison_page page = {0};
    const ls_readout_page own = {0};
    require(ls_succeeded(ls_comparison_html(&c, &page, &out)) && ls_succeeded(ls_comparison_json(&c, &out)) &&
            ls_succeeded(ls_comparison_text(&c, &out)) && ls_succeeded(ls_readout_html(r, &own, &out)));
    require(ls_utf8_valid(ls_buf_bytes(&out)));
    ls_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_readout r;
    ls_detail detail = {0};
    ls_bytes text = ls_bytes_of(data, size);
    if (ls_succeeded(ls_readout_parse(&arena, text, &r, &detail))) {
        check_form(&arena, text);
        check_comparison(&arena, &r);
    }
    ls_arena_free(&arena);
    return 0;
}
