/* Challenges, questions, and what is awaited: each sentence of docs/inspections.md about them, as a story. A question
 * comes three days before, an answer has five; days end at 17:00, and the grace is a day. */
#include "fixture/inspected.h"
#include "vectors.h"

static const char visit_on_silence[] =
    "    visits: {notice: 24 hours, repeat: 2 hours, lasts: 1 week, report: 1 month}\n"
    "    challenges: {right: challenges, radius: 2500 m, areas: touch, without-coordinates: are covered,\n"
    "                 answer: 48 hours, on-silence: visit}\n";

/* Asked on the 11th, challenged on the 15th: answered by the 20th, 17:00. */
static inspected *challenged(void)
{
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea clarifies");
    inspected_says(x, "2018-10-15 09:00", "iaea challenges of 1");
    return x;
}

static void denied(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-18", "dprk denies of 2");
    inspected_says(x, "2018-10-19", "dprk opens 1 of 2"); /* the first answer counts */
    inspected_challenge(x, 2,
                        SEEN({"2018-10-15 09:00", "open", "2018-10-15 09:00", "2018-10-20 17:00", "dprk"},
                             {"2018-10-18", "denied", "2018-10-18", "never", ""},
                             {"2018-12-18", "denied", "2018-10-18", "never", ""}));
    const ls_challenge_state *s = inspected_challenge_at(x, 2, "2018-12-18");
    assert_int_equal(inspected_number(s->denial), 3);
    assert_int_equal(inspected_number(s->opening), 4);
    assert_false(s->by_silence);
    assert_false(s->unasked);
    assert_false(s->late);
    inspected_end(x);
}

static void opened(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-20 17:00", "dprk opens 1 of 2");
    inspected_says(x, "2018-10-21", "iaea reports of 2 found discrepancy"); /* of what was opened; nobody denied it */
    inspected_challenge(x, 2, SEEN({"2018-10-22", "opened", "2018-10-20 17:00", "never", ""}));
    assert_null(inspected_challenge_at(x, 2, "2018-10-22")->refuted_by);
    inspected_end(x);
}

static void answered_in_the_grace(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-21 17:00", "dprk opens 1 of 2");
    inspected_challenge(x, 2, SEEN({"2018-10-22", "opened", "2018-10-21 17:00", "never", ""}));
    assert_false(inspected_challenge_at(x, 2, "2018-10-22")->late);
    inspected_end(x);
}

static void silence_denies(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-21 17:01", "dprk opens 1 of 2");
    inspected_says(x, "2018-10-23", "iaea reports of 2 found discrepancy");
    inspected_challenge(x, 2,
                        SEEN({"2018-10-21 17:00", "open", "2018-10-15 09:00", "2018-10-20 17:00", "dprk"},
                             {"2018-10-21 17:01", "denied", "2018-10-21 17:00", "never", ""},
                             {"2018-10-23", "refuted", "2018-10-23", "never", ""}));
    const ls_challenge_state *s = inspected_challenge_at(x, 2, "2018-10-22");
    assert_true(s->by_silence);
    assert_true(s->late);
    assert_null(s->denial);
    assert_int_equal(inspected_number(s->opening), 3);
    inspected_end(x);
}

static void silence_lets_visit(void **state)
{
    (void)state;
    inspected *x = inspected_begin(visit_on_silence);
    inspected_says(x, "2018-10-15 09:00", "iaea challenges");
    inspected_says(x, "2018-10-20 09:00", "iaea reports of 1 found discrepancy");
    inspected_challenge(x, 1,
                        SEEN({"2018-10-18 09:00", "open", "2018-10-15 09:00", "2018-10-17 09:00", "dprk"},
                             {"2018-10-18 09:01", "visit due", "2018-10-18 09:00", "never", ""},
                             {"2018-10-20 09:00", "visit due", "2018-10-18 09:00", "never", ""}));
    assert_false(inspected_challenge_at(x, 1, "2018-10-20")->unasked); /* no question need come first */
    /* Who denies in spite of what was found has denied. */
    inspected_says(x, "2018-10-21 09:00", "dprk denies of 1");
    inspected_challenge(x, 1, SEEN({"2018-10-22", "refuted", "2018-10-21 09:00", "never", ""}));
    assert_true(inspected_challenge_at(x, 1, "2018-10-22")->late);
    inspected_end(x);
}

