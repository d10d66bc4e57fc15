/*
 * Tests of private searches: every order of steps that is not the right one, against a model written from
 * docs/protocol.md; what lapses and comes back by receipts, what is annulled; and for whose eyes what is sent is.
 */
#include "sequences.h"
#include "talk_acts.h"

/* The model. */

enum { COMMIT, SEND, REVEAL, ACTS };
enum { SEARCHES = 2, ENTRIES = 400, SIDES = 2 };
static const size_t sides[SIDES] = {USA, DPRK}; /* usa begins the first search, dprk the second */

typedef struct done {
    unsigned search, side, step;
    uint64_t index;
    bool brief, lost, stamped, lapsed, annulled, received;
} done;

typedef struct model {
    done done[ENTRIES];
    size_t count;
    bool earliest[SEARCHES];
    uint64_t search[SEARCHES]; /* their entries */
    int annulled;              /* 0: nothing was; 1: by an act that stays; 2: that lapses; 3: that has lapsed */
} model;

static const done *last(const model *m, unsigned search, unsigned side, unsigned step)
{
    const done *found = NULL;
    for (size_t i = 0; i < m->count; i++) {
        const done *d = &m->done[i];
        found = d->search == search && d->side == side && d->step == step ? d : found;
    }
    return found;
}

static bool holds(const done *d)
{
    return d != NULL && !d->lapsed && !d->annulled;
}

static bool settled(const model *m, unsigned search, unsigned step)
{
    const done *a = last(m, search, 0, step), *b = last(m, search, 1, step);
    return holds(a) && holds(b) && a->stamped && b->stamped;
}

static bool shown(const model *m, unsigned search, unsigned step)
{
    return last(m, search, 0, step) != NULL || last(m, search, 1, step) != NULL;
}

static bool possible(const model *m, unsigned search, unsigned side, unsigned step)
{
    for (unsigned before = 0; before < step; before++) {
        if (!settled(m, search, before)) {
            return false;
        }
    }
    bool over = (step == LS_SEARCH_LIST && shown(m, search, LS_SEARCH_POINTS)) ||
                (step == LS_SEARCH_RANKING && (m->earliest[search] || shown(m, search, LS_SEARCH_REVEALED)));
    return !over && !holds(last(m, search, side, step));
}

/* The step that this act is now, or -1: it is refused. It is never unclear which. */
static int step_of(const model *m, unsigned search, unsigned side, unsigned act)
{
    static const unsigned steps[ACTS][2] = {[COMMIT] = {LS_SEARCH_LIST, LS_SEARCH_RANKING},
                                            [SEND] = {LS_SEARCH_POINTS, LS_SEARCH_RETURNED},
                                            [REVEAL] = {LS_SEARCH_REVEALED, LS_SEARCH_REVEALED}};
    bool first = possible(m, search, side, steps[act][0]), second = possible(m, search, side, steps[act][1]);
    assert_true(act == REVEAL || !first || !second);
    return first ? (int)steps[act][0] : second ? (int)steps[act][1] : -1;
}

static void model_stamp(model *m)
{
    for (size_t i = 0; i < m->count; i++) {
        done *d = &m->done[i];
        d->lapsed = d->lapsed || (!d->stamped && d->brief && !d->received);
        d->stamped = true;
        d->annulled = d->annulled && m->annulled != 2;
    }
    m->annulled = m->annulled == 2 ? 3 : m->annulled;
}

/* What no history may show, whatever the model says: what was committed to once others had shown what follows. */
static void check_history(const model *m)
{
    static const unsigned follows[][2] = {{LS_SEARCH_LIST, LS_SEARCH_POINTS}, {LS_SEARCH_RANKING, LS_SEARCH_REVEALED}};
    for (size_t i = 0; i < m->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const done *before = &m->done[k], *after = &m->done[i];
            bool changed =
                before->search == after->search && ((before->step == follows[0][1] && after->step == follows[0][0]) ||
                                                    (before->step == follows[1][1] && after->step == follows[1][0]));
            assert_false(changed);
        }
    }
}

