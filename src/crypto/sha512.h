/*
 * SHA-512 (FIPS 180-4) through libcrypto, in a browser through libsodium, for what is reduced to a scalar or mapped to
 * a point. No allocation; no function can fail.
 */
#ifndef LS_CRYPTO_SHA512_H
#define LS_CRYPTO_SHA512_H

#include <lockstep/bytes.h>

#define LS_SHA512_SIZE 64

/* A running hash, in the form of the library that computes it; copying the struct copies the state. */
typedef struct ls_sha512 {
    uint64_t state[27];
} ls_sha512;

void ls_sha512_init(ls_sha512 *s);
void ls_sha512_update(ls_sha512 *s, ls_bytes data);
void ls_sha512_final(ls_sha512 *s, uint8_t out[static LS_SHA512_SIZE]);

#endif
