/*
 * What holds for every accord, whatever its parties say: random roadmaps, read from YAML, and random acts.
 *
 * Deterministic. On failure the seed of the accord, its YAML and what was said are printed; LOCKSTEP_SEED begins with
 * another seed, LOCKSTEP_SEQUENCES sets how many histories are played (100,000 if left out).
 */
#include "fixture/story.h"
#include "sequences.h"
#include "vectors.h"
#include <locale.h>
#include <string.h>
#include <time.h>

#define HISTORIES 40 /* of each accord */
#define FACTS 24
#define TIMES 4
#define STEPS 4 /* of an accord; each with an event before it */
#define DAY 86400

typedef struct world {
    uint64_t seed, random;
    ls_charter charter;
    ls_arena arena; /* the accord's */
    const char *yaml;
    ls_roadmap roadmap;
    ls_fact fact[FACTS];
    ls_time time[FACTS + 1];
    size_t count;
    ls_time signed_at;
    bool dates, takes_back; /* dates are claimed; performances are taken back */
    unsigned long histories, evaluations, accords, refused, digests;
    unsigned long seen[LS_STATES], happened[LS_EVENT_KINDS],
        consequences;      /* so that what is checked also comes about */
    uint64_t digest[2000]; /* of the first histories */
} world;

static uint64_t below(world *w, uint64_t n)
{
    return next_random(&w->random) % n;
}

static bool one_in(world *w, uint64_t n)
{
    return below(w, n) == 0;
}

/* Roadmaps. */

typedef struct draft {
    ls_buf head, events, measures;
    struct {
        bool verified, deadline, amount, goes_on, rate;
        int step;
    } measure[32];
    int measures_count, step;
    bool simultaneous;
} draft;

static const char *a_length(world *w)
{
    static const char *const lengths[] = {"36 hours", "1 day", "3 days", "10 days", "2 weeks", "1 month"};
    return lengths[below(w, 6)];
}

/* Something that lies before this in the order in which an accord is worked out. */
static void put_leaf(world *w, const draft *d, bool of_event, ls_buf *out)
{
    static const char *const verbs[] = {"performed", "performed", "confirmed", "confirmed",
                                        "promised",  "begun",     "overdue",   "breached"};
    const char *verb = verbs[below(w, 8)];
    int m = d->measures_count > 0 ? (int)below(w, (uint64_t)d->measures_count) : -1;
    bool known = m >= 0 && (d->measure[m].step < d->step || (!of_event && !d->simultaneous));
    if (one_in(w, 6) || !known) {
        int e = (int)below(w, (uint64_t)d->step + (of_event ? 0 : 1) + 1) - 1;
        if (e >= 0 && one_in(w, 2)) {
            ls_buf_format(out, "e%d", e);
        } else {
            ls_buf_put_str(out, one_in(w, 3) ? "2018-11-15" : one_in(w, 2) ? "in force" : "signed");
        }
    } else if (d->measure[m].goes_on) {
        ls_buf_format(out, "m%d %s", m, d->measure[m].rate ? "overdue" : "breached");
    } else if ((strcmp(verb, "overdue") == 0 && !d->measure[m].deadline) || strcmp(verb, "breached") == 0 ||
               (strcmp(verb, "confirmed") == 0 && !d->measure[m].verified)) {
        ls_buf_format(out, "m%d performed", m);
    } else {
        ls_buf_format(out, "m%d %s", m, verb);
        bool part = d->measure[m].amount && (strcmp(verb, "performed") == 0 || strcmp(verb, "confirmed") == 0);
        ls_buf_put_str(out, part && one_in(w, 2) ? " 40 %" : "");
    }
}

static void put_moment(world *w, const draft *d, bool of_event, ls_buf *out)
{
    bool list = one_in(w, 5), delay = !list && one_in(w, 3);
    if (list) {
        ls_buf_put_str(out, one_in(w, 2) ? "{earliest: [" : "{latest: [");
        put_leaf(w, d, of_event, out);
        ls_buf_format(out, ", %s after ", a_length(w));
    } else if (delay) {
        ls_buf_format(out, "%s after ", a_length(w));
    }
    put_leaf(w, d, of_event, out);
    ls_buf_put_str(out, list ? "]}" : "");
}

static void put_event(world *w, const draft *d, int number, ls_buf *out)
{
    ls_buf_format(out, "  - {id: e%d, title: E, ", number);
    switch (below(w, 4)) {
    case 0:
        ls_buf_put_str(out, one_in(w, 2) ? "attested-by: [iaea]}\n" : "attested-by: [iaea, rok]}\n");
        return;
    case 1:
        ls_buf_put_str(out, one_in(w, 4) ? "to-be-agreed: true}\n" : "attested-by: [usa]}\n");
        return;
    default:
        ls_buf_put_str(out, "when: ");
        put_moment(w, d, true, out);
        if (one_in(w, 2)) {
            ls_buf_put_str(out, ", unless: ");
            put_moment(w, d, true, out);
        }
        ls_buf_put_str(out, "}\n");
    }
}

