/* Tests of what goes on and of what concerns the accord: obligations, rights, disputes, suspension, extension, end. */
#include "fixture/story.h"
#include "vectors.h"

/* Continuing obligations. */

static void breach_and_cure(void **state)
{
    (void)state;
    story *s =
        story_begin("", "{id: freeze, by: dprk, verified-by: [usa, rok], continuing: true, until: 2019-06-01}\n");
    story_is(s, "2018-10-10 08:00", "freeze", "pending", NULL);
    story_is(s, "2018-10-11", "freeze", "kept", STORY_SIGNED);
    story_says(s, "2018-10-12", "dprk performs freeze"); /* nothing is to be cured */
    story_says(s, "2018-10-13", "chn objects freeze");   /* no verifier */
    story_is(s, "2018-10-14", "freeze", "kept", STORY_SIGNED);
    story_says(s, "2018-10-15", "usa objects freeze");
    story_is(s, "2018-10-15", "freeze", "breached", "2018-10-15");
    story_says(s, "2018-10-16", "rok objects freeze"); /* the same breach */
    assert_int_equal(story_at(s, "2018-10-16", "freeze")->breaches, 1);
    story_says(s, "2018-10-17", "dprk performs freeze");
    story_is(s, "2018-10-17", "freeze", "performed", "2018-10-17");
    story_says(s, "2018-10-18", "usa confirms freeze");
    story_is(s, "2018-10-18", "freeze", "performed", NULL); /* not all */
    story_says(s, "2018-10-19", "rok confirms freeze");
    story_is(s, "2018-10-19", "freeze", "kept", "2018-10-19");
    story_says(s, "2018-10-20", "rok objects freeze");
    story_is(s, "2018-10-20", "freeze", "breached", "2018-10-20");
    assert_int_equal(story_at(s, "2018-10-20", "freeze")->breaches, 2);
    story_moment(s, "2018-10-20", "freeze", LS_EVENT_BREACHED, "2018-10-15");
    story_is(s, "2019-06-01 00:00", "freeze", "ended", "2019-06-01 00:00");
    story_says(s, "2019-06-02", "usa objects freeze");
    story_is(s, "2019-06-03", "freeze", "ended", "2019-06-01 00:00");
    assert_int_equal(story_at(s, "2019-06-03", "freeze")->breaches, 2);
    story_end(s);
}

static void no_breach_before_it_holds(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: freeze, by: dprk, after: [2018-11-01], verified-by: [usa], continuing: true}\n");
    story_says(s, "2018-10-15", "usa objects freeze");
    story_is(s, "2018-10-16", "freeze", "pending", NULL);
    story_is(s, "2018-11-01 00:00", "freeze", "kept", "2018-11-01 00:00");
    story_moment(s, "2018-11-02", "freeze", LS_EVENT_BREACHED, "never");
    story_end(s);
}

static void an_objection_that_is_taken_back(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: freeze, by: dprk, verified-by: [usa], continuing: true}\n");
    story_says(s, "2018-10-15", "usa objects freeze");
    story_says(s, "2018-10-16", "usa withdraws of 1");
    story_is(s, "2018-10-16", "freeze", "kept", "2018-10-16");
    story_moment(s, "2018-10-17", "freeze", LS_EVENT_BREACHED, "2018-10-15"); /* others acted on it */
    story_end(s);
}

static void incidents(void **state)
{
    (void)state;
    story *s = story_begin("", "{id: freeze, by: dprk, verified-by: [usa, rok], continuing: true}\n");
    story_says(s, "2018-10-15", "jpn reports freeze"); /* any party of the charter */
    story_says(s, "2018-10-15", "chn reports freeze");
    story_is(s, "2018-10-16", "freeze", "kept", STORY_SIGNED);
    assert_int_equal(story_at(s, "2018-10-16", "freeze")->incidents, 2);
    assert_int_equal(story_at(s, "2018-10-16", "freeze")->open_incidents, 2);
    story_says(s, "2018-10-17", "chn confirms freeze of 1"); /* no verifier */
    assert_int_equal(story_at(s, "2018-10-17", "freeze")->open_incidents, 2);
    story_says(s, "2018-10-18", "rok confirms freeze of 1"); /* it was none */
    story_is(s, "2018-10-18", "freeze", "kept", STORY_SIGNED);
    assert_int_equal(story_at(s, "2018-10-18", "freeze")->open_incidents, 1);
    story_says(s, "2018-10-19", "usa objects freeze of 2");
    story_is(s, "2018-10-19", "freeze", "breached", "2018-10-19");
    assert_int_equal(story_at(s, "2018-10-19", "freeze")->open_incidents, 0);
    assert_int_equal(story_at(s, "2018-10-19", "freeze")->incidents, 2);
    story_end(s);
}

