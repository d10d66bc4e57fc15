/*
 * When a stamp is due, and which time it says.
 *
 * A stamp speaks of a checkpoint that is final. It is due when that covers acts which no stamp covers yet, or when the
 * stamp interval has passed, so that silence has a clock, too. With a quorum its time follows from the cosignatures;
 * with quorum none it is the host's clock, and in an exercise the clock that was set.
 *
 * Time on the record never goes back. So a host's clock that once stood years ahead would stop it for years: without
 * cosigners nobody else would notice. Therefore no stamp goes further ahead of the one before than twice the interval
 * (at least an hour), unless an act that waits for a stamp vouches for more: its author let it live until then, by a
 * clock of his own. After a long silence time moves on with the next act.
 */
#include "ledger/sequencer_parts.h"

#define AHEAD_MIN 3600 /* seconds that a stamp may always be ahead of the one before */

/* The latest time by which any of the acts without a stamp lapses. */
static ls_result take_lapse(void *context, uint64_t index, ls_bytes note)
{
    ls_time *latest = context;
    ls_act act;
    (void)index;
    LS_TRY(ls_act_parse(note, false, &act, NULL));
    ls_time lapses = act.shape == LS_SHAPE_STAMP ? 0 : act.shape == LS_SHAPE_JOINT ? act.open_until : act.expires;
    *latest = lapses > *latest ? lapses : *latest;
    return LS_SUCCESS;
}

/* Holds the host's clock to what is vouched for. */
static ls_result bound_clock(const ls_sequencer *s, uint64_t size, ls_time *time, ls_detail *detail)
{
    int64_t interval = ls_record_charter(s->record)->stamp_interval;
    ls_time limit = ls_record_time(s->record) + (2 * interval > AHEAD_MIN ? 2 * interval : AHEAD_MIN);
    if (*time <= limit) {
        return LS_SUCCESS;
    }
    ls_time vouched = ls_record_time(s->record);
    LS_TRY(s->store->methods->read(s->store, ls_record_stamped(s->record), size, take_lapse, &vouched, detail));
    *time = *time < vouched ? *time : vouched;
    return LS_SUCCESS;
}

/* The checkpoint that a stamp may speak of: its size, and its time before what came before is looked at. */
static ls_result find_covered(const ls_sequencer *s, ls_time now, uint64_t *size, ls_time *time, ls_detail *detail)
{
    bool none = ls_sequencer_quorum_none(s);
    *size = none ? s->latest_size : s->final_size;
    ls_time cosigned = ls_record_has_unstamped(s->record, *size) ? s->final_time : s->attested_time;
    *time = none || s->exercise ? now : cosigned;
    return none && !s->exercise && *size > 0 ? bound_clock(s, *size, time, detail) : LS_SUCCESS;
}

static ls_result make_stamp(const ls_sequencer *s, ls_time time, ls_buf *out, ls_detail *detail)
{
    char process[LS_HEX_HASH_SIZE], text[LS_TIME_SIZE];
    ls_act_draft draft = {.exercise = s->exercise};
    ls_hash_format(ls_record_process(s->record), process);
    ls_act_draft_set(&draft, LS_H_ACT, "stamp");
    ls_act_draft_set(&draft, LS_H_PROCESS, "%s", process);
    if (ls_sequencer_quorum_none(s) || s->exercise) {
        ls_time_format(time, text);
        ls_act_draft_set(&draft, LS_H_TIME, "%s", text);
    }
    ls_buf_put_bytes(&draft.text, ls_sequencer_checkpoint(s, LS_CHECKPOINT_FINAL));
    ls_result r = ls_act_draft_finish(&draft, out, detail);
    ls_act_draft_free(&draft);
    if (ls_succeeded(r)) {
        ls_sequencer_sign(s, out);
        r = ls_buf_check(out);
    }
    return r;
}

ls_result ls_sequencer_take_stamp(ls_sequencer *s, batch *b, ls_time now, ls_detail *detail)
{
    ls_act act;
    uint64_t size;
    ls_time time, last = ls_record_time(s->record);
    if (ls_record_charter(s->record) == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(find_covered(s, now, &size, &time, detail));
    bool interval = time - last >= ls_record_charter(s->record)->stamp_interval;
    if (size == 0 || (!interval && !ls_record_has_unstamped(s->record, size))) {
        return LS_SUCCESS;
    }
    LS_TRY(make_stamp(s, time > last ? time : last, &b->stamp, detail));
    LS_TRY(ls_act_parse(ls_buf_bytes(&b->stamp), false, &act, detail));
    return ls_sequencer_take(s, b, ls_buf_bytes(&b->stamp), &act, LS_CHECK_SIGNATURES, detail);
}
