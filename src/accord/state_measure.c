/* From what was said about a measure, and its clock, to its state. */
#include "accord/state_said.h"

static bool goes_on(const ls_measure *m)
{
    return m->continuing || m->amount.kind == LS_AMOUNT_RATE;
}

/* When the last of its conditions came, or LS_NEVER. */
static ls_time holds_since(const ls_states *s, const ls_measure *m)
{
    ls_time since = s->out->in_force;
    if (m->provisional) {
        since = ls_earlier(since, s->out->provisional);
    }
    for (size_t i = 0; i < m->after_count; i++) {
        since = ls_later(since, ls_moment_time(s->c, s->out, &m->after[i]));
    }
    return since;
}

/* For others nothing counts before the measure's own conditions held. */
static ls_time counted_from(ls_time t, ls_time holds)
{
    return t == LS_NEVER || holds == LS_NEVER ? LS_NEVER : ls_later(t, holds);
}

static void take_totals(const ls_measure *m, const ls_said *said, ls_measure_state *out)
{
    out->total = m->amount.kind == LS_AMOUNT_NONE ? LS_QUANTITY_NONE : said->total;
    out->confirmed = m->amount.kind == LS_AMOUNT_NONE ? LS_QUANTITY_NONE : said->confirmed_total;
}

/* A promise waits for nothing, and what waits for it may be worked out before the measure. */
void ls_states_promises(ls_states *s)
{
    for (size_t i = 0; i < s->r->measure_count; i++) {
        ls_parties performers = s->r->measures[i].by;
        ls_time *promised = &s->out->measure[i].event[LS_EVENT_PROMISED];
        *promised = LS_NEVER;
        for (size_t j = s->first[i]; j < s->first[i + 1]; j++) {
            const ls_fact *f = &s->fact[s->of_measure[j]];
            bool counts = ls_states_counts(s, s->of_measure[j], s->q->at);
            if (counts && f->kind == LS_FACT_JOIN) {
                performers |= s->r->measures[i].may_join & LS_PARTY_BIT(f->by);
            }
            if (counts && f->kind == LS_FACT_PROMISE && (performers & LS_PARTY_BIT(f->by)) != 0) {
                *promised = ls_earlier(*promised, s->time[s->of_measure[j]]);
            }
        }
    }
}

void ls_states_measure(ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    ls_said *said = &s->said[measure];
    out->holds = holds_since(s, m);
    out->required = ls_measure_required(s, measure);
    for (size_t k = LS_EVENT_PROMISED + 1; k < LS_EVENT_KINDS; k++) {
        out->event[k] = LS_NEVER;
    }
    if (m->continuing) {
        return; /* all of it is its clock's */
    }
    ls_reading how = ls_reading_until(s, measure, s->q->at);
    how.first = true;
    ls_said_read(s, measure, &how, said);
    take_totals(m, said, out);
    out->event[LS_EVENT_BEGUN] = counted_from(said->begun, out->holds);
    out->event[LS_EVENT_PERFORMED] = counted_from(said->performed, out->holds);
    out->event[LS_EVENT_CONFIRMED] = counted_from(said->confirmed, out->holds);
}

/* Steps. */

static ls_time reached_end(const ls_measure *m, const ls_measure_state *x)
{
    return x->event[m->verifiers != 0 ? LS_EVENT_CONFIRMED : LS_EVENT_PERFORMED];
}

/* A part of what takes effect only together takes effect no sooner. */
static void hold_progress(ls_tally *p, size_t *count, ls_time together)
{
    *count = together == LS_NEVER ? 0 : *count;
    for (size_t i = 0; i < *count; i++) {
        p[i].time = ls_later(p[i].time, together);
    }
}

void ls_states_step(ls_states *s, size_t step)
{
    ls_step_state all = {0, 0};
    bool any = false, simultaneous = s->r->steps[step].simultaneous;
    for (size_t i = 0; i < s->r->measure_count; i++) {
        const ls_measure *m = &s->r->measures[i];
        const ls_measure_state *x = &s->out->measure[i];
        if (m->step == step && !goes_on(m)) {
            all.performed = ls_later(all.performed, x->event[LS_EVENT_PERFORMED]);
            all.complete = ls_later(all.complete, reached_end(m, x));
            any = true;
        }
    }
    s->out->step[step] = any ? all : (ls_step_state){LS_NEVER, LS_NEVER};
    for (size_t i = 0; i < s->r->measure_count && simultaneous; i++) {
        ls_measure_state *x = &s->out->measure[i];
        if (s->r->measures[i].step == step && !goes_on(&s->r->measures[i])) {
            x->held = reached_end(&s->r->measures[i], x) <= s->q->at && all.complete > s->q->at;
            x->event[LS_EVENT_PERFORMED] = ls_later(x->event[LS_EVENT_PERFORMED], all.performed);
            x->event[LS_EVENT_CONFIRMED] = ls_later(x->event[LS_EVENT_CONFIRMED], all.complete);
            hold_progress(x->performed_progress, &x->performed_count, all.performed);
            hold_progress(x->confirmed_progress, &x->confirmed_count, all.complete);
        }
    }
}

