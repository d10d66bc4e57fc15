/*
 * Stamps: time on the record. A stamp's text is a checkpoint, which must be final under the policy that judges it: the
 * one under the last stamp before. Then the time is its cosigners'; without a quorum, or in an exercise, the ledger's.
 */
#include "process/finality.h"
#include "record/rules.h"

static ls_result judge_checkpoint(const ls_record *r, const ls_act *act, const effect *e, ls_finality *out,
                                  ls_detail *detail)
{
    ls_detail why = {0};
    ls_result result = ls_checkpoint_judge(r->watched, act->text, &r->judging[e->check], out, &why);
    if (result.fault == &ls_fault_checkpoint_form) {
        return ls_refuse(detail, NULL, "a stamp's text is a signed checkpoint");
    }
    if (result.fault == &ls_fault_checkpoint_signature) {
        return ls_refuse(detail, NULL, "the checkpoint in this stamp: %s", why.text);
    }
    return result;
}

static ls_result check_checkpoint(const ls_record *r, const ls_checkpoint *c, ls_detail *detail)
{
    ls_hash root;
    bool fits = ls_bytes_equal(c->origin, r->charter->origin) && c->size <= r->size && c->size >= r->stamped;
    if (fits) {
        LS_TRY(ls_root_read(r, c->size, &root, detail));
    }
    if (!fits || !ls_hash_equal(&c->root, &root)) {
        return ls_refuse(detail, NULL, "the checkpoint in this stamp is not one of this ledger");
    }
    return LS_SUCCESS;
}

/* The time that the stamp says itself: never before the previous one's. */
static ls_result stated_time(const ls_record *r, const ls_act *act, ls_time *out, ls_detail *detail)
{
    if (!act->has[LS_H_TIME]) {
        return ls_refuse(detail, NULL, "with quorum none, or in an exercise, a stamp states its time");
    }
    if (act->time < r->time) {
        return ls_refuse(detail, NULL, "a stamp's time is never before the previous stamp's");
    }
    *out = act->time;
    return LS_SUCCESS;
}

/* The time at which a quorum had cosigned; it may lie before the previous stamp's, which then goes on. Where no act
 * waits for its time, cosignatures over one checkpoint may be of different days, as it is cosigned anew while nobody
 * acts: then time goes no further than a quorum says that it has gone. */
static ls_result cosigned_time(const ls_record *r, const ls_act *act, const ls_finality *f, ls_time *out,
                               ls_detail *detail)
{
    if (act->has[LS_H_TIME]) {
        return ls_refuse(detail, NULL, "a stamp with cosignatures states no time: it follows from them");
    }
    if (f->final_time > LS_TIME_MAX) {
        return ls_refuse(detail, NULL, "the cosignatures in this stamp have no real time");
    }
    ls_time time = ls_record_has_unstamped(r, f->checkpoint.size) ? f->final_time : f->attested_time;
    *out = time > r->time ? time : r->time;
    return LS_SUCCESS;
}

ls_result ls_rule_accept_stamp(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_finality f;
    LS_TRY(judge_checkpoint(r, act, e, &f, detail));
    LS_TRY(check_checkpoint(r, &f.checkpoint, detail));
    if (!f.final) {
        return ls_refuse(detail, "lockstep status shows who has cosigned",
                         "the checkpoint in this stamp is not final: its cosigners are no quorum");
    }
    bool stated = r->watched->quorum_none || r->charter->exercise;
    LS_TRY(stated ? stated_time(r, act, &e->stamp_time, detail) : cosigned_time(r, act, &f, &e->stamp_time, detail));
    e->stamp_size = f.checkpoint.size;
    return LS_SUCCESS;
}

/* Later than it may have effect, although receipts may have moved its time forward. */
static bool too_late(const ls_record *r, uint64_t index)
{
    return ls_entry_time(r, index) > r->lapses[index & (r->lapses_capacity - 1)];
}

/* Entries that no stamp covered before get their time by it; those that had to come sooner lapse. */
void ls_rule_apply_stamp(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    uint64_t from = r->stamped;
    r->time = e->stamp_time;
    r->stamped = e->stamp_size;
    if (from == r->stamped) {
        return;
    }
    r->stamp[r->stamp_count++] = (stamp){(uint32_t)e->stamp_size, e->stamp_time};
    for (uint64_t i = from; i < r->stamped; i++) {
        r->acts_unstamped -= !ls_entry_is(r, i, "stamp");
        if (too_late(r, i)) {
            r->lapsed[r->lapsed_count++] = (lapse){(uint32_t)i, r->lapses[i & (r->lapses_capacity - 1)]};
            ls_entry_mark(r, (uint32_t)i, ENTRY_LAPSED, true);
        }
    }
    ls_change_watch(r);
}
