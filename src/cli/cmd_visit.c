/* visit, admit, refuse, postpone, enter, leave: inspectors at a site, from the notice on. */
#include "cli/draws.h"

static const char *argument(const cli *c)
{
    return c->argument_count > 0 ? c->argument[0] : NULL;
}

/* "2/14": tranche and row. */
static ls_result read_row(cli *c, const char *text, ls_population_row *out)
{
    ls_reader r = ls_reader_of(ls_bytes_str(text));
    ls_bytes tranche;
    uint64_t k, row;
    if (!ls_read_until(&r, '/', &tranche) || !ls_decimal_parse(tranche, UINT32_MAX, &k) || k == 0 ||
        !ls_decimal_parse(ls_read_bytes(&r, ls_reader_left(&r)), INT64_MAX, &row)) {
        ls_hint(&c->detail, "lockstep draw verify shows them: --row 2/14 is row 14 of tranche 2");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is no row: TRANCHE/ROW", text);
    }
    *out = (ls_population_row){(uint32_t)k, row};
    return LS_SUCCESS;
}

/* The record takes a notice for any row of the declaration: whether it was drawn takes a computation over all of them.
 */
static ls_result check_drawn(cli *c, const ls_inspected *draw, const ls_population_row *wanted)
{
    const ls_draw_state *s;
    ls_report report = {.arena = &c->arena};
    cli_card judged;
    ls_drawing d;
    LS_TRY(cli_draw_find(c, ls_arena_format(&c->arena, "%u", draw->index), &judged, &s));
    LS_TRY(cli_draw_read(c, s, &report, &d));
    for (size_t i = 0; i < d.count; i++) {
        bool stands_by = d.row[i].state == LS_DRAWN_SPARE || d.row[i].state == LS_DRAWN_BLANK;
        if (ls_population_row_compare(&d.row[i].row, wanted) == 0 && !stands_by) {
            return LS_SUCCESS;
        }
    }
    ls_hint(&c->detail, "lockstep draw verify %u lists the rows and the replacements that took a blank one's place",
            draw->index);
    return ls_fail_with(&ls_fault_usage, &c->detail, "row %s did not come out of draw %u", cli_value(c, "row"),
                        draw->index);
}

