/*
 * The state of an accord: one pure function of the accord, what the record says about it, and two times. What each
 * construct of the roadmap means is said in docs/roadmap.md; here is how it is asked for.
 */
#ifndef LS_ACCORD_STATE_H
#define LS_ACCORD_STATE_H

#include "roadmap/roadmap.h"

/* What an accepted act says about an accord, reduced to what the state depends on; what `subject` is an index of. */
typedef enum ls_fact_kind {
    LS_FACT_PERFORM,  /* measure: `perform`, and the `declare` or `open` that is its content; amount, method, party */
    LS_FACT_CONFIRM,  /* measure; amount if less than claimed */
    LS_FACT_OBJECT,   /* measure */
    LS_FACT_MISSING,  /* measure */
    LS_FACT_PROMISE,  /* measure */
    LS_FACT_BEGIN,    /* measure */
    LS_FACT_REVERSE,  /* measure */
    LS_FACT_CALL_OFF, /* measure; day: postponed to it, or LS_NO_DAY */
    LS_FACT_JOIN,     /* measure */
    LS_FACT_INCIDENT, /* measure */
    LS_FACT_ASSESS,   /* measure; amount: the score */
    LS_FACT_EXTEND,   /* measure, or, with a ref to a dispute, one of its stages (detail); day: the new deadline */
    LS_FACT_ATTEST,   /* event; amount */
    LS_FACT_USE,      /* right */
    LS_FACT_DISPUTE,  /* procedure; detail: none; amount: the measure, or LS_QUANTITY_NONE */
    LS_FACT_REFER,    /* procedure; ref: the dispute; detail: the stage */
    LS_FACT_SETTLE,   /* procedure; ref: the dispute */
    LS_FACT_RATIFY,
    LS_FACT_DENOUNCE,
    LS_FACT_SUSPEND,  /* measure, or none; detail: track, or none */
    LS_FACT_RESUME,   /* ref: the suspend act */
    LS_FACT_NOTIFY,   /* what became of declared rows: changes no state */
    LS_FACT_CONTEST,  /* ref: a declaration, an opening or a notification: changes no state */
    LS_FACT_WITHDRAW, /* of a party's own earlier fact; ref: its act */
    LS_FACT_KINDS,
    LS_FACT_NOTHING = LS_FACT_KINDS
} ls_fact_kind;

#define LS_NO_ENTRY UINT32_MAX
#define LS_NO_DAY INT32_MIN
#define LS_NO_SUBJECT 1023
#define LS_NO_DETAIL 127

/* There may be a million of them: acts by their place in the ledger, and no time, which the place gives. */
typedef struct ls_fact {
    ls_quantity amount; /* or LS_QUANTITY_NONE */
    uint32_t index;     /* of the act in the ledger */
    uint32_t ref;       /* index of the act that it is about, or LS_NO_ENTRY */
    int32_t day;        /* ls_date_to_days of a date claimed or confirmed, or of a new deadline; or LS_NO_DAY */
    uint32_t kind : 5;  /* an ls_fact_kind */
    uint32_t by : 5;    /* index of the party */
    uint32_t party : 5; /* in whose stead it performs; its own index if in nobody's */
    uint32_t subject : 10;
    uint32_t detail : 7; /* track, stage or method, or LS_NO_DETAIL */
} ls_fact;

_Static_assert(LS_PARTIES_MAX <= 32 && LS_MEASURES_MAX < LS_NO_SUBJECT && LS_EVENTS_MAX < LS_NO_SUBJECT &&
                   LS_TRACKS_MAX < LS_NO_DETAIL && LS_FACT_KINDS <= 32,
               "a fact's fields are wide enough");
_Static_assert(sizeof(ls_fact) == 24, "facts are small");

#define LS_TIME_OPEN INT64_MAX       /* ledger time while no stamp covers the act: as of now */
#define LS_TIME_NONE (INT64_MAX - 1) /* of an act without effect: it lapsed, or was annulled */

