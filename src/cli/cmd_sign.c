/* sign: a further signature on any act that needs several. */
#include "cli/cli.h"
#include "process/sealed.h"
#include <stdio.h>

static bool attaches(const ls_act *act, const char *name)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        if (ls_bytes_is(act->attachment[i].file_name, name)) {
            return true;
        }
    }
    return false;
}

/* An attachment by its author's name, also one for an audience. */
static ls_sealed_file open_document(const ls_draft *draft, const ls_act *act, size_t i)
{
    ls_sealed_file file = {.name = act->attachment[i].file_name,
                           .content = ls_buf_bytes(&draft->attachment[i].content)};
    if (ls_audience_restricted(act->attachment[i].audience)) {
        ls_result form = ls_sealed_read(file.content, &file);
        (void)form; /* of another form it stays what it is called, which is no document's name */
    }
    return file;
}

/* The documents that the signature covers: the text, and the YAML where there is one, else the JSON derived from it.
 * Only for whoever is asked: --yes says that they were read before. */
static void show_documents(cli *c, const ls_draft *draft, const ls_act *act)
{
    const struct {
        const char *name, *instead; /* not shown if this one is there */
    } documents[] = {{"text.md", NULL},
                     {"charter.yaml", NULL},
                     {"charter.json", "charter.yaml"},
                     {"roadmap.yaml", NULL},
                     {"roadmap.json", "roadmap.yaml"},
                     {"change.json", NULL},
                     {"report.json", NULL},
                     {"conclusion.txt", NULL},
                     {"readout.yaml", NULL},
                     {"readout.json", "readout.yaml"}};
    for (size_t i = 0; i < act->attachment_count && !cli_flag(c, "yes"); i++) {
        ls_sealed_file file = open_document(draft, act, i);
        for (size_t j = 0; j < sizeof documents / sizeof *documents; j++) {
            if (ls_bytes_is(file.name, documents[j].name) &&
                (documents[j].instead == NULL || !attaches(act, documents[j].instead))) {
                cli_print("%s:\n\n%s\n", documents[j].name, cli_text(c, file.content));
            }
        }
    }
}

/* An accord that comes in the place of another. */
static void describe_amended(cli *c, const ls_act *act)
{
    int version = c->ws.record == NULL ? -1 : ls_record_find_accord(c->ws.record, &act->accord);
    if (ls_bytes_is(act->kind, "accord") && version >= 0) {
        const ls_accord *a = ls_record_accord(c->ws.record, (size_t)version);
        cli_print("It amends %s, entry %llu of the record, and holds in its place.\n\n", cli_text(c, a->roadmap->name),
                  (unsigned long long)a->index);
    }
}

/* What one is about to sign, in words and then verbatim. */
static void describe(cli *c, const ls_draft *draft, const ls_act *act)
{
    char missing[1024];
    ls_act_missing_signers(act, missing, sizeof missing);
    if (c->json) {
        return;
    }
    cli_mark(c, act->exercise);
    cli_print("%s by %s\nsigners %s; still missing: %s\n\n%s\n", cli_text(c, act->kind), cli_text(c, act->raw[LS_H_BY]),
              cli_text(c, act->raw[LS_H_SIGNERS]), missing, cli_text(c, act->note.text));
    if (ls_bytes_is(act->kind, "charter")) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&act->id, hex);
        cli_print("fingerprint %s\nCompare it with the others by voice before you sign.\n\n", hex);
    }
    describe_amended(c, act);
    show_documents(c, draft, act);
}

/* The process that the act belongs to: its own id if it is a charter. */
static ls_result bind_process(cli *c, const ls_act *act)
{
    bool charter = ls_bytes_is(act->kind, "charter");
    const ls_hash *process = charter ? &act->id : &act->process;
    if (charter) {
        LS_TRY(cli_release_draft(c));
    }
    if (c->ws.has_process && !ls_hash_equal(&c->ws.process, process)) {
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace belongs to another process");
    }
    if (!c->ws.has_process && !charter && !ls_bytes_is(act->kind, "amend")) {
        ls_hint(&c->detail, "its charter must be signed here first");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace belongs to no process yet");
    }
    if (!act->exercise && c->ws.exercise) {
        ls_hint(&c->detail, "make a workspace for the real process: lockstep init without --exercise");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace is for exercises, and the act is real");
    }
    c->ws.process = *process;
    c->ws.has_process = true;
    return LS_SUCCESS;
}

