/* Visits: each sentence of docs/inspections.md about them, as a story. Notice is 24 hours, or 2 at a further site;
 * inspectors come within ten days and report within fifteen; days end at 17:00, and the grace is a day. */
#include "fixture/inspected.h"
#include "vectors.h"

#define NOTICED "2018-10-11 09:00" /* so the notice ends on the 12th, 09:00, and they come by the 22nd */

static inspected *noticed(void)
{
    inspected *x = inspected_begin(NULL);
    inspected_says(x, NOTICED, "iaea visits");
    return x;
}

/* What is wanted of the freeze at a time: "never" while it lasts. */
static void frozen(inspected *x, size_t visit, const char *when, const char *until)
{
    char what[64];
    snprintf(what, sizeof what, "freeze as of %s", when);
    story_same_time(inspected_visit_at(x, visit, when)->frozen_until, until, what);
}

static void from_notice_to_report(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1 limits 1");
    inspected_says(x, "2018-10-12 10:00", "iaea enters of 1");
    inspected_says(x, "2018-10-14 16:00", "dprk leaves of 1");
    inspected_says(x, "2018-10-20", "dprk reports of 1 found consistent");
    inspected_says(x, "2018-10-22", "iaea reports of 1 found consistent");
    inspected_visit(x, 1,
                    SEEN({NOTICED, "noticed", NOTICED, "2018-10-12 09:00", "dprk"},
                         {"2018-10-11 15:00", "admitted", "2018-10-11 15:00", "2018-10-22 17:00", "iaea"},
                         {"2018-10-12 10:00", "entered", "2018-10-12 10:00", "never", ""},
                         {"2018-10-14 16:00", "left", "2018-10-14 16:00", "2018-10-29 17:00", "iaea"},
                         {"2018-10-21", "left", "2018-10-14 16:00", "2018-10-29 17:00", "iaea"},
                         {"2018-10-22", "reported", "2018-10-22", "never", ""},
                         {"2018-12-22", "reported", "2018-10-22", "never", ""}));
    frozen(x, 1, "2018-10-13", "never");
    frozen(x, 1, "2018-10-15", "2018-10-14 16:00");
    const ls_visit_state *s = inspected_visit_at(x, 1, "2018-10-22");
    assert_int_equal(s->limits, 1);
    assert_int_equal(inspected_number(s->admit), 2);
    assert_false(s->entered_early);
    assert_false(s->repeated);
    story_same_time(s->from, "2018-10-12 09:00", "from");
    story_same_time(s->entered, "2018-10-12 10:00", "entered");
    story_same_time(s->left, "2018-10-14 16:00", "left");
    inspected_end(x);
}

/* Consent. */

static void silence_refuses(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_visit(x, 1,
                    SEEN({"2018-10-12 09:00", "noticed", NOTICED, "2018-10-12 09:00", "dprk"},
                         {"2018-10-13 09:00", "noticed", NOTICED, "2018-10-12 09:00", "dprk"},
                         {"2018-10-13 09:01", "refused", "2018-10-13 09:00", "never", ""},
                         {"2018-12-13", "refused", "2018-10-13 09:00", "never", ""}));
    assert_true(inspected_visit_at(x, 1, "2018-10-14")->by_silence);
    assert_null(inspected_visit_at(x, 1, "2018-10-14")->refusal);
    frozen(x, 1, "2018-10-13 09:00", "never");
    frozen(x, 1, "2018-10-14", "2018-10-13 09:00");
    /* Admitted after all, they have as long as if they had been admitted at once, and the freeze begins again. */
    inspected_says(x, "2018-10-20 12:00", "dprk admits of 1");
    inspected_visit(x, 1,
                    SEEN({"2018-10-21", "admitted", "2018-10-20 12:00", "2018-10-30 17:00", "iaea"},
                         {"2018-11-01", "forfeited", "2018-10-31 17:00", "never", ""}));
    assert_false(inspected_visit_at(x, 1, "2018-10-21")->by_silence);
    frozen(x, 1, "2018-10-21", "never");
    frozen(x, 1, "2018-11-01", "2018-10-31 17:00");
    inspected_end(x);
}

static void admitted_in_the_grace(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-13 09:00", "dprk admits of 1");
    inspected_visit(x, 1, SEEN({"2018-10-14", "admitted", "2018-10-13 09:00", "2018-10-23 17:00", "iaea"}));
    frozen(x, 1, "2018-10-14", "never");
    inspected_end(x);
}

