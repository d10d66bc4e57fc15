/* Decimals as people write them, taken at their word. */
#include "sampling/sampling.h"

static const uint64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

bool ls_fixed_parse(ls_bytes text, unsigned decimals, uint64_t max, uint64_t *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes whole = {0}, part = {0};
    uint64_t units, rest = 0;
    if (!ls_read_until(&r, '.', &whole) || !ls_decimal_parse(whole, max, &units)) {
        return false;
    }
    part = ls_read_bytes(&r, ls_reader_left(&r));
    if (part.len > decimals || (part.len == 0 && whole.len < text.len)) {
        return false;
    }
    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] < '0' || part.ptr[i] > '9') {
            return false;
        }
        rest = 10 * rest + (uint64_t)(part.ptr[i] - '0');
    }
    rest *= tens[decimals - part.len];
    if (units == max && rest > 0) {
        return false;
    }
    *out = units * tens[decimals] + rest;
    return true;
}

bool ls_fraction_parse(ls_bytes text, ls_fraction *out)
{
    uint64_t num, den = tens[LS_PROBABILITY_DECIMALS];
    if (!ls_fixed_parse(text, LS_PROBABILITY_DECIMALS, 1, &num)) {
        return false;
    }
    for (; den > 1 && num % 10 == 0; den /= 10) {
        num /= 10;
    }
    *out = (ls_fraction){num, den};
    return true;
}

double ls_fraction_value(ls_fraction f)
{
    return (double)f.num / (double)f.den;
}
