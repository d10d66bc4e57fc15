/* Each allocation of reading, judging and rendering fails once: it is a lack of memory, and nothing else. */
#include "failing_memory.h"
#include "portal_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static ls_result run(ls_portal *p, ls_arena *arena, ls_buf *out)
{
    const ls_portal_site site = {.version = "1"};
    const char *const *paths, *title;
    size_t count;
    LS_TRY(ls_portal_begin(p, arena));
    LS_TRY(ls_portal_paths(p, arena, &paths, &count));
    for (size_t i = 0; i < count; i++) {
        out->len = 0;
        LS_TRY(ls_portal_page(p, paths[i], arena, &title, out));
    }
    return ls_portal_document(p, &site, "index.html", title, (ls_bytes){0}, arena, out);
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    portal_world w;
    size_t n = 0;
    world_open(&w);
    for (;; n++) {
        ls_arena arena = {0};
        ls_buf out = {0};
        ls_portal p = w.portal;
        failed = false;
        next_fails = n;
        ls_result r = run(&p, &arena, &out);
        next_fails = SIZE_MAX;
        ls_buf_free(&out);
        ls_arena_free(&arena);
        if (!failed) {
            assert_true(ls_succeeded(r));
            break;
        }
        if (r.fault != &ls_fault_memory) {
            fail_msg("allocation %zu failed, and that was: %s", n, ls_failed(r) ? r.fault->sentence : "a success");
        }
    }
    assert_true(n > 100);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once)};
    return ls_failed(ls_crypto_init()) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
