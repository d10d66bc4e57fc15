#include "escrow/output.h"

static ls_result write_buf(void *context, ls_bytes bytes, ls_detail *detail)
{
    (void)detail;
    ls_buf_put_bytes(context, bytes);
    return ls_buf_check(context);
}

static ls_result write_nothing(void *context, ls_bytes bytes, ls_detail *detail)
{
    (void)context;
    (void)bytes;
    (void)detail;
    return LS_SUCCESS;
}

ls_output ls_output_buf(ls_buf *b)
{
    return (ls_output){write_buf, b};
}

ls_output ls_output_none(void)
{
    return (ls_output){write_nothing, NULL};
}
