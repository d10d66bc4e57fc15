/* The server: which process a request is for, who may ask, and what can be answered without waiting. */
#include "server/server.h"
#include "os/os.h"
#include "server/hosted.h"
#include <stdio.h>
#include <stdlib.h>

#define STOP_SECONDS 10

static ls_hosted *find_process(ls_server *s, ls_bytes name)
{
    for (size_t i = 0; i < s->count; i++) {
        if (ls_bytes_is(name, s->hosted[i].name)) {
            return &s->hosted[i];
        }
    }
    return NULL;
}

/* Sizes of bodies. */

/* Whoever shows an access note may send more. Before the record was read nobody is known, and nobody is a stranger. */
static ls_http_allowance allow_submission(ls_hosted *h, const char *authorization)
{
    ls_access reader;
    ls_view *v = ls_hosted_view(h);
    bool known = ls_hosted_reader(h, v, authorization, &reader, NULL), read = v->fresh > 0;
    ls_view_release(v);
    return (ls_http_allowance){.body = known ? LS_SERVER_SUBMISSION_MAX : LS_SERVER_ANONYMOUS_MAX,
                               .memory = LS_SERVER_MEMORY_MAX,
                               .status = known  ? 413
                                         : read ? 401
                                                : 503};
}

static ls_http_allowance allow(void *context, const ls_http_request *request)
{
    ls_server *s = context;
    ls_route route;
    ls_route_parse(ls_bytes_str(request->path), &route);
    ls_hosted *h = route.kind == LS_ROUTE_NONE ? NULL : find_process(s, route.process);
    if (h == NULL || !ls_route_takes(route.kind, request->method)) {
        return (ls_http_allowance){0};
    }
    if (route.kind == LS_ROUTE_COSIGNATURE) {
        return (ls_http_allowance){.body = LS_SERVER_COSIGNATURE_MAX, .memory = LS_SERVER_MEMORY_MAX};
    }
    bool put = route.kind == LS_ROUTE_BOX && strcmp(request->method, "PUT") == 0;
    return route.kind == LS_ROUTE_ACT || put ? allow_submission(h, request->authorization) : (ls_http_allowance){0};
}

/* Reading. */

/* Whether the ledger has what this tile would hold: all of it up to its width, none of it beyond the checkpoint. */
static bool tile_there(const ls_route *route, const ls_view *v)
{
    uint64_t there = ls_tile_level_count(v->size[LS_CHECKPOINT_LATEST], route->level);
    return route->index <= there / LS_TILE_WIDTH && route->index * LS_TILE_WIDTH + route->width <= there;
}

/* On the reading thread; the view is held for it. */
static void pass_on(ls_server *s, ls_hosted *h, ls_http_exchange *x, const ls_http_request *request,
                    const ls_route *route, const ls_access *reader)
{
    ls_waiting_read *w = malloc(sizeof *w);
    if (w != NULL) {
        *w = (ls_waiting_read){
            .x = x, .route = *route, .request = request, .reader = *reader, .view = ls_hosted_view(h)};
        if (ls_hosted_enqueue_read(h, w)) {
            return;
        }
        ls_view_release(w->view);
        free(w);
    }
    ls_server_fail(s, h, route->kind, x, ls_fail(&ls_fault_server_busy), NULL);
}

static void answer_read(ls_server *s, ls_hosted *h, ls_http_exchange *x, const ls_http_request *request,
                        const ls_route *route, const ls_view *v, const ls_access *reader)
{
    bool tile = route->kind == LS_ROUTE_TILE || route->kind == LS_ROUTE_ENTRIES;
    bool checkpoint = route->kind == LS_ROUTE_CHECKPOINT || route->kind == LS_ROUTE_CHECKPOINT_LATEST;
    if (checkpoint && ls_hosted_current(h, v)) {
        ls_hosted_answer_checkpoint(h, x, route->kind, v);
        return;
    }
    if (tile && !tile_there(route, v)) {
        ls_server_fail(s, h, route->kind, x, ls_fail(&ls_fault_absent), NULL);
        return;
    }
    ls_blob *b = tile ? ls_cache_get(s->cache, h, route) : NULL;
    if (b != NULL) {
        ls_hosted_answer_tile(h, x, route->kind, b);
    } else {
        pass_on(s, h, x, request, route, reader);
    }
}

