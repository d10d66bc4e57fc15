/* Gathering cosignatures: a thread for each witness. */
#include "server/gather.h"
#include "cosign/add_checkpoint.h"
#include "http/http.h"
#include "os/os.h"
#include "server/witness_answer.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT 10        /* seconds */
#define CORRECTIONS_MAX 3 /* times that a witness may correct us on its size, in one round */

/* What all threads want cosigned; each takes a copy with it, as a request may outlast it. */
typedef struct target {
    uint64_t number; /* grows with each round; 0: nothing yet */
    uint64_t size;
    ls_hash root;
    ls_buf note;
} target;

typedef struct asked {
    struct ls_gather *g;
    ls_vkey key;
    char url[1024];
    ls_http_client *client;
    pthread_t thread;
    bool gone;         /* not in the policy any more: the thread ends */
    uint64_t known;    /* the size that it cosigned last, as far as we know */
    uint64_t done;     /* number of the last target that it answered for good */
    unsigned failures; /* one after the other */
    double cosigned_at;
    ls_gathered status;
    struct asked *next; /* among those that are not asked any more */
} asked;

struct ls_gather {
    ls_gather_options o;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* a new target, or the end; clock: monotonic */
    bool stopping;
    target target;
    asked *witness[LS_POLICY_WITNESSES_MAX];
    size_t count;
    asked *retired; /* whose threads may still be in a request */
};

/* One request. */

typedef struct attempt {
    asked *a;
    target t;
    uint64_t known;
    unsigned status;
    ls_buf body;
    char text[sizeof(((ls_detail *)0)->text)];
} attempt;

static ls_result build(const attempt *p, ls_buf *request, ls_detail *detail)
{
    ls_hash proof[LS_MERKLE_PROOF_MAX];
    size_t count = 0;
    const ls_gather *g = p->a->g;
    LS_TRY(ls_buf_check(&p->t.note));
    if (p->known > 0 && p->known < p->t.size) {
        LS_TRY(g->o.prove(g->o.context, p->known, p->t.size, proof, &count, detail));
    }
    ls_add_checkpoint_format(p->known, proof, count, ls_buf_bytes(&p->t.note), request);
    return ls_buf_check(request);
}

/* False if there was no answer. */
static bool send_request(attempt *p)
{
    ls_detail detail = {0};
    ls_buf request = {0};
    p->body.len = 0;
    p->status = 0;
    ls_result r = build(p, &request, &detail);
    if (ls_succeeded(r)) {
        ls_http_call call = {.method = "POST",
                             .path = "add-checkpoint",
                             .content_type = "text/plain; charset=utf-8",
                             .body = ls_buf_bytes(&request),
                             .limit = LS_GATHER_ANSWER_MAX};
        r = ls_http_client_call(p->a->client, &call, &p->status, &p->body, &detail);
    }
    ls_buf_free(&request);
    if (ls_failed(r)) {
        snprintf(p->text, sizeof p->text, "%s", detail.text[0] != '\0' ? detail.text : r.fault->sentence);
    }
    return ls_succeeded(r);
}

static void tell(const attempt *p, int what, double milliseconds)
{
    const ls_gather *g = p->a->g;
    if (g->o.event != NULL) {
        ls_gather_event e = {.witness = p->a->status.name,
                             .size = p->t.size,
                             .status = p->status,
                             .text = p->text,
                             .milliseconds = milliseconds};
        e.what = what;
        g->o.event(g->o.context, &e);
    }
}

/* Asks, and asks again with what the witness says that it knows. */
static int ask(attempt *p)
{
    for (unsigned i = 0; i < CORRECTIONS_MAX; i++) {
        uint64_t size;
        ls_buf note = {0};
        if (!send_request(p)) {
            return LS_GATHER_FAILED;
        }
        if (p->status == 200 &&
            ls_witness_answer_join(ls_buf_bytes(&p->t.note), &p->a->key, ls_buf_bytes(&p->body), &note)) {
            p->known = p->t.size;
            p->a->g->o.cosigned(p->a->g->o.context, ls_buf_bytes(&note));
            ls_buf_free(&note);
            return LS_GATHER_COSIGNED;
        }
        ls_buf_free(&note);
        if (p->status != 409 || !ls_witness_answer_size(ls_buf_bytes(&p->body), &size) || size == p->known) {
            break;
        }
        p->known = size;
        if (size > p->t.size) {
            break;
        }
    }
    ls_witness_answer_text(ls_buf_bytes(&p->body), p->text, sizeof p->text);
    return LS_GATHER_REFUSED;
}

