/* serve: ledgers over HTTP. */
#include "cli/cli.h"
#include "server/server.h"
#include "site/site.h"
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

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

/* Public sites, built again when more of a record is final. */

#define SITE_SECONDS 2 /* between looks */
#define SITE_AGAIN 60  /* after one that failed */

typedef struct serving {
    cli *c;
    ls_server *server;
    const ls_server_options *o;
    const sigset_t *signals; /* that end it */
    bool ends;
    uint64_t *built; /* of each process: how much of it the site shows */
    double *failed;  /* and when building it failed, by the monotonic clock; 0: it did not */
} serving;

/* Whether it is told to end within so many seconds. */
static bool ends_within(serving *x, time_t seconds)
{
    const struct timespec limit = {.tv_sec = seconds};
    x->ends = x->ends || sigtimedwait(x->signals, NULL, &limit) > 0;
    return x->ends;
}

static bool goes_on(void *context, const char *what, uint64_t done, uint64_t total)
{
    (void)what, (void)done, (void)total;
    return !ends_within(context, 0);
}

static ls_result build_site(serving *x, size_t i, const ls_server_process *p, ls_arena *arena, ls_site_built *out,
                            ls_detail *detail)
{
    ls_source *source;
    const char *url = cli_value(x->c, "url");
    const ls_source_options from = {.store_name = x->o->store != NULL ? p->name : NULL};
    const char *folder = ls_arena_format(arena, "%s/%s", x->o->site, p->name);
    const ls_site_options o = {.version = LOCKSTEP_VERSION,
                               .assets = getenv("LOCKSTEP_PORTAL"),
                               .url = url == NULL ? NULL : ls_arena_format(arena, "%s/%s/", url, p->name),
                               .trusted = true, /* this server took it in */
                               .progress = goes_on,
                               .context = x};
    if (arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_source_open(x->o->store != NULL ? x->o->store : x->o->folders[i], &from, &source, detail));
    ls_result r = ls_site_build(source, folder, &o, out, detail);
    ls_source_close(source);
    return r;
}

static void refresh_site(serving *x, size_t i, const ls_server_process *p)
{
    ls_arena arena = {0};
    ls_detail detail = {0};
    ls_site_built built = {0};
    double began = ls_clock_monotonic();
    ls_result r = build_site(x, i, p, &arena, &built, &detail);
    if (r.fault == &ls_fault_ended) {
        ls_arena_free(&arena);
        return;
    }
    x->failed[i] = ls_failed(r) ? ls_clock_monotonic() : 0;
    x->built[i] = ls_succeeded(r) ? built.entries : x->built[i];
    print_event(NULL, &(ls_server_event){.level = ls_failed(r) ? LS_EVENT_ERROR : LS_EVENT_INFO,
                                         .event = ls_failed(r) ? "site-failed" : "site",
                                         .process = p->name,
                                         .text = ls_succeeded(r)          ? NULL
                                                 : detail.text[0] != '\0' ? detail.text
                                                                          : r.fault->sentence,
                                         .count = ls_succeeded(r) ? (int64_t)built.written : -1,
                                         .milliseconds = (ls_clock_monotonic() - began) * 1000});
    ls_arena_free(&arena);
}

static void refresh_sites(serving *x)
{
    ls_server_process p;
    for (size_t i = 0; !x->ends && ls_server_process_at(x->server, i, &p); i++) {
        bool resting = x->failed[i] > 0 && ls_clock_monotonic() - x->failed[i] < SITE_AGAIN;
        if (p.open && p.final > x->built[i] && !resting) {
            refresh_site(x, i, &p);
        }
    }
}

/* Until SIGTERM or SIGINT. */
static void wait_for_end(serving *x)
{
    int got;
    if (x->o->site == NULL) {
        sigwait(x->signals, &got);
        return;
    }
    do {
        refresh_sites(x);
    } while (!ends_within(x, SITE_SECONDS));
}

static ls_result run_serve(cli *c)
{
    sigset_t set;
    char text[64];
    uint64_t threads = 0;
    ls_server_options o = {.listen = cli_value(c, "listen"),
                           .certificate = cli_value(c, "certificate"),
                           .key = cli_value(c, "key"),
                           .folders = c->argument,
                           .folder_count = (size_t)c->argument_count,
                           .store = cli_value(c, "store"),
                           .site = cli_value(c, "site"),
                           .authority_file = cli_authority(c),
                           .log = print_event};
    serving x = {.c = c,
                 .o = &o,
                 .signals = &set,
                 .built = ls_arena_array(&c->arena, o.folder_count + 1, sizeof *x.built),
                 .failed = ls_arena_array(&c->arena, o.folder_count + 1, sizeof *x.failed)};
    if (x.built == NULL || x.failed == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(o.site == NULL ? LS_SUCCESS : ls_folder_make(o.site, &c->detail));
    LS_TRY(cli_number(c, "threads", 64, &threads));
    o.threads = (unsigned)threads;
    o.listen = o.listen != NULL ? o.listen : "127.0.0.1:8080";
    /* Blocked here and so in all threads that follow: one waits for them. */
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    LS_TRY(ls_server_start(&o, &x.server, &c->detail));
    snprintf(text, sizeof text, "listens on port %u", ls_server_port(x.server));
    print_event(NULL, &(ls_server_event){LS_EVENT_INFO, "started", NULL, text, 0, -1, -1});
    wait_for_end(&x);
    ls_server_stop(x.server);
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
    "takes over when it fails. With --site each process that everybody may read has its public portal (lockstep "
    "portal\n"
    "build) at /NAME/, built again when more of it is final. SIGTERM ends it cleanly.",
    "  lockstep serve ledger --listen 127.0.0.1:8080\n"
    "  lockstep serve ledger --listen :443 --certificate rok.pem --key rok.key",
    1,
    64,
    {{"listen", "ADDRESS", "HOST:PORT, :PORT or unix:PATH (default: 127.0.0.1:8080)"},
     {"certificate", "FILE", "certificates for TLS (PEM), together with --key"},
     {"key", "FILE", "their key (PEM)"},
     {"site", "FOLDER", "keep public sites of the processes that everybody may read there, and serve them at /NAME/"},
     {"url", "ADDRESS", "of this server, as readers of these sites see it"},
     {"store", "postgres://…", "where the records lie, if not in the ledgers' folders"},
     {"threads", "N", "of HTTP (default: one for each processor)"},
     {0}},
    run_serve};