/* A record and its model. */

typedef struct world {
    fixture f;
    model m;
    ls_bytes note[ENTRIES];
    size_t tried, accepted;
    uint64_t random;
} world;

static void put(world *w, ls_bytes note)
{
    ls_detail detail = {0};
    if (ls_failed(ls_record_append(w->f.record, note, LS_CHECK_TRUSTED, &detail))) {
        fail_msg("refused: %s", detail.text);
    }
    w->note[ls_record_size(w->f.record) - 1] = note;
}

static void stamp_late(world *w)
{
    w->f.now += 60;
    if (w->f.watched) {
        fixture_stamp(&w->f);
    } else {
        put(w, fixture_stamp_over(&w->f, fixture_checkpoint(&w->f), w->f.now));
    }
    model_stamp(&w->m);
}

static void open_world(world *w, bool watched)
{
    *w = (world){.tried = 0};
    if (watched) {
        fixture_open_watched(&w->f, false);
    } else {
        fixture_open(&w->f, NULL);
    }
    put(w, fixture_charter(&w->f));
    for (unsigned i = 0; i < SEARCHES; i++) {
        w->m.search[i] = ls_record_size(w->f.record);
        w->m.earliest[i] = i == 1;
        put(w, search(&w->f, sides[i], other_side(sides[i]), i == 1 ? "earliest" : "borda"));
    }
    stamp_late(w);
}

typedef struct move {
    unsigned search, side, act;
    bool brief, lost;
} move;

static ls_bytes note_of(world *w, move x)
{
    static const char *const kinds[ACTS] = {"schedule-commit", "schedule-send", "schedule-reveal"};
    static const uint8_t signature[4 + LS_SIGNATURE_SIZE];
    fixture *f = &w->f;
    size_t party = sides[x.side];
    ls_act_draft d;
    char text[LS_TIME_SIZE];
    ls_buf note = {0};
    fixture_draft(f, party, kinds[x.act], &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, w->m.search[x.search]));
    ls_time_format(f->now + (x.brief ? 1 : 7 * DAY), text);
    ls_act_draft_set(&d, LS_H_EXPIRES, "%s", text);
    if (x.lost) {
        ls_act_draft_set(&d, LS_H_SIGNERS, "usa-2");
    }
    if (x.act == COMMIT) {
        ls_act_draft_set(&d, LS_H_COMMITMENT, "%064llx", (unsigned long long)ls_record_size(f->record));
    } else {
        attach_for(&d, 0, other_side(party));
    }
    assert_true(ls_succeeded(ls_act_draft_finish(&d, &note, NULL)));
    ls_act_draft_free(&d);
    ls_buf_format(&note, "\n\xe2\x80\x94 %s.example/%s-%d ", name_of(party), name_of(party), x.lost ? 2 : 1);
    ls_buf_put_base64(&note, ls_bytes_of(signature, sizeof signature));
    ls_buf_put_u8(&note, '\n');
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    return kept;
}

static void check_verdict(world *w, move x, int step, ls_result r, const ls_detail *detail)
{
    w->tried++;
    if (ls_succeeded(r) != (step >= 0)) {
        fail_msg("act %u by %s in search %u: %s %s", x.act, name_of(sides[x.side]), x.search,
                 step >= 0 ? "refused" : "accepted", detail->text);
    }
}

/* Whether it would be accepted, as the model says. */
static void ask(world *w, move x)
{
    ls_detail detail = {0};
    ls_act act = parsed(note_of(w, x));
    ls_result r = ls_record_accept(w->f.record, &act, LS_CHECK_TRUSTED, &detail);
    check_verdict(w, x, step_of(&w->m, x.search, x.side, x.act), r, &detail);
}

