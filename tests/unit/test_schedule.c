/* What became of private searches: every stage, its deadline, who is named when it passes, and what must not count.
 * docs/schedule.md says what each means. */
#include "talks/schedule.h"
#include "talks_story.h"

#define B(p) LS_PARTY_BIT(p)

typedef struct searching {
    talking *x;
    uint32_t search;
    ls_schedule_state *state;
    size_t count;
} searching;

/* usa opens one with dprk on day 0; each stage lasts ten days. */
static searching begin(ls_search_step last)
{
    searching s = {.x = talking_begin()};
    s.search = says(s.x, 0, "usa schedule to dprk until 10");
    s.x->fact[0].word = last == LS_SEARCH_RETURNED ? LS_RULE_EARLIEST : LS_RULE_BORDA;
    return s;
}

static uint32_t takes(searching *s, int day, uint8_t party, ls_search_step step)
{
    static const uint8_t kinds[LS_SEARCH_STEPS] = {LS_TALK_SCHEDULE_COMMIT, LS_TALK_SCHEDULE_SEND,
                                                   LS_TALK_SCHEDULE_SEND, LS_TALK_SCHEDULE_COMMIT,
                                                   LS_TALK_SCHEDULE_REVEAL};
    talking *x = s->x;
    ls_talk t = talking_blank();
    t.kind = kinds[step];
    t.by = party;
    t.word = (uint8_t)step;
    t.ref = s->search;
    t.index = (uint32_t)x->count + 1;
    x->time[t.index] = day == NEVER ? LS_TIME_NONE : day == OPEN ? LS_TIME_OPEN : (ls_time)day * DAY;
    x->fact[x->count++] = t;
    return t.index;
}

/* Both take all steps up to one, on these days: usa, then dprk. */
static void take_until(searching *s, ls_search_step last, int day)
{
    for (ls_search_step step = 0; step <= last; step++) {
        takes(s, day, USA, step);
        takes(s, day, DPRK, step);
    }
}

static const ls_schedule_state *seen_at(searching *s, ls_time at, ls_time known)
{
    talking *x = s->x;
    ls_arena_free(&x->arena);
    x->facts.count = x->count;
    x->query = (ls_talks_query){at, known, &x->charter, &x->facts};
    assert_success(ls_schedules_eval(&x->query, &x->arena, &s->state, &s->count));
    const ls_schedule_state *found = ls_schedule_of(s->state, s->count, s->search);
    assert_non_null(found);
    return found;
}

/* At noon. */
static const ls_schedule_state *on(searching *s, int day)
{
    ls_time noon = (ls_time)day * DAY + DAY / 2;
    return seen_at(s, noon, noon);
}

static void is(const ls_schedule_state *s, const char *stage, int since, int deadline, ls_parties awaited)
{
    assert_string_equal(ls_schedule_stage_name(s->stage), stage);
    assert_int_equal(s->since, (ls_time)since * DAY);
    assert_int_equal(s->deadline, deadline == OPEN ? LS_TIME_OPEN : (ls_time)deadline * DAY);
    assert_int_equal(s->awaited, awaited);
}

static void blames(const ls_schedule_state *s, const char *stage, ls_schedule_stage during, ls_parties silent)
{
    assert_string_equal(ls_schedule_stage_name(s->stage), stage);
    assert_int_equal(s->during, during);
    assert_int_equal(s->silent, silent);
    assert_int_equal(s->awaited, 0);
}

static void end(searching *s)
{
    talking_end(s->x);
}

/* ---- Stages ---- */

