/*
 * The order in which the state is worked out: each thing after all that it depends on. What depends on itself, over
 * however many others, is an error.
 *
 * By Kahn's algorithm: a node follows when the last of those that it depends on has come. What is left when none
 * follows holds a cycle.
 */
#include "roadmap/parts.h"

#define NONE SIZE_MAX

/* node depends on on */
typedef struct edge {
    size_t node, on;
} edge;

typedef struct graph {
    ls_roadmap_reader *r;
    size_t base[LS_NODE_KINDS]; /* of each kind, its first node */
    size_t node_count;
    ls_node *node;
    ls_buf edges;  /* edge: first as they are found; */
    size_t *first; /* then sorted by `on`: of each node where those that depend on it begin; one more at the end */
    size_t *dependant;
    size_t *open; /* how many that it depends on have not come */
    bool *done;
    size_t *order, order_count;
} graph;

bool ls_moment_op_node(const ls_roadmap *r, const ls_moment_op *op, ls_node *out)
{
    switch (op->kind) {
    case LS_MOMENT_IN_FORCE:
        *out = (ls_node){LS_NODE_ENTRY, 0};
        return true;
    case LS_MOMENT_EVENT:
        *out = (ls_node){LS_NODE_EVENT, op->subject};
        return true;
    case LS_MOMENT_STEP:
        *out = (ls_node){LS_NODE_STEP, op->subject};
        return true;
    case LS_MOMENT_DISPUTE:
        *out = (ls_node){LS_NODE_DISPUTE, op->subject};
        return true;
    case LS_MOMENT_MEASURE:
        break;
    default:
        return false;
    }
    size_t step = r->measures[op->subject].step;
    if (op->what == LS_EVENT_OVERDUE || op->what == LS_EVENT_BREACHED) {
        *out = (ls_node){LS_NODE_CLOCK, op->subject};
    } else if (r->steps[step].simultaneous) {
        *out = (ls_node){LS_NODE_STEP, step};
    } else {
        *out = (ls_node){LS_NODE_MEASURE, op->subject};
    }
    return op->what != LS_EVENT_PROMISED;
}

static size_t node_of(const graph *g, ls_node_kind kind, size_t index)
{
    return g->base[kind] + index;
}

static void add_edge(graph *g, size_t node, size_t on)
{
    ls_buf_put(&g->edges, &(edge){node, on}, sizeof(edge));
}

static void add_moment(graph *g, size_t node, const ls_moment *m)
{
    for (size_t i = 0; i < m->count; i++) {
        ls_node on;
        if (ls_moment_op_node(g->r->roadmap, &m->op[i], &on)) {
            add_edge(g, node, node_of(g, on.kind, on.index));
        }
    }
}

/* What is said about a measure counts from when its conditions hold. */
static void add_measure(graph *g, size_t index)
{
    const ls_measure *m = &g->r->roadmap->measures[index];
    size_t node = node_of(g, LS_NODE_MEASURE, index);
    add_edge(g, node, node_of(g, LS_NODE_ENTRY, 0));
    for (size_t i = 0; i < m->after_count; i++) {
        add_moment(g, node, &m->after[i]);
    }
    for (size_t i = 0; i < m->amount.method_count; i++) {
        add_moment(g, node, &m->amount.methods[i].until);
    }
    if (m->amount.kind == LS_AMOUNT_PERCENT) {
        add_edge(g, node, node_of(g, LS_NODE_EVENT, m->amount.subject));
    }
    if (m->amount.kind ==
        LS_AMOUNT_PARITY) { /* with what takes effect; within a simultaneous step, with what was done */
        size_t step = g->r->roadmap->measures[m->amount.subject].step;
        bool together = g->r->roadmap->steps[step].simultaneous && step != m->step;
        add_edge(g, node, together ? node_of(g, LS_NODE_STEP, step) : node_of(g, LS_NODE_MEASURE, m->amount.subject));
    }
    add_edge(g, node_of(g, LS_NODE_STEP, m->step), node);
}