/* Rights: twelve months from 10 October 2018. */
static void rights(void **state)
{
    (void)state;
    story *s =
        story_begin("rights: [{id: visits, of: usa, what: visit, paragraph: p1, quota: 2 per month, from: in force}]\n",
                    "{id: declare, by: dprk}\n");
    story_says(s, "2018-10-09", "usa uses visits"); /* before it begins */
    story_says(s, "2018-10-11", "usa uses visits");
    story_says(s, "2018-10-12", "rok uses visits"); /* not its right */
    story_at(s, "2018-10-12", "declare");
    assert_int_equal(s->state.right[0].used, 1);
    assert_int_equal(s->state.right[0].left, 1);
    story_same_time(s->state.right[0].from, STORY_SIGNED, "the period");
    story_same_time(s->state.right[0].until, "2018-11-10 24:00", "the period");
    story_says(s, "2018-11-10 24:00", "usa uses visits"); /* its last moment */
    story_says(s, "2018-11-11", "usa uses visits");
    story_says(s, "2018-11-12", "usa uses visits");
    story_says(s, "2018-11-13", "usa uses visits"); /* one too many */
    story_at(s, "2018-11-14", "declare");
    assert_int_equal(s->state.right[0].used, 2);
    assert_int_equal(s->state.right[0].left, 0);
    assert_int_equal(s->state.right[0].beyond, 1);
    assert_int_equal(s->state.right[0].forfeited, 0);
    story_at(s, "2019-01-15", "declare"); /* 10 December to 10 January was not used */
    assert_int_equal(s->state.right[0].used, 0);
    assert_int_equal(s->state.right[0].forfeited, 2);
    assert_int_equal(s->state.right[0].beyond, 1);
    story_at(s, "2018-10-10 08:00", "declare");
    story_same_time(s->state.right[0].from, "never", "the period");
    story_end(s);
}

static void assert_without_effect(story *s, const char *when, const uint32_t *acts, size_t count)
{
    story_at(s, when, "declare");
    const ls_right_state *r = &s->state.right[0];
    assert_int_equal(r->beyond_count, count);
    assert_int_equal(r->beyond_by == NULL, count == 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(r->beyond_by[i], acts[i]);
    }
}

/* Which uses have none: the second and third of a month, and those before the first month. */
static void uses_without_effect(void **state)
{
    static const uint32_t acts[] = {1, 2, 4, 7, 8};
    (void)state;
    story *s =
        story_begin("rights: [{id: visits, of: usa, what: visit, paragraph: p1, quota: 1 per month, from: in force}]\n",
                    "{id: declare, by: dprk}\n");
    assert_without_effect(s, "2018-10-12", acts, 0);
    story_says(s, "2018-10-08", "usa uses visits");
    story_says(s, "2018-10-09", "usa uses visits");
    assert_without_effect(s, "2018-10-08", acts, 1);
    assert_without_effect(s, "2018-10-10 08:00", acts, 2); /* the right has not begun */
    assert_int_equal(s->state.right[0].beyond, 0);
    story_says(s, "2018-10-11", "usa uses visits");
    story_says(s, "2018-10-12", "usa uses visits");
    story_says(s, "2018-10-13", "rok uses visits"); /* not its right */
    assert_without_effect(s, "2018-10-11", acts, 2);
    assert_without_effect(s, "2018-10-14", acts, 3);
    story_says(s, "2018-11-11", "usa uses visits"); /* the next month */
    story_says(s, "2018-11-12", "usa uses visits");
    assert_without_effect(s, "2018-11-11", acts, 3);
    story_says(s, NULL, "usa uses visits"); /* no stamp yet: as of now */
    assert_without_effect(s, "2018-11-13", acts, 5);
    assert_int_equal(s->state.right[0].beyond, 3);
    story_end(s);
}

