/* Meetings: planned, confirmed, postponed, called off, held; read in the order of time. */
#include "talks/parts.h"

typedef struct holding {
    ls_talking *s;
    ls_meeting_state *out;
    ls_parties involved;
    ls_parties asked;            /* whose words on the date count; all of them confirm it */
    ls_parties agreed;           /* who signed minutes */
    ls_time limit;               /* of confirming the first date, grace included */
    uint32_t changed;            /* index of the act by which the date that counts came, if it is not the first */
    size_t postponed, cancelled; /* the last that stands, or LS_NO_POSITION */
    size_t held[LS_PARTIES_MAX];
    uint32_t cancels[LS_PARTIES_MAX];
    ls_meeting_stage closed; /* withdrawn, lapsed or replaced; else LS_MEETING_STAGES */
} holding;

static const ls_talk *fact_at(const holding *x, size_t position)
{
    return position == LS_NO_POSITION ? NULL : &x->s->fact[position];
}

/* Stages. */

static bool is_confirmed(const holding *x)
{
    const ls_talk *p = fact_at(x, x->postponed);
    return (x->asked & ~x->out->accepted) == 0 && (p == NULL || p->due != LS_NO_DAY);
}

static ls_meeting_stage stage_of(const holding *x)
{
    const ls_meeting_state *out = x->out;
    return out->held_by != 0                ? LS_MEETING_HELD
           : x->closed != LS_MEETING_STAGES ? x->closed
           : x->cancelled != LS_NO_POSITION ? LS_MEETING_CALLED_OFF
           : out->declined != 0             ? LS_MEETING_DECLINED
           : is_confirmed(x)                ? LS_MEETING_CONFIRMED
           : x->postponed != LS_NO_POSITION ? LS_MEETING_POSTPONED
                                            : LS_MEETING_PLANNED;
}

static void weigh(holding *x, ls_time t)
{
    ls_meeting_stage stage = stage_of(x);
    x->out->since = stage != x->out->stage ? t : x->out->since;
    x->out->stage = stage;
}

/* What silence has decided by this time: one that is only planned lapses; at once, if it is planned again. */
static void pass(holding *x, ls_time t)
{
    if (x->out->stage == LS_MEETING_PLANNED && x->limit < t) {
        x->closed = LS_MEETING_LAPSED;
        weigh(x, ls_later(x->limit, x->out->since));
    }
}

/* Whose words count on the date that counts now. */
static void ask(holding *x)
{
    const ls_talk *began = x->out->meeting, *p = fact_at(x, x->postponed);
    x->asked = p == NULL             ? (began->kind == LS_TALK_MEET ? began->to : 0)
               : p->due == LS_NO_DAY ? 0
                                     : x->involved & ~ls_talking_bit(p);
}

/* Words. */

static void answer(holding *x, size_t fact, ls_parties *into, ls_time t)
{
    const ls_talk *f = &x->s->fact[fact];
    ls_meeting_state *out = x->out;
    ls_parties who = ls_talking_bit(f) & x->asked;
    bool open = x->closed == LS_MEETING_STAGES && x->cancelled == LS_NO_POSITION;
    bool late = into == &out->accepted && x->postponed == LS_NO_POSITION && x->limit < t && !is_confirmed(x);
    bool aware = f->seen > x->changed || x->changed == x->out->meeting->index;
    x->s->standing[fact].date = x->postponed;
    x->s->standing[fact].counts = open && !late && aware && who != 0;
    if (!x->s->standing[fact].counts) {
        out->late |= late ? who : 0;
        out->unaware |= open && !aware ? who : 0;
        return;
    }
    out->unaware &= ~who;
    out->accepted &= ~who;
    out->declined &= ~who;
    *into |= who;
}

