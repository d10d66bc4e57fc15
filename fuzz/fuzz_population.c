/* Lists of a draw's rows: what parses is the one form of what it says, and each row stands at one position. */
#include "bundle/population.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_list(const ls_population *p, const ls_declared *d, ls_bytes text)
{
    ls_buf again = {0};
    ls_population_format(p->listed, p->count, &again);
    require(p->count > 0 && ls_bytes_equal(ls_buf_bytes(&again), text));
    ls_buf_free(&again);
    for (uint64_t i = 0; i < p->count; i++) {
        uint64_t position;
        ls_population_row row = ls_population_at(p, i);
        require(row.tranche >= 1 && row.tranche <= d->tranche_count && row.row < d->padded[row.tranche - 1]);
        require(ls_population_find(p, &row, &position) && position == i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t padded[] = {3, 1, UINT64_C(1) << 40};
    const ls_declared d = {.tranche_count = 3, .padded = padded};
    ls_bytes text = ls_bytes_of(data, size);
    for (uint64_t tranche = 0; tranche <= 4; tranche++) {
        ls_arena arena = {0};
        ls_population p;
        ls_detail detail = {0};
        ls_result r = ls_population_parse(&arena, &d, tranche, text, &p, &detail);
        if (ls_succeeded(r)) {
            check_list(&p, &d, text);
        } else {
            require(detail.text[0] != '\0' && (tranche > 3 || detail.line > 0));
        }
        ls_arena_free(&arena);
    }
    return 0;
}
