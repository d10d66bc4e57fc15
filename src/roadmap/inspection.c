/*
 * How a declaration is inspected: draws, visits and challenges (docs/inspections.md).
 *
 *   inspections:
 *     - id: baseline
 *       title: Baseline inspections
 *       paragraph: p24
 *       of: dprk                        whose declaration it is
 *       by: iaea                        who inspects: a party of the charter, whether it signs or not
 *       declaration: sites
 *       [verifies: [open-test-sites]]   measures on which its reports answer
 *       [draws: {right: rounds, rows: 8, replacements: 4, commit: 2 days, reveal: 2 days, open: 5 days}]
 *       [visits: {[right: visits], notice: 24 hours, repeat: 2 hours, [postpone: 72 hours], lasts: 10 days,
 *                 report: 15 days, [limits: [shrouding]]}]
 *       [challenges: {right: challenges, radius: 50 km, areas: touch, without-coordinates: are not covered,
 *                     [clarify: 3 days], answer: 5 days, on-silence: denied}]
 */
#include "roadmap/parts.h"
#include <stdio.h>

#define METRES_IN_KM 1000

/* One clause while it is read. Parties are indices, or -1 where what the document says names none. */
typedef struct reading {
    ls_roadmap_reader *r;
    const ls_value *roadmap, *v;
    ls_inspection *x;
    int of, by, declaration;
    const ls_value **user; /* of each right: where an inspection names it, or NULL */
} reading;

bool ls_radius_parse(ls_bytes text, uint64_t *metres)
{
    ls_reader words = ls_reader_of(text);
    ls_bytes number;
    ls_quantity q;
    if (!ls_read_until(&words, ' ', &number) || !ls_quantity_parse(number, &q)) {
        return false;
    }
    ls_bytes unit = ls_read_bytes(&words, ls_reader_left(&words));
    bool km = ls_bytes_is(unit, "km"), whole = km || q % LS_QUANTITY_ONE == 0;
    if (q == 0 || !whole || (!km && !ls_bytes_is(unit, "m"))) {
        return false;
    }
    /* A thousandth of a kilometre is a metre. */
    *metres = (uint64_t)(km ? q : q / LS_QUANTITY_ONE);
    return true;
}

void ls_radius_format(uint64_t metres, char out[static LS_RADIUS_SIZE])
{
    bool km = metres % METRES_IN_KM == 0;
    snprintf(out, LS_RADIUS_SIZE, "%llu %s", (unsigned long long)(km ? metres / METRES_IN_KM : metres),
             km ? "km" : "m");
}

/* The party under a key of something that was read before, and in which an error was diagnosed then: -1. */
static int party_of(const reading *g, const ls_value *map, const char *key)
{
    const ls_value *v = ls_value_get(map, key);
    return v != NULL && v->type == LS_STRING ? ls_ids_find(&g->r->parties, v->string) : -1;
}

static const ls_value *item_of(const reading *g, const char *list, int index)
{
    return ls_value_get(g->roadmap, list)->items[index];
}

/* A right of the party that inspects. Each draw, notice or challenge is a use of it, so nothing else may use it up. */
static void read_right(reading *g, const ls_value *map, int *out)
{
    ls_bytes id;
    const ls_value *v = ls_value_get(map, "right");
    int right = ls_field_name(map, "right", g->r->d, &id) ? ls_ids_require(&g->r->rights, id, v->mark, g->r->d) : -1;
    if (right < 0) {
        return;
    }
    int owner = party_of(g, item_of(g, "rights", right), "of");
    if (owner >= 0 && g->by >= 0 && owner != g->by) {
        ls_diagnose(g->r->d, v->mark, "give the party that inspects one of its own",
                    "the right '%.*s' is another party's", (int)id.len, id.ptr);
    } else if (g->user[right] != NULL) {
        ls_diagnose(g->r->d, v->mark, "make a right for each, or nobody could say what used it up",
                    "the right '%.*s' is used in line %u already", (int)id.len, id.ptr, g->user[right]->mark.line);
    }
    g->user[right] = v;
    *out = right;
}

