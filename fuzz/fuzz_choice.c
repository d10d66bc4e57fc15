/* Which process an act is for, found in any bytes: in an act, and in a bundle that begins with one, it is what the act
 * says. */
#include "bundle/bundle.h"
#include "cosign/choice.h"
#include <lockstep/act.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check(ls_bytes note, bool found, const ls_hash *process)
{
    static ls_act act;
    if (ls_succeeded(ls_act_parse(note, false, &act, NULL)) && act.has[LS_H_PROCESS]) {
        require(found && ls_hash_equal(process, &act.process));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes body = ls_bytes_of(data, size);
    ls_hash process = {{0}};
    bool found = ls_cosign_act_process(body, &process);
    ls_arena arena = {0};
    ls_bundle *b = ls_arena_alloc(&arena, sizeof *b);
    check(body, found, &process);
    if (b != NULL && ls_succeeded(ls_bundle_parse(&arena, body, b, NULL)) && b->kind == LS_BUNDLE_DRAFT &&
        b->count > 0 && ls_bytes_is(b->members[0].name, "act.note")) {
        check(b->members[0].content, found, &process);
    }
    ls_arena_free(&arena);
    return 0;
}
