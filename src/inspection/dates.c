/* Days on which both sides agree: when the inspectors came and went, although the record heard of it later. */
#include "inspection/parts.h"

/* What each side claimed last of one kind of act: a place among the happenings, or LS_NO_POSITION. */
typedef struct claims {
    size_t last[LS_SIDES];
    bool agreed;
} claims;

/* The act that claims it first lies no further behind the day than the accord allows, and the day not before the
 * notice. */
static bool may_claim(const ls_inspecting *s, const ls_inspected *f, ls_time said, ls_time noticed)
{
    int64_t days = ls_date_to_days(ls_zone_date(&s->c->zone, said)) - f->day;
    bool after = f->day >= ls_date_to_days(ls_zone_date(&s->c->zone, noticed));
    return after && days >= 0 && days <= (int64_t)s->q->accord->roadmap->date_limit;
}

static void set_day(const ls_inspecting *s, ls_happening *h, ls_time noticed)
{
    ls_time closing = ls_time_of_day(s->c, s->fact[h->fact].day, true);
    h->time = ls_later(ls_earlier(h->time, closing), noticed);
}

static void take_claim(ls_inspecting *s, claims *of, size_t i, unsigned side, ls_time noticed)
{
    ls_happening *h = &s->happening[i];
    size_t other = of->last[side == LS_SIDE_OF ? LS_SIDE_BY : LS_SIDE_OF];
    of->last[side] = i;
    if (of->agreed || other == LS_NO_POSITION) {
        return;
    }
    ls_happening *before = &s->happening[other];
    const ls_inspected *f = &s->fact[h->fact];
    ls_time said = ls_earlier(h->time, before->time);
    if (s->fact[before->fact].day == f->day && may_claim(s, f, said, noticed)) {
        set_day(s, h, noticed);
        set_day(s, before, noticed);
        of->agreed = true;
    }
}

/* Nobody leaves before the coming that the record knew of when it was said. */
static void put_in_order(ls_inspecting *s, size_t count)
{
    ls_time entered = LS_TIME_OPEN;
    for (size_t i = 0; i < count; i++) {
        ls_happening *h = &s->happening[i];
        unsigned kind = s->fact[h->fact].kind;
        if (kind == LS_INSPECTED_ENTER) {
            entered = ls_earlier(entered, h->time);
        } else if (kind == LS_INSPECTED_LEAVE && entered != LS_TIME_OPEN) {
            h->time = ls_later(h->time, entered);
        }
    }
}

void ls_inspecting_dates(ls_inspecting *s, const ls_inspected *visit, ls_time noticed, size_t count)
{
    claims enter = {{LS_NO_POSITION, LS_NO_POSITION}, false}, leave = enter;
    for (size_t i = 0; i < count; i++) {
        const ls_inspected *f = &s->fact[s->happening[i].fact];
        unsigned side = ls_inspecting_side(visit->rule, f);
        bool comes = f->kind == LS_INSPECTED_ENTER;
        if ((comes || f->kind == LS_INSPECTED_LEAVE) && side < LS_SIDES && f->day != LS_NO_DAY) {
            take_claim(s, comes ? &enter : &leave, i, side, noticed);
        }
    }
    put_in_order(s, count);
}
