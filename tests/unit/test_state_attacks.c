/* Tests of what one party may try against others by what it says about an accord: each shows that it does not work. */
#include "accord/why.h"
#include "fixture/story.h"
#include "vectors.h"
#include <string.h>
#include <time.h>

/* A postponement gives time, and takes none: else who may postpone could make another party overdue. */
static void postponed_to_the_past(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, due: 30 days after in force, may-call-off: [usa]}\n");
    size_t p = story_says(s, "2018-10-20", "usa calls-off ship");
    s->fact[p - 1].day = (int32_t)(story_time("2018-10-12") / 86400);
    story_due(s, "2018-10-21", "ship", "2018-11-09 24:00");
    story_is(s, "2018-10-21", "ship", "due", NULL);
    story_moment(s, "2018-11-10", "ship", LS_EVENT_OVERDUE, "never");
    story_end(s);
}

/* Who was told that it need not act is not overdue for the time in which it was told so. */
static void called_off_and_on_again(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, due: 10 days after in force, may-call-off: [usa]}\n");
    size_t off = story_says(s, "2018-10-15", "usa calls-off ship");
    story_is(s, "2018-11-15", "ship", "called off", "2018-10-15");
    char act[64];
    snprintf(act, sizeof act, "usa withdraws of %zu", off);
    story_says(s, "2018-12-01", act);
    story_is(s, "2018-12-02", "ship", "due", NULL);
    /* 20 October, and the 47 days. */
    story_due(s, "2018-12-02", "ship", "2018-12-06 24:00");
    story_moment(s, "2018-12-03", "ship", LS_EVENT_OVERDUE, "never");
    story_is(s, "2018-12-08", "ship", "overdue", "2018-12-07 24:00");
    story_end(s);
}

/* The same for a postponement that is taken back when the first deadline has passed. */
static void a_postponement_taken_back(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, due: 10 days after in force, may-call-off: [usa]}\n");
    size_t p = story_says(s, "2018-10-15", "usa calls-off ship");
    s->fact[p - 1].day = (int32_t)(story_time("2019-01-31") / 86400);
    story_says(s, "2018-12-01", "usa withdraws of 1");
    story_moment(s, "2018-12-02", "ship", LS_EVENT_OVERDUE, "never");
    assert_int_not_equal(story_at(s, "2018-12-02", "ship")->state, LS_OVERDUE);
    story_end(s);
}

/* Each takes back its own call-off, and not another's. */
static void two_call_it_off(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, due: 10 days after in force, may-call-off: [usa, rok]}\n");
    story_says(s, "2018-10-11", "usa calls-off ship");
    story_says(s, "2018-10-12", "rok calls-off ship");
    story_says(s, "2018-10-13", "rok withdraws of 2");
    story_is(s, "2018-10-14", "ship", "called off", "2018-10-11");
    story_says(s, "2018-10-15", "usa withdraws of 1");
    story_is(s, "2018-10-16", "ship", "due", NULL);
    story_end(s);
}

/* A performance that waits for its answer is not put aside by calling the measure off. */
static void called_off_when_it_was_performed(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, verified-by: [usa], may-call-off: [usa]}\n");
    story_says(s, "2018-10-11", "dprk performs ship");
    story_says(s, "2018-10-12", "usa calls-off ship");
    story_is(s, "2018-10-13", "ship", "performed", "2018-10-11");
    story_says(s, "2018-10-14", "usa confirms ship");
    story_is(s, "2018-10-15", "ship", "confirmed", "2018-10-14");
    story_end(s);
}

/* Whoever speaks afterwards did not call it off. */
static void whose_call_off_it_was(void **state)
{
    (void)state;
    story *s = story_begin("assessors: [iaea]\n", "{id: ship, by: dprk, may-call-off: [usa]}\n");
    size_t off = story_says(s, "2018-10-11", "usa calls-off ship");
    story_says(s, "2018-10-12", "iaea assesses ship score 1");
    assert_int_equal(story_at(s, "2018-10-13", "ship")->said_by, off);
    story_end(s);
}

/* An objection that is taken back when silence has decided leaves its author silent. */
static void silence_after_an_objection(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, verified-by: [usa], on-silence: confirmed after 10 days}\n"
                               "{id: doubt, by: dprk, verified-by: [usa], on-silence: disputed after 10 days}\n");
    story_says(s, "2018-10-11", "dprk performs ship");
    story_says(s, "2018-10-11", "dprk performs doubt");
    story_says(s, "2018-10-20", "usa objects ship");
    story_says(s, "2018-10-20", "usa objects doubt");
    story_says(s, "2018-10-30", "usa withdraws of 3");
    story_says(s, "2018-10-30", "usa withdraws of 4");
    story_is(s, "2018-10-31", "ship", "confirmed", "2018-10-30");
    story_is(s, "2018-10-31", "doubt", "disputed", NULL);
    assert_true(story_at(s, "2018-10-31", "ship")->by_silence);
    story_end(s);
}