/* Of a process whose charter does not say that everybody may read. Boxes are somebody's in any case. */
static bool may_read(ls_hosted *h, const ls_view *v, const ls_http_request *request, const ls_route *route,
                     ls_access *reader, ls_detail *detail)
{
    bool box = route->kind == LS_ROUTE_BOX || route->kind == LS_ROUTE_BOXES;
    bool nothing = v->keys == NULL && v->size[LS_CHECKPOINT_LATEST] == 0; /* to be kept from anybody, so far */
    if (!box && (nothing || (v->keys != NULL && v->keys->charter->public_access))) {
        return true;
    }
    return ls_hosted_reader(h, v, request->authorization, reader, detail);
}

static void handle_process(ls_server *s, ls_hosted *h, ls_http_exchange *x, const ls_http_request *request,
                           const ls_route *route)
{
    ls_detail detail = {0};
    ls_access reader = {.party = LS_NO_PARTY, .cosigner = LS_NO_PARTY};
    if (route->kind == LS_ROUTE_ACT || route->kind == LS_ROUTE_COSIGNATURE) {
        ls_hosted_post(h, x, request, route->kind);
        return;
    }
    ls_view *v = ls_hosted_view(h);
    if (v->fresh <= 0) {
        ls_server_fail(s, h, route->kind, x, ls_fail(&ls_fault_server_busy), NULL); /* not read yet */
    } else if (may_read(h, v, request, route, &reader, &detail)) {
        answer_read(s, h, x, request, route, v, &reader);
    } else {
        ls_server_fail(s, h, route->kind, x, ls_fail(&ls_fault_access), &detail);
    }
    ls_view_release(v);
}

/* What is the server's own. Names and sizes of processes are for their readers, and for whoever runs the server, who
 * asks on its machine; others learn whether it works. */
static void handle_own(ls_server *s, ls_http_exchange *x, const ls_route *route, bool local)
{
    ls_buf body = {0};
    bool health = route->kind == LS_ROUTE_HEALTH;
    unsigned status = 200;
    if (!health && !local) {
        ls_server_fail(s, NULL, route->kind, x, ls_fail(&ls_fault_server_local), NULL);
        return;
    }
    if (health) {
        status = ls_server_put_health(s, local, &body);
    } else {
        ls_server_put_metrics(s, &body);
    }
    ls_http_answer_options o = {.status = status,
                                .content_type = health ? "application/json" : "text/plain; version=0.0.4",
                                .cache = "no-store"};
    ls_server_answer_buffer(s, NULL, route->kind, x, &o, &body);
}

static void handle(void *context, ls_http_exchange *x, const ls_http_request *request)
{
    ls_server *s = context;
    ls_route route;
    if (!atomic_load(&s->started)) {
        ls_server_fail(s, NULL, LS_ROUTE_NONE, x, ls_fail(&ls_fault_server_busy), NULL);
        return;
    }
    ls_route_parse(ls_bytes_str(request->path), &route);
    bool own = route.kind == LS_ROUTE_HEALTH || route.kind == LS_ROUTE_METRICS;
    if (route.kind == LS_ROUTE_SITE && s->o.site == NULL) {
        route.kind = LS_ROUTE_NONE;
    }
    ls_hosted *h = own || route.kind == LS_ROUTE_NONE ? NULL : find_process(s, route.process);
    if (route.kind == LS_ROUTE_NONE || (!own && h == NULL)) {
        ls_server_fail(s, NULL, LS_ROUTE_NONE, x, ls_fail(&ls_fault_server_route), NULL);
    } else if (!ls_route_takes(route.kind, request->method)) {
        ls_server_fail(s, h, route.kind, x, ls_fail(&ls_fault_server_method), NULL);
    } else if (own) {
        handle_own(s, x, &route, request->local);
    } else {
        handle_process(s, h, x, request, &route);
    }
}

