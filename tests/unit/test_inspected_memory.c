/*
 * Tests of a record that gets no memory: whichever allocation fails, the act is refused for that reason alone, the
 * record is as it was, and takes the act afterwards. Linked with --wrap, so that allocations of the library come by
 * here.
 */
#include "inspected_world.h"

#define SEQUENCES 6
#define STEPS 250

/* The allocation that fails: the n-th from now on; SIZE_MAX: none. */
static size_t next_fails = SIZE_MAX;
static bool failed;

static bool fails(void)
{
    if (next_fails == SIZE_MAX || next_fails-- > 0) {
        return false;
    }
    next_fails = SIZE_MAX;
    failed = true;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void *__wrap_reallocarray(void *ptr, size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return fails() ? NULL : __real_realloc(ptr, size);
}

void *__wrap_reallocarray(void *ptr, size_t count, size_t size)
{
    return fails() ? NULL : __real_reallocarray(ptr, count, size);
}

/* Appends, after every allocation that it takes has failed once; how many those were. */
static size_t append_at_last(ls_record *r, ls_bytes note)
{
    ls_buf before = snapshot(r);
    for (size_t n = 0;; n++) {
        ls_detail detail = {0};
        failed = false;
        next_fails = n;
        ls_result result = ls_record_append(r, note, LS_CHECK_TRUSTED, &detail);
        next_fails = SIZE_MAX;
        if (!failed) {
            assert_null(result.fault);
            ls_buf_free(&before);
            return n;
        }
        if (result.fault != &ls_fault_memory) {
            ls_act act = parsed(note);
            fail_msg("allocation %zu of a %.*s failed as %s: %s", n, (int)act.kind.len, act.kind.ptr,
                     result.fault == NULL ? "nothing" : result.fault->code, detail.text);
        }
        ls_buf after = snapshot(r);
        assert_int_equal(before.len, after.len);
        assert_memory_equal(before.ptr, after.ptr, before.len);
        ls_buf_free(&after);
    }
}

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
