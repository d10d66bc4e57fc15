/*
 * The first version of the store kept notes without roots. The roots follow from the notes: the tree is grown once
 * more, entry by entry. Nothing is believed by it: whoever replays the entries compares their root with the checkpoint
 * that was signed.
 */
#include "store/migrate.h"
#include <lockstep/merkle.h>
#include <stdio.h>
#include <string.h>

/* SQL's grow(note): the root over the notes so far and this one. */
static void grow(sqlite3_context *context, int count, sqlite3_value **value)
{
    ls_merkle_frontier *frontier = sqlite3_user_data(context);
    ls_hash leaf, root;
    (void)count;
    const void *note = sqlite3_value_blob(value[0]);
    ls_merkle_leaf(ls_bytes_of(note, (size_t)sqlite3_value_bytes(value[0])), &leaf);
    ls_merkle_append(frontier, &leaf);
    ls_merkle_frontier_root(frontier, &root);
    sqlite3_result_blob(context, root.b, sizeof root.b, SQLITE_TRANSIENT);
}

static int take_answer(void *context, int count, char **value, char **name)
{
    bool *old = context;
    (void)name;
    *old = count == 1 && value[0] != NULL && strcmp(value[0], "old") == 0;
    return 0;
}

/* Asked again inside the transaction: another process may just have done it. */
static int rewrite(sqlite3 *db, const char *schema)
{
    bool old = false;
    char sql[2048];
    int code = sqlite3_exec(db, LS_MIGRATE_ASK, take_answer, &old, NULL);
    if (code != SQLITE_OK || !old) {
        return code;
    }
    int len = snprintf(sql, sizeof sql,
                       "ALTER TABLE entries RENAME TO old_entries;ALTER TABLE checkpoint RENAME TO old_checkpoint;%s;"
                       "INSERT INTO entries SELECT idx,note,grow(note)FROM old_entries ORDER BY idx;"
                       "INSERT INTO checkpoint SELECT 0,size,note FROM old_checkpoint;"
                       "DROP TABLE old_entries;DROP TABLE old_checkpoint;PRAGMA user_version=2",
                       schema);
    return len > 0 && (size_t)len < sizeof sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_INTERNAL;
}

int ls_store_migrate(sqlite3 *db, const char *schema)
{
    ls_merkle_frontier frontier = {0};
    int code =
        sqlite3_create_function_v2(db, "grow", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, &frontier, grow, NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        code = rewrite(db, schema);
        code = code == SQLITE_OK ? sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) : code;
        if (code != SQLITE_OK) {
            sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); /* the first failure is the one to report */
        }
    }
    sqlite3_create_function_v2(db, "grow", 1, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL); /* frontier goes away */
    return code;
}
