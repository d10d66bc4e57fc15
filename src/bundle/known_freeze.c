/* Movements under a freeze. */
#include "bundle/known_freeze.h"
#include "bundle/known.h"

static const ls_inspected *find(ls_inspecteds all, uint32_t index)
{
    size_t low = 0, high = all.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all.fact[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < all.count && all.fact[low].index == index ? &all.fact[low] : NULL;
}

/* From one visit to the one before, and from the first to what was drawn: each names an earlier act. */
static const ls_inspected *root_of(ls_inspecteds all, const ls_inspected *visit)
{
    const ls_inspected *x = visit;
    while (x != NULL && x->kind == LS_INSPECTED_VISIT) {
        x = find(all, x->ref);
    }
    return x;
}

static bool freeze_of(const ls_record *r, ls_inspecteds all, const ls_visit_state *s, ls_frozen_row *out)
{
    const ls_inspected *draw = root_of(all, s->visit);
    const ls_charter *c = ls_record_charter(r);
    bool row = s->visit->tranche > 0 && draw != NULL && draw->kind == LS_INSPECTED_DRAW;
    ls_time from = all.time(all.context, s->visit->index);
    if (!row || s->stage == LS_VISIT_BEYOND || from >= LS_TIME_NONE) {
        return false; /* nothing is frozen, or nobody can tell yet since when */
    }
    ls_record_entry declare = ls_record_at(r, draw->ref);
    *out = (ls_frozen_row){.place = {declare.id, s->visit->tranche, s->visit->spare},
                           .visit = s->visit->index,
                           .from = from,
                           .until = s->frozen_until};
    out->first = ls_known_day(c, out->from);
    out->last = out->until == LS_TIME_OPEN ? INT32_MAX : ls_known_day(c, out->until);
    return true;
}

ls_result ls_freezes_read(ls_arena *arena, const ls_record *r, int accord, const ls_inspection_state *state,
                          ls_freezes *out)
{
    ls_inspecteds all = ls_record_inspecteds(r, (size_t)accord);
    ls_frozen_row *row = ls_arena_array(arena, state->visit_count + 1, sizeof *row);
    size_t count = 0;
    if (row == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < state->visit_count; i++) {
        count += freeze_of(r, all, &state->visit[i], &row[count]);
    }
    *out = (ls_freezes){count, row};
    return LS_SUCCESS;
}

const ls_frozen_row *ls_freezes_find(const ls_freezes *f, const ls_item_event *e)
{
    bool moved = e->what == LS_HAPPENED_NOTIFIED && e->change->said->change == LS_CHANGE_MOVED;
    for (size_t i = 0; moved && i < f->count; i++) {
        const ls_frozen_row *x = &f->row[i];
        bool filed = e->change->known >= x->from && e->change->known < x->until;
        bool dated = e->day >= x->first && e->day <= x->last;
        if ((filed || dated) && ls_item_place_compare(&x->place, &e->item->place) == 0) {
            return x;
        }
    }
    return NULL;
}