static void the_last_word_counts_until_they_come(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-11 11:00", "dprk admits of 1 limits 2");
    inspected_says(x, "2018-10-11 12:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-11 13:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-11 14:00", "dprk admits of 1 limits 1");
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1 limits 3");
    inspected_says(x, "2018-10-12 15:00", "iaea enters of 1");
    inspected_says(x, "2018-10-12 16:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-12 17:00", "dprk admits of 1 limits 0");
    inspected_visit(x, 1,
                    SEEN({"2018-10-11 10:00", "refused", "2018-10-11 10:00", "never", ""},
                         {"2018-10-11 11:00", "admitted", "2018-10-11 11:00", "2018-10-22 17:00", "iaea"},
                         {"2018-10-11 13:00", "refused", "2018-10-11 12:00", "never", ""},
                         {"2018-10-11 15:00", "admitted", "2018-10-11 14:00", "2018-10-22 17:00", "iaea"},
                         {"2018-10-12 17:00", "entered", "2018-10-12 15:00", "never", ""}));
    assert_int_equal(inspected_number(inspected_visit_at(x, 1, "2018-10-11 13:00")->refusal), 5);
    assert_null(inspected_visit_at(x, 1, "2018-10-11 13:00")->admit);
    frozen(x, 1, "2018-10-11 13:00", "2018-10-11 12:00");
    frozen(x, 1, "2018-10-11 15:00", "never");
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-11 11:00")->limits, 2);
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-11 13:00")->limits, 0);
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-12 17:00")->limits, 3);
    assert_null(inspected_visit_at(x, 1, "2018-10-12 17:00")->refusal);
    inspected_end(x);
}

/* It does not undo its refusal by saying that they came. */
static void who_refused_does_not_say_that_they_came(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-12 10:00", "dprk enters of 1");
    inspected_says(x, "2018-10-12 11:00", "dprk leaves of 1");
    inspected_visit(x, 1, SEEN({"2018-10-13", "refused", "2018-10-11 10:00", "never", ""}));
    inspected_says(x, "2018-10-13 10:00", "iaea enters of 1");
    inspected_visit(x, 1, SEEN({"2018-10-14", "entered", "2018-10-13 10:00", "never", ""}));
    inspected_end(x);
}

static void let_in_without_a_word(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 08:59", "dprk enters of 1");
    inspected_visit(x, 1, SEEN({"2018-10-20", "entered", "2018-10-12 08:59", "never", ""}));
    assert_true(inspected_visit_at(x, 1, "2018-10-20")->entered_early);
    inspected_end(x);
}

static void they_came_when_the_notice_ended(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 09:00", "iaea enters of 1");
    assert_false(inspected_visit_at(x, 1, "2018-10-20")->entered_early);
    inspected_end(x);
}

static void a_refusal_is_taken_back(void **state)
{
    (void)state;
    inspected *x = noticed();
    size_t first = inspected_says(x, "2018-10-11 10:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-11 11:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-11 12:00", "dprk withdraws of 2");
    assert_int_equal(first, 2);
    inspected_says(x, "2018-10-11 13:00", "iaea withdraws of 3"); /* not its own */
    inspected_says(x, "2018-10-11 14:00", "dprk withdraws of 3");
    inspected_visit(x, 1,
                    SEEN({"2018-10-11 13:00", "refused", "2018-10-11 10:00", "never", ""},
                         {"2018-10-11 14:00", "noticed", "2018-10-11 14:00", "2018-10-12 09:00", "dprk"},
                         {"2018-10-14", "refused", "2018-10-13 09:00", "never", ""}));
    frozen(x, 1, "2018-10-11 13:00", "2018-10-11 10:00");
    frozen(x, 1, "2018-10-11 14:00", "never");
    inspected_end(x);
}

/* Then what was said before it stands again: an admission, or that the notice has run out in silence. */
static void what_stood_before_a_refusal(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk admits of 1 limits 1");
    inspected_says(x, "2018-10-11 11:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-11 12:00", "dprk withdraws of 3");
    inspected_visit(x, 1, SEEN({"2018-10-11 12:00", "admitted", "2018-10-11 12:00", "2018-10-22 17:00", "iaea"}));
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-11 12:00")->limits, 1);
    inspected_end(x);
    x = noticed();
    inspected_says(x, "2018-10-11 11:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-15 11:00", "dprk withdraws of 2"); /* too late for an answer */
    inspected_visit(x, 1, SEEN({"2018-10-15 11:01", "refused", "2018-10-15 11:00", "never", ""}));
    assert_true(inspected_visit_at(x, 1, "2018-10-16")->by_silence);
    inspected_end(x);
}

