/* What became of drawn rows: every way in which a few of them can be opened, against a queue that is played through. */
#include "bundle/drawn.h"
#include "vectors.h"

#define ROWS 7
enum { CLOSED, REAL, BLANK, UNCLEAR, WAYS };

static uint64_t padded[] = {3, 6};
static const ls_declared declared = {.tranche_count = 2, .padded = padded};

/* Positions out of order, as tickets have them. */
static const uint64_t positions[ROWS] = {5, 0, 8, 2, 7, 1, 3};

static void make_drawn(ls_drawn drawn[static ROWS])
{
    for (size_t i = 0; i < ROWS; i++) {
        drawn[i] = (ls_drawn){.position = positions[i]};
    }
}

/* Those that are opened, in the order of places; way[i] is of the i-th drawn row. */
static size_t open_rows(const ls_population *p, const int way[static ROWS], ls_opened_row out[static ROWS])
{
    size_t count = 0;
    for (uint64_t position = 0; position < p->count; position++) {
        for (size_t i = 0; i < ROWS; i++) {
            if (positions[i] == position && way[i] != CLOSED) {
                out[count++] = (ls_opened_row){.row = ls_population_at(p, position),
                                               .blank = way[i] == BLANK,
                                               .unclear = way[i] == UNCLEAR,
                                               .act = i};
            }
        }
    }
    return count;
}

/* Who waits in the queue is due. A blank row calls the next replacement into it, as long as there are any. */
static void play(const int way[static ROWS], size_t chosen, size_t place_of[static ROWS], bool due[static ROWS])
{
    size_t next = chosen;
    for (size_t i = 0; i < ROWS; i++) {
        due[i] = i < chosen;
        place_of[i] = LS_NO_ROW;
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (due[i] && way[i] == BLANK && next < ROWS) {
            due[next] = true;
            place_of[next++] = i;
        }
    }
}

static ls_drawn_state wanted_state(int way, bool due)
{
    static const ls_drawn_state states[WAYS][2] = {[CLOSED] = {LS_DRAWN_SPARE, LS_DRAWN_MISSING},
                                                   [REAL] = {LS_DRAWN_EARLY, LS_DRAWN_OPENED},
                                                   [BLANK] = {LS_DRAWN_EARLY, LS_DRAWN_BLANK},
                                                   [UNCLEAR] = {LS_DRAWN_EARLY, LS_DRAWN_OPENED}};
    return states[way][due];
}

static void check_way(const ls_population *p, const int way[static ROWS], size_t chosen)
{
    ls_drawn drawn[ROWS];
    ls_opened_row opened[ROWS];
    ls_drawn_row rows[ROWS];
    size_t place_of[ROWS];
    bool due[ROWS];
    make_drawn(drawn);
    play(way, chosen, place_of, due);
    ls_drawn_judge(drawn, chosen, ROWS, p, opened, open_rows(p, way, opened), rows);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(rows[i].position, positions[i]);
        assert_int_equal(rows[i].replacement, i >= chosen);
        assert_int_equal(rows[i].state, wanted_state(way[i], due[i]));
        assert_true(rows[i].in_place_of == place_of[i]);
        assert_true(way[i] == CLOSED ? rows[i].opened == NULL : rows[i].opened->act == i);
    }
}

static void every_way_of_opening_is_judged(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_population p;
    assert_null(ls_population_whole(&arena, &declared, 0, &p, NULL).fault);
    for (size_t chosen = 1; chosen <= ROWS; chosen++) {
        for (unsigned n = 0; n < 1u << (2 * ROWS); n++) {
            int way[ROWS];
            for (size_t i = 0; i < ROWS; i++) {
                way[i] = (int)(n >> (2 * i) & 3);
            }
            check_way(&p, way, chosen);
        }
    }
    ls_arena_free(&arena);
}

static void a_row_is_blank_only_if_all_of_it_is_seen(void **state)
{
    (void)state;
    const ls_bytes some = ls_bytes_str("x");
    const struct {
        ls_opened_field field[2];
        bool blank, unclear;
    } cases[] = {
        {{{true, {0}}, {true, {0}}}, true, false},   {{{true, {0}}, {true, some}}, false, false},
        {{{true, {0}}, {false, {0}}}, false, true},  {{{true, some}, {false, {0}}}, false, false},
        {{{false, {0}}, {false, {0}}}, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_opened_row row = {0};
        ls_opened_row_judge(cases[i].field, 2, &row);
        assert_true(row.blank == cases[i].blank && row.unclear == cases[i].unclear);
    }
}

static void of_several_openings_the_most_telling_counts(void **state)
{
    (void)state;
    ls_opened_row rows[] = {
        {.row = {2, 1}, .unclear = true, .act = 3},
        {.row = {1, 4}, .act = 9},
        {.row = {2, 1}, .blank = true, .act = 7},
        {.row = {1, 4}, .act = 5},
        {.row = {1, 0}, .act = 8},
    };
    assert_int_equal(ls_opened_rows_settle(rows, 5), 3);
    assert_true(rows[0].act == 8 && rows[1].act == 5 && rows[2].act == 7 && rows[2].blank);
    assert_int_equal(ls_opened_rows_settle(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_opening_is_judged),
        cmocka_unit_test(a_row_is_blank_only_if_all_of_it_is_seen),
        cmocka_unit_test(of_several_openings_the_most_telling_counts),
    };
    return cmocka_run_group_tests_name("drawn", tests, NULL, NULL);
}
