/* One hosted process: opened, started, stopped, closed. */
#include "server/hosted.h"
#include <stdio.h>
#include <stdlib.h>

/* The origin's last part, which stands in paths: letters that need no escape. */
static ls_result take_name(ls_hosted *h, ls_detail *detail)
{
    const char *slash = strrchr(h->key.name, '/');
    const char *name = slash == NULL ? h->key.name : slash + 1;
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    if (name[0] == '\0' || name[0] == '.' || strspn(name, plain) != strlen(name)) {
        return ls_fail_with(&ls_fault_ledger, detail, "the origin %s does not end in a name that can stand in a path",
                            h->key.name);
    }
    h->name = strdup(name);
    return h->name == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result open_store(const ls_hosted *h, ls_store **out, ls_detail *detail)
{
    const char *conninfo = h->server->o.store;
    return conninfo == NULL ? ls_store_sqlite(h->folder, false, out, detail)
                            : ls_store_postgres(conninfo, h->name, true, out, detail);
}

/* A folder that gets --store for the first time gives up its record: two of them would be two histories. */
static ls_result move_record(const ls_hosted *h, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_lock lock;
    if (!h->postgres || ls_store_moved(h->folder)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_embedded_path(h->folder, LS_LEDGER_LOCK, path, detail));
    LS_TRY(ls_lock_take(path, &lock, detail));
    ls_result r = ls_store_move(h->folder, ls_bytes_str("a server that moves its record here"), h->store, detail);
    ls_unlock(&lock);
    return r;
}

static ls_result clock_now(void *context, ls_time *out, ls_detail *detail)
{
    return ls_embedded_now(context, out, detail);
}

static void cosigned(void *context, ls_bytes note)
{
    ls_hosted *h = context;
    ls_pending_item *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return;
    }
    p->cosignature = true;
    ls_buf_put_bytes(&p->cosigned, note);
    if (p->cosigned.failed || !ls_hosted_enqueue(h, p)) {
        ls_pending_free(p); /* the witness is asked again */
    }
}

static void gather_event(void *context, const ls_gather_event *e)
{
    const ls_hosted *h = context;
    static const char *const events[] = {
        [LS_GATHER_COSIGNED] = "cosigned", [LS_GATHER_REFUSED] = "not-cosigned", [LS_GATHER_FAILED] = "not-cosigned"};
    char text[600];
    snprintf(text, sizeof text, "%.100s%s%.400s", e->witness, e->text[0] == '\0' ? "" : ": ", e->text);
    ls_server_log(h->server,
                  &(ls_server_event){.level = e->what == LS_GATHER_COSIGNED ? LS_EVENT_INFO : LS_EVENT_WARNING,
                                     .event = events[e->what],
                                     .process = h->name,
                                     .text = text,
                                     .status = e->status,
                                     .count = (int64_t)e->size,
                                     .milliseconds = e->milliseconds});
}

static ls_result open_parts(ls_hosted *h, ls_detail *detail)
{
    LS_TRY(ls_embedded_key(h->folder, &h->seed, &h->key, detail));
    LS_TRY(take_name(h, detail));
    h->clock.folder = (char *)(uintptr_t)h->folder;
    h->clock.exercise = ls_bytes_starts(ls_bytes_str(h->key.name), "exercise.");
    LS_TRY(open_store(h, &h->store, detail));
    LS_TRY(move_record(h, detail));
    LS_TRY(open_store(h, &h->reader, detail));
    LS_TRY(open_store(h, &h->prover, detail));
    LS_TRY(ls_sequencer_new(h->store, &h->key, h->seed, (ls_ledger_clock){clock_now, &h->clock}, &h->sequencer));
    const ls_gather_options o = {ls_hosted_prove, cosigned, gather_event, h, h->server->o.authority_file};
    return ls_gather_new(&o, &h->gather);
}

ls_result ls_hosted_open(ls_server *s, const char *folder, ls_hosted *h, ls_detail *detail)
{
    *h = (ls_hosted){.server = s, .folder = folder, .postgres = s->o.store != NULL, .lock = {-1}};
    h->last = &h->first;
    h->last_held = &h->held;
    h->last_read = &h->first_read;
    pthread_mutex_t *const locks[] = {&h->lock_proofs, &h->lock_view,  &h->lock_queue,
                                      &h->lock_reads,  &h->lock_notes, &h->metrics.lock};
    for (size_t i = 0; i < sizeof locks / sizeof *locks; i++) {
        pthread_mutex_init(locks[i], NULL);
    }
    ls_condition_init(&h->wake_queue);
    ls_condition_init(&h->wake_reads);
    h->view = calloc(1, sizeof *h->view);
    if (h->view == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    atomic_init(&h->view->references, 1);
    return open_parts(h, detail);
}

ls_result ls_hosted_start(ls_hosted *h, ls_detail *detail)
{
    h->sequencing_runs = pthread_create(&h->sequencing, NULL, ls_hosted_sequence, h) == 0;
    h->reading_runs = h->sequencing_runs && pthread_create(&h->reading, NULL, ls_hosted_read, h) == 0;
    return h->reading_runs ? LS_SUCCESS : ls_fail_with(&ls_fault_memory, detail, "no thread could be started");
}

void ls_hosted_stop(ls_hosted *h)
{
    pthread_mutex_lock(&h->lock_queue);
    pthread_mutex_lock(&h->lock_reads);
    h->stopping = true;
    pthread_cond_signal(&h->wake_queue);
    pthread_cond_signal(&h->wake_reads);
    pthread_mutex_unlock(&h->lock_reads);
    pthread_mutex_unlock(&h->lock_queue);
    /* What it fetches may still be queued, so it ends before those who work on the queue, and may still call it. */
    if (h->gather != NULL) {
        ls_gather_stop(h->gather);
    }
    if (h->sequencing_runs) {
        pthread_join(h->sequencing, NULL);
    }
    if (h->reading_runs) {
        pthread_join(h->reading, NULL);
    }
    h->sequencing_runs = h->reading_runs = false;
}

void ls_hosted_close(ls_hosted *h)
{
    ls_store *const stores[] = {h->store, h->reader, h->prover};
    ls_gather_free(h->gather);
    ls_sequencer_free(h->sequencer);
    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
        if (stores[i] != NULL) {
            stores[i]->methods->close(stores[i]);
        }
    }
    if (h->locked) {
        ls_unlock(&h->lock);
    }
    ls_hosted_yield(h);
    ls_view_release(h->view);
    ls_tree_free(&h->tree);
    ls_tree_free(&h->proofs);
    ls_secret_free(h->seed);
    free(h->expected);
    free(h->name);
}
