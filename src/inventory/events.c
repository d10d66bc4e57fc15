/* One item's events, judged in the order of the record: what counts, and what contradicts what was said before. */
#include "inventory/parts.h"

/* The event that is judged. */
typedef struct judged {
    ls_telling *t;
    size_t at;
    ls_item_event *e;
} judged;

static void add(const judged *j, ls_conflict_kind kind, size_t field, ls_bytes said, ls_sourced known)
{
    const ls_conflict c = {kind, j->at, field, said, known.value, known.source};
    ls_buf_put(&j->t->conflicts, &c, sizeof c);
}

static void add_plain(const judged *j, ls_conflict_kind kind, uint64_t source)
{
    add(j, kind, SIZE_MAX, (ls_bytes){0}, (ls_sourced){{0}, source});
}

/* Some event by an earlier act that satisfies `fits`, or LS_NO_EVENT. */
static size_t find_before(const judged *j, bool (*fits)(const judged *j, const ls_item_event *x))
{
    for (size_t i = 0; i < j->at && j->t->events[i].index < j->e->index; i++) {
        if (fits(j, &j->t->events[i])) {
            return i;
        }
    }
    return LS_NO_EVENT;
}

static bool is_there(const judged *j, const ls_item_event *x)
{
    (void)j;
    return x->what != LS_HAPPENED_OPENED;
}

static bool is_end(const judged *j, const ls_item_event *x)
{
    (void)j;
    return x->counts && ls_event_is(x, LS_CHANGE_ELIMINATED);
}

static bool is_end_by_its_day(const judged *j, const ls_item_event *x)
{
    return is_end(j, x) && x->day <= j->e->day;
}

/* Something that happened to the item after this day. */
static bool is_change_after_its_day(const judged *j, const ls_item_event *x)
{
    return x->counts && x->what == LS_HAPPENED_NOTIFIED && x->corrects == LS_NO_EVENT && !ls_event_begins(x) &&
           x->day > j->e->day;
}

static bool is_begun_by_its_day(const judged *j, const ls_item_event *x)
{
    return x->counts && ls_event_begins(x) && x->day <= j->e->day;
}

static bool is_begun(const judged *j, const ls_item_event *x)
{
    (void)j;
    return x->counts && ls_event_begins(x);
}

/* Of the end of the item nothing counts that came after it. */
static bool is_over(const judged *j, size_t end)
{
    if (end == LS_NO_EVENT) {
        return false;
    }
    add_plain(j, LS_CONFLICT_ENDED, j->t->events[end].index);
    return true;
}

/* field_count: the declaration has none of this name. */
static size_t field_of(const ls_history_form *form, ls_bytes name)
{
    return ls_bytes_find(form->fields, form->field_count, name);
}

/* Where an item is changes by moving, and by moving nothing else does. */
static void check_kind(const judged *j)
{
    const ls_history_form *form = j->t->form;
    ls_change change = j->e->change->said->change;
    for (size_t i = 0; form->places != NULL && i < j->e->item->change_count; i++) {
        size_t field = field_of(form, j->e->item->changes[i].field);
        if (field < form->field_count && form->places[field] != (change == LS_CHANGE_MOVED)) {
            add(j, LS_CONFLICT_KIND, field, (ls_bytes){0}, (ls_sourced){{0}, LS_NO_SOURCE});
        }
    }
}

/* The next change of a field after this one's day, of those that were notified before. */
static const ls_item_event *next_change(const judged *j, size_t field)
{
    const ls_item_event *found = NULL;
    for (size_t i = 0; i < j->at && j->t->events[i].index < j->e->index; i++) {
        const ls_item_event *x = &j->t->events[i];
        bool follows = x->what == LS_HAPPENED_NOTIFIED && x->counts && x->corrects == LS_NO_EVENT &&
                       !ls_event_begins(x) && x->day > j->e->day && field != j->t->form->id &&
                       ls_event_value(j->t->form, x, field).ptr != NULL;
        if (follows && (found == NULL || x->day < found->day)) {
            found = x;
        }
    }
    return found;
}

static ls_bytes value_before(const ls_item_event *e, ls_bytes field)
{
    for (size_t i = 0; i < e->item->change_count; i++) {
        if (ls_bytes_equal(e->item->changes[i].field, field)) {
            return e->item->changes[i].before;
        }
    }
    return (ls_bytes){0};
}

/* Each field between what was known before this act of its own day, and of the next. */
static void check_values(const judged *j)
{
    for (size_t i = 0; i < j->e->item->change_count; i++) {
        const ls_field_change *c = &j->e->item->changes[i];
        size_t field = field_of(j->t->form, c->field);
        if (field == j->t->form->field_count) {
            continue;
        }
        ls_sourced known = ls_item_value(j->t->form, j->t->item, field, j->e->day, j->e->index);
        const ls_item_event *next = next_change(j, field);
        if (known.value.ptr != NULL && !ls_bytes_equal(known.value, c->before)) {
            add(j, LS_CONFLICT_BEFORE, field, c->before, known);
        }
        if (next != NULL && !ls_bytes_equal(value_before(next, c->field), c->after)) {
            add(j, LS_CONFLICT_AFTER, field, c->after, (ls_sourced){value_before(next, c->field), next->index});
        }
    }
}

/* Kinds. */

static void judge_change(judged *j)
{
    size_t begun = find_before(j, is_begun);
    if (is_over(j, find_before(j, is_end_by_its_day))) {
        return;
    }
    j->e->counts = true;
    if (begun != LS_NO_EVENT && find_before(j, is_begun_by_its_day) == LS_NO_EVENT) {
        add_plain(j, LS_CONFLICT_EARLY, j->t->events[begun].index);
    }
    check_kind(j);
    check_values(j);
}

