/* lockstep: parsing, help, errors, exit codes. */
#include "cli/cli.h"
#include "crypto/crypto.h"
#include <stdio.h>
#include <unistd.h>

const ls_fault cli_fault_said = {LS_CLASS_INVALID, "not-valid", "not valid"};

const cli_option cli_common[] = {
    {"workspace", "FOLDER", "the delegation's workspace (also -C; default: LOCKSTEP_WORKSPACE, or this folder)"},
    {"as", "SIGNER", "sign as this signer; may be repeated (default: as many as are needed)"},
    {"passphrase-file", "FILE", "read the passphrase from a file's first line (default: ask on the terminal)"},
    {"accord", "NAME", "which accord, where there are several"},
    {"authority", "FILE", "who is trusted for https (PEM; default: LOCKSTEP_AUTHORITY, or the system's)"},
    {"json", NULL, "print JSON for programs"},
    {"yes", NULL, "do not ask before signing"},
    {"expires", "WHEN", "how long it may be filed: a length of time, or a time (default: 7 days)"},
    {"unless-acted", "PARTIES", "refuse it if one of these has acted since this workspace last looked"},
    {"help", NULL, "show this help"},
    {0},
};

const cli_row cli_verbs[] = {
    {&cli_verb_init, CLI_PASSPHRASE | CLI_JSON},
    {&cli_verb_charter_new, CLI_OPENS},
    {&cli_verb_charter_check, CLI_JSON},
    {&cli_verb_charter_sign, CLI_SIGNS},
    {&cli_verb_charter_show, CLI_OPENS},
    {&cli_verb_charter_amend, CLI_SIGNS},
    {&cli_verb_keys, CLI_OPENS},
    {&cli_verb_rekey, CLI_ACTS},
    {&cli_verb_revoke, CLI_ACTS},
    {&cli_verb_delegate, CLI_ACTS},
    {&cli_verb_annul, CLI_SIGNS},
    {&cli_verb_sign, CLI_SIGNS},
    {&cli_verb_accord_new, CLI_OPENS},
    {&cli_verb_accord_check, CLI_OPENS},
    {&cli_verb_accord_analyse, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_accord_propose, CLI_SIGNS | CLI_ACCORD},
    {&cli_verb_accord_sign, CLI_SIGNS},
    {&cli_verb_accord_show, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_inventory, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_inventory_convert, CLI_JSON},
    {&cli_verb_inventory_compare, CLI_JSON},
    {&cli_verb_inventory_totals, CLI_JSON},
    {&cli_verb_declare, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_open, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_notify, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_contest, CLI_ACTS},
    {&cli_verb_promise, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_begin, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_perform, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_reverse, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_join, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_call_off, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_confirm, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_object, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_missing, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_incident, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_assess, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_withdraw, CLI_ACTS},
    {&cli_verb_attest, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_use, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_extend, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_dispute, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_refer, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_settle, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_ratify, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_suspend, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_resume, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_denounce, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_draw, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_draw_commit, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_draw_reveal, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_draw_choose, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_draw_verify, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_visit, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_admit, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_refuse, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_postpone, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_enter, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_leave, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_clarify, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_answer, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_challenge, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_deny, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_inspections, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_letter, CLI_ACTS},
    {&cli_verb_debrief, CLI_ACTS},
    {&cli_verb_propose, CLI_ACTS},
    {&cli_verb_accept, CLI_ACTS},
    {&cli_verb_decline, CLI_ACTS},
    {&cli_verb_counter, CLI_ACTS},
    {&cli_verb_meeting_plan, CLI_ACTS},
    {&cli_verb_meeting_confirm, CLI_ACTS},
    {&cli_verb_meeting_decline, CLI_ACTS},
    {&cli_verb_meeting_postpone, CLI_ACTS},
    {&cli_verb_meeting_cancel, CLI_ACTS},
    {&cli_verb_meeting_held, CLI_ACTS},
    {&cli_verb_meeting_minutes, CLI_SIGNS},
    {&cli_verb_meeting_agree, CLI_SIGNS},
    {&cli_verb_meeting_agenda, CLI_ACTS},
    {&cli_verb_meeting_show, CLI_OPENS},
    {&cli_verb_group_create, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_group_join, CLI_ACTS},
    {&cli_verb_group_leave, CLI_ACTS},
    {&cli_verb_group_agenda, CLI_ACTS},
    {&cli_verb_group_meet, CLI_ACTS},
    {&cli_verb_group_report, CLI_ACTS},
    {&cli_verb_group_show, CLI_OPENS},
    {&cli_verb_pledge, CLI_ACTS},
    {&cli_verb_demand, CLI_ACTS},
    {&cli_verb_claim, CLI_ACTS},
    {&cli_verb_redeem, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_talks, CLI_OPENS},
    {&cli_verb_schedule_open, CLI_ACTS},
    {&cli_verb_schedule_choose, CLI_ACTS},
    {&cli_verb_schedule_step, CLI_ACTS},
    {&cli_verb_schedule_agree, CLI_ACTS},
    {&cli_verb_schedule_show, CLI_OPENS},
    {&cli_verb_schedule_verify, CLI_OPENS},
    {&cli_verb_schedule_disclose, CLI_OPENS | CLI_YES},
    {&cli_verb_sync, CLI_OPENS},
    {&cli_verb_outbox, CLI_OPENS},
    {&cli_verb_outbox_drop, CLI_OPENS},
    {&cli_verb_ledger_set, CLI_OPENS},
    {&cli_verb_ledger_succeed, CLI_SIGNS},
    {&cli_verb_inbox, CLI_OPENS},
    {&cli_verb_packet, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_report, CLI_ACTS | CLI_ACCORD},
    {&cli_verb_text_open, CLI_ACTS},
    {&cli_verb_text_edit, CLI_OPENS},
    {&cli_verb_text_propose, CLI_ACTS},
    {&cli_verb_text_accept, CLI_ACTS},
    {&cli_verb_text_retract, CLI_ACTS},
    {&cli_verb_text_reopen, CLI_ACTS},
    {&cli_verb_text_note, CLI_ACTS},
    {&cli_verb_text_diverge, CLI_ACTS},
    {&cli_verb_text_show, CLI_OPENS},
    {&cli_verb_text_history, CLI_OPENS},
    {&cli_verb_text_diff, CLI_OPENS},
    {&cli_verb_text_list, CLI_OPENS},
    {&cli_verb_text_accord, CLI_SIGNS | CLI_ACCORD},
    {&cli_verb_readout_check, CLI_OPENS},
    {&cli_verb_readout_publish, CLI_ACTS},
    {&cli_verb_readout_show, CLI_OPENS},
    {&cli_verb_readout_compare, CLI_OPENS},
    {&cli_verb_status, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_next, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_explain, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_calendar, (CLI_OPENS | CLI_ACCORD) & ~(unsigned)CLI_JSON},
    {&cli_verb_rehearse, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_plan, CLI_OPENS | CLI_ACCORD},
    {&cli_verb_log, CLI_OPENS},
    {&cli_verb_show, CLI_OPENS},
    {&cli_verb_prove, CLI_OPENS},
    {&cli_verb_verify, CLI_OPENS},
    {&cli_verb_export, CLI_OPENS},
    {&cli_verb_ledger_export, CLI_OPENS},
    {&cli_verb_ledger_check, CLI_OPENS},
    {&cli_verb_audit, CLI_OPENS},
    {&cli_verb_exercise_clock, CLI_WORKSPACE | CLI_JSON},
    {&cli_verb_vault_backup, CLI_WORKSPACE | CLI_JSON},
    {&cli_verb_vault_restore, CLI_JSON},
    {&cli_verb_portal_build, CLI_OPENS},
    {&cli_verb_serve, CLI_AUTHORITY},
    {&cli_verb_receipts, CLI_ACTS},
    {&cli_verb_cosign, CLI_PASSPHRASE | CLI_AUTHORITY},
    {&cli_verb_cosign_status, CLI_JSON},
    {&cli_verb_cosign_stop, CLI_JSON | CLI_YES},
    {&cli_verb_cosign_forget, CLI_JSON | CLI_YES},
    {&cli_verb_cosign_hand, CLI_PASSPHRASE | CLI_AUTHORITY | CLI_JSON},
    {&cli_verb_cosign_carry, CLI_PASSPHRASE | CLI_JSON},
    {NULL, 0},
};

