/*
 * The state of measures, in two passes: first what was said about each measure, in ledger order; then, each measure
 * after those it waits for, what that means for conditions, deadlines and the state.
 */
#include "accord/state.h"
#include <stdlib.h>

#define NONE SIZE_MAX
#define DAY 86400
#define NEVER LS_TIME_OPEN /* of an event that has not happened */

/* What one verifier says about the performance in force: positions of facts. An objection hides a confirmation. */
typedef struct answer {
    size_t confirm, objection;
} answer;

/* What was said about one measure. */
typedef struct progress {
    size_t performance, answered; /* positions of facts */
    size_t first_answer;          /* in scratch.answers; one for each verifier */
    ls_state phase;               /* LS_PENDING: nothing; LS_PERFORMED, LS_CONFIRMED, LS_DISPUTED */
    ls_time since;                /* of the phase */
    bool settled;                 /* every verifier confirmed once: both times stay what they were */
    ls_time settled_performed, settled_confirmed;
} progress;

typedef struct scratch {
    const ls_roadmap *roadmap;
    const ls_charter *charter;
    const ls_facts *list;
    const ls_fact *facts; /* those of the list */
    size_t fact_count;
    ls_time in_force, now;
    progress *measures;
    answer *answers;
    ls_time *time;                  /* of each fact */
    bool *ended;                    /* of each fact: a suspension that was resumed or withdrawn */
    ls_time *performed, *confirmed; /* of each measure: when that event happened, or NEVER */
} scratch;

/* As of now, while no stamp covers it. */
static ls_time time_of(const scratch *s, size_t fact)
{
    return s->time[fact] == LS_TIME_OPEN ? s->now : s->time[fact];
}

static bool counts(const scratch *s, size_t fact)
{
    return time_of(s, fact) <= s->now;
}

/* Facts by their act. */

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

/* The position of the fact that the fact's ref names, if it counts and comes before; else NONE. One act may state
 * several facts, of one kind: the first stands for them. */
static size_t find_referred(const scratch *s, size_t fact)
{
    uint32_t ref = s->facts[fact].ref;
    size_t found = ref == LS_NO_ENTRY ? fact : ls_facts_from(s->list, ref);
    return found < fact && s->facts[found].index == ref && counts(s, found) ? found : NONE;
}

/* First pass: what was said. */

static answer *answer_of(const scratch *s, size_t measure, size_t party)
{
    const ls_measure *m = &s->roadmap->measures[measure];
    for (size_t i = 0; i < m->verifier_count; i++) {
        if (m->verifiers[i] == party) {
            return &s->answers[s->measures[measure].first_answer + i];
        }
    }
    return NULL;
}

static void clear_answers(scratch *s, size_t measure)
{
    progress *p = &s->measures[measure];
    for (size_t i = 0; i < s->roadmap->measures[measure].verifier_count; i++) {
        s->answers[p->first_answer + i] = (answer){NONE, NONE};
    }
    p->answered = NONE;
}

static ls_state phase_of(const scratch *s, size_t measure)
{
    const progress *p = &s->measures[measure];
    size_t count = s->roadmap->measures[measure].verifier_count, confirmed = 0;
    for (size_t i = 0; i < count; i++) {
        const answer *a = &s->answers[p->first_answer + i];
        if (a->objection != NONE) {
            return LS_DISPUTED;
        }
        confirmed += a->confirm != NONE ? 1 : 0;
    }
    if (p->performance == NONE) {
        return LS_PENDING;
    }
    return count > 0 && confirmed == count ? LS_CONFIRMED : LS_PERFORMED;
}

/* The claimed date lies within the accord's limit before the act that claims it. */
static bool date_in_time(const scratch *s, const ls_fact *f, ls_time at)
{
    int64_t days = ls_date_to_days(ls_zone_date(&s->charter->zone, at)) - f->day;
    return days >= 0 && days <= (int64_t)s->roadmap->date_limit;
}

