/* declare and open: a preview of what becomes known to whom, then the act. */
#include "cli/cli.h"
#include "process/sealed.h"
#include "workspace/declare.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define INVENTORY_MAX (4ull << 30)
#define REMARKS_SHOWN 8 /* lines named for each kind of remark */

/* Progress on a terminal, for whatever takes more than a second. */

typedef struct progress_line {
    double begun, shown;
    const char *what;
    bool any;
} progress_line;

static void show_progress(void *context, uint64_t done, uint64_t all)
{
    progress_line *p = context;
    double now = ls_clock_monotonic();
    if (isatty(STDERR_FILENO) == 0 || now - p->begun < 1 || (now - p->shown < 0.2 && done < all)) {
        return;
    }
    p->shown = now;
    p->any = true;
    fprintf(stderr, "\r%s: %llu of %llu rows (%d %%), %.0f rows/s ", p->what, (unsigned long long)done,
            (unsigned long long)all, all == 0 ? 100 : (int)(100 * done / all), (double)done / (now - p->begun));
}

static void end_progress(const progress_line *p)
{
    if (p->any) {
        fputc('\n', stderr);
    }
}

/* Who can read a file for this audience, by their titles. */
static const char *readers(cli *c, ls_bytes audience)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    uint32_t parties = ls_audience_members(charter, audience);
    ls_buf names = {0};
    for (size_t i = 0; i < charter->party_count; i++) {
        if ((parties >> i & 1) == 0) {
            continue;
        }
        parties &= ~(1u << i);
        ls_buf_put_str(&names, names.len == 0 ? "" : parties == 0 ? " and " : ", ");
        ls_buf_put_bytes(&names, charter->party[i].title.len > 0 ? charter->party[i].title : charter->party[i].name);
    }
    ls_buf_put_str(&names, ls_bytes_is(audience, "public") ? ", and to everybody" : "");
    const char *text = cli_text(c, ls_buf_bytes(&names));
    ls_buf_free(&names);
    return text;
}

/* declare */

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
        d->supplement ? "This supplements what was declared before. What" : "What", readers(c, ls_bytes_str("process")),
        cli_text(c, c->ws.party), (unsigned long long)d->rows, d->declared->field_count, d->declared->tranche_count,
        (unsigned long long)d->declared->row_bytes);
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
    progress_line line = {.begun = ls_clock_monotonic(), .what = "declaring"};
    ls_result r = ls_workspace_declare(&c->ws, d, backup, cli_signers(c), (ls_progress){show_progress, &line}, &filed,
                                       &c->detail);
    end_progress(&line);
    LS_TRY(r);
    return cli_report_filed(
        c, ls_arena_format(&c->arena, "declare %.*s", (int)d->declared->name.len, (const char *)d->declared->name.ptr),
        &filed);
}

/* The accord's declaration that this party makes: the only one, or the one named. */
static ls_result find_declared(cli *c, int *accord, const ls_declared **out)
{
    const char *name = cli_value(c, "declaration");
    const ls_charter *charter = ls_record_charter(c->ws.record);
    if (ls_workspace_party(&c->ws) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    LS_TRY(cli_find_accord(c, accord));
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)*accord)->roadmap;
    size_t found = 0;
    for (size_t i = 0; i < m->declaration_count; i++) {
        const ls_declared *d = &m->declarations[i];
        if (ls_bytes_equal(charter->party[d->by].name, c->ws.party) && (name == NULL || ls_bytes_is(d->name, name))) {
            *out = d;
            found++;
        }
    }
    if (found != 1) {
        ls_hint(&c->detail,
                found == 0 ? "lockstep accord show lists what each party declares" : "--declaration NAME says which");
        return ls_fail_with(&ls_fault_usage, &c->detail,
                            found == 0 ? "the accord has no such declaration by this party"
                                       : "several declarations fit");
    }
    return LS_SUCCESS;
}

