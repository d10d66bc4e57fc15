/* attest, use, extend, ratify, suspend, resume, denounce: acts about events, rights, and an accord as a whole. */
#include "cli/cli.h"

static ls_result fill_event(cli *c, ls_act_draft *act)
{
    return cli_act_subject(c, act, CLI_EVENT);
}

static ls_result run_attest(cli *c)
{
    return cli_act(c, fill_event);
}

static ls_result fill_right(cli *c, ls_act_draft *act)
{
    return cli_act_subject(c, act, CLI_RIGHT);
}

static ls_result run_use(cli *c)
{
    return cli_act(c, fill_right);
}

static ls_result fill_extend(cli *c, ls_act_draft *act)
{
    return cli_value(c, "stage") == NULL ? cli_act_subject(c, act, CLI_MEASURE) : cli_act_dispute(c, act);
}

static ls_result run_extend(cli *c)
{
    if (cli_value(c, "due") == NULL) {
        ls_hint(&c->detail, "the new deadline: --due 2018-12-15");
        return ls_fail_with(&ls_fault_usage, &c->detail, "an extension says until when");
    }
    return cli_act(c, fill_extend);
}

static ls_result run_whole(cli *c)
{
    return cli_act(c, cli_act_whole);
}

static ls_result run_denounce(cli *c)
{
    LS_TRY(cli_needs_text(c, "notice of withdrawal states its cause", "Our supreme interests are jeopardized."));
    return cli_act(c, cli_act_whole);
}

/* suspend and resume */

static ls_result fill_suspend(cli *c, ls_act_draft *act)
{
    int accord, index;
    const char *measure = cli_value(c, "measure");
    if (measure == NULL) {
        return cli_act_whole(c, act);
    }
    LS_TRY(cli_find_subject(c, CLI_MEASURE, measure, &accord, &index));
    cli_act_accord(c, act, accord);
    ls_act_draft_set(act, LS_H_MEASURE, "%s", measure);
    return LS_SUCCESS;
}

static ls_result run_suspend(cli *c)
{
    LS_TRY(cli_needs_text(c, "a suspension states its cause", "Citing lack of progress."));
    if (cli_value(c, "track") != NULL && cli_value(c, "measure") != NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "a suspension is of a track or of a measure: give one");
    }
    return cli_act(c, fill_suspend);
}

static bool stands(const ls_facts *facts, const ls_fact *f)
{
    return facts->time(facts->context, f->index) != LS_TIME_NONE;
}

/* The party's suspension that began last and was not resumed, as its entry; or LS_NO_ENTRY. */
static uint32_t lasting_suspension(const ls_facts *facts, size_t by)
{
    for (size_t i = facts->count; i-- > 0;) {
        const ls_fact *f = &facts->fact[i];
        bool ended = f->kind != LS_FACT_SUSPEND || f->by != by || !stands(facts, f);
        for (size_t j = i + 1; j < facts->count && !ended; j++) {
            const ls_fact *later = &facts->fact[j];
            ended = later->kind == LS_FACT_RESUME && later->ref == f->index && stands(facts, later);
        }
        if (!ended) {
            return f->index;
        }
    }
    return LS_NO_ENTRY;
}

static ls_result fill_resume(cli *c, ls_act_draft *act)
{
    int accord;
    LS_TRY(cli_find_accord(c, &accord));
    cli_act_accord(c, act, accord);
    if (c->argument_count > 0) {
        return cli_act_ref(c, act, c->argument[0]);
    }
    const ls_party *me = ls_workspace_party(&c->ws);
    ls_facts facts = ls_record_facts(c->ws.record, (size_t)accord);
    uint32_t suspended = lasting_suspension(&facts, (size_t)(me - ls_record_charter(c->ws.record)->party));
    if (suspended == LS_NO_ENTRY) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "no suspension of yours lasts");
    }
    cli_act_ref_entry(c, act, suspended);
    return LS_SUCCESS;
}

static ls_result run_resume(cli *c)
{
    return cli_act(c, fill_resume);
}

const cli_verb cli_verb_attest = {
    "attest",
    "EVENT",
    "say that an event of the roadmap happened",
    "Puts on the record that it happened. The accord lists who attests which event; it happens when all of them have\n"
    "said so. With --amount a total is registered on which measures depend.",
    "  lockstep -C iaea attest broader-conclusion --date 2023-10-18",
    1,
    1,
    {{"date", "DATE", "when it happened, if not now"},
     {"amount", "AMOUNT", "the total that is registered with it"},
     CLI_ACT_OPTIONS},
    run_attest};

const cli_verb cli_verb_use = {
    "use",
    "RIGHT",
    "use up one of the uses of a right",
    "Says that this party makes use of its right now. A right has so many uses in each period; status shows how many\n"
    "are left.",
    "  lockstep -C usa use short-notice-visits --text \"The site at 39.8 N, 125.9 E, within 24 hours.\"",
    1,
    1,
    {{"date", "DATE", "when, if not now"}, CLI_ACT_OPTIONS},
    run_use};

const cli_verb cli_verb_extend = {
    "extend",
    "MEASURE --due DATE",
    "agree to a later deadline",
    "Says that this party agrees to a new deadline of a measure, or, with --stage, of a stage of a dispute under the\n"
    "procedure given instead. It holds once all whom the accord names have said the same before the deadline ran out.",
    "  lockstep -C usa extend open-2 --due 2018-12-15\n"
    "  lockstep -C iran extend resolution --stage commission --due 2018-08-30",
    1,
    1,
    {{"due", "DATE", "the new deadline"},
     {"stage", "STAGE", "a stage of a dispute"},
     {"act", "ACT", "which dispute: the act that opened it (default: the last)"},
     CLI_ACT_OPTIONS},
    run_extend};

const cli_verb cli_verb_ratify = {
    "ratify",
    "",
    "say that this party has ratified an accord",
    "Puts this party's ratification on the record. Where the accord waits for it to enter into force, it does so then.",
    "  lockstep -C usa ratify --text \"The Senate has given its consent.\"",
    0,
    0,
    {{"date", "DATE", "when, if not now"}, CLI_ACT_OPTIONS},
    run_whole};

const cli_verb cli_verb_suspend = {
    "suspend",
    "--text CAUSE",
    "suspend an accord, stating the cause",
    "Puts a suspension and its cause on the record: of the whole accord, of one track or of one measure, as the "
    "accord\n"
    "allows. What it does to deadlines is said by the accord; where it says nothing, no deadline moves.",
    "  lockstep -C usa suspend --text \"Citing lack of progress.\"",
    0,
    0,
    {{"track", "TRACK", "only this track"}, {"measure", "MEASURE", "only this measure"}, CLI_ACT_OPTIONS},
    run_suspend};

const cli_verb cli_verb_resume = {"resume",
                                  "[ACT]",
                                  "end a suspension of yours",
                                  "Ends this party's latest suspension that still lasts, or the one given.",
                                  "  lockstep -C usa resume",
                                  0,
                                  1,
                                  {CLI_ACT_OPTIONS},
                                  run_resume};

const cli_verb cli_verb_denounce = {"denounce",
                                    "--text CAUSE",
                                    "give notice of withdrawal from an accord",
                                    "Gives notice, with its cause. Until the notice has run out everything goes on, "
                                    "and it can be taken back: lockstep\n"
                                    "withdraw. Then the accord ends for all or for this party, as it says itself.",
                                    "  lockstep -C dprk denounce --text \"Our supreme interests are jeopardized.\"",
                                    0,
                                    0,
                                    {CLI_ACT_OPTIONS},
                                    run_denounce};
