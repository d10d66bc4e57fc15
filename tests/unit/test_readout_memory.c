/* Each allocation of reading, comparing and showing fails once: it is a lack of memory, and nothing else. */
#include "failing_memory.h"
#include "readouts.h"

/* Everything, from the files' bytes to the pages; the arena holds what was read before. */
typedef struct task {
    ls_bytes json[3];
    const ls_value *alignment;
} task;

static ls_result align(ls_arena *arena, const task *t, const ls_side *side, ls_alignment *out)
{
    ls_diagnostics d = {.arena = arena};
    ls_alignment_read(arena, t->alignment, side, 3, &d, out);
    assert_true(d.errors == 0 || arena->failed);
    return d.errors > 0 ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result run(ls_arena *arena, const task *t, ls_buf *out)
{
    static const char *const names[] = {"usa", "dprk", "rok"};
    const ls_prover prover = {example_prove, NULL};
    const ls_comparison_page page = {.exercise = true};
    const ls_readout_page own = {.exercise = true};
    ls_side side[3];
    ls_readout r[3];
    ls_alignment alignment;
    ls_comparison c;
    for (size_t i = 0; i < 3; i++) {
        LS_TRY(ls_readout_parse(arena, t->json[i], &r[i], NULL));
        side[i] = (ls_side){ls_bytes_str(names[i]), {0}, ls_bytes_str(names[i]), &r[i]};
    }
    LS_TRY(align(arena, t, side, &alignment));
    LS_TRY(ls_readouts_compare(arena, side, 3, &alignment, &prover, &c, NULL));
    LS_TRY(ls_comparison_text(&c, out));
    LS_TRY(ls_comparison_json(&c, out));
    LS_TRY(ls_comparison_html(&c, &page, out));
    return ls_readout_html(&r[2], &own, out);
}

static void prepare(ls_arena *arena, task *t)
{
    static const char *const files[] = {"readout-usa.yaml", "readout-dprk.yaml", "readout-rok.yaml"};
    for (size_t i = 0; i < 3; i++) {
        ls_buf json = {0};
        ls_json_canonical(parse_yaml(arena, read_example(arena, files[i])), &json);
        t->json[i] = ls_bytes_of(ls_arena_str(arena, ls_buf_bytes(&json)), json.len);
        ls_buf_free(&json);
    }
    t->alignment = parse_yaml(arena, read_example(arena, "alignment.yaml"));
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    ls_arena kept = {0};
    task t;
    size_t n = 0;
    prepare(&kept, &t);
    for (;; n++) {
        ls_arena arena = {0};
        ls_buf out = {0};
        failed = false;
        next_fails = n;
        ls_result r = run(&arena, &t, &out);
        next_fails = SIZE_MAX;
        ls_buf_free(&out);
        ls_arena_free(&arena);
        if (!failed) {
            assert_null(r.fault);
            break;
        }
        if (r.fault != &ls_fault_memory) {
            fail_msg("allocation %zu: %s", n, r.fault == NULL ? "nothing" : r.fault->code);
        }
    }
    assert_true(n > 100);
    ls_arena_free(&kept);
}

/* What is canonical is not called otherwise where there is no memory to see it. */
static void canonical_or_no_memory(void **state)
{
    (void)state;
    ls_arena kept = {0};
    task t;
    size_t n = 0;
    prepare(&kept, &t);
    ls_value *v;
    assert_null(ls_json_parse(&kept, t.json[0], &v, NULL).fault);
    for (failed = true; failed; n++) {
        failed = false;
        next_fails = n;
        ls_result r = ls_json_check_canonical(v, t.json[0]);
        next_fails = SIZE_MAX;
        assert_ptr_equal(r.fault, failed ? &ls_fault_memory : NULL);
    }
    assert_true(n > 10);
    assert_ptr_equal(ls_json_check_canonical(v, ls_bytes_str("{}")).fault, &ls_fault_json);
    ls_arena_free(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once),
                                       cmocka_unit_test(canonical_or_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
