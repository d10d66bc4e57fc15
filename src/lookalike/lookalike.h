/*
 * Letters that look like others: a word of which a part is Cyrillic and a part Latin, a word in letters that all look
 * like those of the text around it, what can't be seen, digits of two systems, letters that are composed where the same
 * is there as one. None of that is forbidden, and texts in any script are as good as in any other; it is flagged, with
 * its place, so that nobody signs what he reads as something else.
 *
 * Follows Unicode Technical Standard 39 with the data of ICU: mixed scripts beyond the "highly restrictive" level,
 * confusables by their skeletons.
 */
#ifndef LS_LOOKALIKE_LOOKALIKE_H
#define LS_LOOKALIKE_LOOKALIKE_H

#include "base/value.h"

extern const ls_fault ls_fault_lookalike; /* environment: ICU has no data */

typedef enum ls_lookalike_kind {
    LS_LOOKALIKE_MIXED,     /* letters of scripts that no language mixes */
    LS_LOOKALIKE_WHOLE,     /* a word in another script, each of whose letters looks like one of the Latin around it */
    LS_LOOKALIKE_INVISIBLE, /* something that does not show */
    LS_LOOKALIKE_DIGITS,    /* of two systems */
    LS_LOOKALIKE_COMPOSED   /* not in Unicode's composed form (NFC) */
} ls_lookalike_kind;

typedef struct ls_lookalike {
    ls_lookalike_kind kind;
    ls_bytes word; /* a view of the text */
    ls_mark mark;  /* line and column of its first character, both from 1; columns count characters */
} ls_lookalike;

/* Finds them in UTF-8; of more than max, the first. ls_fault_lookalike, ls_fault_memory. */
ls_result ls_lookalike_find(ls_bytes text, size_t max, ls_lookalike *out, size_t *count);
/* "mixes letters of different scripts". */
const char *ls_lookalike_says(ls_lookalike_kind kind);

#endif
