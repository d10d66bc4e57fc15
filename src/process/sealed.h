/*
 * Files for an audience: what an act names of them, and the form in which they travel (docs/protocol.md, "Files for an
 * audience").
 *
 * The ledger shows such a file's hash and a size that is a power of two, and nothing else: the name is one for all, and
 * the salt keeps anyone from trying whether the hash is that of a file that can be guessed. The file itself is
 *
 *   salt[32] ‖ len‖name ‖ len‖media type ‖ u64 length ‖ bytes ‖ zeros up to the least power of two, at least 1,024
 *
 * and leaves its author's machine only in a box sealed to each addressee.
 */
#ifndef LS_PROCESS_SEALED_H
#define LS_PROCESS_SEALED_H

#include "process/charter.h"

#define LS_SEALED_SALT 32
#define LS_SEALED_MIN 1024
#define LS_SEALED_MEDIA_TYPE "application/octet-stream"
#define LS_SEALED_NAME "sealed"

extern const ls_fault ls_fault_sealed_form; /* invalid: not such a file */

typedef struct ls_sealed_file {
    ls_bytes name, media_type, content; /* as its author named it */
} ls_sealed_file;

/* Appends the file in its form, under a fresh salt. ls_fault_usage if name or type can't be those of an attachment. */
ls_result ls_sealed_put(const ls_sealed_file *f, ls_buf *out);
/* Takes it apart; slices view file. Only the one form is accepted: exact size, zeros to the end. */
ls_result ls_sealed_read(ls_bytes file, ls_sealed_file *out);

/* "sealed" or "sealed-2" … "sealed-64": the only file names that a restricted attachment may have in an act. */
bool ls_sealed_name(ls_bytes file_name);
/* Neither public nor process: who reads the ledger does not read this. */
bool ls_audience_restricted(ls_bytes audience);
/* Who belongs to an audience: bit p is the charter's p-th party; 0: there is no audience of this name. A party's name
 * is that of an audience of this party alone. */
uint32_t ls_audience_members(const ls_charter *c, ls_bytes audience);

#endif
