/* The kinds of source. */
#include "audit/source.h"
#include "audit/tiles.h"
#include "bundle/bundle.h"
#include "crypto/sha256.h"
#include "http/http.h"
#include "os/os.h"
#include "process/finality.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

const ls_fault ls_fault_source = {LS_CLASS_USAGE, "source", "this is nothing that holds a ledger's entries"};

#define STORE "record.sqlite"
#define BUNDLE_MAX (UINT64_C(8) << 30)

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static bool holds(const char *folder, const char *name)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    return len > 0 && (size_t)len < sizeof path && ls_file_exists(path);
}

bool ls_source_is_tree(const char *path)
{
    return is_folder(path) && holds(path, "tile") && !holds(path, STORE);
}

bool ls_source_is_store(const char *path)
{
    return is_folder(path) && holds(path, STORE);
}

static uint64_t size_of(const ls_buf *note)
{
    ls_note parsed;
    ls_checkpoint c;
    return note->len > 0 && ls_succeeded(ls_note_parse(ls_buf_bytes(note), &parsed)) &&
                   ls_succeeded(ls_checkpoint_parse(parsed.text, &c))
               ? c.size
               : 0;
}

/* Stores. */

static ls_result read_store(ls_source *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                            ls_detail *detail)
{
    return s->store->methods->read(s->store, from, to, sink, context, detail);
}

static void close_store(ls_source *s)
{
    s->store->methods->close(s->store);
}

/* Where nothing says which checkpoint is final, the latest is if it has the quorum of the charter that the entries
 * begin with; with quorum none it always is. */
static ls_result settle_final(ls_source *s, ls_detail *detail)
{
    ls_buf charter = {0};
    ls_record *record = NULL;
    ls_finality f;
    if (s->size == 0 || s->final.len > 0 || s->latest.len == 0) {
        return LS_SUCCESS;
    }
    ls_result r = ls_source_entry(s, 0, &charter, detail);
    if (ls_succeeded(r)) {
        r = ls_record_new(s->fetch, &record);
    }
    /* A charter that is none, or not there, is for those to name who check. */
    if (ls_succeeded(r) && ls_succeeded(ls_record_append(record, ls_buf_bytes(&charter), LS_CHECK_TRUSTED, NULL)) &&
        ls_succeeded(ls_checkpoint_judge(ls_record_watched(record), ls_buf_bytes(&s->latest), NULL, &f, NULL)) &&
        f.final) {
        ls_buf_put_bytes(&s->final, ls_buf_bytes(&s->latest));
    }
    ls_record_free(record);
    ls_buf_free(&charter);
    return r.fault == &ls_fault_memory ? r : ls_buf_check(&s->final);
}

static ls_result take_store(ls_source *s, ls_detail *detail)
{
    ls_store_head head = {0};
    s->read = read_store;
    s->close = close_store;
    s->fetch = (ls_fetch){ls_store_fetch_arena, s->store};
    LS_TRY(s->store->methods->head(s->store, &head, detail));
    s->size = head.size;
    s->latest = head.latest;
    s->final = head.final;
    return settle_final(s, detail);
}

static ls_result open_folder(ls_source *s, ls_detail *detail)
{
    s->place = s->name;
    LS_TRY(ls_store_sqlite(s->name, false, &s->store, detail));
    return take_store(s, detail);
}

static ls_result open_database(ls_source *s, const ls_source_options *o, ls_detail *detail)
{
    if (o->store_name == NULL) {
        ls_hint(detail, "add --name: the last part of the ledger's origin");
        return ls_fail_with(&ls_fault_usage, detail, "a database can hold several ledgers: which?");
    }
    LS_TRY(ls_store_postgres(s->name, o->store_name, false, &s->store, detail));
    /* What a report shows is the ledger's name: a password may stand in the connection string. */
    s->name = ls_arena_str(&s->arena, ls_bytes_str(o->store_name));
    return s->name == NULL ? ls_fail(&ls_fault_memory) : take_store(s, detail);
}

/* Trees of tiles, in a folder or in a bundle. */

static ls_result read_tiles(ls_source *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                            ls_detail *detail)
{
    return ls_tiles_read_entries(s->tiles, s->size, from, to, sink, context, detail);
}

/* Entries come from tiles. */
static ls_result take_tiles(ls_source *s, ls_tiles tiles, ls_fetch fetch)
{
    ls_tiles *kept = ls_arena_alloc(&s->arena, sizeof *kept);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *kept = tiles;
    s->tiles = kept;
    s->hashes = true;
    s->read = read_tiles;
    s->fetch = fetch;
    return LS_SUCCESS;
}

/* Hands what was fetched over to the arena. */
static ls_result keep_fetched(ls_result r, ls_buf *file, ls_arena *arena, ls_bytes *out)
{
    if (ls_succeeded(r)) {
        char *kept = ls_arena_str(arena, ls_buf_bytes(file));
        r = kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        *out = ls_succeeded(r) ? ls_bytes_of(kept, file->len) : *out;
    }
    ls_buf_free(file);
    return r;
}

