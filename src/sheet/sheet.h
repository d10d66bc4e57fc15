/*
 * Sheets: paper for the field. What an inspector takes to a site: what was drawn, what was declared about it, what may
 * and may not be done there, room for what is found, and the proof of all of it as codes (codes/codes.h), which need no
 * network and no trust in whoever printed them.
 *
 * The same sheet comes as an HTML page of one file and as a PDF. Both are functions of what stands here: the same input
 * gives the same bytes with the same versions of libqrencode (and, for the PDF, of cairo, pango and the fonts). No
 * clock is read; no name of a machine or a person gets in.
 *
 * Text comes from the other side, and is shown as what it is: nothing in it is markup; control characters, those that
 * reorder lines and what is no character appear as their numbers ("[U+202E]"), bytes that are no UTF-8 as U+FFFD.
 * Newlines stay where text may have several lines. Scripts of any direction are set properly where a font has them;
 * what no font has is printed as a box with its number.
 */
#ifndef LS_SHEET_SHEET_H
#define LS_SHEET_SHEET_H

#include "codes/codes.h"
#include <lockstep/time.h>

/* Of one blank, so that a page holds it; further ones are left out. */
#define LS_SHEET_LINES_MAX 12   /* lines to write on */
#define LS_SHEET_CHOICES_MAX 16 /* boxes to tick */

extern const ls_fault ls_fault_sheet_fonts;  /* environment: no font is installed */
extern const ls_fault ls_fault_sheet_failed; /* environment: cairo or libqrencode failed */

/* A row of a table. Both may have several lines. */
typedef struct ls_sheet_pair {
    ls_bytes name, value;
} ls_sheet_pair;

/* Something to fill in by hand. */
typedef struct ls_sheet_blank {
    ls_bytes label;
    size_t choice_count; /* boxes to tick, side by side */
    const ls_bytes *choice;
    unsigned lines; /* to write on, below */
} ls_sheet_blank;

/* What is empty, NULL or of count 0 is left out, with its heading. All text is a view that the caller keeps. */
typedef struct ls_sheet {
    bool exercise;          /* marked on every page, large */
    ls_bytes title;         /* "Inspection of a drawn site" */
    ls_bytes process;       /* the process's title */
    const ls_hash *charter; /* its fingerprint: 16 numbered words (process/words.h) */
    const ls_hash *draw;    /* the id of the draw */
    uint64_t site, sites;   /* "site 3 of 18", in the order of the draw; 0: left out */
    uint64_t position;      /* in the draw's population, from 0; only with a draw */
    ls_bytes tranche;       /* of the declared row: its label */
    uint64_t row;           /* its place in the tranche, from 0; only with a tranche */
    size_t field_count, note_count, blank_count, signature_count;
    const ls_sheet_pair *field;  /* what was declared: name of the field, value */
    const ls_sheet_pair *note;   /* for the inspector: managed access, notice; heading, text */
    const ls_sheet_blank *blank; /* what was found */
    const ls_bytes *signature;   /* who signs: "Inspector" */
    uint64_t checkpoint_size;    /* entries of the record, at the foot of each page; 0: left out */
    ls_time checkpoint_time;
    const ls_codes *codes;
    ls_bytes reading; /* how the codes are read and checked, above them */
} ls_sheet;

/* One page of HTML5 in one file, without scripts and without anything from elsewhere; appended to out. Prints on A4 and
 * Letter, no code across the end of a page; light or dark on a screen. */
ls_result ls_sheet_html(const ls_sheet *sheet, ls_buf *out, ls_detail *detail);

/* A PDF of A4 pages, with fonts embedded; appended to out. What is printed lies within Letter, too. Fonts come from
 * fontconfig. Out of memory, glib ends the process. */
ls_result ls_sheet_pdf(const ls_sheet *sheet, ls_buf *out, ls_detail *detail);

#endif
