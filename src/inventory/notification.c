/* Notifications read: canonical JSON of one form, and what must hold of it whatever the declaration is. */
#include "inventory/notification.h"
#include "base/value.h"
#include "escrow/text.h"
#include <stdlib.h>

const ls_fault ls_fault_notification = {LS_CLASS_INVALID, "notification", "not a notification"};

/* A key of an object, in canonical order. */
typedef struct key {
    const char *name;
    ls_value_type type;
    bool optional;
} key;

enum { TOP_CHANGE, TOP_DATE, TOP_DECLARATION, TOP_ITEMS, TOP_LOCKSTEP, TOP_REF, TOP_COUNT };
static const key top_keys[TOP_COUNT] = {{"change", LS_STRING, false},      {"date", LS_STRING, false},
                                        {"declaration", LS_STRING, false}, {"items", LS_LIST, false},
                                        {"lockstep", LS_STRING, false},    {"ref", LS_STRING, true}};

enum { ITEM_DECLARED, ITEM_FIELDS, ITEM_ID, ITEM_NUMBER, ITEM_ROW, ITEM_TRANCHE, ITEM_COUNT };
static const key item_keys[ITEM_COUNT] = {{"declared", LS_STRING, true}, {"fields", LS_MAP, true},
                                          {"id", LS_STRING, true},       {"number", LS_INTEGER, true},
                                          {"row", LS_INTEGER, true},     {"tranche", LS_INTEGER, true}};

static ls_result malformed(ls_detail *detail, const char *what)
{
    return ls_fail_with(&ls_fault_notification, detail, "%s", what);
}

static ls_result malformed_item(ls_detail *detail, size_t i, const char *what)
{
    return ls_fail_with(&ls_fault_notification, detail, "item %zu %s", i + 1, what);
}

/* The values of known keys, NULL where one is left out; false if there is another, or one of another type. */
static bool read_map(const ls_value *v, const key *keys, size_t count, const ls_value **out)
{
    size_t known = 0;
    if (v->type != LS_MAP) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = ls_value_get(v, keys[i].name);
        if (out[i] == NULL ? !keys[i].optional : out[i]->type != keys[i].type) {
            return false;
        }
        known += out[i] != NULL;
    }
    return known == v->count;
}

/* Items. */

/* Why the place is none, or NULL. */
static const char *read_place(const ls_value *const *v, ls_item_place *out)
{
    bool row = v[ITEM_DECLARED] != NULL && v[ITEM_ROW] != NULL && v[ITEM_TRANCHE] != NULL;
    bool partly = v[ITEM_DECLARED] != NULL || v[ITEM_ROW] != NULL || v[ITEM_TRANCHE] != NULL;
    if (v[ITEM_NUMBER] != NULL) {
        *out = (ls_item_place){.row = (uint64_t)v[ITEM_NUMBER]->integer};
        return partly || v[ITEM_NUMBER]->integer < 1 ? "has a number that is none, or a row beside it" : NULL;
    }
    if (!row || v[ITEM_TRANCHE]->integer < 1 || v[ITEM_TRANCHE]->integer > LS_TRANCHES_MAX ||
        v[ITEM_ROW]->integer < 0) {
        return "names no row and no number";
    }
    *out = (ls_item_place){.tranche = (uint32_t)v[ITEM_TRANCHE]->integer, .row = (uint64_t)v[ITEM_ROW]->integer};
    return ls_hash_parse(v[ITEM_DECLARED]->string, &out->declared) ? NULL : "names no declaration";
}

/* Why it is none, or NULL. */
static const char *read_change(const ls_entry *e, bool is_new, ls_field_change *out)
{
    const ls_value *v = e->value;
    size_t wanted = is_new ? 1 : 2;
    if (v->type != LS_LIST || v->count != wanted || v->items[0]->type != LS_STRING ||
        v->items[wanted - 1]->type != LS_STRING) {
        return is_new ? "is new, and has a field that is not one value" : "has a field that is not two values";
    }
    *out = (ls_field_change){.field = e->key, .after = v->items[wanted - 1]->string};
    if (!is_new) {
        out->before = v->items[0]->string;
    }
    if (e->key.len == 0 || (is_new ? out->after.len == 0 : ls_bytes_equal(out->before, out->after))) {
        return "has a field that says nothing";
    }
    return NULL;
}

static ls_result read_changes(ls_arena *arena, const ls_value *fields, ls_change change, size_t i,
                              ls_notified_item *out, ls_detail *detail)
{
    size_t count = fields == NULL ? 0 : fields->count;
    bool none = change == LS_CHANGE_ELIMINATED || (change == LS_CHANGE_NEW && fields == NULL);
    if ((fields != NULL && (none || count == 0 || count > LS_FIELDS_MAX)) || (fields == NULL && !none)) {
        return malformed_item(detail, i, "has no field where one changes, or one where none does");
    }
    ls_field_change *changes = ls_arena_array(arena, count, sizeof *changes);
    if (changes == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t k = 0; k < count; k++) {
        const char *wrong = read_change(&fields->entries[k], change == LS_CHANGE_NEW, &changes[k]);
        if (wrong != NULL) {
            return malformed_item(detail, i, wrong);
        }
    }
    out->change_count = count;
    out->changes = changes;
    return LS_SUCCESS;
}

