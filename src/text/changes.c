/* Changes in words: what was wanted before, and what now. */
#include "text/changes.h"

/* What could be taken for a mark of the program's, or for one of its lines, is neither. */
void ls_changes_put_words(ls_changes *x, ls_bytes words)
{
    for (size_t i = 0; i < words.len; i++) {
        uint8_t c = words.ptr[i];
        if (c == '[' || c == ']' || c == '{' || c == '}') {
            ls_buf_put_u8(x->out, '\\');
        }
        ls_buf_put_u8(x->out, c);
        if (c == '\n') {
            ls_buf_put_str(x->out, "        ");
        }
    }
}

void ls_changes_put_place(ls_changes *x, const ls_text_paragraph *p, size_t cell)
{
    ls_bytes language = ls_text_cell_language(x->state->opening, p, cell);
    ls_buf_format(x->out, "%s%s%.*s", p->name, language.len > 0 ? " " : "", (int)language.len,
                  (const char *)language.ptr);
}

static void put_marked(ls_changes *x, const char *begin, ls_bytes words, const char *end)
{
    if (words.len > 0) {
        ls_buf_put_str(x->out, begin);
        ls_changes_put_words(x, words);
        ls_buf_put_str(x->out, end);
    }
}

static bool put_difference(ls_changes *x, ls_text_kind kind, ls_bytes before, ls_bytes after)
{
    ls_brackets b;
    const ls_bytes both[] = {before, after};
    if (ls_failed(ls_brackets_align(x->arena, kind, 2, both, &x->budget, &b))) {
        return false;
    }
    for (size_t i = 0; i < b.piece_count; i++) {
        const ls_bytes *slice = b.piece[i].slice;
        if (b.piece[i].common) {
            ls_changes_put_words(x, slice[1]);
        } else {
            put_marked(x, "[-", slice[0], "-]");
            put_marked(x, "{+", slice[1], "+}");
        }
    }
    return true;
}

static const char *verb_of(const ls_text_position *after, bool reopening)
{
    static const char *const verbs[2][3] = {
        {[LS_STANCE_NONE] = "takes its position back",
         [LS_STANCE_VARIANT] = "would have",
         [LS_STANCE_DELETE] = "would delete it"},
        {[LS_STANCE_NONE] = "would no longer reopen it",
         [LS_STANCE_VARIANT] = "would reopen it for",
         [LS_STANCE_DELETE] = "would reopen it, and delete it"},
    };
    return verbs[reopening][after->stance];
}

bool ls_changes_put_position(ls_changes *x, const ls_text_paragraph *p, size_t cell, const ls_text_position *before,
                             const ls_text_position *after, bool reopening)
{
    const ls_text_cell *c = &p->cell[cell];
    ls_bytes now = ls_text_words(c, after), was = ls_text_words(c, before);
    bool put = true;
    ls_buf_put_str(x->out, verb_of(after, reopening));
    ls_buf_put_str(x->out, after->ad_referendum ? ", ad referendum" : "");
    if (now.len > 0) {
        ls_buf_put_str(x->out, ": ");
        if (was.len > 0 && before->variant != after->variant) {
            put = put_difference(x, p->kind, was, now);
        } else {
            ls_changes_put_words(x, now);
        }
    }
    if (after->note.len > 0) {
        ls_buf_put_str(x->out, " (note: ");
        ls_changes_put_words(x, after->note);
        ls_buf_put_str(x->out, ")");
    }
    return put;
}
