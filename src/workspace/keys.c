/* The party's keys in real life. */
#include "workspace/keys.h"
#include <sodium.h>
#include <stdio.h>

#define NEXT ".next"

static ls_result need_party(const ls_workspace *ws, ls_detail *detail)
{
    if (ls_workspace_party(ws) != NULL) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "until the charter is signed, make a new workspace instead");
    return ls_fail_with(&ls_fault_process, detail, "there is no process on the record yet");
}

/* All of the party's names for keys, for whoever mistyped one. */
static ls_result no_key(const ls_workspace *ws, size_t party, const char *name, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(ws->record);
    ls_buf names = {0};
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(c, i, &k); i++) {
        if (k.party == party) {
            ls_bytes last = ls_vkey_last(k.key);
            ls_buf_format(&names, "%s%.*s", names.len > 0 ? ", " : "", (int)last.len, (const char *)last.ptr);
        }
    }
    ls_hint(detail, "its keys are: %s", ls_buf_cstr(&names));
    ls_buf_free(&names);
    return ls_fail_with(&ls_fault_usage, detail, "%.*s has no key named %.60s", (int)ws->party.len,
                        (const char *)ws->party.ptr, name);
}

ls_result ls_workspace_find_key(const ls_workspace *ws, const char *name, ls_key_slot *out, ls_detail *detail)
{
    LS_TRY(need_party(ws, detail));
    ls_charter *c = (ls_charter *)(uintptr_t)ls_record_charter(ws->record); /* looked at only */
    size_t party = (size_t)(ls_workspace_party(ws) - c->party);
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(c, i, &k); i++) {
        if (k.party == party && ls_bytes_is(ls_vkey_last(k.key), name) &&
            ls_charter_slot(c, party, k.key->name, k.key->type, out)) {
            return LS_SUCCESS;
        }
    }
    return no_key(ws, party, name, detail);
}

/* Filing. */

static void set_key(ls_act_draft *act, const ls_vkey *key, const uint8_t *proof, const char *until)
{
    char vkey[LS_VKEY_SIZE];
    ls_vkey_format(key, vkey);
    ls_act_draft_set(act, LS_H_KEY, "%s", vkey);
    if (proof != NULL) {
        ls_buf text = {0};
        ls_buf_put_base64(&text, ls_bytes_of(proof, LS_ACT_PROOF_SIZE));
        ls_act_draft_set(act, LS_H_PROOF, "%s", ls_buf_cstr(&text));
        ls_buf_free(&text);
    }
    if (until != NULL) {
        ls_act_draft_set(act, LS_H_UNTIL, "%s", until);
    }
}

static ls_result file(ls_workspace *ws, const char *kind, ls_act_draft *act, ls_signers as, ls_filed *out,
                      ls_detail *detail)
{
    ls_draft draft = {0};
    ls_result r = ls_workspace_act(ws, kind, act, as, &draft, out, detail);
    ls_act_draft_free(act);
    ls_draft_free(&draft);
    return r;
}

ls_result ls_workspace_rekey(ls_workspace *ws, const ls_rekey *q, ls_signers as, ls_filed *out, ls_detail *detail)
{
    ls_act_draft act = {0};
    set_key(&act, q->key, q->proof, q->until);
    if (q->since > 0) {
        ls_act_draft_set(&act, LS_H_SINCE, "%llu", (unsigned long long)q->since);
    }
    return file(ws, "rekey", &act, as, out, detail);
}

ls_result ls_workspace_revoke(ls_workspace *ws, const char *name, const char *why, ls_signers as, ls_filed *out,
                              ls_detail *detail)
{
    ls_key_slot slot;
    ls_act_draft act = {0};
    LS_TRY(ls_workspace_find_key(ws, name, &slot, detail));
    set_key(&act, slot.key, NULL, NULL);
    ls_buf_put_str(&act.text, why);
    return file(ws, "revoke", &act, as, out, detail);
}

/* A key in a vault, with the proof that it is held here. */
typedef struct made {
    ls_vkey key;
    uint8_t proof[LS_ACT_PROOF_SIZE];
} made;

