/* The longest common subsequence of two lists of words (E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", Algorithmica 1, 1986), with a limit on the differences. */
#include "text/brackets.h"
#include "text/tokens.h"
#include <stdlib.h>

/* What both begin and end with is the same in any case, and is most of it. */
typedef struct middle {
    size_t head, tail;
    long n, m; /* words of each between head and tail */
} middle;

static middle trim(const ls_tokens *a, const ls_tokens *b)
{
    middle x = {0};
    size_t least = a->count < b->count ? a->count : b->count;
    while (x.head < least && ls_token_equal(&a->token[x.head], &b->token[x.head])) {
        x.head++;
    }
    while (x.head + x.tail < least &&
           ls_token_equal(&a->token[a->count - x.tail - 1], &b->token[b->count - x.tail - 1])) {
        x.tail++;
    }
    x.n = (long)(a->count - x.head - x.tail);
    x.m = (long)(b->count - x.head - x.tail);
    return x;
}

/* How far each diagonal was reached with d differences: rows of 2d + 1, one after the other. */
typedef struct trace {
    int32_t *reached;
    long edits;
} trace;

static int32_t *row(const trace *t, long d)
{
    return t->reached + d * d + d; /* its middle: diagonal 0 */
}

/* The place to go on from, on diagonal k with d differences. */
static long begin_of(const trace *t, long d, long k, bool *down)
{
    if (d == 0) {
        *down = false;
        return 0;
    }
    const int32_t *before = row(t, d - 1);
    *down = k == -d || (k != d && before[k - 1] < before[k + 1]);
    return *down ? before[k + 1] : before[k - 1] + 1;
}

/* True if the end was reached; t->edits is how many differences that took. */
static bool search(const ls_tokens *a, const ls_tokens *b, const middle *x, uint64_t *budget, trace *t)
{
    const ls_token *p = a->token + x->head, *q = b->token + x->head;
    for (long d = 0; d <= LS_BRACKETS_EDITS_MAX; d++) {
        for (long k = -d; k <= d; k++) {
            row(t, d)[k] = -1;
        }
        for (long k = -d; k <= d; k += 2) {
            bool down;
            long i = begin_of(t, d, k, &down), from = i;
            while (i < x->n && i - k < x->m && i >= 0 && i - k >= 0 && ls_token_equal(&p[i], &q[i - k])) {
                i++;
            }
            row(t, d)[k] = (int32_t)i;
            uint64_t used = (uint64_t)(i - from) + 1;
            if (used > *budget) {
                return false;
            }
            *budget -= used;
            if (i >= x->n && i - k >= x->m) {
                t->edits = d;
                return true;
            }
        }
    }
    return false;
}

/* Back from the end, what was walked diagonally is common. */
static size_t collect(const trace *t, const middle *x, ls_match *out)
{
    size_t count = 0;
    long k = x->n - x->m;
    for (long d = t->edits, i = x->n; d >= 0; d--) {
        bool down;
        long from = begin_of(t, d, k, &down);
        for (; i > from; i--) {
            out[count++] = (ls_match){x->head + (size_t)(i - 1), x->head + (size_t)(i - 1 - k)};
        }
        i = down ? from : from - 1;
        k += down ? 1 : -1;
    }
    for (size_t i = 0; i < count / 2; i++) {
        ls_match m = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = m;
    }
    return count;
}

bool ls_tokens_align(const ls_tokens *a, const ls_tokens *b, uint64_t *budget, ls_match *out, size_t *count,
                     bool *memory)
{
    middle x = trim(a, b);
    long most = x.n + x.m < LS_BRACKETS_EDITS_MAX ? x.n + x.m : LS_BRACKETS_EDITS_MAX;
    uint64_t used = x.head + x.tail;
    *memory = false;
    if (used > *budget) {
        return false;
    }
    *budget -= used;
    trace t = {.reached = malloc((size_t)((most + 1) * (most + 1)) * sizeof *t.reached)};
    *memory = t.reached == NULL;
    if (t.reached == NULL || !search(a, b, &x, budget, &t)) {
        free(t.reached);
        return false;
    }
    size_t n = 0;
    for (; n < x.head; n++) {
        out[n] = (ls_match){n, n};
    }
    n += collect(&t, &x, out + n);
    for (size_t i = x.tail; i > 0; i--) {
        out[n++] = (ls_match){a->count - i, b->count - i};
    }
    free(t.reached);
    *count = n;
    return true;
}