/* What was prevented in time does not turn out to have happened long ago. */
static void prevented_and_taken_back(void **state)
{
    (void)state;
    story *s =
        story_begin("events:\n  - {id: snap, title: Snap, when: 10 days after in force, unless: pay performed}\n",
                    "{id: pay, by: usa, verified-by: [dprk]}\n"
                    "{id: relief, by: rok, undone-by: snap}\n");
    story_says(s, "2018-10-12", "rok performs relief");
    story_says(s, "2018-10-15", "usa performs pay");
    story_happens(s, "2018-12-01", "snap", "never");
    story_says(s, "2018-12-02", "usa withdraws of 2");
    story_happens(s, "2018-12-03", "snap", "2018-12-02");
    story_is(s, "2018-12-03", "relief", "reversed", "2018-12-02");
    story_end(s);
}

/* The same where a whole step stands in the way, and of several withdrawals one mattered. */
static void prevented_by_a_step(void **state)
{
    (void)state;
    story *s = story_begin("events:\n  - {id: snap, title: Snap, when: 10 days after in force, unless: pay performed}\n"
                           "  - {id: snap2, title: Snap, when: 10 days after in force, unless: bring performed}\n",
                           "step both arms simultaneous\n{id: pay, by: usa, verified-by: [rok]}\n"
                           "{id: bring, by: dprk, verified-by: [rok]}\n"
                           "step other arms\n{id: talk, by: rok}\n");
    story_says(s, "2018-10-15", "usa performs pay");
    story_says(s, "2018-10-16", "dprk performs bring");
    story_says(s, "2018-10-23", "usa performs pay");
    story_says(s, "2018-11-01", "usa withdraws of 1"); /* of one that was replaced: nothing */
    story_happens(s, "2018-11-02", "snap", "never");
    story_says(s, "2018-11-03", "dprk withdraws of 2");
    story_says(s, "2018-11-04", "dprk performs bring");
    story_says(s, "2018-11-05", "dprk withdraws of 7");
    story_says(s, "2018-11-06", "usa withdraws of 3");
    story_happens(s, "2018-12-02", "snap", "2018-11-03");
    story_happens(s, "2018-12-02", "snap2", "2018-11-03");
    story_end(s);
}

/* Looking back reads goals again, too, however many totals were attested. */
static void prevented_by_a_goal(void **state)
{
    (void)state;
    story *s = story_begin("events:\n  - {id: total, title: Total, attested-by: [iaea]}\n"
                           "  - {id: snap, title: Snap, when: 10 days after in force, unless: pay performed}\n",
                           "{id: pay, by: usa, amount: 50 % of total, verified-by: [rok]}\n");
    for (int i = 0; i < 12; i++) {
        story_says(s, "2018-10-11", "iaea attests total amount 20");
    }
    story_says(s, "2018-10-15", "usa performs pay amount 10");
    story_happens(s, "2018-11-02", "snap", "never");
    story_says(s, "2018-11-03", "usa withdraws of 13");
    story_happens(s, "2018-12-02", "snap", "2018-11-03");
    story_end(s);
}

/* Without anything to prevent it, it happens when the grace has passed, also where something was taken back before. */
static void not_prevented_in_the_end(void **state)
{
    (void)state;
    story *s =
        story_begin("events:\n  - {id: snap, title: Snap, when: 10 days after in force, unless: pay performed}\n",
                    "{id: pay, by: usa, verified-by: [dprk]}\n");
    story_says(s, "2018-10-12", "usa performs pay");
    story_says(s, "2018-10-13", "usa withdraws of 1");
    story_happens(s, "2018-12-03", "snap", "2018-10-21 24:00");
    story_end(s);
}

/* What all had agreed on is not undone by suspending afterwards. */
static void suspended_after_an_extension(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop, counterpart: may withhold}\n"
                           "extension: {at-most: 15 days, times: 1}\n",
                           "{id: ship, by: dprk, due: 10 days after in force}\n");
    story_says(s, "2018-10-11", "dprk extends ship dated 2018-10-30");
    story_says(s, "2018-10-11", "usa extends ship dated 2018-10-30");
    story_says(s, "2018-10-11", "rok extends ship dated 2018-10-30");
    story_due(s, "2018-10-12", "ship", "2018-10-30 24:00");
    story_says(s, "2018-10-13", "usa suspends");
    story_says(s, "2018-11-02", "usa resumes of 4");
    story_due(s, "2018-11-03", "ship", "2018-11-19 24:00"); /* 20 days later */
    story_end(s);
}

