/* Inventories as files: CSV or GeoJSON, by what they hold. */
#include "cli/cli.h"
#include <unistd.h>

#define INVENTORY_MAX (4ull << 30)

bool cli_is_geojson(ls_bytes text)
{
    size_t i = 0;
    while (i < text.len && text.ptr[i] != 0 && strchr(" \t\r\n", text.ptr[i]) != NULL) {
        i++;
    }
    return i < text.len && text.ptr[i] == '{';
}

/* Lines of an inventory are not shown: they may be secret, and as long as the file. */
ls_result cli_settle_geojson(cli *c, ls_result r)
{
    if (r.fault == &ls_fault_geojson) {
        return ls_fail(&ls_fault_document);
    }
    if (ls_succeeded(r)) {
        cli_print_diagnostics(c, stderr);
    }
    return r;
}

static ls_result read_table(cli *c, const char *path, const ls_tabular_roles *roles, cli_inventory *i)
{
    ls_bytes text = ls_buf_bytes(&i->file);
    i->path = path;
    i->geojson = cli_is_geojson(text);
    if (!i->geojson) {
        return ls_tabular_read_csv(text, &i->table, &c->detail);
    }
    ls_diagnostics *d = cli_diagnostics(c, path, (ls_bytes){0});
    ls_features_form form = {.column_count = 0};
    if (roles != NULL) {
        form.roles = *roles;
    }
    return d == NULL ? ls_fail(&ls_fault_memory)
                     : cli_settle_geojson(c, ls_tabular_read_geojson(text, &form, &i->table, d));
}

ls_result cli_inventory_read(cli *c, const char *path, const ls_tabular_roles *roles, cli_inventory *out)
{
    *out = (cli_inventory){0};
    ls_result r = ls_file_read(path, INVENTORY_MAX, &out->file, &c->detail);
    if (ls_succeeded(r)) {
        r = read_table(c, path, roles, out);
        if (ls_failed(r)) {
            cli_inventory_blame(c, out);
        }
    }
    if (ls_failed(r)) {
        cli_inventory_free(out);
    }
    return r;
}

/* GeoJSON becomes the CSV that is declared in memory only. Its lines are then those of the CSV: a feature a line,
 * behind the header, as long as no value has lines. */
ls_result cli_inventory_csv(cli *c, ls_inventory_form *form, ls_buf *out)
{
    ls_buf csv = {0};
    const char *path = form->file;
    LS_TRY(ls_file_read(path, INVENTORY_MAX, out, &c->detail));
    if (!cli_is_geojson(ls_buf_bytes(out))) {
        return LS_SUCCESS;
    }
    ls_diagnostics *d = cli_diagnostics(c, path, (ls_bytes){0});
    form->file = ls_arena_format(&c->arena, "%s, as CSV", path);
    ls_result r = d == NULL || form->file == NULL ? ls_fail(&ls_fault_memory)
                                                  : ls_features_declared(ls_buf_bytes(out), form, &csv, d);
    ls_buf_wipe(out);
    *out = csv;
    return cli_settle_geojson(c, r);
}

void cli_inventory_blame(cli *c, const cli_inventory *i)
{
    snprintf(c->detail.file, sizeof c->detail.file, "%s", strcmp(i->path, "-") == 0 ? "standard input" : i->path);
}

void cli_inventory_free(cli_inventory *i)
{
    ls_tabular_free(&i->table);
    ls_buf_wipe(&i->file);
}

ls_result cli_write_out(cli *c, const ls_buf *text)
{
    const char *path = cli_value(c, "out");
    if (path != NULL) {
        return ls_file_create(path, ls_buf_bytes(text), &c->detail);
    }
    if (isatty(STDOUT_FILENO) != 0) {
        cli_print("%.*s", (int)(text->len < INT32_MAX ? text->len : INT32_MAX), (const char *)text->ptr);
        return LS_SUCCESS;
    }
    (void)fwrite(text->ptr, 1, text->len, stdout); /* main looks whether all was written */
    return LS_SUCCESS;
}
