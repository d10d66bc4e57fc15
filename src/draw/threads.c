/* Work on all processors. */
#include "draw/together.h"
#include <pthread.h>
#include <unistd.h>

#define THREADS_MAX 64

struct ls_draw_lock {
    pthread_mutex_t mutex;
};

typedef struct job {
    ls_draw_work *work;
    void *context;
    ls_draw_lock lock;
} job;

void ls_draw_lock_take(ls_draw_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

void ls_draw_lock_leave(ls_draw_lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}

static void *run(void *context)
{
    job *j = context;
    j->work(j->context, &j->lock, false);
    return NULL;
}

/* The caller's thread works, too: where no other can be had, all works the same. */
void ls_draw_together(ls_draw_work *work, void *context, bool many)
{
    job j = {.work = work, .context = context};
    pthread_t thread[THREADS_MAX];
    long processors = many ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
    size_t wanted = processors > 1 ? (size_t)processors - 1 : 0, started = 0;
    pthread_mutex_init(&j.lock.mutex, NULL);
    while (started < wanted && started < THREADS_MAX && pthread_create(&thread[started], NULL, run, &j) == 0) {
        started++;
    }
    work(context, &j.lock, true);
    for (size_t i = 0; i < started; i++) {
        pthread_join(thread[i], NULL);
    }
    pthread_mutex_destroy(&j.lock.mutex);
}
