/*
 * Texts under negotiation: the state of one, as a pure function of what its opening and the acts about it say, in the
 * order of the ledger. docs/texts.md has the rules, docs/decisions/0035-texts-under-negotiation.md the reasons.
 *
 * A text is a sequence of paragraphs. A paragraph is prose (Markdown, in each language of the text) or a piece of the
 * roadmap (YAML, in no language). It has a cell for each of its languages; in each cell each negotiator holds at most
 * one position: a variant of the words, or that they be deleted. A cell is agreed when all hold the same, and then it
 * is locked.
 *
 * The order of paragraphs and every position depend on what each party said, and not on whose act came first; only
 * what is locked depends on that. Nothing that was ever proposed leaves the state.
 */
#ifndef LS_TEXT_TEXT_H
#define LS_TEXT_TEXT_H

#include "text/forms.h"

#define LS_TEXT_PARTIES_MAX 32 /* negotiators: a mask of 32 bits */
#define LS_TEXT_LANGUAGES_MAX 8
#define LS_TEXT_PARAGRAPHS_MAX 4096 /* that one party inserts into a text; further ones are void */
#define LS_TEXT_VARIANTS_MAX 256    /* that one party brings to a cell; further ones are void */

#define LS_TEXT_NOWHERE SIZE_MAX /* an index that points at nothing */

extern const ls_fault ls_fault_text_opening; /* usage: no text can be opened so */

/* How a text was opened. */
typedef struct ls_text_opening {
    size_t party_count, language_count;
    const ls_bytes *party;    /* negotiators: who opened it, then whom it is with */
    const ls_bytes *language; /* names, such as en */
    bool whole;               /* nothing is agreed until everything is agreed */
} ls_text_opening;

typedef enum ls_text_act_kind { LS_TEXT_EDIT, LS_TEXT_AGREE, LS_TEXT_DIVERGE, LS_TEXT_WITHDRAW } ls_text_act_kind;

/* One act about the text. All it points at is the caller's and stays. */
typedef struct ls_text_act {
    ls_text_act_kind kind;
    ls_bytes party;
    uint64_t seq;   /* its number among the party's acts */
    uint64_t entry; /* its place in the ledger */
    ls_hash id;
    bool ad_referendum;         /* of agree */
    const ls_text_edit *edit;   /* of edit; NULL: its file can't be read */
    const ls_text_agree *agree; /* of agree; NULL: its file can't be read */
    const char *unreadable;     /* why a file can't be read; NULL: it is not here */
    ls_bytes paragraph;         /* of diverge */
    ls_bytes language[2];       /* of diverge: the two that differ */
    ls_bytes text;              /* of diverge: what the objection is */
    ls_hash ref;                /* of withdraw: the id of a diverge */
} ls_text_act;

typedef enum ls_stance { LS_STANCE_NONE, LS_STANCE_VARIANT, LS_STANCE_DELETE } ls_stance;

typedef struct ls_text_position {
    ls_stance stance;
    size_t variant;     /* of the cell */
    bool ad_referendum; /* subject to word from the capital: counts for nothing yet */
    size_t act;         /* by which it was taken */
    ls_bytes note;      /* or empty; also of a party without a stance */
} ls_text_position;

typedef struct ls_text_variant {
    ls_bytes content;
    ls_hash hash; /* SHA-256 of it */
    size_t act;   /* that was the first to bring it */
} ls_text_variant;

typedef enum ls_cell_status {
    LS_CELL_VACANT, /* nobody wants words here: no part of the text */
    LS_CELL_OPEN,
    LS_CELL_AGREED /* all hold the same variant, none of them ad referendum */
} ls_cell_status;

typedef struct ls_text_cell {
    ls_cell_status status;
    bool locked; /* agreed, on words or on their deletion: it changes when all reopen it, and not before */
    size_t variant_count, variant_room;
    ls_text_variant *variant;   /* all that ever were */
    ls_text_position *position; /* of each negotiator */
    ls_text_position
        *reopening; /* of each, while it is locked: what it wants instead; the same variant: only to reopen */
} ls_text_cell;