/* When the performance in force happened: its ledger time, or what a verifier confirmed. */
static ls_time performed_at(const scratch *s, size_t measure)
{
    const progress *p = &s->measures[measure];
    const ls_fact *f = &s->facts[p->performance];
    ls_time at = time_of(s, p->performance);
    if (f->day == LS_NO_DAY || !date_in_time(s, f, at)) {
        return at;
    }
    for (size_t i = 0; i < s->roadmap->measures[measure].verifier_count; i++) {
        size_t confirm = s->answers[p->first_answer + i].confirm;
        if (confirm != NONE && s->facts[confirm].day == f->day) {
            ls_time claimed = ls_zone_instant(&s->charter->zone, ls_date_from_days(f->day), s->charter->closing);
            return claimed < at ? claimed : at;
        }
    }
    return at;
}

/* After something was said: the new phase, and since when. */
static void update(scratch *s, size_t measure, size_t fact)
{
    progress *p = &s->measures[measure];
    ls_state phase = phase_of(s, measure);
    if (phase != p->phase || s->facts[fact].kind == LS_FACT_PERFORM) {
        p->since = s->time[fact];
    }
    p->phase = phase;
    if (phase == LS_CONFIRMED && !p->settled) {
        p->settled = true;
        p->settled_performed = time_of(s, p->performance);
        p->settled_confirmed = time_of(s, fact);
    }
}

/* ref names the performance in force, or nothing. */
static bool is_about(const scratch *s, const progress *p, const ls_fact *f)
{
    return f->ref == LS_NO_ENTRY || (p->performance != NONE && f->ref == s->facts[p->performance].index);
}

static bool apply_perform(scratch *s, size_t fact)
{
    const ls_fact *f = &s->facts[fact];
    progress *p = &s->measures[f->measure];
    bool answers_objection = p->phase == LS_DISPUTED;
    if (f->by != s->roadmap->measures[f->measure].by || (p->settled && !answers_objection)) {
        return false;
    }
    clear_answers(s, (size_t)f->measure);
    p->performance = fact;
    return true;
}

static bool apply_answer(scratch *s, size_t fact)
{
    const ls_fact *f = &s->facts[fact];
    progress *p = &s->measures[f->measure];
    answer *a = answer_of(s, (size_t)f->measure, f->by);
    bool possible = p->performance != NONE || f->kind == LS_FACT_MISSING;
    if (a == NULL || !possible || !is_about(s, p, f)) {
        return false;
    }
    if (f->kind == LS_FACT_CONFIRM) {
        *a = (answer){fact, NONE};
    } else {
        a->objection = fact;
    }
    p->answered = fact;
    return true;
}

/* The last of the answers that still stand. */
static size_t last_answer(const scratch *s, size_t measure)
{
    const progress *p = &s->measures[measure];
    size_t last = NONE;
    for (size_t i = 0; i < s->roadmap->measures[measure].verifier_count; i++) {
        const answer *a = &s->answers[p->first_answer + i];
        size_t standing = a->objection != NONE ? a->objection : a->confirm;
        if (standing != NONE && (last == NONE || standing > last)) {
            last = standing;
        }
    }
    return last;
}

static bool withdraw_answer(scratch *s, size_t measure, size_t said)
{
    progress *p = &s->measures[measure];
    answer *a = answer_of(s, measure, s->facts[said].by);
    if (a != NULL && a->objection == said) {
        a->objection = NONE;
    } else if (a != NULL && a->confirm == said && !p->settled) {
        a->confirm = NONE;
    } else {
        return false;
    }
    p->answered = last_answer(s, measure);
    return true;
}

static bool withdraw_performance(scratch *s, size_t measure, size_t said)
{
    progress *p = &s->measures[measure];
    if (p->performance != said || p->settled) {
        return false;
    }
    clear_answers(s, measure);
    p->performance = NONE;
    return true;
}

