/*
 * Cosignatures. They come one by one, from cosigners that each look when they like, so several checkpoints collect them
 * at once. The first that reaches its quorum is final, and all before it with it.
 *
 * The final checkpoint itself may be cosigned anew: when nobody acts, that is how time moves on.
 */
#include "ledger/sequencer_parts.h"
#include "process/finality.h"

/* The pending note of this size; or a free one, or else the one that covers least. */
static pending *find_pending(ls_sequencer *s, uint64_t size)
{
    pending *least = &s->pending[0];
    for (size_t i = 0; i < PENDING_MAX; i++) {
        pending *p = &s->pending[i];
        if (p->size == size) {
            return p;
        }
        least = p->size < least->size ? p : least;
    }
    least->size = size;
    least->note.len = 0;
    return least;
}

static void drop_pending(ls_sequencer *s, uint64_t up_to)
{
    for (size_t i = 0; i < PENDING_MAX; i++) {
        if (s->pending[i].size <= up_to) {
            s->pending[i].size = 0;
            s->pending[i].note.len = 0;
        }
    }
}

/* Adds a note's cosignatures to those that came before. Of two by one witness the earlier counts where acts wait for
 * their time, so that nobody moves a time once given; else the younger, as it is time itself that is waited for. */
static ls_result collect(ls_sequencer *s, const ls_charter *c, ls_bytes note, pending *p, ls_detail *detail)
{
    ls_buf merged = {0};
    bool final = p->size == s->final_size;
    ls_bytes kept = final                       ? ls_buf_bytes(&s->head.final)
                    : p->size == s->latest_size ? ls_buf_bytes(&s->head.latest)
                                                : note;
    ls_bytes before = p->note.len > 0 ? ls_buf_bytes(&p->note) : kept;
    ls_merge which = ls_record_has_unstamped(s->record, p->size) ? LS_MERGE_EARLIER : LS_MERGE_YOUNGER;
    ls_result r = ls_checkpoint_merge(c, before, note, which, &merged, detail);
    if (ls_failed(r)) {
        ls_buf_free(&merged);
        return r;
    }
    ls_buf_free(&p->note);
    p->note = merged;
    return LS_SUCCESS;
}

ls_result ls_sequencer_read_final(ls_sequencer *s, ls_detail *detail)
{
    static const ls_judging trust = {.how = LS_SIGNATURES_TRUST};
    ls_finality f = {0};
    if (s->head.final.len > 0 && !ls_sequencer_quorum_none(s)) {
        LS_TRY(ls_checkpoint_judge(ls_record_watched(s->record), ls_buf_bytes(&s->head.final), &trust, &f, detail));
    }
    s->final_size = f.checkpoint.size;
    s->final_time = f.final_time;
    s->attested_time = f.attested_time;
    return LS_SUCCESS;
}

/* What was collected for the latest checkpoint stands with it in the store: readers see who has cosigned, and nothing
 * is lost when this process ends before the quorum is reached. */
static ls_result keep_collected(ls_sequencer *s, const pending *p, ls_detail *detail)
{
    ls_bytes note = ls_buf_bytes(&p->note);
    if (p->size != s->latest_size || ls_bytes_equal(note, ls_buf_bytes(&s->head.latest))) {
        return LS_SUCCESS;
    }
    ls_result r = s->store->methods->publish(s->store, s->epoch, p->size, note, detail);
    if (ls_succeeded(r)) {
        s->head.latest.len = 0;
        ls_buf_put_bytes(&s->head.latest, note);
        r = ls_buf_check(&s->head.latest);
    }
    if (ls_failed(r)) {
        ls_sequencer_forget(s);
    }
    return r;
}

static ls_result finalize(ls_sequencer *s, const pending *p, const ls_finality *f, ls_detail *detail)
{
    ls_bytes note = ls_buf_bytes(&p->note);
    ls_result r = s->store->methods->finalize(s->store, s->epoch, f->checkpoint.size, note, detail);
    if (ls_succeeded(r)) {
        s->head.final.len = 0;
        ls_buf_put_bytes(&s->head.final, note);
        r = ls_buf_check(&s->head.final);
    }
    if (ls_failed(r)) {
        ls_sequencer_forget(s);
        return r;
    }
    s->final_size = f->checkpoint.size;
    s->final_time = f->final_time;
    s->attested_time = f->attested_time;
    drop_pending(s, s->final_size);
    return LS_SUCCESS;
}

/* Only what changes something is written: a larger checkpoint, or time that a stamp is waiting for. */
static bool is_news(const ls_sequencer *s, const ls_finality *f)
{
    return f->final && (f->checkpoint.size > s->final_size ||
                        f->attested_time - ls_record_time(s->record) >= ls_record_charter(s->record)->stamp_interval);
}

static ls_result check_known(const ls_sequencer *s, const ls_checkpoint *c, ls_detail *detail)
{
    bool leads = false;
    if (c->size > 0 && c->size <= s->latest_size) {
        LS_TRY(ls_sequencer_leads_to(s, c, &leads, detail));
    }
    return leads ? LS_SUCCESS : ls_fail_with(&ls_fault_refused, detail, "it is no checkpoint of this ledger");
}

/* One cosigner who is ahead could carry a stamp along, where his cosignature is among the first that make a quorum; and
 * no honest one cosigns anything after such a stamp. So it is not taken: others will do. */
static ls_result check_clock(const ls_sequencer *s, const ls_policy *policy, const ls_finality *f, ls_detail *detail)
{
    ls_time now;
    if (s->exercise) {
        return LS_SUCCESS;
    }
    LS_TRY(s->clock.now(s->clock.context, &now, detail));
    for (size_t i = 0; i < policy->witness_count; i++) {
        if (f->time[i] > now + LS_TIME_AHEAD) {
            return ls_fail_with(&ls_fault_refused, detail,
                                "the cosignature of %.*s is more than ten minutes ahead of the clock here",
                                (int)policy->witness[i].name.len, (const char *)policy->witness[i].name.ptr);
        }
    }
    return LS_SUCCESS;
}

ls_result ls_sequencer_cosigned(ls_sequencer *s, ls_bytes note, bool *final, ls_detail *detail)
{
    static const ls_judging trust = {.how = LS_SIGNATURES_TRUST};
    const ls_charter *c = s->record == NULL ? NULL : ls_record_watched(s->record);
    ls_finality f;
    if (c == NULL) {
        return ls_sequencer_not_leading(detail);
    }
    LS_TRY(ls_checkpoint_judge(c, note, NULL, &f, detail));
    LS_TRY(check_known(s, &f.checkpoint, detail));
    LS_TRY(check_clock(s, &c->policy, &f, detail));
    if (c->quorum_none || f.checkpoint.size < s->final_size) {
        *final = true; /* a larger one is */
        return LS_SUCCESS;
    }
    pending *p = find_pending(s, f.checkpoint.size);
    LS_TRY(collect(s, c, note, p, detail));
    LS_TRY(ls_checkpoint_judge(c, ls_buf_bytes(&p->note), &trust, &f, detail)); /* all of it was verified by now */
    bool reached = f.final || f.checkpoint.size == s->final_size;
    if (is_news(s, &f)) {
        LS_TRY(finalize(s, p, &f, detail));
        LS_TRY(ls_sequencer_tick(s, detail));
    } else {
        LS_TRY(keep_collected(s, p, detail));
    }
    *final = reached;
    return LS_SUCCESS;
}
