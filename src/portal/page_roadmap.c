/*
 * The roadmap: steps with their measures, and what waits for what, drawn in columns by how far a step is from the
 * beginning; and what each side has given by then (exposure.c). The table says the same in words.
 */
#include "portal/exposure.h"
#include "portal/picture.h"

#define BOX 200   /* the width of a node */
#define GAP 90    /* between columns */
#define ROW 18    /* the height of a line */
#define MARGIN 10 /* around all, and between nodes of a column */
#define LINE_MAX 26
#define TITLE_MAX 26

/* A step, or an event that others wait for. */
typedef struct node {
    size_t column; /* once it was found */
    bool found, looking;
    int x, y, height;
    bool drawn;
} node;

typedef struct graph {
    ls_html *w;
    const ls_card *card;
    const ls_roadmap *r;
    node *nodes;     /* of each step, then of each event */
    int *line;       /* of each measure: where its line stands, in the middle */
    size_t count;    /* of nodes */
    bool *waits;     /* [to * count + from]: a node waits for another */
    size_t *columns; /* of each column, its height so far */
} graph;

/* What waits for what. */

#define NOTHING SIZE_MAX

/* The node that a leaf of a moment looks at. */
static size_t node_of(const graph *g, const ls_moment_op *op)
{
    switch (op->kind) {
    case LS_MOMENT_MEASURE:
        return g->r->measures[op->subject].step;
    case LS_MOMENT_STEP:
        return op->subject;
    case LS_MOMENT_EVENT:
        return g->r->step_count + op->subject;
    default:
        return NOTHING;
    }
}

typedef struct edge {
    size_t from, to;  /* nodes */
    int from_y, to_y; /* where it leaves and arrives */
} edge;

typedef void (*edge_sink)(graph *g, const edge *e);

static void follow(graph *g, const ls_moment *m, size_t to, int to_y, edge_sink sink)
{
    for (size_t i = 0; i < m->count; i++) {
        size_t from = node_of(g, &m->op[i]);
        if (from != NOTHING && from != to) {
            bool measure = m->op[i].kind == LS_MOMENT_MEASURE;
            const edge e = {from, to, measure ? g->line[m->op[i].subject] : g->nodes[from].y + ROW / 2, to_y};
            sink(g, &e);
        }
    }
}

static void each_edge(graph *g, edge_sink sink)
{
    for (size_t i = 0; i < g->r->measure_count; i++) {
        const ls_measure *m = &g->r->measures[i];
        for (size_t k = 0; k < m->after_count; k++) {
            follow(g, &m->after[k], m->step, g->line[i], sink);
        }
    }
    for (size_t i = 0; i < g->r->event_count; i++) {
        size_t to = g->r->step_count + i;
        follow(g, &g->r->events[i].when, to, g->nodes[to].y + ROW / 2, sink);
    }
}

/* Layout. */

static void note_edge(graph *g, const edge *e)
{
    g->nodes[e->from].drawn = true;
    g->waits[e->to * g->count + e->from] = true;
}

/* One further than the furthest that it waits for. Steps can wait for each other, measure by measure: there the one
 * that comes first in the accord stands first. */
static size_t find_column(graph *g, size_t to)
{
    node *n = &g->nodes[to];
    if (n->found) {
        return n->column;
    }
    n->looking = true;
    for (size_t from = 0; from < g->count; from++) {
        if (g->waits[to * g->count + from] && !g->nodes[from].looking) {
            size_t column = find_column(g, from) + 1;
            n->column = column > n->column ? column : n->column;
        }
    }
    n->looking = false;
    n->found = true;
    return n->column;
}

static void find_columns(graph *g)
{
    each_edge(g, note_edge);
    for (size_t i = g->count; i-- > 0;) {
        find_column(g, i);
    }
}

static size_t measures_in(const ls_roadmap *r, size_t step)
{
    size_t count = 0;
    for (size_t i = 0; i < r->measure_count; i++) {
        count += r->measures[i].step == step;
    }
    return count;
}

static void place_lines(graph *g, size_t step)
{
    int y = g->nodes[step].y + ROW + ROW / 2;
    for (size_t i = 0; i < g->r->measure_count; i++) {
        if (g->r->measures[i].step == step) {
            g->line[i] = y;
            y += ROW;
        }
    }
}

