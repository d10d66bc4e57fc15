/* A new workspace: fresh seeds in vaults, and the card with their public keys. */
#include "crypto/crypto.h"
#include "process/plain.h"
#include "workspace/workspace.h"
#include <sodium.h>
#include <stdio.h>

#define TITLE_MAX 255

/* In vaults/<file>.vault; the vault itself is named `name`. */
static ls_result make_vault_as(ls_workspace *ws, ls_vault_purpose purpose, const char *name, const char *file_name,
                               ls_secret *secret, ls_detail *detail)
{
    char path[4096];
    ls_buf file = {0};
    char *passphrase = NULL;
    LS_TRY(ls_workspace_path(ws, path, "vaults/%s.vault", file_name));
    ls_result r = LS_SUCCESS;
    if (ws->protected) {
        passphrase = sodium_malloc(LS_PASSPHRASE_MAX);
        r = passphrase == NULL ? ls_fail(&ls_fault_memory)
                               : ws->passphrase.ask(ws->passphrase.context, ls_bytes_str(name), true, passphrase,
                                                    LS_PASSPHRASE_MAX, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_vault_seal(secret, purpose, ls_bytes_str(name), passphrase,
                          ws->exercise ? ls_vault_cost_quick : ls_vault_cost_default, &file);
    }
    if (ls_succeeded(r)) {
        r = ls_file_create(path, ls_buf_bytes(&file), detail);
    }
    sodium_free(passphrase);
    ls_buf_wipe(&file);
    return r;
}

static ls_result make_vault(ls_workspace *ws, ls_vault_purpose purpose, const char *name, ls_secret *secret,
                            ls_detail *detail)
{
    return make_vault_as(ws, purpose, name, name, secret, detail);
}

ls_result ls_workspace_make_key(ls_workspace *ws, ls_vault_purpose purpose, const char *name, const char *file_name,
                                ls_vkey *key, uint8_t *secret_key, ls_detail *detail)
{
    char key_name[LS_KEY_NAME_MAX + 1];
    uint8_t public_key[LS_PUBLIC_KEY_SIZE];
    ls_secret *seed = ls_secret_random();
    ls_result r = seed == NULL ? ls_fail(&ls_fault_memory) : make_vault_as(ws, purpose, name, file_name, seed, detail);
    if (ls_succeeded(r)) {
        ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
        snprintf(key_name, sizeof key_name, "%.*s/%s", (int)ws->domain.len, ws->domain.ptr, name);
        ls_vkey_make(ls_bytes_str(key_name), LS_KEY_ED25519, public_key, key);
    }
    ls_secret_free(seed);
    return r;
}

/* The card: the delegation's entry in a charter, public keys only. */

static ls_result make_key(ls_workspace *ws, ls_vault_purpose purpose, const char *name, char vkey[static LS_VKEY_SIZE],
                          ls_detail *detail)
{
    ls_vkey key;
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    ls_result r = secret_key == NULL ? ls_fail(&ls_fault_memory)
                                     : ls_workspace_make_key(ws, purpose, name, name, &key, secret_key, detail);
    if (ls_succeeded(r)) {
        ls_vkey_format(&key, vkey);
    }
    sodium_free(secret_key);
    return r;
}

static ls_result card_signer(ls_workspace *ws, const char *name, ls_buf *card, ls_detail *detail)
{
    char vkey[LS_VKEY_SIZE];
    LS_TRY(make_key(ws, LS_VAULT_SIGNER, name, vkey, detail));
    ls_buf_format(card, "  - {name: %s, key: \"%s\"}\n", name, vkey);
    return LS_SUCCESS;
}

/* A key that replaces the others when they are lost, and one that only reads over the network. */
static ls_result card_others(ls_workspace *ws, ls_buf *card, ls_detail *detail)
{
    char vkey[LS_VKEY_SIZE];
    LS_TRY(make_key(ws, LS_VAULT_RECOVERY, "recovery", vkey, detail));
    ls_buf_format(card, "recovery: \"%s\"\n", vkey);
    LS_TRY(make_key(ws, LS_VAULT_SIGNER, "access", vkey, detail));
    ls_buf_format(card, "access: [\"%s\"]\n", vkey);
    return LS_SUCCESS;
}

static ls_result card_sealing(ls_workspace *ws, ls_buf *card, ls_detail *detail)
{
    uint8_t public_key[crypto_box_PUBLICKEYBYTES];
    uint8_t *secret_key = sodium_malloc(crypto_box_SECRETKEYBYTES);
    ls_secret *seed = ls_secret_random();
    ls_result r = seed == NULL || secret_key == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        crypto_box_seed_keypair(public_key, secret_key, ls_secret_bytes(seed));
        r = make_vault(ws, LS_VAULT_SEALING, "sealing", seed, detail);
        ls_buf_put_str(card, "sealing: \"");
        ls_buf_put_base64(card, ls_bytes_of(public_key, sizeof public_key));
        ls_buf_put_str(card, "\"\n");
    }
    ls_secret_free(seed);
    sodium_free(secret_key);
    return r;
}

