/* What the files that work out an accord's state share. */
#ifndef LS_ACCORD_STATE_PARTS_H
#define LS_ACCORD_STATE_PARTS_H

#include "accord/state.h"
#include "accord/time.h"

#define LS_NEVER LS_TIME_OPEN /* of what has not happened */
#define LS_NO_FACT SIZE_MAX

/* state_said.c: what was said about one measure, up to a time. */
typedef struct ls_said {
    ls_state phase; /* LS_PENDING: nothing stands; LS_BEGUN, LS_PERFORMED, LS_CONFIRMED, LS_DISPUTED; of a continuing
                       obligation LS_KEPT, LS_PERFORMED (cured, as its party says) or LS_BREACHED */
    ls_time since;  /* of the phase */
    ls_time performed, confirmed; /* when it was, for the first time, by ledger time; or LS_NEVER */
    ls_time begun;
    ls_time performed_at;             /* of the performance in force, by its confirmed date */
    size_t performance, answer, last; /* positions of facts: the performance in force, the last answer that stands, the
                                          last that changed something */
    size_t called_off;                /* the call-off that stands, or LS_NO_FACT */
    ls_time reversed;                 /* or LS_NEVER */
    ls_time breached;                 /* for the first time, or LS_NEVER */
    ls_time above;                    /* of a ceiling: since when the level that stands is a breach, or LS_NEVER */
    ls_time overdue;                  /* for the first time a deadline passed in silence, or LS_NEVER */
    unsigned breaches, incidents, open_incidents;
    bool by_silence;
    ls_parties performers, confirmations, objections;
    ls_quantity total, confirmed_total;
    size_t assessment; /* the last, or LS_NO_FACT */
} ls_said;

/* One evaluation: the query, what was worked out so far, and the facts by their subject. */
typedef struct ls_states {
    const ls_state_query *q;
    const ls_roadmap *r;
    const ls_charter *c;
    const ls_fact *fact;
    size_t fact_count;
    ls_accord_state *out;
    ls_arena *arena;
    bool no_memory;
    ls_time *time;      /* of each fact: its ledger time; LS_TIME_NONE: it does not count */
    ls_time *valid;     /* the same, but of a performance the date that was claimed and confirmed, if that is earlier */
    ls_time *withdrawn; /* when the author of each fact took it back; LS_NEVER */
    size_t *of_measure, *first; /* positions of facts about measure m: of_measure[first[m] … first[m + 1] - 1], in
                                   ledger order; and so for events and rights: */
    size_t *of_event, *first_event;
    size_t *of_right, *first_right;
    ls_said *said; /* of each measure, as of `at` */
    struct {
        ls_time since, until;
    } * stop; /* when the clock of one measure stands, in the order of time */
    size_t stop_count, stops_of;
    bool until_known; /* the moment that ends suspensions was worked out */
} ls_states;

/* Zeroed memory of the evaluation; NULL, and noted, if there is none. */
void *ls_states_array(ls_states *s, size_t count, size_t size);
/* The fact counts at `at`. */
bool ls_states_counts(const ls_states *s, size_t fact, ls_time at);
/* The position of the first fact of the act that a fact's ref names, if it is an earlier one; else LS_NO_FACT. */
size_t ls_states_referred(const ls_states *s, size_t fact);

/* Sorts positions of facts by what they are about. bucket gives the k-th of the things that a fact is about, count: no
 * more. Those about thing b are at position[first[b] … first[b + 1] - 1]; first has count + 2 elements. */
typedef size_t (*ls_bucket)(const ls_states *s, size_t fact, size_t k);
void ls_states_group(const ls_states *s, ls_bucket bucket, size_t count, size_t *first, size_t *position);

/* state_time.c: dates; those of accord/time.h, too. */

/* A moment as a deadline: when it ends, from when its clock has run, and whether it is exact to the second. */
typedef struct ls_deadline {
    ls_time time, start;
    bool exact;
} ls_deadline;
ls_deadline ls_moment_deadline(const ls_charter *c, const ls_accord_state *s, const ls_moment *m);
/* A moment that others wait for. */
ls_time ls_moment_time(const ls_charter *c, const ls_accord_state *s, const ls_moment *m);

/* A deadline that passed, with the grace: what is not done while it is in effect is overdue. */
typedef struct ls_missed {
    ls_time since, from, until; /* grace included; in effect */
} ls_missed;

