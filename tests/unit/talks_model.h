/* A model of docs/talks.md: each thing by itself, from lists that are searched again for each question. */
#ifndef LS_TESTS_TALKS_MODEL_H
#define LS_TESTS_TALKS_MODEL_H

#include "talks_story.h"

#define NOWHERE LS_TIME_NONE

typedef struct model {
    const ls_talk *fact;
    const ls_time *stamped; /* by index, from 1 */
    size_t count;
    ls_time at, known, grace;
} model;

static inline const ls_talk *model_fact(const model *m, uint32_t index)
{
    return index >= 1 && index <= m->count ? &m->fact[index - 1] : NULL;
}

static inline bool model_begins(const ls_talk *t)
{
    switch ((ls_talk_kind)t->kind) {
    case LS_TALK_LETTER:
    case LS_TALK_PROPOSE:
    case LS_TALK_MEET:
    case LS_TALK_APPOINT:
    case LS_TALK_DEBRIEF:
    case LS_TALK_GROUP:
    case LS_TALK_PLEDGE:
    case LS_TALK_DEMAND:
    case LS_TALK_CLAIM:
    case LS_TALK_TEXT:
    case LS_TALK_SCHEDULE:
        return true;
    default:
        return false;
    }
}

static inline bool model_is_meeting(const ls_talk *t)
{
    return t->kind == LS_TALK_MEET || t->kind == LS_TALK_APPOINT;
}

static inline const ls_talk *model_ref(const model *m, const ls_talk *t)
{
    const ls_talk *to = model_fact(m, t->ref);
    return to != NULL && to->index < t->index ? to : NULL;
}

static inline ls_time model_own(const model *m, const ls_talk *t)
{
    ls_time s = m->stamped[t->index];
    return s == LS_TIME_OPEN ? m->known : s;
}

/* When it counts for what it is about. */
static inline ls_time model_comes(const model *m, const ls_talk *t)
{
    const ls_talk *to = model_ref(m, t);
    ls_time own = model_own(m, t), base = own;
    if (to != NULL) {
        base = model_begins(to) && to->kind != LS_TALK_DEBRIEF ? model_own(m, to) : model_comes(m, to);
    }
    return own > base ? own : base;
}

static inline bool model_there(const model *m, const ls_talk *t)
{
    ls_time when = model_begins(t) ? model_own(m, t) : model_comes(m, t);
    return when <= m->at && when <= m->known;
}

/* What it belongs to, and what else it is about; or NULL. */
static inline const ls_talk *model_root(const model *m, const ls_talk *t)
{
    while (t != NULL && !model_begins(t)) {
        t = model_ref(m, t);
    }
    return t;
}

static inline const ls_talk *model_second(const model *m, const ls_talk *t)
{
    const ls_talk *to = model_ref(m, t);
    if (to == NULL) {
        return NULL;
    }
    if (t->kind == LS_TALK_PROPOSE) {
        return to->kind == LS_TALK_PROPOSE ? to : NULL;
    }
    if (t->kind == LS_TALK_APPOINT) {
        return to->kind == LS_TALK_PROPOSE || model_is_meeting(to) ? to : NULL;
    }
    if (t->kind == LS_TALK_DEBRIEF) {
        bool fits = to->kind == LS_TALK_PROPOSE || to->kind == LS_TALK_LETTER || model_is_meeting(to);
        return to->kind == LS_TALK_DEBRIEF ? model_second(m, to) : fits ? to : NULL;
    }
    return NULL;
}

typedef struct model_event {
    const ls_talk *t;
    ls_time time;
} model_event;

typedef struct model_events {
    size_t count;
    model_event e[ACTS_MAX];
} model_events;

