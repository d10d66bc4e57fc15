/* Vaults: what opens, and all that must not. */
#include "vault/vault.h"
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>
/* cmocka needs the four headers above. */
#include <cmocka.h>

static const ls_vault_cost cheap = {1, 8u << 20};
static const char passphrase[] = "correct horse battery staple";

/* Offsets that docs/protocol.md states, for the name "usa-1". */
#define NAME "usa-1"
enum {
    AT_PROTECTION = 18,
    AT_PURPOSE = 19,
    AT_LENGTH = 20,
    AT_NAME = 21,
    AT_PASSES = 26,
    AT_MEMORY = 30,
    AT_SALT = 38,
    AT_NONCE = 54,
    AT_SEALED = 78,
    VAULT_SIZE = 126
};

static int set_up(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

static void fill_seed(uint8_t seed[static LS_SEED_SIZE])
{
    for (size_t i = 0; i < LS_SEED_SIZE; i++) {
        seed[i] = (uint8_t)(i * 7 + 1);
    }
}

/* A vault for the seed above; the caller frees it. */
static ls_buf sealed_vault(const char *word)
{
    uint8_t seed[LS_SEED_SIZE];
    ls_buf vault = {0};
    fill_seed(seed);
    ls_secret *secret = ls_secret_from(seed);
    assert_non_null(secret);
    assert_true(ls_succeeded(ls_vault_seal(secret, LS_VAULT_SIGNER, ls_bytes_str(NAME), word, cheap, &vault)));
    ls_secret_free(secret);
    return vault;
}

static const ls_fault *unseal_fault(ls_bytes file, const char *word)
{
    ls_secret *secret = NULL;
    ls_result r = ls_vault_unseal(file, LS_VAULT_SIGNER, ls_bytes_str(NAME), word, &secret);
    assert_true((secret == NULL) == ls_failed(r));
    ls_secret_free(secret);
    return r.fault;
}

static void opens_what_was_sealed(void **state)
{
    (void)state;
    const char *words[] = {passphrase, NULL, "p\xc3\xa4sse"};
    uint8_t seed[LS_SEED_SIZE];
    fill_seed(seed);
    for (size_t i = 0; i < 3; i++) {
        ls_buf vault = sealed_vault(words[i]);
        ls_secret *secret = NULL;
        ls_result r = ls_vault_unseal(ls_buf_bytes(&vault), LS_VAULT_SIGNER, ls_bytes_str(NAME), words[i], &secret);
        assert_true(ls_succeeded(r));
        assert_memory_equal(ls_secret_bytes(secret), seed, LS_SEED_SIZE);
        ls_secret_free(secret);
        ls_buf_free(&vault);
    }
}

static void peek_says_what_the_header_says(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(passphrase), open = sealed_vault(NULL);
    ls_vault_header h;
    assert_true(ls_succeeded(ls_vault_peek(ls_buf_bytes(&vault), &h)));
    assert_true(h.protected);
    assert_int_equal(h.purpose, LS_VAULT_SIGNER);
    assert_true(ls_bytes_is(h.name, NAME));
    assert_int_equal(h.cost.passes, cheap.passes);
    assert_int_equal(h.cost.memory, cheap.memory);
    assert_true(ls_succeeded(ls_vault_peek(ls_buf_bytes(&open), &h)));
    assert_false(h.protected);
    ls_buf_free(&vault);
    ls_buf_free(&open);
}

/* The same steps by libsodium alone, with the offsets of the documented format. */
static void libsodium_opens_it_by_the_documented_format(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(passphrase);
    const uint8_t *v = vault.ptr;
    static const uint8_t head[] = "lockstep vault v1\n\1\2\5" NAME "\0\0\0\1\0\0\0\0\0\x80\0\0";
    assert_int_equal(vault.len, VAULT_SIZE);
    assert_memory_equal(v, head, AT_SALT);
    uint8_t key[32], seed[LS_SEED_SIZE], expected[LS_SEED_SIZE];
    fill_seed(expected);
    assert_int_equal(crypto_pwhash(key, sizeof key, passphrase, sizeof passphrase - 1, v + AT_SALT, 1, 8u << 20,
                                   crypto_pwhash_ALG_ARGON2ID13),
                     0);
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(seed, NULL, NULL, v + AT_SEALED, VAULT_SIZE - AT_SEALED,
                                                                v, AT_SEALED, v + AT_NONCE, key),
                     0);
    assert_memory_equal(seed, expected, sizeof seed);
    ls_buf_free(&vault);
}

