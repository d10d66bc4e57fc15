/* Changes of a roadmap that lower its largest exposure: each is tried on a copy, which is analysed like the original.
 */
#include "analysis/net.h"

#define TRIALS_MAX 400 /* fewer of a large roadmap: */
#define TRIALS_MIN 10
#define TRIALS_WORK 10000 /* trials times measures */

typedef struct suggesting {
    const ls_analysis_query *q;
    const ls_analysis *a; /* of the original */
    const ls_net *net;
    ls_quantity largest;
    ls_suggestion best[LS_SUGGESTIONS_MAX];
    size_t count, tried, most;
} suggesting;

/* One trial: a copy in an arena of its own. Halves of measures stand behind all others. */
typedef struct trial {
    ls_arena arena;
    ls_roadmap r;
    uint32_t *weights; /* doubled, so that a half is whole */
    size_t measure, other;
    bool split;
} trial;

static ls_quantity largest_of(const ls_analysis *a, ls_quantity *total)
{
    ls_quantity most = 0;
    *total = 0;
    for (size_t i = 0; i < a->exposure_count; i++) {
        most = a->exposure[i].most > most ? a->exposure[i].most : most;
        *total += a->exposure[i].most;
    }
    return most;
}

/* The copy. */

static ls_moment *copy_moments(ls_arena *arena, const ls_moment *m, size_t count, size_t more)
{
    ls_moment *copy = ls_arena_array(arena, count + more + 1, sizeof *copy);
    if (copy != NULL && count > 0) {
        memcpy(copy, m, count * sizeof *m);
    }
    return copy;
}

static bool copy_roadmap(trial *t, const ls_roadmap *r, const uint32_t *weights)
{
    t->r = *r;
    t->r.measures = ls_arena_array(&t->arena, r->measure_count + 2, sizeof *r->measures);
    t->r.events = ls_arena_array(&t->arena, r->event_count + 1, sizeof *r->events);
    t->weights = ls_arena_array(&t->arena, (r->measure_count + 2) * LS_PARTIES_MAX, sizeof *t->weights);
    if (t->r.measures == NULL || t->r.events == NULL || t->weights == NULL) {
        return false;
    }
    memcpy(t->r.measures, r->measures, r->measure_count * sizeof *r->measures);
    if (r->event_count > 0) {
        memcpy(t->r.events, r->events, r->event_count * sizeof *r->events);
    }
    for (size_t i = 0; i < r->measure_count * LS_PARTIES_MAX; i++) {
        t->weights[i] = 2 * (weights == NULL ? 1 : weights[i]);
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        ls_measure *m = &t->r.measures[i];
        m->after = copy_moments(&t->arena, m->after, m->after_count, 1);
        if (m->after == NULL) {
            return false;
        }
    }
    return true;
}

/* What others wait for when they wait for the whole of a measure. */
static bool add_condition(trial *t, size_t measure, size_t other)
{
    ls_measure *m = &t->r.measures[measure];
    const ls_measure *x = &t->r.measures[other];
    ls_moment_op *op = ls_arena_alloc(&t->arena, sizeof *op);
    if (op == NULL) {
        return false;
    }
    bool verified = x->verifiers != 0 && !x->continuing && x->amount.kind != LS_AMOUNT_RATE;
    *op = (ls_moment_op){.kind = LS_MOMENT_MEASURE,
                         .what = verified ? LS_EVENT_CONFIRMED : LS_EVENT_PERFORMED,
                         .subject = (uint16_t)other,
                         .amount = LS_QUANTITY_NONE};
    m->after[m->after_count++] = (ls_moment){.count = 1, .op = op};
    return true;
}

static bool retarget(trial *t, ls_moment *m, size_t from, size_t to)
{
    ls_moment_op *ops = NULL;
    for (size_t i = 0; i < m->count; i++) {
        if (m->op[i].kind != LS_MOMENT_MEASURE || m->op[i].subject != from) {
            continue;
        }
        if (ops == NULL) {
            ops = ls_arena_array(&t->arena, m->count, sizeof *ops);
            if (ops == NULL) {
                return false;
            }
            memcpy(ops, m->op, m->count * sizeof *ops);
            m->op = ops;
        }
        ops[i].subject = (uint16_t)to;
    }
    return true;
}

static bool retarget_measure(trial *t, ls_measure *m, size_t from, size_t to)
{
    bool done =
        retarget(t, &m->due, from, to) && retarget(t, &m->begin, from, to) && retarget(t, &m->undone_by, from, to);
    for (size_t i = 0; done && i < m->after_count; i++) {
        done = retarget(t, &m->after[i], from, to);
    }
    return done;
}

