/* A rehearsal for programs. */
#include "cli/rehearse.h"

static const char *const ends[] = {[LS_ENDED_UNTIL] = "until", [LS_ENDED_STILL] = "still", [LS_ENDED_BOUND] = "bound"};

static json_t *party_json(const cli_rehearsal *x, int party)
{
    return party < 0 ? json_null() : cli_json_bytes(x->charter->party[party].name);
}

static json_t *happenings_json(const cli_rehearsal *x)
{
    static const char *const kinds[] = {[LS_HAPPENED_ACT] = "act",
                                        [LS_HAPPENED_STATE] = "state",
                                        [LS_HAPPENED_EVENT] = "event",
                                        [LS_HAPPENED_OTHER] = "other"};
    json_t *list = json_array();
    for (size_t i = 0; i < x->played.count; i++) {
        const ls_happening *h = &x->played.happenings[i];
        json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:b, s:s, s:s, s:s}", "time", cli_json_time(h->time),
                                              "kind", kinds[h->kind], "party", party_json(x, h->party), "by_rule",
                                              h->by_rule, "what", h->what, "about", h->about, "more", h->more));
    }
    return list;
}

static json_t *performers_json(const cli_rehearsal *x, ls_parties set)
{
    json_t *list = json_array();
    for (size_t p = 0; p < x->charter->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            json_array_append_new(list, party_json(x, (int)p));
        }
    }
    return list;
}

static json_t *measures_json(const cli_rehearsal *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->of.roadmap->measure_count; i++) {
        const ls_measure_state *s = &x->played.state.measure[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:o, s:o, s:b, s:b, s:b, s:i}", "measure",
                                              cli_json_bytes(x->of.roadmap->measures[i].id), "by",
                                              performers_json(x, s->performers), "state", ls_state_name(s->state),
                                              "since", cli_json_time(s->since), "deadline",
                                              s->has_deadline ? cli_json_time(s->deadline) : json_null(), "early",
                                              s->early, "late", s->late, "held", s->held, "score", (int)s->score));
    }
    return list;
}

static json_t *settings_json(const cli_rehearsal *x, size_t run)
{
    json_t *set = json_object();
    for (size_t i = 0; i < x->script.sweep_count; i++) {
        json_object_set_new(set, cli_text(x->c, x->script.sweeps[i].path),
                            json_string(cli_setting_text(x->c, ls_rehearsal_setting(&x->script, run, i))));
    }
    return set;
}

/* Under each column's name; null for what did not come. */
static json_t *report_json(const cli_rehearsal *x, size_t run)
{
    json_t *report = json_object();
    for (size_t i = 0; i < x->script.column_count; i++) {
        const char *text = x->run[run].columns[i];
        json_object_set_new(report, cli_text(x->c, x->script.columns[i].name),
                            text[0] == '\0' ? json_null() : json_string(text));
    }
    return report;
}

static json_t *runs_json(const cli_rehearsal *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->script.run_count; i++) {
        json_array_append_new(list, json_pack("{s:o, s:o, s:s}", "set", settings_json(x, i), "report",
                                              report_json(x, i), "ended", ends[x->run[i].why]));
    }
    return list;
}

ls_result cli_rehearsal_print_json(cli_rehearsal *x)
{
    json_t *all = json_pack("{s:o, s:o, s:o, s:o}", "title",
                            x->script.title.len > 0 ? cli_json_bytes(x->script.title) : json_null(), "accord",
                            cli_json_bytes(x->of.roadmap->name), "signed", cli_json_time(x->script.signed_at), "runs",
                            runs_json(x));
    if (all != NULL && x->script.sweep_count == 0) {
        json_object_set_new(all, "happenings", happenings_json(x));
        json_object_set_new(all, "measures", measures_json(x));
        json_object_set_new(all, "end", cli_json_time(x->played.end));
    }
    return cli_print_json(x->c, x->charter->exercise, all);
}