/* How it is read. */
typedef struct ls_reading {
    ls_time until;           /* facts later than that do not count */
    bool by_ledger;          /* by ledger time alone, whatever dates were confirmed */
    bool first;              /* the one that explains (the query's trace) and gives progress */
    bool dates;              /* the one that gives dates */
    ls_time reversed;        /* a moment that undoes it, or LS_NEVER */
    ls_time holds;           /* since when its conditions hold; a continuing obligation begins then */
    ls_time ends;            /* of a continuing obligation, or LS_NEVER */
    ls_time ceiling;         /* since when a level above it is a breach, or LS_NEVER */
    const ls_missed *missed; /* in the order of time, none while another was in effect */
    size_t missed_count;
    ls_time late_begin; /* by when it must have begun, grace included; or LS_NEVER */
} ls_reading;
void ls_said_read(ls_states *s, size_t measure, const ls_reading *how, ls_said *out);
/* Up to a time, or the end of the accord; and, once its clock is worked out, with what undoes it. */
ls_reading ls_reading_until(const ls_states *s, size_t measure, ls_time until);
ls_reading ls_reading_undone(const ls_states *s, size_t measure, ls_time until);
/* When each performer's word counts: the accord has not ended then, and not all of them have left it. */
ls_time ls_measure_ends(const ls_states *s, const ls_measure *m);
/* state_goal.c: the goal of an amount at `at`, or LS_QUANTITY_NONE. */
ls_quantity ls_measure_required(const ls_states *s, size_t measure);
/* When a running total reached this much, or LS_NEVER. */
ls_time ls_tally_reached(const ls_tally *p, size_t count, ls_quantity amount);

/* state_clock.c: a measure's deadlines. */
typedef struct ls_clock {
    bool has_due, has_begin, stopped;
    ls_time due, begin;
    ls_time first_due;     /* the first that passed, grace not included, before another took its place; or due */
    ls_time overdue_since; /* as things stand: a deadline and the grace have passed; or LS_NEVER */
    ls_time overdue;       /* for the first time, by ledger time; or LS_NEVER */
} ls_clock;
void ls_clock_read(ls_states *s, size_t measure, ls_clock *out);
/* A rate: its running period and total. */
void ls_clock_rate(ls_states *s, size_t measure, ls_time ends, ls_clock *out, ls_quantity *required);

/* state_measure.c: from what was said and the clock to the state. */
void ls_states_promises(ls_states *s);                /* of all measures, before all else */
void ls_states_measure(ls_states *s, size_t measure); /* begun, performed, confirmed */
void ls_states_step(ls_states *s, size_t step);
void ls_states_clock(ls_states *s, size_t measure); /* and the rest */

/* state_ended.c: what waits for what will never come; after all others. */
void ls_states_ended(ls_states *s);

/* state_accord.c: ratification, entry, withdrawal, suspensions; events, rights. */
void ls_states_parties(ls_states *s);
void ls_states_entry(ls_states *s);
void ls_states_event(ls_states *s, size_t event);
void ls_states_right(ls_states *s, size_t right);
/* state_unless.c: when an event happens that nothing prevents: a deadline and the grace have passed, or what had
 * prevented it then was taken back. */
ls_time ls_unless_happens(ls_states *s, const ls_moment *unless, ls_time deadline);
void ls_states_suspensions(ls_states *s);
void ls_suspensions_end(ls_states *s);
/* Moves a deadline by the time that suspensions cover the measure: those that have begun by `at`. */
typedef struct ls_moved {
    ls_time time; /* LS_NEVER while its clock stands */
    bool stopped; /* at that time it stands */
} ls_moved;
ls_moved ls_suspensions_move(ls_states *s, size_t measure, ls_deadline d, ls_time at);
void ls_suspensions_mark(ls_states *s);

/* state_dispute.c */
void ls_states_disputes(ls_states *s);

/* A new deadline by consent: each of those who have to agree said the same in time. One at a time. */
typedef struct ls_extending {
    ls_parties said;
    size_t proposal[LS_PARTIES_MAX]; /* of each party that has said something: its last, a position */
    unsigned times;
} ls_extending;
/* Takes up one `extend`; true if the deadline (`now`) is extended to *out by it. */
bool ls_extend(const ls_states *s, ls_extending *x, size_t fact, ls_time deadline, ls_time *out);

#endif
