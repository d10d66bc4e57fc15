/* meeting minutes, meeting agree: what all of them sign. */
#include "cli/talking.h"

/* What such an act says beyond what all joint acts say; and by whom it is. */
typedef ls_result (*fill_joint)(cli *c, ls_act_draft *act, ls_parties *by);

static ls_result fill_minutes(cli *c, ls_act_draft *act, ls_parties *by)
{
    const ls_talk *meeting;
    LS_TRY(cli_find_named(c, LS_H_MEETING, c->argument[0], &meeting));
    *by = ls_talk_involved(meeting);
    cli_act_ref_entry(c, act, meeting->index);
    return LS_SUCCESS;
}

static ls_result fill_agree(cli *c, ls_act_draft *act, ls_parties *by)
{
    const char *of = cli_value(c, "from");
    const ls_talk *from;
    if (cli_value(c, "due") == NULL || cli_value(c, "venue") == NULL) {
        ls_hint(&c->detail, "--due 2019-02-27 --venue Hanoi");
        return ls_fail_with(&ls_fault_usage, &c->detail, "say when and where");
    }
    ls_act_draft_set(act, LS_H_MEETING, "%s", c->argument[0]);
    if (of == NULL) {
        return LS_SUCCESS;
    }
    const uint32_t kinds = CLI_TALK(SCHEDULE) | CLI_TALK(PROPOSE) | CLI_TALK(MEET);
    LS_TRY(cli_find_talk(c, kinds, of, "a search, a proposal or a planned meeting", &from));
    *by = ls_talk_involved(from);
    cli_act_ref_entry(c, act, from->index);
    return LS_SUCCESS;
}

/* By whom: those of --with and this party, or all who are involved. */
static ls_result choose_parties(cli *c, ls_parties *by)
{
    const char *with = cli_value(c, "with");
    if (with != NULL) {
        LS_TRY(cli_parties(c, "--with", with, by));
        *by |= LS_PARTY_BIT(cli_own_party(c));
    }
    if (*by == 0) {
        ls_hint(&c->detail, "--with dprk");
        return ls_fail_with(&ls_fault_usage, &c->detail, "who else signs it?");
    }
    return LS_SUCCESS;
}

/* Refused before it is signed, not when all others have signed it, too. */
static ls_result check_acceptable(cli *c, const ls_draft *draft)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    return ls_record_accept(c->ws.record, &act, LS_CHECK_TRUSTED, &c->detail);
}

static ls_result compose(cli *c, const char *kind, fill_joint fill, ls_draft *draft, ls_act_draft *act)
{
    ls_time until;
    ls_parties by = 0;
    LS_TRY(cli_joint_begin(c, &until));
    LS_TRY(ls_workspace_party(&c->ws) == NULL ? ls_workspace_no_process(&c->ws, &c->detail) : LS_SUCCESS);
    LS_TRY(fill(c, act, &by));
    LS_TRY(choose_parties(c, &by));
    LS_TRY(ls_workspace_begin_joint(&c->ws, kind, by, until, act, &c->detail));
    LS_TRY(cli_talk_headers(c, act));
    LS_TRY(cli_act_complete(c, false, draft, act));
    LS_TRY(ls_workspace_write_act(act, &draft->note, &c->detail));
    return check_acceptable(c, draft);
}

static ls_result run_joint(cli *c, const char *kind, fill_joint fill, const char *question, const char *file)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    const char *out = cli_value(c, "out");
    ls_result r = compose(c, kind, fill, &draft, &act);
    if (ls_succeeded(r)) {
        r = cli_joint_sign(c, question, out != NULL ? out : file, &draft);
    }
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

static ls_result run_minutes(cli *c)
{
    size_t files;
    const char *const *file = cli_values(c, "attach", &files);
    if (cli_value(c, "text") == NULL && (file == NULL || files == 0)) {
        ls_hint(&c->detail, "--attach minutes.pdf, or --text \"Both sides agreed to meet again.\"");
        return ls_fail_with(&ls_fault_usage, &c->detail, "what do the minutes say?");
    }
    return run_joint(c, "minutes", fill_minutes, "Sign these minutes?", "minutes.lockstep");
}

static ls_result run_agree(cli *c)
{
    return run_joint(c, "appoint", fill_agree, "Sign this date and place?", "meeting.lockstep");
}

const cli_verb cli_verb_meeting_minutes = {
    "meeting minutes",
    "NAME --attach FILE",
    "minutes that all sign",
    "Signs minutes of a meeting, as a file or as --text, and writes a file that the others sign. They are agreed once "
    "all\n"
    "have signed the same bytes; by default all who are involved in the meeting.",
    "  lockstep -C usa meeting minutes pyongyang-4 --attach minutes.pdf",
    1,
    1,
    {{"with", "PARTIES", "who else signs (default: all who are involved)"},
     CLI_JOINT_OPTIONS("minutes.lockstep"),
     CLI_ACT_OPTIONS},
    run_minutes};

const cli_verb cli_verb_meeting_agree = {
    "meeting agree",
    "NAME --due DATE --venue PLACE",
    "a date and a place that all sign: a confirmed meeting",
    "Signs that a meeting of this NAME is held then and there, and writes a file that the others sign. It is "
    "confirmed\n"
    "once all have signed. With --from it comes of a proposal, which it accepts; of a meeting that was only planned, "
    "in\n"
    "whose place it stands; or of a private search for a date.",
    "  lockstep -C usa meeting agree hanoi --with dprk --due 2019-02-27 --venue Hanoi --from 14",
    1,
    1,
    {{"with", "PARTIES", "who else takes part, and signs (default: all who are involved in --from)"},
     {"due", "DATE", "the day"},
     {"venue", "PLACE", "where"},
     {"from", "ACT", "the proposal, the planned meeting or the search that it comes of"},
     {"group", "GROUP", "the working group that meets"},
     CLI_JOINT_OPTIONS("meeting.lockstep"),
     CLI_ACT_OPTIONS},
    run_agree};
