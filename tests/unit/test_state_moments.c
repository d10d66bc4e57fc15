/* Tests of moments and events: every form, dates against the C library's calendar, silence and its grace. */
#include "fixture/story.h"
#include "vectors.h"
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char plain[] = "{id: declare, by: dprk, verified-by: [usa]}\n";

/* When an event comes that follows from this moment; the accord is signed on 10 October 2018 at 09:00. */
static void assert_moment(const char *moment, const char *expected)
{
    char head[512];
    snprintf(head, sizeof head, "events: [{id: e, title: E, when: %s}]\n", moment);
    story *s = story_begin(head, plain);
    story_happens(s, STORY_SIGNED, "e", expected);
    story_end(s);
}

/* And when it ends as a deadline. */
static void assert_deadline(const char *moment, const char *expected)
{
    char measure[512];
    snprintf(measure, sizeof measure, "{id: declare, by: dprk, due: %s}\n", moment);
    story *s = story_begin("", measure);
    story_due(s, STORY_SIGNED, "declare", expected);
    story_end(s);
}

static void lengths_of_time(void **state)
{
    (void)state;
    /* What waits begins at midnight of the date reached; hours are exact. */
    assert_moment("1 day after signed", "2018-10-11 00:00");
    assert_moment("2 weeks after signed", "2018-10-24 00:00");
    assert_moment("1 month after signed", "2018-11-10 00:00");
    assert_moment("1 year after signed", "2019-10-10 00:00");
    assert_moment("24 hours after signed", "2018-10-11 09:00");
    assert_moment("100 years after signed", "2118-10-10 00:00");
    assert_moment("signed", STORY_SIGNED);
    assert_moment("in force", STORY_SIGNED);
    assert_moment("2018-12-31", "2018-12-31 00:00");
    /* What is due ends at the closing hour of that date. */
    assert_deadline("1 day after signed", "2018-10-11 24:00");
    assert_deadline("24 hours after signed", "2018-10-11 09:00");
    assert_deadline("2018-12-31", "2018-12-31 24:00");
    assert_deadline("in force", "2018-10-10 24:00");
}

/* What is due on the day of a moment that comes after the closing hour is due at once. */
static void after_the_closing_hour(void **state)
{
    (void)state;
    story *s =
        story_begin("", "{id: declare, by: dprk, due: in force}\n{id: later, by: dprk, due: 1 day after in force}\n");
    s->charter.closing = 18 * 3600;
    story_due(s, STORY_SIGNED, "declare", "2018-10-10 18:00");
    s->signed_at = story_time("2018-10-10 20:00");
    story_due(s, "2018-10-11", "declare", "2018-10-10 20:00");
    story_due(s, "2018-10-11", "later", "2018-10-11 18:00");
    story_end(s);
}

static void months_end_where_they_end(void **state)
{
    (void)state;
    assert_moment("1 month after 2019-01-31", "2019-02-28 00:00");
    assert_moment("1 month after 2020-01-31", "2020-02-29 00:00");
    assert_moment("1 year after 2020-02-29", "2021-02-28 00:00");
    assert_moment("4 years after 2020-02-29", "2024-02-29 00:00");
    assert_moment("1 month after 2019-02-28", "2019-03-28 00:00");
    assert_moment("13 months after 2018-12-31", "2020-01-31 00:00");
    assert_moment("1 day after 2100-02-28", "2100-03-01 00:00"); /* no leap year */
    assert_moment("1 week after 2018-12-28", "2019-01-04 00:00");
}

/* Each length of time runs from the moment before it, and only the last one is a deadline. */
static void lengths_after_lengths(void **state)
{
    (void)state;
    assert_moment("1 month after 1 month after 2019-01-31", "2019-03-28 00:00");
    assert_moment("36 hours after 1 day after signed", "2018-10-12 12:00");
    assert_moment("1 day after 36 hours after signed", "2018-10-12 00:00"); /* the local date of 11 October, 21:00 */
    assert_deadline("1 day after 1 day after signed", "2018-10-12 24:00");
    assert_deadline("12 hours after 1 day after signed", "2018-10-11 12:00");
    assert_deadline("1 day after 15 hours after signed", "2018-10-12 24:00"); /* midnight begins the next date */
}

