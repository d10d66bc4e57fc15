#include "browser/target/overflow.h"
#include <stddef.h>
#include <string.h>

/* 2^1024 - 2^970: from here on the nearest double, with halves to even, is an infinity. */
static const char limit[] =
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070"
    "9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447"
    "5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904"
    "174497792";
#define LIMIT_DIGITS (sizeof limit - 1)
#define EXPONENT_MAX 100000000 /* beyond any document's length, so that it decides alone */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static long read_exponent(const char *s)
{
    long value = 0, sign = *s == '-' ? -1 : 1;
    for (s += *s == '-' || *s == '+'; is_digit(*s); s++) {
        value = value < EXPONENT_MAX ? 10 * value + (*s - '0') : value;
    }
    return sign * value;
}

/* The number as 0.d1d2d3… times ten to a power, d1 not zero. */
bool ls_number_overflows(const char *number)
{
    char digits[LIMIT_DIGITS] = {0};
    size_t count = 0;
    long power = 0;
    bool begun = false, point = false;
    for (number += *number == '-'; is_digit(*number) || *number == '.'; number++) {
        point = point || *number == '.';
        if (*number == '.' || (!begun && *number == '0')) {
            power -= point && *number == '0';
            continue;
        }
        begun = true;
        power += !point;
        if (count < LIMIT_DIGITS) {
            digits[count++] = *number;
        }
    }
    power += *number == 'e' || *number == 'E' ? read_exponent(number + 1) : 0;
    if (!begun || power != (long)LIMIT_DIGITS) {
        return begun && power > (long)LIMIT_DIGITS;
    }
    /* Digits that are not there are zeros, of which memcmp needs to know. */
    memset(digits + count, '0', LIMIT_DIGITS - count);
    return memcmp(digits, limit, LIMIT_DIGITS) >= 0;
}
