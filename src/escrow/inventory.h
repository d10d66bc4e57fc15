/*
 * An inventory read from CSV (RFC 4180): quotes, embedded newlines, CRLF, a byte order mark. One pass checks
 * everything and remembers where each row starts; rows are parsed again when they are needed, so that memory stays at
 * the input's size and a few bytes a row.
 *
 * Refused with line and column: NUL, invalid UTF-8, a stray or unclosed quote, text after a closing quote, a carriage
 * return that ends no line, a row with more or fewer fields than the header, an all-empty row, a duplicate or empty
 * column name. A file whose header has semicolons or tabs and no comma is read with that separator, and `separator`
 * reports it.
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
    ls_bytes text;     /* without the byte order mark */
    size_t offset;     /* of the next row */
    unsigned line;     /* of the next row, from 1 */
    size_t row_offset; /* of the row given last */
    unsigned row_line;
    char separator;
    ls_buf scratch;
    ls_bytes fields[LS_COLUMNS_MAX];
} ls_csv;
void ls_csv_open(ls_csv *c, ls_bytes text, char separator);
/* The separator that the first row suggests: ',' unless that row has none outside quotes and has ';' or '\t'. */
char ls_csv_guess_separator(ls_bytes text);
/* False in *more at the end. The row is valid until the next call. */
ls_result ls_csv_next(ls_csv *c, ls_csv_row *row, bool *more, ls_detail *detail);
/* Line and column of a value of the row given last (of the row itself if the value stands in scratch). */
void ls_csv_place(const ls_csv *c, ls_bytes value, ls_detail *detail);
void ls_csv_close(ls_csv *c); /* wipes scratch */

/* What an accord says about the columns. */
typedef struct ls_inventory_form {
    const char *file; /* the name for messages, or NULL */
    size_t field_count;
    const ls_bytes *fields;  /* the columns that are committed to, in their order */
    ls_bytes tranche_column; /* none of fields */
    size_t tranche_count;
    const ls_bytes *labels;       /* the k-th is tranche k's */
    ls_bytes id_column;           /* one of fields */
    ls_bytes latitude, longitude; /* two of fields, or both empty */
} ls_inventory_form;

/* What does not stop a declaration and yet wants a look before anything is signed. */
typedef enum ls_remark_kind {
    LS_REMARK_DUPLICATE_ID, /* other_line is where the id stood first */
    LS_REMARK_NO_ID,
    LS_REMARK_NO_PLACE,  /* both coordinates are empty */
    LS_REMARK_BAD_PLACE, /* not decimal degrees, out of range, or only one of the two */
    LS_REMARK_KINDS
} ls_remark_kind;

typedef struct ls_remark {
    ls_remark_kind kind;
    unsigned line, other_line;
} ls_remark;

#define LS_REMARKS_MAX 100 /* kept; all are counted */

typedef struct ls_inventory {
    ls_bytes text; /* the caller's, without the byte order mark; must stay unchanged */
    char separator;
    bool byte_order_mark;
    size_t field_count, tranche_count, column_count;
    size_t id_field;  /* among the fields */
    uint16_t *column; /* of each field */
    uint64_t row_count;
    uint64_t *offsets; /* of each row, sorted by tranche, then as they stand in the file */
    uint32_t *lines;
    uint64_t *first; /* tranche k's rows are first[k - 1] … first[k] - 1 */
    uint64_t *bytes; /* of each tranche's rows in sealed form, blank rows not counted */
    uint64_t remark_count[LS_REMARK_KINDS];
    size_t remark_kept;
    ls_remark remark[LS_REMARKS_MAX];
} ls_inventory;

/* Reads and checks all of text. ls_fault_csv with place and hint if it can't be declared as the form says;
 * ls_fault_usage if the form contradicts itself. */
ls_result ls_inventory_read(ls_bytes text, const ls_inventory_form *form, ls_inventory *out, ls_detail *detail);
/* Rows of tranche k (from 1). */
uint64_t ls_inventory_rows(const ls_inventory *inv, uint32_t tranche);
/* The values of row i (from 0) of tranche k, in the order of the form's fields: views valid until the cursor's next
 * row. cursor: opened by the caller with ls_inventory_cursor, closed with ls_csv_close. */
void ls_inventory_cursor(const ls_inventory *inv, ls_csv *cursor);
ls_result ls_inventory_row(const ls_inventory *inv, ls_csv *cursor, uint32_t tranche, uint64_t i, ls_bytes *values,
                           ls_detail *detail);
void ls_inventory_free(ls_inventory *inv);

#endif
