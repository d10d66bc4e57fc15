/* Acts under an accord: what particular kinds ask for beyond their row. */
#include "record/rules.h"

#define AMOUNT_SHOWN_MAX 60

static const ls_measure *measure_of(const ls_record *r, const effect *e)
{
    return &ls_rule_roadmap(r, e)->measures[e->fact.subject];
}

/* Amounts. */

static ls_result refuse_amount(const ls_act *act, ls_bytes what, ls_bytes unit, ls_detail *detail)
{
    ls_bytes amount = act->raw[LS_H_AMOUNT];
    ls_hint(detail, "a number with at most three decimals%s%.*s: --amount \"6200%s%.*s\"", unit.len > 0 ? ", and " : "",
            (int)unit.len, unit.ptr, unit.len > 0 ? " " : "", (int)unit.len, unit.ptr);
    return ls_refuse(detail, NULL, "\"%.*s\" is not an amount of %.*s",
                     (int)(amount.len < AMOUNT_SHOWN_MAX ? amount.len : AMOUNT_SHOWN_MAX), amount.ptr, (int)what.len,
                     what.ptr);
}

/* In the units of the measure; it may be left out only where there is none, or where that says something. */
static ls_result take_amount(const ls_act *act, const ls_measure *m, bool optional, effect *e, ls_detail *detail)
{
    bool has = act->has[LS_H_AMOUNT];
    if (m->amount.kind == LS_AMOUNT_NONE) {
        return has ? ls_refuse(detail, "leave the amount out", "%.*s is not about an amount", (int)m->id.len, m->id.ptr)
                   : LS_SUCCESS;
    }
    if (!has) {
        return optional ? LS_SUCCESS
                        : ls_refuse(detail, "say how much: --amount N", "%.*s is about an amount, and none is stated",
                                    (int)m->id.len, m->id.ptr);
    }
    ls_quantity q;
    if (!ls_amount_parse(&m->amount, act->raw[LS_H_AMOUNT], &q)) {
        return refuse_amount(act, m->id, m->amount.units[0].unit, detail);
    }
    e->fact.amount = q;
    return LS_SUCCESS;
}

/* perform */

static ls_result check_content(const ls_measure *m, ls_detail *detail)
{
    if (m->declares.len == 0 && m->opens.len == 0) {
        return LS_SUCCESS;
    }
    return ls_refuse(detail, m->declares.len > 0 ? "use: lockstep declare" : "use: lockstep open",
                     "%.*s is performed by the %s itself", (int)m->id.len, m->id.ptr,
                     m->declares.len > 0 ? "declaration" : "opening");
}

static ls_result take_method(const ls_act *act, const ls_measure *m, effect *e, ls_detail *detail)
{
    ls_bytes id = act->raw[LS_H_METHOD];
    if (!act->has[LS_H_METHOD]) {
        return m->amount.method_count == 0
                   ? LS_SUCCESS
                   : ls_refuse(detail, "name it: --method METHOD; lockstep accord show lists them",
                               "%.*s can be performed by several methods, and none is named", (int)m->id.len,
                               m->id.ptr);
    }
    int i = ls_amount_method(&m->amount, id);
    if (i < 0) {
        return ls_refuse(detail, "lockstep accord show lists the methods", "%.*s has no method %.*s", (int)m->id.len,
                         m->id.ptr, (int)id.len, id.ptr);
    }
    e->fact.detail = (uint32_t)i & 127;
    return LS_SUCCESS;
}

/* One delivers in the stead of another. */
static ls_result take_principal(const ls_record *r, const ls_act *act, const ls_measure *m, effect *e,
                                ls_detail *detail)
{
    ls_bytes name = act->raw[LS_H_FOR];
    if (!act->has[LS_H_FOR]) {
        return LS_SUCCESS;
    }
    const ls_party *p = ls_charter_party(r->charter, name);
    if (p == NULL) {
        return ls_refuse(detail, NULL, "%.*s is not a party of the charter", (int)name.len, name.ptr);
    }
    if (!m->substitutes) {
        return ls_refuse(detail, NULL, "nobody performs %.*s for another: it allows no substitutes", (int)m->id.len,
                         m->id.ptr);
    }
    if ((ls_rule_roadmap(r, e)->signed_by & LS_PARTY_BIT(e->by)) == 0) {
        return ls_refuse(detail, NULL, "only a party to the accord performs for another");
    }
    e->fact.party = (uint32_t)(p - r->charter->party) & 31;
    return LS_SUCCESS;
}

ls_result ls_rule_check_perform(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_measure *m = measure_of(r, e);
    LS_TRY(check_content(m, detail));
    LS_TRY(take_principal(r, act, m, e, detail));
    LS_TRY(take_method(act, m, e, detail));
    return take_amount(act, m, false, e, detail);
}

