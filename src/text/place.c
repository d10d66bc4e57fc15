/* Where a new paragraph hangs, so that it stands directly after another one for everybody. */
#include "text/text.h"

static bool has_after(const ls_text_state *s, size_t paragraph)
{
    for (size_t i = 0; i < s->paragraph_count; i++) {
        if (s->paragraph[i].anchor == paragraph && !s->paragraph[i].before) {
            return true;
        }
    }
    return false;
}

static size_t next_of(const ls_text_state *s, size_t paragraph)
{
    size_t i = 0;
    while (paragraph != LS_TEXT_NOWHERE && s->order[i] != paragraph) {
        i++;
    }
    return s->order[paragraph == LS_TEXT_NOWHERE ? 0 : i + 1];
}

/* Where something hangs after it already, the next paragraph has nothing before it: there the new one has the place to
 * itself, but for those that others put there at the same time. */
void ls_text_place(const ls_text_state *s, size_t left, ls_text_op *op)
{
    bool before = has_after(s, left);
    size_t anchor = before ? next_of(s, left) : left;
    op->kind = LS_OP_INSERT;
    op->before = before;
    op->at_start = anchor == LS_TEXT_NOWHERE;
    if (!op->at_start) {
        op->paragraph = s->paragraph[anchor].id;
    }
}
