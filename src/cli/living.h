/* An inventory as it stands on the record, for the verbs that show and change it. */
#ifndef LS_CLI_LIVING_H
#define LS_CLI_LIVING_H

#include "bundle/known_freeze.h"
#include "cli/contests.h"
#include "workspace/known.h"

typedef struct cli_living {
    ls_arena arena; /* of all that follows; wiped, as it may hold closed rows */
    ls_time at, known;
    int32_t day;        /* of `at` */
    ls_report findings; /* files that do not hold */
    ls_known sources;
    ls_history history;
    ls_freezes freezes;
    cli_contests contests;
} cli_living;

/* Of a declaration that stands in the roadmap of this accord, the version in force. cli_living_free, whatever happened.
 */
ls_result cli_living_read(cli *c, int accord, const ls_declared *d, ls_time at, ls_time known, cli_living *out);
/* Its history with further notifications, which stand behind all others: what would be so. */
ls_result cli_living_with(const cli_living *l, ls_arena *arena, const ls_known_change *more, size_t count,
                          ls_history *out);
void cli_living_free(cli_living *l);

/* The item with this identifier, or NULL: of several the first. */
const ls_item *cli_living_find(const cli_living *l, ls_bytes id);

/* "2018-11-02" */
const char *cli_history_day(cli *c, int32_t day);
/* The item's identifier, or where it stands: "row 14 of tranche 2". */
const char *cli_item_name(cli *c, const ls_item *item);
/* A line about a contradiction: "says that lat was 40.85, and act 5 has 40.8". */
const char *cli_conflict_text(cli *c, const cli_living *l, const ls_conflict *x);
/* Whether what was notified of it by that day is contested; declarations and openings as a whole are not meant. */
bool cli_item_contested(const cli_living *l, const ls_item *item);
/* The freeze under which it was moved last by that day, or NULL. */
const ls_frozen_row *cli_item_frozen(const cli_living *l, const ls_item *item);

/* One item's history as a table. */
ls_result cli_print_history(cli *c, const cli_living *l, const ls_item *item);
/* All of it as text, or for programs; one item of it if only is not NULL. */
ls_result cli_print_living(cli *c, const cli_living *l);
ls_result cli_living_json(cli *c, const cli_living *l, const ls_item *only);

#endif
