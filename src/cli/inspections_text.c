/* Draws, visits, challenges and questions as tables. */
#include "cli/scorecard.h"
#include "workspace/reading.h"
#include <stdio.h>

static const char *when(cli *c, const cli_card *k, ls_time t)
{
    return t == LS_TIME_OPEN ? "-" : ls_why_date(k->charter, t, &c->arena);
}

/* "dprk until 2018-10-20", or "-". */
static const char *awaited(cli *c, const cli_card *k, ls_parties who, ls_time deadline)
{
    if (who == 0) {
        return "-";
    }
    const char *names = ls_why_parties(k->charter, who, &c->arena);
    return deadline == LS_TIME_OPEN
               ? names
               : ls_arena_format(&c->arena, "%s until %s", names, ls_why_deadline(k->charter, deadline, &c->arena));
}

const char *cli_inspected_place(cli *c, uint32_t index)
{
    ls_act *act = ls_arena_alloc(&c->arena, sizeof *act);
    if (act == NULL || ls_failed(ls_workspace_read_act(&c->ws, index, &c->arena, act, NULL))) {
        return "?";
    }
    return ls_arena_format(&c->arena, "%s, %llu m", cli_text(c, act->raw[LS_H_PLACE]), (unsigned long long)act->radius);
}

static void print(cli_table *t, const char *title)
{
    if (t->rows > 0) {
        cli_print("%s\n", title);
        cli_table_print(t);
        putchar('\n');
    }
}

static void print_draws(cli *c, const cli_card *k)
{
    cli_table t = {.columns = 8,
                   .heading = {"entry", "inspection", "rows", "of", "stage", "since", "opened", "awaited"}};
    for (size_t i = 0; i < k->inspection.draw_count; i++) {
        const ls_draw_state *d = &k->inspection.draw[i];
        const char *opened = d->blank == 0
                                 ? ls_arena_format(&c->arena, "%llu", (unsigned long long)d->opened)
                                 : ls_arena_format(&c->arena, "%llu, %llu blank", (unsigned long long)d->opened,
                                                   (unsigned long long)d->blank);
        const char *cells[] = {
            cli_card_entry(c, d->draw->index),
            cli_text(c, d->draw->rule->id),
            ls_arena_format(&c->arena, "%llu", (unsigned long long)d->draw->rows),
            ls_arena_format(&c->arena, "%llu", (unsigned long long)d->draw->population),
            ls_arena_format(&c->arena, "%s%s", ls_draw_stage_name(d->stage), d->late != 0 ? ", late" : ""),
            when(c, k, d->since),
            opened,
            awaited(c, k, d->awaited, d->deadline)};
        cli_table_row(c, &t, cells);
    }
    print(&t, "Draws");
}

static const char *visit_about(cli *c, const ls_visit_state *v)
{
    const ls_inspected *x = v->visit;
    return x->tranche == 0 ? ls_arena_format(&c->arena, "place of %u", x->ref)
                           : ls_arena_format(&c->arena, "row %u/%llu", x->tranche, (unsigned long long)x->spare);
}

static const char *visit_marks(cli *c, const cli_card *k, const ls_visit_state *v)
{
    const struct {
        bool is;
        const char *word;
    } marks[] = {{v->by_silence, "by silence"},
                 {v->repeated, "short notice"},
                 {v->entered_early, "before the notice ended"},
                 {v->postponed > 0, "put off"},
                 {v->beyond > 0, "put off further than allowed"},
                 {v->limits != 0, "managed access"},
                 {v->frozen_until > k->query.at, "frozen"}};
    const char *text = "";
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        text = marks[i].is ? ls_arena_format(&c->arena, "%s, %s", text, marks[i].word) : text;
    }
    return text;
}

/* What was dated counts at the closing hour of that day. */
static const char *visit_since(cli *c, const cli_card *k, const ls_visit_state *v)
{
    bool dated = v->stage == LS_VISIT_ENTERED || v->stage == LS_VISIT_LEFT;
    return dated ? ls_why_deadline(k->charter, v->since, &c->arena) : when(c, k, v->since);
}

