/* What explaining a measure and explaining an event share. */
#ifndef LS_CLI_EXPLAIN_H
#define LS_CLI_EXPLAIN_H

#include "cli/scorecard.h"

/* "2018-10-09", "2018-10-09 (ahead)", "not yet" */
const char *cli_explain_came(cli *c, const cli_card *k, ls_time t);
/* "8, 26": the entries through which a moment came, also those of the events and steps that it names; "-": it follows
 * from dates, or has not come. partly: also of what has not come as a whole. */
const char *cli_explain_through(cli *c, const cli_card *k, const ls_moment *m, bool partly);
/* A table, and whether anybody can change something now. */
ls_result cli_explain_changes(cli *c, const cli_card *k, cli_subject kind, size_t index, bool *any);
json_t *cli_explain_changes_json(cli *c, const cli_card *k, cli_subject kind, size_t index);
ls_result cli_explain_event(cli *c, ls_time at, ls_time known);

#endif
