/* Reports about sites: what parses has one form, and two readings of it say the same. */
#include "bundle/reports.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check(ls_arena *arena, const ls_site_report *r, ls_bytes text)
{
    ls_buf again = {0};
    ls_report_difference *x;
    size_t count;
    require(ls_succeeded(ls_site_report_format(r, &again)));
    require(ls_bytes_equal(ls_buf_bytes(&again), text));
    require(ls_succeeded(ls_reports_compare(arena, r, r, &x, &count)) && count == 0);
    (void)ls_site_report_inconsistent(arena, r);
    ls_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_site_report r;
    ls_detail detail = {0};
    if (ls_succeeded(ls_site_report_parse(&arena, ls_bytes_of(data, size), &r, &detail))) {
        check(&arena, &r, ls_bytes_of(data, size));
    }
    ls_arena_free(&arena);
    return 0;
}
