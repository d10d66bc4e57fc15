/* Disputes: their stages and clocks; and extension by consent, which their stages share with measures. */
#include "accord/state_parts.h"

#define DAY 86400

/* The last word of each is the same day, and was not taken back before this fact. */
static bool all_agree(const ls_states *s, const ls_extending *x, size_t fact)
{
    bool agree = x->said == s->r->extension.by;
    for (unsigned p = 0; p < LS_PARTIES_MAX && agree; p++) {
        size_t said = x->proposal[p];
        agree = (x->said & LS_PARTY_BIT(p)) == 0 ||
                (s->fact[said].day == s->fact[fact].day && s->withdrawn[said] > s->time[fact]);
    }
    return agree;
}

bool ls_extend(const ls_states *s, ls_extending *x, size_t fact, ls_time deadline, ls_time *out)
{
    const ls_extension_rule *rule = &s->r->extension;
    const ls_fact *f = &s->fact[fact];
    bool in_time = s->time[fact] <= deadline && x->times < rule->times;
    if (!in_time || (rule->by & LS_PARTY_BIT(f->by)) == 0) {
        return false;
    }
    x->said |= LS_PARTY_BIT(f->by);
    x->proposal[f->by] = fact;
    if (!all_agree(s, x, fact)) {
        return false;
    }
    x->said = 0;
    ls_time later = ls_time_of_day(s->c, f->day, true);
    int64_t days = f->day - ls_date_to_days(ls_zone_date(&s->c->zone, deadline - 1));
    if (later <= deadline || days > (int64_t)rule->days) {
        return false;
    }
    x->times++;
    *out = later;
    return true;
}

/* Facts about one dispute that was opened. */
typedef struct about {
    const size_t *fact;
    size_t count;
} about;

static bool asked_for(const ls_states *s, const about *a, size_t stage, ls_time begins)
{
    for (size_t i = 0; i < a->count; i++) {
        const ls_fact *f = &s->fact[a->fact[i]];
        if (f->kind == LS_FACT_REFER && f->detail == stage && s->time[a->fact[i]] <= begins) {
            return true;
        }
    }
    return false;
}

static ls_time extended(const ls_states *s, const about *a, size_t stage, ls_time ends)
{
    ls_extending x = {0};
    for (size_t i = 0; i < a->count; i++) {
        const ls_fact *f = &s->fact[a->fact[i]];
        if (f->kind == LS_FACT_EXTEND && f->detail == stage) {
            ls_extend(s, &x, a->fact[i], ends, &ends);
        }
    }
    return ends;
}

static void read_stage(const ls_states *s, const about *a, const ls_dispute *p, size_t i, ls_dispute_state *d)
{
    const ls_stage *stage = &p->stages[i];
    ls_stage_state *out = &d->stage[i];
    out->begins = d->opened;
    for (size_t j = 0; j < stage->after_count; j++) {
        out->begins = ls_later(out->begins, d->stage[stage->after[j]].ends);
    }
    out->ends = out->begins;
    if (out->begins == LS_NEVER || (stage->optional && !asked_for(s, a, i, out->begins))) {
        return;
    }
    /* A stage that begins as another ends, at the end of a day, counts its days from that day and not from the next. */
    bool next_day = !s->c->counts_first_day && stage->lasts.unit != LS_UNIT_HOURS;
    ls_time from = stage->after_count > 0 && next_day ? out->begins - 1 : out->begins;
    out->ends = ls_time_add(s->c, from, stage->lasts, 1, true);
    if (stage->extendable) {
        out->ends = extended(s, a, i, out->ends);
    }
}

static ls_time settled(const ls_states *s, const about *a, const ls_dispute *p, ls_dispute_state *d)
{
    for (size_t i = 0; i < a->count; i++) {
        const ls_fact *f = &s->fact[a->fact[i]];
        if (f->kind == LS_FACT_SETTLE) {
            d->settled_by |= p->settled_by & LS_PARTY_BIT(f->by);
        }
        if (d->settled_by == p->settled_by) {
            return s->time[a->fact[i]];
        }
    }
    return LS_NEVER;
}

static void read_dispute(const ls_states *s, const about *a, ls_dispute_state *d)
{
    const ls_dispute *p = &s->r->disputes[d->procedure];
    ls_time last = d->opened;
    for (size_t i = 0; i < p->stage_count; i++) {
        read_stage(s, a, p, i, d);
        last = ls_later(last, d->stage[i].ends);
    }
    d->settled = settled(s, a, p, d);
    d->settled = d->settled <= last ? d->settled : LS_NEVER;
    /* What is said in time may reach the record within the grace. */
    bool exhausted = d->settled == LS_NEVER && last != LS_NEVER && last + s->c->grace <= s->q->at;
    d->exhausted = exhausted ? last + s->c->grace : LS_NEVER;
    if (d->measure >= 0) {
        s->out->measure[d->measure].in_dispute |= d->settled == LS_NEVER && d->exhausted == LS_NEVER;
    }
}

static size_t list_opened(ls_states *s)
{
    ls_accord_state *out = s->out;
    for (size_t i = 0; i < s->fact_count; i++) {
        const ls_fact *f = &s->fact[i];
        if (f->kind == LS_FACT_DISPUTE && ls_states_counts(s, i, s->q->at)) {
            int measure = f->amount >= 0 && (size_t)f->amount < s->r->measure_count ? (int)f->amount : -1;
            out->dispute[out->dispute_count++] = (ls_dispute_state){
                .procedure = f->subject, .index = f->index, .by = f->by, .measure = measure, .opened = s->time[i]};
        }
    }
    return out->dispute_count;
}

/* The dispute that an act opened, or the count: they stand in the order of their acts. */
static size_t find_dispute(const ls_accord_state *out, uint32_t index)
{
    size_t low = 0, high = out->dispute_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (out->dispute[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < out->dispute_count && out->dispute[low].index == index ? low : out->dispute_count;
}

static size_t dispute_of(const ls_states *s, size_t fact, size_t k)
{
    const ls_fact *f = &s->fact[fact];
    bool names = f->kind == LS_FACT_REFER || f->kind == LS_FACT_SETTLE || f->kind == LS_FACT_EXTEND;
    bool counts = k == 0 && names && f->ref != LS_NO_ENTRY && ls_states_counts(s, fact, s->q->at);
    return counts ? find_dispute(s->out, f->ref) : s->out->dispute_count;
}

void ls_states_disputes(ls_states *s)
{
    size_t opened = 0;
    for (size_t i = 0; i < s->fact_count; i++) {
        opened += s->fact[i].kind == LS_FACT_DISPUTE ? 1 : 0;
    }
    s->out->dispute = ls_states_array(s, opened, sizeof *s->out->dispute);
    if (s->no_memory || opened == 0) {
        return;
    }
    size_t count = list_opened(s);
    size_t *first = ls_states_array(s, count + 2, sizeof *first);
    size_t *fact = ls_states_array(s, s->fact_count, sizeof *fact);
    if (s->no_memory) {
        return;
    }
    ls_states_group(s, dispute_of, count, first, fact);
    for (size_t i = 0; i < count; i++) {
        about a = {fact + first[i], first[i + 1] - first[i]};
        read_dispute(s, &a, &s->out->dispute[i]);
    }
}
