/*
 * Measures `lockstep serve` over loopback and prints one JSON object a line: {"name", "value", "unit"}.
 *
 *   bench_serve LOCKSTEP FOLDER [ACTS]
 *
 * LOCKSTEP: the program. FOLDER: where the ledger is made, and stays. ACTS acts by 32 parties, made and signed
 * beforehand, are posted by 64 clients, each with a connection of its own and one act under way, acknowledged as
 * durable before it sends the next. The clients share the two cores with the server. Their rate is shown beside that at
 * which both cores verify as many signatures and do nothing else.
 */
#include "bench.h"
#include "load.h"
#include "os/os.h"
#include "verifying.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL 10000
#define STRETCH 20000
#define PROBE 40000 /* signatures: a second or two */
#define NOTE 600    /* bytes of a text, nearly */
#define REQUEST                                                                                                        \
    "POST /" WORLD_NAME "/act HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n"

/* The server's process. */

typedef struct server {
    pid_t pid;
    unsigned port;
} server;

static unsigned port_of(const char *log)
{
    static const char before[] = "listens on port ";
    ls_buf text = {0};
    const char *found = NULL;
    if (ls_succeeded(ls_file_read(log, 1u << 20, &text, NULL))) {
        found = strstr(ls_buf_cstr(&text), before);
    }
    unsigned port = found == NULL ? 0 : (unsigned)strtoul(found + sizeof before - 1, NULL, 10);
    ls_buf_free(&text);
    return port;
}

static void start_server(const char *program, const char *ledger, server *s)
{
    char log[4200];
    snprintf(log, sizeof log, "%s.log", ledger);
    unlink(log); /* an earlier run's would name an earlier run's port */
    s->port = 0;
    s->pid = fork();
    if (s->pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        dup2(fd, STDERR_FILENO);
        execl(program, program, "serve", ledger, "--listen", "127.0.0.1:0", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 3000 && s->port == 0; i++) {
        usleep(10000);
        s->port = port_of(log);
    }
    if (s->port == 0) {
        fprintf(stderr, "bench_serve: the server did not start; see %s\n", log);
        exit(LS_CLASS_ENVIRONMENT);
    }
}

/* Of a file of the process under /proc, the n-th number (from 0) after its name in parentheses, if there is one. */
static double proc_number(const server *s, const char *file, unsigned n)
{
    char path[64];
    ls_buf text = {0};
    snprintf(path, sizeof path, "/proc/%d/%s", (int)s->pid, file);
    if (ls_failed(ls_file_read(path, 4096, &text, NULL))) {
        perror(path);
        exit(LS_CLASS_ENVIRONMENT);
    }
    const char *start = ls_buf_cstr(&text), *name = strrchr(start, ')');
    char *at = (char *)(uintptr_t)(name == NULL ? start : name + 3); /* past the state */
    double number = 0;
    for (unsigned i = 0; i <= n; i++) {
        number = (double)strtoll(at, &at, 10);
    }
    ls_buf_free(&text);
    return number;
}

/* Seconds of processor time so far: proc(5), utime and stime. */
static double server_busy(const server *s)
{
    return (proc_number(s, "stat", 10) + proc_number(s, "stat", 11)) / (double)sysconf(_SC_CLK_TCK);
}

static double server_megabytes(const server *s)
{
    return proc_number(s, "statm", 1) * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void stop_server(const server *s)
{
    int status;
    kill(s->pid, SIGTERM);
    if (waitpid(s->pid, &status, 0) != s->pid || status != 0) {
        fprintf(stderr, "bench_serve: the server did not end well\n");
        exit(LS_CLASS_BUG);
    }
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* A stretch of acts: how many a second, and what the server's processors spent on each. */
typedef struct stretch {
    double rate, busy;
} stretch;

static stretch run(load *l, const server *s, size_t acts)
{
    double busy = server_busy(s), seconds = load_run(l, acts);
    return (stretch){(double)acts / seconds, (server_busy(s) - busy) / (double)acts};
}

static void bench_acts(const world *w, const server *s, size_t acts)
{
    static load l;
    size_t middle = acts - SMALL - 2 * STRETCH;
    l.latency = NULL;
    load_open(&l, w, s->port);
    run(&l, s, SMALL); /* until the ledger has that many */
    double limit = bench_verifying_rate(PROBE, NOTE);
    stretch small = run(&l, s, STRETCH);
    l.latency = calloc(acts, sizeof *l.latency);
    bench_must(l.latency == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
    size_t from = l.done;
    stretch all = run(&l, s, middle);
    limit = (limit + bench_verifying_rate(PROBE, NOTE)) / 2;
    size_t count = l.done - from;
    qsort(l.latency + from, count, sizeof *l.latency, by_size);
    bench_figure("acts_per_s", all.rate, "acts/s");
    bench_figure("acts_share_of_ed25519", all.rate / limit, "ratio");
    bench_figure("acts_latency_p50_ms", 1e3 * (double)l.latency[from + count / 2], "ms");
    bench_figure("acts_latency_p99_ms", 1e3 * (double)l.latency[from + count * 99 / 100], "ms");
    stretch large = run(&l, s, STRETCH);
    bench_figure("acts_per_s_at_10000", small.rate, "acts/s");
    bench_figure("acts_per_s_at_the_end", large.rate, "acts/s");
    bench_figure("acts_growth", large.busy / small.busy, "ratio");
    bench_figure("acts_server_busy_us", 1e6 * all.busy, "µs");
    bench_figure("acts_sent_again", (double)l.again / (double)l.done, "ratio");
    bench_figure("server_resident_mb", server_megabytes(s), "MB");
    free(l.latency);
    load_close(&l);
}

int main(int argc, char **argv)
{
    static world w;
    server s;
    size_t acts = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000000;
    if (argc < 3 || argc > 4 || acts < 3 * STRETCH) {
        fprintf(stderr, "usage: bench_serve LOCKSTEP FOLDER [ACTS]   ACTS at least %d\n", 3 * STRETCH);
        return LS_CLASS_USAGE;
    }
    bench_must(ls_crypto_init(), NULL);
    world_open(&w, argv[2]);
    world_make_acts(&w, acts, REQUEST);
    start_server(argv[1], argv[2], &s);
    bench_acts(&w, &s, acts);
    stop_server(&s);
    world_close(&w);
    return 0;
}