/* And the other way round: a vault that libsodium alone made opens here. */
static void opens_what_libsodium_sealed(void **state)
{
    (void)state;
    uint8_t v[VAULT_SIZE] = "lockstep vault v1\n\1\2\5" NAME "\0\0\0\2\0\0\0\0\0\x80\x04\0";
    uint8_t key[32], seed[LS_SEED_SIZE];
    fill_seed(seed);
    memset(v + AT_SALT, 0x51, 16);
    memset(v + AT_NONCE, 0x52, 24);
    assert_int_equal(
        crypto_pwhash(key, sizeof key, "w", 1, v + AT_SALT, 2, (8u << 20) + 1024, crypto_pwhash_ALG_ARGON2ID13), 0);
    crypto_aead_xchacha20poly1305_ietf_encrypt(v + AT_SEALED, NULL, seed, sizeof seed, v, AT_SEALED, NULL, v + AT_NONCE,
                                               key);
    ls_secret *secret = NULL;
    ls_result r = ls_vault_unseal(ls_bytes_of(v, sizeof v), LS_VAULT_SIGNER, ls_bytes_str(NAME), "w", &secret);
    assert_true(ls_succeeded(r));
    assert_memory_equal(ls_secret_bytes(secret), seed, LS_SEED_SIZE);
    ls_secret_free(secret);
}

static void a_vault_without_passphrase_holds_the_seed_and_zeros(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(NULL);
    uint8_t seed[LS_SEED_SIZE];
    fill_seed(seed);
    assert_int_equal(vault.len, VAULT_SIZE);
    assert_true(sodium_is_zero(vault.ptr + AT_PASSES, AT_SEALED - AT_PASSES));
    assert_memory_equal(vault.ptr + AT_SEALED, seed, sizeof seed);
    assert_true(sodium_is_zero(vault.ptr + AT_SEALED + LS_SEED_SIZE, LS_AEAD_TAG_SIZE));
    assert_null(unseal_fault(ls_buf_bytes(&vault), "a passphrase that it ignores"));
    ls_buf_free(&vault);
}

static void refuses_a_wrong_passphrase(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(passphrase);
    const char *wrong[] = {"correct horse battery stapl", "correct horse battery staple ",
                           "Correct horse battery staple", "", NULL};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_ptr_equal(unseal_fault(ls_buf_bytes(&vault), wrong[i]), &ls_fault_vault_passphrase);
    }
    ls_buf_free(&vault);
}

static void refuses_every_flipped_byte(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(passphrase);
    for (size_t i = 0; i < vault.len; i++) {
        uint8_t before = vault.ptr[i];
        vault.ptr[i] ^= (uint8_t)(1u << (i % 8));
        /* A flip in the costs may stay within bounds, but must not take a gigabyte here. */
        ls_vault_header h;
        if (ls_failed(ls_vault_peek(ls_buf_bytes(&vault), &h)) || h.cost.memory <= 64u << 20) {
            assert_non_null(unseal_fault(ls_buf_bytes(&vault), passphrase));
        }
        vault.ptr[i] = before;
    }
    assert_null(unseal_fault(ls_buf_bytes(&vault), passphrase));
    ls_buf_free(&vault);
}

