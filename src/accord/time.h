/* Dates under a charter: when a length of time that an accord names has passed, in the charter's zone. */
#ifndef LS_ACCORD_TIME_H
#define LS_ACCORD_TIME_H

#include "process/charter.h"

/* Days and longer run from local date to local date. As a deadline that date ends at the closing hour, else it begins
 * at midnight; hours are exact. LS_TIME_OPEN stays what it is. */
ls_time ls_time_add(const ls_charter *c, ls_time t, ls_duration d, uint32_t times, bool deadline);
ls_time ls_time_closing(const ls_charter *c, ls_time t); /* of the local day in which t lies */
ls_time ls_time_of_day(const ls_charter *c, int32_t day, bool deadline);

static inline ls_time ls_later(ls_time a, ls_time b)
{
    return a > b ? a : b;
}

static inline ls_time ls_earlier(ls_time a, ls_time b)
{
    return a < b ? a : b;
}

#endif
