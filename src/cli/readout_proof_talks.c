/* What the record proves of meetings, working groups, proposals, pledges, demands and claims. */
#include "accord/why.h"
#include "cli/readout_proof.h"
#include "cli/talking.h"
#include "workspace/reading.h"

static ls_parties author(const ls_talk *t)
{
    return t->by == LS_TALK_JOINT ? t->to : LS_PARTY_BIT(t->by);
}

static const ls_talk *said_at(const cli_prover *p, uint32_t index)
{
    return index == LS_NO_ENTRY ? NULL : cli_talk_at(p->c, index);
}

/* It has an effect, and is about t. */
static bool is_about(const cli_prover *p, const ls_talk *said, const ls_talk *t)
{
    return said->ref == t->index && p->judged.facts.time(p->judged.facts.context, said->index) != LS_TIME_NONE;
}

/* Of a party that took back what it had said: its word about t, or t itself. */
static void prove_withdrawal(cli_proving *x, const ls_talk *said, const ls_talk *t)
{
    const ls_talk *what = said_at(x->p, said->ref);
    bool consent = what != NULL && (what == t || (what->kind == LS_TALK_ACCEPT && what->ref == t->index));
    if (consent && x->p->judged.facts.time(x->p->judged.facts.context, said->index) != LS_TIME_NONE) {
        cli_prove_deed(x, LS_DEED_WITHDREW, author(said), said->index);
    }
}

/* A word that counts is a consent or a refusal; one that came too late, or about another date, was only said. */
static void prove_answer(cli_proving *x, const ls_talk *said, ls_parties accepted, ls_parties declined)
{
    bool accepts = said->kind == LS_TALK_ACCEPT;
    bool now = ((accepts ? accepted : declined) & author(said)) != 0;
    ls_deed deed = accepts ? LS_DEED_ACCEPTED : LS_DEED_DECLINED;
    if (cli_prover_stands(x->p, said) || accepts) {
        cli_prove_deed(x, now || !cli_prover_stands(x->p, said) ? deed : LS_DEED_STATED, author(said), said->index);
    }
}

/* Meetings. */

static void prove_meeting_word(cli_proving *x, const ls_meeting_state *s, const ls_talk *said)
{
    bool stands = cli_prover_stands(x->p, said);
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
            cli_prove_deed(x, LS_DEED_PROPOSED, author(said), said->index);
        } else if (stands && said == s->postponed) {
            cli_prove_deed(x, LS_DEED_POSTPONED, author(said), said->index);
        }
        break;
    case LS_TALK_CANCEL:
        if (stands) {
            cli_prove_deed(x, LS_DEED_CALLED_OFF, author(said), said->index);
        }
        break;
    case LS_TALK_HOLD:
        if (stands) {
            cli_prove_deed(x, LS_DEED_STATED, author(said), said->index);
        }
        break;
    case LS_TALK_MINUTES:
        cli_prove_deed(x, LS_DEED_SIGNED, said->to, said->index);
        break;
    default:
        break;
    }
}

/* Where an act says that it is to be. */
static ls_result read_venue(cli_proving *x, const ls_talk *t, const char **out)
{
    ls_act *act = ls_arena_alloc(x->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_read_act(&x->p->c->ws, t->index, x->arena, act, &x->p->c->detail));
    *out = act->has[LS_H_VENUE] ? cli_text(x->p->c, act->raw[LS_H_VENUE]) : "";
    return LS_SUCCESS;
}

/* A postponement that names no place leaves it as it was. */
static ls_result prove_place(cli_proving *x, const ls_meeting_state *s)
{
    const char *venue = "";
    if (s->dated_by != NULL) {
        LS_TRY(read_venue(x, s->dated_by, &venue));
    }
    if (venue[0] == '\0') {
        LS_TRY(read_venue(x, s->meeting, &venue));
    }
    if (venue[0] != '\0') {
        cli_prove_value(x, "place", venue);
    }
    return LS_SUCCESS;
}

ls_result cli_prove_meeting(cli_proving *x, const ls_talk *t)
{
    const ls_meeting_state *s = ls_talks_meeting(&x->p->judged.state, t->index);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    cli_prove_state(x, ls_meeting_stage_name(s->stage));
    cli_prove_parties(x, ls_talk_involved(t));
    /* Of another date than the one that counts now it was no consent. */
    bool dates = s->dated_by == NULL || s->dated_by == t;
    ls_deed began = t->by == LS_TALK_JOINT ? LS_DEED_SIGNED : LS_DEED_PROPOSED;
    cli_prove_deed(x, dates ? began : LS_DEED_STATED, author(t), t->index);
    for (size_t i = 0; i < x->p->judged.facts.count; i++) {
        const ls_talk *said = &x->p->judged.facts.fact[i];
        if (said->kind == LS_TALK_WITHDRAW) {
            prove_withdrawal(x, said, t);
        } else if (is_about(x->p, said, t)) {
            prove_meeting_word(x, s, said);
        }
    }
    if (s->due != LS_NO_DAY) {
        cli_prove_date(x, "date", ls_date_from_days(s->due));
    }
    return prove_place(x, s);
}

