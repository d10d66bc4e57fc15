/* Acts of talks: what particular kinds ask for beyond their row. */
#include "process/sealed.h"
#include "record/rules.h"

static const ls_talk *about(const ls_record *r, const effect *e)
{
    return e->referred == NONE ? NULL : ls_talk_find(r, e->referred);
}

/* A counter-proposal comes from somebody to whom the first one was made. */
ls_result ls_rule_check_propose(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    const ls_talk *first = about(r, e);
    bool counters = first != NULL && first->kind == LS_TALK_PROPOSE;
    return !counters || (first->to & LS_PARTY_BIT(e->by)) != 0
               ? LS_SUCCESS
               : ls_refuse(detail, "propose it anew, without ref", "only whom a proposal was made to can counter it");
}

static ls_result check_together(ls_parties by, ls_parties may, const char *what, ls_detail *detail)
{
    if ((by & (by - 1)) == 0) {
        return ls_refuse(detail, NULL, "%s are those of at least two parties", what);
    }
    return (by & ~may) == 0
               ? LS_SUCCESS
               : ls_refuse(detail, NULL, "%s are signed by those who are involved in what ref names", what);
}

/* A date and a place that all sign: of a private search, both of its parties. */
ls_result ls_rule_check_appoint(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    const ls_talk *from = about(r, e);
    ls_parties may = from == NULL ? ~(ls_parties)0 : ls_talk_involved(from);
    return check_together(e->talk.to, may, "a date and a place", detail);
}

ls_result ls_rule_check_minutes(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    return check_together(e->talk.to, ls_talk_involved(about(r, e)), "agreed minutes", detail);
}

ls_result ls_rule_check_redeem(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    (void)detail;
    e->talk.measure = ls_rule_roadmap(r, e)->measures[e->named[NAMED_MEASURE]].id;
    return LS_SUCCESS;
}

/* What is said stands in exactly one file. */
ls_result ls_rule_check_edit(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)r;
    return act->attachment_count == 1 ? LS_SUCCESS : ls_refuse(detail, NULL, "%s has exactly one file", e->rule->kind);
}

ls_result ls_rule_check_diverge(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)r;
    (void)e;
    return act->languages.count == 2
               ? LS_SUCCESS
               : ls_refuse(detail, "languages: en ko", "an objection of divergence names two languages");
}

/* Private searches. */

ls_result ls_rule_check_schedule(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    if ((e->talk.to & (e->talk.to - 1)) != 0) {
        return ls_refuse(detail, "search with one party at a time, or propose a date to all of them",
                         "a private search is between two parties: among more, each pair would learn too much");
    }
    const ls_talk *meeting = about(r, e);
    if (meeting != NULL && ls_talk_involved(meeting) != ls_talk_involved(&e->talk)) {
        return ls_refuse(detail, "search without ref, and then agree on a meeting of another name",
                         "the meeting that ref names is not one of these two parties alone");
    }
    if (act->attachment_count != 1 || ls_audience_restricted(act->attachment[0].audience)) {
        return ls_refuse(detail, NULL, "a search has its list of options in one file that both can read");
    }
    if (act->cap > LS_OPTIONS_MAX) {
        return ls_refuse(detail, NULL, "each side may have at most %u options", LS_OPTIONS_MAX);
    }
    e->talk.cap = (uint32_t)act->cap;
    return LS_SUCCESS;
}

static unsigned side_of(const ls_talk *search, size_t party)
{
    return party == search->by ? 0 : 1;
}

static bool has_effect(const ls_record *r, const ls_talk *step)
{
    return step != NULL && ls_entry_effective(r, step->index);
}

/* With effect and under a stamp, on both sides: nobody answers what can still be shown differently. */
static bool is_settled(const ls_record *r, const ls_talk *search, ls_search_step step)
{
    bool settled = true;
    for (unsigned side = 0; side < 2; side++) {
        const ls_talk *last = ls_talk_searched(r, search, side, step);
        settled = settled && has_effect(r, last) && last->index < r->stamped;
    }
    return settled;
}

