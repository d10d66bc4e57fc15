/* Places: numbers of degrees read exactly, and distances. */
#include "geo/place.h"

const ls_fault ls_fault_place = {LS_CLASS_USAGE, "place", "not a place that can be understood"};

#define DECIMALS 9
#define WHOLE_MAX 3
#define EXPONENT_MAX 1000000 /* where it no longer matters by how much */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_end(ls_bytes text, size_t i)
{
    while (i < text.len && is_digit(text.ptr[i])) {
        i++;
    }
    return i;
}

/* The parts of a number. */
typedef struct number {
    bool negative;
    ls_bytes whole, fraction;
    bool scientific;
    int64_t exponent;
} number;

/* What stands behind the 'e'. */
static bool split_exponent(ls_bytes text, size_t at, int64_t *out)
{
    bool negative = at < text.len && text.ptr[at] == '-';
    size_t start = at + (at < text.len && (negative || text.ptr[at] == '+') ? 1 : 0);
    int64_t value = 0;
    for (size_t i = start; i < text.len && is_digit(text.ptr[i]); i++) {
        value = value < EXPONENT_MAX ? 10 * value + (text.ptr[i] - '0') : EXPONENT_MAX;
    }
    *out = negative ? -value : value;
    return start < text.len && digits_end(text, start) == text.len;
}

static bool split(ls_bytes text, number *out)
{
    if (text.len == 0) {
        return false;
    }
    *out = (number){.negative = text.ptr[0] == '-'};
    size_t start = text.ptr[0] == '-' || text.ptr[0] == '+' ? 1 : 0;
    size_t at = digits_end(text, start);
    out->whole = ls_bytes_of(text.ptr + start, at - start);
    if (at == start) {
        return false;
    }
    if (at < text.len && text.ptr[at] == '.') {
        size_t end = digits_end(text, at + 1);
        out->fraction = ls_bytes_of(text.ptr + at + 1, end - at - 1);
        at = end;
        if (out->fraction.len == 0) {
            return false;
        }
    }
    out->scientific = at < text.len;
    return at == text.len ||
           ((text.ptr[at] == 'e' || text.ptr[at] == 'E') && split_exponent(text, at + 1, &out->exponent));
}

/* A number as units of 10^-9 degrees, and what is left below one unit. */
typedef struct sum {
    int64_t units;
    bool half, more; /* what is left is at least half a unit; is more than nothing */
    bool large;      /* a thousand degrees or more */
} sum;

/* The first digit counts 10^power. */
static void add_digits(ls_bytes digits, int64_t power, sum *s)
{
    static const int64_t counts[] = {1,       10,       100,       1000,      10000,          100000,
                                     1000000, 10000000, 100000000, LS_DEGREE, 10 * LS_DEGREE, 100 * LS_DEGREE};
    for (size_t i = 0; i < digits.len; i++, power--) {
        int64_t digit = digits.ptr[i] - '0';
        if (digit == 0) {
            continue;
        }
        if (power > 2) {
            s->large = true;
        } else if (power >= -DECIMALS) {
            s->units += digit * counts[power + DECIMALS];
        } else {
            s->more = true;
            s->half = s->half || (power == -DECIMALS - 1 && digit >= 5);
        }
    }
}

static bool read_number(const number *n, unsigned limit, int64_t *out)
{
    sum s = {0};
    add_digits(n->whole, (int64_t)n->whole.len - 1 + n->exponent, &s);
    add_digits(n->fraction, n->exponent - 1, &s);
    int64_t most = (int64_t)limit * LS_DEGREE;
    if (s.large || s.units > most || (s.units == most && s.more)) {
        return false;
    }
    int64_t rounded = s.units + (s.half ? 1 : 0);
    *out = n->negative ? -rounded : rounded;
    return true;
}

bool ls_degrees_read(ls_bytes text, unsigned limit, int64_t *out)
{
    number n;
    bool plain = split(text, &n) && n.whole.len <= WHOLE_MAX && !n.scientific;
    return plain && read_number(&n, limit, out);
}

bool ls_degrees_read_json(ls_bytes text, unsigned limit, int64_t *out)
{
    number n;
    return split(text, &n) && text.ptr[0] != '+' && (n.whole.len == 1 || n.whole.ptr[0] != '0') &&
           read_number(&n, limit, out);
}

/* JSON's numbers without exponent are canonical but for too many decimals and a sign on a zero. */
static bool parse_canonical(ls_bytes text, unsigned limit, int64_t *out)
{
    number n;
    int64_t value;
    if (!split(text, &n) || n.scientific || n.fraction.len > DECIMALS || !ls_degrees_read_json(text, limit, &value) ||
        (n.negative && value == 0)) {
        return false;
    }
    *out = value;
    return true;
}

bool ls_place_parse(ls_bytes text, ls_place *out)
{
    const uint8_t *space = text.len > 0 ? memchr(text.ptr, ' ', text.len) : NULL;
    if (space == NULL) {
        return false;
    }
    size_t first = (size_t)(space - text.ptr);
    ls_place place;
    if (!parse_canonical(ls_bytes_of(text.ptr, first), LS_LATITUDE_MAX, &place.latitude) ||
        !parse_canonical(ls_bytes_of(space + 1, text.len - first - 1), LS_LONGITUDE_MAX, &place.longitude)) {
        return false;
    }
    *out = place;
    return true;
}
