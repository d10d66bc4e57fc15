/*
 * Tests of acts about inspections in whatever order: each is accepted where the model says so and nowhere else, a
 * refusal changes nothing, and what was accepted gives the same record again.
 */
#include "inspected_world.h"
#include "sequences.h"

#define STEPS_ALL 100000 /* LOCKSTEP_SEQUENCES: another number */
#define STEPS 440        /* of one sequence */

/* Everything that was accepted, once more. */
static void replay(world *w)
{
    ls_record *again;
    assert_null(ls_record_new((ls_fetch){fixture_fetch, &w->f}, &again).fault);
    for (uint64_t i = 0; i < ls_record_size(w->f.record); i++) {
        assert_null(ls_record_append(again, w->note[i], LS_CHECK_TRUSTED, NULL).fault);
    }
    ls_buf first = snapshot(w->f.record), second = snapshot(again);
    same(&first, &second);
    ls_record_free(again);
}

static void compare_effects(const world *w)
{
    for (int i = 0; i < w->m.count; i++) {
        assert_int_equal(ls_record_at(w->f.record, (uint64_t)i).lapsed, w->m.entry[i].lapsed);
    }
}

static void test_whatever_comes(void **state)
{
    size_t accepted[K_SAID] = {0}, refused[K_SAID] = {0};
    uint64_t sequences = sequences_of(STEPS_ALL) / STEPS;
    (void)state;
    for (uint64_t seed = 0; seed < sequences; seed++) {
        world *w = calloc(1, sizeof *w);
        assert_non_null(w);
        begin(w, seed);
        for (size_t i = 0; i < STEPS; i++) {
            take_step(w);
        }
        compare_effects(w);
        replay(w);
        for (size_t k = 0; k < K_SAID; k++) {
            accepted[k] += w->accepted[k];
            refused[k] += w->refused[k];
        }
        fixture_close(&w->f);
        free(w);
    }
    /* Sequences that try too little of something show nothing about it. */
    for (size_t k = 0; k < K_SAID; k++) {
        print_message("%s: %zu accepted, %zu refused\n", kind_names[k], accepted[k], refused[k]);
        assert_true(accepted[k] >= sequences / 4 && refused[k] >= sequences / 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whatever_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
