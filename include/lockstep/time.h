/*
 * Time: instants as whole seconds since 1970-01-01T00:00:00Z (no leap seconds), dates of the proleptic Gregorian
 * calendar, and zones as a table of offsets. Pure: no clock is read here, no system zone file.
 */
#ifndef LOCKSTEP_TIME_H
#define LOCKSTEP_TIME_H

#include <lockstep/bytes.h>

typedef int64_t ls_time;

typedef struct ls_date {
    int year;            /* 1..9999 */
    unsigned month, day; /* from 1 */
} ls_date;

#define LS_TIME_SIZE 21                   /* "2018-10-09T08:00:00Z" and NUL */
#define LS_DATE_SIZE 11                   /* "2018-10-09" and NUL */
#define LS_TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z: the last that can be written */

/* YYYY-MM-DDThh:mm:ssZ, a real time, years 1970 to 9999, no second 60. */
bool ls_time_parse(ls_bytes text, ls_time *out);
void ls_time_format(ls_time t, char out[static LS_TIME_SIZE]);

/* YYYY-MM-DD, a real date, years 1970 to 9999. */
bool ls_date_parse(ls_bytes text, ls_date *out);
void ls_date_format(ls_date d, char out[static LS_DATE_SIZE]);

/* Days since 1970-01-01, and back. */
int64_t ls_date_to_days(ls_date d);
ls_date ls_date_from_days(int64_t days);

/* The date n calendar months later; the day is cut to the month's last: 31 January + 1 is 28 or 29 February. */
ls_date ls_date_add_months(ls_date d, int months);

/* One stretch of a zone: from this instant on, local time is UTC + offset seconds. */
typedef struct ls_zone_span {
    ls_time from;
    int32_t offset;
} ls_zone_span;

/* A zone, as the charter states it: spans sorted by from, strictly increasing; the first holds before it, too. */
typedef struct ls_zone {
    const char *name; /* for display: "Asia/Seoul" */
    const ls_zone_span *spans;
    size_t count; /* at least 1 */
} ls_zone;

int32_t ls_zone_offset(const ls_zone *z, ls_time t);
ls_date ls_zone_date(const ls_zone *z, ls_time t); /* the local date at t */
/* The instant at which local clocks show this date and this many seconds after midnight (86400: the day's end). Of
 * two such instants the earlier; a local time that is skipped maps by the offset before the gap. */
ls_time ls_zone_instant(const ls_zone *z, ls_date d, int32_t seconds);

/* A length of time as people write it: "60 days", "3 months", "24 hours", "1 day". */
typedef enum ls_unit { LS_UNIT_HOURS, LS_UNIT_DAYS, LS_UNIT_WEEKS, LS_UNIT_MONTHS, LS_UNIT_YEARS } ls_unit;
typedef struct ls_duration {
    uint32_t count;
    ls_unit unit;
} ls_duration;
#define LS_DURATION_SIZE 24
bool ls_duration_parse(ls_bytes text, ls_duration *out); /* count 1..100000; "1 day", but "2 days" */
void ls_duration_format(ls_duration d, char out[static LS_DURATION_SIZE]);
/* Seconds of hours, days and weeks; 0 for months and years, which have no fixed length. */
int64_t ls_duration_seconds(ls_duration d);

#endif