/* Lengths of time: years would be no deadline. */
typedef struct length {
    const char *key;
    ls_duration *out;
} length;

static void read_lengths(reading *g, const ls_value *map, const length *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ls_roadmap_read_duration(g->r, map, all[i].key, all[i].out) && all[i].out->unit == LS_UNIT_YEARS) {
            ls_diagnose(g->r->d, ls_field_mark(map, all[i].key), "write it like: 24 hours, 5 days, 2 weeks, 1 month",
                        "%s is counted in hours, days, weeks or months", all[i].key);
        }
    }
}

#define LENGTHS(...) (const length[]){__VA_ARGS__}, sizeof((const length[]){__VA_ARGS__}) / sizeof(length)

/* No more can be drawn than there are rows. */
static void check_drawn(const reading *g, const ls_value *v, const ls_draw_rule *x)
{
    const ls_declared *d = g->x->declared; /* NULL: misspelled */
    uint64_t rows = 0;
    for (size_t k = 0; d != NULL && k < d->tranche_count; k++) {
        if (d->padded[k] == 0) {
            return; /* misspelled */
        }
        rows += d->padded[k];
    }
    if (rows > 0 && x->rows + x->replacements > rows) {
        ls_diagnose(g->r->d, ls_field_mark(v, "rows"), "draw fewer, or let tranches be filled up to more",
                    "rows and replacements must together be at most the %llu rows of '%.*s'", (unsigned long long)rows,
                    (int)d->name.len, d->name.ptr);
    }
}

static void read_draws(reading *g)
{
    const ls_value *v = ls_value_get(g->v, "draws");
    ls_draw_rule *x = &g->x->draws;
    int64_t rows = 0, replacements = 0;
    int right = 0;
    if (v == NULL) {
        return;
    }
    ls_value_check_map(v, "draws",
                       LS_KEYS({"right", true}, {"rows", true}, {"replacements", true}, {"commit", true},
                               {"reveal", true}, {"open", true}),
                       g->r->d);
    x->there = true;
    read_right(g, v, &right);
    x->right = (size_t)right;
    ls_field_integer(v, "rows", 1, INT32_MAX, g->r->d, &rows);
    ls_field_integer(v, "replacements", 0, INT32_MAX, g->r->d, &replacements);
    x->rows = (uint64_t)rows;
    x->replacements = (uint64_t)replacements;
    check_drawn(g, v, x);
    read_lengths(g, v, LENGTHS({"commit", &x->commit}, {"reveal", &x->reveal}, {"open", &x->open}));
}

/* What can be claimed of managed access: names, so that an act can list them. */
static void read_limits(reading *g, const ls_value *map, ls_visit_rule *x)
{
    ls_ids limits;
    const ls_value *list = ls_field_list(map, "limits", 1, LS_LIMITS_MAX, g->r->d);
    if (list == NULL || !ls_ids_init(&limits, "limit", list->count, g->r->arena, g->r->d)) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        ls_bytes id;
        if (ls_field_read_name(list->items[i], "a limit", g->r->d, &id)) {
            ls_ids_add(&limits, id, list->items[i]->mark, g->r->d);
        }
    }
    x->limit_count = limits.count;
    x->limits = limits.id;
}

/* In hours; a month counted as 30 days is near enough to compare. */
static uint64_t hours(ls_duration d)
{
    int64_t seconds = ls_duration_seconds(d);
    return seconds > 0 ? (uint64_t)seconds / 3600 : UINT64_C(720) * d.count;
}

