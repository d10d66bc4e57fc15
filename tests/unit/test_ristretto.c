/*
 * Tests of the group: the vectors of RFC 9496, and sums of multiples against libsodium's multiplications and additions,
 * with which they share no code.
 */
#include "crypto/crypto.h"
#include "crypto/field.h"
#include "vectors.h"
#include <sodium.h>

/* RFC 9496, A.1: multiples of the generator, from none on. */
static const char *const multiples[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57",
    "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    "f64746d3c92b13050ed8d80236a7f0007c3b3f962f5ba793d19a601ebb1df403",
    "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    "903293d8f2287ebe10e2374dc1a53e0bc887e592699f02d077d5263cdd55601c",
    "02622ace8f7303a31cafc63f8fc48fdc16e1c8c8d234b2f0d6685282a9076031",
    "20706fd788b2720a1ed2a5dad4952b01f413bcf0e7564de8cdc816689e2db95f",
    "bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42",
    "e4549ee16b9aa03099ca208c67adafcafa4c3f3e4e5303de6026e3ca8ff84460",
    "aa52e000df2e16f55fb1032fc33bc42742dad6bd5a8fc0be0167436c5948501f",
    "46376b80f409b29dc2b5f6f0c52591990896e5716f41477cd30085ab7f10301e",
    "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e",
};

/* A.2: not canonical, odd, no root, odd product, y = 0. */
static const char *const invalid[] = {
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

/* A.3: the text whose SHA-512 is mapped, and the point. */
static const char *const mapped[][2] = {
    {"Ristretto is traditionally a short shot of espresso coffee",
     "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"},
    {"made with the normal amount of ground coffee but extracted with",
     "f26e5b6f7d362d2d2a94c5d0e7602cb4773c95a2e5c31a64f133189fa76ed61b"},
    {"about half the amount of water in the same amount of time",
     "006ccd2a9e6867e6a2c5cea83d3302cc9de128dd2a9a57dd8ee7b9d7ffe02826"},
    {"by using a finer grind.", "f8f0c87cf237953c5890aec3998169005dae3eca1fbb04548c635953c817f92a"},
    {"This produces a concentrated shot of coffee per volume.",
     "ae81e7dedf20a497e10c304a765c1767a42d6e06029758d2d7e8ef7cc4c41179"},
    {"Just pulling a normal shot short will produce a weaker shot",
     "e2705652ff9f5e44d3e841bf1c251cf7dddb77d140870d1ab2ed64f1a9ce8628"},
    {"and is not a Ristretto as some believe.", "80bd07262511cdde4863f8a7434cef696750681cb9510eea557088f76d9e5065"},
};

static void from_hex(const char *hex, uint8_t out[static 32])
{
    assert_true(ls_hex_decode(ls_bytes_str(hex), out, 32));
}

static void random_point(uint64_t *random, uint8_t out[static LS_POINT_SIZE])
{
    uint8_t hash[LS_SHA512_SIZE];
    for (size_t i = 0; i < sizeof hash; i += 8) {
        uint64_t word = next_random(random);
        memcpy(hash + i, &word, 8);
    }
    ls_point_from_hash(hash, out);
}

/* The sum by parts, as threads would make it. */
static void sum(const uint8_t *points, const uint8_t *weights, size_t count, uint8_t out[static LS_POINT_SIZE])
{
    ls_addend *addends = calloc(count + 1, sizeof *addends);
    ls_extended parts[LS_SUM_PARTS_MAX];
    assert_non_null(addends);
    assert_int_equal(ls_addends_decode(points, count, addends), count);
    assert_true(ls_sum_parts(count) <= LS_SUM_PARTS_MAX);
    for (size_t i = 0; i < ls_sum_parts(count); i++) {
        ls_sum_part(addends, weights, count, i, &parts[i]);
    }
    ls_sum_join(parts, count, out);
    free(addends);
}

/* The same by libsodium, point by point. */
static void slow_sum(const uint8_t *points, const uint8_t *weights, size_t count, uint8_t out[static LS_POINT_SIZE])
{
    memset(out, 0, LS_POINT_SIZE);
    for (size_t i = 0; i < count; i++) {
        uint8_t scalar[LS_SCALAR_SIZE] = {0}, product[LS_POINT_SIZE];
        memcpy(scalar, weights + LS_WEIGHT_SIZE * i, LS_WEIGHT_SIZE);
        if (crypto_scalarmult_ristretto255(product, scalar, points + LS_POINT_SIZE * i) == 0) {
            assert_int_equal(crypto_core_ristretto255_add(out, out, product), 0);
        }
    }
}

static void test_multiples(void **state)
{
    (void)state;
    uint8_t generator[LS_POINT_SIZE], expected[LS_POINT_SIZE], out[LS_POINT_SIZE];
    from_hex(multiples[1], generator);
    for (uint8_t i = 0; i < 16; i++) {
        uint8_t scalar[LS_SCALAR_SIZE] = {i};
        from_hex(multiples[i], expected);
        assert_int_equal(ls_point_multiply_base(scalar, out), i > 0);
        assert_memory_equal(out, expected, sizeof out);
        assert_int_equal(ls_point_multiply(scalar, generator, out), i > 0);
        assert_memory_equal(out, expected, sizeof out);
        assert_int_equal(ls_point_is_identity(expected), i == 0);
        assert_true(ls_point_valid(expected));
        /* Read, multiplied and written by our own arithmetic: i times G, and G times what is given once. */
        sum(generator, scalar, 1, out);
        assert_memory_equal(out, expected, sizeof out);
        uint8_t one[LS_WEIGHT_SIZE] = {1};
        sum(expected, one, 1, out);
        assert_memory_equal(out, expected, sizeof out);
    }
}

static void test_invalid(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        uint8_t points[9 * LS_POINT_SIZE], out[LS_POINT_SIZE], scalar[LS_SCALAR_SIZE] = {1};
        ls_addend addends[9];
        from_hex(invalid[i], out);
        assert_false(ls_point_valid(out));
        assert_false(ls_point_multiply(scalar, out, points));
        for (size_t at = 0; at < 9; at++) {
            for (size_t j = 0; j < 9; j++) {
                from_hex(j == at ? invalid[i] : multiples[j + 1], points + LS_POINT_SIZE * j);
            }
            assert_int_equal(ls_addends_decode(points, 9, addends), at);
        }
    }
}

