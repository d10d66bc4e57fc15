/*
 * The working copy of a text: one language as Markdown that people edit, and back to the operations of edit.json. And
 * the ways in and out: the files of an accord, which are cut into paragraphs, and put together again.
 *
 * Each paragraph stands directly under a mark, a comment of its own line that no Markdown shows: `<!-- #usa-5-1
 * 0123456789abcdef
 * -->`. It holds the paragraph's name and the first 16 digits of the SHA-256 of what was written below, so that what
 * nobody touched is told from what was changed, also when the text has moved on. A paragraph without a mark is new. The
 * identifiers of an accord ("[p14] …") are part of the words. Pieces of the roadmap stand in blocks that begin with
 * "```roadmap". docs/texts.md, "The working copy".
 */
#ifndef LS_TEXT_COPY_H
#define LS_TEXT_COPY_H

#include "text/text.h"

#define LS_COPY_MAX (16u << 20) /* bytes of a working copy */

/* As a party would have the text; where it has no position, as most would. Further lines of an empty paragraph are to
 * be written by whoever translates. */
ls_result ls_copy_put(const ls_text_state *s, size_t language, size_t party, ls_buf *out);

typedef struct ls_copy_options {
    size_t language, party; /* whose copy it is */
    bool delete_missing;    /* a paragraph whose mark is not there is to be deleted */
    bool ad_referendum;     /* all of it */
} ls_copy_options;

typedef struct ls_copy_edit {
    ls_text_edit edit; /* count 0: nothing was changed */
    size_t inserted, proposed, deleted;
    size_t reopening; /* of those, changes of what is agreed */
    size_t missing;   /* paragraphs without a mark that were left alone */
} ls_copy_edit;

/* The operations that make of the state what the copy says. Everything that is wrong with it is diagnosed; then *out is
 * untouched. Strings are views of text, or in the arena. */
ls_result ls_copy_read(ls_arena *arena, const ls_text_state *s, const ls_copy_options *options, ls_bytes text,
                       ls_diagnostics *d, ls_copy_edit *out);

/* Prose and a roadmap as a working copy without marks, for the first edit. Either may be empty. The roadmap is cut
 * before every key of its frame and every item with an id, with the comments above them. */
ls_result ls_copy_join(ls_bytes prose, ls_bytes roadmap, ls_buf *out);

/* The accord's files, of what all have agreed: paragraphs with an empty line between them; pieces line after line. What
 * is not agreed is left out: ask for s->clean first. */
ls_result ls_text_put_prose(const ls_text_state *s, size_t language, ls_buf *out);
ls_result ls_text_put_roadmap(const ls_text_state *s, ls_buf *out);

#endif
