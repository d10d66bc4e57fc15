/* HTTP: the server against sockets written by hand, curl and our client; the client against the server. */
#include "fixture/system.h"
#include "http/http.h"
#include "os/os.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
/* cmocka needs some of the headers above. */
#include <cmocka.h>

#define assert_ok(expr) assert_ptr_equal((expr).fault, NULL)
#define assert_fault(expr, expected) assert_ptr_equal((expr).fault, &(expected))

#define BODY_MAX 300000
#define IN_MEMORY 1000

/* A server that answers with what it was asked. */
typedef struct site {
    char folder[256], base[600];
    ls_http_server *server;
    ls_http_client *client;
    _Atomic(ls_http_exchange *) held; /* of /held, until the test answers it */
    atomic_uint released;
} site;

static ls_http_allowance allow(void *context, const ls_http_request *request)
{
    (void)context;
    bool takes = strcmp(request->method, "POST") == 0;
    return (ls_http_allowance){.body = takes ? BODY_MAX : 0, .memory = takes ? IN_MEMORY : 0};
}

static void *answer_later(void *context)
{
    usleep(1000);
    ls_http_answer(context, &(ls_http_answer_options){.status = 201, .content_type = "text/plain"},
                   ls_bytes_str("later"));
    return NULL;
}

static void release(void *owner)
{
    atomic_fetch_add((atomic_uint *)owner, 1);
}

static void handle(void *context, ls_http_exchange *x, const ls_http_request *request)
{
    site *s = context;
    static const uint8_t large[100000];
    ls_http_answer_options o = {.status = 200, .content_type = "text/plain", .cache = "no-store"};
    if (strcmp(request->path, "/later") == 0) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, answer_later, x), 0);
        pthread_detach(thread);
    } else if (strcmp(request->path, "/shared") == 0) {
        ls_http_answer_shared(x, &o, ls_bytes_str("shared"), release, &s->released);
    } else if (strcmp(request->path, "/held") == 0) {
        s->held = x;
    } else if (strcmp(request->path, "/large") == 0) {
        o.keep = true;
        ls_http_answer(x, &o, ls_bytes_of(large, sizeof large));
    } else if (strcmp(request->path, "/moved") == 0) {
        o.status = 302;
        o.header[0] = (ls_http_header){"Location", "/elsewhere"};
        ls_http_answer(x, &o, ls_bytes_str("moved"));
    } else {
        ls_buf out = {0};
        ls_buf_format(&out, "%s %s %s %s %zu:", request->method, request->path,
                      request->authorization != NULL ? request->authorization : "-",
                      request->content_type != NULL ? request->content_type : "-", request->body.len);
        ls_buf_put_bytes(&out, request->body);
        ls_http_answer(x, &o, ls_buf_bytes(&out));
        ls_buf_free(&out);
    }
}

static void open_site_as(site *s, ls_http_options o)
{
    ls_detail detail = {0};
    *s = (site){0};
    signal(SIGPIPE, SIG_IGN);
    system_folder(s->folder, sizeof s->folder);
    o.allow = allow;
    o.handle = handle;
    o.context = s;
    o.spool = s->folder;
    if (ls_failed(ls_http_start(&o, &s->server, &detail))) {
        fail_msg("%s", detail.text);
    }
}

static void connect_client(site *s, const char *base, const char *authority)
{
    ls_http_client_options o = {.base = base, .authority_file = authority, .timeout = 2};
    assert_ok(ls_http_client_new(&o, &s->client, NULL));
}

static void connect_root(site *s)
{
    snprintf(s->base, sizeof s->base, "http://127.0.0.1:%u", ls_http_port(s->server));
    connect_client(s, s->base, NULL);
}

static void open_site(site *s)
{
    open_site_as(s, (ls_http_options){.listen = "127.0.0.1:0"});
    snprintf(s->base, sizeof s->base, "http://127.0.0.1:%u/base/", ls_http_port(s->server));
    connect_client(s, s->base, NULL);
}

static void close_site(site *s)
{
    ls_http_client_free(s->client);
    ls_http_stop(s->server, 1);
    system_remove(s->folder);
}

