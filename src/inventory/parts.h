/* What the files of the living inventory share: one item's events, and what they say of a field. */
#ifndef LS_INVENTORY_PARTS_H
#define LS_INVENTORY_PARTS_H

#include "inventory/history.h"

#define LS_NO_EVENT SIZE_MAX

/* An item that is being worked out. */
typedef struct ls_telling {
    ls_arena *arena;
    const ls_history_form *form;
    ls_item *item;
    ls_item_event *events; /* the item's, which are worked out in their order */
    ls_buf conflicts;      /* of ls_conflict */
} ls_telling;

/* What the event itself says that a field is, without corrections; no pointer: nothing. */
ls_bytes ls_event_value(const ls_history_form *form, const ls_item_event *e, size_t field);
/* It makes the item, or one row more of it. */
bool ls_event_begins(const ls_item_event *e);
/* Its notification is of this kind. */
bool ls_event_is(const ls_item_event *e, ls_change change);

/* A value, and the act that gave it. */
typedef struct ls_sourced {
    ls_bytes value; /* no pointer: not known */
    uint64_t source;
} ls_sourced;

/* What an event says of a field as corrected by the acts before `limit`. */
ls_sourced ls_event_said(const ls_history_form *form, const ls_item *item, size_t event, size_t field, uint64_t limit);
/* What a field was at a day, by the acts before `limit`. */
ls_sourced ls_item_value(const ls_history_form *form, const ls_item *item, size_t field, int32_t day, uint64_t limit);

/* events.c: judges all events in their order: day, counts, corrects; and the conflicts. */
ls_result ls_events_judge(ls_telling *t);

#endif
