/*
 * What libfyaml says of text that is not YAML, put into words that help whoever wrote it.
 */
#ifndef LS_YAML_REPORT_H
#define LS_YAML_REPORT_H

#include "base/value.h"

/* Diagnoses one report of libfyaml at mark. text is the whole document, offset where the mark stands in it. */
void ls_yaml_report(ls_diagnostics *d, ls_bytes text, size_t offset, ls_mark mark, const char *message);

/* Looks at the bytes before libfyaml sees them: UTF-8, control characters, directives, size. Diagnoses the first that
 * is wrong; true if none is. */
bool ls_yaml_check_bytes(ls_diagnostics *d, ls_bytes text);

#endif
