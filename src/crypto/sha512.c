/* libcrypto's SHA-512 under Lockstep's names. Its functions can't fail on a state that was set up. */
#include "crypto/sha512.h"

void ls_sha512_init(ls_sha512 *s)
{
    SHA512_Init(&s->ctx);
}

void ls_sha512_update(ls_sha512 *s, ls_bytes data)
{
    SHA512_Update(&s->ctx, data.ptr, data.len);
}

void ls_sha512_final(ls_sha512 *s, uint8_t out[static LS_SHA512_SIZE])
{
    SHA512_Final(out, &s->ctx);
}
