/* Tests of the state of plain measures: each rule by a short history. Other constructs: test_state_….c beside this. */
#include "fixture/story.h"
#include "vectors.h"
#include <string.h>

/* dprk declares, usa suspends exercises, usa opens an office in return; dprk invites, and nobody verifies that. */
static const char four[] =
    "step one arms\n"
    "{id: declare, by: dprk, due: 10 days after in force, verified-by: [usa]}\n"
    "{id: invite, by: dprk, after: [office confirmed], due: 2018-12-31}\n"
    "step two peace\n"
    "{id: suspend, by: usa, due: 36 hours after in force, verified-by: [dprk]}\n"
    "{id: office, by: usa, after: [declare confirmed, suspend performed], due: 1 month after declare confirmed, "
    "verified-by: [dprk, rok]}\n";

static int set_up(void **state)
{
    *state = story_begin("", four);
    return 0;
}

static int tear_down(void **state)
{
    story_end(*state);
    return 0;
}

static void nothing_before_it_is_in_force(void **state)
{
    story *s = *state;
    story_is(s, "2018-10-10 08:59", "declare", "pending", NULL);
    story_is(s, "2018-10-10 09:00", "declare", "due", "2018-10-10 09:00");
    assert_true(story_at(s, "2018-10-11", "invite")->has_deadline); /* a date is a date */
    s->signed_at = LS_TIME_OPEN;                                    /* the last signature came too late */
    story_is(s, "2018-10-11", "declare", "pending", NULL);
    story_is(s, "2019-10-11", "declare", "pending", NULL);
    story_due(s, "2019-10-11", "declare", "never");
}

static void deadline_and_grace(void **state)
{
    story *s = *state;
    /* The tenth day after 10 October is the 20th; a day of grace follows. */
    story_due(s, "2018-10-11", "declare", "2018-10-20 24:00");
    story_is(s, "2018-10-21 23:59", "declare", "due", STORY_SIGNED);
    story_is(s, "2018-10-21 24:00", "declare", "due", STORY_SIGNED);
    story_is(s, "2018-10-21T15:00:01Z", "declare", "overdue", "2018-10-21 24:00");
    story_moment(s, "2018-10-25", "declare", LS_EVENT_OVERDUE, "2018-10-21 24:00");
    story_moment(s, "2018-10-21 24:00", "declare", LS_EVENT_OVERDUE, "never");
    /* Hours are exact. */
    story_due(s, "2018-10-11", "suspend", "2018-10-11 21:00");
    story_is(s, "2018-10-12 21:00", "suspend", "due", NULL);
    story_is(s, "2018-10-12T12:00:01Z", "suspend", "overdue", "2018-10-12 21:00");
    /* Another closing hour. */
    s->charter.closing = 18 * 3600;
    story_due(s, "2018-10-11", "declare", "2018-10-20 18:00");
    /* And no grace. */
    s->charter.grace = 0;
    story_is(s, "2018-10-20 18:00", "declare", "due", NULL);
    story_is(s, "2018-10-20 18:01", "declare", "overdue", "2018-10-20 18:00");
}

static void performed_and_confirmed(void **state)
{
    story *s = *state;
    size_t p = story_says(s, "2018-10-15", "dprk performs declare");
    story_is(s, "2018-10-15 11:59", "declare", "due", STORY_SIGNED);
    story_is(s, "2018-10-15", "declare", "performed", "2018-10-15");
    const ls_measure_state *x = story_at(s, "2018-10-16", "declare");
    assert_int_equal(x->performed_by, p);
    story_same_time(x->performed_at, "2018-10-15", "performed at");
    assert_false(x->early || x->late);
    story_is(s, "2019-01-01", "declare", "performed", "2018-10-15"); /* never overdue */
    story_is(s, "2018-10-16", "office", "pending", NULL);
    story_due(s, "2018-10-16", "office", "never"); /* it hangs on a moment that has not come */

    size_t c = story_says(s, "2018-10-17", "usa confirms declare of 1");
    story_is(s, "2018-10-17", "declare", "confirmed", "2018-10-17");
    x = story_at(s, "2018-10-17", "declare");
    assert_int_equal(x->answered_by, c);
    assert_int_equal(x->confirmations, LS_PARTY_BIT(USA));
    /* The office still waits for the other condition, but its deadline is known. */
    story_is(s, "2018-10-17", "office", "pending", NULL);
    story_due(s, "2018-10-17", "office", "2018-11-17 24:00");
    story_says(s, "2018-10-18", "usa performs suspend");
    story_is(s, "2018-10-18", "office", "due", "2018-10-18");
    assert_true(story_at(s, "2018-10-18", "suspend")->late);
}