/* Coming. */

static void nobody_came(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1");
    inspected_says(x, "2018-10-24 10:00", "iaea enters of 1");
    inspected_says(x, "2018-10-24 11:00", "iaea withdraws of 1");
    inspected_says(x, "2018-10-24 12:00", "iaea reports of 1 found discrepancy");
    inspected_visit(x, 1,
                    SEEN({"2018-10-23 17:00", "admitted", "2018-10-11 15:00", "2018-10-22 17:00", "iaea"},
                         {"2018-10-23 17:01", "forfeited", "2018-10-23 17:00", "never", ""},
                         {"2018-10-25", "forfeited", "2018-10-23 17:00", "never", ""}));
    frozen(x, 1, "2018-10-25", "2018-10-23 17:00");
    inspected_end(x);
}

static void a_late_team_in_the_grace(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1");
    inspected_says(x, "2018-10-23 17:00", "iaea enters of 1");
    inspected_visit(x, 1, SEEN({"2018-10-25", "entered", "2018-10-23 17:00", "never", ""}));
    inspected_end(x);
}

/* A team without a connection says later when it came; the other side says the same. */
static void days_on_which_both_agree(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1");
    inspected_says(x, "2018-10-24 10:00", "iaea enters of 1 dated 2018-10-20");
    inspected_visit(x, 1, SEEN({"2018-10-24 10:00", "forfeited", "2018-10-23 17:00", "never", ""}));
    inspected_says(x, "2018-10-24 11:00", "dprk enters of 1 dated 2018-10-21"); /* another day */
    inspected_visit(x, 1, SEEN({"2018-10-24 11:00", "forfeited", "2018-10-23 17:00", "never", ""}));
    inspected_says(x, "2018-10-24 12:00", "dprk enters of 1 dated 2018-10-20");
    inspected_visit(x, 1, SEEN({"2018-10-24 12:00", "entered", "2018-10-20 17:00", "never", ""}));
    inspected_says(x, "2018-10-24 13:00", "iaea leaves of 1 dated 2018-10-22");
    inspected_says(x, "2018-10-24 14:00", "dprk leaves of 1 dated 2018-10-22");
    inspected_visit(x, 1,
                    SEEN({"2018-10-24 13:00", "left", "2018-10-24 13:00", "2018-11-08 17:00", "iaea"},
                         {"2018-10-24 14:00", "left", "2018-10-22 17:00", "2018-11-06 17:00", "iaea"}));
    /* What was so then, as the record knows it now. */
    const ls_inspection_state *s = inspected_as_known(x, "2018-10-21", "2018-10-25");
    assert_int_equal(s->visit[0].stage, LS_VISIT_ENTERED);
    assert_int_equal(inspected_as_known(x, "2018-10-20 16:59", "2018-10-25")->visit[0].stage, LS_VISIT_ADMITTED);
    assert_int_equal(inspected_as_known(x, "2018-10-22 17:00", "2018-10-25")->visit[0].stage, LS_VISIT_LEFT);
    assert_int_equal(inspected_as_known(x, "2018-10-22 17:00", "2018-10-24 13:00")->visit[0].stage, LS_VISIT_ENTERED);
    inspected_end(x);
}