/* What is about a thing, in the order in which it counts. */
static inline model_events model_about(const model *m, const ls_talk *thing)
{
    model_events out = {0};
    for (size_t i = 0; i < m->count; i++) {
        const ls_talk *t = &m->fact[i];
        bool its = t != thing && (model_root(m, t) == thing || model_second(m, t) == thing);
        ls_time when = model_comes(m, t);
        if (!its || when > m->at || when > m->known) {
            continue;
        }
        for (size_t k = 0; k < out.count && t->by != LS_TALK_JOINT; k++) {
            when = out.e[k].t->by == t->by && out.e[k].time > when ? out.e[k].time : when;
        }
        out.e[out.count++] = (model_event){t, when};
    }
    /* Collected by their places in the ledger: a stable sort by time. */
    for (size_t i = 1; i < out.count; i++) {
        for (size_t k = i; k > 0 && out.e[k - 1].time > out.e[k].time; k--) {
            model_event swap = out.e[k];
            out.e[k] = out.e[k - 1];
            out.e[k - 1] = swap;
        }
    }
    return out;
}

static inline ls_time model_limit(const model *m, const ls_talk *t)
{
    return t->until == LS_TIME_OPEN ? LS_TIME_OPEN : t->until + m->grace;
}

static inline bool model_has(ls_parties set, unsigned party)
{
    return party < 32 && (set >> party & 1) != 0;
}

/* What an act takes back, if it is its author's own and that act is a fact; or NULL. */
static inline const ls_talk *model_taken_back(const model *m, const ls_talk *t)
{
    const ls_talk *to = t->kind == LS_TALK_WITHDRAW ? model_ref(m, t) : NULL;
    return to != NULL && to->by == t->by ? to : NULL;
}

/* Proposals. */

typedef enum word { NO_WORD, ACCEPTS, DECLINES, COUNTERS } word;

typedef struct model_proposal {
    const char *stage;
    ls_time since;
    word said[TALKING_PARTIES];
    ls_parties late;
} model_proposal;

static inline const char *model_weigh(const ls_talk *p, const word said[TALKING_PARTIES])
{
    bool all = true, declined = false, countered = false;
    for (unsigned i = 0; i < TALKING_PARTIES; i++) {
        if (model_has(p->to, i)) {
            all = all && said[i] == ACCEPTS;
            declined = declined || said[i] == DECLINES;
            countered = countered || said[i] == COUNTERS;
        }
    }
    return all ? "accepted" : declined ? "declined" : countered ? "countered" : "open";
}

static inline void model_stage(const char **stage, ls_time *since, const char *now, ls_time t)
{
    if (strcmp(*stage, now) != 0) {
        *stage = now;
        *since = t;
    }
}

static inline model_proposal model_of_proposal(const model *m, const ls_talk *p)
{
    model_proposal x = {.stage = "open", .since = model_own(m, p)};
    model_events about = model_about(m, p);
    bool counted[ACTS_MAX + 1] = {false}, over = false;
    ls_time limit = model_limit(m, p);
    for (size_t i = 0; i <= about.count; i++) {
        ls_time t = i < about.count ? about.e[i].time : m->at;
        if (!over && t > limit) {
            over = true;
            if (strcmp(x.stage, "open") == 0) {
                model_stage(&x.stage, &x.since, "lapsed", limit);
            }
        }
        if (i == about.count) {
            break;
        }
        const ls_talk *f = about.e[i].t, *back = model_taken_back(m, f);
        word w = f->kind == LS_TALK_ACCEPT    ? ACCEPTS
                 : f->kind == LS_TALK_DECLINE ? DECLINES
                 : f->kind == LS_TALK_PROPOSE ? COUNTERS
                 : f->kind == LS_TALK_APPOINT ? ACCEPTS
                                              : NO_WORD;
        for (unsigned k = 0; k < TALKING_PARTIES && w != NO_WORD; k++) {
            bool speaks = f->by == LS_TALK_JOINT ? model_has(f->to, k) : f->by == k;
            if (speaks && model_has(p->to, k)) {
                x.late |= strcmp(x.stage, "lapsed") == 0 ? LS_PARTY_BIT(k) : 0;
                x.said[k] = over ? x.said[k] : w;
                counted[f->index] = !over;
            }
        }
        if (back == p && !over) {
            over = true;
            model_stage(&x.stage, &x.since, "withdrawn", t);
        } else if (back != NULL && !over && counted[back->index] && back->by < TALKING_PARTIES) {
            word taken = back->kind == LS_TALK_ACCEPT ? ACCEPTS : back->kind == LS_TALK_DECLINE ? DECLINES : NO_WORD;
            x.said[back->by] = taken != NO_WORD && x.said[back->by] == taken ? NO_WORD : x.said[back->by];
            counted[back->index] = false;
        }
        if (!over) {
            model_stage(&x.stage, &x.since, model_weigh(p, x.said), t);
            over = strcmp(x.stage, "accepted") == 0;
        }
    }
    return x;
}

