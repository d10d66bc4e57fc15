/*
 * Plain text: what people sign must show as what it is, so nothing invisible and nothing that reorders lines is in it.
 */
#ifndef LS_PROCESS_PLAIN_H
#define LS_PROCESS_PLAIN_H

#include <lockstep/bytes.h>

/* False for C0 but newline, U+007F, C1, U+2028, U+2029 and the bidirectional controls U+061C, U+200E, U+200F,
 * U+202A to U+202E and U+2066 to U+2069. */
bool ls_plain_char(uint32_t code_point);

/* Valid UTF-8 of plain characters only. */
bool ls_plain_valid(ls_bytes text);

#endif
