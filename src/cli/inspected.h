/* What became of an accord's draws, visits and challenges, as the verbs about them need it. */
#ifndef LS_CLI_INSPECTED_H
#define LS_CLI_INSPECTED_H

#include "cli/cli.h"

typedef struct cli_judged {
    int accord; /* the version in force */
    ls_time now;
    ls_facts said;
    ls_state_query query;
    ls_accord_state state;
    ls_inspecteds facts;
    ls_inspection_state inspections;
} cli_judged;

/* By now. out stays where it is: its parts point at each other. */
ls_result cli_judge_inspections(cli *c, int accord, cli_judged *out);
/* The state of the draw that this act began, or NULL: no stamp covers it, or it has no effect. */
const ls_draw_state *cli_judged_draw(const cli_judged *j, uint32_t draw);

/* This party, as an index of the charter. */
size_t cli_own_party(const cli *c);

#endif