static void put_amount(world *w, draft *d, int m, ls_buf *out)
{
    bool verified = d->measure[m].verified;
    d->measure[m].amount = true;
    int other = (int)below(w, (uint64_t)m + 1);
    bool parity = other < m && d->measure[other].amount && d->measure[other].step < d->step && one_in(w, 2);
    switch (parity ? 5 : below(w, 5)) {
    case 5:
        ls_buf_format(out, ", amount: as much as m%d", other);
        break;
    case 0:
        ls_buf_put_str(out, ", amount: 100 t, methods: [{id: a, title: A, at-most: 50 %}, {id: b, title: B}]");
        break;
    case 1:
        ls_buf_put_str(out, ", amount: 30 % of total");
        break;
    case 2:
        ls_buf_put_str(out, verified ? ", amount: 60 t, in-presence-of: [chn]" : ", amount: 60 t");
        break;
    case 3:
        ls_buf_put_str(out, ", at-most: 50 t");
        d->measure[m].amount = false;
        break;
    default:
        ls_buf_put_str(out, ", amount: 100 t");
    }
}

static void put_times(world *w, draft *d, int m, ls_buf *out)
{
    if (one_in(w, 2)) {
        ls_buf_put_str(out, ", due: ");
        put_moment(w, d, false, out);
        d->measure[m].deadline = true;
    }
    if (one_in(w, 4)) {
        ls_buf_put_str(out, ", begin: ");
        put_moment(w, d, false, out);
        d->measure[m].deadline = true;
    }
    if (one_in(w, 6)) {
        ls_buf_put_str(out, ", undone-by: ");
        put_moment(w, d, false, out);
    } else if (one_in(w, 4)) {
        ls_buf_put_str(out, ", irreversible: true");
    }
}

static void put_after(world *w, const draft *d, ls_buf *out)
{
    uint64_t count = below(w, 3);
    ls_buf_put_str(out, ", after: [");
    for (uint64_t i = 0; i < count; i++) {
        ls_buf_put_str(out, i > 0 ? ", " : "");
        put_moment(w, d, false, out);
    }
    ls_buf_put_str(out, "]");
}

static void put_measure(world *w, draft *d, ls_buf *out)
{
    static const char *const by[] = {"dprk", "usa", "[usa]", "[dprk, usa]"};
    static const char *const silence[] = {"confirmed after 10 days", "disputed after 1 week"};
    int m = d->measures_count;
    d->measure[m].step = d->step;
    d->measure[m].verified = !one_in(w, 3);
    d->measure[m].goes_on = !d->simultaneous && one_in(w, 8);
    ls_buf_format(out, "{id: m%d, by: %s", m, by[below(w, 4)]);
    put_after(w, d, out);
    if (d->measure[m].verified) {
        ls_buf_format(out, ", verified-by: %s", one_in(w, 2) ? "[rok]" : "[rok, iaea]");
        if (one_in(w, 4)) {
            ls_buf_format(out, ", on-silence: %s", silence[below(w, 2)]);
        }
    }
    d->measure[m].rate = d->measure[m].goes_on && one_in(w, 3);
    if (d->measure[m].rate) {
        ls_buf_put_str(out, ", amount: 20 t per week, until: 2019-01-15");
    } else if (d->measure[m].goes_on) {
        ls_buf_put_str(out, one_in(w, 2) ? ", continuing: true, until: 2019-01-15" : ", continuing: true");
    } else {
        put_times(w, d, m, out);
        if (one_in(w, 3)) {
            put_amount(w, d, m, out);
        }
    }
    ls_buf_put_str(out, one_in(w, 3) ? ", may-call-off: [usa, dprk]" : "");
    ls_buf_put_str(out, one_in(w, 4) ? ", provisional: true" : "");
    ls_buf_put_str(out, "}\n");
    d->measures_count++;
}

