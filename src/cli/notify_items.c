/* What has changed: rows as they were given, against the inventory as it stands on the record. */
#include "cli/notify.h"
#include "geo/place.h"

typedef unsigned long long ull;

typedef struct comparing {
    cli *c;
    cli_notice *n;
    const cli_given *given;
    const cli_given_row *row; /* that is looked at */
    const ls_item *item;      /* or NULL */
    uint64_t numbered;        /* the last number that was given */
} comparing;

/* Fails with the detail that is filled in, and the row's place. */
static ls_result refuse(const comparing *x, const char *hint, const char *text)
{
    if (hint != NULL) {
        ls_hint(&x->c->detail, "%s", hint);
    }
    snprintf(x->c->detail.file, sizeof x->c->detail.file, "%s", x->given->path);
    x->c->detail.line = x->row->line;
    x->c->detail.column = 1;
    return ls_fail_with(&ls_fault_usage, &x->c->detail, "%s: %s", cli_text(x->c, x->row->id), text);
}

/* Who may be notified of. */

static const ls_item_event *elimination(const ls_item *item)
{
    for (size_t i = 0; i < item->event_count; i++) {
        const ls_item_event *e = &item->events[i];
        if (e->counts && e->what == LS_HAPPENED_NOTIFIED && e->change->said->change == LS_CHANGE_ELIMINATED) {
            return e;
        }
    }
    return NULL;
}

static ls_result check_new(const comparing *x)
{
    if (x->item == NULL) {
        return LS_SUCCESS;
    }
    const ls_item_event *end = elimination(x->item);
    if (end != NULL) {
        return refuse(x, "what is new has an identifier of its own",
                      ls_arena_format(&x->c->arena,
                                      "it was eliminated by act %llu, and its identifier never comes back",
                                      (ull)end->index));
    }
    return refuse(x,
                  x->item->opened ? "--change changed, moved or converted" : "what is new has an identifier of its own",
                  "the identifier is used already");
}

/* Whether the item can be notified of at all, whatever has changed. */
static ls_result check_item(const comparing *x)
{
    const ls_item_event *end = x->item == NULL ? NULL : elimination(x->item);
    if (x->item == NULL) {
        return refuse(x, "--change new, if it has come into being; identifiers are compared byte for byte",
                      "there is no such item");
    }
    if (x->item->ambiguous) {
        return refuse(x, NULL, "several rows have this identifier, so that nobody could tell which is meant");
    }
    if (!x->item->opened) {
        return refuse(x,
                      "changes to closed rows come as a padded supplement at the agreed date, so that they mark no row "
                      "as real: lockstep declare",
                      "its row is closed, and a notification would show that it is there");
    }
    if (end != NULL && x->n->change != LS_CHANGE_CORRECTED) {
        return refuse(x, NULL,
                      ls_arena_format(&x->c->arena, "it was eliminated by act %llu on %s", (ull)end->index,
                                      cli_history_day(x->c, end->day)));
    }
    if (x->item->stage == LS_ITEM_AHEAD && x->n->change != LS_CHANGE_CORRECTED) {
        return refuse(
            x, "--change corrected, if it was always so",
            ls_arena_format(&x->c->arena, "on %s it was not declared yet", cli_history_day(x->c, x->n->living.day)));
    }
    return LS_SUCCESS;
}

/* Old values. */

/* The event that a correction corrects: the row as declared, or as it came; or what `ref` notified. */
static size_t corrected_event(const comparing *x)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < x->item->event_count; i++) {
        const ls_item_event *e = &x->item->events[i];
        bool notified = e->what == LS_HAPPENED_NOTIFIED;
        bool begins =
            (e->what == LS_HAPPENED_DECLARED && ls_item_place_compare(&e->row->place, &x->item->place) == 0) ||
            (notified && e->change->said->change == LS_CHANGE_NEW);
        if (e->counts && (x->n->has_ref ? notified && e->index == x->n->ref_index : begins)) {
            found = i;
        }
    }
    return found;
}

/* As it was before: of a correction, as it was said to be. No pointer: nothing was said. */
static ls_result old_value(const comparing *x, size_t field, ls_bytes *out)
{
    *out = x->item->values[field];
    if (x->n->change != LS_CHANGE_CORRECTED) {
        return LS_SUCCESS;
    }
    size_t event = corrected_event(x);
    if (event == SIZE_MAX) {
        return refuse(x, "--ref names the notification that was mistaken; without it the declaration was",
                      "that act does not say anything of it");
    }
    *out = ls_item_said(&x->n->living.sources.form, x->item, event, field);
    return LS_SUCCESS;
}

