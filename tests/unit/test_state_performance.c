/* Tests of performances: begin, silence, presence, promises, steps, what is reversed, undone, called off, postponed. */
#include "fixture/story.h"
#include "vectors.h"

static void begin_and_due(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, begin: 3 days after in force, due: 10 days after in force}\n");
    story_is(s, "2018-10-14 24:00", "ship", "due", NULL); /* 13 October, and the grace */
    story_is(s, "2018-10-15 00:01", "ship", "overdue", "2018-10-14 24:00");
    assert_true(story_at(s, "2018-10-11", "ship")->has_begin);
    story_same_time(story_at(s, "2018-10-11", "ship")->begin_by, "2018-10-13 24:00", "begin");
    story_says(s, "2018-10-16", "usa begins ship");
    story_is(s, "2018-10-16", "ship", "begun", "2018-10-16");
    assert_true(story_at(s, "2018-10-16", "ship")->begun_late);
    story_moment(s, "2018-10-17", "ship", LS_EVENT_OVERDUE, "2018-10-14 24:00"); /* it happened */
    story_is(s, "2018-10-21 24:00", "ship", "begun", NULL);
    story_is(s, "2018-10-22", "ship", "overdue", "2018-10-21 24:00"); /* begun is not done */
    s->time[1] = story_time("2018-10-13 24:00");
    story_moment(s, "2018-10-17", "ship", LS_EVENT_OVERDUE, "never");
    assert_false(story_at(s, "2018-10-17", "ship")->begun_late);
    story_end(s);
}

/* A performance is a beginning, too; one that was taken back is none. */
static void the_first_performance_begins_it(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, begin: 3 days after in force}\n");
    story_says(s, "2018-10-12", "usa performs ship");
    story_moment(s, "2018-10-13", "ship", LS_EVENT_BEGUN, "2018-10-12");
    story_is(s, "2019-10-13", "ship", "performed", "2018-10-12");
    story_says(s, "2018-10-13", "usa withdraws of 1");
    story_is(s, "2018-10-14", "ship", "due", NULL);
    story_is(s, "2018-10-16", "ship", "overdue", "2018-10-14 24:00");
    story_end(s);
}

/* Where nobody verifies, others rely on the word alone: it can be taken back within the grace, and then no more. */
static void unverified_stands_after_the_grace(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa}\n{id: port, by: dprk, after: [ship performed]}\n");
    story_says(s, "2018-10-12", "usa performs ship");
    story_says(s, "2018-10-13", "usa withdraws of 1");
    story_is(s, "2018-10-14", "port", "pending", NULL);
    story_says(s, "2018-10-15", "usa performs ship");
    story_says(s, "2018-10-17", "usa withdraws of 3");
    story_is(s, "2018-10-18", "ship", "performed", "2018-10-15");
    story_is(s, "2018-10-18", "port", "due", "2018-10-15");
    story_end(s);
}

static void several_perform_each(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: talk, by: [usa, rok], verified-by: [dprk]}\n");
    story_says(s, "2018-10-11", "usa performs talk");
    story_says(s, "2018-10-11", "usa performs talk");
    story_is(s, "2018-10-12", "talk", "begun", NULL);
    story_moment(s, "2018-10-12", "talk", LS_EVENT_PERFORMED, "never");
    story_says(s, "2018-10-13", "dprk performs talk"); /* it is not its to perform */
    story_says(s, "2018-10-14", "rok performs talk");
    story_is(s, "2018-10-14", "talk", "performed", "2018-10-14");
    story_moment(s, "2018-10-14", "talk", LS_EVENT_PERFORMED, "2018-10-14");
    story_says(s, "2018-10-15", "dprk confirms talk of 4"); /* rok's alone */
    story_is(s, "2018-10-16", "talk", "performed", NULL);
    story_says(s, "2018-10-16", "dprk confirms talk of 2");
    story_is(s, "2018-10-16", "talk", "confirmed", "2018-10-16");
    s->count = 4;
    story_says(s, "2018-10-15", "dprk objects talk"); /* what each of them did last */
    story_is(s, "2018-10-15", "talk", "disputed", "2018-10-15");
    story_says(s, "2018-10-16", "dprk confirms talk of 4");
    story_is(s, "2018-10-16", "talk", "disputed", "2018-10-15");
    story_says(s, "2018-10-17", "dprk confirms talk");
    story_is(s, "2018-10-17", "talk", "confirmed", "2018-10-17");
    story_end(s);
}

