/*
 * The roadmap's frame: who signs, tracks, pledges and demands; and how the reading goes.
 *
 * Whatever refers to something may stand before it in the document. So ids of all kinds are collected first, then
 * everything but moments is read, and moments, which may name anything, come last.
 */
#include "roadmap/parts.h"

#define DAY 86400

static void read_parties(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "parties", 2, LS_PARTIES_MAX, r->d);
    size_t *parties = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *parties);
    ls_parties signing = 0;
    /* With one of them misspelled, nobody can be said not to sign: then the roadmap has no parties. */
    if (parties == NULL || !ls_roadmap_read_party_list(r, v, "parties", LS_OF_CHARTER, &signing)) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        parties[i] = (size_t)ls_ids_find(&r->parties, list->items[i]->string);
    }
    r->roadmap->parties = parties;
    r->roadmap->party_count = list->count;
    r->roadmap->signed_by = signing;
}

static void read_date_limit(ls_roadmap_reader *r, const ls_value *v)
{
    int64_t seconds = LS_DATE_LIMIT_DEFAULT * DAY;
    if (ls_field_seconds(v, "date-limit", r->d, &seconds) &&
        (seconds % DAY != 0 || seconds > LS_DATE_LIMIT_MAX * DAY)) {
        ls_diagnose(r->d, ls_field_mark(v, "date-limit"), "write it like: 7 days",
                    "date-limit must be whole days, at most %d", LS_DATE_LIMIT_MAX);
    }
    r->roadmap->date_limit = (unsigned)(seconds / DAY);
}

static void read_tracks(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "tracks", 1, LS_TRACKS_MAX, r->d);
    ls_track *tracks = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *tracks);
    for (size_t i = 0; tracks != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        ls_value_check_map(item, "track", LS_KEYS({"id", true}, {"title", true}), r->d);
        ls_field_name(item, "id", r->d, &tracks[i].id);
        ls_ids_add(&r->tracks, tracks[i].id, ls_field_mark(item, "id"), r->d);
        ls_field_line(item, "title", r->d, &tracks[i].title);
        r->roadmap->track_count++;
    }
    r->roadmap->tracks = tracks;
}

static void read_pledge(ls_roadmap_reader *r, const ls_value *v, ls_pledge *p)
{
    ls_value_check_map(v, "pledge", LS_KEYS({"id", true}, {"by", true}, {"what", true}, {"paragraph", true}), r->d);
    ls_field_name(v, "id", r->d, &p->id);
    ls_ids_add(&r->pledges, p->id, ls_field_mark(v, "id"), r->d);
    const ls_value *by = ls_value_get(v, "by");
    if (by != NULL) {
        ls_roadmap_read_party(r, by, LS_OF_ACCORD, &p->by);
    }
    ls_roadmap_read_words(r, v, &p->what, &p->paragraph);
}

static void read_pledges(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "pledges", 0, LS_PLEDGES_MAX, r->d);
    ls_pledge *pledges = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *pledges);
    for (size_t i = 0; pledges != NULL && i < list->count; i++) {
        read_pledge(r, list->items[i], &pledges[r->roadmap->pledge_count++]);
    }
    r->roadmap->pledges = pledges;
}

static void read_demand(ls_roadmap_reader *r, const ls_value *v, ls_demand *x)
{
    const ls_value *by = ls_value_get(v, "by"), *of = ls_value_get(v, "of");
    ls_value_check_map(v, "demand",
                       LS_KEYS({"id", true}, {"by", true}, {"of", true}, {"what", true}, {"paragraph", true}), r->d);
    ls_field_name(v, "id", r->d, &x->id);
    ls_ids_add(&r->demands, x->id, ls_field_mark(v, "id"), r->d);
    bool both = by != NULL && ls_roadmap_read_party(r, by, LS_OF_ACCORD, &x->by);
    both = of != NULL && ls_roadmap_read_party(r, of, LS_OF_ACCORD, &x->of) && both;
    if (both && x->by == x->of) {
        ls_diagnose(r->d, of->mark, "what a party means to do itself is a pledge", "nobody demands of itself");
    }
    ls_roadmap_read_words(r, v, &x->what, &x->paragraph);
}

static void read_demands(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "demands", 0, LS_DEMANDS_MAX, r->d);
    ls_demand *demands = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *demands);
    for (size_t i = 0; demands != NULL && i < list->count; i++) {
        read_demand(r, list->items[i], &demands[r->roadmap->demand_count++]);
    }
    r->roadmap->demands = demands;
}

/* What is wrong with the text has places of its own, which ls_text_read reports: here one line stands for it. */
static void read_paragraphs(ls_roadmap_reader *r, const ls_value *v, ls_bytes text)
{
    ls_diagnostics own = {.arena = r->arena};
    ls_paragraph *paragraphs = NULL;
    size_t count = 0;
    ls_text_read(r->arena, text, &own, &paragraphs, &count);
    if (own.errors > 0) {
        ls_diagnose(r->d, v->mark, NULL, "the text has errors, the first in line %u: %s", own.item[0].mark.line,
                    own.item[0].text);
        return;
    }
    r->has_paragraphs = true;
    for (size_t i = 0; i < count; i++) {
        ls_ids_add(&r->paragraphs, paragraphs[i].id, (ls_mark){paragraphs[i].line, 2}, r->d);
    }
}

