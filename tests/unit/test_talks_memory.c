/* The state of talks and of searches without memory: whichever allocation fails, that is what is said, and nothing
 * else. */
#include "failing_memory.h"
#include "talks/schedule.h"
#include "talks_story.h"

static void tell(talking *x)
{
    says(x, 0, "usa letter to dprk");
    says(x, 0, "dprk propose to usa until 10");
    says(x, 1, "usa accept about 2");
    says(x, 1, "usa meet to dprk name hanoi due 20 until 9");
    says(x, 2, "dprk accept about 4");
    says(x, 3, "usa defer about 4 due 30");
    says(x, 4, "usa group to dprk name experts");
    says(x, 5, "dprk enlist about 7");
    says(x, 5, "dprk agenda about 7 name mines");
    says(x, 6, "dprk pledge name yongbyon until 40");
    says(x, 6, "usa debrief to rok about 4");
    says(x, 7, "usa schedule to dprk until 17");
    x->facts.count = x->count;
    x->query = (ls_talks_query){8 * DAY, 8 * DAY, &x->charter, &x->facts};
}

static ls_result work_out(const talking *x, ls_arena *arena)
{
    ls_talks_state state;
    ls_talks_duty *duty;
    ls_schedule_state *search;
    ls_schedule_duty *step;
    size_t duties, searches, steps;
    LS_TRY(ls_talks_eval(&x->query, arena, &state));
    LS_TRY(ls_talks_duties(&x->query, &state, arena, &duty, &duties));
    LS_TRY(ls_schedules_eval(&x->query, arena, &search, &searches));
    LS_TRY(ls_schedule_duties(search, searches, arena, &step, &steps));
    assert_int_equal(state.letter_count + state.proposal_count + state.meeting_count + state.group_count, 4);
    assert_int_equal(searches, 1);
    assert_true(duties > 0 && steps == 2);
    return LS_SUCCESS;
}

static void test_each_allocation_fails_once(void **state)
{
    (void)state;
    talking *x = talking_begin();
    tell(x);
    size_t n = 0;
    for (failed = true; failed; n++) {
        ls_arena arena = {0};
        failed = false;
        next_fails = n;
        ls_result r = work_out(x, &arena);
        next_fails = SIZE_MAX;
        assert_ptr_equal(r.fault, failed ? &ls_fault_memory : NULL);
        ls_arena_free(&arena);
    }
    assert_true(n > 2);
    talking_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
