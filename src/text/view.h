/*
 * Views: a text as people read it, in one language: with brackets, as in the drafting of treaties, or clean. The same
 * view is written as Markdown here, and as pages by src/pages. docs/texts.md, "Brackets".
 */
#ifndef LS_TEXT_VIEW_H
#define LS_TEXT_VIEW_H

#include "text/brackets.h"
#include "text/text.h"

/* Negotiators, by their index: bit 0 is the first. */
typedef uint32_t ls_party_mask;

typedef enum ls_span_kind { LS_SPAN_TEXT, LS_SPAN_OPEN, LS_SPAN_CLOSE } ls_span_kind;

/* A stretch of words; or a bracket that opens, with who wants what stands in it; or one that closes. */
typedef struct ls_span {
    ls_span_kind kind;
    ls_bytes text;
    ls_party_mask parties, ad_referendum;
} ls_span;

typedef enum ls_block_kind {
    LS_BLOCK_WORDS,
    LS_BLOCK_DELETE,  /* to be deleted */
    LS_BLOCK_REOPEN,  /* to be reopened, without other words for it */
    LS_BLOCK_OPEN,    /* clean: not agreed */
    LS_BLOCK_MISSING, /* it is part of the text, but nobody has words for it in this language */
    LS_BLOCK_KINDS
} ls_block_kind;

/* What stands in one bracket around the whole paragraph, or, with no parties, in none. */
typedef struct ls_block {
    ls_block_kind kind;
    bool reopening; /* what these parties want instead of what is agreed */
    ls_party_mask parties, ad_referendum;
    size_t span_count;
    const ls_span *span; /* brackets in it are not nested */
} ls_block;

typedef struct ls_view_item {
    const ls_text_paragraph *paragraph;
    const ls_text_cell *cell;
    size_t block_count, note_count;
    const ls_block *block;
    size_t first_note; /* of the view's */
} ls_view_item;

/* What a party notes to its position; or its objection that another language says something else. */
typedef struct ls_view_note {
    size_t party;
    ls_bytes text;
    bool objection;
    ls_bytes language[2]; /* of an objection */
} ls_view_note;

typedef struct ls_view_options {
    size_t language;
    bool clean;    /* without brackets, reopenings and notes */
    size_t party;  /* clean: as this party would have it; LS_TEXT_NOWHERE: what all have agreed */
    bool markless; /* no names of paragraphs */
} ls_view_options;

typedef struct ls_text_view {
    const ls_text_state *state;
    ls_view_options options;
    size_t item_count, note_count;
    const ls_view_item *item;
    const ls_view_note *note;
} ls_text_view;

/* What is gone is left out, unless somebody would reopen it. All in the arena. */
ls_result ls_text_view_make(ls_arena *arena, const ls_text_state *s, const ls_view_options *options, ls_text_view *out);

/* "USA, ROK ad ref.": names in capitals. */
void ls_text_put_parties(const ls_text_opening *o, ls_party_mask parties, ls_party_mask ad_referendum, ls_buf *out);
/* "agreed", "provisionally agreed", "open", and the like. */
const char *ls_text_item_status(const ls_text_view *v, const ls_view_item *item);
/* What a bracket says before its words, with its colon: "USA: ", "USA to reopen: ". */
void ls_text_put_label(const ls_text_opening *o, const ls_block *b, ls_buf *out);
/* What stands for a block without words: "delete". "" for one with words. */
const char *ls_text_block_says(const ls_block *b);

/* Markdown for people; brackets that are part of the words are escaped where they could be taken for the program's. */
ls_result ls_text_view_put(const ls_text_view *v, ls_buf *out);

/* What each act changed, from entry `from` on; of one paragraph, or, LS_TEXT_NOWHERE, of all. Plain text. */
ls_result ls_text_history_put(const ls_text_state *s, uint64_t from, size_t paragraph, ls_buf *out);
/* What differs between an earlier and a later state of one text: position by position, words against words. */
ls_result ls_text_diff_put(const ls_text_state *before, const ls_text_state *after, ls_buf *out);

#endif
