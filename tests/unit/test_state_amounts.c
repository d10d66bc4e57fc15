/* Tests of amounts: parts, milestones, rates, percentages, parity, ceilings, methods, shares. */
#include "fixture/story.h"
#include "vectors.h"

#define T LS_QUANTITY_ONE

static void parts_add_up(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: fuel, by: usa, amount: 100 t, due: 2018-10-31, verified-by: [dprk]}\n"
                               "{id: a, by: rok, after: [fuel performed]}\n"
                               "{id: b, by: rok, after: [fuel confirmed]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 60");
    story_is(s, "2018-10-12", "fuel", "begun", "2018-10-12");
    story_moment(s, "2018-10-12", "fuel", LS_EVENT_BEGUN, "2018-10-12");
    story_says(s, "2018-10-13", "usa performs fuel amount 39.999");
    story_is(s, "2018-10-13", "fuel", "begun", "2018-10-12");
    assert_int_equal(story_at(s, "2018-10-13", "fuel")->total, 99999);
    story_is(s, "2018-10-13", "a", "pending", NULL);
    story_says(s, "2018-10-14", "usa performs fuel amount 0.001 t");
    story_is(s, "2018-10-14", "fuel", "performed", "2018-10-14");
    story_is(s, "2018-10-14", "a", "due", "2018-10-14");
    assert_int_equal(story_at(s, "2018-10-14", "fuel")->required, 100 * T);
    assert_int_equal(story_at(s, "2018-10-14", "fuel")->confirmed, 0);
    story_says(s, "2018-10-15", "dprk confirms fuel of 2");
    story_says(s, "2018-10-15", "dprk confirms fuel of 3");
    assert_int_equal(story_at(s, "2018-10-15", "fuel")->confirmed, 40 * T);
    story_is(s, "2018-10-15", "b", "pending", NULL);
    story_says(s, "2018-10-16", "dprk confirms fuel of 1");
    story_is(s, "2018-10-16", "fuel", "confirmed", "2018-10-16");
    story_is(s, "2018-10-16", "b", "due", "2018-10-16");
    assert_false(story_at(s, "2018-10-16", "fuel")->late);
    story_end(s);
}

/* Without a ref a confirmation is about every part that this verifier has not answered yet. */
static void all_parts_at_once(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk, rok]}\n");
    story_says(s, "2018-10-11", "usa performs fuel amount 10");
    story_says(s, "2018-10-12", "usa performs fuel amount 30");
    story_says(s, "2018-10-13", "usa performs fuel amount 60");
    story_says(s, "2018-10-14", "dprk objects fuel of 2");
    story_says(s, "2018-10-15", "dprk confirms fuel");
    story_says(s, "2018-10-16", "rok confirms fuel");
    assert_int_equal(story_at(s, "2018-10-16", "fuel")->confirmed, 70 * T);
    story_is(s, "2018-10-16", "fuel", "disputed", "2018-10-14");
    story_says(s, "2018-10-17", "dprk confirms fuel of 2");
    story_is(s, "2018-10-17", "fuel", "confirmed", "2018-10-17");
    /* Taken back as it was said, about all of them. */
    s->count = 5;
    story_says(s, "2018-10-16", "dprk withdraws of 5");
    story_says(s, "2018-10-17", "rok confirms fuel");
    assert_int_equal(story_at(s, "2018-10-17", "fuel")->confirmed, 0);
    story_end(s);
}

/* One with a number is about the latest part. */
static void a_number_is_about_one_part(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk]}\n");
    story_says(s, "2018-10-11", "usa performs fuel amount 10");
    story_says(s, "2018-10-12", "usa performs fuel amount 30");
    story_says(s, "2018-10-13", "dprk confirms fuel amount 20");
    assert_int_equal(story_at(s, "2018-10-13", "fuel")->confirmed, 20 * T);
    story_end(s);
}

static void too_little_is_overdue(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: fuel, by: usa, amount: 100 t, due: 2018-10-20, verified-by: [dprk]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 99");
    story_is(s, "2018-10-22", "fuel", "overdue", "2018-10-21 24:00");
    story_says(s, "2018-10-23", "usa performs fuel amount 1");
    story_is(s, "2018-10-23", "fuel", "performed", "2018-10-23");
    assert_true(story_at(s, "2018-10-23", "fuel")->late);
    story_moment(s, "2018-10-23", "fuel", LS_EVENT_OVERDUE, "2018-10-21 24:00");
    story_end(s);
}

