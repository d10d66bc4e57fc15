/* YAML: what is accepted is a value with places, whose canonical JSON reads the same as JSON and, if at all, as YAML.
 */
#include "yaml/yaml.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_places(const ls_value *v)
{
    require(v->mark.line > 0 && v->mark.column > 0);
    for (size_t i = 0; i < v->count; i++) {
        check_places(v->type == LS_MAP ? v->entries[i].value : v->items[i]);
    }
}

/* JSON's strings may hold what YAML refuses, and YAML's keys are shorter. But there is only one way to read it. */
static void check_as_yaml(ls_arena *arena, ls_bytes json)
{
    ls_diagnostics d = {.arena = arena};
    ls_value *again = NULL;
    require(ls_succeeded(ls_yaml_parse(arena, json, &d, &again)));
    require(again == NULL || ls_succeeded(ls_json_check_canonical(again, json)));
}

static void check_value(ls_arena *arena, const ls_value *v)
{
    ls_buf json = {0};
    ls_value *again = NULL;
    ls_json_canonical(v, &json);
    require(!json.failed);
    check_places(v);
    if (json.len <= LS_VALUE_DOCUMENT_MAX) {
        require(ls_succeeded(ls_json_parse(arena, ls_buf_bytes(&json), &again, NULL)));
        require(ls_succeeded(ls_json_check_canonical(again, ls_buf_bytes(&json))));
        check_as_yaml(arena, ls_buf_bytes(&json));
    }
    ls_buf_free(&json);
}

static void check_diagnostics(const ls_diagnostics *d)
{
    require(d->errors > 0);
    for (size_t i = 0; i < d->count && i < LS_DIAGNOSTICS_MAX; i++) {
        require(d->item[i].mark.line > 0 && d->item[i].mark.column > 0 && d->item[i].text[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_value *value = NULL;
    require(ls_succeeded(ls_yaml_parse(&arena, ls_bytes_of(data, size), &d, &value)));
    if (value != NULL) {
        check_value(&arena, value);
    } else {
        check_diagnostics(&d);
    }
    ls_arena_free(&arena);
    return 0;
}
