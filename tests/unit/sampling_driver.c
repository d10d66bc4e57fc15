/*
 * Answers questions about samples, a line each, for programs that compute the same in another way: tests/cli/plan.py.
 *
 *     least N D Q TARGET       the least n, or - if there is none
 *     iaea N D Q TARGET        and the same with refined: the approximations
 *     detect N D Q n           P(detect), 17 digits
 *     estimate N n b           real low high
 *     share n N1 N2 ...        rows of each
 *     afford BUDGET N1 COST1 N2 COST2 ...  the largest n, and what its shares cost
 *     game n m                 numerator and denominator
 */
#include "sampling/sampling.h"
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS_MAX 64

static ls_fraction fraction(const char *text)
{
    ls_fraction f = {0, 1};
    if (!ls_fraction_parse(ls_bytes_str(text), &f)) {
        fprintf(stderr, "sampling_driver: no probability: %s\n", text);
        exit(2);
    }
    return f;
}

static void answer_detection(const char *what, const char *rest)
{
    unsigned long long rows, violations;
    uint64_t n = 0;
    char q[32], last[32];
    if (sscanf(rest, "%llu %llu %31s %31s", &rows, &violations, q, last) != 4) {
        exit(2);
    }
    ls_sampling s = {rows, violations, fraction(q)};
    if (strcmp(what, "detect") == 0) {
        printf("%.17g\n", ls_sampling_detection(&s, strtoull(last, NULL, 10)));
    } else if (strcmp(what, "least") == 0) {
        bool found = ls_sampling_least(&s, fraction(last), &n);
        printf(found ? "%llu\n" : "-\n", (unsigned long long)n);
    } else {
        n = strcmp(what, "iaea") == 0 ? ls_sampling_iaea(&s, fraction(last)) : ls_sampling_refined(&s, fraction(last));
        printf("%llu\n", (unsigned long long)n);
    }
}

static void answer_strata(const char *what, const uint64_t *number, size_t count)
{
    ls_stratum s[NUMBERS_MAX] = {0};
    uint64_t share[NUMBERS_MAX], n = number[0];
    bool afford = strcmp(what, "afford") == 0;
    size_t strata = afford ? (count - 1) / 2 : count - 1;
    for (size_t i = 0; i < strata; i++) {
        s[i] = afford ? (ls_stratum){number[1 + 2 * i], number[2 + 2 * i]} : (ls_stratum){number[1 + i], 0};
    }
    n = afford ? ls_strata_afford(s, strata, n) : n;
    ls_strata_share(s, strata, n, share);
    if (afford) {
        printf("%llu %llu\n", (unsigned long long)n, (unsigned long long)ls_strata_cost(s, strata, share));
        return;
    }
    for (size_t i = 0; i < strata; i++) {
        printf("%llu%s", (unsigned long long)share[i], i + 1 < strata ? " " : "\n");
    }
}

static void answer_numbers(const char *what, char *rest)
{
    uint64_t number[NUMBERS_MAX];
    size_t count = 0;
    for (char *end = rest; count < NUMBERS_MAX && *end != '\0' && *end != '\n'; rest = end) {
        number[count++] = strtoull(rest, &end, 10);
    }
    if (strcmp(what, "estimate") == 0 && count == 3) {
        ls_estimate e;
        ls_estimate_real(number[0], number[1], number[2], &e);
        printf("%llu %llu %llu\n", (unsigned long long)e.real, (unsigned long long)e.low, (unsigned long long)e.high);
    } else if (strcmp(what, "game") == 0 && count == 2) {
        ls_arena arena = {0};
        ls_game g;
        if (ls_succeeded(ls_game_solve(number[0], number[1], &arena, &g))) {
            printf("%s %s\n", g.num, g.den);
        }
        ls_arena_free(&arena);
    } else {
        answer_strata(what, number, count);
    }
}

int main(void)
{
    static char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char what[16];
        int used = 0;
        if (sscanf(line, "%15s%n", what, &used) != 1) {
            return 2;
        }
        bool detection = strcmp(what, "detect") == 0 || strcmp(what, "least") == 0 || strcmp(what, "iaea") == 0 ||
                         strcmp(what, "refined") == 0;
        if (detection) {
            answer_detection(what, line + used);
        } else {
            answer_numbers(what, line + used);
        }
    }
    return 0;
}
