/* Draws: each sentence of docs/inspections.md about them, as a story. Commitments have two days, nonces two more each,
 * openings five; days end at 17:00, and the grace is a day. */
#include "fixture/inspected.h"
#include "vectors.h"

#define DPRK_AND_IAEA (LS_PARTY_BIT(DPRK) | LS_PARTY_BIT(IAEA))

/* A draw of 8 rows and 4 replacements on 11 October, 09:00, and all that comes before its rows are opened. */
static inspected *drawn(void)
{
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-13 09:00", "iaea commits of 1");
    inspected_says(x, "2018-10-14 12:00", "dprk reveals of 1");
    inspected_says(x, "2018-10-16 17:00", "iaea reveals of 1");
    return x;
}

static void one_after_the_other(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-30 10:00", "iaea reports of 1 found consistent");
    assert_int_equal(inspected_at(x, "2018-10-11 08:59")->draw_count, 0);
    inspected_draw(x, 1,
                   SEEN({"2018-10-11 09:00", "committing", "2018-10-11 09:00", "2018-10-13 17:00", "dprk iaea"},
                        {"2018-10-12 10:00", "committing", "2018-10-11 09:00", "2018-10-13 17:00", "iaea"},
                        {"2018-10-13 09:00", "revealing", "2018-10-13 09:00", "2018-10-15 17:00", "dprk"},
                        {"2018-10-14 12:00", "revealing", "2018-10-13 09:00", "2018-10-16 17:00", "iaea"},
                        {"2018-10-16 16:59", "revealing", "2018-10-13 09:00", "2018-10-16 17:00", "iaea"},
                        {"2018-10-16 17:00", "drawn", "2018-10-16 17:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-22 17:00", "drawn", "2018-10-16 17:00", "2018-10-21 17:00", "dprk"}));
    const ls_draw_state *s = inspected_draw_at(x, 1, "2018-10-17");
    assert_int_equal(inspected_number(s->commit[LS_SIDE_OF]), 2);
    assert_int_equal(inspected_number(s->commit[LS_SIDE_BY]), 3);
    assert_int_equal(inspected_number(s->reveal[LS_SIDE_OF]), 4);
    assert_int_equal(inspected_number(s->reveal[LS_SIDE_BY]), 5);
    assert_int_equal(s->to_open, 8);
    assert_int_equal(s->late, 0);
    inspected_end(x);
}

