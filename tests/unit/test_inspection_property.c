/*
 * What holds for every inspection, whatever is said: random clauses, and random acts about them.
 *
 * Deterministic. On failure the history is printed; LOCKSTEP_SEED begins with another seed, LOCKSTEP_SEQUENCES sets how
 * many histories are played (10,000 if left out), LOCKSTEP_ACTS how many acts the long records have (100,000).
 */
#include "accord/time.h"
#include "fixture/inspected.h"
#include "sequences.h"
#include "vectors.h"
#include <string.h>
#include <time.h>

#define ACTS 28
#define TIMES 10
#define DAY 86400
#define SECONDS                                                                                                        \
    20 /* of processor time for a long record: a hundred times what it takes, and far less than its square */

typedef struct world {
    uint64_t seed, random;
    ls_charter charter;
    ls_arena arena;
    ls_roadmap roadmap;
    ls_fact use[ACTS];
    ls_inspected fact[ACTS];
    ls_time time[ACTS + 1];
    size_t count, use_count, move; /* the last: the next one often follows in the list */
    ls_time said;                  /* all of it */
    bool dates;                    /* days are claimed */
    bool receipts;                 /* ledger times are not in the order of the ledger */
    unsigned long seen_draws[LS_DRAW_STAGES], seen_visits[LS_VISIT_STAGES], seen_challenges[LS_CHALLENGE_STAGES];
} world;

static uint64_t below(world *w, uint64_t n)
{
    return next_random(&w->random) % n;
}

static bool one_in(world *w, uint64_t n)
{
    return below(w, n) == 0;
}

static const char *length(world *w)
{
    static const char *const lengths[] = {"2 hours", "36 hours", "1 day", "3 days", "1 week"};
    return lengths[below(w, 5)];
}

static void next_clause(world *w)
{
    ls_buf b = {0};
    ls_buf_format(&b, "    draws: {right: rounds, rows: 8, replacements: %u, commit: %s, reveal: %s, open: %s}\n",
                  (unsigned)below(w, 4), length(w), length(w), length(w));
    ls_buf_format(&b, "    visits: {%snotice: 1 week, repeat: 2 hours, lasts: %s, report: %s%s}\n",
                  one_in(w, 2) ? "right: visits, " : "", length(w), length(w),
                  one_in(w, 2) ? ", postpone: 1 week" : "");
    ls_buf_format(&b,
                  "    challenges: {right: challenges, radius: 1 km, areas: touch, without-coordinates: are covered, ");
    ls_buf_format(&b, "answer: %s, on-silence: %s%s}\n", length(w), one_in(w, 2) ? "denied" : "visit",
                  one_in(w, 2) ? ", clarify: 1 day" : "");
    ls_arena_free(&w->arena);
    ls_diagnostics d = {.arena = &w->arena};
    w->charter.closing = one_in(w, 2) ? 17 * 3600 : DAY;
    w->charter.grace = one_in(w, 3) ? 0 : DAY;
    w->charter.counts_first_day = one_in(w, 4);
    story_read(&w->charter, inspected_yaml(&w->arena, ls_buf_cstr(&b)), &d, &w->roadmap);
    assert_int_equal(d.errors, 0);
    w->roadmap.inspections[0].visits.notice = one_in(w, 2) ? (ls_duration){24, LS_UNIT_HOURS} : (ls_duration){3, 1};
    ls_buf_free(&b);
}

/* Histories: mostly what follows something that there is, by whom it is to say, in an order that gets somewhere. */

