/* Scanned codes of a sheet in place of a file: what they hold, and what else was scanned. */
#ifndef LS_SHOW_CODES_H
#define LS_SHOW_CODES_H

#include "bundle/verify.h"
#include "codes/codes.h"

/* Adds what did not become part of the sheet's payload to its report: notes, as none of it was needed. */
void ls_show_codes_found(const ls_codes_found *found, ls_report *report);

#endif
