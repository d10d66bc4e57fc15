/* Acts under an accord: performing, answering, suspending, and taking back. */
#include "record/rules.h"

static bool signed_accord(const ls_roadmap *m, size_t party)
{
    for (size_t i = 0; i < m->party_count; i++) {
        if (m->parties[i] == party) {
            return true;
        }
    }
    return false;
}

static bool verifies(const ls_measure *m, size_t party)
{
    for (size_t i = 0; i < m->verifier_count; i++) {
        if (m->verifiers[i] == party) {
            return true;
        }
    }
    return false;
}

static const ls_measure *measure_of(const ls_record *r, const effect *e)
{
    return &r->accord[e->accord_index].shown.roadmap->measures[e->measure_index];
}

ls_result ls_rule_require_accord(const ls_record *r, const effect *e, ls_detail *detail)
{
    if (!ls_entry_effective(r, r->accord[e->accord_index].shown.index)) {
        return ls_refuse(detail, "propose it again", "the accord is without effect: it came too late");
    }
    return LS_SUCCESS;
}

/* ref, where it is given, names an act on the record about the same measure. */
static ls_result require_ref_to_measure(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    if (!act->has[LS_H_REF]) {
        return LS_SUCCESS;
    }
    if (e->referred == NONE) {
        return ls_refuse(detail, "lockstep log lists the acts", "ref names an act that is not on the record");
    }
    const accord *a = &r->accord[e->accord_index];
    size_t i = ls_accord_facts_from(a, e->referred);
    for (; i < a->fact_count && a->fact[i].index == e->referred && ls_entry_effective(r, e->referred); i++) {
        if (a->fact[i].measure == e->measure_index) {
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, "lockstep log lists the acts", "the act that ref names is not about this measure");
}

ls_result ls_rule_accept_perform(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    LS_TRY(ls_rule_require_accord(r, e, detail));
    const ls_measure *m = measure_of(r, e);
    if (m->by != e->by) {
        const ls_party *p = &r->charter->party[m->by];
        return ls_refuse(detail, NULL, "it is %.*s who performs %.*s", (int)p->name.len, p->name.ptr, (int)m->id.len,
                         m->id.ptr);
    }
    if (m->declares.len > 0 || m->opens.len > 0) {
        return ls_refuse(detail, m->declares.len > 0 ? "use: lockstep declare" : "use: lockstep open",
                         "%.*s is performed by the %s itself", (int)m->id.len, m->id.ptr,
                         m->declares.len > 0 ? "declaration" : "opening");
    }
    return LS_SUCCESS;
}

void ls_rule_apply_perform(ls_record *r, const ls_act *act, const effect *e)
{
    ls_fact_add(r, act, e, LS_FACT_PERFORM, e->measure_index);
}

ls_result ls_rule_accept_answer(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_require_accord(r, e, detail));
    const ls_measure *m = measure_of(r, e);
    if (!verifies(m, e->by)) {
        return ls_refuse(detail, "lockstep status shows who verifies what", "%.*s does not verify %.*s",
                         (int)act->by.name[0].len, act->by.name[0].ptr, (int)m->id.len, m->id.ptr);
    }
    return require_ref_to_measure(r, act, e, detail);
}

ls_result ls_rule_accept_confirm(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_accept_answer(r, act, e, detail));
    if (r->accord[e->accord_index].performed[e->measure_index] > 0) {
        return LS_SUCCESS;
    }
    return ls_refuse(detail, "wait for the other side's: lockstep perform",
                     "nothing to confirm: %.*s was not performed", (int)act->raw[LS_H_MEASURE].len,
                     act->raw[LS_H_MEASURE].ptr);
}

void ls_rule_apply_confirm(ls_record *r, const ls_act *act, const effect *e)
{
    ls_fact_add(r, act, e, LS_FACT_CONFIRM, e->measure_index);
}

void ls_rule_apply_object(ls_record *r, const ls_act *act, const effect *e)
{
    ls_fact_add(r, act, e, LS_FACT_OBJECT, e->measure_index);
}

