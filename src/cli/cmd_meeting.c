/* meeting plan, confirm, decline, postpone, cancel, held, agenda, show. What all sign is in cmd_meeting_minutes.c. */
#include "cli/scorecard.h"
#include "cli/talking.h"

static ls_result fill_plan(cli *c, ls_act_draft *act)
{
    const char *about = cli_value(c, "about");
    LS_TRY(cli_talk_headers(c, act));
    if (act->value[LS_H_TO].len == 0) {
        ls_hint(&c->detail, "--to dprk,rok");
        return ls_fail_with(&ls_fault_usage, &c->detail, "with whom?");
    }
    ls_act_draft_set(act, LS_H_MEETING, "%s", c->argument[0]);
    return about == NULL ? LS_SUCCESS : cli_act_ref(c, act, about);
}

static ls_result run_plan(cli *c)
{
    return cli_act_as(c, "meet", false, fill_plan);
}

static ls_result fill_about(cli *c, ls_act_draft *act)
{
    const ls_talk *meeting;
    LS_TRY(cli_find_named(c, LS_H_MEETING, c->argument[0], &meeting));
    LS_TRY(cli_talk_headers(c, act));
    cli_act_ref_entry(c, act, meeting->index);
    return LS_SUCCESS;
}

static ls_result run_confirm(cli *c)
{
    return cli_act_as(c, "accept", false, fill_about);
}

static ls_result run_decline(cli *c)
{
    LS_TRY(cli_needs_text(c, "whoever declines says why", "The minister is travelling."));
    return cli_act_as(c, "decline", false, fill_about);
}

static ls_result run_postpone(cli *c)
{
    LS_TRY(cli_needs_text(c, "a postponement states its cause", "The delegations need more time."));
    return cli_act_as(c, "defer", false, fill_about);
}

static ls_result run_cancel(cli *c)
{
    LS_TRY(cli_needs_text(c, "whoever calls a meeting off states the cause", "There was no progress."));
    return cli_act_as(c, "cancel", false, fill_about);
}

static ls_result run_held(cli *c)
{
    if (cli_value(c, "date") == NULL) {
        ls_hint(&c->detail, "--date 2018-10-07");
        return ls_fail_with(&ls_fault_usage, &c->detail, "on which day was it held?");
    }
    return cli_act_as(c, "hold", false, fill_about);
}

static ls_result fill_agenda(cli *c, ls_act_draft *act)
{
    LS_TRY(fill_about(c, act));
    ls_act_draft_set(act, LS_H_ITEM, "%s", c->argument[1]);
    return LS_SUCCESS;
}

static ls_result run_agenda(cli *c)
{
    LS_TRY(cli_needs_text(c, "an item says what it is", "Steps by the north, and what is given in return."));
    return cli_act_as(c, "agenda", false, fill_agenda);
}

static ls_result run_show(cli *c)
{
    ls_time at, known;
    const ls_talk *meeting;
    cli_talks t;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(cli_find_named(c, LS_H_MEETING, c->argument[0], &meeting));
    LS_TRY(cli_talks_judge(c, at, known, &t));
    const ls_meeting_state *m = ls_talks_meeting(&t.state, meeting->index);
    if (m == NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the meeting was not planned by then");
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, cli_meeting_json(c, &t, m));
    }
    cli_mark(c, c->ws.exercise);
    cli_print_meeting(c, &t, m);
    return LS_SUCCESS;
}

const cli_verb cli_verb_meeting_plan = {
    "meeting plan",
    "NAME --to PARTIES",
    "plan a meeting or a visit with others",
    "Plans a meeting of this party and PARTIES, and gives it a NAME of its own. It is confirmed once all of them have\n"
    "confirmed it. With --until it lapses if it is not confirmed by then.",
    "  lockstep -C usa meeting plan pyongyang-4 --to dprk --due 2018-10-07 --venue Pyongyang --until 2018-10-05",
    1,
    1,
    {{"to", "PARTIES", "who else takes part"},
     {"due", "DATE", "the day"},
     {"venue", "PLACE", "where"},
     {"until", "DATE", "it lapses after this day, or this time, if it is not confirmed (and the charter's grace)"},
     {"group", "GROUP", "the working group that meets"},
     {"about", "ACT", "what it follows from: any act on the record"},
     CLI_ACT_OPTIONS},
    run_plan};

const cli_verb cli_verb_meeting_confirm = {
    "meeting confirm",
    "NAME",
    "confirm a meeting, on its date as it is now",
    "Says that this party will come. After a postponement to a new date all others confirm again.",
    "  lockstep -C dprk meeting confirm pyongyang-4",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_confirm};

const cli_verb cli_verb_meeting_decline = {"meeting decline",
                                           "NAME --text WHY",
                                           "say that this party will not come",
                                           "Declines a meeting that is planned, or its new date, and says why.",
                                           "  lockstep -C dprk meeting decline pyongyang-4 --text \"Not that week.\"",
                                           1,
                                           1,
                                           {CLI_ACT_OPTIONS},
                                           run_decline};

const cli_verb cli_verb_meeting_postpone = {
    "meeting postpone",
    "NAME --text CAUSE [--due DATE]",
    "postpone a meeting",
    "Postpones a meeting, with the cause; to a new day that all others then confirm, or, without --due, until one of\n"
    "them names one.",
    "  lockstep -C dprk meeting postpone new-york --text \"The schedules do not allow it.\" --due 2018-11-19",
    1,
    1,
    {{"due", "DATE", "the new day"}, {"venue", "PLACE", "the new place"}, CLI_ACT_OPTIONS},
    run_postpone};

const cli_verb cli_verb_meeting_cancel = {
    "meeting cancel",
    "NAME --text CAUSE",
    "call a meeting off",
    "Calls a meeting off, with the cause. lockstep withdraw takes that back.",
    "  lockstep -C usa meeting cancel pyongyang-3 --text \"There was no sufficient progress.\"",
    1,
    1,
    {CLI_ACT_OPTIONS},
    run_cancel};

const cli_verb cli_verb_meeting_held = {
    "meeting held",
    "NAME --date DATE",
    "say that a meeting took place",
    "Says that the meeting took place on DATE, by this party's own word, and what was said there: its own minutes, as\n"
    "--text or --attach. Minutes that all sign: lockstep meeting minutes.",
    "  lockstep -C usa meeting held pyongyang-4 --date 2018-10-07 --text \"Three and a half hours of talks.\"",
    1,
    1,
    {{"date", "DATE", "the day"}, CLI_ACT_OPTIONS},
    run_held};

const cli_verb cli_verb_meeting_agenda = {
    "meeting agenda",
    "NAME ITEM --text WHAT",
    "put an item on the agenda of a meeting, or change it",
    "Puts ITEM, a name, on the agenda; said again, it takes the place of what was said of it before.",
    "  lockstep -C usa meeting agenda pyongyang-4 inspectors --text \"Who sees what, and when.\"\n"
    "  lockstep -C dprk meeting agenda pyongyang-4 inspectors --change settled --text \"They are invited.\"",
    2,
    2,
    {{"change", "WORD", "open (default), settled or dropped"}, CLI_ACT_OPTIONS},
    run_agenda};

const cli_verb cli_verb_meeting_show = {
    "meeting show",
    "NAME",
    "all about one meeting",
    "Shows where a meeting stands and by whose word, its agenda, each side's own minutes, and those that are agreed.",
    "  lockstep -C usa meeting show pyongyang-4\n  lockstep -C usa meeting show new-york --at 2018-11-07",
    1,
    1,
    {CLI_OPTIONS_TIMES, {0}},
    run_show};
