/* Rows as people give them: CSV, GeoJSON or YAML. */
#include "cli/notify.h"
#include "escrow/text.h"
#include "yaml/yaml.h"
#include <stdlib.h>

static ls_result blame(cli *c, const cli_given *g, unsigned line)
{
    snprintf(c->detail.file, sizeof c->detail.file, "%s", g->path);
    c->detail.line = line;
    c->detail.column = 1;
    return ls_fail(&ls_fault_usage);
}

/* Columns. */

static const char *nearest_field(cli *c, const ls_declared *d, ls_bytes name)
{
    const char **all = ls_arena_array(&c->arena, d->field_count, sizeof *all);
    for (size_t i = 0; all != NULL && i < d->field_count; i++) {
        all[i] = cli_text(c, d->fields[i]);
    }
    return all == NULL ? NULL : ls_nearest(name, all, d->field_count);
}

/* A field, or *skipped for the tranche's column. */
static ls_result find_field(cli *c, const cli_given *g, const ls_declared *d, ls_bytes name, unsigned line,
                            size_t *field, bool *skipped)
{
    *skipped = ls_bytes_equal(name, d->tranche_column);
    *field = ls_bytes_find(d->fields, d->field_count, name);
    if (*skipped || *field < d->field_count) {
        return LS_SUCCESS;
    }
    const char *near = nearest_field(c, d, name);
    ls_hint(&c->detail, near == NULL ? "columns have the names of the declaration's fields" : "was %s meant?", near);
    (void)ls_failed(
        ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has no field \"%s\"", cli_text(c, name)));
    return blame(c, g, line);
}

/* Tables. */

static ls_result map_columns(cli *c, const cli_given *g, const ls_declared *d, const ls_tabular *t, size_t *fields,
                             bool *skipped)
{
    for (size_t i = 0; i < t->column_count; i++) {
        LS_TRY(find_field(c, g, d, t->columns[i], 1, &fields[i], &skipped[i]));
    }
    return LS_SUCCESS;
}

