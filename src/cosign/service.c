/* A cosigner at work: its workers, and which of them answers what. */
#include "cosign/service.h"
#include "cosign/choice.h"
#include "cosign/worker.h"
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include "ledger/remote.h"
#include "process/access.h"
#include <stdio.h>
#include <stdlib.h>

#define ACCESS_SECONDS (12 * 3600) /* that an access note of ours lives */
#define STOP_SECONDS 5

void ls_cosign_tell(ls_cosign_service *s, int level, const char *event, const char *origin, uint64_t size,
                    const char *text)
{
    ls_cosign_event e = {.event = event, .origin = origin, .text = text, .size = size};
    e.level = level;
    if (s->o.event != NULL) {
        pthread_mutex_lock(&s->lock_events);
        s->o.event(s->o.context, &e);
        pthread_mutex_unlock(&s->lock_events);
    }
}

/* Reading. */

typedef struct search {
    ls_hash wanted;
    ls_arena arena;
    const char *origin;
} search;

static ls_result find_origin(void *context, const ls_cosign_standing *s)
{
    search *q = context;
    ls_hash hash;
    ls_sha256_hash(s->origin, &hash);
    if (ls_hash_equal(&hash, &q->wanted)) {
        q->origin = ls_arena_str(&q->arena, s->origin);
    }
    return LS_SUCCESS;
}

static void read_checkpoint(ls_cosign_service *s, const char *path, ls_cosign_answer *answer)
{
    search q = {0};
    ls_cosigned last;
    ls_detail detail = {0};
    ls_cosign_state *state = s->o.folder->state;
    ls_result r = LS_SUCCESS;
    if (strlen(path) == 65 + strlen("/checkpoint") && strcmp(path + 65, "/checkpoint") == 0 &&
        ls_hash_parse(ls_bytes_of(path + 1, 64), &q.wanted)) {
        r = ls_cosign_state_standing(state, find_origin, &q, &detail);
    }
    answer->status = 200;
    answer->content_type = "text/plain; charset=utf-8";
    if (ls_succeeded(r) && q.origin != NULL) {
        r = ls_cosign_state_last(state, ls_bytes_str(q.origin), &last, &answer->body, &detail);
    }
    if (ls_failed(r)) {
        ls_cosign_fail(answer, r, &detail);
    } else if (answer->body.len == 0) {
        ls_cosign_refuse(answer, 404, "not-found", "nothing of this name was cosigned here");
    }
    ls_arena_free(&q.arena);
}

static void read_metrics(ls_cosign_service *s, ls_cosign_answer *answer)
{
    ls_cosign_put_metrics(s, &answer->body);
    answer->status = 200;
    answer->content_type = "text/plain; version=0.0.4";
}

static void read_health(ls_cosign_service *s, bool local, ls_cosign_answer *answer)
{
    ls_detail detail = {0};
    ls_result r = ls_cosign_put_health(s->o.folder->state, &s->o.folder->key, local, &answer->body);
    answer->status = 200;
    answer->content_type = "application/json";
    if (ls_failed(r)) {
        ls_cosign_fail(answer, r, &detail);
    }
}

void ls_cosign_read(ls_cosign_service *s, const char *path, bool local, ls_cosign_answer *answer)
{
    bool metrics = strcmp(path, "/metrics") == 0;
    if (strcmp(path, "/healthz") == 0) {
        read_health(s, local, answer);
    } else if (metrics && !local) {
        ls_cosign_refuse(answer, 403, "local-only", "this is shown on the cosigner's own machine only");
    } else if (metrics) {
        read_metrics(s, answer);
    } else {
        read_checkpoint(s, path, answer);
    }
}

/* Which worker a request is for. */

static ls_http_allowance allow(void *context, const ls_http_request *request)
{
    (void)context;
    if (strcmp(request->method, "POST") == 0 && strcmp(request->path, "/add-checkpoint") == 0) {
        return (ls_http_allowance){.body = LS_ADD_CHECKPOINT_MAX, .memory = LS_ADD_CHECKPOINT_MAX};
    }
    if (strcmp(request->method, "POST") == 0 && strcmp(request->path, "/receipt") == 0) {
        return (ls_http_allowance){.body = LS_COSIGN_ACT_MAX, .memory = LS_ADD_CHECKPOINT_MAX};
    }
    return (ls_http_allowance){0};
}

