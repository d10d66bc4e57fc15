/* What the files of the HTTP server share. */
#ifndef LS_HTTP_INTERNAL_H
#define LS_HTTP_INTERNAL_H

#include "http/http.h"
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

/* What a connection is doing, for the deadline that goes with it. */
typedef enum ls_http_phase {
    LS_HTTP_HEAD,    /* waiting for a request and its head */
    LS_HTTP_BODY,    /* sending its body */
    LS_HTTP_HANDLED, /* waiting for us */
    LS_HTTP_SENDING  /* taking the answer */
} ls_http_phase;

typedef struct ls_http_connection {
    struct ls_http_connection *next, *previous;
    int fd;
    atomic_int phase;
    atomic_llong since;   /* when the phase began, in seconds of the monotonic clock */
    atomic_ullong amount; /* bytes of the body that came in, or of the answer that goes out, in this phase */
    bool cut;             /* shut down already; under the server's lock */
    uint8_t host[8];      /* an IPv4 address, or an IPv6 network of 64 bits, which is one host's to choose from */
    bool remote;          /* has a host: no Unix socket */
    bool local;           /* from this machine */
} ls_http_connection;

struct ls_http_server {
    struct MHD_Daemon *daemon;
    ls_http_options o;
    char *spool, *unix_path;
    ls_buf certificate, key; /* PEM; the key is wiped when the server ends */
    unsigned port;
    pthread_t watcher;
    bool watched;
    pthread_mutex_t lock; /* of what follows, up to the empty line */
    pthread_cond_t wake;
    ls_http_connection *first;
    uint64_t connections;
    bool stopping;

    atomic_ullong requests, refused, timeouts;
    atomic_ullong waiting; /* requests that the handler has not answered */
    atomic_ullong busy;    /* requests that were begun and are not completed */
    atomic_ullong memory, spooled;
};

/* listen.c: a socket that listens; *port is that of TCP, *unix_path (malloc) that of a Unix socket, to be removed. */
ls_result ls_http_listen(const char *where, int *fd, unsigned *port, char **unix_path, ls_detail *detail);

/* body.c: a request's body as it comes in. */
typedef struct ls_http_body {
    ls_buf memory;
    int file; /* -1: none */
    uint64_t len, charged_memory, charged_file;
    void *map;
} ls_http_body;
/* Status of HTTP: 0 if all went well, else what to answer. */
unsigned ls_http_body_append(ls_http_server *s, ls_http_body *b, uint64_t in_memory, ls_bytes piece);
unsigned ls_http_body_finish(ls_http_body *b, ls_bytes *out);
void ls_http_body_free(ls_http_server *s, ls_http_body *b);

/* watch.c: connections and their deadlines. */
void ls_http_connection_notify(void *server, struct MHD_Connection *c, void **context,
                               enum MHD_ConnectionNotificationCode code);
void ls_http_connection_phase(ls_http_connection *c, ls_http_phase phase, uint64_t amount);
ls_result ls_http_watch(ls_http_server *s, ls_detail *detail);
void ls_http_unwatch(ls_http_server *s);

/* exchange.c: callbacks of libmicrohttpd. */
enum MHD_Result ls_http_access(void *server, struct MHD_Connection *c, const char *url, const char *method,
                               const char *version, const char *upload, size_t *upload_len, void **context);
void ls_http_completed(void *server, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode code);

#endif
