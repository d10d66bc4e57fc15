/*
 * Connections and their deadlines. libmicrohttpd ends a connection on which nothing moves; one that moves by a byte now
 * and then it would keep for ever. So each phase of a request has a deadline here, and a thread that looks once a
 * second shuts down the sockets of those that are past it; libmicrohttpd then sees them closed.
 */
#include "http/internal.h"
#include "os/os.h"
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

static long long now(void)
{
    return (long long)ls_clock_monotonic();
}

/* The time goes first: who sees the new phase must not count from the old time. */
void ls_http_connection_phase(ls_http_connection *c, ls_http_phase phase, uint64_t amount)
{
    atomic_store(&c->amount, amount);
    atomic_store(&c->since, now());
    atomic_store(&c->phase, phase);
}

static void take_host(ls_http_connection *c, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    c->remote = address != NULL && (address->sa_family == AF_INET || address->sa_family == AF_INET6);
    if (c->remote && address->sa_family == AF_INET) {
        memcpy(c->host, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        c->local = c->host[0] == IN_LOOPBACKNET;
    } else if (c->remote) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(a);
        memcpy(c->host, a->s6_addr + (mapped ? 12 : 0), mapped ? 4 : 8);
        c->local = mapped ? c->host[0] == IN_LOOPBACKNET : IN6_IS_ADDR_LOOPBACK(a);
    }
}

static bool is_crowded(const ls_http_server *s)
{
    return s->connections >= LS_HTTP_CONNECTIONS_CROWDED;
}

/* libmicrohttpd's own limit counts for each of its threads alone. In a crowd those who have many get no more, so that
 * there is room for those who have none. Under the lock. */
static bool too_many(const ls_http_server *s, const ls_http_connection *new)
{
    size_t count = 0, most = is_crowded(s) ? LS_HTTP_PER_HOST_CROWDED : LS_HTTP_CONNECTIONS_PER_HOST;
    for (const ls_http_connection *c = s->first; c != NULL && new->remote; c = c->next) {
        count += c->remote && memcmp(c->host, new->host, sizeof c->host) == 0;
    }
    return count >= most;
}

static void opened(ls_http_server *s, struct MHD_Connection *mhd, void **context)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    ls_http_connection *c = calloc(1, sizeof *c);
    if (c == NULL || info == NULL) {
        free(c); /* without a context its requests are refused */
        return;
    }
    c->fd = info->connect_fd;
    take_host(c, mhd);
    c->local = c->local || s->unix_path != NULL;
    ls_http_connection_phase(c, LS_HTTP_HEAD, 0);
    pthread_mutex_lock(&s->lock);
    if (too_many(s, c)) {
        c->cut = true;
        shutdown(c->fd, SHUT_RDWR);
        atomic_fetch_add(&s->refused, 1);
    }
    c->next = s->first;
    if (c->next != NULL) {
        c->next->previous = c;
    }
    s->first = c;
    s->connections++;
    pthread_mutex_unlock(&s->lock);
    *context = c;
}

static void closed(ls_http_server *s, ls_http_connection *c)
{
    if (c == NULL) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    *(c->previous != NULL ? &c->previous->next : &s->first) = c->next;
    if (c->next != NULL) {
        c->next->previous = c->previous;
    }
    s->connections--;
    pthread_mutex_unlock(&s->lock);
    free(c);
}

/* libmicrohttpd calls this before it closes the socket, so that under the lock a number is that of our socket still. */
void ls_http_connection_notify(void *server, struct MHD_Connection *c, void **context,
                               enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        opened(server, c, context);
    } else {
        closed(server, *context);
    }
}

/* Seconds that a phase may take: what is large may take longer, what trickles may not. */
static long long allowed(const ls_http_server *s, const ls_http_connection *c, bool crowded)
{
    long long amount = (long long)atomic_load(&c->amount);
    switch ((ls_http_phase)atomic_load(&c->phase)) {
    case LS_HTTP_HEAD:
        return crowded ? LS_HTTP_TIMEOUT_CROWDED : s->o.head_seconds;
    case LS_HTTP_BODY:
    case LS_HTTP_SENDING:
        return crowded ? LS_HTTP_TIMEOUT_CROWDED + amount / LS_HTTP_RATE_CROWDED
                       : s->o.body_seconds + amount / LS_HTTP_RATE;
    case LS_HTTP_HANDLED:
        break;
    }
    return INT64_MAX / 2;
}

static void sweep(ls_http_server *s)
{
    long long t = now();
    bool crowded = is_crowded(s);
    for (ls_http_connection *c = s->first; c != NULL; c = c->next) {
        long long seconds = allowed(s, c, crowded);
        if (!c->cut && t - atomic_load(&c->since) > seconds) {
            c->cut = true;
            shutdown(c->fd, SHUT_RDWR);
            atomic_fetch_add(&s->timeouts, 1);
        }
    }
}

static void *watch(void *server)
{
    ls_http_server *s = server;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        ls_condition_wait(&s->wake, &s->lock, 1);
        sweep(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

ls_result ls_http_watch(ls_http_server *s, ls_detail *detail)
{
    if (pthread_create(&s->watcher, NULL, watch, s) != 0) {
        return ls_fail_with(&ls_fault_http, detail, "can't start a thread");
    }
    s->watched = true;
    return LS_SUCCESS;
}

void ls_http_unwatch(ls_http_server *s)
{
    if (!s->watched) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->watcher, NULL);
    s->watched = false;
}
