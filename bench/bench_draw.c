/*
 * Measures draws, and prints one JSON object a line: {"name", "value", "unit"}.
 *
 * 500 rows of 10^8 on all processors: the time, memory, how far that is from hashing alone, and how it grows with the
 * population; then a population all of whose rows are put in order.
 */
#include "bench.h"
#include "crypto/sha256.h"
#include "draw/draw.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define ROWS UINT64_C(100000000)
#define CHOSEN 400
#define REPLACEMENTS 100
#define ORDERED 1000000

typedef struct seconds {
    double clock, busy; /* by the wall's clock; of all processors together */
} seconds;

static seconds now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (seconds){(double)t.tv_sec + 1e-9 * (double)t.tv_nsec, bench_busy()};
}

static seconds draw(uint64_t population, uint64_t chosen, uint64_t replacements)
{
    ls_hash seed = {{1}};
    ls_drawn *out = calloc(chosen + replacements, sizeof *out);
    ls_draw_size size = {population, chosen, replacements};
    bench_must(out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
    seconds start = now();
    bench_must(ls_draw_select(&seed, &size, (ls_draw_progress){0}, out, NULL), NULL);
    seconds end = now();
    free(out);
    return (seconds){end.clock - start.clock, end.busy - start.busy};
}

/* As many compressions as the draw needs, one a row, in a bare loop over long messages, many at once: seconds of one
 * processor. */
static double hash_limit(uint64_t compressions)
{
    enum { MESSAGES = 16, BLOCKS = 1024 };
    static uint8_t text[MESSAGES][64 * BLOCKS];
    ls_bytes messages[MESSAGES];
    ls_hash hashes[MESSAGES];
    for (int i = 0; i < MESSAGES; i++) {
        messages[i] = ls_bytes_of(text[i], sizeof text[i]);
    }
    double start = bench_busy();
    for (uint64_t done = 0; done < compressions; done += MESSAGES * (BLOCKS + 1)) {
        ls_sha256_many(NULL, messages, MESSAGES, hashes);
    }
    return bench_busy() - start;
}

static double peak_memory(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024;
}

int main(void)
{
    bench_must(ls_crypto_init(), NULL);
    seconds large = draw(ROWS, CHOSEN, REPLACEMENTS);
    bench_figure("draw_100000000_rows_seconds", large.clock, "s");
    bench_figure("draw_peak_memory_mb", peak_memory() / 1e6, "MB");
    bench_figure("draw_rows_per_s_core", (double)ROWS / large.busy, "rows/s");
    bench_figure("draw_processors_used", large.busy / large.clock, "ratio");
    bench_figure("draw_share_of_hash_limit", hash_limit(ROWS) / large.busy, "ratio");
    bench_figure("draw_growth_10x_rows", large.busy / draw(ROWS / 10, CHOSEN, REPLACEMENTS).busy, "ratio");
    bench_figure("draw_1000000_rows_in_order_ms", 1e3 * draw(ORDERED, ORDERED, 0).busy, "ms");
    return 0;
}