/* Meetings. */

typedef struct model_date {
    const ls_talk *set_by;
    bool stands;
    word said[TALKING_PARTIES];
} model_date;

typedef struct model_meeting {
    const char *stage;
    ls_time since;
    model_date date[ACTS_MAX + 1]; /* the first one, and postponements in the order in which they came */
    size_t dates;
    bool off[ACTS_MAX + 1], held[ACTS_MAX + 1]; /* standing, by index */
    ls_parties minutes;
    const char *closed;
    ls_parties late, unaware;
    uint32_t changed; /* the act that changed which date counts; 0: none did */
} model_meeting;

static inline model_date *model_now(model_meeting *x)
{
    size_t i = x->dates;
    while (!x->date[i - 1].stands) {
        i--;
    }
    return &x->date[i - 1];
}

static inline ls_parties model_asked(const ls_talk *meeting, const model_date *d)
{
    if (d->set_by == meeting) {
        return meeting->kind == LS_TALK_MEET ? meeting->to : 0;
    }
    return d->set_by->due == LS_NO_DAY ? 0 : ls_talk_involved(meeting) & ~LS_PARTY_BIT(d->set_by->by);
}

static inline bool model_is_confirmed(const ls_talk *meeting, const model_date *d)
{
    bool all = d->set_by == meeting || d->set_by->due != LS_NO_DAY;
    for (unsigned k = 0; k < TALKING_PARTIES; k++) {
        all = all && (!model_has(model_asked(meeting, d), k) || d->said[k] == ACCEPTS);
    }
    return all;
}

static inline ls_parties model_sayers(const model *m, const bool standing[ACTS_MAX + 1])
{
    ls_parties set = 0;
    for (uint32_t i = 1; i <= m->count; i++) {
        set |= standing[i] ? LS_PARTY_BIT(m->fact[i - 1].by) : 0;
    }
    return set;
}

static inline const char *model_meeting_stage(const model *m, const ls_talk *meeting, model_meeting *x)
{
    const model_date *d = model_now(x);
    bool declined = false;
    for (unsigned k = 0; k < TALKING_PARTIES; k++) {
        declined = declined || d->said[k] == DECLINES;
    }
    return x->minutes != 0 || model_sayers(m, x->held) != 0 ? "held"
           : x->closed != NULL                              ? x->closed
           : model_sayers(m, x->off) != 0                   ? "called off"
           : declined                                       ? "declined"
           : model_is_confirmed(meeting, d)                 ? "confirmed"
           : d->set_by != meeting                           ? "postponed"
                                                            : "planned";
}

static inline void model_meeting_word(const model *m, const ls_talk *meeting, model_meeting *x, const ls_talk *f,
                                      ls_time t, const model_date **about)
{
    model_date *d = model_now(x);
    bool asked = model_has(model_asked(meeting, d), f->by), accepts = f->kind == LS_TALK_ACCEPT;
    bool late = accepts && d->set_by == meeting && t > model_limit(m, meeting) && !model_is_confirmed(meeting, d);
    bool open = x->closed == NULL && model_sayers(m, x->off) == 0;
    bool aware = x->changed == 0 || f->seen >= x->changed + 1;
    if (asked && late) {
        x->late |= LS_PARTY_BIT(f->by);
    }
    if (asked && open && !aware) {
        x->unaware |= LS_PARTY_BIT(f->by);
    } else if (asked && open && !late) {
        x->unaware &= ~LS_PARTY_BIT(f->by);
        d->said[f->by] = accepts ? ACCEPTS : DECLINES;
        *about = d;
    }
}