/* By the charter's other rule the day of the moment is the first. */
static void the_day_itself_counts(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: e, title: E, when: 3 days after signed}, "
                           "{id: f, title: F, when: 1 day after signed}]\n",
                           "{id: declare, by: dprk, due: 10 days after in force}\n"
                           "{id: month, by: dprk, due: 1 month after 2019-01-31}\n"
                           "{id: hours, by: dprk, due: 24 hours after in force}\n");
    s->charter.counts_first_day = true;
    story_due(s, "2018-10-11", "declare", "2018-10-19 24:00");
    story_due(s, "2018-10-11", "month", "2019-02-27 24:00");
    story_due(s, "2018-10-11", "hours", "2018-10-11 09:00"); /* exact */
    story_happens(s, "2018-10-11", "e", "2018-10-12 00:00");
    story_happens(s, "2018-10-11", "f", STORY_SIGNED); /* not before that from which it follows */
    story_end(s);
}

static void first_and_last(void **state)
{
    (void)state;
    assert_moment("{earliest: [2018-12-31, 2018-12-30]}", "2018-12-30 00:00");
    assert_moment("{latest: [2018-12-31, 2018-12-30]}", "2018-12-31 00:00");
    assert_moment("{earliest: [2018-12-31, declare performed]}", "2018-12-31 00:00");
    assert_moment("{latest: [2018-12-31, declare performed]}", "never");
    assert_moment("{latest: [{earliest: [2020-01-01, 2 days after signed]}, {latest: [2018-10-11, 2018-10-09]}]}",
                  "2018-10-12 00:00");
    assert_deadline("{latest: [2018-10-12, {earliest: [3 days after signed, 60 hours after signed]}]}",
                    "2018-10-12 24:00");
    assert_deadline("{earliest: [2018-10-12, 48 hours after signed]}", "2018-10-12 09:00");
}

static void what_happens_to_a_measure(void **state)
{
    (void)state;
    story *s = story_begin("events:\n"
                           "  - {id: p, title: P, when: declare promised}\n"
                           "  - {id: b, title: B, when: declare begun}\n"
                           "  - {id: f, title: F, when: declare performed}\n"
                           "  - {id: c, title: C, when: declare confirmed}\n"
                           "  - {id: o, title: O, when: late overdue}\n"
                           "  - {id: x, title: X, when: freeze breached}\n"
                           "  - {id: all, title: All, when: two complete}\n",
                           "step one arms\n"
                           "{id: late, by: usa, due: 2018-10-20}\n"
                           "{id: freeze, by: usa, verified-by: [dprk], continuing: true}\n"
                           "step two arms\n"
                           "{id: declare, by: dprk, verified-by: [usa]}\n"
                           "{id: invite, by: dprk}\n"
                           "{id: hold, by: dprk, continuing: true}\n");
    story_says(s, "2018-10-11", "dprk promises declare");
    story_says(s, "2018-10-12", "dprk begins declare");
    story_says(s, "2018-10-13", "dprk performs declare");
    story_says(s, "2018-10-14", "usa confirms declare");
    story_says(s, "2018-10-15", "dprk performs invite");
    story_says(s, "2018-10-16", "dprk objects freeze");
    static const char *const events[][2] = {{"p", "2018-10-11"},      {"b", "2018-10-12"},   {"f", "2018-10-13"},
                                            {"c", "2018-10-14"},      {"all", "2018-10-15"}, {"x", "2018-10-16"},
                                            {"o", "2018-10-21 24:00"}};
    for (size_t i = 0; i < 7; i++) {
        story_happens(s, "2018-11-01", events[i][0], events[i][1]);
        story_happens(s, STORY_SIGNED, events[i][0], "never");
    }
    /* Of a step, what goes on has no end to reach. */
    story_is(s, "2018-11-01", "hold", "kept", STORY_SIGNED);
    /* Nothing is taken back by what is said later. */
    story_says(s, "2018-10-22", "usa objects declare");
    story_says(s, "2018-10-22", "usa performs late");
    story_says(s, "2018-10-22", "usa performs freeze");
    story_says(s, "2018-10-23", "dprk confirms freeze");
    story_says(s, "2018-10-24", "dprk reverses declare");
    story_says(s, "2018-10-24", "dprk reverses invite");
    for (size_t i = 0; i < 7; i++) {
        story_happens(s, "2018-11-01", events[i][0], events[i][1]);
    }
    story_end(s);
}

