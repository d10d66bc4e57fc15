/*
 * The SQLite store: one file with a write-ahead log, synced at every commit, and a folder of files beside it (files.c).
 *
 * A file is ours if it carries our application id, our schema's version, and exactly our tables; its pages are checked
 * when it is opened. What the entries say is not believed here: whoever replays them compares their root with the
 * checkpoint, which is signed.
 *
 * The write-ahead log is folded into the file whenever the last user closes it. A killed process leaves its log behind;
 * damaged, that log ends early, as it does after a loss of power, and the store shows an older state. Whoever has seen
 * a later checkpoint notices.
 */
#include "os/os.h"
#include "store/files.h"
#include "store/migrate.h"
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <lockstep/merkle.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x4c535452 /* "LSTR" */
#define VERSION 2
#define HOLDER_MAX 255          /* bytes of a leader's name that are kept */
#define WAIT_MILLISECONDS 30000 /* for another process's commit */

/* In the order of their names. */
static const char schema[] =
    "CREATE TABLE checkpoint(final INTEGER PRIMARY KEY CHECK(final IN(0,1)),size INTEGER NOT NULL,"
    "note BLOB NOT NULL)STRICT;"
    "CREATE TABLE entries(idx INTEGER PRIMARY KEY CHECK(idx>=0),note BLOB NOT NULL,"
    "root BLOB NOT NULL CHECK(length(root)=32))STRICT;"
    "CREATE TABLE lead(one INTEGER PRIMARY KEY CHECK(one=1),epoch INTEGER NOT NULL,holder BLOB NOT NULL)STRICT";

/* Everything the store ever asks; prepared once, when it is opened. */
enum {
    BEGIN,
    BEGIN_WRITE,
    COMMIT,
    ROLLBACK,
    COUNT,
    CHECKPOINT,
    READ,
    ROOT,
    LEADER,
    LEAD,
    APPEND,
    PUBLISH,
    STATEMENT_COUNT
};
static const char *const statements[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN",
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [COUNT] = "SELECT ifnull(max(idx),-1)+1 FROM entries",
    [CHECKPOINT] = "SELECT size,note FROM checkpoint WHERE final=?1",
    [READ] = "SELECT idx,note FROM entries WHERE idx>=?1 AND idx<?2 ORDER BY idx",
    [ROOT] = "SELECT root FROM entries WHERE idx=?1",
    [LEADER] = "SELECT epoch,holder FROM lead WHERE one=1",
    [LEAD] = "INSERT OR REPLACE INTO lead(one,epoch,holder)VALUES(1,?1,?2)",
    [APPEND] = "INSERT INTO entries(idx,note,root)VALUES(?1,?2,?3)",
    [PUBLISH] = "INSERT OR REPLACE INTO checkpoint(final,size,note)VALUES(?1,?2,?3)",
};

typedef struct sqlite_store {
    ls_store base;
    sqlite3 *db;
    sqlite3_stmt *statement[STATEMENT_COUNT];
    char *path, *files, *boxes;
    bool swept; /* leftovers among the files were cleared away since the lead was taken */
} sqlite_store;

/* SQLite's answers that mean that the file's content is at fault. Our SQL never changes: where it is an error, the
 * tables are not those that were made. */
static bool means_damage(int code)
{
    static const int codes[] = {SQLITE_CORRUPT,    SQLITE_NOTADB,   SQLITE_ERROR, SQLITE_SCHEMA,
                                SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if ((code & 0xff) == codes[i]) {
            return true;
        }
    }
    return false;
}

static void put_file(const sqlite_store *s, ls_detail *detail)
{
    if (detail != NULL) {
        snprintf(detail->file, sizeof detail->file, "%s", s->path);
    }
}

static ls_result damaged(const sqlite_store *s, ls_detail *detail, const char *what)
{
    put_file(s, detail);
    ls_hint(detail, "restore this folder from a backup; what a party exported shows what it must hold");
    return ls_fail_with(&ls_fault_store_damaged, detail, "%s", what);
}

