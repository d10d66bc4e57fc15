/*
 * The living inventory: what the rows of a declaration are at a date, from what was declared, opened and notified, as
 * it was known at a time. One pure function; docs/inventory.md says what it means.
 *
 * A change counts from its date on. A correction says that something was always otherwise: it counts from the date of
 * what it corrects, and is known from its own act on. What contradicts what was said before is followed all the same,
 * as its author's last word, and shown with both acts.
 */
#ifndef LS_INVENTORY_HISTORY_H
#define LS_INVENTORY_HISTORY_H

#include "inventory/notification.h"

#define LS_NO_SOURCE UINT64_MAX /* instead of an act's index */

/* The declaration's form. */
typedef struct ls_history_form {
    size_t field_count;
    const ls_bytes *fields;
    size_t id;          /* among the fields */
    const bool *places; /* which of them say where an item is, one for each; NULL: none are known to */
} ls_history_form;

/* A row, as one opening shows it, or as its own party has it. */
typedef struct ls_known_row {
    ls_item_place place;
    const ls_bytes *values; /* one for each field; no pointer: it is not shown */
    uint64_t declared;      /* index of the declare act */
    int32_t day;            /* on which that was, as ls_date_to_days counts */
    uint64_t opened;        /* index of the act that shows it, or LS_NO_SOURCE: its own party's */
    ls_time known;          /* since when it is known here */
    ls_bytes audience;      /* whom it was shown to; of one's own nobody */
} ls_known_row;

/* One file of a `notify` act, in its order. */
typedef struct ls_known_change {
    const ls_notification *said;
    uint64_t index;
    ls_time known;      /* its ledger time */
    uint64_t ref;       /* index of the act that it corrects, or LS_NO_SOURCE */
    ls_bytes audience;  /* whom it was for */
    const bool *fields; /* that this audience is shown, one for each; NULL: all */
} ls_known_change;

typedef enum ls_happening {
    LS_HAPPENED_DECLARED,
    LS_HAPPENED_OPENED,
    LS_HAPPENED_NOTIFIED /* the notification says what */
} ls_happening;

/* Something in an item's history. */
typedef struct ls_item_event {
    ls_happening what;
    uint64_t index; /* of the act */
    int32_t day;    /* from which it counts; of a correction, that of what it corrects */
    bool counts;    /* it makes the item's state; false of an opening, and of what no item can have after its end */
    const ls_known_row *row;       /* declared, opened */
    const ls_known_change *change; /* notified, */
    const ls_notified_item *item;  /* and its part of it */
    size_t corrects;               /* which event, or SIZE_MAX */
} ls_item_event;

typedef enum ls_conflict_kind {
    LS_CONFLICT_BEFORE,     /* the old value is not what was known */
    LS_CONFLICT_AFTER,      /* the new value is not the old one of a change of a later date that was notified earlier */
    LS_CONFLICT_AUDIENCES,  /* one act says different things to different audiences */
    LS_CONFLICT_UNKNOWN,    /* nothing is known of the item but this */
    LS_CONFLICT_IDENTIFIER, /* its identifier is another one */
    LS_CONFLICT_REUSED,     /* the identifier, or number, of what is new was there before */
    LS_CONFLICT_ENDED,      /* the item was eliminated before */
    LS_CONFLICT_OUTLIVED,   /* it was eliminated at a date after which something was said to have happened to it */
    LS_CONFLICT_EARLY,      /* it is of a date at which the item was not there yet */
    LS_CONFLICT_KIND,       /* what was moved changes otherwise, or what was not moved moves */
    LS_CONFLICT_REF,        /* what is corrected was not said there */
    LS_CONFLICTS
} ls_conflict_kind;
const char *ls_conflict_name(ls_conflict_kind k); /* "old value" */

typedef struct ls_conflict {
    ls_conflict_kind kind;
    size_t event;         /* of the item */
    size_t field;         /* or SIZE_MAX */
    ls_bytes said, known; /* values, or nothing */
    uint64_t source;      /* index of the act that says otherwise, or LS_NO_SOURCE */
} ls_conflict;

/* Appends what it says, in words behind the act that says it: "says that lat was "40.85", and act 5 has "40.8"". */
void ls_conflict_format(const ls_history_form *form, const ls_conflict *x, ls_buf *out);

typedef enum ls_item_stage {
    LS_ITEM_THERE,
    LS_ITEM_AHEAD,     /* at that date it was not there yet */
    LS_ITEM_ELIMINATED /* it had come to its end */
} ls_item_stage;

typedef struct ls_item {
    ls_bytes id;         /* empty: not known */
    ls_item_place place; /* of its latest row, or its number */
    ls_item_stage stage;
    bool opened;            /* an opening, or a notification, has shown what stands in this place */
    bool ambiguous;         /* another row of the same declaration has its identifier */
    const ls_bytes *values; /* at that date, one for each field; no pointer: not known */
    uint64_t since;         /* the act that made it what it is */
    size_t event_count;
    const ls_item_event *events; /* in the order of the record */
    size_t conflict_count;
    const ls_conflict *conflicts;
} ls_item;

typedef struct ls_history_query {
    const ls_history_form *form;
    size_t row_count;
    const ls_known_row *rows; /* in any order; blank ones are none */
    size_t change_count;
    const ls_known_change *changes; /* in the order of the record */
    int32_t at;                     /* the day, at its end */
    ls_time known;                  /* what was known later is left out */
} ls_history_query;

typedef struct ls_history {
    size_t count;
    ls_item *items;    /* by identifier, those without one last */
    uint64_t numbered; /* the greatest number that a notification gave */
} ls_history;

/* Everything in the arena, or where the query points. Fails only for lack of memory. */
ls_result ls_history_make(ls_arena *arena, const ls_history_query *q, ls_history *out);

/* The event's value of a field as corrected by what is known, or nothing if it does not set it: of a whole item's
 * history. */
ls_bytes ls_item_said(const ls_history_form *form, const ls_item *item, size_t event, size_t field);

#endif
