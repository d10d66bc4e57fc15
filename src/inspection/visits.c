/* Visits: notice, consent or refusal, coming and going, report; read in the order of time. */
#include "inspection/parts.h"

typedef struct visiting {
    ls_inspecting *s;
    const ls_inspection *rule;
    size_t root;
    ls_visit_state *out;
    ls_time notice_ends, latest; /* as noticed; and by when it must, however often it is put off */
    bool silent;                 /* the notice ran out in silence, and no consent came after it */
    size_t consent, put_off;     /* what stands, last: an admission or refusal, a postponement; or LS_NO_POSITION */
} visiting;

static ls_parties party(const visiting *v, unsigned side)
{
    return LS_PARTY_BIT(side == LS_SIDE_OF ? v->rule->of : v->rule->by);
}

/* Stages, and what the clock does to them. */

static ls_time add(const visiting *v, ls_time t, ls_duration d)
{
    return ls_time_add(v->s->c, t, d, 1, true);
}

static ls_time until_consent(const visiting *v)
{
    return v->out->from;
}

/* Who was admitted only when the notice had run out has as long. */
static ls_time until_coming(const visiting *v)
{
    return add(v, ls_later(v->out->from, v->out->since), v->rule->visits.lasts);
}

static ls_time until_report(const visiting *v)
{
    return add(v, v->out->left, v->rule->visits.report);
}

static const struct {
    ls_time (*until)(const visiting *v); /* NULL: no clock runs */
    unsigned who;                        /* has to do something by then; */
    ls_visit_stage otherwise;            /* after it */
    bool before_entry;                   /* nobody came, and somebody may yet */
    bool frozen;                         /* nothing may be moved */
} stages[LS_VISIT_STAGES] = {
    [LS_VISIT_NOTICED] = {until_consent, LS_SIDE_OF, LS_VISIT_REFUSED, true, true},
    [LS_VISIT_ADMITTED] = {until_coming, LS_SIDE_BY, LS_VISIT_FORFEITED, true, true},
    [LS_VISIT_REFUSED] = {NULL, LS_SIDES, LS_VISIT_REFUSED, true, false},
    [LS_VISIT_ENTERED] = {NULL, LS_SIDES, LS_VISIT_ENTERED, false, true},
    [LS_VISIT_LEFT] = {until_report, LS_SIDE_BY, LS_VISIT_UNREPORTED, false, false},
};

static bool is_frozen(const visiting *v)
{
    return stages[v->out->stage].frozen || (v->out->stage == LS_VISIT_REPORTED && v->out->left == LS_TIME_OPEN);
}

static void enter(visiting *v, ls_visit_stage stage, ls_time t)
{
    ls_visit_state *out = v->out;
    bool was = is_frozen(v);
    out->since = stage == out->stage ? out->since : t;
    out->stage = stage;
    if (is_frozen(v) != was) {
        out->frozen_until = was ? t : LS_TIME_OPEN;
    }
}

/* What silence has decided by this time. */
static void pass(visiting *v, ls_time t)
{
    ls_visit_stage stage = v->out->stage;
    ls_time until = stages[stage].until == NULL ? LS_TIME_OPEN : stages[stage].until(v);
    ls_time since = ls_inspecting_default(v->s, until);
    if (since >= t) {
        return;
    }
    v->silent |= stage == LS_VISIT_NOTICED;
    v->out->by_silence = v->silent;
    enter(v, stages[stage].otherwise, ls_later(since, v->out->since));
}

/* Consent. */

/* Puts a fact on top of those of its kind that stand. */
static void put(visiting *v, size_t *top, size_t fact)
{
    v->s->standing[fact].before = *top;
    *top = fact;
}

/* Takes away those on top that were withdrawn. */
static void take_withdrawn(visiting *v, size_t *top)
{
    while (*top != LS_NO_POSITION && v->s->standing[*top].withdrawn) {
        *top = v->s->standing[*top].before;
    }
}