static void wrong_parties_have_no_effect(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-15", "usa performs declare");
    story_says(s, "2018-10-15", "usa promises declare");
    story_says(s, "2018-10-15", "usa begins declare");
    story_is(s, "2018-10-16", "declare", "due", STORY_SIGNED);
    story_moment(s, "2018-10-16", "declare", LS_EVENT_PROMISED, "never");
    story_moment(s, "2018-10-16", "declare", LS_EVENT_BEGUN, "never");
    size_t p = story_says(s, "2018-10-16", "dprk performs declare");
    assert_int_equal(p, 4);
    story_says(s, "2018-10-16 13:00", "dprk confirms declare of 4");
    story_says(s, "2018-10-16 13:00", "rok confirms declare of 4");
    story_says(s, "2018-10-16 13:00", "rok objects declare of 4");
    story_says(s, "2018-10-16 13:00", "rok misses declare");
    story_says(s, "2018-10-16 13:00", "usa withdraws of 4");
    story_says(s, "2018-10-16 13:00", "usa reverses declare");
    story_says(s, "2018-10-16 13:00", "rok objects invite");
    story_is(s, "2018-10-17", "declare", "performed", "2018-10-16");
    assert_int_equal(story_at(s, "2018-10-17", "declare")->answered_by, LS_NO_ENTRY);
    story_is(s, "2018-10-17", "invite", "pending", NULL);
}

static void facts_about_nothing_have_no_effect(void **state)
{
    story *s = *state;
    for (unsigned kind = 0; kind < LS_FACT_KINDS; kind++) {
        story_says(s, "2018-10-11", "usa performs declare");
        ls_fact *f = &s->fact[s->count - 1];
        *f = (ls_fact){.index = f->index,
                       .kind = kind & 31,
                       .by = USA,
                       .party = USA,
                       .subject = 1000,
                       .detail = 126,
                       .ref = 99,
                       .day = LS_NO_DAY,
                       .amount = LS_QUANTITY_NONE};
    }
    story_is(s, "2018-10-12", "declare", "due", STORY_SIGNED);
    assert_int_equal(s->state.dispute_count, 0);
}

static void every_verifier_must_confirm(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-15", "usa performs office");
    story_says(s, "2018-10-16", "rok confirms office");
    story_is(s, "2018-10-17", "office", "performed", "2018-10-15");
    assert_int_equal(story_at(s, "2018-10-17", "office")->confirmations, LS_PARTY_BIT(ROK));
    story_says(s, "2018-10-18", "dprk confirms office of 1");
    story_is(s, "2018-10-18", "office", "confirmed", "2018-10-18");
    assert_int_equal(story_at(s, "2018-10-18", "office")->confirmations, LS_PARTY_BIT(ROK) | LS_PARTY_BIT(DPRK));
}

static void answers_are_about_their_performance(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-11", "usa confirms declare");
    story_is(s, "2018-10-12", "declare", "due", STORY_SIGNED);
    story_says(s, "2018-10-12", "dprk performs declare");
    story_says(s, "2018-10-13", "dprk performs declare"); /* replaces it, and asks for new answers */
    story_says(s, "2018-10-14", "usa confirms declare of 2");
    story_says(s, "2018-10-14", "usa objects declare of 2");
    story_is(s, "2018-10-15", "declare", "performed", "2018-10-13");
    story_says(s, "2018-10-15", "usa confirms declare of 3");
    story_is(s, "2018-10-15", "declare", "confirmed", "2018-10-15");
}

static void a_new_performance_asks_for_new_answers(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "usa performs office");
    story_says(s, "2018-10-13", "rok confirms office");
    story_says(s, "2018-10-14", "usa performs office");
    story_says(s, "2018-10-15", "dprk confirms office");
    story_is(s, "2018-10-16", "office", "performed", "2018-10-14"); /* rok's word was about the first */
    story_says(s, "2018-10-17", "rok confirms office");
    story_is(s, "2018-10-17", "office", "confirmed", "2018-10-17");
}

