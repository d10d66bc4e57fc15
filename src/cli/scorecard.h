/* An accord on the record, judged at a time: what status, next, explain and calendar share. */
#ifndef LS_CLI_SCORECARD_H
#define LS_CLI_SCORECARD_H

#include "accord/why.h"
#include "cli/cli.h"

typedef struct cli_card {
    const ls_accord *accord; /* the version that held at that time */
    const ls_charter *charter;
    ls_facts facts;
    ls_state_query query;
    ls_accord_state state;
    ls_account account;
} cli_card;

#define CLI_OPTIONS_TIMES                                                                                              \
    {"at", "DATE", "what was so at the end of that day, or at that time (default: now)"},                              \
    {                                                                                                                  \
        "as-known", "DATE", "as the record had it then (default: now)"                                                 \
    }

/* Synchronises and takes --at and --as-known. With a quorum only the record's own clock counts for "now", which stands
 * still while the quorum does. */
ls_result cli_card_begin(cli *c, ls_time *at, ls_time *known);
/* The accords that are asked for: that of --accord, or all, each as its version of that time. */
ls_result cli_card_accords(cli *c, ls_time at, ls_time known, size_t **indices, size_t *count);
/* The one accord that has this measure or event, and its index there. */
ls_result cli_card_of(cli *c, cli_subject kind, const char *name, ls_time at, ls_time known, cli_card *out,
                      size_t *index);
/* out stays where it is: its parts point at each other. */
ls_result cli_card_judge(cli *c, size_t accord, ls_time at, ls_time known, cli_card *out);

/* Texts: "confirmed, early", a deadline's day, the entry that made the state. */
const char *cli_card_marks(cli *c, const cli_card *k, size_t measure); /* ", early, suspended" */
const char *cli_card_state(cli *c, const cli_card *k, size_t measure);
const char *cli_card_deadline(cli *c, const cli_card *k, size_t measure);
const char *cli_card_entry(cli *c, uint32_t index);
/* Whether the entries that made the state are under a final checkpoint. */
bool cli_card_final(const cli *c, const ls_measure_state *s);
json_t *cli_card_act_json(cli *c, uint32_t index); /* its id, or null */
json_t *cli_card_parties_json(const ls_charter *charter, ls_parties set);
json_t *cli_card_measure_json(cli *c, const cli_card *k, size_t measure);

/* status --json: everything, of these accords. */
ls_result cli_print_status_json(cli *c, ls_time at, ls_time known, const size_t *accords, size_t count);

#endif
