/* portal build: the public portal as files. */
#include "cli/cli.h"
#include "site/site.h"
#include <stdlib.h>

typedef unsigned long long ull;

static ls_result take_publish(cli *c, ls_site_publish *out)
{
    const char *given = cli_value(c, "publish");
    *out = LS_SITE_CHARTER;
    if (given == NULL) {
        return LS_SUCCESS;
    }
    if (strcmp(given, "record") != 0 && strcmp(given, "all") != 0) {
        ls_hint(&c->detail,
                "--publish record: acts, charter, accords, and files that are for everybody; --publish all: "
                "also the files that everybody in the charter may read");
        return ls_fail_with(&ls_fault_usage, &c->detail, "--publish takes record or all, and not \"%.40s\"", given);
    }
    *out = strcmp(given, "all") == 0 ? LS_SITE_ALL : LS_SITE_RECORD;
    return LS_SUCCESS;
}

static ls_result take_url(cli *c, const char **out)
{
    const char *given = cli_value(c, "url");
    *out = given;
    if (given == NULL) {
        return LS_SUCCESS;
    }
    size_t len = strlen(given);
    if ((strncmp(given, "https://", 8) != 0 && strncmp(given, "http://", 7) != 0) || len > 1000 ||
        strpbrk(given, " \"<>\\^`{|}?#") != NULL) {
        ls_hint(&c->detail, "--url https://portal.example/pyongyang/");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%.60s\" is no address of a site", given);
    }
    *out = given[len - 1] == '/' ? given : ls_arena_format(&c->arena, "%s/", given);
    return *out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* The ledger that is named, to be verified from its first entry; or this workspace's own copy, which was. */
static ls_result open_source(cli *c, ls_site_options *o, ls_source **out)
{
    ls_source_options from;
    const char *path = cli_value(c, "from");
    if (path == NULL) {
        LS_TRY(cli_sync(c));
        if (ls_record_charter(c->ws.record) == NULL) {
            return ls_workspace_no_process(&c->ws, &c->detail);
        }
        path = ls_arena_format(&c->arena, "%s/replica", c->ws.path);
        o->trusted = true;
        o->charter = o->charter == NULL ? &c->ws.process : o->charter;
    }
    if (path == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_source(c, &from));
    return ls_source_open(path, &from, out, &c->detail);
}

typedef struct progress {
    cli_progress shown;
    const char *what;
} progress;

static bool show(void *context, const char *what, uint64_t done, uint64_t total)
{
    progress *p = context;
    if (p->what != what) {
        cli_progress_end(&p->shown);
        p->shown = cli_progress_begin(what);
        p->shown.unit = "done";
        p->what = what;
    }
    cli_progress_show(&p->shown, done, total);
    return true;
}

static ls_result report_json(cli *c, const char *folder, const ls_site_built *b)
{
    json_t *o = json_pack(
        "{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "folder", ls_show_text_json(folder), "process",
        cli_json_hash(&b->process), "entries", (json_int_t)b->entries, "pages", (json_int_t)b->pages, "rendered",
        (json_int_t)b->rendered, "files", (json_int_t)b->files, "missing", (json_int_t)b->missing, "withheld",
        (json_int_t)b->withheld, "written", (json_int_t)b->written, "one_file", (json_int_t)b->one_file, "verifier",
        b->front_end ? cli_json_hash(&b->verifier) : json_null());
    return cli_print_json(c, b->exercise, o);
}

static void report_text(cli *c, const char *folder, const ls_site_built *b)
{
    cli_mark(c, b->exercise);
    cli_print("%s holds the portal of %llu entries: %llu pages, %llu of the acts' files (%llu files are new or "
              "changed).\nAny web server can hand it out as it is; run this again to bring it up to date.\n",
              folder, (ull)b->entries, (ull)b->pages, (ull)b->files, (ull)b->written);
    if (b->withheld > 0) {
        cli_print("Files that stay out, as not everybody may read them: %llu.\n", (ull)b->withheld);
    }
    if (b->missing > 0) {
        cli_print("Files that are not here, and so not there: %llu.\n", (ull)b->missing);
    }
    if (b->one_file > 0) {
        cli_print("%s/" LS_SITE_ONE_FILE " is all of it in one file of %.1f MB, which checks itself from any disk.\n",
                  folder, (double)b->one_file / 1e6);
    }
    if (!b->front_end) {
        cli_print("This lockstep was built without the portal's front end (it takes npm and a compiler for "
                  "WebAssembly): the pages\ncan be read, and browsers don't check them. lockstep-verify does.\n");
    }
}

static ls_result run_portal_build(cli *c)
{
    const char *folder = c->argument[0];
    progress p = {0};
    ls_site_options o = {
        .version = LOCKSTEP_VERSION, .assets = getenv("LOCKSTEP_PORTAL"), .progress = show, .context = &p};
    ls_hash charter;
    ls_source *s;
    ls_site_built built;
    ls_result r;
    o.charter = cli_fingerprint(c, &charter, &r) ? &charter : NULL;
    LS_TRY(r);
    LS_TRY(take_publish(c, &o.publish));
    LS_TRY(take_url(c, &o.url));
    LS_TRY(open_source(c, &o, &s));
    r = ls_site_build(s, folder, &o, &built, &c->detail);
    cli_progress_end(&p.shown);
    ls_source_close(s);
    LS_TRY(r);
    if (c->json) {
        return report_json(c, folder, &built);
    }
    report_text(c, folder, &built);
    return LS_SUCCESS;
}

const cli_verb cli_verb_portal_build = {
    "portal build",
    "FOLDER [--from LEDGER]",
    "write the public portal: pages that a reader's browser checks",
    "Writes the record as a web site: overview, scorecard, every measure and every act with its proof, in English and\n"
    "Korean; a feed, CSV and JSON, a citation file; and the record itself, by which a reader's browser computes each\n"
    "page again and marks what agrees. Any web server can hand the folder out. It can be served meanwhile: each file\n"
    "is there whole or not at all, the checkpoint comes last. What has not changed is not written again.\n"
    "Up to the final checkpoint; of this workspace's copy, or of a ledger's folder, a tree, a record, a URL or\n"
    "postgres://…, which is verified from its first entry. Where the charter says access: public, the files go with "
    "it\n"
    "that everybody in the charter may read. Else the record is nobody's to publish alone: --publish says that all\n"
    "have agreed. Files for named audiences never get there. LOCKSTEP_PORTAL names a folder with another front end.",
    "  lockstep -C rok portal build /srv/www/pyongyang --publish record --url https://portal.example/\n"
    "  lockstep portal build /srv/www/pyongyang --from /srv/ledger --charter 4f0c…  (64 digits)",
    1,
    1,
    {{"from", "LEDGER", "which ledger (default: this workspace's copy)"},
     {"name", "NAME", "which ledger of a database: the last part of its origin"},
     {"charter", "FINGERPRINT", "the charter that it must have: 64 digits"},
     {"publish", "WHAT", "all have agreed to publish it: record, or all (with the files of its members)"},
     {"url", "ADDRESS", "where the site will stand, for the feed and for who shows links to it"},
     {0}},
    run_portal_build};