void ls_rule_apply_missing(ls_record *r, const ls_act *act, const effect *e)
{
    ls_fact_add(r, act, e, LS_FACT_MISSING, e->measure_index);
}

/* suspend and resume */

ls_result ls_rule_accept_suspend(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_require_accord(r, e, detail));
    const ls_roadmap *m = r->accord[e->accord_index].shown.roadmap;
    if (!signed_accord(m, e->by)) {
        return ls_refuse(detail, NULL, "only a party to the accord suspends it");
    }
    if (!act->has[LS_H_TRACK]) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < m->track_count; i++) {
        if (ls_bytes_equal(m->tracks[i].id, act->raw[LS_H_TRACK])) {
            e->track_index = (int8_t)i; /* at most LS_TRACKS_MAX */
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, "leave it out to suspend every track", "the accord has no track %.*s",
                     (int)act->raw[LS_H_TRACK].len, act->raw[LS_H_TRACK].ptr);
}

void ls_rule_apply_suspend(ls_record *r, const ls_act *act, const effect *e)
{
    ls_fact_add(r, act, e, LS_FACT_SUSPEND, -1);
}

/* ref names a suspension of this accord by this party that has not been resumed. */
ls_result ls_rule_accept_resume(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_require_accord(r, e, detail));
    const accord *a = &r->accord[e->accord_index];
    size_t i = e->referred == NONE ? a->fact_count : ls_accord_facts_from(a, e->referred);
    bool lasts = i < a->fact_count && a->fact[i].index == e->referred && a->fact[i].kind == LS_FACT_SUSPEND &&
                 a->fact[i].by == e->by && (r->entry[e->referred].flags & (ENTRY_LAPSED | ENTRY_RESUMED)) == 0;
    if (!lasts) {
        return ls_refuse(detail, "lockstep log lists the acts",
                         "ref does not name a suspension by %.*s that still lasts", (int)act->by.name[0].len,
                         act->by.name[0].ptr);
    }
    e->track_index = a->fact[i].track;
    return LS_SUCCESS;
}

void ls_rule_apply_resume(ls_record *r, const ls_act *act, const effect *e)
{
    ls_fact_add(r, act, e, LS_FACT_RESUME, -1);
}

/* withdraw: of one's own answer or performance, or of a joint act that has not come yet */

static const char *const withdrawable[] = {"perform", "confirm", "object", "missing"};

ls_result ls_rule_accept_withdraw(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    if (e->referred == NONE) {
        return LS_SUCCESS;
    }
    const entry *x = &r->entry[e->referred];
    ls_bytes kind = ls_bytes_str(ls_rule_kind(x->kind));
    if (x->by != e->by) {
        return ls_refuse(detail, x->by == NOBODY ? "a joint act on the record binds its parties" : NULL,
                         "a party withdraws only its own acts");
    }
    for (size_t i = 0; i < sizeof withdrawable / sizeof *withdrawable; i++) {
        if (ls_bytes_is(kind, withdrawable[i])) {
            e->accord_index = x->accord;
            e->measure_index = x->measure;
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, ls_bytes_is(kind, "suspend") ? "use: lockstep resume" : NULL, "%.*s can't be withdrawn",
                     (int)kind.len, kind.ptr);
}

void ls_rule_apply_withdraw(ls_record *r, const ls_act *act, const effect *e)
{
    if (e->referred != NONE) {
        ls_fact_add(r, act, e, LS_FACT_WITHDRAW, e->measure_index);
        return;
    }
    uint32_t number = (uint32_t)r->withdrawn_count++, first = ls_withdrawal_find(r, &act->ref);
    r->withdrawn[number] = (withdrawal){act->ref, (uint32_t)(r->size - 1), NONE};
    if (first == NONE) {
        ls_table_add(&r->withdrawals, act->ref.b, number);
    } else {
        r->withdrawn[number].next = r->withdrawn[first].next;
        r->withdrawn[first].next = number;
    }
}
