/* rekey, revoke, delegate: the party's keys in real life. */
#include "cli/cli.h"
#include "cosign/folder.h"
#include "workspace/keys.h"
#include <sodium.h>

static ls_result take_until(cli *c, const char **out)
{
    ls_time t;
    *out = cli_value(c, "until");
    if (*out != NULL && !ls_time_parse(ls_bytes_str(*out), &t)) {
        ls_hint(&c->detail, "for example: --until 2019-12-31T00:00:00Z");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is not a time", *out);
    }
    return LS_SUCCESS;
}

/* What is filed on the spot is followed at once: the new key is in force, and takes its place here. */
static ls_result report(cli *c, const char *what, const ls_filed *filed)
{
    LS_TRY(cli_report_filed(c, what, filed));
    return filed->filing == LS_FILED ? ls_workspace_sync(&c->ws, &c->detail) : LS_SUCCESS;
}

/* rekey */

static void confirm_text(cli *c, const char *name, const ls_rekey *q)
{
    cli_mark(c, c->ws.exercise);
    if (c->json) {
        return;
    }
    cli_print("A new key for %s is made here, in a vault; from its entry on the old one signs nothing more.\n", name);
    if (q->since > 0) {
        cli_print("It says that what the old key signed from entry %llu on was not %.*s's. These acts stay, marked as\n"
                  "repudiated, and keep their effect until all other parties consent (lockstep annul).\n",
                  (unsigned long long)q->since, (int)c->ws.party.len, (const char *)c->ws.party.ptr);
    }
}

static ls_result make_claims(cli *c, const ls_cosign_folder *f, ls_vkey keys[static 2],
                             uint8_t proofs[static 2][LS_ACT_PROOF_SIZE])
{
    const ls_secret *const seeds[] = {f->key_seed, f->receipts_seed};
    keys[0] = f->key;
    keys[1] = f->receipts;
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    ls_result r = secret_key == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    for (size_t i = 0; i < 2 && ls_succeeded(r); i++) {
        uint8_t public_key[LS_PUBLIC_KEY_SIZE];
        ls_ed25519_keypair(ls_secret_bytes(seeds[i]), public_key, secret_key);
        r = ls_charter_prove_claim(&c->ws.process, c->ws.party, &keys[i], secret_key, proofs[i]);
    }
    sodium_free(secret_key);
    return r;
}

/* Its cosigner's key as the charter has it, for the name that the new one must have. */
static const ls_cosigner *own_cosigner(const cli *c)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    const ls_party *p = ls_workspace_party(&c->ws);
    for (size_t i = 0; p != NULL && i < charter->cosigner_count; i++) {
        if (charter->cosigner[i].party == (size_t)(p - charter->party)) {
            return &charter->cosigner[i];
        }
    }
    return NULL;
}

static ls_result make_cosigner(cli *c, const char *folder, const char *key_name, ls_vkey keys[static 2],
                               uint8_t proofs[static 2][LS_ACT_PROOF_SIZE])
{
    ls_cosign_folder f;
    ls_passphrase ask = cli_passphrase(c);
    char *passphrase = c->ws.protected ? sodium_malloc(LS_PASSPHRASE_MAX) : NULL;
    ls_result r = LS_SUCCESS;
    if (c->ws.protected) {
        r = passphrase == NULL
                ? ls_fail(&ls_fault_memory)
                : ask.ask(ask.context, ls_bytes_str("the cosigner"), true, passphrase, LS_PASSPHRASE_MAX, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = ls_cosign_folder_create(folder, key_name, passphrase, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = ls_cosign_folder_open(folder, passphrase, &f, &c->detail);
        if (ls_succeeded(r)) {
            r = make_claims(c, &f, keys, proofs);
            ls_cosign_folder_close(&f);
        }
    }
    sodium_free(passphrase);
    return r;
}

static ls_result file_cosigner_key(cli *c, const ls_rekey *q, json_t *acts)
{
    ls_filed filed;
    LS_TRY(ls_workspace_rekey(&c->ws, q, cli_signers(c), &filed, &c->detail));
    if (c->json) {
        json_array_append_new(acts, json_pack("{s:b, s:s, s:o}", "filed", filed.filing == LS_FILED, "key", q->key->name,
                                              "id", cli_json_hash(&filed.id)));
    } else {
        LS_TRY(cli_report_filed(c, ls_arena_format(&c->arena, "rekey of %s", q->key->name), &filed));
    }
    return filed.filing == LS_FILED ? ls_workspace_sync(&c->ws, &c->detail) : LS_SUCCESS;
}

/* Both keys of the cosigner, one act each. */
static ls_result rekey_cosigner(cli *c, const char *folder)
{
    ls_vkey keys[2];
    uint8_t proofs[2][LS_ACT_PROOF_SIZE];
    const ls_cosigner *k = own_cosigner(c);
    if (k == NULL) {
        ls_hint(&c->detail, "a cosigner is added by all parties: lockstep charter amend");
        return ls_fail_with(&ls_fault_usage, &c->detail, "this party has no cosigner in the charter");
    }
    cli_mark(c, c->ws.exercise);
    LS_TRY(cli_confirm(c, "Make new keys for the cosigner, and file them?"));
    LS_TRY(make_cosigner(c, folder, k->key.name, keys, proofs));
    json_t *acts = json_array();
    ls_result r = LS_SUCCESS;
    for (size_t i = 0; i < 2 && ls_succeeded(r); i++) {
        const ls_rekey q = {.key = &keys[i], .proof = proofs[i]};
        r = file_cosigner_key(c, &q, acts);
    }
    if (ls_succeeded(r) && c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "acts", acts));
    }
    json_decref(acts);
    if (ls_succeeded(r)) {
        cli_print("The new keys are in %s. Its cosignatures count once a stamp covers these entries; end the old\n"
                  "cosigner then, and start: lockstep cosign %s\n",
                  folder, folder);
    }
    return r;
}