static void read_visits(reading *g)
{
    const ls_value *v = ls_value_get(g->v, "visits");
    ls_visit_rule *x = &g->x->visits;
    x->right = -1;
    if (v == NULL) {
        return;
    }
    ls_value_check_map(v, "visits",
                       LS_KEYS({"right", false}, {"notice", true}, {"repeat", true}, {"postpone", false},
                               {"lasts", true}, {"report", true}, {"limits", false}),
                       g->r->d);
    x->there = true;
    read_right(g, v, &x->right);
    read_lengths(g, v,
                 LENGTHS({"notice", &x->notice}, {"repeat", &x->repeat}, {"postpone", &x->postpone},
                         {"lasts", &x->lasts}, {"report", &x->report}));
    if (x->notice.count > 0 && x->repeat.count > 0 && hours(x->repeat) > hours(x->notice)) {
        ls_diagnose(g->r->d, ls_field_mark(v, "repeat"), "who is at one site already needs no longer notice",
                    "repeat must be at most as long as notice");
    }
    read_limits(g, v, x);
}

static void read_radius(reading *g, const ls_value *map, uint64_t *out)
{
    ls_bytes text;
    uint64_t metres;
    if (!ls_field_line(map, "radius", g->r->d, &text)) {
        return;
    }
    if (!ls_radius_parse(text, &metres)) {
        ls_diagnose(g->r->d, ls_field_mark(map, "radius"), "write it like: 50 km, 2.5 km, 500 m",
                    "radius must be a whole number of metres");
    } else if (metres > LS_RADIUS_MAX) {
        ls_diagnose(g->r->d, ls_field_mark(map, "radius"),
                    "a challenge is about a place; larger circles would map the closed tranches",
                    "radius must be at most %d km", LS_RADIUS_MAX / METRES_IN_KM);
    } else {
        *out = metres;
    }
}

static void read_challenges(reading *g)
{
    const ls_value *v = ls_value_get(g->v, "challenges");
    ls_challenge_rule *x = &g->x->challenges;
    int right = 0;
    if (v == NULL) {
        return;
    }
    ls_value_check_map(v, "challenges",
                       LS_KEYS({"right", true}, {"radius", true}, {"areas", true}, {"without-coordinates", true},
                               {"clarify", false}, {"answer", true}, {"on-silence", true}),
                       g->r->d);
    x->there = true;
    read_right(g, v, &right);
    x->right = (size_t)right;
    read_radius(g, v, &x->radius);
    ls_roadmap_read_choice(g->r, v, "areas", (const char *const[]){"touch", "lie within"}, &x->areas_within);
    ls_roadmap_read_choice(g->r, v, "without-coordinates", (const char *const[]){"are not covered", "are covered"},
                           &x->without_coordinates);
    read_lengths(g, v, LENGTHS({"clarify", &x->clarify}, {"answer", &x->answer}));
    ls_roadmap_read_choice(g->r, v, "on-silence", (const char *const[]){"denied", "visit"}, &x->silence_lets_visit);
    if (x->silence_lets_visit && !g->x->visits.there) {
        ls_diagnose(g->r->d, ls_field_mark(v, "on-silence"), "say under visits how inspectors come, or write: denied",
                    "without visits silence can't let anybody visit");
    }
}

/* Whose declaration, and who inspects it: two parties. */
static void read_sides(reading *g)
{
    const ls_value *of = ls_value_get(g->v, "of"), *by = ls_value_get(g->v, "by");
    if (of != NULL && ls_roadmap_read_party(g->r, of, LS_OF_CHARTER, &g->x->of)) {
        g->of = (int)g->x->of;
    }
    if (by != NULL && ls_roadmap_read_party(g->r, by, LS_OF_CHARTER, &g->x->by)) {
        g->by = (int)g->x->by;
    }
    if (g->of >= 0 && g->of == g->by) {
        ls_diagnose(g->r->d, by->mark, "name the party that comes to see", "nobody inspects itself");
    }
}

