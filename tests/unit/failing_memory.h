/* What tests of allocations that fail share; linked with --wrap, so that allocations of the library come by here. */
#ifndef LS_TESTS_FAILING_MEMORY_H
#define LS_TESTS_FAILING_MEMORY_H

#include "record_acts.h"

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
static inline size_t append_at_last(ls_record *r, ls_bytes note)
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

#endif
