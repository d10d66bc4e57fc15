/* Proposals: what each addressee answered, until what was proposed is accepted by all, taken back, or lapses. */
#include "talks/parts.h"

typedef struct proposing {
    ls_talking *s;
    ls_proposal_state *out;
    ls_time limit; /* of answers, grace included */
    bool closed;
} proposing;

static void enter(proposing *x, ls_proposal_stage stage, ls_time t)
{
    if (x->out->stage != stage) {
        x->out->stage = stage;
        x->out->since = t;
    }
}

/* What the last words of all amount to. */
static void weigh(proposing *x, ls_time t)
{
    const ls_proposal_state *out = x->out;
    bool all = (out->proposal->to & ~out->accepted) == 0;
    enter(x,
          all                   ? LS_PROPOSAL_ACCEPTED
          : out->declined != 0  ? LS_PROPOSAL_DECLINED
          : out->countered != 0 ? LS_PROPOSAL_COUNTERED
                                : LS_PROPOSAL_OPEN,
          t);
    x->closed = all;
}

/* What silence has decided by this time. */
static void pass(proposing *x, ls_time t)
{
    if (!x->closed && x->limit < t) {
        x->closed = true;
        if (x->out->stage == LS_PROPOSAL_OPEN) {
            enter(x, LS_PROPOSAL_LAPSED, x->limit);
        }
    }
}

/* The last word of each counts. */
static void answer(proposing *x, size_t fact, ls_parties who, ls_parties *into, ls_time t)
{
    ls_proposal_state *out = x->out;
    who &= out->proposal->to;
    if (x->closed || who == 0) {
        out->late |= out->stage == LS_PROPOSAL_LAPSED ? who : 0;
        return;
    }
    x->s->standing[fact].counts = true;
    out->accepted &= ~who;
    out->declined &= ~who;
    out->countered &= ~who;
    *into |= who;
    weigh(x, t);
}

static void take_back(proposing *x, const ls_talk *f, ls_time t)
{
    ls_proposal_state *out = x->out;
    size_t said = ls_talking_referred(x->s, (size_t)(f - x->s->fact));
    ls_talk_kind kind = said == LS_NO_POSITION ? LS_TALK_KINDS : x->s->fact[said].kind;
    if (x->closed || said == LS_NO_POSITION || x->s->fact[said].by != f->by) {
        return;
    }
    if (f->ref == out->proposal->index) {
        x->closed = true;
        enter(x, LS_PROPOSAL_WITHDRAWN, t);
        return;
    }
    ls_parties *from = kind == LS_TALK_ACCEPT ? &out->accepted : kind == LS_TALK_DECLINE ? &out->declined : NULL;
    if (from != NULL && x->s->standing[said].counts) {
        x->s->standing[said].counts = false;
        *from &= ~ls_talking_bit(f);
        weigh(x, t);
    }
}

static void take(proposing *x, const ls_happening *e)
{
    ls_proposal_state *out = x->out;
    const ls_talk *f = &x->s->fact[e->fact];
    pass(x, e->time);
    switch ((ls_talk_kind)f->kind) {
    case LS_TALK_ACCEPT:
        answer(x, e->fact, ls_talking_bit(f), &out->accepted, e->time);
        break;
    case LS_TALK_DECLINE:
        answer(x, e->fact, ls_talking_bit(f), &out->declined, e->time);
        break;
    case LS_TALK_PROPOSE:
        out->counter = f;
        answer(x, e->fact, ls_talking_bit(f), &out->countered, e->time);
        break;
    case LS_TALK_APPOINT:
        out->appointment = f;
        answer(x, e->fact, f->to, &out->accepted, e->time);
        break;
    case LS_TALK_WITHDRAW:
        take_back(x, f, e->time);
        break;
    default:
        break;
    }
}

bool ls_talking_proposal(ls_talking *s, size_t root, ls_proposal_state *out)
{
    const ls_talk *f = &s->fact[root];
    proposing x = {.s = s, .out = out, .limit = ls_talking_limit(s, f)};
    *out = (ls_proposal_state){.proposal = f, .since = s->time[root], .deadline = LS_TIME_OPEN};
    size_t count = ls_talking_events(s, root);
    for (size_t i = 0; i < count; i++) {
        take(&x, &s->event[i]);
    }
    pass(&x, s->q->at);
    if (!x.closed) {
        out->deadline = f->until;
        out->awaited = out->stage == LS_PROPOSAL_OPEN ? f->to & ~(out->accepted | out->declined | out->countered) : 0;
    }
    return true;
}
