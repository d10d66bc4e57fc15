/* The cosigner: a witness's answers byte by byte, what races and kills can do to it, and its memory. */
#include "cosign/state.h"
#include "cosign/witness.h"
#include "crypto/crypto.h"
#include "fixture/system.h"
#include "os/os.h"
#include "unit/vectors.h"
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW 1538899200

typedef struct place {
    char folder[256], path[300];
    ls_cosign_state *state;
    ls_secret *seed;
    ls_vkey key;
    ls_vkey log[2];
    uint8_t log_secret[LS_SECRET_KEY_SIZE];
    ls_time now;
    void (*meanwhile)(struct place *p); /* runs between the check of a request and its record */
} place;

static void key_of(const char *name, uint8_t type, uint8_t seed_byte, ls_vkey *key, uint8_t secret[static 64])
{
    uint8_t seed[LS_SEED_SIZE], public_key[LS_PUBLIC_KEY_SIZE];
    memset(seed, seed_byte, sizeof seed);
    ls_ed25519_keypair(seed, public_key, secret);
    ls_vkey_make(ls_bytes_str(name), type, public_key, key);
}

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    uint8_t seed[LS_SEED_SIZE] = {7}, secret[LS_SECRET_KEY_SIZE], public_key[LS_PUBLIC_KEY_SIZE];
    assert_success(ls_crypto_init());
    system_folder(p->folder, sizeof p->folder);
    snprintf(p->path, sizeof p->path, "%s/cosigner.sqlite", p->folder);
    assert_success(ls_cosign_state_open(p->path, true, &p->state, NULL));
    p->now = NOW;
    p->seed = ls_secret_from(seed);
    ls_ed25519_keypair(seed, public_key, secret);
    ls_vkey_make(ls_bytes_str("witness.example/w"), LS_KEY_COSIGNATURE, public_key, &p->key);
    key_of("log.example/one", LS_KEY_ED25519, 1, &p->log[0], p->log_secret);
    key_of("log.example/two", LS_KEY_ED25519, 2, &p->log[1], secret);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    ls_cosign_state_close(p->state);
    ls_secret_free(p->seed);
    system_remove(p->folder);
    free(p);
    return 0;
}

static size_t trusted(void *context, ls_bytes origin, ls_vkey *keys)
{
    const place *p = context;
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        if (ls_bytes_is(origin, p->log[i].name)) {
            keys[count++] = p->log[i];
        }
    }
    return count;
}

static bool permit(void *context, const ls_add_checkpoint *request, ls_cosign_answer *answer)
{
    place *p = context;
    (void)request;
    (void)answer;
    if (p->meanwhile != NULL) {
        void (*once)(place *) = p->meanwhile;
        p->meanwhile = NULL;
        once(p);
    }
    return true;
}

static ls_time now_of(void *context)
{
    return ((const place *)context)->now;
}

static ls_witness_options options(place *p)
{
    return (ls_witness_options){p->state, &p->key, p->seed, trusted, permit, now_of, p};
}

static unsigned ask(place *p, ls_bytes body, ls_buf *answer_body)
{
    ls_cosign_answer answer = {0};
    ls_witness_options w = options(p);
    ls_witness_add_checkpoint(&w, body, &answer);
    assert_success(ls_buf_check(&answer.body));
    assert_true(answer.status != 200 || answer.body.len > 0);
    if (answer_body != NULL) {
        ls_buf_put_bytes(answer_body, ls_buf_bytes(&answer.body));
    }
    ls_buf_free(&answer.body);
    return answer.status;
}

/* The conversation that was made from the specification's text, by other means. */

static void check_step(place *p, const json_t *step)
{
    ls_cosign_answer answer = {0};
    ls_witness_options w = options(p);
    const json_t *body = json_object_get(step, "body"), *type = json_object_get(step, "type");
    ls_witness_add_checkpoint(&w, json_member(step, "request"), &answer);
    if ((json_int_t)answer.status != json_integer_value(json_object_get(step, "status"))) {
        fail_msg("%s: %u, %.*s", json_string_value(json_object_get(step, "name")), answer.status, (int)answer.body.len,
                 (const char *)answer.body.ptr);
    }
    if (json_is_string(body)) {
        assert_bytes(ls_buf_bytes(&answer.body), json_text(body));
    }
    if (json_is_string(type)) {
        assert_string_equal(answer.content_type, json_string_value(type));
    }
    ls_buf_free(&answer.body);
}

