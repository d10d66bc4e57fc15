/* Clients over HTTP, all in one thread: each has a connection, which it keeps, and one request under way. */
#ifndef LS_BENCH_LOAD_H
#define LS_BENCH_LOAD_H

#include "world.h"

#define LOAD_CLIENTS 64 /* two for each party: the second sends its act when the first's is under way */

typedef struct load {
    const world *w;
    int epoll;
    struct load_client {
        int fd;
        size_t party;
        ls_bytes request;
        size_t sent, received;
        double since; /* when the request was first begun */
        char answer[2048];
    } client[LOAD_CLIENTS];
    size_t next[WORLD_PARTIES]; /* of its acts, the first that was not begun */
    size_t left;                /* acts that may still be begun */
    size_t done, again;         /* answered with 201; sent once more because they came before the one before them */
    size_t busy;                /* under way */
    float *latency;             /* in seconds, of each act in the order of answers; NULL: nobody asks */
} load;

void load_open(load *l, const world *w, unsigned port);
/* Sends so many acts, each party's in the order of its chain, and waits for all answers: 201, or the program ends. How
 * many seconds it took. */
double load_run(load *l, size_t acts);
void load_close(load *l);

#endif
