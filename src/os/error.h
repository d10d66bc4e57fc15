/* How this layer says what the system refused. */
#ifndef LS_OS_ERROR_H
#define LS_OS_ERROR_H

#include "os/os.h"

/* From errno: ls_fault_missing, ls_fault_exists or ls_fault_file, with the path, what failed and why, and a hint. */
ls_result ls_os_fail(const char *path, const char *what, ls_detail *detail);

/* The path as a shell takes it: quoted if it must be. Cut to fit. */
void ls_os_quote(const char *path, char *out, size_t cap);

/* The folder that a path's last name stands in; false if it does not fit. */
bool ls_os_folder_of(const char *path, char *out, size_t cap);

/* True for the name of a temporary file, ".name.tmp-XXXXXX". */
bool ls_os_is_temporary(const char *name);

#endif
