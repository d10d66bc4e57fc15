/*
 * Entries and checkpoints in PostgreSQL.
 *
 * A write that changed no row came too late, or came twice: the connection was lost after it was sent, and it was sent
 * again. Then what is there decides. If it is what was to be written, the first time has done it.
 */
#include "store/postgres.h"
#include <inttypes.h>
#include <lockstep/merkle.h>
#include <stdio.h>

#define CHUNK 256              /* entries read at once, of at most 64 KiB each */
#define MESSAGE_MAX (1U << 29) /* bytes of one statement's values; PostgreSQL takes twice as much */
#define BYTEA_OID 17           /* the type's number, in the protocol for good */

/* Reading. */

/* The head in a row of LS_SQL_HEAD. A checkpoint that is missing has a size of null, which reads as 0. */
static ls_result read_head(ls_postgres *pg, const PGresult *rows, ls_store_head *out, ls_detail *detail)
{
    if (PQntuples(rows) != 1) {
        return ls_postgres_damaged(pg, detail, "it is there no longer");
    }
    if (ls_postgres_number(rows, 0, 1) != ls_postgres_number(rows, 0, 3) ||
        ls_postgres_number(rows, 0, 2) != ls_postgres_number(rows, 0, 5)) {
        return ls_postgres_damaged(pg, detail, "the checkpoints are not those that were published");
    }
    out->size = ls_postgres_number(rows, 0, 0);
    ls_buf_put_bytes(&out->latest, ls_postgres_bytes(rows, 0, 4));
    ls_buf_put_bytes(&out->final, ls_postgres_bytes(rows, 0, 6));
    LS_TRY(ls_buf_check(&out->latest));
    return ls_buf_check(&out->final);
}

ls_result ls_postgres_head(ls_store *s, ls_store_head *h, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    ls_postgres_put_number(&v, pg->ledger);
    LS_TRY(ls_postgres_run(pg, LS_SQL_HEAD, &v, &rows, &repeated, detail));
    ls_store_head head = {0};
    ls_result r = read_head(pg, rows, &head, detail);
    PQclear(rows);
    if (ls_succeeded(r)) {
        ls_store_head_free(h);
        *h = head;
    } else {
        ls_store_head_free(&head);
    }
    return r;
}

/* Entries from ≤ index < to, which are few enough to be held at once. */
static ls_result read_chunk(ls_postgres *pg, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                            ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    ls_postgres_put_number(&v, pg->ledger);
    ls_postgres_put_number(&v, from);
    ls_postgres_put_number(&v, to);
    LS_TRY(ls_postgres_run(pg, LS_SQL_READ, &v, &rows, &repeated, detail));
    ls_result r = LS_SUCCESS;
    for (uint64_t next = from; ls_succeeded(r) && next < to; next++) {
        int row = (int)(next - from);
        if (row >= PQntuples(rows) || ls_postgres_number(rows, row, 0) != next) {
            char what[64];
            snprintf(what, sizeof what, "entry %" PRIu64 " is missing", next);
            r = ls_postgres_damaged(pg, detail, what);
        } else {
            r = sink(context, next, ls_postgres_bytes(rows, row, 1));
        }
    }
    PQclear(rows);
    return r;
}

ls_result ls_postgres_read(ls_store *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                           ls_detail *detail)
{
    if (from > to || to > INT64_MAX) {
        return ls_fail(&ls_fault_usage);
    }
    for (uint64_t next = from; next < to;) {
        uint64_t end = to - next > CHUNK ? next + CHUNK : to;
        LS_TRY(read_chunk((ls_postgres *)s, next, end, sink, context, detail));
        next = end;
    }
    return LS_SUCCESS;
}

ls_result ls_postgres_root(ls_store *s, uint64_t size, ls_hash *out, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    if (size == 0) {
        ls_merkle_empty(out);
        return LS_SUCCESS;
    }
    ls_postgres_put_number(&v, pg->ledger);
    ls_postgres_put_number(&v, size - 1);
    LS_TRY(ls_postgres_run(pg, LS_SQL_ROOT, &v, &rows, &repeated, detail));
    bool found = PQntuples(rows) == 1 && PQgetlength(rows, 0, 0) == LS_HASH_SIZE;
    if (found) {
        memcpy(out->b, PQgetvalue(rows, 0, 0), LS_HASH_SIZE);
    }
    PQclear(rows);
    return found ? LS_SUCCESS : ls_postgres_damaged(pg, detail, "a root is missing");
}

