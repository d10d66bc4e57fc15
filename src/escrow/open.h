/*
 * Opening, from the declarer's side: parts of an opening file (the form stands in lockstep/opening.h), made from what
 * the declaration left behind. Write ls_open_begin with the number of parts, then each part.
 */
#ifndef LS_ESCROW_OPEN_H
#define LS_ESCROW_OPEN_H

#include "escrow/commitment.h"
#include "escrow/output.h"

extern const ls_fault ls_fault_declaration_files; /* environment: key and files are not this declaration's */

/* One tranche of the caller's own declaration. Files are whole and outlive the struct; leaf and path as published. */
typedef struct ls_own_tranche {
    ls_hash context;     /* X */
    const uint8_t *key;  /* K_k, 32 bytes */
    uint64_t row_bytes;  /* W */
    ls_bytes leaf;       /* tranche leaf data */
    const ls_hash *path; /* from the leaf to the declaration's root */
    size_t path_count;
    ls_bytes sealed, tree, index; /* tree and index may be empty if no rows are opened */
} ls_own_tranche;

ls_result ls_open_begin(uint32_t parts, ls_output out, ls_detail *detail);

/* A part that opens the whole tranche. The sealed rows are checked against the leaf on their way. */
ls_result ls_open_tranche(const ls_own_tranche *t, ls_output out, ls_detail *detail);

/* Where the j-th row (from 0) with this id stands in the tranche; false in *found if there is none. */
ls_result ls_open_find(const ls_own_tranche *t, ls_bytes id, uint32_t j, bool *found, uint64_t *row, ls_detail *detail);

/* A part that opens rows (strictly increasing, at least one); fields[f] says whether field f is opened, NULL: all.
 * The commitments are compared with the tree on their way. */
ls_result ls_open_rows(const ls_own_tranche *t, const uint64_t *rows, size_t count, const bool *fields, ls_output out,
                       ls_detail *detail);

#endif
