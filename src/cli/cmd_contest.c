/* contest: that a party does not accept a declaration, an opening or a notification. */
#include "cli/cli.h"

/* Under the version in force of the accord that it belongs to. */
static ls_result fill_contest(cli *c, ls_act_draft *act)
{
    uint64_t index;
    LS_TRY(cli_find_act(c, c->argument[0], &index));
    ls_record_entry e = ls_record_at(c->ws.record, index);
    if (e.accord < 0) {
        ls_hint(&c->detail, "lockstep log lists declarations, openings and notifications");
        return ls_fail_with(&ls_fault_usage, &c->detail, "act %s (%s) belongs to no accord", c->argument[0],
                            cli_text(c, e.kind));
    }
    cli_act_accord(c, act, ls_record_accord_in_force(c->ws.record, e.accord));
    cli_act_ref_entry(c, act, index);
    return LS_SUCCESS;
}

static ls_result run_contest(cli *c)
{
    LS_TRY(cli_needs_text(c, "a party says why it contests", "56 launchers could be converted back."));
    return cli_act(c, fill_contest);
}

const cli_verb cli_verb_contest = {
    "contest",
    "ACT --text WHY",
    "say that you do not accept a declaration, an opening or a notification",
    "Puts on the record that this party does not accept what another one declared, opened or notified, and why. It\n"
    "changes no state: it is shown beside what it contests by log, show and inventory, until it is withdrawn.",
    "  lockstep -C usa contest 14 --text \"Launcher 7 was seen at another base on 3 November.\"\n"
    "  lockstep -C usa withdraw 16",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_contest};
