/* Who may say what. */
#include "accord/who.h"

static ls_parties performers(const ls_roadmap *m, size_t i)
{
    return m->measures[i].by | m->measures[i].may_join;
}

static ls_parties joiners(const ls_roadmap *m, size_t i)
{
    return m->measures[i].may_join;
}

static ls_parties verifiers(const ls_roadmap *m, size_t i)
{
    return m->measures[i].verifiers;
}

static ls_parties witnesses(const ls_roadmap *m, size_t i)
{
    return m->measures[i].verifiers | m->measures[i].witnesses;
}

static ls_parties callers_off(const ls_roadmap *m, size_t i)
{
    return m->measures[i].may_call_off;
}

static ls_parties attestors(const ls_roadmap *m, size_t i)
{
    return m->events[i].attested_by;
}

static ls_parties holder(const ls_roadmap *m, size_t i)
{
    return LS_PARTY_BIT(m->rights[i].of);
}

static ls_parties complainants(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].open_to;
}

static ls_parties settlers(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].settled_by;
}

static ls_parties disputants(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].open_to | m->disputes[i].settled_by;
}

static ls_parties assessors(const ls_roadmap *m, size_t i)
{
    (void)i;
    return m->assessors;
}

static ls_parties declarer(const ls_roadmap *m, size_t i)
{
    return LS_PARTY_BIT(m->declarations[i].by);
}

static ls_parties extenders(const ls_roadmap *m, size_t i)
{
    (void)i;
    return m->extension.by;
}

static ls_parties signatories(const ls_roadmap *m, size_t i)
{
    (void)i;
    return m->signed_by;
}

static ls_parties anybody(const ls_roadmap *m, size_t i)
{
    (void)m;
    (void)i;
    return ~(ls_parties)0;
}

static const struct {
    ls_parties (*of)(const ls_roadmap *m, size_t subject);
    const char *does_not; /* usa … fuel-oil */
} whos[] = {
    [LS_WHO_PERFORMS] = {performers, "does not perform"},
    [LS_WHO_JOINS] = {joiners, "may not join"},
    [LS_WHO_VERIFIES] = {verifiers, "does not verify"},
    [LS_WHO_WITNESSES] = {witnesses, "does not verify"},
    [LS_WHO_CALLS_OFF] = {callers_off, "may not call off"},
    [LS_WHO_ATTESTS] = {attestors, "does not attest"},
    [LS_WHO_HOLDS] = {holder, "does not have the right"},
    [LS_WHO_COMPLAINS] = {complainants, "may not open a dispute under"},
    [LS_WHO_DISPUTES] = {disputants, "has no part in"},
    [LS_WHO_SETTLES] = {settlers, "does not settle disputes under"},
    [LS_WHO_ASSESSES] = {assessors, "does not assess"},
    [LS_WHO_EXTENDS] = {extenders, "may not extend"},
    [LS_WHO_DECLARES] = {declarer, "does not make the declaration"},
    [LS_WHO_SIGNED] = {signatories, "has not signed"},
    [LS_WHO_ANYBODY] = {anybody, ""},
};

ls_parties ls_who_may(const ls_roadmap *r, ls_who who, size_t subject)
{
    return whos[who].of(r, subject);
}

const char *ls_who_does_not(ls_who who)
{
    return whos[who].does_not;
}
