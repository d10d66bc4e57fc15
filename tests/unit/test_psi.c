/*
 * Tests of private intersection: values made by an independent reference (tests/vectors/psi), runs against plain
 * intersection, everything that the other side could send and must not, and what a side's view consists of.
 */
#include "psi_world.h"
#include <sodium.h>

/* ---- The reference ---- */

static uint32_t numbers_of(const json_t *array, uint32_t *out)
{
    size_t i;
    const json_t *n;
    json_array_foreach(array, i, n)
    {
        out[i] = (uint32_t)json_integer_value(n);
    }
    return (uint32_t)json_array_size(array);
}

static void assert_numbers(const uint32_t *actual, uint32_t count, const json_t *expected)
{
    uint32_t numbers[LIST_MAX];
    assert_int_equal(numbers_of(expected, numbers), count);
    assert_memory_equal(actual, numbers, count * sizeof *numbers);
}

static void assert_hex(const json_t *object, const char *key, ls_bytes actual)
{
    ls_buf expected = {0};
    assert_bytes(actual, hex_member(object, key, &expected));
    ls_buf_free(&expected);
}

/* The world that an entry describes, its lists chosen. */
static world *world_of(const json_t *entry)
{
    const json_t *texts = json_object_get(entry, "texts");
    world *w = new_world((uint32_t)json_array_size(texts), 0);
    w->run.sid = hash_of_hex(json_object_get(entry, "sid"));
    for (uint32_t i = 0; i < w->list; i++) {
        w->option[i] = json_text(json_array_get(texts, i));
    }
    for (unsigned k = 0; k < 2; k++) {
        const json_t *s = json_array_get(json_object_get(entry, "sides"), k);
        ls_hash seed = hash_of_hex(json_object_get(s, "seed"));
        uint32_t chosen[LIST_MAX], count = numbers_of(json_object_get(s, "chosen"), chosen);
        w->run.party[k] = json_member(s, "party");
        memcpy(w->side[k].seed, seed.b, sizeof seed.b);
        for (uint32_t i = 0; i < count; i++) {
            w->side[k].chosen[chosen[i]] = 1;
        }
    }
    return w;
}

static void check_side(const side *s, const json_t *expected)
{
    assert_hex(expected, "secret", ls_bytes_of(s->secret.scalar, LS_SCALAR_SIZE));
    assert_hex(expected, "public", ls_bytes_of(s->own.key, LS_POINT_SIZE));
    assert_numbers(s->order, s->own.count, json_object_get(expected, "order"));
    assert_hex(expected, "set", ls_buf_bytes(&s->offer));
    assert_hex(expected, "commitment", ls_bytes_of(s->commitment.b, LS_HASH_SIZE));
    assert_hex(expected, "return", ls_buf_bytes(&s->back));
}

static void test_vectors(void **state)
{
    (void)state;
    json_t *doc = read_json_file(own_vector("psi/psi.json"));
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(doc, "runs"), i, entry)
    {
        world *w = world_of(entry);
        play(w);
        for (unsigned k = 0; k < 2; k++) {
            check_side(&w->side[k], json_array_get(json_object_get(entry, "sides"), k));
            assert_numbers(w->side[k].common, w->side[k].common_count, json_object_get(entry, "common"));
        }
        free_world(w);
    }
    assert_true(i >= 4);
    json_decref(doc);
}

/* ---- Runs ---- */

static void check_common(const world *w, const side *s)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < w->list; i++) {
        if (w->side[0].chosen[i] && w->side[1].chosen[i]) {
            assert_true(found < s->common_count && s->common[found] == i);
            found++;
        }
    }
    assert_int_equal(found, s->common_count);
}

static void test_runs(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (unsigned i = 0; i < 60; i++) {
        uint32_t list = i < 40 ? 1 + i : 1 + (uint32_t)(next_random(&random) % 300);
        world *w = new_world(list, i);
        choose_at_random(w, &random, 1 + i % 16);
        play(w);
        check_common(w, &w->side[0]);
        check_common(w, &w->side[1]);
        free_world(w);
    }
}

