#include "ledger/verifying.h"
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS_MAX 64
#define PORTION 16 /* signatures taken at once: some hundred microseconds */

struct ls_verifying {
    size_t threads;
    pthread_t thread[THREADS_MAX];
    pthread_mutex_t lock;      /* of all that follows */
    pthread_cond_t work, done; /* there is something to take; all that was taken is verified */
    const ls_pending_signature *list;
    size_t count, taken, verified, bad;
    bool stop;
};

/* Under the lock, which is given away while it works. False if nothing was left to take. */
static bool work_on_portion(ls_verifying *v)
{
    size_t from = v->taken, to = v->count - from < PORTION ? v->count : from + PORTION;
    if (from == to) {
        return false;
    }
    const ls_pending_signature *list = v->list;
    v->taken = to;
    pthread_mutex_unlock(&v->lock);
    size_t bad = from;
    while (bad < to && ls_succeeded(ls_pending_verify(&list[bad]))) {
        bad++;
    }
    pthread_mutex_lock(&v->lock);
    v->bad = bad < to && bad < v->bad ? bad : v->bad;
    v->verified += to - from;
    if (v->verified == v->count) {
        pthread_cond_broadcast(&v->done);
    }
    return true;
}

static void *run(void *context)
{
    ls_verifying *v = context;
    pthread_mutex_lock(&v->lock);
    while (!v->stop) {
        if (!work_on_portion(v)) {
            pthread_cond_wait(&v->work, &v->lock);
        }
    }
    pthread_mutex_unlock(&v->lock);
    return NULL;
}

ls_result ls_verifying_new(ls_verifying **out)
{
    ls_verifying *v = calloc(1, sizeof *v);
    if (v == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    pthread_mutex_init(&v->lock, NULL);
    pthread_cond_init(&v->work, NULL);
    pthread_cond_init(&v->done, NULL);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = processors > 1 ? (size_t)processors : 0;
    /* As many as there are: while the caller waits for its disk, or for them, no processor does nothing. */
    while (v->threads < wanted && v->threads < THREADS_MAX &&
           pthread_create(&v->thread[v->threads], NULL, run, v) == 0) {
        v->threads++;
    }
    *out = v;
    return LS_SUCCESS;
}

void ls_verifying_free(ls_verifying *v)
{
    if (v == NULL) {
        return;
    }
    pthread_mutex_lock(&v->lock);
    v->stop = true;
    pthread_cond_broadcast(&v->work);
    pthread_mutex_unlock(&v->lock);
    for (size_t i = 0; i < v->threads; i++) {
        pthread_join(v->thread[i], NULL);
    }
    pthread_mutex_destroy(&v->lock);
    pthread_cond_destroy(&v->work);
    pthread_cond_destroy(&v->done);
    free(v);
}

void ls_verifying_start(ls_verifying *v, const ls_pending_signature *list, size_t count)
{
    pthread_mutex_lock(&v->lock);
    v->list = list;
    v->count = v->bad = count;
    v->taken = v->verified = 0;
    pthread_cond_broadcast(&v->work);
    pthread_mutex_unlock(&v->lock);
}

size_t ls_verifying_finish(ls_verifying *v)
{
    pthread_mutex_lock(&v->lock);
    while (work_on_portion(v)) {
    }
    while (v->verified < v->count) {
        pthread_cond_wait(&v->done, &v->lock);
    }
    size_t bad = v->bad;
    pthread_mutex_unlock(&v->lock);
    return bad;
}
