/* What only a whole roadmap can show: cycles, dates that contradict each other, declarations that nobody makes. */
#include "accord/roadmap_parts.h"

#define NONE SIZE_MAX

enum { UNSEEN, OPEN, DONE };

/* A walk along "waits for", in depth first and without recursion. */
typedef struct walk {
    const ls_roadmap *roadmap;
    uint8_t *colour;
    size_t *next;   /* which of its triggers comes next */
    size_t *parent; /* from where it was reached */
    size_t *path;   /* room for one cycle */
    size_t *order, done;
} walk;

static size_t trigger_count(const ls_measure *m)
{
    return m->after_count + (m->due.kind == LS_DUE_AFTER ? 1 : 0);
}

static const ls_trigger *trigger(const ls_measure *m, size_t i)
{
    return i < m->after_count ? &m->after[i] : &m->due.trigger;
}

/* The measures from first, along the walk, to last, which waits for first again. */
static void report_cycle(ls_roadmap_reader *r, walk *w, size_t first, size_t last)
{
    ls_buf text = {0};
    size_t len = 0;
    for (size_t m = last; m != first; m = w->parent[m]) {
        w->path[len++] = m;
    }
    const ls_measure *measures = w->roadmap->measures;
    ls_buf_put_bytes(&text, measures[first].id);
    while (len > 0) {
        ls_buf_put_str(&text, " -> ");
        ls_buf_put_bytes(&text, measures[w->path[--len]].id);
    }
    ls_buf_put_str(&text, " -> ");
    ls_buf_put_bytes(&text, measures[first].id);
    ls_diagnose(r->d, measures[first].mark, "take out one of these conditions",
                "measures that wait for each other never begin: %s", ls_buf_cstr(&text));
    ls_buf_free(&text);
}

/* One step of the walk at a measure; where to go on, or NONE when the walk from its root is over. */
static size_t advance(ls_roadmap_reader *r, walk *w, size_t at)
{
    const ls_measure *m = &w->roadmap->measures[at];
    if (w->next[at] == trigger_count(m)) {
        w->colour[at] = DONE;
        w->order[w->done++] = at;
        return w->parent[at];
    }
    const ls_trigger *t = trigger(m, w->next[at]++);
    if (t->kind == LS_EVENT_IN_FORCE || w->colour[t->measure] == DONE) {
        return at;
    }
    if (w->colour[t->measure] == OPEN) {
        report_cycle(r, w, t->measure, at);
        return at;
    }
    w->colour[t->measure] = OPEN;
    w->parent[t->measure] = at;
    return t->measure;
}

void ls_roadmap_check_cycles(ls_roadmap_reader *r)
{
    size_t count = r->roadmap->measure_count;
    walk w = {.roadmap = r->roadmap,
              .colour = ls_arena_array(r->arena, count, sizeof *w.colour),
              .next = ls_arena_array(r->arena, count, sizeof *w.next),
              .parent = ls_arena_array(r->arena, count, sizeof *w.parent),
              .path = ls_arena_array(r->arena, count, sizeof *w.path),
              .order = ls_arena_array(r->arena, count, sizeof *w.order)};
    if (w.colour == NULL || w.next == NULL || w.parent == NULL || w.path == NULL || w.order == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (w.colour[i] == UNSEEN) {
            w.colour[i] = OPEN;
            w.parent[i] = NONE;
            for (size_t at = i; at != NONE;) {
                at = advance(r, &w, at);
            }
        }
    }
    r->roadmap->order = w.order;
}

/* Not impossible, as the other may come early; but hardly what was meant. */
void ls_roadmap_check_dates(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        const ls_measure *m = &r->roadmap->measures[i];
        for (size_t t = 0; m->due.kind == LS_DUE_DATE && t < m->after_count; t++) {
            const ls_measure *other = &r->roadmap->measures[m->after[t].measure];
            if (m->after[t].kind != LS_EVENT_IN_FORCE && other->due.kind == LS_DUE_DATE &&
                ls_date_to_days(m->due.date) < ls_date_to_days(other->due.date)) {
                ls_diagnose_warning(r->d, ls_field_mark(r->source[i], "due"), NULL,
                                    "'%.*s' is due before '%.*s', for which it waits", (int)m->id.len, m->id.ptr,
                                    (int)other->id.len, other->id.ptr);
            }
        }
    }
}

/* Two measures do the same with one declaration. */
static bool same_content(const ls_measure *a, const ls_measure *b)
{
    bool declares = a->declares.len > 0 && ls_bytes_equal(a->declares, b->declares);
    bool opens = a->opens.len > 0 && ls_bytes_equal(a->opens, b->opens) && a->opens_tranche == b->opens_tranche;
    return declares || opens;
}

static void check_doubles(ls_roadmap_reader *r, size_t index)
{
    const ls_measure *m = &r->roadmap->measures[index];
    const char *key = m->declares.len > 0 ? "declares" : "opens";
    for (size_t i = 0; i < index; i++) {
        const ls_measure *first = &r->roadmap->measures[i];
        if (same_content(first, m)) {
            ls_diagnose(r->d, ls_field_mark(r->source[index], key), NULL, "'%.*s' in line %u %s the same",
                        (int)first->id.len, first->id.ptr, first->mark.line, key);
            return;
        }
    }
}

void ls_roadmap_check_declarations(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        const ls_measure *m = &r->roadmap->measures[i];
        if (m->declares.len > 0 || m->opens_tranche > 0) {
            check_doubles(r, i);
        }
    }
    for (size_t i = 0; i < r->roadmap->declaration_count; i++) {
        bool declared = false;
        for (size_t m = 0; m < r->roadmap->measure_count; m++) {
            declared |= ls_bytes_equal(r->roadmap->measures[m].declares, r->roadmap->declarations[i].name);
        }
        if (!declared) {
            ls_diagnose_warning(r->d, r->declarations.mark[i], "give a measure the key declares",
                                "no measure makes the declaration '%.*s'", (int)r->roadmap->declarations[i].name.len,
                                r->roadmap->declarations[i].name.ptr);
        }
    }
}
