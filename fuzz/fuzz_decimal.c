/* Decimals of costs and probabilities: what is read is what was written, and says the same when it is written again. */
#include "sampling/sampling.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_fixed(ls_bytes text)
{
    uint64_t value, again;
    if (!ls_fixed_parse(text, LS_COST_DECIMALS, LS_COST_MAX, &value)) {
        return;
    }
    ls_buf written = {0};
    require(value <= (uint64_t)LS_COST_MAX * 1000 && text.len > 0);
    ls_buf_format(&written, "%llu.%03llu", (unsigned long long)value / 1000, (unsigned long long)value % 1000);
    require(ls_fixed_parse(ls_buf_bytes(&written), LS_COST_DECIMALS, LS_COST_MAX, &again) && again == value);
    ls_buf_free(&written);
}

/* A fraction that can be a target reaches what it should: of one violation, n / N. */
static void check_fraction(ls_bytes text)
{
    ls_fraction f;
    if (!ls_fraction_parse(text, &f)) {
        return;
    }
    require(f.num <= f.den && f.den >= 1 && f.den <= LS_POPULATION_MAX && LS_POPULATION_MAX % f.den == 0);
    require(f.den == 1 || f.num % 10 != 0);
    if (f.num > 0 && f.num < f.den) {
        ls_sampling s = {f.den, 1, {1, 1}};
        uint64_t n;
        require(ls_sampling_least(&s, f, &n) && n == f.num);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_fixed(ls_bytes_of(data, size));
    check_fraction(ls_bytes_of(data, size));
    return 0;
}
