/* inventory: what was declared, as it stands on the record at a date. */
#include "cli/living.h"
#include "cli/scorecard.h"

/* The only declaration of the accord, or that which is named. */
static ls_result find_declared(cli *c, int *accord, const ls_declared **out)
{
    const char *name = c->argument_count > 0 ? c->argument[0] : NULL;
    LS_TRY(cli_find_accord(c, accord));
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)*accord)->roadmap;
    const ls_declared *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < m->declaration_count; i++) {
        if (name == NULL || ls_bytes_is(m->declarations[i].name, name)) {
            found = &m->declarations[i];
            count++;
        }
    }
    if (count != 1) {
        ls_hint(&c->detail, "lockstep accord show lists what each party declares");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s",
                            name != NULL ? "the accord has no such declaration"
                            : count == 0 ? "nothing is declared under the accord"
                                         : "which declaration? There are several");
    }
    *out = found;
    return LS_SUCCESS;
}

/* As a table. */

static ls_result fill_row(const ls_item *item, ls_tabular *t, size_t *unknown)
{
    LS_TRY(ls_tabular_add_row(t, 0));
    for (size_t f = 0; f < t->column_count; f++) {
        *unknown += item->values[f].ptr == NULL;
        if (item->values[f].len > 0) {
            LS_TRY(ls_tabular_set(t, t->row_count - 1, f, item->values[f]));
        }
    }
    return LS_SUCCESS;
}

static ls_result fill_table(const cli_living *l, ls_tabular *t, size_t *unknown)
{
    const ls_history_form *form = &l->sources.form;
    t->columns = ls_arena_array(&t->arena, form->field_count, sizeof *t->columns);
    if (t->columns == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(t->columns, form->fields, form->field_count * sizeof *t->columns);
    t->column_count = form->field_count;
    for (size_t i = 0; i < l->history.count; i++) {
        if (l->history.items[i].stage == LS_ITEM_THERE) {
            LS_TRY(fill_row(&l->history.items[i], t, unknown));
        }
    }
    return LS_SUCCESS;
}

static ls_result format_table(cli *c, const cli_living *l, const ls_tabular *t, ls_buf *text)
{
    const ls_declared *d = l->sources.declared;
    ls_tabular_roles roles = {.id = d->id_column, .latitude = d->latitude, .longitude = d->longitude};
    ls_features_remarks remarks;
    if (cli_flag(c, "csv")) {
        ls_tabular_write_csv(t, text);
        return ls_buf_check(text);
    }
    ls_tabular_guess_roles(t, &roles);
    return ls_tabular_write_geojson(t, &roles, text, &remarks, &c->detail);
}

static ls_result write_table(cli *c, const cli_living *l)
{
    ls_tabular t = {0};
    ls_buf text = {0};
    size_t unknown = 0;
    ls_result r = fill_table(l, &t, &unknown);
    r = ls_succeeded(r) ? format_table(c, l, &t, &text) : r;
    r = ls_succeeded(r) ? cli_write_out(c, &text) : r;
    if (ls_succeeded(r) && c->ws.exercise) {
        cli_print_to(stderr, "note: this table is of an exercise\n");
    }
    if (ls_succeeded(r) && unknown > 0) {
        cli_print_to(stderr, "note: %zu values that are not shown to this party stand there as empty ones\n", unknown);
    }
    ls_buf_wipe(&text);
    ls_tabular_free(&t);
    return r;
}

/* The verb. */

static ls_result show(cli *c, const cli_living *l)
{
    const char *id = cli_value(c, "item");
    const ls_item *item = id == NULL ? NULL : cli_living_find(l, ls_bytes_str(id));
    if (id != NULL && item == NULL) {
        ls_hint(&c->detail, "identifiers are compared byte for byte; lockstep inventory lists them");
        return ls_fail_with(&ls_fault_usage, &c->detail, "no item with the identifier \"%s\" is known here", id);
    }
    if (c->json) {
        return cli_living_json(c, l, item);
    }
    if (cli_flag(c, "csv") || cli_flag(c, "geojson")) {
        return write_table(c, l);
    }
    return item != NULL ? cli_print_history(c, l, item) : cli_print_living(c, l);
}

static ls_result run_inventory(cli *c)
{
    ls_time at, known;
    int accord;
    const ls_declared *d = NULL;
    cli_living living = {0};
    if (c->json + cli_flag(c, "csv") + cli_flag(c, "geojson") > 1) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "choose one of --json, --csv and --geojson");
    }
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(find_declared(c, &accord, &d));
    ls_result r = cli_living_read(c, accord, d, at, known, &living);
    r = ls_succeeded(r) ? show(c, &living) : r;
    cli_living_free(&living);
    return r;
}

const cli_verb cli_verb_inventory = {
    "inventory",
    "[DECLARATION]",
    "what was declared, as it stands at a date",
    "Shows the items of a declaration at a date, from what this workspace can read: of its own declaration every row,\n"
    "of another's those that were opened, each with what was notified of it since. Changes count from their date;\n"
    "corrections from the declaration on, in what was known after them. What contradicts what was said before is\n"
    "shown with both acts. With --csv and --geojson it is a table of the declaration's fields.",
    "  lockstep -C usa inventory --at 2018-11-30\n"
    "  lockstep -C usa inventory sites --at 2018-11-30 --as-known 2018-11-15 --csv\n"
    "  lockstep -C usa inventory --item nk-tonghae",
    0,
    1,
    {CLI_OPTIONS_TIMES,
     {"item", "ID", "only this item, with its history"},
     {"csv", NULL, "as CSV: the items that are there, with the declaration's fields"},
     {"geojson", NULL, "the same as GeoJSON"},
     {"out", "FILE", "with --csv or --geojson: write to this file, which must be new"},
     {0}},
    run_inventory};
