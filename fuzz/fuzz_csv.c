/* CSV: whatever parses says the same when it is written again in the strictest form. */
#include "escrow/inventory.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void put_quoted(ls_buf *out, ls_bytes value)
{
    ls_buf_put_u8(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '"') {
            ls_buf_put_u8(out, '"');
        }
        ls_buf_put_u8(out, value.ptr[i]);
    }
    ls_buf_put_u8(out, '"');
}

/* Reads all rows and writes them with every value in quotes; false if a row is refused. */
static bool rewrite(ls_bytes text, char separator, ls_buf *out)
{
    static ls_csv csv;
    ls_csv_row row;
    ls_detail detail = {0};
    bool more = true;
    ls_result r = LS_SUCCESS;
    ls_csv_open(&csv, text, separator);
    for (;;) {
        r = ls_csv_next(&csv, &row, &more, &detail);
        if (ls_failed(r) || !more) {
            break;
        }
        for (size_t i = 0; i < row.count; i++) {
            require(ls_utf8_valid(row.fields[i]));
            if (i > 0) {
                ls_buf_put_u8(out, (uint8_t)separator);
            }
            put_quoted(out, row.fields[i]);
        }
        ls_buf_put_u8(out, '\n');
    }
    ls_csv_close(&csv);
    require(ls_succeeded(r) || (detail.line > 0 && detail.column > 0 && detail.hint[0]));
    return ls_succeeded(r);
}

static void check_rows(ls_bytes text)
{
    ls_buf once = {0}, twice = {0};
    char separator = ls_csv_guess_separator(text);
    if (rewrite(text, separator, &once)) {
        require(rewrite(ls_buf_bytes(&once), separator, &twice));
        require(ls_bytes_equal(ls_buf_bytes(&once), ls_buf_bytes(&twice)));
    }
    ls_buf_free(&once);
    ls_buf_free(&twice);
}

static void check_inventory(ls_bytes text)
{
    const ls_bytes fields[] = {ls_bytes_str("a"), ls_bytes_str("b"), ls_bytes_str("c")};
    const ls_bytes labels[] = {ls_bytes_str("x"), ls_bytes_str("y")};
    const ls_inventory_form form = {.field_count = 3,
                                    .fields = fields,
                                    .tranche_column = ls_bytes_str("t"),
                                    .tranche_count = 2,
                                    .labels = labels,
                                    .id_column = fields[0],
                                    .latitude = fields[1],
                                    .longitude = fields[2]};
    ls_inventory inv;
    if (ls_failed(ls_inventory_read(text, &form, &inv, NULL))) {
        return;
    }
    static ls_csv cursor;
    ls_inventory_cursor(&inv, &cursor);
    for (uint32_t k = 1; k <= 2; k++) {
        for (uint64_t i = 0; i < ls_inventory_rows(&inv, k); i++) {
            ls_bytes values[3];
            require(ls_succeeded(ls_inventory_row(&inv, &cursor, k, i, values, NULL)));
            require(values[0].len + values[1].len + values[2].len > 0);
        }
    }
    ls_csv_close(&cursor);
    ls_inventory_free(&inv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_rows(ls_bytes_of(data, size));
    check_inventory(ls_bytes_of(data, size));
    return 0;
}
