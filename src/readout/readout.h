/*
 * Readouts: what one side publishes about a meeting. A text for the press, and the same as claims, each with who says
 * it, on whose word, and with what force (docs/readouts.md has the form).
 *
 * People write YAML; what is signed is its canonical JSON, readout.json. Both are read by the same function into the
 * same struct. Pure: no clock, no file, no record.
 */
#ifndef LS_READOUT_READOUT_H
#define LS_READOUT_READOUT_H

#include "base/value.h"
#include "process/charter.h"

#define LS_READOUT_FILE "readout.json"
#define LS_READOUT_SOURCE "readout.yaml" /* what people wrote, attached beside it */
#define LS_READOUT_HEADLINE_MAX 300      /* bytes */
#define LS_READOUT_BODY_MAX 65536        /* bytes of the text that is published */
#define LS_READOUT_MEDIA_MAX 62          /* readout.json and readout.yaml are two more attachments */
#define LS_READOUT_CAPTION_MAX 500       /* bytes */
#define LS_READOUT_CLAIMS_MAX 256
#define LS_READOUT_CLAIM_MAX 4000 /* bytes of what one claim says */
#define LS_READOUT_VALUE_MAX 200  /* bytes of what is compared literally */
#define LS_READOUT_PERSON_MAX 200 /* bytes of somebody's name */
#define LS_READOUT_WORDS_MAX 8    /* on whose word a claim is, one behind the other */

extern const ls_fault ls_fault_readout_form; /* invalid: not such a file */

typedef enum ls_force {
    LS_FORCE_AGREED,
    LS_FORCE_DISCUSSED,
    LS_FORCE_DEMANDED,
    LS_FORCE_HOPED,
    LS_FORCE_CHARACTERISED,
    LS_FORCES
} ls_force;
const char *ls_force_name(ls_force f); /* "agreed" */

/* What a claim is about. Two claims with the same are about the same. */
typedef enum ls_about_kind {
    LS_ABOUT_ACT,
    LS_ABOUT_MEASURE,
    LS_ABOUT_MEETING,
    LS_ABOUT_TEXT,
    LS_ABOUT_GROUP,
    LS_ABOUT_ITEM,  /* a pledge, a demand or a claim on the record */
    LS_ABOUT_TOPIC, /* nothing on the record: a word that sides may share */
    LS_ABOUT_KINDS
} ls_about_kind;

typedef struct ls_about {
    ls_about_kind kind;
    ls_hash id;         /* the act; of a measure, the act of its accord; else zero */
    ls_bytes name;      /* empty for an act */
    ls_bytes paragraph; /* of a text; empty: the whole */
    ls_bytes aspect;    /* "date", "place": what of it; empty: as such */
} ls_about;

/* A total order; 0: about the same. */
int ls_about_order(const ls_about *a, const ls_about *b);
/* In words: "meeting second-summit, its date"; NULL if there is no memory. */
const char *ls_about_words(ls_arena *arena, const ls_about *a);

/* Somebody who speaks: a party, or a person of a party or of a country outside. */
typedef struct ls_voice {
    ls_bytes person; /* empty: the party as such */
    ls_bytes of;     /* a name */
} ls_voice;

typedef struct ls_claim {
    ls_mark mark;
    ls_bytes id;
    ls_voice speaker;
    size_t word_count; /* 0: on the speaker's own */
    ls_voice *word;    /* the speaker has it from the first, who has it from the second … */
    ls_force force;
    ls_about about;
    bool denies; /* else affirms */
    ls_bytes text;
    ls_bytes value; /* empty: none */
} ls_claim;

typedef struct ls_medium {
    ls_mark mark;
    ls_bytes file; /* the attachment's name */
    ls_bytes caption;
} ls_medium;

typedef struct ls_readout {
    ls_bytes headline;
    ls_date date;
    ls_bytes language; /* "en", "zh-hant" */
    ls_bytes body;
    size_t medium_count;
    ls_medium *medium;
    size_t claim_count;
    ls_claim *claim;
} ls_readout;

/* Reads a readout and diagnoses everything wrong with it at once. charter: names of speakers are held against its
 * parties; NULL: they are not. Slices live as long as v's arena. */
void ls_readout_read(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_diagnostics *d, ls_readout *out);

/* readout.json: canonical JSON and nothing else. What is parsed lives in the arena. detail says the first thing that
 * is wrong. */
ls_result ls_readout_parse(ls_arena *arena, ls_bytes json, ls_readout *out, ls_detail *detail);

/*
 * Reading time in whole minutes, at least one. Words are counted at 230 a minute; Chinese characters, kana and Hangul
 * syllables one by one, at 350 a minute; in Thai, Lao, Burmese and Khmer, which put no spaces between words, five
 * letters are a word.
 */
#define LS_WORDS_A_MINUTE 230
#define LS_CHARACTERS_A_MINUTE 350
#define LS_LETTERS_A_WORD 5
unsigned ls_reading_minutes(ls_bytes text);
/* Columns of a terminal that a code point takes: two for those read one by one, else one. */
unsigned ls_reading_columns(uint32_t code_point);

#endif
