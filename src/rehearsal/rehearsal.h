/*
 * Rehearsals: what would become of an accord if its parties behaved in a certain way (docs/rehearsal.md).
 *
 * A script says how; acts that nobody signed are made from it, and the state of the accord is asked for at each moment
 * at which it can change. Pure: the same script gives the same rehearsal everywhere.
 */
#ifndef LS_REHEARSAL_REHEARSAL_H
#define LS_REHEARSAL_REHEARSAL_H

#include "accord/state.h"

#define LS_REHEARSAL_RULES_MAX 200
#define LS_REHEARSAL_ACTS_MAX 1000
#define LS_REHEARSAL_SWEEPS_MAX 4
#define LS_REHEARSAL_VALUES_MAX 1000 /* of one sweep */
#define LS_REHEARSAL_RUNS_MAX 5000   /* of all combinations */
#define LS_REHEARSAL_COLUMNS_MAX 64  /* of the report */
#define LS_REHEARSAL_ROUNDS_MAX 5000 /* evaluations of one run */

/* When a party does what it is to do. */
typedef enum ls_manner_kind {
    LS_MANNER_ON_TIME,  /* as soon as it may, and its clock does not stand */
    LS_MANNER_AT_ONCE,  /* as soon as it may */
    LS_MANNER_LAST_DAY, /* on the last day of its deadline */
    LS_MANNER_LATE,     /* so long after its deadline */
    LS_MANNER_AFTER,    /* so long after it may */
    LS_MANNER_NEVER,
    LS_MANNER_OBJECTS /* of a verifier: as soon as it may, and against it */
} ls_manner_kind;

typedef struct ls_manner {
    ls_manner_kind kind;
    ls_duration duration;
} ls_manner;

/* How a party behaves: about one measure, or about all. */
typedef struct ls_behaviour {
    size_t party;
    int measure; /* or -1: all for which no other rule is given */
    bool has_performs, has_confirms;
    ls_manner performs, confirms;
    ls_moment silent_after; /* it does nothing from then on; none: it is never silent */
} ls_behaviour;

/* A dated act. Its fact lacks index and ref until it is made. */
typedef struct ls_scripted {
    ls_mark mark;
    const char *kind; /* "perform" */
    ls_time at;
    ls_fact fact;
    uint32_t refs;        /* kinds of facts that it may be about: a bit for each; 0: none */
    int ref;              /* the act of the script that it names, or -1: the latest that fits */
    ls_bytes declaration; /* of declare and open: what measures ask for */
    uint32_t tranche;     /* of open */
} ls_scripted;

/* One setting of the script that is varied. */
typedef struct ls_sweep {
    ls_bytes path; /* "rules.0.performs" */
    size_t count;
    const ls_value **values;
} ls_sweep;

typedef enum ls_column_kind { LS_COLUMN_MOMENT, LS_COLUMN_STATE, LS_COLUMN_OVERDUE } ls_column_kind;

/* What is told of each run. */
typedef struct ls_column {
    ls_bytes name;
    ls_column_kind kind;
    ls_moment moment; /* its date, if it came */
    size_t measure;   /* its state at the end */
} ls_column;

/* What is rehearsed. */
typedef struct ls_rehearsed_accord {
    const ls_roadmap *roadmap;
    const ls_charter *charter;
    ls_time today;         /* by the clock of whoever asks */
    const ls_facts *facts; /* so far, of an accord on the record; else NULL */
    ls_time signed_at;     /* of an accord on the record */
    uint32_t next;         /* no act on the record has this index or a higher one */
} ls_rehearsed_accord;

typedef struct ls_rehearsal {
    const ls_value *source;
    ls_rehearsed_accord of; /* facts: only if it goes on from the record */
    ls_bytes title;         /* may be empty */
    ls_time signed_at, start;
    ls_time until; /* LS_TIME_OPEN: until nothing can change any more */
    size_t behaviour_count;
    ls_behaviour *behaviours;
    size_t act_count;
    ls_scripted *acts;
    size_t *order;                  /* of acts, by time */
    ls_parties *performs, *answers; /* for each measure: those whose dated acts take the place of their rules */
    size_t sweep_count;
    ls_sweep sweeps[LS_REHEARSAL_SWEEPS_MAX];
    size_t run_count; /* all combinations; 1 without a sweep */
    size_t column_count;
    ls_column *columns;
} ls_rehearsal;

/* Reads a script and diagnoses everything wrong with it at once. *out is untouched if there were errors. */
void ls_rehearsal_read(ls_arena *arena, const ls_value *v, const ls_rehearsed_accord *of, ls_diagnostics *d,
                       ls_rehearsal *out);
/* The script of one run of a sweep: what ls_rehearsal_read takes, with each setting at its value. NULL without memory.
 */
const ls_value *ls_rehearsal_variant(ls_arena *arena, const ls_rehearsal *r, size_t run);
/* The value of a sweep's setting in this run. */
const ls_value *ls_rehearsal_setting(const ls_rehearsal *r, size_t run, size_t sweep);

typedef enum ls_happening_kind {
    LS_HAPPENED_ACT,   /* a party did something */
    LS_HAPPENED_STATE, /* a measure has another state */
    LS_HAPPENED_EVENT, /* of the roadmap */
    LS_HAPPENED_OTHER  /* of the accord as a whole, of disputes, of suspensions */
} ls_happening_kind;

typedef struct ls_happening {
    ls_time time;
    ls_happening_kind kind;
    int party;         /* who acts, or -1 */
    bool by_rule;      /* an act that follows from how the party behaves; else it is a dated one */
    const char *what;  /* "perform", "confirmed, late" */
    const char *about; /* the id of a measure, an event, …, or "" */
    const char *more;  /* an amount, why it was refused, …, or "" */
} ls_happening;

typedef enum ls_rehearsal_end {
    LS_ENDED_UNTIL, /* the script's date was reached */
    LS_ENDED_STILL, /* nothing can change any more */
    LS_ENDED_BOUND  /* LS_REHEARSAL_ROUNDS_MAX: there was more to come */
} ls_rehearsal_end;

typedef struct ls_rehearsed {
    size_t count;
    ls_happening *happenings; /* by time */
    ls_time end;              /* where nothing can change any more: of the last change */
    ls_rehearsal_end why;
    ls_accord_state state; /* at the end */
    size_t overdue;        /* measures, at the end */
    const char **columns;  /* the report's values, as text; "" for what did not come */
} ls_rehearsed;

/* Fails only for lack of memory; all of *out lies in the arena. Sweeps are not looked at. */
ls_result ls_rehearsal_run(const ls_rehearsal *r, ls_arena *arena, ls_rehearsed *out);

#endif
