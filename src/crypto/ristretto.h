/*
 * ristretto255 (RFC 9496): a group of prime order ℓ = 2²⁵² + 27742317777372353535851937790883648493. Points and scalars
 * are 32 bytes each; scalars are little-endian.
 *
 * What may touch a secret goes through libsodium and takes the same time whatever the secret is. Sums of many
 * multiples, for which libsodium has nothing, are computed here; they are for public points and weights only.
 *
 * ls_crypto_init must have succeeded before. Nothing here allocates.
 */
#ifndef LS_CRYPTO_RISTRETTO_H
#define LS_CRYPTO_RISTRETTO_H

#include "crypto/sha512.h"

#define LS_POINT_SIZE 32
#define LS_SCALAR_SIZE 32

/* The identity, which nobody may send: 32 zero bytes. */
bool ls_point_is_identity(const uint8_t point[static LS_POINT_SIZE]);
/* True for the one encoding of a point, the identity included. */
bool ls_point_valid(const uint8_t point[static LS_POINT_SIZE]);
/* The point that a hash stands for; nobody knows its logarithm. */
void ls_point_from_hash(const uint8_t hash[static LS_SHA512_SIZE], uint8_t out[static LS_POINT_SIZE]);
/* scalar · point. False, and out of no use, if the bytes are no point or the product is the identity. */
bool ls_point_multiply(const uint8_t scalar[static LS_SCALAR_SIZE], const uint8_t point[static LS_POINT_SIZE],
                       uint8_t out[static LS_POINT_SIZE]);
/* scalar · G. False, and out of no use, if that is the identity. */
bool ls_point_multiply_base(const uint8_t scalar[static LS_SCALAR_SIZE], uint8_t out[static LS_POINT_SIZE]);
/* a − b. False if one of them is no point. */
bool ls_point_subtract(const uint8_t a[static LS_POINT_SIZE], const uint8_t b[static LS_POINT_SIZE],
                       uint8_t out[static LS_POINT_SIZE]);

/* A 64-byte hash as a number modulo ℓ. */
void ls_scalar_reduce(const uint8_t hash[static LS_SHA512_SIZE], uint8_t out[static LS_SCALAR_SIZE]);
/* Below ℓ, and not zero. For public scalars: it branches. */
bool ls_scalar_valid(const uint8_t scalar[static LS_SCALAR_SIZE]);
/* a · b + c modulo ℓ. */
void ls_scalar_multiply_add(const uint8_t a[static LS_SCALAR_SIZE], const uint8_t b[static LS_SCALAR_SIZE],
                            const uint8_t c[static LS_SCALAR_SIZE], uint8_t out[static LS_SCALAR_SIZE]);

/* Sums of multiples: w₀·p₀ + w₁·p₁ + …, in the time of some ten additions for each point. Everything about them is
 * public: the time and the memory that is looked at depend on points and weights. */

#define LS_WEIGHT_SIZE 16 /* a little-endian number below 2¹²⁸ */

typedef struct ls_field {
    uint64_t limb[5]; /* 51 bits each, least first */
} ls_field;

/* A point made ready to be added: y + x, y − x and 2dxy of its affine form. */
typedef struct ls_addend {
    ls_field sum, difference, product;
} ls_addend;

/* A point in the making: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z. */
typedef struct ls_extended {
    ls_field x, y, z, t;
} ls_extended;

/* Reads encoded points, one after the other in points. Returns how many could be read before the first that is no
 * point: count, if all are. */
size_t ls_addends_decode(const uint8_t *points, size_t count, ls_addend *out);

/* A sum is made of parts that threads may compute side by side: how many, for so many points. */
#define LS_SUM_PARTS_MAX 33
size_t ls_sum_parts(size_t count);
/* Part number part: weights holds LS_WEIGHT_SIZE bytes for each point. */
void ls_sum_part(const ls_addend *points, const uint8_t *weights, size_t count, size_t part, ls_extended *out);
/* The sum, from all parts of that many points. */
void ls_sum_join(const ls_extended *parts, size_t count, uint8_t out[static LS_POINT_SIZE]);

#endif
