/* What is awaited in talks: from whom, until when, and what follows otherwise. Pure, as the state is. Nobody is ever
 * obliged to talk: all of it is what a party may do. */
#ifndef LS_TALKS_DUTIES_H
#define LS_TALKS_DUTIES_H

#include "talks/state.h"

/* What a party may do. */
typedef enum ls_talks_task {
    LS_TALKS_ANSWER,  /* a proposal */
    LS_TALKS_CONFIRM, /* a meeting, or decline it */
    LS_TALKS_DATE,    /* give a postponed meeting a new date */
    LS_TALKS_HELD,    /* say that a meeting whose day has passed was held, or was not */
    LS_TALKS_JOIN,    /* a group */
    LS_TALKS_REDEEM,  /* make a measure of what would lapse */
    LS_TALKS_TASKS
} ls_talks_task;

typedef struct ls_talks_duty {
    const ls_talk *about; /* the act that began the proposal, meeting, group, pledge or demand */
    size_t party;
    ls_talks_task task;
    ls_time until; /* grace not included; LS_TIME_OPEN: no clock runs */
} ls_talks_duty;

/* In the order of their deadlines, those without last; else in the order of the ledger. All of it lies in the arena, or
 * points at the facts. Fails only for lack of memory. */
ls_result ls_talks_duties(const ls_talks_query *q, const ls_talks_state *s, ls_arena *arena, ls_talks_duty **out,
                          size_t *count);

const char *ls_talks_task_name(ls_talks_task t);  /* for programs: "answer" */
const char *ls_talks_task_words(ls_talks_task t); /* "accept or decline the proposal" */
const char *ls_talks_else_words(ls_talks_task t); /* "it lapses" */

#endif
