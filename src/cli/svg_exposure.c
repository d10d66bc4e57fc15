/* What each party has given unanswered, as a picture: a lane for each party, over the same dates. */
#include "analysis/draw.h"
#include "cli/analyse.h"

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

static const ls_curve_paints paints = {"#8fb8d8", "#16476e", "#16476e"};

static void draw_lane(ls_buf *out, const cli_analysis *x, const ls_svg_axis *a, size_t i, int y)
{
    const ls_exposure *e = &x->a.exposure[i];
    const ls_party *p = &x->charter->party[e->party];
    ls_quantity most = highest(x);
    int base = y + PLOT + 14, top = base - height_of(e->most, most);
    const char *name = p->title.len > 0 ? cli_text(x->c, p->title) : cli_text(x->c, p->name);
    ls_svg_text(out, 26, y + 30, LS_SVG_START, 13, "#111111", ls_svg_fit(&x->c->arena, name, 24));
    ls_svg_text(out, 26, y + 48, LS_SVG_START, 11, "#444444",
                ls_arena_format(&x->c->arena, "in any order, %s %s", e->bound == e->most ? "at most" : "at least",
                                cli_weight(x, e->most)));
    ls_svg_text(out, 26, y + 64, LS_SVG_START, 11, "#444444",
                ls_arena_format(&x->c->arena, "of it irreversible: %s", cli_weight(x, e->irreversible)));
    ls_curve_draw(out, a, &x->curve[LS_PACE_PLANNED][i], most, base, PLOT, &paints);
    ls_svg_line(out, a->left, top, a->right, top, "#b5482a", "5 4");
    ls_svg_line(out, a->left, base, a->right, base, "#111111", NULL);
    ls_svg_line(out, a->left, y + 14, a->left, base, "#111111", NULL);
    ls_svg_text(out, a->left - 6, base + 4, LS_SVG_END, 10, "#444444", "0");
    ls_svg_text(out, a->left - 6, y + 18, LS_SVG_END, 10, "#444444", cli_weight(x, most));
}

static void draw_legend(ls_buf *out, int y)
{
    ls_svg_rect(out, 30, y, 40, 12, "#8fb8d8");
    ls_svg_text(out, 78, y + 10, LS_SVG_START, 11, "#222222", "given and not yet answered, as planned");
    ls_svg_rect(out, 340, y, 40, 12, "#16476e");
    ls_svg_text(out, 388, y + 10, LS_SVG_START, 11, "#222222", "the part that can't be undone");
    ls_svg_line(out, 600, y + 6, 640, y + 6, "#b5482a", "5 4");
    ls_svg_text(out, 648, y + 10, LS_SVG_START, 11, "#222222", "the most, in any order of acts");
}

void cli_draw_exposure(cli_analysis *x, ls_buf *out)
{
    char from[LS_DATE_SIZE];
    int height = TOP + (int)x->a.exposure_count * LANE;
    ls_time first = x->schedule[LS_PACE_PLANNED].signed_at, last = last_change(x);
    ls_svg_axis a = {first, last + (last - first) / 12 + 86400, LEFT, WIDTH - 30, &x->charter->zone};
    ls_date_format(x->from, from);
    ls_svg_begin(out, WIDTH, height + 66, x->charter->exercise, cli_text(x->c, x->roadmap->title),
                 ls_arena_format(&x->c->arena,
                                 "What each party has given before it is answered, if it is signed on %s, by %s", from,
                                 x->weighted ? "the weights given" : "number of measures"));
    ls_svg_dates(out, &a, TOP, height, "#dddddd", "#444444");
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        draw_lane(out, x, &a, i, TOP + (int)i * LANE);
    }
    draw_legend(out, height + 36);
    ls_svg_end(out);
}
