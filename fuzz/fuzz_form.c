/* Forms of reports: any text may be one, as YAML or as CSV; what is wrong has a place. */
#include "workspace/report.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_form(const char *path, ls_bytes text)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_report_paper p;
    ls_buf json = {0};
    ls_site_report again;
    if (ls_failed(ls_report_load(&arena, path, text, &d, &p)) || d.errors > 0) {
        ls_arena_free(&arena);
        return;
    }
    /* A form without errors gives a report that reads as one. */
    if (ls_failed(ls_site_report_format(&p.report, &json)) ||
        ls_failed(ls_site_report_parse(&arena, ls_buf_bytes(&json), &again, NULL))) {
        abort();
    }
    ls_buf_free(&json);
    ls_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes text = ls_bytes_of(data, size);
    read_form("/nonexistent/form.yaml", text);
    read_form("/nonexistent/form.csv", text);
    return 0;
}