static void add_clock(graph *g, size_t index)
{
    const ls_roadmap *r = g->r->roadmap;
    const ls_measure *m = &r->measures[index];
    const ls_moment *const moments[] = {&m->begin, &m->due, &m->until, &m->undone_by, &r->suspension.until};
    size_t node = node_of(g, LS_NODE_CLOCK, index);
    add_edge(g, node, node_of(g, LS_NODE_MEASURE, index));
    if (r->steps[m->step].simultaneous) {
        add_edge(g, node, node_of(g, LS_NODE_STEP, m->step));
    }
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        add_moment(g, node, moments[i]);
    }
}

static void add_edges(graph *g)
{
    const ls_roadmap *r = g->r->roadmap;
    add_moment(g, node_of(g, LS_NODE_ENTRY, 0), &r->entry);
    add_moment(g, node_of(g, LS_NODE_ENTRY, 0), &r->provisional);
    for (size_t i = 0; i < r->event_count; i++) {
        add_moment(g, node_of(g, LS_NODE_EVENT, i), &r->events[i].when);
        add_moment(g, node_of(g, LS_NODE_EVENT, i), &r->events[i].unless);
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        add_measure(g, i);
        add_clock(g, i);
    }
}

static bool make_nodes(graph *g)
{
    const ls_roadmap *r = g->r->roadmap;
    const size_t counts[LS_NODE_KINDS] = {[LS_NODE_ENTRY] = 1,
                                          [LS_NODE_EVENT] = r->event_count,
                                          [LS_NODE_MEASURE] = r->measure_count,
                                          [LS_NODE_STEP] = r->step_count,
                                          [LS_NODE_CLOCK] = r->measure_count,
                                          [LS_NODE_DISPUTE] = r->dispute_count};
    for (size_t k = 0; k < LS_NODE_KINDS; k++) {
        g->base[k] = g->node_count;
        g->node_count += counts[k];
    }
    g->node = ls_arena_array(g->r->arena, g->node_count, sizeof *g->node);
    for (size_t k = 0; g->node != NULL && k < LS_NODE_KINDS; k++) {
        for (size_t i = 0; i < counts[k]; i++) {
            g->node[g->base[k] + i] = (ls_node){(ls_node_kind)k, i};
        }
    }
    return g->node != NULL;
}

