/*
 * An inventory read from CSV (RFC 4180): quotes, embedded newlines, CRLF, a byte order mark. One pass checks
 * everything and remembers where each row starts; rows are parsed again when they are needed, so that memory stays at
 * the input's size and a few bytes a row.
 *
 * Refused with line and column: NUL, invalid UTF-8, a stray or unclosed quote, text after a closing quote, a row with
 * more or fewer fields than the header, an all-empty row, a duplicate or empty column name. A file whose header has
 * semicolons or tabs and no comma is read with that separator, and `separator` reports it.
 */
#ifndef LS_ESCROW_INVENTORY_H
#define LS_ESCROW_INVENTORY_H

#include <lockstep/bytes.h>

#define LS_COLUMNS_MAX 1024
#define LS_CSV_FIELD_MAX (16u << 20) /* bytes of one value */

extern const ls_fault ls_fault_csv; /* usage: not the CSV that Lockstep accepts */

typedef struct ls_csv_row {
    size_t count;
    ls_bytes *fields; /* views into the text, or into scratch where quotes had to be undone */
} ls_csv_row;

/* Scans rows one after the other; the low layer of ls_inventory, with a fuzz target of its own. */
typedef struct ls_csv {
    ls_bytes text; /* without the byte order mark */
    size_t offset; /* of the next row */
    unsigned line; /* of the next row, from 1 */
    char separator;
    ls_buf scratch;
    ls_bytes fields[LS_COLUMNS_MAX];
} ls_csv;
void ls_csv_open(ls_csv *c, ls_bytes text, char separator);
/* The separator that the first row suggests: ',' unless that row has none outside quotes and has ';' or '\t'. */
char ls_csv_guess_separator(ls_bytes text);
/* False in *more at the end. The row is valid until the next call. */
ls_result ls_csv_next(ls_csv *c, ls_csv_row *row, bool *more, ls_detail *detail);
void ls_csv_close(ls_csv *c); /* wipes scratch */

#endif
