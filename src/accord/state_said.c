/* What was said about one measure: its facts in ledger order, up to a time. */
#include "accord/state_said.h"
#include <stdlib.h>

size_t ls_reader_find(const ls_reader_state *x, uint32_t index, size_t i)
{
    size_t low = 0, high = i;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ls_reader_fact(x, middle)->index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < i && ls_reader_fact(x, low)->index == index;
    return found ? low : LS_NO_FACT;
}

ls_time ls_silence_decides(const ls_reader_state *x, ls_time t)
{
    if (x->m->silence == LS_SILENCE_NONE) {
        return LS_NEVER;
    }
    ls_time until = ls_time_add(x->s->c, t, x->m->silence_after, 1, true);
    return until == LS_NEVER ? LS_NEVER : until + x->s->c->grace;
}

/* A party that has left performs no longer, where others do; what it did before stays done. */
static ls_time next_to_leave(const ls_reader_state *x)
{
    ls_time next = LS_NEVER;
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        bool others = (x->out->performers & ~LS_PARTY_BIT(p)) != 0;
        bool performs = (x->out->performers & LS_PARTY_BIT(p)) != 0;
        next = performs && others ? ls_earlier(next, x->s->out->left[p]) : next;
    }
    return next;
}

/* What is said of every kind of measure. */

static const char *apply_promise(ls_reader_state *x, size_t i)
{
    if ((x->out->performers & LS_PARTY_BIT(ls_reader_fact(x, i)->by)) == 0) {
        return NULL;
    }
    return "promised";
}

static const char *apply_begin(ls_reader_state *x, size_t i)
{
    ls_said *out = x->out;
    if ((out->performers & LS_PARTY_BIT(ls_reader_fact(x, i)->by)) == 0 || x->begin_said != LS_NEVER) {
        return NULL;
    }
    x->begin_said = ls_reader_time(x, i);
    if (out->begun != LS_NEVER) {
        return NULL;
    }
    out->begun = x->begin_said;
    if (out->phase == LS_PENDING) {
        out->phase = LS_BEGUN;
        out->since = out->begun;
    }
    return "begun";
}

static const char *apply_incident(ls_reader_state *x, size_t i)
{
    (void)i;
    x->out->incidents++;
    x->out->open_incidents++;
    return "an incident was reported";
}

/* A verifier's word about an incident. */
static void answer_incident(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    bool answers = f->kind == LS_FACT_CONFIRM || f->kind == LS_FACT_OBJECT;
    size_t said = f->ref == LS_NO_ENTRY ? LS_NO_FACT : ls_reader_find(x, f->ref, i);
    if (!answers || said == LS_NO_FACT || ls_reader_fact(x, said)->kind != LS_FACT_INCIDENT || x->answered[said] ||
        (x->m->verifiers & LS_PARTY_BIT(f->by)) == 0) {
        return;
    }
    x->answered[said] = true;
    x->out->open_incidents--;
}

static const char *apply_call_off(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    if (f->day != LS_NO_DAY) {
        return "postponed";
    }
    if (x->out->confirmed != LS_NEVER || x->out->phase == LS_PERFORMED) {
        return "counts for nothing: it was performed";
    }
    x->off[f->by] = x->out->called_off = x->fact[i];
    return "called off";
}

/* Each party takes back its own; what another has called off stays so. */
static const char *withdraw_call_off(ls_reader_state *x, size_t said, ls_time at)
{
    size_t *own = &x->off[ls_reader_fact(x, said)->by];
    if (*own != x->fact[said]) {
        return NULL;
    }
    *own = x->out->called_off = LS_NO_FACT;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        bool later = x->off[p] != LS_NO_FACT && (x->out->called_off == LS_NO_FACT || x->off[p] > x->out->called_off);
        x->out->called_off = later ? x->off[p] : x->out->called_off;
    }
    x->out->since = x->out->called_off == LS_NO_FACT ? at : x->out->since;
    return x->out->called_off == LS_NO_FACT ? "no longer called off" : "called off by another still";
}

void ls_reader_bring_back(ls_reader_state *x)
{
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        x->off[p] = LS_NO_FACT;
    }
    x->out->called_off = LS_NO_FACT;
}

