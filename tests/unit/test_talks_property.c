/*
 * Random talks, against a model of docs/talks.md; and long ones, in time that grows with their length.
 *
 * Deterministic. On failure the history is printed; LOCKSTEP_SEED begins with another seed, LOCKSTEP_SEQUENCES sets how
 * many histories are played (20,000 if left out), LOCKSTEP_ACTS how many acts the long ones have (300,000).
 */
#include "sequences.h"
#include "talks_model.h"
#include <time.h>

#define SECONDS 20 /* of processor time for a long record: far more than it takes, and far less than its square */

typedef struct world {
    talking *x;
    uint64_t seed, random;
    bool receipts; /* ledger times are not in the order of the ledger */
    unsigned long seen_proposals[LS_PROPOSAL_STAGES], seen_meetings[LS_MEETING_STAGES],
        seen_statements[LS_STATEMENT_STAGES], untold, beyond, late;
} world;

static uint64_t below(world *w, uint64_t n)
{
    return next_random(&w->random) % n;
}

static bool one_in(world *w, uint64_t n)
{
    return below(w, n) == 0;
}

static ls_parties some(world *w, unsigned but)
{
    ls_parties set = 0;
    while (set == 0) {
        set = (ls_parties)below(w, 1 << TALKING_PARTIES) & ~(but < 32 ? LS_PARTY_BIT(but) : 0);
    }
    return set;
}

/* What follows what, so that histories get somewhere; about: what it begins, or LS_TALK_KINDS. */
static const struct {
    uint8_t kind, about;
} moves[] = {
    {LS_TALK_LETTER, LS_TALK_KINDS},    {LS_TALK_LETTER, LS_TALK_LETTER},   {LS_TALK_PROPOSE, LS_TALK_KINDS},
    {LS_TALK_PROPOSE, LS_TALK_PROPOSE}, {LS_TALK_ACCEPT, LS_TALK_PROPOSE},  {LS_TALK_ACCEPT, LS_TALK_PROPOSE},
    {LS_TALK_DECLINE, LS_TALK_PROPOSE}, {LS_TALK_MEET, LS_TALK_KINDS},      {LS_TALK_APPOINT, LS_TALK_KINDS},
    {LS_TALK_APPOINT, LS_TALK_PROPOSE}, {LS_TALK_APPOINT, LS_TALK_MEET},    {LS_TALK_ACCEPT, LS_TALK_MEET},
    {LS_TALK_ACCEPT, LS_TALK_MEET},     {LS_TALK_ACCEPT, LS_TALK_MEET},     {LS_TALK_DECLINE, LS_TALK_MEET},
    {LS_TALK_DEFER, LS_TALK_MEET},      {LS_TALK_DEFER, LS_TALK_APPOINT},   {LS_TALK_ACCEPT, LS_TALK_APPOINT},
    {LS_TALK_CANCEL, LS_TALK_MEET},     {LS_TALK_HOLD, LS_TALK_MEET},       {LS_TALK_HOLD, LS_TALK_APPOINT},
    {LS_TALK_MINUTES, LS_TALK_MEET},    {LS_TALK_DEBRIEF, LS_TALK_MEET},    {LS_TALK_DEBRIEF, LS_TALK_LETTER},
    {LS_TALK_DEBRIEF, LS_TALK_DEBRIEF}, {LS_TALK_DEBRIEF, LS_TALK_DEBRIEF}, {LS_TALK_GROUP, LS_TALK_KINDS},
    {LS_TALK_ENLIST, LS_TALK_GROUP},    {LS_TALK_QUIT, LS_TALK_GROUP},      {LS_TALK_GROUP_REPORT, LS_TALK_GROUP},
    {LS_TALK_PLEDGE, LS_TALK_KINDS},    {LS_TALK_DEMAND, LS_TALK_KINDS},    {LS_TALK_CLAIM, LS_TALK_KINDS},
    {LS_TALK_REDEEM, LS_TALK_PLEDGE},   {LS_TALK_REDEEM, LS_TALK_DEMAND},   {LS_TALK_AGENDA, LS_TALK_MEET},
    {LS_TALK_READOUT, LS_TALK_MEET},    {LS_TALK_READOUT, LS_TALK_APPOINT},
};

