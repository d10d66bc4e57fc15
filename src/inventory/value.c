/* What events say of fields. */
#include "inventory/parts.h"

bool ls_event_is(const ls_item_event *e, ls_change change)
{
    return e->what == LS_HAPPENED_NOTIFIED && e->change->said->change == change;
}

bool ls_event_begins(const ls_item_event *e)
{
    return e->what == LS_HAPPENED_DECLARED || ls_event_is(e, LS_CHANGE_NEW);
}

/* Of what is new an empty value is not listed, nor is one that its audience is not shown. */
static ls_bytes unlisted(const ls_history_form *form, const ls_item_event *e, size_t field)
{
    bool shown = e->change->fields == NULL || e->change->fields[field];
    if (!ls_event_is(e, LS_CHANGE_NEW)) {
        return (ls_bytes){0};
    }
    return field == form->id ? e->item->id : shown ? ls_bytes_str("") : (ls_bytes){0};
}

ls_bytes ls_event_value(const ls_history_form *form, const ls_item_event *e, size_t field)
{
    if (e->what != LS_HAPPENED_NOTIFIED) {
        return e->what == LS_HAPPENED_DECLARED ? e->row->values[field] : (ls_bytes){0};
    }
    for (size_t i = 0; i < e->item->change_count; i++) {
        if (ls_bytes_equal(e->item->changes[i].field, form->fields[field])) {
            return e->item->changes[i].after;
        }
    }
    return unlisted(form, e, field);
}

ls_sourced ls_event_said(const ls_history_form *form, const ls_item *item, size_t event, size_t field, uint64_t limit)
{
    ls_sourced found = {ls_event_value(form, &item->events[event], field), item->events[event].index};
    for (size_t i = event + 1; i < item->event_count && item->events[i].index < limit; i++) {
        const ls_item_event *e = &item->events[i];
        ls_bytes value = e->counts && e->corrects == event ? ls_event_value(form, e, field) : (ls_bytes){0};
        if (value.ptr != NULL) {
            found = (ls_sourced){value, e->index};
        }
    }
    return found;
}

ls_bytes ls_item_said(const ls_history_form *form, const ls_item *item, size_t event, size_t field)
{
    return ls_event_said(form, item, event, field, LS_NO_SOURCE).value;
}

ls_sourced ls_item_value(const ls_history_form *form, const ls_item *item, size_t field, int32_t day, uint64_t limit)
{
    size_t found = LS_NO_EVENT;
    for (size_t i = 0; i < item->event_count && item->events[i].index < limit; i++) {
        const ls_item_event *e = &item->events[i];
        bool says =
            e->counts && e->corrects == LS_NO_EVENT && e->day <= day && ls_event_value(form, e, field).ptr != NULL;
        if (says && (found == LS_NO_EVENT || e->day >= item->events[found].day)) {
            found = i;
        }
    }
    return found == LS_NO_EVENT ? (ls_sourced){{0}, LS_NO_SOURCE} : ls_event_said(form, item, found, field, limit);
}