static void read_declaration(reading *g)
{
    ls_bytes name;
    ls_mark mark = ls_field_mark(g->v, "declaration");
    if (!ls_field_name(g->v, "declaration", g->r->d, &name)) {
        return;
    }
    g->declaration = ls_ids_require(&g->r->declarations, name, mark, g->r->d);
    if (g->declaration < 0) {
        return;
    }
    g->x->declared = &g->r->roadmap->declarations[g->declaration];
    int by = party_of(g, item_of(g, "declarations", g->declaration), "by");
    bool signs = by >= 0 && (g->r->roadmap->signed_by & LS_PARTY_BIT(by)) != 0;
    if (signs && g->of >= 0 && g->of != by) {
        ls_diagnose(g->r->d, ls_field_mark(g->v, "of"), "of is the party that makes the declaration",
                    "the declaration '%.*s' is another party's", (int)name.len, name.ptr);
    }
}

/* Its report is the answer of a verifier. */
static void check_verifier(const reading *g, ls_bytes id, size_t measure, ls_mark mark)
{
    const ls_measure *m = &g->r->roadmap->measures[measure];
    bool misspelled = m->verifiers == 0 && ls_value_get(g->r->source[measure], "verified-by") != NULL;
    if (g->by >= 0 && !misspelled && (m->verifiers & LS_PARTY_BIT(g->by)) == 0) {
        ls_diagnose(g->r->d, mark, "add the party to the measure's verified-by, or take the measure out here",
                    "the party that inspects does not verify '%.*s'", (int)id.len, id.ptr);
    }
}

static void read_verifies(reading *g)
{
    ls_ids seen;
    const ls_value *list = ls_field_list(g->v, "verifies", 1, LS_MEASURES_MAX, g->r->d);
    /* Where there are too many measures, none was read, and nothing can be said of any. */
    if (list == NULL || g->r->roadmap->measure_count == 0 ||
        !ls_ids_init(&seen, "measure", list->count, g->r->arena, g->r->d)) {
        return;
    }
    g->x->verifies = ls_arena_array(g->r->arena, list->count, sizeof *g->x->verifies);
    for (size_t i = 0; g->x->verifies != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        ls_bytes id;
        int found = ls_field_read_name(item, "a measure", g->r->d, &id)
                        ? ls_ids_require(&g->r->measures, id, item->mark, g->r->d)
                        : -1;
        if (found >= 0) {
            ls_ids_add(&seen, id, item->mark, g->r->d);
            check_verifier(g, id, (size_t)found, item->mark);
            g->x->verifies[g->x->verify_count++] = (size_t)found;
        }
    }
}

static void read_inspection(reading *g)
{
    ls_inspection *x = g->x;
    const ls_value *v = g->v;
    ls_mark mark = ls_field_mark(v, "id");
    ls_value_check_map(v, "inspection",
                       LS_KEYS({"id", true}, {"title", true}, {"paragraph", true}, {"of", true}, {"by", true},
                               {"declaration", true}, {"verifies", false}, {"draws", false}, {"visits", false},
                               {"challenges", false}),
                       g->r->d);
    ls_field_name(v, "id", g->r->d, &x->id);
    ls_ids_add(&g->r->inspections, x->id, mark, g->r->d);
    ls_field_line(v, "title", g->r->d, &x->title);
    ls_roadmap_read_paragraph(g->r, v, &x->paragraph);
    read_sides(g);
    read_declaration(g);
    read_verifies(g);
    read_draws(g);
    read_visits(g);
    read_challenges(g);
    if (!x->draws.there && !x->visits.there && !x->challenges.there) {
        ls_diagnose(g->r->d, mark, "say how it is inspected",
                    "an inspection has at least one of draws, visits and challenges");
    }
}

void ls_roadmap_read_inspections(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *user[LS_RIGHTS_MAX] = {NULL};
    const ls_value *list = ls_field_list(v, "inspections", 0, LS_INSPECTIONS_MAX, r->d);
    ls_inspection *inspections = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *inspections);
    for (size_t i = 0; inspections != NULL && i < list->count; i++) {
        reading g = {.r = r,
                     .roadmap = v,
                     .v = list->items[i],
                     .x = &inspections[r->roadmap->inspection_count++],
                     .of = -1,
                     .by = -1,
                     .declaration = -1,
                     .user = user};
        read_inspection(&g);
    }
    r->roadmap->inspections = inspections;
}