static inline model_meeting model_of_meeting(const model *m, const ls_talk *meeting)
{
    model_meeting x = {.dates = 1, .since = model_own(m, meeting)};
    x.date[0] = (model_date){.set_by = meeting, .stands = true};
    x.stage = model_meeting_stage(m, meeting, &x);
    model_events about = model_about(m, meeting);
    const model_date *word_on[ACTS_MAX + 1] = {NULL}; /* of each word that stands: its date */
    ls_parties involved = ls_talk_involved(meeting);
    for (size_t i = 0; i <= about.count; i++) {
        ls_time t = i < about.count ? about.e[i].time : m->at, limit = model_limit(m, meeting);
        if (strcmp(x.stage, "planned") == 0 && t > limit) {
            x.closed = "lapsed";
            model_stage(&x.stage, &x.since, "lapsed", limit > x.since ? limit : x.since);
        }
        if (i == about.count) {
            break;
        }
        const ls_talk *f = about.e[i].t, *back = model_taken_back(m, f);
        bool its = model_has(involved, f->by), open = x.closed == NULL && model_sayers(m, x.off) == 0;
        if (f->kind == LS_TALK_ACCEPT || f->kind == LS_TALK_DECLINE) {
            model_meeting_word(m, meeting, &x, f, t, &word_on[f->index]);
        } else if (f->kind == LS_TALK_DEFER && its && open) {
            x.date[x.dates++] = (model_date){.set_by = f, .stands = true};
            x.changed = f->index;
        } else if (f->kind == LS_TALK_CANCEL && its) {
            x.off[f->index] = true;
        } else if (f->kind == LS_TALK_HOLD && its) {
            x.held[f->index] = true;
        } else if (f->kind == LS_TALK_MINUTES) {
            x.minutes |= f->to & involved;
        } else if (f->kind == LS_TALK_APPOINT && (involved & ~f->to) == 0 && x.closed == NULL &&
                   strcmp(x.stage, "held") != 0) {
            x.closed = "replaced";
        } else if (back == meeting && (strcmp(x.stage, "planned") == 0 || strcmp(x.stage, "declined") == 0 ||
                                       strcmp(x.stage, "postponed") == 0)) {
            x.closed = "withdrawn";
        } else if (back != NULL && back != meeting) {
            model_date *now = model_now(&x);
            if (word_on[back->index] == now) {
                word taken = back->kind == LS_TALK_ACCEPT ? ACCEPTS : DECLINES;
                now->said[back->by] = now->said[back->by] == taken ? NO_WORD : now->said[back->by];
                word_on[back->index] = NULL;
            }
            for (size_t d = 1; d < x.dates; d++) {
                x.date[d].stands = x.date[d].stands && x.date[d].set_by != back;
            }
            x.changed = model_now(&x) == now ? x.changed : f->index;
            x.off[back->index] = x.held[back->index] = false;
        }
        model_stage(&x.stage, &x.since, model_meeting_stage(m, meeting, &x), t);
    }
    return x;
}

/* Pledges, demands, claims. */

typedef struct model_statement {
    const char *stage;
    ls_time since;
    bool late;
} model_statement;

static inline model_statement model_of_statement(const model *m, const ls_talk *s)
{
    model_statement x = {.stage = "stands", .since = model_own(m, s)};
    model_events about = model_about(m, s);
    bool standing[ACTS_MAX + 1] = {false}, over = false;
    for (size_t i = 0; i <= about.count; i++) {
        ls_time t = i < about.count ? about.e[i].time : m->at, limit = model_limit(m, s);
        if (strcmp(x.stage, "stands") == 0 && t > limit) {
            over = true;
            model_stage(&x.stage, &x.since, "lapsed", limit > x.since ? limit : x.since);
        }
        if (i == about.count) {
            break;
        }
        const ls_talk *f = about.e[i].t, *back = model_taken_back(m, f);
        bool may = f->kind == LS_TALK_REDEEM && s->kind != LS_TALK_CLAIM && (f->by == s->by || f->by == s->of);
        x.late = x.late || (may && strcmp(x.stage, "lapsed") == 0);
        standing[f->index] = may && !over;
        if (back == s && strcmp(x.stage, "stands") == 0) {
            over = true;
            model_stage(&x.stage, &x.since, "withdrawn", t);
        } else if (back != NULL && back != s && !over) {
            standing[back->index] = false;
        }
        if (!over) {
            bool any = false;
            for (uint32_t k = 1; k <= m->count; k++) {
                any = any || standing[k];
            }
            model_stage(&x.stage, &x.since, any ? "became a measure" : "stands", t);
        }
    }
    return x;
}

