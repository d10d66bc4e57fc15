/*
 * Tests of a record that cosigners watch over, and whose keys change: what a stamp takes and which time it gives; who
 * may replace, end and add keys; what others can't take from a party with one stolen key.
 */
#include "fixture/fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TIMES(...) ((const ls_time[FIXTURE_COSIGNERS]){__VA_ARGS__})

static void refused(fixture *f, ls_bytes note, const char *reason)
{
    ls_detail detail = {0};
    ls_result r = ls_record_append(f->record, note, LS_CHECK_SIGNATURES, &detail);
    assert_true(ls_failed(r));
    if (strstr(detail.text, reason) == NULL) {
        fail_msg("refused for another reason: %s", detail.text);
    }
}

static void acceptable(fixture *f, ls_bytes note)
{
    ls_detail detail = {0};
    ls_act act;
    assert_true(ls_succeeded(ls_act_parse(note, false, &act, &detail)));
    if (ls_failed(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail))) {
        fail_msg("refused: %s", detail.text);
    }
}

static int open_with(void **state, bool real)
{
    fixture *f = calloc(1, sizeof *f);
    fixture_open_watched(f, real);
    fixture_append(f, fixture_charter(f));
    *state = f;
    return 0;
}

static int open_real(void **state)
{
    return open_with(state, true);
}

static int open_exercise(void **state)
{
    return open_with(state, false);
}

static int close_all(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

/* Stamps. */

static void stamps_need_a_quorum(void **state)
{
    fixture *f = *state;
    refused(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(0, 0, 0)), 0), "is not final");
    refused(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(0, f->now, 0)), 0), "is not final");
    acceptable(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(0, f->now, f->now)), 0));
    /* The host says when: no more. */
    refused(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(f->now, f->now, 0)), f->now), "states no time");
    /* A time that can't be written. */
    refused(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(f->now, INT64_MAX, 0)), 0), "no real time");
}

static void stamps_take_good_cosignatures_only(void **state)
{
    fixture *f = *state;
    ls_bytes good = fixture_cosigned(f, TIMES(f->now, f->now, 0));
    ls_buf bad = {0};
    ls_note note;
    fixture_key usa, stranger;
    assert_true(ls_succeeded(ls_note_parse(good, &note)));
    fixture_cosigner(1, &usa, NULL);
    fixture_key_make("stranger.example/cosigner", &stranger);
    ls_buf_put_bytes(&bad, fixture_cosigned(f, TIMES(f->now, 0, 0)));
    ls_note_cosign(&bad, note.text, &usa.vkey, (uint64_t)f->now, stranger.secret);
    refused(f, fixture_stamp_over(f, fixture_keep(f, ls_buf_bytes(&bad)), 0), "does not verify");
    /* Twice by one: a second time to choose from. */
    bad.len = 0;
    ls_buf_put_bytes(&bad, good);
    ls_note_cosign(&bad, note.text, &usa.vkey, (uint64_t)f->now + 9, usa.secret);
    refused(f, fixture_stamp_over(f, fixture_keep(f, ls_buf_bytes(&bad)), 0), "twice");
    ls_buf_free(&bad);
}

/* The least time at which the quorum was there; never before the previous stamp's. */
static void stamps_have_the_cosigners_time(void **state)
{
    fixture *f = *state;
    ls_time now = f->now;
    fixture_append(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(now + 50, now + 10, now + 30)), 0));
    assert_int_equal(ls_record_time(f->record), now + 30);
    assert_int_equal(ls_record_at(f->record, 0).time, now + 30);
    fixture_append(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(now + 5, now + 5, 0)), 0));
    assert_int_equal(ls_record_time(f->record), now + 30);
    assert_int_equal(ls_record_at(f->record, 1).time, now + 30);
    /* No act waits for its time: it goes as far as two of the three say, and no further by one of them. */
    fixture_append(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(0, now + 40, now + 90)), 0));
    assert_int_equal(ls_record_time(f->record), now + 40);
    fixture_append(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(now + 10, now + 20, now + 90)), 0));
    assert_int_equal(ls_record_time(f->record), now + 40);
    fixture_append(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(now + 70, now + 20, now + 90)), 0));
    assert_int_equal(ls_record_time(f->record), now + 70);
}

/* In an exercise the set clock counts; the quorum is needed all the same. */
static void stamps_of_an_exercise(void **state)
{
    fixture *f = *state;
    refused(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(f->now, f->now, 0)), 0), "states its time");
    refused(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(f->now, 0, 0)), f->now), "is not final");
    fixture_append(f, fixture_stamp_over(f, fixture_cosigned(f, TIMES(1, 2, 0)), f->now));
    assert_int_equal(ls_record_time(f->record), f->now);
}

#define REAL(test) cmocka_unit_test_setup_teardown(test, open_real, close_all)
#define EXERCISE(test) cmocka_unit_test_setup_teardown(test, open_exercise, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REAL(stamps_need_a_quorum),
        REAL(stamps_take_good_cosignatures_only),
        REAL(stamps_have_the_cosigners_time),
        EXERCISE(stamps_of_an_exercise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
