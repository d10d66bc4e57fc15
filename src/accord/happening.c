/* Facts by what they are about, and in the order of time. */
#include "accord/happening.h"
#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    const ls_happening *x = a, *y = b;
    if (x->time != y->time) {
        return x->time < y->time ? -1 : 1;
    }
    return x->fact < y->fact ? -1 : x->fact > y->fact;
}

/* Nearly always they are in order: only receipts bring an act before one that stands before it. */
void ls_happenings_sort(ls_happening *h, size_t count)
{
    bool sorted = true;
    for (size_t i = 1; i < count && sorted; i++) {
        sorted = by_time(&h[i - 1], &h[i]) < 0;
    }
    if (!sorted) {
        qsort(h, count, sizeof *h, by_time);
    }
}

void ls_facts_group(size_t count, ls_about *of, const void *context, size_t *first, size_t *about)
{
    for (size_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < 2; k++) {
            size_t b = of(context, i, k);
            first[b == LS_NO_POSITION ? count + 2 : b + 2]++;
        }
    }
    for (size_t b = 2; b < count + 2; b++) {
        first[b] += first[b - 1];
    }
    for (size_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < 2; k++) {
            size_t b = of(context, i, k);
            if (b != LS_NO_POSITION) {
                about[first[b + 1]++] = i;
            }
        }
    }
}