/* After a crash the same is sent again. Another choice under the same sid has nothing in common with the first. */
static void test_the_same_again(void **state)
{
    (void)state;
    world *w = new_world(40, 1);
    uint64_t random = 2;
    choose_at_random(w, &random, 8);
    w->side[0].chosen[3] = 1;
    exchange(w);
    give_back(w, 0);
    ls_buf offer = {0}, back = {0};
    ls_buf_put_bytes(&offer, ls_buf_bytes(&w->side[0].offer));
    ls_buf_put_bytes(&back, ls_buf_bytes(&w->side[0].back));
    exchange(w);
    give_back(w, 0);
    assert_bytes(ls_buf_bytes(&w->side[0].offer), ls_buf_bytes(&offer));
    assert_bytes(ls_buf_bytes(&w->side[0].back), ls_buf_bytes(&back));

    ls_psi_set first, second;
    assert_success(ls_psi_set_parse(&w->arena, &w->run, 0, ls_buf_bytes(&offer), NULL, &first, NULL));
    w->side[0].chosen[3] = 0;
    make_offer(w, 0);
    assert_success(ls_psi_set_parse(&w->arena, &w->run, 0, ls_buf_bytes(&w->side[0].offer), NULL, &second, NULL));
    assert_memory_not_equal(first.key, second.key, LS_POINT_SIZE);
    for (uint32_t i = 0; i < first.count; i++) {
        for (uint32_t j = 0; j < second.count; j++) {
            assert_memory_not_equal(first.points + LS_POINT_SIZE * i, second.points + LS_POINT_SIZE * j, LS_POINT_SIZE);
        }
    }
    assert_fault(
        ls_psi_set_parse(&w->arena, &w->run, 0, ls_buf_bytes(&w->side[0].offer), &w->side[1].commitment, &second, NULL),
        ls_fault_psi_commitment);
    ls_buf_free(&offer);
    ls_buf_free(&back);
    free_world(w);
}

/* The secret depends on seed, run, party and choice, and on nothing else. */
static void test_secrets_differ(void **state)
{
    (void)state;
    world *w = new_world(3, 1);
    ls_psi_secret s[6];
    uint8_t seed[LS_SEED_SIZE] = {1}, other_seed[LS_SEED_SIZE] = {2};
    uint8_t chosen[] = {1, 0, 1}, other_choice[] = {1, 1, 0};
    ls_psi_run other_run = w->run;
    other_run.sid.b[31] ^= 1;
    ls_psi_secret_derive(seed, &w->run, 0, chosen, 3, &s[0]);
    ls_psi_secret_derive(other_seed, &w->run, 0, chosen, 3, &s[1]);
    ls_psi_secret_derive(seed, &other_run, 0, chosen, 3, &s[2]);
    ls_psi_secret_derive(seed, &w->run, 1, chosen, 3, &s[3]);
    ls_psi_secret_derive(seed, &w->run, 0, other_choice, 3, &s[4]);
    ls_psi_secret_derive(seed, &w->run, 0, chosen, 2, &s[5]);
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(s[i].scalar, s[j].scalar, LS_SCALAR_SIZE);
            assert_memory_not_equal(s[i].nonce_key, s[j].nonce_key, 32);
            assert_memory_not_equal(s[i].stream_key, s[j].stream_key, 32);
        }
    }
    free_world(w);
}

static void test_own_limits(void **state)
{
    (void)state;
    world *w = new_world(5, 1);
    side *s = &w->side[0];
    ls_detail detail = {0};
    assert_fault(ls_psi_offer(&w->run, 0, w->option, s->chosen, 5, &s->secret, &s->offer, s->order, &detail),
                 ls_fault_psi_none);
    memset(s->chosen, 1, 5);
    w->run.cap = 4;
    assert_fault(ls_psi_offer(&w->run, 0, w->option, s->chosen, 5, &s->secret, &s->offer, s->order, &detail),
                 ls_fault_psi_cap);
    assert_string_equal(detail.text, "usa chose 5 options, and 4 are allowed");
    assert_int_equal(s->offer.len, 0);
    free_world(w);
}

/* ---- What must not be sent ---- */

/* Where things lie in a list's message of "dprk". */
enum {
    LABEL = sizeof "lockstep psi set v1",
    PARTY = LABEL + 32,
    KEY = PARTY + 5,
    COUNT = KEY + 32,
    POINTS = COUNT + 4
};

