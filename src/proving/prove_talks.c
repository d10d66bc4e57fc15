/* What the record proves of meetings, working groups, proposals, pledges, demands and claims. */
#include "accord/why.h"
#include "proving/parts.h"

static ls_parties author(const ls_talk *t)
{
    return t->by == LS_TALK_JOINT ? t->to : LS_PARTY_BIT(t->by);
}

static const ls_talk *said_at(const ls_record_prover *p, uint32_t index)
{
    return index == LS_NO_ENTRY ? NULL : ls_reading_talk(p->reading, index);
}

/* It has an effect, and is about t. */
static bool is_about(const ls_record_prover *p, const ls_talk *said, const ls_talk *t)
{
    return said->ref == t->index && ls_reading_counts(p->reading, said);
}

/* Of a party that took back what it had said: its word about t, or t itself. */
static void prove_withdrawal(ls_proving *x, const ls_talk *said, const ls_talk *t)
{
    const ls_talk *what = said_at(x->p, said->ref);
    bool consent = what != NULL && (what == t || (what->kind == LS_TALK_ACCEPT && what->ref == t->index));
    if (consent && ls_reading_counts(x->p->reading, said)) {
        ls_prove_deed(x, LS_DEED_WITHDREW, author(said), said->index);
    }
}

/* A word that counts is a consent or a refusal; one that came too late, or about another date, was only said. */
static void prove_answer(ls_proving *x, const ls_talk *said, ls_parties accepted, ls_parties declined)
{
    bool accepts = said->kind == LS_TALK_ACCEPT;
    bool now = ((accepts ? accepted : declined) & author(said)) != 0;
    ls_deed deed = accepts ? LS_DEED_ACCEPTED : LS_DEED_DECLINED;
    if (ls_prover_stands(x->p, said) || accepts) {
        ls_prove_deed(x, now || !ls_prover_stands(x->p, said) ? deed : LS_DEED_STATED, author(said), said->index);
    }
}

/* Meetings. */

static void prove_meeting_word(ls_proving *x, const ls_meeting_state *s, const ls_talk *said)
{
    bool stands = ls_prover_stands(x->p, said);
    bool dated = s->dated_by == NULL || said->index > s->dated_by->index;
    switch (said->kind) {
    case LS_TALK_ACCEPT:
    case LS_TALK_DECLINE:
        if (dated) {
            prove_answer(x, said, s->accepted, s->declined);
        }
        break;
    case LS_TALK_DEFER:
        if (stands && said == s->dated_by && said->due != LS_NO_DAY) {
            ls_prove_deed(x, LS_DEED_PROPOSED, author(said), said->index);
        } else if (stands && said == s->postponed) {
            ls_prove_deed(x, LS_DEED_POSTPONED, author(said), said->index);
        }
        break;
    case LS_TALK_CANCEL:
        if (stands) {
            ls_prove_deed(x, LS_DEED_CALLED_OFF, author(said), said->index);
        }
        break;
    case LS_TALK_HOLD:
        if (stands) {
            ls_prove_deed(x, LS_DEED_STATED, author(said), said->index);
        }
        break;
    case LS_TALK_MINUTES:
        ls_prove_deed(x, LS_DEED_SIGNED, said->to, said->index);
        break;
    default:
        break;
    }
}

