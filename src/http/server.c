/* The server: started and stopped. */
#include "http/internal.h"
#include "os/os.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const ls_fault ls_fault_http = {LS_CLASS_ENVIRONMENT, "http", "the connection failed"};
const ls_fault ls_fault_http_refused = {LS_CLASS_ENVIRONMENT, "http-refused",
                                        "the server did not do what it was asked"};

#define PEM_MAX (1u << 20)
/* Of one connection, for all that libmicrohttpd keeps of a request: the head, its headers' list, the answer's head. */
#define CONNECTION_MEMORY (LS_HTTP_HEADER_MAX * 2)
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* Paths are taken as they are: what has a percent sign is refused, not decoded. */
static size_t leave_escapes(void *context, struct MHD_Connection *c, char *text)
{
    (void)context;
    (void)c;
    return strlen(text);
}

static ls_result read_certificate(ls_http_server *s, const ls_http_options *o, ls_detail *detail)
{
    if ((o->certificate == NULL) != (o->key == NULL)) {
        return ls_fail_with(&ls_fault_usage, detail, "a certificate needs its key, and a key its certificate");
    }
    if (o->certificate == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_file_read(o->certificate, PEM_MAX, &s->certificate, detail));
    LS_TRY(ls_private_check(o->key, detail));
    LS_TRY(ls_file_read(o->key, PEM_MAX, &s->key, detail));
    ls_buf_cstr(&s->certificate);
    ls_buf_cstr(&s->key);
    LS_TRY(ls_buf_check(&s->certificate));
    return ls_buf_check(&s->key);
}

static ls_result start_daemon(ls_http_server *s, int fd, ls_detail *detail)
{
    unsigned processors = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = s->o.threads != 0 ? s->o.threads : processors;
    bool tls = s->o.certificate != NULL;
    struct MHD_OptionItem tls_options[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, s->certificate.ptr},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, s->key.ptr},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, threads, NULL}, {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0);
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, ls_http_access, s, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LS_HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LS_HTTP_TIMEOUT, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, ls_http_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, ls_http_connection_notify, s, MHD_OPTION_ARRAY, threads > 1 ? pool : none,
        MHD_OPTION_ARRAY, tls ? tls_options : none, MHD_OPTION_END);
    if (s->daemon == NULL) {
        ls_hint(detail, tls ? "are certificate and key PEM files that belong together?" : "");
        return ls_fail_with(&ls_fault_http, detail, "the HTTP server can't be started");
    }
    return LS_SUCCESS;
}

static void server_free(ls_http_server *s)
{
    if (s->unix_path != NULL) {
        unlink(s->unix_path);
    }
    ls_buf_free(&s->certificate);
    ls_buf_wipe(&s->key);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    free(s->spool);
    free(s->unix_path);
    free(s);
}

static ls_result start(ls_http_server *s, const ls_http_options *o, ls_detail *detail)
{
    int fd = -1;
    LS_TRY(read_certificate(s, o, detail));
    LS_TRY(ls_http_listen(o->listen, &fd, &s->port, &s->unix_path, detail));
    ls_result r = ls_http_watch(s, detail);
    if (ls_succeeded(r)) {
        r = start_daemon(s, fd, detail);
    }
    if (ls_failed(r)) {
        ls_http_unwatch(s);
        close(fd);
    }
    return r;
}

ls_result ls_http_start(const ls_http_options *o, ls_http_server **out, ls_detail *detail)
{
    ls_http_server *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    s->o = *o;
    s->o.head_seconds = o->head_seconds != 0 ? o->head_seconds : LS_HTTP_TIMEOUT;
    s->o.body_seconds = o->body_seconds != 0 ? o->body_seconds : LS_HTTP_BODY_SECONDS;
    pthread_mutex_init(&s->lock, NULL);
    ls_condition_init(&s->wake);
    s->spool = strdup(o->spool != NULL ? o->spool : "/tmp");
    /* Not last: the first request may ask for what is counted here before this returns. */
    *out = s;
    ls_result r = s->spool == NULL ? ls_fail(&ls_fault_memory) : start(s, o, detail);
    if (ls_failed(r)) {
        *out = NULL;
        server_free(s);
    }
    return r;
}

unsigned ls_http_port(const ls_http_server *s)
{
    return s->port;
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

void ls_http_stop(ls_http_server *s, unsigned seconds)
{
    int fd = MHD_quiesce_daemon(s->daemon);
    while (atomic_load(&s->waiting) > 0) {
        nap(); /* libmicrohttpd must not be stopped while a connection is suspended */
    }
    double until = ls_clock_monotonic() + seconds;
    while (atomic_load(&s->busy) > 0 && ls_clock_monotonic() < until) {
        nap();
    }
    ls_http_unwatch(s);
    MHD_stop_daemon(s->daemon);
    if (fd >= 0) {
        close(fd);
    }
    server_free(s);
}

ls_http_counts ls_http_counted(const ls_http_server *server)
{
    ls_http_server *s = (ls_http_server *)(uintptr_t)server; /* only its lock is taken */
    pthread_mutex_lock(&s->lock);
    uint64_t connections = s->connections;
    pthread_mutex_unlock(&s->lock);
    return (ls_http_counts){connections, atomic_load(&s->requests), atomic_load(&s->refused),
                            atomic_load(&s->timeouts)};
}