static void refuse_set(const world *w, const ls_buf *message, const ls_hash *commitment, const ls_fault *fault,
                       const char *says)
{
    ls_arena arena = {0};
    ls_detail detail = {0};
    ls_psi_set out;
    memset(&out, 0xa5, sizeof out);
    ls_psi_set untouched = out;
    assert_ptr_equal(ls_psi_set_parse(&arena, &w->run, 1, ls_buf_bytes(message), commitment, &out, &detail).fault,
                     fault);
    assert_memory_equal(&out, &untouched, sizeof out);
    if (strstr(detail.text, says) == NULL || strstr(detail.text, "dprk") == NULL) {
        fail_msg("\"%s\" does not say \"%s\" and who", detail.text, says);
    }
    ls_arena_free(&arena);
}

static void copy_offer(const world *w, ls_buf *out)
{
    out->len = 0;
    ls_buf_put_bytes(out, ls_buf_bytes(&w->side[1].offer));
}

static void test_lists_that_are_none(void **state)
{
    (void)state;
    world *w = new_world(12, 1);
    ls_buf m = {0};
    memset(w->side[0].chosen, 1, 4);
    memset(w->side[1].chosen, 1, 12);
    exchange(w);
    for (size_t cut = 0; cut < w->side[1].offer.len; cut++) {
        copy_offer(w, &m);
        m.len = cut;
        refuse_set(w, &m, NULL, &ls_fault_psi_form, "");
    }
    copy_offer(w, &m);
    ls_buf_put_u8(&m, 0);
    refuse_set(w, &m, NULL, &ls_fault_psi_form, "longer than it says");
    copy_offer(w, &m);
    m.ptr[3] ^= 1;
    refuse_set(w, &m, NULL, &ls_fault_psi_form, "does not begin with");
    copy_offer(w, &m);
    m.ptr[LABEL] ^= 1;
    refuse_set(w, &m, NULL, &ls_fault_psi_run, "another run");
    copy_offer(w, &m);
    m.ptr[PARTY + 1] ^= 1;
    refuse_set(w, &m, NULL, &ls_fault_psi_party, "another party");
    copy_offer(w, &m);
    memset(m.ptr + COUNT, 0, 4);
    refuse_set(w, &m, NULL, &ls_fault_psi_none, "no point");
    copy_offer(w, &m);
    memset(m.ptr + COUNT, 0xff, 4);
    refuse_set(w, &m, NULL, &ls_fault_psi_cap, "4294967295 points, and 512 are allowed");
    free_world(w);
    ls_buf_free(&m);
}

static void test_points_that_are_none(void **state)
{
    (void)state;
    world *w = new_world(12, 1);
    ls_buf m = {0};
    memset(w->side[0].chosen, 1, 4);
    memset(w->side[1].chosen, 1, 12);
    exchange(w);
    for (size_t i = 0; i < 12; i++) {
        char says[32];
        uint8_t *point;
        copy_offer(w, &m);
        point = m.ptr + POINTS + LS_POINT_SIZE * i;
        memset(point, 0, LS_POINT_SIZE);
        snprintf(says, sizeof says, "point %zu ", i + 1);
        refuse_set(w, &m, NULL, &ls_fault_psi_identity, says);
        snprintf(says, sizeof says, "number %zu", i + 1);
        memset(point, 0xff, LS_POINT_SIZE);
        refuse_set(w, &m, NULL, &ls_fault_psi_point, says);
        /* The same point, but not in its one encoding. */
        memcpy(point, w->side[1].offer.ptr + POINTS + LS_POINT_SIZE * i, LS_POINT_SIZE);
        point[31] |= 0x80;
        refuse_set(w, &m, NULL, &ls_fault_psi_point, says);
        copy_offer(w, &m);
        memcpy(m.ptr + POINTS + LS_POINT_SIZE * i, m.ptr + POINTS + LS_POINT_SIZE * ((i + 5) % 12), LS_POINT_SIZE);
        refuse_set(w, &m, NULL, &ls_fault_psi_duplicate, says);
    }
    copy_offer(w, &m);
    memset(m.ptr + KEY, 0, LS_POINT_SIZE);
    refuse_set(w, &m, NULL, &ls_fault_psi_key, "public key");
    memset(m.ptr + KEY, 0xff, LS_POINT_SIZE);
    refuse_set(w, &m, NULL, &ls_fault_psi_key, "public key");
    free_world(w);
    ls_buf_free(&m);
}