/* 30 days from 1 November end with 1 December; then a day of grace. */
static void silence_confirms(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, verified-by: [dprk, rok], on-silence: confirmed after 30 days}\n"
                               "{id: next, by: rok, after: [ship confirmed]}\n");
    story_says(s, "2018-11-01 08:00", "usa performs ship");
    story_says(s, "2018-11-02", "rok confirms ship");
    story_is(s, "2018-12-01 24:00", "ship", "performed", NULL);
    story_is(s, "2018-12-02 23:59", "ship", "performed", NULL);
    assert_false(story_at(s, "2018-12-02", "ship")->by_silence);
    story_same_time(story_at(s, "2018-12-02", "ship")->silent_until, "2018-12-01 24:00", "silent until");
    story_is(s, "2018-12-03 00:01", "ship", "confirmed", "2018-12-02 24:00");
    assert_true(story_at(s, "2018-12-03 00:01", "ship")->by_silence);
    story_is(s, "2018-12-03 00:01", "next", "due", "2018-12-02 24:00");
    /* One who has spoken is not silent. */
    story_says(s, "2018-12-01", "dprk objects ship");
    story_is(s, "2018-12-03 00:01", "ship", "disputed", "2018-12-01");
    story_is(s, "2019-12-03", "ship", "disputed", "2018-12-01");
    story_is(s, "2019-12-03", "next", "pending", NULL);
    story_end(s);
}

static void silence_disputes(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, verified-by: [dprk], on-silence: disputed after 1 week}\n");
    story_says(s, "2018-11-01", "usa performs ship");
    story_is(s, "2018-11-09 23:59", "ship", "performed", NULL);
    story_is(s, "2018-11-10 00:01", "ship", "disputed", "2018-11-09 24:00");
    assert_true(story_at(s, "2018-11-11", "ship")->by_silence);
    story_says(s, "2018-11-12", "dprk confirms ship");
    story_is(s, "2018-11-12", "ship", "confirmed", "2018-11-12");
    story_end(s);
}

/* It counts from the performance that is asked about: a new one begins it anew. */
static void silence_about_a_new_performance(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, verified-by: [dprk], on-silence: confirmed after 1 week}\n");
    story_says(s, "2018-11-01", "usa performs ship");
    story_says(s, "2018-11-05", "usa performs ship");
    story_is(s, "2018-11-10 12:00", "ship", "performed", NULL);
    story_is(s, "2018-11-14 00:01", "ship", "confirmed", "2018-11-13 24:00");
    story_says(s, "2018-11-06", "usa withdraws of 2");
    story_is(s, "2018-12-14", "ship", "begun", NULL); /* nothing stands that silence could confirm */
    story_end(s);
}

/* Who takes an answer back when the time is over has not answered. */
static void silent_after_all(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, verified-by: [dprk, rok], on-silence: confirmed after 1 week}\n");
    story_says(s, "2018-11-01", "usa performs ship");
    story_says(s, "2018-11-02", "dprk objects ship");
    story_says(s, "2018-11-03", "rok objects ship");
    story_is(s, "2018-11-20", "ship", "disputed", "2018-11-02");
    story_says(s, "2018-11-21", "dprk withdraws of 2");
    story_is(s, "2018-11-21", "ship", "disputed", NULL);
    story_says(s, "2018-11-22", "rok withdraws of 3");
    story_is(s, "2018-11-22", "ship", "confirmed", "2018-11-22");
    /* Before it is over, there is time to answer anew. */
    s->time[4] = story_time("2018-11-04");
    s->time[5] = story_time("2018-11-05");
    story_is(s, "2018-11-06", "ship", "performed", NULL);
    story_end(s);
}

