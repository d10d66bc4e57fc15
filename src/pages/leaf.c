/* Text in styles, and how it is broken into lines. */
#include "pages/model.h"
#include "process/shown.h"
#include <glib.h>
#include <stdlib.h>

/* Ink. */

static void mark_style(ls_ink *ink, unsigned style)
{
    if (ink->mark_count > 0 && ink->mark[ink->mark_count - 1].style == style) {
        return;
    }
    if (ink->mark_count == ink->mark_room) {
        size_t room = ink->mark_room == 0 ? 16 : 2 * ink->mark_room;
        void *larger = reallocarray(ink->mark, room, sizeof *ink->mark);
        if (larger == NULL) {
            ink->failed = true;
            return;
        }
        ink->mark = larger;
        ink->mark_room = room;
    }
    ink->mark[ink->mark_count].begin = ink->text.len;
    ink->mark[ink->mark_count++].style = style;
}

void ls_ink_put(ls_ink *ink, ls_bytes text, unsigned style, bool lines)
{
    char shown[LS_SHOWN_SIZE];
    if (text.len == 0) {
        return;
    }
    mark_style(ink, style);
    for (size_t offset = 0; ls_shown_next(text, lines, &offset, shown);) {
        ls_buf_put_str(&ink->text, shown);
    }
}

void ls_ink_put_str(ls_ink *ink, const char *s, unsigned style)
{
    ls_ink_put(ink, ls_bytes_str(s), style, true);
}

void ls_ink_free(ls_ink *ink)
{
    ls_buf_free(&ink->text);
    free(ink->mark);
    *ink = (ls_ink){0};
}

/* Breaking. */

typedef struct breaker {
    ls_bytes text;
    size_t width;      /* columns */
    size_t begin, end; /* of the line; the next one begins at next */
    size_t next;
} breaker;

static size_t columns_of(uint32_t c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* Wide characters but Hangul may be the last of a line. */
static bool may_end(uint32_t c)
{
    bool hangul = (c >= 0x1100 && c <= 0x11ff) || (c >= 0x3130 && c <= 0x318f) || (c >= 0xac00 && c <= 0xd7af);
    return g_unichar_iswide(c) && !hangul;
}

/* At a space, which is left out; or behind a wide character; or, in a word that is too long for a line, anywhere. */
static bool next_line(breaker *b)
{
    size_t used = 0, fits_end = 0, fits_next = 0, at = b->next;
    if (b->next >= b->text.len) {
        return false;
    }
    b->begin = b->next;
    while (at < b->text.len) {
        size_t before = at;
        uint32_t c = ls_utf8_next(b->text, &at);
        if (c == '\n') {
            b->end = before;
            b->next = at;
            return true;
        }
        if (c == ' ') {
            fits_end = before;
            fits_next = at;
        }
        used += columns_of(c);
        if (used > b->width && c != ' ' && before > b->begin) {
            b->end = fits_next > b->begin ? fits_end : before;
            b->next = fits_next > b->begin ? fits_next : before;
            return true;
        }
        if (may_end(c)) {
            fits_end = fits_next = at;
        }
    }
    b->end = b->next = at;
    return true;
}

static size_t runs_of(const ls_ink *ink, const breaker *b, ls_run *out)
{
    size_t count = 0;
    for (size_t i = 0; i < ink->mark_count; i++) {
        size_t from = ink->mark[i].begin, to = i + 1 < ink->mark_count ? ink->mark[i + 1].begin : ink->text.len;
        from = from < b->begin ? b->begin : from;
        to = to > b->end ? b->end : to;
        if (from < to) {
            if (out != NULL) {
                out[count] = (ls_run){ls_bytes_of(b->text.ptr + from, to - from), ink->mark[i].style};
            }
            count++;
        }
    }
    return count;
}

static breaker begin_breaking(const ls_ink *ink, ls_bytes text)
{
    return (breaker){.text = text, .width = LS_PAGES_COLUMNS - ink->indent * LS_PAGES_INDENT};
}

static bool make_lines(ls_leaves *l, const ls_ink *ink, ls_leaf *leaf)
{
    const char *kept = ls_arena_str(l->arena, ls_buf_bytes(&ink->text));
    ls_bytes text = ls_bytes_of(kept, ink->text.len);
    if (kept == NULL) {
        return false;
    }
    for (breaker b = begin_breaking(ink, text); next_line(&b);) {
        leaf->line_count++;
    }
    ls_page_line *line = ls_arena_array(l->arena, leaf->line_count, sizeof *line);
    breaker b = begin_breaking(ink, text);
    for (size_t i = 0; line != NULL && next_line(&b); i++) {
        ls_run *run = ls_arena_array(l->arena, runs_of(ink, &b, NULL), sizeof *run);
        if (run == NULL) {
            return false;
        }
        line[i] = (ls_page_line){runs_of(ink, &b, run), run};
    }
    leaf->line = line;
    return line != NULL;
}

static bool add_leaf(ls_leaves *l, const ls_ink *ink)
{
    ls_leaf leaf = {.heading = ink->heading, .indent = ink->indent, .code = ink->code, .first_line = l->next_line};
    if (ink->failed || ink->text.failed || !make_lines(l, ink, &leaf)) {
        return false;
    }
    if (l->count == l->room) {
        size_t room = l->room == 0 ? 8 : 2 * l->room;
        ls_leaf *larger = ls_arena_array(l->arena, room, sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        if (l->count > 0) {
            memcpy(larger, l->leaf, l->count * sizeof *larger);
        }
        l->leaf = larger;
        l->room = room;
    }
    l->next_line += leaf.line_count;
    l->leaf[l->count++] = leaf;
    return true;
}

void ls_leaves_add(ls_leaves *l, ls_ink *ink)
{
    l->failed = l->failed || !add_leaf(l, ink);
    ls_ink_free(ink);
}