static ls_result run_declare(cli *c)
{
    const char *path = cli_value(c, "inventory"), *backup = cli_value(c, "backup");
    ls_buf csv = {0};
    ls_declaring d;
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
    LS_TRY(find_declared(c, &accord, &declared));
    ls_result r = ls_file_read(path, INVENTORY_MAX, &csv, &c->detail);
    if (ls_succeeded(r)) {
        r = ls_declaring_read(&c->ws, accord, declared, path, ls_buf_bytes(&csv), &d, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = declare(c, &d, backup);
        ls_declaring_free(&d);
    }
    ls_buf_wipe(&csv);
    return r;
}

const cli_verb cli_verb_declare = {
    "declare",
    "--inventory FILE.csv --backup FOLDER",
    "commit to a complete inventory",
    "Reads the inventory, shows what will become known to whom, asks, and commits: each row under its own key, each\n"
    "tranche padded with blank rows to the number that the accord fixes. The sealed rows go to the workspace and to\n"
    "the backup's folder before anything is signed. Declaring the same name again supplements; it never replaces.",
    "  lockstep -C dprk declare --inventory facilities.csv --backup /media/safe",
    0,
    0,
    {{"inventory", "FILE", "the inventory, CSV"},
     {"backup", "FOLDER", "where a second copy of the sealed rows goes"},
     {"declaration", "NAME", "which declaration of the accord, where there are several"},
     {"preview", NULL, "show what would become known, and stop"},
     {0}},
    run_declare};

/* open */

static ls_result choose_fields(cli *c, const ls_declared *d, ls_open_request *q)
{
    const char *list = cli_value(c, "fields");
    if (list == NULL) {
        return LS_SUCCESS;
    }
    bool *chosen = ls_arena_array(&c->arena, d->field_count, sizeof *chosen);
    if (chosen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_reader r = ls_reader_of(ls_bytes_str(list));
    for (ls_bytes name; ls_read_until(&r, ',', &name);) {
        size_t i = 0;
        while (i < d->field_count && !ls_bytes_equal(d->fields[i], name)) {
            i++;
        }
        if (i == d->field_count) {
            ls_hint(&c->detail, "fields are separated by commas: --fields id,name");
            return ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has no field \"%.*s\"", (int)name.len,
                                (const char *)name.ptr);
        }
        chosen[i] = true;
    }
    q->fields = chosen;
    return LS_SUCCESS;
}

static const char *field_list(cli *c, const ls_declared *d, const bool *fields)
{
    ls_buf list = {0};
    for (size_t i = 0; i < d->field_count; i++) {
        if (fields == NULL || fields[i]) {
            ls_buf_put_str(&list, list.len > 0 ? ", " : "");
            ls_buf_put_bytes(&list, d->fields[i]);
        }
    }
    const char *text = cli_text(c, ls_buf_bytes(&list));
    ls_buf_free(&list);
    return text;
}

static void print_tranche_preview(cli *c, const ls_declared *d, const ls_open_request *q, const ls_opening_files *files)
{
    /* Of a field opening blank rows are not counted: a row may be real and have none of these fields. */
    const ls_opening_file *f = &files->file[0];
    cli_paragraph("Tranche %u (\"%s\") of %s: %llu rows, in %zu declaration%s.", q->tranche,
                  cli_text(c, d->labels[q->tranche - 1]), cli_text(c, d->name), (unsigned long long)f->rows, f->parts,
                  f->parts == 1 ? "" : "s");
    for (size_t i = 0; i < files->count; i++) {
        f = &files->file[i];
        if (f->fields == NULL) {
            cli_paragraph("What becomes known to %s: every value of these rows (%llu are blank), and that"
                          " there are no others in this tranche. Nothing about the other tranches.",
                          readers(c, f->audience), (unsigned long long)f->blank);
        } else {
            cli_paragraph("What becomes known to %s: of each of these rows %s, and that there are no other rows in this"
                          " tranche. Nothing of the other fields, and nothing about the other tranches.",
                          readers(c, f->audience), field_list(c, d, f->fields));
        }
    }
}

static void print_opening_preview(cli *c, const ls_declared *d, const ls_open_request *q, const ls_opening_files *files)
{
    const ls_opening_file *f = &files->file[0];
    cli_mark(c, c->ws.exercise);
    if (q->tranche > 0) {
        print_tranche_preview(c, d, q, files);
        return;
    }
    cli_paragraph("%llu row%s of %s. What becomes known to %s: %s; the tranche, and the position in it. Nothing about"
                  " other rows: not how many are real, not what stands beside them.",
                  (unsigned long long)f->rows, f->rows == 1 ? "" : "s", cli_text(c, d->name), readers(c, f->audience),
                  field_list(c, d, f->fields));
}

static ls_result write_excerpt(cli *c, const ls_open_request *q, const ls_filed *filed)
{
    const char *out = cli_value(c, "out");
    char standard[LS_NAME_MAX + 64];
    if (q->tranche > 0) {
        snprintf(standard, sizeof standard, "%.*s-tranche-%u.lockstep", (int)q->declaration.len,
                 (const char *)q->declaration.ptr, q->tranche);
    } else {
        snprintf(standard, sizeof standard, "%.*s-rows-%llu.lockstep", (int)q->declaration.len,
                 (const char *)q->declaration.ptr, (unsigned long long)filed->receipt.index);
    }
    out = out != NULL ? out : standard;
    LS_TRY(ls_workspace_excerpt_opening(&c->ws, q, filed->receipt.index, out, &c->detail));
    if (!c->json) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&c->ws.process, hex);
        cli_print("The opening with its proofs is in %s. Anyone checks it with:\n  lockstep-verify %s --charter %s\n",
                  out, out, hex);
    }
    return LS_SUCCESS;
}

