/* An inventory as it stands on the record, for programs. */
#include "cli/living.h"

static const char *const stages[] = {"there", "not there yet", "eliminated"};

static json_t *values_json(const cli_living *l, const ls_item *item)
{
    const ls_history_form *form = &l->sources.form;
    json_t *object = json_object();
    for (size_t f = 0; f < form->field_count; f++) {
        if (item->values[f].ptr != NULL) {
            json_object_setn_new(object, (const char *)form->fields[f].ptr, form->fields[f].len,
                                 cli_json_bytes(item->values[f]));
        }
    }
    return object;
}

static json_t *place_json(const ls_item_place *place)
{
    return place->tranche == 0 ? json_pack("{s:I}", "number", (json_int_t)place->row)
                               : json_pack("{s:o, s:I, s:I}", "declared", cli_json_hash(&place->declared), "tranche",
                                           (json_int_t)place->tranche, "row", (json_int_t)place->row);
}

static json_t *changes_json(const ls_item_event *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->item->change_count; i++) {
        const ls_field_change *x = &e->item->changes[i];
        json_t *change = json_pack("{s:o, s:o}", "field", cli_json_bytes(x->field), "after", cli_json_bytes(x->after));
        if (e->change->said->change != LS_CHANGE_NEW) {
            json_object_set_new(change, "before", cli_json_bytes(x->before));
        }
        json_array_append_new(list, change);
    }
    return list;
}

static json_t *event_json(cli *c, const cli_living *l, const ls_item *item, const ls_item_event *e)
{
    bool notified = e->what == LS_HAPPENED_NOTIFIED;
    const char *what = notified                          ? ls_change_name(e->change->said->change)
                       : e->what == LS_HAPPENED_DECLARED ? "declared"
                                                         : "opened";
    json_t *o = json_pack("{s:I, s:s, s:s, s:b}", "act", (json_int_t)e->index, "what", what, "from",
                          cli_history_day(c, e->day), "counts", e->counts);
    const ls_frozen_row *frozen = ls_freezes_find(&l->freezes, e);
    if (e->what == LS_HAPPENED_OPENED) {
        json_object_set_new(o, "audience", cli_json_bytes(e->row->audience));
    }
    if (notified) {
        json_object_set_new(o, "audience", cli_json_bytes(e->change->audience));
        json_object_set_new(o, "changes", changes_json(e));
        json_object_set_new(o, "contested", json_boolean(cli_contested(&l->contests, e->index)));
    }
    if (e->corrects != SIZE_MAX) {
        json_object_set_new(o, "corrects", json_integer((json_int_t)item->events[e->corrects].index));
    }
    if (frozen != NULL) {
        json_object_set_new(o, "frozen_by_visit", json_integer((json_int_t)frozen->visit));
    }
    return o;
}

static json_t *conflict_json(cli *c, const cli_living *l, const ls_item *item, const ls_conflict *x)
{
    json_t *o = json_pack("{s:s, s:I, s:s}", "kind", ls_conflict_name(x->kind), "act",
                          (json_int_t)item->events[x->event].index, "text", cli_conflict_text(c, l, x));
    if (x->source != LS_NO_SOURCE) {
        json_object_set_new(o, "against", json_integer((json_int_t)x->source));
    }
    if (x->field != SIZE_MAX) {
        json_object_set_new(o, "field", cli_json_bytes(l->sources.form.fields[x->field]));
        json_object_set_new(o, "said", cli_json_bytes(x->said));
        json_object_set_new(o, "known", cli_json_bytes(x->known));
    }
    return o;
}

static json_t *item_json(cli *c, const cli_living *l, const ls_item *item)
{
    json_t *history = json_array(), *conflicts = json_array();
    for (size_t i = 0; i < item->event_count; i++) {
        json_array_append_new(history, event_json(c, l, item, &item->events[i]));
    }
    for (size_t i = 0; i < item->conflict_count; i++) {
        json_array_append_new(conflicts, conflict_json(c, l, item, &item->conflicts[i]));
    }
    return json_pack("{s:o, s:o, s:s, s:b, s:b, s:b, s:o, s:I, s:o, s:o}", "id", cli_json_bytes(item->id), "place",
                     place_json(&item->place), "stage", stages[item->stage], "closed", !item->opened, "ambiguous",
                     item->ambiguous, "contested", cli_item_contested(l, item), "values", values_json(l, item), "since",
                     (json_int_t)item->since, "history", history, "contradictions", conflicts);
}

static json_t *findings_json(const cli_living *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->findings.count; i++) {
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "subject", ls_show_text_json(l->findings.finding[i].subject),
                                        "text", ls_show_text_json(l->findings.finding[i].text)));
    }
    return list;
}

/* Of every act that is contested, in any accord: what it contests is named. */
static ls_result contests_json(cli *c, const cli_living *l, json_t *list)
{
    for (size_t i = 0; i < l->contests.count; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++) {
            first = first && l->contests.contest[k].ref != l->contests.contest[i].ref;
        }
        if (first) {
            LS_TRY(cli_contests_json(c, &l->contests, l->contests.contest[i].ref, list));
        }
    }
    return LS_SUCCESS;
}

ls_result cli_living_json(cli *c, const cli_living *l, const ls_item *only)
{
    json_t *items = json_array(), *contests = json_array();
    for (size_t i = 0; i < l->history.count; i++) {
        if (only == NULL || only == &l->history.items[i]) {
            json_array_append_new(items, item_json(c, l, &l->history.items[i]));
        }
    }
    ls_result r = contests_json(c, l, contests);
    if (ls_failed(r)) {
        json_decref(items);
        json_decref(contests);
        return r;
    }
    return cli_print_json(c, c->ws.exercise,
                          json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:I}", "declaration",
                                    cli_json_bytes(l->sources.declared->name), "by",
                                    cli_party_name(c, l->sources.declared->by), "at", cli_json_time(l->at), "as_known",
                                    cli_json_time(l->known), "items", items, "contests", contests, "findings",
                                    findings_json(l), "absent_files", (json_int_t)l->sources.absent));
}
