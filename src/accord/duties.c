/* What parties may and must do now, and what follows if they don't. */
#include "accord/duties_parts.h"
#include <stdlib.h>

static void append(ls_duty_list *l, ls_duty d)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity == 0 ? 64 : 2 * l->capacity;
        ls_duty *larger = ls_arena_array(l->arena, capacity, sizeof *larger);
        l->no_memory |= larger == NULL;
        if (larger == NULL) {
            return;
        }
        if (l->count > 0) {
            memcpy(larger, l->duty, l->count * sizeof *larger);
        }
        l->duty = larger;
        l->capacity = capacity;
    }
    l->duty[l->count++] = d;
}

void ls_duty_add(ls_duty_list *l, ls_parties who, ls_duty d)
{
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        bool there = l->s->left[p] > l->q->at;
        if ((who & LS_PARTY_BIT(p)) != 0 && there) {
            d.party = p;
            append(l, d);
        }
    }
}

const char *ls_duty_command(ls_duty_list *l, const char *verb, ls_bytes id)
{
    return ls_arena_format(l->arena, "%s %.*s", verb, (int)id.len, id.ptr);
}

const char *ls_duty_both(ls_duty_list *l, const char *a, const char *b)
{
    return a == NULL || a[0] == '\0'   ? (b == NULL ? "" : b)
           : b == NULL || b[0] == '\0' ? a
                                       : ls_arena_format(l->arena, "%s; %s", a, b);
}

/* What waits. */

bool ls_duty_mentions(const ls_roadmap *r, const ls_moment *m, ls_duty_part part, size_t subject)
{
    for (size_t i = 0; i < m->count; i++) {
        if (part(r, &m->op[i], subject)) {
            return true;
        }
    }
    return false;
}

static const char *name(ls_duty_list *l, const char *text, ls_bytes id)
{
    return ls_arena_format(l->arena, "%s%s%.*s", text == NULL ? "" : text, text == NULL ? "" : ", ", (int)id.len,
                           id.ptr);
}

const char *ls_duty_held_up(ls_duty_list *l, ls_duty_part part, size_t subject)
{
    const ls_roadmap *r = l->q->roadmap;
    const char *text = NULL;
    for (size_t i = 0; i < r->measure_count; i++) {
        bool waits = false;
        for (size_t k = 0; k < r->measures[i].after_count && l->s->measure[i].holds > l->q->at; k++) {
            waits |= ls_duty_mentions(r, &r->measures[i].after[k], part, subject);
        }
        text = waits && l->s->measure[i].state != LS_ENDED ? name(l, text, r->measures[i].id) : text;
    }
    for (size_t e = 0; e < r->event_count; e++) {
        bool waits = l->s->event[e].time > l->q->at && ls_duty_mentions(r, &r->events[e].when, part, subject);
        text = waits && !l->s->event[e].prevented ? name(l, text, r->events[e].id) : text;
    }
    return text == NULL ? NULL : ls_arena_format(l->arena, "%s held up", text);
}

/* By deadline, and else as they were found. */
typedef struct ranked {
    ls_duty duty;
    size_t place;
} ranked;

static int by_deadline(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->duty.until != y->duty.until) {
        return x->duty.until < y->duty.until ? -1 : 1;
    }
    return x->place < y->place ? -1 : 1;
}

static void sort(ls_duty_list *l)
{
    ranked *r = ls_arena_array(l->arena, l->count + 1, sizeof *r);
    l->no_memory |= r == NULL;
    for (size_t i = 0; r != NULL && i < l->count; i++) {
        r[i] = (ranked){l->duty[i], i};
    }
    if (r != NULL && l->count > 1) {
        qsort(r, l->count, sizeof *r, by_deadline);
    }
    for (size_t i = 0; r != NULL && i < l->count; i++) {
        l->duty[i] = r[i].duty;
    }
}

ls_result ls_duties(const ls_account *a, ls_duty **out, size_t *count)
{
    ls_duty_list l = {.a = a, .q = a->q, .s = a->s, .arena = a->arena};
    if (a->s->ended > a->q->at && a->s->signed_at != LS_TIME_OPEN) {
        for (size_t i = 0; i < a->q->roadmap->measure_count; i++) {
            ls_duties_of_measure(&l, i);
        }
        for (size_t i = 0; i < a->q->roadmap->event_count; i++) {
            ls_duties_of_event(&l, i);
        }
        for (size_t i = 0; i < a->s->dispute_count; i++) {
            ls_duties_of_dispute(&l, i);
        }
        ls_duties_of_accord(&l);
        ls_duties_to_extend(&l);
        sort(&l);
    }
    if (l.no_memory) {
        return ls_fail(&ls_fault_memory);
    }
    *out = l.duty;
    *count = l.count;
    return LS_SUCCESS;
}
