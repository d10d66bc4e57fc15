/*
 * What libyaml says of text that is not YAML, put into words that help whoever wrote it; and the checks of bytes that
 * come before it.
 */
#ifndef LS_YAML_REPORT_H
#define LS_YAML_REPORT_H

#include "base/value.h"

/* One report of libyaml's. */
typedef struct ls_yaml_problem {
    ls_bytes text; /* the whole document */
    const char *message;
    ls_mark mark;    /* where reading stopped */
    ls_mark context; /* where what was being read began; line 0: not known */
} ls_yaml_problem;

void ls_yaml_report(ls_diagnostics *d, const ls_yaml_problem *problem);

/* Size, UTF-8, characters and line ends. Diagnoses the first that is refused; true if none is. */
bool ls_yaml_check_bytes(ls_diagnostics *d, ls_bytes text);

#endif
