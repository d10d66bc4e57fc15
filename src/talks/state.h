/*
 * What became of talks: one pure function of what acts say of them and two times. What each stage means is said in
 * docs/talks.md. What stands in texts, in private searches and in readouts is for others to work out, from files that
 * acceptance does not read; here they are only listed.
 */
#ifndef LS_TALKS_STATE_H
#define LS_TALKS_STATE_H

#include "talks/talks.h"

#define LS_NO_GROUP SIZE_MAX

typedef struct ls_letter_state {
    const ls_talk *letter;
    const ls_talk *answers; /* the letter that it replies to, or NULL; */
    const ls_talk *thread;  /* and the first of them, perhaps itself */
    uint32_t replies;       /* to this very one */
    ls_time sent;
} ls_letter_state;

typedef enum ls_proposal_stage {
    LS_PROPOSAL_OPEN,
    LS_PROPOSAL_ACCEPTED,
    LS_PROPOSAL_DECLINED,
    LS_PROPOSAL_COUNTERED,
    LS_PROPOSAL_WITHDRAWN,
    LS_PROPOSAL_LAPSED,
    LS_PROPOSAL_STAGES
} ls_proposal_stage;

typedef struct ls_proposal_state {
    const ls_talk *proposal;
    ls_proposal_stage stage;
    ls_time since;
    ls_time deadline; /* for an answer, grace not included; LS_TIME_OPEN: nothing can change any more */
    ls_parties accepted, declined, countered; /* whose last word that is */
    ls_parties awaited;
    ls_parties late;            /* who answered when it had lapsed */
    const ls_talk *counter;     /* the last counter-proposal, or NULL */
    const ls_talk *appointment; /* the last appointment that came of it, or NULL */
} ls_proposal_state;

typedef enum ls_meeting_stage {
    LS_MEETING_PLANNED,
    LS_MEETING_CONFIRMED,
    LS_MEETING_DECLINED,
    LS_MEETING_POSTPONED,
    LS_MEETING_CALLED_OFF,
    LS_MEETING_HELD,
    LS_MEETING_WITHDRAWN,
    LS_MEETING_LAPSED,
    LS_MEETING_REPLACED,
    LS_MEETING_STAGES
} ls_meeting_stage;

/* An item of an agenda. */
typedef struct ls_agenda_item {
    const ls_talk *first, *latest; /* who put it there; what it is now */
    ls_time since;
} ls_agenda_item;

typedef struct ls_agenda {
    size_t count;
    ls_agenda_item *item; /* in the order in which they came up */
} ls_agenda;

typedef struct ls_meeting_state {
    const ls_talk *meeting;
    ls_meeting_stage stage;
    ls_time since;
    ls_time deadline;              /* for a confirmation, grace not included; LS_TIME_OPEN: none runs */
    ls_parties accepted, declined; /* of the date that counts now */
    ls_parties awaited, late;
    ls_parties unaware;      /* whose last word on a date came without having seen that another one counts */
    const ls_talk *dated_by; /* the act whose date counts: what began it, or a postponement */
    int32_t due;             /* its day, or LS_NO_DAY */
    const ls_talk *postponed, *cancelled, *minutes, *replaced_by; /* the last that stands, or NULL */
    size_t held_count;
    const ls_talk **held; /* of each party that says so the last word, in the order of the parties */
    ls_parties held_by, cancelled_by;
    bool disputed; /* somebody who called it off has not said that it was held */
    size_t group;  /* its place in the state's array, or LS_NO_GROUP */
    ls_agenda agenda;
    uint32_t readouts;
} ls_meeting_state;

/* A party in a group. */
typedef struct ls_seat {
    uint8_t party;
    bool left;
    const ls_talk *named_by; /* the act that lists its members, or, of the founder, may list none */
    ls_time since;           /* joined, or left */
} ls_seat;

typedef struct ls_group_state {
    const ls_talk *group;
    ls_time since;
    ls_parties members, left; /* left: also who was invited, and will not take part */
    ls_parties invited;       /* and has not said anything yet */
    size_t seat_count;
    ls_seat *seat; /* in the order in which they came */
    ls_agenda agenda;
    uint32_t reports, meetings;
} ls_group_state;

typedef struct ls_group_report_state {
    const ls_talk *report;
    size_t group;
    bool withdrawn;
} ls_group_report_state;

/* Of a pledge, a demand or a claim. */
typedef enum ls_statement_stage {
    LS_STATEMENT_STANDING,
    LS_STATEMENT_REDEEMED, /* became a measure */
    LS_STATEMENT_WITHDRAWN,
    LS_STATEMENT_LAPSED,
    LS_STATEMENT_STAGES
} ls_statement_stage;

typedef struct ls_statement_state {
    const ls_talk *said;
    ls_statement_stage stage;
    ls_time since;
    ls_time deadline;           /* grace not included; LS_TIME_OPEN: it does not lapse, or nothing can change */
    const ls_talk *redeemed_by; /* or NULL */
    bool late;                  /* somebody redeemed it when it had lapsed */
} ls_statement_state;

typedef struct ls_debriefing_state {
    const ls_talk *debriefing;
    const ls_talk *subject; /* the meeting, letter or proposal that it is about, through others; or NULL */
    ls_time told;
    bool withdrawn;         /* which unsays nothing */
    bool untold;            /* its author has no part in the subject, and nobody told it on the record */
    ls_parties beyond;      /* told against what its author may pass on; */
    ls_parties pass_beyond; /* who may be told further, against the same; */
    bool public_beyond;     /* and everybody */
    const ls_talk *against; /* the last debriefing in which its author was told; NULL if it was not */
} ls_debriefing_state;

/* What is only listed. */
typedef struct ls_listed {
    const ls_talk *said;
    bool withdrawn;
} ls_listed;

typedef struct ls_talks_state {
    size_t letter_count, proposal_count, meeting_count, group_count, group_report_count, statement_count,
        debriefing_count, text_count, schedule_count, readout_count;
    ls_letter_state *letter; /* each in the order of the ledger */
    ls_proposal_state *proposal;
    ls_meeting_state *meeting;
    ls_group_state *group;
    ls_group_report_state *group_report;
    ls_statement_state *statement;
    ls_debriefing_state *debriefing;
    ls_listed *text, *schedule, *readout;
} ls_talks_state;

typedef struct ls_talks_query {
    ls_time at, known; /* what was so then, as the record had it then; known is the time of what no stamp covers yet */
    const ls_charter *charter;
    const ls_talks *facts;
} ls_talks_query;

/* Fails only for lack of memory; all of *out lies in the arena, or points at the facts. As of ls_state_eval nothing
 * else is read. */
ls_result ls_talks_eval(const ls_talks_query *q, ls_arena *arena, ls_talks_state *out);

/* Who was invited into a group, and never was in it. */
ls_parties ls_group_refused(const ls_group_state *g);

/* Of what the act with this index began, or NULL. */
const ls_proposal_state *ls_talks_proposal(const ls_talks_state *s, uint32_t index);
const ls_meeting_state *ls_talks_meeting(const ls_talks_state *s, uint32_t index);
const ls_group_state *ls_talks_group(const ls_talks_state *s, uint32_t index);

/* "called off" */
const char *ls_proposal_stage_name(ls_proposal_stage s);
const char *ls_meeting_stage_name(ls_meeting_stage s);
const char *ls_statement_stage_name(ls_statement_stage s);
const char *ls_agenda_word_name(unsigned word);

#endif