static const struct {
    uint8_t kind, about, by;
} moves[] = {
    {LS_INSPECTED_DRAW, LS_INSPECTED_KINDS, IAEA},      {LS_INSPECTED_COMMIT, LS_INSPECTED_DRAW, DPRK},
    {LS_INSPECTED_COMMIT, LS_INSPECTED_DRAW, IAEA},     {LS_INSPECTED_REVEAL, LS_INSPECTED_DRAW, DPRK},
    {LS_INSPECTED_REVEAL, LS_INSPECTED_DRAW, IAEA},     {LS_INSPECTED_CHOOSE, LS_INSPECTED_DRAW, IAEA},
    {LS_INSPECTED_OPEN, LS_INSPECTED_DRAW, DPRK},       {LS_INSPECTED_REPORT, LS_INSPECTED_DRAW, IAEA},
    {LS_INSPECTED_VISIT, LS_INSPECTED_KINDS, IAEA},     {LS_INSPECTED_VISIT, LS_INSPECTED_VISIT, IAEA},
    {LS_INSPECTED_ADMIT, LS_INSPECTED_VISIT, DPRK},     {LS_INSPECTED_REFUSE, LS_INSPECTED_VISIT, DPRK},
    {LS_INSPECTED_POSTPONE, LS_INSPECTED_VISIT, DPRK},  {LS_INSPECTED_ENTER, LS_INSPECTED_VISIT, IAEA},
    {LS_INSPECTED_ENTER, LS_INSPECTED_VISIT, DPRK},     {LS_INSPECTED_LEAVE, LS_INSPECTED_VISIT, IAEA},
    {LS_INSPECTED_LEAVE, LS_INSPECTED_VISIT, DPRK},     {LS_INSPECTED_REPORT, LS_INSPECTED_VISIT, IAEA},
    {LS_INSPECTED_REPORT, LS_INSPECTED_VISIT, DPRK},    {LS_INSPECTED_CLARIFY, LS_INSPECTED_KINDS, IAEA},
    {LS_INSPECTED_ANSWER, LS_INSPECTED_CLARIFY, DPRK},  {LS_INSPECTED_CHALLENGE, LS_INSPECTED_CLARIFY, IAEA},
    {LS_INSPECTED_DENY, LS_INSPECTED_CHALLENGE, DPRK},  {LS_INSPECTED_OPEN, LS_INSPECTED_CHALLENGE, DPRK},
    {LS_INSPECTED_VISIT, LS_INSPECTED_CHALLENGE, IAEA}, {LS_INSPECTED_REPORT, LS_INSPECTED_CHALLENGE, IAEA},
};

/* One that there is; mostly a recent one. */
static uint32_t choose_ref(world *w, unsigned about)
{
    for (size_t i = w->count; i > 0; i--) {
        if (w->fact[i - 1].kind == about && !one_in(w, 4)) {
            return w->fact[i - 1].index;
        }
    }
    return one_in(w, 2) ? LS_NO_ENTRY : (uint32_t)below(w, ACTS + 2);
}

static void choose_withdrawal(world *w, ls_inspected *f)
{
    f->kind = LS_INSPECTED_WITHDRAW;
    f->ref = 1 + (uint32_t)below(w, w->count + 1);
    if (f->ref <= w->count) {
        f->by = w->fact[f->ref - 1].by;
    }
}

static void use(world *w, const ls_inspected *f)
{
    static const char *const rights[LS_INSPECTED_KINDS] = {
        [LS_INSPECTED_DRAW] = "rounds", [LS_INSPECTED_VISIT] = "visits", [LS_INSPECTED_CHALLENGE] = "challenges"};
    if (rights[f->kind] == NULL || (f->kind == LS_INSPECTED_VISIT && w->roadmap.inspections[0].visits.right < 0)) {
        return;
    }
    unsigned right = (unsigned)ls_roadmap_right(&w->roadmap, ls_bytes_str(rights[f->kind])) & 1023;
    w->use[w->use_count++] = (ls_fact){.amount = LS_QUANTITY_NONE,
                                       .index = f->index,
                                       .ref = LS_NO_ENTRY,
                                       .day = LS_NO_DAY,
                                       .kind = LS_FACT_USE,
                                       .by = f->by & 31u,
                                       .party = f->by & 31u,
                                       .subject = right,
                                       .detail = LS_NO_DETAIL};
}

static void say(world *w, ls_time at)
{
    size_t count = sizeof moves / sizeof *moves, m = one_in(w, 2) ? (w->move + 1) % count : below(w, count);
    w->move = m;
    ls_inspected f = {.rule = &w->roadmap.inspections[0], .index = (uint32_t)w->count + 1, .day = LS_NO_DAY};
    f.kind = moves[m].kind;
    f.by = one_in(w, 20) ? (uint8_t)below(w, STORY_PARTIES) : moves[m].by;
    f.ref = choose_ref(w, moves[m].about);
    f.finding = (uint8_t)below(w, 3);
    f.rows = one_in(w, 40) ? UINT64_MAX : 1 + below(w, 10);
    f.spare = one_in(w, 40) ? UINT64_MAX : below(w, 4);
    f.until = one_in(w, 40) ? (ls_time)next_random(&w->random) : at + (ls_time)below(w, 6 * DAY);
    f.limits = (uint16_t)below(w, 4);
    if (w->dates && one_in(w, 2)) {
        f.day = (int32_t)(at / DAY) + 1 - (int32_t)below(w, 4);
    }
    if (one_in(w, 8)) {
        choose_withdrawal(w, &f);
    }
    use(w, &f);
    w->fact[w->count++] = f;
    w->time[w->count] = one_in(w, 30) ? LS_TIME_NONE : w->receipts && one_in(w, 3) ? at - DAY : at;
}

