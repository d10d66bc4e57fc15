/* Reading what was said about one measure, fact by fact: what the two ways of reading (performances, and obligations
 * that go on) share. */
#ifndef LS_ACCORD_STATE_SAID_H
#define LS_ACCORD_STATE_SAID_H

#include "accord/state_parts.h"

#define LS_NO_PART UINT32_MAX
#define LS_STATED_MAX (120 * LS_QUANTITY_MAX) /* by one author; so that no total overflows, nor twice a total */
_Static_assert(LS_STATED_MAX <= INT64_MAX / 2 / LS_PARTIES_MAX, "totals fit into 64 bits");
#define LS_NO_ANSWER UINT32_MAX
#define LS_BY_SILENCE (UINT32_MAX - 1) /* in place of an answer's position: it follows from silence */

/* When, and the how manieth change of the measure: many things have one time. */
typedef struct ls_when {
    ls_time time; /* or LS_NEVER */
    uint32_t order;
} ls_when;

/* A part of a performance. */
typedef struct ls_part {
    size_t fact;                        /* position */
    ls_when there;                      /* it counts since: when it was said, and all witnesses were there */
    ls_when settled;                    /* every verifier confirmed it, for the first time */
    ls_when over;                       /* it stands no longer */
    uint32_t before;                    /* the part that was the latest when this one came */
    ls_quantity counted, least, agreed; /* of the amount; the least that a verifier confirmed; both, when settled */
    ls_parties confirmed, objected, present;
    bool standing;
    bool taken_back; /* before anybody confirmed it: it is as if it had not been said */
    bool dated;      /* a verifier confirmed its date */
} ls_part;

/* Of one verifier or witness about one part: positions among the measure's facts. An objection hides a confirmation. */
typedef struct ls_answer {
    uint32_t confirm, objection;
} ls_answer;

typedef struct ls_reader_state {
    ls_states *s;
    const ls_measure *m;
    size_t measure;
    const ls_reading *how;
    ls_said *out;
    const size_t *fact; /* positions of the measure's facts, in order */
    size_t fact_count;
    uint32_t *about, *about_from; /* of each of them that is an answer: its last part and its first, or LS_NO_PART */
    bool *answered;               /* of each of them that reports an incident: a verifier has spoken */
    size_t off[LS_PARTIES_MAX];   /* of each party the last call-off that it has not taken back, or LS_NO_FACT */
    /* performances */
    ls_part *part;
    uint32_t part_count, silent; /* parts whose silence has been looked at */
    ls_answer *answer;           /* of part i by answerer j: answer[i * answerers + j] */
    size_t answerers;
    uint32_t current[LS_PARTIES_MAX]; /* of each performer, where a new performance replaces the one before */
    uint32_t latest;
    uint32_t answered_to[LS_PARTIES_MAX]; /* parts that a word of this verifier about all of them has been about */
    ls_parties missed;                    /* verifiers who say that it is missing, and there is no performance */
    ls_quantity required, claimed, method_used[LS_METHODS_MAX];
    ls_quantity stated[LS_PARTIES_MAX]; /* by each author, in all parts that add up */
    unsigned objected;                  /* parts that stand and are objected to */
    unsigned standing;
    uint32_t change;          /* how many there have been */
    uint32_t performed_parts; /* how many there were when it was performed */
    uint32_t first_part;      /* that was not taken back */
    uint32_t reversed_parts;  /* those before it were reversed */
    ls_time begin_said;       /* or LS_NEVER */
    /* a continuing obligation */
    size_t objection[LS_PARTIES_MAX]; /* of each verifier, or LS_NO_FACT */
    size_t cure;
    ls_parties cured;
    bool undone;    /* the moment that reverses it has passed */
    ls_time noted;  /* until then it was seen whether it is overdue, or above the ceiling */
    size_t past;    /* deadlines that are no longer in effect */
    ls_time leaves; /* the next time at which one of several performers leaves the accord, or LS_NEVER */
    /* the next goal, and since when: LS_NEVER: there is none; */
    ls_quantity goal;
    ls_time goal_at;
    size_t goal_fact; /* position among those about the event */
} ls_reader_state;

/* Memory and the beginning; false without memory. */
bool ls_perform_begin(ls_reader_state *x);
/* Each takes up the measure's i-th fact; what it did, in words, or NULL: nothing. */
const char *ls_perform_apply(ls_reader_state *x, size_t i);
/* What verifiers' silence has decided by this time. */
void ls_perform_silence(ls_reader_state *x, ls_time at);
/* A moment undoes what stands. */
void ls_perform_undo(ls_reader_state *x, ls_time at);
/* Something else has changed on which the phase depends. */
void ls_perform_update(ls_reader_state *x, ls_time at);
/* The part that an act with this ref is about, without one the latest; or LS_NO_PART. */
uint32_t ls_part_find(const ls_reader_state *x, uint32_t ref);
/* A part is taken out of the totals before it changes, and put in again after. */
void ls_part_take_out(ls_reader_state *x, const ls_part *p);
void ls_part_put_in(ls_reader_state *x, const ls_part *p);

/* state_answer.c, as above. */
const char *ls_answer_apply(ls_reader_state *x, size_t i);
const char *ls_answer_withdraw(ls_reader_state *x, size_t said, ls_time at);
void ls_answer_find(ls_reader_state *x); /* the last that still stands becomes the one that is shown */

/* state_progress.c: what stands at the end, dates, running totals. */
void ls_perform_end(ls_reader_state *x);

/* state_goal.c */
void ls_goal_begin(ls_reader_state *x);
void ls_goal_take(ls_reader_state *x); /* the next one has become known */

void ls_kept_begin(ls_reader_state *x);
const char *ls_kept_apply(ls_reader_state *x, size_t i);
void ls_kept_silence(ls_reader_state *x, ls_time at);
void ls_kept_end(ls_reader_state *x);

/* What stands has stood until this time, and changes now. */
void ls_said_passed(ls_reader_state *x, ls_time until);

/* Whatever was called off is so no longer. */
void ls_reader_bring_back(ls_reader_state *x);
/* The one of the measure's facts that the act with this index made, before its i-th; or LS_NO_FACT. */
size_t ls_reader_find(const ls_reader_state *x, uint32_t index, size_t i);
/* The measure's i-th fact. */
static inline const ls_fact *ls_reader_fact(const ls_reader_state *x, size_t i)
{
    return &x->s->fact[x->fact[i]];
}
static inline ls_time ls_reader_time(const ls_reader_state *x, size_t i)
{
    return x->s->time[x->fact[i]];
}
/* The rank of a party in a set that holds it. */
static inline size_t ls_party_rank(ls_parties set, unsigned party)
{
    return (size_t)__builtin_popcount(set & (LS_PARTY_BIT(party) - 1));
}
/* Parts add up to an amount; else a new one replaces the one before. */
static inline bool ls_adds_up(const ls_measure *m)
{
    return m->amount.kind != LS_AMOUNT_NONE && m->amount.kind != LS_AMOUNT_CEILING;
}
/* When silence about something said at t has decided, grace included; LS_NEVER without such a rule. */
ls_time ls_silence_decides(const ls_reader_state *x, ls_time t);

#endif
