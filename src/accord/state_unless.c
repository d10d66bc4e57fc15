/*
 * Events that happen unless something else comes by a deadline. What prevented one in time may be taken back later, as
 * a performance can be before anybody has confirmed it. Then the event happens, but not in the past: nobody has to
 * find that it happened long ago, and all that follows from it.
 */
#include "accord/state_parts.h"
#include <stdlib.h>

/* What is put back when it is known again what is known now. */
typedef struct kept {
    ls_measure_state *measure;
    ls_said *said;
    ls_step_state *step;
} kept;

static void copy(const ls_states *s, const kept *from, const kept *to)
{
    memcpy(to->measure, from->measure, s->r->measure_count * sizeof *to->measure);
    memcpy(to->said, from->said, s->r->measure_count * sizeof *to->said);
    memcpy(to->step, from->step, s->r->step_count * sizeof *to->step);
}

static bool begin(ls_states *s, kept *k)
{
    *k = (kept){calloc(s->r->measure_count + 1, sizeof *k->measure), calloc(s->r->measure_count + 1, sizeof *k->said),
                calloc(s->r->step_count + 1, sizeof *k->step)};
    s->no_memory |= k->measure == NULL || k->said == NULL || k->step == NULL;
    return !s->no_memory;
}

/* What it names can be taken back: the measure, or all measures of a step. Else neither. */
static bool names(const ls_roadmap *r, const ls_moment_op *op, size_t measure)
{
    bool said = op->kind == LS_MOMENT_MEASURE && op->what >= LS_EVENT_BEGUN && op->what <= LS_EVENT_CONFIRMED;
    size_t step = said ? r->measures[op->subject].step : op->subject;
    bool whole = op->kind == LS_MOMENT_STEP || (said && r->steps[step].simultaneous);
    return whole ? r->measures[measure].step == step : said && op->subject == measure;
}

static bool concerns(const ls_roadmap *r, const ls_moment *m, size_t measure)
{
    for (size_t i = 0; i < m->count; i++) {
        if (names(r, &m->op[i], measure)) {
            return !r->measures[measure].continuing;
        }
    }
    return false;
}

static void read_measures(ls_states *s, const ls_moment *m)
{
    for (size_t i = 0; i < s->r->measure_count; i++) {
        if (concerns(s->r, m, i)) {
            ls_time overdue = s->out->measure[i].event[LS_EVENT_OVERDUE];
            ls_time breached = s->out->measure[i].event[LS_EVENT_BREACHED];
            ls_states_measure(s, i);
            s->out->measure[i].event[LS_EVENT_OVERDUE] = overdue;
            s->out->measure[i].event[LS_EVENT_BREACHED] = breached;
        }
    }
    for (size_t i = 0; i < s->r->measure_count; i++) {
        size_t step = s->r->measures[i].step;
        bool first = i == 0 || s->r->measures[i - 1].step != step;
        if (first && concerns(s->r, m, i)) {
            ls_states_step(s, step);
        }
    }
}

/* When the moment came, as it was known then. */
static ls_time known_at(ls_states *s, const ls_moment *m, ls_time known, const kept *k)
{
    const ls_state_query *now = s->q;
    ls_state_query then = *now;
    const kept working = {s->out->measure, s->said, s->out->step};
    then.at = then.known = known;
    then.trace = NULL;
    s->q = &then;
    read_measures(s, m);
    ls_time came = ls_moment_time(s->c, s->out, m);
    s->q = now;
    copy(s, k, &working);
    return came;
}

static int in_order(const void *a, const void *b)
{
    ls_time x = *(const ls_time *)a, y = *(const ls_time *)b;
    return x < y ? -1 : x > y;
}

/* When something that it names was taken back after that: how often, and, with out, each time. */
static size_t find_withdrawals(const ls_states *s, const ls_moment *m, ls_time after, ls_time *out)
{
    size_t count = 0;
    for (size_t i = 0; i < s->r->measure_count; i++) {
        for (size_t f = s->first[i]; f < s->first[i + 1] && concerns(s->r, m, i); f++) {
            size_t fact = s->of_measure[f];
            bool counts =
                s->fact[fact].kind == LS_FACT_WITHDRAW && s->time[fact] > after && ls_states_counts(s, fact, s->q->at);
            if (counts && out != NULL) {
                out[count] = s->time[fact];
            }
            count += counts ? 1 : 0;
        }
    }
    return count;
}

/* The same in the order of time. */
static size_t list_withdrawals(ls_states *s, const ls_moment *m, ls_time after, ls_time **out)
{
    size_t count = find_withdrawals(s, m, after, NULL);
    *out = ls_states_array(s, count, sizeof **out);
    if (count == 0 || *out == NULL) {
        return 0;
    }
    find_withdrawals(s, m, after, *out);
    qsort(*out, count, sizeof **out, in_order);
    return count;
}

/* By now it is not so that it was prevented: there is a first of these withdrawals from which it was not. */
static ls_time first_not_prevented(ls_states *s, const ls_moment *unless, ls_time deadline, const ls_time *taken_back,
                                   size_t count, const kept *k)
{
    size_t low = 0, high = count;
    if (known_at(s, unless, deadline + s->c->grace, k) > deadline) {
        return deadline + s->c->grace;
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2 - 1;
        if (known_at(s, unless, taken_back[middle], k) <= deadline) {
            low = middle + 1;
        } else {
            high = middle + 1;
        }
    }
    return taken_back[low];
}

ls_time ls_unless_happens(ls_states *s, const ls_moment *unless, ls_time deadline)
{
    kept k;
    ls_time *taken_back, happens = deadline + s->c->grace;
    size_t count = list_withdrawals(s, unless, happens, &taken_back);
    if (count == 0) {
        return happens;
    }
    if (begin(s, &k)) {
        copy(s, &(kept){s->out->measure, s->said, s->out->step}, &k);
        happens = first_not_prevented(s, unless, deadline, taken_back, count, &k);
    }
    free(k.measure);
    free(k.said);
    free(k.step);
    return happens;
}
