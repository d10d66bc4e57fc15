/* An accord on the record, judged at a time: what status, next, explain and calendar share. */
#ifndef LS_CLI_SCORECARD_H
#define LS_CLI_SCORECARD_H

#include "bundle/population.h"
#include "card/card.h"
#include "cli/cli.h"
#include "cover/cover.h"

typedef ls_card cli_card;

#define CLI_OPTIONS_TIMES                                                                                              \
    {"at", "DATE", "what was so at the end of that day, or at that time (default: now)"},                              \
    {                                                                                                                  \
        "as-known", "DATE", "as the record had it then (default: now)"                                                 \
    }

/* "Now", for who has synchronised: with a quorum only the record's own clock counts, which stands still while the
 * quorum does. */
ls_result cli_judging_time(cli *c, ls_time *out);
/* Synchronises and takes --at and --as-known. */
ls_result cli_card_begin(cli *c, ls_time *at, ls_time *known);
/* The accords that are asked for: that of --accord, or all, each as its version of that time. */
ls_result cli_card_accords(cli *c, ls_time at, ls_time known, size_t **indices, size_t *count);
/* The one accord that has this measure or event, and its index there. */
ls_result cli_card_of(cli *c, cli_subject kind, const char *name, ls_time at, ls_time known, cli_card *out,
                      size_t *index);
/* out stays where it is: its parts point at each other. */
ls_result cli_card_judge(cli *c, size_t accord, ls_time at, ls_time known, cli_card *out);

/* As it stands now. */
ls_result cli_card_now(cli *c, int accord, cli_card *out);

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

/* Draws, visits and challenges, each in a table of its own; nothing where there are none (inspections_text.c). */
ls_result cli_card_print_inspections(cli *c, const cli_card *k);
json_t *cli_card_inspections_json(cli *c, const cli_card *k);
/* "40.316252 125.276505, 2000 m", of a challenge or a question: in the act alone. */
const char *cli_inspected_place(cli *c, uint32_t index);

/* A challenge against the rows that this workspace can read: the first that covers its place, of a declaration that
 * stood on the record before it (denials.c). */
typedef struct cli_challenged {
    const ls_challenge_state *state;
    bool readable; /* its place is one */
    ls_circle circle;
    bool covered;
    ls_population_row row;
    const char *id;       /* of the row, as far as it is open */
    uint32_t declaration; /* entry */
} cli_challenged;
/* One for each challenge of the card. */
ls_result cli_card_challenged(cli *c, const cli_card *k, cli_challenged **out);

/* status --json: everything, of these accords. */
ls_result cli_print_status_json(cli *c, ls_time at, ls_time known, const size_t *accords, size_t count);

#endif