/* An accord's facts in ledger order, and the ledger time of each act. */
typedef struct ls_facts {
    const ls_fact *fact;
    size_t count;
    ls_time (*time)(const void *context, uint32_t index);
    const void *context;
} ls_facts;

typedef enum ls_state {
    LS_PENDING,    /* a moment that it waits for has not come yet */
    LS_DUE,        /* may and must be done now */
    LS_BEGUN,      /* begun, or delivered in part */
    LS_PERFORMED,  /* claimed; its verifiers have not all spoken, or it has none */
    LS_CONFIRMED,  /* every verifier confirmed */
    LS_DISPUTED,   /* a verifier objects, or says that it is missing */
    LS_OVERDUE,    /* a deadline and grace have passed in silence */
    LS_KEPT,       /* a continuing obligation, or a rate, that nothing is wrong with */
    LS_BREACHED,   /* a verifier established a breach of it; or the level is above the ceiling */
    LS_REVERSED,   /* undone */
    LS_CALLED_OFF, /* with a stated cause */
    LS_ENDED,      /* its time, or the accord, is over */
    LS_STATES
} ls_state;

/* How far an amount had come at a time. */
typedef struct ls_tally {
    ls_time time;
    ls_quantity total;
} ls_tally;

typedef struct ls_measure_state {
    ls_state state;
    ls_time since; /* when this state began; LS_TIME_OPEN: not known yet */
    ls_time holds; /* when all that it waits for had come; may lie ahead, where dates are known; else LS_TIME_OPEN */
    bool has_deadline, has_begin; /* known */
    ls_time deadline;             /* last moment in time; grace not included; extensions and suspensions are */
    ls_time begin_by;             /* the same for `begin` */
    bool early, late;             /* as performed */
    bool begun_late;
    bool held;       /* done, and waits for others of its simultaneous step */
    bool suspended;  /* a suspension that lasts covers it; */
    bool stopped;    /* and its clock stands */
    bool in_dispute; /* a dispute about it is neither settled nor exhausted */
    bool by_silence; /* a verifier's silence decided */
    ls_time
        silent_until; /* when the silence of those who have not answered decides, grace not included; or LS_TIME_OPEN */
    uint32_t performed_by; /* entries: the performance in force, or LS_NO_ENTRY; */
    uint32_t answered_by;  /* the last confirm, object or missing, or LS_NO_ENTRY; */
    uint32_t said_by;      /* the act that made the state, whatever it was, or LS_NO_ENTRY */
    ls_time performed_at; /* ledger time, or the confirmed date's closing hour if that is earlier; with a performance */
    ls_parties performers;                   /* those who joined included */
    ls_parties confirmations;                /* who has confirmed the performance in force */
    ls_parties objections;                   /* whose objection stands, or word that it is missing, or breach */
    ls_quantity required, total, confirmed;  /* of an amount, or LS_QUANTITY_NONE; a ceiling's total is its level */
    ls_quantity *delivered;                  /* of an amount with several performers: each party's part; else NULL */
    size_t performed_count, confirmed_count; /* of an amount: its running totals, in the order of time */
    ls_tally *performed_progress, *confirmed_progress;
    size_t goal_count; /* of a goal that is not in the accord: each that there has been, and since when */
    ls_tally *goals;
    unsigned incidents, open_incidents; /* reported; neither established nor dismissed */
    unsigned breaches;                  /* established so far */
    unsigned score;                     /* 0 to 3 */
    uint32_t assessed_by;               /* the assessment that the score is, or LS_NO_ENTRY: derived */
    ls_time event[LS_EVENT_KINDS];      /* when each happened for those who wait for it; LS_TIME_OPEN: not yet */
} ls_measure_state;

typedef struct ls_step_state {
    ls_time performed, complete; /* all of it; LS_TIME_OPEN: not yet */
} ls_step_state;

typedef struct ls_event_state {
    ls_time time;         /* it happened, or, where dates are known, will; LS_TIME_OPEN */
    ls_parties attested;  /* so far */
    uint32_t said_by;     /* the last attestation, or LS_NO_ENTRY */
    ls_quantity amount;   /* attested, or LS_QUANTITY_NONE */
    ls_time silent_until; /* of one with `unless`: the deadline; LS_TIME_OPEN */
    bool prevented;       /* what stands under `unless` came in time */
} ls_event_state;