/* All flips but those within the seed itself: nothing protects an open vault's content. */
static void refuses_every_flipped_bit_of_an_open_vaults_form(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(NULL);
    for (size_t i = 0; i < 8 * vault.len; i++) {
        if (i / 8 >= AT_SEALED && i / 8 < AT_SEALED + LS_SEED_SIZE) {
            continue;
        }
        vault.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
        assert_non_null(unseal_fault(ls_buf_bytes(&vault), passphrase));
        vault.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    ls_buf_free(&vault);
}

static void refuses_every_truncation_and_extension(void **state)
{
    (void)state;
    const char *words[] = {passphrase, NULL};
    for (size_t k = 0; k < 2; k++) {
        ls_buf vault = sealed_vault(words[k]);
        for (size_t len = 0; len < vault.len; len++) {
            assert_ptr_equal(unseal_fault(ls_bytes_of(vault.ptr, len), words[k]), &ls_fault_vault_form);
        }
        ls_buf_put_u8(&vault, 0);
        assert_ptr_equal(unseal_fault(ls_buf_bytes(&vault), words[k]), &ls_fault_vault_form);
        ls_buf_free(&vault);
    }
}

static void refuses_another_purpose_or_name(void **state)
{
    (void)state;
    const char *names[] = {"usa-2", "usa-11", "usa", ""};
    ls_buf vault = sealed_vault(NULL);
    ls_secret *secret = NULL;
    for (int purpose = LS_VAULT_DELEGATION; purpose <= LS_VAULT_LEDGER; purpose++) {
        if (purpose != LS_VAULT_SIGNER) {
            ls_result r =
                ls_vault_unseal(ls_buf_bytes(&vault), (ls_vault_purpose)purpose, ls_bytes_str(NAME), NULL, &secret);
            assert_ptr_equal(r.fault, &ls_fault_vault_other);
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ls_result r = ls_vault_unseal(ls_buf_bytes(&vault), LS_VAULT_SIGNER, ls_bytes_str(names[i]), NULL, &secret);
        assert_ptr_equal(r.fault, &ls_fault_vault_other);
    }
    assert_null(secret);
    ls_buf_free(&vault);
}

static void set_cost(ls_buf *vault, ls_vault_cost cost)
{
    for (size_t i = 0; i < 4; i++) {
        vault->ptr[AT_PASSES + i] = (uint8_t)(cost.passes >> (24 - 8 * i));
    }
    for (size_t i = 0; i < 8; i++) {
        vault->ptr[AT_MEMORY + i] = (uint8_t)(cost.memory >> (56 - 8 * i));
    }
}

static const ls_vault_cost bad_costs[] = {
    {0, 8u << 20},       {17, 8u << 20},           {UINT32_MAX, 8u << 20}, {1, 0},          {1, (8u << 20) - 1024},
    {1, (8u << 20) + 1}, {1, (1ull << 30) + 1024}, {1, 1ull << 40},        {1, UINT64_MAX}, {0, 0},
};

static long peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void refuses_costs_out_of_bounds_before_paying_them(void **state)
{
    (void)state;
    ls_buf vault = sealed_vault(passphrase), out = {0};
    long before = peak_kilobytes();
    for (size_t i = 0; i < sizeof bad_costs / sizeof *bad_costs; i++) {
        set_cost(&vault, bad_costs[i]);
        assert_ptr_equal(unseal_fault(ls_buf_bytes(&vault), passphrase), &ls_fault_vault_form);
        ls_secret *secret = ls_secret_random();
        ls_result r = ls_vault_seal(secret, LS_VAULT_SIGNER, ls_bytes_str(NAME), passphrase, bad_costs[i], &out);
        assert_ptr_equal(r.fault, &ls_fault_usage);
        ls_secret_free(secret);
    }
    assert_true(peak_kilobytes() - before < 64 * 1024);
    assert_int_equal(out.len, 0);
    ls_buf_free(&vault);
}

static void seal_refuses_what_unseal_would(void **state)
{
    (void)state;
    char long_name[LS_VAULT_NAME_MAX + 2];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *names[] = {"", "two\nlines", "bad \xff", "\x7f", long_name};
    ls_secret *secret = ls_secret_random();
    ls_buf out = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ls_result r = ls_vault_seal(secret, LS_VAULT_SIGNER, ls_bytes_str(names[i]), NULL, cheap, &out);
        assert_ptr_equal(r.fault, &ls_fault_usage);
    }
    assert_true(ls_failed(ls_vault_seal(secret, (ls_vault_purpose)0, ls_bytes_str(NAME), NULL, cheap, &out)));
    assert_true(ls_failed(ls_vault_seal(secret, (ls_vault_purpose)8, ls_bytes_str(NAME), NULL, cheap, &out)));
    assert_true(ls_failed(ls_vault_seal(secret, LS_VAULT_SIGNER, ls_bytes_str(NAME), "", cheap, &out)));
    assert_int_equal(out.len, 0);
    assert_true(ls_succeeded(ls_vault_seal(secret, LS_VAULT_SIGNER, ls_bytes_str(long_name + 1), NULL, cheap, &out)));
    ls_secret_free(secret);
    ls_buf_free(&out);
}

static void salts_and_nonces_are_fresh(void **state)
{
    (void)state;
    ls_buf a = sealed_vault(passphrase), b = sealed_vault(passphrase);
    assert_memory_not_equal(a.ptr + AT_SALT, b.ptr + AT_SALT, 16);
    assert_memory_not_equal(a.ptr + AT_NONCE, b.ptr + AT_NONCE, 24);
    assert_memory_not_equal(a.ptr + AT_SEALED, b.ptr + AT_SEALED, 48);
    ls_buf_free(&a);
    ls_buf_free(&b);
}

static void random_secrets_differ(void **state)
{
    (void)state;
    ls_secret *a = ls_secret_random(), *b = ls_secret_random();
    assert_memory_not_equal(ls_secret_bytes(a), ls_secret_bytes(b), LS_SEED_SIZE);
    assert_false(sodium_is_zero(ls_secret_bytes(a), LS_SEED_SIZE));
    ls_secret_free(a);
    ls_secret_free(b);
    ls_secret_free(NULL);
}

static void the_usual_costs_can_be_used(void **state)
{
    (void)state;
    ls_secret *secret = ls_secret_random();
    ls_buf out = {0};
    assert_true(
        ls_succeeded(ls_vault_seal(secret, LS_VAULT_SIGNER, ls_bytes_str(NAME), "w", ls_vault_cost_quick, &out)));
    assert_null(unseal_fault(ls_buf_bytes(&out), "w"));
    assert_true(ls_vault_cost_default.memory > ls_vault_cost_quick.memory);
    ls_secret_free(secret);
    ls_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_was_sealed),
        cmocka_unit_test(peek_says_what_the_header_says),
        cmocka_unit_test(libsodium_opens_it_by_the_documented_format),
        cmocka_unit_test(opens_what_libsodium_sealed),
        cmocka_unit_test(a_vault_without_passphrase_holds_the_seed_and_zeros),
        cmocka_unit_test(refuses_a_wrong_passphrase),
        cmocka_unit_test(refuses_every_flipped_byte),
        cmocka_unit_test(refuses_every_flipped_bit_of_an_open_vaults_form),
        cmocka_unit_test(refuses_every_truncation_and_extension),
        cmocka_unit_test(refuses_another_purpose_or_name),
        cmocka_unit_test(refuses_costs_out_of_bounds_before_paying_them),
        cmocka_unit_test(seal_refuses_what_unseal_would),
        cmocka_unit_test(salts_and_nonces_are_fresh),
        cmocka_unit_test(random_secrets_differ),
        cmocka_unit_test(the_usual_costs_can_be_used),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