static void early_performance_waits(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-11", "usa performs office");
    story_says(s, "2018-10-12", "dprk confirms office");
    story_says(s, "2018-10-12", "rok confirms office");
    story_is(s, "2018-10-13", "office", "confirmed", "2018-10-12");
    assert_true(story_at(s, "2018-10-13", "office")->early);
    /* It triggers nothing until its own conditions hold. */
    story_is(s, "2018-10-13", "invite", "pending", NULL);
    story_moment(s, "2018-10-13", "office", LS_EVENT_CONFIRMED, "never");
    story_says(s, "2018-10-14", "usa performs suspend");
    story_says(s, "2018-10-15", "dprk performs declare");
    story_says(s, "2018-10-16", "usa confirms declare");
    story_is(s, "2018-10-17", "invite", "due", "2018-10-16");
    assert_true(story_at(s, "2018-10-17", "office")->early);
    assert_false(story_at(s, "2018-10-17", "office")->late);
}

static void claimed_dates(void **state)
{
    story *s = *state;
    /* Filed a day late, but done on the last day. */
    story_says(s, "2018-10-21 10:00", "dprk performs declare dated 2018-10-20");
    assert_true(story_at(s, "2018-10-21", "declare")->late);
    size_t c = story_says(s, "2018-10-22", "usa confirms declare of 1");
    ls_fact *claim = &s->fact[0], *confirmation = &s->fact[c - 1];
    assert_true(story_at(s, "2018-10-23", "declare")->late); /* confirmed without the date */
    confirmation->day = claim->day - 1;
    assert_true(story_at(s, "2018-10-23", "declare")->late); /* another date */
    confirmation->day = claim->day;
    assert_false(story_at(s, "2018-10-23", "declare")->late);
    story_same_time(story_at(s, "2018-10-23", "declare")->performed_at, "2018-10-20 24:00", "performed at");
    /* It protects the performer; what follows counts from when others could know. */
    story_due(s, "2018-10-23", "office", "2018-11-22 24:00");
    story_moment(s, "2018-10-23", "declare", LS_EVENT_PERFORMED, "2018-10-21 10:00");
    s->roadmap.date_limit = 0;
    assert_true(story_at(s, "2018-10-23", "declare")->late); /* beyond the limit */
    s->roadmap.date_limit = 1;
    assert_false(story_at(s, "2018-10-23", "declare")->late);
    claim->day = confirmation->day = claim->day + 2; /* a date to come counts for nothing */
    story_same_time(story_at(s, "2018-10-23", "declare")->performed_at, "2018-10-21 10:00", "performed at");
    /* On the day of the act itself, the act's time is earlier than the closing hour. */
    claim->day = confirmation->day = claim->day - 1;
    story_same_time(story_at(s, "2018-10-23", "declare")->performed_at, "2018-10-21 10:00", "performed at");
}

/* Seven days unless the accord says otherwise. */
static void the_date_limit_is_seven_days(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-27 10:00", "dprk performs declare dated 2018-10-20");
    story_says(s, "2018-10-28", "usa confirms declare dated 2018-10-20");
    assert_false(story_at(s, "2018-10-29", "declare")->late);
    s->time[1] = story_time("2018-10-28 10:00");
    assert_true(story_at(s, "2018-10-29", "declare")->late);
    story *two = story_begin("date-limit: 2 days\n", four);
    assert_int_equal(two->roadmap.date_limit, 2);
    story_end(two);
}

/* A date that only one of two verifiers confirms is enough; one that was taken back is not. */
static void one_verifier_confirms_the_date(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-10 10:00", "dprk performs declare");
    story_says(s, "2018-10-10 11:00", "usa confirms declare");
    story_says(s, "2018-10-10 12:00", "usa performs suspend");
    story_says(s, "2018-11-11 10:00", "usa performs office dated 2018-11-10"); /* due on 10 November */
    assert_true(story_at(s, "2018-11-12", "office")->late);
    story_says(s, "2018-11-12", "rok confirms office dated 2018-11-10");
    assert_false(story_at(s, "2018-11-12", "office")->late);
    story_says(s, "2018-11-13", "rok withdraws of 5");
    assert_true(story_at(s, "2018-11-13", "office")->late);
}

