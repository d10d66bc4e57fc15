/*
 * The PostgreSQL store's schema and all its statements.
 *
 * The row of a ledger says how far it has come and who leads. Every write of the leader begins by changing this row
 * where epoch and sizes are what the writer believes, in the same statement: whoever changes it first makes the others
 * wait for its commit, and then find that the row is no longer the one that they looked for. So nothing of a leader
 * that was replaced enters, whenever its statement arrives.
 *
 * An epoch is a number larger than the last, and not before the database's clock in microseconds. Were it only counted
 * up, a standby that is promoted without having had the last change of leader would give out the same one again.
 */
#include "store/postgres.h"

const char ls_postgres_schema[] =
    "CREATE SCHEMA lockstep;"
    "CREATE TABLE lockstep.about(one boolean PRIMARY KEY DEFAULT true CHECK(one), version bigint NOT NULL);"
    "INSERT INTO lockstep.about(version) VALUES(1);"
    /* No foreign keys: each row that enters would lock its ledger's row once more.
     * Room in the page for the next version of a row that every write changes. */
    "CREATE TABLE lockstep.ledgers("
    " id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " name text NOT NULL UNIQUE,"
    " size bigint NOT NULL DEFAULT 0,"
    " published bigint NOT NULL DEFAULT 0,"
    " finalized bigint NOT NULL DEFAULT 0 CHECK(0 <= finalized AND finalized <= published AND published <= size),"
    " epoch bigint," /* null, which equals nothing: nobody has led */
    " holder text NOT NULL DEFAULT '',"
    " session text NOT NULL DEFAULT '',"
    " expires timestamptz NOT NULL DEFAULT 'epoch') WITH (fillfactor=40);"
    "CREATE TABLE lockstep.entries("
    " ledger bigint NOT NULL, index bigint NOT NULL CHECK(index >= 0),"
    " note bytea NOT NULL, root bytea NOT NULL CHECK(length(root) = 32), PRIMARY KEY(ledger, index));"
    "CREATE TABLE lockstep.checkpoints("
    " ledger bigint NOT NULL, kind text NOT NULL, size bigint NOT NULL,"
    " note bytea NOT NULL, PRIMARY KEY(ledger, kind));"
    "CREATE TABLE lockstep.attachments("
    " ledger bigint NOT NULL, hash bytea NOT NULL CHECK(length(hash) = 32),"
    " size bigint NOT NULL CHECK(size >= 0), upload bigint NOT NULL, PRIMARY KEY(ledger, hash));"
    "CREATE SEQUENCE lockstep.uploads;"
    "CREATE TABLE lockstep.pieces(upload bigint NOT NULL, number bigint NOT NULL, content bytea NOT NULL,"
    " PRIMARY KEY(upload, number));"
    /* Sealed and packed files don't shrink. */
    "ALTER TABLE lockstep.pieces ALTER COLUMN content SET STORAGE EXTERNAL;"
    "CREATE TABLE lockstep.boxes(ledger bigint NOT NULL, addressee bytea NOT NULL,"
    " hash bytea NOT NULL CHECK(length(hash) = 32), box bytea NOT NULL, PRIMARY KEY(ledger, addressee, hash));"
    "ALTER TABLE lockstep.boxes ALTER COLUMN box SET STORAGE EXTERNAL";