/* Under the lock. A witness that has cosigned a larger checkpoint needs no further asking for this one. */
static void note_outcome(asked *a, const attempt *p, int what)
{
    bool beyond = p->known > p->t.size;
    a->known = p->known;
    a->failures = what == LS_GATHER_COSIGNED || beyond ? 0 : a->failures + 1;
    a->done = what == LS_GATHER_COSIGNED || beyond ? p->t.number : a->done;
    a->status.cosigned += what == LS_GATHER_COSIGNED;
    a->status.refused += what == LS_GATHER_REFUSED;
    a->status.failed += what == LS_GATHER_FAILED;
    snprintf(a->status.problem, sizeof a->status.problem, "%.255s",
             what == LS_GATHER_COSIGNED || beyond ? "" : p->text);
    if (what == LS_GATHER_COSIGNED) {
        a->status.size = p->t.size;
        a->cosigned_at = ls_clock_monotonic();
    }
}

/* Seconds until the next request: a dead witness is asked ever more rarely, but never given up. */
static double pause_of(const asked *a)
{
    double seconds = a->failures == 0 ? LS_GATHER_GAP / 1000.0 : LS_GATHER_AGAIN / 1000.0;
    for (unsigned i = 1; i < a->failures && seconds < LS_GATHER_PATIENCE; i++) {
        seconds *= 2;
    }
    return seconds < LS_GATHER_PATIENCE ? seconds : LS_GATHER_PATIENCE;
}

static void ask_once(asked *a)
{
    ls_gather *g = a->g;
    const target *t = &g->target;
    attempt p = {.a = a, .t = {.number = t->number, .size = t->size, .root = t->root}, .known = a->known};
    ls_buf_put_bytes(&p.t.note, ls_buf_bytes(&t->note));
    pthread_mutex_unlock(&g->lock);
    double began = ls_clock_monotonic();
    int what = ask(&p);
    tell(&p, what, (ls_clock_monotonic() - began) * 1000);
    pthread_mutex_lock(&g->lock);
    note_outcome(a, &p, what);
    ls_buf_free(&p.t.note);
    ls_buf_free(&p.body);
}

static void *work(void *context)
{
    asked *a = context;
    ls_gather *g = a->g;
    double not_before = 0;
    pthread_mutex_lock(&g->lock);
    while (!g->stopping && !a->gone) {
        double left = not_before - ls_clock_monotonic();
        if (g->target.number == a->done) {
            pthread_cond_wait(&g->wake, &g->lock);
        } else if (left > 0) {
            ls_condition_wait(&g->wake, &g->lock, left);
        } else {
            ask_once(a);
            not_before = ls_clock_monotonic() + pause_of(a);
        }
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

/* Who is asked. */

static bool is_same(const asked *a, const ls_witness *w)
{
    return ls_bytes_is(w->url, a->url) && memcmp(a->key.key, w->key.key, sizeof w->key.key) == 0 &&
           strcmp(a->key.name, w->key.name) == 0;
}

static void free_asked(asked *a)
{
    ls_http_client_free(a->client);
    free(a);
}

static ls_result start(ls_gather *g, const ls_witness *w, ls_detail *detail)
{
    asked *a = calloc(1, sizeof *a);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *a = (asked){.g = g, .key = w->key, .cosigned_at = -1};
    int len = snprintf(a->url, sizeof a->url, "%.*s", (int)w->url.len, (const char *)w->url.ptr);
    snprintf(a->status.name, sizeof a->status.name, "%.*s", (int)w->name.len, (const char *)w->name.ptr);
    ls_http_client_options o = {
        .base = a->url, .authority_file = g->o.authority_file, .timeout = TIMEOUT, .user_agent = "lockstep"};
    ls_result r = len < 0 || (size_t)len >= sizeof a->url
                      ? ls_fail_with(&ls_fault_usage, detail, "the URL of witness %s is too long", a->status.name)
                      : ls_http_client_new(&o, &a->client, detail);
    if (ls_succeeded(r) && pthread_create(&a->thread, NULL, work, a) != 0) {
        r = ls_fail(&ls_fault_memory);
    }
    if (ls_failed(r)) {
        free_asked(a);
        return r;
    }
    g->witness[g->count++] = a;
    return LS_SUCCESS;
}

/* Lets go of those that `keep` does not name (NULL: of all). Their threads end by themselves: nobody waits for them
 * here. */
static void retire_others(ls_gather *g, const ls_policy *keep)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++) {
        asked *a = g->witness[i];
        bool stays = false;
        for (size_t j = 0; keep != NULL && j < keep->witness_count; j++) {
            stays = stays || is_same(a, &keep->witness[j]);
        }
        a->gone = !stays;
        if (a->gone) {
            a->next = g->retired;
            g->retired = a;
        } else {
            g->witness[kept++] = a;
        }
    }
    g->count = kept;
    pthread_cond_broadcast(&g->wake);
}