/* Sorts the edges by what is depended on, and counts how many each node waits for. */
static bool sort_edges(graph *g)
{
    const edge *edges = (const edge *)(const void *)g->edges.ptr;
    size_t count = g->edges.len / sizeof *edges, nodes = g->node_count;
    g->first = ls_arena_array(g->r->arena, nodes + 2, sizeof *g->first);
    g->dependant = ls_arena_array(g->r->arena, count, sizeof *g->dependant);
    g->open = ls_arena_array(g->r->arena, nodes, sizeof *g->open);
    g->done = ls_arena_array(g->r->arena, nodes, sizeof *g->done);
    g->order = ls_arena_array(g->r->arena, nodes, sizeof *g->order);
    if (g->edges.failed || g->first == NULL || g->dependant == NULL || g->open == NULL || g->done == NULL ||
        g->order == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        g->first[edges[i].on + 2]++;
        g->open[edges[i].node]++;
    }
    for (size_t i = 2; i < nodes + 2; i++) {
        g->first[i] += g->first[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        g->dependant[g->first[edges[i].on + 1]++] = edges[i].node;
    }
    return true;
}

static void take(graph *g, size_t node)
{
    g->done[node] = true;
    g->order[g->order_count++] = node;
}

/* Everything that follows from what was taken; from is the first of these. */
static void follow(graph *g, size_t from)
{
    for (size_t at = from; at < g->order_count; at++) {
        size_t node = g->order[at];
        for (size_t i = g->first[node]; i < g->first[node + 1]; i++) {
            size_t next = g->dependant[i];
            if (--g->open[next] == 0 && !g->done[next]) {
                take(g, next);
            }
        }
    }
}

static ls_mark mark_of(const graph *g, size_t node)
{
    const ls_roadmap *r = g->r->roadmap;
    ls_node n = g->node[node];
    switch (n.kind) {
    case LS_NODE_EVENT:
        return r->events[n.index].mark;
    case LS_NODE_MEASURE:
    case LS_NODE_CLOCK:
        return r->measures[n.index].mark;
    default:
        return (ls_mark){0, 0};
    }
}

static void put_name(const graph *g, size_t node, ls_buf *out)
{
    const ls_roadmap *r = g->r->roadmap;
    ls_node n = g->node[node];
    switch (n.kind) {
    case LS_NODE_ENTRY:
        ls_buf_put_str(out, "entry into force");
        break;
    case LS_NODE_EVENT:
        ls_buf_put_bytes(out, r->events[n.index].id);
        break;
    case LS_NODE_STEP:
        ls_buf_put_str(out, "step ");
        ls_buf_put_bytes(out, r->steps[n.index].id);
        break;
    default:
        ls_buf_put_bytes(out, r->measures[n.index].id);
        ls_buf_put_str(out, n.kind == LS_NODE_CLOCK ? "'s deadlines" : "");
    }
}

/* Of each node that has not come, one that it depends on and that has not come either: there is one, or it would have.
 */
static void find_next(const graph *g, size_t *next)
{
    const edge *edges = (const edge *)(const void *)g->edges.ptr;
    for (size_t i = 0; i < g->node_count; i++) {
        next[i] = NONE;
    }
    for (size_t i = 0; i < g->edges.len / sizeof *edges; i++) {
        if (!g->done[edges[i].on] && next[edges[i].node] == NONE) {
            next[edges[i].node] = edges[i].on;
        }
    }
}

/* One that lies on a cycle. Going on from anywhere as often as there are nodes ends on one. */
static size_t on_cycle(const graph *g, const size_t *next)
{
    size_t at = 0;
    while (g->done[at]) {
        at++;
    }
    for (size_t i = 0; i < g->node_count; i++) {
        at = next[at];
    }
    return at;
}

static bool is_before(ls_mark a, ls_mark b)
{
    return a.line != 0 && (b.line == 0 || a.line < b.line || (a.line == b.line && a.column < b.column));
}

/* Reports the cycle, beginning with what stands first in the document; gives one of its nodes. */
static size_t report_cycle(const graph *g, const size_t *next)
{
    size_t first = on_cycle(g, next);
    for (size_t at = next[first], start = first; at != start; at = next[at]) {
        first = is_before(mark_of(g, at), mark_of(g, first)) ? at : first;
    }
    ls_buf text = {0};
    put_name(g, first, &text);
    size_t at = first;
    do {
        at = next[at];
        ls_buf_put_str(&text, " -> ");
        put_name(g, at, &text);
    } while (at != first);
    ls_diagnose(g->r->d, mark_of(g, first), "take out one of these conditions",
                "what waits for itself never happens: %s", ls_buf_cstr(&text));
    ls_buf_free(&text);
    return first;
}

/* Takes everything in its order. A node of each cycle is taken as if it depended on nothing, to find the next one. */
static bool sort(graph *g)
{
    size_t *next = ls_arena_array(g->r->arena, g->node_count, sizeof *next);
    if (next == NULL) {
        return false;
    }
    for (size_t i = 0; i < g->node_count; i++) {
        if (g->open[i] == 0) {
            take(g, i);
        }
    }
    follow(g, 0);
    while (g->order_count < g->node_count) {
        size_t from = g->order_count;
        find_next(g, next);
        take(g, report_cycle(g, next));
        follow(g, from);
    }
    return true;
}

static bool keep(const graph *g)
{
    ls_node *order = ls_arena_array(g->r->arena, g->node_count, sizeof *order);
    for (size_t i = 0; order != NULL && i < g->node_count; i++) {
        order[i] = g->node[g->order[i]];
    }
    g->r->roadmap->order = order;
    g->r->roadmap->node_count = g->node_count;
    return order != NULL;
}

void ls_roadmap_read_order(ls_roadmap_reader *r)
{
    graph g = {.r = r};
    bool made = make_nodes(&g);
    if (made) {
        add_edges(&g);
    }
    if (!made || !sort_edges(&g) || !sort(&g) || !keep(&g)) {
        ls_field_no_memory(r->d);
    }
    ls_buf_free(&g.edges);
}
