/*
 * Steps, and the ids of their measures.
 *
 *   steps:
 *     - id: test-sites
 *       title: Test sites
 *       track: denuclearization
 *       [simultaneous: true]
 *       measures: [{id: …}]
 *
 * Ids of measures are read before anything that refers to them, so that a measure may wait for one further down.
 */
#include "roadmap/parts.h"

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
    ls_value_check_map(
        v, "step", LS_KEYS({"id", true}, {"title", true}, {"track", true}, {"simultaneous", false}, {"measures", true}),
        r->d);
    ls_field_name(v, "id", r->d, &step->id);
    ls_ids_add(&r->steps, step->id, ls_field_mark(v, "id"), r->d);
    ls_field_line(v, "title", r->d, &step->title);
    if (ls_field_name(v, "track", r->d, &track)) {
        int found = ls_ids_require(&r->tracks, track, ls_field_mark(v, "track"), r->d);
        step->track = found < 0 ? 0 : (size_t)found;
    }
    ls_field_boolean(v, "simultaneous", r->d, &step->simultaneous);
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
}
