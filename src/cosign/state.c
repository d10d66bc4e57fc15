/* A cosigner's memory, in SQLite: write-ahead log, synced at every commit. */
#include "cosign/state.h"
#include "os/os.h"
#include <fcntl.h>
#include <lockstep/merkle.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const ls_fault ls_fault_cosign_state = {LS_CLASS_ENVIRONMENT, "cosign-state",
                                        "the cosigner's state can't be read or written"};
const ls_fault ls_fault_cosign_moved = {LS_CLASS_ENVIRONMENT, "cosign-moved",
                                        "another checkpoint was cosigned in the meantime"};
const ls_fault ls_fault_cosign_stopped = {LS_CLASS_INVALID, "cosign-stopped",
                                          "nothing more is cosigned for this origin"};
const ls_fault ls_fault_cosign_full = {LS_CLASS_ENVIRONMENT, "cosign-full", "too many acts wait here"};

#define APPLICATION_ID "1280525123" /* "LSCC" */
#define WAIT_MILLISECONDS 10000

static const char schema[] =
    "PRAGMA application_id=" APPLICATION_ID ";"
    "CREATE TABLE cosigned(origin BLOB PRIMARY KEY,size INTEGER NOT NULL,root BLOB NOT NULL,time INTEGER NOT NULL,"
    "note BLOB NOT NULL,stopped TEXT NOT NULL,rule TEXT NOT NULL,text TEXT NOT NULL,since INTEGER NOT NULL)STRICT;"
    "CREATE TABLE pending(process BLOB NOT NULL,act BLOB NOT NULL,time INTEGER NOT NULL,note BLOB NOT NULL,"
    "receipt BLOB NOT NULL,party BLOB NOT NULL,PRIMARY KEY(process,act))STRICT;";

/* The time stays while the rule does. */
static const char refuse_sql[] = "UPDATE cosigned SET since=CASE WHEN rule=?2 THEN since ELSE ?4 END,rule=?2,text=?3 "
                                 "WHERE origin=?1 AND(rule<>?2 OR text<>?3)";

/* Everything that is ever asked; prepared once. */
enum { BEGIN, COMMIT, ROLLBACK, KNOW, LAST, ADVANCE, STOP, REFUSE, STANDING, COUNT, PUT, RECEIPT, PENDING, DROP, ALL };
static const char *const statements[ALL] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [KNOW] = "INSERT OR IGNORE INTO cosigned VALUES(?1,0,?2,0,x'','','','',0)",
    [LAST] = "SELECT size,root,time,note,stopped FROM cosigned WHERE origin=?1",
    [ADVANCE] = "UPDATE cosigned SET size=?2,root=?3,time=?4,note=?5 WHERE origin=?1",
    [STOP] = "UPDATE cosigned SET stopped=?2 WHERE origin=?1 AND stopped=''",
    [REFUSE] = refuse_sql,
    [STANDING] = "SELECT size,root,time,origin,stopped,rule,text,since FROM cosigned ORDER BY origin",
    [COUNT] = "SELECT count(*),count(*)FILTER(WHERE party=?2) FROM pending WHERE process=?1",
    [PUT] = "INSERT OR IGNORE INTO pending VALUES(?1,?2,?3,?4,?5,?6)",
    [RECEIPT] = "SELECT receipt FROM pending WHERE process=?1 AND act=?2",
    [PENDING] = "SELECT process,act,time,note,receipt FROM pending WHERE process=?1 ORDER BY time,rowid",
    [DROP] = "DELETE FROM pending WHERE process=?1 AND act=?2",
};

struct ls_cosign_state {
    sqlite3 *db;
    sqlite3_stmt *statement[ALL];
    pthread_mutex_t lock;
    char *path;
};

static ls_result failed(ls_cosign_state *s, ls_detail *detail)
{
    return ls_fail_with(&ls_fault_cosign_state, detail, "%s: %s", s->path,
                        s->db == NULL ? "no memory" : sqlite3_errmsg(s->db));
}

static ls_bytes hash_bytes(const ls_hash *h)
{
    return ls_bytes_of(h->b, LS_HASH_SIZE);
}

