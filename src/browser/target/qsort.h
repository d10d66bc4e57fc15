/* What GNU's stdlib.h has and this target's has not; tools/build-wasm includes it before everything. */
#ifndef LS_BROWSER_QSORT_H
#define LS_BROWSER_QSORT_H

#include <stddef.h>

void qsort_r(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b, void *context),
             void *context);

#endif
