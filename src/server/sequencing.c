/*
 * The sequencer's thread: group commit. Whatever is queued when it is free becomes one batch, with one commit and one
 * checkpoint; answers go out once the view that HTTP threads read shows it.
 *
 * A ledger in a folder is led under its lock, held while work comes in and given back when none does, so that others on
 * this machine can append too; and by one server at a time, which has a lock for that. In PostgreSQL the lead is a
 * lease, renewed each second.
 */
#include "server/hosted.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define IDLE_SECONDS 0.25 /* without work the loop goes round so often */
#define LOOK_SECONDS 0.01 /* the same, while acts wait for others of their chain */
#define AGAIN_SECONDS 60  /* before a silent ledger's checkpoint is cosigned anew once more */
#define SERVING "serving" /* the file that the server which leads a folder has locked */
#define TICK_SECONDS 1.0  /* stamps that are due, the lead, the follower's look */

void ls_pending_free(ls_pending_item *p)
{
    ls_buf_free(&p->cosigned);
    ls_arena_free(&p->arena);
    free(p);
}

/* The queue. */

bool ls_hosted_enqueue(ls_hosted *h, ls_pending_item *p)
{
    pthread_mutex_lock(&h->lock_queue);
    bool room = h->queued < LS_SERVER_QUEUE_MAX && !h->stopping;
    if (room) {
        p->next = NULL;
        *h->last = p;
        h->last = &p->next;
        h->queued++;
        atomic_store(&h->metrics.queued, h->queued);
        pthread_cond_signal(&h->wake_queue);
    }
    pthread_mutex_unlock(&h->lock_queue);
    return room;
}

static size_t take_held(ls_hosted *h, ls_pending_item **out)
{
    size_t count = 0;
    for (ls_pending_item *p = h->held; p != NULL; p = p->next) {
        out[count++] = p;
    }
    h->held = NULL;
    h->last_held = &h->held;
    return count;
}

/* Waits a moment if there is nothing; takes up to LS_SERVER_BATCH_MAX items, those first that were held. False once all
 * is done and it stops. */
static bool take_items(ls_hosted *h, ls_pending_item **out, size_t *count)
{
    double seconds = h->held != NULL ? LOOK_SECONDS : IDLE_SECONDS;
    *count = take_held(h, out);
    pthread_mutex_lock(&h->lock_queue);
    if (h->first == NULL && !h->stopping) {
        ls_condition_wait(&h->wake_queue, &h->lock_queue, seconds);
    }
    while (h->first != NULL && *count < LS_SERVER_BATCH_MAX) {
        out[(*count)++] = h->first;
        h->first = h->first->next;
        h->queued--;
    }
    if (h->first == NULL) {
        h->last = &h->first;
    }
    atomic_store(&h->metrics.queued, h->queued);
    bool go_on = *count > 0 || !h->stopping;
    pthread_mutex_unlock(&h->lock_queue);
    return go_on;
}

/* Whether both are acts of one party and the second comes before the first in its chain. */
static bool is_out_of_order(const ls_pending_item *first, const ls_pending_item *second)
{
    const ls_act *a = first->act, *b = second->act;
    return a != NULL && b != NULL && a->shape == LS_SHAPE_CHAINED && b->shape == LS_SHAPE_CHAINED && a->seq > b->seq &&
           ls_bytes_equal(a->by.name[0], b->by.name[0]);
}

/* Several connections may carry a party's acts at once; where they overtook each other, they change places. Acts of
 * different parties stay in the order in which they came. */
static void order_chains(ls_pending_item **items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (is_out_of_order(items[i], items[j])) {
                ls_pending_item *later = items[i];
                items[i] = items[j];
                items[j] = later;
            }
        }
    }
}

/* Leading. */

static void log_line(ls_hosted *h, int level, const char *event, const char *text, int64_t count, double milliseconds)
{
    ls_server_log(h->server, &(ls_server_event){.level = level,
                                                .event = event,
                                                .process = h->name,
                                                .text = text,
                                                .count = count,
                                                .milliseconds = milliseconds});
}

static const char *said(ls_result r, const ls_detail *detail)
{
    return detail->text[0] != '\0' ? detail->text : r.fault->sentence;
}

static void give_back(ls_hosted *h)
{
    if (h->locked) {
        ls_unlock(&h->lock);
        h->locked = false;
    }
}

static void lose_lead(ls_hosted *h, ls_result r, const ls_detail *detail)
{
    if (h->epoch != 0 || !h->said_led) {
        log_line(h, LS_EVENT_WARNING, h->epoch != 0 ? "lead-lost" : "following", said(r, detail), -1, -1);
    }
    h->said_led = true;
    h->epoch = 0;
    give_back(h);
    ls_hosted_yield(h);
}