/* Reversal takes back no moment, even one that nobody confirmed. */
static void a_reversal_takes_no_moment_back(void **state)
{
    (void)state;
    story *s =
        story_begin("", "{id: declare, by: dprk, verified-by: [usa]}\n"
                        "{id: answer, by: usa, after: [declare performed], due: 3 days after declare performed}\n");
    story_says(s, "2018-10-12", "dprk performs declare");
    story_says(s, "2018-10-13", "dprk reverses declare");
    story_is(s, "2018-10-14", "declare", "reversed", "2018-10-13");
    story_is(s, "2018-10-14", "answer", "due", "2018-10-12");
    story_says(s, "2018-10-14", "dprk performs declare");
    story_is(s, "2018-10-14", "declare", "performed", "2018-10-14");
    story_due(s, "2018-10-15", "answer", "2018-10-15 24:00");
    story_end(s);
}

/* Events. */

static void attested(void **state)
{
    (void)state;
    story *s =
        story_begin("events: [{id: e, title: E, attested-by: [iaea, chn]}]\n", "{id: declare, by: dprk, after: [e]}\n");
    story_says(s, "2018-10-11", "usa attests e");
    story_says(s, "2018-10-12", "iaea attests e amount 40");
    story_happens(s, "2018-10-13", "e", "never");
    assert_int_equal(story_event(s, "2018-10-13", "e")->attested, LS_PARTY_BIT(IAEA));
    story_says(s, "2018-10-14", "chn attests e amount 50");
    story_happens(s, "2018-10-13", "e", "never");
    story_happens(s, "2018-10-14", "e", "2018-10-14");
    assert_int_equal(story_event(s, "2018-10-14", "e")->amount, 50 * LS_QUANTITY_ONE); /* the last */
    assert_int_equal(story_event(s, "2018-10-14", "e")->said_by, 3);
    story_is(s, "2018-10-14", "declare", "due", "2018-10-14");
    story_says(s, "2018-10-15", "iaea attests e"); /* again, later: it happened when it did */
    story_happens(s, "2018-10-16", "e", "2018-10-14");
    assert_int_equal(story_event(s, "2018-10-16", "e")->amount, 50 * LS_QUANTITY_ONE);
    story_end(s);
}

static story *notified(void)
{
    return story_begin("events:\n"
                       "  - {id: notified, title: N, attested-by: [usa]}\n"
                       "  - {id: adopted, title: A, attested-by: [rok]}\n"
                       "  - {id: return, title: R, when: 30 days after notified, unless: adopted}\n",
                       "{id: declare, by: dprk, after: [return]}\n");
}