/* Starting and ending. */

static ls_result open_processes(ls_server *s, ls_detail *detail)
{
    if (s->o.folder_count == 0 || s->o.folder_count > LS_SERVER_PROCESSES_MAX) {
        return ls_fail_with(&ls_fault_usage, detail, "a server hosts 1 to %d ledgers", LS_SERVER_PROCESSES_MAX);
    }
    s->hosted = calloc(s->o.folder_count, sizeof *s->hosted);
    s->cache = ls_cache_new(LS_SERVER_CACHE_MAX);
    if (s->hosted == NULL || s->cache == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < s->o.folder_count; i++) {
        s->count++;
        LS_TRY(ls_hosted_open(s, s->o.folders[i], &s->hosted[i], detail));
        for (size_t j = 0; j < i; j++) {
            if (strcmp(s->hosted[i].name, s->hosted[j].name) == 0) {
                return ls_fail_with(&ls_fault_usage, detail, "two ledgers would both be at /%s", s->hosted[i].name);
            }
        }
    }
    return LS_SUCCESS;
}

/* It listens before anything leads: with a port that is taken, or a certificate that is none, it has done nothing.
 * Until all has begun it is busy. */
static ls_result start(ls_server *s, ls_detail *detail)
{
    ls_http_options http = {.listen = s->o.listen,
                            .certificate = s->o.certificate,
                            .key = s->o.key,
                            .spool = s->o.folders[0],
                            .threads = s->o.threads,
                            .allow = allow,
                            .handle = handle,
                            .context = s};
    LS_TRY(open_processes(s, detail));
    LS_TRY(ls_http_start(&http, &s->http, detail));
    for (size_t i = 0; i < s->count; i++) {
        LS_TRY(ls_hosted_start(&s->hosted[i], detail));
    }
    atomic_store(&s->started, true);
    return LS_SUCCESS;
}

ls_result ls_server_start(const ls_server_options *o, ls_server **out, ls_detail *detail)
{
    ls_server *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    s->o = *o;
    pthread_mutex_init(&s->lock_log, NULL);
    pthread_mutex_init(&s->metrics.lock, NULL);
    ls_result r = start(s, detail);
    if (ls_failed(r)) {
        ls_server_stop(s);
        return r;
    }
    *out = s;
    return LS_SUCCESS;
}

unsigned ls_server_port(const ls_server *s)
{
    return ls_http_port(s->http);
}

bool ls_server_process_at(ls_server *s, size_t index, ls_server_process *out)
{
    if (index >= s->count) {
        return false;
    }
    ls_hosted *h = &s->hosted[index];
    ls_view *v = ls_hosted_view(h);
    *out = (ls_server_process){.name = h->name,
                               .final = v->size[LS_CHECKPOINT_FINAL],
                               .open = v->keys != NULL && v->keys->charter->public_access};
    ls_view_release(v);
    return true;
}

/* What is queued is worked off; what comes meanwhile is told that the server is busy. */
void ls_server_stop(ls_server *s)
{
    atomic_store(&s->stopping, true);
    for (size_t i = 0; i < s->count; i++) {
        ls_hosted_stop(&s->hosted[i]);
    }
    if (s->http != NULL) {
        ls_http_stop(s->http, STOP_SECONDS);
    }
    for (size_t i = 0; i < s->count; i++) {
        ls_hosted_close(&s->hosted[i]);
    }
    ls_cache_free(s->cache);
    free(s->hosted);
    pthread_mutex_destroy(&s->metrics.lock);
    pthread_mutex_destroy(&s->lock_log);
    free(s);
}
