/* A program that dies leaves no picture of its memory behind. */
#include "os/os.h"
#include <sys/resource.h>

/* The kernel hands no dump to another program, either, where the limit is one byte. */
void ls_core_forbid(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max > 1) {
        limit.rlim_cur = limit.rlim_max = 1;
        (void)setrlimit(RLIMIT_CORE, &limit);
    }
}
