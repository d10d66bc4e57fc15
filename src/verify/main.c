/*
 * lockstep-verify: checks files that someone hands over, with nothing but the charter's fingerprint. No network, no
 * workspace, no keys; it writes nothing but its output.
 */
#include "crypto/crypto.h"
#include "os/os.h"
#include "show/codes.h"
#include "show/report.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

static const char usage[] =
    "usage: lockstep-verify FILE… [--charter FINGERPRINT] [--policy FILE] [--codes] [--json] [--rows]\n"
    "\n"
    "Checks what lockstep made: records, excerpts, packets, drafts, evidence, and tlog-proofs. Each FILE is read "
    "whole; - is\n"
    "standard input.\n"
    "\n"
    "  --charter FINGERPRINT  the 64 hex digits that you have from a delegation, and not from whoever gave you the "
    "file\n"
    "  --policy FILE          for tlog-proofs, which hold no keys: a C2SP tlog-policy, or a bundle with the charter\n"
    "  --codes                each FILE is what a scanner read of a sheet's codes, a code a line, in any order\n"
    "  --json                 findings as JSON, one object for each file\n"
    "  --rows                 the opened rows as CSV on standard output, if all of the file holds; findings on "
    "standard\n"
    "                         error\n"
    "  --version, --help\n"
    "\n"
    "Exit status: 0 everything holds, 1 something does not, 2 wrong usage, 3 a file can't be read, 4 our fault.\n"
    "\n"
    "Example: lockstep-verify sites-tranche-1.lockstep --charter 4f1c…\n"
    "         zbarimg --raw -q page-*.png | lockstep-verify --codes - --rows --charter 4f1c…\n";

typedef struct options {
    bool json, rows, codes;
    const ls_hash *charter; /* or NULL */
    const char *policy;     /* a file, or NULL */
} options;

static int fail(const char *file, ls_result r, const ls_detail *detail)
{
    fprintf(stderr, "lockstep-verify: error: %s: %s%s%s\n", file, r.fault->sentence, detail->text[0] == 0 ? "" : ": ",
            detail->text);
    if (detail->hint[0] != 0) {
        fprintf(stderr, "lockstep-verify: hint: %s\n", detail->hint);
    }
    return (int)r.fault->class;
}