static void apply_withdraw(scratch *s, size_t fact)
{
    const ls_fact *f = &s->facts[fact];
    size_t said = find_referred(s, fact);
    if (said == NONE || s->facts[said].by != f->by) {
        return;
    }
    if (s->facts[said].kind == LS_FACT_SUSPEND) {
        s->ended[said] = true;
    }
    /* The facts of one act follow each other. */
    for (; said < fact && s->facts[said].index == f->ref; said++) {
        int measure = s->facts[said].measure;
        if (measure < 0) {
            continue;
        }
        bool changed = s->facts[said].kind == LS_FACT_PERFORM ? withdraw_performance(s, (size_t)measure, said)
                                                              : withdraw_answer(s, (size_t)measure, said);
        if (changed) {
            update(s, (size_t)measure, fact);
        }
    }
}

static void apply_resume(scratch *s, size_t fact)
{
    size_t suspension = find_referred(s, fact);
    if (suspension != NONE && s->facts[suspension].kind == LS_FACT_SUSPEND &&
        s->facts[suspension].by == s->facts[fact].by) {
        s->ended[suspension] = true;
    }
}

static void apply_to_measure(scratch *s, size_t fact)
{
    const ls_fact *f = &s->facts[fact];
    if (f->measure < 0 || (size_t)f->measure >= s->roadmap->measure_count) {
        return;
    }
    bool changed = f->kind == LS_FACT_PERFORM ? apply_perform(s, fact) : apply_answer(s, fact);
    if (changed) {
        update(s, (size_t)f->measure, fact);
    }
}

static void apply(scratch *s, size_t fact)
{
    switch ((ls_fact_kind)s->facts[fact].kind) {
    case LS_FACT_PERFORM:
    case LS_FACT_CONFIRM:
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        apply_to_measure(s, fact);
        break;
    case LS_FACT_WITHDRAW:
        apply_withdraw(s, fact);
        break;
    case LS_FACT_RESUME:
        apply_resume(s, fact);
        break;
    case LS_FACT_SUSPEND:
        break;
    }
}

/* Second pass: what it means. */

static ls_time later(ls_time a, ls_time b)
{
    return a > b ? a : b;
}

static ls_time time_of_trigger(const scratch *s, const ls_trigger *t)
{
    switch (t->kind) {
    case LS_EVENT_PERFORMED:
        return s->performed[t->measure];
    case LS_EVENT_CONFIRMED:
        return s->confirmed[t->measure];
    default:
        return s->in_force <= s->now ? s->in_force : NEVER;
    }
}

/* When the last condition was fulfilled, or NEVER. */
static ls_time holds_since(const scratch *s, const ls_measure *m)
{
    ls_time since = time_of_trigger(s, &(ls_trigger){.kind = LS_EVENT_IN_FORCE});
    for (size_t i = 0; i < m->after_count; i++) {
        since = later(since, time_of_trigger(s, &m->after[i]));
    }
    return since;
}

/* Days and longer run from local date to local date and end at the closing hour; hours are exact. */
static ls_time add_duration(const ls_charter *c, ls_time t, ls_duration d)
{
    if (d.unit == LS_UNIT_HOURS) {
        return t + ls_duration_seconds(d);
    }
    ls_date date = ls_zone_date(&c->zone, t);
    if (d.unit == LS_UNIT_MONTHS || d.unit == LS_UNIT_YEARS) {
        date = ls_date_add_months(date, (int)d.count * (d.unit == LS_UNIT_YEARS ? 12 : 1));
    } else {
        date = ls_date_from_days(ls_date_to_days(date) + ls_duration_seconds(d) / DAY);
    }
    return ls_zone_instant(&c->zone, date, c->closing);
}

