/* Whether an act would change anything: what it is about, worked out without it and with it. */
#include "talks/effect.h"
#include <string.h>

/* The facts, and one more, that counts in one of two evaluations. */
typedef struct supposing {
    const ls_talks *facts;
    uint32_t index; /* of the one more */
    bool said;
} supposing;

static ls_time time_of(const void *context, uint32_t index)
{
    const supposing *x = context;
    return index != x->index ? x->facts->time(x->facts->context, index) : x->said ? LS_TIME_OPEN : LS_TIME_NONE;
}

const ls_talk *ls_talks_answered(const ls_talks *all, const ls_talk *said)
{
    const uint32_t answers = 1u << LS_TALK_ACCEPT | 1u << LS_TALK_DECLINE | 1u << LS_TALK_DEFER | 1u << LS_TALK_CANCEL |
                             1u << LS_TALK_HOLD | 1u << LS_TALK_QUIT | 1u << LS_TALK_REDEEM;
    const uint32_t begin = 1u << LS_TALK_PROPOSE | 1u << LS_TALK_MEET | 1u << LS_TALK_APPOINT | 1u << LS_TALK_GROUP |
                           1u << LS_TALK_PLEDGE | 1u << LS_TALK_DEMAND | 1u << LS_TALK_CLAIM | 1u << LS_TALK_DEBRIEF |
                           1u << LS_TALK_GROUP_REPORT | 1u << LS_TALK_READOUT;
    const ls_talk *t = said->ref == LS_NO_ENTRY ? NULL : ls_talks_find(all, said->ref);
    if (said->kind == LS_TALK_WITHDRAW && t != NULL && (begin >> t->kind & 1) == 0) {
        return (answers >> t->kind & 1) == 0 ? NULL : ls_talks_answered(all, t);
    }
    bool answer = said->kind == LS_TALK_WITHDRAW || (answers >> said->kind & 1) != 0;
    return answer && t != NULL && (begin >> t->kind & 1) != 0 ? t : NULL;
}

static bool same_proposal(const ls_proposal_state *a, const ls_proposal_state *b)
{
    return a->stage == b->stage && a->accepted == b->accepted && a->declined == b->declined &&
           a->countered == b->countered;
}

static bool same_meeting(const ls_meeting_state *a, const ls_meeting_state *b)
{
    return a->stage == b->stage && a->accepted == b->accepted && a->declined == b->declined &&
           a->dated_by == b->dated_by && a->cancelled == b->cancelled && a->cancelled_by == b->cancelled_by &&
           a->held_by == b->held_by && a->held_count == b->held_count &&
           memcmp(a->held, b->held, a->held_count * sizeof(const ls_talk *)) == 0;
}

static bool same_group(const ls_group_state *a, const ls_group_state *b)
{
    return a->members == b->members && a->left == b->left && a->invited == b->invited;
}

/* The others have a stage, or are withdrawn. */
static bool same_others(const ls_talks_state *a, const ls_talks_state *b)
{
    bool same = true;
    for (size_t i = 0; i < a->statement_count; i++) {
        same = same && a->statement[i].stage == b->statement[i].stage;
    }
    for (size_t i = 0; i < a->debriefing_count; i++) {
        same = same && a->debriefing[i].withdrawn == b->debriefing[i].withdrawn;
    }
    for (size_t i = 0; i < a->group_report_count; i++) {
        same = same && a->group_report[i].withdrawn == b->group_report[i].withdrawn;
    }
    for (size_t i = 0; i < a->readout_count; i++) {
        same = same && a->readout[i].withdrawn == b->readout[i].withdrawn;
    }
    return same;
}

static bool same(const ls_talks_state *a, const ls_talks_state *b, uint32_t root)
{
    const ls_proposal_state *p = ls_talks_proposal(a, root);
    const ls_meeting_state *m = ls_talks_meeting(a, root);
    const ls_group_state *g = ls_talks_group(a, root);
    return p != NULL   ? same_proposal(p, ls_talks_proposal(b, root))
           : m != NULL ? same_meeting(m, ls_talks_meeting(b, root))
           : g != NULL ? same_group(g, ls_talks_group(b, root))
                       : same_others(a, b);
}

ls_result ls_talks_would_change(const ls_talks_query *q, const ls_talk *said, ls_arena *arena, bool *changes)
{
    const ls_talks *all = q->facts;
    const ls_talk *root = ls_talks_answered(all, said);
    *changes = true;
    if (root == NULL) {
        return LS_SUCCESS;
    }
    ls_talk *fact = ls_arena_array(arena, all->count + 1, sizeof *fact);
    if (fact == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(fact, all->fact, all->count * sizeof *fact);
    fact[all->count] = *said;
    supposing x = {all, said->index, false};
    const ls_talks more = {fact, all->count + 1, time_of, &x};
    ls_talks_query supposed = {q->at, q->known, q->charter, &more};
    ls_talks_state without, with;
    LS_TRY(ls_talks_eval(&supposed, arena, &without));
    x.said = true;
    LS_TRY(ls_talks_eval(&supposed, arena, &with));
    *changes = !same(&without, &with, root->index);
    return LS_SUCCESS;
}
