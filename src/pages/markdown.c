/*
 * A block of Markdown with brackets in it, as leaves.
 *
 * Words are given to libcmark with controls among them, which no words can hold: one where a bracket stands, and one
 * behind each '&' and before each '[', so that nothing is an entity or a definition of a link, both of which would show
 * something else than what was signed, or nothing at all. What comes back is text, whose controls mean what was put
 * there.
 */
#include "pages/model.h"
#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>

#define BRACKET '\x01' /* a span's index follows, and BRACKET_END */
#define BRACKET_END '\x02'
#define NOTHING '\x04'

static void put_guarded(ls_bytes text, ls_buf *out)
{
    bool escaped = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c == '[' && !escaped) {
            ls_buf_put_u8(out, NOTHING);
        }
        ls_buf_put_u8(out, c);
        if (c == '&') {
            ls_buf_put_u8(out, NOTHING);
        }
        escaped = c == '\\' && !escaped;
    }
}

static void put_source(const ls_block *b, ls_buf *out)
{
    for (size_t i = 0; i < b->span_count; i++) {
        if (b->span[i].kind == LS_SPAN_TEXT) {
            put_guarded(b->span[i].text, out);
        } else {
            ls_buf_format(out, "%c%zu%c", BRACKET, i, BRACKET_END);
        }
    }
}

typedef struct writer {
    ls_leaves *leaves;
    const ls_text_opening *opening;
    const ls_block *block;
    ls_bytes label;   /* put before the first word */
    ls_ink ink, last; /* what is written, and what was: it may be the last of all */
    bool has_last;
    unsigned style;
    unsigned indent;
    char marker[24]; /* of an item of a list, before its first word */
    bool in_bracket; /* between BRACKET and BRACKET_END */
    size_t bracket;
} writer;

static void put_bracket(writer *w, size_t index)
{
    ls_buf text = {0};
    if (index < w->block->span_count) {
        ls_bracket_put(w->opening, &w->block->span[index], &text);
        ls_ink_put(&w->ink, ls_buf_bytes(&text), LS_STYLE_BRACKET | (w->style & LS_STYLE_CODE), false);
    }
    ls_buf_free(&text);
}

/* Words as they come back: what stands between controls is put in one style. */
static void put_words(writer *w, const char *literal, unsigned style, bool lines)
{
    size_t begin = 0, i = 0;
    for (; literal != NULL && literal[i] != '\0'; i++) {
        char c = literal[i];
        if (c != BRACKET && c != BRACKET_END && c != NOTHING && !w->in_bracket) {
            continue;
        }
        ls_ink_put(&w->ink, ls_bytes_of(literal + begin, i - begin), style, lines);
        begin = i + 1;
        if (c == BRACKET) {
            w->in_bracket = true;
            w->bracket = 0;
        } else if (c == BRACKET_END) {
            w->in_bracket = false;
            put_bracket(w, w->bracket);
        } else if (w->in_bracket && c >= '0' && c <= '9') {
            w->bracket = 10 * w->bracket + (size_t)(c - '0');
        }
    }
    if (literal != NULL) {
        ls_ink_put(&w->ink, ls_bytes_of(literal + begin, i - begin), style, lines);
    }
}

static void keep_last(writer *w)
{
    if (w->has_last) {
        ls_leaves_add(w->leaves, &w->last);
    }
    w->last = w->ink;
    w->has_last = true;
    w->ink = (ls_ink){0};
}

static void begin_leaf(writer *w, unsigned heading, bool code)
{
    w->ink = (ls_ink){.heading = heading, .indent = w->indent, .code = code};
    ls_ink_put_str(&w->ink, w->marker, 0);
    w->marker[0] = '\0';
    ls_ink_put(&w->ink, w->label, LS_STYLE_BRACKET, false);
    w->label = (ls_bytes){0};
}

/* Nodes. */

static void begin_item(writer *w, cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item);
    if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST) {
        snprintf(w->marker, sizeof w->marker, "\xe2\x80\xa2 ");
        return;
    }
    int number = cmark_node_get_list_start(list);
    for (cmark_node *n = cmark_node_previous(item); n != NULL; n = cmark_node_previous(n)) {
        number++;
    }
    snprintf(w->marker, sizeof w->marker, "%d%s ", number,
             cmark_node_get_list_delim(list) == CMARK_PAREN_DELIM ? ")" : ".");
}

static void step(writer *w, bool in)
{
    w->indent += in ? 1 : 0;
    w->indent -= !in && w->indent > 0 ? 1 : 0;
}

/* How deep it is shown; deeper ones are shown there, too. */
static void indent_ink(writer *w)
{
    w->ink.indent = w->indent > LS_PAGES_INDENT_MAX ? LS_PAGES_INDENT_MAX : w->indent;
}