/* More than the cap, another list than was committed to, an old run's, and one's own sent back. */
static void test_cheats_with_lists(void **state)
{
    (void)state;
    world *w = new_world(12, 1);
    ls_buf m = {0};
    memset(w->side[0].chosen, 1, 4);
    memset(w->side[1].chosen, 1, 12);
    exchange(w);
    w->run.cap = 11;
    refuse_set(w, &w->side[1].offer, &w->side[1].commitment, &ls_fault_psi_cap, "12 points, and 11 are allowed");
    w->run.cap = 12;

    ls_hash committed = w->side[1].commitment;
    w->side[1].chosen[7] = 0;
    make_offer(w, 1);
    refuse_set(w, &w->side[1].offer, &committed, &ls_fault_psi_commitment, "committed");
    refuse_set(w, &w->side[1].offer, &w->side[0].commitment, &ls_fault_psi_commitment, "committed");

    ls_hash now = w->run.sid;
    w->run.sid.b[0] ^= 0xff;
    make_offer(w, 1);
    w->run.sid = now;
    refuse_set(w, &w->side[1].offer, NULL, &ls_fault_psi_run, "another run");

    /* The first side's list under the second's name: nobody but its author knows the secret behind the key. */
    ls_psi_set theirs;
    ls_psi_returned out;
    ls_detail detail = {0};
    ls_buf_put_str(&m, "lockstep psi set v1");
    ls_buf_put_u8(&m, 0);
    ls_buf_put(&m, w->run.sid.b, 32);
    ls_buf_put_str(&m, "\4dprk");
    ls_buf_put(&m, w->side[0].own.key, LS_POINT_SIZE);
    ls_buf_put_u32(&m, w->side[0].own.count);
    ls_buf_put(&m, w->side[0].own.points, (size_t)LS_POINT_SIZE * w->side[0].own.count);
    assert_success(ls_psi_set_parse(&w->arena, &w->run, 1, ls_buf_bytes(&m), NULL, &theirs, NULL));
    assert_fault(
        ls_psi_return(&w->arena, &w->run, &w->side[0].secret, &w->side[0].own, &theirs, &w->side[0].back, &detail),
        ls_fault_psi_reflection);
    assert_string_equal(detail.text, "dprk sent the public key of usa as its own");
    assert_fault(ls_psi_returned_parse(&w->arena, &w->run, &theirs, &w->side[0].own, ls_buf_bytes(&m), &out, &detail),
                 ls_fault_psi_reflection);
    assert_int_equal(w->side[0].back.len, 0);
    free_world(w);
    ls_buf_free(&m);
}

/* What the first side says to a message that the second returned. */
static const ls_fault *judge_return(const world *w, const ls_buf *message, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_psi_returned out = {.count = 77};
    const side *s = &w->side[0];
    ls_result r = ls_psi_returned_parse(&arena, &w->run, &s->theirs, &s->own, ls_buf_bytes(message), &out, detail);
    assert_true(ls_succeeded(r) || (out.count == 77 && out.points == NULL));
    ls_arena_free(&arena);
    return r.fault;
}

static void refuse_return(const world *w, const ls_buf *message, const ls_fault *fault)
{
    ls_detail detail = {0};
    assert_ptr_equal(judge_return(w, message, &detail), fault);
    assert_non_null(strstr(detail.text, "dprk"));
}

static void copy_back(const world *w, ls_buf *out)
{
    out->len = 0;
    ls_buf_put_bytes(out, ls_buf_bytes(&w->side[1].back));
}

static world *world_with_returns(uint32_t chosen)
{
    world *w = new_world(chosen, 5);
    memset(w->side[0].chosen, 1, chosen);
    memset(w->side[1].chosen, 1, chosen);
    exchange(w);
    give_back(w, 0);
    give_back(w, 1);
    return w;
}

/* No bit of it can be another one, and nothing can be left out or put behind it. */
static void test_returns_that_are_none(void **state)
{
    (void)state;
    world *w = world_with_returns(3);
    ls_buf m = {0};
    size_t len = w->side[1].back.len;
    assert_null(judge_return(w, &w->side[1].back, NULL));
    for (size_t bit = 0; bit < 8 * len; bit++) {
        ls_detail detail = {0};
        copy_back(w, &m);
        m.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_non_null(judge_return(w, &m, &detail));
        assert_non_null(strstr(detail.text, "dprk"));
    }
    for (size_t cut = 0; cut < len; cut++) {
        copy_back(w, &m);
        m.len = cut;
        refuse_return(w, &m, &ls_fault_psi_form);
    }
    copy_back(w, &m);
    ls_buf_put_u8(&m, 0);
    refuse_return(w, &m, &ls_fault_psi_form);
    free_world(w);
    ls_buf_free(&m);
}

