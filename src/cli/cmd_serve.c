/* serve: ledgers over HTTP. */
#include "cli/cli.h"
#include "server/server.h"
#include <signal.h>
#include <stdio.h>

/* A value of a line of the log: quotes and what could break a line are replaced. */
static void print_quoted(const char *key, const char *text)
{
    fprintf(stderr, " %s=\"", key);
    for (const char *p = text; *p != '\0'; p++) {
        fputc(*p == '"' || *p == '\\' || (unsigned char)*p < 0x20 ? '\'' : *p, stderr);
    }
    fputc('"', stderr);
}

static void print_event(void *context, const ls_server_event *e)
{
    static const char *const levels[] = {"info", "warning", "error"};
    char now[LS_TIME_SIZE];
    (void)context;
    ls_time_format(ls_clock_now(), now);
    fprintf(stderr, "time=%s level=%s event=%s", now, levels[e->level], e->event);
    if (e->process != NULL) {
        fprintf(stderr, " process=%s", e->process);
    }
    if (e->status != 0) {
        fprintf(stderr, " status=%u", e->status);
    }
    if (e->count >= 0) {
        fprintf(stderr, " count=%lld", (long long)e->count);
    }
    if (e->milliseconds >= 0) {
        fprintf(stderr, " ms=%.1f", e->milliseconds);
    }
    if (e->text != NULL) {
        print_quoted("text", e->text);
    }
    fputc('\n', stderr);
}

static ls_result run_serve(cli *c)
{
    ls_server *s;
    sigset_t set;
    int got;
    char text[64];
    uint64_t threads = 0;
    ls_server_options o = {.listen = cli_value(c, "listen"),
                           .certificate = cli_value(c, "certificate"),
                           .key = cli_value(c, "key"),
                           .folders = c->argument,
                           .folder_count = (size_t)c->argument_count,
                           .store = cli_value(c, "store"),
                           .log = print_event};
    LS_TRY(cli_number(c, "threads", 64, &threads));
    o.threads = (unsigned)threads;
    o.listen = o.listen != NULL ? o.listen : "127.0.0.1:8080";
    /* Blocked here and so in all threads that follow: one waits for them. */
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    LS_TRY(ls_server_start(&o, &s, &c->detail));
    snprintf(text, sizeof text, "listens on port %u", ls_server_port(s));
    print_event(NULL, &(ls_server_event){LS_EVENT_INFO, "started", NULL, text, 0, -1, -1});
    sigwait(&set, &got);
    ls_server_stop(s);
    print_event(NULL, &(ls_server_event){LS_EVENT_INFO, "stopped", NULL, NULL, 0, -1, -1});
    return LS_SUCCESS;
}

const cli_verb cli_verb_serve = {
    "serve",
    "LEDGER…",
    "serve ledgers over HTTP, until it is told to end",
    "Hosts one or more ledgers: each is at /NAME, the last part of its origin, in the forms of C2SP tlog-tiles. It "
    "takes\n"
    "acts, many in one commit, asks the cosigners of the policy that have a URL, and writes the stamps. Reading takes "
    "an\n"
    "access note unless the charter says `access: public`. /healthz and /metrics are for whoever runs it; so put a "
    "proxy\n"
    "before it. With --store the records lie in PostgreSQL: of several servers on one database one leads, and another\n"
    "takes over when it fails. SIGTERM ends it cleanly.",
    "  lockstep serve ledger --listen 127.0.0.1:8080\n"
    "  lockstep serve ledger --listen :443 --certificate rok.pem --key rok.key",
    1,
    64,
    {{"listen", "ADDRESS", "HOST:PORT, :PORT or unix:PATH (default: 127.0.0.1:8080)"},
     {"certificate", "FILE", "certificates for TLS (PEM), together with --key"},
     {"key", "FILE", "their key (PEM)"},
     {"store", "postgres://…", "where the records lie, if not in the ledgers' folders"},
     {"threads", "N", "of HTTP (default: one for each processor)"},
     {0}},
    run_serve};
