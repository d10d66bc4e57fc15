/*
 * The state of an accord's measures: one pure function of the accord, what the record says about it, and a time.
 */
#ifndef LS_ACCORD_STATE_H
#define LS_ACCORD_STATE_H

#include "accord/roadmap.h"

/* What an accepted act says about an accord, reduced to what the state depends on. */
typedef enum ls_fact_kind {
    LS_FACT_PERFORM, /* `perform`, and the `declare` or `open` that is a measure's content */
    LS_FACT_CONFIRM,
    LS_FACT_OBJECT,
    LS_FACT_MISSING,
    LS_FACT_WITHDRAW, /* of a party's own earlier fact; ref is its act */
    LS_FACT_SUSPEND,
    LS_FACT_RESUME /* ref is the suspend act */
} ls_fact_kind;

#define LS_NO_ENTRY UINT32_MAX
#define LS_NO_DAY INT32_MIN

/* There may be a million of them: acts by their place in the ledger, and no time, which the place gives. */
typedef struct ls_fact {
    uint32_t index;  /* of the act in the ledger */
    uint32_t ref;    /* index of the act that it is about, or LS_NO_ENTRY */
    int32_t day;     /* ls_date_to_days of a date that a performer claims or a verifier confirms, or LS_NO_DAY */
    int16_t measure; /* index, or -1: the whole accord (suspend, resume) */
    int8_t track;    /* index, or -1: suspend's scope */
    uint8_t kind : 3, by : 5; /* an ls_fact_kind; index of the party */
} ls_fact;

_Static_assert(LS_PARTIES_MAX <= 32 && LS_MEASURES_MAX <= INT16_MAX && LS_TRACKS_MAX <= INT8_MAX,
               "parties, measures and tracks fit into a fact");

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
    LS_PENDING,   /* its conditions do not hold yet */
    LS_DUE,       /* may and must be done now */
    LS_PERFORMED, /* claimed; its verifiers have not all spoken, or it has none */
    LS_CONFIRMED, /* every verifier confirmed */
    LS_DISPUTED,  /* a verifier objects, or says that it is missing */
    LS_OVERDUE    /* deadline and grace have passed in silence */
} ls_state;

typedef struct ls_measure_state {
    ls_state state;
    ls_time since;         /* when this state began; LS_TIME_OPEN: not known yet */
    bool has_deadline;     /* known: its date is fixed or its trigger has happened */
    ls_time deadline;      /* last moment in time; grace not included */
    bool early, late;      /* as performed */
    bool suspended;        /* a suspension in force covers it; it changes no deadline */
    uint32_t performed_by; /* entries: the performance in force, or LS_NO_ENTRY; */
    uint32_t answered_by;  /* the last confirm, object or missing, or LS_NO_ENTRY */
    ls_time performed_at; /* ledger time, or the confirmed date's closing hour if that is earlier; with a performance */
    uint64_t confirmations; /* bit p: party p of the charter has confirmed */
} ls_measure_state;

typedef struct ls_suspension {
    uint32_t index; /* of the act */
    size_t by;
    int track;
    ls_time since, until; /* until LS_TIME_OPEN while it lasts */
} ls_suspension;

/*
 * states: measure_count elements. in_force: ledger time of the accord. Facts whose time is later than `now` do not
 * count (an unstamped fact counts as of now), nor do those without effect. Fails only for lack of memory.
 *
 * A fact counts only if it is its author's to state: performances of the performer, answers of a verifier. An answer
 * is about the performance that ref names, without ref about the latest; about an earlier one it says nothing. A new
 * performance replaces the one before it and asks for new answers. Once every verifier has confirmed, neither the
 * performance nor a confirmation can be withdrawn, and a new performance counts only in answer to an objection; what
 * others were waiting for stays happened. `missing` without a performance counts once the conditions hold.
 *
 * A confirmed date protects the performer: it decides early and late. Others wait for ledger time, which they can
 * know. A deadline that passes before the conditions hold makes nothing overdue until they have held for the grace.
 */
ls_result ls_state_eval(const ls_roadmap *r, const ls_charter *c, ls_time in_force, const ls_facts *facts, ls_time now,
                        ls_measure_state *states);
/* Suspensions that began by `now`, in order; at most cap. Returns how many there are. A suspension ends when its author
 * resumes or withdraws it. */
size_t ls_state_suspensions(const ls_facts *facts, ls_time now, ls_suspension *out, size_t cap);

/* The first of the facts of the entry with this index or a later one; facts->count if there is none. */
size_t ls_facts_from(const ls_facts *facts, uint32_t index);

const char *ls_state_name(ls_state s);

#endif
