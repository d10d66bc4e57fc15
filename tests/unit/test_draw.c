/* Draws: the project's vectors, then every choice against one that sorts all tickets, and what is refused. */
#include "crypto/sha256.h"
#include "draw/draw.h"
#include "vectors.h"
#include <openssl/sha.h>

static json_t *load_draws(void)
{
    return read_json_file(own_vector("lockstep/draws.json"));
}

static ls_hash hash_member(const json_t *object, const char *key)
{
    return hash_of_hex(json_object_get(object, key));
}

static uint64_t number_member(const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    assert_true(json_is_integer(n));
    return (uint64_t)json_integer_value(n);
}

static void assert_hash(const json_t *object, const char *key, const void *got)
{
    ls_hash want = hash_member(object, key);
    assert_memory_equal(got, want.b, LS_HASH_SIZE);
}

/* Derives a side's nonce from its seed. */
static void check_side(const json_t *side, const ls_hash *draw, uint8_t nonce[static LS_DRAW_NONCE_SIZE])
{
    ls_hash seed = hash_member(side, "delegation_seed"), commitment;
    ls_draw_nonce(seed.b, draw, nonce);
    assert_hash(side, "nonce", nonce);
    ls_draw_commitment(draw, json_member(side, "party"), nonce, &commitment);
    assert_hash(side, "commitment", commitment.b);
    assert_true(ls_draw_reveal_fits(&commitment, draw, json_member(side, "party"), nonce));
}

static void check_order(const json_t *item, const ls_hash *seed)
{
    const json_t *order = json_object_get(item, "order"), *tickets = json_object_get(item, "tickets");
    ls_draw_size size = {number_member(item, "population"), number_member(item, "n"),
                         number_member(item, "replacements")};
    uint64_t rows;
    assert_success(ls_draw_size_check(&size, &rows, NULL));
    assert_int_equal(rows, json_array_size(order));
    ls_drawn *drawn = calloc(rows, sizeof *drawn);
    assert_non_null(drawn);
    assert_success(ls_draw_select(seed, &size, (ls_draw_progress){0}, drawn, NULL));
    for (size_t i = 0; i < rows; i++) {
        ls_hash ticket = hash_of_hex(json_array_get(tickets, i));
        assert_int_equal(drawn[i].position, json_integer_value(json_array_get(order, i)));
        assert_memory_equal(drawn[i].ticket.b, ticket.b, LS_HASH_SIZE);
    }
    free(drawn);
}

static void test_own_vectors(void **state)
{
    (void)state;
    json_t *doc = load_draws();
    const json_t *item;
    size_t i;
    json_array_foreach(json_object_get(doc, "draws"), i, item)
    {
        ls_hash draw = hash_member(item, "draw_id"), seed, ticket;
        uint8_t inspected[LS_DRAW_NONCE_SIZE], inspecting[LS_DRAW_NONCE_SIZE];
        check_side(json_object_get(item, "inspected"), &draw, inspected);
        check_side(json_object_get(item, "inspecting"), &draw, inspecting);
        ls_draw_seed(&draw, inspected, inspecting, &seed);
        assert_hash(item, "seed", seed.b);
        ls_draw_ticket(&seed, 0, &ticket);
        assert_hash(item, "ticket_of_0", ticket.b);
        ls_draw_ticket(&seed, number_member(item, "population") - 1, &ticket);
        assert_hash(item, "ticket_of_last", ticket.b);
        check_order(item, &seed);
        if (i == 0) {
            ls_draw_seed(&draw, inspecting, inspected, &seed);
            assert_hash(doc, "swapped_nonces_give", seed.b);
        }
    }
    assert_true(i > 0);
    json_decref(doc);
}

static void test_own_reveals(void **state)
{
    (void)state;
    json_t *doc = load_draws();
    const json_t *item;
    size_t i, refused = 0;
    json_array_foreach(json_object_get(doc, "reveals"), i, item)
    {
        ls_hash draw = hash_member(item, "draw_id"), nonce = hash_member(item, "nonce");
        ls_hash commitment = hash_member(item, "commitment");
        bool valid = json_is_true(json_object_get(item, "valid"));
        assert_int_equal(ls_draw_reveal_fits(&commitment, &draw, json_member(item, "party"), nonce.b), valid);
        refused += valid ? 0 : 1;
    }
    assert_true(i > refused && refused > 0);
    json_decref(doc);
}