/* Disputes, as those of the JCPOA: 15 days, then 15 and 15 side by side, then 5. */
static const char resolution[] =
    "disputes:\n"
    "  - id: resolution\n"
    "    title: R\n"
    "    open-to: [dprk, usa]\n"
    "    settled-by: [dprk, usa]\n"
    "    stages:\n"
    "      - {id: commission, title: C, lasts: 15 days, extendable: true}\n"
    "      - {id: ministers, title: M, after: [commission], lasts: 15 days}\n"
    "      - {id: board, title: B, after: [commission], lasts: 20 days, optional: true}\n"
    "      - {id: opinion, title: O, after: [ministers, board], lasts: 5 days}\n"
    "extension: {at-most: 10 days, times: 1}\n"
    "events: [{id: e, title: E, when: resolution exhausted}, {id: o, title: O, when: resolution opened}, "
    "{id: s, title: S, when: resolution settled}]\n";

static void assert_stage(const story *s, size_t stage, const char *begins, const char *ends)
{
    story_same_time(s->state.dispute[0].stage[stage].begins, begins, "a stage begins");
    story_same_time(s->state.dispute[0].stage[stage].ends, ends, "a stage ends");
}

static void stages(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    story_says(s, "2018-10-31", "rok disputes resolution"); /* not open to it */
    story_says(s, "2018-11-01", "usa disputes resolution about declare");
    assert_true(story_at(s, "2018-11-02", "declare")->in_dispute);
    story_happens(s, "2018-11-02", "o", "2018-11-01");
    assert_int_equal(s->state.dispute_count, 1);
    assert_int_equal(s->state.dispute[0].by, USA);
    assert_int_equal(s->state.dispute[0].measure, 0);
    assert_stage(s, 0, "2018-11-01", "2018-11-16 24:00");
    assert_stage(s, 1, "2018-11-16 24:00", "2018-12-01 24:00"); /* fifteen days and fifteen are thirty */
    assert_stage(s, 2, "2018-11-16 24:00", "2018-11-16 24:00"); /* nobody has asked for it */
    assert_stage(s, 3, "2018-12-01 24:00", "2018-12-06 24:00");
    story_happens(s, "2018-12-07 23:59", "e", "never"); /* grace */
    story_happens(s, "2018-12-07 24:00", "e", "2018-12-07 24:00");
    assert_false(story_at(s, "2018-12-10", "declare")->in_dispute);
    story_end(s);
}

/* Fifteen days, fifteen and five, of which the first day is one. */
static void stages_with_the_day_itself(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    s->charter.counts_first_day = true;
    story_says(s, "2018-11-01", "usa disputes resolution");
    story_at(s, "2018-11-02", "declare");
    assert_stage(s, 0, "2018-11-01", "2018-11-15 24:00");
    assert_stage(s, 1, "2018-11-15 24:00", "2018-11-30 24:00");
    assert_stage(s, 3, "2018-11-30 24:00", "2018-12-05 24:00");
    story_end(s);
}

/* A closing hour before the day's end: the same days. */
static void stages_that_end_at_an_hour(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    s->charter.closing = 18 * 3600;
    story_says(s, "2018-11-01", "usa disputes resolution");
    story_at(s, "2018-11-02", "declare");
    assert_stage(s, 0, "2018-11-01", "2018-11-16 18:00");
    assert_stage(s, 1, "2018-11-16 18:00", "2018-12-01 18:00");
    assert_stage(s, 3, "2018-12-01 18:00", "2018-12-06 18:00");
    story_end(s);
}

static void an_optional_stage(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    story_says(s, "2018-11-01", "usa disputes resolution");
    story_says(s, "2018-11-16 24:00", "dprk refers resolution of 1 stage board");
    story_at(s, "2018-11-17", "declare");
    assert_stage(s, 1, "2018-11-16 24:00", "2018-12-01 24:00");
    assert_stage(s, 2, "2018-11-16 24:00", "2018-12-06 24:00");
    assert_stage(s, 3, "2018-12-06 24:00", "2018-12-11 24:00"); /* after the longer of the two */
    s->time[2] = story_time("2018-11-17 00:01");                /* too late */
    story_at(s, "2018-11-18", "declare");
    assert_stage(s, 2, "2018-11-16 24:00", "2018-11-16 24:00");
    s->time[2] = story_time("2018-11-10");
    s->fact[1].by = ROK; /* no part in it */
    story_at(s, "2018-11-18", "declare");
    assert_stage(s, 2, "2018-11-16 24:00", "2018-11-16 24:00");
    story_end(s);
}

