/* group create, join, leave, agenda, meet, report, show: working groups. */
#include "cli/scorecard.h"
#include "cli/talking.h"

static ls_result needs_parties(cli *c, const ls_act_draft *act, const char *question)
{
    if (act->value[LS_H_TO].len > 0) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "--to dprk,rok");
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s", question);
}

static ls_result check_track(cli *c, int accord, const char *track)
{
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)accord)->roadmap;
    const char **names = ls_arena_array(&c->arena, m->track_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < m->track_count; i++) {
        names[i] = cli_text(c, m->tracks[i].id);
        if (ls_bytes_is(m->tracks[i].id, track)) {
            return LS_SUCCESS;
        }
    }
    const char *near = names == NULL ? NULL : ls_nearest(ls_bytes_str(track), names, m->track_count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s?", near);
    } else {
        ls_hint(&c->detail, "lockstep accord show lists the tracks");
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "the accord has no track %.60s", track);
}

/* Linked to a track of an accord, or to none. */
static ls_result fill_create(cli *c, ls_act_draft *act)
{
    const char *track = cli_value(c, "track");
    int accord;
    LS_TRY(cli_talk_headers(c, act));
    LS_TRY(needs_parties(c, act, "who is invited?"));
    ls_act_draft_set(act, LS_H_GROUP, "%s", c->argument[0]);
    if (track != NULL || cli_value(c, "accord") != NULL) {
        LS_TRY(cli_find_accord(c, &accord));
        LS_TRY(track == NULL ? LS_SUCCESS : check_track(c, accord, track));
        cli_act_accord(c, act, accord);
    }
    return LS_SUCCESS;
}

static ls_result run_create(cli *c)
{
    LS_TRY(cli_needs_text(c, "a working group has terms of reference",
                          "The denuclearization process, and the preparation of the summit."));
    return cli_act_as(c, "group", false, fill_create);
}

static ls_result fill_about(cli *c, ls_act_draft *act)
{
    const ls_talk *group;
    LS_TRY(cli_find_named(c, LS_H_GROUP, c->argument[0], &group));
    LS_TRY(cli_talk_headers(c, act));
    cli_act_ref_entry(c, act, group->index);
    return LS_SUCCESS;
}

static ls_result run_join(cli *c)
{
    if (cli_value(c, "members") == NULL) {
        ls_hint(&c->detail, "--members kim-hyok-chol,pak-chol: the first is the head");
        return ls_fail_with(&ls_fault_usage, &c->detail, "who sits in the group for this party?");
    }
    return cli_act_as(c, "enlist", false, fill_about);
}

static ls_result run_leave(cli *c)
{
    return cli_act_as(c, "quit", false, fill_about);
}

static ls_result fill_agenda(cli *c, ls_act_draft *act)
{
    LS_TRY(fill_about(c, act));
    ls_act_draft_set(act, LS_H_ITEM, "%s", c->argument[1]);
    return LS_SUCCESS;
}

static ls_result run_agenda(cli *c)
{
    LS_TRY(cli_needs_text(c, "an item says what it is", "Which sites are declared first."));
    return cli_act_as(c, "agenda", false, fill_agenda);
}

/* All who sit in it now but this party. */
static ls_result put_others(cli *c, const ls_talk *group, ls_act_draft *act)
{
    cli_talks t;
    LS_TRY(cli_talks_now(c, &t));
    const ls_group_state *g = ls_talks_group(&t.state, group->index);
    ls_parties others = g == NULL ? 0 : g->members & ~LS_PARTY_BIT(cli_own_party(c));
    if (others != 0) {
        cli_act_parties(c, act, LS_H_TO, others);
    }
    return LS_SUCCESS;
}

static ls_result fill_meet(cli *c, ls_act_draft *act)
{
    const ls_talk *group;
    LS_TRY(cli_find_named(c, LS_H_GROUP, c->argument[0], &group));
    LS_TRY(cli_talk_headers(c, act));
    LS_TRY(cli_value(c, "to") != NULL ? LS_SUCCESS : put_others(c, group, act));
    LS_TRY(needs_parties(c, act, "nobody else has joined the group: who takes part?"));
    ls_act_draft_set(act, LS_H_GROUP, "%s", c->argument[0]);
    ls_act_draft_set(act, LS_H_MEETING, "%s", c->argument[1]);
    return LS_SUCCESS;
}

static ls_result run_meet(cli *c)
{
    return cli_act_as(c, "meet", false, fill_meet);
}

