/*
 * Tests of what a sequencer stamps, under a policy with a quorum and without one, and that the record takes it.
 */
#include "fixture/fixture.h"
#include "fixture/system.h"
#include "ledger/sequencer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TIMES(...) ((const ls_time[FIXTURE_COSIGNERS]){__VA_ARGS__})

typedef struct place {
    fixture f;
    char folder[100];
    ls_store *store;
    ls_secret *seed;
    ls_sequencer *sequencer;
    ls_time clock; /* the host's: nobody should believe it */
} place;

static ls_result host_clock(void *context, ls_time *out, ls_detail *detail)
{
    (void)detail;
    *out = ((const place *)context)->clock;
    return LS_SUCCESS;
}

static ls_result take_entry(void *context, uint64_t index, ls_bytes note)
{
    (void)index;
    fixture_append(context, note);
    return LS_SUCCESS;
}

/* The fixture's record gets what the ledger has and it lacks: it must accept all of it. */
static void follow(place *p)
{
    const ls_record *r = ls_sequencer_record(p->sequencer);
    assert_null(
        p->store->methods->read(p->store, ls_record_size(p->f.record), ls_record_size(r), take_entry, &p->f, NULL)
            .fault);
}

static ls_result try_submit(place *p, ls_bytes note, ls_detail *detail)
{
    struct ls_submitted_file file[64];
    for (size_t i = 0; i < p->f.attachment_count; i++) {
        file[i] = (struct ls_submitted_file){.hash = p->f.attachment[i].hash, .content = p->f.attachment[i].content};
    }
    ls_sequencer_item item = {.submission = {note, p->f.attachment_count, file}};
    ls_sequencer_item *items[] = {&item};
    assert_null(ls_sequencer_submit(p->sequencer, items, 1, NULL).fault);
    *detail = item.outcome.detail;
    return item.outcome.result;
}

