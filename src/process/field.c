/* Fields: typed values out of maps, and identifiers that must differ. */
#include "process/field.h"
#include "process/plain.h"

#define QUOTE_HINT "put it in quotes"

static bool is_string(const ls_value *v, const char *what, ls_diagnostics *d)
{
    if (v->type == LS_STRING) {
        return true;
    }
    bool scalar = v->type == LS_INTEGER || v->type == LS_BOOLEAN;
    ls_diagnose(d, v->mark, scalar ? QUOTE_HINT : NULL, "%s must be text", what);
    return false;
}

bool ls_field_read_line(const ls_value *v, const char *what, ls_diagnostics *d, ls_bytes *out)
{
    if (!is_string(v, what, d)) {
        return false;
    }
    const char *wrong = NULL;
    if (v->string.len == 0) {
        wrong = "must not be empty";
    } else if (v->string.len > LS_LINE_MAX) {
        wrong = "is too long";
    } else if (memchr(v->string.ptr, '\n', v->string.len) != NULL) {
        wrong = "must be one line";
    } else if (!ls_plain_valid(v->string)) {
        wrong = "holds a character that does not show";
    }
    if (wrong != NULL) {
        ls_diagnose(d, v->mark, NULL, "%s %s", what, wrong);
        return false;
    }
    *out = v->string;
    return true;
}

bool ls_field_line(const ls_value *map, const char *key, ls_diagnostics *d, ls_bytes *out)
{
    const ls_value *v = ls_value_get(map, key);
    return v != NULL && ls_field_read_line(v, key, d, out);
}

bool ls_field_read_name(const ls_value *v, const char *what, ls_diagnostics *d, ls_bytes *out)
{
    if (!is_string(v, what, d)) {
        return false;
    }
    if (!ls_name_valid(v->string)) {
        ls_diagnose(d, v->mark, "use a-z, 0-9 and '-', at most 63 characters, not beginning with '-'",
                    "%s must be a name", what);
        return false;
    }
    *out = v->string;
    return true;
}

bool ls_field_name(const ls_value *map, const char *key, ls_diagnostics *d, ls_bytes *out)
{
    const ls_value *v = ls_value_get(map, key);
    return v != NULL && ls_field_read_name(v, key, d, out);
}

bool ls_field_read_integer(const ls_value *v, const char *what, int64_t min, int64_t max, ls_diagnostics *d,
                           int64_t *out)
{
    if (v->type != LS_INTEGER) {
        ls_diagnose(d, v->mark, v->type == LS_STRING ? "write digits only, without quotes" : NULL,
                    "%s must be a whole number", what);
        return false;
    }
    if (v->integer < min || v->integer > max) {
        ls_diagnose(d, v->mark, NULL, "%s must lie between %lld and %lld", what, (long long)min, (long long)max);
        return false;
    }
    *out = v->integer;
    return true;
}

bool ls_field_integer(const ls_value *map, const char *key, int64_t min, int64_t max, ls_diagnostics *d, int64_t *out)
{
    const ls_value *v = ls_value_get(map, key);
    return v != NULL && ls_field_read_integer(v, key, min, max, d, out);
}

bool ls_field_boolean(const ls_value *map, const char *key, ls_diagnostics *d, bool *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return false;
    }
    if (v->type != LS_BOOLEAN) {
        ls_diagnose(d, v->mark, v->type == LS_STRING ? "write true or false, without quotes" : NULL,
                    "%s must be true or false", key);
        return false;
    }
    *out = v->boolean;
    return true;
}

bool ls_field_seconds(const ls_value *map, const char *key, ls_diagnostics *d, int64_t *out)
{
    const ls_value *v = ls_value_get(map, key);
    ls_duration duration;
    if (v == NULL) {
        return false;
    }
    if (v->type != LS_STRING || !ls_duration_parse(v->string, &duration)) {
        ls_diagnose(d, v->mark, "write it like: 24 hours, 1 day, 2 weeks", "%s must be a length of time", key);
        return false;
    }
    if (ls_duration_seconds(duration) == 0) {
        ls_diagnose(d, v->mark, "count in hours, days or weeks", "%s: months and years have no fixed length", key);
        return false;
    }
    *out = ls_duration_seconds(duration);
    return true;
}

