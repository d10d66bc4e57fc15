/*
 * How many rows to inspect, and what an inspection of so many is worth. docs/plan.md has every formula with its source.
 *
 * N rows, D of them in violation, n drawn without replacement; an inspected violation is noticed with probability q,
 * each by itself. The number K of violations among the drawn is hypergeometric, and
 *
 *     P(detect) = 1 - sum over k of C(D,k) C(N-D,n-k) / C(N,n) (1-q)^k,    with q = 1:  1 - C(N-D,n) / C(N,n).
 *
 * Whatever is compared with a target is decided by exact arithmetic (chance.h); floating point is for what is shown.
 * All of it is pure. Memory is GMP's, which ends the program where there is none left.
 */
#ifndef LS_SAMPLING_SAMPLING_H
#define LS_SAMPLING_SAMPLING_H

#include <lockstep/bytes.h>

#define LS_POPULATION_MAX 1000000000 /* rows */
#define LS_PROBABILITY_DECIMALS 9    /* of a target or a sensitivity */
#define LS_STRATA_MAX 1000
#define LS_COST_DECIMALS 3
#define LS_COST_MAX 10000000 /* of one row, in whole units: so all sums fit 64 bits */
#define LS_PERIODS_MAX 1000  /* of sequential inspections */

/* Exactly what was written as a decimal, in lowest terms as far as tens go: 0.90 is 9/10. */
typedef struct ls_fraction {
    uint64_t num, den; /* den: a power of ten, at most 10^9 */
} ls_fraction;

/* A decimal number without sign or exponent ("12", "0.25"), as a whole number of 10^-decimals; false if it is none, has
 * more decimals, or is above max whole units. max * 10^decimals must fit. */
bool ls_fixed_parse(ls_bytes text, unsigned decimals, uint64_t max, uint64_t *out);
/* A probability, 0 and 1 included. */
bool ls_fraction_parse(ls_bytes text, ls_fraction *out);
double ls_fraction_value(ls_fraction f);

/* 1 <= violations <= rows <= LS_POPULATION_MAX; 0 < sensitivity <= 1. */
typedef struct ls_sampling {
    uint64_t rows, violations;
    ls_fraction sensitivity;
} ls_sampling;

/* P(detect) of n rows, n <= rows, to be shown: at least ten digits are right where long double has 64 bits. */
double ls_sampling_detection(const ls_sampling *s, uint64_t n);
/* Whether it is at least the target, decided exactly; 0 < target < 1. */
bool ls_sampling_reaches(const ls_sampling *s, uint64_t n, ls_fraction target);
/* The least n that reaches it; false if inspecting every row does not. */
bool ls_sampling_least(const ls_sampling *s, ls_fraction target, uint64_t *n);

/* Approximations that people calculate by hand, with beta = 1 - target. Neither knows the sensitivity.
 * IAEA: ceil(N (1 - beta^(1/D))); never less than the least n, for q = 1. */
uint64_t ls_sampling_iaea(const ls_sampling *s, ls_fraction target);
/* ceil((N - (D-1)/2) (1 - beta^(1/D))). */
uint64_t ls_sampling_refined(const ls_sampling *s, ls_fraction target);

/* Violations that n rows show on average: q n D / N. */
double ls_sampling_found(const ls_sampling *s, uint64_t n);
/* Probability that there are violations, after an inspection that would have found them with this probability found
 * none; prior, below 1, is the probability before it (Bayes): prior (1-P) / (1 - prior P). */
double ls_posterior(double detection, double prior);

/* What the blank rows among the drawn say of how many of N padded rows are real. */
typedef struct ls_estimate {
    uint64_t real;      /* N (1 - b/n), rounded */
    uint64_t low, high; /* the exact interval, 95 % or more, both ends included */
} ls_estimate;

/* b blank among n drawn of N: b <= n, 1 <= n <= N. A number of blank rows belongs to the interval if b or more, and b
 * or fewer, are each drawn with a probability of at least 2.5 % (Clopper and Pearson 1934, for draws without
 * replacement). */
void ls_estimate_real(uint64_t rows, uint64_t drawn, uint64_t blank, ls_estimate *out);

/* Strata: at most LS_STRATA_MAX, together at most LS_POPULATION_MAX rows. */
typedef struct ls_stratum {
    uint64_t rows; /* at least 1 */
    uint64_t cost; /* of inspecting all of them, in 10^-LS_COST_DECIMALS; at most LS_COST_MAX units a row */
} ls_stratum;

/* n rows in proportion: one after the other goes where (2 given + 1) / rows is least, the first of equals (the method
 * of Webster and Sainte-Lague). So a larger n never takes a row away from a stratum. n <= all rows. */
void ls_strata_share(const ls_stratum *s, size_t count, uint64_t n, uint64_t *out);
/* What inspecting out[i] rows of each stratum costs: each row the mean of its stratum, each stratum rounded up. */
uint64_t ls_strata_cost(const ls_stratum *s, size_t count, const uint64_t *out);
/* The largest n whose shares cost no more than the budget. */
uint64_t ls_strata_afford(const ls_stratum *s, size_t count, uint64_t budget);

/*
 * Sequential inspections (Dresher 1962, RM-2972): n periods, of which the inspectors choose m; the other side violates
 * in one of them, or in none, and knows what was inspected so far. To it a violation that nobody sees is worth 1, one
 * that is seen -1, none 0. Both play as well as they can. The value is C(n-1,m) / sum of C(n,i) for i = 0 ... m.
 */
typedef struct ls_game {
    const char *num, *den; /* the value as a fraction in lowest terms, decimal, in the arena */
    double value;
    double inspect; /* probability of inspecting in the first period: (1 - value) / 2, or 1 if m = n */
} ls_game;

/* 1 <= n <= LS_PERIODS_MAX, m <= n. ls_fault_memory. */
ls_result ls_game_solve(uint64_t periods, uint64_t inspections, ls_arena *arena, ls_game *out);

#endif