/* Opens the ledger and replays it; a charter's ledger may be empty still. */
static ls_result open_ledger(cli *c)
{
    if (c->ws.ledger_path[0] == '\0') {
        ls_hint(&c->detail, "lockstep init … --ledger FOLDER says where it is");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace knows no ledger to file it in");
    }
    return ls_workspace_sync(&c->ws, &c->detail);
}

/* Is it what it seems to be? An act that is no charter is held against the charter on the record. */
static ls_result examine(cli *c, const ls_draft *draft, const ls_act *act)
{
    LS_TRY(ls_draft_check_derivation(draft, &c->detail));
    LS_TRY(bind_process(c, act));
    if (!ls_bytes_is(act->kind, "charter")) {
        LS_TRY(open_ledger(c));
    }
    return ls_draft_check_signatures(&c->ws, draft, &c->detail);
}

static ls_result report_partly(cli *c, const ls_act *act, const char *path, unsigned added, const char *missing)
{
    if (c->json) {
        return cli_print_json(c, act->exercise, cli_json_draft(c, act, path));
    }
    cli_print("%u signature%s added to %s. Still missing: %s\n", added, added == 1 ? "" : "s", path, missing);
    return LS_SUCCESS;
}

/* It stands on the new ledger only, which begins with it. */
static ls_result report_succession(cli *c, const ls_act *act, const char *path)
{
    if (c->json) {
        return cli_print_json(c, act->exercise, cli_json_draft(c, act, path));
    }
    cli_print("All have signed. Whoever has the new ledger's folder begins it: lockstep ledger succeed FOLDER --start "
              "%s\n",
              path);
    return LS_SUCCESS;
}

static ls_result file_signed(cli *c, const ls_act *act, ls_draft *draft)
{
    ls_filed filed;
    LS_TRY(open_ledger(c));
    LS_TRY(ls_workspace_file(&c->ws, draft, &filed, &c->detail));
    return cli_report_filed(c, cli_text(c, act->kind), &filed);
}

static ls_result sign_draft(cli *c, const char *path, ls_draft *draft)
{
    ls_act act;
    unsigned added;
    char missing[1024];
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    LS_TRY(examine(c, draft, &act));
    describe(c, draft, &act);
    LS_TRY(cli_confirm(c, "Sign it?"));
    LS_TRY(ls_workspace_sign(&c->ws, &draft->note, cli_signers(c), &added, &c->detail));
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    ls_act_missing_signers(&act, missing, sizeof missing);
    /* One that has all signatures was perhaps not filed: this is how to try it again. */
    if (added == 0 && missing[0] != '\0') {
        ls_hint(&c->detail, "vaults of other signers lie in other workspaces; --as NAME chooses among those here");
        return ls_fail_with(&ls_fault_usage, &c->detail, "no signer of this workspace has a signature to add");
    }
    LS_TRY(ls_draft_check_signatures(&c->ws, draft, &c->detail));
    LS_TRY(ls_draft_write(draft, path, &c->detail));
    LS_TRY(ls_workspace_save(&c->ws, &c->detail));
    if (missing[0] == '\0' && ls_bytes_is(act.kind, "succeed")) {
        return report_succession(c, &act, path);
    }
    return missing[0] != '\0' ? report_partly(c, &act, path, added, missing) : file_signed(c, &act, draft);
}

static ls_result run_sign(cli *c)
{
    ls_draft draft = {0};
    const char *path = c->argument[0];
    LS_TRY(cli_open(c));
    LS_TRY(ls_draft_read(&c->arena, path, &draft, &c->detail));
    ls_result r = sign_draft(c, path, &draft);
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_sign = {
    "sign",
    "FILE",
    "add a signature to an act that needs several",
    "Shows the act in FILE (a charter, an accord, or an act of your own that needs further signers) and the documents\n"
    "with it, checks that what people wrote and what is signed say the same, asks, and adds the signatures of the\n"
    "signers whose vaults are in this workspace. When no signature is missing any more, the act is filed.",
    "  lockstep -C usa sign charter.lockstep",
    1,
    1,
    {{0}},
    run_sign};
