/* inventory compare: what changed between two versions of a table. */
#include "cli/cli.h"
#include "tabular/compare.h"

#define ROWS_SHOWN 1000 /* lines of the table; --json has all */

/* One comparison and its two files. */
typedef struct comparing {
    cli *c;
    cli_inventory before, after;
    ls_comparison found;
} comparing;

static json_t *row_json(const ls_tabular *t, size_t row)
{
    json_t *object = json_object();
    for (size_t i = 0; i < t->column_count; i++) {
        json_object_setn_new(object, (const char *)t->columns[i].ptr, t->columns[i].len,
                             cli_json_bytes(ls_tabular_at(t, row, i)));
    }
    return object;
}

static json_t *rows_json(const ls_tabular *t, const size_t *rows, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, row_json(t, rows[i]));
    }
    return list;
}

static json_t *names_json(const ls_bytes *names, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, cli_json_bytes(names[i]));
    }
    return list;
}

static json_t *changed_json(const comparing *x, const ls_changed_row *row)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < row->column_count; i++) {
        const ls_common_column *column = &x->found.both[row->columns[i]];
        json_array_append_new(
            fields, json_pack("{s:o, s:o, s:o}", "column", cli_json_bytes(column->name), "before",
                              cli_json_bytes(ls_tabular_at(&x->before.table, row->before, column->before)), "after",
                              cli_json_bytes(ls_tabular_at(&x->after.table, row->after, column->after))));
    }
    return json_pack("{s:o, s:o}", "key",
                     cli_json_bytes(ls_tabular_at(&x->after.table, row->after, x->found.key_after)), "fields", fields);
}

static ls_result print_json(const comparing *x)
{
    const ls_comparison *f = &x->found;
    json_t *changed = json_array();
    for (size_t i = 0; i < f->changed_count; i++) {
        json_array_append_new(changed, changed_json(x, &f->changed[i]));
    }
    return cli_print_json(
        x->c, false,
        json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "key", cli_json_bytes(x->after.table.columns[f->key_after]),
                  "added", rows_json(&x->after.table, f->added, f->added_count), "removed",
                  rows_json(&x->before.table, f->removed, f->removed_count), "changed", changed, "same",
                  (json_int_t)f->same_count, "columns_added", names_json(f->added_columns, f->added_column_count),
                  "columns_removed", names_json(f->removed_columns, f->removed_column_count)));
}

/* As text. */

static void add_line(const comparing *x, cli_table *t, ls_bytes key, const char *what, ls_bytes column, ls_bytes before,
                     ls_bytes after)
{
    if (t->rows < ROWS_SHOWN) {
        const char *cells[] = {cli_text(x->c, key), what, cli_text(x->c, column), cli_text(x->c, before),
                               cli_text(x->c, after)};
        cli_table_row(x->c, t, cells);
    }
}

static void add_whole_rows(const comparing *x, cli_table *t, const ls_tabular *of, size_t key, const size_t *rows,
                           size_t count, const char *what)
{
    const ls_bytes none = {0};
    for (size_t i = 0; i < count; i++) {
        add_line(x, t, ls_tabular_at(of, rows[i], key), what, none, none, none);
    }
}

static size_t add_changed_row(const comparing *x, cli_table *t, const ls_changed_row *row)
{
    ls_bytes key = ls_tabular_at(&x->after.table, row->after, x->found.key_after);
    for (size_t i = 0; i < row->column_count; i++) {
        const ls_common_column *column = &x->found.both[row->columns[i]];
        add_line(x, t, key, "changed", column->name, ls_tabular_at(&x->before.table, row->before, column->before),
                 ls_tabular_at(&x->after.table, row->after, column->after));
    }
    return row->column_count;
}

static void print_columns(const comparing *x, const char *what, const ls_bytes *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cli_print("%s%s", i == 0 ? what : ", ", cli_text(x->c, names[i]));
    }
    cli_print("%s", count > 0 ? "\n" : "");
}