static void test_every_stage_lasts_as_long(void **state)
{
    (void)state;
    static const char *const stages[] = {"sending", "returning", "found", "revealing", "chosen"};
    searching s = begin(LS_SEARCH_REVEALED);
    is(on(&s, 0), "committing", 0, 10, B(USA) | B(DPRK));
    for (ls_search_step step = 0; step < LS_SEARCH_STEPS; step++) {
        int day = 2 + 3 * (int)step;
        takes(&s, day - 1, USA, step);
        const char *before = step == 0 ? "committing" : step == LS_SEARCH_RANKING ? "ranking" : stages[step - 1];
        int since = step == 0 ? 0 : step == LS_SEARCH_RANKING ? day - 1 : day - 3;
        is(on(&s, day - 1), before, since, since + 10, B(DPRK));
        takes(&s, day, DPRK, step);
        is(on(&s, day), stages[step], day, day + 10, B(USA) | B(DPRK));
    }
    const ls_schedule_state *last = on(&s, 15);
    assert_int_equal(last->learned, B(USA) | B(DPRK));
    assert_int_equal(last->first, DPRK); /* usa returned first */
    assert_int_equal(last->late, 0);
    assert_int_equal(last->lasts, 10 * DAY);
    end(&s);
}

static void test_earliest_has_no_ranking(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_RETURNED);
    take_until(&s, LS_SEARCH_RETURNED, 3);
    is(on(&s, 4), "chosen", 3, 13, B(USA) | B(DPRK));
    end(&s);
}

/* ---- Silence ---- */

static void test_who_is_silent_is_named_after_the_grace(void **state)
{
    (void)state;
    static const ls_schedule_stage during[] = {LS_SCHEDULE_COMMITTING, LS_SCHEDULE_SENDING, LS_SCHEDULE_RETURNING,
                                               LS_SCHEDULE_RANKING, LS_SCHEDULE_REVEALING};
    for (ls_search_step step = 0; step < LS_SEARCH_STEPS; step++) {
        for (unsigned silent = DPRK; silent <= USA; silent++) {
            searching s = begin(LS_SEARCH_REVEALED);
            for (ls_search_step before = 0; before < step; before++) {
                takes(&s, 1, USA, before);
                takes(&s, 1, DPRK, before);
            }
            takes(&s, 1, silent == USA ? DPRK : USA, step);
            int deadline = step == 0 ? 10 : 11;
            is(seen_at(&s, (ls_time)(deadline + 1) * DAY, (ls_time)(deadline + 1) * DAY),
               ls_schedule_stage_name(during[step]), step == 0 ? 0 : 1, deadline, B(silent));
            const ls_schedule_state *over = on(&s, deadline + 1);
            blames(over, step == 0 ? "lapsed" : "defaulted", during[step], B(silent));
            assert_int_equal(over->since, (ls_time)(deadline + 1) * DAY);
            /* What comes then is late, and changes nothing. */
            takes(&s, deadline + 3, (uint8_t)silent, step);
            const ls_schedule_state *late = on(&s, deadline + 4);
            blames(late, step == 0 ? "lapsed" : "defaulted", during[step], B(silent));
            assert_int_equal(late->late, B(silent));
            end(&s);
        }
    }
}

static void test_both_are_named_where_both_are_silent(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    blames(on(&s, 12), "lapsed", LS_SCHEDULE_COMMITTING, B(USA) | B(DPRK));
    take_until(&s, LS_SEARCH_LIST, 1);
    blames(on(&s, 13), "defaulted", LS_SCHEDULE_SENDING, B(USA) | B(DPRK));
    end(&s);
}

/* Where nothing is common, neither goes on; nobody else can tell whether that is so. */
static void test_nobody_is_named_where_neither_goes_on(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    take_until(&s, LS_SEARCH_RETURNED, 1);
    blames(on(&s, 13), "lapsed", LS_SCHEDULE_FOUND, 0);
    takes(&s, 20, USA, LS_SEARCH_RANKING); /* too late to oblige anybody */
    blames(on(&s, 40), "lapsed", LS_SCHEDULE_FOUND, 0);
    end(&s);
    s = begin(LS_SEARCH_REVEALED);
    take_until(&s, LS_SEARCH_REVEALED, 1);
    blames(on(&s, 13), "lapsed", LS_SCHEDULE_CHOSEN, 0);
    end(&s);
}