const char *const ls_postgres_statements[LS_SQL_COUNT] = {
    /* A server that has been told to confirm more than `on` keeps to it. */
    [LS_SQL_SETTINGS] = "SELECT current_setting('fsync'), current_setting('transaction_read_only'),"
                        " (to_regclass('lockstep.about') IS NOT NULL)::int::int8,"
                        " set_config('search_path', 'pg_catalog, pg_temp', false),"
                        " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
                        "  WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),"
                        " set_config('default_transaction_isolation', 'read committed', false),"
                        " set_config('statement_timeout', $1::int8 || 's', false),"
                        " set_config('lock_timeout', $1::int8 || 's', false),"
                        " set_config('idle_in_transaction_session_timeout', $1::int8 || 's', false),"
                        " set_config('client_min_messages', 'warning', false)",
    [LS_SQL_LEDGER] = "SELECT a.version, l.id, has_table_privilege('lockstep.ledgers', 'UPDATE')::int::int8"
                      " FROM lockstep.about a LEFT JOIN lockstep.ledgers l ON l.name = $1::text",
    [LS_SQL_CREATE] = "INSERT INTO lockstep.ledgers(name) VALUES($1::text) ON CONFLICT DO NOTHING",
    [LS_SQL_TOUCH] = "UPDATE lockstep.ledgers SET size = size WHERE id = $1::int8",

    [LS_SQL_HEAD] = "SELECT l.size, l.published, l.finalized, p.size, p.note, f.size, f.note FROM lockstep.ledgers l"
                    " LEFT JOIN lockstep.checkpoints p ON p.ledger = l.id AND p.kind = 'published'"
                    " LEFT JOIN lockstep.checkpoints f ON f.ledger = l.id AND f.kind = 'finalized'"
                    " WHERE l.id = $1::int8",
    [LS_SQL_READ] = "SELECT index, note FROM lockstep.entries"
                    " WHERE ledger = $1::int8 AND index >= $2::int8 AND index < $3::int8 ORDER BY index",
    [LS_SQL_ROOT] = "SELECT root FROM lockstep.entries WHERE ledger = $1::int8 AND index = $2::int8",

    [LS_SQL_TAKE] = "UPDATE lockstep.ledgers SET holder = $2::text, session = $3::text,"
                    " epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::int8),"
                    " expires = clock_timestamp() + $4::int8 * interval '1 second'"
                    " WHERE id = $1::int8 AND (expires <= clock_timestamp() OR session = $3::text) RETURNING epoch",
    [LS_SQL_RENEW] = "UPDATE lockstep.ledgers SET expires = clock_timestamp() + $3::int8 * interval '1 second'"
                     " WHERE id = $1::int8 AND epoch = $2::int8 RETURNING epoch",
    [LS_SQL_LEADER] = "SELECT epoch, holder, ceil(greatest(0, least(1000000,"
                      " extract(epoch FROM expires - clock_timestamp()))))::int8, size"
                      " FROM lockstep.ledgers WHERE id = $1::int8",

    [LS_SQL_HOLDS] = "UPDATE lockstep.ledgers SET size = size"
                     " WHERE id = $1::int8 AND epoch = $2::int8 AND size = $3::int8",
    [LS_SQL_APPEND] = "WITH led AS (UPDATE lockstep.ledgers SET size = size + cardinality($4::bytea[])"
                      "  WHERE id = $1::int8 AND epoch = $2::int8 AND size = $3::int8 RETURNING id)"
                      " INSERT INTO lockstep.entries(ledger, index, note, root)"
                      " SELECT led.id, $3::int8 + t.n - 1, t.note, t.root"
                      " FROM led, unnest($4::bytea[], $5::bytea[]) WITH ORDINALITY AS t(note, root, n)",
    [LS_SQL_PUBLISH] = "WITH led AS (UPDATE lockstep.ledgers SET published = $3::int8 WHERE id = $1::int8"
                       "  AND epoch = $2::int8 AND published <= $3::int8 AND size >= $3::int8 RETURNING id)"
                       " INSERT INTO lockstep.checkpoints(ledger, kind, size, note)"
                       " SELECT led.id, 'published', $3::int8, $4::bytea FROM led"
                       " ON CONFLICT(ledger, kind) DO UPDATE SET size = excluded.size, note = excluded.note",
    [LS_SQL_FINALIZE] = "WITH led AS (UPDATE lockstep.ledgers SET finalized = $3::int8 WHERE id = $1::int8"
                        "  AND epoch = $2::int8 AND finalized <= $3::int8 AND published >= $3::int8 RETURNING id)"
                        " INSERT INTO lockstep.checkpoints(ledger, kind, size, note)"
                        " SELECT led.id, 'finalized', $3::int8, $4::bytea FROM led"
                        " ON CONFLICT(ledger, kind) DO UPDATE SET size = excluded.size, note = excluded.note",

    [LS_SQL_BEGIN] = "BEGIN",
    [LS_SQL_COMMIT] = "COMMIT",
    [LS_SQL_ROLLBACK] = "ROLLBACK",
    [LS_SQL_UPLOAD] = "SELECT nextval('lockstep.uploads')",
    [LS_SQL_PIECE] = "INSERT INTO lockstep.pieces(upload, number, content) VALUES($1::int8, $2::int8, $3::bytea)",
    /* Whoever comes second takes his pieces back. */
    [LS_SQL_FILE] = "WITH new AS (INSERT INTO lockstep.attachments(ledger, hash, size, upload)"
                    "  VALUES($1::int8, $2::bytea, $3::int8, $4::int8) ON CONFLICT DO NOTHING RETURNING upload)"
                    " DELETE FROM lockstep.pieces WHERE upload = $4::int8 AND NOT EXISTS (SELECT FROM new)",
    [LS_SQL_FIND_FILE] = "SELECT size, upload FROM lockstep.attachments WHERE ledger = $1::int8 AND hash = $2::bytea",
    [LS_SQL_READ_PIECE] = "SELECT content FROM lockstep.pieces WHERE upload = $1::int8 AND number = $2::int8",
    [LS_SQL_FILES] = "SELECT hash FROM lockstep.attachments WHERE ledger = $1::int8 AND hash > $2::bytea"
                     " ORDER BY hash LIMIT 1000",

    [LS_SQL_POST] = "INSERT INTO lockstep.boxes(ledger, addressee, hash, box)"
                    " VALUES($1::int8, $2::bytea, $3::bytea, $4::bytea)"
                    " ON CONFLICT(ledger, addressee, hash) DO UPDATE SET box = excluded.box",
    [LS_SQL_BOXES] = "SELECT hash FROM lockstep.boxes WHERE ledger = $1::int8 AND addressee = $2::bytea ORDER BY hash",
    [LS_SQL_BOX] = "SELECT length(box)::int8, CASE WHEN length(box) <= $4::int8 THEN box END FROM lockstep.boxes"
                   " WHERE ledger = $1::int8 AND addressee = $2::bytea AND hash = $3::bytea",
    [LS_SQL_DROP] = "DELETE FROM lockstep.boxes WHERE ledger = $1::int8 AND addressee = $2::bytea AND hash = $3::bytea",
};