/* Where the i-th point that the second side returned lies. */
static uint8_t *returned_point(ls_buf *m, uint32_t count, size_t i)
{
    return m->ptr + m->len - 2 * LS_SCALAR_SIZE - LS_POINT_SIZE * (count - i);
}

/* Points dropped, exchanged, forged or taken from elsewhere, for each place. */
static void test_cheats_with_returns(void **state)
{
    (void)state;
    enum { N = 9 };
    world *w = world_with_returns(N);
    ls_buf m = {0};
    uint8_t saved[LS_POINT_SIZE];
    for (size_t i = 0; i < N; i++) {
        copy_back(w, &m);
        uint8_t *point = returned_point(&m, N, i), *next = returned_point(&m, N, (i + 1) % N);
        memcpy(saved, point, sizeof saved);
        memcpy(point, next, sizeof saved);
        refuse_return(w, &m, &ls_fault_psi_duplicate);
        memcpy(next, saved, sizeof saved); /* exchanged with the next */
        refuse_return(w, &m, &ls_fault_psi_proof);
        copy_back(w, &m);
        memset(point, 0, LS_POINT_SIZE);
        refuse_return(w, &m, &ls_fault_psi_identity);
        memset(point, 0xee, LS_POINT_SIZE);
        refuse_return(w, &m, &ls_fault_psi_point);
        memcpy(point, saved, LS_POINT_SIZE);
        point[31] |= 0x80;
        refuse_return(w, &m, &ls_fault_psi_point);
        crypto_core_ristretto255_random(point); /* so that it matches nothing */
        refuse_return(w, &m, &ls_fault_psi_proof);
        memcpy(point, w->side[0].made.points, LS_POINT_SIZE); /* so that it matches what the first side returned */
        if (memcmp(point, saved, LS_POINT_SIZE) != 0) {
            const ls_fault *fault = judge_return(w, &m, NULL);
            assert_true(fault == &ls_fault_psi_proof || fault == &ls_fault_psi_duplicate);
        }
    }
    copy_back(w, &m);
    m.ptr[m.len - 2 * LS_SCALAR_SIZE - LS_POINT_SIZE * N - 1] = N - 1;
    refuse_return(w, &m, &ls_fault_psi_length);
    /* What the second side sent as its list, and the first side's own points, given back. */
    for (int k = 0; k < 2; k++) {
        copy_back(w, &m);
        memcpy(returned_point(&m, N, 0), k == 0 ? w->side[0].own.points : w->side[0].theirs.points, LS_POINT_SIZE * N);
        refuse_return(w, &m, &ls_fault_psi_proof);
    }
    free_world(w);
    ls_buf_free(&m);
}

/* Everything made well, with another secret than the one behind the public key; and a proof for another run's lists. */
static void test_another_secret(void **state)
{
    (void)state;
    world *w = world_with_returns(4), *old = new_world(4, 6);
    ls_buf m = {0};
    ls_psi_secret other = w->side[1].secret;
    other.scalar[0] ^= 1;
    assert_success(ls_psi_return(&w->arena, &w->run, &other, &w->side[1].own, &w->side[0].own, &m, NULL));
    refuse_return(w, &m, &ls_fault_psi_proof);
    /* The nonce is nobody's business: another one proves as much. */
    m.len = 0;
    other = w->side[1].secret;
    other.nonce_key[0] ^= 1;
    assert_success(ls_psi_return(&w->arena, &w->run, &other, &w->side[1].own, &w->side[0].own, &m, NULL));
    assert_null(judge_return(w, &m, NULL));

    memset(old->side[0].chosen, 1, 4);
    memset(old->side[1].chosen, 1, 4);
    exchange(old);
    give_back(old, 1);
    refuse_return(w, &old->side[1].back, &ls_fault_psi_run);
    memcpy(old->side[1].back.ptr + sizeof "lockstep psi return v1", w->run.sid.b, LS_HASH_SIZE);
    refuse_return(w, &old->side[1].back, &ls_fault_psi_proof);
    free_world(w);
    free_world(old);
    ls_buf_free(&m);
}