static bool init_ids(ls_roadmap_reader *r)
{
    const struct {
        ls_ids *ids;
        const char *what;
        size_t cap;
    } all[] = {{&r->parties, "party", LS_PARTIES_MAX},
               {&r->tracks, "track", LS_TRACKS_MAX},
               {&r->steps, "step", LS_STEPS_MAX},
               {&r->measures, "measure", LS_MEASURES_MAX},
               {&r->events, "event", LS_EVENTS_MAX},
               {&r->rights, "right", LS_RIGHTS_MAX},
               {&r->disputes, "dispute procedure", LS_DISPUTES_MAX},
               {&r->pledges, "pledge", LS_PLEDGES_MAX},
               {&r->demands, "demand", LS_DEMANDS_MAX},
               {&r->declarations, "declaration", LS_DECLARATIONS_MAX},
               {&r->inspections, "inspection", LS_INSPECTIONS_MAX},
               {&r->paragraphs, "paragraph", LS_PARAGRAPHS_MAX}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!ls_ids_init(all[i].ids, all[i].what, all[i].cap, r->arena, r->d)) {
            return false;
        }
    }
    for (size_t i = 0; i < r->charter->party_count; i++) {
        ls_ids_add(&r->parties, r->charter->party[i].name, (ls_mark){0, 0}, r->d);
    }
    return true;
}

static void read_head(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *version = ls_value_get(v, "roadmap");
    ls_value_check_map(v, "roadmap",
                       LS_KEYS({"roadmap", true}, {"name", true}, {"title", true}, {"parties", true},
                               {"date-limit", false}, {"entry-into-force", false}, {"provisional-application", false},
                               {"suspension", false}, {"extension", false}, {"withdrawal", false}, {"assessors", false},
                               {"tracks", true}, {"events", false}, {"steps", true}, {"rights", false},
                               {"disputes", false}, {"declarations", false}, {"inspections", false}, {"pledges", false},
                               {"demands", false}),
                       r->d);
    if (version != NULL && (version->type != LS_INTEGER || version->integer != 1)) {
        ls_diagnose(r->d, version->mark, "write 1; a newer program may know others",
                    "this program knows only roadmap: 1");
    }
    ls_field_name(v, "name", r->d, &r->roadmap->name);
    ls_field_line(v, "title", r->d, &r->roadmap->title);
    read_parties(r, v);
    read_date_limit(r, v);
    ls_roadmap_read_party_list(r, v, "assessors", LS_OF_CHARTER, &r->roadmap->assessors);
}

static void read_all(ls_roadmap_reader *r, const ls_value *v)
{
    read_tracks(r, v);
    ls_roadmap_read_steps(r, v);
    ls_roadmap_read_events(r, v);
    ls_roadmap_read_disputes(r, v);
    ls_roadmap_read_rights(r, v);
    ls_roadmap_read_declarations(r, v);
    ls_roadmap_read_rules(r, v);
    read_pledges(r, v);
    read_demands(r, v);
    ls_roadmap_read_measures(r);
    ls_roadmap_settle_parity(r);
    ls_roadmap_read_inspections(r, v);

    ls_roadmap_read_moment(r, v, "entry-into-force", &r->roadmap->entry);
    ls_roadmap_read_moment(r, v, "provisional-application", &r->roadmap->provisional);
    ls_roadmap_read_event_moments(r, v);
    ls_roadmap_read_measure_moments(r);
    ls_roadmap_read_right_moments(r, v);
    ls_roadmap_read_rule_moments(r, v);
}

/* text: NULL where it is not at hand: paragraphs are then taken as they are named. */
static void read_roadmap(ls_arena *arena, const ls_value *v, const ls_charter *charter, const ls_bytes *text,
                         ls_diagnostics *d, ls_roadmap *out)
{
    size_t before = d->errors;
    ls_roadmap roadmap = {0};
    ls_roadmap_reader r = {.arena = arena, .d = d, .charter = charter, .roadmap = &roadmap};
    if (!init_ids(&r)) {
        return;
    }
    read_head(&r, v);
    if (text != NULL) {
        read_paragraphs(&r, v, *text);
    }
    read_all(&r, v);
    ls_roadmap_read_order(&r);
    ls_roadmap_check_deadlines(&r);
    ls_roadmap_check_declarations(&r);
    ls_roadmap_check_provisional(&r, v);
    if (d->errors == before) {
        ls_roadmap_warn(&r);
        *out = roadmap;
    }
}

void ls_roadmap_read(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_bytes text, ls_diagnostics *d,
                     ls_roadmap *out)
{
    read_roadmap(arena, v, charter, &text, d, out);
}

void ls_roadmap_read_alone(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_diagnostics *d,
                           ls_roadmap *out)
{
    read_roadmap(arena, v, charter, NULL, d, out);
}