static ls_result take_table_row(cli *c, const ls_declared *d, const ls_tabular *t, size_t r, const size_t *fields,
                                const bool *skipped, cli_given_row *out)
{
    size_t *which = ls_arena_array(&c->arena, t->column_count, sizeof *which);
    ls_bytes *values = ls_arena_array(&c->arena, t->column_count, sizeof *values);
    if (which == NULL || values == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = (cli_given_row){.line = t->lines[r], .fields = which, .values = values};
    for (size_t i = 0; i < t->column_count; i++) {
        ls_bytes value = ls_tabular_at(t, r, i);
        value = value.ptr == NULL ? ls_bytes_str("") : value;
        if (ls_bytes_equal(t->columns[i], d->id_column)) {
            out->id = value;
        } else if (!skipped[i]) {
            which[out->count] = fields[i];
            values[out->count++] = value;
        }
    }
    return LS_SUCCESS;
}

static ls_result read_table(cli *c, const ls_declared *d, cli_given *g, cli_given_row **rows)
{
    const ls_tabular_roles roles = {.id = d->id_column, .latitude = d->latitude, .longitude = d->longitude};
    LS_TRY(cli_inventory_read(c, g->path, &roles, &g->file));
    const ls_tabular *t = &g->file.table;
    size_t *fields = ls_arena_array(&c->arena, t->column_count, sizeof *fields);
    bool *skipped = ls_arena_array(&c->arena, t->column_count, sizeof *skipped);
    *rows = ls_arena_array(&c->arena, t->row_count + 1, sizeof **rows);
    if (fields == NULL || skipped == NULL || *rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(map_columns(c, g, d, t, fields, skipped));
    for (size_t r = 0; r < t->row_count; r++) {
        LS_TRY(take_table_row(c, d, t, r, fields, skipped, &(*rows)[g->count++]));
    }
    return LS_SUCCESS;
}

/* YAML. */

/* A scalar as text; NULL: it is none. */
static const char *scalar_text(cli *c, const ls_value *v)
{
    if (v->type == LS_STRING) {
        return ls_arena_str(&c->arena, v->string);
    }
    if (v->type == LS_BOOLEAN) {
        return v->boolean ? "true" : "false";
    }
    return v->type == LS_INTEGER ? ls_arena_format(&c->arena, "%lld", (long long)v->integer) : NULL;
}

static ls_result take_entry(cli *c, const cli_given *g, const ls_declared *d, const ls_entry *e, cli_given_row *row,
                            size_t *which, ls_bytes *values)
{
    const char *text = scalar_text(c, e->value);
    bool skipped;
    size_t field;
    if (text == NULL) {
        ls_hint(&c->detail, "for example: - {id: nk-tonghae, lat: \"40.9\"}");
        (void)ls_failed(ls_fail_with(&ls_fault_usage, &c->detail, "a field has one value"));
        return blame(c, g, e->mark.line);
    }
    LS_TRY(find_field(c, g, d, e->key, e->mark.line, &field, &skipped));
    if (ls_bytes_equal(e->key, d->id_column)) {
        row->id = ls_bytes_str(text);
    } else if (!skipped) {
        which[row->count] = field;
        values[row->count++] = ls_bytes_str(text);
    }
    return LS_SUCCESS;
}

static ls_result take_map(cli *c, const cli_given *g, const ls_declared *d, const ls_value *v, cli_given_row *row)
{
    if (v->type != LS_MAP) {
        ls_hint(&c->detail, "for example: - {id: nk-tonghae, lat: \"40.9\"}");
        (void)ls_failed(ls_fail_with(&ls_fault_usage, &c->detail, "the file is a list of rows, each with its fields"));
        return blame(c, g, v->mark.line);
    }
    size_t *which = ls_arena_array(&c->arena, v->count, sizeof *which);
    ls_bytes *values = ls_arena_array(&c->arena, v->count, sizeof *values);
    if (which == NULL || values == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *row = (cli_given_row){.line = v->mark.line, .fields = which, .values = values};
    for (size_t i = 0; i < v->count; i++) {
        LS_TRY(take_entry(c, g, d, &v->entries[i], row, which, values));
    }
    return LS_SUCCESS;
}

static ls_result read_yaml(cli *c, const ls_declared *d, cli_given *g, cli_given_row **rows)
{
    ls_bytes text;
    ls_value *v;
    LS_TRY(cli_read(c, g->path, &text));
    ls_diagnostics *diagnostics = cli_diagnostics(c, g->path, text);
    if (diagnostics == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(&c->arena, text, diagnostics, &v));
    if (v == NULL) {
        return ls_fail(&ls_fault_document);
    }
    size_t count = v->type == LS_LIST ? v->count : 1;
    *rows = ls_arena_array(&c->arena, count, sizeof **rows);
    if (*rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(take_map(c, g, d, v->type == LS_LIST ? v->items[i] : v, &(*rows)[g->count++]));
    }
    return LS_SUCCESS;
}

/* All. */

static int by_id(const void *a, const void *b)
{
    const cli_given_row *const *x = a, *const *y = b;
    return ls_text_compare(&(*x)->id, &(*y)->id);
}

static ls_result check_ids(cli *c, const cli_given *g, const ls_declared *d)
{
    const cli_given_row **sorted = ls_arena_array(&c->arena, g->count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < g->count; i++) {
        sorted[i] = &g->row[i];
        if (g->row[i].id.len == 0) {
            ls_hint(&c->detail, "each row has its identifier, in the column %s", cli_text(c, d->id_column));
            (void)ls_failed(ls_fail_with(&ls_fault_usage, &c->detail, "which item is it? The row has no identifier"));
            return blame(c, g, g->row[i].line);
        }
    }
    qsort(sorted, g->count, sizeof *sorted, by_id);
    for (size_t i = 1; i < g->count; i++) {
        if (ls_bytes_equal(sorted[i - 1]->id, sorted[i]->id)) {
            (void)ls_failed(ls_fail_with(&ls_fault_usage, &c->detail, "the identifier \"%s\" stands here twice",
                                         cli_text(c, sorted[i]->id)));
            return blame(c, g, sorted[i]->line);
        }
    }
    return LS_SUCCESS;
}

static bool is_yaml(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

ls_result cli_given_read(cli *c, const char *path, const ls_declared *d, cli_given *out)
{
    cli_given_row *rows = NULL;
    *out = (cli_given){.path = path};
    LS_TRY(is_yaml(path) ? read_yaml(c, d, out, &rows) : read_table(c, d, out, &rows));
    out->row = rows;
    if (out->count == 0) {
        (void)ls_failed(ls_fail_with(&ls_fault_usage, &c->detail, "there are no rows in it"));
        return blame(c, out, 0);
    }
    return check_ids(c, out, d);
}

void cli_given_free(cli_given *g)
{
    cli_inventory_free(&g->file);
}
