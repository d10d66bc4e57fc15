/*
 * The roadmap: what the parties have agreed to do, as the machine reads it (docs/roadmap.md, first form).
 *
 * People write YAML beside a prose text whose paragraphs carry identifiers ("[p1] …" at a paragraph's start); what is
 * signed is the YAML's canonical JSON. Both are read by the same function into the same struct.
 */
#ifndef LS_ACCORD_ROADMAP_H
#define LS_ACCORD_ROADMAP_H

#include "base/value.h"
#include "process/charter.h"

#define LS_DATE_LIMIT_DEFAULT 7 /* days */
#define LS_DATE_LIMIT_MAX 366
#define LS_TRACKS_MAX 64
#define LS_STEPS_MAX 256
#define LS_MEASURES_MAX 1000
#define LS_AFTER_MAX 64
#define LS_PLEDGES_MAX 1000
#define LS_DECLARATIONS_MAX 64
#define LS_FIELDS_MAX 1024
#define LS_ROADMAP_TRANCHES_MAX 1024
#define LS_PARAGRAPHS_MAX 2000
#define LS_TEXT_MAX (4u << 20) /* bytes of the prose */

/* An event that others wait for. */
typedef enum ls_event_kind { LS_EVENT_IN_FORCE, LS_EVENT_PERFORMED, LS_EVENT_CONFIRMED } ls_event_kind;
typedef struct ls_trigger {
    ls_event_kind kind;
    size_t measure; /* index, unless LS_EVENT_IN_FORCE */
} ls_trigger;

typedef struct ls_due {
    enum { LS_DUE_NONE, LS_DUE_DATE, LS_DUE_AFTER } kind;
    ls_date date;         /* LS_DUE_DATE */
    ls_duration duration; /* LS_DUE_AFTER: so long after the trigger */
    ls_trigger trigger;
} ls_due;

typedef struct ls_measure {
    ls_bytes id;
    ls_mark mark;
    size_t step, track; /* indices */
    size_t by;          /* index of the party in the charter */
    ls_bytes what;
    ls_bytes paragraph; /* of the text */
    size_t after_count; /* all must hold before it is due */
    ls_trigger *after;
    ls_due due;
    size_t verifier_count; /* each must confirm; none: performed is the end */
    size_t *verifiers;     /* indices of parties */
    bool irreversible;
    ls_bytes declares;      /* name of a declaration that this measure makes, or empty */
    ls_bytes opens;         /* name of a declaration whose tranche this measure opens, or empty */
    uint32_t opens_tranche; /* from 1 */
} ls_measure;

typedef struct ls_pledge {
    ls_bytes id, what, paragraph;
    size_t by;
} ls_pledge;

typedef struct ls_step {
    ls_bytes id, title;
    size_t track;
} ls_step;

typedef struct ls_track {
    ls_bytes id, title;
} ls_track;

/* Whom a tranche's opening shows what. */
typedef struct ls_declared_audience {
    ls_bytes name;
    const bool *fields; /* field_count of them; NULL: every field, and so the tranche's key */
} ls_declared_audience;

/* A declaration as the accord fixes it. */
typedef struct ls_declared {
    ls_bytes name;
    size_t by;
    size_t field_count;
    ls_bytes *fields;   /* the columns that are committed to, in order; the tranche column is none of them */
    ls_bytes id_column; /* one of fields */
    ls_bytes tranche_column;
    ls_bytes latitude, longitude; /* columns, or both empty */
    size_t tranche_count;
    ls_bytes *labels;
    uint64_t *padded; /* n of each tranche */
    uint64_t row_bytes;
    size_t audience_count; /* at least 1; without a word of the accord: all fields for the process */
    ls_declared_audience *audiences;
} ls_declared;

typedef struct ls_roadmap {
    ls_bytes name, title;
    size_t party_count;
    size_t *parties;     /* indices into the charter: who must sign */
    unsigned date_limit; /* days by which a claimed date may precede the act and still count */
    size_t track_count;
    ls_track *tracks;
    size_t step_count;
    ls_step *steps;
    size_t measure_count;
    ls_measure *measures;
    size_t *order; /* indices of measures, each after all that it waits for */
    size_t pledge_count;
    ls_pledge *pledges;
    size_t declaration_count;
    ls_declared *declarations;
} ls_roadmap;

/* Reads a roadmap and diagnoses everything wrong with it at once: unknown keys, duplicate ids, unknown parties,
 * tracks, steps, paragraphs, declarations, cycles, impossible dates. text is the prose; if it is itself not in order,
 * one diagnostic says so, and ls_text_read says where. *out is untouched if there were errors. */
void ls_roadmap_read(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_bytes text, ls_diagnostics *d,
                     ls_roadmap *out);

/* Index of a measure, or -1. */
int ls_roadmap_measure(const ls_roadmap *r, ls_bytes id);
const ls_declared *ls_roadmap_declaration(const ls_roadmap *r, ls_bytes name);
/* What the opening of a tranche shows to this audience; NULL: nothing. */
const ls_declared_audience *ls_declared_for(const ls_declared *d, ls_bytes audience);

/* A paragraph of the prose: an identifier in brackets at its start, then its words. */
typedef struct ls_paragraph {
    ls_bytes id, body;
    unsigned line;
} ls_paragraph;

/* Splits a text at empty lines; headings (lines that begin with '#') carry no identifier. Diagnoses paragraphs
 * without identifier, duplicate identifiers and characters that don't show (process/plain.h); marks are places in the
 * text. Both outputs are untouched if there were errors. */
void ls_text_read(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_paragraph **paragraphs, size_t *count);

#endif
