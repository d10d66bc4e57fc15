/* libsodium under Lockstep's names and sizes. */
#include "crypto/crypto.h"
#include <sodium.h>

_Static_assert(LS_SEED_SIZE == crypto_sign_SEEDBYTES, "seed");
_Static_assert(LS_PUBLIC_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "public key");
_Static_assert(LS_SECRET_KEY_SIZE == crypto_sign_SECRETKEYBYTES, "secret key");
_Static_assert(LS_SIGNATURE_SIZE == crypto_sign_BYTES, "signature");
_Static_assert(LS_AEAD_NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(LS_AEAD_TAG_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(crypto_kdf_KEYBYTES == 32 && crypto_kdf_CONTEXTBYTES == 8, "subkeys");
_Static_assert(crypto_stream_chacha20_ietf_KEYBYTES == 32, "keystream");

ls_result ls_crypto_init(void)
{
    return sodium_init() < 0 ? ls_fail(&ls_fault_bug) : LS_SUCCESS;
}

void ls_random(void *out, size_t len)
{
    randombytes_buf(out, len);
}

void ls_ed25519_keypair(const uint8_t seed[static LS_SEED_SIZE], uint8_t public_key[static LS_PUBLIC_KEY_SIZE],
                        uint8_t secret_key[static LS_SECRET_KEY_SIZE])
{
    crypto_sign_seed_keypair(public_key, secret_key, seed);
}

void ls_ed25519_sign(ls_bytes message, const uint8_t secret_key[static LS_SECRET_KEY_SIZE],
                     uint8_t signature[static LS_SIGNATURE_SIZE])
{
    crypto_sign_detached(signature, NULL, message.ptr, message.len, secret_key);
}

/* libsodium refuses S that is not below the group's order, and keys and R of small order. */
bool ls_ed25519_verify(ls_bytes message, const uint8_t public_key[static LS_PUBLIC_KEY_SIZE],
                       const uint8_t signature[static LS_SIGNATURE_SIZE])
{
    return crypto_sign_verify_detached(signature, message.ptr, message.len, public_key) == 0;
}

/* The one check does it all: canonical, on the curve, in the prime-order group, not of small order. Points of mixed
 * order would let two verifiers disagree about a signature. */
bool ls_ed25519_key_valid(const uint8_t public_key[static LS_PUBLIC_KEY_SIZE])
{
    return crypto_core_ed25519_is_valid_point(public_key) == 1;
}

void ls_blake2b_keyed(const uint8_t key[static 32], ls_bytes message, uint8_t out[static 32])
{
    crypto_generichash(out, 32, message.ptr, message.len, key, 32);
}

void ls_subkey(const uint8_t key[static 32], uint64_t id, const char context[static 8], uint8_t out[static 32])
{
    crypto_kdf_derive_from_key(out, 32, id, context, key);
}

#define BLOCK 64 /* bytes of the keystream that one counter value gives */

/* The stream is the encryption of zeros. The zero nonce is right here: every key is derived for one use. */
static void keystream_blocks(const uint8_t key[static 32], uint64_t first_block, uint8_t *out, size_t len)
{
    static const uint8_t nonce[crypto_stream_chacha20_ietf_NONCEBYTES];
    memset(out, 0, len);
    crypto_stream_chacha20_ietf_xor_ic(out, out, len, nonce, (uint32_t)first_block, key);
}

void ls_keystream(const uint8_t key[static 32], uint64_t offset, uint8_t *out, size_t len)
{
    size_t skip = offset % BLOCK;
    if (skip > 0 && len > 0) {
        /* What is asked for begins within a block: make the whole block and take its end. */
        uint8_t block[BLOCK];
        size_t taken = len < BLOCK - skip ? len : BLOCK - skip;
        keystream_blocks(key, offset / BLOCK, block, BLOCK);
        memcpy(out, block + skip, taken);
        sodium_memzero(block, sizeof block);
        offset += taken;
        out += taken;
        len -= taken;
    }
    if (len > 0) {
        keystream_blocks(key, offset / BLOCK, out, len);
    }
}

void ls_aead_seal(const uint8_t key[static 32], const uint8_t nonce[static LS_AEAD_NONCE_SIZE], ls_bytes plain,
                  ls_bytes additional, uint8_t *out)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.ptr, plain.len, additional.ptr, additional.len, NULL,
                                               nonce, key);
}

bool ls_aead_open(const uint8_t key[static 32], const uint8_t nonce[static LS_AEAD_NONCE_SIZE], ls_bytes sealed,
                  ls_bytes additional, uint8_t *out)
{
    /* libsodium zeroes out itself when the tag does not fit. */
    return sealed.len >= LS_AEAD_TAG_SIZE &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.ptr, sealed.len, additional.ptr,
                                                      additional.len, nonce, key) == 0;
}

void ls_box_keypair(const uint8_t seed[static LS_SEED_SIZE], uint8_t public_key[static LS_BOX_KEY_SIZE],
                    uint8_t secret_key[static LS_BOX_KEY_SIZE])
{
    crypto_box_seed_keypair(public_key, secret_key, seed);
}

bool ls_box_seal(const uint8_t public_key[static LS_BOX_KEY_SIZE], ls_bytes plain, uint8_t *out)
{
    return crypto_box_seal(out, plain.ptr, plain.len, public_key) == 0;
}

bool ls_box_open(const uint8_t public_key[static LS_BOX_KEY_SIZE], const uint8_t secret_key[static LS_BOX_KEY_SIZE],
                 ls_bytes sealed, uint8_t *out)
{
    return sealed.len >= LS_BOX_SEAL_SIZE &&
           crypto_box_seal_open(out, sealed.ptr, sealed.len, public_key, secret_key) == 0;
}

void ls_wipe(void *ptr, size_t len)
{
    sodium_memzero(ptr, len);
}
