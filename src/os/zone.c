/* What the system's zone files say about a zone, as the table that a charter carries. */
#include "os/os.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY 86400

static int32_t offset_at(ls_time t)
{
    struct tm local;
    time_t instant = (time_t)t;
    return localtime_r(&instant, &local) == NULL ? 0 : (int32_t)local.tm_gmtoff;
}

/* The first instant after `from` and not after `to` at which the offset is no longer that of `from`. */
static ls_time change_between(ls_time from, ls_time to)
{
    int32_t before = offset_at(from);
    while (to - from > 1) {
        ls_time middle = from + (to - from) / 2;
        if (offset_at(middle) == before) {
            from = middle;
        } else {
            to = middle;
        }
    }
    return to;
}

static size_t scan(ls_time from, ls_time to, ls_zone_span *spans, size_t cap)
{
    size_t count = 1;
    spans[0] = (ls_zone_span){from, offset_at(from)};
    for (ls_time t = from; t < to && count < cap; t += DAY) {
        if (offset_at(t + DAY) != spans[count - 1].offset) {
            ls_time change = change_between(t, t + DAY);
            spans[count++] = (ls_zone_span){change, offset_at(change)};
        }
    }
    return count;
}

ls_result ls_zone_system(const char *name, ls_time from, ls_time to, ls_zone_span *spans, size_t cap, size_t *count,
                         ls_detail *detail)
{
    char path[256];
    bool plain = name[0] != '\0' && strlen(name) < 100 && strstr(name, "..") == NULL && name[0] != '/';
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%.100s", name);
    if (!plain || !ls_file_exists(path)) {
        ls_hint(detail, "names are those of the tz database: Asia/Seoul, Europe/Vienna, UTC (package tzdata)");
        return ls_fail_with(&ls_fault_missing, detail, "the system knows no zone \"%s\"", name);
    }
    const char *old = getenv("TZ");
    char *kept = old == NULL ? NULL : strdup(old);
    setenv("TZ", name, 1);
    tzset();
    *count = scan(from, to, spans, cap);
    if (kept != NULL) {
        setenv("TZ", kept, 1);
    } else {
        unsetenv("TZ");
    }
    free(kept);
    tzset();
    return LS_SUCCESS;
}
