/*
 * Steps and measures of a roadmap.
 *
 *   steps:
 *     - id: test-sites
 *       title: Test sites
 *       track: denuclearization
 *       measures:
 *         - id: open-test-sites
 *           by: dprk
 *           what: open tranche 1 of the declaration
 *           paragraph: p8
 *           [after: [in force, declare-sites confirmed, suspend-exercises performed]]
 *           [due: "2018-12-31"]                        or: 20 days after declare-sites confirmed
 *           [verified-by: [usa]]
 *           [irreversible: true]
 *           [declares: sites]
 *           [opens: {declaration: sites, tranche: 1}]
 *
 * Ids of measures are read before anything that refers to them, so that a measure may wait for one further down.
 */
#include "accord/roadmap_parts.h"

#define DUE_HINT "write a date like \"2018-12-31\", or a time like: 30 days after in force"
#define TRIGGER_HINT "write: in force, or a measure's id and then performed or confirmed"

/* No measure is due more than a century after what it waits for. */
static const uint32_t longest[] = {[LS_UNIT_HOURS] = 100000,
                                   [LS_UNIT_DAYS] = 36525,
                                   [LS_UNIT_WEEKS] = 5217,
                                   [LS_UNIT_MONTHS] = 1200,
                                   [LS_UNIT_YEARS] = 100};

static const struct {
    const char *word;
    ls_event_kind kind;
} events[] = {{" performed", LS_EVENT_PERFORMED}, {" confirmed", LS_EVENT_CONFIRMED}};

static bool read_event(ls_bytes text, ls_event_kind *kind, ls_bytes *measure)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        size_t len = strlen(events[i].word);
        if (text.len > len && memcmp(text.ptr + text.len - len, events[i].word, len) == 0) {
            *kind = events[i].kind;
            *measure = ls_bytes_of(text.ptr, text.len - len);
            return true;
        }
    }
    return false;
}

static bool read_trigger(ls_roadmap_reader *r, ls_bytes text, ls_mark mark, ls_trigger *out)
{
    ls_bytes id;
    if (ls_bytes_is(text, "in force")) {
        *out = (ls_trigger){.kind = LS_EVENT_IN_FORCE};
        return true;
    }
    if (!read_event(text, &out->kind, &id)) {
        ls_diagnose(r->d, mark, TRIGGER_HINT, "not an event that a measure can wait for");
        return false;
    }
    int measure = ls_ids_require(&r->measures, id, mark, r->d);
    if (measure < 0) {
        return false;
    }
    if (out->kind == LS_EVENT_CONFIRMED && ls_value_get(r->source[measure], "verified-by") == NULL) {
        ls_diagnose(r->d, mark, "wait for it to be performed, or say who verifies it",
                    "nobody verifies '%.*s', so it is never confirmed", (int)id.len, id.ptr);
        return false;
    }
    out->measure = (size_t)measure;
    return true;
}

static void read_after(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    const ls_value *list = ls_field_list(v, "after", 0, LS_AFTER_MAX, r->d);
    m->after = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *m->after);
    for (size_t i = 0; m->after != NULL && i < list->count; i++) {
        ls_bytes text;
        if (ls_field_read_line(list->items[i], "after", r->d, &text) &&
            read_trigger(r, text, list->items[i]->mark, &m->after[m->after_count])) {
            m->after_count++;
        }
    }
}

static bool looks_like_date(ls_bytes text)
{
    return text.len == LS_DATE_SIZE - 1 && text.ptr[4] == '-' && text.ptr[7] == '-';
}

/* "<duration> after <trigger>" */
static void read_due_after(ls_roadmap_reader *r, ls_bytes text, ls_mark mark, ls_due *out)
{
    static const char word[] = " after ";
    const uint8_t *at = memmem(text.ptr, text.len, word, strlen(word));
    ls_due due = {.kind = LS_DUE_AFTER};
    if (at == NULL || !ls_duration_parse(ls_bytes_of(text.ptr, (size_t)(at - text.ptr)), &due.duration)) {
        ls_diagnose(r->d, mark, DUE_HINT, "due must be a date, or a length of time after an event");
        return;
    }
    if (due.duration.count > longest[due.duration.unit]) {
        ls_diagnose(r->d, mark, NULL, "due must be at most 100 years after the event");
        return;
    }
    const uint8_t *rest = at + strlen(word);
    if (read_trigger(r, ls_bytes_of(rest, (size_t)(text.ptr + text.len - rest)), mark, &due.trigger)) {
        *out = due;
    }
}

static void read_due(ls_roadmap_reader *r, const ls_value *v, ls_due *out)
{
    ls_bytes text;
    if (!ls_field_line(v, "due", r->d, &text)) {
        return;
    }
    ls_mark mark = ls_field_mark(v, "due");
    if (ls_date_parse(text, &out->date)) {
        out->kind = LS_DUE_DATE;
    } else if (looks_like_date(text)) {
        ls_diagnose(r->d, mark, "years run from 1970, and months have 28 to 31 days", "there is no date %.*s",
                    (int)text.len, text.ptr);
    } else {
        read_due_after(r, text, mark, out);
    }
}

