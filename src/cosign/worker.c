/* The threads of a cosigner. */
#include "cosign/worker.h"
#include "crypto/sha256.h"
#include "ledger/remote.h"
#include "os/os.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static ls_time now_of(void *context)
{
    (void)context;
    return ls_clock_now();
}

/* As a witness. */

/* Of another log every key whose name is the origin. */
static size_t trusted(void *context, ls_bytes origin, ls_vkey *keys)
{
    ls_worker *w = context;
    const ls_cosign_options *o = &w->service->o;
    size_t count = 0;
    if (w->follow != NULL) {
        return ls_follow_trusts(w->follow, origin, &keys[0]);
    }
    for (size_t i = 0; i < o->log_count && count < LS_WITNESS_KEYS_MAX; i++) {
        if (ls_bytes_is(origin, o->log[i].name)) {
            keys[count++] = o->log[i];
        }
    }
    return count;
}

static void tell_refusal(ls_worker *w, uint64_t size, const ls_refusal *why)
{
    char text[sizeof why->text + 64];
    snprintf(text, sizeof text, "%s: %s", why->rule, why->text);
    atomic_fetch_add(&w->service->counts.refused, 1);
    ls_cosign_tell(w->service, LS_COSIGN_WARNING, "refused", w->origin, size, text);
}

static bool permit(void *context, const ls_add_checkpoint *request, ls_cosign_answer *answer)
{
    ls_worker *w = context;
    ls_refusal why;
    w->asked = request->head.size;
    if (w->follow == NULL) { /* of this worker nobody else reads it */
        snprintf(w->origin, sizeof w->origin, "%.*s", (int)request->head.origin.len,
                 (const char *)request->head.origin.ptr);
    }
    if (w->follow == NULL || ls_follow_permits(w->follow, &request->head, request->checkpoint, &why)) {
        return true;
    }
    tell_refusal(w, request->head.size, &why);
    ls_cosign_refuse(answer, why.status, why.rule, "%s", why.text);
    return false;
}

static ls_witness_options witness_of(ls_worker *w)
{
    const ls_cosign_folder *f = w->service->o.folder;
    return (ls_witness_options){.state = f->state,
                                .key = &f->key,
                                .seed = f->key_seed,
                                .trusted = trusted,
                                .permit = permit,
                                .now = now_of,
                                .context = w};
}

/* What other threads want to know. */
static void publish(ls_worker *w, size_t waiting)
{
    const ls_record *record = ls_replica_record(ls_follow_replica(w->follow));
    const ls_charter *c = record == NULL ? NULL : ls_record_charter(record);
    pthread_mutex_lock(&w->lock);
    w->waiting = waiting;
    w->size = ls_replica_size(ls_follow_replica(w->follow));
    if (c != NULL) {
        snprintf(w->origin, sizeof w->origin, "%.*s", (int)c->origin.len, (const char *)c->origin.ptr);
    }
    pthread_mutex_unlock(&w->lock);
}

/* Jobs. */

/* A host that answers slowly, or never ends, must not keep this thread from those who want receipts because of it. */
static void hurry(ls_worker *w, unsigned seconds)
{
    if (w->ledger != NULL) {
        ls_remote_allow(w->ledger, seconds);
    }
}

static void do_checkpoint(ls_worker *w, const ls_http_request *q, ls_cosign_answer *answer)
{
    hurry(w, LS_COSIGN_ASK_SECONDS);
    ls_witness_options o = witness_of(w);
    ls_witness_add_checkpoint(&o, q->body, answer);
    if (answer->status == 200) {
        atomic_fetch_add(&w->service->counts.cosigned, 1);
        ls_cosign_tell(w->service, LS_COSIGN_INFO, "cosigned", w->origin, w->asked, "asked by its log");
    }
}

static void do_receipt(ls_worker *w, const ls_http_request *q, ls_cosign_answer *answer)
{
    bool bundle = q->content_type != NULL && strncmp(q->content_type, "application/x-tar", 17) == 0;
    hurry(w, LS_COSIGN_ASK_SECONDS);
    ls_follow_receipt(w->follow, q->body, bundle, answer);
    if (answer->status == 200) {
        atomic_fetch_add(&w->service->counts.receipts, 1);
        ls_cosign_tell(w->service, LS_COSIGN_INFO, "receipt", w->origin, 0, "given");
        w->next_look = 0; /* the host gets it at once */
    }
}

static void do_job(ls_worker *w, ls_cosign_job *j)
{
    ls_cosign_answer answer = {0};
    switch (j->kind) {
    case LS_JOB_CHECKPOINT:
        do_checkpoint(w, j->request, &answer);
        break;
    case LS_JOB_RECEIPT:
        do_receipt(w, j->request, &answer);
        break;
    case LS_JOB_READ:
        ls_cosign_read(w->service, j->request->path, j->request->local, &answer);
        break;
    }
    if (w->follow != NULL) {
        publish(w, w->waiting);
    }
    ls_http_answer_options o = {.status = answer.status, .content_type = answer.content_type};
    if (answer.status == 503) {
        o.header[0] = (ls_http_header){"Retry-After", "5"};
    }
    ls_http_answer(j->x, &o, ls_buf_bytes(&answer.body));
    ls_buf_free(&answer.body);
    free(j);
}

/* Looking at the host. */