static ls_result fill_visit(cli *c, ls_act_draft *act)
{
    const ls_inspected *about;
    uint32_t kinds = CLI_ABOUT(DRAW) | CLI_ABOUT(VISIT) | CLI_ABOUT(CHALLENGE);
    LS_TRY(cli_act_inspected(c, act, kinds, argument(c), &about));
    ls_act_draft_set(act, LS_H_INSPECTION, "%s", cli_text(c, about->rule->id));
    ls_population_row row;
    const char *text = cli_value(c, "row");
    if (text == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(read_row(c, text, &row));
    ls_act_draft_set(act, LS_H_TRANCHE, "%u", row.tranche);
    ls_act_draft_set(act, LS_H_ROW, "%llu", (unsigned long long)row.row);
    return about->kind == LS_INSPECTED_DRAW ? check_drawn(c, about, &row) : LS_SUCCESS;
}

static ls_result fill_about_visit(cli *c, ls_act_draft *act)
{
    const ls_inspected *visit;
    return cli_act_inspected(c, act, CLI_ABOUT(VISIT), argument(c), &visit);
}

/* Commas for people, spaces in acts. */
static ls_result fill_admit(cli *c, ls_act_draft *act)
{
    const char *limits = cli_value(c, "limits");
    LS_TRY(fill_about_visit(c, act));
    if (limits != NULL) {
        char *names = ls_arena_str(&c->arena, ls_bytes_str(limits));
        for (char *p = names; p != NULL && *p != '\0'; p++) {
            *p = *p == ',' ? ' ' : *p;
        }
        ls_act_draft_set(act, LS_H_LIMITS, "%s", names == NULL ? "" : names);
    }
    return LS_SUCCESS;
}

static ls_result fill_postpone(cli *c, ls_act_draft *act)
{
    ls_time until;
    const char *text = cli_value(c, "until");
    LS_TRY(fill_about_visit(c, act));
    if (text == NULL || !ls_time_parse(ls_bytes_str(text), &until)) {
        ls_hint(&c->detail, "--until 2018-11-03T06:00:00Z");
        return ls_fail_with(&ls_fault_usage, &c->detail, "say until when, as a time");
    }
    ls_act_draft_set(act, LS_H_UNTIL, "%s", text);
    return LS_SUCCESS;
}

static ls_result run_visit(cli *c)
{
    return cli_act(c, fill_visit);
}

static ls_result run_admit(cli *c)
{
    return cli_act(c, fill_admit);
}

static ls_result run_refuse(cli *c)
{
    LS_TRY(cli_needs_text(c, "a refusal states its reason", "The site is under quarantine."));
    return cli_act(c, fill_about_visit);
}

static ls_result run_postpone(cli *c)
{
    LS_TRY(cli_needs_text(c, "a postponement states its reason", "The road is cut by a flood."));
    return cli_act(c, fill_postpone);
}

static ls_result run_presence(cli *c)
{
    return cli_act(c, fill_about_visit);
}

const cli_verb cli_verb_visit = {
    "visit",
    "[ACT] --row TRANCHE/ROW",
    "give notice of an inspection at a site",
    "Gives notice that inspectors will come: to the site of a row that was drawn (ACT is the draw), to the place of a\n"
    "challenge (ACT is the challenge), or, from a site where they are (ACT is that visit), on to the next one, by the\n"
    "shorter notice. From then on nothing may be moved at the site until they have left.",
    "  lockstep -C iaea visit 31 --row 2/14",
    0,
    1,
    {{"row", "TRANCHE/ROW", "whose site: tranche from 1, row from 0"}, CLI_ACT_OPTIONS},
    run_visit};

const cli_verb cli_verb_admit = {
    "admit",
    "[VISIT]",
    "consent to a visit",
    "Consents to the visit of which notice was given (default: the last). --limits names what is claimed of managed\n"
    "access; the accord lists what may be.",
    "  lockstep -C dprk admit 35 --limits shrouding,no-photographs",
    0,
    1,
    {{"limits", "NAMES", "limits of managed access, with commas"}, CLI_ACT_OPTIONS},
    run_admit};

const cli_verb cli_verb_refuse = {
    "refuse",
    "[VISIT] --text REASON",
    "refuse a visit",
    "Refuses the visit of which notice was given (default: the last), and says why. That is on the record for good, "
    "also\n"
    "if it is withdrawn.",
    "  lockstep -C dprk refuse 35 --text \"The site is under quarantine until 5 November.\"",
    0,
    1,
    {CLI_ACT_OPTIONS},
    run_refuse};

const cli_verb cli_verb_postpone = {
    "postpone",
    "[VISIT] --until TIME --text REASON",
    "put off a visit",
    "Says before which time inspectors can't come, and why. The accord says by how much a visit can be put off.",
    "  lockstep -C dprk postpone 35 --until 2018-11-03T06:00:00Z --text \"The road is cut by a flood.\"",
    0,
    1,
    {{"until", "TIME", "not before then"}, CLI_ACT_OPTIONS},
    run_postpone};

const cli_verb cli_verb_enter = {
    "enter",
    "[VISIT]",
    "say that the inspectors have come",
    "Either side says that the inspectors are at the site. A date in the past counts if both sides state the same: so\n"
    "a team that was without a connection is not late.",
    "  lockstep -C iaea enter 35 --date 2018-11-02",
    0,
    1,
    {{"date", "DATE", "when, if not now"}, CLI_ACT_OPTIONS},
    run_presence};

const cli_verb cli_verb_leave = {"leave",
                                 "[VISIT]",
                                 "say that the inspectors have left",
                                 "Either side says that the inspectors have left the site; as with enter.",
                                 "  lockstep -C iaea leave 35 --date 2018-11-03",
                                 0,
                                 1,
                                 {{"date", "DATE", "when, if not now"}, CLI_ACT_OPTIONS},
                                 run_presence};
