/*
 * What became of draws, visits and challenges: one pure function of the acts about them and a time. What each stage
 * means is said in docs/inspections.md. Which rows were drawn is for draw/ to compute, from the nonces here; what was
 * opened and found stands in files that acceptance does not read, so here only what the acts say of it.
 */
#ifndef LS_INSPECTION_INSPECTION_H
#define LS_INSPECTION_INSPECTION_H

#include "accord/state.h"

/* What an act says; `ref` names the act that each follows, by which it belongs to a draw, a visit or a challenge. */
typedef enum ls_inspected_kind {
    LS_INSPECTED_DRAW,   /* begins one: population, rows, replacements, tranche; ref: the declare act */
    LS_INSPECTED_COMMIT, /* value: the commitment */
    LS_INSPECTED_REVEAL, /* value: the nonce */
    LS_INSPECTED_CHOOSE, /* rows: how many */
    LS_INSPECTED_OPEN,   /* of a draw or a challenge; rows, blank */
    LS_INSPECTED_VISIT,  /* begins one; ref: a draw, a challenge, or the visit from which it goes on; tranche, row */
    LS_INSPECTED_ADMIT,  /* limits */
    LS_INSPECTED_REFUSE,
    LS_INSPECTED_POSTPONE,  /* until */
    LS_INSPECTED_ENTER,     /* day */
    LS_INSPECTED_LEAVE,     /* day */
    LS_INSPECTED_CLARIFY,   /* begins a question */
    LS_INSPECTED_ANSWER,    /* to one */
    LS_INSPECTED_CHALLENGE, /* begins one; ref: the question, or none; radius */
    LS_INSPECTED_DENY,
    LS_INSPECTED_REPORT,   /* of a draw, a visit or a challenge: finding */
    LS_INSPECTED_WITHDRAW, /* of a party's own earlier act */
    LS_INSPECTED_KINDS
} ls_inspected_kind;

typedef enum ls_conclusion {
    LS_CONCLUSION_CONSISTENT,
    LS_CONCLUSION_DISCREPANCY,
    LS_CONCLUSION_INCONCLUSIVE
} ls_conclusion;
const char *ls_conclusion_name(ls_conclusion f); /* "consistent" */

typedef struct ls_inspected {
    const ls_inspection *rule; /* of the version under which the act that began it was filed */
    uint32_t index;            /* of the act in the ledger */
    uint32_t ref;              /* index of the act that it is about, or LS_NO_ENTRY */
    uint8_t kind;              /* an ls_inspected_kind */
    uint8_t by;                /* index of the party */
    uint8_t finding;
    uint16_t limits;  /* bit i: the rule's limit i */
    int32_t day;      /* ls_date_to_days of a date that it claims, or LS_NO_DAY */
    uint32_t tranche; /* from 1; 0: none */
    uint64_t population, rows;
    uint64_t spare; /* of a draw: replacements; of an opening: how many of its rows are blank; of a visit: the
                       row; of a challenge: the radius in metres */
    ls_time until;
    ls_hash value;
} ls_inspected;

/* In the order of the ledger. */
typedef struct ls_inspecteds {
    const ls_inspected *fact;
    size_t count;
    ls_time (*time)(const void *context, uint32_t index); /* ledger time, as of ls_facts */
    const void *context;
} ls_inspecteds;

typedef enum ls_draw_stage {
    LS_DRAW_COMMITTING,
    LS_DRAW_REVEALING,
    LS_DRAW_DRAWN,
    LS_DRAW_OPENED,
    LS_DRAW_FREE,
    LS_DRAW_FORFEITED,
    LS_DRAW_UNOPENED,
    LS_DRAW_CONCLUDED,
    LS_DRAW_BEYOND,
    LS_DRAW_STAGES
} ls_draw_stage;

/* Of the two contributors. */
enum { LS_SIDE_OF, LS_SIDE_BY, LS_SIDES }; /* inspected, inspecting */