/* Of an early performance it counts from when the conditions hold. */
static void silence_about_an_early_performance(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, after: [2018-12-01], verified-by: [dprk], "
                               "on-silence: confirmed after 1 week}\n");
    story_says(s, "2018-11-01", "usa performs ship");
    story_is(s, "2018-12-09 23:59", "ship", "performed", "2018-11-01");
    story_is(s, "2018-12-10 00:01", "ship", "confirmed", "2018-12-09 24:00");
    story_end(s);
}

static void without_a_rule_silence_means_nothing(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: ship, by: usa, verified-by: [dprk]}\n");
    story_says(s, "2018-11-01", "usa performs ship");
    story_is(s, "2038-11-01", "ship", "performed", "2018-11-01");
    story_end(s);
}

static void in_presence(void **state)
{
    (void)state;
    story *s =
        story_begin("", "{id: blast, by: dprk, due: 2018-10-20, verified-by: [usa], in-presence-of: [iaea, chn]}\n"
                        "{id: next, by: usa, after: [blast performed]}\n"
                        "{id: last, by: usa, after: [blast confirmed]}\n");
    story_says(s, "2018-10-12", "dprk performs blast");
    story_says(s, "2018-10-13", "usa confirms blast");
    story_says(s, "2018-10-14", "iaea confirms blast");
    story_is(s, "2018-10-15", "blast", "performed", NULL);
    story_is(s, "2018-10-15", "next", "pending", NULL);
    story_moment(s, "2018-10-15", "blast", LS_EVENT_PERFORMED, "never");
    story_moment(s, "2018-10-15", "blast", LS_EVENT_CONFIRMED, "never");
    story_says(s, "2018-10-16", "iaea objects blast"); /* a witness says that it was there, and no more */
    story_is(s, "2018-10-17", "blast", "performed", NULL);
    story_says(s, "2018-10-18", "chn confirms blast");
    story_is(s, "2018-10-18", "next", "due", "2018-10-18");
    story_is(s, "2018-10-18", "last", "due", "2018-10-18");
    story_is(s, "2018-10-18", "blast", "confirmed", NULL);
    assert_false(story_at(s, "2018-10-18", "blast")->late);
    /* A new performance without them takes nothing back that others relied on. */
    story_end(s);
}

static void a_new_performance_without_witnesses(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: blast, by: dprk, verified-by: [usa], in-presence-of: [iaea]}\n");
    story_says(s, "2018-10-12", "dprk performs blast");
    story_says(s, "2018-10-13", "iaea confirms blast");
    story_moment(s, "2018-10-14", "blast", LS_EVENT_PERFORMED, "2018-10-13");
    story_says(s, "2018-10-15", "dprk performs blast");
    story_moment(s, "2018-10-16", "blast", LS_EVENT_PERFORMED, "2018-10-13");
    story_says(s, "2018-10-17", "usa confirms blast");
    story_moment(s, "2018-10-18", "blast", LS_EVENT_CONFIRMED, "never");
    story_end(s);
}

static void promised_first(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: day, title: Day, when: further promised}]\n",
                           "{id: further, by: dprk, after: [day], due: 1 year after day}\n"
                           "{id: lift, by: usa, after: [day]}\n");
    story_says(s, "2018-10-12", "dprk promises further");
    story_is(s, "2018-10-12", "lift", "due", "2018-10-12");
    story_is(s, "2018-10-12", "further", "due", "2018-10-12"); /* promised is not done */
    story_due(s, "2018-10-12", "further", "2019-10-12 24:00");
    story_says(s, "2018-10-13", "dprk promises further");
    story_says(s, "2018-10-14", "dprk withdraws of 1");
    story_happens(s, "2018-10-15", "day", "2018-10-12"); /* what happened stays happened */
    story_is(s, "2019-10-14", "further", "overdue", "2019-10-13 24:00");
    story_end(s);
}

