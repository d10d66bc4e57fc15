/* What each audience is told: of what was opened to it, what was opened of it. */
#include "cli/notify.h"

/* Who is told, and of which fields. */

static const ls_declared_audience *find_audience(const ls_declared *d, ls_bytes name)
{
    for (size_t i = 0; i < d->audience_count; i++) {
        if (ls_bytes_equal(d->audiences[i].name, name)) {
            return &d->audiences[i];
        }
    }
    return NULL;
}

/* Whether an event has shown this audience a field of what stands in this place; SIZE_MAX: anything. */
static bool event_shows(const ls_item_event *e, const ls_item_place *place, ls_bytes audience, size_t field)
{
    if (e->what == LS_HAPPENED_OPENED) {
        return ls_bytes_equal(e->row->audience, audience) && ls_item_place_compare(&e->row->place, place) == 0 &&
               (field == SIZE_MAX || e->row->values[field].ptr != NULL);
    }
    return e->what == LS_HAPPENED_NOTIFIED && e->change->said->change == LS_CHANGE_NEW &&
           ls_bytes_equal(e->change->audience, audience) && ls_item_place_compare(&e->item->place, place) == 0 &&
           (field == SIZE_MAX || e->change->fields == NULL || e->change->fields[field]);
}

/* The same of an item that is notified of now; of a new one the accord says whom it is shown to. */
static bool is_shown(const cli_notice *n, const cli_notified *y, ls_bytes audience, size_t field)
{
    if (n->change == LS_CHANGE_NEW) {
        const ls_declared_audience *a = find_audience(n->declared, audience);
        return a != NULL && (field == SIZE_MAX || a->fields == NULL || a->fields[field]);
    }
    for (size_t i = 0; i < y->item->event_count; i++) {
        if (event_shows(&y->item->events[i], &y->said.place, audience, field)) {
            return true;
        }
    }
    return false;
}

static ls_result add_audience(cli *c, const cli_notice *n, ls_bytes audience, cli_notice_files *out)
{
    for (size_t i = 0; i < out->count; i++) {
        if (ls_bytes_equal(out->file[i].audience, audience)) {
            return LS_SUCCESS;
        }
    }
    if (out->count == sizeof out->file / sizeof *out->file) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "there are more audiences than a charter has");
    }
    const ls_declared_audience *a = find_audience(n->declared, audience);
    out->file[out->count++] = (cli_notice_file){.audience = audience, .fields = a == NULL ? NULL : a->fields};
    return LS_SUCCESS;
}

/* Every audience to which anything of these items was shown. */
static ls_result find_audiences(cli *c, const cli_notice *n, cli_notice_files *out)
{
    for (size_t i = 0; n->change == LS_CHANGE_NEW && i < n->declared->audience_count; i++) {
        LS_TRY(add_audience(c, n, n->declared->audiences[i].name, out));
    }
    for (size_t i = 0; i < n->count && n->change != LS_CHANGE_NEW; i++) {
        const ls_item *item = n->notified[i].item;
        for (size_t k = 0; k < item->event_count; k++) {
            const ls_item_event *e = &item->events[k];
            ls_bytes audience = e->what == LS_HAPPENED_NOTIFIED ? e->change->audience : e->row->audience;
            if (audience.len > 0 && event_shows(e, &n->notified[i].said.place, audience, SIZE_MAX)) {
                LS_TRY(add_audience(c, n, audience, out));
            }
        }
    }
    return LS_SUCCESS;
}

/* Items as an audience sees them. */