static void objections(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "dprk performs declare");
    size_t o = story_says(s, "2018-10-13", "usa objects declare of 1");
    story_is(s, "2018-10-13", "declare", "disputed", "2018-10-13");
    assert_int_equal(story_at(s, "2018-10-13", "declare")->answered_by, o);
    story_is(s, "2019-10-13", "declare", "disputed", "2018-10-13"); /* never overdue */
    /* What others waited for stays: it was performed. */
    story_moment(s, "2018-10-14", "declare", LS_EVENT_PERFORMED, "2018-10-12");
    /* The same verifier withdraws it … */
    story_says(s, "2018-10-14", "usa withdraws of 2");
    story_is(s, "2018-10-14", "declare", "performed", "2018-10-14");
    assert_int_equal(story_at(s, "2018-10-14", "declare")->answered_by, LS_NO_ENTRY);
    /* … objects again, and confirms … */
    story_says(s, "2018-10-15", "usa objects declare");
    story_is(s, "2018-10-15", "declare", "disputed", "2018-10-15");
    story_says(s, "2018-10-16", "usa confirms declare");
    story_is(s, "2018-10-16", "declare", "confirmed", "2018-10-16");
    /* … and finds that it was wrong to: what waited for the confirmation stays triggered. */
    story_says(s, "2018-10-17", "usa objects declare");
    story_is(s, "2018-10-17", "declare", "disputed", "2018-10-17");
    story_due(s, "2018-10-17", "office", "2018-11-16 24:00");
    story_moment(s, "2018-10-18", "declare", LS_EVENT_CONFIRMED, "2018-10-16");
    assert_int_equal(story_at(s, "2018-10-17", "declare")->confirmations, 0);
    story_says(s, "2018-10-18", "usa withdraws of 6");
    story_is(s, "2018-10-18", "declare", "confirmed", "2018-10-18");
}

static void performing_again_answers_an_objection(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "dprk performs declare");
    story_says(s, "2018-10-13", "usa objects declare");
    size_t again = story_says(s, "2018-10-14", "dprk performs declare");
    story_is(s, "2018-10-14", "declare", "performed", "2018-10-14");
    assert_int_equal(story_at(s, "2018-10-14", "declare")->performed_by, again);
    story_says(s, "2018-10-15", "usa confirms declare of 3");
    /* Once confirmed, doing it again moves nothing … */
    story_says(s, "2018-10-16", "dprk performs declare");
    story_is(s, "2018-10-16", "declare", "confirmed", "2018-10-15");
    assert_int_equal(story_at(s, "2018-10-16", "declare")->performed_by, again);
    /* … unless somebody objects. */
    story_says(s, "2018-10-17", "usa objects declare");
    size_t third = story_says(s, "2018-10-18", "dprk performs declare");
    story_is(s, "2018-10-18", "declare", "performed", "2018-10-18");
    assert_int_equal(story_at(s, "2018-10-18", "declare")->performed_by, third);
    story_moment(s, "2018-10-18", "declare", LS_EVENT_CONFIRMED, "2018-10-15");
}

static void one_objection_is_enough(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "usa performs office");
    story_says(s, "2018-10-13", "rok objects office");
    size_t c = story_says(s, "2018-10-14", "dprk confirms office");
    story_is(s, "2018-10-15", "office", "disputed", "2018-10-13");
    assert_int_equal(story_at(s, "2018-10-15", "office")->confirmations, LS_PARTY_BIT(DPRK));
    story_says(s, "2018-10-16", "rok withdraws of 2");
    story_is(s, "2018-10-16", "office", "performed", "2018-10-16");
    assert_int_equal(story_at(s, "2018-10-16", "office")->answered_by, c);
}

static void missing(void **state)
{
    story *s = *state;
    /* Instead of silence. */
    story_says(s, "2018-10-25", "usa misses declare");
    story_is(s, "2018-10-24", "declare", "overdue", "2018-10-21 24:00");
    story_is(s, "2018-10-25", "declare", "disputed", "2018-10-25");
    story_says(s, "2018-10-26", "usa withdraws of 1");
    story_is(s, "2018-10-26", "declare", "overdue", "2018-10-21 24:00");
    story_says(s, "2018-10-27", "usa misses declare");
    story_says(s, "2018-10-28", "dprk performs declare");
    story_is(s, "2018-10-28", "declare", "performed", "2018-10-28");
    assert_true(story_at(s, "2018-10-28", "declare")->late);
    story_says(s, "2018-10-29", "usa misses declare"); /* says that what was claimed is not there */
    story_is(s, "2018-10-29", "declare", "disputed", "2018-10-29");
}

