/* The host's gathering of cosignatures: real cosigners over HTTP, and witnesses that are dead, late or lying. */
#include "cosign/service.h"
#include "crypto/crypto.h"
#include "fixture/system.h"
#include "http/http.h"
#include "server/gather.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define WITNESSES 3
#define ENTRIES 40
#define PATIENCE 100 /* times 50 milliseconds */

typedef struct place {
    char parent[256];
    ls_vkey log;
    uint8_t log_secret[LS_SECRET_KEY_SIZE];
    ls_hash leaf[ENTRIES];
    ls_cosign_folder folder[WITNESSES];
    ls_cosign_service *service[WITNESSES];
    char url[WITNESSES + 1][300];
    ls_policy policy;
    ls_gather *gather;
    pthread_mutex_t lock;
    unsigned got[WITNESSES + 1]; /* cosignatures of each witness */
    uint64_t size[WITNESSES + 1];
    unsigned proofs;
    unsigned failed, refused;
    ls_buf last; /* note that was handed over */
} place;

/* A log in memory. */

static ls_result prove(void *context, uint64_t old, uint64_t size, ls_hash proof[static LS_MERKLE_PROOF_MAX],
                       size_t *count, ls_detail *detail)
{
    place *p = context;
    (void)detail;
    pthread_mutex_lock(&p->lock);
    p->proofs++;
    ls_result r = ls_merkle_prove_consistency(old, size, ls_merkle_read_leaves, p->leaf, proof, count);
    pthread_mutex_unlock(&p->lock);
    return r;
}

static void checkpoint(const place *p, uint64_t size, ls_buf *note)
{
    ls_hash scratch[ENTRIES];
    ls_checkpoint c = {.origin = ls_bytes_str(p->log.name), .size = size};
    ls_buf text = {0};
    memcpy(scratch, p->leaf, sizeof scratch);
    ls_merkle_root(scratch, size, &c.root);
    ls_checkpoint_format(&c, &text);
    ls_buf_put_bytes(note, ls_buf_bytes(&text));
    ls_buf_put_u8(note, '\n');
    ls_note_sign(note, ls_buf_bytes(&text), &p->log, p->log_secret);
    ls_buf_free(&text);
}

/* Every note that is handed over carries the log's signature and at least one good cosignature. */
static void cosigned(void *context, ls_bytes note)
{
    place *p = context;
    ls_note parsed;
    ls_checkpoint c;
    pthread_mutex_lock(&p->lock);
    assert_null(ls_note_parse(note, &parsed).fault);
    assert_null(ls_checkpoint_parse(parsed.text, &c).fault);
    p->last.len = 0;
    ls_buf_put_bytes(&p->last, note);
    for (size_t i = 0; i < p->policy.witness_count; i++) {
        ls_note_verdict verdict;
        if (ls_succeeded(ls_note_verify(&parsed, &p->policy.witness[i].key, 1, &verdict))) {
            p->got[i]++;
            p->size[i] = c.size;
        }
    }
    pthread_mutex_unlock(&p->lock);
}

static void event(void *context, const ls_gather_event *e)
{
    place *p = context;
    pthread_mutex_lock(&p->lock);
    p->failed += e->what == LS_GATHER_FAILED;
    p->refused += e->what == LS_GATHER_REFUSED;
    pthread_mutex_unlock(&p->lock);
}

static unsigned refusals(place *p)
{
    pthread_mutex_lock(&p->lock);
    unsigned count = p->refused;
    pthread_mutex_unlock(&p->lock);
    return count;
}

