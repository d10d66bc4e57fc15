/*
 * What is awaited in draws, visits, challenges and questions: from whom, until when, and what follows otherwise. Pure,
 * as the state is.
 */
#ifndef LS_INSPECTION_DUTIES_H
#define LS_INSPECTION_DUTIES_H

#include "inspection/inspection.h"

/* What a party does. */
typedef enum ls_inspection_task {
    LS_TASK_COMMIT,
    LS_TASK_REVEAL,
    LS_TASK_CHOOSE,   /* the rows of a free draw */
    LS_TASK_OPEN,     /* rows of a draw */
    LS_TASK_CONCLUDE, /* report on a draw */
    LS_TASK_ADMIT,    /* or refuse */
    LS_TASK_RELENT,   /* admit after all */
    LS_TASK_ENTER,
    LS_TASK_LEAVE,
    LS_TASK_REPORT,  /* on a visit */
    LS_TASK_RESPOND, /* to a challenge: open a row, or deny */
    LS_TASK_VISIT,   /* give notice of a visit to a challenged place */
    LS_TASK_ANSWER,  /* a question */
    LS_TASKS
} ls_inspection_task;

/* What follows if it does not, once deadline and grace have passed. */
typedef enum ls_inspection_else {
    LS_ELSE_NOTHING,
    LS_ELSE_FORFEITED,  /* the round is lost */
    LS_ELSE_FREE,       /* the other side chooses the rows */
    LS_ELSE_UNOPENED,   /* a finding, */
    LS_ELSE_UNREPORTED, /* and so is this */
    LS_ELSE_REFUSED,    /* silence refuses the visit */
    LS_ELSE_LOST,       /* the visit is forfeited */
    LS_ELSE_DENIED,     /* silence denies */
    LS_ELSE_VISIT,      /* silence lets inspectors visit the place */
    LS_ELSES
} ls_inspection_else;

typedef struct ls_inspection_duty {
    const ls_inspected *about; /* the act that began the draw, visit, challenge or question */
    size_t party;
    ls_inspection_task task;
    bool must;       /* it owes this; else it may */
    bool overdue;    /* what would follow has followed, and it is still to be done */
    uint64_t rows;   /* of LS_TASK_OPEN: how many more; else 0 */
    ls_time from;    /* LS_TASK_ENTER: not before; else 0 */
    ls_time until;   /* last moment in time, grace not included; LS_TIME_OPEN: no clock runs */
    ls_time follows; /* when the consequence comes, grace included; LS_TIME_OPEN: none does */
    ls_inspection_else otherwise;
} ls_inspection_duty;

/* In the order of their deadlines, those without last; else in the order of the ledger. All of it lies in the arena, or
 * points at the facts. Fails only for lack of memory. */
ls_result ls_inspection_duties(const ls_inspection_query *q, const ls_inspection_state *s, ls_arena *arena,
                               ls_inspection_duty **out, size_t *count);

/* One sentence without period: "usa reveals its nonce by 2018-10-20 17:00; else the round is forfeited". In the arena;
 * NULL if there is no memory left. */
const char *ls_inspection_duty_text(const ls_charter *c, const ls_inspection_duty *d, ls_arena *arena);

const char *ls_inspection_task_name(ls_inspection_task t); /* for programs: "reveal" */
const char *ls_inspection_else_text(ls_inspection_else e); /* "the round is forfeited"; "" */

#endif