/* Not before it is due: it counts once the conditions hold. */
static void missing_too_early(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "dprk misses office");
    story_is(s, "2018-10-12", "office", "pending", NULL);
    story_says(s, "2018-10-13", "usa performs suspend");
    story_says(s, "2018-10-14", "dprk performs declare");
    story_says(s, "2018-10-15", "usa confirms declare");
    story_is(s, "2018-10-16", "office", "disputed", "2018-10-15");
}

static void withdrawals(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "usa performs office");
    story_says(s, "2018-10-13", "dprk confirms office of 1");
    story_says(s, "2018-10-14", "dprk withdraws of 2"); /* not yet all: it can be taken back */
    story_says(s, "2018-10-15", "rok confirms office of 1");
    story_is(s, "2018-10-15", "office", "performed", "2018-10-12");
    story_says(s, "2018-10-16", "dprk confirms office of 1");
    /* All have relied on it: neither can be taken back. */
    story_says(s, "2018-10-17", "dprk withdraws of 5");
    story_says(s, "2018-10-17", "usa withdraws of 1");
    story_is(s, "2018-10-18", "office", "confirmed", "2018-10-16");
}

static void a_performance_taken_back_did_not_happen(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "dprk performs declare");
    story_says(s, "2018-10-13", "dprk withdraws of 1");
    story_is(s, "2018-10-12", "declare", "performed", "2018-10-12"); /* as it was then */
    story_is(s, "2018-10-13", "declare", "due", STORY_SIGNED);
    assert_int_equal(story_at(s, "2018-10-13", "declare")->performed_by, LS_NO_ENTRY);
    story_moment(s, "2018-10-12", "declare", LS_EVENT_PERFORMED, "2018-10-12");
    story_moment(s, "2018-10-13", "declare", LS_EVENT_PERFORMED, "never");
    story_moment(s, "2018-10-13", "declare", LS_EVENT_BEGUN, "never");
    story_says(s, "2018-10-14", "dprk withdraws of 63"); /* of nothing */
    story_is(s, "2018-10-14", "declare", "due", STORY_SIGNED);
    story_is(s, "2018-10-23", "declare", "overdue", "2018-10-21 24:00");
}

/* After the deadline: it becomes overdue when it is taken back, and that happened. */
static void taken_back_after_the_deadline(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-12", "dprk performs declare");
    story_says(s, "2018-11-01", "dprk withdraws of 1");
    story_moment(s, "2018-10-31", "declare", LS_EVENT_OVERDUE, "never");
    story_is(s, "2018-11-02", "declare", "overdue", NULL);
    story_moment(s, "2018-11-02", "declare", LS_EVENT_OVERDUE, "2018-11-01");
    story_says(s, "2018-11-03", "dprk performs declare");
    story_moment(s, "2018-11-04", "declare", LS_EVENT_OVERDUE, "2018-11-01");
}

/* Somebody has confirmed it, though not all: it can still be taken back, but not that it happened. */
static void what_one_verifier_confirmed_stays_happened(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-10 10:00", "dprk performs declare");
    story_says(s, "2018-10-10 11:00", "usa confirms declare");
    story_says(s, "2018-10-10 12:00", "usa performs suspend");
    story_says(s, "2018-10-12", "usa performs office");
    story_says(s, "2018-10-13", "rok confirms office");
    story_says(s, "2018-10-14", "usa withdraws of 4");
    story_is(s, "2018-10-15", "office", "begun", NULL);
    story_moment(s, "2018-10-15", "office", LS_EVENT_PERFORMED, "2018-10-12");
}

/* Nobody is overdue through another's default. */
static void a_condition_after_the_deadline_leaves_none(void **state)
{
    story *s = *state;
    /* The office is due on 17 November, but its other condition comes on the 20th. */
    story_says(s, "2018-10-15", "dprk performs declare");
    story_says(s, "2018-10-17", "usa confirms declare");
    story_is(s, "2018-11-19", "office", "pending", NULL);
    story_says(s, "2018-11-20", "usa performs suspend");
    story_is(s, "2018-11-21", "office", "due", "2018-11-20");
    story_is(s, "2020-11-21", "office", "due", "2018-11-20");
    story_moment(s, "2020-11-21", "office", LS_EVENT_OVERDUE, "never");
}

