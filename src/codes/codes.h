/*
 * Codes: bytes on paper. A payload is compressed (zlib, RFC 1950) and cut into parts, each of which becomes the text of
 * a QR code that any scanner reads (docs/sheets.md):
 *
 *   LS1:<sheet>:<number>:<count>:<check>:<part in base45>
 *
 *   sheet   16 digits of upper-case hex, the first of SHA-256 of the compressed payload: which sheet this belongs to
 *   number  decimal, from 1; count: of all parts
 *   check   8 digits of upper-case hex: CRC-32 (zlib's) of the text with the check and its colon left out
 *
 * All characters are of the alphanumeric mode of QR codes (ISO/IEC 18004), which needs 5.5 bits for each. The check
 * says which part was damaged on its way, the sheet whether all fit together; neither is against somebody who means
 * harm: what the payload is worth is for its own signatures to say.
 */
#ifndef LS_CODES_CODES_H
#define LS_CODES_CODES_H

#include <lockstep/bytes.h>

/* A part of this size makes at most 1,449 characters: QR version 25 at error correction M (1,451). Denser codes were
 * not read as well from blurred pages, and those of error correction L, which hold a quarter more, not from pages with
 * drops on them: figures in docs/sheets.md. Parts of other sizes are read all the same. */
#define LS_CODES_PART_MAX 942 /* bytes; even, as base45 takes them in pairs */

#define LS_CODES_MAX 99                 /* codes of one sheet */
#define LS_CODES_TEXT_MAX 4296          /* characters of one code: what the largest QR code holds */
#define LS_CODES_PAYLOAD_MAX (1u << 20) /* bytes, before they are compressed and after they are again as they were */
#define LS_CODES_READING_MAX (4u << 20) /* bytes of text that ls_codes_read takes */
#define LS_CODES_SHEET_SIZE 17          /* of a sheet's name, with the final NUL */

extern const ls_fault ls_fault_codes_large;    /* usage: more than fits on a sheet, or than is read at once */
extern const ls_fault ls_fault_codes_none;     /* invalid: no code is in what was read */
extern const ls_fault ls_fault_codes_missing;  /* invalid: codes are missing, or damaged */
extern const ls_fault ls_fault_codes_conflict; /* invalid: two codes contradict each other */
extern const ls_fault ls_fault_codes_several;  /* invalid: codes of several whole sheets, and nobody said which */
extern const ls_fault ls_fault_codes_content;  /* invalid: all codes are there, but not what the sheet's name says */

typedef struct ls_codes {
    char sheet[LS_CODES_SHEET_SIZE];
    size_t count;
    const char **text; /* of each code */
} ls_codes;

/* Everything is in the arena. The same payload gives the same codes with the same version of zlib; any version reads
 * those of any other. ls_fault_codes_large. */
ls_result ls_codes_write(ls_arena *arena, ls_bytes payload, ls_codes *out, ls_detail *detail);

/* Lines that did not become part of the payload: how many, and the first of them, from 1. */
typedef struct ls_codes_left {
    size_t count;
    unsigned line;
} ls_codes_left;

typedef struct ls_codes_found {
    char sheet[LS_CODES_SHEET_SIZE];
    size_t count;            /* codes of the sheet */
    ls_codes_left repeated;  /* of this sheet, and seen before */
    ls_codes_left damaged;   /* codes that were changed or cut; this sheet's were also there undamaged */
    ls_codes_left elsewhere; /* codes of other sheets */
    ls_codes_left others;    /* what is no code of a sheet; empty lines don't count */
} ls_codes_found;

/*
 * What scanners gave, a code a line, as it is or after "QR-Code:" (zbarimg); ends of lines may be those of Windows. In
 * any order and any number of times, with others between them. One sheet must be whole, and no other: that is what is
 * read. The payload is in the arena.
 *
 * If none is whole, detail speaks of the one that has most codes, and says which of them are missing, damaged (with the
 * line) or in contradiction.
 */
ls_result ls_codes_read(ls_arena *arena, ls_bytes text, ls_bytes *payload, ls_codes_found *found, ls_detail *detail);

#endif
