/* Notifications written, and read again: what the form does not allow never leaves. */
#include "base/value.h"
#include "inventory/notification.h"
#include <stdlib.h>

static ls_value *string(ls_arena *arena, const char *s)
{
    return ls_value_string(arena, ls_bytes_str(s));
}

static ls_value *hash(ls_arena *arena, const ls_hash *h)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(h, hex);
    return string(arena, hex);
}

static ls_value *change_value(ls_arena *arena, const ls_field_change *c, bool is_new)
{
    ls_value *values[] = {ls_value_string(arena, is_new ? c->after : c->before), ls_value_string(arena, c->after)};
    return values[0] == NULL || values[1] == NULL ? NULL : ls_value_list(arena, is_new ? 1 : 2, values);
}

static ls_value *fields_value(ls_arena *arena, const ls_notified_item *item, bool is_new)
{
    ls_entry *entries = ls_arena_array(arena, item->change_count, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < item->change_count; i++) {
        entries[i] = (ls_entry){.key = item->changes[i].field, .value = change_value(arena, &item->changes[i], is_new)};
    }
    return entries == NULL ? NULL : ls_value_map(arena, item->change_count, entries);
}

static ls_entry entry(const char *key, ls_value *value)
{
    return (ls_entry){.key = ls_bytes_str(key), .value = value};
}

static ls_value *item_value(ls_arena *arena, const ls_notified_item *item, bool is_new)
{
    ls_entry entries[5];
    size_t count = 0;
    if (item->change_count > 0) {
        entries[count++] = entry("fields", fields_value(arena, item, is_new));
    }
    if (item->id.len > 0) {
        entries[count++] = entry("id", ls_value_string(arena, item->id));
    }
    if (item->place.tranche == 0) {
        entries[count++] = entry("number", ls_value_integer(arena, (int64_t)item->place.row));
    } else {
        entries[count++] = entry("declared", hash(arena, &item->place.declared));
        entries[count++] = entry("row", ls_value_integer(arena, (int64_t)item->place.row));
        entries[count++] = entry("tranche", ls_value_integer(arena, item->place.tranche));
    }
    return ls_value_map(arena, count, entries);
}

static int by_place(const void *a, const void *b)
{
    const ls_notified_item *x = *(const ls_notified_item *const *)a, *y = *(const ls_notified_item *const *)b;
    return ls_item_place_compare(&x->place, &y->place);
}

static ls_value *items_value(ls_arena *arena, const ls_notification *n)
{
    const ls_notified_item **items = ls_arena_array(arena, n->item_count, sizeof *items);
    ls_value **values = ls_arena_array(arena, n->item_count, sizeof *values);
    if (items == NULL || values == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < n->item_count; i++) {
        items[i] = &n->items[i];
    }
    qsort(items, n->item_count, sizeof *items, by_place);
    for (size_t i = 0; i < n->item_count; i++) {
        values[i] = item_value(arena, items[i], n->change == LS_CHANGE_NEW);
    }
    return ls_value_list(arena, n->item_count, values);
}

static ls_value *notification_value(ls_arena *arena, const ls_notification *n)
{
    char date[LS_DATE_SIZE];
    ls_date_format(n->date, date);
    const ls_entry entries[] = {
        entry("change", string(arena, ls_change_name(n->change))),    entry("date", string(arena, date)),
        entry("declaration", ls_value_string(arena, n->declaration)), entry("items", items_value(arena, n)),
        entry("lockstep", string(arena, LS_NOTIFICATION_MARK)),       entry("ref", hash(arena, &n->ref)),
    };
    return ls_value_map(arena, n->has_ref ? 6 : 5, entries);
}

ls_result ls_notification_format(const ls_notification *n, ls_buf *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_buf json = {0};
    ls_notification again;
    const ls_value *v = notification_value(&arena, n);
    if (v != NULL) {
        ls_json_canonical(v, &json);
    }
    ls_result r = v == NULL ? ls_fail(&ls_fault_memory) : ls_buf_check(&json);
    if (ls_succeeded(r)) {
        r = ls_notification_parse(&arena, ls_buf_bytes(&json), &again, detail);
        r = r.fault == &ls_fault_notification ? ls_fail(&ls_fault_usage) : r;
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&json));
        r = ls_buf_check(out);
    }
    ls_buf_free(&json);
    ls_arena_free(&arena);
    return r;
}
