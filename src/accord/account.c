/* What the facts say that words need and the state leaves out: who of several has performed, who was there, by which
 * entry something was undone or called off. */
#include "accord/why.h"

static bool counts(const ls_state_query *q, const ls_fact *f)
{
    ls_time t = q->facts->time(q->facts->context, f->index), until = q->at < q->known ? q->at : q->known;
    return t == LS_TIME_OPEN ? q->known <= q->at : t <= until;
}

bool ls_account_counts(const ls_account *a, const ls_fact *f)
{
    return counts(a->q, f);
}

/* Entries that their own authors took back, and incidents that a verifier answered. */
static void read_refs(ls_account *a)
{
    const ls_facts *facts = a->q->facts;
    for (size_t i = 0; i < facts->count; i++) {
        const ls_fact *f = &facts->fact[i];
        if (f->ref >= a->entries || !counts(a->q, f)) {
            continue;
        }
        const ls_fact *about = &facts->fact[ls_facts_from(facts, f->ref)];
        a->taken_back[f->ref] |= f->kind == LS_FACT_WITHDRAW && about->index == f->ref && about->by == f->by;
        a->answered[f->ref] |= f->kind == LS_FACT_CONFIRM || f->kind == LS_FACT_OBJECT;
    }
}

/* A moment that undoes the measure came after that. */
static bool undone_since(const ls_account *a, size_t measure, const ls_fact *f)
{
    const ls_moment *m = &a->q->roadmap->measures[measure].undone_by;
    ls_time t = m->count == 0 ? LS_TIME_OPEN : ls_state_moment(a->q, a->s, m, false);
    return t <= a->q->at && a->q->facts->time(a->q->facts->context, f->index) <= t;
}

static void read_measure_fact(ls_account *a, const ls_fact *f)
{
    size_t m = f->subject;
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_PERFORM:
        a->performed[m] |= undone_since(a, m, f) ? 0 : LS_PARTY_BIT(f->party);
        a->attended[m] = a->spoken[m] = 0;
        break;
    case LS_FACT_CONFIRM:
        a->attended[m] |= a->q->roadmap->measures[m].witnesses & LS_PARTY_BIT(f->by);
        a->spoken[m] |= LS_PARTY_BIT(f->by);
        break;
    case LS_FACT_OBJECT:
        a->spoken[m] |= LS_PARTY_BIT(f->by);
        break;
    case LS_FACT_REVERSE:
        a->performed[m] = 0;
        a->reversed[m] = f->index;
        break;
    case LS_FACT_CALL_OFF:
        a->called_off[m] = f->day == LS_NO_DAY ? f->index : a->called_off[m];
        break;
    default:
        break;
    }
}

/* Of those kinds that are read. */
static bool is_about_measure(const ls_fact *f)
{
    static const bool read[LS_FACT_KINDS] = {[LS_FACT_PERFORM] = true,
                                             [LS_FACT_CONFIRM] = true,
                                             [LS_FACT_OBJECT] = true,
                                             [LS_FACT_REVERSE] = true,
                                             [LS_FACT_CALL_OFF] = true};
    return read[f->kind];
}

static void read_facts(ls_account *a)
{
    for (size_t i = 0; i < a->q->facts->count; i++) {
        const ls_fact *f = &a->q->facts->fact[i];
        if (!counts(a->q, f) || a->taken_back[f->index]) {
            continue;
        }
        if (f->kind == LS_FACT_DENOUNCE) {
            a->notice[f->by] = f->index;
        } else if (f->kind == LS_FACT_RATIFY) {
            a->ratified[f->by] = a->ratified[f->by] == LS_NO_ENTRY ? f->index : a->ratified[f->by];
        } else if (is_about_measure(f) && f->subject < a->q->roadmap->measure_count) {
            read_measure_fact(a, f);
        }
    }
}

static uint32_t *no_entries(ls_arena *arena, size_t count)
{
    uint32_t *list = ls_arena_array(arena, count + 1, sizeof *list);
    for (size_t i = 0; list != NULL && i < count; i++) {
        list[i] = LS_NO_ENTRY;
    }
    return list;
}

ls_result ls_account_read(const ls_state_query *q, const ls_accord_state *s, ls_arena *arena, ls_account *out)
{
    size_t measures = q->roadmap->measure_count, count = q->facts->count;
    ls_account a = {.q = q, .s = s, .arena = arena};
    a.entries = count == 0 ? 0 : q->facts->fact[count - 1].index + 1;
    a.taken_back = ls_arena_array(arena, a.entries + 1, sizeof *a.taken_back);
    a.answered = ls_arena_array(arena, a.entries + 1, sizeof *a.answered);
    a.performed = ls_arena_array(arena, measures + 1, sizeof *a.performed);
    a.attended = ls_arena_array(arena, measures + 1, sizeof *a.attended);
    a.spoken = ls_arena_array(arena, measures + 1, sizeof *a.spoken);
    a.reversed = no_entries(arena, measures);
    a.called_off = no_entries(arena, measures);
    a.notice = no_entries(arena, LS_PARTIES_MAX);
    a.ratified = no_entries(arena, LS_PARTIES_MAX);
    if (a.taken_back == NULL || a.answered == NULL || a.performed == NULL || a.attended == NULL || a.spoken == NULL ||
        a.reversed == NULL || a.called_off == NULL || a.notice == NULL || a.ratified == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    read_refs(&a);
    read_facts(&a);
    *out = a;
    return LS_SUCCESS;
}
