/* Where bytes go piece by piece: a file being written (ls_file_sink is such a function), a buffer, or nowhere
 * (measurements). */
#ifndef LS_ESCROW_OUTPUT_H
#define LS_ESCROW_OUTPUT_H

#include <lockstep/bytes.h>

typedef struct ls_output {
    ls_result (*write)(void *context, ls_bytes bytes, ls_detail *detail);
    void *context;
} ls_output;

ls_output ls_output_buf(ls_buf *b);
ls_output ls_output_none(void);

static inline ls_result ls_output_write(ls_output out, ls_bytes bytes, ls_detail *detail)
{
    return out.write(out.context, bytes, detail);
}

#endif
