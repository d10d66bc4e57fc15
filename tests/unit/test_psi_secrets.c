/*
 * Tests that secrets are handled in constant time: run under Valgrind, with everything secret marked as uninitialised.
 * A branch or an address that depends on a secret is then an error, which ends the program with another exit status.
 * The layer is compiled for this test with LS_FOLLOW_SECRETS, so that what is sent, and what the protocol tells, counts
 * as public from then on (src/psi/public.h).
 */
#include "psi/ranking.h"
#include "psi_world.h"
#include <valgrind/memcheck.h>

static void mark_secret(void *ptr, size_t len)
{
    VALGRIND_MAKE_MEM_UNDEFINED(ptr, len);
}

/* Whether Valgrind takes any bit of it for a secret. */
static bool is_secret(const void *ptr, size_t len)
{
    uint8_t bits[4096];
    assert_true(len <= sizeof bits);
    assert_int_equal(VALGRIND_GET_VBITS(ptr, bits, len), 1);
    for (size_t i = 0; i < len; i++) {
        if (bits[i] != 0) {
            return true;
        }
    }
    return false;
}

static void test_watched(void **state)
{
    (void)state;
    uint8_t byte = 1;
    assert_true(RUNNING_ON_VALGRIND > 0);
    assert_false(is_secret(&byte, 1));
    mark_secret(&byte, 1);
    assert_true(is_secret(&byte, 1));
}

/* The seed and the choice are secret. What is made of them stays so, until it is sent; what is sent is not. */
static void test_run(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (uint32_t list = 2; list <= 40; list += 13) {
        world *w = new_world(list, list);
        choose_at_random(w, &random, 8);
        for (int k = 0; k < 2; k++) {
            w->side[k].chosen[list / 2] = 1;
            mark_secret(w->side[k].seed, LS_SEED_SIZE);
            mark_secret(w->side[k].chosen, list);
        }
        play(w);
        for (int k = 0; k < 2; k++) {
            const side *s = &w->side[k];
            assert_true(is_secret(&s->secret, sizeof s->secret));
            assert_true(is_secret(s->order, s->own.count * sizeof *s->order));
            assert_false(is_secret(s->offer.ptr, s->offer.len));
            assert_false(is_secret(s->back.ptr, s->back.len));
            assert_false(is_secret(s->common, s->common_count * sizeof *s->common));
            assert_true(s->common_count > 0);
        }
        free_world(w);
    }
}

static void test_ranking(void **state)
{
    (void)state;
    const ls_psi_run run = {.sid = {{1}}, .party = {ls_bytes_str("usa"), ls_bytes_str("dprk")}, .cap = 9};
    uint8_t seed[LS_SEED_SIZE] = {1}, salt[LS_PSI_SALT_SIZE];
    uint32_t ranking[] = {4, 2, 7};
    ls_buf out = {0};
    mark_secret(seed, sizeof seed);
    mark_secret(ranking, sizeof ranking);
    ls_psi_ranking_salt(seed, &run, 0, ranking, 3, salt);
    assert_true(is_secret(salt, sizeof salt));
    assert_success(ls_psi_ranking_write(&run, 0, salt, ranking, 3, &out));
    assert_true(is_secret(out.ptr, out.len));
    ls_buf_free(&out);
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watched),
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_ranking),
    };
    return cmocka_run_group_tests_name("psi_secrets", tests, set_up, NULL);
}
