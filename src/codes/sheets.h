/* Inside of codes: what is there of one sheet, and what is to be said where that is not all. */
#ifndef LS_CODES_SHEETS_H
#define LS_CODES_SHEETS_H

#include "codes/parts.h"

typedef struct ls_sheet_codes {
    const ls_part *part; /* the first of its lines: by number, and of each number the intact ones first */
    size_t count;        /* codes that it has, as its lines say */
    size_t present;      /* that are here, and intact */
    const ls_part *intact[LS_CODES_MAX];
    const ls_part *damaged[LS_CODES_MAX]; /* where none is intact */
    const ls_part *conflict[2];           /* intact, and can't both be right; or NULL */
} ls_sheet_codes;

/* Of lines that name one sheet, at least one, sorted as said above. */
void ls_sheet_codes_of(const ls_part *part, size_t len, ls_sheet_codes *out);
bool ls_sheet_codes_whole(const ls_sheet_codes *s);
/* Of one that is not whole: ls_fault_codes_conflict or _missing. */
ls_result ls_sheet_codes_explain(const ls_sheet_codes *s, const ls_codes_found *left, ls_detail *detail);

#endif
