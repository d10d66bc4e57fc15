/* schedule show: where a private search stands, and what this party knows of it. */
#include "cli/schedules.h"
#include "show/report.h"

/* Text. */

static void print_all(cli *c, const cli_search *x)
{
    cli_table t = {.columns = 5, .heading = {"entry", "by", "with", "stage", "awaited"}};
    for (size_t i = 0; i < x->count; i++) {
        const ls_schedule_state *s = &x->all[i];
        const char *cells[] = {cli_talk_entry(c, s->search), cli_party_name(c, ls_schedule_party(s->search, 0)),
                               cli_party_name(c, ls_schedule_party(s->search, 1)), ls_schedule_stage_name(s->stage),
                               cli_search_awaited(c, s)};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
    cli_print("\n");
}

static void print_steps(cli *c, const cli_search *x)
{
    static const char *const steps[LS_SEARCH_STEPS] = {[LS_SEARCH_LIST] = "committed to a choice",
                                                       [LS_SEARCH_POINTS] = "sent its points",
                                                       [LS_SEARCH_RETURNED] = "returned the other's",
                                                       [LS_SEARCH_RANKING] = "committed to a ranking",
                                                       [LS_SEARCH_REVEALED] = "revealed its ranking"};
    size_t count = x->search.rule == LS_PSI_EARLIEST ? LS_SEARCH_RANKING : LS_SEARCH_STEPS;
    cli_table t = {.columns = 3, .heading = {"", cli_side_name(c, x, 0), cli_side_name(c, x, 1)}};
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {steps[i], cli_talk_entry(c, x->state->step[0][i]),
                               cli_talk_entry(c, x->state->step[1][i])};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
}

static void print_stage(cli *c, const cli_search *x)
{
    const ls_schedule_state *s = x->state;
    const ls_charter *charter = ls_record_charter(c->ws.record);
    const char *blame = cli_search_blame(c, s);
    cli_print("search %u, opened by %s with %s: %s since %s\n", s->search->index, cli_side_name(c, x, 0),
              cli_side_name(c, x, 1), ls_schedule_stage_name(s->stage), ls_why_date(charter, s->since, &c->arena));
    if (s->awaited != 0) {
        cli_print("awaited: %s\n", cli_search_awaited(c, s));
    }
    if (blame != NULL) {
        cli_print("%s\n", blame);
    } else if (s->stage == LS_SCHEDULE_LAPSED) {
        cli_print(x->seen.found && x->seen.common_count == 0
                      ? "nothing is common, so there was nothing to choose\n"
                      : "nobody is in default: neither side went on, as both may where nothing is common\n");
    }
    if (s->late != 0) {
        cli_print("late: %s\n", ls_why_parties(charter, s->late, &c->arena));
    }
    if (s->first != LS_TALK_JOINT) {
        cli_print("%s was the first to learn what is common\n", cli_party_name(c, s->first));
    }
    if (s->meeting != NULL) {
        cli_print("both signed: act %u\n", s->meeting->index);
    }
    cli_print("%u options, of which each side chooses at most %u; by the rule %s\n\n", x->search.options.count,
              x->search.run.cap, ls_psi_rule_name(x->search.rule));
    print_steps(c, x);
}

/* Of each option: its place in each side's ranking, from 1, and 0 where that is not known; whether it is as good as the
 * one that was chosen. */
typedef struct standing {
    uint32_t rank[LS_SEARCH_SIDES];
    bool tied;
} standing;

static standing *standings(cli *c, const cli_search *x)
{
    const ls_search_reading *seen = &x->seen;
    standing *of = ls_arena_array(&c->arena, x->search.options.count + 1, sizeof *of);
    for (unsigned side = 0; of != NULL && side < LS_SEARCH_SIDES; side++) {
        for (uint32_t i = 0; seen->has_ranking[side] && i < seen->common_count; i++) {
            of[seen->ranking[side][i]].rank[side] = i + 1;
        }
    }
    for (uint32_t i = 0; of != NULL && seen->chosen && i < seen->choice.tied; i++) {
        of[seen->tied[i]].tied = true;
    }
    return of;
}

static const char *rank_words(cli *c, uint32_t rank)
{
    return rank == 0 ? "" : ls_arena_format(&c->arena, "%u", rank);
}

static void print_common(cli *c, const cli_search *x)
{
    const ls_search_reading *seen = &x->seen;
    cli_table t = {.columns = 5, .heading = {"option", "", cli_side_name(c, x, 0), cli_side_name(c, x, 1), ""}};
    if (!seen->found) {
        return;
    }
    const standing *of = standings(c, x);
    cli_print("\n%s\n", seen->common_count == 0 ? "Nothing is common." : "Common options, with each side's ranks:");
    for (uint32_t i = 0; of != NULL && i < seen->common_count; i++) {
        uint32_t o = seen->common[i];
        const char *cells[] = {ls_arena_format(&c->arena, "%u", o), cli_option_words(c, &x->search.options.option[o]),
                               rank_words(c, of[o].rank[0]), rank_words(c, of[o].rank[1]),
                               seen->chosen && seen->choice.option == o ? "chosen"
                               : of[o].tied                             ? "as good, later on the list"
                                                                        : ""};
        cli_table_row(c, &t, cells);
    }
    if (seen->common_count > 0) {
        cli_table_print(&t);
    }
}

static void print_options(cli *c, const cli_search *x)
{
    cli_print("\n");
    for (uint32_t i = 0; i < x->search.options.count; i++) {
        cli_print("%5u  %s\n", i, cli_option_words(c, &x->search.options.option[i]));
    }
}

static void print_failed(cli *c, const cli_search *x)
{
    for (size_t i = 0; i < x->report.count; i++) {
        if (x->report.finding[i].level == LS_FINDING_FAILED) {
            cli_print("FAILED: %s: %s\n", x->report.finding[i].subject, x->report.finding[i].text);
        }
    }
    if (x->search.side < LS_SEARCH_SIDES && x->own == NULL && x->state->step[x->search.side][LS_SEARCH_LIST] != NULL &&
        !ls_search_kept(&c->ws, &x->state->step[x->search.side][LS_SEARCH_LIST]->value)) {
        cli_print("warning: the choice that this party committed to is not in this workspace: lockstep schedule choose "
                  "with the same options puts it back\n");
    }
}

/* JSON. */

static json_t *talk_json(const ls_talk *t)
{
    return t == NULL ? json_null() : json_integer((json_int_t)t->index);
}

static json_t *steps_json(const cli_search *x, unsigned side)
{
    static const char *const names[LS_SEARCH_STEPS] = {"committed", "sent", "returned", "ranked", "revealed"};
    json_t *o = json_object();
    for (size_t i = 0; i < LS_SEARCH_STEPS; i++) {
        json_object_set_new(o, names[i], talk_json(x->state->step[side][i]));
    }
    json_object_set_new(o, "stands", talk_json(x->state->stands[side]));
    return o;
}

/* From 0. */
static json_t *rank_json(uint32_t rank)
{
    return rank == 0 ? json_null() : json_integer(rank - 1);
}

static json_t *option_json(const ls_psi_options *list, uint32_t i)
{
    const ls_psi_option *o = &list->option[i];
    return json_pack("{s:i, s:o, s:o, s:o}", "option", (int)i, "date", cli_json_bytes(o->date), "until",
                     o->until.len > 0 ? cli_json_bytes(o->until) : json_null(), "place", cli_json_bytes(o->place));
}

static json_t *common_json(cli *c, const cli_search *x)
{
    const standing *of = x->seen.found ? standings(c, x) : NULL;
    if (of == NULL) {
        return json_null();
    }
    json_t *list = json_array();
    for (uint32_t i = 0; i < x->seen.common_count; i++) {
        json_t *o = option_json(&x->search.options, x->seen.common[i]);
        const standing *its = &of[x->seen.common[i]];
        json_object_set_new(o, "ranks", json_pack("[o, o]", rank_json(its->rank[0]), rank_json(its->rank[1])));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *options_json(const cli_search *x)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < x->search.options.count; i++) {
        json_array_append_new(list, option_json(&x->search.options, i));
    }
    return list;
}

json_t *cli_search_json(cli *c, const cli_search *x)
{
    const ls_schedule_state *s = x->state;
    const ls_charter *charter = ls_record_charter(c->ws.record);
    const char *blame = cli_search_blame(c, s);
    json_t *o = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "search", (int)s->search->index,
                          "by", cli_side_name(c, x, 0), "with", cli_side_name(c, x, 1), "stage",
                          ls_schedule_stage_name(s->stage), "since", cli_json_time(s->since), "deadline",
                          cli_json_time(s->deadline), "awaited", cli_card_parties_json(charter, s->awaited), "silent",
                          cli_card_parties_json(charter, s->silent), "late", cli_card_parties_json(charter, s->late),
                          "learned", cli_card_parties_json(charter, s->learned), "learned-first",
                          s->first == LS_TALK_JOINT ? json_null() : json_string(cli_party_name(c, s->first)));
    json_t *more = json_pack("{s:o, s:i, s:i, s:s, s:[o, o], s:o, s:o, s:o}", "default",
                             blame == NULL ? json_null() : json_string(blame), "options", (int)x->search.options.count,
                             "cap", (int)x->search.run.cap, "rule", ls_psi_rule_name(x->search.rule), "steps",
                             steps_json(x, 0), steps_json(x, 1), "common", common_json(c, x), "chosen",
                             x->seen.chosen ? option_json(&x->search.options, x->seen.choice.option) : json_null(),
                             "meeting", talk_json(s->meeting));
    if (o == NULL || more == NULL || json_object_update(o, more) != 0) {
        json_decref(o);
        o = NULL;
    }
    json_decref(more);
    return o;
}

