/* What each party has given unanswered, as a picture: a lane for each party, over the same dates. */
#include "cli/svg.h"

#define WIDTH 1120
#define LEFT 210
#define LANE 110
#define PLOT 80 /* the height of a lane's plot */
#define TOP 76

static ls_quantity highest(const cli_analysis *x)
{
    ls_quantity most = LS_QUANTITY_ONE;
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        most = x->a.exposure[i].most > most ? x->a.exposure[i].most : most;
    }
    return most;
}

static ls_time last_change(const cli_analysis *x)
{
    ls_time last = x->schedule[LS_PACE_PLANNED].signed_at;
    for (size_t i = 0; i < x->curve_count; i++) {
        const ls_curve *c = &x->curve[LS_PACE_PLANNED][i];
        last = c->point[c->count - 1].from > last ? c->point[c->count - 1].from : last;
    }
    return last;
}

static int height_of(ls_quantity q, ls_quantity most)
{
    return (int)(q * PLOT / most);
}

static void draw_curve(ls_buf *out, const svg_axis *a, const ls_curve *c, ls_quantity most, int base)
{
    for (size_t i = 0; i < c->count; i++) {
        int from = svg_at(a, c->point[i].from);
        int to = i + 1 < c->count ? svg_at(a, c->point[i + 1].from) : a->right;
        int all = height_of(c->point[i].exposure, most), fixed = height_of(c->point[i].irreversible, most);
        svg_rect(out, from, base - all, to - from, all, "#8fb8d8");
        svg_rect(out, from, base - fixed, to - from, fixed, "#16476e");
        svg_line(out, from, base - all, to, base - all, "#16476e", NULL);
    }
}

static void draw_lane(ls_buf *out, const cli_analysis *x, const svg_axis *a, size_t i, int y)
{
    const ls_exposure *e = &x->a.exposure[i];
    const ls_party *p = &x->charter->party[e->party];
    ls_quantity most = highest(x);
    int base = y + PLOT + 14, top = base - height_of(e->most, most);
    const char *name = p->title.len > 0 ? cli_text(x->c, p->title) : cli_text(x->c, p->name);
    svg_text(out, 26, y + 30, SVG_START, 13, "#111111", svg_fit(x, name, 24));
    svg_text(out, 26, y + 48, SVG_START, 11, "#444444",
             ls_arena_format(&x->c->arena, "in any order, %s %s", e->bound == e->most ? "at most" : "at least",
                             cli_weight(x, e->most)));
    svg_text(out, 26, y + 64, SVG_START, 11, "#444444",
             ls_arena_format(&x->c->arena, "of it irreversible: %s", cli_weight(x, e->irreversible)));
    draw_curve(out, a, &x->curve[LS_PACE_PLANNED][i], most, base);
    svg_line(out, a->left, top, a->right, top, "#b5482a", "5 4");
    svg_line(out, a->left, base, a->right, base, "#111111", NULL);
    svg_line(out, a->left, y + 14, a->left, base, "#111111", NULL);
    svg_text(out, a->left - 6, base + 4, SVG_END, 10, "#444444", "0");
    svg_text(out, a->left - 6, y + 18, SVG_END, 10, "#444444", cli_weight(x, most));
}

static void draw_legend(ls_buf *out, int y)
{
    svg_rect(out, 30, y, 40, 12, "#8fb8d8");
    svg_text(out, 78, y + 10, SVG_START, 11, "#222222", "given and not yet answered, as planned");
    svg_rect(out, 340, y, 40, 12, "#16476e");
    svg_text(out, 388, y + 10, SVG_START, 11, "#222222", "the part that can't be undone");
    svg_line(out, 600, y + 6, 640, y + 6, "#b5482a", "5 4");
    svg_text(out, 648, y + 10, SVG_START, 11, "#222222", "the most, in any order of acts");
}

void cli_draw_exposure(cli_analysis *x, ls_buf *out)
{
    char from[LS_DATE_SIZE];
    int height = TOP + (int)x->a.exposure_count * LANE;
    ls_time first = x->schedule[LS_PACE_PLANNED].signed_at, last = last_change(x);
    svg_axis a = {first, last + (last - first) / 12 + 86400, LEFT, WIDTH - 30};
    ls_date_format(x->from, from);
    svg_begin(out, WIDTH, height + 66, x->charter->exercise, cli_text(x->c, x->roadmap->title),
              ls_arena_format(&x->c->arena,
                              "What each party has given before it is answered, if it is signed on %s, by %s", from,
                              x->weighted ? "the weights given" : "number of measures"));
    svg_dates(out, x, &a, TOP, height);
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        draw_lane(out, x, &a, i, TOP + (int)i * LANE);
    }
    draw_legend(out, height + 36);
    svg_end(out);
}
