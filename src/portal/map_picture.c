/* The map's picture, in thousandths of degrees: land below, areas on it, places above. */
#include "accord/why.h"
#include "portal/facts.h"
#include "portal/map.h"
#include "portal/picture.h"

#define WORLD 360000  /* thousandths of a degree around */
#define SPAN_MIN 9000 /* the least width of the picture */
#define PIXELS 750    /* that it is meant to be wide */
#define NEAR 60000    /* narrower ones show land in pieces, which are finer, */
#define PIECE (WORLD / LS_MAP_COLUMNS)
#define OVER 500             /* by which a piece is larger on each side (web/world.mjs) */
#define CORNERS_MAX 6000     /* of all areas together; a page stays one that can be read */
#define METRES_DEGREE 111195 /* of latitude, on a sphere as large as the earth: its radius 6,371,009 m */

const char *const ls_spot_names[LS_SPOT_KINDS] = {"site", "visit", "challenge", "finding"};

const char *ls_spot_date(ls_html *w, uint64_t entry)
{
    ls_time t = ls_record_at(w->portal->record, entry).time;
    const ls_charter *c = ls_record_charter(w->portal->record);
    return ls_why_date(c, t == LS_TIME_OPEN || t == LS_TIME_NONE ? w->portal->known : t, w->arena);
}

typedef struct box {
    int64_t x, y, width, height;
} box;

static int64_t x_of(const ls_place *at)
{
    return (at->longitude + 180 * LS_DEGREE) / (LS_DEGREE / 1000);
}

static int64_t y_of(const ls_place *at)
{
    return (90 * LS_DEGREE - at->latitude) / (LS_DEGREE / 1000);
}

static int64_t up_of(const ls_spot *s)
{
    return ((int64_t)s->radius * 1000 + METRES_DEGREE / 2) / METRES_DEGREE;
}

/* As far as a radius goes east, which is farther the nearer a pole is. The cosine is Bhaskara's, of the seventh
 * century, right to two thousandths: whole numbers, of which every machine draws the same. */
static int64_t across_of(const ls_spot *s)
{
    int64_t hundredths = s->at.latitude / (LS_DEGREE / 100), square = hundredths * hundredths;
    int64_t cosine = 4000 * (81000000 - square) / (324000000 + square);
    int64_t unit = METRES_DEGREE * cosine; /* thousandths of metres */
    int64_t across = cosine > 0 ? ((int64_t)s->radius * 1000000 + unit / 2) / unit : WORLD;
    return across < WORLD ? across : WORLD;
}

/* The extent of what there is. */

typedef struct extent {
    int64_t left, right, top, bottom;
} extent;

static void grow(extent *e, int64_t x, int64_t y, int64_t across, int64_t up)
{
    e->left = x - across < e->left ? x - across : e->left;
    e->right = x + across > e->right ? x + across : e->right;
    e->top = y - up < e->top ? y - up : e->top;
    e->bottom = y + up > e->bottom ? y + up : e->bottom;
}

static extent extent_of(const ls_spot *spots, size_t count)
{
    extent e = {WORLD, 0, WORLD, 0};
    for (size_t i = 0; i < count; i++) {
        const ls_spot *s = &spots[i];
        if (s->placed) {
            grow(&e, x_of(&s->at), y_of(&s->at), across_of(s), up_of(s));
        }
        for (size_t p = 0; s->shape != NULL && p < s->shape->count; p++) {
            for (size_t k = 0; k < s->shape->paths[p].count; k++) {
                grow(&e, x_of(&s->shape->paths[p].places[k]), y_of(&s->shape->paths[p].places[k]), 0, 0);
            }
        }
    }
    return e;
}

static int64_t within(int64_t from, int64_t size, int64_t all)
{
    return from < 0 ? 0 : from + size > all ? all - size : from;
}

