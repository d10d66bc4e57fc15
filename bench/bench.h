/* What the programs that measure share. */
#ifndef LS_BENCH_BENCH_H
#define LS_BENCH_BENCH_H

#include <lockstep/result.h>

/* Ends the program if r failed; detail may be NULL. */
void bench_must(ls_result r, const ls_detail *detail);
/* Prints a figure as tools/run-bench reads it: one JSON object a line. */
void bench_figure(const char *name, double value, const char *unit);
/* Seconds that the processor worked for this program: what else the machine does meanwhile does not count. */
double bench_busy(void);

#endif