static void objected_parts_do_not_count(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 60");
    story_says(s, "2018-10-13", "usa performs fuel amount 40");
    story_says(s, "2018-10-14", "dprk objects fuel of 1");
    story_is(s, "2018-10-14", "fuel", "disputed", "2018-10-14");
    assert_int_equal(story_at(s, "2018-10-14", "fuel")->total, 40 * T);
    story_says(s, "2018-10-15", "dprk confirms fuel of 2");
    /* Enough of the rest is confirmed. */
    story_says(s, "2018-10-16", "usa performs fuel amount 60");
    story_says(s, "2018-10-17", "dprk confirms fuel");
    story_is(s, "2018-10-17", "fuel", "confirmed", "2018-10-17");
    assert_int_equal(story_at(s, "2018-10-17", "fuel")->confirmed, 100 * T);
    story_moment(s, "2018-10-18", "fuel", LS_EVENT_CONFIRMED, "2018-10-17");
    story_end(s);
}

static void confirmed_for_less(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk, rok]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 100");
    story_says(s, "2018-10-13", "dprk confirms fuel amount 80");
    assert_int_equal(story_at(s, "2018-10-13", "fuel")->confirmed, 0); /* not all have spoken */
    story_says(s, "2018-10-14", "rok confirms fuel amount 90");
    story_is(s, "2018-10-14", "fuel", "performed", "2018-10-12");
    assert_int_equal(story_at(s, "2018-10-14", "fuel")->confirmed, 80 * T);
    assert_int_equal(story_at(s, "2018-10-14", "fuel")->total, 100 * T);
    story_moment(s, "2018-10-14", "fuel", LS_EVENT_CONFIRMED, "never");
    story_says(s, "2018-10-15", "usa performs fuel amount 20");
    story_says(s, "2018-10-16", "dprk confirms fuel");
    story_says(s, "2018-10-17", "rok confirms fuel");
    story_is(s, "2018-10-17", "fuel", "confirmed", "2018-10-17");
    /* What was said with a number and taken back before all had spoken binds nobody. */
    s->count = 2;
    story_says(s, "2018-10-14", "dprk withdraws of 2");
    story_says(s, "2018-10-15", "dprk confirms fuel");
    story_says(s, "2018-10-15", "rok confirms fuel");
    assert_int_equal(story_at(s, "2018-10-15", "fuel")->confirmed, 100 * T);
    /* And what all have confirmed is final, also for its amount. */
    story_says(s, "2018-10-16", "rok confirms fuel amount 10");
    story_is(s, "2018-10-16", "fuel", "confirmed", "2018-10-15");
    assert_int_equal(story_at(s, "2018-10-16", "fuel")->confirmed, 100 * T);
    story_end(s);
}

static void a_part_taken_back(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: e, title: E, when: fuel performed 50 t}]\n",
                           "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 60");
    story_happens(s, "2018-10-12", "e", "2018-10-12");
    story_says(s, "2018-10-13", "usa withdraws of 1");
    story_is(s, "2018-10-13", "fuel", "due", NULL);
    story_happens(s, "2018-10-13", "e", "never");
    assert_int_equal(story_at(s, "2018-10-13", "fuel")->total, 0);
    story_says(s, "2018-10-14", "usa performs fuel amount 100");
    story_says(s, "2018-10-15", "dprk confirms fuel");
    story_says(s, "2018-10-16", "usa withdraws of 3");
    story_is(s, "2018-10-16", "fuel", "confirmed", "2018-10-15");
    story_end(s);
}