/* Bound values are copied: a statement outlives its caller's buffers. An empty blob needs a pointer. */
static void bind_blob(ls_cosign_state *s, int which, int place, ls_bytes blob)
{
    sqlite3_bind_blob64(s->statement[which], place, blob.len == 0 ? "" : (const void *)blob.ptr, blob.len,
                        SQLITE_TRANSIENT);
}

static void bind_number(ls_cosign_state *s, int which, int place, int64_t n)
{
    sqlite3_bind_int64(s->statement[which], place, n);
}

static void bind_text(ls_cosign_state *s, int which, int place, const char *text)
{
    sqlite3_bind_text(s->statement[which], place, text, -1, SQLITE_TRANSIENT);
}

static ls_bytes column(ls_cosign_state *s, int which, int place)
{
    const void *ptr = sqlite3_column_blob(s->statement[which], place);
    return ls_bytes_of(ptr, (size_t)sqlite3_column_bytes(s->statement[which], place));
}

static int64_t column_number(ls_cosign_state *s, int which, int place)
{
    return sqlite3_column_int64(s->statement[which], place);
}

/* A value that was not bound, for want of memory, is NULL, which no column takes. */
static ls_result step(ls_cosign_state *s, int which, bool *row, ls_detail *detail)
{
    int code = sqlite3_step(s->statement[which]);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        ls_result r = failed(s, detail);
        sqlite3_reset(s->statement[which]);
        return r;
    }
    *row = code == SQLITE_ROW;
    return LS_SUCCESS;
}

static ls_result run(ls_cosign_state *s, int which, ls_detail *detail)
{
    bool row = false;
    LS_TRY(step(s, which, &row, detail));
    return sqlite3_reset(s->statement[which]) == SQLITE_OK ? LS_SUCCESS : failed(s, detail);
}

static ls_result begin(ls_cosign_state *s, ls_detail *detail)
{
    pthread_mutex_lock(&s->lock);
    ls_result r = run(s, BEGIN, detail);
    if (ls_failed(r)) {
        pthread_mutex_unlock(&s->lock);
    }
    return r;
}

/* Commits what succeeded, undoes the rest. */
static ls_result finish(ls_cosign_state *s, ls_result r, ls_detail *detail)
{
    if (ls_succeeded(r)) {
        r = run(s, COMMIT, detail);
    }
    if (ls_failed(r) && sqlite3_get_autocommit(s->db) == 0) {
        ls_result ignored = run(s, ROLLBACK, NULL);
        (void)ignored;
    }
    pthread_mutex_unlock(&s->lock);
    return r;
}

/* What was cosigned. */

static bool read_cosigned(ls_cosign_state *s, int which, ls_cosigned *out)
{
    ls_bytes root = column(s, which, 1);
    int64_t size = column_number(s, which, 0);
    if (root.len != LS_HASH_SIZE || size < 0) {
        return false;
    }
    out->size = (uint64_t)size;
    memcpy(out->root.b, root.ptr, LS_HASH_SIZE);
    out->time = column_number(s, which, 2);
    out->stopped = column(s, which, 4).len > 0;
    return true;
}

static ls_result read_last(ls_cosign_state *s, ls_bytes origin, ls_cosigned *out, ls_buf *note, ls_detail *detail)
{
    bool row = false;
    ls_cosigned last = {0};
    ls_merkle_empty(&last.root);
    bind_blob(s, LAST, 1, origin);
    LS_TRY(step(s, LAST, &row, detail));
    bool sound = !row || read_cosigned(s, LAST, &last);
    if (row && sound && note != NULL) {
        ls_buf_put_bytes(note, column(s, LAST, 3));
    }
    sqlite3_reset(s->statement[LAST]);
    if (!sound) {
        return ls_fail_with(&ls_fault_cosign_state, detail, "%s is damaged", s->path);
    }
    *out = last;
    return note == NULL ? LS_SUCCESS : ls_buf_check(note);
}

ls_result ls_cosign_state_last(ls_cosign_state *s, ls_bytes origin, ls_cosigned *out, ls_buf *note, ls_detail *detail)
{
    pthread_mutex_lock(&s->lock);
    ls_result r = read_last(s, origin, out, note, detail);
    pthread_mutex_unlock(&s->lock);
    return r;
}

