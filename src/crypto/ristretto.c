/* libsodium's ristretto255 under Lockstep's names and sizes. */
#include "crypto/ristretto.h"
#include <sodium.h>

_Static_assert(LS_POINT_SIZE == crypto_core_ristretto255_BYTES, "point");
_Static_assert(LS_SCALAR_SIZE == crypto_core_ristretto255_SCALARBYTES, "scalar");
_Static_assert(LS_SHA512_SIZE == crypto_core_ristretto255_HASHBYTES, "hash");
_Static_assert(LS_SHA512_SIZE == crypto_core_ristretto255_NONREDUCEDSCALARBYTES, "hash to scalar");

bool ls_point_is_identity(const uint8_t point[static LS_POINT_SIZE])
{
    return sodium_is_zero(point, LS_POINT_SIZE) == 1;
}

/* libsodium up to 1.0.18 passes over the last bit, which no encoding has set. */
static bool last_bit_set(const uint8_t point[static LS_POINT_SIZE])
{
    return point[LS_POINT_SIZE - 1] >> 7 != 0;
}

bool ls_point_valid(const uint8_t point[static LS_POINT_SIZE])
{
    return !last_bit_set(point) && crypto_core_ristretto255_is_valid_point(point) == 1;
}

void ls_point_from_hash(const uint8_t hash[static LS_SHA512_SIZE], uint8_t out[static LS_POINT_SIZE])
{
    crypto_core_ristretto255_from_hash(out, hash);
}

bool ls_point_multiply(const uint8_t scalar[static LS_SCALAR_SIZE], const uint8_t point[static LS_POINT_SIZE],
                       uint8_t out[static LS_POINT_SIZE])
{
    int failed = crypto_scalarmult_ristretto255(out, scalar, point);
    return (failed | last_bit_set(point)) == 0; /* the point may be a secret: no branch on it */
}

bool ls_point_multiply_base(const uint8_t scalar[static LS_SCALAR_SIZE], uint8_t out[static LS_POINT_SIZE])
{
    return crypto_scalarmult_ristretto255_base(out, scalar) == 0;
}

bool ls_point_subtract(const uint8_t a[static LS_POINT_SIZE], const uint8_t b[static LS_POINT_SIZE],
                       uint8_t out[static LS_POINT_SIZE])
{
    return !last_bit_set(a) && !last_bit_set(b) && crypto_core_ristretto255_sub(out, a, b) == 0;
}

void ls_scalar_reduce(const uint8_t hash[static LS_SHA512_SIZE], uint8_t out[static LS_SCALAR_SIZE])
{
    crypto_core_ristretto255_scalar_reduce(out, hash);
}

bool ls_scalar_valid(const uint8_t scalar[static LS_SCALAR_SIZE])
{
    uint8_t wide[LS_SHA512_SIZE] = {0}, reduced[LS_SCALAR_SIZE];
    memcpy(wide, scalar, LS_SCALAR_SIZE);
    crypto_core_ristretto255_scalar_reduce(reduced, wide);
    return memcmp(reduced, scalar, LS_SCALAR_SIZE) == 0 && sodium_is_zero(scalar, LS_SCALAR_SIZE) == 0;
}

void ls_scalar_multiply_add(const uint8_t a[static LS_SCALAR_SIZE], const uint8_t b[static LS_SCALAR_SIZE],
                            const uint8_t c[static LS_SCALAR_SIZE], uint8_t out[static LS_SCALAR_SIZE])
{
    uint8_t product[LS_SCALAR_SIZE];
    crypto_core_ristretto255_scalar_mul(product, a, b);
    crypto_core_ristretto255_scalar_add(out, product, c);
    sodium_memzero(product, sizeof product);
}
