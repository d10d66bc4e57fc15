/*
 * The connection of a PostgreSQL store: how it is made, how statements travel over it, and what happens when it is
 * lost.
 *
 * Nothing waits for ever: a server that hangs keeps its end of the connection open, so that every wait here has a
 * limit of its own. An answer that did not come, and a warning while a transaction was committed (the wait for a
 * standby was broken off: committed here, and perhaps nowhere else), count as a lost connection.
 *
 * A new connection begins with a write that changes nothing. Its commit waits, as every commit does, until all that
 * was committed before is on disk and with the standbys. So what is read afterwards is there to stay: a primary that
 * crashed and came back would else show commits that no standby has, and that a later failover takes away again.
 */
#include "os/os.h"
#include "store/postgres.h"
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const ls_fault ls_fault_postgres_lost = {LS_CLASS_ENVIRONMENT, "store", "the connection to PostgreSQL was lost"};

#define VERSION 1

/* Values and columns: integers are 8 bytes, big-endian, both ways. */

void ls_postgres_put_number(ls_postgres_values *v, uint64_t number)
{
    uint8_t *bytes = v->number[v->count];
    for (int i = 7; i >= 0; i--, number >>= 8) {
        bytes[i] = (uint8_t)number;
    }
    ls_postgres_put_bytes(v, ls_bytes_of(bytes, 8));
}

void ls_postgres_put_bytes(ls_postgres_values *v, ls_bytes bytes)
{
    /* NULL would be SQL's null. */
    v->value[v->count] = bytes.ptr == NULL ? "" : (const char *)bytes.ptr;
    v->length[v->count] = (int)bytes.len;
    v->count++;
}

ls_bytes ls_postgres_bytes(const PGresult *rows, int row, int column)
{
    return ls_bytes_of(PQgetvalue(rows, row, column), (size_t)PQgetlength(rows, row, column));
}

uint64_t ls_postgres_number(const PGresult *rows, int row, int column)
{
    ls_reader r = ls_reader_of(ls_postgres_bytes(rows, row, column));
    return ls_read_u64(&r);
}

/* What went wrong. */

/* libpq's words, on one line. */
static void remember(ls_postgres *pg, const char *why)
{
    size_t len = 0;
    for (; *why != 0 && len + 1 < sizeof pg->why; why++) {
        pg->why[len++] = *why == '\n' || *why == '\t' ? ' ' : *why;
    }
    while (len > 0 && pg->why[len - 1] == ' ') {
        len--;
    }
    pg->why[len] = 0;
}

/* Gives the connection up: what it would still say belongs to a question that nobody asks any more. */
static ls_result lose(ls_postgres *pg, const char *why)
{
    remember(pg, why);
    ls_postgres_disconnect(pg);
    return ls_fail(&ls_fault_postgres_lost);
}

ls_result ls_postgres_lost(const ls_postgres *pg, ls_detail *detail)
{
    ls_hint(detail, "is PostgreSQL running, and can it be reached? What was acknowledged is safe");
    return ls_fail_with(&ls_fault_store, detail, "PostgreSQL: %s", pg->why);
}

ls_result ls_postgres_damaged(const ls_postgres *pg, ls_detail *detail, const char *what)
{
    ls_hint(detail, "restore this database from a backup; what a party exported shows what it must hold");
    return ls_fail_with(&ls_fault_store_damaged, detail, "ledger %s in PostgreSQL: %s", pg->name, what);
}

/* What the server's codes (SQLSTATE, by their beginning) mean for the store. NULL: the connection is of no more use,
 * but another may be. */
