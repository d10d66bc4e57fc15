/* What parties do not accept: contests that stand. */
#ifndef LS_CLI_CONTESTS_H
#define LS_CLI_CONTESTS_H

#include "cli/cli.h"

typedef struct cli_contest {
    uint64_t act, ref; /* entries: the contest, and what it contests */
    size_t by;
} cli_contest;

typedef struct cli_contests {
    size_t count;
    cli_contest *contest; /* in the order of the record */
} cli_contests;

/* Those of all accords that were known by then and not withdrawn. */
ls_result cli_contests_read(cli *c, ls_time known, cli_contests *out);
/* Whether the act is contested. */
bool cli_contested(const cli_contests *all, uint64_t act);
/* For each contest of the act who, where, and why. */
ls_result cli_contests_print(cli *c, const cli_contests *all, uint64_t act);
/* The same as a list for programs, to which it appends. */
ls_result cli_contests_json(cli *c, const cli_contests *all, uint64_t act, json_t *list);

#endif
