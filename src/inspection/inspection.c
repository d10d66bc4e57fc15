/*
 * What became of inspections: facts are sorted by the act that began what they are about, and then each draw, visit,
 * challenge and question is worked out by itself, in the order of the ledger.
 */
#include "inspection/parts.h"
#include <stdlib.h>

/* Positions. */

size_t ls_inspecting_referred(const ls_inspecting *s, size_t fact)
{
    uint32_t ref = s->fact[fact].ref;
    size_t low = 0, high = ref == LS_NO_ENTRY ? 0 : fact;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->fact[middle].index < ref) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < fact && s->fact[low].index == ref ? low : LS_NO_POSITION;
}

static bool begins(const ls_inspected *f)
{
    static const bool does[LS_INSPECTED_KINDS] = {[LS_INSPECTED_DRAW] = true,
                                                  [LS_INSPECTED_VISIT] = true,
                                                  [LS_INSPECTED_CLARIFY] = true,
                                                  [LS_INSPECTED_CHALLENGE] = true};
    return does[f->kind];
}

/* Through whatever it follows: a withdrawal is about what the act was about that it takes back. Nothing counts without
 * what it follows, or before it, although receipts may show it earlier than the stamp that covers that. */
static void find_roots(ls_inspecting *s)
{
    for (size_t i = 0; i < s->count; i++) {
        if (begins(&s->fact[i])) {
            s->root[i] = i;
            continue;
        }
        size_t said = ls_inspecting_referred(s, i);
        s->root[i] = said == LS_NO_POSITION ? said : s->root[said];
        s->time[i] = said == LS_NO_POSITION ? s->time[i] : ls_later(s->time[i], s->time[said]);
    }
}

/* What a fact is about, first and second: a report of a visit to a challenge's place is about the challenge, too. */
static size_t about(const void *inspecting, size_t fact, unsigned k)
{
    const ls_inspecting *s = inspecting;
    size_t root = s->root[fact];
    if (k == 0 || root == LS_NO_POSITION || s->fact[fact].kind != LS_INSPECTED_REPORT ||
        s->fact[root].kind != LS_INSPECTED_VISIT) {
        return k == 0 ? root : LS_NO_POSITION;
    }
    size_t visited = ls_inspecting_referred(s, root);
    bool challenge = visited != LS_NO_POSITION && s->fact[visited].kind == LS_INSPECTED_CHALLENGE;
    return challenge ? visited : LS_NO_POSITION;
}

/* What happened about one thing. */

/* What one author says later happens later, although receipts may show it earlier than the stamp of what came before.
 */
static ls_time in_its_turn(const ls_inspecting *s, size_t fact, ls_time said[LS_PARTIES_MAX])
{
    ls_time *last = &said[s->fact[fact].by], t = ls_later(s->time[fact], *last);
    *last = t <= s->q->accord->at ? t : *last;
    return s->time[fact] <= s->q->accord->at ? t : s->time[fact];
}

size_t ls_inspecting_list(ls_inspecting *s, size_t root, ls_time until)
{
    ls_time said[LS_PARTIES_MAX] = {0};
    size_t count = 0;
    for (size_t i = s->first[root]; i < s->first[root + 1]; i++) {
        size_t fact = s->about[i];
        if (fact != root && s->time[fact] <= s->q->accord->known && s->time[fact] <= until) {
            s->happening[count++] = (ls_happening){in_its_turn(s, fact, said), fact};
        }
    }
    return count;
}

size_t ls_inspecting_sort(ls_inspecting *s, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->happening[i].time <= s->q->accord->at) {
            s->happening[kept++] = s->happening[i];
        }
    }
    ls_happenings_sort(s->happening, kept);
    return kept;
}

/* Quotas. */

/* The right that it uses, by the accord as it is asked for; or -1. */
static int right_used(const ls_inspecting *s, const ls_inspected *f)
{
    const ls_roadmap *r = s->q->accord->roadmap;
    int found = ls_roadmap_inspection(r, f->rule->id);
    if (found < 0) {
        return -1;
    }
    const ls_inspection *x = &r->inspections[found];
    switch ((ls_inspected_kind)f->kind) {
    case LS_INSPECTED_DRAW:
        return x->draws.there ? (int)x->draws.right : -1;
    case LS_INSPECTED_VISIT:
        return x->visits.there ? x->visits.right : -1;
    default:
        return x->challenges.there ? (int)x->challenges.right : -1;
    }
}

