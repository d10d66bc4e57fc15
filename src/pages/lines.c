/* What is the same in prose and in pieces of the roadmap; and these. */
#include "pages/model.h"

void ls_bracket_put(const ls_text_opening *o, const ls_span *s, ls_buf *out)
{
    if (s->kind == LS_SPAN_CLOSE) {
        ls_buf_put_str(out, "]");
        return;
    }
    ls_buf_put_str(out, "[");
    ls_text_put_parties(o, s->parties, s->ad_referendum, out);
    ls_buf_put_str(out, ":\u00a0"); /* it stays with its first word */
}

static void put_span(const ls_text_opening *o, const ls_span *s, ls_ink *ink)
{
    ls_buf text = {0};
    if (s->kind == LS_SPAN_TEXT) {
        ls_ink_put(ink, s->text, LS_STYLE_CODE, true);
        return;
    }
    ls_bracket_put(o, s, &text);
    ls_ink_put(ink, ls_buf_bytes(&text), LS_STYLE_BRACKET | LS_STYLE_CODE, false);
    ink->failed = ink->failed || text.failed;
    ls_buf_free(&text);
}

static bool has_lines(const ls_block *b)
{
    for (size_t i = 0; i < b->span_count; i++) {
        if (b->span[i].text.len > 0 && memchr(b->span[i].text.ptr, '\n', b->span[i].text.len) != NULL) {
            return true;
        }
    }
    return false;
}

void ls_leaves_put_code(ls_leaves *l, const ls_text_opening *o, const ls_block *b, ls_bytes label, ls_bytes end,
                        ls_bytes notes)
{
    ls_ink ink = {.code = true};
    ls_ink_put(&ink, label, LS_STYLE_BRACKET | LS_STYLE_CODE, false);
    if (label.len > 0 && has_lines(b)) { /* columns mean something here */
        ls_ink_put_str(&ink, "\n", LS_STYLE_CODE);
    }
    for (size_t i = 0; i < b->span_count; i++) {
        put_span(o, &b->span[i], &ink);
    }
    while (ink.text.len > 0 && ink.text.ptr[ink.text.len - 1] == '\n') {
        ink.text.len--;
    }
    ls_ink_put(&ink, end, LS_STYLE_BRACKET | LS_STYLE_CODE, false);
    ls_ink_put(&ink, notes, LS_STYLE_NOTE, false);
    ls_leaves_add(l, &ink);
}