static ls_result failed(const sqlite_store *s, int code, ls_detail *detail)
{
    const char *message = s->db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(s->db);
    if ((code & 0xff) == SQLITE_NOMEM) {
        return ls_fail(&ls_fault_memory);
    }
    if (means_damage(code)) {
        return damaged(s, detail, message);
    }
    /* What the system said, where SQLite says no more than that it did. */
    char buffer[128];
    int error = s->db == NULL ? 0 : sqlite3_system_errno(s->db);
    const char *cause = error == 0 ? "" : strerror_r(error, buffer, sizeof buffer);
    put_file(s, detail);
    if ((code & 0xff) == SQLITE_FULL || error == ENOSPC) {
        ls_hint(detail, "make room on the disk; nothing that was acknowledged is lost");
    }
    return ls_fail_with(&ls_fault_store, detail, "%s: %s%s%s", s->path, message, error == 0 ? "" : ": ", cause);
}

/* Runs a statement to its end or its first row; true in *row if there is one. The caller resets. */
static ls_result step(sqlite_store *s, int which, bool *row, ls_detail *detail)
{
    int code = sqlite3_step(s->statement[which]);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        ls_result r = failed(s, code, detail);
        sqlite3_reset(s->statement[which]);
        return r;
    }
    *row = code == SQLITE_ROW;
    return LS_SUCCESS;
}

/* Runs a statement that gives no rows. */
static ls_result run(sqlite_store *s, int which, ls_detail *detail)
{
    bool row = false;
    LS_TRY(step(s, which, &row, detail));
    int code = sqlite3_reset(s->statement[which]);
    return code == SQLITE_OK ? LS_SUCCESS : failed(s, code, detail);
}

/* Ends a transaction: commits what succeeded, and undoes the rest. */
static ls_result finish(sqlite_store *s, ls_result r, ls_detail *detail)
{
    if (ls_succeeded(r)) {
        r = run(s, COMMIT, detail);
    }
    if (ls_failed(r) && sqlite3_get_autocommit(s->db) == 0) {
        /* The first failure is the one to report; SQLite undoes by itself at the latest when the file is closed. */
        ls_result ignored = run(s, ROLLBACK, NULL);
        (void)ignored;
    }
    return r;
}

static ls_result count_entries(sqlite_store *s, uint64_t *out, ls_detail *detail)
{
    bool row = false;
    LS_TRY(step(s, COUNT, &row, detail));
    int64_t count = row ? sqlite3_column_int64(s->statement[COUNT], 0) : -1;
    sqlite3_reset(s->statement[COUNT]);
    if (count < 0) {
        return damaged(s, detail, "the entries can't be counted");
    }
    *out = (uint64_t)count;
    return LS_SUCCESS;
}

static ls_bytes column_blob(sqlite3_stmt *statement, int column)
{
    const void *ptr = sqlite3_column_blob(statement, column);
    return ls_bytes_of(ptr, (size_t)sqlite3_column_bytes(statement, column));
}

/* A checkpoint, the latest or the final one, and its size; 0 and nothing if there is none. note may be NULL. */
static ls_result read_checkpoint(sqlite_store *s, bool final, uint64_t *size, ls_buf *note, ls_detail *detail)
{
    bool row = false;
    sqlite3_stmt *statement = s->statement[CHECKPOINT];
    sqlite3_bind_int(statement, 1, final);
    LS_TRY(step(s, CHECKPOINT, &row, detail));
    bool sound = !row || (sqlite3_column_type(statement, 1) == SQLITE_BLOB && sqlite3_column_int64(statement, 0) >= 0);
    *size = row && sound ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
    if (row && sound && note != NULL) {
        ls_buf_put_bytes(note, column_blob(statement, 1));
    }
    sqlite3_reset(statement);
    return sound ? LS_SUCCESS : damaged(s, detail, "the checkpoint is not one");
}

static ls_result read_head(sqlite_store *s, ls_store_head *h, ls_detail *detail)
{
    uint64_t latest, final;
    LS_TRY(count_entries(s, &h->size, detail));
    LS_TRY(read_checkpoint(s, false, &latest, &h->latest, detail));
    LS_TRY(read_checkpoint(s, true, &final, &h->final, detail));
    if (latest > h->size || final > latest) {
        return damaged(s, detail, "entries that were published are gone");
    }
    LS_TRY(ls_buf_check(&h->latest));
    return ls_buf_check(&h->final);
}

