/* An audit from beginning to end. What it finds is claimed, and what is claimed is verified before it is said. */
#include "audit/internal.h"
#include <stdio.h>
#include <stdlib.h>

static bool is_history(const view *v)
{
    return !v->foreign && v->same == NULL && v->size > 0;
}

static ls_result look(audit *a)
{
    for (size_t i = 0; i < a->o->path_count; i++) {
        LS_TRY(ls_audit_load(a, a->o->path[i]));
    }
    LS_TRY(ls_audit_compare(a));
    for (size_t i = 0; i < a->view_count; i++) {
        if (is_history(&a->view[i])) {
            LS_TRY(ls_audit_replay(a, &a->view[i]));
        }
    }
    if (a->ledger_count == 0) {
        ls_report_add(a->report, LS_FINDING_FAILED, "charter", "none that is acceptable is in any of these");
        return LS_SUCCESS;
    }
    LS_TRY(ls_audit_place_heads(a));
    return ls_audit_claim(a);
}

/* The number in "claim 3 (fork)"; 0 for other subjects. */
static size_t claim_number(const char *subject)
{
    return strncmp(subject, "claim ", 6) == 0 ? (size_t)strtoul(subject + 6, NULL, 10) : 0;
}

/* The last claim of those that are not proven after all; 0 if all are. */
static size_t last_unproven(const ls_report *report)
{
    size_t last = 0;
    for (size_t i = 0; i < report->count; i++) {
        size_t number = claim_number(report->finding[i].subject);
        if (report->finding[i].level == LS_FINDING_FAILED && number > last) {
            last = number;
        }
    }
    return last;
}

/* What the verifier said is what the audit says: proven means that something is wrong. */
static ls_result take_over(audit *a, const ls_report *verified)
{
    for (size_t i = 0; i < verified->count; i++) {
        const ls_finding *f = &verified->finding[i];
        bool proven = strncmp(f->text, "PROVEN", 6) == 0;
        if (claim_number(f->subject) > 0) {
            ls_report_add(a->report,
                          proven                      ? LS_FINDING_FAILED
                          : f->level == LS_FINDING_OK ? LS_FINDING_NOTE
                                                      : f->level,
                          f->subject, "%s", f->text);
        }
    }
    a->report->proven = verified->proven;
    return LS_SUCCESS;
}

/* Packs the claims and verifies them as a third person would; those that don't hold are dropped. */
static ls_result conclude(audit *a, ls_buf *evidence)
{
    while (a->claim_count > 0) {
        ls_arena arena = {0};
        ls_report verified = {0};
        ls_buf file = {0};
        ls_result r = ls_audit_pack(a, &file);
        if (ls_succeeded(r)) {
            r = ls_verify_bundle(&arena, ls_buf_bytes(&file), &a->process, NULL, NULL, &verified, a->detail);
        }
        size_t unproven = ls_succeeded(r) ? last_unproven(&verified) : 0;
        bool done = ls_succeeded(r) && unproven == 0;
        if (unproven > 0) {
            ls_audit_drop_claim(a, unproven);
        } else if (done && verified.failed) {
            r = ls_fail_with(&ls_fault_bug, a->detail, "the evidence does not verify");
        } else if (done) {
            r = take_over(a, &verified);
            ls_buf_put_bytes(evidence, ls_buf_bytes(&file));
        }
        ls_buf_free(&file);
        ls_arena_free(&arena);
        if (ls_failed(r) || done) {
            return ls_failed(r) ? r : ls_buf_check(evidence);
        }
    }
    return LS_SUCCESS;
}

static void audit_free(audit *a)
{
    for (size_t i = 0; i < a->view_count; i++) {
        view *v = &a->view[i];
        ls_source_close(v->source);
        ls_record_free(v->record);
        free(v->leaf);
        ls_buf_free(&v->acts);
        ls_buf_free(&v->files);
        ls_buf_free(&v->stamps);
        ls_buf_free(&v->receipts);
        ls_buf_free(&v->keys);
    }
    free(a);
}

ls_result ls_audit(const ls_audit_options *o, ls_report *report, ls_buf *evidence, ls_detail *detail)
{
    audit *a = calloc(1, sizeof *a);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    a->o = o;
    a->report = report;
    a->arena = report->arena;
    a->detail = detail;
    ls_result r = look(a);
    if (ls_succeeded(r)) {
        report->charter = a->process;
        report->anchored = true; /* whoever audits knows whose copies these are */
        report->holds = "nothing in what these hold breaks a rule";
        r = conclude(a, evidence);
    }
    audit_free(a);
    return ls_succeeded(r) && report->lost ? ls_fail(&ls_fault_memory) : r;
}