static void put_rules(world *w, ls_buf *out)
{
    static const char *const suspensions[] = {
        "",
        "",
        "suspension: {clocks: stop}\n",
        "suspension: {clocks: stop, counterpart: may withhold, at-most: 20 days}\n",
        "suspension: {scope: [accord, track, measure], counterpart: may withhold}\n",
        "suspension: {clocks: stop, until: over}\n"};
    ls_buf_put_str(out, suspensions[below(w, 6)]);
    ls_buf_put_str(out, one_in(w, 2) ? "extension: {by: [usa, dprk], at-most: 15 days, times: 2}\n" : "");
    ls_buf_put_str(out, one_in(w, 6)   ? "withdrawal: {notice: 30 days, then: ends}\n"
                        : one_in(w, 6) ? "withdrawal: {notice: 30 days, then: continues}\n"
                                       : "");
    ls_buf_put_str(out, one_in(w, 4) ? "entry-into-force: {latest: [usa ratified, 3 days after signed]}\n" : "");
    ls_buf_put_str(out,
                   "provisional-application: 1 day after signed\n"
                   "assessors: [rok]\n"
                   "rights: [{id: r, of: usa, what: v, paragraph: p1, quota: 2 per week, from: in force}]\n"
                   "disputes: [{id: d, title: D, open-to: [dprk, usa], settled-by: [dprk, usa], stages: ["
                   "{id: a, title: A, lasts: 10 days, extendable: true}, {id: b, title: B, after: [a], lasts: 3 days, "
                   "optional: true}, {id: c, title: C, after: [a, b], lasts: 5 days}]}]\n");
}

static const char *make_yaml(world *w)
{
    draft d = {0};
    put_rules(w, &d.head);
    ls_buf_put_str(&d.head, "events:\n  - {id: total, title: T, attested-by: [iaea]}\n"
                            "  - {id: over, title: O, attested-by: [rok]}\n"
                            "  - {id: spent, title: S, when: d exhausted}\n");
    for (d.step = 0; d.step < STEPS; d.step++) {
        d.simultaneous = d.step > 0 && one_in(w, 3);
        put_event(w, &d, d.step, &d.head);
        ls_buf_format(&d.measures, "step s%d %s %s\n", d.step, one_in(w, 2) ? "arms" : "peace",
                      d.simultaneous ? "simultaneous" : "");
        for (uint64_t n = 1 + below(w, 3); n > 0; n--) {
            put_measure(w, &d, &d.measures);
        }
    }
    const char *yaml = story_yaml(&w->arena, ls_buf_cstr(&d.head), ls_buf_cstr(&d.measures));
    ls_buf_free(&d.head);
    ls_buf_free(&d.measures);
    return yaml;
}

/* The next accord that the reader accepts. */
static void next_accord(world *w)
{
    for (bool read = false; !read;) {
        ls_arena_free(&w->arena);
        ls_diagnostics d = {.arena = &w->arena};
        w->random = ++w->seed * 0x9e3779b97f4a7c15u;
        w->yaml = make_yaml(w);
        w->charter.closing = one_in(w, 3) ? 18 * 3600 : DAY;
        w->charter.grace = one_in(w, 4) ? 0 : DAY;
        w->charter.counts_first_day = one_in(w, 4);
        story_read(&w->charter, w->yaml, &d, &w->roadmap);
        read = d.errors == 0;
        w->refused += read ? 0 : 1;
        if (!read && getenv("LOCKSTEP_SHOW_REFUSED") != NULL) {
            print_error("%s\n%s\n", d.item[0].text, w->yaml);
        }
    }
    w->accords++;
}

/* Histories. */

static void choose_detail(world *w, ls_fact *f)
{
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_PERFORM:
    case LS_FACT_CONFIRM:
        f->amount = f->kind == LS_FACT_PERFORM || one_in(w, 5) ? (ls_quantity)(1 + below(w, 60)) * LS_QUANTITY_ONE
                                                               : LS_QUANTITY_NONE;
        f->detail = one_in(w, 2) ? LS_NO_DETAIL : (unsigned)below(w, 2) & 127;
        break;
    case LS_FACT_ATTEST:
        f->subject = (unsigned)below(w, w->roadmap.event_count) & 1023;
        f->amount = one_in(w, 2) ? (ls_quantity)below(w, 200) * LS_QUANTITY_ONE : LS_QUANTITY_NONE;
        break;
    case LS_FACT_ASSESS:
        f->amount = (ls_quantity)(1 + below(w, 2));
        break;
    case LS_FACT_SUSPEND:
        f->subject = one_in(w, 3) ? f->subject : LS_NO_SUBJECT;
        f->detail = f->subject == LS_NO_SUBJECT && one_in(w, 2) ? (unsigned)below(w, 2) & 127 : LS_NO_DETAIL;
        break;
    case LS_FACT_DISPUTE:
    case LS_FACT_REFER:
    case LS_FACT_SETTLE:
    case LS_FACT_USE:
        f->subject = 0;
        f->detail = f->kind == LS_FACT_REFER ? 1 : LS_NO_DETAIL;
        f->amount = f->kind == LS_FACT_DISPUTE ? (ls_quantity)below(w, w->roadmap.measure_count) : LS_QUANTITY_NONE;
        break;
    default:
        break;
    }
}