/* Accepted as the model says, or not at all. */
static bool try_move(world *w, move x)
{
    fixture *f = &w->f;
    model *m = &w->m;
    ls_detail detail = {0};
    int step = step_of(m, x.search, x.side, x.act);
    ls_bytes note = note_of(w, x);
    size_t before = ls_record_talks(f->record).count;
    ls_result r = ls_record_append(f->record, note, LS_CHECK_TRUSTED, &detail);
    check_verdict(w, x, step, r, &detail);
    assert_int_equal(ls_record_talks(f->record).count, before + (step >= 0));
    if (step < 0) {
        return false;
    }
    w->accepted++;
    w->note[ls_record_size(f->record) - 1] = note;
    assert_int_equal(last_talk(f)->word, step);
    m->done[m->count++] = (done){.search = x.search,
                                 .side = x.side,
                                 .step = (unsigned)step,
                                 .index = ls_record_size(f->record) - 1,
                                 .brief = x.brief,
                                 .lost = x.lost};
    return true;
}

/* The record as it was at this size, again. */
static void rewind_to(world *w, uint64_t size, const model *m, ls_time now)
{
    ls_record_free(w->f.record);
    assert_null(ls_record_new((ls_fetch){fixture_fetch, &w->f}, &w->f.record).fault);
    for (uint64_t i = 0; i < size; i++) {
        assert_null(ls_record_append(w->f.record, w->note[i], LS_CHECK_TRUSTED, NULL).fault);
    }
    w->m = *m;
    w->f.now = now;
}

/* Every sequence of so many moves from here: those that are refused change nothing, and end it. */
static void every_sequence(world *w, unsigned depth, bool brief, unsigned searches)
{
    const uint64_t size = ls_record_size(w->f.record);
    const ls_time now = w->f.now;
    model *m = malloc(sizeof *m);
    unsigned moves = searches * SIDES * ACTS * (brief ? 2 : 1) + 1;
    assert_non_null(m);
    *m = w->m;
    for (unsigned n = 0; depth > 0 && n < moves; n++) {
        unsigned k = n / (brief ? 2 : 1);
        move x = {k / (SIDES * ACTS), k / ACTS % SIDES, k % ACTS, brief && n % 2 != 0, false};
        if (depth == 1 && n < moves - 1) {
            ask(w, x);
        }
        if (depth == 1 || (n < moves - 1 && !try_move(w, x))) {
            continue;
        }
        if (n == moves - 1) {
            stamp_late(w);
        }
        every_sequence(w, depth - 1, brief, searches);
        rewind_to(w, size, m, now);
    }
    check_history(m);
    free(m);
}

/* Up to a step, both sides in turn. */
static void come_to(world *w, unsigned search, unsigned step)
{
    static const unsigned acts[] = {COMMIT, SEND, SEND, COMMIT, REVEAL};
    for (unsigned s = 0; s < step; s++) {
        assert_true(try_move(w, (move){search, 0, acts[s], false, false}));
        assert_true(try_move(w, (move){search, 1, acts[s], false, false}));
        stamp_late(w);
    }
}

static void test_every_sequence(void **state)
{
    size_t tried = 0;
    (void)state;
    for (unsigned from = 0; from <= LS_SEARCH_STEPS; from++) {
        world *w = malloc(sizeof *w);
        assert_non_null(w);
        open_world(w, false);
        come_to(w, 0, from);
        every_sequence(w, 6, true, 1);
        tried += w->tried;
        fixture_close(&w->f);
        free(w);
    }
    print_message("%zu acts tried\n", tried);
}

/* Of the two, one is by the rule `earliest`, and ends when both have sent twice. */
static void test_every_sequence_of_two(void **state)
{
    size_t tried = 0;
    (void)state;
    for (unsigned from = 0; from <= LS_SEARCH_RANKING; from++) {
        world *w = malloc(sizeof *w);
        assert_non_null(w);
        open_world(w, false);
        come_to(w, 1, from);
        come_to(w, 0, from == 0 ? 0 : from - 1);
        every_sequence(w, 4, false, SEARCHES);
        assert_int_equal(step_of(&w->m, 1, 0, COMMIT), from == 0 ? LS_SEARCH_LIST : -1);
        tried += w->tried;
        fixture_close(&w->f);
        free(w);
    }
    print_message("%zu acts tried\n", tried);
}

