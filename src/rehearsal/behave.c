/* How parties behave: when by their rules they perform, and when they answer. */
#include "accord/state_parts.h"
#include "rehearsal/parts.h"

/* Rules. */

static const ls_manner on_time = {LS_MANNER_ON_TIME, {0}}, at_once = {LS_MANNER_AT_ONCE, {0}};

/* The rule about the measure, else the one about all, else the default. */
static ls_manner performing(const ls_rehearsal *r, size_t party, size_t measure)
{
    ls_manner manner = on_time;
    for (size_t i = 0; i < r->behaviour_count; i++) {
        const ls_behaviour *b = &r->behaviours[i];
        if (b->party == party && b->has_performs && b->measure == (int)measure) {
            return b->performs;
        }
        manner = b->party == party && b->has_performs && b->measure < 0 ? b->performs : manner;
    }
    return manner;
}

static ls_manner confirming(const ls_rehearsal *r, size_t party, size_t measure)
{
    ls_manner manner = at_once;
    for (size_t i = 0; i < r->behaviour_count; i++) {
        const ls_behaviour *b = &r->behaviours[i];
        if (b->party == party && b->has_confirms && b->measure == (int)measure) {
            return b->confirms;
        }
        manner = b->party == party && b->has_confirms && b->measure < 0 ? b->confirms : manner;
    }
    return manner;
}

/* Times. */

/* Days and longer lead to the acting hour of a day; hours are exact. */
static ls_time so_long_after(const ls_charter *c, ls_time t, ls_duration d)
{
    if (d.unit == LS_UNIT_HOURS) {
        return t + (ls_time)d.count * 3600;
    }
    ls_time at = ls_acting_hour(c, ls_date_later(ls_zone_date(&c->zone, t), d, 1));
    return at > LS_TIME_MAX ? LS_NEVER : at;
}

static ls_time on_last_day(const ls_charter *c, ls_time deadline)
{
    return ls_earlier(ls_acting_hour(c, ls_zone_date(&c->zone, deadline - 1)), deadline);
}

/* What there is to do: from when it may be done, and by when it must; deadline LS_NEVER: there is none. */
typedef struct task {
    ls_time from, deadline;
    bool awaits_deadline; /* it will have one, which is not known yet */
} task;

static ls_time at_manner(const ls_charter *c, const ls_manner *manner, const task *t)
{
    bool slow = manner->kind == LS_MANNER_LAST_DAY || manner->kind == LS_MANNER_LATE;
    ls_time when = t->from;
    if (manner->kind == LS_MANNER_NEVER || (slow && t->awaits_deadline)) {
        return LS_NEVER;
    }
    if (manner->kind == LS_MANNER_AFTER || (manner->kind == LS_MANNER_LATE && t->deadline == LS_NEVER)) {
        when = so_long_after(c, t->from, manner->duration);
    } else if (manner->kind == LS_MANNER_LATE) {
        /* A deadline at midnight is the end of the day before. */
        when = so_long_after(c, t->deadline - (manner->duration.unit == LS_UNIT_HOURS ? 0 : 1), manner->duration);
    } else if (manner->kind == LS_MANNER_LAST_DAY && t->deadline != LS_NEVER) {
        when = on_last_day(c, t->deadline);
    }
    return ls_later(when, t->from);
}

/* Performing. */

static size_t pair(const ls_rehearsing *x, size_t measure, size_t party)
{
    return measure * x->c->party_count + party;
}

/* A deadline before the conditions is none. */
static task task_of(const ls_moment *m, const ls_measure_state *s, bool known, ls_time deadline)
{
    bool counts = known && deadline >= s->holds;
    return (task){s->holds, counts ? deadline : LS_NEVER, m->count > 0 && !known};
}

/* The period of a rate that is to be delivered next. */
static task period_of(const ls_rehearsing *x, size_t measure, unsigned done)
{
    const ls_measure *m = &x->m->measures[measure];
    ls_time holds = x->state.measure[measure].holds, ends = ls_moment_time(x->c, &x->state, &m->until);
    ls_time deadline = ls_time_add(x->c, holds, m->amount.per, done + 1, true);
    /* The next period begins as one ends. */
    ls_time from = done == 0 ? holds : ls_time_add(x->c, holds, m->amount.per, done, true);
    return deadline > ends || deadline == LS_NEVER ? (task){LS_NEVER, LS_NEVER, false} : (task){from, deadline, false};
}