static ls_result store_head(ls_store *store, ls_store_head *h, ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    ls_store_head fresh = {0};
    /* One transaction, so that they belong together. */
    ls_result r = run(s, BEGIN, detail);
    if (ls_succeeded(r)) {
        r = finish(s, read_head(s, &fresh, detail), detail);
    }
    if (ls_failed(r)) {
        ls_store_head_free(&fresh);
        return r;
    }
    ls_store_head_free(h);
    *h = fresh;
    return LS_SUCCESS;
}

static ls_result read_rows(sqlite_store *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                           ls_detail *detail)
{
    sqlite3_stmt *statement = s->statement[READ];
    for (uint64_t next = from; next < to; next++) {
        bool row = false;
        LS_TRY(step(s, READ, &row, detail));
        if (!row || (uint64_t)sqlite3_column_int64(statement, 0) != next ||
            sqlite3_column_type(statement, 1) != SQLITE_BLOB) {
            char what[64];
            snprintf(what, sizeof what, "entry %" PRIu64 " is missing", next);
            return damaged(s, detail, what);
        }
        LS_TRY(sink(context, next, column_blob(statement, 1)));
    }
    return LS_SUCCESS;
}

static ls_result store_read(ls_store *store, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                            ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    if (from > to || to > INT64_MAX) {
        return ls_fail(&ls_fault_usage);
    }
    sqlite3_bind_int64(s->statement[READ], 1, (int64_t)from);
    sqlite3_bind_int64(s->statement[READ], 2, (int64_t)to);
    ls_result r = read_rows(s, from, to, sink, context, detail);
    sqlite3_reset(s->statement[READ]);
    return r;
}

static ls_result store_root(ls_store *store, uint64_t size, ls_hash *out, ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    sqlite3_stmt *statement = s->statement[ROOT];
    bool row = false;
    if (size == 0) {
        ls_merkle_empty(out);
        return LS_SUCCESS;
    }
    sqlite3_bind_int64(statement, 1, (int64_t)(size - 1));
    LS_TRY(step(s, ROOT, &row, detail));
    ls_bytes root = row ? column_blob(statement, 0) : (ls_bytes){0};
    bool sound = root.len == sizeof out->b;
    if (sound) {
        memcpy(out->b, root.ptr, sizeof out->b);
    }
    sqlite3_reset(statement);
    return sound ? LS_SUCCESS : damaged(s, detail, "the root of an entry is missing");
}

/* Writing. */

/* Binds a blob; an empty one needs a pointer: NULL would bind NULL. */
static int bind_blob(sqlite3_stmt *statement, int at, ls_bytes blob)
{
    return sqlite3_bind_blob64(statement, at, blob.len == 0 ? "" : (const void *)blob.ptr, blob.len, SQLITE_STATIC);
}

/* Runs a statement whose parameters were bound, with the last answer of SQLite to that. */
static ls_result run_bound(sqlite_store *s, int which, int code, ls_detail *detail)
{
    ls_result r = code == SQLITE_OK ? run(s, which, detail) : failed(s, code, detail);
    sqlite3_clear_bindings(s->statement[which]);
    return r;
}

/* Epoch 0 and no name: nobody has led yet. */
static ls_result read_leader(sqlite_store *s, uint64_t *epoch, uint8_t holder[static HOLDER_MAX], size_t *len,
                             ls_detail *detail)
{
    bool row = false;
    LS_TRY(step(s, LEADER, &row, detail));
    ls_bytes name = row ? column_blob(s->statement[LEADER], 1) : (ls_bytes){0};
    int64_t number = row ? sqlite3_column_int64(s->statement[LEADER], 0) : 0;
    bool sound = (!row || number > 0) && name.len <= HOLDER_MAX;
    if (sound && name.len > 0) {
        memcpy(holder, name.ptr, name.len);
    }
    *len = name.len;
    sqlite3_reset(s->statement[LEADER]);
    *epoch = (uint64_t)number;
    return sound ? LS_SUCCESS : damaged(s, detail, "who leads can't be read");
}

