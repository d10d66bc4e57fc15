/* Receipts on the record: cosigners had an act at a time, whatever the host did with it. */
#include "process/receipt.h"
#include "record/rules.h"

ls_result ls_rule_accept_receipts(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_receipts receipts;
    ls_detail why = {0};
    ls_result result =
        ls_receipts_judge(r->watched, &r->process, &act->ref, act->text, &r->judging[e->check], &receipts, &why);
    if (result.fault == &ls_fault_receipt) {
        return ls_refuse(detail, NULL, "these receipts do not count: %s", why.text);
    }
    LS_TRY(result);
    if (receipts.receipt_time > LS_TIME_MAX) {
        return ls_refuse(detail, NULL, "these receipts have no real time");
    }
    if (!receipts.met) {
        return ls_refuse(detail, "ask further cosigners", "these receipts are no quorum of the policy");
    }
    /* Others can have filed worse ones first, with a cosigner that saw the act late: better ones take their place, if
     * they come in time themselves. */
    uint32_t before = ls_receipts_find(r, &act->ref);
    bool better = before != NONE && receipts.receipt_time < r->receipted[before].time &&
                  r->time <= receipts.receipt_time + r->charter->grace;
    if (before != NONE && !better) {
        return ls_refuse(detail, NULL, "receipts for this act that are as good are on the record already");
    }
    e->receipt_time = receipts.receipt_time;
    return LS_SUCCESS;
}

/* The entry lapsed by its stamp, and had come in time. */
static void revive(ls_record *r, uint32_t index)
{
    for (size_t i = r->lapsed_count; i-- > 0 && r->lapsed[i].index >= index;) {
        if (r->lapsed[i].index == index && ls_entry_time(r, index) <= r->lapsed[i].limit) {
            ls_entry_mark(r, index, ENTRY_LAPSED, false);
        }
    }
}

/* Until the grace is over silence has no consequence, and receipts may still show that somebody spoke. Those that come
 * later change nothing: else whoever keeps them back could choose, at any time, whether others saw it act in time. */
void ls_rule_apply_receipts(ls_record *r, const ls_act *act, const effect *e)
{
    ls_time until = e->receipt_time + r->charter->grace;
    uint32_t number = ls_receipts_find(r, &act->ref);
    if (number == NONE) {
        number = (uint32_t)r->receipted_count++;
        ls_table_add(&r->receipts, act->ref.b, number);
    }
    r->receipted[number] = (receipted){act->ref, e->receipt_time, r->time <= until ? until : -1};
    if (e->referred != NONE) {
        r->entry[e->referred].flags |= ENTRY_RECEIPTED;
        revive(r, e->referred);
    }
}