static const struct {
    const char *state;
    const ls_fault *fault;
    const char *hint;
} meanings[] = {
    {"08", NULL, NULL},    /* connection */
    {"25006", NULL, NULL}, /* read-only: a standby, or a primary that was one once */
    {"40", NULL, NULL},    /* rolled back because of others */
    {"57P", NULL, NULL},   /* shutting down, starting */
    {"53100", &ls_fault_store, "make room on the database's disk; nothing that was acknowledged is lost"},
    {"53200", &ls_fault_store, "the database server is short of memory"},
    {"42501", &ls_fault_store, "the role needs rights on the schema lockstep; docs/operating.md lists them"},
    {"55P03", &ls_fault_store, "another write has not ended; does it wait for a standby that does not answer?"},
    {"22", &ls_fault_store_damaged, NULL}, /* values: our statements never change */
    {"23", &ls_fault_store_damaged, NULL}, /* a constraint of ours */
    {"42", &ls_fault_store_damaged, NULL}, /* tables that are not those that were made */
    {"XX", &ls_fault_store_damaged, NULL}, /* damaged pages among others */
};

/* An answer that says that the statement failed. */
static ls_result judge(ls_postgres *pg, const PGresult *answer, ls_detail *detail)
{
    const char *state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
    state = state == NULL ? "" : state;
    message = message == NULL ? PQerrorMessage(pg->connection) : message;
    const ls_fault *fault = &ls_fault_store;
    const char *hint = NULL;
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0) {
            fault = meanings[i].fault;
            hint = meanings[i].hint;
            break;
        }
    }
    if (fault == NULL || PQstatus(pg->connection) != CONNECTION_OK) {
        return lose(pg, message);
    }
    if (fault == &ls_fault_store_damaged) {
        return ls_postgres_damaged(pg, detail, message);
    }
    if (hint != NULL) {
        ls_hint(detail, "%s", hint);
    }
    return ls_fail_with(fault, detail, "PostgreSQL: %s (%s)", message, state);
}

/* Statements. */

static void take_notice(void *context, const PGresult *notice)
{
    ls_postgres *pg = context;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && strcmp(severity, "WARNING") == 0) {
        pg->warned = true;
        remember(pg, PQresultErrorMessage(notice));
    }
}

/* Sends what is left to send and waits for an answer; false if the connection is lost, or time is up. */
static bool await(PGconn *c, double end)
{
    for (;;) {
        int left = PQflush(c);
        if (left < 0) {
            return false;
        }
        if (left == 0 && !PQisBusy(c)) {
            return true;
        }
        double seconds = end - ls_clock_monotonic();
        struct pollfd p = {.fd = PQsocket(c), .events = (short)(POLLIN | (left > 0 ? POLLOUT : 0))};
        if (seconds <= 0 || p.fd < 0) {
            return false;
        }
        /* A signal only makes the loop go round once more. */
        if (poll(&p, 1, (int)(seconds * 1000) + 1) > 0 && (p.revents & ~POLLOUT) != 0 && PQconsumeInput(c) == 0) {
            return false;
        }
    }
}

/* The last answer to what was sent; NULL if the end of it did not come. */
static PGresult *last_answer(PGconn *c)
{
    double end = ls_clock_monotonic() + LS_POSTGRES_ANSWER;
    PGresult *last = NULL;
    while (await(c, end)) {
        PGresult *answer = PQgetResult(c);
        if (answer == NULL) {
            return last;
        }
        PQclear(last);
        last = answer;
    }
    PQclear(last);
    return NULL;
}

/* What came of a statement that was just sent; `sent` is libpq's, 0 if even that failed. */
static ls_result receive(ls_postgres *pg, int sent, PGresult **rows, ls_detail *detail)
{
    PGresult *answer = sent == 1 ? last_answer(pg->connection) : NULL;
    if (answer == NULL) {
        const char *why = PQerrorMessage(pg->connection);
        return lose(pg, *why == 0 ? "the server did not answer in time" : why);
    }
    ExecStatusType status = PQresultStatus(answer);
    ls_result r = LS_SUCCESS;
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        r = judge(pg, answer, detail);
    } else if (pg->warned) {
        ls_postgres_disconnect(pg); /* why is remembered already */
        r = ls_fail(&ls_fault_postgres_lost);
    }
    if (ls_failed(r)) {
        PQclear(answer);
        return r;
    }
    *rows = answer;
    return LS_SUCCESS;
}

