/* Sums over the hypergeometric distribution, with a bound on their error. */
#include "sampling/chance.h"
#include <float.h>
#include <math.h>

#define CUT 0x1p-100L
#define LEFT_OUT 0x1p-70L /* at most, of the whole */

/* Roundings count half an epsilon each. A step of h has at most four (two words made fractions, a product, a quotient)
 * and is taken down and up again, one of the weight two (a product, the factor itself), an addition one: for both sums
 * 20 a step, 10 epsilons. The weight's beginning has fewer than 1000 as long as it is above e^-300; below, it does not
 * matter. */
#define EPSILONS 32
#define STEPS_BEFORE 64

typedef struct quick {
    long double kept, lost; /* E[w(K)]; and, for CHANCE_POWER, 1 less that, without cancellation */
    long double error;      /* of kept, absolute */
} quick;

/* k times the logarithm of the factor, -INFINITY for 0. */
static long double log_power(ls_fraction factor, uint64_t k)
{
    long double den = (long double)factor.den, without = (long double)(factor.den - factor.num) / den;
    bool small = 2 * factor.num < factor.den;
    return k == 0 ? 0 : (long double)k * (small ? logl((long double)factor.num / den) : log1pl(-without));
}

/* From the mode down to the first term that counts. */
static uint64_t first(const chance *c, long double *h)
{
    uint64_t k = chance_mode(c), low = chance_lowest(c);
    *h = 1;
    for (; k > low && *h >= CUT; k--) {
        *h = *h * (long double)chance_below(c, k - 1) / (long double)chance_above(c, k - 1);
    }
    return k;
}

static quick sum(const chance *c)
{
    long double h, all = 0, kept = 0, lost = 0;
    uint64_t k = first(c, &h), from = k, mode = chance_mode(c), high = chance_highest(c);
    long double factor = (long double)c->factor.num / (long double)c->factor.den;
    long double without = (long double)(c->factor.den - c->factor.num) / (long double)c->factor.den;
    long double w = expl(log_power(c->factor, k)), v = -expm1l(log_power(c->factor, k));
    for (;; k++) {
        bool weighs = chance_weighs(c, k);
        all += h;
        kept += weighs ? h * w : 0;
        lost += weighs ? h * v : 0;
        if (k == high || (k > mode && h < CUT)) {
            break;
        }
        h = h * (long double)chance_above(c, k) / (long double)chance_below(c, k);
        w *= factor;
        v = without + factor * v;
    }
    long double relative = EPSILONS * (long double)(k - from + STEPS_BEFORE) * LDBL_EPSILON;
    return (quick){kept / all, lost / all, relative * (kept / all) + LEFT_OUT};
}

int chance_compare(const chance *c, ls_fraction with)
{
    quick q = sum(c);
    long double difference = q.kept - (long double)with.num / (long double)with.den;
    return difference > q.error ? 1 : difference < -q.error ? -1 : chance_compare_exactly(c, with);
}

double chance_complement(const chance *c)
{
    return (double)sum(c).lost;
}
