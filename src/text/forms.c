/* What edit.json and agree.json share: their frame, the names of paragraphs, and single keys. */
#include "text/forms_parts.h"
#include <inttypes.h>
#include <stdio.h>

const ls_fault ls_fault_text_form = {LS_CLASS_INVALID, "text-form", "it is not of the form that changes of texts have"};

/* The number after the last dash; the rest is shortened by both. */
static bool take_number(ls_bytes *rest, uint64_t max, uint64_t *out)
{
    for (size_t i = rest->len; i > 0; i--) {
        if (rest->ptr[i - 1] == '-') {
            bool ok = ls_decimal_parse(ls_bytes_of(rest->ptr + i, rest->len - i), max, out) && *out > 0;
            rest->len = i - 1;
            return ok;
        }
    }
    return false;
}

/* Read from its end, since the name of a party may end with numbers, too. */
bool ls_text_id_parse(ls_bytes name, ls_text_id *out)
{
    ls_bytes rest = name;
    uint64_t number, seq;
    if (name.len > LS_NAME_MAX || !take_number(&rest, LS_TEXT_NUMBER_MAX, &number) ||
        !take_number(&rest, INT64_MAX, &seq) || !ls_name_valid(rest)) {
        return false;
    }
    *out = (ls_text_id){rest, seq, (uint32_t)number};
    return true;
}

/* A lack of memory says nothing about the file. */
static ls_result check_canonical(const ls_value *v, ls_bytes text, ls_detail *detail)
{
    ls_buf canonical = {0};
    ls_json_canonical(v, &canonical);
    ls_result r = ls_buf_check(&canonical);
    if (ls_succeeded(r) && !ls_bytes_equal(ls_buf_bytes(&canonical), text)) {
        r = ls_fail_with(&ls_fault_text_form, detail, "it is not canonical JSON");
    }
    ls_buf_free(&canonical);
    return r;
}

ls_result ls_text_form_open(ls_arena *arena, ls_bytes text, const char *kind, const char *list, const ls_value **items,
                            ls_detail *detail)
{
    ls_value *v;
    ls_result r = ls_json_parse(arena, text, &v, detail);
    if (ls_failed(r)) {
        return r.fault == &ls_fault_memory ? r : ls_fail(&ls_fault_text_form);
    }
    LS_TRY(check_canonical(v, text, detail));
    const ls_value *k = ls_value_get(v, "lockstep"), *l = ls_value_get(v, list);
    if (k == NULL || k->type != LS_STRING || !ls_bytes_is(k->string, kind)) {
        return ls_fail_with(&ls_fault_text_form, detail, "it is not of the form '%s'", kind);
    }
    if (v->count != 2 || l == NULL || l->type != LS_LIST || l->count == 0 || l->count > LS_TEXT_OPERATIONS_MAX) {
        return ls_fail_with(&ls_fault_text_form, detail, "beside 'lockstep' it holds '%s', a list of 1 to %d, only",
                            list, LS_TEXT_OPERATIONS_MAX);
    }
    *items = l;
    return LS_SUCCESS;
}

ls_result ls_text_form_wrong(size_t place, ls_detail *detail, const char *what)
{
    return ls_fail_with(&ls_fault_text_form, detail, "item %zu: %s", place + 1, what);
}

const char *ls_text_form_keys(const ls_value *map, const char *const *keys)
{
    if (map->type != LS_MAP) {
        return "it is not an object";
    }
    for (size_t i = 0; i < map->count; i++) {
        bool known = false;
        for (size_t k = 0; keys[k] != NULL && !known; k++) {
            known = ls_bytes_is(map->entries[i].key, keys[k]);
        }
        if (!known) {
            return "it has a key that has no place here";
        }
    }
    return NULL;
}

const char *ls_text_form_string(const ls_value *map, const char *key, ls_bytes *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return NULL;
    }
    if (v->type != LS_STRING) {
        return "something that must be text is not";
    }
    *out = v->string;
    return NULL;
}

const char *ls_text_form_language(const ls_value *map, ls_bytes *out)
{
    ls_bytes language = {0};
    const char *wrong = ls_text_form_string(map, "language", &language);
    if (wrong == NULL && ls_value_get(map, "language") != NULL && !ls_name_valid(language)) {
        wrong = "language must be a name";
    }
    if (wrong == NULL) {
        *out = language;
    }
    return wrong;
}

const char *ls_text_form_paragraph(ls_bytes name, size_t inserted, ls_text_id *out)
{
    uint64_t number;
    if (name.len == 0 || name.ptr[0] != '+') {
        return ls_text_id_parse(name, out) ? NULL : "a paragraph is named PARTY-SEQ-N, or +N in the same file";
    }
    if (!ls_decimal_parse(ls_bytes_of(name.ptr + 1, name.len - 1), inserted, &number) || number == 0) {
        return "+N must name a paragraph that was inserted above";
    }
    *out = (ls_text_id){.number = (uint32_t)number};
    return NULL;
}

const char *ls_text_form_flag(const ls_value *map, const char *key, bool *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return NULL;
    }
    if (v->type != LS_BOOLEAN || !v->boolean) {
        return "a flag is true or left out";
    }
    *out = true;
    return NULL;
}

/* Writing. */

ls_value *ls_text_form_words(ls_arena *arena, const char *s)
{
    return ls_value_string(arena, ls_bytes_str(s));
}

ls_value *ls_text_form_name(ls_arena *arena, const ls_text_id *id)
{
    char own[16];
    if (id->party.len == 0) {
        snprintf(own, sizeof own, "+%" PRIu32, id->number);
        return ls_text_form_words(arena, own);
    }
    const char *name = ls_arena_format(arena, "%.*s-%" PRIu64 "-%" PRIu32, (int)id->party.len,
                                       (const char *)id->party.ptr, id->seq, id->number);
    return name == NULL ? NULL : ls_text_form_words(arena, name);
}

ls_result ls_text_form_close(ls_arena *arena, const char *kind, const char *list, size_t count, ls_value **items,
                             ls_buf *out)
{
    const ls_entry entries[] = {
        LS_TEXT_ENTRY("lockstep", ls_text_form_words(arena, kind)),
        {.key = ls_bytes_str(list), .value = items == NULL ? NULL : ls_value_list(arena, count, items)},
    };
    ls_value *v = ls_value_map(arena, 2, entries);
    if (v == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_json_canonical(v, out);
    return ls_buf_check(out);
}