/* By receipts it was in time, although its stamp was not; and nothing counts before what it follows. */
static void test_times_are_ledger_times(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    takes(&s, 9, USA, LS_SEARCH_LIST);
    takes(&s, 10, DPRK, LS_SEARCH_LIST);
    is(on(&s, 12), "sending", 10, 20, B(USA) | B(DPRK));
    takes(&s, 4, USA, LS_SEARCH_POINTS);
    takes(&s, 5, DPRK, LS_SEARCH_POINTS);
    is(on(&s, 12), "returning", 10, 20, B(USA) | B(DPRK));
    /* What no stamp covers is as of now. */
    takes(&s, OPEN, USA, LS_SEARCH_RETURNED);
    const ls_schedule_state *now = on(&s, 12);
    is(now, "returning", 10, 20, B(DPRK));
    assert_int_equal(now->learned, B(DPRK));
    /* As known then. */
    const ls_schedule_state *then = seen_at(&s, 11 * DAY, 9 * DAY + DAY / 2);
    assert_string_equal(ls_schedule_stage_name(then->stage), "committing");
    end(&s);
}

static void test_the_last_step_on_the_record_counts(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    uint32_t first = takes(&s, NEVER, USA, LS_SEARCH_LIST);
    takes(&s, 2, DPRK, LS_SEARCH_LIST);
    is(on(&s, 3), "committing", 0, 10, B(USA));
    uint32_t second = takes(&s, 4, USA, LS_SEARCH_LIST);
    assert_int_equal(on(&s, 5)->step[0][LS_SEARCH_LIST]->index, second);
    s.x->time[first] = DAY; /* receipts gave it its effect again */
    assert_int_equal(on(&s, 5)->step[0][LS_SEARCH_LIST]->index, second);
    s.x->time[second] = LS_TIME_NONE; /* annulled: nothing takes its place */
    is(on(&s, 5), "committing", 0, 10, B(USA));
    end(&s);
}

static void test_others_have_no_part(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    takes(&s, 1, ROK, LS_SEARCH_LIST);
    takes(&s, 1, USA, LS_SEARCH_LIST);
    is(on(&s, 2), "committing", 0, 10, B(DPRK));
    assert_int_equal(ls_schedule_side(on(&s, 2)->search, ROK), LS_SEARCH_SIDES);
    assert_int_equal(ls_schedule_side(on(&s, 2)->search, USA), 0);
    assert_int_equal(ls_schedule_side(on(&s, 2)->search, DPRK), 1);
    end(&s);
}

static void test_a_search_whose_time_is_over_lasts_no_time(void **state)
{
    (void)state;
    talking *x = talking_begin();
    searching s = {.x = x, .search = says(x, 20, "usa schedule to dprk until 10")};
    blames(on(&s, 22), "lapsed", LS_SCHEDULE_COMMITTING, B(USA) | B(DPRK));
    assert_int_equal(on(&s, 22)->lasts, 0);
    says(x, NEVER, "usa schedule to dprk until 40");
    assert_int_equal((on(&s, 22), s.count), 1);
    assert_null(ls_schedule_of(s.state, s.count, 2));
    end(&s);
}

/* ---- Signing ---- */

static void test_both_sign(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    take_until(&s, LS_SEARCH_REVEALED, 1);
    uint32_t meeting = says(s.x, 5, "usa+dprk appoint about 1 name hanoi due 90");
    const ls_schedule_state *found = on(&s, 6);
    is(found, "appointed", 5, OPEN, 0);
    assert_int_equal(found->meeting->index, meeting);
    is(on(&s, 4), "chosen", 1, 11, B(USA) | B(DPRK));
    end(&s);
    s = begin(LS_SEARCH_REVEALED); /* whatever came before: both have signed */
    says(s.x, 30, "usa+dprk appoint about 1 name hanoi due 90");
    is(on(&s, 31), "appointed", 30, OPEN, 0);
    end(&s);
}

