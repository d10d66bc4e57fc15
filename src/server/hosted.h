/* One process that a server hosts: its stores, its two threads, and what HTTP threads may know of it. */
#ifndef LS_SERVER_HOSTED_H
#define LS_SERVER_HOSTED_H

#include "ledger/embedded.h"
#include "process/access.h"
#include "server/blob.h"
#include "server/gather.h"
#include "server/metrics.h"
#include "server/server.h"
#include "server/tree.h"
#include <pthread.h>

/* The keys in force, copied: the record that they come from belongs to the sequencer's thread. */
typedef struct ls_hosted_keys {
    atomic_uint references;
    ls_arena arena;
    ls_charter *charter;
    ls_hash process;
    uint64_t version;
} ls_hosted_keys;
void ls_hosted_keys_release(ls_hosted_keys *k);

/* What HTTP threads know: never changed, only replaced. */
typedef struct ls_view {
    atomic_uint references;
    bool leading;
    ls_blob *checkpoint[2]; /* by ls_which_checkpoint; NULL: there is none yet */
    uint64_t size[2];
    ls_hosted_keys *keys; /* NULL: the ledger is empty, or was never read */
    ls_time stamped;      /* the latest stamp's time */
    double fresh;         /* when the store was last seen, by the monotonic clock; 0: never */
    double final_since;   /* when the final checkpoint became so, as far as this server has seen */
} ls_view;
void ls_view_release(ls_view *v);

/* Something that waits for the sequencer: an act, or a checkpoint note with cosignatures. */
typedef struct ls_pending_item {
    struct ls_pending_item *next;
    ls_http_exchange *x; /* NULL: cosignatures that the server itself has fetched */
    double since;
    bool cosignature;
    ls_buf cosigned;   /* the note with cosignatures */
    ls_result verdict; /* of its signatures, where they are bad: counts unless it is on the record already */
    ls_detail why;
    ls_act *act;            /* in the arena */
    ls_sequencer_item item; /* the act and its files */
    ls_arena arena;
} ls_pending_item;
void ls_pending_free(ls_pending_item *p);

/* A read, or something about a box, that waits for the store. */
typedef struct ls_waiting_read {
    struct ls_waiting_read *next;
    ls_http_exchange *x;
    ls_route route; /* its slices view the request, which lives until it is answered */
    const ls_http_request *request;
    ls_access reader; /* for boxes: who asks */
    ls_view *view;    /* as it was when the request came */
} ls_waiting_read;

#define LS_HOSTED_NOTES 64 /* access notes that are remembered */

/* A file for an audience that an act on the record names. */
typedef struct ls_expected_box {
    ls_hash hash;
    size_t author;
    uint32_t members;
} ls_expected_box;

typedef struct ls_hosted {
    ls_server *server;
    const char *folder; /* the ledger's */
    char *name;         /* in paths: the origin's last part */
    bool postgres;
    ls_vkey key;
    ls_secret *seed;
    ls_embedded clock; /* only for ls_embedded_now */
    ls_store *store;   /* the sequencer's thread */
    ls_store *reader;  /* the reading thread */
    ls_store *prover;  /* under lock_proofs */
    ls_sequencer *sequencer;
    ls_gather *gather;
    ls_server_metrics metrics;

    /* The sequencer's thread alone. */
    ls_lock lock; /* the folder's, while there is work */
    bool locked;
    ls_lock serving; /* of the one server that leads a folder, for as long as it does */
    bool serves;
    uint64_t epoch;       /* 0: does not lead */
    double renewed, seen; /* when the lead was renewed, and when stamps were last seen to, by the monotonic clock */
    bool said_led;        /* that another leads was logged */
    bool unstamped;       /* acts came since stamps were last seen to */
    ls_pending_item *held, **last_held; /* acts that came before the one before them in their chain */
    uint64_t gathered;                  /* version of the keys whose policy is gathered for */
    double asked;                       /* when the gathering was last asked */

    /* The reading thread alone. */
    ls_tree tree;
    ls_expected_box *expected;
    size_t expected_count, expected_capacity;
    uint64_t searched; /* entries that were looked through for them */

    pthread_mutex_t lock_proofs;
    ls_tree proofs;

    atomic_bool look;       /* others have appended to the folder: the sequencer's thread shall see to it */
    atomic_ullong compared; /* when the view was last found to be what the folder holds, in milliseconds */

    pthread_t sequencing, reading;
    bool sequencing_runs, reading_runs;
    pthread_mutex_t lock_view;
    ls_view *view;
    pthread_mutex_t lock_queue;
    pthread_cond_t wake_queue;
    ls_pending_item *first, **last;
    size_t queued;
    bool stopping; /* set under both locks of queues */
    pthread_mutex_t lock_reads;
    pthread_cond_t wake_reads;
    ls_waiting_read *first_read, **last_read;
    size_t reads;
    pthread_mutex_t lock_notes;
    struct ls_hosted_note {
        ls_hash hash; /* of the header's value */
        uint64_t version;
        ls_access access;
        ls_time until;
    } note[LS_HOSTED_NOTES]; /* verified a short while ago */
    size_t next_note;
} ls_hosted;