/* ---- Against all tickets, sorted ---- */

static int by_bytes_then_position(const void *a, const void *b)
{
    return memcmp(a, b, LS_HASH_SIZE + 8); /* as the protocol writes a position, big-endian, it sorts as it counts */
}

typedef struct ticket_line {
    uint8_t bytes[LS_HASH_SIZE + 8];
} ticket_line;

/* Every ticket by OpenSSL's own function and the protocol's formula, in order. The caller frees them. */
static ticket_line *sorted_tickets(const ls_hash *seed, uint64_t population)
{
    ticket_line *all = calloc(population, sizeof *all);
    assert_non_null(all);
    for (uint64_t i = 0; i < population; i++) {
        uint8_t text[LS_HASH_SIZE + 8];
        memcpy(text, seed->b, LS_HASH_SIZE);
        for (unsigned b = 0; b < 8; b++) {
            text[LS_HASH_SIZE + b] = (uint8_t)(i >> (56 - 8 * b));
        }
        SHA256(text, sizeof text, all[i].bytes);
        memcpy(all[i].bytes + LS_HASH_SIZE, text + LS_HASH_SIZE, 8);
    }
    qsort(all, population, sizeof *all, by_bytes_then_position);
    return all;
}

/* Draws into an array with a row more than is drawn, which must stay as it is. */
static void check_draw(const ls_hash *seed, const ticket_line *sorted, ls_draw_size size)
{
    uint64_t rows = size.chosen + size.replacements;
    ls_drawn *drawn = malloc((rows + 1) * sizeof *drawn);
    ls_drawn untouched;
    assert_non_null(drawn);
    memset(&untouched, 0xa5, sizeof untouched);
    memcpy(&drawn[rows], &untouched, sizeof untouched);
    assert_success(ls_draw_select(seed, &size, (ls_draw_progress){0}, drawn, NULL));
    for (uint64_t i = 0; i < rows; i++) {
        ls_reader position = ls_reader_of(ls_bytes_of(sorted[i].bytes + LS_HASH_SIZE, 8));
        assert_memory_equal(drawn[i].ticket.b, sorted[i].bytes, LS_HASH_SIZE);
        assert_true(drawn[i].position == ls_read_u64(&position));
    }
    assert_memory_equal(&drawn[rows], &untouched, sizeof untouched);
    free(drawn);
}

static ls_hash random_hash(uint64_t *random)
{
    ls_hash hash;
    for (size_t i = 0; i < LS_HASH_SIZE; i += 8) {
        uint64_t word = next_random(random);
        memcpy(hash.b + i, &word, sizeof word);
    }
    return hash;
}

/* Every draw from small populations, all rows and one row among them. */
static void test_small_populations(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (uint64_t population = 1; population <= 40; population++) {
        ls_hash seed = random_hash(&random);
        ticket_line *sorted = sorted_tickets(&seed, population);
        for (uint64_t rows = 1; rows <= population; rows++) {
            check_draw(&seed, sorted, (ls_draw_size){population, rows, 0});
            check_draw(&seed, sorted, (ls_draw_size){population, 1, rows - 1});
        }
        free(sorted);
    }
}

/* About the sizes at which portions end and threads begin, and far beyond. */
static void test_large_populations(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {511, 512, 513, 1024, 1025, 65535, 65536, 65537, 300001};
    uint64_t random = 2;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n = sizes[i], some = 1 + next_random(&random) % (n - 1);
        ls_hash seed = random_hash(&random);
        ticket_line *sorted = sorted_tickets(&seed, n);
        check_draw(&seed, sorted, (ls_draw_size){n, 1, 0});
        check_draw(&seed, sorted, (ls_draw_size){n, 5, 5});
        check_draw(&seed, sorted, (ls_draw_size){n, some, n - some});
        check_draw(&seed, sorted, (ls_draw_size){n, some, 0});
        check_draw(&seed, sorted, (ls_draw_size){n, n, 0});
        free(sorted);
    }
}