/* A day that begins after the act, before the notice, or longer ago than the accord's date limit of seven days. */
static void days_that_nobody_may_claim(void **state)
{
    (void)state;
    static const struct {
        const char *first, *day, *entered;
    } cases[] = {
        {"2018-10-20 12:00", "2018-10-13", "2018-10-13 17:00"}, /* seven days */
        {"2018-10-20 12:00", "2018-10-12", "2018-10-20 12:00"}, /* eight */
        {"2018-10-12 12:00", "2018-10-13", "2018-10-12 12:00"}, /* ahead */
        {"2018-10-12 12:00", "2018-10-10", "2018-10-12 12:00"}, /* before the notice */
        {"2018-10-12 12:00", "2018-10-12", "2018-10-12 12:00"}, /* the closing hour has not come */
        {"2018-10-12 20:00", "2018-10-12", "2018-10-12 17:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        inspected *x = noticed();
        char act[64];
        inspected_says(x, "2018-10-11 15:00", "dprk admits of 1");
        snprintf(act, sizeof act, "iaea enters of 1 dated %s", cases[i].day);
        inspected_says(x, cases[i].first, act);
        snprintf(act, sizeof act, "dprk enters of 1 dated %s", cases[i].day);
        inspected_says(x, "2018-10-30", act); /* that it says so later does not matter */
        story_same_time(inspected_visit_at(x, 1, "2018-10-31")->entered, cases[i].entered, cases[i].day);
        inspected_end(x);
    }
}

/* Nor does it stand in the way of the day on which they agree then. */
static void a_day_that_was_corrected(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-14 12:00", "iaea enters of 1 dated 2018-10-15");
    inspected_says(x, "2018-10-14 12:00", "dprk enters of 1 dated 2018-10-15");
    inspected_says(x, "2018-10-14 13:00", "iaea enters of 1 dated 2018-10-12");
    inspected_says(x, "2018-10-14 13:00", "dprk enters of 1 dated 2018-10-12");
    story_same_time(inspected_visit_at(x, 1, "2018-10-16")->entered, "2018-10-12 17:00", "entered");
    inspected_end(x);
}

/* A refusal that came when they were there already is none, although the record heard of it first. */
static void refused_after_they_came(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1 limits 1");
    inspected_says(x, "2018-10-14 15:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-15 10:00", "iaea enters of 1 dated 2018-10-13");
    inspected_says(x, "2018-10-15 11:00", "dprk enters of 1 dated 2018-10-13");
    inspected_visit(x, 1,
                    SEEN({"2018-10-15 09:00", "refused", "2018-10-14 15:00", NULL, NULL},
                         {"2018-10-16", "entered", "2018-10-13 17:00", "never", ""}));
    assert_null(inspected_visit_at(x, 1, "2018-10-16")->refusal);
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-16")->limits, 1);
    inspected_end(x);
}

/* By receipts: between two sides time decides, and what one side says later comes later. */
static void in_another_order_than_the_ledger(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-13 08:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-12 12:00", "dprk admits of 1");
    inspected_visit(x, 1, SEEN({"2018-10-14", "admitted", "2018-10-13 08:00", "2018-10-23 17:00", "iaea"}));
    inspected_says(x, "2018-10-15 12:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-15 11:00", "iaea enters of 1");
    inspected_visit(x, 1, SEEN({"2018-10-16", "entered", "2018-10-15 11:00", "never", ""}));
    assert_null(inspected_visit_at(x, 1, "2018-10-16")->refusal);
    inspected_end(x);
}

static void nobody_comes_before_the_notice(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 20:00", "iaea visits");
    inspected_says(x, "2018-10-11 21:00", "iaea enters of 1 dated 2018-10-11");
    inspected_says(x, "2018-10-11 22:00", "dprk enters of 1 dated 2018-10-11");
    story_same_time(inspected_visit_at(x, 1, "2018-10-12")->entered, "2018-10-11 20:00", "entered");
    inspected_end(x);
}

/* One side alone claims a day for its coming; both agree on an earlier one for their leaving. */
static void nobody_leaves_before_coming(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-16 10:00", "iaea enters of 1 dated 2018-10-12");
    inspected_says(x, "2018-10-16 11:00", "iaea leaves of 1 dated 2018-10-14");
    inspected_says(x, "2018-10-16 12:00", "dprk leaves of 1 dated 2018-10-14");
    inspected_visit(x, 1, SEEN({"2018-10-17", "left", "2018-10-16 10:00", "2018-10-31 17:00", "iaea"}));
    inspected_end(x);
}

static void left_and_never_came(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 10:00", "dprk leaves of 1");
    inspected_visit(x, 1, SEEN({"2018-10-12 11:00", "noticed", NOTICED, NULL, "dprk"}));
    inspected_end(x);
}

/* Postponements: by 72 hours in all, so until the 15th, 09:00. */

static void put_off(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk postpones of 1 until 2018-10-13T09:00");
    inspected_says(x, "2018-10-11 11:00", "dprk postpones of 1 until 2018-10-13T09:00"); /* no later */
    inspected_says(x, "2018-10-13 09:00", "dprk postpones of 1 until 2018-10-15T09:00");
    inspected_says(x, "2018-10-13 10:00", "dprk postpones of 1 until 2018-10-15T09:01"); /* too late */
    inspected_says(x, "2018-10-15 09:01", "dprk postpones of 1 until 2018-10-15T10:00"); /* the notice has ended */
    inspected_visit(x, 1,
                    SEEN({"2018-10-11 10:00", "noticed", NOTICED, "2018-10-13 09:00", "dprk"},
                         {"2018-10-11 11:00", "noticed", NOTICED, "2018-10-13 09:00", "dprk"},
                         {"2018-10-14", "noticed", NOTICED, "2018-10-15 09:00", "dprk"},
                         {"2018-10-16 09:01", "refused", "2018-10-16 09:00", "never", ""}));
    const ls_visit_state *s = inspected_visit_at(x, 1, "2018-10-15 09:01");
    assert_int_equal(s->postponed, 2);
    assert_int_equal(s->beyond, 3);
    story_same_time(s->from, "2018-10-15 09:00", "from");
    inspected_end(x);
}

/* Consent is one thing, the time another. */
static void admitted_and_put_off(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk admits of 1");
    inspected_says(x, "2018-10-11 11:00", "dprk postpones of 1 until 2018-10-14T09:00");
    inspected_visit(x, 1, SEEN({"2018-10-11 12:00", "admitted", "2018-10-11 10:00", "2018-10-24 17:00", "iaea"}));
    inspected_says(x, "2018-10-13 10:00", "iaea enters of 1");
    inspected_says(x, "2018-10-13 11:00", "dprk postpones of 1 until 2018-10-14T10:00");
    const ls_visit_state *s = inspected_visit_at(x, 1, "2018-10-14");
    assert_true(s->entered_early);
    assert_int_equal(s->postponed, 1);
    assert_int_equal(s->beyond, 1);
    inspected_end(x);
}

static void a_postponement_is_taken_back(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk postpones of 1 until 2018-10-13T09:00");
    inspected_says(x, "2018-10-11 11:00", "dprk postpones of 1 until 2018-10-14T09:00");
    inspected_says(x, "2018-10-11 12:00", "dprk withdraws of 2");
    inspected_visit(x, 1, SEEN({"2018-10-11 13:00", "noticed", NOTICED, "2018-10-14 09:00", "dprk"}));
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-11 13:00")->postponed, 1);
    inspected_says(x, "2018-10-13 12:00", "dprk withdraws of 3"); /* the notice would have ended yesterday */
    inspected_visit(x, 1,
                    SEEN({"2018-10-13 11:00", "noticed", NOTICED, "2018-10-14 09:00", "dprk"},
                         {"2018-10-13 12:00", "noticed", NOTICED, "2018-10-13 12:00", "dprk"},
                         {"2018-10-15", "refused", "2018-10-14 12:00", "never", ""}));
    assert_int_equal(inspected_visit_at(x, 1, "2018-10-13 12:00")->postponed, 0);
    inspected_end(x);
    x = noticed();
    inspected_says(x, "2018-10-11 10:00", "dprk postpones of 1 until 2018-10-14T09:00");
    inspected_says(x, "2018-10-14 12:00", "dprk withdraws of 2"); /* it has had its effect */
    inspected_visit(x, 1, SEEN({"2018-10-15 09:00", "noticed", NOTICED, "2018-10-14 09:00", "dprk"}));
    inspected_end(x);
}

static void not_to_be_put_off(void **state)
{
    (void)state;
    inspected *x = inspected_begin("    visits: {notice: 24 hours, repeat: 2 hours, lasts: 1 week, report: 1 month}\n");
    for (int i = 0; i < 4; i++) {
        inspected_says(x, NOTICED, "iaea visits");
    }
    inspected_says(x, "2018-10-11 10:00", "dprk postpones of 4 until 2018-10-12T09:01");
    inspected_visit(x, 4, SEEN({"2018-10-11 11:00", "noticed", NOTICED, "2018-10-12 09:00", "dprk"}));
    assert_int_equal(inspected_visit_at(x, 4, "2018-10-11 11:00")->beyond, 1);
    inspected_end(x);
}

/* Reports. */

static void the_report_is_late(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 10:00", "iaea enters of 1");
    inspected_says(x, "2018-10-14 16:00", "iaea leaves of 1");
    inspected_says(x, "2018-10-15", "dprk reports of 1 found consistent");
    inspected_says(x, "2018-11-05", "iaea reports of 1 found inconclusive");
    inspected_visit(x, 1,
                    SEEN({"2018-10-30 17:00", "left", "2018-10-14 16:00", "2018-10-29 17:00", "iaea"},
                         {"2018-10-30 17:01", "unreported", "2018-10-30 17:00", "2018-10-29 17:00", "iaea"},
                         {"2018-11-05", "reported", "2018-11-05", "never", ""}));
    inspected_end(x);
}

static void reported_from_the_site(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 10:00", "iaea enters of 1");
    inspected_says(x, "2018-10-13 10:00", "iaea reports of 1 found discrepancy");
    inspected_visit(x, 1, SEEN({"2018-10-13 11:00", "reported", "2018-10-13 10:00", "never", ""}));
    frozen(x, 1, "2018-10-13 11:00", "never"); /* they are there still */
    inspected_says(x, "2018-10-14 10:00", "iaea leaves of 1");
    frozen(x, 1, "2018-10-14 11:00", "2018-10-14 10:00");
    inspected_end(x);
}

/* That they were refused is reported, and stays a refusal. */
static void reported_without_a_visit(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 08:00", "dprk refuses of 1");
    inspected_says(x, "2018-10-13 10:00", "iaea reports of 1 found inconclusive");
    inspected_visit(x, 1, SEEN({"2018-10-14", "refused", "2018-10-12 08:00", "never", ""}));
    assert_int_equal(inspected_at(x, "2018-10-14")->report_count, 1);
    inspected_end(x);
}

static void findings_that_contradict(void **state)
{
    (void)state;
    static const struct {
        const char *act;
        size_t contradicts;
    } reports[] = {
        {"iaea reports of 1 found inconclusive", 0}, {"iaea reports of 1 found discrepancy", 0},
        {"dprk reports of 1 found consistent", 4},   {"dprk reports of 1 found inconclusive", 0},
        {"iaea reports of 1 found discrepancy", 5},  {"dprk reports of 1 found consistent", 4},
        {"iaea reports of 2 found consistent", 0}, /* of another visit */
    };
    size_t count = sizeof reports / sizeof *reports;
    inspected *x = noticed();
    inspected_says(x, NOTICED, "iaea visits");
    for (size_t i = 0; i < count; i++) {
        inspected_says(x, "2018-10-13", reports[i].act);
    }
    inspected_says(x, "none", "dprk reports of 1 found consistent");
    inspected_says(x, "2018-10-13", "dprk reports of 77 found consistent");
    const ls_inspection_state *s = inspected_at(x, "2018-10-14");
    assert_int_equal(s->report_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(inspected_number(s->report[i].report), 3 + i);
        assert_int_equal(inspected_number(s->report[i].contradicts), reports[i].contradicts);
    }
    inspected_end(x);
}

/* Further sites. */

static void from_one_site_to_the_next(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, "2018-10-12 08:00", "iaea visits of 1"); /* they are not there yet */
    inspected_says(x, "2018-10-12 10:00", "iaea enters of 1");
    inspected_says(x, "2018-11-12 10:00", "iaea visits of 1");
    inspected_says(x, "2018-11-13 10:00", "iaea leaves of 1");
    inspected_says(x, "2018-11-13 11:00", "iaea visits of 1"); /* no longer */
    inspected_visit(x, 2, SEEN({"2018-10-12 09:00", "noticed", NULL, "2018-10-13 08:00", "dprk"}));
    inspected_visit(x, 4,
                    SEEN({"2018-11-12 10:00", "noticed", NULL, "2018-11-12 12:00", "dprk"},
                         {"2018-11-13 12:00", "noticed", NULL, "2018-11-12 12:00", "dprk"},
                         {"2018-11-13 12:01", "refused", "2018-11-13 12:00", "never", ""}));
    inspected_visit(x, 6, SEEN({"2018-11-13 12:00", "noticed", NULL, "2018-11-14 11:00", "dprk"}));
    assert_false(inspected_visit_at(x, 2, "2018-11-14")->repeated);
    assert_true(inspected_visit_at(x, 4, "2018-11-14")->repeated);
    assert_false(inspected_visit_at(x, 6, "2018-11-14")->repeated);
    inspected_end(x);
}

