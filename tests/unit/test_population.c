/* Populations of draws: positions and rows against a list that is written out one row after the other. */
#include "bundle/population.h"
#include "vectors.h"

static uint64_t padded[] = {3, 1, 5};
static const ls_declared declared = {.tranche_count = 3, .padded = padded};

/* Every row there is, in the written order, found by counting. */
static size_t write_out(uint64_t tranche, ls_population_row *out)
{
    size_t count = 0;
    for (uint32_t k = 1; k <= declared.tranche_count; k++) {
        for (uint64_t i = 0; (tranche == 0 || tranche == k) && i < padded[k - 1]; i++) {
            out[count++] = (ls_population_row){k, i};
        }
    }
    return count;
}

static void check_positions(const ls_population *p, const ls_population_row *rows, size_t count)
{
    assert_int_equal(p->count, count);
    for (uint32_t k = 0; k <= declared.tranche_count + 1; k++) {
        for (uint64_t i = 0; i < 8; i++) {
            const ls_population_row row = {k, i};
            uint64_t position = 99;
            size_t wanted = 0;
            while (wanted < count && (rows[wanted].tranche != k || rows[wanted].row != i)) {
                wanted++;
            }
            assert_int_equal(ls_population_find(p, &row, &position), wanted < count);
            assert_int_equal(position, wanted < count ? wanted : 99);
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        ls_population_row row = ls_population_at(p, i);
        assert_true(row.tranche == rows[i].tranche && row.row == rows[i].row);
    }
}

static void rows_stand_in_the_written_order(void **state)
{
    (void)state;
    for (uint64_t tranche = 0; tranche <= 3; tranche++) {
        ls_arena arena = {0};
        ls_population p;
        ls_population_row rows[16];
        assert_null(ls_population_whole(&arena, &declared, tranche, &p, NULL).fault);
        check_positions(&p, rows, write_out(tranche, rows));
        ls_arena_free(&arena);
    }
}

static void there_is_no_fourth_tranche(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_population p = {.count = 77};
    ls_detail detail = {0};
    assert_ptr_equal(ls_population_whole(&arena, &declared, 4, &p, &detail).fault, &ls_fault_population);
    assert_string_equal(detail.text, "the declaration has tranches 1 to 3");
    assert_int_equal(p.count, 77);
    ls_arena_free(&arena);
}

static void a_list_is_the_population(void **state)
{
    (void)state;
    static const ls_population_row rows[] = {{1, 0}, {1, 2}, {2, 0}, {3, 4}};
    ls_arena arena = {0};
    ls_population p;
    ls_buf text = {0};
    assert_null(
        ls_population_parse(&arena, &declared, 0, ls_bytes_str("tranche,row\n1,0\n1,2\n2,0\n3,4\n"), &p, NULL).fault);
    check_positions(&p, rows, 4);
    ls_population_format(rows, 4, &text);
    assert_string_equal(ls_buf_cstr(&text), "tranche,row\n1,0\n1,2\n2,0\n3,4\n");
    ls_buf_free(&text);
    ls_arena_free(&arena);
}

static void other_lists_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t tranche;
        unsigned line;
    } cases[] = {
        {"", 0, 1},
        {"tranche,row", 0, 1},
        {"tranche,row\n", 0, 2},
        {"tranche;row\n1;0\n", 0, 1},
        {"Tranche,row\n1,0\n", 0, 1},
        {"\xef\xbb\xbftranche,row\n1,0\n", 0, 1},
        {"tranche,row\r\n1,0\r\n", 0, 1},
        {"tranche,row\n1,0\r\n", 0, 2},
        {"1,0\n", 0, 1},
        {"tranche,row\n1,0", 0, 2},
        {"tranche,row\n1,0\n\n", 0, 3},
        {"tranche,row\n\n1,0\n", 0, 2},
        {"tranche,row\n1\n", 0, 2},
        {"tranche,row\n1,\n", 0, 2},
        {"tranche,row\n,1\n", 0, 2},
        {"tranche,row\n1,0,\n", 0, 2},
        {"tranche,row\n1,0,0\n", 0, 2},
        {"tranche,row\n01,0\n", 0, 2},
        {"tranche,row\n1,00\n", 0, 2},
        {"tranche,row\n1, 0\n", 0, 2},
        {"tranche,row\n+1,0\n", 0, 2},
        {"tranche,row\n\"1\",0\n", 0, 2},
        {"tranche,row\n0,0\n", 0, 2},
        {"tranche,row\n4,0\n", 0, 2},
        {"tranche,row\n4294967297,0\n", 0, 2},
        {"tranche,row\n1,3\n", 0, 2},
        {"tranche,row\n1,18446744073709551616\n", 0, 2},
        {"tranche,row\n1,1\n1,1\n", 0, 3},
        {"tranche,row\n1,2\n1,1\n", 0, 3},
        {"tranche,row\n2,0\n1,1\n", 0, 3},
        {"tranche,row\n1,0\n2,0\n", 1, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_arena arena = {0};
        ls_population p = {.count = 77};
        ls_detail detail = {0};
        ls_result r =
            ls_population_parse(&arena, &declared, cases[i].tranche, ls_bytes_str(cases[i].text), &p, &detail);
        assert_ptr_equal(r.fault, &ls_fault_population);
        assert_int_equal(detail.line, cases[i].line);
        assert_int_equal(p.count, 77);
        ls_arena_free(&arena);
    }
}

static void a_nul_ends_no_line(void **state)
{
    (void)state;
    static const char text[] = "tranche,row\n1,0\0\n";
    ls_arena arena = {0};
    ls_population p;
    ls_result r = ls_population_parse(&arena, &declared, 0, ls_bytes_of(text, sizeof text - 1), &p, NULL);
    assert_ptr_equal(r.fault, &ls_fault_population);
    ls_arena_free(&arena);
}

static void the_draw_says_how_many(void **state)
{
    (void)state;
    ls_act draw = {.population = 9};
    ls_bytes list = ls_bytes_str("tranche,row\n1,0\n3,4\n");
    ls_arena arena = {0};
    ls_population p;
    assert_null(ls_population_of_draw(&arena, &draw, &declared, (ls_bytes){0}, &p, NULL).fault);
    assert_true(p.count == 9 && p.listed == NULL);
    draw.population = 8;
    assert_ptr_equal(ls_population_of_draw(&arena, &draw, &declared, (ls_bytes){0}, &p, NULL).fault,
                     &ls_fault_population);
    draw.tranche = 3;
    draw.population = 5;
    assert_null(ls_population_of_draw(&arena, &draw, &declared, (ls_bytes){0}, &p, NULL).fault);
    draw = (ls_act){.population = 2, .attachment_count = 1};
    assert_null(ls_population_of_draw(&arena, &draw, &declared, list, &p, NULL).fault);
    assert_true(p.count == 2 && p.listed != NULL);
    draw.population = 3;
    assert_ptr_equal(ls_population_of_draw(&arena, &draw, &declared, list, &p, NULL).fault, &ls_fault_population);
    draw.population = 2;
    draw.tranche = 3;
    assert_ptr_equal(ls_population_of_draw(&arena, &draw, &declared, list, &p, NULL).fault, &ls_fault_population);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_in_the_written_order),
        cmocka_unit_test(there_is_no_fourth_tranche),
        cmocka_unit_test(a_list_is_the_population),
        cmocka_unit_test(other_lists_are_refused),
        cmocka_unit_test(a_nul_ends_no_line),
        cmocka_unit_test(the_draw_says_how_many),
    };
    return cmocka_run_group_tests_name("population", tests, NULL, NULL);
}
