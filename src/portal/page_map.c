/* The map: what there is to be shown, each from the day on which the record has it, and the table of it. */
#include "portal/map.h"
#include "portal/openings.h"
#include <stdlib.h>

#define ROWS_MAX 1000 /* of one declaration */
/* Of a shape, about. */
#define PATHS_MAX 100
#define PLACES_MAX 300

typedef struct site_place {
    bool placed;
    ls_place at;
    const ls_shape *shape;
} site_place;

/* A declaration whose openings were read. */
typedef struct seen {
    const ls_record_declaration *declaration;
    ls_openings_seen openings;
    size_t id, latitude, longitude, geometry; /* among the fields */
    site_place *place;                        /* of each row */
} seen;

typedef struct map {
    ls_html *w;
    ls_buf spots; /* of ls_spot */
    size_t count;
    seen *seen;
    uint64_t beyond; /* rows that are open and not shown */
} map;

static ls_result add(map *m, const ls_spot *s)
{
    ls_buf_put(&m->spots, s, sizeof *s);
    return ls_buf_check(&m->spots);
}

/* Sites. */

/* The middle of the box around a shape. */
static ls_place middle_of(const ls_shape *shape)
{
    ls_place least = shape->paths[0].places[0], most = least;
    for (size_t p = 0; p < shape->count; p++) {
        for (size_t i = 0; i < shape->paths[p].count; i++) {
            const ls_place *at = &shape->paths[p].places[i];
            least.latitude = at->latitude < least.latitude ? at->latitude : least.latitude;
            least.longitude = at->longitude < least.longitude ? at->longitude : least.longitude;
            most.latitude = at->latitude > most.latitude ? at->latitude : most.latitude;
            most.longitude = at->longitude > most.longitude ? at->longitude : most.longitude;
        }
    }
    return (ls_place){(least.latitude + most.latitude) / 2, (least.longitude + most.longitude) / 2};
}

