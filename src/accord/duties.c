/* What parties may and must do now, and what follows if they don't. */
#include "accord/why.h"
#include <stdlib.h>

typedef struct list {
    const ls_state_query *q;
    const ls_accord_state *s;
    ls_arena *arena;
    ls_duty *duty;
    size_t count, capacity;
    bool no_memory;
} list;

static void add(list *l, ls_duty d)
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

static const char *format_id(list *l, const char *word, ls_bytes id)
{
    return ls_arena_format(l->arena, "%s %.*s", word, (int)id.len, id.ptr);
}

static const char *copy(list *l, ls_bytes what)
{
    return ls_arena_str(l->arena, what);
}

/* What waits for an event of a measure: names of measures and events, or NULL. */

static bool mentions(const ls_moment *m, size_t measure, ls_event_kind first, ls_event_kind last)
{
    for (size_t i = 0; i < m->count; i++) {
        const ls_moment_op *op = &m->op[i];
        if (op->kind == LS_MOMENT_MEASURE && op->subject == measure && op->what >= first && op->what <= last) {
            return true;
        }
    }
    return false;
}

static const char *append(list *l, const char *text, ls_bytes id)
{
    return text == NULL ? ls_arena_str(l->arena, id) : ls_arena_format(l->arena, "%s, %.*s", text, (int)id.len, id.ptr);
}

static const char *those_that_wait(list *l, size_t measure, ls_event_kind first, ls_event_kind last)
{
    const ls_roadmap *r = l->q->roadmap;
    const char *text = NULL;
    for (size_t i = 0; i < r->measure_count; i++) {
        bool waits = false;
        for (size_t a = 0; a < r->measures[i].after_count; a++) {
            waits |= mentions(&r->measures[i].after[a], measure, first, last);
        }
        text = waits ? append(l, text, r->measures[i].id) : text;
    }
    for (size_t e = 0; e < r->event_count; e++) {
        text = mentions(&r->events[e].when, measure, first, last) ? append(l, text, r->events[e].id) : text;
    }
    return text;
}

/* Joins two sentences, either of which may be missing. */
static const char *both(list *l, const char *a, const char *b)
{
    return a == NULL || a[0] == '\0'   ? (b == NULL ? "" : b)
           : b == NULL || b[0] == '\0' ? a
                                       : ls_arena_format(l->arena, "%s; %s", a, b);
}

static const char *waiting(list *l, const char *names)
{
    return names == NULL ? NULL : ls_arena_format(l->arena, "%s cannot begin", names);
}

static const char *if_not_performed(list *l, size_t measure, ls_time until)
{
    const char *overdue = NULL;
    if (until != LS_TIME_OPEN) {
        ls_time from = until + l->q->charter->grace;
        overdue = ls_arena_format(l->arena, "overdue %s %s", from < l->q->at ? "since" : "from",
                                  ls_why_date(l->q->charter, from, l->arena));
        const char *then = those_that_wait(l, measure, LS_EVENT_OVERDUE, LS_EVENT_OVERDUE);
        overdue = then == NULL ? overdue : ls_arena_format(l->arena, "%s, and then %s", overdue, then);
    }
    return both(l, overdue, waiting(l, those_that_wait(l, measure, LS_EVENT_BEGUN, LS_EVENT_CONFIRMED)));
}

/* Each kind of duty. */

static ls_time next_deadline(const ls_measure_state *x)
{
    bool begin = x->has_begin && x->event[LS_EVENT_BEGUN] == LS_TIME_OPEN;
    if (begin && (!x->has_deadline || x->begin_by < x->deadline)) {
        return x->begin_by;
    }
    return x->has_deadline && x->deadline >= x->holds ? x->deadline : LS_TIME_OPEN;
}

static const char *performing(const ls_measure *m)
{
    return m->declares.len > 0 ? "declare" : m->opens.len > 0 ? "open" : "perform";
}

static void add_perform(list *l, size_t measure, ls_parties who, bool cure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    ls_time until = next_deadline(x);
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        if ((who & LS_PARTY_BIT(p)) != 0) {
            bool own = m->declares.len == 0 && m->opens.len == 0;
            add(l, (ls_duty){.kind = cure ? LS_DUTY_CURE : LS_DUTY_PERFORM,
                             .party = p,
                             .subject = measure,
                             .must = true,
                             .until = until,
                             .what = copy(l, m->what),
                             .command = own ? format_id(l, "perform", m->id) : performing(m),
                             .otherwise = cure ? "it stays as it is" : if_not_performed(l, measure, until)});
        }
    }
}

