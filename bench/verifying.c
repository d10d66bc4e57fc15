#include "verifying.h"
#include "bench.h"
#include "fixture/fixture.h"
#include "ledger/verifying.h"
#include "os/os.h"
#include <stdlib.h>

double bench_verifying_rate(size_t signatures, size_t text_length)
{
    static const uint8_t zeros[LS_ACT_MAX];
    fixture_key key;
    ls_verifying *v;
    ls_pending_signature *list = calloc(signatures, sizeof *list), one = {.type = LS_KEY_ED25519};
    bench_must(list == NULL ? ls_fail(&ls_fault_memory) : ls_verifying_new(&v), NULL);
    fixture_key_make("bench", &key);
    one.text = ls_bytes_of(zeros, text_length);
    memcpy(one.key, key.vkey.key, sizeof one.key);
    ls_ed25519_sign(one.text, key.secret, one.signature);
    for (size_t i = 0; i < signatures; i++) {
        list[i] = one;
    }
    double start = ls_clock_monotonic();
    ls_verifying_start(v, list, signatures);
    bench_must(ls_verifying_finish(v) == signatures ? LS_SUCCESS : ls_fail(&ls_fault_bug), NULL);
    double seconds = ls_clock_monotonic() - start;
    ls_verifying_free(v);
    free(list);
    return (double)signatures / seconds;
}
