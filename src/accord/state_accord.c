/* What concerns the accord as a whole: ratification, entry into force, withdrawal, suspensions; events and rights. */
#include "accord/state_parts.h"

/* The parties. */

static void take_denunciation(ls_states *s, size_t fact)
{
    const ls_withdrawal_rule *rule = &s->r->withdrawal;
    ls_time *left = &s->out->left[s->fact[fact].by];
    if (rule->notice.count == 0) {
        return;
    }
    ls_time ends = ls_time_add(s->c, s->time[fact], rule->notice, 1, true);
    *left = s->withdrawn[fact] <= ends ? *left : ls_earlier(*left, ends);
}

void ls_states_parties(ls_states *s)
{
    ls_accord_state *out = s->out;
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        out->ratified[p] = out->left[p] = LS_NEVER;
    }
    out->ended = LS_NEVER;
    for (size_t i = 0; i < s->fact_count; i++) {
        unsigned kind = s->fact[i].kind;
        if ((kind != LS_FACT_RATIFY && kind != LS_FACT_DENOUNCE) || !ls_states_counts(s, i, s->q->at)) {
            continue;
        }
        if (kind == LS_FACT_DENOUNCE) {
            take_denunciation(s, i);
        } else {
            out->ratified[s->fact[i].by] = ls_earlier(out->ratified[s->fact[i].by], s->time[i]);
        }
    }
    for (size_t p = 0; p < LS_PARTIES_MAX && !s->r->withdrawal.continues; p++) {
        out->ended = ls_earlier(out->ended, out->left[p]);
    }
}

void ls_states_entry(ls_states *s)
{
    ls_accord_state *out = s->out;
    out->in_force = out->signed_at;
    if (s->r->entry.count > 0) {
        out->in_force = ls_later(out->signed_at, ls_moment_time(s->c, out, &s->r->entry));
    }
    if (s->r->provisional.count > 0) {
        out->provisional = ls_later(out->signed_at, ls_moment_time(s->c, out, &s->r->provisional));
    }
}

/* Events. */

static void read_attestations(ls_states *s, size_t event, ls_event_state *e)
{
    ls_parties all = s->r->events[event].attested_by;
    for (size_t i = s->first_event[event]; i < s->first_event[event + 1]; i++) {
        size_t fact = s->of_event[i];
        const ls_fact *f = &s->fact[fact];
        if (!ls_states_counts(s, fact, s->q->at) || (all & LS_PARTY_BIT(f->by)) == 0) {
            continue;
        }
        e->attested |= LS_PARTY_BIT(f->by);
        e->said_by = f->index;
        e->amount = f->amount != LS_QUANTITY_NONE ? f->amount : e->amount;
        if (e->attested == all) {
            e->time = ls_earlier(e->time, s->time[fact]);
        }
    }
}

/* It happens when nothing has prevented it by the deadline, and the grace has passed in which that may still show. */
static void decide_silence(ls_states *s, const ls_event *x, ls_event_state *e)
{
    e->silent_until = ls_moment_deadline(s->c, s->out, &x->when).time;
    ls_time against = ls_moment_time(s->c, s->out, &x->unless);
    e->prevented = e->silent_until != LS_NEVER && against <= e->silent_until;
    if (!e->prevented && e->silent_until != LS_NEVER) {
        e->time = ls_unless_happens(s, &x->unless, e->silent_until);
    }
}

void ls_states_event(ls_states *s, size_t event)
{
    const ls_event *x = &s->r->events[event];
    ls_event_state *e = &s->out->event[event];
    *e = (ls_event_state){
        .time = LS_NEVER, .said_by = LS_NO_ENTRY, .amount = LS_QUANTITY_NONE, .silent_until = LS_NEVER};
    if (x->attested_by != 0) {
        read_attestations(s, event, e);
    } else if (x->unless.count > 0) {
        decide_silence(s, x, e);
    } else if (x->when.count > 0) {
        e->time = ls_moment_time(s->c, s->out, &x->when);
    }
}

/* Rights. */

