/*
 * Tests of private intersection without memory: whichever allocation fails, that is what is said, nothing is given out,
 * and the same call works when there is memory again. Linked with --wrap, so that allocations of the library come by
 * here; threads of the library allocate nothing.
 */
#include "failing_memory.h"
#include "psi/options.h"
#include "psi/ranking.h"
#include "psi_world.h"

/* What is tried: a call that takes an arena, and which of the world's sides it is about. */
typedef ls_result attempt(ls_arena *arena, world *w, ls_buf *out);

static ls_result try_offer(ls_arena *arena, world *w, ls_buf *out)
{
    side *s = &w->side[0];
    (void)arena;
    return ls_psi_offer(&w->run, 0, w->option, s->chosen, w->list, &s->secret, out, s->order, NULL);
}

static ls_result try_set(ls_arena *arena, world *w, ls_buf *out)
{
    ls_psi_set set, untouched;
    memset(&set, 0xa5, sizeof set);
    untouched = set;
    ls_result r = ls_psi_set_parse(arena, &w->run, 1, ls_buf_bytes(&w->side[1].offer), NULL, &set, NULL);
    assert_true(ls_succeeded(r) || memcmp(&set, &untouched, sizeof set) == 0);
    (void)out;
    return r;
}

static ls_result try_return(ls_arena *arena, world *w, ls_buf *out)
{
    side *s = &w->side[0];
    return ls_psi_return(arena, &w->run, &s->secret, &s->own, &s->theirs, out, NULL);
}

static ls_result try_returned(ls_arena *arena, world *w, ls_buf *out)
{
    side *s = &w->side[0];
    ls_psi_returned got;
    (void)out;
    return ls_psi_returned_parse(arena, &w->run, &s->theirs, &s->own, ls_buf_bytes(&w->side[1].back), &got, NULL);
}

static ls_result try_match(ls_arena *arena, world *w, ls_buf *out)
{
    side *s = &w->side[0];
    uint32_t common[LIST_MAX], count;
    (void)out;
    return ls_psi_match(arena, &s->got, &s->made, s->order, common, &count);
}

static ls_result try_disclosed(ls_arena *arena, world *w, ls_buf *out)
{
    side *s = &w->side[0];
    uint8_t chosen[LIST_MAX];
    uint32_t strange;
    (void)out;
    return ls_psi_disclosed(arena, &w->run, &s->own, s->secret.scalar, w->option, w->list, chosen, NULL, &strange,
                            NULL);
}

static const ls_psi_option options[] = {
    {.date = {(const uint8_t *)"2019-02-27", 10}, .place = {(const uint8_t *)"Hanoi", 5}},
    {.date = {(const uint8_t *)"2019-02-28", 10}, .place = {(const uint8_t *)"Da Nang", 7}},
};

static ls_result try_options_write(ls_arena *arena, world *w, ls_buf *out)
{
    (void)arena;
    (void)w;
    return ls_psi_options_write(options, 2, out, NULL);
}

static ls_result try_options(ls_arena *arena, world *w, ls_buf *out)
{
    ls_psi_options o;
    (void)w;
    (void)out;
    return ls_psi_options_parse(arena,
                                ls_bytes_str("{\"options\":[{\"date\":\"2019-02-27\",\"place\":\"Hanoi\"},"
                                             "{\"date\":\"2019-02-28\",\"place\":\"Hanoi\"}]}"),
                                &o, NULL);
}

static ls_result try_ranking(ls_arena *arena, world *w, ls_buf *out)
{
    static const uint32_t common[] = {1, 5}, ranking[] = {5, 1};
    static const uint8_t salt[LS_PSI_SALT_SIZE];
    uint32_t read[2];
    ls_psi_choice choice;
    ls_buf message = {0};
    (void)arena;
    ls_result r = ls_psi_ranking_write(&w->run, 0, salt, ranking, 2, &message);
    if (ls_succeeded(r)) {
        r = ls_psi_ranking_parse(&w->run, 0, common, 2, ls_buf_bytes(&message), NULL, read, NULL);
    }
    if (ls_succeeded(r)) {
        r = ls_psi_choose(LS_PSI_BORDA, common, 2, ranking, common, &choice, NULL);
    }
    ls_buf_free(&message);
    (void)out;
    return r;
}

/* Makes every allocation of the call fail once, until it takes no more. */
static void check_attempt(attempt *call, world *w)
{
    size_t count = 0;
    for (;; count++) {
        ls_arena arena = {0};
        ls_buf out = {0};
        failed = false;
        next_fails = count;
        ls_result r = call(&arena, w, &out);
        next_fails = SIZE_MAX;
        bool done = !failed;
        assert_ptr_equal(r.fault, done ? NULL : &ls_fault_memory);
        assert_true(done || out.len == 0);
        ls_arena_free(&arena);
        ls_buf_free(&out);
        if (done) {
            break;
        }
    }
    assert_true(count > 0);
}

static void test_without_memory(void **state)
{
    (void)state;
    static attempt *const calls[] = {try_offer, try_set,       try_return,        try_returned,
                                     try_match, try_disclosed, try_options_write, try_ranking};
    world *w = new_world(200, 1);
    uint64_t random = 1;
    choose_at_random(w, &random, 8);
    play(w);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        check_attempt(calls[i], w);
    }
    free_world(w);
}

/* jansson allocates, too, and says itself when it can't: any fault will do. */
static void test_options_without_memory(void **state)
{
    (void)state;
    for (size_t count = 0;; count++) {
        ls_arena arena = {0};
        failed = false;
        next_fails = count;
        ls_result r = try_options(&arena, NULL, NULL);
        next_fails = SIZE_MAX;
        ls_arena_free(&arena);
        assert_int_equal(ls_failed(r), failed);
        if (!failed) {
            assert_true(count > 0);
            break;
        }
    }
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_memory),
        cmocka_unit_test(test_options_without_memory),
    };
    return cmocka_run_group_tests_name("psi_memory", tests, set_up, NULL);
}
