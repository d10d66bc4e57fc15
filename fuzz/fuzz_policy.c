/* Policies: what reads can be asked anything; more witnesses never undo a quorum, and every minimal quorum is one. */
#include "crypto/crypto.h"
#include "process/quorums.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void ask(const ls_policy *p)
{
    ls_quorums q;
    ls_quorums_count(p, &q);
    check(q.minimal > 0 && q.minimal <= q.count && ls_policy_met(p, q.used) && !ls_policy_met(p, 0));
    for (uint64_t i = 0; i < q.minimal && i < 100; i++) {
        ls_witnesses who = ls_quorums_minimal(p, i);
        check(ls_policy_met(p, who) && (who & ~q.used) == 0 && (unsigned)__builtin_popcount(who) >= q.smallest);
        for (unsigned w = 0; w < 32; w++) {
            uint32_t bit = UINT32_C(1) << w;
            check(ls_policy_met(p, who | bit) && ((who & bit) == 0 || !ls_policy_met(p, who & ~bit)));
        }
        /* He who is a quorum himself can be in two. */
        check(ls_quorums_split(p, who));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_policy p;
    if (ls_failed(ls_crypto_init())) {
        abort();
    }
    ls_policy_read(&arena, ls_bytes_of(data, size), (ls_mark){1, 1}, &d, &p);
    if (d.errors == 0 && p.quorum != LS_QUORUM_NONE) {
        ask(&p);
    }
    ls_arena_free(&arena);
    return 0;
}
