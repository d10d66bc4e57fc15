#include "portal/exposure.h"
#include "analysis/draw.h"
#include "portal/picture.h"

#define WIDTH 1150
#define LEFT 130
#define LANE 90
#define PLOT 64 /* the height of a lane's plot */
#define TOP 24

typedef struct exposure {
    ls_html *w;
    const ls_card *card;
    size_t count;
    ls_curve *is, *planned; /* of each party that performs anything */
} exposure;

static ls_time come(const ls_portal *p, ls_time t)
{
    return t <= p->at ? t : LS_TIME_OPEN;
}

/* As it happened, in the form of a schedule. */
static ls_result take_happened(const exposure *x, ls_schedule *out)
{
    const ls_roadmap *r = x->card->accord->roadmap;
    *out = (ls_schedule){.signed_at = x->card->state.signed_at, .in_force = x->card->state.in_force};
    out->measure = ls_arena_array(x->w->arena, r->measure_count + 1, sizeof *out->measure);
    if (out->measure == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        const ls_measure_state *s = &x->card->state.measure[i];
        ls_time performed = come(x->w->portal, s->event[LS_EVENT_PERFORMED]);
        ls_time confirmed = come(x->w->portal, s->event[LS_EVENT_CONFIRMED]);
        out->measure[i] = (ls_measure_dates){.due = LS_TIME_OPEN,
                                             .deadline = LS_TIME_OPEN,
                                             .performed = performed,
                                             .complete = r->measures[i].verifiers == 0 ? performed : confirmed};
    }
    return LS_SUCCESS;
}

static ls_result trace(exposure *x)
{
    const ls_roadmap *r = x->card->accord->roadmap;
    const ls_charter *c = x->card->charter;
    const ls_analysis_query q = {.roadmap = r, .limit = LS_ANALYSIS_LIMIT_DEFAULT};
    ls_schedule happened, planned;
    LS_TRY(take_happened(x, &happened));
    LS_TRY(ls_schedule_curves(&q, &happened, x->w->arena, &x->is, &x->count));
    LS_TRY(ls_schedule_make(r, c, ls_zone_date(&c->zone, happened.signed_at), LS_PACE_PLANNED, x->w->arena, &planned));
    return ls_schedule_curves(&q, &planned, x->w->arena, &x->planned, &x->count);
}

static ls_quantity highest(const exposure *x)
{
    ls_quantity most = LS_QUANTITY_ONE;
    for (size_t i = 0; i < x->count; i++) {
        for (size_t k = 0; k < x->is[i].count; k++) {
            most = x->is[i].point[k].exposure > most ? x->is[i].point[k].exposure : most;
        }
        for (size_t k = 0; k < x->planned[i].count; k++) {
            most = x->planned[i].point[k].exposure > most ? x->planned[i].point[k].exposure : most;
        }
    }
    return most;
}

static ls_time last_change(const exposure *x)
{
    ls_time last = x->w->portal->at;
    for (size_t i = 0; i < x->count; i++) {
        const ls_curve *c = &x->planned[i];
        last = c->point[c->count - 1].from > last ? c->point[c->count - 1].from : last;
    }
    return last;
}

/* As planned: a line of steps. */
static void draw_planned(const exposure *x, const ls_svg_axis *a, const ls_curve *c, ls_quantity most, int base)
{
    int before = base;
    for (size_t i = 0; i < c->count; i++) {
        int from = ls_svg_at(a, c->point[i].from);
        int to = i + 1 < c->count ? ls_svg_at(a, c->point[i + 1].from) : a->right;
        int y = base - (int)(c->point[i].exposure * PLOT / most);
        ls_svg_line(x->w->out, from, before, from, y, "edge", "5 4");
        ls_svg_line(x->w->out, from, y, to, y, "edge", "5 4");
        before = y;
    }
}