/* 30 days after 1 November end with 1 December; a day of grace follows. */
static void silence_has_its_consequence_and_no_sooner(void **state)
{
    (void)state;
    story *s = notified();
    story_happens(s, "2019-11-01", "return", "never"); /* nobody has notified anything */
    story_says(s, "2018-11-01 08:00", "usa attests notified");
    story_is(s, "2018-11-30 24:00", "declare", "pending", NULL); /* at 29 days */
    story_is(s, "2018-12-01 24:00", "declare", "pending", NULL); /* at 30 */
    story_is(s, "2018-12-02 23:59", "declare", "pending", NULL); /* within the grace */
    story_is(s, "2018-12-02 24:00", "declare", "due", "2018-12-02 24:00");
    story_same_time(story_event(s, "2018-11-02", "return")->silent_until, "2018-12-01 24:00", "the deadline");
    assert_false(story_event(s, "2018-12-30", "return")->prevented);
    /* What comes too late prevents nothing, within the grace or after. */
    story_says(s, "2018-12-02 00:01", "rok attests adopted");
    story_is(s, "2018-12-03", "declare", "due", "2018-12-02 24:00");
    story_end(s);
}

static void prevented_in_time(void **state)
{
    (void)state;
    story *s = notified();
    story_says(s, "2018-11-01 08:00", "usa attests notified");
    story_says(s, "2018-12-01 24:00", "rok attests adopted"); /* at the last moment */
    story_happens(s, "2018-12-02", "return", "never");
    story_happens(s, "2020-12-02", "return", "never");
    assert_true(story_event(s, "2018-12-02", "return")->prevented);
    assert_false(story_event(s, "2018-12-01", "return")->prevented);
    story_end(s);
}

static void to_be_agreed(void **state)
{
    (void)state;
    story *s = story_begin("events: [{id: e, title: E, to-be-agreed: true}]\n",
                           "{id: declare, by: dprk, after: [e], due: 2018-12-31}\n");
    story_says(s, "2018-10-11", "usa attests e");
    story_says(s, "2018-10-11", "dprk attests e");
    story_happens(s, "2030-01-01", "e", "never");
    story_is(s, "2030-01-01", "declare", "pending", NULL);
    story_moment(s, "2030-01-01", "declare", LS_EVENT_OVERDUE, "never");
    story_end(s);
}

/* Signature, ratification, provisional application, entry into force. */
static void entry_into_force(void **state)
{
    (void)state;
    story *s = story_begin("entry-into-force: {latest: [usa ratified, dprk ratified, 2018-11-01]}\n"
                           "provisional-application: signed\n",
                           "{id: freeze, by: dprk, provisional: true}\n"
                           "{id: declare, by: dprk, due: 5 days after in force}\n"
                           "{id: invite, by: dprk, after: [signed]}\n");
    story_is(s, "2018-10-10 09:00", "freeze", "due", STORY_SIGNED);
    story_is(s, "2018-10-11", "declare", "pending", NULL);
    story_is(s, "2018-10-11", "invite", "pending", NULL); /* the accord is not in force */
    story_due(s, "2018-10-11", "declare", "never");
    story_says(s, "2018-10-12", "usa ratifies");
    story_says(s, "2018-10-13", "rok ratifies"); /* which nobody waits for */
    story_says(s, "2018-10-14", "iaea ratifies");
    story_at(s, "2018-10-20", "declare");
    story_same_time(s->state.ratified[USA], "2018-10-12", "usa ratified");
    story_same_time(s->state.ratified[DPRK], "never", "dprk ratified");
    story_same_time(s->state.in_force, "never", "in force");
    story_same_time(s->state.provisional, STORY_SIGNED, "provisionally applied");
    story_says(s, "2018-10-21", "dprk ratifies");
    story_says(s, "2018-10-25", "dprk ratifies"); /* once is enough */
    story_is(s, "2018-10-22", "declare", "pending", NULL);
    story_at(s, "2018-10-26", "declare");
    story_same_time(s->state.in_force, "2018-11-01 00:00", "in force"); /* ahead, where dates are known */
    story_is(s, "2018-11-01 00:00", "declare", "due", "2018-11-01 00:00");
    story_due(s, "2018-10-26", "declare", "2018-11-06 24:00");
    story_is(s, "2018-11-01 00:00", "invite", "due", "2018-11-01 00:00");
    s->time[4] = s->time[5] = story_time("2018-12-05 15:00");
    story_is(s, "2018-12-06", "declare", "due", "2018-12-05 15:00");
    story_end(s);
}

