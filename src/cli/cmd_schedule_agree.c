/* schedule agree: the date and the place that a private search gave, for both to sign. */
#include "cli/schedules.h"

static ls_result not_chosen(cli *c, const cli_search *x)
{
    const char *blame = cli_search_blame(c, x->state);
    if (blame != NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "nothing was chosen: %s", blame);
    }
    if (x->seen.found && x->seen.common_count == 0) {
        ls_hint(&c->detail, "with other options: lockstep schedule open");
        return ls_fail_with(&ls_fault_usage, &c->detail, "nothing is common");
    }
    ls_hint(&c->detail, "lockstep schedule show %u", x->state->search->index);
    return ls_fail_with(&ls_fault_usage, &c->detail, "nothing is chosen yet: the search is %s",
                        ls_schedule_stage_name(x->state->stage));
}

/* What both know, and nobody said otherwise. */
static ls_result read_chosen(cli *c, cli_search *x, const ls_psi_option **out)
{
    LS_TRY(cli_search_begin(c, x));
    if (x->search.side == LS_SEARCH_SIDES) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "this search is between %s and %s", cli_side_name(c, x, 0),
                            cli_side_name(c, x, 1));
    }
    LS_TRY(cli_search_examine(c, x, true));
    if (x->state->stage == LS_SCHEDULE_APPOINTED) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "both have signed it, in act %u", x->state->meeting->index);
    }
    const ls_talk *const *revealed[] = {x->state->step[0], x->state->step[1]};
    bool known = x->search.rule == LS_PSI_EARLIEST ? revealed[0][LS_SEARCH_RETURNED] && revealed[1][LS_SEARCH_RETURNED]
                                                   : revealed[0][LS_SEARCH_REVEALED] && revealed[1][LS_SEARCH_REVEALED];
    if (!x->seen.chosen || !known) {
        return not_chosen(c, x);
    }
    *out = &x->search.options.option[x->seen.choice.option];
    return LS_SUCCESS;
}

static ls_result fill(cli *c, const cli_search *x, const ls_psi_option *o, ls_act_draft *act)
{
    const char *name = cli_value(c, "meeting");
    if (name == NULL) {
        ls_hint(&c->detail, "--meeting hanoi");
        return ls_fail_with(&ls_fault_usage, &c->detail, "what is the meeting called?");
    }
    LS_TRY(cli_talk_headers(c, act));
    ls_act_draft_set(act, LS_H_MEETING, "%s", name);
    ls_act_draft_set(act, LS_H_DUE, "%.*s", (int)o->date.len, (const char *)o->date.ptr);
    ls_act_draft_set(act, LS_H_VENUE, "%.*s", (int)o->place.len, (const char *)o->place.ptr);
    cli_act_ref_entry(c, act, x->state->search->index);
    if (o->until.len > 0 && cli_value(c, "text") == NULL) {
        ls_buf_format(&act->text, "Until %.*s.\n", (int)o->until.len, (const char *)o->until.ptr);
    }
    return LS_SUCCESS;
}

static void preview(cli *c, const cli_search *x, const ls_psi_option *o)
{
    if (c->json) {
        return;
    }
    cli_mark(c, c->ws.exercise);
    cli_print("search %u gave: %s\n", x->state->search->index, cli_option_words(c, o));
    cli_paragraph("What becomes known by this: the date and the place, to all who read the record.");
}

/* Refused before it is signed, not when both have signed it. */
static ls_result check_acceptable(cli *c, const ls_draft *draft)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    return ls_record_accept(c->ws.record, &act, LS_CHECK_TRUSTED, &c->detail);
}

static ls_result sign_together(cli *c, const cli_search *x, const ls_psi_option *o, ls_draft *draft, ls_act_draft *act)
{
    ls_time until;
    const char *out = cli_value(c, "out");
    ls_parties by = ls_talk_involved(x->state->search);
    LS_TRY(cli_joint_until(c, &until));
    LS_TRY(ls_workspace_begin_joint(&c->ws, "appoint", by, until, act, &c->detail));
    LS_TRY(fill(c, x, o, act));
    preview(c, x, o);
    LS_TRY(cli_act_complete(c, false, draft, act));
    LS_TRY(ls_workspace_write_act(act, &draft->note, &c->detail));
    LS_TRY(check_acceptable(c, draft));
    return cli_joint_sign(c, "Sign this date and place?", out != NULL ? out : "meeting.lockstep", draft);
}

/* So that everybody sees who stands by what was chosen. */
static ls_result stand_by(cli *c, const cli_search *x, const ls_psi_option *o, ls_draft *draft, ls_act_draft *act)
{
    LS_TRY(fill(c, x, o, act));
    cli_act_parties(c, act, LS_H_TO, ls_talk_involved(x->state->search) & ~LS_PARTY_BIT(cli_own_party(c)));
    preview(c, x, o);
    return cli_act_sign_as(c, "meet", draft, act);
}

static ls_result agree(cli *c, cli_search *x, ls_draft *draft, ls_act_draft *act)
{
    const ls_psi_option *o = NULL;
    LS_TRY(read_chosen(c, x, &o));
    return cli_flag(c, "on-record") ? stand_by(c, x, o, draft, act) : sign_together(c, x, o, draft, act);
}

static ls_result run_agree(cli *c)
{
    cli_search x = {0};
    ls_draft draft = {0};
    ls_act_draft act = {0};
    ls_result r = agree(c, &x, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    cli_search_end(&x);
    return r;
}

const cli_verb cli_verb_schedule_agree = {
    "schedule agree",
    "[SEARCH] --meeting NAME",
    "sign the date and the place that a private search gave",
    "Signs the option that follows from the search by its rule, as a meeting of this NAME, and writes a file that the\n"
    "other side signs with lockstep sign, once lockstep schedule verify --meeting has said that it is the chosen one. "
    "Where\n"
    "the other does not sign, --on-record says on the record that this party stands by it: then the other confirms it\n"
    "(lockstep meeting confirm), or is in default.",
    "  lockstep -C usa schedule agree --meeting hanoi\n  lockstep -C usa schedule agree 31 --meeting hanoi --on-record",
    0,
    1,
    {{"meeting", "NAME", "the name of the meeting"},
     {"on-record", NULL, "say it on the record, by this party alone"},
     {"group", "GROUP", "the working group that meets"},
     CLI_JOINT_OPTIONS("meeting.lockstep"),
     {"text", "TEXT", "what to say with it"},
     {0}},
    run_agree};