/* Being at a site of one inspection shortens no notice of another. */
static void from_one_inspection_to_another(void **state)
{
    (void)state;
    inspected *x = noticed();
    ls_inspection other = x->roadmap.inspections[0];
    other.id = ls_bytes_str("other");
    inspected_says(x, "2018-10-12 10:00", "iaea enters of 1");
    size_t visit = inspected_says(x, "2018-10-12 11:00", "iaea visits of 1");
    x->fact[visit - 1].rule = &other;
    assert_false(inspected_visit_at(x, visit, "2018-10-12")->repeated);
    inspected_end(x);
}

/* Withdrawn, beyond. */

static void a_notice_is_taken_back(void **state)
{
    (void)state;
    static const struct {
        const char *act, *stage;
    } before[] = {
        {"dprk admits of 1", "withdrawn"},
        {"dprk refuses of 1", "withdrawn"},
        {"usa reports of 1 found consistent", "withdrawn"},
        {"iaea enters of 1", "entered"},
    };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        inspected *x = noticed();
        inspected_says(x, "2018-10-11 12:00", before[i].act);
        inspected_says(x, "2018-10-11 13:00", "dprk withdraws of 1");
        inspected_says(x, "2018-10-11 14:00", "iaea withdraws of 1");
        inspected_says(x, "2018-10-11 15:00", "dprk admits of 1");
        inspected_says(x, "2018-10-12 15:00", "iaea enters of 1");
        bool gone = strcmp(before[i].stage, "withdrawn") == 0;
        inspected_visit(x, 1,
                        SEEN({"2018-10-11 14:00", before[i].stage, gone ? "2018-10-11 14:00" : NULL, "never", ""},
                             {"2018-10-12 16:00", before[i].stage, NULL, "never", ""}));
        frozen(x, 1, "2018-10-13", !gone ? "never" : i == 1 ? "2018-10-11 12:00" : "2018-10-11 14:00");
        inspected_end(x);
    }
}

