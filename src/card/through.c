/* Where moments came from, and what duties bear on. */
#include "card/card.h"

/* A walk over what a moment depends on, each thing once: moments to be looked at, entries that were found. */
typedef struct walk {
    const ls_card *k;
    const ls_moment **moment;
    size_t moments;
    bool *event, *step, entered; /* already seen */
    uint32_t *entry;
    size_t entries;
} walk;

/* In ascending order, each once. */
static void found(walk *w, uint32_t entry)
{
    size_t at = w->entries;
    while (at > 0 && w->entry[at - 1] > entry) {
        at--;
    }
    if (entry == LS_NO_ENTRY || (at > 0 && w->entry[at - 1] == entry)) {
        return;
    }
    memmove(&w->entry[at + 1], &w->entry[at], (w->entries - at) * sizeof *w->entry);
    w->entry[at] = entry;
    w->entries++;
}

static bool came(const ls_card *k, const ls_moment *m)
{
    return m->count > 0 && ls_state_moment(&k->query, &k->state, m, false) <= k->query.at;
}

static bool is_leaf(const ls_moment_op *op)
{
    return op->kind != LS_MOMENT_DELAY && op->kind != LS_MOMENT_EARLIEST && op->kind != LS_MOMENT_LATEST;
}

static void follow(walk *w, const ls_moment *m, bool partly)
{
    if (partly || came(w->k, m)) {
        w->moment[w->moments++] = m;
    }
}

static void look_at_event(walk *w, size_t event)
{
    const ls_event *e = &w->k->accord->roadmap->events[event];
    if (!w->event[event]) {
        w->event[event] = true;
        found(w, w->k->state.event[event].said_by);
        follow(w, &e->when, false);
    }
}

/* What brings about each thing that can happen to a measure; of confirmations that silence gave, the performance. */
static bool brings_about(const ls_measure *m, const ls_fact *f, ls_event_kind what)
{
    bool ceiling = m->amount.kind == LS_AMOUNT_CEILING;
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_PROMISE:
        return what == LS_EVENT_PROMISED;
    case LS_FACT_BEGIN:
        return what == LS_EVENT_BEGUN;
    case LS_FACT_PERFORM:
        return what == LS_EVENT_BEGUN || what == LS_EVENT_PERFORMED || what == LS_EVENT_CONFIRMED ||
               (ceiling && what == LS_EVENT_BREACHED);
    case LS_FACT_CONFIRM:
        return what == LS_EVENT_CONFIRMED || (what == LS_EVENT_PERFORMED && m->witnesses != 0);
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        return what == LS_EVENT_BREACHED && !ceiling;
    default:
        return false;
    }
}

/* The last act by then, although others may have undone it since. */
static void look_at_measure(walk *w, size_t measure, ls_event_kind what, ls_time by)
{
    const ls_facts *facts = &w->k->facts;
    uint32_t last = LS_NO_ENTRY;
    for (size_t i = 0; i < facts->count; i++) {
        const ls_fact *f = &facts->fact[i];
        ls_time t = facts->time(facts->context, f->index);
        if (f->subject == measure && brings_about(&w->k->accord->roadmap->measures[measure], f, what) &&
            ls_account_counts(&w->k->account, f) && (t == LS_TIME_OPEN || t <= by)) {
            last = f->index;
        }
    }
    found(w, last);
}

static void look_at_step(walk *w, size_t step)
{
    const ls_roadmap *r = w->k->accord->roadmap;
    ls_time by = w->k->state.step[step].complete;
    for (size_t i = 0; i < r->measure_count && !w->step[step]; i++) {
        if (r->measures[i].step == step) {
            look_at_measure(w, i, r->measures[i].verifiers != 0 ? LS_EVENT_CONFIRMED : LS_EVENT_PERFORMED, by);
        }
    }
    w->step[step] = true;
}

/* Of a simultaneous step all that it took. */
static void look_at_moment_of_measure(walk *w, const ls_moment_op *op)
{
    const ls_roadmap *r = w->k->accord->roadmap;
    size_t step = r->measures[op->subject].step;
    if (r->steps[step].simultaneous && op->what >= LS_EVENT_PERFORMED && op->what <= LS_EVENT_CONFIRMED) {
        look_at_step(w, step);
        return;
    }
    ls_time by = ls_state_moment(&w->k->query, &w->k->state, &(ls_moment){.count = 1, .op = op}, false);
    look_at_measure(w, op->subject, op->what, by);
}