/* Whatever comes, with receipts and annulments. */

static uint64_t below(world *w, uint64_t n)
{
    uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % n;
}

/* Cosigners had it in time, and its author says so when it suits him. */
static void bring_receipts(world *w)
{
    model *m = &w->m;
    if (m->count == 0) {
        return;
    }
    done *d = &m->done[below(w, m->count)];
    if (!d->brief || d->received) {
        return;
    }
    ls_act act = parsed(w->note[d->index]);
    put(w, receipts_for(&w->f, &act, act.at));
    d->received = true;
    d->lapsed = false;
}

static void annul_some(world *w)
{
    model *m = &w->m;
    if (m->count < 4 || m->annulled != 0) {
        return;
    }
    uint64_t since = m->done[below(w, m->count)].index;
    bool brief = below(w, 2) == 0;
    annul_until(&w->f, "usa-2", since, w->f.now + (brief ? 1 : DAY));
    m->annulled = brief ? 2 : 1;
    for (size_t i = 0; i < m->count; i++) {
        m->done[i].annulled = m->done[i].lost && m->done[i].index >= since;
    }
}

static void walk(world *w, unsigned steps)
{
    for (unsigned i = 0; i < steps && w->f.entry_count < 250; i++) {
        uint64_t what = below(w, 24);
        if (what < 5) {
            stamp_late(w);
        } else if (what == 5) {
            bring_receipts(w);
        } else if (what == 6 && below(w, 3) == 0) {
            annul_some(w);
        } else {
            move x = {(unsigned)below(w, SEARCHES), (unsigned)below(w, SIDES), (unsigned)below(w, ACTS),
                      below(w, 4) == 0, false};
            x.lost = sides[x.side] == USA && below(w, 2) == 0;
            (void)try_move(w, x);
        }
    }
    for (size_t i = 0; i < w->m.count; i++) {
        ls_record_entry e = ls_record_at(w->f.record, w->m.done[i].index);
        assert_int_equal(e.lapsed, w->m.done[i].lapsed);
        assert_int_equal(e.annulled, w->m.done[i].annulled);
    }
    check_history(&w->m);
}

static void test_whatever_comes(void **state)
{
    uint64_t steps = sequences_of(30000);
    size_t tried = 0, accepted[LS_SEARCH_STEPS] = {0}, annulled = 0;
    (void)state;
    for (uint64_t seed = 0; tried < steps; seed++) {
        world *w = malloc(sizeof *w);
        assert_non_null(w);
        open_world(w, true);
        w->random = seed;
        walk(w, 260);
        tried += w->tried;
        annulled += w->m.annulled != 0;
        for (size_t i = 0; i < w->m.count; i++) {
            accepted[w->m.done[i].step]++;
        }
        fixture_close(&w->f);
        free(w);
    }
    print_message("%zu acts tried; accepted %zu %zu %zu %zu %zu; annulled in %zu\n", tried, accepted[0], accepted[1],
                  accepted[2], accepted[3], accepted[4], annulled);
    for (size_t i = 0; i < LS_SEARCH_STEPS; i++) {
        assert_true(accepted[i] > tried / 500);
    }
}

/* Particular ways to cheat. */

static int open_searched(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fixture_open_watched(f, false);
    *state = f;
    fixture_append(f, fixture_charter(f));
    fixture_append(f, search(f, USA, "dprk", "borda"));
    fixture_stamp(f);
    return 0;
}

enum { SEARCH = 1 };

static void both(fixture *f, ls_search_step step)
{
    fixture_append(f, take_step(f, USA, SEARCH, step));
    fixture_append(f, take_step(f, DPRK, SEARCH, step));
    fixture_stamp(f);
}

static void come(fixture *f, ls_search_step before)
{
    for (ls_search_step s = LS_SEARCH_LIST; s < before; s++) {
        both(f, s);
    }
}

