/* keys --prove: that whoever brings keys for an amended charter holds them. */
#include "cli/cli.h"
#include "cosign/folder.h"
#include <sodium.h>
#include <stdio.h>

/* What a proof is over: the process and whose the keys are. */
typedef struct prover {
    cli *c;
    ls_hash process;
    ls_bytes owner;
    ls_buf out; /* lines of YAML */
} prover;

static ls_result prove(prover *p, const ls_vkey *key, const ls_secret *seed)
{
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], proof[LS_ACT_PROOF_SIZE];
    char vkey[LS_VKEY_SIZE];
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    if (secret_key == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
    ls_result r = ls_charter_prove_claim(&p->process, p->owner, key, secret_key, proof);
    sodium_free(secret_key);
    ls_vkey_format(key, vkey);
    ls_buf_format(&p->out, "  - {key: \"%s\", proof: \"", vkey);
    ls_buf_put_base64(&p->out, ls_bytes_of(proof, sizeof proof));
    ls_buf_put_str(&p->out, "\"}\n");
    return ls_failed(r) ? r : ls_buf_check(&p->out);
}

static ls_result prove_cosigner(prover *p, const char *folder)
{
    cli *c = p->c;
    ls_cosign_folder f;
    bool protected;
    char *passphrase = NULL;
    LS_TRY(ls_cosign_folder_protected(folder, &protected, &c->detail));
    ls_result r = LS_SUCCESS;
    if (protected) {
        ls_passphrase ask = cli_passphrase(c);
        passphrase = sodium_malloc(LS_PASSPHRASE_MAX);
        r = passphrase == NULL
                ? ls_fail(&ls_fault_memory)
                : ask.ask(ask.context, ls_bytes_str("the cosigner"), false, passphrase, LS_PASSPHRASE_MAX, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = ls_cosign_folder_open(folder, passphrase, &f, &c->detail);
    }
    sodium_free(passphrase);
    LS_TRY(r);
    const char *name = ls_arena_str(&c->arena, ls_vkey_last(&f.key));
    const char *owner = cli_value(c, "owner");
    p->owner = ls_bytes_str(owner != NULL ? owner : name == NULL ? "" : name);
    r = prove(p, &f.key, f.key_seed);
    if (ls_succeeded(r)) {
        r = prove(p, &f.receipts, f.receipts_seed);
    }
    ls_cosign_folder_close(&f);
    return r;
}

/* One vault of a workspace; those that seal or derive have no place in a charter's keys. */
static ls_result prove_vault(prover *p, const ls_workspace *ws, const char *file)
{
    char path[4096], key_name[LS_KEY_NAME_MAX + 1];
    ls_buf bytes = {0};
    ls_vault_header header;
    ls_secret *seed = NULL;
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    ls_vkey key;
    LS_TRY(ls_workspace_path(ws, path, "vaults/%s", file));
    ls_result r = ls_file_read(path, 65536, &bytes, &p->c->detail);
    bool signs = ls_succeeded(r) && ls_succeeded(ls_vault_peek(ls_buf_bytes(&bytes), &header)) &&
                 (header.purpose == LS_VAULT_SIGNER || header.purpose == LS_VAULT_RECOVERY);
    if (signs) {
        r = ls_workspace_unseal(ws, header.purpose, header.name, &seed, &p->c->detail);
    }
    if (signs && ls_succeeded(r)) {
        ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
        ls_wipe(secret_key, sizeof secret_key);
        snprintf(key_name, sizeof key_name, "%.*s/%.*s", (int)ws->domain.len, (const char *)ws->domain.ptr,
                 (int)header.name.len, (const char *)header.name.ptr);
        ls_vkey_make(ls_bytes_str(key_name), LS_KEY_ED25519, public_key, &key);
        r = prove(p, &key, seed);
    }
    ls_secret_free(seed);
    ls_buf_wipe(&bytes);
    return r;
}

static ls_result prove_workspace(prover *p, const char *folder)
{
    cli *c = p->c;
    ls_workspace ws;
    char vaults[4096];
    char **names;
    size_t count = 0;
    LS_TRY(ls_workspace_open(folder, cli_passphrase(c), &ws, &c->detail));
    p->owner = ws.party;
    ls_result r = ls_workspace_path(&ws, vaults, "vaults");
    if (ls_succeeded(r)) {
        r = ls_folder_list(&c->arena, vaults, &names, &count, &c->detail);
    }
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        size_t len = strlen(names[i]);
        bool vault = len > 6 && strcmp(names[i] + len - 6, ".vault") == 0;
        r = vault ? prove_vault(p, &ws, names[i]) : LS_SUCCESS;
    }
    ls_workspace_close(&ws);
    return r;
}

/* The process that --process names, or that of the workspace one stands in. */
static ls_result find_process(cli *c, ls_hash *out)
{
    const char *hex = cli_value(c, "process");
    if (hex != NULL) {
        return ls_hash_parse(ls_bytes_str(hex), out)
                   ? LS_SUCCESS
                   : ls_fail_with(&ls_fault_usage, &c->detail, "a process is named by its charter's 64 digits");
    }
    LS_TRY(cli_open(c));
    if (!c->ws.has_process) {
        ls_hint(&c->detail, "for a process of others: --process FINGERPRINT");
        return ls_fail_with(&ls_fault_usage, &c->detail, "this workspace belongs to no process yet");
    }
    *out = c->ws.process;
    return LS_SUCCESS;
}

ls_result cli_prove_keys(cli *c, const char *folder)
{
    prover p = {.c = c};
    LS_TRY(find_process(c, &p.process));
    bool cosigner = ls_file_exists(ls_arena_format(&c->arena, "%s/cosigner.yaml", folder));
    ls_result r = cosigner ? prove_cosigner(&p, folder) : prove_workspace(&p, folder);
    if (ls_succeeded(r) && c->json) {
        r = cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "proofs", cli_json_bytes(ls_buf_bytes(&p.out))));
    } else if (ls_succeeded(r)) {
        cli_print("# Of %s's keys: put these lines into the amended charter.\nproofs:\n%s",
                  ls_arena_format(&c->arena, "%.*s", (int)p.owner.len, (const char *)p.owner.ptr), ls_buf_cstr(&p.out));
    }
    ls_buf_free(&p.out);
    return r;
}