static void next_history(world *w)
{
    ls_time t = story_time(STORY_SIGNED) + (ls_time)below(w, DAY);
    w->random = ++w->seed * 0x9e3779b97f4a7c15u;
    next_clause(w);
    w->count = w->use_count = 0;
    w->dates = one_in(w, 2);
    w->receipts = one_in(w, 4);
    while (w->count < ACTS) {
        say(w, t);
        t += one_in(w, 3) ? 0 : (ls_time)below(w, one_in(w, 6) ? 10 * DAY : DAY);
    }
    w->said = t;
}

/* Evaluation. */

typedef struct view {
    ls_arena arena;
    ls_accord_state accord;
    ls_inspection_state state;
    ls_inspection_duty *duty;
    size_t duty_count;
} view;

static ls_time time_of(const void *context, uint32_t index)
{
    return ((const ls_time *)context)[index];
}

static void evaluate(const world *w, const ls_inspected *fact, size_t count, ls_time at, ls_time known, view *out)
{
    ls_facts uses = {w->use, w->use_count, time_of, w->time};
    ls_inspecteds facts = {fact, count, time_of, w->time};
    ls_state_query accord = {.roadmap = &w->roadmap,
                             .charter = &w->charter,
                             .signed_at = story_time(STORY_SIGNED),
                             .facts = &uses,
                             .at = at,
                             .known = known};
    ls_inspection_query q = {&accord, &out->accord, &facts};
    assert_success(ls_state_eval(&accord, &out->arena, &out->accord));
    assert_success(ls_inspection_eval(&q, &out->arena, &out->state));
    assert_success(ls_inspection_duties(&q, &out->state, &out->arena, &out->duty, &out->duty_count));
}

__attribute__((format(printf, 2, 3))) static void refute(const world *w, const char *format, ...)
{
    va_list args;
    char text[512];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_error("LOCKSTEP_SEED=%llu:\n", (unsigned long long)w->seed - 1);
    for (size_t i = 0; i < w->count; i++) {
        const ls_inspected *f = &w->fact[i];
        print_error("%2zu %lld kind %u by %u ref %d day %d finding %u until %lld\n", i + 1, (long long)w->time[i + 1],
                    f->kind, f->by, (int)f->ref, f->day, f->finding, (long long)f->until);
    }
    fail_msg("%s", text);
}

/* All that a state says, as text: facts by their index. */
static void describe(const ls_inspection_state *s, ls_buf *out)
{
#define N(fact) (unsigned)inspected_number(fact)
    for (size_t i = 0; i < s->draw_count; i++) {
        const ls_draw_state *x = &s->draw[i];
        ls_buf_format(out, "draw %u %s %lld %lld %u: %u %u %u %u %u %llu %llu %llu %u\n", N(x->draw),
                      ls_draw_stage_name(x->stage), (long long)x->since, (long long)x->deadline, x->awaited,
                      N(x->commit[0]), N(x->commit[1]), N(x->reveal[0]), N(x->reveal[1]), N(x->choice),
                      (unsigned long long)x->opened, (unsigned long long)x->blank, (unsigned long long)x->to_open,
                      x->late);
    }
    for (size_t i = 0; i < s->visit_count; i++) {
        const ls_visit_state *x = &s->visit[i];
        ls_buf_format(out, "visit %u %s %lld %lld %u: %lld %lld %lld %d%d%d %lld %u %u %u %u %u\n", N(x->visit),
                      ls_visit_stage_name(x->stage), (long long)x->since, (long long)x->deadline, x->awaited,
                      (long long)x->from, (long long)x->entered, (long long)x->left, x->repeated, x->by_silence,
                      x->entered_early, (long long)x->frozen_until, N(x->admit), N(x->refusal), x->limits, x->postponed,
                      x->beyond);
    }
    for (size_t i = 0; i < s->challenge_count; i++) {
        const ls_challenge_state *x = &s->challenge[i];
        ls_buf_format(out, "challenge %u %s %lld %lld %u: %d%d%d %u %u %u\n", N(x->challenge),
                      ls_challenge_stage_name(x->stage), (long long)x->since, (long long)x->deadline, x->awaited,
                      x->by_silence, x->unasked, x->late, N(x->denial), N(x->opening), N(x->refuted_by));
    }
    for (size_t i = 0; i < s->clarification_count; i++) {
        const ls_clarification_state *x = &s->clarification[i];
        ls_buf_format(out, "question %u %u %lld %lld\n", N(x->question), N(x->answer), (long long)x->deadline,
                      (long long)x->withdrawn);
    }
    for (size_t i = 0; i < s->report_count; i++) {
        ls_buf_format(out, "report %u %u\n", N(s->report[i].report), N(s->report[i].contradicts));
    }
#undef N
}