/* The last word that stands decides. */
static void decide(visiting *v, ls_time t)
{
    const ls_inspected *f = v->consent == LS_NO_POSITION ? NULL : &v->s->fact[v->consent];
    bool admitted = f != NULL && f->kind == LS_INSPECTED_ADMIT;
    bool refused = f == NULL ? v->silent : !admitted;
    v->out->admit = admitted ? f : NULL;
    v->out->refusal = f != NULL && !admitted ? f : NULL;
    v->out->limits = admitted ? f->limits : 0;
    v->out->by_silence = v->silent;
    enter(v, admitted ? LS_VISIT_ADMITTED : refused ? LS_VISIT_REFUSED : LS_VISIT_NOTICED, t);
}

static void take_word(visiting *v, const ls_happening *h)
{
    if (!stages[v->out->stage].before_entry || v->s->standing[h->fact].withdrawn) {
        return;
    }
    v->silent &= v->s->fact[h->fact].kind != LS_INSPECTED_ADMIT;
    put(v, &v->consent, h->fact);
    decide(v, h->time);
}

/* Postponements, while the notice runs. */

static bool notice_runs(const visiting *v, ls_time t)
{
    return stages[v->out->stage].before_entry && t <= v->out->from;
}

static void take_postponement(visiting *v, const ls_happening *h)
{
    ls_time until = v->s->fact[h->fact].until;
    if (v->s->standing[h->fact].withdrawn) {
        return;
    }
    if (!notice_runs(v, h->time) || until <= v->out->from || until > v->latest) {
        v->out->beyond++;
        return;
    }
    put(v, &v->put_off, h->fact);
    v->s->standing[h->fact].had_effect = true;
    v->out->postponed++;
    v->out->from = until;
}

/* What is taken back. */

/* The notice ends as it would have, and no sooner than this is said. */
static void withdraw_postponement(visiting *v, size_t said, ls_time t)
{
    ls_standing *x = &v->s->standing[said];
    if (x->withdrawn || !notice_runs(v, t)) {
        return;
    }
    x->withdrawn = true;
    if (x->had_effect) {
        size_t top = v->put_off;
        v->out->postponed--;
        take_withdrawn(v, &v->put_off);
        ls_time ends = v->put_off == LS_NO_POSITION ? v->notice_ends : v->s->fact[v->put_off].until;
        v->out->from = v->put_off == top ? v->out->from : ls_later(ends, t);
    }
}

static void take_withdrawal(visiting *v, const ls_happening *h)
{
    size_t said = ls_inspecting_referred(v->s, h->fact);
    bool own = said != LS_NO_POSITION && v->s->fact[said].by == v->s->fact[h->fact].by;
    if (!own || !stages[v->out->stage].before_entry) {
        return;
    }
    if (said == v->root) {
        enter(v, LS_VISIT_WITHDRAWN, h->time);
    } else if (v->s->fact[said].kind == LS_INSPECTED_POSTPONE) {
        withdraw_postponement(v, said, h->time);
    } else if (v->s->fact[said].kind == LS_INSPECTED_REFUSE) {
        v->s->standing[said].withdrawn = true;
        take_withdrawn(v, &v->consent);
        decide(v, h->time);
    }
}

/* The visit itself. */

/* Who has refused says by an admission that they may come after all, and not by the word that they came. */
static void take_entry(visiting *v, const ls_happening *h)
{
    ls_visit_state *out = v->out;
    unsigned side = ls_inspecting_side(v->rule, &v->s->fact[h->fact]);
    bool may = out->stage != LS_VISIT_REFUSED || side == LS_SIDE_BY;
    if (stages[out->stage].before_entry && may) {
        out->entered = h->time;
        out->by_silence = false;
        out->entered_early = h->time < out->from;
        enter(v, LS_VISIT_ENTERED, h->time);
    }
}

static void take_departure(visiting *v, const ls_happening *h)
{
    ls_visit_state *out = v->out;
    if (out->stage == LS_VISIT_ENTERED) {
        out->left = h->time;
        enter(v, LS_VISIT_LEFT, h->time);
    } else if (out->stage == LS_VISIT_REPORTED && out->left == LS_TIME_OPEN) {
        out->left = out->frozen_until = h->time;
    }
}

