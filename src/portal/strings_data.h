/* Inside of strings: what tools/portal-strings makes of web/strings. */
#ifndef LS_PORTAL_STRINGS_DATA_H
#define LS_PORTAL_STRINGS_DATA_H

#include "portal/strings.h"

extern const char *const ls_portal_keys[]; /* in the order of their bytes */
extern const size_t ls_portal_key_count;

#endif
