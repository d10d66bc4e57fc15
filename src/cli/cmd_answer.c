/* confirm, object, missing, incident, assess, withdraw: answers to what others did, and taking back. */
#include "cli/cli.h"

static ls_result fill_answer(cli *c, ls_act_draft *act)
{
    const char *ref = cli_value(c, "act");
    LS_TRY(cli_act_subject(c, act, CLI_MEASURE));
    return ref == NULL ? LS_SUCCESS : cli_act_ref(c, act, ref);
}

static ls_result fill_withdraw(cli *c, ls_act_draft *act)
{
    return cli_act_ref(c, act, c->argument[0]);
}

static ls_result run_answer(cli *c)
{
    return cli_act(c, fill_answer);
}

static ls_result run_object(cli *c)
{
    LS_TRY(cli_needs_text(c, "an objection states its reason", "Two of the five halls were not entered."));
    return cli_act(c, fill_answer);
}

static ls_result run_incident(cli *c)
{
    LS_TRY(cli_needs_text(c, "a report of an incident says what happened", "Shots were heard at the northern post."));
    return cli_act(c, fill_answer);
}

static ls_result run_assess(cli *c)
{
    if (cli_value(c, "score") == NULL) {
        ls_hint(&c->detail, "0 not initiated, 1 minimal, 2 intermediate, 3 full: --score 2");
        return ls_fail_with(&ls_fault_usage, &c->detail, "an assessment states its score");
    }
    LS_TRY(cli_needs_text(c, "an assessment says why", "Half of the posts are empty."));
    return cli_act(c, fill_answer);
}

static ls_result run_withdraw(cli *c)
{
    return cli_act(c, fill_withdraw);
}

#define OPTION_ACT                                                                                                     \
    {                                                                                                                  \
        "act", "ACT", "the performance that is meant: its place, or the beginning of its id (default: the last)"       \
    }

const cli_verb cli_verb_confirm = {
    "confirm",
    "MEASURE",
    "confirm the other side's performance",
    "Says that this party, a verifier of the measure, has checked its performance and finds it done; or, of one in "
    "whose\n"
    "presence alone it counts, that it was there. With --date it also confirms the date that the performer claims, "
    "with\n"
    "--amount less than was claimed. With the --act of an incident it says that there was none.",
    "  lockstep -C dprk confirm suspend-exercises --date 2018-10-08\n"
    "  lockstep -C dprk confirm fuel-oil --act 31 --amount \"6100 t\"",
    1,
    1,
    {{"date", "DATE", "the claimed date, if you confirm it"},
     {"amount", "AMOUNT", "how much you confirm, if less than was claimed"},
     OPTION_ACT,
     CLI_ACT_OPTIONS},
    run_answer};

const cli_verb cli_verb_object = {
    "object",
    "MEASURE --text REASON",
    "dispute the other side's performance",
    "Says that what was performed does not fulfil the measure, and why. A proof of a false declaration is attached\n"
    "with --attach. Of a continuing obligation it establishes a breach; with the --act of an incident, that one.",
    "  lockstep -C usa object open-1 --text \"The rows do not match the declaration.\" --attach opening.lockstep",
    1,
    1,
    {OPTION_ACT, CLI_ACT_OPTIONS},
    run_object};

const cli_verb cli_verb_missing = {
    "missing",
    "MEASURE",
    "say that something due did not arrive",
    "Says that this party, a verifier of the measure, has received nothing, or not the bytes that were announced.",
    "  lockstep -C usa missing open-2",
    1,
    1,
    {OPTION_ACT, CLI_ACT_OPTIONS},
    run_answer};

const cli_verb cli_verb_incident = {
    "incident",
    "MEASURE --text WHAT",
    "report an incident against a continuing obligation",
    "Any party of the process reports what it saw. It is shown as unsubstantiated until a verifier of the obligation\n"
    "answers: object --act establishes it, confirm --act says that it was none.",
    "  lockstep -C rok incident no-tests --date 2019-05-04 --text \"Projectiles were launched from Wonsan.\"",
    1,
    1,
    {{"date", "DATE", "when it happened, if not now"}, CLI_ACT_OPTIONS},
    run_incident};

const cli_verb cli_verb_assess = {
    "assess",
    "MEASURE --score N --text WHY",
    "assess how far a measure has come",
    "Puts a score of the Peace Accords Matrix on the record: 0 not initiated, 1 minimal, 2 intermediate, 3 full. The\n"
    "accord lists who assesses; the score is shown with its author.",
    "  lockstep -C rok assess guard-posts --score 2 --text \"Eleven of twenty-two are empty.\"",
    1,
    1,
    {{"score", "N", "0, 1, 2 or 3"}, CLI_ACT_OPTIONS},
    run_assess};

const cli_verb cli_verb_withdraw = {
    "withdraw",
    "ACT",
    "take back an act of yours",
    "Takes back this party's own performance (while no verifier has relied on it), answer, promise, beginning, "
    "calling\n"
    "off, incident, extension or notice of withdrawal; of talks a proposal, a meeting, what was said about one, a "
    "pledge,\n"
    "a demand, a claim, a debriefing or a report; or, given the id of a joint act that is not on the record yet, "
    "prevents\n"
    "it. Both stay visible.",
    "  lockstep -C usa withdraw 17",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_withdraw};
