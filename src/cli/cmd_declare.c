/* declare: a preview of what becomes known to whom, then the act. */
#include "cli/cli.h"
#include "workspace/declare.h"

#define REMARKS_SHOWN 8 /* lines named for each kind of remark */

static const char *const remark_texts[LS_REMARK_KINDS] = {
    [LS_REMARK_DUPLICATE_ID] = "ids that stand more than once",
    [LS_REMARK_NO_ID] = "rows without an id",
    [LS_REMARK_NO_PLACE] = "rows without coordinates",
    [LS_REMARK_BAD_PLACE] = "rows whose coordinates are no decimal degrees",
};

static json_t *preview_json(cli *c, const ls_declaring *d)
{
    json_t *tranches = json_array(), *remarks = json_object();
    for (uint32_t k = 1; k <= d->declared->tranche_count; k++) {
        uint64_t rows = ls_inventory_rows(&d->inventory, k);
        json_array_append_new(tranches, json_pack("{s:s, s:I, s:I, s:I}", "label",
                                                  cli_text(c, d->declared->labels[k - 1]), "rows", (json_int_t)rows,
                                                  "blank", (json_int_t)(d->declared->padded[k - 1] - rows), "padded",
                                                  (json_int_t)d->declared->padded[k - 1]));
    }
    for (int i = 0; i < LS_REMARK_KINDS; i++) {
        json_object_set_new(remarks, remark_texts[i], json_integer((json_int_t)d->inventory.remark_count[i]));
    }
    return json_pack("{s:o, s:o, s:b}", "tranches", tranches, "remarks", remarks, "supplement", d->supplement);
}

static void print_remarks(const ls_declaring *d)
{
    for (int kind = 0; kind < LS_REMARK_KINDS; kind++) {
        if (d->inventory.remark_count[kind] == 0) {
            continue;
        }
        cli_print("note: %s: %llu", remark_texts[kind], (unsigned long long)d->inventory.remark_count[kind]);
        size_t shown = 0;
        for (size_t i = 0; i < d->inventory.remark_kept && shown < REMARKS_SHOWN; i++) {
            if ((int)d->inventory.remark[i].kind == kind) {
                cli_print("%s %u", shown++ > 0 ? "," : ", in line", d->inventory.remark[i].line);
            }
        }
        cli_print("%s\n", shown > 0 && d->inventory.remark_count[kind] > shown ? ", …" : "");
    }
}

static void print_preview(cli *c, const ls_declaring *d)
{
    cli_table t = {.columns = 5, .heading = {"tranche", "label", "rows", "blank rows", "shown to all"}};
    for (uint32_t k = 1; k <= d->declared->tranche_count; k++) {
        uint64_t rows = ls_inventory_rows(&d->inventory, k), padded = d->declared->padded[k - 1];
        const char *cells[] = {ls_arena_format(&c->arena, "%u", k), cli_text(c, d->declared->labels[k - 1]),
                               ls_arena_format(&c->arena, "%llu", (unsigned long long)rows),
                               ls_arena_format(&c->arena, "%llu", (unsigned long long)(padded - rows)),
                               ls_arena_format(&c->arena, "%llu", (unsigned long long)padded)};
        cli_table_row(c, &t, cells);
    }
    cli_mark(c, c->ws.exercise);
    if (d->inventory.separator != ',') {
        cli_print("note: read with %s as the separator, as spreadsheets write it\n",
                  d->inventory.separator == ';' ? "semicolons" : "tabs");
    }
    cli_table_print(&t);
    print_remarks(d);
    if (d->inventory.row_count == 0) {
        cli_print("warning: the inventory has no rows: everything that is committed to is blank\n");
    }
    if (d->supplement) {
        cli_print("warning: %s was declared before; rows that stand in both will be opened twice\n",
                  cli_text(c, d->declared->name));
    }
    putchar('\n');
    cli_paragraph(
        "%s becomes known to %s: that %s has committed to %llu rows of %zu fields in %zu tranches, %llu bytes a"
        " row, as the accord says. Not which rows are blank, no value, no length, no order.",
        d->supplement ? "This supplements what was declared before. What" : "What",
        cli_readers(c, ls_bytes_str("process")), cli_text(c, c->ws.party), (unsigned long long)d->rows,
        d->declared->field_count, d->declared->tranche_count, (unsigned long long)d->declared->row_bytes);
}

static ls_result declare(cli *c, const ls_declaring *d, const char *backup)
{
    ls_filed filed;
    if (c->json) {
        if (cli_flag(c, "preview")) {
            return cli_print_json(c, c->ws.exercise, preview_json(c, d));
        }
    } else {
        print_preview(c, d);
        if (cli_flag(c, "preview")) {
            return LS_SUCCESS;
        }
    }
    LS_TRY(cli_confirm(c, "Commit to this inventory and sign the declaration?"));
    cli_progress line = cli_progress_begin("declaring");
    ls_result r = ls_workspace_declare(&c->ws, d, backup, cli_signers(c), (ls_progress){cli_progress_show, &line},
                                       &filed, &c->detail);
    cli_progress_end(&line);
    LS_TRY(r);
    return cli_report_filed(
        c, ls_arena_format(&c->arena, "declare %.*s", (int)d->declared->name.len, (const char *)d->declared->name.ptr),
        &filed);
}

static ls_result read_and_declare(cli *c, int accord, const ls_declared *declared, ls_buf *text)
{
    ls_declaring d;
    ls_inventory_form form = ls_declaring_form(declared, cli_value(c, "inventory"));
    LS_TRY(cli_inventory_csv(c, &form, text));
    LS_TRY(ls_declaring_read(&c->ws, accord, declared, form.file, ls_buf_bytes(text), &d, &c->detail));
    ls_result r = declare(c, &d, cli_value(c, "backup"));
    ls_declaring_free(&d);
    return r;
}

static ls_result run_declare(cli *c)
{
    const char *path = cli_value(c, "inventory"), *backup = cli_value(c, "backup");
    ls_buf text = {0};
    int accord;
    const ls_declared *declared;
    if (path == NULL || (backup == NULL && !cli_flag(c, "preview"))) {
        ls_hint(&c->detail, "lockstep declare --inventory sites.csv --backup /media/safe");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s",
                            path == NULL
                                ? "which inventory?"
                                : "where shall the backup of the sealed rows go? Without them nothing can be opened");
    }
    LS_TRY(cli_sync(c));
    LS_TRY(cli_find_declared(c, &accord, &declared));
    ls_result r = read_and_declare(c, accord, declared, &text);
    ls_buf_wipe(&text);
    return r;
}

const cli_verb cli_verb_declare = {
    "declare",
    "--inventory FILE --backup FOLDER",
    "commit to a complete inventory",
    "Reads the inventory, shows what will become known to whom, asks, and commits: each row under its own key, each\n"
    "tranche padded with blank rows to the number that the accord fixes. The sealed rows go to the workspace and to\n"
    "the backup's folder before anything is signed. Declaring the same name again supplements; it never replaces. The\n"
    "inventory is CSV, or GeoJSON whose properties are the declaration's fields.",
    "  lockstep -C dprk declare --inventory facilities.csv --backup /media/safe",
    0,
    0,
    {{"inventory", "FILE", "the inventory, CSV or GeoJSON"},
     {"backup", "FOLDER", "where a second copy of the sealed rows goes"},
     {"declaration", "NAME", "which declaration of the accord, where there are several"},
     {"preview", NULL, "show what would become known, and stop"},
     {0}},
    run_declare};