/* The worker of this origin; the general one, which knows the other logs; NULL while a process was not read yet whose
 * origin it may be. */
static ls_worker *worker_of_origin(ls_cosign_service *s, ls_bytes body)
{
    ls_add_checkpoint request;
    ls_worker *found = &s->worker[0];
    if (ls_failed(ls_add_checkpoint_parse(body, &request))) {
        return found;
    }
    /* First: what is replayed is never cosigned as a log that is not. */
    for (size_t i = 1; i < s->count; i++) {
        ls_worker *w = &s->worker[i];
        pthread_mutex_lock(&w->lock);
        bool unknown = w->origin[0] == '\0', same = ls_bytes_is(request.head.origin, w->origin);
        pthread_mutex_unlock(&w->lock);
        if (same) {
            return w;
        }
        found = unknown ? NULL : found;
    }
    for (size_t i = 0; i < s->o.log_count; i++) {
        if (ls_bytes_is(request.head.origin, s->o.log[i].name)) {
            return &s->worker[0];
        }
    }
    return found;
}

/* Of several hosts of one process the last is as good as the first: the acts that wait are the process's. */
static ls_worker *worker_of_act(ls_cosign_service *s, ls_bytes body)
{
    ls_worker *found = NULL;
    ls_hash process;
    if (!ls_cosign_act_process(body, &process)) {
        return NULL;
    }
    for (size_t i = 1; i < s->count; i++) {
        if (ls_hash_equal(&s->worker[i].source.process, &process)) {
            found = &s->worker[i];
        }
    }
    return found;
}

static void refuse(ls_http_exchange *x, unsigned status, const char *code, const char *text)
{
    ls_cosign_answer answer = {0};
    ls_cosign_refuse(&answer, status, code, "%s", text);
    ls_http_answer_options o = {.status = status, .content_type = answer.content_type};
    if (status == 503) {
        o.header[0] = (ls_http_header){"Retry-After", "5"};
    }
    ls_http_answer(x, &o, ls_buf_bytes(&answer.body));
    ls_buf_free(&answer.body);
}

static void pass_on(ls_worker *w, ls_cosign_job_kind kind, ls_http_exchange *x, const ls_http_request *request)
{
    if (w == NULL) {
        refuse(x, 503, "starting", "a process that is followed here was not read yet");
    } else if (!ls_worker_queue(w, kind, x, request)) {
        refuse(x, 503, "busy", "too many requests wait");
    }
}

static void handle(void *context, ls_http_exchange *x, const ls_http_request *request)
{
    ls_cosign_service *s = context;
    bool post = strcmp(request->method, "POST") == 0;
    bool receipt = strcmp(request->path, "/receipt") == 0;
    bool checkpoint = strcmp(request->path, "/add-checkpoint") == 0;
    if (!atomic_load(&s->started)) {
        refuse(x, 503, "starting", "the cosigner begins its work");
        return;
    }
    if ((receipt || checkpoint) != post || (!post && strcmp(request->method, "GET") != 0)) {
        refuse(x, 405, "method", receipt || checkpoint ? "this takes POST" : "this takes GET");
    } else if (checkpoint) {
        pass_on(worker_of_origin(s, request->body), LS_JOB_CHECKPOINT, x, request);
    } else if (!receipt) {
        pass_on(&s->worker[0], LS_JOB_READ, x, request);
    } else if (worker_of_act(s, request->body) == NULL) {
        refuse(x, 404, "process", "this is no act of a process that is followed here");
    } else {
        pass_on(worker_of_act(s, request->body), LS_JOB_RECEIPT, x, request);
    }
}

/* Starting and ending. */

/* An access note for the host: by the receipts key, under the cosigner's name. */
static ls_result make_access(void *context, bool fresh, ls_buf *out, ls_detail *detail)
{
    const ls_worker *w = context;
    const ls_cosign_folder *f = w->service->o.folder;
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    (void)fresh;
    (void)detail;
    ls_ed25519_keypair(ls_secret_bytes(f->receipts_seed), public_key, secret_key);
    ls_access_make(&w->source.process, ls_vkey_last(&f->key), ls_clock_now() + ACCESS_SECONDS, &f->receipts, secret_key,
                   out);
    ls_wipe(secret_key, sizeof secret_key);
    return ls_buf_check(out);
}