/* Returns the height of all. */
static int place_nodes(graph *g, int *width)
{
    int height = 0;
    for (size_t i = 0; i < g->count; i++) {
        node *n = &g->nodes[i];
        bool step = i < g->r->step_count;
        n->drawn = n->drawn || step;
        if (!n->drawn) {
            continue;
        }
        n->height = ROW * (1 + (step ? (int)measures_in(g->r, i) : 0)) + 4;
        n->x = MARGIN + (int)n->column * (BOX + GAP);
        n->y = 2 * MARGIN + (int)g->columns[n->column];
        g->columns[n->column] += (size_t)(n->height + MARGIN);
        height = n->y + n->height > height ? n->y + n->height : height;
        *width = n->x + BOX > *width ? n->x + BOX : *width;
        if (step) {
            place_lines(g, i);
        }
    }
    return height + MARGIN;
}

/* Drawing. */

static const char *paint_of(ls_state s)
{
    static const char *const paints[LS_STATES] = {
        [LS_PENDING] = "idle",   [LS_DUE] = "open",     [LS_BEGUN] = "open",      [LS_PERFORMED] = "open",
        [LS_CONFIRMED] = "good", [LS_DISPUTED] = "bad", [LS_OVERDUE] = "bad",     [LS_KEPT] = "good",
        [LS_BREACHED] = "bad",   [LS_REVERSED] = "bad", [LS_CALLED_OFF] = "warn", [LS_ENDED] = "idle"};
    return paints[s];
}

static void draw_edge(graph *g, const edge *e)
{
    const node *from = &g->nodes[e->from], *to = &g->nodes[e->to];
    bool back = to->x <= from->x;
    int x1 = from->x + (back ? 0 : BOX), x2 = to->x, bend = back ? -GAP / 2 : GAP / 2;
    ls_html_element(g->w, "path", (ls_bytes){0}, "class", "edge", "d",
                    ls_html_format(g->w, "M%d %dC%d %d %d %d %d %dl-5 -3m5 3l-5 3", x1, e->from_y, x1 + bend, e->from_y,
                                   x2 - GAP / 2, e->to_y, x2 - 2, e->to_y),
                    NULL);
}

static void draw_title(graph *g, const node *n, ls_bytes title)
{
    ls_svg_rect(g->w->out, n->x, n->y, BOX, n->height, "node");
    ls_svg_text(g->w->out, n->x + 8, n->y + 14, LS_SVG_START, 12, "name",
                ls_svg_fit(g->w->arena, ls_html_cstr(g->w, title), TITLE_MAX));
}

static void draw_step(graph *g, size_t step)
{
    const node *n = &g->nodes[step];
    const ls_step *s = &g->r->steps[step];
    ls_html_open(g->w, "g", "data-row", ls_html_format(g->w, "step-%d-%zu", g->card->version, step), NULL);
    draw_title(g, n, s->title.len > 0 ? s->title : s->id);
    for (size_t i = 0; i < g->r->measure_count; i++) {
        const ls_measure *m = &g->r->measures[i];
        if (m->step == step) {
            ls_state state = g->card->state.measure[i].state;
            ls_html_open(g->w, "g", NULL);
            ls_html_open(g->w, "title", NULL);
            ls_html_text(g->w, m->what);
            ls_html_str(g->w, ": ");
            ls_html_str(g->w, ls_html_word(g->w, ls_state_key(state)));
            ls_html_close(g->w, "title");
            ls_svg_circle(g->w->out, n->x + 12, g->line[i], 5, paint_of(state));
            ls_svg_text(g->w->out, n->x + 24, g->line[i] + 4, LS_SVG_START, 12, "small",
                        ls_svg_fit(g->w->arena, ls_html_cstr(g->w, m->id), LINE_MAX));
            ls_html_close(g->w, "g");
        }
    }
    ls_html_close(g->w, "g");
    ls_html_newline(g->w);
}

