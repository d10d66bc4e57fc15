/* Openings on the command line: what `open` has for draws. */
#ifndef LS_CLI_OPEN_H
#define LS_CLI_OPEN_H

#include "bundle/drawing.h"
#include "cli/scorecard.h"
#include "workspace/declare.h"

/* A draw whose rows are about to be opened. */
typedef struct cli_opened_draw {
    cli_card judged;
    ls_drawing drawing;
    ls_drawn_row *ahead; /* its rows as they will be */
    ls_hash id;
} cli_opened_draw;

/* What of it is due: rows that are not opened yet. out stays where it is. */
ls_result cli_open_draw(cli *c, const char *name, cli_opened_draw *out, ls_open_request *q);
void cli_print_drawn_preview(cli *c, const ls_declared *d, const cli_opened_draw *o, const ls_open_request *q,
                             const ls_opening_files *files);

/* "id, name" */
const char *cli_field_list(cli *c, const ls_declared *d, const bool *fields);

#endif
