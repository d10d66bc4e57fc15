/*
 * The ledger's server (`lockstep serve`): one or more processes over HTTP, in the forms of C2SP tlog-tiles, with the
 * routes that docs/protocol.md lists. Each process has a thread that sequences (group commit: what is queued is one
 * batch, one commit, one checkpoint) and a thread that reads; those of HTTP never wait for a disk or a database.
 * Limits: lockstep/limits.h.
 */
#ifndef LS_SERVER_SERVER_H
#define LS_SERVER_SERVER_H

#include "http/http.h"
#include <lockstep/time.h>

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
    const char *authority_file; /* for cosigners: as in http/http.h */
    const char *site;           /* public sites, each in a folder of its process's name, are at /NAME/; NULL: none */
    const char *store; /* a PostgreSQL connection string that holds all the records; NULL: each folder's own file */
    void (*log)(void *context, const ls_server_event *event); /* from several threads, one at a time */
    void *context;
} ls_server_options;

ls_result ls_server_start(const ls_server_options *o, ls_server **out, ls_detail *detail);
unsigned ls_server_port(const ls_server *s);
/* What is known of the process of the folder with this index; false past the last one. */
typedef struct ls_server_process {
    const char *name; /* in paths */
    uint64_t final;   /* entries that its final checkpoint covers, as far as this server has seen */
    bool open;        /* its charter lets everybody read it */
} ls_server_process;
bool ls_server_process_at(ls_server *s, size_t index, ls_server_process *out);
/* Takes nothing new, finishes what is queued, answers, ends. */
void ls_server_stop(ls_server *s);

#endif
