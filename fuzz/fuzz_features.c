/* Tables from GeoJSON and from CSV: whatever is read comes back the same through either form. */
#include "tabular/features.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void require_same(const ls_tabular *a, const ls_tabular *b)
{
    require(a->column_count == b->column_count && a->row_count == b->row_count);
    for (size_t i = 0; i < a->column_count; i++) {
        require(ls_bytes_equal(a->columns[i], b->columns[i]));
    }
    for (size_t row = 0; row < a->row_count; row++) {
        for (size_t i = 0; i < a->column_count; i++) {
            require(ls_bytes_equal(ls_tabular_at(a, row, i), ls_tabular_at(b, row, i)));
        }
    }
}

static bool read_features(ls_bytes text, ls_tabular *out)
{
    ls_arena arena = {0};
    ls_diagnostics *d = ls_arena_alloc(&arena, sizeof *d);
    const ls_features_form form = {.column_count = 0};
    require(d != NULL);
    d->arena = &arena;
    ls_result r = ls_tabular_read_geojson(text, &form, out, d);
    require(ls_failed(r) == (d->errors > 0));
    ls_arena_free(&arena);
    return ls_succeeded(r);
}

static void check_csv(const ls_tabular *t)
{
    ls_buf csv = {0};
    ls_tabular again = {0};
    ls_tabular_write_csv(t, &csv);
    require(ls_succeeded(ls_tabular_read_csv(ls_buf_bytes(&csv), &again, NULL)));
    require_same(t, &again);
    ls_tabular_free(&again);
    ls_buf_free(&csv);
}

/* What is spelt otherwise in JSON does not come back as it was, and a shape comes back compact. */
static void check_geojson(const ls_tabular *t, bool from_csv)
{
    ls_buf text = {0};
    ls_tabular again = {0};
    ls_tabular_roles roles = {.id.len = 0};
    ls_features_remarks remarks;
    size_t geometry;
    ls_tabular_guess_roles(t, &roles);
    bool written = ls_succeeded(ls_tabular_write_geojson(t, &roles, &text, &remarks, NULL));
    bool compact = roles.geometry.len > 0 && ls_tabular_column(t, roles.geometry, &geometry) && from_csv;
    if (written) {
        require(read_features(ls_buf_bytes(&text), &again));
        if (remarks.respelt == 0 && !compact) {
            require_same(t, &again);
        }
    }
    ls_tabular_free(&again);
    ls_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes text = ls_bytes_of(data, size);
    ls_tabular t = {0};
    bool from_csv = size == 0 || data[0] != '{';
    bool read = from_csv ? ls_succeeded(ls_tabular_read_csv(text, &t, NULL)) : read_features(text, &t);
    if (read) {
        check_csv(&t);
        check_geojson(&t, from_csv);
    }
    ls_tabular_free(&t);
    return 0;
}