/* Simultaneous steps. */

static void all_or_none(void **state)
{
    (void)state;
    story *s = story_begin("", "step day arms simultaneous\n"
                               "{id: lift, by: usa}\n"
                               "{id: report, by: dprk, verified-by: [iaea]}\n"
                               "step then arms\n"
                               "{id: a, by: rok, after: [lift performed]}\n"
                               "{id: b, by: rok, after: [report performed]}\n"
                               "{id: c, by: rok, after: [report confirmed]}\n"
                               "{id: d, by: rok, after: [day complete]}\n");
    story_says(s, "2018-10-12", "usa performs lift");
    story_is(s, "2018-10-12", "lift", "performed", "2018-10-12");
    assert_true(story_at(s, "2018-10-12", "lift")->held);
    story_is(s, "2018-10-12", "a", "pending", NULL);
    story_says(s, "2018-10-14", "dprk performs report");
    story_is(s, "2018-10-14", "a", "due", "2018-10-14"); /* all are performed, */
    story_is(s, "2018-10-14", "b", "due", "2018-10-14");
    story_is(s, "2018-10-14", "c", "pending", NULL); /* but not confirmed */
    story_is(s, "2018-10-14", "d", "pending", NULL);
    story_says(s, "2018-10-16", "iaea confirms report");
    story_is(s, "2018-10-16", "c", "due", "2018-10-16");
    story_is(s, "2018-10-16", "d", "due", "2018-10-16");
    assert_false(story_at(s, "2018-10-16", "lift")->held);
    story_end(s);
}

static void confirmed_is_held_as_well(void **state)
{
    (void)state;
    story *s = story_begin("", "step day arms simultaneous\n"
                               "{id: lift, by: usa}\n"
                               "{id: report, by: dprk, verified-by: [iaea], amount: 10 t}\n"
                               "step then arms\n"
                               "{id: c, by: rok, after: [report confirmed]}\n"
                               "{id: m, by: rok, after: [report confirmed 5 t]}\n");
    story_says(s, "2018-10-12", "dprk performs report amount 10");
    story_says(s, "2018-10-13", "iaea confirms report");
    assert_true(story_at(s, "2018-10-13", "report")->held);
    story_is(s, "2018-10-13", "c", "pending", NULL);
    story_is(s, "2018-10-13", "m", "pending", NULL); /* a part of it takes effect no sooner */
    story_says(s, "2018-10-15", "usa performs lift");
    story_is(s, "2018-10-15", "c", "due", "2018-10-15");
    story_is(s, "2018-10-15", "m", "due", "2018-10-15");
    story_end(s);
}

static void steps_do_not_hold_each_other_up(void **state)
{
    (void)state;
    story *s = story_begin("", "step one arms\n{id: a, by: usa, due: 2018-10-12}\nstep two arms\n{id: b, by: rok}\n"
                               "step three peace\n{id: c, by: rok}\n");
    story_is(s, "2018-11-12", "a", "overdue", NULL);
    story_is(s, "2018-11-12", "b", "due", STORY_SIGNED);
    story_is(s, "2018-11-12", "c", "due", STORY_SIGNED);
    story_end(s);
}

/* Reversing. */

