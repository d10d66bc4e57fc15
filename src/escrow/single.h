/*
 * One row out of an opening of several: whoever holds an opening can hand on a single row of it with its own proof, and
 * needs nothing for it that its author kept.
 */
#ifndef LS_ESCROW_SINGLE_H
#define LS_ESCROW_SINGLE_H

#include <lockstep/opening.h>

/*
 * Appends an opening file that opens this row of the part, with the same fields open, byte for byte as ls_open_rows
 * would have made it. The part is one of rows that ls_opening_verify found to be open; of any other the file proves
 * nothing. ls_fault_usage if it opens no such row, ls_fault_opening_form if it can't be verified either. Takes time for
 * all rows of the part.
 */
ls_result ls_opening_single(const ls_opening_part *part, uint64_t row, ls_buf *out);

#endif
