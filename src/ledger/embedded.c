/* The embedded ledger: a folder, made and opened. What appends to it is in sequencer.c. */
#include "ledger/embedded.h"
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_ledger = {LS_CLASS_ENVIRONMENT, "ledger", "this is not a ledger that can be used"};

#define STORE "record.sqlite"
#define KEY "key.vault"
#define ORIGIN "origin"
#define ATTACHMENTS "attachments"
#define SMALL_FILE 1024

ls_result ls_embedded_path(const char *folder, const char *name, char out[static LS_LEDGER_PATH_SIZE],
                           ls_detail *detail)
{
    int len = snprintf(out, LS_LEDGER_PATH_SIZE, "%s/%s", folder, name);
    return len > 0 && len < LS_LEDGER_PATH_SIZE
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_ledger, detail, "the path of the ledger is too long");
}

/* Making. */

static ls_result require_empty(const char *folder, ls_detail *detail)
{
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    ls_result r = ls_folder_list(&arena, folder, &names, &count, detail);
    ls_arena_free(&arena);
    if (ls_succeeded(r) && count > 0) {
        ls_hint(detail, "choose a folder that does not exist yet");
        return ls_fail_with(&ls_fault_exists, detail, "%s is not empty", folder);
    }
    return r;
}

static ls_result make_key(const char *folder, const char *origin, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_buf file = {0};
    ls_secret *seed = ls_secret_random();
    ls_result r = seed == NULL ? ls_fail(&ls_fault_memory) : ls_embedded_path(folder, KEY, path, detail);
    if (ls_succeeded(r)) {
        r = ls_vault_seal(seed, LS_VAULT_LEDGER, ls_bytes_str(origin), NULL, ls_vault_cost_default, &file);
    }
    if (ls_succeeded(r)) {
        r = ls_file_create(path, ls_buf_bytes(&file), detail);
    }
    ls_secret_free(seed);
    ls_buf_wipe(&file);
    return r;
}

static ls_result make_store(const char *folder, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_store *store;
    LS_TRY(ls_embedded_path(folder, STORE, path, detail));
    LS_TRY(ls_store_sqlite(path, true, &store, detail));
    store->methods->close(store);
    return LS_SUCCESS;
}

static ls_result fill_folder(const char *folder, const char *origin, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE], line[LS_KEY_NAME_MAX + 2];
    LS_TRY(ls_embedded_path(folder, ATTACHMENTS, path, detail));
    LS_TRY(ls_folder_make(path, detail));
    LS_TRY(make_key(folder, origin, detail));
    LS_TRY(make_store(folder, detail));
    /* Last, as it is what makes the folder a ledger: without it, making was interrupted. */
    snprintf(line, sizeof line, "%s\n", origin);
    LS_TRY(ls_embedded_path(folder, ORIGIN, path, detail));
    return ls_file_create(path, ls_bytes_str(line), detail);
}

ls_result ls_ledger_create(const char *folder, const char *origin, ls_detail *detail)
{
    if (!ls_key_name_valid(ls_bytes_str(origin))) {
        return ls_fail_with(&ls_fault_usage, detail, "an origin can't have this name: no spaces, no '+', not empty");
    }
    LS_TRY(require_empty(folder, detail));
    LS_TRY(ls_folder_make(folder, detail));
    LS_TRY(ls_private_check(folder, detail));
    ls_result r = fill_folder(folder, origin, detail);
    /* It was empty, so making it can be tried again; unless another process is filling it at the same time. */
    if (ls_failed(r) && r.fault != &ls_fault_exists) {
        ls_folder_discard(folder);
    }
    return r;
}

/* Opening. */

static ls_result read_small(const char *folder, const char *name, ls_buf *out, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    LS_TRY(ls_embedded_path(folder, name, path, detail));
    return ls_file_read(path, SMALL_FILE, out, detail);
}

/* Appends the origin. */
static ls_result read_origin(const char *folder, ls_buf *out, ls_detail *detail)
{
    ls_buf file = {0};
    ls_result r = read_small(folder, ORIGIN, &file, detail);
    if (r.fault == &ls_fault_missing) {
        ls_hint(detail, "if making it was interrupted, remove the folder and make it again");
        r = ls_fail_with(&ls_fault_ledger, detail, "%s is not a ledger: it has no origin", folder);
    }
    if (ls_succeeded(r)) {
        ls_bytes line;
        ls_reader reader = ls_reader_of(ls_buf_bytes(&file));
        bool read = ls_read_line(&reader, &line) && ls_reader_done(&reader) && ls_key_name_valid(line);
        r = read ? LS_SUCCESS : ls_fail_with(&ls_fault_store_damaged, detail, "the ledger's origin is not one line");
        ls_buf_put_bytes(out, read ? line : ls_bytes_of(NULL, 0));
    }
    ls_buf_free(&file);
    return ls_failed(r) ? r : ls_buf_check(out);
}

