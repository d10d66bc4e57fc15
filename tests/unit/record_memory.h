/* What tests of records without memory share. */
#ifndef LS_TESTS_RECORD_MEMORY_H
#define LS_TESTS_RECORD_MEMORY_H

#include "failing_memory.h"
#include "record_acts.h"

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