static void postpone(holding *x, size_t fact)
{
    ls_talk_standing *p = &x->s->standing[fact];
    ls_meeting_state *out = x->out;
    p->counts = x->closed == LS_MEETING_STAGES && x->cancelled == LS_NO_POSITION &&
                (ls_talking_bit(&x->s->fact[fact]) & x->involved) != 0;
    if (p->counts) {
        *p = (ls_talk_standing){x->postponed, x->postponed, out->accepted, out->declined, true};
        x->postponed = fact;
        x->changed = x->s->fact[fact].index;
        out->accepted = out->declined = 0;
        ask(x);
    }
}

static void cancel(holding *x, size_t fact)
{
    const ls_talk *f = &x->s->fact[fact];
    ls_talk_standing *p = &x->s->standing[fact];
    p->counts = (ls_talking_bit(f) & x->involved) != 0;
    if (p->counts) {
        p->before = x->cancelled;
        x->cancelled = fact;
        x->cancels[f->by]++;
        x->out->cancelled_by |= ls_talking_bit(f);
    }
}

static void hold(holding *x, size_t fact)
{
    const ls_talk *f = &x->s->fact[fact];
    ls_talk_standing *p = &x->s->standing[fact];
    p->counts = (ls_talking_bit(f) & x->involved) != 0;
    if (p->counts) {
        p->before = x->held[f->by];
        x->held[f->by] = fact;
        x->out->held_by |= ls_talking_bit(f);
    }
}

/* Agreed minutes say of all who sign them that it was held, for good. */
static void agree(holding *x, const ls_talk *f)
{
    x->out->minutes = f;
    x->agreed |= f->to & x->involved;
    x->out->held_by |= x->agreed;
}

/* All whom it is about have signed another date and place. */
static void replace(holding *x, const ls_talk *f)
{
    if ((x->involved & ~f->to) == 0 && x->closed == LS_MEETING_STAGES && x->out->held_by == 0) {
        x->out->replaced_by = f;
        x->closed = LS_MEETING_REPLACED;
    }
}

/* Taking back. */

/* The date before it counts again, with what was said of that. */
static void restore_date(holding *x, const ls_talk *by)
{
    x->changed = x->s->standing[x->postponed].counts ? x->changed : by->index;
    while (x->postponed != LS_NO_POSITION && !x->s->standing[x->postponed].counts) {
        const ls_talk_standing *p = &x->s->standing[x->postponed];
        x->out->accepted = p->accepted;
        x->out->declined = p->declined;
        x->postponed = p->before;
    }
    ask(x);
}

static void take_back_held(holding *x, const ls_talk *f)
{
    size_t *last = &x->held[f->by];
    *last = ls_talking_fall_back(x->s, *last);
    x->out->held_by &= *last == LS_NO_POSITION ? ~(ls_talking_bit(f) & ~x->agreed) : ~(ls_parties)0;
}

static void take_back_cancelled(holding *x, const ls_talk *f)
{
    x->cancelled = ls_talking_fall_back(x->s, x->cancelled);
    if (--x->cancels[f->by] == 0) {
        x->out->cancelled_by &= ~ls_talking_bit(f);
    }
}

static void take_back_meeting(holding *x)
{
    ls_meeting_stage s = x->out->stage;
    if (s == LS_MEETING_PLANNED || s == LS_MEETING_DECLINED || s == LS_MEETING_POSTPONED) {
        x->closed = LS_MEETING_WITHDRAWN;
    }
}

static void take_back(holding *x, size_t fact)
{
    const ls_talk *f = &x->s->fact[fact];
    size_t said = ls_talking_referred(x->s, fact);
    if (said == LS_NO_POSITION || x->s->fact[said].by != f->by || f->by >= LS_PARTIES_MAX) {
        return;
    }
    if (f->ref == x->out->meeting->index) {
        take_back_meeting(x);
        return;
    }
    ls_talk_standing *p = &x->s->standing[said];
    ls_talk_kind kind = x->s->fact[said].kind;
    bool word = kind == LS_TALK_ACCEPT || kind == LS_TALK_DECLINE;
    if (!p->counts || (word && p->date != x->postponed)) {
        return;
    }
    p->counts = false;
    switch (kind) {
    case LS_TALK_ACCEPT:
        x->out->accepted &= ~ls_talking_bit(f);
        break;
    case LS_TALK_DECLINE:
        x->out->declined &= ~ls_talking_bit(f);
        break;
    case LS_TALK_DEFER:
        restore_date(x, f);
        break;
    case LS_TALK_CANCEL:
        take_back_cancelled(x, f);
        break;
    case LS_TALK_HOLD:
        take_back_held(x, f);
        break;
    default:
        break;
    }
}

