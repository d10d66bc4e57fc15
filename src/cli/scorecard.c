/* An accord on the record, judged at a time. */
#include "cli/scorecard.h"

ls_result cli_judging_time(cli *c, ls_time *out)
{
    ls_time stamped = ls_record_time(c->ws.record);
    if (!ls_record_charter(c->ws.record)->quorum_none && stamped > 0) {
        *out = stamped;
        return LS_SUCCESS;
    }
    return ls_workspace_now(&c->ws, out, &c->detail);
}

/* A date stands for its end, in the process's zone. */
static ls_result read_time(cli *c, const char *option, ls_time *out)
{
    const char *given = cli_value(c, option);
    ls_date date;
    if (given == NULL || ls_time_parse(ls_bytes_str(given), out)) {
        return LS_SUCCESS;
    }
    if (!ls_date_parse(ls_bytes_str(given), &date)) {
        ls_hint(&c->detail, "--%s 2018-10-31, or --%s 2018-10-31T12:00:00Z", option, option);
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is neither a date nor a time", given);
    }
    *out = ls_zone_instant(&ls_record_charter(c->ws.record)->zone, date, 86400) - 1;
    return LS_SUCCESS;
}

ls_result cli_card_begin(cli *c, ls_time *at, ls_time *known)
{
    LS_TRY(cli_sync(c));
    if (ls_record_charter(c->ws.record) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    LS_TRY(cli_judging_time(c, known));
    *at = *known;
    LS_TRY(read_time(c, "as-known", known));
    return read_time(c, "at", at);
}

ls_result cli_card_accords(cli *c, ls_time at, ls_time known, size_t **indices, size_t *count)
{
    int chosen = -1;
    if (cli_value(c, "accord") != NULL) {
        LS_TRY(cli_find_accord(c, &chosen));
    }
    return ls_card_accords(c->ws.record, chosen, at, known, &c->arena, indices, count);
}

ls_result cli_card_judge(cli *c, size_t accord, ls_time at, ls_time known, cli_card *out)
{
    return ls_card_judge(c->ws.record, accord, at, known, &c->arena, out);
}

ls_result cli_card_now(cli *c, int accord, cli_card *out)
{
    ls_time now;
    LS_TRY(cli_judging_time(c, &now));
    return cli_card_judge(c, (size_t)accord, now, now, out);
}

ls_result cli_card_of(cli *c, cli_subject kind, const char *name, ls_time at, ls_time known, cli_card *out,
                      size_t *index)
{
    int accord, found;
    LS_TRY(cli_find_subject(c, kind, name, &accord, &found));
    if (!ls_card_signed(c->ws.record, (size_t)accord, at, known)) {
        ls_hint(&c->detail, "lockstep log shows when it was");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the accord that has %s was not signed by then", name);
    }
    LS_TRY(cli_card_judge(c, (size_t)ls_record_accord_at(c->ws.record, accord, at, known), at, known, out));
    const ls_roadmap *m = out->accord->roadmap;
    found = kind == CLI_MEASURE ? ls_roadmap_measure(m, ls_bytes_str(name)) : ls_roadmap_event(m, ls_bytes_str(name));
    if (found < 0) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the version of the accord that held then had no %s", name);
    }
    *index = (size_t)found;
    return LS_SUCCESS;
}

/* Texts. */

bool cli_card_final(const cli *c, const ls_measure_state *s)
{
    uint64_t final = ls_replica_final(c->ws.replica);
    return (s->performed_by == LS_NO_ENTRY || s->performed_by < final) &&
           (s->answered_by == LS_NO_ENTRY || s->answered_by < final);
}

const char *cli_card_marks(cli *c, const cli_card *k, size_t measure)
{
    const ls_measure_state *s = &k->state.measure[measure];
    const struct {
        bool is;
        const char *word;
    } marks[] = {{s->early, "early"},
                 {s->begun_late, "begun late"},
                 {s->late, "late"},
                 {s->held && (s->state == LS_PERFORMED || s->state == LS_CONFIRMED), "held"},
                 {s->suspended, "suspended"},
                 {s->in_dispute, "in dispute"},
                 {s->by_silence, "by silence"},
                 {!cli_card_final(c, s), "not final"}};
    const char *text = "";
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        text = marks[i].is ? ls_arena_format(&c->arena, "%s, %s", text, marks[i].word) : text;
    }
    return text;
}

const char *cli_card_state(cli *c, const cli_card *k, size_t measure)
{
    return ls_arena_format(&c->arena, "%s%s", ls_state_name(k->state.measure[measure].state),
                           cli_card_marks(c, k, measure));
}

