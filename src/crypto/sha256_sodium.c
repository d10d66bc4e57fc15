/* SHA-256 through libsodium, where there is no libcrypto: in a browser. In place of sha256.c. */
#include "crypto/sha256.h"
#include <sodium.h>

typedef crypto_hash_sha256_state library_state;
_Static_assert(sizeof(library_state) <= sizeof(ls_sha256), "size");
_Static_assert(_Alignof(library_state) <= _Alignof(ls_sha256), "alignment");

static library_state *state_of(ls_sha256 *s)
{
    return (library_state *)(void *)s;
}

void ls_sha256_init(ls_sha256 *s)
{
    crypto_hash_sha256_init(state_of(s));
}

void ls_sha256_update(ls_sha256 *s, ls_bytes data)
{
    if (data.len > 0) {
        crypto_hash_sha256_update(state_of(s), data.ptr, data.len);
    }
}

void ls_sha256_final(ls_sha256 *s, ls_hash *out)
{
    crypto_hash_sha256_final(state_of(s), out->b);
}

void ls_sha256_hash(ls_bytes message, ls_hash *out)
{
    ls_sha256_many(NULL, &message, 1, out);
}

void ls_sha256_many(const ls_sha256 *prefix, const ls_bytes *messages, size_t count, ls_hash *out)
{
    ls_sha256 fresh;
    if (prefix == NULL) {
        ls_sha256_init(&fresh);
        prefix = &fresh;
    }
    for (size_t i = 0; i < count; i++) {
        ls_sha256 s = *prefix;
        ls_sha256_update(&s, messages[i]);
        ls_sha256_final(&s, &out[i]);
    }
}
