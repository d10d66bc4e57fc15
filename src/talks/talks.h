/*
 * What acts say of talks: letters, proposals, meetings, working groups, pledges, texts, schedules, readouts. Who may
 * say what is acceptance's business (record/); what becomes of it, that of the functions of this folder, which are
 * pure, of these facts and a time. docs/talks.md says what each stage means.
 */
#ifndef LS_TALKS_TALKS_H
#define LS_TALKS_TALKS_H

#include "accord/state.h"

/* `ref` names the act that each is about. */
typedef enum ls_talk_kind {
    LS_TALK_LETTER,  /* to; ref: the letter that it answers, or none */
    LS_TALK_PROPOSE, /* begins a proposal: to, until; ref: the proposal that it counters, or anything it is about */
    LS_TALK_ACCEPT,  /* of a proposal or a meeting */
    LS_TALK_DECLINE, /* of one */
    LS_TALK_MEET,    /* begins a meeting: name, to, due, until, group */
    LS_TALK_APPOINT, /* begins one that all have agreed on: name, due, group; ref: a schedule or a proposal, or none */
    LS_TALK_DEFER,   /* of a meeting: due */
    LS_TALK_CANCEL,  /* of a meeting */
    LS_TALK_HOLD,    /* of a meeting: day */
    LS_TALK_MINUTES, /* of a meeting; to: who signed them */
    LS_TALK_DEBRIEF, /* to, of, pass_to */
    LS_TALK_GROUP,   /* begins a working group: name, to, track */
    LS_TALK_ENLIST,  /* in a group */
    LS_TALK_QUIT,    /* a group */
    LS_TALK_AGENDA,  /* of a group or a meeting: name, word */
    LS_TALK_GROUP_REPORT, /* of a group: to */
    LS_TALK_PLEDGE,       /* name, of, to, until, group; ref: its source, or none */
    LS_TALK_DEMAND,       /* the same */
    LS_TALK_CLAIM,        /* the same */
    LS_TALK_REDEEM,       /* of a pledge or a demand: accord, measure */
    LS_TALK_TEXT,         /* begins a text: name, to, word, accord, group */
    LS_TALK_EDIT,         /* of a text */
    LS_TALK_AGREE,        /* to parts of a text: word */
    LS_TALK_DIVERGE,      /* of a text: name is the paragraph's */
    LS_TALK_SCHEDULE, /* begins a private search: to, cap, until, word, group; ref: the meeting that it is for, or none
                       */
    LS_TALK_SCHEDULE_COMMIT, /* word: an ls_search_step, here and below; value */
    LS_TALK_SCHEDULE_SEND,
    LS_TALK_SCHEDULE_REVEAL,
    LS_TALK_READOUT,  /* of a meeting: day */
    LS_TALK_WITHDRAW, /* of a party's own earlier act */
    LS_TALK_KINDS
} ls_talk_kind;

_Static_assert(LS_TALK_KINDS <= 32, "a set of kinds fits into 32 bits");

/* What `method` and `change` say, by kind. */
enum { LS_TEXT_PARTS, LS_TEXT_WHOLE };        /* of a text: nothing is agreed until everything is */
enum { LS_AGREE_FULLY, LS_AGREE_REFERENDUM }; /* subject to approval at home */
enum { LS_AGENDA_OPEN, LS_AGENDA_SETTLED, LS_AGENDA_DROPPED };
enum { LS_RULE_NONE, LS_RULE_EARLIEST, LS_RULE_BORDA, LS_RULE_LEAST_REGRET }; /* of a schedule: which option it is */

/* What each side does in a private search, in this order. Of a step that a side took again, since the first time had no
 * effect, the last one on the record counts, whatever becomes of those before it. */
typedef enum ls_search_step {
    LS_SEARCH_LIST,     /* commits to its blinded list */
    LS_SEARCH_POINTS,   /* sends it */
    LS_SEARCH_RETURNED, /* sends the other's, multiplied */
    LS_SEARCH_RANKING,  /* commits to its ranking of what is common */
    LS_SEARCH_REVEALED, /* and shows it */
    LS_SEARCH_STEPS
} ls_search_step;

#define LS_TALK_JOINT UINT8_MAX /* instead of who said it: all in `to` together */
#define LS_OPTIONS_MAX 20000    /* of a schedule, at most; each side may have at most `cap` of them */

typedef struct ls_talk {
    ls_bytes name;    /* of what it begins, or is about by name; or empty */
    ls_bytes measure; /* of an accord */
    ls_time until;    /* LS_TIME_OPEN: it does not lapse */
    ls_hash value;
    ls_parties to, pass_to;
    uint32_t index, ref; /* of acts in the ledger; ref: or LS_NO_ENTRY */
    uint32_t group;      /* index of the act that began the group, or LS_NO_ENTRY */
    int32_t day, due;    /* ls_date_to_days, or LS_NO_DAY */
    uint32_t cap;
    uint32_t seen;  /* entries of the ledger that its author had verified; of a joint act 0 */
    int16_t accord; /* index of the version that it names, or -1 */
    uint8_t kind;   /* an ls_talk_kind */
    uint8_t by;     /* index of the party, or LS_TALK_JOINT */
    uint8_t of;     /* index of the party, or LS_TALK_JOINT if it names none */
    uint8_t word;
    bool pass_public;
} ls_talk;

/* All of a process, in the order of the ledger, and the ledger time of each act as of ls_facts. */
typedef struct ls_talks {
    const ls_talk *fact;
    size_t count;
    ls_time (*time)(const void *context, uint32_t index);
    const void *context;
} ls_talks;

/* What the act with this index says, or NULL. */
const ls_talk *ls_talks_find(const ls_talks *all, uint64_t index);

/* Who is involved: its author, or all of a joint act, and whom it is addressed to. */
ls_parties ls_talk_involved(const ls_talk *t);

#endif