static void test_one_stands_by_it(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    take_until(&s, LS_SEARCH_REVEALED, 1);
    says(s.x, 2, "usa meet to dprk,rok about 1 name wide due 90"); /* not of these two alone */
    says(s.x, 2, "rok meet to dprk about 1 name other due 90");
    is(on(&s, 2), "chosen", 1, 11, B(USA) | B(DPRK));
    uint32_t plan = says(s.x, 3, "dprk meet to usa about 1 name hanoi due 90");
    is(on(&s, 4), "signing", 3, 13, B(USA));
    blames(on(&s, 14), "defaulted", LS_SCHEDULE_SIGNING, B(USA));
    char text[64];
    snprintf(text, sizeof text, "usa accept about %u", plan);
    says(s.x, 7, text);
    const ls_schedule_state *found = on(&s, 14);
    is(found, "appointed", 7, OPEN, 0);
    assert_int_equal(found->meeting->index, plan);
    snprintf(text, sizeof text, "dprk withdraw about %u", plan); /* it was confirmed */
    says(s.x, 8, text);
    is(on(&s, 9), "appointed", 7, OPEN, 0);
    end(&s);
}

/* who and what, about this act, and whatever else */
static uint32_t says_of(searching *s, ls_time day, const char *what, uint32_t about, const char *more)
{
    char text[96];
    snprintf(text, sizeof text, "%s about %u%s", what, about, more);
    return says(s->x, day, text);
}

/* Each has its own plan: neither has confirmed the other's, and neither is named. */
static void test_two_plans(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    take_until(&s, LS_SEARCH_REVEALED, 1);
    says(s.x, 2, "usa meet to dprk about 1 name wrong due 50");
    uint32_t right = says(s.x, 3, "dprk meet to usa about 1 name right due 90");
    is(on(&s, 4), "signing", 2, 12, B(USA) | B(DPRK));
    blames(on(&s, 14), "lapsed", LS_SCHEDULE_SIGNING, 0);
    says_of(&s, 5, "usa accept", right, "");
    is(on(&s, 6), "appointed", 5, OPEN, 0);
    assert_int_equal(on(&s, 6)->meeting->index, right);
    end(&s);
}

/* Another plan in the place of a confirmed one takes another word. */
static void test_another_plan(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    take_until(&s, LS_SEARCH_REVEALED, 1);
    uint32_t wrong = says(s.x, 2, "usa meet to dprk about 1 name wrong due 50");
    uint32_t right = says(s.x, 3, "usa meet to dprk about 1 name right due 90");
    says_of(&s, 4, "dprk accept", wrong, ""); /* which stands no more */
    is(on(&s, 5), "signing", 3, 13, B(DPRK));
    says_of(&s, 5, "dprk accept", right, "");
    assert_int_equal(on(&s, 6)->meeting->index, right);
    end(&s);
}

/* What was planned, and confirmed, before anything was chosen is about something else. */
static void test_planned_before(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    uint32_t early = says(s.x, 0, "usa meet to dprk about 1 name early due 5");
    says_of(&s, 0, "dprk accept", early, "");
    take_until(&s, LS_SEARCH_REVEALED, 1);
    is(on(&s, 2), "chosen", 1, 11, B(USA) | B(DPRK));
    blames(on(&s, 14), "lapsed", LS_SCHEDULE_CHOSEN, 0);
    end(&s);
}

/* Nobody is named for not confirming what was put off, called off, taken back, or lapses by itself. */
static void test_plans_that_do_not_stand(void **state)
{
    (void)state;
    static const char *const gone[] = {"usa cancel", "usa defer", "dprk defer", "usa withdraw"};
    for (size_t i = 0; i <= sizeof gone / sizeof *gone; i++) {
        bool lapsing = i == sizeof gone / sizeof *gone;
        searching s = begin(LS_SEARCH_REVEALED);
        take_until(&s, LS_SEARCH_REVEALED, 1);
        uint32_t plan = says(s.x, 2,
                             lapsing ? "usa meet to dprk about 1 name hanoi due 90 until 3"
                                     : "usa meet to dprk about 1 name hanoi due 90");
        if (!lapsing) {
            is(on(&s, 2), "signing", 2, 12, B(DPRK));
            says_of(&s, 3, gone[i], plan, "");
        }
        is(on(&s, 4), "chosen", 1, 11, B(USA) | B(DPRK));
        blames(on(&s, 14), "lapsed", LS_SCHEDULE_CHOSEN, 0);
        end(&s);
    }
}

/* ---- Duties ---- */