/* Who waited for all of it waits for its second half, but for one measure. */
static bool retarget_all(trial *t, size_t from, size_t to, size_t but)
{
    bool done = retarget(t, &t->r.entry, from, to) && retarget(t, &t->r.provisional, from, to);
    for (size_t e = 0; done && e < t->r.event_count; e++) {
        done = retarget(t, &t->r.events[e].when, from, to) && retarget(t, &t->r.events[e].unless, from, to);
    }
    for (size_t i = 0; done && i < t->r.measure_count; i++) {
        done = i == but || retarget_measure(t, &t->r.measures[i], from, to);
    }
    return done;
}

static bool add_half(trial *t, size_t of, size_t *half)
{
    size_t at = t->r.measure_count++;
    t->r.measures[at] = t->r.measures[of];
    t->r.measures[at].after = copy_moments(&t->arena, t->r.measures[of].after, t->r.measures[of].after_count, 1);
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        t->weights[of * LS_PARTIES_MAX + p] /= 2;
        t->weights[at * LS_PARTIES_MAX + p] = t->weights[of * LS_PARTIES_MAX + p];
    }
    *half = at;
    return t->r.measures[at].after != NULL;
}

/* The first half of each stays where the whole was: measure, other, measure's second half, other's. */
static bool split_both(trial *t, size_t measure, size_t other)
{
    size_t second, last;
    return add_half(t, measure, &second) && retarget_all(t, measure, second, other) && add_half(t, other, &last) &&
           retarget_all(t, other, last, SIZE_MAX) && retarget_measure(t, &t->r.measures[last], measure, second) &&
           add_condition(t, second, other);
}

/* Trying it. */

static size_t original(const suggesting *s, const trial *t, size_t measure)
{
    size_t count = s->q->roadmap->measure_count;
    return measure < count ? measure : measure == count ? t->measure : t->other;
}

static bool was_silent(const suggesting *s, size_t measure, const ls_rightful_silence *x)
{
    for (size_t i = 0; i < s->a->silence_count; i++) {
        const ls_rightful_silence *y = &s->a->silence[i];
        if (y->measure == measure && y->party == x->party && y->silent == x->silent) {
            return true;
        }
    }
    return false;
}

static bool does_harm(const suggesting *s, const trial *t, const ls_analysis *a)
{
    bool harm = a->cut;
    for (size_t i = 0; i < t->r.measure_count; i++) {
        size_t o = original(s, t, i);
        harm =
            harm || (a->stuck[i] && !s->a->stuck[o]) || (a->due[i] == LS_REACH_NEVER && s->a->due[o] != LS_REACH_NEVER);
    }
    for (size_t i = 0; i < a->silence_count; i++) {
        harm = harm || !was_silent(s, original(s, t, a->silence[i].measure), &a->silence[i]);
    }
    return harm;
}

static bool better(const ls_suggestion *x, const ls_suggestion *y)
{
    return x->largest != y->largest ? x->largest < y->largest : x->total < y->total;
}

/* Of two that are as good, the one that was tried first. */
static void keep(suggesting *s, const ls_suggestion *x)
{
    size_t at = s->count;
    while (at > 0 && better(x, &s->best[at - 1])) {
        at--;
    }
    if (at == LS_SUGGESTIONS_MAX) {
        return;
    }
    s->count += s->count < LS_SUGGESTIONS_MAX;
    memmove(&s->best[at + 1], &s->best[at], (s->count - 1 - at) * sizeof *x);
    s->best[at] = *x;
}

static ls_result judge(suggesting *s, trial *t)
{
    ls_analysis a;
    ls_analysis_query q = *s->q;
    ls_suggestion x = {.split = t->split, .measure = t->measure, .other = t->other};
    q.roadmap = &t->r;
    q.weights = t->weights;
    q.brief = true;
    q.limit = s->q->limit / TRIALS_MAX + 1;
    q.progress = NULL;
    ls_result r = ls_analysis_run(&q, &t->arena, &a);
    if (r.fault == &ls_fault_circle) {
        return LS_SUCCESS;
    }
    LS_TRY(r);
    x.largest = largest_of(&a, &x.total) / 2;
    x.total /= 2;
    if (x.largest < s->largest && !does_harm(s, t, &a)) {
        keep(s, &x);
    }
    return LS_SUCCESS;
}

