/*
 * Counting quorums, and looking for who could do what. Groups are gone through from the top, where their members stand,
 * so that one pass answers a question for all.
 */
#include "process/quorums.h"
#include <stdlib.h>

#define GROUP_MEMBERS_MAX (LS_POLICY_WITNESSES_MAX + LS_POLICY_GROUPS_MAX)

static bool has(uint32_t set, size_t i)
{
    return (set >> i & 1) != 0;
}

/* For each subtree: its sets that meet it, all of its sets, those that meet it minimally, and the size of the smallest.
 */
typedef struct tally {
    ls_witnesses below;
    uint64_t met, all, minimal;
    unsigned smallest;
} tally;

typedef struct tallies {
    tally group[LS_POLICY_GROUPS_MAX];
} tallies;

static const tally one_witness = {.met = 1, .all = 2, .minimal = 1, .smallest = 1};

/* The members of a group, witnesses first, as tallies. */
static size_t list_members(const ls_group *g, const tallies *t, tally *out)
{
    size_t count = 0;
    for (size_t i = 0; i < LS_POLICY_WITNESSES_MAX; i++) {
        if (has(g->witnesses, i)) {
            out[count] = one_witness;
            out[count++].below = UINT32_C(1) << i;
        }
    }
    for (size_t i = 0; i < LS_POLICY_GROUPS_MAX; i++) {
        if (has(g->groups, i)) {
            out[count++] = t->group[i];
        }
    }
    return count;
}

static int by_size(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

/* ways[j]: how many sets of the members so far meet j of them; chosen[j]: how many minimal ones take j of them. */
static void tally_group(const ls_group *g, const tallies *t, tally *out)
{
    tally member[GROUP_MEMBERS_MAX];
    uint64_t ways[GROUP_MEMBERS_MAX + 1] = {1}, chosen[GROUP_MEMBERS_MAX + 1] = {1};
    unsigned sizes[GROUP_MEMBERS_MAX];
    size_t count = list_members(g, t, member);
    *out = (tally){.all = 1};
    for (size_t i = 0; i < count; i++) {
        const tally *m = &member[i];
        for (size_t j = i + 1; j > 0; j--) {
            ways[j] = ways[j] * (m->all - m->met) + ways[j - 1] * m->met;
            chosen[j] += chosen[j - 1] * m->minimal;
        }
        ways[0] *= m->all - m->met;
        out->below |= m->below;
        out->all *= m->all;
        sizes[i] = m->smallest;
    }
    qsort(sizes, count, sizeof *sizes, by_size);
    for (size_t j = g->needed; j <= count; j++) {
        out->met += ways[j];
    }
    out->minimal = chosen[g->needed];
    for (size_t i = 0; i < g->needed; i++) {
        out->smallest += sizes[i];
    }
}

static void tally_all(const ls_policy *p, tallies *t)
{
    for (size_t i = 0; i < p->group_count; i++) {
        tally_group(&p->group[i], t, &t->group[i]);
    }
}

void ls_quorums_count(const ls_policy *p, ls_quorums *out)
{
    tallies t;
    tally root = one_witness;
    root.below = UINT32_C(1) << (p->quorum_index % LS_POLICY_WITNESSES_MAX);
    if (p->quorum == LS_QUORUM_GROUP) {
        tally_all(p, &t);
        root = t.group[p->quorum_index];
    }
    *out = (ls_quorums){.used = root.below, .count = root.met, .minimal = root.minimal, .smallest = root.smallest};
}

/* How many minimal ways there are to take `needed` of these members. */
static uint64_t ways_to_take(const tally *member, size_t count, size_t needed)
{
    uint64_t chosen[GROUP_MEMBERS_MAX + 1] = {1};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j > 0; j--) {
            chosen[j] += chosen[j - 1] * member[i].minimal;
        }
    }
    return chosen[needed];
}

