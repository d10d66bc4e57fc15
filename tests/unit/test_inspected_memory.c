/*
 * Tests of a record that gets no memory: whichever allocation fails, the act is refused for that reason alone, the
 * record is as it was, and takes the act afterwards. Linked with --wrap, so that allocations of the library come by
 * here.
 */
#include "inspected_world.h"
#include "record_memory.h"

#define SEQUENCES 6
#define STEPS 250

static void test_every_allocation_fails_once(void **state)
{
    size_t failures = 0;
    (void)state;
    for (uint64_t seed = 1000; seed < 1000 + SEQUENCES; seed++) {
        world *w = calloc(1, sizeof *w);
        assert_non_null(w);
        begin(w, seed);
        for (size_t i = 0; i < STEPS; i++) {
            take_step(w);
        }
        ls_record *again;
        assert_null(ls_record_new((ls_fetch){fixture_fetch, &w->f}, &again).fault);
        for (uint64_t i = 0; i < ls_record_size(w->f.record); i++) {
            failures += append_at_last(again, w->note[i]);
        }
        ls_buf first = snapshot(w->f.record), second = snapshot(again);
        same(&first, &second);
        ls_record_free(again);
        fixture_close(&w->f);
        free(w);
    }
    print_message("%zu allocations failed\n", failures);
    assert_true(failures > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