static void start_witness(place *p, size_t i)
{
    char listen[300];
    snprintf(listen, sizeof listen, "unix:%s/w%zu.sock", p->parent, i);
    const ls_cosign_options o = {
        .folder = &p->folder[i], .listen = listen, .interval = 3600, .log = &p->log, .log_count = 1};
    ls_detail detail = {0};
    ls_result r = ls_cosign_start(&o, &p->service[i], &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
}

static void stop_witness(place *p, size_t i)
{
    char path[300];
    ls_cosign_stop(p->service[i]);
    p->service[i] = NULL;
    snprintf(path, sizeof path, "%s/w%zu.sock", p->parent, i);
    unlink(path);
}

static void add_witness(place *p, size_t i, const ls_vkey *key)
{
    static const char *const names[] = {"a", "b", "c", "liar"};
    char parent[sizeof p->parent];
    memcpy(parent, p->parent, sizeof parent);
    snprintf(p->url[i], sizeof p->url[i], "http+unix:%s/w%zu.sock", parent, i);
    p->policy.witness[p->policy.witness_count++] =
        (ls_witness){.name = ls_bytes_str(names[i]), .url = ls_bytes_str(p->url[i]), .key = *key};
}

static void start_gathering(place *p)
{
    const ls_gather_options o = {prove, cosigned, event, p, NULL};
    assert_null(ls_gather_new(&o, &p->gather).fault);
    assert_null(ls_gather_policy(p->gather, &p->policy, NULL).fault);
}

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    uint8_t seed[LS_SEED_SIZE] = {3}, public_key[LS_PUBLIC_KEY_SIZE];
    signal(SIGPIPE, SIG_IGN);
    assert_null(ls_crypto_init().fault);
    system_folder(p->parent, sizeof p->parent);
    pthread_mutex_init(&p->lock, NULL);
    ls_ed25519_keypair(seed, public_key, p->log_secret);
    ls_vkey_make(ls_bytes_str("log.example/one"), LS_KEY_ED25519, public_key, &p->log);
    for (size_t i = 0; i < ENTRIES; i++) {
        ls_merkle_leaf(ls_bytes_of(&i, sizeof i), &p->leaf[i]);
    }
    for (size_t i = 0; i < WITNESSES; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/w%zu", p->parent, i);
        assert_null(ls_cosign_folder_create(path, "witness.example/w", NULL, NULL).fault);
        assert_null(ls_cosign_folder_open(path, NULL, &p->folder[i], NULL).fault);
        add_witness(p, i, &p->folder[i].key);
    }
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    ls_gather_free(p->gather);
    for (size_t i = 0; i < WITNESSES; i++) {
        if (p->service[i] != NULL) {
            ls_cosign_stop(p->service[i]);
        }
        ls_cosign_folder_close(&p->folder[i]);
    }
    pthread_mutex_destroy(&p->lock);
    ls_buf_free(&p->last);
    system_remove(p->parent);
    free(p);
    return 0;
}

static void ask(place *p, uint64_t size, bool again)
{
    ls_buf note = {0};
    checkpoint(p, size, &note);
    ls_gather_ask(p->gather, ls_buf_bytes(&note), again);
    ls_buf_free(&note);
}

/* Waits until witness i has cosigned this size `times` times in all. */
static bool has_cosigned(place *p, size_t i, uint64_t size, unsigned times)
{
    for (unsigned n = 0; n < PATIENCE; n++) {
        pthread_mutex_lock(&p->lock);
        bool there = p->size[i] == size && p->got[i] >= times;
        pthread_mutex_unlock(&p->lock);
        if (there) {
            return true;
        }
        usleep(50000);
    }
    return false;
}

static void test_all(void **state)
{
    place *p = *state;
    for (size_t i = 0; i < WITNESSES; i++) {
        start_witness(p, i);
    }
    start_gathering(p);
    ask(p, 10, false);
    for (size_t i = 0; i < WITNESSES; i++) {
        assert_true(has_cosigned(p, i, 10, 1));
    }
    assert_int_equal(p->proofs, 0);
    ask(p, 25, false);
    for (size_t i = 0; i < WITNESSES; i++) {
        assert_true(has_cosigned(p, i, 25, 2));
    }
    assert_int_equal(p->proofs, WITNESSES);
    /* The same again changes nothing; but it can be asked for. */
    ask(p, 25, false);
    usleep(300000);
    assert_int_equal(p->got[0], 2);
    ask(p, 25, true);
    assert_true(has_cosigned(p, 0, 25, 3));
    assert_int_equal(p->failed + p->refused, 0);
}

/* What is asked about bears cosignatures already: a younger one takes the place of the same witness's. */
static void test_cosigned_before(void **state)
{
    place *p = *state;
    ls_buf note = {0};
    start_witness(p, 0);
    start_gathering(p);
    ask(p, 10, false);
    assert_true(has_cosigned(p, 0, 10, 1));
    ls_buf_put_bytes(&note, ls_buf_bytes(&p->last));
    ls_gather_ask(p->gather, ls_buf_bytes(&note), true);
    assert_true(has_cosigned(p, 0, 10, 2));
    ls_buf_free(&note);
}

/* A host that was restarted knows nothing of its witnesses: they tell. */
static void test_restarted(void **state)
{
    place *p = *state;
    start_witness(p, 0);
    start_gathering(p);
    ask(p, 10, false);
    assert_true(has_cosigned(p, 0, 10, 1));
    ls_gather_free(p->gather);
    start_gathering(p);
    ask(p, 20, false);
    assert_true(has_cosigned(p, 0, 20, 2));
    /* Behind what they know: nothing is to be had, and nothing is asked again and again. */
    ls_gather_free(p->gather);
    start_gathering(p);
    ask(p, 5, false);
    usleep(500000);
    ls_gathered status[LS_POLICY_WITNESSES_MAX];
    assert_int_equal(ls_gather_status(p->gather, status), WITNESSES);
    assert_int_equal(status[0].refused, 1);
    assert_string_equal(status[0].problem, "");
}