static void a_stage_extended(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    story_says(s, "2018-11-01", "usa disputes resolution");
    story_says(s, "2018-11-10", "usa prolongs resolution of 1 stage commission dated 2018-11-26");
    story_says(s, "2018-11-11", "dprk prolongs resolution of 1 stage commission dated 2018-11-26");
    story_at(s, "2018-11-12", "declare");
    assert_stage(s, 0, "2018-11-01", "2018-11-16 24:00"); /* rok has not said so */
    story_says(s, "2018-11-12", "rok prolongs resolution of 1 stage commission dated 2018-11-26");
    story_at(s, "2018-11-12", "declare");
    assert_stage(s, 0, "2018-11-01", "2018-11-26 24:00");
    assert_stage(s, 1, "2018-11-26 24:00", "2018-12-11 24:00");
    s->time[4] = story_time("2018-11-17 00:01"); /* when it had ended */
    story_at(s, "2018-11-18", "declare");
    assert_stage(s, 0, "2018-11-01", "2018-11-16 24:00");
    story_end(s);
}

static void settled(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    story_says(s, "2018-11-01", "usa disputes resolution about declare");
    story_says(s, "2018-11-02", "dprk settles resolution of 1");
    story_says(s, "2018-11-02", "rok settles resolution of 1"); /* not for it to say */
    story_happens(s, "2018-11-03", "s", "never");
    assert_int_equal(s->state.dispute[0].settled_by, LS_PARTY_BIT(DPRK));
    story_says(s, "2018-12-06 24:00", "usa settles resolution of 1"); /* at the last moment */
    story_happens(s, "2018-12-12", "s", "2018-12-06 24:00");
    story_happens(s, "2018-12-12", "e", "never");
    assert_false(story_at(s, "2018-12-12", "declare")->in_dispute);
    s->time[4] = story_time("2018-12-07 00:01"); /* too late, though within the grace */
    story_happens(s, "2018-12-12", "s", "never");
    story_happens(s, "2018-12-12", "e", "2018-12-07 24:00");
    story_end(s);
}

/* A procedure can be used many times; the moments are those of the first dispute that came so far. */
static void the_first_dispute_counts(void **state)
{
    (void)state;
    story *s = story_begin(resolution, "{id: declare, by: dprk}\n");
    story_says(s, "2018-11-01", "usa disputes resolution");
    story_says(s, "2018-11-05", "dprk disputes resolution");
    story_says(s, "2018-11-06", "usa settles resolution of 2");
    story_says(s, "2018-11-07", "dprk settles resolution of 2");
    story_happens(s, "2018-12-31", "o", "2018-11-01");
    story_happens(s, "2018-12-31", "s", "2018-11-07");
    story_happens(s, "2018-12-31", "e", "2018-12-07 24:00");
    story_end(s);
}

/* Suspension. */

static const char pair[] = "step one arms\n"
                           "{id: ours, by: dprk, due: 2018-10-31}\n"
                           "{id: hours, by: dprk, due: 240 hours after in force}\n"
                           "step two peace\n"
                           "{id: theirs, by: usa, due: 2018-10-31}\n";

static void without_a_clause(void **state)
{
    (void)state;
    story *s = story_begin("", pair);
    story_says(s, "2018-10-12", "dprk suspends");
    assert_true(story_at(s, "2018-10-13", "ours")->suspended);
    assert_true(story_at(s, "2018-10-13", "theirs")->suspended);
    assert_false(story_at(s, "2018-10-13", "ours")->stopped);
    story_due(s, "2018-10-13", "ours", "2018-10-31 24:00");
    story_is(s, "2018-11-02", "ours", "overdue", "2018-11-01 24:00");
    story_end(s);
}