static void test_conversation(void **state)
{
    place *p = *state;
    json_t *json = read_json_file(own_vector("witness/conversation.json"));
    const json_t *logs = json_object_get(json, "logs"), *witness = json_object_get(json, "witness"), *step;
    ls_buf seed = {0};
    size_t i;
    for (i = 0; i < 2; i++) {
        assert_success(ls_vkey_parse(json_text(json_array_get(logs, i)), &p->log[i]));
    }
    assert_success(ls_vkey_parse(json_member(witness, "vkey"), &p->key));
    ls_secret_free(p->seed);
    p->seed = ls_secret_from(hex_member(witness, "seed", &seed).ptr);
    p->now = json_integer_value(json_object_get(json, "now"));
    json_array_foreach(json_object_get(json, "steps"), i, step)
    {
        check_step(p, step);
    }
    ls_buf_free(&seed);
    json_decref(json);
}

/* A log of our own: entry i of history h. */

#define ENTRIES 64

static void leaf_of(unsigned history, size_t i, size_t fork, ls_hash *out)
{
    char text[64];
    int len = snprintf(text, sizeof text, "entry %zu of %u", i, i < fork ? 0 : history);
    ls_merkle_leaf(ls_bytes_of(text, (size_t)len), out);
}

/* The request that history h (which leaves the common one at `fork`) makes for growing from old to size. */
static void request_of(const place *p, unsigned history, size_t fork, uint64_t old, uint64_t size, ls_buf *out)
{
    ls_hash leaves[ENTRIES], scratch[ENTRIES], proof[LS_MERKLE_PROOF_MAX];
    ls_checkpoint c = {.origin = ls_bytes_str(p->log[0].name), .size = size};
    ls_buf text = {0}, note = {0};
    size_t count = 0;
    for (size_t i = 0; i < ENTRIES; i++) {
        leaf_of(history, i, fork, &leaves[i]);
    }
    memcpy(scratch, leaves, sizeof leaves);
    ls_merkle_root(scratch, size, &c.root);
    if (old > 0 && old < size) {
        assert_success(ls_merkle_prove_consistency(old, size, ls_merkle_read_leaves, leaves, proof, &count));
    }
    ls_checkpoint_format(&c, &text);
    ls_buf_put_bytes(&note, ls_buf_bytes(&text));
    ls_buf_put_u8(&note, '\n');
    ls_note_sign(&note, ls_buf_bytes(&text), &p->log[0], p->log_secret);
    ls_add_checkpoint_format(old, proof, count, ls_buf_bytes(&note), out);
    assert_success(ls_buf_check(out));
    ls_buf_free(&text);
    ls_buf_free(&note);
}

static unsigned ask_for(place *p, unsigned history, size_t fork, uint64_t old, uint64_t size, ls_buf *answer)
{
    ls_buf request = {0};
    request_of(p, history, fork, old, size, &request);
    unsigned status = ask(p, ls_buf_bytes(&request), answer);
    ls_buf_free(&request);
    return status;
}

static void contradict(place *p)
{
    assert_int_equal(ask_for(p, 2, 5, 5, 8, NULL), 200);
}

static void overtake(place *p)
{
    assert_int_equal(ask_for(p, 1, 5, 5, 20, NULL), 200);
}

/* Between the check of a request and its record another one is recorded. */
static void test_overtaken(void **state)
{
    place *p = *state;
    ls_buf answer = {0};
    assert_int_equal(ask_for(p, 1, 5, 0, 5, NULL), 200);
    p->meanwhile = contradict;
    assert_int_equal(ask_for(p, 1, 5, 5, 8, &answer), 409);
    assert_bytes(ls_buf_bytes(&answer), ls_bytes_str("8\n"));
    assert_int_equal(ask_for(p, 1, 5, 8, 8, NULL), 422);
    assert_int_equal(ask_for(p, 2, 5, 8, 8, NULL), 200);
    ls_buf_free(&answer);
}

