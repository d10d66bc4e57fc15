/* Tests of crypto/: against OpenSSL's own implementations, NIST's examples and Wycheproof. */
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include "vectors.h"
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

static int set_up(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) || ls_failed(ls_crypto_init()) ? -1 : 0;
}

static void fill_random(uint8_t *out, size_t len, uint64_t seed)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)next_random(&seed);
    }
}

/* SHA-256 */

static void assert_sha256(ls_bytes message, const char *hex)
{
    ls_hash hash, expected;
    assert_true(ls_hash_parse(ls_bytes_str(hex), &expected));
    ls_sha256_hash(message, &hash);
    assert_true(ls_hash_equal(&hash, &expected));
}

static void test_sha256_examples(void **state)
{
    (void)state;
    assert_sha256(ls_bytes_of(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256(ls_bytes_str("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sha256(ls_bytes_str("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_sha256(
        ls_bytes_str("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmno"
                     "pqrsmnopqrstnopqrstu"),
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    static uint8_t million[1000000];
    memset(million, 'a', sizeof million);
    assert_sha256(ls_bytes_of(million, sizeof million),
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static ls_hash openssl_sha256(const uint8_t *data, size_t len)
{
    ls_hash hash;
    unsigned size;
    assert_int_equal(EVP_Digest(data, len, hash.b, &size, EVP_sha256(), NULL), 1);
    assert_int_equal(size, LS_HASH_SIZE);
    return hash;
}

static void test_sha256_against_openssl(void **state)
{
    (void)state;
    uint8_t data[400];
    fill_random(data, sizeof data, 1);
    for (size_t len = 0; len <= sizeof data; len++) {
        ls_hash expected = openssl_sha256(data, len), hash;
        ls_sha256_hash(ls_bytes_of(data, len), &hash);
        assert_true(ls_hash_equal(&hash, &expected));
        for (size_t cut = 0; cut <= len; cut += 17) {
            ls_sha256 s;
            ls_sha256_init(&s);
            ls_sha256_update(&s, ls_bytes_of(data, cut));
            ls_sha256_update(&s, ls_bytes_of(data + cut, len - cut));
            ls_sha256_final(&s, &hash);
            assert_true(ls_hash_equal(&hash, &expected));
        }
    }
}

static void test_sha256_many(void **state)
{
    (void)state;
    enum { COUNT = 37 };
    uint8_t data[64 + 1000];
    fill_random(data, sizeof data, 2);
    for (size_t prefix_len = 0; prefix_len <= 64; prefix_len++) {
        ls_sha256 prefix;
        ls_sha256_init(&prefix);
        ls_sha256_update(&prefix, ls_bytes_of(data, prefix_len));
        ls_bytes messages[COUNT];
        ls_hash with[COUNT], without[COUNT], expected;
        for (size_t i = 0; i < COUNT; i++) {
            /* Of all lengths up to several blocks, long ones beside short ones. */
            messages[i] = ls_bytes_of(data + prefix_len, (i * 613 + prefix_len) % 1001);
        }
        ls_sha256_many(&prefix, messages, COUNT, with);
        ls_sha256_many(NULL, messages, COUNT, without);
        for (size_t i = 0; i < COUNT; i++) {
            expected = openssl_sha256(data, prefix_len + messages[i].len);
            assert_true(ls_hash_equal(&with[i], &expected));
            expected = openssl_sha256(data + prefix_len, messages[i].len);
            assert_true(ls_hash_equal(&without[i], &expected));
        }
        /* The prefix is only read. */
        ls_sha256_final(&prefix, &with[0]);
        expected = openssl_sha256(data, prefix_len);
        assert_true(ls_hash_equal(&with[0], &expected));
    }
    ls_sha256_many(NULL, NULL, 0, NULL);
}

/* Ed25519 */

static void check_wycheproof_signature(const json_t *test, const uint8_t *key)
{
    ls_buf message = {0}, signature = {0};
    hex_member(test, "msg", &message);
    hex_member(test, "sig", &signature);
    /* Our interface takes signatures of 64 bytes only; note/ refuses the others. */
    bool accepted = signature.len == LS_SIGNATURE_SIZE && ls_ed25519_verify(ls_buf_bytes(&message), key, signature.ptr);
    assert_int_equal(accepted, ls_bytes_is(json_member(test, "result"), "valid"));
    ls_buf_free(&message);
    ls_buf_free(&signature);
}

static void test_ed25519_wycheproof(void **state)
{
    (void)state;
    json_t *file = read_json_file(shared_vector("wycheproof/ed25519_test.json")), *group, *test;
    size_t i, j, count = 0;
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        ls_buf key = {0};
        hex_member(json_object_get(group, "publicKey"), "pk", &key);
        assert_int_equal(key.len, LS_PUBLIC_KEY_SIZE);
        assert_true(ls_ed25519_key_valid(key.ptr));
        json_array_foreach(json_object_get(group, "tests"), j, test)
        {
            check_wycheproof_signature(test, key.ptr);
            count++;
        }
        ls_buf_free(&key);
    }
    assert_int_equal(count, 151);
    json_decref(file);
}

static bool openssl_verify(ls_bytes message, const uint8_t *key, const uint8_t *signature)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
                EVP_DigestVerify(ctx, signature, 64, message.ptr, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return good;
}

static void openssl_sign(ls_bytes message, const uint8_t *seed, uint8_t *signature)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t len = 64;
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &len, message.ptr, message.len), 1);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
}

static void test_ed25519_against_openssl(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        uint8_t seed[32], key[32], secret[64], ours[64], theirs[64], data[300];
        fill_random(seed, sizeof seed, 100 + i);
        fill_random(data, sizeof data, 200 + i);
        ls_bytes message = ls_bytes_of(data, (size_t)(3 * i));
        ls_ed25519_keypair(seed, key, secret);
        ls_ed25519_sign(message, secret, ours);
        openssl_sign(message, seed, theirs);
        assert_memory_equal(ours, theirs, 64); /* RFC 8032 signatures are deterministic */
        assert_true(openssl_verify(message, key, ours));
        assert_true(ls_ed25519_verify(message, key, theirs));
        assert_true(ls_ed25519_key_valid(key));

        ours[i % 64] ^= (uint8_t)(1u << i % 8);
        assert_false(ls_ed25519_verify(message, key, ours));
        assert_false(ls_ed25519_verify(ls_bytes_of(data, message.len + 1), key, theirs));
        key[i % 32] ^= 1;
        assert_false(ls_ed25519_verify(message, key, theirs));
    }
}

/* Encodings of the eight points of small order, and those of them that are not canonical. */
static const char *const small_order[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static void test_keys_refused(void **state)
{
    (void)state;
    uint8_t seed[32] = {7}, key[32], secret[64], point[32], mixed[32];
    ls_ed25519_keypair(seed, key, secret);
    for (size_t i = 0; i < sizeof small_order / sizeof *small_order; i++) {
        assert_true(ls_hex_decode(ls_bytes_str(small_order[i]), point, 32));
        assert_false(ls_ed25519_key_valid(point));
        /* A good key plus a point of small order lies on the curve, too, but outside the group of prime order. */
        if (i > 0 && i < 8 && crypto_core_ed25519_add(mixed, key, point) == 0) {
            assert_false(ls_ed25519_key_valid(mixed));
        }
    }
    /* A y that is on no point of the curve, and values of y that are not below p. */
    memset(point, 0, 32);
    point[0] = 2;
    assert_false(ls_ed25519_key_valid(point));
    memset(point, 0xff, 32);
    assert_false(ls_ed25519_key_valid(point));
}

/* Keyed hashing and subkeys, against OpenSSL's BLAKE2b */

static void openssl_blake2b(ls_bytes key, const uint8_t *salt, const uint8_t *custom, ls_bytes message, uint8_t *out)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "BLAKE2BMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
    size_t size = 32, len;
    uint8_t salt_copy[16], custom_copy[16];
    OSSL_PARAM params[4], *p = params;
    *p++ = OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size);
    if (salt != NULL) {
        memcpy(salt_copy, salt, 16);
        memcpy(custom_copy, custom, 16);
        *p++ = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_SALT, salt_copy, 16);
        *p++ = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_CUSTOM, custom_copy, 16);
    }
    *p = OSSL_PARAM_construct_end();
    assert_int_equal(EVP_MAC_init(ctx, key.ptr, key.len, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, message.ptr, message.len), 1);
    assert_int_equal(EVP_MAC_final(ctx, out, &len, 32), 1);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
}