/* An opening can't be taken back: who opens before the accord asks for it is told so. */
static ls_result warn_early(cli *c, const ls_open_request *q)
{
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)q->accord)->roadmap;
    ls_state_query query;
    ls_accord_state s;
    ls_facts facts;
    ls_time now;
    LS_TRY(ls_workspace_now(&c->ws, &now, &c->detail));
    ls_record_query(c->ws.record, (size_t)q->accord, now, now, &facts, &query);
    LS_TRY(ls_state_eval(&query, &c->arena, &s));
    for (size_t i = 0; i < m->measure_count; i++) {
        if (!ls_bytes_equal(m->measures[i].opens, q->declaration) || m->measures[i].opens_tranche != q->tranche) {
            continue;
        }
        ls_state state = s.measure[i].state;
        if (state == LS_PENDING) {
            cli_print("warning: %s is pending: what it waits for has not happened. Nothing obliges you yet.\n",
                      cli_text(c, m->measures[i].id));
        } else if (state == LS_PERFORMED || state == LS_CONFIRMED) {
            cli_print("warning: %s is %s already; this opens the tranche again.\n", cli_text(c, m->measures[i].id),
                      ls_state_name(state));
        }
    }
    return LS_SUCCESS;
}

static ls_result open_rows(cli *c, const ls_declared *d, const ls_open_request *q)
{
    ls_opening_files files;
    ls_filed filed = {0};
    LS_TRY(ls_workspace_make_openings(&c->ws, q, &files, &c->detail));
    ls_result r = LS_SUCCESS;
    if (!c->json) {
        print_opening_preview(c, d, q, &files);
        r = q->tranche > 0 ? warn_early(c, q) : LS_SUCCESS;
    }
    r = ls_succeeded(r) ? cli_confirm(c, "Sign and file this opening?") : r;
    if (ls_succeeded(r)) {
        r = ls_workspace_open_act(&c->ws, q, &files, cli_signers(c), &filed, &c->detail);
    }
    ls_opening_files_discard(&files);
    LS_TRY(r);
    LS_TRY(cli_report_filed(c, ls_arena_format(&c->arena, "open %.*s", (int)d->name.len, (const char *)d->name.ptr),
                            &filed));
    return filed.filing == LS_FILED ? write_excerpt(c, q, &filed) : LS_SUCCESS;
}

static ls_result run_open(cli *c)
{
    ls_open_request q = {0};
    const ls_declared *declared;
    uint64_t tranche = 0;
    LS_TRY(cli_number(c, "tranche", UINT32_MAX, &tranche));
    q.tranche = (uint32_t)tranche;
    q.ids = cli_values(c, "row", &q.id_count);
    if ((q.tranche == 0) == (q.id_count == 0) || (q.tranche > 0 && cli_flag(c, "fields"))) {
        ls_hint(&c->detail, "lockstep open --tranche 1, or: lockstep open --row ID --row ID --fields name,status");
        return ls_fail_with(&ls_fault_usage, &c->detail, "open a tranche as a whole, or rows by their ids");
    }
    LS_TRY(cli_sync(c));
    LS_TRY(find_declared(c, &q.accord, &declared));
    q.declaration = declared->name;
    if (q.tranche > declared->tranche_count) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has tranches 1 to %zu",
                            declared->tranche_count);
    }
    LS_TRY(choose_fields(c, declared, &q));
    LS_TRY(cli_audience(c, &q.audience));
    return open_rows(c, declared, &q);
}

const cli_verb cli_verb_open = {
    "open",
    "--tranche K | --row ID",
    "open a tranche, or rows, of what was declared",
    "Makes the opening, checks it as a stranger would, shows exactly what becomes known to whom, asks, and files it.\n"
    "A tranche's opening proves that nothing is left out of it; a row's opening says nothing about other rows. To an\n"
    "audience that the accord does not show every field, only its own fields are opened, of every row. Beside the act\n"
    "it writes one file with all proofs that everyone in the process may see, which anyone checks offline.",
    "  lockstep -C dprk open --tranche 1\n  lockstep -C dprk open --row site-yongbyon --fields id,name",
    0,
    0,
    {{"tranche", "K", "the whole tranche with this number, to the audiences that the accord names"},
     {"row", "ID", "the row with this id; may be repeated"},
     {"fields", "LIST", "only these fields, separated by commas"},
     {"audience", "NAME", "who sees the rows: public, process (default), or one of the charter's audiences"},
     {"declaration", "NAME", "which declaration of the accord, where there are several"},
     {"out", "FILE", "the file with the proofs (default: named after the declaration, in this folder)"},
     {0}},
    run_open};