static ls_result make_delegation(ls_workspace *ws, ls_detail *detail)
{
    ls_secret *seed = ls_secret_random();
    ls_result r =
        seed == NULL ? ls_fail(&ls_fault_memory) : make_vault(ws, LS_VAULT_DELEGATION, "delegation", seed, detail);
    ls_secret_free(seed);
    return r;
}

/* The lines of a cosigner's own card, under a key of this one. */
static void put_cosigner(const char *lines, ls_buf *card)
{
    ls_reader r = ls_reader_of(ls_bytes_str(lines == NULL ? "" : lines));
    if (lines != NULL) {
        ls_buf_put_str(card, "cosigner:\n");
    }
    for (ls_bytes line; ls_read_line(&r, &line);) {
        ls_buf_format(card, "  %.*s\n", (int)line.len, line.ptr);
    }
}

/* Titles go into YAML in quotes; what would need escaping is refused. */
static bool plain_title(const char *title)
{
    return ls_plain_valid(ls_bytes_str(title)) && strlen(title) <= TITLE_MAX && strpbrk(title, "\"\\\n") == NULL;
}

static ls_result write_card(ls_workspace *ws, const ls_workspace_options *o, ls_detail *detail)
{
    char path[4096];
    ls_buf card = {0};
    ls_buf_format(&card,
                  "# The public keys of %s's delegation. Hand this file to whoever drafts the charter,\n"
                  "# and read its fingerprints aloud to each other before you sign.\n"
                  "name: %s\ntitle: \"%s\"\nrole: %s\ndomain: %s\nsigners:\n",
                  o->title, o->party, o->title, o->role, o->domain);
    ls_result r = LS_SUCCESS;
    for (size_t i = 0; i < o->signer_count && ls_succeeded(r); i++) {
        r = card_signer(ws, o->signers[i], &card, detail);
    }
    if (ls_succeeded(r)) {
        ls_buf_format(&card, "threshold: %u\n", o->threshold);
        r = card_others(ws, &card, detail);
    }
    if (ls_succeeded(r)) {
        r = card_sealing(ws, &card, detail);
        put_cosigner(o->cosigner, &card);
    }
    if (ls_succeeded(r)) {
        r = ls_buf_check(&card);
    }
    if (ls_succeeded(r)) {
        r = ls_workspace_path(ws, path, "party.yaml");
    }
    if (ls_succeeded(r)) {
        r = ls_file_create(path, ls_buf_bytes(&card), detail);
    }
    ls_buf_free(&card);
    return r;
}

static bool domain_valid(const char *domain)
{
    size_t len = strlen(domain);
    return len > 0 && len <= 100 && strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789.-") == len && domain[0] != '.';
}