static void milestones(void **state)
{
    (void)state;
    story *s = story_begin("events:\n"
                           "  - {id: p20, title: E, when: fuel performed 20 t}\n"
                           "  - {id: c40, title: E, when: fuel confirmed 40 %}\n"
                           "  - {id: c40-01, title: E, when: fuel confirmed 40.001 %}\n",
                           "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 19.999");
    story_happens(s, "2018-10-12", "p20", "never");
    story_says(s, "2018-10-13", "usa performs fuel amount 20.001");
    story_happens(s, "2018-10-13", "p20", "2018-10-13");
    story_says(s, "2018-10-14", "dprk confirms fuel of 2");
    story_happens(s, "2018-10-14", "c40", "never");
    story_says(s, "2018-10-15", "dprk confirms fuel of 1");
    story_happens(s, "2018-10-15", "c40", "2018-10-15");
    story_happens(s, "2018-10-15", "c40-01", "never");
    /* Neither an objection nor a reversal takes it back, and what is delivered again does not count twice. */
    story_says(s, "2018-10-16", "dprk objects fuel of 1");
    story_happens(s, "2018-10-16", "c40", "2018-10-15");
    story_says(s, "2018-10-17", "usa reverses fuel");
    story_is(s, "2018-10-17", "fuel", "reversed", "2018-10-17");
    story_happens(s, "2018-10-17", "p20", "2018-10-13");
    story_happens(s, "2018-10-17", "c40", "2018-10-15");
    story_says(s, "2018-10-18", "usa performs fuel amount 30");
    story_says(s, "2018-10-19", "dprk confirms fuel");
    story_happens(s, "2018-10-19", "c40-01", "never");
    assert_int_equal(story_at(s, "2018-10-19", "fuel")->total, 30 * T);
    story_end(s);
}

/* A milestone counts no sooner than the measure's own conditions. */
static void milestones_of_early_parts(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: e, title: E, when: fuel performed 20 t}]\n",
                           "{id: fuel, by: usa, amount: 100 t, after: [2018-11-01]}\n");
    story_says(s, "2018-10-12", "usa performs fuel amount 20");
    story_happens(s, "2018-10-13", "e", "2018-11-01 00:00");
    assert_true(story_at(s, "2018-10-13", "fuel")->early);
    story_end(s);
}

/* 31 October 2018, 09:00: the first month ends with 30 November, the second with 31 December. */
static void rates(void **state)
{
    (void)state;
    story *s =
        story_begin("", "{id: fuel, by: usa, amount: 100 t per month, until: 2019-03-01, verified-by: [dprk]}\n");
    s->signed_at = story_time("2018-10-31 09:00");
    story_is(s, "2018-11-15", "fuel", "kept", "2018-10-31 09:00");
    story_due(s, "2018-11-15", "fuel", "2018-11-30 24:00");
    assert_int_equal(story_at(s, "2018-11-15", "fuel")->required, 0); /* no period has ended */
    story_is(s, "2018-12-01 24:00", "fuel", "kept", NULL);            /* grace */
    story_is(s, "2018-12-02 00:01", "fuel", "overdue", "2018-12-01 24:00");
    assert_int_equal(story_at(s, "2018-12-02", "fuel")->required, 100 * T);
    story_says(s, "2018-12-03", "usa performs fuel amount 150");
    story_is(s, "2018-12-03", "fuel", "kept", NULL);
    story_moment(s, "2018-12-03", "fuel", LS_EVENT_OVERDUE, "2018-12-01 24:00"); /* that happened */
    story_due(s, "2018-12-03", "fuel", "2018-12-31 24:00");
    story_is(s, "2019-01-02", "fuel", "overdue", "2019-01-01 24:00"); /* 150 of 200 */
    story_says(s, "2019-01-03", "usa performs fuel amount 250");
    story_is(s, "2019-01-03", "fuel", "kept", NULL);
    story_is(s, "2019-02-28", "fuel", "kept", NULL);
    story_is(s, "2019-03-01 00:00", "fuel", "ended", "2019-03-01 00:00");
    /* In time from the beginning. */
    s->time[1] = story_time("2018-11-30 24:00");
    story_moment(s, "2018-12-31", "fuel", LS_EVENT_OVERDUE, "never");
    story_says(s, "2019-02-01", "dprk objects fuel of 2");
    story_is(s, "2019-02-01", "fuel", "disputed", "2019-02-01");
    story_end(s);
}

static void rates_of_other_periods(void **state)
{
    static const struct {
        const char *measure, *deadline;
    } cases[] = {{"{id: fuel, by: usa, amount: 1 t per day, until: 2019-03-01}", "2018-10-11 24:00"},
                 {"{id: fuel, by: usa, amount: 1 t per week, until: 2019-03-01}", "2018-10-17 24:00"},
                 {"{id: fuel, by: usa, amount: 1 t per year, until: 2020-03-01}", "2019-10-10 24:00"},
                 {"{id: fuel, by: usa, amount: 1 t per year, until: 2019-03-01}", "never"}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        story *s = story_begin("", cases[i].measure);
        story_due(s, "2018-10-11", "fuel", cases[i].deadline);
        story_end(s);
    }
}