static void test_mapped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mapped / sizeof *mapped; i++) {
        uint8_t hash[LS_SHA512_SIZE], expected[LS_POINT_SIZE], out[LS_POINT_SIZE];
        ls_sha512 s;
        ls_sha512_init(&s);
        ls_sha512_update(&s, ls_bytes_str(mapped[i][0]));
        ls_sha512_final(&s, hash);
        from_hex(mapped[i][1], expected);
        ls_point_from_hash(hash, out);
        assert_memory_equal(out, expected, sizeof out);
    }
}

/* Both readers take the same bytes, of random ones and of those near a point. */
static void test_readers_agree(void **state)
{
    (void)state;
    uint64_t random = 1;
    size_t valid = 0, all = 4000;
    for (size_t i = 0; i < all; i++) {
        uint8_t point[LS_POINT_SIZE];
        ls_addend addend;
        random_point(&random, point);
        if (i % 2 == 0) {
            point[next_random(&random) % LS_POINT_SIZE] ^= (uint8_t)(1u << next_random(&random) % 8);
        } else {
            point[0] ^= (uint8_t)(next_random(&random) % 4);
        }
        if (i % 50 == 0) {
            random_point(&random, point);
            point[LS_POINT_SIZE - 1] ^= 0x80; /* which libsodium 1.0.18 passes over */
            assert_false(ls_point_valid(point));
        }
        bool ours = ls_addends_decode(point, 1, &addend) == 1;
        assert_int_equal(ours, ls_point_valid(point));
        valid += ours;
    }
    assert_true(valid > all / 8 && valid < all);
}

/* Weights at the edges of digits, and random ones, in sums of every size at which digits change. */
static void test_sums(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 7, 8, 40, 100, 366, 1000, 3000};
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, 0x55, 0xaa};
    uint64_t random = 2;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t count = sizes[s];
        uint8_t *points = calloc(count + 1, LS_POINT_SIZE), *weights = calloc(count + 1, LS_WEIGHT_SIZE);
        uint8_t expected[LS_POINT_SIZE], out[LS_POINT_SIZE];
        assert_true(points != NULL && weights != NULL);
        for (size_t i = 0; i < count; i++) {
            random_point(&random, points + LS_POINT_SIZE * i);
            for (size_t j = 0; j < LS_WEIGHT_SIZE; j++) {
                uint64_t r = next_random(&random);
                weights[LS_WEIGHT_SIZE * i + j] = i % 2 == 0 ? (uint8_t)r : edges[(i % 4 == 1 ? i / 4 : r) % 7];
            }
        }
        sum(points, weights, count, out);
        slow_sum(points, weights, count, expected);
        assert_memory_equal(out, expected, sizeof out);
        free(points);
        free(weights);
    }
}