static void print_visits(cli *c, const cli_card *k)
{
    cli_table t = {.columns = 7, .heading = {"entry", "inspection", "about", "stage", "since", "from", "awaited"}};
    for (size_t i = 0; i < k->inspection.visit_count; i++) {
        const ls_visit_state *v = &k->inspection.visit[i];
        const char *cells[] = {cli_card_entry(c, v->visit->index),
                               cli_text(c, v->visit->rule->id),
                               visit_about(c, v),
                               ls_arena_format(&c->arena, "%s%s", ls_visit_stage_name(v->stage), visit_marks(c, k, v)),
                               visit_since(c, k, v),
                               ls_why_deadline(k->charter, v->from, &c->arena),
                               awaited(c, k, v->awaited, v->deadline)};
        cli_table_row(c, &t, cells);
    }
    print(&t, "Visits");
}

static const char *challenge_stands(cli *c, const ls_challenge_state *x)
{
    const char *refuted =
        x->refuted_by == NULL ? "" : ls_arena_format(&c->arena, " by the finding in entry %u", x->refuted_by->index);
    return ls_arena_format(&c->arena, "%s%s%s%s%s", ls_challenge_stage_name(x->stage), refuted,
                           x->by_silence ? ", by silence" : "", x->late ? ", late" : "",
                           x->unasked ? ", without a question so long before" : "");
}

static void print_challenges(cli *c, const cli_card *k)
{
    cli_table t = {.columns = 6, .heading = {"entry", "inspection", "place", "stage", "since", "awaited"}};
    for (size_t i = 0; i < k->inspection.challenge_count; i++) {
        const ls_challenge_state *x = &k->inspection.challenge[i];
        const char *cells[] = {cli_card_entry(c, x->challenge->index),
                               cli_text(c, x->challenge->rule->id),
                               cli_inspected_place(c, x->challenge->index),
                               challenge_stands(c, x),
                               when(c, k, x->since),
                               awaited(c, k, x->awaited, x->deadline)};
        cli_table_row(c, &t, cells);
    }
    print(&t, "Challenges");
}

static void print_questions(cli *c, const cli_card *k)
{
    cli_table t = {.columns = 4, .heading = {"entry", "inspection", "place", "answer"}};
    for (size_t i = 0; i < k->inspection.clarification_count; i++) {
        const ls_clarification_state *x = &k->inspection.clarification[i];
        const char *answer = x->answer != NULL              ? ls_arena_format(&c->arena, "entry %u", x->answer->index)
                             : x->withdrawn != LS_TIME_OPEN ? "withdrawn"
                                                            : "none yet";
        const char *cells[] = {cli_card_entry(c, x->question->index), cli_text(c, x->question->rule->id),
                               cli_inspected_place(c, x->question->index), answer};
        cli_table_row(c, &t, cells);
    }
    print(&t, "Questions");
}

static void print_reports(cli *c, const cli_card *k)
{
    cli_table t = {.columns = 5, .heading = {"entry", "by", "about", "finding", "contradicts"}};
    for (size_t i = 0; i < k->inspection.report_count; i++) {
        const ls_report_state *x = &k->inspection.report[i];
        const char *against = "-";
        if (x->contradicts != NULL) {
            against =
                ls_arena_format(&c->arena, "entry %u, by %s: %s", x->contradicts->index,
                                cli_party_name(c, x->contradicts->by), ls_conclusion_name(x->contradicts->finding));
        }
        const char *cells[] = {cli_card_entry(c, x->report->index), cli_party_name(c, x->report->by),
                               cli_card_entry(c, x->report->ref), ls_conclusion_name(x->report->finding), against};
        cli_table_row(c, &t, cells);
    }
    print(&t, "Reports");
}

ls_result cli_card_print_inspections(cli *c, const cli_card *k)
{
    print_draws(c, k);
    print_visits(c, k);
    print_questions(c, k);
    print_challenges(c, k);
    print_reports(c, k);
    return LS_SUCCESS;
}