static void percentages(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: registered, title: R, attested-by: [iaea, chn]}]\n",
                           "{id: first, by: dprk, amount: 30 % of registered, due: 2019-12-31, verified-by: [usa]}\n"
                           "{id: next, by: usa, after: [first performed]}\n");
    story_says(s, "2018-10-12", "dprk performs first amount 30");
    story_is(s, "2018-10-12", "first", "begun", NULL);
    assert_int_equal(story_at(s, "2018-10-12", "first")->required, LS_QUANTITY_NONE);
    assert_int_equal(story_at(s, "2018-10-12", "first")->total, 30 * T);
    assert_int_equal(story_at(s, "2018-10-12", "first")->score, 0);
    story_says(s, "2018-10-13", "iaea attests registered amount 90");
    assert_int_equal(story_at(s, "2018-10-13", "first")->required, LS_QUANTITY_NONE); /* not by all */
    story_says(s, "2018-10-14", "chn attests registered amount 100");
    assert_int_equal(story_at(s, "2018-10-14", "first")->required, 30 * T);
    story_is(s, "2018-10-14", "first", "performed", "2018-10-14"); /* now it is known that it was enough */
    story_is(s, "2018-10-14", "next", "due", "2018-10-14");
    story_end(s);
}

/* A total that is corrected changes the goal, and not what was reached by the one before. */
static void a_total_attested_anew(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: registered, title: R, attested-by: [iaea]}]\n",
                           "{id: first, by: dprk, amount: 30 % of registered, verified-by: [usa]}\n"
                           "{id: next, by: usa, after: [first performed]}\n");
    story_says(s, "2018-10-11", "iaea attests registered amount 100");
    story_says(s, "2018-10-12", "dprk performs first amount 30");
    story_says(s, "2018-10-14", "iaea attests registered amount 200");
    story_is(s, "2018-10-13", "first", "performed", "2018-10-12");
    story_is(s, "2018-10-15", "first", "begun", "2018-10-14");
    assert_int_equal(story_at(s, "2018-10-15", "first")->required, 60 * T);
    story_is(s, "2018-10-15", "next", "due", "2018-10-12");
    story_says(s, "2018-10-16", "dprk performs first amount 30");
    story_is(s, "2018-10-16", "first", "performed", "2018-10-16");
    story_end(s);
}

/* Nobody knows what 40 % of it are before the whole is known, and then it stays reached. */
static void a_milestone_of_what_is_attested(void **state)
{
    (void)state;
    story *s = story_begin("events:\n"
                           "  - {id: registered, title: R, attested-by: [iaea]}\n"
                           "  - {id: e, title: E, when: first performed 50 %}\n",
                           "{id: first, by: dprk, amount: 30 % of registered}\n");
    story_says(s, "2018-10-12", "dprk performs first amount 20");
    story_happens(s, "2018-10-13", "e", "never");
    story_says(s, "2018-10-14", "iaea attests registered amount 100");
    story_happens(s, "2018-10-14", "e", "2018-10-14");
    story_says(s, "2018-10-15", "iaea attests registered amount 1000");
    story_happens(s, "2018-10-16", "e", "2018-10-14");
    s->fact[1].amount = 1000 * T; /* from the beginning: 150 are needed */
    story_happens(s, "2018-10-16", "e", "never");
    story_says(s, "2018-10-17", "dprk performs first amount 130");
    story_happens(s, "2018-10-18", "e", "2018-10-17");
    story_end(s);
}

static void percentages_round_up(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: registered, title: R, attested-by: [iaea]}]\n",
                           "{id: first, by: dprk, amount: 33.333 % of registered}\n");
    story_says(s, "2018-10-12", "iaea attests registered amount 10");
    assert_int_equal(story_at(s, "2018-10-13", "first")->required, 3334); /* 3.3333 */
    story_says(s, "2018-10-13", "dprk performs first amount 3.333");
    story_is(s, "2018-10-14", "first", "begun", NULL);
    story_end(s);
}