/* A call-off or an incident that its author takes back; a promise and a beginning have happened. */
static const char *withdraw_other(ls_reader_state *x, size_t i)
{
    size_t said = ls_reader_find(x, ls_reader_fact(x, i)->ref, i);
    if (said == LS_NO_FACT || ls_reader_fact(x, said)->by != ls_reader_fact(x, i)->by) {
        return NULL;
    }
    if (ls_reader_fact(x, said)->kind == LS_FACT_CALL_OFF) {
        return withdraw_call_off(x, said, ls_reader_time(x, i));
    }
    if (ls_reader_fact(x, said)->kind == LS_FACT_INCIDENT && !x->answered[said]) {
        x->answered[said] = true;
        x->out->open_incidents--;
        x->out->incidents--;
        return "the report was taken back";
    }
    return NULL;
}

static const char *apply_common(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_PROMISE:
        return apply_promise(x, i);
    case LS_FACT_BEGIN:
        return apply_begin(x, i);
    case LS_FACT_INCIDENT:
        return apply_incident(x, i);
    case LS_FACT_JOIN:
        x->out->performers |= x->m->may_join & LS_PARTY_BIT(f->by);
        x->leaves = next_to_leave(x);
        return "joined";
    case LS_FACT_CALL_OFF:
        return apply_call_off(x, i);
    case LS_FACT_ASSESS:
        x->out->assessment = x->fact[i];
        return "assessed";
    case LS_FACT_WITHDRAW:
        return withdraw_other(x, i);
    default:
        return NULL;
    }
}

/* One fact. */
static void apply(ls_reader_state *x, size_t i)
{
    answer_incident(x, i);
    const char *outcome = apply_common(x, i);
    if (outcome == NULL) {
        outcome = x->m->continuing ? ls_kept_apply(x, i) : ls_perform_apply(x, i);
    }
    if (outcome == NULL) {
        return;
    }
    x->out->last = x->fact[i];
    if (x->how->first && x->s->q->trace != NULL) {
        x->s->q->trace->said(x->s->q->trace->context, x->measure, ls_reader_fact(x, i), outcome);
    }
}

/* Overdue: neither done nor called off nor undone when a deadline and the grace have passed, or from some time later.
 */
static void note_overdue(ls_reader_state *x, ls_time from, ls_time until)
{
    const ls_reading *how = x->how;
    ls_said *out = x->out;
    bool silent = out->phase == LS_PENDING || out->phase == LS_BEGUN;
    if (!silent || out->called_off != LS_NO_FACT || out->reversed != LS_NEVER || out->overdue != LS_NEVER) {
        return;
    }
    while (x->past < how->missed_count && how->missed[x->past].until <= from) {
        x->past++;
    }
    for (size_t i = x->past; i < how->missed_count && how->missed[i].from < until; i++) {
        const ls_missed *d = &how->missed[i];
        ls_time since = ls_later(ls_later(d->since, d->from), from);
        if (since < ls_earlier(until, d->until)) {
            out->overdue = ls_earlier(out->overdue, since);
        }
    }
    ls_time since = ls_later(how->late_begin, from);
    if (since < until && out->begun > how->late_begin) {
        out->overdue = ls_earlier(out->overdue, since);
    }
}

/* A level above the ceiling is a breach until one at or below it is stated. */
static void note_level(ls_reader_state *x, ls_time from, ls_time until)
{
    ls_said *out = x->out;
    bool above = x->latest != LS_NO_PART && x->part[x->latest].counted > x->m->amount.number;
    ls_time since = ls_later(x->how->ceiling, from);
    if (!above) {
        out->above = LS_NEVER;
    } else if (since < until && out->above == LS_NEVER) {
        out->above = since;
        out->breached = ls_earlier(out->breached, since);
        out->breaches++;
    }
}

void ls_said_passed(ls_reader_state *x, ls_time until)
{
    note_overdue(x, x->noted, until);
    if (x->how->ceiling != LS_NEVER) {
        note_level(x, x->noted, until);
    }
    x->noted = until;
}

static void silence(ls_reader_state *x, ls_time at)
{
    if (x->m->continuing) {
        ls_kept_silence(x, at);
    } else {
        ls_perform_silence(x, at);
    }
}