/* What one party delivers: its share, or an equal part; of a rate, in a period. */
static ls_quantity share_of(const ls_rehearsing *x, size_t measure, size_t party)
{
    const ls_measure *m = &x->m->measures[measure];
    const ls_measure_state *s = &x->state.measure[measure];
    ls_quantity whole = m->amount.kind == LS_AMOUNT_RATE ? m->amount.number : s->required;
    ls_quantity parties = __builtin_popcount(s->performers);
    if (whole == LS_QUANTITY_NONE) {
        return LS_QUANTITY_NONE;
    }
    return m->amount.shares != NULL ? ls_quantity_percent(whole, m->amount.shares[party], true)
                                    : (whole + parties - 1) / parties;
}

static ls_quantity delivered_by(const ls_measure_state *s, size_t party)
{
    ls_quantity total = s->total == LS_QUANTITY_NONE ? 0 : s->total;
    return s->delivered != NULL ? s->delivered[party] : total;
}

/* By its rule the party has something to do with the measure, sooner or later. */
static bool acts_on(const ls_rehearsing *x, size_t measure, size_t party)
{
    const ls_measure_state *s = &x->state.measure[measure];
    ls_parties bit = LS_PARTY_BIT(party);
    bool over = s->state == LS_CALLED_OFF || s->state == LS_ENDED || s->state == LS_REVERSED;
    return (s->performers & bit) != 0 && (x->r->performs[measure] & bit) == 0 && !over && s->holds <= x->now &&
           x->state.left[party] > x->now && !x->m->measures[measure].continuing;
}

/* When this party performs it next, as things stand; LS_NEVER. */
static ls_time performs_at(const ls_rehearsing *x, size_t measure, size_t party)
{
    const ls_measure *m = &x->m->measures[measure];
    const ls_measure_state *s = &x->state.measure[measure];
    unsigned done = x->done[pair(x, measure, party)];
    bool rate = m->amount.kind == LS_AMOUNT_RATE;
    ls_manner manner = performing(x->r, party, measure);
    bool waits = manner.kind == LS_MANNER_ON_TIME && s->stopped;
    if (!acts_on(x, measure, party) || waits || (done > 0 && !rate)) {
        return LS_NEVER;
    }
    if (m->amount.kind != LS_AMOUNT_NONE && share_of(x, measure, party) == LS_QUANTITY_NONE) {
        return LS_NEVER;
    }
    task t = rate               ? period_of(x, measure, done)
             : m->due.count > 0 ? task_of(&m->due, s, s->has_deadline, s->deadline)
                                : task_of(&m->begin, s, s->has_begin, s->begin_by);
    return t.from == LS_NEVER ? LS_NEVER : at_manner(x->c, &manner, &t);
}

/* Where it must begin before it must be done, a party that takes its time begins by itself. */
static ls_time begins_at(const ls_rehearsing *x, size_t measure, size_t party)
{
    const ls_measure *m = &x->m->measures[measure];
    const ls_measure_state *s = &x->state.measure[measure];
    ls_manner manner = performing(x->r, party, measure);
    size_t p = pair(x, measure, party);
    bool slow = manner.kind == LS_MANNER_LAST_DAY || manner.kind == LS_MANNER_LATE;
    bool already = x->begun[p] || x->done[p] > 0 || s->event[LS_EVENT_BEGUN] != LS_NEVER;
    if (m->begin.count == 0 || m->due.count == 0 || !slow || already || !acts_on(x, measure, party)) {
        return LS_NEVER;
    }
    task t = task_of(&m->begin, s, s->has_begin, s->begin_by);
    return at_manner(x->c, &manner, &t);
}

static void add_performance(ls_rehearsing *x, size_t measure, size_t party, ls_quantity amount, uint32_t method)
{
    const ls_measure *m = &x->m->measures[measure];
    ls_fact f = {.kind = LS_FACT_PERFORM,
                 .by = (uint32_t)party & 31,
                 .party = (uint32_t)party & 31,
                 .subject = (uint32_t)measure & 1023,
                 .amount = amount,
                 .ref = LS_NO_ENTRY,
                 .day = LS_NO_DAY,
                 .detail = method & 127};
    char text[LS_QUANTITY_SIZE] = "";
    if (amount != LS_QUANTITY_NONE) {
        ls_quantity_format(amount, text);
    }
    const char *what = m->declares.len > 0 ? "declare" : m->opens.len > 0 ? "open" : "perform";
    ls_log_act(x, party, true, what, m->id, text);
    ls_rehearsing_act(x, &f, 1);
}

