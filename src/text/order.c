/*
 * The order of paragraphs: a tree in which each hangs before or after the one next to which it was put, read from left
 * to right. What hangs on the same side of the same paragraph is in the order of the names; whoever inserts (place.c)
 * chooses such a place that this happens only to paragraphs that came without knowledge of each other.
 */
#include "text/parts.h"
#include <stdlib.h>

typedef struct tree {
    const ls_text_state *s;
    size_t *child; /* all paragraphs, by their anchor, then by their place there */
    size_t *first; /* where the children of each begin in child; [0]: of the start, [i + 1]: of paragraph i */
} tree;

static size_t slot_of(size_t paragraph)
{
    return paragraph == LS_TEXT_NOWHERE ? 0 : paragraph + 1;
}

#define COMPARE(x, y) ((x) == (y) ? 0 : (x) < (y) ? -1 : 1)

static int compare(const void *x, const void *y, void *context)
{
    const ls_text_state *s = context;
    const ls_text_paragraph *a = &s->paragraph[*(const size_t *)x], *b = &s->paragraph[*(const size_t *)y];
    const int by[] = {COMPARE(slot_of(a->anchor), slot_of(b->anchor)), COMPARE(!a->before, !b->before),
                      COMPARE(a->party, b->party), COMPARE(a->id.seq, b->id.seq), COMPARE(a->id.number, b->id.number)};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        if (by[i] != 0) {
            return by[i];
        }
    }
    return 0;
}

static bool plant(ls_arena *arena, ls_text_state *s, tree *out)
{
    size_t n = s->paragraph_count;
    tree t = {s, ls_arena_array(arena, n, sizeof *t.child), ls_arena_array(arena, n + 2, sizeof *t.first)};
    if (t.child == NULL || t.first == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        t.child[i] = i;
        t.first[slot_of(s->paragraph[i].anchor) + 1]++;
    }
    for (size_t i = 0; i <= n; i++) {
        t.first[i + 1] += t.first[i];
    }
    qsort_r(t.child, n, sizeof *t.child, compare, s);
    *out = t;
    return true;
}

/* One that is being walked: its next child, and whether it has been put down itself. */
typedef struct visit {
    size_t slot, next;
    bool put;
} visit;

/* Paragraphs may hang on each other in one long chain, so the walk has a stack of its own. */
static void walk(const tree *t, visit *stack, size_t *order)
{
    size_t depth = 1, count = 0;
    stack[0] = (visit){.put = true};
    while (depth > 0) {
        visit *v = &stack[depth - 1];
        bool more = v->next < t->first[v->slot + 1];
        if (!v->put && (!more || !t->s->paragraph[t->child[v->next]].before)) {
            order[count++] = v->slot - 1;
            v->put = true;
        } else if (more) {
            size_t slot = t->child[v->next++] + 1;
            stack[depth++] = (visit){slot, t->first[slot], false};
        } else {
            depth--;
        }
    }
}

ls_result ls_text_order(ls_arena *arena, ls_text_state *s)
{
    tree t;
    visit *stack = ls_arena_array(arena, s->paragraph_count + 1, sizeof *stack);
    s->order = ls_arena_array(arena, s->paragraph_count, sizeof *s->order);
    if (stack == NULL || s->order == NULL || !plant(arena, s, &t)) {
        return ls_fail(&ls_fault_memory);
    }
    walk(&t, stack, s->order);
    return LS_SUCCESS;
}
