/*
 * What a policy lets happen: which sets of witnesses are quorums, and what somebody could do alone, or with the host.
 *
 * In a policy a name belongs to at most one group, so each witness counts in one place only. That is why everything
 * here is exact for policies of any size: a group's answer follows from its members' answers.
 */
#ifndef LS_PROCESS_QUORUMS_H
#define LS_PROCESS_QUORUMS_H

#include "process/charter.h"

typedef struct ls_quorums {
    ls_witnesses used; /* those that the quorum depends on */
    uint64_t count;    /* how many sets of these are quorums */
    uint64_t minimal;  /* how many of them are quorums no longer if anybody leaves */
    unsigned smallest; /* witnesses of the smallest */
} ls_quorums;

/* The policy must have a quorum. */
void ls_quorums_count(const ls_policy *p, ls_quorums *out);
/* The i-th minimal quorum, i below their number. */
ls_witnesses ls_quorums_minimal(const ls_policy *p, uint64_t i);
/* Whether there are two quorums that share nobody, or nobody but some of these: these could show two histories. */
bool ls_quorums_split(const ls_policy *p, ls_witnesses by);

typedef enum ls_weakness {
    LS_WEAK_STOP,     /* every quorum needs him: he alone could stop the clock */
    LS_WEAK_SPLIT,    /* with the host he could show two histories */
    LS_WEAK_ALONE,    /* he alone is a quorum: with the host he could make final what nobody else has seen */
    LS_WEAK_HOST,     /* the host alone could show two histories */
    LS_WEAK_AUDIENCE, /* nobody outside both sides holds its files: delivery can be disputed, not proved */
    LS_WEAK_NO_HOST   /* the charter does not say who the host is */
} ls_weakness;

typedef struct ls_weak {
    ls_weakness what;
    ls_bytes who; /* for people: the title of a party or an outsider, or the name of an audience */
} ls_weak;

#define LS_WEAK_MAX (3 * (LS_PARTIES_MAX + LS_COSIGNERS_MAX) + LS_AUDIENCES_MAX + 2)

typedef struct ls_policy_analysis {
    ls_quorums quorums;
    size_t count;
    ls_weak weak[LS_WEAK_MAX];
    unsigned better; /* of a policy that is one group: so many of its members would leave fewest weak; 0: no better */
    bool mended;     /* and that would mend all of it */
} ls_policy_analysis;

/* Who could do what alone or with the host: parties, and outsiders too. Of a charter with quorum none: nothing. */
void ls_policy_analyse(const ls_charter *c, ls_policy_analysis *out);
/* The same as warnings at mark, each with what would mend it. */
void ls_policy_warn(const ls_charter *c, ls_mark mark, ls_diagnostics *d);

#endif