/* Of what there is mostly a recent one; now and then anything. */
static uint32_t choose_ref(world *w, unsigned about)
{
    if (about == LS_TALK_KINDS) {
        return LS_NO_ENTRY;
    }
    for (size_t i = w->x->count; i > 0; i--) {
        if (w->x->fact[i - 1].kind == about && !one_in(w, 3)) {
            return (uint32_t)i;
        }
    }
    return one_in(w, 4) ? (uint32_t)below(w, ACTS_MAX) : LS_NO_ENTRY;
}

/* By one who may, mostly. */
static uint8_t choose_party(world *w, uint32_t ref)
{
    uint8_t p = (uint8_t)below(w, TALKING_PARTIES);
    const ls_talk *to = ref >= 1 && ref <= w->x->count ? &w->x->fact[ref - 1] : NULL;
    for (int tries = 0; tries < 8 && to != NULL && (ls_talk_involved(to) >> p & 1) == 0; tries++) {
        p = (uint8_t)below(w, TALKING_PARTIES);
    }
    return p;
}

static void say(world *w, ls_time now)
{
    talking *x = w->x;
    ls_talk t = talking_blank();
    size_t move = below(w, sizeof moves / sizeof *moves);
    t.kind = moves[move].kind;
    t.ref = choose_ref(w, moves[move].about);
    t.by = t.kind == LS_TALK_APPOINT || t.kind == LS_TALK_MINUTES ? LS_TALK_JOINT : choose_party(w, t.ref);
    t.to = some(w, t.by);
    if (t.by == LS_TALK_JOINT && t.ref >= 1 && t.ref <= x->count && one_in(w, 2)) {
        t.to = ls_talk_involved(&x->fact[t.ref - 1]);
    }
    t.pass_to = one_in(w, 2) ? (ls_parties)below(w, 1 << TALKING_PARTIES) : 0;
    t.pass_public = one_in(w, 5);
    t.of = one_in(w, 3) ? (uint8_t)below(w, TALKING_PARTIES) : LS_TALK_JOINT;
    t.due = one_in(w, 2) ? (int32_t)below(w, 30) : LS_NO_DAY;
    bool lapses = t.kind == LS_TALK_PROPOSE || one_in(w, 2);
    t.until = lapses ? now + (ls_time)below(w, 6) * DAY / 2 : LS_TIME_OPEN;
    t.name = ls_bytes_str(one_in(w, 2) ? "one" : "other");
    t.word = (uint8_t)below(w, 3);
    t.group = one_in(w, 4) ? choose_ref(w, LS_TALK_GROUP) : LS_NO_ENTRY;
    if (x->count > 0 && one_in(w, 4)) { /* takes something back, now and then another's */
        t.kind = LS_TALK_WITHDRAW;
        t.ref = one_in(w, 2) ? (uint32_t)x->count : 1 + (uint32_t)below(w, x->count);
        t.by = one_in(w, 10) || x->fact[t.ref - 1].by == LS_TALK_JOINT ? (uint8_t)below(w, TALKING_PARTIES)
                                                                       : x->fact[t.ref - 1].by;
    }
    t.index = (uint32_t)x->count + 1;
    t.seen = one_in(w, 3) ? (uint32_t)below(w, t.index) + 1 : t.index;
    x->fact[x->count++] = t;
    x->time[t.index] = one_in(w, 12)                 ? LS_TIME_NONE
                       : one_in(w, 12)               ? LS_TIME_OPEN
                       : w->receipts && one_in(w, 4) ? now - (ls_time)below(w, 2 * DAY)
                                                     : now;
}

static void play(world *w)
{
    size_t acts = 4 + below(w, ACTS_MAX - 4);
    ls_time now = 100 * DAY;
    w->x->count = 0;
    w->receipts = one_in(w, 2);
    w->x->charter.grace = one_in(w, 3) ? 0 : DAY;
    for (size_t i = 0; i < acts; i++) {
        now += one_in(w, 3) ? 0 : (ls_time)below(w, 6) * DAY / 4;
        say(w, now);
    }
}

/* Failures. */