/* Where an act says that it is to be. */
static ls_result read_venue(ls_proving *x, const ls_talk *t, const char **out)
{
    ls_act *act = ls_arena_alloc(x->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_reading_act(x->p->reading, t->index, x->arena, act));
    *out = act->has[LS_H_VENUE] ? ls_arena_str(x->arena, act->raw[LS_H_VENUE]) : "";
    return *out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* A postponement that names no place leaves it as it was. */
static ls_result prove_place(ls_proving *x, const ls_meeting_state *s)
{
    const char *venue = "";
    if (s->dated_by != NULL) {
        LS_TRY(read_venue(x, s->dated_by, &venue));
    }
    if (venue[0] == '\0') {
        LS_TRY(read_venue(x, s->meeting, &venue));
    }
    if (venue[0] != '\0') {
        ls_prove_value(x, "place", venue);
    }
    return LS_SUCCESS;
}

ls_result ls_prove_meeting(ls_proving *x, const ls_talk *t)
{
    const ls_meeting_state *s = ls_talks_meeting(&x->p->state, t->index);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    ls_prove_state(x, ls_meeting_stage_name(s->stage));
    ls_prove_parties(x, ls_talk_involved(t));
    /* Of another date than the one that counts now it was no consent. */
    bool dates = s->dated_by == NULL || s->dated_by == t;
    ls_deed began = t->by == LS_TALK_JOINT ? LS_DEED_SIGNED : LS_DEED_PROPOSED;
    ls_prove_deed(x, dates ? began : LS_DEED_STATED, author(t), t->index);
    for (size_t i = 0; i < x->p->facts.count; i++) {
        const ls_talk *said = &x->p->facts.fact[i];
        if (said->kind == LS_TALK_WITHDRAW) {
            prove_withdrawal(x, said, t);
        } else if (is_about(x->p, said, t)) {
            prove_meeting_word(x, s, said);
        }
    }
    if (s->due != LS_NO_DAY) {
        ls_prove_date(x, "date", ls_date_from_days(s->due));
    }
    return prove_place(x, s);
}

/* Proposals. */

ls_result ls_prove_proposal(ls_proving *x, const ls_talk *t)
{
    const ls_proposal_state *s = ls_talks_proposal(&x->p->state, t->index);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    ls_prove_found(x, ls_proposal_stage_name(s->stage));
    ls_prove_parties(x, ls_talk_involved(t));
    ls_prove_deed(x, LS_DEED_PROPOSED, author(t), t->index);
    for (size_t i = 0; i < x->p->facts.count; i++) {
        const ls_talk *said = &x->p->facts.fact[i];
        if (said->kind == LS_TALK_WITHDRAW) {
            prove_withdrawal(x, said, t);
        } else if (!is_about(x->p, said, t)) {
            continue;
        } else if (said->kind == LS_TALK_ACCEPT || said->kind == LS_TALK_DECLINE) {
            prove_answer(x, said, s->accepted, s->declined);
        } else if (said->kind == LS_TALK_PROPOSE && ls_prover_stands(x->p, said)) {
            bool now = (s->countered & author(said)) != 0;
            ls_prove_deed(x, now ? LS_DEED_COUNTERED : LS_DEED_STATED, author(said), said->index);
        } else if (said->kind == LS_TALK_APPOINT) {
            ls_prove_deed(x, LS_DEED_SIGNED, said->to, said->index);
        }
    }
    return LS_SUCCESS;
}

/* Working groups: who was asked into it consents by joining. */

ls_result ls_prove_group(ls_proving *x, const ls_talk *t)
{
    const ls_group_state *s = ls_talks_group(&x->p->state, t->index);
    const ls_charter *charter = ls_record_charter(x->p->reading->record);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    const char *members = ls_why_parties(charter, s->members, x->arena);
    ls_prove_found(x, members == NULL   ? NULL
                      : s->members == 0 ? "a working group without members"
                                        : ls_arena_format(x->arena, "a working group of %s", members));
    ls_prove_parties(x, ls_talk_involved(t));
    ls_prove_deed(x, LS_DEED_PROPOSED, author(t), t->index);
    for (size_t i = 0; i < x->p->facts.count; i++) {
        const ls_talk *said = &x->p->facts.fact[i];
        if (!is_about(x->p, said, t)) {
            continue;
        }
        if (said->kind == LS_TALK_ENLIST && author(said) != author(t)) {
            ls_prove_deed(x, LS_DEED_ACCEPTED, author(said), said->index);
        } else if (said->kind == LS_TALK_QUIT) {
            ls_prove_deed(x, LS_DEED_WITHDREW, author(said), said->index);
        }
    }
    return LS_SUCCESS;
}

/* Pledges, demands, claims. */

static const ls_statement_state *statement_of(const ls_record_prover *p, const ls_talk *t)
{
    for (size_t i = 0; i < p->state.statement_count; i++) {
        if (p->state.statement[i].said->index == t->index) {
            return &p->state.statement[i];
        }
    }
    return NULL;
}

/* Whose word it is: of a pledge on another's word only that other's would bind. */
static ls_parties whose(const ls_talk *t)
{
    return t->of == LS_TALK_JOINT ? author(t) : LS_PARTY_BIT(t->of);
}

static ls_deed deed_of(const ls_talk *t)
{
    if (t->kind == LS_TALK_DEMAND) {
        return LS_DEED_DEMANDED;
    }
    return t->kind == LS_TALK_PLEDGE && whose(t) == author(t) ? LS_DEED_PLEDGED : LS_DEED_CLAIMED;
}

/* What it became was signed, by all of an accord. */
static void prove_redeemed(ls_proving *x, const ls_talk *by)
{
    if (by == NULL || by->accord < 0) {
        return;
    }
    const ls_accord *a = ls_record_accord(x->p->reading->record, (size_t)by->accord);
    ls_prove_deed(x, LS_DEED_ACCEPTED, a->roadmap->signed_by, (uint32_t)a->index);
}

static const char *statement_words(ls_proving *x, const ls_talk *t, const ls_statement_state *s)
{
    const char *what = t->kind == LS_TALK_PLEDGE ? "a pledge" : t->kind == LS_TALK_DEMAND ? "a demand" : "a claim";
    return s->redeemed_by == NULL
               ? ls_arena_format(x->arena, "%s: %s", what, ls_statement_stage_name(s->stage))
               : ls_arena_format(x->arena, "%s that became the measure %.*s", what, (int)s->redeemed_by->measure.len,
                                 (const char *)s->redeemed_by->measure.ptr);
}

ls_result ls_prove_item(ls_proving *x, const ls_talk *t)
{
    const ls_statement_state *s = statement_of(x->p, t);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    ls_prove_found(x, statement_words(x, t, s));
    /* What somebody only says to be so takes nobody's consent. */
    ls_prove_parties(x, t->kind == LS_TALK_CLAIM ? 0 : author(t) | whose(t) | t->to);
    ls_prove_deed(x, deed_of(t), author(t), t->index);
    for (size_t i = 0; i < x->p->facts.count; i++) {
        const ls_talk *said = &x->p->facts.fact[i];
        if (said->kind == LS_TALK_WITHDRAW && is_about(x->p, said, t)) {
            ls_prove_deed(x, LS_DEED_WITHDREW, author(said), said->index);
        }
    }
    prove_redeemed(x, s->redeemed_by);
    return LS_SUCCESS;
}
