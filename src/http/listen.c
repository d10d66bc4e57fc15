/* Where a server listens: an address and port, or a Unix socket. */
#include "http/internal.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

static ls_result fail(const char *where, const char *why, ls_detail *detail)
{
    ls_hint(detail, "give an address and a port, like 127.0.0.1:8080, or unix:PATH");
    return ls_fail_with(&ls_fault_usage, detail, "can't listen at %s: %s", where, why);
}

static ls_result fail_system(const char *where, ls_detail *detail)
{
    int error = errno;
    ls_hint(detail, "%s",
            error == EADDRINUSE      ? "something else listens there: end it, or take another port"
            : error == EADDRNOTAVAIL ? "it is no address of this machine"
            : error == EACCES ? "ports below 1024, and folders of others, take rights that this process does not have"
                              : "");
    return ls_fail_with(&ls_fault_http, detail, "can't listen at %s: %s", where, strerror(error));
}

/* A socket file that a killed server left is in the way; one that somebody listens on is not ours to take. */
static void remove_stale(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED) {
        unlink(address->sun_path);
    }
    if (fd >= 0) {
        close(fd);
    }
}

static ls_result listen_unix(const char *path, int *out, char **unix_path, ls_detail *detail)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) == 0 || strlen(path) >= sizeof address.sun_path) {
        return fail(path, "the path of a Unix socket has 1 to 107 bytes", detail);
    }
    memcpy(address.sun_path, path, strlen(path));
    remove_stale(&address);
    char *copy = strdup(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (copy == NULL || fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, BACKLOG) != 0) {
        ls_result r = fail_system(path, detail);
        free(copy);
        if (fd >= 0) {
            close(fd);
        }
        return r;
    }
    *out = fd;
    *unix_path = copy;
    return LS_SUCCESS;
}

/* -1 and errno if it fails. */
static int listen_address(const struct addrinfo *a)
{
    int on = 1, off = 0;
    int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (a->ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage a = {0};
    socklen_t len = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
        return 0;
    }
    return ntohs(a.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)&a)->sin6_port
                                         : ((const struct sockaddr_in *)(const void *)&a)->sin_port);
}

/* "host:port", "[v6]:port" or ":port", cut in two. */
static bool split(const char *where, char *host, size_t cap, const char **port)
{
    const char *colon = strrchr(where, ':');
    uint64_t number;
    if (colon == NULL || !ls_decimal_parse(ls_bytes_str(colon + 1), UINT16_MAX, &number)) {
        return false;
    }
    bool brackets = where[0] == '[' && colon > where + 1 && colon[-1] == ']';
    const char *from = where + brackets;
    size_t len = (size_t)(colon - where) - 2u * brackets;
    if (len >= cap || (!brackets && memchr(from, ':', len) != NULL)) {
        return false;
    }
    memcpy(host, from, len);
    host[len] = '\0';
    *port = colon + 1;
    return true;
}

ls_result ls_http_listen(const char *where, int *fd, unsigned *port, char **unix_path, ls_detail *detail)
{
    char host[256];
    const char *service;
    if (strncmp(where, "unix:", 5) == 0) {
        *port = 0;
        return listen_unix(where + 5, fd, unix_path, detail);
    }
    if (!split(where, host, sizeof host, &service)) {
        return fail(where, "it is no address with a port", detail);
    }
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *list;
    int error = getaddrinfo(host[0] == '\0' ? NULL : host, service, &hints, &list);
    if (error != 0) {
        return fail(where, gai_strerror(error), detail);
    }
    int bound = -1;
    /* Without a host the address of IPv6 comes first, as it takes both. */
    for (int pass = 0; pass < 2 && bound < 0; pass++) {
        for (const struct addrinfo *a = list; a != NULL && bound < 0; a = a->ai_next) {
            bool first = host[0] != '\0' || a->ai_family == AF_INET6;
            bound = first == (pass == 0) ? listen_address(a) : bound;
        }
    }
    ls_result r = bound < 0 ? fail_system(where, detail) : LS_SUCCESS;
    freeaddrinfo(list);
    if (ls_succeeded(r)) {
        *fd = bound;
        *port = port_of(bound);
    }
    return r;
}