/* A side commits to two lists, the first of which lapses and comes back: it is no ranking, and the last counts. */
static void test_two_lists(void **state)
{
    fixture *f = *state;
    ls_bytes note = brief(f, commit(f, USA, SEARCH));
    ls_act first = parsed(note);
    ls_time had_it = f->now;
    uint64_t late = fixture_append(f, note);
    pass(f, 60);
    uint64_t second = fixture_append(f, commit(f, USA, SEARCH));
    fixture_append(f, receipts_for(f, &first, had_it));
    assert_false(ls_record_at(f->record, late).lapsed);
    refused(f, commit(f, USA, SEARCH), "committed to its list already");
    fixture_append(f, commit(f, DPRK, SEARCH));
    fixture_stamp(f);
    assert_int_equal(ls_record_talks(f->record).fact[2].index, second);
    both(f, LS_SEARCH_POINTS);
    both(f, LS_SEARCH_RETURNED);
    fixture_append(f, commit(f, DPRK, SEARCH));
    fixture_stamp(f);
    refused(f, reveal_for(f, DPRK, SEARCH, "usa"), "both must have committed to their rankings");
    fixture_append(f, commit(f, USA, SEARCH));
    assert_int_equal(last_talk(f)->word, LS_SEARCH_RANKING);
    fixture_stamp(f);
    fixture_append(f, reveal_for(f, DPRK, SEARCH, "usa"));
    refused(f, commit(f, USA, SEARCH), "nobody commits once a ranking was revealed");
}

/* Nor are points that lapse, and come back, the answer to the other's. */
static void test_points_are_no_answer(void **state)
{
    fixture *f = *state;
    come(f, LS_SEARCH_POINTS);
    ls_bytes note = brief(f, send_for(f, USA, SEARCH, "dprk"));
    ls_act first = parsed(note);
    ls_time had_it = f->now;
    fixture_append(f, note);
    pass(f, 60);
    fixture_append(f, send_for(f, USA, SEARCH, "dprk"));
    assert_int_equal(last_talk(f)->word, LS_SEARCH_POINTS);
    fixture_append(f, receipts_for(f, &first, had_it));
    fixture_append(f, send_for(f, DPRK, SEARCH, "usa"));
    fixture_stamp(f);
    fixture_append(f, send_for(f, DPRK, SEARCH, "usa"));
    fixture_stamp(f);
    refused(f, commit(f, USA, SEARCH), "both must have returned the other's points");
    fixture_append(f, send_for(f, USA, SEARCH, "dprk"));
    assert_int_equal(last_talk(f)->word, LS_SEARCH_RETURNED);
    refused(f, send_for(f, USA, SEARCH, "dprk"), "returned the other's points already");
}

/* What lapsed was seen all the same: it is sent again, and what was committed to stays. */
static void test_points_that_lapsed(void **state)
{
    fixture *f = *state;
    come(f, LS_SEARCH_POINTS);
    lapses(f, send_for(f, DPRK, SEARCH, "usa"));
    refused(f, commit(f, USA, SEARCH), "both sides' points must be there");
    refused(f, commit(f, DPRK, SEARCH), "both sides' points must be there");
    fixture_append(f, send_for(f, USA, SEARCH, "dprk"));
    fixture_stamp(f);
    refused(f, send_for(f, USA, SEARCH, "dprk"), "both sides' points must be there");
    fixture_append(f, send_for(f, DPRK, SEARCH, "usa"));
    assert_int_equal(last_talk(f)->word, LS_SEARCH_POINTS);
}

/* A list that was annulled before any points is committed to again; afterwards the search is over. */
static void test_lists_annulled(void **state)
{
    fixture *f = *state;
    uint64_t lost = fixture_append(f, by_usa_2(f, commit(f, USA, SEARCH)));
    fixture_append(f, commit(f, DPRK, SEARCH));
    fixture_stamp(f);
    annul_from(f, lost);
    refused(f, send_for(f, DPRK, SEARCH, "usa"), "both must have committed to their lists");
    fixture_append(f, commit(f, USA, SEARCH));
    fixture_stamp(f);
    both(f, LS_SEARCH_POINTS);
}