static void print_text(const comparing *x)
{
    const ls_comparison *f = &x->found;
    cli_table t = {
        .columns = 5,
        .heading = {cli_text(x->c, x->after.table.columns[f->key_after]), "what", "column", "before", "after"}};
    size_t lines = f->added_count + f->removed_count;
    add_whole_rows(x, &t, &x->after.table, f->key_after, f->added, f->added_count, "added");
    add_whole_rows(x, &t, &x->before.table, f->key_before, f->removed, f->removed_count, "removed");
    for (size_t i = 0; i < f->changed_count; i++) {
        lines += add_changed_row(x, &t, &f->changed[i]);
    }
    cli_print("%zu added, %zu removed, %zu changed, %zu the same\n", f->added_count, f->removed_count, f->changed_count,
              f->same_count);
    print_columns(x, "columns that were added: ", f->added_columns, f->added_column_count);
    print_columns(x, "columns that were removed: ", f->removed_columns, f->removed_column_count);
    if (t.rows > 0) {
        putchar('\n');
        cli_table_print(&t);
    }
    if (lines > ROWS_SHOWN) {
        cli_print("… and %zu more lines; --json has them all\n", lines - ROWS_SHOWN);
    }
}

/* Reading. */

/* The columns of a CSV file say what those are called that GeoJSON has no names for. */
static ls_result read_both(comparing *x)
{
    cli *c = x->c;
    ls_tabular_roles roles = {.id.len = 0};
    LS_TRY(cli_inventory_read(c, c->argument[0], NULL, &x->before));
    if (!x->before.geojson) {
        ls_tabular_guess_roles(&x->before.table, &roles);
    }
    LS_TRY(cli_inventory_read(c, c->argument[1], &roles, &x->after));
    if (x->before.geojson && !x->after.geojson) {
        ls_tabular_guess_roles(&x->after.table, &roles);
        cli_inventory_free(&x->before);
        return cli_inventory_read(c, c->argument[0], &roles, &x->before);
    }
    return LS_SUCCESS;
}

static ls_result find_key(const comparing *x, ls_bytes *out)
{
    const char *key = cli_value(x->c, "key");
    ls_tabular_roles roles = {.id = key == NULL ? (ls_bytes){0} : ls_bytes_str(key)};
    ls_tabular_guess_roles(&x->after.table, &roles);
    if (roles.id.len == 0) {
        ls_hint(&x->c->detail, "--key COLUMN, one whose values are all different");
        return ls_fail_with(&ls_fault_usage, &x->c->detail, "by which column are rows told apart? None is called id");
    }
    *out = roles.id;
    return LS_SUCCESS;
}

static ls_result compare(comparing *x)
{
    cli *c = x->c;
    int at_fault = 0;
    ls_comparison_form form;
    const char *const *ignored = cli_values(c, "ignore", &form.ignored_count);
    ls_bytes *names = ls_arena_array(&c->arena, form.ignored_count, sizeof *names);
    if (ignored == NULL || names == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < form.ignored_count; i++) {
        names[i] = ls_bytes_str(ignored[i]);
    }
    form.ignored = names;
    LS_TRY(read_both(x));
    LS_TRY(find_key(x, &form.key));
    ls_result r =
        ls_tabular_compare(&c->arena, &x->before.table, &x->after.table, &form, &x->found, &at_fault, &c->detail);
    if (ls_failed(r)) {
        cli_inventory_blame(c, at_fault == 1 ? &x->before : &x->after);
        return r;
    }
    if (c->json) {
        return print_json(x);
    }
    print_text(x);
    return LS_SUCCESS;
}

static ls_result run_compare(cli *c)
{
    comparing x = {.c = c};
    ls_result r = compare(&x);
    cli_inventory_free(&x.before);
    cli_inventory_free(&x.after);
    return r;
}

const cli_verb cli_verb_inventory_compare = {
    "inventory compare",
    "OLD NEW",
    "show what changed between two versions of an inventory",
    "Compares two tables, CSV or GeoJSON, row by row: which came, which went, which fields changed. Rows are told "
    "apart\n"
    "by --key, a column whose values are all different. The order of rows and of columns is no difference.",
    "  lockstep inventory compare plants-2022.csv plants-2023.csv --ignore LastUpdatedAt",
    2,
    2,
    {{"key", "COLUMN", "tells rows apart (default: the column that is called id)"},
     {"ignore", "COLUMN", "do not compare this one; may be repeated"},
     {0}},
    run_compare};