void ls_hosted_yield(ls_hosted *h)
{
    if (h->serves) {
        ls_unlock(&h->serving);
        h->serves = false;
    }
}

/* Of several servers on one folder one leads, as in a database, until it ends: the folder's lock alone would let them
 * take turns, and each believe that it leads. */
static ls_result serve_alone(ls_hosted *h, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    if (!h->serves) {
        LS_TRY(ls_embedded_path(h->folder, SERVING, path, detail));
        LS_TRY(ls_lock_try(path, &h->serving, &h->serves, detail));
    }
    return h->serves ? LS_SUCCESS
                     : ls_fail_with(&ls_fault_store_led, detail, "another server leads the ledger in %s", h->folder);
}

/* The folder's lock, unless somebody has it just now. */
static ls_result try_lock(ls_hosted *h, bool *taken, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    *taken = h->postgres || h->locked;
    if (*taken) {
        return LS_SUCCESS;
    }
    LS_TRY(serve_alone(h, detail));
    LS_TRY(ls_embedded_path(h->folder, LS_LEDGER_LOCK, path, detail));
    LS_TRY(ls_lock_try(path, &h->lock, &h->locked, detail));
    *taken = h->locked;
    return LS_SUCCESS;
}

/* Takes or renews the lead; with a fresh one, looks at what others have done meanwhile. */
static ls_result take_lead(ls_hosted *h, bool *leads, ls_detail *detail)
{
    char holder[128], host[64] = "";
    double now = ls_clock_monotonic();
    bool was_locked = h->locked;
    *leads = false;
    LS_TRY(try_lock(h, leads, detail));
    if (!*leads) {
        return LS_SUCCESS;
    }
    bool fresh = h->epoch == 0 || (!h->postgres && !was_locked) || ls_sequencer_record(h->sequencer) == NULL;
    if (!fresh && now - h->renewed < TICK_SECONDS) {
        return LS_SUCCESS;
    }
    uint64_t epoch = fresh && !h->postgres ? 0 : h->epoch;
    gethostname(host, sizeof host - 1);
    snprintf(holder, sizeof holder, "lockstep serve on %s, process %ld", host, (long)getpid());
    LS_TRY(h->store->methods->lead(h->store, ls_bytes_str(holder), LS_SERVER_LEASE, &epoch, detail));
    h->renewed = now;
    if (h->epoch == 0) {
        log_line(h, LS_EVENT_INFO, "leading", "this server sequences the process", -1, -1);
    }
    h->epoch = epoch;
    h->said_led = false;
    return fresh ? ls_sequencer_bring_up(h->sequencer, epoch, detail) : LS_SUCCESS;
}

/* Answers. */

/* What of a refusal is a conflict (409) or too late (410), as far as the record shows it. */
static unsigned refusal_status(const ls_hosted *h, const ls_act *act)
{
    const ls_record *r = ls_sequencer_record(h->sequencer);
    const ls_charter *c = r == NULL ? NULL : ls_record_charter(r);
    const ls_party *p = c == NULL || act->shape != LS_SHAPE_CHAINED ? NULL : ls_charter_party(c, act->by.name[0]);
    ls_time now = ls_clock_now(), ends = act->shape == LS_SHAPE_JOINT ? act->open_until : act->expires;
    if (r != NULL && (ls_record_time(r) > ends || (!act->exercise && now > ends))) {
        return 410;
    }
    if (p == NULL) {
        return 422;
    }
    uint64_t seq;
    ls_hash prev;
    ls_record_next(r, (size_t)(p - c->party), &seq, &prev);
    bool conflict = act->seq != seq || !ls_hash_equal(&act->prev, &prev);
    for (size_t i = 0; i < act->unless_acted.count; i++) {
        const ls_party *other = ls_charter_party(c, act->unless_acted.name[i]);
        conflict = conflict || (other != NULL && ls_record_acted(r, (size_t)(other - c->party)) > act->head_size);
    }
    return conflict ? 409 : 422;
}

static void fail_item(ls_hosted *h, ls_pending_item *p, ls_result r, const ls_detail *detail)
{
    ls_route_kind kind = p->cosignature ? LS_ROUTE_COSIGNATURE : LS_ROUTE_ACT;
    if (p->x == NULL) {
        return;
    }
    if (!p->cosignature) {
        ls_metrics_refused(&h->metrics, r.fault->code);
    }
    if (r.fault == &ls_fault_refused && p->act != NULL) {
        ls_server_fail_as(h->server, h, kind, p->x, refusal_status(h, p->act), r, detail);
    } else {
        ls_server_fail(h->server, h, kind, p->x, r, detail);
    }
}