/* A false denial: by a report about the challenge, or about a visit to its place. */
static void refuted(void **state)
{
    (void)state;
    static const struct {
        const char *found, *stage;
    } reports[] = {
        {"iaea reports of 2 found discrepancy", "refuted"}, {"iaea reports of 4 found discrepancy", "refuted"},
        {"iaea reports of 2 found consistent", "denied"},   {"iaea reports of 4 found inconclusive", "denied"},
        {"iaea reports of 5 found discrepancy", "denied"},  {"iaea reports of 1 found discrepancy", "denied"},
    };
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        inspected *x = challenged();
        inspected_says(x, "2018-10-18", "dprk denies of 2");
        inspected_says(x, "2018-10-19", "iaea visits of 2");
        inspected_says(x, "2018-10-19", "iaea visits"); /* of something else */
        inspected_says(x, "2018-10-25", reports[i].found);
        inspected_says(x, "2018-10-26", "iaea reports of 2 found discrepancy"); /* the first is kept */
        inspected_challenge(x, 2,
                            SEEN({"2018-10-24", "denied", "2018-10-18", "never", ""},
                                 {"2018-10-25", reports[i].stage, NULL, "never", ""},
                                 {"2018-10-26", "refuted", NULL, "never", ""}));
        size_t by = strcmp(reports[i].stage, "refuted") == 0 ? 6 : 7;
        assert_int_equal(inspected_number(inspected_challenge_at(x, 2, "2018-10-27")->refuted_by), by);
        inspected_end(x);
    }
}

/* It was found first, and denied then: by a word, or by silence. */
static void denied_after_the_finding(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-16", "iaea reports of 2 found discrepancy");
    inspected_says(x, "2018-10-16 13:00", "iaea reports of 2 found discrepancy");
    inspected_challenge(x, 2,
                        SEEN({"2018-10-17", "open", "2018-10-15 09:00", "2018-10-20 17:00", "dprk"},
                             {"2018-10-22", "refuted", "2018-10-21 17:00", "never", ""}));
    inspected_says(x, "2018-10-17 10:00", "dprk denies of 2");
    inspected_challenge(x, 2, SEEN({"2018-10-17 10:00", "refuted", "2018-10-17 10:00", "never", ""}));
    assert_int_equal(inspected_number(inspected_challenge_at(x, 2, "2018-10-22")->refuted_by), 3);
    inspected_end(x);
}

static void only_the_inspected_side_answers(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-16", "iaea denies of 2");
    inspected_says(x, "2018-10-16", "usa opens 1 of 2");
    inspected_challenge(x, 2, SEEN({"2018-10-17", "open", NULL, NULL, "dprk"}));
    inspected_end(x);
}

static void a_challenge_is_taken_back(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-16", "dprk withdraws of 2");
    inspected_says(x, "2018-10-17", "iaea withdraws of 2");
    inspected_says(x, "2018-10-18", "dprk denies of 2");
    inspected_challenge(x, 2,
                        SEEN({"2018-10-16", "open", NULL, NULL, "dprk"},
                             {"2018-10-17", "withdrawn", "2018-10-17", "never", ""},
                             {"2018-12-17", "withdrawn", "2018-10-17", "never", ""}));
    inspected_end(x);
    x = challenged(); /* once it is answered, by silence too, it stands */
    inspected_says(x, "2018-10-22", "iaea withdraws of 2");
    inspected_challenge(x, 2, SEEN({"2018-10-23", "denied", "2018-10-21 17:00", "never", ""}));
    inspected_end(x);
}

static void beyond_the_quota(void **state)
{
    (void)state;
    inspected *x = challenged();
    inspected_says(x, "2018-10-15 10:00", "iaea challenges of 1");
    inspected_says(x, "2018-10-15 11:00", "iaea challenges of 1");
    inspected_says(x, "2018-10-16", "dprk denies of 4");
    inspected_says(x, "2018-10-17", "iaea reports of 4 found discrepancy");
    inspected_challenge(x, 3, SEEN({"2018-10-18", "open", NULL, NULL, "dprk"}));
    inspected_challenge(x, 4, SEEN({"2018-10-18", "beyond", "2018-10-15 11:00", "never", ""}));
    assert_null(inspected_challenge_at(x, 4, "2018-10-18")->denial);
    inspected_end(x);
}

/* Questions. */

