/* Bringing a store of the first version, which knew no roots, no epochs and no final checkpoints, up to date. */
#ifndef LS_STORE_MIGRATE_H
#define LS_STORE_MIGRATE_H

#include <sqlite3.h>

/* Gives "old" for a store of the first version. */
#define LS_MIGRATE_ASK                                                                                                 \
    "SELECT CASE WHEN (SELECT application_id FROM pragma_application_id())=1280529490 "                                \
    "AND (SELECT user_version FROM pragma_user_version())=1 THEN 'old' ELSE '' END"

/* In one transaction, so that a killed one has done nothing. schema: the CREATE statements of today. An answer of
 * SQLite's. Two at once are no harm: the second finds no table of the first version. */
int ls_store_migrate(sqlite3 *db, const char *schema);

#endif