static void test_no_rolling_back(void **state)
{
    place *p = *state;
    ls_cosigned last;
    assert_int_equal(ask_for(p, 1, 5, 0, 5, NULL), 200);
    p->meanwhile = overtake;
    assert_int_equal(ask_for(p, 1, 5, 5, 8, NULL), 409);
    assert_success(ls_cosign_state_last(p->state, ls_bytes_str(p->log[0].name), &last, NULL, NULL));
    assert_int_equal(last.size, 20);
}

static void same_size_other_root(place *p)
{
    ls_cosigned seen, next;
    assert_success(ls_cosign_state_last(p->state, ls_bytes_str(p->log[0].name), &seen, NULL, NULL));
    next = seen;
    next.time++;
    next.root.b[0] ^= 1;
    assert_fault(ls_cosign_state_advance(p->state, ls_bytes_str(p->log[0].name), &seen, &next, ls_bytes_str("x"), NULL),
                 ls_fault_cosign_moved);
}

static void test_state_refuses_contradiction(void **state)
{
    place *p = *state;
    assert_int_equal(ask_for(p, 1, 5, 0, 5, NULL), 200);
    same_size_other_root(p);
    ls_cosigned seen, next;
    assert_success(ls_cosign_state_last(p->state, ls_bytes_str(p->log[0].name), &seen, NULL, NULL));
    next = seen;
    next.size--;
    assert_fault(ls_cosign_state_advance(p->state, ls_bytes_str(p->log[0].name), &seen, &next, ls_bytes_str("x"), NULL),
                 ls_fault_cosign_moved);
}

/* Many threads, each for one of two histories: whatever the order, what was cosigned is one history. */

typedef struct racer {
    place *p;
    unsigned history, cosigned;
    uint64_t from;
} racer;

static void *race(void *context)
{
    racer *r = context;
    for (uint64_t size = r->from + 1; size <= r->from + 8; size++) {
        r->cosigned += ask_for(r->p, r->history, 5, r->from, size, NULL) == 200;
    }
    return NULL;
}

static void test_race(void **state)
{
    place *p = *state;
    unsigned rounds_won[3] = {0};
    assert_int_equal(ask_for(p, 1, 5, 0, 5, NULL), 200);
    racer racers[8];
    pthread_t thread[8];
    for (unsigned i = 0; i < 8; i++) {
        racers[i] = (racer){.p = p, .history = 1 + i % 2, .from = 5};
        assert_int_equal(pthread_create(&thread[i], NULL, race, &racers[i]), 0);
    }
    for (unsigned i = 0; i < 8; i++) {
        pthread_join(thread[i], NULL);
        rounds_won[racers[i].history] += racers[i].cosigned;
    }
    /* All start from 5, so exactly one request can have won. */
    assert_int_equal(rounds_won[1] + rounds_won[2], 1);
}

/* Two processes on one state file, which no operator should have: still one history. */
static int second_process(void *context)
{
    place *p = context;
    ls_cosign_state *own = p->state;
    if (ls_failed(ls_cosign_state_open(p->path, false, &p->state, NULL))) {
        return 9;
    }
    int won = ask_for(p, 2, 5, 5, 9, NULL) == 200;
    ls_cosign_state_close(p->state);
    p->state = own;
    return won;
}

static void test_two_processes(void **state)
{
    place *p = *state;
    assert_int_equal(ask_for(p, 1, 5, 0, 5, NULL), 200);
    assert_int_equal(system_fork(second_process, p), 1);
    assert_int_equal(ask_for(p, 1, 5, 5, 9, NULL), 409);
    assert_int_equal(ask_for(p, 1, 5, 9, 9, NULL), 422);
}

/* kill -9 at any moment: a child cosigns one size after the other and tells each cosignature that it would send through
 * shared memory. Whatever it sent must be on record afterwards. */