/* The state. */

static uint32_t entry_of(const ls_states *s, size_t fact)
{
    return fact == LS_NO_FACT ? LS_NO_ENTRY : s->fact[fact].index;
}

static void enter(ls_measure_state *out, ls_state state, ls_time since)
{
    out->state = state;
    out->since = since;
}

/* A measure about which nothing stands, or too little, or only that it is missing. */
static void describe_silence(const ls_states *s, const ls_said *said, const ls_clock *clock, ls_measure_state *out)
{
    bool holds = out->holds <= s->q->at;
    if (said->called_off != LS_NO_FACT) {
        enter(out, LS_CALLED_OFF, s->time[said->called_off]);
        out->said_by = entry_of(s, said->called_off);
    } else if (said->reversed != LS_NEVER) {
        enter(out, LS_REVERSED, said->reversed);
    } else if (clock->overdue_since != LS_NEVER && !clock->stopped) {
        enter(out, LS_OVERDUE, clock->overdue_since);
    } else if (said->phase == LS_BEGUN) {
        enter(out, LS_BEGUN, said->since);
    } else {
        enter(out, holds ? LS_DUE : LS_PENDING,
              holds                          ? out->holds
              : s->out->in_force <= s->q->at ? s->out->in_force
                                             : s->out->signed_at);
    }
}

static void describe_said(const ls_states *s, const ls_measure *m, const ls_said *said, ls_measure_state *out)
{
    out->performed_by = entry_of(s, said->performance);
    out->answered_by = entry_of(s, said->answer);
    out->said_by = entry_of(s, said->last);
    out->assessed_by = LS_NO_ENTRY;
    out->performers = said->performers;
    out->confirmations = said->confirmations;
    out->objections = said->objections;
    out->by_silence = said->by_silence;
    out->incidents = said->incidents;
    out->open_incidents = said->open_incidents;
    out->breaches = said->breaches;
    if (said->performance != LS_NO_FACT) {
        out->performed_at = said->performed_at;
        out->early = out->holds == LS_NEVER || said->performed_at < out->holds;
        out->late = out->has_deadline && said->performed_at > out->deadline;
    }
    out->silent_until = LS_NEVER;
    if (m->silence != LS_SILENCE_NONE && said->phase == LS_PERFORMED && out->holds <= s->q->at) {
        ls_time from = ls_later(s->time[said->performance], out->holds);
        out->silent_until = ls_time_add(s->c, from, m->silence_after, 1, true);
    }
}

/* A level above the ceiling after the deadline; until the moment with which it ends. */
static void describe_ceiling(ls_states *s, size_t measure, const ls_said *said, const ls_clock *clock,
                             ls_measure_state *out)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_time ends = m->until.count > 0 ? ls_moment_time(s->c, s->out, &m->until) : LS_NEVER;
    ls_time from = ls_later(out->holds, out->has_deadline ? out->deadline : out->holds);
    bool over = from < s->q->at && (out->has_deadline || m->due.count == 0);
    out->total = said->total;
    if (clock->has_due || m->due.count == 0) {
        ls_said watched;
        ls_reading how = ls_reading_undone(s, measure, ls_earlier(s->q->at, ends));
        how.ceiling = ls_later(out->holds, clock->has_due ? clock->first_due : out->holds);
        ls_said_read(s, measure, &how, &watched);
        ls_time since = clock->has_due ? ls_later(watched.above, clock->due) : watched.above;
        out->event[LS_EVENT_BREACHED] = watched.breached;
        out->breaches = watched.breaches;
        if (since <= how.until && said->phase != LS_DISPUTED) {
            enter(out, LS_BREACHED, since);
        }
    }
    if (over && out->state != LS_BREACHED && (said->phase == LS_PERFORMED || said->phase == LS_CONFIRMED)) {
        enter(out, LS_KEPT, ls_later(from, said->performed));
    }
    /* A level that is stated later is late only if none was in order by the deadline. */
    out->late = out->late && said->performed > out->deadline;
    if (ends <= s->q->at) {
        enter(out, LS_ENDED, ends);
    }
}

static void describe_plain(ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    ls_said *said = &s->said[measure];
    ls_reading undone = ls_reading_undone(s, measure, s->q->at);
    if (undone.reversed <= s->q->at) {
        ls_said_read(s, measure, &undone, said);
        take_totals(m, said, out);
    }
    ls_clock clock;
    ls_clock_read(s, measure, &clock);
    out->has_deadline = clock.has_due;
    out->deadline = clock.due;
    out->has_begin = clock.has_begin;
    out->begin_by = clock.begin;
    out->stopped = clock.stopped;
    out->event[LS_EVENT_OVERDUE] = clock.overdue;
    out->begun_late = clock.has_begin && said->begun != LS_NEVER && said->begun > clock.begin;
    describe_said(s, m, said, out);
    /* That something is missing means nothing before it is due. */
    bool premature = said->performance == LS_NO_FACT && out->holds > s->q->at;
    bool stands = said->phase != LS_PENDING && said->phase != LS_BEGUN && !premature;
    if (stands && said->called_off == LS_NO_FACT) {
        bool missing = said->performance == LS_NO_FACT;
        enter(out, said->phase, missing ? ls_later(said->since, out->holds) : said->since);
    } else {
        describe_silence(s, said, &clock, out);
    }
    if (m->amount.kind == LS_AMOUNT_CEILING) {
        describe_ceiling(s, measure, said, &clock, out);
    }
}

