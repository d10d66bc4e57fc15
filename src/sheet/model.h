/* Inside of sheets: what stands on one, in its order, for both ways of putting it on paper. */
#ifndef LS_SHEET_MODEL_H
#define LS_SHEET_MODEL_H

#include "process/words.h"
#include "sheet/sheet.h"

#define LS_SHEET_FACTS_MAX 4
#define LS_SHEET_SECTIONS_MAX 7

typedef enum ls_section_kind {
    LS_SECTION_PAIRS,
    LS_SECTION_WORDS,
    LS_SECTION_BLANKS,
    LS_SECTION_SIGNATURES,
    LS_SECTION_CODES
} ls_section_kind;

typedef struct ls_section {
    ls_section_kind kind;
    const char *heading;
    ls_bytes text; /* below the heading, or empty */
    size_t count;
    const ls_sheet_pair *pair; /* of LS_SECTION_PAIRS; the others' content is in the sheet */
} ls_section;

/* Text in the arena that it was made with. */
typedef struct ls_sheet_model {
    const ls_sheet *sheet;
    size_t section_count, fact_count;
    ls_section section[LS_SHEET_SECTIONS_MAX];
    ls_sheet_pair fact[LS_SHEET_FACTS_MAX];
    char word[LS_HASH_WORDS][LS_WORD_SIZE];
    ls_bytes title;   /* of the document: with the mark of an exercise */
    const char *site; /* "Site 3 of 18", or "" */
    const char *foot; /* record and codes: the same at the foot of each page */
} ls_sheet_model;

extern const char ls_sheet_mark[]; /* of an exercise: one word, large */
extern const char ls_sheet_mark_meaning[];

ls_result ls_sheet_model_make(ls_arena *arena, const ls_sheet *sheet, ls_sheet_model *out);

#endif
