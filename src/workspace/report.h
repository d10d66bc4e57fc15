/*
 * Reports from the field: a form that inspectors filled in, held against the record, becomes report.json and a report
 * act (docs/inspections.md, "Reports").
 */
#ifndef LS_WORKSPACE_REPORT_H
#define LS_WORKSPACE_REPORT_H

#include "bundle/reports.h"
#include "workspace/seen.h"

/* A form as it was read; text and arena outlive it. */
typedef struct ls_report_paper {
    ls_site_report report;
    ls_bytes visit;     /* as it is named: a place, or the beginning of an id */
    ls_mark visit_mark; /* of these keys' values: 1:1 if they are not there */
    ls_mark row_mark, from_mark, to_mark, inspectors_mark, finding_mark;
    const char **path;  /* of each of report.file */
    bool *hashed;       /* the form states its hash */
    ls_mark *item_mark; /* where its item begins */
} ls_report_paper;

/*
 * Reads a form: YAML, or, by the ending of its name, CSV with the header kind,name,declared,found. Everything wrong
 * with it is diagnosed. Found values "=" and "?" stand for the declared one, and for none.
 */
ls_result ls_report_load(ls_arena *arena, const char *path, ls_bytes text, ls_diagnostics *d, ls_report_paper *out);

/* Reads its files and fills in sizes and hashes; diagnoses those that are not there, and those whose hash the form
 * states as another. */
ls_result ls_report_read_files(ls_report_paper *p, ls_diagnostics *d);

/* A YAML form with the hash of each file that had none: appended to out, all else as it was. Looks at nothing but its
 * files, so that it can be filled in afterwards. */
ls_result ls_report_prepare(ls_arena *arena, const char *path, ls_bytes text, ls_diagnostics *d, ls_buf *out);

/* Holds a form against the record: the visit is one in which this party takes part, to this row; declared values are
 * those that were opened; dates lie within it; the finding follows. visit: what the form's name for it was found to be.
 * Fills in what it is about. */
ls_result ls_workspace_check_report(ls_workspace *ws, ls_arena *arena, int accord, const ls_inspected *visit,
                                    ls_report_paper *p, ls_diagnostics *d, ls_detail *detail);

/* Adds report.json and the files to an act's draft, for this audience, and sets ref and finding. */
ls_result ls_report_attach(const ls_report_paper *p, const char *audience, ls_draft *draft, ls_act_draft *act,
                           ls_detail *detail);

#endif