static ls_witnesses minimal_of(const ls_policy *p, const tallies *t, const ls_group *g, uint64_t i)
{
    tally member[GROUP_MEMBERS_MAX];
    size_t group_of[GROUP_MEMBERS_MAX], count = list_members(g, t, member), needed = g->needed;
    size_t next = (size_t)__builtin_popcount(g->witnesses);
    ls_witnesses taken = 0;
    for (size_t k = 0; k < LS_POLICY_GROUPS_MAX; k++) {
        if (has(g->groups, k)) {
            group_of[next++] = k;
        }
    }
    for (size_t m = 0; m < count && needed > 0; m++) {
        uint64_t rest = ways_to_take(member + m + 1, count - m - 1, needed - 1), with = member[m].minimal * rest;
        if (i >= with) {
            i -= with;
            continue;
        }
        bool witness = m < (size_t)__builtin_popcount(g->witnesses);
        taken |= witness ? member[m].below : minimal_of(p, t, &p->group[group_of[m]], i / rest);
        i %= rest;
        needed--;
    }
    return taken;
}

ls_witnesses ls_quorums_minimal(const ls_policy *p, uint64_t i)
{
    tallies t;
    if (p->quorum != LS_QUORUM_GROUP) {
        return UINT32_C(1) << (p->quorum_index % LS_POLICY_WITNESSES_MAX);
    }
    tally_all(p, &t);
    return minimal_of(p, &t, &p->group[p->quorum_index], i);
}

/*
 * Two quorums that share at most `by`: then each witness of `by` may stand in both, every other in one of them. A
 * member that can be met in both at once counts twice, any other once, on the side where it is needed; so a group that
 * needs k is met in both if k - (those that count twice) is at most half of the others.
 */
bool ls_quorums_split(const ls_policy *p, ls_witnesses by)
{
    uint32_t both = 0;
    for (size_t i = 0; i < p->group_count; i++) {
        const ls_group *g = &p->group[i];
        unsigned twice = (unsigned)(__builtin_popcount(g->witnesses & by) + __builtin_popcount(g->groups & both));
        unsigned members = (unsigned)(__builtin_popcount(g->witnesses) + __builtin_popcount(g->groups));
        both |= twice + (members - twice) / 2 >= g->needed ? UINT32_C(1) << i : 0;
    }
    return p->quorum == LS_QUORUM_GROUP ? has(both, p->quorum_index) : has(by, p->quorum_index);
}

static void add(ls_policy_analysis *a, ls_weakness what, ls_bytes who)
{
    if (a->count < LS_WEAK_MAX) {
        a->weak[a->count++] = (ls_weak){what, who};
    }
}

/* The witnesses that the party's, or the outsider's, cosigners are. */
static ls_witnesses witnesses_of(const ls_charter *c, const ls_policy *p, size_t party, size_t outsider)
{
    ls_witnesses set = 0;
    for (size_t i = 0; i < p->witness_count; i++) {
        const ls_cosigner *k = ls_charter_cosigner(c, p->witness[i].name);
        bool his = k != NULL && (party == LS_NO_PARTY ? k == &c->cosigner[outsider] : k->party == party);
        set |= his ? UINT32_C(1) << i : 0;
    }
    return set;
}

static void judge_member(const ls_policy *p, ls_witnesses his, ls_bytes title, bool host_splits, ls_policy_analysis *a)
{
    if (his == 0) {
        return;
    }
    if (!ls_policy_met(p, a->quorums.used & ~his)) {
        add(a, LS_WEAK_STOP, title);
    }
    if (ls_policy_met(p, his)) {
        add(a, LS_WEAK_ALONE, title);
    } else if (!host_splits && ls_quorums_split(p, his)) {
        add(a, LS_WEAK_SPLIT, title);
    }
}

/* Somebody who is of the audience, has a cosigner and takes neither side. */
static bool has_neutral_witness(const ls_charter *c, const ls_audience *audience)
{
    for (size_t i = 0; i < c->cosigner_count; i++) {
        size_t party = c->cosigner[i].party;
        if (party != LS_NO_PARTY && has(audience->parties, party) && c->party[party].role != LS_ROLE_PARTY &&
            party != c->host) {
            return true;
        }
    }
    return false;
}

