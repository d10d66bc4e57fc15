/* The workspace's record, as it is read by whoever says what it proves. */
#ifndef LS_CLI_READINGS_H
#define LS_CLI_READINGS_H

#include "cli/cli.h"
#include "proving/reading.h"

/* As it stands now. Entries that can't be read leave a detail with the cli. */
ls_result cli_reading(cli *c, ls_reading *out);

#endif