static ls_result make(ls_workspace *ws, ls_vault_purpose purpose, const char *name, const char *file_name, made *out,
                      ls_detail *detail)
{
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    ls_result r = secret_key == NULL
                      ? ls_fail(&ls_fault_memory)
                      : ls_workspace_make_key(ws, purpose, name, file_name, &out->key, secret_key, detail);
    if (ls_succeeded(r)) {
        r = ls_charter_prove_claim(&ws->process, ws->party, &out->key, secret_key, out->proof);
    }
    sodium_free(secret_key);
    return r;
}

/* Replacing. */

static ls_result next_path(const ls_workspace *ws, const char *name, const char *ending, char out[static 4096])
{
    return ls_workspace_path(ws, out, "vaults/%s" NEXT "%s", name, ending);
}

static ls_result drop_next(const ls_workspace *ws, const char *name, ls_detail *detail)
{
    static const char *const endings[] = {"", ".vault"};
    for (size_t i = 0; i < 2; i++) {
        char path[4096];
        LS_TRY(next_path(ws, name, endings[i], path));
        if (ls_file_exists(path)) {
            LS_TRY(ls_file_remove(path, detail));
        }
    }
    return LS_SUCCESS;
}

/* A key that was made before and whose act still waits must not be lost. */
static ls_result refuse_waiting(ls_workspace *ws, const char *name, ls_detail *detail)
{
    char path[4096];
    const ls_outbox *o;
    LS_TRY(next_path(ws, name, "", path));
    LS_TRY(ls_workspace_outbox(ws, &o, detail));
    for (size_t i = 0; ls_file_exists(path) && i < o->count; i++) {
        if (strcmp(o->waiting[i].kind, "rekey") == 0) {
            ls_hint(detail, "lockstep outbox shows it; lockstep outbox drop gives it up");
            return ls_fail_with(&ls_fault_usage, detail, "a rekey waits in the outbox already");
        }
    }
    return drop_next(ws, name, detail);
}

static ls_result write_next(const ls_workspace *ws, const char *name, const ls_vkey *key, ls_detail *detail)
{
    char path[4096], vkey[LS_VKEY_SIZE];
    ls_vkey_format(key, vkey);
    LS_TRY(next_path(ws, name, "", path));
    return ls_file_create(path, ls_bytes_str(vkey), detail);
}

static ls_vault_purpose purpose_of(const ls_key_slot *slot)
{
    return slot->purpose == LS_KEY_OF_RECOVERY ? LS_VAULT_RECOVERY : LS_VAULT_SIGNER;
}

ls_result ls_workspace_replace_key(ls_workspace *ws, const char *name, ls_rekey q, ls_signers as, ls_filed *out,
                                   ls_detail *detail)
{
    char file_name[LS_KEY_NAME_MAX + 8];
    ls_key_slot slot;
    made m;
    LS_TRY(ls_workspace_find_key(ws, name, &slot, detail));
    if (slot.cosigner != NULL) {
        ls_hint(detail, "lockstep rekey --cosigner FOLDER makes new ones, in a new folder");
        return ls_fail_with(&ls_fault_usage, detail, "%.60s is a cosigner's key, which lies in a folder of its own",
                            name);
    }
    LS_TRY(refuse_waiting(ws, name, detail));
    snprintf(file_name, sizeof file_name, "%s" NEXT, name);
    LS_TRY(make(ws, purpose_of(&slot), name, file_name, &m, detail));
    LS_TRY(write_next(ws, name, &m.key, detail));
    q.key = &m.key;
    q.proof = m.proof;
    ls_result r = ls_workspace_rekey(ws, &q, as, out, detail);
    if (ls_failed(r) && r.fault->class != LS_CLASS_ENVIRONMENT) {
        (void)ls_failed(drop_next(ws, name, NULL)); /* it was refused, and nothing of it waits */
    }
    return r;
}

static ls_result read_vkey(const char *path, ls_vkey *out, ls_detail *detail)
{
    ls_buf text = {0};
    ls_result r = ls_file_read(path, LS_VKEY_SIZE, &text, detail);
    if (ls_succeeded(r)) {
        r = ls_vkey_parse(ls_buf_bytes(&text), out);
    }
    ls_buf_free(&text);
    return r;
}