typedef struct sent {
    volatile uint64_t size;
} sent;

static void cosign_until_killed(place *p, sent *told)
{
    ls_cosign_state *state;
    ls_cosigned last;
    if (ls_failed(ls_cosign_state_open(p->path, false, &state, NULL))) {
        _exit(9);
    }
    p->state = state;
    assert_success(ls_cosign_state_last(state, ls_bytes_str(p->log[0].name), &last, NULL, NULL));
    for (uint64_t size = last.size; size < ENTRIES; size++) {
        if (ask_for(p, 1, 1, size, size + 1, NULL) != 200) {
            _exit(9);
        }
        told->size = size + 1;
    }
    _exit(0);
}

static void test_kill(void **state)
{
    place *p = *state;
    sent *told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(told, MAP_FAILED);
    ls_cosign_state_close(p->state);
    p->state = NULL;
    bool ended = false;
    for (unsigned round = 0; round < 100 && !ended; round++) {
        pid_t child = fork();
        if (child == 0) {
            cosign_until_killed(p, told);
        }
        usleep(2000 + round * 731 % 9000);
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        assert_false(WIFEXITED(status) && WEXITSTATUS(status) != 0);
        ended = WIFEXITED(status);
        ls_cosigned last;
        assert_success(ls_cosign_state_open(p->path, false, &p->state, NULL));
        assert_success(ls_cosign_state_last(p->state, ls_bytes_str(p->log[0].name), &last, NULL, NULL));
        assert_true(last.size >= told->size);
        /* And the log, which never got the last answer, gets along with what it is told. */
        if (last.size > 0) {
            assert_int_equal(ask_for(p, 1, 1, last.size, last.size, NULL), 200);
        }
        ls_cosign_state_close(p->state);
        p->state = NULL;
    }
    munmap(told, sizeof *told);
}

/* The state. */

static void test_stop(void **state)
{
    place *p = *state;
    assert_int_equal(ask_for(p, 1, 5, 0, 5, NULL), 200);
    /* Stopped is what was looked at, not what another thread has cosigned since. */
    ls_cosigned older;
    assert_success(ls_cosign_state_last(p->state, ls_bytes_str(p->log[0].name), &older, NULL, NULL));
    older.size++;
    assert_fault(ls_cosign_state_stop(p->state, ls_bytes_str(p->log[0].name), &older, "too late", NULL),
                 ls_fault_cosign_moved);
    assert_success(
        ls_cosign_state_stop(p->state, ls_bytes_str(p->log[0].name), NULL, "succeeded by another ledger", NULL));
    assert_int_equal(ask_for(p, 1, 5, 5, 8, NULL), 403);
    assert_int_equal(ask_for(p, 1, 5, 5, 5, NULL), 403);
    /* What was cosigned can still be asked for. */
    assert_int_equal(ask_for(p, 1, 5, 4, 8, NULL), 409);
}

static void test_lost_state(void **state)
{
    place *p = *state;
    ls_cosign_state *again;
    ls_detail detail = {0};
    assert_fault(ls_cosign_state_open(p->path, true, &again, &detail), ls_fault_exists);
    char other[320];
    snprintf(other, sizeof other, "%s/none.sqlite", p->folder);
    assert_fault(ls_cosign_state_open(other, false, &again, &detail), ls_fault_cosign_state);
    assert_non_null(strstr(detail.hint, "new key"));
    FILE *f = fopen(other, "w");
    fputs("not a database, and long enough to be looked at by whoever opens it", f);
    fclose(f);
    assert_int_equal(chmod(other, 0600), 0);
    assert_fault(ls_cosign_state_open(other, false, &again, &detail), ls_fault_cosign_state);
}

typedef struct seen_pending {
    place *p;
    unsigned count;
    ls_time time;
} seen_pending;

/* Drops each, from within. */
static ls_result see_pending(void *context, const ls_pending *p)
{
    seen_pending *s = context;
    assert_true(p->time >= s->time);
    s->time = p->time;
    s->count++;
    return ls_cosign_state_drop(s->p->state, &p->process, &p->act, NULL);
}

