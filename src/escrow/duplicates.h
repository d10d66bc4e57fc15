/* Finds values that occur twice among millions, with eight bytes for each: a table of row numbers and hash bits, and
 * a way to read a row's value again. */
#ifndef LS_ESCROW_DUPLICATES_H
#define LS_ESCROW_DUPLICATES_H

#include "escrow/inventory.h"

#define LS_DUPLICATES_NEW UINT64_MAX

typedef struct ls_duplicates ls_duplicates;

/* Gives the value of an earlier row; the cursor is open on the text. */
typedef ls_result (*ls_duplicates_value)(void *context, uint64_t row, ls_csv *cursor, ls_bytes *value);

ls_result ls_duplicates_open(ls_bytes text, char separator, ls_duplicates_value value, void *context,
                             ls_duplicates **out);
/* Adds the value of `row`. *earlier is the first row that has it, or LS_DUPLICATES_NEW. Rows are below 2^32 - 1. */
ls_result ls_duplicates_add(ls_duplicates *d, uint64_t row, ls_bytes value, uint64_t *earlier);
void ls_duplicates_free(ls_duplicates *d); /* NULL is fine */

#endif