static void same(const world *w, const view *a, const view *b, const char *why)
{
    ls_buf x = {0}, y = {0};
    describe(&a->state, &x);
    describe(&b->state, &y);
    if (strcmp(ls_buf_cstr(&x), ls_buf_cstr(&y)) != 0) {
        fprintf(stderr, "%s--- and:\n%s", ls_buf_cstr(&x), ls_buf_cstr(&y)); /* longer than what cmocka prints */
        refute(w, "%s", why);
    }
    ls_buf_free(&x);
    ls_buf_free(&y);
}

/* What must hold at each time. */

/* The act that began what this one is about, followed back one by one; 0: nothing did. */
static uint32_t begun_by(const world *w, const ls_inspected *f)
{
    while (f->kind != LS_INSPECTED_DRAW && f->kind != LS_INSPECTED_VISIT && f->kind != LS_INSPECTED_CLARIFY &&
           f->kind != LS_INSPECTED_CHALLENGE) {
        if (f->ref == 0 || f->ref >= f->index) {
            return 0;
        }
        f = &w->fact[f->ref - 1];
    }
    return f->index;
}

/* Whether somebody said so by then, about this. */
static bool was_said(const world *w, ls_inspected_kind kind, unsigned by, const ls_inspected *about, ls_time until)
{
    for (size_t i = 0; i < w->count; i++) {
        const ls_inspected *f = &w->fact[i];
        if (f->kind == kind && f->by == by && begun_by(w, f) == about->index && w->time[f->index] <= until) {
            return true;
        }
    }
    return false;
}

static ls_time after(const world *w, ls_time t, ls_duration d)
{
    return ls_time_add(&w->charter, t, d, 1, true);
}

/* A default needs silence, and its time; nothing is drawn without both sides' nonces or a default. */
static void check_draw(const world *w, const ls_draw_state *x, ls_time at)
{
    const ls_draw_rule *rule = &x->draw->rule->draws;
    ls_time begun = w->time[x->draw->index], commit = after(w, begun, rule->commit);
    bool defaulted = x->stage == LS_DRAW_FREE || x->stage == LS_DRAW_FORFEITED || x->choice != NULL;
    bool complete = x->commit[0] != NULL && x->commit[1] != NULL && x->reveal[0] != NULL && x->reveal[1] != NULL;
    bool both = x->commit[0] != NULL && x->commit[1] != NULL;
    const ls_inspected *last = both && x->commit[0]->index > x->commit[1]->index ? x->commit[0] : x->commit[1];
    bool has_result = x->stage == LS_DRAW_DRAWN || x->stage == LS_DRAW_OPENED || x->stage == LS_DRAW_UNOPENED;
    for (unsigned side = 0; side < LS_SIDES; side++) {
        unsigned by = side == LS_SIDE_OF ? DPRK : IAEA;
        if (x->commit[side] != NULL && !was_said(w, LS_INSPECTED_COMMIT, by, x->draw, commit)) {
            refute(w, "draw %u: a commitment too late", x->draw->index);
        }
    }
    if (defaulted && (complete || at <= (both ? after(w, w->time[last->index], rule->reveal) : commit))) {
        refute(w, "draw %u: a default without cause", x->draw->index);
    }
    if (has_result && !complete && x->choice == NULL) {
        refute(w, "draw %u: a result of nothing", x->draw->index);
    }
    if (x->stage == LS_DRAW_CONCLUDED && !was_said(w, LS_INSPECTED_REPORT, IAEA, x->draw, at)) {
        refute(w, "draw %u: concluded without a report", x->draw->index);
    }
    if (x->reveal[1] != NULL && (x->reveal[0] == NULL || x->reveal[0]->index > x->reveal[1]->index)) {
        refute(w, "draw %u: the inspecting side first", x->draw->index);
    }
    if ((x->stage == LS_DRAW_OPENED) != (has_result && x->opened >= x->to_open)) {
        refute(w, "draw %u: opened", x->draw->index);
    }
    if (x->since > at || (x->awaited != 0) != (x->deadline != LS_TIME_OPEN || x->stage == LS_DRAW_FREE)) {
        refute(w, "draw %u: times", x->draw->index);
    }
}