/* Challenge and response in other than their least form, and zero. */
static void test_scalars_of_proofs(void **state)
{
    (void)state;
    static const uint8_t order[LS_SCALAR_SIZE] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    world *w = world_with_returns(2);
    ls_buf m = {0};
    for (size_t which = 0; which < 2; which++) {
        for (int zero = 0; zero < 2; zero++) {
            copy_back(w, &m);
            uint8_t *scalar = m.ptr + m.len - LS_SCALAR_SIZE * (2 - which);
            if (zero == 0) {
                sodium_add(scalar, order, LS_SCALAR_SIZE);
            } else {
                memset(scalar, 0, LS_SCALAR_SIZE);
            }
            refuse_return(w, &m, &ls_fault_psi_proof);
        }
    }
    free_world(w);
    ls_buf_free(&m);
}

/* No two proofs of different things share a nonce, which would give the secret away: what the prover committed to
 * differs. Of the same thing it is the same proof. */
static void test_nonces(void **state)
{
    (void)state;
    world *w = world_with_returns(4);
    side *s = &w->side[1];
    uint8_t commitments[3][LS_POINT_SIZE];
    for (size_t i = 0; i < 3; i++) {
        uint8_t *challenge, a[LS_POINT_SIZE], b[LS_POINT_SIZE];
        ls_buf m = {0};
        ls_psi_set list = w->side[0].own;
        list.count -= (uint32_t)i; /* what the first side might have sent instead */
        assert_success(ls_psi_return(&w->arena, &w->run, &s->secret, &s->own, &list, &m, NULL));
        challenge = m.ptr + m.len - 2 * LS_SCALAR_SIZE;
        assert_true(ls_point_multiply_base(challenge + LS_SCALAR_SIZE, a));
        assert_true(ls_point_multiply(challenge, s->own.key, b));
        assert_true(ls_point_subtract(a, b, commitments[i]));
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(commitments[i], commitments[j], LS_POINT_SIZE);
        }
        ls_buf_free(&m);
    }
    free_world(w);
}

/* ---- What a side sees ---- */

/* Appends what a list's message begins with, of the second side. */
static void put_head(const world *w, const char *label, ls_buf *out)
{
    ls_buf_put(out, label, strlen(label) + 1);
    ls_buf_put(out, w->run.sid.b, LS_HASH_SIZE);
    ls_buf_put_str(out, "\4dprk");
}

static void put_random_point(ls_buf *out)
{
    uint8_t point[LS_POINT_SIZE];
    crypto_core_ristretto255_random(point);
    ls_buf_put(out, point, sizeof point);
}

static void hash_to_point(const world *w, uint32_t option, uint8_t out[static LS_POINT_SIZE])
{
    uint8_t hash[LS_SHA512_SIZE];
    ls_sha512 s;
    ls_sha512_init(&s);
    ls_sha512_update(&s, ls_bytes_of("lockstep psi v1", 16));
    ls_sha512_update(&s, ls_bytes_of(w->run.sid.b, LS_HASH_SIZE));
    ls_sha512_update(&s, w->option[option]);
    ls_sha512_final(&s, hash);
    ls_point_from_hash(hash, out);
}

/*
 * The simulator: it knows what the first side knows itself, how many options the second one chose, and the common
 * options; not the others. It makes up the second side's messages: a random secret, under it the common options, and
 * random points for all else, in a random order.
 */
static void simulate(world *w, uint32_t count, const uint32_t *common, uint32_t common_count, ls_buf *list,
                     ls_buf *back)
{
    ls_psi_secret made_up;
    uint8_t key[LS_POINT_SIZE], point[LS_POINT_SIZE];
    ls_psi_set set;
    uint32_t left = common_count;
    crypto_core_ristretto255_scalar_random(made_up.scalar);
    randombytes_buf(made_up.nonce_key, sizeof made_up.nonce_key);
    assert_true(ls_point_multiply_base(made_up.scalar, key));
    put_head(w, "lockstep psi set v1", list);
    ls_buf_put(list, key, sizeof key);
    ls_buf_put_u32(list, count);
    for (uint32_t i = 0; i < count; i++) {
        if (randombytes_uniform(count - i) >= left) {
            put_random_point(list);
            continue;
        }
        hash_to_point(w, common[--left], point);
        assert_true(ls_point_multiply(made_up.scalar, point, point));
        ls_buf_put(list, point, sizeof point);
    }
    assert_success(ls_psi_set_parse(&w->arena, &w->run, 1, ls_buf_bytes(list), NULL, &set, NULL));
    assert_success(ls_psi_return(&w->arena, &w->run, &made_up, &set, &w->side[0].own, back, NULL));
}

