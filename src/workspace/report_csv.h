/* Forms as CSV, for who fills them in with a spreadsheet, read into the tree that YAML gives. */
#ifndef LS_WORKSPACE_REPORT_CSV_H
#define LS_WORKSPACE_REPORT_CSV_H

#include "base/value.h"

/*
 * The header kind,name,declared,found, then a row for each thing that the form says:
 *
 *   visit,,,35            row, from, to, finding, remarks: the same
 *   inspector,,,A. Name   anomaly: the same; one row for each
 *   field,lat,39.79,39.79
 *   count,centrifuges,12,11
 *   seal,K-1234,,applied
 *   file,gate.jpg,<hash, or empty>,what it shows
 *
 * *out is NULL if the text is no such CSV, which is diagnosed.
 */
ls_result ls_report_csv_parse(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_value **out);

#endif
