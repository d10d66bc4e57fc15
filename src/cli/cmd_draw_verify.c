/* draw verify: a draw computed again from the record, and what was opened for it. */
#include "cli/draws.h"
#include "cli/scorecard.h"
#include "show/report.h"

typedef unsigned long long ull;

/* Who of these, by their names: "dprk", "dprk usa". */
static const char *names(cli *c, ls_parties set)
{
    const char *text = "";
    for (size_t p = 0; p < ls_record_charter(c->ws.record)->party_count; p++) {
        if ((set >> p & 1) != 0) {
            text = ls_arena_format(&c->arena, "%s%s%s", text, text[0] == '\0' ? "" : " ", cli_party_name(c, p));
        }
    }
    return text;
}

static const char *time_text(cli *c, ls_time t)
{
    char text[LS_TIME_SIZE];
    ls_time_format(t, text);
    return cli_text(c, ls_bytes_str(text));
}

/* Text. */

static void print_stage(cli *c, const ls_draw_state *s)
{
    cli_print("draw %u under %s: %s since %s", s->draw->index, cli_text(c, s->draw->rule->id),
              ls_draw_stage_name(s->stage), time_text(c, s->since));
    if (s->awaited != 0) {
        cli_print("; awaited: %s", names(c, s->awaited));
    }
    if (s->awaited != 0 && s->deadline != LS_TIME_OPEN) {
        cli_print(" until %s", time_text(c, s->deadline));
    }
    cli_print("\n%llu of %llu rows, and %llu replacements for blank ones\n", (ull)s->draw->rows,
              (ull)s->draw->population, (ull)s->draw->spare);
}

static const char *what_is_known(cli *c, const ls_drawing *d, const ls_drawn_row *x)
{
    if (x->opened == NULL) {
        return d->unread ? "not here" : d->state->stage == LS_DRAW_DRAWN ? "awaited" : "missing";
    }
    return ls_arena_format(&c->arena, "%s, act %llu",
                           x->opened->blank     ? "blank"
                           : x->opened->unclear ? "opened, or blank"
                                                : "opened",
                           (ull)x->opened->act);
}

static void print_rows(cli *c, const ls_drawing *d)
{
    cli_table t = {.columns = 4, .heading = {"row", "position", "", "opened"}};
    size_t spare = 0;
    for (size_t i = 0; i < d->count; i++) {
        const ls_drawn_row *x = &d->row[i];
        if (x->state == LS_DRAWN_SPARE) {
            spare++;
            continue;
        }
        const char *cells[] = {ls_arena_format(&c->arena, "%u/%llu", x->row.tranche, (ull)x->row.row),
                               ls_arena_format(&c->arena, "%llu", (ull)x->position),
                               cli_drawn_role(c, d->row, x, d->state->choice != NULL), what_is_known(c, d, x)};
        cli_table_row(c, &t, cells);
    }
    if (d->count > 0) {
        cli_print("\n");
        cli_table_print(&t);
        cli_print("%zu replacements stand by.\n", spare);
    }
}

static void print_drawing(cli *c, const ls_drawing *d, const ls_report *report)
{
    cli_mark(c, c->ws.exercise);
    print_stage(c, d->state);
    print_rows(c, d);
    cli_print("\n");
    ls_show_findings(stdout, report);
    cli_print("%s\n", report->failed ? "Something does not hold." : "All that is here fits.");
}

/* JSON. */

static json_t *row_json(const ls_drawing *d, const ls_drawn_row *x)
{
    json_t *act = x->opened != NULL ? json_integer((json_int_t)x->opened->act) : json_null();
    json_t *replaces =
        x->in_place_of == LS_NO_ROW ? json_null() : json_integer((json_int_t)d->row[x->in_place_of].position);
    return json_pack("{s:I, s:i, s:I, s:b, s:s, s:o, s:o}", "position", (json_int_t)x->position, "tranche",
                     (int)x->row.tranche, "row", (json_int_t)x->row.row, "replacement", x->replacement, "state",
                     ls_drawn_state_name(x->state), "act", act, "in-place-of", replaces);
}

static ls_result print_json(cli *c, const ls_drawing *d, const ls_report *report)
{
    const ls_draw_state *s = d->state;
    const ls_charter *charter = ls_record_charter(c->ws.record);
    json_t *rows = json_array();
    for (size_t i = 0; i < d->count; i++) {
        json_array_append_new(rows, row_json(d, &d->row[i]));
    }
    json_t *seed = ls_hash_is_zero(&d->seed) ? json_null() : cli_json_hash(&d->seed);
    json_t *o = json_pack("{s:i, s:o, s:s, s:o, s:o, s:o, s:o}", "draw", (int)s->draw->index, "inspection",
                          cli_json_bytes(s->draw->rule->id), "stage", ls_draw_stage_name(s->stage), "since",
                          cli_json_time(s->since), "deadline", cli_json_time(s->deadline), "awaited",
                          cli_card_parties_json(charter, s->awaited), "late", cli_card_parties_json(charter, s->late));
    json_t *more = json_pack("{s:I, s:I, s:I, s:o, s:o, s:b, s:o}", "population", (json_int_t)s->draw->population,
                             "rows", (json_int_t)s->draw->rows, "replacements", (json_int_t)s->draw->spare, "seed",
                             seed, "drawn", rows, "valid", !report->failed, "findings", ls_show_findings_json(report));
    if (o == NULL || more == NULL || json_object_update(o, more) != 0) {
        json_decref(o);
        json_decref(more);
        return ls_fail(&ls_fault_memory);
    }
    json_decref(more);
    return cli_print_json(c, c->ws.exercise, o);
}

static ls_result run_verify(cli *c)
{
    const ls_draw_state *state;
    cli_card j;
    ls_drawing d;
    ls_report report = {.arena = &c->arena};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_draw_find(c, c->argument_count > 0 ? c->argument[0] : NULL, &j, &state));
    LS_TRY(cli_draw_read(c, state, &report, &d));
    if (c->json) {
        LS_TRY(print_json(c, &d, &report));
    } else {
        print_drawing(c, &d, &report);
    }
    return report.failed ? ls_fail(&cli_fault_said) : LS_SUCCESS;
}

const cli_verb cli_verb_draw_verify = {
    "draw verify",
    "[DRAW]",
    "compute a draw again, and what was opened for it",
    "Computes from the record which rows were drawn, by both nonces, and shows for each whether it was opened, "
    "whether\n"
    "it is blank, and which replacement took its place. Exit 1: something does not hold, such as a row that was "
    "opened\n"
    "for the draw and was not drawn, or a drawn one that is missing when its time is over. DRAW is its place or the\n"
    "beginning of its id (default: the last). lockstep verify does the same for all draws of a record, or of a bundle\n"
    "that holds one.",
    "  lockstep -C rok draw verify\n  lockstep -C iaea draw verify 31 --json",
    0,
    1,
    {{0}},
    run_verify};
