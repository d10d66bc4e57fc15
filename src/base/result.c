/* Faults that any module may return, and the details of one failure. */
#include <lockstep/result.h>
#include <stdarg.h>
#include <stdio.h>

const ls_fault ls_fault_memory = {LS_CLASS_ENVIRONMENT, "memory", "no memory left"};
const ls_fault ls_fault_bug = {LS_CLASS_BUG, "bug", "something happened that can't: a fault in this program"};
const ls_fault ls_fault_usage = {LS_CLASS_USAGE, "usage", "an argument can't be used"};

ls_result ls_fail_with(const ls_fault *fault, ls_detail *detail, const char *format, ...)
{
    if (detail != NULL) {
        va_list args;
        va_start(args, format);
        vsnprintf(detail->text, sizeof detail->text, format, args);
        va_end(args);
    }
    return ls_fail(fault);
}

void ls_hint(ls_detail *detail, const char *format, ...)
{
    if (detail != NULL) {
        va_list args;
        va_start(args, format);
        vsnprintf(detail->hint, sizeof detail->hint, format, args);
        va_end(args);
    }
}
