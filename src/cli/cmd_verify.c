/* verify: what someone hands over, a ledger's folder, or this workspace's own ledger, checked from nothing. */
#include "cli/cli.h"
#include "show/codes.h"
#include "show/report.h"
#include "workspace/reading.h"
#include <sys/stat.h>

#define BUNDLE_MAX (8ull << 30)

/* Where the rows of openings go: standard output, and only after everything was verified. */
typedef struct verifying {
    cli *c;
    const ls_hash *charter; /* NULL: only consistent with itself */
    ls_show_rows rows;
    json_t *list; /* of reports, with --json */
    bool failed;
} verifying;

static ls_result show(verifying *v, const char *name, const ls_report *report)
{
    v->failed = v->failed || report->failed;
    if (!v->c->json) {
        ls_show_report(v->rows.out != NULL ? stderr : stdout, name, report);
        return LS_SUCCESS;
    }
    json_t *json = ls_show_report_json(name, report);
    if (json == NULL || json_array_append_new(v->list, json) != 0) {
        return ls_fail(&ls_fault_memory);
    }
    return LS_SUCCESS;
}

static ls_verified_row sink_of(const verifying *v)
{
    return v->rows.out != NULL ? ls_show_row : NULL;
}

/* A proof holds no keys: they come from --policy, or from this workspace's own record. */
static ls_result verify_proof(verifying *v, ls_arena *arena, ls_bytes file, ls_report *report)
{
    cli *c = v->c;
    ls_trust trust = {.charter = v->charter};
    const char *policy = cli_value(c, "policy");
    if (policy != NULL) {
        LS_TRY(cli_read(c, policy, &trust.policy));
    } else if (c->open || ls_file_exists(ls_arena_format(arena, "%s/workspace.json", cli_workspace_path(c)))) {
        LS_TRY(c->open ? LS_SUCCESS : cli_sync(c));
        trust.record = c->ws.record;
    }
    return ls_verify_proof(arena, file, &trust, report, &c->detail);
}

static ls_result verify_codes(verifying *v, ls_arena *arena, ls_bytes text, ls_report *report)
{
    ls_bytes payload;
    ls_codes_found found;
    LS_TRY(ls_codes_read(arena, text, &payload, &found, &v->c->detail));
    LS_TRY(ls_verify_bundle(arena, payload, v->charter, sink_of(v), &v->rows, report, &v->c->detail));
    ls_show_codes_found(&found, report);
    return LS_SUCCESS;
}

static ls_result verify_bytes(verifying *v, ls_arena *arena, const char *path, ls_bytes file, ls_report *report)
{
    cli *c = v->c;
    if (cli_flag(c, "codes")) {
        return verify_codes(v, arena, file, report);
    }
    if (ls_verify_is_proof(file)) {
        return verify_proof(v, arena, file, report);
    }
    ls_result r = ls_verify_bundle(arena, file, v->charter, sink_of(v), &v->rows, report, &c->detail);
    if (r.fault == &ls_fault_bundle_form) {
        ls_hint(&c->detail,
                "bundles are what lockstep open, export, audit and accord propose write; prove writes proofs");
        return ls_fail_with(r.fault, &c->detail, "%s is no bundle, or a damaged one", path);
    }
    return r;
}

static ls_result verify_file(verifying *v, const char *path)
{
    ls_arena arena = {0};
    ls_buf file = {0};
    ls_report report = {0};
    ls_result r = ls_file_read(path, BUNDLE_MAX, &file, &v->c->detail);
    if (ls_succeeded(r)) {
        r = verify_bytes(v, &arena, path, ls_buf_bytes(&file), &report);
    }
    r = ls_succeeded(r) ? show(v, path, &report) : r;
    ls_buf_free(&file);
    ls_arena_free(&arena);
    return r;
}
/* A ledger is read as it stands: exported into a bundle in memory's terms, entry by entry. */
typedef struct entries {
    ls_arena *arena;
    ls_bytes *note;
    uint64_t count;
    ls_record *record;
    ls_detail *detail;
    bool failed;
    ls_report *report;
} entries;