static void test_blake2b_against_openssl(void **state)
{
    (void)state;
    uint8_t key[32], data[500], ours[32], theirs[32];
    fill_random(key, sizeof key, 3);
    fill_random(data, sizeof data, 4);
    for (size_t len = 0; len < sizeof data; len += 13) {
        ls_blake2b_keyed(key, ls_bytes_of(data, len), ours);
        openssl_blake2b(ls_bytes_of(key, 32), NULL, NULL, ls_bytes_of(data, len), theirs);
        assert_memory_equal(ours, theirs, 32);
    }
}

static void test_subkeys_against_openssl(void **state)
{
    (void)state;
    static const uint64_t ids[] = {0, 1, 2, 255, 256, 0x0102030405060708, UINT64_MAX};
    uint8_t key[32], ours[32], theirs[32];
    fill_random(key, sizeof key, 5);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        /* crypto_kdf: the number is the salt (little-endian), the context the personalisation. */
        uint8_t salt[16] = {0}, custom[16] = "LStranch";
        for (size_t b = 0; b < 8; b++) {
            salt[b] = (uint8_t)(ids[i] >> (8 * b));
        }
        ls_subkey(key, ids[i], "LStranch", ours);
        openssl_blake2b(ls_bytes_of(key, 32), salt, custom, ls_bytes_of(NULL, 0), theirs);
        assert_memory_equal(ours, theirs, 32);
        ls_subkey(key, ids[i], "LSsalt__", theirs);
        assert_memory_not_equal(ours, theirs, 32);
    }
}