/* By each method in turn, as far as its cap goes and while its window is open. */
static void deliver(ls_rehearsing *x, size_t measure, size_t party, ls_quantity amount)
{
    const ls_amount *a = &x->m->measures[measure].amount;
    for (size_t i = 0; i < a->method_count && amount > 0; i++) {
        const ls_method *method = &a->methods[i];
        ls_quantity part = amount, required = x->state.measure[measure].required;
        if (method->until.count > 0 && ls_moment_deadline(x->c, &x->state, &method->until).time < x->now) {
            continue;
        }
        if (method->at_most != LS_QUANTITY_NONE && required != LS_QUANTITY_NONE) {
            ls_quantity cap = ls_quantity_percent(required, method->at_most, false);
            part = part < cap ? part : cap;
        }
        add_performance(x, measure, party, part, (uint32_t)i);
        amount -= part;
    }
    if (a->method_count == 0 && amount > 0) {
        add_performance(x, measure, party, amount, LS_NO_DETAIL);
    }
}

static void perform(ls_rehearsing *x, size_t measure, size_t party)
{
    ls_amount_kind kind = x->m->measures[measure].amount.kind;
    ls_quantity share = share_of(x, measure, party);
    x->done[pair(x, measure, party)]++;
    if (kind == LS_AMOUNT_NONE || kind == LS_AMOUNT_CEILING) {
        add_performance(x, measure, party, kind == LS_AMOUNT_NONE ? LS_QUANTITY_NONE : share, LS_NO_DETAIL);
    } else {
        ls_quantity before = kind == LS_AMOUNT_RATE ? 0 : delivered_by(&x->state.measure[measure], party);
        deliver(x, measure, party, share - before);
    }
}

static void begin(ls_rehearsing *x, size_t measure, size_t party)
{
    ls_fact f = {.kind = LS_FACT_BEGIN,
                 .by = (uint32_t)party & 31,
                 .party = (uint32_t)party & 31,
                 .subject = (uint32_t)measure & 1023,
                 .amount = LS_QUANTITY_NONE,
                 .ref = LS_NO_ENTRY,
                 .day = LS_NO_DAY,
                 .detail = LS_NO_DETAIL};
    x->begun[pair(x, measure, party)] = true;
    ls_log_act(x, party, true, "begin", x->m->measures[measure].id, "");
    ls_rehearsing_act(x, &f, 1);
}

/* Answering. */

static void add_answer(ls_rehearsing *x, size_t fact, uint8_t party, ls_time from)
{
    size_t measure = x->fact[fact].subject;
    ls_manner manner = confirming(x->r, party, measure);
    bool verifies = (x->m->measures[measure].verifiers & LS_PARTY_BIT(party)) != 0;
    bool objects = manner.kind == LS_MANNER_OBJECTS;
    task t = {from, LS_NEVER, false};
    if ((x->r->answers[measure] & LS_PARTY_BIT(party)) != 0 || (objects && !verifies)) {
        return;
    }
    ls_time at = at_manner(x->c, &manner, &t);
    ls_due_answer *answer = ls_rehearsing_grow(x, x->answer, sizeof *answer, x->answer_count, &x->answer_cap);
    if (at != LS_NEVER && answer != NULL) {
        x->answer = answer;
        x->answer[x->answer_count++] = (ls_due_answer){at, fact, party, objects};
    }
}

void ls_behave_answers(ls_rehearsing *x, size_t fact)
{
    size_t measure = x->fact[fact].subject;
    ls_parties all = x->m->measures[measure].verifiers | x->m->measures[measure].witnesses;
    for (uint8_t p = 0; p < x->c->party_count; p++) {
        if ((all & LS_PARTY_BIT(p)) != 0) {
            add_answer(x, fact, p, x->now);
        }
    }
}

/* The performance was taken back, or another came in its place. */
static bool is_gone(const ls_rehearsing *x, const ls_fact *f, const ls_fact *performance)
{
    ls_amount_kind kind = x->m->measures[performance->subject].amount.kind;
    bool replaces = kind == LS_AMOUNT_NONE || kind == LS_AMOUNT_CEILING;
    bool same = f->subject == performance->subject;
    return (f->kind == LS_FACT_WITHDRAW && f->ref == performance->index) || (f->kind == LS_FACT_REVERSE && same) ||
           (f->kind == LS_FACT_PERFORM && same && replaces && f->party == performance->party);
}

static bool is_answer(const ls_fact *f, const ls_fact *performance, uint8_t party)
{
    bool answers = f->kind == LS_FACT_CONFIRM || f->kind == LS_FACT_OBJECT || f->kind == LS_FACT_MISSING;
    return answers && f->by == party && f->subject == performance->subject &&
           (f->ref == LS_NO_ENTRY || f->ref == performance->index);
}