static void draw_lane(const exposure *x, const ls_svg_axis *a, size_t i, ls_quantity most)
{
    static const ls_curve_paints paints = {"idle", "bad", "line"};
    const ls_party *p = &x->card->charter->party[x->is[i].party];
    int y = TOP + (int)i * LANE, base = y + PLOT + 12;
    ls_svg_axis until = *a; /* what has not happened yet is not drawn */
    until.right = ls_svg_at(a, x->w->portal->at);
    ls_svg_text(x->w->out, 8, y + 24, LS_SVG_START, 14, "name",
                ls_svg_fit(x->w->arena, ls_html_cstr(x->w, p->name), 14));
    ls_curve_draw(x->w->out, &until, &x->is[i], most, base, PLOT, &paints);
    draw_planned(x, a, &x->planned[i], most, base);
    ls_svg_line(x->w->out, a->left, base, a->right, base, "edge", NULL);
}

static void draw(const exposure *x)
{
    static const ls_legend legend[] = {
        {LS_BAR, "idle", "exposure.given"}, {LS_BAR, "bad", "exposure.fixed"}, {LS_LINE, "edge", "exposure.planned"}};
    ls_time first = x->card->state.signed_at, last = last_change(x);
    const ls_svg_axis a = {first, last + (last - first) / 20 + 86400, LEFT, WIDTH - 14, &x->card->charter->zone};
    int bottom = TOP + (int)x->count * LANE;
    const char *kind = ls_html_format(x->w, "exposure-%d", x->card->version);
    ls_html_picture_open(x->w, &(ls_picture){kind, "exposure.title", "exposure.picture", WIDTH, bottom + 24, NULL, &a});
    ls_html_picture_exercise(x->w, a.right);
    ls_html_picture_dates(x->w, &a, TOP, bottom);
    for (size_t i = 0; i < x->count; i++) {
        draw_lane(x, &a, i, highest(x));
    }
    ls_html_picture_close(x->w, legend, sizeof legend / sizeof *legend);
}

static void put_quantity(ls_html *w, ls_quantity q)
{
    char text[LS_QUANTITY_SIZE];
    ls_quantity_format(q, text);
    ls_html_element(w, "td", ls_bytes_str(text), "class", "number", NULL);
}

/* Changes that leave both as they were are none. */
static bool changes(const ls_curve *c, size_t k)
{
    return k == 0 || c->point[k].exposure != c->point[k - 1].exposure ||
           c->point[k].irreversible != c->point[k - 1].irreversible;
}

static void put_row(const exposure *x, const ls_curve *c, size_t k)
{
    ls_html_statement_open(x->w, "tr", ls_html_format(x->w, "exposure-%d-%zu-%zu", x->card->version, c->party, k),
                           NULL);
    ls_html_open(x->w, "th", "scope", "row", NULL);
    ls_html_time(x->w, c->point[k].from);
    ls_html_close(x->w, "th");
    ls_html_open(x->w, "td", NULL);
    ls_html_party(x->w, c->party);
    ls_html_close(x->w, "td");
    put_quantity(x->w, c->point[k].exposure);
    put_quantity(x->w, c->point[k].irreversible);
    ls_html_close(x->w, "tr");
    ls_html_newline(x->w);
}

ls_result ls_html_exposure(ls_html *w, const ls_card *k)
{
    static const char *const columns[] = {"exposure.from", "exposure.party", "exposure.given", "exposure.fixed", NULL};
    exposure x = {.w = w, .card = k};
    if (k->state.signed_at > w->portal->at) {
        return LS_SUCCESS;
    }
    LS_TRY(trace(&x));
    ls_html_element(w, "h3", ls_bytes_str(ls_html_word(w, "exposure.title")), NULL);
    ls_html_word_in(w, "p", "exposure.what");
    draw(&x);
    ls_html_table_open(w, "exposure", "exposure.table", columns);
    for (size_t i = 0; i < x.count; i++) {
        for (size_t n = 0; n < x.is[i].count; n++) {
            if (changes(&x.is[i], n)) {
                put_row(&x, &x.is[i], n);
            }
        }
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}
