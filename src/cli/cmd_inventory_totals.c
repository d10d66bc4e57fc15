/* inventory totals: rows counted and numbers added up, by what they have in common. */
#include "cli/cli.h"
#include "tabular/totals.h"

/* One adding up and its file. */
typedef struct adding {
    cli *c;
    cli_inventory file;
    ls_totals_form form;
    ls_totals found;
} adding;

static json_t *total_json(const adding *a, const ls_total *total)
{
    json_t *object = json_pack("{s:I}", "rows", (json_int_t)total->rows);
    if (total->sum != NULL) {
        json_object_set_new(object, "numbers", json_integer((json_int_t)total->numbers));
        json_object_set_new(object, "sum", json_string(total->sum)); /* exact, which a number in JSON need not be */
    }
    if (total != &a->found.all) {
        json_t *by = json_object();
        for (size_t i = 0; i < a->form.by_count; i++) {
            json_object_setn_new(by, (const char *)a->form.by[i].ptr, a->form.by[i].len,
                                 cli_json_bytes(ls_tabular_at(&a->file.table, total->row, a->found.by[i])));
        }
        json_object_set_new(object, "by", by);
    }
    return object;
}

static ls_result print_json(const adding *a)
{
    json_t *groups = json_array();
    for (size_t i = 0; i < a->found.count; i++) {
        json_array_append_new(groups, total_json(a, &a->found.groups[i]));
    }
    return cli_print_json(a->c, false, json_pack("{s:o, s:o}", "groups", groups, "all", total_json(a, &a->found.all)));
}

static void add_line(const adding *a, cli_table *t, const ls_total *total)
{
    const char *cells[CLI_COLUMNS_MAX];
    bool grand = total == &a->found.all;
    size_t count = 0;
    for (; count < a->form.by_count; count++) {
        cells[count] = grand ? (count == 0 ? "all" : "")
                             : cli_text(a->c, ls_tabular_at(&a->file.table, total->row, a->found.by[count]));
    }
    cells[count++] = ls_arena_format(&a->c->arena, "%zu", total->rows);
    if (total->sum != NULL) {
        cells[count++] = total->numbers == 0 ? "" : total->sum;
    }
    cli_table_row(a->c, t, cells);
}

static void print_text(const adding *a)
{
    cli_table t = {0};
    for (; t.columns < a->form.by_count; t.columns++) {
        t.heading[t.columns] = cli_text(a->c, a->form.by[t.columns]);
    }
    t.heading[t.columns++] = "rows";
    if (a->form.sum.len > 0) {
        t.heading[t.columns++] = cli_text(a->c, a->form.sum);
    }
    for (size_t i = 0; i < a->found.count; i++) {
        add_line(a, &t, &a->found.groups[i]);
    }
    add_line(a, &t, &a->found.all);
    cli_table_print(&t);
    if (a->form.sum.len > 0 && a->found.all.numbers < a->found.all.rows) {
        cli_print("note: rows without a number: %zu\n", a->found.all.rows - a->found.all.numbers);
    }
}

/* COLUMN,COLUMN; a column whose name has a comma can't be named. */
static ls_result read_by(cli *c, ls_totals_form *form)
{
    static ls_bytes by[LS_TOTALS_COLUMNS_MAX];
    const char *list = cli_value(c, "by");
    ls_reader r = ls_reader_of(list == NULL ? (ls_bytes){0} : ls_bytes_str(list));
    for (ls_bytes name; ls_read_until(&r, ',', &name);) {
        if (form->by_count == LS_TOTALS_COLUMNS_MAX) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "--by takes at most %d columns", LS_TOTALS_COLUMNS_MAX);
        }
        by[form->by_count++] = name;
    }
    form->by = by;
    return LS_SUCCESS;
}

static ls_result read_conditions(cli *c, ls_totals_form *form)
{
    const char *const *given = cli_values(c, "where", &form->condition_count);
    ls_condition *conditions = ls_arena_array(&c->arena, form->condition_count, sizeof *conditions);
    if (given == NULL || conditions == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < form->condition_count; i++) {
        const char *equals = strchr(given[i], '=');
        if (equals == NULL || equals == given[i]) {
            ls_hint(&c->detail, "--where \"status=deployed\"");
            return ls_fail_with(&ls_fault_usage, &c->detail, "a condition is COLUMN=VALUE, not %s", given[i]);
        }
        conditions[i] = (ls_condition){ls_bytes_of(given[i], (size_t)(equals - given[i])), ls_bytes_str(equals + 1)};
    }
    form->conditions = conditions;
    return LS_SUCCESS;
}

static ls_result total(adding *a)
{
    cli *c = a->c;
    const char *sum = cli_value(c, "sum");
    LS_TRY(read_by(c, &a->form));
    LS_TRY(read_conditions(c, &a->form));
    a->form.sum = sum == NULL ? (ls_bytes){0} : ls_bytes_str(sum);
    LS_TRY(cli_inventory_read(c, c->argument[0], NULL, &a->file));
    ls_result r = ls_tabular_totals(&c->arena, &a->file.table, &a->form, &a->found, &c->detail);
    if (ls_failed(r)) {
        cli_inventory_blame(c, &a->file);
        return r;
    }
    if (c->json) {
        return print_json(a);
    }
    print_text(a);
    return LS_SUCCESS;
}

static ls_result run_totals(cli *c)
{
    adding a = {.c = c};
    ls_result r = total(&a);
    cli_inventory_free(&a.file);
    return r;
}

const cli_verb cli_verb_inventory_totals = {
    "inventory totals",
    "FILE --by COLUMN[,COLUMN] [--sum COLUMN]",
    "count the rows of an inventory and add up a column, by group",
    "Counts rows, and adds up the column of --sum, for each combination of values of the columns of --by, and for all\n"
    "together: the totals that treaties have exchanged. Sums are exact. With --where only rows count that have this\n"
    "value; several values of one column are alternatives, several columns must all fit.",
    "  lockstep inventory totals delivery-vehicles.csv --by item --sum count\n"
    "  lockstep inventory totals delivery-vehicles.csv --by system --sum count --where \"item=Deployed Heavy Bombers\"",
    1,
    1,
    {{"by", "COLUMNS", "a group for each combination of their values (default: all rows together)"},
     {"sum", "COLUMN", "add up this column's numbers"},
     {"where", "COLUMN=VALUE", "only rows with this value; may be repeated"},
     {0}},
    run_totals};