/* Proposals. */

ls_result cli_prove_proposal(cli_proving *x, const ls_talk *t)
{
    const ls_proposal_state *s = ls_talks_proposal(&x->p->judged.state, t->index);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    cli_prove_found(x, ls_proposal_stage_name(s->stage));
    cli_prove_parties(x, ls_talk_involved(t));
    cli_prove_deed(x, LS_DEED_PROPOSED, author(t), t->index);
    for (size_t i = 0; i < x->p->judged.facts.count; i++) {
        const ls_talk *said = &x->p->judged.facts.fact[i];
        if (said->kind == LS_TALK_WITHDRAW) {
            prove_withdrawal(x, said, t);
        } else if (!is_about(x->p, said, t)) {
            continue;
        } else if (said->kind == LS_TALK_ACCEPT || said->kind == LS_TALK_DECLINE) {
            prove_answer(x, said, s->accepted, s->declined);
        } else if (said->kind == LS_TALK_PROPOSE && cli_prover_stands(x->p, said)) {
            bool now = (s->countered & author(said)) != 0;
            cli_prove_deed(x, now ? LS_DEED_COUNTERED : LS_DEED_STATED, author(said), said->index);
        } else if (said->kind == LS_TALK_APPOINT) {
            cli_prove_deed(x, LS_DEED_SIGNED, said->to, said->index);
        }
    }
    return LS_SUCCESS;
}

/* Working groups: who was asked into it consents by joining. */

ls_result cli_prove_group(cli_proving *x, const ls_talk *t)
{
    const ls_group_state *s = ls_talks_group(&x->p->judged.state, t->index);
    const ls_charter *charter = ls_record_charter(x->p->c->ws.record);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    const char *members = ls_why_parties(charter, s->members, x->arena);
    cli_prove_found(x, members == NULL   ? NULL
                       : s->members == 0 ? "a working group without members"
                                         : ls_arena_format(x->arena, "a working group of %s", members));
    cli_prove_parties(x, ls_talk_involved(t));
    cli_prove_deed(x, LS_DEED_PROPOSED, author(t), t->index);
    for (size_t i = 0; i < x->p->judged.facts.count; i++) {
        const ls_talk *said = &x->p->judged.facts.fact[i];
        if (!is_about(x->p, said, t)) {
            continue;
        }
        if (said->kind == LS_TALK_ENLIST && author(said) != author(t)) {
            cli_prove_deed(x, LS_DEED_ACCEPTED, author(said), said->index);
        } else if (said->kind == LS_TALK_QUIT) {
            cli_prove_deed(x, LS_DEED_WITHDREW, author(said), said->index);
        }
    }
    return LS_SUCCESS;
}

/* Pledges, demands, claims. */

static const ls_statement_state *statement_of(const cli_prover *p, const ls_talk *t)
{
    for (size_t i = 0; i < p->judged.state.statement_count; i++) {
        if (p->judged.state.statement[i].said->index == t->index) {
            return &p->judged.state.statement[i];
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
static void prove_redeemed(cli_proving *x, const ls_talk *by)
{
    if (by == NULL || by->accord < 0) {
        return;
    }
    const ls_accord *a = ls_record_accord(x->p->c->ws.record, (size_t)by->accord);
    cli_prove_deed(x, LS_DEED_ACCEPTED, a->roadmap->signed_by, (uint32_t)a->index);
}

static const char *statement_words(cli_proving *x, const ls_talk *t, const ls_statement_state *s)
{
    const char *what = t->kind == LS_TALK_PLEDGE ? "a pledge" : t->kind == LS_TALK_DEMAND ? "a demand" : "a claim";
    return s->redeemed_by == NULL
               ? ls_arena_format(x->arena, "%s: %s", what, ls_statement_stage_name(s->stage))
               : ls_arena_format(x->arena, "%s that became the measure %.*s", what, (int)s->redeemed_by->measure.len,
                                 (const char *)s->redeemed_by->measure.ptr);
}

ls_result cli_prove_item(cli_proving *x, const ls_talk *t)
{
    const ls_statement_state *s = statement_of(x->p, t);
    if (s == NULL) {
        return LS_SUCCESS;
    }
    cli_prove_found(x, statement_words(x, t, s));
    /* What somebody only says to be so takes nobody's consent. */
    cli_prove_parties(x, t->kind == LS_TALK_CLAIM ? 0 : author(t) | whose(t) | t->to);
    cli_prove_deed(x, deed_of(t), author(t), t->index);
    for (size_t i = 0; i < x->p->judged.facts.count; i++) {
        const ls_talk *said = &x->p->judged.facts.fact[i];
        if (said->kind == LS_TALK_WITHDRAW && is_about(x->p, said, t)) {
            cli_prove_deed(x, LS_DEED_WITHDREW, author(said), said->index);
        }
    }
    prove_redeemed(x, s->redeemed_by);
    return LS_SUCCESS;
}
