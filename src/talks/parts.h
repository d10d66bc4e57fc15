/* What the files that work out what became of talks share. */
#ifndef LS_TALKS_PARTS_H
#define LS_TALKS_PARTS_H

#include "accord/happening.h"
#include "accord/time.h"
#include "talks/state.h"

/* What became of a fact within the thing that it is about. */
typedef struct ls_talk_standing {
    size_t before; /* the one of its kind that stands if this one does not; or LS_NO_POSITION */
    size_t date;   /* of a word about a meeting: the postponement whose date it is about; or LS_NO_POSITION */
    ls_parties accepted, declined; /* of a postponement: the words on the date before it */
    bool counts;                   /* it was taken, and was not taken back */
} ls_talk_standing;

/* One evaluation: the query, and the facts by what they are about. Facts are named by their positions. */
typedef struct ls_talking {
    const ls_talks_query *q;
    const ls_charter *c;
    const ls_talk *fact;
    size_t count;
    ls_talks_state *out;
    ls_arena *arena;
    ls_time *time;         /* of each fact: its ledger time; LS_TIME_NONE: it does not count */
    ls_time *comes;        /* of each: when it counts for what it is about */
    size_t *root;          /* of each: the act that began what it belongs to, itself included; or LS_NO_POSITION */
    size_t *second;        /* of each that begins something: what else it is about; or LS_NO_POSITION */
    size_t *number;        /* of each that begins something: its place in the state's array */
    size_t *first, *about; /* facts about what fact b began: about[first[b] … first[b + 1] - 1], in ledger order */
    ls_happening *event;
    ls_talk_standing *standing;
} ls_talking;

static inline ls_parties ls_talking_bit(const ls_talk *t)
{
    return t->by < LS_PARTIES_MAX ? LS_PARTY_BIT(t->by) : 0;
}

static inline bool ls_talking_counts(const ls_talking *s, size_t fact)
{
    return s->time[fact] <= s->q->known && s->time[fact] <= s->q->at;
}

/* When silence has its consequence. */
static inline ls_time ls_talking_limit(const ls_talking *s, const ls_talk *t)
{
    return t->until == LS_TIME_OPEN ? LS_TIME_OPEN : t->until + s->c->grace;
}

/* state.c */

/* The position of the fact that this one's ref names, if it is an earlier one; else LS_NO_POSITION. */
size_t ls_talking_referred(const ls_talking *s, size_t fact);
/* What happened about a thing by now, its beginning left out, in the order of time; gives the number. Valid until the
 * next call. */
size_t ls_talking_events(ls_talking *s, size_t root);
/* The last of these acts that still counts, going back from one that does not, or LS_NO_POSITION. */
size_t ls_talking_fall_back(const ls_talking *s, size_t from);

/* Each works out one thing, from its events; things of a kind come in ledger order. False: no memory. */
bool ls_talking_letter(ls_talking *s, size_t root, ls_letter_state *out);         /* letters.c */
bool ls_talking_proposal(ls_talking *s, size_t root, ls_proposal_state *out);     /* proposals.c */
bool ls_talking_meeting(ls_talking *s, size_t root, ls_meeting_state *out);       /* meetings.c */
bool ls_talking_group(ls_talking *s, size_t root, ls_group_state *out);           /* groups.c */
bool ls_talking_statement(ls_talking *s, size_t root, ls_statement_state *out);   /* statements.c */
bool ls_talking_debriefing(ls_talking *s, size_t root, ls_debriefing_state *out); /* letters.c */
/* letters.c: what was told about a meeting, a letter or a proposal, once all debriefings are there. */
void ls_talking_told(ls_talking *s, size_t root);
/* groups.c: from the events that ls_talking_events has just given. */
bool ls_talking_agenda(ls_talking *s, size_t count, ls_agenda *out);

#endif