static void clocks_stop(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop}\n", pair);
    story_says(s, "2018-10-12 10:00", "dprk suspends");
    assert_true(story_at(s, "2018-10-13", "ours")->stopped);
    story_due(s, "2018-10-13", "ours", "never");
    story_is(s, "2020-01-01", "ours", "due", NULL); /* while it stands, nothing is overdue */
    story_moment(s, "2020-01-01", "ours", LS_EVENT_OVERDUE, "never");
    /* The other side goes on. */
    assert_false(story_at(s, "2018-10-13", "theirs")->stopped);
    story_due(s, "2018-10-13", "theirs", "2018-10-31 24:00");
    story_says(s, "2018-10-15", "usa resumes of 1"); /* not theirs to end */
    assert_true(story_at(s, "2018-10-16", "ours")->stopped);
    story_says(s, "2018-10-17 22:00", "dprk resumes of 1");
    /* 5 days and 12 hours: from the end of 31 October to 6 November, 12:00, and to the end of that day. */
    story_due(s, "2018-10-18", "ours", "2018-11-06 24:00");
    assert_false(story_at(s, "2018-10-18", "ours")->suspended);
    story_due(s, "2018-10-18", "hours", "2018-10-25 21:00"); /* exact: 20 October, 09:00, and 132 hours */
    story_is(s, "2018-11-08", "ours", "overdue", "2018-11-07 24:00");
    story_end(s);
}

static void the_counterpart_may_withhold(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {counterpart: may withhold}\n", pair);
    story_says(s, "2018-10-12 10:00", "dprk suspends");
    story_says(s, "2018-10-13 10:00", "dprk resumes of 1");
    story_due(s, "2018-10-18", "ours", "2018-10-31 24:00");
    story_due(s, "2018-10-18", "theirs", "2018-11-01 24:00");
    story_end(s);
}

static void scopes(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {scope: [track, measure], clocks: stop, counterpart: may withhold}\n", pair);
    story_says(s, "2018-10-12 10:00", "dprk suspends track peace");
    story_says(s, "2018-10-13 10:00", "dprk suspends hours");
    assert_true(story_at(s, "2018-10-14", "theirs")->suspended);
    assert_true(story_at(s, "2018-10-14", "hours")->suspended);
    assert_false(story_at(s, "2018-10-14", "ours")->suspended);
    story_due(s, "2018-10-14", "ours", "2018-10-31 24:00");
    assert_int_equal(s->state.suspension_count, 2);
    assert_int_equal(s->state.suspension[0].track, 1);
    assert_int_equal(s->state.suspension[0].measure, -1);
    assert_int_equal(s->state.suspension[1].measure, 1);
    story_end(s);
}

/* The time is counted once: 12 to 17 October. */
static void overlapping(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop, counterpart: may withhold}\n", pair);
    story_says(s, "2018-10-12", "dprk suspends");
    story_says(s, "2018-10-13", "usa suspends");
    story_says(s, "2018-10-14", "rok suspends"); /* within the other two */
    story_says(s, "2018-10-15", "dprk resumes of 1");
    assert_true(story_at(s, "2018-10-16", "ours")->stopped);
    story_says(s, "2018-10-16", "rok resumes of 3");
    story_says(s, "2018-10-17", "usa resumes of 2");
    story_due(s, "2018-10-18", "ours", "2018-11-05 24:00");
    story_due(s, "2018-10-18", "theirs", "2018-11-05 24:00");
    story_end(s);
}

static void at_most_so_long(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop, at-most: 10 days}\n", pair);
    story_says(s, "2018-10-12 10:00", "dprk suspends");
    story_same_time(story_at(s, "2018-10-13", "ours")->deadline, "2018-11-11 24:00", "ahead of time");
    story_same_time(s->state.suspension[0].until, "2018-10-22 24:00", "its end");
    assert_true(story_at(s, "2018-10-22", "ours")->suspended);
    assert_false(story_at(s, "2018-10-23", "ours")->suspended);
    story_end(s);
}

