/*
 * Files in PostgreSQL, in rows of LS_POSTGRES_PIECE bytes. A file is stored in one transaction, under a number of its
 * own: two who store the same one at once don't wait for each other, and the pieces of one who was interrupted were
 * never there. What is read is checked against its hash.
 */
#include "crypto/sha256.h"
#include "os/os.h"
#include "record/record.h"
#include "store/postgres.h"

typedef struct stored_file {
    uint64_t size, upload;
} stored_file;

/* ls_fault_absent if it is not there. */
static ls_result find(ls_postgres *pg, const ls_hash *hash, stored_file *out, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    ls_postgres_put_number(&v, pg->ledger);
    ls_postgres_put_bytes(&v, ls_bytes_of(hash->b, LS_HASH_SIZE));
    LS_TRY(ls_postgres_run(pg, LS_SQL_FIND_FILE, &v, &rows, &repeated, detail));
    bool found = PQntuples(rows) == 1;
    if (found) {
        *out = (stored_file){ls_postgres_number(rows, 0, 0), ls_postgres_number(rows, 0, 1)};
    }
    PQclear(rows);
    if (!found) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(hash, hex);
        return ls_fail_with(&ls_fault_absent, detail, "there is no attachment %s", hex);
    }
    return LS_SUCCESS;
}

ls_result ls_postgres_attached(ls_store *s, const ls_hash *hash, uint64_t *size, ls_detail *detail)
{
    stored_file file;
    LS_TRY(find((ls_postgres *)s, hash, &file, detail));
    *size = file.size;
    return LS_SUCCESS;
}

/* Storing. */

/* Runs a statement of the transaction; its first number, if it gives rows, in *out, which may be NULL. */
static ls_result step(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, uint64_t *out,
                      ls_detail *detail)
{
    PGresult *rows = NULL;
    LS_TRY(ls_postgres_once(pg, which, v, &rows, detail));
    if (out != NULL && PQntuples(rows) == 1) {
        *out = ls_postgres_number(rows, 0, 0);
    }
    PQclear(rows);
    return LS_SUCCESS;
}

static ls_result store_piece(ls_postgres *pg, uint64_t upload, uint64_t number, ls_bytes piece, ls_detail *detail)
{
    ls_postgres_values v = {0};
    ls_postgres_put_number(&v, upload);
    ls_postgres_put_number(&v, number);
    ls_postgres_put_bytes(&v, piece);
    return step(pg, LS_SQL_PIECE, &v, NULL, detail);
}

/* Fills a piece; the source may give less at a time. */
static ls_result next_piece(ls_store_source source, ls_buf *piece, ls_detail *detail)
{
    piece->len = 0;
    while (piece->len < LS_POSTGRES_PIECE) {
        size_t before = piece->len;
        LS_TRY(source.next(source.context, LS_POSTGRES_PIECE - before, piece, detail));
        LS_TRY(ls_buf_check(piece));
        if (piece->len == before) {
            break;
        }
    }
    return LS_SUCCESS;
}

/* Stores all that the source gives, and says what it was. */
static ls_result store_pieces(ls_postgres *pg, uint64_t upload, ls_store_source source, uint64_t *size, ls_hash *hash,
                              ls_detail *detail)
{
    ls_buf piece = {0};
    ls_sha256 running;
    ls_sha256_init(&running);
    *size = 0;
    ls_result r;
    for (uint64_t number = 0;; number++) {
        r = next_piece(source, &piece, detail);
        if (ls_failed(r) || piece.len == 0) {
            break;
        }
        ls_sha256_update(&running, ls_buf_bytes(&piece));
        *size += piece.len;
        r = store_piece(pg, upload, number, ls_buf_bytes(&piece), detail);
        if (ls_failed(r)) {
            break;
        }
    }
    ls_sha256_final(&running, hash);
    ls_buf_wipe(&piece);
    return r;
}

/* The transaction, up to its commit. */
static ls_result store_file(ls_postgres *pg, const ls_hash *hash, uint64_t size, ls_store_source source,
                            ls_detail *detail)
{
    ls_postgres_values none = {0}, v = {0};
    uint64_t upload = 0, given;
    ls_hash actual;
    LS_TRY(step(pg, LS_SQL_BEGIN, &none, NULL, detail));
    LS_TRY(step(pg, LS_SQL_UPLOAD, &none, &upload, detail));
    LS_TRY(store_pieces(pg, upload, source, &given, &actual, detail));
    if (given != size || !ls_hash_equal(&actual, hash)) {
        return ls_fail_with(&ls_fault_store, detail, "a file to attach is not the one that its hash names");
    }
    ls_postgres_put_number(&v, pg->ledger);
    ls_postgres_put_bytes(&v, ls_bytes_of(hash->b, LS_HASH_SIZE));
    ls_postgres_put_number(&v, size);
    ls_postgres_put_number(&v, upload);
    return step(pg, LS_SQL_FILE, &v, NULL, detail);
}