static json_t *all_json(cli *c, const cli_search *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->count; i++) {
        const ls_schedule_state *s = &x->all[i];
        json_array_append_new(list, json_pack("{s:i, s:s, s:s, s:s, s:o}", "search", (int)s->search->index, "by",
                                              cli_party_name(c, ls_schedule_party(s->search, 0)), "with",
                                              cli_party_name(c, ls_schedule_party(s->search, 1)), "stage",
                                              ls_schedule_stage_name(s->stage), "awaited",
                                              cli_card_parties_json(ls_record_charter(c->ws.record), s->awaited)));
    }
    return list;
}

static ls_result show(cli *c, cli_search *x)
{
    LS_TRY(cli_search_begin(c, x));
    LS_TRY(cli_search_examine(c, x, false));
    if (c->json) {
        json_t *o = cli_search_json(c, x);
        json_object_set_new(o, "searches", all_json(c, x));
        if (cli_flag(c, "options")) {
            json_object_set_new(o, "list", options_json(x));
        }
        return cli_print_json(c, c->ws.exercise, o);
    }
    cli_mark(c, c->ws.exercise);
    if (c->argument_count == 0 && x->count > 1) {
        print_all(c, x);
    }
    print_stage(c, x);
    print_common(c, x);
    print_failed(c, x);
    if (cli_flag(c, "options")) {
        print_options(c, x);
    }
    return LS_SUCCESS;
}

static ls_result run_show(cli *c)
{
    cli_search x = {0};
    ls_result r = show(c, &x);
    cli_search_end(&x);
    return r;
}

const cli_verb cli_verb_schedule_show = {
    "schedule show",
    "[SEARCH]",
    "where a private search stands, and what is common",
    "Shows what each side has done, what is awaited from whom and until when, who let it lapse, and, to the two sides\n"
    "once they know it, which options are common, how each ranked them, and which was chosen. Without SEARCH: the only "
    "one\n"
    "that awaits this party, or the last, with a list of all.",
    "  lockstep -C usa schedule show\n  lockstep -C rok schedule show 31 --json",
    0,
    1,
    {{"options", NULL, "list all options, too, with their numbers"}, {0}},
    run_show};