static void test_lists_annulled_once_points_were_sent(void **state)
{
    fixture *f = *state;
    uint64_t lost = fixture_append(f, by_usa_2(f, commit(f, USA, SEARCH)));
    fixture_append(f, commit(f, DPRK, SEARCH));
    fixture_stamp(f);
    lapses(f, send_for(f, DPRK, SEARCH, "usa")); /* even then */
    annul_from(f, lost);
    refused(f, commit(f, USA, SEARCH), "both must have committed to their lists");
    refused(f, send_for(f, USA, SEARCH, "dprk"), "both must have committed to their lists");
    refused(f, send_for(f, DPRK, SEARCH, "usa"), "both must have committed to their lists");
    acceptable(f, search(f, DPRK, "usa", "borda"));
}

static void test_rankings_annulled(void **state)
{
    fixture *f = *state;
    come(f, LS_SEARCH_RANKING);
    uint64_t lost = fixture_append(f, by_usa_2(f, commit(f, USA, SEARCH)));
    fixture_append(f, commit(f, DPRK, SEARCH));
    fixture_stamp(f);
    fixture_append(f, reveal_for(f, DPRK, SEARCH, "usa"));
    fixture_stamp(f);
    annul_from(f, lost);
    refused(f, commit(f, USA, SEARCH), "nobody commits once a ranking was revealed");
    refused(f, reveal_for(f, USA, SEARCH, "dprk"), "both must have committed to their rankings");
}

/* An annulment that lapses gives a commitment its effect back, and another has taken its place. */
static void test_an_annulment_that_lapses(void **state)
{
    fixture *f = *state;
    uint64_t lost = fixture_append(f, by_usa_2(f, commit(f, USA, SEARCH)));
    fixture_append(f, commit(f, DPRK, SEARCH));
    fixture_stamp(f);
    annul_until(f, "usa-2", lost, f->now + 1);
    assert_true(ls_record_at(f->record, lost).annulled);
    uint64_t second = fixture_append(f, commit(f, USA, SEARCH));
    pass(f, 60);
    assert_false(ls_record_at(f->record, lost).annulled);
    refused(f, commit(f, USA, SEARCH), "committed to its list already");
    come(f, LS_SEARCH_LIST);
    both(f, LS_SEARCH_POINTS);
    both(f, LS_SEARCH_RETURNED);
    refused(f, reveal_for(f, USA, SEARCH, "dprk"), "both must have committed to their rankings");
    fixture_append(f, commit(f, USA, SEARCH));
    assert_int_equal(last_talk(f)->word, LS_SEARCH_RANKING);
    assert_true(second > lost);
}

/* Two signers signed it, and both lost their keys: as long as one annulment has effect, it has none. */
static void test_two_annulments(void **state)
{
    fixture *f = *state;
    uint64_t lost = fixture_append(f, change(f, commit(f, USA, SEARCH), LS_H_SIGNERS, "usa-1 usa-2"));
    fixture_stamp(f);
    annul_from(f, lost);
    annul_until(f, "usa-1", lost, f->now + 1);
    pass(f, 60);
    assert_true(ls_record_at(f->record, ls_record_size(f->record) - 2).lapsed);
    assert_true(ls_record_at(f->record, lost).annulled);
}

/* One that lapsed, whose name another took: receipts give it back its effect, and not the name. */
static void test_a_name_that_comes_back(void **state)
{
    fixture *f = *state;
    ls_bytes note = brief(f, say(f, USA, "group", LS_H_GROUP, "arms", LS_H_TO, "dprk", END));
    ls_act first = parsed(note);
    ls_time had_it = f->now;
    uint64_t late = fixture_append(f, note);
    pass(f, 60);
    uint64_t second = fixture_append(f, say(f, ROK, "group", LS_H_GROUP, "arms", LS_H_TO, "dprk", END));
    fixture_append(f, receipts_for(f, &first, had_it));
    assert_false(ls_record_at(f->record, late).lapsed);
    assert_int_equal(named(f, LS_H_GROUP, "arms")->index, second);
    fixture_append(f, say(f, USA, "pledge", LS_H_ITEM, "fuel", LS_H_GROUP, "arms", END));
    assert_int_equal(last_talk(f)->group, second);
    refused(f, say(f, DPRK, "group", LS_H_GROUP, "arms", LS_H_TO, "usa", END), "already");
}