/* Keystream, against OpenSSL's ChaCha20 */

static void openssl_keystream(const uint8_t *key, uint64_t block, uint8_t *out, size_t len)
{
    /* OpenSSL's nonce begins with the block counter, little-endian. */
    uint8_t iv[16] = {(uint8_t)block, (uint8_t)(block >> 8), (uint8_t)(block >> 16), (uint8_t)(block >> 24)};
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n;
    memset(out, 0, len);
    assert_int_equal(EVP_EncryptInit_ex(ctx, EVP_chacha20(), NULL, key, iv), 1);
    assert_int_equal(EVP_EncryptUpdate(ctx, out, &n, out, (int)len), 1);
    EVP_CIPHER_CTX_free(ctx);
}

static void test_keystream_against_openssl(void **state)
{
    (void)state;
    uint8_t key[32], theirs[640], ours[640];
    fill_random(key, sizeof key, 6);
    /* The last one ends exactly where the keystream does. */
    static const uint64_t starts[] = {0, 1, 1000, (uint64_t)1 << 31, ((uint64_t)1 << 32) - 10};
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        openssl_keystream(key, starts[s], theirs, sizeof theirs);
        for (size_t skip = 0; skip < 200; skip += 3) {
            for (size_t len = 0; skip + len <= sizeof theirs; len += 37) {
                memset(ours, 0x55, sizeof ours);
                ls_keystream(key, starts[s] * 64 + skip, ours, len);
                assert_memory_equal(ours, theirs + skip, len);
                assert_true(len == sizeof ours || ours[len] == 0x55);
            }
        }
        ls_keystream(key, starts[s] * 64, ours, sizeof ours);
        assert_memory_equal(ours, theirs, sizeof ours);
    }
}

/* Sealing */

