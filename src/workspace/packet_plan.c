/* What a packet takes along: acts of the record, and sites. */
#include "workspace/packet.h"
#include "workspace/reading.h"
#include <stdlib.h>

const ls_fault ls_fault_packet = {LS_CLASS_USAGE, "packet", "there is nothing to take to a site"};

typedef struct planning {
    ls_workspace *ws;
    ls_arena *arena;
    const ls_inspected *about;
    const ls_inspection_state *state;
    ls_packet_plan *plan;
    ls_detail *detail;
} planning;

/* Acts. */

typedef struct act_list {
    ls_buf indices;
} act_list;

static void add(act_list *l, uint64_t index)
{
    ls_buf_put(&l->indices, &index, sizeof index);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static ls_result settle(act_list *l, ls_arena *arena, uint64_t **out, size_t *count)
{
    size_t all = l->indices.len / sizeof(uint64_t), kept = 0;
    uint64_t *list = ls_arena_array(arena, all + 1, sizeof *list);
    ls_result r = list == NULL ? ls_fail(&ls_fault_memory) : ls_buf_check(&l->indices);
    if (ls_succeeded(r)) {
        memcpy(list, l->indices.ptr, l->indices.len);
        qsort(list, all, sizeof *list, compare);
        for (size_t i = 0; i < all; i++) {
            if (kept == 0 || list[kept - 1] != list[i]) {
                list[kept++] = list[i];
            }
        }
        *out = list;
        *count = kept;
    }
    ls_buf_free(&l->indices);
    return r;
}

/* Every version of the accord, and what was declared under them by whom it is about. */
static void add_frame(const planning *p, act_list *l)
{
    const ls_record *r = p->ws->record;
    const ls_inspection *rule = p->plan->rule;
    add(l, 0);
    for (size_t i = 0; i < ls_record_accord_count(r); i++) {
        if (ls_record_accord_same(r, (int)i, p->plan->accord)) {
            add(l, ls_record_accord(r, i)->index);
        }
    }
    for (size_t i = 0; i < ls_record_declaration_count(r); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(r, i);
        if (ls_record_accord_same(r, d->accord, p->plan->accord) && d->by == rule->of &&
            ls_bytes_equal(d->name, rule->declared->name)) {
            add(l, d->index);
        }
    }
}

/* What has effect of the draw or the challenge: its acts, of whatever kind but reports and visits, and the question
 * before a challenge. */
static void add_about(const planning *p, act_list *l)
{
    const ls_inspecteds all = ls_record_inspecteds(p->ws->record, (size_t)p->plan->accord);
    const uint32_t kinds = 1u << LS_INSPECTED_COMMIT | 1u << LS_INSPECTED_REVEAL | 1u << LS_INSPECTED_CHOOSE |
                           1u << LS_INSPECTED_OPEN | 1u << LS_INSPECTED_DENY | 1u << LS_INSPECTED_ANSWER;
    uint32_t question = p->about->kind == LS_INSPECTED_CHALLENGE ? p->about->ref : LS_NO_ENTRY;
    add(l, p->about->index);
    if (question != LS_NO_ENTRY) {
        add(l, question);
    }
    for (size_t i = 0; i < all.count; i++) {
        const ls_inspected *x = &all.fact[i];
        bool counts = all.time(all.context, x->index) != LS_TIME_NONE;
        bool of_it = x->ref == p->about->index || (question != LS_NO_ENTRY && x->ref == question);
        if ((kinds >> x->kind & 1) != 0 && counts && of_it) {
            add(l, x->index);
        }
    }
}

/* By what a single row can be verified, with its declaration and accord: nothing of other rows. */
static ls_result plan_lean(const planning *p, const ls_draw_state *s)
{
    act_list list = {0}, *l = &list;
    const ls_inspected *const acts[] = {
        s->draw, s->commit[LS_SIDE_OF], s->commit[LS_SIDE_BY], s->reveal[LS_SIDE_OF], s->reveal[LS_SIDE_BY], s->choice};
    add(l, 0);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (acts[i] != NULL) {
            add(l, acts[i]->index);
        }
    }
    return settle(l, p->arena, &p->plan->lean, &p->plan->lean_count);
}

/* Sites. */

static bool stands(const ls_visit_state *v)
{
    return v->stage != LS_VISIT_BEYOND && v->stage != LS_VISIT_WITHDRAWN && v->stage != LS_VISIT_FORFEITED;
}