static void print_overview(FILE *out)
{
    fputs("lockstep: commit to everything, open it step by step, keep the other side in pace\n\n"
          "usage: lockstep [-C WORKSPACE] VERB [ARGUMENTS] [OPTIONS]\n\n",
          out);
    for (size_t i = 0; cli_verbs[i].verb != NULL; i++) {
        fprintf(out, "  %-17s  %s\n", cli_verbs[i].verb->name, cli_verbs[i].verb->summary);
    }
    fputs("\nHelp on one: lockstep help VERB, or lockstep VERB --help.  The manual: man lockstep.\n", out);
}

bool cli_takes(unsigned takes, const cli_option *common)
{
    return ((takes | CLI_HELP) >> (common - cli_common) & 1) != 0;
}

#define OPTION_WIDTH 26

static void print_option(FILE *out, const cli_option *o)
{
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", o->name, o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
    size_t width = cli_width(left, strlen(left));
    fprintf(out, "  %s%*s %s\n", left, width < OPTION_WIDTH ? (int)(OPTION_WIDTH - width) : 0, "", o->help);
}

static void print_help(FILE *out, const cli_row *row)
{
    const cli_verb *v = row->verb;
    fprintf(out, "lockstep %s: %s\n\nusage: lockstep %s %s\n\n%s\n\noptions:\n", v->name, v->summary, v->name,
            v->arguments, v->details);
    for (const cli_option *o = v->options; o->name != NULL; o++) {
        print_option(out, o);
    }
    for (const cli_option *o = cli_common; o->name != NULL; o++) {
        if (cli_takes(row->takes, o)) {
            print_option(out, o);
        }
    }
    fprintf(out, "\nexample:\n%s\n", v->example);
}

