/* libcrypto's SHA-512 under Lockstep's names. Its functions can't fail on a state that was set up. */
#include "crypto/sha512.h"
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

_Static_assert(sizeof(SHA512_CTX) <= sizeof(ls_sha512), "size");
_Static_assert(_Alignof(SHA512_CTX) <= _Alignof(ls_sha512), "alignment");

static SHA512_CTX *state_of(ls_sha512 *s)
{
    return (SHA512_CTX *)(void *)s;
}

void ls_sha512_init(ls_sha512 *s)
{
    SHA512_Init(state_of(s));
}

void ls_sha512_update(ls_sha512 *s, ls_bytes data)
{
    SHA512_Update(state_of(s), data.ptr, data.len);
}

void ls_sha512_final(ls_sha512 *s, uint8_t out[static LS_SHA512_SIZE])
{
    SHA512_Final(out, state_of(s));
}