static ls_result fetch_file(void *source, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    const ls_source *s = source;
    char hex[LS_HEX_HASH_SIZE], path[4096];
    ls_buf file = {0};
    ls_hash_format(hash, hex);
    snprintf(path, sizeof path, "%s/attachment/%s", s->place, hex);
    ls_result r = ls_file_exists(path) ? ls_file_read(path, limit, &file, NULL) : ls_fail(&ls_fault_absent);
    return keep_fetched(r, &file, arena, out);
}

static ls_result open_tree(ls_source *s, ls_detail *detail)
{
    char path[4096];
    LS_TRY(take_tiles(s, ls_tiles_of_folder(s->name), (ls_fetch){fetch_file, s}));
    s->place = s->name;
    snprintf(path, sizeof path, "%s/checkpoint", s->name);
    LS_TRY(ls_file_read(path, LS_NOTE_MAX, &s->latest, detail));
    ls_buf_put_bytes(&s->final, ls_buf_bytes(&s->latest));
    s->size = size_of(&s->latest);
    return ls_buf_check(&s->final);
}

/* Servers: a tree of tiles, too. */

struct ls_source_access {
    ls_remote_access from;
    ls_buf header; /* empty: the server has not asked for one yet */
};

static ls_result denied(const ls_source *s, ls_detail *detail)
{
    if (s->access->header.len == 0) {
        ls_hint(detail, "run it in a workspace whose ledger is reached there: lockstep -C WORKSPACE …");
        return ls_fail_with(&ls_fault_denied, detail, "%s lets nobody read who shows no access note", s->name);
    }
    ls_hint(detail, "is it a workspace of this process, and are its keys still those of the charter?");
    return ls_fail_with(&ls_fault_denied, detail, "%s does not accept this workspace's access note", s->name);
}

/* With an access note once the server has asked for one; with another one if that which was kept does not do. */
static ls_result request(const ls_source *s, const char *path, unsigned *status, ls_buf *out, ls_detail *detail)
{
    struct ls_source_access *a = s->access;
    size_t before = out->len;
    for (unsigned attempt = 0; attempt < 3; attempt++) {
        const ls_http_call call = {.method = "GET",
                                   .path = path,
                                   .authorization = a->header.len > 0 ? ls_buf_cstr(&a->header) : NULL,
                                   .limit = BUNDLE_MAX};
        out->len = before;
        LS_TRY(ls_http_client_call(s->client, &call, status, out, detail));
        if (*status != 401 || a->from.note == NULL || attempt == 2) {
            break;
        }
        LS_TRY(ls_remote_authorize(&a->from, &a->header, detail));
    }
    return LS_SUCCESS;
}

static ls_result get_path(const void *source, const char *path, ls_buf *out, ls_detail *detail)
{
    const ls_source *s = source;
    unsigned status;
    size_t before = out->len;
    LS_TRY(request(s, path, &status, out, detail));
    if (status == 200) {
        return LS_SUCCESS;
    }
    out->len = before;
    if (status == 401) {
        return denied(s, detail);
    }
    return ls_fail_with(status == 404 ? &ls_fault_absent : &ls_fault_unreachable, detail, "%s: status %u", path,
                        status);
}

static ls_result fetch_path(void *source, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    char path[sizeof "attachment/" + LS_HEX_HASH_SIZE] = "attachment/";
    ls_buf file = {0};
    ls_hash_format(hash, path + strlen(path));
    ls_result r = get_path(source, path, &file, NULL);
    r = ls_succeeded(r) && file.len > limit ? ls_fail(&ls_fault_large) : r;
    return keep_fetched(r, &file, arena, out);
}

static void close_server(ls_source *s)
{
    ls_http_client_free(s->client);
    ls_buf_wipe(&s->access->header);
}

