/*
 * The PostgreSQL store: many ledgers in one database, and many processes on one ledger, of which one leads. Its parts:
 * postgres_sql.c (tables, statements), postgres_connection.c, postgres_lead.c, postgres_entries.c,
 * postgres_attachments.c. docs/operating.md says how the database must be kept.
 */
#include "store/postgres.h"
#include "crypto/crypto.h"
#include <stdlib.h>

static void store_close(ls_store *s)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_disconnect(pg);
    if (pg->conninfo != NULL) {
        ls_wipe(pg->conninfo, strlen(pg->conninfo)); /* a password may stand in it */
    }
    free(pg->conninfo);
    free(pg->name);
    free(pg);
}

static const ls_store_methods methods = {
    .head = ls_postgres_head,
    .read = ls_postgres_read,
    .root = ls_postgres_root,
    .lead = ls_postgres_lead,
    .append = ls_postgres_append,
    .publish = ls_postgres_publish,
    .finalize = ls_postgres_finalize,
    .attach = ls_postgres_attach,
    .attached = ls_postgres_attached,
    .fetch = ls_postgres_fetch,
    .attachments = ls_postgres_attachments,
    .post = ls_postgres_post,
    .boxes = ls_postgres_boxes,
    .box = ls_postgres_box,
    .drop = ls_postgres_drop,
    .close = store_close,
};

/* libpq's own words would repeat the string, and a password in it. */
static ls_result check_conninfo(const char *conninfo, ls_detail *detail)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    if (options == NULL) {
        ls_hint(detail, "postgresql://user@host/database?sslmode=verify-full; special characters as %%XX");
        return ls_fail_with(&ls_fault_usage, detail, "this is not a connection string of PostgreSQL");
    }
    PQconninfoFree(options);
    return LS_SUCCESS;
}

ls_result ls_store_postgres(const char *conninfo, const char *name, bool create, ls_store **out, ls_detail *detail)
{
    uint8_t session[16];
    LS_TRY(check_conninfo(conninfo, detail));
    ls_postgres *pg = calloc(1, sizeof *pg);
    if (pg == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    pg->base.methods = &methods;
    pg->conninfo = strdup(conninfo);
    pg->name = strdup(name);
    ls_random(session, sizeof session);
    ls_hex_encode(ls_bytes_of(session, sizeof session), pg->session);
    ls_result r =
        pg->conninfo == NULL || pg->name == NULL ? ls_fail(&ls_fault_memory) : ls_postgres_connect(pg, create, detail);
    if (ls_failed(r)) {
        r = r.fault == &ls_fault_postgres_lost ? ls_postgres_lost(pg, detail) : r;
        store_close(&pg->base);
        return r;
    }
    *out = &pg->base;
    return LS_SUCCESS;
}