bool ls_inspecting_is_beyond(const ls_inspecting *s, size_t root)
{
    int right = right_used(s, &s->fact[root]);
    if (right < 0) {
        return false;
    }
    const ls_right_state *x = &s->q->state->right[right];
    uint32_t index = s->fact[root].index;
    size_t low = 0, high = x->beyond_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->beyond_by[middle] < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < x->beyond_count && x->beyond_by[low] == index;
}

/* The whole. */

/* As of `known`, while no stamp covers it. */
static void read_times(ls_inspecting *s)
{
    for (size_t i = 0; i < s->count; i++) {
        ls_time t = s->q->facts->time(s->q->facts->context, s->fact[i].index);
        s->time[i] = t == LS_TIME_OPEN ? s->q->accord->known : t;
    }
}

/* Numbers what began by now, kind by kind. */
static void number(ls_inspecting *s, size_t count[LS_INSPECTED_KINDS])
{
    for (size_t i = 0; i < s->count; i++) {
        const ls_inspected *f = &s->fact[i];
        bool there = s->root[i] != LS_NO_POSITION && ls_inspecting_counts(s, s->root[i]);
        if (there && ls_inspecting_counts(s, i)) {
            s->number[i] = count[f->kind]++;
        }
    }
}

static bool begin(ls_inspecting *s, ls_arena *scratch, ls_arena *arena)
{
    size_t n = s->count, count[LS_INSPECTED_KINDS] = {0};
    ls_inspection_state *out = s->out;
    s->time = ls_arena_array(scratch, n + 1, sizeof *s->time);
    s->root = ls_arena_array(scratch, n + 1, sizeof *s->root);
    s->number = ls_arena_array(scratch, n + 1, sizeof *s->number);
    s->first = ls_arena_array(scratch, n + 3, sizeof *s->first);
    s->about = ls_arena_array(scratch, 2 * n + 1, sizeof *s->about);
    s->happening = ls_arena_array(scratch, n + 1, sizeof *s->happening);
    s->standing = ls_arena_array(scratch, n + 1, sizeof *s->standing);
    if (!s->time || !s->root || !s->number || !s->first || !s->about || !s->happening || !s->standing) {
        return false;
    }
    read_times(s);
    find_roots(s);
    ls_facts_group(s->count, about, s, s->first, s->about);
    number(s, count);
    *out = (ls_inspection_state){.draw_count = count[LS_INSPECTED_DRAW],
                                 .visit_count = count[LS_INSPECTED_VISIT],
                                 .challenge_count = count[LS_INSPECTED_CHALLENGE],
                                 .clarification_count = count[LS_INSPECTED_CLARIFY],
                                 .report_count = count[LS_INSPECTED_REPORT]};
    out->draw = ls_arena_array(arena, out->draw_count + 1, sizeof *out->draw);
    out->visit = ls_arena_array(arena, out->visit_count + 1, sizeof *out->visit);
    out->challenge = ls_arena_array(arena, out->challenge_count + 1, sizeof *out->challenge);
    out->clarification = ls_arena_array(arena, out->clarification_count + 1, sizeof *out->clarification);
    out->report = ls_arena_array(arena, out->report_count + 1, sizeof *out->report);
    return out->draw && out->visit && out->challenge && out->clarification && out->report;
}

static void work_out(ls_inspecting *s, size_t root)
{
    size_t n = s->number[root];
    switch ((ls_inspected_kind)s->fact[root].kind) {
    case LS_INSPECTED_DRAW:
        ls_inspecting_draw(s, root, &s->out->draw[n]);
        break;
    case LS_INSPECTED_VISIT:
        ls_inspecting_visit(s, root, &s->out->visit[n]);
        break;
    case LS_INSPECTED_CLARIFY:
        ls_inspecting_clarification(s, root, &s->out->clarification[n]);
        break;
    default:
        ls_inspecting_challenge(s, root, &s->out->challenge[n]);
    }
}

ls_result ls_inspection_eval(const ls_inspection_query *q, ls_arena *arena, ls_inspection_state *out)
{
    ls_inspection_state state;
    ls_arena scratch = {0};
    ls_inspecting s = {
        .q = q, .c = q->accord->charter, .fact = q->facts->fact, .count = q->facts->count, .out = &state};
    const ls_inspected **first = ls_arena_array(&scratch, 2 * s.count + 1, sizeof *first);
    bool ready = first != NULL && begin(&s, &scratch, arena);
    for (size_t i = 0; i < s.count && ready; i++) {
        if (s.root[i] == i && ls_inspecting_counts(&s, i)) {
            work_out(&s, i);
        }
    }
    if (ready) {
        ls_inspecting_reports(&s, first);
    }
    ls_arena_free(&scratch);
    if (!ready) {
        return ls_fail(&ls_fault_memory);
    }
    *out = state;
    return LS_SUCCESS;
}
