/* A view as Markdown. */
#include "text/view.h"

void ls_text_put_parties(const ls_text_opening *o, ls_party_mask parties, ls_party_mask ad_referendum, ls_buf *out)
{
    bool first = true;
    for (size_t i = 0; i < o->party_count; i++) {
        ls_bytes name = o->party[i];
        if ((parties >> i & 1) == 0) {
            continue;
        }
        ls_buf_put_str(out, first ? "" : ", ");
        for (size_t k = 0; k < name.len; k++) {
            bool lower = name.ptr[k] >= 'a' && name.ptr[k] <= 'z';
            ls_buf_put_u8(out, (uint8_t)(lower ? name.ptr[k] - 'a' + 'A' : name.ptr[k]));
        }
        ls_buf_put_str(out, (ad_referendum >> i & 1) != 0 ? " ad ref." : "");
        first = false;
    }
}

const char *ls_text_item_status(const ls_text_view *v, const ls_view_item *item)
{
    const ls_text_cell *c = item->cell;
    if (c->status == LS_CELL_AGREED) {
        return c->locked ? "agreed" : v->state->opening->whole ? "provisionally agreed" : "agreed";
    }
    if (c->status == LS_CELL_VACANT) {
        return c->locked ? "deleted" : "missing";
    }
    return "open";
}

void ls_text_put_label(const ls_text_opening *o, const ls_block *b, ls_buf *out)
{
    ls_text_put_parties(o, b->parties, b->ad_referendum, out);
    ls_buf_put_str(out, b->kind == LS_BLOCK_REOPEN ? " to " : b->reopening ? " to reopen: " : ": ");
}

const char *ls_text_block_says(const ls_block *b)
{
    static const char *const words[LS_BLOCK_KINDS] = {
        [LS_BLOCK_WORDS] = "",
        [LS_BLOCK_DELETE] = "delete",
        [LS_BLOCK_REOPEN] = "reopen",
        [LS_BLOCK_OPEN] = "not agreed",
        [LS_BLOCK_MISSING] = "not yet in this language",
    };
    return words[b->kind];
}

/* Brackets that are part of the words are left as they are if they come in pairs and nothing in them looks like an
 * attribution or a footnote. */
static bool is_harmless(ls_bytes text, size_t open, size_t *close)
{
    for (size_t i = open + 1; i < text.len; i++) {
        if (text.ptr[i] == ']') {
            *close = i;
            return i > open + 1;
        }
        if (text.ptr[i] == '[' || text.ptr[i] == ':' || (text.ptr[i] == '^' && i == open + 1)) {
            return false;
        }
    }
    return false;
}

static void put_words(ls_bytes text, ls_buf *out)
{
    size_t harmless = 0; /* up to where brackets stay as they are */
    for (size_t i = 0, close; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c == '[' && is_harmless(text, i, &close)) {
            harmless = close + 1;
        }
        if ((c == '[' || c == ']') && i >= harmless) {
            ls_buf_put_u8(out, '\\');
        }
        ls_buf_put_u8(out, c);
    }
}

static void put_span(const ls_text_opening *o, const ls_span *s, ls_buf *out)
{
    if (s->kind == LS_SPAN_OPEN) {
        ls_buf_put_str(out, "[");
        ls_text_put_parties(o, s->parties, s->ad_referendum, out);
        ls_buf_put_str(out, ": ");
    } else if (s->kind == LS_SPAN_CLOSE) {
        ls_buf_put_str(out, "]");
    } else {
        put_words(s->text, out);
    }
}

static void put_block(const ls_text_view *v, const ls_block *b, ls_buf *out)
{
    bool around = b->parties != 0 || b->kind != LS_BLOCK_WORDS;
    ls_buf_put_str(out, around ? "[" : "");
    if (b->parties != 0) {
        ls_text_put_label(v->state->opening, b, out);
    }
    ls_buf_put_str(out, ls_text_block_says(b));
    for (size_t i = 0; i < b->span_count; i++) {
        if (v->options.clean) {
            ls_buf_put_bytes(out, b->span[i].text); /* there are no brackets that it could be taken for */
        } else {
            put_span(v->state->opening, &b->span[i], out);
        }
    }
    ls_buf_put_str(out, around ? "]" : "");
}

static void put_item(const ls_text_view *v, const ls_view_item *item, ls_buf *out)
{
    bool roadmap = item->paragraph->kind == LS_TEXT_ROADMAP;
    if (!v->options.markless) {
        ls_buf_format(out, "<!-- #%s %s -->\n", item->paragraph->name, ls_text_item_status(v, item));
    }
    ls_buf_put_str(out, roadmap ? "```roadmap\n" : "");
    for (size_t i = 0; i < item->block_count; i++) {
        ls_buf_put_str(out, i == 0 ? "" : "\n");
        put_block(v, &item->block[i], out);
    }
    for (size_t i = 0; i < item->note_count; i++) {
        ls_buf_format(out, "[^%zu]", item->first_note + i + 1);
    }
    ls_buf_put_str(out, roadmap ? "\n```\n" : "\n");
}

static void put_note(const ls_text_view *v, size_t i, ls_buf *out)
{
    const ls_view_note *n = &v->note[i];
    ls_buf_format(out, "[^%zu]: ", i + 1);
    ls_text_put_parties(v->state->opening, UINT32_C(1) << n->party, 0, out);
    if (n->objection) {
        ls_buf_format(out, " objects that %.*s and %.*s differ", (int)n->language[0].len,
                      (const char *)n->language[0].ptr, (int)n->language[1].len, (const char *)n->language[1].ptr);
    }
    ls_buf_put_str(out, ": ");
    for (size_t k = 0; k < n->text.len; k++) { /* on one line: further lines would be text again */
        put_words(n->text.ptr[k] == '\n' ? ls_bytes_str(" ") : ls_bytes_of(n->text.ptr + k, 1), out);
    }
    ls_buf_put_str(out, "\n");
}

ls_result ls_text_view_put(const ls_text_view *v, ls_buf *out)
{
    for (size_t i = 0; i < v->item_count; i++) {
        ls_buf_put_str(out, i == 0 ? "" : "\n");
        put_item(v, &v->item[i], out);
    }
    for (size_t i = 0; i < v->note_count; i++) {
        ls_buf_put_str(out, i == 0 ? "\n" : "");
        put_note(v, i, out);
    }
    return ls_buf_check(out);
}
