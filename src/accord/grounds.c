/* The rules of an accord that bear on a measure, and what is said about more than the measure and bears on it, too. */
#include "accord/why.h"

typedef struct grounds {
    const ls_account *a;
    const ls_measure *m;
    const ls_measure_state *x;
    size_t measure;
    ls_ground *ground;
    size_t count, capacity;
} grounds;

static void add(grounds *g, const char *rule, const char *stands, uint32_t entry)
{
    if (g->count < g->capacity) {
        g->ground[g->count++] = (ls_ground){rule, stands, entry};
    }
}

static const char *text(const grounds *g, ls_bytes s)
{
    return ls_arena_str(g->a->arena, s);
}

static const char *date(const grounds *g, ls_time t)
{
    return ls_why_date(g->a->q->charter, t, g->a->arena);
}

static const char *deadline(const grounds *g, ls_time t)
{
    return ls_why_deadline(g->a->q->charter, t, g->a->arena);
}

static const char *parties(const grounds *g, ls_parties set)
{
    return set == 0 ? "nobody" : ls_why_parties(g->a->q->charter, set, g->a->arena);
}

static const char *moment_stands(const grounds *g, const ls_moment *m)
{
    ls_time t = ls_state_moment(g->a->q, g->a->s, m, false);
    return t == LS_TIME_OPEN
               ? "has not come"
               : ls_arena_format(g->a->arena, t <= g->a->q->at ? "came on %s" : "comes on %s", date(g, t));
}

static void add_moment(grounds *g, const char *word, const ls_moment *m)
{
    if (m->count > 0) {
        add(g, ls_arena_format(g->a->arena, "%s %s", word, text(g, m->text)), moment_stands(g, m), LS_NO_ENTRY);
    }
}

/* Amounts. */

static void add_goal(grounds *g)
{
    const ls_amount *a = &g->m->amount;
    const ls_roadmap *r = g->a->q->roadmap;
    const char *number = ls_why_quantity(a->number, g->a->arena),
               *unit = a->unit.len == 0 ? "" : ls_arena_format(g->a->arena, " %s", text(g, a->unit));
    const char *required =
        g->x->required == LS_QUANTITY_NONE
            ? "not known yet"
            : ls_arena_format(g->a->arena, "%s%s", ls_why_quantity(g->x->required, g->a->arena), unit);
    if (a->kind == LS_AMOUNT_PERCENT) {
        const ls_event_state *e = &g->a->s->event[a->subject];
        add(g, ls_arena_format(g->a->arena, "%s %% of %s", number, text(g, r->events[a->subject].id)),
            e->amount == LS_QUANTITY_NONE
                ? required
                : ls_arena_format(g->a->arena, "%s, of %s", required, ls_why_quantity(e->amount, g->a->arena)),
            e->said_by);
    } else if (a->kind == LS_AMOUNT_PARITY) {
        add(g, ls_arena_format(g->a->arena, "as much as %s", text(g, r->measures[a->subject].id)), required,
            g->x->required == LS_QUANTITY_NONE ? LS_NO_ENTRY : g->a->s->measure[a->subject].answered_by);
    } else if (a->kind == LS_AMOUNT_RATE) {
        static const char *const periods[] = {
            [LS_UNIT_DAYS] = "day", [LS_UNIT_WEEKS] = "week", [LS_UNIT_MONTHS] = "month", [LS_UNIT_YEARS] = "year"};
        add(g, ls_arena_format(g->a->arena, "%s%s per %s", number, unit, periods[a->per.unit]),
            ls_arena_format(g->a->arena, "%s due so far", required), LS_NO_ENTRY);
    }
}

static void add_methods(grounds *g)
{
    for (size_t i = 0; i < g->m->amount.method_count; i++) {
        const ls_method *m = &g->m->amount.methods[i];
        const char *cap = m->at_most == LS_QUANTITY_NONE ? ""
                                                         : ls_arena_format(g->a->arena, " at most %s %%",
                                                                           ls_why_quantity(m->at_most, g->a->arena));
        const char *until = m->until.count == 0
                                ? "no end"
                                : ls_arena_format(g->a->arena, "until %s (%s)", text(g, m->until.text),
                                                  deadline(g, ls_state_moment(g->a->q, g->a->s, &m->until, true)));
        add(g, ls_arena_format(g->a->arena, "method %s%s", text(g, m->id), cap), until, LS_NO_ENTRY);
    }
}

