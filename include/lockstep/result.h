/*
 * Results: how every function of Lockstep says that it failed.
 *
 * A function that can fail returns ls_result, which the compiler does not let a caller ignore. A failure is a pointer
 * to a static ls_fault: a class (which decides the exit code), a code for programs and a sentence for people. What is
 * particular to one occurrence (file, line, value) goes into an ls_detail that the caller owns and may leave out.
 *
 * The library never prints, never exits and never logs. Outputs are untouched when a function fails.
 */
#ifndef LOCKSTEP_RESULT_H
#define LOCKSTEP_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__has_c_attribute)
#if __has_c_attribute(nodiscard)
#define LS_MUST_USE [[nodiscard]]
#endif
#endif
#ifndef LS_MUST_USE
#define LS_MUST_USE
#endif

/* The class of a fault is also the exit code of the command that met it. */
typedef enum ls_class {
    LS_CLASS_INVALID = 1,     /* checked, and not valid; malformed evidence included */
    LS_CLASS_USAGE = 2,       /* what the caller gave can't be used */
    LS_CLASS_ENVIRONMENT = 3, /* disk, permissions, memory, a missing file */
    LS_CLASS_BUG = 4          /* something that can't happen did */
} ls_class;

typedef struct ls_fault {
    ls_class class;
    const char *code;     /* stable, for programs: "note-malformed" */
    const char *sentence; /* for people, without a final full stop */
} ls_fault;

typedef struct LS_MUST_USE ls_result {
    const ls_fault *fault; /* NULL: success */
} ls_result;

#define LS_SUCCESS ((ls_result){NULL})

static inline ls_result ls_fail(const ls_fault *fault)
{
    return (ls_result){fault};
}

static inline bool ls_failed(ls_result r)
{
    return r.fault != NULL;
}

static inline bool ls_succeeded(ls_result r)
{
    return r.fault == NULL;
}

/* Returns the result of expr from the enclosing function if it failed. */
#define LS_TRY(expr)                                                                                                   \
    do {                                                                                                               \
        ls_result ls_try_ = (expr);                                                                                    \
        if (ls_failed(ls_try_)) {                                                                                      \
            return ls_try_;                                                                                            \
        }                                                                                                              \
    } while (0)

/* What is particular to one failure. All strings are NUL-terminated and cut to fit; secrets never go in here. */
typedef struct ls_detail {
    char file[256];        /* the file at fault, or "" */
    unsigned line, column; /* from 1; 0: not known */
    char text[512];        /* what is wrong, more exactly than the fault's sentence, or "" */
    char hint[512];        /* what would mend it: a likely cause, or a command that works, or "" */
} ls_detail;

/* Sets detail->text (detail may be NULL). Returns ls_fail(fault), so that a caller can write `return ls_fail_with(…)`.
 */
ls_result ls_fail_with(const ls_fault *fault, ls_detail *detail, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets detail->hint (detail may be NULL). */
void ls_hint(ls_detail *detail, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Faults that any module may return; the others stand in the header of the module that returns them. */
extern const ls_fault ls_fault_memory; /* environment: no memory left, or a buffer's limit reached */
extern const ls_fault ls_fault_bug;    /* bug: an invariant is broken */
extern const ls_fault ls_fault_usage;  /* usage: an argument that can't be used */

#endif
