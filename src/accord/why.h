/*
 * The state of an accord in words: why a measure stands as it does, what parties may and must do now, and what follows
 * if they don't. Pure, as the state is; all text lies in the arena.
 */
#ifndef LS_ACCORD_WHY_H
#define LS_ACCORD_WHY_H

#include "accord/state.h"

/* A local date of the process's zone, "2018-10-31"; "-" for LS_TIME_OPEN. That of a deadline is the day that it ends.
 */
const char *ls_why_date(const ls_charter *c, ls_time t, ls_arena *arena);
const char *ls_why_deadline(const ls_charter *c, ls_time t, ls_arena *arena);
/* "usa, rok" */
const char *ls_why_parties(const ls_charter *c, ls_parties set, ls_arena *arena);
/* "12000 of 50000 t, 6000 confirmed", or NULL for a measure without amount. */
const char *ls_why_amount(const ls_measure *m, const ls_measure_state *s, ls_arena *arena);

/* One line, without period: what made the measure's state. */
const char *ls_why(const ls_state_query *q, const ls_accord_state *s, size_t measure, ls_arena *arena);

typedef enum ls_duty_kind {
    LS_DUTY_PERFORM, /* subject: measure */
    LS_DUTY_ANSWER,  /* a verifier: confirm, or object */
    LS_DUTY_ATTEND,  /* a witness: confirm that it was there */
    LS_DUTY_CURE,    /* a breach, or an objection */
    LS_DUTY_PROMISE,
    LS_DUTY_ATTEST, /* subject: event */
    LS_DUTY_SETTLE, /* subject: place among the state's disputes */
    LS_DUTY_RATIFY,
    LS_DUTY_RESUME, /* subject: place among the state's suspensions */
    LS_DUTY_USE     /* subject: right */
} ls_duty_kind;

/* What one party may or must do. */
typedef struct ls_duty {
    ls_duty_kind kind;
    size_t party, subject;
    bool must;             /* it owes this; else it may */
    ls_time until;         /* last moment in time; LS_TIME_OPEN: no clock runs */
    const char *what;      /* the measure's words, the event's title, … */
    const char *command;   /* "perform suspend-exercises" */
    const char *otherwise; /* what follows if it does not */
} ls_duty;

/* In the order of their deadlines, those without last. Fails only for lack of memory. */
ls_result ls_duties(const ls_state_query *q, const ls_accord_state *s, ls_arena *arena, ls_duty **out, size_t *count);

#endif