/* "<index>\n\n<checkpoint that covers it>" */
static void acknowledge(ls_hosted *h, ls_pending_item *p, const ls_receipt *receipt, ls_bytes checkpoint)
{
    ls_buf body = {0};
    ls_buf_format(&body, "%" PRIu64 "\n\n", receipt->index);
    ls_buf_put_bytes(&body, checkpoint);
    atomic_fetch_add(receipt->already ? &h->metrics.known : &h->metrics.accepted, 1);
    ls_metrics_observe(&h->metrics.latency, (ls_clock_monotonic() - p->since) * 1000);
    ls_http_answer_options o = {
        .status = receipt->already ? 200 : 201, .content_type = "text/plain; charset=utf-8", .cache = "no-store"};
    ls_server_answer(h->server, h, LS_ROUTE_ACT, p->x, &o, ls_buf_bytes(&body));
    ls_buf_free(&body);
}

/* Whether it was refused only because the one before it in its chain is not here yet, and may still come. Strangers'
 * acts are not held. */
static bool is_early(const ls_hosted *h, const ls_pending_item *p)
{
    const ls_record *r = ls_sequencer_record(h->sequencer);
    const ls_charter *c = r == NULL ? NULL : ls_record_charter(r);
    uint64_t seq;
    ls_hash prev;
    if (!p->item.verified || p->item.outcome.result.fault != &ls_fault_refused || c == NULL ||
        p->act->shape != LS_SHAPE_CHAINED || ls_clock_monotonic() - p->since > LS_SERVER_HELD_MS / 1e3) {
        return false;
    }
    const ls_party *party = ls_charter_party(c, p->act->by.name[0]);
    if (party == NULL) {
        return false;
    }
    ls_record_next(r, (size_t)(party - c->party), &seq, &prev);
    return p->act->seq > seq;
}

/* Answers it, unless it is held for the next batch; then true. */
static bool answer_act(ls_hosted *h, ls_pending_item *p)
{
    const ls_sequenced *s = &p->item.outcome;
    if (is_early(h, p)) {
        p->next = NULL;
        *h->last_held = p;
        h->last_held = &p->next;
        return true;
    }
    if (ls_failed(s->result)) {
        fail_item(h, p, s->result, &s->detail);
    } else {
        acknowledge(h, p, &s->receipt, ls_sequencer_checkpoint(h->sequencer, LS_CHECKPOINT_LATEST));
    }
    return false;
}

/* Work. */

/* An act whose signatures were found bad counts only if it is on the record: then its keys were good once. */
static bool settle_bad(ls_hosted *h, ls_pending_item *p)
{
    uint64_t index;
    if (ls_succeeded(p->verdict)) {
        return false;
    }
    p->item.outcome = (ls_sequenced){.result = p->verdict, .detail = p->why};
    if (ls_record_find(ls_sequencer_record(h->sequencer), &p->act->id, &index)) {
        p->item.outcome = (ls_sequenced){.receipt = {index, true}};
    }
    return true;
}

static ls_result submit_acts(ls_hosted *h, ls_pending_item **items, size_t count, ls_detail *detail)
{
    ls_sequencer_item *batch[LS_SERVER_BATCH_MAX];
    size_t n = 0;
    double began = ls_clock_monotonic();
    for (size_t i = 0; i < count; i++) {
        if (!items[i]->cosignature && !settle_bad(h, items[i])) {
            batch[n++] = &items[i]->item;
        }
    }
    if (n == 0) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_sequencer_submit(h->sequencer, batch, n, detail));
    ls_metrics_observe(&h->metrics.batch, (double)n);
    log_line(h, LS_EVENT_INFO, "batch", NULL, (int64_t)n, (ls_clock_monotonic() - began) * 1000);
    return LS_SUCCESS;
}

static void take_cosignatures(ls_hosted *h, ls_pending_item **items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ls_pending_item *p = items[i];
        bool final;
        if (p->cosignature) {
            p->item.outcome.result =
                ls_sequencer_cosigned(h->sequencer, ls_buf_bytes(&p->cosigned), &final, &p->item.outcome.detail);
        }
    }
}

static void answer_cosignature(ls_hosted *h, ls_pending_item *p)
{
    ls_result r = p->item.outcome.result;
    if (ls_failed(r)) {
        fail_item(h, p, r, &p->item.outcome.detail);
    } else if (p->x != NULL) {
        ls_http_answer_options o = {.status = 200, .content_type = "text/plain; charset=utf-8"};
        ls_server_answer(h->server, h, LS_ROUTE_COSIGNATURE, p->x, &o, ls_bytes_of(NULL, 0));
    }
}

static void answer_items(ls_hosted *h, ls_pending_item **items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool held = !items[i]->cosignature && answer_act(h, items[i]);
        if (items[i]->cosignature) {
            answer_cosignature(h, items[i]);
        }
        if (!held) {
            ls_pending_free(items[i]);
        }
    }
}