/* Rows of origins are made on first sight. */
static ls_result know(ls_cosign_state *s, ls_bytes origin, ls_detail *detail)
{
    ls_hash empty;
    ls_merkle_empty(&empty);
    bind_blob(s, KNOW, 1, origin);
    bind_blob(s, KNOW, 2, hash_bytes(&empty));
    return run(s, KNOW, detail);
}

static bool is_seen(const ls_cosigned *last, const ls_cosigned *seen)
{
    return last->size == seen->size && ls_hash_equal(&last->root, &seen->root);
}

static ls_result advance(ls_cosign_state *s, ls_bytes origin, const ls_cosigned *seen, const ls_cosigned *next,
                         ls_bytes note, ls_detail *detail)
{
    ls_cosigned last;
    LS_TRY(know(s, origin, detail));
    LS_TRY(read_last(s, origin, &last, NULL, detail));
    if (last.stopped) {
        return ls_fail(&ls_fault_cosign_stopped);
    }
    if (!is_seen(&last, seen) || next->size < last.size ||
        (next->size == last.size && !ls_hash_equal(&next->root, &last.root))) {
        return ls_fail(&ls_fault_cosign_moved);
    }
    bind_blob(s, ADVANCE, 1, origin);
    bind_number(s, ADVANCE, 2, (int64_t)next->size);
    bind_blob(s, ADVANCE, 3, hash_bytes(&next->root));
    bind_number(s, ADVANCE, 4, next->time);
    bind_blob(s, ADVANCE, 5, note);
    return run(s, ADVANCE, detail);
}

ls_result ls_cosign_state_advance(ls_cosign_state *s, ls_bytes origin, const ls_cosigned *seen, const ls_cosigned *next,
                                  ls_bytes note, ls_detail *detail)
{
    LS_TRY(begin(s, detail));
    return finish(s, advance(s, origin, seen, next, note, detail), detail);
}

static ls_result stop(ls_cosign_state *s, ls_bytes origin, const ls_cosigned *seen, const char *why, ls_detail *detail)
{
    ls_cosigned last;
    LS_TRY(know(s, origin, detail));
    LS_TRY(read_last(s, origin, &last, NULL, detail));
    if (seen != NULL && !is_seen(&last, seen)) {
        return ls_fail(&ls_fault_cosign_moved);
    }
    bind_blob(s, STOP, 1, origin);
    bind_text(s, STOP, 2, why);
    return run(s, STOP, detail);
}

ls_result ls_cosign_state_stop(ls_cosign_state *s, ls_bytes origin, const ls_cosigned *seen, const char *why,
                               ls_detail *detail)
{
    if (why[0] == '\0') {
        return ls_fail(&ls_fault_usage);
    }
    LS_TRY(begin(s, detail));
    return finish(s, stop(s, origin, seen, why, detail), detail);
}

/* Refusals. */

static ls_result refuse(ls_cosign_state *s, ls_bytes origin, const char *rule, const char *text, ls_time now,
                        ls_detail *detail)
{
    LS_TRY(know(s, origin, detail));
    bind_blob(s, REFUSE, 1, origin);
    bind_text(s, REFUSE, 2, rule);
    bind_text(s, REFUSE, 3, text);
    bind_number(s, REFUSE, 4, now);
    return run(s, REFUSE, detail);
}

ls_result ls_cosign_state_refuse(ls_cosign_state *s, ls_bytes origin, const char *rule, const char *text, ls_time now,
                                 ls_detail *detail)
{
    LS_TRY(begin(s, detail));
    return finish(s, refuse(s, origin, rule, text, now, detail), detail);
}

/* Lists are read whole before anything is told of them: a sink may ask further. */

static ls_bytes keep(ls_arena *arena, ls_bytes bytes)
{
    return ls_bytes_of(ls_arena_str(arena, bytes), bytes.len);
}

typedef struct standings {
    ls_arena arena;
    ls_cosign_standing *row;
    size_t count, capacity;
} standings;

/* Room for one more of a growing array. */
static ls_result reserve(void **array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return LS_SUCCESS;
    }
    size_t more = *capacity == 0 ? 16 : 2 * *capacity;
    void *grown = reallocarray(*array, more, size);
    if (grown == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *array = grown;
    *capacity = more;
    return LS_SUCCESS;
}

