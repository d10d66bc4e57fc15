/* The scorecard for programs. */
#include "cli/scorecard.h"
#include "cli/talking.h"

static json_t *suspensions_json(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    json_t *list = json_array();
    for (size_t i = 0; i < k->state.suspension_count; i++) {
        const ls_suspension *s = &k->state.suspension[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "act", cli_card_act_json(c, s->index), "by",
                                        cli_text(c, k->charter->party[s->by].name), "track",
                                        s->track < 0 ? json_null() : cli_json_bytes(m->tracks[s->track].id), "measure",
                                        s->measure < 0 ? json_null() : cli_json_bytes(m->measures[s->measure].id),
                                        "since", cli_json_time(s->since), "until", cli_json_time(s->until)));
    }
    return list;
}

static json_t *events_json(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    json_t *list = json_array();
    for (size_t i = 0; i < m->event_count; i++) {
        const ls_event_state *e = &k->state.event[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:b, s:b}", "event", cli_json_bytes(m->events[i].id),
                            "title", cli_json_bytes(m->events[i].title), "happened", e->time <= k->query.at, "time",
                            cli_json_time(e->time), "attested", cli_card_parties_json(k->charter, e->attested), "act",
                            cli_card_act_json(c, e->said_by), "prevented", e->prevented, "to_be_agreed",
                            m->events[i].to_be_agreed));
    }
    return list;
}

static json_t *steps_json(const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    json_t *list = json_array();
    for (size_t i = 0; i < m->step_count; i++) {
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "step", cli_json_bytes(m->steps[i].id), "performed",
                                              cli_json_time(k->state.step[i].performed), "complete",
                                              cli_json_time(k->state.step[i].complete)));
    }
    return list;
}

static json_t *rights_json(const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    json_t *list = json_array();
    for (size_t i = 0; i < m->right_count; i++) {
        const ls_right_state *r = &k->state.right[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:i, s:i, s:i, s:i, s:o, s:o}", "right", cli_json_bytes(m->rights[i].id), "of",
                            cli_json_bytes(k->charter->party[m->rights[i].of].name), "used", (int)r->used, "left",
                            (int)r->left, "forfeited", (int)r->forfeited, "beyond", (int)r->beyond, "from",
                            cli_json_time(r->from), "until", cli_json_time(r->until)));
    }
    return list;
}

static json_t *stages_json(const ls_dispute *p, const ls_dispute_state *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->stage_count; i++) {
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "stage", cli_json_bytes(p->stages[i].id), "begins",
                                        cli_json_time(d->stage[i].begins), "ends", cli_json_time(d->stage[i].ends)));
    }
    return list;
}

static json_t *disputes_json(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    json_t *list = json_array();
    for (size_t i = 0; i < k->state.dispute_count; i++) {
        const ls_dispute_state *d = &k->state.dispute[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "dispute",
                            cli_json_bytes(m->disputes[d->procedure].id), "act", cli_card_act_json(c, d->index), "by",
                            cli_json_bytes(k->charter->party[d->by].name), "measure",
                            d->measure < 0 ? json_null() : cli_json_bytes(m->measures[d->measure].id), "opened",
                            cli_json_time(d->opened), "settled", cli_json_time(d->settled), "exhausted",
                            cli_json_time(d->exhausted), "stages", stages_json(&m->disputes[d->procedure], d)));
    }
    return list;
}

/* Those who gave notice, with the day on which it runs out. */
static json_t *withdrawals_json(cli *c, const cli_card *k)
{
    json_t *o = json_object();
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if (k->state.left[p] != LS_TIME_OPEN) {
            json_object_set_new(o, cli_text(c, k->charter->party[p].name), cli_json_time(k->state.left[p]));
        }
    }
    return o;
}

static json_t *card_json(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    const ls_accord_state *s = &k->state;
    json_t *measures = json_array(), *pledges = json_array(), *demands = json_array();
    for (size_t i = 0; i < m->measure_count; i++) {
        json_array_append_new(measures, cli_card_measure_json(c, k, i));
    }
    for (size_t i = 0; i < m->pledge_count; i++) {
        json_array_append_new(pledges, json_pack("{s:o, s:o, s:o}", "pledge", cli_json_bytes(m->pledges[i].id), "by",
                                                 cli_json_bytes(k->charter->party[m->pledges[i].by].name), "what",
                                                 cli_json_bytes(m->pledges[i].what)));
    }
    for (size_t i = 0; i < m->demand_count; i++) {
        json_array_append_new(demands, json_pack("{s:o, s:o, s:o, s:o}", "demand", cli_json_bytes(m->demands[i].id),
                                                 "by", cli_json_bytes(k->charter->party[m->demands[i].by].name), "of",
                                                 cli_json_bytes(k->charter->party[m->demands[i].of].name), "what",
                                                 cli_json_bytes(m->demands[i].what)));
    }
    json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "accord", cli_json_hash(&k->accord->id), "title",
                          cli_json_bytes(m->title), "signed", cli_json_time(s->signed_at), "provisional",
                          cli_json_time(s->provisional), "in_force", cli_json_time(s->in_force), "ended",
                          cli_json_time(s->ended));
    json_object_set_new(o, "amended", json_boolean(k->accord->amends >= 0));
    json_object_set_new(o, "withdrawals", withdrawals_json(c, k));
    json_object_set_new(o, "measures", measures);
    json_object_set_new(o, "events", events_json(c, k));
    json_object_set_new(o, "steps", steps_json(k));
    json_object_set_new(o, "rights", rights_json(k));
    json_object_set_new(o, "disputes", disputes_json(c, k));
    json_object_set_new(o, "suspensions", suspensions_json(c, k));
    json_object_set_new(o, "inspections", cli_card_inspections_json(c, k));
    json_object_set_new(o, "pledges", pledges);
    json_object_set_new(o, "demands", demands);
    return o;
}

/* Of the process, beside its accords. */
static ls_result talks_json(cli *c, ls_time at, ls_time known, json_t **out)
{
    const cli_talks_filter all = {.group = LS_NO_ENTRY};
    cli_talks_filter open = {.open = true, .group = LS_NO_ENTRY};
    cli_talks t;
    LS_TRY(cli_talks_judge(c, at, known, &t));
    open.only = "proposals";
    *out = cli_talks_json(c, &t, &open);
    open.only = "meetings";
    json_t *meetings = cli_talks_json(c, &t, &open);
    json_object_update(*out, meetings);
    json_decref(meetings);
    json_object_set_new(*out, "pledges", cli_statements_json(c, &t, &all));
    return LS_SUCCESS;
}

ls_result cli_print_status_json(cli *c, ls_time at, ls_time known, const size_t *accords, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        cli_card k;
        LS_TRY(cli_card_judge(c, accords[i], at, known, &k));
        json_array_append_new(list, card_json(c, &k));
    }
    cli_quorum_state q;
    json_t *talks;
    LS_TRY(talks_json(c, at, known, &talks));
    cli_quorum(c, &q);
    return cli_print_json(c, c->ws.exercise,
                          json_pack("{s:o, s:o, s:o, s:b, s:I, s:I, s:b, s:s, s:o, s:o}", "process",
                                    cli_json_hash(&c->ws.process), "as_of", cli_json_time(at), "as_known",
                                    cli_json_time(known), "reached", c->ws.ledger != NULL && !c->ws.offline, "entries",
                                    (json_int_t)ls_record_size(c->ws.record), "final_entries", (json_int_t)q.final,
                                    "stalled", q.stalled, "lacks", q.missing, "accords", list, "talks", talks));
}
