/* dispute, refer, settle: disputes, under the procedures of an accord. */
#include "cli/cli.h"

static ls_result fill_dispute(cli *c, ls_act_draft *act)
{
    const char *measure = cli_value(c, "measure");
    LS_TRY(cli_act_subject(c, act, CLI_DISPUTE));
    if (measure != NULL) {
        ls_act_draft_set(act, LS_H_MEASURE, "%s", measure);
    }
    return LS_SUCCESS;
}

static ls_result run_dispute(cli *c)
{
    return cli_act(c, fill_dispute);
}

/* The act that opened a dispute under this procedure last, or LS_NO_ENTRY. */
static uint32_t last_dispute(const ls_facts *facts, int procedure)
{
    for (size_t i = facts->count; i-- > 0;) {
        const ls_fact *f = &facts->fact[i];
        if (f->kind == LS_FACT_DISPUTE && f->subject == (unsigned)procedure &&
            facts->time(facts->context, f->index) != LS_TIME_NONE) {
            return f->index;
        }
    }
    return LS_NO_ENTRY;
}

ls_result cli_act_dispute(cli *c, ls_act_draft *act)
{
    int accord, procedure;
    const char *given = cli_value(c, "act");
    LS_TRY(cli_find_subject(c, CLI_DISPUTE, c->argument[0], &accord, &procedure));
    cli_act_accord(c, act, accord);
    if (given != NULL) {
        return cli_act_ref(c, act, given);
    }
    ls_facts facts = ls_record_facts(c->ws.record, (size_t)accord);
    uint32_t index = last_dispute(&facts, procedure);
    if (index == LS_NO_ENTRY) {
        ls_hint(&c->detail, "open one with: lockstep dispute %s --measure MEASURE", c->argument[0]);
        return ls_fail_with(&ls_fault_usage, &c->detail, "no dispute was opened under %s", c->argument[0]);
    }
    cli_act_ref_entry(c, act, index);
    return LS_SUCCESS;
}

static ls_result run_refer(cli *c)
{
    if (cli_value(c, "stage") == NULL) {
        ls_hint(&c->detail, "--stage STAGE; lockstep accord show lists them");
        return ls_fail_with(&ls_fault_usage, &c->detail, "say which stage is asked for");
    }
    return cli_act(c, cli_act_dispute);
}

static ls_result run_settle(cli *c)
{
    return cli_act(c, cli_act_dispute);
}

#define OPTION_DISPUTE                                                                                                 \
    {                                                                                                                  \
        "act", "ACT", "which dispute: the act that opened it (default: the last)"                                      \
    }

const cli_verb cli_verb_dispute = {
    "dispute",
    "PROCEDURE [--measure MEASURE]",
    "open a dispute under a procedure of the accord",
    "Opens a dispute, about a measure if one is given. Its stages run by the accord; it ends when all who settle it "
    "have\n"
    "said that it is settled, or when the last stage is over.",
    "  lockstep -C eu dispute resolution --measure stock-cap --text \"The level is 303 kg.\"",
    1,
    1,
    {{"measure", "MEASURE", "what it is about"}, CLI_ACT_OPTIONS},
    run_dispute};

const cli_verb cli_verb_refer = {"refer",
                                 "PROCEDURE --stage STAGE",
                                 "ask for an optional stage of a dispute",
                                 "An optional stage runs only if somebody asked for it before it would begin.",
                                 "  lockstep -C iran refer resolution --stage advisory-board",
                                 1,
                                 1,
                                 {{"stage", "STAGE", "the stage that is asked for"}, OPTION_DISPUTE, CLI_ACT_OPTIONS},
                                 run_refer};

const cli_verb cli_verb_settle = {"settle",
                                  "PROCEDURE",
                                  "say that a dispute is settled",
                                  "The dispute is settled when all whom the accord names have said so.",
                                  "  lockstep -C iran settle resolution",
                                  1,
                                  1,
                                  {OPTION_DISPUTE, CLI_ACT_OPTIONS},
                                  run_settle};
