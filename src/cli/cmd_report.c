/* report: what was found at a site, from a form; and what a draw came to, computed. */
#include "cli/reports.h"
#include "workspace/conclusion.h"
#include "workspace/report.h"

/* --prepare */

static ls_result prepare(cli *c, const char *path, ls_bytes text, ls_diagnostics *d)
{
    ls_buf out = {0};
    size_t len = strlen(path);
    if (len > 4 && strcmp(path + len - 4, ".csv") == 0) {
        ls_hint(&c->detail, "sha256sum FILE gives it: write it into the third column of the file's row");
        return ls_fail_with(&ls_fault_usage, &c->detail, "--prepare writes hashes into YAML forms only");
    }
    LS_TRY(ls_report_prepare(&c->arena, path, text, d, &out));
    ls_result r = d->errors > 0 ? ls_fail(&ls_fault_document) : LS_SUCCESS;
    bool changed = !ls_bytes_equal(ls_buf_bytes(&out), text);
    if (ls_succeeded(r) && changed) {
        r = ls_file_write(path, ls_buf_bytes(&out), &c->detail);
    }
    ls_buf_free(&out);
    LS_TRY(r);
    if (c->json) {
        return cli_print_json(c, false, json_pack("{s:o, s:b}", "form", ls_show_text_json(path), "changed", changed));
    }
    cli_print(changed ? "%s has the hashes of its files now: a file that changes afterwards is refused.\n"
                      : "%s has the hashes of all its files already, and they are as they were.\n",
              path);
    return LS_SUCCESS;
}

/* A form. */

/* The visit that the form names; what is wrong with its name has a place in the form. */
static ls_result find_visit(cli *c, const ls_report_paper *p, ls_diagnostics *d, int *accord, const ls_inspected **out)
{
    *out = NULL;
    if (p->visit.len == 0) {
        return LS_SUCCESS;
    }
    ls_result r = cli_find_inspected(c, CLI_ABOUT(VISIT), cli_text(c, p->visit), accord, out);
    if (ls_failed(r) && r.fault->class == LS_CLASS_USAGE) {
        ls_diagnose(d, p->visit_mark, c->detail.hint, "%s", c->detail.text);
        c->detail = (ls_detail){0};
        return LS_SUCCESS;
    }
    return r;
}

static ls_result check_form(cli *c, ls_report_paper *p, ls_diagnostics *d, int *accord)
{
    const ls_inspected *visit;
    LS_TRY(ls_report_read_files(p, d));
    LS_TRY(find_visit(c, p, d, accord, &visit));
    if (visit != NULL) {
        LS_TRY(ls_workspace_check_report(&c->ws, &c->arena, *accord, visit, p, d, &c->detail));
    }
    ls_diagnostics_sort(d);
    return d->errors > 0 ? ls_fail(&ls_fault_document) : LS_SUCCESS;
}

static ls_result sign_form(cli *c, const ls_report_paper *p, int accord, ls_draft *draft, ls_act_draft *act)
{
    const char *measure = cli_value(c, "measure");
    ls_bytes audience;
    LS_TRY(cli_audience(c, &audience));
    cli_act_accord(c, act, accord);
    if (measure != NULL) {
        ls_act_draft_set(act, LS_H_MEASURE, "%s", measure);
    }
    LS_TRY(ls_report_attach(p, (const char *)audience.ptr, draft, act, &c->detail));
    if (!c->json && !cli_flag(c, "yes")) {
        cli_mark(c, c->ws.exercise);
        cli_print_site_report(c, &p->report);
    }
    return cli_act_sign(c, draft, act);
}

