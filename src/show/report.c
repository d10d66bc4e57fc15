#include "show/report.h"

static const char *const levels[] = {
    [LS_FINDING_OK] = "OK    ", [LS_FINDING_NOTE] = "note  ", [LS_FINDING_FAILED] = "FAILED"};

static size_t count_failed(const ls_report *r)
{
    size_t failed = 0;
    for (size_t i = 0; i < r->count; i++) {
        failed += r->finding[i].level == LS_FINDING_FAILED;
    }
    return failed;
}

void ls_show_findings(FILE *out, const ls_report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const ls_finding *f = &r->finding[i];
        fprintf(out, "  %s  %s: %s\n", levels[f->level], f->subject, f->text);
    }
}

void ls_show_report(FILE *out, const char *file, const ls_report *r)
{
    fprintf(out, "%s\n", file);
    if (r->exercise) {
        fprintf(out, "EXERCISE. Nothing signed here can pass as real.\n");
    }
    ls_show_findings(out, r);
    if (!r->anchored && !ls_hash_is_zero(&r->charter)) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&r->charter, hex);
        fprintf(out,
                "WARNING: whoever made this file may have made up the whole process. Ask a delegation, by another way\n"
                "than the one by which this file came, for the charter's fingerprint, and give theirs with --charter.\n"
                "This file says that it is %s\n",
                hex);
    }
    if (r->failed) {
        fprintf(out, "NOT VALID: %zu of %zu findings failed\n", count_failed(r), r->count);
    } else {
        const char *holds = r->holds != NULL ? r->holds : "valid";
        fprintf(out, "%s\n", r->anchored ? holds : "consistent with itself, and no more than that");
    }
}