static void draw(graph *g)
{
    static const ls_legend legend[] = {{LS_CIRCLE, "idle", "roadmap.waiting"},
                                       {LS_CIRCLE, "open", "roadmap.running"},
                                       {LS_CIRCLE, "good", "roadmap.done"},
                                       {LS_CIRCLE, "bad", "roadmap.wrong"},
                                       {LS_LINE, "edge", "roadmap.edge"}};
    int width = 0, height = place_nodes(g, &width);
    const char *kind = ls_html_format(g->w, "roadmap-%d", g->card->version);
    ls_html_picture_open(g->w,
                         &(ls_picture){kind, "roadmap.graph", "roadmap.picture", width + MARGIN, height, NULL, NULL});
    ls_html_picture_exercise(g->w, width);
    each_edge(g, draw_edge);
    for (size_t i = 0; i < g->r->step_count; i++) {
        draw_step(g, i);
    }
    for (size_t i = 0; i < g->r->event_count; i++) {
        const node *n = &g->nodes[g->r->step_count + i];
        if (n->drawn) {
            draw_title(g, n, g->r->events[i].title);
        }
    }
    ls_html_picture_close(g->w, legend, sizeof legend / sizeof *legend);
}

static ls_result put_graph(ls_html *w, const ls_card *k)
{
    const ls_roadmap *r = k->accord->roadmap;
    graph g = {.w = w, .card = k, .r = r, .count = r->step_count + r->event_count};
    g.nodes = ls_arena_array(w->arena, g.count + 1, sizeof *g.nodes);
    g.columns = ls_arena_array(w->arena, g.count + 1, sizeof *g.columns);
    g.line = ls_arena_array(w->arena, r->measure_count + 1, sizeof *g.line);
    g.waits = ls_arena_array(w->arena, g.count * g.count + 1, sizeof *g.waits);
    if (g.waits == NULL || g.nodes == NULL || g.columns == NULL || g.line == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    find_columns(&g);
    draw(&g);
    return LS_SUCCESS;
}

/* The table. */

static void put_moments(ls_html *w, const ls_measure *m)
{
    for (size_t i = 0; i < m->after_count; i++) {
        ls_html_element(w, "div", m->after[i].text, NULL);
    }
}

static void put_row(ls_html *w, const ls_card *k, size_t i)
{
    const ls_measure *m = &k->accord->roadmap->measures[i];
    const ls_step *s = &k->accord->roadmap->steps[m->step];
    const char *path = ls_html_measure_path(w, (size_t)k->version, i);
    ls_html_statement_open(w, "tr", ls_html_format(w, "measure-%d-%zu", k->version, i), "data-state",
                           ls_state_code(k->state.measure[i].state), NULL);
    ls_html_element(w, "td", s->title.len > 0 ? s->title : s->id, "dir", "auto", NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_link(w, path, m->id);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, m->by);
    ls_html_close(w, "td");
    ls_html_open(w, "td", "lang", "en", NULL);
    put_moments(w, m);
    ls_html_close(w, "td");
    ls_html_element(w, "td", m->due.text, "lang", "en", NULL);
    ls_html_open(w, "td", NULL);
    ls_html_element(w, "span", ls_bytes_str(ls_html_word(w, ls_state_key(k->state.measure[i].state))), "class", "state",
                    NULL);
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_table(ls_html *w, const ls_card *k)
{
    static const char *const columns[] = {"roadmap.step", "roadmap.measure", "measure.by", "roadmap.after",
                                          "roadmap.due",  "measure.state",   NULL};
    ls_html_table_open(w, "roadmap", "roadmap.table", columns);
    for (size_t i = 0; i < k->accord->roadmap->measure_count; i++) {
        put_row(w, k, i);
    }
    ls_html_table_close(w);
}

ls_result ls_page_roadmap(ls_html *w, ls_bytes name, const char **title)
{
    const ls_portal_state *s = w->portal->state;
    (void)name;
    ls_page_title_word(w, "nav.roadmap", title);
    ls_html_word_in(w, "p", "roadmap.what");
    if (s->card_count == 0) {
        ls_html_state(w, "p", "none", "scorecard.no-accord", NULL, 0);
    }
    for (size_t i = 0; i < s->card_count; i++) {
        const ls_card *k = &s->card[i];
        ls_html_open(w, "section", NULL);
        ls_html_statement_open(w, "h2", ls_html_format(w, "accord-%d", k->version), "dir", "auto", NULL);
        ls_html_text(w, k->accord->roadmap->title);
        ls_html_close(w, "h2");
        ls_html_newline(w);
        LS_TRY(put_graph(w, k));
        put_table(w, k);
        LS_TRY(ls_html_exposure(w, k));
        ls_html_close(w, "section");
    }
    return LS_SUCCESS;
}