static ls_result run_form(cli *c)
{
    const char *path = c->argument[0];
    ls_report_paper p;
    ls_bytes text;
    ls_draft draft = {0};
    ls_act_draft act = {0};
    int accord = -1;
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (cli_flag(c, "prepare")) {
        return prepare(c, path, text, d);
    }
    LS_TRY(ls_report_load(&c->arena, path, text, d, &p));
    LS_TRY(cli_act_sync(c));
    LS_TRY(check_form(c, &p, d, &accord));
    ls_result r = sign_form(c, &p, accord, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

/* --conclude */

static ls_result attach_conclusion(cli *c, const ls_draw_conclusion *x, ls_draft *draft, ls_act_draft *act)
{
    ls_buf json = {0}, text = {0};
    ls_bytes audience;
    LS_TRY(cli_audience(c, &audience));
    ls_result r = ls_conclusion_format(x, &json);
    r = ls_succeeded(r) ? ls_conclusion_text(x, &text) : r;
    if (ls_succeeded(r)) {
        r = ls_draft_attach(draft, act, (const char *)audience.ptr, "application/json", LS_REPORT_FILE,
                            ls_buf_bytes(&json), NULL, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = ls_draft_attach(draft, act, (const char *)audience.ptr, "text/plain", LS_CONCLUSION_TEXT,
                            ls_buf_bytes(&text), NULL, &c->detail);
    }
    if (ls_succeeded(r) && !c->json) {
        cli_mark(c, c->ws.exercise);
        cli_print("%s", cli_text(c, ls_buf_bytes(&text)));
    }
    ls_buf_free(&json);
    ls_buf_free(&text);
    return r;
}

static ls_result sign_conclusion(cli *c, const ls_inspected *draw, int accord, ls_draft *draft, ls_act_draft *act)
{
    const char *measure = cli_value(c, "measure");
    ls_draw_conclusion x;
    uint64_t violations = 0;
    LS_TRY(cli_number(c, "violations", INT64_MAX, &violations));
    LS_TRY(ls_workspace_conclude(&c->ws, &c->arena, accord, draw, violations, &x, &c->detail));
    cli_act_accord(c, act, accord);
    cli_act_ref_entry(c, act, draw->index);
    ls_act_draft_set(act, LS_H_FINDING, "%s", ls_conclusion_name(x.finding));
    if (measure != NULL) {
        ls_act_draft_set(act, LS_H_MEASURE, "%s", measure);
    }
    LS_TRY(attach_conclusion(c, &x, draft, act));
    return cli_act_sign(c, draft, act);
}

static ls_result run_conclude(cli *c, const char *name)
{
    const ls_inspected *draw;
    ls_draft draft = {0};
    ls_act_draft act = {0};
    int accord;
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_find_inspected(c, CLI_ABOUT(DRAW), name, &accord, &draw));
    ls_result r = sign_conclusion(c, draw, accord, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

static ls_result run_report(cli *c)
{
    const char *draw = cli_value(c, "conclude");
    if ((draw != NULL) == (c->argument_count > 0)) {
        ls_hint(&c->detail,
                "lockstep packet makes a form for each site: lockstep report report-1.yaml; what all of them"
                " came to: lockstep report --conclude DRAW");
        return ls_fail_with(&ls_fault_usage, &c->detail, "name a form, or a draw with --conclude");
    }
    return draw != NULL ? run_conclude(c, draw) : run_form(c);
}

const cli_verb cli_verb_report = {
    "report",
    "FORM.yaml | FORM.csv | --conclude DRAW",
    "report what was found at a site, or what a draw came to",
    "Reads a form that inspectors filled in (lockstep packet makes one for each site), holds it against the record,\n"
    "and shows everything that is wrong with it at once: another site than the one that was visited, declared values\n"
    "that were changed, dates outside of the visit, a finding that does not follow, files that have changed. What "
    "holds\n"
    "becomes report.json, which is signed, with its files, by as many as the charter asks for.\n"
    "--prepare writes the hash of each file into the form, so that whoever signs later signs the same files.\n"
    "--conclude computes what a draw came to, from what was opened and reported, and files that as a report about it.",
    "  lockstep report --prepare report-2.yaml\n  lockstep -C iaea report report-2.yaml --audience inspectors\n"
    "  lockstep -C iaea report --conclude 31 --violations 2",
    0,
    1,
    {{"prepare", NULL, "write the hashes of its files into the form, and stop"},
     {"conclude", "DRAW", "what this draw came to, computed"},
     {"violations", "N", "with --conclude: how likely one of so many would have been found, beside 1 and 5"},
     {"measure", "NAME", "it answers for this measure, too: confirms, or objects"},
     {"text", "TEXT", "what to say with it"},
     {"audience", "NAME", "who may read it: public, process (default), or one of the charter's"},
     {0}},
    run_report};
