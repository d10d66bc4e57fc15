/* Rows shared out among strata, and what they cost. */
#include "sampling/sampling.h"

__extension__ typedef unsigned __int128 wide; /* rows times the cost of all of a stratum */

static uint64_t all_rows(const ls_stratum *s, size_t count)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        rows += s[i].rows;
    }
    return rows;
}

/* The stratum that the next row goes to. A full one never comes before one that is not. */
static size_t next(const ls_stratum *s, size_t count, const uint64_t *given)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if ((2 * given[i] + 1) * s[best].rows < (2 * given[best] + 1) * s[i].rows) {
            best = i;
        }
    }
    return best;
}

/* Row j of a stratum (from 0) has its turn at (2 j + 1) / (2 rows). What has it by (n - count) / all can be given at
 * once: with rounding, that is never more than n. The rest, at most one and a half a stratum, goes one by one. */
void ls_strata_share(const ls_stratum *s, size_t count, uint64_t n, uint64_t *out)
{
    uint64_t all = all_rows(s, count), given = 0;
    for (size_t i = 0; i < count; i++) {
        out[i] = n < count ? 0 : (2 * (n - count) * s[i].rows + all) / (2 * all);
        given += out[i];
    }
    for (; given < n; given++) {
        out[next(s, count, out)]++;
    }
}

uint64_t ls_strata_cost(const ls_stratum *s, size_t count, const uint64_t *out)
{
    uint64_t cost = 0;
    for (size_t i = 0; i < count; i++) {
        cost += (uint64_t)(((wide)out[i] * s[i].cost + s[i].rows - 1) / s[i].rows);
    }
    return cost;
}

/* Costs grow with n, because shares do. */
uint64_t ls_strata_afford(const ls_stratum *s, size_t count, uint64_t budget)
{
    uint64_t share[LS_STRATA_MAX], paid = 0;
    for (uint64_t end = all_rows(s, count) + 1; end - paid > 1;) {
        uint64_t n = paid + (end - paid) / 2;
        ls_strata_share(s, count, n, share);
        if (ls_strata_cost(s, count, share) <= budget) {
            paid = n;
        } else {
            end = n;
        }
    }
    return paid;
}