static void look_at(walk *w, const ls_moment_op *op)
{
    switch (op->kind) {
    case LS_MOMENT_SIGNED:
        found(w, (uint32_t)w->k->accord->signed_index);
        break;
    case LS_MOMENT_IN_FORCE:
        found(w, (uint32_t)w->k->accord->signed_index);
        if (!w->entered) {
            w->entered = true;
            follow(w, &w->k->accord->roadmap->entry, false);
        }
        break;
    case LS_MOMENT_RATIFIED:
        found(w, w->k->account.ratified[op->subject]);
        break;
    case LS_MOMENT_EVENT:
        look_at_event(w, op->subject);
        break;
    case LS_MOMENT_MEASURE:
        look_at_moment_of_measure(w, op);
        break;
    case LS_MOMENT_STEP:
        look_at_step(w, op->subject);
        break;
    case LS_MOMENT_DISPUTE:
        for (size_t i = 0; i < w->k->state.dispute_count; i++) {
            found(w, w->k->state.dispute[i].procedure == op->subject ? w->k->state.dispute[i].index : LS_NO_ENTRY);
        }
        break;
    default:
        break;
    }
}

ls_result ls_card_through(const ls_card *k, const ls_moment *m, bool partly, ls_arena *arena, const uint32_t **entries,
                          size_t *count)
{
    const ls_roadmap *r = k->accord->roadmap;
    walk w = {.k = k};
    size_t most = 2 + r->event_count + 3 * r->measure_count + k->state.dispute_count + LS_PARTIES_MAX;
    w.moment = ls_arena_array(arena, r->event_count + 2, sizeof *w.moment);
    w.entry = ls_arena_array(arena, most, sizeof *w.entry);
    w.event = ls_arena_array(arena, r->event_count + 1, sizeof *w.event);
    w.step = ls_arena_array(arena, r->step_count + 1, sizeof *w.step);
    if (w.moment == NULL || w.entry == NULL || w.event == NULL || w.step == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    follow(&w, m, partly);
    for (size_t next = 0; next < w.moments; next++) {
        for (size_t i = 0; i < w.moment[next]->count; i++) {
            const ls_moment_op *op = &w.moment[next]->op[i];
            if (is_leaf(op) && came(k, &(ls_moment){.count = 1, .op = op})) {
                look_at(&w, op);
            }
        }
    }
    *entries = w.entry;
    *count = w.entries;
    return LS_SUCCESS;
}

/* What would change it. */

static bool is_of_event(const ls_duty *d)
{
    return d->kind == LS_DUTY_ATTEST || d->kind == LS_DUTY_AGREE;
}

/* The moment hangs on what the duty is about. */
static bool hangs_on(const ls_card *k, const ls_moment *m, const ls_duty *d)
{
    bool open = m->count > 0 && ls_state_moment(&k->query, &k->state, m, false) > k->query.at;
    bool measure = d->kind <= LS_DUTY_PROMISE;
    for (size_t i = 0; open && i < m->count; i++) {
        const ls_moment_op *op = &m->op[i];
        bool about = (op->kind == LS_MOMENT_EVENT && is_of_event(d)) || (op->kind == LS_MOMENT_MEASURE && measure);
        bool step =
            op->kind == LS_MOMENT_STEP && measure && k->accord->roadmap->measures[d->subject].step == op->subject;
        if ((about && op->subject == d->subject) || step) {
            return true;
        }
    }
    return false;
}

static bool measure_hangs_on(const ls_card *k, const ls_measure *m, const ls_duty *d)
{
    bool hangs = d->kind == LS_DUTY_RATIFY && k->state.in_force > k->query.at;
    for (size_t i = 0; i < m->after_count; i++) {
        hangs |= hangs_on(k, &m->after[i], d);
    }
    return hangs || hangs_on(k, &m->until, d) || hangs_on(k, &m->undone_by, d);
}

bool ls_card_duty_of_event(const ls_card *k, const ls_duty *d, size_t event)
{
    const ls_event *e = &k->accord->roadmap->events[event];
    bool decided = k->state.event[event].time <= k->query.at || k->state.event[event].prevented;
    return (is_of_event(d) && d->subject == event) ||
           (!decided && (hangs_on(k, &e->when, d) || hangs_on(k, &e->unless, d)));
}

bool ls_card_duty_of_measure(const ls_card *k, const ls_duty *d, size_t measure)
{
    return (d->kind <= LS_DUTY_LAST_ABOUT_MEASURE && d->subject == measure) ||
           (k->state.measure[measure].state != LS_ENDED &&
            measure_hangs_on(k, &k->accord->roadmap->measures[measure], d));
}
