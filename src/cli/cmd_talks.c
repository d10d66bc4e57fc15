/* talks: letters, proposals, meetings, groups, pledges: what is open, and what stands. */
#include "cli/scorecard.h"
#include "cli/talking.h"
#include <stdio.h>

const char *const cli_talks_sections[] = {"letters",     "proposals", "meetings", "groups",   "pledges",
                                          "debriefings", "texts",     "searches", "readouts", NULL};

bool cli_talks_shows(const cli_talks_filter *f, const char *section)
{
    return f->only == NULL || strcmp(f->only, section) == 0;
}

bool cli_talks_fits(const cli_talks_filter *f, const ls_talk *t, bool open)
{
    ls_parties all = ls_talk_involved(t) | (t->of < LS_PARTIES_MAX ? LS_PARTY_BIT(t->of) : 0);
    bool grouped = f->group == LS_NO_ENTRY || t->group == f->group || t->index == f->group;
    return (open || !f->open) && (f->with == 0 || (all & f->with) != 0) && grouped;
}

static ls_result read_only(cli *c, cli_talks_filter *f)
{
    f->only = cli_value(c, "only");
    size_t count = 0;
    while (cli_talks_sections[count] != NULL && f->only != NULL && strcmp(cli_talks_sections[count], f->only) != 0) {
        count++;
    }
    if (f->only == NULL || cli_talks_sections[count] != NULL) {
        return LS_SUCCESS;
    }
    const char *near = ls_nearest(ls_bytes_str(f->only), cli_talks_sections, count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s?", near);
    } else {
        ls_hint(&c->detail, "letters, proposals, meetings, groups, pledges, debriefings, texts, searches or readouts");
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "there is no list of \"%.60s\"", f->only);
}

static ls_result read_filter(cli *c, cli_talks_filter *f)
{
    const char *with = cli_value(c, "with"), *group = cli_value(c, "group");
    const ls_talk *found;
    *f = (cli_talks_filter){.open = cli_flag(c, "open"), .group = LS_NO_ENTRY};
    LS_TRY(read_only(c, f));
    LS_TRY(with == NULL ? LS_SUCCESS : cli_parties(c, "--with", with, &f->with));
    if (group != NULL) {
        LS_TRY(cli_find_named(c, LS_H_GROUP, group, &found));
        f->group = found->index;
    }
    return LS_SUCCESS;
}

static ls_result print_awaited(cli *c, const cli_talks *t)
{
    ls_talks_duty *duty;
    size_t count;
    LS_TRY(ls_talks_duties(&t->query, &t->state, &c->arena, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        const char *until =
            duty[i].until == LS_TIME_OPEN
                ? ""
                : ls_arena_format(&c->arena, " by %s; else %s", ls_why_deadline(t->charter, duty[i].until, &c->arena),
                                  ls_talks_else_words(duty[i].task));
        cli_print("%s%s may %s%s.\n", i == 0 ? "Awaited\n  " : "  ", cli_party_name(c, duty[i].party),
                  cli_talks_duty_what(c, &duty[i]), until);
    }
    if (count > 0) {
        putchar('\n');
    }
    return LS_SUCCESS;
}

static ls_result awaited_json(cli *c, const cli_talks *t, json_t **out)
{
    ls_talks_duty *duty;
    size_t count;
    LS_TRY(ls_talks_duties(&t->query, &t->state, &c->arena, &duty, &count));
    *out = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(*out,
                              json_pack("{s:s, s:s, s:i, s:o, s:s}", "party", cli_party_name(c, duty[i].party), "task",
                                        ls_talks_task_name(duty[i].task), "entry", (int)duty[i].about->index, "until",
                                        cli_json_time(duty[i].until), "command", cli_talks_command(c, &duty[i])));
    }
    return LS_SUCCESS;
}

static ls_result run_talks(cli *c)
{
    ls_time at, known;
    cli_talks_filter filter;
    cli_talks t;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(read_filter(c, &filter));
    LS_TRY(cli_talks_judge(c, at, known, &t));
    if (c->json) {
        json_t *o = cli_talks_json(c, &t, &filter);
        json_t *awaited = NULL;
        LS_TRY(awaited_json(c, &t, &awaited));
        json_object_set_new(o, "awaited", awaited);
        json_object_set_new(o, "as_of", cli_json_time(at));
        return cli_print_json(c, c->ws.exercise, o);
    }
    cli_mark(c, t.charter->exercise);
    cli_print("%s\nas of %s (%s)\n", cli_text(c, t.charter->title), ls_why_date(t.charter, at, &c->arena),
              t.charter->zone.name);
    if (known != at) {
        cli_print("as the record had it on %s\n", ls_why_date(t.charter, known, &c->arena));
    }
    putchar('\n');
    cli_print_talks(c, &t, &filter);
    return filter.only == NULL ? print_awaited(c, &t) : LS_SUCCESS;
}

const cli_verb cli_verb_talks = {
    "talks",
    "",
    "letters, proposals, meetings, groups, pledges: what is open and what stands",
    "Shows every letter, proposal, meeting, working group, pledge, demand, claim and debriefing, where it stands and "
    "by\n"
    "whose word; which texts, searches for a date and readouts there are; and what is awaited from whom.",
    "  lockstep -C usa talks\n  lockstep -C usa talks --open --with dprk\n"
    "  lockstep -C usa talks --only meetings --at 2018-11-07",
    0,
    0,
    {{"open", NULL, "only what is open, planned or stands"},
     {"only", "LIST", "letters, proposals, meetings, groups, pledges, debriefings, texts, searches or readouts"},
     {"with", "PARTIES", "only where one of these is involved"},
     {"group", "GROUP", "only what belongs to this working group"},
     CLI_OPTIONS_TIMES,
     {0}},
    run_talks};