static void add_answers(list *l, size_t measure, ls_parties who, ls_duty_kind kind)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    ls_time until = kind == LS_DUTY_ANSWER ? x->silent_until : LS_TIME_OPEN;
    const char *silence = until == LS_TIME_OPEN
                              ? NULL
                              : ls_arena_format(l->arena, "silence counts as %s from %s",
                                                m->silence == LS_SILENCE_CONFIRMED ? "confirmed" : "disputed",
                                                ls_why_date(l->q->charter, until + l->q->charter->grace, l->arena));
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        if ((who & LS_PARTY_BIT(p)) != 0) {
            const char *names = those_that_wait(l, measure, LS_EVENT_CONFIRMED, LS_EVENT_CONFIRMED);
            add(l, (ls_duty){.kind = kind,
                             .party = p,
                             .subject = measure,
                             .until = until,
                             .what = copy(l, m->what),
                             .command = format_id(l, "confirm", m->id),
                             .otherwise = both(l, silence, until == LS_TIME_OPEN ? waiting(l, names) : NULL)});
        }
    }
}

/* Somebody waits for the promise, and it has not been given. */
static void add_promise(list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    const char *names = those_that_wait(l, measure, LS_EVENT_PROMISED, LS_EVENT_PROMISED);
    if (names == NULL || x->event[LS_EVENT_PROMISED] != LS_TIME_OPEN || x->state == LS_ENDED) {
        return;
    }
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        if ((m->by & LS_PARTY_BIT(p)) != 0) {
            add(l, (ls_duty){.kind = LS_DUTY_PROMISE,
                             .party = p,
                             .subject = measure,
                             .until = LS_TIME_OPEN,
                             .what = copy(l, m->what),
                             .command = format_id(l, "promise", m->id),
                             .otherwise = waiting(l, names)});
        }
    }
}

static ls_parties those_to_perform(const list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    return x->performers != 0 ? x->performers : m->by;
}

static void measure_duties(list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    add_promise(l, measure);
    bool rate = m->amount.kind == LS_AMOUNT_RATE && x->state == LS_KEPT;
    switch (x->state) {
    case LS_DUE:
    case LS_BEGUN:
    case LS_OVERDUE:
    case LS_REVERSED:
        if (x->holds <= l->q->at) {
            add_perform(l, measure, those_to_perform(l, measure), false);
        }
        break;
    case LS_DISPUTED:
    case LS_BREACHED:
        add_perform(l, measure, those_to_perform(l, measure), true);
        break;
    case LS_PERFORMED:
        add_answers(l, measure, m->verifiers & ~x->confirmations, LS_DUTY_ANSWER);
        if (x->event[LS_EVENT_PERFORMED] == LS_TIME_OPEN) {
            add_answers(l, measure, m->witnesses & ~m->verifiers, LS_DUTY_ATTEND);
        }
        break;
    default:
        if (rate) {
            add_perform(l, measure, those_to_perform(l, measure), false);
        }
        break;
    }
    /* Parts wait for their answers one by one. */
    bool parts = m->amount.kind != LS_AMOUNT_NONE && m->amount.kind != LS_AMOUNT_CEILING && x->confirmed < x->total;
    if (parts && x->state != LS_PERFORMED && x->state != LS_DISPUTED) {
        add_answers(l, measure, m->verifiers, LS_DUTY_ANSWER);
    }
}

/* What an event's coming would do; or, of one that prevents another, what comes without it. */
static const char *if_not_attested(list *l, size_t event, ls_time *until)
{
    const ls_roadmap *r = l->q->roadmap;
    const char *text = NULL, *waits = NULL;
    *until = LS_TIME_OPEN;
    for (size_t e = 0; e < r->event_count; e++) {
        for (size_t i = 0; i < r->events[e].unless.count; i++) {
            const ls_moment_op *op = &r->events[e].unless.op[i];
            const ls_event_state *x = &l->s->event[e];
            if (op->kind == LS_MOMENT_EVENT && op->subject == event && x->time > l->q->at &&
                x->silent_until != LS_TIME_OPEN) {
                *until = x->silent_until < *until ? x->silent_until : *until;
                text = ls_arena_format(l->arena, "%.*s happens on %s", (int)r->events[e].id.len, r->events[e].id.ptr,
                                       ls_why_date(l->q->charter, x->time, l->arena));
            }
        }
    }
    for (size_t m = 0; m < r->measure_count; m++) {
        bool found = false;
        for (size_t a = 0; a < r->measures[m].after_count; a++) {
            for (size_t i = 0; i < r->measures[m].after[a].count; i++) {
                const ls_moment_op *op = &r->measures[m].after[a].op[i];
                found |= op->kind == LS_MOMENT_EVENT && op->subject == event;
            }
        }
        waits = found ? append(l, waits, r->measures[m].id) : waits;
    }
    return both(l, text, waiting(l, waits));
}