__attribute__((format(printf, 2, 3))) static void refute(const world *w, const char *format, ...)
{
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    for (size_t i = 0; i < w->x->count; i++) {
        const ls_talk *t = &w->x->fact[i];
        print_message("%2u %8lld by %3u kind %2u ref %2d to %x of %u due %d until %lld pass %x%s\n", t->index,
                      (long long)w->x->time[t->index], t->by, t->kind, (int)t->ref, t->to, t->of, t->due,
                      (long long)t->until, t->pass_to, t->pass_public ? " public" : "");
    }
    fail_msg("seed %llu, at %lld as known %lld: %s", (unsigned long long)w->seed, (long long)w->x->query.at,
             (long long)w->x->query.known, what);
}

static void same(const world *w, const char *what, uint32_t index, const char *stage, ls_time since,
                 const char *expected, ls_time expected_since)
{
    if (strcmp(stage, expected) != 0 || since != expected_since) {
        refute(w, "%s %u: %s since %lld, and by the model %s since %lld", what, index, stage, (long long)since,
               expected, (long long)expected_since);
    }
}

static ls_parties those(const word said[TALKING_PARTIES], word w)
{
    ls_parties set = 0;
    for (unsigned i = 0; i < TALKING_PARTIES; i++) {
        set |= said[i] == w ? LS_PARTY_BIT(i) : 0;
    }
    return set;
}

/* Comparing. */

static void compare_proposal(world *w, const model *m, const ls_proposal_state *p)
{
    model_proposal x = model_of_proposal(m, p->proposal);
    uint32_t n = p->proposal->index;
    same(w, "proposal", n, ls_proposal_stage_name(p->stage), p->since, x.stage, x.since);
    if (p->accepted != those(x.said, ACCEPTS) || p->declined != those(x.said, DECLINES) ||
        p->countered != those(x.said, COUNTERS) || p->late != x.late) {
        refute(w, "proposal %u: words", n);
    }
    ls_parties awaited = strcmp(x.stage, "open") == 0 ? p->proposal->to & those(x.said, NO_WORD) : 0;
    if (p->awaited != awaited) {
        refute(w, "proposal %u: awaited %x, not %x", n, p->awaited, awaited);
    }
    w->seen_proposals[p->stage]++;
    w->late += x.late != 0;
}

static void compare_meeting(world *w, const model *m, const ls_meeting_state *s)
{
    model_meeting x = model_of_meeting(m, s->meeting);
    uint32_t n = s->meeting->index;
    const model_date *d = model_now(&x);
    same(w, "meeting", n, ls_meeting_stage_name(s->stage), s->since, x.stage, x.since);
    if (s->accepted != those(d->said, ACCEPTS) || s->declined != those(d->said, DECLINES) || s->late != x.late ||
        s->unaware != x.unaware) {
        refute(w, "meeting %u: words", n);
    }
    if (s->dated_by != d->set_by || s->due != d->set_by->due) {
        refute(w, "meeting %u: date", n);
    }
    ls_parties held = model_sayers(m, x.held) | x.minutes, off = model_sayers(m, x.off);
    if (s->held_by != held || s->cancelled_by != off || s->disputed != (held != 0 && (off & ~held) != 0)) {
        refute(w, "meeting %u: by whose word", n);
    }
    bool waits = strcmp(x.stage, "planned") == 0 || strcmp(x.stage, "postponed") == 0;
    ls_parties awaited = waits ? model_asked(s->meeting, d) & those(d->said, NO_WORD) : 0;
    if (s->awaited != awaited) {
        refute(w, "meeting %u: awaited %x, not %x", n, s->awaited, awaited);
    }
    w->seen_meetings[s->stage]++;
}

static void compare_debriefing(world *w, const model *m, const ls_debriefing_state *s)
{
    model_telling x = model_of_debriefing(m, s->debriefing);
    if (s->untold != x.untold || s->beyond != x.beyond || s->pass_beyond != x.pass_beyond ||
        s->public_beyond != x.public_beyond || (s->against == NULL ? 0 : s->against->index) != x.against) {
        refute(w, "debriefing %u: told %x, lets %x be told, not %x and %x", s->debriefing->index, s->beyond,
               s->pass_beyond, x.beyond, x.pass_beyond);
    }
    w->untold += x.untold;
    w->beyond += x.beyond != 0;
}