const ls_value *ls_field_list(const ls_value *map, const char *key, size_t min, size_t max, ls_diagnostics *d)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return NULL;
    }
    if (v->type != LS_LIST) {
        ls_diagnose(d, v->mark, "write [one, two], or each item on a line of its own after '- '", "%s must be a list",
                    key);
        return NULL;
    }
    if (v->count < min || v->count > max) {
        ls_diagnose(d, v->mark, NULL, "%s must have from %zu to %zu items, not %zu", key, min, max, v->count);
        return NULL;
    }
    return v;
}

ls_mark ls_field_mark(const ls_value *map, const char *key)
{
    const ls_value *v = ls_value_get(map, key);
    return v == NULL ? map->mark : v->mark;
}

bool ls_field_no_memory(ls_diagnostics *d)
{
    d->arena->failed = true;
    ls_diagnose(d, (ls_mark){0, 0}, NULL, "no memory left");
    return false;
}

const char *ls_near_hint(ls_bytes word, const char *const *candidates, size_t count, ls_diagnostics *d)
{
    /* What is not kept needs no hint; so a document full of errors costs no more than one with a hundred. */
    const char *near = d->count == LS_DIAGNOSTICS_MAX ? NULL : ls_nearest(word, candidates, count);
    return near == NULL ? NULL : ls_arena_format(d->arena, "did you mean '%s'?", near);
}

bool ls_ids_init(ls_ids *ids, const char *what, size_t cap, ls_arena *arena, ls_diagnostics *d)
{
    ls_bytes *id = ls_arena_array(arena, cap, sizeof *id);
    ls_mark *mark = ls_arena_array(arena, cap, sizeof *mark);
    if (id == NULL || mark == NULL) {
        return ls_field_no_memory(d);
    }
    *ids = (ls_ids){.what = what, .cap = cap, .id = id, .mark = mark};
    return true;
}

void ls_ids_add(ls_ids *ids, ls_bytes id, ls_mark mark, ls_diagnostics *d)
{
    int first = id.len == 0 ? -1 : ls_ids_find(ids, id);
    if (first >= 0) {
        ls_mark at = ids->mark[first];
        ls_diagnose(d, mark, "give one of the two another name", "%s '%.*s' stands twice, first in line %u, column %u",
                    ids->what, (int)id.len, id.ptr, at.line, at.column);
    }
    if (ids->count < ids->cap) {
        ids->id[ids->count] = id;
        ids->mark[ids->count++] = mark;
    }
}

int ls_ids_find(const ls_ids *ids, ls_bytes id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (ls_bytes_equal(ids->id[i], id)) {
            return (int)i;
        }
    }
    return -1;
}

/* Ids are strings of the document, which end with a NUL beyond their length; one that could not be read is empty. */
static const char *near_id(const ls_ids *ids, ls_bytes word, ls_diagnostics *d)
{
    const char **known = ls_arena_array(d->arena, ids->count, sizeof *known);
    size_t count = 0;
    for (size_t i = 0; known != NULL && i < ids->count; i++) {
        if (ids->id[i].len > 0) {
            known[count++] = (const char *)ids->id[i].ptr;
        }
    }
    return ls_near_hint(word, known, count, d);
}

int ls_ids_require(const ls_ids *ids, ls_bytes id, ls_mark mark, ls_diagnostics *d)
{
    int found = ls_ids_find(ids, id);
    if (found < 0) {
        int len = (int)(id.len < LS_NAME_MAX ? id.len : LS_NAME_MAX);
        const char *hint = d->count == LS_DIAGNOSTICS_MAX ? NULL : near_id(ids, id, d);
        ls_diagnose(d, mark, hint, "there is no %s '%.*s'", ids->what, len, id.ptr);
    }
    return found;
}