/* Answers and reversals. */

static bool performed(const ls_record *r, const effect *e)
{
    return r->accord[e->accord_index].performed[e->fact.subject] > 0;
}

/* Of a performance; or of an incident, that it was none. What a report is about is neither. */
ls_result ls_rule_check_confirm(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_measure *m = measure_of(r, e);
    LS_TRY(take_amount(act, m, true, e, detail));
    if (performed(r, e) || e->fact.ref != LS_NO_ENTRY) {
        return LS_SUCCESS;
    }
    return ls_refuse(detail, "wait for the other side's: lockstep perform",
                     "nothing to confirm: %.*s was not performed", (int)m->id.len, m->id.ptr);
}

ls_result ls_rule_check_reverse(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_measure *m = measure_of(r, e);
    (void)act;
    if (m->irreversible) {
        return ls_refuse(detail, NULL, "%.*s is irreversible", (int)m->id.len, m->id.ptr);
    }
    if (m->declares.len > 0 || m->opens.len > 0) {
        return ls_refuse(detail, "what is shown can't be taken back; a later declaration supplements an earlier one",
                         "%.*s can't be undone", (int)m->id.len, m->id.ptr);
    }
    return performed(r, e)
               ? LS_SUCCESS
               : ls_refuse(detail, NULL, "nothing to reverse: %.*s was not performed", (int)m->id.len, m->id.ptr);
}

/* Of an obligation that goes on. */
ls_result ls_rule_check_incident(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_measure *m = measure_of(r, e);
    (void)act;
    bool goes_on = m->continuing || m->amount.kind == LS_AMOUNT_CEILING || m->amount.kind == LS_AMOUNT_RATE;
    return goes_on ? LS_SUCCESS
                   : ls_refuse(detail, "its verifiers answer with: lockstep object, lockstep missing",
                               "%.*s is not a continuing obligation", (int)m->id.len, m->id.ptr);
}

ls_result ls_rule_check_call_off(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)r;
    (void)detail;
    e->fact.day = act->has[LS_H_DUE] ? (int32_t)ls_date_to_days(act->due) : LS_NO_DAY;
    return LS_SUCCESS;
}

ls_result ls_rule_check_assess(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)r;
    (void)detail;
    e->fact.amount = (ls_quantity)act->score;
    return LS_SUCCESS;
}

/* Events. */

/* A total in the units of what is a percentage of it; of what nothing is, a plain number. */
static bool attested_amount(const ls_roadmap *m, size_t event, ls_bytes text, ls_quantity *out, ls_bytes *unit)
{
    for (size_t i = 0; i < m->measure_count; i++) {
        const ls_amount *a = &m->measures[i].amount;
        if (a->kind == LS_AMOUNT_PERCENT && a->subject == event) {
            *unit = a->units[0].unit;
            return ls_amount_parse(a, text, out);
        }
    }
    return ls_quantity_parse(text, out);
}

ls_result ls_rule_check_attest(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_roadmap *m = ls_rule_roadmap(r, e);
    const ls_event *x = &m->events[e->fact.subject];
    ls_quantity q = LS_QUANTITY_NONE;
    ls_bytes unit = {0};
    if (x->to_be_agreed) {
        return ls_refuse(detail, "amend the accord: lockstep accord propose --amends",
                         "what %.*s is has still to be agreed", (int)x->id.len, x->id.ptr);
    }
    if (x->attested_by == 0) {
        return ls_refuse(detail, NULL, "%.*s follows from what happens: nobody attests it", (int)x->id.len, x->id.ptr);
    }
    if (act->has[LS_H_AMOUNT] && !attested_amount(m, e->fact.subject, act->raw[LS_H_AMOUNT], &q, &unit)) {
        return refuse_amount(act, x->id, unit, detail);
    }
    e->fact.amount = q;
    return LS_SUCCESS;
}

/* Rights. */

/* What an inspection uses is used by its draws, notices and challenges alone. */
ls_result ls_rule_check_use(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_roadmap *m = ls_rule_roadmap(r, e);
    const char *kind;
    (void)act;
    if (ls_roadmap_right_of(m, e->fact.subject, &kind) == NULL) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "use: lockstep %s", kind);
    return ls_refuse(detail, NULL, "%.*s is used by inspections", (int)m->rights[e->fact.subject].id.len,
                     m->rights[e->fact.subject].id.ptr);
}

/* Disputes. */

ls_result ls_rule_check_dispute(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)r;
    (void)act;
    (void)detail;
    e->fact.amount = e->named[NAMED_MEASURE] < 0 ? LS_QUANTITY_NONE : e->named[NAMED_MEASURE];
    return LS_SUCCESS;
}

