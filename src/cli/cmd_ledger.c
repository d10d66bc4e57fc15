/* ledger export, ledger check: a ledger as files for any web server, and whether what lies somewhere is whole. */
#include "audit/check.h"
#include "audit/export.h"
#include "cli/cli.h"
#include <unistd.h>

/* The ledger that is meant: the one named or, if none is, that of this workspace. */
static ls_result open_source(cli *c, const char *named, ls_source **out)
{
    ls_source_options o;
    const char *path = named;
    if (path == NULL) {
        LS_TRY(cli_open(c));
        const char *copy = ls_arena_format(&c->arena, "%s/replica", c->ws.path);
        path = copy != NULL && ls_source_is_store(copy) ? copy : c->ws.ledger_path;
    }
    if (path[0] == '\0') {
        ls_hint(&c->detail, "name the ledger");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace knows no ledger");
    }
    LS_TRY(cli_source(c, &o));
    return ls_source_open(path, &o, out, &c->detail);
}

/* ledger export */

static ls_result run_ledger_export(cli *c)
{
    ls_source *s;
    ls_exported done;
    const char *folder = c->argument[0];
    LS_TRY(open_source(c, cli_value(c, "from"), &s));
    ls_result r = ls_export_tree(s, folder, NULL, &done, &c->detail);
    ls_source_close(s);
    LS_TRY(r);
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:o, s:I, s:I}", "folder", ls_show_text_json(folder), "entries",
                                        (json_int_t)done.size, "written", (json_int_t)done.written));
    }
    cli_mark(c, c->ws.exercise);
    cli_print(
        "%s holds the ledger up to its final checkpoint of %llu entries (%llu new files). Any web server can hand\n"
        "it out as it is; run this again to bring it up to date.\n",
        folder, (unsigned long long)done.size, (unsigned long long)done.written);
    return LS_SUCCESS;
}

#define NAME_OPTION                                                                                                    \
    {                                                                                                                  \
        "name", "NAME", "which ledger of a database: the last part of its origin"                                      \
    }

const cli_verb cli_verb_ledger_export = {
    "ledger export",
    "FOLDER [--from LEDGER]",
    "write the ledger as static files that any web server can serve",
    "Writes checkpoint, tiles, entries (C2SP tlog-tiles) and the files that everybody who reads the ledger may read,\n"
    "byte for byte as `lockstep serve` serves them, up to the final checkpoint. It can be served meanwhile: the\n"
    "checkpoint comes last. What is there already is not written again, so an interrupted run goes on where it was.\n"
    "LEDGER is a ledger's folder, a replica, a URL or postgres://…; default: the workspace's. A server whose process "
    "is\n"
    "not public is read with the workspace's access note.",
    "  lockstep -C rok ledger export /srv/www/pyongyang",
    1,
    1,
    {{"from", "LEDGER", "which ledger"}, NAME_OPTION, {0}},
    run_ledger_export};

/* ledger check */

static void show_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    (void)context;
    fprintf(stderr, "\r%s: %llu of %llu%s", what, (unsigned long long)done, (unsigned long long)total,
            done == total ? "\n" : "");
}

static ls_result take_log(cli *c, ls_vkey *log, ls_check_options *o)
{
    const char *text = cli_value(c, "log");
    if (text == NULL) {
        return LS_SUCCESS;
    }
    if (ls_failed(ls_vkey_parse(ls_bytes_str(text), log))) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--log takes a verifier key: <name>+<8 hex digits>+<base64>");
    }
    o->log = log;
    return LS_SUCCESS;
}

static ls_result report_check(cli *c, const ls_source *s, const ls_report *report)
{
    if (c->json) {
        json_t *json = ls_show_report_json(s->name, report);
        LS_TRY(cli_print_json(c, report->exercise, json));
    } else {
        ls_show_report(stdout, s->name, report);
    }
    return report->failed ? ls_fail(&cli_fault_said) : LS_SUCCESS;
}

static ls_result run_ledger_check(cli *c)
{
    ls_hash charter;
    ls_vkey log;
    ls_source *s;
    ls_result r;
    ls_report report = {.arena = &c->arena};
    ls_check_options o = {.progress = isatty(STDERR_FILENO) == 1 ? show_progress : NULL};
    o.charter = cli_fingerprint(c, &charter, &r) ? &charter : NULL;
    LS_TRY(r);
    LS_TRY(take_log(c, &log, &o));
    LS_TRY(open_source(c, c->argument_count > 0 ? c->argument[0] : NULL, &s));
    if (o.charter == NULL && c->open && c->ws.has_process) {
        o.charter = &c->ws.process;
    }
    r = ls_check_source(s, &o, &report, &c->detail);
    r = ls_succeeded(r) ? report_check(c, s, &report) : r;
    ls_source_close(s);
    return r;
}

const cli_verb cli_verb_ledger_check = {
    "ledger check",
    "[LEDGER] [--charter FINGERPRINT | --log VKEY]",
    "check a ledger, a replica or an exported tree from its first entry",
    "Accepts every entry again with all its signatures and compares every stored root, every tile down to the parts "
    "that\n"
    "earlier sizes left, the checkpoints, their cosignatures and every file. Stops at the first thing wrong, says "
    "where\n"
    "it is, and exits with 1. LEDGER is a ledger's folder, a replica, a tree of tiles, a record in one file, a URL or\n"
    "postgres://…; default: the workspace's. A server whose process is not public is read with the workspace's access\n"
    "note. With --log it is another program's log (C2SP tlog-tiles): then tiles, entries and the checkpoint's "
    "signature\n"
    "are checked.",
    "  lockstep ledger check /srv/ledger --charter 4f0c…  (64 digits)\n"
    "  lockstep ledger check /srv/www/pyongyang",
    0,
    1,
    {{"charter", "FINGERPRINT", "the charter that you trust: 64 digits, as read to you"},
     {"log", "VKEY", "the key of another program's log"},
     NAME_OPTION,
     {0}},
    run_ledger_check};