static ls_result check_field(const comparing *x, size_t field)
{
    const ls_history_form *form = &x->n->living.sources.form;
    bool free = x->n->change == LS_CHANGE_CORRECTED || x->n->change == LS_CHANGE_NEW || form->places == NULL;
    if (free || form->places[field] == (x->n->change == LS_CHANGE_MOVED)) {
        return LS_SUCCESS;
    }
    return form->places[field]
               ? refuse(x, "notify that apart, with --change moved and a file that has no other columns",
                        ls_arena_format(&x->c->arena, "%s says where it is, and changes by moving only",
                                        cli_text(x->c, form->fields[field])))
               : refuse(x, "notify that apart, with --change changed or converted; leave the column out here",
                        ls_arena_format(&x->c->arena, "%s does not change by moving",
                                        cli_text(x->c, form->fields[field])));
}

/* One row. */

/* Degrees and minutes, as treaties tabulate them, become the decimal degrees that tell where it is; what is neither
 * stays as it stands. */
static ls_bytes read_degrees(const comparing *x, size_t field, ls_bytes value)
{
    ls_bytes name = x->n->declared->fields[field];
    bool latitude = ls_bytes_equal(name, x->n->declared->latitude);
    unsigned limit = latitude ? LS_LATITUDE_MAX : LS_LONGITUDE_MAX;
    char text[LS_DEGREES_TEXT_MAX + 1];
    int64_t degrees;
    bool coordinate = latitude || ls_bytes_equal(name, x->n->declared->longitude);
    if (!coordinate || value.len == 0 || ls_degrees_read(value, limit, &degrees) ||
        ls_failed(ls_degrees_read_typed(value, limit, text, NULL))) {
        return value;
    }
    const char *kept = ls_arena_str(&x->n->living.arena, ls_bytes_str(text));
    return kept == NULL ? value : ls_bytes_str(kept);
}

static ls_result compare_field(const comparing *x, size_t i, ls_field_change *changes, size_t *count)
{
    size_t field = x->row->fields[i];
    ls_bytes before = {0}, after = x->row->values[i];
    bool is_new = x->n->change == LS_CHANGE_NEW;
    if (!is_new) {
        LS_TRY(old_value(x, field, &before));
    }
    if (is_new ? after.len == 0 : before.ptr == NULL ? x->n->has_ref : ls_bytes_equal(before, after)) {
        return LS_SUCCESS;
    }
    after = read_degrees(x, field, after);
    if (!is_new && ls_bytes_equal(before, after)) {
        return LS_SUCCESS;
    }
    LS_TRY(check_field(x, field));
    changes[(*count)++] = (ls_field_change){x->n->living.sources.form.fields[field], before, after};
    return LS_SUCCESS;
}

static ls_result compare_fields(comparing *x, cli_notified *out)
{
    ls_field_change *changes = ls_arena_array(&x->n->living.arena, x->row->count + 1, sizeof *changes);
    size_t count = 0;
    if (changes == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < x->row->count && x->n->change != LS_CHANGE_ELIMINATED; i++) {
        LS_TRY(compare_field(x, i, changes, &count));
    }
    out->said.changes = changes;
    out->said.change_count = count;
    return LS_SUCCESS;
}

/* A correction of a notification names the item where that does. */
static ls_item_place place_of(const comparing *x)
{
    if (x->n->change == LS_CHANGE_NEW) {
        return (ls_item_place){.row = x->numbered + 1};
    }
    size_t event = x->n->has_ref ? corrected_event(x) : SIZE_MAX;
    return event == SIZE_MAX ? x->item->place : x->item->events[event].item->place;
}

static bool says_something(const comparing *x, const cli_notified *y)
{
    return y->said.change_count > 0 || x->n->change == LS_CHANGE_ELIMINATED || x->n->change == LS_CHANGE_NEW;
}

static ls_result compare_row(comparing *x)
{
    cli_notified y = {.said = {.id = x->row->id}};
    bool is_new = x->n->change == LS_CHANGE_NEW;
    x->item = cli_living_find(&x->n->living, x->row->id);
    y.item = x->item;
    if (is_new) {
        LS_TRY(check_new(x));
    } else if (x->item == NULL) {
        return check_item(x);
    }
    LS_TRY(compare_fields(x, &y));
    if (!says_something(x, &y)) {
        x->n->same++;
        return LS_SUCCESS;
    }
    LS_TRY(is_new ? LS_SUCCESS : check_item(x));
    y.said.place = place_of(x);
    x->numbered += is_new;
    x->n->notified[x->n->count++] = y;
    return LS_SUCCESS;
}

ls_result cli_notice_compare(cli *c, cli_notice *n, const cli_given *given)
{
    comparing x = {.c = c, .n = n, .given = given, .numbered = n->living.history.numbered};
    n->notified = ls_arena_array(&n->living.arena, given->count + 1, sizeof *n->notified);
    if (n->notified == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < given->count; i++) {
        x.row = &given->row[i];
        LS_TRY(compare_row(&x));
    }
    if (n->count == 0) {
        ls_hint(&c->detail, "the file says how rows are now; lockstep inventory shows how they stand on the record");
        return ls_fail_with(&ls_fault_usage, &c->detail, "nothing in it differs from what is on the record");
    }
    return LS_SUCCESS;
}