static ls_result check_epoch(sqlite_store *s, uint64_t epoch, ls_detail *detail)
{
    uint64_t leads;
    uint8_t holder[HOLDER_MAX];
    size_t len;
    LS_TRY(read_leader(s, &leads, holder, &len, detail));
    if (leads == epoch && epoch != 0) {
        return LS_SUCCESS;
    }
    put_file(s, detail);
    return ls_fail_with(&ls_fault_store_conflict, detail, "another process leads now: epoch %" PRIu64 ", not %" PRIu64,
                        leads, epoch);
}

/* Keeps the epoch if its holder asks again, so that the lead of one process after the other, under the folder's lock,
 * costs nothing. */
static ls_result take_lead(sqlite_store *s, ls_bytes holder, bool write, uint64_t *epoch, ls_detail *detail)
{
    uint64_t leads;
    uint8_t name[HOLDER_MAX];
    size_t len;
    LS_TRY(read_leader(s, &leads, name, &len, detail));
    bool mine = leads != 0 && ls_bytes_equal(ls_bytes_of(name, len), holder);
    if (mine || !write) {
        *epoch = mine ? leads : 0;
        return LS_SUCCESS;
    }
    sqlite3_stmt *statement = s->statement[LEAD];
    int code = sqlite3_bind_int64(statement, 1, (int64_t)(leads + 1));
    code = code == SQLITE_OK ? bind_blob(statement, 2, holder) : code;
    LS_TRY(run_bound(s, LEAD, code, detail));
    *epoch = leads + 1;
    return LS_SUCCESS;
}

static ls_result execute(sqlite_store *s, const char *sql, ls_detail *detail)
{
    int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? LS_SUCCESS : failed(s, code, detail);
}

/* An epoch has to outlive processes, not a loss of power, which ends them all: so this commit alone is not synced. */
static ls_result write_lead(sqlite_store *s, ls_bytes holder, uint64_t *epoch, ls_detail *detail)
{
    LS_TRY(execute(s, "PRAGMA synchronous=NORMAL", detail));
    ls_result r = run(s, BEGIN_WRITE, detail);
    if (ls_succeeded(r)) {
        r = finish(s, take_lead(s, holder, true, epoch, detail), detail);
    }
    ls_result restored = execute(s, "PRAGMA synchronous=FULL", detail);
    return ls_failed(r) ? r : restored;
}

static ls_result store_lead(ls_store *store, ls_bytes holder, unsigned seconds, uint64_t *epoch, ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    uint64_t taken = 0;
    (void)seconds; /* whoever asks holds the folder's lock, so nobody else does */
    if (*epoch != 0) {
        return check_epoch(s, *epoch, detail);
    }
    ls_bytes name = ls_bytes_of(holder.ptr, holder.len > HOLDER_MAX ? HOLDER_MAX : holder.len);
    LS_TRY(take_lead(s, name, false, &taken, detail));
    if (taken == 0) {
        LS_TRY(write_lead(s, name, &taken, detail));
    }
    s->swept = false;
    *epoch = taken;
    return LS_SUCCESS;
}

static ls_result write_entry(sqlite_store *s, uint64_t index, ls_bytes note, const ls_hash *root, ls_detail *detail)
{
    sqlite3_stmt *statement = s->statement[APPEND];
    int code = sqlite3_bind_int64(statement, 1, (int64_t)index);
    code = code == SQLITE_OK ? bind_blob(statement, 2, note) : code;
    code = code == SQLITE_OK ? bind_blob(statement, 3, ls_bytes_of(root->b, sizeof root->b)) : code;
    return run_bound(s, APPEND, code, detail);
}

static ls_result append_rows(sqlite_store *s, uint64_t epoch, uint64_t size, const ls_bytes *notes,
                             const ls_hash *roots, size_t count, ls_detail *detail)
{
    uint64_t committed;
    LS_TRY(check_epoch(s, epoch, detail));
    LS_TRY(count_entries(s, &committed, detail));
    if (committed != size) {
        put_file(s, detail);
        return ls_fail_with(&ls_fault_store_conflict, detail, "%" PRIu64 " entries are committed, not %" PRIu64,
                            committed, size);
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(write_entry(s, size + i, notes[i], &roots[i], detail));
    }
    return LS_SUCCESS;
}

