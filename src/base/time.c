/* Time: civil dates and seconds, zones as tables, lengths of time. */
#include <lockstep/time.h>
#include <stdio.h>

#define DAY 86400
#define HOUR 3600
#define DAYS_BEFORE_1970 719162 /* from 0001-01-01 */

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in_month(int64_t year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* C rounds towards zero; calendars go on evenly through year and day 0. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

/* Days from 0001-01-01 to the first of January of a year. */
static int64_t days_before_year(int64_t year)
{
    int64_t y = year - 1;
    return 365 * y + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);
}

/* No clever formula: days are counted by years and months, as anyone would check them by hand. */
int64_t ls_date_to_days(ls_date d)
{
    int64_t days = days_before_year(d.year) - DAYS_BEFORE_1970 + d.day - 1;
    for (unsigned month = 1; month < d.month; month++) {
        days += days_in_month(d.year, month);
    }
    return days;
}

ls_date ls_date_from_days(int64_t days)
{
    days += DAYS_BEFORE_1970;
    /* 146097 days are 400 years: the estimate is at most one year off. */
    int64_t year = floor_div(days * 400, 146097) + 1;
    while (days_before_year(year) > days) {
        year--;
    }
    while (days_before_year(year + 1) <= days) {
        year++;
    }
    unsigned left = (unsigned)(days - days_before_year(year)), month = 1;
    while (left >= days_in_month(year, month)) {
        left -= days_in_month(year, month++);
    }
    return (ls_date){(int)year, month, left + 1};
}

/* Months are counted through from year 0, so that any number of them, also a negative one, is one division. */
ls_date ls_date_add_months(ls_date d, int months)
{
    int64_t total = (int64_t)d.year * 12 + (d.month - 1) + months;
    int64_t year = floor_div(total, 12);
    unsigned month = (unsigned)(total - 12 * year) + 1, last = days_in_month(year, month);
    return (ls_date){(int)year, month, d.day < last ? d.day : last};
}

/* The number that stands in count digits at an offset, which is increased; -1 if they are not all digits. */
static int take_digits(ls_bytes text, size_t *offset, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t c = text.ptr[(*offset)++];
        if (c < '0' || c > '9') {
            return -1;
        }
        value = 10 * value + (c - '0');
    }
    return value;
}

/* The separators are checked first; take_digits then refuses everything else that is no digit. */
bool ls_date_parse(ls_bytes text, ls_date *out)
{
    if (text.len != LS_DATE_SIZE - 1 || text.ptr[4] != '-' || text.ptr[7] != '-') {
        return false;
    }
    size_t at = 0;
    int year = take_digits(text, &at, 4);
    at++;
    int month = take_digits(text, &at, 2);
    at++;
    int day = take_digits(text, &at, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > (int)days_in_month(year, (unsigned)month)) {
        return false;
    }
    *out = (ls_date){year, (unsigned)month, (unsigned)day};
    return true;
}

void ls_date_format(ls_date d, char out[static LS_DATE_SIZE])
{
    /* The remainders change nothing in a date of four-digit years; they keep any other within the buffer. */
    snprintf(out, LS_DATE_SIZE, "%04u-%02u-%02u", (unsigned)d.year % 10000, d.month % 100, d.day % 100);
}

bool ls_time_parse(ls_bytes text, ls_time *out)
{
    ls_date date;
    if (text.len != LS_TIME_SIZE - 1 || !ls_date_parse(ls_bytes_of(text.ptr, LS_DATE_SIZE - 1), &date) ||
        text.ptr[10] != 'T' || text.ptr[13] != ':' || text.ptr[16] != ':' || text.ptr[19] != 'Z') {
        return false;
    }
    size_t at = LS_DATE_SIZE;
    int hour = take_digits(text, &at, 2);
    at++;
    int minute = take_digits(text, &at, 2);
    at++;
    int second = take_digits(text, &at, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    *out = ls_date_to_days(date) * DAY + hour * HOUR + minute * 60 + second;
    return true;
}

void ls_time_format(ls_time t, char out[static LS_TIME_SIZE])
{
    int64_t days = floor_div(t, DAY);
    unsigned second = (unsigned)(t - days * DAY);
    ls_date_format(ls_date_from_days(days), out);
    snprintf(out + LS_DATE_SIZE - 1, LS_TIME_SIZE - LS_DATE_SIZE + 1, "T%02u:%02u:%02uZ", second / HOUR % 24,
             second / 60 % 60, second % 60);
}

/* The last span that has begun. The first one counts as begun always. */
int32_t ls_zone_offset(const ls_zone *z, ls_time t)
{
    size_t low = 0, high = z->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (z->spans[middle].from <= t) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return z->spans[low].offset;
}

ls_date ls_zone_date(const ls_zone *z, ls_time t)
{
    return ls_date_from_days(floor_div(t + ls_zone_offset(z, t), DAY));
}

/* Spans are tried in the order of time, so the first instant found is the earlier of two. */
ls_time ls_zone_instant(const ls_zone *z, ls_date d, int32_t seconds)
{
    ls_time local = ls_date_to_days(d) * DAY + seconds;
    for (size_t i = 0; i < z->count; i++) {
        ls_time t = local - z->spans[i].offset;
        if (i + 1 < z->count && t >= z->spans[i + 1].from) {
            continue;
        }
        /* Too late for the span before and too early for this one: skipped, and the span before decides. */
        bool skipped = i > 0 && t < z->spans[i].from;
        return skipped ? local - z->spans[i - 1].offset : t;
    }
    return local; /* not reached: a zone has at least one span, and the last always returns */
}

/* Months and years have no length in seconds. */
static const struct {
    const char *one, *many;
    int64_t seconds;
} units[] = {
    [LS_UNIT_HOURS] = {"hour", "hours", HOUR},    [LS_UNIT_DAYS] = {"day", "days", DAY},
    [LS_UNIT_WEEKS] = {"week", "weeks", 7 * DAY}, [LS_UNIT_MONTHS] = {"month", "months", 0},
    [LS_UNIT_YEARS] = {"year", "years", 0},
};

/* "1 day" and "2 days" are the only forms: a length of time stands in signed documents. */
bool ls_duration_parse(ls_bytes text, ls_duration *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes number;
    uint64_t count;
    if (!ls_read_until(&r, ' ', &number) || !ls_decimal_parse(number, 100000, &count) || count == 0) {
        return false;
    }
    ls_bytes unit = ls_read_bytes(&r, ls_reader_left(&r));
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ls_bytes_is(unit, count == 1 ? units[i].one : units[i].many)) {
            *out = (ls_duration){(uint32_t)count, (ls_unit)i};
            return true;
        }
    }
    return false;
}

void ls_duration_format(ls_duration d, char out[static LS_DURATION_SIZE])
{
    snprintf(out, LS_DURATION_SIZE, "%u %s", (unsigned)d.count, d.count == 1 ? units[d.unit].one : units[d.unit].many);
}

int64_t ls_duration_seconds(ls_duration d)
{
    return (int64_t)d.count * units[d.unit].seconds;
}