/* Of a path every so-manieth place, and the last. */
static ls_result thin_path(ls_arena *arena, const ls_path *from, size_t step, ls_path *out)
{
    step = from->count / step >= 4 ? step : from->count > 4 ? from->count / 4 : 1;
    ls_place *places = ls_arena_array(arena, from->count / step + 2, sizeof *places);
    if (places == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = (ls_path){from->kind, from->polygon, 0, places};
    for (size_t i = 0; i < from->count - 1; i += step) {
        places[out->count++] = from->places[i];
    }
    places[out->count++] = from->places[from->count - 1];
    return LS_SUCCESS;
}

/* What is drawn of a shape, in the page's arena. */
static ls_result thin(ls_arena *arena, const ls_shape *from, const ls_shape **out)
{
    size_t places = 0, count = from->count < PATHS_MAX ? from->count : PATHS_MAX;
    ls_shape *shape = ls_arena_alloc(arena, sizeof *shape);
    ls_path *paths = ls_arena_array(arena, count, sizeof *paths);
    if (shape == NULL || paths == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t p = 0; p < count; p++) {
        places += from->paths[p].count;
    }
    for (size_t p = 0; p < count; p++) {
        LS_TRY(thin_path(arena, &from->paths[p], places / PLACES_MAX + 1, &paths[p]));
    }
    *shape = (ls_shape){count, paths};
    *out = shape;
    return LS_SUCCESS;
}

/* Read in an arena of its own, as a shape can be large and what is drawn of it is not. */
static ls_result shape_of(ls_arena *arena, ls_bytes text, site_place *out)
{
    ls_arena scratch = {0};
    ls_shape shape;
    ls_result r = ls_shape_parse(&scratch, text, &shape, NULL);
    out->placed = ls_succeeded(r) && shape.count > 0;
    if (out->placed) {
        out->at = middle_of(&shape);
        r = thin(arena, &shape, &out->shape);
    }
    ls_arena_free(&scratch);
    return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
}

/* As for challenges (cover/cover.h): a geometry that can be read decides, otherwise latitude and longitude. */
static ls_result place_of(ls_arena *arena, const seen *s, const ls_row_seen *row, site_place *out)
{
    size_t count = s->openings.declared->field_count;
    *out = (site_place){0};
    if (row->blank) {
        return LS_SUCCESS;
    }
    if (s->geometry < count && row->values[s->geometry].len > 0) {
        LS_TRY(shape_of(arena, row->values[s->geometry], out));
    }
    out->placed = out->placed || (s->latitude < count && s->longitude < count &&
                                  ls_degrees_read(row->values[s->latitude], LS_LATITUDE_MAX, &out->at.latitude) &&
                                  ls_degrees_read(row->values[s->longitude], LS_LONGITUDE_MAX, &out->at.longitude));
    return LS_SUCCESS;
}

static void put_at(ls_spot *spot, const site_place *place)
{
    spot->placed = place->placed;
    spot->at = place->at;
    spot->shape = place->shape;
}

static ls_result add_site(map *m, const seen *s, size_t i)
{
    const ls_row_seen *row = &s->openings.row[i];
    ls_spot site = {.kind = LS_SPOT_SITE,
                    .entry = row->entry,
                    .by = s->declaration->by,
                    .id = ls_html_format(m->w, "site-%llu-%u-%llu", (unsigned long long)s->declaration->index,
                                         row->at.tranche, (unsigned long long)row->at.row),
                    .words = row->values[s->id],
                    .stands = ls_html_word(m->w, "map.opened"),
                    .paint = "open",
                    .path = ls_html_format(m->w, "declaration/%llu.html", (unsigned long long)s->declaration->index)};
    LS_TRY(place_of(m->w->arena, s, row, &s->place[i]));
    put_at(&site, &s->place[i]);
    return site.placed ? add(m, &site) : LS_SUCCESS;
}

static ls_result add_declaration(map *m, const ls_record_declaration *d)
{
    seen *s = &m->seen[m->count++];
    s->declaration = d;
    LS_TRY(ls_openings_see(m->w, d, ROWS_MAX, &s->openings));
    const ls_declared *declared = s->openings.declared;
    if (declared == NULL) {
        return LS_SUCCESS;
    }
    s->place = ls_arena_array(m->w->arena, s->openings.row_count, sizeof *s->place);
    if (s->place == NULL && s->openings.row_count > 0) {
        return ls_fail(&ls_fault_memory);
    }
    m->beyond += s->openings.beyond;
    s->id = ls_bytes_find(declared->fields, declared->field_count, declared->id_column);
    s->latitude = ls_bytes_find(declared->fields, declared->field_count, declared->latitude);
    s->longitude = ls_bytes_find(declared->fields, declared->field_count, declared->longitude);
    s->geometry = ls_bytes_find(declared->fields, declared->field_count, ls_bytes_str("geometry"));
    for (size_t i = 0; i < s->openings.row_count; i++) {
        LS_TRY(add_site(m, s, i));
    }
    return LS_SUCCESS;
}

/* What inspectors did. Where that was: the place of a challenge, or of a row that was opened for everybody. */

static const ls_inspected *said_at(const ls_inspection_state *x, uint32_t index)
{
    for (size_t i = 0; i < x->visit_count; i++) {
        if (x->visit[i].visit->index == index) {
            return x->visit[i].visit;
        }
    }
    for (size_t i = 0; i < x->challenge_count; i++) {
        if (x->challenge[i].challenge->index == index) {
            return x->challenge[i].challenge;
        }
    }
    for (size_t i = 0; i < x->draw_count; i++) {
        if (x->draw[i].draw->index == index) {
            return x->draw[i].draw;
        }
    }
    return NULL;
}

static void find_row(const map *m, uint32_t declared_by, const ls_inspected *visit, ls_spot *out)
{
    for (size_t k = 0; k < m->count; k++) {
        const ls_openings_seen *o = &m->seen[k].openings;
        for (size_t i = 0; m->seen[k].declaration->index == declared_by && i < o->row_count; i++) {
            if (o->row[i].at.tranche == visit->tranche && o->row[i].at.row == visit->spare) {
                put_at(out, &m->seen[k].place[i]);
                out->words = out->placed ? o->row[i].values[m->seen[k].id] : out->words;
            }
        }
    }
}

static ls_result find_challenge(const map *m, const ls_inspected *challenge, ls_spot *out)
{
    ls_result r;
    const ls_act *act = ls_html_act(m->w, challenge->index, &r);
    LS_TRY(r);
    out->placed = ls_place_parse(act->raw[LS_H_PLACE], &out->at);
    out->radius = act->radius;
    return LS_SUCCESS;
}

/* A visit's row stands in the visit; the declaration is that of its draw, through other visits perhaps. */
static ls_result locate(const map *m, const ls_inspection_state *x, const ls_inspected *from, ls_spot *out)
{
    const ls_inspected *visit = NULL;
    for (unsigned steps = 0; from != NULL && steps < 64; steps++) {
        if (from->kind == LS_INSPECTED_CHALLENGE) {
            return find_challenge(m, from, out);
        }
        if (from->kind == LS_INSPECTED_DRAW) {
            if (visit != NULL) {
                find_row(m, from->ref, visit, out);
            }
            return LS_SUCCESS;
        }
        visit = visit == NULL || visit->tranche == 0 ? from : visit;
        from = said_at(x, from->ref);
    }
    return LS_SUCCESS;
}

static ls_result add_inspected(map *m, const ls_inspection_state *x, ls_spot_kind kind, const ls_inspected *said,
                               const ls_inspected *where, const char *stands, const char *paint)
{
    ls_spot s = {.kind = kind,
                 .entry = said->index,
                 .by = said->by,
                 .id = ls_html_format(m->w, "%s-%u", ls_spot_names[kind], said->index),
                 .words = ls_bytes_str(ls_html_format(m->w, "%u", said->index)),
                 .stands = stands,
                 .paint = paint,
                 .path = ls_html_format(m->w, "act/%u.html", said->index)};
    LS_TRY(locate(m, x, where, &s));
    return add(m, &s);
}

static const char *paint_of(unsigned finding)
{
    static const char *const paints[] = {[LS_CONCLUSION_CONSISTENT] = "good",
                                         [LS_CONCLUSION_DISCREPANCY] = "bad",
                                         [LS_CONCLUSION_INCONCLUSIVE] = "idle"};
    return paints[finding];
}

static ls_result add_inspections(map *m, const ls_inspection_state *x)
{
    for (size_t i = 0; i < x->visit_count; i++) {
        const char *stands = ls_html_named(m->w, "visit-stage", ls_visit_stage_name(x->visit[i].stage));
        LS_TRY(add_inspected(m, x, LS_SPOT_VISIT, x->visit[i].visit, x->visit[i].visit, stands, "good"));
    }
    for (size_t i = 0; i < x->challenge_count; i++) {
        const ls_inspected *c = x->challenge[i].challenge;
        const char *stands = ls_html_named(m->w, "challenge-stage", ls_challenge_stage_name(x->challenge[i].stage));
        LS_TRY(add_inspected(m, x, LS_SPOT_CHALLENGE, c, c, stands, "warn"));
    }
    for (size_t i = 0; i < x->report_count; i++) {
        const ls_inspected *r = x->report[i].report;
        const char *stands = ls_html_named(m->w, "finding", ls_conclusion_name((ls_conclusion)r->finding));
        LS_TRY(add_inspected(m, x, LS_SPOT_FINDING, r, said_at(x, r->ref), stands, paint_of(r->finding)));
    }
    return LS_SUCCESS;
}

static ls_result gather(map *m)
{
    const ls_record *record = m->w->portal->record;
    const ls_portal_state *s = m->w->portal->state;
    size_t all = ls_record_declaration_count(record);
    m->seen = ls_arena_array(m->w->arena, all + 1, sizeof *m->seen);
    if (m->seen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all; i++) {
        const ls_record_declaration *d = ls_record_declaration_at(record, i);
        LS_TRY(ls_html_knows(m->w, d->index) ? add_declaration(m, d) : LS_SUCCESS);
    }
    for (size_t i = 0; i < s->card_count; i++) {
        LS_TRY(add_inspections(m, &s->card[i].inspection));
    }
    return LS_SUCCESS;
}

/* The table. */

/* Degrees with four decimals, which is ten metres. */
static void put_degrees(ls_html *w, int64_t value, const char *letters)
{
    int64_t size = value < 0 ? -value : value;
    int64_t units = (size + LS_DEGREE / 20000) / (LS_DEGREE / 10000);
    ls_html_str(w, ls_html_format(w, "%lld.%04lld\xc2\xb0 %c", (long long)(units / 10000), (long long)(units % 10000),
                                  letters[value < 0]));
}

static void put_place(ls_html *w, const ls_spot *s)
{
    if (!s->placed) {
        ls_html_word_in(w, "span", "map.unplaced");
        return;
    }
    put_degrees(w, s->at.latitude, "NS");
    ls_html_str(w, ", ");
    put_degrees(w, s->at.longitude, "EW");
    if (s->radius > 0) {
        char radius[LS_RADIUS_SIZE];
        ls_radius_format(s->radius, radius);
        ls_html_say(w, "map.around", LS_WITH(ls_say_str(radius)));
    }
}

static void put_row(ls_html *w, const ls_spot *s)
{
    ls_html_statement_open(w, "tr", s->id, "data-kind", ls_spot_names[s->kind], "data-date", ls_spot_date(w, s->entry),
                           NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_date(w, ls_record_at(w->portal->record, s->entry).time);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_element(w, "b", ls_bytes_str(ls_html_named(w, "map", ls_spot_names[s->kind])), NULL);
    ls_html_close(w, "td");
    ls_html_open(w, "td", "dir", "auto", NULL);
    ls_html_link(w, s->path, s->words);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, LS_PARTY_BIT(s->by));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    put_place(w, s);
    ls_html_close(w, "td");
    ls_html_element(w, "td", ls_bytes_str(s->stands), NULL);
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_table(ls_html *w, const ls_spot *spots, size_t count)
{
    static const char *const columns[] = {
        "timeline.when", "timeline.what", "timeline.which", "timeline.who", "map.place", "timeline.stands", NULL};
    ls_html_table_open(w, "map", "map.table", columns);
    for (size_t i = 0; i < count; i++) {
        put_row(w, &spots[i]);
    }
    ls_html_table_close(w);
}

/* In the order of the record; rows of one act as they stand there. */
static int by_entry(const void *a, const void *b)
{
    const ls_spot *x = a, *y = b;
    return x->entry != y->entry ? (x->entry > y->entry) - (x->entry < y->entry) : strcmp(x->id, y->id);
}

ls_result ls_page_map(ls_html *w, ls_bytes name, const char **title)
{
    map m = {.w = w};
    (void)name;
    ls_page_title_word(w, "nav.map", title);
    ls_html_word_in(w, "p", "map.what");
    ls_result r = gather(&m);
    ls_spot *spots = (ls_spot *)(void *)m.spots.ptr;
    size_t count = m.spots.len / sizeof *spots;
    if (ls_succeeded(r) && count > 0) {
        qsort(spots, count, sizeof *spots, by_entry);
        r = ls_map_draw(w, spots, count);
        put_table(w, spots, count);
    } else if (ls_succeeded(r)) {
        ls_html_state(w, "p", "none", "map.nothing", NULL, 0);
    }
    if (m.beyond > 0) {
        ls_html_state(w, "p", "beyond", "map.beyond", LS_WITH(ls_say_number(m.beyond)));
    }
    ls_buf_free(&m.spots);
    return r;
}