/* A report says how a visit went only where there was one. */
static void take_report(visiting *v, const ls_happening *h)
{
    ls_visit_stage stage = v->out->stage;
    if (stage == LS_VISIT_ENTERED || stage == LS_VISIT_LEFT || stage == LS_VISIT_UNREPORTED) {
        enter(v, LS_VISIT_REPORTED, h->time);
    }
}

/* What each kind of act does, and whose it is to say. */
static const struct {
    void (*take)(visiting *v, const ls_happening *h);
    bool says[LS_SIDES];
} kinds[LS_INSPECTED_KINDS] = {
    [LS_INSPECTED_ADMIT] = {take_word, {[LS_SIDE_OF] = true}},
    [LS_INSPECTED_REFUSE] = {take_word, {[LS_SIDE_OF] = true}},
    [LS_INSPECTED_POSTPONE] = {take_postponement, {[LS_SIDE_OF] = true}},
    [LS_INSPECTED_WITHDRAW] = {take_withdrawal, {true, true}},
    [LS_INSPECTED_ENTER] = {take_entry, {true, true}},
    [LS_INSPECTED_LEAVE] = {take_departure, {true, true}},
    [LS_INSPECTED_REPORT] = {take_report, {[LS_SIDE_BY] = true}},
};

static void take(visiting *v, const ls_happening *h)
{
    const ls_inspected *f = &v->s->fact[h->fact];
    unsigned side = ls_inspecting_side(v->rule, f);
    pass(v, h->time);
    if (side < LS_SIDES && kinds[f->kind].says[side]) {
        kinds[f->kind].take(v, h);
    }
}

/* It goes on from a visit that the inspectors are at. */
static bool goes_on(const visiting *v)
{
    size_t from = ls_inspecting_referred(v->s, v->root);
    const ls_inspected *f = from == LS_NO_POSITION ? NULL : &v->s->fact[from];
    bool visit = f != NULL && f->kind == LS_INSPECTED_VISIT && ls_inspecting_counts(v->s, from);
    if (!visit || !ls_bytes_equal(f->rule->id, v->rule->id)) {
        return false;
    }
    const ls_visit_state *x = &v->s->out->visit[v->s->number[from]];
    ls_time noticed = v->s->time[v->root];
    return x->entered <= noticed && noticed < x->left;
}

static void begin(visiting *v, ls_time noticed)
{
    const ls_visit_rule *rule = &v->rule->visits;
    ls_visit_state *out = v->out;
    *out = (ls_visit_state){.visit = &v->s->fact[v->root],
                            .since = noticed,
                            .deadline = LS_TIME_OPEN,
                            .entered = LS_TIME_OPEN,
                            .left = LS_TIME_OPEN,
                            .frozen_until = LS_TIME_OPEN,
                            .repeated = goes_on(v)};
    v->notice_ends = out->from = add(v, noticed, out->repeated ? rule->repeat : rule->notice);
    v->latest = rule->postpone.count == 0 ? out->from : ls_earlier(add(v, out->from, rule->postpone), LS_TIME_MAX);
}

void ls_inspecting_visit(ls_inspecting *s, size_t root, ls_visit_state *out)
{
    const ls_inspected *f = &s->fact[root];
    visiting v = {
        .s = s, .rule = f->rule, .root = root, .out = out, .consent = LS_NO_POSITION, .put_off = LS_NO_POSITION};
    begin(&v, s->time[root]);
    if (ls_inspecting_is_beyond(s, root)) {
        enter(&v, LS_VISIT_BEYOND, s->time[root]);
        return;
    }
    size_t count = ls_inspecting_list(s, root, s->q->accord->known);
    ls_inspecting_dates(s, f, s->time[root], count);
    count = ls_inspecting_sort(s, count);
    for (size_t i = 0; i < count; i++) {
        take(&v, &s->happening[i]);
    }
    pass(&v, s->q->accord->at);
    if (stages[out->stage].until != NULL) {
        out->deadline = stages[out->stage].until(&v);
        out->awaited = party(&v, stages[out->stage].who);
    } else if (out->stage == LS_VISIT_UNREPORTED) {
        out->deadline = until_report(&v);
        out->awaited = party(&v, LS_SIDE_BY);
    }
}