struct ls_server {
    ls_server_options o;
    ls_http_server *http;
    ls_cache *cache;
    atomic_ullong answers; /* bytes of answers in memory */
    ls_hosted *hosted;
    size_t count;
    ls_server_metrics metrics; /* of requests that belong to no process */
    atomic_bool started, stopping;
    pthread_mutex_t lock_log;
    double log_second; /* lines about refusals in this second */
    unsigned logged, suppressed;
};

/* hosted.c */
ls_result ls_hosted_open(ls_server *s, const char *folder, ls_hosted *h, ls_detail *detail);
ls_result ls_hosted_start(ls_hosted *h, ls_detail *detail);
void ls_hosted_stop(ls_hosted *h);     /* both threads, after what is queued */
void ls_hosted_close(ls_hosted *h);    /* also of one that was opened in part */
ls_view *ls_hosted_view(ls_hosted *h); /* a reference of the caller's */

/* sequencing.c */
void *ls_hosted_sequence(void *hosted);
void ls_hosted_yield(ls_hosted *h); /* lets another server lead the folder, once this one has ended */
/* False if the queue is full. Takes the item. */
bool ls_hosted_enqueue(ls_hosted *h, ls_pending_item *p);

/* keys.c: the view is made by the sequencer's thread. */
void ls_hosted_publish(ls_hosted *h, bool leading);

/* reading.c */
void *ls_hosted_read(void *hosted);
bool ls_hosted_enqueue_read(ls_hosted *h, ls_waiting_read *w);
void ls_hosted_answer_tile(ls_hosted *h, ls_http_exchange *x, ls_route_kind kind, ls_blob *b);
ls_result ls_hosted_prove(void *hosted, uint64_t old, uint64_t size, ls_hash proof[static LS_MERKLE_PROOF_MAX],
                          size_t *count, ls_detail *detail);

/* Whether the view is known to be that of a folder to which others on this machine may append, too. */
bool ls_hosted_current(ls_hosted *h, const ls_view *v);
void ls_hosted_answer_checkpoint(ls_hosted *h, ls_http_exchange *x, ls_route_kind kind, const ls_view *v);

/* boxes.c: on the reading thread. */
void ls_hosted_serve_box(ls_hosted *h, const ls_waiting_read *w);

/* access.c: whether whoever sent this header is a reader, and who. */
bool ls_hosted_reader(ls_hosted *h, const ls_view *v, const char *authorization, ls_access *out, ls_detail *detail);

/* submitting.c */
void ls_hosted_post(ls_hosted *h, ls_http_exchange *x, const ls_http_request *request, ls_route_kind kind);

/* answer.c */
void ls_server_answer(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x,
                      const ls_http_answer_options *o, ls_bytes body);
void ls_server_answer_blob(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x,
                           const ls_http_answer_options *o, ls_blob *b);
/* The buffer's bytes as an answer: charged to what answers may take together, and by way of a file if they are many.
 * NULL, with the buffer freed: no room. */
ls_blob *ls_server_blob(ls_server *s, ls_buf *b);
/* The same at once; 503 where there is no room. */
void ls_server_answer_buffer(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x,
                             const ls_http_answer_options *o, ls_buf *body);
/* "<code>\n<sentence>\n<hint>\n" with the status that goes with the fault. */
void ls_server_fail(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x, ls_result r,
                    const ls_detail *detail);
void ls_server_fail_as(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x, unsigned status,
                       ls_result r, const ls_detail *detail);
void ls_server_log(ls_server *s, const ls_server_event *e);

extern const ls_fault ls_fault_server_busy;   /* environment: 503 */
extern const ls_fault ls_fault_server_route;  /* usage: 404 */
extern const ls_fault ls_fault_server_method; /* usage: 405 */
extern const ls_fault ls_fault_server_form;   /* usage: 400 */
extern const ls_fault ls_fault_server_local;  /* usage: 403 */

/* metrics and health: bodies. */
void ls_server_put_metrics(ls_server *s, ls_buf *out);
/* Gives the status. whole: with the processes, which may be nobody's business but their readers'. */
unsigned ls_server_put_health(ls_server *s, bool whole, ls_buf *out);

#endif
