#include "workspace/access.h"
#include "crypto/crypto.h"
#include "process/access.h"
#include <sodium.h>
#include <stdio.h>

#define FILE_NAME "access.note"
#define LIFE (12 * 3600) /* seconds */
#define LEFT 60          /* seconds that a note which is kept must still have */
#define ENDING ".vault"

/* When a note of this process lapses; false if it is not one. */
static bool read_expiry(const ls_workspace *ws, ls_bytes note, ls_time *out)
{
    ls_reader r = ls_reader_of(note);
    ls_bytes version, process, name, expires;
    ls_hash hash;
    return ls_read_line(&r, &version) && ls_read_line(&r, &process) && ls_read_line(&r, &name) &&
           ls_read_line(&r, &expires) && ls_hash_parse(process, &hash) && ls_hash_equal(&hash, &ws->process) &&
           ls_time_parse(expires, out);
}

static bool read_kept(const ls_workspace *ws, const char *path, ls_buf *out)
{
    ls_time expires;
    ls_buf note = {0};
    bool usable = ls_file_exists(path) && ls_succeeded(ls_file_read(path, LS_ACCESS_MAX, &note, NULL)) &&
                  read_expiry(ws, ls_buf_bytes(&note), &expires) && expires > ls_clock_now() + LEFT;
    if (usable) {
        ls_buf_put_bytes(out, ls_buf_bytes(&note));
    }
    ls_buf_wipe(&note);
    return usable;
}

/* Whether the charter lets this key read; before there is one here, the server decides. */
static bool may_read(const ls_workspace *ws, ls_bytes name)
{
    const ls_party *p = ls_workspace_party(ws);
    if (p == NULL || ls_party_signer(p, name) != NULL) {
        return true;
    }
    for (size_t i = 0; i < p->delegate_count; i++) {
        if (ls_bytes_equal(ls_vkey_last(&p->delegate[i].key), name)) {
            return true;
        }
    }
    return false;
}

/* The key to sign with: the one for reading, else the first signer's whose vault is here. */
static ls_result choose_key(const ls_workspace *ws, ls_arena *arena, ls_bytes *out, ls_detail *detail)
{
    char folder[4096];
    char **names;
    size_t count;
    *out = (ls_bytes){0};
    LS_TRY(ls_workspace_path(ws, folder, "vaults"));
    LS_TRY(ls_folder_list(arena, folder, &names, &count, detail));
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(names[i]), end = strlen(ENDING);
        if (len <= end || strcmp(names[i] + len - end, ENDING) != 0) {
            continue;
        }
        ls_bytes name = ls_bytes_of(names[i], len - end);
        bool other = ls_bytes_is(name, "delegation") || ls_bytes_is(name, "sealing") || ls_bytes_is(name, "recovery");
        if (!other && may_read(ws, name) && (out->len == 0 || ls_bytes_is(name, LS_ACCESS_OWN))) {
            *out = name;
        }
    }
    if (out->len == 0) {
        return ls_fail_with(&ls_fault_workspace, detail, "no vault is here whose key could ask the server for access");
    }
    return LS_SUCCESS;
}

static ls_result sign_note(ls_workspace *ws, ls_bytes name, ls_buf *out, ls_detail *detail)
{
    ls_secret *seed = NULL;
    uint8_t public_key[LS_PUBLIC_KEY_SIZE];
    LS_TRY(ls_workspace_unseal(ws, LS_VAULT_SIGNER, name, &seed, detail));
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    ls_result r = secret_key == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        char key_name[LS_KEY_NAME_MAX + 1];
        ls_vkey key;
        snprintf(key_name, sizeof key_name, "%.*s/%.*s", (int)ws->domain.len, (const char *)ws->domain.ptr,
                 (int)name.len, (const char *)name.ptr);
        ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
        ls_vkey_make(ls_bytes_str(key_name), LS_KEY_ED25519, public_key, &key);
        ls_access_make(&ws->process, ws->party, ls_clock_now() + LIFE, &key, secret_key, out);
        r = ls_buf_check(out);
    }
    sodium_free(secret_key);
    ls_secret_free(seed);
    return r;
}

ls_result ls_workspace_access_note(void *workspace, bool fresh, ls_buf *out, ls_detail *detail)
{
    ls_workspace *ws = workspace;
    char path[4096];
    LS_TRY(ls_workspace_path(ws, path, FILE_NAME));
    if (!ws->has_process) {
        return ls_fail_with(&ls_fault_process, detail, "this workspace has signed no charter");
    }
    if (!fresh && read_kept(ws, path, out)) {
        return ls_buf_check(out);
    }
    ls_arena arena = {0};
    ls_bytes name;
    size_t before = out->len;
    ls_result r = choose_key(ws, &arena, &name, detail);
    if (ls_succeeded(r)) {
        r = sign_note(ws, name, out, detail);
    }
    ls_arena_free(&arena);
    if (ls_succeeded(r)) {
        /* Where it can't be kept, the next run makes another. */
        (void)ls_failed(ls_file_write(path, ls_bytes_of(out->ptr + before, out->len - before), NULL));
    }
    return r;
}