static void judge_elimination(judged *j)
{
    size_t begun = find_before(j, is_begun);
    if (is_over(j, find_before(j, is_end))) {
        return;
    }
    j->e->counts = true;
    size_t later = find_before(j, is_change_after_its_day);
    if (later != LS_NO_EVENT) {
        add_plain(j, LS_CONFLICT_OUTLIVED, j->t->events[later].index);
    }
    if (begun != LS_NO_EVENT && find_before(j, is_begun_by_its_day) == LS_NO_EVENT) {
        add_plain(j, LS_CONFLICT_EARLY, j->t->events[begun].index);
    }
}

static void judge_new(judged *j)
{
    size_t other = find_before(j, is_there);
    if (other != LS_NO_EVENT) {
        add_plain(j, LS_CONFLICT_REUSED, j->t->events[other].index);
        return;
    }
    j->e->counts = true;
}

/* What is corrected: the row or the new item in this place, or the notification that `ref` names. */
static size_t find_corrected(const judged *j)
{
    const ls_known_change *c = j->e->change;
    for (size_t i = 0; i < j->at; i++) {
        const ls_item_event *x = &j->t->events[i];
        bool notified = x->what == LS_HAPPENED_NOTIFIED && x->index == c->ref;
        bool row = x->what == LS_HAPPENED_DECLARED && ls_item_place_compare(&x->row->place, &j->e->item->place) == 0;
        bool number = ls_event_is(x, LS_CHANGE_NEW) && ls_item_place_compare(&x->item->place, &j->e->item->place) == 0;
        if (x->counts && x->index < j->e->index && (c->said->has_ref ? notified : row || number)) {
            return i;
        }
    }
    return LS_NO_EVENT;
}

static void check_corrected(const judged *j)
{
    for (size_t i = 0; i < j->e->item->change_count; i++) {
        const ls_field_change *c = &j->e->item->changes[i];
        size_t field = field_of(j->t->form, c->field);
        if (field == j->t->form->field_count) {
            continue;
        }
        ls_sourced known = ls_event_said(j->t->form, j->t->item, j->e->corrects, field, j->e->index);
        bool row = j->t->events[j->e->corrects].what == LS_HAPPENED_DECLARED;
        if (known.value.ptr == NULL && !row) {
            add(j, LS_CONFLICT_REF, field, c->before, known);
        } else if (known.value.ptr != NULL && !ls_bytes_equal(known.value, c->before)) {
            add(j, LS_CONFLICT_BEFORE, field, c->before, known);
        }
    }
}

static void judge_correction(judged *j)
{
    j->e->corrects = find_corrected(j);
    if (j->e->corrects == LS_NO_EVENT) {
        add_plain(j, LS_CONFLICT_REF, j->e->change->ref);
        return;
    }
    j->e->day = j->t->events[j->e->corrects].day;
    j->e->counts = true;
    check_corrected(j);
}

/* The same act's file for another audience. */
static void check_audiences(const judged *j)
{
    for (size_t k = j->at; k-- > 0 && j->t->events[k].index == j->e->index;) {
        for (size_t i = 0; i < j->e->item->change_count; i++) {
            const ls_field_change *c = &j->e->item->changes[i];
            size_t field = field_of(j->t->form, c->field);
            bool there = field < j->t->form->field_count;
            ls_bytes other = there ? ls_event_value(j->t->form, &j->t->events[k], field) : (ls_bytes){0};
            bool differs = other.ptr != NULL && !(ls_bytes_equal(other, c->after) &&
                                                  ls_bytes_equal(value_before(&j->t->events[k], c->field), c->before));
            if (differs) {
                add(j, LS_CONFLICT_AUDIENCES, field, c->after, (ls_sourced){other, j->e->index});
            }
        }
    }
}

static void judge_notified(judged *j)
{
    static void (*const kinds[LS_CHANGES])(judged * j) = {
        [LS_CHANGE_MOVED] = judge_change,
        [LS_CHANGE_CONVERTED] = judge_change,
        [LS_CHANGE_ELIMINATED] = judge_elimination,
        [LS_CHANGE_CHANGED] = judge_change,
        [LS_CHANGE_NEW] = judge_new,
        [LS_CHANGE_CORRECTED] = judge_correction,
    };
    ls_bytes id = j->e->item->id;
    if (find_before(j, is_begun) == LS_NO_EVENT && !ls_event_is(j->e, LS_CHANGE_NEW)) {
        add_plain(j, LS_CONFLICT_UNKNOWN, LS_NO_SOURCE);
    }
    if (id.len > 0 && !ls_bytes_equal(id, j->t->item->id)) {
        add(j, LS_CONFLICT_IDENTIFIER, j->t->form->id, id, (ls_sourced){j->t->item->id, j->t->events[0].index});
    }
    check_audiences(j);
    kinds[j->e->change->said->change](j);
}

ls_result ls_events_judge(ls_telling *t)
{
    for (size_t i = 0; i < t->item->event_count; i++) {
        judged j = {t, i, &t->events[i]};
        if (j.e->what == LS_HAPPENED_NOTIFIED) {
            judge_notified(&j);
        } else if (j.e->what == LS_HAPPENED_DECLARED) {
            j.e->counts = !is_over(&j, find_before(&j, is_end));
        }
    }
    return ls_buf_check(&t->conflicts);
}
