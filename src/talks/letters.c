/* Letters, as threads; debriefings, and what their authors may pass on. */
#include "talks/parts.h"

bool ls_talking_letter(ls_talking *s, size_t root, ls_letter_state *out)
{
    size_t before = ls_talking_referred(s, root);
    *out = (ls_letter_state){.letter = &s->fact[root], .thread = &s->fact[root], .sent = s->time[root]};
    if (before == LS_NO_POSITION || s->fact[before].kind != LS_TALK_LETTER || !ls_talking_counts(s, before)) {
        return true; /* what it replies to has no effect, or it replies to none */
    }
    ls_letter_state *answered = &s->out->letter[s->number[before]];
    answered->replies++;
    out->answers = answered->letter;
    out->thread = answered->thread;
    return true;
}

bool ls_talking_debriefing(ls_talking *s, size_t root, ls_debriefing_state *out)
{
    size_t subject = s->second[root];
    *out = (ls_debriefing_state){.debriefing = &s->fact[root], .told = s->time[root]};
    out->subject = subject == LS_NO_POSITION ? NULL : &s->fact[subject];
    size_t count = ls_talking_events(s, root);
    for (size_t i = 0; i < count; i++) {
        const ls_talk *f = &s->fact[s->event[i].fact];
        out->withdrawn |= f->kind == LS_TALK_WITHDRAW && f->ref == s->fact[root].index && f->by == s->fact[root].by;
    }
    return true;
}

/* What a party that has no part in something may tell of it. */
typedef struct grant {
    ls_parties to; /* none: nobody told it anything */
    bool everybody;
    const ls_talk *last; /* the debriefing in which it was told last, or NULL */
} grant;

/* Whom this one tells, or lets be told, against what its author may. */
static void compare(const grant *g, ls_parties involved, ls_debriefing_state *d)
{
    const ls_talk *f = d->debriefing;
    ls_parties may = g->to | involved | ls_talking_bit(f);
    d->against = g->last;
    d->beyond = f->to & ~may;
    d->pass_beyond = g->everybody ? 0 : f->pass_to & ~may;
    d->beyond = g->everybody ? 0 : d->beyond;
    d->public_beyond = f->pass_public && !g->everybody;
}

/* What it lets those pass on whom it tells: at most what its author may itself. All who are named know already. */
static void pass_on(grant *grants, const ls_debriefing_state *d, ls_parties involved)
{
    const ls_talk *f = d->debriefing;
    bool free_ = d->against == NULL;
    ls_parties to = (f->pass_to & ~d->pass_beyond) | f->to | ls_talking_bit(f);
    to |= f->of < LS_PARTIES_MAX ? LS_PARTY_BIT(f->of) : 0;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if ((f->to & ~involved & LS_PARTY_BIT(p)) != 0) {
            grants[p].to |= to;
            grants[p].everybody |= f->pass_public && (free_ || !d->public_beyond);
            grants[p].last = f;
        }
    }
}

void ls_talking_told(ls_talking *s, size_t root)
{
    grant grants[LS_PARTIES_MAX] = {0};
    ls_parties involved = ls_talk_involved(&s->fact[root]);
    size_t count = ls_talking_events(s, root);
    for (size_t i = 0; i < count; i++) {
        size_t fact = s->event[i].fact;
        const ls_talk *f = &s->fact[fact];
        if (f->kind != LS_TALK_DEBRIEF || !ls_talking_counts(s, fact) || f->by >= LS_PARTIES_MAX) {
            continue;
        }
        ls_debriefing_state *d = &s->out->debriefing[s->number[fact]];
        bool part = (ls_talking_bit(f) & involved) != 0;
        d->untold = !part && grants[f->by].last == NULL;
        if (!part && !d->untold) {
            compare(&grants[f->by], involved, d);
        }
        pass_on(grants, d, involved);
    }
}