/* Writing. */

/* How far the ledger has come, and who leads. */
typedef struct standing {
    uint64_t epoch, size;
    char holder[64];
} standing;

static ls_result look(ls_postgres *pg, standing *out, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    ls_postgres_put_number(&v, pg->ledger);
    LS_TRY(ls_postgres_run(pg, LS_SQL_LEADER, &v, &rows, &repeated, detail));
    bool found = PQntuples(rows) == 1;
    if (found) {
        ls_bytes holder = ls_postgres_bytes(rows, 0, 1);
        out->epoch = ls_postgres_number(rows, 0, 0);
        out->size = ls_postgres_number(rows, 0, 3);
        snprintf(out->holder, sizeof out->holder, "%.*s", (int)holder.len, (const char *)holder.ptr);
    }
    PQclear(rows);
    return found ? LS_SUCCESS : ls_postgres_damaged(pg, detail, "it is there no longer");
}

/* In words, why a write did not fit. */
static ls_result conflict(const ls_postgres *pg, const standing *now, uint64_t epoch, uint64_t size, ls_detail *detail)
{
    if (now->epoch != epoch) {
        return ls_fail_with(&ls_fault_store_conflict, detail, "ledger %s: %s has taken the lead", pg->name,
                            now->holder);
    }
    return ls_fail_with(&ls_fault_store_conflict, detail,
                        "ledger %s: a write at %" PRIu64 " does not fit: %" PRIu64 " entries are committed", pg->name,
                        size, now->size);
}

/* Runs a write of the leader; true in *written if it changed anything. */
static ls_result write_as_leader(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, bool *written,
                                 bool *repeated, ls_detail *detail)
{
    PGresult *rows = NULL;
    LS_TRY(ls_postgres_run(pg, which, v, &rows, repeated, detail));
    *written = strcmp(PQcmdTuples(rows), "0") != 0;
    PQclear(rows);
    return LS_SUCCESS;
}

/* What was to be appended, held against what is there. */
typedef struct comparison {
    const ls_bytes *notes;
    uint64_t first;
    bool differs;
} comparison;

static ls_result compare(void *context, uint64_t index, ls_bytes note)
{
    comparison *c = context;
    c->differs = c->differs || !ls_bytes_equal(note, c->notes[index - c->first]);
    return LS_SUCCESS;
}

/* After an append that changed nothing: success if an earlier sending of the same has done it. */
static ls_result explain_append(ls_postgres *pg, uint64_t epoch, uint64_t size, const ls_bytes *notes, size_t count,
                                bool repeated, ls_detail *detail)
{
    standing now;
    comparison c = {notes, size, false};
    LS_TRY(look(pg, &now, detail));
    if (repeated && now.size >= size + count) {
        LS_TRY(ls_postgres_read(&pg->base, size, size + count, compare, &c, detail));
        if (!c.differs) {
            return LS_SUCCESS;
        }
    }
    return conflict(pg, &now, epoch, size, detail);
}

/* An array of byte strings, as the protocol carries it: of one dimension, without nulls, counted from 1. */
static void put_array(ls_buf *out, size_t count)
{
    const uint32_t head[] = {1, 0, BYTEA_OID, (uint32_t)count, 1};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
        ls_buf_put_u32(out, head[i]);
    }
}

static void put_element(ls_buf *out, ls_bytes bytes)
{
    ls_buf_put_u32(out, (uint32_t)bytes.len);
    ls_buf_put_bytes(out, bytes);
}

