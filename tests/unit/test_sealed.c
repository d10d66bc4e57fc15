/* Tests of process/sealed.c: the form is written by hand here, byte by byte, from docs/protocol.md. */
#include "crypto/crypto.h"
#include "process/sealed.h"
#include "vectors.h"
#include <sodium.h>

static int set_up(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

#define HEAD (32 + 1 + 10 + 1 + 10 + 8) /* photo1.jpg, image/jpeg */

/* A file of `len` bytes 'x' named photo1.jpg, padded to `size` bytes, with a salt of 'S's. */
static size_t by_hand(uint8_t *out, size_t len, size_t size)
{
    memset(out, 0, size);
    memset(out, 'S', 32);
    memcpy(out + 32, "\x0aphoto1.jpg\x0aimage/jpeg\0\0\0\0\0\0", 28);
    out[HEAD - 2] = (uint8_t)(len >> 8);
    out[HEAD - 1] = (uint8_t)len;
    memset(out + HEAD, 'x', len);
    return size;
}

static void test_writes_the_form(void **state)
{
    (void)state;
    static uint8_t expected[4096], content[2048];
    memset(content, 'x', sizeof content);
    const struct {
        size_t len, size;
    } cases[] = {{0, 1024}, {1024 - HEAD, 1024}, {1025 - HEAD, 2048}, {2048 - HEAD, 2048}, {2048, 4096}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_buf out = {0};
        ls_sealed_file f = {ls_bytes_str("photo1.jpg"), ls_bytes_str("image/jpeg"), {content, cases[i].len}};
        assert_null(ls_sealed_put(&f, &out).fault);
        assert_int_equal(out.len, by_hand(expected, cases[i].len, cases[i].size));
        assert_memory_equal(out.ptr + 32, expected + 32, out.len - 32);
        ls_sealed_file read;
        assert_null(ls_sealed_read(ls_buf_bytes(&out), &read).fault);
        assert_true(ls_bytes_equal(read.name, f.name) && ls_bytes_equal(read.media_type, f.media_type) &&
                    ls_bytes_equal(read.content, f.content));
        ls_buf_free(&out);
    }
}

static void test_salts_differ(void **state)
{
    (void)state;
    ls_buf a = {0}, b = {0};
    ls_sealed_file f = {ls_bytes_str("a"), ls_bytes_str("text/plain"), {0}};
    assert_null(ls_sealed_put(&f, &a).fault);
    assert_null(ls_sealed_put(&f, &b).fault);
    assert_memory_not_equal(a.ptr, b.ptr, 32);
    ls_buf_free(&a);
    ls_buf_free(&b);
}

static void refuse(const uint8_t *file, size_t len)
{
    ls_sealed_file read;
    assert_ptr_equal(ls_sealed_read(ls_bytes_of(file, len), &read).fault, &ls_fault_sealed_form);
}

static void test_refuses_other_forms(void **state)
{
    (void)state;
    uint8_t file[4096];
    ls_sealed_file read;
    size_t len = by_hand(file, 100, 1024);
    assert_null(ls_sealed_read(ls_bytes_of(file, len), &read).fault);
    for (size_t cut = 0; cut < len; cut += 7) {
        refuse(file, cut);
    }
    memset(file + len, 0, 1024);
    refuse(file, 2048); /* twice as large as it needs to be */
    refuse(file, 1025);
    for (size_t i = HEAD + 100; i < len; i += 13) {
        by_hand(file, 100, 1024);
        file[i] = 1; /* something hidden in the padding */
        refuse(file, len);
    }
    by_hand(file, 100, 1024);
    file[33] = '/'; /* in the name */
    refuse(file, len);
    by_hand(file, 100, 1024);
    file[44] = 'I'; /* in the media type */
    refuse(file, len);
    by_hand(file, 100, 1024);
    file[HEAD - 8] = 0xff; /* a length beyond all bounds */
    refuse(file, len);
}

static void test_names(void **state)
{
    (void)state;
    const struct {
        const char *name;
        bool ok;
    } cases[] = {{"sealed", true},    {"sealed-2", true},   {"sealed-64", true}, {"sealed-1", false},
                 {"sealed-0", false}, {"sealed-65", false}, {"sealed-", false},  {"sealed-02", false},
                 {"sealed2", false},  {"seal", false},      {"", false},         {"photo1.jpg", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ls_sealed_name(ls_bytes_str(cases[i].name)), cases[i].ok);
    }
    assert_false(ls_audience_restricted(ls_bytes_str("public")));
    assert_false(ls_audience_restricted(ls_bytes_str("process")));
    assert_true(ls_audience_restricted(ls_bytes_str("inspectors")));
}

/* The box is libsodium's: what is sealed here opens there, and the other way round. */
static void test_box(void **state)
{
    (void)state;
    uint8_t seed[32], other[32], pk[32], sk[32], pk2[32], sk2[32], sealed[5 + LS_BOX_SEAL_SIZE], plain[5];
    memset(seed, 1, sizeof seed);
    memset(other, 2, sizeof other);
    ls_box_keypair(seed, pk, sk);
    ls_box_keypair(other, pk2, sk2);
    assert_true(ls_box_seal(pk, ls_bytes_str("plain"), sealed));
    assert_int_equal(crypto_box_seal_open(plain, sealed, sizeof sealed, pk, sk), 0);
    assert_memory_equal(plain, "plain", 5);
    assert_int_equal(crypto_box_seal(sealed, (const uint8_t *)"other", 5, pk), 0);
    assert_true(ls_box_open(pk, sk, ls_bytes_of(sealed, sizeof sealed), plain));
    assert_memory_equal(plain, "other", 5);
    assert_false(ls_box_open(pk2, sk2, ls_bytes_of(sealed, sizeof sealed), plain));
    assert_false(ls_box_open(pk, sk, ls_bytes_of(sealed, 20), plain));
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        assert_false(ls_box_open(pk, sk, ls_bytes_of(sealed, sizeof sealed), plain));
        sealed[i] ^= 1;
    }
    memset(pk, 0, sizeof pk);
    assert_false(ls_box_seal(pk, ls_bytes_str("plain"), sealed)); /* a point of low order */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_writes_the_form), cmocka_unit_test(test_salts_differ),
                                       cmocka_unit_test(test_refuses_other_forms), cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_box)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