static bool known_role(const char *role)
{
    static const char *const roles[] = {"party", "mediator", "inspectorate", "observer"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (strcmp(role, roles[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Vaults that are no signer's. */
static bool name_reserved(const char *name)
{
    static const char *const others[] = {"delegation", "sealing", "recovery", "access"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(name, others[i]) == 0) {
            return true;
        }
    }
    return false;
}

static ls_result check_options(const ls_workspace_options *o, ls_detail *detail)
{
    if (!ls_name_valid(ls_bytes_str(o->party))) {
        ls_hint(detail, "names are lower-case letters, digits and hyphens: --party usa");
        return ls_fail_with(&ls_fault_usage, detail, "\"%s\" can't be the name of a party", o->party);
    }
    if (!domain_valid(o->domain)) {
        ls_hint(detail, "for example: --domain usa.example");
        return ls_fail_with(&ls_fault_usage, detail, "\"%s\" can't be a domain", o->domain);
    }
    if (!known_role(o->role)) {
        ls_hint(detail, "party, mediator, inspectorate or observer");
        return ls_fail_with(&ls_fault_usage, detail, "there is no role \"%s\"", o->role);
    }
    if (!plain_title(o->title)) {
        return ls_fail_with(&ls_fault_usage, detail, "the title holds a character that a title can't hold");
    }
    for (size_t i = 0; i < o->signer_count; i++) {
        bool taken = name_reserved(o->signers[i]);
        for (size_t j = 0; j < i; j++) {
            taken = taken || strcmp(o->signers[i], o->signers[j]) == 0;
        }
        if (taken || !ls_name_valid(ls_bytes_str(o->signers[i]))) {
            ls_hint(detail, "names are lower-case letters, digits and hyphens, each once: --signer %s-1", o->party);
            return ls_fail_with(&ls_fault_usage, detail, "\"%s\" can't be the name of a signer", o->signers[i]);
        }
    }
    if (o->signer_count == 0 || o->signer_count > LS_SIGNERS_MAX || o->threshold < 1 ||
        o->threshold > o->signer_count) {
        ls_hint(detail, "two of three: --signer a --signer b --signer c --threshold 2");
        return ls_fail_with(&ls_fault_usage, detail, "a threshold is at least 1 and at most the number of signers");
    }
    if (o->no_passphrase && !o->exercise) {
        ls_hint(detail, "add --exercise, or leave --no-passphrase out");
        return ls_fail_with(&ls_fault_usage, detail, "only an exercise goes without passphrases");
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_make_folders(const ls_workspace *ws, ls_detail *detail)
{
    static const char *const folders[] = {"vaults", "declarations", "outbox"};
    LS_TRY(ls_folder_make(ws->path, detail));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[4096];
        LS_TRY(ls_workspace_path(ws, path, "%s", folders[i]));
        LS_TRY(ls_folder_make(path, detail));
    }
    return LS_SUCCESS;
}

static ls_result refuse_occupied(const char *path, ls_detail *detail)
{
    ls_arena arena = {0};
    char **names;
    size_t count;
    ls_result r = ls_folder_list(&arena, path, &names, &count, detail);
    ls_arena_free(&arena);
    if (ls_succeeded(r) && count > 0) {
        ls_hint(detail, "choose a new folder");
        return ls_fail_with(&ls_fault_exists, detail, "%s is not empty", path);
    }
    return r;
}

static ls_result fill_folder(ls_workspace *ws, const ls_workspace_options *o, ls_detail *detail)
{
    LS_TRY(ls_workspace_make_folders(ws, detail));
    LS_TRY(make_delegation(ws, detail));
    LS_TRY(write_card(ws, o, detail));
    /* Written last: a folder without it is no workspace, whatever stopped us. */
    return ls_workspace_save(ws, detail);
}

ls_result ls_workspace_create(const ls_workspace_options *o, ls_passphrase passphrase, ls_detail *detail)
{
    ls_workspace ws = {.party = ls_bytes_str(o->party),
                       .domain = ls_bytes_str(o->domain),
                       .exercise = o->exercise,
                       .protected = !o->no_passphrase,
                       .passphrase = passphrase,
                       .lock = {-1}};
    char ledger[4096] = "";
    LS_TRY(check_options(o, detail));
    if (strlen(o->path) >= 3000 || strlen(o->ledger) >= sizeof ledger) {
        return ls_fail_with(&ls_fault_usage, detail, "the path is too long");
    }
    LS_TRY(refuse_occupied(o->path, detail));
    memcpy(ws.path, o->path, strlen(o->path) + 1);
    memcpy(ledger, o->ledger, strlen(o->ledger) + 1);
    ws.ledger_path = ledger;
    ls_result r = fill_folder(&ws, o, detail);
    /* It was empty, so the same command can be given again; unless another one is filling it at the same time. */
    if (ls_failed(r) && r.fault != &ls_fault_exists) {
        ls_folder_discard(ws.path);
    }
    return r;
}
