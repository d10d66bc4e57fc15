/* Openings: any bytes may be parsed and judged, and what parses is used to the last byte. */
#include "crypto/crypto.h"
#include "escrow/commitment.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static ls_result count_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    uint64_t *rows = context;
    (void)tranche;
    (void)row;
    require(!fields[0].open || ls_utf8_valid(fields[0].value));
    ++*rows;
    return LS_SUCCESS;
}

/* Judges the part against its own leaf, so that most checks are passed and the deeper ones reached. */
static void judge(const ls_opening_part *part, uint32_t fields)
{
    ls_tranche_leaf leaf;
    ls_opening_report report;
    uint64_t rows = 0;
    ls_declaration d = {.context = part->context, .tranches = 1, .fields = fields, .row_bytes = 16};
    if (ls_tranche_leaf_parse(part->leaf, &leaf)) {
        d.tranches = leaf.tranches;
        ls_merkle_leaf(part->leaf, &d.root);
    }
    require(ls_succeeded(ls_opening_verify(part, &d, count_row, &rows, &report)));
    require((report.reason[0] == 0) == (report.verdict == LS_OPENED));
    require(report.verdict != LS_OPENED || rows == report.rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || ls_failed(ls_crypto_init())) {
        return 0;
    }
    uint32_t fields = 1 + data[0] % 4;
    ls_arena arena = {0};
    ls_opening_part *parts;
    size_t count;
    if (ls_succeeded(ls_opening_parse(&arena, ls_bytes_of(data + 1, size - 1), fields, &parts, &count))) {
        for (size_t i = 0; i < count; i++) {
            judge(&parts[i], fields);
        }
    }
    ls_arena_free(&arena);
    return 0;
}
