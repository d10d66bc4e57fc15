/* notify: from what people give, rows as they are now, to what is signed. */
#ifndef LS_CLI_NOTIFY_H
#define LS_CLI_NOTIFY_H

#include "cli/living.h"

/* A row as it was given: values of some of the declaration's fields. */
typedef struct cli_given_row {
    unsigned line;
    ls_bytes id;
    size_t count;
    const size_t *fields; /* among the declaration's; the identifier is none of them */
    const ls_bytes *values;
} cli_given_row;

typedef struct cli_given {
    cli_inventory file; /* CSV or GeoJSON; cli_given_free */
    const char *path;
    size_t count;
    const cli_given_row *row;
} cli_given;

/* CSV, GeoJSON, or YAML by the file's name: a list of maps. Columns are fields of the declaration, its identifier among
 * them; the tranche column is passed over. Identifiers are there, and all different. */
ls_result cli_given_read(cli *c, const char *path, const ls_declared *d, cli_given *out);
void cli_given_free(cli_given *g);

/* An item that has changed, with everything that is said of it. */
typedef struct cli_notified {
    const ls_item *item; /* NULL: it is new */
    ls_notified_item said;
} cli_notified;

typedef struct cli_notice {
    cli_living living; /* at the date of the change, as known now */
    int accord;
    const ls_declared *declared;
    ls_change change;
    ls_date date;
    bool has_ref;
    ls_hash ref;
    uint64_t ref_index;
    size_t count, same; /* items; and rows that are as they were */
    cli_notified *notified;
} cli_notice;

/* What has changed of what was given. Refuses what no notification may say. */
ls_result cli_notice_compare(cli *c, cli_notice *n, const cli_given *given);

/* One file, for one audience. */
typedef struct cli_notice_file {
    ls_bytes audience;
    const bool *fields; /* of a new item, that it is shown; NULL: all */
    ls_notification said;
    ls_buf json;
} cli_notice_file;

typedef struct cli_notice_files {
    size_t count;
    cli_notice_file file[LS_AUDIENCES_MAX + 2];
} cli_notice_files;

/* What each audience is told: of each item that it knows, what it is shown of it. */
ls_result cli_notice_split(cli *c, const cli_notice *n, cli_notice_files *out);
void cli_notice_files_free(cli_notice_files *f);
/* Everything that becomes known, and to whom. */
void cli_notice_print(cli *c, const cli_notice *n, const cli_notice_files *f);

#endif
