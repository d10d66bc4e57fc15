/* Threads take portions until none is left. */
#include "psi/parallel.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define THREADS_MAX 64

typedef struct job {
    size_t count, portion;
    ls_psi_work *work;
    void *context;
    atomic_size_t taken;
} job;

static void *run(void *context)
{
    job *j = context;
    for (size_t first; (first = atomic_fetch_add(&j->taken, j->portion)) < j->count;) {
        j->work(j->context, first, j->count - first < j->portion ? j->count : first + j->portion);
    }
    return NULL;
}

void ls_psi_parallel(size_t count, size_t portion, ls_psi_work *work, void *context)
{
    job j = {.count = count, .portion = portion, .work = work, .context = context};
    pthread_t thread[THREADS_MAX];
    size_t portions = (count + portion - 1) / portion, started = 0;
    long processors = portions > 1 ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
    size_t wanted = processors > 1 ? (size_t)processors - 1 : 0;
    if (wanted > portions - 1) {
        wanted = portions - 1;
    }
    while (started < wanted && started < THREADS_MAX && pthread_create(&thread[started], NULL, run, &j) == 0) {
        started++;
    }
    run(&j);
    for (size_t i = 0; i < started; i++) {
        pthread_join(thread[i], NULL);
    }
}