static void reversed_and_performed_again(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: lift, by: usa, due: 2018-10-20, verified-by: [dprk]}\n");
    story_says(s, "2018-10-11", "usa reverses lift"); /* nothing yet */
    story_is(s, "2018-10-12", "lift", "due", NULL);
    story_says(s, "2018-10-12", "usa performs lift");
    story_says(s, "2018-10-13", "dprk confirms lift");
    story_says(s, "2018-10-14", "dprk reverses lift"); /* not its performer */
    story_is(s, "2018-10-15", "lift", "confirmed", "2018-10-13");
    story_says(s, "2018-10-16", "usa reverses lift");
    story_is(s, "2018-10-16", "lift", "reversed", "2018-10-16");
    story_is(s, "2019-10-16", "lift", "reversed", "2018-10-16");
    assert_int_equal(story_at(s, "2018-10-17", "lift")->performed_by, LS_NO_ENTRY);
    story_says(s, "2018-10-17", "dprk confirms lift"); /* there is no performance */
    story_is(s, "2018-10-17", "lift", "reversed", "2018-10-16");
    story_says(s, "2018-10-18", "usa performs lift");
    story_is(s, "2018-10-18", "lift", "performed", "2018-10-18"); /* and asks for new answers */
    story_says(s, "2018-10-19", "dprk confirms lift");
    story_is(s, "2018-10-19", "lift", "confirmed", "2018-10-19");
    story_moment(s, "2018-10-19", "lift", LS_EVENT_CONFIRMED, "2018-10-13");
    story_end(s);
}

static void irreversible(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: blast, by: dprk, verified-by: [usa], irreversible: true}\n");
    story_says(s, "2018-10-12", "dprk performs blast");
    story_says(s, "2018-10-13", "dprk reverses blast");
    story_is(s, "2018-10-14", "blast", "performed", "2018-10-12");
    story_end(s);
}

static void undone_by_a_moment(void **state)
{
    (void)state;
    story *s = story_begin("events:\n"
                           "  - {id: notified, title: N, attested-by: [rok]}\n"
                           "  - {id: return, title: R, when: 2 days after notified}\n",
                           "{id: lift, by: usa, verified-by: [dprk], undone-by: return}\n"
                           "{id: fuel, by: usa, amount: 100 t, undone-by: return}\n"
                           "{id: never, by: usa, undone-by: return}\n");
    story_says(s, "2018-10-11", "usa performs lift");
    story_says(s, "2018-10-11", "usa performs fuel amount 100");
    story_says(s, "2018-10-12", "dprk confirms lift");
    story_says(s, "2018-10-13", "rok attests notified");
    story_is(s, "2018-10-14", "lift", "confirmed", "2018-10-12");
    assert_int_equal(story_at(s, "2018-10-14", "fuel")->score, 3);
    story_is(s, "2018-10-15 00:00", "lift", "reversed", "2018-10-15 00:00");
    story_is(s, "2018-10-16", "fuel", "reversed", "2018-10-15 00:00");
    assert_int_equal(story_at(s, "2018-10-16", "fuel")->total, 0);
    assert_int_equal(story_at(s, "2018-10-16", "fuel")->score, 0);
    story_is(s, "2018-10-16", "never", "due", NULL); /* what was not performed is not reversed */
    story_moment(s, "2018-10-16", "lift", LS_EVENT_CONFIRMED, "2018-10-12");
    /* Performed again after it, it stays so. */
    story_says(s, "2018-10-17", "usa performs lift");
    story_is(s, "2018-10-18", "lift", "performed", "2018-10-17");
    story_says(s, "2018-10-19", "dprk confirms lift");
    story_is(s, "2018-11-19", "lift", "confirmed", "2018-10-19");
    story_says(s, "2018-10-20", "usa performs fuel amount 60");
    story_is(s, "2018-10-20", "fuel", "begun", NULL);
    assert_int_equal(story_at(s, "2018-10-20", "fuel")->total, 60 * LS_QUANTITY_ONE);
    story_end(s);
}

/* Calling off. */

