/*
 * Texts without memory: whichever allocation fails, the answer is that, nothing is leaked, and what was given is as it
 * was. Linked with --wrap, so that allocations of the library come by here.
 */
#include "failing_memory.h"
#include "text/copy.h"
#include "text/view.h"
#include "texts.h"

static const char first[] = "# Title\n\n[p1] Within 30 days of entry into force the Parties, each of them, report.\n\n"
                            "```roadmap\nroadmap: 1\n```\n\n[p2] They also talk.\n";

static ls_diagnostics diagnostics; /* too large for one more allocation to be worth it */

static ls_result read_copy(ls_arena *arena, const ls_text_state *s, ls_bytes text, ls_copy_edit *out)
{
    ls_copy_head head;
    const ls_copy_options options = {
        .text = str("draft"), .party = 1, .delete_missing = ls_copy_head_read(text, &head)};
    diagnostics = (ls_diagnostics){.arena = arena};
    return ls_copy_read(arena, s, &options, text, &diagnostics, out);
}

static ls_result forms(ls_arena *arena, const ls_text_act *a, ls_buf *out)
{
    ls_text_edit edit;
    ls_text_agree agree;
    if (a->kind == LS_TEXT_EDIT) {
        LS_TRY(ls_text_edit_format(a->edit, out));
        return ls_text_edit_parse(arena, ls_buf_bytes(out), &edit, NULL);
    }
    LS_TRY(ls_text_agree_format(a->agree, out));
    return ls_text_agree_parse(arena, ls_buf_bytes(out), &agree, NULL);
}

/* All that a text is asked for, once. */
static ls_result everything(const texts *t, ls_arena *arena, ls_buf out[static 8])
{
    ls_text_state before, s;
    ls_text_view view;
    ls_copy_edit edit;
    const ls_view_options options = {0};
    LS_TRY(forms(arena, &t->act[0], &out[0]));
    LS_TRY(forms(arena, &t->act[t->count - 1], &out[1]));
    LS_TRY(ls_text_eval(arena, &t->opening, 2, t->act, &before));
    LS_TRY(ls_text_eval(arena, &t->opening, t->count, t->act, &s));
    LS_TRY(ls_text_view_make(arena, &s, &options, &view));
    LS_TRY(ls_text_view_put(&view, &out[2]));
    LS_TRY(ls_text_history_put(&s, 0, LS_TEXT_NOWHERE, &out[3]));
    LS_TRY(ls_text_diff_put(&before, &s, &out[4]));
    const ls_copy_head head = {str("draft"), str("en"), t->act[0].entry};
    LS_TRY(ls_copy_put(&before, &head, 1, &out[5]));
    LS_TRY(read_copy(arena, &s, ls_buf_bytes(&out[5]), &edit));
    LS_TRY(ls_copy_join(ls_bytes_str(first), ls_bytes_str("a: 1\nb: 2\n"), &out[6]));
    LS_TRY(ls_text_put_prose(&s, 0, &out[7]));
    return ls_text_put_roadmap(&s, &out[7]);
}

static void argue(texts *t)
{
    ls_copy_edit edit;
    ls_text_state nothing;
    texts_open(t, "usa dprk rok", "en", false);
    assert_success(ls_text_eval(&t->arena, &t->opening, 0, NULL, &nothing));
    assert_success(read_copy(&t->arena, &nothing, ls_bytes_str(first), &edit));
    texts_edit(t, 0, edit.edit.count, edit.edit.op);
    texts_propose(t, 1, "usa-1-2", "en", "[p1] Within 60 days of entry into force the Parties, if they can, report.");
    texts_propose(t, 2, "usa-1-2", "en",
                  "[p1] Within 45 days of entry into force the Parties, each of them, may report.");
    texts_op(t, 1, op_of(LS_OP_NOTE, "usa-1-2", "en", "as they can"));
    texts_agree(t, 1, "usa-1-3", "", "roadmap: 1");
    texts_agree(t, 2, "usa-1-3", "", "roadmap: 1");
    texts_propose(t, 2, "usa-1-3", "", "roadmap:  1");
    texts_act(t, LS_TEXT_WITHDRAW, 1);
    texts_agree(t, 1, "usa-1-1", "en", "# Title");
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    texts t;
    ls_buf expected[8] = {{0}}, got[8] = {{0}};
    ls_arena arena = {0};
    size_t n = 0;
    argue(&t);
    assert_success(everything(&t, &arena, expected));
    ls_arena_free(&arena);
    for (bool done = false; !done; n++) {
        failed = false;
        next_fails = n;
        ls_result r = everything(&t, &arena, got);
        next_fails = SIZE_MAX;
        done = !failed;
        if (r.fault != (failed ? &ls_fault_memory : NULL)) {
            fail_msg("allocation %zu failed as %s: %s", n, r.fault == NULL ? "nothing" : r.fault->code,
                     diagnostics.count > 0 ? diagnostics.item[0].text : "");
        }
        for (size_t i = 0; i < 8; i++) {
            if (done) {
                assert_bytes(ls_buf_bytes(&got[i]), ls_buf_bytes(&expected[i]));
            }
            ls_buf_free(&got[i]);
            got[i] = (ls_buf){0};
        }
        ls_arena_free(&arena);
    }
    print_message("%zu allocations failed\n", n - 1);
    assert_true(n > 40);
    for (size_t i = 0; i < 8; i++) {
        ls_buf_free(&expected[i]);
    }
    texts_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
