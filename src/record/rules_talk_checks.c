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

/* A date and a place that all sign: in a private search, both of its parties and no others. */
ls_result ls_rule_check_appoint(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    const ls_talk *from = about(r, e);
    ls_parties may = from == NULL ? ~(ls_parties)0 : ls_talk_involved(from);
    LS_TRY(check_together(e->talk.to, may, "a date and a place", detail));
    return from == NULL || from->kind != LS_TALK_SCHEDULE || e->talk.to == may
               ? LS_SUCCESS
               : ls_refuse(detail, NULL, "what a search found is signed by both who searched");
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
    (void)r;
    if ((e->talk.to & (e->talk.to - 1)) != 0) {
        return ls_refuse(detail, "search with one party at a time, or propose a date to all of them",
                         "a private search is between two parties: among more, each pair would learn too much");
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

/* How often a party has said this kind of thing in a search, with effect; stamped: under a stamp. */
static unsigned said(const ls_record *r, const ls_talk *search, ls_talk_kind kind, ls_parties by, bool stamped)
{
    unsigned count = 0;
    for (const ls_talk *t = ls_talk_step(r, search, NULL); t != NULL; t = ls_talk_step(r, search, t)) {
        bool counts = ls_entry_effective(r, t->index) && (!stamped || t->index < r->stamped);
        count += t->kind == kind && (LS_PARTY_BIT(t->by) & by) != 0 && counts;
    }
    return count;
}

/* Both of its sides have said this so often, under a stamp: nobody answers what can still be shown differently. */
static bool both_said(const ls_record *r, const ls_talk *search, ls_talk_kind kind, unsigned times)
{
    return said(r, search, kind, LS_PARTY_BIT(search->by), true) >= times &&
           said(r, search, kind, search->to, true) >= times;
}

static ls_result check_step(bool now, const char *what, ls_detail *detail)
{
    return now ? LS_SUCCESS : ls_refuse(detail, "lockstep schedule show says what is awaited from whom", "%s", what);
}

/* Once the blinded list, and then, once both have seen what is common, the ranking. */
ls_result ls_rule_check_schedule_commit(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    const ls_talk *search = about(r, e);
    unsigned before = said(r, search, LS_TALK_SCHEDULE_COMMIT, LS_PARTY_BIT(e->by), false);
    if (before == 0) {
        return LS_SUCCESS;
    }
    LS_TRY(check_step(search->word != LS_RULE_EARLIEST, "the list was committed to, and there is no ranking", detail));
    return check_step(before == 1 && both_said(r, search, LS_TALK_SCHEDULE_SEND, 2),
                      before > 1
                          ? "the ranking was committed to already"
                          : "the list was committed to already: a ranking follows once both have seen what is common",
                      detail);
}

/* To the other side alone. */
static ls_result check_sealed(const ls_record *r, const ls_act *act, const ls_talk *search, const effect *e,
                              ls_detail *detail)
{
    ls_parties other = ls_talk_involved(search) & ~LS_PARTY_BIT(e->by);
    bool fits = act->attachment_count == 1 && ls_audience_restricted(act->attachment[0].audience) &&
                (ls_audience_members(r->charter, act->attachment[0].audience) & ~LS_PARTY_BIT(e->by)) == other;
    return fits ? LS_SUCCESS : ls_refuse(detail, NULL, "what a side sends in a search is one file for the other alone");
}

/* First the points, once both have committed to theirs; then the other's, multiplied. */
ls_result ls_rule_check_schedule_send(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_talk *search = about(r, e);
    unsigned before = said(r, search, LS_TALK_SCHEDULE_SEND, LS_PARTY_BIT(e->by), false);
    LS_TRY(check_step(before < 2, "both of this side's files were sent", detail));
    LS_TRY(check_step(both_said(r, search, LS_TALK_SCHEDULE_COMMIT, 1),
                      "both commitments must be under a stamp before anybody sends points", detail));
    LS_TRY(check_step(before == 0 || both_said(r, search, LS_TALK_SCHEDULE_SEND, 1),
                      "both sides' points must be there before they are returned", detail));
    return check_sealed(r, act, search, e, detail);
}

ls_result ls_rule_check_schedule_reveal(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_talk *search = about(r, e);
    unsigned before = said(r, search, LS_TALK_SCHEDULE_REVEAL, LS_PARTY_BIT(e->by), false);
    LS_TRY(check_step(before == 0, "the ranking was revealed already", detail));
    LS_TRY(check_step(both_said(r, search, LS_TALK_SCHEDULE_COMMIT, 2),
                      "both rankings must be committed to, under a stamp, before one is revealed", detail));
    return check_sealed(r, act, search, e, detail);
}