static void take(holding *x, const ls_happening *e)
{
    const ls_talk *f = &x->s->fact[e->fact];
    pass(x, e->time);
    switch ((ls_talk_kind)f->kind) {
    case LS_TALK_ACCEPT:
        answer(x, e->fact, &x->out->accepted, e->time);
        break;
    case LS_TALK_DECLINE:
        answer(x, e->fact, &x->out->declined, e->time);
        break;
    case LS_TALK_DEFER:
        postpone(x, e->fact);
        break;
    case LS_TALK_CANCEL:
        cancel(x, e->fact);
        break;
    case LS_TALK_HOLD:
        hold(x, e->fact);
        break;
    case LS_TALK_MINUTES:
        agree(x, f);
        break;
    case LS_TALK_APPOINT:
        replace(x, f);
        break;
    case LS_TALK_READOUT:
        x->out->readouts++;
        break;
    case LS_TALK_WITHDRAW:
        take_back(x, e->fact);
        break;
    default:
        break;
    }
    weigh(x, e->time);
}

/* Each side's own word that it was held. */
static bool list_held(const holding *x)
{
    ls_meeting_state *out = x->out;
    size_t count = 0;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        count += x->held[p] != LS_NO_POSITION;
    }
    out->held = ls_arena_array(x->s->arena, count + 1, sizeof *out->held);
    for (size_t p = 0; p < LS_PARTIES_MAX && out->held != NULL; p++) {
        if (x->held[p] != LS_NO_POSITION) {
            out->held[out->held_count++] = fact_at(x, x->held[p]);
        }
    }
    return out->held != NULL;
}

static bool finish(holding *x)
{
    ls_meeting_state *out = x->out;
    bool dated = out->stage == LS_MEETING_PLANNED ||
                 (out->stage == LS_MEETING_POSTPONED && fact_at(x, x->postponed)->due != LS_NO_DAY);
    out->postponed = fact_at(x, x->postponed);
    out->cancelled = fact_at(x, x->cancelled);
    out->dated_by = out->postponed != NULL ? out->postponed : out->meeting;
    out->due = out->dated_by->due;
    out->awaited = dated ? x->asked & ~(out->accepted | out->declined) : 0;
    out->deadline = out->stage == LS_MEETING_PLANNED ? out->meeting->until : LS_TIME_OPEN;
    out->disputed = out->stage == LS_MEETING_HELD && (out->cancelled_by & ~out->held_by) != 0;
    return list_held(x);
}

bool ls_talking_meeting(ls_talking *s, size_t root, ls_meeting_state *out)
{
    const ls_talk *f = &s->fact[root];
    holding x = {.s = s,
                 .out = out,
                 .involved = ls_talk_involved(f),
                 .limit = ls_talking_limit(s, f),
                 .changed = f->index,
                 .postponed = LS_NO_POSITION,
                 .cancelled = LS_NO_POSITION,
                 .closed = LS_MEETING_STAGES};
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        x.held[p] = LS_NO_POSITION;
    }
    *out = (ls_meeting_state){.meeting = f, .since = s->time[root], .group = LS_NO_GROUP};
    ask(&x);
    out->stage = stage_of(&x);
    size_t count = ls_talking_events(s, root);
    for (size_t i = 0; i < count; i++) {
        take(&x, &s->event[i]);
    }
    pass(&x, s->q->at);
    return ls_talking_agenda(s, count, &out->agenda) && finish(&x);
}
