/* promise, begin, perform, reverse, join, call-off: what is said about a measure by those who perform it. */
#include "cli/cli.h"

static ls_result fill_measure(cli *c, ls_act_draft *act)
{
    return cli_act_subject(c, act, CLI_MEASURE);
}

static ls_result run_measure(cli *c)
{
    return cli_act(c, fill_measure);
}

static ls_result run_call_off(cli *c)
{
    LS_TRY(cli_needs_text(c, "a measure is called off with a stated cause", "Citing lack of progress."));
    return cli_act(c, fill_measure);
}

const cli_verb cli_verb_promise = {"promise",
                                   "MEASURE",
                                   "promise a measure of yours",
                                   "Says on the record that this party will do it. Others may wait for the promise; "
                                   "the measure keeps its own deadline.",
                                   "  lockstep -C iran promise fordow-further",
                                   1,
                                   1,
                                   {CLI_ACT_OPTIONS},
                                   run_measure};

const cli_verb cli_verb_begin = {
    "begin",
    "MEASURE",
    "say that a measure of yours has begun",
    "Says that this party has begun a measure that takes a while. A first part or a performance says so itself.",
    "  lockstep -C usa begin terror-list --date 2007-03-30",
    1,
    1,
    {{"date", "DATE", "when it began, if not now"}, CLI_ACT_OPTIONS},
    run_measure};

const cli_verb cli_verb_perform = {
    "perform",
    "MEASURE",
    "say that a measure of yours is done, or a part of it",
    "Puts on the record that this party has performed a measure. Declarations and openings say so themselves. A date\n"
    "in the past counts for the deadline only if the verifier confirms it. Where the measure is about an amount, each\n"
    "performance states its part; of a ceiling, the level. Of a continuing obligation it says that a breach is cured.",
    "  lockstep -C usa perform suspend-exercises --date 2018-10-08 --attach order.pdf\n"
    "  lockstep -C rok perform fuel-oil --amount \"6200 t\"",
    1,
    1,
    {{"date", "DATE", "when it happened, if not now"},
     {"amount", "AMOUNT", "how much, in the measure's unit: \"6200 t\", \"60 bomber, 400 missile\""},
     {"method", "METHOD", "by which of the measure's methods"},
     {"for", "PARTY", "in whose stead, where the measure allows substitutes"},
     CLI_ACT_OPTIONS},
    run_measure};

const cli_verb cli_verb_reverse = {
    "reverse",
    "MEASURE",
    "undo a measure of yours, openly",
    "Says that what this party performed is undone. It is reversed until it is performed again. A measure that the\n"
    "accord calls irreversible can't be.",
    "  lockstep -C dprk reverse yongbyon-shutdown --text \"The seals are removed.\"",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_measure};

const cli_verb cli_verb_join = {"join",
                                "MEASURE",
                                "join those who perform a measure together",
                                "Says that this party performs its part from now on. The accord lists who may join.",
                                "  lockstep -C jpn join fuel-oil",
                                1,
                                1,
                                {CLI_ACT_OPTIONS},
                                run_measure};

const cli_verb cli_verb_call_off = {
    "call-off",
    "MEASURE --text CAUSE",
    "call a measure off, or postpone it, stating the cause",
    "Says that the measure does not take place, or, with --due, not before that date; and why. The accord lists who "
    "may.\n"
    "A later performance, or withdrawing this act, brings it back.",
    "  lockstep -C usa call-off visit --text \"Citing lack of progress.\"\n"
    "  lockstep -C usa call-off meeting --due 2018-12-15 --text \"Schedules did not match.\"",
    1,
    1,
    {{"due", "DATE", "postpone it to this date"}, CLI_ACT_OPTIONS},
    run_call_off};