static void add_shares(grounds *g)
{
    for (size_t p = 0; g->m->amount.shares != NULL && p < g->a->q->charter->party_count; p++) {
        ls_quantity share = g->m->amount.shares[p];
        bool known = g->x->delivered != NULL && g->x->required != LS_QUANTITY_NONE;
        if (share > 0) {
            const char *stands =
                known ? ls_arena_format(g->a->arena, "%s of %s", ls_why_quantity(g->x->delivered[p], g->a->arena),
                                        ls_why_quantity(ls_quantity_percent(g->x->required, share, true), g->a->arena))
                      : "not known yet";
            add(g,
                ls_arena_format(g->a->arena, "share of %s: %s %%", parties(g, LS_PARTY_BIT(p)),
                                ls_why_quantity(share, g->a->arena)),
                stands, LS_NO_ENTRY);
        }
    }
}

/* Who answers. */

static const char *confirmed_so_far(const grounds *g, ls_parties silent)
{
    const ls_amount *a = &g->m->amount;
    if (a->kind != LS_AMOUNT_NONE && a->kind != LS_AMOUNT_CEILING) {
        return ls_arena_format(g->a->arena, "%s of %s are confirmed", ls_why_quantity(g->x->confirmed, g->a->arena),
                               ls_why_quantity(g->x->total, g->a->arena));
    }
    return silent == 0 ? (g->x->by_silence ? "confirmed, by silence" : "all have confirmed")
                       : ls_arena_format(g->a->arena, "not confirmed by %s", parties(g, silent));
}

static void add_verifiers(grounds *g)
{
    ls_parties all = g->m->verifiers, silent = all & ~g->x->confirmations;
    if (g->m->witnesses != 0) {
        ls_parties there = g->a->attended[g->measure];
        add(g, ls_arena_format(g->a->arena, "in presence of %s", parties(g, g->m->witnesses)),
            ls_arena_format(g->a->arena, "confirmed so far by %s", parties(g, there)), LS_NO_ENTRY);
    }
    if (all == 0) {
        add(g, "verified by nobody", "performed is its end", LS_NO_ENTRY);
    } else if (!g->m->continuing && g->x->performed_by != LS_NO_ENTRY) {
        add(g, ls_arena_format(g->a->arena, "verified by %s", parties(g, all)), confirmed_so_far(g, silent),
            g->x->answered_by);
    }
    if (g->m->silence != LS_SILENCE_NONE) {
        char after[LS_DURATION_SIZE];
        ls_duration_format(g->m->silence_after, after);
        const char *stands = g->x->by_silence ? "it did"
                             : g->x->silent_until == LS_TIME_OPEN
                                 ? "its time does not run"
                                 : ls_arena_format(g->a->arena, "in time until %s, with the grace until %s",
                                                   deadline(g, g->x->silent_until),
                                                   deadline(g, g->x->silent_until + g->a->q->charter->grace));
        add(g,
            ls_arena_format(g->a->arena, "silence counts as %s after %s",
                            g->m->silence == LS_SILENCE_CONFIRMED ? "confirmed" : "disputed", after),
            stands, LS_NO_ENTRY);
    }
}

static void add_step(grounds *g)
{
    const ls_step *step = &g->a->q->roadmap->steps[g->m->step];
    if (!step->simultaneous) {
        return;
    }
    const char *waits = ls_why_held(g->a, g->measure);
    ls_time complete = g->a->s->step[g->m->step].complete;
    add(g, ls_arena_format(g->a->arena, "takes effect together with all of %s", text(g, step->id)),
        complete <= g->a->q->at ? ls_arena_format(g->a->arena, "they did on %s", date(g, complete))
        : waits[0] == '\0'      ? "the others are done"
                                : ls_arena_format(g->a->arena, "waits for %s", waits),
        LS_NO_ENTRY);
}

static void add_flags(grounds *g)
{
    if (g->m->irreversible) {
        add(g, "irreversible", "it can't be reversed", LS_NO_ENTRY);
    }
    if (g->m->provisional) {
        add(g, "provisional", "it counts already while the accord is applied provisionally", LS_NO_ENTRY);
    }
    if (g->m->may_call_off != 0) {
        add(g, ls_arena_format(g->a->arena, "may be called off by %s", parties(g, g->m->may_call_off)),
            g->a->called_off[g->measure] == LS_NO_ENTRY ? "it was not" : "it was", g->a->called_off[g->measure]);
    }
}