static void check_wycheproof_aead(const json_t *test)
{
    ls_buf key = {0}, iv = {0}, aad = {0}, plain = {0}, sealed = {0};
    hex_member(test, "key", &key);
    hex_member(test, "iv", &iv);
    hex_member(test, "aad", &aad);
    hex_member(test, "msg", &plain);
    hex_member(test, "ct", &sealed);
    hex_member(test, "tag", &sealed);
    bool valid = ls_bytes_is(json_member(test, "result"), "valid");
    if (iv.len != LS_AEAD_NONCE_SIZE) {
        assert_false(valid); /* our interface has one size of nonce */
    } else {
        uint8_t *out = calloc(1, sealed.len + 1);
        assert_int_equal(ls_aead_open(key.ptr, iv.ptr, ls_buf_bytes(&sealed), ls_buf_bytes(&aad), out), valid);
        if (valid) {
            assert_memory_equal(out, plain.ptr == NULL ? out : plain.ptr, plain.len);
            ls_aead_seal(key.ptr, iv.ptr, ls_buf_bytes(&plain), ls_buf_bytes(&aad), out);
            assert_memory_equal(out, sealed.ptr, sealed.len);
        }
        free(out);
    }
    ls_buf *all[] = {&key, &iv, &aad, &plain, &sealed};
    for (size_t i = 0; i < 5; i++) {
        ls_buf_free(all[i]);
    }
}

static void test_aead_wycheproof(void **state)
{
    (void)state;
    json_t *file = read_json_file(shared_vector("wycheproof/xchacha20_poly1305_test.json")), *group, *test;
    size_t i, j, count = 0;
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        json_array_foreach(json_object_get(group, "tests"), j, test)
        {
            check_wycheproof_aead(test);
            count++;
        }
    }
    assert_int_equal(count, 315);
    json_decref(file);
}

static void test_aead_refuses(void **state)
{
    (void)state;
    uint8_t key[32] = {1}, nonce[LS_AEAD_NONCE_SIZE] = {2}, sealed[20 + LS_AEAD_TAG_SIZE], out[20], zeros[20] = {0};
    ls_bytes extra = ls_bytes_str("header");
    ls_aead_seal(key, nonce, ls_bytes_str("twenty bytes exactly"), extra, sealed);
    ls_bytes whole = ls_bytes_of(sealed, sizeof sealed);
    assert_true(ls_aead_open(key, nonce, whole, extra, out));
    assert_memory_equal(out, "twenty bytes exactly", 20);
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 0x80;
        memset(out, 0x55, sizeof out);
        assert_false(ls_aead_open(key, nonce, whole, extra, out));
        assert_memory_equal(out, zeros, sizeof out);
        sealed[i] ^= 0x80;
    }
    assert_false(ls_aead_open(key, nonce, whole, ls_bytes_str("Header"), out));
    assert_false(ls_aead_open(key, nonce, whole, ls_bytes_of(NULL, 0), out));
    for (size_t len = 0; len < sizeof sealed; len++) {
        assert_false(ls_aead_open(key, nonce, ls_bytes_of(sealed, len), extra, out));
    }
    nonce[0] ^= 1;
    assert_false(ls_aead_open(key, nonce, whole, extra, out));
    nonce[0] ^= 1;
    key[31] ^= 1;
    assert_false(ls_aead_open(key, nonce, whole, extra, out));
}

static void test_random_and_wipe(void **state)
{
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0}, zeros[32] = {0};
    ls_random(a, sizeof a);
    ls_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    ls_wipe(a, sizeof a);
    assert_memory_equal(a, zeros, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_examples),
        cmocka_unit_test(test_sha256_against_openssl),
        cmocka_unit_test(test_sha256_many),
        cmocka_unit_test(test_ed25519_wycheproof),
        cmocka_unit_test(test_ed25519_against_openssl),
        cmocka_unit_test(test_keys_refused),
        cmocka_unit_test(test_blake2b_against_openssl),
        cmocka_unit_test(test_subkeys_against_openssl),
        cmocka_unit_test(test_keystream_against_openssl),
        cmocka_unit_test(test_aead_wycheproof),
        cmocka_unit_test(test_aead_refuses),
        cmocka_unit_test(test_random_and_wipe),
    };
    return cmocka_run_group_tests_name("crypto", tests, set_up, NULL);
}