/* The vault's bytes take the old one's place in one step; the copy beside it goes last. */
static ls_result settle(const ls_workspace *ws, const char *name, ls_detail *detail)
{
    char from[4096], to[4096];
    ls_buf vault = {0};
    LS_TRY(next_path(ws, name, ".vault", from));
    LS_TRY(ls_workspace_path(ws, to, "vaults/%s.vault", name));
    if (!ls_file_exists(from)) { /* it was interrupted between the two */
        return drop_next(ws, name, detail);
    }
    ls_result r = ls_file_read(from, 65536, &vault, detail);
    if (ls_succeeded(r)) {
        r = ls_file_write(to, ls_buf_bytes(&vault), detail);
    }
    ls_buf_wipe(&vault);
    return ls_failed(r) ? r : drop_next(ws, name, detail);
}

/* The name before ".next", or NULL; cuts it there. */
static char *next_name(char *file)
{
    size_t len = strlen(file), end = strlen(NEXT);
    if (len <= end || strcmp(file + len - end, NEXT) != 0) {
        return NULL;
    }
    file[len - end] = '\0';
    return file;
}

static ls_result settle_if_known(ls_workspace *ws, const char *name, ls_detail *detail)
{
    char path[4096];
    ls_vkey key;
    ls_key_slot slot;
    LS_TRY(next_path(ws, name, "", path));
    bool known = ls_succeeded(read_vkey(path, &key, NULL)) &&
                 ls_succeeded(ls_workspace_find_key(ws, name, &slot, NULL)) &&
                 memcmp(slot.key->key, key.key, sizeof key.key) == 0;
    return known ? settle(ws, name, detail) : LS_SUCCESS;
}

ls_result ls_workspace_settle_keys(ls_workspace *ws, ls_detail *detail)
{
    char folder[4096];
    char **names;
    size_t count;
    ls_arena arena = {0};
    if (ls_workspace_party(ws) == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_workspace_path(ws, folder, "vaults"));
    ls_result r = ls_folder_list(&arena, folder, &names, &count, detail);
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        char *name = next_name(names[i]);
        r = name == NULL ? LS_SUCCESS : settle_if_known(ws, name, detail);
    }
    ls_arena_free(&arena);
    return r;
}

/* Delegates. */

static ls_result make_reader(ls_workspace *reader, const char *name, made *out, ls_detail *detail)
{
    LS_TRY(ls_workspace_make_folders(reader, detail));
    LS_TRY(make(reader, LS_VAULT_SIGNER, name, name, out, detail));
    return ls_workspace_save(reader, detail);
}

static ls_result refuse_occupied(const char *folder, ls_detail *detail)
{
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    ls_result r = ls_file_exists(folder) ? ls_folder_list(&arena, folder, &names, &count, detail) : LS_SUCCESS;
    ls_arena_free(&arena);
    if (ls_succeeded(r) && count > 0) {
        return ls_fail_with(&ls_fault_usage, detail, "%s is not empty", folder);
    }
    return r;
}

ls_result ls_workspace_delegate(ls_workspace *ws, const char *name, const char *folder, const char *until,
                                ls_signers as, ls_filed *out, ls_detail *detail)
{
    made m;
    ls_act_draft act = {0};
    ls_workspace reader = {.party = ws->party,
                           .domain = ws->domain,
                           .ledger_path = ws->ledger_path,
                           .exercise = ws->exercise,
                           .protected = ws->protected,
                           .has_process = true,
                           .process = ws->process,
                           .lock = {-1},
                           .passphrase = ws->passphrase};
    LS_TRY(need_party(ws, detail));
    if (!ls_name_valid(ls_bytes_str(name))) {
        ls_hint(detail, "a-z, 0-9 and '-': lockstep delegate press --to FOLDER");
        return ls_fail_with(&ls_fault_usage, detail, "a delegate can't have this name");
    }
    if (strlen(folder) >= 3000) {
        return ls_fail_with(&ls_fault_usage, detail, "the path is too long");
    }
    memcpy(reader.path, folder, strlen(folder) + 1);
    LS_TRY(refuse_occupied(folder, detail));
    ls_result r = make_reader(&reader, name, &m, detail);
    if (ls_succeeded(r)) {
        set_key(&act, &m.key, m.proof, until);
        r = file(ws, "delegate", &act, as, out, detail);
    }
    if (ls_failed(r) && r.fault->class != LS_CLASS_ENVIRONMENT) {
        ls_folder_discard(folder);
    }
    return r;
}