/* What is taken back was used. */
static void beyond_the_quota(void **state)
{
    (void)state;
    inspected *x = noticed();
    inspected_says(x, NOTICED, "iaea withdraws of 1");
    inspected_says(x, "2018-10-12 09:00", "iaea visits");
    inspected_says(x, "2018-10-13 09:00", "iaea visits");
    inspected_says(x, "2018-10-13 10:00", "dprk admits of 4");
    inspected_says(x, "2018-10-14 10:00", "iaea enters of 4");
    inspected_visit(x, 3, SEEN({"2018-10-13 09:00", "noticed", NULL, NULL, NULL}));
    inspected_visit(x, 4, SEEN({"2018-10-15", "beyond", "2018-10-13 09:00", "never", ""}));
    frozen(x, 4, "2018-10-15", "2018-10-13 09:00");
    assert_null(inspected_visit_at(x, 4, "2018-10-15")->admit);
    inspected_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_notice_to_report),
        cmocka_unit_test(silence_refuses),
        cmocka_unit_test(admitted_in_the_grace),
        cmocka_unit_test(the_last_word_counts_until_they_come),
        cmocka_unit_test(who_refused_does_not_say_that_they_came),
        cmocka_unit_test(let_in_without_a_word),
        cmocka_unit_test(they_came_when_the_notice_ended),
        cmocka_unit_test(a_refusal_is_taken_back),
        cmocka_unit_test(what_stood_before_a_refusal),
        cmocka_unit_test(nobody_came),
        cmocka_unit_test(a_late_team_in_the_grace),
        cmocka_unit_test(days_on_which_both_agree),
        cmocka_unit_test(days_that_nobody_may_claim),
        cmocka_unit_test(a_day_that_was_corrected),
        cmocka_unit_test(refused_after_they_came),
        cmocka_unit_test(in_another_order_than_the_ledger),
        cmocka_unit_test(nobody_comes_before_the_notice),
        cmocka_unit_test(nobody_leaves_before_coming),
        cmocka_unit_test(left_and_never_came),
        cmocka_unit_test(put_off),
        cmocka_unit_test(admitted_and_put_off),
        cmocka_unit_test(a_postponement_is_taken_back),
        cmocka_unit_test(not_to_be_put_off),
        cmocka_unit_test(the_report_is_late),
        cmocka_unit_test(reported_from_the_site),
        cmocka_unit_test(reported_without_a_visit),
        cmocka_unit_test(findings_that_contradict),
        cmocka_unit_test(from_one_site_to_the_next),
        cmocka_unit_test(from_one_inspection_to_another),
        cmocka_unit_test(a_notice_is_taken_back),
        cmocka_unit_test(beyond_the_quota),
    };
    return cmocka_run_group_tests_name("inspection_visits", tests, NULL, NULL);
}