static ls_parties who(const world *w, const ls_fact *f)
{
    const ls_measure *m = &w->roadmap.measures[f->subject < w->roadmap.measure_count ? f->subject : 0];
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_CONFIRM:
        return m->verifiers | m->witnesses;
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        return m->verifiers;
    case LS_FACT_PERFORM:
    case LS_FACT_BEGIN:
    case LS_FACT_PROMISE:
    case LS_FACT_REVERSE:
        return m->by;
    case LS_FACT_ATTEST:
        return w->roadmap.events[f->subject].attested_by;
    default:
        return LS_PARTY_BIT(DPRK) | LS_PARTY_BIT(USA);
    }
}

/* Often about something that was performed. */
static void choose_performance(world *w, ls_fact *f)
{
    bool answers = f->kind == LS_FACT_CONFIRM || f->kind == LS_FACT_OBJECT;
    for (int tries = 0; answers && tries < 4 && w->count > 0; tries++) {
        const ls_fact *said = &w->fact[below(w, w->count)];
        if (said->kind == LS_FACT_PERFORM) {
            f->subject = said->subject;
            f->ref = said->index;
            return;
        }
    }
}

/* Mostly somebody whose it is to say. */
static void choose_author(world *w, ls_fact *f)
{
    ls_parties may = who(w, f);
    f->by = (unsigned)below(w, STORY_PARTIES) & 31;
    for (int tries = 0; tries < 20 && !one_in(w, 20) && may != 0 && (may & LS_PARTY_BIT(f->by)) == 0; tries++) {
        f->by = (unsigned)below(w, STORY_PARTIES) & 31;
    }
    f->party = f->by;
}

/* What a withdrawal or a resumption takes back: something that its author said. */
static void choose_own(world *w, ls_fact *f)
{
    for (int tries = 0; tries < 10 && w->count > 0; tries++) {
        const ls_fact *said = &w->fact[below(w, w->count)];
        bool fits = f->kind == LS_FACT_RESUME ? said->kind == LS_FACT_SUSPEND : said->kind != LS_FACT_SUSPEND;
        if (fits && (w->takes_back || said->kind != LS_FACT_PERFORM)) {
            f->ref = said->index;
            f->by = f->party = said->by;
            return;
        }
    }
}

static void choose_ref(world *w, ls_fact *f)
{
    bool answers = f->kind == LS_FACT_CONFIRM || f->kind == LS_FACT_OBJECT || f->kind == LS_FACT_MISSING;
    bool disputes =
        f->kind == LS_FACT_REFER || f->kind == LS_FACT_SETTLE || (f->kind == LS_FACT_EXTEND && one_in(w, 3));
    if ((answers && one_in(w, 3)) || disputes) {
        f->ref = 1 + (uint32_t)below(w, w->count + 1);
    }
    if (disputes && f->kind == LS_FACT_EXTEND) {
        f->subject = f->detail = 0;
    }
}

static void say(world *w, ls_time at)
{
    static const uint8_t kinds[] = {
        LS_FACT_PERFORM, LS_FACT_PERFORM, LS_FACT_PERFORM, LS_FACT_PERFORM,  LS_FACT_PERFORM,  LS_FACT_CONFIRM,
        LS_FACT_CONFIRM, LS_FACT_CONFIRM, LS_FACT_CONFIRM, LS_FACT_CONFIRM,  LS_FACT_OBJECT,   LS_FACT_OBJECT,
        LS_FACT_MISSING, LS_FACT_PROMISE, LS_FACT_BEGIN,   LS_FACT_REVERSE,  LS_FACT_CALL_OFF, LS_FACT_INCIDENT,
        LS_FACT_ASSESS,  LS_FACT_EXTEND,  LS_FACT_EXTEND,  LS_FACT_ATTEST,   LS_FACT_ATTEST,   LS_FACT_USE,
        LS_FACT_DISPUTE, LS_FACT_REFER,   LS_FACT_SETTLE,  LS_FACT_RATIFY,   LS_FACT_RATIFY,   LS_FACT_DENOUNCE,
        LS_FACT_SUSPEND, LS_FACT_SUSPEND, LS_FACT_RESUME,  LS_FACT_WITHDRAW, LS_FACT_WITHDRAW};
    ls_fact f = {.index = (uint32_t)w->count + 1,
                 .kind = kinds[below(w, sizeof kinds)] & 31,
                 .ref = LS_NO_ENTRY,
                 .day = LS_NO_DAY,
                 .amount = LS_QUANTITY_NONE,
                 .subject = (unsigned)below(w, w->roadmap.measure_count) & 1023,
                 .detail = LS_NO_DETAIL};
    int32_t today = (int32_t)(at / DAY);
    choose_detail(w, &f);
    choose_performance(w, &f);
    choose_author(w, &f);
    choose_ref(w, &f);
    if (f.kind == LS_FACT_WITHDRAW || f.kind == LS_FACT_RESUME) {
        choose_own(w, &f);
    }
    if (f.kind == LS_FACT_EXTEND || (f.kind == LS_FACT_CALL_OFF && one_in(w, 2))) {
        f.day = today + 5 * (1 + (int32_t)below(w, 4));
    } else if (w->dates && (f.kind == LS_FACT_PERFORM || f.kind == LS_FACT_CONFIRM)) {
        f.day = today - (int32_t)below(w, 3);
    }
    w->fact[w->count++] = f;
    w->time[w->count] = at;
}