static void test_pending(void **state)
{
    place *p = *state;
    ls_buf receipt = {0};
    seen_pending seen = {.p = p};
    ls_pending one = {.process = {{1}}, .time = 100, .note = ls_bytes_str("note"), .receipt = ls_bytes_str("first")};
    for (unsigned i = 0; i < LS_COSIGN_PENDING_MAX; i++) {
        uint8_t party = (uint8_t)(i / LS_COSIGN_PENDING_OF_ONE);
        one.act = (ls_hash){{(uint8_t)i, (uint8_t)(i >> 8)}};
        one.party = ls_bytes_of(&party, 1);
        one.time = 100 + (i * 7) % 50;
        assert_success(ls_cosign_state_put(p->state, &one, NULL));
        if (i == LS_COSIGN_PENDING_OF_ONE - 1) {
            one.act.b[2] = 1; /* one party's share, and others have theirs */
            assert_fault(ls_cosign_state_put(p->state, &one, NULL), ls_fault_cosign_full);
        }
    }
    one.party = ls_bytes_str("another");
    one.act.b[2] = 1;
    assert_fault(ls_cosign_state_put(p->state, &one, NULL), ls_fault_cosign_full);
    one.process.b[0] = 2; /* another process has room of its own */
    assert_success(ls_cosign_state_put(p->state, &one, NULL));
    one.receipt = ls_bytes_str("second");
    assert_success(ls_cosign_state_put(p->state, &one, NULL));
    assert_success(ls_cosign_state_receipt(p->state, &one.process, &one.act, &receipt, NULL));
    assert_bytes(ls_buf_bytes(&receipt), ls_bytes_str("first"));
    ls_hash first = {{1}};
    assert_success(ls_cosign_state_pending(p->state, &first, see_pending, &seen, NULL));
    assert_int_equal(seen.count, LS_COSIGN_PENDING_MAX);
    assert_success(ls_cosign_state_pending(p->state, &first, see_pending, &seen, NULL));
    assert_int_equal(seen.count, LS_COSIGN_PENDING_MAX);
    ls_buf_free(&receipt);
}

typedef struct seen_standing {
    unsigned count;
    char rule[64], text[64];
    ls_time since;
} seen_standing;

static ls_result see_standing(void *context, const ls_cosign_standing *standing)
{
    seen_standing *s = context;
    s->count++;
    snprintf(s->rule, sizeof s->rule, "%.*s", (int)standing->rule.len, (const char *)standing->rule.ptr);
    snprintf(s->text, sizeof s->text, "%.*s", (int)standing->text.len, (const char *)standing->text.ptr);
    s->since = standing->since;
    return LS_SUCCESS;
}

static void test_refusals(void **state)
{
    place *p = *state;
    ls_bytes origin = ls_bytes_str("log.example/one");
    seen_standing s = {0};
    assert_success(ls_cosign_state_refuse(p->state, origin, "receipt", "act 1", 10, NULL));
    assert_success(ls_cosign_state_refuse(p->state, origin, "receipt", "act 2", 20, NULL));
    assert_success(ls_cosign_state_standing(p->state, see_standing, &s, NULL));
    assert_int_equal(s.count, 1);
    assert_string_equal(s.text, "act 2");
    assert_int_equal(s.since, 10);
    assert_success(ls_cosign_state_refuse(p->state, origin, "stamp", "ahead", 30, NULL));
    assert_success(ls_cosign_state_standing(p->state, see_standing, &s, NULL));
    assert_string_equal(s.rule, "stamp");
    assert_int_equal(s.since, 30);
    assert_success(ls_cosign_state_refuse(p->state, origin, "", "", 40, NULL));
    assert_success(ls_cosign_state_standing(p->state, see_standing, &s, NULL));
    assert_string_equal(s.rule, "");
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_conversation), T(test_overtaken), T(test_no_rolling_back), T(test_state_refuses_contradiction),
        T(test_race),         T(test_kill),      T(test_two_processes),   T(test_stop),
        T(test_lost_state),   T(test_pending),   T(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
