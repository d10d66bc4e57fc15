/* Manifests: any bytes may be parsed, and what parses has one form and may be held against any act. */
#include "bundle/manifest.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* An act that agrees with the manifest as far as it can, so that the leaves are reached. */
static void check(const ls_manifest *m)
{
    ls_act act = {.tranches = m->leaf_count, .row_bytes = 32};
    ls_detail detail = {0};
    act.raw[LS_H_DECLARATION] = m->declaration;
    act.by = (ls_names){1, {ls_bytes_str("dprk")}};
    require(ls_succeeded(ls_manifest_schema(m, &act.schema)));
    ls_result r = ls_manifest_check(m, &act, 1000, NULL, &detail);
    require(ls_succeeded(r) || r.fault == &ls_fault_manifest_wrong);
    require(ls_succeeded(r) || detail.text[0] != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_manifest m;
    ls_buf again = {0};
    if (ls_succeeded(ls_manifest_parse(&arena, ls_bytes_of(data, size), &m, NULL))) {
        require(ls_succeeded(ls_manifest_format(&m, &again)));
        require(ls_bytes_equal(ls_buf_bytes(&again), ls_bytes_of(data, size)));
        check(&m);
    }
    ls_buf_free(&again);
    ls_arena_free(&arena);
    return 0;
}
