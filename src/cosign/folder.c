/* A cosigner's folder: made, opened, and what it follows. */
#include "cosign/folder.h"
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_cosigner = {LS_CLASS_ENVIRONMENT, "cosigner",
                                    "this is not a cosigner's folder that can be used"};

#define VAULT_MAX 4096
#define URL_MAX 1024
#define ID_HEX 16 /* digits of a URL's hash in a folder's name */

__attribute__((format(printf, 3, 4))) static ls_result path_in(const char *folder, char out[static LS_COSIGN_PATH_SIZE],
                                                               const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = snprintf(out, LS_COSIGN_PATH_SIZE, "%s/", folder);
    int more = len < 0 || len >= LS_COSIGN_PATH_SIZE
                   ? -1
                   : vsnprintf(out + len, (size_t)(LS_COSIGN_PATH_SIZE - len), format, args);
    va_end(args);
    return more >= 0 && len + more < LS_COSIGN_PATH_SIZE ? LS_SUCCESS : ls_fail(&ls_fault_cosigner);
}

/* What tells the two vaults apart. */
typedef struct role {
    const char *file, *suffix;
    ls_vault_purpose purpose;
    uint8_t type;
} role;
static const role cosigning = {"vaults/cosigner.vault", "", LS_VAULT_COSIGNER, LS_KEY_COSIGNATURE};
static const role receipting = {"vaults/receipts.vault", "-receipts", LS_VAULT_RECEIPTS, LS_KEY_ED25519};

static void key_of(const ls_secret *seed, const role *what, ls_bytes name, ls_vkey *out)
{
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
    ls_wipe(secret_key, sizeof secret_key);
    ls_vkey_make(name, what->type, public_key, out);
}

/* Making. */

static ls_result make_vault(const char *folder, const role *what, const char *name, const char *passphrase,
                            ls_vkey *key, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE], key_name[LS_KEY_NAME_MAX + 1];
    ls_buf file = {0};
    LS_TRY(path_in(folder, path, "%s", what->file));
    int len = snprintf(key_name, sizeof key_name, "%s%s", name, what->suffix);
    if (len < 0 || (size_t)len >= sizeof key_name) {
        return ls_fail_with(&ls_fault_usage, detail, "the cosigner's name is too long");
    }
    ls_secret *seed = ls_secret_random();
    ls_result r = seed == NULL ? ls_fail(&ls_fault_memory)
                               : ls_vault_seal(seed, what->purpose, ls_bytes_str(key_name), passphrase,
                                               ls_vault_cost_default, &file);
    if (ls_succeeded(r)) {
        key_of(seed, what, ls_bytes_str(key_name), key);
        r = ls_file_create(path, ls_buf_bytes(&file), detail);
    }
    ls_secret_free(seed);
    ls_buf_wipe(&file);
    return r;
}

/* The entry under `cosigners` of a charter. */
static ls_result make_card(const char *folder, const char *short_name, const ls_vkey *key, const ls_vkey *receipts,
                           ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE], first[LS_VKEY_SIZE], second[LS_VKEY_SIZE];
    ls_buf card = {0};
    ls_vkey_format(key, first);
    ls_vkey_format(receipts, second);
    ls_buf_format(&card, "name: %s\nkey: \"%s\"\nreceipts: \"%s\"\n", short_name, first, second);
    ls_result r = path_in(folder, path, "cosigner.yaml");
    if (ls_succeeded(r)) {
        r = ls_buf_check(&card);
    }
    if (ls_succeeded(r)) {
        r = ls_file_create(path, ls_buf_bytes(&card), detail);
    }
    ls_buf_free(&card);
    return r;
}

static ls_result fill(const char *folder, const char *name, const char *passphrase, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    ls_vkey key, receipts;
    ls_cosign_state *state;
    static const char *const folders[] = {"vaults", "processes"};
    for (size_t i = 0; i < 2; i++) {
        LS_TRY(path_in(folder, path, "%s", folders[i]));
        LS_TRY(ls_folder_make(path, detail));
    }
    LS_TRY(make_vault(folder, &cosigning, name, passphrase, &key, detail));
    LS_TRY(make_vault(folder, &receipting, name, passphrase, &receipts, detail));
    LS_TRY(path_in(folder, path, "cosigner.sqlite"));
    LS_TRY(ls_cosign_state_open(path, true, &state, detail));
    ls_cosign_state_close(state);
    /* Last: with the card the folder is whole. */
    return make_card(folder, strrchr(name, '/') + 1, &key, &receipts, detail);
}