static void without_provisional_application(void **state)
{
    (void)state;
    story *s = story_begin("entry-into-force: 10 days after signed\n", plain);
    story_is(s, "2018-10-19", "declare", "pending", NULL);
    story_is(s, "2018-10-20 00:00", "declare", "due", "2018-10-20 00:00");
    story_end(s);
}

/* Deadlines: the same question to the C library, which knows calendars and zones on its own. */

static int last_day(int year, int month)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month + 1, .tm_mday = 0};
    timegm(&tm);
    return tm.tm_mday;
}

static ls_time deadline_of_libc(ls_time trigger, ls_duration d, int closing)
{
    time_t t = (time_t)trigger;
    struct tm tm;
    if (d.unit == LS_UNIT_HOURS) {
        return trigger + 3600 * (ls_time)d.count;
    }
    localtime_r(&t, &tm);
    int year = tm.tm_year + 1900, month = tm.tm_mon, day = tm.tm_mday;
    if (d.unit == LS_UNIT_DAYS || d.unit == LS_UNIT_WEEKS) {
        day += (int)d.count * (d.unit == LS_UNIT_WEEKS ? 7 : 1);
    } else {
        month += (int)d.count * (d.unit == LS_UNIT_YEARS ? 12 : 1);
        year += month / 12;
        month %= 12;
        day = day < last_day(year, month) ? day : last_day(year, month);
    }
    /* Hours and minutes, not seconds: those mktime adds as time that passes, whatever the clocks do. */
    struct tm due = {.tm_year = year - 1900,
                     .tm_mon = month,
                     .tm_mday = day,
                     .tm_hour = closing / 3600,
                     .tm_min = closing / 60 % 60,
                     .tm_isdst = -1};
    return mktime(&due);
}

static void compare_with_libc(ls_zone spans, const char *zone, uint64_t first, uint64_t last)
{
    static const uint32_t most[] = {2000, 400, 60, 30, 3};
    ls_moment_op op[2] = {{.kind = LS_MOMENT_SIGNED, .inner = true, .amount = LS_QUANTITY_NONE},
                          {.kind = LS_MOMENT_DELAY, .amount = LS_QUANTITY_NONE}};
    story *s = story_begin("", plain);
    uint64_t random = 1;
    setenv("TZ", zone, 1);
    tzset();
    s->charter.zone = spans;
    for (int i = 0; i < 50000; i++) {
        ls_accord_state signed_then = {.signed_at = (ls_time)(first + next_random(&random) % (last - first))};
        ls_unit unit = (ls_unit)(next_random(&random) % 5);
        op[1].duration = (ls_duration){1 + (uint32_t)(next_random(&random) % most[unit]), unit};
        s->charter.closing = i % 2 == 0 ? 86400 : (int32_t)(60 + 60 * (next_random(&random) % 1320));
        const ls_moment m = {2, op, ls_bytes_str("")};
        const ls_state_query q = {.roadmap = &s->roadmap, .charter = &s->charter};
        ls_time deadline = ls_state_moment(&q, &signed_then, &m, true);
        ls_time expected = deadline_of_libc(signed_then.signed_at, op[1].duration, s->charter.closing);
        if (deadline != expected) {
            char text[LS_DURATION_SIZE];
            ls_duration_format(op[1].duration, text);
            fail_msg("%s after %lld, closing %d: %lld, not %lld", text, (long long)signed_then.signed_at,
                     s->charter.closing, (long long)deadline, (long long)expected);
        }
        ls_time begins = ls_state_moment(&q, &signed_then, &m, false);
        assert_int_equal(begins, deadline_of_libc(signed_then.signed_at, op[1].duration, 0));
    }
    story_end(s);
}