/* Says what has changed, not the same at every look. */
static void tell_host(ls_worker *w, ls_result r, const ls_detail *detail)
{
    const char *text = ls_succeeded(r) ? "reached" : detail->text[0] != '\0' ? detail->text : r.fault->sentence;
    atomic_fetch_add(ls_succeeded(r) ? &w->looks : &w->failures, 1);
    if (strncmp(text, w->said, sizeof w->said - 1) != 0) {
        snprintf(w->said, sizeof w->said, "%s", text);
        ls_cosign_tell(w->service, ls_succeeded(r) ? LS_COSIGN_INFO : LS_COSIGN_WARNING, "host", w->source.url, 0,
                       text);
    }
    /* A ledger that contradicts itself is more than a host out of reach: that stands in the status, too. */
    if (ls_failed(r) && r.fault->class == LS_CLASS_INVALID && w->origin[0] != '\0') {
        (void)ls_failed(ls_cosign_state_refuse(w->service->o.folder->state, ls_bytes_str(w->origin), "replay", text,
                                               ls_clock_now(), NULL));
    }
}

/* Brings a cosignature to the host; kept for the next look if it can't be reached. */
static void deliver(ls_worker *w)
{
    bool final;
    ls_detail detail = {0};
    ls_result r = w->ledger->methods->cosigned(w->ledger, ls_buf_bytes(&w->undelivered), &final, &detail);
    if (ls_succeeded(r)) {
        ls_cosign_tell(w->service, LS_COSIGN_INFO, "delivered", w->source.url, 0, "the host has the cosignature");
    } else if (r.fault->class == LS_CLASS_INVALID) {
        ls_cosign_tell(w->service, LS_COSIGN_WARNING, "delivered", w->source.url, 0, detail.text);
    } else {
        return;
    }
    w->undelivered.len = 0;
}

static void take_cosigned(ls_worker *w, ls_buf *note)
{
    /* What was cosigned last may not have arrived before this process was started. */
    if (note->len == 0 && !w->looked) {
        (void)ls_failed(ls_follow_cosigned(w->follow, &w->undelivered, NULL));
    }
    w->looked = true;
    if (note->len > 0) {
        atomic_fetch_add(&w->service->counts.cosigned, 1);
        ls_cosign_tell(w->service, LS_COSIGN_INFO, "cosigned", w->source.url,
                       ls_replica_size(ls_follow_replica(w->follow)), "found at its host");
        ls_buf_free(&w->undelivered);
        w->undelivered = *note;
    }
    if (w->undelivered.len > 0) {
        deliver(w);
    }
}

static uint64_t entries_of(const ls_worker *w)
{
    const ls_record *record = ls_replica_record(ls_follow_replica(w->follow));
    return record == NULL ? 0 : ls_record_size(record);
}

static void look(ls_worker *w)
{
    ls_witness_options o = witness_of(w);
    ls_buf note = {0};
    ls_refusal why = {0};
    ls_detail detail = {0};
    size_t waiting = w->waiting;
    uint64_t before = entries_of(w);
    hurry(w, LS_COSIGN_LOOK_SECONDS);
    ls_result r = ls_follow_pull(w->follow, &o, &note, &why, &detail);
    tell_host(w, r, &detail);
    if (why.rule != NULL) {
        tell_refusal(w, ls_replica_size(ls_follow_replica(w->follow)), &why);
    }
    take_cosigned(w, &note);
    /* Also to a host that shows nothing: it may still take acts. What fails is tried again at the next look. */
    (void)ls_failed(ls_follow_forward(w->follow, &waiting, NULL));
    publish(w, waiting);
    /* One that was broken off goes on at once, as long as it gets further. */
    bool goes_on = ls_failed(r) && entries_of(w) > before;
    w->next_look = ls_clock_monotonic() + (goes_on ? 0 : w->service->o.interval);
}

/* The thread. */

bool ls_worker_queue(ls_worker *w, ls_cosign_job_kind kind, ls_http_exchange *x, const ls_http_request *request)
{
    ls_cosign_job *j = malloc(sizeof *j);
    bool room = false;
    pthread_mutex_lock(&w->lock);
    if (j != NULL && w->queued < LS_COSIGN_QUEUE_MAX && !w->stopping) {
        *j = (ls_cosign_job){.kind = kind, .x = x, .request = request};
        *w->last = j;
        w->last = &j->next;
        w->queued++;
        room = true;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    if (!room) {
        free(j);
    }
    return room;
}

/* Under the lock: sleeps until there is a job, it is time to look, or the end. */
static void wait_for_work(ls_worker *w)
{
    if (w->follow == NULL) {
        pthread_cond_wait(&w->wake, &w->lock);
        return;
    }
    double left = w->next_look - ls_clock_monotonic();
    ls_condition_wait(&w->wake, &w->lock, left > 0.01 ? left : 0.01); /* never a busy loop */
}

static ls_cosign_job *take_job(ls_worker *w)
{
    ls_cosign_job *j = w->first;
    if (j != NULL) {
        w->first = j->next;
        w->last = w->first == NULL ? &w->first : w->last;
        w->queued--;
    }
    return j;
}

void *ls_worker_run(void *worker)
{
    ls_worker *w = worker;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        ls_cosign_job *j = take_job(w);
        bool due = w->follow != NULL && ls_clock_monotonic() >= w->next_look;
        if (j == NULL && w->stopping) {
            break;
        }
        if (j == NULL && !due) {
            wait_for_work(w);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        if (j != NULL) {
            do_job(w, j);
        } else {
            look(w);
        }
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}