static void submit(place *p, ls_bytes note)
{
    ls_detail detail;
    ls_result r = try_submit(p, note, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    follow(p);
}

/* A process that is no exercise, with its charter on the record. */
static int begin(void **state, bool watched, ls_time rok_lives)
{
    place *p = calloc(1, sizeof *p);
    uint64_t epoch = 0;
    fixture_open_watched(&p->f, true);
    p->f.watched = watched;
    p->f.rok_until = rok_lives == 0 ? 0 : p->f.now + rok_lives;
    p->clock = watched ? p->f.now + 1000000 : p->f.now;
    system_folder(p->folder, sizeof p->folder);
    p->seed = ls_secret_from(p->f.ledger.secret); /* an Ed25519 secret key begins with its seed */
    assert_non_null(p->seed);
    assert_null(ls_store_sqlite(p->folder, true, &p->store, NULL).fault);
    assert_null(
        ls_sequencer_new(p->store, &p->f.ledger.vkey, p->seed, (ls_ledger_clock){host_clock, p}, &p->sequencer).fault);
    assert_null(p->store->methods->lead(p->store, ls_bytes_str("test"), 60, &epoch, NULL).fault);
    assert_null(ls_sequencer_bring_up(p->sequencer, epoch, NULL).fault);
    submit(p, fixture_charter(&p->f));
    *state = p;
    return 0;
}

static int set_up(void **state)
{
    return begin(state, true, 0);
}

static int set_up_unwatched(void **state)
{
    return begin(state, false, 0);
}

static int set_up_ending(void **state)
{
    return begin(state, false, 100);
}

static int tear_down(void **state)
{
    place *p = *state;
    ls_sequencer_free(p->sequencer);
    p->store->methods->close(p->store);
    ls_secret_free(p->seed);
    fixture_close(&p->f);
    system_remove(p->folder);
    free(p);
    return 0;
}

static bool cosigned(place *p, const ls_time time[static FIXTURE_COSIGNERS])
{
    bool final;
    ls_detail detail = {0};
    ls_result r = ls_sequencer_cosigned(p->sequencer, fixture_cosigned(&p->f, time), &final, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    return final;
}

static void a_stamp_follows_a_quorum(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    assert_null(ls_sequencer_tick(p->sequencer, NULL).fault);
    assert_int_equal(ls_record_size(ls_sequencer_record(p->sequencer)), 1);
    assert_false(cosigned(p, TIMES(now, 0, 0)));
    assert_int_equal(ls_record_size(ls_sequencer_record(p->sequencer)), 1);
    assert_true(cosigned(p, TIMES(0, now + 5, 0)));
    assert_int_equal(ls_record_size(ls_sequencer_record(p->sequencer)), 2);
    follow(p);
    assert_int_equal(ls_record_time(p->f.record), now + 5); /* not the host's clock */
    assert_int_equal(ls_record_at(p->f.record, 0).time, now + 5);
}

/* Cosignatures that come late, of an earlier time, move no time back. */
static void time_never_goes_back(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    assert_true(cosigned(p, TIMES(now + 100, now + 100, 0)));
    follow(p);
    submit(p, fixture_accord(&p->f));
    assert_true(cosigned(p, TIMES(now, 0, now + 50)));
    follow(p);
    assert_int_equal(ls_record_size(p->f.record), 4);
    assert_int_equal(ls_record_time(p->f.record), now + 100);
}

/* Nobody acts: the checkpoint that is final is cosigned again, and silence has a clock. */
static void silence_has_a_clock(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    bool final;
    assert_true(cosigned(p, TIMES(now, now, 0)));
    follow(p);
    ls_bytes same = fixture_cosigned(&p->f, TIMES(now + 10, now + 10, 0));
    assert_null(ls_sequencer_cosigned(p->sequencer, same, &final, NULL).fault);
    follow(p);
    uint64_t before = ls_record_size(p->f.record);
    /* One alone moves nothing, although another had cosigned it long ago. */
    same = fixture_cosigned(&p->f, TIMES(now + 86500, 0, 0));
    assert_null(ls_sequencer_cosigned(p->sequencer, same, &final, NULL).fault);
    follow(p);
    assert_int_equal(ls_record_size(p->f.record), before);
    same = fixture_cosigned(&p->f, TIMES(0, now + 86490, 0));
    assert_null(ls_sequencer_cosigned(p->sequencer, same, &final, NULL).fault);
    follow(p);
    assert_int_equal(ls_record_size(p->f.record), before + 1);
    assert_int_equal(ls_record_time(p->f.record), now + 86490);
}

/* Whoever brings old cosignatures of the final checkpoint again takes no younger ones away. */
static void silence_is_not_prolonged_by_old_cosignatures(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    bool final;
    assert_true(cosigned(p, TIMES(now, now, now)));
    follow(p);
    const ls_bytes old = fixture_cosigned(&p->f, TIMES(now, now, now));
    const ls_bytes young[] = {fixture_cosigned(&p->f, TIMES(now + 86500, 0, 0)),
                              fixture_cosigned(&p->f, TIMES(0, now + 86490, 0))};
    for (size_t i = 0; i < 2; i++) {
        assert_null(ls_sequencer_cosigned(p->sequencer, old, &final, NULL).fault);
        assert_null(ls_sequencer_cosigned(p->sequencer, young[i], &final, NULL).fault);
    }
    follow(p);
    assert_int_equal(ls_record_time(p->f.record), now + 86490);
}

/* Without cosigners the host's clock counts, as far as it is to be believed. */

#define DAY 86400 /* the fixture's stamp interval */
#define YEARS (80ll * 366 * DAY)

static void tick(place *p, ls_time clock)
{
    p->clock = clock;
    assert_null(ls_sequencer_tick(p->sequencer, NULL).fault);
    follow(p);
}

static void without_cosigners_the_hosts_clock_stamps(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    tick(p, now + 5);
    assert_int_equal(ls_record_size(p->f.record), 2);
    assert_int_equal(ls_record_time(p->f.record), now + 5);
    tick(p, now + DAY);
    assert_int_equal(ls_record_size(p->f.record), 2);
    tick(p, now + 5 + 2 * DAY);
    assert_int_equal(ls_record_size(p->f.record), 3);
    assert_int_equal(ls_record_time(p->f.record), now + 5 + 2 * DAY);
}

static void a_clock_that_leaps_stops_nothing_for_years(void **state)
{
    place *p = *state;
    ls_detail detail;
    ls_time now = p->f.now;
    tick(p, now);
    tick(p, now + YEARS);
    assert_int_equal(ls_record_size(p->f.record), 2);
    assert_ptr_equal(try_submit(p, fixture_accord(&p->f), &detail).fault, &ls_fault_refused);
    assert_non_null(strstr(detail.text, "lapsed"));
    tick(p, now + 2 * DAY + 1); /* more than silence alone may claim */
    assert_int_equal(ls_record_size(p->f.record), 2);
    tick(p, now + 60);
    submit(p, fixture_accord(&p->f));
    tick(p, now + 120);
    assert_int_equal(ls_record_time(p->f.record), now + 120);
}

/* An act that waits for its stamp vouches for the clock until it lapses, and no further. */
static void an_act_vouches_for_the_clock(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    tick(p, now);
    p->clock = p->f.now = now + 20 * DAY;
    submit(p, fixture_accord(&p->f)); /* open for 30 days */
    tick(p, now + 20 * DAY + 1);
    assert_int_equal(ls_record_time(p->f.record), now + 20 * DAY + 1);
    submit(p, fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises")); /* lives for 7 days */
    tick(p, now + YEARS);
    assert_int_equal(ls_record_time(p->f.record), now + 27 * DAY);
    assert_false(ls_record_at(p->f.record, ls_record_size(p->f.record) - 2).lapsed);
    tick(p, now + YEARS + DAY);
    assert_int_equal(ls_record_time(p->f.record), now + 27 * DAY);
}

static ls_bytes suspend(place *p)
{
    ls_act_draft d;
    char accord[LS_HEX_HASH_SIZE];
    fixture_draft(&p->f, FIXTURE_ROK, "suspend", &d);
    ls_hash_format(&p->f.accord, accord);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
    ls_buf_put_str(&d.text, "An incident.\n");
    return fixture_finish(&p->f, &d);
}

/* The policy that judges a checkpoint is the one before the amendment until a stamp covers it: for the host, too. */
static void a_quorum_may_come_and_go(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    tick(p, now);
    p->f.watched = true;
    submit(p, fixture_amend(&p->f));
    tick(p, now + 10);
    assert_int_equal(ls_record_time(p->f.record), now + 10);
    submit(p, fixture_accord(&p->f));
    tick(p, now + 20); /* by the host's clock no longer */
    assert_int_equal(ls_record_time(p->f.record), now + 10);
    assert_true(cosigned(p, TIMES(now + 15, 0, now + 16)));
    follow(p);
    assert_int_equal(ls_record_time(p->f.record), now + 16);
    p->f.watched = false;
    submit(p, fixture_amend(&p->f));
    tick(p, now + 30);
    assert_int_equal(ls_record_time(p->f.record), now + 16);
    assert_true(cosigned(p, TIMES(now + 35, 0, now + 36)));
    follow(p);
    assert_int_equal(ls_record_time(p->f.record), now + 36);
    submit(p, suspend(p));
    tick(p, now + 40);
    assert_int_equal(ls_record_time(p->f.record), now + 40);
}

/* Signatures that were found good before the batch: its own stamp may be what ends a key. */
static void a_stamp_of_the_batch_ends_a_key(void **state)
{
    place *p = *state;
    ls_time now = p->f.now;
    tick(p, now);
    submit(p, fixture_accord(&p->f));
    ls_sequencer_item item = {.submission = {.note = suspend(p)},
                              .verified = true,
                              .keys_version = ls_record_keys_version(ls_sequencer_record(p->sequencer))};
    ls_sequencer_item *items[] = {&item};
    p->clock = now + 101;
    assert_null(ls_sequencer_submit(p->sequencer, items, 1, NULL).fault);
    assert_int_equal(ls_record_time(ls_sequencer_record(p->sequencer)), now + 101);
    assert_ptr_equal(item.outcome.result.fault, &ls_fault_refused);
    assert_non_null(strstr(item.outcome.detail.text, "has ended"));
    follow(p); /* which takes no act by such a key */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define UNWATCHED(f) cmocka_unit_test_setup_teardown(f, set_up_unwatched, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stamp_follows_a_quorum),
        TEST(time_never_goes_back),
        TEST(silence_has_a_clock),
        TEST(silence_is_not_prolonged_by_old_cosignatures),
        UNWATCHED(without_cosigners_the_hosts_clock_stamps),
        UNWATCHED(a_clock_that_leaps_stops_nothing_for_years),
        cmocka_unit_test_setup_teardown(a_stamp_of_the_batch_ends_a_key, set_up_ending, tear_down),
        UNWATCHED(a_quorum_may_come_and_go),
        UNWATCHED(an_act_vouches_for_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
