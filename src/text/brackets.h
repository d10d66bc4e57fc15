/*
 * Brackets: what several variants of a paragraph have in common, and where they differ, word by word.
 *
 * The result is a sequence of pieces that each variant runs through from its beginning to its end: choosing one
 * variant's slice of every piece gives exactly that variant. A piece is common, or a place where variants differ.
 */
#ifndef LS_TEXT_BRACKETS_H
#define LS_TEXT_BRACKETS_H

#include "text/forms.h"

/* Of each variant: how many words may differ; and for all that one budget is given to, comparisons of words. Beyond
 * either, variants are not compared but stand whole. */
#define LS_BRACKETS_EDITS_MAX 1000
#define LS_BRACKETS_BUDGET UINT64_C(200000000) /* about half a second */

typedef struct ls_piece {
    bool common;
    const ls_bytes *slice; /* of each variant; empty: it has nothing here. Common ones may differ in how lines break */
} ls_piece;

typedef struct ls_brackets {
    size_t variant_count, piece_count;
    const ls_bytes *variant; /* different from each other */
    const ls_piece *piece;
    bool whole; /* too different, or too long, to be shown in one: there is one piece */
} ls_brackets;

/* Prose may be broken into lines differently between two words; in YAML every space counts. The budget is used up as
 * far as needed. Deterministic. All but the variants in the arena. */
ls_result ls_brackets_align(ls_arena *arena, ls_text_kind kind, size_t count, const ls_bytes *variants,
                            uint64_t *budget, ls_brackets *out);

/* Whether two say the same: equal, or, of prose, only broken into lines differently. */
ls_result ls_brackets_same(ls_arena *arena, ls_text_kind kind, ls_bytes a, ls_bytes b, bool *out);

#endif