/* Within one simultaneous step the goal is what was done, and stays that when all of it takes effect. */
static void parity_within_a_step(void **state)
{
    (void)state;
    story *s = story_begin("", "step both arms simultaneous\n{id: pay, by: usa, amount: 10 t, verified-by: [dprk]}\n"
                               "{id: ship, by: dprk, amount: as much as pay, due: 10 days after in force}\n"
                               "{id: talk, by: rok}\n");
    story_says(s, "2018-10-11", "usa performs pay amount 10");
    story_says(s, "2018-10-12", "dprk confirms pay");
    story_says(s, "2018-10-13", "dprk performs ship amount 10");
    story_is(s, "2018-10-14", "ship", "performed", NULL);
    story_moment(s, "2018-11-14", "ship", LS_EVENT_OVERDUE, "never");
    story_says(s, "2018-11-20", "rok performs talk");
    story_moment(s, "2018-11-21", "ship", LS_EVENT_PERFORMED, "2018-11-20");
    story_moment(s, "2018-11-21", "ship", LS_EVENT_OVERDUE, "never");
    story_end(s);
}

/* What is held until others have done their part asks nothing of anybody: a measure in parity with it has no goal. */
static void parity_with_what_is_held(void **state)
{
    (void)state;
    story *s = story_begin("", "step other peace\n{id: ship, by: dprk, amount: as much as pay}\n"
                               "{id: next, by: rok, after: [ship performed]}\n"
                               "step both arms simultaneous\n{id: pay, by: usa, amount: 10 t, verified-by: [dprk]}\n"
                               "{id: talk, by: rok}\n");
    story_says(s, "2018-10-11", "usa performs pay amount 10");
    story_says(s, "2018-10-12", "dprk confirms pay");
    story_says(s, "2018-10-13", "dprk performs ship amount 10");
    story_is(s, "2018-10-14", "ship", "begun", NULL);
    story_is(s, "2018-10-14", "next", "pending", NULL);
    story_says(s, "2018-10-20", "rok performs talk");
    story_is(s, "2018-10-21", "ship", "performed", NULL);
    story_is(s, "2018-10-21", "next", "due", "2018-10-20");
    story_end(s);
}

static void says_why(story *s, const char *when, const char *measure, const char *why)
{
    story_at(s, when, measure);
    const ls_facts facts = story_facts(s);
    const ls_state_query q = {.roadmap = &s->roadmap,
                              .charter = &s->charter,
                              .signed_at = s->signed_at,
                              .facts = &facts,
                              .at = story_time(when),
                              .known = story_time(when)};
    size_t i = (size_t)ls_roadmap_measure(&s->roadmap, ls_bytes_str(measure));
    ls_account account;
    assert_success(ls_account_read(&q, &s->state, &s->scratch, &account));
    assert_string_equal(ls_why(&account, i), why);
}

/* Whoever has confirmed is not said to dispute it, nor whoever answered last to have established a breach. */
static void who_objects(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: dprk, verified-by: [usa, rok]}\n"
                               "{id: kept, by: dprk, continuing: true, verified-by: [usa, rok]}\n");
    story_says(s, "2018-10-11", "dprk performs ship");
    story_says(s, "2018-10-12", "usa objects ship");
    story_says(s, "2018-10-13", "rok confirms ship");
    says_why(s, "2018-10-14", "ship", "objected to by usa");
    story_says(s, "2018-10-15", "usa objects kept");
    story_says(s, "2018-10-16", "dprk performs kept");
    story_says(s, "2018-10-17", "rok confirms kept");
    story_says(s, "2018-10-18", "usa objects kept");
    says_why(s, "2018-10-19", "kept", "a breach was established by usa");
    story_end(s);
}

/* Facts in any number. */

typedef struct crowd {
    ls_fact *fact;
    size_t count, capacity;
    ls_time start;
} crowd;

static void crowd_says(crowd *c, const ls_fact *f)
{
    if (c->count == c->capacity) {
        c->capacity = c->capacity == 0 ? 1024 : 2 * c->capacity;
        c->fact = realloc(c->fact, c->capacity * sizeof *c->fact);
        assert_non_null(c->fact);
    }
    c->fact[c->count] = *f;
    c->fact[c->count].index = (uint32_t)c->count + 1;
    c->count++;
}

