/*
 * The embedded ledger: a folder, made and opened. Whoever appends holds the folder's lock and runs a sequencer over its
 * store; whichever process comes next writes the stamps that are due.
 */
#include "ledger/embedded.h"
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_ledger = {LS_CLASS_ENVIRONMENT, "ledger", "this is not a ledger that can be used"};

#define KEY "key.vault"
#define ORIGIN "origin"
#define SMALL_FILE 1024
#define HOLDER "embedded" /* of the lead: one name for all processes, as the lock keeps them apart */

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
    ls_store *store;
    LS_TRY(ls_store_sqlite(folder, true, &store, detail));
    store->methods->close(store);
    return LS_SUCCESS;
}

static ls_result fill_folder(const char *folder, const char *origin, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE], line[LS_KEY_NAME_MAX + 2];
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

ls_result ls_embedded_key(const char *folder, ls_secret **seed, ls_vkey *key, ls_detail *detail)
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
    LS_TRY(ls_embedded_key(folder, &seed, out, detail));
    ls_secret_free(seed);
    return LS_SUCCESS;
}

/* Reading. */

static ls_result take_first(void *record, uint64_t index, ls_bytes note)
{
    (void)index;
    return ls_record_append(record, note, LS_CHECK_TRUSTED, NULL);
}

/* Whether what is signed and on disk is final already: the charter says so, or there is none yet. */
static ls_result reads_quorum_none(const ls_embedded *e, uint64_t size, bool *out, ls_detail *detail)
{
    ls_record *r;
    LS_TRY(ls_record_new((ls_fetch){ls_store_fetch_arena, e->store}, &r));
    ls_result read = e->store->methods->read(e->store, 0, size > 0, take_first, r, detail);
    *out = ls_record_charter(r) == NULL || ls_record_charter(r)->quorum_none;
    ls_record_free(r);
    return read;
}

static ls_result ledger_checkpoint(ls_ledger *l, ls_which_checkpoint which, ls_buf *note, ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    ls_store_head head = {0};
    bool latest = which == LS_CHECKPOINT_LATEST;
    LS_TRY(e->store->methods->head(e->store, &head, detail));
    ls_result r = LS_SUCCESS;
    if (!latest && head.final.len == 0) {
        r = reads_quorum_none(e, head.size, &latest, detail);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(note, ls_buf_bytes(latest ? &head.latest : &head.final));
        r = ls_buf_check(note);
    }
    ls_store_head_free(&head);
    return r;
}

static ls_result ledger_read(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                             ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    return e->store->methods->read(e->store, from, to, sink, context, detail);
}

static ls_result ledger_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    return e->store->methods->fetch(e->store, hash, limit, out, detail);
}

/* Appending. */

static ls_result take_lock(const ls_embedded *e, ls_lock *lock, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    LS_TRY(ls_embedded_path(e->folder, LS_LEDGER_LOCK, path, detail));
    return ls_lock_take(path, lock, detail);
}

static ls_result bring_up(ls_embedded *e, ls_detail *detail)
{
    uint64_t epoch = 0;
    LS_TRY(e->store->methods->lead(e->store, ls_bytes_str(HOLDER), 0, &epoch, detail));
    return ls_sequencer_bring_up(e->sequencer, epoch, detail);
}

static ls_result submit_locked(ls_embedded *e, const ls_submission *s, ls_receipt *out, ls_detail *detail)
{
    ls_sequencer_item item = {.submission = *s}, *items[] = {&item};
    LS_TRY(bring_up(e, detail));
    LS_TRY(ls_sequencer_submit(e->sequencer, items, 1, detail));
    if (ls_failed(item.outcome.result)) {
        if (detail != NULL) {
            *detail = item.outcome.detail;
        }
        return item.outcome.result;
    }
    *out = item.outcome.receipt;
    /* The act is on record whatever happens to its stamp: whoever comes next writes one that is missing. */
    ls_result stamped = ls_sequencer_tick(e->sequencer, NULL);
    (void)stamped;
    return LS_SUCCESS;
}

static ls_result ledger_submit(ls_ledger *l, const ls_submission *s, ls_receipt *out, ls_detail *detail)
{
    ls_embedded *e = (ls_embedded *)l;
    ls_lock lock;
    LS_TRY(take_lock(e, &lock, detail));
    ls_result r = submit_locked(e, s, out, detail);
    ls_unlock(&lock);
    return r;
}

