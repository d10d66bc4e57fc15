/* Inside of texts: one position and the one before it, as words for people. */
#ifndef LS_TEXT_CHANGES_H
#define LS_TEXT_CHANGES_H

#include "text/view.h"

/* Changes are written one per line; the further lines of words are indented, so that no words can look like a line of
 * the program's. */
typedef struct ls_changes {
    const ls_text_state *state;
    ls_arena *arena; /* for comparisons */
    uint64_t budget;
    ls_buf *out;
} ls_changes;

/* "proposes: Within [-30-] {+60+} days". False: no memory. */
bool ls_changes_put_position(ls_changes *x, const ls_text_paragraph *p, size_t cell, const ls_text_position *before,
                             const ls_text_position *after, bool reopening);
/* A note or other words that stand for themselves. */
void ls_changes_put_words(ls_changes *x, ls_bytes words);
/* "usa-5-1 en". */
void ls_changes_put_place(ls_changes *x, const ls_text_paragraph *p, size_t cell);

#endif
