/* propose, accept, decline, counter: proposals between parties. */
#include "cli/talking.h"

static ls_result needs_until(cli *c)
{
    if (cli_value(c, "until") != NULL) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "--until 2018-10-20");
    return ls_fail_with(&ls_fault_usage, &c->detail, "say until when the proposal stands");
}

static ls_result fill_propose(cli *c, ls_act_draft *act)
{
    const char *about = cli_value(c, "about");
    ls_parties to;
    LS_TRY(cli_parties(c, "TO", c->argument[0], &to));
    LS_TRY(cli_talk_headers(c, act));
    cli_act_parties(c, act, LS_H_TO, to);
    return about == NULL ? LS_SUCCESS : cli_act_ref(c, act, about);
}

static ls_result run_propose(cli *c)
{
    LS_TRY(needs_until(c));
    LS_TRY(cli_needs_text(c, "a proposal says what is proposed", "A second summit, as soon as possible."));
    return cli_act_as(c, "propose", false, fill_propose);
}

/* To whom the first was by, and to whom else that was, unless others are named. */
static ls_result fill_counter(cli *c, ls_act_draft *act)
{
    const ls_talk *first;
    LS_TRY(cli_find_talk(c, CLI_TALK(PROPOSE), c->argument[0], "a proposal", &first));
    LS_TRY(cli_talk_headers(c, act));
    if (cli_value(c, "to") == NULL) {
        cli_act_parties(c, act, LS_H_TO, ls_talk_involved(first) & ~LS_PARTY_BIT(cli_own_party(c)));
    }
    cli_act_ref_entry(c, act, first->index);
    return LS_SUCCESS;
}

static ls_result run_counter(cli *c)
{
    LS_TRY(needs_until(c));
    LS_TRY(cli_needs_text(c, "a counter-proposal says what is proposed instead", "A summit, but not in the capital."));
    return cli_act_as(c, "propose", false, fill_counter);
}

static ls_result fill_answer(cli *c, ls_act_draft *act)
{
    const ls_talk *about;
    const uint32_t kinds = CLI_TALK(PROPOSE) | CLI_TALK(MEET) | CLI_TALK(APPOINT);
    LS_TRY(cli_find_talk(c, kinds, c->argument[0], "a proposal or a meeting", &about));
    cli_act_ref_entry(c, act, about->index);
    return LS_SUCCESS;
}

static ls_result run_accept(cli *c)
{
    return cli_act_as(c, "accept", false, fill_answer);
}

static ls_result run_decline(cli *c)
{
    LS_TRY(cli_needs_text(c, "whoever declines says why", "The time is not ripe."));
    return cli_act_as(c, "decline", false, fill_answer);
}

#define UNTIL                                                                                                          \
    {                                                                                                                  \
        "until", "DATE", "it lapses after this day, or this time (and the charter's grace)"                            \
    }

const cli_verb cli_verb_propose = {
    "propose",
    "TO --until DATE --text WHAT",
    "propose something to other parties",
    "Signs a proposal to the parties TO (names, with commas). It is accepted once all of them accept; one that "
    "declines\n"
    "or counters it says so for itself, and may change its mind. What nobody answers lapses.",
    "  lockstep -C dprk propose usa --until 2018-10-20 --text \"A second summit, as soon as possible.\"",
    1,
    1,
    {UNTIL,
     {"about", "ACT", "what it is about: any act on the record"},
     {"group", "GROUP", "the working group in which it is made"},
     CLI_ACT_OPTIONS},
    run_propose};

const cli_verb cli_verb_accept = {
    "accept",
    "ACT",
    "accept a proposal, or a meeting",
    "Says that this party, an addressee, accepts the proposal in entry ACT; or confirms the meeting of that name.",
    "  lockstep -C usa accept 14",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_accept};

const cli_verb cli_verb_decline = {
    "decline",
    "ACT --text WHY",
    "decline a proposal, or a meeting",
    "Says that this party, an addressee, declines the proposal in entry ACT, or will not come to the meeting of that\n"
    "name, and why.",
    "  lockstep -C usa decline 14 --text \"Not before the inspectors have been there.\"",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_decline};

const cli_verb cli_verb_counter = {
    "counter",
    "ACT --until DATE --text WHAT",
    "answer a proposal with another one",
    "Signs a proposal in the place of the one in entry ACT, which was made to this party; to all others who are "
    "involved\n"
    "in that, or to those of --to. The first one is shown as countered, and can still be accepted while it stands.",
    "  lockstep -C usa counter 14 --until 2018-11-01 --text \"A summit after the next visit.\"",
    1,
    1,
    {UNTIL, {"to", "PARTIES", "to whom (default: all others involved)"}, CLI_ACT_OPTIONS},
    run_counter};