/* Of several that lapsed, whichever comes back bears the name; of two, the later. */
static void test_names_that_come_back(void **state)
{
    fixture *f = *state;
    ls_act act[3];
    uint64_t index[3];
    ls_time had_it[3];
    for (size_t i = 0; i < 3; i++) {
        ls_bytes note = brief(f, say(f, i == 1 ? ROK : USA, "group", LS_H_GROUP, "arms", LS_H_TO, "dprk", END));
        act[i] = parsed(note);
        had_it[i] = f->now;
        index[i] = fixture_append(f, note);
        pass(f, i == 0 ? 2 * DAY : 60); /* the first is past the grace before the second comes */
    }
    assert_null(named(f, LS_H_GROUP, "arms"));
    fixture_append(f, receipts_for(f, &act[0], had_it[0]));
    assert_true(ls_record_at(f->record, index[0]).lapsed);
    fixture_append(f, receipts_for(f, &act[1], had_it[1]));
    assert_int_equal(named(f, LS_H_GROUP, "arms")->index, index[1]);
    refused(f, say(f, DPRK, "group", LS_H_GROUP, "arms", LS_H_TO, "usa", END), "already");
    fixture_append(f, receipts_for(f, &act[2], had_it[2]));
    assert_int_equal(named(f, LS_H_GROUP, "arms")->index, index[2]);
}

/* However often it lapses, in between or for good. */
static void test_names_that_lapse_for_long(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < 12; i++) {
        lapses(f, say(f, USA, "pledge", LS_H_ITEM, "fuel", END));
        pass(f, i % 3 == 0 ? 2 * DAY : 60);
        assert_null(named(f, LS_H_ITEM, "fuel"));
    }
    uint64_t index = fixture_append(f, say(f, ROK, "claim", LS_H_ITEM, "fuel", END));
    pass(f, 2 * DAY);
    assert_int_equal(named(f, LS_H_ITEM, "fuel")->index, index);
    refused(f, say(f, USA, "pledge", LS_H_ITEM, "fuel", END), "already");
}

static ls_bytes sized(fixture *f, ls_bytes note, uint64_t size)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    act.attachment[0].size = size;
    draft_of(&act, &d);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

/* Forty options take 1,280 bytes and what stands around them; nobody is made to fetch megabytes. */
static void test_sizes(void **state)
{
    fixture *f = *state;
    come(f, LS_SEARCH_POINTS);
    acceptable(f, sized(f, send_for(f, USA, SEARCH, "dprk"), 4096));
    refused(f, sized(f, send_for(f, USA, SEARCH, "dprk"), 8192), "has at most 6656 bytes");
    both(f, LS_SEARCH_POINTS);
    both(f, LS_SEARCH_RETURNED);
    both(f, LS_SEARCH_RANKING);
    acceptable(f, sized(f, reveal_for(f, USA, SEARCH, "dprk"), 4096));
    refused(f, sized(f, reveal_for(f, USA, SEARCH, "dprk"), 8192), "has at most 6656 bytes");
}

