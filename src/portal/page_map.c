/*
 * The map: sites that were opened for everybody, visits, challenges and findings, each from the day on which the record
 * has it. Land is a picture of the site's own, in the same box of 360 by 180 degrees.
 */
#include "geo/place.h"
#include "portal/openings.h"
#include "portal/picture.h"
#include <stdlib.h>

#define ROWS_MAX 1000 /* of one declaration */
#define WORLD 360000  /* thousandths of a degree around */
#define SPAN_MIN 9000 /* the least width of the picture */
#define PIXELS 750    /* that it is meant to be wide */

typedef enum spot_kind { SITE, VISIT, CHALLENGE, FINDING, SPOT_KINDS } spot_kind;

static const char *const names[SPOT_KINDS] = {"site", "visit", "challenge", "finding"};

typedef struct spot {
    spot_kind kind;
    bool placed; /* where it is, is known to everybody */
    ls_place at;
    uint64_t radius; /* metres; 0: none */
    uint64_t entry;
    size_t by;
    const char *id;
    ls_bytes words;
    const char *stands, *paint, *path;
} spot;

/* A declaration whose openings were read. */
typedef struct seen {
    const ls_record_declaration *declaration;
    ls_openings_seen openings;
    size_t id, latitude, longitude; /* among the fields */
} seen;

typedef struct map {
    ls_html *w;
    ls_buf spots; /* of spot */
    size_t count;
    seen *seen;
} map;

static ls_result add(map *m, const spot *s)
{
    ls_buf_put(&m->spots, s, sizeof *s);
    return ls_buf_check(&m->spots);
}

/* Sites. */

static bool place_of(const seen *s, const ls_row_seen *row, ls_place *out)
{
    size_t count = s->openings.declared->field_count;
    return !row->blank && s->latitude < count && s->longitude < count &&
           ls_degrees_read(row->values[s->latitude], LS_LATITUDE_MAX, &out->latitude) &&
           ls_degrees_read(row->values[s->longitude], LS_LONGITUDE_MAX, &out->longitude);
}