static ls_result read_item(ls_arena *arena, const ls_value *v, ls_change change, size_t i, ls_notified_item *out,
                           ls_detail *detail)
{
    const ls_value *value[ITEM_COUNT];
    if (!read_map(v, item_keys, ITEM_COUNT, value)) {
        return malformed_item(detail, i, "has other keys than an item");
    }
    const char *wrong = read_place(value, &out->place);
    if (wrong == NULL && change == LS_CHANGE_NEW && out->place.tranche != 0) {
        wrong = "is new, and stands in a row";
    }
    if (wrong == NULL && value[ITEM_ID] != NULL && value[ITEM_ID]->string.len == 0) {
        wrong = "has an empty identifier";
    }
    if (wrong != NULL) {
        return malformed_item(detail, i, wrong);
    }
    out->id = value[ITEM_ID] == NULL ? (ls_bytes){0} : value[ITEM_ID]->string;
    return read_changes(arena, value[ITEM_FIELDS], change, i, out, detail);
}

/* All have an identifier of their own, or none has one. */
static ls_result check_ids(ls_arena *arena, const ls_notified_item *items, size_t count, ls_detail *detail)
{
    ls_bytes *ids = ls_arena_array(arena, count, sizeof *ids);
    if (ids == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].id;
        if ((ids[i].len == 0) != (ids[0].len == 0)) {
            return malformed(detail, "some of its items have an identifier, and others have none");
        }
    }
    qsort(ids, count, sizeof *ids, ls_text_compare);
    for (size_t i = 1; i < count && ids[0].len > 0; i++) {
        if (ls_bytes_equal(ids[i - 1], ids[i])) {
            return malformed(detail, "two of its items have one identifier");
        }
    }
    return LS_SUCCESS;
}

static ls_result read_items(ls_arena *arena, const ls_value *list, ls_notification *n, ls_detail *detail)
{
    if (list->count == 0 || list->count > LS_NOTIFIED_ITEMS_MAX) {
        return malformed(detail, "it has no items, or too many");
    }
    ls_notified_item *items = ls_arena_array(arena, list->count, sizeof *items);
    if (items == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < list->count; i++) {
        LS_TRY(read_item(arena, list->items[i], n->change, i, &items[i], detail));
        if (i > 0 && ls_item_place_compare(&items[i - 1].place, &items[i].place) >= 0) {
            return malformed_item(detail, i, "stands out of order, or twice");
        }
    }
    n->items = items;
    n->item_count = list->count;
    return check_ids(arena, items, list->count, detail);
}

/* The whole. */

static ls_result read_top(const ls_value *const *v, ls_notification *n, ls_detail *detail)
{
    if (!ls_bytes_is(v[TOP_LOCKSTEP]->string, LS_NOTIFICATION_MARK)) {
        return malformed(detail, "it is not marked as a " LS_NOTIFICATION_MARK);
    }
    n->declaration = v[TOP_DECLARATION]->string;
    if (!ls_name_valid(n->declaration)) {
        return malformed(detail, "a declaration can't have this name");
    }
    if (!ls_change_parse(v[TOP_CHANGE]->string, &n->change)) {
        return malformed(detail, "there is no such change");
    }
    if (!ls_date_parse(v[TOP_DATE]->string, &n->date)) {
        return malformed(detail, "its date is none");
    }
    n->has_ref = v[TOP_REF] != NULL;
    if (n->has_ref && (n->change != LS_CHANGE_CORRECTED || !ls_hash_parse(v[TOP_REF]->string, &n->ref))) {
        return malformed(detail, "its ref names no act, or it corrects nothing");
    }
    return LS_SUCCESS;
}

ls_result ls_notification_parse(ls_arena *arena, ls_bytes text, ls_notification *out, ls_detail *detail)
{
    ls_value *v;
    const ls_value *value[TOP_COUNT];
    ls_notification n = {0};
    ls_detail where = {0};
    ls_result r = ls_json_parse(arena, text, &v, &where);
    r = ls_succeeded(r) ? ls_json_check_canonical(v, text) : r;
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        return malformed(detail, "it is not canonical JSON (RFC 8785)");
    }
    if (!read_map(v, top_keys, TOP_COUNT, value)) {
        return malformed(detail, "it has other keys than a notification");
    }
    LS_TRY(read_top(value, &n, detail));
    LS_TRY(read_items(arena, value[TOP_ITEMS], &n, detail));
    *out = n;
    return LS_SUCCESS;
}