static void next_history(world *w)
{
    ls_time t = w->signed_at + (ls_time)below(w, DAY);
    w->count = 0;
    w->dates = one_in(w, 3);
    w->takes_back = one_in(w, 3);
    while (w->count < FACTS) {
        say(w, t);
        t += one_in(w, 4) ? 0 : (ls_time)below(w, one_in(w, 4) ? 20 * DAY : 3 * DAY);
    }
    w->histories++;
}

/* Evaluation. */

static ls_time time_of(const void *context, uint32_t index)
{
    return ((const world *)context)->time[index];
}

static void evaluate(world *w, size_t count, ls_time at, ls_time known, ls_arena *arena, ls_accord_state *out)
{
    ls_facts facts = {w->fact, count, time_of, w};
    ls_state_query q = {.roadmap = &w->roadmap,
                        .charter = &w->charter,
                        .signed_at = w->signed_at,
                        .facts = &facts,
                        .at = at,
                        .known = known};
    assert_success(ls_state_eval(&q, arena, out));
    w->evaluations++;
}

static ls_time moment(const world *w, const ls_accord_state *s, const ls_moment *m)
{
    ls_state_query q = {.roadmap = &w->roadmap, .charter = &w->charter};
    return ls_state_moment(&q, s, m, false);
}

__attribute__((format(printf, 2, 3))) static void refute(const world *w, const char *format, ...)
{
    va_list args;
    char text[512];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_error("LOCKSTEP_SEED=%llu, history %lu:\n", (unsigned long long)w->seed - 1, w->histories);
    fputs(w->yaml, stderr); /* longer than what cmocka prints */
    for (size_t i = 0; i < w->count; i++) {
        const ls_fact *f = &w->fact[i];
        char at[LS_TIME_SIZE];
        ls_time_format(w->time[i + 1], at);
        print_error("%2zu %s %.*s kind %u subject %u ref %d detail %u amount %lld day %d\n", i + 1, at,
                    (int)w->charter.party[f->by].name.len, w->charter.party[f->by].name.ptr, f->kind, f->subject,
                    (int)f->ref, f->detail, f->amount == LS_QUANTITY_NONE ? -1 : (long long)f->amount, f->day);
    }
    fail_msg("%s", text);
}

/* A digest of all that a state says. */

static uint64_t mix(uint64_t digest, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < len; i++) {
        digest = (digest ^ p[i]) * 0x100000001b3u;
    }
    return digest;
}

#define MIX(field) (d = mix(d, &(field), sizeof(field)))

static uint64_t mix_measure(uint64_t d, const ls_measure_state *m)
{
    const bool flags[] = {m->has_deadline, m->has_begin, m->early,   m->late,       m->begun_late,
                          m->held,         m->suspended, m->stopped, m->in_dispute, m->by_silence};
    const ls_time times[] = {m->since, m->holds, m->has_deadline ? m->deadline : 0, m->has_begin ? m->begin_by : 0,
                             m->performed_by == LS_NO_ENTRY ? 0 : m->performed_at};
    const uint32_t numbers[] = {m->state,      m->performed_by,  m->answered_by, m->said_by,
                                m->performers, m->confirmations, m->incidents,   m->open_incidents,
                                m->breaches,   m->score,         m->assessed_by};
    const ls_quantity amounts[] = {m->required, m->total, m->confirmed};
    MIX(flags);
    MIX(times);
    MIX(numbers);
    MIX(amounts);
    MIX(m->event);
    d = mix(d, m->performed_progress, m->performed_count * sizeof *m->performed_progress);
    return mix(d, m->confirmed_progress, m->confirmed_count * sizeof *m->confirmed_progress);
}

static uint64_t mix_right(uint64_t d, const ls_right_state *r)
{
    const uint32_t numbers[] = {r->used, r->left, r->forfeited, r->beyond};
    const ls_time times[] = {r->from, r->until};
    MIX(numbers);
    MIX(times);
    return mix(d, r->beyond_by, r->beyond_count * sizeof *r->beyond_by);
}