/* Parsing. */

static bool is_named(const cli_option *o, const char *name, size_t len)
{
    return strlen(o->name) == len && memcmp(o->name, name, len) == 0;
}

/* The verb's own, or one of the common ones that it takes. */
static const cli_option *find_option(const cli *c, const char *name, size_t len)
{
    for (const cli_option *o = c->verb->options; o->name != NULL; o++) {
        if (is_named(o, name, len)) {
            return o;
        }
    }
    for (const cli_option *o = cli_common; o->name != NULL; o++) {
        if (cli_takes(c->takes, o) && is_named(o, name, len)) {
            return o;
        }
    }
    return NULL;
}

static ls_result unknown_option(cli *c, const char *given)
{
    const char *names[2 * CLI_OPTIONS_MAX];
    size_t count = 0;
    for (const cli_option *o = c->verb->options; o->name != NULL; o++) {
        names[count++] = o->name;
    }
    for (const cli_option *o = cli_common; o->name != NULL; o++) {
        if (cli_takes(c->takes, o)) {
            names[count++] = o->name;
        }
    }
    const char *near = ls_nearest(ls_bytes_str(given + 2), names, count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean --%s? Help: lockstep %s --help", near, c->verb->name);
    } else {
        ls_hint(&c->detail, "lockstep %s --help", c->verb->name);
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "unknown option %s", given);
}

/* -C, which is --workspace, stands before the verb or after it. */
static const char *long_name(const char *given)
{
    return strcmp(given, "-C") == 0 ? "workspace" : given + 2;
}

static ls_result take_option(cli *c, int argc, char **argv, int *i)
{
    const char *name = long_name(argv[*i]);
    size_t len = strcspn(name, "=");
    const cli_option *o = find_option(c, name, len);
    if (o == NULL) {
        return unknown_option(c, argv[*i]);
    }
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    if (o->value != NULL && value == NULL) {
        if (*i + 1 >= argc) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "--%s needs a value: --%s %s", o->name, o->name, o->value);
        }
        value = argv[++*i];
    }
    if ((o->value == NULL && value != NULL) || c->value_count == CLI_VALUES_MAX) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--%s takes no value", o->name);
    }
    c->value[c->value_count].name = o->name;
    c->value[c->value_count++].value = value;
    return LS_SUCCESS;
}

static ls_result parse(cli *c, int argc, char **argv)
{
    bool options = true;
    for (int i = 0; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && (strncmp(argv[i], "--", 2) == 0 || strcmp(argv[i], "-C") == 0)) {
            LS_TRY(take_option(c, argc, argv, &i));
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            ls_hint(&c->detail, "lockstep %s --help", c->verb->name);
            return ls_fail_with(&ls_fault_usage, &c->detail, "unknown option %s", argv[i]);
        } else if (c->argument_count == CLI_VALUES_MAX) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "too many arguments");
        } else {
            c->argument[c->argument_count++] = argv[i];
        }
    }
    c->json = cli_flag(c, "json");
    return LS_SUCCESS;
}

static ls_result check_arguments(cli *c)
{
    if (c->argument_count < c->verb->min_arguments || c->argument_count > c->verb->max_arguments) {
        ls_hint(&c->detail, "usage: lockstep %s %s", c->verb->name, c->verb->arguments);
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s",
                            c->argument_count < c->verb->min_arguments ? "an argument is missing"
                                                                       : "too many arguments");
    }
    return LS_SUCCESS;
}

/* Two words before one: `charter new` is a verb of its own. */
static const cli_row *find_verb(int argc, char **argv, int *words)
{
    char two[64];
    snprintf(two, sizeof two, "%s %s", argv[0], argc > 1 ? argv[1] : "");
    for (*words = 2; *words >= 1; --*words) {
        for (size_t i = 0; cli_verbs[i].verb != NULL; i++) {
            if (strcmp(cli_verbs[i].verb->name, *words == 2 ? two : argv[0]) == 0) {
                return &cli_verbs[i];
            }
        }
    }
    return NULL;
}