static void leave(ls_reader_state *x, ls_time at)
{
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        ls_parties others = x->out->performers & ~LS_PARTY_BIT(p);
        x->out->performers = x->s->out->left[p] <= at && others != 0 ? others : x->out->performers;
    }
    if (!x->m->continuing) {
        ls_perform_update(x, at);
    }
    x->leaves = next_to_leave(x);
}

/* What comes by itself before something is said at `at`: goals become known, parties leave, a moment reverses; and in
 * between silence decides. */
static void pass_time(ls_reader_state *x, ls_time at)
{
    for (;;) {
        ls_time reversed = x->undone ? LS_NEVER : x->how->reversed;
        ls_time next = ls_earlier(ls_earlier(x->goal_at, x->leaves), reversed);
        if (next >= at) {
            break;
        }
        silence(x, next);
        ls_said_passed(x, next);
        if (next == x->leaves) {
            leave(x, next);
        } else if (next == x->goal_at) {
            ls_goal_take(x);
        } else {
            ls_perform_undo(x, next);
        }
    }
    silence(x, at);
}

static bool begin(ls_reader_state *x)
{
    x->about = calloc(x->fact_count + 1, sizeof *x->about);
    x->about_from = calloc(x->fact_count + 1, sizeof *x->about_from);
    x->answered = calloc(x->fact_count + 1, sizeof *x->answered);
    if (x->about == NULL || x->about_from == NULL || x->answered == NULL) {
        return false;
    }
    ls_reader_bring_back(x);
    if (x->m->continuing) {
        ls_kept_begin(x);
        return true;
    }
    return ls_perform_begin(x);
}

ls_reading ls_reading_until(const ls_states *s, size_t measure, ls_time until)
{
    return (ls_reading){.until = ls_earlier(until, ls_measure_ends(s, &s->r->measures[measure])),
                        .reversed = LS_NEVER,
                        .holds = s->out->measure[measure].holds,
                        .ends = LS_NEVER,
                        .ceiling = LS_NEVER,
                        .late_begin = LS_NEVER};
}

ls_reading ls_reading_undone(const ls_states *s, size_t measure, ls_time until)
{
    const ls_moment *m = &s->r->measures[measure].undone_by;
    ls_reading how = ls_reading_until(s, measure, until);
    how.reversed = m->count > 0 ? ls_moment_time(s->c, s->out, m) : LS_NEVER;
    return how;
}

static void read_facts(ls_reader_state *x)
{
    const ls_reading *how = x->how;
    ls_time last = ls_earlier(how->until, x->s->q->known), end = how->until == LS_NEVER ? LS_NEVER : how->until + 1;
    for (size_t i = 0; i < x->fact_count; i++) {
        ls_time at = ls_reader_time(x, i);
        bool counts = how->by_ledger ? at <= last : ls_states_counts(x->s, x->fact[i], how->until);
        if (counts) {
            pass_time(x, at);
            ls_said_passed(x, at);
            apply(x, i);
        }
    }
    pass_time(x, end);
    ls_said_passed(x, end);
}

void ls_said_read(ls_states *s, size_t measure, const ls_reading *how, ls_said *out)
{
    *out = (ls_said){.phase = LS_PENDING,
                     .since = s->out->signed_at,
                     .performed = LS_NEVER,
                     .confirmed = LS_NEVER,
                     .begun = LS_NEVER,
                     .performance = LS_NO_FACT,
                     .answer = LS_NO_FACT,
                     .last = LS_NO_FACT,
                     .called_off = LS_NO_FACT,
                     .reversed = LS_NEVER,
                     .breached = LS_NEVER,
                     .above = LS_NEVER,
                     .overdue = LS_NEVER,
                     .assessment = LS_NO_FACT,
                     .performers = s->r->measures[measure].by};
    ls_reader_state x = {.s = s,
                         .m = &s->r->measures[measure],
                         .measure = measure,
                         .how = how,
                         .out = out,
                         .fact = s->of_measure + s->first[measure],
                         .fact_count = s->first[measure + 1] - s->first[measure]};
    ls_goal_begin(&x);
    x.leaves = next_to_leave(&x);
    if (begin(&x)) {
        read_facts(&x);
        if (x.m->continuing) {
            ls_kept_end(&x);
        } else {
            ls_perform_end(&x);
        }
    } else {
        s->no_memory = true;
        free(x.part);
        free(x.answer);
    }
    free(x.about);
    free(x.about_from);
    free(x.answered);
}