/* Runs a statement that gives no rows. */
static ls_result quietly(ls_postgres *pg, int sent, ls_detail *detail)
{
    PGresult *rows = NULL;
    LS_TRY(receive(pg, sent, &rows, detail));
    PQclear(rows);
    return LS_SUCCESS;
}

/* Statements are prepared when they are first needed: a connection that only reads knows few. */
static ls_result prepare(ls_postgres *pg, ls_postgres_sql which, const char *name, ls_detail *detail)
{
    uint64_t bit = (uint64_t)1 << which;
    if ((pg->prepared & bit) == 0) {
        int sent = PQsendPrepare(pg->connection, name, ls_postgres_statements[which], 0, NULL);
        LS_TRY(quietly(pg, sent, detail));
        pg->prepared |= bit;
    }
    return LS_SUCCESS;
}

ls_result ls_postgres_once(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, PGresult **rows,
                           ls_detail *detail)
{
    static const int binary[LS_POSTGRES_VALUES] = {1, 1, 1, 1, 1, 1, 1, 1};
    char name[16];
    snprintf(name, sizeof name, "lockstep%d", (int)which);
    if (pg->connection == NULL) {
        return ls_fail(&ls_fault_postgres_lost);
    }
    pg->warned = false;
    LS_TRY(prepare(pg, which, name, detail));
    int sent = PQsendQueryPrepared(pg->connection, name, v->count, v->value, v->length, binary, 1);
    return receive(pg, sent, rows, detail);
}

