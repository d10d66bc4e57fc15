/*
 * Draws are fair: a hundred thousand of them choose every row, every pair and every set equally often, and whoever
 * cheats within what commitments leave him changes nothing about it. Where he could do more, the same tests notice.
 *
 * The streams of random numbers are fixed, so each test has the same outcome in every run. Statistics that should have
 * a chi-squared distribution are held against its quantile at a significance of 0.001; the quantiles are mpmath's (the
 * regularized incomplete gamma function, to 30 digits), that for 19 degrees also stands in NIST's table (43.820, NIST/
 * SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4).
 */
#include "draw/draw.h"
#include "vectors.h"

#define ROWS 20
#define CHOSEN 5
#define DRAWS 100000
#define SETS 15504 /* ways to choose 5 of 20 */
#define QUANTILE_ROWS 43.8202
#define QUANTILE_PAIRS 469.807  /* 379 degrees: ordered pairs of 20 */
#define QUANTILE_SETS 16052.849 /* 15,503 degrees */

#define FAVOURED 7 /* the row that a cheater would like to see drawn */
#define OCCASIONS                                                                                                      \
    100                 /* draws that a cheater prepares; each is simulated 1,000 times with other nonces of the other \
                         */
#define CANDIDATES 1000 /* nonces that he tries for each */

typedef struct nonce {
    uint8_t b[LS_DRAW_NONCE_SIZE];
} nonce;

static nonce random_nonce(uint64_t *random)
{
    nonce n;
    for (size_t i = 0; i < sizeof n.b; i += 8) {
        uint64_t word = next_random(random);
        memcpy(n.b + i, &word, sizeof word);
    }
    return n;
}

static ls_hash random_id(uint64_t *random)
{
    ls_hash id;
    memcpy(id.b, random_nonce(random).b, sizeof id.b);
    return id;
}

typedef struct tally {
    uint32_t drawn[ROWS];       /* how often each row was among the chosen */
    uint32_t first[ROWS];       /* … and how often the first of them */
    uint32_t pair[ROWS * ROWS]; /* how often these were the first and the second */
    uint32_t set[SETS];         /* how often exactly these were chosen, in whatever order */
} tally;

static uint32_t choose(uint32_t n, uint32_t k)
{
    uint32_t ways = 1;
    for (uint32_t i = 0; i < k; i++) {
        ways = ways * (n - i) / (i + 1);
    }
    return ways;
}

/* The number of a set, among all of its size: of rows in increasing order, the sum of "row i choose i". */
static uint32_t set_number(const ls_drawn drawn[static CHOSEN])
{
    bool chosen[ROWS] = {0};
    uint32_t number = 0, nth = 0;
    for (size_t i = 0; i < CHOSEN; i++) {
        chosen[drawn[i].position] = true;
    }
    for (uint32_t row = 0; row < ROWS; row++) {
        if (chosen[row]) {
            number += choose(row, ++nth);
        }
    }
    return number;
}

static void draw_rows(const ls_hash *id, const nonce *inspected, const nonce *inspecting, ls_drawn out[static CHOSEN])
{
    static const ls_draw_size size = {ROWS, CHOSEN, 0};
    ls_hash seed;
    ls_draw_seed(id, inspected->b, inspecting->b, &seed);
    assert_success(ls_draw_select(&seed, &size, (ls_draw_progress){0}, out, NULL));
}

static void count_draw(tally *t, const ls_hash *id, const nonce *inspected, const nonce *inspecting)
{
    ls_drawn drawn[CHOSEN];
    draw_rows(id, inspected, inspecting, drawn);
    for (size_t i = 0; i < CHOSEN; i++) {
        t->drawn[drawn[i].position]++;
    }
    t->first[drawn[0].position]++;
    t->pair[drawn[0].position * ROWS + drawn[1].position]++;
    t->set[set_number(drawn)]++;
}

/* The sum of (observed - expected)² / expected over cells that should be equal. */
static double chi_squared(const uint32_t *cell, size_t count, double expected)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (cell[i] - expected) * (cell[i] - expected) / expected;
    }
    return sum;
}

/* Rows are drawn without replacement, which makes their counts vary less than independent ones: the covariance of the
 * indicators is (n/N)(1 - n/N) N/(N-1) times a projection of rank N - 1, hence the factor. */
static double chi_squared_rows(const tally *t)
{
    return chi_squared(t->drawn, ROWS, (double)DRAWS * CHOSEN / ROWS) * (ROWS - 1) / (ROWS - CHOSEN);
}