static ls_result run_rekey(cli *c)
{
    ls_rekey q = {0};
    ls_filed filed;
    const char *cosigner = cli_value(c, "cosigner"), *name = c->argument_count > 0 ? c->argument[0] : NULL;
    LS_TRY(cli_number(c, "since", UINT32_MAX, &q.since));
    LS_TRY(take_until(c, &q.until));
    if ((name == NULL) == (cosigner == NULL)) {
        ls_hint(&c->detail, "for example: lockstep rekey usa-1, or lockstep rekey --cosigner FOLDER");
        return ls_fail_with(&ls_fault_usage, &c->detail, "which key shall be replaced?");
    }
    LS_TRY(cli_sync(c));
    if (cosigner != NULL) {
        return rekey_cosigner(c, cosigner);
    }
    confirm_text(c, name, &q);
    LS_TRY(cli_confirm(c, "Make and file it?"));
    LS_TRY(ls_workspace_replace_key(&c->ws, name, q, cli_signers(c), &filed, &c->detail));
    return report(c, ls_arena_format(&c->arena, "rekey of %s", name), &filed);
}

const cli_verb cli_verb_rekey = {
    "rekey",
    "NAME | --cosigner FOLDER",
    "replace one of the party's keys by a new one",
    "Makes a new key in the place of NAME, which is a signer, recovery, access or another delegate, and files it. It\n"
    "takes as many signers as the party's highest threshold, or the recovery key alone: --as recovery, with\n"
    "recovery.vault put back into vaults/. What the old key signed before stays valid; with --since, acts from that "
    "entry\n"
    "on are repudiated, since the key was in other hands. The old vault is replaced once the record has the new key.",
    "  lockstep -C usa rekey usa-1\n  lockstep -C usa rekey usa-1 --as recovery --since 31\n"
    "  lockstep -C usa rekey --cosigner usa-watch-2",
    0,
    1,
    {{"since", "ENTRY", "repudiate what the old key signed from this entry on"},
     {"until", "TIME", "the new key signs nothing more after this time"},
     {"cosigner", "FOLDER", "new keys for the party's cosigner, in a new folder"},
     {0}},
    run_rekey};

/* revoke */

static ls_result run_revoke(cli *c)
{
    ls_filed filed;
    const char *why = cli_value(c, "text");
    if (why == NULL || why[0] == '\0') {
        ls_hint(&c->detail, "lockstep revoke %s --text \"lost with the courier's bag\"", c->argument[0]);
        return ls_fail_with(&ls_fault_usage, &c->detail, "say why: --text");
    }
    LS_TRY(cli_sync(c));
    cli_mark(c, c->ws.exercise);
    LS_TRY(cli_confirm(c, "End this key at once?"));
    LS_TRY(ls_workspace_revoke(&c->ws, c->argument[0], why, cli_signers(c), &filed, &c->detail));
    return report(c, ls_arena_format(&c->arena, "revoke of %s", c->argument[0]), &filed);
}

const cli_verb cli_verb_revoke = {
    "revoke",
    "NAME --text WHY",
    "end one of the party's keys at once",
    "From its entry on the key signs nothing more, and its cosignatures and receipts count no more. Signed like a "
    "rekey;\n"
    "or by the key itself alone: --as NAME. Its place stays, and a rekey can fill it again.",
    "  lockstep -C usa revoke usa-2 --text \"left the delegation\"",
    1,
    1,
    {{"text", "WHY", "the reason, which stands on the record"}, {0}},
    run_revoke};

/* delegate */

static ls_result run_delegate(cli *c)
{
    ls_filed filed;
    const char *to = cli_value(c, "to"), *until, *name = c->argument[0];
    char *folder;
    LS_TRY(take_until(c, &until));
    if (to == NULL) {
        ls_hint(&c->detail, "lockstep delegate %s --to FOLDER", name);
        return ls_fail_with(&ls_fault_usage, &c->detail, "where shall the delegate's workspace be made? say --to");
    }
    LS_TRY(cli_absolute(c, to, &folder));
    LS_TRY(cli_sync(c));
    cli_mark(c, c->ws.exercise);
    LS_TRY(cli_confirm(c, "Let this delegate read the record?"));
    LS_TRY(ls_workspace_delegate(&c->ws, name, folder, until, cli_signers(c), &filed, &c->detail));
    LS_TRY(report(c, ls_arena_format(&c->arena, "delegate %s", name), &filed));
    if (!c->json) {
        cli_print("%s is a workspace that reads and signs nothing: hand it over, with its passphrase by another way.\n",
                  to);
    }
    return LS_SUCCESS;
}

const cli_verb cli_verb_delegate = {
    "delegate",
    "NAME --to FOLDER",
    "let somebody read the record for the party, and sign nothing",
    "Makes a workspace with one key that opens the record over the network, and files that key. Who has the folder "
    "can\n"
    "sync, status, log and verify. lockstep revoke NAME ends it.",
    "  lockstep -C usa delegate press --to /media/usb/press --until 2019-01-31T00:00:00Z",
    1,
    1,
    {{"to", "FOLDER", "the new workspace"}, {"until", "TIME", "the key ends then"}, {0}},
    run_delegate};