static void check_visit(const world *w, const ls_visit_state *x, ls_time at)
{
    const ls_inspected *v = x->visit;
    bool came = x->entered != LS_TIME_OPEN;
    bool inside = x->stage == LS_VISIT_ENTERED || x->stage == LS_VISIT_LEFT || x->stage == LS_VISIT_REPORTED ||
                  x->stage == LS_VISIT_UNREPORTED;
    if (came != inside || (x->left != LS_TIME_OPEN && (!came || x->left < x->entered)) ||
        (came && x->entered < w->time[v->index])) {
        refute(w, "visit %u: coming and going", v->index);
    }
    if (came && !was_said(w, LS_INSPECTED_ENTER, IAEA, v, at) && !was_said(w, LS_INSPECTED_ENTER, DPRK, v, at) &&
        !w->dates) {
        refute(w, "visit %u: nobody says that they came", v->index);
    }
    if (x->stage == LS_VISIT_REFUSED && x->refusal == NULL && (!x->by_silence || x->from + w->charter.grace >= at)) {
        refute(w, "visit %u: refused by nobody", v->index);
    }
    if (x->refusal != NULL && x->admit != NULL) {
        refute(w, "visit %u: refused and admitted", v->index);
    }
    bool admitted = x->stage == LS_VISIT_ADMITTED || x->stage == LS_VISIT_FORFEITED;
    if (admitted && (x->admit == NULL || !was_said(w, LS_INSPECTED_ADMIT, DPRK, v, at))) {
        refute(w, "visit %u: admitted by nobody", v->index);
    }
    if (x->stage == LS_VISIT_REPORTED && !was_said(w, LS_INSPECTED_REPORT, IAEA, v, at)) {
        refute(w, "visit %u: reported by nobody", v->index);
    }
    if (x->since > at || (x->awaited != 0) != (x->deadline != LS_TIME_OPEN)) {
        refute(w, "visit %u: times", v->index);
    }
    bool lasts = x->stage == LS_VISIT_NOTICED || x->stage == LS_VISIT_ADMITTED || x->stage == LS_VISIT_ENTERED ||
                 (x->stage == LS_VISIT_REPORTED && x->left == LS_TIME_OPEN);
    if ((x->frozen_until == LS_TIME_OPEN) != lasts || (!lasts && x->frozen_until > at)) {
        refute(w, "visit %u: the freeze", v->index);
    }
}

static void check_challenge(const world *w, const ls_challenge_state *x, ls_time at)
{
    bool denied = x->stage == LS_CHALLENGE_DENIED || x->stage == LS_CHALLENGE_REFUTED;
    if (denied && x->denial == NULL && !x->by_silence) {
        refute(w, "challenge %u: denied by nobody", x->challenge->index);
    }
    if (x->denial != NULL && !was_said(w, LS_INSPECTED_DENY, DPRK, x->challenge, at)) {
        refute(w, "challenge %u: a denial too late", x->challenge->index);
    }
    if ((x->stage == LS_CHALLENGE_REFUTED) != (x->refuted_by != NULL) ||
        (x->refuted_by != NULL && x->refuted_by->finding != LS_CONCLUSION_DISCREPANCY)) {
        refute(w, "challenge %u: refuted by nothing", x->challenge->index);
    }
    if (x->since > at || (x->awaited != 0) != (x->stage == LS_CHALLENGE_OPEN)) {
        refute(w, "challenge %u: times", x->challenge->index);
    }
}

static void check_state(world *w, const ls_inspection_state *s, ls_time at)
{
    for (size_t i = 0; i < s->draw_count; i++) {
        w->seen_draws[s->draw[i].stage]++;
        check_draw(w, &s->draw[i], at);
    }
    for (size_t i = 0; i < s->visit_count; i++) {
        w->seen_visits[s->visit[i].stage]++;
        check_visit(w, &s->visit[i], at);
    }
    for (size_t i = 0; i < s->challenge_count; i++) {
        w->seen_challenges[s->challenge[i].stage]++;
        check_challenge(w, &s->challenge[i], at);
    }
}

/* Stages move along these edges, as docs/inspections.md describes them. */

typedef struct edge {
    uint8_t from, to;
} edge;

