/*
 * What Lockstep takes from libsodium, under names and types of its own: Ed25519, subkeys, keyed hashing.
 *
 * ls_crypto_init must have succeeded before any other function. Nothing here allocates.
 */
#ifndef LS_CRYPTO_CRYPTO_H
#define LS_CRYPTO_CRYPTO_H

#include <lockstep/bytes.h>

#define LS_SEED_SIZE 32
#define LS_PUBLIC_KEY_SIZE 32
#define LS_SECRET_KEY_SIZE 64
#define LS_SIGNATURE_SIZE 64

ls_result ls_crypto_init(void); /* may be called any number of times */

/* Random bytes from the system's generator. */
void ls_random(void *out, size_t len);

/* Ed25519 (RFC 8032). The secret key is libsodium's 64 bytes, seed ‖ public key; the caller wipes it. */
void ls_ed25519_keypair(const uint8_t seed[static LS_SEED_SIZE], uint8_t public_key[static LS_PUBLIC_KEY_SIZE],
                        uint8_t secret_key[static LS_SECRET_KEY_SIZE]);
void ls_ed25519_sign(ls_bytes message, const uint8_t secret_key[static LS_SECRET_KEY_SIZE],
                     uint8_t signature[static LS_SIGNATURE_SIZE]);
bool ls_ed25519_verify(ls_bytes message, const uint8_t public_key[static LS_PUBLIC_KEY_SIZE],
                       const uint8_t signature[static LS_SIGNATURE_SIZE]);
/* True for a canonical point of prime order other than the identity: the only keys a charter may hold. */
bool ls_ed25519_key_valid(const uint8_t public_key[static LS_PUBLIC_KEY_SIZE]);

/* BLAKE2b-256 with a 32-byte key, no salt, no personalisation. */
void ls_blake2b_keyed(const uint8_t key[static 32], ls_bytes message, uint8_t out[static 32]);

/* libsodium's crypto_kdf: 32-byte subkey number id under an 8-character context. */
void ls_subkey(const uint8_t key[static 32], uint64_t id, const char context[static 8], uint8_t out[static 32]);

/* len bytes at offset of the ChaCha20-IETF keystream of key under the zero nonce. offset + len at most 2^38. */
void ls_keystream(const uint8_t key[static 32], uint64_t offset, uint8_t *out, size_t len);

#define LS_AEAD_NONCE_SIZE 24
#define LS_AEAD_TAG_SIZE 16
/* XChaCha20-Poly1305: out is plain.len + LS_AEAD_TAG_SIZE bytes. */
void ls_aead_seal(const uint8_t key[static 32], const uint8_t nonce[static LS_AEAD_NONCE_SIZE], ls_bytes plain,
                  ls_bytes additional, uint8_t *out);
/* out is sealed.len - LS_AEAD_TAG_SIZE bytes. False, and out zeroed, if the tag does not fit or sealed is too short. */
bool ls_aead_open(const uint8_t key[static 32], const uint8_t nonce[static LS_AEAD_NONCE_SIZE], ls_bytes sealed,
                  ls_bytes additional, uint8_t *out);

/* Sealed boxes (libsodium's crypto_box_seal): to an X25519 public key, from nobody. */
#define LS_BOX_KEY_SIZE 32
#define LS_BOX_SEAL_SIZE 48 /* bytes that sealing adds */
void ls_box_keypair(const uint8_t seed[static LS_SEED_SIZE], uint8_t public_key[static LS_BOX_KEY_SIZE],
                    uint8_t secret_key[static LS_BOX_KEY_SIZE]);
/* out is plain.len + LS_BOX_SEAL_SIZE bytes. False if nothing can be sealed to this key (a point of low order). */
bool ls_box_seal(const uint8_t public_key[static LS_BOX_KEY_SIZE], ls_bytes plain, uint8_t *out);
/* out is sealed.len - LS_BOX_SEAL_SIZE bytes. False if it was not sealed to this key, or was changed. */
bool ls_box_open(const uint8_t public_key[static LS_BOX_KEY_SIZE], const uint8_t secret_key[static LS_BOX_KEY_SIZE],
                 ls_bytes sealed, uint8_t *out);

void ls_wipe(void *ptr, size_t len);

#endif
