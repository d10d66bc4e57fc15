/*
 * Measures what plans cost, and prints one JSON object a line: {"name", "value", "unit"}.
 *
 * plan_1e9_ms is the least number of rows out of 10^9 for ten violations, noticed nine times out of ten; plan_worst_ms
 * the most work that there can be: half of 10^9 rows in violation, hardly ever noticed, so that sums have the most
 * terms. plan_exact_ms takes the same in 320 bits, which is done only where long double leaves doubt; estimate_ms is an
 * interval for the number of real rows.
 */
#include "bench.h"
#include "sampling/chance.h"
#include <stdio.h>
#include <stdlib.h>

#define RUNS 5

static const ls_fraction nine_tenths = {9, 10};

static void least(void)
{
    ls_sampling s = {LS_POPULATION_MAX, 10, {9, 10}};
    uint64_t n = 0;
    /* What Python's decimals say: tests/cli/plan.py. */
    if (!ls_sampling_least(&s, nine_tenths, &n) || n != 228524183) {
        fprintf(stderr, "bench_plan: %llu is not the least\n", (unsigned long long)n);
        exit(LS_CLASS_BUG);
    }
}

static const ls_sampling worst = {LS_POPULATION_MAX, LS_POPULATION_MAX / 2, {1, 100000000}};

static void least_of_worst(void)
{
    uint64_t n;
    if (!ls_sampling_least(&worst, nine_tenths, &n)) {
        exit(LS_CLASS_BUG);
    }
}

static void exactly(void)
{
    chance c = {worst.rows, worst.violations, 460517017, CHANCE_POWER, {99999999, 100000000}, 0};
    if (chance_compare_exactly(&c, (ls_fraction){1, 10}) > 0) {
        exit(LS_CLASS_BUG);
    }
}

static void estimate(void)
{
    ls_estimate e;
    ls_estimate_real(1000000, 300, 150, &e);
    if (e.low > e.real || e.real > e.high) {
        exit(LS_CLASS_BUG);
    }
}

static void measure(const char *name, void (*work)(void), int times)
{
    double best = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double before = bench_busy();
        for (int i = 0; i < times; i++) {
            work();
        }
        double ms = 1e3 * (bench_busy() - before) / times;
        best = ms < best ? ms : best;
    }
    bench_figure(name, best, "ms");
}

int main(void)
{
    measure("plan_1e9_ms", least, 1000);
    measure("plan_worst_ms", least_of_worst, 1);
    measure("plan_exact_ms", exactly, 1);
    measure("plan_estimate_ms", estimate, 100);
    return 0;
}
