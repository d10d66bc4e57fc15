/* Lists for people to read before they sign: key and value under each other, for each thing that is listed. */
#ifndef LS_CLI_LISTING_H
#define LS_CLI_LISTING_H

#include "cli/cli.h"

typedef struct cli_listing {
    cli *c;
    const ls_roadmap *m;
    const ls_charter *charter;
    cli_table table;
    const char *name; /* of what is listed; shown once */
} cli_listing;

void cli_listing_begin(cli_listing *l, const char *heading);
/* Nothing if value is NULL or empty. */
void cli_listing_put(cli_listing *l, const char *key, const char *value);
void cli_listing_end(cli_listing *l); /* prints it, if there is anything */

/* Texts in the arena: what was collected, which is then freed; a party; a length of time, NULL if it has none. */
const char *cli_listing_kept(cli_listing *l, ls_buf *text);
const char *cli_listing_party(cli_listing *l, size_t party);
const char *cli_listing_duration(cli_listing *l, ls_duration d);

/* How declarations are inspected. */
void cli_print_inspections(cli_listing *l);

#endif