/* Of pairs the diagonal is empty, a row being drawn once. */
static double chi_squared_pairs(const tally *t)
{
    double expected = (double)DRAWS / (ROWS * (ROWS - 1));
    return chi_squared(t->pair, ROWS * ROWS, expected) - ROWS * expected;
}

static void assert_fair(const tally *t)
{
    for (size_t row = 0; row < ROWS; row++) {
        assert_int_equal(t->pair[row * ROWS + row], 0);
    }
    assert_true(chi_squared_rows(t) < QUANTILE_ROWS);
    assert_true(chi_squared(t->first, ROWS, (double)DRAWS / ROWS) < QUANTILE_ROWS);
    assert_true(chi_squared_pairs(t) < QUANTILE_PAIRS);
    assert_true(chi_squared(t->set, SETS, (double)DRAWS / SETS) < QUANTILE_SETS);
}

/* ---- Honest parties ---- */

static void test_both_honest(void **state)
{
    static tally t;
    uint64_t random = 1;
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random);
        nonce a = random_nonce(&random), b = random_nonce(&random);
        count_draw(&t, &id, &a, &b);
    }
    assert_fair(&t);
}

/* As it is done: the delegations' seeds stay, and each draw's nonces follow from its id. */
static void test_derived_nonces(void **state)
{
    static tally t;
    uint64_t random = 2;
    nonce seed_a = random_nonce(&random), seed_b = random_nonce(&random);
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random);
        nonce a, b;
        ls_draw_nonce(seed_a.b, &id, a.b);
        ls_draw_nonce(seed_b.b, &id, b.b);
        count_draw(&t, &id, &a, &b);
    }
    assert_fair(&t);
}

/* The tests notice a row that comes up a fifth more often than others: in one draw of a hundred the first place goes to
 * it here, whatever the tickets say. */
static void test_a_small_bias_shows(void **state)
{
    static tally t;
    uint64_t random = 3;
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random);
        nonce a = random_nonce(&random), b = random_nonce(&random);
        ls_drawn drawn[CHOSEN];
        draw_rows(&id, &a, &b, drawn);
        t.first[i % 100 == 0 ? FAVOURED : drawn[0].position]++;
    }
    assert_true(chi_squared(t.first, ROWS, (double)DRAWS / ROWS) > QUANTILE_ROWS);
}

/* ---- Cheaters ---- */

typedef enum side { INSPECTED, INSPECTING } side;

static void count_as(tally *t, side cheater, const ls_hash *id, const nonce *own, const nonce *other)
{
    count_draw(t, id, cheater == INSPECTED ? own : other, cheater == INSPECTED ? other : own);
}

/* One side takes no random numbers at all: always zeros, or always what it likes best. */
static void test_a_constant_nonce(void **state)
{
    (void)state;
    for (side cheater = INSPECTED; cheater <= INSPECTING; cheater++) {
        static tally t;
        uint64_t random = 4 + cheater;
        nonce zeros = {{0}};
        memset(&t, 0, sizeof t);
        for (size_t i = 0; i < DRAWS; i++) {
            ls_hash id = random_id(&random);
            nonce other = random_nonce(&random);
            count_as(&t, cheater, &id, &zeros, &other);
        }
        assert_fair(&t);
    }
}

/* Of many nonces the one that gives the favoured row the smallest ticket, if the other side's nonce is the guess. */
static nonce best_against(side cheater, const ls_hash *id, const nonce *guess, uint64_t *random)
{
    nonce best = {{0}};
    ls_hash least;
    memset(&least, 0xff, sizeof least);
    for (size_t i = 0; i < CANDIDATES; i++) {
        nonce own = random_nonce(random);
        ls_hash seed, ticket;
        ls_draw_seed(id, cheater == INSPECTED ? own.b : guess->b, cheater == INSPECTED ? guess->b : own.b, &seed);
        ls_draw_ticket(&seed, FAVOURED, &ticket);
        if (memcmp(ticket.b, least.b, sizeof least) < 0) {
            least = ticket;
            best = own;
        }
    }
    return best;
}

/* Before it commits, one side searches for the nonce that serves it best against what the other might have. Should the
 * guess come true, the row is drawn for certain; it does not. */