/* Around it, three to two, with room; or the world. */
static box fitted(const extent *e)
{
    int64_t across = e->right - e->left, down = e->bottom - e->top;
    int64_t width = across > down * 3 / 2 ? across : down * 3 / 2;
    width = width * 3 / 2 < SPAN_MIN ? SPAN_MIN : width * 3 / 2;
    if (across < 0 || width * 2 / 3 > WORLD / 2) {
        return (box){0, 0, WORLD, WORLD / 2};
    }
    int64_t height = width * 2 / 3;
    return (box){within((e->left + e->right - width) / 2, width, WORLD),
                 within((e->top + e->bottom - height) / 2, height, WORLD / 2), width, height};
}

static const char *degrees(ls_html *w, int64_t thousandths)
{
    int64_t size = thousandths < 0 ? -thousandths : thousandths;
    return ls_html_format(w, "%s%lld.%03lld", thousandths < 0 ? "-" : "", (long long)(size / 1000),
                          (long long)(size % 1000));
}

/* Areas. */

static size_t corners_of(const ls_shape *shape)
{
    size_t corners = 0;
    for (size_t p = 0; p < shape->count; p++) {
        corners += shape->paths[p].count;
    }
    return corners;
}

static ls_result draw_paths(ls_html *w, const ls_spot *s, ls_path_kind kind, const char *class)
{
    ls_buf d = {0};
    for (size_t p = 0; p < s->shape->count; p++) {
        const ls_path *path = &s->shape->paths[p];
        for (size_t i = 0; path->kind == kind && i < path->count; i++) {
            ls_buf_format(&d, "%s%s %s", i == 0 ? "M" : "L", degrees(w, x_of(&path->places[i])),
                          degrees(w, y_of(&path->places[i])));
        }
    }
    if (d.len > 0) {
        ls_html_element(w, "path", (ls_bytes){0}, "class", class, "data-date", ls_spot_date(w, s->entry), "d",
                        ls_buf_cstr(&d), NULL);
        ls_html_newline(w);
    }
    ls_result r = ls_buf_check(&d);
    ls_buf_free(&d);
    return r;
}

/* left: of the corners that a page may have. What has no room is a place, all the same. */
static ls_result draw_area(ls_html *w, const ls_spot *s, size_t *left)
{
    if (s->placed && s->radius > 0) {
        ls_html_element(w, "ellipse", (ls_bytes){0}, "class", "area", "data-date", ls_spot_date(w, s->entry), "cx",
                        degrees(w, x_of(&s->at)), "cy", degrees(w, y_of(&s->at)), "rx", degrees(w, across_of(s)), "ry",
                        degrees(w, up_of(s)), NULL);
        ls_html_newline(w);
    }
    size_t corners = s->shape == NULL ? 0 : corners_of(s->shape);
    if (corners == 0 || corners > *left) {
        return LS_SUCCESS;
    }
    *left -= corners;
    LS_TRY(draw_paths(w, s, LS_PATH_RING, "area"));
    return draw_paths(w, s, LS_PATH_LINE, "way");
}

/* Places. */

static void draw_sign(ls_html *w, const ls_spot *s)
{
    switch (s->kind) {
    case LS_SPOT_SITE:
        ls_svg_circle(w->out, 0, 0, 5, s->paint);
        break;
    case LS_SPOT_VISIT:
        ls_svg_diamond(w->out, 0, 0, 8, s->paint);
        break;
    case LS_SPOT_CHALLENGE:
        ls_svg_line(w->out, -7, -7, 7, 7, "edge", NULL);
        ls_svg_line(w->out, -7, 7, 7, -7, "edge", NULL);
        ls_svg_circle(w->out, 0, 0, 4, s->paint);
        break;
    case LS_SPOT_FINDING:
        ls_svg_rect(w->out, -4, -4, 8, 8, s->paint);
        break;
    case LS_SPOT_KINDS:
        break;
    }
}

