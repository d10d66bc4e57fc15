/* Detection: of a given n, the least n for a target, what follows from a clean inspection, and from blank rows. */
#include "sampling/chance.h"
#include <math.h>

static chance missing(const ls_sampling *s, uint64_t n)
{
    return (chance){.rows = s->rows,
                    .special = s->violations,
                    .drawn = n,
                    .weight = CHANCE_POWER,
                    .factor = {s->sensitivity.den - s->sensitivity.num, s->sensitivity.den}};
}

double ls_sampling_detection(const ls_sampling *s, uint64_t n)
{
    chance c = missing(s, n);
    return chance_complement(&c);
}

bool ls_sampling_reaches(const ls_sampling *s, uint64_t n, ls_fraction target)
{
    chance c = missing(s, n);
    return chance_compare(&c, (ls_fraction){target.den - target.num, target.den}) <= 0;
}

/* The refined approximation over the sensitivity: where to begin to look, nothing more. */
static uint64_t guess(const ls_sampling *s, ls_fraction target)
{
    double rows = (double)s->rows, d = (double)s->violations;
    double root = -expm1(log1p(-ls_fraction_value(target)) / d);
    double n = (rows - (d - 1) / 2) * root / ls_fraction_value(s->sensitivity);
    return n < 1 ? 1 : n > rows ? s->rows : (uint64_t)n;
}

/* What is known while the least n is looked for: missed does not reach the target, reached does. */
typedef struct bracket {
    uint64_t missed, reached;
} bracket;

static bool lies_in(const bracket *b, uint64_t n)
{
    return b->missed < n && n < b->reached;
}

/* Tries n; true if it reaches the target. P grows with n: an inspection more never hides anything. */
static bool try(const ls_sampling *s, ls_fraction target, uint64_t n, bracket *b)
{
    bool reaches = ls_sampling_reaches(s, n, target);
    *(reaches ? &b->reached : &b->missed) = n;
    return reaches;
}

/* From the guess in steps that double, until the least n lies between two that were tried; then by halves. */
bool ls_sampling_least(const ls_sampling *s, ls_fraction target, uint64_t *n)
{
    bracket b = {0, s->rows};
    uint64_t at = guess(s, target), step = 1;
    if (!ls_sampling_reaches(s, s->rows, target)) {
        return false;
    }
    bool down = lies_in(&b, at) && try(s, target, at, &b);
    do {
        at = down ? at - (step < at ? step : at) : at + step;
        step *= 2;
    } while (lies_in(&b, at) && try(s, target, at, &b) == down);
    while (b.reached - b.missed > 1) {
        try(s, target, b.missed + (b.reached - b.missed) / 2, &b);
    }
    *n = b.reached;
    return true;
}

double ls_sampling_found(const ls_sampling *s, uint64_t n)
{
    return ls_fraction_value(s->sensitivity) * (double)n * (double)s->violations / (double)s->rows;
}

double ls_posterior(double detection, double prior)
{
    return prior * (1 - detection) / (1 - prior * detection);
}

/* Whether as many blank rows as were seen, or so many on the side that weight names, are likely enough if the
 * population has this many. */
static bool is_likely(const chance *seen, chance_weight weight, uint64_t blanks)
{
    static const ls_fraction tail = {25, 1000};
    chance c = *seen;
    c.special = blanks;
    c.weight = weight;
    return chance_compare(&c, tail) >= 0;
}

void ls_estimate_real(uint64_t rows, uint64_t drawn, uint64_t blank, ls_estimate *out)
{
    chance seen = {.rows = rows, .drawn = drawn, .factor = {1, 1}, .bound = blank};
    uint64_t fewest = blank, most = rows - (drawn - blank); /* blank rows that there can be */
    /* More of them make b or more likelier, and b or fewer less likely. */
    uint64_t low = fewest, high = most;
    for (uint64_t end = most; low < end;) {
        uint64_t at = low + (end - low) / 2;
        if (is_likely(&seen, CHANCE_AT_LEAST, at)) {
            end = at;
        } else {
            low = at + 1;
        }
    }
    for (uint64_t end = fewest; end < high;) {
        uint64_t at = high - (high - end) / 2;
        if (is_likely(&seen, CHANCE_AT_MOST, at)) {
            end = at;
        } else {
            high = at - 1;
        }
    }
    *out = (ls_estimate){(2 * rows * (drawn - blank) + drawn) / (2 * drawn), rows - high, rows - low};
}