static ls_result show(const options *o, const char *file, const ls_report *report)
{
    FILE *out = o->rows ? stderr : stdout;
    if (!o->json) {
        ls_show_report(out, file, report);
        return LS_SUCCESS;
    }
    json_t *json = ls_show_report_json(file, report);
    if (json == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    json_dumpf(json, out, JSON_INDENT(2));
    putc('\n', out);
    json_decref(json);
    return LS_SUCCESS;
}

/* The policy file lives in the arena, as what is read of it does. */
static ls_result verify_proof(const options *o, ls_arena *arena, ls_bytes file, ls_report *report, ls_detail *detail)
{
    ls_trust trust = {.charter = o->charter};
    ls_buf policy = {0};
    ls_result r = o->policy == NULL ? LS_SUCCESS : ls_file_read(o->policy, SIZE_MAX / 16, &policy, detail);
    if (ls_succeeded(r) && o->policy != NULL) {
        trust.policy = ls_bytes_of(ls_arena_str(arena, ls_buf_bytes(&policy)), policy.len);
        r = trust.policy.ptr == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    ls_buf_free(&policy);
    return ls_failed(r) ? r : ls_verify_proof(arena, file, &trust, report, detail);
}

/* The bundle in the codes of a sheet. */
static ls_result verify_codes(const options *o, ls_arena *arena, ls_bytes text, ls_show_rows *rows, ls_report *report,
                              ls_detail *detail)
{
    ls_bytes payload;
    ls_codes_found found;
    LS_TRY(ls_codes_read(arena, text, &payload, &found, detail));
    LS_TRY(ls_verify_bundle(arena, payload, o->charter, o->rows ? ls_show_row : NULL, rows, report, detail));
    ls_show_codes_found(&found, report);
    return LS_SUCCESS;
}

static ls_result verify_bytes(const options *o, ls_arena *arena, ls_bytes file, ls_report *report, ls_detail *detail)
{
    ls_show_rows rows = {.out = stdout};
    if (o->codes) {
        return verify_codes(o, arena, file, &rows, report, detail);
    }
    if (ls_verify_is_proof(file)) {
        return verify_proof(o, arena, file, report, detail);
    }
    return ls_verify_bundle(arena, file, o->charter, o->rows ? ls_show_row : NULL, &rows, report, detail);
}

static int verify(const options *o, const char *file)
{
    ls_arena arena = {0};
    ls_buf content = {0};
    ls_report report = {0};
    ls_detail detail = {0};
    ls_result r = ls_file_read(file, SIZE_MAX / 16, &content, &detail);
    if (ls_succeeded(r)) {
        r = verify_bytes(o, &arena, ls_buf_bytes(&content), &report, &detail);
    }
    if (ls_succeeded(r)) {
        r = show(o, file, &report);
    }
    int status = ls_failed(r) ? fail(file, r, &detail) : report.failed ? LS_CLASS_INVALID : 0;
    ls_arena_free(&arena);
    ls_buf_free(&content);
    return status;
}

/* The worst of all files' statuses; output that is lost is a failure, too. */
static int verify_all(const options *o, int count, char *const *files)
{
    int worst = 0;
    for (int i = 0; i < count; i++) {
        int status = verify(o, files[i]);
        worst = status > worst ? status : worst;
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        fprintf(stderr, "lockstep-verify: error: the output can't be written: %s\n", strerror(errno));
        worst = worst > LS_CLASS_ENVIRONMENT ? worst : LS_CLASS_ENVIRONMENT;
    }
    return worst;
}

static int wrong_usage(const char *message)
{
    fprintf(stderr, "lockstep-verify: error: %s\nlockstep-verify: hint: lockstep-verify --help\n", message);
    return LS_CLASS_USAGE;
}

enum { OPTION_CHARTER = 256, OPTION_POLICY, OPTION_JSON, OPTION_ROWS, OPTION_CODES, OPTION_HELP, OPTION_VERSION };
static const struct option long_options[] = {{"charter", required_argument, NULL, OPTION_CHARTER},
                                             {"policy", required_argument, NULL, OPTION_POLICY},
                                             {"json", no_argument, NULL, OPTION_JSON},
                                             {"rows", no_argument, NULL, OPTION_ROWS},
                                             {"codes", no_argument, NULL, OPTION_CODES},
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {"version", no_argument, NULL, OPTION_VERSION},
                                             {0}};

/* What getopt calls an option by, and the switch that it sets. */
static bool take_switch(int option, options *o)
{
    switch (option) {
    case OPTION_JSON:
        o->json = true;
        return true;
    case OPTION_ROWS:
        o->rows = true;
        return true;
    case OPTION_CODES:
        o->codes = true;
        return true;
    default:
        return false;
    }
}

int main(int argc, char **argv)
{
    options o = {0};
    ls_hash charter;
    for (int option; (option = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        switch (option) {
        case OPTION_CHARTER:
            if (!ls_hash_parse(ls_bytes_str(optarg), &charter)) {
                return wrong_usage("a charter's fingerprint is 64 hex digits, in lower case");
            }
            o.charter = &charter;
            break;
        case OPTION_POLICY:
            o.policy = optarg;
            break;
        case 'h':
        case OPTION_HELP:
            fputs(usage, stdout);
            return 0;
        case OPTION_VERSION:
            puts("lockstep-verify " LOCKSTEP_VERSION);
            return 0;
        default:
            if (!take_switch(option, &o)) {
                return LS_CLASS_USAGE; /* getopt has said what is wrong */
            }
        }
    }
    if (optind == argc) {
        return wrong_usage("which file?");
    }
    ls_result r = ls_crypto_init();
    if (ls_failed(r)) {
        return fail("libsodium", r, &(ls_detail){0});
    }
    return verify_all(&o, argc - optind, argv + optind);
}