static ls_result ledger_cosigned(ls_ledger *l, ls_bytes note, bool *final, ls_detail *detail)
{
    ls_embedded *e = (ls_embedded *)l;
    ls_lock lock;
    LS_TRY(take_lock(e, &lock, detail));
    ls_result r = bring_up(e, detail);
    if (ls_succeeded(r)) {
        r = ls_sequencer_cosigned(e->sequencer, note, final, detail);
    }
    ls_unlock(&lock);
    return r;
}

static ls_result ledger_tick(ls_ledger *l, ls_detail *detail)
{
    ls_embedded *e = (ls_embedded *)l;
    ls_lock lock;
    LS_TRY(take_lock(e, &lock, detail));
    ls_result r = bring_up(e, detail);
    ls_unlock(&lock);
    return r;
}

static void ledger_close(ls_ledger *l)
{
    ls_embedded *e = (ls_embedded *)l;
    ls_sequencer_free(e->sequencer);
    if (e->store != NULL) {
        e->store->methods->close(e->store);
    }
    ls_secret_free(e->seed);
    free(e->folder);
    free(e);
}

/* Under the lock, as whoever holds it may sweep away what killed writers left. */
static ls_result ledger_post(ls_ledger *l, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail)
{
    ls_embedded *e = (ls_embedded *)l;
    ls_lock lock;
    LS_TRY(take_lock(e, &lock, detail));
    ls_result r = e->store->methods->post(e->store, to, hash, box, detail);
    ls_unlock(&lock);
    return r;
}

static ls_result ledger_boxes(ls_ledger *l, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                              void *context, ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    return e->store->methods->boxes(e->store, to, sink, context, detail);
}

static ls_result ledger_box(ls_ledger *l, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out,
                            ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    return e->store->methods->box(e->store, to, hash, limit, out, detail);
}

static ls_result ledger_drop(ls_ledger *l, ls_bytes to, const ls_hash *hash, ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    return e->store->methods->drop(e->store, to, hash, detail);
}

static const ls_ledger_methods methods = {.checkpoint = ledger_checkpoint,
                                          .read = ledger_read,
                                          .fetch = ledger_fetch,
                                          .submit = ledger_submit,
                                          .cosigned = ledger_cosigned,
                                          .tick = ledger_tick,
                                          .now = ls_embedded_now,
                                          .post = ledger_post,
                                          .boxes = ledger_boxes,
                                          .box = ledger_box,
                                          .drop = ledger_drop,
                                          .close = ledger_close};

static ls_result clock_now(void *context, ls_time *out, ls_detail *detail)
{
    return ls_embedded_now(context, out, detail);
}

static ls_result open_parts(ls_embedded *e, ls_detail *detail)
{
    LS_TRY(ls_embedded_key(e->folder, &e->seed, &e->key, detail));
    LS_TRY(ls_store_sqlite(e->folder, false, &e->store, detail));
    e->exercise = ls_bytes_starts(ls_bytes_str(e->key.name), "exercise.");
    return ls_sequencer_new(e->store, &e->key, e->seed, (ls_ledger_clock){clock_now, e}, &e->sequencer);
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

/* What both fetches do: the content appended to a buffer, moved into the arena. */
static ls_result into_arena(ls_result fetched, ls_buf *content, ls_arena *arena, ls_bytes *out)
{
    uint8_t *copy = ls_succeeded(fetched) ? ls_arena_alloc(arena, content->len) : NULL;
    if (copy != NULL && content->len > 0) {
        memcpy(copy, content->ptr, content->len);
    }
    size_t len = content->len;
    ls_buf_free(content);
    LS_TRY(fetched);
    if (copy == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = ls_bytes_of(copy, len);
    return LS_SUCCESS;
}

ls_result ls_ledger_fetch_arena(void *ledger, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_ledger *l = ledger;
    ls_buf content = {0};
    ls_result r = l->methods->fetch(l, hash, limit, &content, NULL);
    return into_arena(r, &content, arena, out);
}

ls_result ls_store_fetch_arena(void *store, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_store *s = store;
    ls_buf content = {0};
    ls_result r = s->methods->fetch(s, hash, limit, &content, NULL);
    return into_arena(r, &content, arena, out);
}