static void parity(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: theirs, by: usa, amount: 100 t, verified-by: [dprk]}\n"
                               "{id: ours, by: dprk, amount: as much as theirs, verified-by: [usa]}\n");
    story_says(s, "2018-10-11", "dprk performs ours amount 105");
    story_says(s, "2018-10-12", "usa performs theirs amount 60");
    story_says(s, "2018-10-12", "usa performs theirs amount 50");
    story_says(s, "2018-10-13", "dprk confirms theirs of 2");
    assert_int_equal(story_at(s, "2018-10-13", "ours")->required, LS_QUANTITY_NONE);
    story_is(s, "2018-10-13", "ours", "begun", NULL);
    story_says(s, "2018-10-14", "dprk confirms theirs of 3");
    assert_int_equal(story_at(s, "2018-10-14", "ours")->required, 110 * T); /* what was confirmed */
    story_is(s, "2018-10-14", "ours", "begun", NULL);
    story_says(s, "2018-10-15", "dprk performs ours amount 5");
    story_is(s, "2018-10-15", "ours", "performed", "2018-10-15");
    /* The goal that was reached stays. */
    story_says(s, "2018-10-16", "usa performs theirs amount 20");
    story_says(s, "2018-10-17", "dprk confirms theirs");
    story_says(s, "2018-10-18", "dprk objects theirs of 2");
    story_is(s, "2018-10-18", "ours", "performed", "2018-10-15");
    assert_int_equal(story_at(s, "2018-10-18", "ours")->required, 110 * T);
    story_end(s);
}

/* Levels. */

static void ceilings(void **state)
{
    (void)state;
    story *s = story_begin(
        "events: [{id: e, title: E, when: stock breached}]\n",
        "{id: stock, by: dprk, at-most: 300 kg, due: 2018-10-31, until: 2020-01-01, verified-by: [iaea]}\n");
    story_says(s, "2018-10-12", "dprk performs stock amount 500");
    story_is(s, "2018-10-12", "stock", "begun", NULL); /* a level above does not perform it */
    story_says(s, "2018-10-13", "dprk performs stock amount 300 kg");
    story_is(s, "2018-10-13", "stock", "performed", "2018-10-13");
    story_says(s, "2018-10-14", "iaea confirms stock");
    story_is(s, "2018-10-14", "stock", "confirmed", "2018-10-14");
    assert_int_equal(story_at(s, "2018-10-14", "stock")->total, 300 * T);
    /* Before the deadline a higher level is no breach. */
    story_says(s, "2018-10-20", "dprk performs stock amount 301");
    story_happens(s, "2018-10-30", "e", "never");
    story_moment(s, "2018-10-30", "stock", LS_EVENT_CONFIRMED, "2018-10-14");
    story_says(s, "2018-10-25", "dprk performs stock amount 299");
    story_says(s, "2018-11-10", "dprk performs stock amount 300.001");
    story_is(s, "2018-11-10", "stock", "breached", "2018-11-10");
    story_happens(s, "2018-11-10", "e", "2018-11-10");
    assert_int_equal(story_at(s, "2018-11-10", "stock")->breaches, 1);
    story_says(s, "2018-11-11", "dprk performs stock amount 400"); /* still the same one */
    assert_int_equal(story_at(s, "2018-11-11", "stock")->breaches, 1);
    story_says(s, "2018-11-12", "dprk performs stock amount 250");
    story_is(s, "2018-11-12", "stock", "kept", NULL);
    assert_false(story_at(s, "2018-11-12", "stock")->late); /* one was in order by the deadline */
    story_happens(s, "2018-11-12", "e", "2018-11-10");
    story_says(s, "2018-11-13", "dprk performs stock amount 350");
    story_is(s, "2018-11-13", "stock", "breached", "2018-11-13");
    assert_int_equal(story_at(s, "2018-11-13", "stock")->breaches, 2);
    story_is(s, "2020-01-01 00:00", "stock", "ended", "2020-01-01 00:00");
    story_end(s);
}

