/* Forms held against the record: whose visit, which site, what was declared of it, when. */
#include "workspace/report.h"
#include <stdio.h>

typedef struct checking {
    ls_workspace *ws;
    ls_arena *arena;
    int accord;
    const ls_inspected *visit;
    const ls_visit_state *state;
    ls_report_paper *p;
    ls_diagnostics *d;
    ls_detail *detail;
} checking;

static const ls_inspected *fact_at(const checking *c, uint32_t index)
{
    const ls_inspecteds all = ls_record_inspecteds(c->ws->record, (size_t)c->accord);
    const ls_inspected *x = all.fact, *end = x + all.count;
    while (x < end && x->index != index) {
        x++;
    }
    return x < end ? x : NULL;
}

/* The draw or the challenge that a visit comes from: one that goes on from another names that one. */
static const ls_inspected *origin(const checking *c)
{
    const ls_inspected *x = c->visit;
    while (x != NULL && x->kind == LS_INSPECTED_VISIT) {
        x = fact_at(c, x->ref);
    }
    return x;
}

/* The visit. */

static bool check_visit(const checking *c)
{
    const ls_party *parties = ls_record_charter(c->ws->record)->party;
    size_t me = (size_t)(ls_workspace_party(c->ws) - parties);
    const ls_inspection *rule = c->visit->rule;
    if (me != rule->of && me != rule->by) {
        ls_diagnose(c->d, c->p->visit_mark, NULL, "%.*s takes no part in this visit: %.*s inspects %.*s",
                    (int)c->ws->party.len, c->ws->party.ptr, (int)parties[rule->by].name.len,
                    parties[rule->by].name.ptr, (int)parties[rule->of].name.len, parties[rule->of].name.ptr);
        return false;
    }
    if (c->state == NULL || c->state->stage == LS_VISIT_WITHDRAWN || c->state->stage == LS_VISIT_BEYOND) {
        ls_diagnose(c->d, c->p->visit_mark, "lockstep inspections", "this notice of a visit has no effect");
        return false;
    }
    return true;
}

/* The site. */

static bool check_row(const checking *c)
{
    const ls_site_report *r = &c->p->report;
    const ls_inspected *v = c->visit;
    char visited[48];
    snprintf(visited, sizeof visited, "%u/%llu", (unsigned)v->tranche, (unsigned long long)v->spare);
    if (v->tranche == 0 && r->has_row) {
        ls_diagnose(c->d, c->p->row_mark, "leave row out", "this visit is to a place, and to no declared row");
        return false;
    }
    if (v->tranche != 0 && (!r->has_row || r->row.tranche != v->tranche || r->row.row != v->spare)) {
        ls_diagnose(c->d, c->p->row_mark, "is this the form of another site?",
                    "this is not the site that was visited: the notice names row %s", visited);
        return false;
    }
    return v->tranche != 0;
}

/* Values. */

static void check_field(const checking *c, const ls_report_field *f, const ls_seen_row *seen)
{
    const ls_declared *d = seen->declared;
    size_t i = ls_bytes_find(d->fields, d->field_count, f->name);
    if (i == d->field_count) {
        ls_diagnose(c->d, f->mark, NULL, "the declaration has no field \"%.*s\"", (int)f->name.len, f->name.ptr);
    } else if (!seen->fields[i].open) {
        ls_diagnose(c->d, f->mark, "leave this field out", "the field \"%.*s\" is not opened to this workspace",
                    (int)f->name.len, f->name.ptr);
    } else if (!ls_bytes_equal(seen->fields[i].value, f->declared)) {
        ls_bytes value = seen->fields[i].value;
        ls_diagnose(c->d, f->mark, "declared values stay as they are; what differs stands under found",
                    "of \"%.*s\" the form says that \"%.*s\" was declared, and it is \"%.*s\"", (int)f->name.len,
                    f->name.ptr, (int)f->declared.len, f->declared.ptr, (int)value.len, value.ptr);
    }
}

