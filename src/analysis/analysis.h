/*
 * Analysis: what an accord lets happen, before anybody signs it. The model and every question are defined in
 * docs/analysis.md, so that an independent program can check the answers.
 *
 * All of it is pure: the same roadmap, weights and limit give the same answers everywhere. Results lie in the arena.
 */
#ifndef LS_ANALYSIS_ANALYSIS_H
#define LS_ANALYSIS_ANALYSIS_H

#include "roadmap/roadmap.h"

#define LS_ANALYSIS_LIMIT_DEFAULT 2000000 /* positions of one search */
#define LS_ANALYSIS_LIMIT_MAX 200000000
#define LS_WEIGHT_MAX 1000000

/* What somebody can do, or time. */
typedef enum ls_move_kind {
    LS_MOVE_PERFORM, /* subject: measure; part */
    LS_MOVE_CONFIRM,
    LS_MOVE_PROMISE,
    LS_MOVE_BEGIN,
    LS_MOVE_ATTEST, /* subject: event */
    LS_MOVE_RATIFY, /* subject: party */
    LS_MOVE_OPEN,   /* subject: procedure */
    LS_MOVE_SETTLE,
    LS_MOVE_BREACH,  /* a default, which nobody owes */
    LS_MOVE_SILENCE, /* here moves of time begin: verifiers are taken to have confirmed */
    LS_MOVE_ELAPSE,  /* a delay is over */
    LS_MOVE_DAY,     /* a date has come */
    LS_MOVE_OVERDUE, /* a deadline has passed */
    LS_MOVE_EXHAUST, /* a dispute's stages are over */
    LS_MOVE_DECIDE   /* silence lets an event happen */
} ls_move_kind;

typedef struct ls_analysis_query {
    const ls_roadmap *roadmap;
    /* Of each measure for each party, [measure * LS_PARTIES_MAX + party]; NULL: 1 each. */
    const uint32_t *weights;
    uint64_t limit; /* positions of one search */
    bool brief;     /* no absences and breaches */
    /* Told now and then; NULL: not. */
    void (*progress)(void *context, const char *what, uint64_t positions);
    void *context;
} ls_analysis_query;

/* UNKNOWN only where a search was cut. */
typedef enum ls_reach { LS_REACH_NEVER, LS_REACH_YES, LS_REACH_UNKNOWN } ls_reach;

/* How a measure stands in a position. */
typedef enum ls_stand { LS_STAND_OPEN, LS_STAND_IN_PART, LS_STAND_PERFORMED, LS_STAND_COMPLETE } ls_stand;

/* The most that a party can have given before it is answered. Amounts are thousandths of a weight. */
typedef struct ls_exposure {
    size_t party;
    ls_quantity most, irreversible; /* the second is the part of the first that can't be undone */
    ls_quantity gifts;              /* the part of the first that nothing will ever answer */
    ls_quantity bound;              /* more it can't be; most, unless the search was cut */
    ls_stand *stand;                /* of each measure, in a position with so much */
    ls_quantity *open;              /* of each measure: what the party has given with it, unanswered */
} ls_exposure;

typedef struct ls_withheld {
    uint32_t kind, subject; /* an ls_move_kind; what it is about */
} ls_withheld;

/* `party` has done `measure` and waits for an answer; only `silent` can move, and is never late. */
typedef struct ls_rightful_silence {
    size_t measure, party, silent;
    size_t count;
    ls_withheld *withheld;
    ls_stand *stand; /* of each measure */
} ls_rightful_silence;

typedef struct ls_absence {
    size_t party;
    ls_reach *reach; /* of each measure: whether it can still be completed */
    size_t lost;     /* how many never */
} ls_absence;

/* What follows if a measure is never performed. */
typedef struct ls_breach {
    ls_reach *reach;                  /* of each other measure: whether it can still be completed */
    size_t blocked;                   /* how many other measures never, which could be otherwise */
    ls_quantity most[LS_PARTIES_MAX]; /* that a party can then have given unanswered */
    bool exact;                       /* else at least so much */
} ls_breach;

typedef struct ls_analysis {
    uint64_t positions; /* that all searches saw */
    bool cut;           /* one of them reached its limit: what is UNKNOWN, or not exact, is so because of that */
    ls_parties actors;  /* who can do anything */
    bool deadlock;      /* measures remain that nothing can complete: */
    bool *stuck;
    ls_reach *due; /* of each measure: whether it can become due */
    size_t exposure_count;
    ls_exposure *exposure; /* of each performer */
    size_t silence_count;
    bool silence_cut; /* there may be more */
    ls_rightful_silence *silence;
    size_t absence_count;
    ls_absence *absence;
    ls_breach *breach; /* of each measure */
} ls_analysis;

ls_result ls_analysis_run(const ls_analysis_query *q, ls_arena *arena, ls_analysis *out);

/* Weights as a document says them: measure id → weight, or measure id → party → weight. Diagnoses what is wrong. */
uint32_t *ls_weights_read(ls_arena *arena, const ls_value *v, const ls_roadmap *r, const ls_charter *c,
                          ls_diagnostics *d);

/* Dates for a day of signature. LS_TIME_OPEN: no time is known. */
typedef struct ls_measure_dates {
    ls_time due;      /* from when it can be performed */
    ls_time deadline; /* as far as it is known in this schedule */
    ls_time performed, complete;
} ls_measure_dates;

typedef struct ls_schedule {
    ls_time signed_at, in_force;
    ls_measure_dates *measure;
    ls_time *event;
    ls_time *step; /* complete */
} ls_schedule;

/* When things are done. */
typedef enum ls_pace {
    LS_PACE_EARLIEST, /* as soon as they may be */
    LS_PACE_PLANNED, /* measures on their last day, or else at once; others answer at once, and attest what is needed */
    LS_PACE_LATEST,  /* as late as may be: what has no deadline stays open */
    LS_PACES
} ls_pace;

ls_result ls_schedule_make(const ls_roadmap *r, const ls_charter *c, ls_date signature, ls_pace pace, ls_arena *arena,
                           ls_schedule *out);

/* What a party has given unanswered from a time on. */
typedef struct ls_curve_point {
    ls_time from;
    ls_quantity exposure, irreversible;
} ls_curve_point;

typedef struct ls_curve {
    size_t party, count;
    ls_curve_point *point; /* in order of time, the first at signature */
} ls_curve;

/* For each performer, along a schedule. */
ls_result ls_schedule_curves(const ls_analysis_query *q, const ls_schedule *s, ls_arena *arena, ls_curve **curves,
                             size_t *count);

/* A change that lowers the largest exposure, and makes no deadlock and no silence that was not there. */
typedef struct ls_suggestion {
    bool split;            /* `measure` and `other` in halves, one after the other in turn; */
    size_t measure, other; /* else: `measure` waits for `other` */
    ls_quantity largest;   /* exposure of any party, then */
    ls_quantity total;     /* of all parties */
} ls_suggestion;

#define LS_SUGGESTIONS_MAX 5
/* The best few, best first. tried: how many changes were. */
ls_result ls_analysis_suggest(const ls_analysis_query *q, const ls_analysis *a,
                              ls_suggestion out[static LS_SUGGESTIONS_MAX], size_t *count, size_t *tried);

#endif