static ls_result store_append(ls_store *store, uint64_t epoch, uint64_t size, const ls_bytes *notes,
                              const ls_hash *roots, size_t count, ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    LS_TRY(run(s, BEGIN_WRITE, detail));
    return finish(s, append_rows(s, epoch, size, notes, roots, count, detail), detail);
}

/* A checkpoint fits between the one of its kind that it follows and what it must not exceed. */
static ls_result check_fits(sqlite_store *s, bool final, uint64_t size, ls_detail *detail)
{
    uint64_t before, limit;
    LS_TRY(read_checkpoint(s, final, &before, NULL, detail));
    LS_TRY(final ? read_checkpoint(s, false, &limit, NULL, detail) : count_entries(s, &limit, detail));
    if (before <= size && size <= limit) {
        return LS_SUCCESS;
    }
    put_file(s, detail);
    return ls_fail_with(&ls_fault_store_conflict, detail,
                        "a checkpoint of %" PRIu64 " entries does not fit: there is one of %" PRIu64 ", and %" PRIu64
                        " are %s",
                        size, before, limit, final ? "published" : "committed");
}

static ls_result write_checkpoint(sqlite_store *s, uint64_t epoch, bool final, uint64_t size, ls_bytes note,
                                  ls_detail *detail)
{
    sqlite3_stmt *statement = s->statement[PUBLISH];
    LS_TRY(check_epoch(s, epoch, detail));
    LS_TRY(check_fits(s, final, size, detail));
    int code = sqlite3_bind_int(statement, 1, final);
    code = code == SQLITE_OK ? sqlite3_bind_int64(statement, 2, (int64_t)size) : code;
    code = code == SQLITE_OK ? bind_blob(statement, 3, note) : code;
    return run_bound(s, PUBLISH, code, detail);
}

static ls_result store_publish(ls_store *store, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    LS_TRY(run(s, BEGIN_WRITE, detail));
    return finish(s, write_checkpoint(s, epoch, false, size, checkpoint, detail), detail);
}

static ls_result store_finalize(ls_store *store, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    LS_TRY(run(s, BEGIN_WRITE, detail));
    return finish(s, write_checkpoint(s, epoch, true, size, checkpoint, detail), detail);
}

/* Files. */

static ls_result store_attach(ls_store *store, const ls_hash *hash, uint64_t size, ls_store_source source,
                              ls_detail *detail)
{
    sqlite_store *s = (sqlite_store *)store;
    if (!s->swept) {
        LS_TRY(ls_folder_sweep(s->files, detail));
        s->swept = true;
    }
    return ls_files_attach(s->files, hash, size, source, detail);
}

static ls_result store_attached(ls_store *store, const ls_hash *hash, uint64_t *size, ls_detail *detail)
{
    return ls_files_attached(((const sqlite_store *)store)->files, hash, size, detail);
}

static ls_result store_fetch(ls_store *store, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    return ls_files_fetch(((const sqlite_store *)store)->files, hash, limit, out, detail);
}

static ls_result store_attachments(ls_store *store, ls_result (*sink)(void *context, const ls_hash *hash),
                                   void *context, ls_detail *detail)
{
    return ls_files_list(((const sqlite_store *)store)->files, sink, context, detail);
}

static ls_result store_post(ls_store *store, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail)
{
    return ls_boxes_post(((const sqlite_store *)store)->boxes, to, hash, box, detail);
}

static ls_result store_boxes(ls_store *store, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                             void *context, ls_detail *detail)
{
    return ls_boxes_list(((const sqlite_store *)store)->boxes, to, sink, context, detail);
}

static ls_result store_box(ls_store *store, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out,
                           ls_detail *detail)
{
    return ls_boxes_read(((const sqlite_store *)store)->boxes, to, hash, limit, out, detail);
}

static ls_result store_drop(ls_store *store, ls_bytes to, const ls_hash *hash, ls_detail *detail)
{
    return ls_boxes_drop(((const sqlite_store *)store)->boxes, to, hash, detail);
}