ls_result ls_gather_policy(ls_gather *g, const ls_policy *p, ls_detail *detail)
{
    ls_result r = LS_SUCCESS;
    pthread_mutex_lock(&g->lock);
    retire_others(g, p);
    for (size_t i = 0; !g->stopping && i < p->witness_count; i++) {
        bool there = p->witness[i].url.len == 0;
        for (size_t j = 0; j < g->count && !there; j++) {
            there = is_same(g->witness[j], &p->witness[i]);
        }
        /* One that can't be asked keeps none of the others from being asked. */
        ls_result started = there ? LS_SUCCESS : start(g, &p->witness[i], detail);
        r = ls_failed(started) ? started : r;
    }
    pthread_mutex_unlock(&g->lock);
    return r;
}

void ls_gather_ask(ls_gather *g, ls_bytes checkpoint, bool again)
{
    ls_note note;
    ls_checkpoint head;
    ls_buf copy = {0};
    ls_buf_put_bytes(&copy, checkpoint);
    if (copy.failed || ls_failed(ls_note_parse(checkpoint, &note)) ||
        ls_failed(ls_checkpoint_parse(note.text, &head))) {
        ls_buf_free(&copy);
        return;
    }
    pthread_mutex_lock(&g->lock);
    target *t = &g->target;
    if (again || t->number == 0 || t->size != head.size || !ls_hash_equal(&t->root, &head.root)) {
        ls_buf before = t->note;
        *t = (target){.number = t->number + 1, .size = head.size, .root = head.root, .note = copy};
        copy = before;
        pthread_cond_broadcast(&g->wake);
    }
    pthread_mutex_unlock(&g->lock);
    ls_buf_free(&copy);
}

size_t ls_gather_status(ls_gather *g, ls_gathered *out)
{
    pthread_mutex_lock(&g->lock);
    double now = ls_clock_monotonic();
    size_t count = g->count;
    for (size_t i = 0; i < count; i++) {
        out[i] = g->witness[i]->status;
        out[i].since = g->witness[i]->cosigned_at < 0 ? -1 : now - g->witness[i]->cosigned_at;
    }
    pthread_mutex_unlock(&g->lock);
    return count;
}

ls_result ls_gather_new(const ls_gather_options *o, ls_gather **out)
{
    ls_gather *g = calloc(1, sizeof *g);
    if (g == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    g->o = *o;
    pthread_mutex_init(&g->lock, NULL);
    ls_condition_init(&g->wake);
    *out = g;
    return LS_SUCCESS;
}

void ls_gather_stop(ls_gather *g)
{
    pthread_mutex_lock(&g->lock);
    g->stopping = true;
    retire_others(g, NULL);
    pthread_mutex_unlock(&g->lock);
    while (g->retired != NULL) {
        asked *a = g->retired;
        g->retired = a->next;
        pthread_join(a->thread, NULL);
        free_asked(a);
    }
}

void ls_gather_free(ls_gather *g)
{
    if (g == NULL) {
        return;
    }
    ls_gather_stop(g);
    ls_buf_free(&g->target.note);
    pthread_cond_destroy(&g->wake);
    pthread_mutex_destroy(&g->lock);
    free(g);
}