/* Somebody took this step, whatever became of it: what it showed stays known. */
static bool is_known(const ls_record *r, const ls_talk *search, ls_search_step step)
{
    return ls_talk_searched(r, search, 0, step) != NULL || ls_talk_searched(r, search, 1, step) != NULL;
}

/* Each step waits until both sides have taken all before it; and it is taken once. */
static ls_result take_step(const ls_record *r, effect *e, ls_search_step step, ls_detail *detail)
{
    static const char hint[] = "lockstep schedule show says what is awaited from whom";
    static const char *const awaited[LS_SEARCH_STEPS] = {
        [LS_SEARCH_LIST] = "both must have committed to their lists, under a stamp",
        [LS_SEARCH_POINTS] = "both sides' points must be there, under a stamp",
        [LS_SEARCH_RETURNED] = "both must have returned the other's points, under a stamp",
        [LS_SEARCH_RANKING] = "both must have committed to their rankings, under a stamp"};
    static const char *const taken[LS_SEARCH_STEPS] = {
        [LS_SEARCH_LIST] = "this side has committed to its list already",
        [LS_SEARCH_POINTS] = "this side has sent its points already",
        [LS_SEARCH_RETURNED] = "this side has returned the other's points already",
        [LS_SEARCH_RANKING] = "this side has committed to its ranking already",
        [LS_SEARCH_REVEALED] = "this side has revealed its ranking already"};
    const ls_talk *search = about(r, e);
    for (ls_search_step before = 0; before < step; before++) {
        if (!is_settled(r, search, before)) {
            return ls_refuse(detail, hint, "%s", awaited[before]);
        }
    }
    if (has_effect(r, ls_talk_searched(r, search, side_of(search, e->by), step))) {
        return ls_refuse(detail, hint, "%s", taken[step]);
    }
    e->talk.word = (uint8_t)step;
    return LS_SUCCESS;
}

/* To the list; and, once points were sent, to the ranking. What was committed to stays, whatever becomes of that act,
 * as soon as others have shown something that could make its author wish for another. */
ls_result ls_rule_check_schedule_commit(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    const ls_talk *search = about(r, e);
    if (!is_known(r, search, LS_SEARCH_POINTS)) {
        return take_step(r, e, LS_SEARCH_LIST, detail);
    }
    if (search->word == LS_RULE_EARLIEST) {
        return ls_refuse(detail, NULL, "by the rule `earliest` there is no ranking to commit to");
    }
    if (is_known(r, search, LS_SEARCH_REVEALED)) {
        return ls_refuse(detail, "search anew", "nobody commits once a ranking was revealed");
    }
    return take_step(r, e, LS_SEARCH_RANKING, detail);
}

/* What is sent has at most 32 bytes for each option, and a little more; sealing doubles that at most. */
static uint64_t sent_max(const ls_talk *search)
{
    return UINT64_C(64) * search->cap + 4096;
}

/* To the other side alone. */
static ls_result check_sealed(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    ls_parties other = ls_talk_involved(about(r, e)) & ~LS_PARTY_BIT(e->by);
    bool fits = act->attachment_count == 1 && ls_audience_restricted(act->attachment[0].audience) &&
                (ls_audience_members(r->charter, act->attachment[0].audience) & ~LS_PARTY_BIT(e->by)) == other;
    if (!fits) {
        return ls_refuse(detail, NULL, "what a side sends in a search is one file for the other alone");
    }
    uint64_t most = sent_max(about(r, e));
    return act->attachment[0].size <= most
               ? LS_SUCCESS
               : ls_refuse(detail, NULL, "what a side sends in this search has at most %llu bytes",
                           (unsigned long long)most);
}

/* First the points; then the other's, multiplied. */
ls_result ls_rule_check_schedule_send(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_talk *search = about(r, e);
    bool sent = has_effect(r, ls_talk_searched(r, search, side_of(search, e->by), LS_SEARCH_POINTS));
    LS_TRY(take_step(r, e, sent ? LS_SEARCH_RETURNED : LS_SEARCH_POINTS, detail));
    return check_sealed(r, act, e, detail);
}

ls_result ls_rule_check_schedule_reveal(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(take_step(r, e, LS_SEARCH_REVEALED, detail));
    return check_sealed(r, act, e, detail);
}