static uint64_t digest_of(const world *w, const ls_accord_state *s)
{
    const ls_roadmap *r = &w->roadmap;
    uint64_t d = 0xcbf29ce484222325u;
    const ls_time times[] = {s->signed_at, s->provisional, s->in_force, s->ended};
    MIX(times);
    MIX(s->ratified);
    MIX(s->left);
    for (size_t i = 0; i < r->measure_count; i++) {
        d = mix_measure(d, &s->measure[i]);
    }
    for (size_t i = 0; i < r->event_count; i++) {
        MIX(s->event[i].time);
        MIX(s->event[i].amount);
        MIX(s->event[i].silent_until);
    }
    d = mix(d, s->step, r->step_count * sizeof *s->step);
    for (size_t i = 0; i < r->right_count; i++) {
        d = mix_right(d, &s->right[i]);
    }
    for (size_t i = 0; i < s->dispute_count; i++) {
        const ls_dispute_state *x = &s->dispute[i];
        const ls_time ends[] = {x->opened,        x->settled,       x->exhausted,
                                x->stage[0].ends, x->stage[1].ends, x->stage[2].ends};
        MIX(ends);
    }
    for (size_t i = 0; i < s->suspension_count; i++) {
        MIX(s->suspension[i].index);
        MIX(s->suspension[i].until);
    }
    return d;
}

/* What must hold at each time. */

static bool said_by(const world *w, ls_fact_kind kind, size_t measure, unsigned party, ls_time until)
{
    for (size_t i = 0; i < w->count; i++) {
        const ls_fact *f = &w->fact[i];
        if (f->kind == kind && f->subject == measure && f->by == party && w->time[i + 1] <= until) {
            return true;
        }
    }
    return false;
}

/* No measure is confirmed without its performers and its verifiers, or the rule for their silence. */
static void check_confirmed(const world *w, const ls_accord_state *s, size_t i, ls_time at)
{
    const ls_measure *m = &w->roadmap.measures[i];
    const ls_measure_state *x = &s->measure[i];
    bool adds_up = m->amount.kind != LS_AMOUNT_NONE && m->amount.kind != LS_AMOUNT_CEILING;
    if (x->state != LS_CONFIRMED && x->event[LS_EVENT_CONFIRMED] > at) {
        return;
    }
    if (m->verifiers == 0) {
        refute(w, "m%zu is confirmed, and has no verifiers", i);
    }
    for (unsigned p = 0; p < STORY_PARTIES; p++) {
        bool verifies = (m->verifiers & LS_PARTY_BIT(p)) != 0, performs = (m->by & LS_PARTY_BIT(p)) != 0;
        if (verifies && m->silence != LS_SILENCE_CONFIRMED && !said_by(w, LS_FACT_CONFIRM, i, p, at)) {
            refute(w, "m%zu is confirmed without verifier %u", i, p);
        }
        if (performs && !adds_up && s->left[p] > at && !said_by(w, LS_FACT_PERFORM, i, p, at)) {
            refute(w, "m%zu is confirmed without performer %u", i, p);
        }
    }
}

/* Nothing is due or overdue before its conditions, nor overdue through what others did not do in time. */
static void check_due(const world *w, const ls_accord_state *s, size_t i, ls_time at)
{
    const ls_measure *m = &w->roadmap.measures[i];
    const ls_measure_state *x = &s->measure[i];
    ls_time grace = w->charter.grace;
    ls_time holds = m->provisional && s->provisional < s->in_force ? s->provisional : s->in_force;
    for (size_t a = 0; a < m->after_count; a++) {
        ls_time t = moment(w, s, &m->after[a]);
        holds = t > holds ? t : holds;
    }
    if (x->holds != holds) {
        refute(w, "m%zu: its conditions", i);
    }
    if ((x->state == LS_DUE || x->state == LS_OVERDUE || x->state == LS_KEPT) && holds > at) {
        refute(w, "m%zu is %s before its conditions hold", i, ls_state_name(x->state));
    }
    bool by_due = x->has_deadline && holds <= x->deadline && x->deadline + grace < at;
    bool by_begin = x->has_begin && holds <= x->begin_by && x->begin_by + grace < at;
    if (x->state == LS_OVERDUE && !by_due && !by_begin && m->amount.kind != LS_AMOUNT_RATE) {
        refute(w, "m%zu is overdue, but no deadline has passed that it could have met", i);
    }
    if (x->state == LS_OVERDUE && x->event[LS_EVENT_OVERDUE] > at) {
        refute(w, "m%zu is overdue, and did not become so", i);
    }
    if (x->state == LS_OVERDUE && x->stopped) {
        refute(w, "m%zu is overdue while its clock stands", i);
    }
    if (x->event[LS_EVENT_OVERDUE] <= at && x->event[LS_EVENT_OVERDUE] < holds) {
        refute(w, "m%zu was overdue before its conditions held", i);
    }
    if (x->since > at) {
        refute(w, "m%zu is %s since some later time", i, ls_state_name(x->state));
    }
}