static void test_dead(void **state)
{
    place *p = *state;
    ls_gathered status[LS_POLICY_WITNESSES_MAX];
    start_witness(p, 0);
    start_gathering(p);
    ask(p, 10, false);
    assert_true(has_cosigned(p, 0, 10, 1));
    ask(p, 11, false);
    assert_true(has_cosigned(p, 0, 11, 2));
    ls_gather_status(p->gather, status);
    assert_string_equal(status[0].problem, "");
    assert_true(status[0].since >= 0 && status[1].since < 0);
    assert_string_not_equal(status[1].problem, "");
    assert_true(status[1].failed > 0);
    /* It comes back, and gets the newest. */
    start_witness(p, 1);
    assert_true(has_cosigned(p, 1, 11, 1));
    stop_witness(p, 1);
}

/* The policy changes: who is out is not asked any more, who comes in is, and the others go on. */
static void test_policy(void **state)
{
    place *p = *state;
    for (size_t i = 0; i < WITNESSES; i++) {
        start_witness(p, i);
    }
    p->policy.witness_count = 2;
    start_gathering(p);
    ask(p, 10, false);
    assert_true(has_cosigned(p, 0, 10, 1) && has_cosigned(p, 1, 10, 1));
    ls_policy changed = p->policy;
    changed.witness[0] = p->policy.witness[2];
    assert_null(ls_gather_policy(p->gather, &changed, NULL).fault);
    p->policy.witness_count = WITNESSES;
    ask(p, 12, false);
    assert_true(has_cosigned(p, 1, 12, 2) && has_cosigned(p, 2, 12, 1));
    assert_int_equal(p->size[0], 10);
}

/* One that can't be asked is said, and keeps none of the others from being asked. */
static void test_unusable_address(void **state)
{
    place *p = *state;
    start_witness(p, 1);
    const ls_policy usable = p->policy;
    p->policy.witness_count = 0;
    start_gathering(p);
    ls_policy changed = p->policy = usable;
    changed.witness[0].url = ls_bytes_str("ftp://a.example");
    assert_ptr_equal(ls_gather_policy(p->gather, &changed, NULL).fault, &ls_fault_usage);
    ask(p, 10, false);
    assert_true(has_cosigned(p, 1, 10, 1));
}

/* A witness that answers 200 with somebody else's line, with nothing, or with nonsense. */
static const char *lie;

static void handle_lie(void *context, ls_http_exchange *x, const ls_http_request *request)
{
    (void)context;
    (void)request;
    ls_http_answer_options o = {.status = lie[0] == '4' ? 409 : 200, .content_type = "text/plain"};
    ls_http_answer(x, &o, ls_bytes_str(lie[0] == '4' ? lie + 3 : lie));
}

static ls_http_allowance allow_lie(void *context, const ls_http_request *request)
{
    (void)context;
    (void)request;
    return (ls_http_allowance){.body = 65536, .memory = 65536};
}

static void test_liars(void **state)
{
    static const char *const lies[] = {
        "",
        "nonsense\n",
        "\xe2\x80\x94 witness.example/w AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "\n\xe2\x80\x94 witness.example/w AAAAAAAA\n",
        "4097\n",
        "4090\n",
        "40999999999999999999999\n",
        "409x",
    };
    place *p = *state;
    ls_http_server *server;
    char listen[300];
    snprintf(listen, sizeof listen, "unix:%s/w3.sock", p->parent);
    const ls_http_options o = {.listen = listen, .threads = 1, .allow = allow_lie, .handle = handle_lie};
    lie = lies[0];
    assert_null(ls_http_start(&o, &server, NULL).fault);
    p->policy.witness_count = 0;
    add_witness(p, 3, &p->folder[0].key);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        lie = lies[i];
        unsigned before = refusals(p);
        start_gathering(p);
        ask(p, 10 + i, false);
        for (unsigned n = 0; n < PATIENCE && refusals(p) == before; n++) {
            usleep(20000);
        }
        ls_gather_free(p->gather);
        p->gather = NULL;
        assert_true(refusals(p) > before);
    }
    assert_int_equal(p->got[0], 0);
    ls_http_stop(server, 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_all),    T(test_cosigned_before),  T(test_restarted), T(test_dead),
        T(test_policy), T(test_unusable_address), T(test_liars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
