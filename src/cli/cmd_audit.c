/* audit: what several delegations hold of one ledger, compared; and evidence of what is wrong. */
#include "audit/audit.h"
#include "cli/cli.h"

static ls_result report_audit(cli *c, const ls_report *report, const char *out)
{
    if (c->json) {
        json_t *json = ls_show_report_json("audit", report);
        LS_TRY(cli_print_json(c, report->exercise, json));
    } else {
        ls_show_report(stdout, "audit", report);
    }
    if (report->proven > 0 && !c->json) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&report->charter, hex);
        cli_print(out != NULL ? "The evidence is in %s. Anyone checks it with:\n  lockstep-verify %s --charter %s\n"
                              : "To hand it on, write the evidence into a file with --out.\n",
                  out, out, hex);
    }
    return report->failed ? ls_fail(&cli_fault_said) : LS_SUCCESS;
}

static ls_result write_evidence(cli *c, const char *out, const ls_buf *evidence)
{
    return out == NULL || evidence->len == 0 ? LS_SUCCESS : ls_file_create(out, ls_buf_bytes(evidence), &c->detail);
}

static ls_result run_audit(cli *c)
{
    ls_hash charter;
    ls_result r;
    ls_buf evidence = {0};
    ls_report report = {.arena = &c->arena};
    const char *out = cli_value(c, "out");
    ls_audit_options o = {.path = c->argument, .path_count = (size_t)c->argument_count};
    LS_TRY(cli_source(c, &o.source));
    o.charter = cli_fingerprint(c, &charter, &r) ? &charter : NULL;
    LS_TRY(r);
    r = ls_audit(&o, &report, &evidence, &c->detail);
    r = ls_succeeded(r) ? write_evidence(c, out, &evidence) : r;
    ls_buf_free(&evidence);
    return ls_succeeded(r) ? report_audit(c, &report, out) : r;
}

const cli_verb cli_verb_audit = {
    "audit",
    "LEDGER… [--charter FINGERPRINT] [--out FILE]",
    "compare what several delegations hold of the ledger, and make evidence",
    "Looks for what can't have happened if everybody had kept to the rules: two histories under one ledger's key,\n"
    "entries that were rewritten or dropped, entries that no rule lets in (stamps among them), a party that signed "
    "two\n"
    "acts with one number, an act that was left out although cosigners had it, a cosigner ahead of its clock. What it\n"
    "finds goes into one file, which anyone checks with lockstep-verify and the charter's fingerprint alone: it says "
    "who\n"
    "is proven to have done what, and what it does not show. A ledger that is merely older, an act sent twice, or one\n"
    "made again after it was refused, breaks no rule.\n"
    "LEDGER is a ledger's folder, a workspace, a replica, an exported tree, a record in one file, a URL or "
    "postgres://…;\n"
    "or a single thing that somebody holds: a checkpoint, an act, a draft, a proof, a receipt. A server whose process "
    "is\n"
    "not public is read with the access note of the workspace that one stands in. Exit 1: something is wrong.",
    "  lockstep audit usa dprk /media/usb/record.lockstep --out evidence.lockstep",
    1,
    CLI_VALUES_MAX,
    {{"charter", "FINGERPRINT", "the charter that you trust: 64 digits, as read to you"},
     {"out", "FILE", "where to write the evidence, if there is any"},
     {"name", "NAME", "which ledger of a database: the last part of its origin"},
     {0}},
    run_audit};