static const edge draw_edges[] = {
    {LS_DRAW_COMMITTING, LS_DRAW_REVEALING}, {LS_DRAW_COMMITTING, LS_DRAW_FREE},
    {LS_DRAW_COMMITTING, LS_DRAW_FORFEITED}, {LS_DRAW_REVEALING, LS_DRAW_DRAWN},
    {LS_DRAW_REVEALING, LS_DRAW_FREE},       {LS_DRAW_REVEALING, LS_DRAW_FORFEITED},
    {LS_DRAW_FREE, LS_DRAW_DRAWN},           {LS_DRAW_FREE, LS_DRAW_CONCLUDED},
    {LS_DRAW_DRAWN, LS_DRAW_OPENED},         {LS_DRAW_DRAWN, LS_DRAW_UNOPENED},
    {LS_DRAW_DRAWN, LS_DRAW_CONCLUDED},      {LS_DRAW_UNOPENED, LS_DRAW_OPENED},
    {LS_DRAW_UNOPENED, LS_DRAW_CONCLUDED},   {LS_DRAW_OPENED, LS_DRAW_CONCLUDED},
};
static const edge visit_edges[] = {
    {LS_VISIT_NOTICED, LS_VISIT_ADMITTED},    {LS_VISIT_NOTICED, LS_VISIT_REFUSED},
    {LS_VISIT_NOTICED, LS_VISIT_ENTERED},     {LS_VISIT_NOTICED, LS_VISIT_WITHDRAWN},
    {LS_VISIT_ADMITTED, LS_VISIT_REFUSED},    {LS_VISIT_ADMITTED, LS_VISIT_ENTERED},
    {LS_VISIT_ADMITTED, LS_VISIT_FORFEITED},  {LS_VISIT_REFUSED, LS_VISIT_ADMITTED},
    {LS_VISIT_REFUSED, LS_VISIT_NOTICED},     {LS_VISIT_REFUSED, LS_VISIT_ENTERED},
    {LS_VISIT_ENTERED, LS_VISIT_LEFT},        {LS_VISIT_ENTERED, LS_VISIT_REPORTED},
    {LS_VISIT_LEFT, LS_VISIT_REPORTED},       {LS_VISIT_LEFT, LS_VISIT_UNREPORTED},
    {LS_VISIT_UNREPORTED, LS_VISIT_REPORTED},
};
/* Both sides say later that they came in time. */
static const edge dated_edges[] = {
    {LS_VISIT_FORFEITED, LS_VISIT_ENTERED},
    {LS_VISIT_WITHDRAWN, LS_VISIT_ENTERED},
};
static const edge challenge_edges[] = {
    {LS_CHALLENGE_OPEN, LS_CHALLENGE_OPENED},    {LS_CHALLENGE_OPEN, LS_CHALLENGE_DENIED},
    {LS_CHALLENGE_OPEN, LS_CHALLENGE_VISIT_DUE}, {LS_CHALLENGE_OPEN, LS_CHALLENGE_WITHDRAWN},
    {LS_CHALLENGE_DENIED, LS_CHALLENGE_REFUTED}, {LS_CHALLENGE_VISIT_DUE, LS_CHALLENGE_REFUTED},
};

#define STAGES 16
typedef struct graph {
    bool leads[STAGES][STAGES]; /* along one edge or several, or none */
} graph;

#define ADD_EDGES(g, edges) add_edges(g, edges, sizeof(edges) / sizeof(edge))
static void add_edges(graph *g, const edge *edges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g->leads[edges[i].from][edges[i].to] = true;
    }
    for (size_t k = 0; k < STAGES; k++) {
        g->leads[k][k] = true;
        for (size_t i = 0; i < STAGES; i++) {
            for (size_t j = 0; j < STAGES; j++) {
                g->leads[i][j] |= g->leads[i][k] && g->leads[k][j];
            }
        }
    }
}

/* What there was stays there, in the same order, and has moved along the edges. */
static void check_moves(const world *w, const ls_inspection_state *a, const ls_inspection_state *b)
{
    graph draws = {0}, visits = {0}, challenges = {0};
    ADD_EDGES(&draws, draw_edges);
    ADD_EDGES(&visits, visit_edges);
    ADD_EDGES(&visits, dated_edges);
    ADD_EDGES(&challenges, challenge_edges);
    for (size_t i = 0; i < a->draw_count; i++) {
        const ls_draw_state *x = &a->draw[i], *y = &b->draw[i];
        if (i >= b->draw_count || x->draw != y->draw || !draws.leads[x->stage][y->stage]) {
            refute(w, "draw %u: %s, then %s", x->draw->index, ls_draw_stage_name(x->stage),
                   ls_draw_stage_name(y->stage));
        }
    }
    for (size_t i = 0; i < a->visit_count; i++) {
        const ls_visit_state *x = &a->visit[i], *y = &b->visit[i];
        bool ends = x->stage == LS_VISIT_FORFEITED || x->stage == LS_VISIT_WITHDRAWN;
        bool may = visits.leads[x->stage][y->stage] && (w->dates || !ends || x->stage == y->stage);
        if (i >= b->visit_count || x->visit != y->visit || !may) {
            refute(w, "visit %u: %s, then %s", x->visit->index, ls_visit_stage_name(x->stage),
                   ls_visit_stage_name(y->stage));
        }
    }
    for (size_t i = 0; i < a->challenge_count; i++) {
        const ls_challenge_state *x = &a->challenge[i], *y = &b->challenge[i];
        if (i >= b->challenge_count || x->challenge != y->challenge || !challenges.leads[x->stage][y->stage]) {
            refute(w, "challenge %u: %s, then %s", x->challenge->index, ls_challenge_stage_name(x->stage),
                   ls_challenge_stage_name(y->stage));
        }
    }
}

