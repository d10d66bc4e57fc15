/* inventory convert: CSV into GeoJSON and back. */
#include "cli/cli.h"

static void print_remark(size_t count, const char *what)
{
    if (count > 0) {
        cli_print_to(stderr, "note: %s: %zu\n", what, count);
    }
}

static ls_result report(cli *c, const cli_inventory *i, bool to_geojson, const ls_features_remarks *remarks)
{
    if (c->json) {
        return cli_print_json(c, false,
                              json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "to", to_geojson ? "geojson" : "csv", "rows",
                                        (json_int_t)i->table.row_count, "columns", (json_int_t)i->table.column_count,
                                        "without_place", (json_int_t)remarks->no_place, "no_decimal_degrees",
                                        (json_int_t)remarks->bad_place, "respelt", (json_int_t)remarks->respelt));
    }
    print_remark(remarks->no_place, "rows without coordinates, whose geometry is null");
    print_remark(remarks->bad_place, "rows whose coordinates are no decimal degrees, kept as properties");
    print_remark(remarks->respelt, "rows whose coordinates were written without '+' and zeros in front");
    if (cli_value(c, "out") != NULL) {
        cli_print("%zu rows of %zu columns are in %s\n", i->table.row_count, i->table.column_count,
                  cli_value(c, "out"));
    }
    return LS_SUCCESS;
}

/* Names given must be columns; of the others, what is usual. */
static ls_result choose_roles(cli *c, const ls_tabular *t, ls_tabular_roles *roles)
{
    const ls_bytes given[] = {roles->id, roles->latitude, roles->longitude};
    size_t column;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (given[i].len > 0) {
            LS_TRY(ls_tabular_find(t, given[i], &column, &c->detail));
        }
    }
    ls_tabular_guess_roles(t, roles);
    return LS_SUCCESS;
}

static ls_result convert(cli *c, const cli_inventory *i, ls_tabular_roles *roles, bool to_geojson)
{
    ls_buf out = {0};
    ls_features_remarks remarks = {0};
    ls_result r;
    if (!to_geojson) {
        ls_tabular_write_csv(&i->table, &out);
        r = ls_buf_check(&out);
    } else {
        r = choose_roles(c, &i->table, roles);
        r = ls_succeeded(r) ? ls_tabular_write_geojson(&i->table, roles, &out, &remarks, &c->detail) : r;
        if (ls_failed(r)) {
            cli_inventory_blame(c, i);
        }
    }
    r = ls_succeeded(r) ? cli_write_out(c, &out) : r;
    ls_buf_wipe(&out);
    return ls_succeeded(r) ? report(c, i, to_geojson, &remarks) : r;
}

static ls_bytes value_bytes(const cli *c, const char *option)
{
    const char *value = cli_value(c, option);
    return value == NULL ? (ls_bytes){0} : ls_bytes_str(value);
}

static ls_result run_convert(cli *c)
{
    const char *to = cli_value(c, "to");
    cli_inventory i;
    if (to != NULL && strcmp(to, "geojson") != 0 && strcmp(to, "csv") != 0) {
        ls_hint(&c->detail, "--to geojson, or --to csv");
        return ls_fail_with(&ls_fault_usage, &c->detail, "inventories are CSV or GeoJSON, not %s", to);
    }
    if ((cli_value(c, "latitude") == NULL) != (cli_value(c, "longitude") == NULL)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--latitude and --longitude stand together or not at all");
    }
    if (c->json && cli_value(c, "out") == NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--json needs --out FILE, as the inventory itself is printed");
    }
    ls_tabular_roles roles = {
        .id = value_bytes(c, "id"), .latitude = value_bytes(c, "latitude"), .longitude = value_bytes(c, "longitude")};
    LS_TRY(cli_inventory_read(c, c->argument[0], &roles, &i));
    ls_result r = convert(c, &i, &roles, to == NULL ? !i.geojson : strcmp(to, "geojson") == 0);
    cli_inventory_free(&i);
    return r;
}

const cli_verb cli_verb_inventory_convert = {
    "inventory convert",
    "FILE [--to geojson|csv]",
    "make GeoJSON of a CSV inventory, or CSV of GeoJSON",
    "Reads an inventory, CSV or GeoJSON (RFC 7946), and writes it in the other form, row for feature, with the "
    "numbers\n"
    "as they stand. A Point becomes the columns for latitude and longitude, any other geometry the column geometry.\n"
    "What an inventory can't hold (nested properties, altitudes) is refused. GeoJSON made here becomes the same CSV\n"
    "again. Without --id, --latitude and --longitude: the columns that are called so, or lat and lon.",
    "  lockstep inventory convert sites.csv --out sites.geojson\n"
    "  lockstep inventory convert sites.geojson --to csv --latitude lat --longitude lon",
    1,
    1,
    {{"to", "FORM", "geojson or csv (default: the other one)"},
     {"id", "COLUMN", "the column that is the features' id"},
     {"latitude", "COLUMN", "the column for latitudes"},
     {"longitude", "COLUMN", "the column for longitudes"},
     {"out", "FILE", "write to this file, which must be new (default: standard output)"},
     {0}},
    run_convert};