static void compare_group(const world *w, const model *m, const ls_group_state *s)
{
    model_group x = model_of_group(m, s->group);
    if (s->members != x.members || s->left != x.left || s->reports != x.reports ||
        s->invited != (s->group->to & ~(x.members | x.left))) {
        refute(w, "group %u", s->group->index);
    }
}

static void compare_rest(world *w, const model *m, const ls_talks_state *s)
{
    for (size_t i = 0; i < s->statement_count; i++) {
        const ls_statement_state *x = &s->statement[i];
        model_statement y = model_of_statement(m, x->said);
        same(w, "statement", x->said->index, ls_statement_stage_name(x->stage), x->since, y.stage, y.since);
        if (x->late != y.late) {
            refute(w, "statement %u: late", x->said->index);
        }
        w->seen_statements[x->stage]++;
    }
    for (size_t i = 0; i < s->letter_count; i++) {
        if (s->letter[i].answers != model_answered(m, s->letter[i].letter)) {
            refute(w, "letter %u", s->letter[i].letter->index);
        }
    }
    for (size_t i = 0; i < s->group_count; i++) {
        compare_group(w, m, &s->group[i]);
    }
    for (size_t i = 0; i < s->debriefing_count; i++) {
        compare_debriefing(w, m, &s->debriefing[i]);
    }
}

/* Everything that the model finds there is listed. */
static void compare_counts(const world *w, const model *m, const ls_talks_state *s)
{
    size_t count[LS_TALK_KINDS] = {0};
    for (size_t i = 0; i < m->count; i++) {
        const ls_talk *t = &m->fact[i], *root = model_root(m, t);
        bool fits = t->kind != LS_TALK_READOUT || (root != NULL && model_is_meeting(root));
        count[t->kind] += root != NULL && model_there(m, root) && model_there(m, t) && fits;
    }
    size_t meetings = count[LS_TALK_MEET] + count[LS_TALK_APPOINT];
    size_t statements = count[LS_TALK_PLEDGE] + count[LS_TALK_DEMAND] + count[LS_TALK_CLAIM];
    if (s->letter_count != count[LS_TALK_LETTER] || s->proposal_count != count[LS_TALK_PROPOSE] ||
        s->meeting_count != meetings || s->group_count != count[LS_TALK_GROUP] || s->statement_count != statements ||
        s->debriefing_count != count[LS_TALK_DEBRIEF] || s->readout_count != count[LS_TALK_READOUT]) {
        refute(w, "counts");
    }
}

static void compare(world *w, ls_time at, ls_time known)
{
    const ls_talks_state *s = as_known(w->x, at, known);
    const model m = {w->x->fact, w->x->time, w->x->count, at, known, w->x->charter.grace};
    ls_talks_duty *duty;
    size_t count;
    compare_counts(w, &m, s);
    for (size_t i = 0; i < s->proposal_count; i++) {
        compare_proposal(w, &m, &s->proposal[i]);
    }
    for (size_t i = 0; i < s->meeting_count; i++) {
        compare_meeting(w, &m, &s->meeting[i]);
    }
    compare_rest(w, &m, s);
    assert_success(ls_talks_duties(&w->x->query, s, &w->x->arena, &duty, &count));
}

static void test_random_talks(void **state)
{
    (void)state;
    world w = {.x = talking_begin()};
    unsigned long histories = sequences_of(20000), first = number_from("LOCKSTEP_SEED", 1);
    for (unsigned long i = 0; i < histories; i++) {
        w.seed = w.random = first + i;
        play(&w);
        for (int k = 0; k < 3; k++) {
            ls_time at = 100 * DAY + (ls_time)below(&w, 60 * DAY), known = one_in(&w, 2) ? at : at + DAY * 5;
            compare(&w, at, one_in(&w, 6) ? at - DAY * 3 : known);
        }
    }
    /* The histories get everywhere. */
    for (size_t i = 0; i < LS_PROPOSAL_STAGES; i++) {
        assert_true(w.seen_proposals[i] > 0 || histories < 20000);
    }
    for (size_t i = 0; i < LS_MEETING_STAGES; i++) {
        assert_true(w.seen_meetings[i] > 0 || histories < 20000);
    }
    for (size_t i = 0; i < LS_STATEMENT_STAGES; i++) {
        assert_true(w.seen_statements[i] > 0 || histories < 20000);
    }
    assert_true((w.untold > 0 && w.beyond > 0 && w.late > 0) || histories < 20000);
    talking_end(w.x);
}