static void check_duties(const world *w, const view *v)
{
    for (size_t i = 0; i < v->duty_count; i++) {
        const ls_inspection_duty *d = &v->duty[i];
        ls_arena arena = {0};
        const char *text = ls_inspection_duty_text(&w->charter, d, &arena);
        if (text == NULL || strstr(text, "(null)") != NULL || (i > 0 && v->duty[i - 1].until > d->until)) {
            refute(w, "duty: %s", text);
        }
        ls_arena_free(&arena);
    }
}

/* One history, at rising times. */

static size_t known_at(const world *w, ls_time t, ls_inspected out[ACTS])
{
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++) {
        if (w->time[i + 1] <= t) {
            out[count++] = w->fact[i];
        }
    }
    return count;
}

static void check_history(world *w)
{
    view views[TIMES] = {0}, other = {0};
    ls_inspected known[ACTS];
    ls_time t = story_time(STORY_SIGNED), last = w->said + 20 * DAY;
    for (size_t i = 0; i < TIMES; i++) {
        t = i + 1 == TIMES ? last : t + (ls_time)below(w, (uint64_t)(last - t) / (TIMES - i) + 1);
        evaluate(w, w->fact, w->count, t, t, &views[i]);
        check_state(w, &views[i].state, t);
        check_duties(w, &views[i]);
        if (i > 0 && !w->receipts) {
            check_moves(w, &views[i - 1].state, &views[i].state);
        }
        evaluate(w, known, known_at(w, t, known), t, t, &other);
        same(w, &views[i], &other, "acts that came later changed what was");
        ls_arena_free(&other.arena);
        if (!w->dates) {
            evaluate(w, w->fact, w->count, t, last + DAY, &other);
            same(w, &views[i], &other, "what was then is another when asked for later");
            ls_arena_free(&other.arena);
        }
    }
    for (size_t i = 0; i < TIMES; i++) {
        ls_arena_free(&views[i].arena);
    }
}

static void whatever_is_said(void **state)
{
    (void)state;
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    story_charter(&w->charter);
    w->seed = number_from("LOCKSTEP_SEED", 0);
    unsigned long histories = sequences_of(10000);
    for (unsigned long i = 0; i < histories; i++) {
        next_history(w);
        check_history(w);
    }
    for (int i = 0; i < LS_DRAW_STAGES && histories >= 1000; i++) {
        print_message("draw %s: %lu\n", ls_draw_stage_name((ls_draw_stage)i), w->seen_draws[i]);
        assert_true(w->seen_draws[i] > 0);
    }
    for (int i = 0; i < LS_VISIT_STAGES && histories >= 1000; i++) {
        print_message("visit %s: %lu\n", ls_visit_stage_name((ls_visit_stage)i), w->seen_visits[i]);
        assert_true(w->seen_visits[i] > 0);
    }
    for (int i = 0; i < LS_CHALLENGE_STAGES && histories >= 1000; i++) {
        print_message("challenge %s: %lu\n", ls_challenge_stage_name((ls_challenge_stage)i), w->seen_challenges[i]);
        assert_true(w->seen_challenges[i] > 0);
    }
    ls_arena_free(&w->arena);
    free(w);
}

/* Long records: what somebody could file to make others wait. */

typedef struct mass {
    ls_inspected *fact;
    size_t count;
    const ls_inspection *rule;
} mass;

static ls_inspected *put(mass *m, ls_inspected_kind kind, unsigned by, size_t ref)
{
    ls_inspected *f = &m->fact[m->count];
    *f = (ls_inspected){.rule = m->rule, .index = (uint32_t)++m->count, .kind = (uint8_t)kind, .by = (uint8_t)by};
    f->ref = ref == 0 ? LS_NO_ENTRY : (uint32_t)ref;
    f->day = LS_NO_DAY;
    return f;
}

static ls_time a_second_each(const void *context, uint32_t index)
{
    (void)context;
    return story_time(STORY_SIGNED) + index;
}

/* The last first: those that came before stand again, one by one. */
static void refusals(mass *m, size_t n)
{
    put(m, LS_INSPECTED_VISIT, IAEA, 0);
    for (size_t i = 0; i < n / 2; i++) {
        put(m, LS_INSPECTED_REFUSE, DPRK, 1);
    }
    for (size_t i = n / 2; i > 0; i--) {
        put(m, LS_INSPECTED_WITHDRAW, DPRK, i + 1);
    }
}

static void postponements(mass *m, size_t n)
{
    put(m, LS_INSPECTED_VISIT, IAEA, 0);
    ls_time ends = a_second_each(NULL, 1) + DAY;
    for (size_t i = 0; i < n / 2; i++) {
        put(m, LS_INSPECTED_POSTPONE, DPRK, 1)->until = ends + 1 + (ls_time)(i % (3 * DAY));
    }
    for (size_t i = n / 2; i > 0; i--) {
        put(m, LS_INSPECTED_WITHDRAW, DPRK, i + 1);
    }
}

