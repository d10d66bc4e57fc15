/*
 * Acts about inspections: one rule for all of them, over the rows of the table. A draw, a visit, a question or a
 * challenge names its inspection; whatever follows names that act, and goes by the rules under which it was filed. What
 * follows from all of it is the business of inspection/.
 */
#include "record/rules.h"

/* The rule under which it goes: of the inspection that it names, or of what it refers to. */
static ls_result take_rule(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const inspected_rule *rule = &e->rule->inspected;
    ls_inspected *x = &e->inspected;
    const ls_inspected *about = e->referred == NONE ? NULL : ls_inspected_find(r, e->accord_index, e->referred);
    bool fits = about != NULL && (rule->refs >> about->kind & 1) != 0 && ls_entry_effective(r, e->referred);
    if (act->has[LS_H_REF] && rule->refs != 0 && !fits) {
        return ls_refuse(detail, "lockstep inspections lists draws, visits and challenges",
                         "ref does not name what a %s can be about", e->rule->kind);
    }
    if (e->named[NAMED_INSPECTION] >= 0) {
        x->rule = &ls_rule_roadmap(r, e)->inspections[e->named[NAMED_INSPECTION]];
        if (fits && !ls_bytes_equal(x->rule->id, about->rule->id)) {
            return ls_refuse(detail, NULL, "ref is of the inspection %.*s", (int)about->rule->id.len,
                             about->rule->id.ptr);
        }
    } else {
        x->rule = about->rule;
    }
    return LS_SUCCESS;
}

static ls_result check_who(const ls_record *r, const effect *e, ls_detail *detail)
{
    const ls_inspection *i = e->inspected.rule;
    inspected_who who = e->rule->inspected.who;
    bool may = (e->by == i->of && who != INSPECTED_BY) || (e->by == i->by && who != INSPECTED_OF);
    if (may) {
        return LS_SUCCESS;
    }
    const ls_party *p = r->charter->party;
    ls_hint(detail, who == INSPECTED_EITHER ? "that is for: %.*s %.*s" : "that is for: %.*s",
            (int)p[who == INSPECTED_BY ? i->by : i->of].name.len, p[who == INSPECTED_BY ? i->by : i->of].name.ptr,
            (int)p[i->by].name.len, p[i->by].name.ptr);
    return ls_refuse(detail, NULL, "%.*s does not %s under %.*s", (int)p[e->by].name.len, p[e->by].name.ptr,
                     e->rule->kind, (int)i->id.len, i->id.ptr);
}

ls_result ls_rule_accept_inspected(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const inspected_rule *rule = &e->rule->inspected;
    LS_TRY(ls_rule_require_accord(r, e, detail));
    e->fact.kind = LS_FACT_NOTHING;
    e->inspected = (ls_inspected){.ref = e->referred,
                                  .kind = (uint8_t)rule->kind,
                                  .by = (uint8_t)e->by,
                                  .day = act->has[LS_H_DATE] ? (int32_t)ls_date_to_days(act->date) : LS_NO_DAY};
    LS_TRY(take_rule(r, act, e, detail));
    LS_TRY(check_who(r, e, detail));
    return rule->check == NULL ? LS_SUCCESS : rule->check(r, act, e, detail);
}

/* A right that it uses, or an answer that a report is, besides. */
void ls_rule_apply_inspected(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    ls_inspected_add(r, e->accord_index, &e->inspected);
    if (e->fact.kind != LS_FACT_NOTHING) {
        ls_fact_add(r, e->accord_index, &e->fact);
    }
}
