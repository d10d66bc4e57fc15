/*
 * The list from which both sides choose: options.json, canonical JSON (RFC 8785),
 *
 *     {"options":[{"date":"2019-02-27","place":"Hanoi","until":"2019-02-28"},{"date":"2019-03-04","place":"Da Nang"}]}
 *
 * An option is a date, or the days from date until another, and a place. Its own canonical JSON is the text that is
 * hashed to a point, so that a program that knows only the list finds the same points. The order is the authors', and
 * counts where a rule says "earliest".
 */
#ifndef LS_PSI_OPTIONS_H
#define LS_PSI_OPTIONS_H

#include <lockstep/bytes.h>

#define LS_PSI_PLACE_MAX 200 /* bytes of a place */

extern const ls_fault ls_fault_psi_options; /* invalid: not such a list */

typedef struct ls_psi_option {
    ls_bytes date, until; /* YYYY-MM-DD; until is empty for one day, else later than date */
    ls_bytes place;       /* UTF-8 on one line */
} ls_psi_option;

typedef struct ls_psi_options {
    uint32_t count;
    const ls_psi_option *option;
    const ls_bytes *text; /* what is hashed for each */
} ls_psi_options;

/* Reads a list of 1 to LS_PSI_OPTIONS_MAX options, none twice, with nothing else in it. All memory is the arena's. The
 * detail names the option. ls_fault_json if it is no JSON, or longer than LS_VALUE_DOCUMENT_MAX. */
ls_result ls_psi_options_parse(ls_arena *arena, ls_bytes document, ls_psi_options *out, ls_detail *detail);

/* Appends the document of these options, after the same checks. */
ls_result ls_psi_options_write(const ls_psi_option *option, size_t count, ls_buf *out, ls_detail *detail);

#endif