typedef struct ls_right_state {
    uint32_t used, left, forfeited, beyond; /* in this period, in it, in all that ended; uses beyond the quota */
    ls_time from, until;                    /* this period; from LS_TIME_OPEN: none has begun */
    size_t beyond_count; /* acts whose use has no effect: beyond the quota, or before the first period began; */
    uint32_t *beyond_by; /* their indices, in the order of the ledger; NULL if there are none */
} ls_right_state;

typedef struct ls_stage_state {
    ls_time begins, ends; /* LS_TIME_OPEN: not known; equal: passed over */
} ls_stage_state;

typedef struct ls_dispute_state {
    size_t procedure;
    uint32_t index; /* of the act that opened it */
    size_t by;
    int measure;                        /* or -1 */
    ls_time opened, settled, exhausted; /* LS_TIME_OPEN: not (yet) */
    ls_parties settled_by;              /* who has said so */
    ls_stage_state stage[LS_STAGES_MAX];
} ls_dispute_state;

typedef struct ls_suspension {
    uint32_t index; /* of the act */
    size_t by;
    int measure, track;   /* or -1 */
    ls_time since, until; /* until LS_TIME_OPEN while no end is known */
} ls_suspension;

/* All of an accord. What lies in arrays has as many elements as the roadmap. */
typedef struct ls_accord_state {
    ls_time signed_at, provisional, in_force; /* LS_TIME_OPEN: not yet */
    ls_time ended;                            /* by withdrawal, for all; may lie ahead */
    ls_time ratified[LS_PARTIES_MAX];
    ls_time left[LS_PARTIES_MAX]; /* when a party's notice runs out; LS_TIME_OPEN: none was given */
    ls_measure_state *measure;
    ls_step_state *step;
    ls_event_state *event;
    ls_right_state *right;
    size_t dispute_count;
    ls_dispute_state *dispute; /* in the order in which they were opened */
    size_t suspension_count;
    ls_suspension *suspension; /* in the order in which they began */
} ls_accord_state;

/* What a fact did about a measure, for explanations; in the order of the record, measure by measure. */
typedef struct ls_trace {
    /* outcome: a static sentence without period */
    void (*said)(void *context, size_t measure, const ls_fact *fact, const char *outcome);
    void *context;
} ls_trace;

typedef struct ls_state_query {
    const ls_roadmap *roadmap;
    const ls_charter *charter;
    ls_time signed_at; /* ledger time of the accord; LS_TIME_OPEN: never, as it came too late */
    const ls_facts *facts;
    ls_time at;    /* what was so then, */
    ls_time known; /* as the record had it then: facts whose ledger time is later do not count; and of one that no
                      stamp covers yet this is the time */
    const ls_trace *trace; /* or NULL */
} ls_state_query;

/*
 * Fails only for lack of memory; all of *out lies in the arena. The same facts give the same state everywhere: no
 * clock, zone file or locale is read, and nothing is kept between calls.
 */
ls_result ls_state_eval(const ls_state_query *q, ls_arena *arena, ls_accord_state *out);

/* The moment's time in this state, ahead of `at` where dates are known; LS_TIME_OPEN if it is not known. As a deadline
 * it ends at the closing hour, else it begins at midnight. */
ls_time ls_state_moment(const ls_state_query *q, const ls_accord_state *s, const ls_moment *m, bool deadline);

/* The measure has reached its end: confirmed, or performed where nobody verifies. */
bool ls_measure_complete(const ls_measure *m, const ls_measure_state *s);

/* The first of the facts of the entry with this index or a later one; facts->count if there is none. */
size_t ls_facts_from(const ls_facts *facts, uint32_t index);

const char *ls_state_name(ls_state s);
const char *ls_event_name(ls_event_kind k); /* "performed" */

#endif