static void check_undone(const world *w, const ls_accord_state *s, size_t i)
{
    if (w->roadmap.measures[i].irreversible && s->measure[i].state == LS_REVERSED) {
        refute(w, "m%zu is irreversible, and reversed", i);
    }
}

/* All or none, for those who wait. */
static void check_simultaneous(const world *w, const ls_accord_state *s, size_t step, ls_time at)
{
    static const ls_event_kind kinds[] = {LS_EVENT_PERFORMED, LS_EVENT_CONFIRMED};
    for (size_t k = 0; k < 2 && w->roadmap.steps[step].simultaneous; k++) {
        unsigned yes = 0, no = 0;
        for (size_t i = 0; i < w->roadmap.measure_count; i++) {
            const ls_measure *m = &w->roadmap.measures[i];
            if (m->step != step || (kinds[k] == LS_EVENT_CONFIRMED && m->verifiers == 0)) {
                continue;
            }
            bool happened = s->measure[i].event[kinds[k]] <= at;
            yes += happened ? 1 : 0;
            no += happened ? 0 : 1;
            if (s->measure[i].held && happened && kinds[k] == LS_EVENT_CONFIRMED) {
                refute(w, "m%zu is held, and took effect", i);
            }
        }
        if (yes > 0 && no > 0) {
            refute(w, "step %zu took effect in parts", step);
        }
    }
}

/* Silence has its consequence when the deadline and the grace have passed, and no sooner. */
static void check_silence(const world *w, const ls_accord_state *s, size_t i, ls_time at)
{
    const ls_event *e = &w->roadmap.events[i];
    const ls_event_state *x = &s->event[i];
    if (e->to_be_agreed && x->time != LS_TIME_OPEN) {
        refute(w, "an event that is to be agreed happened");
    }
    if (e->unless.count == 0) {
        return;
    }
    bool prevented = moment(w, s, &e->unless) <= x->silent_until;
    bool passed = x->silent_until != LS_TIME_OPEN && x->silent_until + w->charter.grace <= at;
    if ((x->time <= at) != (passed && !prevented)) {
        refute(w, "%.*s: silence and its consequence", (int)e->id.len, e->id.ptr);
    }
}

static void check_state(const world *w, const ls_accord_state *s, ls_time at)
{
    for (size_t i = 0; i < w->roadmap.measure_count; i++) {
        check_confirmed(w, s, i, at);
        check_due(w, s, i, at);
        check_undone(w, s, i);
    }
    for (size_t i = 0; i < w->roadmap.step_count; i++) {
        check_simultaneous(w, s, i, at);
    }
    for (size_t i = 0; i < w->roadmap.event_count; i++) {
        check_silence(w, s, i, at);
    }
}

/* What happened stays happened. */

static void stays(const world *w, ls_time before, ls_time after, ls_time at, const char *what, size_t i)
{
    if (before <= at && after != before) {
        refute(w, "%s %zu happened at %lld, and did not stay so (%lld)", what, i, (long long)before, (long long)after);
    }
}

static void check_stays(const world *w, const ls_accord_state *a, const ls_accord_state *b, ls_time at)
{
    stays(w, a->in_force, b->in_force, at, "entry", 0);
    stays(w, a->ended, b->ended, at, "end", 0);
    for (size_t i = 0; i < w->roadmap.measure_count; i++) {
        for (int k = 0; k < LS_EVENT_KINDS; k++) {
            stays(w, a->measure[i].event[k], b->measure[i].event[k], at, ls_event_name((ls_event_kind)k), i);
        }
        if (w->roadmap.measures[i].irreversible && a->measure[i].state == LS_CONFIRMED &&
            b->measure[i].performed_by == LS_NO_ENTRY) {
            refute(w, "m%zu was irreversible and confirmed, and is undone", i);
        }
    }
    for (size_t i = 0; i < w->roadmap.event_count; i++) {
        stays(w, a->event[i].time, b->event[i].time, at, "event", i);
    }
    for (size_t i = 0; i < w->roadmap.step_count; i++) {
        stays(w, a->step[i].performed, b->step[i].performed, at, "step performed", i);
        stays(w, a->step[i].complete, b->step[i].complete, at, "step complete", i);
    }
    for (size_t i = 0; i < a->dispute_count; i++) {
        stays(w, a->dispute[i].opened, b->dispute[i].opened, at, "dispute opened", i);
        stays(w, a->dispute[i].settled, b->dispute[i].settled, at, "dispute settled", i);
        stays(w, a->dispute[i].exhausted, b->dispute[i].exhausted, at, "dispute exhausted", i);
    }
}