/* The stage that the act names, of the procedure that its ref led to. */
static ls_result take_stage(const ls_record *r, const ls_act *act, effect *e, const ls_stage **out, ls_detail *detail)
{
    const ls_dispute *d = &ls_rule_roadmap(r, e)->disputes[e->fact.subject];
    ls_bytes id = act->raw[LS_H_STAGE];
    int i = ls_dispute_stage(d, id);
    if (i < 0) {
        return ls_refuse(detail, "lockstep accord show lists the stages", "%.*s has no stage %.*s", (int)d->id.len,
                         d->id.ptr, (int)id.len, id.ptr);
    }
    e->fact.detail = (uint32_t)i & 127;
    *out = &d->stages[i];
    return LS_SUCCESS;
}

ls_result ls_rule_check_refer(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_stage *s = NULL;
    LS_TRY(take_stage(r, act, e, &s, detail));
    return s->optional
               ? LS_SUCCESS
               : ls_refuse(detail, NULL, "every dispute comes to %.*s: it is not asked for", (int)s->id.len, s->id.ptr);
}

/* extend: a measure, or a stage of a dispute. */

static ls_result check_stage(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_stage *s = NULL;
    LS_TRY(take_stage(r, act, e, &s, detail));
    return s->extendable ? LS_SUCCESS
                         : ls_refuse(detail, NULL, "the stage %.*s can't be extended", (int)s->id.len, s->id.ptr);
}

ls_result ls_rule_check_extend(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    bool stage = act->has[LS_H_STAGE] && act->has[LS_H_REF] && !act->has[LS_H_MEASURE];
    bool measure = act->has[LS_H_MEASURE] && !act->has[LS_H_STAGE] && !act->has[LS_H_REF];
    if (!stage && !measure) {
        return ls_refuse(detail, NULL, "extend names a measure, or a dispute (as ref) and one of its stages");
    }
    if (ls_rule_roadmap(r, e)->extension.by == 0) {
        return ls_refuse(detail, "amend the accord, or call the measure off", "the accord has no rule for extensions");
    }
    e->fact.day = (int32_t)ls_date_to_days(act->due);
    if (stage) {
        return check_stage(r, act, e, detail);
    }
    const ls_measure *m = measure_of(r, e);
    return m->due.count > 0
               ? LS_SUCCESS
               : ls_refuse(detail, NULL, "%.*s has no deadline that could be extended", (int)m->id.len, m->id.ptr);
}

/* The accord as a whole. */

ls_result ls_rule_check_denounce(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    return ls_rule_roadmap(r, e)->withdrawal.notice.count > 0
               ? LS_SUCCESS
               : ls_refuse(detail, "suspend it, or amend it", "the accord has no rule for withdrawal");
}

/* A part of the accord, if its rule lets that be suspended alone. */
ls_result ls_rule_check_suspend(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    static const char *const names[] = {
        [LS_SUSPEND_ACCORD] = "as a whole", [LS_SUSPEND_TRACK] = "by track", [LS_SUSPEND_MEASURE] = "by measure"};
    bool track = act->has[LS_H_TRACK], measure = act->has[LS_H_MEASURE];
    unsigned scope = track ? LS_SUSPEND_TRACK : measure ? LS_SUSPEND_MEASURE : LS_SUSPEND_ACCORD;
    if (track && measure) {
        return ls_refuse(detail, "suspend one, then the other", "a suspension is of a track or of a measure");
    }
    if ((ls_rule_roadmap(r, e)->suspension.scope & scope) == 0) {
        return ls_refuse(detail, "lockstep accord show says what may be suspended", "the accord can't be suspended %s",
                         names[scope]);
    }
    if (track) {
        e->fact.detail = (uint32_t)e->named[NAMED_TRACK] & 127;
    }
    if (measure) {
        e->fact.subject = (uint32_t)e->named[NAMED_MEASURE] & 1023;
    }
    return LS_SUCCESS;
}

/* ref names a suspension of this accord by this party that has not been resumed. */
ls_result ls_rule_check_resume(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_fact *f = e->referred == NONE ? NULL : ls_accord_fact(&r->accord[e->accord_index], e->referred);
    bool lasts = f != NULL && f->kind == LS_FACT_SUSPEND && f->by == e->by && ls_entry_effective(r, e->referred) &&
                 (r->entry[e->referred].flags & ENTRY_RESUMED) == 0;
    if (!lasts) {
        return ls_refuse(detail, "lockstep log lists the acts",
                         "ref does not name a suspension by %.*s that still lasts", (int)act->by.name[0].len,
                         act->by.name[0].ptr);
    }
    e->fact.subject = f->subject;
    e->fact.detail = f->detail;
    return LS_SUCCESS;
}