/* For the other alone: public, process, an audience of others, oneself. */
static void test_for_whom(void **state)
{
    fixture *f = *state;
    static const char reason[] = "is one file for the other alone";
    uint64_t usa_rok = fixture_append(f, search(f, USA, "rok", "borda"));
    static const char *const wrong[] = {"public", "process", "rok", "usa", "inspectors"};
    come(f, LS_SEARCH_POINTS);
    for (size_t i = 0; i < 5; i++) {
        refused(f, send_for(f, USA, SEARCH, wrong[i]), reason);
    }
    refused(f, send_for(f, DPRK, SEARCH, "inspectors"), reason); /* usa, and rok, too */
    refused(f, with_file(f, send_for(f, USA, SEARCH, "dprk"), "dprk"), reason);
    refused(f, with_file(f, send_for(f, USA, SEARCH, "dprk"), "rok"), reason);
    both(f, LS_SEARCH_POINTS);
    for (size_t i = 0; i < 5; i++) {
        refused(f, send_for(f, USA, SEARCH, wrong[i]), reason);
    }
    both(f, LS_SEARCH_RETURNED);
    both(f, LS_SEARCH_RANKING);
    for (size_t i = 0; i < 5; i++) {
        refused(f, reveal_for(f, USA, SEARCH, wrong[i]), reason);
    }
    refused(f, reveal_for(f, DPRK, SEARCH, "inspectors"), reason); /* usa, and rok, too */
    both(f, LS_SEARCH_REVEALED);
    refused(f, reveal_for(f, USA, SEARCH, "dprk"), "revealed its ranking already");
    /* An audience of just these two does as well. */
    fixture_append(f, commit(f, USA, usa_rok));
    fixture_append(f, commit(f, ROK, usa_rok));
    fixture_stamp(f);
    acceptable(f, send_for(f, USA, usa_rok, "inspectors"));
    acceptable(f, send_for(f, ROK, usa_rok, "inspectors"));
    acceptable(f, send_for(f, ROK, usa_rok, "usa"));
    refused(f, send_for(f, ROK, usa_rok, "rok"), reason);
    refused(f, commit(f, DPRK, usa_rok), "dprk is not one that may say schedule-commit of it");
    refused(f, send_for(f, DPRK, usa_rok, "usa"), "dprk is not one that may say schedule-send of it");
    refused(f, reveal_for(f, DPRK, usa_rok, "usa"), "dprk is not one that may say schedule-reveal of it");
}

/* By `earliest` there is no ranking. */
static void test_earliest(void **state)
{
    fixture *f = *state;
    uint64_t index = fixture_append(f, search(f, DPRK, "usa", "earliest"));
    for (ls_search_step s = LS_SEARCH_LIST; s < LS_SEARCH_RANKING; s++) {
        fixture_append(f, take_step(f, USA, index, s));
        fixture_append(f, take_step(f, DPRK, index, s));
        fixture_stamp(f);
        refused(f, reveal_for(f, USA, index, "dprk"), "both ");
    }
    refused(f, commit(f, USA, index), "there is no ranking");
    refused(f, send_for(f, USA, index, "dprk"), "returned the other's points already");
}

/* Whatever others say about a search is no step of it: it costs the search nothing. */
static void test_what_refers_to_a_search(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "p-%d", i);
        fixture_append(f, say(f, ROK, "pledge", LS_H_ITEM, name, LS_H_REF, entry_id(f, SEARCH), END));
    }
    come(f, LS_SEARCH_STEPS);
    refused(f, commit(f, USA, SEARCH), "nobody commits once a ranking was revealed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sequence),
        cmocka_unit_test(test_every_sequence_of_two),
        cmocka_unit_test(test_whatever_comes),
        ON(searched, test_two_lists),
        ON(searched, test_points_are_no_answer),
        ON(searched, test_points_that_lapsed),
        ON(searched, test_lists_annulled),
        ON(searched, test_lists_annulled_once_points_were_sent),
        ON(searched, test_rankings_annulled),
        ON(searched, test_an_annulment_that_lapses),
        ON(searched, test_two_annulments),
        ON(searched, test_a_name_that_comes_back),
        ON(searched, test_names_that_come_back),
        ON(searched, test_names_that_lapse_for_long),
        ON(searched, test_for_whom),
        ON(searched, test_sizes),
        ON(searched, test_earliest),
        ON(searched, test_what_refers_to_a_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