static void store_close(ls_store *store)
{
    sqlite_store *s = (sqlite_store *)store;
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(s->statement[i]);
    }
    sqlite3_close(s->db);
    free(s->path);
    free(s->files);
    free(s->boxes);
    free(s);
}

static const ls_store_methods methods = {.head = store_head,
                                         .read = store_read,
                                         .root = store_root,
                                         .lead = store_lead,
                                         .append = store_append,
                                         .publish = store_publish,
                                         .finalize = store_finalize,
                                         .attach = store_attach,
                                         .attached = store_attached,
                                         .fetch = store_fetch,
                                         .attachments = store_attachments,
                                         .post = store_post,
                                         .boxes = store_boxes,
                                         .box = store_box,
                                         .drop = store_drop,
                                         .close = store_close};

/* Opening. */

/* True in *same if the first column of the first row is this text. */
static ls_result query_is(sqlite_store *s, const char *sql, const char *wanted, bool *same, ls_detail *detail)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    const char *found = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    *same = found != NULL && strcmp(found, wanted) == 0;
    ls_result r = code == SQLITE_ROW || code == SQLITE_DONE ? LS_SUCCESS : failed(s, code, detail);
    sqlite3_finalize(statement);
    return r;
}

/* What must be so of a sound file, and what is wrong where it is not. */
static ls_result check_file(sqlite_store *s, ls_detail *detail)
{
    char id[16], version[16];
    snprintf(id, sizeof id, "%d", APPLICATION_ID);
    snprintf(version, sizeof version, "%d", VERSION);
    const struct {
        const char *sql, *wanted, *wrong;
    } checks[] = {
        {"PRAGMA application_id", id, "this is not a store of Lockstep"},
        {"PRAGMA user_version", version, "this store was made by another version of Lockstep"},
        {"SELECT group_concat(sql,';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)", schema,
         "its tables are not those of a store"},
        {"PRAGMA quick_check(1)", "ok", "its pages are damaged"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        bool same;
        LS_TRY(query_is(s, checks[i].sql, checks[i].wanted, &same, detail));
        if (!same) {
            return damaged(s, detail, checks[i].wrong);
        }
    }
    return LS_SUCCESS;
}

/* Makes the tables in a file that was just made, and is therefore empty. */
static ls_result make_tables(sqlite_store *s, ls_detail *detail)
{
    char sql[1024];
    snprintf(sql, sizeof sql, "BEGIN IMMEDIATE;%s;PRAGMA application_id=%d;PRAGMA user_version=%d;COMMIT", schema,
             APPLICATION_ID, VERSION);
    return execute(s, sql, detail);
}

/* Writing also takes files beside it. */
static bool writable(const char *path)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    return access(path, W_OK) == 0 && access(dirname(folder), W_OK) == 0;
}

/* A store of the first version gets its roots here. */
static ls_result migrate(sqlite_store *s, ls_detail *detail)
{
    bool old;
    LS_TRY(query_is(s, LS_MIGRATE_ASK, "old", &old, detail));
    if (!old) {
        return LS_SUCCESS;
    }
    if (!writable(s->path)) {
        ls_hint(detail, "open it once where it can be written: it is then brought up to date");
        return ls_fail_with(&ls_fault_store, detail, "%s was made by version 0.1 of Lockstep", s->path);
    }
    int code = ls_store_migrate(s->db, schema);
    return code == SQLITE_OK ? LS_SUCCESS : failed(s, code, detail);
}

static ls_result prepare(sqlite_store *s, ls_detail *detail)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        int code = sqlite3_prepare_v3(s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statement[i], NULL);
        if (code != SQLITE_OK) {
            return failed(s, code, detail);
        }
    }
    return LS_SUCCESS;
}

/* A path as an SQLite URI, so that `immutable` can be asked for. */
static ls_result put_uri(const char *path, bool immutable, ls_buf *out)
{
    ls_buf_put_str(out, path[0] == '/' ? "file://" : "file:");
    for (const char *c = path; *c != 0; c++) {
        if (strchr("%?#", *c) != NULL) {
            ls_buf_format(out, "%%%02x", (unsigned)(unsigned char)*c);
        } else {
            ls_buf_put_u8(out, (uint8_t)*c);
        }
    }
    ls_buf_put_str(out, immutable ? "?immutable=1" : "");
    return ls_buf_check(out);
}

