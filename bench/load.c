#include "load.h"
#include "bench.h"
#include "os/os.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
    exit(LS_CLASS_ENVIRONMENT);
}

static void connect_client(load *l, size_t i, unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct epoll_event e = {.events = EPOLLIN, .data.u64 = i};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0) {
        die("connect");
    }
    l->client[i].fd = fd;
    l->client[i].party = i * WORLD_PARTIES / LOAD_CLIENTS;
}

void load_open(load *l, const world *w, unsigned port)
{
    *l = (load){.w = w, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (l->epoll < 0) {
        die("epoll");
    }
    for (size_t i = 0; i < LOAD_CLIENTS; i++) {
        connect_client(l, i, port);
    }
}

/* A request is smaller than the socket's buffer, so that sending never waits. */
static void send_request(struct load_client *c)
{
    c->received = 0;
    for (c->sent = 0; c->sent < c->request.len;) {
        ssize_t n = send(c->fd, c->request.ptr + c->sent, c->request.len - c->sent, MSG_NOSIGNAL);
        if (n <= 0) {
            die("send");
        }
        c->sent += (size_t)n;
    }
}

static void begin(load *l, struct load_client *c)
{
    size_t *next = &l->next[c->party];
    if (l->left == 0 || *next == l->w->chain[c->party].count) {
        return;
    }
    l->left--;
    l->busy++;
    c->request = world_act(l->w, c->party, (*next)++);
    c->since = ls_clock_monotonic();
    send_request(c);
}

/* The status, once the whole answer is there; else 0. */
static unsigned answer_status(struct load_client *c)
{
    c->answer[c->received] = '\0';
    const char *end = strstr(c->answer, "\r\n\r\n"), *length = strcasestr(c->answer, "\r\nContent-Length:");
    if (end == NULL) {
        return 0;
    }
    size_t body = length == NULL || length > end ? 0 : strtoul(length + sizeof "\r\nContent-Length:" - 1, NULL, 10);
    bool whole = c->received >= (size_t)(end - c->answer) + 4 + body;
    return whole ? (unsigned)strtoul(c->answer + sizeof "HTTP/1.1 " - 1, NULL, 10) : 0;
}

static void settle(load *l, struct load_client *c, unsigned status)
{
    if (status == 409) {
        l->again++;
        send_request(c);
        return;
    }
    if (status != 201) {
        fprintf(stderr, "%s: a request was answered:\n%s\n", program_invocation_short_name, c->answer);
        exit(LS_CLASS_ENVIRONMENT);
    }
    if (l->latency != NULL) {
        l->latency[l->done] = (float)(ls_clock_monotonic() - c->since);
    }
    l->done++;
    l->busy--;
    begin(l, c);
}

static void take(load *l, struct load_client *c)
{
    ssize_t n = recv(c->fd, c->answer + c->received, sizeof c->answer - 1 - c->received, 0);
    if (n <= 0) {
        die("recv");
    }
    c->received += (size_t)n;
    unsigned status = answer_status(c);
    if (status != 0) {
        settle(l, c, status);
    }
}

double load_run(load *l, size_t acts)
{
    struct epoll_event events[LOAD_CLIENTS];
    double start = ls_clock_monotonic();
    l->left = acts;
    for (size_t i = 0; i < LOAD_CLIENTS; i++) {
        begin(l, &l->client[i]);
    }
    while (l->busy > 0) {
        int n = epoll_wait(l->epoll, events, LOAD_CLIENTS, 30000);
        if (n <= 0) {
            die("no answer for half a minute");
        }
        for (int i = 0; i < n; i++) {
            take(l, &l->client[events[i].data.u64]);
        }
    }
    return ls_clock_monotonic() - start;
}

void load_close(load *l)
{
    for (size_t i = 0; i < LOAD_CLIENTS; i++) {
        close(l->client[i].fd);
    }
    close(l->epoll);
}
