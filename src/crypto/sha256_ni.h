/* SHA-256 with the x86 SHA instructions, two messages at a time. Used by sha256.c only. */
#ifndef LS_CRYPTO_SHA256_NI_H
#define LS_CRYPTO_SHA256_NI_H

#include <lockstep/bytes.h>

/* What came before the messages: a state, and the bytes that did not fill a block yet. */
typedef struct ls_sha256_start {
    uint32_t state[8];
    uint8_t pending[64];
    size_t pending_len; /* below 64 */
    uint64_t len;       /* bytes absorbed, the pending ones included */
} ls_sha256_start;

/* Whether this processor has the instructions. */
bool ls_sha256_ni_available(void);

/* out[i] = H(start ‖ messages[i]); only if available. out may overlap the messages only so that writing
 * out[i] changes none of the messages from i + 2 on. */
void ls_sha256_ni_many(const ls_sha256_start *start, const ls_bytes *messages, size_t count, ls_hash *out);

#endif