ls_result ls_cosign_folder_create(const char *path, const char *name, const char *passphrase, ls_detail *detail)
{
    const char *slash = strrchr(name, '/');
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    if (slash == NULL || slash == name || !ls_key_name_valid(ls_bytes_str(name)) ||
        !ls_name_valid(ls_bytes_str(slash + 1))) {
        ls_hint(detail, "a name is made of lower-case letters, digits and hyphens");
        return ls_fail_with(&ls_fault_usage, detail, "a cosigner is named DOMAIN/NAME, not \"%s\"", name);
    }
    ls_result r = ls_folder_list(&arena, path, &names, &count, detail);
    ls_arena_free(&arena);
    LS_TRY(r);
    if (count > 0) {
        return ls_fail_with(&ls_fault_exists, detail, "%s is not empty", path);
    }
    LS_TRY(ls_folder_make(path, detail));
    LS_TRY(ls_private_check(path, detail));
    r = fill(path, name, passphrase, detail);
    /* It was empty, so making it can be tried again. */
    if (ls_failed(r)) {
        ls_folder_discard(path);
    }
    return r;
}

/* Opening. */

static ls_result read_vault(const char *folder, const role *what, ls_buf *file, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    LS_TRY(path_in(folder, path, "%s", what->file));
    ls_result r = ls_file_exists(path) ? ls_private_check(path, detail) : ls_fail(&ls_fault_missing);
    if (r.fault == &ls_fault_missing) {
        ls_hint(detail, "lockstep init %s --outsider NAME makes one; of a party, init --cosigner", folder);
        return ls_fail_with(&ls_fault_cosigner, detail, "%s is no cosigner's folder: it has no keys", folder);
    }
    return ls_failed(r) ? r : ls_file_read(path, VAULT_MAX, file, detail);
}

static ls_result open_vault(const char *folder, const role *what, const char *passphrase, ls_vkey *key,
                            ls_secret **seed, bool *protected, ls_detail *detail)
{
    ls_buf file = {0};
    ls_vault_header header;
    ls_result r = read_vault(folder, what, &file, detail);
    if (ls_succeeded(r)) {
        r = ls_vault_peek(ls_buf_bytes(&file), &header);
    }
    if (ls_succeeded(r)) {
        *protected = header.protected;
        r = ls_vault_unseal(ls_buf_bytes(&file), what->purpose, header.name, passphrase, seed);
    }
    if (ls_succeeded(r)) {
        key_of(*seed, what, header.name, key);
    }
    ls_buf_wipe(&file);
    return r;
}

ls_result ls_cosign_folder_protected(const char *path, bool *out, ls_detail *detail)
{
    ls_buf file = {0};
    ls_vault_header header;
    LS_TRY(read_vault(path, &cosigning, &file, detail));
    ls_result r = ls_vault_peek(ls_buf_bytes(&file), &header);
    if (ls_succeeded(r)) {
        *out = header.protected;
    }
    ls_buf_wipe(&file);
    return r;
}

static ls_result take_lock(ls_cosign_folder *f, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    bool taken = false;
    LS_TRY(path_in(f->path, path, "lock"));
    LS_TRY(ls_lock_try(path, &f->lock, &taken, detail));
    if (!taken) {
        ls_hint(detail, "end it first; what it does: lockstep cosign status %s", f->path);
        return ls_fail_with(&ls_fault_cosigner, detail, "another process is cosigning with %s", f->path);
    }
    return LS_SUCCESS;
}

static ls_result open_folder(ls_cosign_folder *f, const char *passphrase, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    LS_TRY(ls_private_check(f->path, detail));
    LS_TRY(open_vault(f->path, &cosigning, passphrase, &f->key, &f->key_seed, &f->protected, detail));
    LS_TRY(open_vault(f->path, &receipting, passphrase, &f->receipts, &f->receipts_seed, &f->protected, detail));
    LS_TRY(take_lock(f, detail));
    LS_TRY(path_in(f->path, path, "cosigner.sqlite"));
    return ls_cosign_state_open(path, false, &f->state, detail);
}

static ls_result name_folder(ls_cosign_folder *f, const char *path, ls_detail *detail)
{
    *f = (ls_cosign_folder){.lock.fd = -1};
    int len = snprintf(f->path, sizeof f->path, "%s", path);
    if (len < 0 || (size_t)len >= sizeof f->path || !ls_file_exists(path)) {
        return ls_fail_with(&ls_fault_cosigner, detail, "there is no folder %s", path);
    }
    return LS_SUCCESS;
}

