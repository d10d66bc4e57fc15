/*
 * Events: moments with a name.
 *
 *   events:
 *     - {id: broader-conclusion, title: the IAEA's Broader Conclusion, attested-by: [iaea]}
 *     - {id: transition-day, title: Transition Day, when: {earliest: [8 years after adoption-day, broader-conclusion]}}
 *     - {id: sanctions-return, title: …, when: 30 days after issue-notified, unless: continuation-adopted}
 *     - {id: corresponding-measures, title: …, to-be-agreed: true}
 */
#include "roadmap/parts.h"

/* An event is attested, or follows, or is open: one of the three. */
static void check_kind(ls_roadmap_reader *r, const ls_value *v, const ls_event *e)
{
    bool has_when = ls_value_get(v, "when") != NULL, has_unless = ls_value_get(v, "unless") != NULL;
    int kinds = (ls_value_get(v, "attested-by") != NULL ? 1 : 0) + (has_when ? 1 : 0) + (e->to_be_agreed ? 1 : 0);
    if (kinds != 1) {
        ls_diagnose(r->d, e->mark, "say who attests it, or when it happens, or that it is to be agreed",
                    "an event has one of attested-by, when and to-be-agreed, not %s", kinds == 0 ? "none" : "several");
    }
    if (has_unless && !has_when) {
        ls_diagnose(r->d, ls_field_mark(v, "unless"), "say with when by which moment it must not have come",
                    "unless needs when");
    }
}

static void read_event(ls_roadmap_reader *r, const ls_value *v, ls_event *e)
{
    ls_value_check_map(v, "event",
                       LS_KEYS({"id", true}, {"title", true}, {"attested-by", false}, {"when", false},
                               {"unless", false}, {"to-be-agreed", false}),
                       r->d);
    e->mark = ls_field_mark(v, "id");
    ls_field_name(v, "id", r->d, &e->id);
    ls_ids_add(&r->events, e->id, e->mark, r->d);
    if (ls_bytes_is(e->id, "signed")) {
        ls_diagnose(r->d, e->mark, "give it another name", "'signed' is a moment of every accord");
    }
    ls_field_line(v, "title", r->d, &e->title);
    ls_roadmap_read_party_list(r, v, "attested-by", LS_OF_CHARTER, &e->attested_by);
    ls_field_boolean(v, "to-be-agreed", r->d, &e->to_be_agreed);
    check_kind(r, v, e);
}

void ls_roadmap_read_events(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "events", 0, LS_EVENTS_MAX, r->d);
    ls_event *events = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *events);
    r->awaited = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *r->awaited);
    if (events == NULL || r->awaited == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        read_event(r, list->items[i], &events[r->roadmap->event_count++]);
    }
    r->roadmap->events = events;
}

void ls_roadmap_read_event_moments(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_value_get(v, "events");
    for (size_t i = 0; i < r->roadmap->event_count; i++) {
        ls_roadmap_read_moment(r, list->items[i], "when", &r->roadmap->events[i].when);
        ls_roadmap_read_moment(r, list->items[i], "unless", &r->roadmap->events[i].unless);
    }
}
