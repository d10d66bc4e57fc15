/*
 * SHA-256 (FIPS 180-4), through one interface that hashes many messages at once, so that kernels with several lanes
 * slide in without any caller changing. One message goes through libcrypto; many through our own kernel of two lanes
 * where the processor has SHA instructions (sha256_ni.c), else through libcrypto too. In a browser libsodium does it
 * all (sha256_sodium.c).
 *
 * No allocation; no function can fail.
 */
#ifndef LS_CRYPTO_SHA256_H
#define LS_CRYPTO_SHA256_H

#include <lockstep/bytes.h>

/* A running hash, in the form of the library that computes it; copying the struct copies the state, which is how a
 * midstate is kept. */
typedef struct ls_sha256 {
    uint64_t state[14];
} ls_sha256;

void ls_sha256_init(ls_sha256 *s);
void ls_sha256_update(ls_sha256 *s, ls_bytes data);
void ls_sha256_final(ls_sha256 *s, ls_hash *out);

/* One message. */
void ls_sha256_hash(ls_bytes message, ls_hash *out);

/* out[i] = H(what prefix has absorbed ‖ messages[i]) for i < count; prefix may be NULL. */
void ls_sha256_many(const ls_sha256 *prefix, const ls_bytes *messages, size_t count, ls_hash *out);

#endif
