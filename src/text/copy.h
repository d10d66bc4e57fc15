/*
 * The working copy of a text: one language as Markdown that people edit, and back to the operations of edit.json. And
 * the ways in and out: the files of an accord, which are cut into paragraphs, and put together again.
 *
 * Its first line says of what it is a copy, and what it has seen: `<!-- lockstep text first-accord en 42 -->` knows the
 * acts up to entry 42. Each paragraph stands directly under a mark, a comment on a line of its own that no Markdown
 * shows: `<!-- #usa-5-1 0123456789abcdef -->`. It holds the paragraph's name and the first 16 digits of the SHA-256 of
 * what was written below, so that what nobody touched is told from what was changed, also when the text has moved on. A
 * paragraph without a mark is new. The identifiers of an accord ("[p14] …") are part of the words. Pieces of the
 * roadmap stand in blocks that begin with "```roadmap". docs/texts.md, "The working copy".
 */
#ifndef LS_TEXT_COPY_H
#define LS_TEXT_COPY_H

#include "text/text.h"

#define LS_COPY_MAX (16u << 20) /* bytes of a working copy */

/* Of what it is a copy: its first line. */
typedef struct ls_copy_head {
    ls_bytes text, language;
    uint64_t upto; /* the last entry of the ledger that it knows */
} ls_copy_head;

/* As a party would have the text; where it has no position, as most would. Further lines of an empty paragraph are to
 * be written by whoever translates. head: the state is that of its text up to its entry, the language one of its. */
ls_result ls_copy_put(const ls_text_state *s, const ls_copy_head *head, size_t party, ls_buf *out);

/* The head of a copy, in views of it; false: its first line is none. */
bool ls_copy_head_read(ls_bytes copy, ls_copy_head *out);

typedef struct ls_copy_options {
    ls_bytes text;          /* its name; a copy whose head names another is refused, as one of another language */
    size_t language, party; /* whose copy it is */
    bool delete_missing;    /* what the copy showed, and shows no more, is to be deleted: only where there is a head */
    bool ad_referendum;     /* all of it */
} ls_copy_options;

typedef struct ls_copy_edit {
    ls_text_edit edit; /* count 0: nothing was changed */
    size_t inserted, proposed, deleted;
    size_t reopening; /* of those, changes of what is agreed */
    size_t missing;   /* paragraphs without a mark that were left alone */
} ls_copy_edit;

/* The operations that make of the state what the copy says. A paragraph without a mark whose words the party itself has
 * brought in since the copy was written is that paragraph; so a copy that is read twice says nothing the second time.
 * Everything that is wrong with it is diagnosed; then *out is untouched. Strings are views of text, or in the arena. */
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
