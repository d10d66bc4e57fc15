/* pledge, demand, claim, redeem: what has no date and no test, and what becomes of it. */
#include "cli/talking.h"

static ls_result fill_statement(cli *c, ls_act_draft *act)
{
    const char *source = cli_value(c, "source");
    LS_TRY(cli_talk_headers(c, act));
    ls_act_draft_set(act, LS_H_ITEM, "%s", c->argument[0]);
    return source == NULL ? LS_SUCCESS : cli_act_ref(c, act, source);
}

static ls_result run_pledge(cli *c)
{
    LS_TRY(cli_needs_text(c, "a pledge has words", "To work toward complete denuclearization."));
    return cli_act_as(c, "pledge", false, fill_statement);
}

static ls_result run_demand(cli *c)
{
    LS_TRY(cli_needs_text(c, "a demand has words", "A declaration that ends the war."));
    return cli_act_as(c, "demand", false, fill_statement);
}

static ls_result run_claim(cli *c)
{
    LS_TRY(cli_needs_text(c, "a claim has words", "The test site was irreversibly dismantled."));
    return cli_act_as(c, "claim", false, fill_statement);
}

static ls_result fill_redeem(cli *c, ls_act_draft *act)
{
    const ls_talk *said;
    int accord, measure;
    LS_TRY(cli_find_named(c, LS_H_ITEM, c->argument[0], &said));
    if (said->kind == LS_TALK_CLAIM) {
        ls_hint(&c->detail, "only a pledge or a demand becomes a measure");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s is a claim", c->argument[0]);
    }
    LS_TRY(cli_find_subject(c, CLI_MEASURE, c->argument[1], &accord, &measure));
    cli_act_accord(c, act, accord);
    ls_act_draft_set(act, LS_H_MEASURE, "%s", c->argument[1]);
    cli_act_ref_entry(c, act, said->index);
    return LS_SUCCESS;
}

static ls_result run_redeem(cli *c)
{
    return cli_act_as(c, "redeem", false, fill_redeem);
}

#define STATEMENT                                                                                                      \
    {"of", "PARTY", "whose it is, if not this party's own; of whom it is demanded"}, {"to", "PARTIES", "to whom"},     \
        {"source", "ACT", "where it was said: any act on the record"},                                                 \
        {"until", "DATE", "it lapses after this day, or this time (and the charter's grace)"},                         \
        {"group", "GROUP", "the working group in which it was said"}, CLI_ACT_OPTIONS

const cli_verb cli_verb_pledge = {
    "pledge",
    "NAME --text WORDS",
    "put a pledge without date or test on the record",
    "Puts a pledge on the record, this party's own, or, with --of, another's on whose word it is known. It stands, "
    "apart\n"
    "from measures, until it becomes one (lockstep redeem), is withdrawn, or lapses. It is never overdue.",
    "  lockstep -C rok pledge dismantle-yongbyon --of dprk --source 9 --text \"Yongbyon, if the other side acts, "
    "too.\"",
    1,
    1,
    {STATEMENT},
    run_pledge};

const cli_verb cli_verb_demand = {
    "demand",
    "NAME --text WORDS",
    "put a demand that is not accepted on the record",
    "Puts on the record what this party asks of another (--of), and the other has not accepted. It stands, apart from\n"
    "measures, until it becomes one, is withdrawn, or lapses.",
    "  lockstep -C usa demand complete-list --of dprk --text \"A complete declaration first.\"",
    1,
    1,
    {STATEMENT},
    run_demand};

const cli_verb cli_verb_claim = {
    "claim",
    "NAME --text WORDS",
    "put a claim on the record, with whose word it is",
    "Puts on the record what this party says is so, on its own word, or with --of on another's, and where that was "
    "said.\n"
    "It stands until it is withdrawn, or lapses; nothing says that it is true.",
    "  lockstep -C dprk claim punggye-ri --text \"The test site was irreversibly dismantled.\"",
    1,
    1,
    {STATEMENT},
    run_claim};

const cli_verb cli_verb_redeem = {
    "redeem",
    "NAME MEASURE",
    "say which measure a pledge or a demand became",
    "Says that the pledge or the demand NAME is MEASURE of an accord now. Its author says so, or the party that it is "
    "of.",
    "  lockstep -C dprk redeem dismantle-yongbyon close-yongbyon",
    2,
    2,
    {CLI_ACT_OPTIONS},
    run_redeem};
