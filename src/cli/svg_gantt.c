/* The dates as a picture: a lane for each party, a row for each measure. */
#include "cli/analyse.h"
#include "svg/svg.h"

#define WIDTH 1120
#define LABEL 330 /* where the axis begins */
#define ROW 20
#define LANE 26 /* the head of a lane */
#define TOP 76

static const char *const colours[] = {"#1b6ca8", "#b5482a", "#4f7f3b", "#7a4fa0", "#8a6d1d", "#2f7f86"};
#define COLOURS (sizeof colours / sizeof *colours)

/* Whose lane a measure stands in: that of its first performer. */
static size_t lane_of(const cli_analysis *x, size_t measure)
{
    size_t p = 0;
    while (p + 1 < x->charter->party_count && !(x->roadmap->measures[measure].by & LS_PARTY_BIT(p))) {
        p++;
    }
    return p;
}

static size_t rows_in(const cli_analysis *x, size_t lane)
{
    size_t count = 0;
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        count += lane_of(x, i) == lane;
    }
    return count;
}

static ls_time last_time(const cli_analysis *x)
{
    ls_time last = x->schedule[LS_PACE_PLANNED].signed_at;
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        const ls_measure_dates *d = &x->schedule[LS_PACE_PLANNED].measure[i];
        last = d->performed != LS_TIME_OPEN && d->performed > last ? d->performed : last;
        last = d->complete != LS_TIME_OPEN && d->complete > last ? d->complete : last;
    }
    return last;
}

static const char *label(const cli_analysis *x, size_t measure)
{
    const ls_measure *m = &x->roadmap->measures[measure];
    bool several = (m->by & (m->by - 1)) != 0;
    return ls_arena_format(&x->c->arena, "%s%s: %s", cli_measure_name(x, measure), several ? " (with others)" : "",
                           cli_text(x->c, m->what));
}

/* From when it may be done until its last day, as planned; and when it is confirmed. */
static void draw_row(ls_buf *out, const cli_analysis *x, const ls_svg_axis *a, size_t measure, int y,
                     const char *colour)
{
    const ls_measure *m = &x->roadmap->measures[measure];
    const ls_measure_dates *d = &x->schedule[LS_PACE_PLANNED].measure[measure];
    ls_svg_text(out, 30, y + 14, LS_SVG_START, 11, "#222222", ls_svg_fit(&x->c->arena, label(x, measure), 52));
    if (d->due == LS_TIME_OPEN || d->performed == LS_TIME_OPEN) {
        ls_svg_text(out, a->left + 6, y + 14, LS_SVG_START, 11, "#888888", "open: no date brings it");
        return;
    }
    bool lasts = m->continuing || m->amount.kind == LS_AMOUNT_RATE;
    int from = ls_svg_at(a, d->due), to = lasts ? a->right : ls_svg_at(a, d->performed);
    int width = to - from > 4 ? to - from : 4;
    ls_svg_rect(out, from, y + 4, width, ROW - 8, colour);
    if (lasts) {
        ls_svg_rect(out, from + 2, y + 6, width - 4, ROW - 12, "#ffffff");
    } else if (m->verifiers != 0 && d->complete != LS_TIME_OPEN) {
        ls_svg_diamond(out, ls_svg_at(a, d->complete), y + ROW / 2, 6, "#111111");
    }
    const char *day = cli_performed_day(x, measure, LS_PACE_PLANNED);
    bool right = to + 84 < a->right || from - 84 < a->left;
    if (!lasts) {
        ls_svg_text(out, right ? (to > from + 4 ? to : from + 4) + 10 : from - 8, y + 14,
                    right ? LS_SVG_START : LS_SVG_END, 10, "#444444", day);
    }
}

static void draw_legend(ls_buf *out, int y)
{
    ls_svg_rect(out, 30, y, 40, ROW - 8, colours[0]);
    ls_svg_text(out, 78, y + 10, LS_SVG_START, 11, "#222222", "from when it may be done to its last day");
    ls_svg_rect(out, 340, y, 40, ROW - 8, colours[0]);
    ls_svg_rect(out, 342, y + 2, 36, ROW - 12, "#ffffff");
    ls_svg_text(out, 388, y + 10, LS_SVG_START, 11, "#222222", "kept from then on");
    ls_svg_diamond(out, 540, y + 6, 6, "#111111");
    ls_svg_text(out, 554, y + 10, LS_SVG_START, 11, "#222222", "confirmed");
    ls_svg_text(out, 650, y + 10, LS_SVG_START, 11, "#444444", "2018-10-09");
    ls_svg_text(out, 722, y + 10, LS_SVG_START, 11, "#222222", "the day on which it is done, as planned");
}

static int draw_lane(ls_buf *out, const cli_analysis *x, const ls_svg_axis *a, size_t lane, int y)
{
    const ls_party *p = &x->charter->party[lane];
    const char *name = p->title.len > 0 ? cli_text(x->c, p->title) : cli_text(x->c, p->name);
    ls_svg_rect(out, 20, y, WIDTH - 40, LANE - 6, "#eeeeee");
    ls_svg_text(out, 26, y + 15, LS_SVG_START, 13, colours[lane % COLOURS], name);
    y += LANE;
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        if (lane_of(x, i) == lane) {
            draw_row(out, x, a, i, y, colours[lane % COLOURS]);
            y += ROW;
        }
    }
    return y;
}

void cli_draw_gantt(cli_analysis *x, ls_buf *out)
{
    char from[LS_DATE_SIZE];
    int height = TOP, y = TOP;
    ls_time first = x->schedule[LS_PACE_PLANNED].signed_at, last = last_time(x);
    ls_svg_axis a = {first, last + (last - first) / 12 + 86400, LABEL, WIDTH - 30, &x->charter->zone};
    for (size_t p = 0; p < x->charter->party_count; p++) {
        height += rows_in(x, p) > 0 ? LANE + (int)rows_in(x, p) * ROW : 0;
    }
    ls_date_format(x->from, from);
    ls_svg_begin(out, WIDTH, height + 66, x->charter->exercise, cli_text(x->c, x->roadmap->title),
                 ls_arena_format(&x->c->arena, "If it is signed on %s and each measure is done on its last day", from));
    ls_svg_dates(out, &a, TOP, height, "#dddddd", "#444444");
    for (size_t p = 0; p < x->charter->party_count; p++) {
        y = rows_in(x, p) > 0 ? draw_lane(out, x, &a, p, y) : y;
    }
    draw_legend(out, height + 36);
    ls_svg_end(out);
}