static int unknown_verb(const char *given)
{
    const char *names[sizeof cli_verbs / sizeof *cli_verbs];
    size_t count = 0;
    bool family = false;
    for (size_t i = 0; cli_verbs[i].verb != NULL; i++) {
        names[count++] = cli_verbs[i].verb->name;
        family = family || (strncmp(cli_verbs[i].verb->name, given, strlen(given)) == 0 &&
                            cli_verbs[i].verb->name[strlen(given)] == ' ');
    }
    fprintf(stderr, "lockstep: error: %s\n", family ? "which one?" : "there is no such verb");
    if (family) {
        for (size_t i = 0; i < count; i++) {
            if (strncmp(names[i], given, strlen(given)) == 0 && names[i][strlen(given)] == ' ') {
                fprintf(stderr, "lockstep: hint: lockstep %-18s %s\n", names[i], cli_verbs[i].verb->summary);
            }
        }
        return LS_CLASS_USAGE;
    }
    const char *near = ls_nearest(ls_bytes_str(given), names, count);
    if (near != NULL) {
        fprintf(stderr, "lockstep: hint: did you mean: lockstep %s\n", near);
    } else {
        fprintf(stderr, "lockstep: hint: lockstep help lists them\n");
    }
    return LS_CLASS_USAGE;
}

/* Errors. */

static int report_failure(const cli *c, ls_result r)
{
    const ls_detail *d = &c->detail;
    if (r.fault == &cli_fault_said) {
        return LS_CLASS_INVALID;
    }
    if (r.fault == &ls_fault_document) {
        cli_print_diagnostics(c, stderr);
        cli_print_to(stderr, "lockstep: error: %s has %zu error%s\n", c->document, c->diagnostics->errors,
                     c->diagnostics->errors == 1 ? "" : "s");
        return LS_CLASS_USAGE;
    }
    fprintf(stderr, "lockstep: error: ");
    if (d->file[0] != '\0' && d->line > 0) {
        cli_print_to(stderr, "%s:%u:%u: ", d->file, d->line, d->column);
    }
    cli_print_to(stderr, "%s\n", d->text[0] != '\0' ? d->text : r.fault->sentence);
    if (d->hint[0] != '\0') {
        cli_print_to(stderr, "lockstep: hint: %s\n", d->hint);
    }
    return (int)r.fault->class;
}

static int run(cli *c, int argc, char **argv)
{
    int words;
    const cli_row *row = find_verb(argc, argv, &words);
    if (row == NULL) {
        return unknown_verb(argv[0]);
    }
    c->verb = row->verb;
    c->takes = row->takes;
    ls_result r = parse(c, argc - words, argv + words);
    if (ls_succeeded(r) && cli_flag(c, "help")) {
        print_help(stdout, row);
        return 0;
    }
    r = ls_succeeded(r) ? check_arguments(c) : r;
    r = ls_succeeded(r) ? ls_crypto_init() : r;
    r = ls_succeeded(r) ? c->verb->run(c) : r;
    if (fflush(stdout) != 0 && ls_succeeded(r)) {
        r = ls_fail_with(&ls_fault_file, &c->detail, "the output could not be written");
    }
    return ls_failed(r) ? report_failure(c, r) : 0;
}

/* help, help VERB, and for tools/refresh-docs help --mdoc. */
static int help(int argc, char **argv)
{
    int words;
    if (argc == 0) {
        print_overview(stdout);
        return 0;
    }
    if (strcmp(argv[0], "--mdoc") == 0) {
        cli_print_manual(stdout);
        return 0;
    }
    const cli_row *row = find_verb(argc, argv, &words);
    if (row == NULL) {
        return unknown_verb(argv[0]);
    }
    print_help(stdout, row);
    return 0;
}

static int version(int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], "--json") == 0) {
        puts("{\n  \"program\": \"lockstep\",\n  \"version\": \"" LOCKSTEP_VERSION "\"\n}");
    } else {
        puts("lockstep " LOCKSTEP_VERSION);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static cli c;
    if (!ls_streams_secure()) {
        return LS_CLASS_ENVIRONMENT;
    }
    ls_core_forbid();
    c.ws.lock.fd = -1;
    argc--;
    argv++;
    if (argc >= 2 && strcmp(argv[0], "-C") == 0) {
        c.value[c.value_count].name = "workspace";
        c.value[c.value_count++].value = argv[1];
        argc -= 2;
        argv += 2;
    }
    if (argc == 0) {
        print_overview(stderr);
        return LS_CLASS_USAGE;
    }
    if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0) {
        return help(argc - 1, argv + 1);
    }
    if (strcmp(argv[0], "version") == 0 || strcmp(argv[0], "--version") == 0) {
        return version(argc - 1, argv + 1);
    }
    int status = run(&c, argc, argv);
    if (c.open) {
        ls_workspace_close(&c.ws);
    }
    ls_arena_free(&c.arena);
    return status;
}
