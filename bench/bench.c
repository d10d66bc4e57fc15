#include "bench.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void bench_must(ls_result r, const ls_detail *detail)
{
    if (ls_failed(r)) {
        fprintf(stderr, "%s: %s: %s (%s)\n", program_invocation_short_name, r.fault->sentence,
                detail ? detail->text : "", detail ? detail->hint : "");
        exit(r.fault->class);
    }
}

void bench_figure(const char *name, double value, const char *unit)
{
    printf("{\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\"}\n", name, value, unit);
    fflush(stdout);
}

double bench_busy(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