static ls_result fill_report(cli *c, ls_act_draft *act)
{
    const ls_talk *group;
    LS_TRY(fill_about(c, act));
    LS_TRY(cli_find_named(c, LS_H_GROUP, c->argument[0], &group));
    if (cli_value(c, "to") == NULL) {
        cli_act_parties(c, act, LS_H_TO, ls_talk_involved(group) & ~LS_PARTY_BIT(cli_own_party(c)));
    }
    return LS_SUCCESS;
}

static ls_result run_report(cli *c)
{
    return cli_act_as(c, "group-report", false, fill_report);
}

static ls_result run_show(cli *c)
{
    ls_time at, known;
    const ls_talk *group;
    cli_talks t;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(cli_find_named(c, LS_H_GROUP, c->argument[0], &group));
    LS_TRY(cli_talks_judge(c, at, known, &t));
    const ls_group_state *g = ls_talks_group(&t.state, group->index);
    if (g == NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the working group was not there by then");
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, cli_group_json(c, &t, g));
    }
    cli_mark(c, c->ws.exercise);
    cli_print_group(c, &t, g);
    return LS_SUCCESS;
}

#define MEMBERS                                                                                                        \
    {                                                                                                                  \
        "members", "NAMES", "people, with commas; the first is the head"                                               \
    }

const cli_verb cli_verb_group_create = {
    "group create",
    "NAME --to PARTIES --text TERMS",
    "set up a working group",
    "Sets up a working group of this party and PARTIES, who are invited, with its terms of reference; linked to a "
    "track\n"
    "of an accord with --track, or to none.",
    "  lockstep -C usa group create denuclearization --to dprk --members s-biegun,a-wong --text \"Prepare the "
    "summit.\"",
    1,
    1,
    {{"to", "PARTIES", "who is invited"},
     MEMBERS,
     {"track", "TRACK", "the track of the accord to which it belongs"},
     CLI_ACT_OPTIONS},
    run_create};

const cli_verb cli_verb_group_join = {
    "group join",
    "GROUP --members NAMES",
    "join a working group, or name other members",
    "Says who sits in the group for this party, which was invited or set it up; said again, these are its members now.",
    "  lockstep -C dprk group join denuclearization --members kim-hyok-chol,pak-chol",
    1,
    1,
    {MEMBERS, CLI_ACT_OPTIONS},
    run_join};

const cli_verb cli_verb_group_leave = {"group leave",
                                       "GROUP",
                                       "leave a working group, or say that one will not join it",
                                       "Whoever left may join again.",
                                       "  lockstep -C dprk group leave denuclearization",
                                       1,
                                       1,
                                       {CLI_ACT_OPTIONS},
                                       run_leave};

const cli_verb cli_verb_group_agenda = {
    "group agenda",
    "GROUP ITEM --text WHAT",
    "put an item on the agenda of a group, or change it",
    "Puts ITEM, a name, on the agenda; said again, it takes the place of what was said of it before.",
    "  lockstep -C usa group agenda denuclearization declaration --text \"Which sites are declared first.\"",
    2,
    2,
    {{"change", "WORD", "open (default), settled or dropped"}, CLI_ACT_OPTIONS},
    run_agenda};

const cli_verb cli_verb_group_meet = {
    "group meet",
    "GROUP MEETING",
    "plan a meeting of a working group",
    "Plans a meeting of the group, named MEETING; with all who sit in the group now, unless --to names others. Then "
    "as\n"
    "any meeting: lockstep meeting confirm.",
    "  lockstep -C usa group meet denuclearization stockholm --due 2019-01-19 --venue Stockholm",
    2,
    2,
    {{"to", "PARTIES", "who else takes part (default: all others in the group)"},
     {"due", "DATE", "the day"},
     {"venue", "PLACE", "where"},
     {"until", "DATE", "it lapses after this day, or this time, if it is not confirmed (and the charter's grace)"},
     CLI_ACT_OPTIONS},
    run_meet};

const cli_verb cli_verb_group_report = {
    "group report",
    "GROUP",
    "report to the heads of delegation",
    "Reports for the group, as --text or --attach; to the delegations of all who are involved, unless --to names "
    "others.",
    "  lockstep -C usa group report denuclearization --text \"The declaration is ready but for two rows.\"",
    1,
    1,
    {{"to", "PARTIES", "whose heads of delegation (default: all others involved)"}, CLI_ACT_OPTIONS},
    run_report};

const cli_verb cli_verb_group_show = {
    "group show",
    "GROUP",
    "all about one working group",
    "Shows its terms of reference, who sits in it and who heads them, who has left, its agenda, meetings and reports.",
    "  lockstep -C usa group show denuclearization",
    1,
    1,
    {CLI_OPTIONS_TIMES, {0}},
    run_show};