/* The number of whole periods from `from` that have ended at t. */
static uint32_t periods_ended(const ls_states *s, const ls_right *r, ls_time from, ls_time t)
{
    uint32_t low = 0, high = 1;
    while (ls_time_add(s->c, from, r->per, high, true) < t && high < 1u << 20) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (ls_time_add(s->c, from, r->per, middle, true) < t) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Mostly there are none, but there may be a million: so there is memory for all the rest from the first one on. */
static void note_without_effect(ls_states *s, size_t right, size_t use)
{
    ls_right_state *out = &s->out->right[right];
    if (out->beyond_by == NULL) {
        out->beyond_by = ls_states_array(s, s->first_right[right + 1] - use, sizeof *out->beyond_by);
    }
    if (out->beyond_by != NULL) {
        out->beyond_by[out->beyond_count++] = s->fact[s->of_right[use]].index;
    }
}

typedef struct counted {
    uint32_t before;          /* with effect, in periods that have ended */
    uint32_t period, in_last; /* of the last use, from 0; with effect in it */
} counted;

/* Uses up to now, of a right whose first period begins at `first`, and of which `ended` have ended. */
static void read_uses(ls_states *s, size_t right, ls_time first, uint32_t ended, counted *out)
{
    const ls_right *r = &s->r->rights[right];
    for (size_t i = s->first_right[right]; i < s->first_right[right + 1]; i++) {
        size_t fact = s->of_right[i];
        if (!ls_states_counts(s, fact, s->q->at) || s->fact[fact].by != r->of) {
            continue;
        }
        if (s->time[fact] < first) {
            note_without_effect(s, right, i);
            continue;
        }
        uint32_t in = periods_ended(s, r, first, s->time[fact]);
        out->in_last = in == out->period ? out->in_last : 0;
        out->period = in;
        if (out->in_last == r->quota) {
            s->out->right[right].beyond++;
            note_without_effect(s, right, i);
            continue;
        }
        out->before += in < ended ? 1 : 0;
        out->in_last++;
    }
}

void ls_states_right(ls_states *s, size_t right)
{
    const ls_right *r = &s->r->rights[right];
    ls_right_state *out = &s->out->right[right];
    counted uses = {0};
    ls_time first = ls_moment_time(s->c, s->out, &r->from);
    bool begun = first <= s->q->at;
    uint32_t ended = begun ? periods_ended(s, r, first, s->q->at) : 0;
    *out = (ls_right_state){.from = LS_NEVER, .until = LS_NEVER};
    read_uses(s, right, begun ? first : LS_NEVER, ended, &uses);
    if (!begun) {
        return;
    }
    out->used = uses.period == ended ? uses.in_last : 0;
    out->left = r->quota - out->used;
    uint64_t forfeited = (uint64_t)ended * r->quota - uses.before;
    out->forfeited = forfeited < UINT32_MAX ? (uint32_t)forfeited : UINT32_MAX;
    out->from = ended == 0 ? first : ls_time_add(s->c, first, r->per, ended, true);
    out->until = ls_time_add(s->c, first, r->per, ended + 1, true);
}

/* Suspensions. */

/* The suspension that an act began, or NULL: they stand in the order of their acts. */
static ls_suspension *find_suspension(const ls_states *s, uint32_t index)
{
    size_t low = 0, high = s->out->suspension_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->out->suspension[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < s->out->suspension_count && s->out->suspension[low].index == index;
    return found ? &s->out->suspension[low] : NULL;
}

static void begin_suspension(ls_states *s, size_t fact)
{
    const ls_fact *f = &s->fact[fact];
    const ls_suspension_rule *rule = &s->r->suspension;
    ls_suspension *x = &s->out->suspension[s->out->suspension_count++];
    *x = (ls_suspension){.index = f->index,
                         .by = f->by,
                         .measure = f->subject == LS_NO_SUBJECT ? -1 : (int)f->subject,
                         .track = f->detail == LS_NO_DETAIL ? -1 : (int)f->detail,
                         .since = s->time[fact],
                         .until = LS_NEVER};
    if (rule->at_most.count > 0) {
        x->until = ls_time_add(s->c, x->since, rule->at_most, 1, true);
    }
}

void ls_states_suspensions(ls_states *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->fact_count; i++) {
        count += s->fact[i].kind == LS_FACT_SUSPEND ? 1 : 0;
    }
    s->out->suspension = ls_states_array(s, count, sizeof *s->out->suspension);
    s->stop = ls_states_array(s, count, sizeof *s->stop);
    s->stops_of = SIZE_MAX;
    for (size_t i = 0; i < s->fact_count && !s->no_memory; i++) {
        const ls_fact *f = &s->fact[i];
        if (!ls_states_counts(s, i, s->q->at)) {
            continue;
        }
        if (f->kind == LS_FACT_SUSPEND) {
            begin_suspension(s, i);
        } else if ((f->kind == LS_FACT_RESUME || f->kind == LS_FACT_WITHDRAW) && f->ref != LS_NO_ENTRY) {
            ls_suspension *x = find_suspension(s, f->ref);
            if (x != NULL && x->by == f->by) {
                x->until = ls_earlier(x->until, s->time[i]);
            }
        }
    }
}

/* Once the moment that ends suspensions can be worked out. */
void ls_suspensions_end(ls_states *s)
{
    if (s->until_known || s->r->suspension.until.count == 0) {
        return;
    }
    s->until_known = true;
    ls_time until = ls_moment_time(s->c, s->out, &s->r->suspension.until);
    for (size_t i = 0; i < s->out->suspension_count; i++) {
        ls_suspension *x = &s->out->suspension[i];
        x->until = until > x->since ? ls_earlier(x->until, until) : x->until;
    }
}

static bool covers(const ls_roadmap *r, const ls_suspension *x, size_t measure)
{
    bool all = x->measure < 0 && x->track < 0;
    return all || x->measure == (int)measure || (x->track >= 0 && (size_t)x->track == r->measures[measure].track);
}

/* What is suspended, by whatever lasts: each suspension and each measure is looked at once. */
void ls_suspensions_mark(ls_states *s)
{
    bool all = false, track[LS_TRACKS_MAX] = {false};
    for (size_t i = 0; i < s->out->suspension_count; i++) {
        const ls_suspension *x = &s->out->suspension[i];
        if (x->until <= s->q->at) {
            continue;
        }
        all |= x->measure < 0 && x->track < 0;
        if (x->track >= 0) {
            track[x->track] = true;
        }
        if (x->measure >= 0) {
            s->out->measure[x->measure].suspended = true;
        }
    }
    for (size_t i = 0; i < s->r->measure_count; i++) {
        s->out->measure[i].suspended |= all || track[s->r->measures[i].track];
    }
}

static bool stops(const ls_states *s, const ls_suspension *x, size_t measure)
{
    const ls_suspension_rule *rule = &s->r->suspension;
    bool own = (s->r->measures[measure].by & LS_PARTY_BIT(x->by)) != 0;
    return (own ? rule->stops_own : rule->counterpart_may_withhold) && covers(s->r, x, measure);
}

/* The times in which the measure's clock stands, one after the other: each instant is counted once. */
static void list_stops(ls_states *s, size_t measure)
{
    if (s->stops_of == measure) {
        return;
    }
    s->stops_of = measure;
    s->stop_count = 0;
    ls_time covered = 0;
    for (size_t i = 0; i < s->out->suspension_count; i++) {
        const ls_suspension *x = &s->out->suspension[i];
        ls_time from = ls_later(x->since, covered);
        if (x->until <= from || !stops(s, x, measure)) {
            continue;
        }
        if (from > covered || s->stop_count == 0) {
            s->stop[s->stop_count++].since = from;
        }
        s->stop[s->stop_count - 1].until = covered = x->until;
    }
}

/* The first of them that ends later than this. */
static size_t first_stop(const ls_states *s, ls_time after)
{
    size_t low = 0, high = s->stop_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->stop[middle].until <= after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

ls_moved ls_suspensions_move(ls_states *s, size_t measure, ls_deadline d, ls_time at)
{
    ls_time start = d.start == LS_NEVER ? s->out->signed_at : d.start, end = d.time;
    bool moved = false, stopped = false;
    list_stops(s, measure);
    for (size_t i = first_stop(s, start); i < s->stop_count; i++) {
        ls_time from = ls_later(s->stop[i].since, start), until = s->stop[i].until;
        if (from > end || from > at) {
            break;
        }
        stopped |= at < until;
        if (until == LS_NEVER) {
            return (ls_moved){LS_NEVER, true};
        }
        end += until - from;
        moved = true;
    }
    return (ls_moved){moved && !d.exact ? ls_time_closing(s->c, end) : end, stopped};
}