static void draw_spot(ls_html *w, const ls_spot *s, const box *b)
{
    const char *x = degrees(w, x_of(&s->at)), *y = degrees(w, y_of(&s->at)), *date = ls_spot_date(w, s->entry);
    /* Shapes are in pixels of a picture that is PIXELS wide, at any scale. */
    const char *scale = degrees(w, b->width / PIXELS > 0 ? b->width / PIXELS : 1);
    ls_html_open(w, "g", "class", "place", "transform", ls_html_format(w, "translate(%s %s) scale(%s)", x, y, scale),
                 "data-x", x, "data-y", y, "data-date", date, "data-kind", ls_spot_names[s->kind], "data-row", s->id,
                 NULL);
    ls_html_open(w, "title", NULL);
    ls_html_str(w, ls_html_named(w, "map", ls_spot_names[s->kind]));
    ls_html_str(w, " ");
    ls_html_text(w, s->words);
    ls_html_str(w, ls_html_format(w, ", %s, ", date));
    ls_html_str(w, s->stands);
    ls_html_close(w, "title");
    draw_sign(w, s);
    ls_html_close(w, "g");
    ls_html_newline(w);
}

static void draw_piece(ls_html *w, int64_t column, int64_t row)
{
    const char *size = degrees(w, PIECE + 2 * OVER);
    const char *name = ls_html_format(w, "assets/" LS_MAP_PIECE, (unsigned)column, (unsigned)row);
    ls_html_element(w, "image", (ls_bytes){0}, "href", ls_html_site_href(w, name), "x",
                    degrees(w, column * PIECE - OVER), "y", degrees(w, row * PIECE - OVER), "width", size, "height",
                    size, NULL);
    ls_html_newline(w);
}

static void draw_land(ls_html *w, const box *b)
{
    if (b->width >= NEAR) {
        ls_html_element(w, "image", (ls_bytes){0}, "href", ls_html_site_href(w, "assets/world.svg"), "width", "360",
                        "height", "180", NULL);
        ls_html_newline(w);
        return;
    }
    for (int64_t column = b->x / PIECE; column * PIECE < b->x + b->width; column++) {
        for (int64_t row = b->y / PIECE; row * PIECE < b->y + b->height; row++) {
            draw_piece(w, column, row);
        }
    }
}

ls_result ls_map_draw(ls_html *w, const ls_spot *spots, size_t count)
{
    static const ls_legend legend[] = {{LS_CIRCLE, "open", "map.site"},
                                       {LS_DIAMOND, "good", "map.visit"},
                                       {LS_CIRCLE, "warn", "map.challenge"},
                                       {LS_BAR, "good", "map.finding-consistent"},
                                       {LS_BAR, "bad", "map.finding-discrepancy"}};
    const extent e = extent_of(spots, count);
    const box b = fitted(&e);
    size_t left = CORNERS_MAX;
    const char *shown =
        ls_html_format(w, "%s %s %s %s", degrees(w, b.x), degrees(w, b.y), degrees(w, b.width), degrees(w, b.height));
    ls_html_picture_open(w, &(ls_picture){.kind = "map", .title = "nav.map", .what = "map.picture", .box = shown});
    draw_land(w, &b);
    for (size_t i = 0; i < count; i++) {
        LS_TRY(draw_area(w, &spots[i], &left));
    }
    for (size_t i = 0; i < count; i++) {
        if (spots[i].placed) {
            draw_spot(w, &spots[i], &b);
        }
    }
    if (ls_record_charter(w->portal->record)->exercise) {
        ls_html_open(w, "g", "class", "corner", "transform",
                     ls_html_format(w, "translate(%s %s) scale(%s)", degrees(w, b.x + b.width), degrees(w, b.y),
                                    degrees(w, b.width / PIXELS > 0 ? b.width / PIXELS : 1)),
                     NULL);
        ls_html_picture_exercise(w, -6);
        ls_html_close(w, "g");
    }
    ls_html_picture_close(w, legend, sizeof legend / sizeof *legend);
    return LS_SUCCESS;
}
