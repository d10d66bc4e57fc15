/* Where bytes go piece by piece: a file being written, a buffer, or nowhere (measurements). */
#ifndef LS_ESCROW_OUTPUT_H
#define LS_ESCROW_OUTPUT_H

#include "os/os.h"

typedef struct ls_output {
    ls_result (*write)(void *context, ls_bytes bytes, ls_detail *detail);
    void *context;
} ls_output;

ls_output ls_output_file(ls_file_writer *w); /* appends; begin and commit are the caller's */
ls_output ls_output_buf(ls_buf *b);
ls_output ls_output_none(void);

static inline ls_result ls_output_write(ls_output out, ls_bytes bytes, ls_detail *detail)
{
    return out.write(out.context, bytes, detail);
}

#endif
