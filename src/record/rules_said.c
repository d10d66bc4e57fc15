/*
 * Acts under an accord: one rule for all of them, over the rows of the table. Each says one thing about the accord, a
 * measure, an event, a right or a dispute; it must be its author's to say, and what it refers to must be there. What
 * follows from it is the state's business.
 */
#include "record/rules.h"
#include <stdio.h>

ls_result ls_rule_require_accord(const ls_record *r, const effect *e, ls_detail *detail)
{
    if (!ls_entry_effective(r, r->accord[e->accord_index].shown.index)) {
        return ls_refuse(detail, "propose it again", "the accord is without effect: it came too late");
    }
    return LS_SUCCESS;
}

const ls_roadmap *ls_rule_roadmap(const ls_record *r, const effect *e)
{
    return r->accord[e->accord_index].shown.roadmap;
}

/* "it is for: usa rok" */
static void hint_parties(const ls_charter *c, ls_parties parties, ls_detail *detail)
{
    char names[sizeof detail->hint] = "";
    size_t used = 0;
    for (size_t i = 0; i < c->party_count; i++) {
        ls_bytes name = c->party[i].name;
        if ((parties & LS_PARTY_BIT(i)) != 0 && used + name.len + 2 < sizeof names) {
            used += (size_t)snprintf(names + used, sizeof names - used, " %.*s", (int)name.len, name.ptr);
        }
    }
    ls_hint(detail, "that is for%s%s", used > 0 ? ":" : " no party", names);
}

/* What a fact is about, as people call it. */
static ls_bytes subject_name(const ls_roadmap *m, named about, const ls_fact *f)
{
    size_t i = f->subject;
    switch (i == LS_NO_SUBJECT ? NAMED_NOTHING : about) {
    case NAMED_MEASURE:
        return m->measures[i].id;
    case NAMED_EVENT:
        return m->events[i].id;
    case NAMED_RIGHT:
        return m->rights[i].id;
    case NAMED_DISPUTE:
        return m->disputes[i].id;
    case NAMED_INSPECTION:
    case NAMED_TRACK:
    case NAMED_NOTHING:
        break;
    }
    return m->name;
}

static ls_result check_who(const ls_record *r, named about, const effect *e, ls_detail *detail)
{
    const ls_roadmap *m = ls_rule_roadmap(r, e);
    const ls_fact *f = &e->fact;
    ls_who who = e->rule->said.who;
    ls_parties may = ls_who_may(m, who, f->subject);
    if ((may & LS_PARTY_BIT(f->party)) != 0) {
        return LS_SUCCESS;
    }
    ls_bytes name = r->charter->party[f->party].name, subject = subject_name(m, about, f);
    hint_parties(r->charter, may, detail);
    return ls_refuse(detail, NULL, "%.*s %s %.*s", (int)name.len, name.ptr, ls_who_does_not(who), (int)subject.len,
                     subject.ptr);
}

/* What it is about, and refers to. */

static void set_subject(effect *e, int subject)
{
    e->fact.subject = subject < 0 ? LS_NO_SUBJECT : (uint32_t)subject & 1023;
}

/* ref names an act of one of the kinds that answer this, about the same subject; where none is named, its subject. */
static ls_result check_ref(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const said_rule *said = &e->rule->said;
    if (!act->has[LS_H_REF] || said->refs == 0) {
        return LS_SUCCESS;
    }
    if (e->referred == NONE) {
        return ls_refuse(detail, "lockstep log lists the acts", "ref names an act that is not on the record");
    }
    bool disputes = said->refs == 1u << LS_FACT_DISPUTE, fits = false;
    const accord *a = &r->accord[e->accord_index];
    const ls_fact *end = a->fact + a->fact_count, *f = ls_accord_fact(a, e->referred);
    for (; f != NULL && f < end && f->index == e->referred && !fits; f++) {
        fits = (said->refs >> f->kind & 1) != 0 && (disputes || f->subject == e->fact.subject);
        if (fits && disputes) {
            e->fact.subject = f->subject;
        }
    }
    if (fits && ls_entry_effective(r, e->referred)) {
        return LS_SUCCESS;
    }
    return ls_refuse(detail, "lockstep log lists the acts", "the act that ref names is not %s",
                     disputes ? "a dispute under this accord" : "about this measure, or none to answer");
}

ls_result ls_rule_accept_said(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const said_rule *said = &e->rule->said;
    LS_TRY(ls_rule_require_accord(r, e, detail));
    e->fact = ls_fact_of(act, e, said->fact);
    if (said->about != NAMED_NOTHING) {
        set_subject(e, e->named[said->about]);
    }
    LS_TRY(check_ref(r, act, e, detail));
    if (said->check != NULL) {
        LS_TRY(said->check(r, act, e, detail));
    }
    return check_who(r, act->has[LS_H_STAGE] ? NAMED_DISPUTE : said->about, e, detail);
}

void ls_rule_apply_said(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    ls_fact_add(r, e->accord_index, &e->fact);
}
