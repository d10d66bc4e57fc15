/* withdraw: of something that a party said itself, or of a joint act that has not come yet. */
#include "record/rules.h"

static ls_result accept_own(const ls_record *r, effect *e, ls_detail *detail)
{
    const entry *x = &r->entry[e->referred];
    int version = ls_record_accord_in_force(r, x->accord);
    const ls_fact *f = ls_accord_fact(&r->accord[version], e->referred);
    if (f == NULL) {
        return ls_refuse(detail, NULL, "what it is about was taken out of the accord");
    }
    e->accord_index = version;
    e->named[NAMED_MEASURE] = x->measure < 0 ? -1 : (int)f->subject; /* as this version counts them */
    e->fact = (ls_fact){.amount = LS_QUANTITY_NONE,
                        .ref = e->referred,
                        .day = LS_NO_DAY,
                        .kind = LS_FACT_WITHDRAW,
                        .by = e->by & 31,
                        .party = e->by & 31,
                        .subject = f->subject,
                        .detail = LS_NO_DETAIL};
    return LS_SUCCESS;
}

/* Something that was said of an inspection. */
static ls_result accept_inspected(const ls_record *r, effect *e, ls_detail *detail)
{
    e->accord_index = ls_record_accord_in_force(r, r->entry[e->referred].accord);
    const ls_inspected *x = ls_inspected_find(r, e->accord_index, e->referred);
    e->fact.kind = LS_FACT_NOTHING;
    e->inspected = *x;
    e->inspected.kind = LS_INSPECTED_WITHDRAW;
    e->inspected.ref = e->referred;
    return ls_entry_effective(r, e->referred) ? LS_SUCCESS
                                              : ls_refuse(detail, NULL, "it has no effect: it came too late");
}

/* Something that was said in talks. */
static ls_result accept_talk(const ls_record *r, effect *e, ls_detail *detail)
{
    const ls_talk *t = ls_talk_find(r, e->referred);
    e->talks = true;
    e->talk = *t;
    e->talk.kind = LS_TALK_WITHDRAW;
    e->talk.ref = e->referred;
    return ls_entry_effective(r, e->referred) ? LS_SUCCESS
                                              : ls_refuse(detail, NULL, "it has no effect: it came too late");
}

ls_result ls_rule_accept_withdraw(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    if (e->referred == NONE) {
        return LS_SUCCESS;
    }
    const entry *x = &r->entry[e->referred];
    const char *kind = ls_rule_kind(x->kind);
    if (x->by != e->by) {
        return ls_refuse(detail, x->by == NOBODY ? "a joint act on the record binds its parties" : NULL,
                         "a party withdraws only its own acts");
    }
    const act_rule *rule = ls_rule_of(ls_bytes_str(kind));
    if (rule->talk.withdrawable) {
        return accept_talk(r, e, detail);
    }
    if (rule->inspected.withdrawable) {
        return accept_inspected(r, e, detail);
    }
    if (!rule->said.withdrawable) {
        return ls_refuse(detail, ls_bytes_is(ls_bytes_str(kind), "suspend") ? "use: lockstep resume" : NULL,
                         "%s can't be withdrawn", kind);
    }
    return accept_own(r, e, detail);
}

void ls_rule_apply_withdraw(ls_record *r, const ls_act *act, const effect *e)
{
    if (e->talks) {
        ls_talk_add(r, &e->talk, LS_HEADER_COUNT);
        return;
    }
    if (e->referred != NONE && e->fact.kind == LS_FACT_NOTHING) {
        ls_inspected_add(r, e->accord_index, &e->inspected);
        return;
    }
    if (e->referred != NONE) {
        ls_fact_add(r, e->accord_index, &e->fact);
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
