/* The same sums in binary fractions of many bits, and in integers. */
#include "sampling/chance.h"
#include <assert.h>
#include <gmp.h>

/* Factors of the recurrence are multiplied as one word. */
static_assert(sizeof(unsigned long) >= sizeof(uint64_t), "GMP takes words of 64 bits");

#define BITS 320
#define CUT 256     /* terms below 2^-CUT of the largest are left out */
#define CERTAIN 200 /* differences above 2^-CERTAIN have the sign that they seem to have */

/* What goes from term to term, and the sums. */
typedef struct walk {
    uint64_t k;
    mpf_t h, power, cut, product, weighted, all;
} walk;

static void begin(const chance *c, walk *w)
{
    mpf_ptr all[] = {w->h, w->power, w->cut, w->product, w->weighted, w->all};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        mpf_init2(all[i], BITS);
    }
    w->k = chance_mode(c);
    mpf_set_ui(w->h, 1);
    mpf_set_ui(w->cut, 1);
    mpf_div_2exp(w->cut, w->cut, CUT);
}

static void end(walk *w)
{
    mpf_clears(w->h, w->power, w->cut, w->product, w->weighted, w->all, NULL);
}

/* From the mode down to the first term that counts. */
static void go_down(const chance *c, walk *w)
{
    uint64_t low = chance_lowest(c);
    while (w->k > low && mpf_cmp(w->h, w->cut) >= 0) {
        w->k--;
        mpf_mul_ui(w->h, w->h, chance_below(c, w->k));
        mpf_div_ui(w->h, w->h, chance_above(c, w->k));
    }
}

static void add_up(const chance *c, walk *w)
{
    uint64_t mode = chance_mode(c), high = chance_highest(c);
    mpf_set_ui(w->power, c->factor.num);
    mpf_div_ui(w->power, w->power, c->factor.den);
    mpf_pow_ui(w->power, w->power, w->k);
    for (;;) {
        mpf_add(w->all, w->all, w->h);
        if (chance_weighs(c, w->k)) {
            mpf_mul(w->product, w->h, w->power);
            mpf_add(w->weighted, w->weighted, w->product);
        }
        if (w->k == high || (w->k > mode && mpf_cmp(w->h, w->cut) < 0)) {
            return;
        }
        mpf_mul_ui(w->h, w->h, chance_above(c, w->k));
        mpf_div_ui(w->h, w->h, chance_below(c, w->k));
        mpf_mul_ui(w->power, w->power, c->factor.num);
        mpf_div_ui(w->power, w->power, c->factor.den);
        w->k++;
    }
}

/* The sign, or 0 if it is not certain. */
static int compare_fractions(const chance *c, ls_fraction with)
{
    walk w;
    begin(c, &w);
    go_down(c, &w);
    add_up(c, &w);
    mpf_div_2exp(w.cut, w.all, CERTAIN);
    mpf_mul_ui(w.all, w.all, with.num);
    mpf_div_ui(w.all, w.all, with.den);
    mpf_sub(w.weighted, w.weighted, w.all);
    int sign = mpf_sgn(w.weighted);
    mpf_abs(w.weighted, w.weighted);
    sign = mpf_cmp(w.weighted, w.cut) > 0 ? sign : 0;
    end(&w);
    return sign;
}

typedef struct integers {
    mpz_t weighted, all, scale, unweighted;
} integers;

/* With s/t the factor and E(k) the product of below(i) for i >= k: from the highest k down to the lowest, the sum of
 * the weights times E(k) t^(high-k), and that of 1 times E(k). */
static void add_down(const chance *c, integers *x)
{
    uint64_t low = chance_lowest(c), k = chance_highest(c);
    mpz_set_ui(x->scale, 1);
    mpz_set_ui(x->unweighted, 1);
    mpz_set_ui(x->all, 1);
    mpz_set_ui(x->weighted, chance_weighs(c, k));
    while (k-- > low) {
        mpz_mul_ui(x->scale, x->scale, chance_below(c, k));
        mpz_mul_ui(x->scale, x->scale, c->factor.den);
        mpz_mul_ui(x->unweighted, x->unweighted, chance_below(c, k));
        mpz_mul_ui(x->weighted, x->weighted, chance_above(c, k));
        mpz_mul_ui(x->weighted, x->weighted, c->factor.num);
        mpz_mul_ui(x->all, x->all, chance_above(c, k));
        mpz_add(x->all, x->all, x->unweighted);
        if (chance_weighs(c, k)) {
            mpz_add(x->weighted, x->weighted, x->scale);
        }
    }
}

/* The expectation is weighted s^low / (all t^high). */
static int compare_integers(const chance *c, ls_fraction with)
{
    integers x;
    mpz_inits(x.weighted, x.all, x.scale, x.unweighted, NULL);
    add_down(c, &x);
    mpz_ui_pow_ui(x.scale, c->factor.num, chance_lowest(c));
    mpz_mul(x.weighted, x.weighted, x.scale);
    mpz_mul_ui(x.weighted, x.weighted, with.den);
    mpz_ui_pow_ui(x.scale, c->factor.den, chance_highest(c));
    mpz_mul(x.all, x.all, x.scale);
    mpz_mul_ui(x.all, x.all, with.num);
    int order = mpz_cmp(x.weighted, x.all);
    mpz_clears(x.weighted, x.all, x.scale, x.unweighted, NULL);
    return (order > 0) - (order < 0);
}

int chance_compare_exactly(const chance *c, ls_fraction with)
{
    int sign = compare_fractions(c, with);
    /* A power also has to be taken of the lowest k. */
    uint64_t terms = chance_highest(c) - (c->weight == CHANCE_POWER ? 0 : chance_lowest(c));
    return sign != 0 || terms > CHANCE_EXACT_TERMS ? sign : compare_integers(c, with);
}
