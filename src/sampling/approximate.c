/* The formulas that people use by hand, rounded up exactly. */
#include "sampling/sampling.h"
#include <gmp.h>
#include <math.h>

/* Both are the least n with (1 - 2 n / x)^D <= beta: x is twice the population, less D - 1 in the refined one. */
typedef struct formula {
    uint64_t x, d;
    ls_fraction beta;
} formula;

#define INTEGER_MAX 9 /* a larger power of a fraction, in lowest terms, is none whose denominator divides 10^9 */

static bool reaches_in_integers(const formula *f, uint64_t part)
{
    mpz_t left, right;
    mpz_inits(left, right, NULL);
    mpz_ui_pow_ui(left, part, f->d);
    mpz_mul_ui(left, left, f->beta.den);
    mpz_ui_pow_ui(right, f->x, f->d);
    mpz_mul_ui(right, right, f->beta.num);
    bool reaches = mpz_cmp(left, right) <= 0;
    mpz_clears(left, right, NULL);
    return reaches;
}

/* Equality being impossible, 320 bits decide, of which a power of up to 10^9 loses 32. */
static bool reaches_in_fractions(const formula *f, uint64_t part)
{
    mpf_t power, beta;
    mpf_init2(power, 320);
    mpf_init2(beta, 320);
    mpf_set_ui(power, part);
    mpf_div_ui(power, power, f->x);
    mpf_pow_ui(power, power, f->d);
    mpf_set_ui(beta, f->beta.num);
    mpf_div_ui(beta, beta, f->beta.den);
    bool reaches = mpf_cmp(power, beta) <= 0;
    mpf_clears(power, beta, NULL);
    return reaches;
}

static bool reaches(const formula *f, uint64_t n)
{
    uint64_t part = f->x > 2 * n ? f->x - 2 * n : 0;
    return f->d <= INTEGER_MAX ? reaches_in_integers(f, part) : reaches_in_fractions(f, part);
}

/* Floating point is less than 1 away, and says where to look. */
static uint64_t round_up(const formula *f)
{
    double root = -expm1(log(ls_fraction_value(f->beta)) / (double)f->d);
    double estimate = (double)f->x / 2 * root;
    uint64_t n = estimate < 2 ? 1 : (uint64_t)estimate - 1;
    while (!reaches(f, n)) {
        n++;
    }
    return n;
}

uint64_t ls_sampling_iaea(const ls_sampling *s, ls_fraction target)
{
    formula f = {2 * s->rows, s->violations, {target.den - target.num, target.den}};
    return round_up(&f);
}

uint64_t ls_sampling_refined(const ls_sampling *s, ls_fraction target)
{
    formula f = {2 * s->rows - (s->violations - 1), s->violations, {target.den - target.num, target.den}};
    return round_up(&f);
}
