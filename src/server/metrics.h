/* What a server counts of one process. */
#ifndef LS_SERVER_METRICS_H
#define LS_SERVER_METRICS_H

#include "server/route.h"
#include <pthread.h>
#include <stdatomic.h>

#define LS_METRICS_STATUSES 18
#define LS_METRICS_CODES 32
#define LS_METRICS_BUCKETS 12

/* Upper bounds double from the first on; the last bucket has none. */
typedef struct ls_histogram {
    atomic_ullong bucket[LS_METRICS_BUCKETS];
    atomic_ullong sum; /* in thousandths */
} ls_histogram;

typedef struct ls_server_metrics {
    atomic_ullong requests[LS_ROUTE_COUNT][LS_METRICS_STATUSES];
    atomic_ullong accepted, known;
    pthread_mutex_t lock;
    struct ls_metrics_code {
        const char *code;
        uint64_t count;
    } refused[LS_METRICS_CODES]; /* by the code of the fault */
    ls_histogram batch;          /* acts of one commit, from 1 */
    ls_histogram latency;        /* of an act from its receipt to its answer, in milliseconds, from 1 */
    atomic_ullong queued;
} ls_server_metrics;

void ls_metrics_request(ls_server_metrics *m, ls_route_kind kind, unsigned status);
void ls_metrics_refused(ls_server_metrics *m, const char *code);
void ls_metrics_observe(ls_histogram *h, double value);
extern const unsigned ls_metrics_status[LS_METRICS_STATUSES]; /* the last, 0, stands for all others */

#endif
