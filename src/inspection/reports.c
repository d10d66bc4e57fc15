/* What was found, and which findings about one thing contradict each other. */
#include "inspection/parts.h"

/* That nothing can be said contradicts nobody. */
static bool says_something(const ls_inspected *f)
{
    return f->finding == LS_CONCLUSION_CONSISTENT || f->finding == LS_CONCLUSION_DISCREPANCY;
}

void ls_inspecting_reports(ls_inspecting *s, const ls_inspected **first)
{
    ls_report_state *out = s->out->report;
    for (size_t i = 0; i < s->count; i++) {
        const ls_inspected *f = &s->fact[i];
        size_t root = s->root[i];
        bool counts = f->kind == LS_INSPECTED_REPORT && root != LS_NO_POSITION && ls_inspecting_counts(s, root) &&
                      ls_inspecting_counts(s, i);
        if (!counts) {
            continue;
        }
        *out = (ls_report_state){.report = f};
        if (says_something(f)) {
            bool differs = f->finding == LS_CONCLUSION_CONSISTENT;
            out->contradicts = first[2 * root + (differs ? 1 : 0)];
            const ls_inspected **same = &first[2 * root + (differs ? 0 : 1)];
            *same = *same == NULL ? f : *same;
        }
        out++;
    }
}