/* What is said about more than this measure. */

static bool covers(const grounds *g, const ls_suspension *s)
{
    bool all = s->measure < 0 && s->track < 0;
    return all || s->measure == (int)g->measure || (s->track >= 0 && (size_t)s->track == g->m->track);
}

/* What it does to the measure's clock. */
static const char *effect(const grounds *g, const ls_suspension *s)
{
    const ls_suspension_rule *rule = &g->a->q->roadmap->suspension;
    bool own = (g->m->by & LS_PARTY_BIT(s->by)) != 0, lasts = s->until > g->a->q->at;
    if (g->m->due.count == 0 && g->m->begin.count == 0) {
        return "it has no deadline that could move";
    }
    if (!(own ? rule->stops_own : rule->counterpart_may_withhold)) {
        return "its deadline goes on";
    }
    if (lasts) {
        return g->x->stopped ? "its clock stands" : "no clock of it runs that could stand";
    }
    return g->x->has_deadline && s->since > g->x->deadline ? "it came after its deadline" : "its clock stood";
}

static void add_suspension(grounds *g, const ls_suspension *s)
{
    const char *until =
        s->until == LS_TIME_OPEN
            ? ""
            : ls_arena_format(g->a->arena, " to %s", ls_why_last_day(g->a->q->charter, s->until, g->a->arena));
    add(g, ls_arena_format(g->a->arena, "suspended by %s", parties(g, LS_PARTY_BIT(s->by))),
        ls_arena_format(g->a->arena, "from %s%s; %s", date(g, s->since), until, effect(g, s)), s->index);
}

static void add_others(grounds *g)
{
    const ls_accord_state *s = g->a->s;
    for (size_t i = 0; i < s->suspension_count; i++) {
        if (covers(g, &s->suspension[i])) {
            add_suspension(g, &s->suspension[i]);
        }
    }
    for (size_t i = 0; i < s->dispute_count; i++) {
        const ls_dispute_state *d = &s->dispute[i];
        if (d->measure == (int)g->measure) {
            add(g,
                ls_arena_format(g->a->arena, "dispute under %s", text(g, g->a->q->roadmap->disputes[d->procedure].id)),
                d->settled != LS_TIME_OPEN     ? ls_arena_format(g->a->arena, "settled on %s", date(g, d->settled))
                : d->exhausted != LS_TIME_OPEN ? ls_arena_format(g->a->arena, "exhausted on %s", date(g, d->exhausted))
                                               : ls_arena_format(g->a->arena, "goes on since %s", date(g, d->opened)),
                d->index);
        }
    }
    for (size_t p = 0; p < g->a->q->charter->party_count; p++) {
        bool concerns = (g->m->by & LS_PARTY_BIT(p)) != 0 || !g->a->q->roadmap->withdrawal.continues;
        if (concerns && s->left[p] != LS_TIME_OPEN) {
            add(g, ls_arena_format(g->a->arena, "notice of withdrawal by %s", parties(g, LS_PARTY_BIT(p))),
                ls_arena_format(g->a->arena, s->left[p] <= g->a->q->at ? "ran out on %s" : "runs out on %s",
                                deadline(g, s->left[p])),
                g->a->notice[p]);
        }
    }
}

ls_result ls_grounds(const ls_account *a, size_t measure, ls_ground **out, size_t *count)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    grounds g = {.a = a, .m = m, .x = &a->s->measure[measure], .measure = measure};
    g.capacity =
        16 + m->amount.method_count + 2 * a->q->charter->party_count + a->s->suspension_count + a->s->dispute_count;
    g.ground = ls_arena_array(a->arena, g.capacity, sizeof *g.ground);
    if (g.ground == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    add_goal(&g);
    add_methods(&g);
    add_shares(&g);
    add_verifiers(&g);
    add_step(&g);
    add_moment(&g, "until", &m->until);
    add_moment(&g, "undone by", &m->undone_by);
    add_flags(&g);
    add_others(&g);
    *out = g.ground;
    *count = g.count;
    return LS_SUCCESS;
}