static void until_a_moment(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop, until: restored}\n"
                           "events: [{id: restored, title: R, attested-by: [rok]}]\n",
                           pair);
    story_says(s, "2018-10-12", "dprk suspends");
    story_says(s, "2018-10-14", "rok attests restored");
    assert_true(story_at(s, "2018-10-13", "ours")->suspended);
    assert_false(story_at(s, "2018-10-14", "ours")->suspended);
    story_due(s, "2018-10-14", "ours", "2018-11-02 24:00");
    story_says(s, "2018-10-15", "dprk suspends"); /* the moment lies before this one */
    assert_true(story_at(s, "2018-12-16", "ours")->suspended);
    story_end(s);
}

/* Whenever it began: the accord enters into force while it lasts, and that moves nothing. */
static void suspended_before_entry(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop}\nentry-into-force: usa ratified\n"
                           "provisional-application: signed\n",
                           "{id: freeze, by: dprk, due: 2018-10-20, provisional: true}\n");
    story_says(s, "2018-10-11", "dprk suspends");
    story_says(s, "2018-10-13", "dprk resumes of 1");
    story_due(s, "2018-10-14", "freeze", "2018-10-22 24:00");
    story_says(s, "2018-10-15", "usa ratifies");
    story_due(s, "2018-10-16", "freeze", "2018-10-22 24:00");
    story_end(s);
}

/* What had run out before it began is not healed by it. */
static void suspended_too_late(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop}\n", pair);
    story_says(s, "2018-11-05", "dprk suspends");
    story_is(s, "2018-11-06", "ours", "overdue", "2018-11-01 24:00");
    story_moment(s, "2018-11-06", "ours", LS_EVENT_OVERDUE, "2018-11-01 24:00");
    story_end(s);
}

static void overdue_to_begin_and_then_suspended(void **state)
{
    (void)state;
    story *s = story_begin("suspension: {clocks: stop}\n", "{id: ship, by: usa, begin: 2018-10-15, due: 2018-11-30}\n");
    story_is(s, "2018-10-20", "ship", "overdue", "2018-10-16 24:00");
    story_says(s, "2018-10-21", "usa suspends");
    story_is(s, "2018-10-22", "ship", "due", NULL); /* its clock stands */
    story_moment(s, "2018-10-22", "ship", LS_EVENT_OVERDUE, "2018-10-16 24:00");
    story_end(s);
}

/* A period that ends while the clock stands is not overdue. */
static void a_rate_suspended(void **state)
{
    (void)state;
    story *s =
        story_begin("suspension: {clocks: stop}\n", "{id: fuel, by: usa, amount: 10 t per month, until: 2019-12-31}\n");
    story_says(s, "2018-10-20", "usa suspends");
    story_is(s, "2018-11-20", "fuel", "kept", NULL);
    story_says(s, "2018-11-20", "usa resumes of 1"); /* 31 days: the month ends on 11 December */
    story_is(s, "2018-12-12", "fuel", "kept", NULL);
    story_is(s, "2018-12-13", "fuel", "overdue", "2018-12-12 24:00");
    story_end(s);
}

/* Extension by consent. */

static const char extendable[] = "{id: ours, by: dprk, due: 2018-10-31}\n";

static void extended(void **state)
{
    (void)state;
    story *s = story_begin("extension: {by: [usa, dprk], at-most: 15 days, times: 2}\n", extendable);
    story_says(s, "2018-10-20", "dprk extends ours dated 2018-11-10");
    story_due(s, "2018-10-20", "ours", "2018-10-31 24:00");
    story_says(s, "2018-10-21", "rok extends ours dated 2018-11-10"); /* not asked */
    story_due(s, "2018-10-21", "ours", "2018-10-31 24:00");
    story_says(s, "2018-10-31 24:00", "usa extends ours dated 2018-11-10"); /* at the last moment */
    story_due(s, "2018-11-01", "ours", "2018-11-10 24:00");
    story_is(s, "2018-11-02", "ours", "due", NULL);
    story_is(s, "2018-11-12", "ours", "overdue", "2018-11-11 24:00");
    /* A second time, and no third. */
    story_says(s, "2018-11-05", "dprk extends ours dated 2018-11-25");
    story_says(s, "2018-11-05", "usa extends ours dated 2018-11-25");
    story_due(s, "2018-11-06", "ours", "2018-11-25 24:00");
    story_says(s, "2018-11-07", "dprk extends ours dated 2018-11-26");
    story_says(s, "2018-11-07", "usa extends ours dated 2018-11-26");
    story_due(s, "2018-11-08", "ours", "2018-11-25 24:00");
    story_end(s);
}

