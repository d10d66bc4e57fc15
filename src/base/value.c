/* Values: looking them up, checking maps against known keys, making them. */
#include "base/value.h"

const ls_value *ls_value_get(const ls_value *map, const char *key)
{
    if (map == NULL || map->type != LS_MAP) {
        return NULL;
    }
    /* Maps in charters and roadmaps have a dozen keys: a search in order is the fastest there is. */
    for (size_t i = 0; i < map->count; i++) {
        if (ls_bytes_is(map->entries[i].key, key)) {
            return map->entries[i].value;
        }
    }
    return NULL;
}

static ls_value *make(ls_arena *arena, ls_value_type type)
{
    ls_value *v = ls_arena_alloc(arena, sizeof *v);
    if (v != NULL) {
        v->type = type;
    }
    return v;
}

ls_value *ls_value_string(ls_arena *arena, ls_bytes s)
{
    ls_value *v = make(arena, LS_STRING);
    const char *copy = ls_arena_str(arena, s);
    if (v == NULL || copy == NULL) {
        return NULL;
    }
    v->string = ls_bytes_of(copy, s.len);
    return v;
}

ls_value *ls_value_integer(ls_arena *arena, int64_t n)
{
    ls_value *v = make(arena, LS_INTEGER);
    if (v != NULL) {
        v->integer = n;
    }
    return v;
}

ls_value *ls_value_boolean(ls_arena *arena, bool b)
{
    ls_value *v = make(arena, LS_BOOLEAN);
    if (v != NULL) {
        v->boolean = b;
    }
    return v;
}

/* A member that could not be made is noticed here, so that callers build a tree and check once, at its root. */
ls_value *ls_value_list(ls_arena *arena, size_t count, ls_value **items)
{
    ls_value *v = make(arena, LS_LIST);
    ls_value **copy = ls_arena_array(arena, count, sizeof *copy);
    if (v == NULL || copy == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i] == NULL) {
            return NULL;
        }
        copy[i] = items[i];
    }
    v->items = copy;
    v->count = count;
    return v;
}

ls_value *ls_value_map(ls_arena *arena, size_t count, const ls_entry *entries)
{
    ls_value *v = make(arena, LS_MAP);
    ls_entry *copy = ls_arena_array(arena, count, sizeof *copy);
    if (v == NULL || copy == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i].value == NULL) {
            return NULL;
        }
        copy[i] = entries[i];
    }
    v->entries = copy;
    v->count = count;
    return v;
}

/* No map that Lockstep reads has more known keys. */
#define KNOWN_KEYS_MAX 64

/* Keys come from the document, so what is shown of them is bounded. */
static void diagnose_unknown(const ls_entry *e, const char *what, const ls_key *keys, size_t count, ls_diagnostics *d)
{
    const char *names[KNOWN_KEYS_MAX];
    size_t n = count < KNOWN_KEYS_MAX ? count : KNOWN_KEYS_MAX;
    for (size_t i = 0; i < n; i++) {
        names[i] = keys[i].name;
    }
    const char *near = ls_nearest(e->key, names, n);
    const char *hint = near == NULL ? NULL : ls_arena_format(d->arena, "did you mean '%s'?", near);
    ls_diagnose(d, e->mark, hint, "%s has no key '%.*s'", what, (int)(e->key.len < 80 ? e->key.len : 80), e->key.ptr);
}

static bool is_known(ls_bytes key, const ls_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ls_bytes_is(key, keys[i].name)) {
            return true;
        }
    }
    return false;
}

/* Everything wrong is reported, not only the first: whoever writes a charter mends it in one go. */
bool ls_value_check_map(const ls_value *v, const char *what, const ls_key *keys, size_t count, ls_diagnostics *d)
{
    size_t before = d->errors;
    if (v->type != LS_MAP) {
        ls_diagnose(d, v->mark, NULL, "%s must be a map (key: value)", what);
        return false;
    }
    for (size_t i = 0; i < v->count; i++) {
        if (!is_known(v->entries[i].key, keys, count)) {
            diagnose_unknown(&v->entries[i], what, keys, count, d);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (keys[i].required && ls_value_get(v, keys[i].name) == NULL) {
            ls_diagnose(d, v->mark, NULL, "%s lacks the key '%s'", what, keys[i].name);
        }
    }
    return d->errors == before;
}