/* Nothing of what it is not shown, the identifier included; false in *told if nothing is left to tell. */
static ls_result see_item(cli *c, const cli_notice *n, const cli_notified *y, ls_bytes audience, ls_notified_item *out,
                          bool *told)
{
    const ls_history_form *form = &n->living.sources.form;
    ls_field_change *changes = ls_arena_array(&c->arena, y->said.change_count + 1, sizeof *changes);
    if (changes == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = (ls_notified_item){.place = y->said.place, .changes = changes};
    if (is_shown(n, y, audience, form->id)) {
        out->id = y->said.id;
    }
    for (size_t i = 0; i < y->said.change_count; i++) {
        size_t field = ls_bytes_find(form->fields, form->field_count, y->said.changes[i].field);
        if (is_shown(n, y, audience, field)) {
            changes[out->change_count++] = y->said.changes[i];
        }
    }
    bool whole = n->change == LS_CHANGE_ELIMINATED || n->change == LS_CHANGE_NEW;
    *told = whole ? is_shown(n, y, audience, SIZE_MAX) : out->change_count > 0;
    return LS_SUCCESS;
}

/* A value that was not known to be anything can't be an old one: who is shown the row has it by now. */
static ls_result fill_file(cli *c, const cli_notice *n, cli_notice_file *f)
{
    ls_notified_item *items = ls_arena_array(&c->arena, n->count, sizeof *items);
    if (items == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    f->said = (ls_notification){.declaration = n->declared->name,
                                .change = n->change,
                                .date = n->date,
                                .has_ref = n->has_ref,
                                .ref = n->ref,
                                .items = items};
    for (size_t i = 0; i < n->count; i++) {
        bool told;
        LS_TRY(see_item(c, n, &n->notified[i], f->audience, &items[f->said.item_count], &told));
        f->said.item_count += told;
    }
    return f->said.item_count == 0 ? LS_SUCCESS : ls_notification_format(&f->said, &f->json, &c->detail);
}

/* Whoever is told nothing gets no file. */
static void drop_empty(cli_notice_files *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (f->file[i].said.item_count > 0) {
            f->file[kept++] = f->file[i];
        }
    }
    f->count = kept;
}

ls_result cli_notice_split(cli *c, const cli_notice *n, cli_notice_files *out)
{
    LS_TRY(find_audiences(c, n, out));
    for (size_t i = 0; i < out->count; i++) {
        LS_TRY(fill_file(c, n, &out->file[i]));
    }
    drop_empty(out);
    return out->count > 0 ? LS_SUCCESS
                          : ls_fail_with(&ls_fault_usage, &c->detail,
                                         "nobody was shown any of what changes, so that there is nobody to notify");
}

void cli_notice_files_free(cli_notice_files *f)
{
    for (size_t i = 0; i < f->count; i++) {
        ls_buf_wipe(&f->file[i].json);
    }
    f->count = 0;
}

/* The preview. */

#define ROWS_SHOWN 1000

static void show_item(cli *c, const ls_notified_item *item, bool is_new, cli_table *t)
{
    const char *name = item->id.len > 0
                           ? cli_text(c, item->id)
                           : ls_arena_format(&c->arena, item->place.tranche > 0 ? "row %llu" : "number %llu",
                                             (unsigned long long)item->place.row);
    if (item->change_count == 0) {
        const char *const cells[] = {name, "", "", ""};
        cli_table_row(c, t, cells);
    }
    for (size_t i = 0; i < item->change_count && t->rows < ROWS_SHOWN; i++) {
        const ls_field_change *x = &item->changes[i];
        const char *const cells[] = {i == 0 ? name : "", cli_text(c, x->field), is_new ? "" : cli_text(c, x->before),
                                     cli_text(c, x->after)};
        cli_table_row(c, t, cells);
    }
}

static void show_file(cli *c, const cli_notice *n, const cli_notice_file *f)
{
    cli_table t = {.columns = 4, .heading = {"item", "field", "before", "after"}};
    const char *said =
        n->change == LS_CHANGE_CORRECTED
            ? (n->has_ref ? "corrected as notified wrongly" : "corrected as declared wrongly")
            : ls_arena_format(&c->arena, "%s on %s", ls_change_name(n->change), cli_history_day(c, n->living.day));
    cli_paragraph("What becomes known to %s: of %zu item%s, %s, what stands below. Nothing of other rows.",
                  cli_readers(c, f->audience), f->said.item_count, f->said.item_count == 1 ? "" : "s", said);
    for (size_t i = 0; i < f->said.item_count; i++) {
        show_item(c, &f->said.items[i], n->change == LS_CHANGE_NEW, &t);
    }
    cli_table_print(&t);
    if (t.rows >= ROWS_SHOWN) {
        cli_print("… and further ones\n");
    }
}

static void warn_of_freezes(cli *c, const cli_notice *n)
{
    for (size_t i = 0; i < n->count && n->change == LS_CHANGE_MOVED; i++) {
        const ls_known_change change = {.known = n->living.known, .said = &(ls_notification){.change = n->change}};
        const ls_item_event e = {
            .what = LS_HAPPENED_NOTIFIED, .day = n->living.day, .change = &change, .item = &n->notified[i].said};
        const ls_frozen_row *x = ls_freezes_find(&n->living.freezes, &e);
        if (x != NULL) {
            cli_print(
                "warning: the visit of act %llu has frozen the site of %s: this will be shown as a movement under "
                "the freeze\n",
                (unsigned long long)x->visit, cli_text(c, n->notified[i].said.id));
        }
    }
}

void cli_notice_print(cli *c, const cli_notice *n, const cli_notice_files *f)
{
    cli_mark(c, c->ws.exercise);
    for (size_t i = 0; i < f->count; i++) {
        show_file(c, n, &f->file[i]);
        cli_print("\n");
    }
    if (n->same > 0) {
        cli_print("%zu row%s of the file %s as on the record, and not part of it.\n", n->same, n->same == 1 ? "" : "s",
                  n->same == 1 ? "is" : "are");
    }
    warn_of_freezes(c, n);
}