static ls_result try_one(suggesting *s, bool split, size_t measure, size_t other)
{
    trial t = {.measure = measure, .other = other, .split = split};
    if (s->tried == s->most) {
        return LS_SUCCESS;
    }
    bool made = copy_roadmap(&t, s->q->roadmap, s->q->weights) &&
                (split ? split_both(&t, measure, other) : add_condition(&t, measure, other));
    ls_result r = made ? judge(s, &t) : ls_fail(&ls_fault_memory);
    ls_arena_free(&t.arena);
    s->tried++;
    if (s->q->progress != NULL) {
        s->q->progress(s->q->context, "suggestions", s->tried);
    }
    return r;
}

/* What to try. */

static size_t most_trials(const ls_roadmap *r)
{
    size_t fit = TRIALS_WORK / (r->measure_count + 1);
    return fit < TRIALS_MIN ? TRIALS_MIN : fit > TRIALS_MAX ? TRIALS_MAX : fit;
}

static bool waits_directly(const ls_measure *x, size_t measure)
{
    for (size_t i = 0; i < x->after_count; i++) {
        for (size_t k = 0; k < x->after[i].count; k++) {
            const ls_moment_op *op = &x->after[i].op[k];
            if (op->kind == LS_MOMENT_MEASURE && op->subject == measure &&
                (op->what == LS_EVENT_PERFORMED || op->what == LS_EVENT_CONFIRMED)) {
                return true;
            }
        }
    }
    return false;
}

static bool can_be_split(const ls_roadmap *r, const ls_measure *m)
{
    return m->amount.kind == LS_AMOUNT_NONE && !m->continuing && m->declares.len == 0 && m->opens.len == 0 &&
           !r->steps[m->step].simultaneous;
}

/* A measure that waits for `measure`, however far, can't be waited for by it. */
static bool waits_somehow(const suggesting *s, ls_arena *scratch, size_t other, size_t measure)
{
    uint8_t *causes = ls_arena_alloc(scratch, s->net->bit_count);
    if (causes == NULL) {
        return true;
    }
    causes[s->net->measure[other].concluded] = 1;
    ls_net_add_causes(s->net, true, causes);
    return causes[s->net->measure[measure].performed];
}

static ls_result try_pair(suggesting *s, const ls_exposure *x, size_t measure, size_t other)
{
    const ls_roadmap *r = s->q->roadmap;
    const ls_measure *m = &r->measures[measure], *o = &r->measures[other];
    ls_arena scratch = {0};
    if (measure == other || (o->by & ~LS_PARTY_BIT(x->party)) == 0) {
        return LS_SUCCESS;
    }
    if (waits_directly(o, measure) && can_be_split(r, m) && can_be_split(r, o) &&
        r->measure_count + 2 <= LS_MEASURES_MAX) {
        return try_one(s, true, measure, other);
    }
    bool possible = x->stand[other] != LS_STAND_COMPLETE && m->after_count < LS_AFTER_MAX &&
                    !waits_somehow(s, &scratch, other, measure);
    ls_arena_free(&scratch);
    return possible ? try_one(s, false, measure, other) : LS_SUCCESS;
}

/* Only what touches a largest exposure can lower it: a measure that is open there. */
static ls_result try_all(suggesting *s)
{
    size_t count = s->q->roadmap->measure_count;
    for (size_t e = 0; e < s->a->exposure_count; e++) {
        const ls_exposure *x = &s->a->exposure[e];
        for (size_t m = 0; x->most == s->largest && x->most > 0 && m < count; m++) {
            for (size_t o = 0; x->open[m] > 0 && o < count; o++) {
                LS_TRY(try_pair(s, x, m, o));
            }
        }
    }
    return LS_SUCCESS;
}

ls_result ls_analysis_suggest(const ls_analysis_query *q, const ls_analysis *a,
                              ls_suggestion out[static LS_SUGGESTIONS_MAX], size_t *count, size_t *tried)
{
    ls_quantity total;
    ls_net net = {0};
    suggesting s = {.q = q, .a = a, .net = &net, .largest = largest_of(a, &total)};
    s.most = most_trials(q->roadmap);
    ls_result r = ls_net_build(q->roadmap, q->weights, &net);
    if (ls_succeeded(r)) {
        r = try_all(&s);
    }
    ls_net_free(&net);
    LS_TRY(r);
    memcpy(out, s.best, sizeof s.best);
    *count = s.count;
    *tried = s.tried;
    return LS_SUCCESS;
}