/* Groups. */

typedef struct model_group {
    ls_parties members, left;
    unsigned reports;
} model_group;

static inline model_group model_of_group(const model *m, const ls_talk *g)
{
    model_group x = {.members = LS_PARTY_BIT(g->by)};
    model_events about = model_about(m, g);
    for (size_t i = 0; i < about.count; i++) {
        const ls_talk *f = about.e[i].t;
        ls_parties bit = model_has(ls_talk_involved(g), f->by) ? LS_PARTY_BIT(f->by) : 0;
        if (f->kind == LS_TALK_ENLIST) {
            x.members |= bit;
            x.left &= ~bit;
        } else if (f->kind == LS_TALK_QUIT) {
            x.members &= ~bit;
            x.left |= bit;
        } else if (f->kind == LS_TALK_GROUP_REPORT) {
            bool stands = true;
            for (size_t k = 0; k < about.count; k++) {
                stands = stands && model_taken_back(m, about.e[k].t) != f;
            }
            x.reports += stands;
        }
    }
    return x;
}

/* Debriefings. */

typedef struct model_telling {
    bool untold, public_beyond;
    ls_parties beyond, pass_beyond;
    uint32_t against;
} model_telling;

/* What the author of the n-th debriefing about something might tell, from all before it. */
typedef struct model_limits {
    bool told, everybody;
    ls_parties to;
    uint32_t last;
} model_limits;

static inline model_limits model_may_tell(const model_event *before, size_t count, unsigned party, ls_parties involved)
{
    model_limits x = {.to = involved | LS_PARTY_BIT(party)};
    if (model_has(involved, party)) {
        return (model_limits){.told = true, .everybody = true, .to = ~(ls_parties)0};
    }
    for (size_t i = 0; i < count; i++) {
        const ls_talk *d = before[i].t;
        if (!model_has(d->to, party)) {
            continue;
        }
        model_limits its = model_may_tell(before, i, d->by, involved);
        bool bound = its.told && !model_has(involved, d->by);
        bool free_ = !bound || its.everybody;
        x.told = true;
        x.last = d->index;
        x.to |= d->to | LS_PARTY_BIT(d->by) | (d->of == LS_TALK_JOINT ? 0 : LS_PARTY_BIT(d->of));
        x.to |= free_ ? d->pass_to : d->pass_to & its.to;
        x.everybody = x.everybody || (d->pass_public && free_);
    }
    return x;
}

static inline model_telling model_of_debriefing(const model *m, const ls_talk *d)
{
    const ls_talk *subject = model_second(m, d);
    model_events all = {0}, about = {0};
    if (subject == NULL || !model_there(m, subject)) {
        return (model_telling){0};
    }
    all = model_about(m, subject);
    for (size_t i = 0; i < all.count; i++) {
        if (all.e[i].t == d) {
            ls_parties involved = ls_talk_involved(subject);
            model_limits may = model_may_tell(about.e, about.count, d->by, involved);
            bool bound = may.told && !model_has(involved, d->by);
            return (model_telling){.untold = !may.told,
                                   .public_beyond = bound && d->pass_public && !may.everybody,
                                   .beyond = bound && !may.everybody ? d->to & ~may.to : 0,
                                   .pass_beyond = bound && !may.everybody ? d->pass_to & ~may.to : 0,
                                   .against = bound ? may.last : 0};
        }
        if (all.e[i].t->kind == LS_TALK_DEBRIEF) {
            about.e[about.count++] = all.e[i];
        }
    }
    return (model_telling){0};
}

/* Letters. */

static inline const ls_talk *model_answered(const model *m, const ls_talk *letter)
{
    const ls_talk *to = model_ref(m, letter);
    return to != NULL && to->kind == LS_TALK_LETTER && model_there(m, to) ? to : NULL;
}

#endif
