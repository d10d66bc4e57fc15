/* Stamps: time on the record. */
#include "record/rules.h"

ls_result ls_rule_accept_stamp(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_note note;
    ls_checkpoint c;
    ls_hash root;
    ls_note_verdict verdict;
    if (ls_failed(ls_note_parse(act->text, &note)) || ls_failed(ls_checkpoint_parse(note.text, &c))) {
        return ls_refuse(detail, NULL, "a stamp's text is a signed checkpoint");
    }
    if (e->check == LS_CHECK_SIGNATURES && ls_failed(ls_note_verify(&note, &r->charter->ledger, 1, &verdict))) {
        return ls_refuse(detail, NULL, "the checkpoint in this stamp is not signed by the ledger");
    }
    bool fits = ls_bytes_equal(c.origin, r->charter->origin) && c.size <= r->size && c.size >= r->stamped;
    if (fits) {
        LS_TRY(ls_root_read(r, c.size, &root, detail));
    }
    if (!fits || !ls_hash_equal(&c.root, &root)) {
        return ls_refuse(detail, NULL, "the checkpoint in this stamp is not one of this ledger");
    }
    if (!act->has[LS_H_TIME]) {
        return ls_refuse(detail, NULL, "with quorum none, or in an exercise, a stamp states its time");
    }
    if (act->time < r->time) {
        return ls_refuse(detail, NULL, "a stamp's time is never before the previous stamp's");
    }
    e->stamp_size = c.size;
    return LS_SUCCESS;
}

/* Entries that no stamp covered before get their time by it; those that had to come sooner lapse. */
void ls_rule_apply_stamp(ls_record *r, const ls_act *act, const effect *e)
{
    uint64_t from = r->stamped;
    r->time = act->time;
    r->stamped = e->stamp_size;
    if (from == r->stamped) {
        return;
    }
    r->stamp[r->stamp_count++] = (stamp){(uint32_t)e->stamp_size, act->time};
    for (uint64_t i = from; i < r->stamped; i++) {
        r->acts_unstamped -= !ls_entry_is(r, i, "stamp");
        if (act->time > r->lapses[i & (r->lapses_capacity - 1)]) {
            ls_entry_lapse(r, (uint32_t)i);
        }
    }
}
