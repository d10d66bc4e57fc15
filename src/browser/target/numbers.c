/* jansson's numbers with a fraction or an exponent, in place of its strconv.c: they are read only to be refused, so
 * their value does not matter, and none is ever written. What reads and writes them otherwise is as large as all of
 * jansson. */
#include "browser/target/overflow.h"
#include <jansson_private.h>

int jsonp_strtod(strbuffer_t *number, double *out)
{
    *out = 0;
    return ls_number_overflows(number->value) ? -1 : 0;
}

int jsonp_dtostr(char *buffer, size_t size, double value, int precision)
{
    (void)buffer, (void)size, (void)value, (void)precision;
    return -1;
}
