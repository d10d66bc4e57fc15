/* init; vault backup and restore; an exercise's clock. */
#include "cli/cli.h"
#include "cosign/folder.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CARD_MAX 4096

/* The unattended keys, in a folder of their own with a passphrase of its own. card: what the charter needs of it. */
static ls_result make_cosigner(cli *c, const char *folder, const char *domain, const char *name, const char **card)
{
    char *passphrase = NULL;
    ls_buf file = {0};
    const char *key_name = ls_arena_format(&c->arena, "%s/%s", domain, name);
    const char *path = ls_arena_format(&c->arena, "%s/cosigner.yaml", folder);
    ls_result r = key_name == NULL || path == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r) && !cli_flag(c, "no-passphrase")) {
        ls_passphrase ask = cli_passphrase(c);
        passphrase = sodium_malloc(LS_PASSPHRASE_MAX);
        r = passphrase == NULL
                ? ls_fail(&ls_fault_memory)
                : ask.ask(ask.context, ls_bytes_str("the cosigner"), true, passphrase, LS_PASSPHRASE_MAX, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = ls_cosign_folder_create(folder, key_name, passphrase, &c->detail);
    }
    sodium_free(passphrase);
    if (ls_succeeded(r)) {
        r = ls_file_read(path, CARD_MAX, &file, &c->detail);
        *card = ls_arena_str(&c->arena, ls_buf_bytes(&file));
        ls_buf_free(&file);
    }
    return r;
}

static ls_result check_passphrases(cli *c)
{
    if (cli_flag(c, "no-passphrase") && !cli_flag(c, "exercise")) {
        ls_hint(&c->detail, "add --exercise, or leave --no-passphrase out");
        return ls_fail_with(&ls_fault_usage, &c->detail, "only an exercise goes without passphrases");
    }
    return LS_SUCCESS;
}

static const char *domain_of(cli *c, const char *name)
{
    const char *domain = cli_value(c, "domain");
    return domain != NULL ? domain : ls_arena_format(&c->arena, "%s.example", name);
}

/* Somebody who is no party and only cosigns. */
static ls_result init_outsider(cli *c)
{
    const char *folder = c->argument[0], *name = cli_value(c, "outsider"), *card;
    if (cli_value(c, "party") != NULL || cli_value(c, "cosigner") != NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "an outsider is no party, and only cosigns");
    }
    LS_TRY(check_passphrases(c));
    LS_TRY(make_cosigner(c, folder, domain_of(c, name), name, &card));
    if (c->json) {
        return cli_print_json(c, cli_flag(c, "exercise"),
                              json_pack("{s:o, s:s}", "cosigner", ls_show_text_json(folder), "name", name));
    }
    cli_mark(c, cli_flag(c, "exercise"));
    cli_print("%s holds the keys of %s's cosigner. Its public keys are in %s/cosigner.yaml: hand that file to\n"
              "whoever drafts the charter (charter new --outsider FILE).\n",
              folder, name, folder);
    return LS_SUCCESS;
}

