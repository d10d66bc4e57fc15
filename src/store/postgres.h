/*
 * What the files of the PostgreSQL store share.
 *
 * Every method is one statement that is its own transaction, so that a process which hangs between two of them holds no
 * lock. (Storing a file is several; it locks nothing that others wait for.) Each is idempotent or a compare-and-swap,
 * so that it may be sent again when the connection is lost and nobody knows whether it was carried out; only then does
 * its method have to tell "somebody else did" from "we did, the first time".
 */
#ifndef LS_STORE_POSTGRES_H
#define LS_STORE_POSTGRES_H

#include "store/store.h"
#include <libpq-fe.h>

/* How long things may take, in seconds. */
#define LS_POSTGRES_CONNECT 5    /* to reach one of the hosts that the connection string names */
#define LS_POSTGRES_STATEMENT 10 /* the server's own limit for one statement, and for a lock */
#define LS_POSTGRES_ANSWER 15    /* until an answer is there; then the connection counts as lost */
#define LS_POSTGRES_RETRY 15     /* after this, what was lost is not tried again */

#define LS_POSTGRES_PIECE (1U << 20) /* bytes of a file in one row */

/* The connection was lost, and with it the answer: what was asked for may have happened, or may yet happen. Does not
 * leave the store: ls_postgres_lost makes an ls_fault_store of it. */
extern const ls_fault ls_fault_postgres_lost;

/* Everything the store ever asks; the text stands in postgres_sql.c. */
typedef enum ls_postgres_sql {
    LS_SQL_SETTINGS,
    LS_SQL_LEDGER,
    LS_SQL_CREATE,
    LS_SQL_TOUCH,
    LS_SQL_HEAD,
    LS_SQL_READ,
    LS_SQL_ROOT,
    LS_SQL_TAKE,
    LS_SQL_RENEW,
    LS_SQL_LEADER,
    LS_SQL_HOLDS,
    LS_SQL_APPEND,
    LS_SQL_PUBLISH,
    LS_SQL_FINALIZE,
    LS_SQL_BEGIN,
    LS_SQL_COMMIT,
    LS_SQL_ROLLBACK,
    LS_SQL_UPLOAD,
    LS_SQL_PIECE,
    LS_SQL_FILE,
    LS_SQL_FIND_FILE,
    LS_SQL_READ_PIECE,
    LS_SQL_FILES,
    LS_SQL_POST,
    LS_SQL_BOXES,
    LS_SQL_BOX,
    LS_SQL_DROP,
    LS_SQL_COUNT
} ls_postgres_sql;
extern const char *const ls_postgres_statements[LS_SQL_COUNT];
extern const char ls_postgres_schema[];

typedef struct ls_postgres {
    ls_store base;
    char *conninfo, *name;
    char session[33];   /* of this store: by it a lead that it took without learning so is its own */
    PGconn *connection; /* NULL: there is none at the moment */
    uint64_t prepared;  /* statements that this connection knows, a bit each */
    uint64_t ledger;    /* its number in the database */
    bool warned;        /* the server warned while it carried out the last statement */
    char why[256];      /* the connection was lost */
} ls_postgres;

/* The values of a statement, in the order of its parameters. Points into itself: not to be copied. */
#define LS_POSTGRES_VALUES 8
typedef struct ls_postgres_values {
    int count;
    const char *value[LS_POSTGRES_VALUES];
    int length[LS_POSTGRES_VALUES];
    uint8_t number[LS_POSTGRES_VALUES][8];
} ls_postgres_values;
void ls_postgres_put_number(ls_postgres_values *v, uint64_t number);
void ls_postgres_put_bytes(ls_postgres_values *v, ls_bytes bytes); /* a view; at most INT_MAX bytes */

/* A column of a row; empty, or 0, where it is null. */
ls_bytes ls_postgres_bytes(const PGresult *rows, int row, int column);
uint64_t ls_postgres_number(const PGresult *rows, int row, int column);

/* Connects, in the way that the store needs. With create set, makes the tables and the ledger where they are missing.
 */
ls_result ls_postgres_connect(ls_postgres *pg, bool create, ls_detail *detail);
void ls_postgres_disconnect(ls_postgres *pg);

/* Runs a statement once, on the connection that is there. *rows is the caller's to clear. */
ls_result ls_postgres_once(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, PGresult **rows,
                           ls_detail *detail);
/* Runs a statement, again and on a new connection if it is lost. *repeated: it was sent before, and nobody knows what
 * came of it. For statements that may be carried out twice; never inside a transaction. */
ls_result ls_postgres_run(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, PGresult **rows,
                          bool *repeated, ls_detail *detail);
/* ls_fault_store, with what is known about a connection that was lost. */
ls_result ls_postgres_lost(const ls_postgres *pg, ls_detail *detail);
ls_result ls_postgres_damaged(const ls_postgres *pg, ls_detail *detail, const char *what);

/* The methods. */
ls_result ls_postgres_head(ls_store *s, ls_store_head *h, ls_detail *detail);
ls_result ls_postgres_read(ls_store *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                           ls_detail *detail);
ls_result ls_postgres_root(ls_store *s, uint64_t size, ls_hash *out, ls_detail *detail);
ls_result ls_postgres_lead(ls_store *s, ls_bytes holder, unsigned seconds, uint64_t *epoch, ls_detail *detail);
ls_result ls_postgres_append(ls_store *s, uint64_t epoch, uint64_t size, const ls_bytes *notes, const ls_hash *roots,
                             size_t count, ls_detail *detail);
ls_result ls_postgres_publish(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail);
ls_result ls_postgres_finalize(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail);
ls_result ls_postgres_attach(ls_store *s, const ls_hash *hash, uint64_t size, ls_store_source source,
                             ls_detail *detail);
ls_result ls_postgres_attached(ls_store *s, const ls_hash *hash, uint64_t *size, ls_detail *detail);
ls_result ls_postgres_fetch(ls_store *s, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
ls_result ls_postgres_attachments(ls_store *s, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                                  ls_detail *detail);
ls_result ls_postgres_post(ls_store *s, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail);
ls_result ls_postgres_boxes(ls_store *s, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                            void *context, ls_detail *detail);
ls_result ls_postgres_box(ls_store *s, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out,
                          ls_detail *detail);
ls_result ls_postgres_drop(ls_store *s, ls_bytes to, const ls_hash *hash, ls_detail *detail);

#endif