static void called_off(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: visit, by: usa, begin: 2018-10-18, due: 2018-10-20, may-call-off: [usa, dprk]}\n");
    story_says(s, "2018-10-11", "rok calls-off visit"); /* not its to say */
    story_is(s, "2018-10-12", "visit", "due", NULL);
    story_says(s, "2018-10-15", "dprk calls-off visit");
    story_is(s, "2018-10-15", "visit", "called off", "2018-10-15");
    story_is(s, "2019-10-15", "visit", "called off", "2018-10-15");
    story_moment(s, "2019-10-15", "visit", LS_EVENT_OVERDUE, "never");
    story_says(s, "2018-11-01", "dprk withdraws of 2");
    story_is(s, "2018-11-01", "visit", "overdue", NULL);
    story_moment(s, "2018-11-02", "visit", LS_EVENT_OVERDUE, "2018-11-01"); /* not while it was called off */
    story_says(s, "2018-11-02", "usa calls-off visit");
    story_is(s, "2018-11-02", "visit", "called off", "2018-11-02");
    story_says(s, "2018-11-03", "usa performs visit");
    story_is(s, "2018-11-03", "visit", "performed", "2018-11-03");
    story_end(s);
}

static void postponed(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: visit, by: usa, due: 2018-10-20, may-call-off: [usa, dprk]}\n");
    story_says(s, "2018-10-15", "rok calls-off visit dated 2019-10-31");
    story_due(s, "2018-10-16", "visit", "2018-10-20 24:00");
    story_says(s, "2018-10-16", "dprk calls-off visit dated 2018-11-30");
    story_is(s, "2018-10-16", "visit", "due", NULL);
    story_due(s, "2018-10-15", "visit", "2018-10-20 24:00"); /* as it was then */
    story_due(s, "2018-10-16", "visit", "2018-11-30 24:00");
    story_is(s, "2018-12-02", "visit", "overdue", "2018-12-01 24:00");
    story_says(s, "2018-10-17", "dprk withdraws of 2");
    story_due(s, "2018-10-17", "visit", "2018-10-21 24:00"); /* the day for which it was postponed is given back */
    story_end(s);
}

/* Postponed is later: nobody becomes overdue by it. */
static void not_brought_forward(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: e, title: E, attested-by: [rok]}]\n",
                           "{id: visit, by: usa, due: 2018-10-31, may-call-off: [dprk]}\n"
                           "{id: talk, by: usa, due: 5 days after e, may-call-off: [dprk]}\n");
    story_says(s, "2018-10-15", "dprk calls-off visit dated 2018-10-16");
    story_due(s, "2018-10-16", "visit", "2018-10-31 24:00");
    /* A deadline that is not known yet is not put before that from which it follows, either. */
    story_says(s, "2018-10-15", "dprk calls-off talk dated 2018-10-20");
    story_due(s, "2018-10-16", "talk", "never");
    story_says(s, "2018-11-01", "rok attests e");
    story_due(s, "2018-11-02", "talk", "2018-11-06 24:00");
    s->fact[1].day += 30;
    story_due(s, "2018-11-02", "talk", "2018-11-19 24:00");
    story_end(s);
}

/* That it was overdue is not undone by postponing it then. */
static void postponed_too_late(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: visit, by: usa, due: 2018-10-20, may-call-off: [usa]}\n");
    story_says(s, "2018-11-01", "usa calls-off visit dated 2018-11-30");
    story_moment(s, "2018-10-31", "visit", LS_EVENT_OVERDUE, "2018-10-21 24:00");
    story_is(s, "2018-11-01", "visit", "due", NULL);
    story_moment(s, "2018-11-01", "visit", LS_EVENT_OVERDUE, "2018-10-21 24:00");
    story_end(s);
}

static void what_was_confirmed_is_not_called_off(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: visit, by: usa, verified-by: [dprk], may-call-off: [dprk]}\n");
    story_says(s, "2018-10-11", "usa performs visit");
    story_says(s, "2018-10-12", "dprk confirms visit");
    story_says(s, "2018-10-13", "dprk calls-off visit");
    story_is(s, "2018-10-13", "visit", "confirmed", "2018-10-12");
    story_end(s);
}

