/* The lead of a ledger in PostgreSQL: a lease by the database's clock, and an epoch that grows with each change. Clocks
 * decide only when another may take over; that the one before writes nothing more follows from the epoch alone. */
#include "store/postgres.h"
#include <inttypes.h>
#include <limits.h>

/* Says who leads, in the words of a failure. */
static ls_result led_by_another(ls_postgres *pg, const ls_fault *fault, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated;
    ls_postgres_put_number(&v, pg->ledger);
    LS_TRY(ls_postgres_run(pg, LS_SQL_LEADER, &v, &rows, &repeated, detail));
    ls_result r;
    if (PQntuples(rows) != 1) {
        r = ls_postgres_damaged(pg, detail, "it is there no longer");
    } else {
        ls_bytes holder = ls_postgres_bytes(rows, 0, 1);
        r = ls_fail_with(fault, detail, "%.*s leads the ledger %s, for %" PRIu64 " s if it does not renew",
                         (int)holder.len, (const char *)holder.ptr, pg->name, ls_postgres_number(rows, 0, 2));
    }
    PQclear(rows);
    return r;
}

ls_result ls_postgres_lead(ls_store *s, ls_bytes holder, unsigned seconds, uint64_t *epoch, ls_detail *detail)
{
    ls_postgres *pg = (ls_postgres *)s;
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    bool repeated, take = *epoch == 0;
    if (*epoch > INT64_MAX || holder.len > INT_MAX || !ls_utf8_valid(holder)) {
        return ls_fail(&ls_fault_usage);
    }
    ls_postgres_put_number(&v, pg->ledger);
    if (take) {
        ls_postgres_put_bytes(&v, holder);
        ls_postgres_put_bytes(&v, ls_bytes_str(pg->session));
    } else {
        ls_postgres_put_number(&v, *epoch);
    }
    ls_postgres_put_number(&v, seconds);
    LS_TRY(ls_postgres_run(pg, take ? LS_SQL_TAKE : LS_SQL_RENEW, &v, &rows, &repeated, detail));
    bool leads = PQntuples(rows) == 1;
    if (leads) {
        *epoch = ls_postgres_number(rows, 0, 0);
    }
    PQclear(rows);
    return leads ? LS_SUCCESS : led_by_another(pg, take ? &ls_fault_store_led : &ls_fault_store_conflict, detail);
}
