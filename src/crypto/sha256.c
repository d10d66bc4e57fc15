/* SHA-256 through libcrypto's low-level functions: no allocation, no method look-up, and a state that can be copied. */
#include "crypto/sha256.h"
#include "crypto/sha256_ni.h"
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(ls_sha256), "size");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(ls_sha256), "alignment");

static SHA256_CTX *state_of(ls_sha256 *s)
{
    return (SHA256_CTX *)(void *)s;
}

void ls_sha256_init(ls_sha256 *s)
{
    SHA256_Init(state_of(s));
}

void ls_sha256_update(ls_sha256 *s, ls_bytes data)
{
    if (data.len > 0) {
        SHA256_Update(state_of(s), data.ptr, data.len);
    }
}

void ls_sha256_final(ls_sha256 *s, ls_hash *out)
{
    SHA256_Final(out->b, state_of(s));
}

void ls_sha256_hash(ls_bytes message, ls_hash *out)
{
    ls_sha256_many(NULL, &message, 1, out);
}

/* The same state as the other kernel takes it. libcrypto counts bits, in two halves. */
static ls_sha256_start start_of(const ls_sha256 *s)
{
    const SHA256_CTX *ctx = (const SHA256_CTX *)(const void *)s;
    ls_sha256_start start = {.pending_len = ctx->num, .len = ((uint64_t)ctx->Nh << 32 | ctx->Nl) / 8};
    memcpy(start.state, ctx->h, sizeof start.state);
    memcpy(start.pending, ctx->data, ctx->num);
    return start;
}

void ls_sha256_many(const ls_sha256 *prefix, const ls_bytes *messages, size_t count, ls_hash *out)
{
    ls_sha256 fresh;
    if (prefix == NULL) {
        ls_sha256_init(&fresh);
        prefix = &fresh;
    }
    if (count > 1 && ls_sha256_ni_available()) {
        ls_sha256_start start = start_of(prefix);
        ls_sha256_ni_many(&start, messages, count, out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ls_sha256 s = *prefix;
        ls_sha256_update(&s, messages[i]);
        ls_sha256_final(&s, &out[i]);
    }
}