/* There is nothing left for this party to say about it. */
static bool is_disposed(const ls_rehearsing *x, size_t fact, uint8_t party)
{
    const ls_fact *performance = &x->fact[fact];
    for (size_t i = fact + 1; i < x->fact_count; i++) {
        if (is_gone(x, &x->fact[i], performance) || is_answer(&x->fact[i], performance, party)) {
            return true;
        }
    }
    return false;
}

static bool answer(ls_rehearsing *x, const ls_due_answer *a)
{
    const ls_fact *performance = &x->fact[a->fact];
    if (ls_rehearsing_silent(x, a->party) || x->state.left[a->party] <= x->now || is_disposed(x, a->fact, a->party)) {
        return false;
    }
    ls_fact f = {.kind = a->objects ? LS_FACT_OBJECT : LS_FACT_CONFIRM,
                 .by = a->party & 31,
                 .party = a->party & 31,
                 .subject = performance->subject,
                 .amount = LS_QUANTITY_NONE,
                 .ref = performance->index,
                 .day = LS_NO_DAY,
                 .detail = LS_NO_DETAIL};
    ls_log_act(x, a->party, true, a->objects ? "object" : "confirm", x->m->measures[performance->subject].id, "");
    ls_rehearsing_act(x, &f, 1);
    return true;
}

static bool answer_all(ls_rehearsing *x)
{
    bool any = false;
    size_t kept = 0;
    for (size_t i = 0; i < x->answer_count; i++) {
        ls_due_answer a = x->answer[i];
        if (a.at > x->now) {
            x->answer[kept++] = a;
        } else {
            any |= answer(x, &a);
        }
    }
    x->answer_count = kept;
    return any;
}

/* Of an accord on the record. */

static void take_up_performance(ls_rehearsing *x, size_t fact)
{
    const ls_fact *f = &x->fact[fact];
    const ls_measure *m = &x->m->measures[f->subject];
    bool once = m->amount.kind == LS_AMOUNT_NONE || m->amount.kind == LS_AMOUNT_CEILING, gone = false;
    for (uint8_t p = 0; p < x->c->party_count; p++) {
        bool answers = ((m->verifiers | m->witnesses) & LS_PARTY_BIT(p)) != 0;
        if (answers && !is_disposed(x, fact, p)) {
            add_answer(x, fact, p, x->now);
        }
    }
    for (size_t i = fact + 1; i < x->fact_count; i++) {
        gone |= is_gone(x, &x->fact[i], f);
    }
    x->done[pair(x, f->subject, f->party)] |= once && !gone ? 1 : 0;
}

/* Periods that what was delivered covers. */
static void take_up_rate(ls_rehearsing *x, size_t measure)
{
    for (size_t p = 0; p < x->c->party_count; p++) {
        ls_quantity share = share_of(x, measure, p);
        if (share > 0) {
            x->done[pair(x, measure, p)] = (unsigned)(delivered_by(&x->state.measure[measure], p) / share);
        }
    }
}

void ls_behave_begin(ls_rehearsing *x)
{
    for (size_t i = 0; i < x->fact_count; i++) {
        if (x->fact[i].kind == LS_FACT_PERFORM && x->fact[i].subject < x->m->measure_count) {
            take_up_performance(x, i);
        }
    }
    for (size_t i = 0; i < x->m->measure_count; i++) {
        if (x->m->measures[i].amount.kind == LS_AMOUNT_RATE && x->state.measure[i].performers != 0) {
            take_up_rate(x, i);
        }
    }
}

/* All of them. */

bool ls_behave(ls_rehearsing *x)
{
    bool any = answer_all(x);
    for (size_t m = 0; m < x->m->measure_count; m++) {
        for (size_t p = 0; p < x->c->party_count; p++) {
            bool performs = performs_at(x, m, p) <= x->now, begins = begins_at(x, m, p) <= x->now;
            if ((!performs && !begins) || ls_rehearsing_silent(x, p)) {
                continue;
            }
            any = true;
            if (performs) {
                perform(x, m, p);
            } else {
                begin(x, m, p);
            }
        }
    }
    return any && !x->no_memory;
}

ls_time ls_behave_next(const ls_rehearsing *x)
{
    ls_time next = LS_NEVER;
    for (size_t i = 0; i < x->answer_count; i++) {
        next = ls_earlier(next, x->answer[i].at);
    }
    for (size_t m = 0; m < x->m->measure_count; m++) {
        for (size_t p = 0; p < x->c->party_count; p++) {
            ls_time at = ls_earlier(performs_at(x, m, p), begins_at(x, m, p));
            next = at > x->now ? ls_earlier(next, at) : next;
        }
    }
    return next;
}
