/*
 * Playing a rehearsal. Time goes from one moment at which something can change to the next. At each, dated acts are
 * made one by one, then in rounds all that parties do by their rules, until nobody has anything to do; after every
 * round the state is worked out anew. What is done in one round is decided on one state.
 */
#include "accord/state_parts.h"
#include "rehearsal/script.h"
#include <stdlib.h>

#define FIRST_CAP 64

void *ls_rehearsing_grow(ls_rehearsing *x, void *array, size_t size, size_t count, size_t *cap)
{
    if (count < *cap) {
        return array;
    }
    size_t larger = *cap == 0 ? FIRST_CAP : 2 * *cap;
    void *grown = ls_arena_array(x->arena, larger, size);
    if (grown == NULL) {
        x->no_memory = true;
        return NULL;
    }
    if (count > 0) {
        memcpy(grown, array, count * size);
    }
    *cap = larger;
    return grown;
}

/* Facts. */

static ls_time time_of(const void *context, uint32_t index)
{
    const ls_rehearsing *x = context;
    const ls_facts *before = x->r->of.facts;
    if (before == NULL || index >= x->r->of.next) {
        return x->made[index - (before == NULL ? 0 : x->r->of.next)];
    }
    ls_time t = before->time(before->context, index);
    return t == LS_TIME_OPEN ? x->r->start : t;
}

uint32_t ls_rehearsing_act(ls_rehearsing *x, const ls_fact *facts, size_t count)
{
    ls_time *made = ls_rehearsing_grow(x, x->made, sizeof *made, x->made_count, &x->made_cap);
    if (made == NULL) {
        return LS_NO_ENTRY;
    }
    x->made = made;
    uint32_t index = (uint32_t)x->made_count + (x->r->of.facts == NULL ? 0 : x->r->of.next);
    x->made[x->made_count++] = x->now;
    for (size_t i = 0; i < count; i++) {
        ls_fact *fact = ls_rehearsing_grow(x, x->fact, sizeof *fact, x->fact_count, &x->fact_cap);
        if (fact == NULL) {
            return LS_NO_ENTRY;
        }
        x->fact = fact;
        x->fact[x->fact_count] = facts[i];
        x->fact[x->fact_count++].index = index;
        if (facts[i].kind == LS_FACT_PERFORM) {
            ls_behave_answers(x, x->fact_count - 1);
        }
    }
    return index;
}

/* The state. */

static ls_state_query query(const ls_rehearsing *x, const ls_facts *facts)
{
    return (ls_state_query){
        .roadmap = x->m, .charter = x->c, .signed_at = x->r->signed_at, .facts = facts, .at = x->now, .known = x->now};
}

static void evaluate(ls_rehearsing *x, ls_arena *arena, ls_accord_state *out)
{
    ls_facts facts = {x->fact, x->fact_count, time_of, x};
    ls_state_query q = query(x, &facts);
    x->no_memory |= ls_failed(ls_state_eval(&q, arena, out));
}

/* Works out the state anew, and notes what changed. */
static void look(ls_rehearsing *x)
{
    ls_arena_free(&x->scratch[0]);
    x->scratch[0] = x->scratch[1];
    x->scratch[1] = (ls_arena){0};
    x->before = x->state;
    evaluate(x, &x->scratch[1], &x->state);
    if (!x->no_memory) {
        ls_log_changes(x);
    }
    x->before_at = x->now;
}

bool ls_rehearsing_silent(const ls_rehearsing *x, size_t party)
{
    for (size_t i = 0; i < x->r->behaviour_count; i++) {
        const ls_behaviour *b = &x->r->behaviours[i];
        bool speaks = b->party != party || b->silent_after.count == 0;
        if (!speaks && ls_moment_time(x->c, &x->state, &b->silent_after) <= x->now) {
            return true;
        }
    }
    return false;
}

/* When something can change. */

typedef struct horizon {
    ls_time now, next;
} horizon;

static void consider(horizon *h, ls_time t)
{
    if (t > h->now && t < h->next) {
        h->next = t;
    }
}

static void consider_later(horizon *h, ls_time t, int64_t later)
{
    if (t < LS_TIME_NONE - later) {
        consider(h, t + later);
    }
}

static void consider_measure(const ls_rehearsing *x, size_t i, horizon *h)
{
    const ls_measure *m = &x->m->measures[i];
    const ls_measure_state *s = &x->state.measure[i];
    consider(h, s->holds);
    consider(h, ls_moment_time(x->c, &x->state, &m->until));
    consider(h, ls_moment_time(x->c, &x->state, &m->undone_by));
    if (ls_measure_complete(m, s)) {
        return; /* its deadlines say nothing more */
    }
    if (s->has_deadline) {
        consider(h, s->deadline);
        consider_later(h, s->deadline, x->c->grace + 1);
    }
    if (s->has_begin) {
        consider_later(h, s->begin_by, x->c->grace + 1);
    }
}

/* What a verifier's silence decides. */
static void consider_silence(const ls_rehearsing *x, const ls_fact *f, horizon *h)
{
    const ls_measure *m = &x->m->measures[f->subject < x->m->measure_count ? f->subject : 0];
    if (f->kind != LS_FACT_PERFORM || m->silence == LS_SILENCE_NONE) {
        return;
    }
    ls_time from = ls_later(time_of(x, f->index), x->state.measure[f->subject].holds);
    consider_later(h, ls_time_add(x->c, from, m->silence_after, 1, true), x->c->grace);
}

static void consider_disputes(const ls_rehearsing *x, horizon *h)
{
    for (size_t i = 0; i < x->state.dispute_count; i++) {
        const ls_dispute_state *d = &x->state.dispute[i];
        for (size_t k = 0; k < x->m->disputes[d->procedure].stage_count; k++) {
            consider(h, d->stage[k].begins);
            consider(h, d->stage[k].ends);
            consider_later(h, d->stage[k].ends, x->c->grace);
        }
    }
}