static void not_extended(void **state)
{
    static const char *const acts[][2] = {
        {"dprk extends ours dated 2018-11-16", "usa extends ours dated 2018-11-16"}, /* 16 days: too long */
        {"dprk extends ours dated 2018-11-10", "usa extends ours dated 2018-11-11"}, /* not the same */
        {"dprk extends ours dated 2018-10-30", "usa extends ours dated 2018-10-30"}, /* earlier */
        {"dprk extends ours dated 2018-11-10", "dprk extends ours dated 2018-11-10"},
    };
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        story *s = story_begin("extension: {by: [usa, dprk], at-most: 15 days, times: 2}\n", extendable);
        story_says(s, "2018-10-20", acts[i][0]);
        story_says(s, "2018-10-21", acts[i][1]);
        story_due(s, "2018-10-22", "ours", "2018-10-31 24:00");
        story_end(s);
    }
    story *s = story_begin("extension: {by: [usa, dprk], at-most: 15 days, times: 2}\n", extendable);
    story_says(s, "2018-10-20", "dprk extends ours dated 2018-11-15");
    story_says(s, "2018-11-01 00:01", "usa extends ours dated 2018-11-15"); /* too late, though within the grace */
    story_is(s, "2018-11-02", "ours", "overdue", "2018-11-01 24:00");
    s->roadmap.extension = (ls_extension_rule){0};
    s->time[2] = story_time("2018-10-21");
    story_due(s, "2018-10-22", "ours", "2018-10-31 24:00"); /* no rule, no extension */
    story_end(s);
}

/* What the other side offered stands while it is not taken back, whatever else was said meanwhile. */
static void an_offer_answered(void **state)
{
    (void)state;
    story *s = story_begin("extension: {by: [usa, dprk], at-most: 15 days, times: 2}\n", extendable);
    story_says(s, "2018-10-20", "dprk extends ours dated 2018-11-10");
    story_says(s, "2018-10-21", "usa extends ours dated 2018-11-05");
    story_says(s, "2018-10-22", "usa extends ours dated 2018-11-10");
    story_due(s, "2018-10-22", "ours", "2018-11-10 24:00");
    s->count = 2;
    story_says(s, "2018-10-22", "dprk withdraws of 1");
    story_says(s, "2018-10-23", "usa extends ours dated 2018-11-10");
    story_due(s, "2018-10-23", "ours", "2018-10-31 24:00");
    story_end(s);
}

/* Withdrawal with notice: 90 days from 1 November end with 30 January. */

static const char three[] = "{id: done, by: dprk, verified-by: [usa]}\n"
                            "{id: ours, by: dprk, due: 2019-03-31}\n"
                            "{id: theirs, by: usa, after: [ours performed]}\n"
                            "{id: free, by: usa}\n"
                            "{id: freeze, by: dprk, continuing: true}\n";

static void the_accord_ends(void **state)
{
    (void)state;
    story *s = story_begin("withdrawal: {notice: 90 days, then: ends}\n", three);
    story_says(s, "2018-10-12", "dprk performs done");
    story_says(s, "2018-10-13", "usa confirms done");
    story_says(s, "2018-11-01", "chn denounces"); /* it has not signed */
    story_at(s, "2018-11-01", "ours");
    story_same_time(s->state.ended, "never", "the end");
    story_says(s, "2018-11-01", "dprk denounces");
    story_is(s, "2019-01-30", "ours", "due", NULL); /* everything goes on */
    story_same_time(s->state.ended, "2019-01-30 24:00", "the end");
    story_is(s, "2019-01-31", "ours", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "free", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "theirs", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "freeze", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "done", "confirmed", "2018-10-13"); /* what was done stays done */
    /* Nothing that is said or runs out later counts. */
    story_says(s, "2019-02-01", "usa performs free");
    story_is(s, "2019-02-02", "free", "ended", "2019-01-30 24:00");
    story_moment(s, "2019-02-02", "free", LS_EVENT_PERFORMED, "never");
    story_is(s, "2020-02-02", "ours", "ended", "2019-01-30 24:00");
    story_moment(s, "2020-02-02", "ours", LS_EVENT_OVERDUE, "never");
    story_end(s);
}