/* What is left in the write-ahead log is part of the store: then the file alone is not all of it. */
static bool has_log(const char *path)
{
    char log[4096];
    struct stat st;
    snprintf(log, sizeof log, "%s-wal", path);
    return stat(log, &st) == 0 && st.st_size > 0;
}

static ls_result connect(sqlite_store *s, bool write, ls_detail *detail)
{
    ls_buf uri = {0};
    ls_result r = put_uri(s->path, !write && !has_log(s->path), &uri);
    if (ls_succeeded(r)) {
        int flags = SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE | (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
        int code = sqlite3_open_v2(ls_buf_cstr(&uri), &s->db, flags, NULL);
        r = code == SQLITE_OK ? LS_SUCCESS : failed(s, code, detail);
    }
    ls_buf_free(&uri);
    return r;
}

/* A damaged file must not make SQLite run what stands in it, nor trust what its pages say of themselves. */
static ls_result harden(sqlite_store *s, ls_detail *detail)
{
    sqlite3_busy_timeout(s->db, WAIT_MILLISECONDS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return execute(s, "PRAGMA cell_size_check=ON;PRAGMA synchronous=FULL", detail);
}

/* A database without anything in it: new, or one whose making was interrupted at any point before its tables were
 * committed. */
static ls_result is_blank(sqlite_store *s, bool *blank, ls_detail *detail)
{
    bool same;
    LS_TRY(query_is(s, "PRAGMA application_id", "0", blank, detail));
    LS_TRY(query_is(s, "SELECT count(*) FROM sqlite_schema", "0", &same, detail));
    *blank = *blank && same;
    return LS_SUCCESS;
}

static ls_result open_database(sqlite_store *s, bool create, ls_detail *detail)
{
    bool blank = false;
    LS_TRY(connect(s, writable(s->path), detail));
    LS_TRY(harden(s, detail));
    if (create) {
        LS_TRY(is_blank(s, &blank, detail));
    }
    if (blank) {
        LS_TRY(execute(s, "PRAGMA journal_mode=WAL", detail));
        LS_TRY(make_tables(s, detail));
    }
    LS_TRY(migrate(s, detail));
    LS_TRY(check_file(s, detail));
    return prepare(s, detail);
}

/* What has to lie in the folder before it can be opened. */
static ls_result make_parts(const sqlite_store *s, bool create, ls_detail *detail)
{
    if (ls_file_exists(s->path)) {
        return LS_SUCCESS;
    }
    if (!create) {
        return ls_fail_with(&ls_fault_missing, detail, "%s does not exist", s->path);
    }
    LS_TRY(ls_folder_make(s->files, detail));
    /* Made here, and not by SQLite, for its mode: SQLite gives its other files the same. */
    return ls_file_create(s->path, ls_bytes_of(NULL, 0), detail);
}

static sqlite_store *allocate(const char *folder)
{
    sqlite_store *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->base.methods = &methods;
    if (asprintf(&s->path, "%s/" LS_STORE_RECORD, folder) < 0) {
        s->path = NULL; /* left undefined by a failure */
    }
    if (asprintf(&s->boxes, "%s/" LS_STORE_BOXES, folder) < 0) {
        s->boxes = NULL;
    }
    if (asprintf(&s->files, "%s/" LS_STORE_FILES, folder) < 0) {
        s->files = NULL;
    }
    if (s->path == NULL || s->files == NULL || s->boxes == NULL) {
        store_close(&s->base);
        return NULL;
    }
    return s;
}

ls_result ls_store_sqlite(const char *folder, bool create, ls_store **out, ls_detail *detail)
{
    if (ls_store_moved(folder)) {
        ls_hint(detail, "lockstep serve --store");
        return ls_fail_with(&ls_fault_store, detail, "the record of %s was moved into a database", folder);
    }
    sqlite_store *s = allocate(folder);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = make_parts(s, create, detail);
    if (ls_succeeded(r)) {
        r = open_database(s, create, detail);
    }
    if (ls_failed(r)) {
        store_close(&s->base);
        return r;
    }
    *out = &s->base;
    return LS_SUCCESS;
}