static ls_result read_standings(ls_cosign_state *s, standings *l, ls_detail *detail)
{
    for (bool row = true;;) {
        LS_TRY(step(s, STANDING, &row, detail));
        if (!row) {
            return LS_SUCCESS;
        }
        LS_TRY(reserve((void **)&l->row, l->count, &l->capacity, sizeof *l->row));
        ls_cosign_standing *standing = &l->row[l->count++];
        *standing = (ls_cosign_standing){.origin = keep(&l->arena, column(s, STANDING, 3)),
                                         .stopped = keep(&l->arena, column(s, STANDING, 4)),
                                         .rule = keep(&l->arena, column(s, STANDING, 5)),
                                         .text = keep(&l->arena, column(s, STANDING, 6)),
                                         .since = column_number(s, STANDING, 7)};
        if (!read_cosigned(s, STANDING, &standing->last)) {
            return ls_fail_with(&ls_fault_cosign_state, detail, "%s is damaged", s->path);
        }
    }
}

ls_result ls_cosign_state_standing(ls_cosign_state *s, ls_standing_sink sink, void *context, ls_detail *detail)
{
    standings l = {0};
    pthread_mutex_lock(&s->lock);
    ls_result r = read_standings(s, &l, detail);
    sqlite3_reset(s->statement[STANDING]);
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; ls_succeeded(r) && i < l.count; i++) {
        r = sink(context, &l.row[i]);
    }
    free(l.row);
    ls_arena_free(&l.arena);
    return r;
}

/* Acts that wait. */

static ls_result put(ls_cosign_state *s, const ls_pending *p, ls_detail *detail)
{
    bool row = false;
    bind_blob(s, COUNT, 1, hash_bytes(&p->process));
    bind_blob(s, COUNT, 2, p->party);
    LS_TRY(step(s, COUNT, &row, detail));
    int64_t count = column_number(s, COUNT, 0), of_one = column_number(s, COUNT, 1);
    sqlite3_reset(s->statement[COUNT]);
    if (count >= LS_COSIGN_PENDING_MAX || of_one >= LS_COSIGN_PENDING_OF_ONE) {
        return ls_fail(&ls_fault_cosign_full);
    }
    bind_blob(s, PUT, 1, hash_bytes(&p->process));
    bind_blob(s, PUT, 2, hash_bytes(&p->act));
    bind_number(s, PUT, 3, p->time);
    bind_blob(s, PUT, 4, p->note);
    bind_blob(s, PUT, 5, p->receipt);
    bind_blob(s, PUT, 6, p->party);
    return run(s, PUT, detail);
}

ls_result ls_cosign_state_put(ls_cosign_state *s, const ls_pending *p, ls_detail *detail)
{
    LS_TRY(begin(s, detail));
    return finish(s, put(s, p, detail), detail);
}

static ls_result read_receipt(ls_cosign_state *s, const ls_hash *process, const ls_hash *act, ls_buf *receipt,
                              ls_detail *detail)
{
    bool row = false;
    bind_blob(s, RECEIPT, 1, hash_bytes(process));
    bind_blob(s, RECEIPT, 2, hash_bytes(act));
    LS_TRY(step(s, RECEIPT, &row, detail));
    if (row) {
        ls_buf_put_bytes(receipt, column(s, RECEIPT, 0));
    }
    sqlite3_reset(s->statement[RECEIPT]);
    return ls_buf_check(receipt);
}

ls_result ls_cosign_state_receipt(ls_cosign_state *s, const ls_hash *process, const ls_hash *act, ls_buf *receipt,
                                  ls_detail *detail)
{
    pthread_mutex_lock(&s->lock);
    ls_result r = read_receipt(s, process, act, receipt, detail);
    pthread_mutex_unlock(&s->lock);
    return r;
}

typedef struct pendings {
    ls_arena arena;
    ls_pending *row;
    size_t count, capacity;
} pendings;

static ls_result read_pendings(ls_cosign_state *s, const ls_hash *process, pendings *l, ls_detail *detail)
{
    bind_blob(s, PENDING, 1, hash_bytes(process));
    for (bool row = true;;) {
        LS_TRY(step(s, PENDING, &row, detail));
        if (!row) {
            return LS_SUCCESS;
        }
        ls_bytes act = column(s, PENDING, 1);
        if (act.len != LS_HASH_SIZE) {
            return ls_fail_with(&ls_fault_cosign_state, detail, "%s is damaged", s->path);
        }
        LS_TRY(reserve((void **)&l->row, l->count, &l->capacity, sizeof *l->row));
        ls_pending *p = &l->row[l->count++];
        *p = (ls_pending){.process = *process, .time = column_number(s, PENDING, 2)};
        memcpy(p->act.b, act.ptr, LS_HASH_SIZE);
        p->note = keep(&l->arena, column(s, PENDING, 3));
        p->receipt = keep(&l->arena, column(s, PENDING, 4));
    }
}

