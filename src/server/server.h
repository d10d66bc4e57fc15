/*
 * The ledger's server (`lockstep serve`): one or more processes over HTTP, in the forms of C2SP tlog-tiles, with the
 * routes that docs/protocol.md lists. Each process has a thread that sequences (group commit: what is queued is one
 * batch, one commit, one checkpoint) and a thread that reads; those of HTTP never wait for a disk or a database.
 *
 * The limits below repeat in docs/limits.md.
 */
#ifndef LS_SERVER_SERVER_H
#define LS_SERVER_SERVER_H

#include "http/http.h"
#include <lockstep/time.h>

#define LS_SERVER_PROCESSES_MAX 64                   /* of one server */
#define LS_SERVER_QUEUE_MAX 4096                     /* acts and cosignatures that wait, of one process: then 503 */
#define LS_SERVER_BATCH_MAX 512                      /* of them in one commit */
#define LS_SERVER_READS_MAX 1024                     /* reads that wait for the store, of one process: then 503 */
#define LS_SERVER_CACHE_MAX (16u << 20)              /* bytes of tiles in memory, of all processes */
#define LS_SERVER_CACHED_MAX (512u << 10)            /* bytes of one tile that is kept in memory */
#define LS_SERVER_MEMORY_MAX (64u << 10)             /* bytes of a body that stays in memory */
#define LS_SERVER_ANONYMOUS_MAX (UINT64_C(8) << 20)  /* bytes of a submission without an access note: then 401 */
#define LS_SERVER_SUBMISSION_MAX (UINT64_C(2) << 30) /* bytes of a submission with one */
#define LS_SERVER_COSIGNATURE_MAX 65536              /* bytes of a checkpoint note with cosignatures */
#define LS_SERVER_LEASE 6                            /* seconds of a lead in PostgreSQL, renewed each second */
#define LS_SERVER_LOG_MAX 100                        /* lines about refused requests in one second */

typedef struct ls_server ls_server;

/* One line of the log. Nothing in it is secret: no bodies, no access notes. Strings that are NULL have nothing to say.
 */
typedef struct ls_server_event {
    enum { LS_EVENT_INFO, LS_EVENT_WARNING, LS_EVENT_ERROR } level;
    const char *event;   /* "started", "leading", "batch", "refused", … */
    const char *process; /* its name in paths */
    const char *text;    /* what happened, for people */
    unsigned status;     /* of HTTP; 0: none */
    int64_t count;       /* of acts; -1: none */
    double milliseconds; /* < 0: none */
} ls_server_event;

typedef struct ls_server_options {
    const char *listen, *certificate, *key; /* as in http/http.h */
    unsigned threads;                       /* of HTTP; 0: one for each processor */
    const char *const *folders;             /* ledger folders */
    size_t folder_count;
    const char *store; /* a PostgreSQL connection string that holds all the records; NULL: each folder's own file */
    void (*log)(void *context, const ls_server_event *event); /* from several threads, one at a time */
    void *context;
} ls_server_options;

ls_result ls_server_start(const ls_server_options *o, ls_server **out, ls_detail *detail);
unsigned ls_server_port(const ls_server *s);
/* Takes nothing new, finishes what is queued, answers, ends. */
void ls_server_stop(ls_server *s);

#endif
