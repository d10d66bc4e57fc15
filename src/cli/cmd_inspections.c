/* inspections: draws, visits and challenges, what is awaited, and what contradicts what. */
#include "cli/scorecard.h"
#include <stdio.h>

static ls_result print_awaited(cli *c, const cli_card *k)
{
    const ls_inspection_query q = {&k->query, &k->state, &k->inspected};
    ls_inspection_duty *duty;
    size_t count;
    LS_TRY(ls_inspection_duties(&q, &k->inspection, &c->arena, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        cli_print("%s%s.\n", i == 0 ? "Awaited\n  " : "  ",
                  cli_text(c, ls_bytes_str(ls_inspection_duty_text(k->charter, &duty[i], &c->arena))));
    }
    if (count > 0) {
        putchar('\n');
    }
    return LS_SUCCESS;
}

static bool is_denied(const ls_challenge_state *s)
{
    return s->denial != NULL || s->stage == LS_CHALLENGE_DENIED; /* by silence */
}

/* What openings say of challenges: proofs of false denials first of all. */
static ls_result print_challenged(cli *c, const cli_card *k)
{
    cli_challenged *x;
    LS_TRY(cli_card_challenged(c, k, &x));
    for (size_t i = 0; i < k->inspection.challenge_count; i++) {
        const ls_challenge_state *s = x[i].state;
        unsigned entry = s->challenge->index;
        if (x[i].covered) {
            cli_print("%s challenge %u: row %u/%llu (%s), declared in entry %u before it, covers the place%s.\n",
                      is_denied(s) ? "FALSE DENIAL, proven:" : "OK:", entry, x[i].row.tranche,
                      (unsigned long long)x[i].row.row, x[i].id, x[i].declaration,
                      is_denied(s) ? " where there was said to be nothing" : "");
        } else if (s->opening != NULL) {
            cli_print("Of challenge %u: no row that is open to this workspace covers the place.\n", entry);
        }
    }
    return LS_SUCCESS;
}

static ls_result print_accord(cli *c, const cli_card *k)
{
    const ls_inspection_state *s = &k->inspection;
    size_t all = s->draw_count + s->visit_count + s->challenge_count + s->clarification_count + s->report_count;
    cli_print("%s\nas of %s (%s)\n\n", cli_text(c, k->accord->roadmap->title),
              ls_why_date(k->charter, k->query.at, &c->arena), k->charter->zone.name);
    if (all == 0) {
        cli_print(k->accord->roadmap->inspection_count == 0 ? "The accord has no inspections.\n\n"
                                                            : "Nothing was drawn, visited or challenged yet.\n\n");
    }
    LS_TRY(cli_card_print_inspections(c, k));
    LS_TRY(print_challenged(c, k));
    return print_awaited(c, k);
}

/* Of each challenge, in their order: the row that covers its place, or null. */
static ls_result challenged_json(cli *c, const cli_card *k, json_t *inspections)
{
    cli_challenged *x;
    LS_TRY(cli_card_challenged(c, k, &x));
    json_t *list = json_object_get(inspections, "challenges");
    for (size_t i = 0; i < k->inspection.challenge_count; i++) {
        json_t *covered =
            x[i].covered ? json_pack("{s:i, s:I, s:s, s:I}", "tranche", (int)x[i].row.tranche, "row",
                                     (json_int_t)x[i].row.row, "id", x[i].id, "declared", (json_int_t)x[i].declaration)
                         : json_null();
        json_object_set_new(json_array_get(list, i), "covered_by", covered);
        json_object_set_new(json_array_get(list, i), "false_denial",
                            json_boolean(x[i].covered && is_denied(x[i].state)));
    }
    return LS_SUCCESS;
}

static ls_result run_inspections(cli *c)
{
    ls_time at, known;
    size_t *accords, count;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(cli_card_accords(c, at, known, &accords, &count));
    json_t *list = json_array();
    cli_mark(c, !c->json && ls_record_charter(c->ws.record)->exercise);
    for (size_t i = 0; i < count; i++) {
        cli_card k;
        LS_TRY(cli_card_judge(c, accords[i], at, known, &k));
        if (c->json) {
            json_t *inspections = cli_card_inspections_json(c, &k);
            LS_TRY(challenged_json(c, &k, inspections));
            json_array_append_new(
                list, json_pack("{s:o, s:o}", "accord", cli_json_hash(&k.accord->id), "inspections", inspections));
        } else {
            LS_TRY(print_accord(c, &k));
        }
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o, s:o}", "as_of", cli_json_time(at), "accords", list));
    }
    json_decref(list);
    return LS_SUCCESS;
}

const cli_verb cli_verb_inspections = {
    "inspections",
    "",
    "draws, visits, challenges and reports, and what is awaited",
    "Shows each draw, visit, question, challenge and report under the accord: its stage, since when, who has to do\n"
    "something by when, and what follows otherwise; which reports contradict each other; and whether a row that is "
    "open\n"
    "to this workspace covers a challenged place, which proves a denial false.",
    "  lockstep -C iaea inspections\n  lockstep -C iaea inspections --at 2018-11-30",
    0,
    0,
    {CLI_OPTIONS_TIMES, {0}},
    run_inspections};
