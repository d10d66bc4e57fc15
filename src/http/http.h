/*
 * HTTP, as a server (libmicrohttpd) and as a client (libcurl). Nothing in here knows what travels. Limits:
 * lockstep/limits.h.
 */
#ifndef LS_HTTP_HTTP_H
#define LS_HTTP_HTTP_H

#include <lockstep/bytes.h>
#include <lockstep/limits.h>

extern const ls_fault ls_fault_http;         /* environment: the other side can't be reached, or speaks no HTTP */
extern const ls_fault ls_fault_http_refused; /* environment: a status that the caller does not expect */

/* Server. */

typedef struct ls_http_server ls_http_server;
typedef struct ls_http_exchange ls_http_exchange; /* one request and its answer */

typedef struct ls_http_request {
    const char *method;        /* "GET", "HEAD" is given as "GET" */
    const char *path;          /* from '/', without a query; bytes 21–7E only, no "%" and no ".." */
    const char *authorization; /* the header's value, or NULL */
    const char *content_type;  /* or NULL */
    bool local;                /* from this machine, or by a proxy on it: a loopback address, or a Unix socket */
    ls_bytes body;             /* in memory, or, if it was spooled, a mapping of the file */
} ls_http_request;

/* How large a body this request may have; 0: none. Above `memory` bytes it is spooled to a file that has no name.
 * Asked for before the body is read; of the request all but that is known. */
typedef struct ls_http_allowance {
    uint64_t body, memory;
    unsigned status; /* what to answer a larger one with: 413 (also if 0), or 401 if it takes authorization */
} ls_http_allowance;

typedef struct ls_http_options {
    const char *listen;            /* "127.0.0.1:8080", "[::1]:8080", ":8080", or "unix:PATH" */
    const char *certificate, *key; /* PEM files; both NULL: plain */
    const char *spool;             /* folder for large bodies; NULL: /tmp */
    unsigned threads;              /* 0: one for each processor */
    unsigned head_seconds;         /* 0: LS_HTTP_TIMEOUT, LS_HTTP_BODY_SECONDS */
    unsigned body_seconds;
    ls_http_allowance (*allow)(void *context, const ls_http_request *request); /* NULL: no bodies */
    /* Answers with ls_http_answer, now or later, from any thread, exactly once. Must not wait. The request lives until
     * then. */
    void (*handle)(void *context, ls_http_exchange *x, const ls_http_request *request);
    void *context;
} ls_http_options;

#define LS_HTTP_HEADERS 4

typedef struct ls_http_header {
    const char *name, *value;
} ls_http_header;

typedef struct ls_http_answer_options {
    unsigned status;
    const char *content_type;               /* NULL: none */
    const char *cache;                      /* Cache-Control's value, or NULL */
    ls_http_header header[LS_HTTP_HEADERS]; /* further ones (Retry-After, Allow, …): those that have a name */
    bool keep;                              /* the body outlives the server (static): not copied */
} ls_http_answer_options;

/* Must be followed by ls_http_stop. The options' strings need not outlive the call. SIGPIPE must be ignored. out is set
 * before the first request can come, and NULL after a failure. */
ls_result ls_http_start(const ls_http_options *o, ls_http_server **out, ls_detail *detail);
unsigned ls_http_port(const ls_http_server *s); /* that was bound, where 0 was asked for; 0 on a Unix socket */
/* Takes no new connections, waits until all requests at hand are answered (which is the handler's to see to) and at
 * most `seconds` for the answers to be taken, then ends. */
void ls_http_stop(ls_http_server *s, unsigned seconds);
/* The body is copied, unless o->keep. */
void ls_http_answer(ls_http_exchange *x, const ls_http_answer_options *o, ls_bytes body);
/* Takes a reference-counted body, for tiles and the like that a cache may drop meanwhile: release(owner) follows once
 * it was sent. */
void ls_http_answer_shared(ls_http_exchange *x, const ls_http_answer_options *o, ls_bytes body,
                           void (*release)(void *owner), void *owner);

/* Whether the client says that it has this version already (If-None-Match, RFC 9110, 13.1.2), so that a 304 will do.
 * tag: an ETag's value, with its quotes. From the handler's call to the answer. */
bool ls_http_has(const ls_http_exchange *x, const char *tag);

typedef struct ls_http_counts {
    uint64_t connections; /* open now */
    uint64_t requests;    /* since the start */
    uint64_t refused;     /* of them, without asking the handler: over a limit or malformed */
    uint64_t timeouts;    /* connections that were cut because a deadline passed */
} ls_http_counts;
ls_http_counts ls_http_counted(const ls_http_server *s);

/* Client: one connection that is kept alive. Not for two threads at once. */

typedef struct ls_http_client ls_http_client;

typedef struct ls_http_client_options {
    const char *base;           /* "https://rok.example/pyongyang"; http, https, or http+unix:SOCKET[:/PREFIX] */
    const char *authority_file; /* PEM of those that are trusted for TLS, or NULL: the system's */
    unsigned timeout;           /* seconds to connect, and without progress; 0: 30 */
    const char *user_agent;     /* or NULL */
} ls_http_client_options;

typedef struct ls_http_call {
    const char *method, *path;                /* path below the base: "checkpoint" */
    const char *authorization, *content_type; /* or NULL */
    ls_bytes body;
    const char *body_path; /* or a file */
    uint64_t limit;        /* bytes of the answer; more is a failure */
    unsigned seconds;      /* that it may take at most, if fewer than its bytes would be given; 0: no fewer */
} ls_http_call;

ls_result ls_http_client_new(const ls_http_client_options *o, ls_http_client **out, ls_detail *detail);
void ls_http_client_free(ls_http_client *c);
/* Any status is success; the answer's body is appended to out. Redirects are not followed. A failure names host and
 * cause, and out is as before. */
ls_result ls_http_client_call(ls_http_client *c, const ls_http_call *call, unsigned *status, ls_buf *out,
                              ls_detail *detail);

#endif