ls_result ls_postgres_attach(ls_store *s, const ls_hash *hash, uint64_t size, ls_store_source source, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    const ls_postgres_values none = {0};
    stored_file known;
    /* Also finds out whether the connection is there, and makes it anew. */
    ls_result r = find(pg, hash, &known, NULL);
    if (r.fault != &ls_fault_absent) {
        return r;
    }
    r = store_file(pg, hash, size, source, detail);
    if (ls_failed(r) && r.fault != &ls_fault_postgres_lost) {
        /* The first failure is the one to report; a connection that can't go back is of no use. */
        if (ls_failed(step(pg, LS_SQL_ROLLBACK, &none, NULL, NULL))) {
            ls_postgres_disconnect(pg);
        }
        return r;
    }
    if (ls_succeeded(r)) {
        r = step(pg, LS_SQL_COMMIT, &none, NULL, detail);
    }
    /* Lost while it was committed: then it is there, or it is not. The source can't be read a second time. */
    if (r.fault == &ls_fault_postgres_lost && ls_failed(find(pg, hash, &known, NULL))) {
        return ls_postgres_lost(pg, detail);
    }
    return r.fault == &ls_fault_postgres_lost ? LS_SUCCESS : r;
}

/* Fetching. */

static ls_result fetch_pieces(ls_postgres *pg, const stored_file *file, ls_buf *out, ls_detail *detail)
{
    size_t start = out->len;
    for (uint64_t number = 0; out->len - start < file->size; number++) {
        ls_postgres_values v = {0};
        PGresult *rows = NULL;
        bool repeated;
        ls_postgres_put_number(&v, file->upload);
        ls_postgres_put_number(&v, number);
        LS_TRY(ls_postgres_run(pg, LS_SQL_READ_PIECE, &v, &rows, &repeated, detail));
        bool found = PQntuples(rows) == 1 && PQgetlength(rows, 0, 0) > 0;
        if (found) {
            ls_buf_put_bytes(out, ls_postgres_bytes(rows, 0, 0));
        }
        PQclear(rows);
        if (!found) {
            return ls_postgres_damaged(pg, detail, "a piece of an attachment is missing");
        }
        LS_TRY(ls_buf_check(out));
    }
    return LS_SUCCESS;
}

ls_result ls_postgres_fetch(ls_store *s, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    stored_file file;
    ls_hash actual;
    size_t start = out->len;
    LS_TRY(find(pg, hash, &file, detail));
    if (file.size > limit) {
        return ls_fail_with(&ls_fault_large, detail, "an attachment is larger than the limit");
    }
    ls_result r = fetch_pieces(pg, &file, out, detail);
    if (ls_succeeded(r)) {
        /* What stands before it stays; without anything, there is no pointer to add to. */
        ls_sha256_hash(start == 0 ? ls_buf_bytes(out) : ls_bytes_of(out->ptr + start, out->len - start), &actual);
        if (!ls_hash_equal(&actual, hash)) {
            r = ls_postgres_damaged(pg, detail, "an attachment is not what its hash says");
        }
    }
    if (ls_failed(r)) {
        out->len = start;
    }
    return r;
}

/* The next hashes after *after; moves it to the last of them. */
static ls_result list_some(ls_postgres *pg, ls_hash *after, bool *first, int *found,
                           ls_result (*sink)(void *context, const ls_hash *hash), void *context, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    ls_postgres_put_number(&v, pg->ledger);
    /* Nothing comes before every hash. */
    ls_postgres_put_bytes(&v, ls_bytes_of(after->b, *first ? 0 : LS_HASH_SIZE));
    LS_TRY(ls_postgres_run(pg, LS_SQL_FILES, &v, &rows, &repeated, detail));
    *first = false;
    *found = PQntuples(rows);
    ls_result r = LS_SUCCESS;
    for (int row = 0; ls_succeeded(r) && row < *found; row++) {
        ls_reader reader = ls_reader_of(ls_postgres_bytes(rows, row, 0));
        ls_read_hash(&reader, after);
        r = sink(context, after);
    }
    PQclear(rows);
    return r;
}

ls_result ls_postgres_attachments(ls_store *s, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                                  ls_detail *detail)
{
    ls_hash after = {0};
    bool first = true;
    for (int found = 1; found > 0;) {
        LS_TRY(list_some((ls_postgres *)s, &after, &first, &found, sink, context, detail));
    }
    return LS_SUCCESS;
}