/* What the first side computes from two messages of the second. */
static void see(world *w, const ls_buf *list, const ls_buf *back)
{
    side *s = &w->side[0];
    assert_success(ls_psi_set_parse(&w->arena, &w->run, 1, ls_buf_bytes(list), NULL, &s->theirs, NULL));
    give_back(w, 0);
    assert_success(ls_psi_returned_parse(&w->arena, &w->run, &s->theirs, &s->own, ls_buf_bytes(back), &s->got, NULL));
    assert_success(ls_psi_match(&w->arena, &s->got, &s->made, s->order, s->common, &s->common_count));
}

/* Of a message, everything but the numbers of the group: these are what is uniformly random in the simulated one. */
static void mask_group(ls_buf *m, uint32_t points, size_t before, size_t after)
{
    size_t group = LS_POINT_SIZE * ((size_t)points + before) + after;
    size_t count_at = m->len - after - (size_t)LS_POINT_SIZE * points - 4;
    uint8_t count[4];
    memcpy(count, m->ptr + count_at, 4);
    memset(m->ptr + m->len - group - 4, 0, group + 4);
    memcpy(m->ptr + count_at, count, 4);
}

/*
 * A real view and a simulated one: both are accepted, give the same result, and are equal in every byte that is no
 * point and no scalar. In neither does anything that the first side can compute hit another option: not a point of the
 * other's list multiplied by its own secret, for any option of the whole list.
 */
static void check_views(world *w)
{
    ls_buf list = {0}, back = {0}, real_list = {0}, real_back = {0};
    side *s = &w->side[0];
    uint32_t common[LIST_MAX], count = s->common_count, theirs = w->side[1].own.count;
    memcpy(common, s->common, count * sizeof *common);
    simulate(w, theirs, common, count, &list, &back);
    see(w, &list, &back);
    assert_int_equal(s->common_count, count);
    assert_memory_equal(s->common, common, count * sizeof *common);
    ls_buf_put_bytes(&real_list, ls_buf_bytes(&w->side[1].offer));
    ls_buf_put_bytes(&real_back, ls_buf_bytes(&w->side[1].back));
    mask_group(&list, theirs, 1, 0);
    mask_group(&real_list, theirs, 1, 0);
    mask_group(&back, s->own.count, 0, 2 * LS_SCALAR_SIZE);
    mask_group(&real_back, s->own.count, 0, 2 * LS_SCALAR_SIZE);
    assert_bytes(ls_buf_bytes(&real_list), ls_buf_bytes(&list));
    assert_bytes(ls_buf_bytes(&real_back), ls_buf_bytes(&back));
    ls_buf_free(&list);
    ls_buf_free(&back);
    ls_buf_free(&real_list);
    ls_buf_free(&real_back);
}

static void test_views(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (unsigned i = 0; i < 24; i++) {
        world *w = new_world(20, i);
        choose_at_random(w, &random, 1 + i % 15);
        play(w);
        check_views(w);
        free_world(w);
    }
}

/* The first side can test an option of which it knows the point under its own secret, and that is all: the others'
 * points, under both secrets, are none of those that it can make. */
static void test_nothing_to_test(void **state)
{
    (void)state;
    world *w = new_world(16, 3);
    side *s = &w->side[0];
    memset(s->chosen, 1, 4);
    memset(w->side[1].chosen + 2, 1, 14);
    play(w);
    assert_int_equal(s->common_count, 2);
    for (uint32_t option = 4; option < 16; option++) {
        uint8_t point[LS_POINT_SIZE], own[LS_POINT_SIZE];
        hash_to_point(w, option, point);
        assert_true(ls_point_multiply(s->secret.scalar, point, own));
        for (uint32_t i = 0; i < s->theirs.count; i++) {
            const uint8_t *sent = s->theirs.points + LS_POINT_SIZE * i, *both = s->made.points + LS_POINT_SIZE * i;
            assert_true(memcmp(point, sent, LS_POINT_SIZE) != 0 && memcmp(own, sent, LS_POINT_SIZE) != 0);
            assert_true(memcmp(point, both, LS_POINT_SIZE) != 0 && memcmp(own, both, LS_POINT_SIZE) != 0);
        }
    }
    free_world(w);
}

