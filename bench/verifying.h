/* The machine's limit: Ed25519 signatures verified on all processors, and nothing else. */
#ifndef LS_BENCH_VERIFYING_H
#define LS_BENCH_VERIFYING_H

#include <stddef.h>

/* How many a second, over texts of this length; some seconds' worth is too many, some tenths too few. */
double bench_verifying_rate(size_t signatures, size_t text_length);

#endif