static ls_result read_options(cli *c, ls_workspace_options *o)
{
    uint64_t threshold = 1;
    char *ledger = NULL;
    *o = (ls_workspace_options){.path = c->argument[0],
                                .party = cli_value(c, "party"),
                                .title = cli_value(c, "title"),
                                .role = cli_value(c, "role"),
                                .ledger = "",
                                .exercise = cli_flag(c, "exercise"),
                                .no_passphrase = cli_flag(c, "no-passphrase")};
    if (o->party == NULL) {
        ls_hint(&c->detail, "for example: lockstep init %s --party usa", c->argument[0]);
        return ls_fail_with(&ls_fault_usage, &c->detail, "whose workspace is it? --party is missing");
    }
    LS_TRY(cli_number(c, "threshold", LS_SIGNERS_MAX, &threshold));
    o->threshold = (unsigned)threshold;
    o->signers = cli_values(c, "signer", &o->signer_count);
    if (o->signer_count == 0) {
        const char **first = ls_arena_array(&c->arena, 1, sizeof *first);
        if (first == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        *first = ls_arena_format(&c->arena, "%s-1", o->party);
        o->signers = first;
        o->signer_count = 1;
    }
    o->title = o->title != NULL ? o->title : o->party;
    o->role = o->role != NULL ? o->role : "party";
    o->domain = domain_of(c, o->party);
    if (cli_value(c, "ledger") != NULL) {
        LS_TRY(cli_ledger_place(c, cli_value(c, "ledger"), &ledger));
        o->ledger = ledger;
    }
    return LS_SUCCESS;
}

static ls_result create(cli *c, ls_workspace_options *o)
{
    const char *folder = cli_value(c, "cosigner");
    if (folder != NULL) {
        LS_TRY(check_passphrases(c));
        LS_TRY(make_cosigner(c, folder, o->domain, ls_arena_format(&c->arena, "%s-cosigner", o->party), &o->cosigner));
    }
    ls_result r = ls_workspace_create(o, cli_passphrase(c), &c->detail);
    /* Its card has the cosigner's keys, so without it the cosigner is nobody's. */
    if (ls_failed(r) && folder != NULL) {
        ls_folder_discard(folder);
    }
    return r;
}

static ls_result run_init(cli *c)
{
    ls_workspace_options o;
    if (cli_value(c, "outsider") != NULL) {
        return init_outsider(c);
    }
    LS_TRY(read_options(c, &o));
    LS_TRY(create(c, &o));
    if (c->json) {
        return cli_print_json(c, o.exercise,
                              json_pack("{s:o, s:s}", "workspace", ls_show_text_json(o.path), "party", o.party));
    }
    cli_mark(c, o.exercise);
    cli_print("%s is %s's workspace: vaults for the delegation, for sealed letters, for reading over a network, for\n"
              "recovery, and for %zu signer%s. Move vaults/recovery.vault to a safe place: it replaces keys that are"
              " lost.\n"
              "The public keys are in %s/party.yaml: hand that file to whoever drafts the charter.\n",
              o.path, o.title, o.signer_count, o.signer_count == 1 ? "" : "s", o.path);
    if (o.cosigner != NULL) {
        cli_print("%s holds the cosigner's keys, for the machine that cosigns: lockstep cosign %s\n",
                  cli_value(c, "cosigner"), cli_value(c, "cosigner"));
    }
    return LS_SUCCESS;
}

const cli_verb cli_verb_init = {
    "init",
    "FOLDER --party NAME",
    "make a delegation's workspace, with its vaults",
    "Makes a new folder with the delegation's vault, one vault for each signer, one for recovery (move it to a safe\n"
    "place), one that only reads, and party.yaml, the public keys to hand to whoever drafts the charter. Each vault\n"
    "asks for a passphrase of its own, unless --passphrase-file or LOCKSTEP_PASSPHRASE gives one for all. A workspace\n"
    "without passphrases signs only in exercises. With --cosigner it also makes the folder of the delegation's\n"
    "cosigner; with --outsider instead of --party, the folder is that of an outsider's cosigner, and nothing else.",
    "  lockstep init usa --party usa --title \"United States of America\" --domain usa.example \\\n"
    "      --signer usa-1 --signer usa-2 --ledger ledger --exercise --no-passphrase",
    1,
    1,
    {{"party", "NAME", "the party's name in acts: lower-case letters, digits, hyphens"},
     {"cosigner", "FOLDER", "make its cosigner's folder, too"},
     {"outsider", "NAME", "make the cosigner's folder of somebody who is no party"},
     {"title", "TEXT", "its name for display"},
     {"role", "ROLE", "party (default), mediator, inspectorate or observer"},
     {"domain", "DOMAIN", "where its keys' names begin (default: NAME.example)"},
     {"signer", "NAME", "a signer; may be repeated (default: NAME-1)"},
     {"threshold", "N", "how many signers an act needs (default: 1)"},
     {"ledger", "PLACE", "a server's URL, a folder, which need not exist yet, or: courier"},
     {"exercise", NULL, "for training or replaying history"},
     {"no-passphrase", NULL, "vaults without passphrase; exercises only"},
     {0}},
    run_init};

/* An exercise's clock. */

static ls_result run_clock(cli *c)
{
    ls_time t;
    if (!ls_time_parse(ls_bytes_str(c->argument[0]), &t)) {
        ls_hint(&c->detail, "for example: lockstep exercise clock 2018-10-09T08:00:00Z");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is not a time", c->argument[0]);
    }
    LS_TRY(cli_open(c));
    if (!c->ws.exercise) {
        ls_hint(&c->detail,
                "a real ledger's time is the host's or the cosigners'; for an exercise: lockstep init … --exercise");
        return ls_fail_with(&ls_fault_usage, &c->detail, "only an exercise's clock can be set");
    }
    if (c->ws.ledger_path[0] == '\0') {
        ls_hint(&c->detail, "lockstep charter new --ledger FOLDER makes one");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace knows no ledger");
    }
    if (!ls_workspace_embedded(&c->ws)) {
        ls_hint(&c->detail, "the host sets it, in a workspace on the ledger's folder");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the exercise's clock stands where its ledger lies");
    }
    LS_TRY(ls_workspace_sync(&c->ws, &c->detail));
    if (ls_record_time(c->ws.record) > t) {
        ls_hint(&c->detail, "time that the record has shown is gone: set a later one");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the record's latest stamp is later than %s", c->argument[0]);
    }
    LS_TRY(ls_ledger_set_clock(c->ws.ledger_path, t, &c->detail));
    LS_TRY(c->ws.ledger->methods->tick(c->ws.ledger, &c->detail));
    if (c->json) {
        return cli_print_json(c, true, json_pack("{s:o}", "clock", cli_json_time(t)));
    }
    cli_mark(c, true);
    cli_print("The exercise's clock stands at %s.\n", c->argument[0]);
    return LS_SUCCESS;
}

const cli_verb cli_verb_exercise_clock = {
    "exercise clock",
    "TIME",
    "set an exercise's clock",
    "Sets the clock of the exercise's ledger, which all its workspaces share, and writes the stamps that are due.\n"
    "It never goes back: time that the record has shown is gone.",
    "  lockstep -C rok exercise clock 2018-10-09T08:00:00Z",
    1,
    1,
    {{0}},
    run_clock};

/* Vaults: copies of what no ledger can give back. */

static ls_result copy_file(const char *from, const char *to, uint64_t limit, ls_detail *detail)
{
    ls_buf content = {0};
    ls_result r = ls_file_read(from, limit, &content, detail);
    if (ls_succeeded(r)) {
        r = ls_file_create(to, ls_buf_bytes(&content), detail);
    }
    ls_buf_wipe(&content);
    return r;
}

#define VAULT_FILE_MAX 4096
#define SETTINGS_MAX (1u << 20)

/* Copies every vault of one folder into another; restoring is the same thing backwards. */
static ls_result copy_vaults(cli *c, const char *from, const char *to, size_t *copied)
{
    char **names;
    size_t count;
    *copied = 0;
    LS_TRY(ls_folder_list(&c->arena, from, &names, &count, &c->detail));
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(names[i]);
        if (len < 7 || strcmp(names[i] + len - 6, ".vault") != 0) {
            continue;
        }
        const char *source = ls_arena_format(&c->arena, "%s/%s", from, names[i]);
        const char *target = ls_arena_format(&c->arena, "%s/%s", to, names[i]);
        if (source == NULL || target == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        LS_TRY(copy_file(source, target, VAULT_FILE_MAX, &c->detail));
        ++*copied;
    }
    return LS_SUCCESS;
}

static ls_result report_vaults(cli *c, size_t count, const char *folder)
{
    return cli_print_json(c, c->ws.exercise,
                          json_pack("{s:I, s:o}", "vaults", (json_int_t)count, "folder", ls_show_text_json(folder)));
}

/* What was verified, so that a ledger rolled back meanwhile is noticed. */
static ls_result copy_verified(cli *c, const char *from, const char *to)
{
    const char *source = ls_arena_format(&c->arena, "%s/verified", from);
    const char *target = ls_arena_format(&c->arena, "%s/verified", to);
    if (source == NULL || target == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    return ls_file_exists(source) ? copy_file(source, target, SETTINGS_MAX, &c->detail) : LS_SUCCESS;
}

static ls_result write_verified(cli *c, const char *to)
{
    const char *target = ls_arena_format(&c->arena, "%s/verified", to);
    LS_TRY(copy_verified(c, c->ws.path, to)); /* of a restored workspace that has not followed its ledger yet */
    if (target == NULL || ls_file_exists(target)) {
        return target == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    return ls_workspace_write_verified(&c->ws, target, &c->detail);
}

static ls_result back_up(cli *c, const char *to, size_t *copied)
{
    char vaults[4096], config[4096], card[4096];
    LS_TRY(ls_workspace_path(&c->ws, vaults, "vaults"));
    LS_TRY(ls_workspace_path(&c->ws, config, "workspace.json"));
    LS_TRY(ls_workspace_path(&c->ws, card, "party.yaml"));
    LS_TRY(ls_folder_make(to, &c->detail));
    LS_TRY(copy_vaults(c, vaults, to, copied));
    LS_TRY(write_verified(c, to));
    LS_TRY(copy_file(card, ls_arena_format(&c->arena, "%s/party.yaml", to), SETTINGS_MAX, &c->detail));
    return copy_file(config, ls_arena_format(&c->arena, "%s/workspace.json", to), SETTINGS_MAX, &c->detail);
}

static ls_result run_backup(cli *c)
{
    size_t copied;
    const char *to = c->argument[0];
    LS_TRY(cli_open(c));
    if (ls_file_exists(to)) {
        ls_hint(&c->detail, "choose a new folder");
        return ls_fail_with(&ls_fault_exists, &c->detail, "%s exists already", to);
    }
    ls_result r = back_up(c, to, &copied);
    if (ls_failed(r) && r.fault != &ls_fault_exists) {
        ls_folder_discard(to);
    }
    LS_TRY(r);
    if (c->json) {
        return report_vaults(c, copied, to);
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%zu vaults are copied to %s, as sealed as they are here. Keep the passphrases elsewhere.\n"
              "Sealed rows of declarations are not among them: declare --backup copies those.\n",
              copied, to);
    return LS_SUCCESS;
}

const cli_verb cli_verb_vault_backup = {
    "vault backup",
    "FOLDER",
    "copy the vaults, as sealed as they are",
    "Copies each vault and the workspace's settings into a folder, durably. With the ledger they recover all that\n"
    "derives from the seeds; the sealed rows of declarations have backups of their own (declare --backup).",
    "  lockstep -C usa vault backup /media/safe/usa-vaults",
    1,
    1,
    {{0}},
    run_backup};

static ls_result restore(cli *c, const char *from, const char *to, size_t *copied)
{
    static const char *const folders[] = {"vaults", "declarations", "outbox"};
    static const char *const files[] = {"party.yaml", "workspace.json"}; /* the latter last: it makes the workspace */
    LS_TRY(ls_folder_make(to, &c->detail));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        LS_TRY(ls_folder_make(ls_arena_format(&c->arena, "%s/%s", to, folders[i]), &c->detail));
    }
    LS_TRY(copy_vaults(c, from, ls_arena_format(&c->arena, "%s/vaults", to), copied));
    LS_TRY(copy_verified(c, from, to));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        LS_TRY(copy_file(ls_arena_format(&c->arena, "%s/%s", from, files[i]),
                         ls_arena_format(&c->arena, "%s/%s", to, files[i]), SETTINGS_MAX, &c->detail));
    }
    return LS_SUCCESS;
}

static ls_result run_restore(cli *c)
{
    const char *from = c->argument[0], *to = c->argument[1];
    size_t copied;
    const char *config = ls_arena_format(&c->arena, "%s/workspace.json", from);
    if (config == NULL || !ls_file_exists(config)) {
        ls_hint(&c->detail, "the backup is the folder that `lockstep vault backup` wrote");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s is not a backup of vaults", from);
    }
    if (ls_file_exists(to)) {
        ls_hint(&c->detail, "choose a new folder");
        return ls_fail_with(&ls_fault_exists, &c->detail, "%s exists already", to);
    }
    ls_result r = restore(c, from, to, &copied);
    if (ls_failed(r) && r.fault != &ls_fault_exists) {
        ls_folder_discard(to);
    }
    LS_TRY(r);
    LS_TRY(ls_workspace_open(to, cli_passphrase(c), &c->ws, &c->detail));
    c->open = true;
    if (c->json) {
        return report_vaults(c, copied, to);
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%zu vaults are restored to %s. It signs nothing before it has replayed the ledger.\n", copied, to);
    return LS_SUCCESS;
}

const cli_verb cli_verb_vault_restore = {
    "vault restore",
    "BACKUP FOLDER",
    "make a workspace again from its vaults",
    "Makes a workspace from a backup of its vaults. Nothing is overwritten. Every verb that signs replays the whole\n"
    "ledger first, so a restored vault can't sign two acts with one number.",
    "  lockstep vault restore /media/safe/usa-vaults usa",
    2,
    2,
    {{0}},
    run_restore};