typedef struct ls_draw_state {
    const ls_inspected *draw;
    ls_draw_stage stage;
    ls_time since;
    ls_time deadline;                     /* of what is awaited, grace not included; LS_TIME_OPEN: nothing is */
    ls_parties awaited;                   /* who has to do something now */
    const ls_inspected *commit[LS_SIDES]; /* in time, or NULL */
    const ls_inspected *reveal[LS_SIDES];
    const ls_inspected *choice; /* of a free one, or NULL */
    uint64_t opened, blank;     /* rows that were opened for it, and blank ones of them */
    uint64_t to_open;           /* in all, replacements for those blank ones included */
    ls_parties late;            /* who did something, but too late */
} ls_draw_state;

typedef enum ls_visit_stage {
    LS_VISIT_NOTICED,
    LS_VISIT_ADMITTED,
    LS_VISIT_REFUSED,
    LS_VISIT_ENTERED,
    LS_VISIT_LEFT,
    LS_VISIT_REPORTED,
    LS_VISIT_UNREPORTED,
    LS_VISIT_FORFEITED,
    LS_VISIT_BEYOND,
    LS_VISIT_WITHDRAWN,
    LS_VISIT_STAGES
} ls_visit_stage;

typedef struct ls_visit_state {
    const ls_inspected *visit;
    ls_visit_stage stage;
    ls_time since, deadline;
    ls_parties awaited;
    ls_time from;                        /* when the notice ends, with what it was put off */
    ls_time entered, left;               /* or LS_TIME_OPEN */
    bool repeated;                       /* by the shorter notice */
    bool by_silence;                     /* refused by it */
    bool entered_early;                  /* before the notice ended */
    ls_time frozen_until;                /* nothing may be moved from the notice to then; LS_TIME_OPEN: it lasts */
    const ls_inspected *admit, *refusal; /* or NULL */
    uint16_t limits;                     /* claimed */
    unsigned postponed, beyond;          /* postponements with effect, and without */
} ls_visit_state;

typedef enum ls_challenge_stage {
    LS_CHALLENGE_OPEN,
    LS_CHALLENGE_OPENED,
    LS_CHALLENGE_DENIED,
    LS_CHALLENGE_VISIT_DUE,
    LS_CHALLENGE_REFUTED,
    LS_CHALLENGE_BEYOND,
    LS_CHALLENGE_WITHDRAWN,
    LS_CHALLENGE_STAGES
} ls_challenge_stage;

typedef struct ls_challenge_state {
    const ls_inspected *challenge;
    ls_challenge_stage stage;
    ls_time since, deadline;
    ls_parties awaited;
    bool by_silence;
    bool unasked; /* the accord wants a question first, and there was none, or none so long before */
    bool late;    /* an answer came, but too late */
    const ls_inspected *denial, *opening, *refuted_by; /* or NULL */
} ls_challenge_state;

typedef struct ls_clarification_state {
    const ls_inspected *question, *answer; /* answer: or NULL */
    ls_time deadline;                      /* for the answer; LS_TIME_OPEN: the accord sets none */
    ls_time withdrawn;                     /* before it was answered; or LS_TIME_OPEN */
} ls_clarification_state;

/* A report, and one that contradicts it: about the same, with another finding; the first such, or NULL. */
typedef struct ls_report_state {
    const ls_inspected *report, *contradicts;
} ls_report_state;

typedef struct ls_inspection_state {
    size_t draw_count, visit_count, challenge_count, clarification_count, report_count;
    ls_draw_state *draw; /* each in the order of the ledger */
    ls_visit_state *visit;
    ls_challenge_state *challenge;
    ls_clarification_state *clarification;
    ls_report_state *report;
} ls_inspection_state;

typedef struct ls_inspection_query {
    const ls_state_query *accord; /* at, known, charter, roadmap */
    const ls_accord_state *state; /* of that query: which uses of rights had effect */
    const ls_inspecteds *facts;
} ls_inspection_query;

/* Fails only for lack of memory; all of *out lies in the arena, or points at the facts. */
ls_result ls_inspection_eval(const ls_inspection_query *q, ls_arena *arena, ls_inspection_state *out);

/* "committing" */
const char *ls_draw_stage_name(ls_draw_stage s);
const char *ls_visit_stage_name(ls_visit_stage s);
const char *ls_challenge_stage_name(ls_challenge_stage s);

#endif
