/* A rehearsal, and how it is told. */
#ifndef LS_CLI_REHEARSE_H
#define LS_CLI_REHEARSE_H

#include "cli/cli.h"
#include "rehearsal/rehearsal.h"

/* One run of a sweep. */
typedef struct cli_run {
    const char **columns; /* as many as the script has */
    ls_rehearsal_end why;
} cli_run;

typedef struct cli_rehearsal {
    cli *c;
    const ls_charter *charter;
    ls_rehearsed_accord of;
    ls_rehearsal script;
    ls_rehearsed played; /* without a sweep */
    cli_run *run;        /* of a sweep: script.run_count */
} cli_rehearsal;

/* A sweep's value as the script has it. */
const char *cli_setting_text(cli *c, const ls_value *v);

void cli_rehearsal_print(cli_rehearsal *x);
ls_result cli_rehearsal_print_json(cli_rehearsal *x);
/* A line for each run, as in RFC 4180: what was set, then the report's columns. */
ls_result cli_rehearsal_write_csv(cli_rehearsal *x, const char *path);

#endif
