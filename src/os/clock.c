#include "os/os.h"
#include <errno.h>
#include <time.h>

ls_time ls_clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

double ls_clock_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void ls_condition_init(pthread_cond_t *c)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(c, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool ls_condition_wait(pthread_cond_t *c, pthread_mutex_t *lock, double seconds)
{
    const long second = 1000000000;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    long nanoseconds = until.tv_nsec + (long)((seconds - (double)(time_t)seconds) * (double)second);
    until.tv_sec += (time_t)seconds + nanoseconds / second;
    until.tv_nsec = nanoseconds % second;
    return pthread_cond_timedwait(c, lock, &until) == ETIMEDOUT;
}
