/* What a verification found, as people and programs read it. `lockstep verify` and lockstep-verify share it. */
#ifndef LS_SHOW_REPORT_H
#define LS_SHOW_REPORT_H

#include "bundle/verify.h"
#include <jansson.h>
#include <stdio.h>

/* Text: the file's name, a line for each finding (OK, note or FAILED), the exercise's mark, a loud warning if the
 * charter was not compared with a fingerprint, and the verdict. */
void ls_show_report(FILE *out, const char *file, const ls_report *r);

/* {"file", "valid", "anchored", "exercise", "charter", "false_declaration", "findings": [{"level", "subject",
 * "text"}]}; the caller's reference. NULL if there is no memory left. */
json_t *ls_show_report_json(const char *file, const ls_report *r);

/* The findings alone: a line for each, begun by two spaces; and as JSON, the caller's reference. */
void ls_show_findings(FILE *out, const ls_report *r);
json_t *ls_show_findings_json(const ls_report *r);

/* A string as JSON can hold it: as it is, or with '?' for every byte above 0x7f if it is not UTF-8, as paths may be. */
json_t *ls_show_text_json(const char *s);

/*
 * Opened rows as CSV (RFC 4180): declaration, tranche, row, closed (names of the fields that stay closed, with "; "
 * between them), then the fields. Blank rows are left out. A header precedes the rows of each list of fields.
 * ls_show_row is an ls_verified_row; its context is an ls_show_rows, which starts with only `out` set.
 */
typedef struct ls_show_rows {
    FILE *out;
    const ls_bytes *names; /* those of the header written last */
    bool terminal;         /* out is one: control characters then show as '?' */
} ls_show_rows;
extern const ls_fault ls_fault_show; /* environment: the rows can't be written */
ls_result ls_show_row(void *rows, ls_bytes declaration, uint32_t tranche, uint64_t row, const ls_bytes *names,
                      const ls_opened_field *values, size_t fields);

#endif