static void a_deadline_may_follow_the_conditions(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: first, by: dprk, verified-by: [usa]}\n"
                               "{id: second, by: usa, after: [first confirmed], due: {latest: [2018-12-31, 14 days "
                               "after first confirmed]}}\n");
    story_due(s, "2018-11-01", "second", "never"); /* it can't be known */
    story_says(s, "2019-02-01", "dprk performs first");
    story_says(s, "2019-02-03", "usa confirms first");
    story_due(s, "2019-02-04", "second", "2019-02-17 24:00");
    story_is(s, "2019-02-19", "second", "overdue", "2019-02-18 24:00");
    s->time[1] = s->time[2] = story_time("2018-10-20");
    story_due(s, "2018-11-01", "second", "2018-12-31 24:00");
    story_end(s);
}

static void unstamped_facts_count_as_of_now(void **state)
{
    story *s = *state;
    story_says(s, NULL, "dprk performs declare");
    story_is(s, "2018-10-15", "declare", "performed", "2018-10-15");
    story_same_time(story_at(s, "2018-10-15", "declare")->performed_at, "2018-10-15", "performed at");
    story_says(s, NULL, "usa confirms declare");
    story_is(s, "2018-10-16", "declare", "confirmed", "2018-10-16");
    story_due(s, "2018-10-15", "office", "2018-11-15 24:00");
    /* And so not for any time before now. */
    assert_int_equal(story_as_known(s, "2018-10-14", "2018-10-15", "declare")->state, LS_DUE);
}

/* Of an act that lapsed or was annulled nothing stands, and what it did can be done again. */
static void without_effect(void **state)
{
    story *s = *state;
    size_t p = story_says(s, "2018-10-12", "dprk performs declare");
    size_t pause = story_says(s, "2018-10-12", "usa suspends");
    story_says(s, "2018-10-13", "usa confirms declare of 1");
    s->time[p] = s->time[pause] = LS_TIME_NONE;
    story_is(s, "2018-10-14", "declare", "due", STORY_SIGNED);
    assert_false(story_at(s, "2018-10-14", "declare")->suspended);
    assert_int_equal(s->state.suspension_count, 0);
    story_says(s, "2018-10-15", "dprk performs declare");
    story_is(s, "2018-10-16", "declare", "performed", "2018-10-15");
}

/* status --at --as-known: what was so at the first, as the record had it at the second. */
static void two_times(void **state)
{
    story *s = *state;
    story_says(s, "2018-10-22", "dprk performs declare dated 2018-10-19");
    story_says(s, "2018-10-24", "usa confirms declare dated 2018-10-19");
    assert_int_equal(story_as_known(s, "2018-10-21", "2018-10-21", "declare")->state, LS_DUE);
    assert_int_equal(story_as_known(s, "2018-10-22 01:00", "2018-10-22 01:00", "declare")->state, LS_OVERDUE);
    /* The claim alone changes nothing about the past; confirmed, it does. */
    assert_int_equal(story_as_known(s, "2018-10-21", "2018-10-23", "declare")->state, LS_DUE);
    assert_int_equal(story_as_known(s, "2018-10-21", "2018-10-25", "declare")->state, LS_PERFORMED);
    assert_int_equal(story_as_known(s, "2018-10-19", "2018-10-25", "declare")->state, LS_DUE); /* its last hour */
    assert_int_equal(story_as_known(s, "2018-10-19 24:00", "2018-10-25", "declare")->state, LS_PERFORMED);
    assert_int_equal(story_as_known(s, "2018-10-22 01:00", "2018-10-25", "declare")->state, LS_PERFORMED);
    /* The confirmation counts at its ledger time. */
    assert_int_equal(story_as_known(s, "2018-10-23", "2018-10-25", "declare")->state, LS_PERFORMED);
    assert_int_equal(story_as_known(s, "2018-10-24", "2018-10-25", "declare")->state, LS_CONFIRMED);
}

/* Dates count where several perform, too. */
static void two_times_of_several_performers(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: talk, by: [usa, rok], due: 2018-10-20, verified-by: [dprk]}\n");
    story_says(s, "2018-10-22", "usa performs talk dated 2018-10-19");
    story_says(s, "2018-10-22", "rok performs talk dated 2018-10-19");
    story_says(s, "2018-10-23", "dprk confirms talk of 1 dated 2018-10-19");
    story_says(s, "2018-10-23", "dprk confirms talk of 2 dated 2018-10-19");
    assert_int_equal(story_as_known(s, "2018-10-21", "2018-10-22", "talk")->state, LS_DUE);
    assert_int_equal(story_as_known(s, "2018-10-21", "2018-10-25", "talk")->state, LS_PERFORMED);
    assert_false(story_at(s, "2018-10-25", "talk")->late);
    story_end(s);
}