/* One history, at rising times. */

static size_t known_at(const world *w, ls_time t)
{
    size_t count = 0;
    while (count < w->count && w->time[count + 1] <= t) {
        count++;
    }
    return count;
}

static void count_seen(world *w, const ls_accord_state *s, ls_time at)
{
    for (size_t i = 0; i < w->roadmap.measure_count; i++) {
        w->seen[s->measure[i].state]++;
        for (int k = 0; k < LS_EVENT_KINDS; k++) {
            w->happened[k] += s->measure[i].event[k] <= at ? 1 : 0;
        }
    }
    for (size_t i = 0; i < w->roadmap.event_count; i++) {
        w->consequences += w->roadmap.events[i].unless.count > 0 && s->event[i].time <= at ? 1 : 0;
    }
}

static void check_history(world *w)
{
    ls_arena arena = {0};
    ls_accord_state states[TIMES], other;
    ls_time t = w->signed_at, last = w->time[w->count] + 40 * DAY;
    for (size_t i = 0; i < TIMES; i++) {
        ls_time before = t;
        t += (ls_time)below(w, (uint64_t)(last - t) / (TIMES - i) + 1);
        evaluate(w, w->count, t, t, &arena, &states[i]);
        check_state(w, &states[i], t);
        if (i > 0 && !w->takes_back) {
            check_stays(w, &states[i - 1], &states[i], before);
        }
    }
    /* From scratch or with what came later; and asked for later, where no dates were claimed. */
    uint64_t digest = digest_of(w, &states[TIMES - 1]);
    evaluate(w, known_at(w, t), t, t, &arena, &other);
    if (digest != digest_of(w, &other)) {
        refute(w, "facts that came later changed what was");
    }
    if (!w->dates) {
        evaluate(w, w->count, t, last + DAY, &arena, &other);
        if (digest != digest_of(w, &other)) {
            refute(w, "what was then is another when asked for later");
        }
    }
    count_seen(w, &states[TIMES - 1], t);
    if (w->digests < sizeof w->digest / sizeof *w->digest) {
        w->digest[w->digests++] = digest;
    }
    ls_arena_free(&arena);
}

static void play(world *w, unsigned long histories)
{
    while (w->histories < histories) {
        next_accord(w);
        for (int i = 0; i < HISTORIES && w->histories < histories; i++) {
            next_history(w);
            check_history(w);
        }
    }
    ls_arena_free(&w->arena);
}

static world *new_world(void)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    story_charter(&w->charter);
    w->seed = number_from("LOCKSTEP_SEED", 0);
    w->signed_at = story_time(STORY_SIGNED);
    return w;
}

static void whatever_is_said(void **state)
{
    (void)state;
    world *w = new_world();
    clock_t start = clock();
    play(w, sequences_of(100000));
    print_message("%lu histories of %d acts under %lu accords (%lu more were refused), %lu evaluations, %.1f s\n",
                  w->histories, FACTS, w->accords, w->refused, w->evaluations,
                  (double)(clock() - start) / CLOCKS_PER_SEC);
    assert_true(w->refused < w->accords);
    for (int i = 0; i < LS_STATES && w->histories >= 1000; i++) {
        print_message("%s: %lu\n", ls_state_name((ls_state)i), w->seen[i]);
        assert_true(w->seen[i] > 0);
    }
    for (int k = 0; k < LS_EVENT_KINDS && w->histories >= 1000; k++) {
        print_message("%s: %lu\n", ls_event_name((ls_event_kind)k), w->happened[k]);
        assert_true(w->happened[k] > 0);
    }
    assert_true(w->consequences > 0);
    free(w);
}

/* No clock, zone file or locale is read. */
static void wherever_it_is_evaluated(void **state)
{
    (void)state;
    world *here = new_world(), *there = new_world();
    play(here, 2000);
    setenv("TZ", "America/New_York", 1);
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    tzset();
    if (setlocale(LC_ALL, "") == NULL) {
        setlocale(LC_ALL, "C.UTF-8");
    }
    play(there, 2000);
    setlocale(LC_ALL, "C");
    assert_memory_equal(here->digest, there->digest, sizeof here->digest);
    free(here);
    free(there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_said),
        cmocka_unit_test(wherever_it_is_evaluated),
    };
    return cmocka_run_group_tests_name("state_property", tests, NULL, NULL);
}
