/*
 * The state of an accord: facts are sorted by what they are about, and then each node of the roadmap is worked out
 * after those that it depends on.
 */
#include "accord/state_parts.h"
#include "accord/who.h"
#include <stdlib.h>

void *ls_states_array(ls_states *s, size_t count, size_t size)
{
    void *array = ls_arena_array(s->arena, count + 1, size);
    s->no_memory |= array == NULL;
    return array;
}

bool ls_states_counts(const ls_states *s, size_t fact, ls_time at)
{
    return s->time[fact] <= s->q->known && s->valid[fact] <= at;
}

size_t ls_facts_from(const ls_facts *facts, uint32_t index)
{
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (facts->fact[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t ls_states_referred(const ls_states *s, size_t fact)
{
    uint32_t ref = s->fact[fact].ref;
    size_t found = ref == LS_NO_ENTRY ? fact : ls_facts_from(s->q->facts, ref);
    return found < fact && s->fact[found].index == ref ? found : LS_NO_FACT;
}

/* Sorting facts. */

void ls_states_group(const ls_states *s, ls_bucket bucket, size_t count, size_t *first, size_t *position)
{
    memset(first, 0, (count + 2) * sizeof *first);
    for (size_t i = 0; i < s->fact_count; i++) {
        for (size_t k = 0, b; (b = bucket(s, i, k)) < count; k++) {
            first[b + 2]++;
        }
    }
    for (size_t b = 2; b < count + 2; b++) {
        first[b] += first[b - 1];
    }
    for (size_t i = 0; i < s->fact_count; i++) {
        for (size_t k = 0, b; (b = bucket(s, i, k)) < count; k++) {
            position[first[b + 1]++] = i;
        }
    }
}

static bool is_about_measure(const ls_fact *f)
{
    return f->kind < LS_FACT_EXTEND || (f->kind == LS_FACT_EXTEND && f->ref == LS_NO_ENTRY);
}

/* A withdrawal is about whatever the act was about that it takes back. */
static size_t measure_of(const ls_states *s, size_t fact, size_t k)
{
    const ls_fact *f = &s->fact[fact];
    if (f->kind == LS_FACT_WITHDRAW) {
        size_t said = ls_states_referred(s, fact);
        bool more = said != LS_NO_FACT && said + k < fact && s->fact[said + k].index == f->ref;
        f = more ? &s->fact[said + k] : f;
    } else if (k > 0) {
        return s->r->measure_count;
    }
    return is_about_measure(f) && f->subject < s->r->measure_count ? f->subject : s->r->measure_count;
}

static size_t event_of(const ls_states *s, size_t fact, size_t k)
{
    const ls_fact *f = &s->fact[fact];
    bool is = k == 0 && f->kind == LS_FACT_ATTEST && f->subject < s->r->event_count;
    return is ? f->subject : s->r->event_count;
}

static size_t right_of(const ls_states *s, size_t fact, size_t k)
{
    const ls_fact *f = &s->fact[fact];
    bool is = k == 0 && f->kind == LS_FACT_USE && f->subject < s->r->right_count;
    return is ? f->subject : s->r->right_count;
}

/* What a withdrawal adds to the positions: at most one for each fact of the act that it takes back. */
static size_t count_positions(const ls_states *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->fact_count; i++) {
        for (size_t k = 0; measure_of(s, i, k) < s->r->measure_count; k++) {
            count++;
        }
    }
    return count;
}

/* Memory, times, and facts by their subject. */

/* Who may say this; nobody, where it is about nothing. The record has refused what is not its author's to say, but
 * under the version of the accord that held then; of performances and their answers each measure's reader sees to it.
 */
static ls_parties whose(const ls_roadmap *r, const ls_fact *f)
{
    bool about_dispute = f->kind == LS_FACT_DISPUTE || f->kind == LS_FACT_REFER || f->kind == LS_FACT_SETTLE;
    if (about_dispute && f->subject >= r->dispute_count) {
        return 0;
    }
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_CALL_OFF:
        return f->subject < r->measure_count ? ls_who_may(r, LS_WHO_CALLS_OFF, f->subject) : 0;
    case LS_FACT_ASSESS:
        return r->assessors;
    case LS_FACT_DISPUTE:
        return ls_who_may(r, LS_WHO_COMPLAINS, f->subject);
    case LS_FACT_REFER:
        return ls_who_may(r, LS_WHO_DISPUTES, f->subject);
    case LS_FACT_SUSPEND: {
        bool measure = f->subject == LS_NO_SUBJECT || f->subject < r->measure_count;
        bool track = f->detail == LS_NO_DETAIL || f->detail < r->track_count;
        return measure && track ? r->signed_by : 0;
    }
    case LS_FACT_RATIFY:
    case LS_FACT_DENOUNCE:
        return r->signed_by;
    default:
        return ~(ls_parties)0;
    }
}

static void sort_facts(ls_states *s)
{
    size_t measures = s->r->measure_count, events = s->r->event_count, rights = s->r->right_count;
    s->first = calloc(measures + 2, sizeof *s->first);
    s->of_measure = calloc(count_positions(s) + 1, sizeof *s->of_measure);
    s->first_event = calloc(events + 2, sizeof *s->first_event);
    s->of_event = calloc(s->fact_count + 1, sizeof *s->of_event);
    s->first_right = calloc(rights + 2, sizeof *s->first_right);
    s->of_right = calloc(s->fact_count + 1, sizeof *s->of_right);
    s->no_memory |= s->first == NULL || s->of_measure == NULL || s->first_event == NULL || s->of_event == NULL ||
                    s->first_right == NULL || s->of_right == NULL;
    if (!s->no_memory) {
        ls_states_group(s, measure_of, measures, s->first, s->of_measure);
        ls_states_group(s, event_of, events, s->first_event, s->of_event);
        ls_states_group(s, right_of, rights, s->first_right, s->of_right);
    }
}

/* As of `known`, while no stamp covers it. */
static void read_times(ls_states *s)
{
    for (size_t i = 0; i < s->fact_count; i++) {
        ls_time t = s->q->facts->time(s->q->facts->context, s->fact[i].index);
        bool may = (whose(s->r, &s->fact[i]) & LS_PARTY_BIT(s->fact[i].by)) != 0;
        s->time[i] = s->valid[i] = !may ? LS_TIME_NONE : t == LS_TIME_OPEN ? s->q->known : t;
        s->withdrawn[i] = LS_NEVER;
    }
    for (size_t i = 0; i < s->fact_count; i++) {
        size_t said = s->fact[i].kind == LS_FACT_WITHDRAW ? ls_states_referred(s, i) : LS_NO_FACT;
        bool own = said != LS_NO_FACT && s->fact[said].by == s->fact[i].by && ls_states_counts(s, i, s->q->at);
        for (; own && said < i && s->fact[said].index == s->fact[i].ref; said++) {
            s->withdrawn[said] = ls_earlier(s->withdrawn[said], s->time[i]);
        }
    }
}

/* What was claimed and confirmed about the past may be so at `at`, although the record knew it only later. */
static void read_dates(ls_states *s)
{
    for (size_t i = 0; i < s->r->measure_count && s->q->at < s->q->known && !s->no_memory; i++) {
        ls_said said;
        ls_reading how = ls_reading_until(s, i, s->q->known);
        how.by_ledger = how.dates = true;
        how.holds = LS_NEVER;
        if (!s->r->measures[i].continuing) {
            ls_said_read(s, i, &how, &said);
        }
    }
}

static bool begin(ls_states *s)
{
    ls_accord_state *out = s->out;
    const ls_roadmap *r = s->r;
    s->time = calloc(s->fact_count + 1, sizeof *s->time);
    s->valid = calloc(s->fact_count + 1, sizeof *s->valid);
    s->withdrawn = calloc(s->fact_count + 1, sizeof *s->withdrawn);
    s->said = calloc(r->measure_count + 1, sizeof *s->said);
    s->no_memory |= s->time == NULL || s->valid == NULL || s->withdrawn == NULL || s->said == NULL;
    out->measure = ls_states_array(s, r->measure_count, sizeof *out->measure);
    out->event = ls_states_array(s, r->event_count, sizeof *out->event);
    out->step = ls_states_array(s, r->step_count, sizeof *out->step);
    out->right = ls_states_array(s, r->right_count, sizeof *out->right);
    if (!s->no_memory) {
        read_times(s);
        sort_facts(s);
    }
    return !s->no_memory;
}

static void end(ls_states *s)
{
    free(s->time);
    free(s->valid);
    free(s->withdrawn);
    free(s->said);
    free(s->first);
    free(s->of_measure);
    free(s->first_event);
    free(s->of_event);
    free(s->first_right);
    free(s->of_right);
}

static void work_out(ls_states *s, ls_node n)
{
    switch (n.kind) {
    case LS_NODE_ENTRY:
        ls_states_entry(s);
        break;
    case LS_NODE_EVENT:
        ls_states_event(s, n.index);
        break;
    case LS_NODE_MEASURE:
        ls_states_measure(s, n.index);
        break;
    case LS_NODE_STEP:
        ls_states_step(s, n.index);
        break;
    case LS_NODE_CLOCK:
        ls_states_clock(s, n.index);
        break;
    default:
        break; /* disputes depend on no other node: they come first */
    }
}

static void evaluate(ls_states *s)
{
    ls_states_parties(s);
    read_dates(s);
    ls_states_suspensions(s);
    ls_states_disputes(s);
    ls_states_promises(s);
    for (size_t i = 0; i < s->r->node_count && !s->no_memory; i++) {
        work_out(s, s->r->order[i]);
    }
    ls_suspensions_end(s);
    ls_suspensions_mark(s);
    ls_states_ended(s);
    for (size_t i = 0; i < s->r->right_count && !s->no_memory; i++) {
        ls_states_right(s, i);
    }
}

ls_result ls_state_eval(const ls_state_query *q, ls_arena *arena, ls_accord_state *out)
{
    ls_accord_state state = {.signed_at = q->signed_at, .provisional = LS_NEVER, .in_force = LS_NEVER};
    ls_states s = {.q = q,
                   .r = q->roadmap,
                   .c = q->charter,
                   .fact = q->facts->fact,
                   .fact_count = q->facts->count,
                   .out = &state,
                   .arena = arena};
    if (begin(&s)) {
        evaluate(&s);
    }
    end(&s);
    if (s.no_memory) {
        return ls_fail(&ls_fault_memory);
    }
    *out = state;
    return LS_SUCCESS;
}

const char *ls_state_name(ls_state s)
{
    static const char *const names[LS_STATES] = {[LS_PENDING] = "pending",       [LS_DUE] = "due",
                                                 [LS_BEGUN] = "begun",           [LS_PERFORMED] = "performed",
                                                 [LS_CONFIRMED] = "confirmed",   [LS_DISPUTED] = "disputed",
                                                 [LS_OVERDUE] = "overdue",       [LS_KEPT] = "kept",
                                                 [LS_BREACHED] = "breached",     [LS_REVERSED] = "reversed",
                                                 [LS_CALLED_OFF] = "called off", [LS_ENDED] = "ended"};
    return names[s];
}

const char *ls_event_name(ls_event_kind k)
{
    static const char *const names[LS_EVENT_KINDS] = {
        [LS_EVENT_PROMISED] = "promised",   [LS_EVENT_BEGUN] = "begun",     [LS_EVENT_PERFORMED] = "performed",
        [LS_EVENT_CONFIRMED] = "confirmed", [LS_EVENT_OVERDUE] = "overdue", [LS_EVENT_BREACHED] = "breached"};
    return names[k];
}
