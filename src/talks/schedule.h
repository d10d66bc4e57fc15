/*
 * What became of private searches for a date and a place: a pure function of what acts say and of two times, as the
 * state of talks is. docs/schedule.md says what each stage means. What is common, and what was chosen, stands in files
 * that only the two sides have.
 */
#ifndef LS_TALKS_SCHEDULE_H
#define LS_TALKS_SCHEDULE_H

#include "talks/state.h"

typedef enum ls_schedule_stage {
    LS_SCHEDULE_COMMITTING, /* to lists */
    LS_SCHEDULE_SENDING,
    LS_SCHEDULE_RETURNING,
    LS_SCHEDULE_FOUND,     /* both know what is common; nobody has committed to a ranking yet */
    LS_SCHEDULE_RANKING,   /* one has */
    LS_SCHEDULE_REVEALING, /* both have */
    LS_SCHEDULE_CHOSEN, /* the option follows from what both know; nobody has said on the record that it stands by it */
    LS_SCHEDULE_SIGNING, /* one has */
    LS_SCHEDULE_APPOINTED,
    LS_SCHEDULE_LAPSED,    /* before anybody had learned anything, or where neither went on */
    LS_SCHEDULE_DEFAULTED, /* who is silent did not go on, and the other did */
    LS_SCHEDULE_STAGES
} ls_schedule_stage;

#define LS_SEARCH_SIDES 2 /* who opened it, and the other */

typedef struct ls_schedule_state {
    const ls_talk *search;
    ls_schedule_stage stage;
    ls_time since;
    ls_time deadline; /* of what is awaited, grace not included; LS_TIME_OPEN: nothing is */
    ls_time lasts;    /* each stage, in seconds */
    ls_parties awaited;
    ls_parties silent;        /* who let it lapse, or is in default; */
    ls_schedule_stage during; /* and when */
    ls_parties late;          /* who took a step when its time was over */
    ls_parties learned;       /* to whom the other returned its points: they know what is common */
    uint8_t first;            /* who was the first of these; LS_TALK_JOINT: nobody is */
    const ls_talk *step[LS_SEARCH_SIDES][LS_SEARCH_STEPS]; /* what each side said, in time or not; or NULL */
    const ls_talk
        *stands[LS_SEARCH_SIDES];      /* a side's plan of a meeting that stands, or its word on the other's; or NULL */
    const ls_talk *agreed, *confirmed; /* the plan that the other side confirmed, and by which act; or NULL */
    const ls_talk *meeting;            /* that came of it, or NULL */
} ls_schedule_state;

/* In the order of the ledger. Fails only for lack of memory; all lies in the arena, or points at the facts. */
ls_result ls_schedules_eval(const ls_talks_query *q, ls_arena *arena, ls_schedule_state **out, size_t *count);
/* That of the search that the act with this index opened, or NULL. */
const ls_schedule_state *ls_schedule_of(const ls_schedule_state *s, size_t count, uint32_t index);

/* The party of a side, and the side of a party; LS_SEARCH_SIDES: it has none. */
size_t ls_schedule_party(const ls_talk *search, unsigned side);
unsigned ls_schedule_side(const ls_talk *search, size_t party);

const char *ls_schedule_stage_name(ls_schedule_stage s); /* "returning" */

/* What is awaited, in the form of ls_talks_duty. Before a side has committed, and where nobody can tell whether there
 * is anything to go on with, it is what a party may do; else silence is a default. */
typedef enum ls_schedule_task {
    LS_SCHEDULE_CHOOSE,
    LS_SCHEDULE_SEND,
    LS_SCHEDULE_RETURN,
    LS_SCHEDULE_RANK,
    LS_SCHEDULE_REVEAL,
    LS_SCHEDULE_SIGN,
    LS_SCHEDULE_TASKS
} ls_schedule_task;

typedef struct ls_schedule_duty {
    const ls_talk *about; /* the act that opened the search */
    size_t party;
    ls_schedule_task task;
    bool must;     /* silence is a default */
    ls_time until; /* grace not included */
} ls_schedule_duty;

/* In the order of their deadlines; else in that of the ledger. Fails only for lack of memory. */
ls_result ls_schedule_duties(const ls_schedule_state *s, size_t count, ls_arena *arena, ls_schedule_duty **out,
                             size_t *duties);

const char *ls_schedule_task_name(ls_schedule_task t);         /* for programs: "return" */
const char *ls_schedule_task_words(ls_schedule_task t);        /* "return the other's points, multiplied" */
const char *ls_schedule_task_verb(ls_schedule_task t);         /* the command that does it: "schedule step" */
const char *ls_schedule_else_words(const ls_schedule_duty *d); /* "the search lapses" */

#endif