const char *cli_card_deadline(cli *c, const cli_card *k, size_t measure)
{
    const ls_measure_state *s = &k->state.measure[measure];
    return ls_why_deadline(k->charter, s->has_deadline ? s->deadline : LS_TIME_OPEN, &c->arena);
}

const char *cli_card_entry(cli *c, uint32_t index)
{
    return index == LS_NO_ENTRY ? "-" : ls_arena_format(&c->arena, "%u", index);
}

/* JSON. */

json_t *cli_card_act_json(cli *c, uint32_t index)
{
    if (index == LS_NO_ENTRY) {
        return json_null();
    }
    ls_record_entry e = ls_record_at(c->ws.record, index);
    return cli_json_hash(&e.id);
}

json_t *cli_card_parties_json(const ls_charter *charter, ls_parties set)
{
    json_t *list = json_array();
    for (size_t p = 0; p < charter->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            json_array_append_new(list, cli_json_bytes(charter->party[p].name));
        }
    }
    return list;
}

/* As a decimal text, which is exact. */
static json_t *quantity_json(ls_quantity q)
{
    char text[LS_QUANTITY_SIZE];
    if (q == LS_QUANTITY_NONE) {
        return json_null();
    }
    ls_quantity_format(q, text);
    return json_string(text);
}

static json_t *amount_json(cli *c, const cli_card *k, const ls_measure *m, const ls_measure_state *s)
{
    if (m->amount.kind == LS_AMOUNT_NONE) {
        return json_null();
    }
    json_t *o =
        json_pack("{s:o, s:o, s:o, s:o}", "required", quantity_json(s->required), "total", quantity_json(s->total),
                  "confirmed", quantity_json(s->confirmed), "unit", cli_json_bytes(m->amount.unit));
    if (s->delivered != NULL) {
        json_t *by = json_object();
        for (size_t p = 0; p < k->charter->party_count; p++) {
            if ((s->performers & LS_PARTY_BIT(p)) != 0) {
                json_object_set_new(by, ls_why_parties(k->charter, LS_PARTY_BIT(p), &c->arena),
                                    quantity_json(s->delivered[p]));
            }
        }
        json_object_set_new(o, "by", by);
    }
    return o;
}

static json_t *moments_json(const ls_measure_state *s)
{
    json_t *o = json_object();
    for (ls_event_kind k = 0; k < LS_EVENT_KINDS; k++) {
        json_object_set_new(o, ls_event_name(k), cli_json_time(s->event[k]));
    }
    return o;
}

json_t *cli_card_measure_json(cli *c, const cli_card *k, size_t measure)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    const ls_measure_state *s = &k->state.measure[measure];
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:b}", "measure", cli_text(c, m->id),
                          "by", ls_why_parties(k->charter, m->by, &c->arena), "what", cli_text(c, m->what), "state",
                          ls_state_name(s->state), "why", ls_why(&k->account, measure), "early", s->early, "late",
                          s->late, "held", s->held, "suspended", s->suspended, "in_dispute", s->in_dispute,
                          "by_silence", s->by_silence, "clock_stands", s->stopped);
    json_object_set_new(o, "parties", cli_card_parties_json(k->charter, s->performers != 0 ? s->performers : m->by));
    json_object_set_new(o, "begun_late", json_boolean(s->begun_late));
    json_object_set_new(o, "since", cli_json_time(s->since));
    json_object_set_new(o, "deadline", s->has_deadline ? cli_json_time(s->deadline) : json_null());
    json_object_set_new(o, "begin_by", s->has_begin ? cli_json_time(s->begin_by) : json_null());
    json_object_set_new(o, "performed_by", cli_card_act_json(c, s->performed_by));
    json_object_set_new(o, "answered_by", cli_card_act_json(c, s->answered_by));
    json_object_set_new(o, "confirmed_by", cli_card_parties_json(k->charter, s->confirmations));
    json_object_set_new(o, "amount", amount_json(c, k, m, s));
    json_object_set_new(o, "moments", moments_json(s));
    json_object_set_new(o, "breaches", json_integer(s->breaches));
    json_object_set_new(o, "incidents",
                        json_pack("{s:i, s:i}", "reported", (int)s->incidents, "open", (int)s->open_incidents));
    json_object_set_new(o, "score", json_integer(s->score));
    json_object_set_new(o, "assessed_by", cli_card_act_json(c, s->assessed_by));
    json_object_set_new(o, "final", json_boolean(cli_card_final(c, s)));
    return o;
}