/* By hand. */

static int dial(const site *s)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)ls_http_port(s->server))};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval limit = {.tv_sec = 10};
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Reads one answer: its head, and a body as long as the head says. "" if the connection was closed. */
static void hear(int fd, char *out, size_t cap)
{
    size_t len = 0, want = SIZE_MAX;
    out[0] = '\0';
    while (len < want && len + 1 < cap) {
        ssize_t n = recv(fd, out + len, cap - 1 - len, 0);
        if (n <= 0) {
            return;
        }
        len += (size_t)n;
        out[len] = '\0';
        const char *end = strstr(out, "\r\n\r\n"), *length = strstr(out, "Content-Length: ");
        if (end != NULL && want == SIZE_MAX) {
            want = (size_t)(end - out) + 4 + (length != NULL ? strtoul(length + 16, NULL, 10) : 0);
        }
    }
}

/* Sends text on a connection of its own; the status. 0: closed without an answer. */
static unsigned status_of(const site *s, const char *text)
{
    char answer[4096];
    unsigned status = 0;
    int fd = dial(s);
    say(fd, text);
    hear(fd, answer, sizeof answer);
    close(fd);
    return sscanf(answer, "HTTP/1.1 %u", &status) == 1 ? status : 0;
}

/* An answer in the first callback of libmicrohttpd would close the connection each time. */
static void connections_are_kept(void **state)
{
    (void)state;
    site s;
    char answer[4096];
    open_site(&s);
    int fd = dial(&s);
    static const char *const requests[] = {
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "GET /later HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD /c HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"};
    static const char *const bodies[] = {"GET /a - - 0:", "POST /b - - 3:abc", "later", ""};
    for (size_t i = 0; i < 3; i++) {
        say(fd, requests[i]);
        hear(fd, answer, sizeof answer);
        assert_non_null(strstr(answer, bodies[i]));
        assert_null(strstr(answer, "Connection: close"));
    }
    say(fd, requests[3]);
    assert_true(recv(fd, answer, sizeof answer, 0) > 0);
    assert_int_equal(ls_http_counted(s.server).connections, 1);
    assert_int_equal(ls_http_counted(s.server).requests, 4);
    close(fd);
    close_site(&s);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    site s;
    static const struct {
        const char *request;
        unsigned status;
    } cases[] = {
        {"GET /%2e%2e/etc HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /../etc HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /\xC3\xA4 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET elsewhere HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\n\r\n", 400},
        {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400},
        {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody", 413},
        {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413},
        {"GET /a HTTP/9.1\r\nHost: x\r\n\r\n", 505},
    };
    open_site(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned status = status_of(&s, cases[i].request);
        if (status != cases[i].status) {
            print_message("case %zu: %u\n", i, status);
        }
        assert_int_equal(status, cases[i].status);
    }
    /* What is no HTTP at all may be closed without a word. */
    unsigned status = status_of(&s, "\x16\x03\x01 nonsense\r\n\r\n");
    assert_true(status == 0 || status == 400);
    close_site(&s);
}

static void long_heads_are_refused(void **state)
{
    (void)state;
    site s;
    static char request[40000];
    open_site(&s);
    int len = snprintf(request, sizeof request, "GET /a HTTP/1.1\r\nHost: x\r\nX: %07000d\r\n\r\n", 0);
    assert_true(len > 7000);
    assert_int_equal(status_of(&s, request), 200);
    snprintf(request, sizeof request, "GET /a HTTP/1.1\r\nHost: x\r\nX: %08200d\r\n\r\n", 0);
    assert_int_equal(status_of(&s, request), 431);
    snprintf(request, sizeof request, "GET /a HTTP/1.1\r\nHost: x\r\nX: %038000d\r\n\r\n", 0);
    assert_int_equal(status_of(&s, request), 431);
    snprintf(request, sizeof request, "GET /%01100d HTTP/1.1\r\nHost: x\r\n\r\n", 0);
    assert_int_equal(status_of(&s, request), 414);
    close_site(&s);
}

static void chunked_bodies(void **state)
{
    (void)state;
    site s;
    char answer[4096], chunk[4200];
    open_site(&s);
    int fd = dial(&s);
    say(fd, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    hear(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "POST /a - - 5:abcde"));
    /* A little too much is swallowed, and the connection lives on. */
    say(fd, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    snprintf(chunk, sizeof chunk, "1000\r\n%04096d\r\n", 0);
    for (size_t i = 0; i < BODY_MAX / 4096 + 2; i++) {
        say(fd, chunk);
    }
    say(fd, "0\r\n\r\n");
    hear(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "HTTP/1.1 413"));
    say(fd, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "GET /b - - 0:"));
    close(fd);
    close_site(&s);
}

