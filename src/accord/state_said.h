/* Reading what was said about one measure, fact by fact: what the two ways of reading (performances, and obligations
 * that go on) share. */
#ifndef LS_ACCORD_STATE_SAID_H
#define LS_ACCORD_STATE_SAID_H

#include "accord/state_parts.h"

typedef struct ls_part ls_part;     /* of a performance: state_perform.c */
typedef struct ls_answer ls_answer; /* of one verifier about one part */

#define LS_NO_PART UINT32_MAX

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
    unsigned objected; /* parts that stand and are objected to */
    unsigned standing;
    /* a continuing obligation */
    size_t objection[LS_PARTIES_MAX]; /* of each verifier, or LS_NO_FACT */
    size_t cure;
    ls_parties cured;
    bool undone;            /* the moment that reverses it has passed */
    ls_time required_known; /* since when the goal is known */
} ls_reader_state;

/* Memory and the beginning; false without memory. */
bool ls_perform_begin(ls_reader_state *x);
/* Each takes up the measure's i-th fact; what it did, in words, or NULL: nothing. */
const char *ls_perform_apply(ls_reader_state *x, size_t i);
/* What verifiers' silence has decided by this time. */
void ls_perform_silence(ls_reader_state *x, ls_time at);
void ls_perform_reverse(ls_reader_state *x, ls_time at);
void ls_perform_end(ls_reader_state *x);

void ls_kept_begin(ls_reader_state *x);
const char *ls_kept_apply(ls_reader_state *x, size_t i);
void ls_kept_silence(ls_reader_state *x, ls_time at);

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
/* When silence about something said at t has decided, grace included; LS_NEVER without such a rule. */
ls_time ls_silence_decides(const ls_reader_state *x, ls_time t);

#endif
