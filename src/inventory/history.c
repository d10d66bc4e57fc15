/* Items and their histories: what is known, put together by place and by identifier. */
#include "escrow/text.h"
#include "inventory/parts.h"
#include <stdlib.h>

/* Something that is known of one place: a row, or an item of a notification. */
typedef struct piece {
    const ls_item_place *place;
    const ls_known_row *row; /* or: */
    const ls_known_change *change;
    const ls_notified_item *item;
    uint64_t index; /* of the act that said it first */
} piece;

/* All that is known of one place. */
typedef struct stand {
    const piece *piece;
    size_t count;
    ls_bytes id;
    uint64_t first; /* index of the first act */
} stand;

typedef struct work {
    ls_arena *arena;
    const ls_history_query *q;
    size_t piece_count, stand_count;
    piece *piece; /* by place, then in the order of the record */
    stand *stand; /* by identifier, then by place */
    ls_history history;
} work;

/* Pieces. */

static int by_place(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    int order = ls_item_place_compare(x->place, y->place);
    order = order != 0 ? order : (x->index > y->index) - (x->index < y->index);
    /* Rows first; of several openings of a row, and files of an act, as they were given. */
    order = order != 0 ? order : (x->row == NULL) - (y->row == NULL);
    order = order != 0 ? order : (x->row > y->row) - (x->row < y->row);
    return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

static size_t count_pieces(const ls_history_query *q)
{
    size_t count = q->row_count;
    for (size_t i = 0; i < q->change_count; i++) {
        count += q->changes[i].said->item_count;
    }
    return count;
}

static void collect_items(work *w, const ls_known_change *c)
{
    for (size_t i = 0; i < c->said->item_count; i++) {
        const ls_notified_item *item = &c->said->items[i];
        w->piece[w->piece_count++] = (piece){.place = &item->place, .change = c, .item = item, .index = c->index};
    }
}

/* What is known by the time that is asked about. */
static ls_result collect(work *w)
{
    const ls_history_query *q = w->q;
    w->piece = ls_arena_array(w->arena, count_pieces(q) + 1, sizeof *w->piece);
    if (w->piece == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < q->row_count; i++) {
        const ls_known_row *row = &q->rows[i];
        if (row->known <= q->known) {
            w->piece[w->piece_count++] = (piece){.place = &row->place, .row = row, .index = row->declared};
        }
    }
    for (size_t i = 0; i < q->change_count; i++) {
        if (q->changes[i].known <= q->known) {
            collect_items(w, &q->changes[i]);
        }
    }
    qsort(w->piece, w->piece_count, sizeof *w->piece, by_place);
    return LS_SUCCESS;
}

/* Places. */

static ls_bytes id_of(const work *w, const piece *p)
{
    return p->row != NULL ? p->row->values[w->q->form->id] : p->item->id;
}

/* By identifier, those without one last; then by place. */
static int by_id(const void *a, const void *b)
{
    const stand *x = a, *y = b;
    int order = (x->id.len == 0) - (y->id.len == 0);
    order = order != 0 ? order : ls_text_compare(&x->id, &y->id);
    return order != 0 ? order : ls_item_place_compare(x->piece->place, y->piece->place);
}

/* Rows come first among a place's pieces, so that a row's identifier goes before what notifications say that it is. */
static ls_result group_places(work *w)
{
    w->stand = ls_arena_array(w->arena, w->piece_count + 1, sizeof *w->stand);
    if (w->stand == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < w->piece_count; i++) {
        const piece *p = &w->piece[i];
        stand *s = w->stand_count > 0 ? &w->stand[w->stand_count - 1] : NULL;
        if (s == NULL || ls_item_place_compare(s->piece->place, p->place) != 0) {
            s = &w->stand[w->stand_count++];
            *s = (stand){.piece = p, .first = p->index};
        }
        s->count++;
        s->id = s->id.len > 0 ? s->id : id_of(w, p);
    }
    qsort(w->stand, w->stand_count, sizeof *w->stand, by_id);
    return LS_SUCCESS;
}

/* Events. */

static int by_index(const void *a, const void *b)
{
    const ls_item_event *x = a, *y = b;
    int order = (x->index > y->index) - (x->index < y->index);
    order = order != 0 ? order : (int)x->what - (int)y->what;
    return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

/* What several openings show of one row: each may show other fields. */
static ls_result merge_rows(work *w, const stand *s, size_t rows, const ls_known_row **out)
{
    ls_known_row *merged = ls_arena_alloc(w->arena, sizeof *merged);
    ls_bytes *values = ls_arena_array(w->arena, w->q->form->field_count, sizeof *values);
    if (merged == NULL || values == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t f = 0; f < w->q->form->field_count; f++) {
            values[f] = values[f].ptr != NULL ? values[f] : s->piece[i].row->values[f];
        }
    }
    *merged = *s->piece[0].row;
    merged->values = values;
    *out = merged;
    return LS_SUCCESS;
}

static void put_event(ls_buf *events, ls_item_event e)
{
    e.corrects = LS_NO_EVENT;
    ls_buf_put(events, &e, sizeof e);
}

/* The row as it was declared, once; and each opening of it. */
static ls_result put_rows(work *w, const stand *s, size_t rows, ls_buf *events)
{
    const ls_known_row *row = s->piece[0].row;
    if (rows > 1) {
        LS_TRY(merge_rows(w, s, rows, &row));
    }
    put_event(events,
              (ls_item_event){.what = LS_HAPPENED_DECLARED, .index = row->declared, .day = row->day, .row = row});
    for (size_t i = 0; i < rows; i++) {
        const ls_known_row *x = s->piece[i].row;
        if (x->opened != LS_NO_SOURCE) {
            put_event(events, (ls_item_event){.what = LS_HAPPENED_OPENED, .index = x->opened, .day = x->day, .row = x});
        }
    }
    return LS_SUCCESS;
}

static ls_result put_stand(work *w, const stand *s, ls_buf *events)
{
    size_t rows = 0;
    while (rows < s->count && s->piece[rows].row != NULL) {
        rows++;
    }
    if (rows > 0) {
        LS_TRY(put_rows(w, s, rows, events));
    }
    for (size_t i = rows; i < s->count; i++) {
        const piece *p = &s->piece[i];
        put_event(events, (ls_item_event){.what = LS_HAPPENED_NOTIFIED,
                                          .index = p->index,
                                          .day = (int32_t)ls_date_to_days(p->change->said->date),
                                          .change = p->change,
                                          .item = p->item});
    }
    return ls_buf_check(events);
}

/* The item at the date. */

/* It shows what stands in this place. */
static bool shows(const ls_item_event *e, const ls_item_place *place)
{
    const ls_item_place *at = e->what == LS_HAPPENED_NOTIFIED ? &e->item->place : &e->row->place;
    return e->what != LS_HAPPENED_DECLARED && ls_item_place_compare(at, place) == 0;
}

static void judge_stage(const ls_history_query *q, ls_item *item)
{
    bool begins = false, begun = false, said = false;
    size_t last = LS_NO_EVENT;
    for (size_t i = 0; i < item->event_count; i++) {
        const ls_item_event *e = &item->events[i];
        bool came = e->counts && e->day <= q->at;
        item->opened = item->opened || shows(e, &item->place);
        begins = begins || (e->counts && ls_event_begins(e));
        begun = begun || (came && ls_event_begins(e));
        said = said || came;
        if (came && (last == LS_NO_EVENT || e->day >= item->events[last].day)) {
            last = i;
        }
        if (came && ls_event_is(e, LS_CHANGE_ELIMINATED)) {
            item->stage = LS_ITEM_ELIMINATED;
        }
    }
    if (begins ? !begun : !said) {
        item->stage = LS_ITEM_AHEAD;
    }
    item->since = last == LS_NO_EVENT ? item->events[0].index : item->events[last].index;
}

static ls_result fill_values(work *w, ls_item *item)
{
    const ls_history_form *form = w->q->form;
    ls_bytes *values = ls_arena_array(w->arena, form->field_count, sizeof *values);
    if (values == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t f = 0; f < form->field_count; f++) {
        values[f] =
            f == form->id && item->id.len > 0 ? item->id : ls_item_value(form, item, f, w->q->at, LS_NO_SOURCE).value;
    }
    item->values = values;
    return LS_SUCCESS;
}

/* Of rows that were only opened, and nothing of which is to be seen, nobody can tell whether they are blank. */
static bool is_nothing(const work *w, const ls_item *item)
{
    for (size_t i = 0; i < item->event_count; i++) {
        if (item->events[i].what == LS_HAPPENED_NOTIFIED) {
            return false;
        }
    }
    for (size_t f = 0; f < w->q->form->field_count; f++) {
        if (item->events[0].row->values[f].len > 0) {
            return false;
        }
    }
    return true;
}

static ls_result tell(work *w, ls_item *item, ls_item_event *events)
{
    ls_telling t = {.arena = w->arena, .form = w->q->form, .item = item, .events = events};
    ls_result r = ls_events_judge(&t);
    size_t size = t.conflicts.len;
    ls_conflict *conflicts = ls_succeeded(r) ? ls_arena_alloc(w->arena, size + 1) : NULL;
    if (conflicts != NULL && size > 0) {
        memcpy(conflicts, t.conflicts.ptr, size);
    }
    ls_buf_free(&t.conflicts);
    if (conflicts == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    item->conflicts = conflicts;
    item->conflict_count = size / sizeof *conflicts;
    judge_stage(w->q, item);
    return fill_values(w, item);
}

/* Of several places the row that was declared last, or else the number. */
static ls_item_place latest_place(const stand *stands, size_t count)
{
    const stand *found = &stands[0];
    for (size_t i = 1; i < count; i++) {
        if (stands[i].piece->place->tranche > 0 && stands[i].first > found->first) {
            found = &stands[i];
        }
    }
    return *found->piece->place;
}

static ls_result make_item(work *w, const stand *stands, size_t count, bool ambiguous)
{
    ls_buf list = {0};
    ls_result r = LS_SUCCESS;
    for (size_t i = 0; i < count && ls_succeeded(r); i++) {
        r = put_stand(w, &stands[i], &list);
    }
    ls_item_event *events = ls_succeeded(r) ? ls_arena_alloc(w->arena, list.len + 1) : NULL;
    size_t size = list.len;
    if (events != NULL && size > 0) {
        memcpy(events, list.ptr, size);
    }
    ls_buf_free(&list);
    if (events == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t number = size / sizeof *events;
    qsort(events, number, sizeof *events, by_index);
    ls_item item = {.id = stands[0].id,
                    .place = latest_place(stands, count),
                    .ambiguous = ambiguous,
                    .event_count = number,
                    .events = events};
    LS_TRY(tell(w, &item, events));
    if (!is_nothing(w, &item)) {
        w->history.items[w->history.count++] = item;
    }
    return LS_SUCCESS;
}

/* Items. */

/* Two rows of one declaration have this identifier: which is meant, it does not tell. */
static bool is_ambiguous(const stand *s, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const ls_item_place *a = s[i - 1].piece->place, *b = s[i].piece->place;
        if (a->tranche > 0 && b->tranche > 0 && ls_hash_equal(&a->declared, &b->declared)) {
            return true;
        }
    }
    return false;
}

/* Places with one identifier are one item: a later declaration has the row anew. */
static ls_result make_items(work *w)
{
    w->history.items = ls_arena_array(w->arena, w->stand_count + 1, sizeof *w->history.items);
    if (w->history.items == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0, end; i < w->stand_count; i = end) {
        end = i + 1;
        while (w->stand[i].id.len > 0 && end < w->stand_count && ls_bytes_equal(w->stand[i].id, w->stand[end].id)) {
            end++;
        }
        bool ambiguous = is_ambiguous(&w->stand[i], end - i);
        for (size_t k = i; ambiguous && k < end; k++) {
            LS_TRY(make_item(w, &w->stand[k], 1, true));
        }
        if (!ambiguous) {
            LS_TRY(make_item(w, &w->stand[i], end - i, false));
        }
    }
    return LS_SUCCESS;
}

ls_result ls_history_make(ls_arena *arena, const ls_history_query *q, ls_history *out)
{
    work w = {.arena = arena, .q = q};
    LS_TRY(collect(&w));
    LS_TRY(group_places(&w));
    LS_TRY(make_items(&w));
    for (size_t i = 0; i < w.piece_count; i++) {
        const piece *p = &w.piece[i];
        if (p->place->tranche == 0 && p->place->row > w.history.numbered) {
            w.history.numbered = p->place->row;
        }
    }
    *out = w.history;
    return LS_SUCCESS;
}