static void notice_taken_back(void **state)
{
    (void)state;
    story *s = story_begin("withdrawal: {notice: 90 days, then: ends}\n", three);
    story_says(s, "2018-11-01", "dprk denounces");
    story_says(s, "2019-01-30 24:00", "dprk withdraws of 1");
    story_is(s, "2019-02-15", "ours", "due", NULL);
    story_at(s, "2019-02-15", "ours");
    story_same_time(s->state.left[DPRK], "never", "dprk left");
    s->time[2] = story_time("2019-01-31 00:01"); /* too late */
    story_is(s, "2019-02-15", "ours", "ended", "2019-01-30 24:00");
    s->time[2] = story_time("2018-11-02");
    s->fact[1].by = USA; /* not its notice */
    story_is(s, "2019-02-15", "ours", "ended", "2019-01-30 24:00");
    story_end(s);
}

static void the_accord_continues(void **state)
{
    (void)state;
    story *s = story_begin("withdrawal: {notice: 90 days, then: continues}\n", three);
    story_says(s, "2018-10-12", "dprk performs done");
    story_says(s, "2018-10-13", "usa confirms done");
    story_says(s, "2018-11-01", "dprk denounces");
    story_is(s, "2019-01-31", "ours", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "freeze", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "theirs", "ended", "2019-01-30 24:00"); /* it waits for what will not come */
    story_is(s, "2019-01-31", "free", "due", NULL);
    story_is(s, "2019-01-31", "done", "confirmed", NULL);
    story_same_time(s->state.ended, "never", "the end");
    story_says(s, "2019-02-01", "dprk performs ours");
    story_is(s, "2019-02-02", "ours", "ended", "2019-01-30 24:00");
    story_end(s);
}

/* Also over an event in between. */
static void waiting_in_vain_for_an_event(void **state)
{
    (void)state;
    story *s = story_begin("withdrawal: {notice: 90 days, then: continues}\n"
                           "events: [{id: e, title: E, when: 3 days after ours performed}]\n",
                           "{id: ours, by: dprk}\n"
                           "{id: theirs, by: usa, after: [e]}\n"
                           "{id: either, by: usa, after: [{earliest: [e, 2030-01-01]}]}\n"
                           "{id: last, by: usa, after: [theirs performed]}\n");
    story_says(s, "2018-11-01", "dprk denounces");
    story_is(s, "2019-01-31", "theirs", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "last", "ended", "2019-01-30 24:00");
    story_is(s, "2019-01-31", "either", "pending", NULL);
    story_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breach_and_cure),
        cmocka_unit_test(no_breach_before_it_holds),
        cmocka_unit_test(an_objection_that_is_taken_back),
        cmocka_unit_test(incidents),
        cmocka_unit_test(rights),
        cmocka_unit_test(uses_without_effect),
        cmocka_unit_test(stages),
        cmocka_unit_test(stages_with_the_day_itself),
        cmocka_unit_test(stages_that_end_at_an_hour),
        cmocka_unit_test(an_optional_stage),
        cmocka_unit_test(a_stage_extended),
        cmocka_unit_test(settled),
        cmocka_unit_test(the_first_dispute_counts),
        cmocka_unit_test(without_a_clause),
        cmocka_unit_test(clocks_stop),
        cmocka_unit_test(the_counterpart_may_withhold),
        cmocka_unit_test(scopes),
        cmocka_unit_test(overlapping),
        cmocka_unit_test(at_most_so_long),
        cmocka_unit_test(until_a_moment),
        cmocka_unit_test(suspended_before_entry),
        cmocka_unit_test(suspended_too_late),
        cmocka_unit_test(overdue_to_begin_and_then_suspended),
        cmocka_unit_test(a_rate_suspended),
        cmocka_unit_test(extended),
        cmocka_unit_test(not_extended),
        cmocka_unit_test(an_offer_answered),
        cmocka_unit_test(the_accord_ends),
        cmocka_unit_test(notice_taken_back),
        cmocka_unit_test(the_accord_continues),
        cmocka_unit_test(waiting_in_vain_for_an_event),
    };
    return cmocka_run_group_tests_name("state_accord", tests, NULL, NULL);
}
