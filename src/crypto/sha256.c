/* SHA-256 through libcrypto's low-level functions: no allocation, no method look-up, and a state that can be copied. */
#include "crypto/sha256.h"

void ls_sha256_init(ls_sha256 *s)
{
    SHA256_Init(&s->ctx);
}

void ls_sha256_update(ls_sha256 *s, ls_bytes data)
{
    if (data.len > 0) {
        SHA256_Update(&s->ctx, data.ptr, data.len);
    }
}

void ls_sha256_final(ls_sha256 *s, ls_hash *out)
{
    SHA256_Final(out->b, &s->ctx);
}

void ls_sha256_hash(ls_bytes message, ls_hash *out)
{
    ls_sha256_many(NULL, &message, 1, out);
}

void ls_sha256_many(const ls_sha256 *prefix, const ls_bytes *messages, size_t count, ls_hash *out)
{
    ls_sha256 start;
    if (prefix == NULL) {
        ls_sha256_init(&start);
        prefix = &start;
    }
    for (size_t i = 0; i < count; i++) {
        ls_sha256 s = *prefix;
        ls_sha256_update(&s, messages[i]);
        ls_sha256_final(&s, &out[i]);
    }
}