typedef struct ls_text_paragraph {
    ls_text_id id; /* party is a view of the opening's */
    const char *name;
    size_t party; /* whose it is by its id */
    ls_text_kind kind;
    size_t act;    /* that inserted it */
    size_t anchor; /* the paragraph next to which it was put, or LS_TEXT_NOWHERE: the start */
    bool before;   /* its anchor */
    size_t cell_count;
    ls_text_cell *cell; /* of each language; a piece of the roadmap has one */
    bool settled;       /* agreed in all its languages, or gone from all of them */
    bool gone;          /* nobody wants it in any language */
} ls_text_paragraph;

typedef enum ls_text_effect {
    LS_EFFECT_VOID, /* nothing: why says the reason */
    LS_EFFECT_INSERTED,
    LS_EFFECT_POSITION, /* from before to after */
    LS_EFFECT_NOTE,
    LS_EFFECT_REOPENING, /* a wish to reopen what is locked, or its end */
    LS_EFFECT_OBJECTION,
    LS_EFFECT_OBJECTION_WITHDRAWN
} ls_text_effect;

/* What one operation of an act did: the history of the text. */
typedef struct ls_text_event {
    size_t act;
    ls_text_effect effect;
    size_t paragraph; /* or LS_TEXT_NOWHERE */
    size_t cell;
    ls_text_position before, after;
    bool agreed, locked, reopened; /* what the cell became by it */
    const char *why;               /* of LS_EFFECT_VOID */
} ls_text_event;

/* An objection that two languages say different things. */
typedef struct ls_text_objection {
    size_t act, party, paragraph;
    size_t cell[2];
    bool withdrawn;
} ls_text_objection;

typedef struct ls_text_state {
    const ls_text_opening *opening;
    size_t act_count;
    const ls_text_act *act;
    size_t paragraph_count;
    ls_text_paragraph *paragraph; /* as they came */
    size_t *order;                /* of the text: indices of paragraphs, also of those that are gone */
    size_t event_count, objection_count;
    ls_text_event *event;
    ls_text_objection *objection;
    size_t missing;   /* acts whose files are not here: what they say is not in this state */
    size_t unsettled; /* paragraphs */
    size_t objected;  /* objections that stand */
    size_t present;   /* paragraphs that somebody wants */
    bool clean;       /* all is agreed, and something is; no objection stands and no file is missing */
} ls_text_state;

/* The state after all of these acts. Pure; all of it in the arena or in what was given. Acts that say nothing that can
 * be followed are void, with a reason in the history, and are no failure. ls_fault_text_opening, ls_fault_memory. */
ls_result ls_text_eval(ls_arena *arena, const ls_text_opening *opening, size_t count, const ls_text_act *acts,
                       ls_text_state *out);

/* Index of the paragraph with this name, or LS_TEXT_NOWHERE. */
size_t ls_text_find(const ls_text_state *s, ls_bytes name);
/* Index of a language or a negotiator, or LS_TEXT_NOWHERE. */
size_t ls_text_language(const ls_text_opening *o, ls_bytes language);
size_t ls_text_party(const ls_text_opening *o, ls_bytes party);
/* The cell of a paragraph for a language: of a piece of the roadmap the one that it has. */
const ls_text_cell *ls_text_cell_of(const ls_text_paragraph *p, size_t language);
/* The name of a cell's language; empty for a piece of the roadmap. */
ls_bytes ls_text_cell_language(const ls_text_opening *o, const ls_text_paragraph *p, size_t cell);
/* True if both are the same stance on the same variant. */
bool ls_text_same_stance(const ls_text_position *a, const ls_text_position *b);
/* The words that a position stands for; empty if it stands for none. */
ls_bytes ls_text_words(const ls_text_cell *c, const ls_text_position *p);
/* The words that all have agreed on; false if the cell is not agreed. */
bool ls_text_agreed_words(const ls_text_cell *c, ls_bytes *out);
/* What one party would have stand there: its own variant; without a stance of its own what most hold, of several the
 * one whose first holder comes first among the negotiators. False: nothing. */
bool ls_text_preferred(const ls_text_state *s, const ls_text_cell *c, size_t party, size_t *variant);

/* Makes op an insert of a paragraph directly after another in this state (or, LS_TEXT_NOWHERE, at the start); what is
 * inserted, prose or roadmap, stays the caller's to say. */
void ls_text_place(const ls_text_state *s, size_t left, ls_text_op *op);

#endif
