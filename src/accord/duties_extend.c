/* Extension by consent: what some have asked for, and others have not answered. */
#include "accord/duties_parts.h"

/* The day that was asked for last, and by whom. */
typedef struct wish {
    int32_t day;
    ls_parties by;
} wish;

static void take(wish *w, const ls_fact *f)
{
    w->by = (w->day == f->day ? w->by : 0) | LS_PARTY_BIT(f->by);
    w->day = f->day;
}

/* The dispute that an entry opened, or the count: they stand in the order of their entries. */
static size_t dispute_of(const ls_accord_state *s, uint32_t entry)
{
    size_t low = 0, high = s->dispute_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->dispute[middle].index < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < s->dispute_count && s->dispute[low].index == entry ? low : s->dispute_count;
}

static void read_wishes(const ls_duty_list *l, wish *of_measure, wish *of_stage)
{
    const ls_facts *facts = l->q->facts;
    for (size_t i = 0; i < facts->count; i++) {
        const ls_fact *f = &facts->fact[i];
        if (f->kind != LS_FACT_EXTEND || !ls_account_counts(l->a, f) || l->a->taken_back[f->index]) {
            continue;
        }
        size_t dispute = f->ref == LS_NO_ENTRY ? l->s->dispute_count : dispute_of(l->s, f->ref);
        if (dispute < l->s->dispute_count && f->detail < LS_STAGES_MAX) {
            take(&of_stage[dispute * LS_STAGES_MAX + f->detail], f);
        } else if (f->ref == LS_NO_ENTRY && f->subject < l->q->roadmap->measure_count) {
            take(&of_measure[f->subject], f);
        }
    }
}

/* d has all but the wish. */
static void add(ls_duty_list *l, const wish *w, ls_time deadline, const char *command, ls_duty d)
{
    char day[LS_DATE_SIZE];
    ls_time asked = ls_zone_instant(&l->q->charter->zone, ls_date_from_days(w->day), l->q->charter->closing);
    if (w->by == 0 || deadline < l->q->at || asked <= deadline) {
        return;
    }
    ls_date_format(ls_date_from_days(w->day), day);
    d.until = deadline;
    d.what = ls_arena_format(l->arena, "agree to %s, as %s asked: %s", day,
                             ls_why_parties(l->q->charter, w->by, l->arena), d.what);
    d.command = ls_arena_format(l->arena, "extend %s --due %s", command, day);
    d.otherwise = "the deadline stays";
    ls_duty_add(l, l->q->roadmap->extension.by & ~w->by, d);
}

static void of_stages(ls_duty_list *l, size_t dispute, const wish *wishes)
{
    const ls_dispute_state *d = &l->s->dispute[dispute];
    const ls_dispute *p = &l->q->roadmap->disputes[d->procedure];
    for (size_t k = 0; k < p->stage_count && d->stage[k].ends != LS_TIME_OPEN; k++) {
        const char *command = ls_arena_format(l->arena, "%.*s --stage %.*s --act %u", (int)p->id.len, p->id.ptr,
                                              (int)p->stages[k].id.len, p->stages[k].id.ptr, d->index);
        add(l, &wishes[k], d->stage[k].ends, command,
            (ls_duty){.kind = LS_DUTY_SETTLE, .subject = dispute, .what = ls_arena_str(l->arena, p->stages[k].title)});
    }
}

void ls_duties_to_extend(ls_duty_list *l)
{
    const ls_roadmap *r = l->q->roadmap;
    if (r->extension.by == 0) {
        return;
    }
    wish *of_measure = ls_arena_array(l->arena, r->measure_count + 1, sizeof *of_measure);
    wish *of_stage = ls_arena_array(l->arena, (l->s->dispute_count + 1) * LS_STAGES_MAX, sizeof *of_stage);
    if (of_measure == NULL || of_stage == NULL) {
        l->no_memory = true;
        return;
    }
    read_wishes(l, of_measure, of_stage);
    for (size_t i = 0; i < r->measure_count; i++) {
        if (l->s->measure[i].has_deadline) {
            add(l, &of_measure[i], l->s->measure[i].deadline, ls_arena_str(l->arena, r->measures[i].id),
                (ls_duty){.kind = LS_DUTY_EXTEND, .subject = i, .what = ls_arena_str(l->arena, r->measures[i].what)});
        }
    }
    for (size_t i = 0; i < l->s->dispute_count; i++) {
        of_stages(l, i, &of_stage[i * LS_STAGES_MAX]);
    }
}