/* A level above that stands when the deadline passes is a breach from then on. */
static void a_level_above_at_the_deadline(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: stock, by: dprk, at-most: 300 kg, due: 2018-10-31}\n");
    story_says(s, "2018-10-12", "dprk performs stock amount 500");
    story_says(s, "2018-10-13", "usa performs stock amount 200"); /* not its to say */
    story_is(s, "2018-10-31", "stock", "begun", NULL);
    story_is(s, "2018-11-01", "stock", "breached", "2018-10-31 24:00");
    story_moment(s, "2018-11-01", "stock", LS_EVENT_BREACHED, "2018-10-31 24:00");
    story_end(s);
}

static void no_level_is_overdue(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: stock, by: dprk, at-most: 300 kg, due: 2018-10-31}\n");
    story_is(s, "2018-11-02", "stock", "overdue", "2018-11-01 24:00");
    story_end(s);
}

static void weighted_units(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: stock, by: dprk, at-most: 400, units: {bomber: 1, missile: 1, warhead: 0.5}}\n"
                               "{id: cut, by: dprk, amount: 30, units: {missile: 1, warhead: 0.5}}\n");
    story_says(s, "2018-10-12", "dprk performs stock amount 60 bomber, 300 missile, 81 warhead");
    assert_int_equal(story_at(s, "2018-10-12", "stock")->total, 400500);
    story_is(s, "2018-10-12", "stock", "breached", "2018-10-12"); /* there is no deadline to wait for */
    story_says(s, "2018-10-13", "dprk performs stock amount 60 bomber, 300 missile, 80 warhead");
    story_is(s, "2018-10-13", "stock", "kept", NULL); /* it goes on */
    story_says(s, "2018-10-14", "dprk performs cut amount 20 missile");
    story_says(s, "2018-10-15", "dprk performs cut amount 20 warhead");
    story_is(s, "2018-10-15", "cut", "performed", "2018-10-15");
    story_end(s);
}

/* Methods. */

static const char launchers[] = "{id: scrap, by: dprk, amount: 100 launchers, verified-by: [usa], methods: ["
                                "{id: blast, title: B}, {id: burn, title: C, at-most: 20 %, until: 2018-11-30}]}\n";

static void caps(void **state)
{
    (void)state;
    story *s = story_begin("", launchers);
    story_says(s, "2018-10-12", "dprk performs scrap by burn amount 15");
    story_says(s, "2018-10-13", "dprk performs scrap by burn amount 15");
    assert_int_equal(story_at(s, "2018-10-13", "scrap")->total, 20 * T);
    story_says(s, "2018-10-14", "dprk performs scrap by blast amount 75");
    story_is(s, "2018-10-14", "scrap", "begun", NULL);
    story_says(s, "2018-10-15", "dprk performs scrap by blast amount 5");
    story_is(s, "2018-10-15", "scrap", "performed", "2018-10-15");
    story_end(s);
}

/* What was taken back used nothing up. */
static void a_cap_is_free_again(void **state)
{
    (void)state;
    story *s = story_begin("", launchers);
    story_says(s, "2018-10-12", "dprk performs scrap by burn amount 20");
    story_says(s, "2018-10-13", "dprk withdraws of 1");
    story_says(s, "2018-10-14", "dprk performs scrap by burn amount 20");
    assert_int_equal(story_at(s, "2018-10-14", "scrap")->total, 20 * T);
    story_says(s, "2018-10-15", "dprk reverses scrap");
    story_says(s, "2018-10-16", "dprk performs scrap by burn amount 30");
    assert_int_equal(story_at(s, "2018-10-16", "scrap")->total, 20 * T);
    story_end(s);
}

static void windows(void **state)
{
    (void)state;
    story *s = story_begin("", launchers);
    story_says(s, "2018-11-30 24:00", "dprk performs scrap by burn amount 5");
    assert_int_equal(story_at(s, "2018-12-05", "scrap")->total, 5 * T);
    story_says(s, "2018-12-01 00:01", "dprk performs scrap by burn amount 5");
    assert_int_equal(story_at(s, "2018-12-05", "scrap")->total, 5 * T);
    story_says(s, "2018-12-01 00:01", "dprk performs scrap by blast amount 5");
    assert_int_equal(story_at(s, "2018-12-05", "scrap")->total, 10 * T);
    story_end(s);
}

/* Shared amounts. */

