/* Pledges, demands and claims: until one becomes a measure, is taken back, or lapses. */
#include "talks/parts.h"

typedef struct saying {
    const ls_talking *s;
    ls_statement_state *out;
    ls_time limit;
    size_t redeemed; /* the last redeeming that stands, or LS_NO_POSITION */
    bool closed;
} saying;

static void enter(saying *x, ls_statement_stage stage, ls_time t)
{
    if (x->out->stage != stage) {
        x->out->stage = stage;
        x->out->since = t;
    }
}

/* One that stands lapses; at once, if it stands again. */
static void pass(saying *x, ls_time t)
{
    if (!x->closed && x->out->stage == LS_STATEMENT_STANDING && x->limit < t) {
        x->closed = true;
        enter(x, LS_STATEMENT_LAPSED, ls_later(x->limit, x->out->since));
    }
}

static void redeem(saying *x, size_t fact, ls_time t)
{
    const ls_talk *f = &x->s->fact[fact], *said = x->out->said;
    ls_talk_standing *p = &x->s->standing[fact];
    ls_parties may = ls_talking_bit(said) | (said->of < LS_PARTIES_MAX ? LS_PARTY_BIT(said->of) : 0);
    bool fits = said->kind != LS_TALK_CLAIM && (ls_talking_bit(f) & may) != 0;
    x->out->late |= fits && x->out->stage == LS_STATEMENT_LAPSED;
    p->counts = fits && !x->closed;
    if (p->counts) {
        p->before = x->redeemed;
        x->redeemed = fact;
        enter(x, LS_STATEMENT_REDEEMED, t);
    }
}

static void take_back(saying *x, size_t fact, ls_time t)
{
    const ls_talk *f = &x->s->fact[fact];
    size_t said = ls_talking_referred(x->s, fact);
    if (x->closed || said == LS_NO_POSITION || x->s->fact[said].by != f->by) {
        return;
    }
    if (f->ref == x->out->said->index) {
        if (x->out->stage == LS_STATEMENT_STANDING) {
            x->closed = true;
            enter(x, LS_STATEMENT_WITHDRAWN, t);
        }
        return;
    }
    x->s->standing[said].counts = false;
    x->redeemed = ls_talking_fall_back(x->s, x->redeemed);
    enter(x, x->redeemed == LS_NO_POSITION ? LS_STATEMENT_STANDING : LS_STATEMENT_REDEEMED, t);
}

bool ls_talking_statement(ls_talking *s, size_t root, ls_statement_state *out)
{
    const ls_talk *f = &s->fact[root];
    saying x = {.s = s, .out = out, .limit = ls_talking_limit(s, f), .redeemed = LS_NO_POSITION};
    *out = (ls_statement_state){.said = f, .since = s->time[root], .deadline = LS_TIME_OPEN};
    size_t count = ls_talking_events(s, root);
    for (size_t i = 0; i < count; i++) {
        const ls_happening *e = &s->event[i];
        pass(&x, e->time);
        if (s->fact[e->fact].kind == LS_TALK_REDEEM) {
            redeem(&x, e->fact, e->time);
        } else if (s->fact[e->fact].kind == LS_TALK_WITHDRAW) {
            take_back(&x, e->fact, e->time);
        }
    }
    pass(&x, s->q->at);
    out->redeemed_by = x.redeemed == LS_NO_POSITION ? NULL : &s->fact[x.redeemed];
    out->deadline = out->stage == LS_STATEMENT_STANDING ? f->until : LS_TIME_OPEN;
    return true;
}