static ls_result add_site(map *m, const seen *s, const ls_row_seen *row)
{
    spot site = {.kind = SITE,
                 .placed = true,
                 .entry = row->entry,
                 .by = s->declaration->by,
                 .id = ls_html_format(m->w, "site-%llu-%u-%llu", (unsigned long long)s->declaration->index,
                                      row->at.tranche, (unsigned long long)row->at.row),
                 .words = row->values[s->id],
                 .stands = ls_html_word(m->w, "map.opened"),
                 .paint = "open",
                 .path = ls_html_format(m->w, "declaration/%llu.html", (unsigned long long)s->declaration->index)};
    return place_of(s, row, &site.at) ? add(m, &site) : LS_SUCCESS;
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
    s->id = ls_bytes_find(declared->fields, declared->field_count, declared->id_column);
    s->latitude = ls_bytes_find(declared->fields, declared->field_count, declared->latitude);
    s->longitude = ls_bytes_find(declared->fields, declared->field_count, declared->longitude);
    for (size_t i = 0; i < s->openings.row_count; i++) {
        LS_TRY(add_site(m, s, &s->openings.row[i]));
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

static void find_row(const map *m, uint32_t declared_by, const ls_inspected *visit, spot *out)
{
    for (size_t k = 0; k < m->count; k++) {
        const ls_openings_seen *o = &m->seen[k].openings;
        for (size_t i = 0; m->seen[k].declaration->index == declared_by && i < o->row_count; i++) {
            if (o->row[i].at.tranche == visit->tranche && o->row[i].at.row == visit->spare) {
                out->placed = place_of(&m->seen[k], &o->row[i], &out->at);
                out->words = out->placed ? o->row[i].values[m->seen[k].id] : out->words;
            }
        }
    }
}

static ls_result find_challenge(const map *m, const ls_inspected *challenge, spot *out)
{
    ls_result r;
    const ls_act *act = ls_html_act(m->w, challenge->index, &r);
    LS_TRY(r);
    out->placed = ls_place_parse(act->raw[LS_H_PLACE], &out->at);
    out->radius = act->radius;
    return LS_SUCCESS;
}

/* A visit's row stands in the visit; the declaration is that of its draw, through other visits perhaps. */
static ls_result locate(const map *m, const ls_inspection_state *x, const ls_inspected *from, spot *out)
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

static ls_result add_inspected(map *m, const ls_inspection_state *x, spot_kind kind, const ls_inspected *said,
                               const ls_inspected *where, const char *stands, const char *paint)
{
    spot s = {.kind = kind,
              .entry = said->index,
              .by = said->by,
              .id = ls_html_format(m->w, "%s-%u", names[kind], said->index),
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
        LS_TRY(add_inspected(m, x, VISIT, x->visit[i].visit, x->visit[i].visit, stands, "good"));
    }
    for (size_t i = 0; i < x->challenge_count; i++) {
        const ls_inspected *c = x->challenge[i].challenge;
        const char *stands = ls_html_named(m->w, "challenge-stage", ls_challenge_stage_name(x->challenge[i].stage));
        LS_TRY(add_inspected(m, x, CHALLENGE, c, c, stands, "warn"));
    }
    for (size_t i = 0; i < x->report_count; i++) {
        const ls_inspected *r = x->report[i].report;
        const char *stands = ls_html_named(m->w, "finding", ls_conclusion_name((ls_conclusion)r->finding));
        LS_TRY(add_inspected(m, x, FINDING, r, said_at(x, r->ref), stands, paint_of(r->finding)));
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

/* The picture, in thousandths of degrees. */

typedef struct box {
    int64_t x, y, width, height;
} box;

static int64_t x_of(const spot *s)
{
    return (s->at.longitude + 180 * LS_DEGREE) / (LS_DEGREE / 1000);
}

static int64_t y_of(const spot *s)
{
    return (90 * LS_DEGREE - s->at.latitude) / (LS_DEGREE / 1000);
}

static int64_t within(int64_t from, int64_t size, int64_t all)
{
    return from < 0 ? 0 : from + size > all ? all - size : from;
}

/* Around what there is, three to two, with room; or the world. */
static box fitted(const spot *spots, size_t count)
{
    int64_t left = WORLD, right = 0, top = WORLD, bottom = 0;
    for (size_t i = 0; i < count; i++) {
        if (spots[i].placed) {
            left = x_of(&spots[i]) < left ? x_of(&spots[i]) : left;
            right = x_of(&spots[i]) > right ? x_of(&spots[i]) : right;
            top = y_of(&spots[i]) < top ? y_of(&spots[i]) : top;
            bottom = y_of(&spots[i]) > bottom ? y_of(&spots[i]) : bottom;
        }
    }
    int64_t width = right - left > (bottom - top) * 3 / 2 ? right - left : (bottom - top) * 3 / 2;
    width = width * 3 / 2 < SPAN_MIN ? SPAN_MIN : width * 3 / 2;
    if (left > right || width * 2 / 3 > WORLD / 2) {
        return (box){0, 0, WORLD, WORLD / 2};
    }
    int64_t height = width * 2 / 3;
    return (box){within((left + right - width) / 2, width, WORLD),
                 within((top + bottom - height) / 2, height, WORLD / 2), width, height};
}

static const char *degrees(ls_html *w, int64_t thousandths)
{
    return ls_html_format(w, "%lld.%03lld", (long long)(thousandths / 1000), (long long)(thousandths % 1000));
}

static void draw_shape(ls_html *w, const spot *s)
{
    switch (s->kind) {
    case SITE:
        ls_svg_circle(w->out, 0, 0, 5, s->paint);
        break;
    case VISIT:
        ls_svg_diamond(w->out, 0, 0, 8, s->paint);
        break;
    case CHALLENGE:
        ls_svg_line(w->out, -7, -7, 7, 7, "edge", NULL);
        ls_svg_line(w->out, -7, 7, 7, -7, "edge", NULL);
        ls_svg_circle(w->out, 0, 0, 4, s->paint);
        break;
    case FINDING:
        ls_svg_rect(w->out, -4, -4, 8, 8, s->paint);
        break;
    case SPOT_KINDS:
        break;
    }
}

static const char *date_of(ls_html *w, uint64_t entry)
{
    ls_time t = ls_record_at(w->portal->record, entry).time;
    const ls_charter *c = ls_record_charter(w->portal->record);
    return ls_why_date(c, t == LS_TIME_OPEN || t == LS_TIME_NONE ? w->portal->known : t, w->arena);
}

static void draw_spot(ls_html *w, const spot *s, const box *b)
{
    const char *x = degrees(w, x_of(s)), *y = degrees(w, y_of(s)), *date = date_of(w, s->entry);
    /* Shapes are in pixels of a picture that is PIXELS wide, at any scale. */
    const char *scale = degrees(w, b->width / PIXELS > 0 ? b->width / PIXELS : 1);
    ls_html_open(w, "g", "class", "place", "transform", ls_html_format(w, "translate(%s %s) scale(%s)", x, y, scale),
                 "data-x", x, "data-y", y, "data-date", date, "data-kind", names[s->kind], "data-row", s->id, NULL);
    ls_html_open(w, "title", NULL);
    ls_html_str(w, ls_html_named(w, "map", names[s->kind]));
    ls_html_str(w, " ");
    ls_html_text(w, s->words);
    ls_html_str(w, ls_html_format(w, ", %s, ", date));
    ls_html_str(w, s->stands);
    ls_html_close(w, "title");
    draw_shape(w, s);
    ls_html_close(w, "g");
    ls_html_newline(w);
}

static void draw(ls_html *w, const spot *spots, size_t count)
{
    static const ls_legend legend[] = {{LS_CIRCLE, "open", "map.site"},
                                       {LS_DIAMOND, "good", "map.visit"},
                                       {LS_CIRCLE, "warn", "map.challenge"},
                                       {LS_BAR, "good", "map.finding-consistent"},
                                       {LS_BAR, "bad", "map.finding-discrepancy"}};
    const box b = fitted(spots, count);
    const char *shown =
        ls_html_format(w, "%s %s %s %s", degrees(w, b.x), degrees(w, b.y), degrees(w, b.width), degrees(w, b.height));
    ls_html_picture_open(w, &(ls_picture){.kind = "map", .title = "nav.map", .what = "map.picture", .box = shown});
    ls_html_element(w, "image", (ls_bytes){0}, "href", ls_html_site_href(w, "assets/world.svg"), "width", "360",
                    "height", "180", NULL);
    ls_html_newline(w);
    for (size_t i = 0; i < count; i++) {
        if (spots[i].placed) {
            draw_spot(w, &spots[i], &b);
        }
    }
    if (ls_record_charter(w->portal->record)->exercise) {
        ls_html_open(w, "g", "transform",
                     ls_html_format(w, "translate(%s %s) scale(%s)", degrees(w, b.x + b.width), degrees(w, b.y),
                                    degrees(w, b.width / PIXELS > 0 ? b.width / PIXELS : 1)),
                     NULL);
        ls_html_picture_exercise(w, -6);
        ls_html_close(w, "g");
    }
    ls_html_picture_close(w, legend, sizeof legend / sizeof *legend);
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

static void put_place(ls_html *w, const spot *s)
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

static void put_row(ls_html *w, const spot *s)
{
    ls_html_statement_open(w, "tr", s->id, "data-kind", names[s->kind], "data-date", date_of(w, s->entry), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_date(w, ls_record_at(w->portal->record, s->entry).time);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_element(w, "b", ls_bytes_str(ls_html_named(w, "map", names[s->kind])), NULL);
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

static void put_table(ls_html *w, const spot *spots, size_t count)
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
    const spot *x = a, *y = b;
    return x->entry != y->entry ? (x->entry > y->entry) - (x->entry < y->entry) : strcmp(x->id, y->id);
}

ls_result ls_page_map(ls_html *w, ls_bytes name, const char **title)
{
    map m = {.w = w};
    (void)name;
    ls_page_title_word(w, "nav.map", title);
    ls_html_word_in(w, "p", "map.what");
    ls_result r = gather(&m);
    spot *spots = (spot *)(void *)m.spots.ptr;
    size_t count = m.spots.len / sizeof *spots;
    if (ls_succeeded(r) && count > 0) {
        qsort(spots, count, sizeof *spots, by_entry);
        draw(w, spots, count);
        put_table(w, spots, count);
    } else if (ls_succeeded(r)) {
        ls_html_state(w, "p", "none", "map.nothing", NULL, 0);
    }
    ls_buf_free(&m.spots);
    return r;
}