/* Assessment. */
static void scores(void **state)
{
    (void)state;
    story *s = story_begin("assessors: [rok]\n", "{id: declare, by: dprk, verified-by: [usa]}\n"
                                                 "{id: invite, by: dprk}\n"
                                                 "{id: fuel, by: usa, amount: 100 t, verified-by: [dprk]}\n"
                                                 "{id: freeze, by: dprk, verified-by: [usa], continuing: true}\n");
    assert_int_equal(story_at(s, "2018-10-10 08:00", "freeze")->score, 0); /* not in force */
    assert_int_equal(story_at(s, "2018-10-11", "freeze")->score, 3);
    assert_int_equal(story_at(s, "2018-10-11", "declare")->score, 0);
    story_says(s, "2018-10-11", "usa assesses declare score 2"); /* no assessor */
    assert_int_equal(story_at(s, "2018-10-12", "declare")->score, 0);
    assert_int_equal(story_at(s, "2018-10-12", "declare")->assessed_by, LS_NO_ENTRY);
    story_says(s, "2018-10-12", "rok assesses declare score 2");
    story_says(s, "2018-10-13", "rok assesses declare score 1");
    assert_int_equal(story_at(s, "2018-10-13", "declare")->score, 1);
    assert_int_equal(story_at(s, "2018-10-13", "declare")->assessed_by, 3);
    story_says(s, "2018-10-14", "dprk performs declare");
    assert_int_equal(story_at(s, "2018-10-14", "declare")->score, 1);
    story_says(s, "2018-10-15", "usa confirms declare");
    assert_int_equal(story_at(s, "2018-10-15", "declare")->score, 3);
    assert_int_equal(story_at(s, "2018-10-15", "declare")->assessed_by, LS_NO_ENTRY);
    story_says(s, "2018-10-16", "dprk performs invite");
    assert_int_equal(story_at(s, "2018-10-16", "invite")->score, 3);
    story_says(s, "2018-10-17", "usa performs fuel amount 49.999");
    assert_int_equal(story_at(s, "2018-10-17", "fuel")->score, 0); /* claims do not count where somebody verifies */
    story_says(s, "2018-10-18", "dprk confirms fuel");
    assert_int_equal(story_at(s, "2018-10-18", "fuel")->score, 1);
    story_says(s, "2018-10-19", "usa performs fuel amount 0.001");
    story_says(s, "2018-10-20", "dprk confirms fuel");
    assert_int_equal(story_at(s, "2018-10-20", "fuel")->score, 2);
    story_says(s, "2018-10-21", "usa performs fuel amount 50");
    story_says(s, "2018-10-22", "dprk confirms fuel");
    assert_int_equal(story_at(s, "2018-10-22", "fuel")->score, 3);
    story_says(s, "2018-10-23", "usa objects freeze");
    assert_int_equal(story_at(s, "2018-10-23", "freeze")->score, 0);
    story_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begin_and_due),
        cmocka_unit_test(the_first_performance_begins_it),
        cmocka_unit_test(unverified_stands_after_the_grace),
        cmocka_unit_test(several_perform_each),
        cmocka_unit_test(silence_confirms),
        cmocka_unit_test(silence_disputes),
        cmocka_unit_test(silence_about_a_new_performance),
        cmocka_unit_test(silent_after_all),
        cmocka_unit_test(silence_about_an_early_performance),
        cmocka_unit_test(without_a_rule_silence_means_nothing),
        cmocka_unit_test(in_presence),
        cmocka_unit_test(a_new_performance_without_witnesses),
        cmocka_unit_test(promised_first),
        cmocka_unit_test(all_or_none),
        cmocka_unit_test(confirmed_is_held_as_well),
        cmocka_unit_test(steps_do_not_hold_each_other_up),
        cmocka_unit_test(reversed_and_performed_again),
        cmocka_unit_test(irreversible),
        cmocka_unit_test(undone_by_a_moment),
        cmocka_unit_test(called_off),
        cmocka_unit_test(postponed),
        cmocka_unit_test(not_brought_forward),
        cmocka_unit_test(postponed_too_late),
        cmocka_unit_test(what_was_confirmed_is_not_called_off),
        cmocka_unit_test(scores),
    };
    return cmocka_run_group_tests_name("state_performance", tests, NULL, NULL);
}