/* Deadlines. */

static void slow_clients_are_cut(void **state)
{
    (void)state;
    site s;
    char answer[4096];
    open_site_as(&s, (ls_http_options){.listen = "127.0.0.1:0", .head_seconds = 1, .body_seconds = 2});
    int head = dial(&s), body = dial(&s), silent = dial(&s);
    say(head, "GET /a HTTP/1.1\r\n");
    say(body, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    double start = ls_clock_monotonic();
    bool head_open = true, body_open = true;
    /* A byte each tenth of a second is activity, and yet they end. */
    while ((head_open || body_open) && ls_clock_monotonic() - start < 8) {
        head_open = head_open && send(head, "X", 1, MSG_NOSIGNAL) == 1;
        body_open = body_open && send(body, "X", 1, MSG_NOSIGNAL) == 1;
        if (head_open) {
            assert_true(ls_clock_monotonic() - start < 4);
        }
        usleep(100000);
    }
    assert_false(head_open);
    assert_false(body_open);
    hear(silent, answer, sizeof answer);
    assert_string_equal(answer, "");
    assert_true(ls_http_counted(s.server).timeouts >= 3);
    close(head);
    close(body);
    close(silent);
    close_site(&s);
}

/* Nobody is cut for waiting for us. */
static void handling_has_no_deadline(void **state)
{
    (void)state;
    site s;
    char answer[4096];
    open_site_as(&s, (ls_http_options){.listen = "127.0.0.1:0", .head_seconds = 1, .body_seconds = 1});
    int fd = dial(&s);
    say(fd, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    sleep(4);
    assert_non_null(s.held);
    ls_http_answer(s.held, &(ls_http_answer_options){.status = 200}, ls_bytes_str("at last"));
    hear(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "at last"));
    close(fd);
    close_site(&s);
}

static void connections_from_one_host_are_limited(void **state)
{
    (void)state;
    site s;
    static int fd[LS_HTTP_CONNECTIONS_PER_HOST + 20];
    size_t count = sizeof fd / sizeof *fd, answered = 0;
    open_site(&s);
    for (size_t i = 0; i < count; i++) {
        fd[i] = dial(&s);
        ssize_t sent = send(fd[i], "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 28, MSG_NOSIGNAL);
        (void)sent;
    }
    for (size_t i = 0; i < count; i++) {
        char answer[4096];
        hear(fd[i], answer, sizeof answer);
        answered += strstr(answer, "200 OK") != NULL;
    }
    assert_int_equal(answered, LS_HTTP_CONNECTIONS_PER_HOST);
    assert_int_equal(ls_http_counted(s.server).refused, count - answered);
    for (size_t i = 0; i < count; i++) {
        close(fd[i]);
    }
    close_site(&s);
}

/* The client. */

static ls_result call(site *s, const char *method, const char *path, ls_bytes body, unsigned *status, ls_buf *out)
{
    ls_http_call c = {.method = method,
                      .path = path,
                      .body = body,
                      .limit = 200000,
                      .authorization = "Lockstep x",
                      .content_type = body.len > 0 ? "text/plain" : NULL};
    out->len = 0;
    return ls_http_client_call(s->client, &c, status, out, NULL);
}

static void assert_answer(site *s, const char *method, const char *path, const char *body, const char *expected)
{
    unsigned status = 0;
    ls_buf out = {0};
    assert_ok(call(s, method, path, ls_bytes_str(body), &status, &out));
    assert_int_equal(status, 200);
    assert_string_equal(ls_buf_cstr(&out), expected);
    ls_buf_free(&out);
}

static void client_calls(void **state)
{
    (void)state;
    site s;
    unsigned status;
    ls_buf out = {0};
    open_site(&s);
    assert_answer(&s, "GET", "checkpoint", "", "GET /base/checkpoint Lockstep x - 0:");
    assert_answer(&s, "POST", "act", "abc", "POST /base/act Lockstep x text/plain 3:abc");
    assert_answer(&s, "POST", "act", "", "POST /base/act Lockstep x - 0:");
    assert_answer(&s, "DELETE", "sealed/1", "", "DELETE /base/sealed/1 Lockstep x - 0:");
    assert_int_equal(ls_http_counted(s.server).connections, 1);
    ls_http_client_free(s.client);
    connect_root(&s);
    assert_ok(call(&s, "GET", "later", (ls_bytes){0}, &status, &out));
    assert_int_equal(status, 201);
    assert_ok(call(&s, "GET", "moved", (ls_bytes){0}, &status, &out));
    assert_int_equal(status, 302);
    assert_string_equal(ls_buf_cstr(&out), "moved");
    assert_ok(call(&s, "GET", "shared", (ls_bytes){0}, &status, &out));
    assert_string_equal(ls_buf_cstr(&out), "shared");
    ls_buf_free(&out);
    close_site(&s);
    assert_int_equal(atomic_load(&s.released), 1);
}

static void large_bodies_are_spooled(void **state)
{
    (void)state;
    site s;
    unsigned status;
    ls_buf body = {0}, out = {0};
    open_site(&s);
    for (size_t i = 0; i < 50000; i++) {
        ls_buf_put_u16(&body, (uint16_t)(i * 7));
    }
    assert_ok(call(&s, "POST", "act", ls_buf_bytes(&body), &status, &out));
    assert_int_equal(status, 200);
    assert_true(out.len > body.len);
    assert_memory_equal(out.ptr + out.len - body.len, body.ptr, body.len);

    char path[300];
    snprintf(path, sizeof path, "%s/file", s.folder);
    assert_ok(ls_file_write(path, ls_buf_bytes(&body), NULL));
    ls_http_call c = {.method = "PUT", .path = "x", .body_path = path, .limit = 1000};
    out.len = 0;
    assert_ok(ls_http_client_call(s.client, &c, &status, &out, NULL));
    assert_int_equal(status, 413);
    c.method = "POST";
    c.limit = 200000;
    out.len = 0;
    assert_ok(ls_http_client_call(s.client, &c, &status, &out, NULL));
    assert_int_equal(status, 200);
    assert_memory_equal(out.ptr + out.len - body.len, body.ptr, body.len);
    ls_buf_free(&body);
    ls_buf_free(&out);
    close_site(&s);
}

static void client_failures(void **state)
{
    (void)state;
    site s;
    unsigned status = 7;
    ls_buf out = {0};
    ls_detail detail = {0};
    open_site(&s);
    ls_http_client_free(s.client);
    connect_root(&s);
    ls_buf_put_str(&out, "before");
    ls_http_call c = {.method = "GET", .path = "large", .limit = 99999};
    assert_fault(ls_http_client_call(s.client, &c, &status, &out, &detail), ls_fault_http);
    assert_int_equal(status, 7);
    assert_string_equal(ls_buf_cstr(&out), "before");
    /* Nothing comes for two seconds. */
    c = (ls_http_call){.method = "GET", .path = "held", .limit = 100};
    assert_fault(ls_http_client_call(s.client, &c, &status, &out, &detail), ls_fault_http);
    ls_http_answer(s.held, &(ls_http_answer_options){.status = 200}, (ls_bytes){0});
    ls_http_client_free(s.client);
    connect_client(&s, "http://127.0.0.1:1", NULL);
    assert_fault(ls_http_client_call(s.client, &c, &status, &out, &detail), ls_fault_http);
    assert_non_null(strstr(detail.text, "127.0.0.1:1"));
    ls_http_client *none = NULL;
    static const char *const bad[] = {"ftp://x", "x", "", "http://a b", "http://x/?q", "file:///etc/passwd"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_fault(ls_http_client_new(&(ls_http_client_options){.base = bad[i]}, &none, NULL), ls_fault_usage);
    }
    ls_buf_free(&out);
    close_site(&s);
}

static void unix_sockets(void **state)
{
    (void)state;
    site s;
    char folder[64], listen[90], base[110];
    system_folder(folder, sizeof folder);
    snprintf(listen, sizeof listen, "unix:%s/socket", folder);
    snprintf(base, sizeof base, "http+unix:%s/socket:/base/", folder);
    open_site_as(&s, (ls_http_options){.listen = listen});
    connect_client(&s, base, NULL);
    assert_answer(&s, "GET", "x", "", "GET /base/x Lockstep x - 0:");
    /* One that somebody listens on is not taken over. */
    ls_http_server *second = NULL;
    ls_http_options o = {.listen = listen, .handle = handle};
    assert_fault(ls_http_start(&o, &second, NULL), ls_fault_http);
    assert_answer(&s, "GET", "x", "", "GET /base/x Lockstep x - 0:");
    close_site(&s);
    assert_false(ls_file_exists(listen + 5));
    /* One that a killed server has left is. */
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    memcpy(a.sun_path, listen + 5, strlen(listen + 5));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    close(fd);
    open_site_as(&s, (ls_http_options){.listen = listen});
    close_site(&s);
    system_remove(folder);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000",
                                      "::1:8080", "unix:"};
    static const char *const good[] = {"127.0.0.1:0", ":0", "localhost:0"};
    ls_http_server *server = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_http_options o = {.listen = bad[i], .handle = handle};
        assert_fault(ls_http_start(&o, &server, NULL), ls_fault_usage);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ls_http_options o = {.listen = good[i], .handle = handle};
        assert_ok(ls_http_start(&o, &server, NULL));
        assert_true(ls_http_port(server) > 0);
        ls_http_stop(server, 0);
    }
}