static ls_result put_arrays(const ls_bytes *notes, const ls_hash *roots, size_t count, ls_buf arrays[static 2])
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        /* Each, so that the sum can't overflow. */
        bytes += notes[i].len > MESSAGE_MAX ? MESSAGE_MAX : notes[i].len + 2 * sizeof *roots;
        if (bytes > MESSAGE_MAX) {
            return ls_fail(&ls_fault_usage);
        }
    }
    put_array(&arrays[0], count);
    put_array(&arrays[1], count);
    for (size_t i = 0; i < count; i++) {
        put_element(&arrays[0], notes[i]);
        put_element(&arrays[1], ls_bytes_of(roots[i].b, LS_HASH_SIZE));
    }
    LS_TRY(ls_buf_check(&arrays[0]));
    return ls_buf_check(&arrays[1]);
}

static ls_result append(ls_postgres *pg, uint64_t epoch, uint64_t size, const ls_bytes *notes, size_t count,
                        const ls_buf arrays[static 2], ls_detail *detail)
{
    ls_postgres_values v = {0};
    bool written, repeated;
    ls_postgres_put_number(&v, pg->ledger);
    ls_postgres_put_number(&v, epoch);
    ls_postgres_put_number(&v, size);
    /* Nothing to append is appended where it fits, too. */
    for (int i = 0; count > 0 && i < 2; i++) {
        ls_postgres_put_bytes(&v, ls_buf_bytes(&arrays[i]));
    }
    LS_TRY(write_as_leader(pg, count > 0 ? LS_SQL_APPEND : LS_SQL_HOLDS, &v, &written, &repeated, detail));
    return written ? LS_SUCCESS : explain_append(pg, epoch, size, notes, count, repeated, detail);
}

ls_result ls_postgres_append(ls_store *s, uint64_t epoch, uint64_t size, const ls_bytes *notes, const ls_hash *roots,
                             size_t count, ls_detail *detail)
{
    if (size > INT64_MAX - MESSAGE_MAX || epoch > INT64_MAX) {
        return ls_fail(&ls_fault_usage);
    }
    ls_buf arrays[2] = {{0}, {0}};
    ls_result r = put_arrays(notes, roots, count, arrays);
    if (ls_succeeded(r)) {
        r = append((ls_postgres *)s, epoch, size, notes, count, arrays, detail);
    }
    ls_buf_free(&arrays[0]);
    ls_buf_free(&arrays[1]);
    return r;
}

/* After a checkpoint that changed nothing: success if it is there, because an earlier sending has done it. */
static ls_result explain_checkpoint(ls_postgres *pg, ls_postgres_sql which, uint64_t epoch, uint64_t size,
                                    ls_bytes checkpoint, bool repeated, ls_detail *detail)
{
    standing now;
    ls_store_head head = {0};
    bool there = false;
    LS_TRY(look(pg, &now, detail));
    if (repeated) {
        LS_TRY(ls_postgres_head(&pg->base, &head, detail));
        there = ls_bytes_equal(ls_buf_bytes(which == LS_SQL_PUBLISH ? &head.latest : &head.final), checkpoint);
        ls_store_head_free(&head);
    }
    return there ? LS_SUCCESS : conflict(pg, &now, epoch, size, detail);
}

static ls_result record(ls_store *s, ls_postgres_sql which, uint64_t epoch, uint64_t size, ls_bytes checkpoint,
                        ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    bool written, repeated;
    if (size > INT64_MAX || epoch > INT64_MAX || checkpoint.len > MESSAGE_MAX) {
        return ls_fail(&ls_fault_usage);
    }
    ls_postgres_put_number(&v, pg->ledger);
    ls_postgres_put_number(&v, epoch);
    ls_postgres_put_number(&v, size);
    ls_postgres_put_bytes(&v, checkpoint);
    LS_TRY(write_as_leader(pg, which, &v, &written, &repeated, detail));
    return written ? LS_SUCCESS : explain_checkpoint(pg, which, epoch, size, checkpoint, repeated, detail);
}

ls_result ls_postgres_publish(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail)
{
    return record(s, LS_SQL_PUBLISH, epoch, size, checkpoint, detail);
}

ls_result ls_postgres_finalize(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail)
{
    return record(s, LS_SQL_FINALIZE, epoch, size, checkpoint, detail);
}
