/*
 * SHA-512 (FIPS 180-4) through libcrypto, for what is reduced to a scalar or mapped to a point. No allocation; no
 * function can fail.
 */
#ifndef LS_CRYPTO_SHA512_H
#define LS_CRYPTO_SHA512_H

#include <lockstep/bytes.h>
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#define LS_SHA512_SIZE 64

/* A running hash; copying the struct copies the state. */
typedef struct ls_sha512 {
    SHA512_CTX ctx;
} ls_sha512;

void ls_sha512_init(ls_sha512 *s);
void ls_sha512_update(ls_sha512 *s, ls_bytes data);
void ls_sha512_final(ls_sha512 *s, uint8_t out[static LS_SHA512_SIZE]);

#endif