static void opened_with_replacements(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-18", "dprk opens 8 blank 2 of 1");
    inspected_says(x, "2018-10-19", "dprk opens 2 blank 1 of 1");
    inspected_says(x, "2018-10-21 17:00", "dprk opens 1 blank 0 of 1");
    inspected_says(x, "2018-10-30", "iaea reports of 1 found consistent");
    inspected_draw(x, 1,
                   SEEN({"2018-10-18", "drawn", "2018-10-16 17:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-19", "drawn", "2018-10-16 17:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-21 17:00", "opened", "2018-10-21 17:00", "never", ""},
                        {"2018-10-29", "opened", "2018-10-21 17:00", "never", ""},
                        {"2018-10-30", "concluded", "2018-10-30", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-18")->to_open, 10);
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-19")->to_open, 11);
    const ls_draw_state *s = inspected_draw_at(x, 1, "2018-10-30");
    assert_int_equal(s->opened, 11);
    assert_int_equal(s->blank, 3);
    assert_int_equal(s->late, 0);
    inspected_end(x);
}

/* There are four replacements: the fifth blank row has none. */
static void replacements_run_out(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-18", "dprk opens 8 blank 8 of 1");
    inspected_says(x, "2018-10-19", "dprk opens 4 blank 4 of 1");
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-18")->to_open, 12);
    inspected_draw(x, 1, SEEN({"2018-10-19", "opened", "2018-10-19", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-19")->to_open, 12);
    inspected_end(x);
}

static void opened_too_late(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-20", "dprk opens 5 of 1");
    inspected_says(x, "2018-10-21 17:01", "dprk opens 2 of 1"); /* within the grace */
    inspected_says(x, "2018-10-25", "dprk opens 1 of 1");
    inspected_says(x, "2018-10-26", "iaea reports of 1 found discrepancy");
    inspected_draw(x, 1,
                   SEEN({"2018-10-22 17:00", "drawn", "2018-10-16 17:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-22 17:01", "unopened", "2018-10-22 17:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-25", "opened", "2018-10-25", "never", ""},
                        {"2018-10-26", "concluded", "2018-10-26", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-21 17:00")->late, 0);
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-21 17:01")->late, LS_PARTY_BIT(DPRK));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-26")->late, LS_PARTY_BIT(DPRK));
    inspected_end(x);
}

/* What was opened in the grace, and all of it, was never `unopened`. What is opened beyond is no default, either. */
static void opened_in_the_grace(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-22 17:00", "dprk opens 8 of 1");
    inspected_says(x, "2018-12-01", "dprk opens 3 of 1");
    inspected_draw(x, 1,
                   SEEN({"2018-10-23", "opened", "2018-10-22 17:00", "never", ""},
                        {"2018-12-02", "opened", "2018-10-22 17:00", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-23")->late, LS_PARTY_BIT(DPRK));
    inspected_end(x);
}

/* More than was asked for is not late. */
static void opened_in_time_and_more(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-18", "dprk opens 8 of 1");
    inspected_says(x, "2018-12-01", "dprk opens 1 of 1");
    inspected_draw(x, 1, SEEN({"2018-12-02", "opened", "2018-10-18", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-12-02")->late, 0);
    inspected_end(x);
}

/* Defaults. */

static void the_inspected_side_does_not_commit(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-13 17:00", "iaea commits of 1");
    inspected_says(x, "2018-10-14 12:00", "iaea chooses 3 of 1"); /* not yet */
    inspected_says(x, "2018-10-15 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-16 10:00", "iaea chooses 5 of 1");
    inspected_says(x, "2018-10-17 10:00", "iaea chooses 6 of 1"); /* the first counts */
    inspected_says(x, "2018-10-19 10:00", "dprk opens 5 blank 2 of 1");
    inspected_draw(x, 1,
                   SEEN({"2018-10-13 17:00", "committing", "2018-10-11 09:00", "2018-10-13 17:00", "dprk"},
                        {"2018-10-14 17:00", "committing", "2018-10-11 09:00", "2018-10-13 17:00", "dprk"},
                        {"2018-10-14 17:01", "free", "2018-10-14 17:00", "never", "iaea"},
                        {"2018-10-15 10:00", "free", "2018-10-14 17:00", "never", "iaea"},
                        {"2018-10-16 10:00", "drawn", "2018-10-16 10:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-19 10:00", "opened", "2018-10-19 10:00", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-14 17:01")->late, 0);
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-15 10:00")->late, LS_PARTY_BIT(DPRK));
    const ls_draw_state *s = inspected_draw_at(x, 1, "2018-10-19 10:00");
    assert_int_equal(inspected_number(s->choice), 5);
    assert_int_equal(s->to_open, 5); /* what was chosen has no replacements */
    assert_null(s->commit[LS_SIDE_OF]);
    inspected_end(x);
}

static void the_inspected_side_does_not_reveal(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-12 11:00", "iaea commits of 1");
    inspected_says(x, "2018-10-17 10:00", "iaea chooses 2 of 1");
    inspected_says(x, "2018-10-18 10:00", "dprk reveals of 1");
    inspected_draw(x, 1,
                   SEEN({"2018-10-15 17:00", "revealing", "2018-10-12 11:00", "2018-10-14 17:00", "dprk"},
                        {"2018-10-16 10:00", "free", "2018-10-15 17:00", "never", "iaea"},
                        {"2018-10-18 10:00", "drawn", "2018-10-17 10:00", "2018-10-22 17:00", "dprk"},
                        {"2018-10-24 10:00", "unopened", "2018-10-23 17:00", "2018-10-22 17:00", "dprk"}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-24 10:00")->to_open, 2);
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-24 10:00")->late, LS_PARTY_BIT(DPRK));
    assert_null(inspected_draw_at(x, 1, "2018-10-24 10:00")->reveal[LS_SIDE_OF]);
    inspected_end(x);
}

static void the_inspecting_side_does_not_commit(void **state)
{
    (void)state;
    for (int both = 0; both < 2; both++) {
        inspected *x = inspected_begin(NULL);
        inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
        inspected_says(x, both ? "2018-10-15 10:00" : "2018-10-12 10:00", "dprk commits of 1");
        inspected_says(x, "2018-10-15 11:00", "iaea commits of 1");
        inspected_says(x, "2018-10-15 12:00", "iaea chooses 8 of 1");
        inspected_says(x, "2018-10-16 12:00", "dprk opens 8 of 1");
        inspected_says(x, "2018-10-17 12:00", "iaea reports of 1 found consistent");
        inspected_draw(x, 1,
                       SEEN({"2018-10-14 17:00", "committing", "2018-10-11 09:00", "2018-10-13 17:00",
                             both ? "dprk iaea" : "iaea"},
                            {"2018-10-14 17:01", "forfeited", "2018-10-14 17:00", "never", ""},
                            {"2018-10-17 12:00", "forfeited", "2018-10-14 17:00", "never", ""}));
        const ls_draw_state *s = inspected_draw_at(x, 1, "2018-10-17 12:00");
        assert_int_equal(s->late, both ? DPRK_AND_IAEA : LS_PARTY_BIT(IAEA));
        assert_null(s->choice);
        assert_int_equal(s->opened, 0);
        inspected_end(x);
    }
}

/* It knows the result before anybody else, and does not like it. */
static void the_inspecting_side_does_not_reveal(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-12 11:00", "iaea commits of 1");
    inspected_says(x, "2018-10-13 10:00", "dprk reveals of 1");
    inspected_says(x, "2018-10-14 10:00", "iaea reports of 1 found inconclusive");
    inspected_says(x, "2018-10-15 17:01", "iaea reveals of 1");
    inspected_draw(x, 1,
                   SEEN({"2018-10-14 10:00", "revealing", "2018-10-12 11:00", "2018-10-15 17:00", "iaea"},
                        {"2018-10-16 17:00", "revealing", "2018-10-12 11:00", "2018-10-15 17:00", "iaea"},
                        {"2018-10-16 17:01", "forfeited", "2018-10-16 17:00", "never", ""}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-20")->late, LS_PARTY_BIT(IAEA));
    inspected_end(x);
}

/* In the grace receipts may show that it was in time, and nothing else makes it so. */
static void shown_by_receipts(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "iaea commits of 1");
    size_t commit = inspected_says(x, "2018-10-14 09:00", "dprk commits of 1");
    inspected_draw(x, 1,
                   SEEN({"2018-10-14 09:00", "committing", "2018-10-11 09:00", "2018-10-13 17:00", "dprk"},
                        {"2018-10-15", "free", "2018-10-14 17:00", "never", "iaea"}));
    x->time[commit] = story_time("2018-10-13 16:00");
    inspected_draw(x, 1, SEEN({"2018-10-15", "revealing", "2018-10-13 16:00", "2018-10-15 17:00", "dprk"}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-15")->late, 0);
    inspected_end(x);
}

/* What counts. */

/* Neither side can choose by its receipts which of two commitments it was. */
static void the_first_commitment_counts(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "dprk commits of 1");
    size_t first = inspected_says(x, "2018-10-13 16:00", "iaea commits of 1");
    inspected_says(x, "2018-10-13 15:00", "iaea commits of 1"); /* by receipts, before that */
    assert_int_equal(inspected_number(inspected_draw_at(x, 1, "2018-10-14")->commit[LS_SIDE_BY]), first);
    x->time[first] = story_time("2018-10-13 18:00");
    inspected_draw(x, 1, SEEN({"2018-10-15", "forfeited", "2018-10-14 17:00", "never", ""}));
    x->time[first] = LS_TIME_NONE; /* a first one without effect is none */
    assert_int_equal(inspected_number(inspected_draw_at(x, 1, "2018-10-14")->commit[LS_SIDE_BY]), first + 1);
    inspected_end(x);
}

/* The inspected side first, and nobody before both have committed. */
static void nothing_is_revealed_too_soon(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-12 11:00", "dprk reveals of 1");
    inspected_says(x, "2018-10-12 12:00", "iaea commits of 1");
    inspected_draw(x, 1, SEEN({"2018-10-13", "revealing", "2018-10-12 12:00", "2018-10-14 17:00", "dprk"}));
    inspected_says(x, "2018-10-13 13:00", "iaea reveals of 1");
    inspected_says(x, "2018-10-14 13:00", "dprk reveals of 1");
    inspected_draw(x, 1, SEEN({"2018-10-15", "revealing", "2018-10-12 12:00", "2018-10-16 17:00", "iaea"}));
    inspected_says(x, "2018-10-15 13:00", "dprk opens 8 of 1"); /* nothing is drawn */
    inspected_says(x, "2018-10-16 13:00", "iaea reveals of 1");
    inspected_draw(x, 1, SEEN({"2018-10-17", "drawn", "2018-10-16 13:00", "2018-10-21 17:00", "dprk"}));
    assert_int_equal(inspected_draw_at(x, 1, "2018-10-17")->opened, 0);
    inspected_end(x);
}

static void only_the_two_sides(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "usa commits of 1");
    inspected_says(x, "2018-10-12 11:00", "iaea commits of 1");
    inspected_says(x, "2018-10-12 12:00", "dprk admits of 1");  /* no visit */
    inspected_says(x, "2018-10-12 13:00", "dprk commits of 7"); /* there is no such act */
    inspected_says(x, "2018-10-12 14:00", "iaea withdraws of 1");
    inspected_draw(x, 1, SEEN({"2018-10-13", "committing", "2018-10-11 09:00", "2018-10-13 17:00", "dprk"}));
    inspected_end(x);
}

/* A report of the inspecting side, about what was drawn, and not before. */
static void concluded_by_the_inspecting_side(void **state)
{
    (void)state;
    inspected *x = drawn();
    inspected_says(x, "2018-10-17", "dprk reports of 1 found consistent");
    inspected_draw(x, 1, SEEN({"2018-10-18", "drawn", "2018-10-16 17:00", "2018-10-21 17:00", "dprk"}));
    inspected_says(x, "2018-10-25", "iaea reports of 1 found inconclusive");
    inspected_draw(x, 1,
                   SEEN({"2018-10-24", "unopened", "2018-10-22 17:00", "2018-10-21 17:00", "dprk"},
                        {"2018-10-26", "concluded", "2018-10-25", "never", ""}));
    inspected_end(x);
}

static void a_free_draw_may_be_concluded_at_once(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "2018-10-12 10:00", "iaea commits of 1");
    inspected_says(x, "2018-10-14 10:00", "iaea reports of 1 found inconclusive");
    inspected_draw(x, 1, SEEN({"2018-10-15", "free", "2018-10-14 17:00", "never", "iaea"}));
    inspected_says(x, "2018-10-16", "iaea reports of 1 found discrepancy");
    inspected_says(x, "2018-10-18", "iaea chooses 3 of 1"); /* after that it chooses nothing */
    inspected_draw(x, 1,
                   SEEN({"2018-10-17", "concluded", "2018-10-16", "never", ""},
                        {"2018-10-19", "concluded", "2018-10-16", "never", ""}));
    inspected_end(x);
}

static void as_known(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    inspected_says(x, "none", "dprk commits of 1");
    inspected_says(x, NULL, "iaea commits of 1"); /* no stamp covers it yet: as of now */
    inspected_draw(x, 1,
                   SEEN({"2018-10-12", "committing", NULL, NULL, "dprk"},
                        {"2018-10-13 17:01", "committing", NULL, NULL, "dprk iaea"}));
    x->time[2] = story_time("2018-10-12");
    const ls_inspection_state *s = inspected_as_known(x, "2018-10-12", "2018-10-13");
    assert_int_equal(s->draw[0].stage, LS_DRAW_COMMITTING);
    assert_int_equal(s->draw[0].awaited, LS_PARTY_BIT(IAEA));
    x->time[1] = LS_TIME_NONE;
    assert_int_equal(inspected_at(x, "2018-10-13")->draw_count, 0);
    inspected_end(x);
}

/* Clauses. */

static void beyond_the_quota(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    for (int i = 0; i < 3; i++) {
        inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    }
    inspected_says(x, "2018-10-12", "dprk commits of 3");
    inspected_says(x, "2018-11-12 09:00", "iaea draws 8 spare 4"); /* in the next month */
    inspected_draw(x, 2, SEEN({"2018-10-12", "committing", NULL, NULL, "dprk iaea"}));
    inspected_draw(x, 3,
                   SEEN({"2018-10-12", "beyond", "2018-10-11 09:00", "never", ""},
                        {"2018-10-30", "beyond", "2018-10-11 09:00", "never", ""}));
    assert_null(inspected_draw_at(x, 3, "2018-10-30")->commit[LS_SIDE_OF]);
    inspected_draw(x, 5, SEEN({"2018-11-13", "committing", NULL, "2018-11-14 17:00", "dprk iaea"}));
    x->time[1] = LS_TIME_NONE; /* it used nothing up */
    inspected_draw(x, 3, SEEN({"2018-10-12", "committing", NULL, NULL, "iaea"}));
    inspected_end(x);
}

/* Hours are exact; days end at the closing hour. */
static void lengths_of_time(void **state)
{
    (void)state;
    inspected *x =
        inspected_begin("    draws: {right: rounds, rows: 8, replacements: 4, commit: 36 hours, reveal: 1 week, "
                        "open: 1 month}\n");
    inspected_says(x, "2018-10-11 09:30", "iaea draws 8 spare 4");
    inspected_draw(x, 1,
                   SEEN({"2018-10-12", "committing", NULL, "2018-10-12 21:30", "dprk iaea"},
                        {"2018-10-13 21:30", "committing", NULL, NULL, NULL},
                        {"2018-10-13 21:31", "forfeited", "2018-10-13 21:30", "never", ""}));
    inspected_says(x, "2018-10-11 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-12 10:00", "iaea commits of 1");
    inspected_says(x, "2018-10-13 10:00", "dprk reveals of 1");
    inspected_draw(x, 1,
                   SEEN({"2018-10-12 20:00", "revealing", NULL, "2018-10-19 17:00", "dprk"},
                        {"2018-10-14 20:00", "revealing", NULL, "2018-10-20 17:00", "iaea"}));
    inspected_says(x, "2018-10-20 10:00", "iaea reveals of 1");
    inspected_draw(x, 1, SEEN({"2018-10-30", "drawn", NULL, "2018-11-20 17:00", "dprk"}));
    inspected_end(x);
}

/* It is finished by the rules under which it was begun; its quota is of the right that the accord names now. */
static void after_an_amendment(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL), *before = inspected_begin(NULL);
    before->roadmap.inspections[0].draws.commit = (ls_duration){10, LS_UNIT_DAYS};
    before->roadmap.inspections[0].draws.right = 2;
    for (int i = 0; i < 3; i++) {
        inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
        x->fact[i].rule = &before->roadmap.inspections[0];
    }
    inspected_draw(x, 1, SEEN({"2018-10-15", "committing", NULL, "2018-10-21 17:00", "dprk iaea"}));
    inspected_draw(x, 3, SEEN({"2018-10-15", "beyond", NULL, "never", ""}));
    x->roadmap.inspection_count = 0; /* the clause is gone, and what was begun under it goes on */
    inspected_draw(x, 1, SEEN({"2018-10-15", "committing", NULL, "2018-10-21 17:00", "dprk iaea"}));
    inspected_end(before);
    inspected_end(x);
}

static void names(void **state)
{
    (void)state;
    for (int i = 0; i < LS_DRAW_STAGES; i++) {
        assert_non_null(ls_draw_stage_name((ls_draw_stage)i));
    }
    for (int i = 0; i < LS_VISIT_STAGES; i++) {
        assert_non_null(ls_visit_stage_name((ls_visit_stage)i));
    }
    for (int i = 0; i < LS_CHALLENGE_STAGES; i++) {
        assert_non_null(ls_challenge_stage_name((ls_challenge_stage)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(opened_with_replacements),
        cmocka_unit_test(replacements_run_out),
        cmocka_unit_test(opened_too_late),
        cmocka_unit_test(opened_in_the_grace),
        cmocka_unit_test(opened_in_time_and_more),
        cmocka_unit_test(the_inspected_side_does_not_commit),
        cmocka_unit_test(the_inspected_side_does_not_reveal),
        cmocka_unit_test(the_inspecting_side_does_not_commit),
        cmocka_unit_test(the_inspecting_side_does_not_reveal),
        cmocka_unit_test(shown_by_receipts),
        cmocka_unit_test(the_first_commitment_counts),
        cmocka_unit_test(nothing_is_revealed_too_soon),
        cmocka_unit_test(only_the_two_sides),
        cmocka_unit_test(concluded_by_the_inspecting_side),
        cmocka_unit_test(a_free_draw_may_be_concluded_at_once),
        cmocka_unit_test(as_known),
        cmocka_unit_test(beyond_the_quota),
        cmocka_unit_test(lengths_of_time),
        cmocka_unit_test(after_an_amendment),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("inspection_draws", tests, NULL, NULL);
}
