/*
 * What a server answers, read: none of it is trusted, and each has one form.
 */
#ifndef LS_LEDGER_ANSWERS_H
#define LS_LEDGER_ANSWERS_H

#include <lockstep/bytes.h>

/* "<index>\n\n<checkpoint note that covers it>". The note is only read: what it says shows when the ledger is followed.
 * Its index is that of the act. */
bool ls_acknowledgement_parse(ls_bytes body, uint64_t *index);

/* "<fault code>\n<sentence>\n<hint>\n", in which a server's words are only that: nothing in them moves a cursor. Views
 * into body; the hint may be missing, and is empty then. */
typedef struct ls_rejection {
    ls_bytes code, sentence, hint;
} ls_rejection;
bool ls_rejection_parse(ls_bytes body, ls_rejection *out);

/* Lists of boxes: hashes in hex, one a line. */
bool ls_box_list_valid(ls_bytes list);
/* The next one of a valid list; false at its end. */
bool ls_box_list_next(ls_reader *r, ls_hash *out);

#endif
