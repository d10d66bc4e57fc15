/* readout check, show. */
#include "cli/readings.h"
#include "cli/readouts.h"
#include "process/sealed.h"
#include "workspace/reading.h"
#include "workspace/seen.h"

static ls_result sync_if_there(cli *c)
{
    return cli_readout_has_workspace(c) ? cli_sync(c) : LS_SUCCESS;
}

static bool exercise_of(const cli *c)
{
    const ls_charter *charter = c->ws.record == NULL ? NULL : ls_record_charter(c->ws.record);
    return charter != NULL ? charter->exercise : c->ws.exercise;
}

/* check */

static json_t *warnings_json(const cli *c)
{
    json_t *list = json_array();
    const ls_diagnostics *d = c->diagnostics;
    for (size_t i = 0; i < d->count && i < LS_DIAGNOSTICS_MAX; i++) {
        json_array_append_new(list, json_pack("{s:i, s:i, s:o}", "line", (int)d->item[i].mark.line, "column",
                                              (int)d->item[i].mark.column, "text", ls_show_text_json(d->item[i].text)));
    }
    return list;
}

static ls_result run_check(cli *c)
{
    cli_readout r;
    LS_TRY(sync_if_there(c));
    LS_TRY(cli_readout_load(c, c->argument[0], &r));
    if (c->json) {
        return cli_print_json(c, exercise_of(c),
                              json_pack("{s:b, s:i, s:i, s:i, s:o}", "valid", 1, "claims", (int)r.readout.claim_count,
                                        "media", (int)r.readout.medium_count, "reading_minutes",
                                        (int)ls_reading_minutes(r.readout.body), "warnings", warnings_json(c)));
    }
    cli_print_diagnostics(c, stdout);
    cli_mark(c, exercise_of(c));
    cli_print("%s: %zu claim%s, %zu media, %u min read, ready to publish.\n", c->argument[0], r.readout.claim_count,
              r.readout.claim_count == 1 ? "" : "s", r.readout.medium_count, ls_reading_minutes(r.readout.body));
    return LS_SUCCESS;
}

const cli_verb cli_verb_readout_check = {
    "readout check",
    "FILE",
    "check a readout before anyone signs it",
    "Reads a readout (docs/readouts.md), and says everything that is wrong at once, with file, line and column. In a\n"
    "workspace speakers are held against the charter, acts and accords may be named by their entry or the beginning "
    "of\n"
    "their id, and what the record has nothing of is pointed out. Elsewhere only the form is checked. Changes nothing.",
    "  lockstep readout check readout.yaml",
    1,
    1,
    {{0}},
    run_check};

/* show */

/* What an act is named by has no dot and no slash. */
static bool is_file(const char *name)
{
    return strpbrk(name, "./") != NULL;
}

static ls_result find_readout(cli *c, const char *name, uint64_t *index)
{
    LS_TRY(cli_sync(c));
    if (ls_record_charter(c->ws.record) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    cli_open_mail(c);
    ls_result r = cli_find_act(c, name, index);
    if (ls_failed(r) && ls_file_exists(name)) {
        ls_hint(&c->detail, "of a file: lockstep readout show ./%s", name);
    }
    LS_TRY(r);
    ls_record_entry e = ls_record_at(c->ws.record, *index);
    if (!ls_bytes_is(e.kind, "readout")) {
        ls_hint(&c->detail, "lockstep log lists the acts; lockstep show shows any of them");
        return ls_fail_with(&ls_fault_usage, &c->detail, "act %s is a %s, and no readout", cli_short(c, &e.id),
                            cli_text(c, e.kind));
    }
    return LS_SUCCESS;
}

static ls_result read_published(cli *c, uint64_t index, cli_readout *out)
{
    ls_reading reading;
    ls_published *p = ls_arena_alloc(&c->arena, sizeof *p);
    if (p == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_reading(c, &reading));
    LS_TRY(ls_published_read(&reading, index, true, &c->arena, p));
    cli_readout_take(p, out);
    if (p->unread == NULL) {
        return LS_SUCCESS;
    }
    if (!p->malformed) {
        ls_hint(&c->detail, "lockstep inbox shows which files this party gets, and which have come");
    }
    return ls_fail_with(p->malformed ? &ls_fault_readout_form : &ls_fault_absent, &c->detail, "act %s: %s",
                        cli_short(c, &out->act.id), p->unread);
}

static ls_result read_any(cli *c, cli_readout *out)
{
    uint64_t index;
    if (is_file(c->argument[0])) {
        LS_TRY(sync_if_there(c));
        return cli_readout_load(c, c->argument[0], out);
    }
    LS_TRY(find_readout(c, c->argument[0], &index));
    return read_published(c, index, out);
}

static ls_result write_page(cli *c, const cli_readout *r)
{
    ls_readout_page page;
    ls_buf html = {0};
    if (cli_value(c, "html") == NULL) {
        return LS_SUCCESS;
    }
    cli_readout_page(c, r, &page);
    return cli_readout_write(c, ls_readout_html(&r->readout, &page, &html), &html);
}

/* --save */

static bool is_medium(const ls_readout *r, ls_bytes name)
{
    for (size_t i = 0; i < r->medium_count; i++) {
        if (ls_bytes_equal(r->medium[i].file, name)) {
            return true;
        }
    }
    return false;
}

static ls_result save_medium(cli *c, const char *folder, const ls_attachment *a, const cli_readout *r)
{
    ls_bytes content, name = a->file_name;
    if (!ls_audience_restricted(a->audience) && !is_medium(&r->readout, name)) {
        return LS_SUCCESS;
    }
    ls_result read = ls_workspace_read_attachment(&c->ws, &c->arena, a, &content, &name);
    if (ls_failed(read)) {
        return read.fault == &ls_fault_memory
                   ? read
                   : ls_fail_with(read.fault, &c->detail, "%s: %s", cli_text(c, name), read.fault->sentence);
    }
    return is_medium(&r->readout, name) ? cli_save(c, folder, cli_text(c, name), content) : LS_SUCCESS;
}

static ls_result save_media(cli *c, const cli_readout *r)
{
    const char *folder = cli_value(c, "save");
    if (folder == NULL) {
        return LS_SUCCESS;
    }
    if (!r->published) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--save is for readouts on the record");
    }
    for (size_t i = 0; i < r->act.attachment_count; i++) {
        LS_TRY(save_medium(c, folder, &r->act.attachment[i], r));
    }
    return LS_SUCCESS;
}

static ls_result run_show(cli *c)
{
    cli_readout r;
    LS_TRY(read_any(c, &r));
    LS_TRY(save_media(c, &r));
    LS_TRY(write_page(c, &r));
    if (c->json) {
        return cli_print_json(c, exercise_of(c), cli_readout_json(c, &r));
    }
    return cli_print_readout(c, &r);
}

const cli_verb cli_verb_readout_show = {
    "readout show",
    "ACT | FILE",
    "show a readout, as text or as a page to publish",
    "Shows a readout on the record, with its act and who signed that, or one in a file, which is a draft: a name with "
    "a\n"
    "dot or a slash is a file's. --html writes it as a page of one file, with headline, date, reading time, text and\n"
    "claims, to publish as it is; --save writes its media beside it, each held against the hash that was signed.",
    "  lockstep readout show 31 --html readout.html --save .\n  lockstep readout show readout.yaml",
    1,
    1,
    {{"html", "FILE", "write it there as a page"},
     {"save", "FOLDER", "write its media there; none of these files may exist yet"},
     {0}},
    run_show};
