/* The schema of a declaration: the names of its fields and tranches as canonical JSON. */
#include "base/value.h"
#include "escrow/text.h"
#include <lockstep/opening.h>
#include <stdlib.h>

static ls_result check_unique(ls_arena *arena, const ls_bytes *names, size_t count)
{
    ls_bytes *sorted = ls_arena_array(arena, count, sizeof *sorted);
    if (!sorted) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(sorted, names, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, ls_text_compare);
    for (size_t i = 1; i < count; i++) {
        if (ls_bytes_equal(sorted[i - 1], sorted[i])) {
            return ls_fail(&ls_fault_usage);
        }
    }
    return LS_SUCCESS;
}

/* A JSON list of the names, or ls_fault_usage if they can't be a schema's. */
static ls_result names_value(ls_arena *arena, const ls_bytes *names, size_t count, size_t max, ls_value **out)
{
    if (count == 0 || count > max) {
        return ls_fail(&ls_fault_usage);
    }
    ls_value **items = ls_arena_array(arena, count, sizeof *items);
    if (!items) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        if (names[i].len == 0 || !ls_utf8_valid(names[i]) || memchr(names[i].ptr, 0, names[i].len)) {
            return ls_fail(&ls_fault_usage);
        }
        items[i] = ls_value_string(arena, names[i]);
        if (!items[i]) {
            return ls_fail(&ls_fault_memory);
        }
    }
    LS_TRY(check_unique(arena, names, count));
    *out = ls_value_list(arena, count, items);
    return *out ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

static ls_result schema_value(ls_arena *arena, const ls_schema *s, ls_value **out)
{
    ls_entry entries[2] = {{.key = ls_bytes_str("fields")}, {.key = ls_bytes_str("tranches")}};
    LS_TRY(names_value(arena, s->fields, s->field_count, LS_FIELDS_MAX, &entries[0].value));
    LS_TRY(names_value(arena, s->tranches, s->tranche_count, LS_TRANCHES_MAX, &entries[1].value));
    *out = ls_value_map(arena, 2, entries);
    return *out ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

ls_result ls_schema_format(const ls_schema *s, ls_buf *out)
{
    ls_arena arena = {0};
    ls_value *value = NULL;
    ls_result r = schema_value(&arena, s, &value);
    if (ls_succeeded(r)) {
        ls_json_canonical(value, out);
        r = ls_buf_check(out);
    }
    ls_arena_free(&arena);
    return r;
}
