/* Rows that nothing may be moved from, or to: those of visits, from the notice until the inspectors have left. */
#ifndef LS_BUNDLE_KNOWN_FREEZE_H
#define LS_BUNDLE_KNOWN_FREEZE_H

#include "inspection/inspection.h"
#include "inventory/history.h"
#include "record/record.h"

typedef struct ls_frozen_row {
    ls_item_place place;
    uint64_t visit;      /* index of the act that gave notice */
    ls_time from, until; /* LS_TIME_OPEN: it lasts */
    int32_t first, last; /* the days of these, by the charter's zone */
} ls_frozen_row;

typedef struct ls_freezes {
    size_t count;
    const ls_frozen_row *row; /* in the order of the visits */
} ls_freezes;

/* state is of this accord. A visit to the place of a challenge freezes no row. In the arena. */
ls_result ls_freezes_read(ls_arena *arena, const ls_record *r, int accord, const ls_inspection_state *state,
                          ls_freezes *out);
/* The freeze under which an item was moved, by the day that the notification says or by the time of its act; NULL if
 * under none, or if the event is no movement. */
const ls_frozen_row *ls_freezes_find(const ls_freezes *f, const ls_item_event *e);

#endif
