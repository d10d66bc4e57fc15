/* One row of an opening of rows, read with the leaf that it gives. */
#ifndef LS_ESCROW_ROW_H
#define LS_ESCROW_ROW_H

#include "escrow/commitment.h"

typedef struct ls_row_pass {
    ls_sha256 prefix; /* of the tranche's field commitments */
    uint32_t field_count;
    ls_opened_field *fields; /* field_count each, the caller's */
    ls_hash *commitments;
    uint64_t row;
    bool text;  /* every opened value is UTF-8 */
    bool blank; /* all fields are open and empty */
} ls_row_pass;

/* Reads the next row: its number, fields and commitments. Nothing is to be believed before its leaf is proved. */
void ls_row_read(ls_reader *r, ls_row_pass *p);
void ls_row_leaf(const ls_row_pass *p, ls_hash *out);

#endif