static void test_duties(void **state)
{
    (void)state;
    searching s = begin(LS_SEARCH_REVEALED);
    ls_schedule_duty *duty;
    size_t count;
    on(&s, 1);
    assert_success(ls_schedule_duties(s.state, s.count, &s.x->arena, &duty, &count));
    assert_int_equal(count, 2);
    assert_false(duty[0].must);
    assert_int_equal(duty[0].until, 10 * DAY);
    assert_string_equal(ls_schedule_task_name(duty[0].task), "choose");
    assert_string_equal(ls_schedule_else_words(&duty[0]), "the search lapses");
    take_until(&s, LS_SEARCH_POINTS, 1);
    takes(&s, 2, USA, LS_SEARCH_RETURNED);
    on(&s, 3);
    assert_success(ls_schedule_duties(s.state, s.count, &s.x->arena, &duty, &count));
    assert_int_equal(count, 1);
    assert_int_equal(duty[0].party, DPRK);
    assert_int_equal(duty[0].until, 11 * DAY);
    assert_true(duty[0].must);
    assert_string_equal(ls_schedule_task_verb(duty[0].task), "schedule step");
    assert_string_equal(ls_schedule_task_words(duty[0].task), "return the other's points, multiplied");
    assert_string_equal(ls_schedule_else_words(&duty[0]), "it is in default");
    end(&s);
}

/* ---- At random ---- */

/* Whatever comes in whatever order: nobody is awaited and in default at once, deadlines lie after what they belong to,
 * who is in default let a step out that the other took, and time alone never takes back a default. */
static void test_random(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (unsigned round = 0; round < 20000; round++) {
        searching s = begin(next_random(&random) % 4 == 0 ? LS_SEARCH_RETURNED : LS_SEARCH_REVEALED);
        int day = 0;
        for (unsigned i = 0; i < 12; i++) {
            day += (int)(next_random(&random) % 4);
            unsigned step = i / 2 < LS_SEARCH_STEPS ? i / 2 : (unsigned)(next_random(&random) % LS_SEARCH_STEPS);
            int when = next_random(&random) % 9 == 0 ? NEVER : day - (int)(next_random(&random) % 2);
            takes(&s, when == -1 ? 0 : when, i % 2 == 0 ? USA : DPRK, (ls_search_step)step);
        }
        bool over = false;
        for (int at = 0; at < 80; at += 3) {
            const ls_schedule_state *x = on(&s, at);
            assert_true((x->awaited == 0) == (x->deadline == LS_TIME_OPEN));
            assert_true(x->awaited == 0 || x->deadline >= x->since);
            assert_true(x->awaited == 0 || x->silent == 0);
            assert_int_equal((x->awaited | x->silent | x->late | x->learned) & ~(B(USA) | B(DPRK)), 0);
            assert_true(x->since <= x->search->until + 80 * DAY);
            bool ended = x->stage == LS_SCHEDULE_LAPSED || x->stage == LS_SCHEDULE_DEFAULTED;
            assert_true(ended || !over);
            assert_true(x->stage != LS_SCHEDULE_DEFAULTED || x->silent != 0);
            over = ended;
        }
        end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_stage_lasts_as_long),
        cmocka_unit_test(test_earliest_has_no_ranking),
        cmocka_unit_test(test_who_is_silent_is_named_after_the_grace),
        cmocka_unit_test(test_both_are_named_where_both_are_silent),
        cmocka_unit_test(test_nobody_is_named_where_neither_goes_on),
        cmocka_unit_test(test_times_are_ledger_times),
        cmocka_unit_test(test_the_last_step_on_the_record_counts),
        cmocka_unit_test(test_others_have_no_part),
        cmocka_unit_test(test_a_search_whose_time_is_over_lasts_no_time),
        cmocka_unit_test(test_both_sign),
        cmocka_unit_test(test_one_stands_by_it),
        cmocka_unit_test(test_two_plans),
        cmocka_unit_test(test_another_plan),
        cmocka_unit_test(test_planned_before),
        cmocka_unit_test(test_plans_that_do_not_stand),
        cmocka_unit_test(test_duties),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