/* Alternating claims that never agree. */
static void claims(mass *m, size_t n)
{
    put(m, LS_INSPECTED_VISIT, IAEA, 0);
    for (size_t i = 0; i < n; i++) {
        put(m, LS_INSPECTED_ENTER, i % 2 ? DPRK : IAEA, 1)->day = (int32_t)i;
    }
}

static void chain_of_visits(mass *m, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        put(m, LS_INSPECTED_VISIT, IAEA, i == 0 ? 0 : 2 * i - 1);
        put(m, LS_INSPECTED_ENTER, IAEA, 2 * i + 1);
    }
}

static void draws(mass *m, size_t n)
{
    for (size_t i = 0; i < n / 5; i++) {
        put(m, LS_INSPECTED_DRAW, IAEA, 0)->rows = 1;
        for (size_t k = 0; k < 4; k++) {
            put(m, k < 2 ? LS_INSPECTED_COMMIT : LS_INSPECTED_REVEAL, k % 2 ? IAEA : DPRK, 5 * i + 1);
        }
    }
}

static void openings(mass *m, size_t n)
{
    put(m, LS_INSPECTED_DRAW, IAEA, 0)->rows = n;
    for (size_t k = 0; k < 4; k++) {
        put(m, k < 2 ? LS_INSPECTED_COMMIT : LS_INSPECTED_REVEAL, k % 2 ? IAEA : DPRK, 1);
    }
    for (size_t i = 0; i < n; i++) {
        put(m, LS_INSPECTED_OPEN, DPRK, 1)->rows = 1;
    }
}

static void choices(mass *m, size_t n)
{
    put(m, LS_INSPECTED_DRAW, IAEA, 0)->rows = 1;
    for (size_t i = 0; i < n; i++) {
        put(m, i == 0 ? LS_INSPECTED_COMMIT : LS_INSPECTED_CHOOSE, IAEA, 1);
    }
}

static void reports(mass *m, size_t n)
{
    put(m, LS_INSPECTED_CHALLENGE, IAEA, 0);
    put(m, LS_INSPECTED_VISIT, IAEA, 1);
    for (size_t i = 0; i < n; i++) {
        put(m, LS_INSPECTED_REPORT, i % 2 ? DPRK : IAEA, 1 + i % 2)->finding = (uint8_t)(i % 3);
    }
}

static void questions(mass *m, size_t n)
{
    put(m, LS_INSPECTED_CLARIFY, IAEA, 0);
    for (size_t i = 0; i < n; i++) {
        put(m, LS_INSPECTED_CHALLENGE, IAEA, 1);
    }
}

static void visits_of_challenges(mass *m, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        put(m, LS_INSPECTED_CHALLENGE, IAEA, 0);
    }
    for (size_t i = 0; i < n / 2; i++) {
        put(m, LS_INSPECTED_VISIT, IAEA, i + 1);
    }
}

static void long_records(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*make)(mass *m, size_t n);
    } kinds[] = {
        {"refusals", refusals},   {"postponements", postponements}, {"claims", claims},   {"visits", chain_of_visits},
        {"draws", draws},         {"openings", openings},           {"choices", choices}, {"reports", reports},
        {"questions", questions}, {"places", visits_of_challenges}};
    size_t n = number_from("LOCKSTEP_ACTS", 100000);
    inspected *x = inspected_begin(NULL);
    ls_right_state no_quota[3] = {0};
    x->accord.right = no_quota;
    mass m = {.fact = calloc(n + 8, sizeof *m.fact), .rule = &x->roadmap.inspections[0]};
    assert_non_null(m.fact);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        m.count = 0;
        kinds[i].make(&m, n);
        ls_inspecteds facts = {m.fact, m.count, a_second_each, NULL};
        ls_time at = a_second_each(NULL, (uint32_t)m.count);
        ls_state_query accord = {.roadmap = &x->roadmap, .charter = &x->charter, .at = at, .known = at};
        ls_inspection_query q = {&accord, &x->accord, &facts};
        ls_inspection_state s;
        ls_inspection_duty *duty;
        size_t duties;
        clock_t start = clock();
        assert_success(ls_inspection_eval(&q, &x->scratch, &s));
        assert_success(ls_inspection_duties(&q, &s, &x->scratch, &duty, &duties));
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        print_message("%zu acts, %s: %.3f s\n", m.count, kinds[i].name, seconds);
        assert_true(seconds < SECONDS);
        ls_arena_free(&x->scratch);
    }
    free(m.fact);
    inspected_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_said),
        cmocka_unit_test(long_records),
    };
    return cmocka_run_group_tests_name("inspection_property", tests, NULL, NULL);
}
