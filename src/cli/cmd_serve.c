/* serve: ledgers over HTTP. */
#include "cli/cli.h"
#include "server/server.h"
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

static void print_event(void *context, const ls_server_event *e)
{
    static const char *const levels[] = {"info", "warning", "error"};
    ls_buf line;
    (void)context;
    cli_log_begin(&line, levels[e->level], e->event);
    if (e->process != NULL) {
        ls_buf_format(&line, " process=%s", e->process);
    }
    if (e->status != 0) {
        ls_buf_format(&line, " status=%u", e->status);
    }
    if (e->count >= 0) {
        ls_buf_format(&line, " count=%" PRId64, e->count);
    }
    if (e->milliseconds >= 0) {
        ls_buf_format(&line, " ms=%.1f", e->milliseconds);
    }
    if (e->text != NULL) {
        cli_log_text(&line, "text", e->text);
    }
    cli_log_end(&line);
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
                           .authority_file = cli_authority(c),
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