/* Sums whose result, or something on the way to it, is the identity, and points that are added to themselves. */
static void test_degenerate_sums(void **state)
{
    (void)state;
    uint64_t random = 3;
    uint8_t points[4 * LS_POINT_SIZE], weights[4 * LS_WEIGHT_SIZE] = {0}, expected[LS_POINT_SIZE], out[LS_POINT_SIZE];
    uint8_t none[LS_POINT_SIZE] = {0};
    random_point(&random, points);
    assert_int_equal(crypto_core_ristretto255_sub(points + LS_POINT_SIZE, none, points), 0);
    memcpy(points + 2 * LS_POINT_SIZE, points, LS_POINT_SIZE);
    memset(points + 3 * LS_POINT_SIZE, 0, LS_POINT_SIZE);
    for (size_t i = 0; i < 4; i++) {
        weights[LS_WEIGHT_SIZE * i] = 9;
    }
    sum(points, weights, 2, out);
    assert_memory_equal(out, none, sizeof out);
    for (size_t count = 1; count <= 4; count++) {
        sum(points, weights, count, out);
        slow_sum(points, weights, count, expected);
        assert_memory_equal(out, expected, sizeof out);
    }
}

/* Numbers at the bounds that field.h states, against what the same numbers give when they are carried first. */
static void test_bounds(void **state)
{
    (void)state;
    const ls_field one = {{1}};
    uint64_t random = 4;
    for (int i = 0; i < 100000; i++) {
        ls_field a, b;
        for (int j = 0; j < 5; j++) {
            uint64_t r = next_random(&random), top = (UINT64_C(1) << 54) - 1;
            a.limb[j] = (r & 3) == 0 ? top : (r & 3) == 1 ? 0 : next_random(&random) & top;
            b.limb[j] = (r & 12) == 0 ? top : (r & 12) == 4 ? 0 : next_random(&random) & top;
        }
        ls_field x = ls_field_multiply(a, one), y = ls_field_multiply(b, one);
        ls_field loose = ls_field_multiply(a, b), tight = ls_field_multiply(x, y);
        ls_field difference = ls_field_multiply(ls_field_subtract(loose, tight), one);
        difference = ls_field_multiply(difference, one);
        for (int j = 0; j < 5; j++) {
            assert_true(loose.limb[j] < (UINT64_C(1) << 51) + (1u << 13));
        }
        /* 0 or p, carried. */
        assert_true(difference.limb[4] == 0 || difference.limb[4] == LS_FIELD_MASK);
        assert_true(difference.limb[1] == difference.limb[4] && difference.limb[2] == difference.limb[4]);
        ls_field square = ls_field_square(a), product = ls_field_multiply(a, a);
        assert_memory_equal(&square, &product, sizeof square);
    }
}

static void test_scalars(void **state)
{
    (void)state;
    uint8_t order[LS_SCALAR_SIZE], zero[LS_SCALAR_SIZE] = {0}, one[LS_SCALAR_SIZE] = {1}, out[LS_SCALAR_SIZE];
    from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order);
    assert_false(ls_scalar_valid(order));
    assert_false(ls_scalar_valid(zero));
    assert_true(ls_scalar_valid(one));
    order[0]--;
    assert_true(ls_scalar_valid(order));
    ls_scalar_multiply_add(order, order, zero, out); /* (−1)² */
    assert_memory_equal(out, one, sizeof out);
    ls_scalar_multiply_add(order, one, one, out);
    assert_memory_equal(out, zero, sizeof out);
    memset(order, 0xff, sizeof order);
    assert_false(ls_scalar_valid(order));
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multiples),     cmocka_unit_test(test_invalid), cmocka_unit_test(test_mapped),
        cmocka_unit_test(test_readers_agree), cmocka_unit_test(test_sums),    cmocka_unit_test(test_degenerate_sums),
        cmocka_unit_test(test_bounds),        cmocka_unit_test(test_scalars),
    };
    return cmocka_run_group_tests_name("ristretto", tests, set_up, NULL);
}
