/*
 * Notifications: what has become of items of a declared inventory, or that it was mistaken, as the file that a `notify`
 * act carries for each audience (docs/protocol.md, "Notifications"). Canonical JSON (RFC 8785):
 *
 *   {"change":"moved","date":"2018-11-02","declaration":"sites","items":[
 *     {"declared":"<64 hex>","fields":{"lat":["40.8","40.9"]},"id":"nk-tonghae","row":14,"tranche":2},
 *     {"fields":{"lat":["41.1","41.2"]},"id":"nk-new","number":1}],
 *    "lockstep":"notification v1"}
 *
 * An item stands in an opened row, named by its declare act, tranche (from 1) and row (from 0); or, if a notification
 * brought it, under a number (from 1) that no other item of the declaration has had. Items stand in the order of
 * ls_item_place_compare, none twice. `fields` has the old and the new value of what changed, the new value alone of
 * what is new; an eliminated item has none. `id` is the identifier, which no two items share; all items have it, or,
 * for an audience that is not shown it, none. A correction may have `ref`, the act of the notification that was
 * mistaken; without it, the declaration was.
 */
#ifndef LS_INVENTORY_NOTIFICATION_H
#define LS_INVENTORY_NOTIFICATION_H

#include <lockstep/opening.h>
#include <lockstep/time.h>

extern const ls_fault ls_fault_notification; /* invalid: not a notification in this form */

typedef enum ls_change {
    LS_CHANGE_MOVED,
    LS_CHANGE_CONVERTED,
    LS_CHANGE_ELIMINATED,
    LS_CHANGE_CHANGED,
    LS_CHANGE_NEW,
    LS_CHANGE_CORRECTED,
    LS_CHANGES
} ls_change;

const char *ls_change_name(ls_change c); /* "moved" */
bool ls_change_parse(ls_bytes text, ls_change *out);

/* Where an item stands. */
typedef struct ls_item_place {
    ls_hash declared; /* id of the declare act; zeros with a number */
    uint32_t tranche; /* from 1; 0: it has a number instead */
    uint64_t row;     /* or the number */
} ls_item_place;

/* Below, at or above 0: rows before numbers; rows by declare act, tranche and row. */
int ls_item_place_compare(const ls_item_place *a, const ls_item_place *b);

typedef struct ls_field_change {
    ls_bytes field;
    ls_bytes before; /* of what is new nothing */
    ls_bytes after;
} ls_field_change;

typedef struct ls_notified_item {
    ls_item_place place;
    ls_bytes id; /* empty: this audience is not shown it */
    size_t change_count;
    const ls_field_change *changes; /* by field, as RFC 8785 sorts keys */
} ls_notified_item;

#define LS_NOTIFICATION_MARK "notification v1"
#define LS_NOTIFIED_ITEMS_MAX 65536

typedef struct ls_notification {
    ls_bytes declaration; /* its name */
    ls_change change;
    ls_date date;
    bool has_ref;
    ls_hash ref;
    size_t item_count; /* at least 1 */
    const ls_notified_item *items;
} ls_notification;

/* What is parsed lives in the arena. The form alone is checked; detail says what is wrong with it. At most
 * LS_VALUE_DOCUMENT_MAX bytes. */
ls_result ls_notification_parse(ls_arena *arena, ls_bytes text, ls_notification *out, ls_detail *detail);
/* Appends the JSON; items and their changes may be in any order. ls_fault_usage if no notification can say this; detail
 * says why. */
ls_result ls_notification_format(const ls_notification *n, ls_buf *out, ls_detail *detail);

#endif