static void event_duties(list *l, size_t event)
{
    const ls_event *e = &l->q->roadmap->events[event];
    const ls_event_state *x = &l->s->event[event];
    ls_time until;
    if (e->attested_by == 0 || x->time <= l->q->at) {
        return;
    }
    const char *otherwise = if_not_attested(l, event, &until);
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        if ((e->attested_by & ~x->attested & LS_PARTY_BIT(p)) != 0) {
            add(l, (ls_duty){.kind = LS_DUTY_ATTEST,
                             .party = p,
                             .subject = event,
                             .until = until,
                             .what =
                                 ls_arena_format(l->arena, "if it has happened: %.*s", (int)e->title.len, e->title.ptr),
                             .command = format_id(l, "attest", e->id),
                             .otherwise = otherwise});
        }
    }
}

static void dispute_duties(list *l, size_t i)
{
    const ls_dispute_state *d = &l->s->dispute[i];
    const ls_dispute *p = &l->q->roadmap->disputes[d->procedure];
    ls_time last = d->opened;
    if (d->settled != LS_TIME_OPEN || d->exhausted != LS_TIME_OPEN) {
        return;
    }
    for (size_t k = 0; k < p->stage_count; k++) {
        last = d->stage[k].ends > last ? d->stage[k].ends : last;
    }
    for (size_t party = 0; party < l->q->charter->party_count; party++) {
        if ((p->settled_by & ~d->settled_by & LS_PARTY_BIT(party)) != 0) {
            add(l, (ls_duty){.kind = LS_DUTY_SETTLE,
                             .party = party,
                             .subject = i,
                             .until = last,
                             .what = copy(l, p->title),
                             .command =
                                 ls_arena_format(l->arena, "settle %.*s --act %u", (int)p->id.len, p->id.ptr, d->index),
                             .otherwise = "its last stage ends, and it is exhausted"});
        }
    }
}

static bool asks_for_ratification(const ls_roadmap *r, size_t party)
{
    for (size_t i = 0; i < r->entry.count; i++) {
        if (r->entry.op[i].kind == LS_MOMENT_RATIFIED && r->entry.op[i].subject == party) {
            return true;
        }
    }
    return false;
}

static void accord_duties(list *l)
{
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        if (asks_for_ratification(l->q->roadmap, p) && l->s->ratified[p] > l->q->at) {
            add(l, (ls_duty){.kind = LS_DUTY_RATIFY,
                             .party = p,
                             .until = LS_TIME_OPEN,
                             .what = "ratify the accord",
                             .command = "ratify",
                             .otherwise = "the accord does not enter into force"});
        }
    }
    for (size_t i = 0; i < l->s->suspension_count; i++) {
        const ls_suspension *x = &l->s->suspension[i];
        if (x->until > l->q->at) {
            add(l, (ls_duty){.kind = LS_DUTY_RESUME,
                             .party = x->by,
                             .subject = i,
                             .until = x->until,
                             .what = "end your suspension",
                             .command = ls_arena_format(l->arena, "resume %u", x->index),
                             .otherwise = x->until == LS_TIME_OPEN ? "it lasts" : "it ends by itself"});
        }
    }
    for (size_t i = 0; i < l->q->roadmap->right_count; i++) {
        const ls_right *r = &l->q->roadmap->rights[i];
        const ls_right_state *x = &l->s->right[i];
        if (x->left > 0 && x->from != LS_TIME_OPEN) {
            add(l, (ls_duty){.kind = LS_DUTY_USE,
                             .party = r->of,
                             .subject = i,
                             .until = x->until,
                             .what = ls_arena_format(l->arena, "%u left: %.*s", x->left, (int)r->what.len, r->what.ptr),
                             .command = format_id(l, "use", r->id),
                             .otherwise = "what is not used is forfeited"});
        }
    }
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

static void sort(list *l)
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

ls_result ls_duties(const ls_state_query *q, const ls_accord_state *s, ls_arena *arena, ls_duty **out, size_t *count)
{
    list l = {.q = q, .s = s, .arena = arena};
    if (s->ended > q->at && s->signed_at != LS_TIME_OPEN) {
        for (size_t i = 0; i < q->roadmap->measure_count; i++) {
            measure_duties(&l, i);
        }
        for (size_t i = 0; i < q->roadmap->event_count; i++) {
            event_duties(&l, i);
        }
        for (size_t i = 0; i < s->dispute_count; i++) {
            dispute_duties(&l, i);
        }
        accord_duties(&l);
        sort(&l);
    }
    if (l.no_memory) {
        return ls_fail(&ls_fault_memory);
    }
    *out = l.duty;
    *count = l.count;
    return LS_SUCCESS;
}