static ls_fact plain_fact(ls_fact_kind kind, unsigned by, unsigned subject)
{
    return (ls_fact){.amount = LS_QUANTITY_NONE,
                     .ref = LS_NO_ENTRY,
                     .day = LS_NO_DAY,
                     .kind = kind & 31,
                     .by = by & 31,
                     .party = by & 31,
                     .subject = subject & 1023,
                     .detail = LS_NO_DETAIL};
}

/* Ten seconds from act to act. */
static ls_time crowd_time(const void *context, uint32_t index)
{
    return ((const crowd *)context)->start + 10 * (ls_time)index;
}

static void crowd_at(story *s, const crowd *c, ls_time at)
{
    const ls_facts facts = {c->fact, c->count, crowd_time, c};
    const ls_state_query q = {.roadmap = &s->roadmap,
                              .charter = &s->charter,
                              .signed_at = s->signed_at,
                              .facts = &facts,
                              .at = at,
                              .known = at};
    ls_arena_free(&s->scratch);
    assert_success(ls_state_eval(&q, &s->scratch, &s->state));
}

/* Parts of the largest amount, more than a running total of 64 bits could hold. */
static void totals_do_not_overflow(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, amount: 100 t, verified-by: [dprk]}\n"
                               "{id: rate, by: usa, amount: 999999999999 t per day, until: \"9999-12-31\"}\n"
                               "{id: more, by: usa, amount: as much as ship}\n");
    crowd c = {.start = s->signed_at};
    for (size_t i = 0; i < 20000; i++) {
        ls_fact f = plain_fact(LS_FACT_PERFORM, USA, (unsigned)(i % 2));
        f.amount = LS_QUANTITY_MAX;
        crowd_says(&c, &f);
    }
    const ls_fact confirm = plain_fact(LS_FACT_CONFIRM, DPRK, 0);
    crowd_says(&c, &confirm);
    crowd_at(s, &c, story_time("2088-10-10"));
    assert_int_equal(s->state.measure[0].state, LS_CONFIRMED);
    assert_true(s->state.measure[0].total >= LS_QUANTITY_MAX && s->state.measure[0].confirmed >= LS_QUANTITY_MAX);
    assert_true(s->state.measure[1].required >= LS_QUANTITY_MAX);
    assert_int_equal(s->state.measure[1].state, LS_OVERDUE);
    free(c.fact);
    story_end(s);
}

/* A right that went unused for longer than a number of 32 bits holds uses. */
static void forfeited_rights_do_not_overflow(void **state)
{
    (void)state;
    story *s = story_begin("rights:\n  - {id: visit, of: usa, what: visit, paragraph: p1, quota: 1000000 per day,"
                           " from: in force}\n",
                           "{id: ship, by: usa}\n");
    story_at(s, "2038-10-10", "ship");
    /* 7,305 days from 10 October 2018 to the same day of 2038. */
    assert_int_equal(s->state.right[0].forfeited, UINT32_MAX); /* 7,305,000,000 */
    story_end(s);
}

