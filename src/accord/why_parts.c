/* Parts of sentences: dates, parties, amounts, and who is waited for. */
#include "accord/why.h"

const char *ls_why_date(const ls_charter *c, ls_time t, ls_arena *arena)
{
    char text[LS_DATE_SIZE] = "-";
    if (t != LS_TIME_OPEN) {
        ls_date_format(ls_zone_date(&c->zone, t), text);
    }
    return ls_arena_str(arena, ls_bytes_str(text));
}

const char *ls_why_deadline(const ls_charter *c, ls_time t, ls_arena *arena)
{
    if (t == LS_TIME_OPEN) {
        return "-";
    }
    /* A deadline at the end of a day is that day's, not the next one's first moment. */
    const char *day = ls_why_date(c, t - 1, arena);
    if (ls_zone_instant(&c->zone, ls_zone_date(&c->zone, t - 1), c->closing) == t) {
        return day;
    }
    int64_t minutes = (t + ls_zone_offset(&c->zone, t)) / 60;
    return ls_arena_format(arena, "%s %02d:%02d", ls_why_date(c, t, arena), (int)(minutes / 60 % 24),
                           (int)(minutes % 60));
}

const char *ls_why_last_day(const ls_charter *c, ls_time t, ls_arena *arena)
{
    return ls_why_date(c, t == LS_TIME_OPEN ? t : t - 1, arena);
}

static const char *join(ls_arena *arena, const char *list, const char *more)
{
    return list[0] == '\0' ? more : ls_arena_format(arena, "%s, %s", list, more);
}

const char *ls_why_parties(const ls_charter *c, ls_parties set, ls_arena *arena)
{
    const char *list = "";
    for (size_t p = 0; p < c->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            list = join(arena, list, ls_arena_str(arena, c->party[p].name));
        }
    }
    return list;
}

const char *ls_why_quantity(ls_quantity q, ls_arena *arena)
{
    char text[LS_QUANTITY_SIZE];
    ls_quantity_format(q, text);
    return ls_arena_str(arena, ls_bytes_str(text));
}

const char *ls_why_amount(const ls_measure *m, const ls_measure_state *s, ls_arena *arena)
{
    const ls_amount *a = &m->amount;
    if (a->kind == LS_AMOUNT_NONE) {
        return NULL;
    }
    const char *unit = a->unit.len > 0 ? ls_arena_format(arena, " %.*s", (int)a->unit.len, a->unit.ptr) : "";
    if (a->kind == LS_AMOUNT_CEILING) {
        const char *level = s->total == LS_QUANTITY_NONE ? "no level stated" : ls_why_quantity(s->total, arena);
        return ls_arena_format(arena, "%s, at most %s%s", level, ls_why_quantity(a->number, arena), unit);
    }
    const char *total = ls_why_quantity(s->total == LS_QUANTITY_NONE ? 0 : s->total, arena);
    const char *goal = s->required == LS_QUANTITY_NONE ? ls_arena_format(arena, "%s, goal not known yet", unit)
                       : a->kind == LS_AMOUNT_RATE
                           ? ls_arena_format(arena, "%s, %s due so far", unit, ls_why_quantity(s->required, arena))
                           : ls_arena_format(arena, " of %s%s", ls_why_quantity(s->required, arena), unit);
    const char *confirmed = m->verifiers == 0 || s->confirmed == LS_QUANTITY_NONE
                                ? ""
                                : ls_arena_format(arena, ", %s confirmed", ls_why_quantity(s->confirmed, arena));
    return ls_arena_format(arena, "%s%s%s", total, goal, confirmed);
}

const char *ls_why_behind(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    ls_parties behind = 0;
    if (m->amount.kind == LS_AMOUNT_NONE && (a->performed[measure] & x->performers) != 0) {
        return ls_why_parties(a->q->charter, x->performers & ~a->performed[measure], a->arena);
    }
    if (m->amount.shares == NULL || x->delivered == NULL || x->required == LS_QUANTITY_NONE) {
        return "";
    }
    for (size_t p = 0; p < a->q->charter->party_count; p++) {
        ls_quantity share = ls_quantity_percent(x->required, m->amount.shares[p], true);
        behind |= x->delivered[p] < share ? LS_PARTY_BIT(p) : 0;
    }
    return ls_why_parties(a->q->charter, behind, a->arena);
}

const char *ls_why_held(const ls_account *a, size_t measure)
{
    const ls_roadmap *r = a->q->roadmap;
    const char *list = "";
    for (size_t i = 0; i < r->measure_count; i++) {
        const ls_measure *m = &r->measures[i];
        const ls_measure_state *x = &a->s->measure[i];
        bool waited_for =
            i != measure && m->step == r->measures[measure].step && !x->held && !ls_measure_complete(m, x);
        if (waited_for) {
            list = join(
                a->arena, list,
                ls_arena_format(a->arena, "%.*s (%s)", (int)m->id.len, m->id.ptr,
                                ls_why_parties(a->q->charter, x->performers != 0 ? x->performers : m->by, a->arena)));
        }
    }
    return list;
}