static ls_result take_entry(void *context, uint64_t index, ls_bytes note)
{
    entries *e = context;
    ls_detail why = {0};
    char *kept = ls_arena_str(e->arena, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    e->note[index] = ls_bytes_of(kept, note.len);
    e->count = index + 1;
    ls_result r = ls_record_append(e->record, note, LS_CHECK_SIGNATURES, &why);
    if (ls_failed(r)) {
        ls_report_add(e->report, LS_FINDING_FAILED, ls_arena_format(e->arena, "entry %llu", (unsigned long long)index),
                      "%s", why.text[0] != '\0' ? why.text : r.fault->sentence);
        e->failed = true;
    }
    return r;
}

static ls_result entry_note(void *context, uint64_t index, ls_bytes *note)
{
    const entries *e = context;
    *note = e->note[index];
    return LS_SUCCESS;
}

static void check_charter(verifying *v, const entries *e, ls_report *report)
{
    const ls_charter *c = ls_record_charter(e->record);
    report->process = c;
    report->charter = *ls_record_process(e->record);
    report->exercise = c->exercise;
    report->anchored = v->charter != NULL && ls_hash_equal(v->charter, &report->charter);
    if (v->charter != NULL && !report->anchored) {
        ls_report_add(report, LS_FINDING_FAILED, "charter", "its fingerprint is not the one that you trust");
    }
}

static void check_checkpoint(const entries *e, const ls_checkpoint *head, const ls_note *note, ls_report *report)
{
    ls_note_verdict verdict;
    ls_hash root;
    const ls_charter *c = ls_record_charter(e->record);
    ls_record_root(e->record, ls_record_size(e->record), &root);
    if (ls_failed(ls_note_verify(note, &c->ledger, 1, &verdict))) {
        ls_report_add(report, LS_FINDING_FAILED, "checkpoint", "the ledger's signature does not verify");
    } else if (!ls_bytes_equal(head->origin, c->origin) || !ls_hash_equal(&root, &head->root)) {
        ls_report_add(report, LS_FINDING_FAILED, "checkpoint", "the entries do not have the root that it states");
    } else {
        ls_report_add(
            report, LS_FINDING_OK, "record",
            "%llu entries: every signature, hash, chain and rule, under the checkpoint that the ledger signed",
            (unsigned long long)head->size);
    }
}

static ls_result replay(verifying *v, ls_ledger *l, ls_fetch fetch, entries *e, ls_report *report)
{
    ls_buf checkpoint = {0};
    ls_note note;
    ls_checkpoint head = {0};
    cli *c = v->c;
    LS_TRY(l->methods->checkpoint(l, LS_CHECKPOINT_LATEST, &checkpoint, &c->detail));
    ls_result r = ls_note_parse(ls_buf_bytes(&checkpoint), &note);
    r = ls_succeeded(r) ? ls_checkpoint_parse(note.text, &head) : r;
    if (ls_failed(r)) {
        ls_report_add(report, LS_FINDING_FAILED, "checkpoint", "it is missing, or damaged");
        ls_buf_free(&checkpoint);
        return LS_SUCCESS;
    }
    e->note = ls_arena_array(e->arena, head.size + 1, sizeof *e->note);
    r = e->note == NULL ? ls_fail(&ls_fault_memory) : l->methods->read(l, 0, head.size, take_entry, e, &c->detail);
    if (ls_failed(r) && e->failed) {
        r = LS_SUCCESS; /* said as a finding */
    } else if (ls_succeeded(r) && ls_record_charter(e->record) != NULL) {
        check_charter(v, e, report);
        check_checkpoint(e, &head, &note, report);
        r = ls_verify_attachments(e->arena, e->record, entry_note, e, fetch, sink_of(v), &v->rows, report);
    }
    ls_buf_free(&checkpoint);
    return r;
}

static ls_result verify_ledger(verifying *v, const char *name, ls_ledger *l, ls_fetch fetch)
{
    ls_arena arena = {0};
    ls_report report = {.arena = &arena};
    entries e = {.arena = &arena, .detail = &v->c->detail, .report = &report};
    ls_result r = ls_record_new(fetch, &e.record);
    if (ls_succeeded(r)) {
        r = replay(v, l, fetch, &e, &report);
    }
    r = ls_succeeded(r) ? show(v, name, &report) : r;
    ls_record_free(e.record);
    ls_arena_free(&arena);
    return r;
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static ls_result verify_folder(verifying *v, const char *path)
{
    const char *origin = ls_arena_format(&v->c->arena, "%s/origin", path);
    if (origin == NULL || !ls_file_exists(origin)) {
        ls_hint(&v->c->detail, "name a bundle, or a ledger's folder");
        return ls_fail_with(&ls_fault_usage, &v->c->detail, "%s is a folder, and no ledger", path);
    }
    ls_ledger *l = NULL;
    LS_TRY(ls_ledger_open(path, &l, &v->c->detail));
    ls_result r = verify_ledger(v, path, l, (ls_fetch){ls_ledger_fetch_arena, l});
    l->methods->close(l);
    return r;
}

/* Without FILE: the record as this workspace has it, from its first entry on, anchored in the charter that was signed
 * here. */
static ls_result verify_own(verifying *v)
{
    LS_TRY(cli_open(v->c));
    if (v->c->ws.has_process && v->charter == NULL) {
        v->charter = &v->c->ws.process;
    }
    if (v->c->ws.ledger_path[0] == '\0') {
        ls_hint(&v->c->detail, "name the file to verify: lockstep verify FILE");
        return ls_fail_with(&ls_fault_process, &v->c->detail, "this workspace knows no ledger");
    }
    ls_workspace *ws = &v->c->ws;
    LS_TRY(cli_synchronise(v->c));
    cli_say_stale(v->c);
    return verify_ledger(v, ws->ledger_path, ls_replica_ledger(ws->replica), (ls_fetch){ls_workspace_fetch, ws});
}

static ls_result verify_all(verifying *v)
{
    cli *c = v->c;
    if (c->argument_count == 0) {
        return verify_own(v);
    }
    for (int i = 0; i < c->argument_count; i++) {
        const char *path = c->argument[i];
        LS_TRY(is_folder(path) ? verify_folder(v, path) : verify_file(v, path));
    }
    return LS_SUCCESS;
}

static ls_result run_verify(cli *c)
{
    ls_hash charter;
    ls_result r;
    verifying v = {.c = c, .rows = {.out = cli_flag(c, "rows") ? stdout : NULL}};
    if (cli_fingerprint(c, &charter, &r)) {
        v.charter = &charter;
    }
    LS_TRY(r);
    v.list = json_array();
    r = verify_all(&v);
    if (ls_succeeded(r) && c->json) {
        json_dumpf(v.list, v.rows.out != NULL ? stderr : stdout, JSON_INDENT(2));
        fputc('\n', v.rows.out != NULL ? stderr : stdout);
    }
    json_decref(v.list);
    return ls_succeeded(r) && v.failed ? ls_fail(&cli_fault_said) : r;
}

const cli_verb cli_verb_verify = {
    "verify",
    "[FILE… | LEDGER] [--charter FINGERPRINT] [--policy FILE]",
    "check an opening, a proof, evidence, a record, or the whole ledger",
    "Checks bundles with no network, no workspace and no keys: every signature, hash, proof and rule. The charter's\n"
    "fingerprint is the anchor; without it a bundle is only consistent with itself, and the output says so. Without\n"
    "FILE, the workspace's own ledger is verified from its first entry. Exit 1: checked, and something does not hold.\n"
    "A tlog-proof holds no keys: they are those of this workspace's record, or of --policy, a tlog-policy or a bundle\n"
    "that holds the charter (a record gives the keys in force where the act stands). A checkpoint that is not final\n"
    "under the policy is named and fails.",
    "  lockstep verify sites-tranche-1.lockstep --charter 4f0c…  (64 digits)\n  lockstep -C usa verify\n"
    "  zbarimg --raw -q page-*.png | lockstep verify --codes - --charter 4f0c…",
    0,
    CLI_VALUES_MAX,
    {{"charter", "FINGERPRINT", "the charter that you trust: 64 digits, as read to you"},
     {"policy", "FILE", "for proofs: a tlog-policy, or a bundle that holds the charter"},
     {"codes", NULL, "FILE is what a scanner read of a sheet's codes, a code a line"},
     {"rows", NULL, "print the opened rows as CSV; findings then go to standard error"},
     {0}},
    run_verify};
