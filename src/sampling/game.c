/* The value of sequential inspections, as a fraction. */
#include "sampling/sampling.h"
#include <gmp.h>

static const char *decimal(mpz_srcptr n, ls_arena *arena)
{
    char *text = ls_arena_alloc(arena, mpz_sizeinbase(n, 10) + 2);
    return text == NULL ? NULL : mpz_get_str(text, 10, n);
}

/* C(n-1,m) over the sum of C(n,i), i = 0 ... m. */
static void value_of(uint64_t n, uint64_t m, mpq_ptr out)
{
    mpz_t binomial;
    mpz_init(binomial);
    mpz_bin_uiui(mpq_numref(out), n - 1, m);
    mpz_set_ui(mpq_denref(out), 0);
    for (uint64_t i = 0; i <= m; i++) {
        mpz_bin_uiui(binomial, n, i);
        mpz_add(mpq_denref(out), mpq_denref(out), binomial);
    }
    mpq_canonicalize(out);
    mpz_clear(binomial);
}

ls_result ls_game_solve(uint64_t periods, uint64_t inspections, ls_arena *arena, ls_game *out)
{
    mpq_t value;
    mpq_init(value);
    value_of(periods, inspections, value);
    ls_game g = {
        .num = decimal(mpq_numref(value), arena), .den = decimal(mpq_denref(value), arena), .value = mpq_get_d(value)};
    g.inspect = inspections == periods ? 1 : (1 - g.value) / 2;
    mpq_clear(value);
    if (g.num == NULL || g.den == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = g;
    return LS_SUCCESS;
}
