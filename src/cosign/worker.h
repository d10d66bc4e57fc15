/* A thread of a cosigner, and the requests that wait for it. */
#ifndef LS_COSIGN_WORKER_H
#define LS_COSIGN_WORKER_H

#include "cosign/follow.h"
#include "cosign/service.h"
#include "http/http.h"
#include <pthread.h>
#include <stdatomic.h>

typedef enum ls_cosign_job_kind { LS_JOB_CHECKPOINT, LS_JOB_RECEIPT, LS_JOB_READ } ls_cosign_job_kind;

typedef struct ls_cosign_job {
    struct ls_cosign_job *next;
    ls_cosign_job_kind kind;
    ls_http_exchange *x;
    const ls_http_request *request; /* lives until it is answered */
} ls_cosign_job;

typedef struct ls_cosign_counts {
    atomic_ullong cosigned, refused, receipts;
} ls_cosign_counts;

typedef struct ls_worker {
    ls_cosign_service *service;
    pthread_t thread;
    bool runs;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    ls_cosign_job *first, **last;
    size_t queued;
    bool stopping;

    /* Of a process that is followed; else all empty. */
    ls_cosign_source source;
    ls_ledger *ledger;
    ls_follow *follow;
    ls_buf undelivered; /* a checkpoint with our cosignature that the host may not have */
    double next_look;
    uint64_t asked; /* the size that was last asked for */
    bool looked;    /* at the host, at least once */
    char said[512]; /* about the host, last */

    /* What other threads may read, under the lock. */
    char origin[LS_KEY_NAME_MAX + 1]; /* in force; empty: not known yet */
    uint64_t size;                    /* of the replica */
    size_t waiting;                   /* acts with receipts */
    atomic_ullong looks, failures;    /* at the host: that succeeded, and that failed; these without it */
} ls_worker;

struct ls_cosign_service {
    ls_cosign_options o;
    ls_http_server *http;
    atomic_bool started;
    ls_arena arena;
    ls_worker *worker; /* the first is for everything but processes that are followed */
    size_t count;
    ls_cosign_counts counts;
    pthread_mutex_t lock_events;
};

/* The body of a worker's thread. */
void *ls_worker_run(void *worker);
/* Puts a job into the queue; false if there is no room. */
bool ls_worker_queue(ls_worker *w, ls_cosign_job_kind kind, ls_http_exchange *x, const ls_http_request *request);
void ls_cosign_tell(ls_cosign_service *s, int level, const char *event, const char *origin, uint64_t size,
                    const char *text);
/* metrics.c: the body of GET /metrics. */
void ls_cosign_put_metrics(ls_cosign_service *s, ls_buf *out);
/* Answers GET requests; local: of somebody on this machine, who may know all. */
void ls_cosign_read(ls_cosign_service *s, const char *path, bool local, ls_cosign_answer *answer);

#endif