/* What comes later changes nothing: facts beyond `known` may as well not be there, in random histories. */
static void later_facts_change_nothing(void **state)
{
    static const char *const acts[] = {"performs", "confirms", "objects",  "misses",    "promises",
                                       "begins",   "reverses", "suspends", "withdraws", "resumes"};
    static const char *const parties[] = {"dprk", "usa", "rok"}, *const measures[] = {"declare", "invite", "suspend",
                                                                                      "office"};
    story *s = *state;
    uint64_t random = 3;
    ls_measure_state before[4];
    for (int round = 0; round < 3000; round++) {
        ls_time t = s->signed_at;
        s->count = 0;
        for (size_t i = 0; i < 16; i++) {
            char act[128];
            const char *verb = acts[next_random(&random) % 10];
            bool bare = strcmp(verb, "withdraws") == 0 || strcmp(verb, "resumes") == 0;
            snprintf(act, sizeof act, "%s %s %s", parties[next_random(&random) % 3], verb,
                     bare ? "" : measures[next_random(&random) % 4]);
            if (bare || next_random(&random) % 3 == 0) {
                snprintf(act + strlen(act), 16, " of %u", (unsigned)(1 + next_random(&random) % (i + 1)));
            }
            t += (ls_time)(next_random(&random) % 200000);
            story_says_at(s, t, act);
        }
        char now[LS_TIME_SIZE];
        size_t kept = 1 + next_random(&random) % 16;
        while (kept < 16 && s->time[kept + 1] <= s->time[kept]) {
            kept++;
        }
        ls_time_format(s->time[kept], now);
        story_at(s, now, "declare");
        memcpy(before, s->state.measure, sizeof before);
        s->count = kept;
        story_at(s, now, "declare");
        for (size_t i = 0; i < 4; i++) {
            const ls_measure_state *x = &s->state.measure[i];
            assert_int_equal(before[i].state, x->state);
            assert_int_equal(before[i].since, x->since);
            assert_int_equal(before[i].suspended, x->suspended);
            assert_int_equal(before[i].confirmations, x->confirmations);
            assert_memory_equal(before[i].event, x->event, sizeof x->event);
            assert_true(x->since <= s->time[kept]);
        }
    }
}

static void names(void **state)
{
    (void)state;
    static const char *const all[LS_STATES] = {"pending", "due",  "begun",    "performed", "confirmed",  "disputed",
                                               "overdue", "kept", "breached", "reversed",  "called off", "ended"};
    for (int i = 0; i < LS_STATES; i++) {
        assert_string_equal(ls_state_name((ls_state)i), all[i]);
    }
    assert_string_equal(ls_event_name(LS_EVENT_PERFORMED), "performed");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(nothing_before_it_is_in_force),
        STORY(deadline_and_grace),
        STORY(performed_and_confirmed),
        STORY(wrong_parties_have_no_effect),
        STORY(facts_about_nothing_have_no_effect),
        STORY(every_verifier_must_confirm),
        STORY(answers_are_about_their_performance),
        STORY(a_new_performance_asks_for_new_answers),
        STORY(early_performance_waits),
        STORY(claimed_dates),
        STORY(the_date_limit_is_seven_days),
        STORY(one_verifier_confirms_the_date),
        STORY(objections),
        STORY(performing_again_answers_an_objection),
        STORY(one_objection_is_enough),
        STORY(missing),
        STORY(missing_too_early),
        STORY(withdrawals),
        STORY(a_performance_taken_back_did_not_happen),
        STORY(taken_back_after_the_deadline),
        STORY(what_one_verifier_confirmed_stays_happened),
        STORY(a_condition_after_the_deadline_leaves_none),
        STORY(a_deadline_may_follow_the_conditions),
        STORY(unstamped_facts_count_as_of_now),
        STORY(without_effect),
        STORY(two_times),
        STORY(two_times_of_several_performers),
        STORY(later_facts_change_nothing),
        STORY(names),
    };
    return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