static void consider_accord(const ls_rehearsing *x, horizon *h)
{
    consider(h, x->state.in_force);
    consider(h, x->state.provisional);
    consider(h, x->state.ended);
    for (size_t p = 0; p < x->c->party_count; p++) {
        consider(h, x->state.left[p]);
    }
    for (size_t i = 0; i < x->m->event_count; i++) {
        consider(h, x->state.event[i].time);
    }
    for (size_t i = 0; i < x->state.suspension_count; i++) {
        consider(h, x->state.suspension[i].until);
    }
}

/* The next moment, or LS_NEVER. */
static ls_time next_moment(const ls_rehearsing *x)
{
    horizon h = {x->now, LS_NEVER};
    if (x->next_act < x->r->act_count) {
        consider(&h, x->r->acts[x->r->order[x->next_act]].at);
    }
    consider(&h, ls_behave_next(x));
    for (size_t i = 0; i < x->m->measure_count; i++) {
        consider_measure(x, i, &h);
    }
    for (size_t i = 0; i < x->fact_count; i++) {
        consider_silence(x, &x->fact[i], &h);
    }
    consider_disputes(x, &h);
    consider_accord(x, &h);
    return h.next > LS_TIME_MAX ? LS_NEVER : h.next;
}

/* The run. */

/* Before it was signed. */
static bool blank(ls_rehearsing *x, ls_accord_state *s)
{
    ls_arena *a = &x->scratch[1];
    *s = (ls_accord_state){.signed_at = LS_NEVER, .provisional = LS_NEVER, .in_force = LS_NEVER, .ended = LS_NEVER};
    s->measure = ls_arena_array(a, x->m->measure_count, sizeof *s->measure);
    s->event = ls_arena_array(a, x->m->event_count, sizeof *s->event);
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        s->ratified[p] = s->left[p] = LS_NEVER;
    }
    for (size_t i = 0; s->event != NULL && i < x->m->event_count; i++) {
        s->event[i].time = LS_NEVER;
    }
    return s->measure != NULL && s->event != NULL;
}

static bool begin(ls_rehearsing *x)
{
    size_t pairs = x->m->measure_count * x->c->party_count;
    x->done = ls_arena_array(x->arena, pairs + 1, sizeof *x->done);
    x->begun = ls_arena_array(x->arena, pairs + 1, sizeof *x->begun);
    x->act_index = ls_arena_array(x->arena, x->r->act_count + 1, sizeof *x->act_index);
    x->now = x->before_at = x->r->start;
    if (x->done == NULL || x->begun == NULL || x->act_index == NULL || !blank(x, &x->state)) {
        return false;
    }
    memset(x->act_index, 0xff, (x->r->act_count + 1) * sizeof *x->act_index);
    if (x->r->of.facts == NULL) {
        x->before_at = x->r->start - 1;
        return true;
    }
    x->fact_count = x->fact_cap = x->r->of.facts->count;
    x->fact = ls_arena_array(x->arena, x->fact_cap, sizeof *x->fact);
    if (x->fact == NULL) {
        return false;
    }
    if (x->fact_count > 0) {
        memcpy(x->fact, x->r->of.facts->fact, x->fact_count * sizeof *x->fact);
    }
    evaluate(x, &x->scratch[1], &x->state); /* as things stand is not news */
    if (!x->no_memory) {
        ls_behave_begin(x);
    }
    return !x->no_memory;
}

/* Everything that is done now. One round is one step. */
static bool act(ls_rehearsing *x)
{
    if (x->next_act < x->r->act_count && x->r->acts[x->r->order[x->next_act]].at <= x->now) {
        ls_rehearsing_said(x, x->r->order[x->next_act++]);
        return true;
    }
    return ls_behave(x);
}

static void play(ls_rehearsing *x)
{
    look(x);
    for (size_t rounds = 1; !x->no_memory; rounds++) {
        if (rounds == LS_REHEARSAL_ROUNDS_MAX) {
            x->out->why = LS_ENDED_BOUND;
            return;
        }
        if (!act(x)) {
            ls_time next = next_moment(x);
            x->out->why = next == LS_NEVER ? LS_ENDED_STILL : LS_ENDED_UNTIL;
            if (next > x->r->until || next == LS_NEVER) {
                x->now = next == LS_NEVER ? x->now : x->r->until;
                return;
            }
            x->now = next;
        }
        look(x);
    }
}

static void end(ls_rehearsing *x)
{
    ls_rehearsed *out = x->out;
    evaluate(x, x->arena, &out->state);
    if (!x->no_memory) {
        ls_log_finish(x);
    }
    /* What was looked at later changed nothing. */
    bool still = out->why == LS_ENDED_STILL && out->count > 0;
    out->end = still ? out->happenings[out->count - 1].time : x->now;
}

ls_result ls_rehearsal_run(const ls_rehearsal *r, ls_arena *arena, ls_rehearsed *out)
{
    ls_rehearsed rehearsed = {0};
    ls_rehearsing x = {.r = r, .m = r->of.roadmap, .c = r->of.charter, .out = &rehearsed, .arena = arena};
    x.no_memory = !begin(&x);
    if (!x.no_memory) {
        play(&x);
    }
    if (!x.no_memory) {
        end(&x);
    }
    ls_arena_free(&x.scratch[0]);
    ls_arena_free(&x.scratch[1]);
    if (x.no_memory) {
        return ls_fail(&ls_fault_memory);
    }
    *out = rehearsed;
    return LS_SUCCESS;
}