ls_result ls_postgres_run(ls_postgres *pg, ls_postgres_sql which, const ls_postgres_values *v, PGresult **rows,
                          bool *repeated, ls_detail *detail)
{
    double end = ls_clock_monotonic() + LS_POSTGRES_RETRY;
    bool sent = false;
    for (;;) {
        ls_result r = pg->connection == NULL ? ls_postgres_connect(pg, false, detail) : LS_SUCCESS;
        if (ls_succeeded(r)) {
            r = ls_postgres_once(pg, which, v, rows, detail);
            *repeated = sent;
            sent = true;
        }
        if (r.fault != &ls_fault_postgres_lost) {
            return r;
        }
        if (ls_clock_monotonic() > end) {
            return ls_postgres_lost(pg, detail);
        }
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
}

/* Connecting. */

void ls_postgres_disconnect(ls_postgres *pg)
{
    PQfinish(pg->connection);
    pg->connection = NULL;
}

/* What the connection string does not say otherwise: a host that is gone is noticed within 10 s, also by the kernel. */
static ls_result dial(ls_postgres *pg)
{
    char limit[16];
    snprintf(limit, sizeof limit, "%d", LS_POSTGRES_CONNECT);
    const char *const names[] = {"connect_timeout",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "fallback_application_name",
                                 "dbname", /* the connection string itself: what comes before it gives way */
                                 "client_encoding",
                                 NULL};
    const char *const values[] = {limit, "4", "2", "3", "10000", "lockstep", pg->conninfo, "UTF8", NULL};
    pg->connection = PQconnectdbParams(names, values, 1);
    if (pg->connection == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    pg->prepared = 0;
    if (PQstatus(pg->connection) != CONNECTION_OK || PQsetnonblocking(pg->connection, 1) != 0) {
        return lose(pg, PQerrorMessage(pg->connection));
    }
    PQsetNoticeReceiver(pg->connection, take_notice, pg);
    return LS_SUCCESS;
}

/* What a new connection finds. */
typedef struct surroundings {
    bool writable; /* not a standby, nor told to read only */
    bool tables;   /* they are there */
    bool rights;   /* the role may write */
    bool ledger;   /* it is there; its number is in the store */
} surroundings;

/* The settings that what we promise depends on. */
static ls_result configure(ls_postgres *pg, surroundings *found, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    ls_postgres_put_number(&v, LS_POSTGRES_STATEMENT);
    LS_TRY(ls_postgres_once(pg, LS_SQL_SETTINGS, &v, &rows, detail));
    bool synced = ls_bytes_is(ls_postgres_bytes(rows, 0, 0), "on");
    found->writable = ls_bytes_is(ls_postgres_bytes(rows, 0, 1), "off");
    found->tables = ls_postgres_number(rows, 0, 2) != 0;
    PQclear(rows);
    if (!synced) {
        ls_hint(detail, "set fsync = on in postgresql.conf");
        return ls_fail_with(&ls_fault_store, detail,
                            "this PostgreSQL runs with fsync off: a loss of power would take "
                            "what it confirmed");
    }
    return LS_SUCCESS;
}

/* There are tables; is the ledger in them, and may we write? */
static ls_result find_ledger(ls_postgres *pg, surroundings *found, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    ls_postgres_put_bytes(&v, ls_bytes_str(pg->name));
    LS_TRY(ls_postgres_once(pg, LS_SQL_LEDGER, &v, &rows, detail));
    bool known = PQntuples(rows) == 1 && ls_postgres_number(rows, 0, 0) == VERSION;
    if (known) {
        found->ledger = PQgetisnull(rows, 0, 1) == 0;
        pg->ledger = ls_postgres_number(rows, 0, 1);
        found->rights = ls_postgres_number(rows, 0, 2) != 0;
    }
    PQclear(rows);
    return known ? LS_SUCCESS : ls_postgres_damaged(pg, detail, "its tables were made by another version of Lockstep");
}

/* All of them, or none: several statements sent as one text are one transaction. */
static ls_result make_tables(ls_postgres *pg, surroundings *found, ls_detail *detail)
{
    ls_result r = quietly(pg, PQsendQuery(pg->connection, ls_postgres_schema), detail);
    if (ls_failed(r) && r.fault != &ls_fault_postgres_lost) {
        /* Another process may have made them at this moment. */
        surroundings now = {0};
        if (ls_succeeded(configure(pg, &now, NULL)) && now.tables) {
            r = LS_SUCCESS;
        }
    }
    found->tables = ls_succeeded(r);
    return r;
}

static ls_result make_ledger(ls_postgres *pg, surroundings *found, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    ls_postgres_put_bytes(&v, ls_bytes_str(pg->name));
    LS_TRY(ls_postgres_once(pg, LS_SQL_CREATE, &v, &rows, detail));
    PQclear(rows);
    return find_ledger(pg, found, detail);
}

/* The write that changes nothing. */
static ls_result touch(ls_postgres *pg, ls_detail *detail)
{
    ls_postgres_values v = {0};
    PGresult *rows = NULL;
    ls_postgres_put_number(&v, pg->ledger);
    LS_TRY(ls_postgres_once(pg, LS_SQL_TOUCH, &v, &rows, detail));
    PQclear(rows);
    return LS_SUCCESS;
}

/* From an open connection to one that the store can use. */
static ls_result settle(ls_postgres *pg, bool create, ls_detail *detail)
{
    surroundings found = {0};
    LS_TRY(configure(pg, &found, detail));
    if (!found.tables && create) {
        LS_TRY(make_tables(pg, &found, detail));
    }
    if (found.tables) {
        LS_TRY(find_ledger(pg, &found, detail));
    }
    if (found.tables && !found.ledger && create) {
        LS_TRY(make_ledger(pg, &found, detail));
    }
    if (!found.ledger) {
        return ls_fail_with(&ls_fault_missing, detail, "this PostgreSQL database holds no ledger %s", pg->name);
    }
    return found.writable && found.rights ? touch(pg, detail) : LS_SUCCESS;
}

ls_result ls_postgres_connect(ls_postgres *pg, bool create, ls_detail *detail)
{
    LS_TRY(dial(pg));
    ls_result r = settle(pg, create, detail);
    if (ls_failed(r)) {
        ls_postgres_disconnect(pg);
    }
    return r;
}
