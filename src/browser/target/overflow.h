/* Whether a number is too large for a double: all that is asked of numbers with fractions and exponents, which no
 * document of ours may hold. */
#ifndef LS_BROWSER_OVERFLOW_H
#define LS_BROWSER_OVERFLOW_H

#include <stdbool.h>

/* A number as JSON has it. True if strtod would give an infinity. */
bool ls_number_overflows(const char *number);

#endif