/* Where in a message an option comes says nothing: over many runs it is as often at each place. Chi-squared with nine
 * degrees of freedom; above 33.7 once in 10,000. The runs are always the same, so that this does not fail by chance. */
static void test_order_says_nothing(void **state)
{
    (void)state;
    enum { RUNS = 3000, PLACES = 10 };
    unsigned first[PLACES] = {0}, last[PLACES] = {0};
    double of_first = 0, of_last = 0, expected = (double)RUNS / PLACES;
    for (unsigned i = 0; i < RUNS; i++) {
        world *w = new_world(30, i);
        side *s = &w->side[0];
        for (uint32_t j = 0; j < PLACES; j++) {
            s->chosen[3 * j] = 1;
        }
        make_offer(w, 0);
        for (uint32_t j = 0; j < PLACES; j++) {
            first[j] += s->order[j] == 0;
            last[j] += s->order[j] == 27;
        }
        free_world(w);
    }
    for (size_t j = 0; j < PLACES; j++) {
        of_first += (first[j] - expected) * (first[j] - expected) / expected;
        of_last += (last[j] - expected) * (last[j] - expected) / expected;
    }
    assert_true(of_first < 33.7 && of_last < 33.7);
}

/* ---- In a dispute ---- */

static void test_disclosure(void **state)
{
    (void)state;
    world *w = new_world(40, 1);
    uint64_t random = 9;
    uint8_t chosen[40], scalar[LS_SCALAR_SIZE];
    uint32_t strange = 99;
    ls_detail detail = {0};
    choose_at_random(w, &random, 8);
    exchange(w);
    side *s = &w->side[1];
    assert_success(
        ls_psi_disclosed(&w->arena, &w->run, &s->own, s->secret.scalar, w->option, 40, chosen, NULL, &strange, NULL));
    assert_memory_equal(chosen, s->chosen, 40);
    assert_int_equal(strange, 0);
    memcpy(scalar, s->secret.scalar, sizeof scalar);
    scalar[5] ^= 1;
    assert_fault(ls_psi_disclosed(&w->arena, &w->run, &s->own, scalar, w->option, 40, chosen, NULL, &strange, &detail),
                 ls_fault_psi_disclosure);
    assert_non_null(strstr(detail.text, "dprk"));
    /* A list with a point that stands for nothing. */
    crypto_core_ristretto255_random(s->offer.ptr + POINTS);
    assert_success(ls_psi_set_parse(&w->arena, &w->run, 1, ls_buf_bytes(&s->offer), NULL, &s->own, NULL));
    uint32_t order[LIST_MAX];
    assert_success(
        ls_psi_disclosed(&w->arena, &w->run, &s->own, s->secret.scalar, w->option, 40, chosen, order, &strange, NULL));
    assert_int_equal(strange, 1);
    assert_int_equal(chosen[s->order[0]], 0);
    assert_int_equal(order[0], UINT32_MAX);
    assert_memory_equal(order + 1, s->order + 1, (s->own.count - 1) * sizeof *order);
    free_world(w);
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_the_same_again),
        cmocka_unit_test(test_secrets_differ),
        cmocka_unit_test(test_own_limits),
        cmocka_unit_test(test_lists_that_are_none),
        cmocka_unit_test(test_points_that_are_none),
        cmocka_unit_test(test_cheats_with_lists),
        cmocka_unit_test(test_returns_that_are_none),
        cmocka_unit_test(test_cheats_with_returns),
        cmocka_unit_test(test_another_secret),
        cmocka_unit_test(test_scalars_of_proofs),
        cmocka_unit_test(test_nonces),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_nothing_to_test),
        cmocka_unit_test(test_order_says_nothing),
        cmocka_unit_test(test_disclosure),
    };
    return cmocka_run_group_tests_name("psi", tests, set_up, NULL);
}