static bool find_deadline(const scratch *s, const ls_due *due, ls_time *out)
{
    if (due->kind == LS_DUE_DATE) {
        *out = ls_zone_instant(&s->charter->zone, due->date, s->charter->closing);
        return true;
    }
    ls_time trigger = due->kind == LS_DUE_AFTER ? time_of_trigger(s, &due->trigger) : NEVER;
    if (trigger == NEVER) {
        return false;
    }
    *out = add_duration(s->charter, trigger, due->duration);
    return true;
}

/* What others may wait for: ledger times, and not before the measure's own conditions held. */
static void set_events(scratch *s, size_t measure, ls_time holds)
{
    const progress *p = &s->measures[measure];
    s->performed[measure] = s->confirmed[measure] = NEVER;
    if (holds == NEVER) {
        return;
    }
    if (p->settled) {
        s->performed[measure] = later(p->settled_performed, holds);
        s->confirmed[measure] = later(p->settled_confirmed, holds);
    } else if (p->performance != NONE) {
        s->performed[measure] = later(time_of(s, p->performance), holds);
    }
}

static void describe_performance(const scratch *s, size_t measure, ls_time holds, ls_measure_state *out)
{
    const progress *p = &s->measures[measure];
    if (p->performance != NONE) {
        out->performed_by = s->facts[p->performance].index;
        out->performed_at = performed_at(s, measure);
        out->early = holds == NEVER || out->performed_at < holds;
        out->late = out->has_deadline && out->performed_at > out->deadline;
    }
    if (p->answered != NONE) {
        out->answered_by = s->facts[p->answered].index;
    }
    for (size_t i = 0; i < s->roadmap->measures[measure].verifier_count; i++) {
        const answer *a = &s->answers[p->first_answer + i];
        if (a->confirm != NONE && a->objection == NONE) {
            out->confirmations |= 1ull << s->roadmap->measures[measure].verifiers[i];
        }
    }
}

/* The state of a measure about which nothing stands, or only that it is missing. */
static void describe_silence(const scratch *s, ls_time holds, ls_measure_state *out)
{
    if (holds == NEVER) {
        out->state = LS_PENDING;
        out->since = s->in_force;
        return;
    }
    ls_time silent_until = later(out->deadline, holds) + s->charter->grace;
    bool overdue = out->has_deadline && s->now > silent_until;
    out->state = overdue ? LS_OVERDUE : LS_DUE;
    out->since = overdue ? silent_until : holds;
}

static void describe(scratch *s, size_t measure, ls_measure_state *out)
{
    const ls_measure *m = &s->roadmap->measures[measure];
    const progress *p = &s->measures[measure];
    ls_time holds = holds_since(s, m);
    set_events(s, measure, holds);
    *out = (ls_measure_state){.performed_by = LS_NO_ENTRY, .answered_by = LS_NO_ENTRY};
    out->has_deadline = find_deadline(s, &m->due, &out->deadline);
    describe_performance(s, measure, holds, out);
    /* That something is missing means nothing before it is due. */
    bool premature = p->performance == NONE && holds == NEVER;
    if (p->phase == LS_PENDING || premature) {
        describe_silence(s, holds, out);
    } else {
        out->state = p->phase;
        out->since = p->since;
    }
}

static void mark_suspended(const scratch *s, ls_measure_state *states)
{
    bool all = false, tracks[LS_TRACKS_MAX] = {false};
    for (size_t i = 0; i < s->fact_count; i++) {
        const ls_fact *f = &s->facts[i];
        if (f->kind != LS_FACT_SUSPEND || s->ended[i] || !counts(s, i)) {
            continue;
        }
        if (f->measure >= 0 && (size_t)f->measure < s->roadmap->measure_count) {
            states[f->measure].suspended = true;
        } else if (f->track >= 0 && f->track < LS_TRACKS_MAX) {
            tracks[f->track] = true;
        } else {
            all = true;
        }
    }
    for (size_t i = 0; i < s->roadmap->measure_count; i++) {
        states[i].suspended |= all || tracks[s->roadmap->measures[i].track];
    }
}