/* Hostile lengths. */

typedef struct longer {
    ls_talk *fact;
    size_t count;
} longer;

static ls_time as_it_stands(const void *context, uint32_t index)
{
    (void)context;
    return 100 * DAY + (ls_time)index;
}

/* One thing, and then the same few acts about it again and again, each taking back the one before where it is a
 * withdrawal. */
static void play_long(longer *x, ls_talk_kind begins, const ls_talk_kind *kinds, size_t kind_count)
{
    for (size_t i = 0; i < x->count; i++) {
        ls_talk t = talking_blank();
        t.kind = (uint8_t)(i == 0 ? begins : kinds[(i - 1) % kind_count]);
        t.index = (uint32_t)i;
        t.ref = i == 0 ? LS_NO_ENTRY : t.kind == LS_TALK_WITHDRAW ? (uint32_t)i - 1 : 0;
        t.by = i == 0 ? USA : DPRK;
        t.to = LS_PARTY_BIT(i == 0 ? DPRK : USA);
        t.due = 7;
        t.seen = (uint32_t)i;
        t.name = ls_bytes_str("item");
        x->fact[i] = t;
    }
}

static void evaluate_long(longer *x)
{
    static ls_charter charter;
    talking_charter(&charter);
    ls_talks facts = {x->fact, x->count, as_it_stands, NULL};
    ls_talks_query q = {1000 * DAY, 1000 * DAY, &charter, &facts};
    ls_talks_state s;
    ls_talks_duty *duty;
    ls_arena arena = {0};
    size_t count;
    clock_t begun = clock();
    assert_success(ls_talks_eval(&q, &arena, &s));
    assert_success(ls_talks_duties(&q, &s, &arena, &duty, &count));
    assert_true((double)(clock() - begun) / CLOCKS_PER_SEC < SECONDS);
    ls_arena_free(&arena);
}

static void test_long_talks(void **state)
{
    (void)state;
    longer x = {.count = number_from("LOCKSTEP_ACTS", 300000)};
    x.fact = calloc(x.count, sizeof *x.fact);
    assert_non_null(x.fact);
    static const struct {
        ls_talk_kind begins, kinds[3];
        size_t count;
    } plays[] = {
        {LS_TALK_MEET, {LS_TALK_DEFER, LS_TALK_ACCEPT, LS_TALK_CANCEL}, 3},
        {LS_TALK_MEET, {LS_TALK_DEFER, LS_TALK_WITHDRAW}, 2},
        {LS_TALK_MEET, {LS_TALK_CANCEL, LS_TALK_WITHDRAW}, 2},
        {LS_TALK_MEET, {LS_TALK_HOLD, LS_TALK_HOLD, LS_TALK_WITHDRAW}, 3},
        {LS_TALK_MEET, {LS_TALK_AGENDA, LS_TALK_READOUT, LS_TALK_WITHDRAW}, 3},
        {LS_TALK_PROPOSE, {LS_TALK_PROPOSE, LS_TALK_DECLINE, LS_TALK_WITHDRAW}, 3},
        {LS_TALK_PLEDGE, {LS_TALK_REDEEM, LS_TALK_REDEEM, LS_TALK_WITHDRAW}, 3},
        {LS_TALK_GROUP, {LS_TALK_ENLIST, LS_TALK_QUIT, LS_TALK_GROUP_REPORT}, 3},
        {LS_TALK_LETTER, {LS_TALK_LETTER, LS_TALK_DEBRIEF, LS_TALK_DEBRIEF}, 3},
        {LS_TALK_PLEDGE, {LS_TALK_MEET, LS_TALK_GROUP, LS_TALK_PLEDGE}, 3},
    };
    for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
        play_long(&x, plays[i].begins, plays[i].kinds, plays[i].count);
        evaluate_long(&x);
    }
    free(x.fact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_talks), cmocka_unit_test(test_long_talks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
