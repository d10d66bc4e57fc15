/* Draws, visits, challenges, questions and reports as JSON. */
#include "cli/scorecard.h"

static json_t *act_of(cli *c, const ls_inspected *x)
{
    return cli_card_act_json(c, x == NULL ? LS_NO_ENTRY : x->index);
}

/* What all of them have. */
static json_t *begun(cli *c, const cli_card *k, const ls_inspected *x, const char *stage, ls_time since,
                     ls_parties awaited, ls_time deadline)
{
    json_t *o = json_pack("{s:o, s:I, s:o, s:s, s:o}", "act", act_of(c, x), "entry", (json_int_t)x->index, "inspection",
                          cli_json_bytes(x->rule->id), "stage", stage, "since", cli_json_time(since));
    json_object_set_new(o, "awaited", cli_card_parties_json(k->charter, awaited));
    json_object_set_new(o, "deadline", cli_json_time(deadline));
    return o;
}

static json_t *draw_json(cli *c, const cli_card *k, const ls_draw_state *d)
{
    json_t *o = begun(c, k, d->draw, ls_draw_stage_name(d->stage), d->since, d->awaited, d->deadline);
    json_object_set_new(o, "population", json_integer((json_int_t)d->draw->population));
    json_object_set_new(o, "rows", json_integer((json_int_t)d->draw->rows));
    json_object_set_new(o, "replacements", json_integer((json_int_t)d->draw->spare));
    json_object_set_new(o, "opened", json_integer((json_int_t)d->opened));
    json_object_set_new(o, "blank", json_integer((json_int_t)d->blank));
    json_object_set_new(o, "to_open", json_integer((json_int_t)d->to_open));
    json_object_set_new(o, "late", cli_card_parties_json(k->charter, d->late));
    return o;
}

static json_t *visit_json(cli *c, const cli_card *k, const ls_visit_state *v)
{
    json_t *o = begun(c, k, v->visit, ls_visit_stage_name(v->stage), v->since, v->awaited, v->deadline);
    json_t *limits = json_array();
    for (size_t i = 0; i < v->visit->rule->visits.limit_count; i++) {
        if ((v->limits >> i & 1) != 0) {
            json_array_append_new(limits, cli_json_bytes(v->visit->rule->visits.limits[i]));
        }
    }
    json_object_set_new(o, "about", cli_card_act_json(c, v->visit->ref));
    json_object_set_new(o, "row",
                        v->visit->tranche == 0 ? json_null()
                                               : json_pack("{s:i, s:I}", "tranche", (int)v->visit->tranche, "row",
                                                           (json_int_t)v->visit->spare));
    json_object_set_new(o, "from", cli_json_time(v->from));
    json_object_set_new(o, "entered", cli_json_time(v->entered));
    json_object_set_new(o, "left", cli_json_time(v->left));
    json_object_set_new(o, "frozen_until", cli_json_time(v->frozen_until));
    json_object_set_new(o, "limits", limits);
    json_object_set_new(o, "by_silence", json_boolean(v->by_silence));
    json_object_set_new(o, "short_notice", json_boolean(v->repeated));
    json_object_set_new(o, "entered_early", json_boolean(v->entered_early));
    json_object_set_new(o, "postponed", json_integer(v->postponed));
    json_object_set_new(o, "postponed_beyond", json_integer(v->beyond));
    return o;
}

static json_t *challenge_json(cli *c, const cli_card *k, const ls_challenge_state *x)
{
    json_t *o = begun(c, k, x->challenge, ls_challenge_stage_name(x->stage), x->since, x->awaited, x->deadline);
    json_object_set_new(o, "place", json_string(cli_inspected_place(c, x->challenge->index)));
    json_object_set_new(o, "denied_by", act_of(c, x->denial));
    json_object_set_new(o, "opened_by", act_of(c, x->opening));
    json_object_set_new(o, "refuted_by", act_of(c, x->refuted_by));
    json_object_set_new(o, "by_silence", json_boolean(x->by_silence));
    json_object_set_new(o, "unasked", json_boolean(x->unasked));
    json_object_set_new(o, "late", json_boolean(x->late));
    return o;
}

static json_t *question_json(cli *c, const ls_clarification_state *x)
{
    return json_pack("{s:o, s:I, s:o, s:s, s:o, s:o}", "act", act_of(c, x->question), "entry",
                     (json_int_t)x->question->index, "inspection", cli_json_bytes(x->question->rule->id), "place",
                     cli_inspected_place(c, x->question->index), "answer", act_of(c, x->answer), "withdrawn",
                     cli_json_time(x->withdrawn));
}

static json_t *report_json(cli *c, const ls_report_state *x)
{
    return json_pack("{s:o, s:I, s:s, s:o, s:s, s:o}", "act", act_of(c, x->report), "entry",
                     (json_int_t)x->report->index, "by", cli_party_name(c, x->report->by), "about",
                     cli_card_act_json(c, x->report->ref), "finding", ls_conclusion_name(x->report->finding),
                     "contradicts", act_of(c, x->contradicts));
}

json_t *cli_card_inspections_json(cli *c, const cli_card *k)
{
    const ls_inspection_state *s = &k->inspection;
    json_t *draws = json_array(), *visits = json_array(), *challenges = json_array(), *questions = json_array(),
           *reports = json_array();
    for (size_t i = 0; i < s->draw_count; i++) {
        json_array_append_new(draws, draw_json(c, k, &s->draw[i]));
    }
    for (size_t i = 0; i < s->visit_count; i++) {
        json_array_append_new(visits, visit_json(c, k, &s->visit[i]));
    }
    for (size_t i = 0; i < s->challenge_count; i++) {
        json_array_append_new(challenges, challenge_json(c, k, &s->challenge[i]));
    }
    for (size_t i = 0; i < s->clarification_count; i++) {
        json_array_append_new(questions, question_json(c, &s->clarification[i]));
    }
    for (size_t i = 0; i < s->report_count; i++) {
        json_array_append_new(reports, report_json(c, &s->report[i]));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "draws", draws, "visits", visits, "questions", questions,
                     "challenges", challenges, "reports", reports);
}