/* No two tickets will ever be equal; what would happen then is written all the same. */
static void test_order(void **state)
{
    (void)state;
    ls_drawn a = {.position = 7}, b = {.position = 8};
    assert_true(ls_drawn_compare(&a, &b) < 0 && ls_drawn_compare(&b, &a) > 0);
    assert_int_equal(ls_drawn_compare(&a, &a), 0);
    b.position = 7 + (UINT64_C(1) << 32);
    assert_true(ls_drawn_compare(&a, &b) < 0 && ls_drawn_compare(&b, &a) > 0);
    b.position = UINT64_MAX;
    assert_true(ls_drawn_compare(&a, &b) < 0 && ls_drawn_compare(&b, &a) > 0);
    /* The ticket decides first, as bytes: the first that differs, and without signs. */
    a.ticket.b[31] = 1;
    assert_true(ls_drawn_compare(&a, &b) > 0 && ls_drawn_compare(&b, &a) < 0);
    b.ticket.b[30] = 0x80;
    assert_true(ls_drawn_compare(&a, &b) < 0 && ls_drawn_compare(&b, &a) > 0);
    a.ticket.b[0] = 0x7f;
    b.ticket.b[0] = 0x80;
    assert_true(ls_drawn_compare(&a, &b) < 0 && ls_drawn_compare(&b, &a) > 0);
}

static void test_sizes(void **state)
{
    (void)state;
    static const ls_draw_size good[] = {
        {1, 1, 0},
        {5, 2, 3},
        {UINT64_MAX, LS_DRAW_ROWS_MAX, 0},
        {LS_DRAW_ROWS_MAX, LS_DRAW_ROWS_MAX, 0},
        {UINT64_MAX, 1, LS_DRAW_ROWS_MAX - 1},
    };
    static const ls_draw_size bad[] = {
        {0, 0, 0},
        {0, 1, 0},
        {5, 0, 0},
        {5, 0, 5},
        {5, 6, 0},
        {5, 5, 1},
        {5, 1, UINT64_MAX}, /* the sum is 0 */
        {5, UINT64_MAX, 2},
        {UINT64_MAX, UINT64_MAX, 0},
        {UINT64_MAX, LS_DRAW_ROWS_MAX + 1, 0},
        {UINT64_MAX, LS_DRAW_ROWS_MAX, 1},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t rows = 0;
        assert_success(ls_draw_size_check(&good[i], &rows, NULL));
        assert_true(rows == good[i].chosen + good[i].replacements);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_hash seed = {{0}};
        uint64_t rows = 99;
        ls_drawn out = {.position = 99};
        ls_detail detail = {0};
        assert_fault(ls_draw_size_check(&bad[i], &rows, &detail), ls_fault_usage);
        assert_true(rows == 99 && detail.text[0] != '\0');
        assert_fault(ls_draw_select(&seed, &bad[i], (ls_draw_progress){0}, &out, NULL), ls_fault_usage);
        assert_true(out.position == 99);
    }
}

typedef struct reports {
    size_t count;
    uint64_t last, all;
} reports;

static void note_report(void *context, uint64_t done, uint64_t all)
{
    reports *r = context;
    assert_true(done > r->last && done <= all);
    r->count++;
    r->last = done;
    r->all = all;
}

static void test_progress(void **state)
{
    (void)state;
    const uint64_t population = 5000000;
    ls_hash seed = {{1}};
    ls_drawn with[3], without[3];
    reports r = {0};
    ls_draw_size size = {population, 3, 0};
    assert_success(ls_draw_select(&seed, &size, (ls_draw_progress){note_report, &r}, with, NULL));
    assert_true(r.count < 10 && r.last == population && r.all == population);
    assert_success(ls_draw_select(&seed, &size, (ls_draw_progress){0}, without, NULL));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(with[i].position, without[i].position);
    }
}

static int set_up(void **state)
{
    (void)state;
    return ls_succeeded(ls_crypto_init()) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_vectors),
        cmocka_unit_test(test_own_reveals),
        cmocka_unit_test(test_small_populations),
        cmocka_unit_test(test_large_populations),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests_name("draw", tests, set_up, NULL);
}