ls_result ls_cosign_state_pending(ls_cosign_state *s, const ls_hash *process, ls_pending_sink sink, void *context,
                                  ls_detail *detail)
{
    pendings l = {0};
    pthread_mutex_lock(&s->lock);
    ls_result r = read_pendings(s, process, &l, detail);
    sqlite3_reset(s->statement[PENDING]);
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; ls_succeeded(r) && i < l.count; i++) {
        r = sink(context, &l.row[i]);
    }
    free(l.row);
    ls_arena_free(&l.arena);
    return r;
}

ls_result ls_cosign_state_drop(ls_cosign_state *s, const ls_hash *process, const ls_hash *act, ls_detail *detail)
{
    LS_TRY(begin(s, detail));
    bind_blob(s, DROP, 1, hash_bytes(process));
    bind_blob(s, DROP, 2, hash_bytes(act));
    return finish(s, run(s, DROP, detail), detail);
}

/* Opening. */

static ls_result execute(ls_cosign_state *s, const char *sql, ls_detail *detail)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? LS_SUCCESS : failed(s, detail);
}

/* Ours is what carries our application id; damaged tables show when the statements are prepared. */
static ls_result check_ours(ls_cosign_state *s, ls_detail *detail)
{
    sqlite3_stmt *statement = NULL;
    bool ours = sqlite3_prepare_v2(s->db, "PRAGMA application_id", -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW &&
                strcmp((const char *)sqlite3_column_text(statement, 0), APPLICATION_ID) == 0;
    sqlite3_finalize(statement);
    return ours ? LS_SUCCESS : ls_fail_with(&ls_fault_cosign_state, detail, "%s is no cosigner's state", s->path);
}

static ls_result open_database(ls_cosign_state *s, bool create, ls_detail *detail)
{
    if (sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return failed(s, detail);
    }
    sqlite3_busy_timeout(s->db, WAIT_MILLISECONDS);
    LS_TRY(execute(s, "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA trusted_schema=OFF", detail));
    if (create) {
        LS_TRY(execute(s, schema, detail));
    }
    LS_TRY(check_ours(s, detail));
    for (size_t i = 0; i < ALL; i++) {
        if (sqlite3_prepare_v3(s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statement[i], NULL) !=
            SQLITE_OK) {
            return failed(s, detail);
        }
    }
    return LS_SUCCESS;
}

/* Made empty (0600) and durable first; SQLite fills it. */
static ls_result prepare_file(const char *path, bool create, ls_detail *detail)
{
    if (create) {
        return ls_file_create(path, ls_bytes_of(NULL, 0), detail);
    }
    if (!ls_file_exists(path)) {
        ls_hint(detail, "a cosigner that has lost its state could contradict itself: give it a new key");
        return ls_fail_with(&ls_fault_cosign_state, detail, "there is no %s", path);
    }
    return ls_private_check(path, detail);
}

ls_result ls_cosign_state_open(const char *path, bool create, ls_cosign_state **out, ls_detail *detail)
{
    LS_TRY(prepare_file(path, create, detail));
    ls_cosign_state *s = calloc(1, sizeof *s);
    if (s == NULL || (s->path = strdup(path)) == NULL) {
        free(s);
        return ls_fail(&ls_fault_memory);
    }
    pthread_mutex_init(&s->lock, NULL);
    ls_result r = open_database(s, create, detail);
    if (ls_failed(r)) {
        ls_cosign_state_close(s);
        return r;
    }
    *out = s;
    return LS_SUCCESS;
}

void ls_cosign_state_close(ls_cosign_state *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < ALL; i++) {
        sqlite3_finalize(s->statement[i]);
    }
    sqlite3_close(s->db);
    pthread_mutex_destroy(&s->lock);
    free(s->path);
    free(s);
}
