/*
 * Sealed rows: the rows of a tranche as one area of exactly n * W bytes (each field u32 length ‖ bytes, rows in leaf
 * order, zeros to the end), under libsodium's secretstream in chunks of 64 KiB. Both directions work piece by piece.
 */
#ifndef LS_ESCROW_SEAL_H
#define LS_ESCROW_SEAL_H

#include "crypto/sha256.h"
#include "escrow/output.h"

#define LS_SEAL_CHUNK 65536u
#define LS_SEAL_HEADER 24
#define LS_SEAL_OVERHEAD 17 /* bytes that a chunk grows by */

/* 24 + n * W + 17 * ceil(n * W / 65536), or false if there is no such number or n * W is 0. */
bool ls_sealed_size(uint64_t rows, uint64_t row_bytes, uint64_t *area, uint64_t *sealed);

/* Sealing. */
typedef struct ls_sealer ls_sealer;

/* header: 24 bytes, for test vectors only; NULL: random, as it must be. NULL in *out on failure. */
ls_result ls_sealer_open(const uint8_t key[static 32], const uint8_t *header, uint64_t area, ls_output output,
                         ls_sealer **out, ls_detail *detail);
/* ls_fault_bug if the area would overflow: callers know beforehand what fits. */
ls_result ls_sealer_put(ls_sealer *s, ls_bytes plain, ls_detail *detail);
/* Fills the rest of the area with zeros; size and hash are those of all that was written. */
ls_result ls_sealer_finish(ls_sealer *s, uint64_t *size, ls_hash *hash, ls_detail *detail);
void ls_sealer_free(ls_sealer *s); /* wipes; NULL is fine */

/* Reading rows back. */
typedef struct ls_sealed_rows ls_sealed_rows;

/* sealed outlives the reader and is ls_sealed_size(rows, row_bytes) bytes, else *out is NULL and *wrong says so. */
ls_result ls_sealed_rows_open(const uint8_t key[static 32], ls_bytes sealed, uint64_t rows, uint64_t row_bytes,
                              uint32_t fields, ls_sealed_rows **out, const char **wrong);
/* The next row's values, views until the next call; after the last row checks what follows and gives NULL. If the
 * rows are not what they must be, *wrong is what (static), else NULL. Fails only for lack of memory. */
ls_result ls_sealed_rows_next(ls_sealed_rows *s, const ls_bytes **values, const char **wrong);
void ls_sealed_rows_free(ls_sealed_rows *s); /* wipes; NULL is fine */

#endif
