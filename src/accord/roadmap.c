/*
 * The roadmap's keys. Those in brackets may be left out.
 *
 *   roadmap: 1                    this form
 *   name: pyongyang-accord
 *   title: Complete declaration and corresponding measures
 *   parties: [dprk, usa]          who must sign; names of the charter
 *   [date-limit: 7 days]          how far a claimed date may precede the act that claims it
 *   tracks: [{id: peace, title: Peace regime}]
 *   [declarations: …]             roadmap_declared.c
 *   [pledges: [{id: new-relations, by: usa, what: establish new relations, paragraph: p19}]]
 *   steps: …                      roadmap_measure.c
 */
#include "accord/roadmap_parts.h"

#define DAY 86400

bool ls_roadmap_read_party(ls_roadmap_reader *r, const ls_value *v, bool signs, size_t *out)
{
    ls_bytes name;
    if (!ls_field_read_name(v, "a party", r->d, &name)) {
        return false;
    }
    int party = ls_ids_require(&r->parties, name, v->mark, r->d);
    if (party < 0) {
        return false;
    }
    bool found = !signs || r->roadmap->party_count == 0;
    for (size_t i = 0; !found && i < r->roadmap->party_count; i++) {
        found = r->roadmap->parties[i] == (size_t)party;
    }
    if (!found) {
        ls_diagnose(r->d, v->mark, "add it to the roadmap's parties", "'%.*s' does not sign this accord", (int)name.len,
                    name.ptr);
        return false;
    }
    *out = (size_t)party;
    return true;
}

void ls_roadmap_read_promise(ls_roadmap_reader *r, const ls_value *v, size_t *by, ls_bytes *what, ls_bytes *paragraph)
{
    const ls_value *party = ls_value_get(v, "by");
    if (party != NULL) {
        ls_roadmap_read_party(r, party, true, by);
    }
    ls_field_line(v, "what", r->d, what);
    if (ls_field_name(v, "paragraph", r->d, paragraph) && r->has_paragraphs) {
        ls_ids_require(&r->paragraphs, *paragraph, ls_field_mark(v, "paragraph"), r->d);
    }
}

static void read_parties(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "parties", 2, LS_PARTIES_MAX, r->d);
    size_t *parties = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *parties);
    ls_ids seen;
    if (list == NULL || !ls_ids_init(&seen, "party", list->count, r->arena, r->d)) {
        return;
    }
    size_t count = 0;
    for (size_t i = 0; parties != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        if (ls_roadmap_read_party(r, item, false, &parties[count])) {
            ls_ids_add(&seen, item->string, item->mark, r->d);
            count++;
        }
    }
    /* With one of them misspelled, nobody can be said not to sign. */
    if (count == list->count) {
        r->roadmap->parties = parties;
        r->roadmap->party_count = count;
    }
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

static void read_pledges(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "pledges", 0, LS_PLEDGES_MAX, r->d);
    ls_pledge *pledges = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *pledges);
    for (size_t i = 0; pledges != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        ls_pledge *p = &pledges[i];
        ls_value_check_map(item, "pledge", LS_KEYS({"id", true}, {"by", true}, {"what", true}, {"paragraph", true}),
                           r->d);
        ls_field_name(item, "id", r->d, &p->id);
        ls_ids_add(&r->pledges, p->id, ls_field_mark(item, "id"), r->d);
        ls_roadmap_read_promise(r, item, &p->by, &p->what, &p->paragraph);
        r->roadmap->pledge_count++;
    }
    r->roadmap->pledges = pledges;
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
               {&r->pledges, "pledge", LS_PLEDGES_MAX},
               {&r->declarations, "declaration", LS_DECLARATIONS_MAX},
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
                               {"date-limit", false}, {"tracks", true}, {"declarations", false}, {"pledges", false},
                               {"steps", true}),
                       r->d);
    if (version != NULL && (version->type != LS_INTEGER || version->integer != 1)) {
        ls_diagnose(r->d, version->mark, "write 1; a newer program may know others",
                    "this program knows only roadmap: 1");
    }
    ls_field_name(v, "name", r->d, &r->roadmap->name);
    ls_field_line(v, "title", r->d, &r->roadmap->title);
    read_parties(r, v);
    read_date_limit(r, v);
}

void ls_roadmap_read(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_bytes text, ls_diagnostics *d,
                     ls_roadmap *out)
{
    size_t before = d->errors;
    ls_roadmap roadmap = {0};
    ls_roadmap_reader r = {.arena = arena, .d = d, .charter = charter, .roadmap = &roadmap};
    if (!init_ids(&r)) {
        return;
    }
    read_head(&r, v);
    read_paragraphs(&r, v, text);
    read_tracks(&r, v);
    ls_roadmap_read_declarations(&r, v);
    read_pledges(&r, v);
    ls_roadmap_read_steps(&r, v);
    ls_roadmap_check_cycles(&r);
    ls_roadmap_check_dates(&r);
    ls_roadmap_check_declarations(&r);
    if (d->errors == before) {
        *out = roadmap;
    }
}

int ls_roadmap_measure(const ls_roadmap *r, ls_bytes id)
{
    for (size_t i = 0; i < r->measure_count; i++) {
        if (ls_bytes_equal(r->measures[i].id, id)) {
            return (int)i;
        }
    }
    return -1;
}

const ls_declared *ls_roadmap_declaration(const ls_roadmap *r, ls_bytes name)
{
    for (size_t i = 0; i < r->declaration_count; i++) {
        if (ls_bytes_equal(r->declarations[i].name, name)) {
            return &r->declarations[i];
        }
    }
    return NULL;
}

const ls_declared_audience *ls_declared_for(const ls_declared *d, ls_bytes audience)
{
    for (size_t i = 0; i < d->audience_count; i++) {
        if (ls_bytes_equal(d->audiences[i].name, audience)) {
            return &d->audiences[i];
        }
    }
    return NULL;
}
