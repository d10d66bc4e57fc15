/*
 * Numbers modulo p = 2²⁵⁵ − 19, for sums of public points: five limbs of 51 bits. Only for what is public; secrets go
 * through libsodium.
 *
 * What multiplying, squaring and reading give is tight: every limb is below 2⁵¹ + 2¹³. The sum of two tight numbers has
 * limbs below 2⁵³, and so has a sum that is taken from another. Multiplying takes limbs below 2⁵⁴: a column of products
 * is then below 5 · 19 · 2¹⁰⁸ < 2¹¹⁵, and its carry fits 64 bits.
 */
#ifndef LS_CRYPTO_FIELD_H
#define LS_CRYPTO_FIELD_H

#include "crypto/ristretto.h"

__extension__ typedef unsigned __int128 ls_wide;

#define LS_FIELD_MASK ((UINT64_C(1) << 51) - 1)

static inline ls_field ls_field_add(ls_field a, ls_field b)
{
    return (ls_field){{a.limb[0] + b.limb[0], a.limb[1] + b.limb[1], a.limb[2] + b.limb[2], a.limb[3] + b.limb[3],
                       a.limb[4] + b.limb[4]}};
}

/* a − b + 4p, so that no limb falls below zero: limbs of a and b are below 2⁵³ − 76. */
static inline ls_field ls_field_subtract(ls_field a, ls_field b)
{
    const uint64_t first = (UINT64_C(1) << 53) - 76, other = (UINT64_C(1) << 53) - 4;
    return (ls_field){{a.limb[0] + first - b.limb[0], a.limb[1] + other - b.limb[1], a.limb[2] + other - b.limb[2],
                       a.limb[3] + other - b.limb[3], a.limb[4] + other - b.limb[4]}};
}

/* Carries of columns: each to the next, that of the last, which counts 2²⁵⁵ = 19, to the first. */
static inline ls_field ls_field_carry(ls_wide c0, ls_wide c1, ls_wide c2, ls_wide c3, ls_wide c4)
{
    ls_field out;
    c1 += (uint64_t)(c0 >> 51);
    c2 += (uint64_t)(c1 >> 51);
    c3 += (uint64_t)(c2 >> 51);
    c4 += (uint64_t)(c3 >> 51);
    ls_wide first = (ls_wide)((uint64_t)c0 & LS_FIELD_MASK) + (ls_wide)(uint64_t)(c4 >> 51) * 19;
    out.limb[0] = (uint64_t)first & LS_FIELD_MASK;
    out.limb[1] = ((uint64_t)c1 & LS_FIELD_MASK) + (uint64_t)(first >> 51);
    out.limb[2] = (uint64_t)c2 & LS_FIELD_MASK;
    out.limb[3] = (uint64_t)c3 & LS_FIELD_MASK;
    out.limb[4] = (uint64_t)c4 & LS_FIELD_MASK;
    return out;
}

static inline ls_field ls_field_multiply(ls_field a, ls_field b)
{
    const uint64_t *x = a.limb, *y = b.limb;
    uint64_t y1 = 19 * y[1], y2 = 19 * y[2], y3 = 19 * y[3], y4 = 19 * y[4];
    return ls_field_carry(
        (ls_wide)x[0] * y[0] + (ls_wide)x[1] * y4 + (ls_wide)x[2] * y3 + (ls_wide)x[3] * y2 + (ls_wide)x[4] * y1,
        (ls_wide)x[0] * y[1] + (ls_wide)x[1] * y[0] + (ls_wide)x[2] * y4 + (ls_wide)x[3] * y3 + (ls_wide)x[4] * y2,
        (ls_wide)x[0] * y[2] + (ls_wide)x[1] * y[1] + (ls_wide)x[2] * y[0] + (ls_wide)x[3] * y4 + (ls_wide)x[4] * y3,
        (ls_wide)x[0] * y[3] + (ls_wide)x[1] * y[2] + (ls_wide)x[2] * y[1] + (ls_wide)x[3] * y[0] + (ls_wide)x[4] * y4,
        (ls_wide)x[0] * y[4] + (ls_wide)x[1] * y[3] + (ls_wide)x[2] * y[2] + (ls_wide)x[3] * y[1] +
            (ls_wide)x[4] * y[0]);
}

static inline ls_field ls_field_square(ls_field a)
{
    const uint64_t *x = a.limb;
    uint64_t x0 = 2 * x[0], x1 = 2 * x[1], x3 = 19 * x[3], x4 = 19 * x[4];
    return ls_field_carry((ls_wide)x[0] * x[0] + (ls_wide)x1 * x4 + (ls_wide)(2 * x[2]) * x3,
                          (ls_wide)x0 * x[1] + (ls_wide)(2 * x[2]) * x4 + (ls_wide)x[3] * x3,
                          (ls_wide)x0 * x[2] + (ls_wide)x[1] * x[1] + (ls_wide)(2 * x[3]) * x4,
                          (ls_wide)x0 * x[3] + (ls_wide)x1 * x[2] + (ls_wide)x[4] * x4,
                          (ls_wide)x0 * x[4] + (ls_wide)x1 * x[3] + (ls_wide)x[2] * x[2]);
}

#endif