static void shares(void **state)
{
    (void)state;
    story *s = story_begin("parties: [dprk, usa, rok, chn, jpn]\n",
                           "{id: oil, by: [usa, chn], amount: 100 t, due: 2018-12-31, shares: {usa: 50 %, chn: 50 %}, "
                           "may-join: [jpn], substitutes: true}\n"
                           "{id: own, by: [usa, chn], amount: 100 t}\n");
    story_says(s, "2018-10-12", "jpn performs oil amount 10"); /* it has not joined */
    assert_int_equal(story_at(s, "2018-10-12", "oil")->total, 0);
    story_says(s, "2018-10-13", "rok joins oil"); /* it may not */
    story_says(s, "2018-10-13", "jpn joins oil");
    assert_int_equal(story_at(s, "2018-10-13", "oil")->performers,
                     LS_PARTY_BIT(USA) | LS_PARTY_BIT(CHN) | LS_PARTY_BIT(JPN));
    story_says(s, "2018-10-14", "jpn performs oil amount 10");
    story_says(s, "2018-10-15", "rok performs oil for usa amount 30");  /* in its stead */
    story_says(s, "2018-10-16", "iaea performs oil for usa amount 30"); /* no party to the accord */
    story_says(s, "2018-10-17", "chn performs oil amount 50");
    assert_int_equal(story_at(s, "2018-10-17", "oil")->total, 90 * T);
    const ls_quantity *delivered = story_at(s, "2018-10-17", "oil")->delivered;
    assert_int_equal(delivered[USA], 30 * T);
    assert_int_equal(delivered[CHN], 50 * T);
    assert_int_equal(delivered[JPN], 10 * T);
    assert_int_equal(delivered[ROK], 0);
    story_is(s, "2018-10-17", "oil", "begun", NULL);
    story_says(s, "2018-10-18", "chn performs oil amount 10"); /* to one total, whoever delivers */
    story_is(s, "2018-10-18", "oil", "performed", "2018-10-18");
    story_says(s, "2018-10-19", "rok performs own for usa amount 100"); /* here it may not */
    assert_int_equal(story_at(s, "2018-10-19", "own")->total, 0);
    story_end(s);
}

/* A party that has not said that it joins promises and begins nothing. */
static void joining(void **state)
{
    (void)state;
    story *s = story_begin("parties: [dprk, usa, jpn]\n", "{id: oil, by: [usa], amount: 100 t, may-join: [jpn]}\n");
    story_says(s, "2018-10-12", "jpn promises oil");
    story_says(s, "2018-10-12", "jpn begins oil");
    story_is(s, "2018-10-13", "oil", "due", NULL);
    story_moment(s, "2018-10-13", "oil", LS_EVENT_PROMISED, "never");
    story_says(s, "2018-10-14", "jpn joins oil");
    story_says(s, "2018-10-15", "jpn promises oil");
    story_says(s, "2018-10-15", "jpn begins oil");
    story_is(s, "2018-10-15", "oil", "begun", "2018-10-15");
    story_moment(s, "2018-10-15", "oil", LS_EVENT_PROMISED, "2018-10-15");
    story_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(all_parts_at_once),
        cmocka_unit_test(a_number_is_about_one_part),
        cmocka_unit_test(too_little_is_overdue),
        cmocka_unit_test(objected_parts_do_not_count),
        cmocka_unit_test(confirmed_for_less),
        cmocka_unit_test(a_part_taken_back),
        cmocka_unit_test(milestones),
        cmocka_unit_test(milestones_of_early_parts),
        cmocka_unit_test(rates),
        cmocka_unit_test(rates_of_other_periods),
        cmocka_unit_test(percentages),
        cmocka_unit_test(a_total_attested_anew),
        cmocka_unit_test(a_milestone_of_what_is_attested),
        cmocka_unit_test(percentages_round_up),
        cmocka_unit_test(parity),
        cmocka_unit_test(ceilings),
        cmocka_unit_test(a_level_above_at_the_deadline),
        cmocka_unit_test(no_level_is_overdue),
        cmocka_unit_test(weighted_units),
        cmocka_unit_test(caps),
        cmocka_unit_test(a_cap_is_free_again),
        cmocka_unit_test(windows),
        cmocka_unit_test(shares),
        cmocka_unit_test(joining),
    };
    return cmocka_run_group_tests_name("state_amounts", tests, NULL, NULL);
}