static ls_result check_fields(const checking *c)
{
    const ls_inspected *about = origin(c);
    const ls_site_report *r = &c->p->report;
    ls_seen_rows rows = {0};
    if (about == NULL) {
        return ls_fail(&ls_fault_bug);
    }
    LS_TRY(ls_workspace_seen_rows(c->ws, c->arena, c->accord, about->index, NULL, &rows, c->detail));
    const ls_seen_row *seen = ls_seen_find(&rows, &r->row);
    if (seen == NULL) {
        ls_diagnose(c->d, c->p->row_mark, "lockstep inbox shows what has come; lockstep draw verify, what was opened",
                    "no opening of this row is here: what was declared can't be told");
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < r->field_count; i++) {
        check_field(c, &r->field[i], seen);
    }
    return LS_SUCCESS;
}

/* Dates. */

static void check_not_after(const checking *c, ls_mark mark, ls_date day, ls_time limit, const char *what)
{
    char last[LS_DATE_SIZE];
    ls_date date = ls_zone_date(&ls_record_charter(c->ws->record)->zone, limit);
    if (ls_date_to_days(day) > ls_date_to_days(date)) {
        ls_date_format(date, last);
        ls_diagnose(c->d, mark, NULL, "that is after %s, %s", last, what);
    }
}

/* They came no earlier than notice was given, and left no later than is on the record, or than today. */
static ls_result check_dates(const checking *c)
{
    const ls_site_report *r = &c->p->report;
    const ls_zone *zone = &ls_record_charter(c->ws->record)->zone;
    ls_time noticed = ls_record_at(c->ws->record, c->visit->index).time, now;
    LS_TRY(ls_workspace_now(c->ws, &now, c->detail));
    noticed = noticed == LS_TIME_OPEN ? now : noticed;
    ls_date first = ls_zone_date(zone, noticed);
    if (ls_date_to_days(r->from) < ls_date_to_days(first)) {
        char day[LS_DATE_SIZE];
        ls_date_format(first, day);
        ls_diagnose(c->d, c->p->from_mark, NULL, "that is before %s, when notice was given", day);
    }
    if (c->state->left != LS_TIME_OPEN && c->state->left < now) {
        check_not_after(c, c->p->to_mark, r->to, c->state->left, "when they had left by the record");
    } else {
        check_not_after(c, c->p->to_mark, r->to, now, "which is today");
    }
    return LS_SUCCESS;
}

/* The finding, and who says so. */

static void check_finding(const checking *c)
{
    const ls_site_report *r = &c->p->report;
    const ls_party *me = ls_workspace_party(c->ws);
    unsigned signers = ls_act_threshold(me, ls_bytes_str("report"));
    const char *wrong = ls_site_report_inconsistent(c->arena, r);
    if (r->finding == LS_CONCLUSION_CONSISTENT && wrong != NULL) {
        ls_diagnose(c->d, c->p->finding_mark, "finding: discrepancy, or inconclusive", "consistent does not follow: %s",
                    wrong);
    }
    if (me == &ls_record_charter(c->ws->record)->party[c->visit->rule->by] && r->inspector_count < signers) {
        ls_diagnose(c->d, c->p->inspectors_mark, NULL,
                    "%u signers of %.*s have to sign a report, and fewer inspectors are named", signers,
                    (int)me->name.len, me->name.ptr);
    }
}

ls_result ls_workspace_check_report(ls_workspace *ws, ls_arena *arena, int accord, const ls_inspected *visit,
                                    ls_report_paper *p, ls_diagnostics *d, ls_detail *detail)
{
    checking c = {ws, arena, accord, visit, NULL, p, d, detail};
    ls_inspection_state *s = ls_arena_alloc(arena, sizeof *s);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_inspections(ws, arena, accord, s, detail));
    for (size_t i = 0; i < s->visit_count; i++) {
        c.state = s->visit[i].visit->index == visit->index ? &s->visit[i] : c.state;
    }
    p->report.about = ls_record_at(ws->record, visit->index).id;
    if (!check_visit(&c)) {
        return LS_SUCCESS;
    }
    if (check_row(&c)) {
        LS_TRY(check_fields(&c));
    }
    check_finding(&c);
    return check_dates(&c);
}
