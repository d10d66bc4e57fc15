/* Charters, as JSON: a charter that reads without errors reads the same from its canonical form. */
#include "crypto/crypto.h"
#include "process/charter.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(ls_arena *arena, const ls_value *v, const ls_charter *first)
{
    ls_buf canonical = {0};
    ls_value *again = NULL;
    ls_diagnostics d = {.arena = arena};
    ls_charter *second = ls_arena_alloc(arena, sizeof *second);
    ls_json_canonical(v, &canonical);
    if (second == NULL || ls_failed(ls_json_parse(arena, ls_buf_bytes(&canonical), &again, NULL))) {
        abort();
    }
    ls_charter_read(arena, again, &d, second);
    if (d.errors > 0 || second->party_count != first->party_count || second->zone.count != first->zone.count) {
        abort();
    }
    ls_buf_free(&canonical);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_value *v = NULL;
    ls_diagnostics d = {.arena = &arena};
    ls_charter *charter = ls_arena_alloc(&arena, sizeof *charter);
    if (charter != NULL && ls_succeeded(ls_crypto_init()) &&
        ls_succeeded(ls_json_parse(&arena, ls_bytes_of(data, size), &v, NULL))) {
        ls_charter_read(&arena, v, &d, charter);
        ls_diagnostics_sort(&d);
        if (d.errors == 0) {
            read_again(&arena, v, charter);
        }
    }
    ls_arena_free(&arena);
    return 0;
}