static void describe_rate(ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    const ls_said *said = &s->said[measure];
    ls_time ends = ls_moment_time(s->c, s->out, &m->until);
    ls_clock clock;
    ls_clock_rate(s, measure, ends, &clock, &out->required);
    out->has_deadline = clock.has_due;
    out->deadline = clock.due;
    out->event[LS_EVENT_OVERDUE] = clock.overdue;
    describe_said(s, m, said, out);
    out->late = false;
    if (said->phase == LS_DISPUTED) {
        enter(out, LS_DISPUTED, said->since);
    } else if (out->holds > s->q->at) {
        describe_silence(s, said, &clock, out);
    } else if (clock.overdue_since != LS_NEVER) {
        enter(out, LS_OVERDUE, clock.overdue_since);
    } else if (ends <= s->q->at) {
        enter(out, LS_ENDED, ends);
    } else {
        enter(out, LS_KEPT, out->holds);
    }
}

static void describe_continuing(ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    ls_said *said = &s->said[measure];
    ls_time ends = m->until.count > 0 ? ls_moment_time(s->c, s->out, &m->until) : LS_NEVER;
    ls_reading how = ls_reading_until(s, measure, s->q->at);
    how.first = true;
    how.ends = ends;
    ls_said_read(s, measure, &how, said);
    describe_said(s, m, said, out);
    out->early = out->late = false;
    out->event[LS_EVENT_BREACHED] = said->breached;
    ls_clock none = {.overdue_since = LS_NEVER};
    if (out->holds > s->q->at) {
        said->phase = LS_PENDING;
        describe_silence(s, said, &none, out);
    } else if (ends <= s->q->at) {
        enter(out, LS_ENDED, ends);
    } else {
        enter(out, said->phase, said->since);
    }
}

bool ls_measure_complete(const ls_measure *m, const ls_measure_state *s)
{
    return s->state == LS_CONFIRMED || (s->state == LS_PERFORMED && m->verifiers == 0 && !goes_on(m));
}

/* 0 to 3, as docs/roadmap.md derives it from amounts and confirmed parts alone, or as somebody assessed it. */
static void assess(const ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    size_t assessment = s->said[measure].assessment;
    bool adds = ls_adds_up(m), kept = !adds && out->state == LS_KEPT;
    bool ended = m->continuing && out->state == LS_ENDED && s->said[measure].phase == LS_KEPT;
    ls_quantity done = m->verifiers != 0 ? out->confirmed : out->total;
    bool parts = adds && out->required != LS_QUANTITY_NONE && done > 0;
    bool due = out->required > 0; /* of a rate nothing is before a period has ended */
    if (ls_measure_complete(m, out) || kept || ended || (parts && due && done >= out->required)) {
        out->score = 3;
    } else if (parts) {
        out->score = due && 2 * done >= out->required ? 2 : 1;
    } else if (assessment != LS_NO_FACT) {
        out->score = (unsigned)s->fact[assessment].amount;
        out->assessed_by = s->fact[assessment].index;
    }
}

ls_time ls_measure_ends(const ls_states *s, const ls_measure *m)
{
    ls_time left = 0;
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        left = ((m->by | m->may_join) & LS_PARTY_BIT(p)) != 0 ? ls_later(left, s->out->left[p]) : left;
    }
    return ls_earlier(s->out->ended, left);
}

/* Over: the accord, or the last of its performers has left it. What was done stays done. */
static void end_measure(const ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    ls_time left = 0, ended;
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        left = (out->performers & LS_PARTY_BIT(p)) != 0 ? ls_later(left, s->out->left[p]) : left;
    }
    ended = ls_earlier(s->out->ended, left);
    if (ended <= s->q->at && !ls_measure_complete(m, out) && out->state != LS_ENDED) {
        enter(out, LS_ENDED, ended);
    }
}

void ls_states_clock(ls_states *s, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_suspensions_end(s);
    if (m->continuing) {
        describe_continuing(s, measure);
    } else if (m->amount.kind == LS_AMOUNT_RATE) {
        describe_rate(s, measure);
    } else {
        describe_plain(s, measure);
    }
    end_measure(s, measure);
    assess(s, measure);
    ls_measure_state *out = &s->out->measure[measure];
    out->held &= out->state == LS_PERFORMED || out->state == LS_CONFIRMED;
}
