/* Detection over the number of rows inspected, as a picture: the target, the plan, and what the formulas say. */
#include "cli/plan.h"
#include "svg/svg.h"

#define WIDTH 1120
#define LEFT 80
#define RIGHT (WIDTH - 40)
#define TOP 84
#define BOTTOM 484
#define POINTS 250
#define TICKS 10

/* From 0 to the right end: a bit more than what is marked, or all rows. */
static uint64_t last_row(const cli_plan *p)
{
    uint64_t most = 1;
    for (size_t k = 0; k < CLI_DESIGNS; k++) {
        most = p->design[k].given && p->design[k].all > most ? p->design[k].all : most;
    }
    return 2 * most < p->rows ? 2 * most : p->rows;
}

static int column(uint64_t n, uint64_t last)
{
    return LEFT + (int)((double)n / (double)last * (RIGHT - LEFT) + 0.5);
}

static int height(double probability)
{
    return BOTTOM - (int)(probability * (BOTTOM - TOP) + 0.5);
}

/* 1, 2 or 5 with zeros, so that there are at most TICKS of them. */
static uint64_t tick_of(uint64_t last)
{
    static const uint64_t steps[] = {1, 2, 5};
    uint64_t ten = 1;
    for (size_t i = 0;; i++) {
        uint64_t tick = steps[i % 3] * ten;
        if (last / tick <= TICKS) {
            return tick;
        }
        ten *= i % 3 == 2 ? 10 : 1;
    }
}

static void draw_axes(ls_buf *out, cli *c, uint64_t last)
{
    uint64_t tick = tick_of(last);
    for (int tenth = 0; tenth <= 10; tenth += 2) {
        int y = height(tenth / 10.0);
        ls_svg_line(out, LEFT, y, RIGHT, y, tenth == 0 ? "#111111" : "#dddddd", NULL);
        ls_svg_text(out, LEFT - 8, y + 4, LS_SVG_END, 11, "#444444",
                    tenth == 0    ? "0"
                    : tenth == 10 ? "1"
                                  : ls_arena_format(&c->arena, "0.%d", tenth));
    }
    for (uint64_t n = 0; n <= last; n += tick) {
        int x = column(n, last);
        ls_svg_line(out, x, TOP, x, BOTTOM, n == 0 ? "#111111" : "#dddddd", NULL);
        ls_svg_text(out, x, BOTTOM + 18, LS_SVG_MIDDLE, 11, "#444444",
                    ls_arena_format(&c->arena, "%llu", (unsigned long long)n));
    }
    ls_svg_text(out, RIGHT, BOTTOM + 36, LS_SVG_END, 12, "#222222", "rows inspected");
}

static void draw_curve(ls_buf *out, const cli_plan *p, uint64_t last)
{
    ls_sampling s = cli_plan_of_stratum(p, 0);
    uint64_t count = last < POINTS ? last : POINTS;
    int points[POINTS + 1][2];
    for (uint64_t i = 0; i <= count; i++) {
        uint64_t n = last * i / count;
        points[i][0] = column(n, last);
        points[i][1] = height(ls_sampling_detection(&s, n));
    }
    ls_svg_curve(out, points, count + 1, "#16476e");
}

/* One mark on the curve, and what it is below the axis, three beside each other. */
static void draw_mark(ls_buf *out, const cli_plan *p, uint64_t last, size_t kind, int place)
{
    static const char *const colours[CLI_DESIGNS] = {"#b5482a", "#16476e", "#4a7a3a", "#8a6d00", "#6b4a8a"};
    const char *const words[CLI_DESIGNS] = {p->reached ? "the least" : "every row", "the sample", "the budget",
                                            "IAEA formula", "refined formula"};
    const cli_design *d = &p->design[kind];
    int x = LEFT + place % 3 * 340, y = BOTTOM + 64 + place / 3 * 22;
    ls_svg_diamond(out, column(d->all, last), height(d->worst), kind == CLI_LEAST ? 7 : 5, colours[kind]);
    ls_svg_diamond(out, x + 6, y - 4, 6, colours[kind]);
    ls_svg_text(out, x + 18, y, LS_SVG_START, 11, "#222222",
                ls_arena_format(&p->c->arena, "%s: %llu rows, %s", words[kind], (unsigned long long)d->all,
                                cli_probability(p->c, d->worst)));
}

static void draw_marks(ls_buf *out, const cli_plan *p, uint64_t last)
{
    int place = 0;
    for (size_t k = 0; k < CLI_DESIGNS; k++) {
        if (p->design[k].given) {
            draw_mark(out, p, last, k, place++);
        }
    }
}

void cli_draw_detection(const cli_plan *p, ls_buf *out)
{
    cli *c = p->c;
    uint64_t last = last_row(p);
    int target = height(ls_fraction_value(p->target));
    ls_svg_begin(
        out, WIDTH, BOTTOM + 106, c->open && c->ws.exercise,
        ls_arena_format(&c->arena, "Detection of %llu violation%s among %llu rows%s", (unsigned long long)p->violations,
                        p->violations == 1 ? "" : "s", (unsigned long long)p->rows,
                        p->padded ? ", blank ones included" : ""),
        ls_arena_format(&c->arena,
                        "Probability that at least one is noticed, if an inspected one is noticed with probability %s",
                        cli_decimal(c, p->sensitivity)));
    draw_axes(out, c, last);
    ls_svg_line(out, LEFT, target, RIGHT, target, "#b5482a", "5 4");
    ls_svg_text(out, RIGHT, target - 6, LS_SVG_END, 11, "#b5482a",
                ls_arena_format(&c->arena, "wanted: %s", cli_decimal(c, p->target)));
    draw_curve(out, p, last);
    draw_marks(out, p, last);
    ls_svg_end(out);
}