static void refuse_items(ls_hosted *h, ls_pending_item **items, size_t count, ls_result r, const ls_detail *detail)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i]->x != NULL) {
            ls_server_fail_as(h->server, h, items[i]->cosignature ? LS_ROUTE_COSIGNATURE : LS_ROUTE_ACT, items[i]->x,
                              503, r, detail);
        }
        ls_pending_free(items[i]);
    }
}

/* Whom to ask for cosignatures, and for what: what is not final yet at once, what is final when the interval passed. */
static void ask_witnesses(ls_hosted *h)
{
    const ls_record *r = ls_sequencer_record(h->sequencer);
    const ls_charter *c = r == NULL ? NULL : ls_record_watched(r);
    double now = ls_clock_monotonic();
    if (c == NULL || c->quorum_none || h->gather == NULL) {
        return;
    }
    if (h->gathered != ls_record_keys_version(r) + 1) {
        /* Those who could not be started are tried in the next round; the others are asked. */
        bool all = ls_succeeded(ls_gather_policy(h->gather, &c->policy, NULL));
        h->gathered = all ? ls_record_keys_version(r) + 1 : 0;
    }
    /* Nobody has acted for a stamp interval: younger cosignatures move time on. An exercise's clock is set. */
    bool silent = !c->exercise && ls_clock_now() - ls_record_time(r) >= c->stamp_interval;
    bool again = silent && now - h->asked >= AGAIN_SECONDS;
    bool final = h->view->size[LS_CHECKPOINT_FINAL] == h->view->size[LS_CHECKPOINT_LATEST];
    if (!final || again) {
        h->asked = again ? now : h->asked;
        ls_gather_ask(h->gather, ls_sequencer_checkpoint(h->sequencer, LS_CHECKPOINT_LATEST), again);
    }
}

/* One round as the leader. A lone act is stamped before it is answered: its author finds its time at once. Where many
 * come, two syncs a batch are saved: they are stamped once a second, and when nothing more comes. */
static ls_result work(ls_hosted *h, ls_pending_item **items, size_t count, ls_detail *detail)
{
    LS_TRY(submit_acts(h, items, count, detail));
    take_cosignatures(h, items, count);
    double now = ls_clock_monotonic();
    bool due = count == 1 || (count == 0 && h->unstamped) || now - h->seen >= TICK_SECONDS;
    h->unstamped = !due && (h->unstamped || count > 0);
    if (due) {
        h->seen = now;
        LS_TRY(ls_sequencer_tick(h->sequencer, detail));
    }
    return LS_SUCCESS;
}

/* Somebody else leads, or appends: what it does is followed, and acts are turned away for the moment. */
static void follow(ls_hosted *h)
{
    ls_detail why = {0};
    double now = ls_clock_monotonic();
    if (now - h->seen < TICK_SECONDS) {
        return;
    }
    h->seen = now;
    ls_result r = ls_sequencer_follow(h->sequencer, &why);
    if (ls_failed(r)) {
        log_line(h, LS_EVENT_ERROR, "store", said(r, &why), -1, -1);
    }
    ls_hosted_publish(h, h->epoch != 0); /* which it keeps while somebody else has the folder's lock for a moment */
}

/* Whether this round has anything to do that takes the lead. Without work a folder is looked at once a second. */
static bool is_due(ls_hosted *h, size_t count)
{
    return count > 0 || atomic_exchange(&h->look, false) || h->postgres || h->unstamped ||
           ls_clock_monotonic() - h->seen >= TICK_SECONDS;
}

static void go_round(ls_hosted *h, ls_pending_item **items, size_t count)
{
    ls_detail why = {0};
    bool leads = false;
    ls_result r = take_lead(h, &leads, &why);
    if (ls_succeeded(r) && leads) {
        r = work(h, items, count, &why);
    }
    if (ls_failed(r)) {
        lose_lead(h, r, &why);
        refuse_items(h, items, count, r, &why);
        follow(h);
        return;
    }
    if (!leads) {
        refuse_items(h, items, count, ls_fail(&ls_fault_server_busy), NULL);
        follow(h);
        return;
    }
    ls_hosted_publish(h, true);
    answer_items(h, items, count);
    ask_witnesses(h);
    if (count == 0) {
        give_back(h);
    }
}

void *ls_hosted_sequence(void *hosted)
{
    ls_hosted *h = hosted;
    ls_pending_item *items[LS_SERVER_BATCH_MAX];
    size_t count;
    go_round(h, items, 0); /* whoever asks first must not wait for the first look */
    while (take_items(h, items, &count)) {
        order_chains(items, count);
        if (is_due(h, count) || h->locked) {
            go_round(h, items, count);
        }
    }
    give_back(h);
    return NULL;
}