/* Memory for one evaluation. */

static size_t begin_progress(scratch *s, size_t measure, size_t first_answer)
{
    s->measures[measure] = (progress){.performance = NONE, .phase = LS_PENDING, .first_answer = first_answer};
    clear_answers(s, measure);
    return first_answer + s->roadmap->measures[measure].verifier_count;
}

static bool begin(scratch *s)
{
    size_t measures = s->roadmap->measure_count, answers = 0;
    for (size_t i = 0; i < measures; i++) {
        answers += s->roadmap->measures[i].verifier_count;
    }
    s->measures = calloc(measures + 1, sizeof *s->measures);
    s->answers = calloc(answers + 1, sizeof *s->answers);
    s->performed = calloc(measures + 1, sizeof *s->performed);
    s->confirmed = calloc(measures + 1, sizeof *s->confirmed);
    s->ended = calloc(s->fact_count + 1, sizeof *s->ended);
    s->time = calloc(s->fact_count + 1, sizeof *s->time);
    if (s->measures == NULL || s->answers == NULL || s->performed == NULL || s->confirmed == NULL || s->ended == NULL ||
        s->time == NULL) {
        return false;
    }
    answers = 0;
    for (size_t i = 0; i < measures; i++) {
        answers = begin_progress(s, i, answers);
    }
    for (size_t i = 0; i < s->fact_count; i++) {
        s->time[i] = s->list->time(s->list->context, s->facts[i].index);
    }
    return true;
}

static void end(scratch *s)
{
    free(s->measures);
    free(s->answers);
    free(s->performed);
    free(s->confirmed);
    free(s->ended);
    free(s->time);
}

ls_result ls_state_eval(const ls_roadmap *r, const ls_charter *c, ls_time in_force, const ls_facts *facts, ls_time now,
                        ls_measure_state *states)
{
    scratch s = {.roadmap = r,
                 .charter = c,
                 .list = facts,
                 .facts = facts->fact,
                 .fact_count = facts->count,
                 .in_force = in_force,
                 .now = now};
    if (!begin(&s)) {
        end(&s);
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < facts->count; i++) {
        if (counts(&s, i)) {
            apply(&s, i);
        }
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        describe(&s, r->order[i], &states[r->order[i]]);
    }
    mark_suspended(&s, states);
    end(&s);
    return LS_SUCCESS;
}

static void end_suspension(const ls_fact *f, ls_time at, ls_suspension *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (out[i].index == f->ref && out[i].by == f->by && out[i].until == LS_TIME_OPEN) {
            out[i].until = at;
        }
    }
}

size_t ls_state_suspensions(const ls_facts *facts, ls_time now, ls_suspension *out, size_t cap)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->count; i++) {
        const ls_fact *f = &facts->fact[i];
        ls_time stamped = facts->time(facts->context, f->index);
        /* Of one that no stamp covers yet, `now` is all that is known. */
        ls_time at = stamped == LS_TIME_OPEN ? now : stamped;
        if (at > now) {
            continue;
        }
        if (f->kind == LS_FACT_SUSPEND && count < cap) {
            out[count] =
                (ls_suspension){.index = f->index, .by = f->by, .track = f->track, .since = at, .until = LS_TIME_OPEN};
        }
        if (f->kind == LS_FACT_SUSPEND) {
            count++;
        } else if (f->kind == LS_FACT_RESUME || f->kind == LS_FACT_WITHDRAW) {
            end_suspension(f, at, out, count < cap ? count : cap);
        }
    }
    return count;
}

const char *ls_state_name(ls_state s)
{
    static const char *const names[] = {
        [LS_PENDING] = "pending",     [LS_DUE] = "due",           [LS_PERFORMED] = "performed",
        [LS_CONFIRMED] = "confirmed", [LS_DISPUTED] = "disputed", [LS_OVERDUE] = "overdue"};
    return names[s];
}
