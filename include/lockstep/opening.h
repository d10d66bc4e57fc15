/*
 * Openings, from the verifier's side: given a declaration's context and root, what does an opening prove?
 * (docs/protocol.md, "Declaration"; the construction is described there byte by byte.)
 */
#ifndef LOCKSTEP_OPENING_H
#define LOCKSTEP_OPENING_H

#include <lockstep/merkle.h>

#define LS_FIELDS_MAX 1024
#define LS_TRANCHES_MAX 4096
#define LS_SALT_SIZE 16
#define LS_TRANCHE_LEAF_MAX 256

/* What a declaration's act and schema say: all that a verifier needs to know beforehand. */
typedef struct ls_declaration {
    ls_hash context; /* X */
    ls_hash root;
    uint32_t tranches;  /* m */
    uint32_t fields;    /* F */
    uint64_t row_bytes; /* W */
} ls_declaration;

/* The names that H(schema) covers. Slices are the caller's. */
typedef struct ls_schema {
    size_t field_count;
    const ls_bytes *fields;
    size_t tranche_count;
    const ls_bytes *tranches; /* labels; tranche k has the k-th */
} ls_schema;

/* Appends the RFC 8785 JSON of a schema. ls_fault_usage: empty, too many, not UTF-8, or not unique. */
ls_result ls_schema_format(const ls_schema *s, ls_buf *out);

/* X; party and name are 1 to 255 bytes. */
void ls_declaration_context(const ls_hash *process, const ls_hash *accord, ls_bytes party, ls_bytes name,
                            const ls_hash *schema, const uint8_t nonce[static 32], ls_hash *out);

typedef enum ls_verdict {
    LS_OPENED,              /* it is what was committed */
    LS_NOT_AN_OPENING,      /* wrong key or wrong bytes: nobody is blamed, the clock runs on */
    LS_FALSE_DECLARATION,   /* right key and right bytes, and yet not what was committed: the declarer lied */
    LS_NOT_THIS_DECLARATION /* a leaf, path, tranche or form that does not belong to this declaration */
} ls_verdict;

typedef struct ls_opening_report {
    ls_verdict verdict;
    const char *reason; /* static; what does not match, or "" */
    uint32_t tranche;   /* k */
    uint64_t rows;      /* n of a tranche, or the number of rows opened */
    uint64_t blank;     /* rows of a tranche opening with only empty fields */
} ls_opening_report;

/* One opened field, or the commitment of one that stays closed. */
typedef struct ls_opened_field {
    bool open;
    ls_bytes value;
} ls_opened_field;

/* Called for each row in leaf order; fields has F elements. A tranche opening's rows are only to be believed once the
 * verdict is LS_OPENED. Return a failure to stop. */
typedef ls_result (*ls_row_sink)(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields);

/*
 * An opening file: "lockstep opening v1\n" ‖ u32 number of parts ‖ parts. A part is u8 kind (1 tranche, 2 rows) ‖
 * X[32] ‖ u32 k ‖ u16 length of the leaf data ‖ leaf data ‖ u8 number of hashes ‖ path to the declaration root, then
 *   kind 1: K_k[32] ‖ u64 sealed size ‖ sealed rows;
 *   kind 2: u64 number of rows r ‖ r times (u64 row, strictly increasing ‖ F times (01 ‖ salt[16] ‖ u32 length ‖ value,
 *           or 00 ‖ commitment[32])) ‖ u32 number of hashes ‖ multiproof.
 * Nothing follows the last part.
 */
typedef struct ls_opening_part {
    uint8_t kind;
    ls_hash context;
    uint32_t tranche;
    ls_bytes leaf; /* tranche leaf data */
    size_t path_count;
    ls_hash path[LS_MERKLE_PROOF_MAX];
    const uint8_t *key; /* kind 1 */
    ls_bytes sealed;    /* kind 1 */
    uint64_t rows;      /* kind 2 */
    ls_bytes body;      /* kind 2: from the first row on, the multiproof included */
} ls_opening_part;
#define LS_OPENING_TRANCHE 1
#define LS_OPENING_ROWS 2
#define LS_OPENING_PARTS_MAX 4096

extern const ls_fault ls_fault_opening_form; /* invalid: not an opening file */

/* Splits an opening file; parts live in the arena and view the file. fields is F of the schema. */
ls_result ls_opening_parse(ls_arena *arena, ls_bytes file, uint32_t fields, ls_opening_part **parts, size_t *count);
/* Judges one part against a declaration. A result fails only for lack of memory or by the sink; verdicts are in
 * report. sink may be NULL. */
ls_result ls_opening_verify(const ls_opening_part *part, const ls_declaration *d, ls_row_sink sink, void *context,
                            ls_opening_report *report);

#endif
