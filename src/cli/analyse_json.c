/* The report of an analysis, for programs. Figures are thousandths of a weight, as whole numbers. */
#include "cli/analyse.h"

static json_t *party_json(const cli_analysis *x, size_t p)
{
    return cli_json_bytes(x->charter->party[p].name);
}

static json_t *measure_json(const cli_analysis *x, size_t m)
{
    return cli_json_bytes(x->roadmap->measures[m].id);
}

static json_t *reach_json(const cli_analysis *x, const ls_reach *reach, ls_reach which)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        if (reach[i] == which) {
            json_array_append_new(list, measure_json(x, i));
        }
    }
    return list;
}

static json_t *stuck_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        if (x->a.stuck[i]) {
            json_array_append_new(list, measure_json(x, i));
        }
    }
    return list;
}

/* Measures that are not open in a position, each with how it stands. */
static json_t *position_json(const cli_analysis *x, const ls_stand *stand)
{
    static const char *const words[] = {"open", "in part", "performed", "complete"};
    json_t *map = json_object();
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        if (stand[i] != LS_STAND_OPEN) {
            json_object_set_new(map, cli_measure_name(x, i), json_string(words[stand[i]]));
        }
    }
    return map;
}

static json_t *exposure_json(const cli_analysis *x, const ls_exposure *e)
{
    json_t *open = json_object();
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        if (e->open[i] > 0) {
            json_object_set_new(open, cli_measure_name(x, i), json_integer(e->open[i]));
        }
    }
    return json_pack("{s:o, s:I, s:I, s:I, s:I, s:b, s:o, s:o}", "party", party_json(x, e->party), "most",
                     (json_int_t)e->most, "irreversible", (json_int_t)e->irreversible, "never_answered",
                     (json_int_t)e->gifts, "at_most", (json_int_t)e->bound, "exact", (int)(e->bound == e->most), "with",
                     open, "position", position_json(x, e->stand));
}

static json_t *exposures_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        json_array_append_new(list, exposure_json(x, &x->a.exposure[i]));
    }
    return list;
}

static json_t *withheld_json(const cli_analysis *x, const ls_rightful_silence *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->count; i++) {
        const ls_withheld *w = &s->withheld[i];
        const char *mend = cli_move_mended(x, (ls_move_kind)w->kind, w->subject, s->silent);
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "act", cli_move_word((ls_move_kind)w->kind), "subject",
                                              cli_move_subject(x, (ls_move_kind)w->kind, w->subject), "mended_by",
                                              mend == NULL ? json_null() : json_string(mend)));
    }
    return list;
}

static json_t *silences_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->a.silence_count; i++) {
        const ls_rightful_silence *s = &x->a.silence[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o, s:o, s:o}", "measure", measure_json(x, s->measure), "party",
                                        party_json(x, s->party), "silent", party_json(x, s->silent), "withholds",
                                        withheld_json(x, s), "position", position_json(x, s->stand)));
    }
    return list;
}

static json_t *absences_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->a.absence_count; i++) {
        const ls_absence *b = &x->a.absence[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "party", party_json(x, b->party), "lost",
                                              reach_json(x, b->reach, LS_REACH_NEVER), "not_known",
                                              reach_json(x, b->reach, LS_REACH_UNKNOWN)));
    }
    return list;
}

static json_t *breaches_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        const ls_breach *b = &x->a.breach[i];
        json_t *most = json_object();
        for (size_t e = 0; e < x->a.exposure_count; e++) {
            size_t p = x->a.exposure[e].party;
            json_object_set_new(most, cli_text(x->c, x->charter->party[p].name), json_integer(b->most[p]));
        }
        json_array_append_new(list, json_pack("{s:o, s:I, s:o, s:o, s:b}", "measure", measure_json(x, i), "blocks",
                                              (json_int_t)b->blocked, "lost", reach_json(x, b->reach, LS_REACH_NEVER),
                                              "most", most, "exact", (int)b->exact));
    }
    return list;
}

static const char *const paces[LS_PACES] = {"earliest", "planned", "latest"};

static json_t *dates_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        json_t *entry = json_pack("{s:o}", "measure", measure_json(x, i));
        for (size_t p = 0; p < LS_PACES; p++) {
            const ls_measure_dates *d = &x->schedule[p].measure[i];
            json_object_set_new(entry, paces[p],
                                json_pack("{s:o, s:o, s:o, s:o}", "due", cli_json_time(d->due), "deadline",
                                          cli_json_time(d->deadline), "performed", cli_json_time(d->performed),
                                          "complete", cli_json_time(d->complete)));
        }
        json_array_append_new(list, entry);
    }
    return list;
}

static json_t *steps_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t s = 0; s < x->roadmap->step_count; s++) {
        json_t *entry = json_pack("{s:o}", "step", cli_json_bytes(x->roadmap->steps[s].id));
        for (size_t p = 0; p < LS_PACES; p++) {
            json_object_set_new(entry, paces[p], cli_json_time(x->schedule[p].step[s]));
        }
        json_array_append_new(list, entry);
    }
    return list;
}

static json_t *curve_json(const ls_curve *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->count; i++) {
        json_array_append_new(list, json_pack("{s:o, s:I, s:I}", "from", cli_json_time(c->point[i].from), "exposure",
                                              (json_int_t)c->point[i].exposure, "irreversible",
                                              (json_int_t)c->point[i].irreversible));
    }
    return list;
}

static json_t *curves_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->curve_count; i++) {
        json_t *entry = json_pack("{s:o}", "party", party_json(x, x->curve[0][i].party));
        for (size_t p = 0; p < LS_PACES; p++) {
            json_object_set_new(entry, paces[p], curve_json(&x->curve[p][i]));
        }
        json_array_append_new(list, entry);
    }
    return list;
}

static json_t *suggestions_json(const cli_analysis *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->suggestion_count; i++) {
        const ls_suggestion *s = &x->suggestion[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o, s:I, s:I}", "change", s->split ? "split" : "wait", "measure",
                                        measure_json(x, s->measure), "other", measure_json(x, s->other), "largest",
                                        (json_int_t)s->largest, "total", (json_int_t)s->total));
    }
    return list;
}

ls_result cli_analysis_print_json(cli_analysis *x)
{
    char from[LS_DATE_SIZE];
    ls_date_format(x->from, from);
    return cli_print_json(
        x->c, x->charter->exercise,
        json_pack("{s:o, s:i, s:I, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:I}",
                  "roadmap", cli_json_bytes(x->roadmap->name), "measures", (int)x->roadmap->measure_count, "positions",
                  (json_int_t)x->a.positions, "cut", (int)x->a.cut, "deadlock", (int)x->a.deadlock, "stuck",
                  stuck_json(x), "never_due", reach_json(x, x->a.due, LS_REACH_NEVER), "due_not_known",
                  reach_json(x, x->a.due, LS_REACH_UNKNOWN), "exposures", exposures_json(x), "silences",
                  silences_json(x), "silences_cut", (int)x->a.silence_cut, "absences", absences_json(x), "breaches",
                  breaches_json(x), "signed", from, "dates", dates_json(x), "steps", steps_json(x), "curves",
                  curves_json(x), "suggestions", suggestions_json(x), "tried", (json_int_t)x->tried));
}
