/* Access notes of a workspace: made with a key that lies here, and kept until they expire. */
#ifndef LS_WORKSPACE_ACCESS_H
#define LS_WORKSPACE_ACCESS_H

#include "workspace/workspace.h"

/* For ls_remote_access: appends an access note; context is the ls_workspace. fresh: one given before was refused. */
ls_result ls_workspace_access_note(void *workspace, bool fresh, ls_buf *out, ls_detail *detail);

#endif
