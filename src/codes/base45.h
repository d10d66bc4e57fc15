/* Base45 (RFC 9285): bytes in the 45 characters of the alphanumeric mode of QR codes, two bytes in three of them. */
#ifndef LS_CODES_BASE45_H
#define LS_CODES_BASE45_H

#include <lockstep/bytes.h>

#define LS_BASE45_SIZE(len) ((len) / 2 * 3 + (len) % 2 * 2) /* characters for len bytes, no NUL */

/* Writes LS_BASE45_SIZE(bytes.len) + 1 characters, the final NUL included. */
void ls_base45_encode(ls_bytes bytes, char *out);
/* False, and nothing written, if text is not what ls_base45_encode makes of some bytes, or if they are more than cap.
 */
bool ls_base45_decode(ls_bytes text, uint8_t *out, size_t cap, size_t *len);

#endif