static ls_result open_server(ls_source *s, const ls_source_options *o, ls_detail *detail)
{
    const ls_http_client_options options = {.base = s->name, .authority_file = o->authority_file};
    LS_TRY(take_tiles(s, (ls_tiles){get_path, s}, (ls_fetch){fetch_path, s}));
    s->access = ls_arena_alloc(&s->arena, sizeof *s->access);
    if (s->access == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (o->own != NULL && strcmp(o->own, s->name) == 0) {
        s->access->from = o->access; /* whoever holds a note can read: no other server is given one */
    }
    s->close = close_server;
    LS_TRY(ls_http_client_new(&options, &s->client, detail));
    LS_TRY(get_path(s, "checkpoint", &s->final, detail));
    /* Of our own servers; others have no such path, and one checkpoint only. */
    ls_result r = get_path(s, "checkpoint/latest", &s->latest, NULL);
    if (ls_failed(r)) {
        ls_buf_put_bytes(&s->latest, ls_buf_bytes(&s->final));
    }
    s->size = size_of(&s->latest);
    return ls_buf_check(&s->latest);
}

static ls_result open_bundle(ls_source *s, ls_detail *detail)
{
    ls_buf file = {0};
    ls_bundle *b = ls_arena_alloc(&s->arena, sizeof *b);
    if (b == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_file_read(s->name, BUNDLE_MAX, &file, detail));
    char *kept = ls_arena_str(&s->arena, ls_buf_bytes(&file));
    size_t len = file.len;
    ls_buf_free(&file);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_bundle_parse(&s->arena, ls_bytes_of(kept, len), b, detail));
    const ls_member *checkpoint = ls_bundle_member(b, "checkpoint");
    if (b->kind != LS_BUNDLE_RECORD || checkpoint == NULL) {
        return ls_fail_with(&ls_fault_source, detail, "%s is not a record", s->name);
    }
    LS_TRY(take_tiles(s, ls_tiles_of_bundle(b), (ls_fetch){ls_bundle_fetch, b}));
    s->hashes = false;
    ls_buf_put_bytes(&s->latest, checkpoint->content);
    s->size = size_of(&s->latest);
    LS_TRY(ls_buf_check(&s->latest));
    return settle_final(s, detail);
}

static bool is_database(const char *path)
{
    return strncmp(path, "postgres://", 11) == 0 || strncmp(path, "postgresql://", 13) == 0;
}

static ls_result open_kind(ls_source *s, const ls_source_options *o, ls_detail *detail)
{
    if (is_database(s->name)) {
        return open_database(s, o, detail);
    }
    if (ls_remote_is_url(s->name)) {
        return open_server(s, o, detail);
    }
    if (ls_source_is_store(s->name)) {
        return open_folder(s, detail);
    }
    if (ls_source_is_tree(s->name)) {
        return open_tree(s, detail);
    }
    if (is_folder(s->name) || !ls_file_exists(s->name)) {
        ls_hint(detail, "name a ledger's folder, a replica, an exported tree, a record, a URL or postgres://…");
        return ls_fail_with(&ls_fault_source, detail, "%s %s", s->name,
                            is_folder(s->name) ? "is a folder without a ledger" : "does not exist");
    }
    return open_bundle(s, detail);
}

ls_result ls_source_open(const char *path, const ls_source_options *o, ls_source **out, ls_detail *detail)
{
    ls_source *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    s->place = "";
    s->name = ls_arena_str(&s->arena, ls_bytes_str(path));
    ls_result r = s->name == NULL ? ls_fail(&ls_fault_memory) : open_kind(s, o, detail);
    if (ls_failed(r)) {
        ls_source_close(s);
        return r;
    }
    *out = s;
    return LS_SUCCESS;
}

void ls_source_close(ls_source *s)
{
    if (s == NULL) {
        return;
    }
    if (s->close != NULL) {
        s->close(s);
    }
    ls_buf_free(&s->latest);
    ls_buf_free(&s->final);
    ls_arena_free(&s->arena);
    free(s);
}

static ls_result hash_entry(void *context, uint64_t index, ls_bytes note)
{
    ls_hash *leaf = context;
    ls_merkle_leaf(note, &leaf[index]);
    return LS_SUCCESS;
}

ls_result ls_source_leaves(ls_source *s, uint64_t size, ls_hash **out, ls_detail *detail)
{
    ls_hash *leaf = size < SIZE_MAX / sizeof *leaf ? calloc(size + 1, sizeof *leaf) : NULL;
    if (leaf == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = s->read(s, 0, size, hash_entry, leaf, detail);
    if (ls_failed(r)) {
        free(leaf);
        return r;
    }
    *out = leaf;
    return LS_SUCCESS;
}

static ls_result keep_entry(void *context, uint64_t index, ls_bytes note)
{
    (void)index;
    ls_buf_put_bytes(context, note);
    return ls_buf_check(context);
}

ls_result ls_source_entry(ls_source *s, uint64_t index, ls_buf *out, ls_detail *detail)
{
    return s->read(s, index, index + 1, keep_entry, out, detail);
}

ls_result ls_source_file(const ls_source *s, const ls_hash *hash, uint64_t size, ls_arena *arena, ls_bytes *out,
                         ls_detail *detail)
{
    ls_hash actual;
    char hex[LS_HEX_HASH_SIZE];
    ls_bytes content = {0};
    ls_result r = s->fetch.fetch(s->fetch.context, hash, size, arena, &content);
    bool larger = r.fault == &ls_fault_large;
    if (ls_failed(r) && !larger) {
        return r;
    }
    ls_sha256_hash(content, &actual);
    if (larger || content.len != size || !ls_hash_equal(&actual, hash)) {
        ls_hash_format(hash, hex);
        return ls_fail_with(&ls_fault_bundle_attachment, detail, "%s: the file %s has other bytes than the act says",
                            s->name, hex);
    }
    *out = content;
    return LS_SUCCESS;
}