static void tls(void **state)
{
    (void)state;
    site s;
    char folder[256], command[1200], certificate[300], key[300];
    ls_detail detail = {0};
    system_folder(folder, sizeof folder);
    snprintf(certificate, sizeof certificate, "%s/cert.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
             "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout %s -out %s 2>/dev/null && chmod 600 %s",
             key, certificate, key);
    if (system(command) != 0) {
        system_remove(folder);
        skip();
    }
    open_site_as(&s, (ls_http_options){.listen = "127.0.0.1:0", .certificate = certificate, .key = key});
    snprintf(s.base, sizeof s.base, "https://127.0.0.1:%u", ls_http_port(s.server));
    connect_client(&s, s.base, certificate);
    assert_answer(&s, "GET", "x", "", "GET /x Lockstep x - 0:");
    assert_answer(&s, "POST", "y", "abc", "POST /y Lockstep x text/plain 3:abc");
    ls_http_client_free(s.client);
    /* Nobody vouches for it. */
    connect_client(&s, s.base, NULL);
    unsigned status = 0;
    ls_buf out = {0};
    assert_fault(call(&s, "GET", "x", (ls_bytes){0}, &status, &out), ls_fault_http);
    close_site(&s);

    ls_http_server *server = NULL;
    ls_http_options o = {.listen = "127.0.0.1:0", .handle = handle, .certificate = certificate, .key = certificate};
    assert_true(ls_failed(ls_http_start(&o, &server, &detail)));
    o.key = NULL;
    assert_fault(ls_http_start(&o, &server, &detail), ls_fault_usage);
    ls_buf_free(&out);
    system_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(malformed_requests_are_refused),
        cmocka_unit_test(long_heads_are_refused),
        cmocka_unit_test(chunked_bodies),
        cmocka_unit_test(slow_clients_are_cut),
        cmocka_unit_test(handling_has_no_deadline),
        cmocka_unit_test(connections_from_one_host_are_limited),
        cmocka_unit_test(client_calls),
        cmocka_unit_test(large_bodies_are_spooled),
        cmocka_unit_test(client_failures),
        cmocka_unit_test(unix_sockets),
        cmocka_unit_test(addresses),
        cmocka_unit_test(tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