/* Seconds that it takes. */
static double seconds(story *s, const crowd *c, ls_time at)
{
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    crowd_at(s, c, at);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

typedef void (*crowd_round)(crowd *c, size_t i);

static void perform_and_reverse(crowd *c, size_t i)
{
    const ls_fact perform = plain_fact(LS_FACT_PERFORM, USA, 0), back = plain_fact(LS_FACT_REVERSE, USA, 0);
    crowd_says(c, i % 2 == 0 ? &perform : &back);
}

static void perform_and_withdraw(crowd *c, size_t i)
{
    ls_fact perform = plain_fact(LS_FACT_PERFORM, USA, 0), back = plain_fact(LS_FACT_WITHDRAW, USA, 0);
    perform.amount = 1;
    back.ref = (uint32_t)c->count;
    crowd_says(c, i % 2 == 0 ? &perform : &back);
}

static void confirm_and_withdraw(crowd *c, size_t i)
{
    const ls_fact perform = plain_fact(LS_FACT_PERFORM, USA, 0), confirm = plain_fact(LS_FACT_CONFIRM, DPRK, 0);
    ls_fact back = plain_fact(LS_FACT_WITHDRAW, DPRK, 0);
    back.ref = (uint32_t)c->count;
    crowd_says(c, i % 3 == 0 ? &perform : i % 3 == 1 ? &confirm : &back);
}

static void postpone(crowd *c, size_t i)
{
    ls_fact f = plain_fact(LS_FACT_CALL_OFF, USA, 0);
    f.day = 20000 + (int32_t)i;
    crowd_says(c, &f);
}

static void suspend_and_resume(crowd *c, size_t i)
{
    ls_fact suspend = plain_fact(LS_FACT_SUSPEND, USA, LS_NO_SUBJECT),
            back = plain_fact(LS_FACT_RESUME, USA, LS_NO_SUBJECT);
    back.ref = (uint32_t)c->count;
    crowd_says(c, i % 2 == 0 ? &suspend : &back);
}

static void postpone_then_suspend(crowd *c, size_t i)
{
    if (i < 20000) {
        postpone(c, i);
    } else {
        suspend_and_resume(c, i);
    }
}

static void open_disputes(crowd *c, size_t i)
{
    ls_fact f = plain_fact(LS_FACT_DISPUTE, USA, 0);
    f.amount = (ls_quantity)(i % 2);
    crowd_says(c, &f);
}

static void report_incidents(crowd *c, size_t i)
{
    ls_fact f = plain_fact(LS_FACT_INCIDENT, USA, 1), back = plain_fact(LS_FACT_WITHDRAW, USA, 1);
    back.ref = (uint32_t)c->count;
    crowd_says(c, i % 2 == 0 ? &f : &back);
}

/* What one party can say as often as it likes costs others no more than in proportion. */
static void cheap_acts_cost_little(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        crowd_round round;
        const char *measure;
    } rounds[] = {
        {"perform, reverse", perform_and_reverse, "{id: ship, by: usa, verified-by: [dprk]}"},
        {"parts, withdraw", perform_and_withdraw, "{id: ship, by: usa, amount: 100 t, verified-by: [dprk, rok]}"},
        {"perform, confirm, withdraw", confirm_and_withdraw, "{id: ship, by: usa, verified-by: [dprk, rok]}"},
        {"postpone", postpone, "{id: ship, by: dprk, due: 10 days after in force, may-call-off: [usa]}"},
        {"suspend, resume", suspend_and_resume, "{id: ship, by: dprk, due: 10 days after in force}"},
        {"postpone, then suspend", postpone_then_suspend,
         "{id: ship, by: dprk, due: 10 days after in force, may-call-off: [usa]}"},
        {"disputes", open_disputes, "{id: ship, by: dprk, due: 10 days after in force}"},
        {"incidents", report_incidents, "{id: ship, by: dprk, due: 10 days after in force}"},
    };
    enum { ACTS = 40000 };
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        ls_buf measures = {0};
        ls_buf_format(&measures, "%s\n{id: kept, by: dprk, continuing: true, verified-by: [usa]}\n", rounds[i].measure);
        story *s = story_begin("suspension: {clocks: stop, counterpart: may withhold}\n"
                               "disputes:\n  - {id: d, title: D, open-to: [usa], stages:"
                               " [{id: one, title: One, lasts: 15 days}]}\n",
                               ls_buf_cstr(&measures));
        crowd c = {.start = s->signed_at};
        for (size_t k = 0; k < ACTS; k++) {
            rounds[i].round(&c, k);
        }
        double took = seconds(s, &c, c.start + 20 * ACTS);
        print_message("%s: %.3f s\n", rounds[i].what, took);
        if (took > 2) {
            fail_msg("%s: %d acts take %.1f seconds", rounds[i].what, ACTS, took);
        }
        free(c.fact);
        ls_buf_free(&measures);
        story_end(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postponed_to_the_past),
        cmocka_unit_test(called_off_and_on_again),
        cmocka_unit_test(a_postponement_taken_back),
        cmocka_unit_test(two_call_it_off),
        cmocka_unit_test(called_off_when_it_was_performed),
        cmocka_unit_test(whose_call_off_it_was),
        cmocka_unit_test(silence_after_an_objection),
        cmocka_unit_test(prevented_and_taken_back),
        cmocka_unit_test(prevented_by_a_step),
        cmocka_unit_test(prevented_by_a_goal),
        cmocka_unit_test(not_prevented_in_the_end),
        cmocka_unit_test(suspended_after_an_extension),
        cmocka_unit_test(parity_within_a_step),
        cmocka_unit_test(parity_with_what_is_held),
        cmocka_unit_test(who_objects),
        cmocka_unit_test(totals_do_not_overflow),
        cmocka_unit_test(forfeited_rights_do_not_overflow),
        cmocka_unit_test(cheap_acts_cost_little),
    };
    return cmocka_run_group_tests_name("state: attacks", tests, NULL, NULL);
}