static void read_verifiers(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    const ls_value *list = ls_field_list(v, "verified-by", 1, LS_PARTIES_MAX, r->d);
    const ls_value *by = ls_value_get(v, "by");
    ls_ids seen;
    if (list == NULL || !ls_ids_init(&seen, "verifier", list->count, r->arena, r->d)) {
        return;
    }
    m->verifiers = ls_arena_array(r->arena, list->count, sizeof *m->verifiers);
    for (size_t i = 0; m->verifiers != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        if (!ls_roadmap_read_party(r, item, false, &m->verifiers[m->verifier_count])) {
            continue;
        }
        m->verifier_count++;
        ls_ids_add(&seen, item->string, item->mark, r->d);
        if (by != NULL && by->type == LS_STRING && ls_bytes_equal(by->string, item->string)) {
            ls_diagnose(r->d, item->mark, NULL, "nobody verifies a measure of his own");
        }
    }
}

/* A declaration by the same party as the measure. */
static const ls_declared *read_declaration(ls_roadmap_reader *r, const ls_value *map, const char *key,
                                           const ls_measure *m, ls_bytes *name)
{
    if (!ls_field_name(map, key, r->d, name)) {
        return NULL;
    }
    int found = ls_ids_require(&r->declarations, *name, ls_field_mark(map, key), r->d);
    if (found < 0) {
        return NULL;
    }
    const ls_declared *declared = &r->roadmap->declarations[found];
    if (declared->by != m->by) {
        ls_diagnose(r->d, ls_field_mark(map, key), NULL, "the declaration '%.*s' is another party's", (int)name->len,
                    name->ptr);
    }
    return declared;
}

static void read_opens(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    const ls_value *opens = ls_value_get(v, "opens");
    int64_t tranche;
    if (opens == NULL) {
        return;
    }
    ls_value_check_map(opens, "opens", LS_KEYS({"declaration", true}, {"tranche", true}), r->d);
    const ls_declared *declared = read_declaration(r, opens, "declaration", m, &m->opens);
    if (declared != NULL && declared->tranche_count > 0 &&
        ls_field_integer(opens, "tranche", 1, (int64_t)declared->tranche_count, r->d, &tranche)) {
        m->opens_tranche = (uint32_t)tranche;
    }
    if (ls_value_get(v, "declares") != NULL) {
        ls_diagnose(r->d, opens->mark, "make two measures of them", "a measure either declares or opens");
    }
}

/* All but the id, for which others may look. */
static void read_measure(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    ls_value_check_map(v, "measure",
                       LS_KEYS({"id", true}, {"by", true}, {"what", true}, {"paragraph", true}, {"after", false},
                               {"due", false}, {"verified-by", false}, {"irreversible", false}, {"declares", false},
                               {"opens", false}),
                       r->d);
    ls_roadmap_read_promise(r, v, &m->by, &m->what, &m->paragraph);
    read_after(r, v, m);
    read_due(r, v, &m->due);
    read_verifiers(r, v, m);
    ls_field_boolean(v, "irreversible", r->d, &m->irreversible);
    read_declaration(r, v, "declares", m, &m->declares);
    read_opens(r, v, m);
}

static void read_measure_ids(ls_roadmap_reader *r, const ls_value *list, size_t step)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t index = r->roadmap->measure_count++;
        ls_measure *m = &r->roadmap->measures[index];
        m->step = step;
        m->track = r->roadmap->steps[step].track;
        m->mark = ls_field_mark(list->items[i], "id");
        ls_field_name(list->items[i], "id", r->d, &m->id);
        ls_ids_add(&r->measures, m->id, m->mark, r->d);
        r->source[index] = list->items[i];
    }
}

static void read_step(ls_roadmap_reader *r, const ls_value *v, size_t index)
{
    ls_step *step = &r->roadmap->steps[index];
    ls_bytes track;
    ls_value_check_map(v, "step", LS_KEYS({"id", true}, {"title", true}, {"track", true}, {"measures", true}), r->d);
    ls_field_name(v, "id", r->d, &step->id);
    ls_ids_add(&r->steps, step->id, ls_field_mark(v, "id"), r->d);
    ls_field_line(v, "title", r->d, &step->title);
    if (ls_field_name(v, "track", r->d, &track)) {
        int found = ls_ids_require(&r->tracks, track, ls_field_mark(v, "track"), r->d);
        step->track = found < 0 ? 0 : (size_t)found;
    }
    const ls_value *measures = ls_field_list(v, "measures", 1, LS_MEASURES_MAX, r->d);
    if (measures != NULL) {
        read_measure_ids(r, measures, index);
    }
}

/* How many measures all steps list: the arrays are made once. */
static size_t count_measures(const ls_value *steps)
{
    size_t total = 0;
    for (size_t i = 0; i < steps->count; i++) {
        const ls_value *measures = ls_value_get(steps->items[i], "measures");
        total += measures != NULL && measures->type == LS_LIST ? measures->count : 0;
    }
    return total;
}

void ls_roadmap_read_steps(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "steps", 1, LS_STEPS_MAX, r->d);
    size_t total = list == NULL ? 0 : count_measures(list);
    if (list == NULL) {
        return;
    }
    if (total > LS_MEASURES_MAX) {
        ls_diagnose(r->d, list->mark, NULL, "%zu measures are more than %d", total, LS_MEASURES_MAX);
        return;
    }
    r->roadmap->steps = ls_arena_array(r->arena, list->count, sizeof *r->roadmap->steps);
    r->roadmap->measures = ls_arena_array(r->arena, total, sizeof *r->roadmap->measures);
    r->source = ls_arena_array(r->arena, total, sizeof *r->source);
    if (r->roadmap->steps == NULL || r->roadmap->measures == NULL || r->source == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        read_step(r, list->items[i], r->roadmap->step_count++);
    }
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        read_measure(r, r->source[i], &r->roadmap->measures[i]);
    }
}