static ls_result read_seed(const char *folder, ls_bytes origin, ls_secret **out, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_buf file = {0};
    LS_TRY(ls_embedded_path(folder, KEY, path, detail));
    LS_TRY(ls_private_check(path, detail));
    ls_result r = read_small(folder, KEY, &file, detail);
    if (ls_succeeded(r)) {
        r = ls_vault_unseal(ls_buf_bytes(&file), LS_VAULT_LEDGER, origin, NULL, out);
        if (ls_failed(r)) {
            r = ls_fail_with(r.fault, detail, "%s is not this ledger's key", path);
        }
    }
    ls_buf_wipe(&file);
    return r;
}

static void make_vkey(const ls_secret *seed, ls_bytes origin, ls_vkey *out)
{
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
    ls_wipe(secret_key, sizeof secret_key);
    ls_vkey_make(origin, LS_KEY_ED25519, public_key, out);
}

/* The key and its seed, which the caller frees. */
static ls_result open_key(const char *folder, ls_secret **seed, ls_vkey *key, ls_detail *detail)
{
    ls_buf origin = {0};
    if (!ls_file_exists(folder)) {
        ls_hint(detail, "the host makes it with: lockstep charter new FILE --ledger FOLDER");
        return ls_fail_with(&ls_fault_ledger, detail, "there is no ledger at %s", folder);
    }
    LS_TRY(ls_private_check(folder, detail));
    ls_result r = read_origin(folder, &origin, detail);
    if (ls_succeeded(r)) {
        r = read_seed(folder, ls_buf_bytes(&origin), seed, detail);
    }
    if (ls_succeeded(r)) {
        make_vkey(*seed, ls_buf_bytes(&origin), key);
    }
    ls_buf_free(&origin);
    return r;
}

ls_result ls_ledger_key(const char *folder, ls_vkey *out, ls_detail *detail)
{
    ls_secret *seed;
    LS_TRY(open_key(folder, &seed, out, detail));
    ls_secret_free(seed);
    return LS_SUCCESS;
}

static ls_result ledger_checkpoint(ls_ledger *l, ls_buf *note, ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    uint64_t size;
    return e->store->methods->head(e->store, &size, note, detail);
}

static ls_result ledger_read(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                             ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    return e->store->methods->read(e->store, from, to, sink, context, detail);
}

static void ledger_close(ls_ledger *l)
{
    ls_embedded *e = (ls_embedded *)l;
    if (e->store != NULL) {
        e->store->methods->close(e->store);
    }
    ls_record_free(e->record);
    ls_secret_free(e->seed);
    ls_buf_free(&e->checkpoint);
    free(e->folder);
    free(e);
}

static const ls_ledger_methods methods = {.checkpoint = ledger_checkpoint,
                                          .read = ledger_read,
                                          .fetch = ls_embedded_fetch,
                                          .attach = ls_embedded_attach,
                                          .attach_bytes = ls_embedded_attach_bytes,
                                          .submit = ls_embedded_submit,
                                          .tick = ls_embedded_tick,
                                          .now = ls_embedded_now,
                                          .close = ledger_close};

static ls_result open_parts(ls_embedded *e, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    LS_TRY(open_key(e->folder, &e->seed, &e->key, detail));
    LS_TRY(ls_embedded_path(e->folder, STORE, path, detail));
    LS_TRY(ls_store_sqlite(path, false, &e->store, detail));
    e->exercise = ls_bytes_starts(ls_bytes_str(e->key.name), "exercise.");
    return LS_SUCCESS;
}

ls_result ls_ledger_open(const char *folder, ls_ledger **out, ls_detail *detail)
{
    ls_embedded *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    e->base.methods = &methods;
    e->folder = strdup(folder);
    ls_result r = e->folder == NULL ? ls_fail(&ls_fault_memory) : open_parts(e, detail);
    if (ls_failed(r)) {
        ledger_close(&e->base);
        return r;
    }
    *out = &e->base;
    return LS_SUCCESS;
}