/* The last notice of a visit to this row, or of one to the challenged place. */
static const ls_visit_state *visit_to(const planning *p, const ls_population_row *row)
{
    const ls_visit_state *last = NULL;
    for (size_t i = 0; i < p->state->visit_count; i++) {
        const ls_visit_state *v = &p->state->visit[i];
        bool there = row == NULL ? v->visit->tranche == 0 && v->visit->ref == p->about->index
                                 : v->visit->tranche == row->tranche && v->visit->spare == row->row;
        if (there && stands(v) && ls_bytes_equal(v->visit->rule->id, p->about->rule->id)) {
            last = v;
        }
    }
    return last;
}

static ls_result make_room(planning *p, size_t sites, size_t missing)
{
    ls_packet_plan *plan = p->plan;
    if (sites > LS_PACKET_SITES_MAX) {
        return ls_fail_with(&ls_fault_packet, p->detail, "%zu sites are more than %d", sites, LS_PACKET_SITES_MAX);
    }
    plan->site = ls_arena_array(p->arena, sites + 1, sizeof *plan->site);
    plan->missing = ls_arena_array(p->arena, missing + 1, sizeof *plan->missing);
    return plan->site == NULL || plan->missing == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static void add_site(planning *p, const ls_seen_row *seen, const ls_drawn_row *x)
{
    ls_packet_site *site = &p->plan->site[p->plan->site_count++];
    *site = (ls_packet_site){.seen = seen, .visit = visit_to(p, seen == NULL ? NULL : &seen->opened.row)};
    if (x != NULL) {
        site->drawn = true;
        site->replacement = x->replacement;
        site->position = x->position;
    }
}

static ls_result nothing_drawn(const planning *p, const ls_seen_draw *d)
{
    ls_hint(p->detail, "lockstep draw verify says what it waits for");
    return ls_fail_with(&ls_fault_packet, p->detail, "no rows are known to be drawn: the draw is %s",
                        ls_draw_stage_name(d->state->stage));
}

static ls_result plan_draw(planning *p)
{
    ls_seen_draw *d = ls_arena_alloc(p->arena, sizeof *d);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_seen_draw(p->ws, p->arena, p->state, p->plan->accord, p->about->index, d, p->detail));
    if (d->drawing.count == 0) {
        return nothing_drawn(p, d);
    }
    p->plan->absent = d->seen.absent;
    p->plan->findings = &d->findings;
    LS_TRY(make_room(p, d->seen.count, d->drawing.count));
    for (size_t i = 0; i < d->drawing.count; i++) {
        const ls_drawn_row *x = &d->drawing.row[i];
        if (x->state == LS_DRAWN_OPENED) {
            add_site(p, ls_seen_find(&d->seen, &x->row), x);
        } else if (x->state == LS_DRAWN_MISSING) {
            p->plan->missing[p->plan->missing_count++] = &x->row;
        }
    }
    return plan_lean(p, d->state);
}

static ls_result plan_challenge(planning *p)
{
    ls_seen_rows *rows = ls_arena_alloc(p->arena, sizeof *rows);
    if (rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_seen_rows(p->ws, p->arena, p->plan->accord, p->about->index, NULL, rows, p->detail));
    p->plan->absent = rows->absent;
    LS_TRY(make_room(p, rows->count + 1, 0));
    for (size_t i = 0; i < rows->count; i++) {
        if (!rows->row[i].opened.blank) {
            add_site(p, &rows->row[i], NULL);
        }
    }
    if (p->plan->site_count == 0) {
        add_site(p, NULL, NULL);
    }
    act_list lean = {0};
    add(&lean, 0);
    add(&lean, p->about->index);
    return settle(&lean, p->arena, &p->plan->lean, &p->plan->lean_count);
}

static ls_result plan_acts(planning *p)
{
    act_list all = {0};
    add_frame(p, &all);
    add_about(p, &all);
    return settle(&all, p->arena, &p->plan->acts, &p->plan->act_count);
}

ls_result ls_workspace_plan_packet(ls_workspace *ws, ls_arena *arena, int accord, const ls_inspected *about,
                                   ls_packet_plan *out, ls_detail *detail)
{
    ls_packet_plan plan = {.accord = accord, .rule = about->rule};
    ls_inspection_state *state = ls_arena_alloc(arena, sizeof *state);
    ls_act *act = ls_arena_alloc(arena, sizeof *act);
    planning p = {ws, arena, about, state, &plan, detail};
    if (state == NULL || act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    plan.packet = (ls_packet){.challenge = about->kind == LS_INSPECTED_CHALLENGE,
                              .about = ls_record_at(ws->record, about->index).id};
    plan.act = act;
    LS_TRY(ls_workspace_read_act(ws, about->index, arena, act, detail));
    LS_TRY(ls_workspace_inspections(ws, arena, accord, state, detail));
    LS_TRY(plan.packet.challenge ? plan_challenge(&p) : plan_draw(&p));
    LS_TRY(plan_acts(&p));
    *out = plan;
    return LS_SUCCESS;
}
