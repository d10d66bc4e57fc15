/*
 * The state of an accord in words: why a measure stands as it does, what parties may and must do now, and what follows
 * if they don't. Pure, as the state is; all text lies in the arena.
 */
#ifndef LS_ACCORD_WHY_H
#define LS_ACCORD_WHY_H

#include "accord/state.h"

/* The state and the facts that it was made of, where words need more than the state says: read once, for all measures.
 */
typedef struct ls_account {
    const ls_state_query *q;
    const ls_accord_state *s;
    ls_arena *arena;
    size_t entries;                  /* of the ledger, up to the last that a fact comes from; of each: */
    bool *taken_back;                /* by its author */
    bool *answered;                  /* by a verifier, who named it */
    ls_parties *performed;           /* of each measure: whose performance stands, */
    ls_parties *attended;            /* which witnesses confirmed the last one, */
    ls_parties *spoken;              /* and who answered it at all; */
    uint32_t *reversed, *called_off; /* the last entry that did so, or LS_NO_ENTRY */
    uint32_t *notice, *ratified;     /* of each party: its notice of withdrawal, its ratification */
} ls_account;

/* What it takes must outlive it. Fails only for lack of memory. */
ls_result ls_account_read(const ls_state_query *q, const ls_accord_state *s, ls_arena *arena, ls_account *out);
/* The fact is in the record as it is asked for. */
bool ls_account_counts(const ls_account *a, const ls_fact *f);
/* The entry that made a measure's state, or LS_NO_ENTRY: it follows from a rule and time. */
uint32_t ls_account_entry(const ls_account *a, size_t measure);

/* A local date of the process's zone, "2018-10-31"; "-" for LS_TIME_OPEN. */
const char *ls_why_date(const ls_charter *c, ls_time t, ls_arena *arena);
/* The day that a deadline ends; with the minute where that is not the closing hour. */
const char *ls_why_deadline(const ls_charter *c, ls_time t, ls_arena *arena);
/* The last day of what ends then: at the end of a day that is this day, and not the next. */
const char *ls_why_last_day(const ls_charter *c, ls_time t, ls_arena *arena);
/* "usa, rok" */
const char *ls_why_parties(const ls_charter *c, ls_parties set, ls_arena *arena);
/* "6200.5" */
const char *ls_why_quantity(ls_quantity q, ls_arena *arena);
/* "12000 of 50000 t, 6000 confirmed", or NULL for a measure without amount. */
const char *ls_why_amount(const ls_measure *m, const ls_measure_state *s, ls_arena *arena);
/* "usa, rok": whose share is not delivered, or who of several has not performed; or "". */
const char *ls_why_behind(const ls_account *a, size_t measure);
/* "seal (dprk)": what others of its simultaneous step have not come to their end; or "". */
const char *ls_why_held(const ls_account *a, size_t measure);
/* One line, without period: what made the measure's state. */
const char *ls_why(const ls_account *a, size_t measure);

/* A rule of the accord that bears on a measure, or an act about more than it, and what has come of it. */
typedef struct ls_ground {
    const char *rule, *stands;
    uint32_t entry; /* or LS_NO_ENTRY */
} ls_ground;

ls_result ls_grounds(const ls_account *a, size_t measure, ls_ground **out, size_t *count);

typedef enum ls_duty_kind {
    LS_DUTY_PERFORM, /* subject: measure; up to LS_DUTY_LAST_ABOUT_MEASURE */
    LS_DUTY_ANSWER,  /* a verifier: confirm, or object */
    LS_DUTY_ATTEND,  /* a witness: confirm that it was there */
    LS_DUTY_CURE,    /* a breach, or an objection */
    LS_DUTY_PROMISE,
    LS_DUTY_JOIN,
    LS_DUTY_CALL_OFF,
    LS_DUTY_EXTEND,  /* others asked for it */
    LS_DUTY_DISPUTE, /* a procedure, about the measure */
    LS_DUTY_LAST_ABOUT_MEASURE = LS_DUTY_DISPUTE,
    LS_DUTY_ATTEST, /* subject: event */
    LS_DUTY_AGREE,  /* an event that is still to be agreed */
    LS_DUTY_SETTLE, /* subject: place among the state's disputes */
    LS_DUTY_REFER,
    LS_DUTY_RATIFY,
    LS_DUTY_STAY,      /* take a notice of withdrawal back */
    LS_DUTY_RESUME,    /* subject: place among the state's suspensions */
    LS_DUTY_USE,       /* subject: right */
    LS_DUTY_INSPECTION /* no subject here: inspection/duties.h says what */
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
ls_result ls_duties(const ls_account *a, ls_duty **out, size_t *count);

#endif