/* Under this policy, which need not be the charter's own. */
static void analyse(const ls_charter *c, const ls_policy *p, ls_policy_analysis *a)
{
    memset(a, 0, sizeof *a);
    ls_quorums_count(p, &a->quorums);
    bool host_splits = ls_quorums_split(p, 0);
    if (host_splits) {
        add(a, LS_WEAK_HOST, (ls_bytes){0});
    }
    for (size_t i = 0; i < c->party_count; i++) {
        judge_member(p, witnesses_of(c, p, i, 0), c->party[i].title, host_splits, a);
    }
    for (size_t i = 0; i < c->cosigner_count; i++) {
        if (c->cosigner[i].party == LS_NO_PARTY) {
            judge_member(p, witnesses_of(c, p, LS_NO_PARTY, i), c->cosigner[i].title, host_splits, a);
        }
    }
}

/* Of a policy that is one group of witnesses: whether another number of them would be better. */
static void look_for_better(const ls_charter *c, ls_policy_analysis *a)
{
    ls_policy p = c->policy;
    ls_policy_analysis other;
    if (p.quorum != LS_QUORUM_GROUP || p.group[p.quorum_index].groups != 0) {
        return;
    }
    ls_group *g = &p.group[p.quorum_index];
    size_t fewest = a->count;
    for (g->needed = 1; g->needed <= (unsigned)__builtin_popcount(g->witnesses); g->needed++) {
        analyse(c, &p, &other);
        if (other.count < fewest) {
            fewest = other.count;
            a->better = g->needed;
        }
    }
    a->mended = fewest == 0;
}

void ls_policy_analyse(const ls_charter *c, ls_policy_analysis *out)
{
    if (c->policy.quorum == LS_QUORUM_NONE) {
        memset(out, 0, sizeof *out);
        return;
    }
    analyse(c, &c->policy, out);
    look_for_better(c, out);
    if (c->host == LS_NO_PARTY) {
        add(out, LS_WEAK_NO_HOST, (ls_bytes){0});
    }
    for (size_t i = 0; i < c->audience_count; i++) {
        if (!has_neutral_witness(c, &c->audience[i])) {
            add(out, LS_WEAK_AUDIENCE, c->audience[i].name);
        }
    }
}

#define MORE "or add cosigners of outsiders; of two parties and two outsiders take three of four"

static const struct words {
    const char *before, *after; /* around who it is */
    const char *mend;           /* where another number of the group does not mend it */
} words[] = {
    [LS_WEAK_STOP] = {"", " alone could stop the clock: every quorum needs its cosigner",
                      "let the quorum need fewer, " MORE},
    [LS_WEAK_SPLIT] = {"", " and the host together could show two histories: two quorums share no other cosigner",
                       "let the quorum need more, " MORE},
    [LS_WEAK_ALONE] = {"",
                       " and the host together could make final what nobody else has seen: its cosigner is a quorum",
                       "let the quorum need more, " MORE},
    [LS_WEAK_HOST] = {"the host alone could show two histories", ": two quorums share no cosigner",
                      "let the quorum need more than half of the cosigners"},
    [LS_WEAK_AUDIENCE] = {"audience ",
                          ": no cosigner outside both sides holds its files, so their delivery can be "
                          "disputed, not proved",
                          "let a mediator, inspectorate or observer belong to it, with a cosigner of its own"},
    [LS_WEAK_NO_HOST] = {"ledger.host is missing", ": nobody knows whose cosigner must not count",
                         "name the party that runs the ledger: host: <party>"},
};

static const char *mend(const ls_policy_analysis *a, const ls_weak *w, const ls_policy *p, ls_arena *arena)
{
    if (a->better == 0 || w->what == LS_WEAK_AUDIENCE || w->what == LS_WEAK_NO_HOST) {
        return words[w->what].mend;
    }
    const ls_group *g = &p->group[p->quorum_index];
    const char *text =
        ls_arena_format(arena, "take %u of the %d%s", a->better, __builtin_popcount(g->witnesses),
                        a->mended ? "" : "; that leaves less to warn of, and further cosigners of outsiders the rest");
    return text == NULL ? words[w->what].mend : text;
}

void ls_policy_warn(const ls_charter *c, ls_mark mark, ls_diagnostics *d)
{
    ls_policy_analysis a;
    ls_policy_analyse(c, &a);
    for (size_t i = 0; i < a.count; i++) {
        const ls_weak *w = &a.weak[i];
        ls_diagnose_warning(d, mark, mend(&a, w, &c->policy, d->arena), "%s%.*s%s", words[w->what].before,
                            (int)w->who.len, w->who.ptr, words[w->what].after);
    }
}
