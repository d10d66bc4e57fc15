/* packet: what inspectors take to the sites of a draw, or to the place of a challenge. */
#include "cli/cli.h"
#include "workspace/packet.h"

typedef unsigned long long ull;

static const char *row_text(cli *c, const ls_population_row *row)
{
    return ls_arena_format(&c->arena, "%u/%llu", (unsigned)row->tranche, (ull)row->row);
}

/* The value of the field by which its declaration names rows; a row may have none, or not show it. */
static const char *id_of(cli *c, const ls_seen_row *seen)
{
    for (size_t i = 0; i < seen->declared->field_count; i++) {
        if (ls_bytes_equal(seen->declared->fields[i], seen->declared->id_column)) {
            return seen->fields[i].open ? cli_text(c, seen->fields[i].value) : "(closed)";
        }
    }
    return "";
}

static const char *visit_text(cli *c, const ls_packet_site *site)
{
    return site->visit == NULL ? "no notice yet"
                               : ls_arena_format(&c->arena, "%u, %s", (unsigned)site->visit->visit->index,
                                                 ls_visit_stage_name(site->visit->stage));
}

static void print_sites(cli *c, const ls_packet_plan *p)
{
    cli_table t = {.columns = 5, .heading = {"site", "row", "id", "codes", "visit"}};
    for (size_t i = 0; i < p->site_count; i++) {
        const ls_packet_site *site = &p->site[i];
        const char *const cells[] = {ls_arena_format(&c->arena, "%zu%s", i + 1, site->replacement ? " (repl.)" : ""),
                                     site->seen == NULL ? "place" : row_text(c, &site->seen->opened.row),
                                     site->seen == NULL ? "" : id_of(c, site->seen),
                                     ls_arena_format(&c->arena, "%zu", site->codes), visit_text(c, site)};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
}

static void print_findings(const ls_packet_plan *p)
{
    for (size_t i = 0; p->findings != NULL && i < p->findings->count; i++) {
        const ls_finding *f = &p->findings->finding[i];
        if (f->level == LS_FINDING_FAILED) {
            cli_print("FAILED  %s: %s\n", f->subject, f->text);
        }
    }
}

static void print_packet(cli *c, const ls_packet_plan *p, const char *folder)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&c->ws.process, hex);
    cli_mark(c, c->ws.exercise);
    print_sites(c, p);
    for (size_t i = 0; i < p->missing_count; i++) {
        cli_print("missing: row %s was drawn, and %s\n", row_text(c, p->missing[i]),
                  p->absent > 0 ? "its opening is not here" : "is not opened");
    }
    print_findings(p);
    cli_print("In %s: packet.lockstep, and for each site a sheet (site-N.pdf, site-N.html) and a form for its report"
              " (report-N.yaml).\nAnyone checks it with:\n  lockstep-verify %s/packet.lockstep --charter %s\n",
              folder, folder, hex);
}

static json_t *site_json(cli *c, const ls_packet_site *site)
{
    json_t *json =
        json_pack("{s:s?, s:b, s:I}", "row", site->seen == NULL ? NULL : row_text(c, &site->seen->opened.row),
                  "replacement", site->replacement, "codes", (json_int_t)site->codes);
    if (json != NULL && site->visit != NULL) {
        ls_record_entry visit = ls_record_at(c->ws.record, site->visit->visit->index);
        json_object_set_new(json, "visit", cli_json_hash(&visit.id));
    }
    return json;
}

static json_t *packet_json(cli *c, const ls_packet_plan *p, const char *folder)
{
    json_t *sites = json_array(), *missing = json_array();
    for (size_t i = 0; i < p->site_count; i++) {
        json_array_append_new(sites, site_json(c, &p->site[i]));
    }
    for (size_t i = 0; i < p->missing_count; i++) {
        json_array_append_new(missing, json_string(row_text(c, p->missing[i])));
    }
    return json_pack("{s:s, s:o, s:o, s:o}", "folder", folder, p->packet.challenge ? "challenge" : "draw",
                     cli_json_hash(&p->packet.about), "sites", sites, "missing", missing);
}

static ls_result run_packet(cli *c)
{
    const char *folder = cli_value(c, "out");
    const ls_inspected *about;
    ls_packet_plan plan;
    int accord;
    if (folder == NULL) {
        ls_hint(&c->detail, "--out FOLDER: a folder of its own for each packet");
        return ls_fail_with(&ls_fault_usage, &c->detail, "where should the packet go?");
    }
    LS_TRY(cli_sync(c));
    LS_TRY(cli_find_inspected(c, CLI_ABOUT(DRAW) | CLI_ABOUT(CHALLENGE), c->argument_count > 0 ? c->argument[0] : NULL,
                              &accord, &about));
    LS_TRY(ls_workspace_plan_packet(&c->ws, &c->arena, accord, about, &plan, &c->detail));
    LS_TRY(ls_workspace_write_packet(&c->ws, &c->arena, &plan, folder, cli_flag(c, "force"), &c->detail));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, packet_json(c, &plan, folder));
    }
    print_packet(c, &plan, folder);
    return LS_SUCCESS;
}

const cli_verb cli_verb_packet = {
    "packet",
    "[DRAW | CHALLENGE] --out FOLDER",
    "make what inspectors take to the sites",
    "Makes a packet for the field of what this workspace has: one file with the rows that were drawn (or opened in\n"
    "answer to a challenge), their proofs and the checkpoint; and for each site a sheet to print, whose codes hold "
    "the\n"
    "proofs of its row, and a form for the report about it. lockstep-verify checks the file, and what was scanned "
    "from\n"
    "a sheet, without a network and without keys. What was opened for an audience is in the packet, too.",
    "  lockstep -C iaea packet 31 --out packet-1",
    0,
    1,
    {{"out", "FOLDER", "where the files go; it is made if it is not there"},
     {"force", NULL, "write over files that are there"},
     {0}},
    run_packet};
