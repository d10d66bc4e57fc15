/* Boxes in PostgreSQL: a row each. Every statement here may be repeated: it says what shall be, not what to add. */
#include "os/os.h"
#include "record/record.h"
#include "store/postgres.h"

/* The values that all statements about one box begin with; the addressee must be a name, as in a folder. */
static ls_result begin(const ls_postgres *pg, ls_bytes to, const ls_hash *hash, ls_postgres_values *v,
                       ls_detail *detail)
{
    if (!ls_name_valid(to)) {
        return ls_fail_with(&ls_fault_store, detail, "this can't be an addressee of boxes");
    }
    ls_postgres_put_number(v, pg->ledger);
    ls_postgres_put_bytes(v, to);
    if (hash != NULL) {
        ls_postgres_put_bytes(v, ls_bytes_of(hash->b, LS_HASH_SIZE));
    }
    return LS_SUCCESS;
}

static ls_result run(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, ls_detail *detail)
{
    PGresult *rows = NULL;
    bool repeated;
    LS_TRY(ls_postgres_run(pg, which, v, &rows, &repeated, detail));
    PQclear(rows);
    return LS_SUCCESS;
}

ls_result ls_postgres_post(ls_store *s, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    if (box.len > INT32_MAX) {
        return ls_fail_with(&ls_fault_large, detail, "a box is larger than the database takes");
    }
    LS_TRY(begin(pg, to, hash, &v, detail));
    ls_postgres_put_bytes(&v, box);
    return run(pg, LS_SQL_POST, &v, detail);
}

ls_result ls_postgres_boxes(ls_store *s, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                            void *context, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    LS_TRY(begin(pg, to, NULL, &v, detail));
    LS_TRY(ls_postgres_run(pg, LS_SQL_BOXES, &v, &rows, &repeated, detail));
    ls_result r = LS_SUCCESS;
    for (int row = 0; ls_succeeded(r) && row < PQntuples(rows); row++) {
        ls_hash hash;
        ls_reader reader = ls_reader_of(ls_postgres_bytes(rows, row, 0));
        ls_read_hash(&reader, &hash);
        r = sink(context, &hash);
    }
    PQclear(rows);
    return r;
}

ls_result ls_postgres_box(ls_store *s, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    LS_TRY(begin(pg, to, hash, &v, detail));
    ls_postgres_put_number(&v, limit < INT32_MAX ? limit : INT32_MAX);
    LS_TRY(ls_postgres_run(pg, LS_SQL_BOX, &v, &rows, &repeated, detail));
    ls_result r;
    if (PQntuples(rows) != 1) {
        r = ls_fail_with(&ls_fault_absent, detail, "there is no such box");
    } else if (PQgetisnull(rows, 0, 1)) {
        r = ls_fail_with(&ls_fault_large, detail, "the box is larger than the limit");
    } else {
        ls_buf_put_bytes(out, ls_postgres_bytes(rows, 0, 1));
        r = ls_buf_check(out);
    }
    PQclear(rows);
    return r;
}

ls_result ls_postgres_drop(ls_store *s, ls_bytes to, const ls_hash *hash, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    LS_TRY(begin(pg, to, hash, &v, detail));
    return run(pg, LS_SQL_DROP, &v, detail);
}