ls_result ls_cosign_folder_lock(const char *path, ls_cosign_folder *out, ls_detail *detail)
{
    ls_cosign_folder f;
    bool protected;
    LS_TRY(name_folder(&f, path, detail));
    LS_TRY(ls_cosign_folder_protected(path, &protected, detail)); /* or it is another folder, and no place for a lock */
    LS_TRY(take_lock(&f, detail));
    *out = f;
    return LS_SUCCESS;
}

ls_result ls_cosign_folder_open(const char *path, const char *passphrase, ls_cosign_folder *out, ls_detail *detail)
{
    ls_cosign_folder f;
    LS_TRY(name_folder(&f, path, detail));
    ls_result r = open_folder(&f, passphrase, detail);
    if (ls_failed(r)) {
        ls_cosign_folder_close(&f);
        return r;
    }
    *out = f;
    return LS_SUCCESS;
}

void ls_cosign_folder_close(ls_cosign_folder *f)
{
    ls_cosign_state_close(f->state);
    ls_secret_free(f->key_seed);
    ls_secret_free(f->receipts_seed);
    if (f->lock.fd >= 0) {
        ls_unlock(&f->lock);
    }
    *f = (ls_cosign_folder){.lock.fd = -1};
}

/* What is followed. */

ls_result ls_cosign_folder_follow(const ls_cosign_folder *f, const ls_hash *process, const char *url, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE], folder[LS_COSIGN_PATH_SIZE], hex[LS_HEX_HASH_SIZE], id[LS_HEX_HASH_SIZE];
    char line[URL_MAX + 2];
    ls_hash hash;
    int len = snprintf(line, sizeof line, "%s\n", url);
    if (len < 0 || (size_t)len >= sizeof line || strchr(url, '\n') != NULL) {
        return ls_fail_with(&ls_fault_usage, detail, "the URL is too long");
    }
    ls_sha256_hash(ls_bytes_str(url), &hash);
    ls_hash_format(&hash, id);
    ls_hash_format(process, hex);
    LS_TRY(path_in(f->path, folder, "processes/%s.%.*s", hex, ID_HEX, id));
    LS_TRY(ls_folder_make(folder, detail));
    LS_TRY(path_in(folder, path, "source"));
    return ls_file_exists(path) ? LS_SUCCESS : ls_file_create(path, ls_bytes_str(line), detail);
}

ls_result ls_cosign_folder_forget(const ls_cosign_source *source, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    LS_TRY(path_in(source->folder, path, "source"));
    return ls_file_remove(path, detail);
}

/* Left out is what has no source: a killed process left it so, or it was forgotten. */
static ls_result read_source(const ls_cosign_folder *f, const char *name, ls_arena *arena, ls_cosign_source *out,
                             bool *there, ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    ls_buf file = {0};
    ls_bytes url;
    LS_TRY(path_in(f->path, path, "processes/%s/source", name));
    *there = strlen(name) > 64 && ls_hash_parse(ls_bytes_of(name, 64), &out->process) && ls_file_exists(path);
    if (!*there) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_file_read(path, URL_MAX + 1, &file, detail));
    ls_reader r = ls_reader_of(ls_buf_bytes(&file));
    bool read = ls_read_line(&r, &url) && ls_reader_done(&r);
    out->url = read ? ls_arena_str(arena, url) : NULL;
    out->folder = ls_arena_format(arena, "%s/processes/%s", f->path, name);
    ls_buf_free(&file);
    if (!read) {
        return ls_fail_with(&ls_fault_cosigner, detail, "%s is not one line", path);
    }
    return out->url == NULL || out->folder == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result ls_cosign_folder_sources(const ls_cosign_folder *f, ls_arena *arena, ls_cosign_source **out, size_t *count,
                                   ls_detail *detail)
{
    char path[LS_COSIGN_PATH_SIZE];
    char **names;
    size_t folders, found = 0;
    LS_TRY(path_in(f->path, path, "processes"));
    LS_TRY(ls_folder_list(arena, path, &names, &folders, detail));
    ls_cosign_source *sources = ls_arena_array(arena, folders + 1, sizeof *sources);
    for (size_t i = 0; sources != NULL && i < folders; i++) {
        bool there = false;
        LS_TRY(read_source(f, names[i], arena, &sources[found], &there, detail));
        found += there;
    }
    *out = sources;
    *count = found;
    return sources == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}