static void test_a_chosen_nonce(void **state)
{
    (void)state;
    for (side cheater = INSPECTED; cheater <= INSPECTING; cheater++) {
        static tally t, guessed;
        uint64_t random = 6 + cheater;
        memset(&t, 0, sizeof t);
        memset(&guessed, 0, sizeof guessed);
        for (size_t occasion = 0; occasion < OCCASIONS; occasion++) {
            ls_hash id = random_id(&random);
            nonce guess = random_nonce(&random), own = best_against(cheater, &id, &guess, &random);
            count_as(&guessed, cheater, &id, &own, &guess);
            for (size_t i = 0; i < DRAWS / OCCASIONS; i++) {
                nonce other = random_nonce(&random);
                count_as(&t, cheater, &id, &own, &other);
            }
        }
        assert_int_equal(guessed.drawn[FAVOURED], OCCASIONS);
        assert_fair(&t);
    }
}

/* What commitments are for: who may choose among four nonces after the other's is known has the row drawn in two of
 * three draws instead of one of four. None of the four but the one that was committed to fits. */
static void test_a_nonce_chosen_afterwards(void **state)
{
    static tally t;
    uint64_t random = 8;
    size_t fitting = 0;
    ls_bytes party = ls_bytes_str("usa");
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random), commitment, seed, ticket, least;
        nonce other = random_nonce(&random), own = random_nonce(&random), best = own;
        ls_draw_commitment(&id, party, own.b, &commitment);
        memset(&least, 0xff, sizeof least);
        for (size_t c = 0; c < 4; c++, own = random_nonce(&random)) {
            ls_draw_seed(&id, other.b, own.b, &seed);
            ls_draw_ticket(&seed, FAVOURED, &ticket);
            if (memcmp(ticket.b, least.b, sizeof least) < 0) {
                least = ticket;
                best = own;
            }
            fitting += ls_draw_reveal_fits(&commitment, &id, party, own.b);
        }
        count_draw(&t, &id, &other, &best);
    }
    assert_true(chi_squared_rows(&t) > QUANTILE_ROWS);
    assert_true(t.drawn[FAVOURED] > DRAWS / 2);
    assert_int_equal(fitting, DRAWS);
}

/* Who has nothing of his own publishes the other's commitment as his. When the other has revealed, he has the nonce,
 * but it does not open what he published: the commitment to that nonce under his name is another. */
static void test_a_copied_commitment(void **state)
{
    uint64_t random = 9;
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random), commitment;
        nonce n = random_nonce(&random);
        ls_draw_commitment(&id, ls_bytes_str("dprk"), n.b, &commitment);
        assert_true(ls_draw_reveal_fits(&commitment, &id, ls_bytes_str("dprk"), n.b));
        assert_false(ls_draw_reveal_fits(&commitment, &id, ls_bytes_str("usa"), n.b));
    }
}

/* A commitment, or a nonce, of one draw is of no use in another; and who runs the same draw again gets the same. */
static void test_other_draws_and_the_same_again(void **state)
{
    uint64_t random = 10;
    nonce seed = random_nonce(&random), before = {{0}};
    ls_bytes party = ls_bytes_str("usa");
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random), next = random_id(&random), commitment;
        nonce n, again;
        ls_draw_nonce(seed.b, &id, n.b);
        ls_draw_nonce(seed.b, &id, again.b);
        ls_draw_commitment(&id, party, n.b, &commitment);
        assert_memory_equal(n.b, again.b, sizeof n.b);
        assert_memory_not_equal(n.b, before.b, sizeof n.b);
        assert_false(ls_draw_reveal_fits(&commitment, &next, party, n.b));
        before = n;
    }
}

/* Whoever drops draws until he likes one would have to drop them before they exist: draws that differ in nothing but
 * their id, with the same nonces even, have nothing to do with each other. */
static void test_draws_run_again_under_other_ids(void **state)
{
    static tally t;
    uint64_t random = 11;
    nonce a = random_nonce(&random), b = random_nonce(&random);
    (void)state;
    for (size_t i = 0; i < DRAWS; i++) {
        ls_hash id = random_id(&random);
        count_draw(&t, &id, &a, &b);
    }
    assert_fair(&t);
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) && choose(ROWS, CHOSEN) == SETS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_honest),
        cmocka_unit_test(test_derived_nonces),
        cmocka_unit_test(test_a_small_bias_shows),
        cmocka_unit_test(test_a_constant_nonce),
        cmocka_unit_test(test_a_chosen_nonce),
        cmocka_unit_test(test_a_nonce_chosen_afterwards),
        cmocka_unit_test(test_a_copied_commitment),
        cmocka_unit_test(test_other_draws_and_the_same_again),
        cmocka_unit_test(test_draws_run_again_under_other_ids),
    };
    return cmocka_run_group_tests_name("draw_fairness", tests, set_up, NULL);
}