/* Three days from the 11th end on the 14th at 17:00. */
static void a_question_comes_first(void **state)
{
    (void)state;
    static const struct {
        const char *when, *act;
        bool unasked;
    } cases[] = {
        {"2018-10-14 17:00", "iaea challenges of 1", false},
        {"2018-10-14 16:59", "iaea challenges of 1", true}, /* not so long before */
        {"2018-10-20", "iaea challenges", true},
        {"2018-10-20", "iaea challenges of 2", true},  /* another party's */
        {"2018-10-20", "iaea challenges of 3", true},  /* no question */
        {"2018-10-20", "iaea challenges of 4", true},  /* taken back before */
        {"2018-10-20", "iaea challenges of 6", false}, /* and after it */
        {"2018-10-20", "iaea challenges of 9", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        inspected *x = inspected_begin(NULL);
        inspected_says(x, "2018-10-11 09:00", "iaea clarifies");
        inspected_says(x, "2018-10-11 09:00", "usa clarifies");
        inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
        inspected_says(x, "2018-10-11 09:00", "iaea clarifies");
        inspected_says(x, "2018-10-19 09:00", "iaea withdraws of 4");
        inspected_says(x, "2018-10-11 09:00", "iaea clarifies");
        inspected_says(x, "2018-10-21 09:00", "iaea withdraws of 6");
        size_t challenge = inspected_says(x, cases[i].when, cases[i].act);
        assert_int_equal(inspected_challenge_at(x, challenge, "2018-10-22")->unasked, cases[i].unasked);
        inspected_end(x);
    }
}

static void answered_or_not(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea clarifies");
    inspected_says(x, "2018-10-11 10:00", "iaea clarifies");
    inspected_says(x, "2018-10-12", "usa answers of 1");
    inspected_says(x, "2018-10-13", "dprk answers of 1");
    inspected_says(x, "2018-10-14", "dprk answers of 1");
    inspected_says(x, "2018-10-14", "iaea withdraws of 1"); /* it has been answered */
    inspected_says(x, "2018-10-13", "iaea withdraws of 2");
    inspected_says(x, "2018-10-14", "dprk answers of 2");
    const ls_inspection_state *s = inspected_at(x, "2018-10-12");
    assert_int_equal(s->clarification_count, 2);
    assert_null(s->clarification[0].answer);
    s = inspected_at(x, "2018-10-15");
    assert_int_equal(inspected_number(s->clarification[0].answer), 4);
    story_same_time(s->clarification[0].deadline, "2018-10-14 17:00", "deadline");
    story_same_time(s->clarification[0].withdrawn, "never", "withdrawn");
    assert_null(s->clarification[1].answer);
    story_same_time(s->clarification[1].withdrawn, "2018-10-13", "withdrawn");
    inspected_end(x);
    x = inspected_begin(visit_on_silence);
    inspected_says(x, "2018-10-11 09:00", "iaea clarifies");
    story_same_time(inspected_at(x, "2018-10-12")->clarification[0].deadline, "never", "deadline");
    inspected_end(x);
}

/* What is awaited. */

/* Each line that there is at a time, in order. */
static void next(inspected *x, const char *when, size_t count, const char *const *lines)
{
    ls_inspection_duty *duty;
    size_t found;
    const ls_inspection_state *s = inspected_at(x, when);
    assert_success(ls_inspection_duties(&x->query, s, &x->scratch, &duty, &found));
    for (size_t i = 0; i < found && i < count; i++) {
        assert_string_equal(ls_inspection_duty_text(&x->charter, &duty[i], &x->scratch), lines[i]);
    }
    assert_int_equal(found, count);
}

#define NEXT(x, when, ...)                                                                                             \
    next(x, when, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[]){__VA_ARGS__})

static void awaited_in_draws(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    NEXT(x, "2018-10-11", "dprk commits to a nonce by 2018-10-13; else the other side chooses the rows",
         "iaea commits to a nonce by 2018-10-13; else the round is forfeited");
    inspected_says(x, "2018-10-12 10:00", "dprk commits of 1");
    inspected_says(x, "2018-10-13 09:00", "iaea commits of 1");
    NEXT(x, "2018-10-13", "dprk reveals its nonce by 2018-10-15; else the other side chooses the rows");
    NEXT(x, "2018-10-17", "iaea may choose the rows freely");
    inspected_says(x, "2018-10-14 12:00", "dprk reveals of 1");
    NEXT(x, "2018-10-16", "iaea reveals its nonce by 2018-10-16; else the round is forfeited");
    next(x, "2018-10-18", 0, NULL);
    inspected_says(x, "2018-10-16 12:00", "iaea reveals of 1");
    inspected_says(x, "2018-10-18", "dprk opens 8 blank 2 of 1");
    NEXT(x, "2018-10-17", "dprk opens 8 rows by 2018-10-21; else the draw is shown as unopened");
    NEXT(x, "2018-10-18", "dprk opens 2 rows by 2018-10-21; else the draw is shown as unopened");
    inspected_says(x, "2018-10-19", "dprk opens 1 of 1");
    NEXT(x, "2018-10-23", "dprk opens 1 row, due by 2018-10-21; the draw is shown as unopened until then");
    inspected_says(x, "2018-10-24", "dprk opens 1 of 1");
    NEXT(x, "2018-10-24", "iaea may report on what was drawn");
    inspected_says(x, "2018-10-25", "iaea reports of 1 found consistent");
    next(x, "2018-10-25", 0, NULL);
    inspected_end(x);
}