static ls_time system_now(void *context)
{
    (void)context;
    return ls_clock_now();
}

static ls_result open_follow(ls_worker *w, ls_detail *detail)
{
    const ls_cosign_options *o = &w->service->o;
    ls_remote_options remote = {.url = w->source.url,
                                .authority_file = o->authority_file,
                                .scratch = w->source.folder,
                                .access = {make_access, w}};
    LS_TRY(ls_remote_open(&remote, &w->ledger, detail));
    ls_follow_options follow = {.owner = o->folder,
                                .folder = w->source.folder,
                                .process = w->source.process,
                                .source = w->ledger,
                                .now = system_now};
    return ls_follow_open(&follow, &w->follow, detail);
}

static void prepare_worker(ls_cosign_service *s, ls_worker *w)
{
    w->service = s;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    ls_condition_init(&w->wake);
}

static ls_result start_worker(ls_worker *w, ls_detail *detail)
{
    if (w->source.url != NULL) {
        LS_TRY(open_follow(w, detail));
    }
    w->runs = pthread_create(&w->thread, NULL, ls_worker_run, w) == 0;
    return w->runs ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

static void end_worker(ls_worker *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    if (w->runs) {
        pthread_join(w->thread, NULL);
    }
}

static void free_worker(ls_worker *w)
{
    if (w->follow != NULL) {
        ls_follow_close(w->follow);
    }
    if (w->ledger != NULL) {
        w->ledger->methods->close(w->ledger);
    }
    ls_buf_free(&w->undelivered);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
}

static ls_result prepare_workers(ls_cosign_service *s, ls_detail *detail)
{
    ls_cosign_source *sources;
    size_t count;
    LS_TRY(ls_cosign_folder_sources(s->o.folder, &s->arena, &sources, &count, detail));
    s->worker = ls_arena_array(&s->arena, count + 1, sizeof *s->worker);
    if (s->worker == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    prepare_worker(s, &s->worker[s->count++]);
    for (size_t i = 0; i < count; i++) {
        /* What comes by courier has no host to look at. */
        if (ls_remote_is_url(sources[i].url)) {
            prepare_worker(s, &s->worker[s->count]);
            s->worker[s->count++].source = sources[i];
        }
    }
    return LS_SUCCESS;
}

static ls_result listen_there(ls_cosign_service *s, ls_detail *detail)
{
    ls_http_options http = {.listen = s->o.listen,
                            .certificate = s->o.certificate,
                            .key = s->o.key,
                            .spool = s->o.folder->path,
                            .threads = 1,
                            .allow = allow,
                            .handle = handle,
                            .context = s};
    return s->o.listen == NULL ? LS_SUCCESS : ls_http_start(&http, &s->http, detail);
}

/* It listens before anything is cosigned: with a port that is taken, or a certificate that is none, it has done
 * nothing. */
static ls_result start(ls_cosign_service *s, ls_detail *detail)
{
    LS_TRY(prepare_workers(s, detail));
    LS_TRY(listen_there(s, detail));
    for (size_t i = 0; i < s->count; i++) {
        LS_TRY(start_worker(&s->worker[i], detail));
    }
    atomic_store(&s->started, true);
    return LS_SUCCESS;
}

ls_result ls_cosign_start(const ls_cosign_options *o, ls_cosign_service **out, ls_detail *detail)
{
    ls_cosign_service *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    s->o = *o;
    pthread_mutex_init(&s->lock_events, NULL);
    ls_result r = start(s, detail);
    if (ls_failed(r)) {
        ls_cosign_stop(s);
        return r;
    }
    *out = s;
    return LS_SUCCESS;
}

unsigned ls_cosign_port(const ls_cosign_service *s)
{
    return s->http == NULL ? 0 : ls_http_port(s->http);
}

/* The workers answer what is queued before they end; whoever asks later is turned away. */
void ls_cosign_stop(ls_cosign_service *s)
{
    for (size_t i = 0; i < s->count; i++) {
        end_worker(&s->worker[i]);
    }
    if (s->http != NULL) {
        ls_http_stop(s->http, STOP_SECONDS);
    }
    for (size_t i = 0; i < s->count; i++) {
        free_worker(&s->worker[i]);
    }
    pthread_mutex_destroy(&s->lock_events);
    ls_arena_free(&s->arena);
    free(s);
}