static bool same_text(cmark_node *link, const char *url)
{
    cmark_node *only = cmark_node_first_child(link);
    return only != NULL && cmark_node_next(only) == NULL && cmark_node_get_type(only) == CMARK_NODE_TEXT &&
           strcmp(cmark_node_get_literal(only), url) == 0;
}

/* The address behind what stands for it, both as text. */
static void end_link(writer *w, cmark_node *link)
{
    const char *url = cmark_node_get_url(link), *title = cmark_node_get_title(link);
    if (url != NULL && !same_text(link, url)) {
        put_words(w, " <", w->style, false);
        put_words(w, url, w->style, false);
        put_words(w, ">", w->style, false);
    }
    if (title != NULL && title[0] != '\0') {
        put_words(w, " \"", w->style, false);
        put_words(w, title, w->style, false);
        put_words(w, "\"", w->style, false);
    }
}

static void put_code_block(writer *w, cmark_node *node)
{
    const char *info = cmark_node_get_fence_info(node);
    begin_leaf(w, 0, true);
    indent_ink(w);
    if (info != NULL && info[0] != '\0') {
        put_words(w, info, LS_STYLE_CODE | LS_STYLE_ITALIC, false);
        put_words(w, "\n", LS_STYLE_CODE, true);
    }
    put_words(w, cmark_node_get_literal(node), LS_STYLE_CODE, true);
    keep_last(w);
}

static void put_html_block(writer *w, cmark_node *node)
{
    begin_leaf(w, 0, false);
    indent_ink(w);
    put_words(w, cmark_node_get_literal(node), 0, true);
    keep_last(w);
}

static void put_break(writer *w)
{
    begin_leaf(w, 0, false);
    indent_ink(w);
    ls_ink_put_str(&w->ink, "\xe2\x80\x94 \xe2\x80\x94 \xe2\x80\x94", 0);
    keep_last(w);
}

static void toggle(writer *w, bool in, unsigned style)
{
    w->style = in ? w->style | style : w->style & ~style;
}

static void enter_or_leave_leaf(writer *w, bool in, unsigned heading)
{
    if (in) {
        begin_leaf(w, heading, false);
        indent_ink(w);
        toggle(w, heading > 0, LS_STYLE_BOLD);
    } else {
        keep_last(w);
        w->style = 0;
    }
}

static void put_node(writer *w, cmark_node *node, bool in)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        step(w, in);
        break;
    case CMARK_NODE_ITEM:
        step(w, in);
        if (in) {
            begin_item(w, node);
        }
        break;
    case CMARK_NODE_CODE_BLOCK:
        put_code_block(w, node);
        break;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_CUSTOM_BLOCK:
        put_html_block(w, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        enter_or_leave_leaf(w, in, 0);
        break;
    case CMARK_NODE_HEADING:
        enter_or_leave_leaf(w, in, (unsigned)cmark_node_get_heading_level(node));
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        put_break(w);
        break;
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
        put_words(w, cmark_node_get_literal(node), w->style, true);
        break;
    case CMARK_NODE_CODE:
        put_words(w, cmark_node_get_literal(node), w->style | LS_STYLE_CODE, true);
        break;
    case CMARK_NODE_SOFTBREAK:
        put_words(w, " ", w->style, false);
        break;
    case CMARK_NODE_LINEBREAK:
        put_words(w, "\n", w->style, true);
        break;
    case CMARK_NODE_EMPH:
        toggle(w, in, LS_STYLE_ITALIC);
        break;
    case CMARK_NODE_STRONG:
        toggle(w, in, LS_STYLE_BOLD);
        break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
        if (!in) {
            end_link(w, node);
        }
        break;
    default:
        break;
    }
}

static void walk(writer *w, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type e = cmark_iter_next(iter); e != CMARK_EVENT_DONE; e = cmark_iter_next(iter)) {
        put_node(w, cmark_iter_get_node(iter), e == CMARK_EVENT_ENTER);
    }
    cmark_iter_free(iter);
}

void ls_leaves_put_prose(ls_leaves *l, const ls_text_opening *o, const ls_block *b, ls_bytes label, ls_bytes end,
                         ls_bytes notes)
{
    ls_buf source = {0};
    writer w = {.leaves = l, .opening = o, .block = b, .label = label};
    put_source(b, &source);
    cmark_node *root =
        source.failed ? NULL : cmark_parse_document((const char *)source.ptr, source.len, CMARK_OPT_DEFAULT);
    if (root == NULL && source.len > 0) {
        l->failed = true;
    } else if (root != NULL) {
        walk(&w, root);
        cmark_node_free(root);
    }
    if (!w.has_last) {
        begin_leaf(&w, 0, false);
        keep_last(&w);
    }
    ls_ink_put(&w.last, end, LS_STYLE_BRACKET, false);
    ls_ink_put(&w.last, notes, LS_STYLE_NOTE, false);
    ls_leaves_add(l, &w.last);
    ls_buf_free(&source);
}