static void deadlines_in_seoul(void **state)
{
    static const ls_zone_span seoul[] = {{0, 9 * 3600}};
    (void)state;
    compare_with_libc((ls_zone){"Asia/Seoul", seoul, 1}, "KST-9", 0, 4102444800u); /* 1970 to 2100 */
}

static const ls_zone_span pyongyang[] = {{0, 32400}, {1439564400, 30600}, {1525446000, 32400}};

/* With the two changes of Pyongyang's offset between them. */
static void deadlines_in_pyongyang(void **state)
{
    struct stat found;
    (void)state;
    if (stat("/usr/share/zoneinfo/Asia/Pyongyang", &found) != 0) {
        print_message("the system has no table of time zones: test skipped\n");
        skip();
    }
    compare_with_libc((ls_zone){"Asia/Pyongyang", pyongyang, 3}, "Asia/Pyongyang", 1420070400, 1577836800);
}

/* On 4 May 2018 Pyongyang went from 23:30 to midnight. */
static void the_day_that_was_half_an_hour_short(void **state)
{
    static const struct {
        const char *date;
        int32_t closing;
        const char *deadline;
    } cases[] = {
        {"2018-05-03", 86400, "2018-05-03T15:30:00Z"},
        {"2018-05-04", 84600, "2018-05-04T15:00:00Z"}, /* 23:30, the first that was skipped */
        {"2018-05-04", 85500, "2018-05-04T15:15:00Z"}, /* 23:45, by the offset before */
        {"2018-05-04", 86400, "2018-05-04T15:00:00Z"},
        {"2018-05-05", 86400, "2018-05-05T15:00:00Z"},
        {"2015-08-14", 85500, "2015-08-14T14:45:00Z"}, /* came twice: the first */
        {"2015-08-14", 86400, "2015-08-14T15:30:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char measure[128];
        snprintf(measure, sizeof measure, "{id: declare, by: dprk, due: %s}\n", cases[i].date);
        story *s = story_begin("", measure);
        s->charter.zone = (ls_zone){"Asia/Pyongyang", pyongyang, 3};
        s->charter.closing = cases[i].closing;
        story_due(s, "2018-04-01", "declare", cases[i].deadline);
        story_end(s);
    }
    /* Ten days from 24 April, 23:59 by the clock of then; 240 hours are exact. */
    story *s = story_begin("", "{id: days, by: dprk, due: 10 days after in force}\n"
                               "{id: hours, by: dprk, due: 240 hours after in force}\n");
    s->charter.zone = (ls_zone){"Asia/Pyongyang", pyongyang, 3};
    s->signed_at = story_time("2018-04-24T15:29:00Z");
    story_due(s, "2018-05-10", "days", "2018-05-04T15:00:00Z");
    story_due(s, "2018-05-10", "hours", "2018-05-04T15:29:00Z");
    story_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_of_time),
        cmocka_unit_test(after_the_closing_hour),
        cmocka_unit_test(months_end_where_they_end),
        cmocka_unit_test(lengths_after_lengths),
        cmocka_unit_test(the_day_itself_counts),
        cmocka_unit_test(first_and_last),
        cmocka_unit_test(what_happens_to_a_measure),
        cmocka_unit_test(a_reversal_takes_no_moment_back),
        cmocka_unit_test(attested),
        cmocka_unit_test(silence_has_its_consequence_and_no_sooner),
        cmocka_unit_test(prevented_in_time),
        cmocka_unit_test(to_be_agreed),
        cmocka_unit_test(entry_into_force),
        cmocka_unit_test(without_provisional_application),
        cmocka_unit_test(deadlines_in_seoul),
        cmocka_unit_test(deadlines_in_pyongyang),
        cmocka_unit_test(the_day_that_was_half_an_hour_short),
    };
    return cmocka_run_group_tests_name("state_moments", tests, NULL, NULL);
}
