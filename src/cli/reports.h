/* Reports about sites, for people and programs. */
#ifndef LS_CLI_REPORTS_H
#define LS_CLI_REPORTS_H

#include "bundle/reports.h"
#include "cli/cli.h"

void cli_print_site_report(cli *c, const ls_site_report *r);
json_t *cli_site_report_json(const ls_site_report *r);

/* Beside what an act that reports says: what is in its report.json, and which other reports contradict it. Nothing for
 * any other act. With json: adds members to it. */
ls_result cli_show_report(cli *c, uint64_t index, json_t *json);

#endif
