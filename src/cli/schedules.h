/* Private searches for a date and a place on the command line: what the verbs about them share. */
#ifndef LS_CLI_SCHEDULES_H
#define LS_CLI_SCHEDULES_H

#include "cli/scorecard.h"
#include "cli/talking.h"
#include "workspace/search.h"

extern const ls_fault ls_fault_search; /* invalid: what the other side sent does not hold */

/* A search, judged now; and what is here of it. */
typedef struct cli_search {
    ls_talks facts;
    ls_talks_query query;
    ls_schedule_state *all;
    size_t count;
    const ls_schedule_state *state; /* the one that was asked for */
    ls_search search;
    ls_search_own *own; /* this party's part, once it is opened */
    ls_search_reading seen;
    ls_report report;
    ls_search_files files;
    unsigned closed; /* boxes that do not hold what their acts name */
    ls_arena secret; /* wiped: what was chosen lies here */
} cli_search;

/* After a sync: all searches, as they stand now. out stays where it is. cli_search_end, whatever happens. */
ls_result cli_search_judge(cli *c, ls_time at, ls_time known, cli_search *out);
/* The one that the first argument names; without, the only one that awaits this party, or else the last. */
ls_result cli_search_find(cli *c, cli_search *out);
/* The same, and its list is read. */
ls_result cli_search_begin(cli *c, cli_search *out);
/* Opens this party's part, where there is one that is needed (or needed says so), and reads all that was sent. */
ls_result cli_search_examine(cli *c, cli_search *x, bool needed);
void cli_search_end(cli_search *x);

const char *cli_side_name(cli *c, const cli_search *x, unsigned side);
const char *cli_option_words(cli *c, const ls_psi_option *o); /* "2019-02-27 to 2019-02-28, Hanoi" */
json_t *cli_search_json(cli *c, const cli_search *x);

/* A list of options that somebody wrote: YAML, or CSV by its name. All lies in the arena, which the caller wipes if the
 * list is secret; then no line of it is quoted. */
ls_result cli_options_read(cli *c, const char *path, bool secret, ls_arena *arena, ls_psi_option **out, size_t *count);
/* Their places in a list; none twice, each there. */
ls_result cli_options_find(cli *c, const char *path, const ls_psi_options *list, const ls_psi_option *mine,
                           size_t count, ls_arena *arena, uint32_t **out);

#endif