static void awaited_in_visits(void **state)
{
    (void)state;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea visits");
    NEXT(x, "2018-10-11", "dprk admits the visit or refuses it by 2018-10-12 09:00; else silence refuses it");
    NEXT(x, "2018-10-14", "dprk may admit the visit after all");
    inspected_says(x, "2018-10-11 15:00", "dprk admits of 1");
    NEXT(x, "2018-10-12",
         "iaea comes to the site from 2018-10-12 09:00 on, by 2018-10-22; else the visit is forfeited");
    inspected_says(x, "2018-10-13", "iaea enters of 1");
    NEXT(x, "2018-10-13", "iaea says when it has left the site");
    inspected_says(x, "2018-10-14", "iaea leaves of 1");
    NEXT(x, "2018-10-14", "iaea reports on the visit by 2018-10-29; else the visit is shown as unreported");
    NEXT(x, "2018-11-14", "iaea reports on the visit, due by 2018-10-29; the visit is shown as unreported until then");
    inspected_end(x);
}

static void awaited_in_challenges(void **state)
{
    (void)state;
    inspected *x = challenged();
    NEXT(x, "2018-10-16", "dprk answers the question by 2018-10-14",
         "dprk opens the row that covers the place or denies that there is one by 2018-10-20; else silence denies it");
    inspected_says(x, "2018-10-13", "dprk answers of 1");
    inspected_says(x, "2018-10-17", "dprk denies of 2");
    next(x, "2018-10-18", 0, NULL);
    inspected_end(x);
    x = inspected_begin(visit_on_silence);
    inspected_says(x, "2018-10-15 09:00", "iaea clarifies");
    inspected_says(x, "2018-10-15 09:00", "iaea challenges of 1");
    NEXT(x, "2018-10-16",
         "dprk opens the row that covers the place or denies that there is one by 2018-10-17 09:00; else inspectors "
         "may "
         "visit the place",
         "dprk answers the question");
    inspected_says(x, "2018-10-17", "dprk answers of 1");
    NEXT(x, "2018-10-19", "iaea may give notice of a visit to the place");
    inspected_says(x, "2018-10-20", "iaea visits of 2");
    NEXT(x, "2018-10-20", "dprk admits the visit or refuses it by 2018-10-21 12:00; else silence refuses it");
    inspected_says(x, "2018-10-20 13:00", "iaea withdraws of 4");
    NEXT(x, "2018-10-21", "iaea may give notice of a visit to the place");
    inspected_end(x);
}

/* For programs: the same as data; when a consequence comes, grace included. */
static void awaited_as_data(void **state)
{
    (void)state;
    ls_inspection_duty *duty;
    size_t count;
    inspected *x = inspected_begin(NULL);
    inspected_says(x, "2018-10-11 09:00", "iaea draws 8 spare 4");
    const ls_inspection_state *s = inspected_at(x, "2018-10-12");
    assert_success(ls_inspection_duties(&x->query, s, &x->scratch, &duty, &count));
    assert_int_equal(count, 2);
    assert_int_equal(duty[1].party, IAEA);
    assert_int_equal(duty[1].about->index, 1);
    assert_string_equal(ls_inspection_task_name(duty[1].task), "commit");
    assert_string_equal(ls_inspection_else_text(duty[1].otherwise), "the round is forfeited");
    assert_string_equal(ls_inspection_else_text(duty[0].otherwise), "the other side chooses the rows");
    assert_true(duty[1].must);
    story_same_time(duty[1].until, "2018-10-13 17:00", "until");
    story_same_time(duty[1].follows, "2018-10-14 17:00", "follows");
    for (int i = 0; i < LS_TASKS; i++) {
        assert_non_null(ls_inspection_task_name((ls_inspection_task)i));
    }
    for (int i = 0; i < LS_ELSES; i++) {
        assert_non_null(ls_inspection_else_text((ls_inspection_else)i));
    }
    inspected_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(denied),
        cmocka_unit_test(opened),
        cmocka_unit_test(answered_in_the_grace),
        cmocka_unit_test(silence_denies),
        cmocka_unit_test(silence_lets_visit),
        cmocka_unit_test(refuted),
        cmocka_unit_test(denied_after_the_finding),
        cmocka_unit_test(only_the_inspected_side_answers),
        cmocka_unit_test(a_challenge_is_taken_back),
        cmocka_unit_test(beyond_the_quota),
        cmocka_unit_test(a_question_comes_first),
        cmocka_unit_test(answered_or_not),
        cmocka_unit_test(awaited_in_draws),
        cmocka_unit_test(awaited_in_visits),
        cmocka_unit_test(awaited_in_challenges),
        cmocka_unit_test(awaited_as_data),
    };
    return cmocka_run_group_tests_name("inspection_challenges", tests, NULL, NULL);
}
