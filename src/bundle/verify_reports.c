/* Reports in a file that is verified: whether they hold, and which contradict each other. */
#include "bundle/verifier.h"
#include <stdlib.h>

/* What a draw came to: computed by its author from the record, as anybody can. */
static bool is_conclusion(ls_verifier *v, ls_bytes text)
{
    ls_value *map;
    const ls_value *kind = NULL;
    if (ls_succeeded(ls_json_parse(v->arena, text, &map, NULL)) && map->type == LS_MAP) {
        kind = ls_value_get(map, "lockstep");
    }
    return kind != NULL && kind->type == LS_STRING && ls_bytes_is(kind->string, LS_CONCLUSION_KIND);
}

/* Why a report is not what its act says, or NULL. */
static const char *mismatch(const ls_act *act, const ls_site_report *r)
{
    if (!ls_hash_equal(&r->about, &act->ref)) {
        return "it is about another act than the one that ref names";
    }
    return ls_bytes_is(act->raw[LS_H_FINDING], ls_conclusion_name(r->finding)) ? NULL
                                                                               : "it has another finding than the act";
}

static void check_files(ls_verifier *v, const char *subject, const ls_site_report *r, const ls_carried *carried)
{
    for (size_t i = 0; i < r->file_count; i++) {
        bool there = false;
        for (size_t k = 0; k < carried->count; k++) {
            there = there || ls_hash_equal(&carried->hash[k], &r->file[i].hash);
        }
        if (!there) {
            ls_report_add(v->report, carried->absent > 0 ? LS_FINDING_NOTE : LS_FINDING_FAILED, subject,
                          "the file %.*s that its report names is not %s", (int)r->file[i].name.len,
                          r->file[i].name.ptr, carried->absent > 0 ? "here" : "attached to it");
        }
    }
}

static ls_result remember(ls_verifier *v, const char *subject, const ls_act *act, const ls_site_report *r)
{
    ls_known_report *known = ls_arena_alloc(v->arena, sizeof *known);
    char *by = ls_arena_str(v->arena, act->by.name[0]);
    if (known == NULL || by == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *known = (ls_known_report){
        .number = v->report_count++, .subject = subject, .by = ls_bytes_of(by, act->by.name[0].len), .report = *r};
    *v->last_report = known;
    v->last_report = &known->next;
    return LS_SUCCESS;
}

static void tell_finding(ls_verifier *v, const char *subject, const ls_site_report *r)
{
    const char *wrong = r->finding == LS_CONCLUSION_CONSISTENT ? ls_site_report_inconsistent(v->arena, r) : NULL;
    if (wrong == NULL) {
        ls_report_add(v->report, LS_FINDING_OK, subject, "it reports: %s", ls_conclusion_name(r->finding));
    } else {
        ls_report_add(v->report, LS_FINDING_NOTE, subject,
                      "it reports that all is consistent, which does not follow: %s", wrong);
    }
}

ls_result ls_verify_report(ls_verifier *v, uint64_t index, const ls_act *act, const ls_carried *carried)
{
    const char *subject = ls_verify_subject(v, index, act);
    ls_detail detail = {0};
    ls_site_report r;
    if (is_conclusion(v, carried->report)) {
        return LS_SUCCESS;
    }
    ls_result parsed = ls_site_report_parse(v->arena, carried->report, &r, &detail);
    if (parsed.fault == &ls_fault_memory) {
        return parsed;
    }
    const char *wrong = ls_failed(parsed) ? detail.text : mismatch(act, &r);
    if (wrong != NULL) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "its report.json does not hold: %s", wrong);
        return LS_SUCCESS;
    }
    check_files(v, subject, &r, carried);
    tell_finding(v, subject, &r);
    bool counts = v->record == NULL || !ls_record_at(v->record, index).lapsed;
    return counts ? remember(v, subject, act, &r) : LS_SUCCESS;
}

/* Contradictions. */

static int compare(const void *a, const void *b)
{
    const ls_known_report *x = *(const ls_known_report *const *)a, *y = *(const ls_known_report *const *)b;
    int order = memcmp(x->report.about.b, y->report.about.b, LS_HASH_SIZE);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* Both sources, and everything that differs. */
static ls_result tell(ls_verifier *v, const ls_known_report *a, const ls_known_report *b)
{
    ls_report_difference *x;
    size_t count;
    LS_TRY(ls_reports_compare(v->arena, &a->report, &b->report, &x, &count));
    for (size_t i = 0; i < count; i++) {
        ls_report_add(v->report, LS_FINDING_NOTE, b->subject,
                      "CONTRADICTION with %s: %s is \"%s\" by %.*s there, and \"%s\" by %.*s here", a->subject,
                      x[i].what, x[i].a, (int)a->by.len, a->by.ptr, x[i].b, (int)b->by.len, b->by.ptr);
    }
    return LS_SUCCESS;
}

/* Each with the first of each party about the same: whoever repeats himself a thousand times is compared a thousand
 * times, and not a million. */
static ls_result tell_group(ls_verifier *v, const ls_known_report *const *group, size_t count)
{
    const ls_known_report *first[LS_PARTIES_MAX];
    size_t firsts = 0;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t k = 0; k < firsts; k++) {
            LS_TRY(tell(v, first[k], group[i]));
            known = known || ls_bytes_equal(first[k]->by, group[i]->by);
        }
        if (!known && firsts < LS_PARTIES_MAX) {
            first[firsts++] = group[i];
        }
    }
    return LS_SUCCESS;
}

ls_result ls_verify_contradictions(ls_verifier *v)
{
    const ls_known_report **sorted = ls_arena_array(v->arena, v->report_count + 1, sizeof *sorted);
    size_t count = 0, begin = 0;
    if (sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (const ls_known_report *r = v->reports; r != NULL; r = r->next) {
        sorted[count++] = r;
    }
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 1; i <= count; i++) {
        if (i == count || !ls_hash_equal(&sorted[i]->report.about, &sorted[begin]->report.about)) {
            LS_TRY(tell_group(v, sorted + begin, i - begin));
            begin = i;
        }
    }
    return LS_SUCCESS;
}
