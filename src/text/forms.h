/*
 * What acts about a text carry: edit.json (operations) and agree.json (what is accepted). Canonical JSON (RFC 8785),
 * one form each; docs/texts.md describes them exactly.
 *
 * Paragraphs have names that nobody can give twice, also without a network: `<party>-<seq>-<n>`, the n-th paragraph
 * that the party's act of this number inserts. A file does not know its act's number, so it calls its own `+n`.
 */
#ifndef LS_TEXT_FORMS_H
#define LS_TEXT_FORMS_H

#include "base/value.h"

#define LS_TEXT_EDIT_KIND "text edit v1"
#define LS_TEXT_AGREE_KIND "text agree v1"

#define LS_TEXT_CONTENT_MAX 16384    /* bytes of a paragraph in one language */
#define LS_TEXT_NOTE_MAX 4096        /* bytes of a note */
#define LS_TEXT_OPERATIONS_MAX 16384 /* of one file */
#define LS_TEXT_NUMBER_MAX 4096      /* of a paragraph within its act */

extern const ls_fault ls_fault_text_form; /* invalid: not of the form */

/* Prose is Markdown, in each language of a text; a piece of the roadmap is YAML, the same for all. */
typedef enum ls_text_kind { LS_TEXT_PROSE, LS_TEXT_ROADMAP } ls_text_kind;

typedef struct ls_text_id {
    ls_bytes party; /* empty: of the same file, "+n" */
    uint64_t seq;
    uint32_t number; /* from 1 */
} ls_text_id;

/* A name in full. At most LS_NAME_MAX bytes, so that a header can hold it. */
bool ls_text_id_parse(ls_bytes name, ls_text_id *out);

/*
 * What a paragraph may hold: plain text (process/plain.h) of 1 to LS_TEXT_CONTENT_MAX bytes. Prose has no empty line,
 * no line that begins with "<!-- #" (a mark of the working copy) and none that begins a block of the roadmap; a piece
 * of the roadmap is not blank and has no line that begins with "```". NULL, or what is wrong with it.
 */
const char *ls_text_content_wrong(ls_text_kind kind, ls_bytes content);

typedef enum ls_text_op_kind {
    LS_OP_INSERT,
    LS_OP_PROPOSE,
    LS_OP_DELETE,
    LS_OP_NOTE,
    LS_OP_RETRACT,
    LS_OP_REOPEN,
    LS_OP_COUNT
} ls_text_op_kind;

typedef struct ls_text_op {
    ls_text_op_kind kind;
    ls_text_id paragraph;  /* what it is about; of insert: next to which */
    ls_text_kind insert;   /* of insert: what */
    bool at_start, before; /* of insert: at the start instead; before that paragraph instead of after it */
    ls_bytes language;     /* empty: of a piece of the roadmap; not of insert */
    ls_bytes text;         /* of propose: the words; of note: the note, or empty to remove it */
    ls_bytes note;         /* of propose and delete, or empty */
    bool ad_referendum;    /* of propose and delete */
} ls_text_op;

typedef struct ls_text_edit {
    size_t count;
    ls_text_op *op;
} ls_text_edit;

typedef struct ls_text_acceptance {
    ls_text_id paragraph;
    ls_bytes language; /* empty: of a piece of the roadmap */
    bool deletion;
    ls_hash content; /* SHA-256 of the words, unless it is a deletion */
} ls_text_acceptance;

typedef struct ls_text_agree {
    size_t count;
    ls_text_acceptance *item;
} ls_text_agree;

/* Text without its canonical form, or with anything that has no place in it: ls_fault_text_form. All in the arena. */
ls_result ls_text_edit_parse(ls_arena *arena, ls_bytes text, ls_text_edit *out, ls_detail *detail);
ls_result ls_text_agree_parse(ls_arena *arena, ls_bytes text, ls_text_agree *out, ls_detail *detail);
/* The canonical form; what it gives parses if what it is given holds to the limits above. */
ls_result ls_text_edit_format(const ls_text_edit *edit, ls_buf *out);
ls_result ls_text_agree_format(const ls_text_agree *agree, ls_buf *out);

#endif
