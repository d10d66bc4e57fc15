/*
 * The expectation of a weight w(K) under the hypergeometric distribution, compared exactly with a fraction.
 *
 * It is a quotient of two sums over k, of h(k) w(k) and of h(k), where h is proportional to the probability of k. The
 * recurrence h(k+1) / h(k) = (D-k)(n-k) / ((k+1)(N-D-n+k+1)) gives h without factorials and logarithms, from 1 at the
 * mode outwards; all terms are positive, so nothing cancels. Terms far below the largest are left out; those that count
 * lie within a fixed number of standard deviations of the mode, and the deviation is at most sqrt(N)/4: that bounds the
 * work, whatever D is.
 *
 * Three ways, each only where the one before leaves doubt:
 *
 *   - in long double, down to 2^-100 of the largest term (12 deviations: at N = 10^9 at most 2*10^5 terms). Left out is
 *     at most 10^9 * 2^-100 < 2^-70 of the whole, and the roundings are counted: so the error of the quotient has a
 * bound.
 *   - in binary fractions of 320 bits, down to 2^-256 (19 deviations, 3*10^5 terms): left out is less than 2^-226, the
 *     error of a term less than 2^-280. The sign of a difference of more than 2^-200 is certain.
 *   - in integers, over all terms, where those are at most CHANCE_EXACT_TERMS. Beyond that a difference of less than
 *     2^-200 is taken for equality; docs/plan.md says why that has no consequence.
 */
#ifndef LS_SAMPLING_CHANCE_H
#define LS_SAMPLING_CHANCE_H

#include "sampling/sampling.h"

#define CHANCE_EXACT_TERMS 4000

typedef enum chance_weight {
    CHANCE_POWER,    /* factor to the power k */
    CHANCE_AT_MOST,  /* 1 up to bound, else 0 */
    CHANCE_AT_LEAST, /* 1 from bound on, else 0 */
} chance_weight;

typedef struct chance {
    uint64_t rows, special, drawn; /* N, D, n: D <= N, n <= N <= LS_POPULATION_MAX */
    chance_weight weight;
    ls_fraction factor; /* of CHANCE_POWER, at most 1; else 1/1 */
    uint64_t bound;
} chance;

/* The sign of E[w(K)] - with. */
int chance_compare(const chance *c, ls_fraction with);
/* 1 - E[w(K)] of CHANCE_POWER, to be shown: right to ten digits where long double has 64 bits. */
double chance_complement(const chance *c);

/* The second and third way (chance_exact.c). */
int chance_compare_exactly(const chance *c, ls_fraction with);

/* The k that there can be, and that with the largest term; h(k+1) / h(k) is above(k) / below(k), each below 2^60. */
static inline uint64_t chance_lowest(const chance *c)
{
    return c->special + c->drawn > c->rows ? c->special + c->drawn - c->rows : 0;
}

static inline uint64_t chance_highest(const chance *c)
{
    return c->special < c->drawn ? c->special : c->drawn;
}

static inline uint64_t chance_mode(const chance *c)
{
    return (c->special + 1) * (c->drawn + 1) / (c->rows + 2);
}

static inline uint64_t chance_above(const chance *c, uint64_t k)
{
    return (c->special - k) * (c->drawn - k);
}

static inline uint64_t chance_below(const chance *c, uint64_t k)
{
    return (k + 1) * (c->rows + k + 1 - c->special - c->drawn);
}

static inline bool chance_weighs(const chance *c, uint64_t k)
{
    return c->weight == CHANCE_POWER || (c->weight == CHANCE_AT_MOST ? k <= c->bound : k >= c->bound);
}

#endif
