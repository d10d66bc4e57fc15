/*
 * What the record proves of that which a claim is about. Whoever has the record and its state fills this in; what
 * follows for a claim is worked out here. Nothing is ever said to be true: only who signed, accepted or confirmed.
 */
#ifndef LS_READOUT_PROOF_H
#define LS_READOUT_PROOF_H

#include "readout/readout.h"

/* What a party did, in an act. Of those that consent, refuse or take back a consent the last one of a party counts. */
typedef enum ls_deed {
    LS_DEED_SIGNED,        /* consents: a joint act, an accord, minutes */
    LS_DEED_PROPOSED,      /* consents: to its own proposal, or the meeting that it planned */
    LS_DEED_ACCEPTED,      /* consents: a proposal, a demand that became a measure */
    LS_DEED_CONFIRMED,     /* consents: a meeting, the performance of a measure */
    LS_DEED_AGREED,        /* consents: a paragraph */
    LS_DEED_PLEDGED,       /* consents: to what it says that it will do */
    LS_DEED_AD_REFERENDUM, /* not yet: a paragraph, subject to its capital */
    LS_DEED_DECLINED,      /* refuses */
    LS_DEED_OBJECTED,      /* refuses */
    LS_DEED_COUNTERED,     /* refuses: with another proposal */
    LS_DEED_CALLED_OFF,    /* refuses: a meeting that was planned */
    LS_DEED_POSTPONED,     /* takes back: no other date is named */
    LS_DEED_WITHDREW,      /* takes back what it said */
    LS_DEED_DEMANDED,      /* not a consent, as the others below */
    LS_DEED_CLAIMED,
    LS_DEED_PERFORMED,
    LS_DEED_STATED, /* that it took place, what was found: anything else on the record */
    LS_DEEDS
} ls_deed;
const char *ls_deed_name(ls_deed d); /* "signed by" */

#define LS_PROOF_UNSTAMPED INT64_MAX /* no stamp of the ledger covers the act yet */

typedef struct ls_proof_deed {
    ls_deed deed;
    ls_bytes party; /* its name */
    ls_time at;     /* when the record has it, or LS_PROOF_UNSTAMPED */
    ls_hash act;
} ls_proof_deed;

/* What the record has for an aspect: date 2019-02-27. */
typedef struct ls_proof_value {
    ls_bytes aspect, value;
} ls_proof_value;

typedef struct ls_proof {
    bool found;        /* false: the record has nothing of it; then all else is left out */
    const char *state; /* in the words of the program: "confirmed", "held", "in force"; never NULL */
    size_t party_count;
    const ls_bytes *party; /* whose consent together makes it agreed; none: nothing here can be agreed */
    size_t deed_count;
    const ls_proof_deed *deed; /* in the order of the record */
    size_t value_count;
    const ls_proof_value *value;
    const char *unread; /* why what stands there can't be judged here, as a sentence without period; or NULL */
} ls_proof;

/* Asks for a proof. What it points to must live as long as the arena. Never asked about a topic. */
typedef struct ls_prover {
    ls_result (*prove)(void *context, ls_arena *arena, const ls_about *about, ls_proof *out);
    void *context;
} ls_prover;

/* What a record says to one claim. */
typedef enum ls_proof_verdict {
    LS_VERDICT_NONE,      /* no record was asked */
    LS_VERDICT_NOTHING,   /* the record has nothing of it */
    LS_VERDICT_SHOWS,     /* what is claimed stands there, signed */
    LS_VERDICT_SHOWS_NOT, /* it does not stand there, or not of all */
    LS_VERDICT_AGAINST,   /* what stands there speaks against the claim */
    LS_VERDICT_SILENT,    /* it is on the record, which can't show whether it was so */
    LS_VERDICTS
} ls_proof_verdict;
const char *ls_proof_verdict_name(ls_proof_verdict v); /* "shows not" */

/* The verdict, and why in words, which live in the arena: "the record shows no agreement of dprk". */
ls_result ls_proof_judge(ls_arena *arena, const ls_proof *p, const ls_claim *c, ls_proof_verdict *out,
                         const char **words);

#endif
